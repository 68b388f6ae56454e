"""Which registers a duty reads, and what must stand in each column that it reads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from evidence.register import Registers, RegisterSpec
from rules.condition import find_column
from rules.model import Version
from rules.patterns import EvidenceQuery
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
RECORDS = "contains the records, and shows what they lack"
EVENTS = "lists what the duty is about"
ITSELF = "lists what the duty is about, and shows that it was done"
SUBJECTS = "lists the people or things that the duty covers"
APPLIES = "says when the duty applies"

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
    return [f"filled in by the program from {sources}"]


def _parts(version: Version, registers: Registers) -> Iterator[tuple[str, str, Said]]:
    query, events, people = version.evidence, version.events, version.population
    shown = _of_evidence(version, query, registers) if query is not None else iter(())
    if query is not None and not query.itself:
        yield query.register, SHOWS, shown
    if events is not None and query is None:
        yield events.register, RECORDS, version.pattern.columns_told(None)
    elif events is not None and query is not None:
        listed: Said = chain(
            asked_columns(events.asks),
            (
                (events.dated, "the date from which the deadline is counted"),
                (events.cancelled, "nothing is required where it is yes"),
                (query.needed_from, "how many rows are needed"),
            ),
        )
        if query.itself:
            yield events.register, ITSELF, chain(listed, shown)
        else:
            yield events.register, EVENTS, listed
    if people is not None:
        days = (
            (people.joins, "the first day"),
            (people.leaves, "the day on which it ends"),
            (people.flagged, "the date from which the duty applies"),
            (query.named_by_subject if query else None, "names the row that shows it"),
        )
        yield people.register, SUBJECTS, chain(asked_columns(people.asks), days)
    if (applies := version.applies) is not None:
        ends = ((applies.begins, "the first day"), (applies.ends, "the day on which it ends"))
        yield applies.register, APPLIES, chain(asked_columns(applies.asks), ends)


def _of_evidence(version: Version, query: EvidenceQuery, registers: Registers) -> Said:
    yield from asked_columns(query.asks)
    yield query.dated, "the date that counts"
    yield from version.pattern.columns_told(query)
    for name, rows in ((query.event, version.events), (query.subject, version.population)):
        if rows is not None:
            yield name, f"names the row in {registers[rows.register].title}"
    yield version.named_in, "names which of the list it is for"
    for member in version.members:
        yield member.dated, f"the date that counts, for {member.id}"
        for name, words in asked_columns(member.where):
            yield name, f"{words}, for {member.id}"
    yield query.distinct, "different in each row that counts"
