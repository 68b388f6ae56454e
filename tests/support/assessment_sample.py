"""The duties of the made-up assessment: one or more for each status, of the office and of others,
and what a check tells besides: findings, problems, waivers, what was not checked."""

from __future__ import annotations

import datetime

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    CitationShown,
    ComingDate,
    ComingObligation,
    ComingVersion,
    DutyAside,
    DutyOutcome,
    FindingShown,
    HistoryEntry,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    ReadingShown,
    RejectedRows,
    Remedy,
    WaiverShown,
)
from engine.outcome import HistoryOutcome, Status
from tests.support.assessment_builders import (
    assessment,
    days,
    duty,
    item,
    near_row,
    obligation,
    rejected,
    remedy,
)


def duties() -> tuple[DutyOutcome, ...]:
    """One duty or more for each status, of the office and of others."""
    return (*_office(), *_others())


def _office() -> tuple[DutyOutcome, ...]:
    return (
        _overdue_people(),
        _overdue_run(),
        _cannot_tell(),
        _due(),
        _met(),
        _met_late(),
        _not_yet_due(),
        _waived(),
        _nothing_to_check(),
    )


def _overdue_people() -> DutyOutcome:
    reading = ReadingShown("suitable intervals", "every 24 months", ("refresher-training",))
    return duty(
        "refresher-training",
        "Refresh each member of staff's Prevent training at set intervals",
        _person_overdue(),
        obligation(
            Status.DUE,
            12,
            subject="P-022",
            subject_name="Analyst",
            derivation="Last done on 6 December 2024 (registers.xlsx, training, C31) + 24 months.",
            last_done=datetime.date(2024, 12, 6),
        ),
        *(
            obligation(Status.MET, 300 + number, subject=f"P-{number:03}", evidence=(_course(),))
            for number in (2, 3, 5)
        ),
        next_due=days(12),
        readings=(reading,),
        owner="Head of People",
        citations=(
            CitationShown("4.6", "at suitable intervals", "", 0, 0),
            CitationShown("5", "training kept up", "", 0, 0),
        ),
    )


def _training_rejected() -> RejectedRows:
    old = datetime.date(2024, 9, 30)
    return rejected(
        near_row(41, days(-20), "'passed' is not yes"),
        near_row(52, None, "'completed on' is not a date", "unreadable", "Sept 2026"),
        near_row(14, old, "valid until 30 September 2026"),
        others=((3, "'course' is not refresher"),),
    )


def _course() -> ItemShown:
    return item(
        row=40,
        date=days(-90),
        person="P-002",
        completed_on="26 August 2026",
        course="refresher",
        passed="yes",
    )


def _person_overdue() -> ObligationOutcome:
    return obligation(
        Status.OVERDUE,
        -55,
        subject="P-014",
        subject_name="Caseworker",
        derivation="Last done on 30 September 2024 (registers.xlsx, training, C14) + 24 months.",
        last_done=datetime.date(2024, 9, 30),
        listed_at=item("people", 9, person="P-014", starts="2021-03-01", post="Caseworker"),
        unmet_reason="No refresher or awareness course passed since 30 September 2024.",
        rejected=(_training_rejected(),),
        would_be_met_by=(
            remedy(
                "A passed refresher course.",
                "training",
                person="P-014",
                course="refresher",
                completed_on="24 November 2026",
                passed="yes",
            ),
        ),
        unreadable=(item(row=52, person="P-014", completed_on="Sept 2026", course=None),),
        remarks=("The row registers.xlsx, training, row 52 might have met it.",),
    )


def _overdue_run() -> DutyOutcome:
    return duty(
        "referrals-reviewed",
        "Review the office's own referrals against the local picture",
        obligation(
            Status.OVERDUE,
            -147,
            window="2026/27 Q3",
            opens=datetime.date(2026, 10, 1),
            deadline=datetime.date(2026, 12, 31),
            last_done=None,
            derivation="The quarter 1 October to 31 December 2026.",
            unmet_reason="No review of referrals for 2026/27 Q1, Q2 or Q3: 2 windows missed.",
            would_be_met_by=(
                Remedy(False, "2026/27 Q1 can no longer be made good.", "reviews", "", "", 0, ()),
                remedy(
                    "A review of referrals.",
                    "reviews",
                    subject="referrals",
                    reviewed_on="24 November 2026",
                    for_period="2026/27 Q3",
                ),
            ),
        ),
        section="4.4",
        owner="",
        pattern="periodic, quarter",
        history=(
            HistoryEntry(
                "office",
                "2026/27 Q2",
                HistoryOutcome.MISSED,
                datetime.date(2026, 7, 1),
                datetime.date(2026, 9, 30),
                0,
                (),
            ),
            HistoryEntry(
                "office",
                "2026/27 Q1",
                HistoryOutcome.MISSED,
                datetime.date(2026, 4, 1),
                datetime.date(2026, 6, 30),
                0,
                (),
            ),
            HistoryEntry(
                "office",
                "2025/26 Q4",
                HistoryOutcome.MET_LATE,
                datetime.date(2026, 1, 1),
                datetime.date(2026, 3, 31),
                3,
                (item("reviews", 7, datetime.date(2026, 4, 3), subject="referrals"),),
            ),
        ),
    )


