"""A pack that tells of other evidence than lies in it is found out.

Whoever makes one has the program assess the evidence as it should have been, puts the true files in
its place, and tells of their cells so that each sheet still seems to be read rightly. All hashes
are those of what lies in the pack.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from record.recheck import recheck
from tests.support.desk_office import (
    CHECKS,
    COUNCIL,
    DESK,
    HEADINGS,
    PEOPLE,
    SHOWN,
    Rows,
    day,
    workbook,
)
from tests.support.table_builders import csv_file
from tests.support.verifier import packed, rechecked_files, sealed

Files = dict[str, bytes]
Line = dict[str, str]
#: From the lines of the cells as they are, and as they should have been, those that are told.
Trick = Callable[[list[Line], list[Line]], list[Line]]


def pack_of(folder: Path, data: bytes) -> Files:
    """The pack of a check of one workbook."""
    folder.mkdir()
    (folder / "office.xlsx").write_bytes(data)
    return packed(folder, [folder / "office.xlsx"])


def lines_of(files: Files) -> list[Line]:
    """The lines of cells.csv."""
    text = files["evidence/cells.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def forged(folder: Path, true: bytes, wished: bytes, trick: Trick) -> tuple[list[str], Files]:
    """The differences that are found in a pack that claims what is wished of what is true, and the
    pack."""
    honest, files = pack_of(folder / "true", true), pack_of(folder / "wished", wished)
    told = json.loads(files["assessment.json"])
    told["evidence"][0]["sha256"] = recheck.sha256(true)
    text = io.StringIO(newline="")
    lines = trick(lines_of(honest), lines_of(files))
    writer = csv.DictWriter(text, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    (member,) = json.loads(files["manifest.json"])["evidence"].values()
    files |= {member: true, "assessment.json": json.dumps(told).encode()}
    made = sealed(files | {"evidence/cells.csv": text.getvalue().encode("utf-8-sig")})
    ended = rechecked_files(made, folder / "pack.zip")
    assert ended.code == (1 if ended.differences else 0)
    return ended.differences, made


def _at(line: Line) -> tuple[str, str, str]:
    return line["sheet"], line["row"], line["letters"]


def _more(true: list[Line], wished: list[Line]) -> set[tuple[str, str, str]]:
    """The places in which something else stands, or that stand in one only."""
    said = [{(_at(line), line["text"]) for line in lines} for lines in (true, wished)]
    return {at for at, _ in said[0] ^ said[1]}


def as_wished(_: list[Line], wished: list[Line]) -> list[Line]:
    return wished


def marked(**said: str) -> Trick:
    """What is told otherwise is told to be so, as if it need not be compared."""

    def trick(true: list[Line], wished: list[Line]) -> list[Line]:
        other = _more(true, wished)
        return [line | said if _at(line) in other else line for line in wished]

    return trick


def told_twice(true: list[Line], wished: list[Line]) -> list[Line]:
    """First what is true, and then, as if a merge filled it, what is wished."""
    other = _more(true, wished)
    lines = [line for line in true if _at(line) not in other or _at(line) in map(_at, wished)]
    also = [line | {"merged with": "A1"} for line in wished if _at(line) in other]
    return sorted([*lines, *also], key=lambda line: (line["sheet"] != "People", int(line["row"])))


def left_aside(kind: str, first: bool = False) -> Trick:
    """The rows that are not wished for are told as something that is no row."""

    def trick(true: list[Line], wished: list[Line]) -> list[Line]:
        rows = {_at(line)[:2] for line in wished}
        lost = [line | {"line": kind} for line in true if _at(line)[:2] not in rows]
        assert lost
        return [*lost, *wished] if first else [*wished, *lost]

    return trick


OVERDUE: Rows = [HEADINGS, DESK, COUNCIL]  # nobody was shown the desk
DONE: Rows = [HEADINGS, DESK, COUNCIL, SHOWN]
NOT_YET: Rows = [HEADINGS, DESK, ["c2", "p1", day(1, 9), "desk"], COUNCIL]
IN_PLACE: Rows = [HEADINGS, DESK, ["c2", "p1", day(1, 9), "shown"], COUNCIL]


@pytest.mark.parametrize(
    ("trick", "says"),
    [
        pytest.param(as_wished, "the file contains 'nothing'", id="plainly"),
        pytest.param(marked(**{"merged with": "A1"}), "its merge is different", id="as a merge"),
        pytest.param(marked(kind="time"), "the file contains 'nothing'", id="as times of day"),
        pytest.param(marked(kind="formula"), "the file contains 'nothing'", id="as formulas"),
    ],
)
def test_a_row_that_is_not_there_is_found(trick: Trick, says: str, tmp_path: Path) -> None:
    done = workbook(checks=DONE)
    found, _ = forged(tmp_path, workbook(checks=OVERDUE), done, trick)
    assert any(says in each for each in found), found


@pytest.mark.parametrize(
    ("trick", "says"),
    [
        pytest.param(
            as_wished,
            "the file contains 'text desk', and cells.csv contains 'text shown'",
            id="plainly",
        ),
        pytest.param(marked(**{"merged with": "D2"}), "its merge is different", id="as a merge"),
        pytest.param(marked(kind="time"), "the file contains 'text desk'", id="as a time of day"),
        pytest.param(told_twice, "it lists one cell twice", id="beside the true one"),
    ],
)
def test_a_cell_that_says_something_else_is_found(trick: Trick, says: str, tmp_path: Path) -> None:
    found, _ = forged(tmp_path, workbook(checks=NOT_YET), workbook(checks=IN_PLACE), trick)
    assert any(says in each for each in found), found


TWO: Rows = [*PEOPLE, ["p2", "Total Person", day(1, 5), ""]]


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    "kind", ["example", "total", "headings again", "beside", "above", "not read"]
)
@pytest.mark.parametrize("first", [False, True], ids=["last", "first"])
def test_a_row_that_is_left_aside_is_found(kind: str, first: bool, tmp_path: Path) -> None:
    trick = left_aside(kind, first)
    found, made = forged(tmp_path, workbook(TWO), workbook(), trick)
    assert any("!row 3: its line is not of the given kind" in each for each in found), found
    # whoever has no openpyxl finds it too
    pack = recheck.Pack(made)
    recheck.read_sheets(pack, pack.read_csv("evidence/cells.csv"))
    assert pack.differences


def test_an_example_that_is_counted_is_found(tmp_path: Path) -> None:
    example: Rows = [*PEOPLE, ["EXAMPLE (not counted)", "Two", day(1, 5), ""]]

    def counted(true: list[Line], wished: list[Line]) -> list[Line]:
        assert [line["line"] for line in true if line["row"] == "3" and line["sheet"] == "People"]
        return [line | ({"line": "row"} if line["line"] == "example" else {}) for line in true]

    found, _ = forged(tmp_path, workbook(example), workbook(), counted)
    assert any("!row 3: its line is not of the given kind: row." in each for each in found), found


NOTHING: Rows = PEOPLE[:1]
ONLY_EXAMPLE: Rows = [*NOTHING, ["EXAMPLE (not counted)", "Two", day(1, 5), ""]]


@pytest.mark.parametrize(
    ("true", "wished", "says"),
    [
        (NOTHING, ONLY_EXAMPLE, "that it has only an example was not found."),
        (ONLY_EXAMPLE, NOTHING, "that it has only an example was found, and not reported."),
    ],
)
def test_a_sheet_that_is_called_begun_or_not_is_found(
    true: Rows, wished: Rows, says: str, tmp_path: Path
) -> None:
    found, _ = forged(tmp_path, workbook(true), workbook(wished), lambda lines, _: lines)
    assert f"office.xlsx!People: {says}" in found


def test_rows_above_repeated_headings_are_not_prose(tmp_path: Path) -> None:
    """The later row of headings is passed off as the first one."""
    again: Rows = [*TWO, *PEOPLE[:1], *PEOPLE[1:]]
    kinds = {"1": "above", "2": "above", "3": "above", "4": "headings", "5": "row"}

    def trick(true: list[Line], _: list[Line]) -> list[Line]:
        lines = (e | {"line": kinds[e["row"]]} if e["sheet"] == "People" else e for e in true)
        return [e | ({"column": ""} if e["line"] == "above" else {}) for e in lines]

    found, _ = forged(tmp_path, workbook(again), workbook(PEOPLE), trick)
    assert "office.xlsx!People!row 1: its line is not of the given kind: above." in found


def test_what_is_true_is_confirmed(tmp_path: Path) -> None:
    """The same way of making a pack, with nothing forged."""
    true = workbook(checks=CHECKS)
    assert forged(tmp_path, true, true, as_wished)[0] == []


@pytest.mark.parametrize("kind", ["number", "error", "day", "yes/no"])
def test_a_cell_of_another_kind_is_found(kind: str, tmp_path: Path) -> None:
    """It would not be read then, although it could be."""
    found, _ = forged(
        tmp_path,
        workbook(checks=IN_PLACE),
        workbook(checks=IN_PLACE),
        lambda _, lines: [e | {"kind": kind} if e["text"] == "shown" else e for e in lines],
    )
    at = "office.xlsx!Checks!D3"
    assert f"{at}: the file contains 'text shown', and cells.csv contains '{kind} shown'." in found


def test_a_sheet_that_the_file_does_not_have_is_found(tmp_path: Path) -> None:
    """Without headings it would make its register one that cannot be read."""
    files = pack_of(tmp_path / "true", workbook(checks=DONE))
    lines = files["evidence/sheets.csv"] + b"office.xlsx,checks,checks,no headings,\r\n"
    ended = rechecked_files(sealed(files | {"evidence/sheets.csv": lines}), tmp_path / "pack.zip")
    assert "office.xlsx: it has other sheets than sheets.csv." in ended.differences


def test_a_csv_file_has_one_sheet_of_its_name(tmp_path: Path) -> None:
    """The rows of another sheet, told to be of the same file, would stand in no file."""
    people, checks = tmp_path / "People.csv", tmp_path / "Checks.csv"
    files = packed(tmp_path, [csv_file(people, PEOPLE), csv_file(checks, DONE)])
    assert rechecked_files(files, tmp_path / "pack.zip").code == 0
    cells = files["evidence/cells.csv"].decode("utf-8-sig").splitlines(keepends=True)
    of_people = [line for line in cells if line.startswith("People.csv,People,")]
    again = [line.replace(",People,", ",Persons,", 1) for line in of_people]
    sheets = files["evidence/sheets.csv"] + b"People.csv,Persons,,,\r\n"
    told = {"evidence/cells.csv": "".join([*cells, *again]).encode("utf-8-sig")}
    made = sealed(files | told | {"evidence/sheets.csv": sheets})
    found = rechecked_files(made, tmp_path / "pack.zip").differences
    assert "People.csv: it has other sheets than sheets.csv." in found
    assert any(
        each.startswith("People.csv!Persons!A1: the file contains 'nothing'") for each in found
    )
