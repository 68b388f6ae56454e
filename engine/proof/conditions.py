"""What a row of evidence is put to under one version of a duty: each condition by itself, in the
order in which a reader asks, with its column and the words for a row that does not meet it.

A row meets all of them where engine.frames lets it count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, any_of, known
from engine.columns.named_rows import stands
from engine.columns.periods import period_ends, period_kind
from engine.frames.items import select
from engine.frames.standing import end_given
from engine.proof.key_rows import KeyRows, key_asks
from engine.proof.phrases import day_words
from evidence.table import CellState
from rules.condition import Ask, Condition, NilReturn
from rules.model import Version
from rules.patterns import Completeness, EvidenceQuery, Standing
from rules.subject import Member
from rules.wording.words import ask_failed_told, column_told, columns_told


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition: in words that it is not met, the column whose cell decides ('' for none), and
    its truth for each row. ``why`` says of a row which other row it names there, and why that does
    not count; '' where there is nothing to say."""

    failed: str
    column: str
    truth: Truth
    why: Callable[[int], str] = lambda _: ""


def own_asks(version: Version, member: int) -> tuple[Ask, ...]:
    """What the rule asks of the event's own row, for a member of its fixed list (-1: none)."""
    asks = version.evidence.asks if version.evidence else ()
    one = version.member(member)
    return (*asks, *one.where) if one else asks


def condition_results(columns: Columns, version: Version, member: int) -> Iterator[ConditionResult]:
    """Every condition on a row of the register that holds the evidence of a version. ``member``:
    for which member of its fixed list, -1 for none or all of them."""
    pattern, query = version.pattern, version.evidence
    if query is None or query.itself:
        yield from _listed(columns, version)
    if isinstance(pattern, Completeness):
        yield from _record(columns, pattern)
        return
    query = version.query
    yield from (_asked(columns, ask) for ask in own_asks(version, member))
    name = version.dated_by(member)
    if name and not pattern.in_place:
        truth = select(columns, EvidenceQuery(register=query.register, dated=name)).truth
        yield _of_column(name, "is not a date", truth)
    yield from _naming(columns, version, query, member)
    if isinstance(pattern, Standing):
        yield from _in_place(columns, pattern)
    elif query.period and pattern.period_kind:
        kind = pattern.period_kind
        asked = EvidenceQuery(register=query.register, period=query.period)
        truth = select(columns, asked, period_kind=kind).truth
        yield _of_column(query.period, f"is not a {kind}", truth)


def _asked(columns: Columns, ask: Ask) -> ConditionResult:
    keys, rows = key_asks(columns, (ask,)), KeyRows(columns.others)

    def why(row: int) -> str:
        said = (rows.why_not(columns, row, each) for each in keys)
        return next((each for each in said if each), "")

    column = ask.alternatives[0].column
    return ConditionResult(ask_failed_told(ask), column, any_of(columns, ask), why)


def _of_column(name: str, words: str, truth: npt.NDArray[np.integer]) -> ConditionResult:
    return ConditionResult(f"{column_told(name)} {words}", name, truth.astype(np.int8))


def _if_read(columns: Columns, name: str, words: str) -> ConditionResult:
    return _of_column(name, words, np.where(columns.read(name), TRUE, UNKNOWN))


def _listed(columns: Columns, version: Version) -> Iterator[ConditionResult]:
    """That the row is one of the events or records that the version lists."""
    listed = version.events
    if listed is None:
        return
    yield from (_asked(columns, ask) for ask in listed.asks)
    if listed.cancelled:
        yes = np.where(columns.read(listed.cancelled), FALSE, UNKNOWN)
        truth = np.where(stands(columns, listed.cancelled), TRUE, yes)
        yield _of_column(listed.cancelled, "is yes", truth)


def _record(columns: Columns, pattern: Completeness) -> Iterator[ConditionResult]:
    """What a record must carry, by the day of the check."""
    yield from (_asked(columns, ask) for ask in pattern.asks)
    for name in pattern.done_on or (pattern.records.dated,):
        yield _if_read(columns, name, "is not a date")
        to_come = columns.days(name) > columns.as_of
        words = f"is after {day_words(columns.as_of)}"
        yield _of_column(name, words, np.where(to_come, FALSE, TRUE))


def _naming(
    columns: Columns, version: Version, query: EvidenceQuery, member: int
) -> Iterator[ConditionResult]:
    """That the row says what it is about, where it has to."""
    for name, words in (
        (query.event, "does not say what it is about"),
        (query.subject, "does not say whom it is about"),
        (query.distinct, "is not filled in"),
    ):
        if name:
            yield _if_read(columns, name, words)
    if version.named_in:
        numbers = range(len(version.members)) if member < 0 else (member,)
        truths = [named(columns, query, version, number) for number in numbers]
        what = "one of what the rule lists" if member < 0 else version.members[member].title
        yield _of_column(version.named_in, f"does not name {what}", np.maximum.reduce(truths))


def named(columns: Columns, query: EvidenceQuery, version: Version, number: int) -> Truth:
    """For each row whether it names that member of a fixed list."""
    bare = Member(id=version.members[number].id, title="")
    return select(columns, EvidenceQuery(register=query.register), bare, version.named_in).truth


def _in_place(columns: Columns, pattern: Standing) -> Iterator[ConditionResult]:
    """From when, and until when, where that can be told."""
    yield _if_read(columns, pattern.begins, "is not a date")
    ends = pattern.last_days
    for name in ends:
        told = columns.read(name) | (columns.state(name) == CellState.NOTHING)
        yield _of_column(name, "is not a date", np.where(told, TRUE, UNKNOWN))
    if pattern.end_needed:
        words = f"no date in {columns_told(ends, 'or')}" if ends else "no last day is given"
        truth = np.where(end_given(pattern, columns), TRUE, FALSE).astype(np.int8)
        yield ConditionResult(words, ends[0] if ends else "", truth)


def nil_return_results(columns: Columns, nil: NilReturn) -> Iterator[ConditionResult]:
    """Every condition on a nil return that counts for a period (semantics.md, Nil return)."""
    yield _asked(columns, Condition(column="list", equals=nil.list))
    for name in ("period", "by post", "given on"):
        yield _if_read(columns, name, "is not filled in")
    labels, days = columns.values("period"), columns.days("given on").tolist()
    kinds = [isinstance(each, str) and period_kind(each) == nil.each for each in labels]
    late = [
        fits and day >= period_ends(label)
        for fits, day, label in zip(kinds, days, labels, strict=True)
    ]
    for name, words, passed in (
        ("period", f"is not a {nil.each}", kinds),
        ("given on", "is before the period's last day", late),
    ):
        truth = known(columns, name, np.array(passed, dtype=np.bool_))
        yield _of_column(name, words, truth)
