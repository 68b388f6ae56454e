"""The next twelve months in words: what turns due, and by when it has to be done."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.assessment import Assessment, ComingDate, ComingVersion, DutyOutcome
from evidence.cells.text import listed, some_of
from reports import view, words

#: The title of the list, and what its dates mean.
COMING_UP = "Coming up: the next 12 months"
AS_IF = "Each date is worked out as if nothing more were done or recorded until then."
NOT_PRINTED = "The deadlines by month are in assessment.html."
TO_BOOK = "Dates to book now"
HELD = "What has to be held, or minuted at a meeting, and the last day for it."

#: So many subjects of one line are named.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class DatedLine:
    """The obligations of a duty with the same window and dates. ``about``: their subjects, or the
    number of people; '' for the office. ``subjects``: those that are no people."""

    duty: DutyOutcome | ComingVersion
    date: ComingDate
    subjects: tuple[str, ...]
    people: int = 0

    @property
    def duty_id(self) -> str:
        """The id of the duty."""
        return self.date.duty

    @property
    def about(self) -> str:
        """Whom or what it is about, without the name of any person."""
        if self.people:
            return words.count(self.people, "person", "people")
        named = [subject for subject in self.subjects if subject != "office"]
        period = words.period(self.date.window)
        return ", ".join(filter(None, (some_of(_by_event(named), _NAMED), period)))

    @property
    def named(self) -> str:
        """The duty, and that it depends on a meeting: ``4.1 Attendance (at a meeting)``."""
        return f"{view.named(self.duty)}{' (at a meeting)' if self.date.at_meeting else ''}"

    @property
    def title(self) -> str:
        """The duty with what it is about: ``4.6 Refresher training: 4 people``."""
        return ": ".join(filter(None, (view.named(self.duty), self.about)))

    @property
    def responsible(self) -> str:
        """The owner of the duty, or the partner that is responsible for it."""
        return view.responsible(self.duty)


def _by_event(subjects: Sequence[str]) -> list[str]:
    """``M-1 (head and all staff)``: those whom the same event is about together."""
    events = dict[str, list[str]]()
    for subject in subjects:
        event, _, member = subject.partition(", ")
        events.setdefault(event, []).extend(filter(None, [member]))
    return [
        f"{event} ({listed(members)})" if members else event for event, members in events.items()
    ]


@dataclass(frozen=True, slots=True)
class Month:
    """A month with what has to be done in it, and what turns due in it."""

    first: datetime.date
    by: tuple[DatedLine, ...]
    due: tuple[DatedLine, ...]

    @property
    def name(self) -> str:
        """Its name: ``January 2027``."""
        return words.day(self.first).partition(" ")[2]


def lines(assessment: Assessment, *, each: bool = False) -> list[DatedLine]:
    """What is overdue, or turns due or overdue within the year, by its first day. The obligations
    of one duty with the same window and dates are one line, or with ``each`` only those that name
    people and have the same last day."""
    duties: dict[str, DutyOutcome | ComingVersion] = {
        version.duty: version for version in reversed(assessment.coming)
    }
    duties |= {duty.id: duty for duty in assessment.duties}
    grouped: dict[tuple[object, ...], list[ComingDate]] = {}
    for date in assessment.year_ahead:
        if date.duty not in duties:
            continue  # only a part of the duties is reported
        key: tuple[object, ...] = (date.duty, date.window, date.last_day, date.personal)
        if not each:
            key = (*key, date.due, date.at_meeting)
        elif not date.personal:
            key = (*key, date.subject)
        grouped.setdefault(key, []).append(date)
    listed = []
    for own in grouped.values():
        people = len(own) if own[0].personal else 0
        subjects = () if people else tuple(date.subject for date in own)
        listed.append(DatedLine(duties[own[0].duty], own[0], subjects, people))
    return listed


def by_last_day(assessment: Assessment) -> list[DatedLine]:
    """The same lines, the earliest last day first; those without one within the year come last."""
    return sorted(lines(assessment), key=_by_last_day)


def months(assessment: Assessment) -> list[Month]:
    """The months from that of the check, without those in which nothing is listed."""
    listed = lines(assessment)
    by, due = dict[datetime.date, list[DatedLine]](), dict[datetime.date, list[DatedLine]]()
    for line in listed:
        for day, of_month in ((line.date.last_day, by), (line.date.due, due)):
            if day is not None and day >= assessment.as_of:
                of_month.setdefault(day.replace(day=1), []).append(line)
    return [
        Month(
            first,
            tuple(sorted(by.get(first, ()), key=_by_last_day)),
            tuple(sorted(due.get(first, ()), key=lambda line: line.date.due or first)),
        )
        for first in sorted(by.keys() | due.keys())
    ]


def to_book(assessment: Assessment) -> list[DatedLine]:
    """What depends on meetings and has a last day within the year, earliest first. For what is
    overdue no day can be booked that is in time."""
    hanging = [
        line
        for line in lines(assessment)
        if line.date.at_meeting and line.date.last_day and line.date.last_day >= assessment.as_of
    ]
    return sorted(hanging, key=_by_last_day)


def by_words(assessment: Assessment, line: DatedLine) -> str:
    """``by 31 March 2027``, or ``overdue since 10 December 2025``."""
    last = line.date.last_day
    if last is not None and last < assessment.as_of:
        return f"overdue since {words.day(last)}"
    return f"by {words.day(last)}"


def last_days(assessment: Assessment) -> int:
    """How many last days are within the year."""
    return sum(len(month.by) for month in months(assessment))


def summary_lines(assessment: Assessment) -> Iterator[str]:
    """How many last days are within the year, and the next of them: at most three lines of 80
    characters."""
    ahead = [line for month in months(assessment) for line in month.by]
    if ahead:
        deadlines = words.count(len(ahead), "deadline")
        yield f"COMING UP: {deadlines} within 12 months, in assessment.html"
        yield f"  Next: {words.day(ahead[0].date.last_day)}, {view.named(ahead[0].duty)}"


def _by_last_day(line: DatedLine) -> datetime.date:
    return line.date.last_day or datetime.date.max
