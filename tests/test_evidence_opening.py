"""A file of evidence opens to its cells, each at its own address, or to a sentence that says why not."""

import datetime
import hashlib
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from evidence import package, values
from evidence.marks import MAX_CELLS
from evidence.opening import LIMIT_BYTES, open_file
from evidence.rawcells import (
    OpeningCode,
    RawSheet,
    RawValue,
    RawWorkbook,
    RowColumn,
    Unopened,
    cell_name,
    column_letters,
)
from evidence.sheetparse import column_number, parse_sheet
from evidence.sheetxml import search_sheet
from tests import evidence_files as made
from tests.evidence_files import Formula, Sheet, Wrong

DAY = datetime.date(2026, 4, 1)
PEOPLE = Sheet(
    "people",
    {
        (3, 2): "ref",
        (3, 3): "starts",
        (4, 2): "007",
        (4, 3): DAY,
        (5, 2): "  two words ",
        (5, 3): Wrong("#REF!"),
        (6, 2): 7.0,
        (6, 3): True,
        (9, 2): Wrong("#N/A", by_formula=True),
        (10, 2): Formula("1+1", 2.0),
        (11, 4): Wrong("#DIV/0!", by_formula=True),
    },
    hidden_rows=frozenset({5, 8}),
    merged=((3, 2, 3, 3),),
)
SECRET = Sheet("Änderung & Co", {(1, 1): "é"}, hidden=True)
PLAIN_SECRET = replace(SECRET, name="secret")  # the .xls that is made here has plain names

WORKBOOKS: dict[str, Callable[[bool], bytes]] = {
    "xlsx": lambda d: made.xlsx(PEOPLE, PLAIN_SECRET, date1904=d),
    "xlsm": lambda d: made.xlsx(PEOPLE, PLAIN_SECRET, date1904=d),
    "xlsb": lambda d: made.xlsb(PEOPLE, PLAIN_SECRET, date1904=d),
    "xls": lambda d: made.xls(PEOPLE, PLAIN_SECRET, date1904=d),
    "ods": lambda d: made.ods(PEOPLE, PLAIN_SECRET),
}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes, str], RawWorkbook]:
    """Writes bytes to a file of that name and opens it, which must succeed."""

    def write_and_open(data: bytes, name: str) -> RawWorkbook:
        result = try_open(tmp_path, data, name)
        assert isinstance(result, RawWorkbook), result
        return result

    return write_and_open


Opened = Callable[[bytes, str], RawWorkbook]


def try_open(folder: Path, data: bytes, name: str) -> RawWorkbook | Unopened:
    path = folder / name
    path.write_bytes(data)
    return open_file(path, name)


def cells(sheet: RawSheet) -> dict[RowColumn, RawValue]:
    """The cells that hold something, by their own addresses."""
    return {
        (sheet.first_row + down, sheet.first_column + right): value
        for down, row in enumerate(sheet.rows)
        for right, value in enumerate(row)
        if value not in ("", None)
    }


# Every format alike --------------------------------------------------------------------------


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("ending", WORKBOOKS)
def test_every_format_gives_the_same_cells_at_their_own_addresses(
    ending: str, date1904: bool, opened: Opened
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
        (5, 2): "  two words " if ending != "ods" else "  two words ",
        (6, 2): 7.0,
        (6, 3): True,
        (10, 2): 2.0,
    }
    assert type(cells(people)[4, 3]) is datetime.date
    assert people.errors == {(5, 3): "#REF!", (9, 2): "#N/A", (11, 4): "#DIV/0!"}
    assert people.hidden_rows >= {5, 8}
    assert people.hidden_rows <= {5, 8}
    assert people.merged == ((3, 2, 3, 3),)
    assert people.looked_for_hidden
    assert not people.text_is_raw
    assert (people.name, people.hidden) == ("people", False)
    assert (secret.name, secret.hidden, cells(secret)) == ("secret", True, {(1, 1): "é"})


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_rows_of_errors_alone_keep_their_place_in_the_grid(ending: str, opened: Opened) -> None:
    """The reading library drops what it sees as empty; every error lies inside the rows."""
    people = opened(WORKBOOKS[ending](False), f"office.{ending}").sheets[0]
    assert (people.first_row, people.first_column) == (3, 2)
    assert len(people.rows) == 9
    assert {len(row) for row in people.rows} == {3}
    assert people.rows[11 - 3][4 - 2] == ""


