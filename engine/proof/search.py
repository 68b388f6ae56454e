"""A register searched for the evidence of a version: what each row fails, what it is about, and
whether it is in time for an obligation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE
from engine.columns.days import FOR_EVER, Ints, add
from engine.frames.items import evidence_register, names_member
from engine.frames.scope import Scope
from engine.frames.standing import ends_of
from engine.outcome import Answer
from engine.proof.conditions import ConditionResult, condition_results, nil_return_results
from engine.proof.naming import naming_columns
from engine.proof.phrases import day_words
from rules.patterns import Rolling, Standing

Names = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """The days of the rows of a register, as one version looks at them. ``until``: the last day on
    which each is valid; ``periods``: the period that each names; ``needed``: how many are needed,
    in words, where it is not one. ``ordered``: where a row is not in time, no earlier one is."""

    as_of: int
    days: Sequence[int]
    until: Sequence[int] | None = None
    periods: Sequence[object] | None = None
    needed: str = ""
    periodic: bool = False
    ordered: bool = False

    def why_not(self, row: int, answer: Answer) -> str:
        """Why a row is not in time for an obligation; '' where it is, or no day dates it."""
        day = self.days[row]
        if not day:
            return ""
        dated = f"dated {day_words(day)}"
        if day > self.as_of:
            return f"{dated}, after the day of the check"
        if self.until is not None:
            over = self.until[row] < self.as_of
            return f"valid until {day_words(self.until[row])}" if over else ""
        named = self.periods[row] if self.periods is not None else None
        if named is not None:
            return "" if named == answer.key.window else f"for another period: {named}"
        if answer.opens is not None and day < answer.opens.toordinal():
            return f"{dated}, before the window opened"
        late = answer.deadline is not None and day > answer.deadline.toordinal()
        return f"{dated}, when the next window was open" if late and self.periodic else ""

    def not_enough(self, row: int) -> str:
        """Why a row that is in time did not suffice; '' where nothing is to be said."""
        if self.needed:
            return f"counts; {self.needed} needed"
        if self.until is not None and self.until[row] < FOR_EVER:
            return f"valid until {day_words(self.until[row])}, which is too soon"
        return ""


class Search:
    """The rows of a register under the conditions of one version, for one member of its fixed list.
    ``roles`` are what a row is about, such as its event, with the column that names it; ``names``
    says what each row names, None where one of these is not said. ``which``: the rows that may be
    about what is asked."""

    def __init__(
        self,
        columns: Columns,
        results: Iterable[ConditionResult],
        timing: Timing,
        roles: Mapping[str, str],
        which: npt.NDArray[np.bool_],
    ) -> None:
        self.columns, self.timing, self.roles = columns, timing, roles
        self.results = list(results)
        truths = np.array([each.truth for each in self.results])
        truths = truths.reshape(len(self.results), len(columns))
        false, unmet = truths == FALSE, truths != TRUE
        self.fails: list[int] = unmet.sum(axis=0).tolist()
        if self.results:
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
    which = np.ones(len(columns), np.bool_)
    if query is not None and not query.itself and version.named_in and member >= 0:
        truth = names_member(columns, version.named_in, version.members[member])
        which = np.asarray(truth != FALSE)
    results = condition_results(columns, version, member)
    timing, roles = timing_of(scope, number, member), naming_columns(columns, version)
    return Search(columns, results, timing, roles, which)


def timing_of(scope: Scope, number: int, member: int) -> Timing:
    """How a version looks at the rows of the register that holds its evidence. Of what a record
    carries no day is asked."""
    version = scope.version(number).version
    columns = scope.register(evidence_register(version))
    pattern, query = version.pattern, version.evidence
    dates = [columns.days(name) for name in version.dating_columns(member)] if query else []
    days: Ints = np.maximum.reduce(dates) if dates else np.zeros(len(columns), np.int64)
    until: Ints | None = None
    if isinstance(pattern, Standing):
        until = ends_of(pattern, columns)
    elif isinstance(pattern, Rolling):
        until = add(days, pattern.every)
    periodic, needed = pattern.period_kind is not None, ""
    if query and (query.needed_from or query.needed != 1):
        many = "as many as its row says" if query.needed_from else str(query.needed)
        needed = f"{many} are"
    by_period = query.period if query and periodic else None
    return Timing(
        as_of=scope.as_of,
        days=days.tolist(),
        until=None if until is None else until.tolist(),
        periods=columns.values(by_period).tolist() if by_period else None,
        needed=needed,
        periodic=periodic,
        ordered=not periodic and not pattern.in_place,
    )


def nil_search_of(scope: Scope, number: int, register: str) -> Search | None:
    """The search of the nil returns, each of which names its period; None where a version takes
    none, or no such sheet is there."""
    nil = scope.version(number).version.pattern.nil
    if nil is None or register not in scope.columns:
        return None
    columns = scope.register(register)
    results = list(nil_return_results(columns, nil))
    days, periods = columns.days("given on").tolist(), columns.values("period").tolist()
    timing = Timing(scope.as_of, days, periods=periods, periodic=True)
    return Search(columns, results, timing, {}, np.asarray(results[0].truth != FALSE))
