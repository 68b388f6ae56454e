"""Records begin, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

import pytest

from engine.outcome import HistoryReason, Status
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import Completeness, Content, Periodic, Triggered
from rules.span import Span
from tests.support.agreed_answers import (
    ABOUT,
    ACTION,
    BY_DATE,
    COURSE,
    GROUP,
    PAIR,
    RECORDS,
    STAFF,
    UNREADABLE,
    about,
    ahead,
    answers_of,
    briefing_each,
    complete,
    each_person,
    lines,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
    yearly,
)
from tests.support.engine_builders import (
    ACTIONS,
    MEETINGS,
    PEOPLE,
    WAIVERS,
    day,
    days,
    duty,
    filled,
    months,
    table,
    version,
    waiver,
)

M1 = table(MEETINGS, meeting("m1", "2025-01-10"))
ON = "2026-03-01"
BEFORE = ["m1 overdue 2025-01-10..2025-02-07 before_records"]
OVERDUE = ["m1 overdue 2025-01-10..2025-02-07 -387"]


def test_an_unmet_obligation_whose_deadline_lies_before_is_history() -> None:
    assert lines(triggered(), ON, M1, about()) == OVERDUE
    assert lines(triggered(), ON, M1, about(), records_begin="2025-02-07") == OVERDUE
    assert lines(triggered(), ON, M1, about(), records_begin="2025-02-08") == BEFORE
    (answer,) = answers_of(triggered(), ON, M1, about(("2025-01-05", "m1")), records_begin=ON)
    assert (answer.status, answer.history_reason) == (Status.OVERDUE, HistoryReason.BEFORE_RECORDS)
    assert (answer.days, answer.last_done, answer.met_by) == (None, None, ())


def test_it_makes_nothing_met_and_hides_nothing_that_was_done() -> None:
    in_time, late = about(("2025-01-20", "m1")), about(("2026-02-01", "m1"))
    assert lines(triggered(), "2026-02-01", M1, in_time, records_begin="2026-01-01") == [
        "m1 met 2025-01-10..2025-02-07"
    ]
    assert lines(triggered(), ON, M1, late, records_begin="2026-03-01") == [
        "m1 met 2025-01-10..2025-02-07 late 359"
    ]


def test_it_comes_before_lapse_and_before_a_waiver() -> None:
    lapsing = triggered(lapse=months(6))
    assert lines(lapsing, ON, M1, about()) == ["m1 overdue 2025-01-10..2025-02-07 lapsed"]
    assert lines(lapsing, ON, M1, about(), records_begin="2025-02-08") == BEFORE
    whole = table(WAIVERS, waiver("all", "2025-01-01", "2027-12-31"))
    assert lines(triggered(), ON, M1, about(), whole) == [OVERDUE[0].replace("overdue", "waived")]
    assert lines(triggered(), ON, M1, about(), whole, records_begin="2025-02-08") == BEFORE


def test_before_an_event_and_for_each_member_of_a_fixed_list() -> None:
    assert lines(ahead(), ON, M1, reviews(), records_begin="2025-01-11") == [
        "m1 overdue 2024-10-01..2025-01-10 before_records"
    ]
    the_duty = duty(
        version(
            Triggered(kind="triggered", event=GROUP, within=days(28)),
            evidence=ABOUT,
            subjects=PAIR,
        )
    )
    assert lines(the_duty, ON, M1, about(), records_begin="2025-02-01") == [
        "first m1 overdue 2025-01-10..2025-02-07 -387",
        "quick m1 overdue 2025-01-10..2025-01-17 before_records",
    ]


def test_not_that_of_a_person_who_is_still_there() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"))
    assert lines(briefing_each(), ON, people, M1, trained(), records_begin=ON) == [
        f"ann {OVERDUE[0]}"
    ]
    joining = Triggered.model_validate(
        {"kind": "triggered", "event": {"joining": True}, "within": days(28), "already_there": True}
    )
    the_duty = duty(version(joining, evidence=COURSE, subjects=STAFF))
    assert lines(the_duty, "2025-03-01", people, trained(), records_begin="2025-03-01") == [
        "ann overdue 2024-10-01..2024-10-29 -123"
    ]


def test_a_record_with_a_grace_but_none_that_carries_its_deadline() -> None:
    rows = table(ACTIONS, ACTION)
    assert lines(complete(), ON, rows, records_begin="2025-05-30") == [
        "a1 overdue 2025-05-01..2025-05-29 before_records"
    ]
    assert lines(complete(), ON, rows, records_begin="2025-05-29") == [
        "a1 overdue 2025-05-01..2025-05-29 -276"
    ]
    assert lines(complete(carried=True), ON, rows, records_begin=ON) == [
        "a1 overdue 2025-05-01..2025-06-01 -273"
    ]
    at_once = Completeness(kind="completeness", records=RECORDS, must=(filled("measure"),))
    assert lines(duty(version(at_once)), ON, rows, records_begin="2025-05-02") == [
        "a1 overdue 2025-05-01..2025-05-01 before_records"  # without a span the grace is no day
    ]


def test_what_cannot_be_told_and_what_does_not_apply_stay() -> None:
    meetings = table(MEETINGS, meeting("m1", UNREADABLE), meeting("m2", "2025-01-10"))
    assert (
        lines(triggered(), ON, meetings, about(), records_begin=ON)[0]
        == "meetings row 0 cannot_tell"
    )


def test_rolling_and_standing_duties_are_as_they_are() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"))
    for asked in (rolling(), standing(), each_person(every=months(3), notice=days(20))):
        assert lines(asked, ON, people, records_begin=ON) == lines(asked, ON, people)
        assert "overdue" in lines(asked, ON, people, records_begin=ON)[0]


def test_no_run_of_missed_windows_reaches_across_it() -> None:
    on = "2027-05-10"
    current = "2027/28 overdue 2027-04-01..2028-03-31"
    assert lines(yearly(), on, records_begin="2026-03-31")[-1] == f"{current} -405"
    assert lines(yearly(), on, records_begin="2026-04-01") == [
        "2025/26 overdue 2025-04-01..2026-03-31 before_records",
        "2026/27 overdue 2026-04-01..2027-03-31 missed",
        f"{current} -40",
    ]
    assert lines(yearly(), on, records_begin="2027-04-01") == [
        "2025/26 overdue 2025-04-01..2026-03-31 before_records",
        "2026/27 overdue 2026-04-01..2027-03-31 before_records",
        "2027/28 due 2027-04-01..2028-03-31 +326",
    ]
    assert lines(yearly(), on, reviews("2025-05-01"), records_begin="2027-04-01")[0] == (
        "2025/26 met 2025-04-01..2026-03-31 met"
    )


def quarter_four() -> Duty:
    return yearly(part="Q4")


def test_a_window_that_is_over_is_passed_over() -> None:
    on, before = "2025-05-01", "2024/25 overdue 2025-01-01..2025-03-31 before_records"
    assert lines(quarter_four(), on, records_begin="2025-03-31") == [
        "2024/25 overdue 2025-01-01..2025-03-31 -31"
    ]
    assert lines(quarter_four(), on, records_begin="2025-04-01") == [
        before,
        "2025/26 not_yet_due 2026-01-01..2026-03-31 +334",
    ]
    assert lines(quarter_four(), "2026-01-01", records_begin="2025-04-01") == [
        before,
        "2025/26 due 2026-01-01..2026-03-31 +89",
    ]
    late = reviews("2025-04-10")
    assert lines(quarter_four(), on, late, records_begin="2025-04-01") == [
        "2024/25 met 2025-01-01..2025-03-31 +334 late 10"
    ]


def test_where_no_window_follows_nothing_is_asked() -> None:
    pattern = Periodic(kind="periodic", period="financial year", part="Q4")
    ends = duty(version(pattern, evidence=BY_DATE), until=day("2025-12-31"))
    assert lines(ends, "2025-05-01", records_begin="2025-04-01") == [
        "2024/25 overdue 2025-01-01..2025-03-31 before_records"
    ]


def test_a_grace_is_part_of_the_deadline() -> None:
    the_duty = yearly(grace=Span(30, "days"))
    on = "2026-05-10"
    assert lines(the_duty, on, records_begin="2026-04-30") == [
        "2025/26 overdue 2025-04-01..2026-04-30 missed",
        "2026/27 overdue 2026-04-01..2027-04-30 -10",
    ]
    assert lines(the_duty, on, records_begin="2026-05-01") == [
        "2025/26 overdue 2025-04-01..2026-04-30 before_records",
        "2026/27 due 2026-04-01..2027-04-30 +355",
    ]
    # While the grace of the window before runs, that window is the obligation.
    assert lines(the_duty, "2026-04-20", records_begin="2026-04-20")[-1] == (
        "2025/26 due 2025-04-01..2026-04-30 +10"
    )


def test_a_window_that_the_first_day_cut_short_leaves_no_trace() -> None:
    assert lines(yearly(), "2025-06-01", records_begin="2025-06-01") == [
        "2025/26 due 2025-04-01..2026-03-31 +303"
    ]


@pytest.mark.parametrize(
    ("records_begin", "past"), [("2025-02-08", "before_records"), ("", "-387")]
)
def test_content_goes_by_the_pattern_of_the_duty_that_it_cuts(
    records_begin: str, past: str
) -> None:
    more = Content(
        kind="content", of="the-duty", where=(Condition(column="covers", includes=("a",)),)
    )
    the_duty = duty(version(more), id="with-a")
    done = about(("2025-01-20", "m1"))
    assert lines(the_duty, ON, M1, done, others=(triggered(),), records_begin=records_begin) == [
        f"m1 overdue 2025-01-10..2025-02-07 {past}"
    ]


def test_the_version_of_the_day_judges() -> None:
    carried = complete(carried=True).versions[0].model_copy(update={"from_": date(2025, 5, 2)})
    the_duty = duty(complete().versions[0], carried)
    rows = table(ACTIONS, ACTION, {**ACTION, "ref": "A2", "agreed on": "2025-05-02"})
    assert lines(the_duty, ON, rows, records_begin=ON) == [
        "a1 overdue 2025-05-01..2025-05-29 before_records",
        "a2 overdue 2025-05-02..2025-06-01 -273",
    ]
