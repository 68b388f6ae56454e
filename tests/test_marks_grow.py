"""No mark of Markdown or XML, written over and over, takes time that grows faster than the text:
each is tried at n and 4n."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from evidence.files.opening import open_file
from evidence.raw_cells import RawWorkbook
from rules.sop_files.pieces import unmarked
from tests.support.swelling_files import sheet

MOST = 1.2
REPEATS, TRIES = 2, 5

_T = TypeVar("_T")

MARKED = (
    "[", "![", "[a](", "[a][", "[](", "](", "<!--", "<b ", "</b ", "<http://a", "<![CDATA[",
    "*a ", "a*", "*a*", "**a", "_a ", "`", "`a``", "\\[", "\\", "&#", " \t",
)  # fmt: skip


@pytest.mark.one_in(4)
@pytest.mark.parametrize("mark", MARKED)
def test_text_of_one_mark_loses_its_marks_in_time(mark: str) -> None:
    assert power(unmarked, lambda n: mark * (n // len(mark)), 2_000) <= MOST


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'

#: Sheets with a tag that is read again from each letter on, where it is read without a parser.
WRITTEN: Mapping[str, Callable[[int], bytes]] = {
    "a long name of an attribute": lambda n: sheet(
        ONE, before=f'<cols><col min="1" max="1" {"a" * n}1="b"/></cols>'
    ),
    "a quotation mark in a long attribute": lambda n: sheet(
        ONE, before=f"""<cols><col min="1" max="1" a='"{"a" * n}'/></cols>"""
    ),
    "an attribute that reads as many errors": lambda n: sheet(
        f"""<row r="1"><c r="A1" x='{' t="e"' * (n // 6)}'/></row>"""
    ),
}


@pytest.mark.parametrize("place", WRITTEN)
def test_a_sheet_with_a_long_tag_is_opened_in_time(place: str, tmp_path: Path) -> None:
    def opened(data: bytes) -> object:
        path.write_bytes(data)
        return open_file(path, path.name)

    path = tmp_path / "a.xlsx"
    made = WRITTEN[place]
    assert isinstance(opened(made(50_000)), RawWorkbook)
    assert power(opened, made, 50_000) <= MOST


def test_what_is_quadratic_is_noticed() -> None:
    assert power(re.compile("a+b").search, lambda n: "a" * n, 4_000) > 1.7


def power(asked: Callable[[_T], object], made: Callable[[int], _T], n: int) -> float:
    """By which power the time grows from n to 4n. What else the machine does can only make it
    larger, so the least of several is taken."""
    short, long = made(n), made(4 * n)
    least = math.inf
    for _ in range(TRIES):
        if least > MOST:
            least = min(least, math.log(_seconds(asked, long) / _seconds(asked, short), 4))
    return least


def _seconds(asked: Callable[[_T], object], given: _T) -> float:
    taken = []
    for _ in range(REPEATS):
        begins = time.process_time()
        asked(given)
        taken.append(time.process_time() - begins)
    return max(min(taken), 1e-6)
