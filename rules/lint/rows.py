"""Lint of the rows that a rule takes: registers, listings, nil returns, what a duty depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from evidence.register import Declared, Registers, RegisterSpec, spaced
from rules.condition import Applies, Condition, Listing, NilReturn, RowsOf, find_column
from rules.hint import did_you_mean
from rules.lint.condition import lint_any_of, lint_column, lint_where
from rules.problem import Problems
from rules.yaml.source import At

if TYPE_CHECKING:
    from rules.model import Remark

NIL_RETURNS = "nil returns"


def evidence_registers(registers: Registers) -> tuple[str, ...]:
    """The registers that a rule may name: all but the control sheets."""
    return tuple(spec.id for spec in registers.values() if not spec.control)


def register_of(rows: RowsOf | None, registers: Registers) -> RegisterSpec | None:
    """The register that a rule names, if it is one that it may name."""
    spec = registers.get(rows.register) if rows is not None else None
    return None if spec is None or spec.control else spec


def lint_rows(at: At, rows: RowsOf, registers: Registers) -> Problems:
    """That the register is one that a rule may name, and that its rows can meet its conditions."""
    spec = register_of(rows, registers)
    if spec is not None:
        yield from lint_where(at / "where", spec, rows.where, registers)
        yield from lint_any_of(at / "any of", spec, rows.any_of, rows.where, registers)
        return
    if rows.register in registers:
        message = f"'{rows.register}' is a control sheet; it lists nothing that a rule may ask for."
    else:
        message = f"There is no register '{rows.register}'."
    known = evidence_registers(registers)
    yield (at / "register").problem(message, did_you_mean(rows.register, known))


def lint_listing(at: At, listing: Listing, registers: Registers) -> Problems:
    """Rows that list subjects, events or records: that the register has a key to name them by,
    and what having no such row means."""
    yield from lint_rows(at, listing, registers)
    spec, nil_return = register_of(listing, registers), listing.nil_return
    yield from _lint_selection(at, spec, listing)
    if spec is not None and spec.key is None:
        message = f"The rows of '{spec.id}' have no key, so nothing can name them."
        yield (at / "register").problem(message, "Give the register a key in registers.yaml.")
    if nil_return is not None:
        yield from lint_nil_return(at / "nil return", nil_return, registers)
        if listing.empty == "fair":
            message = "An empty list is fair already, so the nil return would do nothing."
            yield (at / "nil return").problem(message, "Keep one of 'empty' and 'nil return'.")


def lint_nil_return(at: At, nil_return: NilReturn, registers: Registers) -> Problems:
    """That the sheet of nil returns knows the list and the kind of period."""
    spec = registers.get(NIL_RETURNS)
    lists, periods = find_column(spec, "list"), find_column(spec, "period")
    if lists is None or periods is None:
        message = "The rulebook declares no sheet of nil returns."
        yield at.problem(message, f"Add a register '{NIL_RETURNS}' to registers.yaml.")
        return
    if nil_return.list not in lists.codes:
        message = f"'{nil_return.list}' is no list that a nil return may be given for."
        yield (at / "list").problem(message, did_you_mean(nil_return.list, lists.codes))
    if nil_return.each not in periods.periods:
        message = f"The sheet of nil returns takes no period of the kind '{nil_return.each}'."
        yield (at / "each").problem(message, did_you_mean(nil_return.each, periods.periods))


def lint_applies(at: At, applies: Applies, registers: Registers) -> Problems:
    """That the rows on which a duty depends can be found and dated."""
    yield from lint_rows(at, applies, registers)
    spec = register_of(applies, registers)
    if spec is None:
        return
    yield from _lint_selection(at, spec, applies)
    yield from lint_days(at, spec, applies, "begins", "ends")
    yield from lint_needed(at / "ends", spec, applies.ends, "everything would read as not ended")
    instead = "Leave the condition out, or write 'planned: yes' for it in registers.yaml."
    for key, where in (("where", applies.where), ("any of", applies.any_of)):
        yield from lint_ended(at / key, where, spec, (applies.ends,), instead)


def lint_ended(
    at: At,
    where: Iterable[Condition],
    spec: RegisterSpec | None,
    ends: tuple[str | None, ...],
    instead: str,
) -> Problems:
    """That no condition asks that a day be filled which is still to come while anything is in
    place: a day after D fills no cell, but in a column of planned days."""
    for index, condition in enumerate(where):
        column = find_column(spec, condition.column)
        if condition.filled and column and column.name in ends and not column.planned:
            yield (at / index / "filled").problem(
                f"'{column.name}' says when it ends, and a day still to come does not fill a cell: "
                "only what has ended would count.",
                instead,
            )


def lint_remarks(
    at: At, remarks: Sequence[Remark], rows: RowsOf | None, registers: Registers
) -> Problems:
    """That each remark's conditions fit the items that it is about."""
    for index, remark in enumerate(remarks):
        here = at / "remarks" / index
        if not remark.where:
            message = "The remark would be made about every item."
            yield here.problem(message, "Add a condition to its 'where'.")
        spec = register_of(rows, registers)
        yield from lint_where(here / "where", spec, remark.where, registers)


def _lint_selection(at: At, spec: RegisterSpec | None, rows: RowsOf) -> Problems:
    """That no sheet can lack a column by which rows are listed."""
    harm = "every row would be left out without a word"
    for key, conditions in (("where", rows.where), ("any of", rows.any_of)):
        for index, condition in enumerate(conditions):
            yield from lint_needed(at / key / index / "column", spec, condition.column, harm)


def lint_needed(at: At, spec: RegisterSpec | None, name: str | None, harm: str) -> Problems:
    """That a column whose absence would do harm is one that the sheet must have."""
    column = find_column(spec, name)
    if spec is not None and column is not None and not column.required:
        message = f"Were the column '{name}' missing from '{spec.id}', {harm}."
        yield at.problem(message, "Leave out 'required: no' for it in registers.yaml.")


def lint_days(at: At, spec: RegisterSpec | None, rule: Declared, *keys: str) -> Problems:
    """That each of these keys of a rule names a day column, and no two the same."""
    named: dict[str, str] = {}
    for key in keys:
        name, words = getattr(rule, key), spaced(key)
        if name is None:
            continue
        yield from lint_column(at / words, spec, name, "day")
        first = named.setdefault(name, words)
        if first != words:
            message = f"'{first}' and '{words}' name the same column, '{name}'."
            yield (at / words).problem(message, "Name the right column for each.", at / first)
