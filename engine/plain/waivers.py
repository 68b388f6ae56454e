"""Waivers: the current obligations that they cover become waived, and nothing else changes
(semantics.md: Waiver) (reading-semantics.md: Waivers and nil returns)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

from engine.outcome import Answer, ObligationKey, Status
from engine.plain.duty_as_of import DutyAsOf
from engine.plain.lists import subject_list
from engine.plain.sheet import Sheet, Sheets, normal
from evidence.table import CellState

Thing = tuple[str, str]  # the subject and the event that a waiver may name; '' for either

_TEXTS = ("duty", "subject", "reason", "approved by")
_ALL, _OFFICE = "all", "office"
_UNMET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE)
_UNKNOWN = (Status.CANNOT_TELL, Status.NOT_ASSESSED)


def waive(duty: DutyAsOf, answers: list[Answer]) -> list[Answer]:
    """The answers, in which the current ones that a waiver covers are waived. A met obligation
    stays met, and no deadline moves. Only a waiver for all subjects covers an obligation that has
    the status cannot tell."""
    names = _waived_names(duty)
    if not names:
        return answers
    things = _named_things(duty, (answer.key for answer in answers), names - {_ALL, _OFFICE})
    changed = _UNMET + _UNKNOWN if _ALL in names else _UNMET
    return [
        answer._replace(status=Status.WAIVED)
        if answer.is_current
        and answer.status in changed
        and (_ALL in names or _is_covered(answer.key, names, things))
        else answer
        for answer in answers
    ]


def _is_covered(key: ObligationKey, names: set[str], things: set[Thing]) -> bool:
    """Whether a waiver names the obligation's event, its subject, or the office."""
    if key.row >= 0:
        return False
    if not (key.subject or key.event):
        return _OFFICE in names
    return not things.isdisjoint({(key.subject, ""), ("", key.event), (key.subject, key.event)})


def _waived_names(duty: DutyAsOf) -> set[str]:
    """The subjects and events named by the waivers of this duty that are complete and in force."""
    waived_duty = duty.resolved.duty
    names = (waived_duty.id, *waived_duty.aliases) if waived_duty.waivable else ()
    ids = set(map(normal, names))
    waivers = duty.sheets.once("waivers", lambda: _waivers(duty.sheets))
    return {subject for waived, subject in waivers if waived in ids}


def _waivers(sheets: Sheets) -> list[tuple[str, str]]:
    """The duty and the subject of each waiver that is complete and in force."""
    sheet = sheets.of("waivers")
    texts = [[normal(" ".join(words)) for words in sheet.keys(name)] for name in _TEXTS]
    days = zip(sheet.days("from"), sheet.days("until"), strict=True)
    return [
        (cells[0], cells[1])
        for cells, (first, last) in zip(zip(*texts, strict=True), days, strict=True)
        if all(cells) and first and last and first <= sheets.as_of <= last
    ]


# How a waiver may write a subject or an event: as reports print it, or by its key ----------------


class _Spelling(NamedTuple):
    """The names of a subject or event, how it is printed, and its labels in brackets."""

    names: set[str]
    printed: set[str]
    labels: set[str]


_Spellings = Mapping[str, _Spelling]  # by key


def _named_things(duty: DutyAsOf, keys: Iterable[ObligationKey], names: set[str]) -> set[Thing]:
    """The subjects and events that waivers name, without texts that fit two of them."""
    fitting: dict[str, set[Thing]] = defaultdict(set)
    subjects, events = _spellings(duty)
    of_people = duty.version.rule.population is not None
    for key in keys:
        if key.row >= 0:
            continue
        subject, event = subjects[key.subject], events[key.event]
        for name in subject.names:
            fitting[name].add((key.subject, ""))
        for name in event.names:
            fitting[name].add(("", key.event))
        labels = ["", *(f" ({label})" for label in (subject if of_people else event).labels)]
        for of_event, of_subject, label in product(event.printed, subject.printed, labels):
            fitting[normal(f"{of_event}, {of_subject}{label}")].add((key.subject, key.event))
    fits = [fitting[name] for name in names if name in fitting]
    return {next(iter(things)) for things in fits if len(things) == 1}


def _spellings(duty: DutyAsOf) -> tuple[_Spellings, _Spellings]:
    """The spellings of the subjects and the events of the duty, by key."""
    subjects: dict[str, _Spelling] = defaultdict(lambda: _Spelling(set(), set(), set()))
    events: dict[str, _Spelling] = defaultdict(lambda: _Spelling(set(), set(), set()))
    for version in duty.versions:
        for member in version.rule.members:
            subjects[member.id].names.update((normal(member.id), normal(member.title)))
            subjects[member.id].printed.add(member.title)
        population = version.rule.population
        for subject in subject_list(duty.sheets, population).covered if population else ():
            sheet = duty.sheets.of(population.register if population else "")
            _add_spellings(subjects[subject.key], sheet, subject.row, subject.key)
    for version, event in duty.covered_events()[0]:
        rows = version.rule.events
        sheet = duty.sheets.of(rows.register if rows else "")
        _add_spellings(events[event.key], sheet, event.row, event.key)
    return subjects, events


def _add_spellings(spelled: _Spelling, sheet: Sheet, row: int, key: str) -> None:
    """Adds the key of a row, and its label unless the label is sensitive."""
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
