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
import functools
import hashlib
import io
import itertools
import json
import re
import stat
import sys
import warnings
import zipfile
import zlib
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
    """One typed cell: how it was read, what it says if it was, and its raw text. ``late``: it holds
    a day after D, though nothing is planned in its column: so nothing was done yet."""

    state: str
    value: Value
    raw: str
    late: bool = False


class Raw(NamedTuple):
    """A cell as it stood in the file: its text, and what kind of cell it was (text, number, day,
    day and time, time, yes/no, error, formula)."""

    text: str
    kind: str


NO_CELL = Raw("", "text")

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


@functools.lru_cache(maxsize=100_000)
def spaced(text: str) -> str:
    """Without marks that cannot be seen, ends trimmed, each run of white space one space."""
    return " ".join((text if text.isascii() else text.translate(UNSEEN)).split())


@functools.lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """A key as it is compared: also capitals and small letters alike."""
    return spaced(text).casefold()


@functools.lru_cache(maxsize=100_000)
def heading(text: str) -> str:
    """A heading or a sheet's name as it is compared: hyphens as spaces, no marks at its end."""
    return spaced(re.sub("[-_\u2010-\u2014]", " ", text)).rstrip(" .,:;!?*").casefold()


# What people write where there is nothing to write yet: it is no text, and no key.
NOT_YET = {"tbc", "tba", "tbd", "t.b.c.", "n/a", "n.a.", "n.a", "na", "n\\a", "n/k", "nk"}
NOT_YET |= {"unknown", "to be confirmed", "to be advised", "to be decided", "to be agreed"}
NOT_YET |= {"to follow", "not applicable", "not known", "??", "???", "--", "---", "..", "..."}
NOT_YET |= set("?.-\u2013\u2014\u2212\u2026")

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
    exists = 1900 <= number <= 2099 and 1 <= month <= 12
    last = calendar.monthrange(number, month)[1] if exists else 0
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
    first: Date | None = None
    if m := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text):
        first = _date(m[1], int(m[2]), 1)
    elif m := re.fullmatch(r"([0-9]{1,2})/([0-9]{4})", text):
        first = _date(m[2], int(m[1]), 1)
    elif m := re.fullmatch(r"([a-z]{3,9})\.?[ -]*'?([0-9]{4}|[0-9]{2})", text):
        first = _date(m[2], MONTH.get(m[1], 0), 1)
    if first is not None:
        yield "month", first.isoformat()[:7]


def _years(text: str) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"^(?:financial year|fy|f/y)\b ?|^fy(?=[0-9])", "", text).strip()
    if bare != text and (m := re.fullmatch(r"([0-9]{2}) ?[/-] ?([0-9]{2})", bare)):
        bare = f"20{m[1]}/{m[2]}"
    if m := re.fullmatch(r"([0-9]{4}) ?(?:/|-|to) ?([0-9]{4}|[0-9]{2})", bare):
        following = str(int(m[1]) + 1)
        if following.endswith(m[2]) and 1900 <= int(m[1]) <= 2099:
            yield "financial year", f"{m[1]}/{following[-2:]}"
    only = re.fullmatch(r"(?:calendar year |cy |year )?((?:19|20)[0-9]{2})", text)
    if only and bare == text:
        yield "calendar year", only[1]


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
    parts = [part for part in re.split(r"[;\n\r]", text) if spaced(part)]
    read = [each for part in parts for each in _parts(column, words, part)]
    return frozenset(read) if read and None not in read else None


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


# ==================================================================================================
# READING A REGISTER: from the cells of its sheets to rows
# ==================================================================================================

Row = dict[str, Cell]
Tables = Mapping[str, list[Row] | None]  # None: the register is missing


class Place(NamedTuple):
    """Where a row stands, and the letters of its register's columns there."""

    file: str
    sheet: str
    row: int
    letters: dict[str, str]

    def cell(self, column: str = "") -> str:
        """'office.xlsx!Training!E14', or the row where there is no such cell."""
        letters = self.letters.get(column)
        at = f"{letters}{self.row}" if letters else f"row {self.row}"
        return f"{self.file}!{self.sheet}!{at}"


class Sheet(NamedTuple):
    """One sheet of evidence as the pack lays it out: the register that it holds ('' if none), why
    it was not read as that ('' if it was), the column of the register that stands under each
    letters ('' if none), its heading there, and the cells of its rows."""

    file: str
    name: str
    register: str
    unread: str
    columns: dict[str, str]
    headings: dict[str, str]
    rows: dict[int, dict[str, Raw]]


class Evidence(NamedTuple):
    """The rows of each register (None: it is missing), where each stands, and each cell that could
    not be read, as (file, sheet, cell)."""

    tables: dict[str, list[Row] | None]
    places: dict[str, list[Place]]
    unread: set[tuple[str, str, str]]


def read_sheet(sheet: Sheet, register: Json) -> tuple[dict[str, str], list[Row], list[Value]]:
    """The letters of each column that stands in a sheet once, its rows typed, and for each row what
    else stands in it. A column that stands twice cannot be read."""
    times = Counter(name for name in sheet.columns.values() if name)
    letters = {name: at for at, name in sheet.columns.items() if times[name] == 1}
    typed: list[Row] = [{} for _ in sheet.rows]
    for column in register["columns"]:
        name = column["name"]
        if "latest" in column:
            read = [Cell(NOTHING, None, "")] * len(typed)  # filled once all registers are read
        elif name in letters:
            raws = [cells.get(letters[name], NO_CELL) for cells in sheet.rows.values()]
            read = read_column(column, raws)
        elif name in times:
            read = [Cell(UNREADABLE, None, "")] * len(typed)
        else:
            lost = Cell(NO_COLUMN, None, "") if column["required"] else blank_cell(column)
            read = [lost] * len(typed)
        for row, cell in zip(typed, read, strict=True):
            row[name] = cell
    others: list[Value] = []
    used = set(letters.values())
    for n, cells in sheet.rows.items():
        beside = [(k, cell.text) for k, cell in cells.items() if k not in used]
        named = sorted((heading(sheet.headings.get(k, "")) or k, t) for k, t in beside if spaced(t))
        unknown = any(cell.kind == "formula" for cell in cells.values())
        others.append((f"{sheet.file}!{sheet.name}!{n}" if unknown else "", *named))
    return letters, typed, others


def read_registers(book: Json, sheets: Sequence[Sheet], known_by: Date | None) -> Evidence:
    """The rows of all registers. One sheet that cannot be read makes its whole register missing.
    Rows equal in every cell count once. ``known_by``: rows recorded later, or on no day that can be
    read, do not count; those of a sheet without such a column always do."""
    registers = book["registers"]
    evidence = Evidence(dict.fromkeys(registers), {id_: [] for id_ in registers}, set())
    seen: set[Value] = set()
    for sheet in (each for each in sheets if each.register and not each.unread):
        id_, register = sheet.register, registers[sheet.register]
        table = evidence.tables[id_] = evidence.tables[id_] or []
        letters, rows, others = read_sheet(sheet, register)
        recorded_on = register.get("recorded on")
        clock = known_by if recorded_on in sheet.columns.values() else None
        for n, row, beside in zip(sheet.rows, rows, others, strict=True):
            cells = ((cell.raw, cell.state) for cell in row.values())
            same = (id_, *cells, beside, recorded_on in letters)
            counts_ = not clock or (day_in(row, recorded_on) or Date.max) <= clock
            if same not in seen and counts_:
                table.append(row)
                evidence.places[id_].append(Place(sheet.file, sheet.name, n, letters))
            for name, at in letters.items():
                told = same in seen or counts_ or name == recorded_on
                if told and row[name].state in (BLANK, UNREADABLE):
                    evidence.unread.add((sheet.file, sheet.name, f"{at}{n}"))
            seen.add(same)
    for sheet in sheets:
        if sheet.register and sheet.unread:
            evidence.tables[sheet.register] = None
            evidence.places[sheet.register] = []
    for id_, n, name in lose_names(registers, evidence.tables):
        place = evidence.places[id_][n]
        evidence.unread.add((place.file, place.sheet, f"{place.letters[name]}{place.row}"))
    fill_latest(registers, evidence.tables)
    return evidence


def lose_names(registers: Json, tables: Tables) -> list[tuple[str, int, str]]:
    """Makes each cell unreadable that names a row by its key and could mean either of two: rows of
    two registers, or two of one that differ. Several rows for one key are no more than one where
    rows stand from a day on (spells), or say the same. Returns which cells, as (register, row,
    column)."""
    every = [(id_, column) for id_, spec in registers.items() for column in own_columns(spec)]
    targets = {name for _, column in every for name in names(column)}
    meant = {name: _rows_meant(registers[name], tables.get(name) or []) for name in targets}
    lost: list[tuple[str, int, str]] = []
    for id_, column in every:
        found = [meant[name] for name in names(column)]
        for n, row in enumerate((tables.get(id_) or []) if found else []):
            cell = row[column["name"]]
            keys = cell.value if isinstance(cell.value, frozenset) else {cell.value}
            if any(sum(len(rows.get(key, ())) for rows in found) > 1 for key in keys):
                lost.append((id_, n, column["name"]))
    for id_, n, name in lost:
        row = (tables[id_] or [])[n]
        row[name] = Cell(UNREADABLE, None, row[name].raw)
    return lost


def _rows_meant(register: Json, rows: Sequence[Row]) -> dict[Value, set[Value]]:
    """What the rows of each key say; nothing where they are spells."""
    columns = [] if register.get("begins") else [c["name"] for c in own_columns(register)]
    found: dict[Value, set[Value]] = {}
    for row in rows:
        cells = [row[name] for name in columns]
        said = tuple((cell.state, cell.value if cell.state == READ else cell.raw) for cell in cells)
        if row[register["key"]].state == READ:
            found.setdefault(row[register["key"]].value, set()).add(said)
    return found


def names(column: Json) -> set[str]:
    """The registers of which a cell of this column may name a row."""
    only = column.get("refers to")
    return {only} if only else set(column["refers to any"])


def own_columns(register: Json) -> list[Json]:
    """The columns that stand in a sheet."""
    return [column for column in register["columns"] if "latest" not in column]


