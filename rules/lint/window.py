"""Lint of what a periodic duty's versions ask about: that there is a window, and that the name of
a period means one thing (semantics.md, Patterns, 1; Versions and clocks)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import combinations

from rules.draft import Problems
from rules.model import Duty, Version
from rules.pattern import Periodic
from rules.yaml.source import At

_QUARTERS = {"Q1": 4, "Q2": 7, "Q3": 10, "Q4": 1}  # the month in which each begins


def lint_windows(at: At, duty: Duty) -> Problems:
    """What is wrong with the windows of a duty's own versions; ``at`` is the file's place."""
    for index, version in enumerate(duty.versions):
        yield from lint_first_window(at / "versions" / index, duty, version, version.from_)
    for one, two in combinations(range(len(duty.versions)), 2):
        yield from _lint_names(at / "versions", duty.versions, one, two)


def lint_first_window(at: At, duty: Duty, version: Version, begins: datetime.date) -> Problems:
    """That the duty lasts until a window has opened about which a version, in force from
    ``begins`` on, can ask: where a version asks in one quarter of each year, the duty may end
    before that comes. ``at`` is the place of the version in the duty's own file."""
    pattern, until = version.pattern, duty.until
    if not isinstance(pattern, Periodic) or pattern.part is None or until is None:
        return
    opens = max(_next_part(pattern.part, begins), duty.in_force)
    if begins <= until < opens:
        yield at.problem(
            f"This version would never ask anything: the duty ends on {until}, and the next "
            f"{pattern.part} begins on {opens}.",
            f"Write 'until: {opens}' or a later day, or leave the version out.",
            At(at.source) / "until",
        )


def _next_part(part: str, day: datetime.date) -> datetime.date:
    """The first day of that quarter of the financial year, of the one that ends on the day or is
    the first to end after it."""
    month = _QUARTERS[part]
    year = day.year if day.month <= month + 2 else day.year + 1
    return datetime.date(year, month, 1)


def _lint_names(at: At, versions: Sequence[Version], one: int, two: int) -> Problems:
    first, second = versions[one].pattern, versions[two].pattern
    if not (isinstance(first, Periodic) and isinstance(second, Periodic)):
        return
    if first.period == second.period and first.before != second.before:
        before, within = ("this", "the other") if second.before else ("the other", "this")
        yield (at / two / "pattern").problem(
            f"One name would stand for two windows: in {before} version the {first.period} before "
            f"which it is done, in {within} version the one in which it is done.",
            "End this duty with 'until:' and write a new one with an id of its own.",
            at / one / "pattern",
        )
