"""The conditions on a row of evidence under one version of a duty, in the order of a reader's
questions.

Each condition has its column, and the words for a row that does not meet it. The vectorised
evaluator counts the rows that meet all of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, any_of, known, not_cancelled
from engine.columns.periods import period_ends, period_kind
from engine.frames.items import names_member, select
from engine.frames.standing import end_given
from engine.obligation import NO_MEMBER
from engine.proof.key_rows import key_asks
from engine.proof.phrases import day_words, failure_words, heading_of
from evidence.keys.latest import IssuedRows
from evidence.register import ColumnSpec
from evidence.table import CellState
from rules.condition import Ask, Condition, NilReturn, columns_of
from rules.model import Version
from rules.patterns import Completeness, EvidenceQuery, Standing
from rules.wording.words import failure_text, quoted, quoted_list

_BLANK = (CellState.BLANK, CellState.NOTHING)


class Lack(StrEnum):
    """What a cell lacks, where the words for a row depend on what is in its cell. The value is said
    of the heading of the column."""

    NO_DATE = "is not a date"
    BLANK = "is blank"
    NOT_FILLED_IN = "is not filled in"
    NAMES_NO_ROW = "names no row that counts"


class ConditionResult(NamedTuple):
    """One condition: ``failed`` says that it is not met, ``column`` is that of the decisive cell
    ('' for none) and ``heading`` its heading, ``truth`` is that of each row. ``key_conditions``:
    the alternatives by which a key in the cell has to name a row. ``includes``: the codes that the
    cell has to include. ``fault``: what is said of a row whose cell is no, where the rule requires
    yes and the register has words for it. ``named``: the columns whose headings ``failed`` has.
    ``lack``: what the cell lacks, if that is one of the kinds of ``Lack``."""

    failed: str
    column: str
    truth: Truth
    heading: str
    key_conditions: tuple[Condition, ...] = ()
    includes: tuple[str, ...] = ()
    fault: str = ""
    named: tuple[str, ...] = ()
    lack: Lack | None = None

    def lacks(self, columns: Columns, row: int, *, names_no_row: bool = False) -> str:
        """The words for this row, which does not meet the condition. They name only the codes that
        are missing, the fault that a 'no' stands for or, if the row should name the latest of its
        kind, the key of the latest. ``names_no_row``: there is a key in the cell, but no row with
        that key counts."""
        value = columns.values(self.column)[row] if self.column else None
        if self.fault and (value is False or self._names_none(columns, row)):
            latest = _latest_by(columns, self.column, row)
            return f"{self.fault} ({latest})" if latest else self.fault
        missing = [
            code for code in self.includes if isinstance(value, frozenset) and code not in value
        ]
        if not missing:
            return self._failed_in(columns, row, names_no_row)
        return failure_text(Condition(column=self.heading, includes=tuple(missing)))

    def _names_none(self, columns: Columns, row: int) -> bool:
        """Whether the row should name the latest of its kind, and names none."""
        latest = columns.table.register.column(self.column).latest
        return latest is not None and columns.state(latest.key)[row] in _BLANK

    def _failed_in(self, columns: Columns, row: int, names_no_row: bool) -> str:
        """``failed`` under the headings of the row's own sheet, with what this row lacks."""
        failed, table = self.failed, columns.table
        names = [name for name in self.named if not _is_filled_in(table.register.column(name))]
        if self.lack is not None:
            heading = table.heading(row, self.column) if self.column in names else self.heading
            return _said_of(heading, self._lack_in(self.lack, columns, row, names_no_row))
        for number, name in enumerate(names):  # first numbers, since a heading may be another's
            failed = failed.replace(quoted(heading_of(columns, name)), f"\0{number}\0")
        for number, name in enumerate(names):
            failed = failed.replace(f"\0{number}\0", quoted(table.heading(row, name)))
        return failed

    def _lack_in(self, lack: Lack, columns: Columns, row: int, names_no_row: bool) -> Lack:
        """What the cell of this row lacks, as precisely as the cell tells."""
        if lack is Lack.NO_DATE and columns.state(self.column)[row] in _BLANK:
            return Lack.BLANK
        if lack is Lack.NOT_FILLED_IN and names_no_row:
            return Lack.NAMES_NO_ROW
        return lack


