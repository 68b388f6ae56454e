"""One duty as of one day: its versions, the events that it covers, and the form of its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, HistoryReason, ItemRef, ObligationKey, Status
from engine.plain.days import ONE_YEAR, after
from engine.plain.items import EvidenceItem, Finder
from engine.plain.lists import Event, listed_rows, shared_keys
from engine.plain.sheet import Sheets
from rules.condition import Listing
from rules.resolve import Resolved, ResolvedDuty


class JudgedEvent(NamedTuple):
    """An event or record with the version that judges it."""

    version: Resolved
    event: Event


class WindowBounds(NamedTuple):
    """The first and the last day of a window. Doing the duty on either is in time."""

    opens: date
    deadline: date


class Done(NamedTuple):
    """The day on which an obligation was met, and the items that met it."""

    day: date
    met_by: tuple[ItemRef, ...]


class LastingState(NamedTuple):
    """A rolling or standing obligation under one version: its ``deadline`` (None: in place for
    good), whether it still ``lasts`` on the as-of date, by which ``items``, and when it was last
    done (None: never)."""

    deadline: date | None
    lasts: bool
    items: Sequence[EvidenceItem]
    last_done: date | None


@dataclass(frozen=True, slots=True)
class DutyAsOf:
    """One duty as of one day.

    ``versions`` are the versions that have begun by then, the earliest first, and ``finders`` find
    the evidence of each version, by its first day. ``met_before``, by the first day of a version
    with a transition, has the subjects that the previous version found met on that day, and the
    items that met them. ``records_begin`` is the day from which the office keeps its registers, if
    it gave one.
    """

    sheets: Sheets
    resolved: ResolvedDuty
    as_of: date
    versions: tuple[Resolved, ...]
    finders: Mapping[date, Finder]
    met_before: Mapping[date, Mapping[str, tuple[ItemRef, ...]]]
    records_begin: date | None

    @property
    def in_force_from(self) -> date:
        """The duty's first day."""
        return self.resolved.in_force_from

    @property
    def version(self) -> Resolved:
        """The version in force on the as-of date."""
        return self.versions[-1]

    def finder_of(self, version: Resolved) -> Finder:
        """The finder of the evidence under one of the versions."""
        return self.finders[version.begins]

    def before_records(self, deadline: date) -> bool:
        """Whether a deadline is before the day from which the office keeps its registers."""
        return self.records_begin is not None and deadline < self.records_begin

    def key(self, subject: str = "", event: str = "", window: str = "") -> ObligationKey:
        """The key of one of the duty's obligations."""
        return ObligationKey(self.resolved.duty.id, subject, event, window)

    def unread_row_answer(self, version: Resolved, listing: Listing | None, row: int) -> Answer:
        """The answer, cannot tell, for a listed row that cannot be read."""
        register = listing.register if listing else ""
        key = ObligationKey(self.resolved.duty.id, register=register, row=row)
        return make_answer(version, key, Status.CANNOT_TELL)

    def version_on(self, day: date) -> Resolved:
        """The version that judges an event of that day: the version in force on that day or, for an
        event to come, on the as-of date (semantics.md: Versions and clocks)."""
        for version in reversed(self.versions):
            if version.begins <= day:
                return version
        return self.versions[0]

    def version_before(self, version: Resolved) -> Resolved:
        """The version before one that is not the first."""
        return [other for other in self.versions if other.begins < version.begins][-1]

    def transition_until(self, version: Resolved, subject: str) -> date | None:
        """The last day of the version's transition for a subject that the previous version found
        met on the version's first day; None for others (semantics.md: Transition)."""
        met = subject in self.met_before.get(version.begins, ())
        return version.rule.transition_until if met else None

    def limit_deadline(
        self,
        version: Resolved,
        deadline: date | None,
        deadline_under: Callable[[Resolved], date | None],
        subject: str = "",
    ) -> date | None:
        """The ``deadline`` that a version gives a subject, or the day that replaces it;
        ``deadline_under`` gives the deadline under another version.

        If the version would move the deadline to before the version's own first day, that day is
        the deadline, or the last day of the transition. If the deadline under the previous version
        passes earlier, it stays, but no earlier than the version's own (semantics.md: Versions and
        clocks; Transition).
        """
        until = self.transition_until(version, subject)
        limit = until or version.begins
        if deadline is None or deadline >= limit or version is self.versions[0]:
            return deadline
        earlier = self.version_before(version)
        old = self.limit_deadline(earlier, deadline_under(earlier), deadline_under, subject)
        limited = old if old is not None and old < limit else limit
        return max(deadline, limited) if until else limited

    def covered_events(self) -> tuple[list[JudgedEvent], list[Answer]]:
        """The covered events or records, and an answer for each row that cannot be read.

        An event is listed by the version of its own day, or by that of the as-of date if it is to
        come or its day cannot be read. Two rows with one key could each be meant by an item that
        names it, so neither can be read.
        """
        selections = [
            (version, listed_rows(self.sheets, version.rule.events))
            for version in self.versions
            if version.rule.events
        ]
        judged = [
            (version, [row for row in rows if self.version_on(row.day or self.as_of) is version])
            for version, rows in selections
        ]
        across = shared_keys(row for _, rows in judged for row in rows)
        clear: list[JudgedEvent] = []
        unclear: list[Answer] = []
        for (version, rows), (_, selected) in zip(judged, selections, strict=True):
            shared = across | shared_keys(selected)
            latest = self.as_of if version.rule.pattern.waits else date.max
            for row, key, day, certain in rows:
                if day and not self.in_force_from <= day <= latest:
                    continue  # before the duty was in force, or yet to trigger it
                if certain and day and key is not None and key not in shared:
                    clear.append(JudgedEvent(version, Event(row, key, day)))
                else:
                    unclear.append(self.unread_row_answer(version, version.rule.events, row))
        return clear, unclear

    def unmet_answer(
        self,
        version: Resolved,
        key: ObligationKey,
        window: WindowBounds,
        last_done: date | None,
        overdue_since: date | None = None,
    ) -> Answer:
        """The answer on an unmet obligation: not yet due before its window opens, due in the window
        and overdue after it.

        ``overdue_since`` is the deadline of the first window missed in a row, from which days
        overdue count; None for its own deadline. On 10 April 2026, a deadline of 1 April 2026 gives
        ``status=Status.OVERDUE, days=-9``.
        """
        days_left = ((overdue_since or window.deadline) - self.as_of).days
        status = Status.DUE if window.opens <= self.as_of else Status.NOT_YET_DUE
        if days_left < 0:
            status = Status.OVERDUE
        return make_answer(version, key, status, window, days=days_left, last_done=last_done)

    def event_answer(
        self,
        version: Resolved,
        key: ObligationKey,
        window: WindowBounds,
        done: Done | None,
        last_done: date | None,
        *,
        of_population: bool = False,
    ) -> Answer:
        """The answer on an obligation about an event or a record: met (late or not), history, or
        still unmet.

        ``last_done`` is the day of its latest item, if any. A met obligation is history after the
        day a year after the later of deadline and date (semantics.md: From obligations to duties,
        sections and the whole). An unmet one is history if its deadline is before records begin,
        unless a record contains its own deadline (semantics.md: Records begin), or if it has lapsed
        (semantics.md: Lapse). The subjects of a population are still there, so of their obligations
        only the lapsed ones are history.
        """
        rule = version.rule
        deadline = window.deadline
        if done:
            recent = of_population or self.as_of <= after(max(deadline, done.day), ONE_YEAR)
            return make_answer(
                version,
                key,
                Status.MET,
                window,
                done=done,
                history_reason=HistoryReason.NONE if recent else HistoryReason.SETTLED,
                last_done=last_done if recent else None,
            )
        deadline_in_row = rule.pattern.carries_deadline
        if self.before_records(deadline) and not of_population and not deadline_in_row:
            return make_answer(
                version, key, Status.OVERDUE, window, history_reason=HistoryReason.BEFORE_RECORDS
            )
        if rule.lapse is not None and self.as_of > after(deadline, rule.lapse):
            return make_answer(
                version, key, Status.OVERDUE, window, history_reason=HistoryReason.LAPSED
            )
        return self.unmet_answer(version, key, window, last_done)


# Answers (semantics.md: An obligation's status at D) ---------------------------------------------


def make_answer(
    version: Resolved,
    key: ObligationKey,
    status: Status,
    window: WindowBounds | None = None,
    *,
    done: Done | None = None,
    history_reason: HistoryReason = HistoryReason.NONE,
    days: int | None = None,
    last_done: date | None = None,
) -> Answer:
    """An answer. ``window`` is None where the obligation has none. ``done`` says when and by what
    it was met; None where it was not."""
    opens, deadline = window or (None, None)
    late_days = max(0, (done.day - deadline).days) if done and deadline else 0
    met_by = done.met_by if done else ()
    # By position, which takes half the time: there may be a million.
    return Answer(
        key,
        version.begins,
        status,
        history_reason,
        opens,
        deadline,
        days,
        late_days,
        met_by,
        last_done,
    )


def uncovered_answer(version: Resolved, key: ObligationKey, applies: bool | None) -> Answer:
    """The answer on an obligation to which the duty's condition does not apply (``applies`` False:
    not applicable), or may not apply (None: cannot tell)."""
    return make_answer(
        version, key, Status.CANNOT_TELL if applies is None else Status.NOT_APPLICABLE
    )
