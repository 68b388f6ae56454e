"""Rows that name nothing on the list that they should name: counted by sheet, and those that might
meet an obligation once the name is corrected."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from engine.assessment import OverdueCount, RejectedRow, RejectedRows, UnknownNames
from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import FALSE
from engine.columns.days import Flags
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.unknown_name_cells import UnknownNameCell, UnknownNameFindings
from engine.frames.scope import Scope
from engine.obligation import NO_MEMBER, Obligation
from engine.outcome import ItemRef, Status
from engine.proof.citations import CitationCache
from engine.proof.conditions import evidence_results
from engine.proof.key_rows import key_asks, key_column
from engine.proof.naming import name_of, naming_columns
from engine.proof.search import timing_of
from evidence.cells.text import normal_key, spaced_once
from evidence.register import ColumnSpec
from evidence.table import Table
from rules.condition import Condition
from rules.model import Version

#: A sheet is named at the head of a report from half of its rows on, since it is then likely to
#: name things in another way than the list does. It is also named from a tenth of its rows on if
#: there are as many unknown names as a duty that reads them has overdue obligations: each of these
#: may then be overdue only for that reason. A typing error, or a few people who have left, is a
#: point to check.
_HALF = 0.5
_TENTH = 0.1


#: So many misnamed rows of an obligation are told at most, and so many of which nothing tells what
#: is meant.
_FEW = 2
#: How many rows with an unknown name are considered for them at most, the latest first.
_CONSIDERED = 50


@dataclass(slots=True)
class _SheetNames:
    """The numbers of the rows of one sheet that name something in a column (``rows``), and of those
    whose names are all unknown (``unknown``); ``unknown_at`` are the latter's positions in the
    table."""

    rows: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    unknown_at: list[int] = field(default_factory=list)


class _OverdueDuty(NamedTuple):
    """The overdue obligations of a duty that reads a column, and the rows of the column's register
    that could meet one of them if their names were known."""

    counted: OverdueCount
    could_meet: Flags


def unknown_names(duties: Sequence[EvaluatedDuty], columns: AllColumns) -> tuple[UnknownNames, ...]:
    """Each sheet with rows that name nothing on a list which was provided and can be read, by
    column."""
    tables = {name: register.table for name, register in columns.items()}
    overdue = _overdue(duties, columns)
    sheets: list[UnknownNames] = []
    for table in tables.values():
        for spec in table.register.columns:
            if spec.named and all(tables[name].found for name in spec.named):
                duties_of = overdue.get((table.register.id, spec.name), ())
                sheets += _of_column(table, spec, tables, duties_of)
    return tuple(sheets)


def _overdue(
    duties: Sequence[EvaluatedDuty], columns: AllColumns
) -> dict[tuple[str, str], list[_OverdueDuty]]:
    """By register and column: the duties that read which rows the column names, of those with an
    overdue obligation."""
    overdue: dict[tuple[str, str], list[_OverdueDuty]] = {}
    for duty in duties:
        since = [
            obligation.relevant_from
            for answer, obligation in zip(duty.answers, duty.observed.obligations, strict=True)
            if answer.status is Status.OVERDUE and answer.is_current
        ]
        if since:
            version = duty.scope.version(duty.scope.version_number).rule
            count = OverdueCount(duty.id, len(since), people=version.population is not None)
            for register, column in _naming_columns(version, columns):
                could = np.zeros(len(columns[register]), np.bool_)
                if version.evidence is not None and version.evidence.register == register:
                    could = _could_meet(
                        duty.scope, duty.scope.version_number, NO_MEMBER, column, min(since)
                    )
                overdue.setdefault((register, column), []).append(_OverdueDuty(count, could))
    return overdue


def _could_meet(scope: Scope, number: int, member: int, column: str, first_day: int) -> Flags:
    """The rows that meet the conditions on the evidence of a version, except those on what
    ``column`` names, and are not dated before ``first_day``."""
    version = scope.version(number).rule
    columns = scope.register(version.query.register)
    could: Flags = np.ones(len(columns), np.bool_)
    for result in evidence_results(columns, version, member):
        keys = {key_column(columns.table.register, key) for key in result.key_conditions}
        if column not in {*result.named, *keys}:
            could &= result.truth != FALSE
    timing = timing_of(scope, number, member)
    if timing.periods is None:
        days = np.array(timing.days)
        could &= (days == 0) | (days >= first_day)
    return could


def _naming_columns(version: Version, columns: AllColumns) -> set[tuple[str, str]]:
    """The columns, after their registers, by which a row counts for what it names, or has to name
    a row."""
    read = {
        (register, key_column(columns[register].table.register, ask))
        for register, asks in version.row_conditions
        for ask in key_asks(columns[register], asks)
    }
    if version.evidence is not None:
        register = version.evidence.register
        roles = naming_columns(columns[register], version)
        read |= {(register, column) for role, column in roles.items() if role != "key"}
    return read


def _of_column(
    table: Table, spec: ColumnSpec, tables: Mapping[str, Table], overdue: Sequence[_OverdueDuty]
) -> Iterator[UnknownNames]:
    """The names in one column that are on none of its lists, sheet by sheet. They are shown at the
    head of the report if they are half of the sheet's rows, or a tenth of them and a duty has no
    more overdue obligations than there are such names."""
    lists = [tables[name] for name in spec.named]
    known = {key for listing in lists for key in listing.columns[listing.register.key or ""].value}
    sheets: dict[tuple[str, str], _SheetNames] = {}
    for row, value in enumerate(table.columns[spec.name].value):
        names = value if isinstance(value, frozenset) else {value} if value else ()
        if names:
            source = table.sources[table.source_of[row]]
            sheet = sheets.setdefault((source.file, source.sheet), _SheetNames())
            sheet.rows.add(table.row_of[row])
            if known.isdisjoint(names):
                sheet.unknown.add(table.row_of[row])
                sheet.names.update(map(str, names))
                sheet.unknown_at.append(row)
    for (file, name), sheet in sheets.items():
        if sheet.unknown:
            cell, raw = _first(table, spec.name, sheet.unknown_at)
            share = len(sheet.unknown) / len(sheet.rows)
            as_many = any(duty.counted.obligations <= len(sheet.names) for duty in overdue)
            yield UnknownNames(
                file=file,
                sheet=name,
                register=table.register.id,
                column=spec.name,
                lists=tuple(listing.title for listing in lists),
                people=all(listing.register.has_personal_keys for listing in lists),
                rows=len(sheet.rows),
                unknown=len(sheet.unknown),
                cell=cell,
                value=None if spec.sensitive else spaced_once(raw),
                overdue=tuple(
                    duty.counted for duty in overdue if duty.could_meet[sheet.unknown_at].any()
                ),
                at_head=share >= _HALF or (share >= _TENTH and as_many),
            )


def _first(table: Table, column: str, rows: Sequence[int]) -> tuple[str, str]:
    """The address and the text of the cell that comes first on its sheet, whatever the order of the
    ``rows`` in the table. A mapping may read several rows in one line of a sheet."""
    raw = table.columns[column].raw
    line = min(table.row_of[row] for row in rows)
    return min(
        (table.place(row, column).cell, raw[row]) for row in rows if table.row_of[row] == line
    )


# Rows that might meet an obligation ---------------------------------------------------------------


class MisnamedRow(NamedTuple):
    """A row that might meet an obligation once the unknown name in it is corrected. ``keys``: those
    of the rows that may be meant, none if nothing tells. ``day`` is its day as an ordinal, or 0.
    ``correction`` says what to correct, and ``rejected`` is the row as it is shown."""

    ref: ItemRef
    day: int
    keys: frozenset[str]
    correction: str
    rejected: RejectedRow


class MisnamedRows:
    """Finds the misnamed rows of the obligations of one duty."""

    def __init__(self, scope: Scope, citations: CitationCache) -> None:
        self._scope, self._citations = scope, citations
        tables = {name: columns.table for name, columns in scope.columns.items()}
        self._names = UnknownNameFindings(tables, ())
        self._rows = cache(self._misnamed)

    def rows_for(self, obligation: Obligation) -> Sequence[MisnamedRow]:
        """The latest misnamed rows that are not too early for an obligation and by which it may be
        meant."""
        number, member = obligation.version_number, obligation.member
        version = self._scope.version(number).rule
        rows: list[MisnamedRow] = []
        for role, misnamed in self._rows(number, member).items():
            name = name_of(self._scope, version, role, obligation)
            others = self._others(version, role, obligation)
            for row in (
                [*misnamed.get(name, ()), *misnamed.get(None, ())] if name is not None else ()
            ):
                columns = self._scope.register(row.ref.register)
                is_about = all(columns.values(c)[row.ref.row] == value for c, value in others)
                if is_about and (not row.day or row.day >= obligation.relevant_from):
                    rows.append(row)
        return rows[:_FEW]

    def _others(
        self, version: Version, role: str, obligation: Obligation
    ) -> Sequence[tuple[str, object]]:
        """What a row about an obligation names in its other roles, by their columns."""
        columns = naming_columns(self._scope.register(version.query.register), version)
        return [
            (column, name_of(self._scope, version, other, obligation))
            for other, column in columns.items()
            if other != role
        ]

    def _misnamed(
        self, number: int, member: int
    ) -> Mapping[str, Mapping[object, Sequence[MisnamedRow]]]:
        """The latest rows with an unknown name that could count under a version, by the role of the
        name and by what may be meant (None: nothing tells). Of the latter there is none if it names
        a person, who has probably left, or if there are many: the sheet then names other things."""
        version = self._scope.version(number).rule
        if version.evidence is None or version.evidence.itself:
            return {}
        columns = self._scope.register(version.query.register)
        found: dict[str, Mapping[object, Sequence[MisnamedRow]]] = {}
        for role, column in naming_columns(columns, version).items():
            spec = columns.table.register.column(column)
            lists = [self._scope.columns[name].table for name in spec.named]
            if role == "key" or not lists or not all(listing.found for listing in lists):
                continue
            of_people = any(listing.register.has_personal_keys for listing in lists)
            by_key: dict[object, list[MisnamedRow]] = {}
            for row in self._unknown(number, member, spec, lists):
                for key in row.keys or (None,):
                    by_key.setdefault(key, []).append(row)
            if of_people or len(by_key.get(None, ())) > _FEW:
                by_key.pop(None, None)
            found[role] = by_key
        return found

    def _unknown(
        self, number: int, member: int, spec: ColumnSpec, lists: Sequence[Table]
    ) -> Sequence[MisnamedRow]:
        """The latest rows with a name in a column that is on none of its lists."""
        version = self._scope.version(number).rule
        columns = self._scope.register(version.query.register)
        known = {key for listing in lists for key in listing.rows_by_key()}
        unknown = [
            row
            for row, value in enumerate(columns.values(spec.name))
            if isinstance(value, str) and value not in known
        ]
        if not unknown:
            return ()
        days = timing_of(self._scope, number, member).days
        could = _could_meet(self._scope, number, member, spec.name, 0)
        rows = [row for row in unknown if could[row] and days[row] <= self._scope.as_of_day]
        rows.sort(key=lambda row: (-days[row], columns.table.row_of[row]))
        dated = version.dating_columns(member)
        cells = (
            UnknownNameCell(columns.table, spec, row, str(columns.values(spec.name)[row]))
            for row in rows[:_CONSIDERED]
        )
        return [self._row(cell, columns, dated, days[cell.row]) for cell in cells]

    def _row(
        self, cell: UnknownNameCell, columns: Columns, dated: tuple[str, ...], day: int
    ) -> MisnamedRow:
        """The row of a cell with an unknown name; the columns ``dated`` date it."""
        ref, column = cell.cell
        place = cell.table.place(cell.row, column)
        key_rows = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        why = key_rows.why_not(columns, cell.row, Condition(column=column, filled=True))
        shown = self._citations.shown(ref.register, (column,), *dated).row(cell.row)
        heading, message = cell.table.heading(cell.row, column), self._names.message(cell)
        return MisnamedRow(
            ref,
            day,
            frozenset(map(normal_key, self._names.meant(cell))),
            f"Correct {place.cell} of {place.sheet}: {message[:1].lower()}{message[1:]}",
            RejectedRow(shown, why=f"in '{heading}', {why}", column="", state=""),
        )


def with_misnamed(
    groups: Sequence[RejectedRows], misnamed: Sequence[MisnamedRow], scope: Scope
) -> tuple[RejectedRows, ...]:
    """The rejected rows of an obligation with its misnamed rows, which are first in their group."""
    if not misnamed:
        return tuple(groups)
    rows = tuple([row.rejected for row in misnamed])
    register = misnamed[0].ref.register
    own = RejectedRows(register, scope.register(register).table.title, "", (), ())
    own = next((group for group in groups if group.register == register and not group.silent), own)
    others = (group for group in groups if group is not own)
    return (replace(own, rows=(*rows, *own.rows)), *others)
