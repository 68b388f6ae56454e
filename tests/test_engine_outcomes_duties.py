"""The deadline that a duty shows, and why there is nothing to check (engine/outcomes/duties.py)."""

from __future__ import annotations

from dataclasses import replace

from engine.outcome import Status
from evidence.table import CellState, Table
from rules.model import Duty
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    BY_DATE,
    GROUP,
    HIREABLE,
    REVIEW,
    STAFF,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    trained,
    triggered,
    yearly,
)
from tests.support.engine_builders import day, months
from tests.support.one_of_each_status import ON
from tests.support.small_check import outcome

# Deadlines ---------------------------------------------------------------------------------------


def _shown(duty: Duty, on: str, *given: Table) -> tuple[str, int | None, str]:
    """The deadline, the days and the next due one, as a report shows them."""
    result = outcome(duty, on, *given)
    return str(result.deadline), result.days, str(result.next_due)


def test_the_earliest_outstanding_deadline_is_shown_and_the_next_due_one_beside_it() -> None:
    held = [meeting(name, on) for name, on in (("a", "2026-03-01"), ("b", "2026-04-01"))]
    later = [meeting(name, on) for name, on in (("c", "2026-05-01"), ("d", "2026-05-10"))]
    both = make.table(make.MEETINGS, *held, *later)
    assert _shown(triggered(), ON, both) == ("2026-03-29", -52, "2026-05-29")
    due = make.table(make.MEETINGS, *reversed(later))
    assert _shown(triggered(), ON, due) == ("2026-05-29", 9, "None")
    over = make.table(make.MEETINGS, *held)
    assert _shown(triggered(), ON, over) == ("2026-03-29", -52, "None")


def test_with_nothing_outstanding_the_next_deadline_to_come_is_shown() -> None:
    people = make.table(make.PEOPLE, person("p1", "2024-10-01"), person("p2", "2024-10-01"))
    done = trained(("p1", "2026-05-01"), ("p2", "2026-04-01"))
    assert _shown(each_person(), ON, people, done) == ("2028-04-01", 682, "None")
    assert _shown(yearly(), ON, reviews("2026-05-01")) == ("2028-03-31", 681, "None")


def test_a_met_event_has_no_deadline_to_come() -> None:
    held = make.table(make.MEETINGS, meeting("m", "2026-05-01"))
    done = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2026-05-03", "about": "m"})
    result = outcome(triggered(), ON, held, done)
    assert (result.status, result.deadline, result.days) == (Status.MET, None, None)
    assert result.last_done == day("2026-05-03")


def test_of_windows_missed_in_a_row_the_first_deadline_is_shown() -> None:
    assert _shown(yearly(period="quarter"), ON) == ("2024-12-31", -505, "None")


def test_a_notice_of_months_is_counted_in_months() -> None:
    """Within the notice: deadline - D <= notice, of calendar months too (semantics.md: Words)."""
    duty, done = rolling(notice=months(2)), reviews("2025-08-01")
    assert outcome(duty, "2026-05-31", done).status is Status.MET
    assert outcome(duty, "2026-06-01", done).status is Status.DUE


# Nothing to check --------------------------------------------------------------------------------


def test_what_is_left_out_is_counted_by_reason() -> None:
    rows = [
        meeting("m1", "2024-09-30"),
        meeting("m2", "2026-05-21"),
        meeting("m3", "2026-05-22"),
        meeting("m4", "2026-05-01", cancelled=True),
        meeting("m5", "2026-06-01", cancelled=True),
    ]
    result = outcome(triggered(), ON, make.table(make.MEETINGS, *rows))
    assert result.status is Status.NOT_APPLICABLE
    assert result.nothing_to_check == (
        "Nothing to check: 2 cancelled, 1 before it was in force, 2 still to come."
    )


def test_rows_that_cannot_be_read_come_before_events_that_are_left_out() -> None:
    """Wherever they are on the sheet."""
    rows = [meeting("m1", "2026-05-01"), meeting("m2", CellState.UNREADABLE)]
    hired = triggered().versions[0].model_copy(update={"applies": HIREABLE})
    held, venues = make.table(make.MEETINGS, *rows), make.table(make.VENUES)
    result = outcome(make.duty(hired), ON, held, venues)
    statuses = [obligation.status for obligation in result.obligations]
    assert statuses == [Status.CANNOT_TELL, Status.NOT_APPLICABLE]


def test_people_who_are_not_there_are_counted_by_reason() -> None:
    flagged = STAFF.model_copy(update={"flagged": "flagged from"})
    rows = [
        person("p1", "2026-06-01", flagged_from="2026-06-01"),
        person("p2", "2025-01-01", ends=ON, flagged_from="2025-01-01"),
        person("p3", "2025-01-01"),
        person("p4", "2025-01-01", flagged_from="2026-05-21"),
    ]
    result = outcome(each_person(flagged), ON, make.table(make.PEOPLE, *rows))
    reasons = "Nothing to check: 1 not joined yet, 1 left, 2 not flagged."
    assert result.nothing_to_check == reasons
    people = make.table(make.PEOPLE, *rows)
    (source,) = people.sources
    letters = {name: at for name, at in source.letters.items() if name != "flagged from"}
    without = replace(people, sources=(replace(source, letters=letters),))
    assert outcome(each_person(flagged), ON, without).nothing_to_check == (
        f"{reasons} Nobody is listed under 'flagged from', because no such column is kept in"
        " people."
    )


def test_lapsed_obligations_and_those_met_long_ago_are_counted() -> None:
    rows = [meeting("m1", "2024-11-01"), meeting("m2", "2024-11-02")]
    held = make.table(make.MEETINGS, *rows)
    done = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2024-11-05", "about": "m2"})
    result = outcome(triggered(lapse=months(12)), ON, held, done)
    assert result.nothing_to_check == "Nothing to check: 1 lapsed, 1 met more than a year ago."
    assert result.status is Status.NOT_APPLICABLE


def test_earlier_periods_of_a_duty_that_ends_before_the_next_are_counted() -> None:
    """Monthly until the version that wants it in Q3, most of which was over by then."""
    named = BY_DATE.model_copy(update={"period": "for period"})
    monthly = yearly(named, period="month", begins="2024-10-15").versions[0]
    third_quarter = yearly(named, part="Q3", begins="2024-12-10").versions[0]
    ending = make.duty(monthly, third_quarter, until=day("2025-06-30"))
    assert outcome(ending, "2025-02-01").nothing_to_check == (
        "Nothing to check: 1 missed in an earlier period."
    )
    done = reviews(("2024-11-05", "2024-11"))
    assert outcome(ending, "2025-02-01", done).nothing_to_check == (
        "Nothing to check: 1 met in an earlier period."
    )


def test_what_was_only_met_long_ago_says_that_nothing_is_new() -> None:
    held = make.table(make.MEETINGS, meeting("m2", "2024-11-02"))
    done = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2024-11-05", "about": "m2"})
    assert outcome(triggered(), ON, held, done).nothing_to_check == (
        "Nothing to check: nothing new in the last 12 months, and 1 met before then."
    )


def test_a_list_that_is_fairly_empty_has_nothing_to_check() -> None:
    fair = triggered(events=GROUP.model_copy(update={"empty": "fair"}))
    assert outcome(fair, ON).nothing_to_check == "Nothing to check."
    assert outcome(triggered(), ON).nothing_to_check == ""
    assert outcome(triggered(), ON).status is Status.CANNOT_TELL
