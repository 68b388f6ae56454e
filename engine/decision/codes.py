"""The whole numbers in situations and in outcomes, to which the rules engine gives no meaning."""

from __future__ import annotations

from enum import IntEnum

from engine.outcome import HistoryReason, Status


class ListState(IntEnum):
    """The state of the sheets that a duty needs, and of its list."""

    READ = 0
    SHEET_UNREADABLE = 1
    EMPTY = 2
    SHEET_NOT_GIVEN = 3


class Applying(IntEnum):
    """Whether a duty applies to an obligation."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class WaiverCover(IntEnum):
    """What a waiver covers: not the obligation, its subject or event, or all subjects."""

    NONE = 0
    THIS = 1
    ALL = 2


class Code(IntEnum):
    """What a rule decides of an obligation."""

    MET = 1
    MET_LATE = 2
    DUE = 3
    OVERDUE = 4
    NOT_YET_DUE = 5
    NOT_APPLICABLE = 6
    WAIVED = 7
    CANNOT_TELL = 8
    LAPSED = 9
    MET_LONG_AGO = 10
    NOT_ASSESSED = 11
    BEFORE_RECORDS = 12


#: The code of a status where duties, sections and the whole are decided.
OF_STATUS: dict[Status, Code] = {status: Code[status.name] for status in Status}

STATUS: dict[Code, Status] = {code: status for status, code in OF_STATUS.items()} | {
    Code.MET_LATE: Status.MET,
    Code.LAPSED: Status.OVERDUE,
    Code.MET_LONG_AGO: Status.MET,
    Code.BEFORE_RECORDS: Status.OVERDUE,
}

HISTORY_REASON: dict[Code, HistoryReason] = {
    Code.LAPSED: HistoryReason.LAPSED,
    Code.MET_LONG_AGO: HistoryReason.SETTLED,
    Code.BEFORE_RECORDS: HistoryReason.BEFORE_RECORDS,
}
