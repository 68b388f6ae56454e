"""The tables written as Parquet, CSV or one DuckDB file, a part at a time.

The same parts give the same bytes of Parquet (with one version of pyarrow) and of CSV. A DuckDB
file has the same tables, but DuckDB does not promise the same bytes.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from evidence.formula_guard import guarded
from reports.tables.schema import BODIES, DUTIES, TABLES, ColumnKind, FlatTable, arrow_schema

#: Rows of tables, by the names of these.
TablePart: TypeAlias = Mapping[str, pa.Table]
#: Adds rows to a table.
Write: TypeAlias = Callable[[FlatTable, pa.Table], None]

#: Tables of which several checks give the same row. The last one is written.
_SHARED = (BODIES, DUTIES)

#: How many rows a row group of Parquet has, save the last of a file.
_ROW_GROUP = 131_072
#: How many rows are made into text at once.
_AT_ONCE = 8_192

_SQL_TYPES: Mapping[ColumnKind, str] = MappingProxyType(
    {
        ColumnKind.TEXT: "VARCHAR",
        ColumnKind.YES_NO: "BOOLEAN",
        ColumnKind.NUMBER: "BIGINT",
        ColumnKind.DAY: "DATE",
    }
)


def arrow_part(frames: Mapping[str, pd.DataFrame]) -> TablePart:
    """Frames as Arrow tables, with the types of the schema and without metadata."""
    return {
        table.name: pa.Table.from_pandas(
            frames[table.name], arrow_schema(table), preserve_index=False
        ).replace_schema_metadata()
        for table in TABLES
    }


def write_tables(parts: Iterable[TablePart], form: str, path: Path) -> Counter[str]:
    """Writes every table, and returns the number of rows of each. One part at a time is in memory,
    besides the bodies and the duties.

    Args:
        parts: the rows, in the order in which they are written.
        form: a key of WRITERS.
        path: a free name: of the folder of the files or, for DuckDB, of the file.
    """
    counts = Counter[str]()
    shared: dict[FlatTable, dict[tuple[str, ...], dict[str, object]]]
    shared = {table: {} for table in _SHARED}
    with WRITERS[form](path) as write:
        for part in parts:
            for table in TABLES:
                if table.name not in part:
                    continue
                rows = part[table.name]
                if table in shared:
                    keyed = {tuple(row[key] for key in table.keys): row for row in rows.to_pylist()}
                    shared[table] |= keyed
                else:
                    write(table, rows)
                    counts[table.name] += rows.num_rows
        for table, by_key in shared.items():
            in_order = [row for _, row in sorted(by_key.items())]
            write(table, pa.Table.from_pylist(in_order, arrow_schema(table)))
            counts[table.name] = len(in_order)
    return counts


@contextmanager
def _parquet(folder: Path) -> Iterator[Write]:
    """A file for each table. Small parts wait until they fill a row group."""
    folder.mkdir()
    waiting = defaultdict[FlatTable, list[pa.Table]](list)
    with ExitStack() as opened:
        files = {
            table: opened.enter_context(
                pq.ParquetWriter(folder / f"{table.name}.parquet", arrow_schema(table))
            )
            for table in TABLES
        }

        def write(table: FlatTable, rows: pa.Table) -> None:
            waiting[table].append(rows)
            if sum(part.num_rows for part in waiting[table]) >= _ROW_GROUP:
                joined = pa.concat_tables(waiting[table])
                whole = joined.num_rows - joined.num_rows % _ROW_GROUP
                files[table].write_table(joined.slice(0, whole), _ROW_GROUP)
                waiting[table] = [joined.slice(whole)]

        yield write
        for table, parts in waiting.items():
            files[table].write_table(pa.concat_tables(parts), _ROW_GROUP)


@contextmanager
def _csv(folder: Path) -> Iterator[Write]:
    """A file for each table: UTF-8 with a mark, from which Excel knows it, and ISO dates."""
    folder.mkdir()
    with ExitStack() as opened:
        files = {}
        for table in TABLES:
            path = folder / f"{table.name}.csv"
            file = opened.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            files[table] = csv.writer(file, lineterminator="\r\n")
            files[table].writerow(column.name for column in table.columns)

        def write(table: FlatTable, rows: pa.Table) -> None:
            for batch in rows.to_batches(_AT_ONCE):
                cells = (
                    _texts(column.kind, batch.column(column.name).to_pylist())
                    for column in table.columns
                )
                files[table].writerows(zip(*cells, strict=True))

        yield write


def _texts(kind: ColumnKind, values: list[object]) -> Iterable[object]:
    if kind is ColumnKind.TEXT:
        return map(guarded, map(str, values))
    return map(str.lower, map(str, values)) if kind is ColumnKind.YES_NO else values


@contextmanager
def _duckdb(file: Path) -> Iterator[Write]:
    """A file of DuckDB with a table for each, its columns with their meanings as comments."""
    # nothing is fetched: a check never reaches the network
    with duckdb.connect(file, config={"autoload_known_extensions": False}) as database:
        for table in TABLES:
            columns = ", ".join(
                f"{column.name} {_SQL_TYPES[column.kind]}{'' if column.nullable else ' NOT NULL'}"
                for column in table.columns
            )
            database.execute(f"CREATE TABLE {table.name} ({columns})")
            database.execute(f"COMMENT ON TABLE {table.name} IS {_quoted(table.words)}")
            for column in table.columns:
                place = f"{table.name}.{column.name}"
                database.execute(f"COMMENT ON COLUMN {place} IS {_quoted(column.words)}")

        def write(table: FlatTable, rows: pa.Table) -> None:
            database.register("part", rows)
            database.execute(f"INSERT INTO {table.name} SELECT * FROM part")
            database.unregister("part")

        yield write


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


#: What writes each form of the tables.
WRITERS: Mapping[str, Callable[[Path], AbstractContextManager[Write]]] = MappingProxyType(
    {"parquet": _parquet, "csv": _csv, "duckdb": _duckdb}
)
