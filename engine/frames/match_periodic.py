"""Which window of a periodic duty is the current one, what met it, and its history (Pattern 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.days import NO_DAY
from engine.columns.nil_returns import REGISTER, nil_rows
from engine.frames.grid import Grid, same
from engine.frames.items import Items
from engine.frames.match import NOTHING_FOUND, items_of
from engine.frames.scope import Scope
from engine.frames.windows import Window, windows
from rules.patterns import Periodic

#: An item as (day, raw cells, register, row): its order among those of a window.
Dated = tuple[int, tuple[str, ...], str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """One window with the items that count for it. ``met_on``: the nth one's day, NO_DAY if there
    are fewer; ``met_by``: those n; ``strays``: items that named no period and came after its
    deadline, before the next window opened."""

    window: Window
    met_on: int
    met_by: tuple[tuple[str, int], ...]
    strays: tuple[tuple[str, int], ...]

    @property
    def met(self) -> bool:
        """Whether enough items count, in time or late."""
        return self.met_on != NO_DAY

    @property
    def late_days(self) -> int:
        """How late the nth item was."""
        return max(0, self.met_on - self.window.deadline) if self.met else 0

    def unmet(self, scope: Scope) -> bool:
        """Over on D and not met."""
        return scope.as_of > self.window.deadline and not self.met

    def before_records(self, scope: Scope) -> bool:
        """Over and not met before records begin (semantics.md, Records begin)."""
        return self.unmet(scope) and self.window.deadline < scope.records_begin

    def passed_over(self, scope: Scope) -> bool:
        """Over and not met, and no miss: the in-force day cut it short, or records begin later."""
        return self.unmet(scope) and (self.window.cut or self.before_records(scope))

    def missed(self, scope: Scope) -> bool:
        """Over and not met, and not passed over."""
        return self.unmet(scope) and not self.passed_over(scope)

    def told(self, scope: Scope) -> bool:
        """Whether it stays in history: all but what the in-force day cut short."""
        return self.met or (self.unmet(scope) and not self.window.cut)


@dataclass(frozen=True, slots=True)
class PeriodicMatch:
    """The current window as a table of one row, or of none, and the windows that are history.
    ``run`` is how many windows in a row were missed."""

    table: Grid
    history: tuple[Kept, ...]
    run: int
    strays: tuple[tuple[str, int], ...]


def match_periodic(scope: Scope, table: Grid) -> PeriodicMatch:
    """The current obligation of a periodic duty and its history at D; none where the duty ends
    before a window opens, or before one follows that was passed over."""
    every = windows(scope)
    opened = [window for window in every if window.opens <= scope.as_of]
    if not every:
        return PeriodicMatch(_no_row(table), (), 0, ())
    if not opened:
        first = every[0]
        said = {"opens": first.opens, "deadline": first.deadline, "since": first.deadline}
        return PeriodicMatch(_row(scope, table, first, said), (), 0, ())
    kept = _kept(scope, every, opened)
    at = _current(kept, scope.as_of)
    current = kept[at]
    passed = current.passed_over(scope)
    history = tuple(each for each in kept[: at + passed] if each.told(scope))
    strays = tuple(stray for each in kept for stray in each.strays)
    if passed:
        after = every.index(current.window) + 1
        if after == len(every):
            return PeriodicMatch(_no_row(table), history, 0, strays)
        following = every[after]
        said = {"opens": following.opens, "deadline": following.deadline}
        said["since"] = following.deadline
        return PeriodicMatch(_row(scope, table, following, said), history, 0, strays)
    run = _run(kept, at, scope)
    found = _said(scope, every, kept, at, run)
    row = _row(scope, table, current.window, found, current.met_by)
    return PeriodicMatch(row, history, run, strays)


def _said(
    scope: Scope, every: list[Window], kept: list[Kept], at: int, run: int
) -> dict[str, object]:
    current = kept[at]
    window = current.window
    following = every.index(window) + 1
    over = scope.as_of > window.deadline
    first_missed = kept[at - run + (1 if over and not current.met else 0)] if run else current
    return {
        "opens": window.opens,
        "deadline": window.deadline,
        "since": first_missed.window.deadline,
        "next_deadline": every[following].deadline if following < len(every) else NO_DAY,
        "enough_in_time": current.met and current.late_days == 0,
        "enough_late": current.met,
        "late_days": current.late_days,
        "earlier_missed": at > 0 and kept[at - 1].missed(scope),
    }


def _row(
    scope: Scope,
    table: Grid,
    window: Window,
    said: Mapping[str, object],
    met_by: tuple[tuple[str, int], ...] = (),
) -> Grid:
    last = _last_done(scope)
    more = {
        "last_done": last,
        "ever_done": last != NO_DAY,
        "anchor": "period",
        "window": window.label,
        "version": window.version,
        "met_rows": same(met_by, len(table)),
    }
    return table.put(NOTHING_FOUND | dict(said) | more)


def _no_row(table: Grid) -> Grid:
    """The table of no obligation."""
    return table.only(np.arange(0)).put(NOTHING_FOUND | {"met_rows": same((), 0)})


def _current(kept: list[Kept], as_of: int) -> int:
    """The place of W: the latest window that has opened, or, while it is not met, the unmet one
    before it whose grace still runs."""
    at = len(kept) - 1
    before = kept[at - 1] if at else None
    if before and not kept[at].met and not before.met and as_of <= before.window.deadline:
        return at - 1
    return at


def _run(kept: list[Kept], at: int, scope: Scope) -> int:
    """How many windows in a row were missed, up to W if it is over and unmet, else up to the one
    before it; none where W is met."""
    if kept[at].met:
        return 0
    end = at if kept[at].missed(scope) else at - 1
    run = 0
    while end - run >= 0 and kept[end - run].missed(scope):
        run += 1
    return run


def _kept(scope: Scope, every: list[Window], opened: list[Window]) -> list[Kept]:
    """Each window that has opened, with the items that count for it."""
    numbers = sorted({window.version for window in opened})
    items = {number: sorted(_dated_items(scope, number)) for number in numbers}
    after = dict(zip(every, [*every[1:], None], strict=True))
    return [_make(scope, window, after[window], items[window.version]) for window in opened]


def _make(
    scope: Scope, window: Window, after: Window | None, items: list[tuple[Dated, str]]
) -> Kept:
    version = scope.version(window.version).version
    assert isinstance(version.pattern, Periodic)
    assert version.evidence is not None
    needed, early = version.evidence.needed, version.pattern.early
    counted = [
        (item, bool(label) or item[0] <= window.end)
        for item, label in items
        if _belongs(window, after, item[0], label, early)
    ]
    enough = [item for item, _ in counted[:needed]] if len(counted) >= needed else []
    met_on = enough[-1][0] if enough else NO_DAY
    strays = tuple((item[2], item[3]) for item, placed in counted if not placed)
    return Kept(window, met_on, tuple((item[2], item[3]) for item in enough), strays)


def _belongs(window: Window, after: Window | None, day: int, label: str, early: bool) -> bool:
    """Whether an item of that day, which names that period ('' for none), counts for a window."""
    if label:
        return label == window.label and (early or day >= window.opens)
    strayed = day > window.deadline and (after is None or day < after.opens)
    return window.opens <= day <= window.end or strayed


def _dated_items(scope: Scope, number: int) -> list[tuple[Dated, str]]:
    items = items_of(scope, number)
    found = [
        (
            (int(items.day[row]), raw_cells(items.columns, row), items.register, row),
            _names(items, row),
        )
        for row in items.counting(scope.as_of).tolist()
    ]
    pattern = scope.version(number).version.pattern
    nil = pattern.nil_return if isinstance(pattern, Periodic) else None
    if nil is not None:
        control = scope.register(REGISTER)
        for each in nil_rows(scope.columns, nil, scope.as_of):
            dated = (each.day, raw_cells(control, each.row), REGISTER, each.row)
            found.append((dated, each.period))
    return found


def _names(items: Items, row: int) -> str:
    if items.period is None or items.period_read is None or not items.period_read[row]:
        return ""
    return str(items.period[row])


def raw_cells(columns: Columns, row: int) -> tuple[str, ...]:
    """The raw text of a row's cells, by which items of one day are ordered."""
    return tuple(column.raw[row] for column in columns.table.columns.values())


def _last_done(scope: Scope) -> int:
    """The latest day on which the duty was done by D, in any window."""
    days = [item[0] for item, _ in _dated_items(scope, scope.current)]
    return int(np.max(days)) if days else NO_DAY
