#!/usr/bin/env python3
"""Rechecks a pack of Due Regard: was each status in assessment.json rightly given?

    python recheck.py PACK.zip        or, beside the one pack that there is:   python recheck.py

It needs Python 3.11 or later and nothing else. It opens no connection, looks at no clock, writes
nothing, and shares no code with the program whose work it rechecks. It ends with 0 where all is
confirmed, 1 where there is a difference, and 2 where it could not be checked.

Read it from top to bottom, with rulebook.json open beside it. Words in capitals are headings of the
definitions (docs/semantics.md); D is the day that the assessment speaks for.

    1. The pack       its files are opened, and held against their hashes
    2. A cell         its raw text becomes a day, a period, a code, a key
    3. A sheet        the lines of cells.csv become rows of registers
    4. A rule         spans, conditions, the versions of a duty
    5. Evidence       the items that qualify; nil returns
    6. Lists          who is asked, and about which events or records
    7. Obligations    their windows and statuses, one pattern after another; waivers
    8. The whole      what the assessment should say of duties, sections and all
    9. Comparing      what it says with what was worked out, and cells.csv with the files
   10. Small print    how texts, sheets and files are read: it judges no duty, and can be left to
                      the end

An example. A duty asks for a review every 12 months, and turns due 60 days before that runs out.
Row 7 of the sheet Reviews names what was reviewed, and '2 May 2025' as its day. Part 2 reads that
cell as 2025-05-02, part 3 makes row 7 a row of the register, and part 5 an item of that day, which
serves until 2026-05-02. Part 6 finds whom the duty asks: here the office alone. Part 7 finds that
the obligation (`lasting`) is met to 2026-03-02, due from 2026-03-03, and overdue from 2026-05-03.
Part 8 makes the duty's status of it, and part 9 holds that against the assessment.
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
import sys
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

NOT_CHECKED = """\
What this does not check:
- that rulebook.json says what the rule files in rulebook/ say (only that those are the files that
  the assessment names), nor that they say what the SOP asks;
- that evidence/cells.csv says what the files in evidence/files say, where they cannot be read here:
  workbooks without the Python library openpyxl, and those that are no .xlsx or .xlsm;
- that what the registers record is true;
- the words of the assessment: how a window came to be, reasons, remedies, findings, notes;
- auditors' views in the ledger;
- who made the pack, and when. Compare its SHA-256 with one that was kept elsewhere.
"""

Json = dict[str, Any]
Line = dict[str, str]  # a line of a CSV file, by its columns
Value = Any  # what a cell says: a day, a text, a whole number, yes or no, or a set of texts
Date = datetime.date
DAY = datetime.timedelta(days=1)
FOR_GOOD = Date.max  # later than any day: it never ends, or is no day at all

# ====================================================================================== 1. THE PACK

MOST_FILES, MOST_BYTES = 5_000, 2 * 1024**3


class NotCheckable(Exception):
    """The pack cannot be checked, for the reason that it says."""


def open_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack by name. Nothing is unpacked, and no more read than is announced."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            size = sum(info.file_size for info in infos)
            names = {info.filename for info in infos}
            if len(names) < len(infos) or len(infos) > MOST_FILES or size > MOST_BYTES:
                raise NotCheckable("A name is in the pack twice, or it is larger than a pack.")
            return {info.filename: archive.open(info).read(info.file_size) for info in infos}
    except (OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise NotCheckable(f"{path} cannot be opened as a pack: {error}.") from None


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def once(pairs: list[tuple[str, Value]]) -> Json:
    """An object of a JSON file, which may say nothing twice."""
    if len(dict(pairs)) < len(pairs):
        raise NotCheckable("A JSON file of the pack says one thing twice.")
    return dict(pairs)


class Pack:
    """The pack's files, the three that are read first, and what was found."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.differences: list[str] = []
        self.notes: list[str] = []
        self.uncompared: list[str] = []  # files of evidence that cannot be read here
        self.manifest = self.json("manifest.json", "dueregard-pack-1")
        self.assessment = self.json("assessment.json", "dueregard-assessment-1")
        self.book = self.json("rulebook.json", "dueregard-rulebook-2")

    def must(self, holds: object, sentence: str) -> None:
        """Notes a difference where something does not hold."""
        if not holds:
            self.differences.append(sentence)

    def json(self, name: str, form: str) -> Json:
        """A JSON file of the pack, of that form."""
        data: Json = json.loads(self.files[name].decode("utf-8"), object_pairs_hook=once)
        if data["format"] != form:
            raise NotCheckable(f"{name} is not of the form {form!r}.")
        return data

    def table(self, name: str) -> list[Line]:
        """The lines of a CSV file of the pack, without the apostrophe that lets no text run."""
        csv.field_size_limit(2**27)
        lines = csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"), newline=""))
        return [{k: v.removeprefix("'") for k, v in line.items()} for line in lines]


def check_files(pack: Pack) -> None:
    """That the files are those that were packed, and those that the assessment names."""
    claimed, listed = pack.assessment, pack.manifest["files"]
    hashes = {name: sha256(data) for name, data in pack.files.items() if name != "manifest.json"}
    for name in sorted(listed.keys() | hashes.keys()):
        unchanged = hashes.get(name) == listed.get(name)
        pack.must(unchanged, f"{name}: it was changed, left out or put in after the packing.")
    for stamp in claimed["evidence"]:
        name = pack.manifest["evidence"].get(stamp["file"])
        if name is None:
            words = f"The pack was made without the evidence file {stamp['file']}."
            raise NotCheckable(f"{words} Ask for one that was made with --evidence.")
        words = f"{stamp['file']}: it is not the file that the assessment was made from."
        pack.must(hashes[name] == stamp["sha256"], words)
    quoted = (claimed["sop"] or {}).get("sha256")
    for name in (each for each in hashes if quoted and each.startswith("sop/")):
        pack.must(hashes[name] == quoted, f"{name}: it is not the SOP that was quoted.")
    rules = hash_of_rules(pack)
    words = "rulebook: its files are not those that the assessment was made with."
    pack.must(rules == claimed["rulebook"]["sha256"] == pack.book["sha256"], words)


def hash_of_rules(pack: Pack) -> str:
    """One hash of all rule files, by name: of each its name and bytes, each after its length."""
    digest = hashlib.sha256()
    for name in sorted(pack.files):
        if name.startswith("rulebook/") and name.endswith(".yaml"):
            for part in (name.removeprefix("rulebook/").encode(), pack.files[name]):
                digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def check_ledger(pack: Pack) -> None:
    """That the ledger's chain of hashes is whole, and that this assessment was entered in it."""
    previous, mine, entered = "0" * 64, sha256(pack.files["assessment.json"]), []
    for number, line in enumerate(pack.files["ledger.txt"].decode("utf-8").splitlines()):
        entry = json.loads(line)
        whole = (entry["number"], entry["previous"]) == (number, previous)
        pack.must(whole, f"ledger.txt: its chain is broken at entry {number}.")
        previous = sha256(line.encode())
        if entry["kind"] == "check" and entry["assessment"] == mine:
            entered.append(str(number))
    pack.must(entered, "ledger.txt: this assessment was never entered in it.")
    pack.notes.append(
        f"The ledger names this assessment in entry {', '.join(entered)}. Its head is {previous}: "
        "compare it with a head that was kept elsewhere."
    )


# ======================================================================================= 2. A CELL

# How a cell was read. Only one that was READ says anything.
READ = "read"
NOTHING = "nothing"  # blank, and the register says that blank means nothing
BLANK = "blank"  # blank where that cannot be read
UNREADABLE = "unreadable"
NO_COLUMN = "no column"  # the sheet lacks a column that it must have
SURE = (READ, NOTHING)


class Cell(NamedTuple):
    """One typed cell: how it was read, what it says if it was, and its raw text."""

    state: str
    value: Value = None
    raw: str = ""


class Raw(NamedTuple):
    """A cell as it stood in the file: its text, and what kind of cell it was."""

    text: str
    kind: str = "text"


UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@functools.lru_cache(maxsize=100_000)
def spaced(text: str) -> str:
    """Without marks that cannot be seen, ends trimmed, each run of white space one space."""
    return " ".join(text.translate(UNSEEN).split())


@functools.lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """A key as it is compared: also capitals and small letters alike."""
    return spaced(text).casefold()


@functools.lru_cache(maxsize=100_000)
def heading(text: str) -> str:
    """A heading or a sheet's name as it is compared: hyphens as spaces, no marks at its end."""
    return spaced(re.sub("[-_\u2010-\u2014]", " ", text)).rstrip(" .,:;!?*").casefold()


