"""The blank workbook: what stands in it, that it reads back, and that its bytes stay the same."""

import datetime
import io
import itertools
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evidence.deterministic import save_workbook_bytes
from evidence.read import read_evidence
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.sheet_matching import ABOUT_SHEET, OPTIONS_SHEET
from evidence.table import Evidence
from evidence.template.guide import TemplateGuide
from evidence.template.workbook import template_bytes
from tests.support.table_builders import REGISTERS, TRAINING, values

MEETINGS = RegisterSpec(
    id="meetings",
    title="Meetings",
    about="Meetings, planned ones too.",
    sheets=("Meetings",),
    key="ref",
    columns=(
        ColumnSpec(name="ref", type="key", note="A short name of your own"),
        ColumnSpec(name="held on", type="day", note="The day it was held"),
        ColumnSpec(name="cancelled", type="yes/no", blank="no"),
        ColumnSpec(
            name="covers",
            type="codes",
            blank="nothing",
            codes={"contracts, commissions and grants": (), "=plans": (), "x" * 300: ()},
        ),
        ColumnSpec(name="for year", type="period", periods=("financial year",), blank="nothing"),
        ColumnSpec(name="seats", type="number", blank="nothing"),
        ColumnSpec(name="kind", type="code", codes={"contracts, commissions and grants": ()}),
    ),
)
BOTH = {**REGISTERS, "meetings": MEETINGS}


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(template_bytes(BOTH)))


@pytest.fixture(scope="module")
def meetings(book: Workbook) -> Worksheet:
    sheet = book["Meetings"]
    assert isinstance(sheet, Worksheet)
    return sheet


def validation(sheet: Worksheet, letter: str) -> DataValidation:
    """The validation of a column's cells."""
    rule: DataValidation
    (rule,) = [v for v in sheet.data_validations.dataValidation if f"{letter}3" in v.sqref]
    assert str(rule.sqref) == f"{letter}3:{letter}1048576"
    return rule


