"""The store: an assessment under its hash, whole, and written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from record.ledger import store
from record.ledger.entries import digest


@pytest.mark.parametrize("there", [b"", b"abcd", b"abcdefgh", b"abcdefgi", b"abcdefghi"])
def test_what_stands_under_the_hash_is_kept_only_where_it_is_that(
    tmp_path: Path, there: bytes
) -> None:
    wanted = b"abcdefgh"
    path = store.path_in(tmp_path, digest(wanted))
    path.write_bytes(there)
    before = path.stat().st_ino
    assert store.put(tmp_path, wanted) == digest(wanted)
    assert path.read_bytes() == wanted
    assert (path.stat().st_ino == before) == (there == wanted)
