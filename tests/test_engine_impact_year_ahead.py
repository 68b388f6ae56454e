"""When obligations turn due and overdue within a year, worked out by hand."""

from __future__ import annotations

from engine.outcome import Status
from evidence.table import Table
from rules.model import Duty
from tests.support.agreed_answers import (
    COURSE,
    STAFF,
    office,
    person,
    reviews,
    rolling,
    trained,
    yearly,
)
from tests.support.engine_builders import PEOPLE, REGISTERS, WAIVERS, day, rulebook, table, waiver
from tests.support.small_check import dates_ahead

AS_OF = day("2026-11-24")


def dates(tested: Duty, *tables: Table) -> list[str]:
    """Each obligation with its status, the day it turns due, and that on which it turns overdue."""
    coming = dates_ahead(rulebook(REGISTERS, tested), office(*tables), AS_OF)
    return [
        " ".join(
            (
                *filter(None, (one.subject, one.window)),
                one.status or "none",
                str(one.due or "-"),
                str(one.overdue or "-"),
            )
        )
        for one in coming
    ]


def test_a_window_is_due_from_its_first_day_and_overdue_after_its_last() -> None:
    assert dates(yearly()) == [
        "office 2026/27 overdue - 2027-04-01",
        "office 2027/28 none 2027-04-01 -",
    ]
    assert dates(yearly(), reviews("2025-05-01", "2026-05-01")) == [
        "office 2027/28 none 2027-04-01 -",
    ]


def test_a_version_that_begins_within_the_year_counts_from_its_first_day() -> None:
    assert dates(yearly(begins="2027-02-01")) == [
        "office 2026/27 none 2027-02-01 -",
        "office 2027/28 none 2027-04-01 -",
    ]


def test_a_duty_that_ends_within_the_year_turns_overdue_no_more() -> None:
    ended = yearly().model_copy(update={"until": day("2027-03-01")})
    assert dates(ended, reviews("2025-05-01")) == []


def test_a_review_is_due_again_at_its_notice_and_overdue_after_its_interval() -> None:
    tested = rolling()
    assert dates(tested, reviews("2026-06-30")) == ["office met 2027-05-01 2027-07-01"]


def test_a_later_row_counts_from_its_day() -> None:
    tested = rolling()
    assert dates(tested, reviews("2026-06-30", "2027-04-15")) == []


def test_a_waiver_that_ends_leaves_what_it_covered_overdue() -> None:
    tested = rolling()
    covered = table(WAIVERS, waiver("office", "2026-01-01", "2027-01-31"))
    assert dates(tested, reviews("2025-06-30"), covered) == ["office waived - 2027-02-01"]


def test_what_is_overdue_already_is_listed_first_without_a_day() -> None:
    (one,) = dates_ahead(rulebook(REGISTERS, rolling()), office(reviews("2025-06-30")), AS_OF)
    assert (one.status, one.due, one.overdue) == (Status.OVERDUE, None, None)
    assert one.last_day == one.deadline == day("2026-06-30")


def test_a_person_who_leaves_first_turns_nothing() -> None:
    (only,) = rolling().versions
    update = {"evidence": COURSE, "subjects": STAFF}
    tested = rolling().model_copy(update={"versions": (only.model_copy(update=update),)})
    people = table(
        PEOPLE,
        person("ann", "2024-01-01", ends="2027-05-31"),
        person("bob", "2024-01-01", ends="2027-06-15"),
        person("eve", "2024-01-01"),
    )
    done = trained(("ann", "2026-06-30"), ("bob", "2026-06-10"), ("eve", "2026-06-30"))
    assert dates(tested, people, done) == [
        "bob met 2027-04-11 2027-06-11",
        "ann met 2027-05-01 -",
        "eve met 2027-05-01 2027-07-01",
    ]
