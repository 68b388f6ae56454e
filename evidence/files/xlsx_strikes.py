"""The rows and cells of an .xlsx or .xlsm that are struck through, by cell formats and by rich
texts.

A row is struck through if each of its texts and dates is: a number, such as a running number, is
often left as it was. Conditional formats strike nothing here, since they depend on other cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from evidence.containers.xml_stream import follow, local, local_pairs, new_parser, pairs
from evidence.limits import Tally
from evidence.raw_cells import RowColumn, column_number

_ON = ("1", "true", "on")
_OFF = ("0", "false", "off")
_TEXTS = ("s", "str", "inlineStr", "d")  # the kinds of cells with a text, or a date that is a text

#: How the letters of a text are struck: as the format of its cell is, always or never. A text has
#: the sum of what its letters have, and 0 if nothing in it can be seen.
_AS_CELL = 1
_STRUCK = 2
_UNSTRUCK = 4
#: The texts that are struck at least in part.
_STRUCK_IN_PART = frozenset(way for way in range(8) if way & _STRUCK)
#: So many struck cells of a sheet are kept, from the top, of rows that are not struck.
_MOST_CELLS = 1000

_SECTIONS = frozenset(
    ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
)
_DATE_FORMATS = (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))  # built in
#: What is no letter of a date in a number format: a text in quotes, a colour or a language in
#: brackets, and the sign after one that shows, skips or repeats it.
_NO_DATE = re.compile(r'"[^"]*"|\[[^\[\]]*\]|[\\_*].')
_DATE = re.compile("[dmyhs]", re.IGNORECASE)

# in a plain row (see xlsx_sheet)
_FORMAT = re.compile(rb' s="0*([0-9]{1,9})"')  # of the row or a cell
_SHARED = re.compile(rb't="s"><v>0*([0-9]{1,9})<')


@dataclass(frozen=True, slots=True)
class Strikes:
    """What a workbook strikes through wherever it is used."""

    formats: frozenset[int] = frozenset()
    """The numbers of the cell formats whose font is struck through."""
    dates: frozenset[int] = frozenset()
    """The numbers of the cell formats that show a number as a date or time."""
    texts: bytes = b""
    """How each shared text is struck. Empty if no format and no text is."""

    def __bool__(self) -> bool:
        return bool(self.formats) or not _STRUCK_IN_PART.isdisjoint(self.texts)

    def text_way(self, number: str) -> int:
        """How the shared text of that number is struck."""
        # The length comes first: int() takes long for a number of many digits.
        known = len(number) < 10 and number.isdecimal() and int(number) < len(self.texts)
        return self.texts[int(number)] if known else _AS_CELL

    def may_strike(self, data: bytes, start: int, end: int) -> bool:
        """Whether the plain row between these bytes may use any of them."""
        if not self.formats.isdisjoint(map(int, _FORMAT.findall(data, start, end))):
            return True
        if _STRUCK_IN_PART.isdisjoint(self.texts):
            return False
        numbers = _SHARED.findall(data, start, end)
        return any(self.text_way(number.decode()) & _STRUCK for number in numbers)


# Styles and shared texts ------------------------------------------------------------------------


def read_strikes(styles: bytes, part: str, tally: Tally) -> Strikes:
    """The struck formats and the date formats of a part with styles, without any shared text."""
    section = ""
    fonts = formats = 0
    struck_fonts: set[int] = set()
    date_numbers = set(_DATE_FORMATS)
    struck: set[int] = set()
    dates: set[int] = set()

    def start(name: str, attributes: list[str]) -> None:
        nonlocal section, fonts, formats
        name = local(name)
        if name in _SECTIONS:
            section = name
        elif (section, name) == ("numFmts", "numFmt"):
            tally.add("formats")
            number_format = local_pairs(attributes)
            if _DATE.search(_NO_DATE.sub("", number_format.get("formatCode", ""))):
                date_numbers.add(int(number_format.get("numFmtId", 0)))
        elif (section, name) == ("fonts", "font"):
            tally.add("formats")
            fonts += 1
        elif (section, name) == ("fonts", "strike") and _is_on(attributes):
            struck_fonts.add(fonts - 1)
        elif (section, name) == ("cellXfs", "xf"):
            tally.add("formats")
            cell_format = local_pairs(attributes)
            if int(cell_format.get("fontId", 0)) in struck_fonts:
                struck.add(formats)
            if int(cell_format.get("numFmtId", 0)) in date_numbers:
                dates.add(formats)
            formats += 1

    parser = new_parser(part)
    parser.StartElementHandler = start
    follow(parser, styles, part, tally)
    return Strikes(frozenset(struck), frozenset(dates))


def struck_texts(data: bytes, part: str) -> bytes:
    """How each text of a part with shared texts is struck, which has been followed before."""
    texts = bytearray()
    run = _Run()

    def start(name: str, attributes: list[str]) -> None:
        name = local(name)
        if name == "si":
            texts.append(0)
        parser.CharacterDataHandler = text if run.start(name, attributes) else None

    def text(letters: str) -> None:
        if texts:
            texts[-1] |= run.seen(letters)

    parser = new_parser(part)
    parser.StartElementHandler = start
    follow(parser, data, part, Tally())
    return bytes(texts)


class _Run:
    """The run of letters, of a text, that is being read."""

    def __init__(self) -> None:
        self._way = _AS_CELL

    def start(self, name: str, attributes: list[str]) -> bool:
        """Handles the beginning of an element. Returns whether its characters are letters of the
        text."""
        if name in ("si", "is", "r"):
            self._way = _AS_CELL
        elif name == "rPr":
            self._way = _UNSTRUCK  # a run with a format of its own takes nothing from the cell
        elif name == "strike" and _is_on(attributes):
            self._way = _STRUCK
        elif name == "rPh":
            self._way = 0  # says only how the text is pronounced
        return name == "t"

    def seen(self, letters: str) -> int:
        """How these letters of the run are struck."""
        return 0 if letters.isspace() else self._way


def _is_on(attributes: list[str]) -> bool:
    return local_pairs(attributes).get("val", "1") not in _OFF


# Rows -------------------------------------------------------------------------------------------


def struck_rows(
    data: bytes, part: str, strikes: Strikes, last_row: int
) -> tuple[set[int], set[RowColumn]]:
    """The numbers, up to ``last_row``, of the struck rows of a worksheet part, and the cells in
    its other rows that are struck at least in part. The part has been followed before, so that its
    tags are not counted again."""
    parser = new_parser(part)
    reader = _RowReader(parser, strikes)
    parser.StartElementHandler = reader.start
    follow(parser, data, part, Tally())
    reader.finish()
    return {row for row in reader.struck if row <= last_row}, reader.struck_cells


class _RowReader:
    """Reads rows tag by tag. The text handler is set only where it is needed."""

    def __init__(self, parser: expat.XMLParserType, strikes: Strikes) -> None:
        self.struck: set[int] = set()
        self.struck_cells: set[RowColumn] = set()
        self._parser = parser
        self._strikes = strikes
        self._row = 0  # by its own number, or that of its last filled cell
        self._row_format = 0
        self._cell: Mapping[str, str] = {}
        self._run = _Run()
        self._way = 0  # of the letters of the cell so far
        self._shared: list[str] = []  # the number of the text that the cell shows
        #: Of the row's filled cells: whether they are texts or dates, and whether struck.
        self._filled: set[tuple[bool, bool]] = set()
        self._struck_columns: set[str] = set()  # of its cells that are struck, at least in part

    def start(self, name: str, attributes: list[str]) -> None:
        """Handles the beginning of an element."""
        name = local(name)
        self._parser.CharacterDataHandler = None
        if name == "c":
            self._finish_cell()
            self._cell = pairs(attributes)
            self._run = _Run()
        elif name == "row":
            self.finish()
            row = pairs(attributes)
            self._row = int(row.get("r") or self._row + 1)
            self._row_format = int(row.get("s", 0)) if row.get("customFormat") in _ON else 0
        elif name == "v" or self._run.start(name, attributes):
            self._parser.CharacterDataHandler = self._text

    def finish(self) -> None:
        """Adds the row that ends, if it is struck: all its texts and dates are or, without any, all
        its other cells."""
        self._finish_cell()
        struck = {struck for is_text, struck in self._filled if is_text}
        if (struck or {struck for _, struck in self._filled}) == {True}:
            self.struck.add(self._row)
        elif len(self.struck_cells) < _MOST_CELLS:
            self.struck_cells |= {(self._row, column_number(c)) for c in self._struck_columns}
        self._filled.clear()
        self._struck_columns.clear()

    def _text(self, letters: str) -> None:
        self._way |= self._run.seen(letters)
        if self._cell.get("t") == "s":
            self._shared.append(letters)

    def _finish_cell(self) -> None:
        """Adds the cell that ends to the filled cells of its row: whether it is a text or a date,
        and whether all of it is struck through."""
        if not self._way:
            return
        kind = self._cell.get("t", "n")
        cell_format = int(self._cell.get("s", self._row_format))
        if kind == "s":  # its letters so far are those of the number of a shared text
            self._way = self._strikes.text_way("".join(self._shared).strip())
        struck = False
        if self._way:
            is_text = kind in _TEXTS or (kind == "n" and cell_format in self._strikes.dates)
            struck = cell_format in self._strikes.formats and not self._way & _UNSTRUCK
            self._filled.add((is_text, struck or self._way == _STRUCK))
        address = self._cell.get("r", "")
        letters = address.rstrip("0123456789")
        self._row = int(address.removeprefix(letters) or self._row)
        if letters and (struck or self._way & _STRUCK):
            self._struck_columns.add(letters)
        self._way = 0
        self._shared.clear()
