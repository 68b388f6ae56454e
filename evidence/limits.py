"""How much one file of evidence may contain, and the refusal of a file that contains more.

Work and memory follow from these numbers alone: no clock decides whether a file is read, so that a
file is read or refused alike everywhere. ``docs/limits.md`` gives the reason for each number, and
``tests/test_evidence_limits.py`` tries each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.book_marks import Extent, OpeningStop
from evidence.raw_cells import Area, OpeningCode, cell_name

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of everything that is read of one file."""

    file_bytes: int = 100 * MEGABYTE
    parts: int = 10_000  # files that are packed in a workbook (.xlsx, .xlsm, .xlsb, .ods)
    part_bytes: int = 768 * MEGABYTE  # one of them, unpacked
    unpacked_bytes: int = 1024 * MEGABYTE  # all of them that are read, unpacked
    listing_bytes: int = 16 * MEGABYTE  # a part that lists sheets, or what another refers to
    tags: int = 100_000_000  # XML tags of all parts
    records: int = 30_000_000  # of an .xls or .xlsb
    sheets: int = 1_000
    rows: int = 1_048_576  # the number of the last row of a workbook's sheet, as in Excel
    columns: int = 16_384  # the number of the last column, as in Excel
    csv_rows: int = 2_000_000  # a CSV file may be longer than a sheet of Excel
    cells: int = 12_000_000
    """Cells of one sheet, empty ones included, between its first and last row and column. The
    reading library keeps the whole rectangle in memory, so one stray cell at the far corner of a
    sheet would need hundreds of gigabytes."""
    all_cells: int = 24_000_000  # the same of all sheets
    text: int = 250_000_000
    """Characters in all cells, each cell's own counted, though the file may contain them once."""
    faults: int = (
        2_000_000  # cells that show an error, or contain a formula without a stored result
    )
    formats: int = 1_000_000  # cell formats, fonts and number formats of an .xlsx
    merges: int = 500_000  # merged areas of one file
    merged_cells: int = 1_000_000  # cells that the merged areas of one sheet fill
    memory: int = 4096 * MEGABYTE
    """Bytes of memory to open the file, if the system can limit a process to that."""


LIMITS = Limits()

_ONLY = "save a copy that contains only the registers"
_EMPTY = "delete the empty rows and columns that have a format, and save the file"
_UNMERGE = (
    "unmerge them (Home, Merge & Center), and enter each value in every row that it applies to."
)
_LARGE = OpeningCode.TOO_LARGE
_CELLS = OpeningCode.TOO_MANY_CELLS

#: What is said of a file that passes a limit, after its name.
_PASSED = {
    "parts": (_LARGE, f"consists of more than {{most:,}} parts: {_ONLY}, without pictures."),
    "sheets": (_LARGE, f"has more than {{most:,}} sheets: {_ONLY}."),
    "tags": (
        _LARGE,
        f"contains more than {{most:,}} tags (in its part '{{part}}'): {_EMPTY}.",
    ),
    "records": (_LARGE, f"contains more than {{most:,}} records: {_EMPTY} as .xlsx."),
    "csv_rows": (
        _CELLS,
        "has more than {most:,} rows, including empty ones: delete the empty rows, or split the"
        " file into several files.",
    ),
    "cells": (
        _CELLS,
        "has a sheet, '{sheet}', that runs from {first} to {last}: more than {most:,} cells. Delete"
        " everything far below the table or to the right of it, and save the file.",
    ),
    "all_cells": (
        _CELLS,
        "has more than {most:,} cells in all its sheets, including the empty cells between"
        f" them: {_ONLY}.",
    ),
    "text": (
        OpeningCode.TOO_MUCH_TEXT,
        "contains more than {most:,} characters, counted in every cell:"
        f" {_ONLY}, and look for a long text that is repeated in many cells.",
    ),
    "faults": (
        _CELLS,
        "has more than {most:,} cells that show an error or contain a formula without a stored"
        " result: open the file in Excel, correct the formulas and save it.",
    ),
    "formats": (
        _LARGE,
        "has more than {most:,} cell formats, fonts and number formats: copy the cells of the"
        " registers into a new workbook, as values only.",
    ),
    "merges": (_CELLS, f"has more than {{most:,}} merged areas: {_UNMERGE}"),
    "merged_cells": (
        _CELLS,
        "has a sheet, '{sheet}', whose merged areas cover more than {most:,} cells: " + _UNMERGE,
    ),
    "memory": (
        OpeningCode.TOO_MUCH_MEMORY,
        "needs more memory to read than is available (the limit is {megabytes:,} MB):"
        f" {_ONLY}, without empty rows and columns that have a format.",
    ),
}


