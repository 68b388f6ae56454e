"""Pattern 7: another duty, with more conditions on its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rules.condition import Condition
from rules.lint.rows import lint_remarks, lint_where, register_of
from rules.patterns.base import LintedVersion, PatternBase
from rules.problem import Problems, did_you_mean
from rules.wording.words import Telling, asks_told
from rules.yaml.source import At

if TYPE_CHECKING:
    from rules.draft import Draft
    from rules.model import Duty, Version


class Content(PatternBase):
    """The duty ``of`` with more conditions on its evidence."""

    kind: Literal["content"]
    of: str
    where: tuple[Condition, ...]

    takes_subjects = False
    lapses = True  # as the duty does that it is cut from; it says nothing of its own

    @property
    def cuts(self) -> str:
        return self.of

    @property
    def adds(self) -> tuple[Condition, ...]:
        return self.where

    # Checks -------------------------------------------------------------------------------------

    def check(self, at: At, one: LintedVersion) -> Problems:
        here, duty, draft = at / "pattern", one.duty, one.draft
        if not self.where:
            message = "The duty adds no condition."
            yield (here / "where").problem(message, "Add one, or remove the duty.")
        for key in ("applies", "lapse"):
            if getattr(one.version, key) is not None:
                message = f"A content duty takes '{key}' from '{self.of}'."
                yield (at / key).problem(message, "Leave it out.")
        base = draft.file_of(self.of)
        if base is None and self.of in draft.unread:
            return  # that file's own problems come first
        if base is None:
            known = [file.id for file in draft.duties if file.id != duty.id]
            message = f"There is no duty '{self.of}'."
            yield (here / "of").problem(message, did_you_mean(self.of, known))
        elif duty.id in _chain(self.of, draft):
            message = f"'{duty.id}' would depend on itself."
            yield (here / "of").problem(message, "Name a duty that does not depend on another.")
        elif base.duty is not None and base.duty.versions:
            cut = _cut(self.of, draft)
            yield from _check_days(here / "of", one, base.duty, base.at)
            yield from self._check_conditions(at, one, cut)
            begins = one.version.from_
            for version, following in zip_longest(cut, cut[1:]):
                if following is None or following.from_ > begins:
                    first = max(version.from_, begins)
                    yield from version.pattern.check_window(at, duty, first)

    def _check_conditions(self, at: At, one: LintedVersion, cut: Sequence[Version]) -> Problems:
        seen, here, registers = set(), at / "pattern" / "where", one.registers
        for base in cut:
            spec = register_of(base.rows, registers)
            if spec is None or spec.id in seen:
                continue
            seen.add(spec.id)
            yield from lint_where(here, spec, self.where, registers)
            yield from base.pattern.check_added(here, self.where, spec)
            yield from lint_remarks(at, one.version.remarks, base.rows, registers)
            held = base.evidence.where if base.evidence is not None else ()
            equals = {each.column for each in held if each.equals is not None}
            for index, condition in enumerate(self.where):
                if condition.equals is not None and condition.column in equals:
                    message = f"'{self.of}' already says what '{condition.column}' equals."
                    yield (here / index).problem(message, "Leave the condition out.")

    def shape(self, of: str) -> str:
        return f"'content' of '{self.of}'"

    # Words --------------------------------------------------------------------------------------

    def sentence(self, telling: Telling, of: str) -> str:
        rows = telling.version.rows
        title = telling.registers[rows.register].title if rows is not None else ""
        more = asks_told(self.where)
        return f"Each row in {title} that counts for '{of}' {telling.must} also show that {more}."


def _check_days(at: At, one: LintedVersion, base: Duty, base_at: At) -> Problems:
    duty = one.duty
    if one.version.from_ < base.in_force:
        message = f"'{base.id}' is not in force until {base.in_force}."
        first = base_at / "versions" / 0 / "from"
        yield at.problem(message, f"Begin on {base.in_force} or later.", first)
    if base.until is not None and (duty.until is None or duty.until > base.until):
        message = f"'{base.id}' ends on {base.until}, and this duty would continue without it."
        yield at.problem(message, f"Add 'until: {base.until}'.", base_at / "until")


def _cut(duty_id: str, draft: Draft) -> list[Version]:
    """The versions of the duty at the end of a chain of content duties."""
    file = draft.file_of(_chain(duty_id, draft)[-1])
    versions = file.duty.versions if file is not None and file.duty is not None else ()
    return [version for version in versions if version.pattern.cuts is None]


def _chain(duty_id: str, draft: Draft) -> list[str]:
    """The duty, the one that it cuts, and so on; stops where it would come round."""
    chain: list[str] = []
    following: str | None = duty_id
    while following is not None and following not in chain:
        chain.append(following)
        file = draft.file_of(following)
        versions = file.duty.versions if file is not None and file.duty is not None else ()
        following = next(
            (version.pattern.cuts for version in versions if version.pattern.cuts), None
        )
    return chain
