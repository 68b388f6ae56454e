"""Keys that appear twice: the last value is read, so the first is checked in a text of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from rules.problem import RuleProblem
from rules.yaml.source import YamlFile


def problems_of_first_values(
    files: Mapping[str, bytes],
    sources: Iterable[YamlFile],
    read: Callable[[Mapping[str, bytes]], Iterable[RuleProblem]],
) -> Iterator[RuleProblem]:
    """The problems that ``read`` finds in the first value of each key that appears twice."""
    doubled = {source.file: source for source in sources if source.doubled}
    if not doubled:
        return
    firsts = {name: source.first_values.encode() for name, source in doubled.items()}
    for problem in read({**files, **firsts}):
        source = doubled.get(problem.file)
        if source is not None and problem.where.startswith(source.doubled):
            yield problem
