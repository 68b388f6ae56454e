"""A converted text is read into the sections that book.yaml names, its cut sentences whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Book
from rules.sop.document import Document
from rules.sop.problem import SopProblem, as_json, describe
from rules.sop_files.pieces import MOST_PIECES
from rules.sop_files.read import LIMIT_BYTES, TEXT_BYTES, read_bytes, read_sop
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model
from tests.support.sop_builders import HALL, HALL_TEXT, PAGE_END, hall, hall_book, read, told

BOOK = hall_book()

SECTIONS = [
    ("Front", "", "", 6),
    ("1", "Aim", "1", 2),
    ("2", "Key rule", "2", 4),
    ("3", "Themes", "3", 1),
    ("3 Trust", "Trust", "", 4),
    ("4", "Daily work", "4", 1),
    ("4.1", "Locking up", "1", 2),
    ("4.2", "Lending", "2", 5),
    ("4.2 Lost keys", "Lost keys", "", 1),
    ("5", "Review", "5", 2),
    ("Changes", "Record of changes", "5", 2),
]


def texts(document: Document, section: str) -> list[str]:
    return [text for id_, text in told(document) if id_ == section]


def test_every_section_is_found_by_number_and_heading() -> None:
    """Numbers begin anew, two are 5, and a numbered list is no heading."""
    document = hall()
    found = [(s.id, s.heading, s.printed, len(s.paragraphs)) for s in document.sections]
    assert found == SECTIONS
    assert all(section.known for section in document.sections)
    assert document.problems == ()


def test_paragraphs_are_numbered_in_their_section_and_know_their_line() -> None:
    lines = HALL_TEXT.split("\n")
    for section in hall().sections:
        assert [paragraph.number for paragraph in section.paragraphs] == list(
            range(1, len(section.paragraphs) + 1)
        )
        for paragraph in section.paragraphs:
            assert paragraph.text[:3] in lines[paragraph.place - 1]


@pytest.mark.parametrize("mark", [".", ")", ""])
@pytest.mark.parametrize("printed", ["2", "3"])
def test_a_named_section_has_the_number_of_the_document(printed: str, mark: str) -> None:
    """Whether book.yaml still has the old number of the section, or the new one beside a new
    section that has the old one."""
    new = """
  - number: "2"
    title: Funds
    folder: 2-funds
    headings: [{section: 2 Funds, heading: Funds, printed: "2"}]"""
    source = read_source(
        "book.yaml",
        f"""
id: made-up
title: Made up
version: "1.0.0"
marking: Made up
sop: {{title: Handbook, versions: [{{version: "1.0", in force: 2026-01-01}}]}}
sections:{new if printed == "3" else ""}
  - number: "{printed}"
    title: Trustees
    folder: 2-people
    headings:
      - {{section: 2 Trustees, heading: Trustees, printed: "{printed}"}}
      - {{section: 2.1 Terms, heading: Terms}}
