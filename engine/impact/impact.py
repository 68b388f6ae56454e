"""The impact of a change to the rules: both rulebooks over the same evidence, on several days."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from pydantic import ConfigDict

from engine.assessment import DutyOutcome, EvidenceStamp, ObligationOutcome, Program
from engine.decision.judge import Decide
from engine.impact.evaluation import DutyEvaluation, RememberedDecisions
from engine.impact.revision import Revision, next_day, register_edits, revisions
from engine.obligation_pairs import pairs
from engine.outcome import Status
from evidence.table import Evidence
from rules.model import Body, Rulebook
from rules.resolve import resolve

FORMAT = "dueregard-impact-1"

#: The number of month-ends before and after the day of the comparison.
MONTHS = 12

#: The months that have dates, counted from January of the year 0.
_MONTHS = range(datetime.MINYEAR * 12, (datetime.MAXYEAR + 1) * 12)


@dataclass(frozen=True, slots=True)
class Position:
    """A status with its deadline."""

    status: Status
    deadline: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """Compared days, from ``first`` to ``last``, with one difference: ``before`` is the position by
    the old rulebook, ``after`` by the new one; None where there is no such obligation, or where the
    duty is not in force. ``versions``: the first days of the versions that judge it."""

    first: datetime.date
    last: datetime.date
    before: Position | None
    after: Position | None
    versions: tuple[datetime.date, ...] = ()

    @property
    def made_overdue(self) -> bool:
        """Whether the obligation is overdue by the new rulebook and not by the old one."""
        return _is_overdue(self.after) and not _is_overdue(self.before)

    @property
    def no_longer_overdue(self) -> bool:
        """Whether the obligation is overdue by the old rulebook and not by the new one."""
        return _is_overdue(self.before) and not _is_overdue(self.after)


@dataclass(frozen=True, slots=True)
class ObligationImpact:
    """One obligation with another status or deadline."""

    subject: str
    window: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class DutyImpact:
    """One duty that differs between the rulebooks, and the days on which it has another status or
    deadline, itself or one of its obligations; no phases where none has."""

    id: str
    title: str
    section: str
    bearer: str
    answers: str
    revision: Revision
    phases: tuple[Phase, ...] = ()
    obligations: tuple[ObligationImpact, ...] = ()

    @property
    def first_day(self) -> datetime.date | None:
        """The first compared day on which something differs."""
        of_all = (*self.phases, *(obligation.phases[0] for obligation in self.obligations))
        return min((phase.first for phase in of_all), default=None)


@dataclass(frozen=True, slots=True)
class DayImpact:
    """One compared day: how many duties and obligations differ, how many obligations are overdue
    only by the new rulebook, how many people these are about, and how many are overdue only by the
    old one."""

    day: datetime.date
    duties: int = 0
    obligations: int = 0
    made_overdue: int = 0
    people_overdue: int = 0
    no_longer_overdue: int = 0


@dataclass(frozen=True, slots=True)
class RulebookSide:
    """One of the two rulebooks; ``called`` is its word for the body that keeps the evidence."""

    title: str
    version: str
    sha256: str
    marking: str
    called: str = Body().called


@dataclass(frozen=True, slots=True)
class Impact:
    """The impact as of a day: earlier days are past. ``days`` are all that were compared;
    ``duties`` are those that differ between the rulebooks, first those with another result."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    format: str
    as_of: datetime.date
    records_begin: datetime.date | None
    office: str
    program: Program
    old: RulebookSide
    new: RulebookSide
    evidence: tuple[EvidenceStamp, ...]
    days: tuple[DayImpact, ...]
    duties: tuple[DutyImpact, ...]


@dataclass(frozen=True, slots=True)
class ImpactRequest:
    """The input of one comparison. ``old_evidence`` and ``new_evidence`` are the same files, read
    by the registers of each rulebook. ``days``: the days to compare; none for those of
    ``usual_days``. ``decide`` is None where the rules engine cannot be used."""

    old: Rulebook
    new: Rulebook
    old_evidence: Evidence
    new_evidence: Evidence
    as_of: datetime.date
    program: Program
    decide: Decide | None
    days: tuple[datetime.date, ...] = ()
    records_begin: datetime.date | None = None
    office: str = ""


