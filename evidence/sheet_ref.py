"""The names by which a sheet of a register is told in problems and notes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidence.cells.text import spaced_once
from evidence.cells.unread import CellFault, UnreadCell, message_of
from evidence.problem import (
    MOST_VALUES,
    EvidenceProblem,
    ProblemKind,
    ReadingNote,
    cell_ranges,
)
from evidence.register import ColumnSpec, RegisterSpec


@dataclass(frozen=True, slots=True)
class Where:
    """A sheet of a file that holds a register, or a part of one."""

    register: RegisterSpec
    file: str
    sheet: str

    def problem(self, kind: ProblemKind, message: str, column: str = "") -> EvidenceProblem:
        """A problem with the whole sheet, or with one of its columns."""
        return EvidenceProblem(kind, self.register.id, self.file, self.sheet, message, column)

    def cell_problems(
        self, column: ColumnSpec, letters: str, cells: Iterable[UnreadCell]
    ) -> Iterator[EvidenceProblem]:
        """One problem for each fault of the cells of a column, given from the top, in the order of
        their first rows. What was found in a sensitive column is not kept."""
        by_fault: dict[CellFault, list[UnreadCell]] = {}
        for cell in cells:
            by_fault.setdefault(cell.why.fault, []).append(cell)
        for fault, several in by_fault.items():
            found = {} if column.sensitive else _distinct(several)
            shown = list(itertools.islice(found.items(), MOST_VALUES))
            yield EvidenceProblem(
                kind=fault.kind,
                register=self.register.id,
                file=self.file,
                sheet=self.sheet,
                message=message_of(several[0], len(several), shown, len(found)),
                column=column.name,
                cells=cell_ranges(letters, [cell.row for cell in several]),
                count=len(several),
                values=tuple(text for text, _ in shown),
                more_values=len(found) - len(shown),
            )

    def note(self, message: str) -> ReadingNote:
        """Something said about how the sheet was read."""
        return ReadingNote(self.file, self.sheet, message)


def _distinct(cells: Iterable[UnreadCell]) -> dict[str, str]:
    """The distinct texts of the cells, in the order in which they come, with their details."""
    found: dict[str, str] = {}
    for cell in cells:
        if cell.text:
            found.setdefault(spaced_once(cell.text), cell.why.detail)
    return found
