"""A cell that names a row by its key, where the key could mean either of two, cannot be read."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.keys.ambiguous_keys import refuse_ambiguous_keys
from evidence.keys.latest import finish_evidence
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.register import ColumnSpec, Latest, RegisterSpec
from evidence.table import CellState, Evidence, Table
from tests.support import engine_builders as make
from tests.support.opened_files import read_here
from tests.support.table_builders import Rows, csv_file, xlsx


def _register(name: str, *columns: ColumnSpec, begins: str | None = None) -> RegisterSpec:
    spec = make.register(name.lower(), *columns)
    return spec.model_copy(update={"title": name, "sheets": (name,), "begins": begins})


def _key(name: str, *registers: str, blank: str = "nothing") -> ColumnSpec:
    return ColumnSpec(name=name, type="key", refers_to_any=registers, blank=blank)


BODY = ColumnSpec(name="body", type="code", codes={"group": (), "board": ()})
HELD = make.column("held on", "day")
RECORDED = ColumnSpec(name="recorded on", type="day", required=False, blank="nothing")

MEETINGS = _register("Meetings", BODY, HELD, RECORDED).model_copy(
    update={"recorded_on": "recorded on"}
)
DOCUMENTS = _register("Documents", make.column("issued on", "day"))
VENUES = _register("Venues", make.column("from", "day"), begins="from")
NOTES = _register(
    "Notes",
    ColumnSpec(name="meeting", type="key", refers_to="meetings", blank="nothing"),
    _key("about", "documents", "meetings"),
    _key("venue", "venues"),
    ColumnSpec(name="papers", type="keys", refers_to="documents", blank="nothing"),
)
REGISTERS = {register.id: register for register in (MEETINGS, DOCUMENTS, VENUES, NOTES)}

M = ("ref", "body", "held on")
D = ("ref", "issued on")
V = ("ref", "from")
N = ("ref", "meeting", "about", "venue", "papers")

GROUP = ("1", "group", "10/02/2026")
BOARD = ("1", "board", "19/03/2026")
SHEETS: Mapping[str, Rows] = {
    "Meetings": [M, GROUP, ("2", "group", "12/05/2026")],
    "Documents": [D, ("D1", "01/03/2026")],
    "Venues": [V, ("V1", "01/03/2026")],
    "Notes": [N, ("N1", "1", "2", "V1", "D1")],
}


def _read(folder: Path, known: datetime.date | None = None, **sheets: Rows) -> Evidence:
    path = xlsx(folder / "office.xlsx", {**SHEETS, **sheets})
    return read_here([path], REGISTERS, known)


def _cell(evidence: Evidence, column: str, row: int = 0) -> tuple[str, object, CellState]:
    cells = evidence.tables["notes"].columns[column]
    return cells.raw[row], cells.value[row], CellState(cells.state[row])


def _messages(evidence: Evidence) -> list[str]:
    return [problem.message for problem in evidence.problems]


def test_where_every_key_means_one_row_nothing_is_changed(tmp_path: Path) -> None:
    evidence = _read(tmp_path)
    assert evidence.problems == ()
    assert _cell(evidence, "about") == ("2", "2", CellState.READ)
    again, problems = refuse_ambiguous_keys(evidence.tables)
    assert problems == ()
    assert all(again[name] is table for name, table in evidence.tables.items())


# Two rows of one register ------------------------------------------------------------------------


def test_a_key_of_two_different_meetings_is_ambiguous(tmp_path: Path) -> None:
    evidence = _read(tmp_path, Meetings=[M, GROUP, ("2", "group", "12/05/2026"), BOARD])
    assert _cell(evidence, "meeting") == ("1", None, CellState.UNREADABLE)
    assert evidence.problems == (
        EvidenceProblem(
            kind=ProblemKind.CELL_UNREADABLE,
            register="notes",
            file="office.xlsx",
            sheet="Notes",
            column="meeting",
            cells=("B2",),
            count=1,
            values=("1",),
            message=(
                "'1' is the reference of rows 2 and 4 of the sheet 'Meetings', which differ."
                " Give one of them another reference, and enter here the one that is meant."
            ),
            heading="meeting",
        ),
    )


@pytest.mark.parametrize("other", ["SG-1", " sg-1", "Sg-1 "])
def test_keys_are_compared_as_keys_are(other: str, tmp_path: Path) -> None:
    evidence = _read(
        tmp_path,
        Meetings=[M, ("sg-1", *GROUP[1:]), (other, *BOARD[1:])],
        Notes=[N, ("N1", "SG-1")],
    )
    assert _cell(evidence, "meeting") == ("SG-1", None, CellState.UNREADABLE)
    assert _messages(evidence)[0].startswith("'SG-1' is the reference of rows 2 and 3 of the sheet")


@pytest.mark.parametrize("again", ["10.2.26", "10 February 2026"])
def test_two_rows_that_say_the_same_are_one_meeting(again: str, tmp_path: Path) -> None:
    evidence = _read(tmp_path, Meetings=[M, GROUP, ("1", "Group", again)])
    assert len(evidence.tables["meetings"]) == 1
    assert evidence.problems == ()
    assert _cell(evidence, "meeting") == ("1", "1", CellState.READ)


def test_what_a_column_says_that_no_register_declares_tells_no_rows_apart(tmp_path: Path) -> None:
    meetings = [(*M, "room"), (*GROUP, "A"), (*GROUP, "B")]
    assert _read(tmp_path, Meetings=meetings, Notes=[N, ("N1", "1")]).problems == ()


def test_a_row_that_cannot_be_read_says_something_else(tmp_path: Path) -> None:
    evidence = _read(tmp_path, Meetings=[M, GROUP, ("1", "group", "tbc")])
    assert _cell(evidence, "meeting")[2] == CellState.UNREADABLE


def test_several_spells_under_one_key_are_usual(tmp_path: Path) -> None:
    venues = [V, ("V1", "01/03/2024"), ("V1", "01/03/2026")]
    evidence = _read(tmp_path, Venues=venues)
    assert evidence.problems == ()
    assert _cell(evidence, "venue") == ("V1", "v1", CellState.READ)


@pytest.mark.parametrize(
    ("names", "state"),
    [
        (("Parade Hall", " parade  HALL "), CellState.READ),
        (("Parade Hall", ""), CellState.READ),
        (("Parade Hall", "tbc"), CellState.READ),
        (("Parade Hall", "Board Room"), CellState.UNREADABLE),
    ],
)
def test_spells_under_different_names_are_not_of_one(
    names: tuple[str, str], state: CellState, tmp_path: Path
) -> None:
    """A staff number may be given to somebody else, who has not done what the first one did."""
    label = make.column("venue", "text").model_copy(update={"blank": "nothing"})
    named = VENUES.model_copy(update={"columns": (*VENUES.columns, label), "label": "venue"})
    rows = [(*V, "venue"), ("V1", "01/03/2024", names[0]), ("V1", "01/03/2026", names[1])]
    path = xlsx(tmp_path / "office.xlsx", {**SHEETS, "Venues": rows})
    evidence = read_here([path], {**REGISTERS, "venues": named})
    assert _cell(evidence, "venue")[2] == state
    assert len(evidence.problems) == (state == CellState.UNREADABLE)


def test_a_shared_key_that_no_cell_names_makes_no_difference(tmp_path: Path) -> None:
    documents = [D, ("D1", "01/03/2026"), ("D7", "02/03/2026"), ("D7", "03/03/2026")]
    assert _read(tmp_path, Documents=documents).problems == ()


# Rows of two registers ---------------------------------------------------------------------------


def test_a_key_in_two_registers_is_ambiguous(tmp_path: Path) -> None:
    evidence = _read(tmp_path, Documents=[D, ("D1", "01/03/2026"), ("2", "01/04/2026")])
    assert _cell(evidence, "about") == ("2", None, CellState.UNREADABLE)
    (problem,) = evidence.problems
    assert (problem.kind, problem.cells, problem.column, problem.values) == (
        ProblemKind.CELL_UNREADABLE,
        ("C2",),
        "about",
        ("2",),
    )
    assert problem.message == (
        "'2' is the reference of row 3 of the sheet 'Documents' and of row 3 of the sheet"
        " 'Meetings'. Give one of them another reference, and enter here the one that is meant."
    )


def test_a_column_that_names_rows_of_one_of_them_only_can_be_read(tmp_path: Path) -> None:
    """The key of a meeting and of a document, where meetings alone are meant."""
    documents = [D, ("D1", "01/03/2026"), ("1", "01/04/2026")]
    evidence = _read(tmp_path, Documents=documents)
    assert evidence.problems == ()
    assert _cell(evidence, "meeting") == ("1", "1", CellState.READ)


def test_the_rows_of_two_registers_with_one_reference_are_named() -> None:
    minutes = _register("Minutes")
    notes = _register("Notes", _key("about", "minutes", "meetings"))
    tables = {
        "meetings": make.table(MEETINGS, {"ref": "1", "body": "group", "held on": "2026-02-10"}),
        "minutes": make.table(minutes, {"ref": "1"}),
        "notes": make.table(notes, {"ref": "N1", "about": "1"}),
    }
    (problem,) = refuse_ambiguous_keys(tables)[1]
    assert problem.message == (
        "'1' is the reference of row 2 of the sheet 'meetings' in meetings.csv and of row 2 of the"
        " sheet 'minutes' in minutes.csv. Give one of them another reference, and enter here the"
        " one that is meant."
    )


def test_the_message_names_rows_by_their_files_and_sheets(tmp_path: Path) -> None:
    one = csv_file(tmp_path / "meetings.csv", [M, BOARD])
    two = xlsx(tmp_path / "office.xlsx", SHEETS)
    for paths in ([one, two], [two, one]):
        evidence = read_here(paths, REGISTERS)
        assert _messages(evidence) == [
            "'1' is the reference of row 2 of the sheet 'meetings' in meetings.csv and of row 2 of"
            " the sheet 'Meetings', which differ. Give one of them another reference, and enter"
            " here the one that is meant."
        ]


# Which cells, and what is shown of them ----------------------------------------------------------


def test_problems_name_every_ambiguous_cell_by_row_and_column(tmp_path: Path) -> None:
    evidence = _read(
        tmp_path,
        Meetings=[M, GROUP, BOARD],
        Notes=[N, ("N1", "1", "1"), ("N2", None, "D1"), ("N3", "1", None)],
    )
    assert [problem.cells for problem in evidence.problems] == [("B2", "B4"), ("C2",)]
    assert [_cell(evidence, "meeting", row)[2] for row in range(3)] == [
        CellState.UNREADABLE,
        CellState.NOTHING,
        CellState.UNREADABLE,
    ]


def test_one_ambiguous_key_of_several_is_enough_and_each_is_named(tmp_path: Path) -> None:
    twice = [("D1", "01/03/2026"), ("D1", "02/03/2026"), ("D2", "01/03/2026")]
    documents = [D, *twice, ("D2", "02/03/2026"), ("D3", "01/03/2026")]
    notes = [N, ("N1", None, None, None, "D3; D2"), ("N2", None, None, None, "D2; D1")]
    evidence = _read(tmp_path, Documents=documents, Notes=notes)
    first = "rows 2 and 3 of the sheet 'Documents'"
    second = "rows 4 and 5 of the sheet 'Documents'"
    assert _messages(evidence) == [
        f"2 values are references of more than one row: 'D3; D2' ({second}) and 'D2; D1' ({first};"
        f" {second}). Give each of those rows a separate reference, and enter the one that is"
        " meant."
    ]
    assert [problem.values for problem in evidence.problems] == [("D3; D2", "D2; D1")]
    alone = _messages(_read(tmp_path, Documents=documents, Notes=[N, notes[2]]))
    ending = (
        ", which differ. Give one of them another reference, and enter here the one that is meant."
    )
    assert alone == [
        f"'d1' is the reference of {first}{ending} 'd2' is the reference of {second}{ending}"
    ]
    assert _cell(evidence, "papers") == ("D3; D2", None, CellState.UNREADABLE)


def test_an_ambiguous_key_of_a_sensitive_column_is_not_quoted() -> None:
    column = _key("about", "documents", "meetings").model_copy(update={"sensitive": True})
    tables = {
        "meetings": make.table(
            MEETINGS, {"ref": "case-77", "body": "group", "held on": "2026-02-10"}
        ),
        "documents": make.table(DOCUMENTS, {"ref": "case-77", "issued on": "2026-02-10"}),
        "notes": make.table(_register("Notes", column), {"ref": "N1", "about": "case-77"}),
    }
    (problem,) = refuse_ambiguous_keys(tables)[1]
    assert problem.values == ()
    assert problem.message.startswith("The text in the cell is the reference of row 2 of the sheet")
    assert "case-77" not in str(problem)


def test_the_order_of_registers_and_rows_changes_no_cell() -> None:
    """Also where the rows that bear the key name others by keys that are not told apart."""
    papers = _register("Papers", _key("replaces", "papers"), _key("about", "papers", "meetings"))
    rows = [
        {"ref": "1", "replaces": "2"},
        {"ref": "2", "replaces": "1"},
        {"ref": "2", "replaces": "3"},
        {"ref": "3", "about": "1"},
    ]
    meeting = make.table(MEETINGS, {"ref": "1", "body": "group", "held on": "2026-02-10"})
    results = set()
    for seed in range(12):
        random.Random(seed).shuffle(rows)
        tables = [make.table(papers, *rows), meeting][:: 1 if seed % 2 else -1]
        made = refuse_ambiguous_keys({table.register.id: table for table in tables})[0]["papers"]
        results.add(frozenset(zip(*(made.columns[name].value for name in _NAMES), strict=True)))
    assert results == {frozenset({("1", None, None), ("2", "1", None), ("2", "3", None)} | _THIRD)}


_NAMES = ("ref", "replaces", "about")
_THIRD = {("3", None, None)}


# The second clock, and what the program fills ----------------------------------------------------

K = datetime.date(2026, 4, 1)
CLOCKED = (*M, "recorded on")


@pytest.mark.parametrize(("recorded", "told"), [("02/04/2026", 0), ("01/04/2026", 1), (None, 0)])
def test_a_row_that_does_not_count_shares_no_key(
    recorded: str | None, told: int, tmp_path: Path
) -> None:
    meetings = [CLOCKED, (*GROUP, "11/02/2026"), (*BOARD, recorded)]
    notes = [N, ("N1", "1")]
    evidence = _read(tmp_path, K, Meetings=meetings, Notes=notes)
    assert len(evidence.problems) == told
    assert (_cell(evidence, "meeting")[2] == CellState.UNREADABLE) == bool(told)
    assert len(_read(tmp_path, Meetings=meetings, Notes=notes).problems) == 1


LATEST = Latest(
    key="assessment", within="documents", kind="kind", of="HO", issued="issued on", by="seen on"
)
ISSUED = make.register("documents", make.column("kind", "code"), make.column("issued on", "day"))
SEEN = make.register(
    "reviews",
    make.column("seen on", "day"),
    ColumnSpec(name="assessment", type="key", refers_to="documents"),
    ColumnSpec(name="latest", type="yes/no", required=False, blank="nothing", latest=LATEST),
)


def _latest(names: str, *issued: tuple[str, str]) -> tuple[object, CellState]:
    documents = [{"ref": ref, "kind": "HO", "issued on": day} for ref, day in issued]
    review = {"ref": "R1", "seen on": "2026-03-01", "assessment": names}
    shown = make.shown(make.table(ISSUED, *documents), make.table(SEEN.written, review))
    cells = finish_evidence(shown, {"documents": ISSUED, "reviews": SEEN}).tables["reviews"]
    return cells.columns["latest"].value[0], CellState(cells.columns["latest"].state[0])


def test_what_the_program_fills_follows_from_a_name_that_can_be_read() -> None:
    assert _latest("A", ("A", "2026-01-01"), ("B", "2025-01-01")) == (True, CellState.READ)
    assert _latest("A", ("A", "2026-01-01"), ("A", "2025-01-01")) == (None, CellState.UNREADABLE)


@pytest.mark.parametrize("issued", [("2026-02-01", "2026-05-01"), ("2026-05-01", "2026-02-01")])
def test_a_later_one_hides_behind_no_other_of_its_key(issued: tuple[str, str]) -> None:
    """Of two rows under one key, one came out before the review and after the row that it names."""
    rows = [("A", "2026-01-01"), *(("B", day) for day in issued)]
    assert _latest("A", *rows) == (False, CellState.READ)


def test_a_register_that_was_not_given_has_no_row() -> None:
    tables: dict[str, Table] = {
        "meetings": make.missing(MEETINGS),
        "documents": make.table(DOCUMENTS, {"ref": "1", "issued on": "2026-02-10"}),
        "notes": make.table(NOTES, {"ref": "N1", "about": "1", "meeting": "1"}),
    }
    assert refuse_ambiguous_keys(tables)[1] == ()


def test_the_problems_of_cells_come_after_all_others(tmp_path: Path) -> None:
    evidence = _read(tmp_path, Meetings=[M, GROUP, BOARD, ("7", "group", "tbc")])
    assert [problem.register for problem in evidence.problems] == ["meetings", "notes"]
    bare = replace(evidence, problems=())
    assert finish_evidence(bare, REGISTERS).problems == (), "once told, it is not told again"
