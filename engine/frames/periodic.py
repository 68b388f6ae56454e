"""Periodic: once in each period (semantics.md, Pattern 1).

Windows, runs of missed ones and grace are a few dozen plain values a duty; a frame is made of the
current one of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.days import NO_DAY, Ints, add_one
from engine.columns.nil_returns import REGISTER, NilRow, nil_rows
from engine.columns.periods import period_ends, period_numbered, period_of, period_starts
from engine.frames.items import Items, selected
from engine.frames.schema import MET, Anchor, Names, ints, made
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


def windows_of(obligations: pd.DataFrame, editions: Editions) -> dict[int, Windows]:
    """The windows of each duty of these obligations, by its number."""
    duties = dict.fromkeys(ints(obligations, "duty").tolist())
    return {duty: windows_at(editions.scopes[duty]) for duty in duties}


def match(
    obligations: pd.DataFrame, editions: Editions, names: Names, found: Mapping[int, Windows]
) -> Matches:
    """What was found for the current obligation of each duty that has a current window: the
    windows of each are given."""
    duty = ints(obligations, "duty")
    shown = [found[each] for each in duty.tolist()]
    current = [each.current for each in shown if each.current]
    rows = obligations.assign(
        window=_column([names.number(each.label) for each in current]),
        edition=editions.firsts[duty] + _column([each.version for each in current]),
    )
    said = {name: _column([each.found.get(name, 0) for each in shown]) for name in _FOUND}
    yes = {name: values.astype(np.bool_) for name, values in said.items() if name in _FLAGS}
    frame = with_found(rows, anchor=Anchor.PERIOD, **said | yes)
    met = [(at, ref) for at, each in enumerate(shown) for ref in each.met_by]
    flat = made(
        MET,
        len(met),
        obligation=_column([at for at, _ in met]),
        register=_column([names.number(ref.register) for _, ref in met]),
        row=_column([ref.row for _, ref in met]),
    )
    return Matches(frame, flat)


#: The columns that a window says something of.
_FLAGS = ("enough_in_time", "enough_late", "earlier_missed", "ever_done")
_FOUND = ("opens", "deadline", "since", "next_deadline", "late_days", "last_done", *_FLAGS)


def _column(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def windows_at(scope: Scope) -> Windows:
    """The windows of a duty at D."""
    every = windows(scope)
    opened = [window for window in every if window.opens <= scope.as_of]
    if not every:
        return Windows()
    if not opened:
        return Windows(every[0], _to_come(scope, every[0]))
    kept = _kept(scope, every, opened)
    at = _current(kept, scope.as_of)
    current, following = kept[at], every[every.index(kept[at].window) + 1 :]
    passed = current.passed_over(scope)
    history = tuple(each for each in kept[: at + passed] if each.told(scope))
    strays = tuple(stray for each in kept for stray in each.strays)
    if passed:
        after = following[0] if following else None
        said = _to_come(scope, after) if after else {}
        return Windows(after, said, history=history, strays=strays)
    run = _run(kept, at, scope)
    over = scope.as_of > current.window.deadline and not current.met
    found = {
        "opens": current.window.opens,
        "deadline": current.window.deadline,
        "since": kept[at - run + over].window.deadline if run else current.window.deadline,
        "next_deadline": following[0].deadline if following else NO_DAY,
        "enough_in_time": current.met and current.late_days == 0,
        "enough_late": current.met,
        "late_days": current.late_days,
        "earlier_missed": at > 0 and kept[at - 1].missed(scope),
    }
    return Windows(current.window, found | _last_done(scope), current.met_by, history, run, strays)


def _to_come(scope: Scope, window: Window) -> dict[str, int]:
    """What is said of a window in which nothing was looked up."""
    deadline = window.deadline
    said = {"opens": window.opens, "deadline": deadline, "since": deadline}
    return said | _last_done(scope)


def _last_done(scope: Scope) -> dict[str, int]:
    """The latest day on which the duty was done by D, in any window."""
    items, nil = selected(scope, scope.current), _nil_rows(scope, scope.current)
    days = [*items.day[items.counting(scope.as_of)].tolist(), *(each.day for each in nil)]
    last = max(days, default=NO_DAY)
    return {"last_done": last, "ever_done": last != NO_DAY}


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


def _make(scope: Scope, window: Window, after: Window | None, items: list[DatedItem]) -> Kept:
    version = scope.version(window.version).version
    assert isinstance(version.pattern, Periodic)
    assert version.evidence is not None
    needed, early = version.evidence.needed, version.pattern.early
    counted = [each for each in items if _belongs(window, after, each, early)]
    enough = counted[:needed] if len(counted) >= needed else []
    met_on = enough[-1].day if enough else NO_DAY
    strays = tuple(each.ref for each in counted if not each.period and each.day > window.end)
    return Kept(window, met_on, tuple(each.ref for each in enough), strays)


def _belongs(window: Window, after: Window | None, item: DatedItem, early: bool) -> bool:
    """Whether an item counts for a window: by the period that it names, or by its day."""
    if item.period:
        return item.period == window.label and (early or item.day >= window.opens)
    strayed = item.day > window.deadline and (after is None or item.day < after.opens)
    return window.opens <= item.day <= window.end or strayed


def _dated_items(scope: Scope, number: int) -> list[DatedItem]:
    items = selected(scope, number)
    found = [
        DatedItem(
            int(items.day[row]),
            raw_cells(items.columns, row),
            items.register,
            row,
            _names_period(items, row),
        )
        for row in items.counting(scope.as_of).tolist()
    ]
    for each in _nil_rows(scope, number):
        cells = raw_cells(scope.register(REGISTER), each.row)
        found.append(DatedItem(each.day, cells, REGISTER, each.row, each.period))
    return found


def _nil_rows(scope: Scope, number: int) -> list[NilRow]:
    """The nil returns that count for a version."""
    pattern = scope.version(number).version.pattern
    nil = pattern.nil_return if isinstance(pattern, Periodic) else None
    return nil_rows(scope.columns, nil, scope.as_of) if nil else []


def _names_period(items: Items, row: int) -> str:
    if items.period is None or items.period_read is None or not items.period_read[row]:
        return ""
    return str(items.period[row])


def raw_cells(columns: Columns, row: int) -> tuple[str, ...]:
    """The raw text of a row's cells, by which items of one day are ordered."""
    return tuple(column.raw[row] for column in columns.table.columns.values())
