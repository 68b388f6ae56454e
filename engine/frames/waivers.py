"""Waivers, and the names that they may give to the subjects and events of obligations
(semantics.md: Waiver) (reading-semantics.md: Waivers and nil returns)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import AllColumns
from engine.columns.conditions import comparable_text
from engine.day_number import NO_DAY
from engine.decision.codes import WaiverCover
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import ObligationKey
from evidence.table import CellState, Table
from rules.model import Duty, Version
from rules.subject import Member

REGISTER = "waivers"
#: The columns that every waiver must fill.
REQUIRED = ("duty", "subject", "reason", "approved by", "from", "until")
#: The subject of a waiver for every obligation.
ALL = "all"
#: The subject of a waiver for the obligations of the office itself.
OFFICE = "office"


class WaiverRow(NamedTuple):
    """A waiver as recorded: ``complete`` if every required cell was read. Days are ordinals,
    NO_DAY where unread; both ends are included."""

    row: int
    duty: str
    subject: str
    complete: bool
    first: int
    last: int

    def covers(self, as_of_day: int) -> bool:
        """Whether it covers D: complete, and from <= D <= until."""
        return self.complete and self.first <= as_of_day <= self.last


def waiver_rows(columns: AllColumns) -> list[WaiverRow]:
    """Every waiver of the register, complete or not; none where there is no such register."""
    if REGISTER not in columns:
        return []
    control = columns[REGISTER]
    complete = np.all([control.read(name) for name in REQUIRED], axis=0).tolist()
    duties, subjects = (
        [comparable_text(str(text or "")) for text in control.values(name).tolist()]
        for name in ("duty", "subject")
    )
    days = (control.days(name).tolist() for name in ("from", "until"))
    rows = zip(range(len(control)), duties, subjects, complete, *days, strict=True)
    return list(map(WaiverRow._make, rows))


def duty_names(duty: Duty) -> set[str]:
    """The names by which a waiver may name the duty: its id and its aliases."""
    return {comparable_text(name) for name in (duty.id, *duty.aliases)}


def waiver_covers(
    scope: Scope, waivers: Sequence[WaiverRow], obligations: Sequence[Obligation]
) -> list[WaiverCover]:
    """How waivers cover each obligation of a duty at D: for its subject or event, by its key or as
    reports print it, or for all subjects. A text that fits two things covers nothing."""
    duty = scope.resolved.duty
    names = duty_names(duty) if duty.waivable else set()
    texts = {w.subject for w in waivers if w.duty in names and w.covers(scope.as_of_day)}
    if ALL in texts or not texts:
        return [WaiverCover.ALL if texts else WaiverCover.NONE] * len(obligations)
    named_things = names_of(scope, obligations, texts - {OFFICE}).values()
    waived_things = {next(iter(things)) for things in named_things if len(things) == 1}
    if OFFICE in texts:
        waived_things.add(Thing("", ""))

    def cover(obligation: Obligation) -> WaiverCover:
        subject, event = obligation.subject, obligation.event
        things = {Thing(subject, event)}
        if subject and event:
            things |= {Thing(subject, ""), Thing("", event)}
        covered = obligation.row < 0 and not waived_things.isdisjoint(things)
        return WaiverCover.THIS if covered else WaiverCover.NONE

    return list(map(cover, obligations))


def names_obligation(subject: str, key: ObligationKey) -> bool:
    """Whether a waiver for this ``subject`` names an obligation: its subject or its event, the
    office where it has neither, or all."""
    names = {comparable_text(name) for name in (key.subject, key.event) if name}
    return subject == ALL or subject in (names or {OFFICE})


def has_expired(waiver: WaiverRow, as_of_day: int) -> bool:
    """Whether a complete waiver ended before D."""
    return waiver.complete and waiver.last != NO_DAY and waiver.last < as_of_day


# The names of subjects and events ---------------------------------------------------------------


class Thing(NamedTuple):
    """What an obligation is about: a subject or an event ('' for neither), or the two together."""

    subject: str
    event: str


def names_of(
    scope: Scope, obligations: Sequence[Obligation], names: Collection[str]
) -> dict[str, frozenset[Thing]]:
    """The things that the obligations of a duty are about, by those of their names that are among
    ``names``, compared as comparable_text does. A row that cannot be read has no name."""
    if not names:
        return {}
    # Pairs of an event and a subject are named only if a text could name one: there may be as many
    # as events times people.
    pairs = any("," in name for name in names)
    things: dict[str, set[Thing]] = defaultdict(set)
    readable: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in obligations:
        if obligation.row < 0:
            readable[obligation.version_number].append(obligation)
    for number, judged in readable.items():
        for name, thing in _named_things(scope, scope.version(number).rule, judged, pairs=pairs):
            if name in names:
                things[name].add(thing)
    return {name: frozenset(meant) for name, meant in things.items() if name}


def _named_things(
    scope: Scope, version: Version, obligations: Sequence[Obligation], *, pairs: bool
) -> Iterator[tuple[str, Thing]]:
    """Each name of what obligations under a version are about, with the thing that it may mean."""
    events, people = (
        scope.register(listing.register).table if listing else None
        for listing in (version.events, version.population)
    )
    for event, row in {(o.event, o.event_row) for o in obligations if o.event}:
        names = comparable_text(event), *_names(events, row)
        yield from ((name, Thing("", event)) for name in names)
    subjects = {(o.subject, o.subject_row, o.member) for o in obligations if o.subject}
    for subject, row, position in subjects:
        member = version.member(position)
        others = (comparable_text(member.title),) if member else _names(people, row)
        yield from ((name, Thing(subject, "")) for name in (comparable_text(subject), *others))
    for obligation in obligations if pairs else ():
        if obligation.subject and obligation.event:
            thing = Thing(obligation.subject, obligation.event)
            names = _pair(obligation, version.member(obligation.member), events, people)
            yield from ((name, thing) for name in names)


def _pair(
    obligation: Obligation, member: Member | None, events: Table | None, people: Table | None
) -> tuple[str, ...]:
    """The event and the subject as reports print them, with and without the label after them."""
    event = (events, obligation.event_row)
    subject = (people, obligation.subject_row)
    pair = f"{_key(*event)}, {member.title if member else _key(*subject)}"
    return comparable_text(pair), *_labelled(pair, _label(*(event if member else subject)))


def _names(table: Table | None, row: int) -> tuple[str, ...]:
    """The key of a row as typed, its label, and both as reports print them."""
    if table is None or row < 0:
        return ()
    key, label = _key(table, row), _label(table, row)
    return comparable_text(key), comparable_text(label), *_labelled(key, label)


def _labelled(name: str, label: str) -> tuple[str, ...]:
    """A name with the label after it, as reports print it; none without a label."""
    return (comparable_text(f"{name} ({label})"),) if label else ()


def _label(table: Table | None, row: int) -> str:
    """The label of a row as typed; none where it is not read, or sensitive."""
    name = table.register.label if table is not None and row >= 0 else None
    if table is None or not name or table.register.column(name).sensitive:
        return ""
    column = table.columns[name]
    return column.raw[row] if column.state[row] == CellState.READ else ""


def _key(table: Table | None, row: int) -> str:
    """The key of a row as typed."""
    key = table.register.key if table else None
    return table.columns[key].raw[row] if table and key else ""
