"""Why an obligation is outstanding, and what to do about it, each in a sentence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain, takewhile
from string import ascii_uppercase

from engine.assessment import (
    Assessment,
    CellShown,
    CellToWrite,
    FindingShown,
    ItemShown,
    ObligationOutcome,
    RejectedRow,
    Remedy,
    UnreadRows,
)
from engine.outcome import Status
from engine.proof.key_rows import A_NAME_IS_THERE
from engine.proof.phrases import INCOMPLETE, NO_RECORD, NOT_RECORDED, thing_of
from engine.remedy.cell_words import DAY_DONE, LIST_FIRST, NOT_VERIFIED, is_new
from engine.remedy.repairs import ONLY_BOOKED
from evidence.cells.day_words import MONTH_NAMES
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.examined import near_rows
from reports.places import Places, cell_messages

#: What a condition requires, in the words for a row that fails it: 'is not yes'. Not 'is not a
#: date' or 'is not filled in', which require no value.
_REQUIRED = re.compile(r"is not (?!a |an |on or |before |filled |at )(.+)")

#: Why a sheet was not read that is there under two names.
_TWICE = "provided under two names that are almost the same, so neither sheet was read"

#: What a record says of a check that found faults which nobody has corrected yet, and what that
#: means.
_TO_CORRECT = "changes needed"

#: The column of the post that does what a record shows.
_BY_POST = "by post"

#: A date without its day, such as ``Sept 2026``.
_A_MONTH = re.compile(r"([A-Za-z]{3,9})\.? (\d{4})")

#: The reference in brackets at the end of what a record has to be based on.
_REFERENCE = re.compile(r" \(([^()]+)\)$")
_FOUND_FAULTS = "found faults that are not shown as corrected"

#: How a reason says that a cell refers to a row that is not there.
_NO_SUCH_ROW = " is not on the "

#: How the reason begins for an obligation of which there is no record, or no new one.
_LAST = re.compile(r"Last completed on ([\w ]+)\. It (is|was) needed again by ([\w ]+)\. ?")

#: How the advice for a cell begins that may be told with the cell's place.
_ENTER = "Enter "

#: How the correction of a blank cell begins.
_FILL_IN = "Fill in "

_ITS_ROW = "Its row "
#: What a report says in place of these sentences of a reason.
_NOTHING = {
    NO_RECORD: "No record shows that this was done",
    NOT_RECORDED: "Nothing is recorded yet",
}

#: How the step begins that is short because its duty says what is to be done.
ONCE_DONE = "Once it is done"

#: Advice that fits a cell, but not one without which the duty is not met.
_OR_BLANK = re.compile(r", or leave the cell blank(?: while there is none)?")

#: Advice with an example, which nobody is to take for the date that is missing.
_EXAMPLE_DAY = re.compile(r"(?<=nter the date), such as [\d/]+")
_ITS_DAY = " that its record shows"

#: The kinds of problems of a whole column.
_OF_A_COLUMN = ("column missing", "column twice")

#: What is said of a cell of which nothing is known but what is to be entered.
_LACKS = "does not have what is needed"

#: How the step begins that fills in a date.
_ONCE = "Once it is done, "

#: What a row says of another one, which has no date yet.
_SAYS = re.compile(r"It says ('[^']+'), but ")

#: The kind of finding of rows that contradict each other.
CONFLICT = "Rows conflict"
#: The kind of finding of dates of one row that contradict each other.
DATES_CONFLICT = "Dates conflict"

#: What a correction is of: a cell, or a sheet.
_CORRECTED = re.compile(r"(?:[Cc]orrect|[Ff]ill in) (.+?)(: |, which |\. |\.$)")

#: At most so many corrections are told before the next step.
_FEW = 2

_NO_RECORD = "no record"

_MEANT = re.compile(r"Did you mean (.+?)\?")


class Cause(IntEnum):
    """What the records say of an outstanding obligation, from the mildest: a cell of its record
    cannot be read; a cell of it is blank; its record says other than what is needed; nothing is
    recorded."""

    UNREADABLE = 1
    INCOMPLETE = 2
    NOT_MET = 3
    NO_RECORD = 4

    @property
    def of_an_entry(self) -> bool:
        """Whether an entry is missing or cannot be read in a record that is there."""
        return self in (Cause.UNREADABLE, Cause.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Why an obligation is outstanding, and the next ``step``; ``short`` is the reason in a few
    words, and ``short_step`` the step. ``first`` is what to correct before either: cells that
    cannot be read and may show it already. ``rows`` are the changes that the step does not spell
    out."""

    why: str
    after: str
    rows: tuple[Remedy, ...] = ()
    cause: Cause = Cause.NO_RECORD
    short: str = _NO_RECORD
    short_step: str = ""
    first: str = ""

    @property
    def step(self) -> str:
        """The next step, with the correction before it."""
        return f"{self.first} {self.after}".strip()

    @property
    def first_briefly(self) -> str:
        """The correction before it, without what is wrong: ``First correct G143 of Training.``"""
        match = _CORRECTED.match(self.first.removeprefix("First "))
        return f"First {match[0].removesuffix(match[2])}." if match else self.first


