#!/usr/bin/env python3
"""Rechecks a pack of Due Regard: was each status in assessment.json rightly given?

    python recheck.py PACK.zip        or, beside the one pack that there is:   python recheck.py

It needs Python 3.11 or later and nothing else. It opens no connection, looks at no clock, writes
nothing, and shares no code with the program whose work it rechecks. It ends with 0 where all is
confirmed, 1 where there is a difference, and 2 where it could not be checked.

Read it from top to bottom. Words in capitals are headings of the definitions (docs/semantics.md); D
is the day that the assessment speaks for. Whoever has an hour sees how a status comes about in the
example below, `read_column`, `holds`, `item_of` and `end_of`, and all of part 6 but who is asked.

    1. A cell          its raw text becomes a day, a period, a code, a key
    2. A register      typed cells become rows
    3. A rule          what rulebook.json says, and whether a row meets a condition
    4. Lists           who is asked, and about which events or records
    5. Evidence        the items that qualify
    6. Obligations     their windows and statuses, one pattern after another
    7. The whole       what the assessment should say of duties, sections and all
    8. Comparing       what it says with what was worked out
    9. Special cases   duties that ask in a way that few others do, events without a day, records
                       that begin late, roles, sheets that were not provided, empty lists, changed
                       rules, copies of a row, two rows of one key, columns that are filled here,
                       nil returns, waivers. What is printed says which of them the pack had, and
                       of which duties or registers: the others can be left unread
   10. Small print     how files, sheets and texts are read, the days of a period, how answers are
                       laid out and compared, and the command: it can be left to the end

One row on its way, for a duty that asks for a review every 12 months and turns due 60 days before;
in force from 2024-10-01, with D = 2026-01-10:

    cells.csv  row 7 of the sheet Reviews, letters B: 'column' reviewed on, 'text' 2 May 2025
    Raw        its text and its kind: ('2 May 2025', 'text')
    Cell       (read_column) how it was read, what it says, its text: (READ, 2025-05-02, ...)
    Row        (read_registers) with the other cells of its row, in the register 'reviews'
    Item       (item_of, end_of) of 2025-05-02, which serves until 2026-05-02
    Answer     (judge_duty, judge_one, lasting, outcome) met; opens 2024-10-01, deadline 2026-05-02,
               days 112 (to the deadline; less than nothing after it). It is due from 2026-03-03,
               and overdue from 2026-05-03
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
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
- that what the registers record is true, that the office provided each sheet that it has, and that
  it keeps its registers from the day that it gives;
- the words of the assessment: how a window was worked out, reasons, remedies, findings, notes, and
  problems other than cells that cannot be read;
- auditors' views in the ledger, and whether the assessment was entered in one that is not here;
- who made the pack, and when. Compare its SHA-256 with one that was kept elsewhere.
"""

Json = dict[str, Any]
Line = dict[str, str]  # a line of a CSV file, by its columns
Value = Any  # what a cell says: a day, a text, a whole number, yes or no, or a set of texts
Date = datetime.date
DAY = datetime.timedelta(days=1)
FOR_GOOD = Date.max  # later than any day: it never ends, or is no day at all

# ======================================================================================== 1. A CELL

# How a cell was read. Only one that was READ says anything. A text or a key that says nothing (tbc)
# is as blank; as a day or a code it cannot be read.
READ = "read"
NOTHING = "nothing"  # blank, and the register says that blank means nothing
BLANK = "blank"  # blank where that cannot be read
UNREADABLE = "unreadable"  # also where the sheet lacks a column that it must have
SURE = (READ, NOTHING)


class Raw(NamedTuple):
    """A cell as it stood in the file: its text, and its kind: text, number, yes/no, day, day and
    time, time, error, or formula (one without its result)."""

    text: str
    kind: str = "text"


class Cell(NamedTuple):
    """A typed cell: how it was read, what it says if it was, and its text ('' if blank)."""

    state: str
    value: Value = None
    text: str = ""
    silent: bool = False  # its text says nothing


@functools.lru_cache(maxsize=100_000)
def spaced(text: str) -> str:
    """Without marks that cannot be seen, ends trimmed, each run of white space one space."""
    return " ".join(text.translate(UNSEEN).split())


@functools.lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """A key or a word as it is compared: also capitals and small letters alike."""
    return spaced(text).casefold()


@functools.lru_cache(maxsize=100_000)
def heading(text: str) -> str:
    """A heading or a sheet's name as it is compared: hyphens as spaces, no marks at its end."""
    return spaced(re.sub("[-_\u2010-\u2014]", " ", text)).rstrip(" .,:;!?*").casefold()


def read_column(column: Json, cells: Sequence[Raw], words: frozenset[str]) -> list[Cell]:
    """The cells of one column of one sheet, typed. A blank one is read as the column declares.
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
        elif value is None and silent and kind in ("text", "key", "keys"):
            typed.append(blank if blank.state == READ else blank._replace(text=cell.text))
        else:
            typed.append(Cell(UNREADABLE if value is None else READ, value, cell.text, silent))
    return typed


# ==================================================================================== 2. A REGISTER
# `read_sheets` and `rows_of` (small print) make rows of the lines of cells.csv, and look whether
# each line was rightly taken for what it is. Of a register rulebook.json says
#
#   key, label     the columns that name a row, and that say its title
#   dated          the column with the day from which other rows can name a row
#   cancelled      the column that says that they cannot
#   control        it is a sheet of nil returns, waivers or owners
#   columns        of each its type, whether it is required, and how a blank cell is read and as
#                  what, as ["nothing", null] or ["read", false]
#   names          of each column that holds keys: the registers whose rows they name
#   spells         its rows stand from a day on: a person who comes back has two of one key
#   recorded on    the column that says when a row was recorded
#   sensitive      the columns that no report shows


@dataclass(eq=False)
class Row:
    """A row of a register."""

    register: Json  # as it is declared
    n: int  # its place among the register's rows
    cells: dict[str, Cell]  # by column
    file: str = ""
    sheet: str = ""
    line: int = 0  # its number in the sheet
    letters: Mapping[str, str] = field(default_factory=dict)  # by column
    unknown: tuple[Value, ...] = ()  # what stands in columns that are there twice
    named: dict[str, list[Row]] = field(default_factory=dict)  # the rows that its keys name
    named_on: Date = FOR_GOOD  # the first day on which a row of another register names it

    def __getitem__(self, column: str | None) -> Cell:
        """The cell in a column; an empty one for no column, as where a rule names none."""
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
        """The day in a column; None where none can be read."""
        cell = self[column]
        return cell.value if cell.state == READ else None

    def place(self, column: str) -> str:
        """Where its cell in a column stands."""
        return f"{self.file}!{self.sheet}!{self.letters[column]}{self.line}"


# The rows of each register that was given; None: its sheet cannot be read. One that was not given
# is not there.
Tables = Mapping[str, list[Row] | None]


def read_registers(
    book: Json, sheets: Sequence[Sheet], known_by: Date = FOR_GOOD
) -> tuple[Tables, set[str]]:
    """The rows of all registers, and the places of the cells that cannot be read. VERSIONS AND
    CLOCKS: a row recorded after ``known_by``, or on no day that can be read, does not count; one of
    a sheet without such a column does. Equal rows are one."""
    words = frozenset(normal(each).translate(IGNORED) for each in book["says nothing"])
    rows: dict[str, list[Row]] = {}
    unreadable: set[str] = set()
    for sheet in (sheet for sheet in sheets if sheet.register and not sheet.why_not_read):
        register = book["registers"][sheet.register]
        clock = register["recorded on"]
        has_clock, table = clock in sheet.columns.values(), rows.setdefault(sheet.register, [])
        for row in rows_of(sheet, register, words):
            late = has_clock and (row.day(clock) or FOR_GOOD) > known_by
            told = [e for e in row.letters if e == clock or not late]  # of a late row, no other
            unreadable |= {row.place(e) for e in told if row[e].state in (BLANK, UNREADABLE)}
            table += [] if late else [row]
    # without copies of a row: usually there are none (part 9)
    tables: dict[str, list[Row] | None] = {id_: without_copies(rows[id_]) for id_ in rows}
    for table in filter(None, tables.values()):
        for n, row in enumerate(table):
            row.n = n
    for sheet in sheets:
        if sheet.register and sheet.why_not_read:  # a list with a part lost would read as complete
            tables[sheet.register] = None
    unreadable |= {row.place(column) for row, column in lose_names(tables)}
    name_rows(tables)
    for rule in book["latest"]:
        fill_latest(rule, tables)
    for rule in book["days of"]:
        fill_day(rule, tables)
    return tables, unreadable


def name_rows(tables: Tables) -> None:
    """Notes which rows the keys of each row name, and which rows another register names. Control
    sheets name none."""
    rows = [row for table in tables.values() for row in table or ()]
    by_key: dict[tuple[str, Value], list[Row]] = {}
    for row in rows:
        if row.key.state == READ:
            by_key.setdefault((row.register["id"], row.key.value), []).append(row)
    for row in rows:
        for column, registers in row.register["names"].items():
            found = [
                by_key.get((register, k), [])
                for register in registers
                for k in keys_in(row[column])
            ]
            row.named[column] = [*itertools.chain.from_iterable(found)]
            for each in row.named[column]:
                if each.register is not row.register and not row.register["control"]:
                    each.named_on = min(each.named_on, row.day(row.register["dated"]) or Date.min)


def keys_in(cell: Cell) -> Iterable[Value]:
    """The keys in a cell that was read: one, or several."""
    several = cell.value if isinstance(cell.value, frozenset) else (cell.value,)
    return several if cell.state == READ else ()


# ======================================================================================== 3. A RULE
# Rules are taken from rulebook.json as they stand there; null is what a rule does not say. What its
# words mean is said before the part that uses them. Names of registers and columns are those of
# registers.yaml. A content duty (PATTERN 7) stands there as a duty of its own, with the other's
# rule and its own conditions. A span is a number and a unit: [60, "days"].


def add(day: Date, span: Sequence[Any], sign: int = 1) -> Date:
    """The day so long after another, or before it (-1). Months are cut to the month's last day."""
    count, unit = sign * int(span[0]), span[1]
    if unit == "days":
        return day + count * DAY
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return Date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# Whether a condition holds has three answers: True, False, and None where it cannot be told.


def all_hold(truths: Iterable[bool | None]) -> bool | None:
    """Whether all hold; None where one cannot be told, and no other fails."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def one_holds(truths: Iterable[bool | None]) -> bool | None:
    """Whether one does; None where one cannot be told, and no other holds."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def meets(where: Sequence[Sequence[Json]], row: Row, d: Date = FOR_GOOD) -> bool | None:
    """Whether a row meets one condition of each group. No D is given for the rows of lists, which
    contain what is still to come: then a key may also name a row from after D."""
    return all_hold(one_holds(holds(each, row, d) for each in group) for group in where)


# A cell that is       read             that says nothing   blank     unreadable
# is filled, done      yes              no                  no        cannot be told
# names a row          if it counts     no                  no        cannot be told
# says nothing         no               yes                 cannot be told
# is anything else     by what it says  no                  cannot be told


def holds(condition: Json, row: Row, d: Date) -> bool | None:
    """Whether a row meets one condition on one of its columns."""
    ask, value, cell = condition["ask"], condition["value"], row[condition["column"]]
    if ask == "on or before":
        return in_order(cell, row[value["column"]], value["within"])
    if ask == "names" and cell.state != UNREADABLE:
        return any(counts_as_named(each, value, d) for each in row.named[condition["column"]])
    if ask in ("filled", "done") and cell.state != UNREADABLE:
        to_come = ask == "done" and isinstance(cell.value, Date) and cell.value > d
        is_default = cell.text == ""  # a blank that stands for a word
        return cell.state == READ and not is_default and not to_come
    if cell.state not in SURE:
        return None
    if ask == "nothing":
        return bool((cell.state == NOTHING) == value)
    return cell.state == READ and bool(ASKS[ask](cell.value, value))


def counts_as_named(row: Row, where: Sequence[Sequence[Json]], d: Date) -> bool:
    """Whether the row that a key names counts: it is not cancelled, it is dated by D where its
    register has a day, and it certainly meets the conditions."""
    dated, cancelled = row.register["dated"], row[row.register["cancelled"]]
    day = row.day(dated) if dated else Date.min
    taken_back = cancelled.state not in SURE or cancelled.value
    return bool(day and day <= d and not taken_back and meets(where, row, d))


def in_order(cell: Cell, other: Cell, within: Sequence[Any] | None) -> bool | None:
    """Whether a day is on or before another one, and no more than so long before it."""
    if NOTHING in (cell.state, other.state):
        return False
    if not cell.state == other.state == READ:
        return None
    earliest = add(other.value, within, -1) if within else Date.min
    return bool(earliest <= cell.value <= other.value)


