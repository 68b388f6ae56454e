"""Tabs in indents: how deep such a line is cannot be told, so the file is read at each depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from rules.problem import RuleProblem
from rules.yaml.source import read_partly, tabbed_lines

#: How many spaces a tab in an indent may mean.
_WIDTHS = (0, 2, 4, 6, 8, 10, 12)


def tabbed_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of the files in which an indent contains a tab, by name."""
    texts = {name: data.decode("utf-8-sig", "replace") for name, data in files.items()}
    return {name: text for name, text in texts.items() if tabbed_lines(text)}


def problems_at_any_depth(
    tabbed: Mapping[str, str], read: Callable[[Mapping[str, bytes]], Iterable[RuleProblem]]
) -> Iterator[RuleProblem]:
    """The problems that ``read`` finds in the files at every depth at which their tabs fit, those
    with the fewest errors of form. The files are never taken for rules at any of them."""
    spaced = [{name: _spaced(text, width) for name, text in tabbed.items()} for width in _WIDTHS]
    errors = [
        sum(len(read_partly(name, data)[1]) for name, data in files.items()) for files in spaced
    ]
    fitting = (files for files, number in zip(spaced, errors, strict=True) if number == min(errors))
    yield from set.intersection(*(set(read(files)) for files in fitting))


def _spaced(text: str, width: int) -> bytes:
    lines = []
    for line in text.split("\n"):
        words = line.lstrip(" \t")
        indent = line[: len(line) - len(words)].replace("\t", " " * width)
        lines.append(indent + words.replace("\t", " "))
    return "\n".join(lines).encode()
