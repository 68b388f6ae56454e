"""Cells of the Owners sheet from which nothing follows: a name that no duty has, and a text that is
no e-mail address."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.findings.noted import Noted, cell
from engine.findings.words import NearestNames
from evidence.cells.mail_address import mail_address
from evidence.cells.text import normal_key, quoted
from evidence.table import CellState, Table
from rules.model import Duty

_OWNERS, _DUTY, _OWNER, _EMAIL = "owners", "duty", "owner", "email"


def owner_findings(tables: Mapping[str, Table], duties: Collection[Duty]) -> Iterator[Noted]:
    """The findings about the Owners sheet."""
    table = tables.get(_OWNERS)
    if table is not None:
        yield from _unknown_duties(table, duties)
        yield from _wrong_addresses(table)


def _unknown_duties(table: Table, duties: Collection[Duty]) -> Iterator[Noted]:
    """Each row with an owner of a duty that does not exist, such as one with a changed name."""
    known = {normal_key(name) for duty in duties for name in (duty.id, *duty.aliases)}
    nearest = NearestNames()
    for row, text in enumerate(table.columns[_DUTY].raw):
        if (
            text.strip()
            and table.columns[_OWNER].raw[row].strip()
            and normal_key(text) not in known
        ):
            words = (
                f"{quoted(text)} is not the short name of a duty, so this owner is not recorded."
                f" Enter the short name.{nearest.words(text, (duty.id for duty in duties))}"
            )
            yield Noted("Owner has no effect", "", words, cell(_OWNERS, row, _DUTY))


def _wrong_addresses(table: Table) -> Iterator[Noted]:
    """Each cell that should contain an address and does not. The cell is not quoted, because it may
    contain a name."""
    column = table.columns.get(_EMAIL)
    if column is None:
        return
    for row, (text, state) in enumerate(zip(column.raw, column.state, strict=True)):
        if state == CellState.READ and text.strip() and mail_address(text) is None:
            words = (
                "This is not an e-mail address, so the mail for this owner has none. Enter one,"
                " such as name@example.org, or leave the cell blank."
            )
            yield Noted("No e-mail address", "", words, cell(_OWNERS, row, _EMAIL))