# What a cell says, and what is asked.
ASKS: dict[str, Callable[[Value, Value], Value]] = {
    "is": lambda said, value: said == value,
    "at least": lambda said, value: said >= value,
    "includes": lambda said, value: set(value) <= said,
    "one of": lambda said, words: normal(said) in words,
    "none of": lambda said, words: normal(said) not in words,  # where none are given: any word
}


@dataclass(eq=False)
class Version:
    """What a duty asks from a day on. Most duties have one version; of several that have begun by D
    the last is the one on D."""

    tables: Tables
    d: Date
    records_begin: Date  # the first day there is, where the office says none
    duty: Json
    rule: Json
    begins: Date
    in_force: Date  # the first day of the duty's first version
    previous: Version | None = None
    ends: Date | None = None  # the day on which the next one begins

    def __getitem__(self, name: str) -> Value:
        """What its rule says about something; None where it says nothing."""
        return self.rule[name]

    def rows(self, register: str) -> list[Row]:
        """The rows of a register; none where it was not given or cannot be read."""
        return self.tables.get(register) or []


def versions_of(
    duty: Json, tables: Tables, d: Date, records_begin: Date = Date.min
) -> list[Version]:
    """The versions of a duty that have begun by D; none where it is not in force on D."""
    begun: list[Version] = []
    in_force, until = Date.fromisoformat(duty["in force"]), Date.fromisoformat(duty["until"])
    for rule in duty["versions"]:
        begins = Date.fromisoformat(rule["begins"])
        if begins <= d <= until:
            begun.append(Version(tables, d, records_begin, duty, rule, begins, in_force))
    for previous, version in itertools.pairwise(begun):
        version.previous, previous.ends = previous, version.begins
    return begun


# ========================================================================================= 4. LISTS
# Of whom it asks, and about what, a rule says
#
#   population     a list of people, asked from the latest of the days in its columns 'dated' to the
#                  day before they leave; null: the office, or the members of a fixed list
#   asked          what is asked of each of those members by id, or under '' of everybody
#   events         a list of events or records, each with its day
#   where          what is asked of a row to be on the list: of each group one condition must hold
#   standing       the same, and that it was not cancelled, or was flagged
#   planned        rows to come are listed too: one without a day yet asks nothing
#   fair           an empty list asks nothing (otherwise nobody can tell)
#   joining        in place of a list: that somebody joins is the event. already there: also people
#                  are asked who had joined before the duty was in force


class Listed(NamedTuple):
    """Whom or what an obligation is about: the office, a member of a fixed list, a person, an event
    or a record."""

    key: str = ""
    day: Date | None = None  # an event's own; the later of a person's joining and being flagged
    row: Row | None = None
    certain: bool = True  # whether its row can be read
    leaves: Date = FOR_GOOD  # a person is asked to the day before
    member: str = ""  # the id of a member of a fixed list

    def if_sure(self, sure: bool) -> Listed:
        """The same, uncertain unless that is so."""
        return self._replace(certain=self.certain and sure)


OFFICE = NO_EVENT = Listed()


def listed(version: Version, listing: Json, last: Date = FOR_GOOD) -> Iterator[Listed]:
    """The rows of a list that ask something, up to a day. One that cannot be read is among them,
    uncertain, unless what can be read leaves it out."""
    for row in version.rows(listing["register"]):
        belongs = meets(listing["standing"], row)
        days = [row.day(column) for column in listing["dated"]]
        to_come = any(day and day > last for day in days)
        no_day_yet = listing["planned"] and without_a_day_yet(row, listing["dated"][0], version.d)
        if belongs is not False and not to_come and not no_day_yet:
            day = None if None in days else max(filter(None, days))
            certain = belongs is True and day is not None and row.key.state == READ
            leaves = row.day(listing["leaves"]) or FOR_GOOD  # one that cannot be read: not left
            yield Listed(row.key.value or "", day, row, certain, leaves)


def subjects(version: Version) -> list[Listed]:
    """SUBJECTS: whom a version asks on D."""
    population, d = version["population"], version.d
    if not population:
        return [Listed(id_, member=id_) for id_ in version["asked"]]
    twice = claimed_twice(version)
    people = [who for who in listed(version, population, d) if who.leaves > d]
    return [who.if_sure(who.row not in twice) for who in people]


def events(versions: Sequence[Version]) -> list[tuple[Version, Listed]]:
    """The events that ask something, each with the version of its day, which lists it: none from
    before the duty was in force, triggered ones up to D, others also to come. Two of one key are
    uncertain, since evidence that names the key could mean either."""
    found = [
        (version, event)
        for version in versions
        for event in (listed(version, version["events"]) if version["events"] else ())
    ]
    sole = sole_keys(found)  # usually all keys are (part 9)
    asking = []
    for version, event in found:
        last = version.d if version["kind"] == "triggered" else FOR_GOOD
        asks = event.day is None or version.in_force <= event.day <= last
        if asks and judges(version, event.day):  # with one version: always (part 9)
            is_sole = (version, event.key) in sole
            asking.append((version, event.if_sure(is_sole)))
    return asking


# ====================================================================================== 5. EVIDENCE
# Of the items that qualify a rule says, beside their register and where
#
#   dated            the columns of which the latest day counts
#   event, subject   two columns, that of the event's or subject's row and that of the item's, which
#                    must say the same; '*' is the row itself
#   needed           how many it takes; needed from: the column of the event's row that says so
#   distinct         the column in which they must differ
#   period, each     the column in which they name their period, and of which kind it must be
#   every            how long they serve; or until 'ends' or 'review by', and no longer than
#                    'review within'. end needed: without one of the two it is no item
#   role             what is asked of the rows of a role, which one row at a time holds (part 9)


class Item(NamedTuple):
    """A qualifying item, dated by D. Items are compared field by field: by day, then by text, then
    by place."""

    day: Date
    text: tuple[str, ...]
    n: int
    register: str
    row: Row
    end: Date  # the last day for which it serves
    period: Value  # the label of the one that it names, or None
    distinct: Value  # what stands in the column in which items must differ; or its row


def item_of(query: Json, row: Row, d: Date) -> Item | None:
    """A row as an item; None where it does not meet every condition, a day is not read or is after
    D, or its period, its end or what it must differ in cannot serve."""
    days = [row.day(column) or FOR_GOOD for column in query["dated"]]
    day, period, distinct = max(days), row[query["period"]], row[query["distinct"] or "*"]
    if day > d or not meets(query["where"], row, d):
        return None
    if period.state == UNREADABLE:  # a blank one goes by the date
        return None
    if period.value and period_named(period.value).kind != query["each"]:
        return None
    end = end_of(query, row, day)
    if end is None or distinct.state != READ:
        return None
    id_, text = row.register["id"], tuple(cell.text for cell in row.cells.values())
    return Item(day, text, row.n, id_, row, end, period.value, distinct.value)


def end_of(query: Json, row: Row, day: Date) -> Date | None:
    """The last day for which an item serves: an interval on; or its end, its review-by day or the
    rule's cap, whichever is first. None: it cannot be read, or is missing: there is no item."""
    if query["every"]:
        return add(day, query["every"])
    ends, review = row[query["ends"]], row[query["review by"]]
    if ends.state not in SURE or review.state not in SURE:
        return None
    last: Date = min(ends.value or FOR_GOOD, review.value or FOR_GOOD)
    if last == FOR_GOOD and query["end needed"]:
        return None
    return min(last, add(day, query["review within"])) if query["review within"] else last


def items_for(version: Version, who: Listed, event: Listed = NO_EVENT) -> list[Item]:
    """The items of one obligation, in order. Where ``event`` is ["ref", "about"], and no subject is
    asked for, those of meeting 17 stand under ("17", "")."""
    query = version["asked"][who.member]["evidence"]
    names = name_in(event.row, query["event"], 0), name_in(who.row, query["subject"], 0)
    items = sorted(items_by_names(version, who.member).get(names, []))
    return until_successors(version, who, items)  # usually as they are (part 9)


@functools.lru_cache(maxsize=1_000)
def items_by_names(version: Version, member: str) -> Mapping[tuple[Value, Value], list[Item]]:
    """All items of what is asked of a member, or of everybody, by the event and the subject that
    they name. One of which a name cannot be read is left out."""
    query = version["asked"][member]["evidence"]
    items: dict[tuple[Value, Value], list[Item]] = {}
    for row in version.rows(query["register"]):
        names = name_in(row, query["event"], 1), name_in(row, query["subject"], 1)
        if None not in names and (item := item_of(query, row, version.d)):
            items.setdefault(names, []).append(item)
    return items


def name_in(row: Row | None, columns: Sequence[str] | None, n: int) -> Value:
    """What a row names an event or a subject: in the first (0) of two columns its own row, in the
    second (1) the row of an item. None where it cannot be read; '' where no name is asked for."""
    return row[columns[n]].value if row and columns else ""


def enough(items: list[Item], needed: int) -> list[Item]:
    """The earliest of some items in order, as many as are needed; [] where there are too few."""
    kept = once_each(items)  # usually all of them are (part 9)
    return kept[:needed] if len(kept) >= needed else []


# =================================================================================== 6. OBLIGATIONS
# Which function judges which pattern:
#
#   1 periodic          periodic: windows, judge_window, current_window
#   2 rolling,          judge_one, lasting
#   5 standing
#   3 triggered,        asked_about_events or asked_on_joining, judge_one, about_event, aged
#   4 before an event,
#   6 completeness


@dataclass
class Answer:
    """An obligation and its status."""

    version: Version
    status: str
    opens: Date | None = None
    deadline: Date | None = None
    days: int | None = None  # from D to the deadline; less than nothing when it has passed
    late_days: int = 0
    met_by: list[Item] = field(default_factory=list)
    last_done: Date | None = None
    window: str = ""  # the label of its period
    cut: bool = False  # its window had begun before the duty was in force
    past: str = ""  # if it is history: met, settled, missed, lapsed, before_records
    who: Listed = OFFICE
    event: Listed = NO_EVENT

    @property
    def uncertain_row(self) -> Row | None:
        """The row of its event or of its subject that cannot be read, if one cannot."""
        return next((each.row for each in (self.event, self.who) if not each.certain), None)

    @property
    def missed(self) -> bool:
        """Whether a window was missed; one that was cut short is passed over, and so is one from
        before records begin."""
        return self.status == "overdue" and not self.cut and not before_records(self)

    def in_history(self, past: str) -> Answer:
        """The same, as history, of which the days left are not told."""
        return replace(self, past=past, days=None)


Asked = tuple[Version, Listed, Listed]  # by a version, about an event, or on D, of a subject


def judge_duty(versions: Sequence[Version]) -> list[Answer]:
    """Every obligation of one duty that is in force on D, current and history."""
    latest = versions[-1]  # all are of its pattern
    if answer := not_to_be_judged(versions):  # usually it can be (part 9)
        answers = [answer]
    elif latest["kind"] == "periodic":
        answers = periodic(versions)
    elif answer := empty_list(latest):  # usually none is (part 9)
        answers = [answer]
    else:
        if latest["kind"] in ("rolling", "standing"):
            on_d = Listed(day=latest.d)  # in the place of an event
            asked = [(latest, on_d, who) for who in subjects(latest)]
        elif latest["events"]:
            asked = asked_about_events(versions)
        else:
            asked = asked_on_joining(versions)  # (part 9)
        answers = [judge_one(*each) for each in asked]
    waive(latest, answers)  # (part 9)
    return answers


def judge_one(version: Version, event: Listed, who: Listed) -> Answer:
    """One obligation. The duty's own condition is judged on the event's day, or on D."""
    answer = Answer(version, "cannot_tell", who=who, event=event)
    if event.day is None or not (who.certain and event.certain):
        return answer
    truth = applies(version, event.day)  # usually it does (part 9)
    if truth is False:
        answer.status = "not_applicable"
    if not truth or unclear_holder(version, who):  # (part 9)
        return answer
    if version["kind"] in ("rolling", "standing"):
        answer = lasting(version, who)
    else:
        answer = aged(about_event(version, event, event.day, who), who)
    if answer.opens and not answer.past:  # judged, and no history
        items = items_for(version, who, event)
        answer.last_done = items[-1].day if items else None
    return replace(answer, who=who, event=event)


def outcome(version: Version, opens: Date, deadline: Date, met_by: list[Item]) -> Answer:
    """AN OBLIGATION'S STATUS: met by these items, late if the last was; without any, not yet due,
    due or overdue."""
    d = version.d
    if met_by:
        late_days = max(0, (met_by[-1].day - deadline).days)
        by_row = sorted(met_by, key=lambda item: (item.register, item.n))  # as they are shown
        return Answer(version, "met", opens, deadline, None, late_days, by_row)
    status = "not_yet_due" if d < opens else "due" if d <= deadline else "overdue"
    return Answer(version, status, opens, deadline, (deadline - d).days)


# ----------------------------------------------------- Patterns 2 and 5: rolling, standing
# Both are read alike: each item serves until a day (an interval after it, or its end), and what is
# asked is that one serves on D, and for longer than the 'notice'. 'first' is the span to the first
# deadline; for those who were there when the duty came into force it can be a day of its own.


