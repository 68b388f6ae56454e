"""Where an office records that a duty was done: the sheet and the cells to fill in."""

from __future__ import annotations

from evidence.cells.text import listed
from evidence.register import Registers, RegisterSpec
from rules.condition import find_column
from rules.wording.columns import ITSELF, RECORDS, SHOWS, ColumnTold, RegisterTold
from rules.wording.duty import VersionTold

_VALUES = ("is ", "includes ")
#: Words about a column that nobody has to fill in when a duty is done.
_LATER = ("nothing is required", "the last day", "the day on which it ends")
#: Words that begin as a value does, about a column that only has to be filled in.
_FILLED = ("is filled in", "is at least", "is on or before")
_CHOICE = ", unless another choice applies"


def where_recorded(version: VersionTold, registers: Registers) -> str:
    """The sheet on which a duty's evidence is recorded, with the options to choose and the columns
    to fill in: ``Submissions: kind = assurance; covers = IT filters; fill in 'given on'.``"""
    return " ".join(
        _of_register(register, registers[register.register])
        for register in version.registers
        if register.role in (SHOWS, RECORDS, ITSELF)
    )


def _of_register(register: RegisterTold, spec: RegisterSpec) -> str:
    parts: list[str] = []
    filled: dict[str, None] = {}
    choices: list[str] = []
    for column in register.columns:
        name, values = column.name, _values(column)
        declared = find_column(spec, name)
        if name == spec.cancelled or (declared and declared.day_of):
            continue
        if declared and declared.latest:
            filled[declared.latest.key] = None
        elif _CHOICE in column.words and len(values) < 2:
            choices.append(f"{name} = {values[0]}" if values else f"fill in '{name}'")
        elif values:
            parts.append(f"{name} = {' or '.join(values)}")
        elif not column.words.startswith(_LATER):
            filled[name] = None
    if choices:
        parts.append(" or ".join(choices))
    if filled:
        parts.append("fill in " + listed([f"'{name}'" for name in filled]))
    return f"{spec.sheets[0]}: {'; '.join(parts)}."


def _values(column: ColumnTold) -> list[str]:
    """The options of which one has to be entered in the column; none where the rule gives none."""
    return [
        words.partition(" ")[2].removesuffix(_CHOICE)
        for words in column.words.split("; ")
        if words.startswith(_VALUES) and not words.startswith(_FILLED)
    ]
