"""Rows that are struck through are found however a workbook strikes them, and never by a guess."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle

from evidence.files.opening import open_file
from evidence.files.xlsx_sheet import parse_sheet
from evidence.files.xlsx_strikes import Strikes, read_strikes
from evidence.limits import LIMITS, Tally
from evidence.raw_cells import RawWorkbook, Unopened
from tests.support import file_builders as made
from tests.support.opened_files import opened, try_open
from tests.support.swelling_files import formats, members

DAY = datetime.date(2026, 4, 25)
STRUCK = Font(strike=True)

#: The formats of the workbooks made here: plain, a day, struck, and a struck day.
PLAIN, DATED, LINE, DATED_LINE = range(4)
FONTS = "<fonts><font><b/></font><font><strike/></font></fonts>"
FORMATS = (
    '<cellXfs><xf fontId="0"/><xf fontId="0" numFmtId="14"/><xf fontId="1"/>'
    '<xf numFmtId="14" fontId="1"/></cellXfs>'
)
STRIKES = Strikes(frozenset((LINE, DATED_LINE)), frozenset((DATED, DATED_LINE)))


def styled(rows: str, styles: str = FONTS + FORMATS, texts: str = "") -> bytes:
    """An .xlsx of these rows, with these styles and shared texts."""
    data = made.xlsx_of({"s": made.worksheet(rows)})
    if texts:
        data = made.with_texts(data, f'<sst xmlns="{made.MAIN}">{texts}</sst>')
    part = f'<styleSheet xmlns="{made.MAIN}">{styles}</styleSheet>'
    return made.zipped({**members(data), "xl/styles.xml": part})


def struck(data: bytes) -> list[int]:
    """The struck rows of the first sheet of an .xlsx."""
    return sorted(opened(data, "a.xlsx").sheets[0].struck_rows)


def text_cell(address: str, cell_format: int, text: str = "x") -> str:
    return f'<c r="{address}" s="{cell_format}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(address: str, cell_format: int) -> str:
    return f'<c r="{address}" s="{cell_format}"><v>46000</v></c>'


# Which rows are struck --------------------------------------------------------------------------

ROWS: Mapping[str, tuple[str, bool]] = {
    "every cell": (text_cell("A2", LINE) + number_cell("B2", DATED_LINE), True),
    "no cell": (text_cell("A2", PLAIN) + number_cell("B2", DATED), False),
    "all but a number": (number_cell("A2", PLAIN) + text_cell("B2", LINE), True),
    "all but a text": (text_cell("A2", PLAIN) + number_cell("B2", DATED_LINE), False),
    "all but a day": (text_cell("A2", LINE) + number_cell("B2", DATED), False),
    "numbers alone": (number_cell("A2", LINE) + number_cell("B2", LINE), True),
    "one of two numbers": (number_cell("A2", LINE) + number_cell("B2", PLAIN), False),
    "a number beside a text": (number_cell("A2", LINE) + text_cell("B2", PLAIN), False),
    "nothing in it": ('<c r="A2" s="2"/><c r="B2" s="3"/>', False),
    "an empty cell that is not": (text_cell("A2", LINE) + '<c r="B2" s="0"/>', True),
    "spaces that are not": (text_cell("A2", LINE) + text_cell("B2", PLAIN, " "), True),
    "nothing but spaces": (text_cell("A2", LINE, "  "), False),
    "a formula": ('<c r="A2" s="2" t="str"><f>B9</f><v>x</v></c>', True),
    "a formula that is not": (
        text_cell("A2", LINE) + '<c r="B2" t="str"><f>B9</f><v>x</v></c>',
        False,
    ),
    "all but an error": (text_cell("A2", LINE) + '<c r="B2" t="e"><v>#REF!</v></c>', True),
    "all but yes or no": (text_cell("A2", LINE) + '<c r="B2" t="b"><v>1</v></c>', True),
    "all but a day that is a text": (
        text_cell("A2", LINE) + '<c r="B2" t="d"><v>2026-04-25</v></c>',
        False,
    ),
    "formats without their cells' addresses": (
        '<c s="2" t="str"><v>x</v></c><c s="3"><v>46000</v></c>',
        True,
    ),
}
NEXT = '<row r="3"><c r="A3" s="0" t="str"><v>y</v></c></row>'


@pytest.mark.parametrize("comment", ["", "<!-- -->"])
@pytest.mark.parametrize("way", ROWS)
def test_a_row_is_struck_if_its_texts_and_days_are(way: str, comment: str) -> None:
    """A comment has the row followed tag by tag."""
    cells, is_struck = ROWS[way]
    assert struck(styled(f'{comment}<row r="2">{cells}</row>{NEXT}')) == [2] * is_struck


CELLS = st.tuples(
    st.sampled_from(("n", "str", "inlineStr", "d", "b", "s")),
    st.sampled_from((PLAIN, DATED, LINE, DATED_LINE, None)),
    st.sampled_from(("0", "1", " ", "2", "&amp;")),
)
SHEET_ROWS = st.lists(
    st.tuples(st.sampled_from(("", ' s="2" customFormat="1"', ' s="2"')), st.lists(CELLS)),
    max_size=5,
)


def cell_xml(address: str, kind: str, cell_format: int | None, text: str) -> str:
    format_ = "" if cell_format is None else f' s="{cell_format}"'
    value = f"<is><t>{text}</t></is>" if kind == "inlineStr" else f"<v>{text}</v>"
    return f'<c r="{address}"{format_} t="{kind}">{value}</c>'


@given(SHEET_ROWS, st.sampled_from((b"", b"\x01\x02\x05\x00", b"\x02\x01\x03")))
def test_rows_that_are_passed_over_are_struck_alike(
    rows: list[tuple[str, list[tuple[str, int | None, str]]]], texts: bytes
) -> None:
    strikes = Strikes(STRIKES.formats, STRIKES.dates, texts)
    body = "".join(
        f'<row r="{number}"{more}>'
        + "".join(cell_xml(f"{'ABCDEFGHIJKL'[i % 12]}{number}", *c) for i, c in enumerate(cells))
        + "</row>"
        for number, (more, cells) in enumerate(rows, 1)
    )
    data = made.worksheet(body + '<row r="9"/>')
    followed = data.replace("<sheetData>", "<sheetData><!-- -->")
    marks = [parse_sheet(part.encode(), "part", strikes=strikes) for part in (data, followed)]
    assert marks[0] == marks[1]


def test_a_row_has_the_number_of_its_cells() -> None:
    assert struck(styled(f"<row>{text_cell('A7', LINE)}</row>")) == [7]
    assert struck(styled(f'<row r="5"/><row>{text_cell("A6", LINE)}</row>')) == [6]


def test_a_cell_without_a_format_has_that_of_its_row() -> None:
    cell = '<c r="A2" t="str"><v>x</v></c>'
    assert struck(styled(f'<row r="2" s="2" customFormat="1">{cell}</row>{NEXT}')) == [2]
    assert struck(styled(f'<row r="2" s="2">{cell}</row>{NEXT}')) == []
    plain = text_cell("A2", PLAIN)
    assert struck(styled(f'<row r="2" s="2" customFormat="1">{plain}</row>{NEXT}')) == []


# Formats ----------------------------------------------------------------------------------------


def written(font: str) -> str:
    """The styles of one cell format, with this font."""
    return f'<fonts><font>{font}</font></fonts><cellXfs><xf fontId="0"/></cellXfs>'


STYLES: Mapping[str, tuple[str, bool]] = {
    "plainly": (written("<strike/>"), True),
    "in words": (written('<strike val="true"/>'), True),
    "with a number": (written("<b/><strike val='1'/><sz val='9'/>"), True),
    "not, with a number": (written('<strike val="0"/>'), False),
    "not, in words": (written('<strike val="false"/>'), False),
    "not at all": (written("<u/>"), False),
    "behind a prefix": (
        f'<x:fonts xmlns:x="{made.MAIN}"><x:font><x:strike/></x:font></x:fonts>'
        f'<x:cellXfs xmlns:x="{made.MAIN}"><x:xf fontId="0"/></x:cellXfs>',
        True,
    ),
    "by another font": (
        '<fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId="0"/></cellXfs>',
        False,
    ),
    "by a named style alone": (
        "<fonts><font/><font><strike/></font></fonts>"
        '<cellStyleXfs><xf fontId="1"/></cellStyleXfs><cellXfs><xf fontId="0"/></cellXfs>',
        False,
    ),
    "by a conditional format": (
        written("") + "<dxfs><dxf><font><strike/></font></dxf></dxfs>",
        False,
    ),
}


@pytest.mark.parametrize("way", STYLES)
def test_a_format_is_struck_by_its_own_font(way: str) -> None:
    styles, is_struck = STYLES[way]
    assert struck(styled(f'<row r="2">{text_cell("A2", 0)}</row>', styles)) == [2] * is_struck


@pytest.mark.parametrize(
    ("code", "shows_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-809]d mmmm", True),
        ("h:mm", True),
        ("General", False),
        ("0.00", False),
        ('0 "days"', False),
        ("[Red]0", False),
        (r"0\d", False),
        ("0_m", False),
    ],
)
def test_a_number_with_a_date_format_is_a_date(code: str, shows_date: bool) -> None:
    formats_ = f"<numFmts><numFmt numFmtId='200' formatCode='{code}'/></numFmts>"
    styles = f'<s>{formats_}<cellXfs><xf/><xf numFmtId="200"/></cellXfs></s>'
    assert read_strikes(styles.encode(), "part", Tally()).dates == ({1} if shows_date else set())


# Rich texts -------------------------------------------------------------------------------------

RUN = "<r><rPr><b/><strike/></rPr><t>gone</t></r>"
OTHER = "<r><rPr><b/></rPr><t>not gone</t></r>"
OWN = "<r><t>as the cell</t></r>"
UNSTRUCK_RUN = OTHER.replace("<b/>", '<strike val="0"/>')

RUNS: Mapping[str, tuple[str, bool, bool]] = {
    "every run": (RUN + RUN, True, True),
    "a run, and spaces": (RUN + OTHER.replace("not gone", "  "), True, True),
    "one of two runs": (RUN + OTHER, False, False),
    "one of two runs, the other as the cell": (OWN + RUN, False, True),
    "no run": (OTHER, False, False),
    "none, in so many words": (UNSTRUCK_RUN, False, False),
    "runs as the cell": (OWN, False, True),
    "no runs": ("<t>as the cell</t>", False, True),
    "a run, and how it is pronounced": (RUN + "<rPh><t>gone</t></rPh>", True, True),
    "nothing": ("<t> </t>", False, False),
}


@pytest.mark.parametrize("cell_format", [PLAIN, LINE])
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("way", RUNS)
def test_a_text_is_struck_if_all_of_it_is(way: str, shared: bool, cell_format: int) -> None:
    runs, *is_struck = RUNS[way]
    inline = f'<c r="A2" s="{cell_format}" t="inlineStr"><is>{runs}</is></c>'
    cell = f'<c r="A2" s="{cell_format}" t="s"><v>1</v></c>' if shared else inline
    data = styled(f'<row r="2">{cell}</row>{NEXT}', texts=f"<si><t>first</t></si><si>{runs}</si>")
    assert struck(data) == [2] * is_struck[cell_format == LINE]


def test_a_struck_text_needs_no_struck_format() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 2}</v></c></row>' for n in range(1, 6))
    texts = f"<si>{OTHER}</si><si>{RUN}</si>"
    assert struck(styled(rows, "<fonts/>", texts)) == [1, 3, 5]


def test_the_number_of_no_text_strikes_nothing() -> None:
    row = '<row r="2"><c r="A2" t="s"><v>{}</v></c></row>'
    strikes = Strikes(texts=b"\x02")
    for number, rows in (("0", {2}), ("00", {2}), ("1", set()), ("9" * 12, set()), ("x", set())):
        for data in (row.format(number) + NEXT, f"<!-- -->{row.format(number)}"):
            marks = parse_sheet(made.worksheet(data).encode(), "part", strikes=strikes)
            assert marks.struck_rows == rows


# Files of other programs ------------------------------------------------------------------------


def office_workbook() -> bytes:
    """Written by openpyxl: rows 3, 5 and 7 are struck, each in its own way."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number in range(1, 10):
        sheet.append([number, f"T-{number}", DAY, "Prevent awareness"])
    for column in (2, 3, 4):
        sheet.cell(3, column).font = STRUCK
        sheet.cell(8, column).font = Font(strike=False)
    sheet.row_dimensions[5].font = STRUCK
    sheet["C5"].font = STRUCK  # which has a format of its own, for its date
    line = InlineFont(strike=True)
    sheet["B7"] = CellRichText(TextBlock(line, "T-"), TextBlock(line, "7"))
    sheet["D7"] = CellRichText(TextBlock(line, "Prevent awareness"))
    sheet["C7"].font = STRUCK
    sheet["D4"] = CellRichText("Prevent ", TextBlock(line, "awareness"))
    sheet["D9"].font = STRUCK
    rule = Rule(type="expression", dxf=DifferentialStyle(font=STRUCK), formula=["$A1=6"])
    sheet.conditional_formatting.add("A1:D9", rule)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_struck_rows_of_a_workbook_written_by_openpyxl() -> None:
    assert struck(office_workbook()) == [3, 5, 7]


