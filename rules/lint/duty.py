"""Lint of one duty's file: its names, citations and versions."""

from __future__ import annotations

import re

from rules.draft import Draft, DutyFile
from rules.hint import did_you_mean
from rules.lint.evidence import lint_evidence
from rules.lint.rows import lint_applies, lint_remarks
from rules.lint.subject import lint_subjects
from rules.lint.versions import lint_versions
from rules.model import Book, Duty, Section, Version
from rules.patterns.base import LintedVersion
from rules.problem import Problems
from rules.yaml.source import At

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_TITLE = 120
_MOST_WORDS = 8


def lint_duty(file: DutyFile, draft: Draft) -> Problems:
    """What is wrong with one duty, its file's name and folder included."""
    yield from _lint_file(file, draft)
    if file.duty is None:
        return
    yield from _lint_head(file.at, file.duty)
    if draft.book is not None:
        yield from _lint_against_book(file, file.duty, draft.book[1])
    yield from lint_versions(file.at, file.duty)
    for index, version in enumerate(file.duty.versions):
        yield from _lint_version(file.at / "versions" / index, file.duty, version, draft)


def _lint_version(at: At, duty: Duty, version: Version, draft: Draft) -> Problems:
    if draft.registers is None:
        return  # nothing can be said of columns until registers.yaml can be read
    registers, pattern = draft.specs, version.pattern
    yield from lint_subjects(at, version, registers)
    yield from pattern.check(at, LintedVersion(duty, version, draft))
    yield from lint_evidence(at, version, registers)
    if version.lapse is not None and not pattern.lapses:
        message = f"A duty of the kind '{pattern.kind}' does not lapse: it is not about an event."
        yield (at / "lapse").problem(message, "Leave 'lapse' out.")
    if pattern.cuts is not None:
        return
    yield from lint_remarks(at, version.remarks, version.rows, registers)
    if version.applies is not None:
        yield from lint_applies(at / "applies", version.applies, registers)


def _lint_file(file: DutyFile, draft: Draft) -> Problems:
    folders = [section.folder for section in draft.book[1].sections] if draft.book else []
    folder = file.path.parent.as_posix()
    if draft.book is not None and folder not in folders:
        message = "A duty stands in the folder of its section, and this is none."
        yield At(file.at.source).problem(message, did_you_mean(folder, folders))
    if file.id and file.id != file.path.stem:
        message = f"The file is called '{file.path.stem}' and holds the duty '{file.id}'."
        instead = f"Call the file {file.id}.yaml, or change the id."
        yield (file.at / "id").problem(message, instead)


def _lint_head(at: At, duty: Duty) -> Problems:
    named = [(duty.id, at / "id")]
    named += [(alias, at / "aliases" / i) for i, alias in enumerate(duty.aliases)]
    for name, here in named:
        if not ID.fullmatch(name):
            message = f"'{name}' cannot be an id."
            yield here.problem(message, "Write small letters, figures and hyphens only.")
    if duty.title.endswith((".", ";", ":")):
        yield (at / "title").problem("A title is no sentence.", "Leave its last mark out.")
    if len(duty.title) > _LONGEST_TITLE:
        message = f"The title is longer than {_LONGEST_TITLE} letters."
        yield (at / "title").problem(message, "Shorten it.")
    if not duty.citations:
        message = "Nothing says where the SOP asks for this."
        yield (at / "citations").problem(message, "Add a citation, with its section and a phrase.")
    for index, citation in enumerate(duty.citations):
        if len(citation.phrase.split()) > _MOST_WORDS:
            message = f"A phrase locates; it has at most {_MOST_WORDS} words."
            yield (at / "citations" / index / "phrase").problem(message, "Shorten it.")


def _lint_against_book(file: DutyFile, duty: Duty, book: Book) -> Problems:
    bearers = [bearer.name for bearer in book.bearers]
    if duty.bearer not in bearers:
        message = f"book.yaml knows no bearer '{duty.bearer}'."
        yield (file.at / "bearer").problem(message, did_you_mean(duty.bearer, bearers))
    headings = [each.section for section in book.sections for each in section.headings]
    for index, citation in enumerate(duty.citations):
        if citation.section not in headings:
            here = file.at / "citations" / index / "section"
            message = f"book.yaml knows no section '{citation.section}'."
            yield here.problem(message, did_you_mean(citation.section, headings))
    own = next((s for s in book.sections if s.folder == file.path.parent.as_posix()), None)
    if own is not None and duty.citations and duty.citations[0].section in headings:
        yield from _lint_own_section(file.at, duty, own)


def _lint_own_section(at: At, duty: Duty, own: Section) -> Problems:
    sections = [heading.section for heading in own.headings]
    cited = duty.citations[0].section
    if cited not in sections:
        message = (
            f"The file stands with section {own.number}, and its first citation is of {cited}."
        )
        instead = "Move the file, or put the citation of its own section first."
        yield (at / "citations" / 0 / "section").problem(message, instead)
