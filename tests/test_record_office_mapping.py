"""The mapping in office.yaml: written and read back, and everything that is wrong in one."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.mapping.model import (
    NOT_KEPT,
    BandCell,
    CellPart,
    Constant,
    FixedCell,
    Joined,
    PartOfCell,
    RegisterMapping,
    SheetMapping,
    UnheadedColumn,
    Wide,
    WideCell,
)
from evidence.visible import first_hidden
from record.office.mapping_checks import mapping_problems
from record.office.office_file import (
    NAME,
    OfficeFile,
    office_file_text,
    place_of_mapping,
    read_office_file,
    with_keys,
)
from rules.problem import describe
from tests.support.offices import OFFICES
from tests.support.own_book import own_book

MAPPED = """\
version: 1
evidence: ["*.xlsx"]
mapping:
  - file: Training matrix.xlsx
    sheet: Matrix
    headings: 5
    ends at: "% done"
    bands: yes
    struck through rows: left out
    gives:
      - register: training
        only rows where: {"Prevent?": ["Y", Yes please]}
        wide: {columns: [Awareness, Refresher]}
        columns:
          ref: not kept
          person: Payroll no
          course: {wide: heading}
          source: {always: gov.uk}
          completed on: {from: {wide: cell}, part: day}
          passed: {always: yes}
        words:
          course: {Awareness: awareness, Refresher: refresher}
          completed on: {N/A: not done, Booked …: not done}
