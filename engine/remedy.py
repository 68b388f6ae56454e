"""What would meet an obligation that is due or overdue, as rows and cells of a register.

Adding exactly that, dated D, gives met or met late (semantics.md, What must always hold, 7).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import CellToWrite, Remedy
from engine.calendar import add_one, as_date
from engine.say import day_words
from engine.shown import dated_by, events_of
from evidence.register import RegisterSpec
from evidence.table import CellState, Evidence, Place, Table
from rules.condition import Condition
from rules.model import Version
from rules.pattern import Completeness, EvidenceQuery, Periodic, Standing
from rules.span import Span
from rules.subject import FixedList, Member, Population

Row = Mapping[str, object]
#: How long ahead a review-by day is proposed where the rule asks for an end and caps none.
_AHEAD_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """An unmet obligation to be met on D: its version, what was found of it, and the evidence."""

    version: Version
    row: Row
    evidence: Evidence
    as_of: datetime.date

    @property
    def member(self) -> Member | None:
        """The member of the fixed list that it is about, if any."""
        number = _whole(self.row["member"])
        subjects = self.version.subjects
        return subjects.members[number] if isinstance(subjects, FixedList) and number >= 0 else None


def remedies(asked: Asked) -> tuple[Remedy, ...]:
    """The rows to add, or the cells to change, that would meet the obligation on D; or one that
    says that it can no longer be done."""
    pattern, query = asked.version.pattern, asked.version.evidence
    if isinstance(pattern, Completeness):
        return _record(asked, pattern)
    assert query is not None
    if query.itself:
        return _own_row(asked, query)
    rows = tuple(_new_row(asked, query, number) for number in range(1, query.needed + 1))
    if query.named_by_subject:
        return (*rows, _naming(asked, query))
    return rows


def _new_row(asked: Asked, query: EvidenceQuery, number: int) -> Remedy:
    spec = asked.evidence.tables[query.register].register
    where = (*query.where, *(asked.member.where if asked.member else ()))
    cells: dict[str, str] = {}
    if spec.key:
        cells[spec.key] = _new_key(asked.evidence.tables[query.register], number)
    cells |= _conditions(spec, where, asked.as_of)
    cells |= _names(asked, query)
    cells |= _dates(asked)
    words = f"a row in {spec.title} dated {day_words(asked.as_of)}"
    return Remedy(True, words, query.register, "", "", 0, _cells(cells))


def _new_key(table: Table, number: int) -> str:
    """A key that no row of the register has."""
    key = table.register.key or ""
    taken = set(table.columns[key].value) if key in table.columns else set()
    at = number
    while f"new-{at}" in taken:
        at += 1
    return f"new-{at}"


def _names(asked: Asked, query: EvidenceQuery) -> dict[str, str]:
    """What the item names: its period, event, subject, and member."""
    cells: dict[str, str] = {}
    subjects = asked.version.subjects
    if query.period and isinstance(asked.version.pattern, Periodic):
        cells[query.period] = str(asked.row["window"])
    listed = events_of(asked.version)
    if query.event and listed:
        cells[query.event] = _raw_key(asked, listed.register, _whole(asked.row["event_row"]))
    if query.subject and isinstance(subjects, Population):
        cells[query.subject] = _raw_key(asked, subjects.register, _whole(asked.row["subject_row"]))
    if asked.member and isinstance(subjects, FixedList) and subjects.named_in:
        cells[subjects.named_in] = asked.member.id
    return cells


def _raw_key(asked: Asked, register: str, row: int) -> str:
    table = asked.evidence.tables[register]
    return table.columns[table.register.key or ""].raw[row]


def _dates(asked: Asked) -> dict[str, str]:
    day = asked.as_of.isoformat()
    pattern = asked.version.pattern
    dated = dated_by(asked.version, _whole(asked.row["member"]))
    cells = {dated: day}
    if isinstance(pattern, Standing) and (pattern.end_needed or pattern.review_within):
        end = pattern.review_by or pattern.ends
        if end:
            cells[end] = _ahead(pattern, asked.as_of).isoformat()
    return cells


def _ahead(pattern: Standing, day: datetime.date) -> datetime.date:
    span = pattern.review_within or Span(_AHEAD_MONTHS, "months")
    found = as_date(add_one(day.toordinal(), span))
    assert found is not None
    return found


def _naming(asked: Asked, query: EvidenceQuery) -> Remedy:
    """The change to the subject's own row, so that it names the new item."""
    subjects = asked.version.subjects
    assert isinstance(subjects, Population)
    new = _new_key(asked.evidence.tables[query.register], query.needed)
    place = asked.evidence.tables[subjects.register].place(_whole(asked.row["subject_row"]))
    words = f"and the row of the subject names it in '{query.named_by_subject}'"
    return _change(place, subjects.register, words, {query.named_by_subject or "": new})


