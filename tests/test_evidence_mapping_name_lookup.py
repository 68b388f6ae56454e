"""Rows of a list found by name: each sentence of docs/mapping.md on names in place of references,
and the verifier, which must find the same."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.check import CheckRequest, assess
from engine.findings.crosschecks import cross_findings
from evidence.read import read_evidence
from evidence.table import CellState, Evidence, Typed
from record.office.mapping_checks import mapping_problems
from record.pack import pack as packing
from reports.json import to_json
from rules.load import OWN_BOOK
from rules.yaml.source import YamlFile, YamlNode
from tests.support.offices import mapping_of
from tests.support.own_book import own_book
from tests.support.verifier import PROGRAM, files_in, rechecked_files

Row = tuple[object, ...]

D = datetime.date(2026, 11, 24)
START, DONE = datetime.date(2024, 10, 1), datetime.date(2026, 4, 20)
PEOPLE = ("Ref", "Full name", "Forename", "Surname", "Desk", "Kind", "Starts", "Ends",
          "Likely to refer from", "Higher level from", "Manages bookings from")  # fmt: skip
MAPPING = """\
mapping:
  - file: own.xlsx
    sheet: Learning
    gives:
      - register: training
        columns:
          ref: Line
          person: {source}
          course: {{always: refresher}}
          source: {{always: gov.uk}}
          completed on: Done
          passed: {{always: yes}}
        words: {words}
