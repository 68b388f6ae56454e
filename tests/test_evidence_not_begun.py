"""A sheet that has an example row and no other has not been begun: it counts as not provided
(docs/evidence-states.md: Example rows)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from evidence.table import Evidence, SheetNotBegun
from tests.support.mapped_sheets import Rows, own_sheet, raw_sheet, read_mapped, records
from tests.support.table_builders import REGISTERS, csv_file, notes, problems, read, xlsx

HEADINGS = ("ref", "person", "course", "completed on", "recorded on")
ROW = ("T-1", "p1", "refresher", "25/04/2026", "01/05/2026")
EXAMPLE = ("EXAMPLE (not counted): T-9", "p9", "refresher", "soon", "25/04/2026")
LEFT_OUT = (
    "Row 2 is marked 'EXAMPLE (not counted)' and was not counted: delete these words if it is a"
    " real row."
)


def states(evidence: Evidence) -> tuple[bool, bool, int]:
    """Whether the register of training is given and found, and its number of rows."""
    table = evidence.tables["training"]
    return table.given, table.found, len(table)


def test_a_sheet_with_only_an_example_is_not_provided(tmp_path: Path) -> None:
    """Nothing in it is a problem, not even a column that is missing. The note on its row stays,
    for a real row whose mark was left in."""
    path = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS[:3], EXAMPLE[:3], (), (" ",)]})
    evidence = read(path)
    assert states(evidence) == (False, False, 0)
    assert evidence.not_begun == (SheetNotBegun("a.xlsx", "Training"),)
    assert (problems(evidence), evidence.unused) == ([], ())
    assert notes(evidence) == [LEFT_OUT]


@pytest.mark.parametrize(
    "row",
    [ROW, ("Total", 7), HEADINGS, ("", "", "", "", "", "none this year"), ("tbc",)],
    ids=["a row", "a total", "the headings again", "a note beside", "a row that cannot be read"],
)
def test_a_sheet_that_has_anything_else_is_provided(row: Sequence[object], tmp_path: Path) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, EXAMPLE, row]}))
    assert states(evidence)[:2] == (True, True)
    assert evidence.not_begun == ()


def test_an_empty_sheet_without_an_example_is_provided(tmp_path: Path) -> None:
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS]}))
    assert (states(evidence), evidence.not_begun) == ((True, True, 0), ())


def test_of_several_sheets_one_that_has_been_begun_is_enough(tmp_path: Path) -> None:
    """One with rows, or an empty one. One that cannot be read leaves the register unreadable."""
    (tmp_path / "b").mkdir()
    template = xlsx(tmp_path / "template.xlsx", {"Training": [HEADINGS, EXAMPLE]})
    others: dict[str, tuple[Rows, tuple[bool, bool, int]]] = {
        "rows": ([HEADINGS, ROW], (True, True, 1)),
        "empty": ([HEADINGS], (True, True, 0)),
        "unreadable": ([("a", "b")], (True, False, 0)),
        "example": ([HEADINGS, EXAMPLE], (False, False, 0)),
    }
    for rows, found in others.values():
        evidence = read(template, csv_file(tmp_path / "b" / "Training.csv", rows))
        assert states(evidence) == found
        files = [] if found[0] else ["Training.csv", "template.xlsx"]
        assert sorted(Path(sheet.file).name for sheet in evidence.not_begun) == files


def test_a_control_sheet_is_not_listed(tmp_path: Path) -> None:
    (control,) = (spec for spec in REGISTERS.values() if spec.control)
    rows = [tuple(column.name for column in control.columns), EXAMPLE]
    evidence = read(xlsx(tmp_path / "a.xlsx", {control.sheets[0]: rows}))
    assert (evidence.tables[control.id].given, evidence.not_begun) == (True, ())


def test_a_sheet_with_nearly_its_name_is_not_taken_for_it(tmp_path: Path) -> None:
    """There is a sheet of the register, so none is missing."""
    sheets: dict[str, Rows] = {"Training": [HEADINGS, EXAMPLE], "Trainin": [("a", "b")]}
    assert problems(read(xlsx(tmp_path / "a.xlsx", sheets))) == []
    del sheets["Training"]
    assert [kind for kind, *_ in problems(read(xlsx(tmp_path / "b.xlsx", sheets)))] != []


def test_a_row_that_was_recorded_later_has_begun_its_sheet(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, EXAMPLE, ROW]})
    evidence = read(path, known=datetime.date(2026, 4, 1))
    assert (states(evidence), evidence.not_begun) == ((True, True, 0), ())


# Sheets that a mapping reads ----------------------------------------------------------------------

PLAIN = """
register: courses
columns: {ref: not kept, person: Who, course: What, done: When}
"""
OWN: Rows = [["Who", "What", "When"], ["EXAMPLE (not counted): 9", "awareness", "1/4/26"]]


@pytest.mark.parametrize("across", [False, True])
def test_a_mapped_sheet_with_only_an_example_is_not_provided(across: bool) -> None:
    rows = list(zip(*OWN, strict=True)) if across else OWN
    evidence = own_sheet(PLAIN, rows, "records: across\nheadings: A" if across else "")
    assert not evidence.tables["courses"].given
    assert evidence.not_begun == (SheetNotBegun("Own.xlsx", "Own"),)


@pytest.mark.parametrize(
    "row", [["7", "awareness", "2/4/26"], ["Total", "", 2], ["", "", "", "x"], ["Quarter 1"]]
)
def test_a_mapped_sheet_with_anything_else_is_provided(row: Sequence[object]) -> None:
    evidence = own_sheet(PLAIN, [*OWN, row], "bands: yes")
    assert evidence.tables["courses"].given
    assert evidence.not_begun == ()


def test_what_is_below_the_end_of_a_table_is_not_in_it() -> None:
    evidence = own_sheet(PLAIN, [*OWN, ["Key"], ["x", "yes"]], "ends at: Key")
    assert evidence.not_begun == (SheetNotBegun("Own.xlsx", "Own"),)


def test_a_mapped_sheet_of_two_registers_is_named_once() -> None:
    mapping = """
    - file: Own.xlsx
      sheet: Own
      gives:
        - register: courses
          columns: {ref: not kept, person: Who, course: What, done: When}
        - register: visits
          columns: {visitor: Who, "on": When}
    """
    evidence = read_mapped(mapping, raw_sheet(OWN))
    assert not any(table.given for table in evidence.tables.values())
    assert evidence.not_begun == (SheetNotBegun("Own.xlsx", "Own"),)
    begun = read_mapped(mapping, raw_sheet([*OWN, ["7", "awareness", "2/4/26"]]))
    assert records(begun, "visits") == ["7 | 2026-04-02"]
