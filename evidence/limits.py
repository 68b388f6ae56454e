"""How much one file of evidence may hold, and the refusal of a file that holds more.

Work and memory follow from these numbers alone: no clock decides whether a file is read, so that a
file is read or refused alike everywhere. ``docs/limits.md`` gives the reason for each number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.book_marks import Extent, OpeningStop
from evidence.raw_cells import Area, OpeningCode, cell_name

MEGABYTE = 1024 * 1024
_ONLY = "save only the registers in a copy"
_EMPTY = "delete the empty rows and columns that have a format, and save it"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of everything that is read of one file."""

    file_bytes: int = 100 * MEGABYTE
    """Bytes of the file itself."""
    parts: int = 10_000
    """Files that are packed in a workbook (.xlsx, .xlsm, .xlsb, .ods)."""
    part_bytes: int = 768 * MEGABYTE
    """Bytes of one of them, unpacked."""
    unpacked_bytes: int = 1024 * MEGABYTE
    """Bytes of all of them that are read, unpacked."""
    listing_bytes: int = 16 * MEGABYTE
    """Bytes of a part that lists others: the workbook's sheets, or what a part refers to."""
    tags: int = 100_000_000
    """XML tags of all parts."""
    records: int = 30_000_000
    """Records of an .xls or .xlsb."""
    sheets: int = 1_000
    """Sheets of one file."""
    rows: int = 1_048_576
    """The number of the last row of a workbook's sheet, as in Excel."""
    columns: int = 16_384
    """The number of the last column, as in Excel."""
    csv_rows: int = 2_000_000
    """Rows of a CSV file, which may be longer than a sheet of Excel."""
    cells: int = 12_000_000
    """Cells of one sheet, empty ones included, between its first and last row and column. The
    reading library keeps the whole rectangle in memory, so one stray cell at the far corner of a
    sheet would need hundreds of gigabytes."""
    all_cells: int = 24_000_000
    """The same of all sheets."""
    text: int = 250_000_000
    """Characters in all cells, each cell's own counted, though the file may hold them once."""
    faults: int = 2_000_000
    """Cells of one file that show an error, or hold a formula whose result is not stored."""
    merges: int = 500_000
    """Merged areas of one file."""
    merged_cells: int = 1_000_000
    """Cells that the merged areas of one sheet fill."""
    memory: int = 4096 * MEGABYTE
    """Bytes of memory to open the file, where the system can hold a process to that."""


LIMITS = Limits()


