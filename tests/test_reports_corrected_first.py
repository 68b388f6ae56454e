"""No report says of a cell that cannot be read that something was not done: it says first which
cell to correct, and how."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.assessment import Assessment, ObligationOutcome, Program
from engine.check import CheckRequest, assess
from engine.outcome import Status
from evidence.read import read_evidence
from reports import view
from reports.brief import Brief, brief, points_of
from reports.next_step import Cause, NextStep
from tests.support.own_book import own_book

BOOK = own_book()
AS_OF = datetime.date(2026, 11, 24)
Row = dict[str, object]


def day(text: str) -> datetime.datetime:
    """A date as a spreadsheet has it."""
    return datetime.datetime.fromisoformat(text)


#: An office's few rows, by sheet.
ROWS: dict[str, tuple[Row, ...]] = {
    "People": (
        {"ref": "S-1", "name": "Ann Made", "kind": "staff", "starts": day("2025-09-01")},
        {"ref": "S-2", "name": "Bo Made", "kind": "staff", "starts": day("2024-01-01")},
    ),
    "Training": (
        {
            "ref": "T-1", "person's ref": "S-1", "role": "Officer", "course": "refresher",
            "level": "basic", "source": "gov.uk", "completed on": day("2026-05-14"),
            "passed": "yes",
        },
    ),
    "Meetings": (
        {
            "ref": "SG-1", "body": "Steering Group", "held on": day("2026-06-16"),
            "cancelled": "no", "who attended for the OPCC": "lead", "priorities recorded": "yes",
        },
        {
            "ref": "SG-2", "body": "Steering Group", "held on": day("2026-09-22"),
            "cancelled": "no", "who attended for the OPCC": "lead",
        },
        {
            "ref": "B-1", "body": "SWPB", "held on": day("2026-07-08"), "cancelled": "no",
            "PCC present": "present", "Chief Executive present": "present",
            "chair or officer present": "yes",
        },
    ),
    "Documents": (
        {
            "ref": "PP-1", "kind": "partnership plan", "for year": "2026/27",
            "issued on": day("2026-04-02"), "agreed on": day("2026-04-20"),
            "in force from": day("2026-04-20"), "published to": "partners",
            "published on": day("2026-04-22"), "number of priorities": 5,
        },
    ),
    "Communications": (
        {
            "ref": "C-1", "kind": "engagement", "sent on": day("2026-09-22"),
            "audience": "community", "topic": "Prevent", "includes a Prevent message": "yes",
            "Prevent considered": "yes", "aimed at": "main threats", "proportionate": "yes",
            "on plan": "yes", "recorded at": "SG-2", "Home Office toolkit": "not used",
        },
        {
            "ref": "C-2", "kind": "briefing", "sent on": day("2026-09-24"), "audience": "PCC",
            "topic": "Prevent", "about": "SG-2", "covers": "group work; local impact",
            "recorded at": "SG-2",
        },
    ),
    "Submissions": (
        {
            "ref": "F-1", "kind": "assurance", "from": "Warwickshire Police", "to": "OPCC",
            "given on": day("2026-06-15"), "for year": "2026/27",
            "covers": "IT filters; CTIRU terms", "published": "no",
        },
    ),
}  # fmt: skip
#: The only row of a sheet that most tests leave out.
MINUTES: tuple[Row, ...] = (
    {
        "ref": "M-1", "meeting": "SG-2", "item": "situational assessment", "outcome": "reviewed",
        "minutes circulated on": day("2026-09-29"),
    },
)  # fmt: skip


def checked(folder: Path, cells: Mapping[str, object]) -> Assessment:
    """The check of the office's rows with other texts in these cells, such as ``Meetings!F5``."""
    book = Workbook()
    for register in BOOK.registers.values():
        rows = ROWS.get(register.title, ())
        if not rows:
            continue
        sheet = book.create_sheet(register.title)
        headings = [spec.usual_heading for spec in register.columns if not spec.looks_in]
        assert {name for row in rows for name in row} <= set(headings)
        for line in (headings, *([row.get(name) for name in headings] for row in rows)):
            sheet.append(line)
    del book["Sheet"]
    for address, text in cells.items():
        name, _, cell = address.partition("!")
        book[name][cell].value = text
    book.save(folder / "office.xlsx")
    evidence = read_evidence([folder / "office.xlsx"], BOOK.registers)
    program = Program("t", "0", "t", "")
    return assess(CheckRequest(BOOK, evidence, AS_OF, program, None, ahead=False))


