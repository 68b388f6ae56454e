"""Each duty in sentences made from its rule, and nothing but its rule.

Whatever a rule says is said here too: two rules that differ in anything that decides are told in
different words (tests/test_rules_sentences.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidence.cells.day_words import long_day
from evidence.cells.text import listed
from evidence.register import ColumnSpec, Registers
from rules.condition import Applies, Ask, conditions_of, find_column
from rules.model import Duty, Rulebook, Version
from rules.resolve import resolve
from rules.subject import Member, Population
from rules.wording.columns import RegisterTold, registers_told
from rules.wording.words import (
    Telling,
    asks_told,
    column_told,
    empty_told,
    own_day,
    rows_told,
    where_told,
)


@dataclass(frozen=True, slots=True)
class VersionTold:
    """One version of a duty in words: the day from which it holds, what it asks in one sentence,
    what else it says (a sentence each), which columns it reads, and what it points out."""

    begins: datetime.date
    sentence: str
    also: tuple[str, ...]
    registers: tuple[RegisterTold, ...]
    remarks: tuple[str, ...]


def versions_told(rulebook: Rulebook, duty_id: str) -> tuple[VersionTold, ...]:
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
    told = versions_told(rulebook, duty_id)
    held = [each for each in told if each.begins <= day]
    return (held or told[:1])[-1].sentence


def ending_told(duty: Duty) -> str:
    """``It applies up to and including 31 March 2027.``; '' for a duty without an end."""
    return f"It applies up to and including {long_day(duty.until)}." if duty.until else ""


def _told(rulebook: Rulebook, duty: Duty, day: datetime.date, resolved: Version) -> VersionTold:
    telling = Telling(resolved, day, duty.in_force, rulebook.registers, duty.strength)
    written = [version for version in duty.versions if version.from_ <= day][-1].pattern
    of, also = "", tuple(_also(telling))
    if written.cuts is not None:
        of = rulebook.duties[written.cuts].title
        also = (f"Everything else is as in that duty: {sentence(rulebook, written.cuts, day)}",)
    unwaived = () if duty.waivable else ("It cannot be waived.",)
    return VersionTold(
        begins=day,
        sentence=written.sentence(telling, of),
        also=(*also, *unwaived),
        registers=registers_told(resolved, rulebook.registers),
        remarks=tuple(
            f"A row{where_told(remark.where)} is a point to check: {remark.say}."
            for remark in resolved.remarks
        ),
    )


def _also(telling: Telling) -> Iterator[str]:
    """What a version says besides its sentence, in the order in which a reader asks."""
    version, query, events = telling.version, telling.version.evidence, telling.version.events
    if version.population is not None:
        yield from _population(version.population, telling.registers)
    yield from map(_member, version.members)
    yield from version.pattern.also(telling)
    if query is not None and query.dated and (not query.itself or own_day(telling)):
        yield f"The date that counts is the one in {column_told(query.dated)}."
    if query is not None and query.distinct is not None:
        yield f"Of rows with the same {column_told(query.distinct)} only the earliest counts."
    yield from _keys(version, telling.registers)
    if events is not None and events.cancelled is not None:
        yield f"A row whose {column_told(events.cancelled)} is yes requires nothing."
    if events is not None:
        yield from empty_told(events, telling.registers)
    if version.applies is not None:
        yield _applies(version.applies, telling)
    if version.lapse is not None:
        yield (
            f"If it is still not done {version.lapse} after the deadline, it lapses and is kept in "
            "the history as missed."
        )


def _population(subjects: Population, registers: Registers) -> Iterator[str]:
    joins, leaves = column_told(subjects.joins), ""
    if subjects.leaves is not None:
        leaves = f" to the day before the one in {column_told(subjects.leaves)}"
    yield f"The day of joining is the one in {joins}. The duty applies from that day{leaves}."
    if subjects.flagged is not None:
        yield (
            f"The duty applies only to rows with a date in {column_told(subjects.flagged)}. The "
            f"later of that date and the one in {joins} is then the day of joining."
        )
    yield from empty_told(subjects, registers)


def _member(member: Member) -> str:
    own = []
    if member.within is not None:
        own.append(f"within {member.within}")
    if member.dated is not None:
        own.append(f"the date that counts is the one in {column_told(member.dated)}")
    if member.where:
        own.append(asks_told(member.where))
    about = f": {'; '.join(own)}" if own else ""
    return f"{member.id} ({member.title}){about}."


def _applies(applies: Applies, telling: Telling) -> str:
    when = "on the date of the event" if telling.version.events else "on the day of the check"
    spell = []
    if applies.begins is not None:
        spell.append(f"from the date in {column_told(applies.begins)}")
    if applies.ends is not None:
        spell.append(f"to the day before the one in {column_told(applies.ends)}")
    in_place = f", in place {' '.join(spell)}" if spell else ""
    rows = rows_told(applies, telling.registers)
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
        yield f"{column_told(key.name)} must name a row in {titles} that {listed(asked)}."


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
