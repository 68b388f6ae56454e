"""An example for each duty: the rows of the registers that would meet it, made from its rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.calendar import add_one, as_date
from engine.periods import period_numbered, period_of
from evidence.register import RegisterSpec
from reports.rules_cells import Cells, Registers, key_of, meeting, typed, whole, with_codes
from rules.condition import Ask
from rules.model import Rulebook, Version
from rules.pattern import BeforeEvent, Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.resolve import resolve
from rules.sentences_also import events_of
from rules.sentences_columns import APPLIES, EVENTS, ITSELF, RECORDS, SHOWS, SUBJECTS
from rules.span import Span
from rules.subject import FixedList, Member, Population

#: The month in which an example lies: January is in the last quarter of a financial year, when
#: most is due; a duty in a part of the year has one in the middle of that part.
_MONTHS = {None: 1, "Q1": 5, "Q2": 8, "Q3": 11, "Q4": 2}
_AHEAD = Span(12, "months")
#: The number of a row that only another one's cells call for.
_ASIDE = 9

#: A row with what it is for (a role of rules.sentences_columns) and the register it stands in.
Placed = tuple[str, str, Cells]
#: What a row is for that another one's cells name.
NAMED = "is named there"


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Rows of one register that are there for one thing: the role (as in rules.sentences_columns),
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


@dataclass(frozen=True, slots=True)
class _Making:
    """One version whose example is made, and the day on which everything in it is done."""

    registers: Registers
    version: Version
    day: datetime.date

    @property
    def population(self) -> Population | None:
        """The population that it asks, if it asks one."""
        subjects = self.version.subjects
        return subjects if isinstance(subjects, Population) else None

    @property
    def items(self) -> EvidenceQuery | None:
        """The evidence that has rows of its own."""
        query = self.version.evidence
        return query if query is not None and not query.itself else None


def examples(rulebook: Rulebook, duty_id: str) -> tuple[Example, ...]:
    """An example for each version of the duty, the earliest first, on a day on which it holds."""
    duty = resolve(rulebook, duty_id)
    begins = [each.begins for each in duty.versions]
    ends = [*(day - datetime.timedelta(1) for day in begins[1:]), duty.duty.until]
    return tuple(
        _example(_Making(rulebook.registers, held.version, _day(held.version, held.begins, last)))
        for held, last in zip(duty.versions, ends, strict=True)
    )


def _day(version: Version, first: datetime.date, last: datetime.date | None) -> datetime.date:
    """The first day from then on in the month of the example; ``first`` if the version does not
    hold so long."""
    part = version.pattern.part if isinstance(version.pattern, Periodic) else None
    years = (datetime.date(first.year + more, _MONTHS[part], 15) for more in (0, 1))
    day = next(each for each in years if each >= first)
    return day if last is None or day <= last else first


def _example(making: _Making) -> Example:
    rows: dict[tuple[str, str], list[Cells]] = {}
    for each in _rows(making):
        for role, name, cells in _with_sources(each, making):
            spec = making.registers[name]
            kept = whole(spec, cells, making.day, making.registers)
            rows.setdefault((role, name), []).append(kept)
    tables = tuple(_table(role, making.registers[name], rows[role, name]) for role, name in rows)
    return Example(making.day, tables)


def _table(role: str, spec: RegisterSpec, rows: list[Cells]) -> ExampleTable:
    columns = tuple(
        column.name for column in spec.columns if any(column.name in cells for cells in rows)
    )
    texts = tuple(tuple(cells.get(name, "") for name in columns) for cells in rows)
    return ExampleTable(role, spec.id, spec.title, columns, texts)


def _with_sources(placed: Placed, making: _Making) -> Iterator[Placed]:
    """The row without the cells that the program fills in itself, but with those that it fills
    them in from, and the row that these name."""
    role, register, cells = placed
    for column in making.registers[register].columns:
        latest = column.latest
        if latest is None or column.name not in cells:
            continue
        within = making.registers[latest.within]
        key = key_of(within, _ASIDE)
        del cells[column.name]
        cells |= {latest.key: key, latest.by: typed(making.day)}
        named = {latest.kind: latest.of, latest.issued: typed(making.day)}
        yield NAMED, latest.within, {within.key or "": key, **named}
    yield role, register, cells


# Rows -------------------------------------------------------------------------------------------


def _rows(making: _Making) -> Iterator[Placed]:
    """The rows that show, those that list, and the one that makes it apply."""
    events, people, query = events_of(making.version), making.population, making.items
    applies = making.version.applies
    if query is not None:
        yield from ((SHOWS, query.register, cells) for cells in _items(making, query))
    if events is not None:
        yield _event_role(making), events.register, _event(making, events)
    if people is not None:
        yield SUBJECTS, people.register, _person(making, people)
    if applies is not None:
        cells = _row(making, applies.register, applies.asks, _number(making, 2))
        yield APPLIES, applies.register, cells | _on(making, applies.begins)


def _event_role(making: _Making) -> str:
    if isinstance(making.version.pattern, Completeness):
        return RECORDS
    return EVENTS if making.items is not None else ITSELF


def _number(making: _Making, place: int) -> int:
    """The number of the first row of its kind: each register's rows are numbered through, in the
    order of event, person, what makes it apply, and evidence."""
    parts = (events_of(making.version), making.population, making.version.applies, making.items)
    named = [part.register if part is not None else None for part in parts]
    return 1 + named[:place].count(named[place])


def _row(making: _Making, register: str, asks: Iterable[Ask], number: int) -> Cells:
    spec = making.registers[register]
    key = {spec.key: key_of(spec, number)} if spec.key else {}
    return meeting(spec, asks, making.day, making.registers) | key


def _on(making: _Making, *names: str | None) -> Cells:
    return {name: typed(making.day) for name in names if name is not None}


def _event(making: _Making, events: Events) -> Cells:
    """The row of an event, or the record; with what it must show itself."""
    pattern, query = making.version.pattern, making.version.evidence
    asks, days = [*events.asks], [events.dated]
    if isinstance(pattern, Completeness):
        asks += pattern.asks
        days += pattern.done_on + ((pattern.deadline.due,) if pattern.deadline else ())
    if query is not None and query.itself:
        asks += [*query.asks, *(each for member in _members(making) for each in member.where)]
        days += [name for name in (query.dated, *(m.dated for m in _members(making))) if name]
    cells = _row(making, events.register, asks, _number(making, 0)) | _on(making, *days)
    if isinstance(pattern, BeforeEvent) and pattern.by is not None:
        cells[events.dated] = typed(_later(making.day, pattern.by))
    if query is not None and query.needed_from is not None:
        cells[query.needed_from] = "1"
    return cells


def _person(making: _Making, people: Population) -> Cells:
    cells = _row(making, people.register, people.asks, _number(making, 1))
    cells |= _on(making, people.joins, people.flagged)
    query = making.items
    if query is not None and query.named_by_subject is not None:
        cells[query.named_by_subject] = key_of(making.registers[query.register], _number(making, 3))
    return cells


def _members(making: _Making) -> tuple[Member, ...]:
    subjects = making.version.subjects
    return subjects.members if isinstance(subjects, FixedList) else ()


def _later(day: datetime.date, span: Span) -> datetime.date:
    later = as_date(add_one(day.toordinal(), span))
    assert later is not None
    return later


# Evidence ---------------------------------------------------------------------------------------


def _items(making: _Making, query: EvidenceQuery) -> Iterator[Cells]:
    """The rows of evidence: for each of a fixed list, unless one row can name them all."""
    number = _number(making, 3)
    for member in _apart(making, query):
        for which in range(query.needed):
            cells = _item(making, query, member, number)
            if query.distinct is not None:
                cells |= _different(making, query, query.distinct, cells, which)
            yield cells
            number += 1


def _apart(making: _Making, query: EvidenceQuery) -> tuple[Member | None, ...]:
    subjects = making.version.subjects
    if not isinstance(subjects, FixedList):
        return (None,)
    named = subjects.named_in and making.registers[query.register].column(subjects.named_in)
    own = any(member.where or member.dated for member in subjects.members)
    return (None,) if named and named.type == "codes" and not own else subjects.members


def _item(making: _Making, query: EvidenceQuery, member: Member | None, number: int) -> Cells:
    pattern = making.version.pattern
    where = member.where if member is not None else ()
    cells = _row(making, query.register, (*query.asks, *where), number)
    cells |= _on(making, (member.dated if member is not None else None) or query.dated)
    if isinstance(pattern, Standing):
        cells |= _on(making, pattern.begins) | _ends(making, pattern, cells)
    if isinstance(pattern, Periodic) and query.period is not None:
        cells[query.period] = _period(pattern, making.day)
    return cells | _names(making, query, member, cells)


def _period(pattern: Periodic, day: datetime.date) -> str:
    label = period_of(pattern.period, day.toordinal())
    return period_numbered(label, 1) if pattern.before else label


def _ends(making: _Making, pattern: Standing, cells: Cells) -> Cells:
    """An end far enough ahead, where the rule asks for one or a condition does."""
    ends = [name for name in (pattern.review_by, pattern.ends) if name is not None]
    asked = [name for name in ends if name in cells]
    if pattern.end_needed or pattern.review_within is not None:
        asked = asked or ends[:1]
    ahead = typed(_later(making.day, pattern.review_within or _AHEAD))
    return dict.fromkeys(asked, ahead)


def _names(making: _Making, query: EvidenceQuery, member: Member | None, cells: Cells) -> Cells:
    """What a row says that it is about: its event, its subject, and which of a fixed list."""
    events, people, subjects = events_of(making.version), making.population, making.version.subjects
    named: Cells = {}
    if query.event is not None and events is not None:
        named[query.event] = key_of(making.registers[events.register], _number(making, 0))
    if query.subject is not None and people is not None:
        named[query.subject] = key_of(making.registers[people.register], _number(making, 1))
    if isinstance(subjects, FixedList) and subjects.named_in is not None:
        ids = [member.id] if member is not None else [each.id for each in subjects.members]
        spec = making.registers[query.register].column(subjects.named_in)
        held = cells.get(spec.name) if spec.type == "codes" else None
        named[spec.name] = with_codes(held, ids)
    return named


def _different(making: _Making, query: EvidenceQuery, name: str, cells: Cells, which: int) -> Cells:
    """A text for a column that must differ from row to row."""
    codes = list(making.registers[query.register].column(name).codes)
    held = cells.get(name, "1")
    if codes:
        return {name: codes[which % len(codes)]}
    return {name: str(int(held) + which) if held.isdecimal() else f"{held} {which + 1}"}
