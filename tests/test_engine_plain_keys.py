"""Keys that must name a row, by the plain evaluator (semantics.md: A key is filled)."""

from __future__ import annotations

import pytest

from engine.plain.conditions import list_truths, truths
from engine.plain.sheet import Sheets
from evidence.register import BLANK_NOTHING
from evidence.table import Table
from rules.condition import Condition
from rules.patterns import Completeness
from tests.support.agreed_answers import (
    ACTION,
    BLANK,
    BY_DATE,
    NO_COLUMN,
    NOTHING,
    RECORDS,
    REVIEW,
    UNREADABLE,
    complete,
    declared,
    lines,
    meeting,
    office,
    yearly,
)
from tests.support.engine_builders import (
    ACTIONS,
    DOCUMENTS,
    MEETINGS,
    PEOPLE,
    REVIEWS,
    Cell,
    Row,
    column,
    day,
    days,
    duty,
    equals,
    filled,
    table,
    unreadable,
    version,
)

HELD = MEETINGS.model_copy(update={"dated_by": "held on", "cancelled": "cancelled"})
TIED = declared(REVIEWS, "about", refers_to="meetings")
ABOUT = filled("about")
OF_GROUP = filled("about", equals("body", "Steering Group"))
ON = "2025-06-01"
M1 = meeting("m1", "2025-04-10")


def truth(cell: Cell, *meetings: Row, asks: Condition = ABOUT) -> bool | None:
    """Whether the review's key is filled on 1 June 2025, the register holding these meetings."""
    evidence = office(table(TIED, {**REVIEW, "about": cell}), table(HELD, *meetings))
    return truths(Sheets(evidence, day(ON)).of("reviews"), (asks,))[0]


@pytest.mark.parametrize(
    ("cell", "row", "expected"),
    [
        ("m1", M1, True),
        (" M1 ", M1, True),
        ("not yet", M1, False),
        ("m2", M1, False),  # no such row
        ("m1", meeting("m1", ON), True),
        ("m1", meeting("m1", "2025-06-02"), False),
        ("m1", meeting("m1", NOTHING), False),
        ("m1", meeting("m1", BLANK), False),
        ("m1", meeting("m1", UNREADABLE), False),
        ("m1", meeting("m1", "2025-04-10", cancelled=True), False),
        ("m1", meeting("m1", "2025-04-10", cancelled=False), True),
        ("m1", meeting("m1", "2025-04-10", cancelled=UNREADABLE), False),
        ("m1", meeting("m1", "2025-04-10", cancelled=NO_COLUMN), False),
        ("m1", meeting(UNREADABLE, "2025-04-10"), False),
        (NOTHING, M1, False),
        (BLANK, M1, False),
        (UNREADABLE, M1, None),
        (NO_COLUMN, M1, None),
    ],
)
def test_a_key_is_filled_when_it_names_a_row_that_counts(
    cell: Cell, row: Row, expected: bool | None
) -> None:
    assert truth(cell, row) is expected


@pytest.mark.parametrize(
    ("body", "expected"), [("Steering Group", True), ("SWPB", False), (UNREADABLE, False)]
)
def test_where_the_rule_says_which_rows_may_be_named_one_of_those(
    body: Cell, expected: bool
) -> None:
    assert truth("m1", {**M1, "body": body}, asks=OF_GROUP) is expected
    assert truth("m1", {**M1, "body": body}) is True


def test_of_two_rows_with_one_key_one_that_counts_is_enough() -> None:
    called_off = meeting("m1", "2025-04-11", cancelled=True)
    assert truth("m1", called_off, M1) is True


def test_the_item_does_not_qualify_and_the_duty_stays_due() -> None:
    the_duty = yearly(BY_DATE.model_copy(update={"where": (*BY_DATE.where, OF_GROUP)}))
    items = table(TIED, {**REVIEW, "about": "m1"})
    open_still = ["2025/26 due 2025-04-01..2026-03-31 +303"]
    assert lines(the_duty, ON, items, table(HELD, M1)) == [
        "2025/26 met 2025-04-01..2026-03-31 +668"
    ]
    assert lines(the_duty, ON, items, table(HELD)) == open_still
    assert lines(the_duty, ON, items, table(HELD, {**M1, "body": "SWPB"})) == open_still
    assert lines(the_duty, ON, items, table(HELD, meeting("m1", "2027-04-10"))) == open_still


