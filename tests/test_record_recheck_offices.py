"""Packs of the sixteen offices that keep their own sheets: the verifier, written from
docs/mapping.md alone, confirms each."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check import CheckRequest, assess
from record.pack.pack import PackRequest, pack
from reports.json import to_json
from tests.support.offices import FOLDERS, UNSEEN, mapping_in, office_files, read_office
from tests.support.own_book import own_book
from tests.support.verifier import AS_OF, PROGRAM, rechecked

#: Sixteen are enough: the four of UNSEEN have no feature of a mapping that is new to the verifier.
NAMES = sorted(name for name in FOLDERS if FOLDERS[name].parent != UNSEEN)


@pytest.mark.one_in(8)
@pytest.mark.parametrize("name", NAMES)
def test_the_verifier_confirms_the_pack_of_an_office(name: str, tmp_path: Path) -> None:
    folder = FOLDERS[name]
    evidence = read_office(folder, own_book().registers)
    assessment = tmp_path / "assessment.json"
    request = CheckRequest(own_book(), evidence, AS_OF, PROGRAM, None)
    assessment.write_bytes(to_json(assess(request)))
    files, mapping = tuple(office_files(folder)), mapping_in(folder)
    path = tmp_path / "pack.zip"
    path.write_bytes(pack(PackRequest(assessment, files, mapping=mapping)))
    ended = rechecked(path)
    assert (ended.code, ended.differences) == (0, [])
    assert "By the mapping, the sheets that it names give " in ended.out
    assert ended.out.endswith("Everything is confirmed.\n")
