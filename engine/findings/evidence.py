"""Findings: what was read and asks a person to look. No finding changes a status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from engine.assessment import FindingShown
from engine.columns.arrays import AllColumns
from engine.columns.conditions import TRUE, UNKNOWN, all_of
from engine.columns.nil_returns import REGISTER as NIL_RETURNS
from engine.columns.periods import period_kind
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.subject import subject_of_row
from engine.frames.evaluate import items_of
from engine.frames.items import Items
from engine.outcome import ItemRef
from engine.proof.phrases import day_words, place_words
from evidence.table import Place, Table
from rules.model import Version
from rules.patterns import Completeness


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding before it is shown: ``refs`` are the rows, with the column to point at."""

    kind: str
    duty: str
    message: str
    refs: tuple[tuple[ItemRef, str], ...]


def of_rows(noted: Noted, register: str, rows: Iterable[int], column: str) -> list[Noted]:
    """The same finding of each of these rows."""
    return [replace(noted, refs=((ItemRef(register, row), column),)) for row in rows]


def item_findings(duty: EvaluatedDuty) -> list[Noted]:
    """What single items of one duty's evidence ask a person to look at."""
    scope = duty.scope
    version = scope.version(scope.current).version
    found: list[Noted] = []
    if version.evidence is not None:
        for member, items in selections(duty, version):
            found += _dated_later(duty, items, version.dated_by(member))
            found += _other_period(duty, items)
        found += _strays(duty)
    if isinstance(version.pattern, Completeness):
        found += _done_later(duty, version.pattern)
    found += _remarks(duty, version)
    return found


def selections(duty: EvaluatedDuty, version: Version) -> list[tuple[int, Items]]:
    """The evidence selected, by member of the fixed list (-1 without one)."""
    scope = duty.scope
    if version.members:
        members = enumerate(version.members)
        return [(n, items_of(scope, scope.current, each)) for n, each in members]
    return [(-1, items_of(scope, scope.current))]


def _dated_later(duty: EvaluatedDuty, items: Items, dated: str) -> list[Noted]:
    """An item dated after D does not count, and is a finding (semantics.md, Evidence); not where
    the register expects days to come, such as those of planned meetings."""
    if items.columns.table.register.column(dated).planned:
        return []
    later = np.flatnonzero((items.truth == TRUE) & (items.day > duty.scope.as_of)).tolist()
    return [_later(duty, ItemRef(items.register, row), dated, items.day[row]) for row in later]


def _done_later(duty: EvaluatedDuty, pattern: Completeness) -> list[Noted]:
    """The same of the day on which a record is said to have been done."""
    register = pattern.records.register
    columns = duty.scope.register(register)
    rows = sorted({each.event_row for each in duty.observed.obligations} - {-1})
    return [
        _later(duty, ItemRef(register, row), name, columns.days(name)[row])
        for name in pattern.done_on
        if not columns.table.register.column(name).planned
        for row in rows
        if columns.days(name)[row] > duty.scope.as_of
    ]


def _later(duty: EvaluatedDuty, ref: ItemRef, dated: str, day: np.int64) -> Noted:
    words = f"Dated {day_words(int(day))}, after the day of the check: it does not count yet."
    return Noted("dated after the check", duty.id, words, ((ref, dated),))


def _other_period(duty: EvaluatedDuty, items: Items) -> list[Noted]:
    """An item that names a period of another kind (semantics.md, Pattern 1), whatever else of it
    cannot be read."""
    version = duty.scope.version(duty.scope.current).version
    query, kind = version.evidence, version.pattern.period_kind
    if items.period is None or items.period_read is None or kind is None:
        return []
    assert query is not None
    rest = all_of(items.columns, query.asks)
    other = [isinstance(label, str) and period_kind(label) != kind for label in items.period]
    unknown = (rest == TRUE) & (items.truth == UNKNOWN)
    odd = np.flatnonzero(unknown & items.period_read & np.array(other, dtype=np.bool_))
    words = f"Names a period that is no {kind}, so it cannot be read for this duty."
    noted, column = Noted("another kind of period", duty.id, words, ()), query.period or ""
    return of_rows(noted, items.register, odd.tolist(), column)


def _strays(duty: EvaluatedDuty) -> list[Noted]:
    words = (
        "It names no period and came after a deadline, before the next window opened: it was "
        "counted for the earlier window, late."
    )
    return [
        Noted("counted for an earlier window", duty.id, words, ((ItemRef(*stray), ""),))
        for stray in duty.observed.strays
    ]


def _remarks(duty: EvaluatedDuty, version: Version) -> list[Noted]:
    """The rule's own remarks on the items that met it."""
    found: list[Noted] = []
    refs = sorted({ref for answer in duty.answers for ref in answer.met_by})
    for remark in version.remarks:
        column = remark.where[0].column if remark.where else ""
        for register in sorted({ref.register for ref in refs} - {NIL_RETURNS}):
            truth = all_of(duty.scope.register(register), remark.where)
            rows = [row for name, row in refs if name == register and truth[row] == TRUE]
            found += of_rows(Noted("remark", duty.id, remark.say, ()), register, rows, column)
    return found


def shown(noted: Noted, columns: AllColumns) -> FindingShown:
    """The finding with its places in words."""
    places = tuple(
        place_words(_place(columns[ref.register].table, ref.row, column))
        for ref, column in noted.refs
    )
    ref, _ = noted.refs[0]
    subject = subject_of_row(columns, ref)
    return FindingShown(noted.kind, noted.duty, noted.message, places, subject)


def _place(table: Table, row: int, column: str) -> Place:
    """The cell; where the sheet has none for it, that of the row's day or key."""
    spec = table.register
    tried = (table.place(row, name) for name in (column, spec.dated_by, spec.key) if name)
    return next((place for place in tried if place.cell), table.place(row))
