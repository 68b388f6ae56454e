"""Rows of evidence that could not be read and might have met an obligation that is not met, and how
a duty shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from engine.assessment import ItemShown, UnreadPointer, UnreadRows
from engine.columns.arrays import Columns
from engine.columns.conditions import UNKNOWN, all_of, any_of
from engine.columns.days import Flags
from engine.frames.items import evidence_register
from engine.frames.observe import items_of
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.proof.citations import CitationCache
from engine.proof.naming import ITSELF, NamedRows, name_of, named_rows, naming_columns
from evidence.cells.text import listed
from evidence.table import CellState
from rules.condition import Ask, conditions_of
from rules.patterns import Completeness


@dataclass(frozen=True, slots=True, eq=False)
class UnreadSet:
    """Unread rows of a register that might have met the same obligations; one object for all of
    these. ``own``: it is the row of the event or record itself. ``silent``: the column that is to
    say what a row is about, where none of them says it; '' otherwise. ``columns`` are shown, and
    ``dated`` date the rows."""

    register: str
    rows: tuple[int, ...]
    own: bool
    silent: str
    columns: tuple[str, ...]
    dated: tuple[str, ...]


class Unread:
    """The unread rows of one duty, by the obligations that they might have met."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._suspects = cache(partial(_suspects, scope))
        self._sets: dict[tuple[object, ...], UnreadSet] = {}
        self._by_name: dict[tuple[int, int, object], UnreadSet] = {}

    def sets_for(self, obligation: Obligation) -> tuple[UnreadSet, ...]:
        """The unread rows that might have met the obligation: those that name what it is about,
        and those that do not say."""
        number, member = obligation.version, obligation.member
        version = self._scope.version(number).version
        role = self._suspects(number, member).role
        names = dict.fromkeys((name_of(self._scope, version, role, obligation), None))
        sets = [self._named(number, member, name) for name in names]
        return tuple(each for each in sets if each.rows)

    def _named(self, number: int, member: int, name: object) -> UnreadSet:
        """The rows that name this; None: those that name nothing."""
        at = number, member, name
        if at not in self._by_name:
            version, found = self._scope.version(number).version, self._suspects(number, member)
            register = evidence_register(version)
            roles = naming_columns(self._scope.register(register), version)
            silent = roles.get(found.role, "") if name is None and found.role != "key" else ""
            rows, own = tuple(found.rows.get(name, ())), found.role == ITSELF
            key = register, rows, own, silent, version.evidence_columns, version.dating_columns()
            self._by_name[at] = self._sets.setdefault(key, UnreadSet(*key))
        return self._by_name[at]


def _suspects(scope: Scope, number: int, member: int) -> NamedRows:
    """The rows that may count; of records, those in which what they must carry cannot be read."""
    version = scope.version(number).version
    pattern = version.pattern
    if isinstance(pattern, Completeness):
        columns = scope.register(pattern.records.register)
        which = all_of(columns, pattern.asks) == UNKNOWN
        for name in pattern.done_on:
            which |= ~columns.read(name) & (columns.state(name) != CellState.NOTHING)
        return named_rows(columns, version, which)
    items = items_of(scope, number, version.member(member))
    dated: Flags = (items.day == 0) | (items.day <= scope.as_of_day)
    return named_rows(items.columns, version, np.asarray((items.truth == UNKNOWN) & dated))


def correct_first(columns: Columns, asks: Sequence[Ask], row: int) -> str:
    """That the cells of a row which may meet what is asked, and in which that cannot be read, are
    to be corrected first, as a sentence; '' where what can be read of it says that it does not."""
    if all_of(columns, asks)[row] != UNKNOWN:
        return ""
    doubtful = [ask for ask in asks if any_of(columns, ask)[row] == UNKNOWN]
    names = [
        each.column for each in conditions_of(doubtful) if any_of(columns, each)[row] == UNKNOWN
    ]
    cells = listed([f"'{name}'" for name in dict.fromkeys(names)])
    place = columns.table.place(row)
    return f"First correct {cells} in row {place.row} of {place.sheet}, which cannot be read."


# How they are shown -------------------------------------------------------------------------------


class UnreadShown:
    """The unread rows of one duty as its outcome shows them: those that might have met one
    obligation alone with it, those that might have met several once, in groups to which these
    point. ``groups`` are those that stand with the duty itself, in the order of the obligations
    that first point to them."""

    def __init__(
        self, duty: str, sets: Iterable[Sequence[UnreadSet]], citations: CitationCache
    ) -> None:
        """``sets``: the unread rows of each obligation that is not met."""
        self._citations = citations
        among = Counter(each for several in sets for each in several)
        shared = [each for each, count in among.items() if count > 1 and not each.own]
        groups = {
            each: UnreadRows(
                id=f"{duty}-unread-{number}",
                register=each.register,
                title=citations.table(each.register).register.title,
                column=each.silent,
                rows=tuple(self._row(each, at) for at in each.rows),
            )
            for number, each in enumerate(shared, 1)
        }
        self.groups = tuple(groups.values())
        self._pointers = {
            each: UnreadPointer(group.id, len(each.rows)) for each, group in groups.items()
        }

    def pointers(self, sets: Sequence[UnreadSet]) -> tuple[UnreadPointer, ...]:
        """Points to those of the rows that stand with the duty."""
        return tuple(self._pointers[each] for each in sets if each in self._pointers)

    def rows(self, sets: Sequence[UnreadSet]) -> tuple[ItemShown, ...]:
        """Those of the rows that stand with the obligation, in the order of the register."""
        alone = [(at, each) for each in sets if each not in self._pointers for at in each.rows]
        return tuple(self._row(each, at) for at, each in sorted(alone, key=lambda one: one[0]))

    def _row(self, found: UnreadSet, at: int) -> ItemShown:
        return self._citations.shown(found.register, found.columns, *found.dated).row(at)
