"""The cells of one column of a sheet read as typed values, each distinct cell once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.cells.day_text import FIRST_YEAR, LAST_YEAR, Day, DayReason, read_column_days
from evidence.cells.day_words import number_words
from evidence.cells.entry_words import entry_words, note_of
from evidence.cells.merges import TODAY, UNKNOWN_RESULT, UNSTORED, Fault
from evidence.cells.readers import CellResult, reader_for
from evidence.cells.silence import says_nothing
from evidence.cells.text import is_blank, quoted, raw_text
from evidence.problem import ProblemKind
from evidence.raw_cells import RawValue, distinct_keys
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec
from evidence.sheet_ref import CellFault, ColumnPlace, UnreadReason
from evidence.table import CellState, Column, Typed

#: The types of column in which a text that says nothing reads as a blank.
_TEXT_TYPES = ("text", "link", "key", "keys")
#: How many different unreadable cells of a column are compared with its options, which is slow.
_MOST_COMPARED = 500
#: What is said beside a text that may be either of two dates, in a column that also has dates.
_STORED = "Cells that the spreadsheet stores as dates are read as it shows them."
#: Why a text is not a date, for a cell that may be meant as a blank one.
_WITHOUT_DAY = (DayReason.NOT_A_DAY, DayReason.NO_DAY)
_UNREADABLE = ProblemKind.CELL_UNREADABLE


class ReadCell(NamedTuple):
    """A cell as read: its raw text, its value, its state (a CellState), and, if it is a problem,
    why."""

    raw: str
    value: Typed
    state: int
    unread: UnreadReason | None = None


@dataclass(frozen=True, slots=True)
class TypedCells(Column):
    """A column of one sheet, with the reason for each row (from 0) whose cell is a problem."""

    unread: Mapping[int, UnreadReason] = field(default_factory=dict)


def type_cells(
    spec: ColumnSpec,
    cells: Sequence[RawValue],
    faults: Mapping[int, Fault] | None = None,
    date1904: bool = False,
    place: ColumnPlace | None = None,
    month_first_at: str = "",
) -> TypedCells:
    """The typed cells of one column of one sheet (semantics.md: Evidence).

    ``faults`` gives, by position, what is wrong with each cell that shows an error or whose formula
    has no stored result. Text dates are read as one column: if one of them is a date only with the
    month first, those that could be either are problems; so they are if ``month_first_at`` is the
    address of such a date in another wide column. No message quotes a cell of a sensitive column.
    Messages use the heading and the addresses of ``place``, if given.
    """
    place = place or ColumnPlace(spec.usual_heading, "", (), {})

    def address(text: str) -> str:
        return f"{place.letters}{place.rows[cells.index(text)]}" if place.rows else quoted(text)

    keys = distinct_keys(cells)
    read_by_key = dict.fromkeys(keys, blank_read(spec, place))
    distinct = dict(zip(keys, cells, strict=True))
    filled = {key: cell for key, cell in distinct.items() if not is_blank(cell)}
    if spec.type == "day":
        days = list(filled.values())
        results = _day_results(days, date1904, address, spec, month_first_at)
    else:
        results = _single_results(spec, list(filled.values()))
    for (key, cell), result in zip(filled.items(), results, strict=True):
        read_by_key[key] = _read(spec, raw_text(cell), result, place)
    read = [read_by_key[key] for key in keys]
    raw = [cell.raw for cell in read]
    value = [cell.value for cell in read]
    state = bytearray(cell.state for cell in read)
    unread: dict[int, UnreadReason] = {}
    if any(cell.unread for cell in read_by_key.values()):
        unread = {row: cell.unread for row, cell in enumerate(read) if cell.unread}
    faults = faults or {}
    reasons = {fault: _fault_reason(spec, fault, place) for fault in set(faults.values())}
    for row, fault in faults.items():
        raw[row] = UNSTORED if fault in UNKNOWN_RESULT else fault
        value[row], state[row] = None, CellState.UNREADABLE
        unread[row] = reasons[fault]
    return TypedCells(spec.name, raw, value, state, unread)


def blank_read(spec: ColumnSpec, place: ColumnPlace | None = None) -> ReadCell:
    """A blank cell of the column, as the register says how one reads."""
    if spec.blank == BLANK_NOTHING:
        return ReadCell("", None, CellState.NOTHING)
    if spec.blank != BLANK_UNREADABLE and spec.type != "day":
        value = reader_for(spec)(spec.blank).value
        if value is not None:
            return ReadCell("", value, CellState.READ)
    expected = note_of(spec) or entry_words(spec, place.sheets if place else {})
    cell = (
        f"'{place.heading if place else spec.usual_heading}' cell" if expected == "text" else "cell"
    )
    instruction = f"Enter {expected}.{_while_unknown(spec)}"
    fault = CellFault(ProblemKind.CELL_BLANK, "are blank", instruction, quotes=False)
    reason = UnreadReason(fault, f"The {cell} is blank. {instruction}")
    return ReadCell("", None, CellState.BLANK, reason)


def _while_unknown(spec: ColumnSpec) -> str:
    """What to do about a date that must be entered and is not known yet, as a further sentence."""
    if spec.type != "day" or spec.blank == BLANK_NOTHING:
        return ""
    if spec.planned:
        return " It may be a planned date."
    return " If you do not know it yet, delete the row until you do."


def _silent_read(spec: ColumnSpec, text: str, place: ColumnPlace) -> ReadCell:
    """A cell whose text says nothing: it reads as a blank one does."""
    blank = blank_read(spec, place)
    if blank.state == CellState.READ:  # the raw text must be that of a blank cell too
        return blank
    if blank.unread is None:
        return blank._replace(raw=text)
    fault = blank.unread.fault._replace(predicate="say nothing", quotes=not spec.sensitive)
    shown = "The text in the cell" if spec.sensitive else quoted(text)
    reason = UnreadReason(fault, f"{shown} says nothing. {fault.instruction}")
    return blank._replace(raw=text, unread=reason)


def _read(spec: ColumnSpec, text: str, result: CellResult, place: ColumnPlace) -> ReadCell:
    """A filled cell with this text and result."""
    if result.value is not None:
        return ReadCell(text, result.value, CellState.READ)
    if spec.type in _TEXT_TYPES and says_nothing(text):
        return _silent_read(spec, text, place)
    return ReadCell(text, None, CellState.UNREADABLE, _unread(spec, text, result, place))


def _single_results(spec: ColumnSpec, cells: Sequence[RawValue]) -> Iterator[CellResult]:
    """The results of a column each of whose cells is read by itself."""
    reader, unread = reader_for(spec), 0
    for cell in cells:
        result = reader(cell)
        yield result
        if result.value is None:
            unread += 1
            if unread == _MOST_COMPARED:
                reader = reader_for(spec, hints=False)


def _unread(spec: ColumnSpec, text: str, result: CellResult, place: ColumnPlace) -> UnreadReason:
    """Why a cell with this text cannot be read; a sensitive column's cell is not quoted."""
    usual = f"Enter {entry_words(spec, place.sheets, text)}."
    if spec.sensitive:
        fault = CellFault(_UNREADABLE, "cannot be read", usual, quotes=False)
        return UnreadReason(fault, f"The cell cannot be read. {usual}")
    instruction = result.instruction or usual
    fault = CellFault(_UNREADABLE, result.predicate, result.shared_instruction or instruction)
    suggests = result.message.endswith("?")  # no list of options is needed then
    message = result.message if suggests else f"{result.message} {instruction}"
    return UnreadReason(fault, message, result.detail)


