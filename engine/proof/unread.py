"""Rows of evidence that could not be read and might have met an obligation that is not met, and how
a duty shows them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.assessment import ItemShown, UnreadPointer, UnreadRows
from engine.columns.arrays import Columns
from engine.columns.conditions import UNKNOWN, all_of, any_of
from engine.columns.days import Flags
from engine.frames.evaluate import items_of
from engine.frames.items import Items
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import ItemRef
from engine.proof.citations import CitationCache
from evidence.cells.text import listed
from evidence.table import CellState
from rules.condition import Ask
from rules.patterns import Completeness


@dataclass(frozen=True, slots=True)
class Suspects:
    """Rows of one selection, such as the unread ones, by the subject or event that they name:
    ``by_name`` those that name one, ``unnamed`` those that might be about any."""

    register: str
    by_name: Mapping[object, tuple[int, ...]]
    unnamed: tuple[int, ...]
    names: str  # which of an obligation's fields the name is: subject, event, key or ''


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
        self._found = [_suspects_of(scope, number) for number in range(len(scope.duty.versions))]
        self._sets: dict[tuple[object, ...], UnreadSet] = {}
        self._by_name: dict[tuple[int, int, object], UnreadSet] = {}

    def sets_for(self, obligation: Obligation) -> tuple[UnreadSet, ...]:
        """The unread rows that might have met the obligation: those that name what it is about,
        and those that do not say."""
        number, at = obligation.version, obligation.event_row
        version = self._scope.version(number).version
        if isinstance(version.pattern, Completeness):
            refs = _record_unread(self._scope, version.pattern, at)
            return tuple(self._set(number, ref.register, (ref.row,), own=True) for ref in refs)
        mine = self._found[number].get(obligation.member)
        if mine is None:
            return ()
        if version.evidence is not None and version.evidence.itself:
            itself = bisect_left(mine.unnamed, at) < bisect_right(mine.unnamed, at)
            return (self._set(number, mine.register, (at,), own=True),) if itself else ()
        names = dict.fromkeys((name_of(self._scope, mine.names, obligation), None))
        sets = [self._named(number, obligation.member, mine, name) for name in names]
        return tuple(each for each in sets if each.rows)

    def _named(self, number: int, member: int, mine: Suspects, name: object) -> UnreadSet:
        """The rows that name this; None: those that name nothing."""
        found = self._by_name.get((number, member, name))
        if found is None:
            query = self._scope.version(number).version.evidence
            columns = {"event": query.event, "subject": query.subject} if query else {}
            silent = columns.get(mine.names) or ""
            rows = mine.unnamed if name is None else mine.by_name.get(name, ())
            found = self._set(number, mine.register, rows, "" if name is not None else silent)
            self._by_name[number, member, name] = found
        return found

    def _set(
        self,
        number: int,
        register: str,
        rows: tuple[int, ...],
        silent: str = "",
        *,
        own: bool = False,
    ) -> UnreadSet:
        """The one object for these rows, whichever version or member they were found for."""
        version = self._scope.version(number).version
        columns, dated = version.evidence_columns, version.dating_columns()
        key = register, rows, own, silent, columns, dated
        return self._sets.setdefault(key, UnreadSet(register, rows, own, silent, columns, dated))


def _suspects_of(scope: Scope, number: int) -> dict[int, Suspects]:
    """The unread rows under a version, by member of its fixed list (-1 without one)."""
    version = scope.version(number).version
    if version.evidence is None:
        return {}
    if version.members:
        members = enumerate(version.members)
        return {n: _suspects(scope, items_of(scope, number, each)) for n, each in members}
    return {-1: _suspects(scope, items_of(scope, number))}


def _suspects(scope: Scope, items: Items) -> Suspects:
    dated = (items.day == 0) | (items.day <= scope.as_of)
    return by_name(items, (items.truth == UNKNOWN) & dated)


def by_name(items: Items, which: Flags) -> Suspects:
    """These rows of a selection, by what they name."""
    choices = (("event", items.event), ("subject", items.subject), ("key", items.key))
    names, column = next(((name, col) for name, col in choices if col is not None), ("", None))
    by_name: dict[object, list[int]] = {}
    unnamed: list[int] = []
    for row in np.flatnonzero(which).tolist():
        name = column[row] if column is not None else None
        (unnamed if name is None else by_name.setdefault(name, [])).append(row)
    frozen = {name: tuple(listed) for name, listed in by_name.items()}
    return Suspects(items.register, frozen, tuple(unnamed), names)


def of_its_own(scope: Scope, found: Suspects, obligation: Obligation) -> tuple[int, ...]:
    """Those of the rows that name what the obligation is about."""
    return found.by_name.get(name_of(scope, found.names, obligation), ())


def name_of(scope: Scope, names: str, obligation: Obligation) -> object:
    """What a row names that is about the obligation, in the column that ``names`` it; None where
    none can."""
    if names != "key":
        return {"event": obligation.event, "subject": obligation.subject}.get(names)
    version = scope.version(obligation.version).version
    subjects, query = version.population, version.evidence
    if subjects is None or query is None or not query.named_by_subject:
        return None
    values = scope.register(subjects.register).values(query.named_by_subject)
    return values[obligation.subject_row]


def _record_unread(scope: Scope, pattern: Completeness, row: int) -> tuple[ItemRef, ...]:
    """The record itself, where what it must carry stands there and cannot be read."""
    if row < 0:
        return ()
    columns = scope.register(pattern.records.register)
    odd = (CellState.UNREADABLE, CellState.BLANK, CellState.NO_COLUMN)
    unread = all_of(columns, pattern.asks)[row] == UNKNOWN or any(
        columns.state(name)[row] in odd for name in pattern.done_on
    )
    return (ItemRef(pattern.records.register, row),) if unread else ()


def unread_cells(columns: Columns, asks: Sequence[Ask], row: int) -> tuple[str, ...]:
    """The columns in which a row that may meet what is asked cannot be read; none where what can be
    read of it says that it does not."""
    if all_of(columns, asks)[row] != UNKNOWN:
        return ()
    doubtful = (ask for ask in asks if any_of(columns, ask)[row] == UNKNOWN)
    names = (
        each.column
        for ask in doubtful
        for each in ask.alternatives
        if any_of(columns, each)[row] == UNKNOWN
    )
    return tuple(dict.fromkeys(names))


def correct_first(columns: Columns, names: Sequence[str], row: int) -> str:
    """That these cells of a row are to be corrected first, as a sentence; '' without any."""
    if not names:
        return ""
    place = columns.table.place(row)
    cells = listed([f"'{name}'" for name in names])
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
        ids = [f"{duty}-unread-{number}" for number in range(1, len(shared) + 1)]
        self.groups = tuple(map(self._group, ids, shared))
        self._pointers = {
            each: UnreadPointer(id_, len(each.rows)) for id_, each in zip(ids, shared, strict=True)
        }

    def pointers(self, sets: Sequence[UnreadSet]) -> tuple[UnreadPointer, ...]:
        """Points to those of the rows that stand with the duty."""
        return tuple(self._pointers[each] for each in sets if each in self._pointers)

    def rows(self, sets: Sequence[UnreadSet]) -> tuple[ItemShown, ...]:
        """Those of the rows that stand with the obligation, in the order of the register."""
        alone = [each for each in sets if each not in self._pointers]
        rows = sorted({(at, each) for each in alone for at in each.rows}, key=lambda one: one[0])
        return tuple(self._row(each, at) for at, each in rows)

    def _row(self, found: UnreadSet, at: int) -> ItemShown:
        return self._citations.shown(found.register, found.columns, *found.dated).row(at)

    def _group(self, id_: str, found: UnreadSet) -> UnreadRows:
        return UnreadRows(
            id=id_,
            register=found.register,
            title=self._citations.table(found.register).register.title,
            column=found.silent,
            rows=tuple(self._row(found, at) for at in found.rows),
        )
