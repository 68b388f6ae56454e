#!/usr/bin/env python3
"""Rechecks a pack of Due Regard: works out every status again and compares it with assessment.json.

    python recheck.py PACK.zip        or, beside the only pack in a folder:   python recheck.py

It needs Python 3.11 or later and nothing else; for a pack with mapping.json, recheck_mapping.py
beside it as well. It opens no connection, reads no clock, writes nothing, and shares no code with
the program whose work it checks. It exits with 0 if everything is confirmed, 1 if there is a
difference, and 2 if the pack could not be checked.

Read it from top to bottom. 'semantics.md' is the page of definitions (docs/semantics.md); a
docstring names the heading that the function implements. D is the day of the check, the as-of date.
A reader with an hour reads the example below, `read_column`, `holds`, `item_of`, `end_of`, and part
6 without the lists of subjects.

    1. A cell          its raw text becomes a day, a period, a code, a key
    2. A register      typed cells become rows
    3. A rule          the contents of rulebook.json, and whether a row meets a condition
    4. Lists           the people, events and records that a duty covers
    5. Evidence        the items that qualify
    6. Obligations     their windows and statuses, one pattern after another
    7. The whole       what the assessment should say of duties, sections and the office
    8. Comparing       the assessment, compared with these results
    9. Special cases   rare features of a duty, events without a day, records that begin late,
                       roles, sheets that were not provided, empty lists, changed rules, copies of
                       rows, two rows with one key, columns that are filled here, nil returns,
                       waivers. The output says which of them a pack has, and in which duties or
                       registers. The others can be left unread
   10. Small print     how files, sheets and texts are read, the days of a period, how results are
                       laid out and compared, and the command. It can be left to the end

One row, for a duty that requires a review every 12 months and turns due 60 days before. The duty is
in force from 2024-10-01, and D is 2026-01-10:

    cells.csv    row 7 of the sheet Reviews, letters B: 'column' reviewed on, 'text' 2 May 2025
    Raw          its text and its kind: ('2 May 2025', 'text')
    Cell         (read_column) how it was read, its value, its text: (READ, 2025-05-02, ...)
    RegisterRow  (read_registers) with the other cells of its row, in the register 'reviews'
    Item         (item_of, end_of) of 2025-05-02, valid until 2026-05-02
    RecheckedObligation
                 (judge_duty, judge_one, judge_one_lasting, status_on_d) met; opens 2024-10-01,
                 deadline 2026-05-02, days 112 (to the deadline; negative after it). It is due from
                 2026-03-03, and overdue from 2026-05-03
"""

from __future__ import annotations

import calendar
import contextlib
import csv
import datetime
import functools
import hashlib
import io
import itertools
import json
import os
import re
import stat
import sys
import types
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from xml.parsers import expat

NOT_CHECKED = """\
This does not check:
- that rulebook.json says what the rule files in rulebook/ say (only that those are the files that
  the assessment names), nor that they say what the SOP requires;
- that evidence/cells.csv says what the files in evidence/files say, where they cannot be read here:
  workbooks without the Python library openpyxl, and files that are not .xlsx or .xlsm;
- that a mapping says what the sheets, headings and words mean to those who keep them;
- that what the registers record is true, that each sheet that there is was provided, and that the
  registers were kept from the day that is given;
- the words of the assessment: how a window was worked out, reasons, remedies, notes, and problems
  other than cells that cannot be read;
- the points to check, and which of them were acknowledged: they change no status;
- who approved a rule, and which versions of rules nobody approved: that changes no status either;
- the obligations that a coming version makes due, and the year ahead: results of later days;
- what changed since an earlier check: a pack does not contain that check;
- of names that are on no list, which cell is shown, and whether a report begins with them;
- auditors' views in the ledger, and whether the assessment was entered in one that is not here;
- who made the pack, and when. Compare its SHA-256 with one that was kept elsewhere.
"""

Json = dict[str, Any]
Line = dict[str, str]  # a line of a CSV file, by its columns
Value = Any  # of a cell: a day, a text, a whole number, yes or no, or a set of texts
Date = datetime.date
DAY = datetime.timedelta(days=1)
FOR_GOOD = Date.max  # later than any day: without an end, or without a day

# ======================================================================================== 1. A CELL

# How a cell was read. Only a cell that was READ has a value. A text or a key that says nothing
# ('tbc') is read as blank; a day or a code that says nothing cannot be read.
READ = "read"
NOTHING = "nothing"  # blank, and the register declares that blank means nothing
BLANK = "blank"  # blank, and the register does not say what that means
UNREADABLE = "unreadable"  # also where the sheet lacks a required column
SURE = (READ, NOTHING)


class Raw(NamedTuple):
    """A cell in its file: its text, and its kind: text, number, yes/no, day, day and time, time,
    error, or formula (without a stored result)."""

    text: str
    kind: str = "text"


class Cell(NamedTuple):
    """A typed cell: how it was read, its value if it was read, and its text ('' if blank)."""

    state: str
    value: Value = None
    text: str = ""
    silent: bool = False  # its text says nothing


@functools.lru_cache(maxsize=100_000)
def spaced(text: str) -> str:
    """A text without invisible characters, trimmed, each run of white space as one space."""
    return " ".join(text.translate(UNSEEN).split())


@functools.lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """A key or a word as it is compared: `spaced`, capitals and small letters alike."""
    return spaced(text).casefold()


@functools.lru_cache(maxsize=100_000)
def heading(text: str) -> str:
    """A heading or a sheet's name as it is compared: hyphens as spaces, no marks at its end."""
    return spaced(re.sub("[-_\u2010-\u2014]", " ", text)).rstrip(" .,:;!?*").casefold()


def read_column(column: Json, cells: Sequence[Raw], words: frozenset[str]) -> list[Cell]:
    """The typed cells of one column of a sheet. A blank cell is read as the column declares.
    ``words``: those that say nothing."""
    kind, blank = column["type"], Cell(*column["blank"])
    days, typed = readable_days(cells) if kind == "day" else [], []
    for n, cell in enumerate(cells):
        silent = says_nothing(cell.text, words)
        if cell.kind in ("error", "formula"):
            typed.append(Cell(UNREADABLE, None, cell.text))
            continue
        value = days[n] if kind == "day" else read_value(column, kind, cell, words)
        if not spaced(cell.text):
            typed.append(blank)
        elif value is None and silent and kind in ("text", "link", "key", "keys"):
            typed.append(blank if blank.state == READ else blank._replace(text=cell.text))
        else:
            typed.append(Cell(UNREADABLE if value is None else READ, value, cell.text, silent))
    return typed


# ==================================================================================== 2. A REGISTER
# `read_sheets` and `rows_of` (small print) make rows from the lines of cells.csv, and check the
# kind of each line. rulebook.json says of a register
#
#   key, label     the columns with the key and the title of a row
#   dated          the column with the day from which other rows can name a row
#   cancelled      the column that says that they cannot
#   control        it is a sheet of nil returns, waivers, acknowledgements or owners
#   columns        for each its type, whether it is required, and how a blank cell is read and with
#                  which value, as ["nothing", null] or ["read", false]
#   names          for each column of keys: the registers whose rows the keys name
#   spells         each row is a period of a person's service: one who comes back has two rows
#   recorded on    the column that says when a row was recorded
#   sensitive      the columns that no report shows


@dataclass(eq=False)
class RegisterRow:
    """A row of a register."""

    register: Json  # as it is declared
    n: int  # its position among the register's rows
    cells: dict[str, Cell]  # by column
    file: str = ""
    sheet: str = ""
    line: int = 0  # its number in the sheet
    letters: Mapping[str, str] = field(default_factory=dict)  # by column: see `address`
    unknown: tuple[Value, ...] = ()  # the contents of columns that the sheet has twice
    named: dict[str, list[RegisterRow]] = field(default_factory=dict)  # the rows that its keys name
    named_on: Date = FOR_GOOD  # the first day on which a row of another register names it
    own_key: bool = False  # its key is not in the sheet: a mapping says that the office keeps none

    def __getitem__(self, column: str | None) -> Cell:
        """The cell in a column; an empty cell if a rule names no column (None)."""
        if column is None:
            return Cell(NOTHING)
        if column == "*":  # the row itself
            return Cell(READ, self)
        return self.cells[column]

    @property
    def key(self) -> Cell:
        """The cell that names the row."""
        return self[self.register["key"]]

    def day(self, column: str | None) -> Date | None:
        """The day in a column; None if no day was read."""
        cell = self[column]
        return cell.value if cell.state == READ else None

    def place(self, column: str) -> str:
        """The file, sheet and address of the cell in a column."""
        return f"{self.file}!{self.sheet}!{address(self.letters[column], self.line)}"


# The rows of each register that was provided; None: its sheet cannot be read. A register that was
# not provided is not a key, nor one whose sheets have only rows that are marked as examples.
Tables = Mapping[str, list[RegisterRow] | None]


def read_registers(
    book: Json, sheets: Sequence[EvidenceSheet], known_by: Date = FOR_GOOD
) -> tuple[Tables, dict[str, str]]:
    """The rows of all registers, and the places of the cells that cannot be read, each with its row
    if that has only one or two entries: of its blank cells the first is reported. A row recorded
    after ``known_by``, or on an unreadable day, does not count; in a sheet without that column
    every row counts (semantics.md: Versions and clocks). Equal rows are one row."""
    words = words_of(book)
    rows: dict[str, list[RegisterRow]] = {}
    unreadable: dict[str, str] = {}
    read = (sheet for sheet in sheets if sheet.register and not sheet.why_not_read)
    for sheet in (sheet for sheet in read if sheet.begun):
        register = book["registers"][sheet.register]
        clock = register["recorded on"]
        has_clock, table = has_column(sheet, clock), rows.setdefault(sheet.register, [])
        unreadable |= {f"{sheet.file}!{sheet.name}!{cell}": "" for cell in sheet.faults}
        typed_rows = rows_of_records if sheet.table else rows_of  # if a mapping reads it, or not
        for row in typed_rows(sheet, register, words):
            late = has_clock and (row.day(clock) or FOR_GOOD) > known_by
            columns = [name for name in row.letters if name == clock or not late]
            few = sum(bool(row[name].text.strip()) for name in row.letters) <= 2
            lone = f"{row.file}!{row.sheet}!{row.line}" if few else ""
            unreadable |= {row.place(c): "" for c in columns if row[c].state == UNREADABLE}
            unreadable |= {row.place(c): lone for c in columns if row[c].state == BLANK}
            table += [] if late else [row]
    # usually no row is a copy (part 9)
    tables: dict[str, list[RegisterRow] | None] = {id_: without_copies(rows[id_]) for id_ in rows}
    for table in filter(None, tables.values()):
        for n, row in enumerate(table):
            row.n = n
    for sheet in sheets:
        if sheet.register and sheet.why_not_read:  # without its rows a list would look complete
            tables[sheet.register] = None
    unreadable |= {row.place(column): "" for row, column in lose_names(tables)}
    name_rows(tables)
    for rule in book["latest"]:
        fill_latest(rule, tables)
    for rule in book["days of"]:
        fill_day(rule, tables)
    return tables, unreadable


def name_rows(tables: Tables) -> None:
    """Notes which rows the keys of each row name, and on which day another register first names a
    row. Control sheets name none."""
    rows = [row for table in tables.values() for row in table or ()]
    by_key: dict[tuple[str, Value], list[RegisterRow]] = {}
    for row in rows:
        if row.key.state == READ:
            by_key.setdefault((row.register["id"], row.key.value), []).append(row)
    for row in rows:
        for column, registers in row.register["names"].items():
            pairs = itertools.product(registers, keys_in(row[column]))
            row.named[column] = [other for pair in pairs for other in by_key.get(pair, ())]
            for other in row.named[column]:
                if other.register is not row.register and not row.register["control"]:
                    day = row.day(row.register["dated"]) or Date.min
                    other.named_on = min(other.named_on, day)


def keys_in(cell: Cell) -> Iterable[Value]:
    """The keys in a cell that was read: one, or several."""
    keys = cell.value if isinstance(cell.value, frozenset) else (cell.value,)
    return keys if cell.state == READ else ()


# ======================================================================================== 3. A RULE
# A rule is used as it is in rulebook.json; null is what a rule does not say. Its keys are explained
# before the part that uses them. Registers and columns have the names of registers.yaml. A content
# duty (semantics.md: Content) is a duty of its own, with the conditions of the other duty and its
# own. A span is a number and a unit: [60, "days"].


def add(day: Date, span: Sequence[Any], sign: int = 1) -> Date:
    """The day one span after another day, or before it (-1). Months are cut to the month's last
    day."""
    count, unit = sign * int(span[0]), span[1]
    if unit == "days":
        return day + count * DAY
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return Date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# A condition has three possible answers: True, False, and None for unknown.


def all_hold(answers: Iterable[bool | None]) -> bool | None:
    """Whether all answers are true; None if one is unknown and none is false."""
    distinct = set(answers)
    return False if False in distinct else None if None in distinct else True


def one_holds(answers: Iterable[bool | None]) -> bool | None:
    """Whether an answer is true; None if one is unknown and none is true."""
    distinct = set(answers)
    return True if True in distinct else None if None in distinct else False


def meets(where: Sequence[Sequence[Json]], row: RegisterRow, d: Date = FOR_GOOD) -> bool | None:
    """Whether a row meets one condition of each group. Rows of lists are tested without D, because
    a list contains future events: there a key may name a row dated after D."""
    return all_hold(one_holds(holds(condition, row, d) for condition in group) for group in where)


# A cell that is       read               that says nothing   blank     unreadable
# is filled, done      true               false               false     unknown
# names a row          if the row counts  false               false     unknown
# says nothing         false              true                unknown   unknown
# meets other tests    by its value       false               unknown   unknown


def holds(condition: Json, row: RegisterRow, d: Date) -> bool | None:
    """Whether a row meets one condition on one of its columns."""
    test, value, cell = condition["ask"], condition["value"], row[condition["column"]]
    if test == "on or before":  # another day, and no more than a span before it
        other, within = row[value["column"]], value["within"]
        if NOTHING in (cell.state, other.state):
            return False
        if not cell.state == other.state == READ:
            return None
        earliest = add(other.value, within, -1) if within else Date.min
        return bool(earliest <= cell.value <= other.value)
    if test == "names" and cell.state != UNREADABLE:
        return any(counts_as_named(named, value, d) for named in row.named[condition["column"]])
    if test in ("filled", "done") and cell.state != UNREADABLE:
        is_future = test == "done" and isinstance(cell.value, Date) and cell.value > d
        is_default = cell.text == ""  # a blank cell that is read as a word
        return cell.state == READ and not is_default and not is_future
    if cell.state not in SURE:
        return None
    if test == "nothing":
        return bool((cell.state == NOTHING) == value)
    return cell.state == READ and bool(TESTS[test](cell.value, value))


def counts_as_named(row: RegisterRow, where: Sequence[Sequence[Json]], d: Date) -> bool:
    """Whether the row that a key names counts: it is not cancelled, it is dated by D where its
    register has a day, and it certainly meets the conditions."""
    dated, cancelled = row.register["dated"], row[row.register["cancelled"]]
    day = row.day(dated) if dated else Date.min
    may_be_cancelled = cancelled.state not in SURE or cancelled.value
    return bool(day and day <= d and not may_be_cancelled and meets(where, row, d))


# The value of a cell, tested against that of a condition.
TESTS: dict[str, Callable[[Value, Value], Value]] = {
    "is": lambda own, value: own == value,
    "at least": lambda own, value: own >= value,
    "includes": lambda own, value: set(value) <= own,
    "one of": lambda own, words: normal(own) in words,
    "none of": lambda own, words: normal(own) not in words,  # without words: any word is right
}


@dataclass(eq=False)
class DutyVersion:
    """What a duty requires from a day on. Most duties have one version. Of several that have begun
    by D the last is the version on D."""

    tables: Tables
    d: Date
    records_begin: Date  # Date.min if the office gives none
    duty: Json
    rule: Json
    begins: Date
    in_force: Date  # the first day of the duty's first version
    previous: DutyVersion | None = None
    ends: Date | None = None  # the day on which the next version begins

    def __getitem__(self, name: str) -> Value:
        """What the rule says under a name; None if it says nothing."""
        return self.rule[name]

    def rows(self, register: str) -> list[RegisterRow]:
        """The rows of a register; none if it was not provided or cannot be read."""
        return self.tables.get(register) or []


def versions_of(
    duty: Json, tables: Tables, d: Date, records_begin: Date = Date.min
) -> list[DutyVersion]:
    """The versions of a duty that have begun by D; none if it is not in force on D."""
    begun: list[DutyVersion] = []
    in_force, until = Date.fromisoformat(duty["in force"]), Date.fromisoformat(duty["until"])
    for rule in duty["versions"]:
        begins = Date.fromisoformat(rule["begins"])
        if begins <= d <= until:
            begun.append(DutyVersion(tables, d, records_begin, duty, rule, begins, in_force))
    for previous, version in itertools.pairwise(begun):
        version.previous, previous.ends = previous, version.begins
    return begun


# ========================================================================================= 4. LISTS
# The subjects and events of a duty. A rule says
#
#   population     a list of people, covered from the latest of the days in its columns 'dated' to
#                  the day before they leave; null: the office, or the members of a fixed list
#   asked          the evidence required of each of those members by id, or under '' of everybody
#   events         a list of events or records, each with its day
#   where          the conditions for a row of the list: of each group one must hold
#   standing       the same, and that the row was not cancelled, or was flagged
#   planned        the list contains future rows: one without a day yet requires nothing
#   fair           an empty list requires nothing (otherwise the status is unknown)
#   joining        in place of a list: a person's joining is the event. already there: the duty also
#                  covers people who had joined before it was in force


class ListEntry(NamedTuple):
    """The subject or event of an obligation: the office, a member of a fixed list, a person, an
    event or a record."""

    key: str = ""
    day: Date | None = None  # of an event; or the later of a person's joining and being flagged
    row: RegisterRow | None = None
    certain: bool = True  # its row can be read
    leaves: Date = FOR_GOOD  # a person is covered to the day before
    member: str = ""  # the id of a member of a fixed list

    def certain_if(self, certain: bool) -> ListEntry:
        """The same entry, uncertain unless the condition is true."""
        return self._replace(certain=self.certain and certain)


OFFICE = NO_EVENT = ListEntry()


