"""An explanation as JSON, for another program."""

from __future__ import annotations

from dataclasses import replace

from pydantic_core import to_json

from engine.assessment import ObligationOutcome
from reports import words
from reports.explain.explanation import FORMAT, Explanation, fix_of


def explain_json(explanation: Explanation) -> str:
    """The explanation as JSON, one value a line, in the order of the assessment's types."""
    assessment, duty = explanation.assessment, explanation.duty
    document = {
        "format": FORMAT,
        "as_of": assessment.as_of,
        "known_by": assessment.known_by,
        "records_begin": assessment.records_begin,
        "duty": duty.id,
        "title": duty.title,
        "status": duty.status,
        "not_given": duty.not_given,
        "citations": duty.citations,
        "version_from": duty.version_from,
        "rule_words": duty.rule_words,
        "readings": duty.readings,
        "second_evaluator": explanation.second,
        "obligations": [_obligation(one) for one in explanation.obligations],
        "obligations_not_shown": explanation.not_shown,
        "unread_rows": explanation.unread_rows,
        "silent_rows": explanation.silent_rows,
        "findings": explanation.findings,
        "met_means": words.MET_MEANS,
    }
    return to_json(document, indent=1).decode("utf-8")


def _obligation(one: ObligationOutcome) -> dict[str, object]:
    """An obligation with the rows that are about it, and what would meet it: no remedies where
    none would, or none is needed."""
    fix = fix_of(one)
    about = tuple(group for group in one.rejected if not group.silent)
    note = words.RECORD_ONLY if fix else ""
    return {
        "outcome": replace(one, rejected=about),
        "smallest_fix": {"note": note, "remedies": fix},
    }
