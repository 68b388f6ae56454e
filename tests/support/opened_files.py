"""Helpers that open bytes as a file and look into what comes back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from evidence.filenames import by_name
from evidence.files.opening import open_file
from evidence.raw_cells import RawSheet, RawValue, RawWorkbook, RowColumn, Unopened
from evidence.read import read_books
from evidence.register import RegisterSpec
from evidence.table import Evidence
from tests.support.file_builders import Formula, Sheet, Wrong


def read_here(
    paths: Sequence[Path],
    registers: Mapping[str, RegisterSpec],
    known: datetime.date | None = None,
) -> Evidence:
    """What :func:`evidence.read.read_evidence` gives, without the process of its own: many tests
    read thousands of small files."""
    books = [open_file(path, name) for name, path in by_name(paths).items()]
    return read_books(books, registers, known)


def try_open(data: bytes, name: str) -> RawWorkbook | Unopened:
    """What comes of a file of that name with these bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return open_file(path, name)


def opened(data: bytes, name: str) -> RawWorkbook:
    """The workbook in a file of that name with these bytes, which must open."""
    result = try_open(data, name)
    assert isinstance(result, RawWorkbook), result
    return result


def cells(sheet: RawSheet) -> dict[RowColumn, RawValue]:
    """The cells that hold something, by their own addresses."""
    return {
        (sheet.first_row + down, sheet.first_column + right): value
        for down, row in enumerate(sheet.rows)
        for right, value in enumerate(row)
        if value not in ("", None)
    }


_SOMEWHERE = st.tuples(st.integers(1, 40), st.integers(1, 30))
_CELLS = st.one_of(
    st.text("abc <>&é'\"", min_size=1).filter(lambda text: text == " ".join(text.split())),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3) + 0.0),
    st.booleans(),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31)),
    st.builds(Wrong, st.sampled_from(["#N/A", "#REF!", "#VALUE!"]), st.booleans()),
    st.builds(Formula, st.just("1+1"), st.sampled_from([None, "", "text", 3.5, 0])),
)
SHEETS = st.builds(
    Sheet,
    st.just("s"),
    st.dictionaries(_SOMEWHERE, _CELLS, max_size=12),
    st.just(False),
    st.frozensets(st.integers(1, 40), max_size=3),
    st.frozensets(st.integers(1, 30), max_size=3),
)
"""Small sheets of anything; every formula is 1+1, with a result or without."""
