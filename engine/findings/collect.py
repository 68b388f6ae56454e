"""What an assessment says beside its outcomes: findings, problems, waivers, what is left out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from engine.assessment import FindingShown, ProblemShown, WaiverShown
from engine.columns.arrays import AllColumns
from engine.columns.days import as_date
from engine.evaluated_duty import Told
from engine.findings.control import control_findings
from engine.findings.crosschecks import cross_findings
from engine.findings.evidence import Noted, item_findings, shown
from engine.findings.lists import list_findings, undated_events
from engine.findings.waivers import Fits, duty_of, fits_of
from engine.frames.rowview import rows
from engine.frames.waivers import REGISTER, WaiverRow, expired, waiver_rows
from engine.outcome import ItemRef, Past, Status
from engine.proof.key_rows import KeyRows
from engine.proof.near_rows import NearRows
from engine.proof.phrases import place_words
from evidence.cells.text import sheet_told
from evidence.table import Evidence
from rules.model import Duty, Rulebook, Version
from rules.reads import events_of
from rules.resolve import resolve
from rules.subject import Population

UNMET = (Status.DUE, Status.OVERDUE)

ALWAYS = (
    "Whether what the registers record is true: no one was asked and no document was opened.",
    "Whether due regard was had: that is a judgement for people, not a count of dates.",
    "Whether anything is missing from the registers that nothing else mentions.",
)


def findings(
    told: Sequence[Told], columns: AllColumns, rulebook: Rulebook, as_of: datetime.date
) -> tuple[FindingShown, ...]:
    """Every finding, by duty in the rulebook's order, then those of the control sheets. What
    several duties say of one row is said once for each."""
    noted: list[Noted] = []
    for each in told:
        noted += item_findings(each)
        noted += list_findings(each, columns)
    noted += undated_events(told)
    tables = {name: each.table for name, each in columns.items()}
    noted += cross_findings(tables, as_of, _told_cells(told, columns))
    noted += control_findings(columns, list(rulebook.duties.values()), told, as_of.toordinal())
    return tuple(dict.fromkeys(shown(each, columns) for each in noted))


def _told_cells(told: Sequence[Told], columns: AllColumns) -> frozenset[tuple[ItemRef, str]]:
    """The cells of which an unmet obligation says that what they name does not count."""
    keys, found = KeyRows(columns), set[tuple[ItemRef, str]]()
    for each in told:
        near = NearRows(each.scope, keys)
        for answer, row in zip(each.answers, rows(each.observed.table), strict=True):
            if answer.status in UNMET and answer.past is Past.CURRENT:
                found.update(near.cells(row, answer))
    return frozenset(found)


def problems(evidence: Evidence, rulebook: Rulebook) -> tuple[ProblemShown, ...]:
    """Every problem of the evidence, with the duties that read the register it is in."""
    readers: dict[str, list[str]] = {}
    for duty_id in rulebook.duties:
        for register in sorted(_registers(resolve(rulebook, duty_id).versions[-1].version)):
            readers.setdefault(register, []).append(duty_id)
    return tuple(
        ProblemShown(
            kind=each.kind.value,
            register=each.register,
            file=each.file,
            sheet=each.sheet,
            column=each.column,
            cells=each.cells,
            count=each.count,
            values=each.values,
            more_values=each.more_values,
            message=each.message,
            duties=tuple(readers.get(each.register, ())),
        )
        for each in evidence.problems
    )


def _registers(version: Version) -> set[str]:
    listed = events_of(version)
    found = {version.evidence.register} if version.evidence else set()
    found |= {listed.register} if listed else set()
    if isinstance(version.subjects, Population):
        found.add(version.subjects.register)
    if version.applies is not None:
        found.add(version.applies.register)
    return found


def waivers_shown(
    told: Sequence[Told], columns: AllColumns, rulebook: Rulebook, as_of: datetime.date
) -> tuple[WaiverShown, ...]:
    """Every waiver on record, with what it comes to on D."""
    rows, day = waiver_rows(columns), as_of.toordinal()
    fits, of_name = fits_of(told, rows, day), duty_of(rulebook.duties.values())
    return tuple(
        _waiver(columns, each, _state(fits, of_name.get(each.duty), each, day)) for each in rows
    )


def _waiver(columns: AllColumns, waiver: WaiverRow, state: str) -> WaiverShown:
    table = columns[REGISTER].table
    said = {name: table.columns[name].raw[waiver.row] for name in table.columns}
    return WaiverShown(
        duty=said["duty"],
        subject=said["subject"],
        reason=said["reason"],
        approved_by=said["approved by"],
        from_=as_date(waiver.first),
        until=as_date(waiver.last),
        state=state,
        place=place_words(table.place(waiver.row)),
    )


def _state(fits: Mapping[str, Fits], duty: Duty | None, waiver: WaiverRow, as_of: int) -> str:
    if not waiver.complete:
        return "incomplete"
    if duty is None or not duty.waivable:
        return "no effect"
    fit = fits[duty.id].state(waiver) if duty.id in fits else ""
    if fit:
        return fit
    if waiver.holds(as_of):
        return "in force"
    return "expired" if expired(waiver, as_of) else "not yet"


def not_checked(evidence: Evidence) -> tuple[str, ...]:
    """What was not looked at: always the same three, then what reading the files could not do."""
    notes = [
        f"{note.file}{f', {sheet_told(note.sheet)}' if note.sheet else ''}: {note.message}"
        for note in evidence.notes
    ]
    return (*ALWAYS, *notes)