bearers: [{{name: Trust, list: office}}]
""".encode(),
    )
    assert isinstance(source, YamlFile)
    book = read_model(Book, YamlNode(source), source.value)
    assert isinstance(book, Book), book
    text = f"# 2{mark} Funds\n\nOne.\n\n# 3{mark} Trustees\n\nTwo.\n\n## Terms\n\nThree.\n"
    document = read_bytes("handbook.md", text.encode(), book)
    assert isinstance(document, Document)
    names = {section.id: section.name for section in document.sections}
    assert names["2 Trustees"] == "3 Trustees"
    assert names["2 Funds"] == "2 Funds"


def test_a_front_page_holds_its_rows() -> None:
    assert texts(hall(), "Front") == [
        "Office of the Hall and Lamp Keeper",
        "Keys and Lamps",
        "Working Procedure",
        "Owner The Warden",
        "Version 2.0",
        "Look at again before 01 May 2025",
    ]


def test_links_escapes_and_emphasis_go() -> None:
    assert texts(hall(), "1")[0] == (
        "This page tells how the hall keeps its keys under Rule 4 of the Keys Order (KO 1901), by "
        "which every keeper “must, day and night, know where each key hangs” (the ‘key rule’)."
    )
    assert texts(hall(), "4.2 Lost keys")[0].endswith("at https://example.org/locks.")


def test_a_sentence_that_pages_cut_is_whole_again() -> None:
    """In a paragraph, twice, once before a capital; and in an item of a list."""
    document = hall()
    assert texts(document, "4.1")[0].endswith(
        "will be told of to the Warden within two days, and the lamp beside it is left burning "
        "until somebody comes."
    )
    assert texts(document, "4.2")[1:4] == [
        "the day of the loan",
        "the borrower's name and the Warden's leave where the key is of iron",
        "Keys are lent for a week. The Warden may allow longer.",
    ]


FURNITURE = [
    "OFFICIAL",
    "OFFICIAL-SENSITIVE",
    "OFFICIAL – SENSITIVE",
    "OFFICIAL\n\nPage 3 of 12",
    "OFFICIAL\n\n3\n\nOFFICIAL",
    "Page 3",
    "- 3 -",
    "3 | Page",
    "3 / 12",
    "**OFFICIAL**",
    "OFFICIAL\f",
]


@pytest.mark.parametrize("furniture", FURNITURE)
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_whatever_pages_carry_is_no_text(furniture: str, between: str) -> None:
    if between == "\n" and furniture[0] in "-3":
        return  # a bare number inside a paragraph is part of it
    cut = HALL_TEXT.replace(PAGE_END, f"{between}{furniture}{between}")
    assert told(read(BOOK, cut)) == told(hall())


def test_marks_that_begin_on_one_page_end_on_the_next() -> None:
    document = hall(("“*must, day and night", f"“*must, day{PAGE_END}and night"))
    assert told(document) == told(hall())


def test_a_number_in_a_paragraph_is_no_page() -> None:
    """Nor is a word in capitals that only looks like a marking inside a sentence."""
    document = hall(("within two days", "within\n12\ndays, says the\nOFFICIAL COPY\nof it"))
    assert "within 12 days, says the OFFICIAL COPY of it, and" in texts(document, "4.1")[0]


WHOLE = HALL_TEXT.replace(f"to the{PAGE_END}Warden", "to the Warden").replace(
    f"it{PAGE_END}is", "it is"
).replace(f"the{PAGE_END}Warden's", "the Warden's")  # fmt: skip
GAPS = [
    at
    for at, character in enumerate(WHOLE)
    if character == " " and WHOLE[at - 1] not in ".\n-" and not WHOLE[at - 3 : at].strip().isdigit()
]
ONE_LINE = [
    at
    for at in GAPS
    if (line := WHOLE[WHOLE.rfind("\n", 0, at) + 1 : WHOLE.find("\n", at)]).endswith(".")
    and len(line) > 45
    and "](" not in line
    and "*" not in line
    and not line.startswith("Keys are lent")  # after an item without a mark, on a page with no more
]


@given(st.sets(st.sampled_from(ONE_LINE), max_size=4), st.sampled_from(FURNITURE))
def test_a_page_may_end_in_any_sentence(gaps: set[int], furniture: str) -> None:
    """Wherever pages end inside the sentences of a paragraph, it is the same paragraph."""
    text = WHOLE
    for at in sorted(gaps, reverse=True):
        text = f"{text[:at]}\n\n{furniture}\n\n{text[at + 1 :]}"
    assert told(read(BOOK, text)) == told(hall())


BETWEEN = [at for at in range(len(WHOLE)) if WHOLE.startswith("\n\n", at)]
ITEM_ENDS = [found.start() for found in re.finditer(r"\n(?= ?- |[0-9]\. (?:Iron|Spare))", WHOLE)]


@given(st.sets(st.sampled_from(BETWEEN + ITEM_ENDS)), st.sampled_from(FURNITURE))
def test_a_page_may_end_between_paragraphs(gaps: set[int], furniture: str) -> None:
    """Headings, lists and paragraphs that a page's end parts stay parted."""
    text = WHOLE
    for at in sorted(gaps, reverse=True):
        text = f"{text[:at]}\n\n{furniture}\n\n{text[at + 1 :].lstrip(chr(10))}"
    assert told(read(BOOK, text)) == told(hall())


@given(st.integers(20, 120), st.sampled_from(["\n", "\r\n"]))
def test_lines_may_be_wrapped(width: int, end: str) -> None:
    """A paragraph of several lines is one, in files of both systems."""
    lines = []
    for line in WHOLE.split("\n"):
        out = ""
        for word in [line] if "\t" in line else line.split(" "):
            if len(out) > width and out.strip("- 0123456789.") and word[:1] not in "–-":
                lines.append(out)
                out = word
            else:
                out = f"{out} {word}" if out else word
        lines.append(out)
    assert told(read(BOOK, end.join(lines))) == told(hall())


