"""The rows in which the evidence of a duty was looked for, and which condition each did not meet.

Months later nothing else says why a row did not count: so the assessment keeps them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.assessment import LookedAt
from engine.columns.arrays import Columns
from engine.columns.days import Ints, as_date
from engine.columns.nil_returns import REGISTER as NIL
from engine.evaluated_duty import Told
from engine.frames.windows import windows
from engine.outcome import Past, Status
from engine.proof.conditions import nil_trials, trials_of
from engine.proof.examined_rows import Seen, fails_of, names_of, rows_seen, texts_of, until_of
from evidence.table_slice import some_rows
from rules.condition import NilReturn
from rules.model import Version
from rules.patterns import EvidenceQuery

#: Of a register with more rows than this only those are kept that name what is not met.
MANY = 2_000
#: And where rows name nothing, so many of those that come nearest.
_NEAREST = 200

_NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)


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
        rows = self.version.rows
        assert rows is not None
        return rows.register

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
    used = {n for n, gone in set(zip(numbers, past, strict=True)) if gone is Past.CURRENT}
    return sorted(used | {told.scope.current})


def _looks(told: Told) -> Iterator[_Look]:
    for number in judging(told):
        members = told.scope.version(number).version.members
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
    fails = fails_of(trials_of(columns, look.version, look.member), len(columns))
    return np.sort(np.argsort(fails, kind="stable")[:_NEAREST]).astype(np.int64)


def _linked(look: _Look, columns: Columns) -> Iterator[tuple[str, set[object]]]:
    """The columns by which a row says what it is about, with what is not met of it."""
    query, people = look.version.evidence, look.version.population
    assert query is not None
    if query.event and look.version.events:
        yield query.event, look.unmet("event")
    if query.subject and people:
        yield query.subject, look.unmet("subject")
    key = columns.table.register.key
    if query.named_by_subject and people and key:
        named = look.told.scope.register(people.register).values(query.named_by_subject)
        rows = {row for row in look.unmet("subject_row") if isinstance(row, int)}
        yield key, {named[row] for row in rows} - {None}


# What is said of each ---------------------------------------------------------------------------


def _kept(
    look: _Look, columns: Columns, register: str, rows: Ints, see: Callable[[Columns], Seen]
) -> Iterator[LookedAt]:
    """The rows of each sheet of a register, by its sources."""
    table = some_rows(columns.table, rows.tolist())
    few = columns if table is columns.table else Columns(table, columns.as_of, columns.others)
    made = list(rows_seen(few, see(few)))
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
    if look.version.pattern.period_kind is None or query is None or not query.period:
        return None
    current = told.observed.table["window"].tolist()
    ends = [window.end for window in windows(told.scope) if window.label in current]
    return as_date(ends[-1]) if ends else None


def _title(look: _Look) -> str:
    member = look.version.member(look.member)
    return member.title if member else ""


def _needed(query: EvidenceQuery | None) -> int:
    if query is None:
        return 1
    return 0 if query.needed_from else query.needed


# By the version ---------------------------------------------------------------------------------


def _of_version(look: _Look) -> Callable[[Columns], Seen]:
    def see(columns: Columns) -> Seen:
        dated = look.version.dating_columns(look.member)
        until = until_of(look.version, columns, dated[0] if dated else "")
        trials = trials_of(columns, look.version, look.member)
        return Seen(trials, dated, until, names_of(look.version, columns))

    return see


# Nil returns ------------------------------------------------------------------------------------


def _nil(told: Told) -> Iterator[LookedAt]:
    """The nil returns, where the duty takes one for having been done."""
    if NIL not in told.scope.columns:
        return
    columns = told.scope.register(NIL)
    for number in judging(told):
        look = _Look(told, number, -1)
        nil = look.version.pattern.nil
        if nil is not None:
            rows = np.arange(len(columns), dtype=np.int64)
            yield from _kept(look, columns, NIL, rows, _of_nil(nil))


def _of_nil(nil: NilReturn) -> Callable[[Columns], Seen]:
    def see(columns: Columns) -> Seen:
        names = {"period": texts_of(columns, "period", read=True)}
        return Seen(nil_trials(columns, nil), ("given on",), None, names)

    return see
