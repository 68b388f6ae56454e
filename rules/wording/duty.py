"""Each duty in sentences made from its rule alone.

The sentences are complete: two rules that differ in anything that decides have different sentences
(tests/test_rules_sentences.py).
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
from rules.subject import Member
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

#: Columns by name, each with one use of it.
Uses = Iterator[tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One column, and what it must contain or what it is read for."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class RegisterUse:
    """One register that a duty reads: its id, title, role and columns."""

    register: str
    title: str
    role: str
    columns: tuple[ColumnUse, ...]


@dataclass(frozen=True, slots=True)
class VersionText:
    """One version of a duty in words: the day from which it applies, its requirement in one
    sentence, further sentences, the columns that it reads, and its points to check."""

    begins: datetime.date
    sentence: str
    also: tuple[str, ...]
    registers: tuple[RegisterUse, ...]
    remarks: tuple[str, ...]


def version_texts(rulebook: Rulebook, duty_id: str) -> tuple[VersionText, ...]:
    """Every version of the duty, the earliest first; a content duty has a version wherever it or
    the duty that it cuts has one (semantics.md: Patterns). Raises KeyError for an unknown id."""
    duty = rulebook.duties[duty_id]
    return tuple(
        _version_text(rulebook, duty, resolved.begins, resolved.rule)
        for resolved in resolve(rulebook, duty_id).versions
    )


def sentence(rulebook: Rulebook, duty_id: str, day: datetime.date) -> str:
    """What the duty requires on that day, in one sentence: by the version that applies then, or the
    first one on days before it."""
    texts = version_texts(rulebook, duty_id)
    return ([text for text in texts if text.begins <= day] or texts[:1])[-1].sentence


def ending_text(duty: Duty) -> str:
    """``It applies up to and including 31 March 2027.``; '' for a duty without an end."""
    return f"It applies up to and including {long_day(duty.until)}." if duty.until else ""


def _version_text(
    rulebook: Rulebook, duty: Duty, day: datetime.date, version: Version
) -> VersionText:
    wording = Wording(version, day, duty.in_force_from, rulebook.registers, duty.strength)
    pattern = [version for version in duty.versions if version.from_ <= day][-1].pattern
    base, also = "", tuple(_also(wording))
    if pattern.cuts is not None:
        base = rulebook.duties[pattern.cuts].title
        also = (f"Everything else is as in that duty: {sentence(rulebook, pattern.cuts, day)}",)
    return VersionText(
        begins=day,
        sentence=pattern.sentence(wording, base),
        also=also if duty.waivable else (*also, "It cannot be waived."),
        registers=register_uses(version, rulebook.registers),
        remarks=tuple(
            f"A row{where_clause(remark.where)} is a point to check: {remark.say}."
            for remark in version.remarks
        ),
    )


def _also(wording: Wording) -> Iterator[str]:
    """The sentences of a version besides its requirement, in the order of a reader's questions."""
    version, query, events = wording.version, wording.version.evidence, wording.version.events
    if (people := version.population) is not None:
        leaves = f" to the day before the one in {quoted(people.leaves)}" if people.leaves else ""
        joins = f"The day of joining is the one in {quoted(people.joins)}."
        yield f"{joins} The duty applies from that day{leaves}."
        if people.flagged is not None:
            yield (
                f"The duty applies only to rows with a date in {quoted(people.flagged)}. The later "
                f"of that date and the one in {quoted(people.joins)} is then the day of joining."
            )
        yield from empty_text(people, wording.registers)
    yield from map(_member, version.members)
    yield from version.pattern.also(wording)
    if version.transition_until is not None:
        begins, until = long_day(wording.begins), long_day(version.transition_until)
        yield (
            f"What was met on {begins} under the previous version is judged by that version until "
            f"{until}. This version must be met by then, or by the deadline under the version "
            "before if that is earlier."
        )
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


def _member(member: Member) -> str:
    parts = []
    if member.within is not None:
        parts.append(f"within {member.within}")
    if member.dated is not None:
        parts.append(f"the date that counts is the one in {quoted(member.dated)}")
    if member.where:
        parts.append(conditions_text(member.where))
    about = f": {'; '.join(parts)}" if parts else ""
    same = member.title.casefold() == member.id.casefold()
    return f"{member.title if same else f'{member.id} ({member.title})'}{about}."


