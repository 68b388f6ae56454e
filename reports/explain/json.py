"""An explanation as JSON, for another program."""

from __future__ import annotations

from pydantic import TypeAdapter

from reports import words
from reports.explain.explanation import FORMAT, Explained, Explanation, fix_of


def explain_json(explanation: Explanation) -> str:
    """The explanation as JSON, one value a line."""
    duty = explanation.duty
    document: dict[str, object] = {
        "format": FORMAT,
        "as_of": explanation.as_of,
        "known_by": explanation.known_by,
        "records_begin": explanation.records_begin,
        "duty": duty.id,
        "title": duty.title,
        "status": duty.status,
        "not_given": duty.not_given,
        "citations": duty.citations,
        "version_from": duty.version_from,
        "rule_words": duty.rule_words,
        "readings": explanation.readings,
        "second_evaluator": explanation.second,
        "obligations": [_obligation(each) for each in explanation.obligations],
        "obligations_not_shown": explanation.not_shown,
        "unread_rows": explanation.unread_rows,
        "findings": explanation.findings,
        "met_means": words.MET_MEANS,
    }
    return TypeAdapter(dict[str, object]).dump_json(document, indent=1).decode()


def _obligation(explained: Explained) -> dict[str, object]:
    """An obligation as the assessment has it, every row that is about it, and what would meet it
    with what is to be read before that."""
    fix = fix_of(explained.outcome)
    return {
        "outcome": explained.outcome,
        "looked_at": explained.sheets,
        "rows": explained.rows,
        "rows_about_others": explained.others,
        "smallest_fix": {"note": words.RECORD_ONLY if fix else "", "remedies": fix},
    }
