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
from tests.support.expected import case_table
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

AT = "office.yaml, line"
ITEM = "mapping 1 > gives 1"
#: What becomes what in MAPPED, and the message.
WRONG: dict[str, tuple[str, str, str]] = case_table("mapping_faults")


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


def test_a_word_does_not_leave_out_a_row_that_something_is_still_to_be_done_about(
    tmp_path: Path,
) -> None:
    text = """version: 1
mapping:
  - file: Actions.csv
    gives:
      - register: actions
        columns:
          ref: Num
          owner organisation: Owner
          agreed on: Agreed
          due: By
          completed on: Done
          cancelled: {always: no}
        words:
          agreed on: {TBC: not done}
          completed on: {Ongoing: blank}
"""
    assert problems(tmp_path, text) == []
    for old, new, name in (
        ("Ongoing: blank", "Ongoing: not done", "completed on"),
        ("agreed on: {TBC", "due: {TBC", "due"),
    ):
        (said,) = problems(tmp_path, text.replace(old, new))
        assert said.endswith(
            f"In '{name}', 'not done' would leave out the whole row, although only this was not"
            " done. Write blank. To leave out rows, use 'except rows where'."
        )


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
