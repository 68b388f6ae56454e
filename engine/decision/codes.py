"""The outcome codes of rules, and the status that each means. The rules engine knows no meaning."""

from __future__ import annotations

from enum import IntEnum

from engine.outcome import Past, Status


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

PAST: dict[Code, Past] = {
    Code.LAPSED: Past.LAPSED,
    Code.MET_LONG_AGO: Past.SETTLED,
    Code.BEFORE_RECORDS: Past.BEFORE_RECORDS,
}
