"""Texts of cells that meet a rule's conditions on a given day, for examples."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from string import digits

from engine.columns.periods import period_of
from evidence.register import BLANK_UNREADABLE, ColumnSpec, RegisterSpec
from rules.condition import Ask, Condition, Operator

#: Cells of one row by their columns, as they are typed.
Cells = dict[str, str]
Registers = Mapping[str, RegisterSpec]

#: What is typed last in a cell is what stands there: a set is added to, and no other condition
#: undoes the ones that come after it here.
_ORDER: Sequence[Operator] = (
    "filled", "none of", "one of", "is", "at least", "on or before", "includes", "equals",
)  # fmt: skip
_SUCH_AS = re.compile(r"\bsuch as ([\w/-]+)")


def key_of(spec: RegisterSpec, number: int = 1) -> str:
    """A key for the row of that number: as the note on the column suggests, or made from the
    register's title."""
    note = next((each.note for each in spec.columns if each.name == spec.key), "")
    found = _SUCH_AS.search(note)
    first = found[1] if found else f"{spec.title[:1].upper()}-1"
    stem = first.rstrip(digits)
    return f"{stem}{number}" if stem != first and number > 1 else f"{first}{_more(number)}"


def _more(number: int) -> str:
    return f"-{number}" if number > 1 else ""


def meeting(
    spec: RegisterSpec, asks: Iterable[Ask], day: datetime.date, registers: Registers
) -> Cells:
    """Cells that meet all that is asked of a row, every day in them ``day``; of conditions of
    which one will do, the first is met."""
    conditions = [each if isinstance(each, Condition) else each.any_of[0] for each in asks]
    cells: Cells = {}
    for each in sorted(conditions, key=lambda one: _ORDER.index(one.operator)):
        column = spec.column(each.column)
        cells[column.name] = _meets(column, each, cells.get(column.name), day, registers)
        if each.on_or_before is not None:
            cells[each.on_or_before] = typed(day)
    return cells


def whole(spec: RegisterSpec, cells: Cells, day: datetime.date, registers: Registers) -> Cells:
    """The cells with something in each column of the register that may not be blank."""
    needed = [each for each in spec.written.columns if each.blank == BLANK_UNREADABLE]
    return {each.name: _filling(each, day, registers) for each in needed} | cells


def _meets(
    column: ColumnSpec,
    condition: Condition,
    held: str | None,
    day: datetime.date,
    registers: Registers,
) -> str:
    operator = condition.operator
    if operator == "equals":
        return condition.equals or ""
    if operator == "one of":
        return (condition.one_of or ("",))[0]
    if operator == "none of":
        barred = condition.none_of or ()
        return next((code for code in column.codes if code not in barred), "another")
    if operator == "includes":
        return with_codes(held if column.type == "codes" else None, condition.includes or ())
    if operator == "is":
        return "yes" if condition.is_ else "no"
    if operator == "at least":
        return str(condition.at_least)
    return typed(day) if operator == "on or before" else _filling(column, day, registers)


def with_codes(held: str | None, codes: Iterable[str]) -> str:
    """A set of codes with more in it, as it is typed."""
    return "; ".join(dict.fromkeys([*(held.split("; ") if held else ()), *codes]))


def _filling(column: ColumnSpec, day: datetime.date, registers: Registers) -> str:
    """Something that may stand in a cell that has to be filled."""
    if column.type == "day":
        return typed(day)
    if column.codes:
        return next(iter(column.codes))
    if column.type == "period":
        return period_of((column.periods or ("financial year",))[0], day.toordinal())
    if column.type in ("key", "keys"):
        named = column.refers_to or next(iter(column.refers_to_any), None)
        return key_of(registers[named]) if named else "R-1"
    return {"number": "1", "yes/no": "yes"}.get(column.type, "(in words)")


def typed(day: datetime.date) -> str:
    """A day as it is typed: 15/01/2025."""
    return f"{day.day:02}/{day.month:02}/{day.year}"
