"""Packs of the sixteen offices that keep their own sheets: the verifier, written from
docs/mapping.md alone, confirms each."""

from __future__ import annotations

import datetime
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.assessment import Program
from engine.check import CheckRequest, assess
from record.pack.pack import PackRequest, pack
from reports.json import to_json
from tests.support.example_offices import book
from tests.support.offices import FOLDERS, UNSEEN, mapping_in, office_files, read_office

AS_OF = datetime.date(2026, 11, 24)
PROGRAM = Program("dueregard", "0.1.0", "the plain evaluator alone", "")


#: Sixteen are enough: the four of UNSEEN have no feature of a mapping that is new to the verifier.
NAMES = sorted(name for name in FOLDERS if FOLDERS[name].parent != UNSEEN)


@pytest.mark.parametrize("name", NAMES)
def test_the_verifier_confirms_the_pack_of_an_office(name: str, tmp_path: Path) -> None:
    folder = FOLDERS[name]
    evidence = read_office(folder, book().registers)
    assessment = tmp_path / "assessment.json"
    request = CheckRequest(book(), evidence, AS_OF, PROGRAM, None)
    assessment.write_bytes(to_json(assess(request)))
    files, mapping = tuple(office_files(folder)), mapping_in(folder)
    (tmp_path / "pack.zip").write_bytes(pack(PackRequest(assessment, files, mapping=mapping)))
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        for part in ("recheck.py", "recheck_mapping.py"):
            archive.extract(part, tmp_path)
    command = [sys.executable, "recheck.py", "pack.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Everything is confirmed.\n")
