"""The columns that the program fills: whether a row names the latest of its kind on its day, and
the day of the row that it names."""

from __future__ import annotations

import datetime

import pytest

from evidence.cells.text import normal_key
from evidence.keys.latest import IssuedRows, fill_columns
from evidence.register import BLANK_NOTHING, ColumnSpec, DayOf, Latest, RegisterSpec
from evidence.sheets.joining import missing_table
from evidence.table import CellState, Table
from tests.support.engine_builders import Cell, Row, column, register, table

DOCUMENTS = register(
    "documents",
    column("kind", "code"),
    column("issued on", "day", blank=BLANK_NOTHING),
)
LATEST = ColumnSpec(
    name="latest",
    type="yes/no",
    required=False,
    blank=BLANK_NOTHING,
    latest=Latest(
        key="assessment", within="documents", kind="kind", of="assessment", issued="issued on",
        by="reviewed on",
    ),
)  # fmt: skip
WRITTEN = register(
    "reviews",
    column("reviewed on", "day"),
    column("assessment", "key", blank=BLANK_NOTHING),
)
REVIEWS = WRITTEN.model_copy(update={"columns": (*WRITTEN.columns, LATEST)})

ISSUED: tuple[Row, ...] = (
    {"ref": "HO-1", "kind": "assessment", "issued on": "2025-01-10"},
    {"ref": "HO-2", "kind": "assessment", "issued on": "2026-01-10"},
    {"ref": "SOP-1", "kind": "SOP", "issued on": "2026-03-01"},
    {"ref": "HO-3", "kind": "assessment"},
)


def told(review: Row, *documents: Row, missing: bool = False) -> tuple[object, CellState]:
    """What the program says of one review, and how that cell reads."""
    tables: dict[str, Table] = {
        "documents": missing_table(DOCUMENTS) if missing else table(DOCUMENTS, *documents),
        "reviews": table(REVIEWS.written, {"ref": "R-1", **review}),
    }
    filled = fill_columns(tables, {"documents": DOCUMENTS, "reviews": REVIEWS})["reviews"]
    cells = filled.columns["latest"]
    assert filled.register == REVIEWS
    assert filled.place(0, "latest").cell == ""  # it stands in no sheet
    return cells.value[0], CellState(cells.state[0])


@pytest.mark.parametrize(
    ("day", "names", "latest"),
    [
        ("2025-06-01", "HO-1", True),
        ("2025-01-10", "HO-1", True),  # on the day of its issue
        ("2025-01-09", "HO-1", False),  # before it was issued
        ("2026-01-09", "HO-1", True),
        ("2026-01-10", "HO-1", False),  # a later one came out that day
        ("2026-01-10", "HO-2", True),
        ("2025-06-01", "HO-2", False),
        ("2026-06-01", "SOP-1", False),  # a later row, of another kind
        ("2026-06-01", "HO-3", False),  # not issued yet
        ("2026-06-01", "HO-9", False),  # not listed
    ],
)
def test_it_says_whether_none_later_was_out(day: str, names: str, latest: bool) -> None:
    review = {"reviewed on": day, "assessment": names}
    assert told(review, *ISSUED) == (latest, CellState.READ)


def test_a_row_that_names_no_document_has_no_answer() -> None:
    assert told({"reviewed on": "2026-06-01"}, *ISSUED) == (None, CellState.NOTHING)


@pytest.mark.parametrize(
    "odd",
    [
        {"ref": "HO-4", "kind": "assessment", "issued on": CellState.UNREADABLE},
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": "2026-01-11"},
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": "2026-06-01"},
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": CellState.BLANK},
    ],
)
def test_the_answer_is_unknown_while_a_possible_later_document_is_unreadable(odd: Row) -> None:
    review: Row = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, *ISSUED, odd) == (None, CellState.UNREADABLE)
    earlier: Row = {"reviewed on": "2026-06-01", "assessment": "HO-1"}
    assert told(earlier, *ISSUED, odd) == (False, CellState.READ)  # HO-2 is later for certain


@pytest.mark.parametrize(
    "odd",
    [
        {"ref": "HO-4", "kind": CellState.UNREADABLE},  # never issued
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": "2024-01-01"},  # before HO-2
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": "2026-01-10"},  # with HO-2
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": "2026-06-02"},  # after the act
        {"ref": CellState.BLANK, "kind": "assessment", "issued on": "2024-01-01"},
    ],
)
def test_a_document_that_cannot_be_later_leaves_no_doubt(odd: Row) -> None:
    review: Row = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, *ISSUED, odd) == (True, CellState.READ)


