"""Findings about single items: dated later, of another period, strayed, or remarked on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, UNKNOWN, all_of
from engine.columns.days import Flags, Ints
from engine.columns.nil_returns import REGISTER as NIL_RETURNS
from engine.columns.periods import period_kind
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.noted import Noted, at
from engine.frames.evaluate import items_of
from engine.frames.items import Items
from engine.proof.phrases import day_words
from rules.model import Version
from rules.patterns import Completeness


def item_findings(duty: EvaluatedDuty) -> Iterator[Noted]:
    """What single items of one duty's evidence ask a person to look at."""
    version = duty.scope.version(duty.scope.current).version
    if version.evidence is not None:
        for member, items in selections(duty, version):
            dated, certain = version.dated_by(member), np.asarray(items.truth == TRUE)
            yield from _dated_later(duty, items.columns, dated, items.day, certain)
            yield from _other_period(duty, version, items)
        words = (
            "It names no period and came after a deadline, before the next window opened: it was "
            "counted for the earlier window, late."
        )
        for stray in duty.observed.strays:
            yield Noted("counted for an earlier window", duty.id, words, at(*stray, ""))
    if isinstance(version.pattern, Completeness):
        columns = duty.scope.register(version.pattern.records.register)
        listed = np.isin(np.arange(len(columns)), listed_rows(duty))
        for name in version.pattern.done_on:
            yield from _dated_later(duty, columns, name, columns.days(name), listed)
    yield from _remarks(duty, version)


def selections(duty: EvaluatedDuty, version: Version) -> list[tuple[int, Items]]:
    """The evidence selected, by member of the fixed list (-1 without one)."""
    scope = duty.scope
    members = enumerate(version.members) if version.members else [(-1, None)]
    return [(number, items_of(scope, scope.current, each)) for number, each in members]


def listed_rows(duty: EvaluatedDuty) -> list[int]:
    """The rows that list the events or records that the duty's obligations are about."""
    return sorted({each.event_row for each in duty.observed.obligations} - {-1})


def _dated_later(
    duty: EvaluatedDuty, columns: Columns, dated: str, days: Ints, rows: Flags
) -> Iterator[Noted]:
    """An item dated after D does not count, and is a finding (semantics.md, Evidence); not where
    the register expects days to come, such as those of planned meetings."""
    spec = columns.table.register
    if spec.column(dated).planned:
        return
    for row in np.flatnonzero(rows & (days > duty.scope.as_of)).tolist():
        words = f"Dated {day_words(int(days[row]))}, after the day of the check: "
        words += "it does not count yet."
        yield Noted("dated after the check", duty.id, words, at(spec.id, row, dated))


def _other_period(duty: EvaluatedDuty, version: Version, items: Items) -> Iterator[Noted]:
    """An item that names a period of another kind (semantics.md, Pattern 1), whatever else of it
    cannot be read."""
    query, kind = version.query, version.pattern.period_kind
    if items.period is None or items.period_read is None or kind is None:
        return
    rest = all_of(items.columns, query.asks)
    other = [isinstance(label, str) and period_kind(label) != kind for label in items.period]
    unknown = (rest == TRUE) & (items.truth == UNKNOWN)
    odd = np.flatnonzero(unknown & items.period_read & np.array(other, dtype=np.bool_))
    words = f"Names a period that is no {kind}, so it cannot be read for this duty."
    for row in odd.tolist():
        place = at(items.register, row, query.period or "")
        yield Noted("another kind of period", duty.id, words, place)


def _remarks(duty: EvaluatedDuty, version: Version) -> Iterator[Noted]:
    """The rule's own remarks on the items that met it."""
    refs = sorted({ref for answer in duty.answers for ref in answer.met_by})
    registers = {ref.register for ref in refs} - {NIL_RETURNS}
    for remark in version.remarks:
        column = remark.where[0].column if remark.where else ""
        truths = {name: all_of(duty.scope.register(name), remark.where) for name in registers}
        for register, row in refs:
            if register in truths and truths[register][row] == TRUE:
                yield Noted("remark", duty.id, remark.say, at(register, row, column))
