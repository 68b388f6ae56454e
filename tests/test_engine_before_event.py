"""Pattern 4 and conditions of a duty by the plain evaluator, worked by hand."""

from __future__ import annotations

import pytest

from rules.condition import Applies
from rules.patterns import BeforeEvent, Rolling, Triggered
from tests.support.agreed_answers import (
    ABOUT,
    ACTION,
    BLANK,
    BY_DATE,
    GROUP,
    HIREABLE,
    PAIR,
    UNREADABLE,
    about,
    ahead,
    answers_of,
    lines,
    meeting,
    reviews,
)
from tests.support.engine_builders import (
    ACTIONS,
    MEETINGS,
    VENUES,
    Row,
    day,
    days,
    duty,
    equals,
    months,
    table,
    version,
)

MARCH = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-03-10"))


def test_by_the_events_day_and_no_earlier_than_the_day_after_the_previous_one() -> None:
    the_duty = ahead(since_previous=True)
    assert lines(the_duty, "2025-01-10", MARCH, reviews()) == [
        "m1 due 2024-10-01..2025-01-10 +0",
        "m2 not_yet_due 2025-01-11..2025-03-10 +59",
    ]
    assert lines(the_duty, "2025-01-11", MARCH, reviews("2025-01-10")) == [
        "m1 met 2024-10-01..2025-01-10",
        "m2 due 2025-01-11..2025-03-10 +58",
    ]
    assert lines(the_duty, "2025-03-12", MARCH, reviews("2025-01-11")) == [
        "m1 met 2024-10-01..2025-01-10 late 1",
        "m2 met 2025-01-11..2025-03-10",
    ]
    assert (
        lines(the_duty, "2025-03-12", MARCH, reviews())[1] == "m2 overdue 2025-01-11..2025-03-10 -2"
    )


def test_the_previous_event_is_the_latest_earlier_one_that_was_not_cancelled() -> None:
    meetings = table(
        MEETINGS,
        meeting("m0", "2024-09-01"),
        meeting("m1", "2025-01-10", cancelled=True),
        meeting("m2", "2025-03-10"),
        meeting("m3", "2025-03-10"),
        {**meeting("x1", "2025-02-01"), "body": "SWPB"},
        meeting("x2", "2025-02-02", cancelled=UNREADABLE),
    )
    answers = lines(ahead(since_previous=True), "2025-03-01", meetings, reviews())
    assert answers == [
        "meetings row 5 cannot_tell",
        "m2 due 2024-09-02..2025-03-10 +9",
        "m3 due 2024-09-02..2025-03-10 +9",
    ]


def test_by_so_many_days_before_and_no_earlier_than_a_stated_time() -> None:
    the_duty = ahead(by=days(7), no_earlier=days(30))
    one = table(MEETINGS, meeting("m2", "2025-03-31"))
    assert lines(the_duty, "2025-02-28", one, reviews("2025-02-28")) == [
        "m2 not_yet_due 2025-03-01..2025-03-24 +24"
    ]
    assert lines(the_duty, "2025-03-01", one, reviews("2025-03-01")) == [
        "m2 met 2025-03-01..2025-03-24"
    ]
    assert lines(the_duty, "2025-03-25", one, reviews("2025-03-25")) == [
        "m2 met 2025-03-01..2025-03-24 late 1"
    ]
    both = ahead(no_earlier=days(30), since_previous=True)
    assert lines(both, "2025-03-01", MARCH, reviews())[1] == "m2 due 2025-02-08..2025-03-10 +9"


def test_a_window_never_opens_after_its_deadline() -> None:
    the_duty = ahead(by=days(7), since_previous=True)
    close = table(MEETINGS, meeting("m1", "2025-03-08"), meeting("m2", "2025-03-10"))
    assert (
        lines(the_duty, "2025-03-04", close, reviews())[1] == "m2 overdue 2025-03-03..2025-03-03 -1"
    )


def test_events_before_the_duty_was_in_force_require_nothing() -> None:
    meetings = table(MEETINGS, meeting("m1", "2024-09-30"), meeting("m2", "2024-10-01"))
    assert lines(ahead(), "2024-10-05", meetings, reviews()) == [
        "m2 overdue 2024-10-01..2024-10-01 -4"
    ]