class NextSteps:
    """Why the obligations of one assessment are outstanding, and what to do next about each."""

    def __init__(self, assessment: Assessment, places: Places) -> None:
        self.places = places
        self._as_of = assessment.as_of
        self._problems = assessment.problems
        self._is_mapped = bool(assessment.mapping)
        self._conflicts = {
            finding.places[-1]: finding
            for finding in assessment.findings
            if finding.kind == CONFLICT and len(finding.places) > 1
        }
        self._date_conflicts: dict[tuple[str, str, int], FindingShown] = {}  # by sheet and row
        for finding in assessment.findings:
            if finding.kind == DATES_CONFLICT:
                file, sheet, cell = finding.places[0].rsplit("!", 2)
                self._date_conflicts.setdefault((file, sheet, _row_of(cell)), finding)
        self._messages: dict[tuple[str, str], dict[str, str]] = {}  # by the sheet and the cell
        self._unread_cells: dict[tuple[str, str, str], dict[int, str]] = {}  # by column and row
        self._unread = {rows.id: rows for duty in assessment.duties for rows in duty.unread_rows}
        self._steps: dict[int, tuple[ObligationOutcome, NextStep]] = {}

    def of(self, obligation: ObligationOutcome) -> NextStep:
        """Why an obligation is outstanding, and the next step; of another, why it is not met."""
        if id(obligation) not in self._steps:  # several parts of a report tell it
            step = self._column_first(obligation, self._of(obligation))
            step = self._date_first(obligation, step)
            self._steps[id(obligation)] = obligation, step
        return self._steps[id(obligation)][1]

    def _of(self, obligation: ObligationOutcome) -> NextStep:
        if obligation.status not in view.OUTSTANDING:
            return NextStep(view.unmet_words(obligation), "")
        if view.is_past(obligation):
            return self._too_late(obligation)
        if obligation.status is Status.CANNOT_TELL:
            return self._untold(obligation)
        if blank := obligation.too_late and view.blank_in_own_row(obligation):
            return self._own_row_blank(obligation, blank)
        if obligation.too_late:
            return self._own_row_unread(obligation, f"it can no longer be done. {view.WHAT_TO_DO}")
        if names_unread := self._names_unread(obligation):
            return names_unread
        fixes = obligation.would_be_met_by
        possible = tuple(fix for fix in fixes if fix.possible)
        last = _LAST.match(obligation.unmet_reason)
        short = f"last completed on {last[1]}" if last else _NO_RECORD
        if not possible:
            own = self._own_near(obligation)
            why = f"{self._record_of(obligation, own)} {self._fault(own)}." if own else ""
            step = self._own_row(obligation) or " ".join(fix.words for fix in fixes)
            nothing = NextStep(
                why or _no_record(obligation),
                step,
                cause=_cause_of(own) if own else Cause.NO_RECORD,
                short=self._short(own) if own else short,
            )
            return self._corrected_first(obligation, nothing)
        cause = (
            self._row_to_change(obligation, possible)
            or self._row_that_fails(obligation, possible)
            or self._column_to_add(obligation, possible, short)
            or self._nothing_recorded(obligation, possible, short)
        )
        cause = self._corrected_first(obligation, cause)
        return replace(cause, rows=(*cause.rows, *(fix for fix in fixes if not fix.possible)))

    def _column_first(self, obligation: ObligationOutcome, step: NextStep) -> NextStep:
        """A next step with only the correction of a column that is missing or there twice, if that
        comes first: what else is lacking can be told only then."""
        first = obligation.to_tell[0] if step.first and obligation.to_tell else ""
        of_column = (
            problem
            for problem in self._problems
            if problem.kind in _OF_A_COLUMN and problem.message in first
        )
        if not first or (problem := next(of_column, None)) is None:
            return step
        first = f"{_first([first])} Then check again."
        if problem.kind == "column missing" and not self._is_mapped:
            sheet = self.places.short(problem.file, problem.sheet)
            first = (
                f"First add the '{problem.heading}' column to the {sheet} sheet, and check again."
            )
        return replace(step, after="", short_step="", rows=(), first=first)

    def _date_first(self, obligation: ObligationOutcome, step: NextStep) -> NextStep:
        """A next step after the correction of a date of the last record, if by its dates it was
        done before its time, or needed again before it was done."""
        last, opens, deadline = obligation.last_done, obligation.opens, obligation.deadline
        early = last and opens and last < opens
        if step.first or not last or not (early or (deadline and deadline <= last)):
            return step
        for row in near_rows(obligation):
            conflict = self._date_conflicts.get((row.item.file, row.item.sheet, row.item.row))
            if conflict is None or row.item.date != last:
                continue
            at = self._at(*conflict.places[0].rsplit("!", 2))
            fault = conflict.message.partition(". ")[0]
            return replace(
                step,
                why=f"{self._record_of(obligation, row)} has a wrong date: {fault}.",
                after=f"If that does not show it: {words.lower_first(step.after)}",
                cause=Cause.UNREADABLE,
                short=f"{at} contradicts another date",
                first=f"First correct {at}: {words.lower_first(conflict.message)}",
            )
        return step

    def _nothing_recorded(
        self, obligation: ObligationOutcome, fixes: tuple[Remedy, ...], short: str
    ) -> NextStep:
        """What to do where nothing is recorded, or only something for a later day."""
        why, step = _no_record(obligation), _carried_out(obligation, fixes)
        short_step = _recorded(fixes)
        planned = self.planned(obligation)
        if planned and planned.item.date and obligation.deadline:
            day, last = words.day(planned.item.date), words.day(obligation.deadline)
            late = planned.item.date > obligation.deadline
            after = ", after the deadline" if late else ""
            record = _record(replace(obligation, subject="office"), [planned.item])
            why = f"{why} {record} ({self.places.item(planned.item)}) is still to come{after}."
            if late and obligation.status is Status.DUE:
                moved = f"Move what is planned for {day} to {last} or earlier"
                short_step = f"{moved}, and correct its date."
                step = f"{short_step} Otherwise, {words.lower_first(step)}"
            else:
                at = self.places.item(planned.item)
                wrong = f"If the date {day} ({at}) is wrong, correct it."
                step = f"{wrong} {step}"
                short_step = f"{wrong} {short_step}" if short_step else ""
        return NextStep(why, step, fixes, short=short, short_step=short_step)

    def planned(self, obligation: ObligationOutcome) -> RejectedRow | None:
        """A row that would count, but for its date, which is after the day of the check."""
        planned = (
            row
            for row in near_rows(obligation)
            if not row.column and row.item.date and row.item.date > self._as_of
        )
        return next(planned, None)

    def _own_row(self, obligation: ObligationOutcome) -> str:
        """What to do about an incomplete record for which no fix was found, such as one of a sheet
        without the columns; '' for another obligation."""
        row, fixes = obligation.listed_at, obligation.would_be_met_by
        incomplete = obligation.unmet_reason.startswith(INCOMPLETE)
        if not (row and incomplete and [fix.words for fix in fixes] == [NOT_VERIFIED]):
            return ""
        map_it = ", and name it in the sheet's mapping" if self._is_mapped else ""
        return (
            f"Fill in what is missing in {self.places.item(row)}, as its record shows. Add a column"
            f" that the sheet does not have{map_it}."
        )

    def _column_to_add(
        self, obligation: ObligationOutcome, fixes: tuple[Remedy, ...], short: str
    ) -> NextStep | None:
        """A record that may be there, but its sheet has no column for what is needed."""
        rows = obligation.unreadable or next(
            (group.rows for group in self._groups(obligation) if group.rows), ()
        )
        if not rows or any(self._problem(rows[0], cell.cell) for cell in rows[0].cells):
            return None
        if any(
            problem.kind == "column twice" and problem.message in first
            for problem in self._problems
            for first in obligation.to_tell
        ):
            return None  # the column is there
        absent = [
            f"'{cell.column}'"
            for cell in fixes[0].cells
            if not (fixes[0].row or cell.heading or is_new(cell.value))
            and cell.column not in rows[0].look.columns
        ]
        if not absent:
            return None
        columns = listed(absent)
        add = _add_column(columns, rows[0].sheet, mapped=self._is_mapped)
        recorded = words.lower_first(_recorded(fixes))
        return NextStep(
            f"{_no_record(obligation)} {self._rows(rows)} may show it, but no column of that"
            f" sheet is read as {columns}.",
            f"{add} If it was not done: {_carried_out(obligation, fixes)}",
            fixes,
            short=short,
            short_step=f"{add} If not, {recorded}" if recorded else "",
        )

    # Cells that cannot be read ------------------------------------------------------------------

    def _corrected_first(self, obligation: ObligationOutcome, step: NextStep) -> NextStep:
        """A next step after the correction of the cells that cannot be read and may show that the
        obligation is met."""
        to_tell = obligation.to_tell
        if not to_tell or step.cause is Cause.UNREADABLE or to_tell[0] in step.step:
            return step
        places = _places(to_tell)
        until = f"until {places} {'are' if ' and ' in places else 'is'} corrected"
        short = "no record that can be read" if step.short == _NO_RECORD else step.short
        return replace(
            step,
            why=f"{step.why} A row that may show it does not count {until}.",
            after=f"If that does not show it: {words.lower_first(step.after)}"
            if step.after
            else "",
            short=short,
            first=_first(to_tell),
        )

    def _own_row_unread(self, obligation: ObligationOutcome, not_done: str) -> NextStep:
        """The record that the obligation is about may show that it is met, but cannot be read;
        ``not_done``: what applies if it was not done."""
        row = obligation.listed_at or obligation.unreadable[0]
        record = f"{_record(obligation, [row])} ({self.places.item(row)})"
        unread = f"{_places(obligation.to_tell)} cannot be read"
        return NextStep(
            f"{record} may show that this was done, but {unread}.",
            f"If it was not done, {not_done}",
            cause=Cause.UNREADABLE,
            short=unread,
            first=_first(obligation.to_tell),
        )

    def _names_unread(self, obligation: ObligationOutcome) -> NextStep | None:
        """A record that would count if a row that it names could be read, or had its date."""
        listed = obligation.listed_at
        for row in near_rows(obligation):
            own = listed and _same_row(row.item, listed)
            if row.first and (own or _is_recent(row, obligation)):
                why = row.why.rpartition(": ")[2]
                blank = all(first.startswith(_FILL_IN) for first in row.first)
                fault = "is not complete" if blank else "cannot be read"
                record = self._record_of(obligation, row)
                return NextStep(
                    f"{record} names a row that {fault}: {why}.",
                    "",
                    cause=Cause.INCOMPLETE if blank else Cause.UNREADABLE,
                    short=f"{_places(row.first)} {'is blank' if blank else 'cannot be read'}",
                    first=_first(row.first),
                )
        return None

    def _is_unread(self, obligation: ObligationOutcome, fix: Remedy) -> bool:
        """Whether the row to be changed is one that cannot be read and may show it already."""
        groups = (group.rows for group in self._groups(obligation))
        rows = chain(obligation.unreadable, *groups)
        return bool(obligation.to_tell) and any(_is_row(row, fix) for row in rows)

    def _groups(self, obligation: ObligationOutcome) -> list[UnreadRows]:
        """The rows that may show an obligation, or others as well."""
        ids = (pointer.id for pointer in obligation.unread_groups)
        return [self._unread[id_] for id_ in ids if id_ in self._unread]

    def _rows(self, rows: Sequence[ItemShown]) -> str:
        """The first of some rows, and how many more there are."""
        more = f" and {words.count(len(rows) - 1, 'more row')}" if len(rows) > 1 else ""
        return f"{self.places.item(rows[0])}{more}"

    # A record with a fault ----------------------------------------------------------------------

    def _untold(self, obligation: ObligationOutcome) -> NextStep:
        """Why it could not be judged, and the first correction."""
        listed, reason = obligation.listed_at, obligation.unmet_reason
        if listed and reason.startswith(_ITS_ROW):
            place = self.places.item(listed)
            record = f"{_record(replace(obligation, subject='office'), [listed])} ({place})"
            reason = f"{record} {reason.removeprefix(_ITS_ROW)}"
        first = obligation.to_tell[0] if obligation.to_tell else ""
        if any(p.kind == "sheet twice" and p.message in first for p in self._problems):
            reason = reason.replace(view.SHEET_NOT_READ, _TWICE)
        return NextStep(reason, " ".join(obligation.to_tell[:1]))

    def _too_late(self, obligation: ObligationOutcome) -> NextStep:
        """What can no longer be done, and what the row of its event lacks."""
        own = self._own_near(obligation)
        if own is None:
            why = f"This can no longer be done{_whom(obligation)}."
            return NextStep(why, view.WHAT_TO_DO, short="can no longer be done")
        fault = f"{self._record_of(obligation, own)} {self._fault(own)}"
        return NextStep(
            f"{fault}, and this can no longer be done.",
            view.WHAT_TO_DO,
            cause=_cause_of(own),
            short=self._short(own),
        )

    def _own_row_blank(self, obligation: ObligationOutcome, row: RejectedRow) -> NextStep:
        """What to enter in the row of an event of which nobody has said yet whether it was done, or
        what applies if it was not."""
        required, at = _REQUIRED.fullmatch(self._why_of(row)), _address(row).removeprefix("cell ")
        day = words.day(row.item.date or obligation.deadline)
        place = self.places.short(row.item.file, row.item.sheet)
        heading = self.places.heading(row.item, row.column)
        enter = f"enter {required[1]} in" if required else "fill in"
        step = f"If it was done on {day}, {enter} {at} of {place} ('{heading}')."
        return NextStep(
            f"{self._record_of(obligation, row)} {self._fault(row)}.",
            f"{step} If it was not, it is too late: {words.lower_first(view.WHAT_TO_DO)}",
            cause=Cause.INCOMPLETE,
            short=self._short(row),
        )

    def _own_near(self, obligation: ObligationOutcome) -> RejectedRow | None:
        """The row that the obligation is about, where it came near."""
        listed = obligation.listed_at
        near = (row for row in near_rows(obligation) if listed and _same_row(row.item, listed))
        return next(near, None)

    def _row_to_change(
        self, obligation: ObligationOutcome, fixes: Sequence[Remedy]
    ) -> NextStep | None:
        """A record of which cells are to be changed."""
        fix = next((fix for fix in fixes if fix.row and fix.cells), None)
        if fix is None:
            return None
        if fix.words.endswith(ONLY_BOOKED):
            short = f"{self._at(fix.file, fix.sheet, f'row {fix.row}')} {ONLY_BOOKED[:-1]}"
            return NextStep(_no_record(obligation), fix.words, short=short, short_step=fix.words)
        near = [row for row in near_rows(obligation) if _is_row(row.item, fix)]
        source = [obligation.listed_at] if obligation.listed_at else []
        items = [*(row.item for row in near), *obligation.unreadable, *source]
        own = [item for item in items if _is_row(item, fix)]
        changes = [self._change(fix, cell, own) for cell in fix.cells]
        fault = self._fault(near[0]) if near else _faults(changes)
        at = changes[0].address if len(changes) == 1 else f"row {fix.row}"
        record = f"{_record(obligation, own)} ({self.places.place(fix.file, fix.sheet, at)})"
        others = tuple(other for other in fixes if other is not fix)
        cause = max(change.cause for change in changes)
        if cause is not Cause.UNREADABLE and self._is_unread(obligation, fix):
            return self._own_row_unread(obligation, "do it, then record it.")
        if names_other := self._names_another(obligation, fix, own, fixes):
            return names_other
        if cause is not Cause.NOT_MET:
            step = " ".join(change.step for change in changes)
            if cause in (Cause.NO_RECORD, Cause.INCOMPLETE):
                step = self._do_first(obligation, fix, changes)
            elif obligation.status is Status.OVERDUE:
                step += _month_in_time(obligation, fix, own)
            short_step = step.replace(f" {_about(obligation)}", "")  # a list names it
            short = f"{self._at(fix.file, fix.sheet, changes[0].address)} {changes[0].short}"
            return NextStep(f"{record} {fault}.", step, others, cause, short, short_step)
        correction = self._row_to_correct(fix, [c for c in changes if not c.is_unread], near, fault)
        unread = [change for change in changes if change.is_unread]
        if unread:
            first = _first([change.step for change in unread])
            short = f"{self._at(fix.file, fix.sheet, unread[0].address)} cannot be read"
            why = f"{record} {fault}."
            return NextStep(why, correction.after, others, Cause.UNREADABLE, short, first=first)
        needed = replace(fix, words="")  # the step says more
        says = self._says(near[0]) if near else ""
        why = f"{record} {fault}{says}."
        return replace(correction, why=why, rows=(needed, *others), cause=cause)

    def _names_another(
        self,
        obligation: ObligationOutcome,
        fix: Remedy,
        own: Sequence[ItemShown],
        fixes: Sequence[Remedy],
    ) -> NextStep | None:
        """A record that names a row which does not count, so that a new row is to be named: ``names
        POL-1, and its 'kind' is not venue policy (cell B6 of Documents)``. None for another
        record."""
        cell = fix.cells[0]
        shown = next(filter(None, (_cell(item, cell.column) for item in own)), None)
        if not is_new(cell.value) or len(fix.cells) > 1 or shown is None or not shown.value:
            return None
        if self._problem(fix, shown.cell, shown.value):
            return None
        key, carried_out = shown.value, _carried_out(obligation, fixes)
        near = near_rows(obligation)
        named = next((row for row in near if normal_key(row.item.key) == normal_key(key)), None)
        why, correct = f"names {key}, which does not count", ""
        if named is not None:
            why = f"{why}: {named.why}"
        if named is not None and named.column:
            found = _cell(named.item, named.column)
            at = self._at(named.item.file, named.item.sheet, found.cell) if found else ""
            why = f"names {key}, and its {named.why}" + (f" ({at})" if at else "")
            correct = f"If the record of {key} shows that {at} is wrong, correct it. If not, "
        step = f"{correct}{words.lower_first(carried_out)}" if correct else carried_out
        place = self.places.place(fix.file, fix.sheet, f"cell {shown.cell}")
        return NextStep(
            f"{_record(obligation, own)} ({place}) {why}.",
            step,
            tuple(fixes),
            Cause.NOT_MET,
            f"{_record(obligation, own)} {why}",
        )

    def _row_to_correct(
        self, fix: Remedy, changes: Sequence[_Change], near: Sequence[RejectedRow], fault: str
    ) -> NextStep:
        """What to do about a record that says other than what is needed, and why in a few words."""
        headings = listed([f"'{change.heading}'" for change in changes])
        at = changes[0].address if len(changes) == 1 else f"row {fix.row}"
        at = f"{headings} in row {fix.row}" if at.startswith("row") else at
        verb = "is" if len(changes) == 1 else "are"
        short = f"{self._at(fix.file, fix.sheet, at)} {verb} blank or wrong"
        short = self._short(near[0]) if near else short
        at = f"{at} of {self.places.short(fix.file, fix.sheet)}"
        value = changes[0].value if len(changes) == 1 else ""
        correct = f"enter {value} in {at}" if value else f"correct {at}"
        thing = words.lower_first(thing_of(fix.register))
        again = f"enter {value}" if value else "record it"
        step = _check_first(thing, fault, at, correct, again)
        if fault.startswith("does not name") and len(changes) == 1 and not value:
            step = f"{changes[0].step} If there is none, see that it is put right, then {again}."
        if near and near[0].done_too_early:
            step = "Correct the date that is wrong."
        elif near and near[0].state and near[0].column not in near[0].item.look.columns:
            add = _add_column(headings, near[0].item.sheet, mapped=self._is_mapped)
            step = f"{add} If not, do it, then record it."
        elif not near and all(change.address.startswith("row ") for change in changes):
            shows = f"If its record shows that it was done, fill in or correct {at}."
            step = f"{shows} If not, do it, then record it."
        return NextStep("", step, short=short)

    def _change(self, fix: Remedy, cell: CellToWrite, items: Iterable[ItemShown]) -> _Change:
        """What is wrong in a cell of a row, and what to enter there."""
        heading = cell.heading or cell.column
        shown = next(filter(None, (_cell(item, cell.column) for item in items)), None)
        sheet = self.places.short(fix.file, fix.sheet)
        at = f"in cell {shown.cell} of {sheet}" if shown else f"under {heading} of {sheet}"
        address = f"cell {shown.cell}" if shown else f"row {fix.row}"
        value = "" if cell.says else words.cell_value(cell.value)
        step = f"Enter {at} {cell.says}."
        if cell.says == DAY_DONE:
            step = f"{_ONCE}enter the date {at}."
        elif value:
            step = f"Once it is true, enter {value} {at}."
        problem = self._problem(fix, shown.cell, shown.value) if shown else ""
        unshown = "" if shown else self._unread_cell(fix, cell.column)
        if unshown:
            at, address = f"in cell {unshown} of {sheet}", f"cell {unshown}"
            problem = self._problem(fix, unshown)
        if not problem:
            blank = shown is not None and shown.value == ""
            fault = "has nothing" if blank else _LACKS
            cause = Cause.INCOMPLETE if blank else Cause.NOT_MET
            if blank and cell.says == DAY_DONE:  # nothing says that it was done
                cause = Cause.NO_RECORD
            fault = f"{fault} under '{heading}'"
            return _Change(fault, address, step, heading, cause, "is blank", value)
        wrong, _, advice = problem.partition(". ")
        wrong = words.lower_first(wrong).removesuffix(" in this column").removesuffix(".")
        meant = _MEANT.match(advice)
        if meant:
            step = f"Enter '{meant[1]}' {at}, if that is meant."
        elif not advice.startswith(_ENTER):
            place = self._at(fix.file, fix.sheet, address)
            step = f"Correct {place}: {as_recorded(words.lower_first(problem))}"
        elif advice:
            first, _, _ = advice.partition(". ")
            first = as_recorded(words.lower_first(first.removesuffix(".")))
            step = f"{at[:1].upper()}{at[1:]}, {first}."
        fault = f"cannot be read under {heading}, where {wrong}"
        return _Change(fault, address, step, heading, Cause.UNREADABLE, "cannot be read", value)

    def _do_first(
        self, obligation: ObligationOutcome, fix: Remedy, changes: Sequence[_Change]
    ) -> str:
        """What to do, and then which blank cells of its row to fill in; or to find out which row is
        right, where another one says that it is done."""
        steps = [change.step.removeprefix(_ONCE).removesuffix(".") for change in changes]
        enter = listed([words.lower_first(step) for step in steps])
        if not fix.words.endswith(f"{_about(obligation)}."):
            return " ".join(change.step for change in changes)
        done = f"{fix.words[:-1]}{_by(obligation)}"
        cells = (change.address.removeprefix("cell ") for change in changes)
        found = (self._conflicts.get(f"{fix.file}!{fix.sheet}!{cell}") for cell in cells)
        conflict = next(filter(None, found), None)
        says = _SAYS.match(conflict.message) if conflict else None
        if conflict is None or says is None:
            return f"{done}; then {enter}."
        other = f"{conflict.subject} says {says[1]} ({self.places.text(conflict.places[0])})"
        not_so = f"If not, {words.lower_first(done)}, and correct {conflict.subject}."
        return f"{other}. If that is right, {enter}. {not_so}"

    def _unread_cell(self, fix: Remedy, column: str) -> str:
        """The cell of a row under a column, where it is filled and cannot be read; '' otherwise."""
        place = fix.file, fix.sheet, column
        if place not in self._unread_cells:
            self._unread_cells[place] = {
                _row_of(cell): cell
                for problem in self._problems
                if problem.kind == "cell unreadable"
                and (problem.file, problem.sheet, problem.column) == place
                for cell in cell_messages(problem)
            }
        return self._unread_cells[place].get(fix.row, "")

    def _problem(self, fix: Remedy | ItemShown, cell: str, value: str | None = None) -> str:
        """What is wrong with a cell of the row; '' for nothing, or if it is only blank (``value``
        is ''), which needs no words."""
        sheet = fix.file, fix.sheet
        if sheet not in self._messages:
            messages = self._messages[sheet] = {}
            for problem in reversed(self._problems):  # of two, the first is told
                if (problem.file, problem.sheet) == sheet:
                    messages |= cell_messages(problem)
        message = self._messages[sheet].get(cell, "")
        return "" if value == "" and "is blank." in message else message

    def _row_that_fails(
        self, obligation: ObligationOutcome, fixes: tuple[Remedy, ...]
    ) -> NextStep | None:
        """A recent record that would count but for one condition."""
        fix, listed = fixes[0], obligation.listed_at
        own = listed.register if listed else fix.register
        near = next(
            (
                row
                for row in near_rows(obligation)
                if row.item.register in (own, fix.register) and _is_recent(row, obligation)
            ),
            None,
        )
        if near is None:
            return None
        item, record = near.item, self._record_of(obligation, near)
        if item.register != fix.register:  # the row that it names is not listed
            fault, _, step = fix.words.partition(". ")
            why = f"{record} is not complete: {fault}."
            return NextStep(why, step, (), _cause_of(near), self._short(near))
        new, fault = words.lower_first(thing_of(item.register)), self._fault(near)
        again = f"record a new {new} on the {fix.sheet or fix.register} sheet"
        cell, cause = _cell(item, near.column), _cause_of(near)
        at = f"{_address(near)} of {self.places.short(item.file, item.sheet)}"
        if cell and (cell.value or "").strip().casefold() == _TO_CORRECT:
            sheet = fix.sheet or fix.register
            which = f"{new} {item.key}" if item.key else f"the {new}"
            post = next((cell.value for cell in fix.cells if cell.column == _BY_POST), "")
            whom = f"the {post}" if post else f"the person who made {which}"
            ask = f"Ask {whom} which faults {f'of {which} ' if post else ''}are still open."
            step = f"{ask} Correct them, then add a new {new} to the {sheet} sheet."
            if item.date and obligation.deadline and item.date <= obligation.deadline:
                fault = f"was in time, but {fault}"
        elif cause is Cause.NOT_MET:
            step = _check_first(new, fault, at, f"correct {at}", again)
        else:
            fill = "correct" if cause is Cause.UNREADABLE else "fill in"
            step = (
                f"If its record shows that it was done, {fill} {at}. If not, do it, then {again}."
            )
        says = self._says(near)
        return NextStep(f"{record} {fault}{says}.", step, fixes, cause, self._short(near))

    def _says(self, row: RejectedRow) -> str:
        """What the cell says of a row for whose fault the register has words: ``: it has 'No' under
        On plan?``"""
        heading, cell = self.places.heading(row.item, row.column), _cell(row.item, row.column)
        if row.state or not cell or not cell.value or row.why.startswith(f"'{heading}' "):
            return ""
        return f": it has '{words.cell_value(cell.value)}' under {heading}"

    def _record_of(self, obligation: ObligationOutcome, row: RejectedRow) -> str:
        """The record of a row, with its place."""
        place = self.places.place(row.item.file, row.item.sheet, _address(row))
        return f"{_record(obligation, [row.item])} ({place})"

    def _at(self, file: str, sheet: str, address: str) -> str:
        """A cell or a row in a few words: ``G143 of Training``."""
        return f"{address.removeprefix('cell ')} of {self.places.short(file, sheet)}"

    def _short(self, row: RejectedRow) -> str:
        """What is wrong with a record, in a few words."""
        at, cell = (
            self._at(row.item.file, row.item.sheet, _address(row)),
            _cell(row.item, row.column),
        )
        if row.why.endswith(A_NAME_IS_THERE):
            return f"{at} contains a name"
        if _NO_SUCH_ROW in row.why:
            return f"{at}: {row.why.rpartition(': ')[2]}"
        if row.state == "unreadable":
            return f"{at} cannot be read"
        if row.state:
            return f"{at} is blank"
        if cell and cell.value:
            return f"{at} says '{words.cell_value(cell.value)}'"
        return f"{at} {self._fault(row)}"

    def _why_of(self, row: RejectedRow) -> str:
        """Which condition a record fails, without the heading of its column."""
        return row.why.removeprefix(f"'{self.places.heading(row.item, row.column)}' ")

    def _fault(self, row: RejectedRow) -> str:
        """Which condition a record fails, with the value found."""
        heading = self.places.heading(row.item, row.column)
        cell = _cell(row.item, row.column)
        why = self._why_of(row)
        if why == row.why:  # the register has words for the fault
            return why if row.column else f"does not count: {why}"
        if cell and cell.value == "":
            return f"has nothing under {heading}"
        required = _REQUIRED.fullmatch(why)
        if cell and cell.value and not row.state and required:
            found = words.cell_value(cell.value)
            faults = f"{_FOUND_FAULTS}: it " if found.casefold() == _TO_CORRECT else ""
            if faults:  # the step says what is needed
                return f"{faults}has '{found}' under {heading}"
            codes = required[1].replace(" or ", ", ").split(", ")
            needed = listed([f"'{code}'" for code in codes], "or")
            return f"{faults}has '{found}' under {heading}, where {needed} is needed"
        if why.startswith(("does not include", "does not name")):
            lacks, colon, because = why.partition(": ")
            return f"{lacks} under {heading}{colon}{because}"
        return f"does not count: {heading} {why}"