"""


def read(folder: Path, text: str) -> OfficeFile:
    """office.yaml with that text, read."""
    (folder / NAME).write_text(text, encoding="utf-8")
    file = read_office_file(folder / NAME)
    assert isinstance(file, OfficeFile), file
    return file


def problems(folder: Path, text: str) -> list[str]:
    """Everything that is wrong in the office.yaml with that text."""
    (folder / NAME).write_text(text, encoding="utf-8")
    file = read_office_file(folder / NAME)
    if isinstance(file, tuple):
        return [describe(problem) for problem in file]
    place = place_of_mapping(folder / NAME)
    found = mapping_problems(file.mapping, own_book().registers, place)
    return [describe(problem) for problem in found]


# Written and read back ----------------------------------------------------------------------------


def test_a_mapping_is_written_as_the_page_shows_it(tmp_path: Path) -> None:
    written = office_file_text(read(tmp_path, MAPPED))
    assert written.endswith(
        MAPPED.partition("mapping:")[2].replace('["Y", Yes please]', "[Y, Yes please]")
    )


def test_a_person_keeps_her_notes_where_a_mapping_is_written(tmp_path: Path) -> None:
    text = f"# Ours\n{MAPPED}# After\nrecords begin: 2026-01-01  # new\n"
    file = read(tmp_path, text)
    changed = with_keys(text, file, ["mapping"])
    assert changed.startswith('# Ours\nversion: 1\nevidence: ["*.xlsx"]\nrecords begin: 2026-01-01')
    assert read(tmp_path, changed) == file
    assert with_keys(changed, file, ["mapping"]) == changed
    nothing = OfficeFile(version=1)
    assert with_keys("version: 1\n", nothing, ["mapping"]) == "version: 1\n"
    noted = office_file_text(nothing)
    assert "# evidence: " in noted
    assert "# evidence: " not in with_keys(noted, file, ["evidence", "mapping"])


def test_a_file_that_is_laid_out_otherwise_is_written_anew(tmp_path: Path) -> None:
    text = "version: 1\nevidence: [a.xlsx,\nb.xlsx]\n"
    file = read(tmp_path, text)
    more = file.model_copy(update={"evidence": (*file.evidence, "c.xlsx")})
    assert with_keys(text, more, ["evidence"]) == office_file_text(more)


#: Texts of cells: what cannot be seen is taken out of headings, and refused in office.yaml.
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
    lambda text: text.strip() and first_hidden(text) is None
) | st.sampled_from(
    ["yes", "2025", "1.5", "null", "- a", "a: b", "a #b", "?", "[a", "{b", "é" * 700]
)
CELLS = (
    TEXTS
    | st.builds(FixedCell, cell=TEXTS)
    | st.builds(BandCell, band=st.just(value=True))
    | st.builds(WideCell, wide=st.sampled_from(["cell", "heading"]))
    | st.builds(UnheadedColumn, column=TEXTS | st.integers(1, 99))
)
JOINED = st.builds(Joined, join=st.lists(CELLS, min_size=1, max_size=3).map(tuple))
SOURCES = (
    CELLS
    | JOINED
    | st.just(NOT_KEPT)
    | st.builds(Constant, always=TEXTS | st.booleans() | st.integers(0, 10**8))
    | st.builds(PartOfCell, from_=CELLS | JOINED, part=st.sampled_from(get_args(CellPart)))
)
HEADINGS = st.lists(TEXTS, max_size=3).map(tuple)
GIVES = st.builds(
    RegisterMapping,
    register=TEXTS,  # the name in the signature of the model
    only_rows_where=st.dictionaries(TEXTS, HEADINGS, max_size=2),
    except_rows_where=st.dictionaries(TEXTS, HEADINGS, max_size=2),
    wide=st.none() | st.builds(Wide, columns=HEADINGS, after=st.none() | TEXTS),
    columns=st.dictionaries(TEXTS, SOURCES, max_size=4),
    words=st.dictionaries(
        TEXTS, st.dictionaries(TEXTS, TEXTS | st.booleans(), max_size=4), max_size=2
    ),
)
ROWS = st.integers(1, 999) | TEXTS
SHEETS = st.builds(
    SheetMapping,
    file=TEXTS,
    sheet=st.none() | TEXTS,
    only_columns=st.none() | TEXTS,
    records=st.sampled_from(["down", "across"]),
    headings=st.none() | ROWS | st.lists(ROWS, max_size=2).map(tuple),
    ends_at=st.none() | TEXTS,
    bands=st.booleans(),
    struck_through_rows=st.sampled_from([None, "left out", "counted"]),
    gives=st.lists(GIVES, max_size=2).map(tuple),
)


@given(st.lists(SHEETS, max_size=2).map(tuple))
def test_every_mapping_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, mapping: tuple[SheetMapping, ...]
) -> None:
    file = OfficeFile(version=1, mapping=mapping)
    folder = tmp_path_factory.getbasetemp()
    assert read(folder, office_file_text(file)) == file
    assert read(folder, with_keys("version: 1\n", file, ["mapping"])) == file


@pytest.mark.parametrize("folder", sorted(OFFICES.iterdir()), ids=lambda path: path.name)
def test_the_mappings_of_the_offices_are_right_and_read_back(folder: Path, tmp_path: Path) -> None:
    text = (folder / NAME).read_text(encoding="utf-8")
    assert problems(tmp_path, text) == []
    file = read(tmp_path, text)
    assert read(tmp_path, office_file_text(file)) == file


# What is wrong ------------------------------------------------------------------------------------

FORMS = (
    "Write a heading, not kept, {always: yes}, {wide: cell}, {wide: heading}, {band: yes},"
    " {cell: B2}, {column: A}, {from: …, part: …}, {from: …, matched by: …} or {join: […, …]}."
)
AT = "office.yaml, line"
ITEM = "mapping 1 > gives 1"
#: What becomes what in MAPPED, and the message.
WRONG: dict[str, tuple[str, str, str]] = {
    "a register that is unknown": (
        "register: training",
        "register: trainin",
        f"{AT} 11 ({ITEM} > register): There is no register 'trainin'. Write 'training' if that is"
        " what you mean.",
    ),
    "a column that is unknown": (
        "person: Payroll no",
        "person: Payroll no\n          persn: Name",
        f"{AT} 17 ({ITEM} > columns > persn): The register 'training' has no column 'persn'."
        " Write 'person' if that is what you mean.",
    ),
    "a column that is given twice": (
        "person: Payroll no",
        "person: Payroll no\n          person: Name",
        f"{AT} 17 ({ITEM} > columns): The key 'person' appears twice, on lines 16 and 17. Keep one"
        " of them. See also office.yaml, line 16.",
    ),
    "a part that is unknown": (
        "part: day",
        "part: dya",
        f"{AT} 19 ({ITEM} > columns > completed on > part): 'part' cannot be 'dya'. Write 'day' if"
        " that is what you mean.",
    ),
    "a source without a form": (
        "{always: yes}",
        "{alway: yes}",
        f"{AT} 20 ({ITEM} > columns > passed): 'passed' cannot be keys of its own. {FORMS}",
    ),
    "a part of a constant": (
        "{from: {wide: cell}, part: day}",
        "{from: {always: yes}, part: day}",
        f"{AT} 19 ({ITEM} > columns > completed on > from): 'from' cannot be keys of its own. Write"
        " a heading, {wide: cell}, {wide: heading}, {band: yes}, {cell: B2}, {column: A} or"
        " {join: […, …]}.",
    ),
    "a required column that is left out": (
        "          person: Payroll no\n",
        "",
        f"{AT} 14 ({ITEM} > columns): The required column 'person' of 'training' is missing. Add a"
        " line 'person: ' with its heading, or 'person: not kept'.",
    ),
    "a reference that is left out": (
        "          ref: not kept\n",
        "",
        f"{AT} 14 ({ITEM} > columns): The reference 'ref' of 'training' is missing. Add a line"
        " 'ref: ' with its heading, or 'ref: not kept'.",
    ),
    "a column that undoes and is left out": (
        "          passed: {always: yes}\n",
        "",
        f"{AT} 14 ({ITEM} > columns): 'passed' can say that a record no longer counts, and is"
        " missing. Write its heading or, if the office does not have it, 'passed: {always:"
        " blank}'.",
    ),
    "a column that undoes and is not kept": (
        "passed: {always: yes}",
        "passed: not kept",
        f"{AT} 20 ({ITEM} > columns > passed): 'passed' can say that a record no longer counts, and"
        " is 'not kept'. Write its heading or, if the office does not have it, 'passed: {always:"
        " blank}'.",
    ),
    "wide cells without wide": (
        "        wide: {columns: [Awareness, Refresher]}\n",
        "",
        f"{AT} 16 ({ITEM} > columns > course): 'course' comes from a wide column, and 'wide' is"
        " missing. Add a line 'wide: {columns: [...]}' with their headings above 'columns'.\n"
        f"{AT} 18 ({ITEM} > columns > completed on): 'completed on' comes from a wide column, and"
        " 'wide' is missing. Add a line 'wide: {columns: [...]}' with their headings above"
        " 'columns'.",
    ),
    "wide without wide cells": (
        "{from: {wide: cell}, part: day}",
        "Date",
        f"{AT} 13 ({ITEM} > wide): No column comes from the cells of the wide columns. Write"
        " {wide: cell} for the column that they fill, or delete 'wide'.",
    ),
    "wide columns twice": (
        "[Awareness, Refresher]",
        "[Awareness, awareness]",
        f"{AT} 13 ({ITEM} > wide): The wide column 'awareness' is named twice. Keep one of them.",
    ),
    "wide without a name": (
        "{columns: [Awareness, Refresher]}",
        "{columns: []}",
        f"{AT} 13 ({ITEM} > wide): 'wide' names no column. Write 'columns: ' with headings, or"
        " 'after: ' with one.",
    ),
    "wide by columns and by a heading": (
        "{columns: [Awareness, Refresher]}",
        "{columns: [Awareness, Refresher], after: Name}",
        f"{AT} 13 ({ITEM} > wide): 'wide' has both 'columns' and 'after'. Keep one of them.",
    ),
    "a band without bands": (
        "    bands: yes\n",
        "    bands: no\n",
        f"{AT} 17 ({ITEM} > columns > role): 'role' comes from a band, and the table has no 'bands:"
        " yes'. Add a line 'bands: yes' above 'gives'.",
    ),
    "a meaning that the column does not take": (
        "Awareness: awareness",
        "Awareness: awarness",
        f"{AT} 22 ({ITEM} > words > course > Awareness): In 'course', the word 'Awareness' cannot"
        " mean 'awarness'. Write 'awareness' if that is what you mean.",
    ),
    "a meaning that is no date": (
        "N/A: not done",
        "N/A: never",
        f"{AT} 23 ({ITEM} > words > completed on > N/A): In 'completed on', the word 'N/A' cannot"
        " mean 'never'. Write the date, such as 25/04/2026, or blank or not done.",
    ),
    "a meaning that is a number": (
        "Awareness: awareness",
        "Awareness: 1",
        f"{AT} 22 ({ITEM} > words > course > Awareness): 'Awareness' cannot be '1'. Write it in"
        ' quotes: "1".',
    ),
    "a meaning that is a list": (
        "Awareness: awareness",
        "Awareness: [awareness, referral]",
        f"{AT} 22 ({ITEM} > words > course > Awareness): 'Awareness' cannot be a list. Write one"
        " word.",
    ),
    "a word with … inside": (
        "Booked …: not done",
        "Booked … soon: not done",
        f"{AT} 23 ({ITEM} > words > completed on > Booked … soon): The word 'Booked … soon' has '…'"
        " in the middle. Write '…' only at its beginning or end.",
    ),
    "a word with two meanings": (
        "N/A: not done",
        "N/A: not done, n/a: blank",
        f"{AT} 23 ({ITEM} > words > completed on > n/a): 'n/a' and 'N/A' count as the same word,"
        " with two meanings. Delete one of them. See also office.yaml, line 23.",
    ),
    "words for a column that is not mapped": (
        "          completed on: {N/A",
        "          role: {HR: x}\n          completed on: {N/A",
        f"{AT} 23 ({ITEM} > words > role): 'role' has words, but no cells in which they could be."
        " Add a line 'role: ' with its heading under 'columns', or delete these words.",
    ),
    "words for a column that is unknown": (
        "          completed on: {N/A",
        "          completd on: {N/A",
        f"{AT} 23 ({ITEM} > words > completd on): The register 'training' has no column 'completd"
        " on'. Write 'completed on' if that is what you mean.",
    ),
    "a constant that the column does not take": (
        "{always: gov.uk}",
        "{always: home}",
        f"{AT} 18 ({ITEM} > columns > source): 'source' cannot always be 'home'. Write one of:"
        " Prevent Officer, Warwickshire Police, blank, gov.uk, in-house, other source.",
    ),
    "a constant that is a date": (
        "{always: gov.uk}",
        "{always: 2026-04-01}",
        f"{AT} 18 ({ITEM} > columns > source > always): 'always' cannot be '2026-04-01'. Write it"
        ' in quotes: "2026-04-01".',
    ),
    "a cell that is none": (
        "person: Payroll no",
        "person: {cell: 2B}",
        f"{AT} 16 ({ITEM} > columns > person): 'cell' cannot be '2B'. Write a column and a row,"
        " such as B2.",
    ),
    "a column without a heading that is none": (
        "person: Payroll no",
        "person: {column: 4}",
        f"{AT} 16 ({ITEM} > columns > person): 'column' cannot be '4'. Write a column, such as A.",
    ),
    "nothing to join": (
        "person: Payroll no",
        "person: {join: []}",
        f"{AT} 16 ({ITEM} > columns > person): 'join' is empty. Write headings in it, such as"
        " [Body, Date].",
    ),
    "only columns that are none": (
        "    headings: 5",
        "    only columns: A-F\n    headings: 5",
        f"{AT} 6 (mapping 1 > only columns): 'only columns' cannot be 'A-F'. Write the first and"
        " the last column, such as A:F.",
    ),
    "only rows that are none": (
        "    headings: 5",
        "    only columns: A:F\n    records: across\n    headings: A",
        f"{AT} 6 (mapping 1 > only columns): 'only columns' cannot be 'A:F'. Write the first and"
        ' the last row, such as "3:9".',
    ),
    "headings that are none": (
        "headings: 5",
        "headings: [4, 5, 6]",
        f"{AT} 6 (mapping 1 > headings): 'headings' cannot be '[4, 5, 6]'. Write the row, such as"
        " 5, or two rows, such as [4, 5].",
    ),
    "headings that are a word": (
        "headings: 5",
        "headings: yes",
        f"{AT} 6 (mapping 1 > headings): 'headings' cannot be 'yes'. Write the row, such as 5, or"
        " two rows, such as [4, 5].",
    ),
    "headings in a row where records are across": (
        "headings: 5",
        "headings: 5\n    records: across",
        f"{AT} 6 (mapping 1 > headings): 'headings' cannot be '5'. Write the column, such as B, or"
        " two columns, such as [A, B].",
    ),
    "a workbook without a sheet": (
        "    sheet: Matrix\n",
        "",
        f"{AT} 4 (mapping 1): The sheet of 'Training matrix.xlsx' is not named. Add a line 'sheet:"
        " ' with the name of the sheet.",
    ),
    "rows that count, without a word": (
        '["Y", Yes please]',
        "[]",
        f"{AT} 12 ({ITEM} > only rows where > Prevent?): 'only rows where' has no word for"
        " 'Prevent?'. Write one in brackets, such as [yes].",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_mapping_is_said_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, says = WRONG[name]
    text = MAPPED.replace("Payroll no\n", "Payroll no\n          role: {band: yes}\n")
    text = text if name == "a band without bands" else MAPPED
    assert old in text
    assert problems(tmp_path, text.replace(old, new, 1)) == says.split("\n")


def test_the_same_columns_may_give_a_register_once(tmp_path: Path) -> None:
    part = MAPPED.partition("mapping:\n")[2].replace("N/A: not done", "Left: not done")
    assert problems(tmp_path, MAPPED + part) == [
        f"{AT} 31 (mapping 2 > gives 1): The same columns of this table give 'training' twice."
        " Delete one of the two. See also office.yaml, line 11."
    ]
    assert problems(tmp_path, MAPPED + part.replace("Payroll no", "Name")) == []


def test_a_sheet_may_be_no_evidence(tmp_path: Path) -> None:
    text = "version: 1\nmapping:\n  - {file: Budget.xlsx, gives: []}\n"
    assert problems(tmp_path, text) == []
    assert read(tmp_path, office_file_text(read(tmp_path, text))) == read(tmp_path, text)


def test_a_column_that_the_program_fills_is_not_given(tmp_path: Path) -> None:
    register, name = next(
        (register.id, spec.name)
        for register in own_book().registers.values()
        for spec in register.columns
        if spec.looks_in
    )
    text = (
        f"version: 1\nmapping:\n  - file: a.csv\n    gives:\n      - register: {register}\n"
        f"        columns: {{{name}: Ours}}\n"
    )
    assert (
        f"{AT} 6 ({ITEM} > columns > {name}): The program fills the column '{name}' itself, from"
        " another sheet. Delete this line."
    ) in problems(tmp_path, text)
