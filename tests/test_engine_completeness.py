"""Patterns 6 and 7, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

from engine.outcome import ItemRef
from evidence.table import Table
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import Carried, Completeness, Content
from tests.support.agreed_answers import (
    ACTION,
    RECORDS,
    UNREADABLE,
    answer_line,
    answers_of,
    complete,
    lines,
    reviews,
    yearly,
)
from tests.support.engine_builders import (
    ACTIONS,
    REVIEWS,
    Row,
    day,
    days,
    duty,
    filled,
    missing,
    says,
    table,
    unreadable,
    version,
)


def actions(*rows: Row) -> Table:
    return table(ACTIONS, *({**ACTION, "ref": f"A{at}", **row} for at, row in enumerate(rows)))


def test_a_record_with_no_dates_to_carry_is_done_on_its_own_day() -> None:
    the_duty = complete()
    rows = actions(
        {"measure": "visits"},
        {},
        {"agreed on": "2025-06-02"},
        {"agreed on": "2024-09-30"},
        {"cancelled": True},
        {"agreed on": UNREADABLE},
        {"owner": "Council"},
    )
    answers = answers_of(the_duty, "2025-06-01", rows)
    assert [answer_line(answer) for answer in answers] == [
        "actions row 5 cannot_tell",
        "a0 met 2025-05-01..2025-05-29",
        "a1 overdue 2025-05-01..2025-05-29 -3",
        "a2 not_yet_due 2025-06-02..2025-06-30 +29",
    ]
    assert answers[1].met_by == (ItemRef("actions", 0),)
    assert answers[1].last_done == date(2025, 5, 1)


def test_done_on_the_latest_of_the_dates_that_it_must_carry() -> None:
    the_duty = complete(dated=True)
    rows = actions(
        {"measure": "visits", "completed on": "2025-06-01"},
        {"measure": "visits", "completed on": "2025-06-05"},
        {"measure": "visits", "completed on": "2025-04-01"},
        {"measure": "visits"},
        {"completed on": "2025-05-02"},
        {"agreed on": "2025-07-01", "measure": "visits", "completed on": "2025-06-03"},
    )
    assert lines(the_duty, "2025-06-04", rows) == [
        "a0 met 2025-05-01..2025-05-29 late 3",
        "a1 overdue 2025-05-01..2025-05-29 -6",  # its day is still to come
        "a2 met 2025-05-01..2025-05-29",  # before it opened
        "a3 overdue 2025-05-01..2025-05-29 -6",
        "a4 overdue 2025-05-01..2025-05-29 -6",
        "a5 met 2025-07-01..2025-07-29",  # a record of a day to come, done already
    ]


def test_a_carried_deadline_and_its_re_agreement() -> None:
    the_duty = complete(carried=True)
    moved = {"re-agreed to": "2025-09-01"}
    rows = actions(
        {},
        {**moved, "re-agreed on": "2025-06-01"},
        {**moved, "re-agreed on": "2025-06-02"},
        moved,
        {**moved, "re-agreed on": UNREADABLE},
        {**moved, "re-agreed on": "2025-05-20"},
        {"due": UNREADABLE},
        {"due": "2025-04-01"},
    )
    expected = [
        "a0 overdue 2025-05-01..2025-06-01 -1",
        "a1 due 2025-05-01..2025-09-01 +91",
        "a2 overdue 2025-05-01..2025-06-01 -1",  # agreed after the old date
        "a3 overdue 2025-05-01..2025-06-01 -1",
        "a4 overdue 2025-05-01..2025-06-01 -1",
        "a5 due 2025-05-01..2025-09-01 +91",
        "a6 cannot_tell",
        "a7 overdue 2025-05-01..2025-04-01 -62",
    ]
    assert lines(the_duty, "2025-06-02", rows) == expected
    # Before the day of the agreement the old date holds.
    assert lines(the_duty, "2025-05-19", rows)[5] == "a5 due 2025-05-01..2025-06-01 +13"


def test_a_record_of_a_day_to_come_is_not_yet_due_whatever_deadline_it_carries() -> None:
    rows = actions({"agreed on": "2025-06-10", "due": "2025-05-01"})
    the_duty = complete(carried=True)
    assert lines(the_duty, "2025-06-09", rows) == ["a0 not_yet_due 2025-06-10..2025-05-01 -39"]
    assert lines(the_duty, "2025-06-10", rows) == ["a0 overdue 2025-06-10..2025-05-01 -40"]


def test_a_completed_record_keeps_its_lateness_and_settles() -> None:
    the_duty = complete(carried=True)
    rows = actions({"measure": "x", "completed on": "2025-06-04"})
    assert lines(the_duty, "2026-06-04", rows) == ["a0 met 2025-05-01..2025-06-01 late 3"]
    assert lines(the_duty, "2026-06-05", rows) == ["a0 met 2025-05-01..2025-06-01 late 3 settled"]


def test_a_register_of_records_that_is_missing_unreadable_or_empty() -> None:
    assert lines(complete(), "2025-06-01", missing(ACTIONS)) == ["not_assessed"]
    assert lines(complete(), "2025-06-01", unreadable(ACTIONS)) == ["cannot_tell"]
    assert lines(complete(), "2025-06-01", table(ACTIONS)) == ["cannot_tell"]
    fair = RECORDS.model_copy(update={"empty": "fair"})
    assert lines(complete(fair), "2025-06-01", table(ACTIONS)) == []


def test_a_new_version_of_a_records_grace_moves_no_deadline_before_its_first_day() -> None:
    old = Completeness(kind="completeness", records=RECORDS, within=days(60))
    must = (filled("measure"),)
    new = Completeness(kind="completeness", records=RECORDS, deadline=Carried(due="due"), must=must)
    the_duty = duty(version(old), version(new, begins=day("2025-05-01")))
    rows = actions({"due": "2025-04-20"}, {"agreed on": "2025-04-30", "due": "2025-04-20"})
    assert lines(the_duty, "2025-05-02", rows) == [
        "a0 overdue 2025-05-01..2025-05-01 -1",
        "a1 met 2025-04-30..2025-06-29",  # a record of the earlier version's time, which asks less
    ]


def test_a_version_before_that_gave_no_deadline_moves_none() -> None:
    """The column in which the previous version gave the deadline is blank."""
    old = Completeness(kind="completeness", records=RECORDS, deadline=Carried(due="completed on"))
    must = (filled("measure"),)
    new = Completeness(kind="completeness", records=RECORDS, deadline=Carried(due="due"), must=must)
    changed = duty(version(old), version(new, begins=day("2025-05-01")))
    rows = actions({"due": "2025-04-20"})
    assert lines(changed, "2025-05-02", rows) == ["a0 overdue 2025-05-01..2025-05-01 -1"]


def content(begins: str) -> Duty:
    pattern = Content(
        kind="content",
        of="the-duty",
        where=(Condition(column="covers", includes=("filters",)),),
    )
    return duty(version(pattern, begins=day(begins)), id="with-filters")


def test_another_duty_with_one_condition_more() -> None:
    rows = table(
        REVIEWS,
        {"ref": "1", "subject": "model", "reviewed on": "2025-05-01", "covers": "filters; staff"},
        {"ref": "2", "subject": "model", "reviewed on": "2026-05-01", "covers": "staff"},
    )
    base = yearly()
    assert lines(base, "2026-06-01", rows)[-1] == "2026/27 met 2026-04-01..2027-03-31 +669"
    assert lines(content("2024-10-01"), "2026-06-01", rows, others=(base,)) == [
        "2025/26 met 2025-04-01..2026-03-31 met",
        "2026/27 due 2026-04-01..2027-03-31 +303",
    ]


def test_a_content_duty_is_cut_by_its_own_in_force_day() -> None:
    answer = answers_of(content("2025-09-01"), "2025-10-01", reviews(), others=(yearly(),))[0]
    assert answer_line(answer) == "2025/26 due 2025-09-01..2026-03-31 +181"
    assert answer.version_from == date(2025, 9, 1)
    assert lines(content("2025-09-01"), "2025-08-31", reviews(), others=(yearly(),)) == []


def test_content_of_a_record_is_one_more_thing_that_it_must_carry() -> None:
    more = Content(kind="content", of="the-duty", where=(says("cancelled", yes=False),))
    the_duty = duty(version(more), id="more")
    rows = actions({"measure": "x", "cancelled": False}, {"measure": "x"})
    assert lines(complete(), "2025-05-02", rows) == [
        "a0 met 2025-05-01..2025-05-29",
        "a1 met 2025-05-01..2025-05-29",
    ]
    assert lines(the_duty, "2025-05-02", rows, others=(complete(),)) == [
        "a0 met 2025-05-01..2025-05-29",
        "a1 due 2025-05-01..2025-05-29 +27",
    ]
