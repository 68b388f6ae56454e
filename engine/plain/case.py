"""One duty in one check: its versions, when records begin, and how its answers are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status
from engine.plain.days import ONE_YEAR, after
from engine.plain.sheet import Sheets
from rules.pattern import Completeness
from rules.resolve import Resolved, ResolvedDuty


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
    carried = isinstance(rule.pattern, Completeness) and rule.pattern.deadline is not None
    if case.before_records(deadline) and not person and not carried:
        return Past.BEFORE_RECORDS
    lapsed = rule.lapse is not None and case.as_of > after(deadline, rule.lapse)
    return Past.LAPSED if lapsed else Past.CURRENT
