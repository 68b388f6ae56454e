"""The next twelve months: in words, by month, and as a calendar that updates the one before."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from icalendar import Calendar, Component
from openpyxl import load_workbook

from engine.assessment import Assessment, ComingDate
from engine.outcome import Status
from reports.ahead.calendar import CalendarEvent, NotACalendar, read_events, to_ics
from reports.ahead.lines import by_words, lines, months, summary_lines, to_book
from reports.html.report import to_html
from reports.json import from_json, to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import days
from tests.support.assessment_sample import sample
from tests.support.html_page import parsed

TRAINING = "4.6 Refresh each member of staff's Prevent training at set intervals"


def dated(*dates: ComingDate) -> Assessment:
    """The sample with these dates alone."""
    return sample(year_ahead=dates)


def trained(subject: str, number: int = 100, **more: object) -> ComingDate:
    """A member of staff whose training ends on a day of the sample, and is met until then."""
    one = ComingDate(
        "refresher-training",
        subject,
        "",
        Status.MET,
        days(number - 60),
        days(number + 1),
        days(number),
        personal=True,
    )
    return replace(one, **more)  # type: ignore[arg-type]  # each is a field


def events(data: bytes) -> dict[str, CalendarEvent]:
    """The events by what they are called."""
    return {event.title: event for event in read_events(data)}


# In words ----------------------------------------------------------------------------------------


def test_people_with_the_same_dates_are_one_line_without_their_names() -> None:
    (line,) = lines(dated(trained("S005"), trained("S044")))
    assert line.title == f"{TRAINING}: 2 people"
    (line,) = lines(dated(trained("S005")))
    assert line.title == f"{TRAINING}: 1 person"


def test_other_subjects_with_the_same_dates_are_named_up_to_three() -> None:
    made = dated(*(trained(name, personal=False) for name in ("A-1", "A-2", "A-3", "A-4", "A-5")))
    (line,) = lines(made)
    assert line.about == "A-1, A-2, A-3 and 2 more"


def test_months_list_last_days_and_what_turns_due() -> None:
    made = sample()
    assert [(month.name, len(month.by), len(month.due)) for month in months(made)] == [
        ("January 2027", 0, 2),
        ("March 2027", 2, 0),
        ("April 2027", 0, 1),
        ("June 2027", 1, 0),
    ]


def test_what_is_overdue_already_is_in_no_month_and_cannot_be_booked() -> None:
    one = ComingDate("refresher-training", "office", "", Status.OVERDUE, None, None, days(-14))
    made = dated(replace(one, at_meeting=True), trained("S005", at_meeting=True))
    assert [month.name for month in months(made)] == ["January 2027", "March 2027"]
    assert [by_words(made, line) for line in to_book(made)] == ["by 4 March 2027"]


def test_the_summary_has_at_most_three_lines_of_it() -> None:
    made = dated(trained("S005"), trained("S044", 130))
    assert list(summary_lines(made)) == [
        "COMING UP: 2 deadlines within 12 months, in assessment.html",
        f"  Next: 4 March 2027, {TRAINING}",
    ]
    assert list(summary_lines(dated())) == []
    assert "COMING UP" in summary(made)


def test_a_day_of_many_duties_is_one_line_of_the_page() -> None:
    other = replace(trained("S2"), duty="referrals-reviewed")
    made = dated(trained("S1"), other, trained("S3", 101))
    (section,) = [
        each
        for each in parsed(to_html(made)).all("section")
        if each.attributes.get("aria-labelledby") == "ahead"
    ]
    deadlines = section.one("tbody").all("tr")[-1].all("td")[0]
    assert [line.text().partition(":")[0] for line in deadlines.all("li")] == [
        "4 March 2027",
        "5 March 2027",
    ]
    assert deadlines.one("summary").text() == "3 deadlines"


def test_the_page_and_the_workbook_show_it_without_names_of_people() -> None:
    made = dated(trained("S905"), trained("S944"))
    section = next(
        each
        for each in parsed(to_html(made)).all("section")
        if each.attributes.get("aria-labelledby") == "ahead"
    )
    assert f"4 March 2027: {TRAINING}: 2 people" in section.text()
    sheet = load_workbook(io.BytesIO(to_xlsx(made)))["Coming up"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "2 people" in cells
    assert not any("S905" in str(cell) for cell in cells)


def test_it_is_read_again_from_the_assessment() -> None:
    made = sample()
    read = from_json(to_json(made))
    assert isinstance(read, Assessment)
    assert read.year_ahead == made.year_ahead
    assert b'"year_ahead"' not in to_json(dated())


# As a calendar -----------------------------------------------------------------------------------


def test_an_event_is_a_whole_day_with_alarms_at_the_notice_and_a_week_before() -> None:
    (event,) = Calendar.from_ical(to_ics(dated(trained("S005")))).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 3, 4)
    assert event.decoded("dtend") == date(2027, 3, 5)
    assert event["summary"] == f"{TRAINING}: 1 person"
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(-7, 9 * 3600), timedelta(-60, 9 * 3600)]
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert event.decoded("dtstamp").isoformat() == "2026-11-24T00:00:00+00:00"


def test_the_same_input_gives_the_same_bytes_and_numbers() -> None:
    first = to_ics(sample())
    assert to_ics(sample()) == first
    assert to_ics(sample(), first) == first


def test_no_person_is_in_it() -> None:
    unfolded = to_ics(sample()).replace(b"\r\n ", b"")
    assert not any(name in unfolded for name in (b"S005", b"S044", b"S017", b"HR Officer"))


def test_a_date_that_moves_keeps_its_uid_and_counts_up() -> None:
    meeting = trained("office", personal=False)
    first = to_ics(dated(meeting))
    moved = to_ics(dated(trained("office", 120, personal=False)), first)
    (before,), (after,) = read_events(first), read_events(moved)
    assert (after.uid, after.day - before.day) == (before.uid, timedelta(20))
    assert (before.sequence, after.sequence) == (0, 1)
    (again,) = read_events(to_ics(dated(meeting), moved))
    assert again.sequence == 2


def test_an_alarm_that_has_gone_off_is_no_change() -> None:
    first = to_ics(dated(trained("S005")))
    (event,) = read_events(to_ics(dated(trained("S005", due=None)), first))
    assert (event.sequence, event.alarms) == (0, (7, 60))


def test_what_was_done_since_is_cancelled_once_and_counts_on_when_it_returns() -> None:
    meeting = trained("office", personal=False)
    first = to_ics(dated(meeting))
    done = to_ics(dated(), first)
    (event,) = read_events(done)
    assert (event.cancelled, event.sequence, event.alarms) == (True, 1, ())
    assert to_ics(dated(), done) == done
    (event,) = read_events(to_ics(dated(meeting), done))
    assert (event.cancelled, event.sequence) == (False, 2)


def test_a_duty_that_is_not_assessed_now_keeps_its_events() -> None:
    first = to_ics(dated(trained("S005")))
    known = dated()
    silent = replace(
        known,
        duties=tuple(
            replace(duty, status=Status.NOT_ASSESSED) if duty.id == "refresher-training" else duty
            for duty in known.duties
        ),
    )
    assert to_ics(silent, first) == first


def test_a_calendar_of_an_older_program_is_updated() -> None:
    first = to_ics(dated(trained("S005")))
    older = b"".join(
        line for line in first.splitlines(keepends=True) if not line.startswith(b"X-DUEREGARD-DUTY")
    )
    assert older != first
    (event,) = read_events(to_ics(dated(), older))
    assert event.cancelled


def test_one_of_several_people_done_changes_the_number_of_people() -> None:
    first = to_ics(dated(trained("S005"), trained("S044")))
    (event,) = read_events(to_ics(dated(trained("S044")), first))
    assert (event.title, event.sequence) == (f"{TRAINING}: 1 person", 1)


def test_what_became_overdue_is_not_cancelled() -> None:
    first = to_ics(dated(trained("S005")))
    late = replace(
        dated(trained("S005", due=None, overdue=None, status=Status.OVERDUE)), as_of=days(120)
    )
    (event,) = read_events(to_ics(late, first))
    assert (event.cancelled, event.sequence) == (False, 0)


@pytest.mark.parametrize(
    "other", [b"hello", b"BEGIN:VCALENDAR\r\nPRODID:x\r\nEND:VCALENDAR\r\n", b"\xff\xfe"]
)
def test_another_file_is_no_calendar_to_update(other: bytes) -> None:
    with pytest.raises(NotACalendar):
        to_ics(sample(), other)


# In a real server --------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HTTPConnection]:
    """A CalDAV server on this computer, without accounts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "none",
        "storage-filesystem-folder": str(tmp_path / "calendars"),
    }
    command = [sys.executable, "-m", "radicale", "--config", ""]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(200):
            try:
                connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        yield connection
    finally:
        process.kill()
        process.wait()


