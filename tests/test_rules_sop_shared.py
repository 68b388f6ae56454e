"""The project's rulebook beside the SOP that it encodes: every rule has its words, and every word
that obliges its rule. The SOP itself lies beside the project and is no part of it."""

from __future__ import annotations

import csv
import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rules.model import Rulebook
from rules.sop.compare import compare
from rules.sop.coverage import coverage
from rules.sop.document import Document, Paragraph, PhrasePlace
from rules.sop.normal import plain
from rules.sop.pins import pin, verify
from rules.sop.resolve import SopPointer, duties_by_paragraph, locate, quotes
from tests.support.own_book import own_book
from tests.support.sop_builders import read, told, word

pytestmark = pytest.mark.needs("shared")

#: Enough words in a row to be the SOP's own and no phrase or name that anybody would use.
_RUN = 10


#: The day of the SOP's version that lies beside the project.
_IN_FORCE = datetime.date(2024, 10, 1)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """The rulebook without the duties that begin later, which a later SOP may require."""
    whole = own_book()
    duties = {id_: d for id_, d in whole.duties.items() if d.in_force_from <= _IN_FORCE}
    return whole.model_copy(update={"duties": duties})


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    return (shared / "sop" / "prevent-duty-sop-v1.0.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sop(book: Rulebook, text: str) -> Document:
    return read(book, text, "sop.txt")


FORMS = [{}, {"whole": False}, {"numbered": False}]


@pytest.fixture(scope="module", params=FORMS, ids=["whole", "cut by pages", "numbered by Word"])
def in_word(book: Rulebook, text: str, request: pytest.FixtureRequest) -> Document:
    return read(book, word(text, **request.param), "sop.docx")


def test_every_section_is_found(book: Rulebook, sop: Document) -> None:
    """Numbers that begin anew and two 5s, a list that is none, in the order of the document."""
    assert sop.problems == ()
    assert [section.id for section in sop.sections if not section.known] == []
    assert [(s.id, s.printed) for s in sop.sections if s.printed] == [
        ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("4.1", "1"), ("4.2", "2"), ("4.3", "3"),
        ("4.4", "4"), ("4.5", "5"), ("4.6", "6"), ("4.7", "7"), ("4.8", "8"), ("5", "5"),
        ("6", "6"), ("Revision Record", "5"),
    ]  # fmt: skip
    assert len(sop.sections) == 27
    assert len(list(sop.paragraphs)) == 109


def test_no_sentence_is_left_cut(sop: Document) -> None:
    """Each page's end is gone; of the paragraphs that do not end as sentences do, all are short
    (lists, rows of tables, lettered heads) but one that a comma ends in the document itself."""
    assert not [paragraph for paragraph in sop.paragraphs if "OFFICIAL" in paragraph.text]
    cut = [p for p in sop.paragraphs if p.text[-1] not in ".:”)" and len(p.text.split()) > 14]
    assert [(each.section, each.text[-1]) for each in cut] == [("3 Capabilities", ","), ("6", "f")]


def test_a_word_document_of_the_same_text_reads_the_same(sop: Document, in_word: Document) -> None:
    assert told(in_word) == told(sop)
    assert [p.fingerprint for p in in_word.paragraphs] == [p.fingerprint for p in sop.paragraphs]
    assert in_word.problems == ()


def test_every_citation_of_the_catalogue_has_one_paragraph(
    shared: Path, sop: Document, in_word: Document
) -> None:
    """104 duties with 110 phrases, and each in the same paragraph of both files."""
    with (shared / "sop" / "duties.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = [
        SopPointer("duties.csv", row["id"], row["section"], phrase.strip())
        for row in rows
        for phrase in row["where"].split("|")
    ]
    assert (len(rows), len(asked)) == (104, 110)
    for asking in asked:
        here, there = locate(sop, asking), locate(in_word, asking)
        assert isinstance(here, PhrasePlace), here
        assert isinstance(there, PhrasePlace), there
        assert here.paragraph.fingerprint == there.paragraph.fingerprint
        assert (here.start, here.end) == (there.start, there.end)


def test_every_rule_is_pinned_to_its_words(
    book: Rulebook, sop: Document, in_word: Document
) -> None:
    assert verify(book, sop) == ()
    assert verify(book, in_word) == ()
    assert pin(book, sop).pins == book.pins["1.0"]
    cited = {
        (citation.section, citation.phrase)
        for duty in book.duties.values()
        for citation in duty.citations
    }
    assert set(quotes(book, sop)) == cited
    assert quotes(book, sop) == quotes(book, in_word)


def test_nothing_is_left_out(book: Rulebook, sop: Document) -> None:
    """Of 100 sentences that oblige, each is cited or exempt, for one of five reasons."""
    found = coverage(book, sop)
    assert found.problems == ()
    obliging = found.obliging
    assert len(obliging) == 100
    assert all(bool(each.duties) != bool(each.exempt) for each in obliging)
    assert dict(found.reasons) == {
        "describes": 8,
        "another body's work": 8,
        "umbrella": 6,
        "covered by another sentence": 5,
        "a power": 2,
    }


def test_one_word_names_exactly_the_duties_of_its_paragraph(
    book: Rulebook, text: str, sop: Document
) -> None:
    """For every paragraph that a duty cites, and for those that none does."""
    citing = duties_by_paragraph(book, sop)
    for paragraph in sop.paragraphs:
        found = compare(book, sop, _reworded(sop, paragraph))
        assert found.duties == citing.get((paragraph.section, paragraph.number), ())
        (change,) = found.paragraphs
        assert change.old == paragraph
    assert sum(map(len, citing.values())) >= 104


def _reworded(document: Document, paragraph: Paragraph) -> Document:
    """The document with the middle word of one paragraph made another."""
    words = paragraph.text.split()
    words[len(words) // 2] = "otherwise"
    other = Paragraph(paragraph.section, paragraph.number, " ".join(words), paragraph.place)
    sections = tuple(
        replace(s, paragraphs=tuple(other if each == paragraph else each for each in s.paragraphs))
        for s in document.sections
    )
    return replace(document, sections=sections)


def test_no_sentence_of_the_sop_is_kept_in_the_project(root: Path, sop: Document) -> None:
    """Phrases of a few words and fingerprints are all that is stored of it."""
    runs = {run for paragraph in sop.paragraphs for run in _runs(paragraph.text)}
    assert len(runs) > 2000
    kept = []
    for path in _texts_of(root):
        held = _runs(path.read_text(encoding="utf-8", errors="replace")) & runs
        kept += [f"{path.relative_to(root)}: {run}" for run in sorted(held)]
    assert kept == []


def _runs(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9']+", plain(text))
    return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _texts_of(root: Path) -> list[Path]:
    """The files of the project that hold text, those that a machine made left aside."""
    endings = {".py", ".yaml", ".md", ".txt", ".jinja", ".css", ".js", ".toml", ".csv", ".json"}
    aside = {"build", "node_modules", "dueregard-report"}
    return sorted(
        path
        for path in root.rglob("*")
        if path.suffix in endings
        and not any(part.startswith(".") or part in aside for part in path.relative_to(root).parts)
    )
