"""What was looked at again, by whom and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from examples.office.made import AS_OF, IN_FORCE, Row, day, later, numbered, quarter_of, table
from examples.office.meetings import held
from examples.office.training import day_in

_RECORD = "priorities; referral data; risk review"
_PUBLIC = "website link; leaflets"
_PROTECTED = "retention; access; minimisation"
_LOCAL = "local issues; Police and Crime Plan"


def review_rows(meetings: Sequence[Row]) -> list[Row]:
    """Every review, by day, keyed R-1, R-2 …"""
    rows = (
        _yearly()
        + _of_the_model()
        + _of_documents()
        + [*_before_meetings(meetings)]
        + [*_referrals()]
    )
    return numbered("R-", sorted(rows, key=lambda row: (str(row["reviewed on"]), row["subject"])))


def _yearly() -> list[Row]:
    return table(
        "subject | reviewed on | considered | outcome | minuted at | by post | forum",
        "terms of reference | 2025-02-11 | | fine | SG-2025-1 | Steering Group chair |",
        "terms of reference | 2026-02-10 | | changes made | SG-2026-1 | Steering Group chair |",
        "workforce profile | 2025-03-03 | | changes made | | HR Officer |",
        "workforce profile | 2026-03-02 | | fine | | HR Officer |",
        f"training record | 2025-06-17 | {_RECORD} | fine | | Prevent Lead |",
        f"training record | 2026-06-16 | {_RECORD} | changes needed | | Prevent Lead |",
        f"public information | 2025-05-20 | {_PUBLIC} | fine | | Communications Officer |",
        f"public information | 2026-05-19 | {_PUBLIC} | fine | | Communications Officer |",
        "governance assurance | 2025-04-24 | | fine | | Chief Executive | Governance board",
        "governance assurance | 2026-04-23 | | fine | | Chief Executive | Governance board",
        f"Prevent records | 2025-07-01 | {_PROTECTED} | fine | | Data Protection Officer |",
        f"Prevent records | 2026-06-30 | {_PROTECTED} | fine | | Data Protection Officer |",
        "force compliance | 2025-01-30 | | fine | SWPB-2025-1 | PCC | Holding to account",
        "force compliance | 2025-10-30 | | fine | SWPB-2025-4 | PCC | Holding to account",
        "force compliance | 2026-07-30 | | fine | SWPB-2026-3 | PCC | Holding to account",
        "Home Office toolkit | 2025-02-04 | | fine | | Communications Officer |",
        "Home Office toolkit | 2025-06-03 | | fine | | Communications Officer |",
        "Home Office toolkit | 2026-06-02 | | changes made | | Communications Officer |",
    )


def _of_documents() -> list[Row]:
    """Reviews of one document or venue each."""
    return table(
        "subject | reviewed on | about | stage | considered | by post",
        "Situational Assessment | 2025-01-28 | SA-2025 | draft | | Prevent Lead",
        "Situational Assessment | 2026-01-27 | SA-2026 | draft | | Prevent Lead",
        f"Situational Assessment | 2025-03-25 | SA-2025 | agreed | {_LOCAL} | Prevent Lead",
        f"Situational Assessment | 2026-03-24 | SA-2026 | agreed | {_LOCAL} | Prevent Lead",
        "partnership plan | 2025-04-15 | PLAN-2025 | draft | | Prevent Lead",
        "partnership plan | 2026-04-21 | PLAN-2026 | draft | | Prevent Lead",
    )


def _of_the_model() -> list[Row]:
    """Reviews of the SOP and of what it describes, each with the Home Office's latest assessment;
    and of the booking of the one room that can be hired."""
    rows = table(
        "subject | reviewed on | about | assessment | outcome | minuted at",
        "SOP | 2025-09-09 | | HOA-1 | changes made | SG-2025-3b",
        "SOP | 2026-07-28 | | HOA-2 | changes made | SG-2026-3",
        "delivery model | 2025-05-20 | NG-1 | HOA-1 | fine |",
        "delivery model | 2025-09-09 | | HOA-1 | fine | SG-2025-3b",
        "delivery model | 2026-07-28 | | HOA-2 | fine | SG-2026-3",
    )
    booked = table(
        "subject | reviewed on | about | outcome | by post",
        "booking system | 2025-06-10 | V-1 | fine | Business Manager",
        "booking system | 2026-06-09 | V-1 | changes made | Business Manager",
    )
    lead: Row = {"by post": "Prevent Lead"}
    return [row | lead for row in rows] + booked


def _before_meetings(meetings: Sequence[Row]) -> Iterator[Row]:
    """Before each meeting of the group: the office's actions, and the engagement planned."""
    for meeting in held(meetings, "Steering Group"):
        on = day_in(meeting, "held on")
        common: Row = {"by post": "Prevent Lead", "outcome": "fine"}
        yield common | {"subject": "OPCC actions", "reviewed on": later(on, -8)}
        scope = "annual" if on.month in (4, 5) else "quarterly"
        planning: Row = {"subject": "engagement planning", "scope": scope}
        yield common | planning | {"reviewed on": later(on, -6)}
    yield from table(
        "subject | reviewed on | scope | outcome | by post",
        "engagement planning | 2025-01-07 | annual | fine | Prevent Lead",
    )


def _referrals() -> Iterator[Row]:
    """The office's own referrals, after each quarter that had one; the others have nil returns."""
    for quarter_end in ("2025-03-31", "2025-12-31", "2026-06-30", "2026-09-30"):
        end = day(quarter_end)
        if IN_FORCE < end < AS_OF:
            yield {
                "subject": "referrals",
                "reviewed on": later(end, 12),
                "for period": quarter_of(end),
                "considered": "referral data",
                "outcome": "fine",
                "by post": "Prevent Lead",
            }
