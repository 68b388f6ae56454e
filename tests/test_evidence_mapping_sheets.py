"""Which sheets a mapping reads, and what is said of one that is not there."""

from __future__ import annotations

from pathlib import Path

from evidence.mapping.model import ColumnSource, Constant, RegisterMapping, SheetMapping
from evidence.read import read_evidence
from evidence.table import Evidence
from tests.support.table_builders import HEADINGS, REGISTERS, ROW, xlsx

OWN = ("Payroll no", "Session", "When")


def sessions(file: str, sheet: str = "Sessions") -> SheetMapping:
    """A sheet of training sessions."""
    columns: dict[str, ColumnSource] = {
        "ref": "not kept",
        "person": "Payroll no",
        "course": "Session",
        "completed on": "When",
        "passed": Constant(always=True),
    }
    gives = RegisterMapping(register_id="training", columns=columns)
    return SheetMapping(file=file, sheet=sheet, gives=(gives,))


def no_evidence(file: str, sheet: str) -> SheetMapping:
    return SheetMapping(file=file, sheet=sheet, gives=())


def read_mapped(*paths: Path, mapping: tuple[SheetMapping, ...]) -> Evidence:
    return read_evidence(paths, REGISTERS, mapping=mapping)


def test_a_sheet_that_a_person_called_no_evidence_is_named_once_and_not_as_unused(
    tmp_path: Path,
) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Budget": [["pounds"], [3]], "Ideas": [["x"]]})
    evidence = read_mapped(file, mapping=(no_evidence("a.xlsx", "Budget"),))
    assert [note.sheet for note in evidence.unused] == ["Ideas"]
    assert evidence.mapping is not None
    assert evidence.mapping.assumptions == ("No evidence, as a person confirmed: 'Budget'.",)


def test_columns_that_no_mapped_sheet_gives_are_listed(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Sessions": [OWN, ["7", "Awareness", "02/04/2026"]]})
    evidence = read_mapped(file, mapping=(sessions("a.xlsx"),))
    assert evidence.mapping is not None
    assert evidence.mapping.not_kept == (("Sessions", "training", "ref"),)
    given = {"ref", "person", "course", "completed on", "passed"}
    left = [spec.name for spec in REGISTERS["training"].columns if spec.name not in given]
    assert left
    assert evidence.mapping.not_mapped == tuple(("Sessions", "training", name) for name in left)


def test_a_sheet_of_the_mapping_that_is_gone_leaves_its_register_unread(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW]})
    evidence = read_mapped(file, mapping=(sessions("a.xlsx"),))
    table = evidence.tables["training"]
    assert (table.given, table.found, len(table)) == (True, False, 0)
    assert [(problem.file, problem.message) for problem in evidence.problems] == [
        (
            "a.xlsx",
            "The mapping in office.yaml names the sheet 'Sessions', which is not in this file. Give"
            " the sheet that name again, or correct the mapping.",
        )
    ]


def test_a_file_that_was_not_given_is_noted_and_its_register_is_not_provided(
    tmp_path: Path,
) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"Budget": [["pounds"]]})
    evidence = read_mapped(file, mapping=(sessions("b.xlsx"),))
    assert not evidence.tables["training"].given
    assert [note.message for note in evidence.notes] == [
        "The mapping in office.yaml names 'b.xlsx', which was not given."
    ]


def test_a_list_without_one_of_its_mapped_files_does_not_count_as_complete(
    tmp_path: Path,
) -> None:
    """Otherwise a person who is only in the other file would not count as untrained."""
    file = xlsx(tmp_path / "a.xlsx", {"Training": [HEADINGS, ROW]})
    evidence = read_mapped(file, mapping=(sessions("b.xlsx"),))
    table = evidence.tables["training"]
    assert (table.given, table.found, len(table)) == (True, False, 0)
    assert [problem.message for problem in evidence.problems] == [
        "The mapping in office.yaml names 'b.xlsx', which was not given. Without it the list is"
        " incomplete. Give it too."
    ]


def test_a_sheet_that_the_mapping_reads_needs_no_accepted_name(tmp_path: Path) -> None:
    rows = [OWN, ("7", "awareness", "25/04/2026")]
    evidence = read_mapped(
        xlsx(tmp_path / "a.xlsx", {"Sessions": rows}), mapping=(sessions("A*.xlsx"),)
    )
    assert (len(evidence.tables["training"]), evidence.problems, evidence.unused) == (1, (), ())
