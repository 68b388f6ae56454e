"""A worksheet part of an .xlsx or .xlsm, parsed for its marks in whatever way it is written.

:mod:`evidence.sheetxml` comes here for the sheets that are not written the usual way; the tests
hold the two to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from xml.parsers import expat

from evidence.marks import XML_ERRORS, SheetMarks, damaged
from evidence.rawcells import ColumnSpan, RowColumn

TRUE = ("1", "true", "on")
_ZERO = re.compile(r"0+(?:\.0*)?")


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def hidden_columns(attributes: Mapping[str, str]) -> list[ColumnSpan]:
    """The columns that a ``col`` element with these attributes hides, by saying so or by a width of
    nought; none where it does not, or does not say which."""
    hides = attributes.get("hidden") in TRUE or _ZERO.fullmatch(attributes.get("width", ""))
    first, last = attributes.get("min", ""), attributes.get("max", "")
    told = re.fullmatch("[0-9]{1,5} [0-9]{1,5}", f"{first} {last}")
    return [(int(first), int(last))] if hides and told else []


def is_unstored(kind: str | None, has_value: bool, text: str, recalculate: bool) -> bool:
    """Whether a formula cell of that kind (its ``t``) lacks its result.

    A result that is an empty text is stored: its cell has a value element, and it is empty.
    """
    if kind in ("str", "inlineStr"):
        return not has_value
    if recalculate and kind in (None, "n") and text == "0":
        return True
    return text == ""


def parse_sheet(data: bytes, name: str, recalculate: bool = False) -> SheetMarks:
    """The marks of one worksheet part, parsed; ``name`` is the part's, for messages.

    ``recalculate`` says that the program that wrote the file asked for all results to be worked
    out when it is opened; a formula's 0 is then what the program put where it had no result, and
    counts as not stored. Stops when the part is not well formed.
    """
    parser = expat.ParserCreate()
    reader = _SheetReader(parser, recalculate)
    try:
        parser.Parse(data, True)
    except XML_ERRORS as error:
        raise damaged(f"its part '{name}' is not well formed") from error
    reader.finish_cell()
    return reader.marks


class _SheetReader:
    """Follows rows and cells. Text is listened to only where it is needed: a sheet has a million
    cells and few marks."""

    def __init__(self, parser: expat.XMLParserType, recalculate: bool) -> None:
        self.marks = SheetMarks()
        self._parser = parser
        self._recalculate = recalculate
        self._row = 0
        self._address = ""  # of the last cell of the row that gives its own
        self._beyond = 0  # how many cells without one have followed it
        self._kind: str | None = None
        self._formula = self._filled = self._has_value = False
        self._text: list[str] = []
        parser.buffer_text = True
        parser.StartElementHandler = self._root

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        """The first element tells the prefix that all others carry."""
        prefix = name.removesuffix("worksheet")
        steps: dict[str, Callable[[dict[str, str]], None]] = {
            prefix + "c": self._start_cell,
            prefix + "v": self._start_value,
            prefix + "is": self._start_value,
            prefix + "f": self._start_formula,
            prefix + "row": self._start_row,
            prefix + "col": self._start_column,
        }

        def start(name: str, attributes: dict[str, str]) -> None:
            if name in steps:
                steps[name](attributes)

        self._parser.StartElementHandler = start

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.finish_cell()
        self._row = int(attributes.get("r", self._row + 1))
        self._address = ""
        self._beyond = 0
        if attributes.get("hidden") in TRUE or _ZERO.fullmatch(attributes.get("ht", "")):
            self.marks.hidden_rows.add(self._row)

    def _start_column(self, attributes: dict[str, str]) -> None:
        self.marks.hidden_columns += hidden_columns(attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._filled:
            self.finish_cell()
        if "r" in attributes:
            self._address = attributes["r"]
            self._beyond = 0
        else:
            self._beyond += 1
        self._kind = attributes.get("t")

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self._formula = self._filled = True

    def _start_value(self, _attributes: dict[str, str]) -> None:
        if self._formula or self._kind == "e":
            self._has_value = self._filled = True
            self._parser.CharacterDataHandler = self._text.append
        else:
            self.marks.extent.add(*self._place())

    def finish_cell(self) -> None:
        """Note what a cell with a formula or an error was, once all of it has been seen."""
        if not self._filled:
            return
        self._parser.CharacterDataHandler = None
        text = "".join(self._text).strip()
        place = self._place()
        self.marks.extent.add(*place)
        if self._kind == "e":
            self.marks.errors[place] = text or "an error"
        elif is_unstored(self._kind, self._has_value, text, self._recalculate):
            self.marks.unstored.add(place)
        self._formula = self._filled = self._has_value = False
        self._text.clear()

    def _place(self) -> RowColumn:
        letters = self._address.rstrip("0123456789")
        row = int(self._address[len(letters) :]) if letters else self._row
        return row, column_number(letters) + self._beyond