def test_an_event_to_come_is_judged_by_the_version_of_the_check() -> None:
    by_month = BeforeEvent(kind="before event", event=GROUP, by=days(30))
    on_day = BeforeEvent(kind="before event", event=GROUP)
    the_duty = duty(
        version(on_day, evidence=BY_DATE),
        version(by_month, evidence=BY_DATE, begins=day("2025-03-01")),
    )
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-02-20"),
        meeting("m2", "2025-03-10"),
        meeting("m3", "2025-05-01"),
    )
    assert lines(the_duty, "2025-02-28", meetings, reviews()) == [
        "m1 overdue 2024-10-01..2025-02-20 -8",
        "m2 due 2024-10-01..2025-03-10 +10",
        "m3 due 2024-10-01..2025-05-01 +62",
    ]
    assert lines(the_duty, "2025-03-02", meetings, reviews()) == [
        "m1 overdue 2024-10-01..2025-02-20 -10",
        "m2 overdue 2024-10-01..2025-03-01 -1",  # moved, but not to before the version's first day
        "m3 due 2024-10-01..2025-04-01 +30",
    ]


OPEN_ACTION = Applies(
    register="actions",
    where=(equals("owner", "OPCC"),),
    begins="agreed on",
    ends="completed on",
)


def test_a_condition_on_an_events_duty_is_judged_on_the_events_day() -> None:
    pattern = BeforeEvent(kind="before event", event=GROUP)
    the_duty = duty(version(pattern, evidence=BY_DATE, applies=OPEN_ACTION))
    action = {**ACTION, "agreed on": "2025-02-01", "completed on": "2025-03-11"}
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-01-10"),
        meeting("m2", "2025-03-10"),
        meeting("m3", "2025-03-11"),
    )
    assert lines(the_duty, "2025-03-01", meetings, reviews(), table(ACTIONS, action)) == [
        "m1 not_applicable",
        "m2 due 2024-10-01..2025-03-10 +9",
        "m3 not_applicable",
    ]


def test_an_event_that_the_condition_leaves_out_is_one_obligation() -> None:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    both = PAIR
    the_duty = duty(version(pattern, evidence=ABOUT, subjects=both, applies=OPEN_ACTION))
    assert lines(the_duty, "2025-02-01", MARCH, about(), table(ACTIONS, ACTION)) == [
        "m1 not_applicable"
    ]
    unsure = table(ACTIONS, {**ACTION, "owner": UNREADABLE})
    assert lines(the_duty, "2025-02-01", MARCH, about(), unsure) == ["m1 not_applicable"]
    unsure = table(ACTIONS, {**ACTION, "agreed on": "2025-01-01", "owner": UNREADABLE})
    assert lines(the_duty, "2025-02-01", MARCH, about(), unsure) == ["m1 cannot_tell"]


VENUE = {"ref": "v1", "hireable": True, "from": "2025-01-01"}


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([VENUE], "due"),
        ([{**VENUE, "from": "2025-06-01"}], "due"),
        ([{**VENUE, "from": "2025-06-02"}], "not_applicable"),
        ([{**VENUE, "to": "2025-06-01"}], "not_applicable"),
        ([{**VENUE, "to": "2025-06-02"}], "due"),
        ([{**VENUE, "to": UNREADABLE}], "due"),
        ([{**VENUE, "hireable": False}], "not_applicable"),
        ([{**VENUE, "hireable": UNREADABLE}], "cannot_tell"),
        ([{**VENUE, "from": BLANK}], "cannot_tell"),
        ([{**VENUE, "from": UNREADABLE, "to": "2025-05-01"}], "not_applicable"),
        ([{**VENUE, "from": BLANK}, {**VENUE, "ref": "v2"}], "due"),
        ([], "not_applicable"),
    ],
)
def test_a_condition_is_otherwise_judged_on_the_as_of_date(rows: list[Row], status: str) -> None:
    pattern = Rolling(kind="rolling", every=months(12))
    the_duty = duty(version(pattern, evidence=BY_DATE, applies=HIREABLE))
    answer = answers_of(the_duty, "2025-06-01", reviews(), table(VENUES, *rows))[0]
    assert answer.status.value == status
    assert (answer.opens is None) == (status != "due")
