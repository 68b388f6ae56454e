"""Pins: the fingerprint of each cited paragraph, in pins.yaml, and of each exempt sentence.

Those of paragraphs are in a separate file, so that a new text is pinned in one file that a program
writes, and no file that a person writes changes. A phrase that two duties cite has one pin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from rules.draft import BOOK, PINS
from rules.model import Exempt, Pin, Rulebook
from rules.sop.document import Document, Sentence, sentences
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop.resolve import (
    Cited,
    SopPointer,
    citations,
    locate,
    reading_problems,
    resolve_citations,
)
from rules.yaml.source import YamlFile, read_source

_HEAD = """\
# The paragraph that each citation was written from: the fingerprint of its text, and no text.
# Written by 'dueregard sop pin'; read by 'dueregard check --sop', which says where the SOP has
# changed under a rule. Each stands for one section and phrase, whichever duties cite it.

pins:
"""


@dataclass(frozen=True, slots=True)
class Pinning:
    """What pinning a rulebook to a document would do: ``pins`` are all pins afterwards, ``made``
    the new ones, ``changed`` those that differ (old, new), ``dropped`` those without a citation."""

    pins: tuple[Pin, ...]
    made: tuple[Pin, ...]
    changed: tuple[tuple[Pin, Pin], ...]
    dropped: tuple[Pin, ...]


def pin(rulebook: Rulebook, document: Document, *, accept: bool = False) -> Pinning:
    """The pins of the rulebook, with new ones for citations without a pin. A pin that differs keeps
    its old fingerprint, unless ``accept``. A citation that is not in the document keeps its pin."""
    old_pins, places = _by_key(rulebook.pins), resolve_citations(rulebook, document)[0]
    fingerprints = {_key(cited): p.paragraph.fingerprint for cited, p in places.items()}
    pointers = {_key(pointer.cited): pointer for _, pointer in citations(rulebook)}
    pins, made, changed = [], [], []
    for key, pointer in pointers.items():
        old = old_pins.get(key)
        if key not in fingerprints:
            pins += [old] if old else []
            continue
        new = Pin(section=pointer.section, phrase=pointer.phrase, paragraph=fingerprints[key])
        same = old is not None and old.paragraph == new.paragraph
        if old is None:
            made.append(new)
        elif not same:
            changed.append((old, new))
        pins.append(old if old is not None and (same or not accept) else new)
    dropped = tuple(old for key, old in old_pins.items() if key not in pointers)
    return Pinning(tuple(pins), tuple(made), tuple(changed), dropped)


def pins_text(pins: Iterable[Pin]) -> str:
    """The whole of pins.yaml."""
    quoted = partial(json.dumps, ensure_ascii=False)
    return _HEAD + "".join(
        f"  - section: {quoted(pin.section)}\n"
        f"    phrase: {quoted(pin.phrase)}\n"
        f"    paragraph: {quoted(pin.paragraph)}\n"
        for pin in pins
    )


def verify(rulebook: Rulebook, document: Document) -> tuple[SopProblem, ...]:
    """Every disagreement between the rules and the SOP: headings that are missing, citations that
    are not in exactly one paragraph, readings of words that are not in it, paragraphs that differ
    from their pins, citations without a pin, and pins without a citation."""
    _, problems = resolve_citations(rulebook, document)
    readings = reading_problems(rulebook, document)
    return (*document.problems, *problems, *readings, *_pin_problems(rulebook, document))


def _pin_problems(rulebook: Rulebook, document: Document) -> Iterator[SopProblem]:
    pinning = pin(rulebook, document)
    made, changed = _by_key(pinning.made), _by_key(new for _, new in pinning.changed)
    for _, pointer in citations(rulebook):
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
    are not in exactly one."""
    exempted: dict[int, Exempted] = {}
    problems: list[SopProblem] = []
    for index, exempt in enumerate(rulebook.book.exempt):
        where = f"exempt {index + 1}"
        pinned = exempt.fingerprint or ""
        pointer = SopPointer(BOOK, where, exempt.section, exempt.phrase, "exemption", pinned)
        place = locate(document, pointer)
        if isinstance(place, SopProblem):
            problems.append(place)
            continue
        matches = [sentence for sentence in sentences(place.paragraph) if sentence.overlaps(place)]
        if len(matches) == 1:
            exempted[index] = Exempted(exempt, pointer, matches[0])
        else:
            message = f"The words '{exempt.phrase}' continue beyond the end of a sentence."
            problems.append(pointer.problem(message, "Use words of only one sentence."))
    return exempted, tuple(problems)


def unpinned(rulebook: Rulebook, document: Document) -> tuple[SopProblem, ...]:
    """Why something cannot be pinned to this document: headings, citations and exemptions that are
    not in it exactly once, and readings of words that are not in it."""
    problems = resolve_citations(rulebook, document)[1]
    readings = reading_problems(rulebook, document)
    return (*document.problems, *problems, *readings, *find_exempted(rulebook, document)[1])


def pin_exemptions(rulebook: Rulebook, document: Document, *, accept: bool = False) -> Fingerprints:
    """The fingerprints of exempt sentences that book.yaml lacks, and, with ``accept``, those that
    differ from the sentences."""
    exempted, _ = find_exempted(rulebook, document)
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