def _cannot_tell() -> DutyOutcome:
    return duty(
        "award-due-diligence",
        "Complete due diligence before each contract, commission or grant is awarded",
        obligation(
            Status.CANNOT_TELL,
            subject="checks, row 8",
            opens=None,
            last_done=None,
            derivation="",
            listed_at=item("checks", 8, ref="AW-2026-07", event_on="tbc"),
            unmet_reason="The day of the award cannot be read: registers.xlsx, checks, B8.",
            unreadable=(item("checks", 8, ref="AW-2026-07", event_on="tbc"),),
        ),
        obligation(
            Status.MET, subject="award AW-2026-05", evidence=(item("checks", 6, days(-30)),)
        ),
        section="4.7",
        owner="Head of Commissioning",
        pattern="before event",
    )


def _due() -> DutyOutcome:
    return duty(
        "pathway-available",
        "Keep an agreed referral pathway and make it available to all staff",
        obligation(
            Status.DUE,
            0,
            unmet_reason="The review-by date of version 3 is today; no successor is recorded.",
            derivation="Review by 24 November 2026 (registers.xlsx, documents, F5).",
        ),
        section="4.4",
        owner="Prevent Lead",
        strength="should",
        pattern="standing",
    )


def _met() -> DutyOutcome:
    return duty(
        "staff-update-annual",
        "Update staff every year on local issues and priorities",
        obligation(
            Status.MET,
            127,
            derivation="Last done on 31 March 2026 (communications, B12) + 12 months.",
            last_done=datetime.date(2026, 3, 31),
            evidence=(
                item(
                    "communications",
                    12,
                    datetime.date(2026, 3, 31),
                    ref="C-12",
                    sent_on="31 March 2026",
                    audience="all staff",
                    note=None,
                ),
            ),
            remarks=("The register has no 'recorded on' column.",),
        ),
        section="4.8",
        owner="Head of Communications",
    )


def _met_late() -> DutyOutcome:
    return duty(
        "channel-cooperation",
        "Answer each Channel request for help, or record why it was not practicable",
        obligation(
            Status.MET, subject="case CH-2026-02", late_days=3, opens=days(-40),
            deadline=days(-26), evidence=(item("cases", 3, days(-23), ref="CH-2026-02"),),
        ),
        section="3",
        owner="Prevent Lead",
        pattern="triggered",
    )  # fmt: skip


def _not_yet_due() -> DutyOutcome:
    return duty(
        "ctlp-workshop",
        "Take part in the partnership workshop in January to March of every financial year",
        obligation(
            Status.NOT_YET_DUE,
            127,
            window="2026/27",
            opens=datetime.date(2027, 1, 1),
            derivation="The fourth quarter of 2026/27.",
            last_done=None,
        ),
        section="4.2",
        owner="Prevent Lead",
        pattern="periodic, Q4 of each financial year",
    )


def _waived() -> DutyOutcome:
    return duty(
        "venue-booking-system",
        "Test the booking system of every venue that the public can hire",
        obligation(
            Status.WAIVED, -12, subject="venue V-1", remarks=("Waived until 31 December 2026.",)
        ),
        section="4.7",
        owner="Facilities Manager",
    )


def _nothing_to_check() -> DutyOutcome:
    return duty(
        "bespoke-communications",
        "Help with bespoke communications that the chair decides on",
        section="4.8",
        owner="Head of Communications",
        nothing_to_check="No decision that asks for help: 4 meetings left out.",
        history=(
            HistoryEntry(
                "meeting SG-2025-03", "", HistoryOutcome.LAPSED, days(-500), days(-472), 0, ()
            ),
        ),
    )  # fmt: skip


def _others() -> tuple[DutyOutcome, ...]:
    return (
        duty(
            "situational-assessment-agreed",
            "Agree a revised Situational Assessment before its financial year begins",
            obligation(Status.OVERDUE, -238, window="2026/27"),
            section="4.2",
            bearer="Steering Group",
            answers="others",
            owner="Partnership Manager",
        ),
        duty(
            "channel-update",
            "Update every Steering Group meeting on caseload, reviews and concerns",
            obligation(Status.NOT_APPLICABLE, subject="meeting SG-2026-04", opens=None),
            obligation(Status.MET, subject="meeting SG-2026-03", evidence=(item("minutes", 4),)),
            section="4.2",
            bearer="Channel Chair",
            answers="others",
            owner="",
        ),
    )