def lasting(version: Version, who: Listed) -> Answer:
    """Met while something serves on D and the deadline is more than the notice away. Never done, it
    is never met."""
    d, in_force = version.d, version.in_force
    opens = max(in_force, who.day or in_force)
    # with one version: served_until(version, who, opens)
    deadline = not_moved_back(version, lambda rule: served_until(rule, who, opens))
    due_from, met_by = add(deadline, version["notice"], -1), []
    if d < due_from:  # by the one that ends last, or began last
        on_d = [(end, items) for end, items in serving(version, who) if end >= d]
        met_by = max(on_d)[1] if on_d else []
    answer = outcome(version, opens, deadline, met_by)
    answer.days = (deadline - d).days  # also where it is met
    if deadline == FOR_GOOD:  # there is none to show
        answer.deadline = answer.days = None
    return answer


def served_until(version: Version, who: Listed, opens: Date) -> Date:
    """The deadline by a version: the last day for which anything serves, or the first deadline if
    that is later. One that did not ask this member yet sets none."""
    if who.member not in version["asked"]:
        return FOR_GOOD
    fixed = version["first deadline"] if opens == version.in_force else None
    first = Date.fromisoformat(fixed) if fixed else add(opens, version["first"])
    return max([first, *(end for end, _ in serving(version, who))])


def serving(version: Version, who: Listed) -> list[tuple[Date, list[Item]]]:
    """Each item with the last day for which it serves."""
    if version["asked"][who.member]["evidence"]["needed"] > 1:
        return in_rows(version, who)
    return [(item.end, [item]) for item in items_for(version, who)]


# --------------------------- Patterns 3, 4 and 6: triggered, before an event, completeness
# The window ends 'within' so long after the event's day (before it: [-14, "days"]), and opens so
# long before it ('early'), or after the previous event, if that is later; what was done so long
# before the event may be 'accepted before' it opens. In place of 'within' a record may carry its
# 'deadline'. What is unmet so long after its deadline may 'lapse'.


def about_event(version: Version, event: Listed, day: Date, who: Listed) -> Answer:
    """Done within so long of the event's day, or in time before it. Of a record: within so long of
    its own day, or by the day that it carries."""
    query, within = version["asked"][who.member]["evidence"], version["asked"][who.member]["within"]
    if within:  # a member's own
        by_rule = add(day, within)
    else:  # with one version: add(day, version["within"])
        by_rule = not_moved_back(version, lambda rule: add(day, rule["within"]))
    opens = add(day, version["early"], -1) if version["early"] else version.in_force
    opens = min(since_previous(version, day, opens), by_rule)  # usually as it was (part 9)
    # a record that carries a deadline opens on its own day all the same
    deadline, needed = by_its_row(version, event, query, by_rule)  # usually as ruled (part 9)
    if not needed:
        return Answer(version, "cannot_tell")
    # what a record must carry is in time also where it was done before the record's own day
    since = Date.min if version["kind"] == "completeness" else opens
    if version["accepted before"]:
        since = min(opens, add(day, version["accepted before"], -1))
    counted = [item for item in items_for(version, who, event) if item.day >= since]
    return outcome(version, opens, deadline, enough(counted, needed))


def aged(answer: Answer, who: Listed) -> Answer:
    """The same or, if it is past, as history: met, a year after the later of deadline and date,
    unless by a person who is still there; unmet, where its rule lets it LAPSE, or from before
    records begin, unless by such a person or by a day that a record carries."""
    lapse, d = answer.version["lapse"], answer.version.d
    if before_records(answer) and who.day is None and not answer.version["deadline"]:
        return answer.in_history("before_records")
    if answer.deadline and answer.status != "met" and lapse and d > add(answer.deadline, lapse):
        return answer.in_history("lapsed")
    if answer.deadline and answer.status == "met" and who.day is None:
        last = answer.deadline + answer.late_days * DAY
        return answer.in_history("settled") if d > add(last, (12, "months")) else answer
    return answer


def asked_about_events(versions: Sequence[Version]) -> list[Asked]:
    """Each event with each subject that it asks: of people those who were there on its day. An
    event that cannot be read, or on whose day the duty's condition fails, stands alone; so does,
    once, a person who cannot be read."""
    found, people = events(versions), {version: subjects(version) for version in versions}
    unread = uncertain_people(versions, found, people)
    asked = [(version, NO_EVENT, who) for version, who in unread]
    for version, event in found:
        day, there = event.day, [OFFICE]
        if event.certain and day and applies(version, day):
            everybody = [who for who in people[version] if who.certain]
            there = [e for e in everybody if e.day is None or e.day <= day < e.leaves]
        asked += [(version, event, who) for who in there]
    return asked


# ------------------------------------------------------------------- Pattern 1: periodic
# Done once in each 'period', or in one 'part' of it, a quarter that begins so long after the year
# does, or 'before' the period that names the window. In the 'grace' after its end items count that
# name it; where 'early', those also that were done before it opened.


class Window(NamedTuple):
    """Windows are taken by deadline. With a month of grace that of 2025/26 opens on 2025-04-01; its
    last day is 2026-03-31, for items that name no period, and its deadline 2026-04-30."""

    deadline: Date
    opens: Date
    last_day: Date
    label: str
    version: Version
    cut: bool  # it had begun before the duty was in force


def calendar_windows(version: Version) -> Iterator[Window]:
    """A version's windows by the calendar, from the in-force day until two have opened after D."""
    period, after_d = period_of(version["period"], version.in_force), 0
    while after_d < 2:
        following = period_of(period.kind, period.last + DAY)
        label = following.label if version["before"] else period.label
        opens, last_day = period.first, period.last
        if version["part"]:  # the quarter that begins so long after the year does
            opens = add(opens, version["part"])
            last_day = add(opens, (3, "months")) - DAY
        if last_day >= version.in_force:
            cut = opens < version.in_force
            opens = max(opens, version.in_force)
            deadline = add(last_day, version["grace"])
            yield Window(deadline, opens, last_day, label, version, cut)
            if opens > version.d:
                after_d += 1
        period = following


# Quarters, D in Q3:  Q1 met; Q2 missed; Q3 open and not met. Q3 is current, and overdue since the
# deadline of Q2; Q1 and Q2 are history. With a month of grace and D in the first month of Q3, Q2
# would still be the current one, and due.


def periodic(versions: Sequence[Version]) -> list[Answer]:
    """The one current obligation, and the earlier windows as history."""
    latest, d = versions[-1], versions[-1].d
    truth = applies(latest, d)
    if not truth:
        return [Answer(latest, "cannot_tell" if truth is None else "not_applicable")]
    found = windows(versions)  # with one version: the calendar's up to the duty's end (part 9)
    opening = [*(window.opens for window in found), FOR_GOOD]
    answers = [judge_window(each, opening[n + 1]) for n, each in enumerate(found)]
    at = current_window(found, answers, d)
    past = [e.in_history("met" if e.met_by else "missed") for e in answers[:at]]
    past = [e.in_history("before_records") if before_records(e) else e for e in past]
    history = [e for e in past if e.met_by or (e.status == "overdue" and not e.cut)]
    if at == len(found):  # the duty ends before another window opens
        return history
    current, items = answers[at], done_for(latest)
    current.last_done = items[-1].day if items else None
    run = at  # back to the first of the unbroken run of missed windows before this one
    while run and answers[run - 1].missed:
        run -= 1
    if current.status == "met":  # the next deadline to come is shown
        current.days = (found[at + 1].deadline - d).days if at + 1 < len(found) else None
    elif run < at:  # it is overdue since that one's deadline
        current.status, current.days = "overdue", (found[run].deadline - d).days
    return [current, *history]


def current_window(found: Sequence[Window], answers: Sequence[Answer], d: Date) -> int:
    """Which window is the current one; it can be the one after the last, where the duty ends."""
    last = max((n for n, window in enumerate(found) if window.opens <= d), default=0)
    in_grace = last > 0 and answers[last - 1].status == "due"  # its own days are over
    if in_grace and answers[last].status == "due":  # nor is the later one met
        return last - 1
    if found and answers[last].status == "overdue" and not answers[last].missed:
        return last + 1  # it is passed over
    return last


def judge_window(window: Window, next_opens: Date) -> Answer:
    """A window: met in time or else late, by the items that count for it."""
    version, counted = window.version, []
    if window.opens <= version.d:  # before it opens not even an early item makes it met
        items = done_for(version)
        counted = [item for item in items if counts(item, window, next_opens)]
    met_by = enough(counted, version["asked"][""]["evidence"]["needed"])
    answer = outcome(version, window.opens, window.deadline, met_by)
    return replace(answer, window=window.label, cut=window.cut)


def done_for(version: Version) -> list[Item]:
    """The office's items, and the nil returns that a rule accepts in their place (part 9)."""
    return sorted([*items_for(version, OFFICE), *nil_returns(version, version["nil return"])])


def counts(item: Item, window: Window, next_opens: Date) -> bool:
    """Whether an item counts for a window: it names its period, or names none and is dated in it,
    or after its deadline and before the next opens."""
    if item.period is not None:
        not_early = item.day >= window.opens or window.version["early"]
        return bool(item.period == window.label and not_early)
    inside = window.opens <= item.day <= window.last_day
    return inside or window.deadline < item.day < next_opens


# ===================================================================================== 7. THE WHOLE
# FROM OBLIGATIONS TO DUTIES, SECTIONS AND THE WHOLE: what the assessment should say, as far as it
# is worked out here, by the names that it uses.

WORST_FIRST = ["overdue", "cannot_tell", "not_assessed", "due", "met", "not_yet_due", "waived"]
WORST_FIRST += ["not_applicable"]


def tally(parts: Sequence[tuple[str, int]]) -> Json:
    """The worst of several statuses, and how many have each. Each is given with its days late (of a
    duty, with how many of its obligations were met late)."""
    times = Counter(status for status, _ in parts)
    late = sum(late_days > 0 for status, late_days in parts if status == "met")
    worst = next((status for status in WORST_FIRST if times[status]), "not_applicable")
    counts = {"total": len(parts), "met_late": late} | {name: times[name] for name in WORST_FIRST}
    return {"status": worst, "counts": counts}


def totals(duties: Sequence[Json]) -> Json:
    """The status and the counts of several duties."""
    of_duties = tally([(duty["status"], duty["counts"]["met_late"]) for duty in duties])
    every = [each for duty in duties for each in duty["obligations"]]
    of_obligations = tally([(each["status"], each["late_days"]) for each in every])
    return {
        "status": of_duties["status"],
        "duties": of_duties["counts"],
        "obligations": of_obligations["counts"],
    }


def duty_outcome(versions: Sequence[Version], answers: Sequence[Answer]) -> Json:
    """One duty. Its deadline is the earliest outstanding one, else the next to come; beside what is
    overdue the earliest that is only due is told too."""
    latest = versions[-1]
    current = [answer for answer in answers if not answer.past]
    history = [obligation(answer) for answer in answers if answer.past]
    if latest["kind"] == "standing" and not latest["population"]:
        history += [gap for who in subjects(latest) for gap in gaps(latest, who)]
    outstanding = [each for each in current if each.status in ("overdue", "due")]
    ahead = outstanding or [each for each in current if each.status in ("met", "not_yet_due")]
    # the days of a run of missed windows are counted from the first, and so is its deadline
    days = min((each.days for each in ahead if each.days is not None), default=None)
    due = [each.deadline for each in ahead if each.deadline and each.status == "due"]
    entry = described(latest) | tally([(each.status, each.late_days) for each in current])
    return entry | {
        "deadline": None if days is None else latest.d + days * DAY,
        "days": days,
        "next_due": min(due, default=None) if entry["counts"]["overdue"] else None,
        "last_done": max((each.last_done for each in current if each.last_done), default=None),
        "nothing_to_check": not current,
        "not_given": not_given(versions),
        "obligations": [obligation(each) for each in current],
        "history": history,
    }


def whole_outcome(book: Json, tables: Tables, d: Date, records_begin: Date = Date.min) -> Json:
    """The assessment as it should be."""
    judged = [(duty, versions_of(duty, tables, d, records_begin)) for duty in book["duties"]]
    answers = {duty["id"]: judge_duty(versions) for duty, versions in judged if versions}
    duties = [duty_outcome(each, answers[duty["id"]]) for duty, each in judged if each]
    readings: dict[tuple[str, str], Json] = {}
    for duty in duties:
        groups = [[book["registers"][e]["title"] for e in each] for each in duty["not_given"]]
        duty["not_given"] = [" or ".join(group) for group in groups]
        for each in duty["readings"]:
            entry = readings.setdefault((each["phrase"], each["reading"]), {**each, "duties": []})
            entry["duties"].append(duty["id"])
    sections = []
    for each in book["sections"]:
        mine = [duty for duty in duties if duty["section"] == each["section"]]
        sections += [each | totals(mine)] if mine else []
    lists = {name: [e for e in duties if e["answers"] == name] for name in ("office", "others")}
    return {
        "rulebook": book["book"],
        "status": {name: totals(mine) for name, mine in lists.items()},
        "sections": sections,
        "duties": duties,
        "not_in_force": [
            {name: duty[name] for name in ("id", "title", "section")}
            for duty, versions in judged
            if not versions
        ],
        "waivers": list(waivers(book, tables.get("waivers") or (), d, answers)),
        "readings": list(readings.values()),
    }


