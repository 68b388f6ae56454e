"""Rows of evidence that could not be read and might have met an obligation that is not met."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import UNKNOWN, all_of, any_of
from engine.columns.days import Flags
from engine.frames.evaluate import items_of
from engine.frames.items import Items
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import ItemRef
from evidence.cells.text import listed
from evidence.table import CellState
from rules.condition import AnyOf, Ask
from rules.patterns import Completeness

#: So many unread rows are named with an obligation at the most; the others are counted.
MOST_NAMED = 10


class Unread(NamedTuple):
    """The unread rows that might have met an obligation: those that are named, and how many
    ``more`` there are."""

    named: tuple[ItemRef, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Suspects:
    """Rows of one selection, such as the unread ones, by the subject or event that they name:
    ``by_name`` those that name one, ``unnamed`` those that might be about any."""

    register: str
    by_name: Mapping[object, tuple[int, ...]]
    unnamed: tuple[int, ...]
    names: str  # which of an obligation's fields the name is: subject, event, key or ''


def suspects(scope: Scope, number: int) -> dict[int, Suspects]:
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


def unread_for(scope: Scope, found: Mapping[int, Suspects], obligation: Obligation) -> Unread:
    """The unread rows that might have met an obligation: those that name what it is
    about come first where there are more than can be named."""
    version = scope.version(obligation.version).version
    if isinstance(version.pattern, Completeness):
        return Unread(_record_unread(scope, version.pattern, obligation.event_row))
    mine = found.get(obligation.member)
    if mine is None:
        return Unread()
    if version.evidence is not None and version.evidence.itself:
        at = obligation.event_row
        itself = bisect_left(mine.unnamed, at) < bisect_right(mine.unnamed, at)
        return Unread((ItemRef(mine.register, at),) if itself else ())
    own = _of_its_own(scope, mine, obligation)
    first = sorted(chain(own[:MOST_NAMED], mine.unnamed[: max(0, MOST_NAMED - len(own))]))
    return Unread(
        tuple(ItemRef(mine.register, each) for each in first),
        len(own) + len(mine.unnamed) - len(first),
    )


def about(scope: Scope, found: Suspects, obligation: Obligation) -> list[int]:
    """Those of the rows that are about the obligation, or may be."""
    return sorted((*_of_its_own(scope, found, obligation), *found.unnamed))


def _of_its_own(scope: Scope, found: Suspects, obligation: Obligation) -> tuple[int, ...]:
    """Those of the rows that name what the obligation is about."""
    if found.names == "key":
        return found.by_name.get(_key_named(scope, obligation), ())
    name = {"event": obligation.event, "subject": obligation.subject}.get(found.names)
    return found.by_name.get(name, ())


def _key_named(scope: Scope, obligation: Obligation) -> object:
    """The key of the evidence that the subject's own row names."""
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
        for each in (ask.any_of if isinstance(ask, AnyOf) else (ask,))
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