def read_column(column: Json, cells: Sequence[Raw]) -> list[Cell]:
    """The cells of one column of one sheet, typed. A blank one says what it is declared to. How a
    text becomes a day (`text_day`) or another value (`read_value`) is small print, but for this: if
    one cell can be read as a day only month first (05/13/2026, May 4 2026), the column mixes
    orders, and each of its cells that would be another day month first cannot be read."""
    typed, kind = [], column["type"]
    dated = ("text", "day", "day and time") if kind == "day" else ()
    days = [text_day(cell.text) if cell.kind in dated else (None, None) for cell in cells]
    mixed = any(month_first and not day for day, month_first in days)
    for cell, (day, month_first) in zip(cells, days, strict=True):
        if cell.kind in ("error", "formula"):  # a formula without its result
            typed.append(Cell(UNREADABLE, None, cell.text))
        elif not spaced(cell.text):
            typed.append(Cell(*column["blank"]))
        else:
            unclear = mixed and month_first and month_first != day
            value = day if kind == "day" else read_value(column, kind, cell)
            lost = value is None or (kind == "day" and unclear)
            typed.append(
                Cell(UNREADABLE, None, cell.text) if lost else Cell(READ, value, cell.text)
            )
    return typed


# ====================================================================================== 3. A SHEET


@dataclass(eq=False)
class Row:
    """A row of a register: how the register is declared, the row's number among the register's, its
    cells by column, where it stands, the letters of its columns, and what stands in others."""

    spec: Json
    n: int
    cells: dict[str, Cell]
    file: str = ""
    sheet: str = ""
    line: int = 0
    letters: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[Value, ...] = ()

    def __getitem__(self, column: str | None) -> Cell:
        """The cell in a column. Where a rule names none it says nothing, so that whatever a rule
        may name can be asked for."""
        return self.cells[column] if column else Cell(NOTHING)

    @property
    def key(self) -> Cell:
        """The cell that names the row."""
        return self[self.spec["key"]]

    def day(self, column: str | None) -> Date | None:
        """The day in a column; None where none can be read."""
        cell = self[column]
        return cell.value if cell.state == READ else None

    def place(self, column: str) -> str:
        """Where its cell in a column stands."""
        return f"{self.file}!{self.sheet}!{self.letters[column]}{self.line}"


Tables = Mapping[str, list[Row] | None]  # the rows of each register; None: it is missing


class Sheet(NamedTuple):
    """One sheet of evidence: the register that it holds ('' if none), why it was not read ('' if it
    was), and by letters its columns, their headings and the cells of its rows."""

    file: str
    name: str
    register: str
    unread: str
    columns: dict[str, str]
    headings: dict[str, str]
    rows: dict[int, dict[str, Raw]]


def read_sheets(pack: Pack, cells: Sequence[Line]) -> list[Sheet]:
    """The sheets. Each line of cells.csv is a cell, and says as what its row was taken; whether
    that is so is checked by `check_sheet`, in the small print."""
    by_row: dict[tuple[str, str], dict[int, list[Line]]] = {}
    for cell in cells:
        rows = by_row.setdefault((cell["file"], cell["sheet"]), {})
        rows.setdefault(int(cell["row"]), []).append(cell)
    places = {(cell["file"], cell["sheet"], cell["row"], cell["letters"]) for cell in cells}
    pack.must(len(places) == len(cells), "evidence/cells.csv: it tells of one cell twice.")
    sheets, listed = [], pack.table("evidence/sheets.csv")
    times = Counter((each["file"], heading(each["sheet"])) for each in listed)
    for each in listed:
        sheet = Sheet(each["file"], each["sheet"], each["register"], each["not read"], {}, {}, {})
        rows = by_row.pop((sheet.file, sheet.name), {})
        for number, row in rows.items():
            if row[0]["line"] == "headings":
                sheet.columns.update({cell["letters"]: cell["column"] for cell in row})
                sheet.headings.update({cell["letters"]: cell["text"] for cell in row})
            elif row[0]["line"] == "row":
                raws = {cell["letters"]: Raw(cell["text"], cell["kind"]) for cell in row}
                sheet.rows[number] = raws
        check_sheet(pack, sheet, rows, times[sheet.file, heading(sheet.name)] > 1)
        sheets.append(sheet)
    files = {stamp["file"] for stamp in pack.assessment["evidence"]}
    right = files == {sheet.file for sheet in sheets} and not by_row
    pack.must(right, "evidence/sheets.csv: it names other files or sheets than what is checked.")
    return sheets


def rows_of(sheet: Sheet, spec: Json) -> Iterator[Row]:
    """The rows of a sheet of a register, typed column by column."""
    times = Counter(sheet.columns.values())
    letters = {name: at for at, name in sheet.columns.items() if name and times[name] == 1}
    columns: dict[str, list[Cell]] = {}
    for name, column in spec["columns"].items():
        if times[name] > 1:  # which of them is meant?
            columns[name] = [Cell(UNREADABLE)] * len(sheet.rows)
        elif times[name] == 0 and column["required"]:
            columns[name] = [Cell(NO_COLUMN)] * len(sheet.rows)
        else:  # one that need not be there, and is not, is blank in each row
            at = letters.get(name, "")
            columns[name] = read_column(
                column, [row.get(at, Raw("")) for row in sheet.rows.values()]
            )
    used = set(letters.values())
    for n, (line, raws) in enumerate(sheet.rows.items()):
        cells = {name: column[n] for name, column in columns.items()}
        beside: list[Value] = sorted(
            (heading(sheet.headings.get(at, "")) or at, raw.text)
            for at, raw in raws.items()
            if at not in used and spaced(raw.text)
        )
        if any(raw.kind == "formula" for raw in raws.values()):
            beside.append(object())  # its result is not known, so it is like no other row
        yield Row(spec, n, cells, sheet.file, sheet.name, line, letters, tuple(beside))


def read_registers(
    book: Json, sheets: Sequence[Sheet], known_by: Date | None
) -> tuple[Tables, set[str]]:
    """The rows of all registers, and where each cell stands that cannot be read. A sheet that
    cannot be read makes its register missing. Rows equal in every cell count once. A row recorded
    after ``known_by``, or on no day that can be read, does not count; without such a column it
    does."""
    tables: dict[str, list[Row] | None] = dict.fromkeys(book["registers"])
    unread: set[str] = set()
    seen: set[Value] = set()
    for sheet in (each for each in sheets if each.register and not each.unread):
        spec = book["registers"][sheet.register]
        clock = spec["recorded on"] if spec["recorded on"] in sheet.columns.values() else None
        table = tables[sheet.register] = tables[sheet.register] or []
        for row in rows_of(sheet, spec):
            late = known_by and clock and (row.day(clock) or FOR_GOOD) > known_by
            # of a row that was not known by then only the day on which it was recorded is told
            names = row.letters.keys() & {clock} if late else row.letters.keys()
            unread |= {row.place(k) for k in names if row[k].state in (BLANK, UNREADABLE)}
            content = (spec["id"], *row.cells.values(), *row.beside)
            if not late and content not in seen:
                seen.add(content)
                row.n = len(table)
                table.append(row)
    tables |= {each.register: None for each in sheets if each.register and each.unread}
    unread |= {row.place(name) for row, name in lose_names(tables)}
    for asked in book["latest"]:
        fill_latest(asked, tables)
    return tables, unread


def lose_names(tables: Tables) -> list[tuple[Row, str]]:
    """Makes each cell unreadable that names a row by its key where two rows have that key, in a
    register that it may name or in two of them: it could mean either. Rows that say the same are
    one, and so are rows of a register of spells, where somebody who comes back has two."""
    contents: dict[tuple[str, Value], set[Value]] = {}  # by register and key, what its rows say
    for row in itertools.chain.from_iterable(filter(None, tables.values())):
        if row.key.state == READ:
            read = [(c.state, c.value if c.state == READ else c.raw) for c in row.cells.values()]
            content = () if row.spec["spells"] else tuple(read)
            contents.setdefault((row.spec["id"], row.key.value), set()).add(content)
    lost: list[tuple[Row, str]] = []
    for row in itertools.chain.from_iterable(filter(None, tables.values())):
        for column, registers in row.spec["names"].items():
            value = row[column].value
            keys = value if isinstance(value, frozenset) else {value}
            if any(sum(len(contents.get((r, key), ())) for r in registers) > 1 for key in keys):
                lost.append((row, column))
    for row, column in lost:
        row.cells[column] = Cell(UNREADABLE, None, row[column].raw)
    return lost


# ======================================================================================= 4. A RULE
# Rules are taken from rulebook.json as they stand there; null is what a rule does not say. Names of
# registers and columns are those of registers.yaml. Of what may not explain itself:
#
#   where           groups of conditions: one of each group must hold
#   population      the list of people. where: who is on it; dated: the day on which they join
#   events          the list of events or records. where: what is on it; standing: that, and not
#                   cancelled
#   fair            an empty list asks nothing (otherwise nobody can tell)
#   evidence        what counts. dated: the columns of which the latest day counts; itself: the row
#                   of the event or record; named by subject: the column of the subject's row that
#                   names it; needed from: the column of the event's row that says how many; each:
#                   the kind of period that it may name
#   applies         a row that must be in place for the duty to ask anything
#   within, early   how long after an event's day the window ends, and before it opens
#   already there   people who had joined before the duty was in force are asked too
#   keeps register  to have the register at all is part of the duty
#   names           of a duty: how registers may name it; of a register: for each column that holds
#                   keys, whose keys they are


