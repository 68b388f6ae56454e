"""Lint of what a rulebook says of the SOP's text: headings, exempt sentences and pins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.draft import Draft, PinsFile
from rules.hint import did_you_mean
from rules.model import Book, Exempt, Heading
from rules.problem import Problems
from rules.sop.normal import DIGITS, plain
from rules.yaml.source import At

_FINGERPRINT = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
_MOST_WORDS = 8
_BY_OTHERS = "covered by another sentence"


def lint_sop(at: At, book: Book) -> Problems:
    """What is wrong with the headings and the exempt sentences of book.yaml."""
    yield from _lint_front(_placed_headings(at, book))
    known = sections_of(book)
    seen: dict[tuple[str, str], At] = {}
    for index, exempt in enumerate(book.exempt):
        here = at / "exempt" / index
        yield from _lint_section(here, exempt.section, known)
        yield from _lint_twice(here, (exempt.section, plain(exempt.phrase)), seen)
        yield from _lint_exempt(here, exempt)


def lint_pins(at: At, pins: PinsFile, draft: Draft) -> Problems:
    """What is wrong with pins.yaml; whether anything cites them is asked with the SOP at hand."""
    known = sections_of(draft.book[1]) if draft.book is not None else ()
    seen: dict[tuple[str, str], At] = {}
    for index, pin in enumerate(pins.pins):
        here = at / "pins" / index
        if known:
            yield from _lint_section(here, pin.section, known)
        yield from _lint_twice(here, (pin.section, plain(pin.phrase)), seen)
        yield from _lint_fingerprint(here / "paragraph", pin.paragraph)


def sections_of(book: Book) -> tuple[str, ...]:
    """Every section that book.yaml names, those under which no duty stands too."""
    named = [heading for section in book.sections for heading in section.headings]
    return tuple(each.section for each in (*named, *book.other_headings))


def _placed_headings(at: At, book: Book) -> list[tuple[At, Heading]]:
    sections, others = at / "sections", at / "other headings"
    placed = [
        (sections / i / "headings" / j, heading)
        for i, section in enumerate(book.sections)
        for j, heading in enumerate(section.headings)
    ]
    return placed + [(others / i, heading) for i, heading in enumerate(book.other_headings)]


def _lint_front(headings: Sequence[tuple[At, Heading]]) -> Problems:
    first: dict[str, At] = {}
    front: list[At] = []
    for here, heading in headings:
        if heading.front_page:
            front.append(here)
        if here.path[0] == "other headings" and heading.section in first:
            message = f"There are two of the heading '{heading.section}'."
            yield (here / "section").problem(message, "Keep one.", first[heading.section])
        first.setdefault(heading.section, here / "section")
    for here in front[1:]:
        message = "A document has one front page, and another heading is it already."
        yield (here / "front page").problem(message, "Leave one of them out.", front[0])


def _lint_section(here: At, section: str, known: Sequence[str]) -> Problems:
    if section not in known:
        message = f"book.yaml names no heading of a section '{section}'."
        yield (here / "section").problem(message, did_you_mean(section, known))


def _lint_twice(here: At, key: tuple[str, str], seen: dict[tuple[str, str], At]) -> Problems:
    first = seen.setdefault(key, here)
    if first is not here:
        message = f"The same words of section '{key[0]}' stand here twice."
        yield (here / "phrase").problem(message, "Keep one of them.", first / "phrase")


def _lint_exempt(here: At, exempt: Exempt) -> Problems:
    if len(exempt.phrase.split()) > _MOST_WORDS:
        message = f"A phrase locates; it has at most {_MOST_WORDS} words."
        yield (here / "phrase").problem(message, "Shorten it.")
    if exempt.fingerprint is not None:
        yield from _lint_fingerprint(here / "fingerprint", exempt.fingerprint)
    if exempt.reason == _BY_OTHERS and not exempt.covered_by:
        message = "Nothing says which duty's sentence covers this one."
        yield (here / "reason").problem(message, "Add 'covered by: [a duty's id]'.")
    if exempt.reason != _BY_OTHERS and exempt.covered_by:
        message = f"'covered by' goes with the reason '{_BY_OTHERS}' only."
        yield (here / "covered by").problem(message, "Leave it out, or give that reason.")


def _lint_fingerprint(here: At, fingerprint: str) -> Problems:
    if not _FINGERPRINT.fullmatch(fingerprint):
        message = f"'{fingerprint}' is no fingerprint."
        yield here.problem(message, "Leave it out, and 'dueregard sop pin' writes it.")
