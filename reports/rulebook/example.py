"""An example for each duty: the rows of the registers that would meet it, made from its rule.

The rows that list its events and subjects are made here. What else has to stand in a row, and which
rows its keys have to name, is for engine.remedy to say, as of a row that would meet an obligation.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from string import digits

from engine.assessment import CellToWrite, Remedy
from engine.columns.days import add_one, as_date
from engine.columns.periods import period_numbered, period_of
from engine.proof.citations import CitationCache
from engine.remedy.build import ahead
from engine.remedy.fill_linked import fill_with_days, latest_linked
from engine.remedy.row_drafts import RowDraft, computed, text_of
from engine.remedy.trial_copy import EvidenceCopy
from evidence.register import BLANK_UNREADABLE, RegisterSpec
from evidence.sheets.joining import missing_table
from evidence.table import Evidence, Typed
from rules.condition import Ask, Condition
from rules.model import Rulebook, Version
from rules.patterns import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.resolve import resolve
from rules.wording.duty import APPLIES, EVENTS, ITSELF, RECORDS, SHOWS, SUBJECTS

#: What a row is for that another one's cells name.
NAMED = "is named there"

#: The month in which an example lies: January is in the last quarter of a financial year, when
#: most is due; a duty in a part of the year has one in the middle of that part.
_MONTHS = {None: 1, "Q1": 5, "Q2": 8, "Q3": 11, "Q4": 2}
_SUCH_AS = re.compile(r"\bsuch as ([\w/-]+)")


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Rows of one register that are there for one thing: the role (as in rules.wording.duty),
    the register's id and title, the columns in which anything stands, and the texts of each row
    under them."""

    role: str
    register: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Rows that meet a duty on the day ``as_of``, with nothing else on record."""

    as_of: datetime.date
    tables: tuple[ExampleTable, ...]


def examples(rulebook: Rulebook, duty_id: str) -> tuple[Example, ...]:
    """An example for each version of the duty, the earliest first, on a day on which it holds."""
    duty = resolve(rulebook, duty_id)
    begins = [version.begins for version in duty.versions]
    ends = [*(day - datetime.timedelta(1) for day in begins[1:]), duty.duty.until]
    return tuple(
        _ExampleRows(
            rulebook.registers, held.version, _day(held.version, held.begins, last)
        ).example()
        for held, last in zip(duty.versions, ends, strict=True)
    )


def _day(version: Version, first: datetime.date, last: datetime.date | None) -> datetime.date:
    """The first day from then on in the month of the example; ``first`` if the version does not
    hold so long."""
    part = version.pattern.part if isinstance(version.pattern, Periodic) else None
    years = (datetime.date(first.year + more, _MONTHS[part], 15) for more in (0, 1))
    day = next(year for year in years if year >= first)
    return day if last is None or day <= last else first


class _ExampleCitations(CitationCache):
    """The rows of an example so far. A new key is as the note on its column suggests."""

    def __init__(self, evidence: Evidence, reserved: Mapping[str, set[str]]) -> None:
        super().__init__(evidence)
        self._reserved = reserved

    def new_keys(self, register: str, count: int) -> tuple[str, ...]:
        """So many keys that no row of the register has or is to have."""
        spec, taken = self.table(register).register, self._reserved.get(register, set())
        free = (key for key in _keys(spec) if key not in taken and not self.has_key(register, key))
        return tuple(islice(free, count))


def _keys(spec: RegisterSpec) -> Iterator[str]:
    note = next((column.note for column in spec.columns if column.name == spec.key), "")
    found = _SUCH_AS.search(note)
    first = found[1] if found else f"{spec.title[:1].upper()}-1"
    stem = first.rstrip(digits)
    yield first
    yield from (f"{stem}{at}" if stem != first else f"{first}-{at}" for at in count(2))


class _ExampleRows:
    """One version whose example is made, and the day on which everything in it is done."""

    def __init__(
        self, registers: Mapping[str, RegisterSpec], version: Version, day: datetime.date
    ) -> None:
        self.version = version
        self.day = day
        self.events = version.events
        query = version.evidence
        self.query = query if query is not None and not query.itself else None
        tables = {
            id_: replace(missing_table(spec, given=True), found=True)
            for id_, spec in registers.items()
        }
        self._registers = registers
        self._copy = EvidenceCopy(Evidence(tables, (), (), ()))
        self._placed: list[tuple[str, RegisterSpec, Sequence[CellToWrite]]] = []
        self._reserved: dict[str, set[str]] = defaultdict(set)
        self._listed = _ExampleCitations(self._copy.evidence, self._reserved)

    def example(self) -> Example:
        """The rows that list, then those that show; what has to name another comes after it."""
        people = self.version.population
        event = self._reserve(self.events.register) if self.events else ""
        subject = self._reserve(people.register) if people else ""
        item = self._reserve(self.query.register) if self.query else ""
        if self.events is not None:
            self._place_event(self.events, event)
        if people is not None:
            values = dict.fromkeys(_named(people.joins, people.flagged), self.day)
            named_in = self.query.named_by_subject if self.query else None
            names_item: dict[str, Typed] = {named_in: item} if named_in else {}
            self._place(SUBJECTS, people.register, subject, people.asks, values | names_item)
        if self.query is not None:
            self._place_items(self.query, item, event, subject)
        applies = self.version.applies
        if applies is not None:
            values = dict.fromkeys(_named(applies.begins), self.day)
            self._place(APPLIES, applies.register, "", applies.asks, values)
        return Example(self.day, tuple(self._tables()))

    def _reserve(self, register: str) -> str:
        (key,) = self._listed.new_keys(register, 1)
        self._reserved[register].add(key)
        return key

    def _place_event(self, events: Events, key: str) -> None:
        """The row of an event, or the record; with what it must show itself."""
        pattern, query = self.version.pattern, self.version.evidence
        asks, days, role = [*events.asks], [events.dated], EVENTS if self.query else ITSELF
        if isinstance(pattern, Completeness):
            asks += pattern.asks
            days += [*pattern.done_on, *([pattern.deadline.due] if pattern.deadline else ())]
            role = RECORDS
        if query is not None and query.itself:
            members = self.version.members
            asks += [*query.asks, *(each for member in members for each in member.where)]
            days += _named(query.dated, *(member.dated for member in members))
        values: dict[str, Typed] = dict.fromkeys(days, self.day)
        if pattern.lead is not None:
            values[events.dated] = as_date(add_one(self.day.toordinal(), pattern.lead))
        if query is not None and query.needed_from is not None:
            values[query.needed_from] = 1
        self._place(role, events.register, key, asks, values)

    def _place_items(self, query: EvidenceQuery, first: str, event: str, subject: str) -> None:
        """The rows of evidence: for each of a fixed list, unless one row can name them all."""
        listed, column = self.version.members, self.version.named_in
        several = column and self._registers[query.register].column(column).type == "codes"
        each_its_own = not several or any(each.where or each.dated for each in listed)
        distinct, keys, used = query.distinct or "", [first], list[Typed]()
        for member in range(len(listed)) if listed and each_its_own else (-1,):
            members = listed if member < 0 else (listed[member],)
            asks = [*query.asks, *(ask for member in members for ask in member.where)]
            ids = tuple(member.id for member in members)
            if column and several:
                asks.append(Condition(column=column, includes=ids))
            elif column:
                asks.append(Condition(column=column, equals=ids[0]))
            values = self._item(query, member, event, subject)
            for _ in range(query.needed):
                key = keys.pop() if keys else self._reserve(query.register)
                made = self._place(
                    SHOWS, query.register, key, asks, values, distinct=distinct, used=tuple(used)
                )
                used.append(made.values.get(distinct))

    def _item(
        self, query: EvidenceQuery, member: int, event: str, subject: str
    ) -> dict[str, Typed]:
        """What an item is dated by and about: its day, period, event and subject."""
        pattern = self.version.pattern
        values: dict[str, Typed] = {}
        if dated := self.version.dated_by(member):
            values[dated] = self.day
        if isinstance(pattern, Standing):
            names = _named(pattern.review_by, pattern.ends)
            asked_for = {each.column for each in query.where}
            ends = [name for name in names if name in asked_for]
            if not ends and (pattern.end_needed or pattern.review_within is not None):
                ends = names[:1]
            values |= dict.fromkeys(ends, ahead(pattern, self.day))
        if isinstance(pattern, Periodic) and query.period is not None:
            label = period_of(pattern.period, self.day.toordinal())
            values[query.period] = period_numbered(label, 1) if pattern.before else label
        if query.event is not None and event:
            values[query.event] = event
        if query.subject is not None and subject:
            values[query.subject] = subject
        return values

    def _place(
        self,
        role: str,
        register: str,
        key: str,
        asks: Iterable[Ask],
        values: Mapping[str, Typed],
        *,
        distinct: str = "",
        used: Sequence[Typed] = (),
    ) -> RowDraft:
        """Adds a row with these values that meets all that is asked of it, and before it the rows
        that it has to name."""
        spec = self._registers[register]
        own = {spec.key: key or self._reserve(register)} if spec.key else {}
        draft = RowDraft(
            spec,
            self.day,
            self._listed,
            {**own, **values},
            fixed=frozenset((*own, *values, *computed(spec))),
            used=used,
            distinct=distinct,
        )
        more = (Condition(column=distinct, filled=True),) if distinct else ()
        return self._complete(role, draft, (*asks, *more))

    def _complete(self, role: str, draft: RowDraft, asks: Sequence[Ask]) -> RowDraft:
        """Adds a row with what is asked of it, and what its register needs in any row."""
        needed = (
            Condition(column=column.name, filled=True)
            for column in draft.spec.written.columns
            if column.blank == BLANK_UNREADABLE and column.name not in draft.values
        )
        draft = replace(draft, first=(), citations=self._listed)
        linked = latest_linked(draft, (*asks, *needed))
        made = None if isinstance(linked, str) else fill_with_days(*linked)
        made = made or draft
        for first in made.first:
            self._complete(NAMED, first, ())
        written = {column.name for column in made.spec.written.columns}
        cells = [
            CellToWrite(name, _text(value))
            for name, value in made.values.items()
            if name in written and value is not None
        ]
        self._placed.append((role, made.spec, cells))
        rows = [Remedy(True, "", on.id, "", "", 0, tuple(row)) for _, on, row in self._placed]
        evidence = self._copy.having(rows)
        if evidence is not None:
            self._listed = _ExampleCitations(evidence, self._reserved)
        return made

    def _tables(self) -> Iterator[ExampleTable]:
        tables: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        for role, spec, cells in self._placed:
            tables[role, spec.id].append({cell.column: cell.value for cell in cells})
        for (role, register), rows in tables.items():
            spec = self._registers[register]
            columns = [c.name for c in spec.columns if any(c.name in row for row in rows)]
            texts = tuple(tuple(row.get(name, "") for name in columns) for row in rows)
            yield ExampleTable(role, register, spec.title, tuple(columns), texts)


def _named(*names: str | None) -> list[str]:
    return [name for name in names if name is not None]


def _text(value: Typed) -> str:
    """A value as it is typed: 15/01/2025."""
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else text_of(value)
