"""One whole check: rulebook and evidence in, assessment out. Pure: no clock, no file, no print."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field

from engine.agree import must_agree
from engine.assessment import (
    FORMAT,
    Assessment,
    Counts,
    DutyAside,
    DutyOutcome,
    EvidenceStamp,
    ListOutcome,
    Overall,
    Program,
    ReadingShown,
    RulebookStamp,
    SectionOutcome,
)
from engine.columns.arrays import AllColumns, all_columns
from engine.decision.judge import Decide, Verdict
from engine.decision.rule import EngineFault
from engine.evaluated_duty import EvaluatedDuty, all_answers, trace
from engine.findings.collect import findings, not_checked, problems, waivers_shown
from engine.frames.evaluate import Observed, Question, observe_all, to_decide
from engine.frames.scope import Scope
from engine.outcome import Answer, ObligationKey, Past, Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import counts, duty_outcome
from engine.outcomes.owners import owners
from engine.outcomes.totals import LISTS, Totals, must_decide_alike, totals
from engine.plain.evaluate import evaluate
from engine.proof.citations import CitationCache
from engine.proof.phrases import day_words
from evidence.table import Evidence
from rules.model import Duty, Rulebook
from rules.resolve import resolve
from rules.sop.resolve import Cited, Quote

#: Told of each step as it ends, so that progress and timings can be shown.
Tick = Callable[[str], None]
#: The step after which the rules engine is waited for: this process has nothing to do then.
BEFORE_WAITING = "second evaluator"
Found = Sequence[tuple[Scope, Observed]]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What one check is asked: the rulebook, the evidence, D, and the program that asks.

    ``decide`` is the session with the rules engine, or None where it cannot be had: then the
    second evaluator decides alone. ``known_by``: the day by which the rows of the evidence were
    recorded, where later ones have been left out. ``sop`` and ``quotes``: the SOP's text and the
    paragraphs cited in it, where it was given. ``key``: the one kept with the ledger, under which
    the rows that are shown are given fingerprints; without it they have none. ``records_begin``:
    the day from which the office keeps its registers (semantics.md, Records begin)."""

    rulebook: Rulebook
    evidence: Evidence
    as_of: datetime.date
    program: Program
    decide: Decide | None
    known_by: datetime.date | None = None
    sop: EvidenceStamp | None = None
    quotes: Mapping[Cited, Quote] = field(default_factory=dict)
    key: bytes | None = None
    records_begin: datetime.date | None = None


def assess(asked: CheckRequest, tick: Tick = lambda _: None) -> Assessment:
    """The assessment. Raises EngineFault where a situation is not decided by exactly one rule,
    the engine dies, or the two evaluators disagree: then nothing is reported."""
    columns = all_columns(asked.evidence.tables, asked.as_of)
    found = observe_all(asked.rulebook, columns, asked.as_of, lambda: tick(""), asked.records_begin)
    tick("match")
    question = to_decide(found)
    # The rules engine works in a process of its own: this one goes on beside it.
    with ThreadPoolExecutor(1) as aside:
        asking = aside.submit(question.put, asked.decide) if asked.decide else None
        second = evaluate(
            asked.rulebook,
            asked.evidence,
            asked.as_of,
            lambda: tick(""),
            records_begin=asked.records_begin,
        )
        tick(BEFORE_WAITING)
        if asking is None:
            told = _second_alone(found, second)
        else:
            told = _judged(found, question, asking.result(), second)
        tick("judge")
        statuses = {each.scope.duty.duty.id: _statuses(each) for each in told}
        decide = asked.decide
        alike = decide and aside.submit(must_decide_alike, asked.rulebook, statuses, decide)
        assessment = _assembled(asked, columns, told, totals(asked.rulebook, statuses))
        if alike:
            alike.result()
    tick("assemble")
    return assessment


def _judged(
    found: Found, question: Question, verdicts: list[Verdict], second: list[Answer]
) -> list[EvaluatedDuty]:
    duties = trace(found, question, verdicts)
    must_agree(all_answers(duties), second)
    return duties


def _second_alone(found: Found, second: list[Answer]) -> list[EvaluatedDuty]:
    """The second evaluator's answers, put beside what was observed of each obligation, which only
    explains them."""
    by_duty: dict[str, list[Answer]] = {}
    for answer in second:
        by_duty.setdefault(answer.key.duty, []).append(answer)
    return [
        _beside(scope, observed, by_duty.get(scope.duty.duty.id, [])) for scope, observed in found
    ]


def _beside(scope: Scope, observed: Observed, answers: list[Answer]) -> EvaluatedDuty:
    earlier = [each for each in answers if _earlier_window(each)]
    current = {each.key: each for each in answers if each not in earlier}
    duty = scope.duty.duty.id
    keys = [
        ObligationKey(duty, each.subject, each.event, each.window, each.row)
        for each in observed.obligations
    ]
    ordered = [current.get(key) or current.get(_no_window(key)) for key in keys]
    matched = [each for each in ordered if each is not None]
    if len(matched) != len(keys) or len(matched) != len(current):
        raise EngineFault(f"The obligations of {scope.duty.duty.id} could not be explained.")
    return EvaluatedDuty(scope, observed, matched, [None] * len(matched), earlier)


