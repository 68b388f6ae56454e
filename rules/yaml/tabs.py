"""Tabs in indents: how deep such a line is cannot be told, so the file is read at each depth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from rules.problem import RuleProblem
from rules.yaml.source import MISSING_KEY, has_form, tabbed_lines

#: How many spaces a tab in an indent may mean.
_WIDTHS = (0, 2, 4, 6, 8, 10, 12)


def tabbed_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of the files in which an indent contains a tab, by name."""
    texts = {name: data.decode("utf-8-sig", "replace") for name, data in files.items()}
    return {name: text for name, text in texts.items() if tabbed_lines(text)}


def problems_at_any_depth(
    tabbed: Mapping[str, str], read: Callable[[Mapping[str, bytes]], Iterable[RuleProblem]]
) -> Iterator[RuleProblem]:
    """The problems that ``read`` finds in the files at every depth at which their tabs fit. Nothing
    is said to be missing where a line with a tab may contain it. If the tabs fit at no depth, only
    problems above the first one are reported. The files are never taken for rules at any depth."""
    spaced = [{name: _spaced(text, width) for name, text in tabbed.items()} for width in _WIDTHS]
    fitting = [files for files in spaced if all(map(has_form, files.values()))]
    for problem in set.intersection(*(set(read(files)) for files in fitting or spaced)):
        text = tabbed.get(problem.file, "")
        below = not fitting and problem.line >= min(tabbed_lines(text), default=math.inf)
        missing = MISSING_KEY.fullmatch(problem.message)
        around = (
            any(missing[1] in line for line in _tabbed(text))
            if missing
            else problem.line in _around_tabs(text)
        )
        if not (below or around):
            yield problem


def _tabbed(text: str) -> list[str]:
    """The lines with a tab in their indent."""
    numbers = tabbed_lines(text)
    return [line for number, line in enumerate(text.split("\n"), 1) if number in numbers]


def _around_tabs(text: str) -> set[int]:
    """The numbers of the lines that may contain a line with a tab in its indent."""
    tabbed = tabbed_lines(text)
    around: set[int] = set()
    within: list[tuple[int, int]] = []  # the lines that contain the current one, with their indents
    for number, line in enumerate(text.split("\n"), 1):
        words = line.lstrip(" ")
        indent = len(line) - len(words)
        if number in tabbed:
            around.update(each for each, _ in within)
        elif words.strip():
            within = [each for each in within if each[1] < indent]
            if words.startswith("- ") or words.rstrip().endswith(":"):
                within.append((number, indent))
    return around


def _spaced(text: str, width: int) -> bytes:
    lines = []
    for line in text.split("\n"):
        words = line.lstrip(" \t")
        indent = line[: len(line) - len(words)].replace("\t", " " * width)
        lines.append(indent + words.replace("\t", " "))
    return "\n".join(lines).encode()
