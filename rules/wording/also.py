"""What a rule says besides its sentence: openings, exceptions, and what follows where it is not
done. Each is a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator

from rules.condition import Listing
from rules.model import Version
from rules.pattern import (
    BeforeEvent,
    Completeness,
    Events,
    EvidenceQuery,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.subject import FixedList, Member, Population
from rules.wording.keys import keys_told
from rules.wording.when import Telling
from rules.wording.words import (
    asks_told,
    column_told,
    columns_told,
    day_told,
    rows_told,
    title_of,
)


def events_of(version: Version) -> Events | None:
    """The events or records that a version lists, if it does."""
    pattern = version.pattern
    if isinstance(pattern, Triggered) and isinstance(pattern.event, Events):
        return pattern.event
    if isinstance(pattern, BeforeEvent):
        return pattern.event
    return pattern.records if isinstance(pattern, Completeness) else None


def also_told(telling: Telling) -> Iterator[str]:
    """Every further sentence that a version takes, in the order in which a reader asks."""
    version, pattern = telling.version, telling.version.pattern
    yield from _subjects(telling)
    if isinstance(pattern, Periodic):
        yield from _periodic(pattern, version)
    elif isinstance(pattern, Rolling):
        yield from _rolling(pattern, telling)
    elif isinstance(pattern, Triggered):
        yield from _triggered(pattern, telling)
    elif isinstance(pattern, Standing):
        yield from _standing(pattern, telling)
    elif isinstance(pattern, Completeness):
        yield from _record(pattern)
    yield from _dated(version)
    yield from keys_told(version, telling.registers)
    yield from _events(telling)
    yield from _applies(telling)
    if version.lapse is not None:
        yield (
            f"Still not done {version.lapse} after its deadline, it lapses: it stays in history "
            "as missed."
        )


# Subjects ---------------------------------------------------------------------------------------


def _subjects(telling: Telling) -> Iterator[str]:
    subjects = telling.version.subjects
    if isinstance(subjects, Population):
        yield from _population(subjects, telling)
    if isinstance(subjects, FixedList):
        yield from (_member(each) for each in subjects.members)


def _population(subjects: Population, telling: Telling) -> Iterator[str]:
    leaves = (
        f" to the day before the one in {column_told(subjects.leaves)}" if subjects.leaves else ""
    )
    yield (
        f"Joining is the day in {column_told(subjects.joins)}: each is asked from that day{leaves}."
    )
    if subjects.flagged is not None:
        yield (
            f"Each is asked only where a day stands in {column_told(subjects.flagged)}; the later "
            f"of that and {column_told(subjects.joins)} is then the day of joining."
        )
    yield from _empty(subjects, telling)


def _member(member: Member) -> str:
    own = []
    if member.within is not None:
        own.append(f"within {member.within}")
    if member.dated is not None:
        own.append(f"on the day in {column_told(member.dated)}")
    if member.where:
        own.append(asks_told(member.where))
    about = f": {'; '.join(own)}" if own else ""
    return f"{member.id} ({member.title}){about}."


def _empty(listing: Listing, telling: Telling) -> Iterator[str]:
    """What having no such row means."""
    title = title_of(listing.register, telling.registers)
    nil = listing.nil_return
    given = f"a nil return for '{nil.list}', given for each {nil.each}" if nil else ""
    if listing.empty == "fair":
        yield f"To have no such row in {title} is a fair answer{f'; so is {given}' if nil else ''}."
    elif nil is not None:
        yield f"With no such row in {title} it cannot be told, unless {given}, says so."
    else:
        yield f"With no such row in {title} it cannot be told."


# Patterns ---------------------------------------------------------------------------------------


def _periodic(pattern: Periodic, version: Version) -> Iterator[str]:
    named = version.evidence.period if version.evidence else None
    if named is not None:
        yield (
            f"A row that names its {pattern.period} in {column_told(named)} counts for that one "
            "alone; one that names none goes by its day."
        )
    if pattern.grace is not None:
        yield f"A row that names it may be dated up to {pattern.grace} after its end."
    if pattern.early:
        yield "A row that names it may be dated before it begins."
    nil = pattern.nil_return
    if nil is not None:
        yield f"A nil return for '{nil.list}' for the {nil.each} counts too."


def _rolling(pattern: Rolling, telling: Telling) -> Iterator[str]:
    if isinstance(telling.version.subjects, Population) and pattern.first_deadline is None:
        begins = day_told(telling.in_force)
        yield f"For those there before {begins} the first time is reckoned from that day."
    if telling.begins > telling.in_force:
        yield f"A deadline that had passed before {day_told(telling.begins)} stays."
    yield f"It turns due {pattern.notice} before the deadline."


def _triggered(pattern: Triggered, telling: Telling) -> Iterator[str]:
    if pattern.early is not None:
        yield f"What was done up to {pattern.early} before that day counts too."
    if pattern.accepted_before is not None:
        yield (
            f"What was done earlier is accepted, up to {pattern.accepted_before} before that day; "
            "it is asked for only from that day on."
        )
    if not isinstance(pattern.event, Events):
        counts = "counts as joining on that day" if pattern.already_there else "is not asked"
        yield f"Whoever was there before {day_told(telling.in_force)} {counts}."


def _standing(pattern: Standing, telling: Telling) -> Iterator[str]:
    ends = [name for name in (pattern.ends, pattern.review_by) if name is not None]
    earlier = "the earlier of those in" if len(ends) > 1 else "the one in"
    until = f" to {earlier} {columns_told(ends)}, that day included" if ends else ""
    yield f"It is in place from the day in {column_told(pattern.begins)}{until}."
    if pattern.end_needed:
        yield "A row with no such last day does not count."
    elif ends and pattern.review_within is None:
        yield "A row with no such last day is in place for good."
    if pattern.review_within is not None:
        none = "" if pattern.end_needed else ", or none,"
        yield (
            f"It is in place for at most {pattern.review_within} without a review: a later last "
            f"day{none} counts as {pattern.review_within} after {column_told(pattern.begins)}."
        )
    if ends or pattern.review_within is not None:
        yield f"It turns due {pattern.notice} before the last day."
    yield from _one_holder(pattern, telling)


def _one_holder(pattern: Standing, telling: Telling) -> Iterator[str]:
    query = telling.version.evidence
    spec = telling.registers.get(query.register) if query is not None else None
    if spec is not None and spec.one_holder_of is not None:
        yield (
            f"Each {column_told(spec.one_holder_of)} has one holder at a time: of the rows that "
            f"have begun, the one with the latest {column_told(pattern.begins)}. An earlier row "
            "ends on the day before the next one begins."
        )


def _record(pattern: Completeness) -> Iterator[str]:
    if len(pattern.done_on) > 1:
        yield f"It is done on the latest of the days in {columns_told(pattern.done_on)}."
    if not pattern.done_on:
        yield "No column says when it was filled in, so a row that holds it all counts as in time."
    carried = pattern.deadline
    if carried is not None and carried.re_agreed_to and carried.re_agreed_on:
        yield (
            f"The day in {column_told(carried.re_agreed_to)} takes the place of that deadline if "
            f"the one in {column_told(carried.re_agreed_on)}, when it was agreed, is not after it."
        )


# Evidence and events ----------------------------------------------------------------------------


def _dated(version: Version) -> Iterator[str]:
    query = version.evidence
    if query is None:
        return
    if query.dated is not None and not _day_is_said(version, query):
        yield f"It counts on the day in {column_told(query.dated)}."
    if query.distinct is not None:
        yield f"Of rows with the same {column_told(query.distinct)} only the earliest counts."


def _day_is_said(version: Version, query: EvidenceQuery) -> bool:
    """Whether the sentence says already which day it counts on: that of the event's own row."""
    events = events_of(version)
    return query.itself and events is not None and query.dated == events.dated


def _events(telling: Telling) -> Iterator[str]:
    events = events_of(telling.version)
    if events is None:
        return
    if events.cancelled is not None:
        yield f"A row whose {column_told(events.cancelled)} says yes asks nothing."
    yield from _empty(events, telling)


def _applies(telling: Telling) -> Iterator[str]:
    applies = telling.version.applies
    if applies is None:
        return
    when = "on the event's day" if events_of(telling.version) else "on the day of the check"
    spell = []
    if applies.begins is not None:
        spell.append(f"from the day in {column_told(applies.begins)}")
    if applies.ends is not None:
        spell.append(f"to the day before the one in {column_told(applies.ends)}")
    held = f", in place {' '.join(spell)}" if spell else ""
    rows = rows_told(applies, telling.registers)
    yield f"It is asked only where there is, {when}, a {rows}{held}."
