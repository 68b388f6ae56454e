"""A worksheet part of an .xlsx or .xlsm, followed for its marks in whatever way it is written.

A sheet has a million cells and few marks. Rows of nothing but values, as the usual programs write
them, are matched by one expression and skipped; the XML of the others is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from xml.parsers import expat

from evidence.book_marks import TODAY_FORMULA, Extent, SheetMarks, damaged
from evidence.containers.xml_stream import follow, has_comment, local, new_parser, pairs
from evidence.files.xlsx_strikes import Strikes, struck_rows
from evidence.limits import Tally
from evidence.raw_cells import ColumnSpan, RowColumn, column_number

TRUE = ("1", "true", "on")
_NO_STRIKES = Strikes()
_SPAN = re.compile("[0-9]{1,5} [0-9]{1,5}")
_ZERO = re.compile(r"0+(?:\.0*)?")
_LONGEST_ADDRESS = 40  # letters and figures: far more than the address of any cell has

_LETTER = rb"(?:&(?:amp|lt|gt|quot|apos);|[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec][\x80-\xbf]{2})"
_WORDS = rb"[ -%%'-;=?-~]*+(?:%b[ -%%'-;=?-~]*+)*+" % _LETTER
_FORMULA = (  # whose result is stored: neither blank nor the 0 in place of a missing one
    rb'<f(?: aca="false")?(?: t="shared")?(?: ref="[A-Z0-9:]{1,30}")?(?: si="[0-9]{1,9}")?'
    rb"(?:/>|>%b</f>)(?=<v>(?! *+0?+ *+<))" % _WORDS
)
_PLAIN_ROW = re.compile(
    rb'<row r="([1-9][0-9]{0,6})"(?: spans="[0-9:]{1,20}")?(?: s="[0-9]{1,9}")?'
    rb'(?: customFormat="(?:1|false)")?(?: ht="[1-9][0-9.]{0,20}")?(?: hidden="false")?'
    rb'(?: customHeight="(?:1|false)")?(?: outlineLevel="0")?(?: collapsed="false")?'
    rb'(?: x14ac:dyDescent="[0-9.]{1,20}")?>'
    rb'(?:<c r="[A-Z]{1,3}\1"(?: s="[0-9]{1,9}")?+(?: t="(?:[nsbd]|str|inlineStr)")?+'
    rb'(?:/>|>((?:%b)?<v>%b</v>|<is><t(?: xml:space="preserve")?>%b</t></is>)</c>))*+</row>'
    rb'(?=<row r=")' % (_FORMULA, _WORDS, _WORDS)
)
"""A row of nothing but values: not hidden, each cell with its address, no error, no formula without
a result, no character that XML does not allow. Its second group is a filled cell's. A row with a
number follows, since one without would count from this one."""
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})[^>]{0,60}><[fiv]')  # a cell of a plain row
_TODAY_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,60}><f(?:>| [^>]{0,60}>)(?:%b)</f><v>'
    % TODAY_FORMULA.encode()
)
_SHARED = re.compile(
    rb'<f t="shared"[^>]{0,60} si="([0-9]{1,9})"[^>]{0,60}>(?:%b)</f>' % TODAY_FORMULA.encode()
)
_SHARES = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,60}><f t="shared" si="([0-9]{1,9})"(?:/>|></f>)<v>'
)
"""A cell with a formula that gives today's date, in whatever row; and one that shares it."""
_PLAIN_BYTES = 1024 * 1024  # of plain rows that are taken together


def hidden_columns(attributes: Mapping[str, str]) -> list[ColumnSpan]:
    """The columns that a ``col`` element with these attributes hides, or gives no width."""
    hides = attributes.get("hidden") in TRUE or _ZERO.fullmatch(attributes.get("width", ""))
    first = attributes.get("min", "")
    last = attributes.get("max", "")
    span = _SPAN.fullmatch(f"{first} {last}")
    return [(int(first), int(last))] if hides and span else []


def is_unstored(kind: str | None, has_value: bool, text: str, recalculate: bool) -> bool:
    """Whether a formula cell of that kind (its ``t``) has no stored result. The value element of a
    stored empty text is empty."""
    if kind in ("str", "inlineStr"):
        return not has_value
    if recalculate and kind in (None, "n") and text == "0":
        return True
    return text == ""


def parse_sheet(
    data: bytes,
    name: str,
    recalculate: bool = False,
    tally: Tally | None = None,
    strikes: Strikes = _NO_STRIKES,
) -> SheetMarks:
    """The marks of one worksheet part; ``name`` is the part's, for messages, and ``strikes`` what
    its workbook strikes through.

    ``recalculate``: the program that wrote the file requested all results to be worked out on
    opening, so a formula's 0 is a placeholder and counts as not stored. Stops at a part that is not
    well formed.
    """
    tally = Tally() if tally is None else tally
    parser = new_parser(name)
    reader = _SheetReader(parser, recalculate, tally)
    parser.StartElementHandler = reader.start
    rest = _without_plain_rows(data, name, reader.marks.extent, tally, strikes)
    follow(parser, rest, name, tally)
    reader.finish()
    if b"TODAY()" in data or b"NOW()" in data:
        reader.marks.todays = set(_todays(data, tally))
    if strikes or b"strike" in rest:  # a text that is not shared may be struck by itself
        struck = struck_rows(rest, name, strikes, tally.limits.rows)
        reader.marks.struck_rows, reader.marks.struck_cells = struck
    return reader.marks