def next_step(made: Assessment, duty: str, subject: str = "") -> tuple[ObligationOutcome, NextStep]:
    """The first outstanding obligation of a duty (about the subject), with its next step."""
    parts = brief(made)
    (found,) = [each for each in made.duties if each.id == duty]
    one = next(
        one
        for one in found.obligations
        if one.status in view.OUTSTANDING and (not subject or one.subject == subject)
    )
    return one, parts.next_steps.of(one)


def listed(parts: Brief, duty: str) -> list[str]:
    """The lists of a report that have the duty."""
    overdue = [action.duty.id for action in (*parts.overdue, *parts.partners)]
    too_late = [each.id for each in parts.too_late]
    lists = {"overdue": overdue, "too late": too_late}
    return [name for name, ids in lists.items() if duty in ids]


@pytest.mark.parametrize(
    ("cells", "duty", "correction"),
    [
        (
            {"Meetings!F4": "yes"},
            "board-attendance",
            "First correct F4 of Meetings: 'yes' is not an option in this column. Enter one of"
            " these: present, deputy or absent.",
        ),
        (
            {"Meetings!E2": "Jo Made"},
            "steering-group-attendance",
            "First correct E2 of Meetings: 'Jo Made' is not an option in this column. Enter one"
            " of these: lead, deputy or none.",
        ),
    ],
)
def test_what_a_cell_may_show_is_not_too_late_to_do(
    cells: Mapping[str, object], duty: str, correction: str, tmp_path: Path
) -> None:
    made = checked(tmp_path, cells)
    one, step = next_step(made, duty)
    assert one.status is Status.OVERDUE
    assert one.too_late
    assert listed(brief(made), duty) == ["overdue"]
    assert step.cause is Cause.UNREADABLE
    assert "may show that this was done" in step.why
    assert step.step == (
        f"{correction} If it was not done, it can no longer be done. Say so in the assurance"
        " statement, or record a waiver."
    )


def test_an_unreadable_kind_is_not_made_that_of_another_duty(tmp_path: Path) -> None:
    made = checked(tmp_path, {"Documents!B2": "partnership plann"})
    for duty in ("information-sharing-agreement", "sop-next-review", "channel-terms"):
        one, step = next_step(made, duty)
        assert step.cause is Cause.NO_RECORD
        assert [fix.row for fix in one.would_be_met_by] == [0]
        assert step.why.startswith("No record shows that this was done.")
        assert "fill in or correct" not in step.step
    _, step = next_step(made, "channel-terms")
    assert step.first == (
        "First correct B2 of Documents: 'partnership plann' is not an option in this column. Did"
        " you mean partnership plan?"
    )


def test_a_row_that_names_one_with_an_unreadable_date_is_not_at_fault(tmp_path: Path) -> None:
    made = checked(tmp_path, {"Meetings!C3": "22-Sep"})
    for duty in ("communications-recorded", "engagement-recorded"):
        _, step = next_step(made, duty, "C-1")
        assert step.cause is Cause.UNREADABLE
        assert step.why.endswith(": 'SG-2' cannot be used until C3 of Meetings is corrected.")
        assert step.step == (
            "First correct C3 of Meetings: '22-Sep' has no year. Enter the date that its record"
            " shows."
        )


