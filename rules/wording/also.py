"""What a rule says besides its sentence: openings, exceptions, and what follows where it is not
done. Each is a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator

from rules.subject import Member, Population
from rules.wording.keys import keys_told
from rules.wording.telling import Telling, empty_told, own_day
from rules.wording.words import asks_told, column_told, rows_told


def also_told(telling: Telling) -> Iterator[str]:
    """Every further sentence that a version takes, in the order in which a reader asks."""
    version = telling.version
    if version.population is not None:
        yield from _population(version.population, telling)
    yield from map(_member, version.members)
    yield from version.pattern.also(telling)
    yield from _dated(telling)
    yield from keys_told(version, telling.registers)
    yield from _events(telling)
    yield from _applies(telling)
    if version.lapse is not None:
        yield (
            f"Still not done {version.lapse} after its deadline, it lapses: it stays in history "
            "as missed."
        )


# Subjects ---------------------------------------------------------------------------------------


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
    yield from empty_told(subjects, telling.registers)


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


# Evidence and events ----------------------------------------------------------------------------


def _dated(telling: Telling) -> Iterator[str]:
    query = telling.version.evidence
    if query is None:
        return
    if query.dated is not None and not (query.itself and not own_day(telling)):
        yield f"It counts on the day in {column_told(query.dated)}."
    if query.distinct is not None:
        yield f"Of rows with the same {column_told(query.distinct)} only the earliest counts."


def _events(telling: Telling) -> Iterator[str]:
    events = telling.version.events
    if events is None:
        return
    if events.cancelled is not None:
        yield f"A row whose {column_told(events.cancelled)} says yes asks nothing."
    yield from empty_told(events, telling.registers)


def _applies(telling: Telling) -> Iterator[str]:
    applies = telling.version.applies
    if applies is None:
        return
    when = "on the event's day" if telling.version.events else "on the day of the check"
    spell = []
    if applies.begins is not None:
        spell.append(f"from the day in {column_told(applies.begins)}")
    if applies.ends is not None:
        spell.append(f"to the day before the one in {column_told(applies.ends)}")
    held = f", in place {' '.join(spell)}" if spell else ""
    rows = rows_told(applies, telling.registers)
    yield f"It is asked only where there is, {when}, a {rows}{held}."