def add(day: Date, span: Sequence[Any], sign: int = 1) -> Date:
    """The day so long after another, or before it (-1). Months are cut to the month's last day."""
    count, unit = span
    if unit == "days":
        return day + sign * int(count) * DAY
    year, month = divmod(day.year * 12 + day.month - 1 + sign * count, 12)
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
    """Whether a row meets one condition of each group. A day after D fills no cell; on lists, which
    hold what is still to come, it does, and D is left out."""
    return all_hold(one_holds(holds(each, row, d) for each in group) for group in where)


def holds(condition: Json, row: Row, d: Date) -> bool | None:
    """Whether a row meets one condition on one of its columns. Only a cell that is read can."""
    ask, asked, cell = condition["ask"], condition["value"], row[condition["column"]]
    if ask == "not yes":
        return {NOTHING: True, READ: not cell.value}.get(cell.state)
    if ask == "filled":  # a blank that stands for a word is not; asked: days to come fill it too
        to_come = isinstance(cell.value, Date) and cell.value > d and not asked
        filled = cell.state == READ and cell.raw != "" and not to_come
        return None if cell.state in (UNREADABLE, NO_COLUMN) else filled
    other = row[asked["column"]] if ask == "on or before" else cell
    if NOTHING in (cell.state, other.state):
        return False
    if cell.state != READ or other.state != READ:
        return None
    if ask == "on or before":
        earliest = add(other.value, asked["within"], -1) if asked["within"] else Date.min
        return bool(earliest <= cell.value <= other.value)
    return {
        "is": lambda: bool(cell.value == asked),
        "at least": lambda: bool(cell.value >= asked),
        "includes": lambda: set(asked) <= set(cell.value),
        "one of": lambda: normal(cell.value) in asked,
        "none of": lambda: normal(cell.value) not in asked,
    }[ask]()


@dataclass(eq=False)
class Version:
    """One version of a duty that has begun by D. VERSIONS AND CLOCKS: only those take part, and the
    last is the one on D."""

    tables: Tables
    d: Date
    duty: Json
    asks: Json
    begins: Date
    in_force: Date
    previous: Version | None = None
    ends: Date | None = None  # the day on which the next one begins
    index: dict[str, dict[Value, list[Item]]] = field(default_factory=dict)  # see items_for

    def __getitem__(self, name: str) -> Value:
        """What it says about something; None where it says nothing."""
        return self.asks[name]

    def judges(self, day: Date | None) -> bool:
        """Whether it judges a day: the first judges earlier ones too, the last those unknown."""
        since, until = self.begins if self.previous else Date.min, self.ends or FOR_GOOD
        return since <= day < until if day else self.ends is None

    def rows(self, register: str) -> list[Row]:
        """The rows of a register; none where it is missing."""
        return self.tables.get(register) or []

    def member(self, id_: str) -> Json | None:
        """The member of its fixed list that has this id, if it has one."""
        return next((each for each in self["members"] if each["id"] == id_), None)


def versions_of(duty: Json, tables: Tables, d: Date) -> list[Version]:
    """The versions of a duty that have begun by D; none where it is not in force on D."""
    begun: list[Version] = []
    in_force, until = Date.fromisoformat(duty["in force"]), Date.fromisoformat(duty["until"])
    for asks in duty["versions"]:
        begins = Date.fromisoformat(asks["begins"])
        if begins <= d <= until:
            begun.append(Version(tables, d, duty, asks, begins, in_force))
    for previous, version in itertools.pairwise(begun):
        version.previous, previous.ends = previous, version.begins
    return begun


# ===================================================================================== 5. EVIDENCE


class Item(NamedTuple):
    """A qualifying item, dated by D. Items are taken by day, and on one day by their text."""

    day: Date
    text: tuple[str, ...]
    n: int
    register: str
    row: Row
    dated: Date  # the day that is shown, where several date it
    end: Date  # the last day for which it serves
    period: Value  # the one that it names, or None
    distinct: Value  # of those alike in this only the earliest counts


def item_of(query: Json, row: Row, d: Date) -> Item | None:
    """A row as an item, if it meets every condition and its days are read and not after D."""
    days = [row.day(name) or FOR_GOOD for name in query["dated"]]
    period, distinct = row[query["period"]], row[query["distinct"]]
    if max(days) > d or not meets(query["where"], row, d):
        return None
    another = period.value and period_named(period.value)[0] != query["each"]
    if another or period.state in (UNREADABLE, NO_COLUMN):  # a blank one goes by the date
        return None
    end = end_of(query, row, max(days))
    if end is None or (query["distinct"] and distinct.state != READ):
        return None
    id_, text = row.spec["id"], tuple(cell.raw for cell in row.cells.values())
    return Item(max(days), text, row.n, id_, row, days[0], end, period.value, distinct.value)


def end_of(query: Json, row: Row, day: Date) -> Date | None:
    """The last day for which an item serves: an interval on; or its end or review-by day, no later
    than the rule's cap. None: it cannot be read, or is missing."""
    if query["every"]:
        return add(day, query["every"])
    ends, review = row[query["ends"]], row[query["review by"]]
    if ends.state not in SURE or review.state not in SURE:
        return None
    last: Date = min(ends.value or FOR_GOOD, review.value or FOR_GOOD)
    if review.value and query["review within"]:
        last = min(last, add(day, query["review within"]))
    return None if last == FOR_GOOD and query["end needed"] else last


def items_for(version: Version, who: Listed, event: Listed | None = None) -> list[Item]:
    """The items of one obligation, in order: those that name its event and its subject, as far as
    the rule asks them to, and the nil returns that it accepts."""
    member = version.member(who.key)
    query, member_id = (member or version.asks)["evidence"], who.key if member else ""
    if member_id not in version.index:  # all items, by the event and the subject that they name
        index = version.index[member_id] = {}
        for row in version.rows(query["register"]):
            if item := item_of(query, row, version.d):
                about = row if query["itself"] else row[query["event"]].value
                whose = row.key if query["named by subject"] else row[query["subject"]]
                index.setdefault((about, whose.value), []).append(item)
    named_event, named_subject = None, who.key if query["subject"] else None
    if event:
        named_event = event.row if query["itself"] else event.key if query["event"] else None
    if who.row and query["named by subject"]:
        named_subject = who.row[query["named by subject"]].value or ""
    items = version.index[member_id].get((named_event, named_subject), [])
    return sorted([*items, *nil_returns(version, version["nil return"])])


def enough(items: Iterable[Item], needed: int) -> list[Item]:
    """The earliest items, as many as are needed; [] where there are too few. Of items that have to
    differ in something, only the earliest of those alike counts."""
    kept: dict[Value, Item] = {}
    for item in sorted(items):
        kept.setdefault(item.row if item.distinct is None else (item.distinct,), item)
    return list(kept.values())[:needed] if len(kept) >= needed else []


def nil_returns(version: Version, asked: Json | None) -> list[Item]:
    """NIL RETURN: the whole ones for a list by D, which are dated on or after their last day."""
    rows = version.rows(asked["register"]) if asked else []
    items = [item for row in rows if asked and (item := item_of(asked, row, version.d))]
    return [item for item in items if item.period and period_named(item.period)[1] <= item.day]


# ======================================================================================== 6. LISTS


class Listed(NamedTuple):
    """Whom or what an obligation is about: the office (''), a member of a fixed list, a person, an
    event or a record. A person is asked from ``day``, the later of joining and being flagged, to
    the day before ``leaves``. ``clear``: its row can be told."""

    key: str = ""
    day: Date | None = None
    row: Row | None = None
    clear: bool = True
    leaves: Date = FOR_GOOD


OFFICE = NO_EVENT = Listed()


def subjects(version: Version) -> list[Listed]:
    """SUBJECTS: whom a version asks on D, and the rows that cannot be told, unless what can be read
    leaves them out."""
    listed, d, people = version["population"], version.d, []
    if not listed:
        return [Listed(each["id"]) for each in version["members"]] or [OFFICE]
    for row in version.rows(listed["register"]):
        lists, joins = meets(listed["where"], row), row.day(listed["dated"])
        leaves = row.day(listed["leaves"]) or FOR_GOOD  # a day that cannot be read is no leaving
        flagged = row.day(listed["flagged"]) if listed["flagged"] else joins
        never = listed["flagged"] and row[listed["flagged"]].state == NOTHING
        to_come = any(day > d for day in (joins, flagged) if day)
        if lists is not False and leaves > d and not never and not to_come:
            since = max(joins, flagged) if joins and flagged else None
            clear = bool(lists and since) and row.key.state == READ
            people.append(Listed(row.key.value or "", since, row, clear, leaves))
    twice = claimed_twice(version)
    return [who._replace(clear=who.clear and who.row not in twice) for who in people]