# ===================================================================================== 8. COMPARING


def compare(pack: Pack, where: str, claimed: Value, found: Value, see: str = "") -> None:
    """Notes each difference between what the assessment claims and what was found here. Of the
    claim only that is compared which was worked out here too. Lists are compared entry by entry,
    in whatever order, by the names that `named` gives (small print)."""
    if isinstance(found, dict):
        for name, value in found.items():
            compare(pack, f"{where}: {name}", (claimed or {}).get(name), value, see)
    elif isinstance(found, list):
        claims, ours = named(claimed), named(found)
        for name, n in claims | ours:
            claim, our = claims.get((name, n)), ours.get((name, n))
            place, rows = f"{where}: {name or n}", list((behind(our) | behind(claim)).values())
            cells = f" See {', '.join(rows[:6])}." if rows else see
            if claim is None:
                pack.differences.append(
                    f"{place}: it was found, and the assessment does not report it.{cells}"
                )
            elif our is None:
                pack.differences.append(f"{place}: it was not found.{cells}")
            else:
                compare(pack, place, claim, our, cells)
    else:
        found = found.isoformat() if isinstance(found, Date) else found
        right = claimed == found and type(claimed) is type(found)
        pack.must(right, f"{where}: the assessment says {claimed!r}, and {found!r} was found.{see}")


def recheck(pack: Pack) -> None:
    """Works everything out anew, and compares."""
    SPECIAL.clear()
    check_files(pack)
    if "ledger.txt" in pack.files:
        check_ledger(pack)
    else:
        pack.notes.append("The pack contains no ledger.")
    cells, claimed = pack.read_csv("evidence/cells.csv"), pack.assessment
    sheets = read_sheets(pack, cells)
    compare_files(pack, sheets, cells)
    d, known_by = Date.fromisoformat(claimed["as_of"]), FOR_GOOD
    if claimed["known_by"]:
        known_by = Date.fromisoformat(claimed["known_by"])
    records_begin = Date.fromisoformat(claimed["records_begin"] or Date.min.isoformat())
    pack.must(records_begin <= d, "assessment: its records begin after the day of the check.")
    tables, unreadable = read_registers(pack.book, sheets, known_by)
    compare_problems(pack, unreadable)
    found = whole_outcome(pack.book, tables, d, records_begin)
    for duty in claimed["duties"]:  # there the reasons stand, which are words
        duty["nothing_to_check"] = bool(duty["nothing_to_check"])
    compare(pack, "assessment", claimed, found)
    compare_cells(pack, sheets)
    current, past = (sum(len(e[k]) for e in found["duties"]) for k in ("obligations", "history"))
    rows = sum(len(table or ()) for table in tables.values())
    pack.notes.append(
        f"Worked out again from {rows} rows, as of {d}: {current} obligations of "
        f"{len(found['duties'])} duties, and {past} entries of their history."
    )
    lines = [f"- {case}: {', '.join(sorted(of))}" for case, of in sorted(SPECIAL.items())]
    pack.notes += ["Of part 9 this pack needed:", *(lines or ["- nothing"])]


# ============================================================================== 9. SPECIAL CASES
# What decides only where there is such a case. What is printed says which of them the pack had, and
# of which duties or registers: the others can be left unread.

SPECIAL: dict[str, set[str]] = {}  # those that it had, each with the duties or registers


def special(case: str, of: Version | Json) -> None:
    """Notes a special case, and the duty or the register that had it."""
    SPECIAL.setdefault(case, set()).add((of.duty if isinstance(of, Version) else of)["id"])


# ------------------------------------------------- Duties that ask in a way that few others do


def applies(version: Version, day: Date) -> bool | None:
    """Whether the duty's own condition holds on a day, as every day where it has none: that a row
    is in place then, which has begun and not ended. None where that cannot be told."""
    condition, truths = version["applies"], []
    if condition is None:
        return True
    special("duties with a condition of their own", version)
    for row in version.rows(condition["register"]):
        begins, ends = row.day(condition["begins"]), row.day(condition["ends"])
        begun = not condition["begins"] or (begins <= day if begins else None)
        over = ends is not None and ends <= day  # one that cannot be read reads as not ended
        truths.append(all_hold([meets(condition["where"], row, version.d), begun, not over]))
    return one_holds(truths)


def asked_on_joining(versions: Sequence[Version]) -> list[Asked]:
    """Each subject's joining, or being flagged, as its event; of those there before the duty was in
    force, from that day, if the rule counts them. One whom two versions claim is uncertain."""
    asked: list[Asked] = []
    for version in versions:
        special("joining as an event", version)
        for who in subjects(version):
            there_before = who.day is not None and who.day < version.in_force
            day = version.in_force if there_before else who.day
            if judges(version, day) and (version["already there"] or not there_before):
                asked.append((version, Listed(day=day), who))
    times = Counter(who.key for _, _, who in asked if who.certain)
    return [(version, event, who.if_sure(times[who.key] == 1)) for version, event, who in asked]


def since_previous(version: Version, day: Date, opens: Date) -> Date:
    """When the window of an event opens: also after the previous event (without one, from the
    in-force day), if its rule says so, and after that alone, if it says no other day."""
    if not version["since previous"]:
        return opens
    special("windows that open after the previous event", version)
    listing = version["events"]
    rows = [row for row in version.rows(listing["register"]) if meets(listing["standing"], row)]
    earlier = [each for row in rows if (each := row.day(listing["dated"][0])) and each < day]
    after = max(earlier) + DAY if earlier else version.in_force
    return max(opens, after) if version["early"] else after


def by_its_row(version: Version, event: Listed, query: Json, deadline: Date) -> tuple[Date, int]:
    """The deadline and how many items are needed, as the row of the event or record says where the
    rule leaves that to it; 0, where it cannot be read."""
    needed = int(query["needed"])
    if event.row and version["deadline"]:
        special("deadlines and numbers that rows carry", version)
        if carried(version, event) is None:
            return deadline, 0
        deadline = not_moved_back(version, lambda rule: carried(rule, event) or FOR_GOOD)
    if event.row and query["needed from"]:
        special("deadlines and numbers that rows carry", version)
        needed = max(0, event.row[query["needed from"]].value or 0)
    return deadline, needed


def carried(version: Version, record: Listed) -> Date | None:
    """A record's deadline by a version: the day that its row carries, or the re-agreed one, if that
    was agreed by the old one and by D; where the version has no such column, within so long of the
    record's own day."""
    columns, row = version["deadline"], record.row
    if not row or not columns:
        return record.day and add(record.day, version["within"])
    due, to, on = (row.day(columns[each]) for each in ("due", "re agreed to", "re agreed on"))
    return to if due and to and on and on <= min(due, version.d) else due


def in_rows(version: Version, who: Listed) -> list[tuple[Date, list[Item]]]:
    """Where a rolling duty needs several items: each so many in a row, which serve until the first
    of them ends. So the nth latest decides."""
    special("rolling duties that need several items", version)
    items, needed = items_for(version, who), version["asked"][who.member]["evidence"]["needed"]
    groups = [items[n : n + needed] for n in range(len(items) - needed + 1)]
    return [(group[0].end, group) for group in groups]


def once_each(items: list[Item]) -> list[Item]:
    """The items, and of those that are alike in the column where they must differ the earliest."""
    kept: dict[Value, Item] = {}
    for item in items:
        said = item.distinct
        kept.setdefault(normal(said) if isinstance(said, str) else said, item)
    if any(item.distinct is not item.row for item in items):
        special("items that must differ", items[0].row.register)
    return list(kept.values())


# ------------------------------------------ Planned events without a day, and records that begin


def without_a_day_yet(row: Row, column: str, d: Date) -> bool:
    """Whether the day of a planned event is still to be fixed: then it asks nothing. If a row of
    another register, dated by D or not at all, names it as held, nobody can tell."""
    no_day = row[column].state in (NOTHING, BLANK) or row[column].silent
    if no_day:
        special("planned events without a day", row.register)
    return no_day and row.named_on > d


def before_records(answer: Answer) -> bool:
    """RECORDS BEGIN: whether an obligation is overdue and its deadline lies before that day."""
    begin, deadline = answer.version.records_begin, answer.deadline
    if answer.status != "overdue" or not deadline or deadline >= begin:
        return False
    special("deadlines from before records begin", answer.version)
    return True


# ------------------------------------------------------------------------ Roles


def role_rows(version: Version, who: Listed) -> list[tuple[Row, bool | None, Date | None]]:
    """The rows of the role that an obligation is about: each with whether it is of the role, which
    may be unknown, and the day on which it begins, if that can be read."""
    query = version["asked"][who.member]["evidence"]
    rows: list[tuple[Row, bool | None, Date | None]] = []
    if query["role"] is None:
        return rows
    special("roles that one at a time holds", version)
    for row in version.rows(query["register"]):
        of_role = meets(query["role"], row, version.d)
        if of_role is not False:
            rows.append((row, of_role, row.day(query["dated"][0])))
    return rows


def unclear_holder(version: Version, who: Listed) -> bool:
    """Whether nobody can tell who holds a role on D: the last two began on one day, or one who may
    be of the role has not ended and began on no day that can be read, or may be the last."""
    rows, d = role_rows(version, who), version.d
    begun = [begins for _, of_role, begins in rows if of_role and begins and begins <= d]
    last = max(begun, default=Date.min)
    ends = version["asked"][who.member]["evidence"]["ends"]
    for row, of_role, begins in rows:
        end = row[ends]
        not_ended = end.state == NOTHING or (end.state == READ and end.value >= d)
        if not_ended if begins is None else not of_role and last <= begins <= d:
            return True
    return begun.count(last) > 1


def until_successors(version: Version, who: Listed, items: list[Item]) -> list[Item]:
    """The items; of a role each serves no longer than to the day before the next holder begins."""
    begun = [begins for _, of_role, begins in role_rows(version, who) if of_role and begins]
    cut = [] if begun else items
    for item in items if begun else ():
        later = [begins for begins in begun if item.day < begins <= version.d]
        cut.append(item._replace(end=min([item.end, *(begins - DAY for begins in later)])))
    return cut


# ------------------------------------------ Registers that are missing, lists that are empty


def not_given(versions: Sequence[Version]) -> list[list[str]]:
    """The registers that a duty needs and that were not given; of those of which one would do, all
    of them, if none was given."""
    tables = versions[-1].tables
    return [group for group in needs(versions) if not any(each in tables for each in group)]


def needs(versions: Sequence[Version]) -> list[list[str]]:
    """The groups of registers of which its versions need one; none of those is an alternative that
    is needed alone."""
    groups = dict.fromkeys(tuple(each) for version in versions for each in version["needs"])
    alone = {group for group in groups if len(group) == 1}
    return [list(e) for e in groups if e in alone or alone.isdisjoint((each,) for each in e)]


def not_to_be_judged(versions: Sequence[Version]) -> Answer | None:
    """The one answer for a whole duty where a register that it needs was not given, or was given
    and cannot be read."""
    status = "not_assessed" if not_given(versions) else ""
    tables = versions[-1].tables
    if not status and any(all(tables.get(e) is None for e in group) for group in needs(versions)):
        status = "cannot_tell"
    if status:
        special("registers that are missing, lists that are empty", versions[-1])
    return Answer(versions[-1], status) if status else None


def empty_list(version: Version) -> Answer | None:
    """The one answer for a whole duty whose list is empty where neither its rule nor a nil return
    makes that fair. A nil return does from its own day to the last day of the next such period."""
    for listing in filter(None, (version["population"], version["events"])):
        rows = version.rows(listing["register"])
        has_rows = any(meets(listing["where"], row) is not False for row in rows)
        periods = [period_named(e.period) for e in nil_returns(version, listing["nil return"])]
        covered = any(version.d <= period_of(e.kind, e.last + DAY).last for e in periods)
        if not (has_rows or listing["fair"] or covered):
            special("registers that are missing, lists that are empty", version)
            return Answer(version, "cannot_tell")
    return None


# ---------------------------------------------------------------- Changed rules: two versions
# VERSIONS AND CLOCKS. The version of its day judges an event, the version of its deadline's day a
# window; the version on D judges what is rolling or standing. With one version `not_moved_back`
# gives the deadline by its rule, and `windows` the calendar's up to the duty's end.


def judges(version: Version, day: Date | None) -> bool:
    """Whether a day is one of those that a version judges, as all are where it is the only one: the
    first judges earlier days too, the last one those that are not known."""
    if version.previous or version.ends:
        special("changed rules", version)
    if day is None:
        return version.ends is None
    return (version.previous is None or version.begins <= day) and day < (version.ends or FOR_GOOD)


