"""What a mapping does not read as done: words that are taken back, new columns that say that
something is due, and constants that the sheet has got a column for. The verifier agrees."""

from __future__ import annotations

import pytest

from evidence.mapping.cell_parts import part_of_cell
from evidence.raw_cells import RawWorkbook
from evidence.read import read_books
from record.recheck import recheck_mapping as mapped
from tests.support.mapped_sheets import (
    messages,
    must_agree,
    own_sheet,
    raw_sheet,
    records,
    table_of,
)
from tests.support.offices import mapping_of
from tests.support.own_book import own_book
from tests.support.verifier import packed_book

WORDS = """
register: courses
columns: {ref: not kept, person: Who, course: What, done: When}
words: {course: {%s}}
"""
AFTER = """
register: courses
wide: {after: Who}
columns: {ref: not kept, person: Who, course: {always: refresher}, done: {wide: cell}}
"""


@pytest.mark.parametrize(
    ("words", "text", "course"),
    [
        ("Ref …: refresher", "Ref May", "refresher"),
        ("Ref ...: refresher", "Ref May", "refresher"),  # three dots are one mark
        ("Ref …: refresher", "Ref (booked)", ""),
        ("Ref …: refresher", "Ref - failed", ""),
        ("Ref …: refresher", "Ref?", ""),
        ("Ref …: refresher", "Ref but withdrew", ""),
        ("… ref: refresher", "Hasn’t ref", ""),
        ("… ref: refresher", "Not ref", ""),
        ("… ref …: refresher", "No ref yet", ""),
        ("…: refresher", "Cancelled", ""),
        ("Ref …: refresher", "Ref no 3", "refresher"),
        ("Ref …: refresher", "Ref on due diligence", "refresher"),
        ("Ref …: refresher, Ref (booked): refresher", "Ref (booked)", "refresher"),
        ("Ref (booked) …: refresher", "Ref (booked) May", "refresher"),
    ],
)
def test_a_word_whose_rest_takes_it_back_is_not_used(words: str, text: str, course: str) -> None:
    evidence = own_sheet(WORDS % words, [["Who", "What", "When"], ["7", text, "25/04/2026"]])
    (line,) = records(evidence)
    assert line == " | ".join(filter(None, ["7", course, "2026-04-25"]))


def test_a_word_that_says_that_there_was_nothing_is_used_all_the_same() -> None:
    rows = [["Who", "What", "When"], ["7", "Not ref", "25/04/2026"]]
    assert records(own_sheet(WORDS % "… ref: not done", rows)) == []
    assert records(own_sheet(WORDS % "… ref: blank", rows)) == ["7 | 2026-04-25"]


@pytest.mark.parametrize("heading", ["Refresher due", "Booked", "Next", "Expires"])
def test_a_new_wide_column_of_what_is_not_done_is_not_read(heading: str) -> None:
    rows = [["Who", "2026", heading], ["7", "", "25/04/2026"]]
    evidence = own_sheet(AFTER, rows)
    assert not table_of(evidence).found
    (message,) = messages(evidence)
    assert f"'{heading}' (C1) may not be what was done" in message
    named = AFTER.replace("after: Who", f'columns: ["2026", {heading}]')
    assert records(own_sheet(named, rows)) == ["7 | refresher | 2026-04-25"]


def test_a_constant_is_not_used_where_the_sheet_has_its_column() -> None:
    mapping = """
    register: courses
    columns: {ref: not kept, person: Who, course: {always: refresher}, done: When, note: %s}
    """
    rows = [["Who", "Course", "When", "Note"], ["7", "awareness", "25/04/2026", "x"]]
    (message,) = messages(own_sheet(mapping % "Note", rows))
    assert "'course' is always refresher, but this sheet has the heading 'Course'" in message
    blank = mapping.replace("{always: refresher}", "Course")
    assert len(records(own_sheet(blank % "{always: blank}", rows))) == 1


EXAMS = """
register: exams
columns: {ref: not kept, person: Who, sat: When, passed: %s}
"""


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Outcome", "Not passed"),
        ("Attended", "N"),
        ("Attended", "DNA"),
        ("Status", "Cancelled"),
        ("Exam result", "fail"),
        ("Status", "Incomplete"),
        ("Test result", "Retake"),
    ],
)
def test_a_constant_is_not_used_where_another_column_denies_it(heading: str, cell: str) -> None:
    rows = [["Who", "When", heading], ["7", "25/04/2026", ""], ["8", "25/04/2026", cell]]
    (message,) = messages(own_sheet(EXAMS % "{always: yes}", rows))
    assert message == (
        f": '{cell}' below '{heading}' (C3) says that its row does not count, and the mapping in"
        " office.yaml does not use that, so the sheet was not read. Add the heading and the word to"
        " 'except rows where'."
    )
    left = f"except rows where: {{{heading}: [{cell}]}}\n"
    assert len(table_of(own_sheet(EXAMS % "{always: yes}" + left, rows), "exams")) == 1


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("Outcome", "passed"), ("Attended", "Y"), ("Comments", "Failed twice before"), ("Status", "")],
)
def test_a_constant_is_used_where_no_column_denies_it(heading: str, cell: str) -> None:
    rows = [["Who", "When", heading], ["8", "25/04/2026", cell]]
    assert len(table_of(own_sheet(EXAMS % "{always: yes}", rows), "exams")) == 1


