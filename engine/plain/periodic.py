"""Periodic duties (semantics.md, Patterns, 1): the one current obligation, and history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from engine.outcome import Answer, ItemRef, Past, Status
from engine.plain.case import Case, Done, answer, unmet, untold
from engine.plain.conditions import applies_on
from engine.plain.days import ONE_DAY, after, first_day, label_of, last_day, number_of, read_label
from engine.plain.lists import Subject, nil_returns
from evidence.table import CellState
from rules.patterns import Periodic
from rules.resolve import Resolved


class Window(NamedTuple):
    """One window and the version that judges it. ``last``: the last day on which an item that
    names no period is in time; the deadline is later where there is a grace. ``cut``: the duty
    came into force within it. ``next_opens``: the day on which the window after it opens."""

    label: str
    opens: date
    last: date
    deadline: date
    cut: bool
    version: Resolved
    next_opens: date = date.max

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day."""
        return self.opens, self.deadline


class _DatedItem(NamedTuple):
    """An item: its day, what orders those of one day, where it stands, and the label of the period
    that it names, if any."""

    day: date
    tie: tuple[str, ...]
    ref: ItemRef
    period: str | None


class _Judged(NamedTuple):
    """A window, and when it was done, if it was."""

    window: Window
    done: Done | None

    def missed(self, case: Case) -> bool:
        """Whether it closed undone."""
        return self.done is None and case.as_of > self.window.deadline

    def passed_over(self, case: Case) -> bool:
        """Whether it closed undone where that says nothing: the duty's first day cut it short, or
        it closed before records begin (semantics.md, Patterns, 1; Records begin)."""
        cut = self.window.cut or case.before_records(self.window.deadline)
        return cut and self.missed(case)


def judge_periodic(case: Case) -> Iterable[Answer]:
    """The current obligation of a periodic duty, and its earlier windows as history."""
    asked = applies_on(case.sheets, case.now.version.applies, case.as_of)
    if not asked:
        yield untold(case.now, case.key(), asked)
        return
    items = {version.begins: _dated_items(case, version) for version in case.versions}
    last_done = max((item.day for item in items[case.now.begins]), default=None)
    every = windows(case)
    opened = [
        _Judged(each, _done(case, each, items[each.version.begins]))
        for each in every
        if each.opens <= case.as_of
    ]
    judged = opened + [_Judged(each, None) for each in every if each.opens > case.as_of]
    at = _current(case, opened)
    for each in judged[:at]:
        yield from _history(case, each)
    if at < len(judged):
        yield _answer(case, judged, at, last_done)


def _dated_items(case: Case, version: Resolved) -> Sequence[_DatedItem]:
    """What counts for a version's windows: its items, and the nil returns that it accepts. An
    item whose period cannot be read, or is of another kind, counts for nothing."""
    pattern, finder = version.version.pattern, case.finders[version.begins]
    assert isinstance(pattern, Periodic)
    sheet, column = finder.sheet, finder.query.period
    periods, states = sheet.keys(column), sheet.column(column or "").state
    found: list[_DatedItem] = []
    for day, row in finder.items(Subject()):
        label = read_label(periods[row][0]) if periods[row] else None
        period = periods[row][0] if label and label[0] == pattern.period else None
        if column and not period and states[row] not in (CellState.NOTHING, CellState.BLANK):
            continue
        found.append(_DatedItem(day, sheet.tie(row), ItemRef(finder.query.register, row), period))
    nils = case.sheets.of("nil returns")
    for nil in nil_returns(case.sheets, pattern.nil_return) if pattern.nil_return else ():
        ref = ItemRef(nils.spec.id, nil.row)
        found.append(_DatedItem(nil.given_on, nils.tie(nil.row), ref, nil.period))
    return sorted(found)


def _done(case: Case, window: Window, items: Sequence[_DatedItem]) -> Done | None:
    """When the window was done, late or not: on the day of the nth item that belongs to it."""
    needed = case.finders[window.version.begins].query.needed
    counted = [item for item in items if _belongs(window, item)][:needed]
    if len(counted) < needed:
        return None
    return Done(counted[-1].day, tuple(sorted(each.ref for each in counted)))


def _belongs(window: Window, item: _DatedItem) -> bool:
    """Whether an item counts for a window. One that names its period belongs to that window and
    no other, from the day it opens (or early, where the rule allows it). One that names none goes
    by its date: within the period's own days, or after the deadline and before the next window
    opens."""
    if item.period is not None:
        pattern = window.version.version.pattern
        early = isinstance(pattern, Periodic) and pattern.early
        return item.period == window.label and (early or item.day >= window.opens)
    return window.opens <= item.day <= window.last or window.deadline < item.day < window.next_opens