@pytest.mark.parametrize(
    ("cells", "duty", "subject", "first"),
    [
        (
            {"Communications!F3": None},
            "office-briefed",
            "SG-2, PCC",
            "First fill in F3 of Communications, which is blank.",
        ),
        (
            {"Communications!D3": "PCC, Deputy PCC and all staff"},
            "office-briefed",
            "SG-2, PCC",
            "First correct D3 of Communications: 'PCC, Deputy PCC and all staff' is several"
            " options. Put semicolons between them: PCC; Deputy PCC; all staff.",
        ),
    ],
)
def test_a_row_that_may_show_it_is_to_be_corrected_before_another_is_added(
    cells: Mapping[str, object], duty: str, subject: str, first: str, tmp_path: Path
) -> None:
    _, step = next_step(checked(tmp_path, cells), duty, subject)
    assert step.first == first
    assert " A row that may show it does not count until " in step.why
    assert step.after.startswith("If that does not show it: ")
    assert "may show it, but what is needed is missing" not in step.why


def test_a_repeated_heading_is_told_once_for_several_people(tmp_path: Path) -> None:
    other = {"Training!A3": "T-2", "Training!B3": "S-2", "Training!H3": "yes"}
    done = {"Training!G3": day("2026-05-14"), "Training!F3": "gov.uk", "Training!E3": "basic"}
    parts = brief(checked(tmp_path, {"Training!M1": "course", **other, **done}))
    (found,) = [action for action in parts.overdue if action.duty.id == "staff-trained"]
    assert found.step == (
        "First correct the Training sheet. Two columns have the heading 'course' (D1 and M1), so"
        " neither was read. Keep one, and delete or rename the other. Then check again."
    )


def test_a_missing_column_is_the_only_thing_to_do(tmp_path: Path) -> None:
    _, step = next_step(checked(tmp_path, {"Training!D1": "cost"}), "induction-training", "S-1")
    assert step.step == "First add the 'course' column to the Training sheet, and check again."


def test_a_blank_cell_of_a_meeting_may_still_be_filled_in(tmp_path: Path) -> None:
    """Nobody knows whether anybody attended: a forgotten cell is not 'none'."""
    for text, past in ((None, False), ("none", True)):
        made = checked(tmp_path, {"Meetings!E3": text})
        one, step = next_step(made, "steering-group-attendance", "SG-2")
        assert one.too_late
        assert view.is_past(one) is past
        if not past:
            assert step.step == (
                "If it was done on 22 September 2026, enter lead or deputy in E3 of Meetings"
                " ('who attended for the OPCC'). If it was not, it is too late: say so in the"
                " assurance statement, or record a waiver."
            )


@pytest.mark.parametrize("booked", [None, day("2026-12-01")])
def test_a_booked_row_is_completed_and_no_other_added(tmp_path: Path, booked: object) -> None:
    """Otherwise the booked row stays for ever."""
    cells = {"Training!D2": "induction", "Training!G2": booked, "Training!H2": "no"}
    _, step = next_step(checked(tmp_path, cells), "induction-training", "S-1")
    assert step.step == (
        "Once it is done, enter the date in G2 and yes in H2 of Training: row 2 is only booked."
    )
    cells["Training!D2"] = "awareness"
    _, step = next_step(checked(tmp_path, cells), "induction-training", "S-1")
    assert step.step.endswith("then add a row to the Training sheet.")


def test_codes_joined_by_a_word_are_to_be_separated(tmp_path: Path) -> None:
    reviewed = {"Submissions!H2": day("2026-06-01")}
    made = checked(tmp_path, {"Submissions!G2": "IT filters and CTIRU terms", **reviewed})
    _, step = next_step(made, "it-filter-assurance")
    assert step.cause is Cause.UNREADABLE
    assert step.step == (
        "Correct G2 of Submissions: 'IT filters and CTIRU terms' is several options. Put"
        " semicolons between them: IT filters; CTIRU terms."
    )


