"""Lint of book.yaml and pins.yaml, and of the names that all files share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rules.draft import BOOK, Draft, PinsFile
from rules.model import Body, Book, Exempt, Pin, SopDocument, SopVersion
from rules.problem import Problems, did_you_mean, file_problem, shape
from rules.sop.normal import DIGITS, plain
from rules.yaml.source import YamlNode

#: The form of a duty's id, and of a rulebook's.
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_FOLDER = re.compile(r"[a-z0-9.]+(-[a-z0-9.]+)*")
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_WORDS = 8
_MOST_YEARS = 10  # from one change of the rulebook to the next
_BY_OTHERS = "covered by another sentence"
_RENEW = "Run 'dueregard sop pin' with the SOP, which renews the pins, or delete pins.yaml."


def lint_book(node: YamlNode, book: Book) -> Problems:
    """What is wrong with book.yaml."""
    if not ID.fullmatch(book.id):
        message = f"'{book.id}' is not a valid id for the rulebook."
        yield (node / "id").problem(message, "Use only small letters, digits and hyphens.")
    if not _VERSION.fullmatch(book.version):
        message = f"'{book.version}' is not a valid version for the rulebook."
        yield (node / "version").problem(message, 'Write three numbers in quotes, such as "1.0.0".')
    yield from _lint_body(node / "body", book.body)
    for key in ("sections", "bearers"):
        if not getattr(book, key):
            yield (node / key).problem("The list is empty.", "Name at least one.")
    for index, section in enumerate(book.sections):
        child = node / "sections" / index
        if not _FOLDER.fullmatch(section.folder):
            message = f"'{section.folder}' is not a valid name for a folder."
            instead = "Use only small letters, digits, dots and hyphens."
            yield (child / "folder").problem(message, instead)
        if not section.headings:
            message = f"Section {section.number} has no headings, so no citation can name one."
            yield (child / "headings").problem(message, "Add at least one.")
    yield from _lint_sop(node / "sop" / "versions", book.sop.versions)
    yield from _lint_unique(node, book)
    yield from _lint_phrases(node / "exempt", book.exempt, book)
    for index, exempt in enumerate(book.exempt):
        child = node / "exempt" / index
        yield from lint_phrase(child / "phrase", exempt.phrase)
        if exempt.fingerprint is not None:
            yield from lint_fingerprint(child / "fingerprint", exempt.fingerprint, "sop pin")
        yield from _lint_exempt_versions(child, exempt, book.sop)
        if exempt.reason == _BY_OTHERS and not exempt.covered_by:
            message = "Nothing says which duty's sentence covers this one."
            yield (child / "reason").problem(message, "Add 'covered by: [a duty's id]'.")
        if exempt.reason != _BY_OTHERS and exempt.covered_by:
            message = f"'covered by' can only be given with the reason '{_BY_OTHERS}'."
            yield (child / "covered by").problem(message, "Leave it out, or give that reason.")


def _lint_exempt_versions(node: YamlNode, exempt: Exempt, sop: SopDocument) -> Problems:
    """Checks that the versions of an exemption are versions of the SOP, the first one first."""
    known = [version.version for version in sop.versions]
    named = {"first version": exempt.first_version, "last version": exempt.last_version}
    for key, version in named.items():
        if version is not None and version not in known:
            message = f"book.yaml lists no version '{version}' of the SOP."
            yield (node / key).problem(message, did_you_mean(version, known))
    first, last = named.values()
    if first in known and last in known and known.index(first) > known.index(last):
        message = f"Version {first} of the SOP comes after version {last}."
        yield (node / "first version").problem(message, "Correct one of them.")


def _lint_sop(node: YamlNode, versions: Sequence[SopVersion]) -> Problems:
    """Checks that the versions of the SOP are different, the earliest first."""
    if not versions:
        yield node.problem("The list is empty.", "Name the version of the SOP that was encoded.")
    yield from twice("version", ((v.version, node / i / "version") for i, v in enumerate(versions)))
    for index, (earlier, later) in enumerate(pairwise(versions)):
        days = node / (index + 1) / "in force", node / index / "in force"
        if earlier.in_force == later.in_force:
            message = f"Two versions of the SOP are in force from {later.in_force}."
            yield days[0].problem(message, "Correct one of the two days.", days[1])
        elif earlier.in_force > later.in_force:
            message = (
                f"The version of the SOP from {later.in_force} comes after the one from "
                f"{earlier.in_force}."
            )
            yield days[0].problem(message, "Put the earliest first.", days[1])
    for index, version in enumerate(versions):
        if version.sha256 is not None and not _SHA256.fullmatch(version.sha256):
            message = f"'{version.sha256}' is not the SHA-256 of a file."
            instead = "Write its 64 hexadecimal digits in quotes, or leave it out."
            yield (node / index / "sha256").problem(message, instead)
    files = [(v.sha256, node / i / "sha256") for i, v in enumerate(versions) if v.sha256]
    yield from twice("SHA-256", files)


def _lint_body(node: YamlNode, body: Body) -> Problems:
    """Checks the words for the body and its posts."""
    for key in ("called", "head", "lead"):
        if getattr(body, key).casefold().startswith("the "):
            message = "Reports put 'the' before it themselves."
            yield (node / key).problem(message, "Leave out 'the'.")


def _lint_unique(node: YamlNode, book: Book) -> Problems:
    """Checks that sections, headings and bearers have different names, and that one heading is of
    the front page."""
    sections = [(node / "sections" / i, section) for i, section in enumerate(book.sections)]
    yield from twice(
        "section",
        ((s.number, child / "number") for child, s in sections),
        "Give each its own number: where a new version of the SOP prints others, write those.",
    )
    yield from twice("folder", ((s.folder, child / "folder") for child, s in sections))
    bearers = ((b.name, node / "bearers" / i / "name") for i, b in enumerate(book.bearers))
    yield from twice("bearer", bearers)
    headings = [
        (child / "headings" / j, heading)
        for child, section in sections
        for j, heading in enumerate(section.headings)
    ]
    yield from twice("heading", ((h.section, child / "section") for child, h in headings))
    first = {heading.section: child / "section" for child, heading in reversed(headings)}
    others = [(node / "other headings" / i, h) for i, h in enumerate(book.other_headings)]
    for child, heading in others:
        place = child / "section"
        if first.setdefault(heading.section, place) is not place:
            message = f"The heading '{heading.section}' appears twice."
            yield place.problem(message, "Keep one.", first[heading.section])
    front = [child for child, heading in headings + others if heading.front_page]
    for child in front[1:]:
        message = "A document has one front page, and another heading is already the front page."
        yield (child / "front page").problem(message, "Keep one of them.", front[0])


def lint_duty_names(draft: Draft) -> Problems:
    """Checks that no two duties share an id or alias, and that there is a duty at all."""
    if not draft.duties:
        yield file_problem(BOOK, "The rulebook contains no duty.", "Add a duty's file.")
    names = [(file.id, file.node / "id") for file in draft.duties if file.id]
    for file in draft.duties:
        if file.duty is not None:
            names += [(a, file.node / "aliases" / i) for i, a in enumerate(file.duty.aliases)]
    yield from twice("duty", names)


def lint_first_days(draft: Draft) -> Problems:
    """Checks that no version begins in a year more than ten after those of the SOP and of every
    version before it. Such a year is a slip (2072 for 2027), and the duty would require nothing for
    decades. The dates are compared with each other only, because a rulebook has no today."""
    if draft.book is None or not draft.book[1].sop.versions:
        return
    before = draft.book[0] / "sop" / "versions" / 0 / "in force"
    latest = draft.book[1].sop.in_force
    versions = [
        (version.from_, file.node / "versions" / index / "from")
        for file in draft.duties
        if file.duty is not None
        for index, version in enumerate(file.duty.versions)
    ]
    for day, node in sorted(versions, key=lambda version: version[0]):
        if day.year - latest.year > _MOST_YEARS:
            message = (
                f"The version begins on {day}, and the last date before it in the rulebook is "
                f"{latest}."
            )
            yield node.problem(message, "Correct the year.", before)
        elif day > latest:
            latest, before = day, node


def twice(
    noun: str,
    names: Iterable[tuple[str, YamlNode]],
    instead: str = "Keep one, or give it another name.",
) -> Problems:
    """A problem for each name that appears a second time, apart from capitals and marks. It shows
    both places."""
    seen: dict[str, tuple[str, YamlNode]] = {}
    for name, node in names:
        first, first_node = seen.setdefault(shape(name), (name, node))
        if first_node is not node:
            also = "" if first == name else f" ('{first}' counts as the same)"
            message = f"The {noun} '{name}' appears twice{also}."
            yield node.problem(message, instead, first_node)


def lint_pins(node: YamlNode, file: PinsFile, draft: Draft) -> Problems:
    """What is wrong with pins.yaml, apart from what only the SOP can show."""
    book = draft.book[1] if draft.book else None
    named = [version.version for version in book.sop.versions] if book else []
    versions = [(node / "versions" / i, version) for i, version in enumerate(file.versions)]
    yield from twice("version", ((v.version, child / "version") for child, v in versions))
    for child, version in versions:
        if book and version.version not in named:
            message = f"book.yaml lists no version {version.version} of the SOP."
            yield (child / "version").problem(message, _RENEW)
        yield from _lint_phrases(child / "pins", version.pins, book, _RENEW)
        for index, pin in enumerate(version.pins):
            place = child / "pins" / index / "paragraph"
            yield from lint_fingerprint(place, pin.paragraph, "sop pin")


def _lint_phrases(
    node: YamlNode, places: Sequence[Exempt | Pin], book: Book | None, instead: str = ""
) -> Problems:
    """Checks that each pin or exemption is of a section in the book, if the book was read, and that
    no two are equal. ``instead`` is what to do about an unknown section."""
    first: dict[tuple[str | None, ...], YamlNode] = {}
    sections = [heading.section for heading in book.headings] if book else []
    for index, place in enumerate(places):
        child, section = node / index, place.section
        if book and section not in sections:
            message = f"book.yaml names no heading of a section '{section}'."
            yield (child / "section").problem(message, instead or did_you_mean(section, sections))
        of = (place.first_version, place.last_version) if isinstance(place, Exempt) else ()
        other = first.setdefault((section, plain(place.phrase), *of), child)
        if other is not child:
            message = f"The same words of section '{section}' appear here twice."
            yield (child / "phrase").problem(message, "Keep one of them.", other / "phrase")


def lint_phrase(node: YamlNode, phrase: str) -> Problems:
    """Checks that a phrase of the SOP is short."""
    if len(phrase.split()) > _MOST_WORDS:
        message = f"A phrase has at most {_MOST_WORDS} words, enough to find the sentence."
        yield node.problem(message, "Shorten it.")


def lint_fingerprint(child: YamlNode, fingerprint: str, command: str) -> Problems:
    """Checks the form of a fingerprint, which a command writes."""
    if not _FINGERPRINT.fullmatch(fingerprint):
        message = f"'{fingerprint}' is not a fingerprint."
        yield child.problem(message, f"Leave it out: 'dueregard {command}' writes it.")
