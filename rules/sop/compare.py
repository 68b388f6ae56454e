"""Two versions of the SOP: what changed, and the duties that the changes affect."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rules.model import Rulebook
from rules.sop.document import Document, Paragraph, SopSection
from rules.sop.normal import normal, plain
from rules.sop.problem import SopProblem
from rules.sop.resolve import duties_by_paragraph, heading_problems, resolve_citations

#: The least likeness of two paragraphs that are one, reworded: in one section, and elsewhere.
ALIKE_HERE, ALIKE_ELSEWHERE = 0.4, 0.6
#: The most words that are compared with one another: four times those of two SOPs of forty pages
#: that have no paragraph in common.
MOST_WORK = 10_000_000
_SAME_SECTION = 0.5  # of its paragraphs, for a section that has another heading
_MOST_COMPARED = 400 * 400  # words of one text times those of the other

SectionKind = Literal["added", "removed", "moved", "renamed", "renumbered", "reworded"]
ParagraphKind = Literal["reworded", "removed", "added"]
_Pair = tuple[Paragraph, Paragraph]  # of the old version, and of the new


class TooDifferent(Exception):
    """The two documents have too many paragraphs that are not in both."""


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words, and whether the other version has others in their place."""

    text: str
    differ: bool


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One change of a section. ``old`` and ``new`` are its heading lines, '' where the section is
    in one version only."""

    kind: SectionKind
    section: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A changed paragraph: ``old`` and ``new`` with their words, None and () where the paragraph is
    not in that version. ``duties`` cite the old one."""

    kind: ParagraphKind
    old: Paragraph | None
    new: Paragraph | None
    old_words: tuple[Words, ...]
    new_words: tuple[Words, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A paragraph with the same words in another section: no change, but the citations of the
    ``duties`` name a section in which it no longer is."""

    old: Paragraph
    new: Paragraph
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SopComparison:
    """All changes between two versions, in the order of the document. ``problems`` are citations
    and headings that the old version does not contain, so that duties may be missing."""

    old: Document
    new: Document
    sections: tuple[SectionChange, ...]
    paragraphs: tuple[ParagraphChange, ...]
    moves: tuple[Move, ...]
    problems: tuple[SopProblem, ...]

    @property
    def changed(self) -> bool:
        """Whether anything changed."""
        return bool(self.sections or self.paragraphs)

    @property
    def duties(self) -> tuple[str, ...]:
        """Every duty that cites a changed paragraph, once each."""
        return tuple(dict.fromkeys(duty for change in self.paragraphs for duty in change.duties))


def compare(rulebook: Rulebook, old: Document, new: Document) -> SopComparison:
    """What changed from ``old``, the version that the rulebook cites, to ``new``.

    A paragraph that is word for word the same is the same wherever it is. Of the others, the most
    alike are paired first, those of one section before those of two. Raises TooDifferent where
    the pairs would take too long to find.
    """
    sections = _same_sections(old, new)
    removed, added = list(old.paragraphs), list(new.paragraphs)
    same = _take_equal(removed, added, lambda p: sections.get(p.section, p.section))
    same += _take_equal(removed, added, lambda _: "")
    alike = _take_alike(removed, added, ALIKE_HERE, sections)
    alike += _take_alike(removed, added, ALIKE_ELSEWHERE, None)
    citing = duties_by_paragraph(rulebook, old)

    def duties(paragraph: Paragraph) -> tuple[str, ...]:
        return citing.get((paragraph.section, paragraph.number), ())

    changes = [
        ParagraphChange("reworded", a, b, *differing(a.text, b.text), duties(a)) for a, b in alike
    ]
    changes += [
        ParagraphChange("removed", p, None, (Words(p.text, True),), (), duties(p)) for p in removed
    ]
    changes += [ParagraphChange("added", None, p, (), (Words(p.text, True),), ()) for p in added]
    moves = [Move(a, b, duties(a)) for a, b in same if sections.get(a.section) != b.section]
    order = _order(old, new, {b: a for a, b in same + alike}, set(removed))
    return SopComparison(
        old=old,
        new=new,
        sections=tuple(_section_changes(old, new, sections, changes)),
        paragraphs=tuple(sorted(changes, key=lambda change: order[change.old or change.new])),
        moves=tuple(sorted(moves, key=lambda move: order[move.old])),
        problems=(*heading_problems(rulebook, old), *resolve_citations(rulebook, old)[1]),
    )


# Pairs ------------------------------------------------------------------------------------------


def _same_sections(old: Document, new: Document) -> Mapping[str, str]:
    """The ids of the new version's sections by those of the old: by id, then by their words."""
    ids = {section.id for section in new.sections}
    pairs = {section.id: section.id for section in old.sections if section.id in ids}
    others = [section for section in new.sections if section.id not in pairs]
    for section in (section for section in old.sections if section.id not in ids):
        best = max(others, key=lambda other: _shared(section, other), default=None)
        if best is not None and _shared(section, best) >= _SAME_SECTION:
            pairs[section.id] = best.id
            others.remove(best)
    return pairs


def _shared(old: SopSection, new: SopSection) -> float:
    """The part of a section's paragraphs that are in another, word for word."""
    olds, news = (Counter(p.fingerprint for p in side.paragraphs) for side in (old, new))
    return (olds & news).total() / max(olds.total(), 1)


def _take_equal(
    olds: list[Paragraph], news: list[Paragraph], key: Callable[[Paragraph], str]
) -> list[_Pair]:
    """Takes out of both, in their order, those with the same words and the same key."""
    waiting: dict[tuple[str, str], list[Paragraph]] = defaultdict(list)
    for new in news:
        waiting[new.fingerprint, key(new)].append(new)
    pairs = ((old, equal.pop(0)) for old in olds if (equal := waiting[old.fingerprint, key(old)]))
    return _take(pairs, olds, news)


def _take_alike(
    olds: list[Paragraph],
    news: list[Paragraph],
    least: float,
    sections: Mapping[str, str] | None,
) -> list[_Pair]:
    """Takes out the pairs at least that alike, the most alike first (in equal ``sections``)."""
    words_old, words_new = (sum(len(_words(p.text)) for p in side) for side in (olds, news))
    if words_old * len(news) + words_new * len(olds) > MOST_WORK:
        raise TooDifferent
    alike = [
        (-likeness_, i, j)
        for i, old in enumerate(olds)
        for j, new in enumerate(news)
        if sections is None or sections.get(old.section) == new.section
        if (likeness_ := likeness(old.text, new.text)) >= least
    ]
    return _take(((olds[i], news[j]) for _, i, j in sorted(alike)), olds, news)


def _take(candidates: Iterable[_Pair], olds: list[Paragraph], news: list[Paragraph]) -> list[_Pair]:
    """Takes the candidates out of both, the first of those that share a paragraph."""
    pairs: dict[Paragraph, Paragraph] = {}
    taken: set[Paragraph] = set()
    for old, new in candidates:
        if old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    olds[:] = [old for old in olds if old not in pairs]
    news[:] = [new for new in news if new not in taken]
    return list(pairs.items())


def likeness(old: str, new: str) -> float:
    """The likeness of two texts, from 0 to 1: twice their common words, by all their words."""
    olds, news = _words(old), _words(new)
    return 2 * (olds & news).total() / max(olds.total() + news.total(), 1)


@lru_cache(maxsize=8192)  # each text is compared with many
def _words(text: str) -> Counter[str]:
    return Counter(normal(text).text.split())


# Changes ----------------------------------------------------------------------------------------


def differing(old: str, new: str) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Both texts in runs of words that are, or are not, in the other's place; compared in normal
    form, so that quotes and capitals make no difference. Two texts of more than 400 words each
    differ as a whole: nobody could read which words differ, and to find them takes long."""
    olds, news = old.split(), new.split()
    if len(olds) * len(news) > _MOST_COMPARED:
        return (Words(" ".join(olds), True),), (Words(" ".join(news), True),)
    codes = difflib.SequenceMatcher(
        None, list(map(plain, olds)), list(map(plain, news)), autojunk=False
    ).get_opcodes()
    return (
        tuple(Words(" ".join(olds[a:b]), tag != "equal") for tag, a, b, _, _ in codes if a < b),
        tuple(Words(" ".join(news[a:b]), tag != "equal") for tag, _, _, a, b in codes if a < b),
    )


def _order(
    old: Document, new: Document, pairs: Mapping[Paragraph, Paragraph], removed: set[Paragraph]
) -> Mapping[Paragraph | None, tuple[int, int, int]]:
    """The place of each change: an added one after the old one beside the paragraph before it."""
    places = {paragraph: index for index, paragraph in enumerate(old.paragraphs)}
    order: dict[Paragraph | None, tuple[int, int, int]] = {}
    gaps = {places[paragraph] for paragraph in removed}
    last = -1
    for index, paragraph in enumerate(new.paragraphs):
        if paragraph in pairs:
            last = places[pairs[paragraph]]
            continue
        while last + 1 in gaps:
            last += 1
        order[paragraph] = (last, 1, index)
    order.update({paragraph: (index, 0, 0) for paragraph, index in places.items()})
    return order


def _section_changes(
    old: Document, new: Document, same: Mapping[str, str], changes: Sequence[ParagraphChange]
) -> Iterator[SectionChange]:
    """The changes of each section, in the order of the old version, then the new sections."""
    news = {section.id: section for section in new.sections}
    places = {section.id: index for index, section in enumerate(new.sections)}
    away = moved([places[same[section.id]] for section in old.sections if section.id in same])
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
            "moved": places[other.id] in away,
            "reworded": section.id in touched or other.id in touched_new,
        }
        for kind in (kind for kind, changed in kinds.items() if changed):
            yield SectionChange(kind, section.id, section.title, other.title)
    for section in new.sections:
        if section.id not in same.values():
            yield SectionChange("added", section.id, "", section.title)


def moved(order: Sequence[int]) -> frozenset[int]:
    """The fewest members of ``order`` (all different) whose removal leaves the others rising.
    ``moved([1, 4, 2, 3])`` is ``{4}``."""
    tails: list[int] = []  # the least last member of a rising run of each length
    before: dict[int, int | None] = {}
    for place in order:
        length = bisect_left(tails, place)
        before[place] = tails[length - 1] if length else None
        tails[length : length + 1] = [place]
    rising: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        rising.add(last)
        last = before[last]
    return frozenset(order) - rising
