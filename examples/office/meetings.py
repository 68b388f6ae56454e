"""The meetings of the Steering Group, the Board and the workshop, and what they minuted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from examples.office.made import AS_OF, Row, later, numbered, table, year_of
from examples.office.training import day_in


def meeting_rows() -> list[Row]:
    """All meetings, one of them cancelled and two planned, in the order of their days."""
    rows = _steering_group() + _board() + _workshops()
    return sorted(rows, key=lambda row: str(row["held on"]))


def _steering_group() -> list[Row]:
    return table(
        "ref | body | held on | cancelled | OPCC present",
        "SG-2024-4 | Steering Group | 2024-11-12 | | lead",
        "SG-2025-1 | Steering Group | 2025-02-11 | | lead",
        "SG-2025-2 | Steering Group | 2025-05-13 | | lead",
        "SG-2025-3 | Steering Group | 2025-08-12 | Yes |",
        "SG-2025-4 | Steering Group | 2025-11-11 | | lead",
        "SG-2026-1 | Steering Group | 2026-02-10 | | lead",
        "SG-2026-2 | Steering Group | 2026-05-12 | | deputy",
        "SG-2026-3 | Steering Group | 2026-08-11 | | lead",
        "SG-2026-4 | Steering Group | 2026-11-10 | | lead",
        "SG-2027-1 | Steering Group | 2027-02-09 | |",
    )


def _board() -> list[Row]:
    return table(
        "ref | body | held on | OPCC present | PCC present | Chief Executive present"
        " | chair or officer present | Prevent on agenda",
        "SWPB-2024-4 | SWPB | 2024-12-05 | lead | present | present | Yes | Yes",
        "SWPB-2025-1 | SWPB | 2025-03-20 | lead | present | present | Yes | Yes",
        "SWPB-2025-2 | SWPB | 2025-06-19 | none | present | present | No | No",
        "SWPB-2025-3 | SWPB | 2025-09-18 | lead | deputy | present | Yes | Yes",
        "SWPB-2025-4 | SWPB | 2025-12-04 | lead | present | present | Yes | Yes",
        "SWPB-2026-1 | SWPB | 2026-03-19 | lead | present | present | Yes | Yes",
        "SWPB-2026-2 | SWPB | 2026-06-18 | deputy | present | present | Yes | Yes",
        "SWPB-2026-3 | SWPB | 2026-09-17 | lead | present | present | Yes | Yes",
        "SWPB-2026-4 | SWPB | 2026-12-10 | | | | |",
    )


def _workshops() -> list[Row]:
    return table(
        "ref | body | held on | OPCC present | priorities recorded",
        "WS-2025 | partnership workshop | 2025-03-06 | lead | Yes",
        "WS-2026 | partnership workshop | 2026-04-14 | lead | Yes",
    )


def held(meetings: Sequence[Row], body: str) -> list[Row]:
    """The meetings of that body that were held by the day that the example speaks for."""
    return [
        row
        for row in meetings
        if row["body"] == body and row.get("cancelled") != "Yes" and day_in(row, "held on") <= AS_OF
    ]


#: What each meeting of the Steering Group takes: item, outcome, and who presents it.
_STANDING_ITEMS = (
    ("Situational Assessment", "reviewed", "Warwickshire County Council"),
    ("OPCC contribution", "noted", "OPCC"),
    ("OPCC action progress", "noted", "OPCC"),
    ("referral data", "reviewed", "Warwickshire County Council"),
    ("Channel update", "presented", "Channel panel"),
    ("permissive environments", "assessed", "Warwickshire Police"),
    ("communications and engagement plan", "reviewed", "Warwickshire County Council"),
    ("bespoke communications", "decided", "Warwickshire County Council"),
)

#: What a meeting takes once a year: the months in which it does, the item, its outcome, who
#: presents it, and whether the year is the one after.
_YEARLY_ITEMS = (
    ((11,), "CTLP", "presented", "CTPWM", True),
    ((11,), "referral data in CTLP", "reviewed", "CTPWM", False),
    ((2,), "corporate risk", "assessed", "Warwickshire County Council", True),
    ((2,), "referral data in assessment", "reviewed", "Warwickshire County Council", True),
    ((2,), "permissive environments", "assessed", "Warwickshire Police", True),
    ((5,), "Channel annual assurance", "presented", "Channel panel", False),
    ((8,), "training consistency", "decided", "Warwickshire County Council", False),
)


def minute_rows(meetings: Sequence[Row]) -> list[Row]:
    """What each meeting held did, item by item, and when its minutes were circulated."""
    rows: list[Row] = []
    for meeting in held(meetings, "Steering Group"):
        rows += numbered(f"{meeting['ref']}/", _of_meeting(meeting))
    for meeting in held(meetings, "SWPB"):
        rows += numbered(f"{meeting['ref']}/", _of_board(meeting))
    return sorted(rows, key=lambda row: str(row["minuted on"]))


def _of_meeting(meeting: Row) -> Iterator[Row]:
    on = day_in(meeting, "held on")
    for item, outcome, presenter in _STANDING_ITEMS:
        row = _minute(meeting, item, outcome, presenter)
        yield row | ({"scope": "quarterly"} if item == "permissive environments" else {})
    for months, item, outcome, presenter, after in _YEARLY_ITEMS:
        if on.month in months or _stands_in(on, months):
            row = _minute(meeting, item, outcome, presenter)
            yield row | {"for year": _year(on, after), "scope": "annual"}


def _stands_in(on: datetime.date, months: tuple[int, ...]) -> bool:
    """November 2025 took what August's meeting, which was cancelled, would have taken."""
    return (on.year, on.month) == (2025, 11) and 8 in months


def _year(on: datetime.date, after: bool) -> str:
    return year_of(on.replace(year=on.year + 1)) if after else year_of(on)


def _of_board(meeting: Row) -> Iterator[Row]:
    if meeting["Prevent on agenda"] == "Yes":
        yield _minute(meeting, "other item", "noted", "Steering Group")


def _minute(meeting: Row, item: str, outcome: str, presenter: str) -> Row:
    return {
        "meeting": meeting["ref"],
        "item": item,
        "outcome": outcome,
        "minuted on": later(day_in(meeting, "held on"), 10),
        "presented by": presenter,
    }
