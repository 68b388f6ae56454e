"""Periodic: once in each period (semantics.md: Periodic).

Windows, runs of missed windows and grace are a few dozen plain values for each duty; a frame is
made of the current window of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile, zip_longest
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.days import add_span
from engine.columns.nil_returns import NilRow, nil_rows
from engine.columns.periods import period_ends, period_numbered, period_of, period_starts
from engine.day_number import NO_DAY
from engine.frames.items import select_items
from engine.frames.matches import Matches, with_results
from engine.frames.schema import MET, RESULTS, ints
from engine.frames.scope import Scope, VersionTable
from engine.obligation import Anchor
from engine.outcome import ItemRef
from evidence.register import NIL_RETURNS
from rules.patterns import Periodic

#: How many windows that open after D are worked out. It is not one, because an earlier version may
#: have taken the label of the first.
_WINDOWS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class OrdinalWindow:
    """A window, with days as ordinals. ``opens`` and ``end`` are its first and last day, and
    ``deadline`` is its end plus the rule's grace. ``cut``: the duty came into force within it.
    ``version_number``: the version that judges it."""

    label: str
    opens: int
    end: int
    deadline: int
    cut: bool
    version_number: int


def windows(scope: Scope) -> list[OrdinalWindow]:
    """The duty's windows by deadline, up to and including the first two that open after D.

    Each version gives the windows that close while it is in force, one for each period. A window
    that is open when a new version begins, and that the new version would have closed earlier,
    closes on the new version's first day (semantics.md: Versions and clocks) (reading-semantics.md:
    Which version judges).
    """
    by_label: dict[str, OrdinalWindow] = {}
    still_open: set[str] = set()
    for number in range(scope.version_number + 1):
        carried = [w for w in _carried(scope, number, still_open) if w.label not in by_label]
        next_begins = scope.begins(number + 1) if number < scope.version_number else None
        closed = {w.label: w for w in carried if next_begins is None or w.deadline < next_begins}
        by_label |= closed
        still_open = {window.label for window in carried} - closed.keys()
    last_day = scope.resolved.duty.until
    windows = [w for w in by_label.values() if not last_day or w.opens <= last_day.toordinal()]
    return sorted(windows, key=lambda window: (window.deadline, window.opens))


def _carried(scope: Scope, number: int, still_open: set[str]) -> Iterator[OrdinalWindow]:
    """The windows of a version that close on its first day or later. Windows in ``still_open`` that
    it would have closed earlier close on its first day."""
    calendar = _of_version(scope, number)
    begins = scope.begins(number)
    for window, following in zip_longest(calendar, calendar[1:]):
        if number == 0 or window.deadline >= begins:
            yield window
        elif window.label in still_open:
            last = min(begins, following.opens - 1) if following else begins
            yield replace(window, deadline=begins, end=max(window.end, last))


def _of_version(scope: Scope, number: int) -> list[OrdinalWindow]:
    """A version's windows by the calendar, with the first ones that open after D."""
    pattern = scope.version(number).rule.pattern
    if not isinstance(pattern, Periodic):  # refused by rules.lint.duty
        return []
    label = period_of(pattern.period, scope.in_force_from)
    calendar: list[OrdinalWindow] = []
    ahead = 0
    while ahead < _WINDOWS_AHEAD:
        window = _window(pattern, label, scope.in_force_from, number)
        label = period_numbered(label, 1)
        if window.end >= scope.in_force_from:
            calendar.append(window)
            if window.opens > scope.as_of_day:
                ahead += 1
    return calendar


def _window(pattern: Periodic, label: str, in_force_from: int, number: int) -> OrdinalWindow:
    """The window of a period: all of it, its part, or the whole period before the next."""
    name = period_numbered(label, 1) if pattern.before else label
    period = f"{label} {pattern.part}" if pattern.part else label
    opens, end = period_starts(period), period_ends(period)
    deadline = add_span(end, pattern.grace) if pattern.grace else end
    return OrdinalWindow(
        label=name,
        opens=max(opens, in_force_from),
        end=end,
        deadline=deadline,
        cut=opens < in_force_from,
        version_number=number,
    )


class DatedItem(NamedTuple):
    """An item of evidence or a nil return. Items sort by day, then by the cells of their row.
    ``period`` is the period that the item names ('' for none)."""

    day: int
    cells: tuple[str, ...]
    register: str
    row: int
    period: str

    @property
    def ref(self) -> ItemRef:
        """Its row."""
        return ItemRef(self.register, self.row)