def test_markdown_is_read_as_its_text() -> None:
    """Headings with their signs, bold ones, a table, a list's other marks, rules and quotes."""
    text = HALL_TEXT.replace("\n1. Aim\n", "\n# 1. Aim\n").replace("\nTrust\n", "\n### Trust ###\n")
    text = text.replace("\n1. Locking up\n", "\n**1. Locking up**\n\n---\n")
    text = text.replace(
        "Day\tWhat changed\n1 May 2023\tFirst page",
        "| Day | What changed |\n|---|:-:|\n| 1 May 2023 | First page |",
    )
    text = text.replace("- the day", "* the day").replace(" - gives", "  + gives")
    assert told(read(BOOK, text, "hall.md")) == told(hall())


def test_the_number_of_a_heading_may_be_part_of_its_words_in_book_yaml() -> None:
    book = hall_book(("book.yaml", "heading: Aim\n", "heading: 1 Aim\n"))
    text = HALL_TEXT.replace("\n1. Aim\n", "\n# 1 Aim\n")
    assert told(read(book, text, "hall.md")) == told(hall())


def test_of_a_document_with_none_of_the_headings_the_likeliest_is_proposed() -> None:
    text = "# The aims\n\nOne.\n\n# Key rules\n\nTwo.\n"
    problems = read_bytes("hall.md", text.encode(), BOOK.book)
    assert isinstance(problems, Document)
    (rule,) = (each for each in problems.problems if each.where == "heading 'Key rule'")
    assert rule.instead == "Write 'Key rules' if that is its name now."


def test_a_list_of_contents_is_no_heading() -> None:
    """Lines one under the other, with or without page numbers, stay on the front page."""
    contents = "Contents\n\n1. Aim\n2. Key rule\n3. Themes\n\n1. Aim ..... 1\n2. Key rule ... 2\n\n"
    document = hall(("1. Aim\n\nThis page", f"{contents}1. Aim\n\nThis page"))
    assert [(s.id, len(s.paragraphs)) for s in document.sections][:2] == [("Front", 12), ("1", 2)]
    assert document.problems == ()


def test_a_heading_may_stand_right_above_its_text() -> None:
    document = hall(("Lost keys\n\n", "Lost keys\n"), ("Trust\n\n", "Trust:\n"))
    assert told(document) == told(hall())


def test_a_heading_that_stands_twice_is_told_of() -> None:
    (problem,) = hall(("This will be minuted.", "Lost keys\n\nThis will be minuted.")).problems
    assert problem.kind == "heading"
    assert problem.where == "heading 'Lost keys'"
    assert problem.message == "hall.txt has it 2 times, at lines 78, 86."
    assert "list of contents" in problem.instead


def test_of_two_that_read_the_same_the_number_tells() -> None:
    """And where none has a number, the one behind the front page is the heading."""
    one = hall(("Keys and Lamps\n", "Key Rule\n"))
    assert [section.place for section in one.sections if section.id == "2"] == [24]
    two = hall(("Keys and Lamps\n", "Key Rule\n"), ("2. Key rule", "Key rule"))
    assert [section.place for section in two.sections if section.id == "2"] == [24]
    assert one.problems == two.problems == ()


def test_two_headings_of_the_same_words_are_told_apart_by_number() -> None:
    book = hall_book(("book.yaml", "heading: Lost keys", 'heading: Review\n        printed: "9"'))
    document = read(book, HALL_TEXT.replace("\nLost keys\n", "\n9. Review\n"))
    assert [(s.id, s.printed) for s in document.sections][-3:-1] == [
        ("4.2 Lost keys", "9"),
        ("5", "5"),
    ]
    unnumbered = HALL_TEXT.replace("\nLost keys\n", "\nReview\n").replace("5. Review", "Review")
    assert [s.id for s in read(book, unnumbered).sections][-3:-1] == ["4.2 Lost keys", "5"]


def test_a_heading_that_is_gone_is_told_of_with_what_may_be_meant() -> None:
    document = hall(("Lost keys\n", "A lost key\n"))
    (problem,) = document.problems
    assert describe(problem) == (
        "book.yaml, heading 'Lost keys': hall.txt has no such heading. "
        "Write 'A lost key' if that is its name now."
    )
    (gone,) = hall(("Lost keys\n\n", "")).problems
    assert gone.instead.endswith("or remove it if the section no longer exists.")