def list_entries(version: DutyVersion, listing: Json, last: Date = FOR_GOOD) -> Iterator[ListEntry]:
    """The entries of a list up to a day. A row that cannot be read is an uncertain entry, unless
    its readable cells leave it out."""
    for row in version.rows(listing["register"]):
        belongs = meets(listing["standing"], row)
        days = [row.day(column) for column in listing["dated"]]
        later = any(day and day > last for day in days)
        no_day_yet = listing["planned"] and without_a_day_yet(row, listing["dated"][0], version.d)
        if belongs is not False and not later and not no_day_yet:
            day = None if None in days else max(filter(None, days))
            certain = belongs is True and day is not None and row.key.state == READ
            leaves = row.day(listing["leaves"]) or FOR_GOOD  # unreadable: has not left
            yield ListEntry(row.key.value or "", day, row, certain, leaves)


def subjects(version: DutyVersion) -> list[ListEntry]:
    """The subjects of a version on D (semantics.md: Subjects)."""
    population, d = version["population"], version.d
    if not population:
        return [ListEntry(id_, member=id_) for id_ in version["asked"]]
    overlapping = overlapping_rows(version)
    people = [person for person in list_entries(version, population, d) if person.leaves > d]
    return [person.certain_if(person.row not in overlapping) for person in people]


def events(versions: Sequence[DutyVersion]) -> list[tuple[DutyVersion, ListEntry]]:
    """The events that require something, each with the version of its day: none from before the
    duty was in force, triggered ones up to D, others also after D. Two events with one key are
    uncertain, because evidence that names the key could mean either."""
    pairs = [
        (version, event)
        for version in versions
        for event in (list_entries(version, version["events"]) if version["events"] else ())
    ]
    sole = sole_keys(pairs)  # usually all keys (part 9)
    covered = []
    for version, event in pairs:
        last = version.d if version["kind"] == "triggered" else FOR_GOOD
        in_time = event.day is None or version.in_force <= event.day <= last
        if in_time and judges(version, event.day):  # with one version: always (part 9)
            covered.append((version, event.certain_if((version, event.key) in sole)))
    return covered


# ====================================================================================== 5. EVIDENCE
# The items that qualify. Beside their register and 'where' a rule says
#
#   dated            the columns of which the latest day counts
#   event, subject   two columns, of the event's or subject's row and of the item, which must have
#                    the same value; '*' is the row itself
#   needed           the number of items; needed from: the column of the event's row that gives it
#   distinct         the column in which the items must differ
#   period, each     the column in which they name their period, and the kind of period
#   every            how long an item is valid; otherwise until 'ends' or 'review by', and no longer
#                    than 'review within'. end needed: without one of the two it is not an item
#   role             the conditions for the rows of a role, which has one holder at a time (part 9)


class Item(NamedTuple):
    """A qualifying item, dated by D. Items are compared field by field: by day, then by text, then
    by place."""

    day: Date
    text: tuple[str, ...]
    n: int
    register: str
    row: RegisterRow
    end: Date  # the last day on which it is valid
    period: Value  # the label of the period that it names, or None
    distinct: Value  # the value in the column in which items must differ; or its row


def item_of(query: Json, row: RegisterRow, d: Date) -> Item | None:
    """A row as an item; None if it does not meet every condition, if its day cannot be read or is
    after D, or if its period, its end or its distinct value cannot be used."""
    days = [row.day(column) or FOR_GOOD for column in query["dated"]]
    day, period, distinct = max(days), row[query["period"]], row[query["distinct"] or "*"]
    if day > d or not meets(query["where"], row, d):
        return None
    if period.state == UNREADABLE:  # a blank period is that of the day
        return None
    if period.value and period_named(period.value).kind != query["each"]:
        return None
    end = end_of(query, row, day)
    if end is None or distinct.state != READ:
        return None
    id_, text = row.register["id"], tuple(cell.text for cell in row.cells.values())
    return Item(day, text, row.n, id_, row, end, period.value, distinct.value)


def end_of(query: Json, row: RegisterRow, day: Date) -> Date | None:
    """The last day on which an item is valid: one interval after its day; or its end, its review-by
    day or the rule's cap, whichever is first. None if that cannot be read, or is missing."""
    if query["every"]:
        return add(day, query["every"])
    ends, review = row[query["ends"]], row[query["review by"]]
    if ends.state not in SURE or review.state not in SURE:
        return None
    last: Date = min(ends.value or FOR_GOOD, review.value or FOR_GOOD)
    if last == FOR_GOOD and query["end needed"]:
        return None
    return min(last, add(day, query["review within"])) if query["review within"] else last


def items_for(version: DutyVersion, subject: ListEntry, event: ListEntry = NO_EVENT) -> list[Item]:
    """The items of one obligation, in order. With ``event`` ["ref", "about"] and no subject, those
    of meeting 17 are the ones under ("17", "")."""
    query = version["asked"][subject.member]["evidence"]
    names = name_in(event.row, query["event"], 0), name_in(subject.row, query["subject"], 0)
    items = sorted(items_by_names(version, subject.member).get(names, []))
    return until_successors(version, subject, items)  # usually unchanged (part 9)


@functools.lru_cache(maxsize=1_000)
def items_by_names(version: DutyVersion, member: str) -> Mapping[tuple[Value, Value], list[Item]]:
    """All items for a member, or for everybody, by the event and the subject that they name. An
    item with an unreadable name is left out."""
    query = version["asked"][member]["evidence"]
    items: dict[tuple[Value, Value], list[Item]] = {}
    for row in version.rows(query["register"]):
        names = name_in(row, query["event"], 1), name_in(row, query["subject"], 1)
        if None not in names and (item := item_of(query, row, version.d)):
            items.setdefault(names, []).append(item)
    return items


def name_in(row: RegisterRow | None, columns: Sequence[str] | None, n: int) -> Value:
    """The name of an event or a subject in a row: in the first (0) of two columns for its own row,
    in the second (1) for an item. None if it cannot be read; '' if no name is required."""
    return row[columns[n]].value if row and columns else ""


def earliest_items(items: list[Item], needed: int) -> list[Item]:
    """The earliest items, as many as are needed; [] if there are too few."""
    items = distinct_items(items)  # usually unchanged (part 9)
    return items[:needed] if len(items) >= needed else []


# =================================================================================== 6. OBLIGATIONS
# The functions that judge each pattern:
#
#   1 periodic          judge_periodic: windows, judge_window, current_window
#   2 rolling,          judge_one, judge_one_lasting
#   5 standing
#   3 triggered,        event_cases or joining_cases, judge_one, judge_event, as_history
#   4 before an event,
#   6 completeness


@dataclass
class RecheckedObligation:
    """An obligation and its status."""

    version: DutyVersion
    status: str
    opens: Date | None = None
    deadline: Date | None = None
    days: int | None = None  # from D to the deadline; negative after it
    late_days: int = 0
    met_by: list[Item] = field(default_factory=list)
    last_done: Date | None = None
    window: str = ""  # the label of its period
    cut: bool = False  # its window had begun before the duty was in force
    past: str = ""  # in history: met, settled, missed, lapsed, before_records
    subject: ListEntry = OFFICE
    event: ListEntry = NO_EVENT

    @property
    def uncertain_row(self) -> RegisterRow | None:
        """The row of its event or subject that cannot be read, if there is one."""
        return next((entry.row for entry in (self.event, self.subject) if not entry.certain), None)

    @property
    def missed(self) -> bool:
        """Whether a window was missed. A window that was cut short, or is from before records
        begin, is passed over."""
        return self.status == "overdue" and not self.cut and not before_records(self)

    def in_history(self, past: str) -> RecheckedObligation:
        """The same obligation in history, which shows no days left."""
        return replace(self, past=past, days=None)


# One obligation: a version, an event (or D) and a subject.
Case = tuple[DutyVersion, ListEntry, ListEntry]


def judge_duty(versions: Sequence[DutyVersion]) -> list[RecheckedObligation]:
    """Every obligation of one duty that is in force on D, current and history."""
    latest = versions[-1]  # all versions have its pattern
    if whole := not_to_be_judged(versions):  # rarely (part 9)
        obligations = [whole]
    elif latest["kind"] == "periodic":
        obligations = judge_periodic(versions)
    elif whole := empty_list(latest):  # rarely (part 9)
        obligations = [whole]
    else:
        if latest["kind"] in ("rolling", "standing"):
            on_d = ListEntry(day=latest.d)  # in place of an event
            cases = [(latest, on_d, subject) for subject in subjects(latest)]
        elif latest["events"]:
            cases = event_cases(versions)
        else:
            cases = joining_cases(versions)  # (part 9)
        obligations = [judge_one(*case) for case in cases]
    waive(latest, obligations)  # (part 9)
    return obligations


def judge_one(version: DutyVersion, event: ListEntry, subject: ListEntry) -> RecheckedObligation:
    """One obligation. The duty's own condition is judged on the event's day, or on D."""
    obligation = RecheckedObligation(version, "cannot_tell", subject=subject, event=event)
    if event.day is None or not (subject.certain and event.certain):
        return obligation
    applicable = applies(version, event.day)  # usually true (part 9)
    if applicable is False:
        obligation.status = "not_applicable"
    if not applicable or unclear_holder(version, subject):  # (part 9)
        return obligation
    if version["kind"] in ("rolling", "standing"):
        obligation = judge_one_lasting(version, subject)
    else:
        obligation = as_history(judge_event(version, event, event.day, subject), subject)
    if obligation.opens and not obligation.past:  # it was judged, and is current
        items = items_for(obligation.version, subject, event)
        obligation.last_done = items[-1].day if items else None
    return replace(obligation, subject=subject, event=event)


def status_on_d(
    version: DutyVersion, opens: Date, deadline: Date, met_by: list[Item]
) -> RecheckedObligation:
    """An obligation met by these items, late if the last is late; without items not yet due, due or
    overdue (semantics.md: An obligation's status at D)."""
    d = version.d
    if met_by:
        late_days = max(0, (met_by[-1].day - deadline).days)
        by_row = sorted(met_by, key=lambda item: (item.register, item.n))  # the order of reports
        return RecheckedObligation(version, "met", opens, deadline, None, late_days, by_row)
    status = "not_yet_due" if d < opens else "due" if d <= deadline else "overdue"
    return RecheckedObligation(version, status, opens, deadline, (deadline - d).days)


# ----------------------------------------------------- Patterns 2 and 5: rolling, standing
# Both work in the same way: each item is valid until a day (an interval after it, or its end), and
# one must be valid on D, and for longer than the 'notice'. 'first' is the span to the first
# deadline; those who were there when the duty came into force can have a fixed 'first deadline'.


def judge_one_lasting(version: DutyVersion, subject: ListEntry) -> RecheckedObligation:
    """Met while an item is valid on D and the deadline is more than the notice away. Never done, it
    is never met (semantics.md: Rolling; Standing)."""
    opens = max(version.in_force, subject.day or version.in_force)
    obligation = lasting_on_d(version, subject, opens, served_until(version, subject, opens))
    if obligation.status == "met":
        return obligation
    if older := met_by_version_before(version, subject, opens):  # rarely (part 9)
        return older
    # with one version: the same deadline
    deadline = not_moved_back(version, lambda rule: served_until(rule, subject, opens), subject)
    return status_on_d(version, opens, deadline, [])


def lasting_on_d(
    version: DutyVersion, subject: ListEntry, opens: Date, deadline: Date
) -> RecheckedObligation:
    """Met while an item is valid on D and the deadline is more than the notice away."""
    d = version.d
    due_from, met_by = add(deadline, version["notice"], -1), []
    if d < due_from:  # by the item that ends last, or began last
        on_d = [(end, items) for end, items in serving(version, subject) if end >= d]
        met_by = max(on_d)[1] if on_d else []
    obligation = status_on_d(version, opens, deadline, met_by)
    obligation.days = (deadline - d).days  # also if it is met
    if deadline == FOR_GOOD:  # the assessment shows none
        obligation.deadline = obligation.days = None
    return obligation


def served_until(version: DutyVersion, subject: ListEntry, opens: Date) -> Date:
    """The deadline by a version: the last day on which an item is valid, or the first deadline if
    that is later. A version that did not cover this member sets none."""
    if subject.member not in version["asked"]:
        return FOR_GOOD
    fixed = version["first deadline"] if opens == version.in_force else None
    first = Date.fromisoformat(fixed) if fixed else add(opens, version["first"])
    return max([first, *(end for end, _ in serving(version, subject))])


def serving(version: DutyVersion, subject: ListEntry) -> list[tuple[Date, list[Item]]]:
    """Each item with the last day on which it is valid."""
    if version["asked"][subject.member]["evidence"]["needed"] > 1:
        return consecutive_items(version, subject)
    return [(item.end, [item]) for item in items_for(version, subject)]


# --------------------------- Patterns 3, 4 and 6: triggered, before an event, completeness
# The deadline is the span 'within' after the event's day (before it: [-14, "days"]). The window
# opens the span 'early' before the day, or after the previous event if that is later. Items up to
# the span 'accepted before' before the event count although the window is not open. In place of
# 'within' a record may carry its 'deadline'. An unmet obligation may 'lapse' after a span.


def judge_event(
    version: DutyVersion, event: ListEntry, day: Date, subject: ListEntry
) -> RecheckedObligation:
    """An obligation about an event or a record, from the event's day and the deadline by the rule
    or by the record (semantics.md: Triggered; Before an event; Completeness)."""
    terms = version["asked"][subject.member]
    if terms["within"]:  # a member's own span
        by_rule = add(day, terms["within"])
    else:  # with one version: add(day, version["within"])
        by_rule = not_moved_back(version, lambda rule: add(day, rule["within"]))
    opens = add(day, version["early"], -1) if version["early"] else version.in_force
    opens = min(since_previous(version, day, opens), by_rule)  # usually unchanged (part 9)
    # a record that carries a deadline opens on its own day all the same
    deadline, needed = terms_of_row(version, event, terms["evidence"], by_rule)  # (part 9)
    if not needed:
        return RecheckedObligation(version, "cannot_tell")
    # what a record must carry is in time also if it was done before the record's own day
    first_day = Date.min if version["kind"] == "completeness" else opens
    if version["accepted before"]:
        first_day = min(opens, add(day, version["accepted before"], -1))
    items = [item for item in items_for(version, subject, event) if item.day >= first_day]
    return status_on_d(version, opens, deadline, earliest_items(items, needed))


def as_history(obligation: RecheckedObligation, subject: ListEntry) -> RecheckedObligation:
    """The obligation, in history if it is past (semantics.md: Lapse; Records begin). A met one is
    past a year after the later of deadline and date, except for a person who is still there. An
    unmet one is past if its rule lets it lapse, or if its deadline is before records begin, except
    for such a person and where a record gives the deadline."""
    lapse, d = obligation.version["lapse"], obligation.version.d
    if before_records(obligation) and subject.day is None and not obligation.version["deadline"]:
        return obligation.in_history("before_records")
    deadline, met = obligation.deadline, obligation.status == "met"
    if deadline and not met and lapse and d > add(deadline, lapse):
        return obligation.in_history("lapsed")
    if deadline and met and subject.day is None:
        last = deadline + obligation.late_days * DAY
        return obligation.in_history("settled") if d > add(last, (12, "months")) else obligation
    return obligation


def event_cases(versions: Sequence[DutyVersion]) -> list[Case]:
    """Each event with each subject: of people those who were there on its day. An event that cannot
    be read, or on whose day the duty's condition is false, is one case; so is, once, a person who
    cannot be read."""
    covered, people = events(versions), {version: subjects(version) for version in versions}
    unread = uncertain_people(versions, covered, people)
    cases = [(version, NO_EVENT, person) for version, person in unread]
    for version, event in covered:
        day, there = event.day, [OFFICE]
        if event.certain and day and applies(version, day):
            certain = [person for person in people[version] if person.certain]
            there = [p for p in certain if p.day is None or p.day <= day < p.leaves]
        cases += [(version, event, person) for person in there]
    return cases


# ------------------------------------------------------------------- Pattern 1: periodic
# Done once in each 'period', or in one 'part' of it, a quarter that begins a span after the year
# does, or 'before' the period that names the window. In the 'grace' after its end items count that
# name it; with 'early', also those from before it opened.


class PeriodicWindow(NamedTuple):
    """A window, sorted by deadline. With a month of grace that of 2025/26 opens on 2025-04-01, its
    last day is 2026-03-31, for items that name no period, and its deadline 2026-04-30."""

    deadline: Date
    opens: Date
    last_day: Date
    label: str
    version: DutyVersion
    cut: bool  # it had begun before the duty was in force


def calendar_windows(version: DutyVersion) -> Iterator[PeriodicWindow]:
    """A version's windows by the calendar, from the in-force day until two have opened after D."""
    period, after_d = period_of(version["period"], version.in_force), 0
    while after_d < 2:
        following = period_of(period.kind, period.last + DAY)
        label = following.label if version["before"] else period.label
        opens, last_day = period.first, period.last
        if version["part"]:  # the quarter that begins a span after the year does
            opens = add(opens, version["part"])
            last_day = add(opens, (3, "months")) - DAY
        if last_day >= version.in_force:
            cut = opens < version.in_force
            opens = max(opens, version.in_force)
            deadline = add(last_day, version["grace"])
            yield PeriodicWindow(deadline, opens, last_day, label, version, cut)
            if opens > version.d:
                after_d += 1
        period = following


# Quarters, D in Q3:  Q1 met; Q2 missed; Q3 open and not met. Q3 is current, and overdue since the
# deadline of Q2; Q1 and Q2 are history. With a month of grace and D in the first month of Q3, Q2
# would still be the current one, and due.


def judge_periodic(versions: Sequence[DutyVersion]) -> list[RecheckedObligation]:
    """The one current obligation, and the earlier windows as history (semantics.md: Periodic)."""
    latest, d = versions[-1], versions[-1].d
    applicable = applies(latest, d)
    if not applicable:
        return [
            RecheckedObligation(latest, "cannot_tell" if applicable is None else "not_applicable")
        ]
    by_deadline = windows(versions)  # with one version: the calendar's to the duty's end (part 9)
    next_opens = [*(window.opens for window in by_deadline[1:]), FOR_GOOD]
    judged = [judge_window(*pair) for pair in zip(by_deadline, next_opens, strict=False)]
    n = current_window(by_deadline, judged, d)
    past = [e.in_history("met" if e.met_by else "missed") for e in judged[:n]]
    past = [e.in_history("before_records") if before_records(e) else e for e in past]
    history = [e for e in past if e.met_by or (e.status == "overdue" and not e.cut)]
    if n == len(by_deadline):  # the duty ends before another window opens
        return history
    current, items = judged[n], office_items(latest)
    current.last_done = items[-1].day if items else None
    run = n  # back to the first of the unbroken run of missed windows before this one
    while run and judged[run - 1].missed:
        run -= 1
    if current.status == "met":  # the days to the next deadline
        following = by_deadline[n + 1 : n + 2]
        current.days = (following[0].deadline - d).days if following else None
    elif run < n:  # it is overdue since that deadline
        current.status, current.days = "overdue", (by_deadline[run].deadline - d).days
    return [current, *history]