def _day_results(
    cells: Sequence[RawValue],
    date1904: bool,
    address: Callable[[str], str],
    spec: ColumnSpec,
    month_first_at: str,
) -> Iterator[CellResult]:
    usual = f"Enter {entry_words(spec)}."
    needed = f"Enter {entry_words(spec.model_copy(update={'blank': BLANK_UNREADABLE}))}."
    stored = any(isinstance(cell, datetime.date) for cell in cells)
    texts = [cell if isinstance(cell, str) else None for cell in cells]
    days = read_column_days(texts, address, month_first_at)
    for cell, text, day in zip(cells, texts, days, strict=True):
        if text is None or day is None:
            yield _day_result(cell, date1904)
        elif isinstance(day, Day):
            yield CellResult(day.day)
        else:
            written = f"Enter {entry_words(spec, instead_of=text)}."
            instruction = written if day.reason in _WITHOUT_DAY else day.instruction
            shared = day.shared_instruction
            if day.reason is DayReason.NO_DAY:  # it says that there is a date
                instruction = needed
            if day.reason is DayReason.MIXED_ORDERS and stored:
                instruction = f"{instruction} {_STORED}"
            if says_nothing(text):  # it may be meant as a blank
                instruction = f"{usual}{_while_unknown(spec)}"
                shared = usual
            yield CellResult(
                value=None,
                message=day.message,
                instruction=instruction,
                predicate=day.predicate,
                detail=day.detail,
                shared_instruction=shared,
            )


def _day_result(cell: RawValue, date1904: bool) -> CellResult:
    """The day of a cell that is not a text."""
    shown = quoted(raw_text(cell))
    message = f"{shown} is not a date."
    reason = DayReason.NOT_A_DAY
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, datetime.date):
        if FIRST_YEAR <= cell.year <= LAST_YEAR:
            return CellResult(cell)
        typed = quoted(f"{cell:%d/%m}/{cell.year}")
        message = f"{typed} is outside the years {FIRST_YEAR} to {LAST_YEAR}."
        reason = DayReason.YEAR_OUT_OF_RANGE
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        message = f"{shown} is a number, not a date{number_words(cell, date1904)}."
        reason = DayReason.BARE_NUMBER
    return CellResult(None, message, predicate=reason)


def _fault_reason(spec: ColumnSpec, shown_error: Fault, place: ColumnPlace) -> UnreadReason:
    """Why a cell cannot be read that shows an error, or whose formula has no stored result or gives
    today's date (then ``shown_error`` is UNSTORED or TODAY)."""
    if shown_error == TODAY:
        instruction = f"It changes each day. Enter {entry_words(spec, place.sheets)}."
        fault = CellFault(
            _UNREADABLE, "contain formulas with today's date", instruction, quotes=False
        )
        return UnreadReason(fault, f"The formula of this cell gives today's date. {instruction}")
    if shown_error != UNSTORED:
        or_enter = f"or enter {entry_words(spec, place.sheets)}."
        fault = CellFault(
            _UNREADABLE, "show errors", f"Correct their formulas, {or_enter}", quotes=False
        )
        message = f"The cell shows the error {shown_error}. Correct its formula, {or_enter}"
        return UnreadReason(fault, message)
    predicate = "contain formulas whose results are missing"
    instruction = "Open the workbook in Excel, save it and run the check again."
    message = f"The result of this formula is missing. {instruction}"
    return UnreadReason(CellFault(_UNREADABLE, predicate, instruction, quotes=False), message)