def test_a_heading_that_book_yaml_does_not_name_begins_a_section() -> None:
    """It is called by its number, or by that of the section that it stands in."""
    document = hall(
        ("Keys are lent", "Spare lamps\n\nKeys are lent"),
        ("This will be", "Oil\n\nOne.\n\nOil\n\nTwo.\n\n7. Lamps (all)\n\nThis will be"),
    )
    new = [(s.id, s.title, len(s.paragraphs)) for s in document.sections if not s.known]
    assert new == [
        ("4.2 Spare lamps", "Spare lamps", 2),
        ("5 Oil", "Oil", 1),
        ("5 Oil (2)", "Oil", 1),
        ("7 Lamps (all)", "7. Lamps (all)", 1),
    ]
    assert document.problems == ()


def test_a_list_with_blank_lines_is_no_row_of_headings() -> None:
    loose = hall(
        ("1. Brass keys (doors, gates and the porch)\n2. Iron keys (the cellar)\n3. Spare",
         "1. Brass keys (doors, gates and the porch)\n\n2. Iron keys (the cellar)\n\n3. Spare")
    )  # fmt: skip
    assert told(loose) == told(hall())


def test_reading_is_the_same_every_time() -> None:
    assert hall() == hall()
    assert read_sop(HALL, BOOK.book) == hall()


def test_a_book_without_a_front_page_still_reads_one() -> None:
    front = "      - section: Front\n        heading: Front page\n        front page: yes\n"
    book = hall_book(("book.yaml", front, ""))
    first = read(book, HALL_TEXT).sections[0]
    assert (first.id, first.known, len(first.paragraphs)) == ("before the first heading", False, 6)
    bare = read(book, HALL_TEXT[HALL_TEXT.index("1. Aim") :])
    assert bare.sections[0].id == "1"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        (
            "hall.doc",
            b"words",
            "hall.doc: Only .txt, .md and .docx files can be read. Save it as a Word",
        ),
        ("hall", b"words", "Only .txt, .md and .docx files can be read."),
        ("hall.txt", "naïve".encode("cp1252"), "The file is not saved as UTF-8: save it again as"),
        ("hall.txt", b"", "The file is empty. Check that it is the right one."),
        ("hall.txt", b"\n\n \n", "The file is empty."),
        (
            "hall.docx",
            b"words",
            "The file is not a Word document that can be read (.docx): open it",
        ),
        ("hall.docx", b"", "The file is not a Word document that can be read (.docx): open it"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, data: bytes, says: str) -> None:
    problem = read_bytes(name, data, BOOK.book)
    assert isinstance(problem, SopProblem)
    assert says in describe(problem)
    assert problem.kind == "document"
    assert as_json(problem)["file"] == name


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    missing = read_sop(tmp_path / "hall.txt", BOOK.book)
    assert isinstance(missing, SopProblem)
    assert missing.message == "The file was not found: check its name and its folder."
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(LIMIT_BYTES + 1)
    refused = read_sop(large, BOOK.book)
    assert isinstance(refused, SopProblem)
    assert refused.message == (
        "The file is 50.1 MB, and the limit is 50 MB: save it without pictures."
    )


def test_a_text_of_more_bytes_or_paragraphs_than_any_sop_is_refused() -> None:
    last = HALL_TEXT + "\n" + "a" * (TEXT_BYTES - len(HALL_TEXT.encode()) - 1)
    assert isinstance(read_bytes("hall.txt", last.encode(), BOOK.book), Document)
    refused = read_bytes("hall.txt", last.encode() + b"a", BOOK.book)
    assert isinstance(refused, SopProblem)
    assert refused.message == (
        "The file contains more than 0.5 MB of text: give a file that contains only the SOP."
    )
    paragraphs = "a\n\n" * MOST_PIECES
    assert isinstance(read_bytes("a.md", paragraphs.encode(), BOOK.book), Document)
    refused = read_bytes("a.md", f"{paragraphs}a".encode(), BOOK.book)
    assert isinstance(refused, SopProblem)
    assert refused.message == (
        "The file has more than 20,000 paragraphs and table rows: give a file that contains"
        " only the SOP."
    )


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes it fail, and no word of it is lost or doubled."""
    data = text.encode("utf-8", "replace")
    found = read_bytes("any.md", data, BOOK.book)
    assert isinstance(found, Document | SopProblem)


@given(st.lists(st.sampled_from(WHOLE.split("\n\n")), max_size=12))
def test_sections_hold_every_paragraph_once(blocks: list[str]) -> None:
    """In whatever order blocks of the document stand, each is a heading or in one section."""
    found = read_bytes("any.txt", "\n\n".join(blocks).encode(), BOOK.book)
    if isinstance(found, Document):
        places = [paragraph.place for paragraph in found.paragraphs]
        assert places == sorted(set(places))
        ids = [section.id for section in found.sections]
        assert len(ids) == len(set(ids))
