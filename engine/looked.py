"""The rows in which the evidence of a duty was looked for, and which condition each did not meet.

Months later nothing else says why a row did not count: so the assessment keeps them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.assessment import CellShown, LookedAt, RowLooked
from engine.calendar import Ints, add, as_date
from engine.columns import Columns
from engine.nil import REGISTER as NIL
from engine.outcome import Past, Status
from engine.shown import dated_by, events_of
from engine.standing import ends_of
from engine.subset import some_rows
from engine.told import Told
from engine.trials import Trial, named, nil_trials, trials_of
from engine.truth import FALSE, TRUE
from engine.windows import windows
from evidence.table import CellState, Table
from rules.condition import NilReturn
from rules.model import Version
from rules.pattern import Completeness, EvidenceQuery, Periodic, Rolling, Standing
from rules.subject import FixedList, Population

#: Of a register with more rows than this only those are kept that name what is not met.
MANY = 2_000
#: And where rows name nothing, so many of those that come nearest.
_NEAREST = 200

_NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)
_STATE: Mapping[int, str] = MappingProxyType(
    {each: each.name.lower().replace("_", " ") for each in CellState}
)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look through a register: by a version, for a member of its fixed list (-1: for all)."""

    told: Told
    number: int
    member: int

    @property
    def version(self) -> Version:
        return self.told.scope.version(self.number).version

    @property
    def register(self) -> str:
        pattern, query = self.version.pattern, self.version.evidence
        if isinstance(pattern, Completeness):
            return pattern.records.register
        assert query is not None
        return query.register

    @property
    def own(self) -> bool:
        """Whether only the event's or record's own row counts."""
        query = self.version.evidence
        return query is None or query.itself

    def unmet(self, name: str) -> set[object]:
        """A cell of each obligation that this version judges and that is not met."""
        told, table = self.told, self.told.observed.table
        cells = zip(table["version"].tolist(), table[name].tolist(), strict=True)
        return {
            cell
            for answer, (version, cell) in zip(told.answers, cells, strict=True)
            if version == self.number and answer.status in _NOT_MET and answer.past is Past.CURRENT
        }


def looked_at(told: Told) -> tuple[LookedAt, ...]:
    """Every row that was looked at for the duty, sheet by sheet. Of a register with more than
    MANY rows only those that name the subject or event of an obligation that is not met; how many
    more there are is said."""
    found: list[LookedAt] = []
    for look in _looks(told):
        columns = told.scope.register(look.register)
        found += _kept(look, columns, look.register, _picked(look, columns), _of_version(look))
    return (*sorted(found, key=_in_order), *_nil(told))


def _in_order(looked: LookedAt) -> tuple[datetime.date, str, str, str]:
    """The order of the sheets: not that in which the files were given."""
    return looked.version_from, looked.member, looked.file, looked.sheet


def judging(told: Told) -> list[int]:
    """The numbers of the versions that judge a current obligation, and of the one that holds."""
    numbers = told.observed.table["version"].tolist()
    past = [each.past for each in told.answers]
    used = {int(n) for n, gone in zip(numbers, past, strict=True) if gone is Past.CURRENT}
    return sorted(used | {told.scope.current})


def _looks(told: Told) -> Iterator[_Look]:
    for number in judging(told):
        subjects = told.scope.version(number).version.subjects
        members = subjects.members if isinstance(subjects, FixedList) else ()
        if any(each.where or each.dated for each in members):
            yield from (_Look(told, number, at) for at in range(len(members)))
        else:
            yield _Look(told, number, -1)


# Which rows -------------------------------------------------------------------------------------


def _picked(look: _Look, columns: Columns) -> Ints:
    """The rows of the register that are kept."""
    if len(columns) <= MANY:
        return np.arange(len(columns), dtype=np.int64)
    if look.own:
        rows = {row for row in look.unmet("event_row") if isinstance(row, int) and row >= 0}
        return np.array(sorted(rows), dtype=np.int64)
    flags = [
        np.fromiter((value in wanted for value in columns.values(name)), np.bool_, len(columns))
        for name, wanted in _linked(look, columns)
    ]
    if flags:
        return np.flatnonzero(np.logical_and.reduce(flags)).astype(np.int64)
    fails = _fails(trials_of(columns, look.version, look.member), len(columns))
    return np.sort(np.argsort(fails, kind="stable")[:_NEAREST]).astype(np.int64)


