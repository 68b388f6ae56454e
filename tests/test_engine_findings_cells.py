"""Findings about single rows and cells: an example that counts, and an address that is none."""

from __future__ import annotations

import pytest

from engine.findings.addresses import wrong_addresses
from engine.findings.example_rows import example_rows
from evidence.register import RegisterSpec
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
        "columns": ({"name": "email", "type": "text", "blank": "nothing"},),
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jean@example.org", False),
        (" a.b@example.org ", False),
        ("jean at opcc", True),
        ("a@", True),
    ],
)
def test_an_address_that_is_none_is_reported_and_not_quoted(text: str, found: bool) -> None:
    noted = list(wrong_addresses({"owners": table(OWNERS, {"email": text})}))
    assert [each.message for each in noted] == [
        "This is not an e-mail address, so the mail for this owner has none. Enter one, such as"
        " name@example.org, or leave the cell blank."
    ] * found
