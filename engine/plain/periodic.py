"""Periodic duties (semantics.md, Patterns, 1): the one current obligation, and history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.outcome import Answer, ItemRef, Past, Status
from engine.plain.case import Case, Done, owed, unasked, unmet
from engine.plain.conditions import applies_on
from engine.plain.days import (
    ONE_DAY,
    after,
    first_day,
    label_of,
    last_day,
    nil_returns,
    number_of,
    read_label,
)
from engine.plain.items import Finder
from engine.plain.lists import Subject
from evidence.table import CellState
from rules.patterns import Periodic
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


@dataclass(frozen=True, slots=True)
class Dated:
    """An item: its day, where it stands, and the label of the period that it names, if any."""

    day: date
    tie: tuple[str, ...]
    ref: ItemRef
    period: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A window, and when it was done, if it was."""

    window: Window
    done: Done | None

    def missed(self, case: Case) -> bool:
        """Whether it closed undone, and is not passed over."""
        over = case.as_of > self.window.deadline
        return self.done is None and over and not self.passed_over(case)

    def passed_over(self, case: Case) -> bool:
        """Whether it closed undone where that says nothing: the duty's first day cut it short, or
        it closed before records begin (semantics.md, Patterns, 1; Records begin)."""
        if self.done or case.as_of <= self.window.deadline:
            return False
        return self.window.cut or case.before_records(self.window.deadline)


def judge_periodic(case: Case) -> Iterable[Answer]:
    """The current obligation of a periodic duty, and its earlier windows as history."""
    asked = applies_on(case.sheets, case.now.version.applies, case.as_of)
    if not asked:
        yield unasked(case.now, case.key(), asked)
        return
    items = {each.begins: dated_items(case, each) for each in case.versions}
    dates = [each.day for each in items[case.now.begins]]
    last_done = max(dates, default=None)
    all_windows = windows(case)
    opened = [
        Judged(each, _done(each, items[each.version.begins]))
        for each in all_windows
        if each.opens <= case.as_of
    ]
    to_come = [each for each in all_windows if each.opens > case.as_of]
    at = _current(case, opened)
    for judged in opened[:at] if at is not None else opened:
        yield from _history(case, judged)
    if at is not None:
        following = [each.window for each in opened[at + 1 :]] + to_come
        yield _answer(case, opened[: at + 1], following, last_done)
    elif to_come:
        window = to_come[0]
        key = case.key(window=window.label)
        yield unmet(case, window.version, key, (window.opens, window.deadline), last_done)


def dated_items(case: Case, version: Resolved) -> Sequence[Dated]:
    """What counts for a version's windows: its items, and the nil returns that it accepts. An
    item whose period cannot be read, or is of another kind, counts for nothing."""
    pattern, query = version.version.pattern, version.version.evidence
    if not isinstance(pattern, Periodic):
        return ()
    finder = Finder(case, version)
    sheet = finder.sheet()
    found: list[Dated] = []
    for day, row in finder.items(Subject()):
        period: str | None = None
        if query and query.period:
            named, state = sheet.keys(query.period)[row], sheet.states(query.period)[row]
            label = read_label(named[0]) if named else None
            if named and label and label[0] == pattern.period:
                period = named[0]
            elif state not in (CellState.NOTHING, CellState.BLANK):
                continue
        found.append(Dated(day, sheet.tie(row), ItemRef(sheet.register, row), period))
    nils = nil_returns(case.sheets, pattern.nil_return) if pattern.nil_return else ()
    nil_sheet = case.sheets.of("nil returns")
    for nil in nils:
        if nil.given_on <= case.as_of:
            ref = ItemRef(nil_sheet.register, nil.row)
            found.append(Dated(nil.given_on, nil_sheet.tie(nil.row), ref, nil.period))
    return sorted(found, key=lambda each: (each.day, each.tie, each.ref.row))


def _done(window: Window, items: Sequence[Dated]) -> Done | None:
    """When the window was done, late or not: on the day of the nth item that belongs to it."""
    query = window.version.version.evidence
    needed = query.needed if query else 1
    counted = [each for each in items if _belongs(window, each)][:needed]
    if len(counted) < needed:
        return None
    return Done(counted[-1].day, tuple(sorted(each.ref for each in counted)))


def _belongs(window: Window, item: Dated) -> bool:
    """Whether an item counts for a window. One that names its period belongs to that window and
    no other, from the day it opens (or early, where the rule allows it). One that names none goes
    by its date: within the period's own days, or after the deadline and before the next window
    opens."""
    pattern = window.version.version.pattern
    if item.period is not None:
        early = isinstance(pattern, Periodic) and pattern.early
        return item.period == window.label and (early or item.day >= window.opens)
    if window.opens <= item.day <= window.last:
        return True
    before_next = window.next_opens is None or item.day < window.next_opens
    return item.day > window.deadline and before_next


def _current(case: Case, opened: Sequence[Judged]) -> int | None:
    """Which opened window is the obligation. None where there is none: nothing has opened, or
    the last that did is passed over."""
    if not opened:
        return None
    at = len(opened) - 1
    if opened[at].done:
        return at
    earlier = opened[at - 1] if at else None
    if earlier and not earlier.done and case.as_of <= earlier.window.deadline:
        return at - 1  # while its grace runs
    return None if opened[at].passed_over(case) else at


def _history(case: Case, judged: Judged) -> Iterable[Answer]:
    """An earlier window: met, late or not, missed, or missed before records begin; nothing for
    one that the duty's first day cut short and that is passed over."""
    window, done = judged.window, judged.done
    key = case.key(window=window.label)
    begins, opens, deadline = window.version.begins, window.opens, window.deadline
    if done:
        late = max(0, (done.when - deadline).days)
        yield Answer(key, begins, Status.MET, Past.MET, opens, deadline, None, late, done.by, None)
        return
    if judged.missed(case):
        past = Past.MISSED
    elif judged.passed_over(case) and not window.cut:
        past = Past.BEFORE_RECORDS
    else:
        return
    yield Answer(key, begins, Status.OVERDUE, past, opens, deadline, None, 0, (), None)


def _answer(
    case: Case, opened: Sequence[Judged], following: Sequence[Window], last_done: date | None
) -> Answer:
    """The current obligation: the last of ``opened``, with the windows ``following`` it.

    Met: the next deadline is the next window's. Overdue if it is over, or if the window before
    it was missed, since the deadline of the first of an unbroken run of missed windows.
    """
    window, done = opened[-1].window, opened[-1].done
    key = case.key(window=window.label)
    span = window.opens, window.deadline
    if done:
        left = (following[0].deadline - case.as_of).days if following else None
        late = max(0, (done.when - window.deadline).days)
        begins, past = window.version.begins, Past.CURRENT
        return Answer(key, begins, Status.MET, past, *span, left, late, done.by, last_done)
    since = _missed_since(case, opened if case.as_of > window.deadline else opened[:-1])
    if since is None:
        return unmet(case, window.version, key, span, last_done)
    return owed(case, window.version, key, Status.OVERDUE, span, last_done, since=since)


def _missed_since(case: Case, opened: Sequence[Judged]) -> date | None:
    """The deadline of the first of the unbroken run of missed windows that ends with the last."""
    since: date | None = None
    for judged in reversed(opened):
        if not judged.missed(case):
            break
        since = judged.window.deadline
    return since


# Windows (semantics.md, Versions and clocks) -----------------------------------------------------


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
