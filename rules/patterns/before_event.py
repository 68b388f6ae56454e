"""Pattern 4: before each event."""

from __future__ import annotations

from typing import Literal

from evidence.cells.text import listed
from rules.patterns.base import EVENT_KEYS, Events, LintedVersion, PatternBase
from rules.problem import Problems
from rules.span import Span, SpanField
from rules.wording.words import Wording, day_of
from rules.yaml.source import YamlNode


class BeforeEvent(PatternBase):
    """By the event's day, or a span before it; no earlier than another span before it, or than
    the day after the previous event."""

    kind: Literal["before event"]
    """It must be done before each event."""
    event: Events
    """The rows that list the events."""
    by: SpanField | None = None
    """How long before the event it must be done at the latest. Without it, the day of the event is
    soon enough. Example: 14 days"""
    no_earlier: SpanField | None = None
    """How long before the event it may be done at the earliest. Example: 3 months"""
    since_previous: bool = False
    """'yes' if it must be done after the previous event."""

    takes = EVENT_KEYS
    lapses = True
    ahead = True

    @property
    def events(self) -> Events:
        return self.event

    @property
    def lead(self) -> Span | None:
        return self.by

    @property
    def after_previous(self) -> bool:
        return self.since_previous

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child, by, earliest = node / "pattern", self.by, self.no_earlier
        yield from self.event.check(child / "event", linted.registers)
        if self.since_previous and earliest is not None:
            message = "'no earlier' and 'since previous' both say when the window opens."
            instead = "Keep one of them."
            yield (child / "since previous").problem(message, instead, child / "no earlier")
        if by is not None and earliest is not None and earliest.least_days < by.least_days:
            message = f"The window would open {earliest} before the event and close {by} before it."
            instead = "Write a longer 'no earlier'."
            yield (child / "no earlier").problem(message, instead, child / "by")

    def when(self, wording: Wording) -> str:
        until = f"at least {self.by} before" if self.by and self.by.count else "by"
        phrases = [f"{until} {day_of(self.event.dated)}"]
        if self.no_earlier is not None:
            phrases.append(f"no earlier than {self.no_earlier} before it")
        if self.since_previous:
            phrases.append("after the date of the previous one")
        return listed(phrases)
