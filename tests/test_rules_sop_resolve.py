"""A citation stands in exactly one place of its section, or a sentence says what to write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.sop.document import PhrasePlace
from rules.sop.pins import unpinned, verify
from rules.sop.problem import SopProblem, describe
from rules.sop.resolve import (
    SopPointer,
    duties_by_paragraph,
    find_places,
    locate,
    quotes,
    resolve_citations,
)
from tests.support.sop_builders import HALL_TEXT, hall, hall_book, phrases, read, word

BOOK = hall_book()
REMOVED = (
    "They were in the SOP from which the rule was written. See what became of them with "
    "'dueregard sop compare OLD NEW'."
)
TRIED = "4.1-locking/doors-tried.yaml"


def asking(section: str, phrase: str) -> SopPointer:
    return SopPointer("1-aim/a.yaml", "citations 1", section, phrase)


def problem(section: str, phrase: str) -> SopProblem:
    found = locate(hall(), asking(section, phrase))
    assert isinstance(found, SopProblem)
    return found


def test_every_citation_of_the_hall_has_its_paragraph() -> None:
    places, problems = resolve_citations(BOOK, hall())
    assert problems == ()
    assert set(places) == {(section, phrase) for _, section, phrase in phrases(BOOK)}
    assert places["4.1", "told of to the Warden"].paragraph.number == 1
    assert places["4.2", "the Warden's leave"].paragraph.number == 3


@pytest.mark.parametrize(
    ("section", "phrase", "number"),
    [
        ("4.1", "TRY EACH DOOR", 1),
        ("4.1", "porch - and the cellar", 1),
        ("4.1", "St. Agnes’s porch", 1),
        ("4.1", "well–kept   list", 2),
        ("1", '"must, day and night', 1),
        ("1", "(KO 1901)", 1),
        ("Front", "Look at again before", 6),
        ("3 Trust", "gives a name", 2),
    ],
)
def test_quotes_dashes_spaces_and_capitals_make_no_difference(
    section: str, phrase: str, number: int
) -> None:
    place = locate(hall(), asking(section, phrase))
    assert isinstance(place, PhrasePlace)
    assert place.paragraph.number == number


def test_what_is_quoted_is_the_paragraph_with_its_phrase_marked() -> None:
    """As the document has it, not in normal form."""
    book = hall_book(
        ("4.1-locking/doors-tried.yaml", "try each door at dusk", "St. Agnes's porch - and")
    )
    quote = quotes(book, hall())["4.1", "St. Agnes's porch - and"]
    assert quote.text.startswith("The keeper will try each door at dusk, e.g. St. Agnes's porch – ")
    assert quote.text[quote.start : quote.end] == "St. Agnes's porch – and"
    assert quotes(BOOK, hall()) == quotes(BOOK, read(BOOK, word(HALL_TEXT), "hall.docx"))


def test_a_phrase_that_stands_nowhere_is_not_quoted() -> None:
    book = hall_book(("4.1-locking/doors-tried.yaml", "try each door", "bolt each door"))
    assert ("4.1", "bolt each door at dusk") not in quotes(book, hall())
    assert len(quotes(book, hall())) == 9


def test_the_nearest_words_are_named() -> None:
    assert describe(problem("4.1", "tries each door by dusk")) == (
        "1-aim/a.yaml, citations 1: No paragraph of section '4.1' has the words 'tries each door "
        "by dusk'. Write 'try each door at dusk,' if that is what you mean."
    )


def test_the_section_where_they_do_stand_is_named() -> None:
    assert problem("4.1", "write down each loan").instead == (
        "They are in section '4.2': write that section if you mean it."
    )


def test_no_other_sentence_is_named_for_one_that_was_removed() -> None:
    """Else the report would quote, for this duty, what the SOP says of another."""
    without = hall(("try each door at dusk", "tried each door by dusk"))
    assert [each.instead for each in verify(BOOK, without) if each.kind == "citation"] == [REMOVED]
    moved = asking("4.1", "write down each loan")
    paragraph = find_places(hall(), "4.2", moved.phrase)[0].paragraph
    for pinned, instead in [
        (paragraph.fingerprint, "They are in section '4.2': write that section if you mean it."),
        ("0" * 16, REMOVED),
    ]:
        found = locate(hall(), replace(moved, pinned=pinned))
        assert isinstance(found, SopProblem)
        assert found.instead == instead


def test_words_that_are_like_no_others() -> None:
    assert problem("4.1", "quite another matter").instead == (
        "Copy a few words from the section exactly."
    )


def test_words_in_two_paragraphs_are_refused_with_both() -> None:
    found = problem("4.2", "key book")
    assert found.message == "The words 'key book' appear in 2 paragraphs of section '4.2': 1, 5."
    assert found.instead == "Add a word or two, so that they appear only once."


def test_words_twice_in_one_paragraph_are_refused() -> None:
    """Else nobody knew which sentence is meant."""
    assert problem("4.1", "and the").message == (
        "The words 'and the' appear 2 times in one paragraph."
    )


def test_a_section_that_is_not_there_comes_first() -> None:
    document = hall(("Lost keys\n\n", ""))
    found = locate(document, asking("4.2 Lost keys", "have the lock changed"))
    assert isinstance(found, SopProblem)
    assert found.message == "hall.txt has no section '4.2 Lost keys' to look for it in."


def test_words_are_sought_in_their_own_section_only() -> None:
    assert len(find_places(hall(), "4", "try each door")) == 0
    assert len(find_places(hall(), "4", "the keeper will do")) == 1
    assert find_places(hall(), "none", "keeper") == ()


def test_the_duties_of_each_paragraph() -> None:
    found = duties_by_paragraph(BOOK, hall())
    assert found["4.1", 1] == ("doors-told", "doors-tried")
    assert found["4.2", 1] == ("loans-written",)
    assert ("4.2", 2) not in found


def test_nothing_is_wrong_with_the_hall() -> None:
    assert verify(BOOK, hall()) == ()
    assert verify(BOOK, read(BOOK, word(HALL_TEXT), "hall.docx")) == ()


DATED = "      dated: done on\n"
HALF_YEARLY = """\
  - from: 2027-01-01
    pattern: {kind: rolling, every: 6 months}
    evidence:
      register: acts
      where: [{column: kind, equals: door tried}]
      dated: done on
