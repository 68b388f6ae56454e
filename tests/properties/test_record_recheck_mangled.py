"""Whatever a workbook looks like after years of use, its pack is confirmed: the verifier reads it
as the program does, and compares it with the file."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

from evidence.read import read_evidence
from rules.load import OWN_BOOK
from tests.support import needs
from tests.support.mangled_workbook import mangled
from tests.support.own_book import book_in
from tests.support.verifier import AS_OF, packed, rechecked_files

SEED = 20_310_000


@pytest.mark.campaign
@pytest.mark.long
def test_a_pack_of_a_mangled_workbook_is_confirmed(tmp_path: Path) -> None:
    count, checked, differing = 100 if needs.CAMPAIGN else 2, 0, {}
    for seed in range(SEED, SEED + count):
        chance, folder = random.Random(seed), tmp_path / str(seed)
        folder.mkdir()
        office = folder / "office.xlsx"
        office.write_bytes(mangled(seed))
        if read_evidence([office], book_in(OWN_BOOK).registers).fatal:
            continue  # no check of it is made
        day = AS_OF + datetime.timedelta(days=chance.choice((0, 0, -400, -900, 100)))
        known = chance.choice((None, None, datetime.date(2026, 3, 1)))
        files = packed(folder, [office], day, rulebook=OWN_BOOK, known=known)
        ended = rechecked_files(files, folder / "pack.zip")
        checked += 1
        if ended.code:
            differing[seed] = ended.differences or [ended.out[-500:]]
    assert differing == {}
    assert checked > count / 2
