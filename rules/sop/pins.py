"""Pins: the fingerprint of each cited paragraph, in pins.yaml, and of each exempt sentence.

Those of paragraphs stand in a file of their own, so that a new text is pinned in one place that a
program writes, and no file that a person writes is touched for it; one phrase that two duties cite
has one pin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from rules.folder import BOOK, PINS
from rules.model import Exempt, Pin, Rulebook
from rules.sop.document import Document, PhrasePlace, Sentence, sentences
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop.resolve import Asking, Cited, citations, locate, resolve_citations
from rules.yaml.source import YamlFile, read_source

_HEAD = """\
# The paragraph that each citation was written from: the fingerprint of its text, and no text.
# Written by 'dueregard sop pin'; read by 'dueregard check --sop', which says where the SOP has
# changed under a rule. Each stands for one section and phrase, whichever duties cite it.

pins:
"""


@dataclass(frozen=True, slots=True)
class Pinning:
    """What pinning a rulebook to a document would do: ``pins`` are all there are to be, with
    those in ``made`` new, those in ``changed`` different (old, new), and those in ``dropped`` gone,
    since nothing cites them."""

    pins: tuple[Pin, ...]
    made: tuple[Pin, ...]
    changed: tuple[tuple[Pin, Pin], ...]
    dropped: tuple[Pin, ...]


def pin(rulebook: Rulebook, document: Document, *, accept: bool = False) -> Pinning:
    """The pins of the rulebook with those that are missing made from the document. One that
    differs keeps its old fingerprint, unless ``accept``; a citation that stands nowhere keeps
    the pin that it has."""
    held = _by_citation(rulebook)
    here = _fingerprints(resolve_citations(rulebook, document)[0])
    wanted = {_key(asking.cited): asking for _, asking in citations(rulebook)}
    pins, made, changed = [], [], []
    for key, asking in wanted.items():
        old, new = held.get(key), here.get(key)
        if new is None:
            pins += [old] if old else []
            continue
        fresh = Pin(section=asking.section, phrase=asking.phrase, paragraph=new)
        if old is None:
            made.append(fresh)
        elif old.paragraph != new:
            changed.append((old, fresh))
        pins.append(fresh if old is None or accept or old.paragraph == new else old)
    dropped = tuple(each for key, each in held.items() if key not in wanted)
    return Pinning(tuple(pins), tuple(made), tuple(changed), dropped)


def pins_text(pins: Iterable[Pin]) -> str:
    """The whole of pins.yaml."""
    quoted = partial(json.dumps, ensure_ascii=False)
    return _HEAD + "".join(
        f"  - section: {quoted(each.section)}\n"
        f"    phrase: {quoted(each.phrase)}\n"
        f"    paragraph: {quoted(each.paragraph)}\n"
        for each in pins
    )


def verify(rulebook: Rulebook, document: Document) -> tuple[SopProblem, ...]:
    """Everything that does not hold between the rules and the SOP at hand: headings that are not
    there, citations that do not stand in exactly one paragraph, paragraphs that are not as
    they were pinned, citations without a pin, and pins without a citation."""
    places, broken = resolve_citations(rulebook, document)
    changed = _pin_problems(rulebook, document.file, _fingerprints(places))
    return (*document.problems, *broken, *changed)


def _pin_problems(
    rulebook: Rulebook, sop_file: str, here: Mapping[Cited, str]
) -> Iterator[SopProblem]:
    held = _by_citation(rulebook)
    cited = set()
    for _, asking in citations(rulebook):
        key = _key(asking.cited)
        cited.add(key)
        if key in here and key not in held:
            yield asking.problem(
                f"'{asking.phrase}' is not pinned to its paragraph.",
                "Run 'dueregard sop pin' with the SOP from which the rule was written.",
                "pin",
            )
        elif key in here and held[key].paragraph != here[key]:
            yield asking.problem(
                f"The paragraph of section '{asking.section}' with '{asking.phrase}' is not the "
                f"one from which the rule was written: {sop_file} has a different text there.",
                "Compare the two texts ('dueregard sop compare OLD NEW'), change the rule if it "
                "has to change, then run 'dueregard sop pin --accept'.",
                "pin",
            )
    for key, each in held.items():
        if key not in cited:
            message = f"Nothing cites '{each.phrase}' of section '{each.section}' any more."
            instead = "Run 'dueregard sop pin', which removes it."
            yield SopProblem(PINS, "", each.section, "pin", message, instead)


def _fingerprints(places: Mapping[Cited, PhrasePlace]) -> Mapping[Cited, str]:
    """The fingerprint of each cited paragraph as the document has it."""
    return {_key(cited): place.paragraph.fingerprint for cited, place in places.items()}


def _by_citation(rulebook: Rulebook) -> Mapping[Cited, Pin]:
    return {_key((each.section, each.phrase)): each for each in rulebook.pins}


def _key(cited: Cited) -> Cited:
    return cited[0], plain(cited[1])


# Exempt sentences -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exemption with its sentence; ``asking`` is its place in book.yaml."""

    exempt: Exempt
    asking: Asking
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What pinning the exemptions would do: the fingerprints to write, by the exemption's number
    in book.yaml (from 0); those that are new, and those that differ from what stands there."""

    write: Mapping[int, str]
    made: tuple[Exempt, ...]
    changed: tuple[Exempt, ...]


def find_exempted(
    rulebook: Rulebook, document: Document
) -> tuple[Mapping[int, Exempted], tuple[SopProblem, ...]]:
    """The exemptions by number (from 0) with the one sentence of each, and a problem for each
    whose words do not stand in exactly one."""
    found: dict[int, Exempted] = {}
    problems: list[SopProblem] = []
    for index, each in enumerate(rulebook.book.exempt):
        asking = Asking(BOOK, f"exempt {index + 1}", each.section, each.phrase, "exemption")
        place = locate(document, asking)
        if isinstance(place, SopProblem):
            problems.append(place)
            continue
        held = [sentence for sentence in sentences(place.paragraph) if sentence.overlaps(place)]
        if len(held) == 1:
            found[index] = Exempted(each, asking, held[0])
        else:
            message = f"The words '{each.phrase}' continue beyond the end of a sentence."
            problems.append(asking.problem(message, "Use words of only one sentence."))
    return found, tuple(problems)


def unpinned(rulebook: Rulebook, document: Document) -> tuple[SopProblem, ...]:
    """Why something cannot be pinned to this document: headings, citations and exemptions that do
    not stand there once."""
    broken = resolve_citations(rulebook, document)[1]
    return (*document.problems, *broken, *find_exempted(rulebook, document)[1])


def pin_exemptions(rulebook: Rulebook, document: Document, *, accept: bool = False) -> Fingerprints:
    """The fingerprints of exempt sentences that book.yaml lacks; with ``accept``, also those that
    differ from what stands there."""
    found, _ = find_exempted(rulebook, document)
    here = {index: (each.exempt, each.sentence.fingerprint) for index, each in found.items()}
    made = {i: e for i, (e, _) in here.items() if e.fingerprint is None}
    changed = {i: e for i, (e, new) in here.items() if e.fingerprint not in (None, new)}
    write = {i: here[i][1] for i in ({**made, **changed} if accept else made)}
    return Fingerprints(write, tuple(made.values()), tuple(changed.values()))


def with_fingerprints(data: bytes, write: Mapping[int, str]) -> bytes:
    """book.yaml with those fingerprints, each on the line of the old one or below its phrase, and
    everything else as a person wrote it. Raises ValueError where its lines do not allow that."""
    source = read_source(BOOK, data)
    if not isinstance(source, YamlFile):
        raise ValueError("book.yaml cannot be read")
    lines = data.decode("utf-8").split("\n")
    for index in sorted(write, reverse=True):
        path = ("exempt", index)
        old = source.lines.get((*path, "fingerprint"))
        at = old or source.lines[(*path, "phrase")]
        shape = re.match(r"(?P<indent> *(?:- )?)(?:phrase|fingerprint):", lines[at - 1])
        if shape is None:
            raise ValueError(f"line {at} of book.yaml contains more than one key")
        if old is None:
            lines.insert(at, f'{" " * len(shape["indent"])}fingerprint: "{write[index]}"')
        else:
            lines[at - 1] = f'{shape["indent"]}fingerprint: "{write[index]}"'
    written = "\n".join(lines).encode("utf-8")
    source = read_source(BOOK, written)
    held = source.value.get("exempt") if isinstance(source, YamlFile) else None
    for index, fingerprint in write.items():
        entry = held[index] if isinstance(held, tuple) and index < len(held) else None
        if not isinstance(entry, dict) or entry.get("fingerprint") != fingerprint:
            raise ValueError(f"line {index} of 'exempt' in book.yaml spans several lines")
    return written
