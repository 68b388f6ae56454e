#!/usr/bin/env python3
"""Rechecks a pack of Due Regard: was each status in assessment.json rightly given?

    python recheck.py PACK.zip        or, in the unpacked folder:   python recheck.py

It needs Python 3.11 or later and nothing else. It opens no connection, looks at no clock, writes
nothing, and shares no code with the program whose work it rechecks. From the raw text of every cell
(evidence/cells.csv) and the rules (rulebook.json) it works out each obligation anew, as the
definitions say (in capitals below: their headings), and compares what it finds with what the
assessment claims. It ends with 0 where all is confirmed, 1 where there is a difference, and 2 where
it could not be checked.

Read it from top to bottom: first how text becomes days, codes and keys; then the rows of the
registers; then the patterns of duties; then the comparison.
"""

from __future__ import annotations

import calendar
import csv
import datetime
import hashlib
import io
import json
import re
import stat
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

NOT_CHECKED = """\
What this does not check:
- that rulebook.json says what the rule files in rulebook/ say (only that those are the files that
  the assessment names), nor that they say what the SOP asks;
- that evidence/cells.csv says what the files in evidence/files say, where it could not be compared
  (workbooks are compared where the Python library openpyxl is installed; CSV files always are);
- that what the registers record is true;
- the words of the assessment: how a window came to be, reasons, remedies, findings, notes;
- who made the pack, and when. Compare its SHA-256 with one that was kept elsewhere.
"""

Json = dict[str, Any]
Value = Any  # what a cell says: a day, a text, a whole number, yes or no, or a set of texts
Date = datetime.date
DAY = datetime.timedelta(days=1)


class NotCheckable(Exception):
    """The pack cannot be checked; ``str()`` is the sentence that says why."""


# ==================================================================================================
# READING A CELL: from its raw text to a typed value
# ==================================================================================================

# How a cell was read. Only one that was READ says anything.
READ = "read"
NOTHING = "nothing"  # blank, and the register says that blank means nothing
BLANK = "blank"  # blank where that cannot be read
UNREADABLE = "unreadable"
NO_COLUMN = "no column"  # the sheet lacks a column that it must have


class Cell(NamedTuple):
    """One typed cell: how it was read, what it says if it was, and its raw text."""

    state: str
    value: Value
    raw: str


class Raw(NamedTuple):
    """A cell as it stood in the file: its text, what kind of cell it was (text, number, day, day
    and time, time, yes/no, error, formula), and the cell that it is merged with."""

    text: str
    kind: str
    merged: str = ""


NO_CELL = Raw("", "text")

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


def spaced(text: str) -> str:
    """Without marks that cannot be seen, ends trimmed, each run of white space one space."""
    return " ".join(text.translate(UNSEEN).split())


def normal(text: str) -> str:
    """A key as it is compared: also capitals and small letters alike."""
    return spaced(text).casefold()


def heading(text: str) -> str:
    """A heading or a sheet's name as it is compared: hyphens as spaces, no marks at its end."""
    return spaced(re.sub("[-_\u2010-\u2014]", " ", text)).rstrip(" .,:;!?*").casefold()


# What people write where there is nothing to write yet: it is no text, and no key.
NOT_YET = set("?.-\u2013\u2014\u2212\u2026") | set(
    "?? ??? -- --- .. ... tbc tba tbd t.b.c. n/a n.a. n.a na n\\a n/k nk unknown".split(" ")
)
NOT_YET |= {"to be confirmed", "to be advised", "to be decided", "to be agreed", "to follow"}
NOT_YET |= {"not applicable", "not known"}

# Days. Text days have the day first, always. ----------------------------------------------

MONTHS = "january february march april may june july august september october november december"
MONTH = {name[:n]: at for at, name in enumerate(MONTHS.split(), 1) for n in (3, len(name))}
MONTH["sept"] = 9
WEEK = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAY = {name[:n]: at for at, name in enumerate(WEEK.split()) for n in (3, len(name))}
WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
A_MONTH, A_WEEKDAY = ("|".join(sorted(names, key=len)[::-1]) for names in (MONTH, WEEKDAY))

DAY_FIRST = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]+)")
YEAR_FIRST = re.compile(r"([0-9]{4,}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
IN_WORDS = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ ./,-]*({A_MONTH})[ ./,'\u2019-]*([0-9]+)"
)
MONTH_FIRST = re.compile(
    rf"({A_MONTH})[ ./-]*([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,./-]+([0-9]{{4}}|[0-9]{{2}})"
)
TIME = re.compile(
    r"(?:(?<=[0-9])t|,? (?:at )?)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?:am|pm)? ?(z|utc|gmt|bst|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
)


