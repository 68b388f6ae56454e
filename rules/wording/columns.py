"""Which registers a duty reads, and what must stand in each column that it reads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from evidence.register import RegisterSpec
from rules.condition import Applies, Ask, Condition
from rules.model import Version
from rules.pattern import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.subject import FixedList, Population
from rules.wording.also import events_of
from rules.wording.words import Registers, asked_told, column_told, title_of


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
    each = next((each for each in spec.columns if each.name == name), None)
    if each is None:
        return []
    if each.latest is not None:
        sources = f"{column_told(each.latest.key)} and {column_told(each.latest.by)}"
    elif each.day_of is not None:
        sources = f"{column_told(each.day_of.key)} and the row that it names"
    else:
        return []
    return [f"the program fills it in, from {sources}"]


def _parts(version: Version, registers: Registers) -> Iterator[tuple[str, str, Said]]:
    query, events, subjects = version.evidence, events_of(version), version.subjects
    if query is not None and not query.itself:
        yield query.register, SHOWS, _of_evidence(version, query, registers)
    if isinstance(version.pattern, Completeness):
        yield version.pattern.records.register, RECORDS, _of_records(version.pattern)
    elif events is not None and query is not None:
        own = _of_evidence(version, query, registers) if query.itself else iter(())
        role = ITSELF if query.itself else EVENTS
        yield events.register, role, chain(_of_events(events, query), own)
    if isinstance(subjects, Population):
        yield subjects.register, SUBJECTS, _of_population(subjects, version)
    if version.applies is not None:
        yield version.applies.register, APPLIES, _of_applies(version.applies)


def _asked(asks: Iterable[Ask]) -> Said:
    for ask in asks:
        if isinstance(ask, Condition):
            yield ask.column, asked_told(ask)
        else:
            for each in ask.any_of:
                yield each.column, f"{asked_told(each)}, unless another choice holds"


def _of_evidence(version: Version, query: EvidenceQuery, registers: Registers) -> Said:
    yield from _asked(query.asks)
    pattern, subjects, events = version.pattern, version.subjects, events_of(version)
    yield query.dated, "the day on which it counts"
    if isinstance(pattern, Standing):
        yield pattern.begins, "the first day on which it is in place"
        yield pattern.ends, "the last day"
        yield pattern.review_by, "the last day, unless it is looked at again"
    if isinstance(pattern, Periodic):
        yield query.period, f"the {pattern.period} that it is for"
    if events is not None:
        yield query.event, f"names the row of {title_of(events.register, registers)}"
    if isinstance(subjects, Population):
        yield query.subject, f"names the row of {title_of(subjects.register, registers)}"
    if isinstance(subjects, FixedList):
        yield from _of_members(subjects)
    yield query.distinct, "different in each row that counts"


def _of_members(subjects: FixedList) -> Said:
    yield subjects.named_in, "names which of the list it is for"
    for member in subjects.members:
        yield member.dated, f"the day on which it counts, for {member.id}"
        for name, words in _asked(member.where):
            yield name, f"{words}, for {member.id}"


def _of_events(events: Events, query: EvidenceQuery) -> Said:
    yield from _asked(events.asks)
    yield events.dated, "the day from which it is reckoned"
    yield events.cancelled, "asks nothing where it says yes"
    yield query.needed_from, "how many rows are needed"


def _of_records(pattern: Completeness) -> Said:
    yield from _asked(pattern.records.asks)
    yield pattern.records.dated, "the record's own day"
    yield pattern.records.cancelled, "asks nothing where it says yes"
    for name in pattern.done_on:
        yield name, "the day on which it was done"
    yield from _asked(pattern.asks)
    if pattern.deadline is not None:
        yield pattern.deadline.due, "the deadline"
        yield pattern.deadline.re_agreed_to, "the deadline agreed instead"
        yield pattern.deadline.re_agreed_on, "the day on which that was agreed"


def _of_population(subjects: Population, version: Version) -> Said:
    yield from _asked(subjects.asks)
    yield subjects.joins, "the first day"
    yield subjects.leaves, "the day on which it is over"
    yield subjects.flagged, "the day from which it is asked"
    if version.evidence is not None:
        yield version.evidence.named_by_subject, "names the row that shows it"


def _of_applies(applies: Applies) -> Said:
    yield from _asked(applies.asks)
    yield applies.begins, "the first day"
    yield applies.ends, "the day on which it is over"
