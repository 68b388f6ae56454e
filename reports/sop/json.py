"""The SOP as read, its coverage, and the comparison of two versions, as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rules.model import Rulebook
from rules.sop.compare import SopComparison, Words
from rules.sop.coverage import Coverage
from rules.sop.document import Document, Paragraph
from rules.sop.problem import as_json


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
    problems = [as_json(problem) for problem in document.problems]
    return _text({**_document(document), "sections": sections, "problems": problems})


def coverage_json(found: Coverage) -> str:
    """Every sentence with what covers it, and the problems."""
    sentences = [
        {
            "section": sentence.sentence.paragraph.section,
            "paragraph": sentence.sentence.paragraph.number,
            "place": sentence.sentence.paragraph.place,
            "text": sentence.sentence.text,
            "fingerprint": sentence.sentence.fingerprint,
            "obliging": list(sentence.obliging),
            "duties": list(sentence.duties),
            "exempt": sentence.exempt.reason if sentence.exempt else None,
            "covered by": list(sentence.exempt.covered_by) if sentence.exempt else [],
        }
        for sentence in found.sentences
    ]
    return _text(
        {
            "citations": found.citations,
            "resolved": found.resolved,
            "reasons": dict(sorted(found.reasons.items())),
            "sentences": sentences,
            "problems": [as_json(problem) for problem in found.problems],
        }
    )


def compare_json(rulebook: Rulebook, found: SopComparison) -> str:
    """All that changed, with the duties that it touches; ``words`` are runs of words, each with
    whether the other version has others in their place."""
    return _text(
        {
            "rulebook": {
                "id": rulebook.book.id,
                "version": rulebook.book.version,
                "sha256": rulebook.sha256,
            },
            "old": _document(found.old),
            "new": _document(found.new),
            "sections": [
                {
                    "kind": section.kind,
                    "section": section.section,
                    "old": section.old,
                    "new": section.new,
                }
                for section in found.sections
            ],
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
                for paragraph in found.paragraphs
            ],
            "moved": [
                {"old": _at(move.old), "new": _at(move.new), "duties": list(move.duties)}
                for move in found.moves
            ],
            "duties": list(found.duties),
            "problems": [as_json(problem) for problem in found.problems],
        }
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _document(document: Document) -> dict[str, object]:
    return {"file": document.file, "unit": document.unit, "sha256": document.sha256}


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