def claimed_twice(version: Version) -> set[Row]:
    """The rows of people of which another claims the same person for days that overlap."""
    listed = version["population"]
    spells: dict[str, list[tuple[Date, Date, Row]]] = {}  # by key: joins, leaves
    for row in version.rows(listed["register"]):
        joins, leaves = row.day(listed["dated"]), row.day(listed["leaves"]) or FOR_GOOD
        if row.key.state == READ and joins and joins < leaves and meets(listed["where"], row):
            spells.setdefault(row.key.value, []).append((joins, leaves, row))
    return {
        row
        for of_one_key in spells.values()
        for (joins, leaves, row), (began, ended, _) in itertools.permutations(of_one_key, 2)
        if joins < ended and began < leaves
    }


def events(versions: Sequence[Version]) -> list[tuple[Version, Listed]]:
    """The events that ask something by D, each with the version of its day, which lists it; and the
    rows that cannot be told: those that cannot be read, and those of one key."""
    listed: list[tuple[Version, Listed]] = []  # all that any version lists
    for version in versions:
        asked = version["events"]
        for row in version.rows(asked["register"]) if asked else ():
            day, lists = row.day(asked["dated"]), meets(asked["standing"], row)
            clear = bool(lists and day) and row.key.state == READ
            if lists is not False:
                listed.append((version, Listed(row.key.value or "", day, row, clear)))
    # A key is one event's alone where the version of its day lists no other row of that key, and no
    # version lists another in the days that it judges.
    by_version = Counter((version, event.key) for version, event in listed if event.clear)
    by_day = Counter(e.key for version, e in listed if e.clear and version.judges(e.day))
    asking: list[tuple[Version, Listed]] = []
    for version, event in listed:
        last = version.d if version["kind"] == "triggered" else FOR_GOOD
        asks = event.day is None or version.in_force <= event.day <= last
        if asks and version.judges(event.day):
            alone = by_version[version, event.key] == by_day[event.key] == 1
            asking.append((version, event._replace(clear=event.clear and alone)))
    return asking


def empty_list(version: Version) -> Answer | None:
    """The one answer for a whole duty whose list is missing, or unfairly empty: no nil return
    covers D, from its own day to the last day of the next such period."""
    for listed in filter(None, (version["population"], version["events"])):
        if version.tables.get(listed["register"]) is None:
            if version["keeps register"]:
                first = version.in_force
                return Answer(version, "overdue", first, first, (first - version.d).days)
            return Answer(version, "cannot_tell")
        rows = version.rows(listed["register"])
        has_rows = any(meets(listed["where"], row) is not False for row in rows)
        periods = [period_named(item.period) for item in nil_returns(version, listed["nil return"])]
        covered = any(version.d <= period_of(kind, last + DAY)[2] for kind, last in periods)
        if not (has_rows or listed["fair"] or covered):
            return Answer(version, "cannot_tell")
    return None


# ================================================================================== 7. OBLIGATIONS


@dataclass
class Answer:
    """An obligation and its status. ``past``: how it is in history, if it is."""

    version: Version
    status: str
    opens: Date | None = None
    deadline: Date | None = None
    days: int | None = None
    late_days: int = 0
    met_by: list[Item] = field(default_factory=list)
    last_done: Date | None = None
    window: str = ""
    past: str = ""
    who: Listed = OFFICE
    event: Listed = NO_EVENT

    @property
    def unclear(self) -> Row | None:
        """The row of the event or of the subject that cannot be told, if one cannot."""
        return next((each.row for each in (self.event, self.who) if not each.clear), None)

    def in_history(self, past: str) -> Answer:
        """The same, as history: without a deadline to come."""
        return replace(self, past=past, days=None, last_done=None)


def outcome(
    version: Version, opens: Date, deadline: Date, met_by: list[Item], items: Iterable[Item]
) -> Answer:
    """AN OBLIGATION'S STATUS AT D: met by these of its items, late if the last was; without any,
    not yet due, due or overdue."""
    d, last_done = version.d, max((item.day for item in items), default=None)
    if met_by:
        late_days = max(0, (met_by[-1].day - deadline).days)
        by_row = sorted(met_by, key=lambda item: (item.register, item.n))
        return Answer(version, "met", opens, deadline, None, late_days, by_row, last_done)
    status = "not_yet_due" if d < opens else "due" if d <= deadline else "overdue"
    return Answer(version, status, opens, deadline, (deadline - d).days, last_done=last_done)


def left_out(version: Version, day: Date) -> Answer | None:
    """The answer where the duty's own condition does not hold on a day, or cannot be told; None
    where it holds, and the duty is to be judged."""
    asked, truths = version["applies"], []
    if asked is None:
        return None
    for row in version.rows(asked["register"]):
        begins, ends = row.day(asked["begins"]), row.day(asked["ends"])
        begun = begins <= day if begins else None if asked["begins"] else True
        over = ends is not None and ends <= day  # one that cannot be read reads as not ended
        truths.append(all_hold([meets(asked["where"], row, version.d), begun, not over]))
    missing = version.tables.get(asked["register"]) is None
    applies = None if missing else one_holds(truths)
    if applies:
        return None
    return Answer(version, "cannot_tell" if applies is None else "not_applicable")


def deadline_under(version: Version, reckon: Callable[[Version], Date]) -> Date:
    """The deadline under a version: not before the version's own first day, unless it had passed
    already under the version before."""
    deadline, previous, begins = reckon(version), version.previous, version.begins
    if previous is None or deadline >= begins:
        return deadline
    alike = previous["kind"] == version["kind"]
    return min(begins, deadline_under(previous, reckon)) if alike else begins


# ---------------------------------------------------------------------- Pattern 1, periodic

# How many months a period has, and in which month (of two) one of them begins.
PERIODS = {"financial year": (12, 4), "calendar year": (12, 1), "quarter": (3, 1), "month": (1, 1)}


def period_of(kind: str, day: Date) -> tuple[str, Date, Date]:
    """The period of that kind that holds the day: label, first and last day."""
    long, begins = PERIODS[kind]
    first = add(day.replace(day=1), ((day.month - begins) % long, "months"), -1)
    year = first.year - (first.month < 4)
    label = first.isoformat()[: 4 if kind == "calendar year" else 7]
    if kind in ("financial year", "quarter"):
        quarter = f" Q{(first.month - 4) % 12 // 3 + 1}" if kind == "quarter" else ""
        label = f"{year}/{(year + 1) % 100:02}{quarter}"
    return label, first, add(first, (long, "months")) - DAY


def period_named(label: str) -> tuple[str, Date]:
    """The kind and the last day of the period of that label."""
    rest, (kind, months) = label[4:], ("calendar year", 0)
    if "/" in rest:
        kind, months = ("quarter", 3 * int(rest[-1])) if "Q" in rest else ("financial year", 3)
    elif rest:
        kind, months = "month", int(rest[1:]) - 1
    return kind, period_of(kind, add(Date(int(label[:4]), 1, 1), (months, "months")))[2]


class Window(NamedTuple):
    """Windows are taken by deadline. ``end``: the last day on which an item that names no period is
    in time. ``cut``: it had begun before the duty was in force."""

    deadline: Date
    opens: Date
    end: Date
    label: str
    version: Version
    cut: bool


def calendar_windows(version: Version) -> Iterator[Window]:
    """A version's windows by the calendar, from the in-force day until two have opened after D."""
    day, after_d = version.in_force, 0
    while after_d < 2:
        label, opens, end = period_of(version["period"], day)
        day = end + DAY
        if version["part"]:  # a quarter of the year, named by the year
            opens = add(opens, version["part"])
            end = add(opens, (3, "months")) - DAY
        if version["before"]:  # named by the period that follows
            label = period_of(version["period"], day)[0]
        if end >= version.in_force:
            cut, opens = opens < version.in_force, max(opens, version.in_force)
            yield Window(add(end, version["grace"]), opens, end, label, version, cut)
            after_d += opens > version.d


def windows(versions: Sequence[Version]) -> list[Window]:
    """The windows up to the one after D's, each judged by the version in whose days its deadline
    lies. A label that a version has given is not given again by a later one."""
    judged: dict[str, Window] = {}
    before: dict[str, Window] = {}  # those of the version before, by label
    for version in versions:
        before = windows_after(before, version) if version["kind"] == "periodic" else {}
        for label, window in before.items():
            if version.judges(window.deadline):
                judged.setdefault(label, window)
    until = Date.fromisoformat(versions[0].duty["until"])
    return sorted(window for window in judged.values() if window.opens <= until)


def windows_after(before: Mapping[str, Window], version: Version) -> dict[str, Window]:
    """A version's windows by label, given those of the version before it. A deadline that would
    move to before the version's first day is that day; an item that names no period is in time
    until then, or until the next window opens."""
    own = list(calendar_windows(version))
    by_label = {window.label: window for window in own}
    for window, following in itertools.pairwise(own):
        old = before.get(window.label)
        if old and window.deadline < version.begins <= old.deadline:
            end = max(window.end, min(version.begins, following.opens - DAY))
            by_label[window.label] = window._replace(deadline=version.begins, end=end)
    return by_label


