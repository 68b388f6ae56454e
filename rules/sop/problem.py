"""Disagreements between a rulebook and the text of the SOP: values, never exceptions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from evidence.visible import visible

Kind = Literal[
    "document", "heading", "citation", "reading", "pin", "sentence", "exemption", "column"
]


@dataclass(frozen=True, slots=True, order=True)
class SopProblem:
    """One disagreement between a rulebook and a SOP. It is not a RuleProblem, since each of the two
    may be right by itself.

    ``file`` is the file to look at: one of the rulebook, named from its folder, or the SOP.
    ``where`` is the place in it ('citations 2', 'line 14'), '' for the whole file. ``section`` is
    the SOP's section, as book.yaml names it, '' where it is about none. ``message`` and
    ``instead`` are whole sentences.
    """

    file: str
    where: str
    section: str
    kind: Kind
    message: str
    instead: str


def describe(problem: SopProblem) -> str:
    """The problem in one line of text: where, what is wrong, what to write instead."""
    place = f"{problem.file}, {problem.where}" if problem.where else problem.file
    return visible(f"{place}: {problem.message} {problem.instead}")


def as_json(problem: SopProblem) -> dict[str, object]:
    """The problem as plain JSON values, its keys in a fixed order."""
    return {"kind": problem.kind} | asdict(problem)
