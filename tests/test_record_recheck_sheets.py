"""From the cells of a pack the verifier makes the tables that the program read from the files."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from evidence.raw_cells import RowColumn
from evidence.read import read_evidence
from evidence.table import Evidence
from evidence.template.workbook import template_bytes
from record.recheck import recheck
from rules.load import OWN_BOOK
from tests.support import file_builders as made
from tests.support.desk_office import BOOK as SMALL
from tests.support.desk_office import CHECKS, PEOPLE, day, sheet, workbook
from tests.support.file_builders import Cell, Formula, Sheet, Wrong
from tests.support.own_book import book_in
from tests.support.verifier import (
    OFFICE,
    Ended,
    Told,
    packed,
    packed_book,
    plainly,
    rechecked_files,
    tables_of,
)

Files = Mapping[str, bytes]


def written(folder: Path, files: Files) -> list[Path]:
    """The files, in a folder."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def as_read(evidence: Evidence, rulebook: Path) -> dict[str, list[Told] | None]:
    """What the program read."""
    return plainly(tables_of(evidence, packed_book(book_in(rulebook))))


def as_rechecked(
    files: Files, known: datetime.date | None = None
) -> tuple[dict[str, list[Told] | None], list[str]]:
    """The same by the verifier, and the differences that it found on the way."""
    pack = recheck.Pack(dict(files))
    recheck.check_files(pack)
    cells = pack.read_csv("evidence/cells.csv")
    sheets, by = recheck.read_sheets(pack, cells), known or recheck.FOR_GOOD
    tables, _ = recheck.read_registers(pack.book, sheets, by)
    recheck.compare_files(pack, sheets, cells)
    return plainly(tables), pack.differences


