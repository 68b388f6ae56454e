"""What an assessment says beside its outcomes: findings, problems, waivers, what is left out."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict

from engine.assessment import FindingShown, ProblemShown, WaiverShown
from engine.columns.arrays import AllColumns
from engine.columns.days import as_date
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.crosschecks import cross_findings
from engine.findings.evidence import duty_findings, undated_events
from engine.findings.nil_returns import idle_nil_returns
from engine.findings.noted import Noted, Ref, shown
from engine.findings.waivers import waiver_findings, waivers_judged
from engine.frames.waivers import REGISTER
from engine.needs import registers_read
from engine.outcome import Past, Status
from engine.proof.key_rows import KeyRows
from engine.proof.near_rows import NearRows
from engine.proof.phrases import place_words
from evidence.cells.text import sheet_told
from evidence.table import Evidence
from rules.model import Rulebook
from rules.resolve import resolve

UNMET = (Status.DUE, Status.OVERDUE)

ALWAYS = (
    "Whether the spreadsheets are true: nobody was asked and no document was opened.",
    "Whether the office had due regard: that is a judgement for people, not a count of dates.",
    "Whether the spreadsheets leave out something that nothing else in them mentions.",
)


def findings(
    duties: Sequence[EvaluatedDuty], columns: AllColumns, rulebook: Rulebook, as_of: datetime.date
) -> tuple[FindingShown, ...]:
    """Every finding, by duty in the rulebook's order, then those of the control sheets. What
    several duties say of one row is said once for each."""
    noted: list[Noted] = []
    for each in duties:
        noted += duty_findings(each, columns)
    noted += undated_events(duties)
    tables = {name: each.table for name, each in columns.items()}
    noted += cross_findings(tables, as_of, _told_cells(duties, columns))
    every, as_of_day = rulebook.duties.values(), as_of.toordinal()
    noted += idle_nil_returns(columns, every, as_of_day)
    noted += waiver_findings(columns, every, duties, as_of_day)
    return tuple(dict.fromkeys(shown(each, columns) for each in noted))


def _told_cells(duties: Sequence[EvaluatedDuty], columns: AllColumns) -> set[Ref]:
    """The cells of which an unmet obligation says that what they name does not count."""
    keys, found = KeyRows(columns), set[Ref]()
    for duty in duties:
        near = NearRows(duty.scope, keys)
        for answer, obligation in zip(duty.answers, duty.observed.obligations, strict=True):
            if answer.status in UNMET and answer.past is Past.CURRENT:
                found.update(near.cells(obligation, answer))
    return found


def problems(evidence: Evidence, rulebook: Rulebook) -> tuple[ProblemShown, ...]:
    """Every problem of the evidence, with the duties that read the register it is in."""
    readers: dict[str, list[str]] = {}
    for duty_id in rulebook.duties:
        latest = resolve(rulebook, duty_id).versions[-1].version
        for register in sorted(set(registers_read([latest]))):
            readers.setdefault(register, []).append(duty_id)
    return tuple(
        ProblemShown(
            **{**asdict(problem), "kind": problem.kind.value},
            duties=tuple(readers.get(problem.register, ())),
        )
        for problem in evidence.problems
    )


def waivers_shown(
    duties: Sequence[EvaluatedDuty], columns: AllColumns, rulebook: Rulebook, as_of: datetime.date
) -> tuple[WaiverShown, ...]:
    """Every waiver on record, with what it comes to on D."""
    every, as_of_day = rulebook.duties.values(), as_of.toordinal()
    found = []
    for waiver, *_, state in waivers_judged(columns, every, duties, as_of_day):
        table = columns[REGISTER].table
        said = {name: table.columns[name].raw[waiver.row] for name in table.columns}
        found.append(
            WaiverShown(
                duty=said["duty"],
                subject=said["subject"],
                reason=said["reason"],
                approved_by=said["approved by"],
                from_=as_date(waiver.first),
                until=as_date(waiver.last),
                state=state,
                place=place_words(table.place(waiver.row)),
            )
        )
    return tuple(found)


def not_checked(evidence: Evidence) -> tuple[str, ...]:
    """What was not looked at: always the same three, then what reading the files could not do."""
    notes = [
        f"{note.file}{f', {sheet_told(note.sheet)}' if note.sheet else ''}: {note.message}"
        for note in evidence.notes
    ]
    return (*ALWAYS, *notes)
