"""The column that the program fills: whether a row names the latest of its kind on its day."""

from __future__ import annotations

import datetime

import pytest

from evidence.joining import missing_table
from evidence.latest import Issue, completed, issued_in, latest_by
from evidence.register import BLANK_NOTHING, ColumnSpec, Latest
from evidence.table import CellState, Table
from tests.engine_builders import Row, column, register, table

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
    made = completed(tables, {"documents": DOCUMENTS, "reviews": REVIEWS})["reviews"]
    cells = made.columns["latest"]
    assert made.register == REVIEWS
    assert made.place(0, "latest").cell == ""  # it stands in no sheet
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


def test_naming_none_says_nothing() -> None:
    assert told({"reviewed on": "2026-06-01"}, *ISSUED) == (None, CellState.NOTHING)


@pytest.mark.parametrize(
    "odd",
    [
        {"ref": "HO-4", "kind": "assessment", "issued on": CellState.UNREADABLE},
        {"ref": "HO-4", "kind": CellState.UNREADABLE, "issued on": "2024-01-01"},
        {"ref": CellState.BLANK, "kind": "assessment", "issued on": "2024-01-01"},
    ],
)
def test_it_cannot_be_told_while_one_of_the_kind_cannot_be_read(odd: Row) -> None:
    review: Row = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, *ISSUED, odd) == (None, CellState.UNREADABLE)


def test_a_row_of_another_kind_that_cannot_be_read_says_nothing() -> None:
    odd: Row = {"ref": "P-1", "kind": "plan", "issued on": CellState.UNREADABLE}
    review = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, *ISSUED, odd) == (True, CellState.READ)


def test_it_cannot_be_told_while_the_register_of_documents_is_missing() -> None:
    review = {"reviewed on": "2026-06-01", "assessment": "HO-2"}
    assert told(review, missing=True) == (None, CellState.UNREADABLE)
    assert told(review) == (False, CellState.READ)


def test_it_cannot_be_told_of_a_day_that_cannot_be_read() -> None:
    review: Row = {"reviewed on": CellState.UNREADABLE, "assessment": "HO-2"}
    assert told(review, *ISSUED) == (None, CellState.UNREADABLE)


# The search itself --------------------------------------------------------------------------------


def found(*documents: Row) -> tuple[Issue, ...] | None:
    """What was issued of these."""
    assert LATEST.latest is not None
    return issued_in(table(DOCUMENTS, *documents), LATEST.latest)


def test_what_was_issued_is_of_the_kind_and_has_a_day() -> None:
    assert found(*ISSUED) == (
        Issue(datetime.date(2025, 1, 10), "HO-1", "ho-1"),
        Issue(datetime.date(2026, 1, 10), "HO-2", "ho-2"),
    )
    assert found() == ()


@pytest.mark.parametrize("odd", ["ref", "kind", "issued on"])
def test_a_row_that_cannot_be_read_hides_what_was_issued(odd: str) -> None:
    row: Row = {"ref": "HO-0", "kind": "assessment", "issued on": "2024-01-01"}
    assert found(*ISSUED, {**row, odd: CellState.UNREADABLE}) is None
    of_another = {**row, "kind": "plan", odd: CellState.UNREADABLE}
    assert found(*ISSUED, of_another) == (None if odd == "kind" else found(*ISSUED))


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2025-01-09", []),
        ("2025-01-10", ["HO-1"]),
        ("2026-01-09", ["HO-1"]),
        ("2026-01-10", ["HO-2", "HO-4"]),
    ],
)
def test_of_one_day_there_may_be_several_latest(day: str, names: list[str]) -> None:
    issued = found(*ISSUED, {"ref": "HO-4", "kind": "assessment", "issued on": "2026-01-10"})
    assert issued is not None
    last = latest_by(issued, datetime.date.fromisoformat(day))
    assert [each.written for each in last] == names
    for name in ("HO-1", "HO-2", "HO-4"):
        review = {"reviewed on": day, "assessment": name}
        two = (*ISSUED, {"ref": "HO-4", "kind": "assessment", "issued on": "2026-01-10"})
        assert told(review, *two) == (name in names, CellState.READ)
