"""The office's and the group's documents, and what one body has submitted to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from examples.office.made import Row, day, later, numbered, table, year_of
from examples.office.meetings import held
from examples.office.training import day_in

ASSESSED = (
    "Local Profile; corporate risk; partner information; sources examined;"
    " priorities and reasons; threat against resources; engagement plan"
)


def document_rows() -> list[Row]:
    """Every version of every document, by kind."""
    return _policies() + _pathways() + _agreements() + _received() + _yearly()


def _policies() -> list[Row]:
    return table(
        "ref | kind | issued on | in force from | ended on | review by | approved by post"
        " | published to | published on | covers",
        "SOP-1 | SOP | 2024-09-24 | 2024-10-01 | 2025-09-29 | 2025-09-30 | Chief Executive"
        " | all staff | 2024-10-07 |",
        "SOP-2 | SOP | 2025-09-23 | 2025-09-30 | 2026-09-27 | 2026-09-30 | Chief Executive"
        " | all staff | 2025-10-01 |",
        "SOP-3 | SOP | 2026-09-22 | 2026-09-28 | | 2027-09-27 | Chief Executive"
        " | all staff | 2026-09-29 |",
        "GUIDE-1 | staff guidance | 2024-09-30 | 2024-10-01 | 2025-01-19 | 2025-09-30"
        " | Prevent Lead | all staff; Deputy PCC | 2024-10-01 |",
        "GUIDE-2 | staff guidance | 2025-01-13 | 2025-01-20 | 2025-12-14 | 2026-01-19"
        " | Prevent Lead | all staff; Deputy PCC | 2025-01-20 |",
        "GUIDE-3 | staff guidance | 2025-12-08 | 2025-12-15 | | 2026-12-14"
        " | Prevent Lead | all staff; Deputy PCC | 2025-12-15 |",
        "TP-1 | training plan | 2024-09-16 | 2024-10-01 | 2025-09-28 | 2025-09-30"
        " | Prevent Lead | all staff | 2024-10-01 | roles and levels",
        "TP-2 | training plan | 2025-09-15 | 2025-09-29 | 2026-09-27 | 2026-09-28"
        " | Prevent Lead | all staff | 2025-09-29 | roles and levels",
        "TP-3 | training plan | 2026-09-14 | 2026-09-28 | | 2027-09-27"
        " | Prevent Lead | all staff | 2026-09-28 | roles and levels",
        "VP-1 | venue policy | 2025-04-28 | 2025-05-19 | | 2028-05-18"
        " | Chief Executive | all staff; public | 2025-05-20 | due diligence",
    )


def _pathways() -> list[Row]:
    """Each was agreed with the group before the staff were shown it."""
    rows = table(
        "ref | issued on | agreed on | in force from | ended on | review by | published on",
        "PATH-1 | 2024-09-16 | 2024-08-13 | 2024-10-01 | 2025-09-21 | 2025-09-30 | 2024-10-01",
        "PATH-2 | 2025-09-17 | 2025-09-16 | 2025-09-22 | 2026-09-13 | 2026-09-21 | 2025-09-22",
        "PATH-3 | 2026-09-07 | 2026-08-11 | 2026-09-14 | | 2027-09-13 | 2026-09-14",
    )
    common: Row = {
        "kind": "referral pathway",
        "approved by post": "Prevent Lead",
        "published to": "all staff",
        "covers": "escalation",
    }
    return [row | common for row in rows]


def _agreements() -> list[Row]:
    return table(
        "ref | kind | agreed on | in force from | ended on | review by | signed by OPCC | covers",
        "ISA-1 | information sharing agreement | 2024-05-20 | 2024-06-03 | | 2026-06-02 | Yes |",
        "ISA-2 | information sharing agreement | 2026-05-12 | 2026-05-18 | | 2028-05-17 | Yes |",
        "CTOR-1 | Channel terms of reference | 2024-03-12 | 2024-04-01 | | 2027-03-31 | |",
        "STAND-1 | standalone plan | 2026-04-28 | 2026-05-01 | | | | engagement plan",
    )


def _received() -> list[Row]:
    return table(
        "ref | kind | issued on | received on",
        "NG-1 | national guidance | 2025-03-18 | 2025-03-20",
        "HOA-1 | Home Office assessment | 2024-11-20 | 2024-11-25",
        "HOA-2 | Home Office assessment | 2026-03-25 | 2026-03-30",
    )


def _yearly() -> list[Row]:
    """The Situational Assessment and the plan of each year, agreed by the group."""
    assessments = table(
        "ref | for year | issued on | agreed on | in force from | received on | priorities",
        "SA-2024 | 2024/25 | 2024-03-19 | 2024-03-12 | 2024-04-01 | 2024-03-21 | 4",
        "SA-2025 | 2025/26 | 2025-02-18 | 2025-02-11 | 2025-04-01 | 2025-02-20 | 5",
        "SA-2026 | 2026/27 | 2026-02-17 | 2026-02-10 | 2026-04-01 | 2026-02-19 | 5",
    )
    plans = table(
        "ref | for year | issued on | agreed on | in force from | received on | priorities",
        "PLAN-2024 | 2024/25 | 2024-05-21 | 2024-05-14 | 2024-05-14 | 2024-05-22 | 4",
        "PLAN-2025 | 2025/26 | 2025-05-08 | 2025-05-06 | 2025-05-06 | 2025-05-09 | 5",
        "PLAN-2026 | 2026/27 | 2026-05-07 | 2026-05-05 | 2026-05-05 | 2026-05-08 | 5",
    )
    assessed: Row = {"kind": "Situational Assessment", "covers": ASSESSED}
    planned: Row = {"kind": "partnership plan"}
    return [row | assessed for row in assessments] + [row | planned for row in plans]


STATEMENT = "overall compliance; partnership; IT filters; staff update; training; referral pathway"
_BOARD_TOPICS = (
    "Situational Assessment; action plan; overall compliance; partner engagement",
    "referral pathway; Channel; training; overall compliance",
)


def submission_rows(meetings: Sequence[Row]) -> list[Row]:
    """What was given, by day, keyed S-1, S-2 …"""
    rows = _own() + _of_others() + [*_to_the_board(meetings)]
    return numbered("S-", sorted(rows, key=lambda row: str(row["given on"])))


def _own() -> list[Row]:
    """What the office and the PCC give in each financial year."""
    statement = "assurance statement | OPCC | Steering Group"
    contribution = "contribution | OPCC | Steering Group"
    assurance = "assurance | OPCC | Steering Group"
    local = "local information | OPCC | Steering Group"
    assured = "training plan; referral pathway; training"
    rows = table(
        "kind | from | to | given on | for year | covers | minuted at",
        f"{statement} | 2025-02-04 | 2024/25 | {STATEMENT} | SG-2025-1",
        f"{statement} | 2026-02-03 | 2025/26 | {STATEMENT} | SG-2026-1",
        f"{contribution} | 2024-12-10 | 2025/26 | risk assessment | SG-2025-1",
        f"{contribution} | 2025-12-09 | 2026/27 | risk assessment | SG-2026-1",
        f"{contribution} | 2026-11-03 | 2027/28 | risk assessment | SG-2026-4",
        f"{contribution} | 2025-01-14 | 2024/25 | CTLP | SG-2025-1",
        f"{contribution} | 2025-10-14 | 2025/26 | CTLP | SG-2025-4",
        f"{contribution} | 2026-10-06 | 2026/27 | CTLP | SG-2026-4",
        f"{contribution} | 2025-02-04 | 2024/25 | Channel | SG-2025-1",
        f"{contribution} | 2025-07-08 | 2025/26 | Channel | SG-2025-3b",
        f"{contribution} | 2026-07-14 | 2026/27 | Channel | SG-2026-3",
        f"{assurance} | 2025-02-04 | 2024/25 | {assured} | SG-2025-1",
        f"{assurance} | 2026-02-03 | 2025/26 | {assured} | SG-2026-1",
        f"{assurance} | 2026-10-27 | 2026/27 | {assured} | SG-2026-4",
        f"{local} | 2025-01-21 | 2024/25 | CTLP | SG-2025-1",
        f"{local} | 2026-01-20 | 2025/26 | CTLP | SG-2026-1",
        f"{local} | 2026-10-20 | 2026/27 | CTLP | SG-2026-4",
    )
    paid = table(
        "given on | for year | amount",
        "2024-11-29 | 2024/25 | 18000",
        "2025-05-30 | 2025/26 | 18500",
        "2026-05-29 | 2026/27 | 19000",
    )
    funding: Row = {"kind": "funding", "from": "PCC", "to": "Warwickshire County Council"}
    return rows + [funding | row for row in paid] + [*_to_the_home_office()]


def _to_the_home_office() -> Iterator[Row]:
    for on in ("2025-02-27", "2025-09-30", "2026-09-29"):
        yield {
            "kind": "report",
            "from": "PCC",
            "to": "Home Office",
            "given on": day(on),
            "for year": year_of(day(on)),
            "covers": "SPR",
            "published": "Yes",
        }


def _of_others() -> list[Row]:
    """The force's assurances on its filters, and the council's on its Channel process."""
    filters, council = "IT filters; CTIRU terms", "Warwickshire County Council"
    return table(
        "kind | from | to | given on | reviewed on | covers",
        f"assurance | Warwickshire Police | OPCC | 2024-11-18 | 2024-10-28 | {filters}",
        f"assurance | Warwickshire Police | OPCC | 2025-10-06 | 2025-09-15 | {filters}",
        f"assurance | Warwickshire Police | OPCC | 2026-09-28 | 2026-09-07 | {filters}",
        f"assurance | {council} | Steering Group | 2025-05-06 | | Channel guidance",
        f"assurance | {council} | Steering Group | 2026-04-28 | | Channel guidance",
    )


def _to_the_board(meetings: Sequence[Row]) -> Iterator[Row]:
    """The group's report to each meeting of the Board, in turn on one half of the topics."""
    for number, meeting in enumerate(held(meetings, "SWPB")):
        if meeting["Prevent on agenda"] == "Yes":
            given = later(day_in(meeting, "held on"), -7)
            yield {
                "kind": "report",
                "from": "Steering Group",
                "to": "SWPB",
                "given on": given,
                "covers": _BOARD_TOPICS[number % 2],
                "minuted at": meeting["ref"],
            }
