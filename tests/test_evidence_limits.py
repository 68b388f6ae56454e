"""Each limit on what is read of a file: one file just within it is read, one beyond is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest

from evidence.files.opening import open_file
from evidence.limits import LIMITS, Limits
from evidence.raw_cells import RawWorkbook, Unopened
from tests.support import file_builders as made
from tests.support import swelling_files
from tests.support.file_builders import Formula, Sheet, Wrong
from tests.support.needs import ROOT
from tests.support.swelling_files import ods_number, ods_row, ods_text, table

Bytes = Callable[[int], bytes]


def column(count: int) -> Sheet:
    """A sheet of so many rows of one number each."""
    return Sheet("s", {(row, 1): 1.0 for row in range(1, count + 1)})


def _texts(count: int) -> Sheet:
    """A sheet of so many characters, ten to a cell."""
    return Sheet("s", {(row, 1): "x" * 10 for row in range(1, count // 10 + 1)})


def _wrong(count: int) -> Sheet:
    rows = range(1, count + 1)
    return Sheet("s", {(row, 1): Wrong("#N/A") if row % 2 else Formula("1", None) for row in rows})


def _errors(count: int) -> Sheet:
    return Sheet("s", {(row, 1): Wrong("#N/A") for row in range(1, count + 1)})


def _reaching(row: int, column: int) -> Sheet:
    return Sheet("s", {(row, column): 1.0})


def _merges(count: int) -> Sheet:
    rows = range(1, count + 1)
    areas = tuple((row, 1, row, 2) for row in rows)
    return Sheet("s", {(row, 1): "x" for row in rows}, merged=areas)


def _covering(count: int) -> Sheet:
    return Sheet("s", {(1, 1): "x", (count, 2): "y"}, merged=((1, 1, count // 2, 2),))


def _size(size: int) -> bytes:
    return b"a,b\n" + b"x" * (size - 4)


def _unpacked(size: int) -> bytes:
    """An .xlsx of which one part unpacks to so many bytes."""
    return _padded("xl/worksheets/sheet1.xml", size)


def _padded(part: str, size: int) -> bytes:
    members = swelling_files.members(made.xlsx(column(1)))
    return made.zipped({**members, part: members[part].ljust(size)})


def _parts(count: int) -> bytes:
    members = swelling_files.members(made.xlsx(column(1)))
    more = {f"xl/more/{number}.xml": b"<a/>" for number in range(count - len(members))}
    return made.zipped({**members, **more})


def _listing(size: int) -> bytes:
    return _padded("xl/workbook.xml", size)


def _csv_cells(count: int) -> bytes:
    return b"a,b\n" * (count // 2)


APART = '<table:table-cell table:number-columns-repeated="9"/>'

#: For each limit: where it is set in the test, the ending of the file, and how a file is made that
#: holds so much. What just holds it is read, what holds a little more is not.
TRIED: Mapping[str, tuple[str, int, int, str, Bytes]] = {
    "file bytes": ("file_bytes", 1000, 1001, "csv", _size),
    "parts": ("parts", 20, 21, "xlsx", _parts),
    "bytes of a part": ("part_bytes", 100_000, 100_001, "xlsx", _unpacked),
    "bytes of a listing": ("listing_bytes", 9_000, 9_001, "xlsx", _listing),
    "sheets": ("sheets", 3, 4, "xlsx", swelling_files.listing),
    "sheets of an .xls": (
        "sheets",
        3,
        4,
        "xls",
        lambda n: made.xls(*(Sheet(f"s{i}", {(1, 1): 1.0}) for i in range(n))),
    ),
    "sheets of an .xlsb": (
        "sheets",
        3,
        4,
        "xlsb",
        lambda n: made.xlsb(*(Sheet(f"s{i}", {(1, 1): 1.0}) for i in range(n))),
    ),
    "sheets of an .ods": (
        "sheets",
        3,
        4,
        "ods",
        lambda n: made.ods(*(Sheet(f"s{i}", {(1, 1): 1.0}) for i in range(n))),
    ),
    "rows": ("rows", 500, 501, "xlsx", lambda n: made.xlsx(_reaching(n, 1))),
    "rows of an .xlsb": ("rows", 500, 501, "xlsb", lambda n: made.xlsb(_reaching(n, 1))),
    "rows of an .ods": ("rows", 500, 501, "ods", lambda n: made.ods(_reaching(n, 1))),
    "columns": ("columns", 50, 51, "xlsx", lambda n: made.xlsx(_reaching(1, n))),
    "columns of an .ods": ("columns", 50, 51, "ods", lambda n: made.ods(_reaching(1, n))),
    "rows of a CSV": ("csv_rows", 500, 501, "csv", lambda n: b"a\n" * n),
    "cells": ("cells", 500, 501, "xlsx", lambda n: made.xlsx(column(n))),
    "cells of an .xls": ("cells", 500, 501, "xls", lambda n: made.xls(column(n))),
    "cells of an .xlsb": ("cells", 500, 501, "xlsb", lambda n: made.xlsb(column(n))),
    "cells of an .ods": (
        "cells",
        500,
        510,
        "ods",
        lambda n: table(ods_row(ods_number(10), n // 10)),
    ),
    "cells of a CSV": ("cells", 500, 502, "csv", _csv_cells),
    "all cells": (
        "all_cells",
        600,
        602,
        "xlsx",
        lambda n: made.xlsx(column(n // 2), replace(column(n // 2), name="t")),
    ),
    "all cells of an .ods": (
        "all_cells",
        600,
        620,
        "ods",
        lambda n: table(ods_row(APART + ods_number()) * (n // 10)),
    ),
    "text of an .xlsx": ("text", 1000, 1010, "xlsx", lambda n: made.xlsx(_texts(n))),
    "shared text": (
        "text",
        1000,
        1010,
        "xlsx",
        lambda n: swelling_files.shared(n // 10, "x" * 10, 1),
    ),
    "text of an .xls": ("text", 1000, 1010, "xls", lambda n: made.xls(_texts(n))),
    "shared text of an .xls": (
        "text",
        10_002,
        11_002,
        "xls",
        lambda n: swelling_files.xls_shared(n // 100, "x" * 100),
    ),
    "shared text of an .xlsb": (
        "text",
        10_008,
        11_008,
        "xlsb",
        lambda n: swelling_files.xlsb_shared(n // 10, "x" * 10),
    ),
    "text of an .ods": (
        "text",
        1000,
        1010,
        "ods",
        lambda n: table(ods_row(ods_text("x" * 9, n // 10))),
    ),
    "text of a CSV": ("text", 1000, 1001, "csv", lambda n: b"a,b\n" * (n // 4) + b"x" * (n % 4)),
    "faults": ("faults", 50, 51, "xlsx", lambda n: made.xlsx(_wrong(n))),
    "faults of an .ods": ("faults", 50, 51, "ods", lambda n: made.ods(_wrong(n))),
    "faults of an .xls": ("faults", 50, 51, "xls", lambda n: made.xls(_errors(n))),
    "faults of an .xlsb": ("faults", 50, 51, "xlsb", lambda n: made.xlsb(_errors(n))),
    "faults of a CSV": ("faults", 50, 51, "csv", lambda n: b"a,#N/A\n" * n),
    "formats": ("formats", 50, 51, "xlsx", swelling_files.formats),
    "merges": ("merges", 50, 51, "xlsx", lambda n: made.xlsx(_merges(n))),
    "merges of an .xls": ("merges", 50, 51, "xls", lambda n: made.xls(_merges(n))),
    "merges of an .ods": ("merges", 50, 51, "ods", lambda n: made.ods(_merges(n))),
    "merged cells": ("merged_cells", 100, 102, "xlsx", lambda n: made.xlsx(_covering(n))),
    "merged cells of an .xlsb": (
        "merged_cells",
        100,
        102,
        "xlsb",
        lambda n: made.xlsb(_covering(n)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TRIED)
def test_a_file_within_a_limit_is_read_and_one_beyond_it_is_refused(
    case: str, tmp_path: Path
) -> None:
    limit, just, beyond, ending, make = TRIED[case]
    path = tmp_path / f"a.{ending}"
    limits = set_to(limit, just)
    path.write_bytes(make(just))
    read = open_file(path, path.name, limits)
    assert isinstance(read, RawWorkbook), read
    path.write_bytes(make(beyond))
    refused = open_file(path, path.name, limits)
    assert isinstance(refused, Unopened), "it was read"
    assert refused.message.startswith(f"{path.name} ")
    assert refused.message.endswith(".")
    named = (f"{just:,}", "MB", "the last cell in Excel")
    assert any(words in refused.message for words in named)


def set_to(limit: str, most: int) -> Limits:
    """The limits with one of them changed."""
    return replace(LIMITS, **{limit: most})


def test_every_limit_has_a_test_and_is_on_the_page_of_limits() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    names = {field.name for field in fields(Limits)}
    assert names - {limit for limit, *_ in TRIED.values()} == ELSEWHERE
    for name in names:
        most = getattr(LIMITS, name)
        megabytes = name.endswith("bytes") or name == "memory"
        shown = f"{most // 1024**2:,} MB" if megabytes else f"{most:,}"
        assert f"| {shown} | `{name}` |" in page


#: Tried in a test of their own below, and memory in test_evidence_apart.
ELSEWHERE = {"unpacked_bytes", "tags", "records", "memory"}


def test_the_parts_of_a_file_count_together_towards_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(made.xlsx(column(5)))
    size = sum(map(len, swelling_files.members(path.read_bytes()).values()))
    assert isinstance(open_file(path, "a.xlsx", set_to("unpacked_bytes", size)), RawWorkbook)
    refused = open_file(path, "a.xlsx", set_to("unpacked_bytes", size - 1))
    assert isinstance(refused, Unopened)
    assert "unpacks to more than" in refused.message


MAKE: Mapping[str, Callable[[Sheet], bytes]] = {
    "xlsx": made.xlsx,
    "ods": made.ods,
    "xls": made.xls,
    "xlsb": made.xlsb,
}


@pytest.mark.parametrize(
    ("limit", "ending"),
    [("tags", "xlsx"), ("tags", "ods"), ("records", "xls"), ("records", "xlsb")],
)
def test_tags_and_records_count_towards_a_limit(limit: str, ending: str, tmp_path: Path) -> None:
    """There is a number that a file just holds."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(MAKE[ending](column(9)))
    read = [
        isinstance(open_file(path, "a", set_to(limit, most)), RawWorkbook) for most in range(200)
    ]
    just = read.index(True)
    assert 9 < just < 190
    assert all(read[just:])
    refused = open_file(path, "a", set_to(limit, just - 1))
    assert isinstance(refused, Unopened)
    assert f"more than {just - 1:,} {limit}" in refused.message
