"""The windows of a periodic duty (semantics.md, Patterns, 1; Versions and clocks)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from engine.plain.case import Case
from engine.plain.days import ONE_DAY, after, first_day, label_of, last_day, number_of
from rules.pattern import Periodic
from rules.resolve import Resolved

_PARTS = ("Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True, slots=True)
class Window:
    """One window and the version that judges it. ``last``: the last day on which an item that
    names no period is in time; the deadline is later where there is a grace. ``cut``: the duty
    came into force within it. ``next_opens``: the day on which the window after it opens."""

    label: str
    opens: date
    last: date
    deadline: date
    cut: bool
    version: Resolved
    next_opens: date | None = None


def windows(case: Case) -> list[Window]:
    """Every window up to the first that has yet to open, in the order of their deadlines; none
    that opens after the duty has ended.

    A window that closed before a version began is judged by the version of the day it closed.
    """
    found: dict[str, Window] = {}
    still_open: set[str] = set()
    for version in case.versions:
        next_begins = case.until_next(version)
        held = [window for window in _held(case, version, still_open) if window.label not in found]
        closed = [each for each in held if next_begins is None or each.deadline < next_begins]
        still_open = {each.label for each in held} - {each.label for each in closed}
        found |= {each.label: each for each in closed}
    until = case.duty.duty.until or date.max
    asked = [each for each in found.values() if each.opens <= until]
    ordered = sorted(asked, key=lambda each: (each.deadline, each.opens))
    following = [*ordered[1:], None][: len(ordered)]  # none at all where the duty ends before one
    return [_before(one, two) for one, two in zip(ordered, following, strict=True)]


def _held(case: Case, version: Resolved, still_open: set[str]) -> Iterable[Window]:
    """A version's windows, but those that closed before it began. Where one was ``still_open``
    under the version before it, the day on which the new one begins is its deadline; until then,
    or until the next window opens, items that name no period are in time too."""
    calendar = list(_calendar(case, version))
    for window, following in zip(calendar, [*calendar[1:], None], strict=False):  # or none at all
        begins = version.begins
        if begins == case.in_force or window.deadline >= begins:
            yield window
        elif window.label in still_open:
            last = min(begins, following.opens - ONE_DAY) if following else begins
            yield replace(window, deadline=begins, last=max(window.last, last))


def _before(window: Window, following: Window | None) -> Window:
    """The window, told of the one that follows it."""
    return window if following is None else replace(window, next_opens=following.opens)


def _calendar(case: Case, version: Resolved) -> Iterable[Window]:
    """A version's windows as the calendar has them, from the one that holds the in-force day to
    the second that opens after the as-of date: an earlier version may have given the first."""
    pattern = version.version.pattern
    if not isinstance(pattern, Periodic):
        return
    number = number_of(pattern.period, case.in_force)
    to_come = 0
    while to_come < 2:
        window = _window(case, version, pattern, number)
        to_come, number = to_come + (window.opens > case.as_of), number + 1
        if window.last >= case.in_force:  # one that ended earlier does not exist
            yield window


def _window(case: Case, version: Resolved, pattern: Periodic, number: int) -> Window:
    """The window in, or (``before``) named after the period that follows, one period."""
    kind = pattern.period
    first, last = first_day(kind, number), last_day(kind, number)
    if pattern.part is not None:
        quarter = number * 4 + _PARTS.index(pattern.part)
        first, last = first_day("quarter", quarter), last_day("quarter", quarter)
    return Window(
        label=label_of(kind, number + 1 if pattern.before else number),
        opens=max(first, case.in_force),
        last=last,
        deadline=after(last, pattern.grace) if pattern.grace else last,
        cut=first < case.in_force,
        version=version,
    )
