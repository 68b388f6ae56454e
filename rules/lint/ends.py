"""Lint of 'filled' asked of a day on which something ends."""

from __future__ import annotations

from collections.abc import Iterable

from evidence.register import RegisterSpec
from rules.condition import Condition
from rules.draft import Problems, Registers
from rules.lint.condition import find_column
from rules.lint.rows import register_of
from rules.model import Version
from rules.pattern import Standing
from rules.subject import FixedList
from rules.yaml.source import At

#: A condition with its place.
Placed = tuple[At, Condition]


def lint_ends(at: At, version: Version, registers: Registers) -> Problems:
    """That no condition asks that a day be filled which is still to come while anything is in
    place: a day after D fills no cell, but in a column of planned days. Of a standing duty its
    ends, and of what a duty depends on its end; ``at`` is the version's place."""
    pattern, query, applies = version.pattern, version.evidence, version.applies
    if isinstance(pattern, Standing) and query is not None:
        asked = [*_placed(at / "evidence" / "where", query.where)]
        asked += _placed(at / "evidence" / "any of", query.any_of)
        if isinstance(version.subjects, FixedList):
            members = at / "subjects" / "members"
            for index, member in enumerate(version.subjects.members):
                asked += _placed(members / index / "where", member.where)
        ends = (pattern.ends, pattern.review_by)
        instead = "Write 'end needed: yes' instead, or 'planned: yes' for it in registers.yaml."
        yield from _lint_filled(asked, register_of(query, registers), ends, instead)
    if applies is not None:
        asked = [*_placed(at / "applies" / "where", applies.where)]
        asked += _placed(at / "applies" / "any of", applies.any_of)
        instead = "Leave the condition out, or write 'planned: yes' for it in registers.yaml."
        yield from _lint_filled(asked, register_of(applies, registers), (applies.ends,), instead)


def lint_added_ends(
    at: At, base: Version, where: Iterable[Condition], registers: Registers
) -> Problems:
    """The same of the conditions that a content duty adds to a version that it cuts; ``at`` is
    their place."""
    pattern, query = base.pattern, base.evidence
    if isinstance(pattern, Standing) and query is not None:
        ends = (pattern.ends, pattern.review_by)
        instead = "Leave the condition out, or write 'planned: yes' for it in registers.yaml."
        yield from _lint_filled(_placed(at, where), register_of(query, registers), ends, instead)


def _placed(at: At, where: Iterable[Condition]) -> list[Placed]:
    return [(at / index, condition) for index, condition in enumerate(where)]


def _lint_filled(
    asked: Iterable[Placed],
    spec: RegisterSpec | None,
    ends: tuple[str | None, ...],
    instead: str,
) -> Problems:
    for here, condition in asked:
        column = find_column(spec, condition.column) if spec is not None else None
        if column is None or column.planned or not condition.filled:
            continue
        if column.name in ends:
            yield (here / "filled").problem(
                f"'{column.name}' says when it ends, and a day still to come does not fill a cell: "
                "only what has ended would count.",
                instead,
            )
