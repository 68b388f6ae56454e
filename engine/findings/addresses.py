"""Cells of the Owners sheet that should contain an e-mail address and do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.findings.noted import Noted, cell
from evidence.cells.mail_address import mail_address
from evidence.table import CellState, Table

_OWNERS, _EMAIL = "owners", "email"


def wrong_addresses(tables: Mapping[str, Table]) -> Iterator[Noted]:
    """A finding for each cell of the Owners sheet that should contain an address and does not. The
    cell is not quoted, because it may contain a name."""
    table = tables.get(_OWNERS)
    column = table.columns.get(_EMAIL) if table else None
    if column is None:
        return
    for row, (text, state) in enumerate(zip(column.raw, column.state, strict=True)):
        if state == CellState.READ and text.strip() and mail_address(text) is None:
            words = (
                "This is not an e-mail address, so the mail for this owner has none. Enter one,"
                " such as name@example.org, or leave the cell blank."
            )
            yield Noted("No e-mail address", "", words, cell(_OWNERS, row, _EMAIL))
