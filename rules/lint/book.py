"""Lint of book.yaml and pins.yaml, and of the names that all files share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rules.draft import BOOK, Draft, PinsFile
from rules.model import Book, Exempt, Pin
from rules.problem import Problems, did_you_mean, file_problem, shape
from rules.sop.normal import DIGITS, plain
from rules.yaml.source import At

#: The form of a duty's id, and of a rulebook's.
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_FOLDER = re.compile(r"[a-z0-9.]+(-[a-z0-9.]+)*")
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
_MOST_WORDS = 8
_BY_OTHERS = "covered by another sentence"


def lint_book(at: At, book: Book) -> Problems:
    """What is wrong with book.yaml."""
    if not ID.fullmatch(book.id):
        message = f"'{book.id}' is not a valid id for the rulebook."
        yield (at / "id").problem(message, "Use only small letters, digits and hyphens.")
    if not _VERSION.fullmatch(book.version):
        message = f"'{book.version}' is not a valid version for the rulebook."
        yield (at / "version").problem(message, 'Write three numbers in quotes, such as "1.0.0".')
    for key in ("sections", "bearers"):
        if not getattr(book, key):
            yield (at / key).problem("The list is empty.", "Name at least one.")
    for index, section in enumerate(book.sections):
        here = at / "sections" / index
        if not _FOLDER.fullmatch(section.folder):
            message = f"'{section.folder}' is not a valid name for a folder."
            instead = "Use only small letters, digits, dots and hyphens."
            yield (here / "folder").problem(message, instead)
        if not section.headings:
            message = f"Section {section.number} has no headings, so no citation can name one."
            yield (here / "headings").problem(message, "Add at least one.")
    yield from _lint_unique(at, book)
    yield from _lint_phrases(at / "exempt", book.exempt, book)
    for index, exempt in enumerate(book.exempt):
        here = at / "exempt" / index
        yield from lint_phrase(here / "phrase", exempt.phrase)
        if exempt.fingerprint is not None:
            yield from _lint_fingerprint(here / "fingerprint", exempt.fingerprint)
        if exempt.reason == _BY_OTHERS and not exempt.covered_by:
            message = "Nothing says which duty's sentence covers this one."
            yield (here / "reason").problem(message, "Add 'covered by: [a duty's id]'.")
        if exempt.reason != _BY_OTHERS and exempt.covered_by:
            message = f"'covered by' can only be given with the reason '{_BY_OTHERS}'."
            yield (here / "covered by").problem(message, "Leave it out, or give that reason.")


def _lint_unique(at: At, book: Book) -> Problems:
    """That no two sections, headings or bearers have one name, and that one page is the front."""
    sections = [(at / "sections" / i, section) for i, section in enumerate(book.sections)]
    yield from twice("section", ((s.number, here / "number") for here, s in sections))
    yield from twice("folder", ((s.folder, here / "folder") for here, s in sections))
    bearers = ((b.name, at / "bearers" / i / "name") for i, b in enumerate(book.bearers))
    yield from twice("bearer", bearers)
    headings = [
        (here / "headings" / j, heading)
        for here, section in sections
        for j, heading in enumerate(section.headings)
    ]
    yield from twice("heading", ((h.section, here / "section") for here, h in headings))
    first = {heading.section: here / "section" for here, heading in reversed(headings)}
    others = [(at / "other headings" / i, h) for i, h in enumerate(book.other_headings)]
    for here, heading in others:
        place = here / "section"
        if first.setdefault(heading.section, place) is not place:
            message = f"The heading '{heading.section}' appears twice."
            yield place.problem(message, "Keep one.", first[heading.section])
    front = [here for here, heading in headings + others if heading.front_page]
    for here in front[1:]:
        message = "A document has one front page, and another heading is already the front page."
        yield (here / "front page").problem(message, "Keep one of them.", front[0])


def lint_duty_names(draft: Draft) -> Problems:
    """That no two duties share an id or alias, and that there is a duty at all."""
    if not draft.duties:
        yield file_problem(BOOK, "The rulebook contains no duty.", "Add a duty's file.")
    names = [(file.id, file.at / "id") for file in draft.duties if file.id]
    for file in draft.duties:
        if file.duty is not None:
            names += [(a, file.at / "aliases" / i) for i, a in enumerate(file.duty.aliases)]
    yield from twice("duty", names)


def twice(noun: str, names: Iterable[tuple[str, At]]) -> Problems:
    """A problem for each name that, capitals and marks aside, appears before; shows both places."""
    seen: dict[str, tuple[str, At]] = {}
    for name, at in names:
        first, first_at = seen.setdefault(shape(name), (name, at))
        if first_at is not at:
            also = "" if first == name else f" ('{first}' counts as the same)"
            message = f"The {noun} '{name}' appears twice{also}."
            yield at.problem(message, "Keep one, or give it another name.", first_at)


def lint_pins(at: At, file: PinsFile, draft: Draft) -> Problems:
    """What is wrong with pins.yaml, apart from what only the SOP can show."""
    yield from _lint_phrases(at / "pins", file.pins, draft.book[1] if draft.book else None)
    for index, pin in enumerate(file.pins):
        yield from _lint_fingerprint(at / "pins" / index / "paragraph", pin.paragraph)


def _lint_phrases(at: At, places: Sequence[Exempt | Pin], book: Book | None) -> Problems:
    """That each is of a section in the book, where that was read, and that no two are the same."""
    first: dict[tuple[str, str], At] = {}
    sections = [heading.section for heading in book.headings] if book else []
    for index, place in enumerate(places):
        here, section = at / index, place.section
        if book and section not in sections:
            message = f"book.yaml names no heading of a section '{section}'."
            yield (here / "section").problem(message, did_you_mean(section, sections))
        other = first.setdefault((section, plain(place.phrase)), here)
        if other is not here:
            message = f"The same words of section '{section}' appear here twice."
            yield (here / "phrase").problem(message, "Keep one of them.", other / "phrase")


def lint_phrase(at: At, phrase: str) -> Problems:
    """That a phrase of the SOP is short."""
    if len(phrase.split()) > _MOST_WORDS:
        yield at.problem(
            f"A phrase has at most {_MOST_WORDS} words, enough to find the sentence.", "Shorten it."
        )


def _lint_fingerprint(here: At, fingerprint: str) -> Problems:
    if not _FINGERPRINT.fullmatch(fingerprint):
        message = f"'{fingerprint}' is not a fingerprint."
        yield here.problem(message, "Leave it out: 'dueregard sop pin' writes it.")
