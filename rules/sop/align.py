"""Which paragraphs and sections of two versions of a document are the same ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.sop.document import Document, Paragraph, SopSection
from rules.sop.normal import normal

#: How alike two texts must be to be one, reworded: twice the words they share, by all they have.
ALIKE_HERE, ALIKE_ELSEWHERE = 0.4, 0.6
#: So many words are held against one another: four times those of two SOPs of forty pages that
#: have no paragraph in common.
MOST_WORK = 10_000_000
_Pair = tuple[Paragraph, Paragraph]  # of the old version, and of the new
_SAME_SECTION = 0.5  # of its paragraphs, for a section that has another heading


class TooDifferent(Exception):
    """The two documents have too many paragraphs that are not in both."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two versions side by side: sections that are the same (old id to new id), and paragraphs:
    ``same`` word for word, ``alike``, or with none beside them in the other."""

    sections: Mapping[str, str]
    same: tuple[_Pair, ...]
    alike: tuple[_Pair, ...]
    removed: tuple[Paragraph, ...]
    added: tuple[Paragraph, ...]


def align(old: Document, new: Document) -> Aligned:
    """Pairs what is the same in both. A paragraph word for word the same is the same wherever it
    stands; of the rest, the most alike are paired first, those of one section before others."""
    sections = _same_sections(old, new)
    here, there = list(old.paragraphs), list(new.paragraphs)
    same = _take_equal(here, there, lambda each: sections.get(each.section, each.section))
    same += _take_equal(here, there, lambda _: "")
    alike = _take_alike(here, there, ALIKE_HERE, sections)
    alike += _take_alike(here, there, ALIKE_ELSEWHERE, None)
    return Aligned(sections, tuple(same), tuple(alike), tuple(here), tuple(there))


def moved(order: Sequence[int]) -> frozenset[int]:
    """The fewest members of ``order`` (all different) without which the others only rise."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for each in order:
        at = bisect_left(tails, each)
        before[each] = tails[at - 1] if at else None
        tails[at : at + 1] = [each]
    kept: set[int] = set()
    last: int | None = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return frozenset(order) - kept


def _same_sections(old: Document, new: Document) -> Mapping[str, str]:
    ids = {section.id for section in new.sections}
    pairs = {section.id: section.id for section in old.sections if section.id in ids}
    others = [section for section in new.sections if section.id not in pairs]
    for section in old.sections:
        if section.id in pairs:
            continue
        best = max(others, key=lambda each: _shared(section, each), default=None)
        if best is not None and _shared(section, best) >= _SAME_SECTION:
            pairs[section.id] = best.id
            others.remove(best)
    return pairs


def _shared(old: SopSection, new: SopSection) -> float:
    """The part of a section's paragraphs that stand in another, word for word."""
    ours, theirs = (Counter(p.fingerprint for p in each.paragraphs) for each in (old, new))
    return sum((ours & theirs).values()) / max(sum(ours.values()), 1)


def _take_equal(
    here: list[Paragraph], there: list[Paragraph], key: Callable[[Paragraph], str]
) -> list[_Pair]:
    """Takes out of both, in their order, those with the same words and the same key."""
    waiting: dict[tuple[str, str], list[Paragraph]] = defaultdict(list)
    for each in there:
        waiting[each.fingerprint, key(each)].append(each)
    pairs = [
        (each, equal.pop(0)) for each in here if (equal := waiting[each.fingerprint, key(each)])
    ]
    return _take(pairs, here, there)


def _take_alike(
    here: list[Paragraph],
    there: list[Paragraph],
    least: float,
    sections: Mapping[str, str] | None,
) -> list[_Pair]:
    """Takes out of both the pairs that are at least so alike, the most alike first; with
    ``sections``, those of one section only. Raises TooDifferent where it would take too long to
    hold each paragraph against each."""
    ours, theirs = (sum(len(_words(each.text)) for each in held) for held in (here, there))
    if ours * len(there) + theirs * len(here) > MOST_WORK:
        raise TooDifferent
    found = [
        (-alike, i, j)
        for i, old in enumerate(here)
        for j, new in enumerate(there)
        if sections is None or sections.get(old.section) == new.section
        if (alike := likeness(old.text, new.text)) >= least
    ]
    new_of: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(found):
        if i not in new_of and j not in used:
            new_of[i] = j
            used.add(j)
    return _take([(here[i], there[j]) for i, j in new_of.items()], here, there)


def _take(pairs: list[_Pair], here: list[Paragraph], there: list[Paragraph]) -> list[_Pair]:
    olds, news = {old for old, _ in pairs}, {new for _, new in pairs}
    here[:] = [each for each in here if each not in olds]
    there[:] = [each for each in there if each not in news]
    return pairs


def likeness(old: str, new: str) -> float:
    """How alike two texts are, from 0 to 1: twice the words they share, by all they have."""
    ours, theirs = _words(old), _words(new)
    return 2 * (ours & theirs).total() / max(ours.total() + theirs.total(), 1)


@lru_cache(maxsize=8192)  # each text is held against many
def _words(text: str) -> Counter[str]:
    return Counter(normal(text).text.split())
