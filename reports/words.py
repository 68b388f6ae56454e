"""The words that every report uses: statuses, days, counts, and what 'met' means."""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.assessment import (
    AcknowledgedFinding,
    BodyStamp,
    Counts,
    HistoryEntry,
    ReadingShown,
    UnusedSheet,
    WaiverState,
)
from engine.outcome import WORST_FIRST, HistoryOutcome, Status
from evidence.cells.day_words import MONTH_NAMES, long_day
from evidence.visible import visible
from rules.wording.words import section_words, titled

STATUS: Mapping[Status, str] = MappingProxyType(
    {status: status.value.replace("_", " ") for status in WORST_FIRST}
)

RECORD_ONLY = "Add a record only once the work has been done."

#: Who made a workbook, in its own properties: by it a report is never taken for evidence.
WORKBOOK_CREATOR = "dueregard"

#: A waiver's state in words.
WAIVER: Mapping[str, str] = MappingProxyType(
    {
        WaiverState.FITS_TWO: "two things share this name",
        WaiverState.MATCHES_NOTHING: "matches no current duty",
        WaiverState.NO_EFFECT: "not valid",
    }
)

#: What a person calls a section of the SOP.
section = section_words

#: A title after its section.
under_section = titled

#: In place of a cell of a sensitive column. `pytest -k sensitive` runs the tests of it.
SENSITIVE = "(not shown: sensitive)"

#: Who has to do something, at the head of a sentence, by the capitals of the name.
_DOER = re.compile(r"(?:[A-Z][\w'-]* (?:and )?)+[A-Z][\w'-]*: ")

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_BREAKS = re.compile(r"[\t\r\n]+")


def met_means(body: BodyStamp) -> str:
    """What 'met' means and what it does not."""
    return (
        f"'Met' means that the {body.called}'s spreadsheets record the duty as done. Nobody has "
        f"checked that the records are true. {body.met_does_not_mean}"
    ).rstrip()


def partners_mean(body: BodyStamp) -> str:
    """What it means that a duty is a partner's."""
    return f"The {body.called} monitors these and is not responsible for them."


def tell_lead(condition: str, body: BodyStamp) -> str:
    """``If one of these sheets holds evidence, tell the safeguarding lead.``"""
    return f"{condition}, tell the {body.lead}."


def tell_of_unread(sheets: Sequence[UnusedSheet], condition: str, body: BodyStamp) -> str:
    """Whom to tell if one of some sheets holds evidence; '' where the name that each should have is
    known."""
    known = sheets and all(sheet.rename_to for sheet in sheets)
    return "" if known else tell_lead(condition, body)


def subject(subject: str, called: str) -> str:
    """What a report calls the subject of an obligation; ``called`` is its word for the body."""
    return called if subject == "office" else subject


def period(window: str) -> str:
    """A period as people write it: ``May 2027`` for ``2027-05``; any other name as it is."""
    match = _MONTH.fullmatch(window)
    return f"{MONTH_NAMES[int(match[2]) - 1]} {match[1]}" if match else window


def check(about: str, window: str, called: str = "") -> str:
    """``association, May 2027``: what a check is about, and its period; without ``called`` the
    period alone for a check of the whole body."""
    return ", ".join(filter(None, (subject(about, called), period(window))))


def day(date: datetime.date | None) -> str:
    """``24 November 2026``; '' for no date."""
    return long_day(date) if date else ""


def count(number: int, one: str, many: str = "") -> str:
    """``1 duty`` or ``3 duties``; ``many`` defaults to ``one`` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def cell_value(value: str) -> str:
    """A cell's text as people write it: ``02/04/2026`` for a date."""
    match = _ISO.fullmatch(value)
    return "/".join(reversed(match.groups())) if match else value


def lower_first(sentence: str) -> str:
    """A sentence as a part of another: ``The row`` becomes ``the row``. ``CCTV`` stays, and so does
    who has to do something: ``Chief Executive: report to the Board``."""
    lowers = sentence[1:2].islower() and not _DOER.match(sentence)
    lowers = lowers or sentence.startswith("A ")
    return sentence[:1].lower() + sentence[1:] if lowers else sentence


def upper_first(words: str) -> str:
    """The words as the first ones of a sentence or a heading."""
    return words[:1].upper() + words[1:]


def duties(number: int) -> str:
    """``1 duty`` or ``3 duties``."""
    return count(number, "duty", "duties")


