"""The sheet of one register: what it is for, its headings with notes, and its first rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import accumulate

from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.worksheet import Worksheet

from evidence.cells.periods import period_words
from evidence.cells.text import listed
from evidence.cells.types import type_cells
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec, Registers, RegisterSpec
from evidence.sheets.notes import ABOUT_LINE
from evidence.sheets.rows import EXAMPLE
from evidence.template.guide import TemplateGuide, headings
from evidence.template.layout import (
    CENTRED,
    FIRST_ROW,
    HEADING,
    HEADING_ROW,
    WHITE,
    height_of,
    link,
    print_on,
    write,
)
from evidence.template.options_sheet import OptionsSheet

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384

_REQUIRED = PatternFill("solid", fgColor="FF1F3864")
_GIVEN = PatternFill("solid", fgColor="FFE7E6E6")
_EXAMPLE_LOOK = DifferentialStyle(
    font=Font(italic=True, color="FF7F7F7F"), fill=PatternFill(bgColor="FFF2F2F2")
)
_TEXT = "@"
_DAY = "dd/mm/yyyy"
_NUMBER = "0"
_OPEN = Protection(locked=False)

_WIDTHS = {"text": 28, "link": 28}
#: A list that is there from the start is narrow enough to be read in print.
_WIDEST = 52
_WIDEST_GIVEN = 36
_EXAMPLE_WIDTH = len(EXAMPLE) + 3
#: The widest that the line about the sheet is, so that it can be read without scrolling.
_ABOUT_WIDTH = 150

_LONGEST_MESSAGE = 255  # a spreadsheet shows no more


class RegisterSheet:
    """One register's sheet: a line about it, its headings with notes, its drop-downs, and its first
    rows or an example row.

    The line and the headings are locked, without a password, and everything else is open. The look
    of an example follows its mark, by a conditional format: a row that is typed over looks like any
    other, and so does one that takes its place."""

    def __init__(
        self,
        sheet: Worksheet,
        register: RegisterSpec,
        registers: Registers,
        options: OptionsSheet,
        guide: TemplateGuide,
    ) -> None:
        self._sheet = sheet
        self._register = register
        self._registers = registers
        self._options, self._guide = options, guide
        self._rows = guide.rows.get(register.id, ())
        self._specs = {column.name: column for column in register.written.columns}
        self._names = headings(register, self._rows)

    def write(self) -> None:
        """Writes the sheet."""
        for number, name in enumerate(self._names, 1):
            spec = self._specs.get(name)
            texts = [row.get(name, "") for row in self._rows]
            self._heading(number, name, spec, texts)
            self._column(number, name, spec, texts)
            notes = self._guide.row_notes.get((self._register.id, name), ())
            for line, text in enumerate(texts, FIRST_ROW):
                if text:
                    cell = write(self._sheet, line, number, text)
                    cell.protection = _OPEN
                    if notes:
                        cell.comment = _comment(notes[line - FIRST_ROW])
        self._about(self._example())
        self._open_and_lock()
        self._sheet.freeze_panes = f"{'B' if self._rows else 'A'}{FIRST_ROW}"
        self._sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
        print_on(self._sheet, pages=0)

    # The headings and their columns -------------------------------------------------------------

    def _heading(
        self, number: int, name: str, spec: ColumnSpec | None, texts: Sequence[str]
    ) -> None:
        """Writes a heading. One whose cells are all given is neither required nor optional."""
        key = self._register.id, name
        cell = write(self._sheet, HEADING_ROW, number, spec.usual_heading if spec else name)
        if spec is None or (texts and all(texts)):
            cell.fill = _GIVEN
            cell.comment = _comment(self._guide.notes.get(key, "For information. Do not change."))
        else:
            cell.fill = HEADING
            if spec.blank == BLANK_UNREADABLE:
                cell.fill, cell.font = _REQUIRED, WHITE
            cell.comment = _comment(self._note(spec))
        takers = [taker for taker, given in self._guide.suggested.items() if given == key]
        if takers and self._rows:  # the sheet whose drop-down offers these cells
            link(cell, self._registers[takers[0][0]].sheets[0])

    def _column(
        self, number: int, name: str, spec: ColumnSpec | None, texts: Sequence[str]
    ) -> None:
        """Formats one column: its width, the type of its cells and the entries that it takes.
        ``texts`` are those already in it."""
        letter = get_column_letter(number)
        dimension = self._sheet.column_dimensions[letter]
        options = self._options.options_of((self._register.id, name)) if spec else ()
        longest = max((len(text) + 2 for text in (*texts, *options)), default=0)
        heading = spec.usual_heading if spec else name
        words = max(map(len, heading.split())) + 4
        least = max(_WIDTHS.get(spec.type, 12) if spec else 12, words)
        widest = _WIDEST_GIVEN if texts else _WIDEST
        dimension.width = max(least, min(widest, longest))
        kind = spec.type if spec else "text"
        dimension.number_format = {"day": _DAY, "number": _NUMBER}.get(kind, _TEXT)
        dimension.protection = _OPEN
        if kind == "day":  # a date at the right edge would touch the text of the next column
            dimension.alignment = CENTRED
        if spec and (validation := self._validation(spec)):
            validation.add(f"{letter}{FIRST_ROW}:{letter}{_LAST_ROW}")
            self._sheet.add_data_validation(validation)

    # The example and the line about the sheet ---------------------------------------------------

    def _example(self) -> bool:
        """Writes the example row, marked in its first cell, if each required column has an example.
        Returns whether it did."""
        sheet = self._sheet
        specs = self._register.written.columns
        if self._rows or any(spec.blank == BLANK_UNREADABLE and not spec.example for spec in specs):
            return False
        for number, spec in enumerate(specs, 1):
            dimension = sheet.column_dimensions[get_column_letter(number)]
            value = _example_value(spec)
            if number == 1:
                value = f"{EXAMPLE}: {spec.example}"
                dimension.width = max(_EXAMPLE_WIDTH, dimension.width)
            cell = write(sheet, FIRST_ROW, number, value)
            cell.number_format = dimension.number_format
            cell.protection = _OPEN
            if spec.type == "day":
                cell.alignment = CENTRED
        last = get_column_letter(len(specs))
        marked = f'COUNTIF($A{FIRST_ROW}:${last}{FIRST_ROW},"{EXAMPLE}*")>0'
        rule = Rule("expression", formula=[marked], dxf=_EXAMPLE_LOOK)
        sheet.conditional_formatting.add(f"A{FIRST_ROW}:{last}{_LAST_ROW}", rule)
        return True

    def _about(self, has_example: bool) -> None:
        """Writes the line above the headings: what the sheet is for, and how to fill it in."""
        lines = [f"{ABOUT_LINE}{self._register.about}"]
        if serves := self._guide.serves.get(self._register.id):
            lines.append(serves)
        if not self._rows:
            lines.append("White headings on blue are required.")
        if has_example:
            lines[-1] += (
                f" A grey row that begins with {EXAMPLE} is an example and never counts: type over"
                " it. If there is nothing to record, delete it."
            )
        widths = [
            self._sheet.column_dimensions[get_column_letter(number)].width
            for number in range(1, len(self._names) + 1)
        ]
        wide = [total for total in accumulate(widths) if total <= _ABOUT_WIDTH] or widths[:1]
        text = "\n".join(lines)
        write(self._sheet, 1, 1, text)
        self._sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(wide))
        self._sheet.row_dimensions[1].height = height_of([(text, wide[-1])])
        headings_ = [str(cell.value) for cell in self._sheet[HEADING_ROW]]
        self._sheet.row_dimensions[HEADING_ROW].height = height_of(
            (heading, width - 3) for heading, width in zip(headings_, widths, strict=True)
        )

    def _open_and_lock(self) -> None:
        """Locks what is above the rows. Sorting and filtering, and new rows and columns, are
        allowed."""
        last = len(self._names)
        rest = self._sheet.column_dimensions[get_column_letter(last + 1)]
        rest.min = last + 1
        rest.max = _LAST_COLUMN
        rest.protection = _OPEN
        self._sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(last)}{_LAST_ROW}"
        self._sheet.protection = SheetProtection(
            sheet=True,
            # each of these is a ban: False allows what it names
            formatCells=False,
            formatColumns=False,
            formatRows=False,
            insertColumns=False,
            insertRows=False,
            insertHyperlinks=False,
            deleteColumns=False,
            deleteRows=False,
            sort=False,
            autoFilter=False,
            pivotTables=False,
        )

    # Notes and checks ---------------------------------------------------------------------------

    def _note(self, spec: ColumnSpec) -> str:
        more = self._guide.notes.get((self._register.id, spec.name), "")
        note = spec.note if spec.note.endswith(("?", ".")) or not spec.note else f"{spec.note}."
        lines = (note, _needed(spec), self._advice(spec), more)
        return "\n".join(line for line in lines if line)

    def _advice(self, spec: ColumnSpec) -> str:
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
        ref = self._key_heading(spec)
        return {
            "day": "Enter a date, such as 25/04/2026.",
            "period": f"Enter {period_words(spec.periods)}.",
            "code": f"Choose one option from the list{_if_none_fits(spec)}.",
            "codes": f"Enter one or more options. {_several(spec)}",
            "yes/no": "Enter yes or no.",
            "number": "" if "such as" in spec.note else "Enter a whole number, such as 12.",
            "text": "",
            "link": "Enter an address that begins with https://, or a whole path.",
            "key": f"Enter {ref} from the {sheets} sheet: one only. For another, add a row."
            if sheets
            else "",
            "keys": f"Enter references from the {sheets} sheet, separated by semicolons."
            if sheets
            else "Enter references, separated by semicolons.",
        }[spec.type]

    def _key_heading(self, spec: ColumnSpec) -> str:
        """What a cell that names a row contains: a reference, or the key's heading in quotes."""
        named = [self._registers[name] for name in spec.named if name in self._registers]
        headings = {c.usual_heading for one in named for c in one.columns if c.name == one.key}
        (heading,) = headings if len(headings) == 1 else ("ref",)
        return "a reference" if heading.casefold() == "ref" else f"a '{heading}'"

    def _validation(self, spec: ColumnSpec) -> DataValidation | None:
        """The entries that the cells of a column take, as a spreadsheet checks them; None where it
        takes any text."""
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
        error = self._advice(spec) or "Enter a whole number."
        validation.error = (
            error if len(error) <= _LONGEST_MESSAGE else "Enter an option of the list."
        )
        # a list refuses whatever is not one of its options: several of them in one cell, and texts
        validation.showErrorMessage = spec.type not in ("codes", "text")
        if spec.type == "codes":  # without macros, a drop-down cannot add to what is in the cell
            validation.promptTitle = "One option or several"
            validation.prompt = _several(spec)
            validation.showInputMessage = True
        return validation