def not_moved_back(version: Version, deadline_by: Callable[[Version], Date]) -> Date:
    """The deadline by a version's rule; where that lies before its own first day, that day, unless
    the deadline by the version before had passed already. Say a version begins on 1 May and makes
    of 10 May the 20 April: then it is 1 May. Of 10 April it makes 1 April: 10 April it stays."""
    deadline, previous = deadline_by(version), version.previous
    if previous is None or deadline >= version.begins:
        return deadline
    special("changed rules", version)
    return min(version.begins, not_moved_back(previous, deadline_by))


def windows(versions: Sequence[Version]) -> list[Window]:
    """The windows up to the one after D's, each judged by the version in whose days its deadline
    lies. A label that a version has given is not given again by a later one."""
    if len(versions) > 1:
        special("changed rules", versions[0])
    judged: dict[str, Window] = {}
    older: dict[str, Window] = {}  # those of the version before, by label
    for version in versions:
        older = windows_after(older, version)
        for label, window in older.items():
            if judges(version, window.deadline):
                judged.setdefault(label, window)
    until = Date.fromisoformat(versions[0].duty["until"])
    return sorted(window for window in judged.values() if window.opens <= until)


def windows_after(older: Mapping[str, Window], version: Version) -> dict[str, Window]:
    """A version's windows by label, given those of the version before. A deadline that would move
    to before the version's first day, as where a grace is taken away, is that day; an item that
    names no period is in time until then, or until the next window opens."""
    by_calendar = list(calendar_windows(version))
    own = {window.label: window for window in by_calendar}
    for window, following in itertools.pairwise(by_calendar):
        old = older.get(window.label)
        if old and window.deadline < version.begins <= old.deadline:
            last_day = max(window.last_day, min(version.begins, following.opens - DAY))
            own[window.label] = window._replace(deadline=version.begins, last_day=last_day)
    return own


# ---------------------------------------------------- Copies of a row, and two rows of one key


def says(row: Row) -> tuple[Value, ...]:
    """What a row says, when it was recorded aside: that of equal rows is the same. A cell says its
    value; one that cannot be read, its text."""
    clock, said = row.register["recorded on"], []
    for column, (state, value, text, _) in row.cells.items():
        shown = value if state == READ else text if state == UNREADABLE else ""
        if column != clock:
            said.append((state, normal(shown) if isinstance(shown, str) else shown))
    return (*said, *row.unknown)


def without_copies(rows: Sequence[Row]) -> list[Row]:
    """The rows of a register: of equal ones that which was recorded first, or the first of all."""
    kept: dict[Value, tuple[Date, int, Row]] = {}  # by what they say
    for n, row in enumerate(rows):
        this = (row.day(row.register["recorded on"]) or FOR_GOOD, n, row)
        kept[says(row)] = min(this, kept.get(says(row), this))
    if len(kept) < len(rows):
        special("copies of a row", rows[0].register)
    return [row for _, _, row in sorted(kept.values(), key=lambda each: each[1])]


def lose_names(tables: Tables) -> list[tuple[Row, str]]:
    """Makes each cell unreadable that names a row by a key which two rows have, of a register that
    it may name or of two of them: it could mean either. Rows that say the same are no two, and nor
    are those of a register of spells."""
    rows = [row for table in tables.values() for row in table or ()]
    contents: dict[tuple[str, Value], set[Value]] = {}  # by register and key, what its rows say
    for row in rows:
        if row.key.state == READ:
            content = () if row.register["spells"] else says(row)  # of spells all are alike
            contents.setdefault((row.register["id"], row.key.value), set()).add(content)
    lost: list[tuple[Row, str]] = []
    for row in rows:
        for column, registers in row.register["names"].items():
            for key in keys_in(row[column]):
                meant = [
                    content
                    for register in registers
                    for content in contents.get((register, key), ())
                ]
                if len(meant) > 1:
                    lost.append((row, column))
    for row, column in lost:
        special("cells that could name either of two rows", row.register)
        row.cells[column] = Cell(UNREADABLE, None, row[column].text)
    return lost


def claimed_twice(version: Version) -> set[Row]:
    """The rows of people of which another claims the same person for days that overlap."""
    population = version["population"]
    spells: dict[str, list[tuple[Date, Date, Row]]] = {}  # by key: joins, leaves
    for row in version.rows(population["register"]):
        joins, leaves = row.day(population["dated"][0]), row.day(population["leaves"]) or FOR_GOOD
        if row.key.state == READ and joins and joins < leaves and meets(population["where"], row):
            spells.setdefault(row.key.value, []).append((joins, leaves, row))
    twice = set()
    for of_one_key in spells.values():
        for one, other in itertools.permutations(of_one_key, 2):
            if one[0] < other[1] and other[0] < one[1]:
                twice.add(one[2])
    if twice:
        special("two rows for one person", version)
    return twice


def sole_keys(found: Sequence[tuple[Version, Listed]]) -> set[tuple[Version, str]]:
    """The keys, each with a version, that are one event's alone: that version lists no other row of
    the key, and none does in the days that it judges."""
    certain = [(version, event) for version, event in found if event.certain]
    by_version = Counter((version, event.key) for version, event in certain)
    by_day = Counter(event.key for version, event in certain if judges(version, event.day))
    sole = {(version, key) for (version, key), n in by_version.items() if n == by_day[key] == 1}
    judged = {(version, event.key) for version, event in certain if judges(version, event.day)}
    for version, _ in judged - sole:
        special("two events of one key", version)
    return sole


# --------------------------------------------------- People who cannot be read, and events


def uncertain_people(
    versions: Sequence[Version],
    found: Sequence[tuple[Version, Listed]],
    people: Mapping[Version, Sequence[Listed]],
) -> list[tuple[Version, Listed]]:
    """The people who cannot be read, each once, by the last version that asks them: the one on D,
    or one that lists an event which can be read."""
    asking = {version for version, event in found if event.certain} | {versions[-1]}
    by_row = {
        who.row: (version, who)
        for version in versions
        if version in asking
        for who in people[version]
        if not who.certain
    }  # a later version takes the place of an earlier one
    if by_row:
        special("people who cannot be read, asked about events", versions[-1])
    return list(by_row.values())


# ----------------------------------------------------------------- Columns that are filled here


def fill_latest(rule: Json, tables: Tables) -> None:
    """Fills a column that no sheet has: whether the document that a row names is the latest of its
    kind by this row's day. A rival that what can be read leaves out is none."""
    documents = tables.get(rule["within"])
    for row in tables.get(rule["register"]) or ():
        special("columns that are filled here", row.register)
        key, by, filled = row[rule["key"]], row[rule["by"]], Cell(UNREADABLE)
        if key.state == NOTHING:
            filled = Cell(NOTHING)
        elif key.state == by.state == READ and documents is not None:
            latest = is_latest(rule, documents, key.value, by.value)
            if latest is not None:
                filled = Cell(READ, latest, "yes" if latest else "no")
        row.cells[rule["column"]] = filled


def fill_day(rule: Json, tables: Tables) -> None:
    """Fills a column that no sheet has: the day of the row that a key names (of the meeting that
    was minuted). A row that is not there, was cancelled or has no day gives none."""
    for row in tables.get(rule["register"]) or ():
        special("columns that are filled here", row.register)
        filled = Cell(NOTHING if row[rule["key"]].state in SURE else UNREADABLE)
        for named in row.named.get(rule["key"], ()):
            day, cancelled = named[rule["day"]], named[named.register["cancelled"]]
            if cancelled.state not in SURE:
                filled = Cell(UNREADABLE)
            elif not cancelled.value and day.state not in (NOTHING, BLANK):
                filled = day if day.state == READ else Cell(UNREADABLE)
        row.cells[rule["column"]] = filled


def is_latest(rule: Json, documents: Sequence[Row], key: Value, by: Date) -> bool | None:
    """Whether the document of a key is of the kind, was issued by a day, and no other of the kind
    after it by then."""
    mine = next((row for row in documents if row.key[:2] == (READ, key)), None)
    truths = [False if mine is None else issued_of_kind(rule, mine, Date.min, by)]
    day = mine.day(rule["issued"]) if mine else None
    for row in documents:
        if day and row is not mine:
            rival = issued_of_kind(rule, row, day + DAY, by)
            truths.append(None if rival is None else not rival)
    return all_hold(truths)


def issued_of_kind(rule: Json, row: Row, first: Date, last: Date) -> bool | None:
    """Whether a document is of the kind, and was issued on one of those days."""
    kind, issued = row[rule["kind"]], row[rule["issued"]]
    is_kind = kind.value == rule["of"] if kind.state in SURE else None
    in_time = first <= issued.value <= last if issued.state == READ else None
    return all_hold([is_kind, False if issued.state == NOTHING else in_time])


# --------------------------------------------------------------------- Nil returns and waivers


def nil_returns(version: Version, query: Json | None) -> list[Item]:
    """NIL RETURN: those for a list, filled in by D and not before the last day of their period."""
    if query is None:
        return []
    items = [item_of(query, row, version.d) for row in version.rows(query["register"])]
    returns = [e for e in items if e and e.period and period_named(e.period).last <= e.day]
    if returns:
        special("nil returns", version)
    return returns


WAIVER = ("duty", "subject", "reason", "approved by", "from", "until")


def waiver_state(row: Row, d: Date) -> str:
    """What a waiver comes to on D. Until all its cells are filled in it does nothing."""
    if not all(row[column].state == READ and row[column].value for column in WAIVER):
        return "incomplete"
    first, until = row["from"].value, row["until"].value
    return "in force" if first <= d <= until else "expired" if until < d else "not yet"


Thing = tuple[str, ...]  # that an obligation is about: a subject, an event, or one with the other


def things(answer: Answer) -> dict[Thing, set[str]]:
    """What an obligation is about, if it can be read: each thing by its keys, with the names by
    which a waiver may call it: the key, the title, and for a subject and an event together what
    reports print. 'all' and 'office' name nothing else."""
    who, event = answer.who, answer.event
    found: dict[Thing, set[str]] = {}
    if answer.uncertain_row:
        return found
    member = answer.version["asked"].get(who.member, {}).get("title", "")
    if who.key:
        found["subject", who.key] = {who.key, label(who.row), member, printed(who.row)}
    if event.key:
        found["event", event.key] = {event.key, label(event.row), printed(event.row)}
    if who.key and event.key and event.row:
        shown = f"{event.row.key.text}, {who.row.key.text if who.row else member}"
        title = label(who.row or event.row)
        found["both", event.key, who.key] = {shown, f"{shown} ({title})" if title else ""}
    named = {thing: {normal(e) for e in found[thing]} - {"", "all", "office"} for thing in found}
    return named or {("office",): {"office"}}


def called(answers: Sequence[Answer]) -> dict[str, set[Thing]]:
    """The things that obligations are about, by each name that a waiver may give them."""
    named: dict[str, set[Thing]] = {}
    for thing, names in itertools.chain.from_iterable(things(answer).items() for answer in answers):
        for name in names:
            named.setdefault(name, set()).add(thing)
    return named


def label(row: Row | None) -> str:
    """The title of a row, if it has one that may be shown."""
    title = row[row.register["label"]] if row else Cell(NOTHING)
    return title.text if title.state == READ else ""


def printed(row: Row | None) -> str:
    """A row as reports print it, with its title behind; '' where it has none."""
    title = label(row)
    return f"{row.key.text} ({title})" if row and title else ""


def waive(version: Version, answers: Sequence[Answer]) -> None:
    """WAIVER: it changes due, overdue and not yet due of what it names, and where it covers all,
    also cannot tell and not assessed. One whose name fits two things does nothing."""
    subjects = set()
    for row in version.rows("waivers") if version.duty["waivable"] else ():
        in_force = waiver_state(row, version.d) == "in force"
        if in_force and normal(row["duty"].value) in version.duty["names"]:
            subjects.add(normal(row["subject"].value))
    if not subjects:
        return
    special("waivers", version)
    fits = [things for name, things in called(answers).items() if name in subjects]
    covered = {thing for each in fits if len(each) == 1 for thing in each}
    for_all = "all" in subjects
    for answer in answers:
        one = for_all or not covered.isdisjoint(things(answer))
        changed = {"due", "overdue", "not_yet_due"} if one else set()
        changed |= {"cannot_tell", "not_assessed"} if for_all else set()
        if answer.status in changed and not answer.past:
            answer.status = "waived"


# ================================================================================= 10. SMALL PRINT
# How files, sheets and texts are read, which days a period has, how answers are laid out and
# compared, and the command. A fault here would misread a cell, take a wrong line for evidence,
# mistake the days of a period, or miss a difference.

# The pack: its files, opened and held against their hashes.