def impact(request: ImpactRequest) -> Impact:
    """The differences that the new rulebook makes. A check by either rulebook on one of the days
    gives the same statuses. Raises EngineFault if the two evaluators disagree."""
    old, new = request.old, request.new
    revised = revisions(old, new, request.as_of)
    # Where a register differs, any duty may: a row may be read in another way.
    same_registers = old.registers == new.registers
    ids = [*revised] if same_registers else [*dict.fromkeys((*new.duties, *old.duties))]
    decide = RememberedDecisions(request.decide) if request.decide else None
    before, after = (
        DutyEvaluation(evidence, decide, request.records_begin)
        for evidence in (request.old_evidence, request.new_evidence)
    )
    compared = request.days or usual_days(request.as_of, revised, request.records_begin)
    people = {id_ for id_ in ids if _covers_people(old, id_) or _covers_people(new, id_)}
    drafts = {id_: _DutyDraft(compared) for id_ in ids}
    days = []
    for day in compared:
        olds = before.on_day(old, day, ids)
        news = after.on_day(new, day, ids)
        differences: dict[str, list[DayDifference]] = {}
        for id_ in ids:
            # Outcomes take longer than answers: they are made only where something may differ.
            if olds.answers(id_) != news.answers(id_):
                differing = list(differences_of(day, olds.outcome(id_), news.outcome(id_)))
                drafts[id_].add(day, differing)
                differences |= {id_: differing} if differing else {}
        days.append(_day_impact(day, differences, people))
    duties = [
        _duty(request, id_, revised.get(id_) or _by_registers(old, new), draft)
        for id_, draft in drafts.items()
        if id_ in revised or draft.phases
    ]
    return Impact(
        format=FORMAT,
        as_of=request.as_of,
        records_begin=request.records_begin,
        office=request.office,
        program=request.program,
        old=_side(old),
        new=_side(new),
        evidence=tuple(EvidenceStamp(f.file, f.sha256) for f in request.new_evidence.files),
        days=tuple(days),
        duties=tuple(sorted(duties, key=lambda duty: duty.first_day is None)),
    )


def usual_days(
    as_of: datetime.date,
    revised: Mapping[str, Revision],
    records_begin: datetime.date | None = None,
) -> tuple[datetime.date, ...]:
    """The day itself, the last twelve month-ends, the next twelve, and the first two days of each
    version that differs and begins in that time. Nobody is overdue because of a version on its
    first day, so the second day shows more. Days before records begin are left out, because no
    check speaks for them."""
    month = as_of.year * 12 + as_of.month - 1
    months = range(max(month - MONTHS - 1, _MONTHS.start), min(month + MONTHS + 2, _MONTHS.stop))
    ends = list(map(_month_end, months))
    past = [e for e in ends if e < as_of]
    coming = [e for e in ends if e > as_of]
    days = {as_of, *past[-MONTHS:], *coming[:MONTHS]}
    first, last = min(days), max(days)
    begun = {day for revision in revised.values() for day in revision.first_days}
    begun |= set(map(next_day, begun))
    days |= {day for day in begun if first <= day <= last}
    return tuple(sorted(day for day in days if records_begin is None or day >= records_begin))


def _month_end(month: int) -> datetime.date:
    """The last day of a month, counted from January of the year 0."""
    year, number = divmod(month, 12)
    return datetime.date(year, number + 1, calendar.monthrange(year, number + 1)[1])


class DayDifference(NamedTuple):
    """The difference of one day for a duty, or for one of its obligations. ``subject`` and
    ``window`` are None for the duty itself."""

    subject: str | None
    window: str | None
    phase: Phase


def differences_of(
    day: datetime.date, before: DutyOutcome | None, after: DutyOutcome | None
) -> Iterator[DayDifference]:
    """The differences of one day: of the duty if its status or deadline differs, and of each
    obligation that differs."""
    if phase := _phase(day, before, after):
        yield DayDifference(None, None, phase)
    for pair in pairs(before, after):
        if phase := _phase(day, pair.before, pair.after):
            yield DayDifference(pair.shown.subject, pair.shown.window, phase)


def _phase(
    day: datetime.date,
    before: DutyOutcome | ObligationOutcome | None,
    after: DutyOutcome | ObligationOutcome | None,
) -> Phase | None:
    """The phase of a day on which a position differs; None where none does."""
    was, now = _position(before), _position(after)
    versions = tuple(sorted({of.version_from for of in (before, after) if of}))
    return None if was == now else Phase(day, day, was, now, versions)