def _said_of(heading: str, words: str) -> str:
    """The sentence that says something of the column with this heading."""
    return f"{quoted(heading)} {words}"


def _is_filled_in(spec: ColumnSpec) -> bool:
    """Whether the program fills in the column, so that no sheet has its heading."""
    return spec.day_of is not None or spec.latest is not None


def _latest_by(columns: Columns, name: str, row: int) -> str:
    """The key of the latest of its kind on the day of a row; '' where the column does not say
    whether the row names that, or the answer is not certain."""
    latest = columns.table.register.column(name).latest
    day = columns.values(latest.by)[row] if latest else None
    if latest is None or not isinstance(day, datetime.date):
        return ""
    issues = IssuedRows(columns.others[latest.within].table, latest).latest_by(day)
    return issues[0].written if issues and len(issues) == 1 else ""


def own_asks(version: Version, member: int) -> tuple[Ask, ...]:
    """The rule's own conditions on a row, for a member of its fixed list, or NO_MEMBER."""
    asks = version.evidence.asks if version.evidence else ()
    listed = version.member(member)
    return (*asks, *listed.where) if listed else asks


def condition_results(columns: Columns, version: Version, member: int) -> list[ConditionResult]:
    """Every condition on a row of the register that contains the evidence of a version, for a
    ``member`` of its fixed list (NO_MEMBER: without one, or of all of them)."""
    query = version.evidence
    results = list(_listed(columns, version)) if query is None or query.itself else []
    if isinstance(version.pattern, Completeness):
        return [*results, *_record(columns, version.pattern)]
    results += evidence_results(columns, version, member)
    if isinstance(version.pattern, Standing):
        results += _in_place(columns, version.pattern)
    return results


def evidence_results(columns: Columns, version: Version, member: int) -> Iterator[ConditionResult]:
    """The conditions of a version's query on a row, and the conditions that the row says what it is
    about and when."""
    query, pattern = version.query, version.pattern
    yield from (_result_of(columns, ask) for ask in own_asks(version, member))
    name = version.dated_by(member)
    kind = pattern.period_kind
    if name and not pattern.in_place:
        dated = EvidenceQuery(register=query.register, dated=name)
        yield _of_column(columns, name, Lack.NO_DATE, select(columns, dated).truth)
    for named, words in (
        (query.event, "does not say what it is about"),
        (query.subject, "does not say whom it is about"),
        (query.distinct, Lack.NOT_FILLED_IN),
    ):
        if named:
            yield _if_read(columns, named, words)
    if version.named_in:
        members = version.members if member == NO_MEMBER else (version.members[member],)
        truths = [names_member(columns, version.named_in, member) for member in members]
        what = (
            "any of those that the rule lists"
            if member == NO_MEMBER
            else version.members[member].title
        )
        yield _of_column(
            columns, version.named_in, f"does not name {what}", np.maximum.reduce(truths)
        )
    if query.period and kind:
        of_period = EvidenceQuery(register=query.register, period=query.period)
        truth = select(columns, of_period, period_kind=kind).truth
        yield _of_column(columns, query.period, f"is not a {kind}", truth)


def _result_of(columns: Columns, ask: Ask) -> ConditionResult:
    """The result of one condition, or of several any of which is enough: then its column and
    heading are those of the first."""
    column = ask.alternatives[0].column
    single = ask if isinstance(ask, Condition) else None
    spec = columns.table.register.column(column)
    return ConditionResult(
        failed=failure_words(columns, ask),
        column=column,
        truth=any_of(columns, ask),
        heading=heading_of(columns, column),
        key_conditions=key_asks(columns, (ask,)),
        includes=(single and single.includes) or (),
        fault=spec.fault if single and single.is_ else "",
        named=tuple(columns_of((ask,))),
        lack=Lack.NOT_FILLED_IN if _only_filled(ask) else None,
    )


