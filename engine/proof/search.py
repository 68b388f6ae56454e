"""A search of a register for the evidence of a version: what each row fails, what it is about, and
whether it is in time for an obligation."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import Columns, RowValues
from engine.columns.conditions import FALSE, TRUE
from engine.columns.days import Flags, Ints, add
from engine.day_number import FOR_EVER
from engine.frames.items import names_member
from engine.frames.scope import Scope
from engine.frames.standing import ends_of
from engine.obligation import NO_MEMBER, Obligation
from engine.outcome import Answer
from engine.proof.conditions import ConditionResult, condition_results, nil_return_results
from engine.proof.naming import ITSELF, name_of, naming_columns
from engine.proof.phrases import day_words
from evidence.register import NIL_RETURNS
from rules.model import Version
from rules.patterns import Rolling, Standing


@dataclass(frozen=True, slots=True)
class Timing:
    """When the rows of a register were dated, and until when they are valid, under one version.

    ``days`` are ordinals, one for each row, or 0 where no day can be read. ``until`` has the last
    day on which each row is valid, and ``periods`` the period that each row names; None where that
    does not matter. ``needed`` says in words how many rows are needed, if it is not one.
    ``ordered``: if a row is not in time, no earlier row is. Two rows of a register of courses,
    of which the second has no date, under a rolling duty of 24 months::

        Timing(
            as_of_day=date(2026, 6, 1).toordinal(),
            days=[date(2025, 5, 3).toordinal(), 0],
            until=[date(2027, 5, 3).toordinal(), 0],
            ordered=True,
        )
    """

    as_of_day: int
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
        if day > self.as_of_day:
            return f"{dated}, after the day of the check"
        if self.until is not None:
            over = self.until[row] < self.as_of_day
            return f"valid until {day_words(self.until[row])}" if over else ""
        period = self.periods[row] if self.periods is not None else None
        if period is not None:
            return "" if period == answer.key.window else f"for another period: {period}"
        if answer.opens is not None and day < answer.opens.toordinal():
            return f"{dated}, before the period began"
        late = answer.deadline is not None and day > answer.deadline.toordinal()
        return f"{dated}, after the next period had begun" if late and self.periodic else ""

    def not_enough(self, row: int) -> str:
        """Why a row that is in time was not enough; '' where there is no reason."""
        if self.needed:
            return f"counts, but {self.needed} needed"
        if self.until is not None and self.until[row] < FOR_EVER:
            return f"valid until {day_words(self.until[row])}"
        return ""


class RowsAbout(NamedTuple):
    """The rows about one thing, the latest first: ``fail_one`` fail one condition and have a day,
    ``fail_one_undated`` fail one and have none, and ``meet_all`` fail none. ``counts`` says how
    many rows fail each condition first."""

    fail_one: Sequence[int]
    fail_one_undated: Sequence[int]
    meet_all: Sequence[int]
    counts: Counter[str]


class NearestRow(NamedTuple):
    """A row that came near to meeting an obligation, and ``why`` it is not in time or not enough;
    '' if it is in time and fails one condition."""

    row: int
    why: str


class Search:
    """The rows of a register under the conditions of one version, for one member of its fixed list.
    The columns ``dated`` date a row, and those of ``roles`` name what it is about, by its role.
    ``which``: the rows that may be about the obligations; None: only the event's or record's own
    row."""

    def __init__(
        self,
        columns: Columns,
        results: Iterable[ConditionResult],
        timing: Timing,
        dated: tuple[str, ...],
        roles: Mapping[str, str],
        which: Flags | None,
    ) -> None:
        self.columns = columns
        self.timing = timing
        self.dated = dated
        self.roles = roles
        self.results = list(results)
        truths = np.array([result.truth for result in self.results])
        truths = truths.reshape(len(self.results), len(columns))
        false = truths == FALSE
        unmet = truths != TRUE
        self.fails: list[int] = unmet.sum(axis=0).tolist()
        if self.results:
            # argmax gives the first condition that is false, or else the first that is not true.
            first = np.where(false.any(axis=0), false.argmax(axis=0), unmet.argmax(axis=0))
            self.first_failed: list[int] = first.tolist()
        self._which = which

    @property
    def own_row(self) -> bool:
        """Whether only the event's or record's own row is searched."""
        return self._which is None

    def failed(self, row: int) -> str:
        """The first condition that a row does not meet, a false one before an unknown one; ''
        where it meets all."""
        return self.results[self.first_failed[row]].failed if self.fails[row] else ""

    def fails_kind(self, row: int) -> bool:
        """Whether a row that fails a condition fails the rule's first one, which says what kind of
        row is needed. An event's or record's own row is always of that kind."""
        return self.first_failed[row] == 0 and not self.own_row

    def naming(self, names: RowValues | None) -> list[int]:
        """The rows that have these names (None: that name nothing), of those that may be about the
        obligations."""
        rows = self.columns.rows_by(tuple(self.roles.values())).get(names, ())
        return [row for row in rows if self._which is not None and self._which[row]]

    def names(self, scope: Scope, version: Version, obligation: Obligation) -> RowValues:
        """The names that a row has if it is about an obligation."""
        roles = (ITSELF,) if self._which is None else self.roles
        return tuple([name_of(scope, version, role, obligation) for role in roles])

    def counts(self, rows: Iterable[int]) -> Counter[str]:
        """How many of these rows fail each condition first."""
        return Counter(map(self.failed, rows))

    def rows_about(self, names: RowValues | None, left_out: Collection[int]) -> RowsAbout:
        """The rows that have these names (None: that name nothing), without those ``left_out``."""
        if self.own_row:  # An event or record names its own row by its number.
            rows = [row for row in names or () if isinstance(row, int)]
        else:
            rows = self.naming(names)
        kept = [row for row in rows if row not in left_out]
        fails, days = self.fails, self.timing.days
        failing_one = [row for row in kept if fails[row] == 1]
        return RowsAbout(
            fail_one=self._latest_first(row for row in failing_one if days[row]),
            fail_one_undated=self._latest_first(row for row in failing_one if not days[row]),
            meet_all=self._latest_first(row for row in kept if not fails[row]),
            counts=self.counts(kept),
        )

    def _latest_first(self, rows: Iterable[int]) -> list[int]:
        """The rows by their days, the latest first. Rows of one day are ordered by their cells, so
        that the order of the register makes no difference."""
        days, table = self.timing.days, self.columns.table
        raws = [table.columns[spec.name].raw for spec in table.register.columns]
        return sorted(rows, key=lambda row: (-days[row], [raw[row] for raw in raws]))

    def nearest(self, about: RowsAbout, answer: Answer, most: int) -> list[NearestRow]:
        """The ``most`` latest rows that came nearest to meeting an unmet obligation."""
        timing = self.timing
        days = timing.days

        def until_now(rows: Sequence[int]) -> int:
            """The position of the first row that is not dated after D."""
            return bisect_left(rows, -timing.as_of_day, key=lambda row: -days[row])

        def in_time(row: int) -> bool:
            return not timing.why_not(row, answer)

        dated = islice(about.fail_one, until_now(about.fail_one), None)
        # Where rows are ordered, none after the first that is not in time can be.
        fitting = (takewhile if timing.ordered else filter)(in_time, dated)
        nearest = [
            NearestRow(row, "") for row in islice(chain(fitting, about.fail_one_undated), most)
        ]
        start = until_now(about.meet_all)
        for row in islice(about.meet_all, max(0, start - most), start + most):
            why = timing.why_not(row, answer) or timing.not_enough(row)
            if why:
                nearest.append(NearestRow(row, why))
        return sorted(nearest, key=lambda near: -days[near.row])[:most]


def search_of(scope: Scope, number: int, member: int) -> Search:
    """The search of the register that contains the evidence of a version."""
    version = scope.version(number).rule
    columns = scope.register(version.evidence_register)
    query = version.evidence
    which: Flags | None = None
    if query is not None and not query.itself:
        which = np.ones(len(columns), np.bool_)
        if version.named_in and member != NO_MEMBER:
            truth = names_member(columns, version.named_in, version.members[member])
            which = np.asarray(truth != FALSE)
    return Search(
        columns,
        condition_results(columns, version, member),
        timing_of(scope, number, member),
        version.dating_columns(member),
        naming_columns(columns, version),
        which,
    )


def timing_of(scope: Scope, number: int, member: int) -> Timing:
    """The days of the rows of the register that contains a version's evidence, as the version
    reads them; no days where it has no evidence of its own."""
    version = scope.version(number).rule
    columns = scope.register(version.evidence_register)
    pattern, query = version.pattern, version.evidence
    dates = [columns.days(name) for name in version.dating_columns(member)] if query else []
    days: Ints = np.maximum.reduce(dates) if dates else np.zeros(len(columns), np.int64)
    until: Ints | None = None
    if isinstance(pattern, Standing):
        until = ends_of(pattern, columns)
    elif isinstance(pattern, Rolling):
        until = add(days, pattern.every)
    periodic = pattern.period_kind is not None
    needed = ""
    if query and (query.needed_from or query.needed != 1):
        many = "as many as its row says" if query.needed_from else str(query.needed)
        needed = f"{many} are"
    by_period = query.period if query and periodic else None
    return Timing(
        as_of_day=scope.as_of_day,
        days=days.tolist(),
        until=None if until is None else until.tolist(),
        periods=columns.values(by_period).tolist() if by_period else None,
        needed=needed,
        periodic=periodic,
        ordered=not periodic and not pattern.in_place,
    )


def nil_search_of(scope: Scope, number: int) -> Search | None:
    """The search of the nil returns, each of which names its period; None if a version accepts no
    nil return, or there is no such register."""
    nil = scope.version(number).rule.pattern.nil
    if nil is None or NIL_RETURNS not in scope.columns:
        return None
    columns = scope.register(NIL_RETURNS)
    results = list(nil_return_results(columns, nil))
    days = columns.days("given on").tolist()
    periods = columns.values("period").tolist()
    timing = Timing(scope.as_of_day, days, periods=periods, periodic=True)
    of_list = np.asarray(results[0].truth != FALSE)
    return Search(columns, results, timing, ("given on",), {}, of_list)
