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
    """One sheet of evidence: its cells by row and letters, and the first row that it uses."""

    file: str
    name: str
    first: int
    cells: dict[int, dict[str, Raw]]


class Layout(NamedTuple):
    """Where a register stands in a sheet: the heading row, the letters of each column that stands
    there once, and of those that stand there more often."""

    row: int
    letters: dict[str, str]
    twice: dict[str, list[str]]


class Evidence(NamedTuple):
    """The rows of each register (None: it is missing), where each stands, and each cell that is
    not read, as (file, sheet, cell)."""

    tables: dict[str, list[Row] | None]
    places: dict[str, list[Place]]
    unread: set[tuple[str, str, str]]


def by_letters(letters: str) -> tuple[int, str]:
    """Orders A, B … Z, AA, AB …"""
    return len(letters), letters


def spelt(register: Json) -> dict[str, str]:
    """The column for each accepted heading. A column that the program fills stands in no sheet."""
    written = [each for each in register["columns"] if "latest" not in each]
    names: dict[str, str] = {}
    for column in written:
        for spelling in column["spellings"]:
            names.setdefault(heading(spelling), column["name"])
    return names | {heading(each["name"]): each["name"] for each in written}


def find_layout(sheet: Sheet, register: Json) -> Layout | None:
    """The headings: of the first 30 rows the first that has half as many as the best one, or, where
    the row just below it has more, that one."""
    names = spelt(register)
    found: dict[int, dict[str, list[str]]] = {}
    for row in range(sheet.first, sheet.first + 30):
        known = found[row] = {}
        for letters, cell in sorted(sheet.cells.get(row, {}).items(), key=lambda c: by_letters(c[0])):
            if name := names.get(heading(cell.text)) if spaced(cell.text) else None:
                known.setdefault(name, []).append(letters)
    best, least = max(map(len, found.values())), min(2, len(set(names.values())))
    if best < least:
        return None
    row = next(at for at, known in found.items() if len(known) >= max(least, (best + 1) // 2))
    while len(found.get(row + 1, {})) > len(found[row]):
        row += 1
    columns = {name: _of_merged(sheet, row, letters) for name, letters in found[row].items()}
    return Layout(
        row,
        {name: letters[0] for name, letters in columns.items() if len(letters) == 1},
        {name: letters for name, letters in columns.items() if len(letters) > 1},
    )


def _of_merged(sheet: Sheet, row: int, letters: list[str]) -> list[str]:
    """A heading merged over several columns, of which one holds cells, stands for that one."""
    anchors = {sheet.cells[row][each].merged or f"{each}{row}" for each in letters}
    if len(letters) == 1 or len(anchors) > 1:
        return letters
    below = [cells for at, cells in sheet.cells.items() if at > row]
    return [each for each in letters if any(each in cells for cells in below)] or letters[:1]


def is_row(cells: dict[str, Raw], layout: Layout, register: Json, is_csv: bool) -> bool:
    """Whether a row below the headings is one of the register's: it is not empty, no total, not the
    headings once more, and not beside the register. What a merge gives a row is not its own."""
    own = {letters: cell for letters, cell in cells.items() if not cell.merged}
    faults = {letters for letters, cell in own.items() if cell.kind in ("error", "formula")}
    standing = {k: c for k, c in own.items() if spaced(c.text) and (is_csv or k not in faults)}
    if not standing and not faults:
        return False
    if standing and _is_total(list(standing.values()), standing[min(standing, key=by_letters)]):
        return False
    there = {*layout.letters, *layout.twice}
    lacking = any(c["required"] and c["name"] not in there for c in register["columns"])
    used = {*layout.letters.values(), *(each for two in layout.twice.values() for each in two)}
    if not lacking and not used & (faults | set(standing)):
        return False
    names, headed = spelt(register), {letters: name for name, letters in layout.letters.items()}
    mine = [(headed[letters], cell) for letters, cell in standing.items() if letters in headed]
    again = all(c.kind == "text" and names.get(heading(c.text)) == name for name, c in mine)
    return bool(faults) or not again or len(mine) < min(2, len(headed))


def _is_total(standing: list[Raw], first: Raw) -> bool:
    total = r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?"

    def says_total(cell: Raw) -> bool:
        return cell.kind == "text" and bool(re.fullmatch(total, normal(cell.text)))

    def is_figure(cell: Raw) -> bool:
        figure = re.fullmatch(r"[-+£]?[0-9][0-9.,]*%?", spaced(cell.text))
        return cell.kind == "number" or (cell.kind == "text" and bool(figure))

    return says_total(first) and all(says_total(c) or is_figure(c) for c in standing)


def read_sheet(
    sheet: Sheet, layout: Layout, register: Json
) -> tuple[list[int], list[Row], list[tuple[Any, ...]]]:
    """The numbers of a sheet's rows, the rows typed, and of each whatever else stands in it."""
    is_csv = sheet.file.lower().endswith(".csv")
    rows = sorted(n for n, cells in sheet.cells.items() if n > layout.row)
    rows = [n for n in rows if is_row(sheet.cells[n], layout, register, is_csv)]
    typed: list[Row] = [{} for _ in rows]
    for column in register["columns"]:
        if "latest" in column:
            continue
        letters = layout.letters.get(column["name"])
        if letters is not None:
            read = read_column(column, [sheet.cells[n].get(letters, NO_CELL) for n in rows])
        elif column["name"] in layout.twice:
            read = [Cell(UNREADABLE, None, "")] * len(rows)
        else:
            lost = Cell(NO_COLUMN, None, "") if column["required"] else blank_cell(column)
            read = [lost] * len(rows)
        for row, cell in zip(typed, read, strict=True):
            row[column["name"]] = cell
    heads = sheet.cells.get(layout.row, {})
    used = set(layout.letters.values())
    others: list[tuple[Any, ...]] = []
    for n in rows:
        beside = [(k, c) for k, c in sheet.cells[n].items() if k not in used]
        unknown = any(c.kind == "formula" for c in sheet.cells[n].values())
        named = sorted(
            (heading(heads.get(k, NO_CELL).text) or k, c.text) for k, c in beside if spaced(c.text)
        )
        others.append((n if unknown else 0, unknown and sheet.name, *named))
    return rows, typed, others


def read_registers(book: Json, sheets: Sequence[Sheet], known_by: Date | None) -> Evidence:
    """The rows of all registers. One sheet that cannot be read makes its whole register missing.
    Rows equal in every cell count once. ``known_by``: rows recorded later, or with no day on which
    they were recorded, do not count; those of a sheet without such a column always do."""
    registers = book["registers"]
    accepted = {heading(name): id_ for id_, each in registers.items() for name in each["sheets"]}
    times = Counter((sheet.file, heading(sheet.name)) for sheet in sheets)
    evidence = Evidence(dict.fromkeys(registers), {id_: [] for id_ in registers}, set())
    lost: set[str] = set()
    seen: set[tuple[Any, ...]] = set()
    for sheet in sheets:
        id_ = accepted.get(heading(sheet.name), "")
        if not id_:
            continue
        register = registers[id_]
        layout = find_layout(sheet, register)
        if layout is None or times[sheet.file, heading(sheet.name)] > 1:
            lost.add(id_)
            continue
        table = evidence.tables[id_] = evidence.tables[id_] or []
        clocked = register.get("recorded on") in layout.letters
        for n, row, others in zip(*read_sheet(sheet, layout, register), strict=True):
            place = Place(sheet.file, sheet.name, n, layout.letters)
            evidence.unread.update(
                (sheet.file, sheet.name, f"{letters}{n}")
                for name, letters in layout.letters.items()
                if row[name].state in (BLANK, UNREADABLE)
            )
            if clocked and known_by is not None:
                recorded = row[register["recorded on"]]
                if recorded.state != READ or recorded.value > known_by:
                    continue
            same = (id_, *((c.raw, c.state) for c in row.values()), others, clocked)
            if same not in seen:
                seen.add(same)
                table.append(row)
                evidence.places[id_].append(place)
    for id_ in lost:
        evidence.tables[id_], evidence.places[id_] = None, []
    fill_latest(registers, evidence.tables)
    return evidence


def fill_latest(registers: Json, tables: dict[str, list[Row] | None]) -> None:
    """The columns that the program fills: whether the row of another register which a row names is
    the latest of its kind that was issued by this row's day."""
    filled: list[tuple[Row, str, Cell]] = []
    for id_, register in registers.items():
        for latest in (each for each in register["columns"] if "latest" in each):
            asked = latest["latest"]
            key = registers[asked["within"]]["key"]
            days, odd = _issued(tables[asked["within"]] or [], key, asked)
            for row in tables[id_] or []:
                filled.append((row, latest["name"], _latest(row, asked, days, odd)))
    for row, name, cell in filled:
        row[name] = cell
    for id_, register in registers.items():  # in the register's own order of columns
        for row in tables[id_] or []:
            held = {column["name"]: row[column["name"]] for column in register["columns"]}
            row.clear()
            row.update(held)


def _issued(rows: list[Row], key: str, asked: Json) -> tuple[dict[str, Date], bool]:
    """The day on which each row of the kind was issued; and whether one that may be of that kind
    cannot be read, so that a later one may hide there."""
    days: dict[str, Date] = {}
    odd = False
    for row in rows:
        name, kind, issued = row[key], row[asked["kind"]], row[asked["issued"]]
        if kind.state in (READ, NOTHING) and kind.value != asked["of"]:
            continue
        odd |= any(cell.state not in (READ, NOTHING) for cell in (name, kind, issued))
        if name.state == READ and issued.state == READ:
            days[name.value] = issued.value
    return days, odd


def _latest(row: Row, asked: Json, days: dict[str, Date], odd: bool) -> Cell:
    named, by = row[asked["key"]], row[asked["by"]]
    if named.state == NOTHING:
        return Cell(NOTHING, None, "")
    if named.state != READ or by.state != READ or odd:
        return Cell(UNREADABLE, None, "")
    last = max((day for day in days.values() if day <= by.value), default=None)
    is_last = last is not None and days.get(named.value) == last
    return Cell(READ, is_last, "yes" if is_last else "no")
