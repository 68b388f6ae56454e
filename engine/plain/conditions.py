"""What conditions say of each row of a register (semantics.md, Evidence).

The truth of a condition has three values: True, False, and None where a cell that it depends on
cannot be read (semantics.md, An obligation's status at D).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from engine.plain.days import before
from engine.plain.sheet import Sheet, Sheets, Truth, normal
from evidence.table import CellState, Typed
from rules.condition import Applies, Ask, Condition
from rules.span import Span


def listed(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[Truth]:
    """The same as ``truths`` for rows of a list: it holds what is still to come, so a later day
    fills a cell there (semantics.md, Patterns, 6: a record dated after D is not yet due)."""
    return truths(sheet.sheets.for_ever.of(sheet.register), where)


def truths(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[Truth]:
    """For each row: False if any condition is false, else None if any cannot be told."""
    return sheet.once(("truths", where), lambda: _truths(sheet, where))


def _truths(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[Truth]:
    if not where:
        return [True] * sheet.size
    told = _told(sheet, where[-1])
    if len(where) == 1:
        return told
    return [_both(a, b) for a, b in zip(truths(sheet, where[:-1]), told, strict=True)]


def true_rows(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[int]:
    """The rows that meet every condition, for certain."""
    return sheet.once(("true", where), lambda: _true_rows(sheet, where))


def _true_rows(sheet: Sheet, where: tuple[Ask, ...]) -> Sequence[int]:
    if not where:
        return range(sheet.size)
    told = _told(sheet, where[-1])
    return [row for row in true_rows(sheet, where[:-1]) if told[row]]


def _told(sheet: Sheet, ask: Ask) -> Sequence[Truth]:
    if isinstance(ask, Condition):
        return sheet.once(("told", ask), lambda: _tell(sheet, ask))
    told = [_told(sheet, each) for each in ask.any_of]
    return [_either(truths) for truths in zip(*told, strict=True)]


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(truths: Sequence[Truth]) -> Truth:
    if any(truths):
        return True
    return None if any(each is None for each in truths) else False


def _tell(sheet: Sheet, condition: Condition) -> list[Truth]:
    """What one condition says of each row (rules.condition says what the operators mean)."""
    if condition.on_or_before is not None:
        return _on_or_before(sheet, condition.column, condition.on_or_before, condition.within)
    if condition.filled:
        spec = sheet.column_spec(condition.column)
        if spec is not None and spec.named:
            return _names_a_row(sheet, condition.column, spec.named, condition.where)
        return _filled(sheet, condition.column)
    column = sheet.column(condition.column)
    holds = _test(condition, spoken=sheet.spoken(condition.column))
    cells = list(zip(column.value, column.state, strict=True))
    said: dict[tuple[Typed, int], Truth] = {
        (value, state): holds(value)
        if state == CellState.READ
        else (False if state == CellState.NOTHING else None)
        for value, state in set(cells)  # few are different
    }
    return [said[cell] for cell in cells]


def _filled(sheet: Sheet, name: str) -> list[Truth]:
    """Whether each cell says something; a blank is blank also where it stands for a code, and a
    day to come is none unless the column is one of planned days."""
    column = sheet.column(name)
    cells = zip(column.raw, column.state, sheet.to_come(name), strict=True)
    return [
        bool(raw.strip()) and not to_come if state == CellState.READ else _of_blank(state)
        for raw, state, to_come in cells
    ]


def _names_a_row(
    sheet: Sheet, name: str, registers: Sequence[str], where: tuple[Ask, ...]
) -> list[Truth]:
    """Whether each cell holds a key of a row that counts (semantics.md, A key is filled). Of the
    row named nothing is unknown: it counts, or the key is not filled."""
    may_be_named = frozenset[str]().union(
        *(_keys_that_count(sheet.sheets.of(register), where) for register in registers)
    )
    return [
        not may_be_named.isdisjoint(keys) if state == CellState.READ else _of_blank(state)
        for keys, state in zip(sheet.keys(name), sheet.states(name), strict=True)
    ]


def _of_blank(state: int) -> Truth:
    """What a cell that was not read says to 'filled': no if it is blank, else it is unknown."""
    return False if state in (CellState.NOTHING, CellState.BLANK) else None


def _keys_that_count(sheet: Sheet, where: tuple[Ask, ...]) -> frozenset[str]:
    """The keys of the rows that may be named: read, not cancelled, dated by the as-of date where
    the register has a day, and meeting every condition for certain."""
    return sheet.once(("keys that count", where), lambda: _rows_that_count(sheet, where))


def _rows_that_count(sheet: Sheet, where: tuple[Ask, ...]) -> frozenset[str]:
    dated_by = sheet.spec.dated_by if sheet.spec else None
    days = sheet.days(dated_by) if dated_by else [date.min] * sheet.size
    cancelled = sheet.cancelled(sheet.spec.cancelled if sheet.spec else None)
    counting = [
        row
        for row in true_rows(sheet, where)
        if cancelled[row] is False and (day := days[row]) is not None and day <= sheet.as_of
    ]
    return frozenset(key for row in counting for key in sheet.own_keys()[row])


def _test(condition: Condition, *, spoken: bool) -> Callable[[Typed], bool]:
    """The test that a condition makes of a cell that was read."""
    if condition.is_ is not None:
        wanted = condition.is_
        return lambda value: value is wanted
    if condition.at_least is not None:
        least = condition.at_least
        return lambda value: isinstance(value, int) and value >= least
    alike: Callable[[str], str] = normal if spoken else str
    if condition.includes is not None:
        asked = frozenset(alike(each) for each in condition.includes)
        return lambda value: isinstance(value, frozenset) and asked <= value
    if condition.none_of is not None:
        refused = frozenset(alike(each) for each in condition.none_of)
        return lambda value: isinstance(value, str) and alike(value) not in refused
    some = (condition.equals,) if condition.one_of is None else condition.one_of
    options = frozenset(alike(each) for each in some if each is not None)
    return lambda value: isinstance(value, str) and alike(value) in options


def _on_or_before(sheet: Sheet, name: str, other: str, within: Span | None) -> list[Truth]:
    told: list[Truth] = []
    states = zip(sheet.states(name), sheet.states(other), strict=True)
    for day, bound, pair in zip(sheet.days(name), sheet.days(other), states, strict=True):
        if day is None or bound is None:
            told.append(False if CellState.NOTHING in pair else None)
        else:
            told.append(day <= bound and (within is None or day >= before(bound, within)))
    return told


# What a duty depends on (semantics.md, Subjects; not applicable) ---------------------------------


def applies_on(sheets: Sheets, applies: Applies | None, day: date) -> Truth:
    """Whether a row that the condition asks for is in place on ``day``; None if none is for
    certain, but one may be. Without a condition a duty applies."""
    if applies is None:
        return True
    return sheets.once(("applies", applies, day), lambda: _applies_on(sheets, applies, day))


def _applies_on(sheets: Sheets, applies: Applies, day: date) -> Truth:
    sheet = sheets.of(applies.register)
    begins = sheet.days(applies.begins) if applies.begins else [date.min] * sheet.size
    ends = sheet.days(applies.ends) if applies.ends else [None] * sheet.size
    answer: Truth = False
    rows = zip(truths(sheet, applies.asks), begins, ends, strict=True)
    for told, first, end in rows:
        over = end is not None and end <= day  # an unreadable end reads as not ended
        if told is False or over or (first is not None and first > day):
            continue
        if told and first is not None:
            return True
        answer = None
    return answer
