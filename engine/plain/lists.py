"""Lists of subjects and of events: who and what is asked, and which rows cannot be told.

Semantics.md, Subjects; Evidence (a row that lists a subject, event or record).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.plain import conditions
from engine.plain.sheet import Sheet, Sheets
from evidence.cells.silence import says_nothing
from evidence.table import CellState
from rules.model import Version
from rules.patterns import Events
from rules.subject import Member, Population


class Subject(NamedTuple):
    """Whom a duty asks: the office (no key), a member of a fixed list, or a person or thing of a
    population, by its ``row``. ``since``: when it joined, or was flagged if that is later."""

    key: str = ""
    since: date = date.min
    leaves: date | None = None
    row: int = -1
    member: Member | None = None

    @property
    def person(self) -> bool:
        """Whether it comes from a population."""
        return self.row >= 0


class Unclear(NamedTuple):
    """A listed row of which nothing can be told; ``day`` is its day, where that can be read."""

    row: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Roll:
    """The subjects of a population that are there on the as-of date."""

    asked: tuple[Subject, ...]
    unclear: tuple[Unclear, ...]


class Listed(NamedTuple):
    """A row that lists an event or record; ``certain`` where no condition on it is unknown."""

    row: int
    key: str | None
    day: date | None
    certain: bool


class Event(NamedTuple):
    """An event or record of which something is asked: its row, key and day."""

    row: int
    key: str
    day: date


def subjects_of(sheets: Sheets, rule: Version) -> Sequence[Subject]:
    """Whom a rule asks on the as-of date: the office, the members of a list, or a population."""
    if rule.population is not None:
        return roll_of(sheets, rule.population).asked
    return [Subject(member.id, member=member) for member in rule.members] or [Subject()]


def roll_of(sheets: Sheets, population: Population) -> Roll:
    """Who of a population is asked on the as-of date, from the day they join to the day before
    they leave; once for all duties that ask it."""
    return sheets.once(("roll", population), lambda: _roll(sheets, population))


def _roll(sheets: Sheets, population: Population) -> Roll:
    sheet = sheets.of(population.register)
    spells = _Spells(sheet, population)
    claimed = _claimed_twice(spells)
    asked: list[Subject] = []
    unclear: list[Unclear] = []
    for row, told in enumerate(spells.told):
        if told is False or spells.left_out(row, sheets.as_of):
            continue
        key, since = spells.key(row), spells.since(row)
        if told is None or key is None or since is None or row in claimed:
            unclear.append(Unclear(row, since))
        else:
            asked.append(Subject(key, since, spells.leaves[row], row))
    return Roll(tuple(asked), tuple(unclear))


class _Spells:
    """The columns of a population that say who is there, and from when to when."""

    def __init__(self, sheet: Sheet, population: Population) -> None:
        nobody: list[date | None] = [None] * sheet.size
        leaves, flagged = population.leaves, population.flagged
        self.told = conditions.listed(sheet, population.asks)
        self.keys = sheet.own_keys()
        self.joins = sheet.days(population.joins)
        self.leaves = sheet.days(leaves) if leaves else nobody
        self.flags = flagged is not None
        self.flagged = sheet.days(flagged) if flagged else nobody
        self.flag_states = sheet.states(flagged) if flagged else ()

    def key(self, row: int) -> str | None:
        keys = self.keys[row]
        return keys[0] if keys else None

    def since(self, row: int) -> date | None:
        """When the subject joined, or was flagged if later; None where that cannot be read."""
        joins, flagged = self.joins[row], self.flagged[row]
        if joins is None or not self.flags:
            return joins
        return None if flagged is None else max(joins, flagged)

    def left_out(self, row: int, day: date) -> bool:
        """Whether what can be read already says that the subject is not asked on ``day``. An
        unreadable leaving day reads as not left."""
        joins, leaves, flagged = self.joins[row], self.leaves[row], self.flagged[row]
        if joins is not None and joins > day:
            return True
        if leaves is not None and leaves <= day:
            return True
        if not self.flags:
            return False
        return self.flag_states[row] == CellState.NOTHING or (flagged is not None and flagged > day)


def _claimed_twice(spells: _Spells) -> set[int]:
    """The rows that claim one subject for days that overlap."""
    by_key: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    for row, told in enumerate(spells.told):
        key, first = spells.key(row), spells.joins[row]
        leaves = spells.leaves[row] or date.max
        if told and key is not None and first is not None and first < leaves:
            by_key[key].append((first, leaves, row))
    return {row for claims in by_key.values() if len(claims) > 1 for row in _overlapping(claims)}


def _overlapping(claims: list[tuple[date, date, int]]) -> set[int]:
    """The rows among these spells (joins, leaves, row) that share a day with another."""
    twice: set[int] = set()
    longest, holder = date.min, -1  # of those that began earlier, the one that leaves last
    for first, leaves, row in sorted(claims):
        if first < longest:
            twice |= {row, holder}
        if leaves > longest:
            longest, holder = leaves, row
    return twice


def listed(sheets: Sheets, events: Events) -> tuple[Listed, ...]:
    """The rows that a selection of events or records takes, or might take; not the cancelled, nor
    the planned ones that have no day yet."""
    return sheets.once(("listed", events), lambda: _listed(sheets, events))


def _listed(sheets: Sheets, events: Events) -> tuple[Listed, ...]:
    sheet = sheets.of(events.register)
    keys, days = sheet.own_keys(), sheet.days(events.dated)
    without_a_day = planned_without_a_day(sheets, events)
    told, cancelled = conditions.listed(sheet, events.asks), sheet.cancelled(events.cancelled)
    return tuple(
        Listed(
            row,
            keys[row][0] if keys[row] else None,
            days[row],
            told[row] is True and cancelled[row] is False,
        )
        for row in range(sheet.size)
        if told[row] is not False and cancelled[row] is not True and row not in without_a_day
    )


def shared_keys(rows: Sequence[Listed]) -> set[str]:
    """The keys that two or more certain rows, with days that can be read, lay claim to."""
    counts = Counter(each.key for each in rows if each.certain and each.day is not None)
    return {key for key, count in counts.items() if key is not None and count > 1}


# Planned events that have no day yet (semantics.md, Evidence: A planned event) -------------------


def planned_without_a_day(sheets: Sheets, events: Events) -> frozenset[int]:
    """The rows of a register of planned events that ask nothing: their day is blank or a word
    that says nothing, and no row elsewhere names them as held."""
    sheet = sheets.of(events.register)
    spec = sheet.column_spec(events.dated)
    if spec is None or not spec.planned:
        return frozenset()
    cells = sheet.column(events.dated)
    named, keys = _named_elsewhere(sheets, events.register), sheet.own_keys()
    return frozenset(
        row
        for row, (raw, state) in enumerate(zip(cells.raw, cells.state, strict=True))
        if _no_day_yet(raw, state) and named.isdisjoint(keys[row])
    )


def _no_day_yet(raw: str, state: int) -> bool:
    if state == CellState.UNREADABLE:
        return says_nothing(raw)
    return state in (CellState.NOTHING, CellState.BLANK)


def _named_elsewhere(sheets: Sheets, register: str) -> frozenset[str]:
    """The keys that stand, in any other register but a control sheet, in a column whose cells may
    name a row of ``register``. A row dated after the as-of date names none as held by then."""
    return sheets.once(
        ("named elsewhere", register),
        lambda: frozenset(
            key
            for other in map(sheets.of, sheets.registers)
            if other.register != register and other.spec and not other.spec.control
            for column in other.spec.columns
            if register in column.named
            for keys, day in zip(other.keys(column.name), _dated(other), strict=True)
            if day is None or day <= sheets.as_of
            for key in keys
        ),
    )


def _dated(sheet: Sheet) -> Sequence[date | None]:
    """The day of each row of a register, where it has one that can be read."""
    dated = sheet.spec.dated_by if sheet.spec else None
    return sheet.days(dated) if dated else [None] * sheet.size
