"""Exemptions: the sentences that book.yaml says are no duty, found in the SOP and pinned there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules.folder import BOOK
from rules.model import Exempt, Rulebook
from rules.sop.document import Document
from rules.sop.problem import SopProblem
from rules.sop.resolve import Asking, locate, resolve_citations
from rules.sop.sentences import Sentence, sentences
from rules.yaml.source import YamlFile, read_source


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
            message = f"The words '{each.phrase}' run over the end of a sentence."
            problems.append(asking.problem(message, "Write words of one sentence only."))
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
            raise ValueError(f"line {at} of book.yaml holds more than one key")
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