def test_in_a_cell_of_several_keys_one_is_enough() -> None:
    several = declared(REVIEWS, "about", type="keys", refers_to="meetings")
    evidence = office(table(several, {**REVIEW, "about": "m7; m1"}), table(HELD, M1))
    assert truths(Sheets(evidence, day(ON)).of("reviews"), (ABOUT,))[0] is True
    evidence = office(table(several, {**REVIEW, "about": "m7; m8"}), table(HELD, M1))
    assert truths(Sheets(evidence, day(ON)).of("reviews"), (ABOUT,))[0] is False


def test_a_row_of_any_register_that_may_be_named_and_can_be_read_counts() -> None:
    either = declared(REVIEWS, "about", refers_to_any=("documents", "meetings"))
    items = table(either, {**REVIEW, "about": "m1"}, {**REVIEW, "ref": "R2", "about": "d1"})
    kept = table(DOCUMENTS, {"ref": "d1", "kind": "pathway", "issued on": "2030-01-01"})

    def told(*tables: Table, asks: Condition = ABOUT) -> list[bool | None]:
        evidence = office(items, *tables)
        return list(truths(Sheets(evidence, day(ON)).of("reviews"), (asks,)))

    assert told(table(HELD, M1), kept) == [True, True]  # this register gives its rows no day
    assert told(unreadable(HELD), kept) == [False, True]
    assert told(table(HELD, M1), kept, asks=OF_GROUP) == [True, False]


def test_a_condition_on_the_row_named_may_look_up_another() -> None:
    minuted = declared(HELD, "present", type="key", refers_to="people")
    asks = filled("about", filled("present"))
    for name, expected in (("ann", True), ("bea", False)):
        evidence = office(
            table(TIED, {**REVIEW, "about": "m1"}),
            table(minuted, {**M1, "present": name}),
            table(PEOPLE, {"person": "ann", "kind": "staff", "starts": "2020-01-01"}),
        )
        assert truths(Sheets(evidence, day(ON)).of("reviews"), (asks,))[0] is expected


def test_a_key_whose_column_names_no_register_is_filled_as_a_text() -> None:
    evidence = office(table(REVIEWS, {**REVIEW, "about": "anything"}))
    assert truths(Sheets(evidence, day(ON)).of("reviews"), (ABOUT,))[0] is True


DECIDED = column("decided at", "key", blank=BLANK_NOTHING).model_copy(
    update={"refers_to": "meetings"}
)
DECISIONS = ACTIONS.model_copy(update={"columns": (*ACTIONS.columns, DECIDED)})


def test_on_a_list_a_row_of_a_day_to_come_may_be_named() -> None:
    """A list holds what is still to come; what a record must carry counts by the as-of date."""
    action = {**ACTION, "measure": "visits", "decided at": "m1"}
    rows, to_come = table(DECISIONS, action), table(HELD, meeting("m1", "2026-04-10"))
    sheet = Sheets(office(rows, to_come), day(ON)).of("actions")
    assert list_truths(sheet, (filled("decided at"),))[0] is True
    assert truths(sheet, (filled("decided at"),))[0] is False
    among = RECORDS.model_copy(update={"where": (*RECORDS.where, filled("decided at"))})
    assert lines(complete(among), ON, rows, to_come) == ["a1 met 2025-05-01..2025-05-29"]
    must = Completeness(
        kind="completeness", records=RECORDS, must=(filled("decided at"),), within=days(28)
    )
    assert lines(duty(version(must)), ON, rows, to_come) == ["a1 overdue 2025-05-01..2025-05-29 -3"]
    assert lines(duty(version(must)), ON, rows, table(HELD, M1)) == [
        "a1 met 2025-05-01..2025-05-29"
    ]
    none = table(HELD, meeting("m1", "2026-04-10", cancelled=True))
    assert list_truths(
        Sheets(office(rows, none), day(ON)).of("actions"), (filled("decided at"),)
    ) == [False]
