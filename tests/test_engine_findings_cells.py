"""Findings about single rows and cells: an example that counts, an address that is none, and what
to enter for a day."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from engine.findings.example_rows import example_rows
from engine.findings.owners import owner_findings
from engine.findings.sheet_marks import merged_cells, struck_rows
from engine.remedy.cell_words import day_to_enter
from evidence.register import RegisterSpec
from evidence.table import MergedCells
from tests.support.agreed_answers import BY_DATE, yearly
from tests.support.engine_builders import Cell, table

BOOKINGS = RegisterSpec.model_validate(
    {
        "id": "bookings",
        "title": "Bookings",
        "about": "bookings",
        "sheets": ("Bookings",),
        "key": "ref",
        "columns": (
            {"name": "ref", "type": "key", "blank": "nothing", "example": "B-1"},
            {"name": "held on", "type": "day", "blank": "nothing", "example": "02/04/2026"},
            {"name": "hall", "type": "text", "blank": "nothing", "example": "Town hall"},
            {"name": "paid", "type": "yes/no", "blank": "nothing", "example": "yes"},
            {"name": "note", "type": "text", "blank": "nothing"},
        ),
    }
)
SHIPPED: dict[str, Cell] = {
    "ref": "X-9", "held on": "2026-04-02", "hall": "Town hall", "paid": True,
}  # fmt: skip
OWNERS = RegisterSpec.model_validate(
    {
        "id": "owners",
        "title": "Owners",
        "about": "owners",
        "sheets": ("Owners",),
        "columns": tuple(
            {"name": name, "type": "text", "blank": "nothing"}
            for name in ("duty", "owner", "email")
        ),
    }
)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, True),
        ({"ref": "X-10"}, True),
        ({"hall": "Village hall"}, False),
        ({"held on": "2026-04-03"}, False),
        ({"note": "Ours"}, False),
    ],
)
def test_a_row_that_is_the_example_but_for_its_reference_is_reported(
    cells: dict[str, Cell], found: bool
) -> None:
    noted = list(example_rows(table(BOOKINGS, {**SHIPPED, **cells})))
    assert [each.message for each in noted] == [
        "Only the reference of this row was changed: the rest is the example of the blank workbook."
        " It counts. Enter your own details, or delete the row."
    ] * found


def test_a_row_that_is_struck_through_and_counts_is_a_point_to_check() -> None:
    bookings = table(BOOKINGS, SHIPPED, {**SHIPPED, "ref": "X-10"})
    assert list(struck_rows(bookings)) == []
    (source,) = bookings.sources
    struck = replace(bookings, sources=(replace(source, struck_rows=frozenset({3})),))
    (noted,) = struck_rows(struck)
    assert noted.message.startswith("This row is struck through, but it counts. ")
    assert struck.place(noted.refs[0][0].row, noted.refs[0][1]).cell == "A3"


def test_cells_that_are_struck_through_alone_are_one_point_to_check() -> None:
    """A date with a line through it counts, so somebody has to look."""
    bookings = table(BOOKINGS, SHIPPED, {**SHIPPED, "ref": "X-10"})
    (source,) = bookings.sources
    labels = source.letters
    cells = {(3, labels["held on"]), (3, labels["hall"]), (3, "ZZ")}
    marked = replace(bookings, sources=(replace(source, struck_cells=frozenset(cells)),))
    (noted,) = struck_rows(marked)
    assert noted.message == (
        "'held on' and 'hall' are struck through, at least in part, but all of them count. If one"
        " no longer applies, delete it; otherwise, remove the line through it."
    )
    assert [column for _, column in noted.refs] == ["held on", "hall"]


def test_a_merged_cell_that_fills_several_rows_is_a_point_to_check() -> None:
    bookings = table(BOOKINGS, SHIPPED, {**SHIPPED, "ref": "X-10"}, {**SHIPPED, "ref": "X-11"})
    assert list(merged_cells(bookings)) == []
    (source,) = bookings.sources
    area = MergedCells("B3:B4", 3, 4, ("held on",))
    merged = replace(bookings, sources=(replace(source, merged=(area,)),))
    (noted,) = merged_cells(merged)
    assert noted.message.startswith(
        "B3:B4 is one merged cell: its value was used for rows 3 to 4. "
    )
    assert [merged.place(ref.row).row for ref, _ in noted.refs] == [3, 4]
    outside = replace(
        bookings, sources=(replace(source, merged=(area._replace(first=4, last=9),)),)
    )
    assert list(merged_cells(outside)) == []
    text = replace(source, merged=(area._replace(columns=("hall",)),))
    assert list(merged_cells(replace(bookings, sources=(text,)))) == []
    both = (area, MergedCells("B2:B3", 2, 3, ("held on",)))
    (noted,) = merged_cells(replace(bookings, sources=(replace(source, merged=both),)))
    assert noted.message.startswith("B3:B4 and B2:B3 are merged cells: ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jean@example.org", False),
        (" a.b@example.org ", False),
        ("jean at opcc", True),
        ("a@", True),
        ("jean@exämple.org", True),  # those that the mail cannot use, either
        ("jean(home)@example.org", True),
    ],
)
def test_a_text_that_is_not_an_address_is_reported_and_not_quoted(text: str, found: bool) -> None:
    row = {"duty": "the-duty", "owner": "Jean", "email": text}
    noted = list(owner_findings({"owners": table(OWNERS, row)}, [yearly(BY_DATE)]))
    assert [each.message for each in noted] == [
        "This is not an e-mail address, so the mail for this owner has none. Enter one, such as"
        " name@example.org, or leave the cell blank."
    ] * found


@pytest.mark.parametrize(
    ("short_name", "owner", "found"),
    [
        ("The-Duty ", "Jean", False),
        ("the-dutty", "Jean", True),
        ("the-dutty", " ", False),
        ("", "Jean", False),
    ],
)
def test_an_owner_of_a_duty_that_does_not_exist_is_reported(
    short_name: str, owner: str, found: bool
) -> None:
    row = {"duty": short_name, "owner": owner, "email": ""}
    noted = list(owner_findings({"owners": table(OWNERS, row)}, [yearly(BY_DATE)]))
    assert [each.message for each in noted] == [
        "'the-dutty' is not the short name of a duty, so this owner is not recorded. Enter the"
        " short name. The nearest name is 'the-duty'."
    ] * found


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (
            "The date on which the Group, or the parties, agreed it",
            "the date on which the Group, or the parties, agreed it",
        ),
        ("The date of the award, or the date planned for it", "the date of the award"),
        ("The last date, after which it no longer counts; leave it blank", "the last date"),
    ],
)
def test_what_to_enter_for_a_day_is_a_whole_phrase_of_the_note(note: str, words: str) -> None:
    spec, day = BOOKINGS.column("held on"), datetime.date(2026, 11, 24)
    noted = spec.model_copy(update={"note": note})
    assert day_to_enter(noted, day, day, own_words=True) == words
