"""dueregard explain, from the command line: a check, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.remedy.cell_words import NOT_VERIFIED
from tests.support.desk_office import (
    COUNCIL,
    HEADINGS,
    PROGRAM,
    SHOWN,
    Ended,
    asked,
    called,
    day,
    ended,
    workbook,
)
from tests.support.expected import golden
from tests.support.file_builders import Cell

DESK_UNDONE = golden("desk-undone.txt")


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same width of the terminal wherever the tests run: one run beside others is told 80."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a check of an office whose desk nobody has looked at for long."""
    old: Sequence[Cell] = ["c1", "", day(1, 31).replace(year=2025), "desk"]
    odd: Sequence[Cell] = ["c4", "", "tbc", "desk"]
    (tmp_path / "office.xlsx").write_bytes(workbook(checks=[HEADINGS, old, SHOWN, COUNCIL, odd]))
    assert called(tmp_path, *asked("office.xlsx")).code == 1
    return tmp_path


def explained(folder: Path, *arguments: str) -> Ended:
    """The explanation of something in the check of that folder."""
    return called(folder, "explain", "out/assessment.json", *arguments)


def test_a_duty_is_explained_by_its_rule_rows_and_cells(office: Path) -> None:
    done = explained(office, "desk-checked")
    assert (done.code, done.err) == (0, "")
    head, rest = done.out.split("'Met' means")
    lines = head.splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if "twice, by" in line or "no second" in line)
    lines[at:] = ["└─ SECOND\n", *lines[at + 1 :]]
    assert "".join(lines) == DESK_UNDONE
    assert rest.endswith("OFFICIAL\n")


def test_the_numbers_of_the_engine_are_told_with_trace_alone(office: Path) -> None:
    done = explained(office, "desk-checked", "--trace")
    told = " ".join(" ".join(line.strip("│ \n├─") for line in done.out.splitlines()).split())
    given = json.loads((office / "out" / "assessment.json").read_bytes())
    (one,) = next(d for d in given["duties"] if d["id"] == "desk-checked")["obligations"]
    if "situation" in one:
        numbers = given["situations"][one["situation"]].items()
        seen = ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in numbers)
        assert f"Decided by: desk-checked/overdue ({seen})" in told
    else:
        assert "Decided by: the plain evaluator alone" in told
    assert "Decided by" not in explained(office, "desk-checked").out


def test_the_fix_meets_it_when_it_was_done(office: Path) -> None:
    """What the explanation says to write is written, and the office checked again."""
    given = json.loads(explained(office, "desk-checked", "--json").out)
    (row,) = given["obligations"][0]["smallest_fix"]["remedies"]
    cells = {cell["column"]: cell["value"] for cell in row["cells"]}
    new: Sequence[Cell] = ["c4", "", cells["done on"], "desk"]
    assert (row["row"], list(cells)) == (5, ["done on"])
    (office / "office.xlsx").write_bytes(workbook(checks=[HEADINGS, SHOWN, COUNCIL, new]))
    assert called(office, *asked("office.xlsx")).code == 0


def test_one_subject_alone(office: Path) -> None:
    done = explained(office, "person-shown", "--subject", "P1")
    assert done.code == 0
    assert "├─ p1 (One): met\n" in done.out
    cells = "C3 done on: 09/01/2026; B3 person: p1; D3 kind: shown"
    told = " ".join(" ".join(line.strip("│ \n├─") for line in done.out.splitlines()).split())
    assert f"Evidence: Checks sheet, row 3: {cells} " in told
    assert "What to do" not in done.out


def test_an_unknown_name_stops_with_the_nearest(office: Path) -> None:
    done = explained(office, "desk-check")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "There is no duty 'desk-check' in this assessment. Did you mean desk-checked?\n"
    )
    done = explained(office, "zzz")
    assert done.err == (
        "There is no duty 'zzz' in this assessment. A report shows the id of each duty in square"
        " brackets, such as [council-told].\n"
    )
    done = explained(office, "person-shown", "--subject", "p7")
    assert (done.code, done.out) == (2, "")
    assert done.err == "There is no subject 'p7' of this duty. Did you mean p1?\n"


def test_what_is_no_assessment_is_said_to_be_none(office: Path) -> None:
    done = called(office, "explain", "office.xlsx", "desk-checked")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("office.xlsx is not an assessment. Use assessment.json")
    done = called(office, "explain", "nowhere.json", "desk-checked")
    assert (done.code, done.err) == (
        2,
        "nowhere.json was not found: check its name and its folder.\n",
    )


def test_as_json_all_of_them_are_told(office: Path) -> None:
    given = json.loads(explained(office, "person-shown", "--json").out)
    assert [each["outcome"]["subject"] for each in given["obligations"]] == ["p1"]
    assert given["obligations_not_shown"] == 0
    assert NOT_VERIFIED not in json.dumps(given)


def test_a_terminal_that_can_show_no_lines_is_given_none(office: Path) -> None:
    done = ended(
        [PROGRAM, "explain", "out/assessment.json", "desk-checked"],
        office,
        PYTHONIOENCODING="ascii",
        PYTHONUTF8="0",
    )
    assert done.code == 0
    assert "|- How we read the SOP\n|  `- 1. We took 'yearly' to mean " in done.out


def test_the_assessment_explains_itself_without_the_office_it_was_made_from(
    office: Path,
) -> None:
    before = explained(office, "desk-checked").out
    (office / "office.xlsx").unlink()
    assert explained(office, "desk-checked").out == before
