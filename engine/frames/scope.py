"""What the evaluation of one duty is given: its versions, the evidence as columns, and D."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.days import NO_DAY, Ints
from engine.frames.items import Items
from rules.resolve import Resolved, ResolvedDuty


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

    def versions_at(self, days: Ints) -> Ints:
        """The number of the version for each day, days after D counted as D."""
        firsts = [self.begins(each) for each in range(1, len(self.duty.versions))]
        capped = np.minimum(days, self.as_of)
        return np.searchsorted(np.array(firsts, dtype=np.int64), capped, side="right")

    def register(self, name: str) -> Columns:
        """The columns of a register."""
        return self.columns[name]