def test_a_later_one_of_the_kind_without_a_key_is_later() -> None:
    odd: Row = {"ref": CellState.BLANK, "kind": "assessment", "issued on": "2026-02-01"}
    review: Row = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, *ISSUED, odd) == (False, CellState.READ)


@pytest.mark.parametrize(
    ("odd", "latest"),
    [
        ({"kind": CellState.UNREADABLE, "issued on": "2026-02-01"}, (None, CellState.UNREADABLE)),
        ({"kind": "assessment", "issued on": CellState.UNREADABLE}, (None, CellState.UNREADABLE)),
        ({"kind": CellState.UNREADABLE}, (False, CellState.READ)),  # never issued
    ],
)
def test_the_row_that_is_named_must_be_read_itself(
    odd: Row, latest: tuple[object, CellState]
) -> None:
    review: Row = {"reviewed on": "2026-06-01", "assessment": "HO-4"}
    assert told(review, *ISSUED, {"ref": "HO-4", **odd}) == latest


def test_an_unreadable_row_of_another_kind_leaves_no_doubt() -> None:
    odd: Row = {"ref": "P-1", "kind": "plan", "issued on": CellState.UNREADABLE}
    review = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, *ISSUED, odd) == (True, CellState.READ)


def test_the_answer_is_unknown_while_the_documents_are_missing() -> None:
    review = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, missing=True) == (None, CellState.UNREADABLE)
    assert told(review) == (False, CellState.READ)


def test_the_answer_is_unknown_for_an_unreadable_day() -> None:
    review: Row = {"reviewed on": CellState.UNREADABLE, "assessment": "HO-2"}
    assert told(review, *ISSUED) == (None, CellState.UNREADABLE)


# The search itself --------------------------------------------------------------------------------


def found(day: str, *documents: Row) -> list[str] | None:
    """The keys of the latest that had been issued by a day, as they are written."""
    assert LATEST.latest is not None
    issues = IssuedRows(table(DOCUMENTS, *documents), LATEST.latest)
    latest = issues.latest_by(datetime.date.fromisoformat(day))
    return None if latest is None else [issue.written for issue in latest]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2025-01-09", []),
        ("2025-01-10", ["HO-1"]),
        ("2026-01-09", ["HO-1"]),
        ("2026-01-10", ["HO-2", "HO-2b"]),
    ],
)
def test_the_latest_are_those_of_the_last_day(day: str, names: list[str]) -> None:
    also: Row = {"ref": "HO-2b", "kind": "assessment", "issued on": "2026-01-10"}
    assert found(day, *ISSUED, also) == names


@pytest.mark.parametrize(
    ("odd", "day", "names"),
    [
        ({"kind": CellState.UNREADABLE, "issued on": "2026-01-11"}, "2026-06-01", None),
        ({"kind": CellState.UNREADABLE, "issued on": "2026-01-11"}, "2026-01-10", ["HO-2"]),
        ({"kind": "assessment", "issued on": CellState.UNREADABLE}, "2026-06-01", None),
        ({"kind": "plan", "issued on": CellState.UNREADABLE}, "2026-06-01", ["HO-2"]),
    ],
)
def test_one_that_may_be_later_hides_the_latest(
    odd: Row, day: str, names: list[str] | None
) -> None:
    assert found(day, *ISSUED, {"ref": "HO-0", **odd}) == names


def test_a_later_one_without_a_key_cannot_be_named() -> None:
    odd: Row = {"ref": CellState.UNREADABLE, "kind": "assessment", "issued on": "2026-02-01"}
    assert found("2026-06-01", *ISSUED, odd) is None


# The day of the row that is named ---------------------------------------------------------------

MEETINGS = register(
    "meetings",
    column("held on", "day"),
    column("cancelled", "yes/no", blank=BLANK_NOTHING),
).model_copy(update={"cancelled": "cancelled"})
MET_ON = ColumnSpec(
    name="met on",
    type="day",
    required=False,
    blank=BLANK_NOTHING,
    day_of=DayOf(key="meeting", within="meetings", day="held on"),
)
MINUTED = register("minutes", column("meeting", "key", blank=BLANK_NOTHING))
MINUTES = MINUTED.model_copy(update={"columns": (*MINUTED.columns, MET_ON)})
HELD = "2026-02-10"
DAY = (datetime.date(2026, 2, 10), CellState.READ)
NOTHING = (None, CellState.NOTHING)
UNREADABLE = (None, CellState.UNREADABLE)


