"""What changed between two versions is told with its duties, and what only moved is no change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sop.compare import SopComparison, compare, differing, likeness, moved
from rules.sop.document import Document, Paragraph
from rules.sop.normal import plain
from rules.sop.resolve import duties_by_paragraph
from tests.support.sop_builders import HALL_TEXT, hall, hall_book, read, told, word

BOOK = hall_book()
CITING = duties_by_paragraph(BOOK, hall())


def to(new: Document, old: Document | None = None) -> SopComparison:
    return compare(BOOK, old or hall(), new)


def sections(found: SopComparison) -> list[tuple[str, str]]:
    return [(section.kind, section.section) for section in found.sections]


def paragraphs(found: SopComparison) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (
            paragraph.kind,
            (paragraph.old or paragraph.new or pytest.fail("neither")).section,
            paragraph.duties,
        )
        for paragraph in found.paragraphs
    ]


def test_nothing_changed() -> None:
    found = to(hall())
    assert not found.changed
    assert (found.sections, found.paragraphs, found.moves, found.duties) == ((), (), (), ())


@pytest.mark.parametrize("numbered", [True, False])
def test_the_same_text_in_another_file_is_no_change(numbered: bool) -> None:
    """Quotes, page ends and printed numbers make none."""
    document = read(BOOK, word(HALL_TEXT, numbered=numbered), "hall.docx")
    assert not to(document).changed
    assert not to(hall(), document).changed


def _with_a_word_changed(paragraph: Paragraph, at: int) -> Document:
    """The hall's procedure with one word of one paragraph made another."""
    made = hall()
    words = paragraph.text.split()
    words[at] = "otherwise"
    changed = Paragraph(paragraph.section, paragraph.number, " ".join(words), paragraph.place)
    whole = tuple(
        replace(s, paragraphs=tuple(changed if p == paragraph else p for p in s.paragraphs))
        for s in made.sections
    )
    return replace(made, sections=whole)


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    "paragraph", list(hall().paragraphs), ids=lambda p: f"{p.section} {p.number}"
)
def test_one_word_names_exactly_the_duties_that_cite_its_paragraph(paragraph: Paragraph) -> None:
    """Whichever word of whichever paragraph it is."""
    cited = CITING.get((paragraph.section, paragraph.number), ())
    for at in range(len(paragraph.text.split())):
        found = to(_with_a_word_changed(paragraph, at))
        assert found.duties == cited
        touched = {
            (paragraph.old.section, paragraph.old.number)
            for paragraph in found.paragraphs
            if paragraph.old
        }
        assert touched == {(paragraph.section, paragraph.number)}
        assert sections(found) == [("reworded", paragraph.section)]


def test_the_words_that_differ_are_marked_and_no_others() -> None:
    (change,) = to(hall(("within two days", "within five working days"))).paragraphs
    assert change.kind == "reworded"
    assert [run.text for run in change.old_words if run.differ] == ["two"]
    assert [run.text for run in change.new_words if run.differ] == ["five working"]
    assert change.old is not None
    assert " ".join(run.text for run in change.old_words) == change.old.text


@given(st.text("ab “”'’.-– ", max_size=40), st.text("ab “”'’.-– ", max_size=40))
def test_marked_texts_are_the_texts(old: str, new: str) -> None:
    """Together the runs are each text, alike runs are word for word alike in both, and no two runs
    of one kind are neighbours."""
    here, there = differing(old, new)
    assert " ".join(run.text for run in here) == " ".join(old.split())
    assert " ".join(run.text for run in there) == " ".join(new.split())
    same = [[plain(run.text) for run in side if not run.differ] for side in (here, there)]
    assert same[0] == same[1]
    for side in (here, there):
        assert all(a.differ or b.differ for a, b in pairwise(side))
    if [plain(word_) for word_ in old.split()] != [plain(word_) for word_ in new.split()]:
        assert any(run.differ for run in (*here, *there))


