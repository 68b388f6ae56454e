"""Which columns stand in each sheet, in their order, and the headings that stand over them."""

from __future__ import annotations

from collections.abc import Mapping


def _columns(line: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in line.split("|"))


#: The columns of each register, and some of the office's own that no register has.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    register: _columns(line)
    for register, line in {
        "documents": "ref | kind | for year | issued on | agreed on | in force from | ended on"
        " | review by | received on | approved by post | published to | published on"
        " | signed by OPCC | covers | priorities",
        "reviews": "ref | subject | reviewed on | for period | about | stage | scope | considered"
        " | assessment | outcome | minuted at | by post | forum | recorded on",
        "people": "ref | person | kind | post | starts | ends | likely to refer from"
        " | higher level from | manages bookings from",
        "roles": "ref | role | post | from | to | trained on | experience confirmed",
        "training": "ref | person | role | course | level | source | completed on | passed"
        " | recorded on",
        "meetings": "ref | body | held on | cancelled | OPCC present | PCC present"
        " | Chief Executive present | chair or officer present | Prevent on agenda"
        " | priorities recorded",
        "minutes": "meeting | ref | item | outcome | minuted on | for year | scope | presented by"
        " | decisions | action",
        "communications": "ref | kind | sent on | audience | topic | about | covers"
        " | carries Prevent | Prevent considered | addresses | proportionate | on plan"
        " | recorded at | toolkit",
        "submissions": "ref | kind | from | to | given on | for year | covers | reviewed on"
        " | minuted at | published | amount | recorded on",
        "actions": "ref | plan | priority | owner organisation | risk | measure"
        " | achievable | proportionate | agreed on | due | re-agreed on | re-agreed to"
        " | completed on | cancelled",
        "issues": "ref | identified on | needs disruption | HOPA told on"
        " | disruptions team contacted on | risk assessed on | action agreed on | owner post"
        " | by when | OPCC help asked on | OPCC help given on",
        "venues": "ref | venue | hireable | from | to | policy",
        "checks": "ref | kind | event on | cancelled | checked on | extremism outcome"
        " | decided by post",
        "cases": "ref | kind | opened on | proportionate | appropriate | answered on | answer"
        " | purpose | lawful basis | agreement",
        "nil returns": "list | period | by post | given on",
        "waivers": "duty | subject | reason | approved by | from | until",
        "acknowledgements": "finding | duty or row | reason | by post | until",
        "owners": "duty | owner",
    }.items()
}

#: Where the office's headings are not the columns' own names with a capital.
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "documents": {"ref": "Document ref", "covers": "Contents", "kind": "Document type"},
    "people": {
        "ref": "Staff no",
        "person": "Name",
        "post": "Job title",
        "starts": "Date joined",
        "ends": "Date left",
        "likely to refer from": "Referrer from",
    },
    "training": {
        "ref": "Record",
        "person": "Staff no",
        "role": "Job role",
        "source": "Provided by",
        "completed on": "Date completed",
        "passed": "Passed?",
    },
    "meetings": {"ref": "Meeting ref", "body": "Meeting of", "held on": "Date held"},
    "communications": {"kind": "Type", "sent on": "Date sent", "covers": "Content"},
    "submissions": {"from": "Given by", "to": "Given to", "given on": "Date given"},
    "actions": {
        "ref": "Action ref",
        "owner organisation": "Owner",
        "due": "Due date",
        "re-agreed to": "Revised due date",
        "completed on": "Date completed",
    },
    "checks": {"kind": "Type", "event on": "Award date", "checked on": "Date checked"},
    "cases": {"ref": "Case ref"},
    "nil returns": {"list": "Nil return for", "by post": "Given by"},
    "waivers": {"duty": "Duty id", "subject": "For whom", "until": "Expires"},
    "acknowledgements": {"finding": "Point", "duty or row": "About", "by post": "Acknowledged by"},
    "owners": {"duty": "Duty id"},
}


def heading(register: str, column: str) -> str:
    """The heading over that column of the register's sheet."""
    return HEADINGS.get(register, {}).get(column, column[0].upper() + column[1:])
