"""The blank workbook: a sheet for each register, ready to be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evidence.cells.readers import entry_words
from evidence.deterministic import save_workbook_bytes
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec, RegisterSpec

ABOUT_SHEET = "About this workbook"
LISTS_SHEET = "Lists of words"

#: More to say about a column, by register and column: which duties read it, for instance.
Notes = Mapping[tuple[str, str], str]

#: Rows that stand in a register's sheet from the start, by register: texts by the heading that they
#: stand under. A heading that is no column of the register is put behind its columns.
Rows = Mapping[str, Sequence[Mapping[str, str]]]

_LAST_ROW = 1_048_576
_BOLD = Font(bold=True)
_TITLE = Font(bold=True, size=14)
_SHADE = PatternFill("solid", fgColor="FFD9E2F3")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TEXT, _DAY, _NUMBER = "@", "dd/mm/yyyy", "0"
_WIDTHS = {"text": 28}
_WIDEST = 70

_ADVICE = (
    "Record here what was done, and when. A check reads these sheets and reports which duties are"
    " met, due or overdue, and which cells show it.",
    "There is one sheet for each register. Keep the names of the sheets, and the headings in the"
    " first row. Their order does not matter. You may add columns of your own.",
    "Enter each thing once, in one row, even if several duties need it. Totals, merged cells and"
    " further headings are not needed.",
    "Point at a heading to see what to enter in its column, what a blank cell means, and which"
    " duties use the column.",
    "Enter dates with the day first, such as 25/04/2026. Do not enter tbc, n/a or a dash: leave the"
    " cell blank until you know.",
    "Where a cell accepts several options, separate them with semicolons. The last sheet lists the"
    " options of every column that has a list.",
)


def template_bytes(
    registers: Mapping[str, RegisterSpec],
    notes: Notes | None = None,
    rows: Rows | None = None,
    advice: Sequence[str] = (),
) -> bytes:
    """The blank workbook's bytes: a sheet about it, with further lines of ``advice``; one for each
    register, with ``rows`` that stand in it from the start; one of lists. The same is given for
    the same, byte for byte.

    Read back as evidence it has every register, with those rows and no others, and no problem but
    what they may hold.
    """
    book = Workbook()
    book.properties.creator = "Due Regard"
    book.properties.title = "Registers of evidence"
    about = book.active
    assert isinstance(about, Worksheet)
    _about(about, registers, (*_ADVICE, *advice))
    lists = _Lists(book)
    for register in registers.values():
        sheet = book.create_sheet(register.sheets[0])
        _register(sheet, register, lists, notes or {})
        _fill(sheet, register, (rows or {}).get(register.id, ()))
        _fit_to_page(sheet)
    lists.place_last()
    return save_workbook_bytes(book)


def _write(sheet: Worksheet, row: int, column: int, text: str, font: Font | None = None) -> None:
    """A text as a text, whatever it begins with."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"
    if font is not None:
        cell.font = font


