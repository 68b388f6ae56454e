"""What the meetings minuted, item by item."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from examples.office.made import Row, later, numbered, year_of
from examples.office.meetings import held
from examples.office.training import day_in

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
    ((11,), "corporate risk", "assessed", "Warwickshire County Council", True),
    ((11,), "referral data in assessment", "reviewed", "Warwickshire County Council", True),
    ((11,), "permissive environments", "assessed", "Warwickshire Police", True),
    ((4, 5), "Channel annual assurance", "presented", "Channel panel", False),
    ((8,), "training consistency", "decided", "Warwickshire County Council", False),
)

#: What the group decided beside an item, by the meeting.
_DECISIONS = {
    ("SG-2026-1", "communications and engagement plan"): "standalone plan",
    ("SG-2026-1", "bespoke communications"): "bespoke communications; OPCC help asked",
}


def minute_rows(meetings: Sequence[Row], actions: Sequence[Row]) -> list[Row]:
    """What each meeting held did, item by item, and when its minutes were circulated."""
    rows: list[Row] = []
    since = datetime.date.min
    for meeting in held(meetings, "Steering Group"):
        closed = [row for row in actions if since < _completed(row) <= day_in(meeting, "held on")]
        since = day_in(meeting, "held on")
        made = [*_of_meeting(meeting), *(_closed(meeting, row) for row in closed)]
        rows += numbered(f"{meeting['ref']}/", made)
    for meeting in held(meetings, "SWPB"):
        rows += numbered(f"{meeting['ref']}/", _of_board(meeting))
    return sorted(rows, key=lambda row: str(row["minuted on"]))


def _completed(action: Row) -> datetime.date:
    return day_in(action, "completed on", datetime.date.max)


def _closed(meeting: Row, action: Row) -> Row:
    return _minute(meeting, "other item", "completed", "OPCC") | {
        "presented by": action["owner organisation"],
        "action": action["ref"],
    }


def _of_meeting(meeting: Row) -> Iterator[Row]:
    on = day_in(meeting, "held on")
    for item, outcome, presenter in _STANDING_ITEMS:
        row = _minute(meeting, item, outcome, presenter)
        row["decisions"] = _DECISIONS.get((str(meeting["ref"]), item))
        yield row | ({"scope": "quarterly"} if item == "permissive environments" else {})
    for months, item, outcome, presenter, after in _YEARLY_ITEMS:
        if on.month in months or _stands_in(on, months):
            row = _minute(meeting, item, outcome, presenter)
            yield row | {"for year": _year(on, after), "scope": "annual"}


def _stands_in(on: datetime.date, months: tuple[int, ...]) -> bool:
    """September 2025 took what August's meeting, which was cancelled, would have taken; and
    February 2025 what the first year's meetings before the SOP had not."""
    return ((on.year, on.month) == (2025, 9) and 8 in months) or (
        (on.year, on.month) == (2025, 2) and months[-1] in (5, 8)
    )


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
