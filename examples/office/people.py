"""The people of the office and who holds which role."""

from __future__ import annotations

import datetime

from examples.office.made import (
    AS_OF,
    IN_FORCE,
    Row,
    between,
    chance,
    day,
    later,
    table,
)
from examples.office.names import REFERRING_POSTS, SINGLE_POSTS, name_of, post_of


def people_rows(staff: int, seed: int) -> list[Row]:
    """One row for each of so many people, keyed S001, S002 …; the first is the PCC."""
    width = max(3, len(str(staff)))
    return [_person(number, f"S{number + 1:0{width}}", seed) for number in range(staff)]


def _person(number: int, ref: str, seed: int) -> Row:
    post = post_of(number)
    starts = _starts(number, seed)
    row: Row = {
        "ref": ref,
        "person": name_of(number),
        "kind": _kind(number),
        "post": post,
        "starts": starts,
        "ends": _ends(number, starts, seed),
    }
    if post in REFERRING_POSTS:
        row["likely to refer from"] = max(starts, IN_FORCE)
    if post in ("Head of Policy and Partnerships", "Engagement Officer"):
        row["higher level from"] = max(later(starts, 40), day("2025-01-06"))
    if post == "Administrator":
        row["manages bookings from"] = max(starts, day("2025-06-02"))
    return row


def _kind(number: int) -> str:
    if number < 2:
        return ("PCC", "Deputy PCC")[number]
    if number <= len(SINGLE_POSTS):
        return "staff"
    if number % 17 == 3:
        return "agency"
    return "seconded" if number % 13 == 6 else "staff"


def _starts(number: int, seed: int) -> datetime.date:
    """Elected or appointed in May 2024, there for years, or a starter of the last two years."""
    if number < 2:
        return day("2024-05-09") if number == 0 else day("2024-05-20")
    if number <= len(SINGLE_POSTS) or chance(seed, "new", number) < 0.7:
        return _monday(day("2016-01-04"), day("2024-09-23"), seed, "start", number)
    return _monday(day("2024-10-07"), day("2026-10-12"), seed, "start", number)


def _ends(number: int, starts: datetime.date, seed: int) -> datetime.date | None:
    if number <= len(SINGLE_POSTS) or chance(seed, "leaves", number) > 0.13:
        return None
    first = max(later(starts, 250), day("2024-12-02"))
    return _monday(first, day("2026-10-26"), seed, "end", number) if first < AS_OF else None


def _monday(first: datetime.date, last: datetime.date, *of: object) -> datetime.date:
    """A Monday of those days; ``first`` itself where there is none left."""
    found = first + datetime.timedelta(between(0, max(0, (last - first).days), *of))
    return max(first, found - datetime.timedelta(found.weekday()))


def role_rows() -> list[Row]:
    """Who has held which role, one after another without a day between."""
    vice = "Channel vice-chair | Channel vice-chair"
    return table(
        "ref | role | post | from | to | trained on | experience confirmed",
        "ROLE-1 | Prevent Lead | Head of Policy and Partnerships | 2024-05-20 | | 2024-06-11 |",
        "ROLE-2 | Deputy Prevent Lead | Policy Officer | 2024-10-01 | | 2024-09-17 |",
        "ROLE-3 | Prevent Officer | Prevent Officer | 2023-04-03 | | 2023-05-16 | Yes",
        "ROLE-4 | Steering Group chair | Steering Group chair | 2024-04-15 | | |",
        "ROLE-5 | Channel chair | Channel chair | 2023-09-04 | | 2023-10-10 | Yes",
        f"ROLE-6 | {vice} | 2024-01-15 | 2026-03-29 | 2024-02-20 | Yes",
        f"ROLE-7 | {vice} | 2026-03-30 | | 2026-03-24 | Yes",
    )
