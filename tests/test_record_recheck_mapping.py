"""What the verifier makes of an office's own sheets: each sentence of docs/mapping.md, the offices
whose right records a person wrote down, and packs that claim something else."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
import yaml
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.cell_range import CellRange

from record.pack import pack as packing
from record.recheck import recheck
from record.recheck import recheck_mapping as mapped
from rules.load import OWN_BOOK
from tests.support.desk_office import COUNCIL, DESK, HEADINGS, SHOWN, Rows, day, workbook
from tests.support.needs import ROOT
from tests.support.verifier import (
    book_in,
    packed,
    packed_book,
    rechecked_files,
    sealed,
)

Json = recheck.Json
Line = dict[str, str]
Files = dict[str, bytes]
Cell = str | int | bool | datetime.date
Grid = Sequence[Sequence[Cell]]
#: The records of a register: the texts of each, by column.
Texts = list[dict[str, str]]


def day_of(text: str) -> datetime.date | None:
    """The day that a text names, as in any other sheet."""
    return recheck.text_day(text)[0]


# Sheets of a few cells ----------------------------------------------------------------------------


def cells_of(rows: Grid, merged: Sequence[str] = ()) -> list[Line]:
    """The lines of cells.csv for a sheet of these rows from A1 on; '' leaves a cell out, #REF! is
    an error, and = a formula without its result."""
    kinds = {"#REF!": "error", "=": "formula"}
    texts: dict[tuple[int, int], tuple[str, str]] = {}
    for n, row in enumerate(rows, 1):
        for k, cell in enumerate(row, 1):
            kind, text = ("text", cell) if isinstance(cell, str) else recheck.kind_and_text(cell)
            if isinstance(cell, datetime.date):
                kind, text = "day", cell.isoformat()
            if text:
                texts[n, k] = kinds.get(text, kind), text.strip("=")
    anchors = dict.fromkeys(texts, "")
    for area in merged:
        first, *others = [(n, k) for row in CellRange(area).rows for n, k in row]
        anchors |= dict.fromkeys(others, mapped.address(*first, across=False))
        texts |= dict.fromkeys(others, texts[first])
    return [
        {
            "row": str(n),
            "letters": recheck.letters_of(k - 1),
            "text": text,
            "kind": kind,
            "merged with": anchors[n, k],
        }
        for (n, k), (kind, text) in sorted(texts.items())
    ]


def reading(
    rows: Grid,
    gives: Json,
    *,
    merged: Sequence[str] = (),
    struck: Sequence[str] = (),
    **table: object,
) -> mapped.RecordsRead | None:
    """What a table of a sheet gives of a register, whose column 'topics' takes several words."""
    one: Json = {"file": "a.xlsx", "sheet": "A", "gives": [gives]}
    one |= {name.replace("_", " "): value for name, value in table.items()}
    kinds = {name: {"type": "codes" if name == "topics" else "text"} for name in gives["columns"]}
    made = mapped.table_of(one, "A", cells_of(rows, merged), struck, day_of)
    return mapped.records_of(made, gives, {"columns": kinds})


def texts(rows: Grid, gives: Json, **table: object) -> Texts:
    """The texts of its records, as they are read."""
    found = reading(rows, gives, **table)  # type: ignore[arg-type]
    assert found is not None
    return [{name: value.text for name, value in each.values.items()} for each in found.records]


def of(column: str, found: Texts) -> list[str]:
    """The texts of one column."""
    return [each[column] for each in found]


def gives(columns: Json | None = None, **more: object) -> Json:
    """A register that a table gives: of each line the person, unless other columns are given."""
    more = {name.replace("_", " "): value for name, value in more.items()}
    return {"register": "training", "columns": columns or {"person": "Who"}} | more


def one_cell(
    cell: Cell, source: object = "X", words: Json | None = None
) -> mapped.RecordValue | None:
    """The value of a column whose only cell is this one; None if the line is no record."""
    found = reading([["X", "Y"], [cell, "y"]], gives({"a": source}, words={"a": words or {}}))
    assert found is not None
    return found.records[0].values["a"] if found.records else None


def value(cell: Cell, source: object = "X", words: Json | None = None) -> tuple[str, str]:
    """Its text and its kind, as they are read."""
    found = one_cell(cell, source, words)
    assert found is not None
    return found.text, found.kind


WHO: Grid = [["Title"], ["Who", "What"], ["p1", "a"], ["p2", "b"]]


# A table of a sheet -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "file", "reads"),
    [
        ("a.xlsx", "a.xlsx", True),
        ("A.xlsx", "a.XLSX", True),
        ("a.xlsx", "b.xlsx", False),
        ("a.xlsx", "aa.xlsx", False),
        ("a*.xlsx", "a 2026.xlsx", True),
        ("*2026*.xlsx", "a 2026 final.xlsx", True),
        ("*aa*aa.xlsx", "aaa.xlsx", False),
        ("old/a.xlsx", "old/a.xlsx", True),
        ("old/a.xlsx", "new/a.xlsx", False),
        ("a.xlsx", "old/a.xlsx", True),
        ("[a].xlsx", "a.xlsx", False),
    ],
)
def test_a_file_is_named_with_any_text_for_a_star(pattern: str, file: str, reads: bool) -> None:
    tables = [{"file": pattern, "sheet": "A", "gives": []}]
    assert bool(mapped.mapped_tables(tables, file, "A")) == reads


def test_a_sheet_has_its_name_and_a_csv_file_needs_none() -> None:
    tables = [{"file": "a.*", "sheet": "Staff - list", "gives": []}, {"file": "a.*", "gives": []}]
    assert mapped.mapped_tables(tables, "a.xlsx", "staff list") == tables[:1]
    assert mapped.mapped_tables(tables, "a.xlsx", "a") == []
    assert mapped.mapped_tables(tables, "a.csv", "a") == tables[1:]


def test_a_table_has_only_its_columns() -> None:
    rows = [["Who", "", "Who"], ["p1", "", "q1"], ["", "", "q2"]]
    assert reading(rows, gives()) is None
    assert of("person", texts(rows, gives(), only_columns="A:B")) == ["p1"]
    assert of("person", texts(rows, gives(), only_columns="c : d")) == ["q1", "q2"]


def test_records_may_be_across() -> None:
    rows: Grid = [
        ["Title"],
        ["Who", "p1", "", "p2"],
        ["Day", day(4, 1), "", day(4, 2)],
        ["Other", "x"],
    ]
    told = gives({"person": "Who", "on": "Day", "title": {"cell": "A1"}})
    found = reading(rows, told, records="across", headings="A", only_columns="2:3")
    assert found is not None
    assert [each.line for each in found.records] == [2, 4]
    assert [each.values["on"].cell for each in found.records] == ["B3", "D3"]
    assert {each.values["title"].text for each in found.records} == {"Title"}
    without = reading(rows, told, records="across", only_columns="2:3")
    assert without == found


def test_headings_are_in_the_first_row_that_has_most_of_them() -> None:
    both = gives({"person": "Who", "what": "What"})
    rows = [["Who"], ["Who", "What"], ["p1", "a"], ["Who", "What", "x"]]
    assert of("person", texts(rows, both)) == ["p1"]
    assert of("person", texts([*[["x"]] * 29, *WHO[1:]], gives())) == ["p1", "p2"]
    assert reading([*[["x"]] * 30, *WHO[1:]], gives()) is None
    assert of("person", texts(WHO, gives(), headings=2)) == ["p1", "p2"]
    assert reading(WHO, gives(), headings=1) is None


def test_records_end_at_a_blank_line_or_a_text() -> None:
    rows = [["Who"], [], ["p1"], [], ["p2"], ["% done (all)"], ["p3"]]
    assert of("person", texts(rows, gives())) == ["p1", "p2", "% done (all)", "p3"]
    assert of("person", texts(rows, gives(), ends_at="blank line")) == ["p1"]
    assert of("person", texts(rows, gives(), ends_at="% DONE")) == ["p1", "p2"]
    beside = [["Who", "What"], ["p1", "% done"], ["", "% done"]]
    assert of("person", texts(beside, gives(), ends_at="% done")) == ["p1"]


def test_a_band_is_a_line_with_one_filled_cell() -> None:
    rows = [
        ["Who", "What", "On"],
        ["p1", "a"],
        ["NORTH"],
        ["p2", "a"],
        ["SOUTH", "", ""],
        ["p3", "b"],
    ]
    told = gives({"person": "Who", "place": {"band": True}})
    merged = ["A5:C5"]
    found = reading(rows, told, merged=merged, bands=True)
    assert found is not None
    values = [each.values for each in found.records]
    assert [each["person"].text for each in values] == ["p1", "p2", "p3"]
    assert [each["place"].text for each in values] == ["", "NORTH", "SOUTH"]
    assert [each["place"].cell for each in values] == ["", "A3", "A5"]
    assert len(texts(rows, gives(), merged=merged)) == 5


def test_rows_that_are_struck_through_are_left_out_or_counted() -> None:
    told = {"struck": ("3", "9")}
    assert of("person", texts(WHO, gives(), **told, struck_through_rows="left out")) == ["p2"]
    assert of("person", texts(WHO, gives(), **told, struck_through_rows="counted")) == ["p1", "p2"]
    across = [["Who", "p1", "p2"], ["What", "a", "b"]]
    left_out = {"records": "across", "struck_through_rows": "left out"}
    assert of("person", texts(across, gives(), struck=("2", "3"), **left_out)) == ["p1", "p2"]


def test_two_rows_of_headings_are_one() -> None:
    rows = [
        ["Staff", "", "Awareness", "", "Note", "On"],
        ["P/No", "Name", "Date", "By", "", "On"],
        ["p1", "One", "1/4/26", "x", "n", "m"],
    ]
    columns = {
        "person": "Staff / P/No", "name": "STAFF /  Name:", "on": "Awareness / Date",
        "by": "Awareness / By", "note": "Note", "same": "On",
    }  # fmt: skip
    told = gives(columns)
    found = texts(rows, told, headings=[1, 2], merged=["A1:B1", "C1:D1"])
    assert list(found[0].values()) == ["p1", "One", "1/4/26", "x", "n", "m"]


def test_a_heading_may_be_a_date() -> None:
    rows: Grid = [["Who", day(4, 20), "20/05/2026"], ["p1", "x", "y"]]
    told = gives({"a": "20/04/2026", "b": "20/05/2026"})
    assert texts(rows, told) == [{"a": "x", "b": "y"}]


@pytest.mark.parametrize("name", ["WHO", " Who ", "Who?", "who:"])
def test_small_differences_of_a_heading_make_none(name: str) -> None:
    assert of("person", texts([[name, "x"], ["p1"]], gives())) == ["p1"]
    hyphen = gives({"person": "re-agreed to"})
    assert of("person", texts([["Re agreed_to *"], ["p1"]], hyphen)) == ["p1"]


def test_a_heading_must_be_there_once() -> None:
    assert reading([["Who", "Who"], ["p1", "p2"]], gives(), headings=1) is None
    assert reading([["Whom"], ["p1"]], gives(), headings=1) is None
    for more in (
        {"only rows where": {"Kind": ["x"]}},
        {"except rows where": {"Kind": ["x"]}},
        {"wide": {"columns": ["Kind"]}},
        {"wide": {"after": "Kind"}},
    ):
        assert reading([["Who"], ["p1"]], gives() | more, headings=1) is None
    joined = gives({"a": {"join": ["Who", {"from": "Kind", "part": "day"}]}})
    assert reading([["Who"], ["p1"]], joined, headings=1) is None


def test_a_column_without_a_heading_has_none_and_after_has_a_column() -> None:
    told = gives({"person": {"column": "A"}, "what": "What"})
    assert texts([["", "What"], ["p1", "x"]], told) == [{"person": "p1", "what": "x"}]
    assert reading([["Who", "What"], ["p1", "x"]], told) is None
    across = gives({"person": {"column": 1}, "what": "What"})
    found = texts([["", "p1"], ["What", "x"]], across, records="across")
    assert found == [{"person": "p1", "what": "x"}]
    wide = gives(wide={"after": "Who"})
    assert reading([["Who"], ["p1"]], wide) is None


# The records of a register ------------------------------------------------------------------------


KINDS: Grid = [
    ["Who", "Kind", "Open"],
    ["p1", "staff", "Y"],
    ["p2", "Agency temp", "Y"],
    ["p3", "", "Y"],
    ["p4", "staff", "N"],
    ["p5", "#REF!", "Y"],
    ["p6", "#REF!", "N"],
]


def test_only_rows_with_one_of_the_words_under_each_heading() -> None:
    told = gives(only_rows_where={"Kind": ["STAFF", "agency …"], "Open": "Y"})
    found = reading(KINDS, told)
    assert found is not None
    assert [each.values["person"].text for each in found.records] == ["p1", "p2"]
    assert found.faults == ["B6"]


def test_except_rows_with_one_of_the_words_under_any_heading() -> None:
    told = gives(except_rows_where={"Kind": ["agency …"], "Open": ["N"]})
    found = reading(KINDS, told)
    assert found is not None
    assert [each.values["person"].text for each in found.records] == ["p1", "p3"]
    assert found.faults == ["B6"]


WIDE: Grid = [
    ["Who", "First", "Second", "", "Note"],
    ["p1", "1/4/26", "", "stray", "n"],
    ["p2", "N/A", "2/4/26", "", ""],
    ["", "", "", "", "n"],
]
WIDE_COLUMNS: Json = {"person": "Who", "course": {"wide": "heading"}, "on": {"wide": "cell"}}


def test_each_wide_column_gives_records() -> None:
    told = gives(
        WIDE_COLUMNS, wide={"columns": ["First", "Second"]}, words={"on": {"N/A": "not done"}}
    )
    found = reading(WIDE, told)
    assert found is not None
    shown = [[(e.text, e.cell) for e in each.values.values()] for each in found.records]
    assert shown == [
        [("p1", "A2"), ("First", "B1"), ("1/4/26", "B2")],
        [("p2", "A3"), ("Second", "C1"), ("2/4/26", "C3")],
    ]


def test_after_takes_every_column_with_a_heading_that_is_not_used_otherwise() -> None:
    told = gives(WIDE_COLUMNS, wide={"after": "Who"})
    assert of("course", texts(WIDE, told)) == ["First", "First", "Second", "Note", "Note"]
    also = gives(WIDE_COLUMNS | {"note": "Note"}, wide={"after": "Who"})
    assert of("course", texts(WIDE, also)) == ["First", "First", "Second"]
    assert of("course", texts(WIDE, gives(WIDE_COLUMNS, wide={"after": "First"})))[-1] == "Note"


def test_a_value_comes_from_its_source() -> None:
    told = {
        "a": "X", "b": {"cell": "B1"}, "c": {"always": "yes"}, "d": {"always": True},
        "e": {"always": "blank"}, "f": "not kept", "g": {"band": True}, "h": {"cell": "Z9"},
    }  # fmt: skip
    found = reading([["X", "Title"], ["x"]], gives(told), headings=1)
    assert found is not None
    (record,) = found.records
    assert {name: (each.text, each.cell) for name, each in record.values.items()} == {
        "a": ("x", "A2"), "b": ("Title", "B1"), "c": ("yes", ""), "d": ("yes", ""),
        "e": ("", ""), "g": ("", ""), "h": ("", "Z9"),
    }  # fmt: skip


def test_texts_are_joined_by_spaces_and_dates_in_them_are_written_alike() -> None:
    rows: Grid = [
        ["A", "B", "C"],
        ["PSG", day(4, 20), "x"],
        ["PSG", "20/4/26", ""],
        ["", 7, "#REF!"],
    ]
    told = gives(
        {"ref": {"join": ["A", "B", "C"]}, "day": {"join": ["A", {"from": "B", "part": "day"}]}}
    )
    found = reading(rows, told)
    assert found is not None
    refs = [each.values["ref"] for each in found.records]
    assert [each.text for each in refs] == ["PSG 2026-04-20 x", "PSG 2026-04-20", "#REF!"]
    assert [each.kind for each in refs] == ["text", "text", "error"]
    assert [each.cell for each in refs] == ["A2", "A3", "A4"]
    days = [each.values["day"].text for each in found.records]
    assert days == ["PSG 2026-04-20", "PSG 2026-04-20", "7"]


DAY = "2026-04-20", "text"
TYPED = "20/4/26", "text"


@pytest.mark.parametrize(
    ("part", "cell", "result"),
    [
        ("day", "MF 20/4/26", TYPED),
        ("day", "20.04.2026", ("20.04.2026", "text")),
        ("day", "2026-04-20 ok", DAY),
        ("day", "20th April 2026, MF", ("20th April 2026", "text")),
        ("day", "on 20 Apr 26.", ("20 Apr 26", "text")),
        ("day", "April 20, 2026 (FD)", ("April 20, 2026 (FD)", "text")),
        ("day", "20\u20134\u201326 MF", ("20\u20134\u201326", "text")),
        ("day", "MF", ("MF", "text")),
        ("day", "31/4/26", ("31/4/26", "text")),
        ("day", "4/20/26", ("4/20/26", "text")),
        ("day", "20/4/26/7", ("20/4/26/7", "text")),
        ("day", "20/4/26 and 21/4/26", ("20/4/26 and 21/4/26", "text")),
        ("day", "20/4/26 (1st)", ("20/4/26 (1st)", "text")),
        ("day", "20/4", ("20/4", "text")),
        ("day", day(4, 20), ("2026-04-20", "day")),
        ("day", 46132, ("46132", "number")),
        ("day", "#REF!", ("#REF!", "error")),
        ("who", "MF 20/4/26", ("MF", "text")),
        ("who", "20/4/26", ("", "text")),
        ("who", "seen by MF (20/4/26), late", ("seen by MF late", "text")),
        ("who", "MF", ("MF", "text")),
        ("who", "MF 20/4/26 21/4/26", ("MF 20/4/26 21/4/26", "text")),
        ("who", "MF 31/4/26", ("MF 31/4/26", "text")),
        ("who", day(4, 20), ("", "text")),
        ("who", 7, ("", "text")),
        ("first day", "21/4/26, 20/4/26", TYPED),
        ("last day", "19/4/26 / 20/4/26", TYPED),
        ("first day", "20/4/26", TYPED),
        ("first day", "soon", ("soon", "text")),
        ("last day", "20/4/26 3 times", ("20/4/26 3 times", "text")),
        ("last day", day(4, 20), ("2026-04-20", "day")),
        ("last dated line", "1/4/26 asked\n20/4/26 agreed\nall fine", TYPED),
        ("last dated line", "20/4/26 asked 3 times\nagreed 21/4/26", TYPED),
        ("last dated line", "31/4/26 asked", ("31/4/26 asked", "text")),
        ("last dated line", "asked\nagreed", ("asked agreed", "text")),
        ("last dated line", "agreed 20/4/26", ("agreed 20/4/26", "text")),
        ("month first", "4/20/26", DAY),
        ("month first", "April 20 2026", DAY),
        ("month first", "2026-04-20", DAY),
        ("month first", day(4, 20), ("2026-04-20", "day")),
        ("month first", "20/4/26", ("20/4/26", "uncertain")),
        ("first word", "1.2 Map contacts", ("1.2", "text")),
        ("first word", "3. Training", ("3", "text")),
        ("first word", "3.", ("3.", "text")),
        ("first word", 7, ("7", "number")),
    ],
)
def test_a_part_is_taken_of_a_cell(part: str, cell: Cell, result: tuple[str, str]) -> None:
    text, kind = value(cell, {"from": "X", "part": part})
    assert (" ".join(text.split()), kind) == result


@pytest.mark.parametrize(
    ("text", "part"),
    [("MF 31/4/26", "day"), ("20/4/26 21/4/26", "day"), ("20/4/26 (1st)", "day"), ("MF", "day"),
     ("13/05/2026", "month first"), ("soon", "first day")],
)  # fmt: skip
def test_a_cell_of_which_no_part_is_certain_cannot_be_read(text: str, part: str) -> None:
    column = {"type": "day", "blank": ["nothing", None]}
    raw = recheck.Raw(*value(text, {"from": "X", "part": part}))
    assert recheck.read_column(column, [raw], frozenset())[0].state == recheck.UNREADABLE


# Words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "meaning"),
    [
        ("CEX", {"cex": "Chief Executive"}, "Chief Executive"),
        (" c  e x ", {"C e X": "Chief Executive"}, "Chief Executive"),
        ("CEX", {"C": "no"}, "CEX"),
        ("N/A", {"N/A": "blank"}, ""),
        ("N/A", {"N/A": "not done"}, None),
        ("Y", {"Y": True}, "yes"),
        ("1", {"1": "one"}, "one"),
        ("Booked 14/12", {"Booked …": "not done"}, None),
        ("Booked", {"Booked …": "not done"}, None),
        ("Bookedx", {"Booked …": "not done"}, "Bookedx"),
        ("Bookedx", {"Booked…": "not done"}, None),
        ("1.1, plan", {"1.1 …": "a"}, "a"),
        ("1.10 plan", {"1.1 …": "a"}, "1.10 plan"),
        ("with PO and BM", {"… PO …": "a"}, "a"),
        ("POL, PO", {"… PO …": "a"}, "a"),
        ("POL", {"… PO …": "a"}, "POL"),
        ("9/7/25 / CANC", {"… CANC": "a"}, "a"),
        ("CANC then", {"… CANC": "a"}, "CANC then"),
        ("xstoppedx", {"…Stopped…": "a"}, "a"),
        ("anything", {"…": "a"}, "a"),
        ("Y fb", {"Y …": "a", "Y fb": "b", "…": "c"}, "b"),
        ("Y fb due", {"Y …": "a", "Y fb …": "b", "…": "c"}, "b"),
        ("Z", {"Y …": "a", "…": "c"}, "c"),
        ("ab cd", {"ab …": "a", "… cd": "b"}, "ab cd"),
        ("ab cd", {"ab …": "a", "… cd": "A"}, "a"),
        ("", {"…": "a"}, ""),
        (day(4, 20), {"2026-04-20": "a"}, "a"),
        ("#REF!", {"#REF!": "a", "…": "b"}, "#REF!"),
        ("tbc", {}, "tbc"),
    ],
)
def test_a_word_has_its_meaning(text: Cell, words: Json, meaning: str | None) -> None:
    told = gives({"a": "X", "b": "Y"}, words={"a": words})
    assert of("a", texts([["X", "Y"], [text, "y"]], told)) == ([] if meaning is None else [meaning])


def test_a_word_is_looked_up_before_a_part_is_taken() -> None:
    part = {"from": "X", "part": "day"}
    assert value("C 20/4/26", part, {"C 20/4/26": "2026-01-01"}) == ("2026-01-01", "text")
    assert value("C 20/4/26", part, {"C": "2026-01-01"}) == TYPED


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("P; Safe", "Prevent; safeguarding"),
        ("P, Safe", "Prevent; safeguarding"),
        ("Safe\nP", "safeguarding; Prevent"),
        ("P, nine", "Prevent; nine"),
        ("3, 4; P", "3, 4; Prevent"),
        ("one, two", "one, two"),
        ("none, P", "Prevent"),
        ("none; none", ""),
        ("both", "Prevent; safeguarding"),
        ("P; draft", None),
    ],
)
def test_each_of_several_words_is_looked_up(text: str, result: str | None) -> None:
    words = {"P": "Prevent", "Safe": "safeguarding", "none": "blank", "draft": "not done"}
    words |= {"both": "Prevent; safeguarding"}
    told = gives({"topics": "X"}, words={"topics": words})
    found = texts([["X", "Y"], [text, "y"]], told)
    if result is None:
        assert found == []
    else:
        assert [each.strip() for each in of("topics", found)] == [result]


def test_the_cells_of_a_joined_text_without_a_meaning_are_looked_up_alone() -> None:
    source = {"join": ["X", "Y"]}
    words = {"g": "blank", "y": "not done", "g z": "both"}
    assert value("g", source, words) == ("y", "text")
    assert value("20/4/26", {"from": source, "part": "day"}, {"y": "blank"}) == DAY
    assert value("g", source, words | {"g y": "whole"}) == ("whole", "text")
    assert one_cell("g", source, words | {"g y": "not done"}) is None


# Which lines are records --------------------------------------------------------------------------


def test_a_merged_cell_has_its_value_in_each_of_its_cells() -> None:
    rows = [["Who", "What"], ["p1", "a"], ["", "b"], ["", ""], ["p2", "c"]]
    told = gives({"person": "Who", "what": "What"})
    found = texts(rows, told, merged=["A2:A4"])
    assert [list(each.values()) for each in found] == [["p1", "a"], ["p1", "b"], ["p2", "c"]]


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["Total", 7],
        ["TOTALS:", "7%"],
        ["Who", "What"],
        ["", "", "only a note"],
        ["EXAMPLE (not counted): p7", "a"],
        ["p7", "a", "Example  (NOT counted)"],
    ],
)
def test_a_line_that_is_no_record(line: Sequence[Cell]) -> None:
    told = gives({"person": "Who", "what": "What"})
    rows = [["Who", "What", "Note"], ["p1", "a", "n"], line, ["p2", "b"]]
    assert of("person", texts(rows, told)) == ["p1", "p2"]


@pytest.mark.parametrize(
    ("lines", "merged", "only"),
    [
        ([], [], False),
        ([["EXAMPLE (not counted): p7", "a"], [], ["p7", "example (not counted)"]], [], True),
        ([["EXAMPLE (not counted): p7"]], ["A2:A4"], True),
        ([["p7", "a"]], [], False),
        *(
            ([["EXAMPLE (not counted): p7", "a"], line], [], False)
            for line in (["p7"], ["Total", 7], ["Who", "What"], ["", "", "", "x"], ["#REF!"])
        ),
        ([["EXAMPLE (not counted): p7", "a"], ["Key"], ["x", "yes"]], [], True),
    ],
)
def test_a_table_with_only_examples(lines: Grid, merged: Sequence[str], only: bool) -> None:
    one: Json = {"file": "a.xlsx", "sheet": "A", "ends at": "Key", "bands": "yes"}
    one["gives"] = [gives({"person": "Who", "what": "What"})]
    rows = [["Who", "What", "Note"], *lines]
    made = mapped.table_of(one, "A", cells_of(rows, merged), (), day_of)
    assert mapped.has_only_examples(made) is only


@pytest.mark.parametrize(
    "line", [["Who"], ["Total of what", 7], ["Who", "a"], ["x", "", "Note"], ["x (EXAMPLE)", "a"]]
)
def test_a_line_that_is_one(line: Sequence[Cell]) -> None:
    told = gives({"person": "Who", "what": "What"})
    rows = [["Who", "What", "Note"], line]
    assert of("person", texts(rows, told)) == [line[0]]


def test_the_headings_again_may_be_one_of_two_rows() -> None:
    rows = [
        ["Staff", "", ""],
        ["No", "Name", "On"],
        ["p1", "One", "x"],
        ["No", "Name"],
        ["Staff", "Staff"],
    ]
    told = gives({"person": "Staff / No", "name": "Staff / Name"})
    assert of("person", texts(rows, told, headings=[1, 2], merged=["A1:B1"])) == ["p1"]


def test_a_register_of_fixed_cells_has_a_record_for_each_line_and_equal_records_are_one() -> None:
    told = gives({"title": {"cell": "A1"}, "kind": {"always": "plan"}})
    rows = [["Plan"], ["Who"], ["p1"], [], ["p2"]]
    assert texts(rows, told, headings=2) == [{"title": "Plan", "kind": "plan"}] * 2
    register = {
        "id": "r", "key": None, "recorded on": None,
        "columns": {name: {"type": "text", "blank": ["nothing", None]} for name in told["columns"]},
    }  # fmt: skip
    found = reading(rows, told, headings=2)
    assert found is not None
    sheet = recheck.EvidenceSheet("a.xlsx", "A", "r", "", {}, {}, object(), found.records)
    kept = recheck.without_copies([*recheck.rows_of_records(sheet, register, frozenset())])
    assert [row.line for row in kept] == [3]


# What a report shows ------------------------------------------------------------------------------


def test_a_value_has_the_own_text_and_cell_of_the_office() -> None:
    shown = one_cell("MF 20/4/26", {"from": "X", "part": "day"})
    assert shown is not None
    assert (shown.own_text, shown.cell) == ("MF 20/4/26", "A2")
    shown = one_cell("CEX", words={"CEX": "Chief Executive"})
    assert shown is not None
    assert (shown.own_text, shown.cell) == ("CEX", "A2")


def test_a_record_whose_key_is_not_kept_has_one_that_nothing_names() -> None:
    columns = {
        name: {"type": "key", "blank": ["blank", None]} if name == "ref" else
        {"type": "text", "blank": ["nothing", None]} for name in ("ref", "person")
    }  # fmt: skip
    register = {"id": "r", "key": "ref", "recorded on": None, "columns": columns}
    found = reading([["Who"], ["p1"], ["p2"], ["P1"]], gives({"ref": "not kept", "person": "Who"}))
    assert found is not None
    sheet = recheck.EvidenceSheet("a.xlsx", "A", "r", "", {}, {}, object(), found.records)
    rows = [*recheck.rows_of_records(sheet, register, frozenset())]
    assert [row.key.state for row in rows] == [recheck.READ] * 3
    assert len({row.key.value for row in rows}) == 3
    assert len(recheck.without_copies(rows)) == 2


@pytest.mark.parametrize(
    ("line", "row", "at"), [("F", 14, "F14"), ("5", 6, "F5"), ("F4", 9, "F4"), ("", 9, "")]
)
def test_a_cell_that_is_shown_has_an_address(line: str, row: int, at: str) -> None:
    assert recheck.address(line, row) == at


def test_the_cells_of_a_problem_may_be_in_one_row() -> None:
    assert [*recheck.cells_in("Y5:AB5")] == ["Y5", "Z5", "AA5", "AB5"]
    assert [*recheck.cells_in("G2:G4")] == ["G2", "G3", "G4"]
    assert [*recheck.cells_in("G2:H4")] == ["G2:H4"]


# Offices ------------------------------------------------------------------------------------------

OFFICES = sorted((ROOT / "tests" / "offices").glob("*/office.yaml"))
#: What facts.yaml says that no mapping can give: the number of such records.
NOT_GIVEN = {"starters-leavers": 5}
Right = tuple[str, tuple[tuple[str, str], ...]]  # a register, and the columns with their values


def lines_of_file(path: Path) -> Iterator[tuple[str, list[Line], set[str]]]:
    """Each sheet of a file: its name, its lines of cells.csv, and what is struck through."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield path.stem, cells_of([*csv.reader(file)]), set()
        return
    for page in openpyxl.load_workbook(path, data_only=True).worksheets:
        rows = [[_cell(cell) for cell in row] for row in page.values]
        merged = [e.coord for e in page.merged_cells.ranges if rows[e.min_row - 1][e.min_col - 1]]
        table = mapped.MappedTable(
            {"struck through rows": "left out"}, page.title, {}, (), {}, day_of
        )
        struck = mapped.struck_rows(path.read_bytes(), path.name, table)
        yield page.title, cells_of(rows, merged), {*map(str, struck)}


