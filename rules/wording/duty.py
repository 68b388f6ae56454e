"""Each duty in sentences made from its rule, and nothing but its rule.

Whatever a rule says is said here too: two rules that differ in anything that decides are told in
different words (tests/test_rules_sentences.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from evidence.cells.day_words import long_day
from evidence.cells.text import listed
from evidence.register import ColumnSpec, Registers, RegisterSpec
from rules.condition import Applies, Ask, conditions_of, find_column
from rules.model import Duty, Rulebook, Version
from rules.patterns import EvidenceQuery
from rules.resolve import resolve
from rules.subject import Member, Population
from rules.wording.words import (
    Wording,
    condition_columns,
    conditions_text,
    empty_text,
    own_day,
    quoted,
    rows_text,
    where_clause,
)

SHOWS = "shows that it was done"
RECORDS = "contains the records, and shows what they lack"
EVENTS = "lists what the duty is about"
ITSELF = "lists what the duty is about, and shows that it was done"
SUBJECTS = "lists the people or things that the duty covers"
APPLIES = "says when the duty applies"

#: Columns by name, each with one thing that is said of it.
Said = Iterator[tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One column, and what must stand in it or what it is read for."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class RegisterUse:
    """One register that a duty reads: its id and title, what for, and the columns."""

    register: str
    title: str
    role: str
    columns: tuple[ColumnUse, ...]


@dataclass(frozen=True, slots=True)
class VersionText:
    """One version of a duty in words: the day from which it holds, what it asks in one sentence,
    what else it says (a sentence each), which columns it reads, and what it points out."""

    begins: datetime.date
    sentence: str
    also: tuple[str, ...]
    registers: tuple[RegisterUse, ...]
    remarks: tuple[str, ...]


def version_texts(rulebook: Rulebook, duty_id: str) -> tuple[VersionText, ...]:
    """Every version of the duty, the earliest first; a duty that adds to another one has a version
    wherever either has (semantics.md, Patterns). Raises KeyError where there is no such duty."""
    duty = rulebook.duties[duty_id]
    return tuple(
        _told(rulebook, duty, version.begins, version.version)
        for version in resolve(rulebook, duty_id).versions
    )


def sentence(rulebook: Rulebook, duty_id: str, day: datetime.date) -> str:
    """What the duty asks on that day, in one sentence: by the version that holds then, or the first
    one before any does."""
    told = version_texts(rulebook, duty_id)
    held = [each for each in told if each.begins <= day]
    return (held or told[:1])[-1].sentence


def ending_text(duty: Duty) -> str:
    """``It applies up to and including 31 March 2027.``; '' for a duty without an end."""
    return f"It applies up to and including {long_day(duty.until)}." if duty.until else ""


def _told(rulebook: Rulebook, duty: Duty, day: datetime.date, resolved: Version) -> VersionText:
    wording = Wording(resolved, day, duty.in_force, rulebook.registers, duty.strength)
    written = [version for version in duty.versions if version.from_ <= day][-1].pattern
    of, also = "", tuple(_also(wording))
    if written.cuts is not None:
        of = rulebook.duties[written.cuts].title
        also = (f"Everything else is as in that duty: {sentence(rulebook, written.cuts, day)}",)
    unwaived = () if duty.waivable else ("It cannot be waived.",)
    return VersionText(
        begins=day,
        sentence=written.sentence(wording, of),
        also=(*also, *unwaived),
        registers=register_uses(resolved, rulebook.registers),
        remarks=tuple(
            f"A row{where_clause(remark.where)} is a point to check: {remark.say}."
            for remark in resolved.remarks
        ),
    )


def _also(wording: Wording) -> Iterator[str]:
    """What a version says besides its sentence, in the order in which a reader asks."""
    version, query, events = wording.version, wording.version.evidence, wording.version.events
    if version.population is not None:
        yield from _population(version.population, wording.registers)
    yield from map(_member, version.members)
    yield from version.pattern.also(wording)
    if query is not None and query.dated and (not query.itself or own_day(wording)):
        yield f"The date that counts is the one in {quoted(query.dated)}."
    if query is not None and query.distinct is not None:
        yield f"Of rows with the same {quoted(query.distinct)} only the earliest counts."
    yield from _keys(version, wording.registers)
    if events is not None and events.cancelled is not None:
        yield f"A row whose {quoted(events.cancelled)} is yes requires nothing."
    if events is not None:
        yield from empty_text(events, wording.registers)
    if version.applies is not None:
        yield _applies(version.applies, wording)
    if version.lapse is not None:
        yield (
            f"If it is still not done {version.lapse} after the deadline, it lapses and is kept in "
            "the history as missed."
        )


def _population(subjects: Population, registers: Registers) -> Iterator[str]:
    joins, leaves = quoted(subjects.joins), ""
    if subjects.leaves is not None:
        leaves = f" to the day before the one in {quoted(subjects.leaves)}"
    yield f"The day of joining is the one in {joins}. The duty applies from that day{leaves}."
    if subjects.flagged is not None:
        yield (
            f"The duty applies only to rows with a date in {quoted(subjects.flagged)}. The "
            f"later of that date and the one in {joins} is then the day of joining."
        )
    yield from empty_text(subjects, registers)


def _member(member: Member) -> str:
    own = []
    if member.within is not None:
        own.append(f"within {member.within}")
    if member.dated is not None:
        own.append(f"the date that counts is the one in {quoted(member.dated)}")
    if member.where:
        own.append(conditions_text(member.where))
    about = f": {'; '.join(own)}" if own else ""
    return f"{member.id} ({member.title}){about}."


def _applies(applies: Applies, wording: Wording) -> str:
    when = "on the date of the event" if wording.version.events else "on the day of the check"
    spell = []
    if applies.begins is not None:
        spell.append(f"from the date in {quoted(applies.begins)}")
    if applies.ends is not None:
        spell.append(f"to the day before the one in {quoted(applies.ends)}")
    in_place = f", in place {' '.join(spell)}" if spell else ""
    rows = rows_text(applies, wording.registers)
    return f"The duty applies only if there is, {when}, a {rows}{in_place}."


# Keys -------------------------------------------------------------------------------------------


def _keys(version: Version, registers: Registers) -> Iterator[str]:
    """Which rows each key may name that a resolved version asks to be filled, a sentence a key."""
    filled = {(register, key.name): key for register, key in _filled_keys(version, registers)}
    for key in filled.values():
        named = [registers[name] for name in key.named]
        asked = ["can be read"]
        if any(spec.cancelled for spec in named):
            asked.append("was not cancelled")
        if any(spec.dated_by for spec in named):
            asked.append("is not dated after the day of the check")
        titles = listed([spec.title for spec in named], "or")
        yield f"{quoted(key.name)} must name a row in {titles} that {listed(asked)}."


def _filled_keys(version: Version, registers: Registers) -> Iterator[tuple[str, ColumnSpec]]:
    query, events = version.evidence, version.events
    if query is not None:
        asks = (*query.asks, *(ask for member in version.members for ask in member.where))
        yield from _filled_in(query.register, asks, registers)
    if events is not None:
        asks = (*events.asks, *version.pattern.asks)
        yield from _filled_in(events.register, asks, registers)
    for rows in (version.population, version.applies):
        if rows is not None:
            yield from _filled_in(rows.register, rows.asks, registers)


def _filled_in(
    register: str, asks: Iterable[Ask], registers: Registers
) -> Iterator[tuple[str, ColumnSpec]]:
    """The keys that these conditions ask to be filled, each with its register, and those that they
    ask of the rows that these keys name."""
    for condition in conditions_of(asks):
        column = find_column(registers[register], condition.column)
        if column is None or not column.named:
            continue
        if condition.filled:
            yield register, column
        for named in column.named:
            yield from _filled_in(named, condition.where, registers)


# Columns ----------------------------------------------------------------------------------------


def register_uses(version: Version, registers: Registers) -> tuple[RegisterUse, ...]:
    """The registers that a resolved version reads, each with what for: one of the roles above.
    One that is read for two of them stands twice."""
    return tuple(
        RegisterUse(name, registers[name].title, role, _joined(said, registers[name]))
        for name, role, said in columns_used(version, registers)
    )


def _joined(said: Said, spec: RegisterSpec) -> tuple[ColumnUse, ...]:
    """Each column once, with all that is said of it, in the order of first mention."""
    found: dict[str, list[str]] = {}
    for name, words in said:
        if name is not None and words not in found.setdefault(name, []):
            found[name].append(words)
    return tuple(
        ColumnUse(name, "; ".join([*words, *_filled_by_program(spec, name)]))
        for name, words in found.items()
    )


def _filled_by_program(spec: RegisterSpec, name: str) -> list[str]:
    column = find_column(spec, name)
    if column is not None and column.latest is not None:
        sources = f"{quoted(column.latest.key)} and {quoted(column.latest.by)}"
    elif column is not None and column.day_of is not None:
        sources = f"{quoted(column.day_of.key)} and the row that it names"
    else:
        return []
    return [f"filled in by the program from {sources}"]


def columns_used(version: Version, registers: Registers) -> Iterator[tuple[str, str, Said]]:
    query, events, people = version.evidence, version.events, version.population
    shown = _of_evidence(version, query, registers) if query is not None else iter(())
    if query is not None and not query.itself:
        yield query.register, SHOWS, shown
    if events is not None and query is None:
        yield events.register, RECORDS, version.pattern.column_roles(None)
    elif events is not None and query is not None:
        listed: Said = chain(
            condition_columns(events.asks),
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
        yield people.register, SUBJECTS, chain(condition_columns(people.asks), days)
    if (applies := version.applies) is not None:
        ends = ((applies.begins, "the first day"), (applies.ends, "the day on which it ends"))
        yield applies.register, APPLIES, chain(condition_columns(applies.asks), ends)


def _of_evidence(version: Version, query: EvidenceQuery, registers: Registers) -> Said:
    yield from condition_columns(query.asks)
    yield query.dated, "the date that counts"
    yield from version.pattern.column_roles(query)
    for name, rows in ((query.event, version.events), (query.subject, version.population)):
        if rows is not None:
            yield name, f"names the row in {registers[rows.register].title}"
    yield version.named_in, "names which of the list it is for"
    for member in version.members:
        yield member.dated, f"the date that counts, for {member.id}"
        for name, words in condition_columns(member.where):
            yield name, f"{words}, for {member.id}"
    yield query.distinct, "different in each row that counts"
