"""Waivers (semantics.md, Waiver): what they cover turns to waived, and nothing else changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.outcome import Answer, ObligationKey, Past, Status
from engine.plain.case import Case, events_asked
from engine.plain.lists import roll_of
from engine.plain.sheet import Sheet, Sheets, normal
from evidence.table import CellState

Thing = tuple[str, str]  # the subject and the event that a waiver may name; '' for either

_WORDS = ("duty", "subject", "reason", "approved by")
_ALL, _OFFICE = "all", "office"
_UNMET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE)
_UNTOLD = (Status.CANNOT_TELL, Status.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The names of one subject or event: its key and its label or title; how it is ``printed``
    where an event and a subject stand together; and the ``labels`` that are printed behind in
    brackets. ``listed``: it is a person or thing of a population, whose own label goes before the
    event's."""

    names: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)


_UNSPELLED = _Spellings()


def waive(case: Case, answers: Sequence[Answer]) -> list[Answer]:
    """The answers, of which the current ones that a waiver covers are waived. What was done stays
    met, and no deadline moves; only a waiver for all subjects covers what cannot be told."""
    named = _in_force(case)
    if not named:
        return list(answers)
    keys = [answer.key for answer in answers if answer.key.row < 0]
    things = _things(case, keys, named - {_ALL, _OFFICE})
    changed = _UNMET + _UNTOLD if _ALL in named else _UNMET
    return [
        answer._replace(status=Status.WAIVED)
        if answer.past == Past.CURRENT
        and answer.status in changed
        and (_ALL in named or _covers(answer.key, named, things))
        else answer
        for answer in answers
    ]


def _covers(key: ObligationKey, named: set[str], things: set[Thing]) -> bool:
    """Whether a waiver names the obligation's event or subject, or both; ``office`` names one
    that has neither."""
    if key.row >= 0:
        return False
    if not (key.subject or key.event):
        return _OFFICE in named
    return not things.isdisjoint(_things_of(key))


def _things_of(key: ObligationKey) -> set[Thing]:
    either = {(key.subject, ""), ("", key.event), (key.subject, key.event)}
    return either - {("", "")}


def _in_force(case: Case) -> set[str]:
    """Whom or what the waivers of this duty name that are whole and in force."""
    duty = case.duty.duty
    if not duty.waivable:
        return set()
    ids = {normal(name) for name in (duty.id, *duty.aliases)}
    waivers = case.sheets.once("waivers", lambda: _waivers(case.sheets))
    return {subject for of, subject in waivers if of in ids}


def _waivers(sheets: Sheets) -> list[tuple[str, str]]:
    """Duty and subject of each waiver that is whole and in force."""
    sheet = sheets.of("waivers")
    words = [[normal(" ".join(names)) for names in sheet.keys(name)] for name in _WORDS]
    days = zip(sheet.days("from"), sheet.days("until"), strict=True)
    return [
        (said[0], said[1])
        for said, (first, last) in zip(zip(*words, strict=True), days, strict=True)
        if all(said) and first and last and first <= sheets.as_of <= last
    ]


def _things(case: Case, keys: Iterable[ObligationKey], named: set[str]) -> set[Thing]:
    """What the waivers name of all that the duty's obligations are about, current or in history.
    A text that fits two things names neither."""
    fitting: dict[str, set[Thing]] = defaultdict(set)
    subjects, events = _subject_spellings(case), _event_spellings(case)
    for key in keys:
        subject = subjects.get(key.subject, _UNSPELLED)
        event = events.get(key.event, _UNSPELLED)
        for name in subject.names:
            fitting[name].add((key.subject, ""))
        for name in event.names:
            fitting[name].add(("", key.event))
        for name in _pairs_printed(event, subject):
            fitting[name].add((key.subject, key.event))
    fits = [fitting[name] for name in named if name in fitting]
    return {next(iter(each)) for each in fits if len(each) == 1}


# How a waiver may write a subject or an event: as reports print it, or by its key ----------------


def _subject_spellings(case: Case) -> Mapping[str, _Spellings]:
    """The names of the members of fixed lists, and of the people or things of populations."""
    found: dict[str, _Spellings] = defaultdict(_Spellings)
    for version in case.versions:
        people = version.version.population
        for member in version.version.members:
            found[member.id].names.update((normal(member.id), normal(member.title)))
            found[member.id].printed.add(member.title)
        for subject in roll_of(case.sheets, people).asked if people else ():
            sheet = case.sheets.of(people.register if people else "")
            _spell_row(found[subject.key], sheet, subject.row, subject.key)
            found[subject.key].listed.add(sheet.register)
    return found


def _event_spellings(case: Case) -> Mapping[str, _Spellings]:
    """The names of the events or records that the duty is about."""
    found: dict[str, _Spellings] = defaultdict(_Spellings)
    if case.now.version.events is None:
        return found
    for version, event in events_asked(case)[0]:
        events = version.version.events
        if events is not None:
            _spell_row(found[event.key], case.sheets.of(events.register), event.row, event.key)
    return found


def _pairs_printed(event: _Spellings, subject: _Spellings) -> Iterable[str]:
    """The names of an event and a subject together, as reports print them."""
    labels = subject.labels if subject.listed else event.labels
    for one in event.printed:
        for other in subject.printed:
            yield normal(f"{one}, {other}")
            yield from (normal(f"{one}, {other} ({label})") for label in labels)


def _spell_row(spelled: _Spellings, sheet: Sheet, row: int, key: str) -> None:
    """Adds the key of a row, and its label unless that is sensitive."""
    spelled.names.add(normal(key))
    if sheet.spec is None:
        return
    if sheet.spec.key:
        spelled.printed.add(sheet.column(sheet.spec.key).raw[row])
    label = sheet.column_spec(sheet.spec.label) if sheet.spec.label else None
    if label is not None and not label.sensitive:
        cells = sheet.column(label.name)
        if cells.state[row] == CellState.READ:
            spelled.labels.add(cells.raw[row])
            spelled.names.add(normal(cells.raw[row]))
            if sheet.spec.key:
                written = sheet.column(sheet.spec.key).raw[row]
                spelled.names.add(normal(f"{written} ({cells.raw[row]})"))
