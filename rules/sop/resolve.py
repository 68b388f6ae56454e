"""Citations found in the SOP's text, each in exactly one paragraph."""

from __future__ import annotations

import datetime
import difflib
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.model import Citation, Pin, Rulebook
from rules.resolve import resolve
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
class SopText:
    """A version of the SOP that was given: its file, and the cited paragraphs in it."""

    file: str
    sha256: str
    quotes: Mapping[Cited, Quote]


@dataclass(frozen=True, slots=True)
class SopPointer:
    """A place of the rulebook that points to words of the SOP: its file, where in it, and the
    section and phrase that it gives. ``pinned``: the fingerprint of the words that were once found
    there, '' if they were not found yet. ``found_in``: the section in which they were found then,
    if it is another. ``needed``: the words must be in the document, because what points to them
    does not end with the document's version."""

    file: str
    where: str
    section: str
    phrase: str
    kind: Kind = "citation"
    pinned: str = ""
    found_in: str | None = None
    needed: bool = True

    @property
    def cited(self) -> Cited:
        """Its section and phrase."""
        return self.section, self.phrase

    def problem(self, message: str, instead: str, kind: Kind | None = None) -> SopProblem:
        """A problem at this place."""
        return SopProblem(self.file, self.where, self.section, kind or self.kind, message, instead)


@dataclass(frozen=True, slots=True)
class CitingVersion:
    """A version of a duty that the words of a version of the SOP require: ``begins``, and whether
    it still applies when that version of the SOP ends."""

    duty: str
    begins: datetime.date
    needed: bool


def citing_versions(
    rulebook: Rulebook, sop_version: str, day: datetime.date | None = None
) -> Iterator[CitingVersion]:
    """The versions of duties that apply while a version of the SOP is in force, in the order of the
    rulebook; with a ``day``, those for which a check as of that day quotes it."""
    first, last = rulebook.book.sop.days_of(sop_version)
    if sop_version == rulebook.book.sop.versions[0].version:
        first = datetime.date.min
    for id_ in rulebook.duties:
        resolved = resolve(rulebook, id_)
        if day is not None and not resolved.holds(day):
            continue
        for version, ends in resolved.periods:
            if day is None and version.begins <= last and first <= ends:
                yield CitingVersion(id_, version.begins, ends >= last)
            elif day is not None and version.begins <= day and first <= min(ends, day) <= last:
                yield CitingVersion(id_, version.begins, needed=True)


def citations(
    rulebook: Rulebook, sop_version: str, day: datetime.date | None = None
) -> Iterator[tuple[str, SopPointer]]:
    """Every citation of a version of the SOP with the id of its duty, in the order of the rulebook;
    with a ``day``, those that a check as of that day quotes."""
    pins, earlier = pins_by_citation(rulebook, sop_version), pins_before(rulebook, sop_version)
    pointers: dict[tuple[str, Cited], SopPointer] = {}
    for citing in citing_versions(rulebook, sop_version, day):
        id_, duty = citing.duty, rulebook.duties[citing.duty]
        index = duty.citing_version(citing.begins)
        within = "" if index is None else f"versions {index + 1} > "
        for number, citation in enumerate(duty.citations_on(citing.begins), start=1):
            section, phrase = citation.section, citation.phrase
            key = section, plain(phrase)
            pin = pins.get(key)
            pointers[id_, (section, phrase)] = SopPointer(
                rulebook.sources[id_],
                f"{within}citations {number}",
                section,
                phrase,
                pinned=known.paragraph if (known := pin or earlier.get(key)) else "",
                found_in=pin.found_in if pin else None,
                needed=citing.needed,
            )
    yield from ((id_, pointer) for (id_, _), pointer in pointers.items())


def pins_by_citation(rulebook: Rulebook, sop_version: str) -> Mapping[Cited, Pin]:
    """The pins of a version of the SOP by section and phrase, the phrase in normal form."""
    return {(pin.section, plain(pin.phrase)): pin for pin in rulebook.pins.get(sop_version, ())}


def pins_before(rulebook: Rulebook, sop_version: str) -> Mapping[Cited, Pin]:
    """The pin of each citation in the last version before that one in which it has a pin."""
    pins: dict[Cited, Pin] = {}
    for version in rulebook.book.sop.versions:
        if version.version == sop_version:
            break
        pins |= pins_by_citation(rulebook, version.version)
    return pins


