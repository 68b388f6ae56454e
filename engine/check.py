"""One whole check: rulebook and evidence in, assessment out. Pure: no clock, no file, no print."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field, replace
from functools import partial

from engine.agree import PlainProcess, may_fork, must_agree
from engine.assessment import (
    FORMAT,
    LISTS,
    Assessment,
    BodyStamp,
    ComingDate,
    Counts,
    DutyAside,
    DutyOutcome,
    EvidenceStamp,
    ListOutcome,
    MappingStamp,
    Overall,
    Program,
    ReadingShown,
    RulebookStamp,
    SectionOutcome,
    SheetHeadings,
    SheetRows,
    SopStamp,
    UnusedSheet,
)
from engine.columns.arrays import AllColumns, all_columns
from engine.decision.judge import Decide
from engine.evaluated_duty import EvaluatedDuty, all_answers, with_answers, with_verdicts
from engine.findings.collect import findings, not_checked, problems, waivers_shown
from engine.findings.unknown_names import unknown_names
from engine.fingerprint import Prints, prints_of
from engine.frames.observe import decision_request, observe_all
from engine.impact.coming import coming_versions
from engine.impact.evaluation import DutyEvaluation
from engine.impact.year_ahead import year_ahead
from engine.outcome import Answer
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import duty_outcome
from engine.outcomes.owners import owners, owners_shown
from engine.outcomes.statuses import count_statuses
from engine.outcomes.totals import Totals, must_agree_on_totals, totals
from engine.personal import personal_texts
from engine.plain.evaluate import evaluate
from engine.proof.citations import CitationCache
from engine.proof.phrases import day_words
from engine.unapproved import unapproved
from evidence.mapping.assumptions import ColumnNotKept
from evidence.table import Evidence, MappingUsed
from rules.model import Rulebook
from rules.not_kept import not_kept_words, not_mapped_words
from rules.resolve import resolve
from rules.sop.resolve import SopText

#: Called with the name of each step as it ends, and with '' while one goes on, so that progress and
#: timings can be shown.
Tick = Callable[[str], None]
#: The step after which this process has nothing to do but wait for the rules engine.
BEFORE_WAITING = "plain evaluator"
#: The rows of evidence from which on a separate process for the plain evaluator saves time.
MANY_ROWS = 500


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The input of one check: the rulebook, the evidence, D, and the program that makes it.

    ``decide`` is the session with the rules engine, or None if it cannot be used: then only the
    plain evaluator decides. ``known_by``: the day by which the rows of the evidence were recorded,
    if later ones have been left out. ``sop``: the texts of the SOP that were given, by version.
    ``key``: the key kept with the ledger, with which the fingerprints of rows are made; without it
    they have none. ``records_begin``: the day from which the office keeps its registers
    (semantics.md: Records begin). ``office``: its name, for the head of reports. ``ahead``: whether
    to work out the dates of the year ahead, for which duties are evaluated on some 60 days.
    """

    rulebook: Rulebook
    evidence: Evidence
    as_of: datetime.date
    program: Program
    decide: Decide | None
    known_by: datetime.date | None = None
    sop: Mapping[str, SopText] = field(default_factory=dict)
    key: bytes | None = None
    records_begin: datetime.date | None = None
    office: str = ""
    ahead: bool = True


def assess(
    request: CheckRequest,
    tick: Tick = lambda _: None,
    meanwhile: Callable[[Assessment], object] = lambda _: None,
) -> Assessment:
    """Checks the evidence by the rulebook.

    Raises EngineFault, so that nothing is reported, if the two evaluators disagree, if a situation
    is not decided by exactly one rule, or if the rules engine dies. ``tick`` is told of the
    progress. ``meanwhile`` is called with the assessment before it has the dates of the year ahead,
    which a separate process may still be working out.
    """
    rows = sum(map(len, request.evidence.tables.values()))
    # A worker of an estate may start no process, and has others beside it.
    separate = rows >= MANY_ROWS and request.ahead and request.decide is not None and may_fork()
    if not separate:
        assessment = _assessed(request, tick)
        meanwhile(assessment)
        return assessment
    prints = partial(_prints, request)
    ahead = partial(_ahead, request)
    # Two processes would write progress on one line.
    evaluated = partial(_evaluated, request, lambda _: None)
    with PlainProcess(prints, evaluated, ahead) as process:
        assessment = _assessed(request, tick, process)
        meanwhile(assessment)
        return replace(assessment, year_ahead=process.ahead())


