"""The made-up office's workbook, changed at random as years of use change one: cells that say odd
things, lines put in and left out, totals, headings again, merges, sheets of other names."""

from __future__ import annotations

import datetime
import io
import random
from collections.abc import Callable

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.needs import ROOT

OFFICE = ROOT / "examples" / "office.xlsx"

Said = str | int | float | bool | datetime.date | datetime.time | None

ODD: tuple[Said, ...] = (
    None, "", "tbc", "n/a", "?", "x" * 300, "a\nb", "a;b", "a, b", "'x", "\u200bref",
    "31/11/2026", "May 4 2026", "05/13/2026", "04/05/2026", "2 May 2025", " 2nd of May 2025 ",
    "2025-05-02T10:00", "2025-05-02 24:00", "Q3 2025/26", "2025/26", "FY25/26", "2025",
    "July 2025", "yes", "No", "Y", "\u2713", "#N/A", "=1+1", True, False, 3, 3.5, 10**15, -1,
    "Total", "total 4", "\u00a312", "12%", "ROLE-1", "M-1", "Steering Group",
    datetime.datetime.fromisoformat("2026-05-04T13:30"), datetime.time(9, 0),
    datetime.date(2027, 1, 1),
)  # fmt: skip


def mangled(seed: int) -> bytes:
    """The workbook after up to forty changes, which follow from the seed alone."""
    chance = random.Random(seed)
    book = load_workbook(OFFICE)
    for _ in range(chance.randrange(1, 40)):
        sheet = chance.choice(book.worksheets)
        change = chance.choices([each for each, _ in CHANGES], [often for _, often in CHANGES])[0]
        change(book, sheet, chance)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _odd_cell(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    cell = sheet.cell(chance.randint(1, sheet.max_row + 1), chance.randint(1, sheet.max_column + 1))
    if not isinstance(cell, MergedCell):
        cell.value = chance.choice(ODD)


def _blank_line(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    _unmerge(sheet)  # merges do not move with their cells
    sheet.insert_rows(chance.randint(1, sheet.max_row))


def _line_again(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    row = chance.randint(1, sheet.max_row)
    sheet.append([cell.value for cell in sheet[row]])


def _total(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    figures = [chance.choice([None, 3, "4", "5%", "x"]) for _ in range(sheet.max_column - 1)]
    sheet.append([chance.choice(["Total", "Grand total:", "totals"]), *figures])


def _other_heading(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    row = chance.randint(1, 5)
    column = chance.randint(1, sheet.max_column)
    cell = sheet.cell(row, column)
    said = cell.value
    if isinstance(said, str) and said and not isinstance(cell, MergedCell):
        other = sheet.cell(row, chance.randint(1, sheet.max_column)).value
        ways = (said.upper(), said.replace(" ", "-"), f"{said}:", f"{said}*", "", "note", other)
        cell.value = chance.choice(ways)


def _columns(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    _unmerge(sheet)
    column = chance.randint(1, sheet.max_column)
    if chance.random() < 0.5 and sheet.max_column > 2:
        sheet.delete_cols(column)
    else:
        sheet.insert_cols(column)


def _merge(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    row, column = chance.randint(1, sheet.max_row), chance.randint(1, sheet.max_column)
    tall, wide = chance.randrange(3), chance.randrange(3)
    _unmerge(sheet)  # areas that overlap make no workbook
    sheet.merge_cells(
        start_row=row, end_row=row + tall, start_column=column, end_column=column + wide
    )


def _other_sheet(book: Workbook, sheet: Worksheet, chance: random.Random) -> None:
    if chance.random() < 0.3 and len(book.worksheets) > 2:
        book.remove(sheet)
    elif chance.random() < 0.5:
        book.copy_worksheet(sheet).title = chance.choice((f"{sheet.title[:28]} .", "Other"))
    else:
        names = (sheet.title.lower(), sheet.title.replace(" ", "-"), "Sheet9")
        sheet.title = chance.choice(names)


def _unmerge(sheet: Worksheet) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


CHANGES: tuple[tuple[Callable[[Workbook, Worksheet, random.Random], None], int], ...] = (
    (_odd_cell, 66), (_blank_line, 4), (_line_again, 6), (_total, 4), (_other_heading, 4),
    (_columns, 3), (_merge, 4), (_other_sheet, 4),
)  # fmt: skip