def _only_filled(ask: Ask) -> bool:
    """Whether a condition requires only that a cell is filled in."""
    first, *others = ask.alternatives
    return bool(first.filled) and not first.where and not others


def _of_column(
    columns: Columns, name: str, words: str, truth: npt.NDArray[np.integer]
) -> ConditionResult:
    heading = heading_of(columns, name)
    return ConditionResult(
        failed=_said_of(heading, words),
        column=name,
        truth=truth.astype(np.int8),
        heading=heading,
        named=(name,),
        lack=words if isinstance(words, Lack) else None,
    )


def _if_read(columns: Columns, name: str, words: str) -> ConditionResult:
    return _of_column(columns, name, words, np.where(columns.read(name), TRUE, UNKNOWN))


def _listed(columns: Columns, version: Version) -> Iterator[ConditionResult]:
    """The conditions for one of the events or records that the version lists."""
    listed = version.events
    if listed is None:
        return
    yield from (_result_of(columns, ask) for ask in listed.asks)
    if listed.cancelled:
        yes = np.where(columns.read(listed.cancelled), FALSE, UNKNOWN)
        truth = np.where(not_cancelled(columns, listed.cancelled), TRUE, yes)
        yield _of_column(columns, listed.cancelled, "is yes", truth)


def _record(columns: Columns, pattern: Completeness) -> Iterator[ConditionResult]:
    """The conditions on what a record must carry, by the day of the check."""
    yield from (_result_of(columns, ask) for ask in pattern.asks)
    for name in pattern.done_on or (pattern.records.dated,):
        yield _if_read(columns, name, Lack.NO_DATE)
        to_come = columns.days(name) > columns.as_of_day
        words = f"is after {day_words(columns.as_of_day)}"
        yield _of_column(columns, name, words, np.where(to_come, FALSE, TRUE))


def _in_place(columns: Columns, pattern: Standing) -> Iterator[ConditionResult]:
    """The conditions on the first and the last day on which a row is in place."""
    yield _if_read(columns, pattern.begins, Lack.NO_DATE)
    ends = pattern.last_days
    for name in ends:
        known_end = columns.read(name) | (columns.state(name) == CellState.NOTHING)
        yield _of_column(columns, name, Lack.NO_DATE, np.where(known_end, TRUE, UNKNOWN))
    if pattern.end_needed:
        headings = [heading_of(columns, name) for name in ends]
        words = f"no date in {quoted_list(headings, 'or')}" if ends else "no end date is given"
        truth = np.where(end_given(pattern, columns), TRUE, FALSE).astype(np.int8)
        yield ConditionResult(words, ends[0] if ends else "", truth, "".join(headings[:1]))


def nil_return_results(columns: Columns, nil: NilReturn) -> Iterator[ConditionResult]:
    """Every condition on a nil return that counts for a period (semantics.md: Nil return)."""
    yield _result_of(columns, Condition(column="list", equals=nil.list))
    for name in ("period", "by post", "given on"):
        yield _if_read(columns, name, Lack.NOT_FILLED_IN)
    labels = columns.values("period")
    days = columns.days("given on").tolist()
    kinds = [isinstance(label, str) and period_kind(label) == nil.each for label in labels]
    late = [
        fits and day >= period_ends(label)
        for fits, day, label in zip(kinds, days, labels, strict=True)
    ]
    for name, words, passed in (
        ("period", f"is not a {nil.each}", kinds),
        ("given on", "is before the period's last day", late),
    ):
        truth = known(columns, name, np.array(passed, dtype=np.bool_))
        yield _of_column(columns, name, words, truth)
