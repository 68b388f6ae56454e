"""The SOP as read, its coverage, and the comparison of two versions, as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from rules.model import Rulebook
from rules.sop.compare import SopComparison, Words
from rules.sop.coverage import Coverage
from rules.sop.document import Document, Paragraph
from rules.sop.problem import as_json
from rules.sop.to_do import ToDo


def read_json(document: Document) -> str:
    """A document as read: its sections with their paragraphs."""
    sections = [
        {
            "section": section.id,
            "heading": section.heading,
            "printed": section.printed,
            "named in book.yaml": section.known,
            "place": section.place,
            "paragraphs": [
                {**_paragraph(paragraph), "text": paragraph.text}
                for paragraph in section.paragraphs
            ],
        }
        for section in document.sections
    ]
    problems = [as_json(problem) for problem in document.all_problems]
    return _text({**_document(document), "sections": sections, "problems": problems})


def coverage_json(coverage: Coverage) -> str:
    """Every sentence with what covers it, and the problems."""
    sentences = [
        {
            "section": covered.sentence.paragraph.section,
            "paragraph": covered.sentence.paragraph.number,
            "place": covered.sentence.paragraph.place,
            "text": covered.sentence.text,
            "fingerprint": covered.sentence.fingerprint,
            "obliging": covered.obliging,
            "duties": covered.duties,
            "exempt": covered.exempt.reason if covered.exempt else None,
            "covered by": covered.exempt.covered_by if covered.exempt else (),
        }
        for covered in coverage.sentences
    ]
    return _text(
        {
            "citations": coverage.citations,
            "resolved": coverage.resolved,
            "reasons": dict(sorted(coverage.reasons.items())),
            "sentences": sentences,
            "problems": [as_json(problem) for problem in coverage.problems],
        }
    )


def compare_json(rulebook: Rulebook, comparison: SopComparison, to_do: ToDo) -> str:
    """All that changed, with the duties that it touches; ``words`` are runs of words, each with
    whether the other version has others in their place. ``to do`` has the drafts of rules."""
    return _text(
        {
            "rulebook": {
                "id": rulebook.book.id,
                "version": rulebook.book.version,
                "sha256": rulebook.sha256,
            },
            "old": _document(comparison.old),
            "new": _document(comparison.new),
            "sections": comparison.sections,
            "paragraphs": [
                {
                    "kind": paragraph.kind,
                    "old": _side(paragraph.old, paragraph.old_words),
                    "new": _side(paragraph.new, paragraph.new_words),
                    "duties": [
                        {"id": duty, "title": rulebook.duties[duty].title}
                        for duty in paragraph.duties
                    ],
                }
                for paragraph in comparison.paragraphs
            ],
            "moved": comparison.moves,
            "duties": comparison.duties,
            "to do": {
                "from": to_do.begins.isoformat() if to_do.begins else None,
                "version": to_do.version,
                "tasks": to_do.tasks,
                "drafts": to_do.drafts,
                "unchanged": sorted(to_do.unchanged),
            },
            "problems": [as_json(problem) for problem in comparison.problems],
        }
    )


def _text(value: object) -> str:
    return json.dumps(value, default=_by_fields, ensure_ascii=False, indent=1)


def _by_fields(value: object) -> object:
    """A paragraph without its text; anything else by its fields."""
    if isinstance(value, Paragraph):
        return _at(value)
    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]


def _document(document: Document) -> dict[str, object]:
    return {
        "file": document.file,
        "version": document.version or document.states.version,
        "unit": document.unit,
        "sha256": document.sha256,
    }


def _paragraph(paragraph: Paragraph) -> dict[str, object]:
    return {
        "number": paragraph.number,
        "place": paragraph.place,
        "fingerprint": paragraph.fingerprint,
    }


def _at(paragraph: Paragraph) -> dict[str, object]:
    return {"section": paragraph.section, **_paragraph(paragraph)}


def _side(paragraph: Paragraph | None, words: Iterable[Words]) -> dict[str, object] | None:
    if paragraph is None:
        return None
    runs = [{"text": run.text, "differs": run.differ} for run in words]
    return {**_at(paragraph), "words": runs}
