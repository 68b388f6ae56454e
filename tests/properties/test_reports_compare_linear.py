"""No shape of workbook makes the work of a comparison of two checks, or its words, grow faster than
the workbook."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.obligation_pairs import pairs
from examples.office.made import AS_OF
from examples.office.shapes import write_shape
from reports.compare.changes import changes
from reports.compare.row_index import RowIndex
from rules.load import OWN_BOOK
from rules.model import Rulebook
from tests.support.opened_files import read_here
from tests.support.own_book import book_in
from tests.support.rulebook_part import PART, part_of_book
from tests.support.work_counter import Lines

#: What may grow at the most, from so many people to so many times as many.
_MOST = 1.15
_FEW, _TIMES = 100, 3
_FEWER = 40  # in make test, of one shape, by the duties of PART
#: With fewer meetings than these, no more than a few of them oblige anybody, and the obligations of
#: three times as many are up to fifteen times as many.
_MEETINGS = 900
_MONTH = datetime.timedelta(days=31)

SHAPES = (
    "many right waivers",
    "all keys blank",
    "one key",
    "many events",
    "a fifth of the keys blank",
    "another text in place of each date",
    "keys that two rows bear",
    "many meetings",
    "nothing done",
    "one person",
)


_CAMPAIGN = pytest.mark.campaign


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("many right waivers", _FEWER),
        *(
            pytest.param(name, _MEETINGS if name == "many meetings" else _FEW, marks=_CAMPAIGN)
            for name in SHAPES
        ),
    ],
)
def test_a_comparison_grows_no_faster_than_the_workbook(
    name: str, size: int, tmp_path: Path
) -> None:
    """Each count by itself. One of them grows by the square where the cause of each obligation is
    looked for among all rows that changed, all waivers, or all rows that cannot be read."""
    part = part_of_book(tmp_path / "rules", PART) if size == _FEWER else OWN_BOOK
    few, many = (_taken(name, count, tmp_path, part) for count in (size, _TIMES * size))
    assert few["rows that changed"] >= size / 2
    grown = {
        what: math.log(max(count, 1) / max(few.get(what, 0), size), _TIMES)
        for what, count in many.items()
    }
    assert {what: power for what, power in grown.items() if power > _MOST} == {}


def _taken(name: str, count: int, folder: Path, rules: Path) -> dict[str, int]:
    """What it takes to compare a month of that shape with the one before."""
    first, second = folder / f"{count}.xlsx", folder / f"{count}-later.xlsx"
    write_shape(name, count, first)
    _change(first, second)
    rulebook = book_in(rules)
    old, new = _checked(first, rulebook, AS_OF - _MONTH), _checked(second, rulebook, AS_OF)
    index = RowIndex(old, new)
    assert index.known
    with Lines("reports/compare") as lines:
        found = changes(old, new)
    causes = [cause for duty in found.duties for one in duty.obligations for cause in one.causes]
    return lines.done | {
        "rows that changed": len(index.all_changes),
        "obligations": sum(1 for duty in new.duties for _ in pairs(duty, duty)),
        "causes": len(causes),
        "their words": sum(len(cause.words) for cause in causes),
        "rows": len(found.rows),
    }


def _change(first: Path, second: Path) -> None:
    """Every other row of each sheet has other days."""
    book = load_workbook(first)
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row if row[0].row and row[0].row % 2 else ():
                if isinstance(cell.value, datetime.datetime):
                    cell.value -= _MONTH
    book.save(second)


def _checked(path: Path, rulebook: Rulebook, as_of: datetime.date) -> Assessment:
    """A check with fingerprints; without the year ahead, which takes most of the time."""
    evidence = read_here([path], rulebook.registers, as_of)
    program = Program("dueregard", "0", "the plain evaluator alone", "")
    request = CheckRequest(rulebook, evidence, as_of, program, None, key=b"the key of a ledger")
    with patch("engine.check.year_ahead", return_value=()):
        return assess(request)
