"""Lint of conditions on columns: that each fits its column, and that they go together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.register import ColumnSpec, PeriodKind, Registers, RegisterSpec
from rules.condition import Condition
from rules.hint import did_you_mean
from rules.problem import Problems
from rules.yaml.source import At

_OPERATORS = {
    "day": ("filled", "on or before"),
    "period": ("equals", "filled"),
    "code": ("equals", "one of", "none of", "filled"),
    "codes": ("includes", "filled"),
    "yes/no": ("is", "filled"),
    "number": ("at least", "filled"),
    "text": ("equals", "one of", "none of", "filled"),
    "key": ("equals", "filled"),
    "keys": ("filled",),
}
_PERIODS: dict[PeriodKind, tuple[str, str]] = {
    "financial year": (r"[0-9]{4}/[0-9]{2}", "2025/26"),
    "quarter": (r"[0-9]{4}/[0-9]{2} Q[1-4]", "2025/26 Q3"),
    "calendar year": (r"[0-9]{4}", "2025"),
    "month": (r"[0-9]{4}-[0-9]{2}", "2025-07"),
}


def find_column(spec: RegisterSpec, name: str) -> ColumnSpec | None:
    """The column of that name, or None."""
    return next((column for column in spec.columns if column.name == name), None)


def lint_column(at: At, spec: RegisterSpec, name: str, *types: str) -> Problems:
    """That ``spec`` has the column named at ``at``, and that it is of one of ``types``."""
    column = find_column(spec, name)
    fitting = [each.name for each in spec.columns if each.type in types]
    if column is None:
        known = fitting or [each.name for each in spec.columns]
        message = f"The register '{spec.id}' has no column '{name}'."
        yield at.problem(message, did_you_mean(name, known))
    elif types and column.type not in types:
        message = (
            f"The column '{name}' of '{spec.id}' is of type {column.type}; "
            f"a column of type {' or '.join(types)} is needed here."
        )
        yield at.problem(message, did_you_mean(name, fitting))


def lint_where(
    at: At, spec: RegisterSpec, where: Iterable[Condition], registers: Registers
) -> Problems:
    """That each condition fits its column, and that no two contradict each other."""
    equals: dict[str, int] = {}
    for index, condition in enumerate(where):
        here = at / index
        yield from lint_condition(here, spec, condition, registers)
        if condition.equals is None:
            continue
        first = equals.setdefault(condition.column, index)
        if first != index:
            message = f"Two conditions say what '{condition.column}' equals; no row can meet both."
            yield here.problem(message, "Keep one, or write 'one of'.", at / first)


def lint_any_of(
    at: At,
    spec: RegisterSpec,
    any_of: tuple[Condition, ...],
    all_of: tuple[Condition, ...],
    registers: Registers,
) -> Problems:
    """That each condition of which one is enough fits its column and leaves a choice beside
    ``all_of``, the conditions that a row must meet anyway."""
    for index, condition in enumerate(any_of):
        here = at / index
        yield from lint_condition(here, spec, condition, registers)
        if condition in any_of[:index]:
            yield here.problem("The same condition stands here twice.", "Keep one of them.")
        elif condition in all_of:
            message = "Every row has to meet this condition anyway, so the others do nothing."
            yield here.problem(message, "Leave it out here, or there.")
    if len(any_of) == 1:
        message = "There is one condition only, so there is no choice."
        yield at.problem(message, "Write it beside those that every row has to meet.")


def lint_condition(
    at: At, spec: RegisterSpec, condition: Condition, registers: Registers
) -> Problems:
    """That the column is there, the operator fits its type, and what it names is known."""
    column = find_column(spec, condition.column)
    if column is None:
        yield from lint_column(at / "column", spec, condition.column)
        return
    operator, fitting = condition.operator, _OPERATORS[column.type]
    if operator not in fitting:
        yield (at / operator).problem(
            f"'{operator}' does not fit the column '{column.name}' of '{spec.id}', "
            f"which is of type {column.type}.",
            f"Write one of: {', '.join(fitting)}.",
        )
    elif condition.on_or_before is not None:
        yield from _lint_other_day(at / operator, spec, column, condition.on_or_before)
    elif condition.filled:
        yield from _lint_named(at / "where", spec, column, condition.where, registers)
    else:
        yield from _lint_words(at / operator, spec, column, condition)


def _lint_named(
    at: At,
    spec: RegisterSpec,
    column: ColumnSpec,
    where: tuple[Condition, ...],
    registers: Registers,
) -> Problems:
    """That conditions on the row that a key names fit every register that it may name."""
    if where and not column.named:
        message = f"The column '{column.name}' of '{spec.id}' does not name a row of a register."
        instead = "Leave 'where' out, or ask it of a column with 'refers to:' in registers.yaml."
        yield at.problem(message, instead)
    for name in column.named:
        if name in registers:
            yield from lint_where(at, registers[name], where, registers)


def _lint_other_day(at: At, spec: RegisterSpec, column: ColumnSpec, other: str) -> Problems:
    yield from lint_column(at, spec, other, "day")
    if other == column.name:
        yield at.problem(f"'{other}' is compared with itself.", "Name the other day column.")


def _lint_words(at: At, spec: RegisterSpec, column: ColumnSpec, condition: Condition) -> Problems:
    words = condition.one_of or condition.none_of or condition.includes
    words = words or (() if condition.equals is None else (condition.equals,))
    if condition.operator in {"one of", "none of", "includes"} and not words:
        yield at.problem(f"'{condition.operator}' names nothing.", "Name at least one code.")
    for index, word in enumerate(words):
        here = at / index if condition.equals is None else at
        if column.type in {"code", "codes"} and word not in column.codes:
            message = f"'{word}' is no code of the column '{column.name}' of '{spec.id}'."
            yield here.problem(message, did_you_mean(word, column.codes))
        if column.type == "period":
            yield from _lint_period_word(here, column, word)


def _lint_period_word(at: At, column: ColumnSpec, word: str) -> Problems:
    shapes = [_PERIODS[kind] for kind in column.periods]
    if not any(re.fullmatch(pattern, word) for pattern, _ in shapes):
        examples = " or ".join(f'"{example}"' for _, example in shapes)
        message = f"'{word}' is no period that may stand in '{column.name}'."
        yield at.problem(message, f"Write it as {examples}.")
