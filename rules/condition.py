"""What a rule may ask of one row: a small closed set of conditions, no expressions."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field, model_validator

from evidence.register import Declared
from rules.span import SpanField

if TYPE_CHECKING:
    from evidence.register import ColumnSpec, RegisterSpec

Operator = Literal[
    "equals", "one of", "none of", "includes", "filled", "is", "at least", "on or before"
]
#: The operators by the field of each.
_OPERATORS: Mapping[str, Operator] = {
    "is_" if each == "is" else each.replace(" ", "_"): each for each in get_args(Operator)
}


class Condition(Declared):
    """One condition on one column of a row; exactly one operator.

    equals (code, text, key, period): the cell is that. one of (code, text): it is one of these.
    none of (code, text): something stands there and it is none of these. includes (codes): the
    set holds all of these. filled: the cell says something; a key names a row that is there, that
    can be read, that is not cancelled and, where its register has a day, that is dated by the
    as-of date; with ``where``, also one that meets all of these conditions. is (yes/no): it is
    yes, or no. at least (number). on or before (day): the day is on or before the day in another
    column of the same row; with ``within``, also no longer than that before it (other day minus
    the span, that day included).

    A day after the as-of date does not fill a cell, unless the column is one of planned days.

    Three-valued: a cell that cannot be read makes the condition unknown; a cell that is blank
    where blank means nothing makes it false (``none of`` too); ``filled`` is false on any blank
    cell. Of the row that a key names nothing is unknown: it counts, or the key is not filled
    (semantics.md, Evidence: A key is filled).
    """

    column: str
    equals: str | None = None
    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None
    includes: tuple[str, ...] | None = None
    filled: Literal[True] | None = None
    where: tuple[Condition, ...] = ()
    is_: bool | None = Field(default=None, alias="is")
    at_least: int | None = None
    on_or_before: str | None = None
    within: SpanField | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Condition:
        if sum(getattr(self, field) is not None for field in _OPERATORS) != 1:
            raise ValueError(f"write exactly one of: {', '.join(_OPERATORS.values())}")
        if self.within is not None and self.on_or_before is None:
            raise ValueError("'within' can only be used with 'on or before'")
        if self.where and self.filled is None:
            raise ValueError("'where' can only be used with 'filled'")
        return self

    @property
    def alternatives(self) -> tuple[Condition, ...]:
        """The conditions of which one has to hold: this one."""
        return (self,)

    @property
    def operator(self) -> Operator:
        """Which of the operators this condition uses, as written in YAML."""
        return next(each for field, each in _OPERATORS.items() if getattr(self, field) is not None)


class AnyOf(Declared):
    """At least one of these conditions: true if any is, else unknown if any is, else false."""

    any_of: tuple[Condition, ...]

    @property
    def alternatives(self) -> tuple[Condition, ...]:
        """The conditions of which one has to hold."""
        return self.any_of


#: What a row may be asked: one condition, or at least one of several.
Ask = Condition | AnyOf


def asks(where: tuple[Condition, ...], any_of: tuple[Condition, ...]) -> tuple[Ask, ...]:
    """All of ``where`` and, if ``any_of`` lists conditions, at least one of those."""
    return (*where, AnyOf(any_of=any_of)) if any_of else where


def conditions_of(asks: Iterable[Ask]) -> list[Condition]:
    """Each condition, those of which one is enough among them."""
    return [alternative for ask in asks for alternative in ask.alternatives]


def columns_of(asks: Iterable[Ask]) -> list[str]:
    """The columns that these conditions read, in the order in which they name them."""
    found = [name for one in conditions_of(asks) for name in (one.column, one.on_or_before)]
    return [name for name in found if name]


def find_column(spec: RegisterSpec | None, name: str | None) -> ColumnSpec | None:
    """The column of that name, or None."""
    return next((column for column in spec.columns if column.name == name), None) if spec else None


class NilReturn(Declared):
    """Which nil return answers for an empty list, or counts for a period.

    ``list`` is the code in the nil returns register; ``each`` the kind of period it is given for.
    """

    list: str
    each: Literal["quarter", "financial year"]


with warnings.catch_warnings():  # pydantic warns that 'register' hides the method of an ABC
    warnings.filterwarnings("ignore", message='Field name "register"')

    class RowsOf(Declared):
        """The rows of a register that a rule takes: those that meet all of ``where`` and, where
        ``any_of`` lists conditions, at least one of them (true if any is, else unknown if any
        is)."""

        register: str
        where: tuple[Condition, ...] = ()
        any_of: tuple[Condition, ...] = ()

        @property
        def asks(self) -> tuple[Ask, ...]:
            """Everything that a row must meet."""
            return asks(self.where, self.any_of)


class Listing(RowsOf):
    """Rows that list subjects, events or records. ``empty`` says whether having no such row is a
    fair answer; ``nil_return`` makes it one while a nil return covers the as-of date."""

    empty: Literal["cannot tell", "fair"] = "cannot tell"
    nil_return: NilReturn | None = None


class Applies(RowsOf):
    """The duty applies on a day (the event's, otherwise the as-of date) on which at least one such
    row is in place: from ``begins`` (without it: always) to the day before ``ends`` (without it,
    or with nothing in it: for good)."""

    begins: str | None = None
    ends: str | None = None
