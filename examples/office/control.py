"""The control sheets: nil returns, waivers and owners."""

from __future__ import annotations

from examples.office.made import Row, table


def nil_return_rows() -> list[Row]:
    """Periods for which a post says that there was nothing on a list."""
    guidance = "national guidance | {} | Policy Officer | {}"
    referrals = "referrals | {} | Prevent Lead | {}"
    issues = "permissive issues | {} | Prevent Lead | {}"
    return table(
        "list | period | by post | given on",
        guidance.format("2024/25 Q3", "2025-01-07"),
        guidance.format("2025/26 Q1", "2025-07-08"),
        guidance.format("2025/26 Q2", "2025-10-07"),
        guidance.format("2025/26 Q3", "2026-01-06"),
        guidance.format("2025/26 Q4", "2026-04-07"),
        guidance.format("2026/27 Q1", "2026-07-07"),
        guidance.format("2026/27 Q2", "2026-10-06"),
        referrals.format("2024/25 Q3", "2025-01-08"),
        referrals.format("2025/26 Q1", "2025-07-09"),
        referrals.format("2025/26 Q2", "2025-10-08"),
        referrals.format("2025/26 Q4", "2026-04-08"),
        issues.format("2024/25 Q3", "2025-01-08"),
        issues.format("2025/26 Q1", "2025-07-09"),
        issues.format("2025/26 Q2", "2025-10-08"),
        issues.format("2025/26 Q4", "2026-04-08"),
        "awards | 2025/26 Q2 | Grants Officer | 2025-10-03",
    )


def waiver_rows() -> list[Row]:
    """Relief that was approved, holds, and covers nothing that is not done."""
    return table(
        "duty | subject | reason | approved by | from | until",
        "staff-update-annual | office | Held over the election | Chief Executive | 2026-03-20"
        " | 2026-12-31",
    )


def owner_rows() -> list[Row]:
    """Who answers for a duty, by post."""
    return table(
        "duty | owner",
        "assurance-statement | Head of Policy and Partnerships",
        "it-filter-assurance | IT Manager",
        "staff-trained | HR Officer",
        "induction-training | HR Officer",
        "refresher-training | HR Officer",
        "award-due-diligence | Grants Officer",
        "booking-checked | Business Manager",
        "venue-policy | Business Manager",
    )
