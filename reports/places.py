"""Files, sheets, rows and cells as reports write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from engine.assessment import Assessment, ItemShown, ProblemShown
from evidence.cells.link_text import address_of
from evidence.cells.text import sheet_text
from evidence.problem import cells_words
from reports import words
from reports.names import PersonNames

#: A range of cells of one column.
_RANGE = re.compile(r"([A-Z]+)(\d+):\1(\d+)")

#: A place in brackets, as place_words writes it.
_IN_BRACKETS = re.compile(r" \([^()]*(?: sheet|\.\w+), (?:row|cell) [A-Z]*\d+\)")

#: A column of a sheet: its file, its sheet, and its register and name in the rulebook.
Head = tuple[str, str, str, str]


def place_words(file: str, sheet: str, cells: str = "") -> str:
    """``training.xlsx, Training sheet, row 14``, without the parts that are ''."""
    parts = (file, f"{sheet_text(sheet)} sheet" if sheet else "", cells)
    return ", ".join(part for part in parts if part)


def row_words(row: int) -> str:
    """``row 14``; '' for no row."""
    return f"row {row}" if row else ""


def item_place(item: ItemShown) -> str:
    """``training.xlsx, Training sheet, row 14``."""
    return place_words(item.file, item.sheet, row_words(item.row))


def cell_words(
    item: ItemShown, blank: str = "", headings: Mapping[Head, str] = MappingProxyType({})
) -> str:
    """The cells of an item that decided: ``F14 Date completed: 02/05/2026``. ``blank`` is the text
    for a blank cell; ``headings`` are the office's own."""
    return "; ".join(
        f"{cell.cell} "
        f"{headings.get((item.file, item.sheet, item.register, cell.column), cell.column)}: "
        f"{words.SENSITIVE if cell.value is None else words.cell_value(cell.value) or blank}"
        for cell in item.cells
    )


def cell_messages(problem: ProblemShown) -> dict[str, str]:
    """What is wrong with each cell of a problem, and what to enter; where the problem does not say
    that, what is wrong with all of its cells."""
    messages = dict.fromkeys(_cells_in(problem.cells), problem.message)
    for one in reversed(problem.each_value):
        messages |= {cell: one.message for cell in _cells_in(one.cells) if cell in messages}
    return messages


def _cells_in(ranges: Iterable[str]) -> Iterator[str]:
    """Every cell in these ranges, such as ``G2:G4128``, each of one column."""
    for cells in ranges:
        if ends := _RANGE.fullmatch(cells):
            yield from (f"{ends[1]}{row}" for row in range(int(ends[2]), int(ends[3]) + 1))
        else:
            yield cells


class Places:
    """The places of one assessment. The file's name is left out where there is only one file, and
    columns have the office's own headings where the assessment gives them. ``without_names`` takes
    the names of people out of a text (reports.names)."""

    def __init__(self, assessment: Assessment) -> None:
        names = [stamp.file for stamp in assessment.evidence]
        self._only_file = names[0] if len(names) == 1 else None
        files = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        self._reference = re.compile(rf"({files})!(?:([^!()]*)!)?([A-Z]+\d+|row \d+)")
        self._called = assessment.rulebook.body.called
        people = PersonNames(assessment)
        self.without_names, self.cell_value = people.without, people.cell_value
        self._headings = {
            (sheet.file, sheet.sheet, sheet.register, column): heading
            for sheet in assessment.sheet_headings
            for column, heading in sheet.headings
        }

    def place(self, file: str, sheet: str, cells: str = "") -> str:
        """A place in the evidence, such as ``Training sheet, cell G45``."""
        only = file == self._only_file and (sheet or cells)
        return place_words("" if only else file, sheet, cells)

    def short(self, file: str, sheet: str) -> str:
        """The name of a sheet, with its file where there are several."""
        return (
            sheet_text(sheet)
            if sheet and file == self._only_file
            else ", ".join(filter(None, (file, sheet_text(sheet) if sheet else "")))
        )

    def sheet_of(self, register: str) -> str:
        """The name of the office's sheet of a register, or else the usual one."""
        sheets = (sheet for _, sheet, of, _ in self._headings if of == register)
        return sheet_text(next(sheets, "")) or words.upper_first(register)

    def item(self, item: ItemShown) -> str:
        """The row of an item."""
        return self.place(item.file, item.sheet, row_words(item.row))

    def heading(self, item: ItemShown, column: str) -> str:
        """The office's heading of a column on the sheet of an item."""
        return self._headings.get((item.file, item.sheet, item.register, column), column)

    def heading_at(self, place: str, column: str) -> str:
        """The office's heading of a column on the sheet of a place, such as ``a.xlsx!Waivers!row
        9``."""
        for (file, sheet, _, name), heading in self._headings.items():
            if name == column and place.startswith(f"{file}!{sheet}!"):
                return heading
        return column

    def without_places(self, text: str) -> str:
        """A text without the places in brackets, for a reader who has no spreadsheet at hand."""
        return _IN_BRACKETS.sub("", text)

    def cells(self, item: ItemShown, blank: str = "") -> str:
        """The cells of an item that decided, under the office's headings."""
        return cell_words(item, blank, self._headings)

    def row_and_cells(self, item: ItemShown, blank: str = "(blank)") -> str:
        """The row of an item with its cells."""
        return ": ".join(filter(None, (self.item(item), self.cells(item, blank))))

    def subject(self, subject: str) -> str:
        """What a report calls the subject of an obligation: the body by its own word."""
        return words.subject(subject, self._called)

    def links(self, item: ItemShown) -> list[tuple[str, str]]:
        """The heading and the address of each cell of an item that is a link to a document."""
        return [
            (self.heading(item, cell.column), address)
            for cell in item.cells
            if cell.value and (address := address_of(cell.value))
        ]

    def problem(self, problem: ProblemShown) -> str:
        """The cells of a problem: ``Training sheet, in 3 cells: F14:F15, F18``; the name of the
        register where the whole of it is missing."""
        cells = cells_words(problem.cells, problem.count) if problem.count else ""
        cells = f"cell {cells}" if problem.count == 1 else cells
        return self.place(problem.file, problem.sheet, cells) or words.upper_first(problem.register)

    def text(self, text: str) -> str:
        """A text with its references, such as ``a.xlsx!Training!G45``, written as places."""

        def replaced(match: re.Match[str]) -> str:
            file, sheet, cell = match.groups()
            return self.place(file, sheet or "", cell if cell.startswith("row") else f"cell {cell}")

        return self._reference.sub(replaced, text)
