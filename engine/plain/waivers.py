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

#: What a waiver may name instead of a subject or an event.
_ALL = "all"
_OFFICE = "office"
#: The texts that a complete waiver has.
_TEXTS = ("duty", "subject", "reason", "approved by")
_UNMET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE)
_UNKNOWN = (Status.CANNOT_TELL, Status.NOT_ASSESSED)


class _Waiver(NamedTuple):
    """A waiver that is complete and in force, by its texts as they are compared."""

    duty: str
    subject: str


class _Named(NamedTuple):
    """What a waiver may name: a subject, an event, or both together ('' for the other)."""

    subject: str = ""
    event: str = ""


def waive(duty: DutyAsOf, answers: list[Answer]) -> list[Answer]:
    """The answers, with the status waived for the current ones that a waiver covers. A met
    obligation stays met, and no deadline moves. Only a waiver for all subjects covers an obligation
    with the status cannot tell or not assessed."""
    names = _waived_names(duty)
    if not names:
        return answers
    waived = _things_named(duty, (answer.key for answer in answers), names - {_ALL, _OFFICE})
    changed = _UNMET + _UNKNOWN if _ALL in names else _UNMET
    return [
        answer._replace(status=Status.WAIVED)
        if answer.is_current
        and answer.status in changed
        and (_ALL in names or _is_covered(answer.key, names, waived))
        else answer
        for answer in answers
    ]


def _is_covered(key: ObligationKey, names: set[str], waived: set[_Named]) -> bool:
    """Whether a waiver names the obligation's event, its subject, or the office."""
    if key.row >= 0:
        return False
    if not (key.subject or key.event):
        return _OFFICE in names
    about = _Named(key.subject, key.event)
    return not waived.isdisjoint({about, about._replace(event=""), about._replace(subject="")})


def _waived_names(duty: DutyAsOf) -> set[str]:
    """The subjects and events named by the waivers of this duty that are complete and in force."""
    waived_duty = duty.resolved.duty
    names = (waived_duty.id, *waived_duty.aliases) if waived_duty.waivable else ()
    ids = set(map(normal, names))
    waivers = duty.sheets.once("waivers", lambda: _waivers(duty.sheets))
    return {waiver.subject for waiver in waivers if waiver.duty in ids}


def _waivers(sheets: Sheets) -> list[_Waiver]:
    """The waivers that are complete and in force on the as-of date."""
    sheet = sheets.of("waivers")
    texts = [[normal(" ".join(words)) for words in sheet.keys(name)] for name in _TEXTS]
    rows = zip(*texts, sheet.days("from"), sheet.days("until"), strict=True)
    return [
        _Waiver(duty, subject)
        for duty, subject, reason, approved_by, first, last in rows
        if duty and subject and reason and approved_by
        if first and last and first <= sheets.as_of <= last
    ]


# How a waiver may write a subject or an event: as reports print it, or by its key ----------------


class _Spelling(NamedTuple):
    """How a waiver may write a subject or an event. The person E-01, whose label is Ann Jones,
    has::

        _Spelling(
            names={"e-01", "ann jones", "e-01 (ann jones)"},  # as texts are compared
            printed={"E-01"},
            labels={"Ann Jones"},
        )

    It has several of them if several rows list it.
    """

    names: set[str]
    printed: set[str]
    labels: set[str]


_Spellings = Mapping[str, _Spelling]  # by key


def _things_named(duty: DutyAsOf, keys: Iterable[ObligationKey], names: set[str]) -> set[_Named]:
    """The subjects and events with these names. A name that fits two of them names neither."""
    fitting: dict[str, set[_Named]] = defaultdict(set)
    subjects, events = _spellings(duty)
    of_people = duty.version.rule.population is not None
    for key in keys:
        if key.row >= 0:
            continue
        subject = subjects[key.subject]
        event = events[key.event]
        for name in subject.names:
            fitting[name].add(_Named(subject=key.subject))
        for name in event.names:
            fitting[name].add(_Named(event=key.event))
        labels = ["", *(f" ({label})" for label in (subject if of_people else event).labels)]
        for of_event, of_subject, label in product(event.printed, subject.printed, labels):
            fitting[normal(f"{of_event}, {of_subject}{label}")].add(_Named(key.subject, key.event))
    matches = [fitting[name] for name in names if name in fitting]
    return {next(iter(things)) for things in matches if len(things) == 1}


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


def _add_spellings(spelling: _Spelling, sheet: Sheet, row: int, key: str) -> None:
    """Adds the key of a row, and its label unless the label is sensitive."""
    written = sheet.column(sheet.spec.key or "").raw[row]
    spelling.names.add(normal(key))
    spelling.printed.add(written)
    label = sheet.specs.get(sheet.spec.label or "")
    if label is None or label.sensitive:
        return
    cells = sheet.column(label.name)
    if cells.state[row] == CellState.READ:
        spelling.labels.add(cells.raw[row])
        spelling.names.update((normal(cells.raw[row]), normal(f"{written} ({cells.raw[row]})")))