def judge_window(window: Window, following: Date, items: list[Item]) -> Answer:
    """Met in time or else late, by items that name this period, or that name none and are dated in
    it, or after its deadline and before the next opens. ``items`` are those of the version on D."""
    version = window.version

    def counts(item: Item) -> bool:
        if item.period is not None:
            opened = bool(item.day >= window.opens or version["early"])
            return item.period == window.label and opened
        return window.opens <= item.day <= window.end or window.deadline < item.day < following

    own = items_for(version, OFFICE) if window.opens <= version.d else []
    met_by = enough(filter(counts, own), version["evidence"]["needed"])
    answer = outcome(version, window.opens, window.deadline, met_by, items)
    return replace(answer, window=window.label)


def periodic(versions: Sequence[Version]) -> list[Answer]:
    """The one current obligation, and the earlier windows as history."""
    now, d, found = versions[-1], versions[-1].d, windows(versions)
    aside = left_out(now, d)
    if aside or not found:
        return [aside] if aside else []
    next_opens, items = [*(window.opens for window in found[1:]), FOR_GOOD], items_for(now, OFFICE)
    answers = [judge_window(w, opens, items) for w, opens in zip(found, next_opens, strict=True)]
    # one that was cut short and missed is passed over
    missed = [a.status == "overdue" and not w.cut for a, w in zip(answers, found, strict=True)]
    # W is the latest window that has opened, the first if none has;
    at = max((n for n, window in enumerate(found) if window.opens <= d), default=0)
    if at and answers[at].status == answers[at - 1].status == "due":
        at -= 1  # or the one before it, where neither is met and its grace still runs;
    if answers[at].status == "overdue" and found[at].cut:
        at += 1  # or the one after it, where it was cut short and missed.
    history = [
        answers[n].in_history("missed" if missed[n] else "met")
        for n in range(at)
        if missed[n] or answers[n].met_by
    ]
    if at == len(found):  # the duty ends before another window opens
        return history
    current = answers[at]
    if current.status == "met":  # the next deadline to come is shown
        current.days = (found[at + 1].deadline - d).days if at + 1 < len(found) else None
        return [current, *history]
    first = at  # of the unbroken run of missed windows up to W
    while first and missed[first - 1]:
        first -= 1
    if missed[at] or first < at:
        current.status, current.days = "overdue", (found[first].deadline - d).days
    return [current, *history]


# ------------------------------------------------------- Patterns 2 and 5, rolling and standing
# Both are read alike: each item serves until a day (an interval after it, or its end), and what is
# asked is that one serves on D, and for longer than the notice.


def serving(version: Version, who: Listed) -> list[tuple[Date, list[Item]]]:
    """Each item with the last day for which it serves. Where several are needed, as many in a row
    as are needed, which serve until the first of them ends."""
    items, needed = items_for(version, who), version["evidence"]["needed"]
    several = [items[n : n + needed] for n in range(len(items) - needed + 1)]
    return [(group[0].end, group) for group in several]


def lasting(version: Version, who: Listed) -> Answer:
    """Met while something serves on D and the deadline is more than the notice away. Never done, it
    is never met."""
    d, in_force = version.d, version.in_force
    opens = max(in_force, who.day or in_force)

    def reckon(under: Version) -> Date:
        if version.member(who.key) and not under.member(who.key):
            return FOR_GOOD  # a version that did not ask it yet set no deadline
        own = under["first deadline"] if opens == in_force else None
        first = Date.fromisoformat(own) if own else add(opens, under["first"])
        return max([first, *(end for end, _ in serving(under, who))])

    deadline = deadline_under(version, reckon)
    met_by: list[Item] = []
    if d < add(deadline, version["notice"], -1):
        in_place = [(end, items) for end, items in serving(version, who) if end >= d]
        met_by = max(in_place, default=(d, []))[1]
    answer = outcome(version, opens, deadline, met_by, items_for(version, who))
    answer.days = (deadline - d).days
    return answer if deadline < FOR_GOOD else replace(answer, deadline=None, days=None)


# ------------------------------- Patterns 3, 4 and 6, triggered, before an event, completeness


def about_event(version: Version, event: Listed, day: Date, who: Listed) -> Answer:
    """Within so long of the event's day (before an event: less than nothing), and no earlier than
    so long before it, or than the day after the previous event. Of a record, within so long of its
    own day, or by the day that it carries."""
    query, listed = version["evidence"], version["events"]
    own = (version.member(who.key) or {}).get("within")
    deadline: Date | None
    deadline = deadline_under(version, lambda under: add(day, own or under["within"]))
    earliest = [add(day, version["early"], -1)] if version["early"] else []
    if version["since previous"]:
        rows = [row for row in version.rows(listed["register"]) if meets(listed["standing"], row)]
        before = [each for row in rows if (each := row.day(listed["dated"])) and each < day]
        earliest.append(max(before) + DAY if before else version.in_force)
    opens = min(max(earliest, default=version.in_force), deadline)
    needed = Cell(READ, query["needed"])
    if event.row and query["needed from"]:
        needed = event.row[query["needed from"]]
    if event.row and version["deadline"]:
        deadline = carried(event.row, version["deadline"], version.d)
    if deadline is None or needed.state != READ or needed.value < 1:
        return Answer(version, "cannot_tell")
    items, is_record = items_for(version, who, event), version["kind"] == "completeness"
    # what a record must carry is in time also where it was done before the record's own day
    met_by = enough((item for item in items if is_record or item.day >= opens), needed.value)
    return outcome(version, opens, deadline, met_by, items)


def carried(record: Row, names: Json, d: Date) -> Date | None:
    """The deadline that a record carries: a re-agreed one, if it was agreed by the old one and by
    D, or the old one. A new version of the rule does not move it."""
    due, to, on = (record.day(names[each]) for each in ("due", "re agreed to", "re agreed on"))
    return to if due and to and on and on <= min(due, d) else due


def aged(answer: Answer) -> Answer:
    """Whether it is history: met, a year after the later of deadline and date, unless by a person
    who is still there; unmet, where its rule lets it LAPSE."""
    lapse, d = answer.version["lapse"], answer.version.d
    if answer.deadline and answer.status != "met" and lapse and d > add(answer.deadline, lapse):
        return replace(answer, status="overdue").in_history("lapsed")
    if answer.deadline and answer.status == "met" and answer.who.day is None:
        last = answer.deadline + answer.late_days * DAY
        return answer.in_history("settled") if d > add(last, (12, "months")) else answer
    return answer


def with_events(versions: Sequence[Version]) -> list[tuple[Version, Listed, Listed]]:
    """Each event with each subject that it asks. An event that cannot be read, or is left out,
    stands alone; so does a person who cannot be read, once, by the last version that asks."""
    listed, people = events(versions), {version: subjects(version) for version in versions}
    unclear: dict[Row | None, tuple[Version, Listed]] = {}
    for version in versions:
        asks = version.ends is None or any(e.clear for judge, e in listed if judge is version)
        for who in people[version] if asks else ():
            if not who.clear:
                unclear[who.row] = (version, who)  # in the place of an earlier version's
    asked = [(version, NO_EVENT, who) for version, who in unclear.values()]
    for version, event in listed:
        there, day = [OFFICE], event.day
        if event.clear and day and not left_out(version, day):
            there = [who for who in people[version] if who.clear]
            there = [who for who in there if who.day is None or who.day <= day < who.leaves]
        asked += [(version, event, who) for who in there]
    return asked


def joinings(versions: Sequence[Version]) -> list[tuple[Version, Listed, Listed]]:
    """Each subject's joining, or being flagged, as its event; of those there before the duty was in
    force, from that day, if the rule counts them. One whom two versions claim cannot be told."""
    asked: list[tuple[Version, Date | None, Listed]] = []
    for version in versions:
        for who in subjects(version) if version["joining"] else ():
            day = max(who.day, version.in_force) if who.day else None
            if (day == who.day or version["already there"]) and version.judges(day):
                asked.append((version, day, who))
    times = Counter(who.key for _, _, who in asked if who.clear)
    sole = [who._replace(clear=who.clear and times[who.key] == 1) for _, _, who in asked]
    return [(v, Listed(day=day), who) for (v, day, _), who in zip(asked, sole, strict=True)]


# ----------------------------------------------------------------------------- Of every pattern

WAIVER = ("duty", "subject", "reason", "approved by", "from", "until")


def waiver_state(row: Row, d: Date) -> str:
    """What a waiver comes to on D. Until all its cells are filled in it does nothing."""
    if not all(row[name].state == READ and row[name].value for name in WAIVER):
        return "incomplete"
    first, until = row["from"].value, row["until"].value
    return "in force" if first <= d <= until else "expired" if until < d else "not yet"


def waive(version: Version, answers: list[Answer]) -> None:
    """WAIVER: it changes due, overdue and not yet due, and cannot tell where it covers all."""
    covered = {
        normal(row["subject"].value)
        for row in version.rows("waivers")
        if version.duty["waivable"] and waiver_state(row, version.d) == "in force"
        if normal(row["duty"].value) in version.duty["names"]
    }
    for answer in answers:
        names = {normal(answer.who.key), normal(answer.event.key)} - {""} or {"office"}
        if answer.status == "cannot_tell":
            names = set()
        open_ = answer.status in ("cannot_tell", "due", "overdue", "not_yet_due")
        if open_ and not answer.past and covered & (names | {"all"}):
            answer.status = "waived"


