"""No sentence that obliges is left out, and no rule is without its sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Rulebook
from rules.sop.coverage import Coverage, coverage
from rules.sop.document import OBLIGING, Document, Paragraph, Sentence, all_sentences, sentences
from rules.sop.problem import SopProblem, describe
from tests.support.needs import ROOT
from tests.support.sop_builders import HALL_TEXT, hall, hall_book, read, word

BOOK = hall_book()


def found(document: Document | None = None, rulebook: Rulebook = BOOK) -> Coverage:
    return coverage(rulebook, document or hall())


def only(problems: tuple[SopProblem, ...]) -> SopProblem:
    (problem,) = problems
    return problem


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(Paragraph("1", 1, text, 1))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He said “stop.” Then he went.", ["He said “stop.”", "Then he went."]),
        ("Keys (of iron.) Locks.", ["Keys (of iron.)", "Locks."]),
        ("By St. Agnes's, e.g. Mr. A. Key's, see No. 4 or para. 5 i.e. Rule 6.", None),
        ("Key v.0.1 is at www.example.org. Look.", ["Key v.0.1 is at www.example.org.", "Look."]),
        ("It ends. ‘And’ begins. 3 keys hang.", ["It ends.", "‘And’ begins.", "3 keys hang."]),
        ("one. two", ["one. two"]),
        ("No mark", ["No mark"]),
    ],
)  # fmt: skip
def test_sentences(text: str, parts: list[str] | None) -> None:
    assert split(text) == (parts or [text])


@given(st.text('aB .!?"’)(1', min_size=1, max_size=60))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    """Put together again they are the paragraph, and none is empty or overlaps."""
    line = " ".join(text.split())
    if line:
        assert " ".join(split(line)) == line


FORMS = {
    "will": "The keeper will go.",
    "must": "The keeper MUST go.",
    "shall": "The keeper shall go.",
    "should": "The keeper should go.",
    "responsible": "The keeper is responsible. | It is a responsibility. | of responsibilities",
    "ensure": "to ensure | it ensures | by ensuring | ensured",
    "at least": "at  least one",
    "expected to": "are expected to go | we expect the keepers to go",
    "required": "as required | this requires | what roles require | a requirement | requirements",
    "obligation": "an obligation | obligations | is obliged | obliges",
    "encourage": "encourages all | are encouraged | encourage",
    "asked to": "is asked to go | the Warden asks each",
    "need to": "they need to go | it needs to go",
    "is to be": "is to be locked | are to be locked",
    "duty to": "a duty to go | duties to go | It is the duty of the caretaker to go",
    "due regard": "have due regard",
    "has to": "The keeper has to go | they have to go",
    "is to": "The keeper is to go | are not to be left | he is to have no aim",
    "may only": "Staff may only use it | only the keeper may go",
    "may not": "Staff may not go",
    "no one": "No one can go | Nobody may go | no-one can go",
}


@pytest.mark.parametrize("word_", [word_ for word_, _ in OBLIGING])
def test_each_word_that_obliges_is_seen_in_each_form(word_: str) -> None:
    for text in FORMS[word_].split(" | "):
        assert word_ in Sentence(Paragraph("1", 1, text, 1), 0, len(text)).obliging, text


def test_the_page_for_policy_owners_lists_every_word() -> None:
    page = " ".join((ROOT / "docs" / "policy-owner.md").read_text(encoding="utf-8").split())
    assert f"in any of their forms: {', '.join(word for word, _ in OBLIGING)}." in page


@pytest.mark.parametrize(
    "text",
    [
        "William goes",
        "a mustard pot",
        "shoulder",
        "it is here",
        "may",
        "the aim of the hall is to last",
        "it is together",
        "has two",
    ],
)
def test_other_words_do_not_oblige(text: str) -> None:
    assert Sentence(Paragraph("1", 1, text, 1), 0, len(text)).obliging == ()


def test_the_hall_is_covered() -> None:
    coverage_ = found()
    assert coverage_.problems == ()
    assert (coverage_.citations, coverage_.resolved) == (10, 10)
    assert len(coverage_.sentences) == len(all_sentences(hall())) == 32
    assert len(coverage_.obliging) == 13
    assert dict(coverage_.reasons) == {
        "umbrella": 2,
        "describes": 1,
        "covered by another sentence": 1,
    }


def test_what_covers_each_sentence() -> None:
    by_text = {sentence.sentence.text: sentence for sentence in found().sentences}
    told = by_text[
        "A door that does not lock will be told of to the Warden within two days, and the lamp "
        "beside it is left burning until somebody comes."
    ]
    assert (told.obliging, told.duties, told.exempt) == (("will",), ("doors-told",), None)
    minuted = by_text["This will be minuted."]
    assert minuted.duties == ()
    assert minuted.exempt is not None
    assert minuted.exempt.covered_by == ("book-signed",)


def test_it_is_the_same_in_a_word_document() -> None:
    document = read(BOOK, word(HALL_TEXT), "hall.docx")
    here, there = found().sentences, found(document).sentences
    assert [(a.sentence.text, a.duties, a.exempt) for a in here] == [
        (b.sentence.text, b.duties, b.exempt) for b in there
    ]
    assert found(document).problems == ()


def test_a_sentence_in_neither_is_told_of() -> None:
    """At its line, with the word that obliges, and with how it begins."""
    more = (
        "Keys are lent for a week. The keeper must, at least once, say so to whoever borrows, so "
        "that nobody can say that it was not said."
    )
    problems = found(hall(("Keys are lent for a week.", more))).problems
    assert describe(only(problems)) == (
        "hall.txt, line 74: A sentence of section '4.2' requires something ('must', 'at least', "
        "'no one') and no duty cites it: 'The keeper must, at least once, say so to whoever "
        "borrows, so that nobody …'. Cite it in a duty, or list it under 'exempt' in book.yaml "
        "with the reason."
    )
    assert only(problems).kind == "sentence"


def test_a_duty_taken_away_leaves_its_sentence_uncovered() -> None:
    """Only its own: the other sentence of the paragraph is still cited."""
    book = hall_book(
        ("4.1-locking/doors-told.yaml", "told of to the Warden", "each door at dusk, e.g")
    )
    kinds = [(problem.kind, problem.message[:40]) for problem in found(rulebook=book).problems]
    assert ("sentence", "A sentence of section '4.1' requires som") in kinds
    assert len([kind for kind, _ in kinds if kind == "sentence"]) == 1


def test_a_rule_without_a_sentence_is_told_of() -> None:
    problems = found(hall(("at least yearly", "every year"))).problems
    assert [problem.kind for problem in problems] == ["citation", "sentence"]


def test_a_sentence_that_changed_is_no_longer_known_to_be_exempt() -> None:
    problem = only(
        found(hall(("differ from one hall", "differ from one hall, and must,"))).problems
    )
    assert describe(problem) == (
        "book.yaml, exempt 2: The sentence with 'differ from one hall' has changed since it was "
        "found to be no duty. Read it again. If it is still no duty, run "
        "'dueregard sop pin --accept'."
    )


EXEMPT = "exempt:\n"
MORE = "exempt:\n  - section: {section}\n    phrase: {phrase}\n    reason: {reason}\n"


def more(section: str, phrase: str, reason: str = "describes") -> Rulebook:
    entry = MORE.format(section=section, phrase=phrase, reason=reason)
    return hall_book(("book.yaml", EXEMPT, entry))


@pytest.mark.parametrize(
    ("book", "says"),
    [
        (
            more('"4.1"', "try each door"),
            "is cited by doors-tried, so it is a duty. Remove the exe",
        ),
        (
            more('"4.2"', "The Warden may allow"),
            "no word that requires anything. Remove the exemption.",
        ),
        (more('"1"', "keeps its keys under"), "Its sentence is already exempt. Keep one of the"),
        (more('"3"', "differ from two halls"), "Write 'differ from one hall' if that is what you"),
        (
            more('"4.2"', "a week. The Warden"),
            "continue beyond the end of a sentence. Use words of only one",
        ),
        (more('"4.2"', "The Warden may allow"), "has no fingerprint. Run 'dueregard sop pin' with"),
        (
            hall_book(("book.yaml", "covered by: [book-signed]", "covered by: [book-sealed]")),
            "There is no duty 'book-sealed' that could cover it. Write 'book-signed' if that is",
        ),
    ],
)
def test_an_exemption_that_does_not_hold_is_told_of(book: Rulebook, says: str) -> None:
    problems = [problem for problem in found(rulebook=book).problems if says in describe(problem)]
    assert only(tuple(problems)).kind == "exemption"
    assert only(tuple(problems)).file == "book.yaml"
