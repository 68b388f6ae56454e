"""The findings, problems and waivers of an assessment, and what was not checked."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from typing import NamedTuple

from engine.assessment import AcknowledgedFinding, FindingShown, ProblemShown, WaiverShown
from engine.columns.arrays import AllColumns
from engine.day_number import as_date
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.acknowledgements import acknowledge, row_texts
from engine.findings.crosschecks import cross_findings
from engine.findings.evidence import duty_findings, undated_events
from engine.findings.example_rows import example_rows
from engine.findings.nil_returns import idle_nil_returns
from engine.findings.noted import Ref, finding_shown
from engine.findings.owners import owner_findings
from engine.findings.row_names import RowNames
from engine.findings.sheet_marks import merged_cells, struck_rows
from engine.findings.waivers import waiver_findings, waivers_judged
from engine.frames.waivers import REGISTER
from engine.needs import registers_read
from engine.proof.blocked_rows import BlockedRows
from engine.proof.key_rows import KeyRows
from engine.proof.phrases import place_words
from evidence.cells.text import sheet_text
from evidence.table import Evidence
from rules.model import Rulebook
from rules.resolve import resolve

OMITTED = "Whether the spreadsheets omit something that nothing else in them mentions."
UNDATED = (
    "When a record was filled in. Where no entry date is recorded, a late correction counts as in "
    "time."
)


class Findings(NamedTuple):
    """The findings that a person should check, and the findings that somebody has acknowledged."""

    to_check: tuple[FindingShown, ...]
    acknowledged: tuple[AcknowledgedFinding, ...]


def findings(
    duties: Sequence[EvaluatedDuty], columns: AllColumns, rulebook: Rulebook, as_of: datetime.date
) -> Findings:
    """Every finding once, even if two duties have the same finding about a row: first by duty, in
    the order of the rulebook, then those across registers and those of the control sheets."""
    rules = rulebook.duties.values()
    as_of_day = as_of.toordinal()
    body = rulebook.book.body.called
    tables = {name: register.table for name, register in columns.items()}
    noted = [
        *chain.from_iterable(duty_findings(duty, columns) for duty in duties),
        *undated_events(duties),
        *chain.from_iterable(map(example_rows, tables.values())),
        *chain.from_iterable(map(struck_rows, tables.values())),
        *chain.from_iterable(map(merged_cells, tables.values())),
        *owner_findings(tables, rules),
        *cross_findings(tables, as_of, _explained_cells(duties, columns)),
        *idle_nil_returns(columns, rules, as_of_day),
        *waiver_findings(columns, rules, duties, as_of_day),
    ]
    names = RowNames(columns, noted, body, row_texts(columns))
    findings = {
        finding_shown(finding, columns, body, names.own(finding)): finding for finding in noted
    }
    acknowledged, about = acknowledge(findings, names, columns, rulebook, as_of_day)
    left_out = {row.finding for row in acknowledged}
    to_check = [finding for finding in findings if finding not in left_out]
    to_check += [finding_shown(finding, columns, body) for finding in about]
    return Findings(tuple(to_check), tuple(acknowledged))


def _explained_cells(duties: Sequence[EvaluatedDuty], columns: AllColumns) -> set[Ref]:
    """The cells with a wrong key that the reason of an unmet obligation already mentions."""
    keys = KeyRows(columns)
    cells: set[Ref] = set()
    for duty in duties:
        blocked = BlockedRows(duty.scope, keys)
        for answer, obligation in zip(duty.answers, duty.observed.obligations, strict=True):
            if answer.is_unmet:
                cells.update(blocked.cells(obligation, answer))
    return cells


def problems(evidence: Evidence, rulebook: Rulebook) -> tuple[ProblemShown, ...]:
    """Every problem of the evidence, each with the duties that read its register."""
    readers: dict[str, list[str]] = {}
    for duty_id in rulebook.duties:
        latest = resolve(rulebook, duty_id).versions[-1].rule
        for register in sorted(set(registers_read([latest]))):
            readers.setdefault(register, []).append(duty_id)
    return tuple(
        ProblemShown(
            **{
                **asdict(problem),
                "kind": problem.kind.value,
                "each_value": problem.each_value,
            },
            duties=tuple(readers.get(problem.register, ())),
        )
        for problem in evidence.problems
    )


def waivers_shown(
    duties: Sequence[EvaluatedDuty], columns: AllColumns, rulebook: Rulebook, as_of: datetime.date
) -> tuple[WaiverShown, ...]:
    """Every waiver on record, with its state on D."""
    rules = rulebook.duties.values()
    as_of_day = as_of.toordinal()
    waivers = []
    for judged in waivers_judged(columns, rules, duties, as_of_day):
        table, waiver = columns[REGISTER].table, judged.waiver
        texts = {name: column.raw[waiver.row] for name, column in table.columns.items()}
        waivers.append(
            WaiverShown(
                duty=texts["duty"],
                subject=texts["subject"],
                reason=texts["reason"],
                approved_by=texts["approved by"],
                from_=as_date(waiver.first),
                until=as_date(waiver.last),
                state=judged.state.value,
                place=place_words(table.place(waiver.row)),
            )
        )
    return tuple(waivers)


def not_checked(evidence: Evidence, duties: Sequence[EvaluatedDuty]) -> tuple[str, ...]:
    """What was not checked, in sentences: first what applies to every check or to the duties that
    were assessed, then the notes about files."""
    undated = any(
        duty.scope.version(duty.scope.version_number).rule.pattern.undated
        for duty in duties
        if not duty.observed.expansion.lacking
    )
    notes = [
        f"{note.file}{f', {sheet_text(note.sheet)}' if note.sheet else ''}: {note.message}"
        for note in evidence.notes
    ]
    return (OMITTED, *([UNDATED] if undated else []), *notes)
