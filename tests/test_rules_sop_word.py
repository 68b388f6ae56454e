"""A Word document is read as the text that it was made from, and one with two texts is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rules.sop.problem import SopProblem, describe
from rules.sop_files.docx import word_pieces
from rules.sop_files.pieces import CannotRead
from tests.support.sop_builders import (
    HALL_TEXT,
    hall,
    hall_book,
    read,
    read_here,
    saved,
    tagged,
    told,
    word,
)

BOOK = hall_book()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("numbered", [True, False])
def test_it_reads_as_the_text_does(whole: bool, numbered: bool) -> None:
    """The same sections, paragraphs and fingerprints: with the marking in header and footer or in
    the body, with the numbers typed or printed by Word."""
    document = read(BOOK, word(HALL_TEXT, whole=whole, numbered=numbered), "hall.docx")
    assert told(document) == told(hall())
    assert [s.id for s in document.sections] == [s.id for s in hall().sections]
    assert [p.fingerprint for p in document.paragraphs] == [
        p.fingerprint for p in hall().paragraphs
    ]
    assert document.problems == ()
    assert document.unit == "paragraph"
    printed = [s.printed for s in hall().sections] if numbered else [""] * 11
    assert [s.printed for s in document.sections] == printed


def test_paragraphs_are_counted_as_they_stand() -> None:
    """Empty ones too, so that a person can count along."""
    made = docx.Document()
    for words in ("Front words", "", "Aim", "The first."):
        made.add_paragraph(words)
    document = read(BOOK, saved(made), "a.docx")
    assert [(s.id, s.place) for s in document.sections] == [("Front", 1), ("1", 3)]
    assert [paragraph.place for paragraph in document.paragraphs] == [1, 4]


def _aim(*elements: object) -> bytes:
    """A document of the section Aim, with these elements after its one paragraph."""
    made = docx.Document()
    made.add_paragraph("Aim", style="Heading 1")
    made.add_paragraph("The first.")
    body: Any = made.element.body
    for element in elements:
        body.insert(len(body) - 1, element)
    return saved(made)


def _xml(text: str) -> object:
    spaces = nsdecls("w", "wp", "a") + (
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return parse_xml(text.replace(">", f" {spaces}>", 1))


def _run(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def _para(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


BOX = (
    "<w:txbxContent>" + _para(_run("In the box.")) + _para(_run("And below.")) + "</w:txbxContent>"
)

KINDS = {
    "a content control": (
        f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{_para(_run('Held.'))}"
        "</w:sdtContent></w:sdt>",
        ["Held."],
    ),
    "a content control in a line": (
        _para(f"<w:sdt><w:sdtContent>{_run('Within')}</w:sdtContent></w:sdt>{_run(' a line.')}"),
        ["Within a line."],
    ),
    "a link": (
        _para(f"{_run('See ')}<w:hyperlink>{_run('here')}</w:hyperlink>{_run('.')}"),
        ["See here."],
    ),
    "breaks": (
        _para("<w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:noBreakHyphen/><w:t>three.</w:t></w:r>"),
        ["One two-three."],
    ),
    "a field": (
        _para(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>REF x</w:instrText>"
            f"</w:r>{_run('Shown.')}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        ),
        ["Shown."],
    ),
    "a tab stop that is no tab": (
        _para(f"<w:pPr><w:tabs><w:tab w:val='left' w:pos='720'/></w:tabs></w:pPr>{_run('Plain.')}"),
        ["Plain."],
    ),
    "a text box and its old copy": (
        _para(
            f"{_run('Around ')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
            f"<wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback>"
            f"<w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
            f"</w:r>{_run('the box.')}"
        ),
        ["Around the box.", "In the box.", "And below."],
    ),
    "a list of contents": (
        _para(f"<w:pPr><w:pStyle w:val='TOC1'/></w:pPr>{_run('Review')}"),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_holds_words_is_read_once(kind: str) -> None:
    xml, words = KINDS[kind]
    made = docx.Document(io.BytesIO(_aim(_xml(xml))))
    made.styles.add_style("toc 1", 1).element.set(
        f"{{{made.styles.element.nsmap['w']}}}styleId", "TOC1"
    )
    document = read(BOOK, saved(made), "a.docx")
    assert told(document) == [("1", "The first."), *(("1", each) for each in words)]
    assert len(document.sections) == 1


def test_a_row_is_one_paragraph_unless_its_cells_hold_more() -> None:
    made = docx.Document(io.BytesIO(_aim()))
    rows = made.add_table(3, 2).rows
    rows[0].cells[0].text, rows[0].cells[1].text = "Day", "What changed"
    rows[1].cells[0].text = "Alone in its row."
    rows[2].cells[0].text = "Beside more."
    rows[2].cells[1].text = "One."
    rows[2].cells[1].add_paragraph("Two.")
    nested = rows[2].cells[1].add_table(1, 2)
    nested.rows[0].cells[0].text, nested.rows[0].cells[1].text = "In", "the table"
    words = [text for _, text in told(read(BOOK, saved(made), "a.docx"))]
    assert words == [
        "The first.", "Day What changed", "Alone in its row.", "Beside more.", "One.", "Two.",
        "In the table",
    ]  # fmt: skip


def _tracked(kind: str) -> bytes:
    run: Any = tagged("r", tagged("t", "more"))
    return _aim(tagged("p", tagged(kind, run, author="A", id="1")))


@pytest.mark.parametrize("kind", ["ins", "del", "moveFrom", "moveTo"])
def test_tracked_changes_are_refused(kind: str) -> None:
    """Which of the two texts it has is for a person to say."""
    problem = read_here("a.docx", _tracked(kind), BOOK.book)
    assert isinstance(problem, SopProblem)
    assert "contains tracked changes, so it has two texts: accept or reject" in describe(problem)


@pytest.mark.parametrize("kind", ["footnoteReference", "endnoteReference"])
def test_footnotes_are_refused(kind: str) -> None:
    """Their words would be in no section, and lost without a word."""
    note = tagged("p", tagged("r", tagged(kind, id="2")))
    problem = read_here("a.docx", _aim(note), BOOK.book)
    assert isinstance(problem, SopProblem)
    assert "has footnotes" in problem.message


def _members(change: Callable[[dict[str, bytes]], None]) -> bytes:
    held = zipfile.ZipFile(io.BytesIO(_aim()))
    members = {name: held.read(name) for name in held.namelist()}
    change(members)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, data in members.items():
            out.writestr(name, data)
    return made.getvalue()


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.__delitem__(name)


def _with(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.__setitem__(name, data)


BROKEN = {
    "no body": _without("word/document.xml"),
    "no types": _without("[Content_Types].xml"),
    "no relations": _without("_rels/.rels"),
    "not well formed": _with("word/document.xml", b"<w:document"),
    "an empty part": _with("word/document.xml", b""),
    "a document type": _with(
        "word/document.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    ),
    "another document": _with("word/document.xml", b"<a/>"),
    "a relation to nothing": _with(
        "_rels/.rels",
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="a" Type="b"/></Relationships>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_document_is_refused(kind: str) -> None:
    problem = read_here("a.docx", _members(BROKEN[kind]), BOOK.book)
    assert isinstance(problem, SopProblem)
    assert "is not a Word document that can be read (.docx)" in problem.message


def test_a_document_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.sop_files.docx.MAX_UNPACKED", 1000)
    with pytest.raises(CannotRead, match="unpacks to more than 256 MB"):
        word_pieces(_aim())


def test_markdown_marks_in_a_document_are_its_words() -> None:
    made = docx.Document(io.BytesIO(_aim()))
    made.add_paragraph("A *star* and [brackets](not a link) stay.")
    assert told(read(BOOK, saved(made), "a.docx"))[-1][1] == (
        "A *star* and [brackets](not a link) stay."
    )


def test_a_heading_in_its_style_begins_a_section_whatever_its_length() -> None:
    made: WordDocument = docx.Document(io.BytesIO(_aim()))
    made.add_paragraph(
        "A heading of many more words than a heading should have, in truth.", style="Heading 2"
    )
    made.add_paragraph("Below it.")
    made.add_paragraph("Item in a list", style="List Bullet")
    document = read(BOOK, saved(made), "a.docx")
    assert [(s.id[:12], s.known, len(s.paragraphs)) for s in document.sections] == [
        ("1", True, 1),
        ("1 A heading ", False, 2),
    ]