FINDINGS = (
    FindingShown(
        "Dated after the check",
        "refresher-training",
        "A course is dated 3 December 2026, after the as-of date: it does not count.",
        ("registers.xlsx!training!C61",),
    ),
    FindingShown(
        "expired waiver",
        "award-due-diligence",
        "The waiver ended on 31 October 2026 and what it covered is not met.",
        ("registers.xlsx!waivers!F3", "registers.xlsx!checks!B8"),
    ),
)

ACKNOWLEDGED = AcknowledgedFinding(
    FindingShown(
        "Reference not found",
        "",
        "There is no row on the meetings sheet with the reference 'SG-9'.",
        ("registers.xlsx!minutes!B7",),
        "Minute M-7",
        ("M-7",),
    ),
    "The meeting was before the registers began.",
    "Prevent Lead",
    datetime.date(2027, 3, 31),
    "registers.xlsx!acknowledgements!row 2",
)

PROBLEMS = (
    ProblemShown(
        "cell unreadable", "training", "registers.xlsx", "training", "completed on",
        ("C52",), 1, ("Sept 2026",), 0,
        "'Sept 2026' is no whole date. Write day, month and year: 14 September 2026.",
        ("refresher-training",),
    ),
    ProblemShown(
        "file unreadable", "", "old-register.xls", "", "", (), 0, (), 0,
        "The file asks for a password. Save a copy without one.", (),
    ),
)  # fmt: skip

WAIVERS = (
    WaiverShown(
        "venue-booking-system", "venue V-1", "The hall is closed for repair.", "Chief Executive",
        datetime.date(2026, 9, 1), datetime.date(2026, 12, 31), "in force",
        "registers.xlsx!waivers!row 2",
    ),
    WaiverShown(
        "award-due-diligence", "all", "New form not ready.", "", None,
        datetime.date(2026, 10, 31), "incomplete", "registers.xlsx!waivers!row 3",
    ),
)  # fmt: skip

NOT_CHECKED = (
    "Whether what the registers record is true.",
    "Duties that only a person can judge, such as whether an action was proportionate.",
)


NOT_IN_FORCE = DutyAside(
    "hub-report", "Report to the regional hub", "4.2", "not in force until 1 April 2027"
)


COMING = (
    ComingVersion(
        duty="refresher-training",
        title="Refresher training (every 24 months)",
        section="4.6",
        bearer="OPCC",
        answers="office",
        owner="HR Officer",
        begins=days(38),
        is_new=False,
        status=Status.OVERDUE,
        checks=60,
        rule_words="From 1 January 2027: each of the staff is trained every 12 months.",
        status_without=Status.OVERDUE,
        obligations=(
            ComingObligation("S005", "", Status.DUE, days(38), 0, Status.MET, days(300)),
            ComingObligation("S017", "", Status.DUE, days(60), 22, Status.MET, days(425)),
            ComingObligation("S044", "", Status.OVERDUE, days(20), -18),
        ),
    ),
    ComingVersion(
        duty="deputy-lead",
        title="Deputy Prevent Lead",
        section="3",
        bearer="OPCC",
        answers="office",
        owner="",
        begins=days(128),
        is_new=True,
        status=Status.NOT_YET_DUE,
        checks=1,
        rule_words="From 1 April 2027: there is a deputy.",
    ),
)


YEAR_AHEAD = (
    ComingDate("refresher-training", "S017", "", Status.OVERDUE, None, None, days(-14), True),
    ComingDate("refresher-training", "S005", "", Status.MET, days(40), days(101), days(100), True),
    ComingDate("refresher-training", "S044", "", Status.MET, days(40), days(101), days(100), True),
    ComingDate(
        "referrals-reviewed",
        "office",
        "2026/27 Q4",
        None,
        days(38),
        days(128),
        days(127),
        False,
        True,
    ),
    ComingDate("deputy-lead", "office", "", None, days(128), days(219), days(218)),
)


def sample(notice: str = "", **changes: object) -> Assessment:
    """The whole made-up check."""
    kinds: dict[str, object] = {
        "not_in_force": (NOT_IN_FORCE,),
        "findings": FINDINGS,
        "problems": PROBLEMS,
        "waivers": WAIVERS,
        "coming": COMING,
        "year_ahead": YEAR_AHEAD,
        "acknowledged": (ACKNOWLEDGED,),
        "not_checked": NOT_CHECKED,
    }
    return assessment(duties(), notice, **{**kinds, **changes})