def fill_latest(registers: Json, tables: dict[str, list[Row] | None]) -> None:
    """The columns that the program fills: whether the row of another register which a row names is
    the latest of its kind that was issued by this row's day."""
    filled: list[tuple[Row, str, Cell]] = []
    for id_, register in registers.items():
        for latest in (each for each in register["columns"] if "latest" in each):
            asked = latest["latest"]
            key = registers[asked["within"]]["key"]
            issued, odd = _issued(tables[asked["within"]] or [], key, asked)
            rows = tables[id_] or []
            filled += [(row, latest["name"], _latest(row, asked, issued, odd)) for row in rows]
    for row, name, cell in filled:
        row[name] = cell


def _issued(rows: list[Row], key: str, asked: Json) -> tuple[set[tuple[str, Date]], bool]:
    """The key of each row of the kind and the day on which it was issued; and whether one that may
    be of that kind cannot be read, so that a later one may hide there."""
    issued: set[tuple[str, Date]] = set()
    odd = False
    for row in rows:
        name, kind, day = row[key], row[asked["kind"]], row[asked["issued"]]
        if kind.state in (READ, NOTHING) and kind.value != asked["of"]:
            continue
        odd |= any(cell.state not in (READ, NOTHING) for cell in (name, kind, day))
        if name.state == READ and day.state == READ:
            issued.add((name.value, day.value))
    return issued, odd


def _latest(row: Row, asked: Json, issued: set[tuple[str, Date]], odd: bool) -> Cell:
    named, by = row[asked["key"]], row[asked["by"]]
    if named.state == NOTHING:
        return Cell(NOTHING, None, "")
    if named.state != READ or by.state != READ or odd:
        return Cell(UNREADABLE, None, "")
    last = max((day for _, day in issued if day <= by.value), default=None)
    is_last = (named.value, last) in issued
    return Cell(READ, is_last, "yes" if is_last else "no")


# ==================================================================================================
# WORDS: spans and periods
# ==================================================================================================


def add(day: Date, span: str | None, sign: int = 1) -> Date:
    """The day so long after ``day`` ('28 days', '12 months'), or before it with sign -1. Months are
    cut to the month's last day: 29 February + 12 months = 28 February."""
    count, unit = (span or "0 days").split(" ")
    if unit.startswith("day"):
        return day + sign * int(count) * DAY
    year, month = divmod(day.year * 12 + day.month - 1 + sign * int(count), 12)
    return Date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_of(kind: str, day: Date) -> tuple[str, Date, Date]:
    """The period of that kind that holds the day: label, first and last day. The financial year
    begins on 1 April, and its quarters are Q1 (from April) to Q4 (from January)."""
    year = day.year if day.month >= 4 else day.year - 1
    label = f"{year}/{(year + 1) % 100:02}"
    if kind == "financial year":
        return label, Date(year, 4, 1), Date(year + 1, 3, 31)
    if kind == "calendar year":
        return str(day.year), Date(day.year, 1, 1), Date(day.year, 12, 31)
    if kind == "quarter":
        first = Date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return f"{label} Q{(first.month - 4) % 12 // 3 + 1}", first, add(first, "3 months") - DAY
    first = day.replace(day=1)
    return f"{day.year}-{day.month:02}", first, add(first, "1 month") - DAY


def period_named(label: str) -> tuple[str, Date, Date]:
    """The kind, first and last day of the period of that label."""
    year, rest = int(label[:4]), label[4:]
    if "Q" in rest:
        kind, first = "quarter", add(Date(year, 4, 1), f"{3 * int(rest[-1]) - 3} months")
    elif "/" in rest:
        kind, first = "financial year", Date(year, 4, 1)
    else:
        kind = "month" if rest else "calendar year"
        first = Date(year, int(rest[1:] or 1), 1)
    return kind, *period_of(kind, first)[1:]


# ==================================================================================================
# EVIDENCE: what a condition says of a row: True, False, or None where it cannot be told
# ==================================================================================================


def every(truths: Iterable[bool | None]) -> bool | None:
    """Of several conditions one that does not hold decides; else one unknown is enough."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def some(truths: Iterable[bool | None]) -> bool | None:
    """Of conditions of which one will do, one that holds decides; else one unknown is enough."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def listing(asked: Json, row: Row) -> bool | None:
    """Whether a row is one of a list. A list holds what is still to come, so there a day after D
    fills a cell."""
    return meets(asked, {name: cell._replace(late=False) for name, cell in row.items()})


def meets(asked: Json, row: Row, where: str = "where", any_of: str = "any of") -> bool | None:
    """Whether a row meets all of ``where`` and, if ``any of`` lists any, one of those."""
    truths: list[bool | None] = [holds(each, row) for each in asked.get(where, ())]
    if asked.get(any_of):
        truths.append(some(holds(each, row) for each in asked[any_of]))
    return every(truths)


def holds(condition: Json, row: Row) -> bool | None:
    """Whether a row meets one condition on one of its columns."""
    cell = row[condition["column"]]
    if "filled" in condition:  # not by a blank that stands for a word, nor by a later day
        lost = cell.state in (UNREADABLE, NO_COLUMN)
        return None if lost else cell.state == READ and cell.raw != "" and not cell.late
    other = row[str(condition.get("on or before", condition["column"]))]
    if NOTHING in (cell.state, other.state):
        return False
    if cell.state != READ or other.state != READ:
        return None
    return says(condition, cell.value, other.value)


def says(condition: Json, value: Value, other: Value) -> bool:
    """Whether a value is what a condition asks for. Words are compared as keys are."""
    if "on or before" in condition:
        earliest = add(other, condition["within"], -1) if "within" in condition else Date.min
        return bool(earliest <= value <= other)
    if "is" in condition:
        return bool(value == condition["is"])
    if "at least" in condition:
        return bool(value >= condition["at least"])
    if "includes" in condition:
        return set(condition["includes"]) <= set(value)
    if "none of" in condition:
        return normal(value) not in map(normal, condition["none of"])
    among = condition["one of"] if "one of" in condition else [condition["equals"]]
    return normal(value) in map(normal, among)


def day_in(row: Row, column: str | None) -> Date | None:
    """The day in a cell; None where none can be read, or the rule names no such column."""
    cell = row[column] if column else None
    return cell.value if cell and cell.state == READ else None


class Duty:
    """One duty on D: its rule, the tables, and its versions. VERSIONS AND CLOCKS: only those that
    have begun by D take part, and the last of them is the version on D."""

    def __init__(self, book: Json, tables: Tables, d: Date, rule: Json) -> None:
        self.registers, self.tables, self.d, self.rule = book["registers"], tables, d, rule
        self.begins = [Date.fromisoformat(v["begins"]) for v in rule["versions"]]
        self.in_force = self.begins[0]
        self.until = Date.fromisoformat(rule["until"]) if rule.get("until") else None
        self.versions = [v for v, b in zip(rule["versions"], self.begins, strict=True) if b <= d]
        self.last = len(self.versions) - 1
        self.items: dict[tuple[int, str], dict[tuple[Value, Value], list[Item]]] = {}

    def holds(self) -> bool:
        """Whether it is in force on D, the last day included."""
        return self.in_force <= self.d and (self.until is None or self.d <= self.until)

    def rows(self, listed: Json | None) -> list[Row]:
        """The rows of the register that a part of the rule names."""
        return (self.tables.get(listed["register"]) or []) if listed else []

    def key(self, listed: Json, row: Row) -> Cell:
        """The cell that names a row of such a register."""
        return row[self.registers[listed["register"]]["key"]]

    def judging(self, day: Date | None) -> int:
        """The version that judges what happened on a day: the first one for earlier days, the one
        on D for later ones and where no day can be read."""
        if day is None:
            return self.last
        return max((n for n in range(self.last + 1) if self.begins[n] <= day), default=0)

    def answer(self, number: int, status: str, **more: Value) -> Json:
        """An obligation and its status; the rest is what the report needs to name it."""
        nothing: Json = {
            "duty": self.rule["id"], "subject": "", "event": "", "window": "", "row": -1,
            "version": self.begins[number], "status": status, "past": "", "opens": None,
            "deadline": None, "days": None, "late_days": 0, "met_by": [], "last_done": None,
            "number": number, "event_row": -1, "subject_row": -1,
        }  # fmt: skip
        return nothing | more

    def unclear(self, number: int, listed: Json, row: int, which: str) -> Json:
        """The obligation of a listed row that cannot be read, or whose key another claims too."""
        more = {"window": listed["register"], "row": row, which: row}
        return self.answer(number, "cannot_tell", **more)

    def unless_applies(self, number: int, day: Date, **named: Value) -> Json | None:
        """The answer where the duty's own condition does not hold on a day, or cannot be told: no
        row is in place then, from its begin to the day before its end, that meets it."""
        asked = self.versions[number].get("applies")
        if asked is None:
            return None
        told = some(_in_place(asked, row, day) for row in self.rows(asked))
        if self.tables.get(asked["register"]) is None:
            told = None
        status = "cannot_tell" if told is None else "not_applicable"
        return None if told else self.answer(number, status, **named)


def _in_place(asked: Json, row: Row, day: Date) -> bool | None:
    begins = day_in(row, asked.get("begins"))
    ends = day_in(row, asked.get("ends"))  # one that cannot be read reads as not ended
    unread = bool(asked.get("begins")) and begins is None
    begun = None if unread else begins is None or begins <= day
    return every([meets(asked, row), begun, ends is None or day < ends])


# Items ------------------------------------------------------------------------------------


class Item(NamedTuple):
    """A qualifying item, dated by D. Items are taken by day, and on one day by their text."""

    day: Date
    text: tuple[str, ...]
    row: int
    register: str
    period: str | None = None  # the one that it names
    distinct: Value = None  # of those alike in this only the earliest counts


