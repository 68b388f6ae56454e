"""An example for each duty: the rows of the registers that would meet it, made from its rule.

The rows that list its events and subjects are made here. What an item of evidence is about, what
else a row needs, and which rows its keys have to name, engine.remedy decides, as it does for a row
that would meet an obligation.
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
from engine.columns.days import add_span
from engine.columns.periods import period_numbered, period_of
from engine.day_number import as_date
from engine.proof.citations import CitationCache
from engine.remedy.build import ahead
from engine.remedy.fill import fill_row
from engine.remedy.new_rows import named_cells
from engine.remedy.row_draft import RowDraft, text_of
from engine.remedy.trial_copy import EvidenceCopy
from evidence.register import BLANK_UNREADABLE, RegisterSpec
from evidence.sheets.joining import missing_table
from evidence.table import Evidence, Typed
from rules.condition import Ask, Condition
from rules.model import Rulebook, Version
from rules.patterns import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.resolve import resolve
from rules.wording.duty import APPLIES, EVENTS, ITSELF, RECORDS, SHOWS, SUBJECTS

#: The role of a row that the cells of another row name.
NAMED = "is named there"

#: The month in which an example lies: January is in the last quarter of a financial year, when
#: most is due; a duty in a part of the year has one in the middle of that part.
_MONTHS = {None: 1, "Q1": 5, "Q2": 8, "Q3": 11, "Q4": 2}
_SUCH_AS = re.compile(r"\bsuch as ([\w/-]+)")


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Rows of one register in one role (as in rules.wording.duty): the register's id and title,
    the columns that are not all blank, and the texts of each row in them."""

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
        _ExampleRows(rulebook.registers, dated.rule, _day(dated.rule, dated.begins, last)).example()
        for dated, last in zip(duty.versions, ends, strict=True)
    )


def _day(version: Version, first: datetime.date, last: datetime.date | None) -> datetime.date:
    """The first day from then on in the month of the example; ``first`` if the version ends
    before it."""
    part = version.pattern.part if isinstance(version.pattern, Periodic) else None
    years = (datetime.date(first.year + more, _MONTHS[part], 15) for more in (0, 1))
    day = next(year for year in years if year >= first)
    return day if last is None or day <= last else first


class _ExampleCitations(CitationCache):
    """The rows of an example so far. A new key follows the note on its column."""

    def __init__(self, evidence: Evidence, reserved: Mapping[str, set[str]]) -> None:
        super().__init__(evidence)
        self._reserved = reserved

    def new_keys(self, register: str, count: int) -> tuple[str, ...]:
        """New keys that no row of the register has or is reserved for."""
        spec, taken = self.table(register).register, self._reserved.get(register, set())
        free = (key for key in _keys(spec) if key not in taken and not self.has_key(register, key))
        return tuple(islice(free, count))


def _keys(spec: RegisterSpec) -> Iterator[str]:
    note = next((column.note for column in spec.columns if column.name == spec.key), "")
    match = _SUCH_AS.search(note)
    first = match[1] if match else f"{spec.title[:1].upper()}-1"
    stem = first.rstrip(digits)
    yield first
    yield from (f"{stem}{number}" if stem != first else f"{first}-{number}" for number in count(2))


