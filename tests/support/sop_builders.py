"""Documents and rulebooks for tests of the SOP as an input: the made-up hall's, and Word files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from evidence.limits import Limits
from rules.model import Book, Rulebook
from rules.sop.document import Document
from rules.sop.pins import all_pins, pin, pins_text
from rules.sop.problem import SopProblem
from rules.sop_files import read as sop_read
from tests.support.own_book import book_of

HALL = Path(__file__).parent.parent / "sop_documents" / "hall.txt"
HALL_BOOK = Path(__file__).parent.parent / "sop_documents" / "rulebook"
HALL_TEXT = HALL.read_text(encoding="utf-8")

# A page's end in the given text; where it cuts a sentence, no mark ends the line before it, or a
# small letter goes on after it (and is no list's).
PAGE_END = "\n\nOFFICIAL\n\n"
_CUT = re.compile(rf"(?<=[\w,]){PAGE_END}(?=[a-z]\w|(?:Warden|Assessment)\b)")
_PARTS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[(?P<link>.+?)\]\(#\)|<(?P<plain>https?://.+?)>")


HALL_21 = HALL.with_name("hall-2.1.txt")

_TWICE_A_YEAR = """\
  - from: 2027-01-01
    citations:
      - section: "4.1"
        phrase: every six months
    pattern:
      kind: rolling
      every: 6 months
    evidence:
      register: acts
      where:
        - column: kind
          equals: list gone through
      dated: done on
"""


def hall_files() -> dict[str, bytes]:
    """The files of the hall's rulebook, to be edited and read."""
    return {
        path.relative_to(HALL_BOOK).as_posix(): path.read_bytes()
        for path in sorted(HALL_BOOK.rglob("*.yaml"))
    }


def listed_files() -> dict[str, bytes]:
    """The files of the hall's rulebook with both versions of the procedure in book.yaml."""
    files = hall_files()
    listed = b'      in force: 2024-10-01\n    - version: "2.1"\n      in force: 2027-01-01\n'
    files["book.yaml"] = files["book.yaml"].replace(b"      in force: 2024-10-01\n", listed)
    return files


@cache
def versions_files() -> Mapping[str, bytes]:
    """The files of the hall's rulebook as both versions of the procedure need it: the list of keys
    gone through twice a year from 2027, the key book no longer signed, and both pinned."""
    files = listed_files()
    files["4.1-locking/list-gone-through.yaml"] += _TWICE_A_YEAR.encode()
    signed = files["4.2-lending/book-signed.yaml"]
    files["4.2-lending/book-signed.yaml"] = signed.replace(
        b"versions:", b"until: 2026-12-31\nversions:"
    )
    book = book_of(files)
    pinning = pin(book, hall_21(book), accept=True)
    files["pins.yaml"] = pins_text(all_pins(book, pinning)).encode()
    return files


def hall_21(rulebook: Rulebook, *edits: tuple[str, str]) -> Document:
    """The next version of the hall's procedure, with each old text made new (once)."""
    text = HALL_21.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"hall-2.1.txt holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return read(rulebook, text, HALL_21.name)


@cache
def hall_book(*edits: tuple[str, str, str]) -> Rulebook:
    """The hall's rulebook, with each ``old`` in ``file`` made ``new`` (once)."""
    files = hall_files()
    for file, old, new in edits:
        text = files[file].decode()
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        files[file] = text.replace(old, new).encode()
    return book_of(files)


class ChildHere:
    """Calls the reader of a file in this process, in the place of a child process."""

    def __init__(self, reader: str, _library: str, _limits: Limits, *given: object) -> None:
        module, _, function = reader.partition(":")
        self._pieces: list[object] = []
        getattr(import_module(module), function)(self._pieces.append, *given)

    def received(self) -> object:
        """The next thing that the reader handed over."""
        return self._pieces.pop(0)

    def close(self) -> None:
        """Nothing has to be ended."""


def read_here(name: str, data: bytes, book: Book) -> Document | SopProblem:
    """The SOP in a file, read in this process whatever its format."""
    with patch.object(sop_read, "Child", ChildHere):
        return sop_read.read_bytes(name, data, book)