def day_told(
    meeting: Cell, *meetings: Row, spec: RegisterSpec = MEETINGS, missing: bool = False
) -> tuple[object, CellState]:
    """The day that the program fills in for minutes of a meeting, and how that cell reads."""
    tables = {
        "meetings": missing_table(spec) if missing else table(spec, *meetings),
        "minutes": table(MINUTES.written, {"ref": "M-1", "meeting": meeting}),
    }
    filled = fill_columns(tables, {"meetings": spec, "minutes": MINUTES})["minutes"]
    cells = filled.columns["met on"]
    assert filled.register == MINUTES
    assert filled.place(0, "met on").cell == ""  # it stands in no sheet
    return cells.value[0], CellState(cells.state[0])


@pytest.mark.parametrize(
    ("meeting", "day"),
    [
        ({}, DAY),
        ({"cancelled": False}, DAY),
        ({"cancelled": True}, NOTHING),
        ({"cancelled": CellState.UNREADABLE}, UNREADABLE),
        ({"cancelled": CellState.BLANK}, UNREADABLE),
        ({"held on": CellState.NOTHING}, NOTHING),
        ({"held on": CellState.BLANK}, NOTHING),
        ({"held on": CellState.UNREADABLE}, UNREADABLE),
        ({"held on": CellState.BLANK, "cancelled": CellState.UNREADABLE}, UNREADABLE),
        ({"held on": CellState.UNREADABLE, "cancelled": True}, NOTHING),
        ({"ref": "SG-2"}, NOTHING),  # not the one that is named
        ({"ref": CellState.UNREADABLE}, NOTHING),
    ],
)
def test_the_day_is_that_of_the_row_that_is_named(
    meeting: Row, day: tuple[object, CellState]
) -> None:
    assert day_told("SG-1", {"ref": "SG-1", "held on": HELD, **meeting}) == day


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("SG-1", DAY),
        ("sg-1 ", DAY),
        ("SG-9", NOTHING),
        (CellState.NOTHING, NOTHING),
        (CellState.BLANK, UNREADABLE),
        (CellState.UNREADABLE, UNREADABLE),
    ],
)
def test_the_day_follows_from_the_key(key: Cell, day: tuple[object, CellState]) -> None:
    assert day_told(key, {"ref": "SG-1", "held on": HELD}) == day


def test_a_day_to_come_is_the_day_all_the_same() -> None:
    day = datetime.date(2036, 2, 10)
    assert day_told("SG-1", {"ref": "SG-1", "held on": "2036-02-10"}) == (day, CellState.READ)


def test_where_none_can_be_cancelled_the_day_alone_decides() -> None:
    spec = MEETINGS.model_copy(update={"cancelled": None})
    row: Row = {"ref": "SG-1", "held on": HELD, "cancelled": True}
    assert day_told("SG-1", row, spec=spec) == DAY


def test_no_day_follows_from_a_register_that_was_not_given() -> None:
    assert day_told("SG-1", missing=True) == NOTHING
    assert day_told("SG-1") == NOTHING


def test_which_rows_are_in_the_way_of_telling_which_is_the_latest() -> None:
    """Those that may be later and cannot be read, by the day asked for; and of a key, its own."""
    rows: tuple[Row, ...] = (
        {"ref": "A", "kind": "assessment", "issued on": "2026-01-10"},
        {"ref": "B", "kind": "assessment", "issued on": CellState.UNREADABLE},
        {"ref": "C", "kind": CellState.UNREADABLE, "issued on": "2026-03-01"},
        {"ref": "D", "kind": CellState.UNREADABLE, "issued on": "2025-03-01"},
        {"ref": CellState.BLANK, "kind": "assessment", "issued on": "2026-04-01"},
        {"ref": "F", "kind": "SOP", "issued on": CellState.UNREADABLE},
    )
    assert LATEST.latest is not None
    issues = IssuedRows(table(DOCUMENTS, *rows), LATEST.latest)
    february, march, may = (datetime.date(2026, month, 1) for month in (2, 3, 5))
    assert issues.unread_for(normal_key("A"), february) == (1,)
    assert issues.unread_for(normal_key("A"), march) == (1, 2)
    assert (
        issues.unread_for(normal_key("A"), may) == ()
    )  # the row without a key is later for certain
    assert issues.unread_for(normal_key("C"), march) == (1, 2)
    assert issues.unread_for(normal_key("B"), february) == (1, 3)
    assert issues.unread_for(normal_key("F"), march) == ()
    assert issues.unread_by(february) == (1,)
    assert issues.unread_by(may) == (1, 2, 4)