def _assessed(request: CheckRequest, tick: Tick, process: PlainProcess | None = None) -> Assessment:
    """The assessment. If there is a ``process``, the dates of the year ahead are left to it."""
    rulebook = request.rulebook
    as_of = request.as_of
    decide = request.decide
    columns = all_columns(request.evidence.tables, as_of)
    observed = observe_all(rulebook, columns, as_of, lambda: tick(""), request.records_begin)
    tick("match")
    situations = decision_request(observed)
    # The rules engine runs in a separate process, so that this one can work meanwhile.
    with ThreadPoolExecutor(2) as thread:
        printing = thread.submit(process.prints if process else partial(_prints, request))
        deciding = thread.submit(situations.verdicts, decide) if decide else None
        answers = () if process else _evaluated(request, tick)
        ahead = () if process else _ahead(request, answers)
        tick(BEFORE_WAITING)
        if deciding is None:
            duties = with_answers(observed, answers)
        else:
            duties = with_verdicts(observed, situations, deciding.result())
            if not process:
                must_agree(all_answers(duties), answers)
        tick("judge")
        prints = printing.result()
        comparing = [thread.submit(process.must_agree, all_answers(duties))] if process else []
        statuses = {
            duty.id: [answer.status for answer in duty.answers if answer.is_current]
            for duty in duties
        }
        if decide:
            comparing.append(thread.submit(must_agree_on_totals, rulebook, statuses, decide))
        assessment = _assembled(request, columns, duties, totals(rulebook, statuses), prints)
        for agreed in comparing:
            agreed.result()
    tick("assemble")
    return replace(assessment, year_ahead=ahead)


def _prints(request: CheckRequest) -> Prints:
    return prints_of(request.evidence.tables, request.key)


def _evaluated(request: CheckRequest, tick: Tick) -> Sequence[Answer]:
    """The answers of the plain evaluator."""
    begin = request.records_begin
    return evaluate(request.rulebook, request.evidence, request.as_of, lambda: tick(""), begin)


def _ahead(request: CheckRequest, answers: Sequence[Answer]) -> tuple[ComingDate, ...]:
    """The dates of the year ahead, if they are asked for."""
    if not request.ahead:
        return ()
    day, begin = request.as_of, request.records_begin
    return year_ahead(request.rulebook, request.evidence, day, answers, begin)


def _assembled(
    request: CheckRequest,
    columns: AllColumns,
    duties: Sequence[EvaluatedDuty],
    decided: Totals,
    prints: Prints,
) -> Assessment:
    rulebook = request.rulebook
    used = request.evidence.mapping
    context = OutcomeContext(
        rulebook=rulebook,
        evidence=request.evidence,
        citations=CitationCache(request.evidence, prints.rows),
        as_of=request.as_of,
        owners=owners(columns, rulebook),
        sop=request.sop,
        explained=True,
    )
    outcomes = tuple(duty_outcome(duty, context, decided.duties[duty.id]) for duty in duties)
    collected = findings(duties, columns, rulebook, request.as_of)
    sop, *earlier_sop = _sop_stamps(request, outcomes)
    evaluation = DutyEvaluation(request.evidence, request.decide, request.records_begin)
    return Assessment(
        format=FORMAT,
        as_of=request.as_of,
        known_by=request.known_by,
        records_begin=request.records_begin,
        office=request.office,
        program=request.program,
        rulebook=_stamp(rulebook, request.as_of),
        sop=sop if sop.file else None,
        evidence=tuple(EvidenceStamp(file.file, file.sha256) for file in request.evidence.files),
        status=_overall(outcomes, decided),
        sections=_sections(rulebook, outcomes, decided),
        duties=outcomes,
        not_in_force=_not_in_force(rulebook, request.as_of),
        findings=collected.to_check,
        problems=problems(request.evidence, rulebook),
        readings=_readings(outcomes),
        waivers=waivers_shown(duties, columns, rulebook, request.as_of),
        not_checked=(
            *not_checked(request.evidence, duties),
            *(
                f"What version {stamp.version} of the SOP says, because that document was not"
                " given."
                for stamp in (sop, *earlier_sop)
                if request.sop and not stamp.file
            ),
        ),
        unused_sheets=tuple(
            UnusedSheet(note.file, note.sheet, note.message, note.rename_to)
            for note in request.evidence.unused
        ),
        not_begun_sheets=request.evidence.not_begun,
        mapping=_mapping_stamp(rulebook, used) if used else None,
        sheet_headings=tuple(_sheet_headings(request.evidence)),
        acknowledged=collected.acknowledged,
        earlier_sop=tuple(earlier_sop),
        unknown_names=unknown_names(duties, columns),
        unapproved=unapproved(rulebook, duties, request.as_of),
        coming=coming_versions(evaluation, context),
        rows=tuple(_rows(request.evidence, prints)),
        owners=owners_shown(columns, rulebook),
        personal=personal_texts(request.evidence.tables.values(), rulebook),
    )


def _rows(evidence: Evidence, prints: Prints) -> Iterator[SheetRows]:
    """Every row that was read, by its sheet; none without fingerprints."""
    for register in prints.rows:
        table = evidence.tables[register]
        keys = prints.keys[register]
        for (file, sheet), rows in table.rows_by_sheet().items():
            yield SheetRows(
                file,
                sheet,
                register,
                numbers=tuple([table.row_of[row] for row in rows]),
                fingerprints=tuple([prints.rows[register][row] for row in rows]),
                keys=tuple([keys[row] for row in rows]) if keys else (),
            )