def current_window(
    by_deadline: Sequence[PeriodicWindow], judged: Sequence[RecheckedObligation], d: Date
) -> int:
    """The number of the current window; it can be the one after the last, if the duty ends."""
    last = max((n for n, window in enumerate(by_deadline) if window.opens <= d), default=0)
    in_grace = last > 0 and judged[last - 1].status == "due"  # its own days are over
    if in_grace and judged[last].status == "due":  # and the later one is not met
        return last - 1
    if by_deadline and judged[last].status == "overdue" and not judged[last].missed:
        return last + 1  # it is passed over
    return last


def judge_window(window: PeriodicWindow, next_opens: Date) -> RecheckedObligation:
    """A window, met in time or late by the items that count for it."""
    version, items = window.version, []
    if window.opens <= version.d:  # before it opens not even an early item makes it met
        candidates = office_items(version)
        items = [item for item in candidates if counts_for(item, window, next_opens)]
    met_by = earliest_items(items, version["asked"][""]["evidence"]["needed"])
    obligation = status_on_d(version, window.opens, window.deadline, met_by)
    return replace(obligation, window=window.label, cut=window.cut)


def office_items(version: DutyVersion) -> list[Item]:
    """The office's items, and the nil returns that a rule accepts in their place (part 9)."""
    return sorted([*items_for(version, OFFICE), *nil_returns(version, version["nil return"])])


def counts_for(item: Item, window: PeriodicWindow, next_opens: Date) -> bool:
    """Whether an item counts for a window: it names its period, or names none and is dated in it,
    or after its deadline and before the next opens."""
    if item.period is not None:
        not_early = item.day >= window.opens or window.version["early"]
        return bool(item.period == window.label and not_early)
    inside = window.opens <= item.day <= window.last_day
    return inside or window.deadline < item.day < next_opens


# ===================================================================================== 7. THE WHOLE
# What the assessment should say, under the names that it uses
# (semantics.md: From obligations to duties, sections and the whole).

WORST_FIRST = ["overdue", "cannot_tell", "not_assessed", "due", "met", "not_yet_due", "waived"]
WORST_FIRST += ["not_applicable"]


def tally(parts: Sequence[tuple[str, int]]) -> Json:
    """The worst of several statuses, and the count of each. Each comes with its days late (for a
    duty, with the number of its obligations that were met late)."""
    times = Counter(status for status, _ in parts)
    late = sum(late_days > 0 for status, late_days in parts if status == "met")
    worst = next((status for status in WORST_FIRST if times[status]), "not_applicable")
    counts = {"total": len(parts), "met_late": late} | {name: times[name] for name in WORST_FIRST}
    return {"status": worst, "counts": counts}


def totals(duties: Sequence[Json]) -> Json:
    """The status and the counts of several duties."""
    of_duties = tally([(duty["status"], duty["counts"]["met_late"]) for duty in duties])
    obligations = [obligation for duty in duties for obligation in duty["obligations"]]
    of_obligations = tally([(entry["status"], entry["late_days"]) for entry in obligations])
    return {
        "status": of_duties["status"],
        "duties": of_duties["counts"],
        "obligations": of_obligations["counts"],
    }


def duty_outcome(
    versions: Sequence[DutyVersion], obligations: Sequence[RecheckedObligation]
) -> Json:
    """One duty. Its deadline is the earliest outstanding one, otherwise the next to come; an
    overdue duty also shows its earliest deadline that is only due."""
    latest = versions[-1]
    current = [obligation for obligation in obligations if not obligation.past]
    judging = [v for v in versions if v is latest or any(e.version is v for e in current)]
    history = [obligation_entry(obligation) for obligation in obligations if obligation.past]
    if latest["kind"] == "standing" and not latest["population"]:
        history += [gap for subject in subjects(latest) for gap in gaps(latest, subject)]
    outstanding = [e for e in current if e.status in ("overdue", "due")]
    ahead = outstanding or [e for e in current if e.status in ("met", "not_yet_due")]
    # the days of a run of missed windows are counted from the first, and so is its deadline
    days = min((e.days for e in ahead if e.days is not None), default=None)
    due = [e.deadline for e in ahead if e.deadline and e.status == "due"]
    entry = duty_entry(latest) | tally([(e.status, e.late_days) for e in current])
    return entry | {
        "citations": citations(judging),
        "deadline": None if days is None else latest.d + days * DAY,
        "days": days,
        "next_due": min(due, default=None) if entry["counts"]["overdue"] else None,
        "last_done": max((e.last_done for e in current if e.last_done), default=None),
        "nothing_to_check": not current,
        "not_given": not_given(versions),
        "obligations": [obligation_entry(e) for e in current],
        "history": history,
    }


def citations(judging: Sequence[DutyVersion]) -> list[Json]:
    """The citations of the version in force, which is the last, in the SOP of D, and of each
    earlier version in the SOP of its own last day."""
    shown: dict[tuple[str, ...], Json] = {}
    of_d = ""
    for version in reversed(judging):
        day = min(version.ends - DAY, version.d) if version.ends else version.d
        first, *later = version["citations"]
        sop = [first, *(e for e in later if Date.fromisoformat(e["from"]) <= day)][-1]
        of_d = of_d or sop["sop version"]
        other = "" if sop["sop version"] == of_d else sop["sop version"]
        for cited in sop["cited"]:
            shown.setdefault((*cited.values(), other), cited | {"sop_version": other})
    return list(shown.values())


def sop_version(book: Json, d: Date) -> str:
    """The version of the SOP that is in force on a day."""
    first, *later = book["sop"]["versions"]
    begun = [e for e in later if Date.fromisoformat(e["in force"]) <= d]
    version: str = [first, *begun][-1]["version"]
    return version


def whole_outcome(book: Json, tables: Tables, d: Date, records_begin: Date = Date.min) -> Json:
    """The assessment as it should be."""
    versions = {e["id"]: versions_of(e, tables, d, records_begin) for e in book["duties"]}
    obligations = {id_: judge_duty(begun) for id_, begun in versions.items() if begun}
    duties = [duty_outcome(versions[id_], judged) for id_, judged in obligations.items()]
    readings: dict[tuple[str, str], Json] = {}
    for duty in duties:
        groups = [[book["registers"][id_]["title"] for id_ in ids] for ids in duty["not_given"]]
        duty["not_given"] = [" or ".join(group) for group in groups]
        for reading in duty["readings"]:
            key = reading["phrase"], reading["reading"]
            readings.setdefault(key, {**reading, "duties": []})["duties"].append(duty["id"])
    by_section = [
        (e, [d for d in duties if d["section"] == e["section"]]) for e in book["sections"]
    ]
    lists = {name: [e for e in duties if e["answers"] == name] for name in ("office", "others")}
    earlier = {e["sop_version"] for duty in duties for e in duty["citations"]}
    sop, sop_versions = book["sop"], [{"version": e["version"]} for e in book["sop"]["versions"]]
    return {
        "rulebook": book["book"] | {"sop": f"{sop['title']}, version {sop_version(book, d)}"},
        "earlier_sop": [e for e in reversed(sop_versions) if e["version"] in earlier],
        "status": {name: totals(of_list) for name, of_list in lists.items()},
        "sections": [section | totals(in_it) for section, in_it in by_section if in_it],
        "duties": duties,
        "not_in_force": [
            {name: duty[name] for name in ("id", "title", "section")}
            for duty in book["duties"]
            if not versions[duty["id"]]
        ],
        "waivers": list(waivers(book, tables.get("waivers") or (), d, obligations)),
        "readings": list(readings.values()),
    }


def coming(book: Json, tables: Tables, d: Date, records_begin: Date) -> list[Json]:
    """The versions that begin within a year after D, each with the status of its duty on its first
    day, and without the version (docs/impact.md: What is coming)."""
    noted, entries = {case: {*owners} for case, owners in SPECIAL.items()}, []
    for duty in book["duties"]:
        for rule in duty["versions"]:
            begins = Date.fromisoformat(rule["begins"])
            if not d < begins <= min(d + 365 * DAY, Date.fromisoformat(duty["until"])):
                continue
            earlier = [e for e in duty["versions"] if e["begins"] < rule["begins"]]
            versions = versions_of(duty, tables, begins, records_begin)
            without = versions_of(duty | {"versions": earlier}, tables, begins, records_begin)
            found = duty_outcome(versions, judge_duty(versions))
            entry = {"duty": duty["id"], "begins": begins, "is_new": not without}
            entry |= {"status": found["status"], "checks": len(found["obligations"])}
            status = duty_outcome(without, judge_duty(without))["status"] if without else None
            entries.append(entry | {"status_without": status})
    SPECIAL.clear()  # of results on D alone
    SPECIAL.update(noted)
    return entries


def unknown_names(book: Json, tables: Tables) -> Iterator[Json]:
    """The sheets with rows whose names in a column are all on none of the lists that the column
    names, if each list was provided and can be read."""
    for id_, table in tables.items():
        for column, lists in book["registers"][id_]["names"].items():
            listed = [tables.get(name) for name in lists]
            if None in listed:
                continue
            known = {row.key.value for rows in listed for row in rows or ()}
            by_sheet: dict[tuple[str, str], dict[int, bool]] = {}
            for row in table or ():
                if names := keys_in(row[column]):
                    lines = by_sheet.setdefault((row.file, row.sheet), {})
                    lines[row.line] = lines.get(row.line, False) or known.isdisjoint(names)
            for (file, sheet), lines in by_sheet.items():
                entry = {"file": file, "sheet": sheet, "register": id_, "column": column}
                if unknown := sum(lines.values()):
                    yield entry | {"rows": len(lines), "unknown": unknown}


# ===================================================================================== 8. COMPARING


def compare(pack: Pack, where: str, claim: Value, result: Value, see: str = "") -> None:
    """Notes each difference between a claim of the assessment and the result of this check. Only
    what was worked out here is compared. Lists are compared entry by entry, in any order, under the
    names of `entries_by_name` (small print)."""
    if isinstance(result, dict):
        for name, value in result.items():
            compare(pack, f"{where}: {name}", (claim or {}).get(name), value, see)
    elif isinstance(result, list):
        claims, results = entries_by_name(claim), entries_by_name(result)
        for name, n in claims | results:
            claim, result = claims.get((name, n)), results.get((name, n))
            place = f"{where}: {name or n}"
            rows = list((rows_behind(result) | rows_behind(claim)).values())
            cells = f" See {', '.join(rows[:6])}." if rows else see
            if claim is None:
                pack.differences.append(
                    f"{place}: it was found, and the assessment does not report it.{cells}"
                )
            elif result is None:
                pack.differences.append(f"{place}: it was not found.{cells}")
            else:
                compare(pack, place, claim, result, cells)
    else:
        value = result.isoformat() if isinstance(result, Date) else result
        right = claim == value and type(claim) is type(value)
        pack.must(right, f"{where}: the assessment says {claim!r}, and {value!r} was found.{see}")


def compare_whole(pack: Pack, tables: Tables, d: Date, records_begin: Date) -> Json:
    """Compares the assessment with what it should be, which is returned."""
    result = whole_outcome(pack.book, tables, d, records_begin)
    compare(pack, "assessment", pack.assessment, result)
    compare_under(pack, "coming", coming(pack.book, tables, d, records_begin), "duty", "begins")
    unknown = unknown_names(pack.book, tables)
    compare_under(pack, "unknown_names", unknown, "file", "sheet", "register", "column")
    return result


def compare_under(pack: Pack, name: str, results: Iterable[Json], *keys: str) -> None:
    """Compares a list of the assessment, whose entries these keys name, with the results."""

    def named(entries: Iterable[Json]) -> list[Json]:
        # an entry may have a section, by which it would be named as well
        return [e | {"id": ", ".join(str(e[k]) for k in keys), "section": ""} for e in entries]

    compare(pack, name, named(pack.assessment.get(name, ())), named(results))


def recheck(pack: Pack) -> None:
    """Works everything out again, and compares."""
    SPECIAL.clear()
    check_files(pack)
    if "ledger.txt" in pack.files:
        check_ledger(pack)
    else:
        pack.notes.append("The pack contains no ledger.")
    cells, claimed = pack.read_csv("evidence/cells.csv"), pack.assessment
    sheets = read_sheets(pack, cells)
    compare_files(pack, sheets, cells)
    if pack.mapping:
        count = sum(len(sheet.records) for sheet in sheets)
        pack.notes.append(f"By the mapping, the sheets that it names give {count} records.")
    d = Date.fromisoformat(claimed["as_of"])
    known_by = Date.fromisoformat(claimed["known_by"] or FOR_GOOD.isoformat())
    records_begin = Date.fromisoformat(claimed["records_begin"] or Date.min.isoformat())
    pack.must(records_begin <= d, "assessment: its records begin after the day of the check.")
    if pack.mapping:
        sheets = match_names(pack, sheets, known_by)
    tables, unreadable = read_registers(pack.book, sheets, known_by)
    compare_problems(pack, unreadable)
    compare_not_begun(pack, sheets, tables)
    for duty in claimed["duties"]:  # there it gives the reasons, in words
        duty["nothing_to_check"] = bool(duty["nothing_to_check"])
    result = compare_whole(pack, tables, d, records_begin)
    compare_cells(pack, sheets)
    current, past = (sum(len(e[k]) for e in result["duties"]) for k in ("obligations", "history"))
    rows = sum(len(table or ()) for table in tables.values())
    pack.notes.append(
        f"Worked out again from {rows} rows, as of {d}: {current} obligations of "
        f"{len(result['duties'])} duties, and {past} entries of their history."
    )
    if notice := claimed["program"]["notice"]:
        pack.notes.append(f"The program that made the assessment says in it: {notice}")
    lines = [f"- {case}: {first_names(sorted(ids), 20)}" for case, ids in sorted(SPECIAL.items())]
    pack.notes += ["Of part 9 this pack needed:", *(lines or ["- nothing"])]


# ============================================================================== 9. SPECIAL CASES
# Functions that change a result only where there is such a case. The output says which cases a pack
# has, and in which duties or registers. The others can be left unread.

SPECIAL: dict[str, set[str]] = {}  # the cases of a pack, each with its duties or registers


def special(case: str, owner: DutyVersion | Json) -> None:
    """Notes a special case, and the duty or the register that has it."""
    duty_or_register = owner.duty if isinstance(owner, DutyVersion) else owner
    SPECIAL.setdefault(case, set()).add(duty_or_register["id"])


# ------------------------------------------------- Rare features of a duty


def applies(version: DutyVersion, day: Date) -> bool | None:
    """Whether the duty's own condition is true on a day: a row has begun and not ended. True if it
    has none; None if that is unknown."""
    condition, answers = version["applies"], []
    if condition is None:
        return True
    special("duties with a condition of their own", version)
    for row in version.rows(condition["register"]):
        begins, ends = row.day(condition["begins"]), row.day(condition["ends"])
        begun = not condition["begins"] or (begins <= day if begins else None)
        over = ends is not None and ends <= day  # unreadable: not ended
        answers.append(all_hold([meets(condition["where"], row, version.d), begun, not over]))
    return one_holds(answers)


def joining_cases(versions: Sequence[DutyVersion]) -> list[Case]:
    """Each subject with the day of joining, or of being flagged, as its event. If the rule counts
    those who were there before the duty was in force, their event is on that day. A person whom two
    versions cover is uncertain."""
    cases: list[Case] = []
    for version in versions:
        special("joining as an event", version)
        for person in subjects(version):
            there_before = person.day is not None and person.day < version.in_force
            day = version.in_force if there_before else person.day
            if judges(version, day) and (version["already there"] or not there_before):
                cases.append((version, ListEntry(day=day), person))
    times = Counter(person.key for _, _, person in cases if person.certain)
    return [(rule, event, who.certain_if(times[who.key] == 1)) for rule, event, who in cases]


def since_previous(version: DutyVersion, day: Date, opens: Date) -> Date:
    """The day on which the window of an event opens, if its rule says after the previous event
    (without one, from the in-force day): the later of both days, or that day alone if the rule
    gives no other."""
    if not version["since previous"]:
        return opens
    special("windows that open after the previous event", version)
    listing = version["events"]
    rows = [row for row in version.rows(listing["register"]) if meets(listing["standing"], row)]
    days = [event_day for row in rows if (event_day := row.day(listing["dated"][0]))]
    earlier = [event_day for event_day in days if event_day < day]
    after = max(earlier) + DAY if earlier else version.in_force
    return max(opens, after) if version["early"] else after


def terms_of_row(
    version: DutyVersion, event: ListEntry, query: Json, deadline: Date
) -> tuple[Date, int]:
    """The deadline and the number of items, from the row of the event or record if the rule leaves
    them to it; 0 items if that cannot be read."""
    needed = int(query["needed"])
    if event.row and version["deadline"]:
        special("deadlines and numbers that rows carry", version)
        if carried_deadline(version, event) is None:
            return deadline, 0
        deadline = not_moved_back(version, lambda rule: carried_deadline(rule, event) or FOR_GOOD)
    if event.row and query["needed from"]:
        special("deadlines and numbers that rows carry", version)
        needed = max(0, event.row[query["needed from"]].value or 0)
    return deadline, needed


def carried_deadline(version: DutyVersion, record: ListEntry) -> Date | None:
    """A record's deadline by a version: the day in its row, or the re-agreed day, if that was
    agreed by the old one and by D. If the version has no such column, a span after the record's
    day."""
    columns, row = version["deadline"], record.row
    if not row or not columns:
        return record.day and add(record.day, version["within"])
    due, to, on = (row.day(columns[name]) for name in ("due", "re agreed to", "re agreed on"))
    return to if due and to and on and on <= min(due, version.d) else due


