"""Pins: the fingerprint of each cited paragraph, in pins.yaml, and of each exempt sentence.

Those of paragraphs are in a separate file, so that a new text is pinned in one file that a program
writes, and no file that a person writes changes. A phrase that two duties cite has one pin.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from rules.draft import BOOK, PINS
from rules.model import Exempt, Pin, Rulebook, VersionPins
from rules.sop.document import Document, Sentence, sentences
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop.resolve import (
    Cited,
    SopPointer,
    citations,
    citing_versions,
    find_places,
    heading_problems,
    locate,
    pins_before,
    pins_by_citation,
    reading_problems,
    resolve_citations,
    version_of,
)
from rules.yaml.source import YamlFile, read_source

_HEAD = """\
# The paragraph that each citation was written from, in each version of the SOP: the fingerprint
# of its text, and no text. Written by 'dueregard sop pin'; read by 'dueregard check --sop', which
# says where the SOP has changed under a rule. Each is of one section and phrase, whichever duties
# cite it. 'found in' is its section in that version, where that is another.

versions:
"""


@dataclass(frozen=True, slots=True)
class Pinning:
    """What pinning a rulebook to a document would do: ``pins`` are all pins of its version
    afterwards, ``made`` the new ones, ``changed`` those that differ (old, new), ``dropped`` those
    without a citation. ``carried`` are new too, and those of the previous version: the paragraph is
    the same, if perhaps in another section."""

    version: str
    pins: tuple[Pin, ...]
    made: tuple[Pin, ...]
    carried: tuple[Pin, ...]
    changed: tuple[tuple[Pin, Pin], ...]
    dropped: tuple[Pin, ...]


def pin(rulebook: Rulebook, document: Document, *, accept: bool = False) -> Pinning:
    """The pins of the rulebook in the version that the document is, with new ones for citations
    without a pin. A pin that differs keeps its old fingerprint, unless ``accept``. A citation that
    is not in the document keeps its pin.

    In a new version of the SOP, a paragraph that differs from the previous version's pin counts
    as changed, unless a version of the duty begins with that version of the SOP.
    """
    version = version_of(rulebook, document)
    own, before = pins_by_citation(rulebook, version), pins_before(rulebook, version)
    renewed = _renewed(rulebook, version)
    pins: list[Pin] = []
    made: list[Pin] = []
    carried: list[Pin] = []
    changed: list[tuple[Pin, Pin]] = []
    pointers = {_key(pointer.cited): pointer for _, pointer in citations(rulebook, version)}
    for key, pointer in pointers.items():
        old = own.get(key)
        new = _pin_in(document, pointer, before.get(key))
        if new is None:
            pins += [old] if old else []
            continue
        known = old or (None if key in renewed else before.get(key))
        if known is not None and known.paragraph != new.paragraph:
            changed.append((known, new))
            pins += [new] if accept else [old] if old else []
            continue
        if old is None:
            (carried if key in before and known else made).append(new)
        pins.append(new)
    dropped = tuple(old for key, old in own.items() if key not in pointers)
    return Pinning(version, tuple(pins), tuple(made), tuple(carried), tuple(changed), dropped)


def _pin_in(document: Document, pointer: SopPointer, before: Pin | None) -> Pin | None:
    """The pin of a citation in a document. Where its words are not in its section, it is in the one
    paragraph of another that is word for word the pinned one of the previous version."""
    place = locate(document, pointer)
    if isinstance(place, SopProblem):
        same = [
            there
            for section in document.sections
            for there in find_places(document, section.id, pointer.phrase)
            if before is not None and there.paragraph.fingerprint == before.paragraph
        ]
        if len(same) != 1:
            return None
        (place,) = same
    section = document.section(place.paragraph.section)
    assert section is not None
    return Pin(
        section=pointer.section,
        phrase=pointer.phrase,
        paragraph=place.paragraph.fingerprint,
        found_in=section.name if section.name != pointer.section else None,
    )


def _renewed(rulebook: Rulebook, sop_version: str) -> frozenset[Cited]:
    """The citations that a version of each of their duties was written or read again for: one that
    begins while this version of the SOP is in force, and cites it."""
    first, last = rulebook.book.sop.days_of(sop_version)
    renewed: dict[Cited, bool] = {}
    for citing in citing_versions(rulebook, sop_version):
        duty = rulebook.duties[citing.duty]
        own = any(version.from_ == citing.begins for version in duty.versions)
        for citation in duty.citations_on(citing.begins):
            key = _key((citation.section, citation.phrase))
            renewed[key] = renewed.get(key, False) or (own and first <= citing.begins <= last)
    return frozenset(key for key, again in renewed.items() if again)


def pins_text(versions: Mapping[str, Iterable[Pin]]) -> str:
    """The whole of pins.yaml."""
    if not versions:
        return _HEAD.replace("versions:\n", "versions: []\n")
    quoted = partial(json.dumps, ensure_ascii=False)
    lines = []
    for version, pins in versions.items():
        lines += [f"  - version: {quoted(version)}", "    pins:"]
        for pin in pins:
            lines += [
                f"      - section: {quoted(pin.section)}",
                f"        phrase: {quoted(pin.phrase)}",
                f"        paragraph: {quoted(pin.paragraph)}",
            ]
            lines += [f"        found in: {quoted(pin.found_in)}"] if pin.found_in else []
    return _HEAD + "".join(f"{line}\n" for line in lines)


def known_pins(
    rulebook: Rulebook, versions: Iterable[VersionPins]
) -> tuple[Mapping[str, tuple[Pin, ...]], tuple[tuple[str, Pin], ...]]:
    """The pins of each version of the SOP that are of versions and sections in book.yaml, and the
    others, each with its version."""
    named = {version.version for version in rulebook.book.sop.versions}
    sections = {heading.section for heading in rulebook.book.headings}
    kept: dict[str, tuple[Pin, ...]] = {}
    stale: list[tuple[str, Pin]] = []
    for own in versions:
        known = own.version in named
        kept |= {own.version: tuple(p for p in own.pins if p.section in sections)} if known else {}
        stale += [(own.version, p) for p in own.pins if not (known and p.section in sections)]
    return kept, tuple(stale)


def all_pins(rulebook: Rulebook, pinning: Pinning) -> Mapping[str, tuple[Pin, ...]]:
    """The pins of every version of the SOP after a pinning, in the order of the versions."""
    pins = {**rulebook.pins, pinning.version: pinning.pins}
    names = [version.version for version in rulebook.book.sop.versions]
    return {name: pins[name] for name in names if pins.get(name)}


def verify(
    rulebook: Rulebook, document: Document, day: datetime.date | None = None
) -> tuple[SopProblem, ...]:
    """Every disagreement between the rules and the SOP: a version that the rulebook does not list,
    headings that are missing, citations that are not in exactly one paragraph, readings of words
    that are not in it, paragraphs that differ from their pins, citations without a pin, and pins
    without a citation. With a ``day``, of those citations and readings that a check as of that day
    quotes it for."""
    if document.no_version is not None:
        return (document.no_version,)
    headings = heading_problems(rulebook, document, day)
    _, problems = resolve_citations(rulebook, document, day)
    readings = reading_problems(rulebook, document, day)
    return (*headings, *problems, *readings, *_pin_problems(rulebook, document, day))


def _pin_problems(
    rulebook: Rulebook, document: Document, day: datetime.date | None
) -> Iterator[SopProblem]:
    pinning = pin(rulebook, document)
    version, versions = pinning.version, rulebook.book.sop.versions
    pointers = [pointer for _, pointer in citations(rulebook, version, day)]
    if pointers and len(versions) > 1 and not rulebook.pins.get(version):
        message = f"Nothing is pinned to version {version} of the SOP."
        instead = f"Run 'dueregard sop pin' with {document.file}."
        yield SopProblem(PINS, "", "", "pin", message, instead)
        return
    made = _by_key((*pinning.made, *pinning.carried))
    changed = _by_key(new for _, new in pinning.changed)
    for pointer in pointers:
        if _key(pointer.cited) in made:
            message = f"'{pointer.phrase}' is not pinned to its paragraph."
            instead = "Run 'dueregard sop pin' with the SOP from which the rule was written."
            yield pointer.problem(message, instead, "pin")
        elif _key(pointer.cited) in changed:
            yield pointer.problem(
                f"The paragraph of section '{pointer.section}' with '{pointer.phrase}' is not the "
                f"one from which the rule was written: {document.file} has a different text there.",
                "Compare the two texts ('dueregard sop compare OLD NEW'), change the rule if it "
                "has to change, then run 'dueregard sop pin --accept'.",
                "pin",
            )
    for old in pinning.dropped:
        message = f"Nothing cites '{old.phrase}' of section '{old.section}' any more."
        instead = "Run 'dueregard sop pin', which removes it."
        yield SopProblem(PINS, "", old.section, "pin", message, instead)


def _by_key(pins: Iterable[Pin]) -> Mapping[Cited, Pin]:
    return {_key((pin.section, pin.phrase)): pin for pin in pins}


def _key(cited: Cited) -> Cited:
    return cited[0], plain(cited[1])


# Exempt sentences -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exemption with its sentence; ``pointer`` is its place in book.yaml."""

    exempt: Exempt
    pointer: SopPointer
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What pinning the exemptions would do: the fingerprints to write, by the exemption's number
    in book.yaml (from 0); the exemptions without one, and those with a different one."""

    write: Mapping[int, str]
    made: tuple[Exempt, ...]
    changed: tuple[Exempt, ...]


def find_exempted(
    rulebook: Rulebook, document: Document
) -> tuple[Mapping[int, Exempted], tuple[SopProblem, ...]]:
    """The exemptions by number (from 0), each with its sentence, and a problem for each whose words
    are not in exactly one. An exemption without a first version is not missed in versions before
    its last one."""
    exempted: dict[int, Exempted] = {}
    problems: list[SopProblem] = []
    for index, exempt in enumerate(rulebook.book.exempt):
        if not _is_of(exempt, rulebook, document):
            continue
        missed = exempt.first_version is not None or is_last_of(exempt, rulebook, document)
        where = f"exempt {index + 1}"
        pinned = exempt.fingerprint or ""
        pointer = SopPointer(BOOK, where, exempt.section, exempt.phrase, "exemption", pinned)
        place = locate(document, pointer)
        if isinstance(place, SopProblem):
            problems += [place] if missed else []
            continue
        matches = [sentence for sentence in sentences(place.paragraph) if sentence.overlaps(place)]
        if len(matches) == 1:
            exempted[index] = Exempted(exempt, pointer, matches[0])
        elif missed:
            message = f"The words '{exempt.phrase}' continue beyond the end of a sentence."
            problems.append(pointer.problem(message, "Use words of only one sentence."))
    return exempted, tuple(problems)


def _is_of(exempt: Exempt, rulebook: Rulebook, document: Document) -> bool:
    """Whether the version of the document is one of those that the exemption names."""
    sop = rulebook.book.sop
    number = sop.number_of(version_of(rulebook, document))
    first = sop.number_of(exempt.first_version) if exempt.first_version else 0
    return first <= number and (
        not exempt.last_version or number <= sop.number_of(exempt.last_version)
    )


def is_last_of(exempt: Exempt, rulebook: Rulebook, document: Document) -> bool:
    """Whether the document is the last version of the SOP with the exempt sentence."""
    last = exempt.last_version or rulebook.book.sop.versions[-1].version
    return version_of(rulebook, document) == last


def unpinned(rulebook: Rulebook, document: Document) -> tuple[SopProblem, ...]:
    """Why something cannot be pinned to this document: headings, citations and exemptions that are
    not in it exactly once, and readings of words that are not in it."""
    problems = resolve_citations(rulebook, document)[1]
    readings = reading_problems(rulebook, document)
    headings = heading_problems(rulebook, document)
    return (*headings, *problems, *readings, *find_exempted(rulebook, document)[1])


def pin_exemptions(rulebook: Rulebook, document: Document, *, accept: bool = False) -> Fingerprints:
    """The fingerprints of exempt sentences that book.yaml lacks, and, with ``accept``, those that
    differ from the sentences. Each is that of the last version of the SOP with the sentence."""
    found, _ = find_exempted(rulebook, document)
    exempted = {i: e for i, e in found.items() if is_last_of(e.exempt, rulebook, document)}
    made = {i: e for i, e in exempted.items() if e.exempt.fingerprint is None}
    changed = {
        i: e
        for i, e in exempted.items()
        if e.exempt.fingerprint not in (None, e.sentence.fingerprint)
    }
    return Fingerprints(
        write={i: e.sentence.fingerprint for i, e in (made | changed if accept else made).items()},
        made=tuple(e.exempt for e in made.values()),
        changed=tuple(e.exempt for e in changed.values()),
    )


def with_fingerprints(data: bytes, write: Mapping[int, str]) -> bytes:
    """book.yaml with those fingerprints, each on the line of the old one or below its phrase, and
    every other line unchanged. Raises ValueError where the lines do not allow that."""
    source = read_source(BOOK, data)
    if not isinstance(source, YamlFile):
        raise ValueError("book.yaml cannot be read")
    lines = data.decode("utf-8").split("\n")
    for index in sorted(write, reverse=True):  # from below, so that the numbers above stay right
        old = source.lines.get(("exempt", index, "fingerprint"))
        number = old or source.lines["exempt", index, "phrase"]
        key = re.match(r"(?P<indent> *(?:- )?)(?:phrase|fingerprint):", lines[number - 1])
        if key is None:
            raise ValueError(f"line {number} of book.yaml contains more than one key")
        if old is None:
            lines.insert(number, f'{" " * len(key["indent"])}fingerprint: "{write[index]}"')
        else:
            lines[number - 1] = f'{key["indent"]}fingerprint: "{write[index]}"'
    written = "\n".join(lines).encode("utf-8")
    source = read_source(BOOK, written)
    entries = source.value.get("exempt") if isinstance(source, YamlFile) else None
    for index, fingerprint in write.items():
        entry = entries[index] if isinstance(entries, tuple) and index < len(entries) else None
        if not isinstance(entry, dict) or entry.get("fingerprint") != fingerprint:
            raise ValueError(f"line {index} of 'exempt' in book.yaml spans several lines")
    return written
