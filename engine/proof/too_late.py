"""What is too late to do: overdue, and by its rule no row dated D or later can meet it
(semantics.md, An obligation's status: overdue)."""

from __future__ import annotations

from engine.obligation import Obligation
from engine.outcome import Answer, Past, Status
from rules.condition import Ask
from rules.model import Version


def too_late(version: Version, obligation: Obligation, answer: Answer, on_day: int) -> bool:
    """Whether the rule asks for what only the event's own row can show, on the event's own day:
    once that has passed, nothing that is done later meets it. (A duty before an event may be
    overdue while its day is still to come.) To correct a wrong row is another thing, and stays
    possible. ``on_day``: the day of the check."""
    if answer.status is not Status.OVERDUE or answer.past is not Past.CURRENT:
        return False
    query, listed = version.evidence, version.events
    if query is None or listed is None or not query.itself:
        return False
    passed = obligation.event_day < on_day
    return passed and version.dated_by(obligation.member) == listed.dated


def own_asks(version: Version, member: int) -> tuple[Ask, ...]:
    """What the rule asks of the event's own row, for a member of its fixed list (-1: none)."""
    asks = version.evidence.asks if version.evidence else ()
    one = version.member(member)
    return (*asks, *one.where) if one else asks
