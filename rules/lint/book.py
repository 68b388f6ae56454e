"""Lint of book.yaml and pins.yaml, and of the names that all files share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rules.draft import Draft, PinsFile
from rules.model import Book, Exempt, Pin
from rules.problem import Problems, RuleProblem, did_you_mean, shape
from rules.sop.normal import DIGITS, plain
from rules.yaml.source import At

#: What a duty's id, and a rulebook's, looks like.
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
    yield from _lint_phrases(at / "exempt", book.exempt, _sections(book))
    for index, exempt in enumerate(book.exempt):
        yield from _lint_exempt(at / "exempt" / index, exempt)


def _lint_unique(at: At, book: Book) -> Problems:
    """That sections, headings and bearers can be told apart, and that there is one front page."""
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
    others = [(at / "other headings" / i, h) for i, h in enumerate(book.other_headings)]
    first: dict[str, At] = {}
    for here, heading in headings + others:
        if here.path[0] == "other headings" and heading.section in first:
            message = f"The heading '{heading.section}' appears twice."
            yield (here / "section").problem(message, "Keep one.", first[heading.section])
        first.setdefault(heading.section, here / "section")
    front = [here for here, heading in headings + others if heading.front_page]
    for here in front[1:]:
        message = "A document has one front page, and another heading is already the front page."
        yield (here / "front page").problem(message, "Keep one of them.", front[0])


def lint_duty_names(draft: Draft) -> Problems:
    """That no two duties share an id or alias, and that there is a duty at all."""
    if not draft.duties:
        yield RuleProblem(
            "book.yaml", 0, "", "The rulebook contains no duty.", "Add a duty's file."
        )
    names = [(file.id, file.at / "id") for file in draft.duties if file.id]
    for file in draft.duties:
        if file.duty is not None:
            names += [(a, file.at / "aliases" / i) for i, a in enumerate(file.duty.aliases)]
    yield from twice("duty", names)


def twice(what: str, names: Iterable[tuple[str, At]]) -> Problems:
    """A problem for each name that, capitals and marks aside, another has taken; shows both."""
    taken: dict[str, tuple[str, At]] = {}
    for name, at in names:
        first, first_at = taken.setdefault(shape(name), (name, at))
        if first_at is not at:
            also = "" if first == name else f" ('{first}' counts as the same)"
            message = f"The {what} '{name}' appears twice{also}."
            yield at.problem(message, "Keep one, or give it another name.", first_at)


def lint_pins(at: At, file: PinsFile, draft: Draft) -> Problems:
    """What is wrong with pins.yaml; whether anything cites them is asked with the SOP at hand."""
    known = _sections(draft.book[1]) if draft.book is not None else None
    yield from _lint_phrases(at / "pins", file.pins, known)
    for index, pin in enumerate(file.pins):
        yield from _lint_fingerprint(at / "pins" / index / "paragraph", pin.paragraph)


def _sections(book: Book) -> tuple[str, ...]:
    """Every section that book.yaml names, those under which no duty stands too."""
    named = [heading for section in book.sections for heading in section.headings]
    return tuple(each.section for each in (*named, *book.other_headings))


def _lint_phrases(at: At, places: Sequence[Exempt | Pin], known: Sequence[str] | None) -> Problems:
    """That each names a known section (None: any may be), and that no two name the same words."""
    seen: dict[tuple[str, str], At] = {}
    for index, each in enumerate(places):
        here = at / index
        if known is not None and each.section not in known:
            message = f"book.yaml names no heading of a section '{each.section}'."
            yield (here / "section").problem(message, did_you_mean(each.section, known))
        first = seen.setdefault((each.section, plain(each.phrase)), here)
        if first is not here:
            message = f"The same words of section '{each.section}' appear here twice."
            yield (here / "phrase").problem(message, "Keep one of them.", first / "phrase")


def lint_phrase(at: At, phrase: str) -> Problems:
    """That a phrase of the SOP is short."""
    if len(phrase.split()) > _MOST_WORDS:
        yield at.problem(
            f"A phrase has at most {_MOST_WORDS} words, enough to find the sentence.", "Shorten it."
        )


def _lint_exempt(here: At, exempt: Exempt) -> Problems:
    yield from lint_phrase(here / "phrase", exempt.phrase)
    if exempt.fingerprint is not None:
        yield from _lint_fingerprint(here / "fingerprint", exempt.fingerprint)
    if exempt.reason == _BY_OTHERS and not exempt.covered_by:
        message = "Nothing says which duty's sentence covers this one."
        yield (here / "reason").problem(message, "Add 'covered by: [a duty's id]'.")
    if exempt.reason != _BY_OTHERS and exempt.covered_by:
        message = f"'covered by' can only be given with the reason '{_BY_OTHERS}'."
        yield (here / "covered by").problem(message, "Leave it out, or give that reason.")


def _lint_fingerprint(here: At, fingerprint: str) -> Problems:
    if not _FINGERPRINT.fullmatch(fingerprint):
        message = f"'{fingerprint}' is not a fingerprint."
        yield here.problem(message, "Leave it out: 'dueregard sop pin' writes it.")
