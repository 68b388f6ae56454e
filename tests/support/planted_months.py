"""Two consecutive months of the example with planted changes, and what each change is to be
called."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from openpyxl import Workbook, load_workbook

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.outcome import Status
from evidence.mapping.model import SheetMapping
from evidence.read import read_evidence
from evidence.table import Evidence, Table
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from tests.support.needs import ROOT
from tests.support.own_book import own_book

FIRST, SECOND = datetime.date(2026, 10, 24), datetime.date(2026, 11, 24)
KEY = b"the key of a ledger"

#: The sheets of the example by the files into which they are split; the other sheets are left out.
FILES = {
    "plans.xlsx": ("Documents", "Reviews", "Roles", "Submissions", "Action log"),
    "people.xlsx": ("Staff", "Training", "Training records"),
    "meetings.xlsx": ("Meetings", "Minutes", "Nil returns"),
    "public.xlsx": ("Comms", "Due diligence"),
    "cases.xlsx": ("Permissive environments", "Case log"),
    "control.xlsx": ("Waivers", "Acknowledged", "Owners"),
}

#: The registers of which one is read with a mapping, and one is left out the second month.
MAPPED = ("checks", "communications")
LEFT_OUT = ("Action log", "Submissions", "Nil returns", "Due diligence", "Comms")

Sheets = dict[str, list[list[object]]]


@dataclass(frozen=True, slots=True)
class Month:
    """What is checked: the sheets, the names of the files, the mapping, the rules, and the day on
    which records begin."""

    sheets: Sheets
    files: Mapping[str, str]
    mapping: tuple[SheetMapping, ...]
    book: Rulebook
    records_begin: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted change: its ``kind``, a text that its name must contain ('' where it may not be
    named at all), and the month in which it alone was changed."""

    kind: str
    named: str
    alone: Month


@cache
def _example() -> Sheets:
    book = load_workbook(ROOT / "examples" / "office.xlsx", data_only=True)
    split = [name for names in FILES.values() for name in names]
    return {name: [[cell.value for cell in row] for row in book[name]] for name in split}


