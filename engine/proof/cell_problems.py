"""What to correct before a cell can be read, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from string import ascii_uppercase, digits

from evidence.problem import EvidenceProblem
from evidence.raw_cells import cell_name, column_number
from evidence.sheets.lone_entries import TAKE_OUT
from evidence.table import CellState, Table


class CellProblems:
    """The problems of the evidence, by their cell, their column or their register."""

    def __init__(self, problems: Iterable[EvidenceProblem]) -> None:
        self._cells: dict[tuple[str, str, str], str] = {}
        self._columns: dict[tuple[str, str, str], str] = {}
        self._sheets: dict[str, list[EvidenceProblem]] = {}
        self._rows: dict[tuple[str, str, int], str] = {}
        for problem in problems:
            if problem.cells:
                for value in problem.each_value:
                    for address in _addresses(value.cells):
                        self._cells.setdefault(
                            (problem.file, problem.sheet, address), value.message
                        )
                for address in _addresses(problem.cells):
                    if TAKE_OUT in problem.message:
                        row = int(address.lstrip(ascii_uppercase))
                        self._rows[problem.file, problem.sheet, row] = problem.message
                    self._cells.setdefault((problem.file, problem.sheet, address), problem.message)
            elif problem.column:
                self._columns.setdefault(
                    (problem.file, problem.sheet, problem.column), problem.message
                )
            else:
                self._sheets.setdefault(problem.register, []).append(problem)

    def correction(self, table: Table, row: int, column: str) -> str:
        """What to correct: 'Correct G143 of Training: 'LTS' is not a date. Enter the date.'"""
        place = table.place(row, column)
        in_column = self._columns.get((place.file, place.sheet, column), "")
        if not place.cell or in_column:
            missing = (
                f"It has no column '{table.heading(row, column)}'. Add one, and name it in the"
                " sheet's mapping if there is one."
            )
            return f"Correct the {place.sheet} sheet. {in_column or missing}"
        message = self._cells.get((place.file, place.sheet, place.cell), "")
        if table.columns[column].state[row] == CellState.READ:
            return f"Correct {place.cell} of {place.sheet}."
        if whole := self._rows.get((place.file, place.sheet, place.row)):
            what = whole.removeprefix(f"Row {place.row} ")
            it = f": it {what}" if what != whole else f". {whole}"
            return f"Correct row {place.row} of {place.sheet}{it}"
        if message.startswith("The result of this formula"):
            return f"Correct {place.cell} of {place.sheet}: {message[:1].lower()}{message[1:]}"
        if not table.columns[column].raw[row].strip():
            # The first sentence says only that the cell is blank.
            _, _, rest = message.partition(". ")
            rest = f": {rest[:1].lower()}{rest[1:]}" if rest else "."
            return f"Fill in {place.cell} of {place.sheet}, which is blank{rest}"
        reason = f": {message}" if message else ", which cannot be read."
        return f"Correct {place.cell} of {place.sheet}{reason}"

    def of_sheets(self, register: str) -> list[str]:
        """What to correct before the sheet of a register can be read, each sentence once."""
        sentences = (
            problem.message
            if f"'{problem.sheet}'" in problem.message.partition(". ")[0]
            else f"Correct the {problem.sheet or register} sheet. {problem.message}"
            for problem in self._sheets.get(register, ())
        )
        return list(dict.fromkeys(sentences))


def _addresses(ranges: Iterable[str]) -> Iterator[str]:
    """Each cell of some ranges of one column, or of one row: G2 to G4 of 'G2:G4'."""
    for cells in ranges:
        first, _, last = cells.partition(":")
        left, right = (column_number(cell.rstrip(digits)) for cell in (first, last or first))
        top, bottom = (int(cell.lstrip(ascii_uppercase)) for cell in (first, last or first))
        for column in range(left, right + 1):
            yield from (cell_name(row, column) for row in range(top, bottom + 1))