def section_in(rulebook: Rulebook, sop_version: str, citation: Citation) -> str:
    """The section of a citation as a version of the SOP numbers and calls it: 4.8 for one of 4.7
    that the pin of that version found in 4.8."""
    moved = (pin for pin in rulebook.pins.get(sop_version, ()) if pin.found_in)
    key = citation.section, plain(citation.phrase)
    found = (pin.found_in for pin in moved if (pin.section, plain(pin.phrase)) == key)
    return next(found, None) or citation.section


def find_places(document: Document, section: str, phrase: str) -> tuple[PhrasePlace, ...]:
    """Every place of the phrase in the section, compared in normal form."""
    return _places_in(document.section(section), phrase)


def _places_in(section: SopSection | None, phrase: str) -> tuple[PhrasePlace, ...]:
    return tuple(
        PhrasePlace(paragraph, start, end)
        for paragraph in (section.paragraphs if section else ())
        for start, end in find_all(paragraph.text, phrase)
    )


def locate(document: Document, pointer: SopPointer) -> PhrasePlace | SopProblem:
    """The one place of the pointer's words, or why there is not exactly one."""
    if pointer.found_in is None:
        section = document.section(pointer.section)
    else:
        section = document.section_called(pointer.found_in)
    if section is None:
        message = f"{document.file} has no section '{pointer.section}' to look for it in."
        return pointer.problem(message, "Correct the section's heading in book.yaml first.")
    places = _places_in(section, pointer.phrase)
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
    rulebook: Rulebook, document: Document, day: datetime.date | None = None
) -> tuple[Mapping[Cited, PhrasePlace], tuple[SopProblem, ...]]:
    """Each citation's place, and a problem for each that has not exactly one; with a ``day``, of
    those that a check as of that day quotes."""
    places: dict[Cited, PhrasePlace] = {}
    problems: list[SopProblem] = []
    for _, pointer in citations(rulebook, version_of(rulebook, document), day):
        place = locate(document, pointer)
        if not isinstance(place, SopProblem):
            places[pointer.cited] = place
        elif pointer.needed:
            problems.append(place)
    return places, tuple(problems)


def version_of(rulebook: Rulebook, document: Document) -> str:
    """The version of the SOP that a document is; the newest one, if it is not listed."""
    return document.version or rulebook.book.sop.versions[-1].version


def heading_problems(
    rulebook: Rulebook, document: Document, day: datetime.date | None = None
) -> Iterator[SopProblem]:
    """The headings of book.yaml that the document lacks or repeats. Of several versions of the SOP,
    none needs a heading that no citation in it names."""
    pointers = citations(rulebook, version_of(rulebook, document), day)
    named = {pointer.section for _, pointer in pointers if pointer.found_in is None}
    if len(rulebook.book.sop.versions) == 1:
        yield from document.problems
    else:
        yield from (problem for problem in document.problems if problem.section in named)


def reading_problems(
    rulebook: Rulebook, document: Document, day: datetime.date | None = None
) -> Iterator[SopProblem]:
    """A problem for each reading of a phrase that is nowhere in the document; with a ``day``, of
    the versions of duties for which a check as of that day quotes it.

    The phrase may be in another section than those that the duty cites. One version with all its
    phrases is enough, because the others may be readings of another text of the SOP. A duty that
    ends needs none.
    """
    begun: dict[str, list[CitingVersion]] = defaultdict(list)
    for citing in citing_versions(rulebook, version_of(rulebook, document), day):
        begun[citing.duty].append(citing)
    for id_, versions in begun.items():
        duty = rulebook.duties[id_]
        own = sorted({bisect([v.from_ for v in duty.versions], v.begins) for v in versions})
        unfound = [
            [
                SopPointer(rulebook.sources[id_], where, "", reading.phrase, "reading")
                for number, reading in enumerate(duty.versions[index - 1].readings, start=1)
                for where in [f"versions {index} > readings {number}"]
                if not any(find_all(each.text, reading.phrase) for each in document.paragraphs)
            ]
            for index in own
        ]
        if not versions[-1].needed or not all(unfound):
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
    for duty, pointer in citations(rulebook, version_of(rulebook, document)):
        if pointer.cited in places:
            paragraph = places[pointer.cited].paragraph
            duties[paragraph.section, paragraph.number][duty] = None
    return {key: tuple(ids) for key, ids in duties.items()}