class TextDay(NamedTuple):
    """What a text says as a day. ``either``: it would be another day month first. ``swapped``: it
    is a day month first only, so it is none, and the column mixes orders."""

    day: Date | None = None
    either: bool = False
    swapped: bool = False


def text_day(text: str) -> TextDay:
    """The day that a text names. A time of day is left off; one with a time zone is no day."""
    text = text.translate(UNSEEN | dict.fromkeys((0x200E, 0x200F))).lower()
    text = re.sub(f"[{DASHES[:5]}\u2212]", "-", re.sub("[\u2044\u2215\uff0f]", "/", text))
    text = " ".join(text.split()).removeprefix("'").rstrip(" .,;")
    if time := TIME.search(text):
        if time[4] or int(time[1]) > 23 or int(time[2]) > 59 or int(time[3] or 0) > 60:
            return TextDay()
        text = text[: time.start()]
    named = re.match(rf"({A_WEEKDAY})[., ]+(?=[0-9])", text)
    found = _plain_day(text[named.end() :] if named else text)
    if named and found.day and found.day.weekday() != WEEKDAY[named[1]]:
        return TextDay()
    return found


def _plain_day(text: str) -> TextDay:
    if m := DAY_FIRST.fullmatch(text):
        first, second = int(m[1]), int(m[3])
        if day := _date(m[4], second, first):
            return TextDay(day, either=first <= 12 and first != second)
        return TextDay(swapped=_date(m[4], first, second) is not None)
    if m := YEAR_FIRST.fullmatch(text):
        return TextDay(_date(m[1], int(m[3]), int(m[4])))
    if m := IN_WORDS.fullmatch(text):
        return TextDay(_date(m[3], MONTH[m[2]], int(m[1])))
    if m := MONTH_FIRST.fullmatch(text):
        return TextDay(swapped=_date(m[3], MONTH[m[1]], int(m[2])) is not None)
    return TextDay()


def _date(year: str, month: int, day: int) -> Date | None:
    """That day, if there is one. Two figures are of this century; years run from 1900 to 2099."""
    number = 2000 + int(year) if len(year) == 2 else int(year) if len(year) == 4 else 0
    last = calendar.monthrange(number, month)[1] if 1900 <= number <= 2099 and 1 <= month <= 12 else 0
    return Date(number, month, day) if 1 <= day <= last else None


def read_days(cells: Sequence[Raw]) -> list[Date | None]:
    """The days of one column of one sheet. Where one of its texts is a day month first only, the
    texts that could be read either way are no days either."""
    texts = [text_day(cell.text) if cell.kind == "text" else None for cell in cells]
    mixed = any(each and each.swapped for each in texts)
    days: list[Date | None] = []
    for cell, said in zip(cells, texts, strict=True):
        if said is not None:
            days.append(None if mixed and said.either else said.day)
        elif cell.kind in ("day", "day and time"):
            day = Date.fromisoformat(cell.text[:10])
            days.append(day if 1900 <= day.year <= 2099 else None)
        else:
            days.append(None)
    return days


# Periods: '2025/26', '2025/26 Q3', '2025', '2025-07' --------------------------------------


def read_period(cell: Raw, kinds: Sequence[str]) -> str | None:
    """The period that a cell names, of one of these kinds; None where it names none, or two."""
    if cell.kind in ("day", "day and time"):  # Excel makes 1 July 2025 of July 2025
        first = len(cell.text) == 10 and cell.text.endswith("-01") and "month" in kinds
        return cell.text[:7] if first else None
    text = re.sub(f"[{DASHES}]", "-", normal(cell.text))
    found = {kind: label for kind, label in _periods(text) if not kinds or kind in kinds}
    return next(iter(found.values())) if len(found) == 1 else None


def _periods(text: str) -> Iterator[tuple[str, str]]:
    """Every period that a text can mean."""
    if m := re.search(r"\b(?:quarter|qtr|q)\.? ?([0-9]+)\b|(?<=[0-9])q([0-9]+)\b", text):
        rest = f"{text[: m.start()]} {text[m.end() :]}".strip(" ,:;-()")
        year = dict(_years(rest)).get("financial year")
        if year and 1 <= int(m[1] or m[2]) <= 4:
            yield "quarter", f"{year} Q{int(m[1] or m[2])}"
        return
    yield from _years(text)
    year = month = 0
    if m := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text):
        year, month = int(m[1]), int(m[2])
    elif m := re.fullmatch(r"([0-9]{1,2})/([0-9]{4})", text):
        year, month = int(m[2]), int(m[1])
    elif m := re.fullmatch(r"([a-z]{3,9})\.?[ -]*'?([0-9]{4}|[0-9]{2})", text):
        year, month = int(m[2]) + (2000 if len(m[2]) == 2 else 0), MONTH.get(m[1], 0)
    if 1 <= month <= 12 and 1900 <= year <= 2099:
        yield "month", f"{year}-{month:02}"


