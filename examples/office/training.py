"""The training record: what each person completed, at the times at which a careful office does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from examples.office.made import (
    AS_OF,
    IN_FORCE,
    Row,
    between,
    chance,
    later,
    months_later,
    numbered,
)


@dataclass(frozen=True, slots=True)
class Course:
    """A course, first taken ``first`` days after its start (from, to), and again every so many
    ``months`` and up to ``spread`` days (0 months: never again)."""

    name: str
    source: str
    first: tuple[int, int]
    months: int = 0
    spread: int = 60
    level: str = "basic"

    @property
    def within(self) -> bool:
        """Whether a rule asks for a first one within so many days, so that it is open at once."""
        return self.first[1] < 100


INDUCTION = Course("induction", "gov.uk", (2, 17))
#: For those who were there already, on the days before Christmas 2024; for starters, later on.
AWARENESS = Course("awareness", "gov.uk", (14, 72))
STARTER = Course("awareness", "gov.uk", (20, 75))
REFRESHER = Course("refresher", "gov.uk", (510, 610), 18)
HIGHER = Course("other course", "Warwickshire Police", (20, 80), 18, 60, "higher")
#: The courses of those whose row has a day in a column, from that day.
FLAGGED = {
    "likely to refer from": (
        Course("referral", "Prevent Officer", (3, 24), 18),
        Course("referral pathway", "in-house", (3, 24), 9, 20),
    ),
    "manages bookings from": (Course("venue hire", "in-house", (3, 24), 18),),
    "higher level from": (HIGHER,),
}
OTHER = Course("other course", "other source", (0, 0))


@dataclass(frozen=True, slots=True)
class Diligence:
    """How an office takes its courses. ``care``: the share of steps that are taken in time; the
    others are taken late, or not at all. ``ahead``: whoever has a first course open has taken it
    already, however long there is yet."""

    care: float
    ahead: bool
    seed: int


def training_rows(people: Sequence[Row], rows: int | None, way: Diligence) -> list[Row]:
    """The record in the order of completion, keyed T00001 …, filled up to ``rows`` if given.

    Raises ValueError where the people make more rows than ``rows``.
    """
    made = [row for person in people for row in _of_person(person, way)]
    if rows is not None and rows < len(made):
        raise ValueError(f"{len(people)} people make {len(made)} training rows, more than {rows}")
    made += _fillers(people, (rows or len(made)) - len(made), way.seed)
    return numbered("T", sorted(made, key=_by_day), width=5)


def _by_day(row: Row) -> tuple[str, str, str]:
    return str(row["completed on"]), str(row["person"]), str(row["course"])


def _of_person(person: Row, way: Diligence) -> Iterator[Row]:
    starts = day_in(person, "starts")
    new = starts >= IN_FORCE
    start = max(starts, IN_FORCE)
    if new:
        yield from _rounds(person, INDUCTION, start, way)
    awareness = [*_rounds(person, STARTER if new else AWARENESS, start, way)]
    yield from awareness
    if awareness:
        yield from _rounds(person, REFRESHER, day_in(awareness[0], "completed on"), way)
    for column, courses in FLAGGED.items():
        for course in courses:
            if column in person:
                flagged = max(day_in(person, column), IN_FORCE)
                yield from _rounds(person, course, flagged, way)


def _rounds(person: Row, course: Course, start: datetime.date, way: Diligence) -> Iterator[Row]:
    """The course as often as it falls due while the person is there; no more after a careless
    step, which is a late one."""
    ref, seed = person["ref"], way.seed
    last = _last_day(person)
    done = later(start, between(*course.first, seed, ref, course.name))
    if way.ahead and course.within and start <= AS_OF < done:
        done = later(start, between(0, (AS_OF - start).days, seed, ref, course.name))
    careless = False
    while done <= last and not careless:
        careless = chance(seed, ref, course.name, done) > way.care
        if careless:
            done = later(done, 90)
        if done <= last:
            yield _row(person, course, done)
        if not course.months:
            return
        spread = between(0, course.spread, seed, ref, done)
        done = later(months_later(done, course.months), spread)


def _last_day(person: Row) -> datetime.date:
    """The last day on which the person was there by the day that the example speaks for."""
    ends = day_in(person, "ends", datetime.date.max)
    return min(AS_OF, ends - datetime.timedelta(1))


def _row(person: Row, course: Course, done: datetime.date) -> Row:
    return {
        "person": person["ref"],
        "role": person["post"],
        "course": course.name,
        "level": course.level,
        "source": course.source,
        "completed on": done,
        "passed": "Yes",
        "recorded on": min(AS_OF, later(done, 3)),
    }


def _fillers(people: Sequence[Row], rows: int, seed: int) -> Iterator[Row]:
    """So many rows more: people's other courses, spread over the days that they were there."""
    for number in range(rows):
        person = people[number % len(people)]
        first = max(day_in(person, "starts"), IN_FORCE)
        days = (day_in(person, "ends", AS_OF) - first).days
        yield _row(person, OTHER, later(first, between(0, max(0, days - 7), seed, number)))


def day_in(row: Row, column: str, without: datetime.date | None = None) -> datetime.date:
    """The day in that column, or ``without`` where nothing stands there. Raises TypeError where
    something else stands there."""
    found = row.get(column) or without
    if not isinstance(found, datetime.date):
        raise TypeError(f"{column} holds no day in {row}")
    return found