def consecutive_items(version: DutyVersion, subject: ListEntry) -> list[tuple[Date, list[Item]]]:
    """If a rolling duty needs n items: each n consecutive items, which are valid until the first of
    them ends. So the nth latest decides."""
    special("rolling duties that need several items", version)
    needed = version["asked"][subject.member]["evidence"]["needed"]
    items = items_for(version, subject)
    groups = [items[n : n + needed] for n in range(len(items) - needed + 1)]
    return [(group[0].end, group) for group in groups]


def distinct_items(items: list[Item]) -> list[Item]:
    """The items; of those with one value in the column in which they must differ, the earliest."""
    earliest: dict[Value, Item] = {}
    for item in items:
        value = item.distinct
        earliest.setdefault(normal(value) if isinstance(value, str) else value, item)
    if any(item.distinct is not item.row for item in items):
        special("items that must differ", items[0].row.register)
    return list(earliest.values())


# ------------------------------------------ Planned events without a day, and records that begin


def without_a_day_yet(row: RegisterRow, column: str, d: Date) -> bool:
    """Whether the day of a planned event is still to be fixed: then it requires nothing. If a row
    of another register, dated by D or not at all, names it as held, the status is unknown."""
    no_day = row[column].state in (NOTHING, BLANK) or row[column].silent
    if no_day:
        special("planned events without a day", row.register)
    return no_day and row.named_on > d


def before_records(obligation: RecheckedObligation) -> bool:
    """Whether an obligation is overdue with a deadline from before records begin
    (semantics.md: Records begin)."""
    begin, deadline = obligation.version.records_begin, obligation.deadline
    if obligation.status != "overdue" or not deadline or deadline >= begin:
        return False
    special("deadlines from before records begin", obligation.version)
    return True


# ------------------------------------------------------------------------ Roles


def role_rows(
    version: DutyVersion, subject: ListEntry
) -> list[tuple[RegisterRow, bool | None, Date | None]]:
    """The rows of the role that an obligation is about: each with whether it is of the role, which
    may be unknown, and the day on which it begins, if that can be read."""
    query = version["asked"][subject.member]["evidence"]
    rows: list[tuple[RegisterRow, bool | None, Date | None]] = []
    if query["role"] is None:
        return rows
    special("roles that one at a time holds", version)
    for row in version.rows(query["register"]):
        of_role = meets(query["role"], row, version.d)
        if of_role is not False:
            rows.append((row, of_role, row.day(query["dated"][0])))
    return rows


def unclear_holder(version: DutyVersion, subject: ListEntry) -> bool:
    """Whether the holder of a role on D is unknown: the last two began on one day; or a row that
    may be of the role has not ended and has no readable beginning, or may be the last."""
    rows, d = role_rows(version, subject), version.d
    begun = [begins for _, of_role, begins in rows if of_role and begins and begins <= d]
    last = max(begun, default=Date.min)
    ends = version["asked"][subject.member]["evidence"]["ends"]
    for row, of_role, begins in rows:
        end = row[ends]
        not_ended = end.state == NOTHING or (end.state == READ and end.value >= d)
        if not_ended if begins is None else not of_role and last <= begins <= d:
            return True
    return begun.count(last) > 1


def until_successors(version: DutyVersion, subject: ListEntry, items: list[Item]) -> list[Item]:
    """The items; each item of a role is valid at most to the day before the next holder begins."""
    begun = [begins for _, of_role, begins in role_rows(version, subject) if of_role and begins]
    cut = [] if begun else items
    for item in items if begun else ():
        later = [begins - DAY for begins in begun if item.day < begins <= version.d]
        cut.append(item._replace(end=min([item.end, *later])))
    return cut


# ------------------------------------------ Registers that are missing, lists that are empty


def not_given(versions: Sequence[DutyVersion]) -> list[list[str]]:
    """The registers that a duty needs and that were not provided; of alternatives all, if none was
    provided."""
    tables = versions[-1].tables
    return [group for group in needs(versions) if not any(id_ in tables for id_ in group)]


def needs(versions: Sequence[DutyVersion]) -> list[list[str]]:
    """The groups of registers of which the versions need one. A group with an alternative that is
    needed by itself is left out."""
    groups = dict.fromkeys(tuple(group) for version in versions for group in version["needs"])
    alone = {group for group in groups if len(group) == 1}
    return [list(e) for e in groups if e in alone or alone.isdisjoint((id_,) for id_ in e)]


def not_to_be_judged(versions: Sequence[DutyVersion]) -> RecheckedObligation | None:
    """The one obligation of a duty that needs a register which was not provided, or cannot be
    read."""
    status, tables = "not_assessed" if not_given(versions) else "", versions[-1].tables
    if not status and any(all(tables.get(e) is None for e in group) for group in needs(versions)):
        status = "cannot_tell"
    if status:
        special("registers that are missing, lists that are empty", versions[-1])
    return RecheckedObligation(versions[-1], status) if status else None


def empty_list(version: DutyVersion) -> RecheckedObligation | None:
    """The one obligation of a duty whose list is empty, unless its rule or a nil return makes that
    a fair answer. A nil return does so from its own day to the last day of the next such period."""
    for listing in filter(None, (version["population"], version["events"])):
        rows = version.rows(listing["register"])
        has_rows = any(meets(listing["where"], row) is not False for row in rows)
        periods = [period_named(e.period) for e in nil_returns(version, listing["nil return"])]
        covered = any(version.d <= period_of(e.kind, e.last + DAY).last for e in periods)
        if not (has_rows or listing["fair"] or covered):
            special("registers that are missing, lists that are empty", version)
            return RecheckedObligation(version, "cannot_tell")
    return None


# ---------------------------------------------------------------- Changed rules: two versions
# The version of its day judges an event, the version of its deadline's day a window; the version on
# D judges rolling and standing duties (semantics.md: Versions and clocks), in a transition for a
# time the one before (semantics.md: Transition). With one version `not_moved_back` gives the
# deadline by its rule, and `windows` the calendar's to the duty's end.


def judges(version: DutyVersion, day: Date | None) -> bool:
    """Whether a version judges a day. The only version judges all; the first one also earlier days,
    the last one unknown days."""
    if version.previous or version.ends:
        special("changed rules", version)
    if day is None:
        return version.ends is None
    return (version.previous is None or version.begins <= day) and day < (version.ends or FOR_GOOD)


def not_moved_back(
    version: DutyVersion, deadline_by: Callable[[DutyVersion], Date], subject: ListEntry = OFFICE
) -> Date:
    """The deadline by a version's rule. If that is before the version's first day, it is that day,
    or the deadline by the previous version if that had passed already. A version from 1 May that
    moves 10 May to 20 April gives 1 May; one that moves 10 April to 1 April leaves 10 April. In a
    transition its last day takes the place of the first day, and moves no deadline forward."""
    deadline, previous = deadline_by(version), version.previous
    until = transition_end(version, subject)
    limit = until or version.begins
    if previous is None or deadline >= limit:
        return deadline
    special("changed rules", version)
    limited = min(limit, not_moved_back(previous, deadline_by, subject))
    return max(deadline, limited) if until else limited


def transition_end(version: DutyVersion, subject: ListEntry) -> Date | None:
    """The last day of a version's transition, for a subject that the versions before it found met
    on its first day; None for others (semantics.md: Transition)."""
    until = version["transition until"]
    if not until:
        return None
    special("changed rules", version)
    return Date.fromisoformat(until) if subject.key in met_before(version) else None


@functools.lru_cache(maxsize=1_000)
def met_before(version: DutyVersion) -> Mapping[str, list[Item]]:
    """The subjects that the versions before one found met on its first day, with their items."""
    day = version.begins
    begun = versions_of(version.duty, version.tables, day, version.records_begin)
    obligations = judge_duty([earlier for earlier in begun if earlier.begins < day])
    return {each.subject.key: each.met_by for each in obligations if each.status == "met"}


def met_by_version_before(
    version: DutyVersion, subject: ListEntry, opens: Date
) -> RecheckedObligation | None:
    """The obligation by the previous version, if a transition is not over and that version still
    finds it met, with the last day of the transition as the latest deadline. What met it on the
    first day has met it as well."""
    previous, until = version.previous, transition_end(version, subject)
    if not previous or not until or version.d > until or unclear_holder(previous, subject):
        return None
    deadline = min(served_until(previous, subject, opens), until)
    older = lasting_on_d(previous, subject, opens, deadline)
    if older.status != "met":
        return None
    by_row = {(e.register, e.n): e for e in (*met_before(version)[subject.key], *older.met_by)}
    older.met_by = [by_row[place] for place in sorted(by_row)]
    return older


def windows(versions: Sequence[DutyVersion]) -> list[PeriodicWindow]:
    """The windows up to the one after D's, each judged by the version of its deadline. A later
    version does not repeat a label. A deadline that a version would move to before its first day,
    as when a grace is removed, is that day; an item that names no period is in time until then, or
    until the next window opens."""
    if len(versions) > 1:
        special("changed rules", versions[0])
    judged: dict[str, PeriodicWindow] = {}
    older: dict[str, PeriodicWindow] = {}  # those of the previous version, by label
    for version in versions:
        by_calendar = list(calendar_windows(version))
        own = {window.label: window for window in by_calendar}
        for window, following in itertools.pairwise(by_calendar):
            old = older.get(window.label)
            if old and window.deadline < version.begins <= old.deadline:
                last_day = max(window.last_day, min(version.begins, following.opens - DAY))
                own[window.label] = window._replace(deadline=version.begins, last_day=last_day)
        for label, window in own.items():
            if judges(version, window.deadline):
                judged.setdefault(label, window)
        older = own
    until = Date.fromisoformat(versions[0].duty["until"])
    return sorted(window for window in judged.values() if window.opens <= until)


# ---------------------------------------------------- Copies of a row, and two rows with one key


def content_of(row: RegisterRow) -> tuple[Value, ...]:
    """The content of a row without the day when it was recorded: equal rows have equal content. Of
    a cell it is the value, or the text if it cannot be read."""
    ignored, contents = {row.register["recorded on"]}, []
    ignored |= {row.register["key"]} if row.own_key else set()
    for column, (state, value, text, _) in row.cells.items():
        content = value if state == READ else text if state == UNREADABLE else ""
        if column not in ignored:
            contents.append((state, normal(content) if isinstance(content, str) else content))
    return (*contents, *row.unknown)


def without_copies(rows: Sequence[RegisterRow]) -> list[RegisterRow]:
    """The rows of a register; of equal rows the one recorded first, or the first of all."""
    first: dict[Value, tuple[Date, int, RegisterRow]] = {}  # by content
    for n, row in enumerate(rows):
        entry = (row.day(row.register["recorded on"]) or FOR_GOOD, n, row)
        content = content_of(row)
        first[content] = min(entry, first.get(content, entry))
    if len(first) < len(rows):
        special("copies of a row", rows[0].register)
    return [row for _, _, row in sorted(first.values(), key=lambda entry: entry[1])]


def match_names(pack: Pack, sheets: Sequence[EvidenceSheet], known_by: Date) -> list[EvidenceSheet]:
    """Puts the key of the row of a list in place of the name by which a mapping finds it
    (mapping.md: Names in place of references)."""
    return [matched_sheet(pack, sheets, sheet, known_by) for sheet in sheets]


def matched_sheet(
    pack: Pack, sheets: Sequence[EvidenceSheet], sheet: EvidenceSheet, known_by: Date
) -> EvidenceSheet:
    """A sheet with keys in place of names. A name of rows of several keys cannot be read; one of no
    row is the key of none. The sheet is not read if one of the list lacks a heading."""
    part, register = pack.mapping_part, pack.book["registers"].get(sheet.register)
    sources = (sheet.gives or {}).get("columns", {}) if not sheet.why_not_read else {}
    matched = {name: source for name, source in sources.items() if part.is_matched(source)}
    records = [record._replace(values=dict(record.values)) for record in sheet.records]
    for column, source in matched.items():
        special("names in place of references", register)
        keys = keys_by_name(pack, sheets, register["names"][column], source, known_by)
        if keys is None:
            return sheet._replace(why_not_read="headings", records=())
        for values in (record.values for record in records):
            value = values[column]
            if value.name and not says_nothing(value.name, words_of(pack.book)):
                found = keys.get(value.name, {f"\0{value.name}"})
                key = next(iter(found)) if len(found) == 1 else None
                known = isinstance(key, str)
                text, kind = (key, "text") if known else (value.text, "error")
                values[column] = value._replace(text=text, kind=kind)
    return sheet._replace(records=records) if matched else sheet


def keys_by_name(
    pack: Pack,
    sheets: Sequence[EvidenceSheet],
    registers: Collection[str],
    source: Json,
    known_by: Date,
) -> dict[str, set[Value]] | None:
    """The keys of the rows of lists by the names of a source; a row without a key has one that is
    no text. None if a sheet of a list with rows has not each heading of the source once."""
    part, names = pack.mapping_part, dict[str, set[Value]]()
    words = words_of(pack.book)
    for sheet in sheets:
        if sheet.register not in registers or sheet.why_not_read or not sheet.begun:
            continue
        for row in counted_rows(sheet, pack.book["registers"][sheet.register], words, known_by):
            name = names_beside(sheet, part, source, row.line)
            if name is None:
                return None
            if name and not says_nothing(name, words):
                own = row.key.state == READ and not row.own_key
                names.setdefault(name, set()).add(row.key.value if own else object())
    return names


def names_beside(sheet: EvidenceSheet, part: Value, source: Json, line: int) -> str | None:
    """The name in a line of a sheet of a list; None if the sheet has not each heading once."""
    if sheet.table:
        name: str | None = part.names_in(sheet.table, source, line)
        return name
    values = []
    for text in part.list_headings(source):
        letters = [k for k, name in sheet.headings.items() if name == heading(text)]
        if len(letters) != 1:
            return None
        raw = sheet.rows[line].get(letters[0], Raw(""))
        values.append(part.RecordValue(raw.text, raw.kind, raw.text, ""))
    return str(part.name_of(values, source, lambda text: text_day(text)[0]))


def counted_rows(
    sheet: EvidenceSheet, register: Json, words: frozenset[str], known_by: Date
) -> Iterator[RegisterRow]:
    """The rows of a sheet that were recorded by a day."""
    clock = register["recorded on"]
    has_clock = has_column(sheet, clock)
    for row in (rows_of_records if sheet.table else rows_of)(sheet, register, words):
        if not (has_clock and (row.day(clock) or FOR_GOOD) > known_by):
            yield row


def words_of(book: Json) -> frozenset[str]:
    """The words of a rulebook that say nothing."""
    return frozenset(normal(word).translate(IGNORED) for word in book["says nothing"])


def lose_names(tables: Tables) -> list[tuple[RegisterRow, str]]:
    """Makes each cell unreadable that names a row by a key of two rows, in one or two registers: it
    could mean either. Rows with equal content count once, and so do those of a register of
    spells, unless they have different names."""
    rows = [row for table in tables.values() for row in table or ()]
    contents: dict[tuple[str, Value], set[Value]] = {}  # by register and key
    for row in rows:
        if row.key.state == READ:
            content = normal(label(row)) if row.register["spells"] else content_of(row)
            contents.setdefault((row.register["id"], row.key.value), set()).add(content)
    for found in contents.values():
        if len(found) > 1:
            found.discard("")  # a row without a name may be of the same person
    ambiguous = [
        (row, column)
        for row in rows
        for column, registers in row.register["names"].items()
        for key in keys_in(row[column])
        if sum(len(contents.get((register, key), ())) for register in registers) > 1
    ]
    for row, column in ambiguous:
        special("cells that could name either of two rows", row.register)
        row.cells[column] = Cell(UNREADABLE, None, row[column].text)
    return ambiguous


def overlapping_rows(version: DutyVersion) -> set[RegisterRow]:
    """The rows of people that have another row of the same person for days that overlap."""
    population = version["population"]
    spells: dict[str, list[tuple[Date, Date, RegisterRow]]] = {}  # by key: joins, leaves
    for row in version.rows(population["register"]):
        joins, leaves = row.day(population["dated"][0]), row.day(population["leaves"]) or FOR_GOOD
        if row.key.state == READ and joins and joins < leaves and meets(population["where"], row):
            spells.setdefault(row.key.value, []).append((joins, leaves, row))
    overlapping = set()
    for of_one_key in spells.values():
        for spell, other in itertools.permutations(of_one_key, 2):
            if spell[0] < other[1] and other[0] < spell[1]:
                overlapping.add(spell[2])
    if overlapping:
        special("two rows for one person", version)
    return overlapping


def sole_keys(pairs: Sequence[tuple[DutyVersion, ListEntry]]) -> set[tuple[DutyVersion, str]]:
    """The keys, each with a version, of one event alone: that version lists no other row with the
    key, and no version does in the days that it judges."""
    certain = [(version, event) for version, event in pairs if event.certain]
    by_version = Counter((version, event.key) for version, event in certain)
    judged = [(version, event.key) for version, event in certain if judges(version, event.day)]
    by_day = Counter(key for _, key in judged)
    sole = {(version, key) for (version, key), n in by_version.items() if n == by_day[key] == 1}
    for version, _ in set(judged) - sole:
        special("two events of one key", version)
    return sole


# --------------------------------------------------- People who cannot be read, and events


def uncertain_people(
    versions: Sequence[DutyVersion],
    covered: Sequence[tuple[DutyVersion, ListEntry]],
    people: Mapping[DutyVersion, Sequence[ListEntry]],
) -> list[tuple[DutyVersion, ListEntry]]:
    """The people who cannot be read, each once, by the last version that covers them: the one on D,
    or one that lists an event which can be read."""
    with_events = {version for version, event in covered if event.certain} | {versions[-1]}
    by_row = {
        person.row: (version, person)
        for version in versions
        if version in with_events
        for person in people[version]
        if not person.certain
    }  # a later version replaces an earlier one
    if by_row:
        special("people who cannot be read, asked about events", versions[-1])
    return list(by_row.values())


# ----------------------------------------------------------------- Columns that are filled here


