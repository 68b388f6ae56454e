"""Planned events without a day, by the plain evaluator (semantics.md: A planned event)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.table import Table
from tests.support.agreed_answers import (
    BLANK,
    NO_COLUMN,
    NOTHING,
    UNREADABLE,
    about,
    ahead,
    declared,
    lines,
    meeting,
    reviews,
    triggered,
)
from tests.support.engine_builders import MEETINGS, REVIEWS, TRAINING, Cell, Row, Unread, table

PLANNED = declared(MEETINGS, "held on", planned=True)
TIED = declared(REVIEWS, "about", refers_to="meetings")
M1 = meeting("m1", "2025-01-10")
DUE = "m1 due 2025-01-10..2025-02-07 +18"
ON = "2025-01-20"


def naming(*names: Cell) -> Table:
    """Reviews that name these meetings in a column whose cells may name a meeting."""
    rows: list[Row] = [
        {"ref": f"R{at}", "subject": "other", "reviewed on": "2025-01-05", "about": name}
        for at, name in enumerate(names)
    ]
    return table(TIED, *rows)


@pytest.mark.parametrize("held", [NOTHING, BLANK, UNREADABLE])
def test_a_planned_event_whose_day_says_nothing_asks_nothing(held: Cell) -> None:
    row = {**M1, "ref": "m2", "held on": held}  # what cannot be read is 'tbc' here
    assert lines(triggered(), ON, table(PLANNED, M1, row), about()) == [DUE]
    assert lines(triggered(), ON, table(MEETINGS, M1, row), about()) == [
        "meetings row 1 cannot_tell",  # no register of planned ones
        DUE,
    ]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("T.B.A.", [DUE]),
        ("(to be confirmed)", [DUE]),
        ("?", [DUE]),
        ("32 May 2025", ["meetings row 1 cannot_tell", DUE]),
        ("after Easter", ["meetings row 1 cannot_tell", DUE]),
        ("", ["meetings row 1 cannot_tell", DUE]),  # a formula without its result: any day
    ],
)
def test_a_day_that_says_something_and_cannot_be_read_cannot_be_told(
    text: str, seen: list[str]
) -> None:
    row = {**M1, "ref": "m2", "held on": Unread(text)}
    meetings = table(PLANNED, M1, row)
    assert lines(triggered(), ON, meetings, about()) == seen


def test_a_sheet_without_the_day_column_cannot_be_read_in_it() -> None:
    assert lines(triggered(), ON, table(PLANNED, meeting("m1", NO_COLUMN))) == [
        "meetings row 0 cannot_tell"
    ]


def test_if_another_row_names_it_as_held_it_cannot_be_told() -> None:
    meetings = table(PLANNED, M1, meeting("m2", NOTHING))
    assert lines(triggered(), ON, meetings, naming("m1", UNREADABLE, NOTHING)) == [DUE]
    assert lines(triggered(), ON, meetings, naming("M2")) == ["meetings row 1 cannot_tell", DUE]
    # A cell of a column that names no meeting, or of a control sheet, says nothing of it.
    assert lines(triggered(), ON, meetings, about(("2025-01-05", "m2"))) == [DUE]
    control = naming("m2")
    control = replace(control, register=control.register.model_copy(update={"control": True}))
    trained = declared(TRAINING, "person", refers_to="meetings")
    query = {"ref": "t", "person": "m2", "course": "a", "completed on": "2025-01-05"}
    other = table(trained, {**query, "passed": False})
    assert lines(ahead(), ON, meetings, control) == ["m1 overdue 2024-10-01..2025-01-10 -10"]
    assert lines(triggered(), ON, meetings, other) == ["meetings row 1 cannot_tell", DUE]


def test_a_cancelled_one_asks_nothing_even_where_it_is_named() -> None:
    meetings = table(PLANNED, M1, meeting("m2", NOTHING, cancelled=True))
    assert lines(triggered(), ON, meetings, naming("m2")) == [DUE]


def test_one_that_may_be_listed_and_has_no_day_asks_nothing() -> None:
    meetings = table(PLANNED, M1, {**meeting("m2", NOTHING), "body": UNREADABLE})
    assert lines(triggered(), ON, meetings, about()) == [DUE]
    assert lines(triggered(), ON, meetings, naming("m2")) == ["meetings row 1 cannot_tell", DUE]
    unnamed = table(PLANNED, M1, meeting(BLANK, NOTHING))
    assert lines(triggered(), ON, unnamed, naming("m2")) == [DUE]


def test_it_is_on_the_list_so_the_list_is_not_empty() -> None:
    assert lines(triggered(), ON, table(PLANNED), about()) == ["cannot_tell"]
    assert lines(triggered(), ON, table(PLANNED, meeting("m1", NOTHING)), about()) == []


def test_it_is_no_previous_event() -> None:
    meetings = table(PLANNED, meeting("m1", UNREADABLE), meeting("m2", "2025-03-10"))
    assert lines(ahead(since_previous=True), ON, meetings, reviews()) == [
        "m2 due 2024-10-01..2025-03-10 +49"
    ]


@pytest.mark.parametrize(
    ("reviewed", "seen"),
    [
        ("2025-01-20", ["meetings row 1 cannot_tell", DUE]),
        ("2025-01-21", [DUE]),  # dated after the day of the check
        (UNREADABLE, ["meetings row 1 cannot_tell", DUE]),
    ],
)
def test_a_row_dated_later_names_no_event_as_held(reviewed: Cell, seen: list[str]) -> None:
    dated = TIED.model_copy(update={"dated_by": "reviewed on"})
    row: Row = {"ref": "R", "subject": "other", "reviewed on": reviewed, "about": "m2"}
    meetings = table(PLANNED, M1, meeting("m2", NOTHING))
    assert lines(triggered(), ON, meetings, table(dated, row)) == seen
