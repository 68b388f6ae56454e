"""What the spotless office has done before anybody could ask for it, so that nothing is due."""

from __future__ import annotations

from examples.office.changes import add, found, named
from examples.office.made import AS_OF, Office, Row, day, table
from examples.office.papers import ASSESSED, STATEMENT
from examples.office.training import day_in


def ahead(office: Office) -> None:
    """All that will fall due after the day that the example speaks for, done by that day. Raises
    ValueError where there is nobody but the PCC: a list of staff with no one on it tells nothing.
    """
    if len(office["people"]) < 2:
        raise ValueError("too few people: the spotless office needs one beside the PCC")
    _papers(office)
    _reviews(office)
    _told(office)
    _actions(office)
    for check in office["checks"]:
        if day_in(check, "event on") > AS_OF:
            check |= {"checked on": day("2026-11-16"), "extremism outcome": "clear"}


def _papers(office: Office) -> None:
    """New guidance for the staff; next year's assessment and plan; this year's statement."""
    named(office, "documents", "GUIDE-3")["ended on"] = day("2026-11-15")
    guidance = table(
        "ref | kind | issued on | in force from | review by | approved by post | published to"
        " | published on",
        "GUIDE-4 | staff guidance | 2026-11-09 | 2026-11-16 | 2027-11-15 | Prevent Lead"
        " | all staff; Deputy PCC | 2026-11-16",
    )
    agreed = table(
        "ref | kind | for year | issued on | agreed on | in force from | received on | covers"
        " | priorities",
        "SA-2027 | Situational Assessment | 2027/28 | 2026-11-12 | 2026-11-10 | 2027-04-01"
        f" | 2026-11-12 | {ASSESSED} | 5",
        "PLAN-2027 | partnership plan | 2027/28 | 2026-11-12 | 2026-11-10 | 2027-04-01"
        " | 2026-11-12 | | 5",
    )
    office["documents"] += guidance + agreed
    statement = table(
        "kind | from | to | given on | for year | covers | minuted at | recorded on",
        f"assurance statement | OPCC | Steering Group | 2026-11-03 | 2026/27 | {STATEMENT}"
        " | SG-2026-4 | 2026-11-05",
    )
    add(office, "submissions", "S-", statement)


def _reviews(office: Office) -> None:
    rows = table(
        "subject | reviewed on | for period | about | stage | scope | considered | outcome",
        "Situational Assessment | 2026-10-27 | | SA-2027 | draft | | |",
        "partnership plan | 2026-10-27 | | PLAN-2027 | draft | | |",
        "Situational Assessment | 2026-11-17 | | SA-2027 | agreed |"
        " | local issues; Police and Crime Plan |",
        "referrals | 2026-11-20 | 2026/27 Q3 | | | | referral data | fine",
        "OPCC actions | 2026-11-18 | | | | | | fine",
        "engagement planning | 2026-11-18 | | | | quarterly | | fine",
    )
    common: Row = {"by post": "Prevent Lead", "recorded on": day("2026-11-23")}
    add(office, "reviews", "R-", (row | common for row in rows))


def _told(office: Office) -> None:
    """Staff hear of next year's papers; the last briefing reached everybody; the Home Office has
    heard how its toolkit served. What was sent after the group's last meeting carries no message
    of its own, so no meeting still has to record it."""
    brief = "briefing | 2026-11-17 | all staff; Deputy PCC"
    rows = table(
        "kind | sent on | audience | about | covers",
        f"{brief} | SA-2027 | assessment priorities; local issues",
        f"{brief} | PLAN-2027 | group work",
    )
    told: Row = {
        "topic": "Prevent",
        "carries Prevent": "No",
        "toolkit": "not used",
    }
    last = found(office, "communications", kind="briefing", about="SG-2026-4")
    last |= {"audience": "all staff; PCC; Deputy PCC", "carries Prevent": "No"}
    for row in office["communications"]:
        if row["toolkit"] == "feedback needed":
            row["toolkit"] = "feedback given"
    add(office, "communications", "C-", (row | told for row in rows))


def _actions(office: Office) -> None:
    """The office's own are all done, and next year's plan has its first."""
    for row in office["actions"]:
        if row["owner organisation"] == "OPCC" and not row.get("completed on"):
            row["completed on"] = day("2026-11-12")
    rows = table(
        "plan | priority | owner organisation | agreed on | due | completed on",
        "PLAN-2027 | 1 | Warwickshire Police | 2026-11-10 | 2027-09-30 |",
        "PLAN-2027 | 2 | Warwickshire County Council | 2026-11-10 | 2027-09-30 |",
        "PLAN-2027 | 3 | OPCC | 2026-11-10 | 2027-04-30 | 2026-11-20",
        "PLAN-2027 | 4 | CTPWM | 2026-11-10 | 2027-12-17 |",
        "PLAN-2027 | 5 | Warwickshire Police | 2026-11-10 | 2028-03-31 |",
    )
    formed: Row = {
        "risk": "Signs are missed",
        "measure": "Nine in ten staff name the signs in the yearly test",
        "achievable": "Yes",
        "proportionate": "Yes",
    }
    add(office, "actions", "A-", (row | formed for row in rows))
