"""The meetings of the Steering Group, the Board and the workshop."""

from __future__ import annotations

from collections.abc import Sequence

from examples.office.made import AS_OF, Row, table
from examples.office.training import day_in


def meeting_rows() -> list[Row]:
    """All meetings, one of them cancelled and held a month later, and two planned, in the order of
    their days."""
    rows = _steering_group() + _board() + _workshops()
    return sorted(rows, key=lambda row: str(row["held on"]))


def _steering_group() -> list[Row]:
    return table(
        "ref | body | held on | cancelled | OPCC present",
        "SG-2024-4 | Steering Group | 2024-11-12 | | lead",
        "SG-2025-1 | Steering Group | 2025-02-11 | | lead",
        "SG-2025-2 | Steering Group | 2025-05-13 | | lead",
        "SG-2025-3 | Steering Group | 2025-08-12 | Yes |",
        "SG-2025-3b | Steering Group | 2025-09-16 | | lead",
        "SG-2025-4 | Steering Group | 2025-11-11 | | lead",
        "SG-2026-1 | Steering Group | 2026-02-10 | | lead",
        "SG-2026-2 | Steering Group | 2026-04-28 | | lead",
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
        "SWPB-2025-3 | SWPB | 2025-09-18 | lead | present | present | Yes | Yes",
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
        "WS-2026 | partnership workshop | 2026-03-05 | lead | Yes",
    )


def held(meetings: Sequence[Row], body: str) -> list[Row]:
    """The meetings of that body that were held by the day that the example speaks for."""
    return [
        row
        for row in meetings
        if row["body"] == body and row.get("cancelled") != "Yes" and day_in(row, "held on") <= AS_OF
    ]