def test_the_workbook_has_a_sheet_about_it_one_for_each_register_and_the_lists(
    book: Workbook,
) -> None:
    names = ["Training", "Meetings", "Waivers"]
    assert book.sheetnames == [ABOUT_SHEET, *names, OPTIONS_SHEET]
    about = book[ABOUT_SHEET]
    assert about["A1"].value == "Evidence workbook"
    purpose_of = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert purpose_of["Meetings"] == "Meetings, planned ones too."
    assert {*names, OPTIONS_SHEET} < set(purpose_of)
    links = {cell.value: cell.hyperlink.location for cell in about["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in (*names, OPTIONS_SHEET)}


def test_a_heading_row_is_frozen_and_a_column_as_wide_as_its_longest_option(
    meetings: Worksheet,
) -> None:
    assert [cell.value for cell in meetings[2]] == [column.name for column in MEETINGS.columns]
    assert meetings.freeze_panes == "A3"
    assert meetings.column_dimensions["B"].width == 12
    assert meetings.column_dimensions["D"].width == 52
    assert meetings.column_dimensions["G"].width == len("contracts, commissions and grants") + 2


def test_a_required_heading_is_white_on_blue(meetings: Worksheet) -> None:
    """Also in bold, and a light heading is none of these, so that they differ in grey too."""
    looks = {
        cell.value: (cell.font.b, cell.font.color and cell.font.color.rgb, cell.fill.fgColor.rgb)
        for cell in meetings[2]
    }
    required = {"ref", "held on", "kind"}
    assert {looks[name] for name in required} == {(True, "FFFFFFFF", "FF1F3864")}
    others = [look for name, look in looks.items() if name not in required]
    assert {(bold, fill) for bold, _, fill in others} == {(False, "FFD9E2F3")}


def test_cells_keep_what_is_typed_into_them(meetings: Worksheet) -> None:
    formats = [meetings.column_dimensions[letter].number_format for letter in "ABCDEFG"]
    assert formats == ["@", "dd/mm/yyyy", "@", "@", "@", "0", "@"]


def test_a_heading_says_what_to_enter_and_whether_it_is_required(meetings: Worksheet) -> None:
    notes = [cell.comment.text for cell in meetings[2] if cell.comment]
    assert notes[:3] == [
        "A short name of your own.\nRequired.",
        "The day it was held.\nRequired.\nEnter a date, such as 25/04/2026.",
        "If it is blank, no is assumed.\nEnter yes or no.",
    ]
    assert notes[4] == "Enter a financial year such as 2025/26."


def test_a_column_has_the_heading_that_it_declares(tmp_path: Path) -> None:
    """It is read back under that heading, and under its name as before."""
    columns = [
        spec.model_copy(update={"heading": "date of the meeting"})
        if spec.name == "held on"
        else spec
        for spec in MEETINGS.columns
    ]
    register = MEETINGS.model_copy(update={"columns": tuple(columns)})
    path = tmp_path / "registers.xlsx"
    path.write_bytes(template_bytes({"meetings": register}))
    filled = load_workbook(path)
    sheet = filled["Meetings"]
    assert sheet["B2"].value == "date of the meeting"
    for number, value in enumerate(["SG-1", datetime.date(2026, 4, 25)], 1):
        sheet.cell(3, number).value = value  # type: ignore[assignment]
    for heading in ("date of the meeting", "held on"):
        sheet["B2"].value = heading
        filled.save(path)
        table = read_evidence([path], {"meetings": register}).tables["meetings"]
        assert values(table, "held on") == [datetime.date(2026, 4, 25)]


def test_a_guide_may_add_to_a_note() -> None:
    guide = TemplateGuide(notes={("meetings", "held on"): "Used for: meetings."})
    comment = load_workbook(io.BytesIO(template_bytes(BOTH, guide)))["Meetings"]["B2"].comment
    assert comment is not None
    assert comment.text.endswith("such as 25/04/2026.\nUsed for: meetings.")


def test_a_key_with_a_heading_of_its_own_is_called_by_it() -> None:
    columns = (ColumnSpec(name="ref", heading="staff no", type="text"), *MEETINGS.columns[1:])
    staff = MEETINGS.model_copy(update={"columns": columns, "key": "ref"})
    person = ColumnSpec(name="by", type="key", refers_to="meetings")
    own = BOTH["training"].model_copy(update={"columns": (person,)})
    template = load_workbook(io.BytesIO(template_bytes({"meetings": staff, "training": own})))
    comment = template["Training"]["A2"].comment
    assert comment is not None
    assert comment.text == (
        "Required.\nEnter a 'staff no' from the Meetings sheet: one only. For another, add a row."
    )


def test_a_key_names_the_sheets_of_its_rows() -> None:
    person = ColumnSpec(name="about", type="key", refers_to_any=("training", "meetings"))
    own = MEETINGS.model_copy(update={"columns": (*MEETINGS.columns, person)})
    template = load_workbook(io.BytesIO(template_bytes({**BOTH, "meetings": own})))
    comment = template["Meetings"]["H2"].comment
    assert comment is not None
    assert comment.text == (
        "Required.\nEnter a reference from the Training or Meetings sheet: one only. For another,"
        " add a row."
    )


def options(book: Workbook, validated: DataValidation) -> list[str]:
    """What stands in the cells that a drop-down refers to."""
    name, _, cells = str(validated.formula1).rpartition("!")
    return [str(row[0].value) for row in book[name.strip("'")][cells.replace("$", "")]]


def test_columns_of_options_have_drop_downs(book: Workbook, meetings: Worksheet) -> None:
    assert validation(meetings, "C").formula1 == '"yes,no"'
    kind = validation(meetings, "G")
    assert (kind.type, kind.showErrorMessage) == ("list", True)
    assert options(book, kind) == ["contracts, commissions and grants"]
    course = validation(book["Training"], "C")
    assert options(book, course) == ["awareness", "referral", "refresher"]


def test_the_sheet_of_options_says_where_each_list_belongs(book: Workbook) -> None:
    sheet = book[OPTIONS_SHEET]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Option", "Also written", "Notes")
    below = {above[0]: row for above, row in itertools.pairwise(rows)}
    assert below["Training: course"] == ("awareness", "WRAP, Prevent awareness", None)
    covers = "Meetings: covers (several options in a cell)"
    assert below[covers] == ("contracts, commissions and grants", None, None)


def test_a_column_of_several_options_offers_them_and_takes_a_set(
    book: Workbook, meetings: Worksheet
) -> None:
    covers = validation(meetings, "D")
    assert (covers.type, covers.showErrorMessage) == ("list", False)
    assert options(book, covers)[1] == "=plans"
    kinds = {cell.value: cell.data_type for row in book[OPTIONS_SHEET] for cell in row}
    assert kinds["=plans"] == "s"
    assert (covers.showInputMessage, covers.promptTitle) == (True, "One option or several")
    assert str(covers.prompt).startswith(
        "The list enters one option, in place of what is in the cell. To enter more than one, type"
        " them with semicolons between them"
    )


def test_a_column_of_text_may_offer_the_rows_of_another_sheet(tmp_path: Path) -> None:
    """The heading there leads to the sheet, and the first rows stay as they are given."""
    guide = TemplateGuide(
        rows={"meetings": [{"kind": "", "ref": "SG-1", "more": "x"}, {"ref": "SG-2"}]},
        suggested={("waivers", "duty"): ("meetings", "ref")},
    )
    book = load_workbook(io.BytesIO(template_bytes(BOTH, guide)))
    rows, waivers = book["Meetings"], book["Waivers"]
    assert [cell.value for cell in rows[2]][:4] == ["kind", "ref", "more", "held on"]
    assert rows.auto_filter.ref == "A2:H1048576"
    duty = validation(waivers, "A")
    assert (options(book, duty), duty.showErrorMessage) == (["SG-1", "SG-2"], False)
    assert rows["B2"].hyperlink is not None
    assert rows["B2"].hyperlink.location == "'Waivers'!A1"


def test_days_and_numbers_are_checked_as_they_are_typed(meetings: Worksheet) -> None:
    held = validation(meetings, "B")
    first, last = (int(str(bound)) for bound in (held.formula1, held.formula2))
    epoch = datetime.date(1899, 12, 30)
    assert (held.type, first) == ("date", 1)
    assert epoch + datetime.timedelta(days=last) == datetime.date(2099, 12, 31)
    assert held.error == "Enter a date, such as 25/04/2026."
    assert validation(meetings, "F").type == "whole"
    assert not any("A2" in v.sqref for v in meetings.data_validations.dataValidation)


def test_a_message_of_a_check_is_as_short_as_a_spreadsheet_asks() -> None:
    codes: dict[str, tuple[str, ...]] = {f"{i} {'word ' * 60}": () for i in range(8)}
    columns = (
        ColumnSpec(name="n" * 40, type="code", codes=codes),
        ColumnSpec(name="m" * 40, type="codes", codes=codes),
    )
    register = TRAINING.model_copy(update={"columns": columns})
    template = load_workbook(io.BytesIO(template_bytes({"training": register})))
    for letter in "AB":
        found = validation(template["Training"], letter)
        assert found.error is not None
        assert len(found.error) <= 255
        assert len(found.prompt or "") <= 255
        assert len(str(found.errorTitle)) <= 32


def test_the_blank_workbook_reads_as_empty_registers_without_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "registers.xlsx"
    path.write_bytes(template_bytes(BOTH))
    evidence = read_evidence([path], BOTH)
    assert (evidence.problems, evidence.fatal) == ((), ())
    assert [(t.found, len(t)) for t in evidence.tables.values()] == [(True, 0)] * 3
    assert [note.message for note in evidence.notes] == [
        f"The sheet '{name}' was not read: no evidence sheet has that name."
        for name in (ABOUT_SHEET, OPTIONS_SHEET)
    ]


def test_the_workbook_filled_in_reads_as_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "registers.xlsx"
    path.write_bytes(template_bytes(BOTH))
    filled = load_workbook(path)
    sheet = filled["Meetings"]
    row = ["SG-1", datetime.date(2026, 4, 25), None, "=plans", "2026/27", 12]
    for number, value in enumerate([*row, "contracts, commissions and grants"], 1):
        sheet.cell(3, number).value = value  # type: ignore[assignment]
    sheet["D3"].data_type = "s"
    filled.save(path)
    evidence = read_evidence([path], BOTH)
    table = evidence.tables["meetings"]
    assert evidence.problems == ()
    assert [values(table, column.name)[0] for column in MEETINGS.columns] == [
        "sg-1", datetime.date(2026, 4, 25), False, frozenset({"=plans"}), "2026/27", 12,
        "contracts, commissions and grants",
    ]  # fmt: skip


# The example row, and what is locked -------------------------------------------------------------

EXAMPLES = {
    "ref": "SG-1", "held on": "25/04/2026", "cancelled": "no", "covers": "=plans",
    "for year": "2026/27", "seats": "12", "kind": "contracts, commissions and grants",
}  # fmt: skip
SHOWN = MEETINGS.model_copy(
    update={
        "columns": tuple(
            spec.model_copy(update={"example": EXAMPLES[spec.name]}) for spec in MEETINGS.columns
        )
    }
)


def shown(tmp_path: Path) -> tuple[Path, Workbook, Worksheet]:
    """A blank workbook with an example of a meeting."""
    path = tmp_path / "registers.xlsx"
    path.write_bytes(template_bytes({"meetings": SHOWN}))
    book = load_workbook(path)
    sheet = book["Meetings"]
    assert isinstance(sheet, Worksheet)
    return path, book, sheet


def read_meetings(path: Path) -> Evidence:
    evidence = read_evidence([path], {"meetings": SHOWN})
    assert {problem.kind for problem in evidence.problems} <= {"example filled in"}
    return evidence


def notes_on(evidence: Evidence) -> list[str]:
    return [note.message for note in evidence.notes if note.sheet == "Meetings"]


LEFT_OUT = (
    "marked 'EXAMPLE (not counted)' and was not counted: delete these words if it is a real row."
)


def test_an_example_row_shows_a_value_of_each_type_and_is_not_counted(tmp_path: Path) -> None:
    path, _, sheet = shown(tmp_path)
    cells = [
        cell.value.date() if isinstance(cell.value, datetime.datetime) else cell.value
        for cell in sheet[3]
    ]
    assert cells == [
        "EXAMPLE (not counted): SG-1", datetime.date(2026, 4, 25), "no", "=plans", "2026/27", 12,
        "contracts, commissions and grants",
    ]  # fmt: skip
    evidence = read_meetings(path)
    assert len(evidence.tables["meetings"]) == 0
    assert notes_on(evidence) == [f"Row 3 is {LEFT_OUT}"]


@pytest.mark.parametrize(
    "mark", ["example (NOT counted)", "  EXAMPLE  (not counted) – mine", "EXAMPLE (not counted):"]
)
def test_an_example_is_known_by_its_mark_wherever_it_is(tmp_path: Path, mark: str) -> None:
    """Moved down, sorted among other rows, typed over in other cells, with columns moved and the
    mark in another column."""
    path, book, sheet = shown(tmp_path)
    sheet.move_range("A3:G3", rows=4)
    sheet["A7"], sheet["G7"] = "SG-9", mark
    sheet["B7"] = datetime.date(2025, 1, 1)
    for row, ref in ((3, "SG-1"), (8, "SG-2")):
        sheet[f"A{row}"], sheet[f"B{row}"] = ref, datetime.date(2026, 5, 1)
        sheet[f"G{row}"] = "contracts, commissions and grants"
    book.save(path)
    evidence = read_meetings(path)
    assert values(evidence.tables["meetings"], "ref") == ["sg-1", "sg-2"]
    assert notes_on(evidence) == [f"Row 7 is {LEFT_OUT}"]


def test_the_references_of_rows_that_are_marked_as_examples_are_kept(tmp_path: Path) -> None:
    """So that a row that names one leads to its row."""
    path, book, sheet = shown(tmp_path)
    sheet["A3"], sheet["B3"] = "Example (not counted) - SG-9", datetime.date(2026, 5, 1)
    sheet["A4"], sheet["B4"] = "SG-1", datetime.date(2026, 5, 1)
    sheet["G4"] = "contracts, commissions and grants"
    book.save(path)
    (source,) = read_meetings(path).tables["meetings"].sources
    assert source.marked == {"sg-9": 3}


def test_a_real_row_below_the_mark_of_the_example_is_a_problem(tmp_path: Path) -> None:
    path, book, sheet = shown(tmp_path)
    sheet["B3"], sheet["C3"] = datetime.date(2026, 5, 1), "yes"
    book.save(path)
    evidence = read_meetings(path)
    assert [(one.kind, one.sheet, one.cells, one.message) for one in evidence.problems] == [
        (
            "example filled in",
            "Meetings",
            (),
            "Row 3 does not count, because A3 begins with 'EXAMPLE (not counted)', but its other"
            " entries are not those of the example. If it is a real row, delete 'EXAMPLE (not"
            " counted): ' from A3 and leave the rest.",
        )
    ]
    assert not evidence.tables["meetings"].given


@pytest.mark.parametrize("ref", ["SG-9", None])
def test_an_example_of_which_only_the_reference_was_changed_does_not_count(
    tmp_path: Path, ref: str | None
) -> None:
    """Otherwise a duty would be met by what the template says."""
    path, book, sheet = shown(tmp_path)
    sheet["A3"] = ref
    book.save(path)
    evidence = read_meetings(path)
    assert [problem.message for problem in evidence.problems] == [
        "Row 3 does not count, because all its cells but the reference are those of the example"
        " row. Enter your own details in them, or delete the row."
    ]
    assert not evidence.tables["meetings"].given
    assert notes_on(evidence) == []


def test_a_row_typed_over_the_example_counts(tmp_path: Path) -> None:
    path, book, sheet = shown(tmp_path)
    sheet["A3"], sheet["C3"] = "SG-1", "yes"
    book.save(path)
    evidence = read_meetings(path)
    assert values(evidence.tables["meetings"], "held on") == [datetime.date(2026, 4, 25)]
    assert notes_on(evidence) == []


def test_a_row_that_only_mentions_an_example_counts(tmp_path: Path) -> None:
    path, book, sheet = shown(tmp_path)
    for row, ref in ((3, "SG-1 EXAMPLE (not counted)"), (4, "EXAMPLE not counted"), (5, "EXAMPLE")):
        for column in (2, 7):
            sheet.cell(row, column).value = sheet.cell(3, column).value
        sheet.cell(row, 1).value = ref
    sheet["C3"] = "yes"  # so that it is not the example but for its reference
    book.save(path)
    evidence = read_meetings(path)
    assert len(evidence.tables["meetings"]) == 3
    assert notes_on(evidence) == []


def test_the_look_of_an_example_follows_its_mark(tmp_path: Path) -> None:
    _, _, sheet = shown(tmp_path)
    (rules,) = sheet.conditional_formatting
    assert str(rules.sqref) == "A3:G1048576"
    (rule,) = rules.rules
    assert rule.formula == ['COUNTIF($A3:$G3,"EXAMPLE (not counted)*")>0']
    assert rule.dxf.font.i
    assert not sheet["A3"].font.i


def test_what_is_above_the_rows_is_locked_and_the_rest_open(tmp_path: Path) -> None:
    """Without a password. Sorting, filtering, new rows and new columns are allowed."""
    _, _, sheet = shown(tmp_path)
    lock = sheet.protection
    assert (lock.sheet, lock.password) == (True, None)
    assert not any(
        (lock.sort, lock.autoFilter, lock.insertRows, lock.deleteRows, lock.insertColumns)
    )
    assert sheet.auto_filter.ref == "A2:G1048576"
    assert all(cell.protection.locked for cell in (sheet["A1"], *sheet[2]))
    assert not any(cell.protection.locked for cell in sheet[3])
    columns = sheet.column_dimensions
    assert not any(columns[letter].protection.locked for letter in "ABCDEFGH")
    assert (columns["H"].min, columns["H"].max) == (8, 16384)


def test_a_register_with_a_required_column_without_an_example_has_no_example_row() -> None:
    sheet = load_workbook(io.BytesIO(template_bytes({"meetings": MEETINGS})))["Meetings"]
    assert [cell.value for cell in sheet[3]] == [None] * 7
    assert "example" not in str(sheet["A1"].value)


def test_the_line_about_a_sheet_says_what_it_is_for() -> None:
    guide = TemplateGuide(serves={"meetings": "For 2 duties."})
    sheet = load_workbook(io.BytesIO(template_bytes({"meetings": SHOWN}, guide)))["Meetings"]
    assert sheet["A1"].value == (
        "About this sheet: Meetings, planned ones too.\nFor 2 duties.\nWhite headings on blue are"
        " required. A grey row that begins with EXAMPLE (not counted) is an example and never"
        " counts: type over it. If there is nothing to record, delete it."
    )


def test_sheets_are_in_the_order_in_which_to_begin() -> None:
    guide = TemplateGuide(order=("meetings", "training"), start="They are short.")
    book = load_workbook(io.BytesIO(template_bytes(BOTH, guide)))
    assert book.sheetnames == [ABOUT_SHEET, "Meetings", "Training", "Waivers", OPTIONS_SHEET]
    texts = [row[0] for row in book[ABOUT_SHEET].iter_rows(values_only=True)]
    at = texts.index("Start with these")
    assert texts[at : at + 4] == ["Start with these", "They are short.", "Meetings", "Training"]
    colours = [book[name].sheet_properties.tabColor for name in ("Meetings", "Training", "Waivers")]
    assert [colour is not None for colour in colours] == [True, True, False]


def test_the_same_registers_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = template_bytes(BOTH)
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + 100_000)
    time.sleep(1.1)  # a second is the least that a workbook's properties tell apart
    assert template_bytes(BOTH) == first


def test_a_saved_workbook_bears_the_day_that_it_is_given() -> None:
    day = datetime.date(2026, 3, 31)
    saved = save_workbook_bytes(Workbook(), day)
    with zipfile.ZipFile(io.BytesIO(saved)) as members:
        assert {member.date_time for member in members.infolist()} == {(2026, 3, 31, 0, 0, 0)}
        core = members.read("docProps/core.xml").decode()
    assert core.count("2026-03-31T00:00:00Z") == 2
    properties = load_workbook(io.BytesIO(saved)).properties
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.date() == day