@pytest.mark.campaign
def test_struck_rows_of_a_workbook_saved_by_libreoffice(
    convert: Callable[[str, Path, list[Path]], None], tmp_path: Path
) -> None:
    source = tmp_path / "from" / "a.xlsx"
    source.parent.mkdir()
    source.write_bytes(office_workbook())
    convert("xlsx", tmp_path, [source])
    book = open_file(tmp_path / "a.xlsx", "a.xlsx")
    assert isinstance(book, RawWorkbook), book
    assert book.sheets[0].struck_rows == {3, 5, 7}


@pytest.mark.parametrize("ending", ["ods", "xls", "csv"])
def test_other_formats_are_not_searched_for_struck_rows(
    ending: str, convert: Callable[[str, Path, list[Path]], None], tmp_path: Path
) -> None:
    source = tmp_path / "from" / "a.xlsx"
    source.parent.mkdir()
    source.write_bytes(office_workbook())
    convert(ending, tmp_path, [source])
    book = open_file(tmp_path / f"a.{ending}", f"a.{ending}")
    assert isinstance(book, RawWorkbook), book
    assert book.sheets[0].struck_rows == frozenset()


# Bounds -----------------------------------------------------------------------------------------


def test_styles_that_are_not_well_formed_are_damage() -> None:
    for styles in ("<fonts>", '<cellXfs><xf fontId="x"/></cellXfs>', "&x;"):
        result = try_open(styled(NEXT, styles), "a.xlsx")
        assert isinstance(result, Unopened)
        assert "its part 'xl/styles.xml' is not well formed" in result.message


