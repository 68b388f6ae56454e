"""Whom or what a duty asks: the office, each row of a population, each member of a fixed list."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from evidence.register import Declared
from rules.condition import Condition, Listing
from rules.span import SpanField


class Population(Listing):
    """Each row taken is a subject, named by the register's key, asked from the day in ``joins``
    to the day before the one in ``leaves``. With ``flagged`` the subject is asked only from the
    day in that column on, and not at all where nothing stands there."""

    kind: Literal["population"]
    joins: str
    leaves: str | None = None
    flagged: str | None = None

    members: ClassVar[tuple[Member, ...]] = ()  # it names none, nor a column for one
    named_in: ClassVar[None] = None

    @property
    def days(self) -> tuple[str | None, ...]:
        """The columns that say from when to when a row is asked."""
        return (self.joins, self.leaves, self.flagged)

    @property
    def deciding_days(self) -> tuple[str, ...]:
        """Those of them without which it cannot be told from when a row is asked."""
        return (self.joins, self.flagged) if self.flagged else (self.joins,)

    @property
    def population(self) -> Population:
        """The population that is asked, if one is: itself."""
        return self


class Member(Declared):
    """One subject of a fixed list. ``within``, ``dated`` and ``where`` add to, or stand in for, the
    pattern's span, the evidence's date column, and the evidence's conditions."""

    id: str
    title: str
    within: SpanField | None = None
    dated: str | None = None
    where: tuple[Condition, ...] = ()


class FixedList(Declared):
    """Subjects that the rule names. ``named_in`` is the evidence column that names the member by
    its id (a code that equals it, or a set that includes it); without it each member has
    conditions or a date column of its own."""

    kind: Literal["fixed list"]
    named_in: str | None = None
    members: tuple[Member, ...]

    population: ClassVar[None] = None


Subjects = Annotated[Population | FixedList, Field(discriminator="kind")]
