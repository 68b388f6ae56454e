"""Waivers: approved, dated relief, and the names by which one may call what an obligation is about
(semantics.md, Waiver)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import AllColumns
from engine.columns.conditions import plain
from engine.columns.days import NO_DAY
from engine.decision.observations import Relief
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import ObligationKey
from evidence.table import CellState, Table
from rules.model import Duty, Version
from rules.subject import Member

REGISTER = "waivers"
#: What every waiver must give.
ASKED = ("duty", "subject", "reason", "approved by", "from", "until")
#: What a waiver names that is no one thing: every obligation, or those of the office.
ALL, OFFICE = "all", "office"


class WaiverRow(NamedTuple):
    """A waiver as recorded: ``complete`` if all that it must give was read and stands there.
    Days are ordinals, NO_DAY where unread; both ends are included."""

    row: int
    duty: str
    subject: str
    complete: bool
    first: int
    last: int

    def holds(self, as_of_day: int) -> bool:
        """Whether it covers D: complete, and from <= D <= until."""
        return self.complete and self.first <= as_of_day <= self.last


def waiver_rows(columns: AllColumns) -> list[WaiverRow]:
    """Every waiver of the register, complete or not; none where there is no such register."""
    if REGISTER not in columns:
        return []
    control = columns[REGISTER]
    complete = np.all([control.read(name) for name in ASKED], axis=0).tolist()
    duties, subjects = (
        [plain(str(text or "")) for text in control.values(name).tolist()]
        for name in ("duty", "subject")
    )
    days = (control.days(name).tolist() for name in ("from", "until"))
    rows = zip(range(len(control)), duties, subjects, complete, *days, strict=True)
    return list(map(WaiverRow._make, rows))


def duty_names(duty: Duty) -> set[str]:
    """The names by which a waiver may name the duty: its id and its aliases."""
    return {plain(name) for name in (duty.id, *duty.aliases)}


def waived(
    scope: Scope, waivers: Sequence[WaiverRow], obligations: Sequence[Obligation]
) -> list[Relief]:
    """How far each obligation of a duty is waived at D: for what it is about, as reports print it
    or by its key, or for all subjects. A text that fits two things does nothing."""
    duty = scope.duty.duty
    own = duty_names(duty)
    mine = [waiver for waiver in waivers if waiver.duty in own and waiver.holds(scope.as_of_day)]
    texts = {each.subject for each in mine} if duty.waivable else set()
    if ALL in texts:
        return [Relief.ALL] * len(obligations)
    if not texts:
        return [Relief.NONE] * len(obligations)
    names = names_of(scope, obligations, texts - {OFFICE}).values()
    things = frozenset[Thing]().union(*(name for name in names if len(name) == 1))
    if OFFICE in texts:
        things |= {Thing("", "")}

    def covered(who: str, what: str) -> bool:
        parts = {Thing(who, ""), Thing("", what)} if who and what else set()
        return not things.isdisjoint(parts | {Thing(who, what)})

    return [
        Relief.THIS
        if obligation.row < 0 and covered(obligation.subject, obligation.event)
        else Relief.NONE
        for obligation in obligations
    ]


def named(subject: str, key: ObligationKey) -> bool:
    """Whether a waiver for this ``subject`` names an obligation: its subject or its event, the
    office where it has neither, or all."""
    names = {plain(name) for name in (key.subject, key.event) if name}
    return subject == ALL or subject in (names or {OFFICE})


def expired(waiver: WaiverRow, as_of_day: int) -> bool:
    """Whether a complete waiver ended before D."""
    return waiver.complete and waiver.last != NO_DAY and waiver.last < as_of_day


# The names of what obligations are about --------------------------------------------------------


class Thing(NamedTuple):
    """What obligations are about: a subject or an event ('' for neither), or the two together."""

    subject: str
    event: str


def names_of(
    scope: Scope, obligations: Iterable[Obligation], wanted: Collection[str] | None = None
) -> dict[str, frozenset[Thing]]:
    """The things that obligations of a duty are about, by each of their names, as texts are
    compared (conditions.plain). ``wanted``: the only names that are looked for; all without it.
    A row that cannot be read is about nothing that has a name."""
    if wanted is not None and not wanted:
        return {}
    pairs = wanted is None or any("," in each for each in wanted)
    found: dict[str, set[Thing]] = defaultdict(set)
    readable: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in obligations:
        if obligation.row < 0:
            readable[obligation.version].append(obligation)
    for number, its in readable.items():
        for name, thing in _named(scope, scope.version(number).version, its, pairs=pairs):
            if name and (wanted is None or name in wanted):
                found[name].add(thing)
    return {name: frozenset(things) for name, things in found.items()}


def _named(
    scope: Scope, version: Version, obligations: Sequence[Obligation], *, pairs: bool
) -> Iterator[tuple[str, Thing]]:
    """Each name of what obligations under a version are about, with the thing it may mean."""
    events, people = (
        scope.register(listing.register).table if listing else None
        for listing in (version.events, version.population)
    )
    for key, row in {
        (obligation.event, obligation.event_row) for obligation in obligations if obligation.event
    }:
        yield from ((name, Thing("", key)) for name in (plain(key), *_names(events, row)))
    subjects = {
        (obligation.subject, obligation.subject_row, obligation.member)
        for obligation in obligations
    }
    for key, row, at in subjects:
        member = version.member(at)
        others = (plain(member.title),) if member else _names(people, row)
        yield from ((name, Thing(key, "")) for name in (plain(key), *others) if key)
    for each in obligations if pairs else ():
        if each.subject and each.event:
            thing = Thing(each.subject, each.event)
            names = _pair(each, version.member(each.member), events, people)
            yield from ((name, thing) for name in names)


def _pair(
    obligation: Obligation, member: Member | None, events: Table | None, people: Table | None
) -> tuple[str, ...]:
    """The event and the subject as reports print them, without and with the label behind."""
    event, subject = (events, obligation.event_row), (people, obligation.subject_row)
    pair = f"{_key(*event)}, {member.title if member else _key(*subject)}"
    return plain(pair), *_labelled(pair, _label(*(event if member else subject)))


def _names(table: Table | None, row: int) -> tuple[str, ...]:
    """The key of a row as it stands there, its label, and both as reports print them."""
    if table is None or row < 0:
        return ()
    key, label = _key(table, row), _label(table, row)
    return plain(key), plain(label), *_labelled(key, label)


def _labelled(name: str, label: str) -> tuple[str, ...]:
    """A name with the label behind it, as reports print it; none without a label."""
    return (plain(f"{name} ({label})"),) if label else ()


def _label(table: Table | None, row: int) -> str:
    """The label of a row as it stands there; none where it is not read, or sensitive."""
    name = table.register.label if table is not None and row >= 0 else None
    if table is None or not name or table.register.column(name).sensitive:
        return ""
    column = table.columns[name]
    return column.raw[row] if column.state[row] == CellState.READ else ""


def _key(table: Table | None, row: int) -> str:
    key = table.register.key if table else None
    return table.columns[key].raw[row] if table and key else ""