def _years(text: str) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"^(?:financial year|fy|f/y)\b ?|^fy(?=[0-9])", "", text).strip()
    if bare != text and (m := re.fullmatch(r"([0-9]{2}) ?[/-] ?([0-9]{2})", bare)):
        bare = f"20{m[1]}/{m[2]}"
    if m := re.fullmatch(r"([0-9]{4}) ?(?:/|-|to) ?([0-9]{4}|[0-9]{2})", bare):
        following = str(int(m[1]) + 1)
        if following.endswith(m[2]) and 1900 <= int(m[1]) <= 2099:
            yield "financial year", f"{m[1]}/{following[-2:]}"
    elif bare == text and (m := re.fullmatch(r"(?:calendar year |cy |year )?([0-9]{4})", text)):
        if 1900 <= int(m[1]) <= 2099:
            yield "calendar year", m[1]


# Codes, yes and no, numbers, texts and keys -----------------------------------------------


def code_word(text: str) -> str:
    """A code as it is compared: spaces, hyphens and capitals make no difference."""
    return re.sub(rf"[\s\-_{DASHES}]+", "", spaced(text)).casefold()


def code_words(column: Json) -> dict[str, str]:
    """The code for each word; a word that is a synonym of two codes stands for neither."""
    claims: dict[str, set[str]] = {}
    for code, synonyms in column["codes"].items():
        for word in synonyms:
            claims.setdefault(code_word(word), set()).add(code)
    claims |= {code_word(code): {code} for code in column["codes"]}
    return {word: codes.pop() for word, codes in claims.items() if len(codes) == 1}


def read_value(column: Json, words: Mapping[str, str], cell: Raw) -> Value:
    """What a cell of any type but day says; None where it cannot be read."""
    text, kind = cell.text, column["type"]
    if kind == "period":
        return read_period(cell, column["periods"])
    if kind == "code":
        return words.get(code_word(text))
    if kind == "yes/no":
        said = words.get(code_word(text), heading(text)).casefold()
        yes = said in ("yes", "y", "true", "\u2713", "\u2714", "\u2611", "\u2705")
        return True if yes else False if said in ("no", "n", "false") else None
    if kind == "number":
        number = r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?"
        m = re.fullmatch(number, spaced(text))
        return int(m[1].replace(",", "")) if m else None
    if kind == "text":
        return None if normal(text) in NOT_YET else text.strip()
    if kind == "key":
        return None if normal(text) in NOT_YET | {"none", "nil"} else normal(text)
    read = [_parts(column, words, part) for part in re.split(r"[;\n\r]", text) if spaced(part)]
    return frozenset(each for part in read for each in part) if read and None not in read[0:] and all(
        None not in part for part in read
    ) else None  # fmt: skip


def _parts(column: Json, words: Mapping[str, str], part: str) -> list[Value]:
    """What one part of a cell of several codes, or keys, says. Commas part codes too, where each
    piece is one."""
    if column["type"] == "keys":
        return [read_value({**column, "type": "key"}, words, Raw(part, "text"))]
    pieces = [words.get(code_word(piece)) for piece in part.split(",")]
    whole = words.get(code_word(part))
    return [whole] if whole or None in pieces else list(pieces)


def blank_cell(column: Json) -> Cell:
    """What a blank cell says: nothing, a word that it stands for, or that it cannot be read."""
    meaning = column["blank"]
    if meaning == "nothing":
        return Cell(NOTHING, None, "")
    if meaning != "unreadable" and column["type"] != "day":
        value = read_value(column, code_words(column), Raw(meaning, "text"))
        if value is not None:
            return Cell(READ, value, "")
    return Cell(BLANK, None, "")


def read_column(column: Json, cells: Sequence[Raw]) -> list[Cell]:
    """The cells of one column of one sheet, typed."""
    blank, words = blank_cell(column), code_words(column)
    days = read_days(cells) if column["type"] == "day" else None
    known: dict[Raw, Value] = {}
    typed = []
    for at, cell in enumerate(cells):
        if cell.kind in ("error", "formula"):
            typed.append(Cell(UNREADABLE, None, cell.text))
        elif not spaced(cell.text):
            typed.append(blank)
        else:
            if days is None and cell not in known:
                known[cell] = read_value(column, words, cell)
            value = known[cell] if days is None else days[at]
            typed.append(Cell(UNREADABLE if value is None else READ, value, cell.text))
    return typed