def test_quotes_and_capitals_are_no_difference() -> None:
    here, there = differing("the ‘Key’ rule", "The 'key' rules")
    assert [(run.text, run.differ) for run in here] == [("the ‘Key’", False), ("rule", True)]
    assert [(run.text, run.differ) for run in there] == [("The 'key'", False), ("rules", True)]


def test_a_paragraph_added() -> None:
    found = to(
        hall(("Keys are lent for a week.", "Lamps are not lent.\n\nKeys are lent for a week."))
    )
    assert paragraphs(found) == [("added", "4.2", ())]
    assert sections(found) == [("reworded", "4.2")]
    assert found.paragraphs[0].new_words[0].text == "Lamps are not lent."
    assert found.paragraphs[0].old_words == ()
    assert found.moves == ()


def test_a_paragraph_removed_names_its_duties() -> None:
    gone = "The hall has a well-kept list of keys, which will be gone through at least yearly.\n\n"
    found = to(hall((gone, "")))
    assert paragraphs(found) == [("removed", "4.1", ("list-gone-through",))]
    assert found.duties == ("list-gone-through",)


def test_a_paragraph_put_elsewhere_in_its_section_is_no_change() -> None:
    """In a list, and among paragraphs."""
    found = to(
        hall(
            ("- the day of the loan\n", ""),
            ("OFFICIAL\n\nKeys are lent", "- the day of the loan\n\nKeys are lent"),
        )
    )
    assert not found.changed
    assert found.moves == ()


MOVED = "The hall has a well-kept list of keys, which will be gone through at least yearly.\n\n"


def test_a_paragraph_put_into_another_section_is_no_change_but_told_of() -> None:
    """Its citations name a section in which it no longer stands."""
    found = to(hall((MOVED, ""), ("This will be minuted.", f"{MOVED}This will be minuted.")))
    assert not found.changed
    (move,) = found.moves
    assert (move.old.section, move.new.section, move.new.number) == ("4.1", "5", 2)
    assert move.duties == ("list-gone-through",)


def test_a_paragraph_put_elsewhere_and_reworded_is_one_change() -> None:
    other = MOVED.replace("yearly", "monthly")
    found = to(hall((MOVED, ""), ("This will be minuted.", f"{other}This will be minuted.")))
    (change,) = found.paragraphs
    assert change.kind == "reworded"
    assert change.old is not None
    assert change.new is not None
    assert (change.old.section, change.new.section) == ("4.1", "5")
    assert change.duties == ("list-gone-through",)
    assert sections(found) == [("reworded", "4.1"), ("reworded", "5")]


def test_a_paragraph_written_anew_is_removed_and_added() -> None:
    found = to(hall((MOVED, "Nobody counts what hangs on that wall, and nothing is written.\n\n")))
    assert paragraphs(found) == [
        ("removed", "4.1", ("list-gone-through",)),
        ("added", "4.1", ()),
    ]


def test_one_of_two_equal_paragraphs_removed() -> None:
    old = hall(("- gives a name", "- gives a name\n - gives a name"))
    assert paragraphs(to(hall(), old)) == [("removed", "3 Trust", ())]


def test_a_section_added() -> None:
    found = to(hall(("5. Review", "3. Lamps\n\nEach lamp will be lit at dusk.\n\n5. Review")))
    assert sections(found) == [("added", "3 Lamps")]
    assert paragraphs(found) == [("added", "3 Lamps", ())]


def test_a_section_removed() -> None:
    start, end = HALL_TEXT.index("Lost keys\n"), HALL_TEXT.index("5. Review")
    found = to(hall((HALL_TEXT[start:end], "")))
    assert sections(found) == [("removed", "4.2 Lost keys")]
    assert paragraphs(found) == [("removed", "4.2 Lost keys", ("locks-changed",))]


def test_a_heading_taken_out_leaves_its_paragraphs_where_they_are() -> None:
    found = to(hall(("Lost keys\n\n", "")))
    assert sections(found) == [("removed", "4.2 Lost keys")]
    assert found.paragraphs == ()
    assert [(move.old.section, move.new.section) for move in found.moves] == [
        ("4.2 Lost keys", "4.2")
    ]