@dataclass(frozen=True, slots=True)
class _Change:
    """A cell to change: what is wrong with its row, its address, what to enter, and its heading;
    ``short`` says what is wrong in a few words, and ``value`` is what alone would do there, if it
    is known."""

    fault: str
    address: str
    step: str
    heading: str
    cause: Cause
    short: str
    value: str = ""

    @property
    def is_unread(self) -> bool:
        return self.cause is Cause.UNREADABLE


def _faults(changes: Sequence[_Change]) -> str:
    """What is wrong with a row, with the cells of one fault together."""
    lacks = f"{_LACKS} under "
    alike = [change.fault.removeprefix(lacks) for change in changes if lacks in change.fault]
    others = [change.fault for change in changes if lacks not in change.fault]
    return " and ".join([*others, *([f"{lacks}{listed(alike)}"] if alike else [])])


def _cause_of(row: RejectedRow) -> Cause:
    """What a row says that fails one condition."""
    if row.state == "unreadable" or _NO_SUCH_ROW in row.why or A_NAME_IS_THERE in row.why:
        return Cause.UNREADABLE
    if not row.state:
        return Cause.NOT_MET
    return Cause.INCOMPLETE if row.item.date else Cause.NO_RECORD


def _add_column(columns: str, sheet: str, *, mapped: bool) -> str:
    """What to do about a row of a sheet that has no such column."""
    map_it = ", or name in the mapping the column that has it" if mapped else ""
    add = f"add the column to the {sheet} sheet{map_it}"
    return f"If it was done, fill in {columns} in its row: {add}."