def _todays(data: bytes, tally: Tally) -> Iterator[RowColumn]:
    """The cells of the part with a formula that gives today's date, and a stored result."""
    shared = set(_SHARED.findall(data))
    shares = ((*cell[:2],) for cell in _SHARES.findall(data) if cell[2] in shared)
    for letters, row in chain(_TODAY_CELL.findall(data), shares):
        tally.add("faults")
        yield int(row), column_number(letters.decode())


def _without_plain_rows(
    data: bytes, name: str, extent: Extent, tally: Tally, strikes: Strikes
) -> bytes:
    """The rest of the part without its plain rows, whose tags are counted and whose filled cells
    are added to ``extent``. It is well formed if the part is. A plain row that may be struck stays
    in it."""
    if has_comment(data):  # text in a comment can look like a row
        return data
    left: list[bytes] = []
    begins = ends = 0  # of the plain rows that follow one another
    numbers: list[bytes] = []  # of those that contain anything
    plain: Iterator[re.Match[bytes]] = _PLAIN_ROW.finditer(data)
    if strikes:
        plain = (row for row in plain if not strikes.may_strike(data, *row.span()))
    for row in chain(plain, (None,)):
        if row is None or row.start() != ends or ends - begins > _PLAIN_BYTES:
            tally.add("tags", data.count(b"<", begins, ends), name)
            rows = [int(number) for number in numbers]
            for letters in set(_FILLED.findall(data, begins, ends)):
                extent.add(min(rows), column_number(letters.decode()))
                extent.add(max(rows), column_number(letters.decode()))
            left.append(data[ends : row.start() if row else None])
            if row is None:
                break
            begins, numbers = row.start(), []
        ends = row.end()
        if row[2] is not None:
            numbers.append(row[1])
    return b"".join(left)


class _SheetReader:
    """Follows the tags of a worksheet part and fills its marks. The text handler is set only where
    it is needed."""

    def __init__(self, parser: expat.XMLParserType, recalculate: bool, tally: Tally) -> None:
        self.marks = SheetMarks()
        self._parser = parser
        self._recalculate = recalculate
        self._tally = tally
        self._row = 0
        self._kind: str | None = None  # of the cell
        self._address = ""  # its own, or that of the last cell in the row that has one
        self._beyond = 0  # how many cells without an address have followed that one
        self._place: RowColumn = (0, 0)  # of a cell that is noted
        self._formula = self._noted = self._has_value = False
        self._text: list[str] = []

    def start(self, name: str, attributes: list[str]) -> None:
        """Handles the beginning of an element. Most of them are cells and values."""
        if name == "c":
            self._finish_cell()
            cell = pairs(attributes)
            self._kind = cell.get("t")
            self._beyond = 0 if "r" in cell else self._beyond + 1
            self._address = cell.get("r", self._address)
        elif name in ("v", "is"):
            if self._formula or self._kind == "e":
                self._place = self._placed()
                self._noted = self._has_value = True
                self._parser.CharacterDataHandler = self._text.append
            else:
                self.marks.extent.add(*self._placed())
        elif name == "f":
            self._formula = self._noted = True
            self._place = self._placed()
        elif name == "row":
            self._start_row(pairs(attributes))
        elif name == "col":
            for first, last in hidden_columns(pairs(attributes)):
                self.marks.hide_columns(first, last, self._tally.limits.columns)
        elif ":" in name:
            self.start(local(name), attributes)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self.finish()
        self._row = int(_short(attributes.get("r") or str(self._row + 1)))
        hides = attributes.get("hidden") in TRUE or _ZERO.fullmatch(attributes.get("ht", ""))
        if hides and self._row <= self._tally.limits.rows:
            self.marks.hidden_rows.add(self._row)

    def finish(self) -> None:
        """Handles the end of a row."""
        self._finish_cell()
        self._kind, self._address, self._beyond = None, "", 0

    def _finish_cell(self) -> None:
        """Adds the mark of a cell with a formula or an error, once all of it has been read."""
        if not self._noted:
            return
        self._parser.CharacterDataHandler = None
        text = "".join(self._text).strip()
        self.marks.extent.add(*self._place)
        if self._kind == "e":
            self.marks.errors[self._place] = text or "an error"
            self._tally.add("faults")
        elif is_unstored(self._kind, self._has_value, text, self._recalculate):
            self.marks.unstored.add(self._place)
            self._tally.add("faults")
        self._formula = self._noted = self._has_value = False
        self._text.clear()

    def _placed(self) -> RowColumn:
        """Returns the row and the column of the cell, by its own address if it has one."""
        address = _short(self._address)
        letters = address.rstrip("0123456789")
        if self._beyond or not letters:
            return self._row, column_number(letters) + self._beyond
        return int(address[len(letters) :]), column_number(letters)


def _short(address: str) -> str:
    """Returns an address or the number of a row. Stops if it is longer than any possible one."""
    if len(address) > _LONGEST_ADDRESS:
        raise damaged("a cell has an impossible address")
    return address
