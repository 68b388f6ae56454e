"""The control sheets: nil returns, waivers and owners; there is nothing to acknowledge yet."""

from __future__ import annotations

from collections.abc import Mapping

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


#: Which duties each post answers for; a few of other bodies are nobody's here.
_OWNED: Mapping[str, str] = {
    "Chief Executive": """board-attendance governance-assurance sop-next-review
        force-compliance-considered spr-contribution""",
    "Chief Finance Officer": "officer-funding no-extremist-funding",
    "Head of Policy and Partnerships": """assurance-statement cooperation-in-statement
        it-assurance-in-statement staff-update-in-statement designated-lead model-annual-review
        model-review-on-guidance sop-annual-review sop-review-uses-assessment board-annual-report
        board-officer-attendance board-reports-complete steering-group-attendance
        steering-group-terms steering-group-quarterly""",
    "Prevent Lead": """assessment-amended assessment-promoted assessment-sent-to-office
        corporate-risk-assessed escalation-pathway lead-reviews-drafts opcc-actions-monitored
        partnership-plan-developed pathway-assurance pathway-available plan-covers-priorities
        plan-progress-reported plan-shared prevent-promoted guidance-accessible office-briefed
        referral-data-in-assessment referral-data-reviewed referral-records-kept referrals-reviewed
        situational-assessment-agreed situational-assessment-considered
        situational-assessment-content situational-assessment-reviewed training-consistency
        channel-cooperation channel-update disruption-escalated permissive-environment-annual
        permissive-environment-quarterly permissive-issue-actioned permissive-issue-assisted
        bespoke-communications-considered""",
    "Policy Officer": """actions-well-formed opcc-actions-delivered channel-contribution
        ctlp-contribution ctlp-workshop-q4 local-information-provided risk-assessment-contribution
        steering-group-contribution""",
    "Data Protection Officer": """information-sharing-agreement records-protect-data
        sharing-recorded""",
    "HR Officer": """induction-training staff-trained refresher-training referrers-trained
        higher-level-training pathway-understood workforce-profile-reviewed training-plan
        training-plan-assured training-record-kept training-record-reviewed""",
    "IT Manager": "it-filter-assurance",
    "Grants Officer": "award-due-diligence",
    "Business Manager": "booking-checked venue-policy venue-booking-system venue-staff-trained",
    "Communications Officer": """bespoke-communications-assisted communications-considered
        communications-recorded communications-targeted communities-engaged
        engagement-considered-quarterly engagement-plan-in-assessment engagement-plan-reviewed
        engagement-planned-annually engagement-recorded public-information staff-update-annual
        standalone-plan-developed toolkit-considered toolkit-use-recorded""",
}


def owner_rows() -> list[Row]:
    """Who answers for a duty, by post."""
    return [
        {"duty": duty, "owner": owner}
        for owner, duties in _OWNED.items()
        for duty in duties.split()
    ]
