"""What is told of the SOP, as text, JSON and a page: whole, in order, and never more than text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reports.sop.compare import compare_html
from reports.sop.json import compare_json, coverage_json, read_json
from reports.sop.text import compare_text, coverage_text, read_text
from rules.model import Rulebook
from rules.sop.compare import SopComparison, compare
from rules.sop.coverage import coverage
from rules.sop.to_do import ToDo, to_do
from tests.support.browser import must_be_accessible
from tests.support.expected import golden
from tests.support.hostile_texts import MARKUP
from tests.support.html_page import Element, parsed
from tests.support.sop_builders import hall, hall_book

BOOK = hall_book()

LIST = "The hall has a well-kept list of keys, which will be gone through at least yearly.\n\n"
EDITS = (
    ("within two days", "within five days"),
    (LIST, ""),
    ("Keys are lent for a week.", "Lamps are never lent.\n\nKeys are lent for a week."),
    ("This will be minuted.", f"{LIST}This will be minuted."),
    ("5. Record of changes", "6. Oil\n\nOil is kept apart.\n\n7. Record of changes"),
)


def changed(rulebook: Rulebook = BOOK) -> SopComparison:
    return compare(rulebook, hall(), hall(*EDITS))


def tasks(rulebook: Rulebook, found: SopComparison) -> ToDo:
    return to_do(rulebook, found)


COMPARED = golden("sop-compared.txt").rstrip("\n")


def test_the_comparison_as_text() -> None:
    assert compare_text(BOOK, changed(), 100) == COMPARED


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (60, 80, 100, 140):
        lines = compare_text(BOOK, changed(), width).split("\n")
        inside = [line for line in lines if line.startswith("  ") and " | " in line]
        assert inside
        assert max(map(len, inside)) <= width


def test_nothing_changed_is_said_so() -> None:
    text = compare_text(BOOK, compare(BOOK, hall(), hall()))
    assert text == "Old: hall.txt\nNew: hall.txt\n\nNothing changed."


def test_what_the_old_version_does_not_bear_out_is_said() -> None:
    found = compare(BOOK, hall(("at least yearly", "every year")), hall())
    assert "Duties may be missed, since in the old version\n  4.1-locking/" in compare_text(
        BOOK, found
    )


def test_the_comparison_as_json() -> None:
    held = json.loads(compare_json(BOOK, changed(), tasks(BOOK, changed())))
    assert list(held) == [
        "rulebook", "old", "new", "sections", "paragraphs", "moved", "duties", "to do",
        "problems",
    ]  # fmt: skip
    assert held["duties"] == ["doors-told", "doors-tried"]
    first = held["paragraphs"][0]
    assert first["duties"][0] == {
        "id": "doors-told",
        "title": "A door that does not lock is told of",
    }
    assert [run["text"] for run in first["old"]["words"] if run["differs"]] == ["two"]
    assert [run["text"] for run in first["new"]["words"] if run["differs"]] == ["five"]
    assert held["paragraphs"][1]["old"] is None
    assert held["moved"] == [
        {
            "old": {"section": "4.1", "number": 2, "place": 59, "fingerprint": "a207a337ae34a0f7"},
            "new": {"section": "5", "number": 2, "place": 86, "fingerprint": "a207a337ae34a0f7"},
            "duties": ["list-gone-through"],
        }
    ]


def page(found: SopComparison, rulebook: Rulebook = BOOK) -> Element:
    return parsed(compare_html(rulebook, found, tasks(rulebook, found)))


def test_the_page_says_what_the_text_says() -> None:
    """Each change with both texts in two columns, and the duties that it touches."""
    made = page(changed())
    assert made.one("h1").text() == "What changed, and the duties that it touches"
    assert "Paragraphs: 1 reworded, 2 added. They touch 2 of 9 duties." in made.text()
    tables = made.all("table")
    assert [[head.text() for head in table.all("th")] for table in tables] == [
        *[["Old", "New"]] * 3,
        ["Now", "Draft"],
    ]
    assert [each.text() for each in tables[0].all("del")] == ["(only in the old: two )"]
    assert [each.text() for each in tables[0].all("ins")] == ["(only in the new: five )"]
    assert tables[1].all("td")[0].text() == "not there"
    duties = made.one("section", aria_labelledby="duties").all("li")
    assert [duty.text() for duty in duties] == [
        "A door that does not lock is told of (doors-told)",
        "The doors are tried (doors-tried)",
    ]


def test_a_page_of_nothing_says_so() -> None:
    made = page(compare(BOOK, hall(), hall())).text()
    for said in (
        "Nothing changed.",
        "No duty cites a paragraph that changed.",
        "No section changed.",
        "No paragraph changed.",
        "No paragraph moved to another section.",
    ):
        assert said in made


def test_it_is_the_same_every_time() -> None:
    assert compare_html(BOOK, changed(), tasks(BOOK, changed())) == compare_html(
        BOOK, changed(), tasks(BOOK, changed())
    )
    assert compare_json(BOOK, changed(), tasks(BOOK, changed())) == compare_json(
        BOOK, changed(), tasks(BOOK, changed())
    )


def hostile() -> tuple[Rulebook, SopComparison]:
    """A comparison of documents full of markup, by a rulebook that is full of it too."""
    held = " ".join(MARKUP)
    book = hall_book()
    title = {"title": f"Title {held}"}
    duties = {id_: duty.model_copy(update=title) for id_, duty in book.duties.items()}
    sop = book.book.sop.model_copy(update=title)
    named = book.book.model_copy(update={"sop": sop, "marking": f"OFFICIAL {held}"})
    bad = book.model_copy(update={"duties": duties, "book": named})
    new = hall(
        ("within two days", f"within {held} days"),
        ("5. Review", f"4. {held[:40]}\n\nWords.\n\n5. Review"),
        ("Lost keys\n\n", ""),
    )
    return bad, compare(bad, hall(("at least yearly", f"yearly {held}")), new)


def test_whatever_stands_in_the_documents_is_only_text() -> None:
    """No element, attribute or style comes of it; what a terminal would act on is not shown."""
    bad, found = hostile()
    text = compare_html(bad, found, tasks(bad, found)).decode()
    made = parsed(compare_html(bad, found, tasks(bad, found)))
    assert made.all("script") == made.all("img") == made.all("svg") == []
    assert len(made.all("style")) == 1
    assert not [
        each for each in made.all() if any(name.startswith("on") for name in each.attributes)
    ]
    assert "<script>alert(1)</script>" in made.text()
    assert "\x1b" not in text
    assert "\x1b" not in compare_text(bad, found)
    assert "\u202e" not in compare_text(bad, found)
    assert json.loads(compare_json(bad, found, tasks(bad, found)))["duties"]


def test_a_document_as_read() -> None:
    lines = read_text(hall(), 80).split("\n")
    assert lines[0] == "hall.txt: 11 sections, 30 paragraphs."
    assert lines[2] == "Section Front, line 5"
    assert "Section 4.1: 1. Locking up, line 47" in lines
    assert "  2 a207a337ae34a0f7 The hall has a well-kept list of keys, which will be gone" in lines
    assert "                     through at least yearly." in lines
    assert max(map(len, lines)) <= 80


def test_a_document_as_read_says_what_book_yaml_does_not_name() -> None:
    text = read_text(hall(("5. Review", "Oil\n\nWords.\n\n5. Review"), ("Trust\n\n", "")))
    assert "Section 4.2 Oil: Oil (book.yaml does not name it), line 80" in text
    assert "Not as book.yaml says\n  book.yaml, heading 'Trust': hall.txt has no such" in text


def test_a_document_as_json() -> None:
    held = json.loads(read_json(hall()))
    assert [each["section"] for each in held["sections"]][:3] == ["Front", "1", "2"]
    assert held["sections"][1]["paragraphs"][1] == {
        "number": 2,
        "place": 22,
        "fingerprint": "7ea5c512e6774751",
        "text": "The procedure will be read again every spring, or sooner where the order changes.",
    }
    assert held["problems"] == []


FIGURES = """\
13 sentences with a word that obliges: 9 cited, 4 exempt (1 covered by another sentence, \
1 describes, 2 umbrella), 0 in neither.
19 sentences without one: 1 cited.
10 citations of 9 duties: 10 in exactly one paragraph."""


def test_coverage_as_text() -> None:
    assert coverage_text(BOOK, coverage(BOOK, hall())) == FIGURES


def test_coverage_with_every_sentence() -> None:
    text = coverage_text(
        BOOK, coverage(BOOK, hall(("for a week.", "for a week. It must."))), every=True
    )
    assert (
        "5, 2: exempt, covered by another sentence: book-signed\n    This will be minuted." in text
    )
    assert "4.2, 4: in neither\n    It must." in text
    assert "Not covered, or not as it should be\n  hall.txt, line 74: A sentence of" in text


def test_coverage_lists_apart_what_is_not_checked_yet() -> None:
    """'Not checked' is no reason why nothing is required, so it is not among the exempt."""
    book = hall_book(("book.yaml", "reason: describes", "reason: not checked"))
    text = coverage_text(book, coverage(book, hall()))
    assert "4 exempt" not in text
    assert (
        "9 cited, 3 exempt (1 covered by another sentence, 2 umbrella), 1 not checked yet, 0"
        in (text)
    )
    assert "\n\nDuties that are not checked yet\n" in text


def test_coverage_as_json() -> None:
    held = json.loads(coverage_json(coverage(BOOK, hall())))
    assert (held["citations"], held["resolved"], held["problems"]) == (10, 10, [])
    last = next(each for each in held["sentences"] if each["text"] == "This will be minuted.")
    assert last["exempt"] == "covered by another sentence"
    assert last["covered by"] == ["book-signed"]
    assert (last["section"], last["paragraph"], last["obliging"]) == ("5", 2, ["will"])


# In a browser ------------------------------------------------------------------------------------


@pytest.mark.one_in(4)
@pytest.mark.parametrize("width", [1100, 320])
@pytest.mark.parametrize("bad", [False, True])
def test_it_is_accessible_at_every_width_and_asks_nothing(
    browser: Browser, tmp_path: Path, width: int, bad: bool
) -> None:
    book, found = hostile() if bad else (BOOK, changed())
    page = compare_html(book, found, tasks(book, found))
    must_be_accessible(browser, tmp_path / "changes.html", page, width)
