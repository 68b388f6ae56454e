"""What has gone wrong in the example's documents, reviews, checks and control sheets."""

from __future__ import annotations

from examples.office.changes import Change, add, found, named
from examples.office.made import Office, day, table


def newer_agreement_ends_earlier(office: Office) -> None:
    """A newer agreement runs out before the one that it stands beside."""
    office["documents"] += table(
        "ref | kind | agreed on | in force from | review by | signed by OPCC",
        "ISA-3 | information sharing agreement | 2026-09-22 | 2026-10-05 | 2027-10-04 | Yes",
    )


def broken_cells(office: Office) -> None:
    """An error cell, and a formula that was never worked out; neither decides anything today."""
    named(office, "documents", "SA-2024")["priorities"] = "#REF!"
    named(office, "documents", "GUIDE-1")["review by"] = "=EDATE(F8,12)"


def assurance_without_terms(office: Office) -> None:
    """The force's last assurance says nothing of the national terms, and the office's first
    statement nothing of the filters."""
    last = found(office, "submissions", given_on=day("2026-09-28"), kind="assurance")
    last["covers"] = "IT filters"
    first = found(office, "submissions", for_year="2024/25", kind="assurance statement")
    first["covers"] = str(first["covers"]).replace("IT filters; ", "")


def review_of_a_year(office: Office) -> None:
    """A review of referrals that names a year, where the duty asks for a quarter."""
    rows = table(
        "subject | reviewed on | for period | by post | recorded on",
        "referrals | 2026-04-21 | 2025/26 | Prevent Lead | 2026-04-23",
    )
    add(office, "reviews", "R-", rows)


def replaced_versions_named(office: Office) -> None:
    """Two rows name what had been replaced by then: a review of the delivery model the Home
    Office's first assessment, and a disclosure the first agreement."""
    last = found(office, "reviews", subject="delivery model", reviewed_on=day("2026-07-28"))
    last["assessment"] = "HOA-1"
    found(office, "cases", agreement="ISA-2")["agreement"] = "ISA-1"


def days_as_text(office: Office) -> None:
    """Days typed as text: some that can be read, and a column that mixes two orders."""
    for text, on in (("14.01.2025", "2025-02-04"), ("12 May 2025", "2025-05-20")):
        found(office, "reviews", reviewed_on=day(on))["reviewed on"] = text
    found(office, "reviews", reviewed_on=day("2025-11-03"))["reviewed on"] = "Tue 4 November 2025"
    rows = [row for row in office["communications"] if row["topic"] == "other topic"]
    rows[4]["sent on"], rows[9]["sent on"] = "10/24/2025", "04/05/2026"


def odd_checks(office: Office) -> None:
    """Awards: checked late, dropped, with a concern, in a quarter with a nil return, and so far off
    that there is time yet; and a hire on a day that does not exist."""
    office["checks"] += table(
        "ref | kind | event on | cancelled | checked on | extremism outcome | decided by post",
        "H-18 | venue hire | 31/02/2026 | | 2026-01-29 | clear |",
        "DD-029 | commission | 2026-03-16 | | 2026-03-23 | clear |",
        "DD-031 | contract | 2026-06-15 | Yes | | |",
        "DD-032 | grant | 2026-07-20 | | 2026-07-01 | concern | Chief Executive",
        "DD-033 | grant | 2025-08-18 | | 2025-08-04 | clear |",
        "DD-034 | contract | 2028-01-10 | | | |",
    )


def control_sheets_that_do_nothing(office: Office) -> None:
    """Nil returns without a post, before the quarter was over or for a whole year, and waivers
    without an approver, of no duty that there is, or for a meeting that is written otherwise."""
    office["nil returns"] += table(
        "list | period | by post | given on",
        "permissive issues | 2026/27 Q1 | | 2026-07-08",
        "referrals | 2026/27 Q3 | Prevent Lead | 2026-11-02",
        "referrals | 2025/26 | Prevent Lead | 2026-04-08",
    )
    office["waivers"] += table(
        "duty | subject | reason | approved by | from | until",
        "it-filter-assurance | office | The force is changing its supplier | | 2026-10-05"
        " | 2027-03-31",
        "prevent-refresher | all | Course being rewritten | Chief Executive | 2026-10-05"
        " | 2027-01-31",
        "channel-update | SG 2026-4 | The chair was abroad | Chief Executive | 2026-11-10"
        " | 2027-01-31",
    )


def points_acknowledged(office: Office) -> None:
    """Two points that were looked at and are right; and acknowledgements that do nothing: without a
    reason, over, of one row of the two that a point is about, and of a reference that somebody also
    gave to a message."""
    message = next(row for row in office["communications"] if row["topic"] == "other topic")
    message["ref"] = "DD-032"
    office["acknowledgements"] += table(
        "finding | duty or row | reason | by post | until",
        "Decision to note | CASE-05 | Discussed with the Channel chair | Prevent Lead | 2027-03-31",
        "Nil return contradicted | no-extremist-funding | The award was entered late"
        " | Grants Officer | 2027-01-31",
        "Reference not found | SG-2026-5/1 | | Policy Officer | 2027-01-31",
        "Role still held | ROLE-6 | The two terms overlapped | Prevent Lead | 2026-10-31",
        "Older version named | CASE-09 | Signed before | Data Protection Officer | 2027-01-31",
        "Decision to note | DD-032 | Reported to the Board | Chief Executive | 2027-01-31",
    )


FAULTS_OF_RECORDS: tuple[Change, ...] = (
    newer_agreement_ends_earlier,
    broken_cells,
    assurance_without_terms,
    review_of_a_year,
    replaced_versions_named,
    days_as_text,
    odd_checks,
    control_sheets_that_do_nothing,
    points_acknowledged,
)
