"""Lint of the rows that a rule takes: registers, columns, conditions and listings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evidence.register import (
    NIL_RETURNS,
    ColumnSpec,
    Declared,
    PeriodKind,
    Registers,
    RegisterSpec,
    spaced,
)
from rules.condition import Applies, Condition, Listing, NilReturn, RowsOf, find_column
from rules.problem import Problems, did_you_mean, nearest
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    from rules.model import Remark

_OPERATORS = {
    "day": ("filled", "on or before"),
    "period": ("equals", "filled"),
    "code": ("equals", "one of", "none of", "filled"),
    "codes": ("includes", "filled"),
    "yes/no": ("is", "filled"),
    "number": ("at least", "filled"),
    "text": ("equals", "one of", "none of", "filled"),
    "link": ("filled",),
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


def register_of(rows: RowsOf | None, registers: Registers) -> RegisterSpec | None:
    """The register that a rule names, or may mean, if it is one that it may name."""
    if rows is None:
        return None
    spec = registers.get(rows.register)
    if spec is None:
        spec = registers.get(nearest(rows.register, evidence_registers(registers)) or "")
    return None if spec is None or spec.control else spec


def lint_column(
    node: YamlNode, spec: RegisterSpec | None, name: str | None, *types: str
) -> Problems:
    """Checks that ``spec`` has the column ``name``, of one of ``types``, if any are given."""
    if spec is None or name is None:
        return
    column = find_column(spec, name)
    fitting = [column.name for column in spec.columns if column.type in types]
    if column is None:
        known = fitting or [column.name for column in spec.columns]
        message = f"The register '{spec.id}' has no column '{name}'."
        yield node.problem(message, did_you_mean(name, known))
    elif types and column.type not in types:
        message = (
            f"The column '{name}' of '{spec.id}' is of type {column.type}; "
            f"a column of type {' or '.join(types)} is needed here."
        )
        yield node.problem(message, did_you_mean(name, fitting))


def meant_column(spec: RegisterSpec | None, name: str | None, *types: str) -> ColumnSpec | None:
    """The column that a rule names, or else the one that lint_column proposes, so that the rest is
    checked."""
    if spec is None or name is None:
        return None
    fitting = [column.name for column in spec.columns if not types or column.type in types]
    near = fitting[0] if len(fitting) == 1 else nearest(name, fitting)
    return find_column(spec, near)


def _as_meant(spec: RegisterSpec, conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions, each on the column that it names or may mean."""
    columns = ((each, meant_column(spec, each.column)) for each in conditions)
    return [
        each.model_copy(update={"column": column.name}) if column else each
        for each, column in columns
    ]


def lint_link(
    node: YamlNode,
    spec: RegisterSpec | None,
    name: str | None,
    target: RegisterSpec | None,
    registers: Registers,
) -> Problems:
    """Checks that the column ``name`` contains keys of ``target``."""
    if spec is None or target is None:
        return
    yield from lint_column(node, spec, name, "key")
    column = find_column(spec, name)
    if column is None or column.type != "key":
        return
    if target.key is None:
        message = f"The rows of '{target.id}' have no key, so '{name}' cannot name them."
        yield node.problem(message, "Give the register a key in registers.yaml.")
    elif not column.named:
        message = f"The column '{name}' of '{spec.id}' does not say which rows it names."
        yield node.problem(message, f"Add 'refers to: {target.id}' to it in registers.yaml.")
    elif target.id not in column.named and registers.keys() >= set(column.named):
        targets = " or ".join(map(repr, column.named))
        fitting = [column.name for column in spec.columns if target.id in column.named]
        yield node.problem(
            f"The column '{name}' of '{spec.id}' names rows of {targets}, not of '{target.id}'.",
            f"Name a column that does: {', '.join(fitting) or 'there is none'}.",
        )


def lint_where(
    node: YamlNode, spec: RegisterSpec | None, where: Iterable[Condition], registers: Registers
) -> Problems:
    """Checks that each condition fits its column, and that no two contradict each other."""
    if spec is None:
        return
    first: dict[str, int] = {}
    where = tuple(where)
    for index, (condition, meant) in enumerate(zip(where, _as_meant(spec, where), strict=True)):
        yield from _lint_condition(node / index, spec, condition, registers)
        name = meant.column
        if condition.equals is not None and first.setdefault(name, index) != index:
            message = f"Two conditions say what '{name}' equals, and no row can meet both."
            instead = "Keep one, or write 'one of'."
            yield (node / index).problem(message, instead, node / first[name])


