"""Rows that have only one or two entries, such as a heading or a note below a table. Such a row
has one problem, not one for each of its blank cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evidence.cells.text import listed, quoted
from evidence.problem import ProblemKind
from evidence.register import RegisterSpec
from evidence.sheet_ref import CellFault, UnreadCell, UnreadReason
from evidence.table import CellState, Column, Source

#: What to do about such a row, unless it is to be completed.
TAKE_OUT = (
    "If it is a heading, a total or a note, delete it or move it out of the table. If it says that"
    " rows below it do not count, first move these to another sheet."
)
_FAULT = CellFault(
    ProblemKind.CELL_BLANK,
    "are in rows with only one or two entries",
    "If such a row is a heading, a total or a note, delete it or move it out of the table. If it"
    " says that rows below it do not count, first move these to another sheet. If it is a record,"
    " complete it.",
    quotes=False,
)
#: A table of fewer columns has rows of few entries that are whole.
_COLUMNS = 4


def report_lone_entries_once(
    register: RegisterSpec,
    source: Source,
    numbers: Sequence[int],
    columns: Mapping[str, Column],
    unread: Mapping[str, Sequence[UnreadCell]],
) -> dict[str, list[UnreadCell]]:
    """The ``unread`` cells of a sheet by column; of each row with only one or two entries, its
    first blank cell alone, with what is wrong with the row. ``numbers`` are those of the rows in
    the sheet."""
    kept_cells = {name: list(cells) for name, cells in unread.items()}
    letters = source.letters
    if source.part or len(letters) < _COLUMNS or not all(map(str.isalpha, letters.values())):
        return kept_cells  # A record of a mapped sheet may be a column, or part of a row.
    names = sorted(letters, key=lambda name: (len(letters[name]), letters[name]))
    lone = dict(_lone(register, source, names, numbers, columns, kept_cells))
    first: set[int] = set()
    for name in names if lone else ():
        cells = kept_cells.get(name, [])
        kept = []
        for cell in cells:
            if cell.row not in lone:
                kept.append(cell)
            elif cell.row not in first and cell.reason.fault.kind == ProblemKind.CELL_BLANK:
                first.add(cell.row)
                kept.append(UnreadCell(cell.row, "", UnreadReason(_FAULT, lone[cell.row])))
        kept_cells[name] = kept
    return {name: cells for name, cells in kept_cells.items() if cells}


def _lone(
    register: RegisterSpec,
    source: Source,
    names: Sequence[str],
    numbers: Sequence[int],
    columns: Mapping[str, Column],
    unread: Mapping[str, Sequence[UnreadCell]],
) -> Iterator[tuple[int, str]]:
    """The number of each such row, and what is wrong with it; ``names`` are the columns in the
    order of the sheet."""
    blank: dict[int, list[str]] = {}
    for name in names:
        for cell in unread.get(name, ()):
            if cell.reason.fault.kind == ProblemKind.CELL_BLANK:
                blank.setdefault(cell.row, []).append(f"{source.letters[name]}{cell.row}")
    key = register.key
    for position, number in enumerate(numbers):
        if len(blank.get(number, ())) < 2:
            continue
        filled = [name for name in names if columns[name].raw[position].strip()]
        named = key in source.letters and columns[key or ""].state[position] == CellState.READ
        if len(filled) > (1 if named else 2):
            continue
        entries = [
            f"an entry in {source.letters[name]}{number}"
            if register.column(name).sensitive
            else f"{quoted(columns[name].raw[position])} in {source.letters[name]}{number}"
            for name in filled
        ]
        complete = f"If it is a record, fill in {listed(blank[number])}."
        yield number, f"Row {number} has only {listed(entries)}. {TAKE_OUT} {complete}"
