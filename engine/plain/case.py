"""One duty in one check: its versions, when records begin, how its answers are put together, and
which events ask something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status
from engine.plain.days import ONE_YEAR, after
from engine.plain.items import Finder
from engine.plain.lists import Event, listed, shared_keys
from engine.plain.sheet import Sheets
from rules.condition import Listing
from rules.resolve import Resolved, ResolvedDuty

Judged = tuple[Resolved, Event]  # an event, after the version that judges it


@dataclass(frozen=True, slots=True)
class Case:
    """One duty as of one day. ``versions`` are those that have begun by then, the earliest first,
    and ``finders`` give the evidence of each by its first day; ``records_begin`` is the day from
    which the office keeps its registers, if it said one."""

    sheets: Sheets
    duty: ResolvedDuty
    as_of: date
    versions: tuple[Resolved, ...]
    finders: Mapping[date, Finder]
    records_begin: date | None

    @property
    def in_force(self) -> date:
        """The duty's first day."""
        return self.duty.in_force

    @property
    def now(self) -> Resolved:
        """The version that holds on the as-of date."""
        return self.versions[-1]

    def before_records(self, deadline: date) -> bool:
        """Whether a deadline lies before the day from which the office keeps its registers."""
        return self.records_begin is not None and deadline < self.records_begin

    def key(self, subject: str = "", event: str = "", window: str = "") -> ObligationKey:
        """The key of one of the duty's obligations."""
        return ObligationKey(self.duty.duty.id, subject, event, window)

    def untold_row(self, version: Resolved, listing: Listing | None, row: int) -> Answer:
        """The answer for a listed row of which nothing can be told."""
        register = listing.register if listing else ""
        return untold(version, ObligationKey(self.duty.duty.id, window=register, row=row))

    def version_on(self, day: date) -> Resolved:
        """The version that judges an event of that day: the day's own, or, for an event to
        come, the as-of date's (semantics.md, Versions and clocks)."""
        begun = (version for version in reversed(self.versions) if version.begins <= day)
        return next(begun, self.versions[0])

    def held(
        self,
        version: Resolved,
        deadline: date | None,
        reckon: Callable[[Resolved], date | None],
    ) -> date | None:
        """The ``deadline`` that a version gives, as it holds; ``reckon`` gives another version's.

        Where a new version would move a deadline to before its own first day, that day is the
        deadline; one already passed stays (semantics.md, Versions and clocks).
        """
        if deadline is None or deadline >= version.begins or version is self.versions[0]:
            return deadline
        before = [each for each in self.versions if each.begins < version.begins][-1]
        old = self.held(before, reckon(before), reckon)
        return old if old is not None and old < version.begins else version.begins


class Done(NamedTuple):
    """When an obligation was done, and by which items."""

    when: date
    by: tuple[ItemRef, ...]


# Answers (semantics.md, An obligation's status at D) ---------------------------------------------


def answer(
    version: Resolved,
    key: ObligationKey,
    status: Status,
    window: tuple[date | None, date | None] = (None, None),
    *,
    done: Done | None = None,
    past: Past = Past.CURRENT,
    days: int | None = None,
    last_done: date | None = None,
) -> Answer:
    """One in its ``window`` (opens, deadline); ``done`` where it is met, in time or late."""
    deadline, by = window[1], done.by if done else ()
    late = max(0, (done.when - deadline).days) if done and deadline else 0
    return Answer(key, version.begins, status, past, *window, days, late, by, last_done)


def untold(version: Resolved, key: ObligationKey, applies: bool | None = None) -> Answer:
    """An obligation that the duty's condition leaves out (``applies`` False: not applicable), or
    of which nothing can be told (None)."""
    status = Status.CANNOT_TELL if applies is None else Status.NOT_APPLICABLE
    return answer(version, key, status)


def unmet(
    case: Case,
    version: Resolved,
    key: ObligationKey,
    window: tuple[date, date],
    last_done: date | None,
    since: date | None = None,
) -> Answer:
    """One that is not yet due, due or overdue by its window (opens, deadline).
    ``since``: the deadline, passed already, that it is overdue since, if not the window's own."""
    opens, deadline = window
    left = ((since or deadline) - case.as_of).days
    status = Status.DUE if opens <= case.as_of else Status.NOT_YET_DUE
    if left < 0:
        status = Status.OVERDUE
    return answer(version, key, status, window, days=left, last_done=last_done)


def settle(
    case: Case,
    version: Resolved,
    key: ObligationKey,
    window: tuple[date, date],
    done: Done | None,
    last_done: date | None,
    *,
    person: bool = False,
) -> Answer:
    """An obligation about an event or a record: met (late or not), history, or still unmet.

    A met one is history after the day a year after the later of deadline and date, except a
    person's (semantics.md, From obligations to duties). An unmet one is where its deadline lies
    before records begin, but for a person's, and a record's that carries its own; or where it
    lapses (semantics.md, Records begin; Lapse).
    """
    deadline, rule = window[1], version.version
    if done:
        if person or case.as_of <= after(max(deadline, done.when), ONE_YEAR):
            return answer(version, key, Status.MET, window, done=done, last_done=last_done)
        return answer(version, key, Status.MET, window, done=done, past=Past.SETTLED)
    if case.before_records(deadline) and not person and not rule.pattern.carries_deadline:
        return answer(version, key, Status.OVERDUE, window, past=Past.BEFORE_RECORDS)
    if rule.lapse is not None and case.as_of > after(deadline, rule.lapse):
        return answer(version, key, Status.OVERDUE, window, past=Past.LAPSED)
    return unmet(case, version, key, window, last_done)


# Events and records that ask something (semantics.md, Subjects; Versions and clocks) -------------


def events_asked(case: Case) -> tuple[list[Judged], list[Answer]]:
    """The events or records of which something is asked, and an answer for each row of which
    nothing can be told.

    An event is listed by the version of its own day, or by that of the as-of date if it is to
    come or its day cannot be read. Two rows with one key could each be meant by an item that
    names it, so nothing can be told of either.
    """
    selections = [
        (version, listed(case.sheets, version.version.events))
        for version in case.versions
        if version.version.events
    ]
    judged = [
        (version, [row for row in rows if case.version_on(row.day or case.as_of) is version])
        for version, rows in selections
    ]
    across = shared_keys(row for _, rows in judged for row in rows)
    clear: list[Judged] = []
    unclear: list[Answer] = []
    for (version, rows), (_, every) in zip(judged, selections, strict=True):
        shared = across | shared_keys(every)
        latest = case.as_of if version.version.pattern.waits else date.max
        for row, key, day, certain in rows:
            if day and not case.in_force <= day <= latest:
                continue  # before the duty was in force, or yet to trigger it
            if certain and day and key is not None and key not in shared:
                clear.append((version, Event(row, key, day)))
            else:
                unclear.append(case.untold_row(version, version.version.events, row))
    return clear, unclear
