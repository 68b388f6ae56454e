"""The holder of a role in words, with the holder before and the next one (semantics.md:
Patterns)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from engine.assessment import OFFICE, HistoryEntry
from engine.columns.conditions import TRUE, any_of
from engine.columns.days import Flags
from engine.day_number import as_date
from engine.frames.observe import items_of
from engine.frames.scope import Scope
from engine.frames.standing import turns_of
from engine.outcome import HistoryOutcome
from engine.proof.conditions import own_asks
from engine.proof.phrases import day_words, failure_words
from evidence.cells.text import listed, row_numbers_text
from evidence.table import READ_OR_NOTHING, Table
from rules.condition import Condition
from rules.model import Version
from rules.patterns import Standing
from rules.subject import Member


class Role:
    """The role of an obligation of a standing duty, and the ``turns`` of its holders. ``begins`` is
    the column of the day on which a holder began."""

    def __init__(self, scope: Scope, number: int, member: int) -> None:
        version = scope.version(number).rule
        pattern = version.pattern
        listed = version.member(member)
        assert isinstance(pattern, Standing)
        items = items_of(scope, number, listed)
        self.columns = items.columns
        self.begins_column = pattern.begins
        rows = version.query, listed, version.named_in if listed else None
        self.turns = turns_of(items.columns, rows, pattern)
        self._pattern = pattern
        self._asks = own_asks(version, member)
        self._as_of_day = scope.as_of_day
        assert items.until is not None
        self._until = items.until

    # Why it is not met --------------------------------------------------------------------------

    def unmet_words(self) -> str:
        """Who holds the role now and what the holder lacks, or that nobody holds it."""
        row = self.turns.holder
        if row is None:
            return "Nobody has held it by the day of the check."
        place, until = self._place(row), int(self._until[row])
        if until < self._as_of_day:
            return f"Nobody holds it: the last holder ({place}) ended on {day_words(until)}."
        # The ends of the holder's row that cannot be read, and so count as ended.
        names = self._pattern.last_days
        ends = [n for n in names if self.columns.state(n)[row] not in READ_OR_NOTHING]
        lacks = list(self._failed_words(row))
        cells = listed([f"'{self._heading(name)}'" for name in ends])
        holder = f"It has been held since {day_words(self.turns.latest)} ({place})"
        joined = "but"
        if cells:
            holder = f"{cells} in {place} cannot be read, so the role counts as ended"
            joined = "and"
        words = f"{holder}, {joined} {listed(lacks)}." if lacks else f"{holder}."
        return f"{words}{f' First correct {cells}.' if cells else ''}{self._find_previous_holder()}"

    def _failed_words(self, row: int) -> Iterator[str]:
        role = self.columns.table.register.one_holder_of
        for ask in self._asks:
            on_role = isinstance(ask, Condition) and ask.column == role
            if not on_role and any_of(self.columns, ask)[row] != TRUE:
                yield failure_words(self.columns, ask)

    def _find_previous_holder(self) -> str:
        """The sentence that says that the previous holder, whose row gives no end by then, ended
        the day before; '' without one."""
        turns, ends = self.turns, self._pattern.ends
        before = turns.begun & (turns.begin_days < turns.latest)
        if not before.any():
            return ""
        day = turns.latest - 1
        last = (
            before
            & (turns.begin_days == int(turns.begin_days[before].max()))
            & (self._until == day)
        )
        if ends is not None:
            last &= ~self.columns.read(ends) | (self.columns.days(ends) > day)
        rows = np.flatnonzero(last).tolist()
        if not rows:
            return ""
        return f" The previous holder ({self._place(rows[0])}) counts until {day_words(day)}."

    @property
    def vacant(self) -> bool:
        """Whether nobody holds it on D, as far as the rows can be read."""
        row = self.turns.holder
        return row is None or int(self._until[row]) < self._as_of_day

    # Why it is unclear --------------------------------------------------------------------------

    def unclear_words(self) -> str:
        """Why it is not clear who holds the role."""
        turns = self.turns
        role = self.columns.table.register.one_holder_of or ""
        if turns.undated.any():
            rows = self._rows(turns.undated)
            begins = self._heading(self.begins_column)
            why = f"'{begins}' cannot be read in {rows}, and it has not ended"
        elif turns.shared.any():
            why = f"{self._rows(turns.shared)} both begin on {day_words(turns.latest)}"
        else:
            why = f"'{self._heading(role)}' cannot be read in {self._rows(turns.rivals)}"
        return f"It is not clear who holds it: {why}."

    def _rows(self, which: Flags) -> str:
        table = self.columns.table
        rows = np.flatnonzero(which).tolist()
        sheet = table.place(rows[0]).sheet
        return f"{row_numbers_text(sorted(table.row_of[row] for row in rows))} of {sheet}"

    def _heading(self, name: str) -> str:
        return self.columns.table.heading_of(name)

    def _place(self, row: int) -> str:
        return self.columns.table.place(row).row_words


def role_of(scope: Scope, number: int, member: int) -> Role | None:
    """The role that an obligation under a version is about; None for other obligations."""
    version = scope.version(number).rule
    query = version.evidence if version.pattern.in_place else None
    one_holder = query and scope.register(query.register).table.register.one_holder_of
    return Role(scope, number, member) if one_holder else None


def role_names(version: Version, table: Table) -> tuple[str, ...]:
    """The roles that the evidence of a version keeps filled; none where its register has none."""
    role = table.register.one_holder_of
    query = version.evidence
    if role is None or query is None or not version.pattern.in_place:
        return ()
    if version.named_in == role:
        return tuple(member.id for member in version.members)
    conditions = (condition for condition in query.where if condition.column == role)
    return tuple(condition.equals for condition in conditions if condition.equals)


# Before and after -------------------------------------------------------------------------------


def _spells(
    scope: Scope, member: Member | None, subject: str | None = None
) -> list[tuple[int, int]]:
    """The first and last day of each row in place, in order; none for other patterns."""
    if not scope.version(scope.version_number).rule.pattern.in_place:
        return []
    items = items_of(scope, scope.version_number, member)
    assert items.until is not None
    rows = np.flatnonzero(items.truth == TRUE)
    if subject is not None and items.subject is not None:
        rows = rows[[items.subject[row] == subject for row in rows]]
    return sorted(zip(items.day[rows].tolist(), items.until[rows].tolist(), strict=True))


def gaps(scope: Scope) -> list[HistoryEntry]:
    """The gaps between rows in place, from the in-force day to the day before D, as history
    (semantics.md: Patterns)."""
    version = scope.version(scope.version_number).rule
    if version.population is not None:
        return []
    entries: list[HistoryEntry] = []
    for member in version.members or (None,):
        covered: int | None = None
        for begins, ends in _spells(scope, member):
            if begins > scope.as_of_day:
                break
            if covered is not None and (first := max(covered + 1, scope.in_force_from)) < begins:
                name = member.title if member else OFFICE
                last = as_date(begins - 1)
                entries.append(
                    HistoryEntry(name, "", HistoryOutcome.GAP, as_date(first), last, 0, ())
                )
            covered = ends if covered is None else max(covered, ends)
    return entries


def successor(
    scope: Scope, member: Member | None, deadline: datetime.date, person: str | None
) -> int | None:
    """The first day of a recorded successor, after D and without a gap; None if there is none.
    ``person``: the key of the person that it has to be about, if any."""
    last = deadline.toordinal() + 1
    spells = _spells(scope, member, person)
    return min((begins for begins, _ in spells if scope.as_of_day < begins <= last), default=None)
