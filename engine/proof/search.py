"""A register searched for the evidence of a version: what each row fails and what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE
from engine.frames.items import evidence_register
from engine.frames.scope import Scope
from engine.proof.conditions import ConditionResult, condition_results, named, nil_return_results
from engine.proof.timing import Timing, timing_of, timing_of_nil_returns

Names = tuple[object, ...]


class Search:
    """The rows of a register under the conditions of one version, for one member of its fixed list.
    ``roles`` are what a row is about, such as its event, with the column that names it; ``names``
    says what each row names, None where one of these is not said. ``which``: the rows that may be
    about what is asked."""

    def __init__(
        self,
        columns: Columns,
        results: Sequence[ConditionResult],
        timing: Timing,
        roles: Mapping[str, str],
        which: npt.NDArray[np.bool_],
    ) -> None:
        self.columns, self.results, self.timing, self.roles = columns, results, timing, roles
        truths = np.array([each.truth for each in results]).reshape(len(results), len(columns))
        false, unmet = truths == FALSE, truths != TRUE
        self.fails: list[int] = unmet.sum(axis=0).tolist()
        if results:
            first = np.where(false.any(axis=0), false.argmax(axis=0), unmet.argmax(axis=0))
            self.first: list[int] = first.tolist()
        self._which: list[int] = np.flatnonzero(which).tolist()

    def failed(self, row: int) -> str:
        """The first condition that a row does not meet, one that is false before one that cannot be
        told; '' where it meets all."""
        return self.results[self.first[row]].failed if self.fails[row] else ""

    @cached_property
    def by_names(self) -> Mapping[Names | None, Sequence[int]]:
        """The rows by what they name; under None those that do not say it."""
        columns = [self.columns.values(name).tolist() for name in self.roles.values()]
        found: dict[Names | None, list[int]] = {}
        for row in self._which:
            names = tuple([column[row] for column in columns])
            found.setdefault(None if None in names else names, []).append(row)
        return found

    def counts(self, rows: Iterable[int]) -> Counter[str]:
        """How many of these rows fail each condition first."""
        return Counter(map(self.failed, rows))

    def nearest_first(self, rows: Iterable[int]) -> list[int]:
        """The rows by their days, the latest first; those of one day by what they say, so that the
        order of the register makes no difference."""
        days, table = self.timing.days, self.columns.table
        raws = [table.columns[spec.name].raw for spec in table.register.columns]
        return sorted(rows, key=lambda row: (-days[row], [raw[row] for raw in raws]))


def search_of(scope: Scope, number: int, member: int) -> Search:
    """The search of the register that holds the evidence of a version."""
    version = scope.version(number).version
    columns, query = scope.register(evidence_register(version)), version.evidence
    roles: dict[str, str] = {}
    which = np.ones(len(columns), np.bool_)
    if query is not None and not query.itself:
        people = version.population is not None
        key = columns.table.register.key
        if query.event and version.events:
            roles["event"] = query.event
        if query.subject and people:
            roles["subject"] = query.subject
        if query.named_by_subject and people and key:
            roles["key"] = key
        if version.named_in and member >= 0:
            which = np.asarray(named(columns, query, version, member) != FALSE)
    results = condition_results(columns, version, member)
    return Search(columns, results, timing_of(scope, number, columns, member), roles, which)


def nil_search_of(scope: Scope, number: int, register: str) -> Search | None:
    """The search of the nil returns; None where a version takes none, or no such sheet is there."""
    nil = scope.version(number).version.pattern.nil
    if nil is None or register not in scope.columns:
        return None
    columns = scope.register(register)
    results = nil_return_results(columns, nil)
    of_list = np.asarray(results[0].truth != FALSE)
    return Search(columns, results, timing_of_nil_returns(scope, columns), {}, of_list)
