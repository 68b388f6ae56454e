"""An office that has let the Prevent duty slip: things go on happening, and little is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from examples.office.changes import named
from examples.office.made import AS_OF, Office, Row, day
from examples.office.training import day_in

#: The last day on which the office did what it should.
LAST = day("2025-06-30")

#: Registers of what was done, with the day of each row: nothing was done after the last day.
_DONE: Mapping[str, str] = {
    "reviews": "reviewed on",
    "roles": "from",
    "training": "completed on",
    "minutes": "minuted on",
    "submissions": "given on",
    "actions": "agreed on",
    "nil returns": "given on",
}

#: Registers of what happens, with the day of each row and the cells that nobody filled any more.
_HAPPENING: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "communications": (
        "sent on",
        ("Prevent considered", "addresses", "proportionate", "on plan", "recorded at", "toolkit"),
    ),
    "issues": (
        "identified on",
        ("HOPA told on", "disruptions team contacted on", "risk assessed on", "action agreed on",
         "owner post", "by when", "OPCC help given on"),
    ),
    "checks": ("event on", ("checked on", "extremism outcome")),
    "cases": (
        "opened on",
        ("proportionate", "appropriate", "answered on", "answer", "purpose", "lawful basis",
         "agreement"),
    ),
}  # fmt: skip

#: What a meeting after the last day says of who was there.
_ABSENT: Row = {
    "OPCC present": "none",
    "PCC present": "absent",
    "Chief Executive present": "absent",
    "chair or officer present": "No",
    "priorities recorded": "No",
}


def neglect(office: Office) -> None:
    """All that was done after the last day taken out again; what happened stays as it is."""
    for register, column in _DONE.items():
        office[register] = [row for row in office[register] if day_in(row, column) <= LAST]
    office["documents"] = [_document(row) for row in office["documents"] if _is_kept(row)]
    office["communications"] = [row for row in office["communications"] if not _is_told(row)]
    for register, (column, cells) in _HAPPENING.items():
        for row in office[register]:
            if day_in(row, column) > LAST:
                _blank(row, cells)
    for row in office["meetings"]:
        if LAST < day_in(row, "held on") <= AS_OF:
            row.update(_ABSENT)
    for row in office["actions"]:
        if day_in(row, "completed on", AS_OF) > LAST:
            _blank(row, ("completed on",))
    named(office, "roles", "ROLE-1")["to"] = day("2025-08-29")
    office["waivers"].clear()


def _blank(row: Row, cells: Sequence[str]) -> None:
    for name in cells:
        row.pop(name, None)


def _is_kept(row: Row) -> bool:
    """Whether the document came before the last day, or from others."""
    first = day_in(row, "agreed on" if row.get("agreed on") else "issued on")
    theirs = ("national guidance", "Home Office assessment", "Situational Assessment")
    return first <= LAST or row["kind"] in theirs


def _document(row: Row) -> Row:
    """Nothing replaced it after the last day; an assessment of others lies unread, and holds no
    more than its priorities."""
    if row.get("ended on") and day_in(row, "ended on") > LAST:
        _blank(row, ("ended on",))
    if row["kind"] == "Situational Assessment" and day_in(row, "agreed on") > LAST:
        _blank(row, ("received on", "covers"))
    return row


def _is_told(row: Row) -> bool:
    """Whether it is one of those with which the office told its own people, or helped others."""
    told = ("briefing", "staff update", "assistance")
    return day_in(row, "sent on") > LAST and (row["kind"] in told or bool(row.get("about")))
