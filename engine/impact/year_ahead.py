"""The year ahead: when each obligation turns due and overdue, if nothing more is done.

The plain evaluator judges the same evidence on later days. Between two days on which a row, a rule
or the calendar changes what a duty requires, only the dates of its obligations change their
statuses. Each duty is therefore evaluated on the first and the last day of every such stretch.
Within a stretch, the dates of the answers say when a status changes. If the answers of the last day
do not confirm them, the stretch is halved until they do.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import NamedTuple

from engine.assessment import ComingDate
from engine.impact.evaluation import with_duties
from engine.needs import looked_up, registers_read
from engine.outcome import UNMET, Answer, HistoryReason, ObligationKey, Status
from engine.plain.days import ONE_DAY, after, before, last_day, number_of
from engine.plain.evaluate import evaluate_later
from engine.plain.sheet import Sheets, normal
from evidence.register import NIL_RETURNS, PeriodKind
from evidence.table import Evidence
from rules.model import Rulebook, Version
from rules.resolve import Resolved, ResolvedDuty, resolve
from rules.span import Span

#: The number of days ahead.
YEAR = 365

#: No day after this one is looked at: the windows that follow it must have dates.
_LATEST = datetime.date(9990, 1, 1)

_ONE_DAY = Span(1, "days")

_WAIVERS = "waivers"
_MEETINGS = "meetings"

_Answers = Mapping[ObligationKey, Answer]


class _State(NamedTuple):
    """Whether an obligation is outstanding on a day, and whether its own deadline has passed. An
    open obligation that is overdue because an earlier window was missed is outstanding, and its own
    deadline has not passed."""

    outstanding: bool
    overdue: bool


_SETTLED = _State(outstanding=False, overdue=False)
_OPEN = _State(outstanding=True, overdue=False)
_LATE = _State(outstanding=True, overdue=True)


class _Turn(NamedTuple):
    """A day from which an obligation is in another state."""

    day: datetime.date
    state: _State
    answer: Answer | None


def year_ahead(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: datetime.date,
    answers: Sequence[Answer],
    records_begin: datetime.date | None = None,
) -> tuple[ComingDate, ...]:
    """The obligations that turn due or overdue within a year after the as-of date, and those that
    are overdue on it: the earliest first, and then in the order of the rulebook. A check of the day
    before, and of the day itself, gives the statuses that each date says. ``answers``: those of the
    plain evaluator on all duties as of the as-of date."""
    if as_of >= _LATEST:
        return ()
    evaluations = _Evaluations(rulebook, evidence, records_begin)
    evaluations.begin(as_of, answers)
    duties = [resolve(rulebook, duty_id) for duty_id in rulebook.duties]
    row_days = _row_days(evidence, as_of)
    stretches = [_stretches(duty, rulebook, evidence, as_of, row_days) for duty in duties]
    ids_on: dict[datetime.date, list[str]] = {}
    for duty, year in zip(duties, stretches, strict=True):
        for day in dict.fromkeys(day for stretch in year for day in stretch if day != as_of):
            ids_on.setdefault(day, []).append(duty.duty.id)
    for day, ids in ids_on.items():
        evaluations.evaluate(day, ids)
    dates = [
        date
        for duty, year in zip(duties, stretches, strict=True)
        for date in _dates_of(duty, year, evaluations)
    ]
    return tuple(sorted(dates, key=lambda date: date.first_day))


class _Evaluations:
    """The answers on each obligation of some duties on some days, each evaluated once."""

    def __init__(
        self, rulebook: Rulebook, evidence: Evidence, records_begin: datetime.date | None
    ) -> None:
        self.rulebook = rulebook
        self.evidence = evidence
        self._records_begin = records_begin
        self._answers: dict[tuple[str, datetime.date], dict[ObligationKey, Answer]] = {}
        self._complete: dict[ObligationKey, Answer] = {}
        self._for_ever = Sheets(evidence, datetime.date.max)
        self._rows_by_key: dict[str, dict[str, list[int]]] = {}

    def begin(self, day: datetime.date, answers: Sequence[Answer]) -> None:
        """Takes the answers of the as-of date. The answers on complete records do not change: a
        record that is complete by a day is complete on all later days, and the version of its own
        day judges it."""
        records = {
            duty.id for duty in self.rulebook.duties.values() if duty.versions[-1].pattern.stays_met
        }
        self._complete = {
            answer.key: answer
            for answer in answers
            if answer.status is Status.MET and answer.key.duty in records
            if answer.opens and answer.opens <= day
        }
        self.add(day, self.rulebook.duties, answers)

    def add(self, day: datetime.date, duty_ids: Collection[str], answers: Iterable[Answer]) -> None:
        """Takes the answers of a day on these duties, except the answers on complete records."""
        by_duty: dict[str, dict[ObligationKey, Answer]] = {duty_id: {} for duty_id in duty_ids}
        for answer in answers:
            key = answer.key
            if key.duty in by_duty and key not in self._complete:
                by_duty[key.duty][key] = answer
        self._answers.update(((duty_id, day), by_key) for duty_id, by_key in by_duty.items())

    def evaluate(self, day: datetime.date, duty_ids: Collection[str]) -> None:
        """Evaluates these duties on a day."""
        rulebook = with_duties(self.rulebook, duty_ids)
        sheets = Sheets(self.evidence, day, self._for_ever)
        answers = evaluate_later(rulebook, sheets, self._complete, self._records_begin)
        self.add(day, duty_ids, answers)

    def on(self, duty_id: str, day: datetime.date) -> _Answers:
        """The answers of a duty on a day; none where it is not in force."""
        if (duty_id, day) not in self._answers:
            self.evaluate(day, [duty_id])
        return self._answers[duty_id, day]

    def written(self, register: str, key: str) -> str:
        """A key as its own row writes it."""
        table = self.evidence.tables[register]
        if register not in self._rows_by_key:
            self._rows_by_key[register] = table.rows_by_key()
        row, *_ = self._rows_by_key[register][key]
        assert table.register.key is not None, "a register that lists things has a key"
        return table.columns[table.register.key].raw[row] or f"row {table.row_of[row]}"


# Stretches --------------------------------------------------------------------------------------


class _Stretch(NamedTuple):
    """Days, both included, within which nothing but the dates of its obligations changes a duty."""

    first: datetime.date
    last: datetime.date


#: Days in the rows of each register: by the duty that a waiver names, and under '' in others.
_RowDays = Mapping[str, Mapping[str, set[datetime.date]]]


def _last_day(as_of: datetime.date) -> datetime.date:
    return min(as_of + datetime.timedelta(YEAR), _LATEST)


def _row_days(evidence: Evidence, as_of: datetime.date) -> _RowDays:
    """The days in the rows that lie between the day before the as-of date and the end of the
    year."""
    first, last = as_of - ONE_DAY, _last_day(as_of)
    row_days: dict[str, dict[str, set[datetime.date]]] = {}
    for register, table in evidence.tables.items():
        days_of = row_days[register] = {}
        duties = table.columns["duty"].value if register == _WAIVERS else repeat("")
        for column in table.register.columns:
            if column.type != "day":
                continue
            for duty, day in zip(duties, table.columns[column.name].value, strict=False):
                if isinstance(day, datetime.date) and first <= day <= last:
                    days_of.setdefault(normal(str(duty or "")), set()).add(day)
    return row_days


def _stretches(
    duty: ResolvedDuty,
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: datetime.date,
    row_days: _RowDays,
) -> list[_Stretch]:
    """The stretches of the year that begins with the as-of date."""
    last = _last_day(as_of)
    versions = [version for version in duty.versions if version.begins <= last]
    days = {version.begins for version in versions}
    ends = (duty.duty.until, *(version.rule.transition_until for version in versions))
    days |= {day for day in ends if day is not None}
    for version in versions:
        days |= set(_calendar_days(version, as_of, last))
    names = {"", *map(normal, (duty.duty.id, *duty.duty.aliases))}
    for register in _registers(duty, rulebook, evidence):
        for name in names & row_days[register].keys():
            days |= row_days[register][name]
    # A row counts from its day on, and what ends on a day is over the day after.
    days = {day for day in days if as_of - ONE_DAY <= day <= last}
    firsts = {as_of, *days, *(day + ONE_DAY for day in days)}
    ordered = sorted(day for day in firsts if as_of <= day <= last)
    return [
        *(_Stretch(first, following - ONE_DAY) for first, following in pairwise(ordered)),
        _Stretch(ordered[-1], last),
    ]


def _calendar_days(
    version: Resolved, as_of: datetime.date, last: datetime.date
) -> Iterator[datetime.date]:
    """The last days of the periods of a version, and of the grace after them."""
    pattern = version.rule.pattern
    listings = (version.rule.population, version.rule.events)
    covered = any(listing is not None and listing.nil_return for listing in listings)
    if pattern.period_kind is None and not covered:
        return
    kind: PeriodKind = "month" if pattern.period_kind == "month" else "quarter"
    grace = pattern.extension
    earliest = before(max(as_of, version.begins), grace)
    for number in range(number_of(kind, earliest) - 1, number_of(kind, last) + 1):
        yield last_day(kind, number)
        yield after(last_day(kind, number), grace)


def _registers(duty: ResolvedDuty, rulebook: Rulebook, evidence: Evidence) -> Iterator[str]:
    """The registers that a duty may read, for whatever purpose."""
    rules = [version.rule for version in duty.versions]
    names = {*registers_read(rules), _WAIVERS, NIL_RETURNS}
    for rule in rules:
        names.update(name for group in looked_up(rule, rulebook.registers) for name in group)
    listing = {rule.events.register for rule in rules if rule.events}
    for name, table in evidence.tables.items():
        # A row of any register may name a planned event as held.
        naming = any(listing.intersection(column.named) for column in table.register.columns)
        if name in names or naming:
            yield name


# Changes ----------------------------------------------------------------------------------------


def _dates_of(
    duty: ResolvedDuty, stretches: Sequence[_Stretch], evaluations: _Evaluations
) -> Iterator[ComingDate]:
    """The dates of the obligations of a duty, in the order of the first day of each."""
    changes: dict[ObligationKey, list[_Turn]] = {}
    duty_id, as_of = duty.duty.id, stretches[0].first
    today = evaluations.on(duty_id, as_of)
    for number, (first, last) in enumerate(stretches):
        if number:
            yesterday = first - ONE_DAY
            earlier, begun = (evaluations.on(duty_id, day) for day in (yesterday, first))
            for key in {**earlier, **begun}:
                state = _state(begun.get(key), first)
                if state != _state(earlier.get(key), yesterday):
                    change = _Turn(first, state, begun.get(key))
                    changes.setdefault(key, []).append(change)
        for key, change in _within(duty, _Stretch(first, last), evaluations, None):
            changes.setdefault(key, []).append(change)
    overdue = (key for key, answer in today.items() if answer.status is Status.OVERDUE)
    for key in sorted({*changes, *overdue}):
        date = _date(duty, evaluations, key, today.get(key), changes.get(key, ()))
        if date is not None:
            yield date


def _within(
    duty: ResolvedDuty,
    stretch: _Stretch,
    evaluations: _Evaluations,
    keys: Collection[ObligationKey] | None,
) -> Iterator[tuple[ObligationKey, _Turn]]:
    """The changes after the first day of a stretch, of these obligations (None: of all)."""
    first, last = stretch
    if first == last:
        return
    start, end = (evaluations.on(duty.duty.id, day) for day in stretch)
    doubtful = []
    for key in {**start, **end} if keys is None else keys:
        old, new = start.get(key), end.get(key)
        was, now = _state(old, first), _state(new, last)
        expected = _expected(duty, old, stretch) if old and new else None
        if expected is None and was == now:
            continue  # an obligation never goes back
        if expected is not None and now == (expected[-1].state if expected else was):
            yield from ((key, change) for change in expected)
        elif first + ONE_DAY < last:
            doubtful.append(key)
        elif was != now:
            yield key, _Turn(last, now, new)
    if doubtful:
        middle = first + (last - first) // 2
        yield from _within(duty, _Stretch(first, middle), evaluations, doubtful)
        yield from _within(duty, _Stretch(middle, last), evaluations, doubtful)


def _expected(duty: ResolvedDuty, answer: Answer, stretch: _Stretch) -> list[_Turn] | None:
    """The changes of an obligation within a stretch by its own dates; None where its answer does
    not say them."""
    version = duty.version_on(answer.version_from).rule
    status, deadline = answer.status, answer.deadline
    if not answer.is_current or deadline is None:
        return []
    days: list[tuple[datetime.date, _State]] = []
    if status is Status.NOT_YET_DUE and answer.opens:
        days.append((answer.opens, _OPEN))
    if version.pattern.lasting and status in (Status.MET, Status.DUE):
        until = duty.version_on(stretch.first).rule.transition_until
        if until is not None and stretch.first <= until:
            return None  # another version may judge it from a day in between
    if status is Status.MET and version.pattern.lasting:
        turns = _no_longer_met(version, answer, deadline)
        if turns is None:
            return None
        days.append((turns, _OPEN))
    if days or status in UNMET:
        days.append((after(deadline, _ONE_DAY), _LATE))
        if version.lapse is not None and not version.pattern.lasting:
            days.append((after(after(deadline, version.lapse), _ONE_DAY), _SETTLED))
    return [
        _Turn(day, state, answer)
        for number, (day, state) in enumerate(days)
        # Of two changes on one day the later one counts.
        if stretch.first < day <= stretch.last
        and day not in {other for other, _ in days[number + 1 :]}
    ]


def _no_longer_met(
    version: Version, answer: Answer, deadline: datetime.date
) -> datetime.date | None:
    """The first day on which a lasting obligation that is met is due again: within its notice, or
    when its last item ends before its first deadline. None where the answer does not say when that
    item ends."""
    within_notice = before(deadline, version.pattern.warning)
    interval = version.pattern.interval
    if interval is None:
        return within_notice
    if version.query.needed > 1 or answer.last_done is None:
        return None
    return min(within_notice, after(after(answer.last_done, interval), _ONE_DAY))


def _state(answer: Answer | None, day: datetime.date) -> _State:
    """The state that an answer on a day means."""
    if answer is None or answer.status not in UNMET:
        return _SETTLED
    passed = answer.deadline is not None and answer.deadline < day
    if answer.is_current:
        return _State(outstanding=True, overdue=passed)
    # A missed window is overdue, whatever the window after it is.
    missed = answer.history_reason is HistoryReason.MISSED
    return _State(outstanding=missed, overdue=missed and passed)


def _date(
    duty: ResolvedDuty,
    evaluations: _Evaluations,
    key: ObligationKey,
    today: Answer | None,
    changes: Sequence[_Turn],
) -> ComingDate | None:
    """The days of an obligation on which it first turns due and overdue; None for one without any,
    unless it is overdue already."""
    status = today.status if today and today.is_current else None
    due = next((turn for turn in changes if turn.state == _OPEN), None)
    overdue = next((turn for turn in changes if turn.state.overdue), None)
    if overdue is None and status is Status.OVERDUE:
        answer = today  # a later row may end that, and the obligation turn due again
    else:
        answer = next((turn.answer for turn in (overdue, due) if turn), None)
    if answer is None or key.row >= 0:
        return None
    version = duty.version_on(answer.version_from).rule
    registers = evaluations.rulebook.registers
    return ComingDate(
        duty=key.duty,
        subject=_subject(version, key, evaluations),
        window=key.window,
        status=status,
        due=due.day if due else None,
        overdue=overdue.day if overdue else None,
        deadline=answer.deadline,
        personal=any(
            listing is not None and registers[listing.register].has_personal_keys
            for listing in (version.population, version.events)
        ),
        at_meeting=_hangs_on_meeting(version, evaluations.rulebook),
    )


def _subject(version: Version, key: ObligationKey, evaluations: _Evaluations) -> str:
    """What a person calls the subject, as in the outcome of an obligation."""
    events, people = version.events, version.population
    event = evaluations.written(events.register, key.event) if events and key.event else ""
    subject = key.subject
    if subject and people:
        subject = evaluations.written(people.register, subject)
    elif subject:
        subject = next(member.title for member in version.members if member.id == subject)
    return ", ".join(filter(None, (event, subject))) or "office"


def _hangs_on_meeting(version: Version, rulebook: Rulebook) -> bool:
    """Whether it is done by a meeting, or has to be minuted at one."""
    if version.rows is not None and version.rows.register == _MEETINGS:
        return True
    return any(_MEETINGS in group for group in looked_up(version, rulebook.registers))
