"""Made-up assessments for what a report sets apart: sheets that were not provided, what is too
late to do, and what lies before the day on which records begin."""

from __future__ import annotations

import datetime

from engine.assessment import Assessment, DutyOutcome, HistoryEntry
from engine.outcome import HistoryOutcome, Status
from tests.support.assessment_builders import assessment, days, duty, obligation

APRIL = datetime.date(2026, 4, 1)


def waiting(id_: str, title: str, *not_given: str, **changes: object) -> DutyOutcome:
    """A duty that was not assessed for want of these sheets."""
    why = f"No {' or '.join(not_given)} sheet, so it was not assessed."
    one = obligation(
        Status.NOT_ASSESSED, opens=None, last_done=None, derivation="", unmet_reason=why
    )
    return duty(id_, title, one, not_given=not_given, **changes)


def two_sheets() -> Assessment:
    """An office that gave Training and Staff, and nothing of its meetings and reviews."""
    return assessment(
        (
            duty(
                "refresher-training",
                "Refresher training",
                obligation(Status.DUE, 12, subject="P-022"),
                obligation(Status.MET, 300, subject="P-002"),
                owner="Head of People",
            ),
            duty("staff-trained", "Awareness training", obligation(Status.MET, 100)),
            waiting("spr-contribution", "SPR contribution", "Meetings", section="3"),
            waiting("board-attendance", "Board attendance", "Meetings", section="3"),
            waiting("model-review", "Annual review of the SOP", "Reviews", section="3"),
            waiting(
                "group-minutes", "Steering Group minutes", "Meetings", "Minutes", section="4.2"
            ),
            waiting(
                "channel-update",
                "Channel update",
                "Meetings",
                "Minutes",
                section="4.2",
                bearer="Channel Chair",
                answers="others",
            ),
        )
    )


def late() -> Assessment:
    """Two meetings that nobody attended, alone and beside what can still be done."""
    gone = obligation(Status.OVERDUE, -40, subject="meeting SG-2", too_late=True)
    earlier = obligation(Status.OVERDUE, -90, subject="meeting SG-1", too_late=True)
    open_ = obligation(Status.OVERDUE, -5, subject="meeting SG-3")
    met = obligation(Status.MET, subject="meeting SG-0")
    return assessment(
        (
            duty("board-attendance", "Board attendance", earlier, gone, met, section="3"),
            duty("group-attendance", "Steering Group attendance", gone, open_, met, section="4.2"),
            duty(
                "channel-attendance",
                "Channel attendance",
                gone,
                section="4.2",
                bearer="Channel Chair",
                answers="others",
            ),
        )
    )


def before(subject: str, left: int) -> HistoryEntry:
    """An obligation from before records began, so many days before the check."""
    return HistoryEntry(
        subject, "", HistoryOutcome.BEFORE_RECORDS, days(left - 28), days(left), 0, ()
    )


def from_april() -> Assessment:
    """An office whose records begin on 1 April 2026, with three obligations from before then."""
    return assessment(
        (
            duty(
                "minutes-sent",
                "Minutes sent to the office",
                obligation(Status.OVERDUE, -5, subject="meeting SG-9"),
                history=(before("meeting SG-1", -300), before("meeting SG-2", -280)),
                section="3",
            ),
            duty(
                "board-report",
                "Report to the Board",
                nothing_to_check="Nothing to check: 1 from before records began.",
                history=(before("meeting SG-1", -300),),
                section="3",
            ),
        ),
        records_begin=APRIL,
    )
