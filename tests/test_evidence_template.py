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
from evidence.template import TemplateGuide, template_bytes
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
    found: DataValidation
    (found,) = [v for v in sheet.data_validations.dataValidation if f"{letter}2" in v.sqref]
    assert str(found.sqref) == f"{letter}2:{letter}1048576"
    return found


def test_the_workbook_has_a_sheet_about_it_one_for_each_register_and_the_lists(
    book: Workbook,
) -> None:
    names = ["Training", "Waivers", "Meetings"]
    assert book.sheetnames == [ABOUT_SHEET, *names, OPTIONS_SHEET]
    about = book[ABOUT_SHEET]
    assert about["A1"].value == "Evidence workbook"
    told = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert told["Meetings"] == "Meetings, planned ones too."
    assert {*names, OPTIONS_SHEET} < set(told)
    links = {cell.value: cell.hyperlink.location for cell in about["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in (*names, OPTIONS_SHEET)}


def test_a_heading_row_is_frozen_and_a_column_as_wide_as_its_longest_option(
    meetings: Worksheet,
) -> None:
    assert [cell.value for cell in meetings[1]] == [column.name for column in MEETINGS.columns]
    assert meetings.freeze_panes == "A2"
    assert meetings.column_dimensions["B"].width == 12
    assert meetings.column_dimensions["D"].width == 52
    assert meetings.column_dimensions["G"].width == len("contracts, commissions and grants") + 2


def test_a_required_heading_is_bold_and_of_another_colour(meetings: Worksheet) -> None:
    bold = {cell.value: cell.font.bold for cell in meetings[1]}
    assert [name for name, is_bold in bold.items() if is_bold] == ["ref", "held on", "kind"]
    colours = {(bold[cell.value], cell.fill.fgColor.rgb) for cell in meetings[1]}
    assert len(colours) == 2


def test_cells_keep_what_is_typed_into_them(meetings: Worksheet) -> None:
    formats = [meetings.column_dimensions[letter].number_format for letter in "ABCDEFG"]
    assert formats == ["@", "dd/mm/yyyy", "@", "@", "@", "0", "@"]


def test_a_heading_says_what_to_enter_and_whether_it_is_required(meetings: Worksheet) -> None:
    notes = [cell.comment.text for cell in meetings[1] if cell.comment]
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
    assert sheet["B1"].value == "date of the meeting"
    for number, value in enumerate(["SG-1", datetime.date(2026, 4, 25)], 1):
        sheet.cell(2, number).value = value  # type: ignore[assignment]
    for heading in ("date of the meeting", "held on"):
        sheet["B1"].value = heading
        filled.save(path)
        table = read_evidence([path], {"meetings": register}).tables["meetings"]
        assert values(table, "held on") == [datetime.date(2026, 4, 25)]


def test_a_guide_may_add_to_a_note() -> None:
    guide = TemplateGuide(notes={("meetings", "held on"): "Used for: meetings."})
    comment = load_workbook(io.BytesIO(template_bytes(BOTH, guide)))["Meetings"]["B1"].comment
    assert comment is not None
    assert comment.text.endswith("such as 25/04/2026.\nUsed for: meetings.")


def test_a_key_names_the_sheets_of_its_rows() -> None:
    person = ColumnSpec(name="about", type="key", refers_to_any=("training", "meetings"))
    own = MEETINGS.model_copy(update={"columns": (*MEETINGS.columns, person)})
    made = load_workbook(io.BytesIO(template_bytes({**BOTH, "meetings": own})))
    comment = made["Meetings"]["H1"].comment
    assert comment is not None
    assert comment.text == ("Required.\nEnter a ref from the Training or Meetings sheet.")


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
    assert [cell.value for cell in sheet[1]] == ["Option", "Notes"]
    lines = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    below = dict(itertools.pairwise(lines))
    assert below["Used in: Training: course"] == "awareness"
    covers = "Used in: Meetings: covers (several options in a cell)"
    assert below[covers] == "contracts, commissions and grants"


def test_a_column_of_several_options_offers_them_and_takes_a_set(
    book: Workbook, meetings: Worksheet
) -> None:
    covers = validation(meetings, "D")
    assert (covers.type, covers.showErrorMessage) == ("list", False)
    assert options(book, covers)[1] == "=plans"
    kinds = {cell.value: cell.data_type for cell in book[OPTIONS_SHEET]["A"]}
    assert kinds["=plans"] == "s"


def test_a_column_of_text_may_offer_the_rows_of_another_sheet(tmp_path: Path) -> None:
    """The headings lead to each other's sheets, and the first rows stay as they are given."""
    guide = TemplateGuide(
        rows={"meetings": [{"kind": "", "ref": "SG-1", "more": "x"}, {"ref": "SG-2"}]},
        suggested={("waivers", "duty"): ("meetings", "ref")},
    )
    book = load_workbook(io.BytesIO(template_bytes(BOTH, guide)))
    rows, waivers = book["Meetings"], book["Waivers"]
    assert [cell.value for cell in rows[1]][:4] == ["kind", "ref", "more", "held on"]
    assert rows.auto_filter.ref == "A1:H3"
    duty = validation(waivers, "A")
    assert (options(book, duty), duty.showErrorMessage) == (["SG-1", "SG-2"], False)
    links = (waivers["A1"].hyperlink, rows["B1"].hyperlink)
    assert [link.location for link in links if link] == ["'Meetings'!A1", "'Waivers'!A1"]


def test_days_and_numbers_are_checked_as_they_are_typed(meetings: Worksheet) -> None:
    held = validation(meetings, "B")
    first, last = (int(str(each)) for each in (held.formula1, held.formula2))
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
    made = load_workbook(io.BytesIO(template_bytes({"training": register})))
    for letter in "AB":
        found = validation(made["Training"], letter)
        assert found.error is not None
        assert len(found.error) <= 255
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
        sheet.cell(2, number).value = value  # type: ignore[assignment]
    sheet["D2"].data_type = "s"
    filled.save(path)
    evidence = read_evidence([path], BOTH)
    table = evidence.tables["meetings"]
    assert evidence.problems == ()
    assert [values(table, column.name)[0] for column in MEETINGS.columns] == [
        "sg-1", datetime.date(2026, 4, 25), False, frozenset({"=plans"}), "2026/27", 12,
        "contracts, commissions and grants",
    ]  # fmt: skip


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