def _linked(look: _Look, columns: Columns) -> Iterator[tuple[str, set[object]]]:
    """The columns by which a row says what it is about, with what is not met of it."""
    query, subjects = look.version.evidence, look.version.subjects
    assert query is not None
    if query.event and events_of(look.version):
        yield query.event, look.unmet("event")
    if query.subject and isinstance(subjects, Population):
        yield query.subject, look.unmet("subject")
    key = columns.table.register.key
    if query.named_by_subject and isinstance(subjects, Population) and key:
        people = look.told.scope.register(subjects.register).values(query.named_by_subject)
        rows = {row for row in look.unmet("subject_row") if isinstance(row, int)}
        yield key, {people[row] for row in rows} - {None}


def _fails(trials: Sequence[Trial], count: int) -> Ints:
    fails: Ints = np.zeros(count, dtype=np.int64)
    for trial in trials:
        fails += trial.truth != TRUE
    return fails


# What is said of each ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is said of the rows of a table: their trials, the column that dates them, until when
    each holds, and what they name, by role."""

    trials: Sequence[Trial]
    dated: str
    until: Ints | None
    names: Mapping[str, Sequence[str]]


def _kept(
    look: _Look, columns: Columns, register: str, rows: Ints, see: Callable[[Columns], _Seen]
) -> Iterator[LookedAt]:
    """The rows of each sheet of a register, by its sources."""
    table = some_rows(columns.table, rows.tolist())
    few = columns if table is columns.table else Columns(table, columns.as_of)
    made = list(_rows(few, see(few)))
    total = np.bincount(columns.table.source_of, minlength=len(table.sources))
    for number, source in enumerate(table.sources):
        mine = tuple(row for at, row in zip(table.source_of, made, strict=True) if at == number)
        yield LookedAt(
            version_from=look.told.scope.version(look.number).begins,
            member=_title(look),
            pattern=look.version.pattern.kind,
            needed=_needed(look.version.evidence),
            own=look.own and register == look.register,
            unnamed_until=_unnamed_until(look),
            register=register,
            file=source.file,
            sheet=source.sheet,
            left_out=int(total[number]) - len(mine),
            rows=mine,
        )


def _unnamed_until(look: _Look) -> datetime.date | None:
    """The last of the current window's own days, where a row may name another window."""
    query, told = look.version.evidence, look.told
    if not isinstance(look.version.pattern, Periodic) or query is None or not query.period:
        return None
    current = told.observed.table["window"].tolist()
    ends = [window.end for window in windows(told.scope) if window.label in current]
    return as_date(ends[-1]) if ends else None


def _title(look: _Look) -> str:
    subjects = look.version.subjects
    one = isinstance(subjects, FixedList) and look.member >= 0
    return subjects.members[look.member].title if one and isinstance(subjects, FixedList) else ""


def _needed(query: EvidenceQuery | None) -> int:
    if query is None:
        return 1
    return 0 if query.needed_from else query.needed


def _rows(columns: Columns, seen: _Seen) -> Iterator[RowLooked]:
    count = len(columns)
    fails = _fails(seen.trials, count).tolist()
    first = _first(seen.trials, count)
    days = columns.days(seen.dated).tolist() if seen.dated else [0] * count
    until = seen.until.tolist() if seen.until is not None else [0] * count
    for row in range(count):
        trial = seen.trials[first[row]] if fails[row] else None
        cell = trial.column if trial else ""
        yield RowLooked(
            row=columns.table.row_of[row],
            date=as_date(days[row]),
            until=as_date(until[row]),
            names={role: texts[row] for role, texts in seen.names.items() if texts[row]},
            fails=fails[row],
            failed=trial.words if trial else "",
            state=_STATE[columns.table.columns[cell].state[row]] if cell else "",
            seen=cell_shown(columns.table, row, cell) if cell else None,
        )