def test_of_two_cells_the_unreadable_one_comes_first(tmp_path: Path) -> None:
    made = checked(tmp_path, {"Submissions!G2": "IT filters and CTIRU terms"})
    _, step = next_step(made, "it-filter-assurance")
    assert step.cause is Cause.UNREADABLE
    assert step.step == (
        "First correct G2 of Submissions: 'IT filters and CTIRU terms' is several options. Put"
        " semicolons between them: IT filters; CTIRU terms. If its record shows that it was done,"
        " fill in or correct 'reviewed on' in row 2 of Submissions. If not, do it, then record it."
    )


def test_a_formula_without_a_result_is_not_said_to_be_blank(tmp_path: Path) -> None:
    made = checked(tmp_path, {"Training!G2": "=TODAY()-100"})
    (found,) = [each for each in made.duties if each.id == "training-record-kept"]
    assert [one.to_tell for one in found.obligations] == [
        (
            "Correct G2 of Training: the result of this formula is missing. Open the workbook in"
            " Excel, save it and run the check again.",
        )
    ]


def test_a_heading_in_a_table_is_one_problem_and_no_person(tmp_path: Path) -> None:
    made = checked(tmp_path, {"People!A4": "Leavers"})
    words = (
        "Row 4 has only 'Leavers' in A4. If it is a heading, a total or a note, delete it or move"
        " it out of the table. If it says that rows below it do not count, first move these to"
        " another sheet. If it is a record, fill in C4 and D4."
    )
    assert [p.message for p in made.problems if p.sheet == "People"] == [words]
    (found,) = [each for each in made.duties if each.id == "refresher-training"]
    (one,) = [one for one in found.obligations if one.status is Status.CANNOT_TELL]
    assert one.to_tell == (
        "Correct row 4 of People: it has only 'Leavers' in A4. If it is a heading, a total or a"
        " note, delete it or move it out of the table. If it says that rows below it do not count,"
        " first move these to another sheet. If it is a record, fill in C4 and D4.",
    )


def test_a_total_below_a_table_may_show_nothing(tmp_path: Path) -> None:
    made = checked(tmp_path, {"Submissions!J3": "Total spent", "Submissions!K3": 15000})
    (problem,) = [problem for problem in made.problems if problem.sheet == "Submissions"]
    assert problem.message.startswith("Row 3 has only 'Total spent' in J3 and '15000' in K3. If")
    assert not next_step(made, "officer-funding")[1].first


@pytest.mark.parametrize(
    ("cells", "duty", "subject", "first"),
    [
        (
            {"Training!B2": "S-11"},
            "refresher-training",
            "S-1",
            "First correct B2 of Training: 'S-11' is not on People. Did you mean 'S-1'? If not, add"
            " its row.",
        ),
        (
            {"Training!B2": "Ann Made"},
            "refresher-training",
            "S-1",
            "First correct B2 of Training: this cell contains a name. On People the person is S-1:"
            " enter that.",
        ),
        (
            {"Training!B2": "S-1 and S-2"},
            "refresher-training",
            "S-2",
            "First correct B2 of Training: 'S-1 and S-2' contains 2 references, but this column"
            " takes one. Enter one of them here, and add a row for each of the others.",
        ),
        (
            {"Minutes!B2": "SG-9"},
            "situational-assessment-reviewed",
            "SG-2",
            "First correct B2 of Minutes: 'SG-9' is not on Meetings. Correct it, or add its row.",
        ),
    ],
)
def test_a_row_with_an_unknown_name_is_corrected_before_another_is_added(
    cells: Mapping[str, object],
    duty: str,
    subject: str,
    first: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ROWS, "Minutes", MINUTES)
    made = checked(tmp_path, cells)
    one, step = next_step(made, duty, subject)
    assert step.first == first
    assert step.after.startswith("If that does not show it: ")
    (cell,) = cells
    (found,) = [finding for finding in made.findings if finding.places[0].endswith(f"!{cell}")]
    (points,) = [points for points in points_of(made) if found in points.findings]
    assert points.title == "Could change a result"
    assert points.duties[points.findings.index(found)] != ""
    near = [row for group in one.rejected for row in group.rows if cell.startswith(row.item.sheet)]
    assert near[0].item.row == int(cell[-1])


