"""Tables of made-up runs of an estate, as 'dueregard estate' writes them, without checking any."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.tables.schema import TABLES, ColumnKind, FlatTable, arrow_schema

BOOK = "b" * 64
DUTIES = {
    "refresher-training": ("4.6", "Refresher training (every 24 months)"),
    "annual-review": ("2.1", "Annual review of the SOP"),
    "venue-hire": ("5.3", "Venue hire policy"),
    "induction": ("4.2", "Induction training for new starters"),
    "staff-update": ("4.7", "Annual staff update"),
    "it-filters": ("5.1", "Annual IT filter assurance"),
}

_BLANK = {
    ColumnKind.TEXT: "",
    ColumnKind.YES_NO: False,
    ColumnKind.NUMBER: 0,
    ColumnKind.DAY: datetime.date(2026, 1, 1),
}


@dataclass(frozen=True)
class MadeBody:
    """A body of a run: the status of each of its duties with the number of its overdue checks, or
    why it was not checked."""

    body: str
    duties: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    problems: Sequence[tuple[str, str]] = ()
    failure: str = ""
    name: str = ""


def overdue(body: str, *duties: str, of: Iterable[str] = DUTIES, checks: int = 1) -> MadeBody:
    """A body with these duties overdue and the others met."""
    late = {duty: ("overdue", checks) if duty in duties else ("met", 0) for duty in of}
    return MadeBody(body, late)


def write_run(
    folder: Path, as_of: datetime.date, bodies: Iterable[MadeBody], bucket: int = 1000
) -> Path:
    """Writes the tables of a run, and returns its folder."""
    run = folder / as_of.isoformat()
    ordered = sorted(bodies, key=lambda one: one.body)
    for number, start in enumerate(range(0, len(ordered), bucket), 1):
        rows = _rows(ordered[start : start + bucket], as_of)
        for table in TABLES:
            path = run / table.name / f"bucket-{number:04}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(_arrow(table, rows.get(table.name, ())), path)
    return run


def _arrow(table: FlatTable, rows: Iterable[Mapping[str, object]]) -> pa.Table:
    listed = list(rows)
    columns = [
        [row.get(column.name, None if column.nullable else _BLANK[column.kind]) for row in listed]
        for column in table.columns
    ]
    return pa.table(columns, schema=arrow_schema(table))


def _rows(
    bodies: Sequence[MadeBody], as_of: datetime.date
) -> dict[str, list[Mapping[str, object]]]:
    known = dict.fromkeys(duty for body in bodies for duty in body.duties)
    duties: list[Mapping[str, object]] = [
        {
            "duty_key": f"{BOOK[:12]}/{duty}",
            "rulebook": BOOK,
            "duty": duty,
            "section": DUTIES.get(duty, ("9", duty))[0],
            "title": DUTIES.get(duty, ("9", duty))[1],
            "answers": "office",
        }
        for duty in known
    ]
    return {
        "bodies": [
            {"body": one.body, "name": one.name, "rulebook": "prevent", "title": "Prevent SOP"}
            for one in bodies
        ],
        "checks": [_check(one, as_of) for one in bodies],
        "duties": duties,
        "duty_outcomes": list(_outcomes(bodies, as_of)),
        "problems": [
            {"body": one.body, "as_of": as_of, "problem": number, "kind": kind, "register": name}
            for one in bodies
            for number, (kind, name) in enumerate(one.problems, 1)
        ],
    }


def _check(body: MadeBody, as_of: datetime.date) -> Mapping[str, object]:
    statuses = [status for status, _ in body.duties.values()]
    return {
        "check_id": body.body,
        "body": body.body,
        "as_of": as_of,
        "complete": not body.failure,
        "failure": body.failure,
        "failure_words": f"{body.failure}: mend it." if body.failure else "",
        "rulebook": "" if body.failure else BOOK,
        "duties": len(statuses),
        "duties_overdue": statuses.count("overdue"),
        "duties_cannot_tell": statuses.count("cannot_tell"),
        "duties_not_assessed": statuses.count("not_assessed"),
    }


def _outcomes(bodies: Iterable[MadeBody], as_of: datetime.date) -> Iterator[Mapping[str, object]]:
    for one in bodies:
        for duty, (status, checks) in one.duties.items():
            yield {
                "body": one.body,
                "as_of": as_of,
                "duty_key": f"{BOOK[:12]}/{duty}",
                "duty": duty,
                "status": status,
                "obligations_overdue": checks,
            }