def items_for(duty: Duty, number: int, who: Who, event: Event | None = None) -> list[Item]:
    """The qualifying items of one obligation: what the version asks for, about that event and that
    subject, in order."""
    version = duty.versions[number]
    query = version["evidence"]
    about: Value = None
    if event is not None:
        about = event.row if query["itself"] else event.key if query.get("event") else None
    subject: Value = who.key if query.get("subject") else None
    if query.get("named by subject"):
        subject = duty.rows(version["subjects"])[who.row][query["named by subject"]].value or ""
    at = (number, who.member.get("id", ""))
    if at not in duty.items:
        found = duty.items[at] = {}
        for n, row in enumerate(duty.rows(query)):
            if item := _item(duty, version, who.member, n, row):
                found.setdefault(_about(duty, query, n, row), []).append(item)
    return sorted(duty.items[at].get((about, subject), []))


def _item(duty: Duty, version: Json, member: Json, n: int, row: Row) -> Item | None:
    """A row as an item, if it meets every condition and its day is read and is not after D."""
    query, pattern = version["evidence"], version["pattern"]
    day = day_in(row, pattern.get("begins") or member.get("dated") or query.get("dated"))
    if day is None or day > duty.d or not (meets(query, row) and meets(member, row)):
        return None
    if member and version["subjects"].get("named in"):
        named = row[version["subjects"]["named in"]]
        ids = named.value if isinstance(named.value, frozenset) else {named.value}
        if named.state != READ or member["id"] not in ids:
            return None
    period = row[query["period"]] if query.get("period") else NO_SUCH_CELL
    if period.state == READ and period_named(period.value)[0] != pattern["period"]:
        return None  # one of another kind cannot be read
    if period.state in (UNREADABLE, NO_COLUMN):
        return None  # a blank one goes by the date
    distinct = row[query["distinct"]] if query.get("distinct") else NO_SUCH_CELL
    if query.get("distinct") and distinct.state != READ:
        return None
    text = tuple(cell.raw for cell in row.values())
    return Item(day, text, n, query["register"], period.value, distinct.value)


NO_SUCH_CELL = Cell(NOTHING, None, "")
NOBODY = object()  # what a row is about that does not say so legibly


def _about(duty: Duty, query: Json, n: int, row: Row) -> tuple[Value, Value]:
    """The event and the subject that a row names. One that cannot be read is no one's."""
    event: Value = n if query["itself"] else None
    if query.get("event"):
        event = row[query["event"]].value if row[query["event"]].state == READ else NOBODY
    subject = row[query["subject"]] if query.get("subject") else NO_SUCH_CELL
    if query.get("named by subject"):
        subject = duty.key(query, row)
    named = subject is NO_SUCH_CELL or subject.state == READ
    return event, subject.value if named else NOBODY


def enough(items: Iterable[Item], needed: int) -> list[Item]:
    """The earliest items, as many as are needed; [] where there are too few."""
    kept: dict[Value, Item] = {}
    for item in sorted(items):
        kept.setdefault(item.row if item.distinct is None else (item.distinct,), item)
    return list(kept.values())[:needed] if len(kept) >= needed else []


def references(items: Iterable[Item]) -> list[tuple[str, int]]:
    """The items as (register, row), sorted."""
    return sorted((each.register, each.row) for each in items)


# NIL RETURN -------------------------------------------------------------------------------


def nil_returns(duty: Duty, asked: Json | None) -> list[Item]:
    """The whole nil returns for a list, as items that name their period: of the kind asked for,
    and dated on or after its last day."""
    found = []
    for n, row in enumerate(duty.rows({"register": "nil returns"}) if asked else []):
        cells = [row[name] for name in ("list", "period", "by post", "given on")]
        if asked is None or any(cell.state != READ for cell in cells):
            continue
        listed, period, _, given_on = (cell.value for cell in cells)
        kind, _, last = period_named(period)
        if normal(listed) == normal(asked["list"]) and kind == asked["each"] and given_on >= last:
            text = tuple(cell.raw for cell in row.values())
            found.append(Item(given_on, text, n, "nil returns", period))
    return found


def nil_covers(duty: Duty, asked: Json | None) -> bool:
    """Whether one makes an empty list a fair answer on D: from its own day to the last day of the
    next such period."""
    named = [(item.day, *period_named(item.period or "")) for item in nil_returns(duty, asked)]
    return any(day <= duty.d <= period_of(k, last + DAY)[2] for day, k, _, last in named)


# ==================================================================================================
# SUBJECTS, and the lists of subjects, events and records
# ==================================================================================================


NO_MEMBER: Json = {}


class Who(NamedTuple):
    """Whom an obligation asks: a person, a member of a fixed list, or the office (''). A person is
    asked from ``since``, the later of joining and being flagged, to the day before ``leaves``."""

    key: str = ""
    since: Date | None = None
    leaves: Date | None = None
    row: int = -1
    member: Json = NO_MEMBER


class Event(NamedTuple):
    """An event or a record (row -1: a joining), and the version of its day, which judges it."""

    row: int
    key: str
    day: Date
    number: int


def population_of(version: Json) -> Json | None:
    """The population of a version, if it has one."""
    subjects: Json = version.get("subjects") or {}
    return subjects if subjects.get("kind") == "population" else None


def events_of(version: Json) -> Json | None:
    """The events or records that a version lists, if it does."""
    listed: Json = version["pattern"].get("records") or version["pattern"].get("event") or {}
    return listed if "register" in listed else None


def empty_list(duty: Duty) -> Json | None:
    """The one answer for a whole duty, where a list is missing, or is empty and that is unfair."""
    version = duty.versions[-1]
    for listed in (population_of(version), events_of(version)):
        if listed is None:
            continue
        if duty.tables.get(listed["register"]) is None:
            if version["pattern"].get("keeps register"):
                first = duty.in_force
                days = (first - duty.d).days
                return duty.answer(duty.last, "overdue", opens=first, deadline=first, days=days)
            return duty.answer(duty.last, "cannot_tell")
        fair = listed["empty"] == "fair" or nil_covers(duty, listed.get("nil return"))
        if not fair and all(listing(listed, row) is False for row in duty.rows(listed)):
            return duty.answer(duty.last, "cannot_tell")
    return None


def subjects(duty: Duty, number: int) -> tuple[list[Who], list[tuple[int, Date | None]]]:
    """Whom a version asks on D, and the rows that cannot be told, each with the day since which it
    would be asked, if that can be read. What can be read may leave a row out already."""
    version = duty.versions[number]
    listed = population_of(version)
    if listed is None:
        members = (version.get("subjects") or {}).get("members")
        return [Who(m["id"], member=m) for m in members] if members else [Who()], []
    twice = _claimed_spells(duty, listed)
    asked: list[Who] = []
    unclear: list[tuple[int, Date | None]] = []
    for n, row in enumerate(duty.rows(listed)):
        joins, leaves = day_in(row, listed["joins"]), day_in(row, listed.get("leaves"))
        flag, flagged = row.get(listed.get("flagged", "")), day_in(row, listed.get("flagged"))
        truth, key = listing(listed, row), duty.key(listed, row)
        if truth is False or (flag and flag.state == NOTHING) or (leaves and leaves <= duty.d):
            continue
        if any(day > duty.d for day in (joins, flagged) if day):
            continue
        since = max(joins, flagged or joins) if joins and (flagged or flag is None) else None
        if truth is None or key.state != READ or since is None or n in twice:
            unclear.append((n, since))
        else:
            asked.append(Who(key.value, since, leaves, n))
    return asked, unclear


def _claimed_spells(duty: Duty, listed: Json) -> set[int]:
    """Rows that claim one subject for days that overlap. No leaving day: for ever."""
    spells: dict[str, list[tuple[Date, Date, int]]] = {}
    for n, row in enumerate(duty.rows(listed)):
        key, joins = duty.key(listed, row), day_in(row, listed["joins"])
        leaves = day_in(row, listed.get("leaves")) or Date.max
        if key.state == READ and joins and joins < leaves and listing(listed, row) is True:
            spells.setdefault(key.value, []).append((joins, leaves, n))
    return {
        n
        for same in spells.values()
        for joins, leaves, n in same
        if any(other < leaves and joins < end and n != m for other, end, m in same)
    }


def events(duty: Duty) -> tuple[list[Event], list[tuple[int, int]]]:
    """The events that ask something by D, and the rows that cannot be told with their version.
    Each is listed by the version of its day."""
    lists = [events_of(version) for version in duty.versions]
    claims = [Counter(_claims(duty, listed)) for listed in lists]
    own: Counter[str] = Counter()
    for number, listed in enumerate(lists):
        own.update(_claims(duty, listed, number))
    asked: list[Event] = []
    unclear: list[tuple[int, int]] = []
    for number, listed in enumerate(lists):
        triggered = duty.versions[number]["pattern"]["kind"] == "triggered"
        for n, row in enumerate(duty.rows(listed)):
            assert listed is not None
            day, key = day_in(row, listed["dated"]), duty.key(listed, row)
            truth, cancelled = listing(listed, row), _cancelled(listed, row)
            if number != duty.judging(day) or truth is False or cancelled is True:
                continue
            if day and (day < duty.in_force or (triggered and day > duty.d)):
                continue
            twice = key.state == READ and (claims[number][key.value] > 1 or own[key.value] > 1)
            if day is None or key.state != READ or twice or None in (truth, cancelled):
                unclear.append((n, number))
            else:
                asked.append(Event(n, key.value, day, number))
    return asked, unclear


def _claims(duty: Duty, listed: Json | None, number: int | None = None) -> Iterator[str]:
    """The key of each row that plainly lists an event, also where it asks nothing yet or no longer;
    with a number, of those that this version judges."""
    for row in duty.rows(listed):
        assert listed is not None
        key, day = duty.key(listed, row), day_in(row, listed["dated"])
        plainly = listing(listed, row) is True and _cancelled(listed, row) is False
        if plainly and key.state == READ and day and number in (None, duty.judging(day)):
            yield key.value


def _cancelled(listed: Json, row: Row) -> bool | None:
    """Whether an event was cancelled: no, where nothing says so."""
    cell = row[listed["cancelled"]] if listed.get("cancelled") else NO_SUCH_CELL
    return cell.value if cell.state == READ else False if cell.state == NOTHING else None


# ==================================================================================================
# PATTERN 1: periodic
# ==================================================================================================


