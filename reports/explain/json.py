"""An explanation as JSON, for another program."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter

from engine.assessment import (
    CitationShown,
    FindingShown,
    ObligationOutcome,
    ReadingShown,
    RejectedRows,
    Remedy,
    UnreadRows,
)
from engine.outcome import Status
from reports import words
from reports.explain.explanation import FORMAT, Explanation, fix_of


@dataclass(frozen=True, slots=True)
class SmallestFix:
    """What would meet an obligation, and what is to be read before it: no remedies where none
    would, or none is needed."""

    note: str
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class ExplainedObligation:
    """One obligation as the assessment has it, with the rows that are about it."""

    outcome: ObligationOutcome
    smallest_fix: SmallestFix


@dataclass(frozen=True, slots=True)
class ExplanationDocument:
    """An explanation as it stands in a file."""

    format: str
    as_of: datetime.date
    known_by: datetime.date | None
    records_begin: datetime.date | None
    duty: str
    title: str
    status: Status
    not_given: tuple[str, ...]
    citations: tuple[CitationShown, ...]
    version_from: datetime.date
    rule_words: str
    readings: tuple[ReadingShown, ...]
    second_evaluator: str
    obligations: tuple[ExplainedObligation, ...]
    obligations_not_shown: int
    unread_rows: tuple[UnreadRows, ...]
    silent_rows: tuple[RejectedRows, ...]
    findings: tuple[FindingShown, ...]
    met_means: str


def explain_json(explanation: Explanation) -> str:
    """The explanation as JSON, one value a line, in the order of the types."""
    duty = explanation.duty
    document = ExplanationDocument(
        format=FORMAT,
        as_of=explanation.as_of,
        known_by=explanation.known_by,
        records_begin=explanation.records_begin,
        duty=duty.id,
        title=duty.title,
        status=duty.status,
        not_given=duty.not_given,
        citations=duty.citations,
        version_from=duty.version_from,
        rule_words=duty.rule_words,
        readings=explanation.readings,
        second_evaluator=explanation.second,
        obligations=tuple(map(_obligation, explanation.obligations)),
        obligations_not_shown=explanation.not_shown,
        unread_rows=explanation.unread_rows,
        silent_rows=explanation.silent_rows,
        findings=explanation.findings,
        met_means=words.MET_MEANS,
    )
    return _adapter().dump_json(document, indent=1).decode("utf-8")


def _obligation(one: ObligationOutcome) -> ExplainedObligation:
    fix = fix_of(one)
    about = tuple(group for group in one.rejected if not group.silent)
    return ExplainedObligation(
        outcome=replace(one, rejected=about),
        smallest_fix=SmallestFix(words.RECORD_ONLY if fix else "", fix),
    )


@cache
def _adapter() -> TypeAdapter[ExplanationDocument]:
    return TypeAdapter(ExplanationDocument)