# What is read of a pack: files, the bytes of the pack and those that it unfolds to, and the bytes
# of its directory. What is read of a workbook in it: the bytes that it unfolds to, cells, the cells
# of all its merges, and the rows of a sheet times its columns.
MOST_FILES, MOST_BYTES, MOST_NAMES = 5_000, 2**30, 2**24
MOST_UNFOLDED, MOST_CELLS, MOST_MERGED, MOST_AREA = 2**28, 2_000_000, 1_000_000, 20_000_000


def open_file(path: Path) -> io.FileIO:
    """A file of bounded size; no pipe or device, which might never end."""
    way = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = io.FileIO(os.open(path, way))
    about = os.fstat(file.fileno())
    if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
        file.close()
        raise NotCheckable(f"{path} is not a file, or is larger than {MOST_BYTES // 2**20:,} MB.")
    return file


class Bounded(io.BufferedReader):
    """A file of which no more is read at once than ``most`` bytes."""

    most = MOST_NAMES

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes. A zip file's directory is read in one go, as long as it says it is."""
        size = self.most if size is None or size < 0 else size
        if size > self.most:
            raise zipfile.BadZipFile("it says that its directory is longer than any")
        return super().read(size)


@contextlib.contextmanager
def open_zip(file: io.RawIOBase) -> Iterator[zipfile.ZipFile]:
    """A zip file whose directory is of bounded length."""
    with Bounded(file) as bounded, zipfile.ZipFile(bounded) as archive:
        bounded.most = MOST_BYTES
        yield archive


def open_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack by name. Nothing is unpacked, and no more read than is announced."""
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


def no_name_twice(pairs: list[tuple[str, Value]]) -> Json:
    """An object of a JSON file, in which no name may stand twice."""
    if len(dict(pairs)) < len(pairs):
        raise NotCheckable("A JSON file of the pack gives one key twice.")
    return dict(pairs)


class NotCheckable(Exception):
    """The pack cannot be checked, for the reason that it says."""


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Pack:
    """The pack's files by name, the three that are read first, and what comes of the check."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.differences: list[str] = []
        self.notes: list[str] = []
        self.uncompared: list[str] = []  # files of evidence, and cells, that cannot be read here
        self.manifest = self.read_json("manifest.json", "dueregard-pack-1")
        told = self.read_json("assessment.json", "dueregard-assessment-2")
        self.rows = list(rows_cited(told))
        self.assessment = laid_out(told)
        self.book = self.read_json("rulebook.json", "dueregard-rulebook-4")

    def must(self, true: object, sentence: str) -> None:
        """Notes a difference where something is not true."""
        if not true:
            self.differences.append(sentence)

    def read_json(self, name: str, form: str) -> Json:
        """A JSON file of the pack, of that form."""
        data: Json = json.loads(self.files[name].decode("utf-8"), object_pairs_hook=no_name_twice)
        if data["format"] != form:
            raise NotCheckable(f"{name} is not of the form {form!r}.")
        return data

    def read_csv(self, name: str) -> list[Line]:
        """The lines of a CSV file of the pack. An apostrophe stands before each text that a
        spreadsheet could take for a formula; it is taken off."""
        csv.field_size_limit(2**27)
        lines = csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"), newline=""))
        return [{k: v.removeprefix("'") for k, v in line.items()} for line in lines]


def check_files(pack: Pack) -> None:
    """That the files are those that were packed, and those that the assessment names."""
    claimed, packed = pack.assessment, pack.manifest["files"]  # packed: the hash of each file
    hashes = {name: sha256(data) for name, data in pack.files.items() if name != "manifest.json"}
    for name in sorted(packed.keys() | hashes.keys()):
        unchanged = hashes.get(name) == packed.get(name)
        pack.must(unchanged, f"{name}: it was changed, removed or added after the pack was made.")
    for stamp in claimed["evidence"]:
        name = pack.manifest["evidence"].get(stamp["file"])  # in the pack
        if name is None:
            words = f"The pack was made without the evidence file {stamp['file']}."
            raise NotCheckable(f"{words} Ask for one that was made with --evidence.")
        compare(pack, stamp["file"], stamp, {"sha256": hashes.get(name)})
    sop = [name for name in hashes if name.startswith("sop/")]
    for name in sop if claimed["sop"] else ():
        compare(pack, name, claimed["sop"], {"sha256": hashes[name]})
    if claimed["sop"] and not sop:
        pack.notes.append("The pack does not contain the SOP that the assessment quotes.")
    rules = sorted(filter(re.compile(r"(?s)rulebook/.*\.yaml").fullmatch, hashes))
    parts = [part for name in rules for part in (name[9:].encode(), pack.files[name])]
    digest = sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts))
    compare(pack, "rulebook", claimed["rulebook"], {"sha256": digest})
    pack.must(
        pack.book["sha256"] == digest,
        "rulebook.json: it was made from other files than those in rulebook/.",
    )


def check_ledger(pack: Pack) -> None:
    """That the ledger's chain of hashes is whole, and that this assessment was entered in it."""
    previous = "0" * 64  # before the first entry there is nothing
    mine, entered = sha256(pack.files["assessment.json"]), []
    for number, line in enumerate(pack.files["ledger.txt"].decode("utf-8").splitlines()):
        entry = json.loads(line)
        whole = (entry["number"], entry["previous"]) == (number, previous)
        pack.must(whole, f"ledger.txt: its chain is broken at entry {number}.")
        previous = sha256(line.encode())
        if entry["kind"] == "check" and entry["assessment"] == mine:
            entered.append(str(number))
    pack.must(entered, "ledger.txt: this assessment was not recorded in it.")
    said = f"The ledger names this assessment in entry {', '.join(entered)}. Its head is {previous}"
    pack.notes.append(f"{said}: compare it with a head that was kept elsewhere.")


# Periods.

# How many months a period has, and a month of the year in which one begins.
PERIODS = {"financial year": (12, 4), "calendar year": (12, 1), "quarter": (3, 1), "month": (1, 1)}


class Period(NamedTuple):
    """A period: its kind, its label (2025/26, 2025/26 Q3, 2025, 2025-07), and its days."""

    kind: str
    label: str
    first: Date
    last: Date


def period_of(kind: str, day: Date) -> Period:
    """The period of that kind that holds the day."""
    months, begins = PERIODS[kind]
    first = add(day.replace(day=1), ((day.month - begins) % months, "months"), -1)
    label = first.isoformat()[: 4 if kind == "calendar year" else 7]
    if kind in ("financial year", "quarter"):
        year = add(first, (3, "months"), -1)  # of the financial year, as if it began in January
        quarter = f" Q{year.month // 3 + 1}" if kind == "quarter" else ""
        label = f"{year.year}/{(year.year + 1) % 100:02}{quarter}"
    return Period(kind, label, first, add(first, (months, "months")) - DAY)


@functools.lru_cache(maxsize=1_000)
def period_named(label: str) -> Period:
    """The period of that label."""
    marks = {"Q": "quarter", "/": "financial year", "-": "month", "": "calendar year"}
    kind = next(kind for mark, kind in marks.items() if mark in label)
    months = 3 * int(label[-1]) if "Q" in label else 3 if "/" in label else int(label[5:] or 1) - 1
    return period_of(kind, add(Date(int(label[:4]), 1, 1), (months, "months")))


# Values.

IGNORED = str.maketrans("", "", " .\u2026?()[]{}<>")  # in words that say nothing: T.B.C.?


@functools.lru_cache(maxsize=100_000)
def says_nothing(text: str, words: frozenset[str]) -> bool:
    """Whether a text is one of the words that say nothing, or has neither letters nor figures."""
    bare = normal(text).translate(IGNORED)
    return not any(letter.isalnum() for letter in text) or bare in words


UNSEEN = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\u2015"


def read_value(column: Json, kind: str, cell: Raw, words: frozenset[str]) -> Value:
    """What a cell of any type but day says; None where it cannot be read."""
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
    if kind in ("text", "key"):
        said = text.strip() if kind == "text" else word
        return None if says_nothing(text, words) else said
    parts = [*filter(spaced, re.split(r"[;\n\r]", text))]
    if kind == "keys":
        return frozenset(normal(e) for e in parts if not says_nothing(e, words)) or None
    read: list[Value] = []  # several codes
    for part in parts:
        one = read_value(column, "code", Raw(part), words)
        by_commas = part.split(",") if one is None else ()
        read += [read_value(column, "code", Raw(comma), words) for comma in by_commas] or [one]
    return frozenset(read) if read and None not in read else None


# Days and periods: the day first, always. Two figures of a year are of this century.
MONTH = {name.lower()[:n]: at for at, name in enumerate(calendar.month_name) for n in (3, 9) if at}
WEEKDAY = {name.lower()[:n]: at for at, name in enumerate(calendar.day_name) for n in (3, 9)}
MONTH |= {"sept": 9}
WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}

# What texts are made of: day (d), month (m) and year (y); the next year (n).
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
TIME = re.compile(  # one with a time zone is not left off, and so makes no day
    r"(?:(?<=[0-9])t|,? (?:at )?)(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
    r"(?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)? ?(?:am|pm)?$"
)
# Of days: what looks like a slash or a hyphen is one.
LOOKALIKES = str.maketrans("\u2044\u2215\uff0f" + DASHES[:6], "///------", "\u200e\u200f")


def day_in(form: str, text: str) -> Date | None:
    """The day that a text of this form names: the first of its month, or of April of its year."""
    for m in filter(None, (re.fullmatch(each, text) for each in FORMS[form])):
        said: Json = {"m": 4, "d": 1, "n": ""} | m.groupdict()
        year, month = int(f"20{said['y']}"[-4:]), str(MONTH.get(said["m"], said["m"]))
        right = 1900 <= year <= 2099 and str(year + 1).endswith(said["n"])
        try:
            return Date(year, int(month), int(said["d"])) if right else None
        except ValueError:
            return None
    return None


def text_day(text: str) -> tuple[Date | None, Date | None]:
    """The day that a text names, its time left off; and the one that it names month first."""
    text = " ".join(text.translate(UNSEEN | LOOKALIKES).lower().split())
    text = TIME.sub("", text.removeprefix("'").rstrip(" .,;"))
    named = re.match(rf"({'|'.join(WEEKDAY)})[., ]+(?=[0-9])", text)
    text = text[named.end() :] if named else text
    day, other = day_in("day", text), day_in("month first", text)
    wrong = named and day and day.weekday() != WEEKDAY[named[1]]
    return (None, None) if wrong else (day, other)


def readable_days(cells: Sequence[Raw]) -> list[Date | None]:
    """The days that the cells of a column name, day first; None where they name none. If one of
    them is a day only month first (05/13/2026, May 4 2026), the column mixes orders: 04/05/2026
    could then be either of two days, and is none; 05/05/2026 and 13/05/2026 are read."""
    kinds = ("text", "day", "day and time")
    both = [text_day(cell.text) if cell.kind in kinds else (None, None) for cell in cells]
    mixed = any(day is None and month_first for day, month_first in both)
    return [None if mixed and other not in (None, day) else day for day, other in both]


def read_period(cell: Raw, kinds: Sequence[str]) -> str | None:
    """The label (2025/26, 2025/26 Q3, 2025, 2025-07) of the period that a cell names, of one of
    these kinds; None where it names none, or can mean two. 25/26 needs a word before it."""
    if cell.kind in ("day", "day and time"):  # Excel makes 1 July 2025 of July 2025
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


# Sheets: how the lines of cells.csv become rows, and what each line is.


class Sheet(NamedTuple):
    """A sheet of evidence."""

    file: str
    name: str
    register: str  # the one that it holds; '' if none
    why_not_read: str  # '' if it was
    columns: dict[str, str]  # those of the register, by letters
    rows: dict[int, dict[str, Raw]]  # by number, then by letters


def read_sheets(pack: Pack, cells: Sequence[Line]) -> list[Sheet]:
    """The sheets; that each line was rightly taken for what it is, `read_sheet` looks at."""
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
        sheets.append(read_sheet(pack, line, rows, times[line["file"], heading(line["sheet"])]))
    files = {stamp["file"] for stamp in pack.assessment["evidence"]}
    right = files == {sheet.file for sheet in sheets} and not by_sheet
    pack.must(right, "evidence/sheets.csv: it names other files or sheets than the assessment.")
    return sheets


