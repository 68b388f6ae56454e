"""Waivers: approved, dated relief (semantics.md, Waiver)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import plain
from engine.columns.days import NO_DAY, Ints
from engine.frames.grid import Grid
from engine.frames.scope import Scope
from engine.frames.waiver_names import ABOUT, Thing, covered, names_of
from engine.outcome import ObligationKey
from rules.model import Duty

REGISTER = "waivers"
#: What every waiver must give.
ASKED = ("duty", "subject", "reason", "approved by", "from", "until")
#: How far a waiver covers an obligation (situation field ``waived``).
NOT_WAIVED, WAIVED, ALL_WAIVED = 0, 1, 2
#: What a waiver names that is no one thing: every obligation, or those of the office.
ALL, OFFICE = "all", "office"


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver as recorded: ``complete`` if all that it must give was read and stands there.
    Days are ordinals, NO_DAY where unread; both ends are included."""

    row: int
    duty: str
    subject: str
    complete: bool
    first: int
    last: int

    def holds(self, as_of: int) -> bool:
        """Whether it covers D: complete, and from <= D <= until."""
        return self.complete and self.first <= as_of <= self.last


def waiver_rows(columns: AllColumns) -> list[WaiverRow]:
    """Every waiver of the register, complete or not; none where there is no such register."""
    if REGISTER not in columns:
        return []
    control = columns[REGISTER]
    return [_read(control, row) for row in range(len(control))]


def _read(control: Columns, row: int) -> WaiverRow:
    complete = all(bool(control.read(name)[row]) for name in ASKED)
    text = {name: str(control.values(name)[row] or "") for name in ("duty", "subject")}
    return WaiverRow(
        row=row,
        duty=plain(text["duty"]),
        subject=plain(text["subject"]),
        complete=complete,
        first=int(control.days("from")[row]),
        last=int(control.days("until")[row]),
    )


def duty_names(duty: Duty) -> set[str]:
    """The names by which a waiver may name the duty: its id and its aliases."""
    return {plain(name) for name in (duty.id, *duty.aliases)}


def waived(scope: Scope, waivers: Sequence[WaiverRow], table: Grid) -> Ints:
    """How far each obligation of the table is waived at D: for what it is about, as reports print
    it or by its key, or for all subjects. A text that fits two things does nothing."""
    result = np.full(len(table), NOT_WAIVED, dtype=np.int64)
    duty = scope.duty.duty
    own = duty_names(duty)
    mine = [each for each in waivers if each.duty in own and each.holds(scope.as_of)]
    if not mine or not duty.waivable:
        return result
    texts = {each.subject for each in mine}
    names = names_of(scope, table, texts - {ALL, OFFICE})
    things = (names.get(text, frozenset()) for text in texts - {ALL, OFFICE})
    result[covered(table, frozenset[Thing]().union(*(t for t in things if len(t) == 1)))] = WAIVED
    if OFFICE in texts:
        subject, event = (table[name] for name in ABOUT)
        result[(subject == "") & (event == "") & (table.ints("row") < 0)] = WAIVED
    if ALL in texts:
        result[:] = ALL_WAIVED
    return result


def named(subject: str, key: ObligationKey) -> bool:
    """Whether a waiver for this ``subject`` names an obligation: its subject or its event, the
    office where it has neither, or all."""
    names = {plain(name) for name in (key.subject, key.event) if name}
    return subject == ALL or subject in (names or {OFFICE})


def expired(waiver: WaiverRow, as_of: int) -> bool:
    """Whether a complete waiver ended before D."""
    return waiver.complete and waiver.last != NO_DAY and waiver.last < as_of
