"""Pins: the fingerprint of each cited paragraph, kept in pins.yaml beside the rules.

They stand in a file of their own, so that a new text is pinned in one place that a program writes,
and no file that a person writes is touched for it; one phrase that two duties cite has one pin.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from rules.folder import PINS
from rules.model import Pin, Rulebook
from rules.sop.document import Document
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop.resolve import Cited, PhrasePlace, citations, resolve_citations

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
                f"one that the rule was written from: {sop_file} has another text there.",
                "Compare the two texts ('dueregard sop compare OLD NEW'), change the rule if it "
                "has to change, then run 'dueregard sop pin --accept'.",
                "pin",
            )
    for key, each in held.items():
        if key not in cited:
            message = f"Nothing cites '{each.phrase}' of section '{each.section}' any longer."
            instead = "Run 'dueregard sop pin', which takes it out."
            yield SopProblem(PINS, "", each.section, "pin", message, instead)


def _fingerprints(places: Mapping[Cited, PhrasePlace]) -> Mapping[Cited, str]:
    """The fingerprint of each cited paragraph as the document has it."""
    return {_key(cited): place.paragraph.fingerprint for cited, place in places.items()}


def _by_citation(rulebook: Rulebook) -> Mapping[Cited, Pin]:
    return {_key((each.section, each.phrase)): each for each in rulebook.pins}


def _key(cited: Cited) -> Cited:
    return cited[0], plain(cited[1])
