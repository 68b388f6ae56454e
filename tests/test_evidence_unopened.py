"""A file that cannot be opened is a sentence that says what is wrong and what to do."""

import datetime
import io
import zipfile
from pathlib import Path

import pytest

from evidence.book_marks import OpeningStop
from evidence.containers import package
from evidence.files.opening import open_file
from evidence.files.values import failures_as_stops
from evidence.limits import Limits
from evidence.raw_cells import (
    OpeningCode,
    RawWorkbook,
    Unopened,
)
from tests.support import file_builders as made
from tests.support.file_builders import Sheet, Wrong
from tests.support.opened_files import opened, try_open

DAY = datetime.date(2026, 4, 1)
SMALL = Sheet("people", {(1, 1): "ref", (2, 1): DAY, (2, 2): Wrong("#N/A")})
XLSX = made.xlsx(SMALL)
DOCX = made.zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
LOCKED = made.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000})
DOCTYPE = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hosts">]>'
PASSWORD_WORDS = "is protected by a password: open it in Excel, remove the password"


def without(data: bytes, name: str) -> bytes:
    """A zip file without one of its members."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return made.zipped({n: whole.read(n) for n in whole.namelist() if n != name})


def with_member(data: bytes, name: str, content: str) -> bytes:
    """A zip file with one member replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return made.zipped({n: whole.read(n) for n in whole.namelist()} | {name: content})