class Window(NamedTuple):
    """``end`` is the period's last day, ``deadline`` that and the grace. ``cut``: the duty came
    into force within it."""

    opens: Date
    end: Date
    deadline: Date
    label: str
    number: int
    cut: bool


def windows(duty: Duty) -> list[Window]:
    """The windows up to the one after D's, each judged by the version in whose days its deadline
    lies. A version moves no deadline to before its own first day."""
    made: dict[str, Window] = {}
    before: dict[str, Window] = {}  # the windows of the version before, by label
    for number, version in enumerate(duty.versions):
        own: dict[str, Window] = {}
        if version["pattern"]["kind"] == "periodic":
            begins = duty.begins[number]
            ends = Date.max if number == duty.last else duty.begins[number + 1]
            for window in calendar_windows(duty, number):
                old = before.get(window.label)
                moved = old is not None and window.deadline < begins <= old.deadline
                own[window.label] = window._replace(deadline=begins) if moved else window
            new = {k: w for k, w in own.items() if begins <= w.deadline < ends and k not in made}
            made |= {k: w for k, w in new.items() if w.opens <= (duty.until or Date.max)}
        before = own
    return sorted(made.values())


def calendar_windows(duty: Duty, number: int) -> list[Window]:
    """A version's windows by the calendar, from the in-force day until two have opened after D."""
    pattern = duty.versions[number]["pattern"]
    found: list[Window] = []
    later = 0
    label, first, last = period_of(pattern["period"], duty.in_force)
    while later < 2:
        following = period_of(pattern["period"], last + DAY)
        opens, end = first, last
        if pattern.get("part"):  # a quarter of the year, named by the year
            opens = add(first, f"{3 * int(pattern['part'][1]) - 3} months")
            end = add(opens, "3 months") - DAY
        name = following[0] if pattern["before"] else label  # named by the period that follows
        if end >= duty.in_force:
            deadline, begins = add(end, pattern.get("grace")), max(opens, duty.in_force)
            found.append(Window(begins, end, deadline, name, number, opens < duty.in_force))
            later += begins > duty.d
        label, first, last = following
    return found


def periodic(duty: Duty) -> list[Json]:
    """The one current obligation, and the earlier windows as history."""
    left_out = duty.unless_applies(duty.last, duty.d)
    found = windows(duty)
    if left_out or not found:
        return [left_out] if left_out else []
    met = [_met_window(duty, found, n) for n in range(len(found))]
    last_done = max((each.day for each in _periodic_items(duty, duty.last)), default=None)
    at = max((n for n, each in enumerate(found) if each.opens <= duty.d), default=0)
    if at and not met[at] and not met[at - 1] and duty.d <= found[at - 1].deadline:
        at -= 1  # the grace of the window before still runs
    if not met[at] and found[at].cut and duty.d > found[at].deadline:
        at += 1  # cut short and missed, it is passed over
    missed = [not met[n] and duty.d > w.deadline and not w.cut for n, w in enumerate(found)]
    earlier = [_earlier(duty, found[n], met[n]) for n in range(at) if met[n] or missed[n]]
    if at == len(found):
        return earlier
    window, done, to = found[at], met[at], found[at].deadline
    more: Json = {"window": window.label, "opens": window.opens, "deadline": window.deadline}
    if window.opens > duty.d:
        status = "not_yet_due"
    elif done:
        status = "met"
        more |= {"met_by": references(done), "late_days": _late(done, window.deadline)}
        to = found[at + 1].deadline if at + 1 < len(found) else Date.max
    else:
        run = at if missed[at] else at - 1  # the last of the unbroken run of missed windows
        status = "overdue" if run >= 0 and missed[run] else "due"
        while status == "overdue" and missed[run]:
            to, run = found[run].deadline, run - 1
            if run < 0:
                break
    more["days"] = None if to == Date.max else (to - duty.d).days
    return [duty.answer(window.number, status, **more, last_done=last_done), *earlier]


def _earlier(duty: Duty, window: Window, done: list[Item]) -> Json:
    more: Json = {"window": window.label, "opens": window.opens, "deadline": window.deadline}
    if not done:
        return duty.answer(window.number, "overdue", past="missed", **more)
    more |= {"met_by": references(done), "late_days": _late(done, window.deadline)}
    return duty.answer(window.number, "met", past="met", **more)


def _late(done: Sequence[Item], deadline: Date) -> int:
    return max(0, (done[-1].day - deadline).days)


def _periodic_items(duty: Duty, number: int) -> list[Item]:
    """The items of a version, and the nil returns that it accepts."""
    nil = nil_returns(duty, duty.versions[number]["pattern"].get("nil return"))
    return items_for(duty, number, Who()) + [item for item in nil if item.day <= duty.d]


def _met_window(duty: Duty, found: Sequence[Window], at: int) -> list[Item]:
    """The items that met a window, in time or, where those are too few, late; [] if none did."""
    window, version = found[at], duty.versions[found[at].number]
    following = found[at + 1].opens if at + 1 < len(found) else Date.max
    early, needed = version["pattern"]["early"], version["evidence"]["needed"]
    in_time, late = [], []
    for item in _periodic_items(duty, window.number):
        if item.period is not None:  # it belongs to that window and to no other
            mine = item.period == window.label
            if mine and item.day > window.deadline:
                late.append(item)
            elif mine and (early or item.day >= window.opens):
                in_time.append(item)
        elif window.opens <= item.day <= window.end:
            in_time.append(item)
        elif window.deadline < item.day < following:
            late.append(item)
    return enough(in_time, needed) or enough(in_time + late, needed)


# ==================================================================================================
# PATTERN 2 (rolling) and PATTERN 5 (standing)
# ==================================================================================================


def lasting(duty: Duty) -> list[Json]:
    """The answers of a rolling or a standing duty: one for each subject."""
    asked, unclear = subjects(duty, duty.last)
    listed = population_of(duty.versions[-1]) or {}
    answers = [duty.unclear(duty.last, listed, n, "subject_row") for n, _ in unclear]
    judge_one = rolling if duty.versions[-1]["pattern"]["kind"] == "rolling" else standing
    for who in asked:
        made = duty.unless_applies(duty.last, duty.d) or judge_one(duty, who)
        answers.append(made | {"subject": who.key, "subject_row": who.row})
    return answers


def clamped(duty: Duty, number: int, reckon: Callable[[int], Date | None]) -> Date | None:
    """The deadline under a version. Where it would lie before the version's own first day, that day
    is the deadline; one that had passed already under the version before stays."""
    deadline, begins = reckon(number), duty.begins[number]
    if deadline is None or number == 0 or deadline >= begins:
        return deadline
    kinds = {duty.versions[n]["pattern"]["kind"] for n in (number - 1, number)}
    old = clamped(duty, number - 1, reckon) if len(kinds) == 1 else None
    return old if old is not None and old < begins else begins


def of_version(duty: Duty, number: int, who: Who) -> Who | None:
    """The same subject under another version; None for a member that it does not have."""
    if not who.member:
        return who
    members = (duty.versions[number].get("subjects") or {}).get("members", ())
    return next((who._replace(member=m) for m in members if m["id"] == who.key), None)


def rolling(duty: Duty, who: Who) -> Json:
    """At most an interval since the last time. Never done, it is never met."""
    version, d = duty.versions[-1], duty.d
    opens = max(duty.in_force, who.since or duty.in_force)

    def latest(number: int) -> list[Item]:
        under, needed = of_version(duty, number, who), duty.versions[number]["evidence"]["needed"]
        found = items_for(duty, number, under) if under else []
        return found[-needed:] if len(found) >= needed else []

    def reckon(number: int) -> Date | None:
        if of_version(duty, number, who) is None:
            return None
        rule, done = duty.versions[number]["pattern"], latest(number)
        first = add(opens, rule.get("first") or rule["every"])
        if "first deadline" in rule and (who.since or duty.in_force) <= duty.in_force:
            first = Date.fromisoformat(rule["first deadline"])
        return max(first, add(done[0].day, rule["every"])) if done else first

    deadline, done = clamped(duty, duty.last, reckon), latest(duty.last)
    assert deadline is not None
    last_done = max((item.day for item in items_for(duty, duty.last, who)), default=None)
    more: Json = {"opens": opens, "deadline": deadline, "last_done": last_done}
    more["days"] = (deadline - d).days
    lasts = add(done[0].day, version["pattern"]["every"]) if done else Date.min
    if done and deadline != reckon(duty.last):  # a new version's first day, or an older deadline
        lasts = max(lasts, deadline)
    if lasts >= d and d < add(deadline, version["pattern"]["notice"], -1):
        return duty.answer(duty.last, "met", **more, met_by=references(done))
    return duty.answer(duty.last, "due" if d <= deadline else "overdue", **more)


def standing(duty: Duty, who: Who) -> Json:
    """Something is in place on D: begun by D, and neither ended nor past its review-by date."""
    version, d = duty.versions[-1], duty.d
    opens = max(duty.in_force, who.since or duty.in_force)

    def reckon(number: int) -> Date | None:
        under = of_version(duty, number, who)
        ends = [end for _, end in spells(duty, number, under)] if under else []
        return max([opens, *ends]) if under else None

    deadline = clamped(duty, duty.last, reckon)
    assert deadline is not None
    found = spells(duty, duty.last, who)
    in_place = [(end, item) for item, end in found if end >= d]
    last_done = max((item.day for item, _ in found), default=None)
    more: Json = {"opens": opens, "deadline": deadline, "last_done": last_done}
    for_good = deadline == Date.max
    more |= {"deadline": None} if for_good else {"days": (deadline - d).days}
    if in_place and (for_good or d < add(deadline, version["pattern"]["notice"], -1)):
        return duty.answer(duty.last, "met", **more, met_by=references([max(in_place)[1]]))
    return duty.answer(duty.last, "due" if in_place or d <= deadline else "overdue", **more)


