"""Pattern 3: within a span after each event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from evidence.cells.day_words import long_day
from evidence.register import Declared
from rules.patterns.base import EVENT_KEYS, Events, LintedVersion, PatternBase
from rules.problem import Problems
from rules.span import SpanField
from rules.wording.words import Wording, day_of
from rules.yaml.source import YamlNode


class Joining(Declared):
    """Each subject's joining (or being flagged) is its event."""

    joining: Literal[True]
    """Write 'yes': the day on which each person joins is the event."""


def _event_tag(event: object) -> str:
    joining = isinstance(event, Joining) or (isinstance(event, dict) and "joining" in event)
    return "Joining" if joining else "Events"


class Triggered(PatternBase):
    """Within a span after each event (semantics.md: Patterns). ``within`` may be left to the
    members of a fixed list. ``early`` opens the window before the event; ``accepted_before`` only
    lets an older item count in it."""

    kind: Literal["triggered"]
    """It must be done within a given time after each event, or after each person joins."""
    event: Annotated[
        Annotated[Events, Tag("Events")] | Annotated[Joining, Tag("Joining")],
        Discriminator(_event_tag),
    ]
    """The rows that list the events, or 'joining: yes'."""
    within: SpanField | None = None
    """How long after the event it must be done (0 days: on that day). Example: 28 days"""
    early: SpanField | None = None
    """How long before the event it may be done. Example: 7 days"""
    accepted_before: SpanField | None = None
    """How long before the event it may have been done already and still count. Example: 24 months
    """
    already_there: bool = False
    """With 'joining': 'yes' if those who were there before the duty began count as joining on its
    first day."""

    takes = EVENT_KEYS
    member_spans = True
    lapses = True
    waits = True

    @property
    def events(self) -> Events | None:
        return self.event if isinstance(self.event, Events) else None

    @property
    def by_joining(self) -> bool:
        return self.events is None

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child, version = node / "pattern", linted.version
        if self.events is not None:
            yield from self.events.check(child / "event", linted.registers)
            if self.already_there:
                message = "'already there' is for subjects who joined before the duty began."
                instead = "Leave it out, or use 'joining: yes'."
                yield (child / "already there").problem(message, instead)
        elif version.population is None:
            message = "Joining is an event of people, and the duty has no population."
            yield (child / "event").problem(message, "Add 'subjects:' of the kind population.")
        accepted, early = self.accepted_before, self.early
        if accepted is not None and accepted.count == 0:
            message = f"Nothing can be done in the {accepted} before the window opens."
            instead = "Write a longer span, such as 24 months, or leave it out."
            yield (child / "accepted before").problem(message, instead)
        elif accepted and early and accepted.most_days <= early.least_days:
            message = f"The window opens {early} before the event, so it already accepts that."
            instead = "Write a longer span, or leave 'accepted before' out."
            yield (child / "accepted before").problem(message, instead, child / "early")
        if self.within is None and not (version.members and all(m.within for m in version.members)):
            message = "Nothing says how long after the event the duty may be done."
            yield child.problem(message, "Add 'within:', such as 28 days (0 days: on the day).")

    def shape(self, subjects: str) -> str:
        return super().shape(f" by joining{subjects}" if self.by_joining else subjects)

    def when(self, wording: Wording) -> str:
        day = self._day if self.events else "joining"
        if self.within is None:
            return f"within the time listed below after {day}"
        if self.within.count:
            return f"within {self.within} after {day}"
        return f"on {self._day}"

    @property
    def _day(self) -> str:
        return day_of(self.events.dated) if self.events else "the day of joining"

    def also(self, wording: Wording) -> Iterator[str]:
        if self.early is not None:
            yield f"Anything done up to {self.early} before {self._day} counts too."
        if self.accepted_before is not None:
            yield (
                f"Anything done up to {self.accepted_before} before {self._day} counts too, but it "
                "is required only from that day on."
            )
        if self.by_joining:
            counts = "count as joining on that day" if self.already_there else "are exempt"
            yield f"Those already there before {long_day(wording.in_force_from)} {counts}."
