"""Lint of columns, and of conditions on them: that each fits its column and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.register import ColumnSpec, PeriodKind, Registers, RegisterSpec
from rules.condition import Condition, find_column
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


def lint_column(at: At, spec: RegisterSpec | None, name: str | None, *types: str) -> Problems:
    """That ``spec`` has the column named at ``at``, of one of ``types``; where it names one."""
    if spec is None or name is None:
        return
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


def lint_link(
    at: At, spec: RegisterSpec | None, name: str | None, target: RegisterSpec | None
) -> Problems:
    """That the column named at ``at`` contains keys, and those of ``target``."""
    if spec is None or target is None:
        return
    yield from lint_column(at, spec, name, "key")
    column = find_column(spec, name)
    if column is None or column.type != "key":
        return
    if target.key is None:
        message = f"The rows of '{target.id}' have no key, so '{name}' cannot name them."
        yield at.problem(message, "Give the register a key in registers.yaml.")
    elif not column.named:
        message = f"The column '{name}' of '{spec.id}' does not say whose keys stand in it."
        yield at.problem(message, f"Add 'refers to: {target.id}' to it in registers.yaml.")
    elif target.id not in column.named:
        named = " or ".join(map(repr, column.named))
        fitting = [each.name for each in spec.columns if target.id in each.named]
        yield at.problem(
            f"The column '{name}' of '{spec.id}' names rows of {named}, not of '{target.id}'.",
            f"Name a column that does: {', '.join(fitting) or 'there is none'}.",
        )


def lint_where(
    at: At, spec: RegisterSpec | None, where: Iterable[Condition], registers: Registers
) -> Problems:
    """That each condition fits its column, and that no two contradict each other."""
    if spec is None:
        return
    equals: dict[str, int] = {}
    for index, condition in enumerate(where):
        here = at / index
        yield from _lint_condition(here, spec, condition, registers)
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
        yield from _lint_condition(here, spec, condition, registers)
        if condition in any_of[:index]:
            yield here.problem("The same condition stands here twice.", "Keep one of them.")
        elif condition in all_of:
            message = "Every row has to meet this condition anyway, so the others do nothing."
            yield here.problem(message, "Leave it out here, or there.")
    if len(any_of) == 1:
        message = "There is one condition only, so there is no choice."
        yield at.problem(message, "Write it beside those that every row has to meet.")


def _lint_condition(
    at: At, spec: RegisterSpec, condition: Condition, registers: Registers
) -> Problems:
    """That the column is there, the operator fits its type, and what it names is known."""
    column = find_column(spec, condition.column)
    if column is None:
        yield from lint_column(at / "column", spec, condition.column)
        return
    here, fitting = at / condition.operator, _OPERATORS[column.type]
    if condition.operator not in fitting:
        yield here.problem(
            f"'{condition.operator}' does not fit the column '{column.name}' of '{spec.id}', "
            f"which is of type {column.type}.",
            f"Write one of: {', '.join(fitting)}.",
        )
    elif condition.on_or_before is not None:
        yield from lint_column(here, spec, condition.on_or_before, "day")
        if condition.on_or_before == column.name:
            message = f"'{column.name}' is compared with itself."
            yield here.problem(message, "Name the other day column.")
    elif condition.where and not column.named:
        message = f"The column '{column.name}' of '{spec.id}' does not name a row of a register."
        instead = "Leave 'where' out, or ask it of a column with 'refers to:' in registers.yaml."
        yield (at / "where").problem(message, instead)
    else:
        for name in column.named:
            yield from lint_where(at / "where", registers.get(name), condition.where, registers)
        yield from _lint_words(here, spec, column, condition)


def _lint_words(at: At, spec: RegisterSpec, column: ColumnSpec, condition: Condition) -> Problems:
    words = condition.one_of or condition.none_of or condition.includes
    words = words or (() if condition.equals is None else (condition.equals,))
    if condition.operator in {"one of", "none of", "includes"} and not words:
        yield at.problem(f"'{condition.operator}' names nothing.", "Name at least one code.")
    shapes = [_PERIODS[kind] for kind in column.periods]
    for index, word in enumerate(words):
        here = at / index if condition.equals is None else at
        if column.type in {"code", "codes"} and word not in column.codes:
            message = f"'{word}' is no code of the column '{column.name}' of '{spec.id}'."
            yield here.problem(message, did_you_mean(word, column.codes))
        if column.type == "period" and not any(re.fullmatch(shape, word) for shape, _ in shapes):
            examples = " or ".join(f'"{example}"' for _, example in shapes)
            message = f"'{word}' is no period that may stand in '{column.name}'."
            yield here.problem(message, f"Write it as {examples}.")