class Tally:
    """What has been counted of one file so far. Each method stops
    (:class:`OpeningStop`) as soon as a limit is passed."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.cells = 0
        self.text = 0
        self.unsure = 0  # cells, or characters of them, that there may be besides
        self._kept = 0
        self._tags = 0
        self._records = 0
        self._sheets = 0
        self._faults = 0
        self._merges = 0

    def add_sheets(self, count: int) -> None:
        """So many more sheets."""
        self._sheets += count
        if self._sheets > self.limits.sheets:
            raise OpeningStop(
                OpeningCode.TOO_LARGE, f"has more than {self.limits.sheets:,} sheets: {_ONLY}."
            )

    def add_tags(self, count: int, part: str) -> None:
        """So many more XML tags, in this part."""
        self._tags += count
        if self._tags > self.limits.tags:
            raise OpeningStop(
                OpeningCode.TOO_LARGE,
                f"is written with more than {self.limits.tags:,} tags (in its part '{part}'):"
                f" {_EMPTY}.",
            )

    def add_records(self, count: int) -> None:
        """So many more records of a binary workbook."""
        self._records += count
        if self._records > self.limits.records:
            raise OpeningStop(
                OpeningCode.TOO_LARGE,
                f"is written with more than {self.limits.records:,} records: {_EMPTY} as .xlsx.",
            )

    def add_faults(self, count: int) -> None:
        """So many more cells with an error, or with a formula whose result is not stored."""
        self._faults += count
        if self._faults > self.limits.faults:
            raise OpeningStop(
                OpeningCode.TOO_MANY_CELLS,
                f"has more than {self.limits.faults:,} cells that show an error or hold a formula"
                " without a stored result: open it in Excel, correct the formulas and save it.",
            )

    def add_text(self, characters: int) -> None:
        """So many more characters in cells."""
        self.check_text(characters)
        self.text += characters

    def check_text(self, characters: int) -> None:
        """Stops where so many more would be too many."""
        if self.text + characters > self.limits.text:
            raise too_much_text(self.limits)

    def add_rectangle(self, sheet: str, extent: Extent) -> None:
        """One more sheet, filled so far. To be asked before the reading library sees the file: it
        would end the program for want of memory."""
        self.check_reach(sheet, extent)
        self.cells += extent.cells()
        if self.cells > self.limits.all_cells:
            raise self._too_many_cells()

    def add_kept(self, cells: int) -> None:
        """So many more cells that are kept in memory before they are laid out."""
        self._kept += cells
        if self._kept > self.limits.all_cells:
            raise self._too_many_cells()

    def _too_many_cells(self) -> OpeningStop:
        return OpeningStop(
            OpeningCode.TOO_MANY_CELLS,
            f"has more than {self.limits.all_cells:,} cells in all its sheets, empty ones between"
            f" them counted: {_ONLY}.",
        )

    def check_reach(self, sheet: str, extent: Extent) -> None:
        """Stops at a sheet that fills too large a rectangle, or reaches too far."""
        first = cell_name(extent.first_row, extent.first_column)
        last = cell_name(extent.last_row, extent.last_column)
        if extent.cells() > self.limits.cells:
            raise OpeningStop(
                OpeningCode.TOO_MANY_CELLS,
                f"has a sheet, '{sheet}', that runs from {first} to {last}: more than"
                f" {self.limits.cells:,} cells. Delete whatever stands far below or to the right of"
                " the table, and save it.",
            )
        if extent.last_row > self.limits.rows or extent.last_column > self.limits.columns:
            end = cell_name(self.limits.rows, self.limits.columns)
            raise OpeningStop(
                OpeningCode.TOO_MANY_CELLS,
                f"has a sheet, '{sheet}', that reaches to {last}, beyond the last cell that Excel"
                f" has ({end}): move its rows into sheets that Excel can open.",
            )

    def add_merges(self, sheet: str, areas: Sequence[Area], extent: Extent) -> None:
        """The merged areas of a sheet, of which those cells are filled that ``extent`` holds."""
        self._merges += len(areas)
        if self._merges > self.limits.merges:
            raise OpeningStop(
                OpeningCode.TOO_MANY_CELLS,
                f"has more than {self.limits.merges:,} merged areas: unmerge them (Home, Merge &"
                " Center), and write each value in every row that it is for.",
            )
        filled = 0
        for top, left, bottom, right in areas:
            down = min(bottom, extent.last_row) - max(top, extent.first_row) + 1
            across = min(right, extent.last_column) - max(left, extent.first_column) + 1
            filled += max(down, 0) * max(across, 0)
        if filled > self.limits.merged_cells:
            raise OpeningStop(
                OpeningCode.TOO_MANY_CELLS,
                f"has a sheet, '{sheet}', whose merged areas cover more than"
                f" {self.limits.merged_cells:,} cells: unmerge them (Home, Merge & Center), and"
                " write each value in every row that it is for.",
            )


def too_much_text(limits: Limits) -> OpeningStop:
    """The stop for a file with too many characters in its cells."""
    return OpeningStop(
        OpeningCode.TOO_MUCH_TEXT,
        f"holds more than {limits.text:,} characters in its cells, each cell's own counted:"
        f" {_ONLY}, and look for a long text that is repeated in many cells.",
    )


def too_many_rows(limits: Limits) -> OpeningStop:
    """The stop for a CSV file with too many rows."""
    return OpeningStop(
        OpeningCode.TOO_MANY_CELLS,
        f"has more than {limits.csv_rows:,} rows, empty ones counted: delete the empty rows, or"
        " give its rows in several files.",
    )


def too_much_memory(limits: Limits) -> OpeningStop:
    """The stop for a file for which there is not enough memory."""
    return OpeningStop(
        OpeningCode.TOO_MUCH_MEMORY,
        f"needs more memory to read than there is (at most {limits.memory // MEGABYTE:,} MB are"
        f" used): {_ONLY}, without empty rows and columns that have a format.",
    )


def too_large_unpacked(size: int, part: str = "") -> OpeningStop:
    """The stop for a file, or one part of it, that unpacks to more than ``size`` bytes."""
    what = f"has a part, '{part}', that unpacks" if part else "unpacks"
    return OpeningStop(
        OpeningCode.TOO_LARGE,
        f"{what} to more than {size // MEGABYTE:,} MB: {_ONLY}, without pictures.",
    )
