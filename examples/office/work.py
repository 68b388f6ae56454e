"""Actions, issues, venues, due-diligence checks and cases."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from examples.office.made import AS_OF, Row, between, day, later, months_later, numbered, table


def action_rows() -> list[Row]:
    """The actions of the plans, a last one of the first; the office owns about half of them."""
    rows = table(
        "plan | priority | owner organisation | agreed on | due | completed on",
        "PLAN-2024 | 2 | OPCC | 2024-05-14 | 2025-02-28 | 2025-02-20",
        "PLAN-2025 | 1 | Warwickshire Police | 2025-05-06 | 2025-09-30 | 2025-09-12",
        "PLAN-2025 | 1 | OPCC | 2025-05-06 | 2025-12-19 | 2025-12-05",
        "PLAN-2025 | 2 | OPCC | 2025-05-06 | 2026-01-30 | 2026-01-27",
        "PLAN-2025 | 2 | Warwickshire County Council | 2025-05-06 | 2025-11-28 | 2025-12-15",
        "PLAN-2025 | 3 | OPCC | 2025-05-06 | 2026-03-31 | 2026-03-20",
        "PLAN-2025 | 4 | Warwickshire County Council | 2025-05-06 | 2026-03-31 | 2026-03-12",
        "PLAN-2025 | 5 | OPCC | 2025-05-06 | 2026-03-31 | 2026-03-26",
        "PLAN-2026 | 1 | OPCC | 2026-05-05 | 2026-09-30 | 2026-09-24",
        "PLAN-2026 | 1 | Warwickshire Police | 2026-05-05 | 2026-12-18 |",
        "PLAN-2026 | 2 | OPCC | 2026-05-05 | 2026-10-30 | 2026-10-22",
        "PLAN-2026 | 2 | Warwickshire County Council | 2026-05-05 | 2027-01-29 |",
        "PLAN-2026 | 3 | OPCC | 2026-05-05 | 2026-12-18 |",
        "PLAN-2026 | 3 | CTPWM | 2026-05-05 | 2027-02-26 |",
        "PLAN-2026 | 4 | OPCC | 2026-05-05 | 2026-09-30 |",
        "PLAN-2026 | 4 | OPCC | 2026-05-05 | 2027-03-31 |",
        "PLAN-2026 | 5 | OPCC | 2026-05-05 | 2026-08-28 | 2026-08-26",
        "PLAN-2026 | 5 | Warwickshire Police | 2026-05-05 | 2027-03-31 |",
    )
    extended: Row = {"re-agreed on": day("2026-08-11"), "re-agreed to": day("2027-01-29")}
    rows[14] |= extended
    dropped: Row = {"cancelled": "Yes"}
    rows[15] |= dropped
    made = ({"risk": _RISKS[i % 3], "measure": _MEASURES[i % 3]} for i in range(len(rows)))
    judged: Row = {"achievable": "Yes", "proportionate": "Yes"}
    return numbered("A-", [row | more | judged for row, more in zip(rows, made, strict=True)])


_RISKS = ("Signs are missed", "Concerns are not passed on", "Grants reach the wrong bodies")
_MEASURES = (
    "Nine in ten staff name the signs in the yearly test",
    "Every concern is passed on within a working day",
    "No award without a check on file",
)


def issue_rows() -> list[Row]:
    """Permissive environments found, all of them dealt with."""
    return table(
        "ref | identified on | needs disruption | HOPA told on | disruptions team contacted on"
        " | risk assessed on | action agreed on | owner post | by when | OPCC help asked on"
        " | OPCC help given on",
        "I-1 | 2025-02-25 | No | | | 2025-03-11 | 2025-03-18 | Prevent Officer | 2025-06-30 | |",
        "I-2 | 2025-10-14 | Yes | 2025-10-17 | 2025-10-22 | 2025-10-22 | 2025-11-04"
        " | Prevent Lead | 2026-01-30 | 2025-11-04 | 2025-11-14",
        "I-3 | 2026-06-02 | No | | | 2026-06-16 | 2026-06-23 | Prevent Officer | 2026-09-30 | |",
        "I-4 | 2026-09-08 | Yes | 2026-09-11 | 2026-09-16 | 2026-09-22 | 2026-09-29"
        " | Prevent Lead | 2026-12-18 | 2026-09-29 | 2026-10-06",
    )


def venue_rows() -> list[Row]:
    """What the PCC owns or leases; one room can be hired, since June 2025."""
    return table(
        "ref | venue | hireable | from | to | policy",
        "V-1 | Example House, meeting room | Yes | 2025-06-02 | | VP-1",
        "V-2 | Example House, offices | No | 2019-04-01 | |",
        "V-3 | Sample Yard, store | No | 2021-07-05 | 2025-12-31 |",
    )


_AWARDS = ("grant", "commission", "grant", "contract")


def check_rows(every: int, seed: int) -> list[Row]:
    """Awards, so many in each month, and hires, a little fewer; each checked before its day."""
    awards = [row for number in range(27 * every) for row in _award(number, every, seed)]
    return sorted([*awards, *_hires(seed)], key=lambda row: (str(row["event on"]), row["ref"]))


def _award(number: int, every: int, seed: int) -> Iterator[Row]:
    """One award; none in July to September 2025, for which there is a nil return."""
    first = months_later(day("2024-10-01"), number // every)
    on = later(first, between(1, 24, seed, "award", number))
    if not day("2025-07-01") <= on <= day("2025-09-30"):
        yield _check(f"DD-{number + 1:03}", _AWARDS[number % len(_AWARDS)], on, seed)


def _hires(seed: int) -> Iterator[Row]:
    for number in range(17):
        first = months_later(day("2025-07-01"), number)
        on = later(first, between(3, 25, seed, "hire", number))
        yield _check(f"H-{number + 1:02}", "venue hire", on, seed)


def _check(ref: str, kind: str, on: datetime.date, seed: int) -> Row:
    checked = later(on, -between(6, 45, seed, "checked", ref))
    done: Row = {"checked on": checked, "extremism outcome": "clear"}
    row: Row = {"ref": ref, "kind": kind, "event on": on}
    return row | done if checked <= AS_OF else row


def case_rows(every: int) -> list[Row]:
    """Referrals, Channel requests and disclosures, keyed CASE-1 …; nothing that describes
    anybody. ``every``: how often the few of two years are repeated."""
    rows = table(
        "kind | opened on | proportionate | appropriate | answered on | answer | lawful basis"
        " | agreement",
        "referral | 2025-02-19 | Yes | Yes | | | |",
        "Channel request | 2025-03-04 | | | 2025-03-12 | helped | |",
        "disclosure | 2025-03-11 | | | | | public task | ISA-1",
        "referral | 2025-11-26 | Yes | Yes | | | |",
        "Channel request | 2025-12-03 | | | 2025-12-15 | helped | |",
        "disclosure | 2025-12-10 | | | | | legal obligation | ISA-1",
        "referral | 2026-05-21 | Yes | Yes | | | |",
        "Channel request | 2026-07-07 | | | 2026-07-16 | helped | |",
        "disclosure | 2026-07-15 | | | | | public task | ISA-2",
        "referral | 2026-08-27 | Yes | Yes | | | |",
    )
    why: Row = {"purpose": "To help the panel decide what support to offer"}
    cases = [row | (why if row["kind"] == "disclosure" else {}) for row in rows * every]
    return numbered("CASE-", sorted(cases, key=lambda row: str(row["opened on"])), width=2)