def lint_any_of(
    node: YamlNode,
    spec: RegisterSpec,
    any_of: tuple[Condition, ...],
    all_of: tuple[Condition, ...],
    registers: Registers,
) -> Problems:
    """Checks that each of these alternatives fits its column, and is a choice beside ``all_of``,
    the conditions that a row must meet anyway."""
    choices, anyway = _as_meant(spec, any_of), _as_meant(spec, all_of)
    for index, condition in enumerate(any_of):
        child = node / index
        yield from _lint_condition(child, spec, condition, registers)
        if choices[index] in choices[:index]:
            yield child.problem("The same condition appears here twice.", "Keep one of them.")
        elif choices[index] in anyway:
            message = (
                "Every row must meet this condition anyway, so the other choices have no effect."
            )
            yield child.problem(message, "Leave it out here, or there.")
    if len(any_of) == 1:
        message = "There is only one condition, so there is no choice."
        yield node.problem(message, "Write it with the conditions that every row must meet.")


def _lint_condition(
    node: YamlNode, spec: RegisterSpec, condition: Condition, registers: Registers
) -> Problems:
    column = find_column(spec, condition.column)
    if column is None:
        yield from lint_column(node / "column", spec, condition.column)
        column = meant_column(spec, condition.column)
    if column is None:
        return
    child, fitting = node / condition.operator, _OPERATORS[column.type]
    if condition.operator not in fitting:
        yield child.problem(
            f"'{condition.operator}' does not fit the column '{column.name}' of '{spec.id}', "
            f"which is of type {column.type}.",
            f"Write one of: {', '.join(fitting)}.",
        )
    elif condition.on_or_before is not None:
        yield from lint_column(child, spec, condition.on_or_before, "day")
        if condition.on_or_before == column.name:
            message = f"'{column.name}' is compared with itself."
            yield child.problem(message, "Name the other date column.")
    elif condition.where and not column.named:
        message = f"The column '{column.name}' of '{spec.id}' does not name a row of a register."
        instead = "Leave 'where' out, or use it on a column with 'refers to:' in registers.yaml."
        yield (node / "where").problem(message, instead)
    else:
        for name in column.named:
            yield from lint_where(node / "where", registers.get(name), condition.where, registers)
        yield from _lint_words(child, spec, column, condition)


def _lint_words(
    node: YamlNode, spec: RegisterSpec, column: ColumnSpec, condition: Condition
) -> Problems:
    words = condition.one_of or condition.none_of or condition.includes
    words = words or (() if condition.equals is None else (condition.equals,))
    if condition.operator in {"one of", "none of", "includes"} and not words:
        yield node.problem(f"'{condition.operator}' names no code.", "Name at least one code.")
    shapes = [_PERIODS[kind] for kind in column.periods]
    for index, word in enumerate(words):
        child = node / index if condition.equals is None else node
        if column.type in {"code", "codes"} and word not in column.codes:
            message = f"'{word}' is not a code of the column '{column.name}' of '{spec.id}'."
            yield child.problem(message, did_you_mean(word, column.codes))
        if column.type == "period" and not any(re.fullmatch(shape, word) for shape, _ in shapes):
            examples = " or ".join(f'"{example}"' for _, example in shapes)
            message = f"'{word}' is not a period that is accepted in '{column.name}'."
            yield child.problem(message, f"Write it as {examples}.")


def lint_rows(node: YamlNode, rows: RowsOf, registers: Registers) -> Problems:
    """Checks that a rule may name the register, and that its rows can meet the conditions."""
    spec = register_of(rows, registers)
    if spec is not None:
        yield from lint_where(node / "where", spec, rows.where, registers)
        yield from lint_any_of(node / "any of", spec, rows.any_of, rows.where, registers)
        if spec.id == rows.register:
            return
    known = evidence_registers(registers)
    if rows.register in registers:
        message = (
            f"'{rows.register}' is a control sheet. It changes how results are reported, and its "
            "rows are not evidence."
        )
        instead = f"Name a register of evidence: {', '.join(known)}."
        yield (node / "register").problem(message, instead)
    else:
        message = f"There is no register '{rows.register}'."
        yield (node / "register").problem(message, did_you_mean(rows.register, known))


def lint_listing(node: YamlNode, listing: Listing, registers: Registers) -> Problems:
    """Checks that the rows that list subjects, events or records can be found and have a key, and
    that a nil return for them has an effect."""
    yield from lint_rows(node, listing, registers)
    spec, nil_return = register_of(listing, registers), listing.nil_return
    yield from _lint_selection(node, spec, listing)
    if spec is not None and spec.key is None:
        message = f"The rows of '{spec.id}' have no key, so nothing can name them."
        yield (node / "register").problem(message, "Give the register a key in registers.yaml.")
    if nil_return is not None:
        yield from lint_nil_return(node / "nil return", nil_return, registers)
        if listing.empty == "fair":
            message = "An empty list is already accepted, so the nil return would have no effect."
            yield (node / "nil return").problem(message, "Keep one of 'empty' and 'nil return'.")


