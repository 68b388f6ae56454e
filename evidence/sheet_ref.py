"""The names by which a sheet of a register is told in problems and notes."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.problem import EvidenceProblem, ProblemKind, ReadingNote
from evidence.register import ColumnSpec, RegisterSpec


@dataclass(frozen=True, slots=True)
class Where:
    """A sheet of a file that holds a register, or a part of one."""

    register: RegisterSpec
    file: str
    sheet: str

    def problem(self, kind: ProblemKind, message: str, column: str = "") -> EvidenceProblem:
        """A problem with the whole sheet, or with one of its columns."""
        return EvidenceProblem(
            kind, self.register.id, self.file, self.sheet, 0, "", column, "", message
        )

    def cell_problem(
        self, kind: ProblemKind, column: ColumnSpec, at: tuple[int, str], found: str, message: str
    ) -> EvidenceProblem:
        """A problem with the cell ``at`` (its row and its address). What was found in it is not
        kept where the column is sensitive."""
        row, cell = at
        shown = "" if column.sensitive else found
        return EvidenceProblem(
            kind, self.register.id, self.file, self.sheet, row, cell, column.name, shown, message
        )

    def note(self, message: str) -> ReadingNote:
        """Something said about how the sheet was read."""
        return ReadingNote(self.file, self.sheet, message)
