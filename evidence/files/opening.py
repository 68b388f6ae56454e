"""Opens a file of evidence: its path to raw cells, or to a sentence that says why not.

Reads .xlsx, .xlsm, .xls, .xlsb, .ods and .csv. Nothing outside the file is read, no formula is
worked out, no macro is run. The file's bytes are read once; a file that is too large, locked,
damaged or not what its name says is a value (:class:`evidence.raw_cells.Unopened`).
"""

from __future__ import annotations

import difflib
import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from evidence.book_marks import BookMarks, OpeningStop
from evidence.containers.compound import Compound, wrapped
from evidence.containers.filetype import open_container
from evidence.filenames import as_text
from evidence.files import ods, xls, xlsb, xlsx
from evidence.files.csv_text import read_csv
from evidence.files.values import read_sheets
from evidence.limits import LIMITS, Limits, Tally
from evidence.raw_cells import (
    FORMATS,
    Book,
    CodedColumn,
    OpeningCode,
    RawSheet,
    RawWorkbook,
    Unopened,
)
from evidence.regular_file import NOT_FOUND, FileFault, FileStop, read_regular

_PIECE = 1000  # rows of different lengths that are handed over at once

Keep = Callable[[Iterable[RawSheet]], tuple[RawSheet, ...]]


def open_files(
    hand_over: Callable[[object], None], limits: Limits, files: Sequence[tuple[str, bytes]]
) -> None:
    """Opens each file, given by its name and path, and hands over its sheets and then its workbook
    without sheets. Before each sheet come its cells: as coded columns, or in pieces of rows if
    these differ in length. So neither process has a sheet in memory twice."""

    def in_pieces(sheets: Iterable[RawSheet]) -> tuple[RawSheet, ...]:
        for sheet in sheets:
            rows = sheet.rows
            if len(set(map(len, rows))) == 1:
                for index in range(len(rows[0])):
                    hand_over(CodedColumn.of([row[index] for row in rows]))
            else:
                for start in range(0, len(rows), _PIECE):
                    hand_over(rows[start : start + _PIECE])
            hand_over(replace(sheet, rows=()))
        return ()

    for name, path in files:
        hand_over(open_file(Path(os.fsdecode(path)), name, limits, in_pieces))
        gc.collect()  # the next file finds as much memory as this one


def open_file(path: Path, name: str, limits: Limits = LIMITS, keep: Keep = tuple) -> Book:
    """The raw cells of the file at ``path``, called ``name`` in every message and in the result.

    The ending of ``path`` tells the format, and the contents must agree. Whatever is wrong is
    returned as :class:`Unopened`. ``keep`` takes the sheets as they are read and returns those of
    the result. Commands open files through :mod:`evidence.files.apart`, which bounds memory too.
    """
    try:
        ending = _known_ending(path)
        return _open(_read(path, limits.file_bytes), ending, name, Tally(limits), keep)
    except OpeningStop as stop:
        return Unopened(name, stop.code, f"{name} {stop.words}")


_FAULTS = {
    FileFault.NOT_FOUND: OpeningCode.NOT_FOUND,
    FileFault.NAME_UNUSABLE: OpeningCode.NOT_FOUND,
    FileFault.NOT_PERMITTED: OpeningCode.NOT_PERMITTED,
    FileFault.FOLDER: OpeningCode.FOLDER,
    FileFault.NOT_REGULAR: OpeningCode.NOT_A_WORKBOOK,
    FileFault.TOO_LARGE: OpeningCode.TOO_LARGE,
}
#: The endings of further formats that Excel opens.
_EXCEL_OPENS = frozenset(
    (
        *("xltx", "xltm", "xlt", "xlam", "xla", "xlw", "txt", "tsv", "tab", "prn", "dif", "slk"),
        *("dbf", "xml", "htm", "html", "mht", "fods", "ots"),
    )
)
_SAVE_AS_XLSX = "open it in Excel and save a copy as Excel Workbook (.xlsx)."
_FOLDER = "is a folder: give the files in it, workbooks (.xlsx) or CSV files."