def not_read_count(number: int) -> str:
    """``17 things in the spreadsheets``, or ``1 thing``: how many problems of reading there are."""
    return count(number, "thing in the spreadsheets", "things in the spreadsheets")


def days_words(days: int | None) -> str:
    """How far a deadline is: ``today``, ``in 12 days``, ``3 days overdue``; '' for None. ``days``
    is negative when over, as everywhere in an assessment."""
    if days is None:
        return ""
    if days == 0:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} overdue"


def late_words(days: int) -> str:
    """``met late by 3 days``."""
    return f"met late by {count(days, 'day')}"


def status_words(status: Status, days: int | None = None, late_days: int = 0) -> str:
    """A status in words: ``due in 12 days``, ``due today``, ``3 days overdue``, ``met late by
    3 days``."""
    if status is Status.MET and late_days:
        return late_words(late_days)
    if status is Status.DUE and days is not None and days >= 0:
        return f"due {days_words(days)}"
    if status is Status.OVERDUE and days is not None and days < 0:
        return days_words(days)
    return STATUS[status]


def counts_words(counts: Counts, too_late: int = 0) -> str:
    """``57 of 60 met (2 late), 1 overdue, 2 due``: those met first, then the rest from the worst;
    '' where there is nothing to count. ``too_late``: how many of those overdue can no longer be
    done, which is said beside them."""
    if not counts.total:
        return ""
    late = f" ({counts.met_late:,} late)" if counts.met_late else ""
    parts = [f"{counts.met:,} of {counts.total:,} met{late}"]
    for status, word in STATUS.items():
        number = number_of(counts, status)
        late = f" ({too_late:,} too late to do)" if too_late and status is Status.OVERDUE else ""
        if number and status is not Status.MET:
            parts.append(f"{number:,} {word}{late}")
    return ", ".join(parts)


def number_of(counts: Counts, status: Status) -> int:
    """How many of ``counts`` have ``status``."""
    return int(getattr(counts, status.value))


def reading_words(reading: ReadingShown) -> str:
    """``We took 'regularly' to mean at least every 12 months.``"""
    return f"We took '{reading.phrase}' to mean {lower_first(reading.reading).removesuffix('.')}."


def acknowledged_count(acknowledged: Sequence[AcknowledgedFinding]) -> str:
    """``3 points set aside until 31 January 2027 or later``; '' for none."""
    if not acknowledged:
        return ""
    ends = {one.until for one in acknowledged}
    later = " or later" if len(ends) > 1 else ""
    return f"{count(len(acknowledged), 'point')} set aside until {day(min(ends))}{later}"


def history_words(entry: HistoryEntry) -> str:
    """The result of an earlier period: ``met late by 3 days``, ``missed``, ``gap``."""
    if entry.late_days and entry.outcome is HistoryOutcome.MET_LATE:
        return late_words(entry.late_days)
    return entry.outcome.value


def window_days(opens: datetime.date | None, deadline: datetime.date | None) -> str:
    """``1 April 2026 to 31 March 2027``; one end alone is ``from …`` or ``by …``."""
    if opens and deadline:
        return day(opens) if opens == deadline else f"{day(opens)} to {day(deadline)}"
    if opens:
        return f"from {day(opens)}"
    return f"by {day(deadline)}" if deadline else ""


def days_between(first: datetime.date | None, last: datetime.date | None) -> str:
    """The same in a sentence, with a year that both have said once: ``27 June to 5 July 2026``."""
    period = window_days(first, last)
    if first and last and first.year == last.year:
        return period.replace(f" {first.year} to ", " to ")
    return period


def shown(text: str) -> str:
    r"""``text`` with each hidden letter by its number, as ``\u202e``; line breaks and tabs as a
    space. What was read from a cell can then neither command a terminal nor turn a line."""
    if text.isprintable():  # as nearly all is; then it holds none of them
        return text
    return visible(_BREAKS.sub(" ", text))


def in_command(path: str) -> str:
    """A path as a printed command contains it, in quotes if it needs them."""
    words = visible(path)
    return f'"{words}"' if " " in words else words


def wrapped(text: str, width: int, first: str = "", again: str = "") -> list[str]:
    """``text`` as :func:`shown`, in lines of that width: ``first`` stands before the first line and
    ``again`` before the others. A long word is not broken."""
    return textwrap.wrap(
        shown(text),
        width,
        initial_indent=first,
        subsequent_indent=again,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first]
