"""The windows of a periodic duty (semantics.md, Pattern 1)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.calendar import add_one
from engine.periods import period_ends, period_numbered, period_of, period_starts
from engine.scope import Scope
from rules.pattern import Periodic


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
    """The duty's windows in order, up to and with the first two that open after D. Each version
    gives those that close while it holds; a period already given is not given again."""
    found: dict[str, Window] = {}
    for number in range(scope.current + 1):
        first = scope.begins(number) if number else 0
        last = scope.begins(number + 1) - 1 if number < scope.current else None
        for window in _of_version(scope, number):
            if window.deadline >= first and (last is None or window.deadline <= last):
                found.setdefault(window.label, window)
    until = scope.duty.duty.until
    kept = [w for w in found.values() if until is None or w.opens <= until.toordinal()]
    return sorted(kept, key=lambda window: (window.opens, window.label))


def _of_version(scope: Scope, number: int) -> list[Window]:
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
