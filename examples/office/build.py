"""A whole office, register by register, before anything in it has gone wrong."""

from __future__ import annotations

from dataclasses import dataclass

from examples.office.communications import communication_rows
from examples.office.control import nil_return_rows, owner_rows, waiver_rows
from examples.office.made import AS_OF, Office, Row, later
from examples.office.meetings import meeting_rows
from examples.office.minutes import minute_rows
from examples.office.papers import document_rows, submission_rows
from examples.office.people import people_rows, role_rows
from examples.office.reviews import review_rows
from examples.office.training import Diligence, day_in, training_rows
from examples.office.work import action_rows, case_rows, check_rows, issue_rows, venue_rows


@dataclass(frozen=True, slots=True)
class Size:
    """How many people, how many rows of training (None: as many as they make), how many awards and
    messages in each month, which share of steps is taken in time, and whether first courses are
    taken as soon as they are open."""

    staff: int
    training: int | None
    monthly: int
    care: float
    ahead: bool = False


def build(size: Size, seed: int) -> Office:
    """The rows of every register of an office of that size."""
    people = people_rows(size.staff, seed)
    meetings = meeting_rows()
    actions = action_rows()
    return {
        "documents": document_rows(),
        "reviews": _recorded(review_rows(meetings), "reviewed on"),
        "people": people,
        "roles": role_rows(),
        "training": training_rows(people, size.training, Diligence(size.care, size.ahead, seed)),
        "meetings": meetings,
        "minutes": minute_rows(meetings, actions),
        "communications": communication_rows(meetings, size.monthly, seed),
        "submissions": _recorded(submission_rows(meetings), "given on"),
        "actions": actions,
        "issues": issue_rows(),
        "venues": venue_rows(),
        "checks": check_rows(size.monthly, seed),
        "cases": case_rows(size.monthly),
        "nil returns": nil_return_rows(),
        "waivers": waiver_rows(),
        "acknowledgements": [],
        "owners": owner_rows(),
    }


def _recorded(rows: list[Row], column: str) -> list[Row]:
    """The rows with the day on which each was written, two days after the one in ``column``."""
    return [row | {"recorded on": min(AS_OF, later(day_in(row, column), 2))} for row in rows]
