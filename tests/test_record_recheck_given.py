"""A pack tells which sheets were given, which of them cannot be read, and from when the office
keeps its registers; the verifier finds out where an assessment says otherwise."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from record.recheck import recheck
from rules.load import OWN_BOOK
from tests.support import desk_office
from tests.support.file_builders import Cell
from tests.support.rulebook_part import PART, part_of_book
from tests.support.verifier import (
    AS_OF,
    OFFICE,
    Ended,
    packed,
    rechecked_files,
    sealed,
    written_out,
)

Files = dict[str, bytes]
TWO = ("People", "Training")
#: The parts of the rulebook by which most of it is tried, and what they count on; and the largest
#: sheets, which they do not need.
GROUP = ("4.1-partnership-group", "assurance-statement.yaml")
LARGE = ("Training", "Training records")


def office(
    folder: Path, change: Callable[[openpyxl.Workbook], None], without: Sequence[str] = LARGE
) -> Path:
    """The example's workbook, changed, and without some sheets."""
    book = openpyxl.load_workbook(OFFICE)
    for name in without:
        del book[name]
    change(book)
    folder.mkdir(exist_ok=True)
    book.save(folder / "office.xlsx")
    return folder / "office.xlsx"


def pack_of(
    path: Path,
    records_begin: datetime.date | None = None,
    *,
    rulebook: Path | None = None,
    part: Sequence[str] = GROUP,
) -> Files:
    """The pack of a check of it, by a part of the rulebook unless one is given."""
    book = rulebook or part_of_book(path.parent / "rules", part)
    return packed(path.parent, [path], AS_OF, rulebook=book, records_begin=records_begin)


def claimed(files: Files) -> recheck.Json:
    return written_out(files["assessment.json"])


def statuses(files: Files) -> Counter[str]:
    """How many duties have each status."""
    return Counter(duty["status"] for duty in claimed(files)["duties"])


def altered(files: Files, folder: Path, change: Callable[[recheck.Json], None]) -> Ended:
    """What is found of a pack whose assessment was changed."""
    told = claimed(files)
    change(told)
    return rechecked_files(
        sealed(files | {"assessment.json": json.dumps(told).encode()}), folder / "altered.zip"
    )