def test_styles_that_are_missing_strike_nothing() -> None:
    parts = {name: part for name, part in members(styled(NEXT)).items() if "styles" not in name}
    assert struck(made.zipped(parts)) == []


def test_a_hundred_thousand_formats_are_read() -> None:
    assert struck(formats(100_000)) == [2]


def test_a_row_beyond_the_last_strikes_nothing() -> None:
    row = LIMITS.rows + 1
    data = made.worksheet(f'<row r="{row}">{text_cell(f"A{row}", LINE)}</row>').encode()
    assert parse_sheet(data, "part", strikes=STRIKES).struck_rows == set()


@pytest.mark.campaign
def test_a_million_struck_cells_are_read() -> None:
    rows = "".join(
        f'<row r="{n}">{"".join(text_cell(f"{letter}{n}", LINE) for letter in "ABCDEFGHIJ")}</row>'
        for n in range(1, 100_001)
    )
    data = made.worksheet(rows).encode()
    assert parse_sheet(data, "part", strikes=STRIKES).struck_rows == set(range(1, 100_001))


def test_cells_struck_in_a_row_that_is_not_are_found_by_themselves() -> None:
    """By the format of the cell, and by that of some letters of a shared text or of its own."""
    part, whole = (
        f"<r><rPr><strike/></rPr><t>{text}</t></r>{rest}"
        for text, rest in (("PCC", "<r><t>; all staff</t></r>"), ("PCC", ""))
    )
    texts = f"<si>{part}</si><si>{whole}</si><si><t>kept</t></si>"
    shared = [f'<c r="{letter}2" t="s"><v>{n}</v></c>' for n, letter in enumerate("ABC")]
    rows = (
        f'<row r="2">{"".join(shared)}</row>'
        f'<row r="3">{text_cell("A3", PLAIN)}{text_cell("B3", LINE)}</row>'
        f'<row r="4">{text_cell("A4", LINE)}{text_cell("B4", LINE)}</row>'
        f'<row r="5"><c r="A5" t="inlineStr"><is>{part}</is></c></row>{NEXT}'
    )
    sheet = opened(styled(rows, texts=texts), "a.xlsx").sheets[0]
    assert sheet.struck_rows == {4}
    assert sheet.struck_labels == {(2, "A"), (2, "B"), (3, "B"), (5, "A")}