def _read(path: Path, limit_bytes: int) -> bytes:
    try:
        data = read_regular(path, limit_bytes, "save a copy that contains only the registers")
    except FileStop as stop:
        folder = stop.fault is FileFault.FOLDER
        words = _FOLDER if folder else stop.words
        if stop.fault is FileFault.NOT_FOUND and (meant := _similar(path)):
            words = f"was not found. Did you mean {meant}?"
        raise OpeningStop(_FAULTS[stop.fault], words) from stop
    if not data:
        words = "is empty (0 bytes): save it again, or fetch the file again."
        raise OpeningStop(OpeningCode.EMPTY, words)
    return data


def _meant(path: Path, ending: str) -> str:
    """The name of the file beside it that is probably meant: the same with an ending, or with one
    that can be read in place of another; '' if there is none."""
    stem = path.stem if ending else path.name
    names = (f"{stem}.{form}" for form in FORMATS)
    others = (path.with_name(name) for name in names)
    return next((as_text(other.name) for other in others if other.is_file()), "")


def _similar(path: Path) -> str:
    """The name of the spreadsheet beside it that is most like it; '' if none is."""
    with suppress(OSError):
        others = sorted(each for each in path.parent.iterdir() if each.is_file())
        books = {
            as_text(each.stem): as_text(each.name)
            for each in others
            if each.suffix.lower().removeprefix(".") in FORMATS
        }
        near = difflib.get_close_matches(as_text(path.stem), books, 1, 0.8)
        return books[near[0]] if near else ""
    return ""


def _known_ending(path: Path) -> str:
    """The path's ending in lower case, without its dot. Stops at one that is not read."""
    ending = as_text(path.suffix).lower().removeprefix(".")
    if path.name.startswith("~$"):
        raise OpeningStop(
            OpeningCode.NOT_A_WORKBOOK,
            "is a temporary file that Excel keeps while the workbook is open: give"
            f" the workbook {as_text(path.name).removeprefix('~$')} instead.",
        )
    if ending in FORMATS:
        return ending
    if path.is_dir():
        raise OpeningStop(OpeningCode.FOLDER, _FOLDER)
    if not os.path.lexists(path):
        meant = _meant(path, ending)
        advice = "" if ending else " Put a name that contains spaces in quotation marks."
        words = f"was not found. Did you mean {meant}?" if meant else f"{NOT_FOUND}{advice}"
        raise OpeningStop(OpeningCode.NOT_FOUND, words)
    words = "is not a spreadsheet. Give an Excel workbook (.xlsx) or a CSV file."
    if ending in _EXCEL_OPENS:
        words = f"is a .{ending} file, which cannot be read: {_SAVE_AS_XLSX}"
    elif not ending:
        words = f"has a name without an ending, so its format is not known: {_SAVE_AS_XLSX}"
    raise OpeningStop(OpeningCode.UNKNOWN_KIND, words)


def _open(data: bytes, ending: str, name: str, tally: Tally, keep: Keep) -> RawWorkbook:
    digest = hashlib.sha256(data).hexdigest()
    if ending == "csv":
        open_container(data, ending, tally.limits)
        return RawWorkbook(name, digest, ending, keep([read_csv(data, name, tally)]))
    marks, data = _looked_through(data, ending, tally)
    sheets = keep(read_sheets(data, marks, tally))
    return RawWorkbook(name, digest, ending, sheets, marks.date1904)


def _looked_through(data: bytes, ending: str, tally: Tally) -> tuple[BookMarks, bytes]:
    """The marks of a workbook, and the bytes for the reading library: only what was searched."""
    container = open_container(data, ending, tally.limits)
    assert container is not None
    if isinstance(container, Compound):
        stream = xls.stream_name(container)
        return xls.book_marks(container, tally), wrapped(stream, container.stream(stream))
    if ending == "ods":
        return ods.book_marks(container, tally), container.repacked(ods.PARTS)
    if ending == "xlsb":
        marks, parts = xlsb.book_marks(container, tally)
        return marks, container.repacked(parts)
    return xlsx.book_marks(container, tally), container.repacked(container.cell_parts())