@dataclass(frozen=True, slots=True)
class WindowResult:
    """A window and its items. ``met_on`` is the day on which enough items had been done (NO_DAY if
    there are too few), and ``met_by`` are these items. ``between``: the items that named no period
    and came after the deadline, before the next window opened."""

    window: OrdinalWindow
    met_on: int
    met_by: tuple[ItemRef, ...]
    between: tuple[ItemRef, ...]

    @property
    def met(self) -> bool:
        """Whether enough items count, in time or late."""
        return self.met_on != NO_DAY

    @property
    def late_days(self) -> int:
        """How many days late the last item needed was."""
        return max(0, self.met_on - self.window.deadline) if self.met else 0

    def unmet(self, scope: Scope) -> bool:
        """Whether it is over on D and not met."""
        return scope.as_of_day > self.window.deadline and not self.met

    def before_records(self, scope: Scope) -> bool:
        """Whether it was over and not met before records begin (semantics.md: Records begin)."""
        return self.unmet(scope) and self.window.deadline < scope.records_begin

    def passed_over(self, scope: Scope) -> bool:
        """Whether it is over, not met and not missed: the in-force day cut it short, or records
        begin later."""
        return self.unmet(scope) and (self.window.cut or self.before_records(scope))

    def missed(self, scope: Scope) -> bool:
        """Whether it is over, not met, and not passed over."""
        return self.unmet(scope) and not self.passed_over(scope)

    def in_history(self, scope: Scope) -> bool:
        """Whether it is listed in history. An unmet window that the in-force day cut is not."""
        return self.met or (self.unmet(scope) and not self.window.cut)


@dataclass(frozen=True, slots=True)
class Windows:
    """A duty's windows at D. ``current`` is the current window, if there is one; ``results`` are
    its results by the columns of a frame, and ``met_by`` the items that met it. ``history``: the
    earlier windows. ``run``: how many windows in a row were missed. ``between``: the items dated
    after a deadline and before the next window opened."""

    current: OrdinalWindow | None = None
    results: Mapping[str, int] = field(default_factory=dict)
    met_by: tuple[ItemRef, ...] = ()
    history: tuple[WindowResult, ...] = ()
    run: int = 0
    between: tuple[ItemRef, ...] = ()


NO_WINDOWS = Windows()


def match(obligations: pd.DataFrame, versions: VersionTable) -> tuple[Matches, dict[int, Windows]]:
    """The current obligation of each duty that has a current window, with its items; and the
    windows of every duty, by its number."""
    duties = ints(obligations, "duty").tolist()
    windows_of = {duty: windows_at(versions.scopes[duty]) for duty in duties}
    obligations = obligations[[windows_of[duty].current is not None for duty in duties]]
    duty = ints(obligations, "duty")
    windows_of_each = [windows_of[position] for position in duty.tolist()]
    current = [windows.current for windows in windows_of_each if windows.current]
    number_of = versions.names.number
    version_numbers = np.array([window.version_number for window in current], dtype=np.int64)
    rows = obligations.assign(
        window=np.array([number_of(window.label) for window in current], dtype=np.int64),
        version_index=versions.first_rows[duty] + version_numbers,
    )
    columns = {
        name: np.array([windows.results.get(name, 0) for windows in windows_of_each], dtype=dtype)
        for name, dtype in RESULTS.items()
    }
    met = [
        (position, number_of(ref.register), ref.row)
        for position, windows in enumerate(windows_of_each)
        for ref in windows.met_by
    ]
    frame = with_results(rows, **columns | {"anchor": int(Anchor.PERIOD)})
    return Matches(frame, pd.DataFrame(met, columns=list(MET), dtype=np.int64)), windows_of


