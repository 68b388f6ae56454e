"""Pattern 7: another duty, with more conditions on its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from evidence.register import spaced
from rules.condition import Condition
from rules.lint.rows import lint_remarks, lint_where, register_of
from rules.patterns.base import LintedVersion, PatternBase
from rules.problem import Problems, did_you_mean, nearest
from rules.wording.words import Wording, conditions_text
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    from rules.draft import Draft
    from rules.model import Duty, Version


class Content(PatternBase):
    """The duty ``of`` with more conditions on its evidence."""

    kind: Literal["content"]
    """The evidence of another duty must meet more conditions."""
    of: str
    """The id of the duty to which this one adds conditions. Example: board-attendance"""
    where: tuple[Condition, ...]
    """The conditions that the evidence of that duty must meet as well."""

    takes_subjects = False
    lapses = True  # by the rule of the duty that it cuts

    @property
    def cuts(self) -> str:
        return self.of

    @property
    def adds(self) -> tuple[Condition, ...]:
        return self.where

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        child, duty, draft = node / "pattern", linted.duty, linted.draft
        if not self.where:
            message = "The duty adds no condition."
            yield (child / "where").problem(message, "Add one, or remove the duty.")
        for key in ("applies", "lapse", "transition_until"):
            if getattr(linted.version, key) is not None:
                message = f"A content duty takes '{spaced(key)}' from '{self.of}'."
                yield (node / spaced(key)).problem(message, "Leave it out.")
        base = draft.file_of(self.of)
        if base is None and self.of in draft.unread:
            return  # that file's own problems come first
        if base is None:
            known = [file.id for file in draft.duties if file.id != duty.id]
            message = f"There is no duty '{self.of}'."
            yield (child / "of").problem(message, did_you_mean(self.of, known))
            base = draft.file_of(nearest(self.of, known) or "")
        if base is None:
            return
        chain = _chain(base.id, draft)
        if duty.id in chain:
            message = f"'{duty.id}' would depend on itself."
            yield (child / "of").problem(message, "Name a duty that does not depend on another.")
        elif base.duty is not None and base.duty.versions:
            versions = [v for v in list(chain.values())[-1] if v.pattern.cuts is None]
            yield from _check_days(child / "of", linted, base.duty, base.node)
            yield from self._check_conditions(node, linted, versions)
            begins = linted.version.from_
            for version, following in zip_longest(versions, versions[1:]):
                if following is None or following.from_ > begins:
                    first = max(version.from_, begins)
                    yield from version.pattern.check_window(node, duty, first)

    def _check_conditions(
        self, node: YamlNode, linted: LintedVersion, cut: Sequence[Version]
    ) -> Problems:
        seen, child, registers = set(), node / "pattern" / "where", linted.registers
        for base in cut:
            spec = register_of(base.rows, registers)
            if spec is None or spec.id in seen:
                continue
            seen.add(spec.id)
            yield from lint_where(child, spec, self.where, registers)
            yield from base.pattern.check_added(child, self.where, spec)
            yield from lint_remarks(node, linted.version.remarks, base.rows, registers)
            where = base.evidence.where if base.evidence is not None else ()
            equals = {condition.column for condition in where if condition.equals is not None}
            for index, condition in enumerate(self.where):
                if condition.equals is not None and condition.column in equals:
                    message = f"'{self.of}' already says what '{condition.column}' equals."
                    yield (child / index).problem(message, "Leave the condition out.")

    def shape(self, subjects: str) -> str:
        return f"'content' of '{self.of}'"

    def sentence(self, wording: Wording, base: str) -> str:
        rows = wording.version.rows
        title = wording.registers[rows.register].title if rows is not None else ""
        more = conditions_text(self.where)
        must = wording.must
        return f"Each row in {title} that counts for '{base}' {must} also show that {more}."


def _check_days(node: YamlNode, linted: LintedVersion, base: Duty, base_node: YamlNode) -> Problems:
    duty = linted.duty
    if linted.version.from_ < base.in_force_from:
        message = f"'{base.id}' is not in force until {base.in_force_from}."
        first = base_node / "versions" / 0 / "from"
        yield node.problem(message, f"Begin on {base.in_force_from} or later.", first)
    if base.until is not None and (duty.until is None or duty.until > base.until):
        message = f"'{base.id}' ends on {base.until}, and this duty would continue without it."
        yield node.problem(message, f"Add 'until: {base.until}'.", base_node / "until")


def _chain(duty_id: str, draft: Draft) -> dict[str, tuple[Version, ...]]:
    """The versions of the duty, of the one that it cuts, and so on; ends before a cycle."""
    chain: dict[str, tuple[Version, ...]] = {}
    following: str | None = duty_id
    while following is not None and following not in chain:
        file = draft.file_of(following)
        chain[following] = file.duty.versions if file is not None and file.duty is not None else ()
        following = next((v.pattern.cuts for v in chain[following] if v.pattern.cuts), None)
    return chain
