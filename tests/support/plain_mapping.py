"""Mappings of one register, which tests change in one thing, and the sheets that they read."""

from __future__ import annotations

import datetime

from evidence.table import CellState
from tests.support.mapped_sheets import Rows, column, messages, own_sheet, states

D = datetime.date

#: A whole mapping of one register, of which the tests change one thing.
PLAIN = """
register: courses
columns: {ref: not kept, person: Who, course: What, done: When}
"""

ROWS: Rows = [
    ["Who", "What", "When"],
    ["7", "awareness", "25/04/2026"],
    ["8", "refresher", D(2026, 4, 26)],
]

READ = ["7 | awareness | 2026-04-25", "8 | refresher | 2026-04-26"]


def flow(text: str) -> str:
    """A mapping in block style as one in flow style."""
    return ", ".join(text.strip().splitlines())


def plain(*lines: str) -> str:
    """PLAIN with further keys of the register."""
    return PLAIN + "\n".join(lines)


#: A mapping of one register with two wide columns.
WIDE = """
register: courses
wide: {columns: [awareness, refresher]}
columns: {ref: not kept, person: Who, course: {wide: heading}, done: {wide: cell}}
"""

#: A sheet that WIDE reads.
MATRIX: Rows = [
    ["Who", "awareness", "Team", "refresher"],
    ["7", "1/4/26", "North", "2/4/26"],
    ["8", "", "South", "3/4/26"],
]


def one(source: str, cell: object, words: str = "{}", name: str = "note", **more: object) -> object:
    """What a column reads from one cell under the heading H (D2), with the mapping's source."""
    gives = f"""
    register: courses
    columns: {{ref: not kept, person: Who, course: What, done: When, {name}: {source}}}
    words: {{{name}: {words}}}
    """
    if name == "done":
        gives = gives.replace("done: When, ", "")
    rows = [["Who", "What", "When", "H"], ["7", "awareness", "", cell]]
    evidence = own_sheet(gives, rows, **more)  # type: ignore[arg-type]
    value = column(evidence, name)[0]
    return value if states(evidence, name)[0] != CellState.UNREADABLE else messages(evidence)[0]