def _fit_to_page(sheet: Worksheet) -> None:
    """Printed on A4, as wide as one page and as long as it is."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _about(sheet: Worksheet, registers: Mapping[str, RegisterSpec], advice: Sequence[str]) -> None:
    sheet.title = ABOUT_SHEET
    _write(sheet, 1, 1, "Registers of evidence", _TITLE)
    for row, text in enumerate(advice, 3):
        _write(sheet, row, 1, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.cell(row, 1).alignment = _WRAPPED
        sheet.row_dimensions[row].height = 32 if len(text) > 100 else 18
    first = 4 + len(advice)
    _write(sheet, first, 1, "Sheet", _BOLD)
    _write(sheet, first, 2, "Contents", _BOLD)
    for row, register in enumerate(registers.values(), first + 1):
        _write(sheet, row, 1, register.sheets[0])
        _write(sheet, row, 2, register.about)
        sheet.cell(row, 2).alignment = _WRAPPED
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    _fit_to_page(sheet)


# The sheets of the registers --------------------------------------------------------------------


def _register(sheet: Worksheet, register: RegisterSpec, lists: _Lists, notes: Notes) -> None:
    for number, spec in enumerate(register.written.columns, 1):
        _write(sheet, 1, number, spec.name, _BOLD)
        cell = sheet.cell(1, number)
        cell.fill = _SHADE
        cell.alignment = _WRAPPED
        cell.comment = _comment(spec, notes.get((register.id, spec.name), ""))
        _column(sheet, get_column_letter(number), spec, lists)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _fill(sheet: Worksheet, register: RegisterSpec, rows: Sequence[Mapping[str, str]]) -> None:
    """The rows under their headings, those of no column of the register behind its columns."""
    own = [column.name for column in register.written.columns]
    headings = [*own, *dict.fromkeys(name for row in rows for name in row if name not in own)]
    for number, heading in enumerate(headings, 1):
        texts = [row.get(heading, "") for row in rows]
        if number > len(own):
            _write(sheet, 1, number, heading, _BOLD)
        for line, text in enumerate(texts, 2):
            if text:
                _write(sheet, line, number, text)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        longest = max((len(text) + 2 for text in texts), default=0)
        dimension.width = max(dimension.width, min(_WIDEST, longest))


def _column(sheet: Worksheet, letter: str, spec: ColumnSpec, lists: _Lists) -> None:
    dimension = sheet.column_dimensions[letter]
    dimension.width = max(_WIDTHS.get(spec.type, 12), len(spec.name) + 4)
    dimension.number_format = {"day": _DAY, "number": _NUMBER}.get(spec.type, _TEXT)
    if validation := _validation(spec, lists):
        validation.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(validation)


def _comment(spec: ColumnSpec, more: str) -> Comment:
    text = "\n".join(line for line in (spec.note, _takes(spec), _blank(spec), more) if line)
    comment = Comment(text, "Due Regard")
    comment.width, comment.height = 320, 40 + 20 * (len(text) // 42 + text.count("\n") + 1)
    return comment


def _takes(spec: ColumnSpec) -> str:
    return f"Enter {entry_words(spec.model_copy(update={'blank': BLANK_UNREADABLE}))}."


def _blank(spec: ColumnSpec) -> str:
    if spec.blank == BLANK_UNREADABLE:
        return "A blank cell cannot be read."
    if spec.blank == BLANK_NOTHING:
        return "A blank cell means: nothing to record."
    return f"A blank cell means: {spec.blank}."


# Drop-downs and checks --------------------------------------------------------------------------


def _validation(spec: ColumnSpec, lists: _Lists) -> DataValidation | None:
    if spec.type == "yes/no":
        made = DataValidation("list", formula1='"yes,no"')
    elif spec.type in ("code", "codes") and spec.codes:
        made = DataValidation("list", formula1=lists.range_of(tuple(spec.codes)))
    elif spec.type == "day":
        # 1 January 1900 to 31 December 2099, as a spreadsheet numbers days
        made = DataValidation("date", operator="between", formula1="1", formula2="73050")
    elif spec.type == "number":
        made = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    else:
        return None
    made.allow_blank = True
    made.errorTitle = spec.name[:32]
    made.error = _cut(_takes(spec))
    # a list refuses whatever is not one of its words, and a set of words is not
    made.showErrorMessage = spec.type != "codes"
    return made


def _cut(text: str) -> str:
    """A spreadsheet shows at most 255 characters of a message."""
    return text if len(text) <= 255 else text[:253].rsplit(" ", 1)[0] + " …"


class _Lists:
    """The sheet of lists, a column for each: a drop-down written in place takes no commas and
    only 255 characters."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet(LISTS_SHEET)
        self._ranges: dict[tuple[str, ...], str] = {}

    def range_of(self, words: tuple[str, ...]) -> str:
        """Where the words stand, one below another; equal lists stand once."""
        if words not in self._ranges:
            number = len(self._ranges) + 1
            letter = get_column_letter(number)
            for row, word in enumerate(words, 1):
                _write(self._sheet, row, number, word)
            self._sheet.column_dimensions[letter].width = max(12, *(len(w) + 2 for w in words))
            self._ranges[words] = f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(words)}"
        return self._ranges[words]

    def place_last(self) -> None:
        """Moves the sheet behind all others."""
        book = self._sheet.parent
        book.move_sheet(self._sheet, len(book.sheetnames))
