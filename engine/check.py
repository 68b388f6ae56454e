"""One whole check: rulebook and evidence in, assessment out. Pure: no clock, no file, no print."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import astuple, dataclass, field
from functools import partial

from engine.agree import must_agree
from engine.apart import FORKS, SecondEvaluator
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
from engine.decision.judge import Decide
from engine.evaluated_duty import EvaluatedDuty, all_answers, with_answers, with_verdicts
from engine.findings.collect import findings, not_checked, problems, waivers_shown
from engine.frames.evaluate import observe_all, to_decide
from engine.outcome import Past
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
#: From so many rows of evidence on, the second evaluator is worth a process of its own.
MANY_ROWS = 20_000


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


def assess(request: CheckRequest, tick: Tick = lambda _: None) -> Assessment:
    """The assessment. Raises EngineFault where a situation is not decided by exactly one rule,
    the engine dies, or the two evaluators disagree: then nothing is reported."""
    rows = sum(map(len, request.evidence.tables.values()))
    apart = FORKS and rows >= MANY_ROWS and request.decide is not None
    second = partial(
        evaluate,
        request.rulebook,
        request.evidence,
        request.as_of,
        (lambda: None) if apart else (lambda: tick("")),  # two would write on one line
        request.records_begin,
    )
    with SecondEvaluator(second) if apart else nullcontext() as beside:
        columns = all_columns(request.evidence.tables, request.as_of)
        found = observe_all(
            request.rulebook, columns, request.as_of, lambda: tick(""), request.records_begin
        )
        tick("match")
        question, decide = to_decide(found), request.decide
        # The rules engine works in a process of its own: this one goes on beside it.
        with ThreadPoolExecutor(1) as aside:
            asking = aside.submit(question.put, decide) if decide else None
            answers = [] if beside else second()
            tick(BEFORE_WAITING)
            if asking is None:
                duties = with_answers(found, answers)
            else:
                duties = with_verdicts(found, question, asking.result())
                if not beside:
                    must_agree(all_answers(duties), answers)
            tick("judge")
            statuses = {
                duty.id: [answer.status for answer in duty.answers if answer.past is Past.CURRENT]
                for duty in duties
            }
            alike = decide and aside.submit(must_decide_alike, request.rulebook, statuses, decide)
            assessment = _assembled(request, columns, duties, totals(request.rulebook, statuses))
            if alike:
                alike.result()
        if beside:
            beside.must_agree(all_answers(duties))
    tick("assemble")
    return assessment


def _assembled(
    request: CheckRequest, columns: AllColumns, duties: Sequence[EvaluatedDuty], decided: Totals
) -> Assessment:
    context = OutcomeContext(
        rulebook=request.rulebook,
        evidence=request.evidence,
        citations=CitationCache(request.evidence, request.key),
        as_of=request.as_of,
        owners=owners(columns, request.rulebook),
        quotes=request.quotes,
        explained=True,
    )
    outcomes = tuple(duty_outcome(duty, context, decided.duties[duty.id]) for duty in duties)
    rulebook = request.rulebook
    return Assessment(
        format=FORMAT,
        as_of=request.as_of,
        known_by=request.known_by,
        records_begin=request.records_begin,
        program=request.program,
        rulebook=_stamp(rulebook),
        sop=request.sop,
        evidence=tuple(EvidenceStamp(file.file, file.sha256) for file in request.evidence.files),
        status=_overall(outcomes, decided),
        sections=_sections(rulebook, outcomes, decided),
        duties=outcomes,
        not_in_force=_aside(rulebook, request.as_of),
        findings=findings(duties, columns, rulebook, request.as_of),
        problems=problems(request.evidence, rulebook),
        readings=_readings(outcomes),
        waivers=waivers_shown(duties, columns, rulebook, request.as_of),
        not_checked=not_checked(request.evidence),
    )


def _overall(duties: Sequence[DutyOutcome], decided: Totals) -> Overall:
    lists = {name: [duty for duty in duties if duty.answers == name] for name in LISTS}
    made = {
        name: ListOutcome(decided.lists[name], _duty_counts(listed), _obligation_counts(listed))
        for name, listed in lists.items()
    }
    return Overall(made["office"], made["others"])


def _sections(
    rulebook: Rulebook, duties: Sequence[DutyOutcome], decided: Totals
) -> tuple[SectionOutcome, ...]:
    listed = {
        section.number: [duty for duty in duties if duty.section == section.number]
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
    return counts((duty.status, duty.counts.met_late) for duty in duties)


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
