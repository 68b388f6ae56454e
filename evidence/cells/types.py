"""The cells of one column of a sheet read as typed values, each distinct cell once."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from evidence.table import CellState, Typed

#: The types of column in which a text that says nothing is as blank.
_WORDED = ("text", "key", "keys")
#: How many different unreadable cells of a column are told what may have been meant.
_HINTED = 500
_UNREADABLE = ProblemKind.CELL_UNREADABLE

_Read = tuple[str, Typed, int, UnreadReason | None]  # raw, value, state, why it is a problem


@dataclass(frozen=True, slots=True)
class TypedCells:
    """A column's cells: three lists of one length as in :class:`evidence.table.Column`, and for
    each position whose cell is a problem why it cannot be read."""

    raw: list[str]
    value: list[Typed]
    state: bytearray
    unread: Mapping[int, UnreadReason]


def type_cells(
    spec: ColumnSpec,
    cells: Sequence[RawValue],
    faults: Mapping[int, Fault] | None = None,
    date1904: bool = False,
) -> TypedCells:
    """Reads the cells of one column of one sheet.

    ``faults`` are the positions of cells that show an error or whose formula has no stored
    result. Text days are read as one column: where one of them is a day only month first, those
    that could be either are problems (semantics.md: a blank key, date or condition cannot be
    read, unless the register says what blank means). Where the column is sensitive no message
    quotes a cell.
    """
    keys = distinct_keys(cells)
    known = _read_distinct(spec, dict(zip(keys, cells, strict=True)), date1904)
    read = list(map(known.__getitem__, keys))
    some = any(why for _, _, _, why in known.values())
    typed = TypedCells(
        raw=list(map(itemgetter(0), read)),
        value=list(map(itemgetter(1), read)),
        state=bytearray(map(itemgetter(2), read)),
        unread={i: each[3] for i, each in enumerate(read) if each[3]} if some else {},
    )
    return _with_faults(spec, typed, faults) if faults else typed


def blank_cells(spec: ColumnSpec, count: int) -> TypedCells:
    """So many cells of a column that is not required and not there: each reads as blank, and
    none is a problem of its own."""
    raw, value, state, _ = blank_read(spec)
    return TypedCells([raw] * count, [value] * count, bytearray([state]) * count, {})


def lost_cells(count: int, state: CellState) -> TypedCells:
    """So many cells of a column that cannot be read at all."""
    return TypedCells([""] * count, [None] * count, bytearray([state]) * count, {})


def some_cells(cells: TypedCells, rows: Sequence[int]) -> TypedCells:
    """The cells of these rows (from 0), in this order, without what makes them problems;
    the cells themselves where they are all."""
    if len(rows) == len(cells.raw):
        return cells
    raw = [cells.raw[row] for row in rows]
    value = [cells.value[row] for row in rows]
    return TypedCells(raw, value, bytearray(cells.state[row] for row in rows), {})


def blank_read(spec: ColumnSpec) -> _Read:
    """What a blank cell of the column says."""
    if spec.blank == BLANK_NOTHING:
        return "", None, CellState.NOTHING, None
    if spec.blank != BLANK_UNREADABLE and spec.type != "day":
        value = reader_for(spec)(spec.blank).value
        if value is not None:
            return "", value, CellState.READ, None
    advice = f"Enter {asked_for(spec)}."
    fault = CellFault(ProblemKind.CELL_BLANK, "are blank", advice, quotes=False)
    return "", None, CellState.BLANK, UnreadReason(fault, f"The cell is blank. {advice}")


def _as_blank(spec: ColumnSpec, text: str) -> _Read:
    """What a cell says in which a text says nothing: what a blank one would."""
    raw, value, state, blank = blank_read(spec)
    if state == CellState.READ:  # a blank that stands for a word: the cell must read as blank
        return raw, value, state, blank
    if blank is None:
        return text, value, state, None
    fault = blank.fault._replace(are="say nothing", quotes=not spec.sensitive)
    shown = "The text in the cell" if spec.sensitive else quoted(text)
    return text, value, state, UnreadReason(fault, f"{shown} says nothing. {fault.advice}")


def _read_distinct(
    spec: ColumnSpec, distinct: Mapping[Hashable, RawValue], date1904: bool
) -> dict[Hashable, _Read]:
    """What each distinct cell of the column says."""
    known = dict.fromkeys(distinct, blank_read(spec))
    standing = {key: cell for key, cell in distinct.items() if not is_blank(cell)}
    cells = list(standing.values())
    answers = _day_answers(cells, date1904) if spec.type == "day" else _single_answers(spec, cells)
    read = CellState.READ
    for (key, cell), answer in zip(standing.items(), answers, strict=True):
        text, value = raw_text(cell), answer.value
        if value is not None:
            known[key] = text, value, read, None
        elif spec.type in _WORDED and says_nothing(text):
            known[key] = _as_blank(spec, text)
        else:
            known[key] = text, None, CellState.UNREADABLE, _unread(spec, answer)
    return known


def _single_answers(spec: ColumnSpec, cells: Sequence[RawValue]) -> Iterator[CellReading]:
    """The answers of a column whose cells do not bear on one another."""
    reader, unread = reader_for(spec), 0
    for cell in cells:
        answer = reader(cell)
        yield answer
        if answer.value is None:
            unread += 1
            if unread == _HINTED:
                reader = reader_for(spec, hints=False)


def _unread(spec: ColumnSpec, answer: CellReading) -> UnreadReason:
    """Why a cell cannot be read; of a sensitive column's cell nothing is quoted."""
    usual = f"Enter {asked_for(spec)}."
    if spec.sensitive:
        fault = CellFault(_UNREADABLE, "cannot be read", usual, quotes=False)
        return UnreadReason(fault, f"The cell cannot be read. {usual}")
    hint = answer.hint or usual
    fault = CellFault(_UNREADABLE, answer.are, answer.advice or hint)
    return UnreadReason(fault, f"{answer.why} {hint}", answer.detail)


