"""Rows that cannot be read and might have met what is not met: each report gives all of them, and
those that might have met several obligations once."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from engine.assessment import (
    Assessment,
    CellToWrite,
    ItemShown,
    RejectedRow,
    RejectedRows,
    Remedy,
    UnreadPointer,
    UnreadRows,
)
from engine.outcome import Status
from engine.remedy.cell_words import NOT_VERIFIED
from reports.examined import UNREAD, pointer_words, rows_words, shared_words, unread_places
from reports.explain.explanation import Explanation, explain
from reports.explain.json import explain_json
from reports.explain.text import explain_text
from reports.html.report import to_html
from reports.json import from_json, to_json
from reports.next_step import NextSteps
from reports.places import Places
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import assessment, duty, elsewhere, item, obligation
from tests.support.html_page import parsed

_ID = "trained-unread-1"
_WORDS = "4 rows of Training do not say who or what they are about"


def unread(*numbers: int, **changes: object) -> UnreadRows:
    """Rows of training in which column A is to say whom they are about."""
    rows = tuple(item(row=number, person="", completed_on="2 May 2026") for number in numbers)
    made = UnreadRows(_ID, "training", "Training", "person", rows)
    return replace(made, **changes)  # type: ignore[arg-type]


def made(group: UnreadRows) -> Assessment:
    """Two people whom any of the rows might be about, one of them with a row of her own."""
    pointer = (UnreadPointer(group.id, len(group.rows)),)
    own = item(row=30, person="P-1", completed_on="May")
    unmet = [
        obligation(Status.OVERDUE, -3, subject="P-1", unread_groups=pointer, unreadable=(own,)),
        obligation(Status.OVERDUE, -2, subject="P-2", unread_groups=pointer),
        obligation(Status.MET, 90, subject="P-3"),
    ]
    return assessment((duty("trained", "Train", *unmet, unread_rows=(group,)),))


GROUP = unread(3, 4, 5, 9)


# Words ------------------------------------------------------------------------------------------


def test_what_is_said_of_rows_that_several_obligations_share() -> None:
    assert shared_words(GROUP) == _WORDS
    one = unread(3)
    assert shared_words(one) == "1 row of Training does not say who or what it is about"
    twice = replace(one, rows=(item(row=3, person="S048"),))  # two people have that reference
    assert shared_words(twice) == "1 row of Training does not say clearly who or what it is about"
    assert shared_words(replace(GROUP, column="")) == "4 rows of Training cannot be read"
    assert shared_words(unread(*range(2, 4129))).startswith("4,127 rows of Training do not ")


@pytest.mark.parametrize(
    ("group", "where"),
    [
        (GROUP, "A3:A5, A9"),
        (unread(9, 3, 5, 4), "A3:A5, A9"),
        (unread(*range(2, 4129)), "A2:A4128"),
        (replace(GROUP, column=""), "rows 3 to 5, 9"),
        (unread(3, column="another"), "row 3"),
        (unread(3, 4, column="another"), "rows 3 to 4"),
        (unread(2, 4, 6), "A2, A4, A6"),
        (unread(2, 4, 6, 8), "they are listed once, for this duty"),
    ],
)
def test_an_obligation_gives_the_cells_where_they_are_few_ranges(
    group: UnreadRows, where: str
) -> None:
    (said,) = pointer_words(duty("trained", "Train", unread_rows=(group,))).values()
    assert said == f"{shared_words(group)} and might meet this: {where}"


def test_rows_of_several_sheets_are_told_by_sheet() -> None:
    rows = (*unread(2, 3).rows, *(elsewhere(row, sheet="old") for row in unread(3, 4).rows))
    assert unread_places(rows, "person", Places(made(GROUP))) == (
        "training sheet: A2:A3; old sheet: A3:A4"
    )
    assert rows_words(rows) == (
        "registers.xlsx, training sheet, rows 2 to 3; registers.xlsx, old sheet, rows 3 to 4"
    )
    (said,) = pointer_words(duty("t", "t", unread_rows=(replace(GROUP, rows=rows),))).values()
    assert said.endswith("they are listed once, for this duty")


def test_the_reason_says_that_a_record_may_be_there() -> None:
    """Otherwise a person who has recorded it reads that no record shows it."""
    steps = NextSteps(made(GROUP), Places(made(GROUP)))
    own, shared, _ = made(GROUP).duties[0].obligations
    correct = "Correct D30 of training: 'LTS' is not a date. Enter the date, such as 25/04/2026."
    step = steps.of(replace(own, to_tell=(correct,)))
    assert step.why.endswith(
        " A row that may show it does not count until D30 of training is corrected."
    )
    assert step.step.startswith(
        "First correct D30 of training: 'LTS' is not a date. Enter the date that its record shows."
    )
    fill = "Fill in B4 of training, which is blank."
    two = steps.of(replace(shared, to_tell=(correct, fill, fill, fill)))
    assert two.why.endswith("until D30 of training and B4 of training are corrected.")
    assert f"{fill} 2 more corrections may be needed." in two.first
    assert "may show it" not in steps.of(shared).why


def test_what_to_do_names_the_column_that_the_sheet_of_such_a_row_lacks() -> None:
    """Otherwise a person adds the same row to a sheet that still lacks the column."""
    lacking = made(unread(3, 4, column="about"))
    steps = NextSteps(lacking, Places(lacking))
    cells = [CellToWrite(name, value) for name, value in (("ref", "new-1"), ("about", "M-1"))]
    new = Remedy(True, "Tell them.", "training", "", "training", 0, (*cells,))
    own, shared, _ = lacking.duties[0].obligations
    for one, more in ((own, ""), (shared, " and 1 more row")):
        cause = steps.of(replace(one, would_be_met_by=(new,)))
        assert f"{more} may show it, but no column of that sheet is read as 'about'." in cause.why
        add = "If it was done, fill in 'about' in its row: add the column to the training sheet. If"
        assert cause.step.startswith(add)
        assert cause.step.endswith(": Tell them; then add a row to the training sheet.")
        assert cause.short_step.endswith(
            " If not, once it is done, add a row to the training sheet."
        )
    there = replace(new, cells=(cells[0], CellToWrite("completed on", "2026-05-02")))
    cause = steps.of(replace(own, would_be_met_by=(there,)))
    assert cause.step == "Tell them; then add a row to the training sheet."


def test_a_row_is_not_called_wrong_where_its_sheet_has_no_such_column() -> None:
    row = item(row=40, person="P-2")
    near = RejectedRow(row, "'level' is not filled in", "level", "nothing")
    changes = (CellToWrite("level", "higher"),)
    fix = Remedy(True, "Complete the row.", "training", row.file, row.sheet, 40, changes)
    one = replace(
        made(GROUP).duties[0].obligations[1],
        would_be_met_by=(fix,),
        rejected=(RejectedRows("training", "Training", "", (near,), ()),),
    )
    assert NextSteps(made(GROUP), Places(made(GROUP))).of(one).step == (
        "If it was done, fill in 'level' in its row: add the column to the training sheet. If not,"
        " do it, then record it."
    )


def test_an_incomplete_record_without_a_fix_is_to_be_completed_in_its_row() -> None:
    """'No fix could be verified' told nobody what to do; a mapped sheet may lack the columns."""
    row = item(row=5, ref="")
    one = replace(
        made(GROUP).duties[0].obligations[1],
        listed_at=row,
        unmet_reason="The record is incomplete: 'role' is not filled in.",
        would_be_met_by=(Remedy(False, NOT_VERIFIED, "training", "", "", 0, ()),),
    )
    steps = NextSteps(made(GROUP), Places(made(GROUP)))
    assert steps.of(one).step == (
        f"Fill in what is missing in {steps.places.item(row)}, as its record shows. Add a column"
        " that the sheet does not have."
    )
    late = "It can no longer be done."
    fixes = (Remedy(False, late, "training", "", "", 0, ()),)
    assert steps.of(replace(one, would_be_met_by=fixes)).step == late


def test_a_row_without_a_key_is_not_about_itself() -> None:
    """'Meeting about row 2 (row 2)'."""
    row = item("meetings", 40, ref="", key="")
    near = RejectedRow(row, "'held' is not yes", "held", "no")
    one = replace(
        made(GROUP).duties[0].obligations[1],
        subject="row 40",
        subject_name="",
        listed_at=row,
        too_late=True,
        rejected=(RejectedRows("meetings", "Meetings", "", (near,), ()),),
    )
    why = NextSteps(made(GROUP), Places(made(GROUP))).of(one).why
    assert why.startswith("Meeting (")
    assert "about row" not in why


@pytest.mark.parametrize(
    ("columns", "cells", "are"),
    [(("passed",), "'passed'", "is"), (("passed", "note"), "'passed' and 'note'", "are")],
)
def test_a_cell_that_is_not_shown_may_be_blank_and_is_not_called_wrong(
    columns: tuple[str, ...], cells: str, are: str
) -> None:
    changes = tuple(CellToWrite(name, "yes") for name in columns)
    fix = Remedy(True, "Complete the row.", "training", "registers.xlsx", "training", 40, changes)
    one = replace(made(GROUP).duties[0].obligations[1], would_be_met_by=(fix,))
    cause = NextSteps(made(GROUP), Places(made(GROUP))).of(one)
    assert cause.step == (
        f"If its record shows that it was done, fill in or correct {cells} in row 40 of"
        " training. If not, do it, then record it."
    )
    assert cause.short.endswith(f" {are} blank or wrong")


# Reports ----------------------------------------------------------------------------------------


def test_the_page_lists_them_once_and_each_obligation_leads_there() -> None:
    block = parsed(to_html(made(GROUP))).one("details", id="duty-trained")
    (entry,) = [each for each in block.all("li") if each.attributes.get("id") == _ID]
    assert entry.text() == f"{_WORDS}: training sheet: A3:A5, A9"
    links = [each for each in block.all("a") if each.attributes["href"] == f"#{_ID}"]
    assert [link.text() for link in links] == [f"{_WORDS} and might meet this: A3:A5, A9"] * 2
    assert "A30 person: P-1" in block.text()


def test_an_explanation_lists_them_once_and_names_the_rows_of_each_obligation() -> None:
    found = explain(made(GROUP), "trained")
    assert isinstance(found, Explanation)
    lines = [line.strip("│├└─ ") for line in explain_text(found, 200).splitlines()]
    assert lines.count(f"{_WORDS} and might meet this: A3:A5, A9") == 2
    own = "training sheet, row 30: A30 person: P-1; B30 completed on: May"
    assert lines.count(own) == 1
    at = [number for number, line in enumerate(lines) if line == UNREAD][-1]
    assert lines[at + 1] == f"{_WORDS}: training sheet: A3:A5, A9"


def test_an_explanation_of_one_that_points_to_none_has_none() -> None:
    found = explain(made(GROUP), "trained", "P-3")
    assert isinstance(found, Explanation)
    assert found.unread_rows == ()
    assert "cannot be read" not in explain_text(found)


def test_the_json_has_each_row_once_and_obligations_point_to_it() -> None:
    given = made(GROUP)
    assert from_json(to_json(given)) == given
    whole = json.loads(to_json(given))
    (told,) = whole["duties"]
    (rows,) = told["unread_rows"]
    assert (rows["id"], rows["rows"]) == (_ID, ["s1.3", "s1.4", "s1.5", "s1.9"])
    assert whole["sheets"]["s1"]["rows"]["3"]["cells"]["B"] == "2 May 2026"
    assert [each.get("unread_groups", []) for each in told["obligations"]] == [
        [{"id": _ID, "count": 4}],
        [{"id": _ID, "count": 4}],
        [],
    ]
    found = explain(given, "trained")
    assert isinstance(found, Explanation)
    (shown,) = json.loads(explain_json(found))["unread_rows"]
    assert (shown["id"], [each["row"] for each in shown["rows"]]) == (_ID, [3, 4, 5, 9])


def test_the_workbook_has_a_row_for_each() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(made(GROUP))))
    listed = list(book["Records to correct"].iter_rows(min_row=3, values_only=True))
    place = "training sheet, row"
    assert listed[0] == (
        "4.6", "Train", "P-1", f"{place} 30", "A30 person: P-1; B30 completed on: May", "trained",
    )  # fmt: skip
    assert [each[:4] for each in listed[1:]] == [
        ("4.6", "Train", _WORDS, f"{place} {row}") for row in (3, 4, 5, 9)
    ]
    heads, first, *_ = book["Checks"].iter_rows(min_row=2, values_only=True)
    assert first[heads.index(UNREAD)] == (
        f"{place} 30: A30 person: P-1; B30 completed on: May\n"
        f"{_WORDS} and might meet this: A3:A5, A9"
    )


def test_what_a_cell_says_is_only_text_on_the_page() -> None:
    rows: tuple[ItemShown, ...] = tuple(
        elsewhere(row, sheet="<b>x</b>") for row in unread(3, 4).rows
    )
    text = to_html(made(replace(GROUP, rows=rows, title="<i>T</i>"))).decode()
    assert "<b>x" not in text
    assert "<i>T" not in text