def _applies(applies: Applies, wording: Wording) -> str:
    when = "on the date of the event" if wording.version.events else "on the day of the check"
    begins = f" from the date in {quoted(applies.begins)}" if applies.begins else ""
    ends = f" to the day before the one in {quoted(applies.ends)}" if applies.ends else ""
    in_place = f", in place{begins}{ends}" if begins or ends else ""
    rows = rows_text(applies, wording.registers)
    return f"The duty applies only if there is, {when}, a {rows}{in_place}."


# Keys -------------------------------------------------------------------------------------------


def _keys(version: Version, registers: Registers) -> Iterator[str]:
    """A sentence for each key that a resolved version requires, on the rows that it may name."""
    keys = {(register, key.name): key for register, key in _filled_keys(version, registers)}
    for key in keys.values():
        specs = [registers[name] for name in key.named]
        clauses = ["can be read"]
        if any(spec.cancelled for spec in specs):
            clauses.append("was not cancelled")
        if any(spec.dated_by for spec in specs):
            clauses.append("is not dated after the day of the check")
        titles = listed([spec.title for spec in specs], "or")
        yield f"{quoted(key.name)} must name a row in {titles} that {listed(clauses)}."


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
    """The keys that these conditions require, also in the rows that those name, by register."""
    for condition in conditions_of(asks):
        column = find_column(registers[register], condition.column)
        if column is None or not column.named:
            continue
        if condition.filled:
            yield register, column
        for other in column.named:
            yield from _filled_in(other, condition.where, registers)


# Columns ----------------------------------------------------------------------------------------


def register_uses(version: Version, registers: Registers) -> tuple[RegisterUse, ...]:
    """The registers that a resolved version reads, each once for each of its roles, with each
    column once, in the order of first mention, and all its uses."""
    result = []
    for register, role, uses in columns_used(version, registers):
        words: dict[str, list[str]] = {}
        for name, use in uses:
            if name is not None and use not in words.setdefault(name, []):
                words[name].append(use)
        spec = registers[register]
        columns = tuple(
            ColumnUse(name, "; ".join([*parts, *_filled_by_program(spec, name)]))
            for name, parts in words.items()
        )
        result.append(RegisterUse(register, spec.title, role, columns))
    return tuple(result)


def _filled_by_program(spec: RegisterSpec, name: str) -> Iterator[str]:
    column = find_column(spec, name)
    if column is not None and (latest := column.latest) is not None:
        yield f"filled in by the program from {quoted(latest.key)} and {quoted(latest.by)}"
    elif column is not None and column.day_of is not None:
        key = quoted(column.day_of.key)
        yield f"filled in by the program from {key} and the row that it names"


def columns_used(version: Version, registers: Registers) -> Iterator[tuple[str, str, Uses]]:
    """The registers that a version reads, each with its role and the uses of its columns."""
    query, events, people = version.evidence, version.events, version.population
    evidence = _of_evidence(version, query, registers) if query is not None else iter(())
    if query is not None and not query.itself:
        yield query.register, SHOWS, evidence
    if events is not None and query is None:
        yield events.register, RECORDS, version.pattern.column_roles(None)
    elif events is not None and query is not None:
        days = (
            (events.dated, "the date from which the deadline is counted"),
            (events.cancelled, "nothing is required where it is yes"),
            (query.needed_from, "how many rows are needed"),
        )
        uses: Uses = chain(condition_columns(events.asks), days, evidence if query.itself else ())
        yield events.register, ITSELF if query.itself else EVENTS, uses
    if people is not None:
        joined = (
            (people.joins, "the first day"),
            (people.leaves, "the day on which it ends"),
            (people.flagged, "the date from which the duty applies"),
            (query.named_by_subject if query else None, "names the row that shows it"),
        )
        yield people.register, SUBJECTS, chain(condition_columns(people.asks), joined)
    if (applies := version.applies) is not None:
        ends = ((applies.begins, "the first day"), (applies.ends, "the day on which it ends"))
        yield applies.register, APPLIES, chain(condition_columns(applies.asks), ends)


def _of_evidence(version: Version, query: EvidenceQuery, registers: Registers) -> Uses:
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
