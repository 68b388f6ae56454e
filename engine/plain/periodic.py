"""Periodic duties: the one current obligation, and history (semantics.md: Periodic)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from engine.outcome import Answer, HistoryReason, ItemRef, Status
from engine.plain.conditions import applies_on
from engine.plain.days import ONE_DAY, after, first_day, label_of, last_day, number_of, read_label
from engine.plain.duty_as_of import Done, DutyAsOf, WindowBounds, make_answer, uncovered_answer
from engine.plain.lists import Subject, nil_returns
from evidence.table import CellState
from rules.patterns import Periodic
from rules.resolve import Resolved

#: How many windows after the as-of date are worked out. It is not one, because an earlier version
#: may have taken the label of the first.
_NEXT_WINDOWS = 2


class Window(NamedTuple):
    """One window and the version that judges it.

    ``last`` is the last day on which an item that names no period is in time; the deadline is later
    where there is a grace. ``cut``: the duty came into force within it. ``next_opens`` is the day
    on which the window after it opens; the last day of the calendar if there is none. The financial
    year 2025/26 with a grace of 28 days is::

        Window(
            label="2025/26",
            opens=date(2025, 4, 1),
            last=date(2026, 3, 31),
            deadline=date(2026, 4, 28),
            cut=False,
            version=...,
            next_opens=date(2026, 4, 1),
        )
    """

    label: str
    opens: date
    last: date
    deadline: date
    cut: bool
    version: Resolved
    next_opens: date = date.max

    @property
    def bounds(self) -> WindowBounds:
        """Its first day and its deadline."""
        return WindowBounds(self.opens, self.deadline)


class _DatedItem(NamedTuple):
    """An item: its day, its order within it, its row, the label of the period it names."""

    day: date
    tie: tuple[str, ...]
    ref: ItemRef
    period: str | None


class _JudgedWindow(NamedTuple):
    """A window with the day and the items by which it was met (None if it was not)."""

    window: Window
    done: Done | None

    def unmet(self, duty: DutyAsOf) -> bool:
        """Whether it is over and not met."""
        return self.done is None and duty.as_of > self.window.deadline

    def passed_over(self, duty: DutyAsOf) -> bool:
        """Whether it is over, not met and not missed: the duty's first day cut it short, or it
        closed before records begin (semantics.md: Periodic; Records begin)."""
        excused = self.window.cut or duty.before_records(self.window.deadline)
        return excused and self.unmet(duty)

    def missed(self, duty: DutyAsOf) -> bool:
        """Whether it is over, not met, and not passed over."""
        return self.unmet(duty) and not self.passed_over(duty)


def judge_periodic(duty: DutyAsOf) -> Iterable[Answer]:
    """The current obligation of a periodic duty, and its earlier windows as history."""
    applies = applies_on(duty.sheets, duty.version.rule.applies, duty.as_of)
    if not applies:
        yield uncovered_answer(duty.version, duty.key(), applies)
        return
    items = {version.begins: _dated_items(duty, version) for version in duty.versions}
    last_done = max((item.day for item in items[duty.version.begins]), default=None)
    opened: list[_JudgedWindow] = []
    to_come: list[_JudgedWindow] = []
    for window in windows(duty):
        if window.opens <= duty.as_of:
            done = _done_in(duty, window, items[window.version.begins])
            opened.append(_JudgedWindow(window, done))
        else:
            to_come.append(_JudgedWindow(window, None))
    judged = opened + to_come
    position = _current_position(duty, opened)
    for earlier in judged[:position]:
        yield from _history_answers(duty, earlier)
    if position < len(judged):
        yield _current_answer(duty, judged, position, last_done)


def _dated_items(duty: DutyAsOf, version: Resolved) -> Sequence[_DatedItem]:
    """The items of a version's windows, and the nil returns that it accepts."""
    pattern = version.rule.pattern
    assert isinstance(pattern, Periodic)
    finder = duty.finder_of(version)
    sheet = finder.sheet
    column = finder.query.period
    periods = sheet.keys(column)
    states = sheet.column(column or "").state
    items: list[_DatedItem] = []
    for day, row in finder.items(Subject()):
        label = read_label(periods[row][0]) if periods[row] else None
        period = periods[row][0] if label and label[0] == pattern.period else None
        if column and not period and states[row] not in (CellState.NOTHING, CellState.BLANK):
            continue
        items.append(_DatedItem(day, sheet.tie(row), ItemRef(finder.query.register, row), period))
    nils = duty.sheets.of("nil returns")
    for nil in nil_returns(duty.sheets, pattern.nil_return) if pattern.nil_return else ():
        ref = ItemRef(nils.spec.id, nil.row)
        items.append(_DatedItem(nil.given_on, nils.tie(nil.row), ref, nil.period))
    return sorted(items)


def _done_in(duty: DutyAsOf, window: Window, items: Sequence[_DatedItem]) -> Done | None:
    """The day on which a window was met, late or not: the day of the last of the items that it
    needs."""
    needed = duty.finder_of(window.version).query.needed
    counted = [item for item in items if _belongs(window, item)][:needed]
    if len(counted) < needed:
        return None
    return Done(counted[-1].day, tuple(sorted(item.ref for item in counted)))


