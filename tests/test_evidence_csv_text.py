"""A CSV file opens to rows of texts that are numbered as a spreadsheet numbers them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.files.csv_text import Text, find_separator
from evidence.raw_cells import OpeningCode, RawSheet, Unopened
from tests.support.opened_files import opened, try_open

TABLE = [["ref", "name"], ["007", "Zoë"], ["2", "–"]]


def read(text: str, encoding: str = "utf-8") -> RawSheet:
    """The one sheet of a CSV file with that text."""
    (sheet,) = opened(text.encode(encoding), "people.csv").sheets
    return sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_separator_and_line_end(
    encoding: str, separator: str, line_end: str
) -> None:
    text = line_end.join(separator.join(row) for row in TABLE)
    for ending in ("", line_end):
        sheet = read(text + ending, encoding)
        assert sheet.rows == TABLE
        assert (sheet.name, sheet.first_row, sheet.first_column) == ("people.csv", 1, 1)
        assert sheet.text_is_raw
        assert sheet.looked_for_hidden
        assert not sheet.hidden


def test_letters_that_another_program_has_lost_are_noticed() -> None:
    assert read("ref,name\n1,Zo\ufffd\n").has_lost_letters
    assert not read("ref,name\n1,Zo\u00eb\n").has_lost_letters


def test_unicode_text_is_refused_by_its_name_in_excel() -> None:
    unopened = try_open("ref,name\n".encode("utf-16"), "people.csv")
    assert isinstance(unopened, Unopened)
    assert unopened.message == (
        "people.csv is saved as 'Unicode text', which cannot be read: open it in Excel and save a"
        " copy as CSV UTF-8 (comma delimited), or as .xlsx."
    )


def test_everything_is_text() -> None:
    assert read("007,1.0,TRUE,2026-04-01, x \n").rows == [
        ["007", "1.0", "TRUE", "2026-04-01", " x "]
    ]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    """An empty line is a row, and a cell of three lines is in one row."""
    sheet = read('title\n\nref,note\n1,"two\n\nlines"\n\n2,"say ""hello"""\n')
    assert sheet.rows == [
        ["title"],
        [],
        ["ref", "note"],
        ["1", "two\n\nlines"],
        [],
        ["2", 'say "hello"'],
    ]


def test_a_line_that_names_the_separator_is_not_a_row() -> None:
    assert read("sep=;\r\na,b;c\r\n").rows == [["a,b", "c"]]
    assert read("SEP=\t\na\tb\n").rows == [["a", "b"]]
    assert read("sep=,x\n").rows == [["sep=", "x"]]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("ref,covers\n1,a;b\n2,c;d\n", ","),  # sets of codes, parted by semicolons
        ("ref;note\n1;hello, there\n2;well, well\n", ";"),
        ("Registers, kept by the office\n\nref\tname\n1\ta\n2\tb\n", "\t"),
        ('a;b\n"x, y";"z, z"\n', ";"),
        ("only one column\nx\n", ","),
        ("", ","),
        ("a,b;c\n", ","),
        ("a;b;c,d\n", ";"),
    ],
)
def test_the_separator_is_the_one_that_parts_the_rows_alike(text: str, separator: str) -> None:
    assert find_separator(Text(text.encode())) == separator


def test_error_words_are_errors() -> None:
    sheet = read("ref,end\n1,#N/A\n2, #REF!\n#3,#NAME? it\n")
    assert sheet.errors == {(2, 2): "#N/A", (3, 2): "#REF!"}
    assert sheet.rows[1] == ["1", "#N/A"]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=6))
def test_what_is_written_as_csv_is_read(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    assert read(text.getvalue()).rows[1:] == rows


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", OpeningCode.EMPTY, "is empty"),
        (
            b"a,b\nc,\x81\n",
            OpeningCode.NOT_TEXT,
            "byte on line 2 that is not a character in UTF-8 or",
        ),
        (
            b"\xef\xbb\xbfa,\xe9",
            OpeningCode.NOT_TEXT,
            "on line 1 that is not a character in UTF-8 (hexa",
        ),
        ("a,b".encode("utf-16"), OpeningCode.NOT_TEXT, "save a copy as CSV UTF-8"),
        (b"a,b\0", OpeningCode.NOT_A_WORKBOOK, "not a workbook"),
        (b'a,b\n1,"open\n2,x\n', OpeningCode.OPEN_QUOTE, "a cell on line 2 with a quotation mark"),
        (b'a,b\n\n1,"open\n2,"x"\n', OpeningCode.OPEN_QUOTE, "a cell on line 3 with"),
        (b'a,"x"y\n', OpeningCode.OPEN_QUOTE, "not closed where the cell ends: correct it"),
        (b"<html><table></table>", OpeningCode.NOT_A_WORKBOOK, "is a web page"),
    ],
)
def test_a_csv_that_cannot_be_read_says_where_and_what_to_do(
    data: bytes, code: OpeningCode, words: str
) -> None:
    result = try_open(data, "people.csv")
    assert isinstance(result, Unopened), result
    assert (result.file, result.code) == ("people.csv", code)
    assert words in result.message


def test_a_cell_without_end_is_refused_and_nothing_breaks() -> None:
    result = try_open(b"a,b\n1," + b"x" * 1_100_000, "people.csv")
    assert isinstance(result, Unopened)
    assert result.code is OpeningCode.OPEN_QUOTE


@given(st.binary(min_size=1, max_size=60))
def test_no_bytes_do_more_than_stop_the_opening(data: bytes) -> None:
    result = try_open(data, "people.csv")
    assert isinstance(result, Unopened) or len(result.sheets) == 1
