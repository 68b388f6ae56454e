"""By what names a waiver may call what an obligation is about: as reports print it, or by its key
(semantics.md, Waiver)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np

from engine.columns.conditions import plain
from engine.columns.days import Flags
from engine.frames.grid import Grid
from engine.frames.scope import Scope
from evidence.table import CellState, Table
from rules.model import Version
from rules.subject import FixedList, Population

#: The columns of an obligation table that say what each is about.
ABOUT = ("subject", "event")


class Thing(NamedTuple):
    """What obligations are about: a subject or an event ('' for neither), or the two together."""

    subject: str
    event: str


class _About(NamedTuple):
    """What one obligation is about: the keys, the rows that list them (-1 for none), and the
    place in the fixed list."""

    subject: str
    event: str
    subject_row: int
    event_row: int
    member: int


def names_of(
    scope: Scope, table: Grid, wanted: Collection[str] | None = None
) -> dict[str, frozenset[Thing]]:
    """The things that obligations of the table are about, by each of their names, as texts are
    compared (conditions.plain). ``wanted``: the only names that are looked for; all without it.
    A row that cannot be read is about nothing that has a name."""
    found: dict[str, set[Thing]] = defaultdict(set)
    if wanted is not None and not wanted:
        return {}
    readable = table.only(table.ints("row") < 0)
    numbers = readable.ints("version")
    for number in np.unique(numbers).tolist():
        named = _Names(scope, scope.version(number).version)
        for name, thing in named.of(readable.only(numbers == number), wanted):
            if name and (wanted is None or name in wanted):
                found[name].add(thing)
    return {name: frozenset(things) for name, things in found.items()}


def covered(table: Grid, things: frozenset[Thing]) -> Flags:
    """Which obligations of the table are about one of the things."""
    about = zip(*(table.cells(name) for name in ABOUT), strict=True)
    found = (
        not things.isdisjoint((Thing(who, ""), Thing("", what), Thing(who, what)))
        for who, what in about
    )
    flags = np.fromiter(found, np.bool_, len(table))
    return np.asarray(flags & (table.ints("row") < 0))


class _Names:
    """The names of what the obligations of one version are about."""

    def __init__(self, scope: Scope, version: Version) -> None:
        events, subjects = version.events, version.subjects
        self._events = scope.register(events.register).table if events else None
        people = subjects if isinstance(subjects, Population) else None
        self._people = scope.register(people.register).table if people else None
        self._members = subjects.members if isinstance(subjects, FixedList) else ()

    def of(self, table: Grid, wanted: Collection[str] | None) -> Iterator[tuple[str, Thing]]:
        """Each name with the thing that it may mean."""
        every = {
            _About(*each) for each in zip(*(table.cells(n) for n in _About._fields), strict=True)
        }
        for one in {each._replace(event="", event_row=-1) for each in every if each.subject}:
            yield from ((name, Thing(one.subject, "")) for name in self._subject(one))
        for key, row in {(each.event, each.event_row) for each in every if each.event}:
            yield from ((name, Thing("", key)) for name in (plain(key), *_names(self._events, row)))
        if wanted is not None and not any("," in each for each in wanted):
            return
        for one in every:
            if one.subject and one.event:
                yield from ((name, Thing(one.subject, one.event)) for name in self._pair(one))

    def _subject(self, one: _About) -> tuple[str, ...]:
        if one.member >= 0:
            return plain(one.subject), plain(self._members[one.member].title)
        return plain(one.subject), *_names(self._people, one.subject_row)

    def _pair(self, one: _About) -> tuple[str, ...]:
        """The event and the subject as reports print them, without and with the label behind."""
        member = one.member >= 0
        who = self._members[one.member].title if member else _key(self._people, one.subject_row)
        pair = f"{_key(self._events, one.event_row)}, {who}"
        listed = (self._events, one.event_row) if member else (self._people, one.subject_row)
        return plain(pair), *_labelled(pair, _label(*listed))


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