def judge_one(version: Version, event: Listed, who: Listed) -> Answer:
    """One obligation: of a subject, about an event or on D."""
    answer, day = Answer(version, "cannot_tell"), event.day
    if day and who.clear and event.clear:
        if aside := left_out(version, day):
            answer = aside
        elif version["kind"] in ("rolling", "standing"):
            answer = lasting(version, who)
        else:
            answer = aged(replace(about_event(version, event, day, who), who=who))
    return replace(answer, who=who, event=event)


def judge_duty(versions: Sequence[Version]) -> list[Answer]:
    """Every obligation of one duty that is in force on D, current and history."""
    now = versions[-1]
    if now["kind"] == "periodic":
        answers = periodic(versions)
    elif whole := empty_list(now):
        answers = [whole]
    elif now["kind"] in ("rolling", "standing"):
        answers = [judge_one(now, Listed(day=now.d), who) for who in subjects(now)]
    else:
        asked = with_events(versions) if now["events"] else joinings(versions)
        answers = [judge_one(*each) for each in asked]
    waive(now, answers)
    return answers


# ==================================================================================== 8. THE WHOLE
# FROM OBLIGATIONS TO DUTIES, SECTIONS AND THE WHOLE: what the assessment should say, as far as it
# is worked out here, by the names that it uses.

WORST_FIRST = ["overdue", "cannot_tell", "due", "met", "not_yet_due", "waived", "not_applicable"]


def tally(parts: Sequence[tuple[str, int]]) -> Json:
    """The worst of several statuses, each given with its days late, and how many have each."""
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


def shown(row: Row, day: Date | None) -> Json:
    """A row as the assessment shows it, with the day that dates it."""
    place = {"file": row.file, "sheet": row.sheet, "row": row.line}
    return place | {"register": row.spec["id"], "date": day}


def obligation(answer: Answer) -> Json:
    """An obligation or, once past, an entry of the history, as the assessment shows it."""
    version, who, unclear = answer.version, answer.who, answer.unclear
    both = (answer.event.row, version["events"]), (who.row, version["population"])
    rows = [(row, row.day(listed["dated"])) for row, listed in both if row]
    member = version.member(who.key)
    parts = [row.key.raw for row, _ in rows] + ([member["title"]] if member else [])
    subject = f"row {unclear.line} of {unclear.sheet}" if unclear else ", ".join(parts)
    entry: Json = {
        "subject": subject or "office",
        "window": answer.window,
        "opens": answer.opens,
        "deadline": answer.deadline,
        "late_days": answer.late_days,
        "evidence": [shown(item.row, item.dated) for item in answer.met_by],
    }
    if answer.past:
        done = "met late" if answer.late_days else "met"
        return entry | {"outcome": answer.past if answer.past in ("missed", "lapsed") else done}
    return entry | {
        "status": answer.status,
        "days": answer.days,
        "last_done": answer.last_done,
        "subject_name": rows[-1][0][rows[-1][0].spec["label"]].raw if rows else "",
        "listed_at": shown(*rows[0]) if rows else None,
        "version_from": version.begins,
    }


def gaps(version: Version) -> Iterator[Json]:
    """The days, since the in-force day, on which nothing stood between two that did."""
    last: Date | None = None  # on which any of those seen stood
    for item in items_for(version, OFFICE):
        if last and last < item.day - DAY and version.in_force < item.day:
            between = {"opens": max(last + DAY, version.in_force), "deadline": item.day - DAY}
            yield {"subject": "office", "window": "", "outcome": "gap", **between}
        last = max(last or item.end, item.end)


def duty_outcome(versions: Sequence[Version]) -> Json:
    """One duty. Its deadline is the earliest outstanding one, else the next to come."""
    now, duty, answers = versions[-1], versions[-1].duty, judge_duty(versions)
    current = [answer for answer in answers if not answer.past]
    history = [obligation(answer) for answer in answers if answer.past]
    if now["kind"] == "standing" and not (now["members"] or now["population"]):
        history += gaps(now)
    outstanding = [each for each in current if each.status in ("overdue", "due")]
    ahead = outstanding or [each for each in current if each.status in ("met", "not_yet_due")]
    days = min((each.days for each in ahead if each.days is not None), default=None)
    due = [each.deadline for each in ahead if each.deadline and each.status == "due"]
    owners = {
        row["owner"].raw.strip()
        for row in now.rows("owners")
        if normal(row["duty"].value or "") in duty["names"]
    }
    entry = tally([(each.status, each.late_days) for each in current])
    for name in ("id", "title", "section", "bearer", "strength", "answers", "pattern", "citations"):
        entry[name] = duty[name]
    return entry | {
        "owner": ", ".join(sorted(owners - {""})),
        "deadline": None if days is None else now.d + days * DAY,
        "days": days,
        "next_due": min(due, default=None) if entry["counts"]["overdue"] else None,
        "last_done": max((each.last_done for each in current if each.last_done), default=None),
        "version_from": now.begins,
        "readings": now["readings"],
        "nothing_to_check": not current,
        "obligations": [obligation(each) for each in current],
        "history": history,
    }


def waivers(book: Json, rows: Sequence[Row], d: Date) -> Iterator[Json]:
    """The waivers on record, and what each comes to on D."""
    waivable = {name: duty["waivable"] for duty in book["duties"] for name in duty["names"]}
    for row in rows:
        state = waiver_state(row, d)
        if state != "incomplete" and not waivable.get(normal(row["duty"].value)):
            state = "no effect"
        entry: Json = {name.replace(" ", "_"): row[name].raw for name in WAIVER[:4]}
        entry |= {"from": row.day("from"), "until": row.day("until"), "state": state}
        yield entry | {"place": f"{row.file}!{row.sheet}!row {row.line}"}


def whole_outcome(book: Json, tables: Tables, d: Date) -> Json:
    """The assessment as it should be."""
    judged = [(duty["id"], versions_of(duty, tables, d)) for duty in book["duties"]]
    duties = [duty_outcome(versions) for _, versions in judged if versions]
    readings: dict[tuple[str, str], Json] = {}
    for duty in duties:
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
        "not_in_force": [{"id": id_} for id_, versions in judged if not versions],
        "waivers": list(waivers(book, tables.get("waivers") or (), d)),
        "readings": list(readings.values()),
    }


# ===================================================================================== 9. COMPARING


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
                pack.differences.append(f"{place}: it was found, and is not told.{cells}")
            elif our is None:
                pack.differences.append(f"{place}: it was not found.{cells}")
            else:
                compare(pack, place, claim, our, cells)
    else:
        found = found.isoformat() if isinstance(found, Date) else found
        right = claimed == found and type(claimed) is type(found)
        pack.must(right, f"{where}: the assessment says {claimed!r}, and {found!r} was found.{see}")


def compare_cells(pack: Pack, sheets: Sequence[Sheet]) -> None:
    """That each cell which the assessment shows says that in the evidence."""
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    for item in rows_shown(pack.assessment):
        sheet, row = by_name.get((item["file"], item["sheet"])), item["row"]
        place = f"{item['file']}!{item['sheet']}"
        if sheet is None or row not in sheet.rows or item["register"] != sheet.register:
            pack.differences.append(f"{place}!row {row}: it is shown, and is no such row.")
            continue
        secret = pack.book["registers"][sheet.register]["sensitive"]
        for cell in item["cells"]:
            letters = "".join(k for k, name in sheet.columns.items() if name == cell["column"])
            text = sheet.rows[row].get(letters, Raw("")).text
            says = None if cell["column"] in secret else text if spaced(text) else ""
            right = (cell["cell"], cell["value"]) == (f"{letters}{row}", says)
            words = f"{cell['value']!r} is shown, and it says {says!r}."
            pack.must(right, f"{place}!{cell['cell']}: {words}")


def compare_files(pack: Pack, cells: Sequence[Line]) -> None:
    """Compares cells.csv with the files of evidence, where these can be read here."""
    for name, member in sorted(pack.manifest["evidence"].items()):
        files = contents_of(name, pack.files[member])
        pack.notes.append(f"{name} was {'' if files else 'not '}compared with cells.csv.")
        here: dict[str, str] = {}
        whole: set[str] = set()  # the rows and columns in which also what a merge fills is told
        for cell in (each for each in cells if files and each["file"] == name):
            sheet = "" if name.lower().endswith(".csv") else cell["sheet"]
            at = f"{sheet}!{cell['letters']}{cell['row']}"
            here[at] = A_TIME if cell["kind"] == "time" else spaced(cell["text"])
            if cell["line"] not in ("beside", "total"):
                whole |= {f"{sheet}!{cell['row']}", f"{sheet}!{cell['letters']}"}
            right = cell["merged with"] in ("", files[0].filled.get(at))
            right = right and (cell["kind"] != "formula" or at in files[0].formulas)
            pack.must(right, f"{name}!{at}: it is no formula, or not so merged.")
        if not files:
            pack.uncompared.append(name)
            continue
        file = min(files, key=lambda each: len(each.texts.items() ^ here.items()))
        for at in sorted(file.texts.keys() | here.keys()):
            row, column = re.sub("![A-Z]+", "!", at), at.rstrip("0123456789")
            if at in here or at not in file.filled or {row, column} <= whole:
                one, other = file.texts.get(at, ""), here.get(at, "")
                words = f"{one!r} stands in the file, and {other!r} in cells.csv."
                pack.must(one == other, f"{name}!{at}: {words}")