def windows_at(scope: Scope) -> Windows:
    """The windows of a duty at D."""
    calendar = windows(scope)
    opened = _opened(scope, calendar)
    if not opened:
        if not calendar:
            return NO_WINDOWS
        return Windows(current=calendar[0], results=_results(scope, calendar[0]))
    position = _current(opened, scope)
    current = opened[position]
    following = next(iter(calendar[calendar.index(current.window) + 1 :]), None)
    passed = current.passed_over(scope)
    # A current window that is passed over belongs to history, and the next one is current.
    earlier = opened[: position + 1] if passed else opened[:position]
    history = tuple(window for window in earlier if window.in_history(scope))
    between = tuple(ref for window in opened for ref in window.between)
    if passed:
        results = _results(scope, following) if following else {}
        return Windows(current=following, results=results, history=history, between=between)
    window, missed = current.window, current.missed(scope)
    # The run of misses ends with the current window if that is missed, else with the one before it.
    end = position + 1 if missed else position
    misses = takewhile(lambda result: result.missed(scope), reversed(opened[:end]))
    run = 0 if current.met else len(list(misses))
    results = _results(scope, window) | {
        "overdue_since": opened[end - run].window.deadline if run else window.deadline,
        "next_deadline": following.deadline if following else NO_DAY,
        "enough_in_time": current.met and current.late_days == 0,
        "enough_late": current.met,
        "late_days": current.late_days,
        "earlier_missed": position > 0 and opened[position - 1].missed(scope),
    }
    return Windows(
        current=window,
        results=results,
        met_by=current.met_by,
        history=history,
        run=run,
        between=between,
    )


def _results(scope: Scope, window: OrdinalWindow) -> dict[str, int]:
    """The results of a window that do not depend on its own items: its days, and the last day on
    which the duty was done."""
    items = select_items(scope, scope.version_number)
    nil = _nil_rows(scope, scope.version_number)
    days = [*items.day[items.counting(scope.as_of_day)].tolist(), *(row.day for row in nil)]
    last = max(days, default=NO_DAY)
    return {
        "opens": window.opens,
        "deadline": window.deadline,
        "overdue_since": window.deadline,
        "last_done": last,
        "ever_done": last != NO_DAY,
    }


def _current(opened: list[WindowResult], scope: Scope) -> int:
    """The position of the current window (semantics.md: Periodic)."""
    position = len(opened) - 1
    if position and not opened[position].met and not opened[position - 1].met:
        in_grace = scope.as_of_day <= opened[position - 1].window.deadline
        return position - 1 if in_grace else position
    return position


def _opened(scope: Scope, calendar: list[OrdinalWindow]) -> list[WindowResult]:
    """Each window that has opened, with the items that count for it."""
    items_of: dict[int, list[DatedItem]] = {}
    opened = []
    for window, following in zip_longest(calendar, calendar[1:]):
        if window.opens > scope.as_of_day:
            continue
        if window.version_number not in items_of:
            items_of[window.version_number] = sorted(_dated_items(scope, window.version_number))
        version = scope.version(window.version_number).rule
        assert isinstance(version.pattern, Periodic)
        early_counts = version.pattern.early
        needed = version.query.needed
        items = [
            item
            for item in items_of[window.version_number]
            if _belongs(item, window, following, early_counts=early_counts)
        ]
        enough = items[:needed] if len(items) >= needed else []
        result = WindowResult(
            window=window,
            met_on=enough[-1].day if enough else NO_DAY,
            met_by=tuple(item.ref for item in enough),
            between=tuple(item.ref for item in items if not item.period and item.day > window.end),
        )
        opened.append(result)
    return opened


def _belongs(
    item: DatedItem, window: OrdinalWindow, following: OrdinalWindow | None, *, early_counts: bool
) -> bool:
    """Whether an item counts for a window: by the period that it names, or by its day. An item
    between the deadline and the next window is late: that is possible where the windows are parts
    of years, or a new version moved one (semantics.md: Periodic; Versions and clocks)."""
    if item.period:
        return item.period == window.label and (early_counts or item.day >= window.opens)
    before_next = following is None or item.day < following.opens
    between = item.day > window.deadline and before_next
    return window.opens <= item.day <= window.end or between


def _dated_items(scope: Scope, number: int) -> Iterator[DatedItem]:
    items = select_items(scope, number)
    for row in items.counting(scope.as_of_day).tolist():
        period = "" if items.period is None else str(items.period[row] or "")
        cells = raw_cells(items.columns, row)
        yield DatedItem(int(items.day[row]), cells, items.register, row, period)
    for nil in _nil_rows(scope, number):
        cells = raw_cells(scope.register(NIL_RETURNS), nil.row)
        yield DatedItem(nil.day, cells, NIL_RETURNS, nil.row, nil.period)


def raw_cells(columns: Columns, row: int) -> tuple[str, ...]:
    """The raw text of a row's cells, by which items of one day are ordered."""
    return tuple(column.raw[row] for column in columns.table.columns.values())


def _nil_rows(scope: Scope, number: int) -> list[NilRow]:
    """The nil returns that count for a version."""
    nil = scope.version(number).rule.pattern.nil
    return nil_rows(scope.columns, nil, scope.as_of_day) if nil else []
