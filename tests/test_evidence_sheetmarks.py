"""Errors, formulas without a result and hidden rows are found however a sheet is written."""

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.book_marks import Extent, OpeningStop
from evidence.files.xlsx_sheet import parse_sheet
from evidence.raw_cells import (
    OpeningCode,
    RawSheet,
    Unopened,
    cell_name,
    column_number,
)
from tests.support import file_builders as made
from tests.support.file_builders import Sheet
from tests.support.opened_files import SHEETS, cells, opened, try_open


@given(SHEETS, st.booleans())
def test_the_marks_of_a_sheet_are_those_that_were_written(sheet: Sheet, recalculate: bool) -> None:
    marks = parse_sheet(made.sheet_xml(sheet).encode(), "part", recalculate)
    assert marks.hidden_rows == sheet.hidden_rows
    assert {first for first, _ in marks.hidden_columns} == sheet.hidden_columns
    held = Extent()
    for place in sheet.cells:
        held.add(*place)
    assert marks.extent == held


#: Ways to write the same sheet otherwise, which change nothing of what it holds.
OTHERWISE = (
    ("<row ", "<row\n"),
    ('<c r="', '<c cm="0" r="'),
    ('<row r="', '<!-- <c r="A1"><v>1</v></c> --><row r="'),
    ("<v>", "<color/><v>"),
    ("<sheetData>", '<sheetData><row r="9"/>'),
    ("</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'),
)


@given(SHEETS, st.sampled_from(OTHERWISE))
def test_a_sheet_that_is_written_otherwise_has_the_same_marks(
    sheet: Sheet, change: tuple[str, str]
) -> None:
    data = made.sheet_xml(sheet)
    assert parse_sheet(data.replace(*change).encode(), "part") == parse_sheet(data.encode(), "part")


#: Rows that are passed over, and rows that only look like them.
PLAIN = (
    '<row r="2"><c r="B2" s="1" t="n"><v>5</v></c><c r="D2"/></row>',
    '<row r="3" spans="1:4" ht="15.75" customHeight="1"><c r="A3" t="s"><v>0</v></c></row>',
    '<row r="4"><c r="C4" t="inlineStr"><is><t>Zoë – ✓</t></is></c></row>',
    '<row r="5"><c r="E5" s="1"/></row>',
    '<row r="7" customFormat="false" ht="12.8" hidden="false" customHeight="false"'
    ' outlineLevel="0" collapsed="false"><c r="A7" s="0" t="n"><f aca="false">B7+1</f><v>8</v></c>'
    "</row>",
    '<row r="8"><c r="F8" t="str"><f t="shared" ref="F8:F9" si="0">G8&amp;"a"</f><v>R&amp;D</v></c>'
    '<c r="H8"><f t="shared" si="0"/><v>00</v></c></row>',
    '<row r="6"></row>',
)
ODD = (
    '<row r="2" hidden="1"><c r="A2"><v>5</v></c></row>',
    '<row r="2" ht="0"><c r="A2"><v>5</v></c></row>',
    '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>',
    '<row r="2"><c r="A2"><f>B2</f></c></row>',
    '<row r="2"><c r="A2"><f>B2</f><v>0</v></c></row>',
    '<row r="2"><c r="A2" t="str"><f>B2</f><v> </v></c></row>',
    '<row r="2"><c r="A2" t="str"><f>B2</f></c><c r="B2"><f>C2</f><v></v></c></row>',
    '<row r="2"><c r="A9"><v>5</v></c></row>',
    '<row r="2"><c r="a2"><v>5</v></c></row>',
    '<row r="2"><c><v>5</v></c><c><v>5</v></c></row>',
    '<row><c r="A7"><v>5</v></c></row>',
    "<row><c><v>5</v></c></row>",
    '<row r="02"><c r="A02"><v>5</v></c></row>',
)


@given(st.lists(st.sampled_from((*PLAIN, *ODD))), st.booleans())
def test_rows_that_are_passed_over_leave_the_same_marks(rows: list[str], recalculate: bool) -> None:
    """A comment in the part has every row followed."""
    data = made.worksheet("".join(rows))
    followed = data.replace("<sheetData>", "<sheetData><!-- -->")
    marks = [parse_sheet(xml.encode(), "part", recalculate) for xml in (data, followed)]
    assert marks[0] == marks[1]


@pytest.mark.parametrize("value", ["a & b", "]]>", "\x01", "\ud800", "\ufffe", "<b>", "</v>"])
def test_a_row_of_letters_that_cannot_be_is_followed_to_its_fault(value: str) -> None:
    row = f'<row r="1"><c r="A1" t="str"><v>{value}</v></c></row>'
    data = made.worksheet(row + PLAIN[0] + PLAIN[1]).encode("utf-8", "surrogatepass")
    with pytest.raises(OpeningStop, match="is not well formed"):
        parse_sheet(data, "part")


@given(st.integers(1, 20_000))
def test_column_letters_and_numbers_are_each_other_s_reverse(number: int) -> None:
    assert column_number(cell_name(1, number).removesuffix("1")) == number


def test_cells_are_named_as_a_spreadsheet_names_them() -> None:
    named = {cell_name(14, 6), cell_name(1, 26), cell_name(1, 27), cell_name(1048576, 16384)}
    assert named == {"F14", "Z1", "AA1", "XFD1048576"}


def marks_of(rows: str, recalculate: bool = False) -> RawSheet:
    data = made.xlsx_of({"s": made.worksheet(rows)}, recalculate=recalculate)
    return opened(data, "a.xlsx").sheets[0]


@pytest.mark.parametrize(
    ("cell", "unstored"),
    [
        ('<c r="A1"><f>B1</f></c>', True),
        ('<c r="A1"><f>B1</f><v></v></c>', True),
        ('<c r="A1"><f>B1</f><v/></c>', True),
        ('<c r="A1" t="str"><f>B1</f></c>', True),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', False),  # an empty text is a result
        ('<c r="A1" t="str"><f>B1</f><v/></c>', False),
        ('<c r="A1"><f>B1</f><v>0</v></c>', False),
        ('<c r="A1"><f t="shared" si="0"/><v>5</v></c>', False),
        ('<c r="A1"><f t="shared" si="0"/></c>', True),
        ('<c r="A1" t="b"><f>B1</f><v>0</v></c>', False),
        ("<c r='A1'><f>B1</f></c>", True),
        ('<c s="1" r="A1"><f>B1</f></c>', True),
    ],
)
def test_a_formula_without_a_stored_result_is_found(cell: str, unstored: bool) -> None:
    sheet = marks_of(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>')
    assert sheet.unstored == ({(1, 1)} if unstored else frozenset())
    assert sheet.errors == {}


def test_a_zero_from_a_program_without_calculation_is_not_a_result() -> None:
    """Some programs write 0 for every formula, and ask the spreadsheet to work all out."""
    rows = '<row r="1"><c r="A1"><f>B1</f><v>0</v></c><c r="B1"><v>0</v></c></row>'
    assert marks_of(rows, recalculate=True).unstored == {(1, 1)}
    assert marks_of(rows, recalculate=False).unstored == frozenset()
    prefixed = rows.replace('<c r="A1">', '<c s="0" r="A1">')
    assert marks_of(prefixed, recalculate=True).unstored == {(1, 1)}


UNUSUAL = {
    "prefixed": (
        f'<x:worksheet xmlns:x="{made.MAIN}"><x:sheetData>'
        '<x:row r="2" hidden="1"><x:c r="B2" t="e"><x:v>#REF!</x:v></x:c>'
        '<x:c r="C2"><x:f>1</x:f></x:c><x:c r="D2"><x:v>5</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    ),
    "without addresses": made.worksheet(
        '<row/><row hidden="true"><c/><c t="e"><v>#REF!</v></c><c><f>1</f></c><c><v>5</v></c></row>'
    ),
    "addresses last": made.worksheet(
        '<row ht="0" r="2"><c t="e" r="B2"><f>1/0</f><v>#REF!</v></c><c s="0" r="C2"><f>1</f></c>'
        '<c s="0" r="D2"><v>5</v></c></row>'
    ),
    "some addresses": made.worksheet(
        '<row r="2" hidden="1"><c r="B2" t="e"><v>#REF!</v></c><c><f>1</f><v></v></c>'
        "<c><v>5</v></c></row>"
    ),
    "spread over lines": made.worksheet(
        '\n<row\n r="2" hidden = "1">\n<c\n r="B2"\n t="e">\n<v>#REF!</v>\n</c>\n'
        '<c r="C2">\n<f>1</f>\n</c>\n<c r="D2"><v>5</v></c></row>'
    ),
    "single quotes": made.worksheet(
        "<row r='2' hidden='1'><c r='B2' t='e'><v>#REF!</v></c><c r='C2'><f>1</f></c>"
        "<c r='D2'><v>5</v></c></row>"
    ),
    "with a comment": made.worksheet(
        '<!-- <c r="Z9"><f>1</f></c> --><row r="2" hidden="1"><c r="B2" t="e"><v>#REF!</v></c>'
        '<c r="C2"><f>1</f></c><c r="D2"><v>5</v></c></row>'
    ),
}


@pytest.mark.parametrize("way", UNUSUAL)
def test_marks_are_found_however_the_sheet_is_written(way: str) -> None:
    sheet = opened(made.xlsx_of({"s": UNUSUAL[way]}), "a.xlsx").sheets[0]
    assert cells(sheet) == {(2, 4): 5.0}
    assert sheet.errors == {(2, 2): "#REF!"}
    assert sheet.unstored == {(2, 3)}
    assert sheet.hidden_rows == {2}


COLUMNS = {
    "hidden": ('<col min="2" max="4" width="9" hidden="1"/>', ((2, 4),)),
    "told last, in other words": ("<col hidden='true' max='4' min='2'/>", ((2, 4),)),
    "spread over lines": ('<col\n min = "2"\n max = "2"\n hidden = "on"\n/>', ((2, 2),)),
    "of no width": ('<col min="2" max="2" width="0" customWidth="1"/>', ((2, 2),)),
    "of no width, to the point": ('<col min="2" max="16384" width="0.0"/>', ((2, 16384),)),
    "not hidden": ('<col min="2" max="4" width="0.5" hidden="0"/>', ()),
    "hidden, but not which": ('<col hidden="1"/><col min="x" max="2" hidden="1"/>', ()),
    "two": ('<col min="1" max="1" hidden="1"/><col min="9" max="9" width="0"/>', ((1, 1), (9, 9))),
}


@pytest.mark.parametrize("way", COLUMNS)
def test_hidden_columns_are_found_however_they_are_hidden(way: str) -> None:
    element, spans = COLUMNS[way]
    part = made.worksheet(
        '<row r="2" hidden="1"><c r="B2"><v>5</v></c></row>', before=f"<cols>{element}</cols>"
    )
    sheet = opened(made.xlsx_of({"s": part}), "a.xlsx").sheets[0]
    assert sheet.hidden_columns == spans
    assert sheet.hidden_rows == {2}
    assert parse_sheet(part.encode(), "part").hidden_columns == list(spans)


def test_hidden_columns_are_found_behind_a_prefix() -> None:
    part = (
        f'<x:worksheet xmlns:x="{made.MAIN}"><x:cols><x:col min="2" max="3" hidden="1"/></x:cols>'
        '<x:sheetData><x:row r="2"><x:c r="B2"><x:v>5</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    )
    assert opened(made.xlsx_of({"s": part}), "a.xlsx").sheets[0].hidden_columns == ((2, 3),)


def test_folded_groups_of_columns_of_an_ods_are_hidden() -> None:
    table = (
        '<table:table table:name="s"><table:table-column/><table:table-column-group'
        ' table:display="false"><table:table-column table:number-columns-repeated="2"/>'
        "</table:table-column-group><table:table-column/><table:table-row>"
        '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
        "</table:table>"
    )
    assert opened(made.ods_of(table), "a.ods").sheets[0].hidden_columns == ((2, 3),)


def test_text_that_looks_like_a_mark_is_text() -> None:
    looks = Sheet("s", {(1, 1): '<c r="B9" t="e"><v>#REF!</v></c> hidden="1" <f>1</f>'})
    sheet = opened(made.xlsx(looks), "a.xlsx").sheets[0]
    assert cells(sheet) == looks.cells
    assert (sheet.errors, sheet.unstored, sheet.hidden_rows) == ({}, frozenset(), frozenset())


def test_an_error_that_the_library_does_not_know_names_its_cell(tmp_path: Path) -> None:
    rows = '<row r="7"><c r="D7" t="e"><v>#SPILL!</v></c></row>'
    result = try_open(made.xlsx_of({"list": made.worksheet(rows)}), "a.xlsx")
    assert result == Unopened(
        "a.xlsx",
        OpeningCode.UNKNOWN_ERROR_CELL,
        "a.xlsx cannot be read, because cell D7 of the sheet 'list' shows #SPILL!: correct the"
        " formula there and save the file.",
    )


def test_chart_sheets_are_left_out_and_move_nothing() -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("chart", 0)
    book.create_sheet("broken")["B2"] = "=1/0"
    data = io.BytesIO()
    book.save(data)
    sheets = opened(data.getvalue(), "a.xlsx").sheets
    assert [(sheet.name, sheet.unstored) for sheet in sheets] == [
        ("Sheet", frozenset()),
        ("broken", {(2, 2)}),
    ]


def table(rows: str, name: str = "s") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def text_cell(text: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def test_ods_rows_and_cells_that_are_written_once_for_many() -> None:
    wrong = (
        '<table:table-cell table:formula="of:=NA()" table:number-columns-repeated="2"'
        ' office:value-type="float" office:value="0"><text:p>#N/A</text:p></table:table-cell>'
    )
    rows = (
        '<table:table-row table:number-rows-repeated="2"/>'
        f'<table:table-row table:number-rows-repeated="2">{text_cell("x")}{wrong}</table:table-row>'
        f'<table:table-row table:visibility="filter">{text_cell("y")}</table:table-row>'
        '<table:table-row table:visibility="collapse" table:number-rows-repeated="1048570"/>'
    )
    sheet = opened(made.ods_of(table(rows)), "a.ods").sheets[0]
    assert {place for place, value in cells(sheet).items() if value in ("x", "y")} == {
        (3, 1),
        (4, 1),
        (5, 1),
    }
    assert sheet.errors == {(r, c): "#N/A" for r in (3, 4) for c in (2, 3)}
    assert sheet.hidden_rows == {5}


def test_ods_rows_in_a_folded_group_are_hidden() -> None:
    rows = (
        f"<table:table-header-rows><table:table-row>{text_cell('h')}</table:table-row>"
        '</table:table-header-rows><table:table-row-group table:display="false">'
        f"<table:table-row>{text_cell('a')}</table:table-row></table:table-row-group>"
        f"<table:table-row-group><table:table-row>{text_cell('b')}</table:table-row>"
        "</table:table-row-group>"
    )
    sheet = opened(made.ods_of(table(rows)), "a.ods").sheets[0]
    assert cells(sheet) == {(1, 1): "h", (2, 1): "a", (3, 1): "b"}
    assert sheet.hidden_rows == {2}


def test_ods_comments_and_shapes_are_not_results_of_their_cell() -> None:
    noted = (
        '<table:table-cell table:formula="of:=[.B1]"><office:annotation><text:p>note</text:p>'
        "</office:annotation><draw:frame><draw:text-box><text:p>shape</text:p></draw:text-box>"
        "</draw:frame></table:table-cell>"
    )
    rows = f"<table:table-row>{noted}{text_cell('x')}</table:table-row>"
    sheet = opened(made.ods_of(table(rows)), "a.ods").sheets[0]
    assert sheet.unstored == {(1, 1)}
    assert cells(sheet) == {(1, 2): "x"}


def test_ods_copies_of_other_files_are_not_sheets_of_this_one() -> None:
    row = f"<table:table-row>{text_cell('x')}</table:table-row>"
    outside = table(row, "'file:///other.ods'#$people")
    assert [s.name for s in opened(made.ods_of(table(row) + outside), "a.ods").sheets] == ["s"]
