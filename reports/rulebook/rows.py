"""The rows of an example, one by one: those that show, those that list, and what they name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.columns.days import add_one, as_date
from engine.columns.periods import period_numbered, period_of
from evidence.register import DayOf, Latest, RegisterSpec
from reports.rulebook.cells import Cells, Registers, key_of, meeting, typed, with_codes
from reports.rulebook.named import with_named
from rules.condition import Ask
from rules.model import Version
from rules.patterns import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.span import Span
from rules.subject import Member, Population
from rules.wording.columns import APPLIES, EVENTS, ITSELF, RECORDS, SHOWS, SUBJECTS

_AHEAD = Span(12, "months")
#: The number of a row that only another one's cells call for.
_ASIDE = 9

#: A row with what it is for (a role of rules.wording.columns) and the register it stands in.
Placed = tuple[str, str, Cells]
#: What a row is for that another one's cells name.
NAMED = "is named there"


@dataclass(frozen=True, slots=True)
class Making:
    """One version whose example is made, and the day on which everything in it is done."""

    registers: Registers
    version: Version
    day: datetime.date

    @property
    def items(self) -> EvidenceQuery | None:
        """The evidence that has rows of its own."""
        query = self.version.evidence
        return query if query is not None and not query.itself else None


def rows_of(making: Making) -> Iterator[Placed]:
    """Every row of the example, with the register that it stands in and what it is for."""
    placed = list(_with_named(list(_rows(making)), making))
    for each in placed:
        yield from _with_sources(each, making, placed)


def _with_named(placed: Sequence[Placed], making: Making) -> Iterator[Placed]:
    """The rows, and before each of them those that its keys have to name."""
    taken = [(register, cells) for _, register, cells in placed]
    for role, register, cells in placed:
        row = (register, cells)
        *named, _ = with_named(row, making.version, making.day, making.registers, taken)
        taken += named
        yield from ((NAMED, name, found) for name, found in named)
        yield role, register, cells


def _with_sources(each: Placed, making: Making, placed: Sequence[Placed]) -> Iterator[Placed]:
    """The row without the cells that the program fills in itself, but with those that it fills
    them in from, and the rows that these name."""
    role, register, cells = each
    for column in making.registers[register].columns:
        if column.looks_in is None or column.name not in cells:
            continue
        del cells[column.name]
        within = making.registers[column.looks_in]
        if column.latest is not None:
            yield from _latest_named(column.latest, within, cells, making.day)
        elif column.day_of is not None:
            yield from _dated_named(column.day_of, within, cells, making.day, placed)
    yield role, register, cells


def _latest_named(
    latest: Latest, within: RegisterSpec, cells: Cells, day: datetime.date
) -> Iterator[Placed]:
    """A row that is the latest of its kind, which the row names."""
    key = key_of(within, _ASIDE)
    cells |= {latest.key: key, latest.by: typed(day)}
    named = {latest.kind: latest.of, latest.issued: typed(day)}
    yield NAMED, within.id, {within.key or "": key, **named}


def _dated_named(
    of: DayOf, within: RegisterSpec, cells: Cells, day: datetime.date, placed: Sequence[Placed]
) -> Iterator[Placed]:
    """A row of the day, which the row names: one of the example, or else a new one. One that it
    names already gets the day."""
    own = within.key or ""
    there = [named for _, register, named in placed if register == within.id and own in named]
    of_day = (named[own] for named in there if named.get(of.day) == typed(day))
    key = cells.setdefault(of.key, next(of_day, key_of(within, _ASIDE)))
    for named in there:
        if named[own] == key:
            named.setdefault(of.day, typed(day))
            return
    yield NAMED, within.id, {within.key or "": key, of.day: typed(day)}


# Rows -------------------------------------------------------------------------------------------


def _rows(making: Making) -> Iterator[Placed]:
    """The rows that show, those that list, and the one that makes it apply."""
    events, people, query = making.version.events, making.version.population, making.items
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


def _event_role(making: Making) -> str:
    if making.version.evidence is None:
        return RECORDS
    return EVENTS if making.items is not None else ITSELF


def _number(making: Making, place: int) -> int:
    """The number of the first row of its kind: each register's rows are numbered through, in the
    order of event, person, what makes it apply, and evidence."""
    parts = (making.version.events, making.version.population, making.version.applies, making.items)
    named = [part.register if part is not None else None for part in parts]
    return 1 + named[:place].count(named[place])


def _row(making: Making, register: str, asks: Iterable[Ask], number: int) -> Cells:
    spec = making.registers[register]
    key = {spec.key: key_of(spec, number)} if spec.key else {}
    return meeting(spec, asks, making.day, making.registers) | key


def _on(making: Making, *names: str | None) -> Cells:
    return {name: typed(making.day) for name in names if name is not None}


def _event(making: Making, events: Events) -> Cells:
    """The row of an event, or the record; with what it must show itself."""
    pattern, query = making.version.pattern, making.version.evidence
    asks, days = [*events.asks], [events.dated]
    if isinstance(pattern, Completeness):
        asks += pattern.asks
        days += pattern.done_on + ((pattern.deadline.due,) if pattern.deadline else ())
    if query is not None and query.itself:
        asks += [*query.asks, *(each for member in making.version.members for each in member.where)]
        days += [name for name in (query.dated, *(m.dated for m in making.version.members)) if name]
    cells = _row(making, events.register, asks, _number(making, 0)) | _on(making, *days)
    if pattern.lead is not None:
        cells[events.dated] = typed(_later(making.day, pattern.lead))
    if query is not None and query.needed_from is not None:
        cells[query.needed_from] = "1"
    return cells


def _person(making: Making, people: Population) -> Cells:
    cells = _row(making, people.register, people.asks, _number(making, 1))
    cells |= _on(making, people.joins, people.flagged)
    query = making.items
    if query is not None and query.named_by_subject is not None:
        cells[query.named_by_subject] = key_of(making.registers[query.register], _number(making, 3))
    return cells


def _later(day: datetime.date, span: Span) -> datetime.date:
    later = as_date(add_one(day.toordinal(), span))
    assert later is not None
    return later


# Evidence ---------------------------------------------------------------------------------------


def _items(making: Making, query: EvidenceQuery) -> Iterator[Cells]:
    """The rows of evidence: for each of a fixed list, unless one row can name them all."""
    number = _number(making, 3)
    for member in _apart(making, query):
        for which in range(query.needed):
            cells = _item(making, query, member, number)
            if query.distinct is not None:
                cells |= _different(making, query, query.distinct, cells, which)
            yield cells
            number += 1


def _apart(making: Making, query: EvidenceQuery) -> tuple[Member | None, ...]:
    members, named_in = making.version.members, making.version.named_in
    if not members:
        return (None,)
    named = named_in and making.registers[query.register].column(named_in)
    own = any(member.where or member.dated for member in members)
    return (None,) if named and named.type == "codes" and not own else members


def _item(making: Making, query: EvidenceQuery, member: Member | None, number: int) -> Cells:
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


def _ends(making: Making, pattern: Standing, cells: Cells) -> Cells:
    """An end far enough ahead, where the rule asks for one or a condition does."""
    ends = [name for name in (pattern.review_by, pattern.ends) if name is not None]
    asked = [name for name in ends if name in cells]
    if pattern.end_needed or pattern.review_within is not None:
        asked = asked or ends[:1]
    ahead = typed(_later(making.day, pattern.review_within or _AHEAD))
    return dict.fromkeys(asked, ahead)


def _names(making: Making, query: EvidenceQuery, member: Member | None, cells: Cells) -> Cells:
    """What a row says that it is about: its event, its subject, and which of a fixed list."""
    events, people, named_in = (
        making.version.events,
        making.version.population,
        making.version.named_in,
    )
    named: Cells = {}
    if query.event is not None and events is not None:
        named[query.event] = key_of(making.registers[events.register], _number(making, 0))
    if query.subject is not None and people is not None:
        named[query.subject] = key_of(making.registers[people.register], _number(making, 1))
    if named_in is not None:
        ids = [member.id] if member is not None else [each.id for each in making.version.members]
        spec = making.registers[query.register].column(named_in)
        held = cells.get(spec.name) if spec.type == "codes" else None
        named[spec.name] = with_codes(held, ids)
    return named


def _different(making: Making, query: EvidenceQuery, name: str, cells: Cells, which: int) -> Cells:
    """A text for a column that must differ from row to row."""
    codes = list(making.registers[query.register].column(name).codes)
    held = cells.get(name, "1")
    if codes:
        return {name: codes[which % len(codes)]}
    return {name: str(int(held) + which) if held.isdecimal() else f"{held} {which + 1}"}
