"""Problems in a rulebook: the place, what is wrong and what to write instead."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TypeAlias

from evidence.visible import visible

#: The most problems of one kind in one file that are shown, and the most lines in all.
MOST_ALIKE, MOST_LINES = 5, 200
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A line (from 1) of a file of the rulebook, named from the rulebook's folder."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class RuleProblem:
    """Something wrong in a rulebook, for which every command stops.

    ``line`` is 0 for a problem of a whole file. ``where`` is the path inside the file ('versions 1
    > evidence > where 2'), '' at its top. ``message`` and ``instead`` are whole sentences. ``also``
    are the other places with which this one disagrees.
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


def file_problem(name: str, message: str, instead: str) -> RuleProblem:
    """A problem of a whole file."""
    return RuleProblem(name, 0, "", message, instead)


def describe(problem: RuleProblem) -> str:
    """The problem in one line of text: where, what is wrong, what to write, and where else."""
    inside = f" ({problem.where})" if problem.where else ""
    also = "".join(f" See also {spot}." for spot in problem.also)
    return visible(f"{problem.spot}{inside}: {problem.message} {problem.instead}{also}")


def describe_all(problems: Iterable[RuleProblem]) -> list[str]:
    """The problems in lines of text by file and line, no more than a person reads: the first few of
    each kind in one file, with a count of the others."""
    groups: dict[tuple[str, str, str], list[RuleProblem]] = defaultdict(list)
    for problem in problems:
        groups[problem.file, problem.message, problem.instead].append(problem)
    shown: dict[RuleProblem, str] = {}
    for alike in groups.values():
        shown |= {problem: describe(problem) for problem in alike[:MOST_ALIKE]}
        if len(alike) > MOST_ALIKE:
            more = f" (And {len(alike) - MOST_ALIKE:,} more like it in this file.)"
            shown[alike[MOST_ALIKE - 1]] += more
    lines = [shown[problem] for problem in sorted(shown)]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"And {len(lines) - MOST_LINES:,} more."]
    return lines


def as_json(problem: RuleProblem) -> dict[str, object]:
    """The problem as plain JSON values, its keys in a fixed order."""
    return asdict(problem) | {"also": [asdict(spot) for spot in problem.also]}


# Hints ------------------------------------------------------------------------------------------


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, apart from capitals, spaces and marks; None if none is."""
    words = sorted(known, reverse=True)
    if name in words:
        return name
    by_shape = {shape(word): word for word in words}
    close = difflib.get_close_matches(shape(name), sorted(by_shape), n=1, cutoff=0.6)
    return by_shape[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that says what to write instead of ``name``: the nearest name, or all of them."""
    names = sorted(set(known))
    close = nearest(name, names)
    if close is not None:
        return f"Write '{close}' if that is what you mean."
    if not names:
        return "There is nothing that can be written here."
    if len(names) == 1:
        return f"There is only '{names[0]}'."
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return f"Write one of: {', '.join(names[:_MOST_LISTED])}{more}."


def shape(text: str) -> str:
    """A name without the characters that people vary: capitals, spaces, hyphens, other marks."""
    return "".join(filter(str.isalnum, text.casefold()))
