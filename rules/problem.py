"""A broken rule: values with a place, what is wrong and what to write instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TypeAlias

from evidence.visible import visible

#: So many problems of one kind in one file are shown, and so many lines in all.
MOST_ALIKE, MOST_LINES = 5, 200


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A line (from 1) of a file of the rulebook, named from the rulebook's folder."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class RuleProblem:
    """Something wrong in a rulebook; with any of them every command stops.

    ``line`` is 0 where the problem is with a whole file. ``where`` is the way to the place inside
    the file ('versions 1 > evidence > where 2'), '' at its top. ``message`` and ``instead`` are
    whole sentences. ``also`` are the other places that this one disagrees with.
    """

    file: str
    line: int
    where: str
    message: str
    instead: str
    also: tuple[Spot, ...] = ()

    @property
    def spot(self) -> Spot:
        """The file and line."""
        return Spot(self.file, self.line)


Problems: TypeAlias = Iterator[RuleProblem]


def describe(problem: RuleProblem) -> str:
    """The problem in one line of text: where, what is wrong, what to write, and where else."""
    inside = f" ({problem.where})" if problem.where else ""
    also = "".join(f" See also {spot}." for spot in problem.also)
    return visible(f"{problem.spot}{inside}: {problem.message} {problem.instead}{also}")


def describe_all(problems: Iterable[RuleProblem]) -> list[str]:
    """The problems in lines of text: of those of one kind in one file the first few, with a count
    of the rest, and no more than a person reads."""
    groups: dict[tuple[str, str, str], list[RuleProblem]] = defaultdict(list)
    for problem in problems:
        groups[problem.file, problem.message, problem.instead].append(problem)
    lines: list[str] = []
    for alike in groups.values():
        lines += map(describe, alike[:MOST_ALIKE])
        if len(alike) > MOST_ALIKE:
            lines[-1] += f" (And {len(alike) - MOST_ALIKE:,} more like it in this file.)"
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"And {len(lines) - MOST_LINES:,} more."]
    return lines


def as_json(problem: RuleProblem) -> dict[str, object]:
    """The problem as plain JSON values, its keys in a fixed order."""
    return asdict(problem) | {"also": [asdict(spot) for spot in problem.also]}
