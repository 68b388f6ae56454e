"""The answers of the evaluators on each obligation, and the words for a status.

Answers are named tuples, because there is one for each obligation of each person.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """An obligation's status at D (semantics.md: An obligation's status at D)."""

    MET = "met"
    DUE = "due"
    OVERDUE = "overdue"
    NOT_YET_DUE = "not_yet_due"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"
    CANNOT_TELL = "cannot_tell"
    NOT_ASSESSED = "not_assessed"


#: From worst to best (semantics.md: From obligations to duties, sections and the whole).
WORST_FIRST = (
    Status.OVERDUE,
    Status.CANNOT_TELL,
    Status.NOT_ASSESSED,
    Status.DUE,
    Status.MET,
    Status.NOT_YET_DUE,
    Status.WAIVED,
    Status.NOT_APPLICABLE,
)

#: The statuses of an obligation that is to be done.
UNMET = (Status.DUE, Status.OVERDUE)


class HistoryReason(StrEnum):
    """Why an obligation is in history and enters no count; NONE for a current one."""

    NONE = ""
    MET = "met"  # an earlier window that was met
    MISSED = "missed"  # an earlier window that was missed
    LAPSED = "lapsed"  # unmet, a set time after its deadline
    SETTLED = "settled"  # met more than a year ago
    BEFORE_RECORDS = "before_records"  # unmet, with a deadline before the day records begin


class HistoryOutcome(StrEnum):
    """The outcome of an entry in history. A gap is a time without a holder of a role."""

    MET = "met"
    MET_LATE = "met late"
    MISSED = "missed"
    LAPSED = "lapsed"
    BEFORE_RECORDS = "before records began"
    GAP = "gap"


class ItemRef(NamedTuple):
    """One item: a row (from 0) of a register's table."""

    register: str
    row: int


class ObligationKey(NamedTuple):
    """Which obligation: ``subject`` is the key of a person or of a member of a fixed list,
    ``event`` the key of an event or record, ``window`` the label of a period; '' where the duty
    has none. A listed row whose key cannot be read, or that shares its key with another, is named
    by its ``register`` and ``row`` (its number in the table, from 0); otherwise these are '' and
    -1."""

    duty: str
    subject: str = ""
    event: str = ""
    window: str = ""
    register: str = ""
    row: int = -1


class Answer(NamedTuple):
    """One evaluator's answer on one obligation.

    ``opens`` and ``deadline`` are the first and the last day of the window. ``days`` is the number
    of days left to the deadline (met: to the next deadline), negative when it is overdue.
    ``late_days`` is how late a met obligation was done. What a status does not have is None, or 0
    of ``late_days``. ``met_by`` are the items that met the obligation, sorted; ``last_done`` is the
    latest day on which it was done, by the as-of date. ``version_from`` is the first day of the
    version that judged it. ``history_reason`` is NONE for a current obligation.
    """

    key: ObligationKey
    version_from: datetime.date
    status: Status
    history_reason: HistoryReason = HistoryReason.NONE
    opens: datetime.date | None = None
    deadline: datetime.date | None = None
    days: int | None = None
    late_days: int = 0
    met_by: tuple[ItemRef, ...] = ()
    last_done: datetime.date | None = None

    @property
    def is_current(self) -> bool:
        """Whether the obligation is current, and not in history."""
        return self.history_reason is HistoryReason.NONE

    @property
    def is_unmet(self) -> bool:
        """Whether the obligation is current, and due or overdue."""
        return self.is_current and self.status in UNMET
