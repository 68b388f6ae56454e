"""Citations found in the SOP's text, each in exactly one paragraph, and held to their pins."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.model import Rulebook
from rules.sop.document import Document, PhrasePlace, SopSection
from rules.sop.normal import find_all, plain
from rules.sop.problem import Kind, SopProblem

#: A citation's section and phrase, as the rule writes them.
Cited = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Quote:
    """A cited paragraph to be shown beside an outcome: the phrase is ``text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Asking:
    """One place of the rulebook that locates words: its file, where in it, section and phrase."""

    file: str
    where: str
    section: str
    phrase: str
    kind: Kind = "citation"

    @property
    def cited(self) -> Cited:
        """Its section and phrase."""
        return self.section, self.phrase

    def problem(self, message: str, instead: str, kind: Kind | None = None) -> SopProblem:
        """A problem at this place."""
        return SopProblem(self.file, self.where, self.section, kind or self.kind, message, instead)


def citations(rulebook: Rulebook) -> Iterator[tuple[str, Asking]]:
    """Every citation with the duty that it is of, in the order of the rulebook."""
    for id_, duty in rulebook.duties.items():
        for number, each in enumerate(duty.citations, start=1):
            place = f"citations {number}"
            yield id_, Asking(rulebook.sources[id_], place, each.section, each.phrase)


def find_places(document: Document, section: str, phrase: str) -> tuple[PhrasePlace, ...]:
    """Everywhere in the section that the phrase stands, compared in normal form."""
    held = document.section(section)
    return tuple(
        PhrasePlace(paragraph, start, end)
        for paragraph in (held.paragraphs if held else ())
        for start, end in find_all(paragraph.text, phrase)
    )


def locate(document: Document, asking: Asking) -> PhrasePlace | SopProblem:
    """The one place where the words stand, or why there is not exactly one."""
    section = document.section(asking.section)
    if section is None:
        message = f"{document.file} has no section '{asking.section}' to look for it in."
        return asking.problem(message, "Correct the section's heading in book.yaml first.")
    places = find_places(document, section.id, asking.phrase)
    if len(places) == 1:
        return places[0]
    if not places:
        message = f"No paragraph of section '{asking.section}' has the words '{asking.phrase}'."
        return asking.problem(message, _instead(document, section, asking))
    numbers = sorted({place.paragraph.number for place in places})
    if len(numbers) == 1:
        message = f"The words '{asking.phrase}' appear {len(places)} times in one paragraph."
    else:
        message = (
            f"The words '{asking.phrase}' appear in {len(numbers)} paragraphs of section "
            f"'{asking.section}': {', '.join(map(str, numbers))}."
        )
    return asking.problem(message, "Add a word or two, so that they appear only once.")


def resolve_citations(
    rulebook: Rulebook, document: Document
) -> tuple[Mapping[Cited, PhrasePlace], tuple[SopProblem, ...]]:
    """Each citation's place, and a problem for each that has not exactly one."""
    places: dict[Cited, PhrasePlace] = {}
    problems: list[SopProblem] = []
    for _, asking in citations(rulebook):
        found = locate(document, asking)
        if isinstance(found, PhrasePlace):
            places[asking.cited] = found
        else:
            problems.append(found)
    return places, tuple(problems)


def quotes(rulebook: Rulebook, document: Document) -> Mapping[Cited, Quote]:
    """For each citation that stands in exactly one place, its paragraph with the phrase marked,
    by section and phrase as the rules write them."""
    places, _ = resolve_citations(rulebook, document)
    return {
        cited: Quote(place.paragraph.text, place.start, place.end)
        for cited, place in places.items()
    }


def duties_by_paragraph(
    rulebook: Rulebook, document: Document
) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """The duties that cite each paragraph, by its section and number, in the rulebook's order."""
    places, _ = resolve_citations(rulebook, document)
    found: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    for duty, asking in citations(rulebook):
        if asking.cited in places:
            paragraph = places[asking.cited].paragraph
            found[paragraph.section, paragraph.number][duty] = None
    return {key: tuple(duties) for key, duties in found.items()}


def _instead(document: Document, held: SopSection, asking: Asking) -> str:
    """What to write for words that do not stand in their section: where they do, or the nearest."""
    for section in document.sections:
        if find_places(document, section.id, asking.phrase):
            return f"They are in section '{section.id}': write that section if you mean it."
    count = len(asking.phrase.split())
    runs = [  # of as many words as the phrase has
        " ".join(words[at : at + count])
        for paragraph in held.paragraphs
        for words in [paragraph.text.split()]
        for at in range(max(len(words) - count + 1, 1))
    ]
    by_form = {plain(run): run for run in reversed(runs)}
    close = difflib.get_close_matches(plain(asking.phrase), list(by_form), n=1, cutoff=0.7)
    if close:
        return f"Write '{by_form[close[0]]}' if that is what you mean."
    return "Copy a few words from the section exactly."
