"""A SOP as a Word document (.docx), in pieces."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count

import docx
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from evidence.book_marks import OpeningStop
from evidence.containers.package import Package
from evidence.raw_cells import OpeningCode
from rules.sop_files.pieces import BROKEN, CannotRead, Piece, bounded, piece

MAX_UNPACKED = 256 * 1024 * 1024
"""The most bytes that a document may unpack to, pictures included: 256 MiB."""

MAX_XML = 16 * 1024 * 1024
"""The most bytes of text and layout that a document may unpack to, pictures apart: 16 MiB. Each
takes some thirty bytes of memory."""

_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*",
    b"\xd7\xcd\xc6\x9a", b"\x01\0\0\0",
)  # fmt: skip
_LARGE = f"unpacks to more than {MAX_UNPACKED // 1024**2} MB: save a copy without pictures."
_NO_MEMORY = 2  # the code of the XML reader's error where it is refused memory
_TRACKED = tuple(map(qn, ("w:ins", "w:del", "w:moveFrom", "w:moveTo")))
_NOTES = tuple(map(qn, ("w:footnoteReference", "w:endnoteReference")))
_P, _TABLE, _ROW, _CELL = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc"))
_INNER = tuple(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag")))
_BOX, _TEXT = qn("w:txbxContent"), qn("w:t")
# An old copy of each text box, and what describes a paragraph or run: no text.
_PASSED = frozenset(
    {
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
        *map(qn, ("w:pPr", "w:rPr", "w:instrText", "w:delText", "w:sdtPr")),
    }
)
_SPACES = {"w": _P[1:].partition("}")[0]}
_MARKS: Mapping[str, str] = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): " ",
    qn("w:cr"): " ",
    qn("w:noBreakHyphen"): "-",
}


def hand_over_pieces(hand_over: Callable[[object], None], data: bytes) -> None:
    """Hands over the pieces of the document, or the CannotRead that says why it cannot be read."""
    try:
        hand_over(word_pieces(data))
    except CannotRead as error:
        hand_over(error)


def word_pieces(data: bytes) -> list[Piece]:
    """The paragraphs and table rows of the document's body, in its order and numbered from 1; text
    boxes after the paragraph that contains them. Headers, footers, comments, pictures and lists of
    contents are left out. Raises CannotRead."""
    body, names = _opened(data)
    if next(iter(body.iter(*_TRACKED)), None) is not None:
        raise CannotRead(
            "contains tracked changes, so it has two texts: accept or reject all of them in Word "
            "(Review, Accept), and save it."
        )
    if next(iter(body.iter(*_NOTES)), None) is not None:
        raise CannotRead(
            "has footnotes, which would be left out of every section: move their words into the"
            " text of a copy."
        )
    return bounded(_blocks(body, names, count(1)))


def _opened(data: bytes) -> tuple[BaseOxmlElement, Mapping[str, str]]:
    """The document's body, and the names of its styles by their ids."""
    try:
        _check_parts(Package(data, MAX_UNPACKED))
        document = docx.Document(io.BytesIO(data))
        return document.element.body, {s.style_id: s.name or "" for s in document.styles}
    except CannotRead:
        raise
    except OpeningStop as stop:
        raise CannotRead(_LARGE if stop.code is OpeningCode.TOO_LARGE else BROKEN) from None
    except Exception as error:
        if isinstance(error, MemoryError) or getattr(error, "code", 0) == _NO_MEMORY:
            raise MemoryError from error
        raise CannotRead(BROKEN) from error


def _check_parts(package: Package) -> None:
    """Stops at a document that is too large or declares entities."""
    left = MAX_XML
    for name in package.names():
        part = package.read(name)
        if not part.startswith(_PICTURES):  # the name of a part may be false
            left -= len(part)
        if left < 0:
            raise CannotRead(
                f"unpacks to more than {MAX_XML // 1024**2} MB of text and layout: save a copy that"
                " contains only the SOP."
            )
        # no office program declares one: the only way to name other files or to swell when read
        if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
            raise CannotRead(BROKEN)


def _blocks(
    inside: BaseOxmlElement, names: Mapping[str, str], places: count[int]
) -> Iterator[Piece]:
    for child in inside:
        if child.tag == _P:
            yield from _paragraph(child, names, places)
        elif child.tag == _TABLE:
            for row in child.iter(_ROW):
                if next(row.iterancestors(_TABLE)) is child:
                    yield from _row(row, names, places)
        elif child.tag in _INNER:
            yield from _blocks(child, names, places)


def _row(row: BaseOxmlElement, names: Mapping[str, str], places: count[int]) -> Iterator[Piece]:
    """A row with one paragraph in each cell is one piece; of any other, each paragraph is."""
    cells = (cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row)
    filled = [pieces for cell in cells if (pieces := list(_blocks(cell, names, places)))]
    if len(filled) > 1 and all(len(cell) == 1 for cell in filled):
        words = "\t".join(cell[0].text for cell in filled)
        yield replace(filled[0][0], text=" ".join(words.split()), kind="row")
    else:
        for cell in filled:
            yield from cell


def _paragraph(
    element: BaseOxmlElement, names: Mapping[str, str], places: count[int]
) -> Iterator[Piece]:
    boxes: list[BaseOxmlElement] = []
    text = "".join(_texts(element, boxes))
    style_of = element.find("w:pPr/w:pStyle", _SPACES)  # the usual style has none
    style = "" if style_of is None else names.get(style_of.get(qn("w:val")), "").casefold()
    read = piece(text, next(places), styled=style.startswith("heading"))
    if read is not None and not style.startswith("toc"):
        in_list = style.startswith("list") or element.find("w:pPr/w:numPr", _SPACES) is not None
        yield replace(read, kind="item") if in_list and read.kind == "text" else read
    for box in boxes:
        yield from _blocks(box, names, places)


def _texts(element: BaseOxmlElement, boxes: list[BaseOxmlElement]) -> Iterator[str]:
    """The words of a paragraph in their order; adds the text boxes in it to ``boxes``."""
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag == _BOX:
            boxes.append(child)
        elif child.tag not in _PASSED:
            yield from _texts(child, boxes)