def test_a_sheet_of_errors_alone_has_rows_for_them(opened: Opened) -> None:
    sheet = Sheet("s", {(4, 3): Wrong("#N/A"), (6, 2): Formula("A1", None)})
    raw = opened(made.xlsx(sheet), "a.xlsx").sheets[0]
    assert (raw.first_row, raw.first_column) == (4, 2)
    assert raw.rows == [["", ""]] * 3
    assert raw.errors == {(4, 3): "#N/A"}
    assert raw.unstored == {(6, 2)}


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_opening_twice_gives_the_same(ending: str, opened: Opened) -> None:
    data = WORKBOOKS[ending](False)
    assert opened(data, f"a.{ending}") == opened(data, f"a.{ending}")


def test_an_empty_sheet_has_no_rows(opened: Opened) -> None:
    for data, name in ((made.xlsx(Sheet("s", {})), "a.xlsx"), (made.ods(Sheet("s", {})), "a.ods")):
        assert opened(data, name).sheets[0].rows == []


def test_sheet_names_are_those_of_the_file(opened: Opened) -> None:
    for data, name in ((made.xlsx(SECRET), "a.xlsx"), (made.ods(SECRET), "a.ods")):
        assert [s.name for s in opened(data, name).sheets] == ["Änderung & Co"]


_SOMEWHERE = st.tuples(st.integers(1, 40), st.integers(1, 30))
_CELLS = st.one_of(
    st.text("abc <>&é'\"", min_size=1).filter(lambda text: text == " ".join(text.split())),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3) + 0.0),
    st.booleans(),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31)),
    st.builds(Wrong, st.sampled_from(["#N/A", "#REF!", "#VALUE!"]), st.booleans()),
    st.builds(Formula, st.just("1+1"), st.sampled_from([None, "", "text", 3.5, 0])),
)
_SHEETS = st.builds(
    Sheet,
    st.just("s"),
    st.dictionaries(_SOMEWHERE, _CELLS, max_size=12),
    st.just(False),
    st.frozensets(st.integers(1, 40), max_size=3),
)


def expected(sheet: Sheet) -> dict[RowColumn, RawValue]:
    held = {
        place: cell.result if isinstance(cell, Formula) else cell
        for place, cell in sheet.cells.items()
        if not isinstance(cell, Wrong)
    }
    return {place: value for place, value in held.items() if value not in ("", None)}


@given(_SHEETS)
@example(Sheet("s", {(1, 1): Formula("1+1", ""), (1, 2): Formula("1+1", None)}))
def test_what_is_written_is_read(sheet: Sheet) -> None:
    """Every value, error and missing result comes back at its own address, .xlsx and .ods."""
    folder = Path(pytest.importorskip("tempfile").mkdtemp())
    try:
        for data, name in ((made.xlsx(sheet), "a.xlsx"), (made.ods(sheet), "a.ods")):
            book = try_open(folder, data, name)
            assert isinstance(book, RawWorkbook), book
            (raw,) = book.sheets
            assert cells(raw) == expected(sheet)
            assert raw.errors == {
                place: cell.word for place, cell in sheet.cells.items() if isinstance(cell, Wrong)
            }
            assert raw.unstored == {
                place
                for place, cell in sheet.cells.items()
                if isinstance(cell, Formula) and cell.result is None
            }
    finally:
        shutil.rmtree(folder)


@given(_SHEETS, st.booleans())
def test_searching_a_sheet_finds_what_parsing_it_finds(sheet: Sheet, recalculate: bool) -> None:
    data = made.sheet_xml(sheet).encode()
    found, parsed = search_sheet(data, recalculate), parse_sheet(data, "part", recalculate)
    assert found is not None
    assert found == parsed
    assert parsed.hidden_rows == sheet.hidden_rows
