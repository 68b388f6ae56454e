"""Waivers (semantics.md, Waiver): what they cover turns to waived, and nothing else changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

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


def waive(case: Case, answers: list[Answer]) -> list[Answer]:
    """The answers, of which the current ones that a waiver covers are waived. What was done stays
    met, and no deadline moves; only a waiver for all subjects covers what cannot be told."""
    named = _in_force(case)
    if not named:
        return answers
    things = _things(case, (answer.key for answer in answers), named - {_ALL, _OFFICE})
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
    return not things.isdisjoint({(key.subject, ""), ("", key.event), (key.subject, key.event)})


def _in_force(case: Case) -> set[str]:
    """Whom or what the waivers of this duty name that are whole and in force."""
    duty = case.duty.duty
    ids = {normal(name) for name in (duty.id, *duty.aliases)} if duty.waivable else set()
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


# How a waiver may write a subject or an event: as reports print it, or by its key ----------------


class _Spelled(NamedTuple):
    """One subject or event: its ``names``, as texts are compared; how it is ``printed`` where an
    event and a subject stand together; and the ``labels`` that are printed behind in brackets."""

    names: set[str]
    printed: set[str]
    labels: set[str]


_Spellings = Mapping[str, _Spelled]  # by key


def _things(case: Case, keys: Iterable[ObligationKey], named: set[str]) -> set[Thing]:
    """What the waivers name of all that the duty's obligations are about, current or in history.
    A text that fits two things names neither."""
    fitting: dict[str, set[Thing]] = defaultdict(set)
    subjects, events = _spellings(case)
    people = case.now.version.population is not None
    for key in keys:
        if key.row >= 0:
            continue
        subject, event = subjects[key.subject], events[key.event]
        for name in subject.names:
            fitting[name].add((key.subject, ""))
        for name in event.names:
            fitting[name].add(("", key.event))
        labels = ["", *(f" ({label})" for label in (subject if people else event).labels)]
        for one, other, label in product(event.printed, subject.printed, labels):
            fitting[normal(f"{one}, {other}{label}")].add((key.subject, key.event))
    fits = [fitting[name] for name in named if name in fitting]
    return {next(iter(each)) for each in fits if len(each) == 1}


def _spellings(case: Case) -> tuple[_Spellings, _Spellings]:
    """How subjects and events are spelled: the members of fixed lists, the people or things of
    populations, and the events or records that the duty is about."""
    subjects: dict[str, _Spelled] = defaultdict(lambda: _Spelled(set(), set(), set()))
    events: dict[str, _Spelled] = defaultdict(lambda: _Spelled(set(), set(), set()))
    for version in case.versions:
        for member in version.version.members:
            subjects[member.id].names.update((normal(member.id), normal(member.title)))
            subjects[member.id].printed.add(member.title)
        people = version.version.population
        for subject in roll_of(case.sheets, people).asked if people else ():
            sheet = case.sheets.of(people.register if people else "")
            _spell_row(subjects[subject.key], sheet, subject.row, subject.key)
    for version, event in events_asked(case)[0]:
        rows = version.version.events
        sheet = case.sheets.of(rows.register if rows else "")
        _spell_row(events[event.key], sheet, event.row, event.key)
    return subjects, events


def _spell_row(spelled: _Spelled, sheet: Sheet, row: int, key: str) -> None:
    """Adds the key of a row, and its label unless that is sensitive."""
    written = sheet.column(sheet.spec.key or "").raw[row]
    spelled.names.add(normal(key))
    spelled.printed.add(written)
    label = sheet.specs.get(sheet.spec.label or "")
    if label is None or label.sensitive:
        return
    cells = sheet.column(label.name)
    if cells.state[row] == CellState.READ:
        spelled.labels.add(cells.raw[row])
        spelled.names.update((normal(cells.raw[row]), normal(f"{written} ({cells.raw[row]})")))
