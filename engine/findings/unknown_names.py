"""Rows that name nothing on the list that they should name, counted by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from engine.assessment import OverdueCount, UnknownNames
from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import FALSE
from engine.columns.days import Flags
from engine.evaluated_duty import EvaluatedDuty
from engine.obligation import NO_MEMBER
from engine.outcome import Status
from engine.proof.conditions import evidence_results
from engine.proof.key_rows import key_asks, key_column
from engine.proof.naming import naming_columns
from engine.proof.search import timing_of
from evidence.cells.text import spaced_once
from evidence.register import ColumnSpec
from evidence.table import Table
from rules.model import Version

#: A sheet is named at the head of a report from half of its rows on, since it is then likely to
#: name things in another way than the list does. It is also named from a tenth of its rows on if
#: there are as many unknown names as a duty that reads them has overdue obligations: each of these
#: may then be overdue only for that reason. A typing error, or a few people who have left, is a
#: point to check.
_HALF = 0.5
_TENTH = 0.1


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
                rows = _could_meet(duty, version, columns[register], column, min(since))
                overdue.setdefault((register, column), []).append(_OverdueDuty(count, rows))
    return overdue


def _could_meet(
    duty: EvaluatedDuty, version: Version, columns: Columns, column: str, first_day: int
) -> Flags:
    """The rows that meet the conditions of a duty, except those on what ``column`` names, and are
    not dated before ``first_day``."""
    could: Flags = np.ones(len(columns), np.bool_)
    if version.evidence is None or version.evidence.register != columns.table.register.id:
        return np.zeros_like(could)
    for result in evidence_results(columns, version, NO_MEMBER):
        keys = {key_column(columns.table.register, key) for key in result.key_conditions}
        if column not in {*result.named, *keys}:
            could &= result.truth != FALSE
    timing = timing_of(duty.scope, duty.scope.version_number, NO_MEMBER)
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