def read_sheet(pack: Pack, told: Line, rows: Mapping[int, list[Line]], times: int) -> Sheet:
    """A sheet, and that it is of the register of its name, was read or left for the right reason,
    and each line is what it is told as; ``times``: how many sheets of the file have its name."""
    place, register = f"{told['file']}!{told['sheet']}", told["register"]
    names = pack.book["registers"][register]["headings"] if register else {}
    for cell in itertools.chain.from_iterable(rows.values()):
        cell["means"] = names.get(heading(cell["text"]), "")  # as a heading
        cell["source"] = cell["merged with"] or f"{cell['letters']}{cell['row']}"
    head = None if times > 1 else heading_row(rows, min(2, len(set(names.values()))))
    why = "" if not register else "same name" if times > 1 else "" if head else "no headings"
    right = register == pack.book["sheets"].get(heading(told["sheet"]), "")
    right = right and why == told["not read"]
    pack.must(right, f"{place}: it was read or left out wrongly.")
    top = rows[head] if head else []
    columns = {cell["letters"]: cell["column"] for cell in top if cell["column"]}
    sheet = Sheet(told["file"], told["sheet"], register, why, columns, {})
    for number, row in rows.items():
        kinds = {cell["line"] for cell in row}
        right = len(kinds) == 1 and kinds <= may_be(number, row, head)
        right = right and all(e["column"] == columns.get(e["letters"], "") for e in row)
        words = f"its line is not of the given kind: {', '.join(sorted(kinds))}."
        pack.must(right, f"{place}!row {number}: {words}")
        if "row" in kinds:
            sheet.rows[number] = {e["letters"]: Raw(e["text"], e["kind"]) for e in row}
    return sheet


def heading_row(rows: Mapping[int, list[Line]], least: int) -> int | None:
    """The number of the row of headings, of the first 30: it has two of the register's columns at
    least, and half as many as the row with most; the row just below it, where that has more."""
    first = [number for number in rows if number < min(rows) + 30]
    known = {number: len({cell["means"] for cell in rows[number]} - {""}) for number in first}
    least = max(1, least, (max(known.values(), default=0) + 1) // 2)
    head = next((number for number in first if known[number] >= least), None)
    while head and known.get(head + 1, 0) > known[head]:
        head += 1
    return head


def may_be(number: int, row: list[Line], head: int | None) -> set[str]:
    """What a line can be told as, given the row of headings: any below it as a row."""
    if head is None or number < head:
        return {"not read" if head is None else "above"}
    if number == head:  # of a heading that is merged over several columns one at least is its own
        given = {(cell["source"], cell["column"]) for cell in row if cell["column"]}
        wanted = {(cell["source"], cell["means"]) for cell in row if cell["means"]}
        return {"headings"} if given == wanted else set()
    figures = ("number", "error", "formula")  # also an error, and a formula without its result
    texts = ["0" if cell["kind"] in figures else normal(cell["text"]) for cell in row]
    total = re.fullmatch(rf"{TOTAL}(?:\n(?:{TOTAL}|{FIGURE}))*", "\n".join(texts))
    used = [cell["means"] for cell in row if cell["column"]]
    kinds = {"row": True, "total": total, "beside": not used, "headings again": all(used)}
    return {kind for kind, may in kinds.items() if may}


TOTAL = r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?"
FIGURE = r"[-+\u00a3]?[0-9][0-9.,]*%?"


def rows_of(sheet: Sheet, register: Json, words: frozenset[str]) -> Iterator[Row]:
    """The rows of a sheet of a register, typed column by column."""
    times = Counter(sheet.columns.values())
    letters = {name: k for k, name in sheet.columns.items() if times[name] == 1}
    typed: dict[str, list[Cell]] = {}
    for name, column in register["columns"].items():
        # one that need not be there, and is not, is blank in each row
        cells = [row.get(letters.get(name, ""), Raw("")) for row in sheet.rows.values()]
        typed[name] = read_column(column, cells, words)
        if times[name] > 1 or (column["required"] and not times[name]):
            typed[name] = [Cell(UNREADABLE)] * len(cells)  # which is meant, or what?
    for n, (line, raws) in enumerate(sheet.rows.items()):
        declared = {k: raw for k, raw in raws.items() if k in sheet.columns}
        twice = [k for k in declared if k not in letters.values() and spaced(raws[k].text)]
        unknown: list[Value] = [(sheet.columns[k], raws[k].text) for k in twice]
        unknown.sort(key=lambda both: both[0])  # in whatever order the columns stand
        if any(raw.kind == "formula" for raw in declared.values()):
            unknown.append(object())  # its result is not known, so it is equal to no other row
        row = {name: column[n] for name, column in typed.items()}
        yield Row(register, n, row, sheet.file, sheet.name, line, letters, tuple(unknown))


# How an answer is laid out, as the assessment shows it.


def shown(row: Row, day: Date | None) -> Json:
    """A row as the assessment shows it, with the day that dates it."""
    place = {"file": row.file, "sheet": row.sheet, "row": row.line}
    return place | {"register": row.register["id"], "date": day}


def described(latest: Version) -> Json:
    """What is told of a duty besides how it stands."""
    duty, rows = latest.duty, latest.rows("owners")
    names = tuple("id title in_brief section bearer strength answers pattern citations".split())
    mine = [row for row in rows if normal(row["duty"].value or "") in duty["names"]]
    owners = {row["owner"].text.strip() for row in mine} - {""}
    entry = {name: duty[name] for name in names} | {"owner": ", ".join(sorted(owners))}
    return entry | {"version_from": latest.begins, "readings": latest["readings"]}


BEFORE_RECORDS = "before records began"


def obligation(answer: Answer) -> Json:
    """An obligation or, once past, an entry of the history, as the assessment shows it."""
    version, who, uncertain = answer.version, answer.who, answer.uncertain_row
    listed = ((answer.event.row, version["events"]), (who.row, version["population"]))
    rows = [(row, row.day(listing["dated"][0])) for row, listing in listed if row]
    title = version["asked"].get(who.member, {}).get("title")
    subject = ", ".join(filter(None, [*(row.key.text for row, _ in rows), title]))
    subject = f"row {uncertain.line} of {uncertain.sheet}" if uncertain else subject
    told = ["window", "opens", "deadline", "late_days"]
    told += [] if answer.past else ["status", "days", "last_done"]
    entry: Json = {name: getattr(answer, name) for name in told}
    entry["subject"] = subject or "office"
    entry["evidence"] = [shown(item.row, item.day) for item in answer.met_by]
    if answer.past:
        met = "met late" if answer.late_days else "met"
        words = {"missed": "missed", "lapsed": "lapsed", "before_records": BEFORE_RECORDS}
        return entry | {"outcome": words.get(answer.past, met)}
    titles = [row[row.register["label"]].text for row, _ in rows]
    entry["listed_at"] = shown(*rows[0]) if rows else None
    entry["too_late"] = answer.status == "overdue" and never_again(version, who, answer.event)
    return entry | {"subject_name": titles[-1] if titles else "", "version_from": version.begins}


def never_again(version: Version, who: Listed, event: Listed) -> bool:
    """TOO LATE TO DO: whether only the event's own row could be the evidence, dated by the day of
    the event, which has passed, so that no row dated D or later is. What a record must carry can
    still be filled in, and an event whose deadline lies before its day may be still to come."""
    query, events = version["asked"][who.member]["evidence"], version["events"]
    if not events or version["kind"] == "completeness" or not event.day or event.day >= version.d:
        return False
    return bool(query["event"] == ["*", "*"] and query["dated"] == events["dated"])


def gaps(version: Version, who: Listed) -> Iterator[Json]:
    """Of roles and the like: the days, since the in-force day, on which nobody held it between two
    who did."""
    subject = version["asked"][who.member]["title"] or "office"
    last: Date | None = None  # on which any of those seen held it
    for item in items_for(version, who):
        if last and last < item.day - DAY and version.in_force < item.day:
            between = {"opens": max(last + DAY, version.in_force), "deadline": item.day - DAY}
            yield {"subject": subject, "window": "", "outcome": "gap", **between}
        last = max(last or item.end, item.end)


def waivers(
    book: Json, rows: Sequence[Row], d: Date, answers: Mapping[str, Sequence[Answer]]
) -> Iterator[Json]:
    """The waivers on record, and what each comes to on D."""
    duties = {name: each for each in reversed(book["duties"]) for name in each["names"]}
    for row in rows:
        entry: Json = {name.replace(" ", "_"): row[name].text for name in WAIVER[:4]}
        entry |= {name: row.day(name) for name in WAIVER[4:]}
        state, place = waiver_state(row, d), f"{row.file}!{row.sheet}!row {row.line}"
        duty = duties.get(normal(row["duty"].value or ""), {"id": "", "waivable": False})
        if state != "incomplete" and not duty["waivable"]:
            state = "no effect"
        elif state != "incomplete" and duty["id"] in answers:
            state = fitting(row, state, answers[duty["id"]])
        yield entry | {"place": place, "state": state}


def fitting(row: Row, state: str, answers: Sequence[Answer]) -> str:
    """What a waiver comes to, given the obligations of its duty: also, whether it fits two things,
    or none."""
    subject = normal(row["subject"].value)
    if subject == "all" or any(e.status == "not_assessed" for e in answers):
        return state
    fits = len(called(answers).get(subject, ()))
    if fits > 1:
        return "fits two"
    rows = [answer.uncertain_row for answer in answers if answer.uncertain_row]
    uncertain = {name for row in rows for name in (f"row {row.line} of {row.sheet}", row.key.text)}
    known = fits or subject in map(normal, uncertain)
    return state if known or state != "in force" else "matches nothing"


def named(listed: Sequence[Value]) -> dict[tuple[str, int], Value]:
    """The entries of a list by id, section, subject and window, and by number among those of one
    name: by their days and the rows behind them."""
    groups: dict[str, list[Value]] = {}
    for each in listed:
        keys = ("id", "section", "subject", "window") if isinstance(each, dict) else ()
        groups.setdefault(", ".join(str(each[k]) for k in keys if each.get(k)), []).append(each)
    for name in filter(None, groups):
        days = ("opens", "deadline", "outcome", "status", "phrase")
        groups[name].sort(key=lambda each: [*(str(each.get(k)) for k in days), *behind(each)])
    return {(name, n): each for name in groups for n, each in enumerate(groups[name], 1)}


def behind(entry: Value) -> dict[str, str]:
    """The rows that an obligation rests on, by place, each with the first cell that is shown."""
    entry, at = entry if isinstance(entry, dict) else {}, {}
    for row in [*(entry.get("evidence") or ()), *filter(None, [entry.get("listed_at")])]:
        sheet, line = f"{row['file']}!{row['sheet']}", f"row {row['row']}"
        at[f"{sheet}!{line}"] = f"{sheet}!{(row.get('cells') or [{'cell': line}])[0]['cell']}"
    return at


# How assessment.json is laid out. What is left out there is as it says here. Each row of evidence
# stands once, under its sheet. What cites row 17 of the sheet s2 says s2.17, or s2.17.3 where it is
# shown as the third view of that sheet has it.

LISTS = ("evidence", "sections", "duties", "not_in_force", "problems", "readings", "waivers")
ALL_LEFT_OUT: Json = {"known_by": None, "records_begin": None, "sop": None}
ALL_LEFT_OUT |= {name: [] for name in LISTS}
DAYS_LEFT_OUT: Json = dict.fromkeys(("opens", "deadline", "days", "next_due", "last_done"))
DUTY_LEFT_OUT: Json = DAYS_LEFT_OUT | {"owner": "", "in_brief": "", "nothing_to_check": ""}
DUTY_LISTS = ("citations", "readings", "not_given", "obligations", "history")
DUTY_LEFT_OUT |= {name: [] for name in DUTY_LISTS}
LEFT_OUT: Json = DAYS_LEFT_OUT | {"subject": None, "subject_name": "", "window": ""}
LEFT_OUT |= {"late_days": 0, "too_late": False, "listed_at": None, "evidence": []}
ROW_LEFT_OUT: Json = {"key": "", "date": None, "cells": {}, "dates": {}}
COUNTS_LEFT_OUT: Json = dict.fromkeys([*WORST_FIRST, "met_late"], 0)


def row_cited(told: Json, name: str) -> Json:
    """The row of evidence that is cited by that name, with the cells that are shown."""
    id_, n, *view = name.split(".")
    sheet = told["sheets"][id_]
    row = ROW_LEFT_OUT | sheet["rows"][n]
    letters = sheet["views"][int(view[0]) - 1] if view else row["cells"]
    shown = {each: sheet[each] for each in ("file", "sheet", "register")}
    shown |= {"row": int(n), "key": row["key"]}
    shown["date"] = row["dates"].get(view[0], row["date"]) if view else row["date"]
    shown["cells"] = [
        {"cell": f"{k}{n}", "column": sheet["columns"][k], "value": row["cells"][k]}
        for k in letters
    ]
    return shown


def rows_cited(told: Json) -> Iterator[Json]:
    """Every row of evidence that is cited, once, with all its cells."""
    for id_, sheet in told.get("sheets", {}).items():
        yield from (row_cited(told, f"{id_}.{n}") for n in sheet.get("rows", ()))


def laid_out(told: Json) -> Json:
    """The assessment with what is left out in it, and with the rows where they are cited."""
    made = ALL_LEFT_OUT | told
    made["sections"] = [counted(each) for each in made["sections"]]
    made["status"] = {name: counted(each) for name, each in made["status"].items()}
    made["duties"] = [DUTY_LEFT_OUT | counted(each) for each in made["duties"]]
    for duty in made["duties"]:
        duty["readings"] = [made["readings"][n] for n in duty["readings"]]
        duty["obligations"] = [citing(each, told) for each in duty["obligations"]]
        for each in duty["obligations"]:
            each["version_from"] = each.get("version_from") or duty["version_from"]
        duty["history"] = [citing(each, told) for each in duty["history"]]
    return made


def counted(told: Json) -> Json:
    """A duty, a section or a list with the counts that are nought."""
    names = [name for name in ("counts", "duties", "obligations") if name in told]
    full = {name: COUNTS_LEFT_OUT | told[name] for name in names if isinstance(told[name], dict)}
    return told | full


def citing(told: Json, whole: Json) -> Json:
    """An obligation, or an entry of the history, with the rows that it cites."""
    made = LEFT_OUT | told
    made["evidence"] = [row_cited(whole, name) for name in made["evidence"]]
    listed = made["listed_at"]
    made["listed_at"] = listed = row_cited(whole, listed) if listed else None
    if made["subject"] is None:
        made["subject"] = listed["key"] if listed else "office"
    return made


def compare_problems(pack: Pack, unreadable: set[str]) -> None:
    """That the assessment says of each cell that cannot be read, and of no other, that it cannot.
    Of cells with one problem that can be read the first is named."""
    told: set[str] = set()
    for each in pack.assessment["problems"]:
        sheet, count = f"{each['file']}!{each['sheet']}!", 0
        for count, cell in enumerate(itertools.chain(*map(cells_in, each["cells"])), 1):  # noqa: B007
            told.add(f"{sheet}{cell}")
            if f"{sheet}{cell}" not in unreadable:
                says = "it is reported as unreadable, and it can be read."
                pack.differences.append(f"{sheet}{cell}: {says}")
                break
        else:
            says = f"the assessment counts {each['count']} cells, and names {count}."
            pack.must(count == each["count"], f"{sheet}{each['column']}: {says}")
    for place in sorted(unreadable - told):
        pack.differences.append(
            f"{place}: it cannot be read, and the assessment does not report it."
        )


def cells_in(cells: str) -> Iterator[str]:
    """The cells of a range of one column, such as G2:G4; what is no such range, as it is."""
    found = re.fullmatch(r"([A-Z]+)(\d+):\1(\d+)", cells)
    if found is None:
        yield cells
    else:
        yield from (f"{found[1]}{n}" for n in range(int(found[2]), int(found[3]) + 1))


def compare_cells(pack: Pack, sheets: Sequence[Sheet]) -> None:
    """That each cell which the assessment shows says that in the evidence, and each row's key."""
    by_name = {(sheet.file, sheet.name, sheet.register): sheet for sheet in sheets}
    for item in pack.rows:
        sheet, n = by_name.get((item["file"], item["sheet"], item["register"])), item["row"]
        place = f"{item['file']}!{item['sheet']}!"
        if sheet is None or n not in sheet.rows:
            pack.differences.append(f"{place}row {n}: it is shown, and there is no such row.")
            continue
        letters, times = {k: at for at, k in sheet.columns.items()}, Counter(sheet.columns.values())
        register = pack.book["registers"][sheet.register]
        key = {"column": register["key"], "value": item["key"]}
        # of a row that only a change which would meet something names, nothing is shown
        shows = item["cells"] or item["key"] or item["date"]
        for cell in [*item["cells"], key] if shows else ():
            k = letters.get(cell["column"], "")
            # of a column that is there twice nothing is read: which of the two is meant?
            text = sheet.rows[n].get(k, Raw("")).text if times[cell["column"]] == 1 else ""
            found: Json = {"value": text if spaced(text) else ""}
            if cell["column"] in register["sensitive"]:
                found = {"value": None if "cell" in cell else ""}
            found |= {"cell": f"{k}{n}"} if "cell" in cell else {}
            compare(pack, f"{place}{cell.get('cell', f'{k}{n}')}", cell, found)


Said = tuple[str, str]  # a cell's kind and its text, as cells.csv tells them


class Contents(NamedTuple):
    """What a file of evidence holds: the names of its sheets; and by the places of its cells what
    they say, which cell fills each one that a merge covers, and where a formula has no result."""

    sheets: set[str]
    says: dict[str, Said]
    filled: dict[str, str]
    formulas: set[str]


def contents_of(name: str, data: bytes) -> list[Contents]:
    """A CSV file, parted in each way that it may be; a workbook, where openpyxl is installed."""
    if name.lower().endswith(".csv"):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
        text = re.sub(r"(?i)\Asep=[,;\t](\r?\n|\r|\Z)", "", text)
        parted = [csv.reader(io.StringIO(text, newline=""), delimiter=part) for part in ",;\t"]
        sheet = PurePosixPath(name).stem  # its one sheet has the name of the file
        return [Contents({sheet}, says_in(sheet, rows), {}, set()) for rows in parted]
    from openpyxl import load_workbook  # noqa: PLC0415 (it need not be there)

    must_be_bounded(data)
    with warnings.catch_warnings(action="ignore"):
        book, asked = (load_workbook(io.BytesIO(data), data_only=k) for k in (True, False))
    file = Contents(set(book.sheetnames), {}, {}, set())
    for page in book.worksheets:
        if page.max_row * page.max_column > MOST_AREA:
            raise NotCheckable(f"a sheet of it spans more than {MOST_AREA:,} cells")
        says = says_in(page.title, page.values)
        formulas = says.items() ^ says_in(page.title, asked[page.title].values).items()
        file.formulas.update(at for at, _ in formulas)  # there not their results were asked for
        for area in page.merged_cells.ranges:
            first, *others = (f"{page.title}!{letters_of(k - 1)}{n}" for n, k in area.cells)
            file.filled.update(dict.fromkeys(others, first))
            says |= dict.fromkeys(others, says[first]) if first in says else {}
        file.says.update(says)
    return [file]


MARKS_OF_TEXT = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # which may stand before its first <


def must_be_bounded(data: bytes) -> None:
    """That a workbook unfolds to no more than can be held, before openpyxl makes a cell of each
    place in a merge, or of a link."""
    counted: Counter[str] = Counter()

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        counted["cells"] += kind == "c"
        if kind in ("mergeCell", "hyperlink"):
            counted["merged"] += area_of(attributes.get("ref", ""))
        if counted["cells"] > MOST_CELLS or counted["merged"] > MOST_MERGED:
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
                if b"<" not in head and not head.startswith(MARKS_OF_TEXT):
                    continue  # a picture or the like
                parser.Parse(head)
                parser.ParseFile(member)


def area_of(place: str) -> int:
    """How many cells there are from one place to another: A1:B3 has 6."""
    corner = r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})"
    m = re.fullmatch(f"{corner}(?::{corner})?", place)
    if m is None:
        raise NotCheckable(f"{place[:20]!r} is not a place in a sheet")
    one, other = (functools.reduce(lambda n, c: n * 26 + ord(c) - 64, (e or "").upper(), 0)
                  for e in (m[1], m[3] or m[1]))  # fmt: skip
    return (abs(other - one) + 1) * (abs(int(m[4] or m[2]) - int(m[2])) + 1)


