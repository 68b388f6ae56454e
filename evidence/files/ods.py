"""Hidden rows and columns, error cells, formulas without a result and merged cells of .ods.

One pass over content.xml. The element names are taken with their usual prefixes, as the reading
library takes them. A cell or a row may be written once for many: its contents are counted once for
each repetition, before the library repeats it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from evidence.book_marks import (
    ERROR_TEXTS,
    TODAY_FORMULA,
    BookMarks,
    SheetMarks,
    damaged,
    locked,
)
from evidence.containers.package import Package
from evidence.containers.xml_stream import follow, new_parser, pairs
from evidence.limits import Tally

_MANIFEST = "META-INF/manifest.xml"
_CONTENT = "content.xml"
PARTS = ("mimetype", _MANIFEST, _CONTENT)
"""The parts that the reading library reads."""
_ROW_GROUP = "table:table-row-group"
_COLUMN_GROUP = "table:table-column-group"
_TYPE = "office:value-type"
_FORMULA = "table:formula"
_TODAY = re.compile(rf"(?:of:)?=(?:{TODAY_FORMULA})")
_VALUES = ("office:value", "office:string-value", "office:date-value", "office:time-value")
_FILLED = frozenset((_TYPE, _FORMULA, "office:boolean-value", *_VALUES))


def book_marks(package: Package, tally: Tally) -> BookMarks:
    """The marks of every sheet of an .ods, in the workbook's order. Stops (:class:`OpeningStop`) at
    a password, a damaged part, and too much."""
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise locked()
    parser = new_parser(_CONTENT)
    reader = _OdsReader(parser, tally)
    follow(parser, package.keep(_CONTENT), _CONTENT, tally)
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
    spaces: int = 0

    @property
    def times(self) -> int:
        """The number of cells of the sheet that it represents."""
        return self.down * self.across


class _OdsReader:
    """Follows tables, rows and cells, each of which may be written once for many."""

    def __init__(self, parser: expat.XMLParserType, tally: Tally) -> None:
        self.sheets: list[SheetMarks] = []
        self.date1904 = False
        self._tally = tally
        self._parser = parser
        self._marks = SheetMarks()
        self._open = False  # whether a table is open
        self._reaches = 0  # the last filled column of the row
        self._row = self._down = self._column = 0
        self._cell: _Cell | None = None
        self._notes = 0  # the text of a comment or of a shape is inside its cell
        self._columns = 0  # how many columns the table has named so far
        #: The groups of rows or columns around this one: folded away or not.
        self._groups: dict[str, list[bool]] = {_ROW_GROUP: [], _COLUMN_GROUP: []}
        self._hidden: list[tuple[int, int]] = []
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: list[str]) -> None:
        """Takes note of a tag that opens."""
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self._start_cell(pairs(attributes))
            case "text:p":
                self._start_text()
            case "text:s" if self._cell is not None:
                # checked before the cell ends: the reading library expands the spaces at once too
                self._cell.spaces += _number(pairs(attributes), "text:c")
                self._tally.check_text(self._cell.spaces)
            case "table:table-row":
                self._start_row(pairs(attributes))
            case "table:table-column":
                self._start_column(pairs(attributes))
            case "table:table-row-group" | "table:table-column-group":
                self._groups[name].append(pairs(attributes).get("table:display") == "false")
            case "table:table":
                self._start_table(pairs(attributes))
            case "table:null-date":
                date = pairs(attributes).get("table:date-value", "")
                self.date1904 = date.startswith("1904-01-01")
            case _:
                self._notes += _is_note(name)

    def _end(self, name: str) -> None:
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self._end_cell()
            case "table:table-row":
                self._row += self._down
                # the reading library keeps each row from its first column on, before it repeats it
                self._tally.add_kept(self._reaches)
            case "table:table-row-group" | "table:table-column-group":
                self._groups[name].pop()
            case "table:table":
                self._end_table()
            case _:
                self._notes -= _is_note(name)

    def _start_table(self, attributes: dict[str, str]) -> None:
        if self._open:
            raise damaged("one of its sheets contains another")
        self._open = True
        self._tally.add("sheets")
        self._marks = SheetMarks(name=attributes.get("table:name", ""))
        self._row, self._down = 1, 0
        self._columns = 0
        self._hidden = []
        if self._marks.name:
            self.sheets.append(self._marks)

    def _end_table(self) -> None:
        """Rows hidden below the last filled cell, often a million of them, hide nothing."""
        self._open = False
        self._tally.add_rectangle(self._marks.name, self._marks.extent)
        last = self._marks.extent.last_row
        for first, count in self._hidden:
            self._marks.hidden_rows.update(range(first, min(first + count - 1, last) + 1))

    def _start_column(self, attributes: dict[str, str]) -> None:
        first = self._columns + 1
        self._columns += _number(attributes, "table:number-columns-repeated")
        if self._is_hidden(attributes, _COLUMN_GROUP):
            self._marks.hide_columns(first, self._columns, self._tally.limits.columns)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._down = _number(attributes, "table:number-rows-repeated")
        self._column = 1
        self._reaches = 0
        if self._is_hidden(attributes, _ROW_GROUP):
            self._hidden.append((self._row, self._down))

    def _is_hidden(self, attributes: dict[str, str], group: str) -> bool:
        shown = attributes.get("table:visibility", "visible") == "visible"
        return not shown or any(self._groups[group])

    def _start_cell(self, attributes: dict[str, str]) -> None:
        across = _number(attributes, "table:number-columns-repeated")
        if self._cell is not None:
            raise damaged("one of its cells contains another")
        row, column = self._row, self._column
        self._cell = _Cell(row, column, self._down, across, attributes)
        self._column += across
        if "table:number-rows-spanned" in attributes:
            down = _number(attributes, "table:number-rows-spanned")
            # one attribute never occurs without the other
            right = _number(attributes, "table:number-columns-spanned")
            if down > 1 or right > 1:
                self._marks.merged.append((row, column, row + down - 1, column + right - 1))

    def _start_text(self) -> None:
        cell = self._cell
        if cell is None or self._notes:
            return
        cell.paragraphs += 1
        if cell.times > 1 or _FORMULA in cell.attributes or _TYPE not in cell.attributes:
            self._parser.CharacterDataHandler = cell.shown.append

    def _end_cell(self) -> None:
        """Adds the cell that ends to the marks of its sheet, unless it is blank."""
        cell, self._cell = self._cell, None
        self._parser.CharacterDataHandler = None
        if cell is None:
            return
        text = "".join(cell.shown)
        shown = text.strip()
        if not shown and _FILLED.isdisjoint(cell.attributes):
            return
        extent = self._marks.extent
        extent.add(cell.row, cell.column)
        extent.add(cell.row + cell.down - 1, cell.column + cell.across - 1)
        self._tally.check_reach(self._marks.name, extent)
        self._reaches = cell.column + cell.across - 1
        self._count(cell, len(text))
        _mark(self._marks, cell, shown, self._tally)

    def _count(self, cell: _Cell, length: int) -> None:
        """Counts the text of the cell, and of its formula, once for each repetition."""
        characters = length + cell.spaces + cell.paragraphs
        if cell.times > 1:
            values = (cell.attributes.get(name, "") for name in (_FORMULA, *_VALUES))
            self._tally.add_text(cell.times * (characters + sum(map(len, values))))
        else:
            self._tally.add_text(cell.spaces)


def _is_note(name: str) -> bool:
    return name == "office:annotation" or name.startswith("draw:")


def _number(attributes: dict[str, str], name: str) -> int:
    """Returns a number of repetitions or of cells, 1 by default."""
    number = int(attributes.get(name, "1"))
    if number < 0:
        raise ValueError(number)
    return number


def _mark(marks: SheetMarks, cell: _Cell, shown: str, tally: Tally) -> None:
    """Marks the cells that show an error, or a formula whose result is not in the file. A result
    that is an empty text is an empty paragraph."""
    formula = _FORMULA in cell.attributes
    wrong = cell.attributes.get("calcext:value-type") == "error" or (
        formula and (shown in ERROR_TEXTS or shown.startswith("Err:"))
    )
    unstored = _TYPE not in cell.attributes and (shown != "" or cell.paragraphs == 0)
    today = not wrong and _TODAY.fullmatch(cell.attributes.get(_FORMULA, "")) is not None
    if not wrong and not unstored and not today:
        return
    tally.add("faults", cell.times)
    for row in range(cell.row, cell.row + cell.down):
        for column in range(cell.column, cell.column + cell.across):
            if wrong:
                marks.errors[row, column] = shown or "an error"
            else:
                (marks.todays if today else marks.unstored).add((row, column))
