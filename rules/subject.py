"""The subjects of a duty: each row of a population, or each member of a fixed list."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from evidence.register import Declared
from rules.condition import Condition, Listing
from rules.span import SpanField


class Population(Listing):
    """Each row is a subject, named by the register's key. The duty applies from the day in
    ``joins`` to the day before the one in ``leaves``; with ``flagged`` only from the day in that
    column on, and not at all where it is blank (semantics.md: Subjects)."""

    kind: Literal["population"]
    """Each row of a register is a person or thing for which the duty is checked."""
    joins: str
    """The date column from which the duty applies to a row. Example: starts"""
    leaves: str | None = None
    """The date column from which the duty no longer applies to a row: its date is the first day
    without the duty. Example: ends"""
    flagged: str | None = None
    """A second date column: the duty applies to a row only from that date on, and never where the
    cell is blank. Example: books venues since"""

    members: ClassVar[tuple[Member, ...]] = ()  # it names none, nor a column for one
    named_in: ClassVar[None] = None

    @property
    def days(self) -> tuple[str | None, ...]:
        """The columns with the days from and to which the duty applies."""
        return (self.joins, self.leaves, self.flagged)

    @property
    def deciding_days(self) -> tuple[str, ...]:
        """The columns without which the first such day is unknown."""
        return (self.joins, self.flagged) if self.flagged else (self.joins,)

    @property
    def population(self) -> Population:
        """The population of these subjects: itself."""
        return self


class Member(Declared):
    """One subject of a fixed list."""

    id: str
    """The name by which a column of the evidence and a case refer to the subject. Example: Chief
    Executive"""
    title: str
    """The subject's name in reports. Example: The Chief Executive"""
    within: SpanField | None = None
    """The time for this subject, in place of the pattern's. Example: 14 days"""
    dated: str | None = None
    """The date column for this subject, in place of the evidence's. Example: sent to board on"""
    where: tuple[Condition, ...] = ()
    """Conditions for this subject, in addition to those of the evidence."""


class FixedList(Declared):
    """Subjects that the rule names. ``named_in`` is the evidence column that names the member by
    its id (a code that equals it, or a set that includes it); without it each member has its
    own conditions or date column."""

    kind: Literal["fixed list"]
    """The rule itself lists the people or things for which the duty is checked."""
    named_in: str | None = None
    """The column of the evidence that names the subject by its id. Example: to"""
    members: tuple[Member, ...]
    """The subjects, one after another."""

    population: ClassVar[None] = None


Subjects = Annotated[Population | FixedList, Field(discriminator="kind")]
