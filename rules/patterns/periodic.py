"""Pattern 1: once in each period."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from evidence.register import PeriodKind, spaced
from rules.condition import NilReturn
from rules.lint.rows import lint_nil_return
from rules.patterns.base import EvidenceQuery, LintedVersion, PatternBase
from rules.problem import Problems
from rules.span import Span, SpanField
from rules.wording.words import Wording, quoted
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    from rules.model import Duty

_SHORTEST = {"financial year": 365, "calendar year": 365, "quarter": 90, "month": 28}
_QUARTERS = {"Q1": 4, "Q2": 7, "Q3": 10, "Q4": 1}  # the first month of each

#: The days of each whole period and of each part of a financial year.
_DAYS = {
    "financial year": ", between 1 April and 31 March",
    "calendar year": ", between 1 January and 31 December",
    "quarter": " (April to June, July to September, October to December, January to March)",
    "month": ", between its first day and its last",
    "Q1": ", between 1 April and 30 June",
    "Q2": ", between 1 July and 30 September",
    "Q3": ", between 1 October and 31 December",
    "Q4": ", between 1 January and 31 March",
}
_BEFORE = {
    "financial year": "for 2027/28: 1 April 2026 to 31 March 2027",
    "calendar year": "for 2027: 1 January to 31 December 2026",
    "quarter": "for July to September: 1 April to 30 June",
    "month": "for July: 1 to 30 June",
}


class Periodic(PatternBase):
    """Once in each period, in a quarter of each financial year, or in the whole period before each
    period."""

    kind: Literal["periodic"]
    """It must be done once in each period."""
    period: PeriodKind
    """The period in which it must be done once."""
    part: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    """The quarter of each financial year in which it must be done (Q1: April to June)."""
    before: bool = False
    """'yes' if it must be done in the period before each period, as a plan for it."""
    grace: SpanField | None = None
    """How long after the period ends it may still be done, for rows that name their period.
    Example: 28 days"""
    early: bool = False
    """'yes' if it may be done before the period begins, for rows that name their period."""
    nil_return: NilReturn | None = None
    """A nil return for the period counts too."""

    takes = ("dated", "period", "needed")
    takes_subjects = False

    @property
    def period_kind(self) -> PeriodKind:
        return self.period

    @property
    def extension(self) -> Span | None:
        return self.grace

    @property
    def nil(self) -> NilReturn | None:
        return self.nil_return

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child, query = node / "pattern", linted.version.evidence
        if self.part is not None and self.period != "financial year":
            message = f"Only a financial year has a part {self.part}."
            instead = "Write period: financial year, or leave 'part' out."
            yield (child / "part").problem(message, instead)
        if self.part is not None and self.before:
            message = "A duty before a period uses the whole period before it, so it has no part."
            instead = "Keep one of 'part' and 'before'."
            yield (child / "part").problem(message, instead, child / "before")
        if self.part is not None and self.grace is not None:
            message = "A duty in a part of the year cannot have a grace."
            instead = "Keep one of 'part' and 'grace'."
            yield (child / "grace").problem(message, instead, child / "part")
        for key in ("grace", "early", "nil_return"):
            if getattr(self, key) and not (query and query.period is not None):
                yield (child / spaced(key)).problem(
                    f"'{spaced(key)}' is for items that name their period.",
                    "Add 'period:' to the evidence, or leave it out.",
                )
        if self.grace is not None and self.grace.most_days >= _SHORTEST[self.period]:
            message = f"A grace of {self.grace} is not shorter than the period."
            yield (child / "grace").problem(message, f"Write less than one {self.period}.")
        if self.nil_return is not None:
            yield from lint_nil_return(child / "nil return", self.nil_return, linted.registers)
            yield from self._check_nil_return(
                child / "nil return", self.nil_return, child / "before"
            )

    def _check_nil_return(self, node: YamlNode, nil: NilReturn, before: YamlNode) -> Problems:
        if nil.each != self.period:
            message = "The nil return is for a different kind of period from the duty's."
            yield (node / "each").problem(message, f"Write 'each: {self.period}'.")
        start = "A nil return is given"
        if self.grace is None:
            message = f"{start} on or after the period's last day, so it needs a grace."
            yield node.problem(message, "Add 'grace:', such as 28 days.")
        if self.before:
            message = f"{start} when its period is over; this duty is due before the period begins."
            yield node.problem(message, "Keep one of 'before' and 'nil return'.", before)

    def check_window(self, node: YamlNode, duty: Duty, begins: datetime.date) -> Problems:
        """Checks that the duty does not end before the quarter in which it must be done."""
        until = duty.until
        if self.part is None or until is None:
            return
        month = _QUARTERS[self.part]  # the quarter that ends on ``begins`` or is the first after it
        year = begins.year if begins.month <= month + 2 else begins.year + 1
        opens = max(datetime.date(year, month, 1), duty.in_force_from)
        if begins <= until < opens:
            yield node.problem(
                f"This version would never require anything: the duty ends on {until}, and the "
                f"next {self.part} begins on {opens}.",
                f"Write 'until: {opens}' or a later day, or leave the version out.",
                YamlNode(node.source) / "until",
            )

    def check_beside(self, node: YamlNode, other: PatternBase, other_node: YamlNode) -> Problems:
        """Checks that the name of a period means one window (semantics.md: Versions and clocks)."""
        if not isinstance(other, Periodic) or self.period != other.period:
            return
        if self.before != other.before:
            before, within = ("this", "the other") if self.before else ("the other", "this")
            yield node.problem(
                f"One name would mean two windows: in {before} version the {self.period} "
                f"before which it is done, in {within} version the one in which it is done.",
                "End this duty with 'until:' and write a new one with a new id.",
                other_node,
            )

    def when(self, wording: Wording) -> str:
        if self.before:
            return f"in the {self.period} before each {self.period} begins ({_BEFORE[self.period]})"
        return f"once in every {self.period}{_DAYS[self.part or self.period]}"

    def also(self, wording: Wording) -> Iterator[str]:
        if wording.query.period is not None:
            yield (
                f"A row that names its {self.period} in {quoted(wording.query.period)} counts "
                f"for that {self.period} only. A row that names none counts by its date."
            )
        if self.grace is not None:
            yield (
                f"A row that names its {self.period} may be dated up to {self.grace} after the "
                f"{self.period} ends."
            )
        if self.early:
            yield (
                f"A row that names its {self.period} may be dated before the {self.period} begins."
            )
        if (nil := self.nil_return) is not None:
            yield f"A nil return for '{nil.list}' for the {nil.each} counts too."

    def column_roles(self, query: EvidenceQuery | None) -> Iterator[tuple[str | None, str]]:
        if query is not None:
            yield query.period, f"the {self.period} that it is for"