def _belongs(window: Window, item: _DatedItem) -> bool:
    """Whether an item counts for a window: by the period that it names, else by its day.

    A day after the deadline can be before the next window only if the window is a part of a year,
    or if a new version moved it: such an item is late. Otherwise the next window is open by then
    (semantics.md: Periodic; Versions and clocks).
    """
    if item.period is not None:
        pattern = window.version.rule.pattern
        early = isinstance(pattern, Periodic) and pattern.early
        return item.period == window.label and (early or item.day >= window.opens)
    return window.opens <= item.day <= window.last or window.deadline < item.day < window.next_opens


def _current_position(duty: DutyAsOf, opened: Sequence[_JudgedWindow]) -> int:
    """The position of the current window: the last one that has opened, the one in its grace, or
    the next."""
    if len(opened) > 1 and not opened[-1].done:
        earlier = opened[-2]
        if not earlier.done and duty.as_of <= earlier.window.deadline:
            return len(opened) - 2
    if not opened or opened[-1].passed_over(duty):
        return len(opened)
    return len(opened) - 1


def _history_answers(duty: DutyAsOf, judged: _JudgedWindow) -> Iterable[Answer]:
    """The answer on an earlier window: met, missed, or missed before records begin. No answer if
    the window was cut short and is not met."""
    window, done = judged
    version = window.version
    key = duty.key(window=window.label)
    if done:
        why = HistoryReason.MET
        yield make_answer(version, key, Status.MET, window.bounds, done=done, history_reason=why)
    elif judged.unmet(duty) and not window.cut:
        why = HistoryReason.BEFORE_RECORDS if judged.passed_over(duty) else HistoryReason.MISSED
        yield make_answer(version, key, Status.OVERDUE, window.bounds, history_reason=why)


def _current_answer(
    duty: DutyAsOf, judged: Sequence[_JudgedWindow], position: int, last_done: date | None
) -> Answer:
    """The answer on the current window. It is overdue since the first of an unbroken run of
    misses."""
    window, done = judged[position]
    version = window.version
    key = duty.key(window=window.label)
    if done:
        following = judged[position + 1].window if position + 1 < len(judged) else None
        days = (following.deadline - duty.as_of).days if following else None
        return make_answer(
            version, key, Status.MET, window.bounds, done=done, days=days, last_done=last_done
        )
    overdue_since: date | None = None
    closed = duty.as_of > window.deadline  # then the current window is one of the misses
    for earlier in reversed(judged[: position + 1 if closed else position]):
        if not earlier.missed(duty):
            break
        overdue_since = earlier.window.deadline
    return duty.unmet_answer(version, key, window.bounds, last_done, overdue_since)


# Windows (semantics.md: Versions and clocks) -----------------------------------------------------


def windows(duty: DutyAsOf) -> list[Window]:
    """Every window that has opened and, at most, the next two, in the order of their deadlines;
    none that opens after the duty has ended. A window that closed before a version began is judged
    by the version of the day on which it closed (reading-semantics.md: Which version judges)."""
    by_label: dict[str, Window] = {}
    still_open: set[str] = set()
    for version, later in zip_longest(duty.versions, duty.versions[1:]):
        limited = _limited_windows(duty, version, still_open)
        limited = [window for window in limited if window.label not in by_label]
        closed = {w.label: w for w in limited if later is None or w.deadline < later.begins}
        still_open = {window.label for window in limited} - closed.keys()
        by_label |= closed
    until = duty.resolved.duty.until or date.max
    in_force = [window for window in by_label.values() if window.opens <= until]
    ordered = sorted(in_force, key=lambda window: (window.deadline, window.opens))
    return [
        window._replace(next_opens=following.opens if following else date.max)
        for window, following in zip_longest(ordered, ordered[1:])
    ]


def _limited_windows(duty: DutyAsOf, version: Resolved, still_open: set[str]) -> Iterable[Window]:
    """A version's windows, except those that closed before it began. Where one was ``still_open``
    under the version before it, the day on which the new one begins is its deadline; until then,
    or until the next window opens, items that name no period are in time too."""
    calendar = list(_calendar_windows(duty, version))
    begins = version.begins
    for window, following in zip_longest(calendar, calendar[1:]):
        if begins == duty.in_force_from or window.deadline >= begins:
            yield window
        elif window.label in still_open:
            last = min(begins, following.opens - ONE_DAY) if following else begins
            yield window._replace(deadline=begins, last=max(window.last, last))


def _calendar_windows(duty: DutyAsOf, version: Resolved) -> Iterable[Window]:
    """A version's windows by the calendar, with the next ones that open after the as-of date."""
    pattern = version.rule.pattern
    assert isinstance(pattern, Periodic)
    number = number_of(pattern.period, duty.in_force_from)
    yet_to_open = 0
    while yet_to_open < _NEXT_WINDOWS:
        window = _window(duty, version, pattern, number)
        number += 1
        if window.opens > duty.as_of:
            yet_to_open += 1
        if window.last >= duty.in_force_from:  # A window that ended earlier does not exist.
            yield window


def _window(duty: DutyAsOf, version: Resolved, pattern: Periodic, number: int) -> Window:
    """The window of period ``number``: the period itself, its quarter (``part``), or, with
    ``before``, the same days named after the next period."""
    kind, part = pattern.period, number
    if pattern.part is not None:
        kind = "quarter"
        part = number * 4 + int(pattern.part[1]) - 1  # 'Q4' has index 3
    first = first_day(kind, part)
    last = last_day(kind, part)
    return Window(
        label=label_of(pattern.period, number + 1 if pattern.before else number),
        opens=max(first, duty.in_force_from),
        last=last,
        deadline=after(last, pattern.grace),
        cut=first < duty.in_force_from,
        version=version,
    )
