"""Lint of one duty's file: its names, citations, and versions beside each other."""

from __future__ import annotations

from itertools import combinations, pairwise

from rules.draft import Draft, DutyFile
from rules.lint.book import ID, lint_phrase
from rules.lint.version import lint_version
from rules.model import Book, Duty, Version
from rules.patterns.base import LintedVersion
from rules.problem import Problems, did_you_mean
from rules.yaml.source import At

_LONGEST_TITLE = 120


def lint_duty(file: DutyFile, draft: Draft) -> Problems:
    """What is wrong with one duty, its file's name and folder included."""
    if draft.book is not None:
        folders = [section.folder for section in draft.book[1].sections]
        folder = file.path.parent.as_posix()
        if folder not in folders:
            message = "A duty belongs in the folder of its section. This folder is not one."
            yield At(file.at.source).problem(message, did_you_mean(folder, folders))
    if file.id and file.id != file.path.stem:
        message = f"The file is called '{file.path.stem}' and contains the duty '{file.id}'."
        yield (file.at / "id").problem(message, f"Call the file {file.id}.yaml, or change the id.")
    if file.duty is None:
        return
    yield from _lint_head(file.at, file.duty)
    if draft.book is not None:
        yield from _lint_against_book(file, file.duty, draft.book[1])
    yield from _lint_versions(file.at / "versions", file.duty)
    if draft.registers is not None:  # no column can be checked without it
        for index, version in enumerate(file.duty.versions):
            linted = LintedVersion(file.duty, version, draft)
            yield from lint_version(file.at / "versions" / index, linted)


def _lint_head(at: At, duty: Duty) -> Problems:
    names = [(duty.id, at / "id")]
    names += [(alias, at / "aliases" / i) for i, alias in enumerate(duty.aliases)]
    for name, here in names:
        if not ID.fullmatch(name):
            message = f"'{name}' is not a valid id."
            yield here.problem(message, "Use only small letters, digits and hyphens.")
    if duty.title.endswith((".", ";", ":")):
        yield (at / "title").problem("A title is not a sentence.", "Leave out the mark at its end.")
    if len(duty.title) > _LONGEST_TITLE:
        message = f"The title is longer than {_LONGEST_TITLE} characters."
        yield (at / "title").problem(message, "Shorten it.")
    if not duty.citations:
        message = "No citation says where the SOP requires this."
        yield (at / "citations").problem(message, "Add a citation, with its section and a phrase.")
    for index, citation in enumerate(duty.citations):
        yield from lint_phrase(at / "citations" / index / "phrase", citation.phrase)


def _lint_against_book(file: DutyFile, duty: Duty, book: Book) -> Problems:
    bearers = [bearer.name for bearer in book.bearers]
    if duty.bearer not in bearers:
        message = f"book.yaml has no bearer '{duty.bearer}'."
        yield (file.at / "bearer").problem(message, did_you_mean(duty.bearer, bearers))
    headings = [heading.section for section in book.sections for heading in section.headings]
    folder = file.path.parent.as_posix()
    own = next((section for section in book.sections if section.folder == folder), None)
    for index, citation in enumerate(duty.citations):
        here = file.at / "citations" / index / "section"
        if citation.section not in headings:
            message = f"book.yaml has no section '{citation.section}'."
            yield here.problem(message, did_you_mean(citation.section, headings))
        elif index == 0 and own and citation.section not in {h.section for h in own.headings}:
            message = (
                f"The file is in the folder of section {own.number}, and its first citation is of "
                f"{citation.section}."
            )
            instead = "Move the file, or put the citation of its own section first."
            yield here.problem(message, instead)


def _lint_versions(at: At, duty: Duty) -> Problems:
    if not duty.versions:
        yield at.problem("The duty has no version.", "Add one, with 'from:' and a date.")
        return
    for index, (earlier, later) in enumerate(pairwise(duty.versions)):
        yield from _lint_pair(at / index, earlier, at / (index + 1), later)
    for index, version in enumerate(duty.versions):
        yield from version.pattern.check_duty(at / index, duty)
        yield from version.pattern.check_window(at / index, duty, version.from_)
    patterns = [(at / i / "pattern", version.pattern) for i, version in enumerate(duty.versions)]
    for (earlier_at, earlier_pattern), (later_at, later_pattern) in combinations(patterns, 2):
        yield from later_pattern.check_beside(later_at, earlier_pattern, earlier_at)
    last = duty.versions[-1].from_
    if duty.until is not None and duty.until < last:
        message = f"The duty ends on {duty.until}, before its last version begins."
        yield (At(at.source) / "until").problem(
            message, f"Write {last} or a later date.", at / (len(duty.versions) - 1) / "from"
        )


def _lint_pair(earlier_at: At, earlier: Version, later_at: At, later: Version) -> Problems:
    begins, before = later_at / "from", earlier_at / "from"
    if earlier.from_ == later.from_:
        yield begins.problem(f"Two versions begin on {later.from_}.", "Keep one of them.", before)
    elif earlier.from_ > later.from_:
        message = f"The version from {later.from_} comes after the one from {earlier.from_}."
        yield begins.problem(message, "Put the earliest first.", before)
    old, new = (
        version.pattern.shape(f" with a {version.subjects.kind}" if version.subjects else "")
        for version in (earlier, later)
    )
    if old != new:
        yield (later_at / "pattern").problem(
            f"A duty cannot change from {old} to {new}, because earlier evidence could not be "
            "carried over.",
            "End this duty with 'until:' and write a new one with a new id.",
            earlier_at / "pattern",
        )
