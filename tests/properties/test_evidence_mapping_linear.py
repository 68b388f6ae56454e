"""No shape of a mapped sheet makes the work of reading or checking it grow faster than it does."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable

import pytest

from evidence.raw_cells import RawWorkbook
from evidence.read import read_books
from tests.support.mapped_sheets import Rows, own_sheet, raw_sheet, table_of
from tests.support.offices import mapping_of
from tests.support.own_book import own_book
from tests.support.work_counter import Lines, checked

#: What may grow at the most, from so many to four times as many.
_MOST = 1.1
_FEW = 100
_DAY = datetime.date(2026, 4, 1)

LONG = "register: courses\ncolumns: {ref: not kept, person: Who, course: What, done: When}"
BANDED = LONG.replace("not kept", "not kept, note: {band: yes}")
WIDE = """
register: courses
wide: {after: Hrs}
columns:
  ref: not kept
  person: Who
  course: {always: awareness}
  hours: Hrs
  note: {wide: heading}
  done: {from: {wide: cell}, part: day}
words: {person: {x …: blank}, done: {Booked …: not done, LTS: blank}}
"""

#: The mapping, further keys of the table, and the rows.
Shape = tuple[str, str, Rows]


def across(count: int) -> Shape:
    """Each record is a column."""
    people = [f"P{number}" for number in range(count)]
    rows: Rows = [["Who", *people], ["What", *["awareness"] * count], ["When", *[_DAY] * count]]
    return LONG, "records: across\nheadings: A", rows


def bands(count: int) -> Shape:
    """A band above each record."""
    rows: list[list[object]] = [["Who", "What", "When"]]
    for number in range(count):
        rows += [[f"band {number}", "", ""], [f"P{number}", "awareness", _DAY]]
    return BANDED, "bands: yes", rows


def wide_columns(count: int) -> Shape:
    """Few people with many wide columns, each with a text of its own that cannot be read."""
    headings = ["Who", "Hrs", *(f"c{number}" for number in range(count))]
    cells = [f"unknown {number}" for number in range(count)]
    return WIDE, "", [headings, *([f"P{number}", "many", *cells] for number in range(20))]


def wide_rows(count: int) -> Shape:
    """Many people with few wide columns and with a text of their own that cannot be read."""
    headings = ["Who", "Hrs", *(f"c{number}" for number in range(20))]
    return WIDE, "", [headings, *([f"P{n}", f"many {n}", *[_DAY] * 20] for n in range(count))]


def sparse(count: int) -> Shape:
    """One wide cell of each person, in many columns."""
    headings = ["Who", "Hrs", *(f"c{number}" for number in range(count))]
    rows = [[f"P{n}", 3, *[""] * n, _DAY, *[""] * (count - n - 1)] for n in range(20)]
    return WIDE, "", [headings, *rows]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("shape", [across, bands, wide_columns, wide_rows, sparse])
def test_reading_grows_no_faster_than_the_sheet(shape: Callable[[int], Shape]) -> None:
    few, many = _taken(shape(_FEW)), _taken(shape(4 * _FEW))
    grown = {what: math.log(count / max(few.get(what, 0), _FEW), 4) for what, count in many.items()}
    assert {what: power for what, power in grown.items() if power > _MOST} == {}


def _taken(shape: Shape) -> dict[str, int]:
    gives, table, rows = shape
    with Lines("evidence") as lines:
        evidence = own_sheet(gives, rows, table, verify=False)
    assert len(table_of(evidence)) >= 20
    words = sum(len(problem.message) + len(problem.cells) for problem in evidence.problems)
    return lines.done | {"words": words + 1}


MATRIX = """
mapping:
  - file: Own.xlsx
    sheet: Matrix
    gives:
      - register: training
        wide: {columns: [awareness, refresher, Channel, induction]}
        columns:
          ref: not kept
          person: Who
          course: {wide: heading}
          source: {always: gov.uk}
          completed on: {wide: cell}
          passed: {always: yes}
"""


@pytest.mark.campaign
def test_a_check_of_a_wide_sheet_grows_no_faster_than_the_sheet() -> None:
    """A line of a wide sheet has several records, so a remedy cannot change one of them: each is
    tried alone, on all rows. The rows must not be listed anew for each."""
    rulebook = own_book()
    taken = []
    for count in (_FEW, 4 * _FEW):
        rows: list[list[object]] = [["Who", "awareness", "refresher", "Channel", "induction"]]
        people: list[list[object]] = [["ref", "kind", "starts"]]
        for number in range(count):
            person = f"P{number}"
            rows.append(
                [person, *(datetime.date(2025 + n % 2, 4, 1 + number % 20) for n in range(4))]
            )
            people.append([person, "staff", datetime.date(2020, 1, 1)])
        sheets = raw_sheet(rows, name="Matrix"), raw_sheet(people, name="People")
        book = RawWorkbook("Own.xlsx", "0" * 64, "xlsx", sheets)
        evidence = read_books([book], rulebook.registers, mapping=mapping_of(MATRIX))
        with Lines("engine/remedy") as lines:
            checked(evidence, rulebook)
        taken.append(lines.done)
    few, many = taken
    grown = {what: math.log(count / max(few.get(what, 0), _FEW), 4) for what, count in many.items()}
    assert {what: power for what, power in grown.items() if power > _MOST} == {}
