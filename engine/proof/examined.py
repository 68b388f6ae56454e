"""The rows in which the evidence of a duty was looked for, and which condition each did not meet.

Months later nothing else says why a row did not count: so the assessment keeps them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.assessment import ExaminedSheet
from engine.columns.arrays import Columns
from engine.columns.days import Ints, as_date
from engine.columns.nil_returns import REGISTER as NIL
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.items import evidence_register
from engine.frames.periodic import windows
from engine.frames.scope import Scope
from engine.obligation import Obligation, member_of
from engine.outcome import Past, Status
from engine.proof.conditions import condition_results, nil_return_results
from engine.proof.examined_rows import (
    ExaminedColumns,
    examined_rows,
    fails_of,
    names_of,
    texts_of,
    until_of,
)
from evidence.table_slice import some_rows
from rules.condition import NilReturn
from rules.model import Version
from rules.pattern import EvidenceQuery, Periodic
from rules.reads import dating_columns, events_of
from rules.subject import FixedList, Population

#: Of a register with more rows than this only those are kept that name what is not met.
MANY = 2_000
#: And where rows name nothing, so many of those that come nearest.
_NEAREST = 200

_NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)


@dataclass(frozen=True, slots=True)
class _Search:
    """One look through a register: by a version, for a member of its fixed list (-1: for all)."""

    duty: EvaluatedDuty
    number: int
    member: int

    @property
    def version(self) -> Version:
        return self.duty.scope.version(self.number).version

    @property
    def register(self) -> str:
        return evidence_register(self.version)

    @property
    def own(self) -> bool:
        """Whether only the event's or record's own row counts."""
        query = self.version.evidence
        return query is None or query.itself

    @property
    def unmet(self) -> list[Obligation]:
        """The obligations that this version judges and that are not met."""
        return [
            obligation
            for obligation, answer in zip(
                self.duty.observed.obligations, self.duty.answers, strict=True
            )
            if obligation.version == self.number
            and answer.status in _NOT_MET
            and answer.past is Past.CURRENT
        ]


def examined_sheets(duty: EvaluatedDuty) -> tuple[ExaminedSheet, ...]:
    """Every row that was looked at for the duty, sheet by sheet. Of a register with more than
    MANY rows only those that name the subject or event of an obligation that is not met; how many
    more there are is said."""
    found: list[ExaminedSheet] = []
    for look in _looks(duty):
        columns = duty.scope.register(look.register)
        found += _kept(look, columns, look.register, _picked(look, columns), _of_version(look))
    return (*sorted(found, key=_in_order), *_nil(duty))


def _in_order(looked: ExaminedSheet) -> tuple[datetime.date, str, str, str]:
    """The order of the sheets: not that in which the files were given."""
    return looked.version_from, looked.member, looked.file, looked.sheet


def judging(duty: EvaluatedDuty) -> list[int]:
    """The numbers of the versions that judge a current obligation, and of the one that holds."""
    judged = zip(duty.observed.obligations, duty.answers, strict=True)
    used = {each.version for each, answer in judged if answer.past is Past.CURRENT}
    return sorted(used | {duty.scope.current})


def _looks(duty: EvaluatedDuty) -> Iterator[_Search]:
    for number in judging(duty):
        subjects = duty.scope.version(number).version.subjects
        members = subjects.members if isinstance(subjects, FixedList) else ()
        if any(each.where or each.dated for each in members):
            yield from (_Search(duty, number, at) for at in range(len(members)))
        else:
            yield _Search(duty, number, -1)


# Which rows -------------------------------------------------------------------------------------


def _picked(look: _Search, columns: Columns) -> Ints:
    """The rows of the register that are kept."""
    if len(columns) <= MANY:
        return np.arange(len(columns), dtype=np.int64)
    if look.own:
        rows = {each.event_row for each in look.unmet} - {-1}
        return np.array(sorted(rows), dtype=np.int64)
    flags = [
        np.fromiter((value in wanted for value in columns.values(name)), np.bool_, len(columns))
        for name, wanted in naming_values(look.duty.scope, look.version, look.unmet)
    ]
    if flags:
        return np.flatnonzero(np.logical_and.reduce(flags)).astype(np.int64)
    fails = fails_of(condition_results(columns, look.version, look.member), len(columns))
    return np.sort(np.argsort(fails, kind="stable")[:_NEAREST]).astype(np.int64)


def naming_values(
    scope: Scope, version: Version, obligations: Sequence[Obligation]
) -> Iterator[tuple[str, set[object]]]:
    """The columns by which a row of evidence names what it is about, each with what names one of
    the obligations."""
    query, subjects = version.evidence, version.subjects
    if query is None:
        return
    if query.event and events_of(version):
        yield query.event, {each.event for each in obligations}
    if query.subject and isinstance(subjects, Population):
        yield query.subject, {each.subject for each in obligations}
    key = scope.register(query.register).table.register.key
    if query.named_by_subject and key and isinstance(subjects, Population):
        keys = scope.register(subjects.register).values(query.named_by_subject)
        rows = {each.subject_row for each in obligations} - {-1}
        yield key, {keys[row] for row in rows} - {None}


# What is said of each ---------------------------------------------------------------------------


def _kept(
    look: _Search,
    columns: Columns,
    register: str,
    rows: Ints,
    see: Callable[[Columns], ExaminedColumns],
) -> Iterator[ExaminedSheet]:
    """The rows of each sheet of a register, by its sources."""
    table = some_rows(columns.table, rows.tolist())
    few = columns if table is columns.table else Columns(table, columns.as_of, columns.others)
    made = list(examined_rows(few, see(few)))
    total = np.bincount(columns.table.source_of, minlength=len(table.sources))
    for number, source in enumerate(table.sources):
        mine = tuple(row for at, row in zip(table.source_of, made, strict=True) if at == number)
        yield ExaminedSheet(
            version_from=look.duty.scope.version(look.number).begins,
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


def _unnamed_until(look: _Search) -> datetime.date | None:
    """The last of the current window's own days, where a row may name another window."""
    query, duty = look.version.evidence, look.duty
    if not isinstance(look.version.pattern, Periodic) or query is None or not query.period:
        return None
    current = {each.window for each in duty.observed.obligations}
    ends = [window.end for window in windows(duty.scope) if window.label in current]
    return as_date(ends[-1]) if ends else None


