"""A file as a Document: the SOP in the sections that book.yaml names."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path, PurePath

from evidence.book_marks import OpeningStop
from evidence.filenames import as_text
from evidence.files.apart import Child
from evidence.limits import LIMITS
from evidence.raw_cells import OpeningCode
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from evidence.visible import visible
from rules.model import Book
from rules.sop.document import Document
from rules.sop.problem import SopProblem
from rules.sop_files.headings import (
    divide,
    find_apparent,
    find_known,
    heading_problems,
    heading_words,
)
from rules.sop_files.pieces import BROKEN, CannotRead, Piece, bounded, without_furniture
from rules.sop_files.text import text_pieces

LIMIT_BYTES = 50 * MEGABYTE
"""The largest Word document that is read: 50 MB (of 1,048,576 bytes)."""

TEXT_BYTES = MEGABYTE // 2
"""The largest text that is read: half a MB, twenty times a SOP of thirty pages."""

#: The endings of files that are read, and what their places count.
UNITS = {".txt": "line", ".md": "line", ".docx": "paragraph"}


def read_sop(path: Path, book: Book) -> Document | SopProblem:
    """The SOP in a file, or why it cannot be read; see read_bytes."""
    name = visible(as_text(path.name))
    try:
        data = read_regular(path, LIMIT_BYTES, "save it without pictures")
    except FileStop as stop:
        return _problem(name, f"The file {stop.words}", "")
    return read_bytes(name, data, book)


def read_bytes(name: str, data: bytes, book: Book) -> Document | SopProblem:
    """The SOP called ``name``, in the sections that ``book`` names, or why it cannot be read.

    Text and Markdown must be UTF-8. Headings that ``book`` names and that are not there
    once each are among the document's own problems.
    """
    unit = UNITS.get(PurePath(name).suffix.lower())
    if unit is None:
        message = "Only .txt, .md and .docx files can be read."
        return _problem(name, message, "Save it as a Word document (.docx), or as plain text.")
    try:
        pieces = _word(data) if unit == "paragraph" else _text(data, book)
    except CannotRead as error:
        return _problem(name, f"The file {error}", "")
    document = _document(name, unit, data, pieces, book)
    if not any(document.paragraphs):
        return _problem(name, "The file is empty.", "Check that it is the right one.")
    return document


def _word(data: bytes) -> list[Piece]:
    """The pieces of a Word document, which is opened as evidence is, within a bound on memory."""
    try:
        child = Child("rules.sop_files.docx:hand_over_pieces", "docx", LIMITS, data)
        with closing(child):
            found = child.received()
    except OpeningStop as stop:
        if stop.code is not OpeningCode.TOO_MUCH_MEMORY:
            raise CannotRead(BROKEN) from stop
        raise CannotRead(
            "needs more memory to read than is available (the limit is"
            f" {LIMITS.memory // MEGABYTE:,} MB): save a copy that contains only the SOP."
        ) from stop
    if isinstance(found, CannotRead):
        raise found
    assert isinstance(found, list)
    return found


def _text(data: bytes, book: Book) -> list[Piece]:
    if len(data) > TEXT_BYTES:
        raise CannotRead(
            "contains more than 0.5 MB of text: give a file that contains only the SOP."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotRead("is not saved as UTF-8: save it again as UTF-8.") from None
    return bounded(text_pieces(text.replace("\r\n", "\n"), book.marking, heading_words(book)))


def _document(name: str, unit: str, data: bytes, pieces: list[Piece], book: Book) -> Document:
    known = find_known(pieces, book)
    whole = without_furniture(pieces, book.marking, frozenset(known.at))
    apparent = find_apparent(whole, known)
    others = [each.text for each in whole if each.place in apparent]
    return Document(
        file=name,
        unit=unit,
        sha256=hashlib.sha256(data).hexdigest(),
        sections=divide(whole, known, apparent, book),
        problems=heading_problems(known, others, name, unit),
    )


def _problem(name: str, message: str, instead: str) -> SopProblem:
    return SopProblem(name, "", "", "document", message, instead)
