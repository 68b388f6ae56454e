"""One thing in a cell that contains several, by a named form (docs/mapping.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from evidence.cells.day_text import Day, read_day
from evidence.cells.day_words import MONTH_PATTERN, WEEKDAY_PATTERN, tidy
from evidence.cells.text import normal_key, raw_text, spaced_once
from evidence.cells.undone import undone_beside
from evidence.mapping.model import CellPart
from evidence.raw_cells import RawValue

_DAY = re.compile(
    r"(?<![0-9./-])(?:"
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?[ -](?:{MONTH_PATTERN})[ -](?:[0-9]{{4}}|[0-9]{{2}})"
    r")(?![0-9]|[./-][0-9])",
    re.IGNORECASE,
)
#: With the month before the day, in numbers, and perhaps a weekday or a time of day. It has every
#: form that is read day first elsewhere, so that none is read so here.
_MONTH_FIRST = re.compile(
    rf"((?:(?:{WEEKDAY_PATTERN})[., ]+)?)([0-9]{{1,2}}) ?[./-] ?([0-9]{{1,2}}) ?[./-] ?"
    r"([0-9]{4}|[0-9]{2})((?:(?:t|,? (?:at )?)[0-9][0-9:., apmzutcgbs+-]*)?)[ .,;]*"
)
#: Words beside a date that say that it is not the day of something done. docs/mapping.md lists them
#: for the office.
_NOT_DONE_WORDS = (
    # Still to come: a place was booked, or asked for.
    r"(?:re-?)?book(?:ed|ings?)?|bkd|(?:re-?)?sched(?:uled?|uling)?|reserved?|slot"
    r"|(?:re-?)?arrang(?:ed|ing)|diari[sz]ed|nominat(?:ed|ion)|regist(?:ered|ration)|request(?:ed)?"
    r"|applied|application|offer(?:ed)?|invit(?:ed?|es|ation)|enrol(?:l?ed|l?ing|ment|l)?|assigned"
    r"|wait(?:ing|list|-list)?|w/list",
    # It is planned, or nobody is certain of it.
    r"planned|planning|pencil(?:l?ed)?|tentative(?:ly)?|prov(?:is(?:ional(?:ly)?)?)?"
    r"|propos(?:al|ed)|targets?|aim(?:ing)?|expect(?:ed|ing)|forecast(?:ed)?|intend(?:ed|s)?"
    r"|hop(?:ing|efully)|poss(?:ibl[ey])?|prob(?:abl[ey])?|likely|maybe|perhaps|estimated?"
    r"|approx(?:imately)?|circa|eta|tb[acd]|unknown|unconfirmed",
    # It has yet to be done.
    r"attend(?:ing|s)|(?:confirmed|set|agreed) for|moved|chas(?:ed|ing)|remind(?:ed|ers?)"
    r"|(?:will|to) (?:be|do|attend|arrange|book|catch up|complete|confirm|finish|follow|happen"
    r"|re-?do|repeat|re-?sit|re-?take|send|sit|start|submit|take|undertake)"
    r"|await(?:ed|ing|s)?|pending|outstanding|due|overdue|needs?|needed|requires?|required|must"
    r"|should|next|upcoming|on hold|yet",
    # A limit: what counts is another day than this one. The words that are harmless elsewhere, as
    # in 'by MF', only next to a figure.
    r"deadline|latest|no later|onwards|w/[ce]"
    r"|(?:by|before|after|from|since|was|orig(?:inally)?|erbyn|ers|hyd|tan|o)(?=\W*[0-9])"
    r"|by (?:the )?(?:end|mon|tue|wed|thu|fri|sat|sun)[a-z]*(?= |$)",
    # Begun, and not finished.
    r"in progress|on track|ongoing|start(?:ed|ing|s)|begun|commenc(?:ed?|es|ing)|draft"
    r"|half (?:done|complete|way)|part(?:ly|ial|ially)?[ -](?:done|completed?|way)|partial(?:ly)?"
    r"|incomplete|unfinished",
    # It came to nothing: denied, missed or failed.
    r"not|never|cannot|(?:did|do|does|has|have|had|was|were|is|wo|ca|could|should)n['\u2019]?t"
    r"|no(?=\W*(?:[0-9]|$))|no longer|none|nope|no[ -]?show|miss|missed|missing|unable"
    r"|fail(?:ed|ing|s|ures?)?|unsuccessful|non[ -]?(?:attend(?:ance|ed|er)|completion)"
    r"|apologies|apols|absen(?:t|ce)|d\.?n\.?[ac]|declined|bad",
    # The person was away, or has left; or it is a birthday.
    r"sick|ill|illness|unwell|lts|maternity|leave|left|leaver|(?<!signed[ -])off|holidays?|ooo|loa"
    r"|awol|toil|a/l|resign(?:ed|s)?|retire[ds]?|dob",
    # Called off, or no longer right.
    r"rejected|withdr(?:ew|aw|awn|awal)|w/d|abandoned|cancel(?:l?ed|l?ing|l?ation|s)?|canc|canx"
    r"|postpon(?:ed?|ement)|delayed|defer(?:red|ral|s)?|void|invalid|errors?|wrong|incorrect"
    r"|superseded|revoked|suspended",
    # To be done again; '(resit)' says how the day came about.
    r"re-?(?:take|do)|(?<!\()re-?sit|repeat|r/s",
    # It need not be done.
    r"exempt(?:ed|ion)?|excused|excluded|waive[dr]?|n/[ak]",
    # The last day for which it counts.
    r"expir(?:y|es|ed|ing)|exp|lapse[sd]?|out of date|valid (?:from|to|until|till)|until|till"
    r"|renew(?:al|ed|s)?|exten(?:ded|sion)",
    # In Welsh: not, cancelled, postponed, absent, failed, expected, arranged, booked, to come.
    r"heb|d?dim|nid|canslo|ganslo|canslwyd|gohir(?:io|iwyd|iedig)|ohirio|absennol|methu|methodd"
    r"|fethu|disgwyl|arfaethedig|trefnu|drefnu|trefnwyd|bwcio|fwcio|bwciwyd|archebwyd|archebu"
    r"|i ddod|i'w|ar y gweill|anghyflawn|dyddiad cau|yn sâl|dod i ben",
    # A mark in place of a word. Behind the words that begin with it, such as n/a.
    r"x|n",
)
_NOT_DONE = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(_NOT_DONE_WORDS)})(?![^\W\d_])|[?×✗✘☒❌]", re.IGNORECASE
)
_WHAT_IT_WAS = (
    r"team|cert|certificate|copy|file|online|elearning|learning|webinar|teams|zoom|virtual"
    r"|virtually|remote|remotely|person|face|classroom|session|course|module|training|refresher"
    r"|resit|awareness|induction|prevent|meeting|minutes|minute|item|report"
)
#: Words beside a date that leave no doubt that something was done on it. Names and initials, which
#: say who did it, have capitals.
_DONE_WORDS = (
    # Small words, and parts of a day.
    r"a|an|the|of|on|at|in|by|with|via|and|from|am|pm|day|days|half|morning|afternoon|evening",
    # Somebody did it, or took part in it.
    r"done|added|complete|completed|completion|attended|passed|pass|achieved|finished|held|met"
    r"|took|place|sat|undertaken|trained|presented|discussed|delivered",
    # Somebody sent it, agreed to it, or looked at it.
    r"sent|issued|published|circulated|given|agreed|approved|confirmed|signed|off|reviewed|checked"
    r"|assessed|audited|tested|verified|seen|received|noted|minuted|closed|answered|replied"
    r"|returned|recorded|logged|renewed|certified",
    # How it went; 'nil' and 'refused' are returns and answers that were given.
    r"ok|okay|yes|y|fine|good|satisfactory|clear|refused|nil",
    _WHAT_IT_WAS,
    # In Welsh: has, completed, finished, attended, passed.
    r"wedi|cwblhau|cwblhawyd|gorffen|gorffennwyd|mynychu|mynychodd|pasio|pasiodd",
)
_DONE = re.compile("|".join(_DONE_WORDS))
#: The names among those words, behind a title: 'Ms Next'. 'Mr Left' may have left; and 'Miss'
#: before any other word, as in 'Miss Appraisal', may say that somebody missed it.
_TITLED_NAME = re.compile(r"(?<![^\W_])(?:Miss|Mrs?|Ms|Mx)\.? (?:Likely|Next|Slot|Tan)(?![^\W_])")
_NO_MATTER = re.compile(r"\bno (?:actions?|changes?|concerns?|issues?|problems?)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
#: Words that are neither names nor initials, whether they have a capital or not.
_NO_NAME = re.compile(
    r"no|al|nr|ns|nk|ask(?:ed)?|away|call(?:ed)?|claimed|e?mail(?:s|ed)?|full|home|joined|late"
    r"|letter|links?|new|phoned?|quer(?:y|ied)|quote|spoke|starter|system|technical|text|to|turned"
    r"|unverified|walked"
)
_SEVERAL = re.compile(r" / |;")
_AROUND_WHO = " ,;:/-–()"
_AFTER_FIRST_WORD = ".,:;)-–"


class _FoundDay(NamedTuple):
    """A date in a text: the day and the text of it."""

    day: Day
    text: str


def counting_word(cell: RawValue) -> RawValue:
    """The first word of a cell; the whole cell where others take it back ('Yes - resit needed')."""
    words = raw_text(cell).split()
    return (
        cell if undone_beside(normal_key(" ".join(words[1:]))) else part_of_cell(cell, "first word")
    )


def part_of_cell(cell: RawValue, part: CellPart) -> RawValue:
    """The part of a cell, to be read as a cell of its own; the whole cell where the part is not
    certain, so that it is read, and reported, as it is.

    A cell that is a date has no other part than its day. A text with figures outside its dates
    ('3, 10 and 17 March 2026'), or that says that something was not done ('booked 14/12/26'), has
    no certain day.
    """
    if part == "first word":
        words = raw_text(cell).split()
        return words[0].rstrip(_AFTER_FIRST_WORD) if len(words) > 1 else cell
    if not isinstance(cell, str):
        return "" if part == "who" else cell
    match part:
        case "last dated line":
            return _last_dated_line(cell)
        case "month first":
            return _day_first(cell)
        case "who":
            return _without_day(cell)
        case _:
            return _day_of(cell, part)


def _day_first(text: str) -> str:
    """A text that is a date with the month first, with the day first: '25/04/2026' for
    '04/25/2026'. Another text as it is."""
    match = _MONTH_FIRST.fullmatch(tidy(text))
    if match is None:
        return text
    weekday, month, day, year, time = match.groups()
    return f"{weekday}{day}/{month}/{year}{time}"


def _without_day(text: str) -> str:
    """A text without its only date: 'A Jones' for 'A Jones, 14/10/26'. The whole text if it has
    several dates, or figures outside them."""
    days = _days_in(text)
    if days is None or len(days) > 1:
        return text
    rest = text.replace(days[0].text, " ", 1) if days else text
    return spaced_once(rest).strip(_AROUND_WHO)


def _day_of(text: str, part: CellPart) -> str:
    """The date of a text: its only one ('day'), the 'first day' or the 'last day'. The whole text
    if that is not certain."""
    days = _days_in(text)
    if not days or (part == "day" and len(days) > 1):
        return text
    ordered = sorted(days, key=lambda dated: dated.day.day)
    taken = ordered[-1 if part == "last day" else 0].text
    # Of '14/10/26 / not yet', which has two things, the first one was done.
    texts = [text] if part == "day" else _SEVERAL.split(text)
    done = not any(find_not_done_words(piece) for piece in texts if taken in piece)
    if part == "day" and not _is_known(text.replace(taken, " ", 1)):
        return text
    return taken if done else text


def _is_known(beside: str) -> bool:
    """Whether each word beside a date is known to leave no doubt, or may be a name, initials or a
    short code of the office."""
    text = _NO_MATTER.sub(" ", unicodedata.normalize("NFKC", spaced_once(beside)))
    return all(
        _DONE.fullmatch(word.casefold())
        or (not _NO_NAME.fullmatch(word.casefold()) and (word[0].isupper() or len(word) in (2, 3)))
        for word in _WORD.findall(text)
    )


def find_not_done_words(text: str) -> list[str]:
    """The words of a text that say that something is not done, and its question marks."""
    text = unicodedata.normalize("NFKC", spaced_once(text))
    return _NOT_DONE.findall(_TITLED_NAME.sub("A ", text))  # the initial of a name


def _days_in(text: str) -> list[_FoundDay] | None:
    """The dates in a text, in their order; None if one of them does not exist, or if the text has
    other figures, which may belong to a date."""
    texts = [match[0] for match in _DAY.finditer(text)]
    days = [(read_day(date), date) for date in texts]
    rest = _DAY.sub("", text)
    if any(letter.isdigit() for letter in rest):
        return None
    found_days = [_FoundDay(day, date) for day, date in days if isinstance(day, Day)]
    return found_days if len(found_days) == len(days) else None


def _last_dated_line(text: str) -> RawValue:
    """The date with which the lowest line that begins with one begins."""
    for line in reversed(text.splitlines()):
        match = _DAY.match(line.strip())
        if match is not None:
            return text if find_not_done_words(line) else match[0]
    return text


def joined_text(cells: Iterable[RawValue]) -> str:
    """The texts of several cells, joined by spaces; a date as 2026-04-20 whether it is typed as a
    date or as a text."""
    texts = []
    for cell in cells:
        text = spaced_once(raw_text(cell))
        day = read_day(text) if isinstance(cell, str) else None
        texts.append(day.day.isoformat() if isinstance(day, Day) else text)
    return " ".join(text for text in texts if text)