def recheck(pack: Pack) -> None:
    """Works everything out anew, and compares."""
    check_files(pack)
    if "ledger.txt" in pack.files:
        check_ledger(pack)
    cells, claimed = pack.table("evidence/cells.csv"), pack.assessment
    sheets = read_sheets(pack, cells)
    compare_files(pack, cells)
    d, known_by = Date.fromisoformat(claimed["as_of"]), claimed["known_by"]
    known = Date.fromisoformat(known_by) if known_by else None
    tables, unread = read_registers(pack.book, sheets, known)
    found = whole_outcome(pack.book, tables, d)
    # of what cannot be read the place is compared, and of nothing to check that it is so
    lost = [e for e in claimed["problems"] if e["kind"] in ("cell blank", "cell unreadable")]
    places = {f"{each['file']}!{each['sheet']}!{each['cell']}" for each in lost}
    claimed["unread"] = [{"id": place} for place in sorted(places)]
    found["unread"] = [{"id": place} for place in sorted(unread)]
    for duty in claimed["duties"]:
        duty["nothing_to_check"] = bool(duty["nothing_to_check"])
    compare(pack, "assessment", claimed, found)
    compare_cells(pack, sheets)
    current, past = (sum(len(e[k]) for e in found["duties"]) for k in ("obligations", "history"))
    rows = sum(len(table or ()) for table in tables.values())
    pack.notes.append(
        f"Worked out anew from {rows} rows, as of {d}: {current} obligations of "
        f"{len(found['duties'])} duties, and {past} entries of their history."
    )


def main(arguments: Sequence[str]) -> int:
    """Rechecks a pack and says what came of it: 0 confirmed, 1 a difference, 2 not checkable."""
    paths = [Path(each) for each in arguments] or [*Path(__file__).parent.glob("*.zip")]
    code, lines = 2, ["Usage: python recheck.py PACK.zip"]
    if len(paths) == 1 and not str(paths[0]).startswith("-"):
        try:
            pack = Pack(open_pack(paths[0]))
            recheck(pack)
            code, several = int(bool(pack.differences)), len(pack.differences)
            lines = [*pack.notes, *(f"DIFFERENCE {each}" for each in pack.differences[:500])]
            yes = "Everything is confirmed."
            if pack.uncompared:
                names = ", ".join(pack.uncompared)
                yes = f"Everything is confirmed, where cells.csv is right about {names}."
            no = f"{several} differences: the assessment is not confirmed."
            lines.append(no if code else yes)
        except NotCheckable as reason:
            lines = [f"Not checkable. {reason}"]
        except Exception as error:  # noqa: BLE001 (whatever is wrong in the pack, it is said so)
            lines = [f"Not checkable: something in the pack is not as it should be ({error!r})."]
    text, encoding = "\n".join([NOT_CHECKED, *lines, ""]), sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    return code


# ================================================================================= 10. SMALL PRINT
# How texts, sheets and files are read, and how entries are told apart for comparing. It judges no
# duty: a fault here would misread a cell, or misreport one.

# What people write where there is nothing to write yet: it is no text, and no key.
NOT_YET = {"tbc", "tba", "tbd", "t.b.c.", "n/a", "n.a.", "n.a", "na", "n\\a", "n/k", "nk"}
NOT_YET |= {"unknown", "to be confirmed", "to be advised", "to be decided", "to be agreed"}
NOT_YET |= {"to follow", "not applicable", "not known", "??", "???", "--", "---", "..", "..."}
NOT_YET |= set("?.-\u2013\u2014\u2212\u2026")

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


def read_value(column: Json, kind: str, cell: Raw) -> Value:
    """What a cell of any type but day says; None where it cannot be read."""
    text = cell.text
    if kind == "period":
        return read_period(cell, column["periods"])
    if kind == "code":
        return column["words"].get(re.sub(rf"[\s\-_{DASHES}]+", "", normal(text)))
    if kind == "yes/no":
        yes = heading(text) in ("yes", "y", "true", "\u2713", "\u2714", "\u2611", "\u2705")
        return True if yes else False if heading(text) in ("no", "n", "false") else None
    if kind == "number":
        number = r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?"
        m = re.fullmatch(number, spaced(text))
        return int(m[1].replace(",", "")) if m else None
    if kind == "text":
        return None if normal(text) in NOT_YET else text.strip()
    if kind == "key":
        return None if normal(text) in NOT_YET | {"none", "nil"} else normal(text)
    read: list[Value] = []  # several codes or keys
    for part in filter(spaced, re.split(r"[;\n\r]", text)):
        one = kind.removesuffix("s")
        pieces = [read_value(column, one, Raw(each)) for each in part.split(",")]
        whole = read_value(column, one, Raw(part))
        # commas part codes too, where each piece is one
        read += [whole] if whole or kind == "keys" or None in pieces else pieces
    return frozenset(read) if read and None not in read else None


# Days: the day first, always. Two figures of a year are of this century.
MONTHS = "january february march april may june july august september october november december"
MONTH = {name[:n]: at for at, name in enumerate(MONTHS.split(), 1) for n in (3, len(name))}
MONTH["sept"] = 9
WEEK = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAY = {name[:n]: at for at, name in enumerate(WEEK.split()) for n in (3, len(name))}
WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
A_MONTH, A_WEEKDAY = ("|".join(sorted(names, key=len)[::-1]) for names in (MONTH, WEEKDAY))

# Year (y), month (m) and day (d). With the month first it is none.
NUMBER, YEAR, NTH = "[0-9]{1,2}", "(?P<y>[0-9]{4}|[0-9]{2})", "(?:st|nd|rd|th)?"
DAY_FORMS = (
    rf"(?P<d>{NUMBER}) ?([/.-]) ?(?P<m>{NUMBER}) ?\2 ?{YEAR}",
    rf"(?P<y>[0-9]{{4}}) ?([/.-]) ?(?P<m>{NUMBER}) ?\2 ?(?P<d>{NUMBER})",
    rf"(?P<d>{NUMBER}){NTH}(?: of)?[ ./,-]*(?P<m>{A_MONTH})[ ./,'\u2019-]*{YEAR}",
)
MONTH_FIRST_FORMS = (
    rf"(?P<m>{NUMBER}) ?([/.-]) ?(?P<d>{NUMBER}) ?\2 ?{YEAR}",
    rf"(?P<m>{A_MONTH})[ ./-]*(?P<d>{NUMBER}){NTH}[ ,./-]+{YEAR}",
)
MONTH_FORMS = (
    rf"(?P<y>[0-9]{{4}})-(?P<m>{NUMBER})",
    rf"(?P<m>{NUMBER})/(?P<y>[0-9]{{4}})",
    rf"(?P<m>[a-z]{{3,9}})\.?[ -]*'?{YEAR}",
)
TIME = re.compile(  # one with a time zone is not left off, and so makes no day
    r"(?:(?<=[0-9])t|,? (?:at )?)(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
    r"(?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)? ?(?:am|pm)?$"
)


def day_in(forms: Iterable[str], text: str) -> Date | None:
    """The day that a text of one of these forms names, or the first of its month."""
    for m in filter(None, (re.fullmatch(form, text) for form in forms)):
        year = int(m["y"] if len(m["y"]) == 4 else f"20{m['y']}")
        month, day = MONTH.get(m["m"], m["m"]), m.groupdict().get("d", 1)
        try:
            return Date(year, int(month), int(day)) if 1900 <= year <= 2099 else None
        except ValueError:
            return None
    return None


def text_day(text: str) -> tuple[Date | None, Date | None]:
    """The day that a text names, its time left off; and the one that it names month first."""
    text = text.translate(UNSEEN | dict.fromkeys((0x200E, 0x200F))).lower()
    text = re.sub(f"[{DASHES[:5]}\u2212]", "-", re.sub("[\u2044\u2215\uff0f]", "/", text))
    text = TIME.sub("", " ".join(text.split()).removeprefix("'").rstrip(" .,;"))
    named = re.match(rf"({A_WEEKDAY})[., ]+(?=[0-9])", text)
    text = text[named.end() :] if named else text
    day, other = day_in(DAY_FORMS, text), day_in(MONTH_FIRST_FORMS, text)
    if named and day and day.weekday() != WEEKDAY[named[1]]:
        return None, None
    return day, other