def as_recorded(advice: str) -> str:
    """Advice for a cell without which a duty is not met: with the date that the record shows, and
    not blank."""
    return _OR_BLANK.sub("", _EXAMPLE_DAY.sub(_ITS_DAY, advice))


def _check_first(thing: str, fault: str, at: str, correct: str, then: str) -> str:
    """What to do about a record that says that the duty was not met: to find out whether it is
    right. The program cannot know, and nobody is to change a cell without the record of the work;
    ``thing`` is what the record is of, ``correct`` what to do with the cell ``at`` if the work was
    done, and ``then`` what to do once it is done."""
    for start, verb, again in (
        ("is not in ", "is in", "add it"),
        ("is not ", "is", "have it put right"),
        ("was not based ", "was based", "repeat the {thing}{using}"),
        ("was not ", "was", "have it done again"),
        ("does not include ", "did include", "obtain one that includes {right}"),
    ):
        if fault.startswith(start):  # the reason, which is said before, has the words
            right = fault.removeprefix(start).partition(" under ")[0]
            shows = f"If the {thing} {verb} {right}, {correct}."
            reference = _REFERENCE.search(right)
            using = f" using {reference[1]}" if reference else ""
            repeated = again.format(right=right, thing=thing, using=using)
            return f"{shows} If not, {repeated}, then {then}."
    shows = f"If its record shows that {at} is wrong, correct it."
    return f"{shows} If not, have it put right, then {then}."


