"""Which registers a duty reads, and what must stand in each column that it reads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from evidence.register import Registers, RegisterSpec
from rules.condition import Applies, find_column
from rules.model import Version
from rules.patterns import Events, EvidenceQuery
from rules.subject import Population
from rules.wording.words import asked_columns, column_told


@dataclass(frozen=True, slots=True)
class ColumnTold:
    """One column, and what must stand in it or what it is read for."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class RegisterTold:
    """One register that a duty reads: its id and title, what for, and the columns."""

    register: str
    title: str
    role: str
    columns: tuple[ColumnTold, ...]


SHOWS = "shows that it was done"
RECORDS = "holds the records, and shows what they lack"
EVENTS = "lists what it is about"
ITSELF = "lists what it is about, and shows that it was done"
SUBJECTS = "lists whom it asks, or for what"
APPLIES = "says when it is asked"

#: Columns by name, each with one thing that is said of it.
Said = Iterator[tuple[str | None, str]]


def registers_told(version: Version, registers: Registers) -> tuple[RegisterTold, ...]:
    """The registers that a resolved version reads, each with what for: one of the roles above.
    One that is read for two of them stands twice."""
    return tuple(
        RegisterTold(name, registers[name].title, role, _joined(said, registers[name]))
        for name, role, said in _parts(version, registers)
    )


def _joined(said: Said, spec: RegisterSpec) -> tuple[ColumnTold, ...]:
    """Each column once, with all that is said of it, in the order of first mention."""
    found: dict[str, list[str]] = {}
    for name, words in said:
        if name is not None and words not in found.setdefault(name, []):
            found[name].append(words)
    return tuple(
        ColumnTold(name, "; ".join([*words, *_filled_by_program(spec, name)]))
        for name, words in found.items()
    )


def _filled_by_program(spec: RegisterSpec, name: str) -> list[str]:
    column = find_column(spec, name)
    if column is not None and column.latest is not None:
        sources = f"{column_told(column.latest.key)} and {column_told(column.latest.by)}"
    elif column is not None and column.day_of is not None:
        sources = f"{column_told(column.day_of.key)} and the row that it names"
    else:
        return []
    return [f"the program fills it in, from {sources}"]


def _parts(version: Version, registers: Registers) -> Iterator[tuple[str, str, Said]]:
    query, events, people = version.evidence, version.events, version.population
    if query is not None and not query.itself:
        yield query.register, SHOWS, _of_evidence(version, query, registers)
    if events is not None and query is None:
        yield events.register, RECORDS, version.pattern.columns_told(None)
    elif events is not None and query is not None:
        own = _of_evidence(version, query, registers) if query.itself else iter(())
        role = ITSELF if query.itself else EVENTS
        yield events.register, role, chain(_of_events(events, query), own)
    if people is not None:
        yield people.register, SUBJECTS, _of_population(people, version)
    if version.applies is not None:
        yield version.applies.register, APPLIES, _of_applies(version.applies)


def _of_evidence(version: Version, query: EvidenceQuery, registers: Registers) -> Said:
    yield from asked_columns(query.asks)
    people, events = version.population, version.events
    yield query.dated, "the day on which it counts"
    yield from version.pattern.columns_told(query)
    if events is not None:
        yield query.event, f"names the row of {registers[events.register].title}"
    if people is not None:
        yield query.subject, f"names the row of {registers[people.register].title}"
    yield version.named_in, "names which of the list it is for"
    for member in version.members:
        yield member.dated, f"the day on which it counts, for {member.id}"
        for name, words in asked_columns(member.where):
            yield name, f"{words}, for {member.id}"
    yield query.distinct, "different in each row that counts"


def _of_events(events: Events, query: EvidenceQuery) -> Said:
    yield from asked_columns(events.asks)
    yield events.dated, "the day from which it is reckoned"
    yield events.cancelled, "asks nothing where it says yes"
    yield query.needed_from, "how many rows are needed"


def _of_population(subjects: Population, version: Version) -> Said:
    yield from asked_columns(subjects.asks)
    yield subjects.joins, "the first day"
    yield subjects.leaves, "the day on which it is over"
    yield subjects.flagged, "the day from which it is asked"
    if version.evidence is not None:
        yield version.evidence.named_by_subject, "names the row that shows it"


def _of_applies(applies: Applies) -> Said:
    yield from asked_columns(applies.asks)
    yield applies.begins, "the first day"
    yield applies.ends, "the day on which it is over"