def spells(duty: Duty, number: int, who: Who) -> list[tuple[Item, Date]]:
    """What is in place on D, or was, with its last day (Date.max: for good). An end or review-by
    day that cannot be read reads as ended; a review-by day beyond the rule's cap counts as at
    the cap."""
    version = duty.versions[number]
    pattern, rows = version["pattern"], duty.rows(version["evidence"])
    found = []
    for item in items_for(duty, number, who):
        row = rows[item.row]
        ends = [row[pattern[name]] for name in ("ends", "review by") if pattern.get(name)]
        if any(cell.state not in (READ, NOTHING) for cell in ends):
            continue
        days = [day for day in (day_in(row, pattern.get("ends")),) if day]
        if review := day_in(row, pattern.get("review by")):
            cap = pattern.get("review within")
            days.append(min(review, add(item.day, cap)) if cap else review)
        if days or not pattern["end needed"]:
            found.append((item, min(days, default=Date.max)))
    return found


# ==================================================================================================
# PATTERNS 3 (triggered), 4 (before an event) and 6 (completeness): about an event or a record
# ==================================================================================================


def about_events(duty: Duty) -> list[Json]:
    """One answer for each event, or for each event and subject. An event that cannot be read, or
    that the duty's own condition leaves out, is one; so is a person who cannot be read."""
    if events_of(duty.versions[-1]) is None:
        return joinings(duty)
    asked, unclear = events(duty)
    answers = []
    for n, number in unclear:
        listed = events_of(duty.versions[number]) or {}
        answers.append(duty.unclear(number, listed, n, "event_row"))
    whom = [subjects(duty, number) for number in range(duty.last + 1)]
    told: set[tuple[str, int]] = set()  # one for each, by the last version that asks it
    for number in range(duty.last, -1, -1):
        listed = population_of(duty.versions[number]) or {}
        asks = number == duty.last or any(event.number == number for event in asked)
        for n, _ in whom[number][1] if asks else ():
            if (listed["register"], n) not in told:
                answers.append(duty.unclear(number, listed, n, "subject_row"))
                told.add((listed["register"], n))
    for event in asked:
        named: Json = {"event": event.key, "event_row": event.row}
        left_out = duty.unless_applies(event.number, event.day, **named)
        there = [
            who
            for who in whom[event.number][0]
            if who.since is None or who.since <= event.day < (who.leaves or Date.max)
        ]
        for who in [] if left_out else there:
            made = about_one(duty, event, who)
            answers.append(made | named | {"subject": who.key, "subject_row": who.row})
        answers += [left_out] if left_out else []
    return answers


def joinings(duty: Duty) -> list[Json]:
    """Each subject's joining, or being flagged, is its event. Before the duty was in force it asks
    nothing, unless the rule counts people who were there already, from the in-force day."""
    answers: list[Json] = []
    for number, version in enumerate(duty.versions):
        listed = population_of(version)
        if listed is None or not version["pattern"].get("event", {}).get("joining"):
            continue
        already = version["pattern"]["already there"]
        asked, unclear = subjects(duty, number)
        for who in [*asked, *(Who("", since, None, n) for n, since in unclear)]:
            day = who.since
            if day and day < duty.in_force:
                if not already:
                    continue
                day = duty.in_force
            if number != duty.judging(day):
                continue
            if day is None or not who.key:
                answers.append(duty.unclear(number, listed, who.row, "subject_row"))
                continue
            left_out = duty.unless_applies(number, day)
            made = left_out or about_one(duty, Event(-1, "", day, number), who)
            answers.append(made | {"subject": who.key, "subject_row": who.row})
    return answers


def about_one(duty: Duty, event: Event, who: Who) -> Json:
    """In time from opens to the deadline, late after it; see AN OBLIGATION'S STATUS AT D."""
    version = duty.versions[event.number]
    if version["pattern"]["kind"] == "completeness":
        return completeness(duty, event)
    query, needed = version["evidence"], Cell(READ, version["evidence"]["needed"], "")
    if query.get("needed from"):
        needed = duty.rows(events_of(version))[event.row][query["needed from"]]
    if needed.state != READ or needed.value < 1:
        return duty.answer(event.number, "cannot_tell")
    if version["pattern"]["kind"] == "triggered":
        within = who.member.get("within") or version["pattern"]["within"]
        opens = add(event.day, version["pattern"].get("early"), -1)
        deadline = add(event.day, within)
    else:
        opens, deadline = before_event(duty, event)
    items = items_for(duty, event.number, who, event)
    counted = [item for item in items if item.day >= opens]
    in_time = [item for item in counted if item.day <= deadline]
    found = enough(in_time, needed.value) or enough(counted, needed.value)
    last_done = max((item.day for item in items), default=None)
    more: Json = {"opens": opens, "deadline": deadline, "last_done": last_done}
    done = found[-1].day if found else None
    return outcome(duty, event.number, more, done, references(found), who.since is not None)


def before_event(duty: Duty, event: Event) -> tuple[Date, Date]:
    """By the event's day, or so long before it; no earlier than so long before it, or than the day
    after the previous event; where the rule says neither, from the in-force day."""
    pattern = duty.versions[event.number]["pattern"]
    listed = pattern["event"]
    deadline = clamped(
        duty, event.number, lambda n: add(event.day, duty.versions[n]["pattern"].get("by"), -1)
    )
    assert deadline is not None
    opens = [add(event.day, pattern["no earlier"], -1)] if "no earlier" in pattern else []
    if pattern["since previous"]:
        days = [
            day
            for row in duty.rows(listed)
            if (day := day_in(row, listed["dated"])) and day < event.day
            if listing(listed, row) is True and _cancelled(listed, row) is False
        ]
        opens.append(max(days) + DAY if days else duty.in_force)
    return min(max(opens, default=duty.in_force), deadline), deadline


def completeness(duty: Duty, event: Event) -> Json:
    """A record carries what it must, so long after its own day, or by the day that it carries. A
    re-agreed day counts from the day it was agreed, unless that is after the old one."""
    pattern = duty.versions[event.number]["pattern"]
    row, carried = duty.rows(pattern["records"])[event.row], pattern.get("deadline")
    deadline = day_in(row, carried["due"]) if carried else add(event.day, pattern["within"])
    if carried:
        to, on = (day_in(row, carried.get(f"re agreed {each}")) for each in ("to", "on"))
        if deadline and to and on and on <= deadline and on <= duty.d:
            deadline = to
    if deadline is None:
        return duty.answer(event.number, "cannot_tell")
    days = [day_in(row, name) for name in pattern["done on"]]
    whole = meets(pattern, row, "must", "must any") is True and None not in days
    done = max((day for day in days if day), default=event.day) if whole else Date.max
    by = [(pattern["records"]["register"], event.row)]
    more: Json = {"opens": event.day, "deadline": deadline}
    if done > duty.d:
        return outcome(duty, event.number, more, None, [], False)
    return outcome(duty, event.number, more | {"last_done": done}, done, by, False)


def outcome(
    duty: Duty, number: int, more: Json, done: Date | None, by: Sequence[Value], person: bool
) -> Json:
    """Met, or met late; otherwise not yet due, due or overdue. History: a year after the later of
    deadline and date, unless a person who is still there met it; and LAPSE, an unmet one."""
    opens, deadline, lapse = more["opens"], more["deadline"], duty.versions[number].get("lapse")
    if done is not None:
        more |= {"met_by": by, "late_days": max(0, (done - deadline).days)}
        if not person and duty.d > add(max(deadline, done), "12 months"):
            more |= {"past": "settled", "last_done": None}
        return duty.answer(number, "met", **more)
    if lapse and duty.d > add(deadline, lapse):
        return duty.answer(number, "overdue", **more | {"past": "lapsed", "last_done": None})
    status = "due" if duty.d <= deadline else "overdue"
    more["days"] = (deadline - duty.d).days
    return duty.answer(number, "not_yet_due" if duty.d < opens else status, **more)


# ==================================================================================================
# WAIVER, and all duties
# ==================================================================================================


def waived(duty: Duty, answers: list[Json]) -> list[Json]:
    """The answers with those waived that a whole waiver covers on D. It changes due, overdue and
    not yet due only, and cannot tell where it covers all subjects."""
    ids = {normal(each) for each in (duty.rule["id"], *duty.rule["aliases"])}
    covered: set[str] = set()
    for row in duty.rows({"register": "waivers"}) if duty.rule["waivable"] else []:
        names = ("duty", "subject", "reason", "approved by", "from", "until")
        cells = [row[name] for name in names]
        if all(cell.state == READ and cell.value for cell in cells):
            of, subject, _, _, first, until = (cell.value for cell in cells)
            if normal(of) in ids and first <= duty.d <= until:
                covered.add(normal(subject))
    made = []
    for each in answers:
        named = {normal(name) for name in (each["subject"], each["event"]) if name} or {"office"}
        by = {"all"} if each["status"] == "cannot_tell" else named | {"all"}
        changes = each["status"] in ("cannot_tell", "due", "overdue", "not_yet_due")
        yes = covered & by and changes and not each["past"]
        made.append(each | {"status": "waived"} if yes else each)
    return made


def judge_duty(book: Json, tables: Tables, d: Date, rule: Json) -> list[Json]:
    """Every obligation of one duty, current and history; none where it is not in force on D."""
    duty = Duty(book, tables, d, rule)
    if not duty.holds():
        return []
    kind = duty.versions[-1]["pattern"]["kind"]
    if kind == "periodic":
        return waived(duty, periodic(duty))
    whole = empty_list(duty)
    if whole is not None:
        return waived(duty, [whole])
    return waived(duty, lasting(duty) if kind in ("rolling", "standing") else about_events(duty))


def marked(book: Json, tables: Tables, d: Date) -> Tables:
    """The tables with the cells marked that hold a day after D, and no planned one."""
    made: dict[str, list[Row] | None] = dict(tables)
    for id_, rows in tables.items():
        columns = book["registers"][id_]["columns"]
        days = [c["name"] for c in columns if c["type"] == "day" and not c["planned"]]
        late = [
            {k: row[k]._replace(late=True) for k in days if (day_in(row, k) or d) > d}
            for row in rows or ()
        ]
        made[id_] = [row | cells for row, cells in zip(rows, late, strict=True)] if rows else rows
    return made