"""
BY_NAME = "{from: Who, matched by: Full name}"


def _office(folder: Path, staff: list[Row], names: list[object], title: str = "Staff") -> Path:
    """The workbook of an office with these people (reference, name, forename, surname, desk and
    last day) and one course for each name."""
    book = Workbook()
    people, learning = book.active, book.create_sheet("Learning")
    assert people is not None
    people.title = title
    people.append(PEOPLE)
    for *own, end in staff:
        people.append([*own, "staff", START, end])
    learning.append(("Line", "Who", "Done"))
    for row, name in enumerate(names, 1):
        learning.append((f"T{row}", name, DONE))
    path = folder / "own.xlsx"
    book.save(path)
    return path


def _read(path: Path, source: str = BY_NAME, words: str = "{}") -> Evidence:
    mapping = mapping_of(MAPPING.format(source=source, words=words))
    return read_evidence([path], own_book().registers, mapping=mapping)


def _persons(evidence: Evidence) -> list[Typed]:
    """Who was trained, with None for a cell that cannot be read, and '?' for an unknown name."""
    values = evidence.tables["training"].columns["person"].value
    known = set(evidence.tables["people"].columns["ref"].value)
    return ["?" if value is not None and value not in known else value for value in values]


STAFF: list[Row] = [
    ("S1", "Ann Jones", "Ann", "Jones", 11, None),
    ("S2", "Bo Fay", "Bo", "Fay", 12, None),
    ("S3", "Cy B. Gray", "Cy", "Gray", 13, None),
    ("S4", "Bo  FAY", "Bo", "Fay", 14, datetime.date(2025, 3, 31)),
    ("S5", "Di Hall", "Di", "Hall", 15, datetime.date(2025, 3, 31)),
    ("S5", "Di Hall", "Di", "Hall", 16, None),
    (None, "Ed Inn", "Ed", "Inn", 17, None),
    ("S6", "tbc", "tbc", "", "", None),
]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        pytest.param("Ann Jones", "s1", id="the name as on the list"),
        pytest.param(" ann   JONES", "s1", id="capitals and spaces make no difference"),
        pytest.param("Jones, Ann", "?", id="another form is another name"),
        pytest.param("Ann Jone", "?", id="a similar name decides nothing"),
        pytest.param("Cy Gray", "?", id="without the middle initial it is another name"),
        pytest.param("Bo Fay", None, id="two people of one name, of whom one has left"),
        pytest.param("Di Hall", "s5", id="two rows of one person"),
        pytest.param("Ed Inn", None, id="a row without a reference"),
        pytest.param("S1", "?", id="a reference is no name"),
        pytest.param("tbc", None, id="a text that says nothing"),
        pytest.param("", None, id="blank"),
    ],
)
def test_a_name_is_the_reference_of_the_one_row_that_has_it(
    tmp_path: Path, name: str, person: str | None
) -> None:
    assert _persons(_read(_office(tmp_path, STAFF, [name]))) == [person]


def test_a_surname_may_be_first_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = _office(tmp_path, STAFF, ["Jones, Ann", "JONES,Ann", "Ann Jones", "Jones, Ann, Dr"])
    source = "{from: Who, matched by: Full name, surname first: yes}"
    assert _persons(_read(path, source)) == ["s1", "s1", "s1", "?"]


def test_several_headings_of_the_list_may_be_joined(tmp_path: Path) -> None:
    path = _office(tmp_path, STAFF, ["Cy Gray", "Gray, Cy", "Bo Fay"])
    source = "{from: Who, matched by: {join: [Forename, Surname]}, surname first: yes}"
    assert _persons(_read(path, source)) == ["s3", "s3", None]


def test_a_number_on_the_list_other_than_its_reference_may_be_matched(tmp_path: Path) -> None:
    path = _office(tmp_path, STAFF, [11, "12", 99])
    assert _persons(_read(path, "{from: Who, matched by: Desk}")) == ["s1", "s2", "?"]


def test_a_part_of_a_cell_may_be_matched(tmp_path: Path) -> None:
    path = _office(tmp_path, STAFF, ["Ann Jones 20/4/26"])
    source = "{from: {from: Who, part: who}, matched by: Full name}"
    assert _persons(_read(path, source)) == ["s1"]


def test_a_word_with_a_meaning_is_not_matched(tmp_path: Path) -> None:
    path = _office(tmp_path, STAFF, ["Bo Fay", "Ann Jones", "agency"])
    words = "{person: {Bo Fay: S2, agency: not done}}"
    assert _persons(_read(path, words=words)) == ["s2", "s1"]


def test_a_name_that_two_rows_have_says_which(tmp_path: Path) -> None:
    evidence = _read(_office(tmp_path, STAFF, ["Bo Fay", "Ed Inn"]))
    two, none = (problem for problem in evidence.problems if problem.register == "training")
    assert (two.cells, none.cells) == (("B2",), ("B3",))
    assert two.message == (
        "'Bo Fay' is the name of rows 3 and 5 of the sheet 'Staff', so it is not clear which is"
        " meant. Enter the reference of the one that is meant, or give the name that meaning under"
        " 'words' of 'person' in office.yaml."
    )
    assert none.message == (
        "'Ed Inn' is the name of row 8 of the sheet 'Staff', which has no reference. Enter the"
        " references of these rows."
    )


def test_the_cell_is_the_offices_own_and_an_unknown_name_has_the_nearest_row(
    tmp_path: Path,
) -> None:
    evidence = _read(_office(tmp_path, STAFF, ["Ann Jones", "Ann Jonse"]))
    table = evidence.tables["training"]
    assert table.columns["person"].raw == ["Ann Jones", "Ann Jonse"]
    assert table.place(1, "person").cell == "B3"
    assert table.sources[0].nearest_names["person"] == {"Ann Jonse": "row 2 of the sheet 'Staff'"}
    (unknown,) = cross_findings(evidence.tables, D)
    assert unknown.message == (
        "'Ann Jonse' is not on Staff. The nearest is in row 2 of the sheet 'Staff'. Correct it, or"
        " add its row."
    )
    assessment = assess(CheckRequest(own_book(), evidence, D, PROGRAM, None, ahead=False))
    reasons = [one.unmet_reason for duty in assessment.duties for one in duty.obligations]
    near = "'Ann Jonse' is not on the Staff sheet (the nearest name is in row 2 of the sheet"
    assert any(near in reason for reason in reasons)
    assert "\0" not in "".join(reasons)


def test_a_row_to_add_says_that_it_takes_a_name(tmp_path: Path) -> None:
    evidence = _read(_office(tmp_path, STAFF, ["Ann Jonse"]))
    assessment = assess(CheckRequest(own_book(), evidence, D, PROGRAM, None, ahead=False))
    says = {
        cell.says
        for duty in assessment.duties
        for one in duty.obligations
        for remedy in one.would_be_met_by
        for cell in remedy.cells
        if cell.column == "person"
    }
    assert "the name of S1 on the Staff sheet" in says


def test_a_list_without_the_heading_leaves_the_sheet_unread(tmp_path: Path) -> None:
    evidence = _read(_office(tmp_path, STAFF, ["x"]), "{from: Who, matched by: Known as}")
    assert not evidence.tables["training"].found
    (problem,) = (problem for problem in evidence.problems if problem.register == "training")
    assert problem.message == (
        "The mapping in office.yaml finds 'person's ref' by the heading 'Known as' of the list,"
        " which is not in the sheet 'Staff' once, so this sheet was not read. Restore the heading,"
        " or correct the mapping."
    )


def test_without_the_list_every_name_is_unknown(tmp_path: Path) -> None:
    evidence = _read(_office(tmp_path, STAFF, ["Ann Jones"], title="Something"))
    assert not evidence.tables["people"].found
    assert evidence.tables["training"].columns["person"].state == bytearray([CellState.READ])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{from: Who, matched by: {join: []}}", "'matched by' has to name headings of the list."),
        (
            "{from: Who, matched by: {join: [{band: yes}]}}",
            "'matched by' has to name headings of the list.",
        ),
    ],
)
def test_what_no_list_can_be_matched_by_is_refused(source: str, message: str) -> None:
    mapping = mapping_of(MAPPING.format(source=source, words="{}"))
    place = YamlNode(YamlFile("office.yaml", {}, {}))
    messages = [
        problem.message for problem in mapping_problems(mapping, own_book().registers, place)
    ]
    assert messages == [message]


def test_only_a_column_that_names_one_row_is_matched() -> None:
    text = MAPPING.format(source="Who", words="{}").replace("Done", BY_NAME)
    place = YamlNode(YamlFile("office.yaml", {}, {}))
    problems = mapping_problems(mapping_of(text), own_book().registers, place)
    message = "'completed on' does not name one row of a list, so it cannot be matched."
    assert message in [problem.message for problem in problems]


NAMES: list[object] = [
    "Ann Jones", "Jones, Ann", "ann jones", "Bo Fay", "Fay, Bo", "Di Hall", "Ed Inn", "Cy Gray",
    "S1", "tbc", "", "Nobody Known", "#N/A", 11,
]  # fmt: skip


@pytest.mark.one_in(7)
@pytest.mark.parametrize(
    "source",
    [
        "Who",
        BY_NAME,
        "{from: Who, matched by: Full name, surname first: yes}",
        "{from: Who, matched by: {join: [Forename, Surname]}, surname first: yes}",
        "{from: Who, matched by: Desk}",
        "{from: {from: Who, part: first word}, matched by: Forename}",
        "{from: Who, matched by: Known as}",
    ],
)
def test_the_verifier_finds_the_same(tmp_path: Path, source: str) -> None:
    path = _office(tmp_path, STAFF, [*NAMES, *NAMES[:2]])
    mapping = mapping_of(MAPPING.format(source=source, words="{person: {Nobody Known: S2}}"))
    evidence = read_evidence([path], own_book().registers, mapping=mapping)
    assessment = assess(CheckRequest(own_book(), evidence, D, PROGRAM, None, ahead=False))
    (tmp_path / "assessment.json").write_bytes(to_json(assessment))
    data = packing.pack(tmp_path / "assessment.json", (path,), OWN_BOOK, mapping=mapping)
    ended = rechecked_files(files_in(data), tmp_path / "pack.zip")
    assert ended.differences == []
    assert ended.code == 0, ended.out


@pytest.mark.campaign
def test_twenty_thousand_people_take_a_time_in_proportion(tmp_path: Path) -> None:
    def seconds(number: int) -> float:
        staff: list[Row] = [
            (f"S{n}", f"Name{n} Other{n % 97}", "", "", n, None) for n in range(number)
        ]
        path = _office(tmp_path, staff, [f"Name{n} Other{n % 97}" for n in range(number)])
        started = time.process_time()
        evidence = _read(path)
        assert "?" not in _persons(evidence)
        return time.process_time() - started

    seconds(10)
    small, large = seconds(1000), seconds(8000)
    assert large < 8 * small * 3