def _first(trials: Sequence[Trial], count: int) -> list[int]:
    """For each row the first trial that is false, else the first that cannot be told; 0 where it
    passes them all."""
    if not trials:
        return [0] * count
    truths = np.array([trial.truth for trial in trials])
    false, unsure = truths == FALSE, truths != TRUE
    first = np.where(false.any(axis=0), false.argmax(axis=0), unsure.argmax(axis=0))
    return [int(each) for each in first.tolist()]


def cell_shown(table: Table, row: int, column: str) -> CellShown:
    """One cell of a table, its text None where the column is sensitive."""
    text = None if table.register.column(column).sensitive else table.columns[column].raw[row]
    return CellShown(table.place(row, column).cell, column, text)


# By the version ---------------------------------------------------------------------------------


def _of_version(look: _Look) -> Callable[[Columns], _Seen]:
    def see(columns: Columns) -> _Seen:
        dated = dated_by(look.version, look.member)
        trials = trials_of(columns, look.version, look.member)
        return _Seen(trials, dated, _until(look.version, columns, dated), _names(look, columns))

    return see


def _until(version: Version, columns: Columns, dated: str) -> Ints | None:
    pattern = version.pattern
    if isinstance(pattern, Standing):
        return ends_of(pattern, columns)
    return add(columns.days(dated), pattern.every) if isinstance(pattern, Rolling) else None


def _names(look: _Look, columns: Columns) -> dict[str, Sequence[str]]:
    """What each row is about, by role; nothing from a sensitive column."""
    version, query = look.version, look.version.evidence
    key = columns.table.register.key
    roles: dict[str, str | None] = {"event": key}
    if query is not None and not query.itself:
        people = isinstance(version.subjects, Population)
        roles = {
            "event": query.event if events_of(version) else None,
            "subject": query.subject if people else None,
            "period": query.period,
            "key": key if query.named_by_subject and people else None,
        }
    found = {
        role: _texts(columns, name, read=role == "period")
        for role, name in roles.items()
        if name and not columns.table.register.column(name).sensitive
    }
    subjects = version.subjects
    if query is not None and isinstance(subjects, FixedList) and subjects.named_in:
        found["subject"] = _titles(columns, query, subjects)
    return found


def _texts(columns: Columns, name: str, *, read: bool) -> Sequence[str]:
    """The raw text of each cell; with ``read`` its value, where it has one."""
    raw = columns.table.columns[name].raw
    if not read:
        return raw
    values = columns.values(name)
    return [text if value is None else str(value) for text, value in zip(raw, values, strict=True)]


def _titles(columns: Columns, query: EvidenceQuery, subjects: FixedList) -> Sequence[str]:
    """The titles of the members of the list that each row names."""
    truths = [named(columns, query, subjects, at) == TRUE for at in range(len(subjects.members))]
    titles = [each.title for each in subjects.members]
    return [
        "; ".join(title for title, says in zip(titles, flags, strict=True) if says)
        for flags in zip(*truths, strict=True)
    ]


# Nil returns ------------------------------------------------------------------------------------


def _nil(told: Told) -> Iterator[LookedAt]:
    """The nil returns, where the duty takes one for having been done."""
    if NIL not in told.scope.columns:
        return
    columns = told.scope.register(NIL)
    for number in judging(told):
        look = _Look(told, number, -1)
        pattern = look.version.pattern
        if isinstance(pattern, Periodic) and pattern.nil_return is not None:
            rows = np.arange(len(columns), dtype=np.int64)
            yield from _kept(look, columns, NIL, rows, _of_nil(pattern.nil_return))


def _of_nil(nil: NilReturn) -> Callable[[Columns], _Seen]:
    def see(columns: Columns) -> _Seen:
        names = {"period": _texts(columns, "period", read=True)}
        return _Seen(nil_trials(columns, nil), "given on", None, names)

    return see
