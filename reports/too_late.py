"""What is overdue and can no longer be done, apart from what can."""

from __future__ import annotations

from engine.assessment import DutyOutcome
from engine.outcome import Status

TITLE = "Too late to do"
WHAT_TO_DO = "Say so in the assurance statement, or record a waiver."

_CAN_BE_DONE = (Status.OVERDUE, Status.CANNOT_TELL, Status.DUE)


def too_late_number(duty: DutyOutcome) -> int:
    """How many of its overdue obligations can no longer be done."""
    return sum(one.too_late for one in duty.obligations)


def is_too_late(duty: DutyOutcome) -> bool:
    """Whether a duty is overdue and nothing that it still asks can be done: every obligation that
    is outstanding is too late to do."""
    left = [one.too_late for one in duty.obligations if one.status in _CAN_BE_DONE]
    return duty.status is Status.OVERDUE and bool(left) and all(left)
