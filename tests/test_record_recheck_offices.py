"""Packs of the sixteen offices that keep their own sheets: the verifier, written from
docs/mapping.md alone, confirms each."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check import CheckRequest, assess
from record.pack.pack import pack
from reports.json import to_json
from tests.support.offices import FOLDERS, UNSEEN, mapping_in, office_files, read_office
from tests.support.own_book import own_book
from tests.support.verifier import AS_OF, PROGRAM, rechecked

#: Sixteen are enough: the four of UNSEEN have no feature of a mapping that is new to the verifier.
NAMES = sorted(name for name in FOLDERS if FOLDERS[name].parent != UNSEEN)


MATRIX = """version: 1
office: Office
evidence: ['*.csv']
mapping:
  - file: Matrix.csv
    gives:
      - register: training
        wide: {columns: [awareness, refresher]}
        columns:
          ref: not kept
          person: Payroll no
          course: {wide: heading}
          completed on: {from: {wide: cell}, part: day}
          passed: {always: 'yes'}
      - register: people
        columns: {ref: Payroll no, kind: {always: staff}, starts: Since, ends: {always: blank}}
"""


@pytest.mark.one_in(8)
@pytest.mark.parametrize("name", NAMES)
def test_the_verifier_confirms_the_pack_of_an_office(name: str, tmp_path: Path) -> None:
    confirm(FOLDERS[name], tmp_path)


def test_the_verifier_takes_days_of_all_wide_columns_as_one(tmp_path: Path) -> None:
    """One date with the month first makes those in another wide column uncertain."""
    office = tmp_path / "office"
    office.mkdir()
    (office / "office.yaml").write_text(MATRIX, encoding="utf-8")
    rows = "Payroll no,Since,awareness,refresher\n1,6 Jan 2020,03/09/2025,02/13/2025\n"
    (office / "Matrix.csv").write_text(rows, encoding="utf-8")
    confirm(office, tmp_path)


def confirm(folder: Path, tmp_path: Path) -> None:
    """Checks an office and rechecks its pack."""
    evidence = read_office(folder, own_book().registers)
    assessment = tmp_path / "assessment.json"
    request = CheckRequest(own_book(), evidence, AS_OF, PROGRAM, None, ahead=False)
    assessment.write_bytes(to_json(assess(request)))
    files, mapping = tuple(office_files(folder)), mapping_in(folder)
    path = tmp_path / "pack.zip"
    path.write_bytes(pack(assessment, files, mapping=mapping))
    ended = rechecked(path)
    assert (ended.code, ended.differences) == (0, [])
    assert "By the mapping, the sheets that it names give " in ended.out
    assert ended.out.endswith("Everything is confirmed.\n")
