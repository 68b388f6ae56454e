"""The blank workbook: a sheet for each register, ready to be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evidence.cells.periods import period_words
from evidence.cells.text import listed
from evidence.deterministic import save_workbook_bytes
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec, Registers, RegisterSpec
from evidence.sheets.sheet_matching import ABOUT_SHEET, OPTIONS_SHEET

#: A column of a register: the register's id and the column's name.
ColumnKey = tuple[str, str]

#: Rows that a register's sheet has from the start, by register: texts by their heading, which may
#: also be one that the register does not have. The headings of the first row come first. They go
#: by the names of the register's columns.
Rows = Mapping[str, Sequence[Mapping[str, str]]]

_LAST_ROW = 1_048_576
_BOLD, _TITLE, _CODE = Font(bold=True), Font(bold=True, size=14), Font(name="Courier New")
_LINK = Font(color="FF0563C1", underline="single")
_REQUIRED = PatternFill("solid", fgColor="FFFFD966")
_OPTIONAL = PatternFill("solid", fgColor="FFD9E2F3")
_GIVEN = PatternFill("solid", fgColor="FFE7E6E6")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TEXT, _DAY, _NUMBER = "@", "dd/mm/yyyy", "0"
_WIDTHS = {"text": 28}
_WIDEST = 52
_ABOUT_WIDTHS = (22, 100)

_LONGEST_ERROR = 255  # a spreadsheet shows no more


@dataclass(frozen=True)
class TemplateGuide:
    """What a rulebook adds to the workbook.

    ``file``: the name of the workbook. ``purpose``: what it is for, in whole sentences. ``start``:
    the sheets to begin with.
    ``abbreviations`` by their letters. ``notes``: one more line about a column. ``rows``: rows that
    a sheet has from the start. ``suggested``: for a column of text, the column whose options or
    rows its drop-down offers. ``meanings``: for a column whose options no other has, more about
    each of them.
    """

    title: str = "Evidence workbook"
    file: str = "evidence.xlsx"
    purpose: Sequence[str] = ()
    start: Sequence[str] = ()
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[ColumnKey, str] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    suggested: Mapping[ColumnKey, ColumnKey] = field(default_factory=dict)
    meanings: Mapping[ColumnKey, Mapping[str, str]] = field(default_factory=dict)


def template_bytes(registers: Registers, guide: TemplateGuide | None = None) -> bytes:
    """The blank workbook's bytes: a sheet about it, one for each register and one of options.
    Equal arguments give equal bytes.

    Read back as evidence, the workbook has every register, with the rows of the guide and no
    others, and no problem but what those rows may contain.
    """
    guide = guide or TemplateGuide()
    book = Workbook()
    book.properties.creator = "Due Regard"
    book.properties.title = guide.title
    about = book.active
    assert isinstance(about, Worksheet)
    _about(about, registers, guide)
    sheets = {
        register.id: book.create_sheet(register.sheets[0])
        for register in _in_order(registers, guide)
    }
    options = _Options(book.create_sheet(OPTIONS_SHEET), registers, guide)
    for register in registers.values():
        _RegisterSheet(sheets[register.id], register, registers, options, guide).write()
    return save_workbook_bytes(book)


def _in_order(registers: Registers, guide: TemplateGuide) -> list[RegisterSpec]:
    """The registers in the order of their sheets: first those that have rows from the start."""
    return sorted(registers.values(), key=lambda register: register.id not in guide.rows)


def _write(sheet: Worksheet, row: int, column: int, text: str, font: Font | None = None) -> Cell:
    """Writes a text as a text, whatever it begins with."""
    cell = sheet.cell(row, column, text)
    assert isinstance(cell, Cell)
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell


def _link(cell: Cell, sheet: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1", display=sheet)


def _fit_to_page(sheet: Worksheet, *, upright: bool = False) -> None:
    """Prints on A4, one page wide."""
    sheet.page_setup.orientation = "portrait" if upright else "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


# The first sheet --------------------------------------------------------------------------------

_FILL_IN = (
    "Enter each item once, on one row, even if it counts towards several duties. If it needs two"
    " options of a column that takes one, add a row for each. Do not add totals, merged cells or"
    " extra heading rows.",
    "Enter what has happened since you began to keep these sheets, and the older documents,"
    " training and roles that still count.",
    "Yellow headings in bold are required: add a row when you can fill in all of them. Blue"
    " headings are needed for some duties. Fill them in when you know the answer.",
    "Hover over a heading to see what to enter in its column.",
    "Enter dates with the day first, such as 25/04/2026. Do not enter tbc, n/a or a dash.",
    "Some columns take several options. The drop-down list enters one option; to enter more, type"
    " them with semicolons between them, such as public; partners. The Options sheet lists every"
    " option.",
    "Q1 is April to June, Q2 July to September, Q3 October to December, Q4 January to March.",
    "Where a heading asks for a job title, do not give a name.",
    "Keep the names of the sheets and the headings. You may move columns and add your own.",
)
_BEFORE_CHECK = (
    "Save and close this workbook. Open Command Prompt in its folder (click the address bar of the"
    " folder, type cmd and press Enter). Type this command and press Enter. If you renamed the"
    " workbook, use its new name. If the name of the file has spaces, put it in double quotes:",
)
_AFTER_CHECK = (
    "When it finishes, open assessment.html in the folder that it names.",
    "If Windows says that dueregard is not recognized, ask IT to install it.",
)


def _about(sheet: Worksheet, registers: Registers, guide: TemplateGuide) -> None:
    sheet.title = ABOUT_SHEET
    for letter, width in zip("AB", _ABOUT_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _write(sheet, 1, 1, guide.title, _TITLE)
    row = _paragraphs(sheet, 2, "", guide.purpose)
    if guide.start:
        begin = f"Start with {listed(guide.start)}, because other sheets refer to their rows."
        row = _paragraphs(sheet, row, "Where to start", (begin,))
    row = _paragraphs(sheet, row, "Fill in the sheets", _FILL_IN)
    row = _paragraphs(
        sheet, row, "Run a check", (*_BEFORE_CHECK, _command(guide.file), *_AFTER_CHECK)
    )
    contents = {register.sheets[0]: register.about for register in _in_order(registers, guide)}
    contents[OPTIONS_SHEET] = "The options of every column that has a drop-down list."
    row = _pairs(sheet, row, "Sheets", contents)
    for line in range(row - len(contents), row):
        cell = sheet.cell(line, 1)
        assert isinstance(cell, Cell)
        _link(cell, str(cell.value))
        cell.font = _LINK
    if guide.abbreviations:
        _pairs(sheet, row + 1, "Abbreviations", guide.abbreviations)
    _fit_to_page(sheet)


def _command(file: str) -> str:
    return f'dueregard check "{file}"' if " " in file else f"dueregard check {file}"


def _paragraphs(sheet: Worksheet, row: int, heading: str, texts: Sequence[str]) -> int:
    """Writes the paragraphs under their heading. Returns the row after the blank one below."""
    if heading:
        _write(sheet, row, 1, heading, _BOLD)
        row += 1
    for text in texts:
        font = _CODE if text.startswith("dueregard ") else None
        _write(sheet, row, 1, text, font).alignment = _WRAPPED
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.row_dimensions[row].height = 16 * (len(text) // sum(_ABOUT_WIDTHS) + 1)
        row += 1
    return row + 1


def _pairs(sheet: Worksheet, row: int, heading: str, pairs: Mapping[str, str]) -> int:
    """Writes a list of names, each with its explanation. Returns the row after the last one."""
    _write(sheet, row, 1, heading, _BOLD)
    for line, (name, text) in enumerate(pairs.items(), row + 1):
        _write(sheet, line, 1, name).alignment = _WRAPPED
        _write(sheet, line, 2, text).alignment = _WRAPPED
    return row + 1 + len(pairs)


# The sheets of the registers --------------------------------------------------------------------


class _RegisterSheet:
    """One register's sheet: its headings with notes, its drop-downs and its first rows."""

    def __init__(
        self,
        sheet: Worksheet,
        register: RegisterSpec,
        registers: Registers,
        options: _Options,
        guide: TemplateGuide,
    ) -> None:
        self._sheet, self._register, self._registers = sheet, register, registers
        self._options, self._guide = options, guide
        self._rows = guide.rows.get(register.id, ())

    def write(self) -> None:
        """Writes the sheet."""
        sheet, rows = self._sheet, self._rows
        specs = {column.name: column for column in self._register.written.columns}
        names = headings(self._register, rows)
        for number, name in enumerate(names, 1):
            spec = specs.get(name)
            cell = _write(sheet, 1, number, spec.usual_heading if spec else name)
            required = spec is not None and spec.blank == BLANK_UNREADABLE
            texts = [row.get(name, "") for row in rows]
            given = spec is None or (bool(texts) and all(texts))
            cell.font = Font(bold=required and not given)
            cell.fill = _GIVEN if given else _REQUIRED if required else _OPTIONAL
            cell.alignment = _WRAPPED
            cell.comment = self._comment(None if given else spec)
            self._column(number, name, spec, texts)
            for line, text in enumerate(texts, 2):
                if text:
                    _write(sheet, line, number, text).alignment = _WRAPPED
            if other := self._leads_to(name):
                _link(cell, other)
        sheet.freeze_panes = "B2" if rows else "A2"
        sheet.print_title_rows = "1:1"
        if rows:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
        _fit_to_page(sheet)

    def _column(
        self, number: int, name: str, spec: ColumnSpec | None, texts: Sequence[str]
    ) -> None:
        letter = get_column_letter(number)
        dimension = self._sheet.column_dimensions[letter]
        options = self._options.options_of((self._register.id, name)) if spec else ()
        longest = max((len(text) + 2 for text in (*texts, *options)), default=0)
        heading = spec.usual_heading if spec else name
        least = max(_WIDTHS.get(spec.type, 12) if spec else 12, len(heading) + 4)
        dimension.width = max(least, min(_WIDEST, longest))
        kind = spec.type if spec else "text"
        dimension.number_format = {"day": _DAY, "number": _NUMBER}.get(kind, _TEXT)
        if spec and (validation := self._validation(spec)):
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
            self._sheet.add_data_validation(validation)

    def _leads_to(self, name: str) -> str:
        """The sheet that a heading links to: the one that its drop-down takes rows from, or the
        one that takes its rows; '' for none."""
        key = (self._register.id, name)
        source = self._guide.suggested.get(key)
        if source is not None and source[0] in self._guide.rows:
            return self._registers[source[0]].sheets[0]
        takers = [taker for taker, given in self._guide.suggested.items() if given == key]
        return self._registers[takers[0][0]].sheets[0] if takers and self._rows else ""

    # Notes and checks ---------------------------------------------------------------------------

    def _comment(self, spec: ColumnSpec | None) -> Comment:
        if spec is None:
            text = "For information. Do not change."
        else:
            more = self._guide.notes.get((self._register.id, spec.name), "")
            note = spec.note if spec.note.endswith(("?", ".")) or not spec.note else f"{spec.note}."
            text = "\n".join(
                line for line in (note, _needed(spec), self._example(spec), more) if line
            )
        comment = Comment(text, "Due Regard")
        comment.width, comment.height = 320, 40 + 20 * (len(text) // 42 + text.count("\n") + 1)
        return comment

    def _example(self, spec: ColumnSpec) -> str:
        """What to type, with an example where the note alone does not show one."""
        source = self._guide.suggested.get((self._register.id, spec.name))
        if source is not None:
            if self._guide.rows.get(source[0]):
                return f"Choose a {spec.usual_heading} from the list."
            return "Choose from the list, or enter another."
        sheets = listed(
            [self._registers[name].sheets[0] for name in spec.named if name in self._registers],
            "or",
        )
        several = tuple(spec.codes)[:2]
        return {
            "day": "Enter a date, such as 25/04/2026.",
            "period": f"Enter {period_words(spec.periods)}.",
            "code": "Choose one option from the list.",
            "codes": f"Enter one or more options, such as {'; '.join(several)}. The drop-down list"
            " enters one option; to enter more, type them with semicolons between them.",
            "yes/no": "Enter yes or no.",
            "number": "" if "such as" in spec.note else "Enter a whole number, such as 12.",
            "text": "",
            "key": f"Enter a ref from the {sheets} sheet." if sheets else "",
            "keys": f"Enter refs from the {sheets} sheet, separated by semicolons."
            if sheets
            else "Enter refs, separated by semicolons.",
        }[spec.type]

    def _validation(self, spec: ColumnSpec) -> DataValidation | None:
        key = (self._register.id, spec.name)
        if spec.type == "yes/no":
            validation = DataValidation("list", formula1='"yes,no"')
        elif spec.codes or key in self._guide.suggested:
            validation = DataValidation("list", formula1=self._options.range_of(key))
        elif spec.type == "day":
            # 1 January 1900 to 31 December 2099, as a spreadsheet numbers days
            validation = DataValidation("date", operator="between", formula1="1", formula2="73050")
        elif spec.type == "number":
            validation = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
        else:
            return None
        validation.allow_blank = True
        validation.errorTitle = spec.usual_heading[:32]
        error = self._example(spec) or "Enter a whole number."
        validation.error = error if len(error) <= _LONGEST_ERROR else "Enter an option of the list."
        # a list refuses whatever is not one of its options: several of them in one cell, and texts
        validation.showErrorMessage = spec.type not in ("codes", "text")
        return validation


def headings(register: RegisterSpec, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The columns of a register's sheet, in order: those of its first rows, then the others. Where
    there are such rows, the day on which a row is recorded is left out, if it may be."""
    own = [
        column.name
        for column in register.written.columns
        if column.required or not rows or column.name != register.recorded_on
    ]
    return tuple(dict.fromkeys([name for row in rows for name in row] + own))


def _needed(spec: ColumnSpec) -> str:
    if spec.blank == BLANK_UNREADABLE:
        return "Required."
    if spec.blank == BLANK_NOTHING:
        return ""
    return f"If it is blank, {spec.blank} is assumed."


# The sheet of options ---------------------------------------------------------------------------


class _Options:
    """The sheet of options: one list below another, each under the columns that it is for. A
    drop-down refers to this sheet because one written in place takes no commas and only 255
    characters."""

    def __init__(self, sheet: Worksheet, registers: Registers, guide: TemplateGuide) -> None:
        self._sheet, self._registers, self._guide = sheet, registers, guide
        self._ranges: dict[tuple[str, ...], str] = {}
        for number, (heading, width) in enumerate((("Option", 44), ("Notes", 66)), 1):
            _write(sheet, 1, number, heading, _BOLD).fill = _OPTIONAL
            sheet.column_dimensions[get_column_letter(number)].width = width
        row = 3
        for options, keys in self._lists().items():
            row = self._list(row, options, keys)
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        _fit_to_page(sheet, upright=True)

    def options_of(self, key: ColumnKey) -> tuple[str, ...]:
        """What the drop-down of a column offers, () where it has none."""
        register, name = self._guide.suggested.get(key, key)
        rows = self._guide.rows.get(register, ())
        if rows and key in self._guide.suggested:
            return tuple(row[name] for row in rows)
        return tuple(self._registers[register].column(name).codes)

    def range_of(self, key: ColumnKey) -> str:
        """The cells that contain those options."""
        register, name = self._guide.suggested.get(key, key)
        spec, rows = self._registers[register], self._guide.rows.get(register, ())
        if rows and key in self._guide.suggested:
            letter = get_column_letter(headings(spec, rows).index(name) + 1)
            return f"'{spec.sheets[0]}'!${letter}$2:${letter}${len(rows) + 1}"
        return self._ranges[tuple(spec.column(name).codes)]

    def _lists(self) -> dict[tuple[str, ...], list[ColumnKey]]:
        """Each list of options once, with the columns that it is for."""
        lists: dict[tuple[str, ...], list[ColumnKey]] = {}
        for register in self._registers.values():
            for spec in register.written.columns:
                if spec.codes:
                    lists.setdefault(tuple(spec.codes), []).append((register.id, spec.name))
        return lists

    def _list(self, row: int, options: Sequence[str], keys: Sequence[ColumnKey]) -> int:
        """Writes one list, and returns the row after the blank one below it."""
        meanings = self._guide.meanings.get(keys[0], {}) if len(keys) == 1 else {}
        used_in = f"Used in: {'; '.join(map(self._column_words, keys))}"
        _write(self._sheet, row, 1, used_in, _BOLD).alignment = _WRAPPED
        self._sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        self._sheet.row_dimensions[row].height = 16 * (len(used_in) // 100 + 1)
        first = row + 1
        for line, option in enumerate(options, first):
            _write(self._sheet, line, 1, option).alignment = _WRAPPED
            if option in meanings:
                _write(self._sheet, line, 2, meanings[option]).alignment = _WRAPPED
        last = row + len(options)
        self._ranges[tuple(options)] = f"'{OPTIONS_SHEET}'!$A${first}:$A${last}"
        return last + 2

    def _column_words(self, key: ColumnKey) -> str:
        spec = self._registers[key[0]]
        column = spec.column(key[1])
        several = " (several options in a cell)" if column.type == "codes" else ""
        return f"{spec.sheets[0]}: {column.usual_heading}{several}"
