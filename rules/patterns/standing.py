"""Pattern 5: something in place on the as-of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from evidence.register import RegisterSpec
from rules.condition import Condition
from rules.lint.rows import conditions_at, lint_days, lint_ended, lint_needed
from rules.patterns.base import NOTICE, EvidenceQuery, LintedVersion, PatternBase
from rules.problem import Problems
from rules.span import Span, SpanField
from rules.wording.words import Wording, quoted, quoted_list, row_links
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    from rules.subject import Member


class Standing(PatternBase):
    """Something in place on the as-of date. A later end or review-by day than ``review_within``
    allows, or neither, counts as at that cap."""

    kind: Literal["standing"]
    """Something must be in place on every day."""
    begins: str
    """The date column from which something is in place. Example: agreed on"""
    ends: str | None = None
    """The date column with the last date on which it is in place. Example: ended on"""
    review_by: str | None = None
    """The date column by which it must be reviewed. After that date it no longer counts. Example:
    review by"""
    end_needed: bool = False
    """'yes' if a row without an end date does not count."""
    review_within: SpanField | None = None
    """The longest time that something counts without a review, whatever its end date says. Example:
    24 months"""
    notice: SpanField = NOTICE
    """How long before its last date it is shown as due. Without this key, 60 days. Example: 28 days
    """

    takes = ("subject", "named_by_subject")
    lasting = True
    in_place = True

    @property
    def last_days(self) -> tuple[str, ...]:
        """The columns of the last day on which it is in place."""
        return tuple(name for name in (self.ends, self.review_by) if name is not None)

    @property
    def term(self) -> tuple[str, str | None, Span | None]:
        return self.begins, self.review_by, self.review_within

    def dating(self, query: EvidenceQuery | None, member: Member | None) -> tuple[str, ...]:
        return (self.begins,)

    def columns(self, query: EvidenceQuery | None) -> tuple[str | None, ...]:
        return (self.begins, self.ends, self.review_by, *super().columns(query))

    @property
    def warning(self) -> Span | None:
        return self.notice

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child, spec = node / "pattern", linted.evidence
        yield from lint_days(child, spec, self, "begins", "ends", "review_by")
        if self.end_needed and not self.last_days:
            message = "An end is needed, and no column gives the end of a row."
            yield (child / "end needed").problem(message, "Add 'ends:' or 'review by:'.")
        if self.review_within is not None and self.review_by is None:
            message = "No column gives the date by which it must be reviewed."
            yield (child / "review within").problem(message, "Add 'review by:'.")
        if self.review_within and self.review_within.least_days <= self.notice.least_days:
            message = (
                f"The cap of {self.review_within} is not longer than the notice of {self.notice}, "
                "so the duty would never be met."
            )
            instead = "Write a longer cap or a shorter 'notice:'."
            yield (child / "review within").problem(message, instead)
        harm = "every row would be in place for good"
        yield from lint_needed(child / "ends", spec, self.ends, harm)
        yield from lint_needed(child / "review by", spec, self.review_by, harm)
        instead = "Write 'end needed: yes' instead, or 'planned: yes' for it in registers.yaml."
        query = linted.version.evidence
        conditions = list(conditions_at(node / "evidence", query)) if query else []
        for index, member in enumerate(linted.version.members):
            child = node / "subjects" / "members" / index / "where"
            conditions += [(child / i, condition) for i, condition in enumerate(member.where)]
        yield from lint_ended(conditions, spec, self.last_days, instead)

    def check_added(
        self, node: YamlNode, where: Iterable[Condition], spec: RegisterSpec
    ) -> Problems:
        instead = "Leave the condition out, or write 'planned: yes' for it in registers.yaml."
        conditions = ((node / i, condition) for i, condition in enumerate(where))
        yield from lint_ended(conditions, spec, self.last_days, instead)

    def what(self, wording: Wording) -> str:
        return f"a row in {wording.title}{row_links(wording)}"

    def also(self, wording: Wording) -> Iterator[str]:
        ends = self.last_days
        last = "the earlier of the dates in" if len(ends) > 1 else "the date in"
        until = f" up to and including {last} {quoted_list(ends)}" if ends else ""
        yield f"It is in place from the date in {quoted(self.begins)}{until}."
        if self.end_needed:
            yield "A row without an end date does not count."
        elif ends and self.review_within is None:
            yield "A row without an end date is in place indefinitely."
        if self.review_within is not None:
            none = "" if self.end_needed else ", or none,"
            yield (
                f"Without a review it is in place for at most {self.review_within}: a later end "
                f"date{none} counts as {self.review_within} after {quoted(self.begins)}."
            )
        if ends or self.review_within is not None:
            yield f"It becomes due {self.notice} before the last day."
        role = wording.registers[wording.query.register].one_holder_of
        if role is not None:
            yield (
                f"Each {quoted(role)} has one holder at a time: the row with the latest "
                f"{quoted(self.begins)} that is not in the future. An earlier row ends on the "
                "day before the next one begins."
            )

    def column_roles(self, query: EvidenceQuery | None) -> Iterator[tuple[str | None, str]]:
        yield self.begins, "the first day on which it is in place"
        yield self.ends, "the last day"
        yield self.review_by, "the last day, unless it is reviewed"