def _several(spec: ColumnSpec) -> str:
    """How to enter several options in a cell."""
    how = "To enter more than one, type them with semicolons between them"
    example = "; ".join(tuple(spec.codes)[:2])
    words = (
        f"The list enters one option, in place of what is in the cell. {how}, such as {example}."
    )
    return words if len(words) <= _LONGEST_MESSAGE else f"{how}."


def _if_none_fits(spec: ColumnSpec) -> str:
    """The option for what no other one fits."""
    other = next((code for code in spec.codes if code.split()[0] == "other"), "")
    return f"; if none fits, {other}" if other else ""


def _needed(spec: ColumnSpec) -> str:
    if spec.blank == BLANK_UNREADABLE:
        return "Required."
    if spec.blank == BLANK_NOTHING:
        return ""
    return f"If it is blank, {spec.blank} is assumed."


def _comment(text: str) -> Comment:
    comment = Comment(text, "Due Regard")
    comment.width = 320
    comment.height = 40 + 20 * (len(text) // 42 + text.count("\n") + 1)
    return comment


def _example_value(spec: ColumnSpec) -> datetime.date | int | str | None:
    """The example of a column as a cell contains it: a date, a number or a text; None for none."""
    value = type_cells(spec, [spec.example]).value[0] if spec.type in ("day", "number") else None
    if isinstance(value, datetime.date | int):
        return value
    return spec.example or None
