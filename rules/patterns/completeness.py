"""Pattern 6: each record contains what it must."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Self

from evidence.register import Declared
from rules.condition import Ask, Condition, RowsOf, asks, columns_of
from rules.lint.rows import lint_any_of, lint_column, lint_days, lint_where, register_of
from rules.patterns.base import Events, EvidenceQuery, LintedVersion, PatternBase
from rules.problem import Problems
from rules.span import SpanField
from rules.wording.words import (
    Wording,
    condition_columns,
    day_of,
    quoted,
    quoted_list,
    shows,
)
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    from rules.subject import Member


class Carried(Declared):
    """The day columns of a record with its deadline and the re-agreed one."""

    due: str
    """The date column with the deadline. Example: due on"""
    re_agreed_to: str | None = None
    """The date column with a later deadline that was agreed instead. Example: re-agreed to"""
    re_agreed_on: str | None = None
    """The date column that says when the later deadline was agreed. It counts only if that was not
    after the first deadline. Example: re-agreed on"""


class Completeness(PatternBase):
    """Each record meets its conditions by its deadline: a span after the record's own day, or a
    day in the record."""

    kind: Literal["completeness"]
    """Each record of a kind must contain certain things."""
    records: Events
    """The rows that must be complete."""
    must: tuple[Condition, ...] = ()
    """The conditions that each record must meet, all of them."""
    must_any: tuple[Condition, ...] = ()
    """Further conditions, of which each record must meet at least one."""
    done_on: tuple[str, ...] = ()
    """The date columns that say when the record was completed. The latest of these dates counts.
    Example: [minuted on]"""
    within: SpanField | None = None
    """How long after its own date a record must be complete (0 days: on that day). Example: 28 days
    """
    deadline: Carried | None = None
    """The record contains its own deadline."""

    takes_subjects = False
    lapses = True
    stays_met = True

    @property
    def asks(self) -> tuple[Ask, ...]:
        return asks(self.must, self.must_any)

    @property
    def events(self) -> Events:
        return self.records

    @property
    def carries_deadline(self) -> bool:
        return self.deadline is not None

    @property
    def completed_in(self) -> tuple[str, ...]:
        return (*self.done_on, self.deadline.due) if self.deadline else tuple(self.done_on)

    @property
    def re_agreed_in(self) -> tuple[str, ...]:
        carried = self.deadline
        if carried is None or not carried.re_agreed_to or not carried.re_agreed_on:
            return ()
        return (carried.re_agreed_to, carried.re_agreed_on)

    @property
    def undated(self) -> bool:
        return not self.done_on

    def rows(self, query: EvidenceQuery | None) -> RowsOf:
        return self.records

    def dating(self, query: EvidenceQuery | None, member: Member | None) -> tuple[str, ...]:
        return self.done_on or (self.records.dated,)

    def columns(self, query: EvidenceQuery | None) -> tuple[str | None, ...]:
        carried = self.deadline
        dates = (carried.due, carried.re_agreed_on, carried.re_agreed_to) if carried else ()
        names = (self.records.dated, *dates, *self.done_on, *columns_of(self.asks))
        return (*names, *columns_of(self.records.asks))

    def with_conditions(self, where: tuple[Condition, ...]) -> Self:
        return self.model_copy(update={"must": self.must + where})

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child = node / "pattern"
        yield from self.records.check(child / "records", linted.registers)
        if not self.asks and not self.done_on:
            message = "Nothing says what each record must contain."
            instead = "Add 'must:' with conditions, or 'done on:' with date columns."
            yield child.problem(message, instead)
        if (self.within is None) == (self.deadline is None):
            message = (
                "A record's deadline is either a given time after its date, or a date in the "
                "record."
            )
            yield child.problem(message, "Write one of 'within:' and 'deadline:'.")
        spec = register_of(self.records, linted.registers)
        if spec is None:
            return
        yield from lint_where(child / "must", spec, self.must, linted.registers)
        yield from lint_any_of(child / "must any", spec, self.must_any, self.must, linted.registers)
        for index, name in enumerate(self.done_on):
            yield from lint_column(child / "done on" / index, spec, name, "day")
        if (carried := self.deadline) is not None:
            keys = ("due", "re_agreed_to", "re_agreed_on")
            yield from lint_days(child / "deadline", spec, carried, *keys)
            if (carried.re_agreed_to is None) != (carried.re_agreed_on is None):
                yield (child / "deadline").problem(
                    "A re-agreed date counts from the day on which it was agreed, so both "
                    "columns are needed.",
                    "Write both 're agreed to:' and 're agreed on:', or neither.",
                )

    def when(self, wording: Wording) -> str:
        if self.deadline is not None:
            return f"by {day_of(self.deadline.due)}"
        day, span = day_of(self.records.dated), self.within
        return f"within {span} after {day}" if span is not None and span.count else f"by {day}"

    def what(self, wording: Wording) -> str:
        return shows(self.done_on, self.asks)

    def also(self, wording: Wording) -> Iterator[str]:
        if len(self.done_on) > 1:
            yield f"It is done on the latest of the dates in {quoted_list(self.done_on)}."
        if self.undated:
            yield ("No column says when this was done, so a complete row counts as in time.")
        if (carried := self.deadline) and carried.re_agreed_to and carried.re_agreed_on:
            yield (
                f"The date in {quoted(carried.re_agreed_to)} replaces that deadline if the "
                f"date in {quoted(carried.re_agreed_on)}, when it was agreed, is not later "
                "than the deadline."
            )

    def column_roles(self, query: EvidenceQuery | None) -> Iterator[tuple[str | None, str]]:
        yield from condition_columns(self.records.asks)
        yield self.records.dated, "the date of the record"
        yield self.records.cancelled, "nothing is required where it is yes"
        for name in self.done_on:
            yield name, "the date on which it was done"
        yield from condition_columns(self.asks)
        if self.deadline is not None:
            yield self.deadline.due, "the deadline"
            yield self.deadline.re_agreed_to, "the deadline agreed instead"
            yield self.deadline.re_agreed_on, "the date on which that was agreed"
