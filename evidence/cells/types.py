"""The cells of one column of a sheet read as typed values, each distinct cell once."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from evidence.cells.day_text import FIRST_YEAR, LAST_YEAR, SEVERAL, Day, DayReason, read_column_days
from evidence.cells.day_words import number_words
from evidence.cells.merges import Fault
from evidence.cells.readers import CellReading, asked_for, reader_for, silent
from evidence.cells.silence import says_nothing
from evidence.cells.text import is_blank, quoted, raw_text
from evidence.problem import ProblemKind
from evidence.raw_cells import RawValue, distinct_keys
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec
from evidence.sheet_ref import CellFault, UnreadReason
from evidence.table import CellState, Column, Typed

#: The types of column in which a text that says nothing is as blank.
_WORDED = ("text", "key", "keys")
#: How many different unreadable cells of a column are compared with its options.
_HINTED = 500
_UNREADABLE = ProblemKind.CELL_UNREADABLE

_Read = tuple[str, Typed, int, UnreadReason | None]  # raw, value, state, why it is a problem


@dataclass(frozen=True, slots=True)
class TypedCells(Column):
    """A column of one sheet, with the reason for each row (from 0) whose cell is a problem."""

    unread: Mapping[int, UnreadReason] = field(default_factory=dict)


def type_cells(
    spec: ColumnSpec,
    cells: Sequence[RawValue],
    faults: Mapping[int, Fault] | None = None,
    date1904: bool = False,
) -> TypedCells:
    """The typed cells of one column of one sheet (semantics.md: Evidence).

    ``faults`` are the positions of cells that show an error or whose formula has no stored
    result. Text dates are read as one column: if one of them is a date only with the month first,
    those that could be either are problems. No message quotes a cell of a sensitive column.
    """
    keys = distinct_keys(cells)
    known = _read_distinct(spec, dict(zip(keys, cells, strict=True)), date1904)
    read = list(map(known.__getitem__, keys))
    raw, value = list(map(itemgetter(0), read)), list(map(itemgetter(1), read))
    state = bytearray(map(itemgetter(2), read))
    any_unread = any(reason for _, _, _, reason in known.values())
    unread = {row: cell[3] for row, cell in enumerate(read) if cell[3]} if any_unread else {}
    faults = faults or {}
    reasons = {words: _fault_reason(spec, words) for words in set(faults.values())}
    for row, words in faults.items():
        raw[row], value[row], state[row] = words, None, CellState.UNREADABLE
        unread[row] = reasons[words]
    return TypedCells(spec.name, raw, value, state, unread)


def blank_read(spec: ColumnSpec) -> _Read:
    """The raw text, value, state and problem of a blank cell of the column."""
    if spec.blank == BLANK_NOTHING:
        return "", None, CellState.NOTHING, None
    if spec.blank != BLANK_UNREADABLE and spec.type != "day":
        value = reader_for(spec)(spec.blank).value
        if value is not None:
            return "", value, CellState.READ, None
    advice = f"Enter {asked_for(spec)}."
    fault = CellFault(ProblemKind.CELL_BLANK, "are blank", advice, quotes=False)
    return "", None, CellState.BLANK, UnreadReason(fault, f"The cell is blank. {advice}")


def _silent_read(spec: ColumnSpec, text: str) -> _Read:
    """A cell whose text says nothing: it reads as a blank one does."""
    raw, value, state, blank = blank_read(spec)
    if state == CellState.READ:  # the raw text must be that of a blank cell too
        return raw, value, state, blank
    if blank is None:
        return text, value, state, None
    fault = blank.fault._replace(are="say nothing", quotes=not spec.sensitive)
    shown = "The text in the cell" if spec.sensitive else quoted(text)
    return text, value, state, UnreadReason(fault, f"{shown} says nothing. {fault.advice}")


def _read_distinct(
    spec: ColumnSpec, distinct: Mapping[Hashable, RawValue], date1904: bool
) -> dict[Hashable, _Read]:
    """Each distinct cell of the column, read."""
    known = dict.fromkeys(distinct, blank_read(spec))
    filled = {key: cell for key, cell in distinct.items() if not is_blank(cell)}
    cells = list(filled.values())
    days = spec.type == "day"
    readings = _day_readings(cells, date1904) if days else _single_readings(spec, cells)
    for (key, cell), reading in zip(filled.items(), readings, strict=True):
        text, value = raw_text(cell), reading.value
        if value is not None:
            known[key] = text, value, CellState.READ, None
        elif spec.type in _WORDED and says_nothing(text):
            known[key] = _silent_read(spec, text)
        else:
            known[key] = text, None, CellState.UNREADABLE, _unread(spec, reading)
    return known


def _single_readings(spec: ColumnSpec, cells: Sequence[RawValue]) -> Iterator[CellReading]:
    """The readings of a column whose cells do not bear on one another."""
    reader, unread = reader_for(spec), 0
    for cell in cells:
        reading = reader(cell)
        yield reading
        if reading.value is None:
            unread += 1
            if unread == _HINTED:
                reader = reader_for(spec, hints=False)


def _unread(spec: ColumnSpec, reading: CellReading) -> UnreadReason:
    """Why a cell cannot be read; a sensitive column's cell is not quoted."""
    usual = f"Enter {asked_for(spec)}."
    if spec.sensitive:
        fault = CellFault(_UNREADABLE, "cannot be read", usual, quotes=False)
        return UnreadReason(fault, f"The cell cannot be read. {usual}")
    hint = reading.hint or usual
    fault = CellFault(_UNREADABLE, reading.are, reading.advice or hint)
    return UnreadReason(fault, f"{reading.why} {hint}", reading.detail)