def asked(server: HTTPConnection, method: str, path: str, body: bytes, kind: str) -> bytes:
    """The body of the server's answer, which must be a success."""
    account = "Basic " + b64encode(b"lead:none").decode()
    headers = {"Content-Type": kind, "Depth": "1", "Authorization": account}
    server.request(method, path, body, headers)
    answer = server.getresponse()
    data = answer.read()
    assert 200 <= answer.status < 300, (method, path, answer.status, data)
    return data


def imported(server: HTTPConnection, data: bytes) -> list[Component]:
    """The events in the server's calendar once each event of the file is there, as a program for
    calendars imports them: by its UID."""
    for event in Calendar.from_ical(data).walk("VEVENT"):
        one = Calendar({"prodid": "import", "version": "2.0"})
        one.add_component(event)
        path = f"/lead/dates/{event['uid']}.ics"
        asked(server, "PUT", path, one.to_ical(), "text/calendar")
    stored = asked(server, "GET", "/lead/dates/", b"", "text/calendar")
    return list(Calendar.from_ical(stored).walk("VEVENT"))


@pytest.mark.needs("radicale")
def test_a_calendar_server_takes_it_and_makes_nothing_twice(server: HTTPConnection) -> None:
    asked(server, "MKCALENDAR", "/lead/dates/", b"", "application/xml")
    first = to_ics(sample())
    uids = {event.uid for event in read_events(first)}
    assert len(uids) > 2
    for _ in range(2):
        assert {str(event["uid"]) for event in imported(server, first)} == uids
        assert len(imported(server, first)) == len(uids)
    later = to_ics(dated(trained("S005")), first)
    stored = imported(server, later)
    assert {str(event["uid"]) for event in stored} == uids
    confirmed = [event for event in stored if event["status"] == "CONFIRMED"]
    assert [str(event["summary"]) for event in confirmed] == [f"{TRAINING}: 1 person"]
    assert all(event["sequence"] == 1 for event in stored)
