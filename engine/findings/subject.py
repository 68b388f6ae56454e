"""What or whom a row of a register is about, as a finding names it."""

from __future__ import annotations

from engine.columns.arrays import AllColumns
from engine.columns.nil_returns import REGISTER as NIL_RETURNS
from engine.frames.waivers import REGISTER as WAIVERS
from engine.outcome import ItemRef
from evidence.cells.text import spaced_once
from evidence.table import CellState, Table

#: The columns that say what a row of a control sheet is about.
_CONTROL = ("duty", "subject", "list", "period")


def subject_of_row(columns: AllColumns, ref: ItemRef) -> str:
    """'T00230, S048': the row's own key, its label in brackets, and the person or the role that it
    names; nothing from a sensitive column."""
    table, row = columns[ref.register].table, ref.row
    spec = table.register
    if spec.id in (NIL_RETURNS, WAIVERS):
        names = [each.name for each in spec.columns if each.name in _CONTROL]
        return ", ".join(filter(None, (_text(table, row, name) for name in names)))
    label = _text(table, row, spec.label) if spec.label else ""
    key = _text(table, row, spec.key) if spec.key else ""
    own = f"{key} ({label})" if key and label and label != key else key or label
    people = {name for name, each in columns.items() if each.table.register.begins}
    named = [each.name for each in spec.columns if each.type == "key" and {*each.named} & people]
    about = [_text(table, row, name) for name in (*named[:1], spec.one_holder_of) if name]
    return ", ".join(filter(None, (own, *about)))


def _text(table: Table, row: int, name: str) -> str:
    """What stands in a cell that can be read."""
    column = table.columns[name]
    if table.register.column(name).sensitive or column.state[row] != CellState.READ:
        return ""
    return spaced_once(column.raw[row])
