"""Who holds a role, in words: since when, what the holder lacks, and what makes it unclear
(semantics.md, Patterns, 5: Roles)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, any_of
from engine.columns.days import Flags
from engine.frames.evaluate import items_of
from engine.frames.scope import Scope
from engine.frames.standing import Turns, turns_of
from engine.proof.phrases import day_words
from evidence.cells.text import listed, rows_told
from evidence.table import CellState
from rules.condition import Condition
from rules.model import Version
from rules.patterns import Standing
from rules.subject import Member
from rules.wording.words import ask_told


class Role:
    """The role that an obligation of a standing duty is about, and the rows that took turns."""

    def __init__(self, scope: Scope, number: int, member: Member | None) -> None:
        version = scope.version(number).version
        assert version.evidence is not None
        assert isinstance(version.pattern, Standing)
        self._items = items_of(scope, number, member)
        self._version, self._member = version, member
        self._pattern = version.pattern
        self._on_day = scope.as_of
        self.columns: Columns = self._items.columns
        asked = version.evidence, member, version.named_in if member else None
        self.turns: Turns = turns_of(self.columns, asked, version.pattern)

    @property
    def begins(self) -> str:
        """The column that says since when a row holds the role."""
        return self._pattern.begins

    @property
    def holder(self) -> int | None:
        """The row that began last by D, if any has."""
        rows = np.flatnonzero(self.turns.turn & (self.turns.begins == self.turns.latest)).tolist()
        return rows[0] if len(rows) == 1 else None

    @property
    def ended(self) -> bool:
        """Whether the one that begun last has ended."""
        row = self.holder
        until = self._items.until
        return row is not None and until is not None and int(until[row]) < self._on_day

    # Why it is not met --------------------------------------------------------------------------

    def unmet(self) -> str:
        """Who holds it now and what the holder lacks, or that nobody does."""
        row = self.holder
        if row is None:
            return "Nobody has held it by the day of the check."
        at, since = self._at(row), day_words(self.turns.latest)
        until = self._items.until
        if until is not None and self.ended:
            return f"Nobody holds it: the last holder ({at}) ended on {day_words(int(until[row]))}."
        lacks, unread = list(self._lacks(row)), self._unread_ends(row)
        said = f"It is held since {since} ({at})"
        if unread:
            said = f"{unread} in {at} cannot be read, so the role counts as ended"
        words = f"{said}, and the holder lacks: {listed(lacks)}." if lacks else f"{said}."
        return f"{words}{' Correct that first.' if unread else ''}{self._before()}"

    def _lacks(self, row: int) -> Iterator[str]:
        query, role = self._version.evidence, self.columns.table.register.one_holder_of
        assert query is not None
        for ask in (*query.asks, *(self._member.where if self._member else ())):
            on_role = isinstance(ask, Condition) and ask.column == role
            if not on_role and any_of(self.columns, ask)[row] != TRUE:
                yield ask_told(ask)

    def _unread_ends(self, row: int) -> str:
        """The ends of the holder's row that cannot be read, and so read as ended."""
        names = (self._pattern.ends, self._pattern.review_by)
        odd = (name for name in names if name and not self.columns.read(name)[row])
        nothing = CellState.NOTHING
        return listed([f"'{n}'" for n in odd if self.columns.state(n)[row] != nothing])

    def _before(self) -> str:
        """That the holder before, who would still be in place, ended the day before."""
        turns, until = self.turns, self._items.until
        before = turns.turn & (turns.begins < turns.latest)
        if until is None or not before.any():
            return ""
        last = turns.begins == int(turns.begins[before].max())
        day = turns.latest - 1
        open_ = before & last & (until == day) & self._ends_later(day)
        rows = np.flatnonzero(open_).tolist()
        if not rows:
            return ""
        return f" The holder before ({self._at(rows[0])}) counts until {day_words(day)}."

    def _ends_later(self, day: int) -> Flags:
        ends = self._pattern.ends
        if ends is None:
            return np.ones(len(self.columns), dtype=np.bool_)
        return np.asarray(~self.columns.read(ends) | (self.columns.days(ends) > day))

    # Why it is unclear --------------------------------------------------------------------------

    def unclear(self) -> str:
        """Why it cannot be told who holds it."""
        turns = self.turns
        if turns.beginless.any():
            at = self._rows(turns.beginless)
            name = self._pattern.begins
            return (
                f"Who holds it is unclear: '{name}' cannot be read in {at}, and it has not ended."
            )
        if turns.shared.any():
            day = day_words(turns.latest)
            return f"Who holds it is unclear: {self._rows(turns.shared)} both begin on {day}."
        role = self.columns.table.register.one_holder_of
        return f"Who holds it is unclear: '{role}' cannot be read in {self._rows(turns.rivals)}."

    def _rows(self, which: Flags) -> str:
        table = self.columns.table
        rows = np.flatnonzero(which).tolist()
        sheet = table.place(rows[0]).sheet
        return f"{rows_told(sorted(table.row_of[row] for row in rows))} of {sheet}"

    def _at(self, row: int) -> str:
        place = self.columns.table.place(row)
        return f"row {place.row} of {place.sheet}"


def role_of(scope: Scope, version: Version, number: int, member: int) -> Role | None:
    """The role that an obligation is about; None for other obligations."""
    query = version.evidence
    if not version.pattern.in_place or query is None:
        return None
    if scope.register(query.register).table.register.one_holder_of is None:
        return None
    return Role(scope, number, version.member(member))