def _mapping_stamp(rulebook: Rulebook, used: MappingUsed) -> MappingStamp:
    """The mapping, with what follows for the duties where a column is not kept or not mapped."""
    not_kept = [ColumnNotKept(*column) for column in used.not_kept]
    not_mapped = [ColumnNotKept(*column) for column in used.not_mapped]
    sentences = (
        *used.assumptions,
        *not_kept_words(not_kept, rulebook),
        *not_mapped_words(not_mapped, rulebook),
    )
    return MappingStamp(used.sha256, sentences, used.registers)


def _sop_stamps(request: CheckRequest, duties: Sequence[DutyOutcome]) -> Iterator[SopStamp]:
    """The version of the SOP in force on D, and then the earlier ones that duties cite, the latest
    first."""
    cited = {citation.sop_version for duty in duties for citation in duty.citations}
    sop = request.rulebook.book.sop
    of_day = sop.version_on(request.as_of)
    earlier = [version for version in reversed(sop.versions) if version.version in cited]
    for version in (of_day, *earlier):
        text = request.sop.get(version.version)
        file, sha256 = (text.file, text.sha256) if text else ("", "")
        yield SopStamp(file, sha256, version.version)


def _sheet_headings(evidence: Evidence) -> Iterator[SheetHeadings]:
    """The office's own headings, by sheet. A column that several columns of a sheet give, such as
    the courses of a training matrix, has no one heading."""
    for register, table in evidence.tables.items():
        sheets: dict[tuple[str, str], dict[str, str]] = {}
        for source in table.sources:
            headings = sheets.setdefault((source.file, source.sheet), {})
            for name, heading in source.headings.items():
                other = headings.setdefault(name, heading)
                headings[name] = heading if other == heading else name
        for (file, sheet), headings in sheets.items():
            own_headings = tuple((name, head) for name, head in headings.items() if head != name)
            yield SheetHeadings(file, sheet, register, own_headings)


def _overall(duties: Sequence[DutyOutcome], decided: Totals) -> Overall:
    def outcome(name: str) -> ListOutcome:
        of_list = [duty for duty in duties if duty.answers == name]
        counted = _duty_counts(of_list), _obligation_counts(of_list)
        return ListOutcome(decided.lists[name], *counted)

    return Overall(*map(outcome, LISTS))


def _sections(
    rulebook: Rulebook, duties: Sequence[DutyOutcome], decided: Totals
) -> tuple[SectionOutcome, ...]:
    sections = []
    for section in rulebook.book.sections:
        number = section.number
        listed = [d for d in duties if d.section == section.number]
        if listed:
            counted = _duty_counts(listed), _obligation_counts(listed)
            status = decided.sections[number]
            sections.append(SectionOutcome(number, section.title, status, *counted))
    return tuple(sections)


def _duty_counts(duties: Sequence[DutyOutcome]) -> Counts:
    return count_statuses((duty.status, duty.counts.met_late) for duty in duties)


def _obligation_counts(duties: Sequence[DutyOutcome]) -> Counts:
    counted = [astuple(duty.counts) for duty in duties]
    return Counts(*map(sum, zip(*counted, strict=True))) if counted else count_statuses(())


def _stamp(rulebook: Rulebook, as_of: datetime.date) -> RulebookStamp:
    book = rulebook.book
    sop = f"{book.sop.title}, version {book.sop.version_on(as_of).version}"
    return RulebookStamp(
        book.id,
        book.title,
        book.version,
        rulebook.sha256,
        book.marking,
        sop,
        tuple(book.abbreviations.items()),
        BodyStamp(**book.body.model_dump()),
        tuple(id_ for id_, register in rulebook.registers.items() if register.lists_people),
    )


def _not_in_force(rulebook: Rulebook, as_of: datetime.date) -> tuple[DutyAside, ...]:
    duties = []
    for duty in rulebook.duties.values():
        resolved = resolve(rulebook, duty.id)
        if resolved.holds(as_of):
            continue
        begins, until = resolved.in_force_from, duty.until
        words = f"ended on {day_words(until)}" if until else ""
        if as_of < begins:
            words = f"not in force until {day_words(begins)}"
        duties.append(DutyAside(duty.id, duty.title, rulebook.sections[duty.id], words))
    return tuple(duties)


def _readings(duties: Sequence[DutyOutcome]) -> tuple[ReadingShown, ...]:
    """Every reading relied on, once, with the duties that rely on it."""
    duty_ids: dict[tuple[str, str], list[str]] = {}
    for duty in duties:
        for reading in duty.readings:
            duty_ids.setdefault((reading.phrase, reading.reading), []).append(duty.id)
    return tuple(ReadingShown(*reading, tuple(ids)) for reading, ids in duty_ids.items())
