"""A SOP as it was read: its sections and their paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.sop.normal import fingerprint
from rules.sop.problem import SopProblem

#: The section of what stands before the first heading, where book.yaml does not name it.
FRONT = "before the first heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, list item or table row.

    ``section`` is its section, as book.yaml names it; ``number`` counts from 1 within it.
    ``text`` stands on one line, without the marks of lists, links and emphasis; ``place`` is the
    line of the file where it begins, or the number of the paragraph in a Word document.
    """

    section: str
    number: int
    text: str
    place: int

    @property
    def fingerprint(self) -> str:
        """What a citation of it is pinned to."""
        return fingerprint(self.text)


@dataclass(frozen=True, slots=True)
class SopSection:
    """One section: ``id`` as book.yaml names it (``known``), or made from the heading of one that
    it does not name; ``heading`` and ``printed`` (the number, '' where none is printed) as they
    stand in the document."""

    id: str
    heading: str
    printed: str
    known: bool
    place: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def title(self) -> str:
        """The heading line: number and words."""
        return f"{self.printed}. {self.heading}" if self.printed else self.heading


@dataclass(frozen=True, slots=True)
class Document:
    """A whole SOP. ``file`` is its name, ``unit`` what ``place`` counts ('line', 'paragraph'),
    ``sha256`` is over the file's bytes, ``problems`` are the headings of book.yaml that were not
    found once each."""

    file: str
    unit: str
    sha256: str
    sections: tuple[SopSection, ...]
    problems: tuple[SopProblem, ...] = ()

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph, in order."""
        for section in self.sections:
            yield from section.paragraphs

    def section(self, id_: str) -> SopSection | None:
        """The section that book.yaml names so, or None where the document has no such heading."""
        return next((each for each in self.sections if each.id == id_), None)
