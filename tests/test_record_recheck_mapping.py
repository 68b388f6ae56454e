"""Packs with a mapping, and what the verifier finds where one claims something else."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from record.pack import pack as packing
from record.recheck import recheck
from record.recheck import recheck_mapping as mapped
from tests.support.desk_office import COUNCIL, DESK, HEADINGS, SHOWN, Rows, day, ended, workbook
from tests.support.verifier import (
    packed,
    rechecked_files,
    sealed,
)

Json = recheck.Json
Line = dict[str, str]
Files = dict[str, bytes]


# How the verifier reads ---------------------------------------------------------------------------
# That it reads as the program does is tested where the program is: see mapped_sheets.


@pytest.mark.parametrize(
    ("part", "text", "result"),
    [
        ("day", "20\u20134\u201326 MF", ("20\u20134\u201326 MF", "text")),
        ("who", "seen by MF (20/4/26), late", ("seen by MF ( ), late", "text")),
        ("month first", "4/20/26", ("20/4/26", "text")),
        ("month first", "04\u201305\u20132026", ("05/04/2026", "text")),
        ("month first", "April 20 2026", ("April 20 2026", "text")),
        ("month first", "2026-04-20", ("2026-04-20", "text")),
        ("month first", "13/05/2026", ("05/13/2026", "text")),
    ],
)
def test_a_part_is_taken_of_a_cell(part: str, text: str, result: tuple[str, str]) -> None:
    value = mapped.part_of(mapped.RecordValue(text, "text", text, "A2"), part)
    assert (" ".join(value.text.split()), value.kind) == result


def test_words_have_their_meanings() -> None:
    assert mapped.meaning_of("ab cd", {"ab …": "a", "… cd": "A"}) == "a"
    assert mapped.meaning_of_each("3, 4; P", {"P": "Prevent"}, False) == "3, 4; Prevent"


@pytest.mark.parametrize(
    ("line", "row", "at"), [("F", 14, "F14"), ("5", 6, "F5"), ("F4", 9, "F4"), ("", 9, "")]
)
def test_a_cell_that_is_shown_has_an_address(line: str, row: int, at: str) -> None:
    assert recheck.address(line, row) == at


def test_the_cells_of_a_problem_may_be_in_one_row() -> None:
    assert [*recheck.cells_in("Y5:AB5")] == ["Y5", "Z5", "AA5", "AB5"]
    assert [*recheck.cells_in("G2:G4")] == ["G2", "G3", "G4"]
    assert [*recheck.cells_in("G2:H4")] == ["G2:H4"]


# Packs --------------------------------------------------------------------------------------------

#: The sheets of the small office, read by a mapping that says of each column that it is that one.
MAPPING: list[Json] = [
    {
        "file": "office.xlsx",
        "sheet": sheet,
        "gives": [{"register": sheet.lower(), "columns": {name: name for name in columns}}],
    }
    for sheet, columns in (("People", ["ref", "name", "starts", "ends"]), ("Checks", HEADINGS))
]


def csv_of(lines: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*lines[0]])
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def lines_in(files: Files, name: str) -> list[Line]:
    return [*csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline=""))]


def pack_of(
    folder: Path, data: bytes, mapping: Sequence[Json] = MAPPING, struck: str = ""
) -> Files:
    """The pack of a check of a workbook of the two registers, as if a mapping had read them."""
    (folder / "office.xlsx").write_bytes(data)
    files = packed(folder, [folder / "office.xlsx"])
    more = {"register": "", "column": "", "line": "mapped"}
    cells = [line | more for line in lines_in(files, "evidence/cells.csv")]
    sheets = [
        line | {"register": "", "not read": "mapped", "struck": struck}
        for line in lines_in(files, "evidence/sheets.csv")
    ]
    files |= {"evidence/cells.csv": csv_of(cells), "evidence/sheets.csv": csv_of(sheets)}
    return told_by(files, mapping)


def told_by(files: Files, mapping: Sequence[Json]) -> Files:
    """The pack with another mapping, of which it gives the right hash."""
    data = json.dumps(mapping, sort_keys=True).encode()
    told = json.loads(files["assessment.json"]) | {"mapping": {"sha256": recheck.sha256(data)}}
    return sealed(files | {"mapping.json": data, "assessment.json": json.dumps(told).encode()})


def differences(files: Files, folder: Path) -> list[str]:
    ended = rechecked_files(files, folder / "pack.zip")
    assert ended.code == (1 if ended.differences else 0), ended.out
    return ended.differences


def test_a_mapped_pack_is_confirmed(tmp_path: Path) -> None:
    ended = rechecked_files(pack_of(tmp_path, workbook()), tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    assert "By the mapping, the sheets that it names give 4 records." in ended.out
    assert "office.xlsx was compared with cells.csv." in ended.out


def test_a_mapped_pack_of_a_sheet_with_only_an_example_is_confirmed(tmp_path: Path) -> None:
    example: Rows = [HEADINGS, ["EXAMPLE (not counted): c1", "p1", day(1, 9), "shown"]]
    files = pack_of(tmp_path, workbook(checks=example))
    assert differences(files, tmp_path) == []
    told = json.loads(files["assessment.json"])
    assert told["not_begun_sheets"] == [{"file": "office.xlsx", "sheet": "Checks"}]
    del told["not_begun_sheets"]
    forged = sealed(files | {"assessment.json": json.dumps(told).encode()})
    words = "that it has only an example was found, and not reported."
    assert differences(forged, tmp_path) == [f"office.xlsx!Checks: {words}"]


OTHER: Mapping[str, Callable[[Json], Json]] = {
    "a column": lambda told: told | {"columns": told["columns"] | {"done on": "ref"}},
    "a word": lambda told: told | {"words": {"kind": {"shown": "desk"}}},
    "a constant": lambda told: told | {"columns": told["columns"] | {"kind": {"always": "desk"}}},
    "only some rows": lambda told: told | {"only rows where": {"kind": ["desk"]}},
    "a heading that is gone": lambda told: told | {"columns": told["columns"] | {"note": "Note"}},
}


@pytest.mark.parametrize("name", OTHER)
def test_a_changed_mapping_is_found(name: str, tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    people, checks = MAPPING
    other = [people, checks | {"gives": [OTHER[name](checks["gives"][0])]}]
    assert differences(told_by(files, other), tmp_path)
    data = json.dumps(other).encode()
    (found, *_) = differences(sealed(files | {"mapping.json": data}), tmp_path)
    assert found.startswith("mapping: sha256: the assessment says ")


def test_a_mapping_that_is_left_out_or_added_is_found(tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    without = {name: data for name, data in files.items() if name != "mapping.json"}
    assert any("mapping: sha256" in each for each in differences(sealed(without), tmp_path))
    ordinary = packed(tmp_path, [tmp_path / "office.xlsx"])
    added = sealed(ordinary | {"mapping.json": json.dumps(MAPPING).encode()})
    found = differences(added, tmp_path)
    assert any("mapping: sha256" in each for each in found)
    words = "the mapping reads it, and it was read otherwise."
    assert f"office.xlsx!People: {words}" in found


def changed(files: Files, name: str, change: Callable[[Line], Line | None]) -> Files:
    """The pack with other lines in one of its CSV files."""
    lines = [line for each in lines_in(files, name) if (line := change(each)) is not None]
    return sealed(files | {name: csv_of(lines)})


@pytest.mark.one_in(4)
@pytest.mark.parametrize("first", range(4))
def test_a_changed_cell_is_found(first: int, tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    places = [(e["sheet"], e["letters"], e["row"]) for e in lines_in(files, "evidence/cells.csv")]
    for place in places[first::4]:

        def change(line: Line, place: tuple[str, str, str] = place) -> Line:
            here = (line["sheet"], line["letters"], line["row"]) == place
            return line | ({"text": "2027-01-01"} if here else {})

        assert differences(changed(files, "evidence/cells.csv", change), tmp_path), place


def test_a_record_that_is_left_out_is_found(tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    without = changed(
        files,
        "evidence/cells.csv",
        lambda line: None if (line["sheet"], line["row"]) == ("Checks", "3") else line,
    )
    found = differences(without, tmp_path)
    assert any("the file contains 'text c2'" in each for each in found)
    assert any("it is shown, and there is no record" in each for each in found)


def test_a_cell_that_a_word_calls_blank_is_shown_as_blank(tmp_path: Path) -> None:
    people, checks = MAPPING
    words = {"words": {"kind": {"shown": "blank"}}}
    blank = [people, checks | {"gives": [checks["gives"][0] | words]}]
    files = pack_of(tmp_path, workbook(), blank)
    told = "the assessment shows 'shown' as 'kind', and no record has that."
    assert f"office.xlsx!Checks!D3: {told}" in differences(files, tmp_path)


def test_a_row_that_is_called_struck_through_is_found(tmp_path: Path) -> None:
    left_out = [table | {"struck through rows": "left out"} for table in MAPPING]
    honest = pack_of(tmp_path, workbook(), left_out)
    assert differences(honest, tmp_path) == []
    forged = changed(honest, "evidence/sheets.csv", lambda line: line | {"struck": "3"})
    words = "other rows are struck through than sheets.csv says."
    assert f"office.xlsx!Checks: {words}" in differences(forged, tmp_path)


def test_a_line_that_should_be_mapped_is_found(tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    other = changed(files, "evidence/cells.csv", lambda line: line | {"line": "above"})
    words = "the mapping reads it, and it was read otherwise."
    assert f"office.xlsx!Checks: {words}" in differences(other, tmp_path)
    unmapped = told_by(files, MAPPING[1:])
    assert "office.xlsx!People: it was read or left out wrongly." in differences(unmapped, tmp_path)


def test_a_cell_that_is_shown_of_no_record_is_found(tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    told = json.loads(files["assessment.json"])
    for sheet in told["sheets"].values():
        for row in sheet["rows"].values():
            for letters in row.get("cells", ()):
                before, row["cells"][letters] = row["cells"][letters], "another"
                forged = sealed(files | {"assessment.json": json.dumps(told).encode()})
                found = differences(forged, tmp_path)
                assert any("the assessment shows 'another' as" in each for each in found)
                row["cells"][letters] = before


def test_two_sheets_of_one_name_and_a_missing_heading_are_unreadable(tmp_path: Path) -> None:
    """Their registers are there and cannot be read, as those of other sheets."""
    rows: Rows = [["ref", "person", "done", "kind"], DESK, SHOWN, COUNCIL]
    files = pack_of(tmp_path, workbook(checks=rows))
    pack = recheck.Pack(dict(files))
    cells = pack.read_csv("evidence/cells.csv")
    sheets = recheck.read_sheets(pack, cells)
    assert {sheet.register: sheet.why_not_read for sheet in sheets} == {
        "people": "", "checks": "headings",
    }  # fmt: skip
    twice = files["evidence/sheets.csv"] + b"office.xlsx,people,,mapped,,\r\n"
    pack = recheck.Pack(files | {"evidence/sheets.csv": twice})
    sheets = recheck.read_sheets(pack, pack.read_csv("evidence/cells.csv"))
    assert [e.why_not_read for e in sheets if e.register == "people"] == ["same name"] * 2


def test_a_cell_that_should_decide_and_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    people, checks = MAPPING
    only = {"only rows where": {"kind": ["desk", "shown", "council"]}}
    mapping = [people, checks | {"gives": [checks["gives"][0] | only]}]
    files = pack_of(tmp_path, workbook(), mapping)
    faulty = changed(
        files,
        "evidence/cells.csv",
        lambda line: line | ({"kind": "error"} if line["text"] == "shown" else {}),
    )
    place = "office.xlsx!Checks!D3"
    words = "it cannot be read, and the assessment does not report it."
    assert f"{place}: {words}" in differences(faulty, tmp_path)


def test_a_sheet_that_is_not_evidence_gives_nothing(tmp_path: Path) -> None:
    none = [*MAPPING, {"file": "*", "sheet": "Notes", "gives": []}]
    files = pack_of(tmp_path, workbook(), none)
    lines = files["evidence/sheets.csv"] + b"office.xlsx,Notes,,mapped,,\r\n"
    pack = recheck.Pack(files | {"evidence/sheets.csv": lines})
    sheets = recheck.read_sheets(pack, pack.read_csv("evidence/cells.csv"))
    assert [sheet.register for sheet in sheets] == ["people", "checks", ""]
    assert pack.differences == []


def test_equal_records_of_two_tables_are_one(tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook(), [*MAPPING, *MAPPING])
    assert differences(files, tmp_path) == []


@pytest.mark.parametrize("beside", [True, False], ids=["beside", "missing"])
def test_the_second_file_must_be_beside_the_first(beside: bool, tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    out, folder = tmp_path / "out", Path(recheck.__file__).parent
    out.mkdir()
    (out / "pack.zip").write_bytes(packing.archive(files))
    for name in ("recheck.py", "recheck_mapping.py")[: 1 + beside]:
        shutil.copy(folder / name, out)
    before = sorted(out.iterdir())
    done = ended([sys.executable, "recheck.py"], out)
    assert done.code == (0 if beside else 2), done.out + done.err
    missing = "Not checkable. The pack has a mapping. Put recheck_mapping.py beside recheck.py."
    assert (missing in done.out) != beside
    assert sorted(out.iterdir()) == before


def test_the_second_file_needs_only_python() -> None:
    source = Path(mapped.__file__).read_text(encoding="utf-8")
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", source, re.MULTILINE))
    assert imported - {"openpyxl", "__future__"} <= sys.stdlib_module_names


def test_a_row_is_struck_through_if_all_its_texts_and_dates_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "A"
    line, struck = Font(strike=True), InlineFont(strike=True)
    half = CellRichText(TextBlock(struck, "a"), TextBlock(InlineFont(b=True), "b"))
    rows: Sequence[tuple[bool, Sequence[tuple[object, Font | None]]]] = [
        (True, [("a", line), (day(4, 1), line), (7, None)]),
        (False, [("a", line), ("b", None)]),
        (True, [(7, line), (8, line)]),
        (False, [(7, line), (8, None)]),
        (True, [(CellRichText(TextBlock(struck, "a")), None)]),
        (False, [(half, None)]),
    ]
    for n, (_, cells) in enumerate(rows, 1):
        for k, (given, font) in enumerate(cells, 1):
            page.cell(n, k).value = given  # type: ignore[assignment]
            page.cell(n, k).font = font or Font()
    path = tmp_path / "a.xlsx"
    book.save(path)
    for told, lines in (
        (
            {"struck through rows": "left out"},
            {n for n, (right, _) in enumerate(rows, 1) if right},
        ),
        ({"struck through rows": "counted"}, {9}),
    ):
        table = mapped.MappedTable(told, "A", {}, {9}, {}, lambda _: None, lambda _: ())
        assert mapped.struck_rows(path.read_bytes(), "a.xlsx", table) == lines
