"""The sheet of options: every list of words that a drop-down offers."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from evidence.register import Registers
from evidence.sheets.sheet_matching import OPTIONS_SHEET
from evidence.template.guide import ColumnKey, TemplateGuide, headings
from evidence.template.layout import BOLD, FIRST_ROW, HEADING, height_of, print_on, write

#: The headings of the sheet, with the widths of their columns.
_COLUMNS = (("Option", 26), ("Also written", 34), ("Notes", 60))
#: How many other ways to write an option are named.
_MOST_SYNONYMS = 2

#: One line of the sheet: the heading of a list, or an option with its synonyms and notes.
_Line = tuple[str, ...]


class OptionsSheet:
    """The sheet of options: each list once, under the columns that it is for. A drop-down refers to
    this sheet because one written in place takes no commas and only 255 characters."""

    def __init__(self, sheet: Worksheet, registers: Registers, guide: TemplateGuide) -> None:
        self._sheet = sheet
        self._registers = registers
        self._guide = guide
        self._ranges: dict[tuple[str, ...], str] = {}
        row = 2
        for options, keys in self._lists().items():
            for line, texts in enumerate(self._lines(options, keys), row):
                sheet.row_dimensions[line].height = self._write(line, texts)
            last = row + len(options)
            self._ranges[options] = f"'{OPTIONS_SHEET}'!$A${row + 1}:$A${last}"
            row = last + 2
        for number, (heading, width) in enumerate(_COLUMNS, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
            write(sheet, 1, number, heading, BOLD)
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        print_on(sheet, upright=True, pages=0)

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
        spec = self._registers[register]
        rows = self._guide.rows.get(register, ())
        if rows and key in self._guide.suggested:
            letter = get_column_letter(headings(spec, rows).index(name) + 1)
            last = FIRST_ROW + len(rows) - 1
            return f"'{spec.sheets[0]}'!${letter}${FIRST_ROW}:${letter}${last}"
        return self._ranges[tuple(spec.column(name).codes)]

    def _lists(self) -> dict[tuple[str, ...], list[ColumnKey]]:
        """Each list of options once, with the columns that it is for."""
        lists: dict[tuple[str, ...], list[ColumnKey]] = {}
        for register in self._guide.in_order(self._registers):
            for spec in register.written.columns:
                if spec.codes:
                    lists.setdefault(tuple(spec.codes), []).append((register.id, spec.name))
        return lists

    def _lines(self, options: Sequence[str], keys: Sequence[ColumnKey]) -> list[_Line]:
        """One list: its heading, and below it a line for each option."""
        meanings = self._guide.meanings.get(keys[0], {}) if len(keys) == 1 else {}
        codes = self._registers[keys[0][0]].column(keys[0][1]).codes
        return [
            ("; ".join(map(self._column_words, keys)),),
            *(
                (option, ", ".join(codes[option][:_MOST_SYNONYMS]), meanings.get(option, ""))
                for option in options
            ),
        ]

    def _write(self, row: int, texts: _Line) -> float:
        """Writes a line, and returns its height."""
        sheet = self._sheet
        widths = [width for _, width in _COLUMNS]
        if len(texts) == 1:
            write(sheet, row, 1, texts[0], BOLD)
            for column in range(1, len(widths) + 1):
                sheet.cell(row, column).fill = HEADING
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
            return height_of([(texts[0], sum(widths))])
        for column, text in enumerate(texts, 1):
            if text:
                write(sheet, row, column, text)
        return height_of(zip(texts, widths, strict=True))

    def _column_words(self, key: ColumnKey) -> str:
        spec = self._registers[key[0]]
        column = spec.column(key[1])
        several = " (several options in a cell)" if column.type == "codes" else ""
        return f"{spec.sheets[0]}: {column.usual_heading}{several}"
