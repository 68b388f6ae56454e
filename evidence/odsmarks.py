"""Hidden rows and columns, error cells, formulas without a result and merged cells of .ods.

One pass over content.xml (expat, no network, no external entities). The element names are taken
with their usual prefixes, as the reading library takes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from evidence.marks import (
    ERROR_TEXTS,
    XML_ERRORS,
    BookMarks,
    SheetMarks,
    check_extent,
    damaged,
    locked,
)
from evidence.package import Package, refuse_doctype

_MANIFEST = "META-INF/manifest.xml"
_CONTENT = "content.xml"
_TYPE = "office:value-type"
_FORMULA = "table:formula"
_OUTSIDE = re.compile(r"'[a-z]+:.*'#\$.*")


def is_outside(sheet: str) -> bool:
    """Whether a sheet's name tells that it is a kept copy of another file's cells."""
    return _OUTSIDE.fullmatch(sheet) is not None


def book_marks(package: Package) -> BookMarks:
    """The marks of every sheet of an .ods, in the workbook's order.

    Stops (:class:`evidence.marks.OpeningStop`) at a password and when a part is damaged.
    """
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise locked()
    data = package.read(_CONTENT)
    refuse_doctype(data, _CONTENT)
    parser = expat.ParserCreate()
    reader = _BookReader(parser)
    try:
        parser.Parse(data, True)
    except XML_ERRORS as error:
        raise damaged(f"its part '{_CONTENT}' is not well formed") from error
    package.check_rest([_MANIFEST, _CONTENT])
    return BookMarks(reader.date1904, tuple(reader.sheets))


@dataclass(slots=True)
class _Cell:
    """The cell being read: where it begins, how often it is repeated, what it shows."""

    row: int
    column: int
    down: int
    across: int
    attributes: dict[str, str]
    shown: list[str] = field(default_factory=list)
    paragraphs: int = 0


class _BookReader:
    """Follows tables, rows and cells, each of which may be written once for many."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.sheets: list[SheetMarks] = []
        self.date1904 = False
        self._parser = parser
        self._marks = SheetMarks()
        self._row = self._down = self._column = 0
        self._cell: _Cell | None = None
        self._notes = 0  # a comment's text stands inside its cell
        self._groups: list[bool] = []  # the groups of rows around this one: folded away or not
        self._columns = 0  # how many columns the table has named so far
        self._column_groups: list[bool] = []
        self._hidden: list[tuple[int, int]] = []
        self._starts = {
            "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._start_cell,
            "text:p": self._start_text,
            "table:table-row": self._start_row,
            "table:table-row-group": self._start_group,
            "table:table-column": self._start_column,
            "table:table-column-group": self._start_column_group,
            "table:table": self._start_table,
            "office:annotation": self._start_note,
            "table:null-date": self._start_date_system,
        }
        self._ends = {
            "table:table-cell": self._end_cell,
            "table:covered-table-cell": self._end_cell,
            "table:table-row": self._end_row,
            "table:table-row-group": self._end_group,
            "table:table-column-group": self._end_column_group,
            "table:table": self._end_table,
            "office:annotation": self._end_note,
        }
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in self._starts:
            self._starts[name](attributes)
        elif name.startswith("draw:"):  # so does the text of a shape
            self._notes += 1

    def _end(self, name: str) -> None:
        if name in self._ends:
            self._ends[name]()
        elif name.startswith("draw:"):
            self._notes -= 1

    def _start_date_system(self, attributes: dict[str, str]) -> None:
        self.date1904 = attributes.get("table:date-value", "").startswith("1904-01-01")

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._marks = SheetMarks(name=attributes.get("table:name", ""))
        self._row, self._down = 1, 0
        self._columns = 0
        self._hidden = []
        if self._marks.name:
            self.sheets.append(self._marks)

    def _end_table(self) -> None:
        """Rows hidden below the last filled cell, often a million of them, hide nothing."""
        last = self._marks.extent.last_row
        for first, count in self._hidden:
            self._marks.hidden_rows.update(range(first, min(first + count - 1, last) + 1))

    def _start_group(self, attributes: dict[str, str]) -> None:
        self._groups.append(attributes.get("table:display") == "false")

    def _end_group(self) -> None:
        self._groups.pop()

    def _start_column_group(self, attributes: dict[str, str]) -> None:
        self._column_groups.append(attributes.get("table:display") == "false")

    def _end_column_group(self) -> None:
        self._column_groups.pop()

    def _start_column(self, attributes: dict[str, str]) -> None:
        first = self._columns + 1
        self._columns += int(attributes.get("table:number-columns-repeated", 1))
        if attributes.get("table:visibility", "visible") != "visible" or any(self._column_groups):
            self._marks.hidden_columns.append((first, self._columns))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._down = int(attributes.get("table:number-rows-repeated", 1))
        self._column = 1
        if attributes.get("table:visibility", "visible") != "visible" or any(self._groups):
            self._hidden.append((self._row, self._down))

    def _end_row(self) -> None:
        self._row += self._down

    def _start_note(self, _attributes: dict[str, str]) -> None:
        self._notes += 1

    def _end_note(self) -> None:
        self._notes -= 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        across = int(attributes.get("table:number-columns-repeated", 1))
        self._cell = _Cell(self._row, self._column, self._down, across, attributes)
        if "table:number-rows-spanned" in attributes:
            self._note_span(attributes)
        self._column += across

    def _note_span(self, attributes: dict[str, str]) -> None:
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))  # the two go together
        if down > 1 or across > 1:
            row, column = self._row, self._column
            self._marks.merged.append((row, column, row + down - 1, column + across - 1))

    def _start_text(self, _attributes: dict[str, str]) -> None:
        if self._cell is None or self._notes:
            return
        self._cell.paragraphs += 1
        if _FORMULA in self._cell.attributes or _TYPE not in self._cell.attributes:
            self._parser.CharacterDataHandler = self._cell.shown.append

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        self._parser.CharacterDataHandler = None
        if cell is None:
            return
        shown = "".join(cell.shown).strip()
        if _TYPE not in cell.attributes and _FORMULA not in cell.attributes and not shown:
            return
        self._marks.extent.add(cell.row, cell.column)
        self._marks.extent.add(cell.row + cell.down - 1, cell.column + cell.across - 1)
        check_extent(self._marks.name, self._marks.extent)
        _mark(self._marks, cell, shown)


def _mark(marks: SheetMarks, cell: _Cell, shown: str) -> None:
    """Note an error, or a result that the file does not hold. A result that is an empty text is
    an empty paragraph."""
    formula = _FORMULA in cell.attributes
    wrong = cell.attributes.get("calcext:value-type") == "error" or (
        formula and (shown in ERROR_TEXTS or shown.startswith("Err:"))
    )
    unstored = _TYPE not in cell.attributes and (shown != "" or cell.paragraphs == 0)
    if not wrong and not unstored:
        return
    for row in range(cell.row, cell.row + cell.down):
        for column in range(cell.column, cell.column + cell.across):
            if wrong:
                marks.errors[row, column] = shown or "an error"
            else:
                marks.unstored.add((row, column))
