"""The truth of conditions for each row of a register (semantics.md: Evidence)
(reading-semantics.md: What a cell can say; What fills a key).

The truth of a condition has three values: True, False, and None where a cell that it depends on
cannot be read (semantics.md: An obligation's status at D).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

from engine.plain.days import before
from engine.plain.sheet import Sheet, Sheets, Truth, normal
from evidence.table import CellState, Typed
from rules.condition import Applies, Ask, Condition, conditions_of

T = TypeVar("T")


def list_truths(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[Truth]:
    """As ``truths``, for the rows of a list. A list contains what is still to come, so a later day
    fills a cell there (semantics.md: Completeness)."""
    return truths(sheet.sheets.for_ever.of(sheet.spec.id), where)


def truths(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[Truth]:
    """For each row: False if any condition is false, else None if any is unknown."""
    if len(where) == 1:
        return _condition_truths(sheet, where[0])
    columns = [_condition_truths(sheet, ask) for ask in where] or [[True] * sheet.size]
    return sheet.once(("truths", where), lambda: _of_each(zip(*columns, strict=True), _all))


def true_rows(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[int]:
    """The rows that certainly meet every condition. The results are kept, because many rules begin
    with the same conditions."""
    if not where:
        return range(sheet.size)
    return sheet.once(
        ("true", where),
        lambda: list(
            filter(_condition_truths(sheet, where[-1]).__getitem__, true_rows(sheet, where[:-1]))
        ),
    )


def cancelled(sheet: Sheet, column: str | None) -> Sequence[Truth]:
    """Whether each row is marked as cancelled in that yes/no column; without one, none is."""
    return truths(sheet, (Condition(column=column, is_=True),)) if column else [False] * sheet.size


def _condition_truths(sheet: Sheet, ask: Ask) -> Sequence[Truth]:
    # Without 'filled', a condition has the same truth on each day.
    if not any(condition.filled for condition in conditions_of((ask,))):
        sheet = sheet.sheets.for_ever.of(sheet.spec.id)
    return sheet.once(("truth", ask), lambda: _judge_rows(sheet, ask))


def _all(truths: Collection[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _any(truths: Collection[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False


def _of_each(cells: Iterable[T], meaning: Callable[[T], Truth]) -> list[Truth]:
    """The truth that each cell means, worked out once for each distinct cell: few are distinct."""
    cells = list(cells)
    meanings = {cell: meaning(cell) for cell in set(cells)}
    return [meanings[cell] for cell in cells]


def _judge_rows(sheet: Sheet, condition: Ask) -> list[Truth]:
    """The truth of one condition for each row (rules.condition defines the operators)."""
    if not isinstance(condition, Condition):
        columns = [_condition_truths(sheet, alternative) for alternative in condition.any_of]
        return _of_each(zip(*columns, strict=True), _any)
    if condition.on_or_before is not None:
        return _on_or_before(sheet, condition, condition.on_or_before)
    if condition.filled:
        spec = sheet.specs.get(condition.column)
        if spec and spec.named:
            return _names_a_row(sheet, condition, spec.named)
        return _filled(sheet, condition.column)
    column = sheet.column(condition.column)
    passes = _test(condition, ignores_case=sheet.ignores_case(condition.column))

    def meaning(cell: tuple[Typed, int]) -> Truth:
        value, state = cell
        if state == CellState.READ:
            return passes(value)
        return False if state == CellState.NOTHING else None

    return _of_each(zip(column.value, column.state, strict=True), meaning)


def _test(condition: Condition, *, ignores_case: bool) -> Callable[[Typed], bool]:
    """The test that a condition makes of a cell that was read."""
    plain: Callable[[str], str] = normal if ignores_case else str
    several = condition.one_of or condition.none_of or condition.includes or ()
    texts = frozenset(plain(text) for text in (condition.equals, *several) if text is not None)
    match condition.operator:
        case "is":
            return lambda value: value is condition.is_
        case "at least":
            least = condition.at_least or 0
            return lambda value: isinstance(value, int) and value >= least
        case "includes":
            return lambda value: isinstance(value, frozenset) and texts <= value
        case "none of":
            return lambda value: isinstance(value, str) and plain(value) not in texts
    return lambda value: isinstance(value, str) and plain(value) in texts


def _on_or_before(sheet: Sheet, condition: Condition, other: str) -> list[Truth]:
    def meaning(cells: tuple[date | None, date | None, int, int]) -> Truth:
        day, bound, *states = cells
        if day is None or bound is None:
            return False if CellState.NOTHING in states else None
        return day <= bound and (not condition.within or day >= before(bound, condition.within))

    days = sheet.days(condition.column)
    bounds = sheet.days(other)
    states = sheet.column(condition.column).state, sheet.column(other).state
    return _of_each(zip(days, bounds, *states, strict=True), meaning)


def _filled(sheet: Sheet, name: str) -> list[Truth]:
    """Whether each cell contains something. A day after the as-of date does not fill a cell, except
    in a column of planned days."""
    column, days = sheet.column(name), sheet.days(name)
    planned = name in sheet.specs and sheet.specs[name].planned
    return [
        bool(raw.strip()) and (day is None or planned or day <= sheet.as_of)
        if state == CellState.READ
        else _of_blank(state)
        for raw, state, day in zip(column.raw, column.state, days, strict=True)
    ]


def _of_blank(state: int) -> Truth:
    """Whether a cell that was not read is filled: False if it is blank, otherwise unknown."""
    return False if state in (CellState.NOTHING, CellState.BLANK) else None


def _names_a_row(sheet: Sheet, condition: Condition, registers: Sequence[str]) -> list[Truth]:
    """Whether each cell contains a key of a row that counts (semantics.md: Evidence)."""
    sheets = map(sheet.sheets.of, registers)
    counting = frozenset[str]().union(*(_keys_that_count(s, condition.where) for s in sheets))
    cells = zip(sheet.keys(condition.column), sheet.column(condition.column).state, strict=True)
    return [
        not counting.isdisjoint(keys) if state == CellState.READ else _of_blank(state)
        for keys, state in cells
    ]


def _keys_that_count(sheet: Sheet, where: tuple[Ask, ...]) -> frozenset[str]:
    """The keys of the rows that count: they were read, were not cancelled, are dated by the as-of
    date, and meet ``where``."""
    keys = sheet.keys(sheet.spec.key)
    dated_by = sheet.spec.dated_by
    days = sheet.days(dated_by) if dated_by else [date.min] * sheet.size
    marked = cancelled(sheet, sheet.spec.cancelled)

    def counts(row: int) -> bool:
        day = days[row]
        return marked[row] is False and day is not None and day <= sheet.as_of

    return sheet.once(
        ("keys that count", where),
        lambda: frozenset(
            key for row in true_rows(sheet, where) if counts(row) for key in keys[row]
        ),
    )


def applies_on(sheets: Sheets, applies: Applies | None, day: date) -> Truth:
    """Whether a row that the condition takes is in place on ``day``; None if none is for certain,
    but one may be. Without a condition a duty applies."""
    if applies is None:
        return True
    return sheets.once(("applies", applies, day), lambda: _applies_on(sheets, applies, day))


def _applies_on(sheets: Sheets, applies: Applies, day: date) -> Truth:
    sheet = sheets.of(applies.register)
    begins = sheet.days(applies.begins) if applies.begins else [date.min] * sheet.size
    rows = zip(truths(sheet, applies.asks), begins, sheet.days(applies.ends), strict=True)
    return _any(
        {
            None if first is None else truth
            for truth, first, end in rows
            if truth is not False and (first is None or first <= day)
            if end is None or end > day  # An unreadable end reads as not ended.
        }
    )
