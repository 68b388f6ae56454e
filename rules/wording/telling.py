"""A version that is put into words, and the phrases about the rows that it takes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.cells.text import listed
from evidence.register import Registers
from rules.condition import Ask, Listing
from rules.wording.words import (
    ask_told,
    column_told,
    in_line,
    rows_told,
    title_of,
    where_told,
)

if TYPE_CHECKING:
    from rules.model import Version
    from rules.patterns.rows import EvidenceQuery


@dataclass(frozen=True, slots=True)
class Telling:
    """One version that is being told: the version, its first day, the day on which its duty came
    into force, the registers it names, and 'must' or 'should'."""

    version: Version
    begins: datetime.date
    in_force: datetime.date
    registers: Registers
    must: str

    @property
    def query(self) -> EvidenceQuery:
        """The version's evidence; only of a pattern that has some."""
        return self.version.query

    @property
    def each(self) -> str:
        """Whom and what it asks one by one: its subjects, its events or records, or both."""
        version, said = self.version, []
        if version.population is not None:
            said.append(f"each {rows_told(version.population, self.registers)}")
        if version.members:
            said.append(f"each of {listed([member.id for member in version.members])}")
        if version.events is not None:
            said.append(f"each {rows_told(version.events, self.registers)}")
        return ", and ".join(said)


def must_say(telling: Telling, days: tuple[str, ...], asks: tuple[Ask, ...]) -> str:
    """What the row of the event, or the record itself, must hold."""
    said = [f"{column_told(name)} holds a day" for name in days]
    said += [ask_told(each) for each in asks]
    shown = f": {in_line(said)}" if said else " what is asked for each of them"
    return f"that row {telling.must} show{shown}"


def own_day(telling: Telling) -> tuple[str, ...]:
    """The day that the event's own row must hold besides the event's own."""
    name, events = telling.query.dated, telling.version.events
    return () if name is None or (events is not None and name == events.dated) else (name,)


def many(telling: Telling) -> str:
    """How many rows it takes: ``at least 2 rows in Meetings``."""
    query = telling.query
    title = title_of(query.register, telling.registers)
    if query.needed_from is not None:
        return f"as many rows in {title} as its {column_told(query.needed_from)} says"
    return f"a row in {title}" if query.needed == 1 else f"at least {query.needed} rows in {title}"


def row_links(telling: Telling) -> str:
    """How a row says what it is about, and what is asked of it, as the end of a phrase about it."""
    links, where = _links(telling), where_told(telling.query.asks)
    return f"{links},{where}" if links and where else links + where


def _links(telling: Telling) -> str:
    query, version, registers = telling.query, telling.version, telling.registers
    both = query.event is not None and query.subject is not None
    names = "names" if query.needed == 1 and query.needed_from is None else "name"
    said = []
    for name, rows in ((query.event, version.events), (query.subject, version.population)):
        if name is not None and rows is not None:
            about = f"the row of {title_of(rows.register, registers)}" if both else "it"
            said.append(f"{names} {about} in {column_told(name)}")
    if query.named_by_subject is not None:
        said.append(f"it names in its {column_told(query.named_by_subject)}")
    if version.named_in is not None:
        which = "it" if query.event is None else "which of them"
        said.append(f"{names} {which} in {column_told(version.named_in)}")
    return f" that {listed(said)}" if said else ""


def empty_told(listing: Listing, registers: Registers) -> Iterator[str]:
    """What having no such row means."""
    title = title_of(listing.register, registers)
    nil = listing.nil_return
    given = f"a nil return for '{nil.list}', given for each {nil.each}" if nil else ""
    if listing.empty == "fair":
        yield f"To have no such row in {title} is a fair answer{f'; so is {given}' if nil else ''}."
    elif nil is not None:
        yield f"With no such row in {title} it cannot be told, unless {given}, says so."
    else:
        yield f"With no such row in {title} it cannot be told."
