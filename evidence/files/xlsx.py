"""Looks through the XML of .xlsx and .xlsm for what the reading library does not tell.

That is: hidden rows and columns, error cells, formulas without a stored result, the rectangle of
filled cells and the date system; and how much the library would have to keep in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evidence.book_marks import BookMarks, SheetMarks, damaged
from evidence.containers.package import Element, Package, main_part, related
from evidence.files.xlsx_sheet import TRUE, parse_sheet
from evidence.files.xlsx_texts import count_shared, most_shared, shared_texts
from evidence.limits import Tally

_CELLS, _TEXTS = b"sheetData", b"sst"  # what a part with cells, or with shared texts, is named by


def book_marks(package: Package, tally: Tally) -> BookMarks:
    """The marks of every sheet of an .xlsx or .xlsm, in the workbook's order.

    Stops (:class:`OpeningStop`) when a part is missing or damaged, or holds too
    much.
    """
    part = main_part(package, "xl/workbook.xml", tally)
    book = package.elements(part, tally)
    parts = related(package, part, tally)
    sheets = [
        (attributes.get("name", ""), *parts.get(attributes.get("id", ""), ("", "?")))
        for tag, attributes in book
        if tag == "sheet"
    ]
    tally.add_sheets(len(sheets))
    listed = [target for _, kind, target in sheets if kind == "worksheet"]
    if len({target.lower() for target in listed}) < len(listed):
        raise damaged("two of its sheets are one and the same part")
    names = {target: name for name, _, target in sheets}
    recalculate = _flag(book, "calcPr", "fullCalcOnLoad")
    looked = _look_through(package, listed, names, tally, recalculate)
    marks = tuple(
        _named(looked[target], name) if kind == "worksheet" else SheetMarks(name)
        for name, kind, target in sheets
    )
    return BookMarks(_flag(book, "workbookPr", "date1904"), marks)


def _named(marks: SheetMarks, name: str) -> SheetMarks:
    marks.name = name
    return marks


def _flag(book: Sequence[Element], tag: str, name: str) -> bool:
    return any(attributes.get(name) in TRUE for found, attributes in book if found == tag)


def _look_through(
    package: Package,
    listed: Sequence[str],
    names: Mapping[str, str],
    tally: Tally,
    recalculate: bool,
) -> Mapping[str, SheetMarks]:
    """The marks of each listed worksheet part. Any other part that has cells is looked through too,
    since the reading library finds its sheets in a way of its own."""
    for name in listed:
        package.keep(name)
    others = [name for name in package.cell_parts() if name not in package.kept]
    lengths: Sequence[int] = ()
    for name in others:
        data = package.keep(name)
        if _TEXTS in data:
            found = shared_texts(data, name, tally)
            if lengths and found:
                raise damaged("it has two lists of texts")
            lengths = found or lengths
    sheets = [*listed, *(name for name in others if _CELLS in package.keep(name))]
    most = sum(most_shared(package.keep(name), lengths) for name in sheets)
    if most > tally.limits.text:
        for name in sheets:
            count_shared(package.keep(name), name, tally, lengths)
    else:
        tally.add_text(most)
    looked: dict[str, SheetMarks] = {}
    for name in sheets:
        looked[name] = parse_sheet(package.keep(name), name, recalculate, tally)
        tally.add_rectangle(names.get(name, name), looked[name].extent)
    return looked