def _own_row(asked: Asked, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """Changes to the event's own row; none where what it must show is past with the event."""
    row = _whole(asked.row["event_row"])
    table = asked.evidence.tables[query.register]
    listed = events_of(asked.version)
    dated = dated_by(asked.version, _whole(asked.row["member"]))
    where = (*query.where, *(asked.member.where if asked.member else ()))
    cells = _conditions(table.register, where, asked.as_of)
    cells = {name: text for name, text in cells.items() if not _holds(table, row, name, where)}
    if listed and dated == listed.dated:
        if _whole(asked.row["event_day"]) < asked.as_of.toordinal():
            words = "this can no longer be done; if it was done, correct the row"
            return (_change(table.place(row), query.register, words, {}, possible=False),)
    else:
        cells[dated] = asked.as_of.isoformat()
    words = f"in this row, dated {day_words(asked.as_of)}"
    return (_change(table.place(row), query.register, words, cells),)


def _record(asked: Asked, pattern: Completeness) -> tuple[Remedy, ...]:
    row = _whole(asked.row["event_row"])
    table = asked.evidence.tables[pattern.records.register]
    if row < 0:
        words = f"the register {table.register.title}, given as a sheet"
        return (Remedy(True, words, pattern.records.register, "", "", 0, ()),)
    cells = _conditions(table.register, pattern.must, asked.as_of)
    cells = {
        name: text for name, text in cells.items() if not _holds(table, row, name, pattern.must)
    }
    later = [name for name in pattern.done_on if not _by(table, row, name, asked.as_of)]
    cells |= {name: asked.as_of.isoformat() for name in later}
    words = f"in this row, by {day_words(asked.as_of)}"
    return (_change(table.place(row), pattern.records.register, words, cells),)


def _by(table: Table, row: int, name: str, as_of: datetime.date) -> bool:
    value = table.columns[name].value[row]
    return isinstance(value, datetime.date) and value <= as_of


def _holds(table: Table, row: int, name: str, where: Sequence[Condition]) -> bool:
    """Whether the row already meets every condition on a column that is only about being filled;
    other cells are written again, which changes nothing where they are right."""
    mine = [each for each in where if each.column == name]
    filled = bool(table.columns[name].raw[row]) and (
        table.columns[name].state[row] == CellState.READ
    )
    return filled and all(each.operator == "filled" for each in mine)


def _conditions(
    spec: RegisterSpec, where: Iterable[Condition], as_of: datetime.date
) -> dict[str, str]:
    """Cells that meet each condition; several on one set are written together."""
    cells: dict[str, str] = {}
    for condition in where:
        text = _meets(spec, condition, as_of)
        if condition.operator == "includes" and condition.column in cells:
            text = f"{cells[condition.column]}; {text}"
        if condition.operator != "filled" or condition.column not in cells:
            cells[condition.column] = text
    for condition in where:
        if condition.on_or_before:
            cells.setdefault(condition.on_or_before, as_of.isoformat())
    return cells


def _meets(spec: RegisterSpec, condition: Condition, as_of: datetime.date) -> str:
    operator = condition.operator
    if operator == "equals":
        return condition.equals or ""
    if operator == "one of":
        return (condition.one_of or ("",))[0]
    if operator == "none of":
        barred = set(condition.none_of or ())
        others = [code for code in spec.column(condition.column).codes if code not in barred]
        return others[0] if others else "another"
    if operator == "includes":
        return "; ".join(condition.includes or ())
    if operator == "is":
        return "yes" if condition.is_ else "no"
    if operator == "at least":
        return str(condition.at_least)
    if operator == "on or before":
        return as_of.isoformat()
    return _filling(spec, condition.column, as_of)


def _filling(spec: RegisterSpec, name: str, as_of: datetime.date) -> str:
    """Something that may stand in a cell that must be filled."""
    column = spec.column(name)
    if column.type == "day":
        return as_of.isoformat()
    if column.codes:
        return next(iter(column.codes))
    return {"number": "1", "yes/no": "yes", "period": "2026/27"}.get(column.type, "(as recorded)")


def _change(
    place: Place, register: str, words: str, cells: Mapping[str, str], possible: bool = True
) -> Remedy:
    return Remedy(possible, words, register, place.file, place.sheet, place.row, _cells(cells))


def _cells(cells: Mapping[str, str]) -> tuple[CellToWrite, ...]:
    return tuple(CellToWrite(name, text) for name, text in cells.items() if name)


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