def lint_nil_return(node: YamlNode, nil_return: NilReturn, registers: Registers) -> Problems:
    """Checks that the sheet of nil returns knows the list and the kind of period."""
    spec = registers.get(NIL_RETURNS)
    lists, periods = find_column(spec, "list"), find_column(spec, "period")
    if lists is None or periods is None:
        message = "The rulebook declares no sheet of nil returns."
        yield node.problem(message, f"Add a register '{NIL_RETURNS}' to registers.yaml.")
        return
    if nil_return.list not in lists.codes:
        message = f"'{nil_return.list}' is not a list for which a nil return can be given."
        yield (node / "list").problem(message, did_you_mean(nil_return.list, lists.codes))
    if nil_return.each not in periods.periods:
        message = (
            f"The sheet of nil returns does not accept a period of the kind '{nil_return.each}'."
        )
        yield (node / "each").problem(message, did_you_mean(nil_return.each, periods.periods))


def lint_applies(node: YamlNode, applies: Applies, registers: Registers) -> Problems:
    """Checks that the rows that decide whether a duty applies can be found and dated."""
    yield from lint_rows(node, applies, registers)
    spec = register_of(applies, registers)
    if spec is None:
        return
    yield from _lint_selection(node, spec, applies)
    yield from lint_days(node, spec, applies, "begins", "ends")
    harm = "every row would be read as not ended"
    yield from lint_needed(node / "ends", spec, applies.ends, harm)
    instead = "Leave the condition out, or write 'planned: yes' for it in registers.yaml."
    yield from lint_ended(conditions_at(node, applies), spec, (applies.ends,), instead)


def conditions_at(node: YamlNode, rows: RowsOf) -> Iterator[tuple[YamlNode, Condition]]:
    """The conditions on the rows, with their nodes."""
    for key, conditions in (("where", rows.where), ("any of", rows.any_of)):
        for index, condition in enumerate(conditions):
            yield node / key / index, condition


def lint_ended(
    conditions: Iterable[tuple[YamlNode, Condition]],
    spec: RegisterSpec | None,
    ends: tuple[str | None, ...],
    instead: str,
) -> Problems:
    """Checks that no condition requires a day in one of ``ends`` to be filled. While a row is in
    place that day is in the future, and only in a column of planned days does that fill a cell."""
    for node, condition in conditions:
        column = find_column(spec, condition.column)
        if condition.filled and column and column.name in ends and not column.planned:
            message = (
                f"'{column.name}' says when a row ends, and a future date does not fill a cell: "
                "only rows that have ended would count."
            )
            yield (node / "filled").problem(message, instead)


def lint_remarks(
    node: YamlNode, remarks: Sequence[Remark], rows: RowsOf | None, registers: Registers
) -> Problems:
    """Checks that each remark has conditions, and that they fit the items that it is about."""
    for index, remark in enumerate(remarks):
        child = node / "remarks" / index / "where"
        if not remark.where:
            message = "The remark would be made about every row."
            yield (node / "remarks" / index).problem(message, "Add a condition to its 'where'.")
        yield from lint_where(child, register_of(rows, registers), remark.where, registers)


def _lint_selection(node: YamlNode, spec: RegisterSpec | None, rows: RowsOf) -> Problems:
    """Checks that the columns by which rows are listed are required."""
    harm = "every row would be left out without a message"
    for child, condition in conditions_at(node, rows):
        yield from lint_needed(child / "column", spec, condition.column, harm)


def lint_needed(node: YamlNode, spec: RegisterSpec | None, name: str | None, harm: str) -> Problems:
    """Checks that the column is required, if its absence would do harm."""
    column = find_column(spec, name)
    if spec is not None and column is not None and not column.required:
        message = f"If the column '{name}' is missing from '{spec.id}', {harm}."
        yield node.problem(message, "Leave out 'required: no' for it in registers.yaml.")


def lint_days(node: YamlNode, spec: RegisterSpec | None, rule: Declared, *keys: str) -> Problems:
    """Checks that each of these keys of a rule names a day column, and a different one."""
    first: dict[str, str] = {}
    for key in keys:
        name, words = getattr(rule, key), spaced(key)
        yield from lint_column(node / words, spec, name, "day")
        if name is not None and first.setdefault(name, words) != words:
            message = f"'{first[name]}' and '{words}' name the same column, '{name}'."
            instead = "Name the right column for each."
            yield (node / words).problem(message, instead, node / first[name])
