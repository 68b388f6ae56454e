"""What is said of each row that was looked at: what it is about, until when it holds, and which
condition of the rule it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.assessment import CellShown, ExaminedRow
from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE
from engine.columns.days import Ints, add, as_date
from engine.frames.standing import ends_of
from engine.proof.conditions import ConditionResult, named
from evidence.table import CellState, Table
from rules.model import Version
from rules.patterns import Rolling, Standing

_STATE: Mapping[int, str] = MappingProxyType(
    {each: each.name.lower().replace("_", " ") for each in CellState}
)


@dataclass(frozen=True, slots=True)
class ExaminedColumns:
    """What is said of the rows of a table: the results of the conditions, the columns of which
    the latest day dates each, until when each holds, and what they name, by role."""

    results: Sequence[ConditionResult]
    dated: Sequence[str]
    until: Ints | None
    names: Mapping[str, Sequence[str]]


def examined_rows(columns: Columns, seen: ExaminedColumns) -> Iterator[ExaminedRow]:
    """Each row of a table, with all that is said of it."""
    count = len(columns)
    fails = fails_of(seen.results, count).tolist()
    first = _first(seen.results, count)
    dates = [columns.days(name) for name in seen.dated]
    days = np.maximum.reduce(dates).tolist() if dates else [0] * count
    until = seen.until.tolist() if seen.until is not None else [0] * count
    for row in range(count):
        result = seen.results[first[row]] if fails[row] else None
        cell = result.column if result else ""
        yield ExaminedRow(
            row=columns.table.row_of[row],
            date=as_date(days[row]),
            until=as_date(until[row]),
            names={role: texts[row] for role, texts in seen.names.items() if texts[row]},
            fails=fails[row],
            failed=": ".join(filter(None, (result.words, result.why(row)))) if result else "",
            state=_STATE[columns.table.columns[cell].state[row]] if cell else "",
            seen=cell_shown(columns.table, row, cell) if cell else None,
        )


def _first(results: Sequence[ConditionResult], count: int) -> list[int]:
    """For each row the first condition that is false, else the first that cannot be told; 0 where
    it meets them all."""
    if not results:
        return [0] * count
    truths = np.array([result.truth for result in results])
    false, unsure = truths == FALSE, truths != TRUE
    first = np.where(false.any(axis=0), false.argmax(axis=0), unsure.argmax(axis=0))
    ordered: list[int] = first.tolist()
    return ordered


def cell_shown(table: Table, row: int, column: str) -> CellShown:
    """One cell of a table, its text None where the column is sensitive."""
    text = None if table.register.column(column).sensitive else table.columns[column].raw[row]
    return CellShown(table.place(row, column).cell, column, text)


def fails_of(results: Sequence[ConditionResult], count: int) -> Ints:
    """How many conditions each row does not meet."""
    fails: Ints = np.zeros(count, dtype=np.int64)
    for result in results:
        fails += result.truth != TRUE
    return fails


def until_of(version: Version, columns: Columns, dated: str) -> Ints | None:
    """The last day on which each row holds; None where the pattern is of another kind."""
    pattern = version.pattern
    if isinstance(pattern, Standing):
        return ends_of(pattern, columns)
    return add(columns.days(dated), pattern.every) if isinstance(pattern, Rolling) else None


def names_of(version: Version, columns: Columns) -> dict[str, Sequence[str]]:
    """What each row is about, by role; nothing from a sensitive column."""
    query = version.evidence
    key = columns.table.register.key
    roles: dict[str, str | None] = {"event": key}
    if query is not None and not query.itself:
        people = version.population is not None
        roles = {
            "event": query.event if version.events else None,
            "subject": query.subject if people else None,
            "period": query.period,
            "key": key if query.named_by_subject and people else None,
        }
    found = {
        role: texts_of(columns, name, read=role == "period")
        for role, name in roles.items()
        if name and not columns.table.register.column(name).sensitive
    }
    if query is not None and version.named_in:
        members = [
            (each.title, (named(columns, query, version, at) == TRUE).tolist())
            for at, each in enumerate(version.members)
        ]
        found["subject"] = [
            "; ".join(title for title, names in members if names[row])
            for row in range(len(columns))
        ]
    return found


def texts_of(columns: Columns, name: str, *, read: bool) -> Sequence[str]:
    """The raw text of each cell; with ``read`` its value, where it has one."""
    raw = columns.table.columns[name].raw
    if not read:
        return raw
    values = columns.values(name)
    return [text if value is None else str(value) for text, value in zip(raw, values, strict=True)]