def sheet(book: openpyxl.Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def _only_two(book: openpyxl.Workbook) -> None:
    for name in set(book.sheetnames) - set(TWO):
        del book[name]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The pack of an office that gives two sheets."""
    return pack_of(office(tmp_path_factory.mktemp("two"), _only_two, ()), rulebook=OWN_BOOK)


def test_of_two_sheets_most_duties_are_not_assessed(two: Files, tmp_path: Path) -> None:
    ended = rechecked_files(two, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    found = statuses(two)
    assert found["not_assessed"] > 60
    for duty in claimed(two)["duties"]:
        assert bool(duty["not_given"]) == (duty["status"] == "not_assessed"), duty["id"]
        if duty["not_given"]:
            assert duty["counts"]["not_assessed"] == duty["counts"]["total"] == 1
            assert duty["history"] == []


def test_a_sheet_that_is_listed_but_was_not_given_is_found(two: Files, tmp_path: Path) -> None:
    def say_nothing_is_missing(told: recheck.Json) -> None:
        duty = next(each for each in told["duties"] if each["not_given"])
        duty["not_given"] = []

    ended = altered(two, tmp_path, say_nothing_is_missing)
    assert ended.code == 1
    unreported = [
        difference for difference in ended.differences if "does not report it" in difference
    ]
    assert any("not_given" in each for each in unreported)


def test_what_is_not_assessed_is_not_overdue(two: Files, tmp_path: Path) -> None:
    def call_it_overdue(told: recheck.Json) -> None:
        duty = next(each for each in told["duties"] if each["not_given"])
        duty["obligations"][0]["status"] = "overdue"

    ended = altered(two, tmp_path, call_it_overdue)
    assert any(
        "'overdue', and 'not_assessed' was found" in difference for difference in ended.differences
    )


def test_a_sheet_without_headings_is_given_and_cannot_be_read(tmp_path: Path) -> None:
    def lose_headings(book: openpyxl.Workbook) -> None:
        for cell in sheet(book, "Meetings")[1]:
            cell.value = None

    files = pack_of(office(tmp_path, lose_headings))
    ended = rechecked_files(files, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    duties = {duty["id"]: duty for duty in claimed(files)["duties"]}
    assert duties["steering-group-attendance"]["status"] == "cannot_tell"
    assert duties["steering-group-attendance"]["not_given"] == []
    # whoever says that it was not given is found out
    lines = files["evidence/sheets.csv"].replace(b"Meetings,meetings,no headings", b"Meetings,,")
    assert lines != files["evidence/sheets.csv"]
    hidden = sealed(files | {"evidence/sheets.csv": lines})
    assert rechecked_files(hidden, tmp_path / "hidden.zip").code == 1


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The pack of an office that keeps its registers from a day on."""
    path = office(tmp_path_factory.mktemp("begun"), lambda _: None, ())
    return pack_of(path, datetime.date(2026, 9, 1), part=PART)


def test_what_lies_before_records_begin_is_history(begun: Files, tmp_path: Path) -> None:
    ended = rechecked_files(begun, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    assert "- deadlines from before records begin:" in ended.out
    outcomes = Counter(
        each["outcome"] for duty in claimed(begun)["duties"] for each in duty["history"]
    )
    assert outcomes["before records began"] > 3


@pytest.mark.one_in(2)
@pytest.mark.parametrize("day", [None, "2026-08-01"])
def test_another_day_on_which_records_begin_is_found(
    day: str | None, begun: Files, tmp_path: Path
) -> None:
    ended = altered(begun, tmp_path, lambda told: told.update(records_begin=day))
    assert ended.code == 1
    assert any("history" in difference for difference in ended.differences)


def test_records_that_begin_after_the_day_of_the_check_are_found(
    begun: Files, tmp_path: Path
) -> None:
    ended = altered(begun, tmp_path, lambda told: told.update(records_begin="2026-11-25"))
    assert ended.differences[0] == ("assessment: its records begin after the day of the check.")


def _copy_a_row(book: openpyxl.Workbook) -> None:
    """The first row of training again: with other capitals, spaces and a note of the office's own,
    and recorded ten years later."""
    page = sheet(book, "Training")
    at, own = page.max_row + 1, page.max_column + 1
    for column in range(1, own):
        value = page.cell(2, column).value
        typed = f" {value.upper()} " if isinstance(value, str) else value
        is_clock = page.cell(1, column).value == "recorded on"
        page.cell(at, column).value = datetime.date(2026, 11, 1) if is_clock else typed
    page.cell(1, own).value, page.cell(at, own).value = "our note", "typed twice"


@pytest.mark.campaign
def test_a_copy_of_a_row_changes_nothing(tmp_path: Path) -> None:
    plain, copied = (
        pack_of(office(tmp_path / name, change, ()), part=PART)
        for name, change in (("plain", lambda _: None), ("copied", _copy_a_row))
    )
    ended = rechecked_files(copied, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    assert "- copies of a row: training" in ended.out
    duties = [claimed(files)["duties"] for files in (plain, copied)]
    for one, other in zip(*duties, strict=True):
        assert (one["id"], one["counts"]) == (other["id"], other["counts"])


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ([[" P1 ", "one", datetime.date(2026, 1, 5), ""]], 0),
        ([["p2", "Two", "soon", ""], ["P2", "two", " SOON ", ""]], 1),
        ([["p2", "Two", "soon", ""], ["p2", "Two", "later", ""]], 2),
        ([["", "Two", "soon", ""], ["tbc", "two", "Soon", ""]], 1),
        ([["p2", "Two", "soon", ""], ["", "Two", "soon", ""]], 2),
    ],
)
def test_rows_that_read_the_same_list_one_subject(
    rows: desk_office.Rows, more: int, tmp_path: Path
) -> None:
    """As the program reads them, and as the verifier does: how many people there are beside one."""
    path = tmp_path / "office.xlsx"
    path.write_bytes(desk_office.workbook([*desk_office.PEOPLE, *rows]))
    files = packed(tmp_path, [path])
    ended = rechecked_files(files, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    (duty,) = [each for each in claimed(files)["duties"] if each["id"] == "person-shown"]
    assert duty["counts"]["total"] == 1 + more


@pytest.mark.parametrize(("name", "met"), [(" ONE", 1), ("", 1), ("Two", 0)])
def test_a_key_of_people_of_two_names_is_nobodys(name: str, met: int, tmp_path: Path) -> None:
    """As the program reads it, and as the verifier does: whether the person here was shown."""
    left: list[str | datetime.date] = [
        "p1",
        name,
        datetime.date(2025, 1, 6),
        datetime.date(2025, 12, 31),
    ]
    path = tmp_path / "office.xlsx"
    path.write_bytes(desk_office.workbook([*desk_office.PEOPLE, left]))
    files = packed(tmp_path, [path])
    ended = rechecked_files(files, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    assert ("cells that could name either of two rows" in ended.out) == (not met)
    (duty,) = [each for each in claimed(files)["duties"] if each["id"] == "person-shown"]
    assert duty["counts"].get("met", 0) == met


def _stay_away(book: openpyxl.Workbook) -> None:
    """Nobody of the office was at any meeting."""
    page = sheet(book, "Meetings")
    (column,) = (cell.column for cell in page[1] if cell.value == "OPCC present")
    for row in range(2, page.max_row + 1):
        page.cell(row, column or 0).value = "none"


@pytest.mark.campaign
def test_the_verifier_knows_which_obligations_are_too_late(tmp_path: Path) -> None:
    files = pack_of(office(tmp_path, _stay_away, ()), part=PART)
    every = [each for duty in claimed(files)["duties"] for each in duty["obligations"]]
    late = Counter(each["too_late"] for each in every if each["status"] == "overdue")
    assert late[True]
    assert late[False]

    def turn(told: recheck.Json) -> None:
        for duty in told["duties"]:
            for each in duty["obligations"]:
                each["too_late"] = not each["too_late"] and each["status"] == "overdue"

    ended = altered(files, tmp_path, turn)
    assert sum("too_late" in difference for difference in ended.differences) == late.total()


# What is coming, and names on no list -----------------------------------------------------------


@pytest.fixture
def changing(tmp_path: Path) -> Files:
    """The pack of a check before a version begins and a duty ends, in which a row names nobody."""
    book = tmp_path / "book"
    shutil.copytree(desk_office.BOOK, book)
    rule = book / "1-desk" / "desk-checked.yaml"
    text = rule.read_text(encoding="utf-8")
    version = text[text.index("  - from: ") :]
    later = re.sub(r"from: \S+", "from: 2027-01-01", version, count=1)
    text = text.replace("\nversions:", "\nuntil: 2027-06-30\nversions:", 1)
    rule.write_text(text + later.replace("12 months", "6 months"), encoding="utf-8")
    stranger: list[Cell] = ["c4", "p9", desk_office.day(2, 1), "shown"]
    data = desk_office.workbook(checks=[*desk_office.CHECKS, stranger])
    (tmp_path / "office.xlsx").write_bytes(data)
    return packed(tmp_path, [tmp_path / "office.xlsx"], rulebook=book)


def _until(claimed: recheck.Json) -> None:
    (duty,) = (duty for duty in claimed["duties"] if duty["id"] == "desk-checked")
    duty["until"] = "2028-06-30"


def _no_until(claimed: recheck.Json) -> None:
    (duty,) = (duty for duty in claimed["duties"] if duty["id"] == "desk-checked")
    del duty["until"]


def _coming_met(claimed: recheck.Json) -> None:
    claimed["coming"][0]["status"] = "waived"


def _not_coming(claimed: recheck.Json) -> None:
    del claimed["coming"]


def _also_coming(claimed: recheck.Json) -> None:
    claimed["coming"].append(claimed["coming"][0] | {"begins": "2027-02-01"})


def _fewer_unknown(claimed: recheck.Json) -> None:
    claimed["unknown_names"][0]["rows"] += 1


def _none_unknown(claimed: recheck.Json) -> None:
    del claimed["unknown_names"]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (_until, "desk-checked, 4.10: until: the assessment says '2028-06-30', and"),
        (_no_until, "desk-checked, 4.10: until: the assessment says None"),
        (_coming_met, "coming: desk-checked, 2027-01-01: status: the assessment says 'waived'"),
        (_not_coming, "coming: desk-checked, 2027-01-01: it was found, and the assessment does"),
        (_also_coming, "coming: desk-checked, 2027-02-01: it was not found."),
        (_fewer_unknown, "unknown_names: office.xlsx, Checks, checks, person: rows: the assess"),
        (_none_unknown, "unknown_names: office.xlsx, Checks, checks, person: it was found, and"),
    ],
)
def test_what_is_coming_and_names_on_no_list_are_compared(
    changing: Files, edit: Callable[[recheck.Json], None], says: str, tmp_path: Path
) -> None:
    ended = rechecked_files(changing, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    claimed = json.loads(changing["assessment.json"])
    edit(claimed)
    altered = sealed(changing | {"assessment.json": json.dumps(claimed).encode()})
    ended = rechecked_files(altered, tmp_path / "altered.zip")
    assert ended.code == 1
    assert any(says in difference for difference in ended.differences), ended.differences


def test_it_says_which_parts_of_the_later_days_it_does_not_compare(
    changing: Files, tmp_path: Path
) -> None:
    claimed = json.loads(changing["assessment.json"])
    claimed["year_ahead"] = [{"duty": "desk-checked", "overdue": "2026-12-24"}]
    altered = sealed(changing | {"assessment.json": json.dumps(claimed).encode()})
    ended = rechecked_files(altered, tmp_path / "pack.zip")
    assert ended.code == 0
    assert "and the year ahead: results of later days;\n" in ended.out
    assert (
        "- what changed since an earlier check: a pack does not contain that check;\n" in ended.out
    )