def _cell(given: object) -> Cell:
    if isinstance(given, datetime.datetime):
        return given.date()
    assert given is None or isinstance(given, str | int | float)
    return "" if given is None else given if isinstance(given, str | int) else str(given)


def _plain(found: object) -> str:
    if isinstance(found, bool):
        return "yes" if found else "no"
    return "; ".join(sorted(found)) if isinstance(found, frozenset) else str(found)


def mapping_of(office: Path) -> list[Json]:
    """The mapping in an office.yaml; every scalar is a text, also a word such as ON."""
    tables = yaml.load(office.read_text(encoding="utf-8"), yaml.BaseLoader)["mapping"]
    assert isinstance(tables, list)
    return tables


def given_by(office: Path) -> Iterator[tuple[Right, bool]]:
    """The records that the mapping of an office gives, equal ones once, as right.csv has them, each
    with whether all its cells can be read."""
    book, rows = packed_book(book_in(OWN_BOOK)), list[recheck.RegisterRow]()
    silent = frozenset(recheck.normal(e).translate(recheck.IGNORED) for e in book["says nothing"])
    mapping = mapping_of(office)
    for path in sorted(office.parent.glob("*.[cx]*s*")):
        for name, cells, struck in lines_of_file(path):
            for one in mapped.mapped_tables(mapping, path.name, name):
                table = mapped.table_of(one, name, cells, struck, day_of)
                for told in one["gives"]:
                    register = book["registers"][told["register"]]
                    found = mapped.records_of(table, told, register)
                    assert found is not None
                    assert found.faults == []
                    sheet = recheck.EvidenceSheet(
                        path.name, name, "", "", {}, {}, table, found.records
                    )
                    rows += recheck.rows_of_records(sheet, register, silent)
    by_content = {(row.register["id"], recheck.content_of(row)): row for row in reversed(rows)}
    for row in by_content.values():
        read = {name: cell for name, cell in row.cells.items() if cell.state == recheck.READ}
        own_key = row.register["key"] if row.own_key else ""
        values = {k: _plain(e.value) for k, e in read.items() if e.text and k != own_key}
        whole = all(cell.state != recheck.UNREADABLE for cell in row.cells.values())
        yield (row.register["id"], (*sorted(values.items()),)), whole


