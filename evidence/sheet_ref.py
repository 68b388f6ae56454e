"""A sheet of a register, and the cells of it that cannot be read, as problems and notes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.cells.text import quoted, some_of, spaced_once
from evidence.problem import (
    MOST_VALUES,
    EvidenceNote,
    EvidenceProblem,
    ProblemKind,
    UnreadValue,
    cell_ranges,
)
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import Source


class CellFault(NamedTuple):
    """The common fault of cells that are reported as one problem.

    ``predicate`` says what is wrong, after a plural subject: ``are not whole numbers``.
    ``instruction`` is the sentence on what to enter: ``Enter a whole number such as 12.``
    ``quotes`` is whether the message quotes the texts ('3 values are …') or not ('The cells are
    …').
    """

    kind: ProblemKind
    predicate: str
    instruction: str
    quotes: bool = True


class UnreadReason(NamedTuple):
    """Why a cell cannot be read. ``message`` is the whole message about this one text, and
    ``detail`` is what sets it apart from other texts with the same fault."""

    fault: CellFault
    message: str
    detail: str = ""


class UnreadCell(NamedTuple):
    """A cell that cannot be read, by its row in the sheet; ``text`` is '' for a blank cell."""

    row: int
    text: str
    reason: UnreadReason


class ColumnPlace(NamedTuple):
    """A column of a sheet: the sheet's own heading of it, its letters and the numbers of its rows.
    ``sheets`` are the names of the office's sheets, by their registers."""

    heading: str
    letters: str
    rows: Sequence[int]
    sheets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetRef:
    """A sheet of a file that contains a register, or a part of one. ``sheets`` are the names of the
    office's sheets, by their registers."""

    register: RegisterSpec
    file: str
    sheet: str
    sheets: Mapping[str, str] = field(default_factory=dict)

    def problem(
        self, kind: ProblemKind, message: str, column: str = "", heading: str = ""
    ) -> EvidenceProblem:
        """A problem with the whole sheet, or with one of its columns."""
        where = kind, self.register.id, self.file, self.sheet
        return EvidenceProblem(*where, message, column, heading=heading)

    def cell_problems(
        self, column: ColumnSpec, source: Source, cells: Iterable[UnreadCell]
    ) -> Iterator[EvidenceProblem]:
        """One problem for each fault of the cells of a column, in the order of their first rows;
        ``cells`` are from the top. Texts of a sensitive column are not kept."""
        by_fault: dict[CellFault, list[UnreadCell]] = {}
        for cell in cells:
            by_fault.setdefault(cell.reason.fault, []).append(cell)
        for fault, several in by_fault.items():
            by_text: dict[str, list[UnreadCell]] = {}
            for cell in () if column.sensitive else several:
                if cell.text:
                    by_text.setdefault(spaced_once(cell.text), []).append(cell)
            shown = dict(itertools.islice(by_text.items(), MOST_VALUES))
            letters = source.letters[column.name]
            yield EvidenceProblem(
                kind=fault.kind,
                register=self.register.id,
                file=self.file,
                sheet=self.sheet,
                message=_message_of(several, shown, len(by_text)),
                column=column.name,
                cells=cell_ranges(letters, [cell.row for cell in several]),
                count=len(several),
                values=tuple(shown),
                more_values=len(by_text) - len(shown),
                heading=source.headings.get(column.name, column.usual_heading),
                each_value=tuple(
                    UnreadValue(
                        cell_ranges(letters, [cell.row for cell in cells]), cells[0].reason.message
                    )
                    for cells in (shown.values() if len(by_text) > 1 else ())
                ),
            )

    def note(self, message: str) -> EvidenceNote:
        """A note on how the sheet was read."""
        return EvidenceNote(self.file, self.sheet, message)


def _message_of(
    cells: Sequence[UnreadCell], shown: Mapping[str, Sequence[UnreadCell]], values: int
) -> str:
    """What is wrong with cells of one fault, and what to enter; ``shown`` are the first of the
    distinct ``values``, each with its cells."""
    fault = cells[0].reason.fault
    if len(cells) == 1 or (fault.quotes and values == 1):
        return cells[0].reason.message
    items = [
        (quoted(text) if fault.quotes else text) + (f" ({detail})" if detail else "")
        for text, detail in ((text, alike[0].reason.detail) for text, alike in shown.items())
    ]
    subject = f"{values:,} values" if fault.quotes else "The cells"
    examples = f": {some_of(items, total=values)}" if items else ""
    return f"{subject} {fault.predicate}{examples}. {fault.instruction}"
