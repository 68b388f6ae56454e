"""One duty in one check: its versions, when records begin, how its answers are put together, and
which events ask something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status
from engine.plain.days import ONE_YEAR, after
from engine.plain.lists import Event, Listed, listed, roll_of, shared_keys
from engine.plain.sheet import Sheets
from rules.resolve import Resolved, ResolvedDuty

Judged = tuple[Resolved, Event]  # an event, after the version that judges it


@dataclass(frozen=True, slots=True)
class Case:
    """One duty as of one day. ``versions`` are those that have begun by then, the earliest
    first; ``records_begin`` the day from which the office keeps its registers, if it said one."""

    sheets: Sheets
    duty: ResolvedDuty
    as_of: date
    versions: tuple[Resolved, ...]
    tick: Callable[[], None]
    records_begin: date | None = None

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

    def key_of_row(self, register: str, row: int) -> ObligationKey:
        """The key of a listed row of which nothing can be told: its register and number."""
        return ObligationKey(self.duty.duty.id, window=register, row=row)

    def version_on(self, day: date) -> Resolved:
        """The version that judges an event of that day: the day's own, or, for an event to
        come, the as-of date's (semantics.md, Versions and clocks)."""
        return self.duty.version_on(min(day, self.as_of))

    def until_next(self, version: Resolved) -> date | None:
        """The day on which the version after that one begins; None for the last."""
        later = [each.begins for each in self.versions if each.begins > version.begins]
        return later[0] if later else None

    def held(self, version: Resolved, reckon: Callable[[Resolved], date | None]) -> date | None:
        """The deadline under a version, ``reckon`` giving each version's own.

        Where a new version would move a deadline to before its own first day, that day is the
        deadline; one already passed stays (semantics.md, Versions and clocks).
        """
        deadline = reckon(version)
        if deadline is None or deadline >= version.begins:
            return deadline
        earlier = [each for each in self.versions if each.begins < version.begins]
        if not earlier:
            return deadline
        old = self.held(earlier[-1], reckon)
        return old if old is not None and old < version.begins else version.begins


class Done(NamedTuple):
    """When an obligation was done, and by which items."""

    when: date
    by: tuple[ItemRef, ...]


def cannot_tell(version: Resolved, key: ObligationKey) -> Answer:
    """An obligation of which nothing can be told."""
    return untold(version, key, Status.CANNOT_TELL)


def untold(version: Resolved, key: ObligationKey, status: Status) -> Answer:
    """An obligation of which only the status is said: it has no window, and no days."""
    return Answer(key, version.begins, status, Past.CURRENT, None, None, None, 0, (), None)


def unasked(version: Resolved, key: ObligationKey, applies: bool | None) -> Answer:
    """An obligation that the duty's condition leaves out (``applies`` False: not applicable), or
    of which it cannot be told whether it does (None)."""
    status = Status.CANNOT_TELL if applies is None else Status.NOT_APPLICABLE
    return untold(version, key, status)


def unmet(
    case: Case,
    version: Resolved,
    key: ObligationKey,
    window: tuple[date, date],
    last_done: date | None,
) -> Answer:
    """One that is not met: not yet due, due or overdue by its window (opens, deadline)."""
    opens, deadline = window
    if case.as_of > deadline:
        status = Status.OVERDUE
    else:
        status = Status.DUE if opens <= case.as_of else Status.NOT_YET_DUE
    return owed(case, version, key, status, window, last_done)


