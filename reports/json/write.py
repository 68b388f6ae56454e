"""The assessment written as JSON: each thing once, no space between, the same bytes for the same
assessment."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from pydantic import TypeAdapter

from engine.assessment import (
    Assessment,
    DutyOutcome,
    HistoryEntry,
    ObligationOutcome,
    ReadingShown,
    RejectedRows,
    Remedy,
    RuleFired,
    UnreadRows,
)
from evidence.visible import visible_lines
from reports import words
from reports.json.cited import AssessmentRows, usual_rule, usual_subject
from reports.json.document import (
    AssessmentDocument,
    DutyDocument,
    HistoryDocument,
    ObligationDocument,
    RejectedRowDocument,
    RejectedRowsDocument,
    RemedyDocument,
    RowDocument,
    SheetDocument,
    UnreadRowsDocument,
    adapter,
    made_from,
)

Made = TypeVar("Made")

#: How many rows are written at once.
_MOST = 2000


def to_json(assessment: Assessment, body: bytes | None = None, *, pretty: bool = False) -> bytes:
    """The assessment as UTF-8 JSON, in the order of the types, ending in a line break; with
    ``pretty`` one value a line. Days are ISO dates, and what is the default of its type is left
    out. reports/assessment.schema.json describes it. ``body``: from :func:`json_body`, if that was
    made already."""
    shell = _dumped(adapter(AssessmentDocument), _shell(assessment))
    data = shell[:-1] + (body or json_body(assessment))
    if not pretty:
        return data
    text = json.dumps(json.loads(data), indent=1, ensure_ascii=False)
    return visible_lines(text).encode() + b"\n"


def json_body(assessment: Assessment) -> bytes:
    """The end of the JSON: the duties, and what stands under ids.

    Duties and rows are written one after another: the whole of a large office, made at once, would
    be in memory three times.
    """
    writer = _Writer(assessment)
    made = io.BytesIO()
    made.write(b',"duties":[')
    _write(made, (_dumped(adapter(DutyDocument), writer.duty(duty)) for duty in assessment.duties))
    made.write(b'],"situations":' + _dumped(adapter(dict[str, dict[str, int]]), writer.situations))
    made.write(b',"sheets":{')
    _write(made, (_sheet(id_, sheet) for id_, sheet in writer.rows.sheets()))
    made.write(b"}}\n")
    return made.getvalue()


def _shell(assessment: Assessment) -> AssessmentDocument:
    """All but the body."""
    nothing: dict[str, object] = {"duties": (), "situations": {}, "sheets": {}}
    met_means = words.met_means(assessment.rulebook.body)
    return made_from(AssessmentDocument, assessment, met_means=met_means, **nothing)


def _write(made: io.BytesIO, parts: Iterable[bytes]) -> None:
    for number, part in enumerate(parts):
        if number:
            made.write(b",")
        made.write(part)


def _sheet(id_: str, sheet: SheetDocument) -> bytes:
    """A sheet under its id, its rows written in parts."""
    shell = _dumped(adapter(SheetDocument), replace(sheet, rows={}))
    made = io.BytesIO()
    made.write(f'"{id_}":'.encode() + shell[:-1] + b',"rows":{')
    _write(made, _in_parts(sheet.rows))
    made.write(b"}}")
    return made.getvalue()


def _in_parts(rows: Mapping[str, RowDocument]) -> Iterator[bytes]:
    """The rows without the brackets around them, so many at once."""
    every = iter(rows.items())
    while some := dict(islice(every, _MOST)):
        yield _dumped(adapter(dict[str, RowDocument]), some)[1:-1]


def _dumped(by: TypeAdapter[Made], value: Made) -> bytes:
    """The JSON, its hidden letters as escapes: it says the same, and no screen obeys it."""
    text = by.dump_json(value, by_alias=True, exclude_defaults=True)
    return text if text.isascii() and b"\x7f" not in text else visible_lines(text.decode()).encode()


class _Writer:
    """Puts ids where an assessment shows rows and situations."""

    def __init__(self, assessment: Assessment) -> None:
        self.rows = AssessmentRows(assessment)
        self.situations: dict[str, dict[str, int]] = {}
        self._situation_ids: dict[tuple[tuple[str, int], ...], str] = {}
        self._groups: dict[int, RejectedRowsDocument] = {}
        self._readings = {
            (each.phrase, each.reading): at for at, each in enumerate(assessment.readings)
        }

    def duty(self, duty: DutyOutcome) -> DutyDocument:
        """One duty."""
        rejected: dict[RejectedRowsDocument, str] = {}
        obligations = [
            self._obligation(duty, obligation, rejected) for obligation in duty.obligations
        ]
        return made_from(
            DutyDocument,
            duty,
            readings=tuple(map(self._reading, duty.readings)),
            unread_rows=tuple(map(self._unread, duty.unread_rows)),
            rejected={id_: each for each, id_ in rejected.items()},
            obligations=tuple(obligations),
            history=tuple(map(self._history, duty.history)),
        )

    def _reading(self, reading: ReadingShown) -> int:
        return self._readings[reading.phrase, reading.reading]

    def _unread(self, group: UnreadRows) -> UnreadRowsDocument:
        return made_from(UnreadRowsDocument, group, rows=self.rows.refs(group.rows))

    def _obligation(
        self, duty: DutyOutcome, one: ObligationOutcome, rejected: dict[RejectedRowsDocument, str]
    ) -> ObligationDocument:
        groups = map(self._rejected, one.rejected)
        return made_from(
            ObligationDocument,
            one,
            subject=None if one.subject == usual_subject(one.listed_at) else one.subject,
            version_from=None if one.version_from == duty.version_from else one.version_from,
            rule="" if one.rule.name == usual_rule(duty.id, one.status) else one.rule.name,
            situation=self._situation(one.rule),
            listed_at=None if one.listed_at is None else self.rows.ref(one.listed_at),
            evidence=self.rows.refs(one.evidence),
            would_be_met_by=tuple(map(self._remedy, one.would_be_met_by)),
            unreadable=self.rows.refs(one.unreadable),
            rejected=tuple([rejected.setdefault(g, f"n{len(rejected) + 1}") for g in groups]),
        )

    def _rejected(self, group: RejectedRows) -> RejectedRowsDocument:
        if id(group) not in self._groups:  # many obligations share one
            rows = [
                made_from(RejectedRowDocument, row, row=self.rows.ref(row.item))
                for row in group.rows
            ]
            self._groups[id(group)] = made_from(RejectedRowsDocument, group, rows=tuple(rows))
        return self._groups[id(group)]

    def _situation(self, rule: RuleFired) -> str | None:
        if not rule.situation:
            return None
        values = tuple(rule.situation.items())
        if values not in self._situation_ids:
            id_ = self._situation_ids[values] = f"q{len(self.situations) + 1}"
            self.situations[id_] = rule.situation
        return self._situation_ids[values]

    def _remedy(self, remedy: Remedy) -> RemedyDocument:
        sheet = "" if remedy.row else remedy.sheet
        return made_from(RemedyDocument, remedy, sheet=sheet, changes=self.rows.repaired(remedy))

    def _history(self, entry: HistoryEntry) -> HistoryDocument:
        return made_from(HistoryDocument, entry, evidence=self.rows.refs(entry.evidence))
