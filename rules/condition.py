"""Conditions on one row: a small closed set, no expressions."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import ConfigDict, Field, model_validator

from evidence.register import Declared
from rules.span import SpanField

if TYPE_CHECKING:
    from evidence.register import ColumnSpec, RegisterSpec

Operator = Literal[
    "equals", "one of", "none of", "includes", "filled", "is", "at least", "on or before"
]
#: The operators by their fields.
_OPERATORS: Mapping[str, Operator] = {
    "is_" if name == "is" else name.replace(" ", "_"): name for name in get_args(Operator)
}


class Condition(Declared):
    """One condition on one column of a row, with exactly one operator (semantics.md: Evidence).

    equals (code, text, key, period): the cell is that value. one of (code, text): it is one of
    these. none of (code, text): it is filled, with none of these. includes (codes): the set
    contains all of these. filled: the cell is filled; with ``where``, a key names a row that meets
    all of these conditions. is (yes/no): the cell is yes, or no. at least (number). on or before
    (day): the day is on or before the day in another column of the same row; with ``within``, also
    no longer than that before it (other day minus the span, that day included).

    A day after the as-of date does not fill a cell, except in a column of planned days.

    Three-valued: a cell that cannot be read makes the condition unknown; a blank cell, where blank
    means nothing, makes it false (``none of`` too); ``filled`` is false for any blank cell. Nothing
    is unknown about the row that a key names: it counts, or the key is not filled.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [operator]} for operator in get_args(Operator)],
            "dependencies": {"within": ["on or before"], "where": ["filled"]},
        }
    )

    column: str
    """The column of the register that the condition looks at. Example: course"""
    equals: str | None = None
    """The cell is exactly this code, text, key or period. Example: assurance"""
    one_of: tuple[str, ...] | None = None
    """The cell is one of these codes or texts. Example: [awareness, refresher]"""
    none_of: tuple[str, ...] | None = None
    """The cell is filled, and is none of these codes or texts. Example: [draft]"""
    includes: tuple[str, ...] | None = None
    """The cell lists several codes, all of these among them. Example: [leaflets, website link]"""
    filled: Literal[True] | None = None
    """The cell is filled. Write yes; there is no other value."""
    where: tuple[Condition, ...] = ()
    """After 'filled': the cell names a row of another register, and that row meets all of these
    conditions."""
    is_: bool | None = Field(default=None, alias="is")
    """The cell of a yes/no column is yes, or is no."""
    at_least: int | None = None
    """The cell contains this number or a higher one. Example: 1"""
    on_or_before: str | None = None
    """The date is on or before the date in this other column of the same row. Example: given on"""
    within: SpanField | None = None
    """After 'on or before': and no longer than this before it. Example: 6 months"""

    @model_validator(mode="after")
    def _one_operator(self) -> Condition:
        """Raises ValueError with two sentences: what is wrong, and what to write instead."""
        used = [name for field, name in _OPERATORS.items() if getattr(self, field) is not None]
        if not used:
            message = f"The condition on '{self.column}' does not say what the cell must be."
            raise ValueError(message, f"Add one of: {', '.join(_OPERATORS.values())}.")
        if len(used) > 1:
            message = f"The condition on '{self.column}' has {' and '.join(map(repr, used))}."
            raise ValueError(message, "Keep one, and write a second condition for the other.")
        for key, other in (("within", "on or before"), ("where", "filled")):
            if getattr(self, key) and used != [other]:
                message = f"'{key}' has no effect without '{other}'."
                raise ValueError(
                    message, f"Leave it out, or write '{other}' instead of '{used[0]}'."
                )
        return self

    @property
    def alternatives(self) -> tuple[Condition, ...]:
        """The conditions of which one must be met: this one."""
        return (self,)

    @property
    def operator(self) -> Operator:
        """The operator of the condition, as written in YAML."""
        return next(name for field, name in _OPERATORS.items() if getattr(self, field) is not None)


class AnyOf(Declared):
    """At least one of these conditions: true if any is, else unknown if any is, else false."""

    any_of: tuple[Condition, ...]

    @property
    def alternatives(self) -> tuple[Condition, ...]:
        """The conditions of which one must be met."""
        return self.any_of


#: A requirement on a row: one condition, or at least one of several.
Ask = Condition | AnyOf


def asks(where: tuple[Condition, ...], any_of: tuple[Condition, ...]) -> tuple[Ask, ...]:
    """All of ``where`` and, if ``any_of`` lists conditions, at least one of those."""
    return (*where, AnyOf(any_of=any_of)) if any_of else where


def conditions_of(asks: Iterable[Ask]) -> list[Condition]:
    """Each condition, alternatives included."""
    return [alternative for ask in asks for alternative in ask.alternatives]


def columns_of(asks: Iterable[Ask]) -> list[str]:
    """The columns that these conditions read, in their order."""
    names = [name for c in conditions_of(asks) for name in (c.column, c.on_or_before)]
    return [name for name in names if name]


def find_column(spec: RegisterSpec | None, name: str | None) -> ColumnSpec | None:
    """The column of that name, or None."""
    return next((column for column in spec.columns if column.name == name), None) if spec else None


class NilReturn(Declared):
    """The nil return that makes an empty list fair, or counts for a period
    (semantics.md: Nil return): its code in the register of nil returns, and the kind of period."""

    list: str
    """The list for which a nil return is made, as the register of nil returns calls it. Example:
    referrals"""
    each: Literal["quarter", "financial year"]
    """The kind of period that a nil return covers."""


with warnings.catch_warnings():  # pydantic warns that 'register' hides the method of an ABC
    warnings.filterwarnings("ignore", message='Field name "register"')

    class RowsOf(Declared):
        """The rows of a register that a rule takes: those that meet all of ``where`` and, where
        ``any_of`` lists conditions, at least one of them (true if any is, else unknown if any
        is)."""

        register: str
        """The register from which the rows are taken. Example: training"""
        where: tuple[Condition, ...] = ()
        """The conditions that a row must meet, all of them."""
        any_of: tuple[Condition, ...] = ()
        """Further conditions, of which a row must meet at least one."""

        @property
        def asks(self) -> tuple[Ask, ...]:
            """Everything that a row must meet."""
            return asks(self.where, self.any_of)


class Listing(RowsOf):
    """Rows that list subjects, events or records. ``empty`` says whether an empty list is a fair
    answer; ``nil_return`` makes it one while a nil return covers the as-of date."""

    empty: Literal["cannot tell", "fair"] = "cannot tell"
    """What it means if no row meets the conditions: 'cannot tell' (somebody may have forgotten to
    record), or 'fair' (there is really none, and nothing is required)."""
    nil_return: NilReturn | None = None
    """The nil return that makes an empty list acceptable while it covers the date of the check."""


class Applies(RowsOf):
    """The duty applies on a day (the event's, otherwise the as-of date) on which at least one such
    row is in place: from ``begins`` (without it: always) to the day before ``ends`` (without it,
    or if it is blank: indefinitely)."""

    begins: str | None = None
    """The date column from which a row counts. Without it, a row has always counted. Example: from
    """
    ends: str | None = None
    """The date column from which a row no longer counts: its date is the first such day. If the
    cell is blank, the row counts indefinitely. Example: to"""