def fill_latest(rule: Json, tables: Tables) -> None:
    """Fills a column that no sheet has: whether the document that a row names is the latest of its
    kind by this row's day. A rival that its readable cells leave out is none."""
    documents = tables.get(rule["within"])
    for row in tables.get(rule["register"]) or ():
        special("columns that are filled here", row.register)
        key, by, cell = row[rule["key"]], row[rule["by"]], Cell(UNREADABLE)
        if key.state == NOTHING:
            cell = Cell(NOTHING)
        elif key.state == by.state == READ and documents is not None:
            own = next((e for e in documents if e.key[:2] == (READ, key.value)), None)
            answers = [issued_of_kind(rule, own, Date.min, by.value) if own else False]
            day = own.day(rule["issued"]) if own else None
            for rival in documents:
                if day and rival is not own:
                    is_later = issued_of_kind(rule, rival, day + DAY, by.value)
                    answers.append(None if is_later is None else not is_later)
            latest = all_hold(answers)
            if latest is not None:
                cell = Cell(READ, latest, "yes" if latest else "no")
        row.cells[rule["column"]] = cell


def fill_day(rule: Json, tables: Tables) -> None:
    """Fills a column that no sheet has: the day of the row that a key names (of the meeting that
    was minuted). A row that does not exist, was cancelled or has no day gives none."""
    for row in tables.get(rule["register"]) or ():
        special("columns that are filled here", row.register)
        cell = Cell(NOTHING if row[rule["key"]].state in SURE else UNREADABLE)
        for named in row.named.get(rule["key"], ()):
            day, cancelled = named[rule["day"]], named[named.register["cancelled"]]
            if cancelled.state not in SURE:
                cell = Cell(UNREADABLE)
            elif not cancelled.value and day.state not in (NOTHING, BLANK):
                cell = day if day.state == READ else Cell(UNREADABLE)
        row.cells[rule["column"]] = cell


def issued_of_kind(rule: Json, row: RegisterRow, first: Date, last: Date) -> bool | None:
    """Whether a document is of the kind, and was issued in a range of days."""
    kind, issued = row[rule["kind"]], row[rule["issued"]]
    is_kind = kind.value == rule["of"] if kind.state in SURE else None
    in_time = first <= issued.value <= last if issued.state == READ else None
    return all_hold([is_kind, False if issued.state == NOTHING else in_time])


# --------------------------------------------------------------------- Nil returns and waivers


def nil_returns(version: DutyVersion, query: Json | None) -> list[Item]:
    """The nil returns for a list that are filled in by D and not before the last day of their
    period (semantics.md: Nil return)."""
    if query is None:
        return []
    items = [item_of(query, row, version.d) for row in version.rows(query["register"])]
    returns = [e for e in items if e and e.period and period_named(e.period).last <= e.day]
    if returns:
        special("nil returns", version)
    return returns


WAIVER = ("duty", "subject", "reason", "approved by", "from", "until")


def waiver_state(row: RegisterRow, d: Date) -> str:
    """The state of a waiver on D. Until all its cells are filled in it has no effect."""
    if not all(row[column].state == READ and row[column].value for column in WAIVER):
        return "incomplete"
    first, until = row["from"].value, row["until"].value
    if until < first:
        return "dates the wrong way round"
    return "in force" if first <= d <= until else "expired" if until < d else "not yet"


Thing = tuple[str, ...]  # what an obligation is about: a subject, an event, or both


def things(obligation: RecheckedObligation) -> dict[Thing, set[str]]:
    """What an obligation is about, if it can be read: each thing by its keys, with the names that a
    waiver may give it: the key, the title, and for a subject and an event together the text of
    reports. 'all' and 'office' name nothing else."""
    subject, event = obligation.subject, obligation.event
    names: dict[Thing, set[str]] = {}
    if obligation.uncertain_row:
        return names
    member = obligation.version["asked"].get(subject.member, {}).get("title", "")
    if subject.key:
        texts = {subject.key, label(subject.row), member, printed(subject.row)}
        names["subject", subject.key] = texts
    if event.key:
        names["event", event.key] = {event.key, label(event.row), printed(event.row)}
    if subject.key and event.key and event.row:
        text = f"{event.row.key.text}, {subject.row.key.text if subject.row else member}"
        title = label(subject.row or event.row)
        names["both", event.key, subject.key] = {text, f"{text} ({title})" if title else ""}
    named = {thing: {normal(e) for e in names[thing]} - {"", "all", "office"} for thing in names}
    return named or {("office",): {"office"}}


def things_by_name(obligations: Sequence[RecheckedObligation]) -> dict[str, set[Thing]]:
    """What obligations are about, by each name that a waiver may give it."""
    by_name: dict[str, set[Thing]] = {}
    for obligation in obligations:
        for thing, names in things(obligation).items():
            for name in names:
                by_name.setdefault(name, set()).add(thing)
    return by_name


def label(row: RegisterRow | None) -> str:
    """The title of a row, if it has one that may be shown."""
    title = row[row.register["label"]] if row else Cell(NOTHING)
    return title.text if title.state == READ else ""


def printed(row: RegisterRow | None) -> str:
    """A row as reports print it, with its title; '' if it has none."""
    title = label(row)
    return f"{row.key.text} ({title})" if row and title else ""


def waive(version: DutyVersion, obligations: Sequence[RecheckedObligation]) -> None:
    """Applies the waivers of a duty: they change due, overdue and not yet due of what they name,
    and, if they cover all subjects, also cannot tell and not assessed. A waiver whose name fits two
    things has no effect (semantics.md: Waiver)."""
    names = set()
    for row in version.rows("waivers") if version.duty["waivable"] else ():
        in_force = waiver_state(row, version.d) == "in force"
        if in_force and normal(row["duty"].value) in version.duty["names"]:
            names.add(normal(row["subject"].value))
    if not names:
        return
    special("waivers", version)
    fits = [fitting for name, fitting in things_by_name(obligations).items() if name in names]
    covered = {thing for fitting in fits if len(fitting) == 1 for thing in fitting}
    for_all = "all" in names
    for obligation in obligations:
        is_covered = for_all or not covered.isdisjoint(things(obligation))
        changed = {"due", "overdue", "not_yet_due"} if is_covered else set()
        changed |= {"cannot_tell", "not_assessed"} if for_all else set()
        if obligation.status in changed and not obligation.past:
            obligation.status = "waived"


# ================================================================================= 10. SMALL PRINT
# How files, sheets and texts are read, the days of a period, how results are laid out and compared,
# and the command. A fault here would misread a cell, take a wrong line for evidence, mistake the
# days of a period, or miss a difference.

# The pack: its files, opened and compared with their hashes.

# The limits. Of a pack: files, the bytes of the pack and of its files, and the bytes of its
# directory. Of a workbook in it: its unpacked bytes, cells, the cells of all its merges, and the
# rows of a sheet times its columns.
MOST_FILES, MOST_BYTES, MOST_NAMES = 5_000, 2**30, 2**24
MOST_UNFOLDED, MOST_CELLS, MOST_MERGED, MOST_AREA = 2**28, 2_000_000, 1_000_000, 20_000_000


class NotCheckable(Exception):
    """The pack cannot be checked; the message is the reason."""


def open_file(path: Path) -> io.FileIO:
    """Opens a file of bounded size. A pipe or device is refused: it might never end."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = io.FileIO(os.open(path, flags))
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
        file.close()
        raise NotCheckable(f"{path} is not a file, or is larger than {MOST_BYTES // 2**20:,} MB.")
    return file


class Bounded(io.BufferedReader):
    """A file that reads at most ``most`` bytes at once."""

    most = MOST_NAMES

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes. zipfile reads the directory of an archive in one call, of the length that
        the archive claims."""
        size = self.most if size is None or size < 0 else size
        if size > self.most:
            raise zipfile.BadZipFile("it says that its directory is longer than any")
        return super().read(size)


@contextlib.contextmanager
def open_zip(file: io.RawIOBase) -> Iterator[zipfile.ZipFile]:
    """Opens a zip file whose directory has a bounded length."""
    with Bounded(file) as bounded, zipfile.ZipFile(bounded) as archive:
        bounded.most = MOST_BYTES
        yield archive


def open_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack by name. Nothing is unpacked, and no more is read than is announced."""
    try:
        with open_zip(open_file(path)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            size = sum(info.file_size for info in infos)
            names = {info.filename for info in infos}
            if len(names) < len(infos) or len(infos) > MOST_FILES or size > MOST_BYTES:
                raise NotCheckable("A name is in the pack twice, or the pack is too large.")
            return {info.filename: archive.open(info).read(info.file_size) for info in infos}
    except (OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise NotCheckable(f"{path} cannot be opened as a pack: {error}.") from None


def unique_keys(pairs: list[tuple[str, Value]]) -> Json:
    """An object of a JSON file. Raises NotCheckable if it has a key twice."""
    if len(dict(pairs)) < len(pairs):
        raise NotCheckable("A JSON file of the pack gives one key twice.")
    return dict(pairs)


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Pack:
    """The pack's files by name, the three that are read first, and the results of the check."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.differences: list[str] = []
        self.notes: list[str] = []
        self.uncompared: list[str] = []  # files of evidence, and cells, that cannot be read here
        self.manifest = self.read_json("manifest.json", "dueregard-pack-1")
        assessment = self.read_json("assessment.json", "dueregard-assessment-2")
        self.rows = list(cited_rows(assessment))
        self.assessment = expand_assessment(assessment)
        self.book = self.read_json("rulebook.json", "dueregard-rulebook-6")
        mapping = self.files.get("mapping.json", b"[]").decode("utf-8")
        self.mapping: list[Json] = json.loads(mapping, object_pairs_hook=unique_keys)
        self.mapping_part: Value = load_mapping_part() if self.mapping else None

    def must(self, condition: object, sentence: str) -> None:
        """Notes a difference if a condition is not true."""
        if not condition:
            self.differences.append(sentence)

    def read_json(self, name: str, form: str) -> Json:
        """A JSON file of the pack. Raises NotCheckable if it is not of that form."""
        data: Json = json.loads(self.files[name].decode("utf-8"), object_pairs_hook=unique_keys)
        if data["format"] != form:
            raise NotCheckable(f"{name} is not of the form {form!r}.")
        return data

    def read_csv(self, name: str) -> list[Line]:
        """The lines of a CSV file of the pack, without the apostrophe that was put before each text
        that a spreadsheet could take for a formula."""
        csv.field_size_limit(2**27)
        lines = csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"), newline=""))
        return [{k: (v or "").removeprefix("'") for k, v in line.items()} for line in lines]


# The files that a pack may have beside the rules, the evidence and the SOP.
OWN_FILES = {"README.txt", "assessment.json", "rulebook.json", "mapping.json", "ledger.txt"}
OWN_FILES |= {"evidence/cells.csv", "evidence/sheets.csv", "recheck.py", "recheck_mapping.py"}


def check_files(pack: Pack) -> None:
    """Checks that the files are those that were packed, and those that the assessment names."""
    claimed, packed = pack.assessment, pack.manifest["files"]  # packed: the hash of each file
    hashes = {name: sha256(data) for name, data in pack.files.items() if name != "manifest.json"}
    for name in sorted(packed.keys() | hashes.keys()):
        unchanged = hashes.get(name) == packed.get(name)
        pack.must(unchanged, f"{name}: it was changed, removed or added after the pack was made.")
    names = set(OWN_FILES)
    for stamp in claimed["evidence"]:
        name = pack.manifest["evidence"].get(stamp["file"])  # in the pack
        if name is None:
            words = f"The pack was made without the evidence file {stamp['file']}."
            raise NotCheckable(f"{words} Ask for one that was made with --evidence.")
        compare(pack, stamp["file"], stamp, {"sha256": hashes.get(name)})
        names.add(name)
    for name in sorted((packed.keys() & hashes.keys()) - names):
        rules = name.startswith("rulebook/") and name.endswith(".yaml")
        pack.must(rules or name.startswith("sop/"), f"{name}: it is not a file of this pack.")
    sop = {hashes[name]: name for name in hashes if name.startswith("sop/")}
    stamps = [stamp for stamp in (claimed["sop"], *claimed["earlier_sop"]) if stamp]
    quoted = {stamp["sha256"] for stamp in stamps} - {""}
    for digest, name in sop.items() if quoted else ():
        pack.must(digest in quoted, f"{name}: it is not a document that the assessment quotes.")
    if quoted - sop.keys():
        pack.notes.append("The pack does not contain the SOP that the assessment quotes.")
    compare(pack, "mapping", claimed.get("mapping"), {"sha256": hashes.get("mapping.json")})
    files = sorted(filter(re.compile(r"(?s)rulebook/.*\.yaml").fullmatch, hashes))
    parts = [part for name in files for part in (name[9:].encode(), pack.files[name])]
    digest = sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts))
    compare(pack, "rulebook", claimed["rulebook"], {"sha256": digest})
    pack.must(
        pack.book["sha256"] == digest,
        "rulebook.json: it was made from other files than those in rulebook/.",
    )


def check_ledger(pack: Pack) -> None:
    """Checks that the ledger's chain of hashes is complete and contains this assessment."""
    previous = "0" * 64  # no entry is before the first
    assessment = sha256(pack.files["assessment.json"])
    numbers: list[str] = []
    positions: list[Json] = []
    for number, line in enumerate(pack.files["ledger.txt"].decode("utf-8").splitlines()):
        entry = json.loads(line)
        follows = (entry["number"], entry["previous"]) == (number, previous)
        pack.must(follows, f"ledger.txt: its chain is broken at entry {number}.")
        previous = sha256(line.encode())
        if entry["kind"] == "check" and entry["assessment"] == assessment:
            check_entry(pack, entry)
            if not numbers and entry.get("position"):
                check_trend(pack, positions)
            numbers.append(str(number))
        if entry["kind"] == "check" and entry.get("position") and not entry["known_by"]:
            positions.append(entry)
    pack.must(numbers, "ledger.txt: this assessment was not recorded in it.")
    pack.notes.append(
        f"The ledger names this assessment in entry {', '.join(numbers)}. Its head is {previous}: "
        "compare it with a head that was kept elsewhere."
    )


def check_entry(pack: Pack, entry: Json) -> None:
    """Checks that the entry of this assessment says of it what the assessment says itself. An older
    entry does not say everything."""
    claimed = pack.assessment
    stamps = [stamp for stamp in (claimed["sop"], *claimed["earlier_sop"]) if stamp]
    own = {name: claimed[name] for name in ("as_of", "known_by", "records_begin")}
    own |= {
        "evidence": [stamp["sha256"] for stamp in claimed["evidence"]],
        "mapping": (claimed.get("mapping") or {}).get("sha256"),
        "sop": (claimed["sop"] or {}).get("sha256"),
        "sop_versions": [{k: s[k] for k in ("version", "sha256")} for s in stamps if s.get("file")],
        "rulebook": {k: claimed["rulebook"][k] for k in ("id", "version", "sha256")},
        "program": {k: claimed["program"][k] for k in ("version", "engine")},
        "position": own_position(claimed) | {"office": claimed.get("office", "")},
    }
    for name, value in own.items():
        said, number = entry.get(name, value), entry["number"]
        if isinstance(value, dict):
            said = {k: (said or {}).get(k) for k in value}
        pack.must(said == value, f"ledger.txt: entry {number}: its {name} is not the assessment's.")


def own_position(claimed: Json) -> Json:
    """How many of the office's duties are overdue, due, met, and overdue for 90 days or longer."""
    counts = claimed["status"]["office"]["duties"]
    long_overdue = sum(
        any(e["status"] == "overdue" and (e["days"] or 0) <= -90 for e in duty["obligations"])
        for duty in claimed["duties"]
        if duty["answers"] == "office"
    )
    return {k: counts[k] for k in ("overdue", "due", "met")} | {"long_overdue": long_overdue}


def check_trend(pack: Pack, earlier: Sequence[Json]) -> None:
    """Checks the trend: the last check of each month, among those recorded before this one (the
    last of each day) for the same office and rulebook, and this one; none if it is alone."""
    claimed = pack.assessment
    whose, as_of = (claimed["rulebook"]["id"], claimed.get("office", "")), claimed["as_of"]
    days = {}
    for entry in earlier:
        position = dict(entry["position"])
        if (entry["rulebook"]["id"], position.pop("office")) == whose and entry["as_of"] < as_of:
            days[entry["as_of"]] = {"as_of": entry["as_of"]} | position
    days[as_of] = {"as_of": as_of} | own_position(claimed)
    months = {day[:7]: days[day] for day in sorted(days)}  # the last day of a month replaces others
    first = f"{int(as_of[:4]) - 3}{as_of[4:7]}"  # three years ago, which is left out
    found = [point for month, point in months.items() if month > first]
    right = claimed.get("trend", []) == (
        found if len(found) > 1 and not claimed["known_by"] else []
    )
    pack.must(right, "trend: it is not that of the checks before this one in ledger.txt.")


# Periods.

# The months of a period, and a month of the year in which one begins.
PERIODS = {"financial year": (12, 4), "calendar year": (12, 1), "quarter": (3, 1), "month": (1, 1)}


class CalendarPeriod(NamedTuple):
    """A period: its kind, its label (2025/26, 2025/26 Q3, 2025, 2025-07), and its days."""

    kind: str
    label: str
    first: Date
    last: Date


def period_of(kind: str, day: Date) -> CalendarPeriod:
    """The period of a kind that contains a day."""
    months, begins = PERIODS[kind]
    first = add(day.replace(day=1), ((day.month - begins) % months, "months"), -1)
    label = first.isoformat()[: 4 if kind == "calendar year" else 7]
    if kind in ("financial year", "quarter"):
        year = add(first, (3, "months"), -1)  # of the financial year, as if it began in January
        quarter = f" Q{year.month // 3 + 1}" if kind == "quarter" else ""
        label = f"{year.year}/{(year.year + 1) % 100:02}{quarter}"
    return CalendarPeriod(kind, label, first, add(first, (months, "months")) - DAY)


@functools.lru_cache(maxsize=1_000)
def period_named(label: str) -> CalendarPeriod:
    """The period with a label."""
    marks = {"Q": "quarter", "/": "financial year", "-": "month", "": "calendar year"}
    kind = next(kind for mark, kind in marks.items() if mark in label)
    months = 3 * int(label[-1]) if "Q" in label else 3 if "/" in label else int(label[5:] or 1) - 1
    return period_of(kind, add(Date(int(label[:4]), 1, 1), (months, "months")))


# Values.

IGNORED = str.maketrans("", "", " .\u2026?()[]{}<>")  # in words that say nothing: T.B.C.?


