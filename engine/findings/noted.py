"""A finding: something for a person to check. No finding changes a status."""

from __future__ import annotations

from typing import NamedTuple

from engine.assessment import FindingShown
from engine.columns.arrays import AllColumns
from engine.frames.waivers import ALL, OFFICE
from engine.frames.waivers import REGISTER as WAIVERS
from engine.outcome import ItemRef
from engine.proof.phrases import place_words, thing_of
from evidence.cells.text import spaced_once
from evidence.register import NIL_RETURNS
from evidence.table import CellState, Table

ACKNOWLEDGEMENTS = "acknowledgements"

Ref = tuple[ItemRef, str]


class Noted(NamedTuple):
    """A finding before it is shown: ``refs`` are the rows, each with the column to point at."""

    kind: str
    duty: str
    message: str
    refs: tuple[Ref, ...]


def cell(register: str, row: int, column: str) -> tuple[Ref]:
    """The places of a finding that has only one."""
    return ((ItemRef(register, row), column),)


def rows_of(noted: Noted) -> tuple[ItemRef, ...]:
    """The rows that a finding is about, each once."""
    return tuple(dict.fromkeys(ref for ref, _ in noted.refs))


def finding_shown(
    noted: Noted, columns: AllColumns, body: str, rows: tuple[str, ...] = ()
) -> FindingShown:
    """The finding with its places in words: each cell or, where the sheet does not have its column,
    the cell of the row's day or key. ``body``: what reports call the body that the duties bind.
    ``rows``: what an acknowledgement calls its rows."""
    places = []
    for ref, column in noted.refs:
        table = columns[ref.register].table
        names = (column, table.register.dated_by, table.register.key)
        candidates = (table.place(ref.row, name) for name in names if name)
        place = next((place for place in candidates if place.cell), table.place(ref.row))
        places.append(place_words(place))
    subject = subject_of(columns, noted.refs[0][0], noted.duty, body)
    return FindingShown(noted.kind, noted.duty, noted.message, tuple(places), subject, rows)


def subject_of(columns: AllColumns, ref: ItemRef, duty: str, body: str) -> str:
    """What or whom a row is about, 'Training record T00230 for S048': the kind of thing, its own
    key, its label in brackets, and the person or the role that it names, without sensitive
    columns."""
    table, row = columns[ref.register].table, ref.row
    spec = table.register
    if spec.id == NIL_RETURNS:
        about = ", ".join(filter(None, (text_of(table, row, name) for name in ("list", "period"))))
        return f"Nil return for {about}" if about else "Nil return"
    if spec.id == WAIVERS:
        duty_name = "" if duty else text_of(table, row, "duty")
        subject = text_of(table, row, "subject")
        subject = {OFFICE: f"the {body}", ALL: ALL}.get(subject.casefold(), subject)
        return "".join(
            (
                "Waiver",
                f" of '{duty_name}'" if duty_name else "",
                f" for {subject}" if subject else "",
            )
        )
    if spec.id == ACKNOWLEDGEMENTS:
        kind, about = (text_of(table, row, name) for name in ("finding", "duty or row"))
        of = f" of '{kind}'" if kind else ""
        return f"Acknowledgement{of}{f' for {about}' if about else ''}"
    label = text_of(table, row, spec.label)
    key = text_of(table, row, spec.key)
    row_name = f"{key} ({label})" if key and label and label != key else key or label
    people = {name for name, register in columns.items() if register.table.register.begins}
    named_in = (
        column.name for column in spec.columns if column.type == "key" and {*column.named} & people
    )
    person = text_of(table, row, next(named_in, None))
    role = text_of(table, row, spec.one_holder_of)
    thing = " ".join(filter(None, (thing_of(spec.id), row_name, f"for {person}" if person else "")))
    return ", ".join(filter(None, (thing, role)))


def text_of(table: Table, row: int, name: str | None) -> str:
    """The text of a cell; '' where it is sensitive or cannot be read."""
    if not name or table.register.column(name).sensitive:
        return ""
    column = table.columns[name]
    return spaced_once(column.raw[row]) if column.state[row] == CellState.READ else ""
