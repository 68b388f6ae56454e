"""How a waiver may write a subject or an event (semantics.md, Waiver): as reports print it, or by
its key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.plain.case import Case
from engine.plain.events import events_asked
from engine.plain.lists import events_of, roll_of
from engine.plain.sheet import Sheet, normal
from evidence.table import CellState
from rules.subject import FixedList, Population


@dataclass(frozen=True, slots=True)
class Spellings:
    """The names of one subject or event: its key and its label or title; how it is ``printed``
    where an event and a subject stand together; and the ``labels`` that are printed behind in
    brackets. ``listed``: it is a person or thing of a population, whose own label goes before the
    event's."""

    names: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)


UNSPELLED = Spellings()


def subject_spellings(case: Case) -> Mapping[str, Spellings]:
    """The names of the members of fixed lists, and of the people or things of populations."""
    found: dict[str, Spellings] = defaultdict(Spellings)
    for version in case.versions:
        subjects = version.version.subjects
        if isinstance(subjects, FixedList):
            for member in subjects.members:
                found[member.id].names.update((normal(member.id), normal(member.title)))
                found[member.id].printed.add(member.title)
        elif isinstance(subjects, Population):
            sheet = case.sheets.of(subjects.register)
            for subject in roll_of(case.sheets, subjects).asked:
                _spell_row(found[subject.key], sheet, subject.row, subject.key)
                found[subject.key].listed.add(subjects.register)
    return found


def event_spellings(case: Case) -> Mapping[str, Spellings]:
    """The names of the events or records that the duty is about."""
    found: dict[str, Spellings] = defaultdict(Spellings)
    if events_of(case.now.version.pattern) is None:
        return found
    for version, event in events_asked(case)[0]:
        events = events_of(version.version.pattern)
        if events is not None:
            _spell_row(found[event.key], case.sheets.of(events.register), event.row, event.key)
    return found


def pairs_printed(event: Spellings, subject: Spellings) -> Iterable[str]:
    """The names of an event and a subject together, as reports print them."""
    labels = subject.labels if subject.listed else event.labels
    for one in event.printed:
        for other in subject.printed:
            yield normal(f"{one}, {other}")
            yield from (normal(f"{one}, {other} ({label})") for label in labels)


def _spell_row(spelled: Spellings, sheet: Sheet, row: int, key: str) -> None:
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
