"""The template as it came, and sheets of an office that have not been begun: their duties are not
assessed, and none is better for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.outcome import Status
from evidence.files.opening import open_file
from evidence.raw_cells import RawWorkbook
from evidence.read import read_books
from examples.office.book import TITLES, plain_sheets
from examples.office.made import AS_OF
from examples.office.write import write_plain
from reports.provided import not_begun_words
from reports.rulebook.template import template_for
from tests.support.browser_pages import site_of, visit
from tests.support.desk_office import called
from tests.support.verifier import rechecked
from tests.test_evidence_template_roundtrip import BOOK, OFFICE, assessed

EXAMPLE = ["EXAMPLE (not counted)"]
NEEDED = [id_ for id_, spec in BOOK.registers.items() if not spec.control]
WORDS = (
    "Not begun: 'Reviews', 'Documents' and 12 more have only their example. They count as not"
    " provided. If there is nothing to record, delete the example row."
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> RawWorkbook:
    """An office's workbook with rows in every sheet."""
    path = tmp_path_factory.mktemp("office") / "office.xlsx"
    named = {TITLES[name][0]: BOOK.registers[name].sheets[0] for name in TITLES}
    write_plain([replace(s, name=named[s.name]) for s in plain_sheets(OFFICE)], path)
    book = open_file(path, path.name)
    assert isinstance(book, RawWorkbook)
    return book


def checked(book: RawWorkbook, example: str, *empty: str) -> Assessment:
    """The check of a workbook in which some registers are empty, and one has only an example."""
    rows: dict[str, list[list[str]]] = {BOOK.registers[id_].sheets[0]: [[]] for id_ in empty}
    rows |= {BOOK.registers[id_].sheets[0]: [EXAMPLE] for id_ in filter(None, [example])}
    sheets = (
        replace(sheet, rows=[*sheet.rows[:1], *rows[sheet.name]]) if sheet.name in rows else sheet
        for sheet in book.sheets
    )
    evidence = read_books([replace(book, sheets=tuple(sheets))], BOOK.registers)
    program = Program("t", "0", "t", "")
    return assess(CheckRequest(BOOK, evidence, AS_OF, program, None, ahead=False))


def outcomes(made: Assessment) -> Iterator[tuple[str, Status, object]]:
    """Each duty with its status and what its obligations come to."""
    for duty in made.duties:
        obligations = [(o.subject, o.window, o.status, o.deadline) for o in duty.obligations]
        yield duty.id, duty.status, obligations


@pytest.mark.parametrize(
    ("registers", "others"),
    [
        (["documents"], "filled"),
        pytest.param(NEEDED, "filled", marks=pytest.mark.campaign),
        pytest.param(NEEDED, "empty", marks=pytest.mark.campaign),
    ],
    ids=["one", "each", "each alone"],
)
def test_a_sheet_that_is_not_begun_makes_no_duty_better(
    office: RawWorkbook, registers: list[str], others: str
) -> None:
    """Over all duties and registers: with an example in place of an empty sheet, a duty is not
    assessed, or comes to the same. Some lists that are empty make a duty not applicable."""
    changed = set[Status]()
    for register in registers:
        rest = [id_ for id_ in NEEDED if id_ != register and others == "empty"]
        empty = checked(office, "", register, *rest)
        begun = checked(office, register, *rest)
        for before, after in zip(outcomes(empty), outcomes(begun), strict=True):
            if before != after:
                assert (after[0], after[1]) == (before[0], Status.NOT_ASSESSED)
                changed.add(before[1])
    assert {Status.OVERDUE, Status.CANNOT_TELL, Status.NOT_APPLICABLE} <= changed


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as it came."""
    path = tmp_path_factory.mktemp("template") / "registers.xlsx"
    path.write_bytes(template_for(BOOK))
    return path


def assert_nothing_is_assessed(made: Assessment) -> None:
    assert {duty.status for duty in made.duties} == {Status.NOT_ASSESSED}
    assert not_begun_words(made) == WORDS
    assert (made.problems, made.findings, made.unused_sheets) == ((), (), ())


def test_nothing_in_the_template_as_it_came_is_assessed(template: Path) -> None:
    assert_nothing_is_assessed(assessed(template))


@pytest.mark.campaign
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_nor_in_one_that_another_program_saved(
    template: Path,
    ending: str,
    convert: Callable[[str, Path, list[Path]], None],
    tmp_path: Path,
) -> None:
    convert(ending, tmp_path, [template])
    assert_nothing_is_assessed(assessed(tmp_path / f"registers.{ending}"))


def test_the_commands_of_the_readme(tmp_path: Path) -> None:
    """The template, start and check; then the page of the report in the browser, the pack, and
    where its rows are."""
    assert called(tmp_path, "template", "registers.xlsx").code == 0
    assert called(tmp_path, "start", "--yes").code == 0
    ended = called(tmp_path, "check", "--as-of", "2026-11-24")
    assert (ended.code, ended.err) == (1, "")
    assert WORDS in " ".join(ended.out.split())
    assert "OVERDUE" not in ended.out
    made = "reports/2026-11-24/assessment.json"
    duties = json.loads((tmp_path / made).read_bytes())["duties"]
    assert {duty["status"] for duty in duties} == {"not_assessed"}
    assert WORDS in visit(site_of(tmp_path), "GET", "/reports/2026-11-24").words
    assert called(tmp_path, "pack", "pack.zip", made, "--evidence", "registers.xlsx").code == 0
    assert rechecked(tmp_path / "pack.zip").code == 0
    assert "0 rows cited" in called(tmp_path, "locate", made, "registers.xlsx").out
