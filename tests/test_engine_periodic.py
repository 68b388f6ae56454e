"""Periodic duties, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

import pytest

from engine.outcome import ItemRef
from rules.model import Duty
from rules.patterns import Periodic
from rules.span import Span
from tests.support.agreed_answers import (
    BLANK,
    BY_DATE,
    NIL,
    NO_COLUMN,
    NOTHING,
    UNREADABLE,
    YEAR,
    answer_line,
    answers_of,
    lines,
    reviews,
    yearly,
)
from tests.support.engine_builders import (
    NIL_RETURNS,
    REVIEWS,
    Row,
    day,
    days,
    duty,
    nil_return,
    table,
    version,
)

BY_PERIOD = BY_DATE.model_copy(update={"period": "for period"})


def test_a_first_window_that_is_cut_short_opens_on_the_in_force_day() -> None:
    assert lines(yearly(), "2024-10-01", reviews()) == ["2024/25 due 2024-10-01..2025-03-31 +181"]


def test_a_first_window_that_is_cut_short_can_be_met() -> None:
    assert lines(yearly(), "2025-03-31", reviews("2024-10-01")) == [
        "2024/25 met 2024-10-01..2025-03-31 +365"
    ]
    assert lines(yearly(), "2025-03-31", reviews("2024-09-30")) == [
        "2024/25 due 2024-10-01..2025-03-31 +0"
    ]


def test_a_first_window_that_is_cut_short_and_missed_is_passed_over() -> None:
    assert lines(yearly(), "2025-04-01", reviews()) == ["2025/26 due 2025-04-01..2026-03-31 +364"]
    q4 = yearly(begins="2025-02-01", part="Q4")
    assert lines(q4, "2025-04-01", reviews()) == ["2025/26 not_yet_due 2026-01-01..2026-03-31 +364"]


def test_a_window_that_ended_before_the_duty_was_in_force_does_not_exist() -> None:
    q4 = yearly(begins="2025-04-01", part="Q4")
    assert lines(q4, "2025-04-01", reviews("2025-03-31")) == [
        "2025/26 not_yet_due 2026-01-01..2026-03-31 +364"
    ]


def test_a_window_that_begins_with_the_duty_is_not_cut() -> None:
    whole = yearly(begins="2025-04-01")
    assert lines(whole, "2026-04-01", reviews()) == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 overdue 2026-04-01..2027-03-31 -1",
    ]


def test_a_met_window_shows_the_next_deadline() -> None:
    answer = answers_of(yearly(), "2025-06-01", reviews("2025-05-01", "2025-04-02"))
    assert [answer_line(line) for line in answer] == ["2025/26 met 2025-04-01..2026-03-31 +668"]
    assert answer[0].met_by == (ItemRef("reviews", 1),)
    assert answer[0].last_done == date(2025, 5, 1)


def test_two_days_after_the_year_ended_it_is_overdue_by_two_days() -> None:
    assert lines(yearly(), "2026-04-02", reviews("2025-01-05")) == [
        "2024/25 met 2024-10-01..2025-03-31 met",
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 overdue 2026-04-01..2027-03-31 -2",
    ]


def test_overdue_since_the_first_of_an_unbroken_run() -> None:
    the_duty = yearly()
    assert lines(the_duty, "2028-04-10", reviews())[-1] == (
        "2028/29 overdue 2028-04-01..2029-03-31 -741"  # since 31 March 2026
    )
    assert lines(the_duty, "2028-04-10", reviews("2026-06-01"))[-1] == (
        "2028/29 overdue 2028-04-01..2029-03-31 -10"  # 2026/27 was met
    )


def test_an_open_window_is_due_where_the_one_before_it_was_met() -> None:
    assert lines(yearly(), "2026-04-10", reviews("2025-06-01")) == [
        "2025/26 met 2025-04-01..2026-03-31 met",
        "2026/27 due 2026-04-01..2027-03-31 +355",
    ]


def test_a_part_of_a_year_is_overdue_when_it_is_over() -> None:
    q4 = yearly(part="Q4")
    assert lines(q4, "2024-12-31", reviews("2024-11-01")) == [
        "2024/25 not_yet_due 2025-01-01..2025-03-31 +90"
    ]
    assert lines(q4, "2025-04-03", reviews()) == ["2024/25 overdue 2025-01-01..2025-03-31 -3"]


def test_an_item_between_windows_meets_the_earlier_one_late() -> None:
    q4 = yearly(part="Q4")
    assert lines(q4, "2025-05-01", reviews("2025-04-10")) == [
        "2024/25 met 2025-01-01..2025-03-31 +334 late 10"
    ]
    assert lines(q4, "2026-02-01", reviews("2025-04-10")) == [
        "2024/25 met 2025-01-01..2025-03-31 late 10 met",
        "2025/26 due 2026-01-01..2026-03-31 +58",
    ]


def test_before_a_period_the_window_is_the_period_before() -> None:
    ahead = yearly(before=True)
    assert lines(ahead, "2026-04-01", reviews("2025-07-01"))[-1] == (
        "2027/28 due 2026-04-01..2027-03-31 +364"
    )
    assert lines(ahead, "2025-07-01", reviews("2025-07-01")) == [
        "2026/27 met 2025-04-01..2026-03-31 +638"
    ]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("calendar year", "2025 due 2025-01-01..2025-12-31 +229"),
        ("quarter", "2025/26 Q1 due 2025-04-01..2025-06-30 +45"),
        ("month", "2025-05 due 2025-05-01..2025-05-31 +15"),
    ],
)
def test_other_periods(kind: str, line: str) -> None:
    done = reviews("2024-11-30", "2024-12-30", "2025-01-05", "2025-04-30", "2025-03-01")
    the_duty = yearly(begins="2024-12-01", period=kind)
    if kind == "calendar year":
        done = reviews("2024-12-05")
    if kind == "quarter":
        done = reviews("2024-12-05", "2025-01-01")
    assert lines(the_duty, "2025-05-16", done)[-1] == line


def test_an_item_that_names_its_period_belongs_to_no_other() -> None:
    named = yearly(BY_PERIOD)
    assert lines(named, "2026-04-20", reviews(("2026-04-16", "2025/26"))) == [
        "2025/26 met 2025-04-01..2026-03-31 late 16 met",
        "2026/27 due 2026-04-01..2027-03-31 +345",
    ]
    assert lines(named, "2025-06-01", reviews(("2025-05-01", "2026/27")))[-1] == (
        "2025/26 due 2025-04-01..2026-03-31 +303"
    )


def test_an_item_dated_before_its_window_opens_counts_only_where_early_is_allowed() -> None:
    items = reviews(("2025-03-20", "2025/26"))
    assert lines(yearly(BY_PERIOD), "2025-05-01", items) == [
        "2025/26 due 2025-04-01..2026-03-31 +334"
    ]
    assert lines(yearly(BY_PERIOD, early=True), "2025-05-01", items) == [
        "2025/26 met 2025-04-01..2026-03-31 +699"
    ]
    q4 = yearly(BY_PERIOD, part="Q4", early=True)
    assert lines(q4, "2024-12-01", reviews(("2024-11-01", "2024/25"))) == [
        "2024/25 not_yet_due 2025-01-01..2025-03-31 +120"
    ]
    assert lines(q4, "2025-01-01", reviews(("2024-11-01", "2024/25"))) == [
        "2024/25 met 2025-01-01..2025-03-31 +454"
    ]


def test_a_blank_period_goes_by_the_date_and_one_of_another_kind_counts_for_nothing() -> None:
    rows = [
        {"ref": "R1", "subject": "model", "reviewed on": "2025-05-01", "for period": cell}
        for cell in (NOTHING, BLANK, UNREADABLE, NO_COLUMN, "2025/26 Q1", "2025")
    ]
    seen = [lines(yearly(BY_PERIOD), "2025-06-01", table(REVIEWS, row))[0][8:11] for row in rows]
    assert seen == ["met", "met", "due", "due", "due", "due"]


def test_grace_is_for_items_that_name_their_period() -> None:
    the_duty = yearly(BY_PERIOD, grace=Span(30, "days"))
    first = ("2025-06-01", "2024/25")  # late; it lets 2024/25 rest
    assert lines(the_duty, "2026-04-10", reviews(first)) == [
        "2024/25 met 2024-10-01..2025-04-30 late 32 met",
        "2025/26 due 2025-04-01..2026-04-30 +20",
    ]
    assert lines(the_duty, "2026-04-10", reviews(first, ("2026-04-05", "2025/26")))[1:] == [
        "2025/26 met 2025-04-01..2026-04-30 met",
        "2026/27 due 2026-04-01..2027-04-30 +385",
    ]
    # One that names none, in the grace, is the new year's.
    assert lines(the_duty, "2026-04-10", reviews(first, "2026-04-05"))[1:] == [
        "2026/27 met 2026-04-01..2027-04-30 +751"
    ]
    assert lines(the_duty, "2026-05-01", reviews(first))[1:] == [
        "2025/26 overdue 2025-04-01..2026-04-30 missed",
        "2026/27 overdue 2026-04-01..2027-04-30 -1",
    ]


def test_while_grace_runs_a_missed_window_before_it_keeps_it_overdue() -> None:
    the_duty = yearly(BY_PERIOD, grace=Span(30, "days"))
    assert lines(the_duty, "2027-04-10", reviews()) == [
        "2025/26 overdue 2025-04-01..2026-04-30 missed",
        "2026/27 overdue 2026-04-01..2027-04-30 -345",
    ]


def quarterly() -> Duty:
    pattern = Periodic(kind="periodic", period="quarter", grace=days(28), nil_return=NIL)
    return duty(version(pattern, evidence=BY_PERIOD))


def test_a_nil_return_names_its_period() -> None:
    given = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-01-10"))
    answers = answers_of(quarterly(), "2025-01-15", reviews(), given)
    assert [answer_line(answer) for answer in answers] == [
        "2024/25 Q3 met 2024-10-01..2025-01-28 met",
        "2024/25 Q4 due 2025-01-01..2025-04-28 +103",
    ]
    assert answers[0].met_by == (ItemRef("nil returns", 0),)
    assert answers[1].last_done == date(2025, 1, 10)


@pytest.mark.parametrize(
    "cells",
    [
        {"given on": "2024-12-30"},
        {"given on": UNREADABLE},
        {"by post": BLANK},
        {"period": "2024/25"},
        {"period": UNREADABLE},
        {"list": "awards"},
        {"list": UNREADABLE},
        {"given on": "2025-01-16"},
    ],
)
def test_a_nil_return_that_is_not_whole_or_too_soon_does_nothing(cells: Row) -> None:
    row = {**nil_return("referrals", "2024/25 Q3", "2025-01-10"), **cells}
    assert lines(quarterly(), "2025-01-15", reviews(), table(NIL_RETURNS, row)) == [
        "2024/25 Q3 due 2024-10-01..2025-01-28 +13"
    ]


def test_two_items_in_a_year_are_late_where_the_second_is() -> None:
    two = yearly(BY_PERIOD.model_copy(update={"needed": 2}), begins="2025-04-01")
    first, late = ("2025-05-01", "2025/26"), ("2026-04-09", "2025/26")
    assert lines(two, "2025-06-01", reviews(first)) == ["2025/26 due 2025-04-01..2026-03-31 +303"]
    answers = answers_of(two, "2026-04-10", reviews(late, first))
    assert answer_line(answers[0]) == "2025/26 met 2025-04-01..2026-03-31 late 9 met"
    assert answers[0].met_by == (ItemRef("reviews", 0), ItemRef("reviews", 1))
    assert lines(two, "2026-04-08", reviews(late, first))[-1].startswith("2026/27 overdue")


def test_a_duty_that_ends_has_no_window_that_opens_afterwards() -> None:
    pattern = Periodic(kind="periodic", period="financial year")
    ends = duty(version(pattern, evidence=BY_DATE), until=day("2026-01-31"))
    assert lines(ends, "2026-01-31", reviews("2025-05-01")) == [
        "2025/26 met 2025-04-01..2026-03-31"
    ]
    assert lines(ends, "2026-02-01", reviews("2025-05-01")) == []
    assert lines(ends, "2024-09-30", reviews("2025-05-01")) == []


def test_items_dated_after_the_check_change_nothing() -> None:
    on = "2025-06-01"
    assert answers_of(yearly(), on, reviews("2025-06-02")) == answers_of(yearly(), on, reviews())


def periodic_versions(*each: tuple[str, Periodic]) -> Duty:
    return duty(*(version(p, evidence=BY_PERIOD, begins=day(begins)) for begins, p in each))


YEAR_GRACE = Periodic(kind="periodic", period="financial year", grace=days(30))


QUARTER = Periodic(kind="periodic", period="quarter")


def test_a_window_that_closed_before_a_version_began_is_judged_by_the_earlier_one() -> None:
    the_duty = periodic_versions(("2024-10-01", YEAR), ("2026-04-15", YEAR_GRACE))
    answers = answers_of(the_duty, "2026-04-20", reviews())
    assert [answer_line(answer) for answer in answers] == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",  # the grace came too late for it
        "2026/27 overdue 2026-04-01..2027-04-30 -20",
    ]
    assert [answer.version_from for answer in answers] == [date(2024, 10, 1), date(2026, 4, 15)]


def test_a_version_that_takes_the_grace_away_leaves_its_own_first_day() -> None:
    the_duty = periodic_versions(("2024-10-01", YEAR_GRACE), ("2026-04-15", YEAR))
    assert lines(the_duty, "2026-04-15", reviews(("2025-04-30", "2024/25"))) == [
        "2024/25 met 2024-10-01..2025-04-30 met",
        "2025/26 due 2025-04-01..2026-04-15 +0",
    ]
    assert lines(the_duty, "2026-04-16", reviews())[-1] == (
        "2026/27 overdue 2026-04-01..2027-03-31 -1"
    )


def test_a_check_uses_the_version_that_holds_on_its_day() -> None:
    """A version still to come says nothing yet, even of a window that closes in its time."""
    the_duty = periodic_versions(("2024-10-01", YEAR), ("2025-09-01", YEAR_GRACE))
    assert lines(the_duty, "2025-08-31", reviews()) == ["2025/26 due 2025-04-01..2026-03-31 +212"]
    assert lines(the_duty, "2025-09-01", reviews()) == ["2025/26 due 2025-04-01..2026-04-30 +241"]


def test_a_version_with_another_period_takes_over_where_windows_have_closed() -> None:
    the_duty = periodic_versions(("2025-04-01", QUARTER), ("2026-01-10", YEAR))
    assert lines(the_duty, "2026-01-09", reviews()) == [
        "2025/26 Q1 overdue 2025-04-01..2025-06-30 missed",
        "2025/26 Q2 overdue 2025-07-01..2025-09-30 missed",
        "2025/26 Q3 overdue 2025-10-01..2025-12-31 missed",
        "2025/26 Q4 overdue 2026-01-01..2026-03-31 -193",
    ]
    assert lines(the_duty, "2026-01-10", reviews("2025-08-01", "2025-11-01", "2025-05-01")) == [
        "2025/26 met 2025-04-01..2026-03-31 +445",
        "2025/26 Q1 met 2025-04-01..2025-06-30 met",
        "2025/26 Q2 met 2025-07-01..2025-09-30 met",
        "2025/26 Q3 met 2025-10-01..2025-12-31 met",
    ]