def read(rulebook: Rulebook, data: str | bytes, name: str = "hall.txt") -> Document:
    """A document that can be read."""
    made = read_here(name, data.encode() if isinstance(data, str) else data, rulebook.book)
    assert isinstance(made, Document), made
    return made


def hall(*edits: tuple[str, str], rulebook: Rulebook | None = None) -> Document:
    """The hall's procedure, with each old text made new (once)."""
    text = HALL_TEXT
    for old, new in edits:
        assert text.count(old) == 1, f"hall.txt holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return read(rulebook or hall_book(), text)


def told(document: Document) -> list[tuple[str, str]]:
    """Section and text of each paragraph."""
    return [(paragraph.section, paragraph.text) for paragraph in document.paragraphs]


def saved(document: WordDocument) -> bytes:
    """The bytes of a Word document."""
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def word(text: str, *, whole: bool = True, numbered: bool = True) -> bytes:
    """A Word document of a converted text, as somebody would have typed it: headings and lists in
    their styles, tables, bold words and links. ``whole``: sentences are not cut and the marking
    stands in the header and footer; otherwise the page ends stand in the body, as in the text.
    ``numbered``: the numbers are typed; otherwise Word is thought to print them.
    """
    made = docx.Document()
    if whole:
        text = _CUT.sub(" ", text).replace(PAGE_END, "\n\n")
        section = made.sections[0]
        section.header.paragraphs[0].text = section.footer.paragraphs[0].text = "OFFICIAL"
    for block in re.split(r"\n{2,}", text.strip("\n")):
        _block(made, block, numbered=numbered)
    return saved(made)


def _block(made: WordDocument, block: str, *, numbered: bool) -> None:
    lines = block.split("\n")
    if all("\t" in line for line in lines):
        table = made.add_table(len(lines), 2)
        for row, line in zip(table.rows, lines, strict=True):
            for cell, words in zip(row.cells, line.split("\t"), strict=True):
                cell.text = words
    elif all(re.match(r" ?- |\d\. ", line) for line in lines) and len(lines) > 1:
        for line in lines:
            _list_item(made, line, numbered=numbered)
    elif len(lines) == 1 and re.fullmatch(r"(\d\. )?[A-Z](?!FFICIAL)[^.:]{2,60}", block):
        _fill(
            made.add_paragraph(style="Heading 2"),
            block if numbered else block.lstrip("0123456789. "),
        )
    elif re.match(r"- ", block):
        _list_item(made, block, numbered=numbered)
    else:
        _fill(made.add_paragraph(), block.replace("\n", " "))


def _list_item(made: WordDocument, line: str, *, numbered: bool) -> None:
    marker, _, words = line.strip().partition(" ")
    style = "List Bullet" if marker == "-" else "List Number"
    typed = f"{marker} {words}" if numbered and marker != "-" else words
    _fill(made.add_paragraph(style=style), typed)


def _fill(paragraph: WordParagraph, words: str) -> None:
    """The words with their bold parts as runs and their links as links."""
    words, at = words.replace("\\(", "\ue000").replace("\\)", "\ue001"), 0
    for found in _PARTS.finditer(words):
        paragraph.add_run(_plain(words[at : found.start()]))
        if found["bold"]:
            paragraph.add_run(_plain(found["bold"])).bold = True
        else:
            link = OxmlElement("w:hyperlink")
            run = paragraph.add_run(_plain(found["link"] or found["plain"]))
            link.append(run._r)
            paragraph._p.append(link)
        at = found.end()
    paragraph.add_run(_plain(words[at:]))


def _plain(words: str) -> str:
    return words.replace("\ue000", "(").replace("\ue001", ")").replace("*", "")


def tagged(name: str, *inside: object, **attributes: str) -> object:
    """An element of WordprocessingML; its attributes are in that namespace too."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    for each in inside:
        if isinstance(each, str):
            made.text = each
        else:
            made.append(each)
    return made


def phrases(rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    """Each citation: duty, section, phrase."""
    for duty in rulebook.duties.values():
        for citation in duty.citations:
            yield duty.id, citation.section, citation.phrase
