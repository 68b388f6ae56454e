"""The results of a run: buckets of Parquet, the same bytes for the same outcomes."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from estate.bodies import BodyOutcome, EstateStop, Failure, failed
from estate.store import store_at
from estate.worker import RunSettings
from evidence.visible import visible
from reports.json import from_json
from reports.tables import check_fingerprint, frames
from reports.tables.schema import BODIES, CHECKS, COUNTED, DUTIES, TABLES, FlatTable, arrow_schema
from reports.tables.writers import TablePart, arrow_part, write_tables

#: The most bodies in one bucket, which is one file of each table. One worker writes it, from all
#: assessments in it, while the others go on: the last one is what the end of a run waits for.
BUCKET = 100

#: What the name of a bucket that is being written begins with.
_UNFINISHED = ".bucket-"


def bucket_path(out: Path, table: FlatTable, number: int) -> Path:
    """The file of a table in a bucket, numbered from 1."""
    return out / table.name / f"bucket-{number:04}.parquet"


def write_bucket(
    number: int, outcomes: Sequence[BodyOutcome], settings: RunSettings
) -> tuple[BodyOutcome, ...]:
    """Writes every table of some bodies, in the order of their names. Returns a failure for each
    body whose assessment could not be read back; the tables say it too. Raises EstateStop if the
    store or the folder cannot be used."""
    out, unreadable = Path(settings.out), list[BodyOutcome]()
    unfinished = out / f"{_UNFINISHED}{number:04}-{secrets.token_hex(4)}"
    try:
        write_tables(_parts(outcomes, settings, unreadable), "parquet", unfinished)
        for table in TABLES:
            path = bucket_path(out, table, number)
            path.parent.mkdir(exist_ok=True)
            (unfinished / f"{table.name}.parquet").replace(path)
        unfinished.rmdir()
    except OSError as error:
        raise cannot_write(out, error) from None
    return tuple(unreadable)


def cannot_write(out: Path, error: OSError) -> EstateStop:
    """The reason to stop if the results cannot be written."""
    return EstateStop(
        f"The results could not be written in {visible(str(out))} ({error.strerror or error}): "
        "make room, or give another folder with --out."
    )


def merge_duties(out: Path, buckets: int) -> None:
    """Makes one file of the duties in all buckets, with each duty once."""
    paths = [bucket_path(out, DUTIES, number) for number in range(1, buckets + 1)]
    rows = {row["duty_key"]: row for path in paths for row in pq.read_table(path).to_pylist()}
    merged = pa.Table.from_pylist([row for _, row in sorted(rows.items())], arrow_schema(DUTIES))
    for path in paths[1:]:
        path.unlink()
    pq.write_table(merged, paths[0])


def unfinished_buckets(out: Path) -> list[Path]:
    """What killed workers left in the folder of the results."""
    return [path for path in out.iterdir() if path.name.startswith(_UNFINISHED)]


def _parts(
    outcomes: Sequence[BodyOutcome], settings: RunSettings, unreadable: list[BodyOutcome]
) -> Iterator[TablePart]:
    for outcome in sorted(outcomes, key=lambda outcome: outcome.body):
        part = _checked(outcome, settings) if outcome.failure is None else outcome
        if isinstance(part, BodyOutcome):
            unreadable += [part] if part is not outcome else []
            part = _failed(part, settings.as_of)
        yield part


def _checked(outcome: BodyOutcome, settings: RunSettings) -> TablePart | BodyOutcome:
    """The tables of an assessment in the store, or the failure to read it."""
    data = store_at(settings.store).get(outcome.stored)
    if data is None:
        words = "Its assessment is no longer in the store. Run the same command again."
        return failed(outcome.body, Failure.ASSESSMENT, words)
    assessment = from_json(data)
    if isinstance(assessment, str):
        words = f"{outcome.stored} in the store: {assessment} Remove it, and check again."
        return failed(outcome.body, Failure.ASSESSMENT, words)
    return arrow_part(frames(assessment, body=outcome.body, check=check_fingerprint(data)))


def _failed(outcome: BodyOutcome, as_of: datetime.date) -> TablePart:
    """The tables of a body that was not checked: a row of checks, and the body."""
    failure = [outcome.body, as_of.isoformat(), outcome.failure, outcome.words]
    body = dict.fromkeys((column.name for column in BODIES.columns), "")
    check = {
        **dict.fromkeys((column.name for column in CHECKS.columns), ""),
        **dict.fromkeys(("duties", *(f"duties_{name}" for name in COUNTED)), 0),
        "check_id": hashlib.sha256(json.dumps(failure).encode()).hexdigest(),
        "body": outcome.body,
        "as_of": as_of,
        "complete": False,
        "failure": outcome.failure,
        "failure_words": outcome.words,
    }
    return {
        BODIES.name: pa.Table.from_pylist([{**body, "body": outcome.body}], arrow_schema(BODIES)),
        CHECKS.name: pa.Table.from_pylist([check], arrow_schema(CHECKS)),
    }