def read(month: Month, folder: Path) -> Evidence:
    """Writes the files of a month and reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file, names in FILES.items():
        book = Workbook(write_only=True)
        for name in names:
            if name in month.sheets:
                sheet = book.create_sheet(name)
                for row in month.sheets[name]:
                    sheet.append(row)
        paths.append(folder / month.files.get(file, file))
        book.save(paths[-1])
    return read_evidence(paths, month.book.registers, mapping=month.mapping)


def checked(month: Month, folder: Path, as_of: datetime.date) -> Assessment:
    """A month checked, with fingerprints; without the year ahead, which takes most of the time."""
    evidence = read(month, folder)
    program = Program("dueregard", "0", "", "")
    request = CheckRequest(
        month.book, evidence, as_of, program, None, key=KEY, records_begin=month.records_begin
    )
    with patch("engine.check.year_ahead", return_value=()):
        return assess(request)


def planted(seed: int, folder: Path) -> tuple[Month, Month, list[Plant]]:
    """The first month, the second with every change, and the changes."""
    chance = random.Random(seed)
    plain = Month(_example(), {}, (), own_book())
    evidence = read(plain, folder / "plain")
    register = chance.choice(MAPPED)
    mapping, other = _mappings(evidence.tables[register], chance)
    # one register is there in one of the two months alone
    sheet = chance.choice([name for name in LEFT_OUT if name != mapping.sheet])
    given = chance.random() < 0.5
    sheets = {name: rows for name, rows in plain.sheets.items() if not (given and name == sheet)}
    first = replace(plain, mapping=(mapping,), sheets=sheets)
    old = checked(first, folder / "plain", FIRST)
    met = _met_rows(old, evidence, {register})
    chance.shuffle(met)
    rows = [row for row in met if row[1] not in (sheet, mapping.sheet)]
    steps: list[tuple[str, str, Any]] = []

    # without a meeting, its minutes would meet nothing in the first month
    added = _taken(rows, lambda row: row[0] != "meetings")
    held = _without(first, added)
    steps.append(("added", _key(added), added))
    deleted = _taken(rows)
    steps.append(("gone", _key(deleted), deleted))
    edited, unread = (_taken(rows, lambda row: row[4] >= 0) for _ in range(2))
    steps.append(("changed", _key(edited), (edited, edited[4], _earlier(edited))))
    steps.append(("changed", _key(unread), (unread, unread[4], "LTS")))
    slip = _taken(rows, lambda row: _named_in(row) >= 0)
    column = _named_in(slip)
    steps.append(("changed", _key(slip), (slip, column, f"{slip[2][column]}?")))
    moved = _taken(rows)
    steps.append(("moved", "", moved))
    steps.append(("renamed", "", chance.choice([file for file in FILES if file != mapping.file])))
    steps.append(("waiver", "", _waiver(old, chance)))
    steps.append(("mapping", register, other))
    steps.append(("given" if given else "not given", sheet, sheet))
    steps.append(("rule", "", _other_book(chance, folder / "rules")))
    begin = FIRST - datetime.timedelta(days=chance.randrange(100, 500))
    steps.append(("records", "", begin))

    month, plants = held, []
    for kind, named, what in steps:
        name = what[0] if kind in ("waiver", "rule") else named
        alone = _put_back(held, added) if kind == "added" else _step(held, kind, what)
        plants.append(Plant(kind, str(name), alone))
    for kind, _, what in steps:  # the row that is added comes last, and a row that moves before it
        if kind != "added":
            month = _step(month, kind, what)
    month = _put_back(month, added)
    return held, month, plants


# A row is its register, sheet, cells, row number and key, and the number of a column with a date.
Row = tuple[str, str, list[object], str, int]


def _key(row: Row) -> str:
    return row[3]


def _met_rows(old: Assessment, evidence: Evidence, without: set[str]) -> list[Row]:
    """The rows with a key that alone meet an obligation."""
    example = _example()
    found: dict[tuple[str, str], Row] = {}
    for duty in old.duties:
        for obligation in duty.obligations:
            if obligation.status is Status.MET and len(obligation.evidence) == 1:
                (item,) = obligation.evidence
                table = evidence.tables[item.register]
                key = table.register.key
                if key is None or item.register in without:
                    continue
                number = next(
                    n for n in range(len(table)) if table.place(n)[1:3] == (item.sheet, item.row)
                )
                text = table.columns[key].raw[number]
                if table.columns[key].state[number] is not None and text:
                    cells = example[item.sheet][item.row - 1]
                    days = [
                        n for n, cell in enumerate(cells) if isinstance(cell, datetime.datetime)
                    ]
                    dated = [cell.cell for cell in item.cells if cell.value]
                    shown = [
                        n
                        for n in days
                        if any(re.fullmatch(rf"{chr(65 + n)}\d+", at) for at in dated)
                    ]
                    found[item.register, text] = (
                        item.register,
                        item.sheet,
                        cells,
                        text,
                        shown[0] if shown else -1,
                    )
    return [found[name] for name in sorted(found)]


def _taken(rows: list[Row], fits: Callable[[Row], bool] = lambda _: True) -> Row:
    """The first row that fits, which no later change takes."""
    row = next(row for row in rows if fits(row))
    rows.remove(row)
    return row


def _named_in(row: Row) -> int:
    """The number of a column with a reference to another sheet, such as S018; -1 for none."""
    return next(
        (
            number
            for number, cell in enumerate(row[2])
            if isinstance(cell, str) and cell != _key(row) and re.fullmatch(r"[A-Z]+-?\d+", cell)
        ),
        -1,
    )


def _earlier(row: Row) -> object:
    day = row[2][row[4]]
    assert isinstance(day, datetime.datetime)
    return day - datetime.timedelta(days=365 * 4)


def _place(month: Month, row: Row) -> int:
    return month.sheets[row[1]].index(row[2])


def _without(month: Month, row: Row) -> Month:
    sheets = {name: list(rows) for name, rows in month.sheets.items()}
    del sheets[row[1]][_place(month, row)]
    return replace(month, sheets=sheets)


def _put_back(month: Month, row: Row) -> Month:
    sheets = {name: list(rows) for name, rows in month.sheets.items()}
    sheets[row[1]].insert(_last_full(sheets[row[1]]), row[2])
    return replace(month, sheets=sheets)


def _last_full(rows: Sequence[Sequence[object]]) -> int:
    """The place before the last five rows, among which there may be totals and notes."""
    return len(rows) - 5


def _step(month: Month, kind: str, what: Any) -> Month:
    """A month with one change."""
    sheets = {name: list(rows) for name, rows in month.sheets.items()}
    match kind, what:
        case "gone", (_, sheet, cells, _, _):
            sheets[sheet].remove(cells)
        case "changed", ((_, sheet, cells, _, _), column, value):
            altered = list(cells)
            altered[column] = value
            sheets[sheet][sheets[sheet].index(cells)] = altered
        case "moved", (_, sheet, cells, _, _):
            sheets[sheet].remove(cells)
            sheets[sheet].insert(_last_full(sheets[sheet]), cells)
        case "renamed", str(file):
            return replace(month, files={file: f"2026 {file}"})
        case "waiver", (_, cells):
            sheets["Waivers"].append(cells)
        case "mapping", SheetMapping():
            return replace(month, mapping=(what,))
        case "not given", str(name):
            del sheets[name]
        case "given", str(name):
            sheets[name] = _example()[name]
        case "records", datetime.date() as begin:
            return replace(month, records_begin=begin)
        case "rule", (_, book):
            return replace(month, book=book)
        case _:
            raise AssertionError(kind)
    return replace(month, sheets=sheets)


def _mappings(table: Table, chance: random.Random) -> tuple[SheetMapping, SheetMapping]:
    """How a sheet is read as it would be without a mapping, and the same with one column of days
    not kept any more."""
    source = table.sources[0]
    spec = table.register
    columns: dict[str, object] = {c.name: "not kept" for c in spec.columns if c.looks_in is None}
    columns |= dict(source.headings)
    made = {"file": source.file, "sheet": source.sheet}
    gives = {"register": spec.id, "columns": columns}
    days = [name for name in source.headings if name.endswith(" on")]
    changed = columns | {chance.choice(days): "not kept"}
    return (
        SheetMapping.model_validate({**made, "gives": (gives,)}),
        SheetMapping.model_validate({**made, "gives": ({**gives, "columns": changed},)}),
    )


def _waiver(old: Assessment, chance: random.Random) -> tuple[str, list[object]]:
    """A waiver of an overdue obligation of the office."""
    waived = {waiver.duty for waiver in old.waivers}
    duties = [
        duty.id
        for duty in old.duties
        if duty.status is Status.OVERDUE
        and duty.id not in waived
        and [one.subject for one in duty.obligations] == ["office"]
    ]
    id_ = chance.choice(duties)
    begins, ends = datetime.datetime(2026, 11, 1), datetime.datetime(2027, 3, 31)  # noqa: DTZ001
    return id_, [id_, "office", "Agreed by the Board", "Chief Executive", begins, ends]


def _other_book(chance: random.Random, folder: Path) -> tuple[str, Rulebook]:
    """The rulebook with another interval in one duty."""
    files = {path: path.read_text() for path in sorted(OWN_BOOK.rglob("*.yaml"))}
    intervals = {
        path: match[1]
        for path, text in files.items()
        if (match := re.search(r"\n +every: (\d+ months)\n", text))
        and not path.name.endswith(".cases.yaml")
    }
    for path, text in files.items():
        other = folder / path.relative_to(OWN_BOOK)
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_text(text)
    for chosen in chance.sample(list(intervals), len(intervals)):
        other, text = folder / chosen.relative_to(OWN_BOOK), files[chosen]
        other.write_text(text.replace(intervals[chosen], "7 months"))
        book = load_rulebook(folder)
        if isinstance(book, Rulebook):
            return chosen.stem, book
        other.write_text(text)  # its words name the interval otherwise
    raise AssertionError("no rule can have another interval")


def outcomes(assessment: Assessment) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """The result of each obligation, without its days, also in history."""
    duties = assessment.duties
    past: dict[tuple[str, str, str], tuple[object, ...]] = {
        (duty.id, entry.subject, entry.window): (entry.outcome,)
        for duty in duties
        for entry in duty.history
    }
    return past | {
        (duty.id, one.subject, one.window): (one.status, one.late_days, one.deadline)
        for duty in duties
        for one in duty.obligations
    }
