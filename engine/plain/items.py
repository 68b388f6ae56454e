"""Evidence: the items that qualify, found by the person and the event that they are about.

A row that cannot be read counts for nothing, an item dated after the as-of date does not count, and
one that names its event or subject counts for no other (semantics.md: Evidence).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.outcome import ItemRef
from engine.plain.conditions import true_rows
from engine.plain.lists import Event, Subject
from engine.plain.sheet import Sheet, Sheets, normal
from evidence.table import CellState, Typed
from rules.condition import Ask
from rules.patterns import EvidenceQuery, Standing
from rules.resolve import Resolved

_About = tuple[str, str | int]  # subject and event, '' where the rule does not name one

_NOBODY = ("",)


class EvidenceItem(NamedTuple):
    """A row of the register that counts, and its day."""

    day: date
    row: int


class Finder:
    """Finds the qualifying items of one version of a duty, the earliest first. The register is read
    once, and once more for each member of a list with conditions of its own."""

    def __init__(self, sheets: Sheets, version: Resolved) -> None:
        self._rule = version.rule
        self._people = self._rule.population
        self._named_in = self._rule.named_in
        self._sheets = sheets
        self.query = self._rule.evidence or EvidenceQuery(register="")
        self.sheet = sheets.of(self.query.register)
        self._by_member: dict[str, dict[_About, list[EvidenceItem]]] = {}

    def items(self, subject: Subject, event: Event | None = None) -> Sequence[EvidenceItem]:
        """The items about a subject, and about an event if one is given."""
        member = subject.member
        name = member.id if member and (member.where or member.dated) else ""
        if name not in self._by_member:
            where = self.query.asks + (member.where if member else ())
            self._by_member[name] = self._gather(where, member.dated if member else None)
        items = self._by_member[name]
        about = self._event_name(event)
        names = self._subject_names(subject)
        if len(names) == 1:
            return items.get((names[0], about), ())
        several = {item for name in names for item in items.get((name, about), ())}
        return _in_order(self.sheet, several)

    def once_each(self, items: Sequence[EvidenceItem]) -> Sequence[EvidenceItem]:
        """The items without repetitions: if the rule requires distinct values, the earliest item
        with each value counts."""
        if self.query.distinct is None:
            return items
        values = self.sheet.column(self.query.distinct).value
        first: dict[Typed, EvidenceItem] = {}
        for item in items:
            value = values[item.row]
            first.setdefault(normal(value) if isinstance(value, str) else value, item)
        return list(first.values())

    def refs(self, items: Iterable[EvidenceItem]) -> tuple[ItemRef, ...]:
        """References to these items, sorted."""
        return tuple(
            ItemRef(self.query.register, row) for row in sorted(item.row for item in items)
        )

    def _event_name(self, event: Event | None) -> str | int:
        """By what an item names an event: its row if that is the evidence itself, or its key; ''
        where items name none."""
        if event is None:
            return ""
        return event.row if self.query.itself else event.key if self.query.event else ""

    def _subject_names(self, subject: Subject) -> Sequence[str]:
        """By what an item names a subject, or what the subject's own row names as its evidence;
        nobody where items name none."""
        if self._people and self.query.named_by_subject:
            rows = self._sheets.of(self._people.register)
            return rows.keys(self.query.named_by_subject)[subject.row]
        if self._people and self.query.subject:
            return (subject.key,)
        if self._named_in:
            ignores_case = self.sheet.ignores_case(self._named_in)
            return (normal(subject.key) if ignores_case else subject.key,)
        return _NOBODY

    def _gather(
        self, where: tuple[Ask, ...], dated: str | None
    ) -> dict[_About, list[EvidenceItem]]:
        """The items by the subject and the event that they are about."""
        sheet = self.sheet
        pattern = self._rule.pattern
        distinct = self.query.distinct
        usual = pattern.begins if isinstance(pattern, Standing) else self.query.dated
        days = sheet.days(dated or usual)
        states = sheet.column(distinct).state if distinct else None
        about_subjects = self._about_subjects()
        about_events = self._about_events()
        items: dict[_About, list[EvidenceItem]] = defaultdict(list)
        for row in true_rows(sheet, where):
            day = days[row]
            if day is None or day > sheet.as_of or (states and states[row] != CellState.READ):
                continue
            for event in about_events[row]:
                for subject in about_subjects[row]:
                    items[subject, event].append(EvidenceItem(day, row))
        return {about: _in_order(sheet, ordered) for about, ordered in items.items()}

    def _about_subjects(self) -> Sequence[Sequence[str]]:
        """For each row the subjects that it names."""
        if self._people and self.query.named_by_subject:
            return self.sheet.keys(self.sheet.spec.key)
        if self._named_in:
            return self.sheet.keys(self._named_in)
        return self._named(self.query.subject, of_list=self._people is not None)

    def _about_events(self) -> Sequence[Sequence[str | int]]:
        """For each row the events that it names, or the row itself."""
        about = self._rule.events is not None
        if self.query.itself and about:
            return [(row,) for row in range(self.sheet.size)]
        return self._named(self.query.event, of_list=about)

    def _named(self, column: str | None, *, of_list: bool) -> Sequence[Sequence[str]]:
        """The names in a column; if the duty has no such list, they only have to be read."""
        if column is None:
            return [_NOBODY] * self.sheet.size
        named = self.sheet.keys(column)
        return named if of_list else [_NOBODY if keys else () for keys in named]


def _in_order(sheet: Sheet, items: Iterable[EvidenceItem]) -> list[EvidenceItem]:
    """The items by day. Those of one day go by their cells, so that the order of rows changes
    nothing."""
    ordered = sorted(items)
    if len({day for day, _ in ordered}) < len(ordered):
        ordered.sort(key=lambda item: (item.day, sheet.tie(item.row), item.row))
    return ordered
