"""Lint of book.yaml, and of the names that all files share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.draft import Draft
from rules.hint import shape
from rules.lint.duty import ID
from rules.model import Book
from rules.problem import Problems, RuleProblem
from rules.yaml.source import At

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_FOLDER = re.compile(r"[a-z0-9.]+(-[a-z0-9.]+)*")


def lint_book(at: At, book: Book) -> Problems:
    """What is wrong with book.yaml."""
    if not ID.fullmatch(book.id):
        message = f"'{book.id}' cannot be the rulebook's id."
        yield (at / "id").problem(message, "Write small letters, figures and hyphens only.")
    if not _VERSION.fullmatch(book.version):
        message = f"'{book.version}' cannot be the rulebook's version."
        yield (at / "version").problem(message, 'Write three numbers in quotes, such as "1.0.0".')
    for key in ("sections", "bearers"):
        if not getattr(book, key):
            yield (at / key).problem("The list is empty.", "Name at least one.")
    sections = at / "sections"
    for index, section in enumerate(book.sections):
        if not _FOLDER.fullmatch(section.folder):
            message = f"'{section.folder}' cannot be a folder's name."
            instead = "Write small letters, figures, dots and hyphens only."
            yield (sections / index / "folder").problem(message, instead)
        if not section.headings:
            message = f"Section {section.number} has no headings for citations to name."
            yield (sections / index / "headings").problem(message, "Add at least one.")
    yield from _lint_unique(at, book)


def _lint_unique(at: At, book: Book) -> Problems:
    sections = at / "sections"
    numbered = list(enumerate(book.sections))
    yield from twice("section", ((s.number, sections / i / "number") for i, s in numbered))
    yield from twice("folder", ((s.folder, sections / i / "folder") for i, s in numbered))
    headings = (
        (heading.section, sections / i / "headings" / j / "section")
        for i, section in numbered
        for j, heading in enumerate(section.headings)
    )
    yield from twice("heading", headings)
    bearers = ((b.name, at / "bearers" / i / "name") for i, b in enumerate(book.bearers))
    yield from twice("bearer", bearers)


def lint_duty_names(draft: Draft) -> Problems:
    """That no two duties share an id or alias, and that there is a duty at all."""
    if not draft.duties:
        yield RuleProblem("book.yaml", 0, "", "The rulebook holds no duty.", "Add a duty's file.")
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
        if first_at is at:
            continue
        also = "" if first == name else f" ('{first}' counts as the same)"
        message = f"There are two of the {what} '{name}'{also}."
        yield at.problem(message, "Keep one, or give it another name.", first_at)