@functools.lru_cache(maxsize=100_000)
def says_nothing(text: str, words: frozenset[str]) -> bool:
    """Whether a text is one of the words that say nothing, or has neither letters nor digits
    (semantics.md: Words that say nothing)."""
    bare = normal(text).translate(IGNORED)
    return not any(letter.isalnum() for letter in text) or bare in words


UNSEEN = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
LINK = re.compile(  # an address, or a whole path
    r'https://[\w.-]+(?::[0-9]{1,5})?(?:[/?#][^"<>\\]*)?'
    r'|file://[^"<>\\]+'
    r'|(?:[a-z]:[\\/]|\\\\\w|/\w)[^"<>|*?]*',
    re.IGNORECASE,
)
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\u2015"


def read_value(column: Json, kind: str, cell: Raw, words: frozenset[str]) -> Value:
    """The value of a cell of any type but day; None if it cannot be read."""
    text, word = cell.text, normal(cell.text)
    if kind == "code":  # hyphens and spaces make no difference
        return column["words"].get(re.sub(rf"[\s\-_{DASHES}]+", "", word))
    if kind == "yes/no":
        return {"yes": True, "no": False}.get(normal(column["words"].get(word, "")))
    if kind == "period":
        return read_period(cell, column["periods"])
    if kind == "number":
        number = r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?"
        m = re.fullmatch(number, spaced(text))
        return int(m[1].replace(",", "")) if m else None
    if kind in ("text", "link", "key"):
        value = word if kind == "key" else text.strip()
        fits = len(value) <= 2000 and value.isprintable() and LINK.fullmatch(value)
        return None if says_nothing(text, words) or (kind == "link" and not fits) else value
    parts = [*filter(spaced, re.split(r"[;\n\r]", text))]
    if kind == "keys":
        return frozenset(normal(e) for e in parts if not says_nothing(e, words)) or None
    codes: list[Value] = []
    for part in parts:
        code = read_value(column, "code", Raw(part), words)
        by_commas = part.split(",") if code is None else ()
        codes += [read_value(column, "code", Raw(comma), words) for comma in by_commas] or [code]
    return frozenset(codes) if codes and None not in codes else None


# Days and periods: the day first, always. A year of two digits is of this century.
MONTH = {name.lower()[:n]: i for i, name in enumerate(calendar.month_name) for n in (3, 9) if i}
WEEKDAY = {name.lower()[:n]: i for i, name in enumerate(calendar.day_name) for n in (3, 9)}
MONTH |= {"sept": 9}
WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}

# The parts of texts: day (d), month (m) and year (y); the next year (n).
D, M, NAME, NTH = "(?P<d>[0-9]{1,2})", "(?P<m>[0-9]{1,2})", "(?P<m>[a-z]+)", "(?:st|nd|rd|th)?"
YY, Y, N = "(?P<y>[0-9]{2})", "(?P<y>[0-9]{4})", "(?P<n>[0-9]{4}|[0-9]{2})"
Y_OR_YY, SEP, SAME = "(?P<y>[0-9]{4}|[0-9]{2})", " ?(?P<sep>[/.-]) ?", " ?(?P=sep) ?"
FY = r"(?:(?:financial year|fy|f/y)\b *|fy(?=[0-9]))"
FORMS = {
    "day": (
        D + SEP + M + SAME + Y_OR_YY,
        Y + SEP + M + SAME + D,
        rf"{D}{NTH}(?: of)?[ ./,-]*{NAME}[ ./,'\u2019-]*{Y_OR_YY}",
    ),
    "month first": (M + SEP + D + SAME + Y_OR_YY, f"{NAME}[ ./-]*{D}{NTH}[ ,./-]+{Y_OR_YY}"),
    "month": (f"{Y}-{M}", f"{M}/{Y}", rf"{NAME}\.?[ -]*'?{Y_OR_YY}"),
    "calendar year": (f"(?:calendar year |cy |year )?{Y}",),
    "financial year": (f"(?:{FY})?{Y} ?(?:/|-|to) ?{N}", f"{FY}{YY} ?[/-] ?(?P<n>[0-9]{{2}})"),
}
TIME = re.compile(  # a time with a zone is not removed, so that text is not a day
    r"(?:(?<=[0-9])t|,? (?:at )?)(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
    r"(?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)? ?(?:am|pm)?$"
)
# In days, characters that look like a slash or a hyphen are read as one.
LOOKALIKES = str.maketrans("\u2044\u2215\uff0f" + DASHES[:6], "///------", "\u200e\u200f")


def day_in(form: str, text: str) -> Date | None:
    """The day that a text of a form names: the first of its month, or of April of its year."""
    for m in filter(None, (re.fullmatch(pattern, text) for pattern in FORMS[form])):
        parts: Json = {"m": 4, "d": 1, "n": ""} | m.groupdict()
        year, month = int(f"20{parts['y']}"[-4:]), str(MONTH.get(parts["m"], parts["m"]))
        right = 1900 <= year <= 2099 and str(year + 1).endswith(parts["n"])
        try:
            return Date(year, int(month), int(parts["d"])) if right else None
        except ValueError:
            return None
    return None


def text_day(text: str) -> tuple[Date | None, Date | None]:
    """The day that a text names, without its time; and the day that it names month first."""
    text = " ".join(text.translate(UNSEEN | LOOKALIKES).lower().split())
    text = TIME.sub("", text.removeprefix("'").rstrip(" .,;"))
    weekday = re.match(rf"({'|'.join(WEEKDAY)})[., ]+(?=[0-9])", text)
    text = text[weekday.end() :] if weekday else text
    day, month_first = day_in("day", text), day_in("month first", text)
    wrong = weekday and day and day.weekday() != WEEKDAY[weekday[1]]
    return (None, None) if wrong else (day, month_first)


def readable_days(cells: Sequence[Raw]) -> list[Date | None]:
    """The days that the cells of a column name, day first; None if a cell names none. If one of
    them is a day only month first (05/13/2026, May 4 2026), the column mixes orders: 04/05/2026
    could then be either of two days, and is none; 05/05/2026 and 13/05/2026 are read."""
    kinds = ("text", "day", "day and time")
    both = [text_day(cell.text) if cell.kind in kinds else (None, None) for cell in cells]
    mixed = any(day is None and month_first for day, month_first in both)
    return [None if mixed and other not in (None, day) else day for day, other in both]


def read_period(cell: Raw, kinds: Sequence[str]) -> str | None:
    """The label (2025/26, 2025/26 Q3, 2025, 2025-07) of the period of one of these kinds that a
    cell names; None if it names none, or could mean two. 25/26 needs a word before it."""
    if cell.kind in ("day", "day and time"):  # Excel turns July 2025 into 1 July 2025
        return cell.text[:7] if "month" in kinds and cell.text[7:] == "-01" else None
    text = re.sub(f"[{DASHES}]", "-", normal(cell.text))
    q = re.search(r"\b(?:quarter|qtr|q)\.? ?([0-9]+)\b|(?<=[0-9])q([0-9]+)\b", text)
    text = f"{text[: q.start()]} {text[q.end() :]}".strip(" ,:;-()") if q else text
    days = {kind: day for kind in FORMS.keys() & PERIODS if (day := day_in(kind, text))}
    if q:
        year, n = days.get("financial year"), int(q[1] or q[2])
        days = {"quarter": add(year, (3 * n - 3, "months"))} if year and 1 <= n <= 4 else {}
    labels = [period_of(kind, day).label for kind, day in days.items() if kind in kinds]
    return labels[0] if len(labels) == 1 else None


# Sheets: how the lines of cells.csv become rows, and the kind of each line.


class EvidenceSheet(NamedTuple):
    """A sheet of evidence."""

    file: str
    name: str
    register: str  # the register of its name; '' if there is none
    why_not_read: str  # '' if it was read
    columns: dict[str, str]  # those of the register, by letters
    rows: dict[int, dict[str, Raw]]  # by number, then by letters
    # of a sheet that a mapping reads, in place of columns and rows: its table, the records of the
    # register, and unreadable cells that decide what is a record (recheck_mapping.py)
    table: Value = None
    records: Sequence[Value] = ()
    faults: Sequence[str] = ()
    begun: bool = True  # False if its only rows are marked as examples: it was not provided
    gives: Json | None = None  # what the mapping says of the register
    headings: Mapping[str, str] = types.MappingProxyType(
        {}
    )  # all of a sheet without mapping, by letters


def read_sheets(pack: Pack, cells: Sequence[Line]) -> list[EvidenceSheet]:
    """The sheets. `read_sheet` checks the kind of each line."""
    by_sheet: dict[tuple[str, str], dict[int, list[Line]]] = {}
    for cell in sorted(cells, key=lambda e: (int(e["row"]), len(e["letters"]), e["letters"])):
        rows = by_sheet.setdefault((cell["file"], cell["sheet"]), {})
        rows.setdefault(int(cell["row"]), []).append(cell)
    places = {(cell["file"], cell["sheet"], int(cell["row"]), cell["letters"]) for cell in cells}
    pack.must(len(places) == len(cells), "evidence/cells.csv: it lists one cell twice.")
    lines, sheets = pack.read_csv("evidence/sheets.csv"), []
    times = Counter((line["file"], heading(line["sheet"])) for line in lines)
    for line in lines:
        rows = by_sheet.pop((line["file"], line["sheet"]), {})
        same = times[line["file"], heading(line["sheet"])]
        part = pack.mapping_part
        if part and (tables := part.mapped_tables(pack.mapping, line["file"], line["sheet"])):
            sheets += read_mapped_sheet(pack, line, rows, same, tables)
        else:
            sheets.append(read_sheet(pack, line, rows, same))
    files = {stamp["file"] for stamp in pack.assessment["evidence"]}
    right = files == {sheet.file for sheet in sheets} and not by_sheet
    sheets += sheets_that_are_gone(pack, lines)
    pack.must(right, "evidence/sheets.csv: it names other files or sheets than the assessment.")
    return sheets


def read_sheet(pack: Pack, line: Line, rows: Mapping[int, list[Line]], times: int) -> EvidenceSheet:
    """One sheet, from its line of sheets.csv and its rows of cells.csv. Checks that it has the
    register of its name, was read or left out for the right reason, and that each row may be of its
    kind. ``times``: how many sheets of the file have its name."""
    place, register = f"{line['file']}!{line['sheet']}", line["register"]
    names = pack.book["registers"][register]["headings"] if register else {}
    for cell in itertools.chain.from_iterable(rows.values()):
        cell["means"] = names.get(heading(cell["text"]), "")  # as a heading
        cell["source"] = cell["merged with"] or f"{cell['letters']}{cell['row']}"
    head = None if times > 1 else heading_row(rows, min(2, len(set(names.values()))))
    why = "" if not register else "same name" if times > 1 else "" if head else "no headings"
    if head and has_second_table(rows, head):
        head, why = None, "second table"
    right = register == pack.book["sheets"].get(heading(line["sheet"]), "")
    pack.must(right and why == line["not read"], f"{place}: it was read or left out wrongly.")
    headings = rows[head] if head else []
    columns = {cell["letters"]: cell["column"] for cell in headings if cell["column"]}
    sheet = EvidenceSheet(line["file"], line["sheet"], register, why, columns, {})
    sheet = sheet._replace(headings={e["letters"]: heading(e["text"]) for e in headings})
    for number, row in rows.items():
        kinds = {cell["line"] for cell in row}
        shipped = head and number > head and is_shipped_example(pack, register, row)
        possible = {"example"} if shipped else possible_kinds(number, row, head)
        right = len(kinds) == 1 and kinds <= possible
        right = right and all(e["column"] == columns.get(e["letters"], "") for e in row)
        words = f"its line is not of the given kind: {', '.join(sorted(kinds))}."
        pack.must(right, f"{place}!row {number}: {words}")
        if "row" in kinds:
            sheet.rows[number] = {e["letters"]: Raw(e["text"], e["kind"]) for e in row}
    below = {cell["line"] for number, row in rows.items() if head and number > head for cell in row}
    return sheet._replace(begun=below != {"example"})


def load_mapping_part() -> Value:
    """recheck_mapping.py, which is beside this file. An import would write a file of its own."""
    path = Path(__file__).with_name("recheck_mapping.py")
    if not path.is_file():
        raise NotCheckable(f"The pack has a mapping. Put {path.name} beside recheck.py.")
    part = types.ModuleType(path.stem)
    exec(compile(path.read_bytes(), path, "exec"), vars(part))
    return part


def sheets_that_are_gone(pack: Pack, lines: Sequence[Line]) -> Iterator[EvidenceSheet]:
    """Those that the mapping names and a file of theirs does not have: they cannot be read
    (mapping.md: A table of a sheet)."""
    names: dict[str, set[str]] = {}
    for line in lines:
        names.setdefault(line["file"], set()).add(heading(line["sheet"]))
    for file, table in itertools.product(names, pack.mapping):
        sheet = table.get("sheet", "")
        is_gone = sheet and heading(sheet) not in names[file]
        if is_gone and pack.mapping_part.is_file(table["file"], file):
            for gives in table["gives"]:
                yield EvidenceSheet(file, sheet, gives["register"], "gone", {}, {})


def read_mapped_sheet(
    pack: Pack, line: Line, rows: Mapping[int, list[Line]], times: int, tables: Sequence[Json]
) -> list[EvidenceSheet]:
    """A sheet that tables of the mapping read, once for each register that they give. Checks that
    the mapping was what read it. ``times``: how many sheets of the file have its name."""
    cells, place = [*itertools.chain.from_iterable(rows.values())], (line["file"], line["sheet"])
    right = (line["register"], line["not read"]) == ("", "mapped")
    right = right and all((e["line"], e["column"]) == ("mapped", "") for e in cells)
    pack.must(right, f"{'!'.join(place)}: the mapping reads it, and it was read otherwise.")
    if not any(mapping["gives"] for mapping in tables):  # it is not evidence
        return [EvidenceSheet(*place, "", "", {}, {})]
    part, sheets = pack.mapping_part, []
    for mapping in tables:
        struck, day_of = line.get("struck", "").split(), lambda text: text_day(text)[0]
        table = part.table_of(mapping, line["sheet"], cells, struck, day_of, title_says)
        begun = not part.has_only_examples(table)
        for gives in mapping["gives"]:
            register = pack.book["registers"][gives["register"]]
            reading = part.records_of(table, gives, register)
            why = "same name" if times > 1 else "headings" if reading is None else ""
            sheet = EvidenceSheet(*place, register["id"], why, {}, {}, table, *(reading or ()))
            sheets.append(sheet._replace(begun=begun, gives=gives))
    return sheets


