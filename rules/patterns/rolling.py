"""Pattern 2: at most an interval since the last time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from evidence.cells.day_words import long_day
from rules.patterns.base import NOTICE, LintedVersion, PatternBase
from rules.problem import Problems
from rules.span import Span, SpanField
from rules.wording.words import Wording
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    from rules.model import Duty


class Rolling(PatternBase):
    """At most an interval since the last time."""

    kind: Literal["rolling"]
    """It must be done again within a given time after the last occasion."""
    every: SpanField
    """The longest time that may pass from one occasion to the next. Example: 24 months"""
    first: SpanField | None = None
    """A shorter time for the first occasion. Example: 6 months"""
    first_deadline: datetime.date | None = None
    """The first deadline for those who are already there when the duty begins. Example: 2025-03-31
    """
    notice: SpanField = NOTICE
    """How long before its deadline it is shown as due. Without this key, 60 days. Example: 28 days
    """

    takes = ("dated", "subject", "named_by_subject", "needed")
    lasting = True

    @property
    def interval(self) -> Span | None:
        return self.every

    @property
    def warning(self) -> Span | None:
        return self.notice

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child = node / "pattern"
        if self.every.count == 0:
            message = "An interval cannot be zero."
            yield (child / "every").problem(message, "Write an interval such as 12 months.")
        if self.every.count and self.notice.least_days >= self.every.least_days:
            yield (child / "notice").problem(
                f"The notice of {self.notice} is not shorter than the interval of {self.every}, "
                "so the duty would never be met.",
                "Write a shorter 'notice:' (a month counts as 28 days).",
            )
        if self.first is not None and self.first.least_days > self.every.least_days:
            message = f"The first span of {self.first} is longer than the interval of {self.every}."
            yield (child / "first").problem(message, "Write a shorter one, or leave 'first' out.")

    def check_duty(self, node: YamlNode, duty: Duty) -> Problems:
        first = self.first_deadline
        if first is not None and first < duty.in_force_from:
            message = f"The first deadline, {first}, is before the duty comes into force."
            instead = f"Write {duty.in_force_from} or a later date."
            yield (node / "pattern" / "first deadline").problem(message, instead)

    def when(self, wording: Wording) -> str:
        joins = wording.version.population is not None
        span = self.first or self.every
        in_force_from = long_day(wording.in_force_from)
        # A version moves no deadline to before its own day.
        later = wording.begins > wording.in_force_from
        moved = f", or by {long_day(wording.begins)} if that is later," if later else ""
        if self.first_deadline is None:
            first = f"within {span} after {'joining' if joins else in_force_from}{moved}"
        else:
            first = f"by {long_day(max(self.first_deadline, wording.begins))}"
            if joins:
                first = (
                    f"within {span} after joining{moved} ({first} for those already there on "
                    f"{in_force_from})"
                )
        return f"first {first} and then at most {self.every} after the last time"

    def also(self, wording: Wording) -> Iterator[str]:
        if wording.version.population is not None and self.first_deadline is None:
            begins = long_day(wording.in_force_from)
            yield f"For those already there before {begins}, the first time counts from that day."
        if wording.begins > wording.in_force_from:
            yield f"A deadline that passed before {long_day(wording.begins)} does not change."
        yield f"It becomes due {self.notice} before the deadline."