def _month_in_time(obligation: ObligationOutcome, fix: Remedy, own: Sequence[ItemShown]) -> str:
    """That a date without its day makes an obligation overdue, although each day of its month is in
    time; '' for another cell."""
    for cell in (each for each in fix.cells if each.says == DAY_DONE):
        shown = next(filter(None, (_cell(item, cell.column) for item in own)), None)
        month = _A_MONTH.fullmatch((shown.value or "").strip()) if shown else None
        if not month or not obligation.deadline:
            continue
        name = month[1].casefold()
        for number, full in enumerate(MONTH_NAMES, 1):
            last = datetime.date(int(month[2]) + number // 12, number % 12 + 1, 1)
            first = last.replace(year=int(month[2]), month=number)
            after = obligation.opens or obligation.last_done or first
            if full.casefold().startswith(name) and after <= first and last <= obligation.deadline:
                in_time = f"any day in {full} {month[2]} is in time"
                return f" Until then, it counts as overdue, although {in_time}."
    return ""


def _no_record(obligation: ObligationOutcome) -> str:
    """That there is no record, or no new one, for the person, the meeting or the period."""
    reason, person = obligation.unmet_reason, obligation.subject_name
    if last := _LAST.match(reason):
        day, verb, again = last.groups()
        done = f"{obligation.subject} last completed this" if person else "Last completed"
        whom = "" if person else _whom(obligation)
        needed = f"and it {verb} needed again{whom} by {again}."
        return f"{done} on {day}, {needed} {reason[last.end() :]}".rstrip()
    for none, words_ in _NOTHING.items():
        if reason.startswith(none):
            return f"{words_}{_whom(obligation)}.{reason.removeprefix(none)}"
    return reason or f"No record shows that this was done{_whom(obligation)}."


def _whom(obligation: ObligationOutcome) -> str:
    """For whom, for which meeting or for which period: `` for S024``; '' for the office. Without
    names, because a report may be forwarded."""
    event, _, member = obligation.subject.removeprefix("office").partition(", ")
    about = f"{event} ({member})" if event and member else event
    return f" for {about or words.period(obligation.window)}" if about or obligation.window else ""


def _record(obligation: ObligationOutcome, items: Sequence[ItemShown]) -> str:
    """A record by its kind, its key and its day, with the person whose it is or what it is about;
    of a row that the obligation does not show, nothing else is known."""
    if not items:
        return "A record"
    first = items[0]
    day = next((item.date for item in items if item.date), None)
    dated = f" of {words.day(day)}" if day else ""
    key = f"'{first.key}'" if " " in first.key else first.key  # a name, not a reference
    record = f"{thing_of(first.register)} {key}".strip()
    subject = obligation.subject
    if subject in ("office", first.key, f"row {first.row}"):  # a row without a key is its number
        return f"{record}{dated}"
    if subject.startswith(f"{first.key}, "):  # the event itself, for a member of a fixed list
        return f"{record}{dated} ({subject.removeprefix(f'{first.key}, ')})"
    if obligation.subject_name:
        return f"{record}{dated} for {subject}"
    return f"{record}{dated} about {subject}"


def _carried_out(obligation: ObligationOutcome, fixes: Sequence[Remedy]) -> str:
    """What to do, by when, and where to record it."""
    fix, rows = _main(fixes)
    if not fix.cells or not fix.words.endswith("."):
        return fix.words
    return f"{fix.words[:-1]}{_by(obligation)}; then add {rows}."


def _about(obligation: ObligationOutcome) -> str:
    """What a sentence of a fix ends with that says what it is about."""
    return f"(for {obligation.subject})"


def _by(obligation: ObligationOutcome) -> str:
    """The last day of what is due: `` by 14 December 2026``."""
    due = obligation.status is Status.DUE and obligation.deadline
    return f" by {words.day(obligation.deadline)}" if due else ""


def _recorded(fixes: Sequence[Remedy]) -> str:
    """Where to record it once it is done."""
    fix, rows = _main(fixes)
    if not fix.cells or fix.row or not fix.words.endswith("."):
        return ""
    return f"{ONCE_DONE}, add {rows}."


def _main(fixes: Sequence[Remedy]) -> tuple[Remedy, str]:
    """The row that records what was done, and the rows to add in words: with it come those that it
    names, which are listed before it."""
    first = list(takewhile(lambda fix: fix.words == LIST_FIRST, fixes[:-1]))
    fix = fixes[len(first)]
    sheets = listed(list(dict.fromkeys(each.sheet or each.register for each in first)))
    row = "the row" if len(first) == 1 else "the rows"
    also = f", and {row} that it names to {sheets}" if first else ""
    or_nil = f"; or, {fix.or_nil}" if fix.or_nil else ""
    return fix, f"a row to the {fix.sheet or fix.register} sheet{also}{or_nil}"


def _is_recent(row: RejectedRow, obligation: ObligationOutcome) -> bool:
    """Whether a row that fails a condition is of what is now outstanding."""
    first = max(filter(None, (obligation.opens, obligation.last_done)), default=datetime.date.min)
    return bool(row.column and not row.other_kind and row.item.date and row.item.date >= first)


def _address(row: RejectedRow) -> str:
    """The cell that decides about a row, or the whole row."""
    cell = _cell(row.item, row.column)
    return f"cell {cell.cell}" if cell else f"row {row.item.row}"


def _first(corrections: Sequence[str]) -> str:
    """What to correct first, as sentences: ``First correct G143 of Training: ...``."""
    first, *others = map(as_recorded, corrections[:_FEW])
    more = len(corrections) - _FEW
    also = [f"{words.count(more, 'more correction')} may be needed."] if more > 0 else []
    return " ".join([f"First {words.lower_first(first)}", *others, *also])


def _places(corrections: Sequence[str]) -> str:
    """What the first of some corrections are of: ``G143 of Training``, or a column of a sheet."""
    matches = filter(None, map(_CORRECTED.match, corrections[:_FEW]))
    places = [f"a column of {m[1]}" if m[1].startswith("the ") else m[1] for m in matches]
    return listed(list(dict.fromkeys(places))) or "one of its cells"


def _row_of(cell: str) -> int:
    """The row of a cell: 14 of ``F14``."""
    digits = cell.lstrip(ascii_uppercase)
    return int(digits) if digits.isdecimal() else 0


def _same_row(item: ItemShown, other: ItemShown) -> bool:
    return (item.file, item.sheet, item.row) == (other.file, other.sheet, other.row)


def _is_row(item: ItemShown, fix: Remedy) -> bool:
    return (item.file, item.sheet, item.row) == (fix.file, fix.sheet, fix.row)


def _cell(item: ItemShown, column: str) -> CellShown | None:
    return next((cell for cell in item.cells if cell.column == column and cell.cell), None)