def heading_row(rows: Mapping[int, list[Line]], least: int) -> int | None:
    """The number of the row of headings: of the first 30 rows the first with at least two of the
    register's columns, and half as many as the row with most; the row below it if that has more."""
    first = [number for number in rows if number < min(rows) + 30]
    known = {number: len({cell["means"] for cell in rows[number]} - {""}) for number in first}
    least = max(1, least, (max(known.values(), default=0) + 1) // 2)
    head = next((number for number in first if known[number] >= least), None)
    while head and known.get(head + 1, 0) > known[head]:
        head += 1
    return head


def has_second_table(rows: Mapping[int, list[Line]], head: int) -> bool:
    """Whether a second table is below the first or beside it (evidence-states.md: A second
    table)."""
    return has_table_beside(rows, head) or has_table_below(rows, head)


def has_table_beside(rows: Mapping[int, list[Line]], head: int) -> bool:
    """Whether a blank column is between two columns of the register, and to the right of it one
    with a heading that is none of the register's."""
    known = {number_of(e["letters"]): e["means"] for e in rows[head]}
    once = [number_of(e["letters"]) for e in rows[head] if e["means"] in headed_once(rows[head])]
    others = [number for number, means in known.items() if not means]
    cells = itertools.chain.from_iterable(row for n, row in rows.items() if n >= head)
    filled = {number_of(cell["letters"]) for cell in cells}
    blank = set(range(min(once, default=0), max(once, default=0))) - filled
    return bool(blank) and max(others, default=0) > min(blank)


def headed_once(row: Sequence[Line]) -> set[str]:
    """The register's columns that one cell of the row of headings names, which may be merged."""
    times = Counter(means for means, _ in {(e["means"], e["source"]) for e in row})
    return {means for means, number in times.items() if means and number == 1}


def has_table_below(rows: Mapping[int, list[Line]], head: int) -> bool:
    """Whether a row below the headings contains other headings, or the same under a title; or
    whether the title of a row says that the rows below it are not those of the sheet."""
    headings = {cell["letters"]: cell for cell in rows[head] if cell["means"]}
    once = headed_once(rows[head])
    above = {normal(e["text"]) for n, row in rows.items() if n < head for e in row}

    def repeats(cell: Line) -> bool:
        top = headings[cell["letters"]]
        same = heading(cell["text"]) == heading(top["text"])
        return same or (top["means"] in once and cell["means"] == top["means"])

    first_read = min(map(number_of, headings))
    title, is_undone, any_data, on_top = "", False, False, False
    for row in (row for number, row in sorted(rows.items()) if number > head):
        own = [cell for cell in row if not cell["merged with"]]
        if not own or any(is_example(cell["text"]) for cell in own):
            continue
        in_register = [cell for cell in own if cell["letters"] in headings]
        has_fault = any(cell["kind"] in ("error", "formula") for cell in own)
        again = 0 if has_fault else sum(map(repeats, in_register))
        has_other = again > 1 and 2 * again >= len(in_register)
        if len(own) == 1 and own[0]["kind"] == "text":
            if re.fullmatch(TOTAL, normal(own[0]["text"])):
                continue
            title = own[0]["text"]
            if any_data and on_top:  # the title right below the headings was no remark on them
                return True
            before = number_of(own[0]["letters"]) < first_read
            if (in_register or before) and "undone" in title_says(title):
                is_undone, on_top = is_undone or any_data, on_top or not any_data
        elif again > 1 and again == len(in_register):
            if title and normal(title) not in above and "another" in title_says(title):
                return True
        elif is_undone or has_other or are_new_headings(rows, head, own):
            return True
        else:
            title, any_data = "", True
    return False


def are_new_headings(rows: Mapping[int, list[Line]], head: int, own: Sequence[Line]) -> bool:
    """Whether the cells of a row are the headings of another table: short texts without a figure,
    one of them a heading, above a row and below a blank one or a title."""
    number = int(own[0]["row"])
    own_of = {
        n: [e for e in rows.get(n, ()) if not e["merged with"]] for n in (number - 1, number + 1)
    }
    if number - 1 <= head or len(own_of[number - 1]) > 1 or not own_of[number + 1]:
        return False
    known = {heading(cell["text"]) for cell in rows[head]}
    plain = all(
        e["kind"] == "text" and len(e["text"]) <= 40 and not any(map(str.isdigit, e["text"]))
        for e in own
    )
    return plain and any(e["means"] or heading(e["text"]) in known for e in own)


# The titles of a page or of a period, below which the same table goes on; and the beginnings of
# those that say that the rows below them are not what the sheet lists.
SAME_TABLE = re.compile(
    r"page\b.*|.*\bcont(?:inued|'?d)?\b.*"
    rf"|(?:(?:financial|calendar) year|fy|q[1-4]|quarter [1-4]|{'|'.join(MONTH)}|[ ,:-])*"
    r"(?:20[0-9]{2})?(?: ?[/-] ?[0-9]{2,4})?"
)
NOT_THESE = re.compile(
    r"(?!(?:fail|book)-)(?:not\b|refus|reject|declined|denied|deny(?:ing)?\b|turned down|revoke"
    r"|rescind|withdr[ae]w|no longer"
    r"|cancel|canx?c?\b|abandon|postpone|defer(?:red|ral|s)?\b|void(?:ed)?\b|fail(?:ed|ing|ure|s)?\b"
    r"|absent|dna\b|d\.n\.a|did ?n[o']t|didn.t|no[ -]?show|never|supersede|replaced|abort"
    r"|called off|stood down|missed|deleted|left out|plan(?:ned|s)\b|await|book(?:ed|ings?)?\b"
    r"|waiting|pending|outstanding|to be [a-z]|next\b|provisional|proposed|reserves?\b"
    r"|to (?:do|book|attend|complete|arrange|follow|chase)\b|(?:needs?|still|yet) to\b"
    r"|(?:re)?schedul(?:ed|ing)\b|upcoming|forthcoming|future\b|in progress|incomplete|overdue\b"
    r"|due$|tb[acd]\b|drafts?\b|invit(?:ed|ations?)\b|nominat(?:ed|ions?)\b"
    r"|un(?:agreed|approved|completed?|confirmed|finished|signed)\b|ignore|do not\b|don.t\b"
    r"|templates?\b|examples?\b|test (?:data|rows?)\b|removed\b|(?:for|to be) deletion\b"
    r"|duplicates?\b|errors?$|entered in error|expired|lapsed|apologies|d?dim\b|heb\b)"
    r"|.*\b(?:booked|cancell?ed|postponed|withdrawn|rejected|declined|outstanding|provisional"
    r"|(?:waiting|reserve) list|did(?: not|n't)|no[ -]shows?|non[ -]attend\w*|to book"
    r"|not (?:attend(?:ed|ing)|be counted|completed|count(?:ed)?|done|held|passed|to be|yet))\b"
)


def title_says(text: str) -> frozenset[str]:
    """What a title says of the rows below it: 'another', that they are another table; 'undone',
    that they are not what the sheet lists."""
    title = normal(text)
    another = not SAME_TABLE.fullmatch(title)
    undone = len(spaced(text)) <= 40 and NOT_THESE.match(title.lstrip("-\u2013\u2014*\u2022=>#( "))
    return frozenset(["another"] * another + ["undone"] * bool(undone))


def possible_kinds(number: int, row: list[Line], head: int | None) -> set[str]:
    """The kinds that a line may have, given the row of headings. Any line below it may be a row,
    unless it is marked as an example."""
    if head is None or number < head:
        return {"not read" if head is None else "above"}
    if number == head:  # of a heading merged over several columns at least one is its own
        used = {(cell["source"], cell["column"]) for cell in row if cell["column"]}
        known = {(cell["source"], cell["means"]) for cell in row if cell["means"]}
        return {"headings"} if used == known else set()
    if any(is_example(cell["text"]) for cell in row if not cell["merged with"]):
        return {"example"}
    numbers = ("number", "error", "formula")  # an error or a formula may replace a number
    texts = ["0" if cell["kind"] in numbers else normal(cell["text"]) for cell in row]
    total = re.fullmatch(rf"{TOTAL}(?:\n(?:{TOTAL}|{FIGURE}))*", "\n".join(texts))
    meanings = [cell["means"] for cell in row if cell["column"]]
    kinds = {"row": True, "total": total, "beside": not meanings, "headings again": all(meanings)}
    return {kind for kind, possible in kinds.items() if possible}


def is_shipped_example(pack: Pack, register: str, row: Sequence[Line]) -> bool:
    """Whether the cells of a row, but its key, are those of the example row of the blank workbook
    (evidence-states.md: Example rows)."""
    spec = pack.book["registers"][register]
    own = [cell for cell in row if not cell["merged with"]]
    texts = {
        cell["column"]: cell["text"] for cell in own if cell["column"] not in ("", spec["key"])
    }
    faulty = any(cell["kind"] in ("error", "formula") for cell in own)
    if not spec["example"] or faulty or texts.keys() != spec["example"].keys():
        return False

    def same(name: str, example: str) -> bool:
        if spec["columns"][name]["type"] == "day":
            return text_day(texts[name])[0] == text_day(example)[0]
        return spaced(texts[name]).lower() == spaced(example).lower()

    return all(same(name, example) for name, example in spec["example"].items())


def is_example(text: str) -> bool:
    """Whether a cell marks its row as an example, which never counts (evidence-states.md: Example
    rows)."""
    return normal(text).startswith("example (not counted)")


TOTAL = r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?"
FIGURE = r"[-+\u00a3]?[0-9][0-9.,]*%?"


def rows_of(sheet: EvidenceSheet, register: Json, words: frozenset[str]) -> Iterator[RegisterRow]:
    """The rows of a sheet of a register, typed column by column."""
    times = Counter(sheet.columns.values())
    letters = {name: k for k, name in sheet.columns.items() if times[name] == 1}
    typed: dict[str, list[Cell]] = {}
    for name, column in register["columns"].items():
        # an optional column that the sheet lacks is blank in each row
        cells = [row.get(letters.get(name, ""), Raw("")) for row in sheet.rows.values()]
        typed[name] = read_column(column, cells, words)
        if times[name] > 1 or (column["required"] and not times[name]):  # two meanings, or none
            typed[name] = [Cell(UNREADABLE)] * len(cells)
    for n, (line, raws) in enumerate(sheet.rows.items()):
        declared = {k: raw for k, raw in raws.items() if k in sheet.columns}
        repeated = [k for k in declared if k not in letters.values() and spaced(raws[k].text)]
        unknown: list[Value] = [(sheet.columns[k], raws[k].text) for k in repeated]
        unknown.sort(key=lambda pair: pair[0])  # the order of columns makes no difference
        if any(raw.kind == "formula" for raw in declared.values()):
            unknown.append(object())  # without its result it is equal to no other row
        row = {name: column[n] for name, column in typed.items()}
        yield RegisterRow(register, n, row, sheet.file, sheet.name, line, letters, tuple(unknown))


def rows_of_records(
    sheet: EvidenceSheet, register: Json, words: frozenset[str]
) -> Iterator[RegisterRow]:
    """The rows of the records of a mapped sheet, typed column by column. A cell keeps the office's
    own text. If the office keeps no key, each row has one that nothing names."""
    records, key = sheet.records, register["key"]
    typed: dict[str, list[Cell]] = {}
    for name, column in register["columns"].items():
        values = [record.values.get(name) for record in records]
        cells = [Raw(value.text, value.kind) if value else Raw("") for value in values]
        typed[name] = read_column(column, cells, words)
    for n, (line, values) in enumerate(records):
        row = {name: column[n] for name, column in typed.items()}
        for name in [name for name in values if row[name].text]:
            row[name] = row[name]._replace(text=values[name].own_text)
        own_key = key is not None and key not in values
        if own_key:
            row[key] = Cell(READ, f"\n{id(values)}")  # no cell has such a text
        letters = {name: value.cell for name, value in values.items() if value.cell}
        has_formula = any(value.kind == "formula" for value in values.values())
        unknown = (object(),) if has_formula else ()
        yield RegisterRow(
            register, n, row, sheet.file, sheet.name, line, letters, unknown, own_key=own_key
        )


def has_column(sheet: EvidenceSheet, column: str | None) -> bool:
    """Whether a sheet has a column of its register."""
    in_records = any(column in record.values for record in sheet.records)
    return in_records or column in sheet.columns.values()


# How a result is laid out, as the assessment shows it.


def address(letters: str, row: int) -> str:
    """The address of a cell: B7 for B and row 7. In a sheet that a mapping reads, in place of
    letters there may be the number of a row, if records are columns (5, and record 7: G5); a whole
    address, if one cell counts for several records; or '' for a constant, which is in no cell. A
    column's name may follow, if two columns are read from the same cells (E:course)."""
    letters = letters.partition(":")[0]
    if letters.isalpha():
        return f"{letters}{row}"
    return f"{letters_of(row - 1)}{letters}" if letters.isdecimal() else letters


def row_entry(row: RegisterRow, day: Date | None) -> Json:
    """A row as the assessment shows it, with the day that dates it."""
    place = {"file": row.file, "sheet": row.sheet, "row": row.line}
    return place | {"register": row.register["id"], "date": day}


def duty_entry(latest: DutyVersion) -> Json:
    """The fields of a duty that do not depend on its obligations."""
    duty = latest.duty
    names = ("id", "title", "in_brief", "section", "bearer", "strength", "answers")
    entry = {name: duty[name] for name in (*names, "pattern")}
    entry["owner"] = ", ".join(sorted(owners_of(latest)))
    until = Date.fromisoformat(duty["until"])
    entry["until"] = None if until == FOR_GOOD else until
    return entry | {"version_from": latest.begins, "readings": latest["readings"]}


def owners_of(latest: DutyVersion) -> set[str]:
    """The owners of a duty. Spaces and capitals make no other owner: a name is shown as the sheet
    first has it."""
    texts = [row["owner"].text.strip() for row in latest.rows("owners")]
    first_text = {normal(text): text for text in reversed(texts)}
    duties = [normal(row["duty"].value or "") for row in latest.rows("owners")]
    keys = {
        normal(text)
        for text, duty in zip(texts, duties, strict=True)
        if duty in latest.duty["names"]
    }
    return {first_text[key] for key in keys - {""}}


def obligation_entry(obligation: RecheckedObligation) -> Json:
    """An obligation or, if it is past, an entry of the history, as the assessment shows it."""
    version, subject, event = obligation.version, obligation.subject, obligation.event
    listings = ((event.row, version["events"]), (subject.row, version["population"]))
    rows = [(row, row.day(listing["dated"][0])) for row, listing in listings if row]
    title = version["asked"].get(subject.member, {}).get("title")
    uncertain = obligation.uncertain_row
    # a row whose key was made, since its sheet has none, is called by its number
    keys = (row.key.text or f"row {row.line}" for row, _ in rows)
    name = ", ".join(filter(None, [*keys, title]))
    name = f"row {uncertain.line} of {uncertain.sheet}" if uncertain else name
    fields = ["window", "opens", "deadline", "late_days"]
    fields += [] if obligation.past else ["status", "days", "last_done"]
    entry: Json = {field_name: getattr(obligation, field_name) for field_name in fields}
    entry["subject"] = name or "office"
    entry["evidence"] = [row_entry(item.row, item.day) for item in obligation.met_by]
    if obligation.past:
        words = {e: e.replace("_", " ") for e in ("missed", "lapsed")}
        words["before_records"] = "before records began"
        met = "met late" if obligation.late_days else "met"
        return entry | {"outcome": words.get(obligation.past, met)}
    titles = [row[row.register["label"]].text for row, _ in rows]
    entry["listed_at"] = row_entry(*rows[0]) if rows else None
    entry["too_late"] = obligation.status == "overdue" and too_late(version, subject, event)
    return entry | {"subject_name": titles[-1] if titles else "", "version_from": version.begins}


def too_late(version: DutyVersion, subject: ListEntry, event: ListEntry) -> bool:
    """Whether no row dated D or later can meet an obligation: only the event's own row could be the
    evidence, dated by the day of the event, which has passed. What a record must carry can still be
    filled in, and an event whose deadline is before its day may be still to come
    (semantics.md: An obligation's status at D)."""
    query, listing = version["asked"][subject.member]["evidence"], version["events"]
    if not listing or version["kind"] == "completeness" or not event.day or event.day >= version.d:
        return False
    return bool(query["event"] == ["*", "*"] and query["dated"] == listing["dated"])


def gaps(version: DutyVersion, subject: ListEntry) -> Iterator[Json]:
    """The days, since the in-force day, on which a role or the like had no holder between two
    holders."""
    name = version["asked"][subject.member]["title"] or "office"
    last: Date | None = None  # the last day of any holder so far
    for item in items_for(version, subject):
        if last and last < item.day - DAY and version.in_force < item.day:
            between = {"opens": max(last + DAY, version.in_force), "deadline": item.day - DAY}
            yield {"subject": name, "window": "", "outcome": "gap", **between}
        last = max(last or item.end, item.end)


def waivers(
    book: Json,
    rows: Sequence[RegisterRow],
    d: Date,
    obligations: Mapping[str, Sequence[RecheckedObligation]],
) -> Iterator[Json]:
    """The waivers on record, each with its state on D."""
    duties = {name: duty for duty in reversed(book["duties"]) for name in duty["names"]}
    for row in rows:
        entry: Json = {name.replace(" ", "_"): row[name].text for name in WAIVER[:4]}
        entry |= {name: row.day(name) for name in WAIVER[4:]}
        state, place = waiver_state(row, d), f"{row.file}!{row.sheet}!row {row.line}"
        duty = duties.get(normal(row["duty"].value or ""), {"id": "", "waivable": False})
        if state != "incomplete" and not duty["waivable"]:
            state = "no effect"
        elif state != "incomplete" and duty["id"] in obligations:
            state = state_among(row, state, obligations[duty["id"]])
        yield entry | {"place": place, "state": state}


def state_among(row: RegisterRow, state: str, obligations: Sequence[RecheckedObligation]) -> str:
    """The state of a waiver, given the obligations of its duty: its name may also fit two things,
    or none."""
    name = normal(row["subject"].value)
    if name == "all" or any(e.status == "not_assessed" for e in obligations):
        return state
    fits = len(things_by_name(obligations).get(name, ()))
    if fits > 1:
        return "fits two"
    rows = [e.uncertain_row for e in obligations if e.uncertain_row]
    uncertain = {text for row in rows for text in (f"row {row.line} of {row.sheet}", row.key.text)}
    known = fits or name in map(normal, uncertain)
    return state if known or state != "in force" else "matches nothing"


def entries_by_name(entries: Sequence[Value]) -> dict[tuple[str, int], Value]:
    """The entries of a list by id, section, subject and window, and by number among those with one
    name: in the order of their days and the rows behind them."""
    groups: dict[str, list[Value]] = {}
    for entry in entries:
        keys = ("id", "section", "subject", "window") if isinstance(entry, dict) else ()
        name = ", ".join(str(entry[k]) for k in keys if entry.get(k))
        groups.setdefault(name, []).append(entry)
    for name in filter(None, groups):
        days = ("opens", "deadline", "outcome", "status", "phrase")
        groups[name].sort(key=lambda e: [*(str(e.get(k)) for k in days), *rows_behind(e)])
    return {(name, n): entry for name in groups for n, entry in enumerate(groups[name], 1)}


def rows_behind(entry: Value) -> dict[str, str]:
    """The rows that an obligation cites, by place, each with the first cell that is shown."""
    entry, cells = entry if isinstance(entry, dict) else {}, {}
    for row in [*(entry.get("evidence") or ()), *filter(None, [entry.get("listed_at")])]:
        sheet, line = f"{row['file']}!{row['sheet']}", f"row {row['row']}"
        cells[f"{sheet}!{line}"] = f"{sheet}!{(row.get('cells') or [{'cell': line}])[0]['cell']}"
    return cells


# The form of assessment.json. Fields that it leaves out have the values below. Each row of evidence
# is there once, under its sheet. s2.17 cites row 17 of the sheet s2, and s2.17.3 the same row with
# the cells of the third view of that sheet.

LISTS = ("evidence", "sections", "duties", "not_in_force", "problems", "readings", "waivers")
ALL_LEFT_OUT: Json = dict.fromkeys(("known_by", "records_begin", "sop")) | {"earlier_sop": []}
ALL_LEFT_OUT |= {e: [] for e in LISTS}
DAYS_LEFT_OUT: Json = dict.fromkeys(("opens", "deadline", "days", "next_due", "last_done"))
DUTY_LISTS = ("citations", "readings", "not_given", "obligations", "history")
DUTY_LEFT_OUT: Json = {"owner": "", "in_brief": "", "nothing_to_check": "", "until": None} | {
    name: [] for name in DUTY_LISTS
}
DUTY_LEFT_OUT |= DAYS_LEFT_OUT
LEFT_OUT: Json = DAYS_LEFT_OUT | {"subject": None, "subject_name": "", "window": ""}
LEFT_OUT |= {"late_days": 0, "too_late": False, "listed_at": None, "evidence": []}
ROW_LEFT_OUT: Json = {"key": "", "date": None, "cells": {}, "dates": {}}
COUNTS_LEFT_OUT: Json = dict.fromkeys([*WORST_FIRST, "met_late"], 0)


def cited_row(assessment: Json, name: str) -> Json:
    """The row of evidence that a name cites, with the cells that are shown."""
    id_, n, *view = name.split(".")
    sheet = assessment["sheets"][id_]
    row = ROW_LEFT_OUT | sheet["rows"][n]
    letters = sheet["views"][int(view[0]) - 1] if view else row["cells"]
    entry = {key: sheet[key] for key in ("file", "sheet", "register")}
    entry |= {"row": int(n), "key": row["key"]}
    entry["date"] = row["dates"].get(view[0], row["date"]) if view else row["date"]
    entry["cells"] = [
        {"cell": address(k, int(n)), "column": sheet["columns"][k], "value": row["cells"][k]}
        for k in letters
    ]
    return entry


def cited_rows(assessment: Json) -> Iterator[Json]:
    """Every row of evidence that is cited, once, with all its cells."""
    for id_, sheet in assessment.get("sheets", {}).items():
        yield from (cited_row(assessment, f"{id_}.{n}") for n in sheet.get("rows", ()))


def expand_assessment(assessment: Json) -> Json:
    """The assessment with the fields that it leaves out, and with rows in place of citations."""
    whole = ALL_LEFT_OUT | assessment
    whole["sections"] = [expand_counts(section) for section in whole["sections"]]
    whole["status"] = {name: expand_counts(entry) for name, entry in whole["status"].items()}
    whole["duties"] = [DUTY_LEFT_OUT | expand_counts(duty) for duty in whole["duties"]]
    for duty in whole["duties"]:
        duty["readings"] = [whole["readings"][n] for n in duty["readings"]]
        duty["citations"] = [{"sop_version": ""} | entry for entry in duty["citations"]]
        for part in ("obligations", "history"):
            duty[part] = [expand_obligation(entry, assessment) for entry in duty[part]]
        for entry in duty["obligations"]:
            entry["version_from"] = entry.get("version_from") or duty["version_from"]
    return whole


def expand_counts(entry: Json) -> Json:
    """A duty, a section or a list with the counts that are zero."""
    parts = {name: entry.get(name) for name in ("counts", "duties", "obligations")}
    return entry | {
        k: COUNTS_LEFT_OUT | part for k, part in parts.items() if isinstance(part, dict)
    }


def expand_obligation(entry: Json, assessment: Json) -> Json:
    """An obligation, or an entry of the history, with rows in place of citations."""
    whole = LEFT_OUT | entry
    whole["evidence"] = [cited_row(assessment, name) for name in whole["evidence"]]
    if whole["listed_at"]:
        whole["listed_at"] = cited_row(assessment, whole["listed_at"])
    if whole["subject"] is None:
        whole["subject"] = whole["listed_at"]["key"] if whole["listed_at"] else "office"
    return whole


def compare_problems(pack: Pack, unreadable: Mapping[str, str]) -> None:
    """Checks that the assessment reports each cell that cannot be read, and no other; of the blank
    cells of a row with only one or two entries, one. Of several cells of one problem that can be
    read, the first is named."""
    reported: set[str] = set()
    for problem in pack.assessment["problems"]:
        sheet, count = f"{problem['file']}!{problem['sheet']}!", 0
        # counted one by one, because a forged range may have any length
        for count, cell in enumerate(itertools.chain(*map(cells_in, problem["cells"])), 1):  # noqa: B007
            place = f"{sheet}{cell}"
            reported.add(place)
            if place not in unreadable:
                says = "it is reported as unreadable, and it can be read."
                pack.differences.append(f"{place}: {says}")
                break
        else:
            says = f"the assessment counts {problem['count']} cells, and names {count}."
            pack.must(count == problem["count"], f"{sheet}{problem['column']}: {says}")
    told = {unreadable.get(place, "") for place in reported} - {""}
    left = (place for place in unreadable.keys() - reported if unreadable[place] not in told)
    for place in sorted(left):
        pack.differences.append(
            f"{place}: it cannot be read, and the assessment does not report it."
        )


def compare_not_begun(pack: Pack, sheets: Sequence[EvidenceSheet], tables: Tables) -> None:
    """Checks that the assessment names the sheets that have only rows marked as examples, where
    their register has no other sheet and is not a control sheet."""
    registers, missing = pack.book["registers"], [e for e in sheets if not e.begun]
    missing = [e for e in missing if e.register not in tables]
    found = {(e.file, e.name) for e in missing if not registers[e.register]["control"]}
    named = {(e["file"], e["sheet"]) for e in pack.assessment.get("not_begun_sheets", ())}
    for file, name in sorted(found ^ named):
        words = "was not found" if (file, name) in named else "was found, and not reported"
        pack.differences.append(f"{file}!{name}: that it has only an example {words}.")


def cells_in(cells: str) -> Iterator[str]:
    """The cells of a range of one column, such as G2:G4, or of one row, such as B5:D5; any other
    text unchanged."""
    if m := re.fullmatch(r"([A-Z]+)(\d+):\1(\d+)", cells):
        yield from (f"{m[1]}{n}" for n in range(int(m[2]), int(m[3]) + 1))
    elif m := re.fullmatch(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})\2", cells):
        yield from (
            f"{letters_of(k - 1)}{m[2]}" for k in range(number_of(m[1]), number_of(m[3]) + 1)
        )
    else:
        yield cells


