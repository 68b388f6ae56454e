"""Who holds a role, in words, who held it before and who comes next (semantics.md: Patterns)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from engine.assessment import HistoryEntry
from engine.columns.conditions import TRUE, any_of
from engine.columns.days import Flags, as_date
from engine.frames.evaluate import items_of
from engine.frames.scope import Scope
from engine.frames.standing import turns_of
from engine.proof.conditions import own_asks
from engine.proof.phrases import day_words
from evidence.cells.text import listed, rows_told
from evidence.table import CellState
from rules.condition import Condition
from rules.model import Version
from rules.patterns import Standing
from rules.subject import Member
from rules.wording.words import ask_failed_told


class Role:
    """The role that an obligation of a standing duty is about, and the rows that took ``turns``;
    ``begins`` is the column that says since when a row holds it."""

    def __init__(self, scope: Scope, number: int, member: int) -> None:
        version = scope.version(number).version
        pattern, one = version.pattern, version.member(member)
        assert isinstance(pattern, Standing)
        items = items_of(scope, number, one)
        self.columns, self.begins = items.columns, pattern.begins
        self.turns = turns_of(
            items.columns, (version.query, one, version.named_in if one else None), pattern
        )
        self._pattern, self._asks, self._on_day = (
            pattern,
            own_asks(version, member),
            scope.as_of_day,
        )
        assert items.until is not None
        self._until = items.until

    # Why it is not met --------------------------------------------------------------------------

    def unmet(self) -> str:
        """Who holds it now and what the holder lacks, or that nobody does."""
        turns = self.turns
        last = np.flatnonzero(turns.turn & (turns.begins == turns.latest)).tolist()
        if len(last) != 1:
            return "Nobody has held it by the day of the check."
        (row,) = last
        at, until = self._at(row), int(self._until[row])
        if until < self._on_day:
            return f"Nobody holds it: the last holder ({at}) ended on {day_words(until)}."
        lacks, unread = list(self._lacks(row)), self._unread_ends(row)
        said, joined = f"It has been held since {day_words(turns.latest)} ({at})", "but"
        if unread:
            said, joined = f"{unread} in {at} cannot be read, so the role counts as ended", "and"
        words = f"{said}, {joined} {listed(lacks)}." if lacks else f"{said}."
        return f"{words}{f' First correct {unread}.' if unread else ''}{self._before()}"

    def _lacks(self, row: int) -> Iterator[str]:
        role = self.columns.table.register.one_holder_of
        for ask in self._asks:
            on_role = isinstance(ask, Condition) and ask.column == role
            if not on_role and any_of(self.columns, ask)[row] != TRUE:
                yield ask_failed_told(ask)

    def _unread_ends(self, row: int) -> str:
        """The ends of the holder's row that cannot be read, and so read as ended."""
        sure = (CellState.READ, CellState.NOTHING)
        names = self._pattern.last_days
        return listed([f"'{n}'" for n in names if self.columns.state(n)[row] not in sure])

    def _before(self) -> str:
        """That the holder before, who would still be in place, ended the day before."""
        turns, ends = self.turns, self._pattern.ends
        before = turns.turn & (turns.begins < turns.latest)
        if not before.any():
            return ""
        day = turns.latest - 1
        last = before & (turns.begins == int(turns.begins[before].max())) & (self._until == day)
        if ends is not None:
            last &= ~self.columns.read(ends) | (self.columns.days(ends) > day)
        rows = np.flatnonzero(last).tolist()
        if not rows:
            return ""
        return f" The previous holder ({self._at(rows[0])}) counts until {day_words(day)}."

    # Why it is unclear --------------------------------------------------------------------------

    def unclear(self) -> str:
        """Why it cannot be told who holds it."""
        turns, role = self.turns, self.columns.table.register.one_holder_of
        if turns.beginless.any():
            at = self._rows(turns.beginless)
            why = f"'{self.begins}' cannot be read in {at}, and it has not ended"
        elif turns.shared.any():
            why = f"{self._rows(turns.shared)} both begin on {day_words(turns.latest)}"
        else:
            why = f"'{role}' cannot be read in {self._rows(turns.rivals)}"
        return f"It is not clear who holds it: {why}."

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
    return Role(scope, number, member)


# Before and after -------------------------------------------------------------------------------


def _spells(
    scope: Scope, member: Member | None, subject: str | None = None
) -> list[tuple[int, int]]:
    """From when until when each row is in place, in order; none for other patterns."""
    if not scope.version(scope.current).version.pattern.in_place:
        return []
    items = items_of(scope, scope.current, member)
    assert items.until is not None
    rows = np.flatnonzero(items.truth == TRUE)
    if subject is not None and items.subject is not None:
        rows = rows[[items.subject[row] == subject for row in rows]]
    return sorted(zip(items.day[rows].tolist(), items.until[rows].tolist(), strict=True))


def gaps(scope: Scope) -> list[HistoryEntry]:
    """The days, since the in-force day and before D, on which nothing stood between two that did
    (semantics.md, Pattern 5: gaps between holders are history with their dates)."""
    version = scope.version(scope.current).version
    if version.population is not None:
        return []
    found: list[HistoryEntry] = []
    for member in version.members or (None,):
        covered: int | None = None
        for begins, ends in _spells(scope, member):
            if begins > scope.as_of_day:
                break
            if covered is not None and (first := max(covered + 1, scope.in_force)) < begins:
                name, last = member.title if member else "office", as_date(begins - 1)
                found.append(HistoryEntry(name, "", "gap", as_date(first), last, 0, ()))
            covered = ends if covered is None else max(covered, ends)
    return found


def successor(
    scope: Scope, member: Member | None, deadline: datetime.date, person: str | None
) -> int | None:
    """The day on which one is recorded to begin, after D and without a gap; None if none is.
    ``person``: the key of whom it has to be about, if it is about a person."""
    last, spells = deadline.toordinal() + 1, _spells(scope, member, person)
    return min((begins for begins, _ in spells if scope.as_of_day < begins <= last), default=None)