def _day_readings(cells: Sequence[RawValue], date1904: bool) -> Iterator[CellReading]:
    texts = [cell if isinstance(cell, str) else None for cell in cells]
    for cell, text, day in zip(cells, texts, read_column_days(texts), strict=True):
        if text is None or day is None:
            yield _reading_of_day(cell, date1904)
        elif isinstance(day, Day):
            yield CellReading(day.day)
        elif day.reason == DayReason.PLACEHOLDER:
            yield silent(text)
        else:
            why = day.message.replace(f"'{text}'", quoted(text))
            yield CellReading(None, why, day.hint, SEVERAL[day.reason], day.detail, day.advice)


def _reading_of_day(cell: RawValue, date1904: bool) -> CellReading:
    """The day of a cell that is not a text."""
    shown = quoted(raw_text(cell))
    why, reason = f"{shown} is not a date.", DayReason.NOT_A_DAY
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, datetime.date):
        if FIRST_YEAR <= cell.year <= LAST_YEAR:
            return CellReading(cell)
        why = f"{shown} is outside the years {FIRST_YEAR} to {LAST_YEAR}."
        reason = DayReason.YEAR_OUT_OF_RANGE
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        why = f"{shown} is a number, not a date{number_words(cell, date1904)}."
        reason = DayReason.BARE_NUMBER
    return CellReading(None, why, are=SEVERAL[reason])


def _fault_reason(spec: ColumnSpec, words: Fault) -> UnreadReason:
    """Why a cell cannot be read that shows an error, or whose formula has no stored result."""
    if words:
        are, mend = "show errors", f"or enter {asked_for(spec)}."
        fault = CellFault(_UNREADABLE, are, f"Correct their formulas, {mend}", quotes=False)
        message = f"The cell shows the error {words}. Correct its formula, {mend}"
        return UnreadReason(fault, message)
    are = "contain formulas whose results are not stored in the file"
    advice = "Open the file in Excel, save it and check again."
    message = f"The cell contains a formula whose result is not stored in the file. {advice}"
    return UnreadReason(CellFault(_UNREADABLE, are, advice, quotes=False), message)
