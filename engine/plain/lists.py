"""Lists of subjects and of events, and the rows of them that cannot be read
(semantics.md: Subjects; Evidence; Nil return)
(reading-semantics.md: Which rows are obligations)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.plain import conditions
from engine.plain.days import last_day, read_label
from engine.plain.sheet import Keys, Sheets, Truth, normal
from evidence.cells.silence import says_nothing
from evidence.table import CellState
from rules.condition import NilReturn
from rules.model import Version
from rules.patterns import Events
from rules.subject import Member, Population

Days = Sequence[date | None]
Truths = Sequence[Truth]


class Subject(NamedTuple):
    """A subject of a duty: the office (no key), a member of a fixed list, or a person or thing of a
    population, by its ``row`` (otherwise -1). ``joined``: when it joined, or was flagged if that is
    later; the first day of the calendar for whatever was always there."""

    key: str = ""
    joined: date = date.min
    leaves: date | None = None
    row: int = -1
    member: Member | None = None

    @property
    def of_population(self) -> bool:
        """Whether it is a person or thing of a population."""
        return self.row >= 0


class UnclearRow(NamedTuple):
    """A row that may be a subject. ``joined``: as of a Subject; None if that cannot be read."""

    row: int
    joined: date | None


class SubjectList(NamedTuple):
    """A population on the as-of date: the subjects that are there (``covered``), and the rows that
    may be subjects (``unclear``)."""

    covered: Sequence[Subject]
    unclear: Sequence[UnclearRow]


class ListedRow(NamedTuple):
    """A row that lists an event or record. ``certain``: it is listed and not cancelled, and no
    cell that decides on that is unreadable."""

    row: int
    key: str | None
    day: date | None
    certain: bool


class Event(NamedTuple):
    """An event or record that a duty covers: its row, key and day."""

    row: int
    key: str
    day: date


class GivenNilReturn(NamedTuple):
    """A nil return: its row, the period that it names, the day on which it was given, and the last
    day that it covers, which is that of the next such period."""

    row: int
    period: str
    given_on: date
    covers_to: date


def subjects_of(sheets: Sheets, rule: Version) -> Sequence[Subject]:
    """The subjects of a rule on the as-of date: a population, a fixed list, or the office."""
    if rule.population is not None:
        return subject_list(sheets, rule.population).covered
    return [Subject(member.id, member=member) for member in rule.members] or [Subject()]


# People and things that are there (semantics.md: Subjects) ---------------------------------------


def subject_list(sheets: Sheets, population: Population) -> SubjectList:
    """The subjects of a population on the as-of date, from the day they join to the day before they
    leave; worked out once for all duties."""
    return sheets.once(("subject list", population), lambda: _subject_list(sheets, population))


def _subject_list(sheets: Sheets, population: Population) -> SubjectList:
    """The subjects of a population. An unreadable leaving day counts as not left."""
    sheet = sheets.of(population.register)
    day = sheets.as_of
    truths = conditions.list_truths(sheet, population.asks)
    keys = sheet.keys(sheet.spec.key)
    joins = sheet.days(population.joins)
    leaves = sheet.days(population.leaves)
    # Without a column of flags, all count from the start.
    flags: Sequence[date | None] = [date.min] * sheet.size
    states: Sequence[int] = [CellState.READ] * sheet.size
    if population.flagged:
        flags = sheet.days(population.flagged)
        states = sheet.column(population.flagged).state
    claimed = _claimed_twice(truths, keys, joins, leaves)
    covered: list[Subject] = []
    unclear: list[UnclearRow] = []
    rows = zip(truths, keys, joins, leaves, flags, states, strict=True)
    for row, (truth, names, first, last, flagged, flag) in enumerate(rows):
        to_come = (first and first > day) or (flagged and flagged > day)
        if truth is False or to_come or (last and last <= day) or flag == CellState.NOTHING:
            continue
        joined = max(first, flagged) if first and flagged else None
        if truth and names and joined and row not in claimed:
            covered.append(Subject(names[0], joined, last, row))
        else:
            unclear.append(UnclearRow(row, joined))
    return SubjectList(covered, unclear)


def _claimed_twice(truths: Truths, keys: Sequence[Keys], joins: Days, leaves: Days) -> set[int]:
    """The rows that claim one subject for days that overlap."""
    by_key: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    for row, (truth, names, first, last) in enumerate(
        zip(truths, keys, joins, leaves, strict=True)
    ):
        if truth and names and first and first < (last or date.max):
            by_key[names[0]].append((first, last or date.max, row))
    twice: set[int] = set()
    for claims in by_key.values():
        # Not every pair is compared: a claim that overlaps any earlier one overlaps the earlier one
        # that ends last. So many rows of one person take no longer than to sort them.
        last_end, last_row = date.min, -1
        for first, end, row in sorted(claims):
            if first < last_end:
                twice |= {row, last_row}
            if end > last_end:
                last_end, last_row = end, row
    return twice


# Events and records (semantics.md: Subjects; Evidence) -------------------------------------------


def listed_rows(sheets: Sheets, events: Events) -> Sequence[ListedRow]:
    """The rows that a selection of events or records takes, or might take. Cancelled events are
    left out, and so are planned ones that have no day yet."""
    return sheets.once(("listed", events), lambda: _listed_rows(sheets, events))


def _listed_rows(sheets: Sheets, events: Events) -> list[ListedRow]:
    sheet = sheets.of(events.register)
    undated = _planned_without_a_day(sheets, events)
    truths = conditions.list_truths(sheet, events.asks)
    cancelled = conditions.cancelled(sheet, events.cancelled)
    rows = zip(truths, cancelled, sheet.keys(sheet.spec.key), sheet.days(events.dated), strict=True)
    return [
        ListedRow(row, keys[0] if keys else None, day, truth is True and off is False)
        for row, (truth, off, keys, day) in enumerate(rows)
        if truth is not False and off is not True and row not in undated
    ]


def shared_keys(rows: Iterable[ListedRow]) -> set[str]:
    """The keys that two or more certain rows, with days that can be read, lay claim to."""
    counts = Counter(row.key for row in rows if row.certain and row.day is not None)
    return {key for key, count in counts.items() if key is not None and count > 1}


def _planned_without_a_day(sheets: Sheets, events: Events) -> set[int]:
    """The rows of planned events without a day, which no other row names as held."""
    sheet = sheets.of(events.register)
    if events.dated not in sheet.specs or not sheet.specs[events.dated].planned:
        return set()
    cells = sheet.column(events.dated)
    keys = sheet.keys(sheet.spec.key)
    named = sheets.once(("named", events.register), lambda: _named(sheets, events.register))
    return {
        row
        for row, (raw, state) in enumerate(zip(cells.raw, cells.state, strict=True))
        if state in (CellState.NOTHING, CellState.BLANK)
        or (state == CellState.UNREADABLE and says_nothing(raw))
        if named.isdisjoint(keys[row])
    }


def _named(sheets: Sheets, register: str) -> frozenset[str]:
    """The keys of a register in rows of others, dated by the as-of date (no control sheets)."""
    return frozenset(
        key
        for other in map(sheets.of, sheets.evidence.tables)
        if other.spec.id != register and not other.spec.control
        for column in other.spec.columns
        if register in column.named
        for keys, day in zip(other.keys(column.name), other.days(other.spec.dated_by), strict=True)
        if day is None or day <= sheets.as_of
        for key in keys
    )


# Nil returns (semantics.md: Nil return) ----------------------------------------------------------


def nil_returns(sheets: Sheets, nil: NilReturn) -> list[GivenNilReturn]:
    """The nil returns for a list that are complete, dated on or after their period's last day, and
    given by the as-of date."""
    sheet = sheets.of("nil returns")
    texts = (sheet.keys("list"), sheet.keys("period"), sheet.keys("by post"))
    nils: list[GivenNilReturn] = []
    rows = zip(*texts, sheet.days("given on"), strict=True)
    for row, (lists, periods, posts, given_on) in enumerate(rows):
        period = read_label(periods[0]) if periods else None
        if not (lists and period and any(posts) and given_on) or given_on > sheets.as_of:
            continue
        kind, number = period
        fits = normal(lists[0]) == normal(nil.list) and kind == nil.each
        if fits and given_on >= last_day(kind, number):
            nils.append(GivenNilReturn(row, periods[0], given_on, last_day(kind, number + 1)))
    return nils