def compare_cells(pack: Pack, sheets: Sequence[EvidenceSheet]) -> None:
    """Checks that each cell which the assessment shows, and each row's key, is in the evidence."""
    by_name = {(sheet.file, sheet.name, sheet.register): sheet for sheet in sheets}
    records: dict[tuple[Value, ...], list[Mapping[str, Value]]] = {}  # of mapped sheets, by line
    for mapped in sheets:
        for record in mapped.records:
            where = mapped.file, mapped.name, mapped.register, record.line
            records.setdefault(where, []).append(record.values)
    for row in pack.rows:
        sheet, n = by_name.get((row["file"], row["sheet"], row["register"])), row["row"]
        place = f"{row['file']}!{row['sheet']}!"
        if sheet and sheet.table:
            in_line = records.get((sheet.file, sheet.name, sheet.register, n), [])
            compare_mapped_cells(pack, row, in_line)
            continue
        if sheet is None or n not in sheet.rows:
            pack.differences.append(f"{place}row {n}: it is shown, and there is no such row.")
            continue
        letters, times = {c: k for k, c in sheet.columns.items()}, Counter(sheet.columns.values())
        register = pack.book["registers"][sheet.register]
        key = {"column": register["key"], "value": row["key"]}
        # a row that is only named in a change that would meet something shows nothing
        shows = row["cells"] or row["key"] or row["date"]
        for cell in [*row["cells"], key] if shows else ():
            k = letters.get(cell["column"], "")
            # a column that is there twice is not read
            text = sheet.rows[n].get(k, Raw("")).text if times[cell["column"]] == 1 else ""
            result: Json = {"value": text if spaced(text) else ""}
            if cell["column"] in register["sensitive"]:
                result = {"value": None if "cell" in cell else ""}
            result |= {"cell": f"{k}{n}"} if "cell" in cell else {}
            compare(pack, f"{place}{cell.get('cell', f'{k}{n}')}", cell, result)


def compare_mapped_cells(pack: Pack, row: Json, records: Sequence[Mapping[str, Value]]) -> None:
    """The same for a row of a mapped sheet. Several records may be in its line, and each cell that
    is shown must be one of theirs, with the office's own text. ``records``: their values."""
    place, register = f"{row['file']}!{row['sheet']}", pack.book["registers"][row["register"]]
    if not records:
        pack.differences.append(f"{place}!row {row['row']}: it is shown, and there is no record.")
        return
    texts: dict[str, set[tuple[str, str | None]]] = {}  # by column: the cells with their texts
    for name, value in itertools.chain.from_iterable(values.items() for values in records):
        text = value.own_text if spaced(value.text) else ""  # a word may mean that it is blank
        shown = None if name in register["sensitive"] else text
        texts.setdefault(name, set()).add((value.cell, shown))
    keys = {text or "" for _, text in texts.get(register["key"], {("", "")})}
    shows = row["cells"] or row["key"] or row["date"]
    right = row["key"] in keys or not shows
    pack.must(right, f"{place}!row {row['row']}: no record in it has the key {row['key']!r}.")
    for cell in row["cells"]:
        column, value = cell["column"], cell["value"]
        words = f"the assessment shows {value!r} as {column!r}, and no record has that."
        right = (cell["cell"], value) in texts.get(column, ())
        pack.must(right, f"{place}!{cell['cell']}: {words}")


KindText = tuple[str, str]  # a cell's kind and its text, as in cells.csv


class Contents(NamedTuple):
    """The contents of a file of evidence: the names of its sheets; and, by the places of its cells,
    their kinds and texts, the cell that fills each cell of a merge, and formulas without result."""

    sheets: set[str]
    texts: dict[str, KindText]
    fillers: dict[str, str]
    formulas: set[str]


def contents_of(name: str, data: bytes) -> list[Contents]:
    """The contents of a CSV file with each delimiter that it may have; or of a workbook, if
    openpyxl is installed."""
    if name.lower().endswith(".csv"):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
        text = re.sub(r"(?i)\Asep=[,;\t](\r?\n|\r|\Z)", "", text)
        tables = [csv.reader(io.StringIO(text, newline=""), delimiter=mark) for mark in ",;\t"]
        sheet = PurePosixPath(name).stem  # its one sheet has the name of the file
        return [Contents({sheet}, texts_in(sheet, rows), {}, set()) for rows in tables]
    if not name.lower().endswith((".xlsx", ".xlsm")):
        raise NotCheckable("only .xlsx, .xlsm and .csv files are compared")
    from openpyxl import load_workbook  # noqa: PLC0415 (it need not be there)

    must_be_bounded(data)
    with warnings.catch_warnings(action="ignore"):
        book, formulas = (load_workbook(io.BytesIO(data), data_only=k) for k in (True, False))
    contents = Contents(set(book.sheetnames), {}, {}, set())
    for page in book.worksheets:
        if page.max_row * page.max_column > MOST_AREA:
            raise NotCheckable(f"a sheet of it spans more than {MOST_AREA:,} cells")
        texts = texts_in(page.title, page.values)
        with_formulas = texts_in(page.title, formulas[page.title].values)
        contents.formulas.update(place for place, _ in texts.items() ^ with_formulas.items())
        for area in page.merged_cells.ranges:
            first, *others = (f"{page.title}!{letters_of(k - 1)}{n}" for n, k in area.cells)
            contents.fillers.update(dict.fromkeys(others, first))
            texts |= dict.fromkeys(others, texts[first]) if first in texts else {}
        contents.texts.update(texts)
    return [contents]


MARKS_OF_TEXT = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # may precede the first < of XML


def must_be_bounded(data: bytes) -> None:
    """Raises NotCheckable if a workbook is too large in memory. openpyxl makes a cell of each place
    in a merge or a link."""
    counts: Counter[str] = Counter()

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        counts["cells"] += kind == "c"
        if kind in ("mergeCell", "hyperlink"):
            counts["merged"] += area_of(attributes.get("ref", ""))
        if counts["cells"] > MOST_CELLS or counts["merged"] > MOST_MERGED:
            raise NotCheckable(
                f"it has more than {MOST_CELLS:,} cells, or {MOST_MERGED:,} in merges and links"
            )

    def doctype(*_: object) -> None:
        raise NotCheckable("it has a document type, and no workbook has one")

    with open_zip(io.BytesIO(data)) as archive:  # type: ignore[arg-type]
        if sum(info.file_size for info in archive.infolist()) > MOST_UNFOLDED:
            raise NotCheckable(f"it unfolds to more than {MOST_UNFOLDED // 2**20} MB")
        for info in archive.infolist():
            parser = expat.ParserCreate()
            parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, doctype
            with archive.open(info) as member:
                head = member.read(4)
                if b"<" in head or head.startswith(MARKS_OF_TEXT):  # not a picture or the like
                    parser.Parse(head)
                    parser.ParseFile(member)


def area_of(place: str) -> int:
    """The number of cells of a range: A1:B3 has 6."""
    corner = r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})"
    m = re.fullmatch(f"{corner}(?::{corner})?", place)
    if m is None:
        raise NotCheckable(f"{place[:20]!r} is not a place in a sheet")
    first, last = number_of(m[1]), number_of(m[3] or m[1])
    return (abs(last - first) + 1) * (abs(int(m[4] or m[2]) - int(m[2])) + 1)


def texts_in(sheet: str, rows: Iterable[Sequence[Value]]) -> dict[str, KindText]:
    """The kinds and texts of the cells of a sheet that are not empty, by their places."""
    cells = ((n, k, kind_and_text(e)) for n, row in enumerate(rows, 1) for k, e in enumerate(row))
    return {f"{sheet}!{letters_of(k)}{n}": pair for n, k, pair in cells if pair[1]}


def number_of(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    return functools.reduce(lambda n, letter: n * 26 + ord(letter) - 64, letters.upper(), 0)


def letters_of(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    before, own = divmod(column, 26)
    return (letters_of(before - 1) if before else "") + chr(65 + own)


A_TIME = ("time", "of day")  # the texts of times are not compared
NO_DAY = ("text", "#VALUE!")  # openpyxl also gives it for a number beyond all days


def kind_and_text(value: Value) -> KindText:
    """A value of a file in the form of cells.csv."""
    if isinstance(value, bool):
        return "yes/no", str(value).upper()
    if isinstance(value, int | float):
        return "number", str(int(value)) if value == int(value) else f"{value:.15g}"
    if isinstance(value, datetime.datetime) and value.year >= 1900:
        day, _, time = value.isoformat(" ", "seconds").partition(" ")
        return ("day", day) if time == "00:00:00" else ("day and time", f"{day} {time}")
    if isinstance(value, datetime.datetime | datetime.time | datetime.timedelta):
        return A_TIME
    return "text", "" if value is None else spaced(str(value))


def compare_files(pack: Pack, sheets: Sequence[EvidenceSheet], cells: Sequence[Line]) -> None:
    """Compares sheets.csv and cells.csv with the files of evidence that can be read here."""
    for name, member in sorted(pack.manifest["evidence"].items()):
        try:
            files = contents_of(name, pack.files[member])
        except Exception as error:  # noqa: BLE001 (openpyxl is not there, or cannot read it)
            pack.notes.append(f"{name} was not compared with cells.csv: {spaced(str(error))[:80]}")
            pack.uncompared.append(name)
            continue
        pack.notes.append(f"{name} was compared with cells.csv.")
        names = {sheet.name for sheet in sheets if sheet.file == name}
        with_cells = {place.rpartition("!")[0] for file in files for place in file.texts}
        right = with_cells <= names <= files[0].sheets
        pack.must(right, f"{name}: it has other sheets than sheets.csv.")
        compare_file(pack, name, files, [cell for cell in cells if cell["file"] == name])
        for sheet in (sheet for sheet in sheets if sheet.file == name and sheet.table):
            struck = pack.mapping_part.struck_rows(pack.files[member], name, sheet.table)
            right = struck == sheet.table.struck
            words = "other rows are struck through than sheets.csv says."
            pack.must(right, f"{name}!{sheet.name}: {words}")


def compare_file(pack: Pack, name: str, files: Sequence[Contents], cells: Sequence[Line]) -> None:
    """Compares the cells of a file in cells.csv with the file, by the delimiter that fits best."""
    texts: dict[str, KindText] = {}
    whole: set[str] = set()  # the rows and columns of which cells.csv also has the filled cells
    for cell in cells:
        sheet, kind, text = cell["sheet"], cell["kind"], spaced(cell["text"])
        place, filler = f"{sheet}!{cell['letters']}{cell['row']}", f"{sheet}!{cell['merged with']}"
        texts[place] = A_TIME if kind == "time" else (kind, text)
        if kind == "error" and text.startswith("#"):  # text in openpyxl
            texts[place] = "text", text
        elif kind == "number" and files[0].texts.get(place) == NO_DAY:
            pack.uncompared.append(f"{name}!{place}")
            texts[place] = NO_DAY
        if cell["line"] not in ("beside", "total"):
            whole |= {f"{sheet}!{cell['row']}", f"{sheet}!{cell['letters']}"}
        right = not cell["merged with"] or filler == files[0].fillers.get(place)
        pack.must(right, f"{name}!{place}: its merge is different.")
    file = min(files, key=lambda contents: len(contents.texts.items() ^ texts.items()))
    for place in sorted(file.texts.keys() | texts.keys()):
        row, column = re.sub("![A-Z]+", "!", place), place.rstrip("0123456789")
        if place in texts or place not in file.fillers or {row, column} <= whole:
            own = file.texts.get(place, ("nothing", ""))
            packed = texts.get(place, ("nothing", ""))
            formula = packed == ("formula", "") and file.fillers.get(place, place) in file.formulas
            in_file, in_csv = (" ".join(pair).strip() for pair in (own, packed))
            words = f"the file contains {in_file!r}, and cells.csv contains {in_csv!r}."
            pack.must(formula or own == packed, f"{name}!{place}: {words}")


# The command.


def main(arguments: Sequence[str]) -> int:
    """Rechecks a pack and prints the result: 0 confirmed, 1 a difference, 2 not checkable."""
    paths = [Path(argument) for argument in arguments] or [*Path(__file__).parent.glob("*.zip")]
    if len(paths) != 1 or str(paths[0]).startswith("-"):
        say(NOT_CHECKED, "Usage: python recheck.py PACK.zip")
        return 2
    pack, problem = None, ""
    try:
        pack = Pack(open_pack(paths[0]))
        recheck(pack)
    except NotCheckable as reason:
        problem = f"Not checkable. {reason}"
    except Exception as error:  # noqa: BLE001 (whatever is wrong in the pack is reported)
        problem = f"Not checkable: something in the pack is wrong ({error!r})."
    differences = [f"DIFFERENCE {difference}" for difference in pack.differences] if pack else []
    if problem or pack is None:
        say(NOT_CHECKED, *differences[:500], problem)
        return 2
    last = "Everything is confirmed."
    if pack.uncompared:
        names = first_names(pack.uncompared, 6)
        last = f"Everything is confirmed, if cells.csv is right about {names}."
    if differences:
        count = "1 difference" if len(differences) == 1 else f"{len(differences)} differences"
        last = f"{count}: the assessment is not confirmed."
    say(NOT_CHECKED, *pack.notes, *differences[:500], last)
    return 1 if differences else 0


def first_names(names: Sequence[str], most: int) -> str:
    """Names with commas between them, and how many there are beside the first few."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


# Characters that a terminal obeys, or that turn or hide others: control and direction characters,
# characters without width, halves of a character, and line separators.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """A line of text with each hidden character as its number, such as \\u202e."""

    def number(m: re.Match[str]) -> str:
        units = m[0].encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))

    return HIDDEN.sub(number, text)


def say(*texts: str) -> None:
    """Prints texts in the encoding of the terminal. Line breaks in them are shown as numbers,
    except in NOT_CHECKED, so that no name in a pack can print a line of its own."""
    encoding = sys.stdout.encoding or "utf-8"
    lines = [text if text is NOT_CHECKED else visible(text) for text in texts]
    text = "\n".join([*lines, ""])
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def program(arguments: Sequence[str]) -> int:
    """Runs `main`; 2 if the result could not be printed in full."""
    try:
        return main(arguments)
    except OSError as error:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"The result could not be printed in full ({error.strerror}).\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2


if __name__ == "__main__":
    sys.exit(program(sys.argv[1:]))
