"""Duties about meetings, one meeting for each status, and what makes them so."""

from __future__ import annotations

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import Status
from evidence.table import CellState, Table
from rules.condition import Applies, Condition
from rules.model import Bearer, Duty, Rulebook, Section
from rules.patterns import BeforeEvent, Events, EvidenceQuery
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    ABOUT,
    REVIEW,
)
from tests.support.engine_builders import days, says, version

ON = "2026-05-20"
_HELD: dict[Status, str | CellState] = {
    Status.OVERDUE: "2026-05-01",
    Status.CANNOT_TELL: CellState.UNREADABLE,
    Status.DUE: "2026-06-01",
    Status.MET: "2026-06-02",
    Status.NOT_YET_DUE: "2026-12-01",
    Status.WAIVED: "2026-06-03",
    Status.NOT_APPLICABLE: "2026-09-01",
}
GIVEN: tuple[Table, ...] = (
    make.table(
        make.MEETINGS,
        *({"ref": each.value, "body": each.value, "held on": held} for each, held in _HELD.items()),
    ),
    make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2026-05-10", "about": "met"}),
    make.table(make.WAIVERS, make.waiver("waived", "2026-01-01", "2026-12-31", of="any")),
    make.table(
        make.VENUES,
        {"ref": "V1", "hireable": True, "from": "2024-01-01", "to": "2026-07-01"},
        {"ref": "V2", "hireable": True, "from": "2026-10-01"},
    ),
    make.missing(make.TRAINING),
)
#: What stands in a sheet that was not given.
_NOT_GIVEN = EvidenceQuery(register="training", dated="completed on")


def about(name: str, *statuses: Status, bearer: str = "OPCC") -> Duty:
    """A duty about the meetings of these statuses; one that is not assessed needs another sheet."""
    where = (Condition(column="body", one_of=tuple(status.value for status in statuses)),)
    events = Events(register="meetings", where=where, dated="held on")
    duty = make.duty(
        version(
            BeforeEvent(kind="before event", event=events, no_earlier=days(60)),
            evidence=_NOT_GIVEN if Status.NOT_ASSESSED in statuses else ABOUT,
            applies=Applies(register="venues", where=(says("hireable"),), begins="from", ends="to"),
        ),
        id=name,
        aliases=("any",),
    )
    return duty.model_copy(update={"bearer": bearer})


def book_of(sections: dict[str, list[Duty]]) -> Rulebook:
    """A rulebook with these sections, the office's duties and the council's."""
    duties = [duty for listed in sections.values() for duty in listed]
    plain = make.rulebook(make.REGISTERS, *duties)
    book = plain.book.model_copy(
        update={
            "sections": tuple(
                Section(number=number, title=f"Section {number}", folder=number, headings=())
                for number in sections
            ),
            "bearers": (
                Bearer(name="OPCC", list="office"),
                Bearer(name="Council", list="others"),
            ),
        }
    )
    at = {duty.id: number for number, listed in sections.items() for duty in listed}
    return plain.model_copy(update={"book": book, "sections": at})


def by_id(assessment: Assessment) -> dict[str, DutyOutcome]:
    return {duty.id: duty for duty in assessment.duties}
