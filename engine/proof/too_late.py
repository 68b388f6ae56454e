"""What is too late to do: overdue, and by its rule no row dated D or later can meet it
(semantics.md, An obligation's status: overdue)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.outcome import Answer, Past, Status
from engine.proof.version_rows import whole
from rules.condition import Ask
from rules.model import Version
from rules.reads import dated_by, events_of
from rules.subject import FixedList


def too_late(version: Version, answer: Answer, row: Mapping[str, object], as_of: int) -> bool:
    """Whether the rule asks for what only the event's own row can show, on the event's own day:
    once that has passed, nothing that is done later meets it. (A duty before an event may be
    overdue while its day is still to come.) To correct a wrong row is another thing, and stays
    possible. ``row``: the obligation's; ``as_of``: the number of the day."""
    if answer.status is not Status.OVERDUE or answer.past is not Past.CURRENT:
        return False
    query, listed = version.evidence, events_of(version)
    if query is None or listed is None or not query.itself:
        return False
    passed = whole(row["event_day"]) < as_of
    return passed and dated_by(version, _member(version, answer)) == listed.dated


def own_asks(version: Version, member: int) -> tuple[Ask, ...]:
    """What the rule asks of the event's own row, for a member of its fixed list (-1: none)."""
    asks = version.evidence.asks if version.evidence else ()
    if member < 0 or not isinstance(version.subjects, FixedList):
        return asks
    return (*asks, *version.subjects.members[member].where)


def _member(version: Version, answer: Answer) -> int:
    """The place in the fixed list of the member that an answer is about; -1 without one."""
    subjects = version.subjects
    if not isinstance(subjects, FixedList):
        return -1
    ids = [member.id for member in subjects.members]
    return ids.index(answer.key.subject) if answer.key.subject in ids else -1
