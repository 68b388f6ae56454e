"""The cells of one column of a sheet read as typed values, each distinct cell once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.cellreaders import Answer, asked_for, placeholder, reader_for
from evidence.daynumber import number_words
from evidence.days import FIRST_YEAR, LAST_YEAR, Day, DayReason
from evidence.daytext import read_column_days
from evidence.merges import Fault
from evidence.rawcells import RawValue
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec
from evidence.table import CellState, Typed
from evidence.wording import is_blank, quoted, raw_text

#: How many different unreadable cells of a column are told what may have been meant.
_HINTED = 500

#: A cell and its class: True, 1 and 1.0 are equal, and not the same cell.
_Cell = tuple[type, RawValue]
_Read = tuple[str, Typed, int, str]  # raw, value, state, message


@dataclass(frozen=True, slots=True)
class TypedCells:
    """A column's cells: three lists of one length as in :class:`evidence.table.Column`, and a
    message for each position whose cell is a problem."""

    raw: list[str]
    value: list[Typed]
    state: bytearray
    messages: Mapping[int, str]


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
    keys: list[_Cell] = list(zip(map(type, cells), cells, strict=True))
    known = _read_distinct(spec, dict.fromkeys(keys), date1904)
    read = [known[key] for key in keys]
    typed = TypedCells(
        raw=[each[0] for each in read],
        value=[each[1] for each in read],
        state=bytearray(each[2] for each in read),
        messages={i: each[3] for i, each in enumerate(read) if each[3]},
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


def blank_read(spec: ColumnSpec) -> _Read:
    """What a blank cell of the column says."""
    if spec.blank == BLANK_NOTHING:
        return "", None, CellState.NOTHING, ""
    if spec.blank != BLANK_UNREADABLE and spec.type != "day":
        value = reader_for(spec)(spec.blank).value
        if value is not None:
            return "", value, CellState.READ, ""
    return "", None, CellState.BLANK, f"The cell is blank. Write {asked_for(spec)}."


def _read_distinct(spec: ColumnSpec, keys: Iterable[_Cell], date1904: bool) -> dict[_Cell, _Read]:
    """What each distinct cell of the column says."""
    blank = blank_read(spec)
    known: dict[_Cell, _Read] = {}
    standing: list[_Cell] = []
    for key in keys:
        if is_blank(key[1]):
            known[key] = blank
        else:
            standing.append(key)
    for key, answer in _answers(spec, standing, date1904):
        known[key] = _read(spec, raw_text(key[1]), answer)
    return known


def _answers(
    spec: ColumnSpec, keys: Sequence[_Cell], date1904: bool
) -> Iterable[tuple[_Cell, Answer]]:
    if spec.type == "day":
        return _day_answers(keys, date1904)
    return _single_answers(spec, keys)


def _single_answers(spec: ColumnSpec, keys: Sequence[_Cell]) -> Iterator[tuple[_Cell, Answer]]:
    """The answers of a column whose cells do not bear on one another."""
    reader, unread = reader_for(spec), 0
    for key in keys:
        answer = reader(key[1])
        yield key, answer
        if answer.value is None:
            unread += 1
            if unread == _HINTED:
                reader = reader_for(spec, hints=False)


def _read(spec: ColumnSpec, raw: str, answer: Answer) -> _Read:
    if answer.value is not None:
        return raw, answer.value, CellState.READ, ""
    return raw, None, CellState.UNREADABLE, _message(spec, answer)


def _message(spec: ColumnSpec, answer: Answer) -> str:
    """The sentences about an unreadable cell; of a sensitive column's cell they quote nothing."""
    if spec.sensitive:
        return f"What stands in the cell cannot be read. Write {asked_for(spec)}."
    return f"{answer.why} {answer.hint or f'Write {asked_for(spec)}.'}"


def _day_answers(keys: Sequence[_Cell], date1904: bool) -> Iterator[tuple[_Cell, Answer]]:
    texts = [cell if isinstance(cell, str) else None for _, cell in keys]
    for key, text, read in zip(keys, texts, read_column_days(texts), strict=True):
        if text is None or read is None:
            yield key, _day_of_cell(key[1], date1904)
        elif isinstance(read, Day):
            yield key, Answer(read.day)
        elif read.reason == DayReason.PLACEHOLDER:
            yield key, placeholder(text)
        else:
            yield key, Answer(None, read.message.replace(f"'{text}'", quoted(text)), read.hint)


def _day_of_cell(cell: RawValue, date1904: bool) -> Answer:
    """The day of a cell that is no text."""
    shown = quoted(raw_text(cell))
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, datetime.date):
        if FIRST_YEAR <= cell.year <= LAST_YEAR:
            return Answer(cell)
        return Answer(None, f"{shown} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Answer(None, f"{shown} is a number, not a day{number_words(cell, date1904)}.")
    return Answer(None, f"{shown} is no day.")


def _with_faults(spec: ColumnSpec, typed: TypedCells, faults: Mapping[int, Fault]) -> TypedCells:
    """The cells with those put right that show an error or hold a formula without a result."""
    messages = dict(typed.messages)
    for position, words in faults.items():
        typed.raw[position], typed.value[position] = words, None
        typed.state[position] = CellState.UNREADABLE
        messages[position] = _fault_message(spec, words)
    return TypedCells(typed.raw, typed.value, typed.state, messages)


def _fault_message(spec: ColumnSpec, words: Fault) -> str:
    if words:
        return f"The cell shows the error {words}. Correct its formula, or write {asked_for(spec)}."
    return (
        "The cell holds a formula whose result is not stored in the file."
        " Open the file in Excel, save it and check again."
    )