def owed(
    case: Case,
    version: Resolved,
    key: ObligationKey,
    status: Status,
    window: tuple[date, date],
    last_done: date | None,
    *,
    since: date | None = None,
) -> Answer:
    """One that is not yet due, due or overdue.
    ``since``: the deadline that the days are counted from, where it is not the window's own."""
    opens, deadline = window
    left = ((since or deadline) - case.as_of).days
    return Answer(
        key, version.begins, status, Past.CURRENT, opens, deadline, left, 0, (), last_done
    )


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
    person's; an unmet one as ``_past`` says (semantics.md, From obligations to duties).
    """
    opens, deadline = window
    if done:
        kept = person or case.as_of <= after(max(deadline, done.when), ONE_YEAR)
        past = Past.CURRENT if kept else Past.SETTLED
        late = max(0, (done.when - deadline).days)
        last = last_done if kept else None
        return Answer(
            key, version.begins, Status.MET, past, opens, deadline, None, late, done.by, last
        )
    past = _past(case, version, deadline, person=person)
    if past:
        return Answer(key, version.begins, Status.OVERDUE, past, opens, deadline, None, 0, (), None)
    return unmet(case, version, key, window, last_done)


def _past(case: Case, version: Resolved, deadline: date, *, person: bool) -> Past:
    """Why an unmet obligation is history, if it is. Its deadline may lie before records begin,
    but for a person's, and a record's that carries its own; or it lapses (semantics.md, Records
    begin; Lapse)."""
    rule = version.version
    carried = rule.pattern.carries_deadline
    if case.before_records(deadline) and not person and not carried:
        return Past.BEFORE_RECORDS
    lapsed = rule.lapse is not None and case.as_of > after(deadline, rule.lapse)
    return Past.LAPSED if lapsed else Past.CURRENT


# Events and records that ask something (semantics.md, Subjects; Versions and clocks) -------------


def events_asked(case: Case) -> tuple[list[Judged], list[Answer]]:
    """The events or records of which something is asked, and an answer for each row of which
    nothing can be told.

    An event is listed by the version of its own day, or by that of the as-of date if it is to
    come or its day cannot be read. Two rows with one key could each be meant by an item that
    names it, so nothing can be told of either.
    """
    rows = list(_rows(case))
    shared = {version.begins: shared_keys(_all_rows(case, version)) for version in case.versions}
    across = shared_keys([each for _, each in rows])
    clear: list[Judged] = []
    unclear: list[Answer] = []
    for version, each in rows:
        key, day = each.key, each.day
        if day is not None and _asks_nothing(case, version, day):
            continue
        alone = key not in shared[version.begins] and key not in across
        if each.certain and day is not None and key is not None and alone:
            clear.append((version, Event(each.row, key, day)))
        else:
            listing = version.version.events
            row = case.key_of_row(listing.register if listing else "", each.row)
            unclear.append(cannot_tell(version, row))
    return clear, unclear


def _rows(case: Case) -> Iterable[tuple[Resolved, Listed]]:
    """Each listed row once, with the version that judges it."""
    for version in case.versions:
        for each in _all_rows(case, version):
            judge = case.now if each.day is None else case.version_on(each.day)
            if judge.begins == version.begins:
                yield version, each


def _all_rows(case: Case, version: Resolved) -> Sequence[Listed]:
    """Every row that a version's selection takes, or might take, whatever its day."""
    events = version.version.events
    return listed(case.sheets, events) if events else ()


def _asks_nothing(case: Case, version: Resolved, day: date) -> bool:
    """Whether the event was before the duty was in force, or has yet to trigger it."""
    to_come = version.version.pattern.waits and day > case.as_of
    return day < case.in_force or to_come


def unclear_people(case: Case, events: Iterable[Judged]) -> Iterable[Answer]:
    """An answer for each row of a population of which nothing can be told, once for all events;
    by the latest version that asks that population."""
    used = {version.begins: version for version in (case.now, *(each for each, _ in events))}
    told: set[tuple[str, int]] = set()
    for _, version in sorted(used.items(), key=lambda pair: pair[0], reverse=True):
        people = version.version.population
        if people is None or not version.version.events:
            continue
        for each in roll_of(case.sheets, people).unclear:
            row = people.register, each.row
            if row not in told:
                told.add(row)
                yield cannot_tell(version, case.key_of_row(*row))
