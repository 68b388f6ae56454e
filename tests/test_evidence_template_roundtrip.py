"""The office's rows written into the template and saved by another program come to the same."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.outcome import Status
from engine.outcomes.owners import REGISTER as OWNERS
from evidence.read import read_evidence
from evidence.template.layout import FIRST_ROW, HEADING_ROW
from examples.office.book import TITLES, plain_sheets
from examples.office.build import Size, build
from examples.office.faults import EXAMPLE_FAULTS, spoil
from examples.office.made import AS_OF, Cell, Office, Row
from examples.office.write import write_plain
from reports.rulebook.template import template_for
from rules.condition import find_column
from rules.load import OWN_BOOK
from tests.support.own_book import own_book
from tests.support.verifier import packed, rechecked_files

#: What an obligation comes to, whatever file and row it was read from.
Outcome = tuple[str, str, datetime.date | None, datetime.date | None, int | None, int]


BOOK = own_book()


def _office() -> Office:
    """A small office with what has gone wrong in the example, but for formulas: another program
    works those out, and then they say something."""
    office = build(Size(staff=60, training=None, monthly=1, care=1.0), 1)
    spoil(office, EXAMPLE_FAULTS)
    return {
        name: [{column: _kept(cell) for column, cell in row.items()} for row in rows]
        for name, rows in office.items()
    }


def _kept(cell: Cell) -> Cell:
    return cell if not str(cell).startswith(("=", "#")) else "tbc"


OFFICE = _office()


def filled(path: Path) -> None:
    """The template with the office's rows written under its headings, as somebody would type
    them; a column that the office keeps for itself is added behind. Of the example rows, one is
    typed over, one is deleted, one is moved down and sorted among the others, and the rest stay."""
    path.write_bytes(template_for(BOOK))
    book = load_workbook(path)
    for number, register in enumerate(TITLES):
        sheet = book[BOOK.registers[register].sheets[0]]
        assert isinstance(sheet, Worksheet)
        if register == OWNERS:
            _write(sheet, OFFICE[register], register)
            continue
        done = ("stays", "typed over", "deleted", "moved")[number % 4]
        if done == "deleted":
            sheet.delete_rows(FIRST_ROW)
        elif done == "moved":
            sheet.move_range(f"A{FIRST_ROW}:Z{FIRST_ROW}", rows=5)
        skipped = {"stays": FIRST_ROW, "moved": FIRST_ROW + 5}.get(done)
        _write(sheet, OFFICE[register], register, skipped)
    book.save(path)


def _write(sheet: Worksheet, rows: list[Row], register: str, skipped: int | None = None) -> None:
    numbers = (number for number in itertools.count(FIRST_ROW) if number != skipped)
    for number, row in zip(numbers, rows, strict=False):
        at = _row_of(sheet, row) if register == OWNERS else number
        if at == FIRST_ROW and register != OWNERS:  # a person leaves nothing of the example
            for cell in sheet[FIRST_ROW]:
                cell.value = None
        for name, value in row.items():
            if value is not None:
                column = find_column(BOOK.registers[register], name)
                heading = column.usual_heading if column else name
                sheet.cell(at, _column(sheet, heading)).value = value


def _row_of(sheet: Worksheet, owner: Row) -> int:
    """The row in which the duty stands already; the next free one for one that does not."""
    names = [row[_column(sheet, "short name") - 1].value for row in sheet.iter_rows()]
    return names.index(owner["duty"]) + 1 if owner["duty"] in names else len(names) + 1


def _column(sheet: Worksheet, name: str) -> int:
    headings = [cell.value for cell in sheet[HEADING_ROW]]
    if name not in headings:
        headings.append(name)
        sheet.cell(HEADING_ROW, len(headings)).value = name
    return headings.index(name) + 1


def assessed(path: Path) -> Assessment:
    """What a check of that workbook comes to, by the plain evaluator alone."""
    evidence = read_evidence([path], BOOK.registers)
    assert evidence.fatal == ()
    program = Program("t", "0", "t", "")
    return assess(CheckRequest(BOOK, evidence, AS_OF, program, None, ahead=False))


def outcomes(made: Assessment) -> Mapping[tuple[str, str, str], list[Outcome]]:
    outcomes_by_register: dict[tuple[str, str, str], list[Outcome]] = {}
    for duty in made.duties:
        for obligation in duty.obligations:
            fields = (
                obligation.status.value,
                obligation.window,
                obligation.opens,
                obligation.deadline,
                obligation.days,
                obligation.late_days,
            )
            # a row that cannot be told from others is called by its number, which differs
            subject = re.sub(r"^row \d+ of", "a row of", obligation.subject)
            outcomes_by_register.setdefault((duty.id, subject, obligation.window), []).append(
                fields
            )
    return outcomes_by_register


def unread(made: Assessment) -> Counter[tuple[str, str, tuple[str, ...]]]:
    """The cells that could not be read, by what they hold. Owners are left out: they decide
    nothing, and here all the duties stand in their sheet."""
    problems = [problem for problem in made.problems if problem.register != OWNERS]
    counts: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for one in problems:
        counts[one.register, one.column, one.values] += one.count
    return counts


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The check of the same rows as the generator writes them, in sheets of the same names."""
    path = tmp_path_factory.mktemp("plain") / "office.xlsx"
    named = {TITLES[name][0]: BOOK.registers[name].sheets[0] for name in TITLES}
    sheets = [replace(sheet, name=named[sheet.name]) for sheet in plain_sheets(OFFICE)]
    write_plain(sheets, path)
    return assessed(path)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template, filled in."""
    path = tmp_path_factory.mktemp("filled") / "office.xlsx"
    filled(path)
    return path


@pytest.fixture(scope="module")
def checked(template: Path) -> Assessment:
    """The check of it as it is."""
    return assessed(template)


def test_the_office_has_something_to_tell_apart(plain: Assessment) -> None:
    """Enough obligations of each kind that a cell lost or read otherwise would show."""
    statuses = {obligation.status for duty in plain.duties for obligation in duty.obligations}
    assert {Status.MET, Status.OVERDUE, Status.DUE, Status.CANNOT_TELL, Status.WAIVED} <= statuses
    assert len(outcomes(plain)) > 300


def test_the_template_filled_in_comes_to_the_same(plain: Assessment, checked: Assessment) -> None:
    assert outcomes(checked) == outcomes(plain)
    assert unread(checked) == unread(plain)


def test_each_example_that_is_left_is_noted_and_none_is_counted(checked: Assessment) -> None:
    noted = [note for note in checked.not_checked if "EXAMPLE" in note]
    rows = Counter(re.findall(r"Row (\d+) is marked", "\n".join(noted)))
    examples = len(TITLES) - 1
    assert rows == {"3": len(range(0, examples, 4)), "8": len(range(3, examples, 4))}
    assert not any("EXAMPLE" in str(problem) for problem in checked.problems)


@pytest.mark.campaign
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_saved_by_another_program_it_comes_to_the_same(
    plain: Assessment,
    template: Path,
    ending: str,
    convert: Callable[[str, Path, list[Path]], None],
    tmp_path: Path,
) -> None:
    convert(ending, tmp_path, [template])
    assessment = assessed(tmp_path / f"office.{ending}")
    assert outcomes(assessment) == outcomes(plain)
    assert not any("Rows above" in note for note in assessment.not_checked)
    assert unread(assessment) == unread(plain)


@pytest.mark.campaign
def test_the_pack_of_it_is_confirmed(template: Path, tmp_path: Path) -> None:
    files = packed(tmp_path, [template], AS_OF, rulebook=OWN_BOOK)
    assert files["evidence/cells.csv"].count(b",example\r\n") > 20
    ended = rechecked_files(files, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    assert "office.xlsx was compared with cells.csv." in ended.out


def test_an_owner_written_beside_a_duty_is_its_owner(checked: Assessment) -> None:
    """The rows that the template brings are those that the office fills in."""
    written = {str(row["duty"]): str(row["owner"]) for row in OFFICE[OWNERS]}
    owner_of = {duty.id: duty.owner for duty in checked.duties}
    assert len(written) > 5
    assert owner_of == {duty: written.get(duty, "") for duty in owner_of}
