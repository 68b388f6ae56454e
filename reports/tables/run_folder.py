"""The tables in the folder that a run over an estate wrote: DAY/TABLE/bucket-0001.parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.tables.schema import CHECKS, TABLES, FlatTable, arrow_schema
from reports.tables.writers import TablePart

_BUCKETS = "*.parquet"


class NoRun(Exception):
    """A file of a run is not as a run writes it; ``str()`` says which and why."""


def days_of_run(folder: Path) -> list[Path]:
    """The folders of the days of a run, in order, or the folder itself if it is that of a day; none
    if no run wrote it."""
    of_days = sorted(path.parent for path in folder.glob(f"*/{CHECKS.name}"))
    return [day for day in (folder, *of_days) if any((day / CHECKS.name).glob(_BUCKETS))]


def run_parts(days: list[Path]) -> Iterator[TablePart]:
    """The rows of every table of these days, a part at a time. Raises NoRun for a file with other
    columns, or of another kind."""
    for day in days:
        for table in TABLES:
            for path in sorted((day / table.name).glob(_BUCKETS)):
                for rows in _batches(path, table):
                    yield {table.name: rows}


def _batches(path: Path, table: FlatTable) -> Iterator[pa.Table]:
    schema = arrow_schema(table)
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.remove_metadata().equals(schema):
                raise NoRun(f"{path} has other columns than this version of the program writes")
            for batch in file.iter_batches():
                yield pa.Table.from_batches([batch], schema)
    except pa.ArrowInvalid:
        raise NoRun(f"{path} is not a Parquet file") from None
