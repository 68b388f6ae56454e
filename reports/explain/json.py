"""An explanation as JSON, for another program."""

from __future__ import annotations

import datetime
import json
from dataclasses import fields, replace

from engine.assessment import ItemShown, ObligationOutcome
from reports import view, words
from reports.explain.explanation import FORMAT, Explanation, fix_of


def explain_json(explanation: Explanation) -> str:
    """The explanation as JSON, one value a line, in the order of the assessment's types. Days
    are ISO dates."""
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
        "reading_numbers": [number for number, _ in view.numbered_readings(assessment, duty)],
        "second_evaluator": explanation.second,
        "obligations": [_obligation(obligation) for obligation in explanation.obligations],
        "obligations_not_shown": explanation.not_shown,
        "unread_rows": explanation.unread_rows,
        "silent_rows": explanation.silent_rows,
        "findings": explanation.findings,
        "acknowledged": explanation.acknowledged,
        "met_means": words.met_means(assessment.rulebook.body),
    }
    return json.dumps(document, default=_by_fields, ensure_ascii=False, indent=1)


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


def _by_fields(value: object) -> object:
    """What JSON has no form for."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, ItemShown):
        names = ["file", "sheet", "row", "register", "date", "cells", "fingerprint", "key"]
    else:
        names = [field.name for field in fields(value)]  # type: ignore[arg-type]
    return {name: getattr(value, name) for name in names}