def _position(of: DutyOutcome | ObligationOutcome | None) -> Position | None:
    return Position(of.status, of.deadline) if of else None


def _is_overdue(position: Position | None) -> bool:
    return position is not None and position.status is Status.OVERDUE


class _DutyDraft:
    """The phases of a duty and of its obligations, as the days are compared one after another."""

    def __init__(self, days: Sequence[datetime.date]) -> None:
        self._numbers = {day: number for number, day in enumerate(days)}
        #: By subject and window (None: of the duty) and the number among those of the same names.
        self.phases: dict[tuple[str | None, str | None, int], list[Phase]] = {}

    def differs_before(self, today: datetime.date) -> bool:
        """Whether something differs on a past day, or on any where no past day was compared."""
        past = [day for day in self._numbers if day < today]
        return any(
            not past or phases[0].first <= past[-1] for phases in self.phases.values() if phases
        )

    def add(self, day: datetime.date, differences: Sequence[DayDifference]) -> None:
        """Adds what differs on a day, which continues a phase of the day before if it is equal."""
        seen = Counter[tuple[str | None, str | None]]()
        for subject, window, phase in differences:
            phases = self.phases.setdefault((subject, window, seen[subject, window]), [])
            seen[subject, window] += 1
            last = phases[-1] if phases else None
            follows = last is not None and self._numbers[last.last] + 1 == self._numbers[day]
            if last and follows and replace(last, first=day, last=day) == phase:
                phases[-1] = replace(last, last=day)
            else:
                phases.append(phase)


def _day_impact(
    day: datetime.date, differences: Mapping[str, Sequence[DayDifference]], people: Collection[str]
) -> DayImpact:
    """The counts of one compared day from the differences of its duties. ``people`` are the duties
    whose subjects are people."""
    obligations = [
        (id_, difference)
        for id_, differing in differences.items()
        for difference in differing
        if difference.subject is not None
    ]
    made_overdue = [
        (id_, difference.subject or "")
        for id_, difference in obligations
        if difference.phase.made_overdue
    ]
    return DayImpact(
        day=day,
        duties=len(differences),
        obligations=len(obligations),
        made_overdue=len(made_overdue),
        # The event, if there is one, is named before the person.
        people_overdue=len({who.rpartition(", ")[2] for id_, who in made_overdue if id_ in people}),
        no_longer_overdue=sum(difference.phase.no_longer_overdue for _, difference in obligations),
    )


def _covers_people(rulebook: Rulebook, duty_id: str) -> bool:
    """Whether the subjects of a duty are people."""
    versions = resolve(rulebook, duty_id).versions if duty_id in rulebook.duties else ()
    populations = (version.rule.population for version in versions)
    return any(
        listed is not None and rulebook.registers[listed.register].lists_people
        for listed in populations
    )


def _duty(request: ImpactRequest, id_: str, revision: Revision, draft: _DutyDraft) -> DutyImpact:
    """The impact on one duty. A register that changed may change the past although no version of
    the duty did."""
    old, new = request.old, request.new
    rulebook = new if id_ in new.duties else old
    duty = rulebook.duties[id_]
    if any(edit.part == "register" for edit in revision.edits) and draft.differs_before(
        request.as_of
    ):
        revision = replace(revision, changes_past=True)
    return DutyImpact(
        id=id_,
        title=duty.title,
        section=rulebook.sections[id_],
        bearer=duty.bearer,
        answers=rulebook.book.list_of(duty.bearer),
        revision=revision,
        phases=tuple(draft.phases.get((None, None, 0), ())),
        obligations=tuple(
            ObligationImpact(subject, window or "", tuple(phases))
            for (subject, window, _), phases in draft.phases.items()
            if subject is not None
        ),
    )


def _by_registers(old: Rulebook, new: Rulebook) -> Revision:
    """What differs for a duty whose rule is the same and which reads none of the registers that
    differ: any of these may list what it uses, such as waivers."""
    names = (*new.registers, *old.registers)
    return Revision("edited", changes_past=False, edits=tuple(register_edits(old, new, names)))


def _side(rulebook: Rulebook) -> RulebookSide:
    book = rulebook.book
    return RulebookSide(book.title, book.version, rulebook.sha256, book.marking, book.body.called)
