"""A file of evidence opens to its cells, each at its own address."""

import datetime
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from evidence.files.opening import open_file
from evidence.raw_cells import (
    RawValue,
    RawWorkbook,
    RowColumn,
)
from tests.support import file_builders as made
from tests.support.file_builders import Formula, Sheet, Wrong
from tests.support.opened_files import SHEETS, cells, opened, try_open

DAY = datetime.date(2026, 4, 1)
HALF_PAST_ONE = datetime.time(13, 30)
PEOPLE = Sheet(
    "people",
    {
        (3, 2): "ref",
        (3, 3): "starts",
        (4, 2): "007",
        (4, 3): DAY,
        (5, 2): "two words",
        (5, 3): Wrong("#REF!"),
        (6, 2): 7.0,
        (6, 3): True,
        (9, 2): Wrong("#N/A", by_formula=True),
        (10, 2): Formula("1+1", 2.0),
        (11, 4): Wrong("#DIV/0!", by_formula=True),
    },
    hidden_rows=frozenset({5, 8}),
    hidden_columns=frozenset({3, 5}),
    merged=((3, 2, 3, 3),),
)
SECRET = Sheet("Änderung & Co", {(1, 1): "é"}, hidden=True)
PLAIN_SECRET = replace(SECRET, name="secret")  # the .xls that is made here has plain names

WORKBOOKS: dict[str, Callable[[bool], bytes]] = {
    "xlsx": lambda d: made.xlsx(PEOPLE, PLAIN_SECRET, date1904=d),
    "xlsm": lambda d: made.xlsx(PEOPLE, PLAIN_SECRET, date1904=d),
    "xlsb": lambda d: made.xlsb(PEOPLE, PLAIN_SECRET, date1904=d),
    "xls": lambda d: made.xls(PEOPLE, PLAIN_SECRET, date1904=d),
    "ods": lambda _: made.ods(PEOPLE, PLAIN_SECRET),
}


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("ending", WORKBOOKS)
def test_every_format_gives_the_same_cells_at_their_own_addresses(
    ending: str, date1904: bool
) -> None:
    data = WORKBOOKS[ending](date1904)
    book = opened(data, f"office.{ending}")

    assert book.file == f"office.{ending}"
    assert book.format == ending
    assert book.sha256 == hashlib.sha256(data).hexdigest()
    assert book.date1904 is (date1904 and ending != "ods")

    people, secret = book.sheets
    assert cells(people) == {
        (3, 2): "ref",
        (3, 3): "starts",
        (4, 2): "007",
        (4, 3): DAY,
        (5, 2): "two words",
        (6, 2): 7.0,
        (6, 3): True,
        (10, 2): 2.0,
    }
    assert type(cells(people)[4, 3]) is datetime.date
    assert people.errors == {(5, 3): "#REF!", (9, 2): "#N/A", (11, 4): "#DIV/0!"}
    assert people.hidden_rows == {5, 8}
    assert people.hidden_columns == ((3, 3), (5, 5))
    assert [column for column in range(1, 8) if people.hides(column)] == [3, 5]
    assert people.merged == ((3, 2, 3, 3),)
    assert people.looked_for_hidden
    assert not people.text_is_raw
    assert (people.name, people.hidden) == ("people", False)
    assert (secret.name, secret.hidden, cells(secret)) == ("secret", True, {(1, 1): "é"})


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_rows_of_errors_alone_keep_their_place_in_the_grid(ending: str) -> None:
    """The reading library drops what it sees as empty; every error lies inside the rows."""
    people = opened(WORKBOOKS[ending](False), f"office.{ending}").sheets[0]
    assert (people.first_row, people.first_column) == (3, 2)
    assert len(people.rows) == 9
    assert {len(row) for row in people.rows} == {3}
    assert people.rows[11 - 3][4 - 2] == ""


def test_a_sheet_of_errors_alone_has_rows_for_them() -> None:
    sheet = Sheet("s", {(4, 3): Wrong("#N/A"), (6, 2): Formula("A1", None)})
    raw = opened(made.xlsx(sheet), "a.xlsx").sheets[0]
    assert (raw.first_row, raw.first_column) == (4, 2)
    assert raw.rows == [["", ""]] * 3
    assert raw.errors == {(4, 3): "#N/A"}
    assert raw.unstored == {(6, 2)}


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_opening_twice_gives_the_same(ending: str) -> None:
    data = WORKBOOKS[ending](False)
    assert opened(data, f"a.{ending}") == opened(data, f"a.{ending}")


def test_an_empty_sheet_has_no_rows() -> None:
    for data, name in ((made.xlsx(Sheet("s", {})), "a.xlsx"), (made.ods(Sheet("s", {})), "a.ods")):
        assert opened(data, name).sheets[0].rows == []


def test_sheet_names_are_those_of_the_file() -> None:
    for data, name in ((made.xlsx(SECRET), "a.xlsx"), (made.ods(SECRET), "a.ods")):
        assert [s.name for s in opened(data, name).sheets] == ["Änderung & Co"]


def expected(sheet: Sheet) -> dict[RowColumn, RawValue]:
    """What a reader should find in a sheet that was written."""
    held = {
        place: cell.result if isinstance(cell, Formula) else cell
        for place, cell in sheet.cells.items()
        if not isinstance(cell, Wrong)
    }
    return {place: value for place, value in held.items() if value not in ("", None)}


