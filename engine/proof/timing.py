"""Why a row that meets every condition of a rule is not in time for an obligation, or not enough;
and what is too late to do: overdue, and by its rule no row dated D or later can meet it
(semantics.md, An obligation's status: overdue)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.days import FOR_EVER, Ints, add
from engine.frames.scope import Scope
from engine.frames.standing import ends_of
from engine.obligation import Obligation
from engine.outcome import Answer, Past, Status
from engine.proof.phrases import day_words
from rules.model import Version
from rules.patterns import Rolling, Standing


@dataclass(frozen=True, slots=True)
class Timing:
    """The days of the rows of a register, as one version looks at them. ``until``: the last day on
    which each is valid; ``periods``: the period that each names; ``needed``: how many are needed,
    in words, where it is not one. ``ordered``: where a row is not in time, no earlier one is."""

    as_of: int
    days: Sequence[int]
    until: Sequence[int] | None = None
    periods: Sequence[object] | None = None
    needed: str = ""
    periodic: bool = False
    ordered: bool = False

    def why_not(self, row: int, answer: Answer) -> str:
        """Why a row is not in time for an obligation; '' where it is, or no day dates it."""
        day = self.days[row]
        if not day:
            return ""
        if day > self.as_of:
            return f"dated {day_words(day)}, after the day of the check"
        if self.until is not None:
            over = self.until[row] < self.as_of
            return f"valid until {day_words(self.until[row])}" if over else ""
        if not self.periodic:
            early = answer.opens is not None and day < answer.opens.toordinal()
            return f"dated {day_words(day)}, before the window opened" if early else ""
        named = self.periods[row] if self.periods is not None else None
        if named is not None:
            return "" if named == answer.key.window else f"for another period: {named}"
        return self._outside(day, answer)

    def _outside(self, day: int, answer: Answer) -> str:
        """Why a day is not in a period, for a row that names none."""
        dated = f"dated {day_words(day)}"
        if answer.opens is not None and day < answer.opens.toordinal():
            return f"{dated}, before the window opened"
        late = answer.deadline is not None and day > answer.deadline.toordinal()
        return f"{dated}, when the next window was open" if late else ""

    def not_enough(self, row: int) -> str:
        """Why a row that is in time did not suffice; '' where nothing is to be said."""
        if self.needed:
            return f"counts; {self.needed} needed"
        if self.until is not None and self.until[row] < FOR_EVER:
            return f"valid until {day_words(self.until[row])}, which is too soon"
        return ""


def timing_of(scope: Scope, number: int, columns: Columns, member: int) -> Timing:
    """How a version looks at the rows of the register that holds its evidence. Of what a record
    carries no day is asked."""
    version = scope.version(number).version
    pattern, query = version.pattern, version.evidence
    dated = () if query is None else version.dating_columns(member)
    dates = [columns.days(name) for name in dated]
    days: Ints = np.maximum.reduce(dates) if dates else np.zeros(len(columns), np.int64)
    until = _until(version, columns, days)
    periodic = pattern.period_kind is not None
    by_period = query.period if query is not None and periodic else None
    many = query is not None and (query.needed != 1 or bool(query.needed_from))
    return Timing(
        as_of=scope.as_of,
        days=days.tolist(),
        until=None if until is None else until.tolist(),
        periods=columns.values(by_period).tolist() if by_period else None,
        needed=_needed(version) if many else "",
        periodic=periodic,
        ordered=not periodic and not pattern.in_place,
    )


def _until(version: Version, columns: Columns, days: Ints) -> Ints | None:
    pattern = version.pattern
    if isinstance(pattern, Standing):
        return ends_of(pattern, columns)
    return add(days, pattern.every) if isinstance(pattern, Rolling) else None


def _needed(version: Version) -> str:
    query = version.query
    return "as many as its row says are" if query.needed_from else f"{query.needed} are"


def timing_of_nil_returns(scope: Scope, columns: Columns) -> Timing:
    """How a periodic version looks at nil returns: each names its period."""
    return Timing(
        as_of=scope.as_of,
        days=columns.days("given on").tolist(),
        periods=columns.values("period").tolist(),
        periodic=True,
    )


def too_late(version: Version, obligation: Obligation, answer: Answer, on_day: int) -> bool:
    """Whether the rule asks for what only the event's own row can show, on the event's own day:
    once that has passed, nothing that is done later meets it. (A duty before an event may be
    overdue while its day is still to come.) To correct a wrong row is another thing, and stays
    possible. ``on_day``: the day of the check."""
    if answer.status is not Status.OVERDUE or answer.past is not Past.CURRENT:
        return False
    query, listed = version.evidence, version.events
    if query is None or listed is None or not query.itself:
        return False
    passed = obligation.event_day < on_day
    return passed and version.dated_by(obligation.member) == listed.dated