def _earlier_window(answer: Answer) -> bool:
    """Whether it is history about an earlier window of a periodic duty."""
    before = answer.past is Past.BEFORE_RECORDS and answer.key.window != ""
    return before or answer.past in (Past.MET, Past.MISSED)


def _no_window(key: ObligationKey) -> ObligationKey:
    return ObligationKey(key.duty, key.subject, key.event, "", key.row)


def _assembled(
    asked: CheckRequest, columns: AllColumns, told: Sequence[EvaluatedDuty], decided: Totals
) -> Assessment:
    citations = CitationCache(asked.evidence, asked.key)
    own = owners(columns, asked.rulebook)
    context = OutcomeContext(
        asked.rulebook, asked.evidence, citations, asked.as_of, own, asked.quotes, explained=True
    )
    duties = tuple(
        duty_outcome(each, context, decided.duties[each.scope.duty.duty.id]) for each in told
    )
    rulebook = asked.rulebook
    return Assessment(
        format=FORMAT,
        as_of=asked.as_of,
        known_by=asked.known_by,
        records_begin=asked.records_begin,
        program=asked.program,
        rulebook=_stamp(rulebook),
        sop=asked.sop,
        evidence=tuple(EvidenceStamp(each.file, each.sha256) for each in asked.evidence.files),
        status=_overall(duties, decided),
        sections=_sections(rulebook, duties, decided),
        duties=duties,
        not_in_force=_aside(rulebook, asked.as_of),
        findings=findings(told, columns, rulebook, asked.as_of),
        problems=problems(asked.evidence, rulebook),
        readings=_readings(duties),
        waivers=waivers_shown(told, columns, rulebook, asked.as_of),
        not_checked=not_checked(asked.evidence),
    )


def _statuses(told: EvaluatedDuty) -> list[Status]:
    return [each.status for each in told.answers if each.past is Past.CURRENT]


def _overall(duties: Sequence[DutyOutcome], decided: Totals) -> Overall:
    lists = {name: [each for each in duties if each.answers == name] for name in LISTS}
    made = {
        name: ListOutcome(decided.lists[name], _duty_counts(listed), _obligation_counts(listed))
        for name, listed in lists.items()
    }
    return Overall(made["office"], made["others"])


def _sections(
    rulebook: Rulebook, duties: Sequence[DutyOutcome], decided: Totals
) -> tuple[SectionOutcome, ...]:
    listed = {
        section.number: [each for each in duties if each.section == section.number]
        for section in rulebook.book.sections
    }
    return tuple(
        SectionOutcome(
            section.number,
            section.title,
            decided.sections[section.number],
            _duty_counts(listed[section.number]),
            _obligation_counts(listed[section.number]),
        )
        for section in rulebook.book.sections
        if listed[section.number]
    )


def _duty_counts(duties: Sequence[DutyOutcome]) -> Counts:
    return counts((each.status, each.counts.met_late) for each in duties)


def _obligation_counts(duties: Sequence[DutyOutcome]) -> Counts:
    counted = [astuple(duty.counts) for duty in duties]
    return Counts(*map(sum, zip(*counted, strict=True))) if counted else counts(())


def _stamp(rulebook: Rulebook) -> RulebookStamp:
    book = rulebook.book
    sop = f"{book.sop.title}, version {book.sop.version}"
    return RulebookStamp(book.id, book.title, book.version, rulebook.sha256, book.marking, sop)


def _aside(rulebook: Rulebook, as_of: datetime.date) -> tuple[DutyAside, ...]:
    return tuple(
        DutyAside(duty.id, duty.title, rulebook.sections[duty.id], _when(duty, rulebook, as_of))
        for duty in rulebook.duties.values()
        if not resolve(rulebook, duty.id).holds(as_of)
    )


def _when(duty: Duty, rulebook: Rulebook, as_of: datetime.date) -> str:
    begins = resolve(rulebook, duty.id).in_force
    if as_of < begins:
        return f"not in force until {day_words(begins)}"
    return f"ended on {day_words(duty.until)}" if duty.until else ""


def _readings(duties: Sequence[DutyOutcome]) -> tuple[ReadingShown, ...]:
    """Every reading relied on, once, with the duties that rely on it."""
    found: dict[tuple[str, str], list[str]] = {}
    for duty in duties:
        for each in duty.readings:
            found.setdefault((each.phrase, each.reading), []).append(duty.id)
    return tuple(
        ReadingShown(phrase, reading, tuple(ids)) for (phrase, reading), ids in found.items()
    )
