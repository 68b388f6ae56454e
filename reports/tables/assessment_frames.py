"""The tables of one assessment, as frames of pandas."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import pandas as pd

from engine.assessment import Assessment, Counts, ItemShown, SheetRows
from evidence.visible import visible
from reports.json import to_json
from reports.names import NOT_SHOWN
from reports.tables import schema
from reports.tables.schema import ColumnKind, FlatColumn, FlatTable
from reports.without_names import without_names

#: The cells of columns by their names. One value stands for the same cell in every row.
Cells: TypeAlias = Mapping[str, object]

_DUTY_KEY_DIGITS = 12


def frames(
    assessment: Assessment,
    *,
    body: str | None = None,
    check: str = "",
    with_names: bool = False,
) -> dict[str, pd.DataFrame]:
    """Every table of one assessment by its name, with the columns and dtypes of
    reports.tables.schema. Needs neither pyarrow nor DuckDB.

    Args:
        assessment: a whole assessment, not its outline.
        body: the name of the body, by which tables are joined. By default, that of the office.
        check: the SHA-256 of assessment.json where it is known, which saves writing it.
        with_names: whether subjects, owners and places that name a person are included.
    """
    return _AssessmentTables(assessment, body, check, with_names=with_names).frames()


def check_fingerprint(data: bytes) -> str:
    """The fingerprint of a check: the SHA-256 of its assessment.json, as to_json writes it."""
    return hashlib.sha256(data).hexdigest()


def table_frame(table: FlatTable, cells: Cells, rows: int) -> pd.DataFrame:
    """A table with so many rows, its columns in order and with their dtypes. No letter of a text is
    hidden."""
    return pd.DataFrame(
        {column.name: _series(column, cells[column.name], rows) for column in table.columns},
        index=pd.RangeIndex(rows),
    )


def _series(column: FlatColumn, values: object, rows: int) -> pd.Series:
    if column.kind is ColumnKind.DAY:
        # numpy reads dates, and None as a missing one, much faster than pandas does
        values = np.asarray(values, "datetime64[D]").astype("datetime64[s]")
        values = values if values.ndim else np.full(rows, values)
    elif isinstance(values, str):
        values = visible(values)
    elif isinstance(values, list) and column.kind is ColumnKind.TEXT:
        values = list(map(visible, values))
    return pd.Series(values, index=pd.RangeIndex(rows), dtype=column.dtype)


@dataclass(frozen=True, slots=True)
class _CitedRow:
    duty: str
    obligation: int
    use: str
    item: ItemShown


class _AssessmentTables:
    """The cells of each table."""

    def __init__(
        self, assessment: Assessment, body: str | None, check: str, *, with_names: bool
    ) -> None:
        self._assessment = assessment
        self._with_names = with_names
        self._check = {
            "check_id": check or check_fingerprint(to_json(assessment)),
            "body": assessment.office if body is None else body,
            "as_of": assessment.as_of,
        }
        self._key_prints = {
            (sheet.file, sheet.sheet, sheet.register, row, print_): key
            for sheet in assessment.rows
            for row, print_, key in zip(sheet.numbers, sheet.fingerprints, sheet.keys, strict=False)
        }
        cited = list(self._cited())
        sheets = dict.fromkeys((each.item.file, each.item.sheet) for each in cited)
        self._cited_rows = cited
        self._masked = _masked(assessment, sheets)
        shown = zip(sheets, self._masked.rows, strict=True)
        self._places = {
            place: place if with_names else (masked.file, masked.sheet) for place, masked in shown
        }

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by its name."""
        duties = self._assessment.duties
        obligations = sum(len(duty.obligations) for duty in duties)
        made = {
            schema.BODIES: (self._body(), 1),
            schema.CHECKS: (self._check_row(), 1),
            schema.DUTIES: (self._duties(), len(duties)),
            schema.DUTY_OUTCOMES: ({**self._check, **self._duty_outcomes()}, len(duties)),
            schema.OBLIGATIONS: ({**self._check, **self._obligations()}, obligations),
            schema.CITED_ROWS: ({**self._check, **self._cited_cells()}, len(self._cited_rows)),
            schema.PROBLEMS: ({**self._check, **self._problems()}, len(self._assessment.problems)),
        }
        return {table.name: table_frame(table, *cells) for table, cells in made.items()}

    def _body(self) -> Cells:
        book = self._assessment.rulebook
        return {
            "body": self._check["body"],
            "name": self._assessment.office,
            "rulebook": book.id,
            "title": book.title,
            "version": book.version,
        }

    def _check_row(self) -> Cells:
        assessment = self._assessment
        office, program = assessment.status.office, assessment.program
        return {
            **self._check,
            "complete": True,
            "failure": "",
            "failure_words": "",
            "program": f"{program.name} {program.version}",
            "rulebook": assessment.rulebook.sha256,
            "mapping": assessment.mapping.sha256 if assessment.mapping else "",
            "status": office.status.value,
            **_counts("duties", [office.duties]),
        }

    def _duties(self) -> Cells:
        duties = self._assessment.duties
        return {
            "duty_key": [self._duty_key(duty.id) for duty in duties],
            "rulebook": self._assessment.rulebook.sha256,
            "duty": [duty.id for duty in duties],
            **_fields(duties, "title", "section", "bearer", "answers", "strength", "pattern"),
        }

    def _duty_outcomes(self) -> Cells:
        duties = self._assessment.duties
        # the number in 'an owner (2)' is another person's in another check
        owners = [
            own.owner if self._with_names or masked.owner == own.owner else NOT_SHOWN
            for own, masked in zip(duties, self._masked.duties, strict=True)
        ]
        return {
            "duty_key": [self._duty_key(duty.id) for duty in duties],
            "duty": [duty.id for duty in duties],
            "status": [duty.status.value for duty in duties],
            "owner": owners,
            **_fields(duties, "deadline", "days", "last_done"),
            **_counts("obligations", [duty.counts for duty in duties]),
        }

    def _obligations(self) -> Cells:
        numbered = [
            (duty.id, number, one)
            for duty in self._assessment.duties
            for number, one in enumerate(duty.obligations, 1)
        ]
        every = [one for _, _, one in numbered]
        return {
            "duty_key": [self._duty_key(duty) for duty, _, _ in numbered],
            "duty": [duty for duty, _, _ in numbered],
            "obligation": [number for _, number, _ in numbered],
            "status": [one.status.value for one in every],
            "period": [one.window for one in every],
            **_fields(every, "opens", "deadline", "days", "late_days", "last_done"),
            **_fields(every, "version_from", "too_late"),
            "subject_fingerprint": [self._key_print(one.listed_at) for one in every],
            "subject": [one.subject for one in every] if self._with_names else "",
        }

    def _cited(self) -> Iterator[_CitedRow]:
        for duty in self._assessment.duties:
            unread = {_place(item): item for group in duty.unread_rows for item in group.rows}
            yield from (_CitedRow(duty.id, 0, "unreadable", item) for item in unread.values())
            for number, one in enumerate(duty.obligations, 1):
                if one.listed_at is not None:
                    yield _CitedRow(duty.id, number, "listed", one.listed_at)
                yield from (_CitedRow(duty.id, number, "evidence", row) for row in one.evidence)
                yield from (_CitedRow(duty.id, number, "unreadable", row) for row in one.unreadable)

    def _cited_cells(self) -> Cells:
        cited = self._cited_rows
        items = [each.item for each in cited]
        places = [self._places[item.file, item.sheet] for item in items]
        return {
            "duty_key": [self._duty_key(each.duty) for each in cited],
            "duty": [each.duty for each in cited],
            **_fields(cited, "obligation", "use"),
            **_fields(items, "register", "row", "date", "fingerprint"),
            "file": [file for file, _ in places],
            "sheet": [sheet for _, sheet in places],
            "part": [item.look.part for item in items],
            "key_fingerprint": [self._key_print(item) for item in items],
        }

    def _problems(self) -> Cells:
        masked = self._masked.problems
        shown = self._assessment.problems if self._with_names else masked
        return {
            "problem": range(1, len(masked) + 1),
            **_fields(masked, "kind", "register"),
            "column_name": [problem.column for problem in masked],
            **_fields(shown, "file", "sheet"),
            "cells": [problem.count for problem in masked],
            "words": [problem.message for problem in masked],
        }

    def _duty_key(self, duty: str) -> str:
        return f"{self._assessment.rulebook.sha256[:_DUTY_KEY_DIGITS]}/{duty}"

    def _key_print(self, item: ItemShown | None) -> str:
        if item is None:
            return ""
        row = item.file, item.sheet, item.register, item.row, item.fingerprint
        return self._key_prints.get(row, "")


def _place(item: ItemShown) -> tuple[str | int, ...]:
    return item.file, item.sheet, item.register, item.look.part, item.row


def _masked(assessment: Assessment, sheets: Mapping[tuple[str, str], None]) -> Assessment:
    """What the tables show of an assessment that may name a person, without names: its problems,
    its duties without their obligations, and the cited sheets."""
    shown = replace(
        assessment,
        duties=tuple(
            replace(duty, obligations=(), history=(), unread_rows=()) for duty in assessment.duties
        ),
        rows=tuple(SheetRows(file, sheet, "", (), ()) for file, sheet in sheets),
        findings=(),
        acknowledged=(),
        waivers=(),
        year_ahead=(),
        coming=(),
        changes=None,
    )
    return without_names(shown, of=[assessment])


def _fields(things: Sequence[object], *names: str) -> Cells:
    """The columns that have the names of fields of the things."""
    return {name: [getattr(thing, name) for thing in things] for name in names}


def _counts(of: str, counted: Sequence[Counts]) -> Cells:
    return {
        of: [counts.total for counts in counted],
        **{f"{of}_{name}": cells for name, cells in _fields(counted, *schema.COUNTED).items()},
    }
