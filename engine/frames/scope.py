"""What the evaluation of duties is given: their versions, the evidence as columns, and D."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints
from rules.model import Version
from rules.resolve import Resolved, ResolvedDuty

if TYPE_CHECKING:
    from engine.frames.items import Items

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """One duty, checked as of D (``as_of``, an ordinal). ``kept`` holds items already selected,
    so that duties that ask the same of a register select them once. ``records_begin``: the day from
    which the office keeps its registers, NO_DAY where it does not say."""

    duty: ResolvedDuty
    columns: AllColumns
    as_of: int
    kept: dict[object, Items] = field(default_factory=dict)
    records_begin: int = NO_DAY

    @property
    def in_force(self) -> int:
        """The duty's first day."""
        return self.duty.in_force.toordinal()

    @property
    def current(self) -> int:
        """The number of the version that holds on D."""
        return int(self.version_at(self.as_of))

    def version(self, number: int) -> Resolved:
        """A version by its number, from 0."""
        return self.duty.versions[number]

    def begins(self, number: int) -> int:
        """The first day of a version."""
        return self.duty.versions[number].begins.toordinal()

    def version_at(self, day: int) -> int:
        """The number of the version that holds on a day; 0 before the first."""
        held = [each for each in range(len(self.duty.versions)) if self.begins(each) <= day]
        return held[-1] if held else 0

    def register(self, name: str) -> Columns:
        """The columns of a register."""
        return self.columns[name]


class Editions:
    """The versions, begun by D, of all the duties that are checked, each under a number of its own
    (an ``edition``); arrays hold one value an edition. All scopes are of one check."""

    def __init__(self, scopes: Sequence[Scope]) -> None:
        self.scopes = tuple(scopes)
        self.columns: AllColumns = scopes[0].columns if scopes else {}
        self.as_of = scopes[0].as_of if scopes else NO_DAY
        self.records_begin = scopes[0].records_begin if scopes else NO_DAY
        self.currents = np.array([each.current for each in scopes], dtype=np.int64)
        self.firsts = np.cumsum(self.currents + 1) - self.currents - 1
        self.duty = np.repeat(np.arange(len(scopes)), self.currents + 1)
        self.number = np.arange(len(self.duty)) - self.firsts[self.duty]
        self.version: tuple[Version, ...] = tuple(
            self.scope(e).version(n).version for e, n in enumerate(self.number.tolist())
        )
        self.begins = self._days(lambda scope, number: scope.begins(number))
        self.in_force = self._days(lambda scope, _: scope.in_force)
        self.is_current = np.asarray(self.number == self.currents[self.duty])
        after = np.append(self.begins[1:], FOR_EVER)
        self._until = np.where(self.is_current, FOR_EVER, after)
        self._kept: dict[Hashable, object] = {}

    def _days(self, of: Callable[[Scope, int], int]) -> Ints:
        days = (of(self.scope(e), number) for e, number in enumerate(self.number.tolist()))
        return np.fromiter(days, np.int64, len(self.number))

    def scope(self, edition: int) -> Scope:
        """The duty of an edition."""
        return self.scopes[int(self.duty[edition])]

    def of_duties(self, duties: Sequence[int]) -> list[int]:
        """The editions of these duties, in order."""
        return np.flatnonzero(np.isin(self.duty, duties)).tolist()

    def current_of(self, duties: Sequence[int]) -> list[int]:
        """The edition of each of these duties that holds on D."""
        return [int(self.firsts[duty] + self.currents[duty]) for duty in duties]

    def judges(self, editions: Ints, days: Ints) -> Flags:
        """Whether each edition is the one of its duty that judges what happened on the day beside
        it: the version of that day; what is still to come, the one on D."""
        capped = np.minimum(days, self.as_of)
        begun = (self.number[editions] == 0) | (self.begins[editions] <= capped)
        return np.asarray(begun & (capped < self._until[editions]))

    def parts(self, editions: Ints) -> Iterator[tuple[int, Flags]]:
        """Each edition that stands there, with where it stands."""
        for edition in np.unique(editions).tolist():
            yield edition, np.asarray(editions == edition)

    def once(self, asked: Hashable, make: Callable[[], T]) -> T:
        """What was made for this before, or is made now."""
        if asked not in self._kept:
            self._kept[asked] = make()
        return cast("T", self._kept[asked])
