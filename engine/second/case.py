"""One duty in one check: its versions, its waivers, and how its answers are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status
from engine.second.days import ONE_YEAR, after
from engine.second.sheet import Sheets, normal
from rules.resolve import Resolved, ResolvedDuty

_WORDS = ("duty", "subject", "reason", "approved by")
_ALL, _OFFICE = "all", "office"


@dataclass(frozen=True, slots=True)
class Case:
    """One duty as of one day. ``versions`` are those that have begun by then, the earliest
    first; ``waived`` whom the waivers name that are in force (semantics.md, Waiver)."""

    sheets: Sheets
    duty: ResolvedDuty
    as_of: date
    versions: tuple[Resolved, ...]
    waived: frozenset[str]
    tick: Callable[[], None]

    @property
    def in_force(self) -> date:
        """The duty's first day."""
        return self.duty.in_force

    @property
    def now(self) -> Resolved:
        """The version that holds on the as-of date."""
        return self.versions[-1]

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


def open_case(sheets: Sheets, duty: ResolvedDuty, tick: Callable[[], None]) -> Case:
    """The case of a duty that is in force on the day of the check."""
    begun = tuple(version for version in duty.versions if version.begins <= sheets.as_of)
    waived = _waived(sheets, duty) if duty.duty.waivable else frozenset()
    return Case(sheets, duty, sheets.as_of, begun, waived, tick)


def _waived(sheets: Sheets, duty: ResolvedDuty) -> frozenset[str]:
    """Whom the waivers of this duty name that are whole and in force (semantics.md, Waiver)."""
    names = {normal(name) for name in (duty.duty.id, *duty.duty.aliases)}
    held = sheets.once("waivers", lambda: _waivers(sheets))
    return frozenset(subject for of, subject in held if of in names)


def _waivers(sheets: Sheets) -> list[tuple[str, str]]:
    """Duty and subject of each waiver that is whole and in force."""
    sheet = sheets.of("waivers")
    words = [[normal(" ".join(names)) for names in sheet.keys(name)] for name in _WORDS]
    days = zip(sheet.days("from"), sheet.days("until"), strict=True)
    return [
        (said[0], said[1])
        for said, (first, last) in zip(zip(*words, strict=True), days, strict=True)
        if all(said) and first and last and first <= sheets.as_of <= last
    ]


def is_waived(case: Case, key: ObligationKey) -> bool:
    """Whether a waiver covers the obligation: by its subject, its event, or all; ``office``
    names one that has neither."""
    if not case.waived:
        return False
    if _ALL in case.waived:
        return True
    names = [name for name in (key.subject, key.event) if name]
    if not names and key.row < 0:
        names = [_OFFICE]
    return any(normal(name) in case.waived for name in names)


def cannot_tell(case: Case, version: Resolved, key: ObligationKey) -> Answer:
    """An obligation of which nothing can be told; only a waiver for all subjects comes first."""
    status = Status.WAIVED if _ALL in case.waived else Status.CANNOT_TELL
    return Answer(key, version.begins, status, Past.CURRENT, None, None, None, 0, (), None)


def unasked(case: Case, version: Resolved, key: ObligationKey, applies: bool | None) -> Answer:
    """An obligation that the duty's condition leaves out (``applies`` False: not applicable), or
    of which it cannot be told whether it does (None)."""
    if applies is None:
        return cannot_tell(case, version, key)
    status = Status.NOT_APPLICABLE
    return Answer(key, version.begins, status, Past.CURRENT, None, None, None, 0, (), None)


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
    """One that is not yet due, due or overdue, unless it is waived. A waiver moves no deadline.
    ``since``: the deadline that the days are counted from, where it is not the window's own."""
    if is_waived(case, key):
        status = Status.WAIVED
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
    """An obligation about an event or a record: met (late or not), lapsed, or still unmet.

    A met one is history after the day a year after the later of deadline and date, except a
    person's; an unmet one when it lapses (semantics.md, Lapse; From obligations to duties).
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
    lapse = version.version.lapse
    if lapse is not None and case.as_of > after(deadline, lapse):
        past = Past.LAPSED
        return Answer(key, version.begins, Status.OVERDUE, past, opens, deadline, None, 0, (), None)
    return unmet(case, version, key, window, last_done)
