"""The day on which records begin, and what from before it is not counted."""

from __future__ import annotations

import datetime

from engine.assessment import Assessment, DutyOutcome
from engine.outcomes.obligations import BEFORE_RECORDS
from reports import words


def before_records(duty: DutyOutcome) -> int:
    """How many of its obligations are not counted, since their deadlines lie before that day."""
    return sum(entry.outcome == BEFORE_RECORDS for entry in duty.history)


def before_words(duty: DutyOutcome) -> str:
    """``3 from before records began``; '' for none."""
    number = before_records(duty)
    return f"{number:,} from before records began" if number else ""


def records_words(assessment: Assessment) -> str:
    """What stands at the head of a report; '' where the office gave no day."""
    if assessment.records_begin is None:
        return ""
    number = sum(map(before_records, assessment.duties))
    return begin_words(assessment.records_begin, number)


def begin_words(begin: datetime.date, number: int) -> str:
    """``Records begin on 1 April 2026: 14 obligations from before then are not counted``."""
    counted = f"{words.count(number, 'obligation')} from before then"
    are = "is" if number == 1 else "are"
    told = f"{counted} {are} not counted" if number else "nothing from before then was left out"
    return f"Records begin on {words.day(begin)}: {told}"
