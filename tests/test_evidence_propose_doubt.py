"""What an office may keep that is headed as a register is, and is not certain all the same."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence

import pytest

from evidence.mapping.propose.proposals import Certainty
from evidence.mapping.propose.sheets import propose
from evidence.raw_cells import RawSheet, RawValue, RawWorkbook
from tests.support.proposal_figures import registers

ROWS = 12
#: What the cells below a heading are: in each row a reference, a number, a day, a name, or the next
#: of some words.
Cells = str | Sequence[str]


def cells(of: Cells) -> list[RawValue]:
    """Twelve cells of a kind, or the words in turn."""
    first = datetime.date(2026, 1, 6)
    match of:
        case "days":
            return [first + datetime.timedelta(17 * number) for number in range(ROWS)]
        case "some days":
            days = cells("days")
            return [*days[:7], *[""] * 5]
        case "staff":
            return [str(20417 + 31 * number) for number in range(ROWS)]
        case "count":
            return [float(number + 1) for number in range(ROWS)]
        case "names":
            return [f"{chr(65 + number)}da Ash{chr(97 + number)}y" for number in range(ROWS)]
        case str():
            return [f"{of}{number + 1:03}" for number in range(ROWS)]
    return list(itertools.islice(itertools.cycle(of), ROWS))


def certain(sheet: str, title: str, headings: Mapping[str, Cells]) -> set[str]:
    """The columns that are certain, each as 'heading: register.column', and 'sheet' if a whole
    sheet is."""
    columns = map(cells, headings.values())
    rows: list[list[RawValue]] = [[title], [], [*headings], *map(list, zip(*columns, strict=True))]
    book = RawWorkbook("book.xlsx", "0" * 64, "xlsx", (RawSheet(sheet, False, 1, 1, rows),))
    (proposal,) = propose(book, registers())
    items = [item for table in proposal.tables for item in table.gives]
    names = {"sheet" for item in items if item.certainty == Certainty.CERTAIN}
    return names | {
        f"{column.source}: {item.register_id}.{column.column}"
        for item in items
        for column in item.columns
        if column.certainty == Certainty.CERTAIN
    }


COURSES = ["Prevent awareness", "Prevent refresher", "Channel awareness"]
POSTS = ["CEx", "Head of Policy", "Policy Officer", "DPO"]
BODIES = ["OPCC", "Warwickshire Police", "WCC", "Home Office"]
YES = ["Y", "N", "Y"]
TRAINING: dict[str, Cells] = {
    "Staff no": "staff",
    "Course": COURSES,
    "Date attended": "days",
    "Passed": YES,
}
PLAN: dict[str, Cells] = {
    "Ref": "A",
    "Owner": BODIES,
    "Agreed": "days",
    "Due": "days",
    "Completed": "some days",
}
MINUTES: dict[str, Cells] = {
    "Ref": "M",
    "Meeting": "S",
    "Item": ["CTLP", "Referral data"],
    "Minutes date": "days",
}
CHECKS: dict[str, Cells] = {
    "Ref": "C",
    "Kind": ["contract", "grant"],
    "Award date": "days",
    "Date checked": "days",
}
CHECKS |= {"Outcome": ["clear", "concern"]}


@pytest.mark.parametrize(
    ("title", "headings", "least"),
    [
        ("Prevent training", TRAINING, 3),
        ("Prevent action plan", PLAN, 4),
        ("Steering Group minutes (Prevent)", MINUTES, 3),
        ("Prevent due diligence", CHECKS, 4),
    ],
)
def test_columns_of_a_list_of_the_subject_are_certain(
    title: str, headings: Mapping[str, Cells], least: int
) -> None:
    assert len(certain("Log", title, headings)) >= least


GENERAL = ["Awareness", "Refresher", "Induction"]


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("Cyber awareness", TRAINING | {"Course": GENERAL}),
        ("H&S training", TRAINING | {"Course": GENERAL}),
        ("Data protection refreshers", TRAINING | {"Course": GENERAL}),
        ("VAWG action plan", PLAN),
        ("Serious violence delivery plan", PLAN | {"Measure of success": "Fewer than "}),
        ("Modern slavery due diligence", CHECKS),
        ("Credit checks on suppliers", CHECKS),
        ("Audit Committee minutes", MINUTES),
        ("Police and Crime Panel", {"Meeting ref": "P", "Date held": "days", "OPCC attended": YES}),
        ("Parking", {"Ref": "P", "Site": "Yard ", "Open to the public": YES, "From": "days"}),
        ("FOI requests", {"Our ref": "F", "Opened": "days", "Answered": "days"}),
        ("Training needs", TRAINING),
        ("Prevent training bookings", TRAINING),
        ("Prevent review schedule", {"Ref": "R", "Subject": ["SOP", "ToR"], "Review date": "days"}),
        ("Training invitations sent (Prevent)", TRAINING),
        ("Prevent training: expiry dates", TRAINING),
    ],
)
def test_nothing_is_certain_below_a_title_of_something_else(
    title: str, headings: Mapping[str, Cells]
) -> None:
    assert certain("Log", title, headings) == set()


PERSON: dict[str, Cells] = {"Staff no": "staff", "Course": COURSES, "Level": ["Basic", "Higher"]}


@pytest.mark.parametrize(
    "headings",
    [
        {"Code": "C", "Course": COURSES, "Provider": ["Home Office", "In house"]},
        PERSON,
        PERSON | {"Date booked": "days"},
        PERSON | {"Date invited": "days", "Invited by": "names"},
        PERSON | {"Expiry": "days", "Line manager": "names"},
        PERSON | {"Valid until": "days"},
        PERSON | {"Date assigned": "days", "Due date": "days"},
    ],
    ids=", ".join,
)
def test_courses_without_days_are_not_certain_records(
    headings: Mapping[str, Cells],
) -> None:
    assert certain("Log", "Prevent training", headings) == set()


@pytest.mark.parametrize(
    "more",
    [
        {"Start date": "days"},
        {"Leaving date": "some days"},
        {"Contract": ["Perm", "Fixed term", "Agency"]},
    ],
    ids=", ".join,
)
def test_a_table_that_may_list_people_or_their_training_is_not_certain(
    more: Mapping[str, Cells],
) -> None:
    headings: dict[str, Cells] = {"Staff no": "staff", "Name": "names", **more}
    headings |= {"Prevent training": COURSES, "Date completed": "days"}
    assert certain("Staff", "Staff", headings) == set()


def test_records_that_repeat_people_are_not_a_list_of_people() -> None:
    again: list[str] = [str(20417 + 31 * (number % 4)) for number in range(ROWS)]
    headings: dict[str, Cells] = {
        "Staff no": again,
        "Start date": "days",
        "Course": COURSES,
        "Completed": "days",
    }
    assert "Completed: training.completed on" in certain("Log", "Prevent training", headings)


@pytest.mark.parametrize(
    "heading",
    ["DNA", "Did not attend?", "Attended?", "Failed", "Exempt?", "Outstanding", "Showed up"],
)
def test_a_day_is_not_certain_where_another_column_may_say_that_it_did_not_happen(
    heading: str,
) -> None:
    headings: dict[str, Cells] = {"Staff no": "staff", "Course": COURSES, "Date attended": "days"}
    day = "Date attended: training.completed on"
    assert day in certain("Log", "Prevent training", headings | {"Lunch?": YES})
    assert day not in certain("Log", "Prevent training", headings | {heading: YES})


def test_a_due_date_is_not_due_diligence() -> None:
    due = certain("Log", "Prevent due diligence", CHECKS | {"DD due": "days", "Date checked": "X"})
    assert not any(column.endswith("checks.checked on") for column in due)


def test_an_author_has_not_authorised() -> None:
    headings: dict[str, Cells] = {
        "Doc ref": "D",
        "Kind": ["SOP", "ISA", "Training plan"],
        "Issued": "days",
    }
    by = certain("Log", "Prevent documents", headings | {"Author": POSTS})
    assert by == certain("Log", "Prevent documents", headings)
    assert "Approved by: documents.approved by post" in certain(
        "Log", "Prevent documents", headings | {"Approved by": POSTS}
    )


def test_a_line_number_is_not_a_staff_number() -> None:
    headings: dict[str, Cells] = {
        "Name": "names",
        "Contract": ["Perm", "Agency"],
        "Start date": "days",
    }
    for heading in ("Item", "Line number", "Staff no"):
        certain_columns = certain("Staff list", "Staff in post", {heading: "count", **headings})
        assert f"{heading}: people.ref" not in certain_columns
    certain_columns = certain("Staff list", "Staff in post", {"Staff no": "staff", **headings})
    assert "Staff no: people.ref" in certain_columns


def test_the_day_of_a_meeting_is_not_its_reference() -> None:
    certain_columns = certain(
        "Log", "Steering Group minutes (Prevent)", MINUTES | {"Meeting": "days"}
    )
    assert "Item: minutes.item" in certain_columns
    assert "Meeting: minutes.meeting" not in certain_columns


def test_a_heading_of_one_column_is_not_taken_for_another() -> None:
    roles = ["Prevent lead", "Channel chair", "Data Protection Officer", "Fire warden"]
    headings: dict[str, Cells] = {"Role": roles, "Post": POSTS, "Since": "days", "Trained": "days"}
    assert {"Role: roles.role", "Post: roles.post"} <= certain("Roles", "Who does what", headings)