@pytest.mark.parametrize(
    "cells",
    [
        {"Training!B2": "S-11"},  # that is S-1
        {"Training!B2": "S-11", "Training!G2": day("2026-11-30")},
        {"Training!B2": "Left-9"},
    ],
)  # fmt: skip
def test_a_row_of_somebody_else_is_not_told(cells: Mapping[str, object], tmp_path: Path) -> None:
    _, step = next_step(checked(tmp_path, cells), "refresher-training", "S-2")
    assert step.first == ""


def test_the_day_of_new_minutes_is_that_of_their_circulation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS, "Minutes", MINUTES)
    one, _ = next_step(checked(tmp_path, {}), "situational-assessment-reviewed", "SG-1")
    (fix,) = one.would_be_met_by
    (cell,) = [cell for cell in fix.cells if cell.column == "minuted on"]
    assert cell.says == "the date on which the minutes were circulated"


def test_a_person_whose_reference_is_blank_is_there_already(tmp_path: Path) -> None:
    made = checked(tmp_path, {"People!A2": None})
    meant = "If row 2, whose 'ref' is blank, is meant, fill in A2 of People. Otherwise"
    _, step = next_step(made, "training-record-kept", "T-1")
    assert step.step == (
        f"{meant} check cell B2 of Training for a typing error. If it has none, add the person to"
        " People."
    )
    (found,) = [finding for finding in made.findings if "S-1" in finding.message]
    assert found.message == f"'S-1' is not on People. {meant} correct it, or add its row."


def test_a_blank_date_of_the_row_that_is_named_is_filled_in_first(tmp_path: Path) -> None:
    made = checked(tmp_path, {"People!D2": None})
    _, step = next_step(made, "training-record-kept", "T-1")
    assert step.cause is Cause.INCOMPLETE
    assert step.short == "D2 of People is blank"
    assert step.why.endswith(" names a row that is not complete: 'S-1' has no date in 'starts'.")
    assert step.step.startswith("First fill in D2 of People, which is blank: enter the date")
    assert "Training" not in step.step


@pytest.mark.parametrize(
    ("cells", "duty", "why", "first"),
    [
        (
            {"Minutes!E2": day("2026-09-03")},
            "situational-assessment-reviewed",
            "'minutes circulated on', 3 September 2026, is before 'meeting held on', 22 September"
            " 2026.",
            "First correct E2 of Minutes: ",
        ),
        (
            {"Documents!I3": day("2025-04-01")},
            "pathway-available",
            "'review by', 1 April 2025, is before 'published on', 1 April 2026.",
            "First correct I3 of Documents: ",
        ),
    ],
)
def test_a_date_that_cannot_be_right_is_corrected_first(
    cells: Mapping[str, object],
    duty: str,
    why: str,
    first: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pathway = {
        "ref": "RP-1", "kind": "referral pathway", "agreed on": day("2026-04-01"),
        "review by": day("2027-04-01"), "published to": "all staff",
        "published on": day("2026-04-01"),
    }  # fmt: skip
    monkeypatch.setitem(ROWS, "Minutes", MINUTES)
    monkeypatch.setitem(ROWS, "Documents", (*ROWS["Documents"], pathway))
    one, step = next_step(checked(tmp_path, cells), duty, "SG-2" if "Minutes!E2" in cells else "")
    assert "needed again by 1 April 2025" not in step.why
    assert step.why.endswith(f" has a wrong date: {why}")
    assert step.step.startswith(f"{first}{why} Correct the date that is wrong. If that does not")
    impossible = one.deadline is not None and one.deadline <= day("2026-04-01").date()
    assert one.unmet_reason.startswith("Last completed on ")
    assert one.unmet_reason.endswith(": check them.") is impossible
