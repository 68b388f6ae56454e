"""The meanings that a mapping gives to an office's own words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from evidence.mapping.words import OfficeWords
from evidence.table import CellState
from tests.support.mapped_sheets import (
    Rows,
    column,
    own_sheet,
    records,
    states,
    table_of,
)
from tests.support.plain_mapping import WIDE, one, plain

D = datetime.date


# Words ----------------------------------------------------------------------------------------


def test_a_word_has_its_meaning_and_another_is_read_as_in_any_sheet() -> None:
    rows = [
        ["Who", "What", "When"],
        ["7", "WRAP", "1/4/26"],
        ["8", " wrap ", "2/4/26"],
        ["9", "refresher", "tbd"],
        ["10", "GDPR", ""],
    ]
    gives = plain("words: {course: {WRAP: awareness}, done: {tbd: blank}}")
    evidence = own_sheet(gives, rows)
    assert column(evidence, "course") == ["awareness", "awareness", "refresher", None]
    assert states(evidence, "done")[2] == CellState.NOTHING
    assert table_of(evidence).columns["course"].raw[0] == "WRAP"


def test_a_row_that_is_not_done_is_not_a_record() -> None:
    rows = [["Who", "awareness", "refresher"], ["7", "LTS", "1/4/26"], ["8", "Booked 3/5", "n/a"]]
    gives = WIDE + "words: {done: {LTS: not done, Booked …: not done, n/a: not done}}"
    assert records(own_sheet(gives, rows)) == ["7 | refresher | 2026-04-01"]


def test_yes_and_no_are_meanings() -> None:
    assert one("H", "Y", "{Y: yes, N: no}", "passed") is True
    assert one("H", "N", "{Y: yes, N: no}", "passed") is False


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["Booked …"], "booked  14/12", ["booked …"]),
        (["Booked …"], "Booked", ["booked …"]),
        (["Booked …"], "Bookedness", []),
        (["Booked…"], "Bookedness", ["booked…"]),
        (["1.1 …"], "1.1 Plan", ["1.1 …"]),
        (["1.1 …"], "1.1, plan", ["1.1 …"]),
        (["1.1 …"], "1.10 Plan", []),
        (["… PO …"], "3/7/25 PO ok", ["… po …"]),
        (["… PO …"], "PO", ["… po …"]),
        (["… PO …"], "report", []),
        (["… ok"], "3/7/25 PO OK", ["… ok"]),
        (["… ok"], "book", []),
        (["…ok"], "book", ["…ok"]),
        (["…"], "anything", ["…"]),
        (["…"], "", []),
        (["...", "x"], "y", ["…"]),
        (["a …", "a b …"], "a b c", ["a b …"]),
        (["a …", "a"], "a", ["a"]),
        (["a …", "… b"], "a b", ["a …", "… b"]),
    ],
)
def test_three_dots_stand_for_any_text(words: list[str], text: str, found: list[str]) -> None:
    assert OfficeWords(words).matches(text) == found


@pytest.mark.parametrize(
    ("words", "texts", "read"),
    [
        ("{C e X: chief, C: x}", [" c  e x ", "CEX", "C", "CEX."], ["chief", "CEX", "x", "CEX."]),
        ("{N/A: blank, n.d.: not done, '1': one}", ["n/a", "N.D.", "1"], [None, "one"]),
        ("{Booked …: not done}", ["Booked 14/12", "booked", "Bookedx"], ["Bookedx"]),
        ("{Booked…: not done}", ["Bookedx", "x Booked"], ["x Booked"]),
        ("{1.1 …: a}", ["1.1, plan", "1.10 plan"], ["a", "1.10 plan"]),
        ("{… PO …: a}", ["with PO and BM", "POL, PO", "POL"], ["a", "a", "POL"]),
        ("{… CANC: a}", ["9/7/25 / CANC", "CANC then"], ["a", "CANC then"]),
        ("{…Stopped…: a}", ["xstoppedx", "xx"], ["a", "xx"]),
        ("{Y …: a, Y fb: b, Y fb …: d, …: c}", ["Y fb", "Y fb due", "Y", "Z", ""], list("bdac")),
        ("{ab …: a, … cd: b}", ["ab cd", "ab c", "b cd"], ["ab cd", "a", "b"]),
        ("{'2026-04-20': a}", [D(2026, 4, 20), "20/4/26"], ["a", "20/4/26"]),
    ],
)
def test_the_meanings_of_words(words: str, texts: Sequence[object], read: list[object]) -> None:
    rows: Rows = [["Who", "H"], *([str(n), text] for n, text in enumerate(texts))]
    gives = f"""
    register: courses
    columns: {{ref: not kept, person: Who, course: {{always: awareness}}, note: H}}
    words: {{note: {words}}}
    """
    cells = column(own_sheet(gives, rows), "note")
    assert cells == read + [None] * (len(cells) - len(read))


def test_of_two_equally_long_words_with_different_meanings_neither_is_used() -> None:
    message = one("H", "a b", "{a …: yes, … b: no}", "passed")
    assert message == "D2: 'a b' is not yes or no. Enter yes or no."
    assert one("H", "a b", "{a …: yes, … b: yes}", "passed") is True


def test_a_blank_cell_has_no_word() -> None:
    assert one("H", "", "{…: yes}", "passed") is False
    assert one("H", "x", "{…: yes}", "passed") is True


def test_a_date_is_looked_up_as_year_month_day_and_a_number_without_a_point() -> None:
    assert one("H", D(2026, 4, 20), "{2026-04-20: first}") == "first"
    assert one("H", 7.0, "{'7': seven}") == "seven"


def test_a_word_is_looked_up_in_the_whole_cell_and_then_no_part_is_taken() -> None:
    part = "{from: H, part: who}"
    assert one(part, "MF 20/4/26", "{MF 20/4/26: Mary F 7}") == "Mary F 7"
    assert one(part, "MF 20/4/26", "{MF: Mary}") == "MF"
    assert one("{from: H, part: first word}", "1 x", "{1 …: two words}") == "two words"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("P", {"Prevent"}),
        ("P, Safe", {"Prevent", "safeguarding"}),
        ("P; exploitation", {"Prevent", "exploitation"}),
        ("P\nSafe", {"Prevent", "safeguarding"}),
        ("both", {"Prevent", "safeguarding"}),
        ("P, Other", {"Prevent"}),
        ("Other; Other", None),
    ],
)
def test_in_a_column_of_several_words_each_is_looked_up(text: str, read: set[str] | None) -> None:
    words = "{P: Prevent, Safe: safeguarding, both: Prevent; safeguarding, Other: blank}"
    assert one("H", text, words, "topics") == read