def content_differs(book: Json) -> Iterator[str]:
    """PATTERN 7: a content duty is another with conditions more. Each of its versions that is not
    that, under the other's version of its day, is named."""
    rules = {rule["id"]: rule for rule in book["duties"]}
    for rule in book["duties"]:
        for version in (each for each in rule["versions"] if "cuts" in each):
            others = rules[version["cuts"]]["versions"]
            other = [each for each in others if each["begins"] <= version["begins"]][-1]
            cut = {name: other.get(name) for name in ("subjects", "applies", "lapse")}
            cut |= {"pattern": other["pattern"], "evidence": other.get("evidence")}
            name, listed = ("evidence", "where") if cut["evidence"] else ("pattern", "must")
            cut[name] = {**cut[name], listed: cut[name][listed] + version["adds"]}
            if cut != {name: version.get(name) for name in cut}:
                yield f"{rule['id']} from {version['begins']}"


def judge(book: Json, tables: Tables, d: Date) -> list[Json]:
    """Every obligation of every duty that is in force on D."""
    tables = marked(book, tables, d)
    return [each for rule in book["duties"] for each in judge_duty(book, tables, d, rule)]


# ==================================================================================================
# FROM OBLIGATIONS TO DUTIES, SECTIONS AND THE WHOLE: what the assessment should say
# ==================================================================================================

WORST_FIRST = ["overdue", "cannot_tell", "due", "met", "not_yet_due", "waived", "not_applicable"]


def worst(statuses: Iterable[str]) -> str:
    """The worst of several statuses; not applicable where there is none."""
    return min(statuses, key=WORST_FIRST.index, default="not_applicable")


def counts(told: Sequence[tuple[str, int]]) -> Json:
    """How many have each status; each is told with its days late."""
    tally = Counter(status for status, _ in told)
    late = sum(days > 0 for status, days in told if status == "met")
    return {"total": len(told), "met_late": late} | {name: tally[name] for name in WORST_FIRST}


def totals(duties: Sequence[Json]) -> Json:
    """The status and the counts of several duties."""
    made: Json = {"status": worst(each["status"] for each in duties)}
    made["duties"] = counts([(each["status"], each["counts"]["met_late"]) for each in duties])
    single = [(one["status"], one["late_days"]) for each in duties for one in each["obligations"]]
    return made | {"obligations": counts(single)}


def iso(day: Date | None) -> str | None:
    """A day as JSON holds it."""
    return day.isoformat() if day else None


def shown(evidence: Evidence, register: str, n: int, dated: str) -> Json:
    """An item as the assessment shows it; ``dated`` is the column of its day."""
    place, rows = evidence.places[register][n], evidence.tables[register] or []
    at = {"file": place.file, "sheet": place.sheet, "row": place.row, "register": register}
    return at | {"date": iso(day_in(rows[n], dated))}


def obligation(evidence: Evidence, duty: Duty, answer: Json) -> Json:
    """An obligation as the assessment should tell it: what a person calls its subject, the row that
    lists it, and the items that met it."""
    version = duty.versions[answer["number"]]
    label, parts, at = "", [], None
    for listed, n, dated in (
        (events_of(version), answer["event_row"], "dated"),
        (population_of(version), answer["subject_row"], "joins"),
    ):
        if listed and n >= 0:
            row, register = duty.rows(listed)[n], duty.registers[listed["register"]]
            at = at or shown(evidence, listed["register"], n, listed[dated])
            named = [column["name"] for column in register["columns"] if not column["sensitive"]]
            label = row[register["label"]].raw if register.get("label") in named else ""
            parts.append(duty.key(listed, row).raw)
    members = (version.get("subjects") or {}).get("members", ())
    parts += [member["title"] for member in members if member["id"] == answer["subject"]]
    subject = ", ".join(parts) or "office"
    if answer["row"] >= 0:
        place = evidence.places[answer["window"]][answer["row"]]
        subject = f"row {place.row} of {place.sheet}"
        answer = {**answer, "window": ""}
    items = [shown(evidence, r, n, _dated(version, answer, r)) for r, n in answer["met_by"]]
    told = {name: answer[name] for name in ("window", "status", "late_days", "days")}
    told |= {name: iso(answer[name]) for name in ("opens", "deadline", "last_done")}
    told |= {"subject": subject, "subject_name": label, "listed_at": at, "evidence": items}
    return told | {"version_from": iso(answer["version"])}


def _dated(version: Json, answer: Json, register: str) -> str:
    """The column that dates an item of a register."""
    pattern, query = version["pattern"], version.get("evidence")
    if not query:
        return str([*pattern["done on"], pattern["records"]["dated"]][0])
    members = (version.get("subjects") or {}).get("members", ())
    own = next((m.get("dated") for m in members if m["id"] == answer["subject"]), None)
    usual = pattern.get("begins") or own or query.get("dated")
    return str(usual if register == query["register"] else "given on")


def earlier(evidence: Evidence, duty: Duty, answer: Json) -> Json:
    """An entry of the history."""
    told = obligation(evidence, duty, answer)
    done = "met late" if answer["late_days"] else "met"
    told["outcome"] = answer["past"] if answer["past"] in ("missed", "lapsed") else done
    kept = ("subject", "window", "outcome", "opens", "deadline", "late_days", "evidence")
    return {name: told[name] for name in kept}


def gaps(duty: Duty) -> list[Json]:
    """The days, since the in-force day, on which nothing stood between two that did."""
    version, found = duty.versions[-1], []
    until: Date | None = None
    if version["pattern"]["kind"] == "standing" and not version.get("subjects"):
        for item, end in spells(duty, duty.last, Who()):
            if until and until < Date.max and max(until + DAY, duty.in_force) < item.day:
                days = max(until + DAY, duty.in_force), item.day - DAY
                gap = {"opens": iso(days[0]), "deadline": iso(days[1]), "outcome": "gap"}
                found.append({"subject": "office", "window": "", **gap})
            until = max(until or end, end)
    return found


def duty_outcome(pack: Pack, evidence: Evidence, duty: Duty, answers: list[Json]) -> Json:
    """One duty as the assessment should tell it. Its deadline is the earliest outstanding one, else
    the next to come."""
    rule, days = duty.rule, None
    current = [each for each in answers if not each["past"]]
    history = [earlier(evidence, duty, each) for each in answers if each["past"]]
    by = {name: [each for each in current if each["status"] == name] for name in WORST_FIRST}
    for several in (by["overdue"] + by["due"], by["met"] + by["not_yet_due"]):
        days = min((a["days"] for a in several if a["days"] is not None), default=None)
        if days is not None:
            break
    done = max((each["last_done"] for each in current if each["last_done"]), default=None)
    due = min((each["deadline"] for each in by["due"]), default=None) if by["overdue"] else None
    ids = {normal(each) for each in (rule["id"], *rule["aliases"])}
    owners = {
        row["owner"].raw.strip()
        for row in duty.rows({"register": "owners"})
        if normal(row["duty"].value or "") in ids
    }
    bearers = {each["name"]: each["list"] for each in pack.book["book"]["bearers"]}
    told = {name: rule[name] for name in ("id", "title", "section", "bearer", "strength")}
    return told | {
        "answers": bearers[rule["bearer"]],
        "owner": ", ".join(sorted(owners - {""})),
        "status": worst(each["status"] for each in current),
        "counts": counts([(each["status"], each["late_days"]) for each in current]),
        "deadline": None if days is None else iso(duty.d + days * DAY),
        "days": days,
        "next_due": iso(due),
        "last_done": iso(done),
        "citations": [{k: each[k] for k in ("section", "phrase")} for each in rule["citations"]],
        "version_from": iso(duty.begins[duty.last]),
        "pattern": rule["kind"],
        "readings": duty.versions[-1]["readings"],
        "obligations": [obligation(evidence, duty, each) for each in current],
        "history": history + gaps(duty),
    }


def waivers(pack: Pack, evidence: Evidence, d: Date) -> list[Json]:
    """The waivers on record, and what each comes to on D."""
    rules, made = pack.book["duties"], []
    waivable = {normal(n): r["waivable"] for r in rules for n in (r["id"], *r["aliases"])}
    rows = evidence.tables.get("waivers") or []
    for row, place in zip(rows, evidence.places.get("waivers", []), strict=True):
        names = ("duty", "subject", "reason", "approved by", "from", "until")
        first, until = day_in(row, "from"), day_in(row, "until")
        whole = all(row[name].state == READ and row[name].value for name in names)
        state = "incomplete"
        if whole and first and until:
            state = "in force" if first <= d <= until else "expired" if until < d else "not yet"
            state = state if waivable.get(normal(row["duty"].value)) else "no effect"
        told: Json = {name.replace(" ", "_"): row[name].raw for name in names[:4]}
        told |= {"from": iso(first), "until": iso(until), "state": state, "place": place.cell()}
        made.append(told)
    return made


def whole_outcome(pack: Pack, evidence: Evidence, d: Date) -> Json:
    """The assessment as it should be, as far as it is worked out here."""
    duties, aside = [], []
    readings: dict[tuple[str, str], Json] = {}
    tables = marked(pack.book, evidence.tables, d)
    for rule in pack.book["duties"]:
        duty = Duty(pack.book, tables, d, rule)
        if not duty.holds():
            aside.append({"id": rule["id"]})
            continue
        answers = judge_duty(pack.book, tables, d, rule)
        duties.append(duty_outcome(pack, evidence, duty, answers))
        for each in duties[-1]["readings"]:
            at = each["phrase"], each["reading"]
            readings.setdefault(at, {**each, "duties": []})["duties"].append(rule["id"])
    sections = []
    for each in pack.book["book"]["sections"]:
        mine = [duty for duty in duties if duty["section"] == each["number"]]
        title = {"section": each["number"], "title": each["title"]}
        sections += [title | totals(mine)] if mine else []
    lists = {name: [e for e in duties if e["answers"] == name] for name in ("office", "others")}
    book = pack.book["book"]
    stamp = {name: book[name] for name in ("id", "title", "version", "marking")}
    stamp["sop"] = f"{book['sop']['title']}, version {book['sop']['version']}"
    return {
        "rulebook": stamp,
        "status": {name: totals(mine) for name, mine in lists.items()},
        "sections": sections,
        "duties": duties,
        "not_in_force": aside,
        "waivers": waivers(pack, evidence, d),
        "readings": list(readings.values()),
    }


