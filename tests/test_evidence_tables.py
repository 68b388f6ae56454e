"""Real files read into tables: sheets, headings, rows, merges, repeats, and each exact message."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from evidence.cells.undone import undone_or_to_come
from evidence.filenames import names_of
from evidence.problem import EvidenceNote
from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.read import read_books, read_evidence
from evidence.register import ColumnSpec
from evidence.table import CellState, EvidenceFile, MergedCells, Place
from record.recheck import recheck
from tests.support.table_builders import (
    HEADINGS,
    REGISTERS,
    ROW,
    TRAINING,
    Rows,
    csv_file,
    new_book,
    notes,
    problems,
    read,
    sheet_of,
    states,
    training,
    values,
    xlsx,
)

DAY = datetime.date(2026, 4, 25)


def saved(book: Workbook, path: Path) -> Path:
    """The path, once the workbook is there."""
    book.save(path)
    return path


# Sheets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Training", " TRAINING ", "training_record", "Training-Record."])
def test_a_sheet_is_found_by_any_accepted_spelling_of_its_name(tmp_path: Path, name: str) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {name: [HEADINGS, ROW]}))
    table = training(evidence)
    assert (table.found, len(table), evidence.problems, evidence.notes) == (True, 1, (), ())
    assert values(table, "completed on") == [DAY]
    assert values(table, "person") == ["007"]
    assert table.place(0) == Place("a.xlsx", name, 2, "")
    assert table.place(0, "person") == Place("a.xlsx", name, 2, "B2")
    assert table.place(0, "passed") == Place("a.xlsx", name, 2, "")


def test_a_note_says_that_letters_were_lost(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "Training.csv", [HEADINGS, ("T-1\ufffd", *ROW[1:])])
    assert (
        "Some letters in this file were lost when it was saved, and \ufffd is there in their place."
        " Open the original in Excel and save it as CSV UTF-8 (comma delimited), or as .xlsx."
    ) in notes(read(file))


def test_sheets_that_explain_the_workbook_are_not_listed_as_unread(tmp_path: Path) -> None:
    table: list[Sequence[object]] = [("who", "when"), ("Ann", "1 May")]
    guide: list[Sequence[object]] = [["Ask first."], [None, "Then type."]]
    sheets = {"Read me": guide, "Options": table}
    assert read(xlsx(tmp_path / "a.xlsx", sheets)).unused == ()
    (unused,) = read(xlsx(tmp_path / "b.xlsx", {"Read me": table})).unused
    assert unused.sheet == "Read me"


def test_a_sheet_with_an_unknown_name_is_a_note_with_the_nearest(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Guide": [["hello"]], "Trainin": [HEADINGS, ROW]})
    evidence = read(file)
    assert notes(evidence) == [
        "The sheet 'Guide' was not read: no evidence sheet has that name.",
        "The sheet 'Trainin' was not read: no evidence sheet has that name."
        " If it is the 'Training' sheet, rename it to 'Training'.",
    ]
    assert problems(evidence) == [
        (
            "sheet missing",
            "!!",
            "There is no 'Training' sheet. If the sheet 'Trainin' is meant, rename it to"
            " 'Training'.",
        ),
    ]
    assert not training(evidence).given


def test_a_register_that_was_not_given_is_not_a_problem(tmp_path: Path) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Guide": [["hello"]]}))
    assert problems(evidence) == []
    assert not training(evidence).given
    assert not training(evidence).found
    assert not evidence.tables["waivers"].found
    assert [len(table) for table in evidence.tables.values()] == [0, 0]
    assert set(training(evidence).columns) == {c.name for c in training(evidence).register.columns}


def test_two_sheets_of_one_name_are_neither_read(tmp_path: Path) -> None:
    file = xlsx(
        tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW], "Training ": [HEADINGS], "Waivers": []}
    )
    other = xlsx(tmp_path / "b.xlsx", {"Training": [HEADINGS, ROW]})
    evidence = read(file, other)
    message = (
        "The sheets 'Training' and 'Training ' have almost the same name, so it is not clear"
        " which to use. Move all the rows to one of them and delete the other."
    )
    reported = [problem for problem in problems(evidence) if problem[0] == "sheet twice"]
    assert reported == [("sheet twice", "a.xlsx!Training!", message)]
    sheets = [problem.sheets for problem in evidence.problems if problem.sheets]
    assert sheets == [("Training", "Training ")]
    assert not training(evidence).found
    assert len(training(evidence)) == 0


def test_a_csv_file_is_a_sheet_named_as_the_file(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "training-record.csv", [HEADINGS, ROW])
    stray = csv_file(tmp_path / "trainin.csv", [HEADINGS, ROW])
    evidence = read(file, stray)
    table = training(evidence)
    assert values(table, "person") == ["007"]
    assert table.place(0, "ref") == Place("training-record.csv", "training-record", 2, "A2")
    assert evidence.unused == (
        EvidenceNote(
            "trainin.csv",
            "trainin",
            "The file 'trainin' was not read: no evidence sheet has that name."
            " If it is the 'Training' sheet, rename it to 'Training'.",
            "Training",
        ),
    )


def test_a_renamed_sheet_is_known_by_its_headings(tmp_path: Path) -> None:
    alone = read(xlsx(tmp_path / "a.xlsx", {"Log of 2026": [["A title"], HEADINGS, ROW]}))
    assert [note.rename_to for note in alone.unused] == ["Training"]
    assert problems(alone) == [
        (
            "sheet missing",
            "!!",
            "There is no 'Training' sheet. If the sheet 'Log of 2026' is meant, rename it to"
            " 'Training'.",
        ),
    ]
    both = {"Training": [HEADINGS, ROW], "Log of 2026": [HEADINGS, ROW]}
    beside = read(xlsx(tmp_path / "b.xlsx", both))
    (note,) = beside.unused
    assert note.message == (
        "The sheet 'Log of 2026' was not read, because 'Training' was. If it is a copy, delete it."
        " If it has other rows, move them to 'Training'."
    )
    assert note.rename_to == ""
    assert problems(beside) == []
    few = read(xlsx(tmp_path / "c.xlsx", {"Log of 2026": [HEADINGS[:2], ROW[:2]]}))
    assert [note.rename_to for note in few.unused] == [""]


def test_a_record_in_the_place_of_the_headings_is_not_to_be_overwritten(tmp_path: Path) -> None:
    """Pasted over it, the headings would delete the record."""
    for rows, number in (([ROW], 1), ([["About this sheet: x"], ROW], 2)):
        ((_, _, words),) = problems(read(xlsx(tmp_path / "a.xlsx", {"Training": rows})))
        assert f" Row {number} contains data where the headings should be. Insert a row" in words
    ((_, _, words),) = problems(read(xlsx(tmp_path / "a.xlsx", {"Training": [("who", "what")]})))
    assert " Replace this sheet's headings with those of the 'Training' sheet" in words


def test_a_copy_of_a_sheet_and_a_name_like_another_by_chance(tmp_path: Path) -> None:
    copied = read(
        xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW], "Training Copy": [["x"]]})
    )
    (note,) = copied.unused
    assert "'Training Copy' was not read, because 'Training' was." in note.message
    (stuff,) = read(csv_file(tmp_path / "stuff.csv", [["Chairs", "Desks"]])).unused
    assert stuff.message == "The file 'stuff' was not read: no evidence sheet has that name."


def test_a_register_over_several_files_and_sheets_is_one_table(tmp_path: Path) -> None:
    first = xlsx(
        tmp_path / "north" / "a.xlsx",
        {"Training": [HEADINGS, ROW], "Training record": [HEADINGS, ("T-2", *ROW[1:])]},
    )
    reordered = [("passed", *reversed(HEADINGS)), ("yes", DAY, "WRAP", 8.0, "T-3")]
    second = xlsx(tmp_path / "south" / "b.xlsx", {"Training": reordered})
    table = training(read(first, second))
    assert values(table, "ref") == ["t-1", "t-2", "t-3"]
    assert values(table, "person") == ["007", "007", "8"]
    assert values(table, "passed") == [False, False, True]
    assert list(table.source_of) == [0, 1, 2]
    assert table.place(1, "ref") == Place("north/a.xlsx", "Training record", 2, "A2")
    assert table.place(2, "person") == Place("south/b.xlsx", "Training", 2, "D2")


# Files ------------------------------------------------------------------------------------------


def test_files_are_named_within_the_folder_that_holds_them_all(tmp_path: Path) -> None:
    paths = [tmp_path / "x" / "a.xlsx", tmp_path / "x" / "y" / "b.csv", tmp_path / "x/z/../c.csv"]
    assert names_of(paths) == ["a.xlsx", "y/b.csv", "c.csv"]
    assert names_of(paths[1:2]) == ["b.csv"]
    assert names_of([]) == []


def test_a_file_that_cannot_be_opened_is_fatal_and_the_others_are_read(tmp_path: Path) -> None:
    good = xlsx(tmp_path / "good.xlsx", {"Waivers": [("duty", "from"), ("d", "soon")]})
    evidence = read(tmp_path / "gone.xlsx", good, tmp_path / "notes.docx")
    assert [(problem.kind, problem.file) for problem in evidence.fatal] == [
        ("file unreadable", "gone.xlsx"),
        ("file unreadable", "notes.docx"),
    ]
    assert evidence.fatal[0].message == "gone.xlsx was not found: check its name and its folder."
    # that training is missing is not said: it may stand in a file that could not be opened
    assert [problem.cells for problem in evidence.problems] == [("B2",)]
    assert [file.file for file in evidence.files] == ["good.xlsx"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW]})
    evidence = read(file, tmp_path / "." / "a.xlsx")
    assert len(evidence.files) == 1
    assert isinstance(evidence.files[0], EvidenceFile)
    assert len(evidence.files[0].sha256) == 64
    assert (len(training(evidence)), evidence.notes) == (1, ())


# Headings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ("Ref.", "PERSON", "Course:", "Date\u00a0completed"),
        (" ref ", "person*", "course", "completed\n  on"),
        ("Reference", "Person?", "course", "Completed_On"),
    ],
)
def test_headings_are_found_in_accepted_spellings(tmp_path: Path, headings: Sequence[str]) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [headings, ROW]}))
    assert (evidence.problems, evidence.notes) == ((), ())
    assert values(training(evidence), "completed on") == [DAY]


def test_headings_are_found_under_prose(tmp_path: Path) -> None:
    prose = [["Training of staff"], [], ["Kept by", "the HR Officer"], ["Version", "ref"], []]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [*prose, HEADINGS, ROW]}))
    table = training(evidence)
    assert [table.place(0, "ref").cell] == ["A7"]
    assert notes(evidence) == ["Headings found in row 6. Rows above it were ignored."]
    assert evidence.problems == ()


def test_headings_further_down_than_row_30_are_not_found(tmp_path: Path) -> None:
    blank = [["prose"]] * 30
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [*blank, HEADINGS, ROW]}))
    assert problems(evidence) == [
        (
            "no headings",
            "a.xlsx!Training!",
            "The headings of this sheet were not found in its first 30 rows, so it was not read."
            " Replace this sheet's headings with those of the 'Training' sheet of a blank workbook."
            " If this sheet is something else, rename it.",
        )
    ]
    assert (training(evidence).given, training(evidence).found) == (True, False)


def test_a_sheet_under_another_name_of_its_register_says_which_it_is(tmp_path: Path) -> None:
    """Otherwise a reader takes the two names for two kinds of evidence."""
    twice = read(
        xlsx(tmp_path / "a.xlsx", {"Training record": [HEADINGS], "Training-record": [HEADINGS]})
    )
    (one,) = (problem for problem in twice.problems if problem.sheets)
    assert "it is not clear which to use for 'Training'." in one.message
    alone = read(xlsx(tmp_path / "b.xlsx", {"Training record": [["prose"]]}))
    assert alone.problems[0].message.endswith(
        " Its name is one of those for 'Training'. If it is something else, rename it."
    )


def test_an_empty_sheet_has_no_headings_and_its_register_cannot_be_read(tmp_path: Path) -> None:
    empty = xlsx(tmp_path / "a.xlsx", {"Training": []})
    full = xlsx(tmp_path / "b.xlsx", {"Training": [HEADINGS, ROW]})
    evidence = read(empty, full)
    assert [problem.message for problem in evidence.problems] == [
        "The sheet is empty, so it was not read. Replace this sheet's headings with those of the"
        " 'Training' sheet of a blank workbook. If this sheet is something else, rename it."
    ]
    assert (training(evidence).found, len(training(evidence))) == (False, 0)


def test_a_sheet_with_headings_and_no_rows_is_found_and_empty(tmp_path: Path) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS]}))
    assert (training(evidence).found, len(training(evidence))) == (True, 0)
    assert evidence.problems == ()


def test_no_row_is_lost_between_two_rows_of_headings(tmp_path: Path) -> None:
    """The upper headings lack one, the lower have all: the rows between them are read."""
    rows = [("ref", "person", "course", "finished"), ROW, HEADINGS, ("T-2", *ROW[1:])]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert values(training(evidence), "ref") == ["t-1", "t-2"]
    assert [problem.kind for problem in evidence.problems] == ["column missing"]
    assert "Row 3 repeats the headings and was ignored." in notes(evidence)


def second_table_problem(tmp_path: Path, rows: Rows) -> str | None:
    """The problem of a sheet with a second table; None where the sheet was read."""
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    table = training(evidence)
    assert table.given
    if table.found:
        return None
    (problem,) = evidence.problems
    assert problem.kind == "second table"
    return problem.message.partition(". ")[0]


MISSED = (*HEADINGS[:3], "missed on")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Not attended"], HEADINGS], "'Not attended' in A3 is the title of a second table"),
        ([[], ["", "", "Archive"], [], HEADINGS], "'Archive' in C4 is the title of a second table"),
        ([["Planned 2027"], HEADINGS], "'Planned 2027' in A3 is the title of a second table"),
        ([["Cancelled"]], "'Cancelled' in A3 is the title of the rows below it"),
        ([["Plans for the year"]], "'Plans for the year' in A3 is the title of the rows below it"),
        ([["", "Booked"]], "'Booked' in B3 is the title of the rows below it"),
        ([["Fails"]], "'Fails' in A3 is the title of the rows below it"),
        (
            [["Archive"], (*HEADINGS, 2026, datetime.date(2026, 1, 5))],
            "'Archive' in A3 is the title of a second table",
        ),
        (
            [["Cancelled"], ["Team B"]],
            "'Cancelled' in A3 may be the title of the rows below it",
        ),
        ([MISSED], "Row 3 contains other headings than row 1, so that a second table begins there"),
        (
            [["Notes"], [], (*HEADINGS[:2], "completed on", "course")],
            "Row 5 contains other headings than row 1, so that a second table begins there",
        ),
        ([[], ["Course", "Provider", "Cost"]], "Row 4 looks like the start of another table"),
        ([["Costs"], ["Course", "Provider"]], "Row 4 looks like the start of another table"),
    ],
)
def test_a_second_table_below_is_not_read_as_the_first(
    tmp_path: Path, rows: Rows, said: str
) -> None:
    """Its rows are no rows of the first table, whatever is in their columns."""
    assert second_table_problem(tmp_path, [HEADINGS, ROW, *rows, ("T-2", *ROW[1:])]) == said


@pytest.mark.parametrize(
    "rows",
    [
        [HEADINGS],
        [["2026/27"], HEADINGS],
        [["Q1 April 2026"], HEADINGS],
        [["Training (continued)"], HEADINGS],
        [["staff  training"], HEADINGS],
        [["Total"], HEADINGS],
        [(*HEADINGS, "remarks")],
        [["", "", "", "", "cancelled"]],
        [["Please do not delete any of the rows that are above"]],
        [["", "Booker, Jane"]],
        [["Failsworth, Ann"]],
        [["", "Denyer, Jane"]],
        [["", "", "Fail-safe drill"]],
        [["", "", "Book-keeping"]],
        [["Course", "Provider", "Cost"]],
        [[], ["Bob", "Provider", "Cost"]],
        [[], ["T-7", "S-7", "Course"]],
        [[], ["Course"]],
    ],
)
def test_a_table_that_goes_on_is_one_table(tmp_path: Path, rows: Rows) -> None:
    whole = [["Staff training"], HEADINGS, ROW, *rows, ("T-2", *ROW[1:])]
    assert second_table_problem(tmp_path, whole) is None


TURNED = (
    *("Denied", "Deny", "Fails", "Failed", "Booked", "Bookings", "Plans for 2027", "Not held"),
    *("Scheduled", "Upcoming", "Forthcoming courses", "Future", "In progress", "Incomplete", "Due"),
    *("Overdue", "Still to attend", "Yet to do", "Need to do", "To book", "Unconfirmed", "TBC"),
    *("Unapproved", "Drafts", "Invited", "Nominations", "Ignore below", "Do not use", "Template"),
    *("Example", "Test data", "Removed rows", "For deletion", "Duplicates", "Errors", "Expired"),
    *("Lapsed", "Apologies", "Staff not attending", "Courses to book", "Heb fynychu"),
)
NAMES = (
    *("Booker, Jane", "Failsworth", "Denyer, Ann", "Fail-safe drill", "Book-keeping", "Plant"),
    *("Due diligence", "Duenas, Eva", "Futures team", "Scheduler", "Notting Hill", "Leavers"),
    *("Archive", "Erroll, Tim", "United", "Yetunde", "Stilton", "Dimmock, Jo", "Hebden"),
)


@pytest.mark.parametrize("title", [*TURNED, *NAMES])
def test_the_verifier_takes_the_same_titles_to_turn_the_rows_below_them(title: str) -> None:
    assert ("undone" in recheck.title_says(title)) == (title in TURNED)
    assert undone_or_to_come(title.casefold()) == (title in TURNED)


def test_a_title_right_below_the_headings_is_one_if_another_title_follows(tmp_path: Path) -> None:
    rows = [HEADINGS, ["Not attended"], ROW, ["Attended"], ("T-2", *ROW[1:])]
    note = "'Not attended' in A2 is the title of the rows below it"
    assert second_table_problem(tmp_path, rows) == note
    assert second_table_problem(tmp_path, [*rows[:3], ["Total"], rows[4]]) is None


def test_a_title_in_a_column_of_ones_own_before_the_table_is_one(tmp_path: Path) -> None:
    numbered = [("No", *HEADINGS), ("1", *ROW), ["Cancelled"], ("2", "T-2", *ROW[1:])]
    note = "'Cancelled' in A3 is the title of the rows below it"
    assert second_table_problem(tmp_path, numbered) == note


def test_a_title_with_nothing_below_it_leaves_the_sheet_as_it_is(tmp_path: Path) -> None:
    assert second_table_problem(tmp_path, [HEADINGS, ROW, ["Not used"]]) is None
    assert second_table_problem(tmp_path, [HEADINGS, ["Not used"], ROW]) is None


def test_a_second_table_beside_is_not_read_with_the_first(tmp_path: Path) -> None:
    """Otherwise the day of one person would be that of another."""
    heads = [*HEADINGS[:3], "", "completed on", "who"]
    beside = [heads, [*ROW[:3], "", ROW[3], "Bob"]]
    assert second_table_problem(tmp_path, beside) == (
        "Column D is blank, so that a second table begins to its right"
    )
    assert second_table_problem(tmp_path, [heads[:-1], [*ROW[:3], "", ROW[3]]]) is None
    filled = [heads, [*ROW[:3], "x", ROW[3], "Bob"]]
    assert second_table_problem(tmp_path, filled) is None


def test_group_headings_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    book = new_book()
    sheet = sheet_of(book, "Training", [("ref", "person", "What", None), HEADINGS, ROW])
    for area in ("A1:A2", "B1:B2", "C1:D1"):
        sheet.merge_cells(area)
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert values(training(evidence), "ref") == ["t-1"]
    assert evidence.problems == ()


# Columns ----------------------------------------------------------------------------------------


def test_a_required_column_that_is_missing_is_a_problem_once(tmp_path: Path) -> None:
    rows = [("ref", "person", "completed on"), ("T-1", "7", DAY), ("T-2", "7", DAY)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert problems(evidence) == [
        (
            "column missing",
            "a.xlsx!Training!",
            "This sheet has no 'course' column. Enter 'course' next to the headings in row 1 and"
            " fill in the column.",
        )
    ]
    assert states(training(evidence), "course") == [CellState.NO_COLUMN] * 2
    assert training(evidence).place(0, "course").cell == ""


def test_a_sheet_without_many_columns_may_have_another_ones_name(tmp_path: Path) -> None:
    rows = [("ref", "person"), ("T-1", "7")]
    other = "Because of its name, this sheet was read as the 'Training' sheet. If it is something"
    for name, told in (("Training", 0), ("Training record", 1)):
        evidence = read(xlsx(tmp_path / f"{name}.xlsx", {name: rows}))
        assert [problem.kind for problem in evidence.problems] == ["column missing"] * 2
        assert sum(other in problem.message for problem in evidence.problems) == told


def test_the_headings_that_are_not_known_are_named_where_a_column_is_missing(
    tmp_path: Path,
) -> None:
    sheet = {"Training": [("ref", "person", "sort of teaching", "completed on"), ROW]}
    (problem,) = read(xlsx(tmp_path / "a.xlsx", sheet)).problems
    assert problem.message == (
        "This sheet has no 'course' column. C1 says 'sort of teaching'. Change it to 'course', if"
        " that is what it contains; otherwise, enter 'course' next to the headings in row 1 and"
        " fill in the column."
    )


def test_a_heading_that_is_nearly_right_is_named(tmp_path: Path) -> None:
    rows = [("ref", "person", "coarse", "completed on", "recorded in"), (*ROW, DAY)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert [problem.message for problem in evidence.problems] == [
        "This sheet has no 'course' column. If the heading 'coarse' in C1 is meant, change it to"
        " 'course'."
    ]
    assert notes(evidence) == [
        "Not used: 'coarse' (column C; is 'course' meant?) and"
        " 'recorded in' (column E; is 'recorded on' meant?)."
    ]


def test_a_column_that_is_not_required_and_not_there_reads_as_blank(tmp_path: Path) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW]}))
    table = training(evidence)
    assert (values(table, "passed"), states(table, "passed")) == ([False], [CellState.READ])
    assert states(table, "recorded on") == [CellState.NOTHING]
    assert evidence.problems == ()


def test_two_columns_with_one_heading_are_not_read(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "completed on"), (*ROW, DAY)]
    (problem,) = read(xlsx(tmp_path / "a.xlsx", {"Training": rows})).problems
    assert problem.message == (
        "Two columns have the heading 'completed on' (D1 and E1), so neither was read. Keep one,"
        " and delete or rename the other."
    )


def test_messages_use_the_offices_own_headings_and_sheets(tmp_path: Path) -> None:
    staff = TRAINING.model_copy(update={"id": "people", "sheets": ("People", "Staff")})
    rows = [("ref", "person", "course", "Date completed"), ("T-1", None, "awareness", "soon")]
    file = xlsx(tmp_path / "a.xlsx", {"Training": rows, "Staff": [HEADINGS]})
    blank, day = read_evidence([file], REGISTERS | {"people": staff}).problems
    assert blank.message.endswith("Enter a reference from the Staff sheet.")
    assert (blank.column, blank.heading) == ("person", "person")
    assert (day.column, day.heading) == ("completed on", "Date completed")


def test_messages_use_the_usual_heading_of_a_column_that_a_sheet_lacks(tmp_path: Path) -> None:
    columns = [
        column.model_copy(update={"heading": "who"}) if column.name == "person" else column
        for column in TRAINING.columns
    ]
    register = TRAINING.model_copy(update={"columns": tuple(columns)})
    rows = [("ref", "course", "completed on", "whoo"), ("T-1", "awareness", DAY, None)]
    file = xlsx(tmp_path / "a.xlsx", {"Training": rows})
    evidence = read_evidence([file], REGISTERS | {"training": register})
    (problem,) = evidence.problems
    assert problem.message.startswith("This sheet has no 'who' column. If the heading 'whoo'")
    assert (problem.column, problem.heading) == ("person", "who")
    assert notes(evidence) == ["Not used: 'whoo' (column D; is 'who' meant?)."]


def test_a_file_that_is_given_twice_is_read_once_and_says_so(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW]})
    evidence = read_evidence([file, file], REGISTERS)
    assert len(training(evidence)) == 1
    assert notes(evidence) == ["This file was given more than once. It was read once."]


def test_a_column_that_stands_twice_is_not_read(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "Date completed", "completed on "), (*ROW, DAY, DAY)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert problems(evidence) == [
        (
            "column twice",
            "a.xlsx!Training!",
            "'completed on' (D1), 'Date completed' (E1) and 'completed on' (F1) all mean 'completed"
            " on', so none was read. Keep one, and delete or rename the others.",
        )
    ]
    assert states(training(evidence), "completed on") == [CellState.UNREADABLE]
    assert training(evidence).place(0, "completed on").cell == ""


def test_columns_of_ones_own_are_named_and_not_read(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "Comments", None, "Spare"), (*ROW, "=1+1", "side note", None)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert notes(evidence) == [
        "Not used: 'Comments' (column E), column F (no heading) and 'Spare' (column G)."
    ]
    assert evidence.problems == ()


def test_a_great_many_columns_of_ones_own_are_counted(tmp_path: Path) -> None:
    rows = [(*HEADINGS, *[f"extra {i}" for i in range(300)]), ROW]
    (note,) = notes(read(csv_file(tmp_path / "training.csv", rows)))
    assert note.startswith("Not used: 'extra 0' (column E), ")
    assert note.endswith(" 'extra 11' (column P) and 288 more.")


# Rows -------------------------------------------------------------------------------------------


def test_empty_total_and_repeated_heading_rows_are_not_read(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        HEADINGS,
        ROW,
        (),
        ("  ", "\u00a0"),
        HEADINGS,
        ("T-2", *ROW[1:]),
    ]
    rows += [("Total", None, 12.0), ("Total: 12",), (None, "Grand total", 12.0, "3")]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert values(training(evidence), "ref") == ["t-1", "t-2"]
    assert list(training(evidence).row_of) == [2, 6]
    assert notes(evidence) == [
        "Rows 7, 8 and 9 look like totals and were ignored.",
        "Row 5 repeats the headings and was ignored.",
    ]
    assert evidence.problems == ()


@pytest.mark.parametrize(
    "row", [("Total", "7", "awareness", DAY), ("Totals", "x"), ("Total of staff",)]
)
def test_a_row_that_only_begins_like_a_total_is_read(tmp_path: Path, row: Sequence[object]) -> None:
    table = training(read(xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, row]})))
    assert len(table) == 1


def test_rows_that_hold_nothing_of_the_register_are_not_read(tmp_path: Path) -> None:
    rows = [("No", *HEADINGS), (1, *ROW), (2,), (3,), (4,)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert len(training(evidence)) == 1
    assert notes(evidence) == [
        "Rows 3, 4 and 5 have nothing in the columns that are read and were ignored.",
        "Not used: 'No' (column A).",
    ]


def test_where_a_required_column_is_missing_each_row_that_holds_anything_is_read(
    tmp_path: Path,
) -> None:
    """What stands in a column of its own may be meant for the missing one."""
    rows = [("staff", *HEADINGS[:1], *HEADINGS[2:]), (1, "T-1", *ROW[2:]), (2,)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert len(training(evidence)) == 2


def test_a_blank_cell_is_a_problem_where_blank_cannot_be_read(tmp_path: Path) -> None:
    rows = [HEADINGS, ("T-1", None, "awareness", None)]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert problems(evidence) == [
        (
            "cell blank",
            "a.xlsx!Training!B2",
            "The cell is blank. Enter a reference from the People sheet.",
        )
    ]
    assert states(training(evidence), "person") == [CellState.BLANK]
    assert states(training(evidence), "completed on") == [CellState.NOTHING]


def test_problems_are_in_the_order_of_files_sheets_columns_and_first_rows(tmp_path: Path) -> None:
    headings = ("completed on", "course", "person", "ref")
    bad = [headings, ("soon", "dancing", "?", "T-1"), ("later", "awareness", "8", "T-2")]
    first = xlsx(tmp_path / "b.xlsx", {"Waivers": [("duty", "from"), ("d", "x")], "Training": bad})
    second = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS[:3], ("T-9", "9", "?")]})
    evidence = read(first, second)
    assert [
        f"{e.file[0]} {e.sheet[0]} {', '.join(e.cells) or e.column}" for e in evidence.problems
    ] == [
        *("b W B2", "b T A2:A3", "b T B2", "b T C2"),
        *("a T completed on", "a T C2"),
    ]
    problem = evidence.problems[2]
    assert (problem.register, problem.column, problem.values) == (
        "training",
        "course",
        ("dancing",),
    )


def test_no_message_quotes_a_sensitive_column(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "reason"), (*ROW, "tbc"), (*ROW, "tbc"), ("T-2", *ROW[1:], "- ")]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert evidence.problems == ()  # blank means nothing there, and so does tbc
    assert "tbc" not in repr(evidence.notes)
    assert training(evidence).columns["reason"].raw == ["tbc", "- "]
    assert list(training(evidence).columns["reason"].state) == [CellState.NOTHING] * 2


@pytest.mark.parametrize(
    "text", ["=1+1", "<script>alert(1)</script>", "\U0001f600 fine", "+44", "@x"]
)
def test_markup_formulas_and_emoji_in_a_cell_are_data(tmp_path: Path, text: str) -> None:
    waivers = xlsx(tmp_path / "a.xlsx", {"Waivers": [("duty", "from"), (text, DAY)]})
    listed = csv_file(tmp_path / "training.csv", [HEADINGS, (text, *ROW[1:])])
    evidence = read(waivers, listed)
    assert values(evidence.tables["waivers"], "duty") == [text]
    assert training(evidence).columns["ref"].raw == [text]
    assert values(training(evidence), "ref") == [text.casefold()]
    assert evidence.problems == ()


def test_007_stays_007_and_a_number_loses_its_point(tmp_path: Path) -> None:
    rows = [HEADINGS, ROW, ("T-2", 7.0, *ROW[2:]), ("T-3", 7, *ROW[2:])]
    table = training(read(xlsx(tmp_path / "a.xlsx", {"Training": rows})))
    assert values(table, "person") == ["007", "7", "7"]
    assert table.columns["person"].raw == ["007", "7", "7"]


# Rows that repeat -------------------------------------------------------------------------------


def test_rows_equal_in_every_cell_count_once(tmp_path: Path) -> None:
    rows = [HEADINGS, ROW, ("T-2", *ROW[1:]), ROW, ROW]
    first = xlsx(tmp_path / "a.xlsx", {"Training": rows, "Training record": [HEADINGS, ROW]})
    second = xlsx(tmp_path / "b.xlsx", {"Training": [HEADINGS, ("T-3", *ROW[1:]), ROW]})
    evidence = read(first, second)
    assert values(training(evidence), "ref") == ["t-1", "t-2", "t-3"]
    assert list(training(evidence).row_of) == [2, 3, 2]
    assert evidence.notes == (
        EvidenceNote("a.xlsx", "Training", "Row 4 repeats row 2: counted once."),
        EvidenceNote("a.xlsx", "Training", "Row 5 repeats row 2: counted once."),
        EvidenceNote(
            "a.xlsx",
            "Training record",
            "Row 2 repeats row 2 of the sheet 'Training': counted once.",
        ),
        EvidenceNote(
            "b.xlsx",
            "Training",
            "Row 3 repeats row 2 of the sheet 'Training' in a.xlsx: counted once.",
        ),
    )


def test_rows_that_differ_in_a_column_of_ones_own_are_one_row(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "Comment"), (*ROW, "first"), (*ROW, "second"), (*ROW, "=1/0")]
    assert len(training(read(xlsx(tmp_path / "a.xlsx", {"Training": rows})))) == 1


def test_rows_without_a_key_are_one_row_where_all_else_is_equal(tmp_path: Path) -> None:
    rows = [HEADINGS, ("", *ROW[1:]), ("tbc", *ROW[1:]), ("T-1", *ROW[1:])]
    assert len(training(read(xlsx(tmp_path / "a.xlsx", {"Training": rows})))) == 2
    keyless = [HEADINGS[1:], ROW[1:], ROW[1:]]
    assert len(training(read(xlsx(tmp_path / "b.xlsx", {"Training": keyless})))) == 1


def test_equal_rows_are_equal_in_whatever_order_their_columns_stand(tmp_path: Path) -> None:
    one, other = [HEADINGS, ROW], [HEADINGS[::-1], ROW[::-1]]
    both = {"Training": one, "Training record": other}
    assert len(training(read(xlsx(tmp_path / "a.xlsx", both)))) == 1


@pytest.mark.parametrize(
    "again",
    [
        (" t-1 ", *ROW[1:]),
        ("T-1", "007 ", "AWARENESS", ROW[3]),
        (*ROW[:3], "25 April 2026"),
    ],
)
def test_rows_are_one_row_however_they_are_typed(tmp_path: Path, again: tuple[object, ...]) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW, again]}))
    assert len(training(evidence)) == 1
    assert [note.message for note in evidence.notes] == ["Row 3 repeats row 2: counted once."]


def test_cells_that_cannot_be_read_are_the_same_where_their_text_is(tmp_path: Path) -> None:
    rows = [HEADINGS, (*ROW[:3], "soon"), (*ROW[:3], " Soon"), (*ROW[:3], "later")]
    assert len(training(read(xlsx(tmp_path / "a.xlsx", {"Training": rows})))) == 2


def test_of_equal_rows_the_one_recorded_first_is_kept(tmp_path: Path) -> None:
    """So that copies are known from the earliest day; one that does not say when comes last."""
    days = (None, "03/05/2026", "02/05/2026", "soon")
    rows = [(*HEADINGS, "recorded on"), *[(*ROW, day) for day in days]]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}))
    assert list(training(evidence).row_of) == [4]


def test_rows_that_differ_in_a_column_that_stands_twice_are_two_rows(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "person"), (*ROW, "8"), (*ROW, "9")]
    assert len(training(read(xlsx(tmp_path / "a.xlsx", {"Training": rows})))) == 2


def test_a_row_that_can_be_read_in_one_sheet_only_is_in_both(tmp_path: Path) -> None:
    """Else the order of the sheets would decide whether it is read."""
    day_first = [HEADINGS, (*ROW[:3], "03/04/2026")]
    mixed = [HEADINGS, (*ROW[:3], "03/04/2026"), ("T-2", *ROW[1:3], "04/25/2026")]
    both = {"Training": day_first, "Training record": mixed}
    table = training(read(xlsx(tmp_path / "a.xlsx", both)))
    read_, unread = CellState.READ, CellState.UNREADABLE
    assert states(table, "completed on") == [read_, unread, unread]


def test_many_repeated_rows_are_counted_and_not_all_named(tmp_path: Path) -> None:
    evidence = read(csv_file(tmp_path / "training.csv", [HEADINGS, *[ROW] * 100]))
    assert len(training(evidence)) == 1
    assert len(evidence.notes) == 21
    assert notes(evidence)[-1] == "79 more rows repeat earlier rows: each counted once."


@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_row(
    tmp_path_factory: pytest.TempPathFactory, order: Sequence[int]
) -> None:
    rows = [ROW, ROW, ("T-2", "8", "x", DAY), ("T-3", None, "WRAP", "tbc")]
    rows += [("T-4", "9", "referral", "04/25/2026"), ("T-5", "9", "referral", "03/04/2026")]
    path = tmp_path_factory.mktemp("order") / "training.csv"
    table = training(read(csv_file(path, [HEADINGS, *(rows[i] for i in order)])))
    columns = [zip(c.raw, c.value, c.state, strict=True) for c in table.columns.values()]
    assert sorted(map(repr, zip(*columns, strict=True))) == EXPECTED


EXPECTED = [
    repr(tuple((*cell, int(state)) for *cell, state in row))
    for row in (
        (("T-1", "t-1", 0), ("007", "007", 0), ("awareness", "awareness", 0),
         ("25/04/2026", DAY, 0), ("", False, 0), ("", None, 1), ("", None, 1)),
        (("T-2", "t-2", 0), ("8", "8", 0), ("x", None, 3), ("2026-04-25", DAY, 0),
         ("", False, 0), ("", None, 1), ("", None, 1)),
        (("T-3", "t-3", 0), ("", None, 2), ("WRAP", "awareness", 0), ("tbc", None, 3),
         ("", False, 0), ("", None, 1), ("", None, 1)),
        (("T-4", "t-4", 0), ("9", "9", 0), ("referral", "referral", 0), ("04/25/2026", None, 3),
         ("", False, 0), ("", None, 1), ("", None, 1)),
        (("T-5", "t-5", 0), ("9", "9", 0), ("referral", "referral", 0), ("03/04/2026", None, 3),
         ("", False, 0), ("", None, 1), ("", None, 1)),
    )
]  # fmt: skip


# Hidden, merged, errors -------------------------------------------------------------------------


def test_hidden_rows_and_sheets_are_read_and_noted(tmp_path: Path) -> None:
    book = new_book()
    sheet_of(book, "Guide", [["hello"]])
    sheet = sheet_of(book, "Training", [HEADINGS, ROW, ("T-2", *ROW[1:]), (), ("T-3", *ROW[1:])])
    sheet.sheet_state = "hidden"
    for row in (3, 4, 5):
        sheet.row_dimensions[row].hidden = True
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert values(training(evidence), "ref") == ["t-1", "t-2", "t-3"]
    assert notes(evidence)[1:] == [
        "The sheet is hidden and was included.",
        "Rows 3 and 5 are hidden and were included.",
    ]


def test_struck_rows_are_counted_and_noted(tmp_path: Path) -> None:
    """Those of the register: neither the headings nor a total nor an empty row is one of them."""
    book = new_book()
    rows = [HEADINGS, ROW, ("T-2", *ROW[1:]), (), ("T-3", *ROW[1:]), ("Total", None, None, 3)]
    sheet = sheet_of(book, "Training", rows)
    for row in (1, 3, 4, 6):
        for column in range(1, 5):
            sheet.cell(row, column).font = Font(strike=True)
    sheet["A5"].font = Font(strike=True)
    sheet.row_dimensions[3].hidden = True
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert values(training(evidence), "ref") == ["t-1", "t-2", "t-3"]
    assert notes(evidence) == [
        "Row 3 is hidden and was included.",
        "Row 3 is struck through and was still counted: delete it if it no longer applies.",
        "Row 6 looks like a total and was ignored.",
    ]
    for column in range(1, 5):
        sheet.cell(5, column).font = Font(strike=True)
    assert (
        "Rows 3 and 5 are struck through and were still counted: delete them if they no longer"
        " apply."
    ) in notes(read(saved(book, tmp_path / "a.xlsx")))


def test_hidden_columns_are_read_and_noted(tmp_path: Path) -> None:
    """Those of the register; of a column that is not used nothing was read."""
    book = new_book()
    sheet = sheet_of(book, "Training", [(*HEADINGS, "note"), (*ROW, "x")])
    for column in ("B", "E"):
        sheet.column_dimensions[column].hidden = True
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert values(training(evidence), "person") == ["007"]
    assert notes(evidence) == [
        "Column B is hidden and was included.",
        "Not used: 'note' (column E).",
    ]
    sheet.column_dimensions["D"].hidden = True
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert notes(evidence)[0] == "Columns B and D are hidden and were included."


def test_what_stands_in_a_merged_cell_applies_to_each_of_its_rows(tmp_path: Path) -> None:
    book = new_book()
    rows = [HEADINGS, ROW, ("T-2", None, "WRAP", None), ("T-3", None, "WRAP", DAY), ()]
    sheet = sheet_of(book, "Training", [*rows, ("T-4", "8", "WRAP", DAY)])
    sheet.merge_cells("B2:B5")  # row 5 holds nothing of its own
    sheet.merge_cells("D2:D3")
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    table = training(evidence)
    assert values(table, "person") == ["007", "007", "007", "8"]
    assert values(table, "completed on") == [DAY, DAY, DAY, DAY]
    assert table.place(1, "person").cell == "B3"
    assert notes(evidence) == [
        "Merged cell B2:B5: its value was used for rows 2 to 5.",
        "Merged cell D2:D3: its value was used for rows 2 to 3.",
    ]
    assert table.sources[0].merged == (
        MergedCells("B2:B5", 2, 5, ("person",)),
        MergedCells("D2:D3", 2, 3, ("completed on",)),
    )


def test_an_error_in_a_merged_cell_is_one_in_each_of_its_rows(tmp_path: Path) -> None:
    book = new_book()
    sheet = sheet_of(book, "Training", [HEADINGS, (*ROW[:3], "#REF!"), ("T-2", *ROW[1:3], None)])
    sheet["D2"].data_type = "e"
    sheet.merge_cells("D2:D3")
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert states(training(evidence), "completed on") == [CellState.UNREADABLE] * 2
    (problem,) = evidence.problems
    assert (problem.cells, problem.count, problem.values) == (("D2:D3",), 2, ("#REF!",))
    assert problem.message == (
        "The cells show errors: #REF!. Correct their formulas, or enter the date, such as"
        " 25/04/2026, or leave the cell blank."
    )


def test_a_heading_merged_over_two_columns_is_the_one_that_holds_anything(tmp_path: Path) -> None:
    book = new_book()
    rows = [("ref", "person", None, "course", "completed on"), (*ROW[:2], None, *ROW[2:])]
    sheet_of(book, "Training", rows).merge_cells("B1:C1")
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert values(training(evidence), "person") == ["007"]
    assert evidence.problems == ()


def test_a_heading_merged_over_two_columns_that_both_hold_something_is_twice(
    tmp_path: Path,
) -> None:
    book = new_book()
    rows = [("ref", "person", None, "course", "completed on"), (*ROW[:2], "8", *ROW[2:])]
    sheet_of(book, "Training", rows).merge_cells("B1:C1")
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert [problem.kind for problem in evidence.problems] == ["column twice"]
    assert notes(evidence) == ["Merged cell B1:C1: its value was used for columns B to C."]


def test_many_merged_areas_are_not_all_named(tmp_path: Path) -> None:
    book = new_book()
    rows = [(f"T-{i}", "7", "WRAP", DAY) for i in range(26)]
    sheet = sheet_of(book, "Training", [HEADINGS, *rows])
    for row in range(2, 27, 2):
        sheet.merge_cells(f"B{row}:B{row + 1}")
    sheet_notes = notes(read(saved(book, tmp_path / "a.xlsx")))
    assert len(sheet_notes) == 11
    assert sheet_notes[-1] == "3 more merged areas were read in the same way."


def test_a_merge_in_prose_or_beside_the_register_is_not_spoken_of(tmp_path: Path) -> None:
    book = new_book()
    rows = [["Title", None, None], [], HEADINGS, (*ROW, None, "x"), ("T-2", *ROW[1:])]
    sheet = sheet_of(book, "Training", rows)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("F4:F5")
    assert notes(read(saved(book, tmp_path / "a.xlsx"))) == [
        "Headings found in row 3. Rows above it were ignored.",
        "Not used: column F (no heading).",
    ]


def test_error_cells_and_formulas_without_a_result_are_problems(tmp_path: Path) -> None:
    book = new_book()
    sheet = sheet_of(book, "Training", [(*HEADINGS, "Own"), ROW, ("T-2", *ROW[1:])])
    sheet["D2"], sheet["D3"], sheet["E3"] = "#N/A", "=TODAY()", "=TODAY()"
    sheet["D2"].data_type = "e"
    evidence = read(saved(book, tmp_path / "a.xlsx"))
    assert states(training(evidence), "completed on") == [CellState.UNREADABLE] * 2
    assert problems(evidence) == [
        (
            "cell unreadable",
            "a.xlsx!Training!D2",
            "The cell shows the error #N/A. Correct its formula, or enter the date, such as"
            " 25/04/2026, or leave the cell blank.",
        ),
        (
            "cell unreadable",
            "a.xlsx!Training!D3",
            "The result of this formula is missing."
            " Open the workbook in Excel, save it and run the check again.",
        ),
    ]


def test_where_those_were_not_looked_for_the_file_says_so() -> None:
    sheet = RawSheet("Training", False, 1, 1, [HEADINGS, ROW], looked_for_hidden=False)
    book = RawWorkbook("old.xls", "0" * 64, "xls", (sheet,))
    evidence = read_books([book], REGISTERS)
    assert len(training(evidence)) == 1
    assert evidence.notes == (
        EvidenceNote(
            "old.xls",
            "",
            "This file could not be searched for hidden rows and columns, struck-through rows,"
            " error cells and formulas without a stored result. An error cell in it was read as"
            " blank. Save the file as .xlsx, and check again.",
        ),
    )


def test_rows_with_a_result_that_is_not_stored_are_not_known_to_be_equal(tmp_path: Path) -> None:
    book = new_book()
    sheet = sheet_of(book, "Training", [HEADINGS, ROW, ROW, ROW])
    sheet["A2"] = sheet["A3"] = "=ROW()"
    assert len(training(read(saved(book, tmp_path / "a.xlsx")))) == 3


# The page ---------------------------------------------------------------------------------------

WITHOUT = [HEADINGS[:2] + HEADINGS[3:], ROW[:2] + ROW[3:]]
FORMULA = ("=FORMULA()", *ROW[1:])
EXAMPLE = ("EXAMPLE (not counted): T-1", *ROW[1:])
TWICE = [("T-2", *ROW[1:3], f"2{day}/04/2026") for day in (5, 6)]
_REPLACES = ColumnSpec(
    name="replaces", type="key", required=False, blank="nothing", refers_to="training"
)
#: The two small registers, with a column that names a row.
NAMING = REGISTERS | {
    "training": TRAINING.model_copy(update={"columns": (*TRAINING.columns, _REPLACES)})
}

# for each row of the page: the sheets of the file, the register, and a column of its first row
STATES: dict[str, tuple[dict[str, Sequence[Sequence[object]]], str, str]] = {
    "a file that cannot be opened": ({}, "training", ""),
    "no sheet of the register": ({"Guide": []}, "training", ""),
    "no sheet of a control register": ({"Training": [HEADINGS]}, "waivers", ""),
    "two sheets with the same name in one file": (
        {"Training": [HEADINGS], "training.": []}, "training", "",
    ),
    "a sheet without its headings": ({"Training": [ROW]}, "training", ""),
    "a sheet with a second table": (
        {"Training": [HEADINGS, ROW, ["Not attended"], HEADINGS, ROW]}, "training", "",
    ),
    "headings and no rows": ({"Training": [HEADINGS]}, "training", ""),
    "a required column that is missing": ({"Training": WITHOUT}, "training", "course"),
    "an optional column that is missing": (
        {"Training": [HEADINGS, ROW]}, "training", "passed",
    ),
    "a column that appears twice": (
        {"Training": [(*HEADINGS, "course"), (*ROW, "WRAP")]}, "training", "course",
    ),
    "a blank cell where blank cannot be read": (
        {"Training": [HEADINGS, (*ROW[:2], None, *ROW[3:])]}, "training", "course",
    ),
    "a blank cell where blank means nothing": (
        {"Training": [HEADINGS, ROW[:3]]}, "training", "completed on",
    ),
    "a blank cell that means a word": (
        {"Training": [(*HEADINGS, "passed"), ROW]}, "training", "passed",
    ),
    "a word that says nothing, where a day or a code is required": (
        {"Training": [HEADINGS, (*ROW[:2], "n/k", *ROW[3:])]}, "training", "course",
    ),
    "a cell that cannot be read": (
        {"Training": [HEADINGS, (*ROW[:3], "soon")]}, "training", "completed on",
    ),
    "a cell that shows an error": (
        {"Training": [HEADINGS, (*ROW[:3], "#REF!")]}, "training", "completed on",
    ),
    "a formula whose result is not stored": ({"Training": [HEADINGS, FORMULA]}, "training", "ref"),
    "a key that two different rows have, in a cell that names one": (
        {"Training": [(*HEADINGS, "replaces"), (*ROW, "T-2"), *TWICE]}, "training", "replaces",
    ),
    "a row that is marked as an example, and no other row": (
        {"Training": [HEADINGS, EXAMPLE]}, "training", "",
    ),
    "a row that is marked as an example, above other rows": (
        {"Training": [HEADINGS, EXAMPLE, ROW]}, "training", "",
    ),
    "a row with nothing in it": ({"Training": [HEADINGS, (" ",)]}, "training", ""),
}  # fmt: skip
TOLD = {
    CellState.READ: ("the word", "blank, as declared"),
    CellState.NOTHING: ("nothing", "blank, as declared"),
    CellState.BLANK: ("blank",),
    CellState.UNREADABLE: ("unreadable",),
    CellState.NO_COLUMN: ("no column",),
}


def page_rows(root: Path) -> list[list[str]]:
    """The rows of the page's first table."""
    text = (root / "docs" / "evidence-states.md").read_text(encoding="utf-8")
    lines = (
        text.partition("## How each state is read")[2]
        .partition("\n\nOne unreadable")[0]
        .splitlines()
    )
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return cells[2:]


def test_the_page_of_states_names_each_state_that_is_tried(root: Path) -> None:
    assert [row[0] for row in page_rows(root)] == list(STATES)


@pytest.mark.parametrize("what", STATES)
def test_the_page_of_states_is_true(root: Path, tmp_path: Path, what: str) -> None:
    sheets, register, column = STATES[what]
    path = tmp_path / "a.xlsx"
    if sheets:
        book = new_book()
        for name, rows in sheets.items():
            for row in sheet_of(book, name, rows).iter_rows():
                for cell in row:
                    cell.data_type = "e" if cell.value == "#REF!" else cell.data_type
        book.save(path)
    evidence = read_evidence([path], NAMING)
    page_row = next(row for row in page_rows(root) if row[0] == what)
    table = evidence.tables[register]
    absent = "provided, unreadable" if table.given else "not provided"
    there = f"provided{'' if len(table) else ', empty'}" if table.found else absent
    all_problems = [*evidence.fatal, *evidence.problems]
    kinds = {
        problem.kind.value for problem in all_problems if problem.register in ("", register)
    } or {"none"}
    assert (page_row[1], {page_row[3]}) == (there, kinds)
    state = TOLD[CellState(table.columns[column].state[0])] if column else ("–",)
    assert page_row[2] in state
