"""The rows in which the evidence of a duty was looked for, and which condition each did not meet.

Months later nothing else says why a row did not count: so the assessment keeps them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.assessment import ExaminedRow, ExaminedSheet
from engine.columns.arrays import Columns
from engine.columns.days import Ints, as_date
from engine.columns.nil_returns import REGISTER as NIL
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.items import evidence_register
from engine.frames.periodic import windows
from engine.frames.scope import Scope
from engine.obligation import Obligation
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

#: Of a register with more rows than this only those are kept that name what is not met.
MANY = 2_000
#: And where rows name nothing, so many of those that come nearest.
_NEAREST = 200

_NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)


@dataclass(frozen=True, slots=True)
class _Search:
    """One search of a register: by a version, for a member of its fixed list (-1: for all)."""

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
    """Every row that was examined for the duty, sheet by sheet. Of a register with more than MANY
    rows only those that name the subject or event of an obligation that is not met; how many more
    there are is said."""
    found: list[ExaminedSheet] = []
    for search in _searches(duty):
        columns = duty.scope.register(search.register)
        rows = _picked(search, columns)
        found += _sheets(search, columns, rows, partial(_of_version, search))
    # The order of the sheets is not that in which the files were given.
    found.sort(key=lambda each: (each.version_from, each.member, each.file, each.sheet))
    return (*found, *_nil(duty))


def judging(duty: EvaluatedDuty) -> list[int]:
    """The numbers of the versions that judge a current obligation, and of the one that holds."""
    judged = zip(duty.observed.obligations, duty.answers, strict=True)
    used = {each.version for each, answer in judged if answer.past is Past.CURRENT}
    return sorted(used | {duty.scope.current})


def _searches(duty: EvaluatedDuty) -> Iterator[_Search]:
    for number in judging(duty):
        members = duty.scope.version(number).version.members
        apart = any(each.where or each.dated for each in members)
        for member in range(len(members)) if apart else (-1,):
            yield _Search(duty, number, member)


# Which rows -------------------------------------------------------------------------------------


def _picked(search: _Search, columns: Columns) -> Ints:
    """The rows of the register that are kept."""
    if len(columns) <= MANY:
        return np.arange(len(columns), dtype=np.int64)
    if search.own:
        rows = {each.event_row for each in search.unmet} - {-1}
        return np.array(sorted(rows), dtype=np.int64)
    flags = [
        np.fromiter((value in wanted for value in columns.values(name)), np.bool_, len(columns))
        for name, wanted in naming_values(search.duty.scope, search.version, search.unmet)
    ]
    if flags:
        return np.flatnonzero(np.logical_and.reduce(flags)).astype(np.int64)
    fails = fails_of(condition_results(columns, search.version, search.member), len(columns))
    return np.sort(np.argsort(fails, kind="stable")[:_NEAREST]).astype(np.int64)


def naming_values(
    scope: Scope, version: Version, obligations: Sequence[Obligation]
) -> Iterator[tuple[str, set[object]]]:
    """The columns by which a row of evidence names what it is about, each with what names one of
    the obligations."""
    query, subjects = version.evidence, version.population
    if query is None:
        return
    if query.event and version.events:
        yield query.event, {each.event for each in obligations}
    if query.subject and subjects:
        yield query.subject, {each.subject for each in obligations}
    key = scope.register(query.register).table.register.key
    if query.named_by_subject and key and subjects:
        keys = scope.register(subjects.register).values(query.named_by_subject)
        rows = {each.subject_row for each in obligations} - {-1}
        yield key, {keys[row] for row in rows} - {None}


# What is said of each ---------------------------------------------------------------------------


def _sheets(
    search: _Search, columns: Columns, rows: Ints, facts: Callable[[Columns], ExaminedColumns]
) -> Iterator[ExaminedSheet]:
    """The rows of each sheet of a register."""
    table, register = some_rows(columns.table, rows.tolist()), columns.table.register.id
    few = columns if table is columns.table else Columns(table, columns.as_of, columns.others)
    by_sheet: list[list[ExaminedRow]] = [[] for _ in table.sources]
    for number, row in zip(table.source_of, examined_rows(few, facts(few)), strict=True):
        by_sheet[number].append(row)
    total = np.bincount(columns.table.source_of, minlength=len(table.sources)).tolist()
    member, query = search.version.member(search.member), search.version.evidence
    needed, until = query.needed if query else 1, _unnamed_until(search)
    for source, mine, count in zip(table.sources, by_sheet, total, strict=True):
        yield ExaminedSheet(
            version_from=search.duty.scope.version(search.number).begins,
            member=member.title if member else "",
            pattern=search.version.pattern.kind,
            needed=0 if query and query.needed_from else needed,
            own=search.own and register == search.register,
            unnamed_until=until,
            register=register,
            file=source.file,
            sheet=source.sheet,
            left_out=count - len(mine),
            rows=tuple(mine),
        )


def _unnamed_until(search: _Search) -> datetime.date | None:
    """The last of the current window's own days, where a row may name another window."""
    query, duty = search.version.evidence, search.duty
    if search.version.pattern.period_kind is None or query is None or not query.period:
        return None
    current = {each.window for each in duty.observed.obligations}
    ends = [window.end for window in windows(duty.scope) if window.label in current]
    return as_date(ends[-1]) if ends else None


def _of_version(search: _Search, columns: Columns) -> ExaminedColumns:
    dated = search.version.dating_columns(search.member)
    until = until_of(search.version, columns, dated[0] if dated else "")
    results = condition_results(columns, search.version, search.member)
    return ExaminedColumns(results, dated, until, names_of(search.version, columns))


def _nil(duty: EvaluatedDuty) -> Iterator[ExaminedSheet]:
    """The nil returns, where the duty takes one for having been done."""
    if NIL not in duty.scope.columns:
        return
    columns = duty.scope.register(NIL)
    rows = np.arange(len(columns), dtype=np.int64)
    for number in judging(duty):
        search = _Search(duty, number, -1)
        nil = search.version.pattern.nil
        if nil is not None:
            yield from _sheets(search, columns, rows, partial(_of_nil, nil))


def _of_nil(nil: NilReturn, columns: Columns) -> ExaminedColumns:
    names = {"period": texts_of(columns, "period", read=True)}
    return ExaminedColumns(nil_return_results(columns, nil), ("given on",), None, names)
