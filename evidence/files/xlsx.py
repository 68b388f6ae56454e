"""Finds in the XML of .xlsx and .xlsm what the reading library does not report.

This is: hidden rows and columns, struck rows, error cells, formulas without a stored result, the
rectangle of filled cells and the date system; and how much the library would have to keep in
memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evidence.book_marks import BookMarks, SheetMarks, damaged
from evidence.containers.package import Element, Package, main_part, related
from evidence.containers.xml_stream import follow, local, local_pairs, new_parser
from evidence.files.xlsx_sheet import TRUE, parse_sheet
from evidence.files.xlsx_strikes import Strikes, read_strikes, struck_texts
from evidence.limits import Tally

_CLAIMED_AT_LEAST = 1_000_000
# The names of a part with cells, and of one with shared texts.
_CELLS = b"sheetData"
_TEXTS = b"sst"


def book_marks(package: Package, tally: Tally) -> BookMarks:
    """The marks of every sheet of an .xlsx or .xlsm, in the workbook's order. Stops
    (:class:`OpeningStop`) if a part is missing or damaged, or contains too much."""
    part = main_part(package, "xl/workbook.xml", tally)
    book = package.elements(part, tally)
    parts = related(package, part, tally)
    sheets = [
        (sheet.get("name", ""), *parts.get(sheet.get("id", ""), ("", "?")))
        for tag, sheet in book
        if tag == "sheet"
    ]
    tally.add("sheets", len(sheets))
    targets = [target for _, kind, target in sheets if kind == "worksheet"]
    if len({target.lower() for target in targets}) < len(targets):
        raise damaged("two of its sheets are the same part")
    names = {target: name for name, _, target in sheets}
    recalculate = _flag(book, "calcPr", "fullCalcOnLoad")
    marks_of: dict[str, SheetMarks] = {}
    cell_parts = _cell_parts(package, targets, tally)
    strikes = _strikes(package, dict(parts.values()), tally)
    for part in cell_parts:
        marks_of[part] = parse_sheet(package.keep(part), part, recalculate, tally, strikes)
        tally.add_rectangle(names.get(part, part), marks_of[part].extent)
    marks = tuple(
        replace(marks_of[target], name=name) if kind == "worksheet" else SheetMarks(name)
        for name, kind, target in sheets
    )
    return BookMarks(_flag(book, "workbookPr", "date1904"), marks)


def _flag(book: Sequence[Element], tag: str, name: str) -> bool:
    return any(attributes.get(name) in TRUE for element, attributes in book if element == tag)


def _strikes(package: Package, parts: Mapping[str, str], tally: Tally) -> Strikes:
    """What the workbook strikes through, from its parts by their kind."""
    styles = parts.get("styles", "")
    texts = parts.get("sharedStrings", "")
    strikes = Strikes()
    if styles in package:
        strikes = read_strikes(package.keep(styles), styles, tally)
    if texts in package and (strikes or b"strike" in package.keep(texts)):
        strikes = replace(strikes, texts=struck_texts(package.keep(texts), texts))
    return strikes


def _cell_parts(package: Package, listed: Sequence[str], tally: Tally) -> list[str]:
    """The listed worksheet parts and any other part with cells, since the library finds its sheets
    in another way. Counts the shared texts that they show."""
    for name in listed:
        package.keep(name)
    others = [name for name in package.cell_parts() if name not in package.kept]
    lengths: Sequence[int] = ()
    for name in others:
        data = package.keep(name)
        if _TEXTS in data:
            lengths_here = _shared_texts(data, name, tally)
            if lengths and lengths_here:
                raise damaged("it has two lists of texts")
            lengths = lengths_here or lengths
    sheets = [*listed, *(name for name in others if _CELLS in package.keep(name))]
    # no more characters than if half of a part's tags were cells, each with the longest text
    longest = max(lengths, default=0)
    bound = sum(package.keep(name).count(b"<") // 2 * longest for name in sheets)
    if bound <= tally.limits.text:
        tally.add_text(bound)
    else:
        for name in sheets:
            _count_shared(package.keep(name), name, tally, lengths)
    return sheets


# Shared texts -----------------------------------------------------------------------------------


def _shared_texts(data: bytes, part: str, tally: Tally) -> Sequence[int]:
    """The length of each shared text. Stops at a list that claims far more than it has: the reading
    library would reserve memory for all of them."""
    lengths = array("L")
    claimed = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal claimed
        if name in ("t", "r"):
            return
        if local(name) == "si":
            lengths.append(0)
            if len(lengths) > tally.limits.all_cells:
                raise too_many
        elif local(name) == "sst":
            count = local_pairs(attributes).get("uniqueCount", "").strip()
            claimed = max(claimed, int(count) if count.isdecimal() else 0)

    def text(letters: str) -> None:
        if lengths:
            lengths[-1] += len(letters)

    too_many = damaged(f"its part '{part}' gives more texts than its sheets can show")
    parser = new_parser(part)
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    follow(parser, data, part, tally)
    if claimed > max(len(lengths), _CLAIMED_AT_LEAST):
        raise damaged(f"its part '{part}' gives an impossible number of texts")
    return lengths


def _count_shared(data: bytes, part: str, tally: Tally, lengths: Sequence[int]) -> None:
    """Counts the characters of shared texts that the cells of a worksheet part show."""
    longest = max(lengths, default=0)
    shares = False  # whether the cell shows a shared text
    digits: list[str] = []  # the number of that text

    def finish() -> None:
        number = "".join(digits).strip()
        digits.clear()
        if number:
            known = len(number) < 10 and number.isdecimal() and int(number) < len(lengths)
            tally.add_text(lengths[int(number)] if known else longest)

    def start(name: str, attributes: list[str]) -> None:
        nonlocal shares
        if name in ("c", "v") or name.endswith((":c", ":v")):
            finish()
            shares = "s" in attributes[1::2] if name.endswith("c") else shares

    def text(letters: str) -> None:
        if shares:
            digits.append(letters)

    parser = new_parser(part)
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    follow(parser, data, part, tally)
    finish()