# ==================================================================================================
# OPENING THE PACK: nothing is written, and nothing in it can name a place outside it
# ==================================================================================================

MOST_FILES, MOST_BYTES = 5_000, 2 * 1024**3


def open_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack by name, from the archive or from the folder that it was unpacked in."""
    try:
        if path.is_dir():
            return _from_folder(path)
        with zipfile.ZipFile(path) as archive:
            return _from_archive(archive)
    except (OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise NotCheckable(f"{path} cannot be opened as a pack: {error}.") from None


def _from_folder(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise NotCheckable(f"{path} is a link: a pack holds none.")
        if path.is_file() and "__pycache__" not in path.parts:
            left -= path.stat().st_size
            if left < 0 or len(found) == MOST_FILES:
                raise NotCheckable(f"{folder} holds more than a pack does.")
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _from_archive(archive: zipfile.ZipFile) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    names: set[str] = set()
    left = MOST_BYTES
    for info in archive.infolist():
        name = info.orig_filename
        odd = re.search(r'[\\:*?"<>|\x00-\x1f\x7f]', name) or name.startswith("/")
        if odd or {"", ".", ".."} & set(name.removesuffix("/").split("/")):
            raise NotCheckable(f"The archive holds a file with an unsafe name: {name!r}.")
        if name.casefold() in names or len(names) == MOST_FILES:
            raise NotCheckable(f"The archive holds {name!r} twice, or more files than a pack does.")
        names.add(name.casefold())
        if stat.S_ISLNK(info.external_attr >> 16) or info.flag_bits & 1:
            raise NotCheckable(f"{name!r} in the archive is a link, or encrypted.")
        if not name.endswith("/"):
            with archive.open(info) as member:
                found[name] = member.read(left + 1)
            left -= len(found[name])
        if left < 0:
            raise NotCheckable("The archive's files are larger than those of a pack.")
    return found


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _once(pairs: list[tuple[str, Value]]) -> Json:
    if len(dict(pairs)) < len(pairs):
        raise NotCheckable("A JSON file of the pack says one thing twice.")
    return dict(pairs)


class Pack:
    """The pack's files, the three that are read first, and what was found."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.differences: list[str] = []
        self.notes: list[str] = []
        self.manifest = self.json("manifest.json", "dueregard-pack-1")
        self.assessment = self.json("assessment.json", "dueregard-assessment-1")
        self.book = self.json("rulebook.json", "dueregard-rulebook-1")

    def must(self, holds_: bool, sentence: str) -> None:
        """Notes a difference where something does not hold."""
        if not holds_:
            self.differences.append(sentence)

    def file(self, name: str) -> bytes:
        """A file of the pack."""
        if name not in self.files:
            raise NotCheckable(f"The pack holds no {name}.")
        return self.files[name]

    def json(self, name: str, form: str) -> Json:
        """A JSON file of the pack, of that form."""
        data: Json = json.loads(self.file(name).decode("utf-8"), object_pairs_hook=_once)
        if data["format"] != form:
            raise NotCheckable(f"{name} is not of the form {form!r}.")
        return data

    def table(self, name: str) -> list[dict[str, str]]:
        """The lines of a CSV file of the pack. A text that could run as a formula, or that begins
        with an apostrophe, has an apostrophe before it."""
        csv.field_size_limit(2**27)
        lines = csv.DictReader(io.StringIO(self.file(name).decode("utf-8-sig"), newline=""))
        return [{k: v.removeprefix("'") for k, v in line.items()} for line in lines]


def check_files(pack: Pack) -> None:
    """That the files are those that were packed, and those that the assessment names."""
    listed = pack.manifest["files"]
    for name in sorted(set(listed) | set(pack.files) - {"manifest.json"}):
        pack.must(name in pack.files, f"{name}: it was packed, and is not there.")
        pack.must(name in listed, f"{name}: it is there, and was not packed.")
        if name in pack.files and name in listed:
            same = sha256(pack.files[name]) == listed[name]
            pack.must(same, f"{name}: it was changed after it was packed.")
    for stamp in pack.assessment["evidence"]:
        member = pack.manifest["evidence"].get(stamp["file"])
        if member is None:
            raise NotCheckable(
                f"The pack was made without the evidence file {stamp['file']}, so no status in it "
                "can be rechecked. Ask for a pack that was made with --evidence."
            )
        same = sha256(pack.file(member)) == stamp["sha256"]
        pack.must(same, f"{stamp['file']}: it is not the file that the assessment was made from.")
    sop = pack.assessment["sop"] or {}
    for name in pack.files:
        same = sop.get("sha256") in (None, sha256(pack.files[name]))
        pack.must(
            same or not name.startswith("sop/"), f"{name}: it is not the SOP that was quoted."
        )
    digest = hashlib.sha256()
    for name in sorted(pack.files):
        if name.startswith("rulebook/") and name.endswith(".yaml"):
            for part in (name.removeprefix("rulebook/").encode(), pack.files[name]):
                digest.update(len(part).to_bytes(8, "big") + part)
    same = digest.hexdigest() == pack.assessment["rulebook"]["sha256"] == pack.book["sha256"]
    pack.must(same, "rulebook: its files are not those that the assessment was made with.")
    if "ledger.txt" in pack.files:
        check_ledger(pack)


def check_ledger(pack: Pack) -> None:
    """That the ledger's chain is whole and holds this assessment. Each line names the hash of the
    one before it; the hash of the last line is the head."""
    previous, mine, entered = "0" * 64, sha256(pack.file("assessment.json")), []
    for number, line in enumerate(pack.file("ledger.txt").decode("utf-8").splitlines()):
        entry = json.loads(line)
        whole = (entry["number"], entry["previous"]) == (number, previous)
        pack.must(whole, f"ledger.txt: its chain is broken at entry {number}.")
        previous = sha256(line.encode())
        entered += [str(number)] if entry.get("assessment") == mine else []
    pack.must(bool(entered), "ledger.txt: this assessment was never entered in it.")
    pack.notes.append(
        f"The ledger names this assessment in entry {', '.join(entered)}. Its head is {previous}: "
        "compare it with a head that was kept elsewhere."
    )


# The sheets, as the pack lays them out --------------------------------------------------------


def read_sheets(pack: Pack, told: list[dict[str, str]]) -> list[Sheet]:
    """The sheets of the evidence, checked: that each is of the register of its name, that each
    heading is that of its column, and that no line was left out that is a row."""
    registers = pack.book["registers"]
    accepted = {heading(name): id_ for id_, each in registers.items() for name in each["sheets"]}
    sheets: dict[tuple[str, str], Sheet] = {}
    for line in pack.table("evidence/sheets.csv"):
        file, name, register = line["file"], line["sheet"], line["register"]
        right = register == accepted.get(heading(name), "") and (file, name) not in sheets
        pack.must(right, f"{file}!{name}: it is not, by its name, the register {register!r}.")
        sheets[file, name] = Sheet(file, name, register, line["not read"], {}, {}, {})
    lines: dict[tuple[str, str, int, str], list[dict[str, str]]] = {}
    for line in told:
        at = (line["file"], line["sheet"], int(line["row"]), line["line"])
        lines.setdefault(at, []).append(line)
    for (file, name, row, kind), cells in lines.items():
        place_line(pack, sheets[file, name], row, kind, cells)
    times = Counter((sheet.file, heading(sheet.name)) for sheet in sheets.values())
    for sheet in sheets.values():
        twice = bool(sheet.register) and times[sheet.file, heading(sheet.name)] > 1
        right = sheet.unread == ("same name" if twice else "no headings" if sheet.unread else "")
        pack.must(right, f"{sheet.file}!{sheet.name}: it was not rightly read, or left.")
    files = {sheet.file for sheet in sheets.values()}
    same = files == {stamp["file"] for stamp in pack.assessment["evidence"]}
    pack.must(same, "evidence/sheets.csv: it names other files than the assessment.")
    return list(sheets.values())


def place_line(pack: Pack, sheet: Sheet, row: int, kind: str, cells: list[dict[str, str]]) -> None:
    """Puts one line of a sheet in its place, and checks that it is what it is said to be."""
    at = f"{sheet.file}!{sheet.name}!row {row}"
    if kind == "row":
        sheet.rows[row] = {cell["letters"]: Raw(cell["text"], cell["kind"]) for cell in cells}
        other = [c["letters"] for c in cells if c["column"] != sheet.columns.get(c["letters"], "")]
        pack.must(not other and bool(sheet.columns), f"{at}: it stands under other headings.")
        return
    columns = pack.book["registers"].get(sheet.register, {"columns": ()})["columns"]
    columns = [column for column in columns if "latest" not in column]
    spelt = {heading(s): c["name"] for c in columns[::-1] for s in c["spellings"]}
    spelt |= {heading(c["name"]): c["name"] for c in columns}
    named = [(cell, spelt.get(heading(cell["text"]), "")) for cell in cells]
    if kind == "headings":
        pack.must(not sheet.columns and not sheet.rows, f"{at}: the headings stand elsewhere.")
        anchors = [cell["merged with"] or f"{cell['letters']}{row}" for cell in cells]
        chosen = {(a, c["column"]) for a, c in zip(anchors, cells, strict=True) if c["column"]}
        for anchor, (cell, name) in zip(anchors, named, strict=True):
            sheet.columns[cell["letters"]] = cell["column"]
            sheet.headings[cell["letters"]] = cell["text"]
            right = cell["column"] == name or (not cell["column"] and (anchor, name) in chosen)
            pack.must(right, f"{at}: {cell['letters']} is the heading of {name!r}.")
    else:
        right = {
            "total": any("total" in cell["text"].casefold() for cell in cells),
            "headings again": all(name or not cell["column"] for cell, name in named),
            "beside": not any(cell["column"] for cell in cells),
            "above": not sheet.columns,
            "not read": bool(sheet.unread or not sheet.register),
        }.get(kind, False)
        known = len({name for _, name in named} - {""})
        if sheet.unread == "no headings" and row <= 30:
            right = right and known < min(2, len(columns))
        pack.must(right, f"{at}: it was left out as {kind!r}, which it is not.")


