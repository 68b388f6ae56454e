"""Lint of a duty's versions beside each other."""

from __future__ import annotations

from itertools import combinations, pairwise

from rules.model import Duty, Version
from rules.problem import Problems
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
        yield from version.pattern.check_duty(versions / index, duty)
        yield from version.pattern.check_window(versions / index, duty, version.from_)
    for one, two in combinations(range(len(duty.versions)), 2):
        first, second = duty.versions[one].pattern, duty.versions[two].pattern
        here = versions / two / "pattern"
        yield from second.check_beside(here, first, versions / one / "pattern")
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


def _shape(version: Version) -> str:
    """What must stay the same from version to version: the pattern and the kind of subjects."""
    subjects = version.subjects
    return version.pattern.shape(f" with a {subjects.kind}" if subjects is not None else "")
