"""What the evaluation of duties is given: their versions, the evidence as columns, and D."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints
from engine.frames.schema import Names
from rules.model import Version
from rules.resolve import Resolved, ResolvedDuty
from rules.span import Span

if TYPE_CHECKING:
    from engine.frames.items import Items

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Scope:
    """One duty, checked as of D (``as_of_day``, an ordinal). ``kept`` holds items already selected,
    so that duties that ask the same of a register select them once. ``records_begin``: the day from
    which the office keeps its registers, NO_DAY where it does not say."""

    duty: ResolvedDuty
    columns: AllColumns
    as_of_day: int
    kept: dict[object, Items] = field(default_factory=dict)
    records_begin: int = NO_DAY

    @property
    def in_force(self) -> int:
        """The duty's first day."""
        return self.duty.in_force.toordinal()

    @property
    def current(self) -> int:
        """The number of the version that holds on D."""
        return self.version_at(self.as_of_day)

    def version_at(self, day: int) -> int:
        """The number of the version that holds on a day; 0 before the first."""
        begun = sum(version.begins.toordinal() <= day for version in self.duty.versions)
        return max(begun - 1, 0)

    def version(self, number: int) -> Resolved:
        """A version by its number, from 0."""
        return self.duty.versions[number]

    def begins(self, number: int) -> int:
        """The first day of a version."""
        return self.duty.versions[number].begins.toordinal()

    def register(self, name: str) -> Columns:
        """The columns of a register."""
        return self.columns[name]


class Editions:
    """The versions, begun by D, of all the duties that are checked, each under a number of its own
    (an ``edition``); arrays hold one value an edition. All scopes are of one check."""

    def __init__(self, scopes: Sequence[Scope]) -> None:
        self.scopes = tuple(scopes)
        self.columns: AllColumns = scopes[0].columns if scopes else {}
        self.as_of_day = scopes[0].as_of_day if scopes else NO_DAY
        self.records_begin = scopes[0].records_begin if scopes else NO_DAY
        currents = np.array([scope.current for scope in scopes], dtype=np.int64)
        #: The edition of each duty that holds on D.
        self.current = np.cumsum(currents + 1) - 1
        self.firsts = self.current - currents
        self.duty = np.repeat(np.arange(len(scopes)), currents + 1)
        self.number = np.arange(len(self.duty)) - self.firsts[self.duty]
        resolved = [
            self.scopes[duty].version(number)
            for duty, number in zip(self.duty.tolist(), self.number.tolist(), strict=True)
        ]
        self.version: tuple[Version, ...] = tuple(each.version for each in resolved)
        self.begins = np.array([each.begins.toordinal() for each in resolved], dtype=np.int64)
        in_force = np.array([scope.in_force for scope in scopes], dtype=np.int64)
        self.in_force = in_force[self.duty]
        self.is_current = np.asarray(self.number == currents[self.duty])
        after = np.append(self.begins[1:], FOR_EVER)
        #: The texts that stand in the frames as numbers.
        self.names = Names()
        self._until = np.where(self.is_current, FOR_EVER, after)

    def scope(self, edition: int) -> Scope:
        """The duty of an edition."""
        return self.scopes[int(self.duty[edition])]

    def of_duties(self, duties: Sequence[int]) -> list[int]:
        """The editions of these duties, in order."""
        return np.flatnonzero(np.isin(self.duty, duties)).tolist()

    def each(self, get: Callable[[Version], int]) -> Ints:
        """A whole number for each edition."""
        return np.array([get(version) for version in self.version], dtype=np.int64)

    def which(self, asked: Callable[[Version], object]) -> Flags:
        """Whether something is so of each edition."""
        return np.array([bool(asked(version)) for version in self.version], dtype=np.bool_)

    def spans(self, kind: type[P], get: Callable[[P], Span | None]) -> list[Span | None]:
        """A span of the pattern of each edition; None for those of other patterns."""
        patterns = (version.pattern for version in self.version)
        return [get(pattern) if isinstance(pattern, kind) else None for pattern in patterns]

    def judges(self, editions: Ints, days: Ints) -> Flags:
        """Whether each edition is the one of its duty that judges what happened on the day beside
        it: the version of that day; what is still to come, the one on D."""
        capped = np.minimum(days, self.as_of_day)
        begun = (self.number[editions] == 0) | (self.begins[editions] <= capped)
        return np.asarray(begun & (capped < self._until[editions]))

    def parts(self, editions: Ints) -> Iterator[tuple[int, Flags]]:
        """Each edition that stands there, with where it stands."""
        for edition in np.unique(editions).tolist():
            yield edition, np.asarray(editions == edition)
