"""What a rulebook adds to the blank workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evidence.register import Registers, RegisterSpec

#: A column of a register: the register's id and the column's name.
ColumnKey = tuple[str, str]

#: Rows that a register's sheet has from the start, by register: texts by their heading, which may
#: also be one that the register does not have. The headings of the first row come first. They go
#: by the names of the register's columns.
Rows = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True)
class TemplateGuide:
    """What a rulebook adds to the workbook.

    ``file``: the name of the workbook, and ``option`` what follows it in the command of a check,
    such as the option for the rulebook. ``purpose``: what it is for, in whole sentences. ``order``:
    the registers in the order in which to begin; the first three of them are those to start with,
    and ``start`` says why. ``serves``: what a register is for, in a sentence.
    ``abbreviations`` by their letters. ``notes``: one more line about a column. ``rows``: rows that
    a sheet has from the start, and ``row_notes`` a note on each of them in a column. ``suggested``:
    for a column of text, the column whose options or rows its drop-down offers. ``meanings``: for a
    column whose options no other has, more about each of them.
    """

    title: str = "Evidence workbook"
    file: str = "evidence.xlsx"
    option: str = ""
    purpose: Sequence[str] = ()
    order: Sequence[str] = ()
    start: str = ""
    serves: Mapping[str, str] = field(default_factory=dict)
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[ColumnKey, str] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    row_notes: Mapping[ColumnKey, Sequence[str]] = field(default_factory=dict)
    suggested: Mapping[ColumnKey, ColumnKey] = field(default_factory=dict)
    meanings: Mapping[ColumnKey, Mapping[str, str]] = field(default_factory=dict)

    @property
    def first(self) -> Sequence[str]:
        """The registers to start with."""
        return self.order[:3]

    def in_order(self, registers: Registers) -> list[RegisterSpec]:
        """The registers in the order of their sheets: those in which to begin, the others, control
        sheets, and last those that have rows from the start."""
        places = {register: place for place, register in enumerate(self.order)}

        def place(register: RegisterSpec) -> tuple[bool, bool, int]:
            has_rows, later = register.id in self.rows, len(places)
            return has_rows, register.control, places.get(register.id, later)

        return sorted(registers.values(), key=place)


def headings(register: RegisterSpec, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The columns of a register's sheet, in order: those of its first rows, then the others. Where
    there are such rows, the day on which a row is recorded is left out, if it may be."""
    names = [
        column.name
        for column in register.written.columns
        if column.required or not rows or column.name != register.recorded_on
    ]
    return tuple(dict.fromkeys([name for row in rows for name in row] + names))