class _ExampleRows:
    """The rows of one version's example, and the day on which everything in it is done."""

    def __init__(
        self, registers: Mapping[str, RegisterSpec], version: Version, day: datetime.date
    ) -> None:
        self._version, self._day, self._registers = version, day, registers
        tables = {
            id_: replace(missing_table(spec, given=True), found=True)
            for id_, spec in registers.items()
        }
        self._copy = EvidenceCopy(Evidence(tables, (), (), ()))
        self._placed: list[tuple[str, RegisterSpec, Sequence[CellToWrite]]] = []
        self._reserved: dict[str, set[str]] = defaultdict(set)
        self._citations = _ExampleCitations(self._copy.evidence, self._reserved)

    def example(self) -> Example:
        """The example: listing rows, then evidence; each row comes after those that it names."""
        version, day = self._version, self._day
        events, people, applies = version.events, version.population, version.applies
        query = version.evidence if version.evidence and not version.evidence.itself else None
        event = self._reserve(events.register) if events else ""
        subject = self._reserve(people.register) if people else ""
        item = self._reserve(query.register) if query else ""
        if events is not None:
            self._place_event(events, event)
        if people is not None:
            values: dict[str, Typed] = dict.fromkeys(_named(people.joins, people.flagged), day)
            if query and query.named_by_subject:
                values[query.named_by_subject] = item
            self._place(SUBJECTS, people.register, people.asks, values, subject)
        if query is not None:
            self._place_items(query, item, event, subject)
        if applies is not None:
            values = dict.fromkeys(_named(applies.begins), day)
            self._place(APPLIES, applies.register, applies.asks, values)
        return Example(day, tuple(self._tables()))

    def _reserve(self, register: str) -> str:
        (key,) = self._citations.new_keys(register, 1)
        self._reserved[register].add(key)
        return key

    def _place_event(self, events: Events, key: str) -> None:
        """The row of an event or the record, with the conditions on itself."""
        pattern, query = self._version.pattern, self._version.evidence
        asks, days, role = [*events.asks], [events.dated], EVENTS
        if isinstance(pattern, Completeness):
            asks += pattern.asks
            days += [*pattern.done_on, *([pattern.deadline.due] if pattern.deadline else ())]
            role = RECORDS
        elif query is None or query.itself:
            role = ITSELF
        if query is not None and query.itself:
            members = self._version.members
            asks += [*query.asks, *(ask for member in members for ask in member.where)]
            days += _named(query.dated, *(member.dated for member in members))
        values: dict[str, Typed] = dict.fromkeys(days, self._day)
        if pattern.lead is not None:
            values[events.dated] = as_date(add_span(self._day.toordinal(), pattern.lead))
        if query is not None and query.needed_from is not None:
            values[query.needed_from] = 1
        self._place(role, events.register, asks, values, key)

    def _place_items(self, query: EvidenceQuery, key: str, event: str, subject: str) -> None:
        """The rows of evidence: one for each member of a fixed list, unless one can name all."""
        listed, column = self._version.members, self._version.named_in
        several = column and self._registers[query.register].column(column).type == "codes"
        each_its_own = not several or any(member.where or member.dated for member in listed)
        distinct, used = query.distinct or "", list[Typed]()
        window, pattern = "", self._version.pattern
        if isinstance(pattern, Periodic) and query.period is not None:
            window = period_of(pattern.period, self._day.toordinal())
            window = period_numbered(window, 1) if pattern.before else window
        for number in range(len(listed)) if listed and each_its_own else (-1,):
            members = listed if number < 0 else (listed[number],)
            asks = [*query.asks, *(ask for member in members for ask in member.where)]
            ids = tuple(member.id for member in members)
            if column and several:
                asks.append(Condition(column=column, includes=ids))
            elif column:
                asks.append(Condition(column=column, equals=ids[0]))
            values = named_cells(
                (self._version.dated_by(number), self._day),
                *self._ends(query),
                (query.period, window),
                (query.event, event),
                (query.subject, subject),
            )
            for _ in range(query.needed):
                row = self._place(
                    SHOWS, query.register, asks, values, key, distinct=distinct, used=tuple(used)
                )
                used.append(row.values.get(distinct))
                key = ""

    def _ends(self, query: EvidenceQuery) -> Iterator[tuple[str, datetime.date]]:
        """The last days that a row of a standing duty gives."""
        pattern = self._version.pattern
        if isinstance(pattern, Standing):
            names = _named(pattern.review_by, pattern.ends)
            required = {condition.column for condition in query.where}
            ends = [name for name in names if name in required]
            if not ends and (pattern.end_needed or pattern.review_within is not None):
                ends = names[:1]
            yield from ((name, ahead(pattern, self._day)) for name in ends)

    def _place(
        self,
        role: str,
        register: str,
        asks: Iterable[Ask],
        values: Mapping[str, Typed],
        key: str = "",
        *,
        distinct: str = "",
        used: Sequence[Typed] = (),
    ) -> RowDraft:
        """Adds a row with these values that meets its conditions, after the rows that it names."""
        spec = self._registers[register]
        own = {spec.key: key or self._reserve(register)} if spec.key else {}
        draft = RowDraft.new(
            spec,
            self._day,
            self._citations,
            {**own, **values},
            tuple(asks),
            distinct=distinct,
            used=used,
        )
        return self._complete(role, draft)

    def _complete(self, role: str, draft: RowDraft) -> RowDraft:
        """Adds a row that meets its conditions and has the cells that its register requires."""
        needed = (
            Condition(column=column.name, filled=True)
            for column in draft.spec.written.columns
            if column.blank == BLANK_UNREADABLE and column.name not in draft.values
        )
        asks = (*draft.asks, *needed)
        draft = replace(draft, first=(), citations=self._citations, asks=asks)
        whole = fill_row(draft)
        row = draft if isinstance(whole, str) else whole
        for first in row.first:
            self._complete(NAMED, first)
        written = {column.name for column in row.spec.written.columns}
        cells = [
            CellToWrite(name, _text(value))
            for name, value in row.values.items()
            if name in written and value is not None
        ]
        self._placed.append((role, row.spec, cells))
        rows = [Remedy(True, "", on.id, "", "", 0, tuple(cells)) for _, on, cells in self._placed]
        evidence = self._copy.having(rows)
        if evidence is not None:
            self._citations = _ExampleCitations(evidence, self._reserved)
        return row

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
    """A value as a person types it: 15/01/2025."""
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else text_of(value)
