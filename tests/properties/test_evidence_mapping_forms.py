"""One list in several forms gives one table: in the register's own form with and without a mapping,
long and wide, and in any order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from evidence.mapping.model import (
    ColumnSource,
    OfficeMapping,
    RegisterMapping,
    SheetMapping,
    Wide,
    WideCell,
)
from evidence.raw_cells import Area, RawSheet, RawValue, RawWorkbook, RowColumn
from evidence.read import read_books
from evidence.table import Evidence
from tests.support.mapped_sheets import COURSES, REGISTERS, raw_sheet, table_of

HEADINGS = [spec.name for spec in COURSES.columns]
DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31))
CELLS: Mapping[str, st.SearchStrategy[RawValue]] = {
    "ref": st.sampled_from(["A-1", "a-1", "A-2", "tbc", 7, 7.0]),
    "person": st.sampled_from(["7", "8", 7, "n/a", "A b"]),
    "course": st.sampled_from(["awareness", "Refresher", "GDPR", "refresher "]),
    "done": st.one_of(DAYS, st.sampled_from(["1/4/26", "04/25/2026", "3/4/2026", "tbc", 45000])),
    "passed": st.sampled_from(["yes", "no", "maybe", True]),
    "topics": st.sampled_from(["Prevent", "Prevent; exploitation", "x; Prevent"]),
    "hours": st.sampled_from([1, 2.0, "3", "many"]),
    "note": st.sampled_from(["text", "Text", "Total", "pending"]),
    "recorded on": st.one_of(DAYS, st.sampled_from(["soon"])),
}
BLANKS = st.sampled_from(["", None, "  "])


@st.composite
def own_form(draw: st.DrawFn) -> RawSheet:
    """A sheet in the form of the register, with blank lines, totals and headings between its
    records, cells that show errors or have no result, and a merged area."""
    record = st.tuples(*(CELLS[name] | BLANKS for name in HEADINGS))
    blanks = ("",) * (len(HEADINGS) - 1)
    other = [("", *blanks), ("Total", *blanks[1:], 3), tuple(HEADINGS), ("x", *blanks)]
    rows = draw(st.lists(record | st.sampled_from(other), max_size=8))
    places = st.tuples(st.integers(2, len(rows) + 1), st.integers(1, len(HEADINGS)))
    few = st.sets(places, max_size=2) if rows else st.just(set[RowColumn]())
    errors, unstored = draw(few), draw(few)
    merged: list[Area] = []
    if len(rows) > 1:
        top, column = draw(st.integers(2, len(rows))), draw(st.integers(1, len(HEADINGS)))
        merged = [(top, column, top + 1, column)]
        rows[top - 1] = (*rows[top - 1][: column - 1], "", *rows[top - 1][column:])
        errors.discard((top + 1, column))  # only the first cell of a merged area has a value
        unstored.discard((top + 1, column))
    faulty = errors | unstored  # the reader of a file has no value there
    lines = [
        ["" if (number, place) in faulty else cell for place, cell in enumerate(row, 1)]
        for number, row in enumerate(rows, 2)
    ]
    return raw_sheet(
        [HEADINGS, *lines],
        name="Courses",
        errors=dict.fromkeys(errors, "#N/A"),
        unstored=frozenset(unstored - errors),
        merged=tuple(merged),
    )


def read(sheet: RawSheet, *mapping: SheetMapping, known: datetime.date | None = None) -> Evidence:
    """The sheet, read with this mapping."""
    parts: OfficeMapping = mapping
    return read_books([RawWorkbook("a.xlsx", "", "xlsx", (sheet,))], REGISTERS, known, (), parts)


def mapped(sheet: str, columns: dict[str, ColumnSource], wide: Wide | None = None) -> SheetMapping:
    """A mapping of one sheet to the register of courses."""
    item = RegisterMapping.model_construct(
        register_id="courses",
        only_rows_where={},
        except_rows_where={},
        wide=wide,
        columns=columns,
        words={},
    )
    return SheetMapping(file="a.xlsx", sheet=sheet, headings=1, gives=(item,))


IDENTITY = mapped("Courses", {name: name for name in HEADINGS})


@given(own_form(), st.none() | DAYS)
def test_the_identity_mapping_gives_the_same_table(
    sheet: RawSheet, known: datetime.date | None
) -> None:
    plain, identity = read(sheet, known=known), read(sheet, IDENTITY, known=known)
    first, second = table_of(plain), table_of(identity)
    assert first.columns.keys() == second.columns.keys()
    for name, column in first.columns.items():
        other = second.columns[name]
        assert list(column.value) == list(other.value)
        assert list(column.state) == list(other.state)
        assert list(column.raw) == list(other.raw)
        assert [first.place(row, name) for row in range(len(first))] == [
            second.place(row, name) for row in range(len(second))
        ]
    assert problems(plain) == problems(identity)
    assert [note.message for note in plain.notes] == [note.message for note in identity.notes]


def problems(evidence: Evidence) -> list[tuple[object, ...]]:
    """What each problem says, but for its words."""
    return [
        (
            problem.kind,
            problem.column,
            problem.heading,
            problem.cells,
            problem.count,
            problem.values,
        )
        for problem in evidence.problems
    ]


LONG = mapped("Long", {"person": "Who", "course": "What", "done": "When", "note": "Team"})
WIDE = mapped(
    "Wide",
    {
        "person": "Who",
        "course": WideCell(wide="heading"),
        "done": WideCell(wide="cell"),
        "note": "Team",
    },
    Wide(after="Team"),
)
PEOPLE = ("7", "8", "9", "10")
COURSE_NAMES = ("awareness", "refresher", "GDPR")
DONE = st.one_of(DAYS, st.sampled_from(["1/4/26", "2/4/26", "tbc", "soon"]))
Done = Mapping[tuple[str, str], RawValue]


@given(st.dictionaries(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(COURSE_NAMES)), DONE))
def test_a_long_list_made_wide_gives_the_same_records(done: Done) -> None:
    team = {person: f"team {person}" for person in PEOPLE}
    rows = [[person, course, day, team[person]] for (person, course), day in done.items()]
    long = raw_sheet([["Who", "What", "When", "Team"], *rows], name="Long")
    lines = [[p, team[p], *(done.get((p, c), "") for c in COURSE_NAMES)] for p in PEOPLE]
    wide = raw_sheet([["Who", "Team", *COURSE_NAMES], *lines], name="Wide")
    first, second = read(long, LONG), read(wide, WIDE)
    assert record_set(first) == record_set(second)
    assert len(record_set(second)) == len(done)
    places = {
        (p, c): (2 + i, 3 + j) for i, p in enumerate(PEOPLE) for j, c in enumerate(COURSE_NAMES)
    }
    table = table_of(second)
    cells = {table.place(row, "done").cell for row in range(len(table))}
    assert cells == {f"{'ABCDE'[places[key][1] - 1]}{places[key][0]}" for key in done}


def record_set(evidence: Evidence) -> set[tuple[object, ...]]:
    """The records, with their made keys, but without the day of recording and without regard to
    capitals: of equal ones the first is kept."""
    columns = [
        [
            (value.casefold() if isinstance(value, str) else value, state)
            for value, state in zip(column.value, column.state, strict=True)
        ]
        for name, column in table_of(evidence).columns.items()
        if name != COURSES.recorded_on
    ]
    return set(zip(*columns, strict=True))


@given(own_form(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(sheet: RawSheet, random: Random) -> None:
    rows = list(sheet.rows[1:])
    order = list(range(len(rows)))
    random.shuffle(order)
    named = {old + 2: new + 2 for new, old in enumerate(order)}
    shuffled = raw_sheet(
        [HEADINGS, *(rows[index] for index in order)],
        name="Courses",
        errors={(named[row], column): words for (row, column), words in sheet.errors.items()},
    )
    whole = raw_sheet([HEADINGS, *rows], name="Courses", errors=sheet.errors)
    unkeyed = mapped("Courses", {name: name for name in HEADINGS if name != "ref"})
    first, second = read(whole, unkeyed), read(shuffled, unkeyed)
    # what is below a title depends on the order
    assume(
        not any(problem.kind == "second table" for problem in (*first.problems, *second.problems))
    )
    assert record_set(first) == record_set(second)
    assert counted(first) == counted(second)


def counted(evidence: Evidence) -> Sequence[tuple[object, ...]]:
    """The kinds of the problems, by column, with the number of their cells."""
    return sorted((problem.column, problem.kind, problem.count) for problem in evidence.problems)
