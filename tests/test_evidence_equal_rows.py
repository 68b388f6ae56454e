"""Copies of rows, however they are typed, change nothing that is read (semantics.md: Evidence)."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from evidence.sheets.equal_rows import comparable_rows
from evidence.table import Table
from tests.support.table_builders import HEADINGS, ROW, TRAINING, csv_file, read, training

Cells = tuple[str, ...]

#: A day in some of the ways in which people type it.
_DAYS = ("%d/%m/%Y", "%d.%m.%y", "%-d %B %Y", "%Y-%m-%d", " %d/%m/%Y ")
_DAY = st.dates(datetime.date(2024, 1, 13), datetime.date(2026, 12, 31))
_PEOPLE = st.sampled_from(("007", "S1", "ann lee"))
_COURSES = {"awareness": ("awareness", "WRAP", "Prevent-Awareness "), "referral": ("Referral",)}


@st.composite
def _rows(draw: st.DrawFn) -> tuple[list[Cells], list[Cells]]:
    """Rows that differ from one another, and the same rows with copies of some among them."""
    plain: list[Cells] = []
    copied: list[Cells] = []
    for number in range(draw(st.integers(1, 5))):
        person, course = draw(_PEOPLE), draw(st.sampled_from(sorted(_COURSES)))
        day, readable = draw(_DAY), draw(st.booleans())
        first: Cells = (f"T-{number}", person, course, day.isoformat() if readable else "soon")
        plain.append(first)
        copied.append(first)
        for _ in range(draw(st.integers(0, 2))):
            typed = draw(st.sampled_from((str.upper, str.title, " {} ".format)))
            written = day.strftime(draw(st.sampled_from(_DAYS))) if readable else " SOON"
            words = draw(st.sampled_from(_COURSES[course]))
            copied.append((typed(first[0]), typed(person), words, written))
    return plain, draw(st.permutations(copied))


def _read(*sheets: list[Cells]) -> Table:
    """The table of these rows, each list in a file of its own with a note of the office's own."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, rows in enumerate(sheets):
            (Path(folder) / str(number)).mkdir()
            noted = [(*row, f"note {at}") for at, row in enumerate(rows)]
            path = Path(folder) / str(number) / "training.csv"
            files.append(csv_file(path, [(*HEADINGS, "our note"), *noted]))
        return training(read(*files))


def _said(table: Table) -> list[str]:
    return sorted(map(repr, comparable_rows(TRAINING, table.columns)))


@given(_rows())
def test_copies_change_nothing(rows: tuple[list[Cells], list[Cells]]) -> None:
    plain, copied = rows
    once = _read(plain)
    assert len(once) == len(plain)
    assert _said(_read(copied)) == _said(once)
    half = len(copied) // 2
    assert _said(_read(copied[half:], copied[:half])) == _said(once)


def test_a_number_and_a_key_of_the_same_digits_stay_apart() -> None:
    rows: list[Cells] = [("T-1", name, "awareness", "1/4/2026") for name in ("007", "7")]
    assert len(_read(rows)) == 2


def test_copies_are_known_from_the_earliest_day_on_which_one_was_recorded(tmp_path: Path) -> None:
    rows = [(*ROW, day) for day in ("03/05/2026", "02/05/2026", "")]
    path = csv_file(tmp_path / "training.csv", [(*HEADINGS, "recorded on"), *rows])
    known = [datetime.date(2026, 5, day) for day in (1, 2, 3)]
    assert [len(training(read(path, known=day))) for day in known] == [0, 1, 1]