@pytest.mark.parametrize(
    ("cell", "passed"), [("Yes - MF", True), ("Yes - resit needed", None), ("yes", True)]
)
def test_a_first_word_that_the_rest_takes_back_is_not_read(cell: str, passed: bool | None) -> None:
    part = EXAMS % "{from: Mark, part: first word}"
    evidence = own_sheet(part, [["Who", "When", "Mark"], ["7", "25/04/2026", cell]])
    assert list(table_of(evidence, "exams").columns["passed"].value) == [passed]


WAIVERS = """
mapping:
  - file: Own.xlsx
    sheet: Own
    gives:
      - register: waivers
        columns:
          duty: {always: refresher-training}
          subject: Who
          reason: {always: long-term sickness}
          approved by: By
          from: {always: 01/01/2026}
          until: {always: 31/12/2026}
        words: {approved by: {… CEX: Chief Executive}}
"""


@pytest.mark.parametrize(
    ("by", "decision", "given"),
    [("the CEX", "Agreed", 1), ("not yet CEX", "Agreed", 0), ("the CEX", "Refused", None)],
)
def test_a_waiver_that_was_refused_or_is_not_yet_approved_does_not_count(
    by: str, decision: str, given: int | None
) -> None:
    sheet, mapping = (
        raw_sheet([["Who", "By", "Decision"], ["7", by, decision]]),
        mapping_of(WAIVERS),
    )
    books = [RawWorkbook("Own.xlsx", "0" * 64, "xlsx", (sheet,))]
    evidence = read_books(books, own_book().registers, mapping=mapping)
    must_agree(evidence, books, mapping, packed_book(own_book()))
    table = table_of(evidence, "waivers")
    assert table.found == (given is not None)
    approved = [value for value in table.columns["approved by"].value if value]
    assert len(approved) == (given or 0)


@pytest.mark.parametrize("cell", ["CANX", "Canceled", "Cancelled - snow", "Withdrawn"])
def test_another_word_of_a_column_that_leaves_rows_out_is_not_passed_over(cell: str) -> None:
    rows = [["Who", "What", "When", "Status"], ["7", "awareness", "25/04/2026", cell]]
    mapping = WORDS % "X: blank" + "except rows where: {Status: [Cancelled]}\n"
    (message,) = messages(own_sheet(mapping, rows))
    assert message.startswith(f": '{cell}' below 'Status' (D2) says that its row does not count")


@pytest.mark.parametrize(
    "beside",
    ["spoke to him", "Technical issue", "link sent", "Email sent", "no cert", "walked out", "late",
     "Late", "session full", "f/up", "new starter", "unverified", "N", "ETA", "A/L", "quote",
     "miss", "Miss", "MISS AB", "Miss Training", "Miss Wrap course", "next", "Next", "Ms next",
     "Dr Next", "Mr Left", "Miss Booker", "Miss Appraisal", "Miss Booker booked",
     "By Ms Next: next"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["{} 1/5/26", "1/5/26 - {}", "1/5/26 ({})"])
def test_a_day_beside_a_word_that_does_not_say_that_it_is_done_is_not_read(
    beside: str, text: str
) -> None:
    cell = text.format(beside)
    assert part_of_cell(cell, "day") == cell
    assert mapped.part_of(mapped.RecordValue(cell, "text", cell, "A1"), "day").text == cell


@pytest.mark.parametrize(
    "beside",
    ["", "MF", "mf", "Ann Jones", "HoPP ok", "BM chg", "done by MF", "Comms ok", "no concerns",
     "cert seen", "Added by PSG", "webinar", "Mon",
     "by Miss Tan", "Ms Next", "Mrs. Likely", "Miss Next"],
)  # fmt: skip
def test_a_day_beside_a_name_a_code_or_a_word_of_what_is_done_is_read(beside: str) -> None:
    cell = f"{beside} 1/5/26"
    assert part_of_cell(cell, "day") == "1/5/26"
    assert mapped.part_of(mapped.RecordValue(cell, "text", cell, "A1"), "day").text == "1/5/26"
