"""Evidence: the items that qualify, found by whom and what they are about.

Semantics.md, Evidence: a row that cannot be read counts for nothing, an item dated after the
as-of date does not count, and one that names its event or subject counts for no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from engine.outcome import ItemRef
from engine.plain.case import Case
from engine.plain.conditions import true_rows
from engine.plain.lists import Event, Subject
from engine.plain.sheet import Keys, Sheet, Sheets, normal
from evidence.table import CellState, Typed
from rules.condition import Ask
from rules.patterns import EvidenceQuery, Standing
from rules.resolve import Resolved

Item = tuple[date, int]  # its day, and its row in the register
_About = tuple[str, str | int]  # subject and event, '' where the rule does not name one

_NOBODY: Keys = ("",)


class Finder:
    """The qualifying items of one version of a duty, the earliest first; gathered in one pass
    over the register, and once more for each member of a list with conditions of its own."""

    def __init__(self, case: Case, version: Resolved) -> None:
        rule = version.version
        self._sheets: Sheets = case.sheets
        self._query = rule.evidence
        self._dated = _date_column(version)
        self._population, self._named_in = rule.population, rule.named_in
        self._about_events = rule.events is not None
        self._found: dict[str, dict[_About, list[Item]]] = {}

    @property
    def needed(self) -> int:
        """How many items it takes."""
        return self._query.needed if self._query else 1

    def sheet(self) -> Sheet:
        """The register that holds the evidence."""
        return self._sheets.of(self._query.register if self._query else "")

    def items(self, subject: Subject, event: Event | None = None) -> Sequence[Item]:
        """The items about that subject, and about that event if one is given."""
        query, member = self._query, subject.member
        if query is None:
            return ()
        name = member.id if member and (member.where or member.dated) else ""
        if name not in self._found:
            where = query.asks + (member.where if member else ())
            self._found[name] = self._gather(query, where, (member and member.dated) or self._dated)
        found = self._found[name]
        about = self._event_link(query, event)
        names = self._subject_links(query, subject)
        if len(names) == 1:
            return found.get((names[0], about), ())
        return _in_order(self.sheet(), {i for each in names for i in found.get((each, about), ())})

    def once_each(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items, of which those with one value where the rule asks for distinct ones count
        once: the earliest."""
        if self._query is None or self._query.distinct is None:
            return items
        values = self.sheet().column(self._query.distinct).value
        first: dict[Typed, Item] = {}
        for item in items:
            value = values[item[1]]
            first.setdefault(normal(value) if isinstance(value, str) else value, item)
        return list(first.values())

    def refs(self, items: Iterable[Item]) -> tuple[ItemRef, ...]:
        """References to these items, sorted."""
        register = self.sheet().register
        return tuple(sorted(ItemRef(register, row) for _, row in items))

    def _event_link(self, query: EvidenceQuery, event: Event | None) -> str | int:
        if event is None or not self._about_events:
            return ""
        if query.itself:
            return event.row
        return event.key if query.event else ""

    def _subject_links(self, query: EvidenceQuery, subject: Subject) -> Keys:
        if self._population and query.named_by_subject:
            return self._sheets.of(self._population.register).keys(query.named_by_subject)[
                subject.row
            ]
        if self._population and query.subject:
            return (subject.key,)
        if self._named_in and subject.member:
            spoken = self.sheet().spoken(self._named_in)
            return (normal(subject.member.id) if spoken else subject.member.id,)
        return _NOBODY

    def _gather(
        self, query: EvidenceQuery, where: tuple[Ask, ...], dated: str
    ) -> dict[_About, list[Item]]:
        sheet = self.sheet()
        days, as_of = sheet.days(dated), self._sheets.as_of
        whom, what = self._whom(query, sheet), self._what(query, sheet)
        told = sheet.column(query.distinct).state if query.distinct else None
        found: dict[_About, list[Item]] = defaultdict(list)
        for row in true_rows(sheet, where):
            day = days[row]
            if day is None or day > as_of or (told and told[row] != CellState.READ):
                continue
            for about in what[row] if what else _NOBODY:
                for name in whom[row] if whom else _NOBODY:
                    found[name, about].append((day, row))
        return {about: _in_order(sheet, items) for about, items in found.items()}

    def _whom(self, query: EvidenceQuery, sheet: Sheet) -> Sequence[Keys] | None:
        """For each row the subjects that it names; None where the rule asks for no name."""
        if self._population and query.named_by_subject:
            return sheet.own_keys()
        if self._named_in:
            return sheet.keys(self._named_in)
        if query.subject is None:
            return None
        named = sheet.keys(query.subject)
        return named if self._population else _only_read(named)

    def _what(
        self, query: EvidenceQuery, sheet: Sheet
    ) -> Sequence[Keys] | Sequence[tuple[int]] | None:
        """For each row the events that it names, or the row itself."""
        if query.itself and self._about_events:
            return [(row,) for row in range(sheet.size)]
        if query.event is None:
            return None
        named = sheet.keys(query.event)
        return named if self._about_events else _only_read(named)


def _date_column(version: Resolved) -> str:
    """The column that dates an item: for standing the day on which it begins."""
    pattern, query = version.version.pattern, version.version.evidence
    if isinstance(pattern, Standing):
        return pattern.begins
    return (query.dated or "") if query else ""


def _only_read(named: Sequence[Keys]) -> list[Keys]:
    """A name that must be read, but links to nothing."""
    return [_NOBODY if keys else () for keys in named]


def _in_order(sheet: Sheet, items: Iterable[Item]) -> list[Item]:
    """Items by day; those of one day by their cells, so that the order of rows says nothing."""
    ordered = sorted(items)
    if any(one[0] == two[0] for one, two in pairwise(ordered)):
        ordered.sort(key=lambda item: (item[0], sheet.tie(item[1]), item[1]))
    return ordered