def _title(look: _Search) -> str:
    one = member_of(look.version, look.member)
    return one.title if one else ""


def _needed(query: EvidenceQuery | None) -> int:
    if query is None:
        return 1
    return 0 if query.needed_from else query.needed


# By the version ---------------------------------------------------------------------------------


def _of_version(look: _Search) -> Callable[[Columns], ExaminedColumns]:
    def see(columns: Columns) -> ExaminedColumns:
        dated = dating_columns(look.version, look.member)
        until = until_of(look.version, columns, dated[0] if dated else "")
        trials = condition_results(columns, look.version, look.member)
        return ExaminedColumns(trials, dated, until, names_of(look.version, columns))

    return see


# Nil returns ------------------------------------------------------------------------------------


def _nil(duty: EvaluatedDuty) -> Iterator[ExaminedSheet]:
    """The nil returns, where the duty takes one for having been done."""
    if NIL not in duty.scope.columns:
        return
    columns = duty.scope.register(NIL)
    for number in judging(duty):
        look = _Search(duty, number, -1)
        pattern = look.version.pattern
        if isinstance(pattern, Periodic) and pattern.nil_return is not None:
            rows = np.arange(len(columns), dtype=np.int64)
            yield from _kept(look, columns, NIL, rows, _of_nil(pattern.nil_return))


def _of_nil(nil: NilReturn) -> Callable[[Columns], ExaminedColumns]:
    def see(columns: Columns) -> ExaminedColumns:
        names = {"period": texts_of(columns, "period", read=True)}
        return ExaminedColumns(nil_return_results(columns, nil), ("given on",), None, names)

    return see