def _day_answers(cells: Sequence[RawValue], date1904: bool) -> Iterator[CellReading]:
    texts = [cell if isinstance(cell, str) else None for cell in cells]
    for cell, text, read in zip(cells, texts, read_column_days(texts), strict=True):
        if text is None or read is None:
            yield _day_of_cell(cell, date1904)
        elif isinstance(read, Day):
            yield CellReading(read.day)
        elif read.reason == DayReason.PLACEHOLDER:
            yield silent(text)
        else:
            why = read.message.replace(f"'{text}'", quoted(text))
            several = SEVERAL[read.reason], read.detail, read.advice
            yield CellReading(None, why, read.hint, *several)


def _day_of_cell(cell: RawValue, date1904: bool) -> CellReading:
    """The day of a cell that is no text."""
    shown = quoted(raw_text(cell))
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, datetime.date):
        if FIRST_YEAR <= cell.year <= LAST_YEAR:
            return CellReading(cell)
        why = f"{shown} is outside the years {FIRST_YEAR} to {LAST_YEAR}."
        return CellReading(None, why, are=SEVERAL[DayReason.YEAR_OUT_OF_RANGE])
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        why = f"{shown} is a number, not a date{number_words(cell, date1904)}."
        return CellReading(None, why, are=SEVERAL[DayReason.BARE_NUMBER])
    return CellReading(None, f"{shown} is not a date.", are=SEVERAL[DayReason.NOT_A_DAY])


def _with_faults(spec: ColumnSpec, typed: TypedCells, faults: Mapping[int, Fault]) -> TypedCells:
    """The cells with those put right that show an error or hold a formula without a result."""
    asked = asked_for(spec)
    wrong = CellFault(
        _UNREADABLE,
        "show errors",
        f"Correct their formulas, or enter {asked}.",
        quotes=False,
    )
    unstored = CellFault(
        _UNREADABLE,
        "contain formulas whose results are not stored in the file",
        "Open the file in Excel, save it and check again.",
        quotes=False,
    )
    message = "The cell contains a formula whose result is not stored in the file."
    unread = dict(typed.unread)
    for position, words in faults.items():
        typed.raw[position], typed.value[position] = words, None
        typed.state[position] = CellState.UNREADABLE
        unread[position] = UnreadReason(unstored, f"{message} {unstored.advice}")
        if words:
            mend = f"Correct its formula, or enter {asked}."
            unread[position] = UnreadReason(wrong, f"The cell shows the error {words}. {mend}")
    return TypedCells(typed.raw, typed.value, typed.state, unread)