def spoilt(data: bytes, name: str) -> bytes:
    """A zip file in which one bit of a member is not as its check sum says."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        member = whole.getinfo(name)
    at = member.header_offset + 30 + len(name) + member.compress_size // 2
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def oversized(stream: bytes) -> bytes:
    """The records of an .xls whose first sheet says that it has 16 million rows."""
    at = stream.index(b"\x00\x02\x0e\x00") + 4
    return stream[: at + 4] + b"\xff\xff\xff\x00" + stream[at + 8 :]


UNOPENED: dict[str, tuple[str, bytes, OpeningCode, str]] = {
    "nothing in it": ("a.xlsx", b"", OpeningCode.EMPTY, "is empty (0 bytes)"),
    "an ending not read": (
        "a.docx",
        DOCX,
        OpeningCode.UNKNOWN_KIND,
        "is not a spreadsheet. Give an Excel workbook (.xlsx) or a CSV file.",
    ),
    "text": ("a.txt", b"a,b", OpeningCode.UNKNOWN_KIND, "is a .txt file, which cannot be read"),
    "no ending": (
        "register",
        b"a,b",
        OpeningCode.UNKNOWN_KIND,
        "has a name without an ending, so its format is not known: open it in Excel",
    ),
    "Excel's own mark": (
        "~$people.xlsx",
        b"x" * 165,
        OpeningCode.NOT_A_WORKBOOK,
        "while the workbook is open: give the workbook people.xlsx instead",
    ),
    "a web page": (
        "a.xls",
        b"<html><table><tr><td>x</td></tr></table></html>",
        OpeningCode.NOT_A_WORKBOOK,
        "ends in .xls but is a web page (HTML)",
    ),
    "text named .xls": ("a.xls", b"a\tb\n", OpeningCode.NOT_A_WORKBOOK, "but is plain text"),
    "XML named .xls": ("a.xls", b"<?xml version='1.0'?>", OpeningCode.NOT_A_WORKBOOK, "is XML"),
    "a PDF": ("a.xlsx", b"%PDF-1.7", OpeningCode.NOT_A_WORKBOOK, "is a PDF"),
    "a newer one named .xls": ("a.xls", XLSX, OpeningCode.NOT_A_WORKBOOK, "(.xlsx): open it in"),
    "an older one named .xlsx": (
        "a.xlsx",
        made.xls(SMALL),
        OpeningCode.NOT_A_WORKBOOK,
        "is an older Excel workbook (.xls)",
    ),
    "binary named .xlsx": (
        "a.xlsx",
        made.xlsb(SMALL),
        OpeningCode.NOT_A_WORKBOOK,
        "binary workbook (.xlsb)",
    ),
    "a Word document": ("a.xlsx", DOCX, OpeningCode.NOT_A_WORKBOOK, "is a Word document"),
    "an older Word document": (
        "a.xls",
        made.compound({"WordDocument": b"x"}),
        OpeningCode.NOT_A_WORKBOOK,
        "is a Word document",
    ),
    "a workbook named .csv": ("a.csv", XLSX, OpeningCode.NOT_A_WORKBOOK, "an Excel workbook"),
    "locked .xlsx": ("a.xlsx", LOCKED, OpeningCode.PASSWORD, PASSWORD_WORDS),
    "locked .xlsm": ("a.xlsm", LOCKED, OpeningCode.PASSWORD, PASSWORD_WORDS),
    "locked .xls": (
        "a.xls",
        made.xls(SMALL, locked=True),
        OpeningCode.PASSWORD,
        PASSWORD_WORDS,
    ),
    "locked .ods": (
        "a.ods",
        made.ods(SMALL, locked=True),
        OpeningCode.PASSWORD,
        "(File, Info, Protect Workbook) and save a copy.",
    ),
    "cut off": ("a.xlsx", XLSX[:-30], OpeningCode.DAMAGED, "cannot be unpacked"),
    "a sheet spoilt": (
        "a.xlsx",
        spoilt(XLSX, "xl/worksheets/sheet1.xml"),
        OpeningCode.DAMAGED,
        "'xl/worksheets/sheet1.xml' cannot be unpacked): open it in Excel, let Excel repair it",
    ),
    "the styles spoilt": (
        "a.xlsx",
        spoilt(XLSX, "xl/styles.xml"),
        OpeningCode.DAMAGED,
        "'xl/styles.xml' cannot be unpacked",
    ),
    "a sheet missing": (
        "a.xlsx",
        without(XLSX, "xl/worksheets/sheet1.xml"),
        OpeningCode.DAMAGED,
        "'xl/worksheets/sheet1.xml' is missing",
    ),
    "a sheet cut short": (
        "a.xlsx",
        with_member(XLSX, "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row"),
        OpeningCode.DAMAGED,
        "(its part 'xl/worksheets/sheet1.xml' is not well formed)",
    ),
    "no cells in the .ods": (
        "a.ods",
        with_member(made.ods(SMALL), "content.xml", "<a><b></a>"),
        OpeningCode.DAMAGED,
        "not well formed",
    ),
    "other files named": (
        "a.xlsx",
        with_member(XLSX, "xl/worksheets/sheet1.xml", DOCTYPE + made.worksheet("")),
        OpeningCode.DAMAGED,
        "declares a document type",
    ),
    "other files named in .ods": (
        "a.ods",
        with_member(made.ods(SMALL), "content.xml", DOCTYPE + "<a/>"),
        OpeningCode.DAMAGED,
        "declares a document type",
    ),
    "a billion texts": (
        "a.xlsx",
        made.with_texts(XLSX, f'<sst xmlns="{made.MAIN}" uniqueCount="999999999999"/>'),
        OpeningCode.DAMAGED,
        "an impossible number of texts",
    ),
    "half an .xls": (
        "a.xls",
        made.xls(SMALL)[:1000],
        OpeningCode.DAMAGED,
        "is damaged (its inner",
    ),
    "an .xls of impossible size": (
        "a.xls",
        made.compound({"Workbook": oversized(made.xls_stream((SMALL,)))}),
        OpeningCode.DAMAGED,
        "a sheet gives an impossible size",
    ),
}


@pytest.mark.parametrize("case", UNOPENED)
def test_a_file_that_cannot_be_opened_says_why(case: str, tmp_path: Path) -> None:
    name, data, code, words = UNOPENED[case]
    result = try_open(data, name)
    assert isinstance(result, Unopened), result
    assert (result.file, result.code) == (name, code)
    assert result.message.startswith(f"{name} ")
    assert words in result.message
    assert result.message.endswith(".")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "a.xlsx", tmp_path / "none" / "a.csv"):
        result = open_file(path, "people.xlsx")
        assert result == Unopened(
            "people.xlsx",
            OpeningCode.NOT_FOUND,
            "people.xlsx was not found: check its name and its folder.",
        )


def test_a_folder_says_so(tmp_path: Path) -> None:
    for name in ("registers", "registers.xlsx"):
        (tmp_path / name).mkdir()
        result = open_file(tmp_path / name, name)
        assert isinstance(result, Unopened)
        assert result.code is OpeningCode.FOLDER


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.xlsx").write_bytes(XLSX)
    monkeypatch.setattr("evidence.regular_file.os.open", refuse)
    assert open_file(tmp_path / "a.xlsx", "a.xlsx") == Unopened(
        "a.xlsx",
        OpeningCode.NOT_PERMITTED,
        "a.xlsx cannot be read (Permission denied): close it if it is open in another"
        " program, or ask for permission to read it.",
    )


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc,def\n" * (3 * 1024 * 1024 // 8))
    assert isinstance(
        open_file(path, "a.csv", limits=Limits(file_bytes=3 * 1024 * 1024)), RawWorkbook
    )
    result = open_file(path, "a.csv", limits=Limits(file_bytes=2 * 1024 * 1024))
    assert isinstance(result, Unopened)
    assert result.code is OpeningCode.TOO_LARGE
    assert result.message.startswith("a.csv is 3 MB, and the limit is 2 MB: ")


def test_a_small_file_that_unpacks_to_too_much_is_not_unpacked() -> None:
    data = made.zipped({"xl/workbook.xml": "x" * 100_000})
    assert package.Package(data, limit=100_000).read("xl/workbook.xml") == b"x" * 100_000
    with pytest.raises(OpeningStop) as stop:
        package.Package(data, limit=99_999).read("xl/workbook.xml")
    assert stop.value.code is OpeningCode.TOO_LARGE


def test_a_member_that_unpacks_to_more_than_it_says_is_damaged() -> None:
    data = made.zipped({"xl/workbook.xml": "x" * 100_000})
    lying = data.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    with pytest.raises(OpeningStop, match="cannot be unpacked"):
        package.Package(lying, limit=1000).read("xl/workbook.xml")


FAR = Sheet("far", {(1, 1): "x", (65536, 200): "y"})


@pytest.mark.parametrize("ending", ["xlsx", "xlsb", "xls", "ods"])
def test_a_stray_cell_far_away_is_reported_before_memory_runs_out(
    ending: str, tmp_path: Path
) -> None:
    written = {
        "xlsx": made.xlsx(FAR),
        "xlsb": made.xlsb(FAR),
        "xls": made.xls(FAR),
        "ods": made.ods(FAR),
    }
    result = try_open(written[ending], f"a.{ending}")
    assert isinstance(result, Unopened), "it was read"
    assert result.code is OpeningCode.TOO_MANY_CELLS
    assert "'far', that runs from A1 to GR65536: more than 12,000,000 cells" in result.message


def test_an_empty_formatted_last_cell_is_not_a_stray_cell() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    data = made.xlsx_of({"s": made.worksheet(rows)})
    assert opened(data, "a.xlsx").sheets[0].rows == [[1.0]]


def test_a_cell_with_the_address_of_another_row_is_reported_before_memory_runs_out(
    tmp_path: Path,
) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD9999999"><v>1</v></c></row>'
    result = try_open(made.xlsx_of({"s": made.worksheet(rows)}), "a.xlsx")
    assert isinstance(result, Unopened)
    assert result.code is OpeningCode.TOO_MANY_CELLS


def test_a_failure_inside_the_library_is_a_sentence() -> None:
    class PanicException(BaseException):
        pass

    words = "is damaged \\(its list of sheets cannot be read\\)"
    with pytest.raises(OpeningStop, match=words), failures_as_stops("its list of sheets"):
        raise PanicException


def test_no_small_damage_does_more_than_stop_the_opening(tmp_path: Path) -> None:
    """One byte changed anywhere: cells or a sentence, never an exception or a crash."""
    seen: set[type] = set()
    for data, name in (
        (made.xls(SMALL, small=True), "a.xls"),
        (made.xlsx(SMALL), "a.xlsx"),
        (made.xlsb(SMALL), "a.xlsb"),
        (made.ods(SMALL), "a.ods"),
    ):
        for at in range(0, len(data), 41):
            changed = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
            seen.add(type(try_open(changed, name)))
    assert seen == {RawWorkbook, Unopened}
