"""The last days within a year as an iCalendar file, which updates the one before."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from icalendar import Alarm, Calendar, Component, Event

from engine.assessment import Assessment
from engine.outcome import Status
from reports import words
from reports.ahead.lines import DatedLine, lines

#: The largest calendar that is read.
LIMIT_BYTES = 16 * 1024 * 1024

_PRODUCT = "-//Due Regard//Dates of duties//EN"
#: The property that keeps an event's duty for the next check.
_DUTY = "x-dueregard-duty"
_WEEK = 7
#: At what hour of a day an alarm goes off.
_MORNING = datetime.timedelta(hours=9)
#: So long after its day a cancelled event is kept, so that its number still counts up if its
#: obligation returns.
_KEPT = datetime.timedelta(days=3 * 365)


class NotACalendar(Exception):
    """The earlier file is not a calendar that this program wrote."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event of a whole day. ``alarms``: how many days before it each goes off."""

    uid: str
    duty: str
    day: datetime.date
    title: str
    text: str
    alarms: tuple[int, ...] = ()
    sequence: int = 0
    cancelled: bool = False


def to_ics(assessment: Assessment, before: bytes = b"") -> bytes:
    """The calendar's bytes. ``before``: those of the calendar of an earlier check. An event that
    differs from the earlier one has the next number, and one that is no longer outstanding is
    cancelled, but for those of a duty that could not be assessed. Raises NotACalendar if ``before``
    is none."""
    earlier = {event.uid: event for event in read_events(before)} if before else {}
    own = {event.uid: event for event in _events(assessment)}
    events = [_numbered(event, earlier.get(event.uid)) for event in own.values()]
    overdue = {
        _uid(assessment, line)
        for line in lines(assessment, each=True)
        if line.date.last_day and line.date.last_day < assessment.as_of
    }
    silent = {duty.id for duty in assessment.duties if duty.status is Status.NOT_ASSESSED}
    for uid, event in earlier.items():
        if uid in own:
            continue
        if event.cancelled or uid in overdue or event.duty in silent:
            events += [event] if event.day + _KEPT >= assessment.as_of else []
        else:
            sequence = event.sequence + 1
            events.append(replace(event, alarms=(), sequence=sequence, cancelled=True))
    events.sort(key=lambda event: (event.day, event.uid))
    return _written(assessment, events)


def _events(assessment: Assessment) -> Iterator[CalendarEvent]:
    """The events of the last days that are still ahead, without a name of any person."""
    briefs = {duty.id: duty.in_brief for duty in assessment.duties}
    for line in lines(assessment, each=True):
        day, due = line.date.last_day, line.date.due
        if day is None or day < assessment.as_of:
            continue
        alarms = {_WEEK, (day - due).days if due else _WEEK}
        about = [
            briefs.get(line.duty_id, ""),
            f"The last day is {words.day(day)}.",
            f"It turns due on {words.day(due)}." if due else "",
            f"Responsible: {line.duty.bearer}.",
            assessment.rulebook.marking,
        ]
        yield CalendarEvent(
            uid=_uid(assessment, line),
            duty=line.duty_id,
            day=day,
            title=line.title,
            text="\n".join(filter(None, about)),
            alarms=tuple(sorted(number for number in alarms if number > 0)),
        )


def _uid(assessment: Assessment, line: DatedLine) -> str:
    """The name of an event, the same in every check: a hash of the duty, the window and the
    subject, or the last day that people have in common."""
    subject = str(line.date.last_day) if line.people else line.date.subject
    named = "\n".join((assessment.rulebook.id, line.duty_id, line.date.window, subject))
    digest = hashlib.sha256(named.casefold().encode()).hexdigest()
    return f"{digest[:32]}@dueregard"


def _numbered(event: CalendarEvent, earlier: CalendarEvent | None) -> CalendarEvent:
    """The event with the number of the earlier one, or the next where it differs. An alarm that has
    gone off since is no difference."""
    if earlier is None:
        return event
    same = (event.day, event.title, False) == (earlier.day, earlier.title, earlier.cancelled)
    if same and set(event.alarms) <= set(earlier.alarms):
        return replace(event, alarms=earlier.alarms, sequence=earlier.sequence)
    return replace(event, sequence=earlier.sequence + 1)


def _written(assessment: Assessment, events: Iterable[CalendarEvent]) -> bytes:
    office = assessment.office or assessment.rulebook.title
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Dates of duties: {office}")
    stamp = datetime.datetime.combine(assessment.as_of, datetime.time(), datetime.UTC)
    for event in events:
        written = Event()
        written.add("uid", event.uid)
        written.add(_DUTY, event.duty)
        written.add("dtstamp", stamp)
        written.add("dtstart", event.day)
        written.add("dtend", event.day + datetime.timedelta(1))
        written.add("summary", event.title)
        written.add("description", event.text)
        written.add("sequence", event.sequence)
        written.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
        written.add("transp", "TRANSPARENT")
        for days in event.alarms:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", event.title)
            alarm.add("trigger", _MORNING - datetime.timedelta(days))
            written.add_component(alarm)
        calendar.add_component(written)
    return bytes(calendar.to_ical())


def read_events(data: bytes) -> Iterator[CalendarEvent]:
    """The events of a calendar that this program wrote. Raises NotACalendar for other bytes."""
    try:
        calendar = Calendar.from_ical(data)
        if calendar["prodid"] != _PRODUCT:
            raise NotACalendar
        yield from (_read(event) for event in calendar.walk("VEVENT"))
    except (ValueError, KeyError, AttributeError) as error:
        raise NotACalendar from error


def _read(event: Component) -> CalendarEvent:
    before = [_MORNING - alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    return CalendarEvent(
        uid=str(event["uid"]),
        duty=str(event.get(_DUTY, "")),  # none in a calendar of an older program
        day=event.decoded("dtstart"),
        title=str(event["summary"]),
        text=str(event["description"]),
        alarms=tuple(span.days for span in before),
        sequence=event.decoded("sequence"),
        cancelled=str(event["status"]) == "CANCELLED",
    )
