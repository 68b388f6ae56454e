"""Lint of a duty's versions beside each other."""

from __future__ import annotations

from itertools import pairwise

from rules.draft import Problems
from rules.lint.pattern import is_joining
from rules.lint.window import lint_windows
from rules.model import Duty, Version
from rules.pattern import Content, Rolling
from rules.yaml.source import At


def lint_versions(at: At, duty: Duty) -> Problems:
    """That there is a version, that they follow each other, and that the duty ends after them."""
    versions = at / "versions"
    if not duty.versions:
        yield versions.problem("The duty has no version.", "Add one, with 'from:' and a day.")
        return
    for index, (earlier, later) in enumerate(pairwise(duty.versions)):
        yield from _lint_pair(versions, index, earlier, later)
    for index, version in enumerate(duty.versions):
        yield from _lint_first_deadline(versions / index / "pattern", version, duty)
    yield from lint_windows(at, duty)
    last = duty.versions[-1].from_
    if duty.until is not None and duty.until < last:
        yield (at / "until").problem(
            f"The duty ends on {duty.until}, before its last version begins.",
            f"Write {last} or a later day.",
            versions / (len(duty.versions) - 1) / "from",
        )


def _lint_pair(at: At, index: int, earlier: Version, later: Version) -> Problems:
    here, before = at / (index + 1), at / index
    if earlier.from_ == later.from_:
        message = f"Two versions begin on {later.from_}."
        yield (here / "from").problem(message, "Keep one of them.", before / "from")
    elif earlier.from_ > later.from_:
        message = f"The version from {later.from_} stands after the one from {earlier.from_}."
        yield (here / "from").problem(message, "Put the earliest first.", before / "from")
    if _shape(earlier) != _shape(later):
        yield (here / "pattern").problem(
            f"A duty cannot turn from {_shape(earlier)} into {_shape(later)}: what was done before "
            "could not be carried over.",
            "End this duty with 'until:' and write a new one with an id of its own.",
            before / "pattern",
        )


def _lint_first_deadline(at: At, version: Version, duty: Duty) -> Problems:
    pattern = version.pattern
    if not isinstance(pattern, Rolling) or pattern.first_deadline is None:
        return
    if pattern.first_deadline < duty.in_force:
        message = f"The first deadline, {pattern.first_deadline}, is before the duty is in force."
        yield (at / "first deadline").problem(message, f"Write {duty.in_force} or a later day.")


def _shape(version: Version) -> str:
    """What must stay the same from version to version: the pattern and the kind of subjects."""
    pattern, subjects = version.pattern, version.subjects
    if isinstance(pattern, Content):
        return f"'content' of '{pattern.of}'"
    event = " by joining" if is_joining(version) else ""
    of = f" with a {subjects.kind}" if subjects is not None else ""
    return f"'{pattern.kind}'{event}{of}"