@pytest.mark.parametrize("office", OFFICES, ids=lambda path: path.parent.name)
def test_an_office_gives_the_records_that_a_person_wrote_down(office: Path) -> None:
    right: dict[tuple[str, str], dict[str, str]] = {}
    with (office.parent / "right.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            right.setdefault((line["register"], line["row"]), {})[line["column"]] = line["value"]
    expected = Counter((id_, (*sorted(values.items()),)) for (id_, _), values in right.items())
    given = [*given_by(office)]
    found = Counter(record for record, _ in given)
    lacking = sum((expected - found).values())
    assert lacking == NOT_GIVEN.get(office.parent.name, 0), expected - found
    assert not any(whole for record, whole in given if record in found - expected)


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


def test_a_changed_cell_is_found(tmp_path: Path) -> None:
    files = pack_of(tmp_path, workbook())
    places = [(e["sheet"], e["letters"], e["row"]) for e in lines_in(files, "evidence/cells.csv")]
    for place in places:

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


def test_a_sheet_that_is_no_evidence_gives_nothing(tmp_path: Path) -> None:
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
    done = subprocess.run(
        [sys.executable, "recheck.py"], cwd=out, capture_output=True, text=True, check=False
    )
    assert done.returncode == (0 if beside else 2), done.stdout + done.stderr
    missing = "Not checkable. The pack has a mapping. Put recheck_mapping.py beside recheck.py."
    assert (missing in done.stdout) != beside
    assert sorted(out.iterdir()) == before


def test_the_second_file_needs_python_alone() -> None:
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
        table = mapped.MappedTable(told, "A", {}, {9}, {}, day_of)
        assert mapped.struck_rows(path.read_bytes(), "a.xlsx", table) == lines
