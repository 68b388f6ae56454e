"""Each duty in sentences made from its rule, and nothing but its rule.

Whatever a rule says is said here too: two rules that differ in anything that decides are told in
different words (tests/test_rules_sentences.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.cells.text import listed
from rules.condition import Ask
from rules.model import Duty, Rulebook, Version
from rules.pattern import Completeness, Content, EvidenceQuery, Rolling, Standing
from rules.resolve import resolve
from rules.subject import FixedList, Population
from rules.wording.also import also_told, events_of
from rules.wording.columns import RegisterTold, registers_told
from rules.wording.when import Telling, when_told
from rules.wording.words import (
    ask_told,
    asks_told,
    column_told,
    day_told,
    in_line,
    rows_told,
    sentence_of,
    title_of,
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
        _told(rulebook, duty, each.begins, each.version)
        for each in resolve(rulebook, duty_id).versions
    )


def sentence(rulebook: Rulebook, duty_id: str, day: datetime.date) -> str:
    """What the duty asks on that day, in one sentence: by the version that holds then, or the first
    one before any does."""
    told = versions_told(rulebook, duty_id)
    held = [each for each in told if each.begins <= day]
    return (held or told[:1])[-1].sentence


def ending_told(duty: Duty) -> str:
    """``It ends on 31 March 2027, that day included.``; '' for a duty without an end."""
    return f"It ends on {day_told(duty.until)}, that day included." if duty.until else ""


def _told(rulebook: Rulebook, duty: Duty, day: datetime.date, resolved: Version) -> VersionTold:
    telling = Telling(resolved, day, duty.in_force, rulebook.registers, duty.strength)
    written = [each for each in duty.versions if each.from_ <= day][-1]
    content = written.pattern if isinstance(written.pattern, Content) else None
    also = _also_of_content(rulebook, content, day) if content else also_told(telling)
    unwaived = () if duty.waivable else ("No waiver does anything to it.",)
    return VersionTold(
        begins=day,
        sentence=_of_content(rulebook, telling, content) if content else _asks(telling),
        also=(*also, *unwaived),
        registers=registers_told(resolved, rulebook.registers),
        remarks=tuple(
            f"A row{where_told(remark.where)} is pointed out: {remark.say}."
            for remark in resolved.remarks
        ),
    )


# One duty that adds to another ------------------------------------------------------------------


def _of_content(rulebook: Rulebook, telling: Telling, content: Content) -> str:
    of = rulebook.duties[content.of]
    title = title_of(_shown_in(telling.version), rulebook.registers)
    more = asks_told(content.where)
    return f"Each row in {title} that counts for '{of.title}' {telling.must} say this too: {more}."


def _shown_in(version: Version) -> str:
    """The register in which a version's items, or its records, stand."""
    if isinstance(version.pattern, Completeness):
        return version.pattern.records.register
    assert version.evidence is not None
    return version.evidence.register


def _also_of_content(rulebook: Rulebook, content: Content, day: datetime.date) -> Iterator[str]:
    yield f"All else is as that duty has it: {sentence(rulebook, content.of, day)}"


# One sentence -----------------------------------------------------------------------------------


def _asks(telling: Telling) -> str:
    each, when, what = _each(telling), when_told(telling), _what(telling)
    return sentence_of(f"for {each}: {when}, {what}" if each else f"{when}, {what}")


def _each(telling: Telling) -> str:
    """Whom and what it asks one by one: its subjects, its events or records, or both."""
    subjects, events = telling.version.subjects, events_of(telling.version)
    said = []
    if isinstance(subjects, Population):
        said.append(f"each {rows_told(subjects, telling.registers)}")
    if isinstance(subjects, FixedList):
        said.append(f"each of {listed([member.id for member in subjects.members])}")
    if events is not None:
        said.append(f"each {rows_told(events, telling.registers)}")
    return ", and ".join(said)


def _what(telling: Telling) -> str:
    pattern, query = telling.version.pattern, telling.version.evidence
    if isinstance(pattern, Completeness):
        return _must_say(telling, pattern.done_on, pattern.asks)
    assert query is not None
    if query.itself:
        return _must_say(telling, _own_day(query, telling.version), query.asks)
    links, where = _links(query, telling), where_told(query.asks)
    ending = f"{links},{where}" if links and where else links + where
    if isinstance(pattern, Standing):
        title = title_of(query.register, telling.registers)
        return f"a row in {title} {telling.must} be in place{ending}"
    each = " each time" if isinstance(pattern, Rolling) and query.needed > 1 else ""
    return f"there {telling.must}{each} be {_many(query, telling)}{ending}"


def _own_day(query: EvidenceQuery, version: Version) -> tuple[str, ...]:
    """The day that the event's own row must hold besides the event's own."""
    events = events_of(version)
    own = query.dated is None or (events is not None and query.dated == events.dated)
    return () if own or query.dated is None else (query.dated,)


def _must_say(telling: Telling, days: tuple[str, ...], asks: tuple[Ask, ...]) -> str:
    """What the row of the event, or the record itself, must hold."""
    said = [f"{column_told(name)} holds a day" for name in days]
    said += [ask_told(each) for each in asks]
    shown = f": {in_line(said)}" if said else " what is asked for each of them"
    return f"that row {telling.must} show{shown}"


def _many(query: EvidenceQuery, telling: Telling) -> str:
    title = title_of(query.register, telling.registers)
    if query.needed_from is not None:
        return f"as many rows in {title} as its {column_told(query.needed_from)} says"
    return f"a row in {title}" if query.needed == 1 else f"at least {query.needed} rows in {title}"


def _links(query: EvidenceQuery, telling: Telling) -> str:
    """How a row says what it is about, as the end of a phrase about it."""
    subjects, events = telling.version.subjects, events_of(telling.version)
    both = query.event is not None and query.subject is not None
    names = "names" if query.needed == 1 and query.needed_from is None else "name"
    said = []
    if query.event is not None and events is not None:
        about = f"the row of {title_of(events.register, telling.registers)}" if both else "it"
        said.append(f"{names} {about} in {column_told(query.event)}")
    if query.subject is not None and isinstance(subjects, Population):
        about = f"the row of {title_of(subjects.register, telling.registers)}" if both else "it"
        said.append(f"{names} {about} in {column_told(query.subject)}")
    if query.named_by_subject is not None:
        said.append(f"it names in its {column_told(query.named_by_subject)}")
    if isinstance(subjects, FixedList) and subjects.named_in is not None:
        which = "it" if query.event is None else "which of them"
        said.append(f"{names} {which} in {column_told(subjects.named_in)}")
    return f" that {listed(said)}" if said else ""
