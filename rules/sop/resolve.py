"""Citations found in the SOP's text, each in exactly one paragraph."""

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
class SopPointer:
    """A place of the rulebook that points to words of the SOP: its file, where in it, and the
    section and phrase that it gives. ``pinned``: the fingerprint of the words that were once found
    there, '' if they were not found yet."""

    file: str
    where: str
    section: str
    phrase: str
    kind: Kind = "citation"
    pinned: str = ""

    @property
    def cited(self) -> Cited:
        """Its section and phrase."""
        return self.section, self.phrase

    def problem(self, message: str, instead: str, kind: Kind | None = None) -> SopProblem:
        """A problem at this place."""
        return SopProblem(self.file, self.where, self.section, kind or self.kind, message, instead)


def citations(rulebook: Rulebook) -> Iterator[tuple[str, SopPointer]]:
    """Every citation with the id of its duty, in the order of the rulebook."""
    pins = {(pin.section, plain(pin.phrase)): pin.paragraph for pin in rulebook.pins}
    for id_, duty in rulebook.duties.items():
        for number, citation in enumerate(duty.citations, start=1):
            place, file = f"citations {number}", rulebook.sources[id_]
            section, phrase = citation.section, citation.phrase
            pinned = pins.get((section, plain(phrase)), "")
            yield id_, SopPointer(file, place, section, phrase, pinned=pinned)


def find_places(document: Document, section: str, phrase: str) -> tuple[PhrasePlace, ...]:
    """Every place of the phrase in the section, compared in normal form."""
    cited = document.section(section)
    return tuple(
        PhrasePlace(paragraph, start, end)
        for paragraph in (cited.paragraphs if cited else ())
        for start, end in find_all(paragraph.text, phrase)
    )


def locate(document: Document, pointer: SopPointer) -> PhrasePlace | SopProblem:
    """The one place of the pointer's words, or why there is not exactly one."""
    section = document.section(pointer.section)
    if section is None:
        message = f"{document.file} has no section '{pointer.section}' to look for it in."
        return pointer.problem(message, "Correct the section's heading in book.yaml first.")
    places = find_places(document, section.id, pointer.phrase)
    if len(places) == 1:
        return places[0]
    if not places:
        message = f"No paragraph of section '{pointer.section}' has the words '{pointer.phrase}'."
        return pointer.problem(message, _correction(document, section, pointer))
    numbers = sorted({place.paragraph.number for place in places})
    if len(numbers) == 1:
        message = f"The words '{pointer.phrase}' appear {len(places)} times in one paragraph."
    else:
        message = (
            f"The words '{pointer.phrase}' appear in {len(numbers)} paragraphs of section "
            f"'{pointer.section}': {', '.join(map(str, numbers))}."
        )
    return pointer.problem(message, "Add a word or two, so that they appear only once.")


def _correction(document: Document, cited: SopSection, pointer: SopPointer) -> str:
    """What to write for words that are not in their section: where they are, or the nearest. Words
    that were pinned are no slip: the SOP has changed, and another sentence's are not theirs."""
    phrase = pointer.phrase
    for section in document.sections:
        for place in find_places(document, section.id, phrase):
            if pointer.pinned in ("", place.paragraph.fingerprint):
                return f"They are in section '{section.id}': write that section if you mean it."
    if pointer.pinned:
        return (
            "They were in the SOP from which the rule was written. See what became of them with "
            "'dueregard sop compare OLD NEW'."
        )
    count = len(phrase.split())
    runs = [  # of as many words as the phrase has
        " ".join(words[start : start + count])
        for paragraph in cited.paragraphs
        for words in [paragraph.text.split()]
        for start in range(max(len(words) - count + 1, 1))
    ]
    by_form = {plain(run): run for run in reversed(runs)}
    close = difflib.get_close_matches(plain(phrase), list(by_form), n=1, cutoff=0.7)
    if close:
        return f"Write '{by_form[close[0]]}' if that is what you mean."
    return "Copy a few words from the section exactly."


def resolve_citations(
    rulebook: Rulebook, document: Document
) -> tuple[Mapping[Cited, PhrasePlace], tuple[SopProblem, ...]]:
    """Each citation's place, and a problem for each that has not exactly one."""
    places: dict[Cited, PhrasePlace] = {}
    problems: list[SopProblem] = []
    for _, pointer in citations(rulebook):
        place = locate(document, pointer)
        if isinstance(place, SopProblem):
            problems.append(place)
        else:
            places[pointer.cited] = place
    return places, tuple(problems)


def reading_problems(rulebook: Rulebook, document: Document) -> Iterator[SopProblem]:
    """A problem for each reading of a phrase that is nowhere in the document.

    The phrase may be in another section than those that the duty cites. One version with all its
    phrases is enough, because the others may be readings of another text of the SOP. A duty that
    ends needs none.
    """
    for id_, duty in rulebook.duties.items():
        unfound = [
            [
                SopPointer(rulebook.sources[id_], where, "", reading.phrase, "reading")
                for number, reading in enumerate(version.readings, start=1)
                for where in [f"versions {index} > readings {number}"]
                if not any(find_all(each.text, reading.phrase) for each in document.paragraphs)
            ]
            for index, version in enumerate(duty.versions, start=1)
        ]
        if duty.until is not None or not all(unfound):
            continue
        for pointer in unfound[-1]:
            message = f"{document.file} does not have the words '{pointer.phrase}'."
            instead = (
                "Copy a few words from the SOP exactly. If its words have changed, write the "
                "reading in a new version of the duty."
            )
            yield pointer.problem(message, instead)


def quotes(rulebook: Rulebook, document: Document) -> Mapping[Cited, Quote]:
    """For each citation that has exactly one place, its paragraph with the phrase marked, by
    section and phrase as the rules write them."""
    places, _ = resolve_citations(rulebook, document)
    return {cited: Quote(p.paragraph.text, p.start, p.end) for cited, p in places.items()}


def duties_by_paragraph(
    rulebook: Rulebook, document: Document
) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """The duties that cite each paragraph, by its section and number, in the rulebook's order."""
    places, _ = resolve_citations(rulebook, document)
    duties: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    for duty, pointer in citations(rulebook):
        if pointer.cited in places:
            paragraph = places[pointer.cited].paragraph
            duties[paragraph.section, paragraph.number][duty] = None
    return {key: tuple(ids) for key, ids in duties.items()}
