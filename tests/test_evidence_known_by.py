"""Evidence as it was known on a day: which rows count, and what is said of the others."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.keys.latest import finish_evidence
from evidence.register import ColumnSpec, Latest, RegisterSpec
from evidence.sheets.joining import join_parts
from evidence.sheets.known_by import known_by
from evidence.sheets.sheet_contents import SheetContents, SheetPart
from evidence.table import CellState, Column, Evidence, Source, Table
from tests.support import engine_builders as make
from tests.support.case_generator import Case, as_read, case
from tests.support.evidence_generator import evidence as generated
from tests.support.judged_cases import plain_answers, vectorised_answers
from tests.support.table_builders import (
    HEADINGS,
    Rows,
    csv_file,
    notes,
    problems,
    read,
    training,
    values,
    xlsx,
)

K = datetime.date(2026, 11, 1)
CLOCKED = (*HEADINGS, "recorded on")


def sheet(*recorded: object) -> Rows:
    """A sheet of training with one row for each of these days of recording."""
    rows = [
        (f"T-{number}", "007", "awareness", "25/04/2026", day)
        for number, day in enumerate(recorded, 1)
    ]
    return [CLOCKED, *rows]


def known(tmp_path: Path, *recorded: object) -> Evidence:
    """That sheet as it was known by K."""
    return read(xlsx(tmp_path / "a.xlsx", {"Training": sheet(*recorded)}), known=K)


def as_known(evidence: Evidence, day: datetime.date) -> Evidence:
    """Typed evidence, sheet by sheet, as it was known by a day."""
    tables = {
        name: join_parts(table.register, _parts(table, day))[0] if table.found else table
        for name, table in evidence.tables.items()
    }
    return replace(evidence, tables=tables)


def _parts(table: Table, day: datetime.date) -> list[SheetPart]:
    """What each sheet of a table gives, of the rows that were recorded by a day."""
    parts = []
    for number, source in enumerate(table.sources):
        rows = [n for n in range(len(table)) if table.source_of[n] == number]
        part = SheetPart(
            source=source,
            rows=[table.row_of[n] for n in rows],
            columns={name: cells.some_rows(rows) for name, cells in table.columns.items()},
            unknown=[()] * len(rows),
        )
        parts.append(known_by(SheetContents(part, ()), table.register, day).part)
    return [part for part in parts if part is not None]


# Which rows count --------------------------------------------------------------------------------


def test_rows_count_that_were_recorded_by_the_day_that_day_included(tmp_path: Path) -> None:
    evidence = known(tmp_path, "31/10/2026", "01/11/2026", "02/11/2026", "30/10/2026")
    table = training(evidence)
    assert values(table, "ref") == ["t-1", "t-2", "t-4"]
    assert [table.place(row, "ref").cell for row in range(3)] == ["A2", "A3", "A5"]
    assert notes(evidence) == ["Rows that did not count: 1 recorded after 1 November 2026."]


@pytest.mark.parametrize("said", [None, "tbc", "31/11/2026", "soon"])
def test_a_blank_or_unread_day_of_recording_does_not_count(said: object, tmp_path: Path) -> None:
    evidence = known(tmp_path, "01/11/2026", said)
    assert values(training(evidence), "ref") == ["t-1"]
    assert notes(evidence)[-1] == (
        "Rows that did not count: 1 whose date of recording is blank or cannot be read."
    )


def test_both_are_counted_apart(tmp_path: Path) -> None:
    evidence = known(tmp_path, None, "02/11/2026", "tbc", "03/11/2026", "01/01/2026")
    assert notes(evidence)[-1] == (
        "Rows that did not count: 2 recorded after 1 November 2026, and 2 whose date of recording"
        " is blank or cannot be read."
    )


def test_rows_of_a_sheet_without_the_column_always_count(tmp_path: Path) -> None:
    """Also beside another sheet of the same register that has it."""
    one = csv_file(tmp_path / "training.csv", [HEADINGS, ("T-9", "008", "awareness", "25/04/2026")])
    two = xlsx(tmp_path / "a.xlsx", {"Training": sheet("02/11/2026", "01/11/2026")})
    evidence = read(one, two, known=K)
    assert values(training(evidence), "ref") == ["t-9", "t-2"]
    assert [(note.file, note.sheet, note.message) for note in evidence.notes] == [
        (
            "training.csv",
            "training",
            "This sheet has no column 'recorded on', so all its rows counted, whenever they were"
            " recorded.",
        ),
        ("a.xlsx", "Training", "Rows that did not count: 1 recorded after 1 November 2026."),
    ]


def test_rows_of_a_register_without_the_column_always_count(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        {"Waivers": [("duty", "from"), ("d", "25/04/2026")], "Training": sheet("01/11/2026")},
    )
    evidence = read(path, known=K)
    assert len(evidence.tables["waivers"]) == 1
    assert [(note.sheet, note.message) for note in evidence.notes] == [
        (
            "Waivers",
            "The register 'Waivers' has no column for the day on which a row was recorded, so all"
            " its rows counted, whenever they were recorded.",
        )
    ]


def test_a_column_that_stands_twice_is_had_and_cannot_be_read(tmp_path: Path) -> None:
    rows = [(*CLOCKED, "recorded on"), ("T-1", "007", "awareness", "25/04/2026", "x", "x")]
    evidence = read(xlsx(tmp_path / "a.xlsx", {"Training": rows}), known=K)
    assert len(training(evidence)) == 0
    assert notes(evidence)[-1].startswith("Rows that did not count: 1 whose date of recording")


def test_a_register_that_was_found_stays_found_when_no_row_counts(tmp_path: Path) -> None:
    table = training(known(tmp_path, "02/11/2026"))
    assert (table.found, len(table)) == (True, 0)


def test_what_is_missing_stays_missing(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Waivers": [("duty", "from")]})
    assert read(path, known=K) == read(path)


def test_cells_of_a_row_that_does_not_count_are_not_problems(tmp_path: Path) -> None:
    """But its own unreadable day of recording stays one: it is why the row does not count."""
    rows = [
        CLOCKED,
        ("T-1", "007", "awareness", "tbc", "02/11/2026"),
        ("T-2", "007", "awareness", "tbc", "31/11/2026"),
        ("T-3", "007", "awareness", "tbc", "01/11/2026"),
    ]
    path = xlsx(tmp_path / "a.xlsx", {"Training": rows})
    before = read(path)
    assert [place for _, place, _ in problems(before)] == [
        "a.xlsx!Training!D2:D4",
        "a.xlsx!Training!E3",
    ]
    assert [place for _, place, _ in problems(read(path, known=K))] == [
        "a.xlsx!Training!D4",
        "a.xlsx!Training!E3",
    ]


def test_a_row_that_repeats_an_uncounted_row_is_not_a_problem(tmp_path: Path) -> None:
    late = ("T-1", "007", "awareness", "tbc", "02/11/2026")
    path = xlsx(tmp_path / "a.xlsx", {"Training": [CLOCKED, late, late]})
    assert [place for _, place, _ in problems(read(path))] == ["a.xlsx!Training!D2:D3"]
    assert problems(read(path, known=K)) == []
    assert notes(read(path, known=K)) == [
        "Rows that did not count: 2 recorded after 1 November 2026."
    ]


@pytest.mark.parametrize("with_first", [False, True])
def test_a_row_that_counts_is_not_lost_for_one_that_does_not(
    with_first: bool, tmp_path: Path
) -> None:
    """Equal rows, of which one stands in a sheet that does not say when it was recorded."""
    row = ("T-1", "007", "awareness", "25/04/2026")
    one = csv_file(tmp_path / "training.csv", [HEADINGS, row])
    two = xlsx(tmp_path / "a.xlsx", {"Training": [CLOCKED, (*row, None)]})
    paths = (two, one) if with_first else (one, two)
    assert len(training(read(*paths))) == 1
    evidence = read(*paths, known=K)
    assert [training(evidence).place(0).file, len(training(evidence))] == ["training.csv", 1]


def test_the_files_and_their_hashes_are_the_same(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Training": sheet("02/11/2026")})
    before, after = read(path), read(path, known=K)
    assert (after.files, after.fatal) == (before.files, before.fatal)
    assert (len(training(before)), len(training(after))) == (1, 0)


# Columns that the program fills ------------------------------------------------------------------

DOCUMENTS = make.register(
    "documents",
    make.column("kind", "code"),
    make.column("issued on", "day"),
    make.column("recorded on", "day"),
).model_copy(update={"recorded_on": "recorded on"})
LATEST = Latest(
    key="document", within="documents", kind="kind", of="plan", issued="issued on", by="seen on"
)
MINUTES = RegisterSpec(
    id="minutes",
    title="minutes",
    about="minutes",
    sheets=("minutes",),
    columns=(
        make.column("document", "key"),
        make.column("seen on", "day"),
        ColumnSpec(name="is the latest", type="yes/no", latest=LATEST),
    ),
)


def test_what_the_program_fills_follows_from_the_rows_that_are_left() -> None:
    """The second plan was issued before the minute and recorded after K: then nobody knew."""
    plans = make.table(
        DOCUMENTS,
        {"ref": "D1", "kind": "plan", "issued on": "2026-01-01", "recorded on": "2026-01-02"},
        {"ref": "D2", "kind": "plan", "issued on": "2026-10-01", "recorded on": "2026-11-02"},
    )
    minutes = make.table(MINUTES.written, {"document": "D1", "seen on": "2026-10-20"})
    registers = {"documents": DOCUMENTS, "minutes": MINUTES}
    shown = make.shown(plans, minutes)
    before, after = (
        finish_evidence(shown, registers),
        finish_evidence(as_known(shown, K), registers),
    )
    assert list(before.tables["minutes"].columns["is the latest"].value) == [False]
    assert list(after.tables["minutes"].columns["is the latest"].value) == [True]


# Asked again, the old answer ---------------------------------------------------------------------

_RECORDED = ColumnSpec(name="recorded on", type="day", required=False, blank="nothing")


def _with_days(table: Table, days: Sequence[datetime.date]) -> Table:
    """The table with the day on which each row was recorded."""
    register = table.register.model_copy(
        update={"columns": (*table.register.columns, _RECORDED), "recorded_on": "recorded on"}
    )
    column = Column("recorded on", [f"{day}" for day in days], days, [CellState.READ] * len(days))
    sources = tuple(
        Source(source.file, source.sheet, {**source.letters, "recorded on": "Z"})
        for source in table.sources
    )
    columns = {**table.columns, "recorded on": column}
    return replace(table, register=register, sources=sources, columns=columns)


def _appended(one: Table, two: Table) -> Table:
    """The rows of the second put under those of the first."""
    if not (one.found and two.found):
        return one
    last = max(one.row_of, default=1)
    return replace(
        one,
        source_of=[*one.source_of, *two.source_of],
        row_of=[*one.row_of, *(last + number for number in two.row_of)],
        columns={
            name: Column(
                name,
                [*column.raw, *two.columns[name].raw],
                [*column.value, *two.columns[name].value],
                [*column.state, *two.columns[name].state],
            )
            for name, column in one.columns.items()
        },
    )


def _recorded(shown: Evidence, first: datetime.date, chance: random.Random) -> Evidence:
    """The evidence, each of its rows recorded on a day of the two years from ``first`` on."""
    tables = {
        name: _with_days(
            table,
            [first + datetime.timedelta(days=chance.randrange(730)) for _ in range(len(table))],
        )
        for name, table in shown.tables.items()
    }
    return replace(shown, tables=tables)


def _with_filled(written: RegisterSpec, whole: RegisterSpec) -> RegisterSpec:
    """The register with the columns that the program fills itself."""
    filled = tuple(column for column in whole.columns if column.looks_in)
    return written.model_copy(update={"columns": (*written.columns, *filled)})


def then_and_now(seed: int) -> tuple[Case, Case]:
    """A case as it was checked on a day when all its rows had been recorded; and the same asked
    again, as known on that day, after other rows were appended and recorded."""
    chance = random.Random(seed)
    old = case(seed)
    known_on = old.as_of + datetime.timedelta(days=chance.randrange(-400, 400))
    began = known_on - datetime.timedelta(days=729)
    then = _recorded(as_read(seed).evidence, began, chance)
    more = _recorded(generated(chance), known_on + datetime.timedelta(days=1), chance)
    now = {name: _appended(table, more.tables[name]) for name, table in then.tables.items()}
    later = as_known(replace(then, tables=now), known_on)
    registers = {
        name: _with_filled(table.register, old.rulebook.registers[name])
        for name, table in now.items()
    }
    both = finish_evidence(then, registers), finish_evidence(later, registers)
    return replace(old, evidence=both[0]), replace(old, evidence=both[1])


@given(seed=st.integers(min_value=0, max_value=10**9))
def test_asked_again_as_known_on_that_day_an_old_check_gives_its_old_answer(seed: int) -> None:
    then, now = then_and_now(seed)
    assert plain_answers(now) == plain_answers(then)


@pytest.mark.campaign
def test_both_evaluators_give_the_old_answer() -> None:
    both = [then_and_now(seed) for seed in range(5000, 5140)]
    assert vectorised_answers([now for _, now in both]) == vectorised_answers(
        [then for then, _ in both]
    )


def test_the_appended_rows_would_have_made_a_difference() -> None:
    """Were they let in: so that the property above is none of nothing."""
    changed = 0
    for seed in range(5000, 5060):
        then, read = case(seed), as_read(seed).evidence
        chance = random.Random(seed)
        more = generated(chance)
        tables = {name: _appended(table, more.tables[name]) for name, table in read.tables.items()}
        registers = then.rulebook.registers
        now = replace(then, evidence=finish_evidence(replace(read, tables=tables), registers))
        changed += plain_answers(now) != plain_answers(then)
    assert changed > 20
