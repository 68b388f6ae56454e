"""A Word template with an error: which field, in which paragraph, and what fields there are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document

from reports.papers.fields import PaperFields
from reports.papers.paper import paper_fields
from reports.papers.template import TemplateStop, checked
from reports.papers.word import filled
from rules.papers import PAPER, PaperContents, template_of
from tests.support.assessment_builders import AS_OF
from tests.support.assessment_sample import sample
from tests.support.expected import case_table

NAME = "papers/paper.docx"


def template(*paragraphs: str, change: Callable[[Document], object] = id) -> bytes:
    """A template with these paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    change(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def faults(data: bytes) -> list[str]:
    """The lines of the message about a template."""
    with pytest.raises(TemplateStop) as stop:
        checked(data, NAME, PaperFields)
    first, *lines, last = str(stop.value).splitlines()
    assert first == f"The template {NAME} cannot be used:"
    assert last.startswith("The fields are: marking, title, audience, office, as_of, notices, ")
    assert last.endswith(" limits, source.")
    return [line.strip() for line in lines]


@pytest.mark.parametrize(("text", "message"), case_table("paper_fields"))
def test_an_error_in_a_field(text: str, message: str) -> None:
    assert faults(template("Before", text, "After"))[0] == f"In the paragraph '{text}': {message}"


def test_a_block_in_a_paragraph_with_other_words() -> None:
    (first, *_) = faults(template("One {%p if title %}", "{{ title }}", "{%p endif %}"))
    assert first == (
        "In the paragraph 'One {%p if title %}': {%p if title %} needs a paragraph of its own: "
        "other words in it are left out."
    )


def test_a_block_in_a_row_with_other_words() -> None:
    def add(document: Document) -> None:
        table = document.add_table(rows=2, cols=2)
        table.rows[0].cells[0].text = "{%tr for line in overdue %}"
        table.rows[0].cells[1].text = "{{ line.title }}"
        table.rows[1].cells[0].text = "{%tr endfor %}"

    (first, *_) = faults(template(change=add))
    assert first.endswith(
        "{%tr for line in overdue %} needs a row of its own: everything else in it is left out."
    )


def test_an_error_in_a_header_is_found() -> None:
    def change(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ markings }}"

    assert faults(template(change=change)) == [
        "In the paragraph '{{ markings }}': there is no field 'markings'. Write 'marking' if that "
        "is what you mean."
    ]


def test_several_errors_are_named_at_once_and_many_are_counted() -> None:
    found = faults(template(*(f"{{{{ wrong{n} }}}}" for n in range(8))))
    assert len(found) == 6
    assert found[-1] == "And 3 more."


def test_a_long_paragraph_is_named_by_its_first_words() -> None:
    (line,) = faults(template("word " * 40 + "{{ xyzzy }}"))
    assert line.startswith("In the paragraph 'word word")
    assert "…': there is no field" in line


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"<html></html>"])
def test_what_is_no_word_document(data: bytes) -> None:
    with pytest.raises(TemplateStop) as stop:
        checked(data, NAME, PaperFields)
    assert str(stop.value) == (
        f"The template {NAME} is not a Word document that can be read. Open it in Word and save it "
        "as a Word document (.docx). To begin again from the original, move the template away and "
        "run: dueregard papers --templates"
    )


def test_a_document_that_declares_entities_is_not_opened() -> None:
    saved = io.BytesIO(template("{{ title }}"))
    changed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
            new.writestr(name, data)
    with pytest.raises(TemplateStop, match="is not a Word document that can be read"):
        checked(changed.getvalue(), NAME, PaperFields)


def fields() -> PaperFields:
    return paper_fields(sample(), PaperContents(title="Position"), (), causes=True)


def shown(data: bytes) -> list[str]:
    """The paragraphs of a template that was filled in."""
    document = docx.Document(io.BytesIO(filled(data, NAME, fields(), AS_OF)))
    return [paragraph.text for paragraph in document.paragraphs]


def test_a_field_that_word_has_split_is_still_one() -> None:
    def change(document: Document) -> None:
        paragraph = document.add_paragraph()
        for piece in ("{", "{ ti", "tle", " }", "} on ", "{{", "as_of", "}}"):
            paragraph.add_run(piece).italic = piece == "tle"

    assert shown(template(change=change)) == ["Position on 24 November 2026"]


def test_quotation_marks_of_word_are_taken_for_plain_ones() -> None:
    text = "{% if title == “Position” %}yes{% else %}no{% endif %}"
    assert shown(template(text)) == ["yes"]


def test_lists_conditions_and_filters_can_be_used() -> None:
    data = template(
        "{%p for line in overdue if line.status %}",
        "{{ loop.index }}. {{ line.title|upper }}",
        "{%p else %}",
        "none",
        "{%p endfor %}",
        "{{ audience or 'nobody' }}, {{ overdue|length }}",
    )
    first, _, last = shown(data)
    assert first.startswith("1. 4.4 REVIEW")
    assert last == "nobody, 2"


def test_a_template_can_reach_nothing_but_its_fields() -> None:
    """The office's folder may come by mail."""
    with pytest.raises(TemplateStop):
        shown(template("{{ title.__class__ }}"))
    with pytest.raises(TemplateStop, match="could not be filled in"):
        shown(template("{{ (title|upper).__class__.__mro__ }}"))


def test_the_originals_have_no_error() -> None:
    checked(template_of(PAPER).read_bytes(), NAME, PaperFields)