def read_period(cell: Raw, kinds: Sequence[str]) -> str | None:
    """The label (2025/26, 2025/26 Q3, 2025, 2025-07) of the period that a cell names, of one of
    these kinds; None where it names none, or can mean two. 25/26 needs a word before it."""
    if cell.kind in ("day", "day and time"):  # Excel makes 1 July 2025 of July 2025
        return cell.text[:7] if "month" in kinds and cell.text[7:] == "-01" else None
    found: dict[str, str] = {}
    text = re.sub(f"[{DASHES}]", "-", normal(cell.text))
    q = re.search(r"\b(?:quarter|qtr|q)\.? ?([0-9]+)\b|(?<=[0-9])q([0-9]+)\b", text)
    rest = f"{text[: q.start()]} {text[q.end() :]}".strip(" ,:;-()") if q else text
    bare = re.sub(r"^(?:financial year|fy|f/y)\b ?|^fy(?=[0-9])", "", rest).strip()
    if bare != rest and (m := re.fullmatch(r"([0-9]{2}) ?[/-] ?([0-9]{2})", bare)):
        bare = f"20{m[1]}/{m[2]}"
    m = re.fullmatch(r"((?:19|20)[0-9]{2}) ?(?:/|-|to) ?([0-9]{4}|[0-9]{2})", bare)
    if m and str(int(m[1]) + 1).endswith(m[2]):
        found["financial year"] = f"{m[1]}/{m[2][-2:]}"
    if q:
        year, quarter = found.pop("financial year", None), int(q[1] or q[2])
        found = {"quarter": f"{year} Q{quarter}"} if year and 1 <= quarter <= 4 else {}
    elif m := re.fullmatch(r"(?:calendar year |cy |year )?((?:19|20)[0-9]{2})", text):
        found["calendar year"] = m[1]
    elif first := day_in(MONTH_FORMS, text):
        found["month"] = first.isoformat()[:7]
    labels = [label for kind, label in found.items() if kind in kinds]
    return labels[0] if len(labels) == 1 else None


# Sheets: what each line of a sheet is.
TOTAL = re.compile(r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?")
FIGURE = re.compile(r"[-+\u00a3]?[0-9][0-9.,]*%?")


def check_sheet(pack: Pack, sheet: Sheet, rows: Mapping[int, list[Line]], twice: bool) -> None:
    """That a sheet is of the register of its name, was read or left for the right reason, and that
    each line of it is what it was taken as; ``twice``: another sheet of the file has its name."""
    headings = pack.book["registers"][sheet.register]["headings"] if sheet.register else {}
    head = heading_row(rows, headings)
    why = "same name" if twice else "no headings" if head is None else ""
    right = sheet.register == pack.book["sheets"].get(heading(sheet.name), "")
    right = right and sheet.unread == (why if sheet.register else "") and [*rows] == sorted(rows)
    pack.must(right, f"{sheet.file}!{sheet.name}: it was not rightly read, or left.")
    for number, row in rows.items():
        kinds = {cell["line"] for cell in row}
        right = len(kinds) == 1 and taken_rightly(sheet, headings, head, number, row)
        words = f"it is not what it is told as: {', '.join(sorted(kinds))}."
        pack.must(right, f"{sheet.file}!{sheet.name}!row {number}: {words}")


def heading_row(rows: Mapping[int, list[Line]], headings: Mapping[str, str]) -> int | None:
    """The number of the row of headings, of the first 30: it has two of the register's columns at
    least, and half as many as the row with most; the row just below it, where that has more."""
    known = {
        number: len({headings[e] for cell in row if (e := heading(cell["text"])) in headings})
        for number, row in rows.items()
        if number < min(rows) + 30
    }
    most, least = max(known.values(), default=0), min(2, len(set(headings.values())))
    if most < max(least, 1):
        return None
    first = min(n for n, count in known.items() if count >= max(least, (most + 1) // 2))
    while known.get(first + 1, 0) > known[first]:
        first += 1
    return first


def taken_rightly(
    sheet: Sheet, headings: Mapping[str, str], head: int | None, number: int, row: list[Line]
) -> bool:
    """Whether a line of a sheet is what it was taken as; any below the headings may be a row."""
    kind = row[0]["line"]
    if sheet.unread or not sheet.register:
        return kind == "not read"
    if head is None or number < head:
        return kind == "above"
    # of each cell its column, and the one that it would be the heading of
    columns = [(cell["column"], headings.get(heading(cell["text"]), "")) for cell in row]
    if number == head:
        # of a heading that is merged over several columns one is its column, and the others none
        places = [cell["merged with"] or f"{cell['letters']}{number}" for cell in row]
        given = {(place, column) for place, (column, _) in zip(places, columns, strict=True)}
        wanted = {(place, named) for place, (_, named) in zip(places, columns, strict=True)}
        right = all(column in (named, "") for column, named in columns)
        return kind == "headings" and right and wanted <= given
    if any(cell["column"] != sheet.columns.get(cell["letters"], "") for cell in row):
        return False
    if kind == "total":
        return all(is_total(cell, first=not n) for n, cell in enumerate(row))
    if kind == "headings again":
        return all(named or not column for column, named in columns)
    return kind == "row" or (kind == "beside" and not any(column for column, _ in columns))


def is_total(cell: Line, first: bool) -> bool:
    """Whether a cell can stand in a line of totals: the first says so, and others have figures."""
    text = normal(cell["text"])
    figure = FIGURE.fullmatch(text) is not None or cell["kind"] == "number"
    return TOTAL.fullmatch(text) is not None or (figure and not first)


def fill_latest(asked: Json, tables: Tables) -> None:
    """A column that the program fills: whether the row of another register that a row names is the
    latest of its kind by this row's day. One of the kind that cannot be read may be a later one."""
    others = [(e.key, e[asked["kind"]], e[asked["issued"]]) for e in tables[asked["within"]] or ()]
    kin = [each for each in others if each[1].state not in SURE or each[1].value == asked["of"]]
    sure = all(cell.state in SURE for each in kin for cell in each)
    days = {(key.value, day.value) for key, _, day in kin if key.state == day.state == READ}
    for row in tables[asked["register"]] or ():
        key, by, told = row[asked["key"]], row[asked["by"]], Cell(UNREADABLE)
        if key.state == NOTHING:
            told = Cell(NOTHING)
        elif key.state == by.state == READ and sure:
            last = max((day for _, day in days if day <= by.value), default=None)
            latest = (key.value, last) in days
            told = Cell(READ, latest, "yes" if latest else "no")
        row.cells[asked["column"]] = told


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


def rows_shown(told: Value) -> Iterator[Json]:
    """Every row of evidence that is shown anywhere in what is told."""
    if isinstance(told, dict) and {"file", "sheet", "row", "date"} <= told.keys():
        yield told
    for each in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from rows_shown(each)


class Contents(NamedTuple):
    """What a file of evidence holds, by the places of its cells: their texts, which cell fills each
    one that a merge covers, and where a formula stands."""

    texts: dict[str, str]
    filled: dict[str, str]
    formulas: set[str]


A_TIME = "a time of day"  # no more of one is compared


def contents_of(name: str, data: bytes) -> list[Contents]:
    """A CSV file, parted in each way that it may be; a workbook, where openpyxl is installed."""
    if name.lower().endswith(".csv"):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
        text = re.sub(r"(?i)\Asep=[,;\t](\r?\n|\r|\Z)", "", text)
        files = []
        for part in ",;\t":
            rows = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=part), 1)
            found = {
                f"!{letters_of(k)}{n}": spaced(e) for n, row in rows for k, e in enumerate(row)
            }
            files.append(Contents({at: text for at, text in found.items() if text}, {}, set()))
        return files
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 (it need not be there)

        with warnings.catch_warnings(action="ignore"):
            book, asked = (load_workbook(io.BytesIO(data), data_only=k) for k in (True, False))
    except Exception:  # noqa: BLE001 (whatever the reason is)
        return []
    texts, filled, formulas = {}, {}, set()
    for sheet in book.worksheets:
        for cell in itertools.chain.from_iterable(sheet.iter_rows()):
            texts[f"{sheet.title}!{cell.coordinate}"] = text_of(cell.value)
            if asked[sheet.title][cell.coordinate].data_type == "f":
                formulas.add(f"{sheet.title}!{cell.coordinate}")
        for area in sheet.merged_cells.ranges:
            first = area.start_cell.coordinate
            for row, column in list(area.cells)[1:]:
                at = f"{sheet.title}!{sheet.cell(row, column).coordinate}"
                filled[at], texts[at] = first, texts.get(f"{sheet.title}!{first}", "")
    return [Contents({at: text for at, text in texts.items() if text}, filled, formulas)]


def letters_of(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    before, own = divmod(column, 26)
    return (letters_of(before - 1) if before else "") + chr(65 + own)


def text_of(value: Value) -> str:
    """A value of a workbook as cells.csv writes it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, datetime.time | datetime.timedelta):
        return A_TIME
    return "" if value is None else spaced(str(value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
