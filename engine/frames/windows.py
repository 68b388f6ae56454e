"""The windows of a periodic duty (semantics.md, Pattern 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.columns.days import add_one
from engine.columns.periods import period_ends, period_numbered, period_of, period_starts
from engine.frames.scope import Scope
from rules.patterns import Periodic


@dataclass(frozen=True, slots=True)
class Window:
    """One window, days as ordinals: ``opens`` … ``end`` are its own days, ``deadline`` its end
    plus the rule's grace. ``cut``: the duty came into force within it. ``version`` judges it."""

    label: str
    opens: int
    end: int
    deadline: int
    cut: bool
    version: int


def windows(scope: Scope) -> list[Window]:
    """The duty's windows by deadline, up to and with the first two that open after D.

    Each version gives those that close while it holds; a period already given is not given again.
    Where a new version would close a window, open under the one before it, before its own first
    day, that day is the deadline (semantics.md, Versions and clocks)."""
    found: dict[str, Window] = {}
    open_still: set[str] = set()
    for number in range(scope.current + 1):
        mine = [each for each in _carried(scope, number, open_still) if each.label not in found]
        ends = scope.begins(number + 1) if number < scope.current else None
        closed = [each for each in mine if ends is None or each.deadline < ends]
        found |= {each.label: each for each in closed}
        open_still = {each.label for each in mine} - set(found)
    until = scope.duty.duty.until
    kept = [w for w in found.values() if until is None or w.opens <= until.toordinal()]
    return sorted(kept, key=lambda window: (window.deadline, window.opens))


def _carried(scope: Scope, number: int, open_still: set[str]) -> list[Window]:
    """The windows of a version that close after it began, and those that it would have closed
    earlier although they were open: they close on its first day, and until then, or until the
    next one opens, an item that names no period is in time."""
    mine, begins = _of_version(scope, number), scope.begins(number)
    found = []
    for window, following in zip(mine, [*mine[1:], None], strict=False):  # or none at all
        if number == 0 or window.deadline >= begins:
            found.append(window)
        elif window.label in open_still:
            last = min(begins, following.opens - 1) if following else begins
            found.append(replace(window, deadline=begins, end=max(window.end, last)))
    return found


def _of_version(scope: Scope, number: int) -> list[Window]:
    """A version's windows by the calendar, with the first two that open after D."""
    pattern = scope.version(number).version.pattern
    if not isinstance(pattern, Periodic):  # an earlier version of another kind
        return []
    label = period_of(pattern.period, scope.in_force)
    found: list[Window] = []
    ahead = 0
    while ahead < 2:
        window = _window(pattern, label, scope.in_force, number)
        label = period_numbered(label, 1)
        if window.end >= scope.in_force:
            found.append(window)
            ahead += window.opens > scope.as_of
    return found


def _window(pattern: Periodic, label: str, in_force: int, number: int) -> Window:
    """The window of a period: all of it, its part, or the whole period before the next, whose
    name it then bears."""
    name, opens, end = label, period_starts(label), period_ends(label)
    if pattern.part:
        quarter = f"{label} {pattern.part}"
        opens, end = period_starts(quarter), period_ends(quarter)
    if pattern.before:
        name = period_numbered(label, 1)
    deadline = add_one(end, pattern.grace) if pattern.grace else end
    return Window(name, max(opens, in_force), end, deadline, opens < in_force, number)
