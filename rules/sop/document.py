"""A SOP: its sections, their paragraphs and sentences."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.sop.normal import fingerprint, plain
from rules.sop.problem import SopProblem

#: The section of the text before the first heading, where book.yaml does not name it.
FRONT = "before the first heading"

# Where a sentence ends: a mark, perhaps a closing quote or bracket, spaces, then a beginning.
_END = re.compile(r"[.!?]['\"’”)\]]*(?P<gap>\s+)(?=['\"‘“(\[]*[A-Z0-9])")
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|cf|no|nos|para|paras|art|ss?|vs?|mrs?|ms|dr|prof|st|[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST_SHORTENED = 10  # characters before a mark, with more than one to spare

_UP_TO_8 = r"(?:[\w'’-]+ ){1,8}"
#: The words by which a sentence requires something, each with its forms as a pattern on normal
#: text. The list is closed: a sentence with none of them needs no duty, though one may cite it.
OBLIGING: tuple[tuple[str, str], ...] = (
    ("will", "will"),
    ("must", "must"),
    ("shall", "shall"),
    ("should", "should"),
    ("responsible", "responsible|responsibilit(?:y|ies)"),
    ("ensure", "ensur(?:e|es|ed|ing)"),
    ("at least", "at least"),
    ("expected to", f"expected to|expects? {_UP_TO_8}to"),
    ("required", "requires?|required|requirements?"),
    ("obligation", "obligations?|obliged|obliges"),
    ("encourage", "encourages?|encouraged"),
    ("asked to", "asked to|asks"),
    ("need to", "needs? to"),
    ("is to be", "(?:is|are) to be"),
    ("duty to", f"dut(?:y|ies) (?:of {_UP_TO_8})?to"),
    ("due regard", "due regard"),
    ("has to", "(?:has|have|having) to"),
    ("is to", r"(?:is|are) (?:to(?! be\b)|not to)"),
    ("may only", f"may only|only {_UP_TO_8}(?:may|can)"),
    ("may not", "may not"),
    ("no one", "(?:no[ -]one|nobody|no person) (?:can|may|is to)"),
)
#: 'The aim of the policy is to protect' states an aim, and requires nothing by 'is to'.
_AIM = re.compile(r"(\b(?:aim|purpose|objective|goal)s?\b[^.;:]{0,200}?) (?:is|are) to\b(?! be\b)")
_WORDS = tuple((word, re.compile(rf"\b(?:{forms})\b")) for word, forms in OBLIGING)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, list item or table row.

    ``section`` is its section, as book.yaml names it; ``number`` counts from 1 within it.
    ``text`` is on one line, without the marks of lists, links and emphasis; ``place`` is the line
    of the file where it begins, or the number of the paragraph in a Word document.
    """

    section: str
    number: int
    text: str
    place: int

    @property
    def fingerprint(self) -> str:
        """The fingerprint in the pin of a citation."""
        return fingerprint(self.text)


@dataclass(frozen=True, slots=True)
class SopSection:
    """One section: ``id`` as book.yaml names it (``known``), or made from the heading of one that
    it does not name; ``heading`` and ``printed`` (the number, '' where none is printed) as they
    are in the document. ``name``: the id with the numbers of this document, so that section 4.7
    IT Policies is 4.8 IT Policies where the number 8 is printed."""

    id: str
    heading: str
    printed: str
    known: bool
    place: int
    name: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def title(self) -> str:
        """The heading line: number and words."""
        return f"{self.printed}. {self.heading}" if self.printed else self.heading


@dataclass(frozen=True, slots=True)
class StatedVersion:
    """The version and the day of a SOP as its front page states them; '' and None where it does
    not. ``differing``: the versions, or the days, if it states several."""

    version: str = ""
    in_force: datetime.date | None = None
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole SOP. ``file`` is its name, ``unit`` what ``place`` counts ('line', 'paragraph'),
    ``sha256`` is over the file's bytes. ``version`` is the version in book.yaml that it is; if it
    is none of them, ``no_version`` says why. ``states`` are the version and the day on its front
    page. ``problems`` are the headings of book.yaml that are not in it exactly once."""

    file: str
    unit: str
    sha256: str
    sections: tuple[SopSection, ...]
    version: str = ""
    no_version: SopProblem | None = None
    states: StatedVersion = StatedVersion()
    problems: tuple[SopProblem, ...] = ()

    @property
    def all_problems(self) -> tuple[SopProblem, ...]:
        """Why it is no version that book.yaml lists, and the problems of its headings."""
        return (*((self.no_version,) if self.no_version else ()), *self.problems)

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph, in order."""
        for section in self.sections:
            yield from section.paragraphs

    def section(self, id_: str) -> SopSection | None:
        """The section with that id, or None where the document has no such heading."""
        return next((section for section in self.sections if section.id == id_), None)

    def section_called(self, name: str) -> SopSection | None:
        """The section with that name in this document, or None where it has no such heading."""
        return next((section for section in self.sections if section.name == name), None)


@dataclass(frozen=True, slots=True)
class PhrasePlace:
    """The place of a phrase: its paragraph, and its first and after-last character there."""

    paragraph: Paragraph
    start: int
    end: int

    def overlaps(self, other: PhrasePlace) -> bool:
        """Whether a character is in both."""
        together = self.start < other.end and other.start < self.end
        return together and self.paragraph == other.paragraph


@dataclass(frozen=True, slots=True)
class Sentence(PhrasePlace):
    """One sentence: its paragraph, and its first and after-last character there."""

    @property
    def text(self) -> str:
        """Its words."""
        return self.paragraph.text[self.start : self.end]

    @property
    def fingerprint(self) -> str:
        """The fingerprint in an exemption of it."""
        return fingerprint(self.text)

    @property
    def obliging(self) -> tuple[str, ...]:
        """The words in it by which it requires something, in the order of OBLIGING."""
        words = _AIM.sub(r"\1", plain(self.text))
        return tuple(word for word, pattern in _WORDS if pattern.search(words))


def sentences(paragraph: Paragraph) -> Iterator[Sentence]:
    """The sentences of a paragraph, the last of which may end without a mark."""
    start = 0
    for match in _END.finditer(paragraph.text):
        end = match.start() + 1
        if not _SHORTENED.search(paragraph.text[max(start, end - _LONGEST_SHORTENED) : end]):
            yield Sentence(paragraph, start, match.start("gap"))
            start = match.end()
    yield Sentence(paragraph, start, len(paragraph.text))


def all_sentences(document: Document) -> tuple[Sentence, ...]:
    """Every sentence of the document, in order."""
    return tuple(sentence for paragraph in document.paragraphs for sentence in sentences(paragraph))