"""


def _readings(*phrases: str) -> str:
    entries = (f"      - phrase: {phrase}\n        reading: soon\n" for phrase in phrases)
    return "    readings:\n" + "".join(entries)


def test_a_reading_of_words_that_are_nowhere_is_told_of() -> None:
    """Words of another section are not."""
    readings = _readings("every dusk", "gives a name", "each door")
    book = hall_book((TRIED, DATED, DATED + readings))
    (found,) = verify(book, hall())
    assert found.kind == "reading"
    assert describe(found) == (
        "4.1-locking/doors-tried.yaml, versions 1 > readings 1: hall.txt does not have the words "
        "'every dusk'. Copy a few words from the SOP exactly. If its words have changed, write the "
        "reading in a new version of the duty."
    )
    assert unpinned(book, hall()) == (found,)


@pytest.mark.parametrize("words", [("at dusk", "every dusk"), ("every dusk", "at dusk")])
def test_the_readings_of_one_version_are_enough(words: tuple[str, str]) -> None:
    """A version written for a coming SOP stops no check with the SOP of today, nor the reverse."""
    first, second = map(_readings, words)
    book = hall_book((TRIED, DATED, DATED + first + HALF_YEARLY + second))
    assert verify(book, hall()) == ()


def test_a_duty_that_ends_needs_no_words_for_its_readings() -> None:
    ends = (TRIED, "versions:\n", "until: 2026-12-31\nversions:\n")
    edit = (TRIED, DATED, DATED + _readings("every dusk"))
    assert verify(hall_book(ends, edit), hall()) == ()


def test_a_changed_paragraph_is_told_of_for_each_of_its_duties() -> None:
    """What was written from another text is not to be relied on without a look."""
    problems = verify(BOOK, hall(("burning until", "alight until")))
    assert [(each.file, each.where, each.kind) for each in problems] == [
        ("4.1-locking/doors-told.yaml", "citations 1", "pin"),
        ("4.1-locking/doors-tried.yaml", "citations 1", "pin"),
    ]
    assert describe(problems[0]) == (
        "4.1-locking/doors-told.yaml, citations 1: The paragraph of section '4.1' with 'told of to "
        "the Warden' is not the one from which the rule was written: hall.txt has a different "
        "text there. Compare the two texts ('dueregard sop compare OLD NEW'), change the rule if "
        "it has to change, then run 'dueregard sop pin --accept'."
    )


def test_what_changes_no_word_changes_no_pin() -> None:
    same = hall(
        ("each door at dusk", "each  DOOR\u00a0at dusk"),
        ("St. Agnes's porch –", "St. Agnes’s porch —"),
    )
    assert verify(BOOK, same) == ()


def test_a_citation_without_a_pin_and_a_pin_without_a_citation() -> None:
    book = hall_book(("4.1-locking/doors-tried.yaml", "try each door at dusk", "each door at dusk"))
    problems = verify(book, hall())
    assert [(each.file, each.kind, each.section) for each in problems] == [
        ("4.1-locking/doors-tried.yaml", "pin", "4.1"),
        ("pins.yaml", "pin", "4.1"),
    ]
    assert problems[0].message == "'each door at dusk' is not pinned to its paragraph."
    assert problems[1].message == (
        "Nothing cites 'try each door at dusk' of section '4.1' any more."
    )


def test_a_broken_citation_is_told_of_once_and_its_pin_not_at_all() -> None:
    problems = verify(BOOK, hall(("at least yearly", "every year")))
    assert [(each.file, each.kind) for each in problems] == [
        ("4.1-locking/list-gone-through.yaml", "citation")
    ]


def test_a_heading_that_is_gone_is_told_of_before_what_stood_under_it() -> None:
    problems = verify(BOOK, hall(("Lost keys\n\n", "")))
    assert [each.kind for each in problems] == ["heading", "citation"]