@given(SHEETS)
@example(Sheet("s", {(1, 1): Formula("1+1", ""), (1, 2): Formula("1+1", None)}))
def test_what_is_written_is_read(sheet: Sheet) -> None:
    """Every value, error and missing result comes back at its own address, .xlsx and .ods."""
    wrong = {place: cell.word for place, cell in sheet.cells.items() if isinstance(cell, Wrong)}
    unstored = {place for place, cell in sheet.cells.items() if cell == Formula("1+1", None)}
    for data, name in ((made.xlsx(sheet), "a.xlsx"), (made.ods(sheet), "a.ods")):
        book = try_open(data, name)
        assert isinstance(book, RawWorkbook), book
        (raw,) = book.sheets
        assert cells(raw) == expected(sheet)
        assert raw.errors == wrong
        assert raw.unstored == unstored


def styled(rows: str, date1904: bool = False) -> bytes:
    return made.xlsx_of({"s": made.worksheet(rows)}, date1904=date1904)


@pytest.mark.parametrize(
    ("number", "in_1900", "in_1904"),
    [
        ("46113", DAY, datetime.date(2030, 4, 2)),
        (
            "46113.5625",
            datetime.datetime.combine(DAY, HALF_PAST_ONE),
            datetime.datetime.combine(datetime.date(2030, 4, 2), HALF_PAST_ONE),
        ),
        ("61", datetime.date(1900, 3, 1), datetime.date(1904, 3, 2)),
        ("59", datetime.date(1900, 2, 28), datetime.date(1904, 2, 29)),
        ("1", datetime.date(1900, 1, 1), datetime.date(1904, 1, 2)),
        ("0", datetime.time(0, 0), datetime.time(0, 0)),
        ("0.5", datetime.time(12, 0), datetime.time(12, 0)),
        ("-1", datetime.time(0, 0), datetime.time(0, 0)),
    ],
)
def test_a_number_under_a_date_format_is_the_day_that_excel_shows(
    number: str, in_1900: RawValue, in_1904: RawValue
) -> None:
    row = f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>'
    for date1904, shown in ((False, in_1900), (True, in_1904)):
        value = opened(styled(row, date1904), "a.xlsx").sheets[0].rows[0][0]
        assert (type(value), value) == (type(shown), shown)


def test_a_number_without_a_date_format_stays_a_number() -> None:
    value = opened(made.xlsx(Sheet("s", {(1, 1): 45000})), "a.xlsx").sheets[0].rows[0][0]
    assert (type(value), value) == (float, 45000.0)


def test_a_day_stored_as_an_iso_date_is_a_day() -> None:
    row = '<row r="1"><c r="A1" s="1" t="d"><v>2026-04-01</v></c></row>'
    for date1904 in (False, True):
        assert opened(styled(row, date1904), "a.xlsx").sheets[0].rows == [[DAY]]


def office_workbook(date1904: bool) -> bytes:
    """A workbook written by openpyxl, which stores no results of formulas."""
    book = openpyxl.Workbook()
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "people"
    sheet["B3"], sheet["C3"], sheet["D3"] = DAY, "007", 7
    sheet["B5"] = datetime.datetime.combine(DAY, HALF_PAST_ONE)
    sheet["B7"] = "=1/0"
    sheet["C8"] = '=IF(D3=7,"","no")'
    sheet["D8"] = "=D3+1"
    sheet.merge_cells("B10:C11")
    sheet["B10"] = "merged"
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "veryHidden" if not date1904 else "hidden"
    hidden["A1"] = "x"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


OFFICE_CELLS: dict[RowColumn, RawValue] = {
    (3, 2): DAY,
    (3, 3): "007",
    (3, 4): 7.0,
    (5, 2): datetime.datetime.combine(DAY, HALF_PAST_ONE),
    (10, 2): "merged",
}


@pytest.mark.parametrize("date1904", [False, True])
def test_a_workbook_written_by_openpyxl(date1904: bool) -> None:
    people, hidden = opened(office_workbook(date1904), "a.xlsx").sheets
    assert cells(people) == OFFICE_CELLS
    assert people.unstored == {(7, 2), (8, 3), (8, 4)}
    assert people.hidden_rows == {5}
    assert people.hidden_columns == ((3, 3),)
    assert people.merged == ((10, 2, 11, 3),)
    assert hidden.hidden


@pytest.mark.one_in(3)
@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_workbooks_saved_by_libreoffice(
    ending: str, convert: Callable[[str, Path, list[Path]], None], tmp_path: Path
) -> None:
    """It works the formulas out, so errors stand where openpyxl stored nothing."""
    sources = []
    for date1904 in (False, True):
        source = tmp_path / "from" / f"{date1904}.xlsx"
        source.parent.mkdir(exist_ok=True)
        source.write_bytes(office_workbook(date1904))
        sources.append(source)
    convert(ending, tmp_path, sources)
    for source in sources:
        book = open_file(tmp_path / f"{source.stem}.{ending}", source.stem)
        assert isinstance(book, RawWorkbook), book
        assert book.date1904 is (source.stem == "True")
        people = book.sheets[0]
        assert cells(people) == OFFICE_CELLS | {(8, 4): 8.0}
        assert people.errors == {(7, 2): "#DIV/0!"}
        assert people.unstored == frozenset()
        assert people.hidden_rows == {5}
        assert people.hidden_columns == ((3, 3),)
        assert people.merged == ((10, 2, 11, 3),)
        assert book.sheets[1].hidden