def _current(case: Case, opened: Sequence[_Judged]) -> int:
    """Which window is the obligation: the last that opened, or the one before while its grace
    runs; where none has opened, or the last that did is passed over, the first to come."""
    if len(opened) > 1 and not opened[-1].done:
        earlier = opened[-2]
        if not earlier.done and case.as_of <= earlier.window.deadline:
            return len(opened) - 2
    if not opened or opened[-1].passed_over(case):
        return len(opened)
    return len(opened) - 1


def _history(case: Case, judged: _Judged) -> Iterable[Answer]:
    """An earlier window: met, late or not, missed, or missed before records begin; nothing for
    one that the duty's first day cut short and that is passed over."""
    window, done = judged
    version, key = window.version, case.key(window=window.label)
    if done:
        yield answer(version, key, Status.MET, window.days, done=done, past=Past.MET)
    elif judged.missed(case) and not window.cut:
        past = Past.BEFORE_RECORDS if judged.passed_over(case) else Past.MISSED
        yield answer(version, key, Status.OVERDUE, window.days, past=past)


def _answer(case: Case, judged: Sequence[_Judged], at: int, last_done: date | None) -> Answer:
    """The current obligation: the window of that number.

    Met: the next deadline is the next window's. Overdue if it is over, or if the window before
    it was missed, since the deadline of the first of an unbroken run of missed windows.
    """
    window, done = judged[at]
    version, key = window.version, case.key(window=window.label)
    if done:
        following = judged[at + 1].window if at + 1 < len(judged) else None
        days = (following.deadline - case.as_of).days if following else None
        return answer(
            version, key, Status.MET, window.days, done=done, days=days, last_done=last_done
        )
    since: date | None = None
    for each in reversed(judged[: at + (case.as_of > window.deadline)]):
        if not each.missed(case) or each.passed_over(case):
            break
        since = each.window.deadline
    return unmet(case, version, key, window.days, last_done, since)


# Windows (semantics.md, Versions and clocks) -----------------------------------------------------


def windows(case: Case) -> list[Window]:
    """Every window up to the first that has yet to open, in the order of their deadlines; none
    that opens after the duty has ended.

    A window that closed before a version began is judged by the version of the day it closed.
    """
    found: dict[str, Window] = {}
    still_open: set[str] = set()
    for version, later in zip_longest(case.versions, case.versions[1:]):
        held = [each for each in _held(case, version, still_open) if each.label not in found]
        closed = [each for each in held if later is None or each.deadline < later.begins]
        still_open = {each.label for each in held} - {each.label for each in closed}
        found |= {each.label: each for each in closed}
    until = case.duty.duty.until or date.max
    asked = [each for each in found.values() if each.opens <= until]
    ordered = sorted(asked, key=lambda each: (each.deadline, each.opens))
    return [
        window._replace(next_opens=following.opens if following else date.max)
        for window, following in zip_longest(ordered, ordered[1:])
    ]


def _held(case: Case, version: Resolved, still_open: set[str]) -> Iterable[Window]:
    """A version's windows, but those that closed before it began. Where one was ``still_open``
    under the version before it, the day on which the new one begins is its deadline; until then,
    or until the next window opens, items that name no period are in time too."""
    calendar, begins = list(_calendar(case, version)), version.begins
    for window, following in zip_longest(calendar, calendar[1:]):
        if begins == case.in_force or window.deadline >= begins:
            yield window
        elif window.label in still_open:
            last = min(begins, following.opens - ONE_DAY) if following else begins
            yield window._replace(deadline=begins, last=max(window.last, last))


def _calendar(case: Case, version: Resolved) -> Iterable[Window]:
    """A version's windows as the calendar has them, from the one that holds the in-force day to
    the second that opens after the as-of date: an earlier version may have given the first."""
    pattern = version.version.pattern
    assert isinstance(pattern, Periodic)
    number = number_of(pattern.period, case.in_force)
    to_come = 0
    while to_come < 2:
        window = _window(case, version, pattern, number)
        to_come, number = to_come + (window.opens > case.as_of), number + 1
        if window.last >= case.in_force:  # one that ended earlier does not exist
            yield window


def _window(case: Case, version: Resolved, pattern: Periodic, number: int) -> Window:
    """The window in, or (``before``) named after the period that follows, one period."""
    kind, part = pattern.period, number
    if pattern.part is not None:
        kind, part = "quarter", number * 4 + int(pattern.part[1]) - 1
    first, last = first_day(kind, part), last_day(kind, part)
    return Window(
        label=label_of(pattern.period, number + 1 if pattern.before else number),
        opens=max(first, case.in_force),
        last=last,
        deadline=after(last, pattern.grace),
        cut=first < case.in_force,
        version=version,
    )
