"""The first sheet: what the workbook is for, where to start, and how to fill it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from evidence.register import Registers, RegisterSpec
from evidence.sheets.rows import EXAMPLE
from evidence.sheets.sheet_matching import ABOUT_SHEET, OPTIONS_SHEET
from evidence.template.guide import TemplateGuide
from evidence.template.layout import BOLD, CODE, TITLE, height_of, link, print_on, write

_WIDTHS = (22, 100)
_START = "Start with these"
_LOOK_UP = "To look up"

_FILL_IN = (
    "Enter each item once, on one row, even if it counts towards several duties. If it needs two"
    " options of a column that takes one, add a row for each. Do not add totals, merged cells,"
    " headings that are there already, or notes below the table.",
    "Enter what has happened since you began to keep these sheets, and the older documents,"
    " training and roles that still count. Give a check the day on which you began (see below), so"
    " that it does not ask for what had to be done before, except for what must be in place at all"
    " times or has never been done.",
    f"A grey row that begins with {EXAMPLE} is an example, with made-up entries. A check leaves it"
    " out. Type over all its cells when you begin the sheet. If there is nothing to record, delete"
    " it.",
    "White headings on blue are required: add a row when you can fill in all of them. Light"
    " headings are needed for some duties. Fill them in when you know the answer.",
    "Hover over a heading to see what to enter in its column.",
    "Enter dates with the day first, such as 25/04/2026. Do not enter tbc, n/a or a dash.",
    "Some columns take several options. The drop-down list enters one option, in place of what is"
    " in the cell; to enter more, type them with semicolons between them, such as public; partners."
    " The Options sheet lists every option.",
    "Q1 is April to June, Q2 July to September, Q3 October to December, Q4 January to March.",
    "Where a heading asks for a job title, do not give a name.",
    "The headings are locked, so that nobody changes them by mistake. You may sort, filter, insert"
    " rows, and add your own columns on the right. To do more, choose Review, Unprotect Sheet:"
    " there is no password. Keep the names of the sheets and the headings.",
)
_BEFORE_CHECK = (
    "Save and close this workbook. Open Command Prompt in its folder (click the address bar of the"
    " folder, type cmd and press Enter). Type this command and press Enter. If you renamed the"
    " workbook, use its new name. If the name of the file has spaces, put it in double quotes:",
)
_AFTER_CHECK = (
    "If you began to keep these sheets on 1 April 2026, add: --records-begin 01/04/2026",
    "When it finishes, open assessment.html in the folder that it names, dueregard-report. Beside"
    " that folder, the file dueregard-ledger.sqlite and the folders dueregard-ledger.assessments"
    " and dueregard-ledger.rulebooks keep a record of your checks: leave them there.",
    "If Windows says that dueregard is not recognized, ask IT to install it.",
)


def write_about(sheet: Worksheet, registers: Registers, guide: TemplateGuide) -> None:
    """Writes the sheet."""
    sheet.title = ABOUT_SHEET
    for letter, width in zip("AB", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _heading(sheet, 1, guide.title, TITLE)
    row = _paragraphs(sheet, 2, "", guide.purpose)
    row = _contents(sheet, row, registers, guide)
    row = _paragraphs(sheet, row, "Fill in the sheets", _FILL_IN)
    row = _paragraphs(sheet, row, "Run a check", (*_BEFORE_CHECK, _command(guide), *_AFTER_CHECK))
    if guide.abbreviations:
        _pairs(sheet, row, "Abbreviations", guide.abbreviations)
    print_on(sheet, upright=True, pages=1)


def _contents(sheet: Worksheet, row: int, registers: Registers, guide: TemplateGuide) -> int:
    """Writes the names of the sheets in their order, each with what it is for. Returns the row
    after the blank one below."""
    groups: dict[str, dict[str, str]] = {}
    for register in guide.in_order(registers):
        groups.setdefault(_group(register, guide), {})[register.sheets[0]] = register.about
    groups.setdefault(_LOOK_UP, {})[OPTIONS_SHEET] = "The options of every drop-down list."
    for heading, contents in groups.items():
        why = (guide.start,) if heading.startswith(_START) else ()
        first = _paragraphs(sheet, row, heading, why) - 1
        row = _pairs(sheet, first, "", contents)
        for line in range(first, row - 1):
            cell = sheet.cell(line, 1)
            assert isinstance(cell, Cell)
            link(cell, str(cell.value))
    return row


def _group(register: RegisterSpec, guide: TemplateGuide) -> str:
    """The heading under which the first sheet lists a register's."""
    if register.id in guide.rows:
        return _LOOK_UP
    if register.control:
        return "Only where you need them"
    if register.id in guide.first:
        return f"{_START} three" if len(guide.first) == 3 else _START
    return "Then these, in this order" if guide.order else "Sheets"


def _heading(sheet: Worksheet, row: int, text: str, font: Font) -> None:
    """Writes a heading, which may run over the next column."""
    write(sheet, row, 1, text, font).alignment = Alignment(vertical="top")


def _command(guide: TemplateGuide) -> str:
    file = f'"{guide.file}"' if " " in guide.file else guide.file
    return f"dueregard check {file}{guide.option}"


def _paragraphs(sheet: Worksheet, row: int, heading: str, texts: Sequence[str]) -> int:
    """Writes the paragraphs under their heading. Returns the row after the blank one below."""
    if heading:
        _heading(sheet, row, heading, BOLD)
        row += 1
    for text in texts:
        write(sheet, row, 1, text, CODE if text.startswith("dueregard ") else None)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.row_dimensions[row].height = height_of([(text, sum(_WIDTHS))])
        row += 1
    return row + 1


def _pairs(sheet: Worksheet, row: int, heading: str, pairs: Mapping[str, str]) -> int:
    """Writes a list of names, each with its explanation, under its heading. Returns the row after
    the blank one below."""
    if heading:
        _heading(sheet, row, heading, BOLD)
        row += 1
    for name, text in pairs.items():
        write(sheet, row, 1, name)
        write(sheet, row, 2, text)
        row += 1
    return row + 1
