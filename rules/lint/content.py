"""Lint of content duties: the duty that they cut, and the conditions that they add."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rules.draft import Draft, Problems
from rules.hint import did_you_mean
from rules.lint.condition import lint_where
from rules.lint.ends import lint_added_ends
from rules.lint.evidence import lint_remarks
from rules.lint.rows import register_of
from rules.lint.window import lint_first_window
from rules.model import Duty, Version
from rules.pattern import Completeness, Content
from rules.yaml.source import At


def lint_content(at: At, duty: Duty, version: Version, draft: Draft) -> Problems:
    """What is wrong with a version of the kind content; ``at`` is the version's place."""
    pattern = version.pattern
    if not isinstance(pattern, Content):
        return
    here = at / "pattern"
    if not pattern.where:
        yield (here / "where").problem("The duty adds no condition.", "Add one, or drop the duty.")
    for key in ("applies", "lapse"):
        if getattr(version, key) is not None:
            message = f"A content duty takes '{key}' from '{pattern.of}'."
            yield (at / key).problem(message, "Leave it out.")
    base = draft.file_of(pattern.of)
    if base is None and pattern.of in draft.unread:
        return  # that file's own problems come first
    if base is None:
        known = [file.id for file in draft.duties if file.id != duty.id]
        message = f"There is no duty '{pattern.of}'."
        yield (here / "of").problem(message, did_you_mean(pattern.of, known))
    elif duty.id in _chain(pattern.of, draft):
        message = f"'{duty.id}' would rest on itself."
        yield (here / "of").problem(message, "Name a duty that stands on its own.")
    elif base.duty is not None and base.duty.versions:
        yield from _lint_days(here / "of", duty, version, base.duty, base.at)
        yield from _lint_conditions(at, version, pattern, draft)
        yield from _lint_windows(at, duty, version, _cut(pattern.of, draft))


def _lint_days(at: At, duty: Duty, version: Version, base: Duty, base_at: At) -> Problems:
    if version.from_ < base.in_force:
        message = f"'{base.id}' comes into force only on {base.in_force}."
        first = base_at / "versions" / 0 / "from"
        yield at.problem(message, f"Begin on {base.in_force} or later.", first)
    if base.until is not None and (duty.until is None or duty.until > base.until):
        message = f"'{base.id}' ends on {base.until}, and this duty would go on without it."
        yield at.problem(message, f"Add 'until: {base.until}'.", base_at / "until")


def _lint_windows(at: At, duty: Duty, version: Version, cut: Sequence[Version]) -> Problems:
    """That the duty lasts until a window has opened, whatever version it cuts."""
    for base, following in zip_longest(cut, cut[1:]):
        if following is None or following.from_ > version.from_:
            begins = max(base.from_, version.from_)
            yield from lint_first_window(at, duty, base, begins)


def _lint_conditions(at: At, version: Version, pattern: Content, draft: Draft) -> Problems:
    seen = set()
    for base in _cut(pattern.of, draft):
        query, kind = base.evidence, base.pattern
        rows = kind.records if isinstance(kind, Completeness) else query
        spec = register_of(rows, draft.specs) if rows is not None else None
        if spec is None or spec.id in seen:
            continue
        seen.add(spec.id)
        yield from lint_where(at / "pattern" / "where", spec, pattern.where, draft.specs)
        yield from lint_added_ends(at / "pattern" / "where", base, pattern.where, draft.specs)
        yield from _lint_clashes(at, pattern, base)
        as_base = base.model_copy(update={"remarks": version.remarks})
        yield from lint_remarks(at, as_base, query, draft.specs)


def _lint_clashes(at: At, pattern: Content, base: Version) -> Problems:
    held = base.evidence.where if base.evidence is not None else ()
    equals = {each.column: each.equals for each in held if each.equals is not None}
    for index, condition in enumerate(pattern.where):
        if condition.equals is not None and condition.column in equals:
            message = f"'{pattern.of}' says already what '{condition.column}' equals."
            yield (at / "pattern" / "where" / index).problem(message, "Leave the condition out.")


def _cut(duty_id: str, draft: Draft) -> list[Version]:
    """The versions of the duty at the end of a chain of content duties."""
    file = draft.file_of(_chain(duty_id, draft)[-1])
    versions = file.duty.versions if file is not None and file.duty is not None else ()
    return [version for version in versions if not isinstance(version.pattern, Content)]


def _chain(duty_id: str, draft: Draft) -> list[str]:
    """The duty, the one that it cuts, and so on; stops where it would come round."""
    chain: list[str] = []
    following: str | None = duty_id
    while following is not None and following not in chain:
        chain.append(following)
        file = draft.file_of(following)
        patterns = [v.pattern for v in file.duty.versions] if file and file.duty else []
        following = next((p.of for p in patterns if isinstance(p, Content)), None)
    return chain
