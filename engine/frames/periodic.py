"""Periodic: once in each period (semantics.md, Pattern 1).

Windows, runs of missed ones and grace are a few dozen plain values a duty; a frame is made of the
current one of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.days import NO_DAY, add_one
from engine.columns.nil_returns import REGISTER, NilRow, nil_rows
from engine.columns.periods import period_ends, period_numbered, period_of, period_starts
from engine.frames.items import selected
from engine.frames.schema import FOUND, MET, Anchor, ints
from engine.frames.scope import Editions, Scope
from engine.frames.windows import Matches, with_found
from engine.outcome import ItemRef
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
    if not isinstance(pattern, Periodic):  # refused by rules.lint.versions
        return []
    label = period_of(pattern.period, scope.in_force)
    found: list[Window] = []
    ahead = 0
    while ahead < 2:
        window = _window(pattern, label, scope.in_force, number)
        label = period_numbered(label, 1)
        if window.end >= scope.in_force:
            found.append(window)
            ahead += window.opens > scope.as_of_day
    return found


def _window(pattern: Periodic, label: str, in_force: int, number: int) -> Window:
    """The window of a period: all of it, its part, or the whole period before the next, whose
    name it then bears."""
    name = period_numbered(label, 1) if pattern.before else label
    period = f"{label} {pattern.part}" if pattern.part else label
    opens, end = period_starts(period), period_ends(period)
    deadline = add_one(end, pattern.grace) if pattern.grace else end
    return Window(name, max(opens, in_force), end, deadline, opens < in_force, number)


class DatedItem(NamedTuple):
    """An item, in its order among those of a window; ``period`` is the one that it names."""

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
class Kept:
    """One window with the items that count for it. ``met_on``: the nth one's day, NO_DAY if there
    are fewer; ``met_by``: those n; ``strays``: items that named no period and came after its
    deadline, before the next window opened."""

    window: Window
    met_on: int
    met_by: tuple[ItemRef, ...]
    strays: tuple[ItemRef, ...]

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
        return scope.as_of_day > self.window.deadline and not self.met

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
class Windows:
    """What a duty's windows come to at D: the ``current`` one, if there is one, with what was found
    for it, by the names of the columns of a frame, and which items met it; those that are
    ``history``; how many in a row were missed (``run``); and the items that strayed into an earlier
    one."""

    current: Window | None = None
    found: Mapping[str, int] = field(default_factory=dict)
    met_by: tuple[ItemRef, ...] = ()
    history: tuple[Kept, ...] = ()
    run: int = 0
    strays: tuple[ItemRef, ...] = ()


def match(obligations: pd.DataFrame, editions: Editions) -> tuple[Matches, dict[int, Windows]]:
    """What was found for the current obligation of each duty that has a current window, and the
    windows of every duty, by its number."""
    duties = ints(obligations, "duty").tolist()
    found = {duty: windows_at(editions.scopes[duty]) for duty in duties}
    obligations = obligations[[found[duty].current is not None for duty in duties]]
    duty = ints(obligations, "duty")
    shown = [found[each] for each in duty.tolist()]
    current = [each.current for each in shown if each.current]
    number = editions.names.number
    rows = obligations.assign(
        window=np.array([number(each.label) for each in current], dtype=np.int64),
        edition=editions.firsts[duty] + np.array([each.version for each in current], np.int64),
    )
    columns = {
        name: np.array([each.found.get(name, 0) for each in shown], dtype=dtype)
        for name, dtype in FOUND.items()
    }
    met = [
        (at, number(ref.register), ref.row) for at, each in enumerate(shown) for ref in each.met_by
    ]
    frame = with_found(rows, **columns | {"anchor": int(Anchor.PERIOD)})
    return Matches(frame, pd.DataFrame(met, columns=list(MET), dtype=np.int64)), found


def windows_at(scope: Scope) -> Windows:
    """The windows of a duty at D."""
    every = windows(scope)
    kept = _kept(scope, every)
    if not kept:
        return Windows(every[0], _to_come(scope, every[0])) if every else Windows()
    at = _current(kept, scope)
    current, following = kept[at], every[every.index(kept[at].window) + 1 :]
    passed = current.passed_over(scope)
    history = tuple(each for each in kept[: at + passed] if each.told(scope))
    strays = tuple(stray for each in kept for stray in each.strays)
    if passed:
        after = following[0] if following else None
        found = _to_come(scope, after) if after else {}
        return Windows(after, found, history=history, strays=strays)
    window, over = current.window, current.missed(scope)
    missed = takewhile(lambda each: each.missed(scope), reversed(kept[: at + over]))
    run = 0 if current.met else len(list(missed))
    found = _to_come(scope, window) | {
        "since": kept[at - run + over].window.deadline if run else window.deadline,
        "next_deadline": following[0].deadline if following else NO_DAY,
        "enough_in_time": current.met and current.late_days == 0,
        "enough_late": current.met,
        "late_days": current.late_days,
        "earlier_missed": at > 0 and kept[at - 1].missed(scope),
    }
    return Windows(window, found, current.met_by, history, run, strays)


def _to_come(scope: Scope, window: Window) -> dict[str, int]:
    """What is said of a window whatever is found for it, and the latest day on which the duty was
    done by D, in any window."""
    items, nil = selected(scope, scope.current), _nil_rows(scope, scope.current)
    days = [*items.day[items.counting(scope.as_of_day)].tolist(), *(each.day for each in nil)]
    last = max(days, default=NO_DAY)
    days_of = {"opens": window.opens, "deadline": window.deadline, "since": window.deadline}
    return days_of | {"last_done": last, "ever_done": last != NO_DAY}


def _current(kept: list[Kept], scope: Scope) -> int:
    """The place of W: the latest window that has opened, or, while it is not met, the unmet one
    before it whose grace still runs."""
    at = len(kept) - 1
    if at and not kept[at].met and not kept[at - 1].met:
        at -= scope.as_of_day <= kept[at - 1].window.deadline
    return at


def _kept(scope: Scope, every: list[Window]) -> list[Kept]:
    """Each window that has opened, with the items that count for it."""
    items: dict[int, list[DatedItem]] = {}
    kept = []
    for window, after in zip(every, [*every[1:], None], strict=False):  # or none at all
        if window.opens > scope.as_of_day:
            continue
        if window.version not in items:
            items[window.version] = sorted(_dated_items(scope, window.version))
        version = scope.version(window.version).version
        assert isinstance(version.pattern, Periodic)
        early, needed = version.pattern.early, version.query.needed
        counted = [item for item in items[window.version] if _belongs(window, after, item, early)]
        enough = counted[:needed] if len(counted) >= needed else []
        met_on = enough[-1].day if enough else NO_DAY
        strays = tuple(each.ref for each in counted if not each.period and each.day > window.end)
        kept.append(Kept(window, met_on, tuple(each.ref for each in enough), strays))
    return kept


def _belongs(window: Window, after: Window | None, item: DatedItem, early: bool) -> bool:
    """Whether an item counts for a window: by the period that it names, or by its day."""
    if item.period:
        return item.period == window.label and (early or item.day >= window.opens)
    strayed = item.day > window.deadline and (after is None or item.day < after.opens)
    return window.opens <= item.day <= window.end or strayed


def _dated_items(scope: Scope, number: int) -> Iterator[DatedItem]:
    items = selected(scope, number)
    for row in items.counting(scope.as_of_day).tolist():
        period = "" if items.period is None else str(items.period[row] or "")
        cells = raw_cells(items.columns, row)
        yield DatedItem(int(items.day[row]), cells, items.register, row, period)
    for each in _nil_rows(scope, number):
        cells = raw_cells(scope.register(REGISTER), each.row)
        yield DatedItem(each.day, cells, REGISTER, each.row, each.period)


def raw_cells(columns: Columns, row: int) -> tuple[str, ...]:
    """The raw text of a row's cells, by which items of one day are ordered."""
    return tuple(column.raw[row] for column in columns.table.columns.values())


def _nil_rows(scope: Scope, number: int) -> list[NilRow]:
    """The nil returns that count for a version."""
    nil = scope.version(number).version.pattern.nil
    return nil_rows(scope.columns, nil, scope.as_of_day) if nil else []