def passed(limit: str, limits: Limits, **places: str) -> OpeningStop:
    """The stop for a file that passes this limit, at these places of it."""
    code, words = _PASSED[limit]
    most = getattr(limits, limit)
    return OpeningStop(code, words.format(most=most, megabytes=most // MEGABYTE, **places))


def too_large_unpacked(size: int, part: str = "") -> OpeningStop:
    """The stop for a file, or one part of it, that unpacks to more than ``size`` bytes."""
    what = f"has a part, '{part}', that unpacks" if part else "unpacks"
    return OpeningStop(
        _LARGE, f"{what} to more than {size // MEGABYTE:,} MB: {_ONLY}, without pictures."
    )


class Tally:
    """What has been counted of one file. Each method stops (:class:`OpeningStop`) at a passed
    limit."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.text = 0
        self.unsure = 0  # further cells, or characters of them, that there may be
        self._counts: Counter[str] = Counter()
        self._kept = 0

    def add(self, limit: str, count: int = 1, part: str = "") -> None:
        """Counts what this field of the limits bounds."""
        self._counts[limit] += count
        if self._counts[limit] > getattr(self.limits, limit):
            raise passed(limit, self.limits, part=part)

    def add_text(self, characters: int) -> None:
        """Counts characters in cells."""
        self.check_text(characters)
        self.text += characters

    def check_text(self, characters: int) -> None:
        """Stops if that many more characters are too many."""
        if self.text + characters > self.limits.text:
            raise passed("text", self.limits)

    def add_rectangle(self, sheet: str, extent: Extent) -> None:
        """Adds a sheet's filled cells, before the reading library allocates the memory."""
        self.check_reach(sheet, extent)
        self.add("all_cells", extent.cells())

    def add_kept(self, cells: int) -> None:
        """Counts cells that are kept in memory before they are laid out."""
        self._kept += cells
        if self._kept > self.limits.all_cells:
            raise passed("all_cells", self.limits)

    def check_reach(self, sheet: str, extent: Extent) -> None:
        """Stops at a sheet with too large a rectangle, or with cells beyond Excel's last one."""
        first = cell_name(extent.first_row, extent.first_column)
        last = cell_name(extent.last_row, extent.last_column)
        if extent.cells() > self.limits.cells:
            raise passed("cells", self.limits, sheet=sheet, first=first, last=last)
        if extent.last_row > self.limits.rows or extent.last_column > self.limits.columns:
            end = cell_name(self.limits.rows, self.limits.columns)
            raise OpeningStop(
                _CELLS,
                f"has a sheet, '{sheet}', that reaches to {last}, beyond the last cell in"
                f" Excel ({end}): move its rows into sheets that Excel can open.",
            )

    def add_merges(self, sheet: str, areas: Sequence[Area], extent: Extent) -> None:
        """Counts the merged areas of a sheet, and their cells within ``extent``."""
        self.add("merges", len(areas))
        filled = 0
        for top, left, bottom, right in areas:
            down = min(bottom, extent.last_row) - max(top, extent.first_row) + 1
            across = min(right, extent.last_column) - max(left, extent.first_column) + 1
            filled += max(down, 0) * max(across, 0)
        if filled > self.limits.merged_cells:
            raise passed("merged_cells", self.limits, sheet=sheet)