def says_in(sheet: str, rows: Iterable[Sequence[Value]]) -> dict[str, Said]:
    """What stands in a sheet, by the places of its cells."""
    cells = ((n, k, said(e)) for n, row in enumerate(rows, 1) for k, e in enumerate(row))
    return {f"{sheet}!{letters_of(k)}{n}": each for n, k, each in cells if each[1]}


def letters_of(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    before, own = divmod(column, 26)
    return (letters_of(before - 1) if before else "") + chr(65 + own)


A_TIME = ("time", "of day")  # no more of one is compared
NO_DAY = ("text", "#VALUE!")  # also what openpyxl says of a number that no day can have


def said(value: Value) -> Said:
    """A value in a file as cells.csv tells it."""
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


def compare_files(pack: Pack, sheets: Sequence[Sheet], cells: Sequence[Line]) -> None:
    """Compares sheets.csv and cells.csv with the files of evidence, where these can be read."""
    for name, member in sorted(pack.manifest["evidence"].items()):
        try:
            files = contents_of(name, pack.files[member])
        except Exception as error:  # noqa: BLE001 (openpyxl is not there, or cannot read it)
            pack.notes.append(f"{name} was not compared with cells.csv: {spaced(str(error))[:80]}")
            pack.uncompared.append(name)
            continue
        pack.notes.append(f"{name} was compared with cells.csv.")
        names = {sheet.name for sheet in sheets if sheet.file == name}
        with_cells = {at.rpartition("!")[0] for file in files for at in file.says}
        right = with_cells <= names <= files[0].sheets
        pack.must(right, f"{name}: it has other sheets than sheets.csv.")
        compare_file(pack, name, files, [cell for cell in cells if cell["file"] == name])


def compare_file(pack: Pack, name: str, files: Sequence[Contents], cells: Sequence[Line]) -> None:
    """Compares the cells that are told of a file with those in it, as it is most likely parted."""
    told: dict[str, Said] = {}
    whole: set[str] = set()  # the rows and columns in which also what a merge fills is told
    for cell in cells:
        sheet, kind, text = cell["sheet"], cell["kind"], spaced(cell["text"])
        at, by = f"{sheet}!{cell['letters']}{cell['row']}", f"{sheet}!{cell['merged with']}"
        told[at] = A_TIME if kind == "time" else (kind, text)
        if kind == "error" and text.startswith("#"):  # which openpyxl gives as text
            told[at] = "text", text
        elif kind == "number" and files[0].says.get(at) == NO_DAY:
            pack.uncompared.append(f"{name}!{at}")
            told[at] = NO_DAY
        if cell["line"] not in ("beside", "total"):
            whole |= {f"{sheet}!{cell['row']}", f"{sheet}!{cell['letters']}"}
        right = not cell["merged with"] or by == files[0].filled.get(at)
        pack.must(right, f"{name}!{at}: its merge is different.")
    file = min(files, key=lambda each: len(each.says.items() ^ told.items()))
    for at in sorted(file.says.keys() | told.keys()):
        row, column = re.sub("![A-Z]+", "!", at), at.rstrip("0123456789")
        if at in told or at not in file.filled or {row, column} <= whole:
            one, other = file.says.get(at, ("nothing", "")), told.get(at, ("nothing", ""))
            asked = other == ("formula", "") and file.filled.get(at, at) in file.formulas
            both = [" ".join(each).strip() for each in (one, other)]
            words = f"the file contains {both[0]!r}, and cells.csv contains {both[1]!r}."
            pack.must(asked or one == other, f"{name}!{at}: {words}")


# The command.


def main(arguments: Sequence[str]) -> int:
    """Rechecks a pack and says what came of it: 0 confirmed, 1 a difference, 2 not checkable."""
    paths = [Path(argument) for argument in arguments] or [*Path(__file__).parent.glob("*.zip")]
    if len(paths) != 1 or str(paths[0]).startswith("-"):
        say(NOT_CHECKED, "Usage: python recheck.py PACK.zip")
        return 2
    pack: Pack | None = None
    try:
        pack = Pack(open_pack(paths[0]))
        recheck(pack)
        stopped = ""
    except NotCheckable as reason:
        stopped = f"Not checkable. {reason}"
    except Exception as error:  # noqa: BLE001 (whatever is wrong in the pack, it is said so)
        stopped = f"Not checkable: something in the pack is wrong ({error!r})."
    differences = [f"DIFFERENCE {difference}" for difference in pack.differences] if pack else []
    if stopped or pack is None:
        say(NOT_CHECKED, *differences[:500], stopped)
        return 2
    last = "Everything is confirmed."
    if pack.uncompared:
        names, more = ", ".join(pack.uncompared[:6]), len(pack.uncompared) - 6
        names += f" and {more} more" if more > 0 else ""
        last = f"Everything is confirmed, if cells.csv is right about {names}."
    if differences:
        last = f"{len(differences)} differences: the assessment is not confirmed."
    say(NOT_CHECKED, *pack.notes, *differences[:500], last)
    return 1 if differences else 0


# Letters that a terminal obeys, or that turn or hide others: control and direction letters, letters
# of no width, halves of a letter, and the separators of lines.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """A line of text with each hidden letter by its number, as U+202E is \\u202e."""

    def number(m: re.Match[str]) -> str:
        units = m[0].encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    return HIDDEN.sub(number, text)


def say(*texts: str) -> None:
    """Prints texts, in whatever letters the terminal has. Every line break in them is shown as one,
    but for those of NOT_CHECKED, so that no name in a pack can print a line of its own."""
    encoding = sys.stdout.encoding or "utf-8"
    lines = [text if text is NOT_CHECKED else visible(text) for text in texts]
    text = "\n".join([*lines, ""])
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def program(arguments: Sequence[str]) -> int:
    """Rechecks a pack; 2 where what came of it could not be printed in full."""
    try:
        return main(arguments)
    except OSError as error:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"The result could not be printed in full ({error.strerror}).\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2


if __name__ == "__main__":
    sys.exit(program(sys.argv[1:]))
