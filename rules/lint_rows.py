"""Lint of what a rule asks of rows: registers, columns, conditions, listings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.register import ColumnSpec, Declared, PeriodKind, RegisterSpec
from rules.condition import Applies, Condition, Listing, NilReturn, RowsOf
from rules.draft import Problems, Registers
from rules.hint import did_you_mean
from rules.source import At

NIL_RETURNS = "nil returns"
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


def evidence_registers(registers: Registers) -> tuple[str, ...]:
    """The registers that a rule may name: all but the control sheets."""
    return tuple(spec.id for spec in registers.values() if not spec.control)


def register_of(rows: RowsOf, registers: Registers) -> RegisterSpec | None:
    """The register that a rule names, if it is one that it may name."""
    spec = registers.get(rows.register)
    return None if spec is None or spec.control else spec


def find_column(spec: RegisterSpec, name: str) -> ColumnSpec | None:
    """The column of that name, or None."""
    return next((column for column in spec.columns if column.name == name), None)


def lint_rows(at: At, rows: RowsOf, registers: Registers) -> Problems:
    """That the register is one that a rule may name, and that its rows can meet ``where``."""
    spec = register_of(rows, registers)
    if spec is not None:
        yield from lint_where(at / "where", spec, rows.where)
        return
    if rows.register in registers:
        message = f"'{rows.register}' is a control sheet; it lists nothing that a rule may ask for."
    else:
        message = f"There is no register '{rows.register}'."
    known = evidence_registers(registers)
    yield (at / "register").problem(message, did_you_mean(rows.register, known))


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


def lint_where(at: At, spec: RegisterSpec, where: Iterable[Condition]) -> Problems:
    """That each condition fits its column, and that no two contradict each other."""
    equals: dict[str, int] = {}
    for index, condition in enumerate(where):
        here = at / index
        yield from lint_condition(here, spec, condition)
        if condition.equals is None:
            continue
        first = equals.setdefault(condition.column, index)
        if first != index:
            message = f"Two conditions say what '{condition.column}' equals; no row can meet both."
            yield here.problem(message, "Keep one, or write 'one of'.", at / first)


def lint_condition(at: At, spec: RegisterSpec, condition: Condition) -> Problems:
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
    else:
        yield from _lint_words(at / operator, spec, column, condition)


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


def lint_listing(at: At, listing: Listing, registers: Registers) -> Problems:
    """Rows that list subjects, events or records: that the register has a key to name them by,
    and what having no such row means."""
    yield from lint_rows(at, listing, registers)
    spec = register_of(listing, registers)
    if spec is not None:
        yield from lint_selection(at / "where", spec, listing.where)
    if spec is not None and spec.key is None:
        message = f"The rows of '{spec.id}' have no key, so nothing can name them."
        yield (at / "register").problem(message, "Give the register a key in registers.yaml.")
    if listing.nil_return is None:
        return
    yield from lint_nil_return(at / "nil return", listing.nil_return, registers)
    if listing.empty == "fair":
        message = "An empty list is fair already, so the nil return would do nothing."
        yield (at / "nil return").problem(message, "Keep one of 'empty' and 'nil return'.")


def lint_nil_return(at: At, nil_return: NilReturn, registers: Registers) -> Problems:
    """That the sheet of nil returns knows the list and the kind of period."""
    spec = registers.get(NIL_RETURNS)
    columns = {column.name: column for column in spec.columns} if spec is not None else {}
    if "list" not in columns or "period" not in columns:
        message = "The rulebook declares no sheet of nil returns."
        yield at.problem(message, f"Add a register '{NIL_RETURNS}' to registers.yaml.")
        return
    codes, periods = columns["list"].codes, columns["period"].periods
    if nil_return.list not in codes:
        message = f"'{nil_return.list}' is no list that a nil return may be given for."
        yield (at / "list").problem(message, did_you_mean(nil_return.list, codes))
    if nil_return.each not in periods:
        message = f"The sheet of nil returns takes no period of the kind '{nil_return.each}'."
        yield (at / "each").problem(message, did_you_mean(nil_return.each, periods))


def lint_applies(at: At, applies: Applies, registers: Registers) -> Problems:
    """That the rows on which a duty depends can be found and dated."""
    yield from lint_rows(at, applies, registers)
    spec = register_of(applies, registers)
    if spec is None:
        return
    yield from lint_selection(at / "where", spec, applies.where)
    if applies.begins is not None:
        yield from lint_column(at / "begins", spec, applies.begins, "day")
    if applies.ends is not None:
        yield from lint_column(at / "ends", spec, applies.ends, "day")
        yield from lint_needed(
            at / "ends", spec, applies.ends, "everything would read as not ended"
        )
    yield from lint_apart(at, applies, "begins", "ends")


def lint_selection(at: At, spec: RegisterSpec, where: Iterable[Condition]) -> Problems:
    """That no sheet can lack a column by which rows are listed."""
    for index, condition in enumerate(where):
        here, harm = at / index / "column", "every row would be left out without a word"
        yield from lint_needed(here, spec, condition.column, harm)


def lint_needed(at: At, spec: RegisterSpec, name: str, harm: str) -> Problems:
    """That a column whose absence would do harm is one that the sheet must have."""
    column = find_column(spec, name)
    if column is not None and not column.required:
        message = f"Were the column '{name}' missing from '{spec.id}', {harm}."
        yield at.problem(message, "Leave out 'required: no' for it in registers.yaml.")


def lint_apart(at: At, rule: Declared, *keys: str) -> Problems:
    """That no two of these keys of a rule name the same column."""
    named: dict[str, str] = {}
    for key in keys:
        name, words = getattr(rule, key), key.replace("_", " ")
        if name is None:
            continue
        first = named.setdefault(name, words)
        if first != words:
            message = f"'{first}' and '{words}' name the same column, '{name}'."
            yield (at / words).problem(message, "Name the right column for each.", at / first)