def agree(folder: Path, files: Files, rulebook: Path = SMALL) -> Ended:
    """Both read the same from the files, and the whole pack is confirmed."""
    paths = written(folder, files)
    packing = packed(folder, paths, rulebook=rulebook)
    evidence = read_evidence(paths, book_in(rulebook).registers)
    assert as_rechecked(packing) == (as_read(evidence, rulebook), [])
    ended = rechecked_files(packing, folder / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    return ended


def people(cells: Mapping[RowColumn, Cell], **more: object) -> bytes:
    """A workbook whose sheet of people has these cells."""
    sheets = Sheet("People", cells, **more), sheet("Checks", CHECKS)  # type: ignore[arg-type]
    return made.xlsx(*sheets)


def grid(rows: Sequence[Sequence[Cell]], top: int = 1) -> dict[RowColumn, Cell]:
    """The rows' cells, the first in row ``top``; '' leaves one out."""
    return {
        (top + i, 1 + j): cell
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if cell != ""
    }


HEADINGS: Sequence[Cell] = ("ref", "name", "starts", "ends")
ONE: Sequence[Cell] = ("p1", "One", day(1, 5), "")
EXAMPLE: Sequence[Cell] = ("EXAMPLE (not counted): p7", "Seven", day(1, 5), "")
SHEETS: Mapping[str, bytes] = {
    "as it should be": workbook(),
    "prose above the headings": people(
        grid([["The people of the office"], ["as of the spring", "", "by hand"], HEADINGS, ONE], 3)
    ),
    "a total, the headings again, a note beside": people(
        grid(
            [
                HEADINGS, ONE, ["Total", 1], ["Total: 7"], HEADINGS, ("p2", "Two", day(2, 5), ""),
                ["", "", "", "", "only a note"], ["grand total", "", 3], [],
                ("p3", "total", day(3, 1)),
            ]
        )
    ),
    "examples, marked in any cell of their own": people(
        grid(
            [
                HEADINGS, EXAMPLE, ONE,
                ("p2", " example  (NOT counted)", day(2, 5), ""), ("p3", "No example", day(3, 5)),
                ("p4", "(EXAMPLE (not counted))", day(3, 5)),
                ("", "", "", "", "Example (not counted)"),
                ("p5", "Example (not counted)", day(3, 5)), ("p6", "", day(3, 6)),
            ]
        ),
        merged=((8, 2, 9, 2),),
    ),
    "only examples": people(grid([HEADINGS, EXAMPLE, ["", "example (not counted)"]])),
    "an example merged into the next row": people(
        grid([HEADINGS, EXAMPLE]), merged=((2, 1, 3, 1),)
    ),
    "an example and a note beside": people(
        grid([HEADINGS, EXAMPLE, ["", "", "", "", "only a note"]])
    ),
    "an example and the headings again": people(grid([HEADINGS, EXAMPLE, HEADINGS])),
    "an example and an error": people(grid([HEADINGS, EXAMPLE, [Wrong("#REF!")]])),
    "only examples, and a column missing": people(grid([HEADINGS[:2], EXAMPLE[:2]])),
    "merged down and across": people(
        grid([HEADINGS, ONE, ("p2", "", day(2, 5)), ("p3", "", day(2, 6))])
        | {(1, 6): "remark", (2, 6): "both"},
        merged=((2, 2, 4, 2), (1, 6, 1, 7), (6, 1, 9, 4)),
    ),
    "a heading merged over two columns": people(
        grid([("ref", "name", "starts", "", "ends"), ("p1", "One", "", day(1, 5), "")]),
        merged=((1, 3, 1, 4),),
    ),
    "a column twice": people(
        grid([(*HEADINGS, "Starts"), (*ONE, day(1, 6)), ("p2", "Two", day(2, 1), "", day(2, 1))])
    ),
    "a required column missing": people(grid([("ref", "name"), ("p1", "One"), ("", "", "x")])),
    "headings only": people(grid([HEADINGS])),
    "no headings": people(grid([("some", "thing"), ("p1", "One")])),
    "an empty sheet": people({}),
    "a title and the headings again": people(grid([HEADINGS, ONE, ["Leavers"], HEADINGS, ONE])),
    "a year and the headings again": people(grid([HEADINGS, ONE, ["2026/27"], HEADINGS, ONE])),
    "a total and the headings again": people(grid([HEADINGS, ONE, ["Total"], HEADINGS, ONE])),
    "an error, a title and the headings again": people(
        grid([["Staff"], HEADINGS, ONE, [Wrong("#REF!")], ["staff"], HEADINGS, ["", "Old"]])
    ),
    "a title that says no": people(grid([HEADINGS, ONE, [], ["Cancelled"], ("p2", "Two")])),
    "a title that says no, with nothing below": people(grid([HEADINGS, ONE, ["Not used"]])),
    "a title that says no, beside": people(
        grid([HEADINGS, ONE, ["", "", "", "", "Not used"], ("p2", "Two")])
    ),
    "other headings below": people(
        grid([HEADINGS, ONE, ("ref", "name", "interviewed", "note"), ("p2", "Two", day(2, 5))])
    ),
    "headings below in other columns": people(
        grid([HEADINGS, ONE, ("ref", "name", "ends", "starts"), ("p2", "Two", day(2, 5))])
    ),
    "headings of another table": people(
        grid([HEADINGS, ONE, [], ("post", "name", "grade"), ("a", "b", "c")])
    ),
    "headings of another table, with nothing below": people(
        grid([HEADINGS, ONE, [], ("post", "name", "grade")])
    ),
    "headings of another table, without a gap": people(
        grid([HEADINGS, ONE, ("p2", "Two", day(2, 5)), ("post", "name"), ("a", "b")])
    ),
    "a table beside": people(
        grid([("ref", "name", "", "starts", "post"), ("p1", "One", "", day(1, 5), "x")])
    ),
    "a blank column alone": people(
        grid([("ref", "name", "", "starts"), ("p1", "One", "", day(1, 5))])
    ),
    "a heading merged over a blank column, and another": people(
        grid([("ref", "name", "", "starts", "post"), ("p1", "One", "", day(1, 5), "x")]),
        merged=((1, 2, 1, 3),),
    ),
    "errors and formulas": people(
        grid(
            [
                (*HEADINGS, "other"),
                ("p1", Wrong("#REF!"), day(1, 5), Formula("TODAY()", None)),
                (Formula("A2", "p2"), "Two", Wrong("#N/A", by_formula=True), ""),
                ("p3", "Three", day(1, 5), "", Formula("1+1", None)),
                ("p3", "Three", day(1, 5), "", Formula("1+1", None)),
                (Wrong("#DIV/0!"),), ("", "", "", "", Wrong("#DIV/0!")),
            ]
        )
    ),
    "equal rows": people(grid([(*HEADINGS, "note"), ONE, ONE, (*ONE, "x"), (*ONE, "x"), ONE])),
    "equal rows but for their order": people(
        grid([(*HEADINGS, "note", "note"), (*ONE, "x", "y"), (*ONE, "y", "x"), (*ONE, "x", "y")])
    ),
    "text that could run": people(
        grid([HEADINGS, ("=1+1", "+44", day(1, 5)), ("'p", "-x", day(1, 5)), ("@p", "'=", "tbc")])
    ),
    "kinds of cells": people(
        grid(
            [
                HEADINGS, (7, 1.5, day(1, 5)), (True, "yes", 45000), ("7.0", 0.1 + 0.2, "1/5/2026"),
                (" p 9 ", "\n\u200b", "5/13/2026"), ("P 9", "  ", "03/04/2026"),
            ]
        )
    ),
    "totals that are not stored, or in error": people(
        grid(
            [
                HEADINGS, ONE, ["Total", Formula("COUNTA(B2)", None)],
                ["Total", 7, Wrong("#REF!")], ("p2", "Two", day(2, 5), ""),
            ]
        )
    ),
    "merged over a formula without its result": people(
        grid([HEADINGS, ("p1", Formula("A1", None), day(1, 5)), ("p2", "", day(2, 5))]),
        merged=((2, 2, 3, 2),),
    ),
    "results to be worked out when it is opened": made.xlsx(
        Sheet("People", grid([HEADINGS, ("p1", Formula("A2", 0), day(1, 5)), ("p2", 0)])),
        sheet("Checks", CHECKS),
        recalculate=True,
    ),
    "rows hidden": people(grid([HEADINGS, ONE]), hidden=True, hidden_rows=frozenset({2})),
}  # fmt: skip


@pytest.mark.one_in(3)
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_read_alike(name: str, tmp_path: Path) -> None:
    ended = agree(tmp_path, {"office.xlsx": SHEETS[name]})
    assert "office.xlsx was compared with cells.csv." in ended.out


CSV: Mapping[str, Mapping[str, bytes]] = {
    "commas": {"people.csv": b"ref,name,starts,ends\r\np1,One,5/1/2026,\r\n"},
    "semicolons and Windows": {
        "people.csv": "ref;name;starts\np1;Zo\xeb;5/1/2026".encode("cp1252")
    },
    "the separator named": {"people.csv": b"sep=\t\nref\tname\tstarts\n\np1\tOne\t5/1/2026\n"},
    "line breaks, short rows": {
        "people.csv": b'\xef\xbb\xbfref,name,starts\np1,"One\nand only",5/1/2026\np2\n'
        b'p3,"a, b",#N/A\nTotal,#REF!\n',
        "checks.csv": b"ref,person,done on,kind\nc1,p1,6/1/2026,shown\nc1,p1,6/1/2026,shown\n",
    },
    "two files of one register": {
        "people.csv": b"ref,name,starts\np1,One,5/1/2026\np2,Two,7/1/2026\n",
        "office.xlsx": workbook(),
    },
    "one that is none": {"people.csv": b"a,b\n1,2\n", "cats.csv": b"ref,name,starts\nx,y,z\n"},
}


@pytest.mark.parametrize("name", CSV)
def test_files_of_text_are_read_alike(name: str, tmp_path: Path) -> None:
    ended = agree(tmp_path, CSV[name])
    for file in CSV[name]:
        assert f"{file} was compared with cells.csv." in ended.out


@pytest.mark.parametrize("form", ["xls", "xlsb", "ods"])
def test_other_workbooks_are_read_alike_and_not_compared(form: str, tmp_path: Path) -> None:
    both = sheet("People", PEOPLE), sheet("Checks", CHECKS)
    data = {"xls": made.xls(*both), "xlsb": made.xlsb(*both), "ods": made.ods(*both)}[form]
    ended = agree(tmp_path, {f"office.{form}": data})
    words = "was not compared with cells.csv: only .xlsx, .xlsm and .csv files are compared"
    assert f"office.{form} {words}" in ended.out


@pytest.mark.parametrize("rows", [[ONE], [], [EXAMPLE]], ids=["a row", "empty", "an example"])
def test_of_two_sheets_one_that_has_been_begun_is_enough(
    rows: Sequence[Sequence[Cell]], tmp_path: Path
) -> None:
    both = {"a.xlsx": people(grid([HEADINGS, EXAMPLE])), "b.xlsx": people(grid([HEADINGS, *rows]))}
    agree(tmp_path, both)


def test_two_sheets_of_one_name_are_lost_alike(tmp_path: Path) -> None:
    twice = made.xlsx(sheet("People", PEOPLE), sheet("people ", PEOPLE), sheet("Checks", CHECKS))
    agree(tmp_path, {"office.xlsx": twice})


def test_the_example_of_the_template_is_read_alike_without_its_mark(tmp_path: Path) -> None:
    """A row that differs from it in its reference alone is no row; one that differs more is one."""
    book = load_workbook(io.BytesIO(template_bytes(book_in(OWN_BOOK).registers)))
    sheet = book["Training"]
    example = [cell.value for cell in sheet[3]]
    for row, values in enumerate((["T-1", *example[1:]], ["T-2", "S-9", *example[2:]]), 3):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column).value = value
    sheet = book["Meetings"]
    sheet["A3"] = None
    file = io.BytesIO()
    book.save(file)
    (path,) = written(tmp_path, {"office.xlsx": file.getvalue()})
    read = read_evidence([path], book_in(OWN_BOOK).registers)
    assert {id_: table.columns["ref"].raw for id_, table in read.tables.items() if len(table)} == {
        "training": ["T-2"]
    }
    files = packed(tmp_path, [path], rulebook=OWN_BOOK)
    tables, differences = as_rechecked(files)
    assert (differences, tables["training"]) == ([], as_read(read, OWN_BOOK)["training"])
    assert "meetings" not in tables
    assert rechecked_files(files, tmp_path / "pack.zip").differences == []


@pytest.mark.campaign
def test_the_office_is_read_alike(tmp_path: Path) -> None:
    agree(tmp_path, {"office.xlsx": OFFICE.read_bytes()}, OWN_BOOK)


@pytest.mark.campaign
@pytest.mark.parametrize("known", ["2025-10-15"])
def test_the_second_clock_counts_the_same_rows(known: str, tmp_path: Path) -> None:
    by = datetime.date.fromisoformat(known)
    files = packed(tmp_path, [OFFICE], rulebook=OWN_BOOK, known=by)
    registers = book_in(OWN_BOOK).registers
    counted = as_read(read_evidence([OFFICE], registers, by), OWN_BOOK)
    assert as_rechecked(files, by) == (counted, [])
    assert counted != as_read(read_evidence([OFFICE], registers), OWN_BOOK)
    ended = rechecked_files(files, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
