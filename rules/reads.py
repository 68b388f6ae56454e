"""What a version of a duty lists, by which columns it dates its evidence, and which it reads."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.table import Evidence
from rules.condition import AnyOf, Ask
from rules.model import Version
from rules.pattern import BeforeEvent, Completeness, Events, EvidenceQuery, Standing, Triggered
from rules.subject import FixedList, Population


def _of_conditions(where: Sequence[Ask]) -> list[str]:
    plain = [each for ask in where for each in (ask.any_of if isinstance(ask, AnyOf) else (ask,))]
    return [name for each in plain for name in (each.column, each.on_or_before) if name]


def evidence_columns(version: Version) -> tuple[str, ...]:
    """The columns of the evidence that a version reads, in the order in which it names them."""
    pattern, query = version.pattern, version.evidence
    if isinstance(pattern, Completeness):
        return record_columns(pattern)
    if query is None:
        return ()
    names = [query.dated, query.period, query.event, query.subject, query.distinct]
    names += _of_conditions(query.asks)
    if isinstance(pattern, Standing):
        names = [pattern.begins, pattern.ends, pattern.review_by, *names]
    if isinstance(version.subjects, FixedList):
        names.append(version.subjects.named_in)
        for member in version.subjects.members:
            names += [member.dated, *_of_conditions(member.where)]
    return _once(names)


def record_columns(pattern: Completeness) -> tuple[str, ...]:
    """The columns that a duty of completeness reads of each record."""
    carried = pattern.deadline
    dates = (carried.due, carried.re_agreed_on, carried.re_agreed_to) if carried else ()
    names = [pattern.records.dated, *dates, *pattern.done_on, *_of_conditions(pattern.asks)]
    return _once([*names, *_of_conditions(pattern.records.asks)])


def listing_columns(version: Version, evidence: Evidence, *, of_event: bool) -> tuple[str, ...]:
    """The columns of a listed row (an event's, or a subject's) that a version reads."""
    listing = events_of(version) if of_event else None
    if listing is not None:
        key = evidence.tables[listing.register].register.key
        names = [key, listing.dated, listing.cancelled]
        return _once([*names, *_of_conditions(listing.asks)])
    subjects = version.subjects
    if not isinstance(subjects, Population):
        return ()
    key = evidence.tables[subjects.register].register.key
    names = [key, subjects.joins, subjects.leaves, subjects.flagged]
    named = version.evidence.named_by_subject if version.evidence else None
    return _once([*names, named, *_of_conditions(subjects.asks)])


def events_of(version: Version) -> Events | None:
    """The events or records that a version lists, if it does."""
    pattern = version.pattern
    if isinstance(pattern, Completeness):
        return pattern.records
    if isinstance(pattern, Triggered | BeforeEvent) and isinstance(pattern.event, Events):
        return pattern.event
    return None


def dating_columns(version: Version, member: int = -1) -> tuple[str, ...]:
    """The columns that date an item of evidence under a version, by the latest of their days
    (semantics.md, Patterns, 6)."""
    pattern = version.pattern
    if isinstance(pattern, Completeness) and pattern.done_on:
        return pattern.done_on
    name = dated_by(version, member)
    return (name,) if name else ()


def dated_by(version: Version, member: int = -1) -> str:
    """The column that dates an item of evidence under a version, the first where there are
    several; '' if none does."""
    pattern, query = version.pattern, version.evidence
    if isinstance(pattern, Standing):
        return pattern.begins
    if isinstance(pattern, Completeness):
        return pattern.done_on[0] if pattern.done_on else pattern.records.dated
    if member >= 0 and isinstance(version.subjects, FixedList):
        own = version.subjects.members[member].dated
        if own:
            return own
    return (query.dated or "") if query else ""


def query_of(version: Version) -> EvidenceQuery:
    """The version's evidence. Raises ValueError for a pattern that has none."""
    if version.evidence is None:
        raise ValueError("this pattern has no evidence of its own")
    return version.evidence


def _once(names: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
