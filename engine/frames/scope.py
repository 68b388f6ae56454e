"""The duties of one check: their versions, the evidence as columns, and D."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.days import Flags, Ints
from engine.day_number import FOR_EVER, NO_DAY
from engine.frames.schema import Names
from engine.outcome import ItemRef
from rules.model import Version
from rules.resolve import Resolved, ResolvedDuty
from rules.span import Span

if TYPE_CHECKING:
    from engine.frames.items import Items

P = TypeVar("P")

#: The subjects that the versions before one found met on its first day, with the items that met
#: them (semantics.md: Transition).
MetBefore = Mapping[str, tuple[ItemRef, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """One duty, checked as of D (``as_of_day``, an ordinal). ``selections`` keeps the items that
    each query selects, for all duties with the same query. ``records_begin``: the day from which
    the office keeps its registers, NO_DAY where it does not say."""

    resolved: ResolvedDuty
    columns: AllColumns
    as_of_day: int
    selections: dict[object, Items] = field(default_factory=dict)
    records_begin: int = NO_DAY

    @property
    def in_force_from(self) -> int:
        """The duty's first day."""
        return self.resolved.in_force_from.toordinal()

    @property
    def version_number(self) -> int:
        """The number of the version in force on D."""
        return self.version_at(self.as_of_day)

    def version_at(self, day: int) -> int:
        """The number of the version in force on a day; 0 before the first."""
        begun = sum(version.begins.toordinal() <= day for version in self.resolved.versions)
        return max(begun - 1, 0)

    def version(self, number: int) -> Resolved:
        """A version by its number, from 0."""
        return self.resolved.versions[number]

    def begins(self, number: int) -> int:
        """The first day of a version."""
        return self.resolved.versions[number].begins.toordinal()

    def register(self, name: str) -> Columns:
        """The columns of a register."""
        return self.columns[name]


class VersionTable:
    """The versions, begun by D, of all duties of one check, by duty and then by first day. A row of
    the table is a ``version_index`` of the frames; arrays have one value for each row.
    ``met_before`` is by the number of a duty and the number of a version among those of it."""

    def __init__(
        self, scopes: Sequence[Scope], met_before: Mapping[tuple[int, int], MetBefore]
    ) -> None:
        self.scopes = tuple(scopes)
        self.columns: AllColumns = scopes[0].columns if scopes else {}
        self.as_of_day = scopes[0].as_of_day if scopes else NO_DAY
        self.records_begin = scopes[0].records_begin if scopes else NO_DAY
        latest = np.array([scope.version_number for scope in scopes], dtype=np.int64)
        #: The row of each duty's latest version, which is in force on D, and of its first version.
        self.latest_rows = np.cumsum(latest + 1) - 1
        self.first_rows = self.latest_rows - latest
        #: The duty of each row, and the number of the version among those of its duty.
        self.duty = np.repeat(np.arange(len(scopes)), latest + 1)
        self.number = np.arange(len(self.duty)) - self.first_rows[self.duty]
        resolved = [
            version
            for scope, number in zip(scopes, latest.tolist(), strict=True)
            for version in scope.resolved.versions[: number + 1]
        ]
        self.rules: tuple[Version, ...] = tuple(version.rule for version in resolved)
        self.begins = np.array([v.begins.toordinal() for v in resolved], dtype=np.int64)
        in_force_from = np.array([scope.in_force_from for scope in scopes], dtype=np.int64)
        self.in_force_from = in_force_from[self.duty]
        self.is_latest = np.asarray(self.number == latest[self.duty])
        #: The texts that are numbers in the frames.
        self.names = Names()
        #: By row, for versions with a transition.
        self.met_before = {
            int(self.first_rows[duty]) + number: met for (duty, number), met in met_before.items()
        }
        following = np.append(self.begins[1:], FOR_EVER)
        self._next_begins = np.where(self.is_latest, FOR_EVER, following)

    def scope(self, version_index: int) -> Scope:
        """The duty of a version."""
        return self.scopes[int(self.duty[version_index])]

    def of_duties(self, duties: Sequence[int]) -> list[int]:
        """The rows of these duties' versions, in order."""
        return np.flatnonzero(np.isin(self.duty, duties)).tolist()

    def values(self, get: Callable[[Version], int]) -> Ints:
        """A whole number for each version."""
        return np.array([get(rule) for rule in self.rules], dtype=np.int64)

    def flags(self, test: Callable[[Version], object]) -> Flags:
        """Whether each version passes a test."""
        return np.array([bool(test(rule)) for rule in self.rules], dtype=np.bool_)

    def spans(self, kind: type[P], get: Callable[[P], Span | None]) -> list[Span | None]:
        """A span of each version's pattern; None for patterns of other kinds."""
        patterns = (rule.pattern for rule in self.rules)
        return [get(pattern) if isinstance(pattern, kind) else None for pattern in patterns]

    def days(self, kind: type[P], get: Callable[[P], datetime.date | None]) -> Ints:
        """A day of each version's pattern; NO_DAY where there is none, and for other kinds."""
        patterns = (rule.pattern for rule in self.rules)
        days = (get(pattern) if isinstance(pattern, kind) else None for pattern in patterns)
        return np.array([day.toordinal() if day else NO_DAY for day in days], dtype=np.int64)

    def judges(self, version_index: Ints, days: Ints) -> Flags:
        """Whether each version judges an event of the day in the same position: the version in
        force on that day, or on D for an event after D (semantics.md: Versions and clocks)."""
        capped = np.minimum(days, self.as_of_day)
        begun = (self.number[version_index] == 0) | (self.begins[version_index] <= capped)
        return np.asarray(begun & (capped < self._next_begins[version_index]))

    def rows_by_version(self, version_index: Ints) -> Iterator[tuple[int, Flags]]:
        """Each version that occurs, with the positions at which it occurs."""
        for index in np.unique(version_index).tolist():
            yield index, np.asarray(version_index == index)
