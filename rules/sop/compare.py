"""Two versions of the SOP: what changed, and the duties that it touches."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.model import Rulebook
from rules.sop.align import Aligned, align, moved
from rules.sop.document import Document, Paragraph
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop.resolve import duties_by_paragraph, resolve_citations

SectionKind = Literal["added", "removed", "moved", "renamed", "renumbered", "reworded"]
ParagraphKind = Literal["reworded", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words, and whether the other version has others in their place."""

    text: str
    differ: bool


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One thing that became of a section; ``old`` and ``new`` are its heading lines, '' where it
    stands in one version only."""

    kind: SectionKind
    section: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph that is not as it was. ``old`` and ``new`` are the two, with their words; None
    and () on the side where there is none. ``duties`` cite the old one."""

    kind: ParagraphKind
    old: Paragraph | None
    new: Paragraph | None
    old_words: tuple[Words, ...]
    new_words: tuple[Words, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A paragraph with the same words in another section: no change, but the citations of the
    ``duties`` name a section in which it no longer stands."""

    old: Paragraph
    new: Paragraph
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SopComparison:
    """All that changed between two versions, in the order of the document; ``problems`` are
    citations and headings that the old version does not bear out, so that duties may be missed."""

    old: Document
    new: Document
    sections: tuple[SectionChange, ...]
    paragraphs: tuple[ParagraphChange, ...]
    moves: tuple[Move, ...]
    problems: tuple[SopProblem, ...]

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return bool(self.sections or self.paragraphs)

    @property
    def duties(self) -> tuple[str, ...]:
        """Every duty that cites a paragraph that is not as it was, each once."""
        return tuple(
            dict.fromkeys(duty for paragraph in self.paragraphs for duty in paragraph.duties)
        )


_MOST_COMPARED = 400 * 400  # words of one text times those of the other


def compare(rulebook: Rulebook, old: Document, new: Document) -> SopComparison:
    """What changed from ``old``, the version that the rulebook cites, to ``new``."""
    aligned = align(old, new)
    citing = duties_by_paragraph(rulebook, old)

    def duties(paragraph: Paragraph) -> tuple[str, ...]:
        return citing.get((paragraph.section, paragraph.number), ())

    changes = [
        ParagraphChange("reworded", a, b, *differing(a.text, b.text), duties(a))
        for a, b in aligned.alike
    ]
    changes += [
        ParagraphChange("removed", each, None, (Words(each.text, True),), (), duties(each))
        for each in aligned.removed
    ]
    changes += [
        ParagraphChange("added", None, each, (), (Words(each.text, True),), ())
        for each in aligned.added
    ]
    moves = [
        Move(a, b, duties(a))
        for a, b in aligned.same
        if aligned.sections.get(a.section) != b.section
    ]
    order = _order(aligned, old, new)
    return SopComparison(
        old=old,
        new=new,
        sections=tuple(_sections(old, new, aligned.sections, changes)),
        paragraphs=tuple(sorted(changes, key=lambda each: order[each.old or each.new])),
        moves=tuple(sorted(moves, key=lambda each: order[each.old])),
        problems=(*old.problems, *resolve_citations(rulebook, old)[1]),
    )


def differing(old: str, new: str) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Both texts in runs of words that are, and are not, in the other's place; compared in normal
    form, so that quotes and capitals make no difference. Of two texts of more than 400 words each
    the whole differs: nobody could read which words do, and to find out takes long."""
    here, there = old.split(), new.split()
    if len(here) * len(there) > _MOST_COMPARED:
        return (Words(" ".join(here), True),), (Words(" ".join(there), True),)
    matcher = difflib.SequenceMatcher(
        None, [plain(word) for word in here], [plain(word) for word in there], autojunk=False
    )
    codes = matcher.get_opcodes()
    return (
        tuple(Words(" ".join(here[a:b]), tag != "equal") for tag, a, b, _, _ in codes if a < b),
        tuple(Words(" ".join(there[a:b]), tag != "equal") for tag, _, _, a, b in codes if a < b),
    )


def _order(
    aligned: Aligned, old: Document, new: Document
) -> Mapping[Paragraph | None, tuple[int, int, int]]:
    """Where each paragraph of a change is told of: an old one at its place, a new one after the old
    one that stands beside the paragraph before it, and after those removed there."""
    order: dict[Paragraph | None, tuple[int, int, int]] = {}
    place = {each: index for index, each in enumerate(old.paragraphs)}
    beside = {b: place[a] for a, b in (*aligned.same, *aligned.alike)}
    removed, added = {place[each] for each in aligned.removed}, set(aligned.added)
    last = -1
    for index, each in enumerate(new.paragraphs):
        last = beside.get(each, last)
        while each in added and last + 1 in removed:
            last += 1
        if each in added:
            order[each] = (last, 1, index)
    order.update({each: (index, 0, 0) for each, index in place.items()})
    return order


def _sections(
    old: Document, new: Document, same: Mapping[str, str], changes: Sequence[ParagraphChange]
) -> Iterator[SectionChange]:
    """What became of each section, in the order of the old version, then those that are new."""
    news = {section.id: section for section in new.sections}
    at = {section.id: index for index, section in enumerate(new.sections)}
    away = moved([at[same[section.id]] for section in old.sections if section.id in same])
    touched = {change.old.section for change in changes if change.old is not None}
    touched_new = {change.new.section for change in changes if change.new is not None}
    for section in old.sections:
        if section.id not in same:
            yield SectionChange("removed", section.id, section.title, "")
            continue
        other = news[same[section.id]]
        printed = (section.printed, other.printed)
        kinds: dict[SectionKind, bool] = {
            "renamed": plain(section.heading) != plain(other.heading),
            "renumbered": all(printed) and printed[0] != printed[1],
            "moved": at[other.id] in away,
            "reworded": section.id in touched or other.id in touched_new,
        }
        for kind in (kind for kind, changed in kinds.items() if changed):
            yield SectionChange(kind, section.id, section.title, other.title)
    for section in new.sections:
        if section.id not in same.values():
            yield SectionChange("added", section.id, "", section.title)