def test_a_section_moved_is_one_section_moved() -> None:
    """Not all the others, and no paragraph of it."""
    start, end = HALL_TEXT.index("Lost keys\n"), HALL_TEXT.index("5. Review")
    lost = HALL_TEXT[start:end]
    found = to(hall((lost, ""), ("1. Locking up", f"{lost}1. Locking up")))
    assert sections(found) == [("moved", "4.2 Lost keys")]
    assert (found.paragraphs, found.moves) == ((), ())
    assert found.changed


def test_a_section_with_another_heading_is_the_same_section() -> None:
    """By its paragraphs; the citations find them again when book.yaml has the new heading."""
    found = to(hall(("2. Lending\n", "2. Loans and returns\n")))
    assert sections(found) == [("renamed", "4.2")]
    assert found.sections[0].old == "2. Lending"
    assert found.sections[0].new == "2. Loans and returns"
    assert (found.paragraphs, found.moves) == ((), ())
    both = to(
        hall(("2. Lending\n", "2. Loans and returns\n"), ("loan in the key", "loan in a key"))
    )
    assert sections(both) == [("renamed", "4.2"), ("reworded", "4.2")]
    assert both.duties == ("loans-written",)


def test_a_section_with_another_number() -> None:
    found = to(hall(("2. Lending\n", "3. Lending\n")))
    assert sections(found) == [("renumbered", "4.2")]
    assert found.paragraphs == ()


def test_what_the_old_version_does_not_bear_out_is_told_of() -> None:
    found = to(hall(), hall(("at least yearly", "every year"), ("Lost keys\n\n", "")))
    assert [problem.kind for problem in found.problems] == ["heading", "citation", "citation"]


def test_changes_stand_in_the_order_of_the_document() -> None:
    found = to(
        hall(
            ("every spring", "every autumn"),
            ("Keys are lent for a week.", "First.\n\nKeys are lent for a week."),
            ("bring the key book.", "bring the key book along.\n\nLast."),
            ("once a year", "twice a year"),
        )
    )
    assert paragraphs(found) == [
        ("reworded", "1", ("procedure-read",)),
        ("added", "4.2", ()),
        ("reworded", "4.2", ("loans-read-out",)),
        ("added", "4.2", ()),
        ("reworded", "5", ("book-signed",)),
    ]
    assert found.duties == ("procedure-read", "loans-read-out", "book-signed")


BLOCKS = [block for block in HALL_TEXT.split("\n\n") if block.strip()]


@given(st.permutations(BLOCKS), st.permutations(BLOCKS))
def test_whatever_the_two_versions_are_every_paragraph_is_accounted_for(
    old: list[str], new: list[str]
) -> None:
    """Each is the same, reworded, removed or added, and once."""
    here, there = (read(BOOK, "\n\n".join(blocks)) for blocks in (old, new))
    found = compare(BOOK, here, there)
    olds = [paragraph.old for paragraph in found.paragraphs if paragraph.old]
    news = [paragraph.new for paragraph in found.paragraphs if paragraph.new]
    assert len(olds) == len(set(olds))
    assert len(news) == len(set(news))
    left = sorted(text for _, text in told(here))
    right = sorted(text for _, text in told(there))
    for each in olds:
        left.remove(each.text)
    for each in news:
        right.remove(each.text)
    assert [plain(text) for text in left] == [plain(text) for text in right]
    assert compare(BOOK, here, there) == found


@pytest.mark.one_in(8)
@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_the_fewest_sections_are_called_moved(order: tuple[int, ...]) -> None:
    away = moved(order)
    rest = [each for each in order if each not in away]
    assert rest == sorted(rest)
    most = max(
        len(kept)
        for mask in range(32)
        if (kept := [each for i, each in enumerate(order) if mask >> i & 1]) == sorted(kept)
    )
    assert len(rest) == most


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [("a b c d", "a b c d", 1), ("a b", "c d", 0), ("a b c d", "d c x y", 0.5), ("", "", 0)],
)
def test_how_alike_two_texts_are(old: str, new: str, alike: float) -> None:
    assert likeness(old, new) == alike == likeness(new, old)