def compare_files(pack: Pack, told: list[dict[str, str]]) -> None:
    """Compares cells.csv with the files of evidence, where that can be done here."""
    texts: dict[str, dict[tuple[str, str], str]] = {}
    for line in told:
        if not line["merged with"] and line["kind"] not in ("formula", "time"):
            sheet = "" if line["file"].lower().endswith(".csv") else line["sheet"]
            at = sheet, f"{line['letters']}{line['row']}"
            texts.setdefault(line["file"], {})[at] = spaced(line["text"])
    for name, member in sorted(pack.manifest["evidence"].items()):
        here, found = texts.get(name, {}), file_texts(name, pack.file(member))
        pack.notes.append(f"{name} was {'' if found else 'not '}compared with cells.csv.")
        best = min(found, key=lambda each: len(each.items() ^ here.items())) if found else here
        for at in sorted(best.keys() | here.keys()):
            one, other = best.get(at, ""), here.get(at, "")
            words = f"{one!r} stands in the file, and {other!r} in cells.csv."
            pack.must(one == other, f"{'!'.join((name, *at))}: {words}")


def file_texts(name: str, data: bytes) -> list[dict[tuple[str, str], str]]:
    """The text of each cell of a file, by sheet and address: of a CSV file parted in each way that
    it may be, and of a workbook where openpyxl is installed. [] where it cannot be read here."""
    found: list[dict[tuple[str, str], str]] = []
    if name.lower().endswith(".csv"):
        encoding = "utf-8-sig" if _is_utf8(data) else "cp1252"
        text = re.sub(r"(?i)\Asep=[,;\t](\r?\n|\r|\Z)", "", data.decode(encoding))
        for part in ",;\t":
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=part)
            cells = ((n, k, cell) for n, row in enumerate(rows, 1) for k, cell in enumerate(row))
            found.append({("", f"{letters_of(k)}{n}"): spaced(cell) for n, k, cell in cells})
    elif name.lower().endswith((".xlsx", ".xlsm")):
        try:
            from openpyxl import load_workbook  # noqa: PLC0415 (it need not be there)

            with warnings.catch_warnings(action="ignore"):
                sheets = load_workbook(io.BytesIO(data), data_only=True).worksheets
        except Exception:  # noqa: BLE001 (not there, or it cannot read this workbook)
            return []
        each = (cell for sheet in sheets for row in sheet.iter_rows() for cell in row)
        found.append({(c.parent.title, c.coordinate): spaced(text_of(c.value)) for c in each})
    return [{at: text for at, text in each.items() if text} for each in found]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def letters_of(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    before, own = divmod(column, 26)
    return (letters_of(before - 1) if before else "") + chr(65 + own)


def text_of(value: Value) -> str:
    """A value of a workbook as cells.csv writes it; times of day are not compared."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return "" if value is None or isinstance(value, TIMES) else str(value)


TIMES = (datetime.time, datetime.timedelta)


# ==================================================================================================
# COMPARING: what the assessment claims with what was found
# ==================================================================================================


def compare(pack: Pack, where: str, claimed: Value, found: Value, see: str = "") -> None:
    """Notes each difference. Of the claim only that is compared which was worked out here too."""
    if isinstance(found, dict):
        told = claimed if isinstance(claimed, dict) else {}
        for name, value in found.items():
            compare(pack, f"{where}: {name}", told.get(name), value, see)
    elif isinstance(found, list):
        for name, one, other in paired(claimed if isinstance(claimed, list) else [], found):
            at = see_cells(one, other) or see
            if one is None or other is None:
                words = "it was found, and is not told" if one is None else "it was not found"
                pack.differences.append(f"{where}: {name}: {words}.{at}")
            else:
                compare(pack, f"{where}: {name}", one, other, at)
    elif claimed != found or type(claimed) is not type(found):
        words = f"the assessment says {claimed!r}, and {found!r} was found."
        pack.differences.append(f"{where}: {words}{see}")


def paired(claimed: list[Value], found: list[Value]) -> Iterator[tuple[str, Value, Value]]:
    """What belongs together in two lists: by id, section, subject and window where their entries
    have such, else by place. None: it stands in one of the two only."""
    groups: dict[str, tuple[list[Value], list[Value]]] = {}
    for side, listed in enumerate((claimed, found)):
        for n, each in enumerate(listed, 1):
            names = ("id", "section", "subject", "window") if isinstance(each, dict) else ()
            name = ", ".join(str(each[k]) for k in names if each.get(k)) or str(n)
            groups.setdefault(name, ([], []))[side].append(each)
    for name, (one, other) in groups.items():
        for pair in itertools.zip_longest(sorted(one, key=_order), sorted(other, key=_order)):
            yield name, *pair


def _order(each: Value) -> str:
    if not isinstance(each, dict):
        return repr(each)
    items = [*(each.get("evidence") or ()), *filter(None, [each.get("listed_at")])]
    days = [each.get(name) for name in ("opens", "deadline", "outcome", "status", "phrase")]
    return repr((days, [(item["file"], item["sheet"], item["row"]) for item in items]))


def see_cells(*several: Value) -> str:
    """The cells to look at, for a sentence about an obligation."""
    at: dict[tuple[str, str, int], str] = {}
    for each in several:
        if isinstance(each, dict) and isinstance(each.get("evidence"), list):
            for item in [*each["evidence"], *filter(None, [each.get("listed_at")])]:
                cell = (item.get("cells") or [{"cell": f"row {item['row']}"}])[0]["cell"]
                at.setdefault((item["file"], item["sheet"], item["row"]), cell)
    places = [f"{file}!{sheet}!{cell}" for (file, sheet, _), cell in at.items()]
    return f" See {', '.join(places[:6])}." if places else ""


def compare_cells(pack: Pack, sheets: Sequence[Sheet]) -> None:
    """That each cell which the assessment shows says that in the evidence."""
    known = {(sheet.file, sheet.name): sheet for sheet in sheets}
    registers = pack.book["registers"].values()
    hidden = {(r["id"], c["name"]) for r in registers for c in r["columns"] if c["sensitive"]}
    for item in items_shown(pack.assessment):
        at = f"{item['file']}!{item['sheet']}"
        sheet = known.get((item["file"], item["sheet"]))
        if sheet is None or item["row"] not in sheet.rows or item["register"] != sheet.register:
            pack.differences.append(f"{at}!row {item['row']}: it is shown, and is no such row.")
            continue
        for cell in item["cells"]:
            letters = "".join(k for k, name in sheet.columns.items() if name == cell["column"])
            text = sheet.rows[item["row"]].get(letters, NO_CELL).text
            text = text if spaced(text) else ""
            said = None if (sheet.register, cell["column"]) in hidden else text
            right = (cell["cell"], cell["value"]) == (f"{letters}{item['row']}", said)
            words = f"{cell['value']!r} is shown, and it says {said!r}."
            pack.must(right, f"{at}!{cell['cell']}: {words}")


def items_shown(told: Json) -> Iterator[Json]:
    """Every item of evidence that is shown anywhere in the assessment."""
    waiting: list[Value] = [told]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict) and "cells" in each and "date" in each:
            yield each
        inside = each.values() if isinstance(each, dict) else each
        waiting += [one for one in inside if isinstance(one, dict | list)]


def recheck(pack: Pack) -> None:
    """Works everything out anew, and compares."""
    check_files(pack)
    for name in content_differs(pack.book):
        pack.differences.append(f"rulebook.json: {name}: it is not the duty that it cuts and more.")
    cells, told = pack.table("evidence/cells.csv"), pack.assessment
    sheets = read_sheets(pack, cells)
    compare_files(pack, cells)
    d, known_by = Date.fromisoformat(told["as_of"]), told["known_by"]
    evidence = read_registers(pack.book, sheets, Date.fromisoformat(known_by) if known_by else None)
    found = whole_outcome(pack, evidence, d)
    compare(pack, "assessment", told, found)
    empty = {each["id"] for each in found["duties"] if not each["obligations"]}
    for each in told["duties"]:
        right = bool(each["nothing_to_check"]) == (each["id"] in empty)
        pack.must(right, f"assessment: duties: {each['id']}: whether there is nothing to check.")
    compare_cells(pack, sheets)
    kinds = ("cell blank", "cell unreadable")
    problems = [each for each in told["problems"] if each["kind"] in kinds]
    unread = {(each["file"], each["sheet"], each["cell"]) for each in problems}
    for at in sorted(unread ^ evidence.unread):
        words = "it can be read" if at in unread else "it cannot be read"
        pack.differences.append(f"{'!'.join(at)}: {words}, and the assessment says otherwise.")
    current = sum(len(each["obligations"]) for each in found["duties"])
    past = sum(len(each["history"]) for each in found["duties"])
    rows = sum(len(table or ()) for table in evidence.tables.values())
    pack.notes.append(
        f"Worked out anew from {rows} rows, as of {d}: {current} obligations of "
        f"{len(found['duties'])} duties, and {past} entries of their history."
    )


def say(text: str) -> None:
    """Prints whatever the terminal can show of it."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def main(arguments: Sequence[str]) -> int:
    """Rechecks a pack: 0 all confirmed, 1 a difference, 2 not checkable."""
    say(NOT_CHECKED)
    if len(arguments) > 1 or any(each.startswith("-") for each in arguments):
        say("Usage: python recheck.py [PACK.zip, or the folder that it was unpacked in]")
        return 2
    try:
        pack = Pack(open_pack(Path(arguments[0]) if arguments else Path(__file__).parent))
        recheck(pack)
    except NotCheckable as reason:
        say(f"Not checkable. {reason}")
        return 2
    except Exception as error:  # noqa: BLE001 (whatever is wrong in the pack, it is said so)
        say(f"Not checkable: something in the pack is not as it should be ({error!r}).")
        return 2
    for sentence in [*pack.notes, *(f"DIFFERENCE {each}" for each in pack.differences[:500])]:
        say(sentence)
    if pack.differences:
        say(f"{len(pack.differences)} differences: the assessment is not confirmed.")
        return 1
    say("Everything is confirmed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
