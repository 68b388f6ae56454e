"""Promises 2, 4 and 6: what one item of evidence more, or fewer, can change."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from engine.agree import differences
from engine.assessment import Remedy
from engine.outcome import Answer, Status
from engine.remedy.build import UnmetObligation
from engine.remedy.new_rows import new_rows
from evidence.table import CellState, Column, Evidence, Table
from rules.condition import Condition
from rules.patterns import EvidenceQuery
from rules.subject import FixedList
from tests.support import engine_builders as make
from tests.support.altered_evidence import (
    Kept,
    Read,
    odd,
    renumbered,
    with_cells,
    with_table,
    without,
)
from tests.support.case_generator import Case, case
from tests.support.promise_cases import (
    BY_BOTH,
    Evaluator,
    asked_of,
    cases,
    current,
    degree,
    showing,
    versions,
)
from tests.support.promise_evidence import alone, day_columns, lists, looked_up, own_days, query_of
from tests.support.remedied_evidence import remedied

# One fewer -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fewer:
    """A case with one item of evidence fewer, and which rows are left."""

    words: str
    given: Case
    rows: Kept


def _fewer(given: Case) -> Iterator[Fewer]:
    """The case without each row of each register that is evidence alone, and with each day struck
    out on which the row of an event, or a record, says that something was done."""
    listing = lists(given)
    for name, table in given.evidence.tables.items():
        if name in listing:
            continue
        for row in range(len(table)):
            less, rows = without(given.evidence, name, row)
            yield Fewer(f"without {name} {row}", showing(given, less), rows)
    for register, column in sorted(own_days(given)):
        table = given.evidence.tables[register]
        for row in range(len(table)):
            struck = with_cells(table, row, {column: odd(CellState.NOTHING)})
            less = with_table(given.evidence, struck)
            yield Fewer(f"{register} {row} without {column}", showing(given, less), {})


def _worse(fewer: list[Answer], more: list[Answer]) -> list[str]:
    """The obligations that stand better with one item fewer; of a periodic duty the current one
    may be another window, and stands no better either."""
    before, now = ({answer.key: answer for answer in answers} for answers in (fewer, more))
    pairs = [(before[key], now[key]) for key in before.keys() & now.keys()]
    pairs += [
        (one, other)
        for one in current(fewer)
        for other in current(more)
        if one.key.duty == other.key.duty and one.key.window
    ]
    return [
        f"{less.key}: {less.status}, and with one more {more.status}"
        for less, more in pairs
        if not _as_good(less, more)
    ]


def _as_good(fewer: Answer, more: Answer) -> bool:
    """Whether one more left it as it was, or better; a waived one may become met."""
    if Status.WAIVED in (fewer.status, more.status):
        return fewer.status is Status.WAIVED and more.status in (Status.WAIVED, Status.MET)
    before, after = degree(fewer), degree(more)
    if before is None or after is None:
        return fewer.status is more.status
    return before <= after


@pytest.mark.one_in(2)
@pytest.mark.long
@BY_BOTH
def test_one_item_fewer_makes_nothing_better(evaluator: Evaluator, percent: int) -> None:
    """Promise 2: another qualifying item never makes its obligation worse; one fewer never makes
    it better."""
    changed = 0
    for given in cases(200, 2_000, percent):
        more = evaluator(given)
        for fewer in _fewer(given):
            less = renumbered(evaluator(fewer.given), fewer.rows)
            assert _worse(less, more) == [], f"case {given.seed} on {given.as_of} {fewer.words}"
            changed += [answer.status for answer in less] != [answer.status for answer in more]
    assert changed > 0


# One more ---------------------------------------------------------------------------------------


def _new_item(obligation: UnmetObligation, query: EvidenceQuery) -> Remedy:
    """A new item for an obligation, as if it had none yet."""
    fresh = obligation.obligation._replace(met_rows=())
    return new_rows(replace(obligation, obligation=fresh), query)[0]


def _more(given: Case) -> Iterator[tuple[str, Case]]:
    """The case with one more item for each of its obligations in turn, dated at each edge."""
    for answer, asked in asked_of(given):
        query = query_of(asked.version)
        if query is None or query.register in lists(given) or answer.history_reason:
            continue
        edges = {day for day in (answer.opens, answer.deadline, given.as_of) if day}
        days = sorted({day + datetime.timedelta(step) for day in edges for step in (-1, 0, 1)})
        for day in days:
            remedy = _new_item(replace(asked, as_of=day), query)
            if remedy.possible:
                more = remedied(given.evidence, [remedy], given.rulebook)
                yield f"{answer.key} on {day}", showing(given, more)


@pytest.mark.long
@BY_BOTH
def test_one_item_more_on_any_edge_makes_nothing_worse(evaluator: Evaluator, percent: int) -> None:
    """Promise 2, at the edges: another qualifying item, dated the day before, on or after a window
    opens, closes or the check is made, never makes its obligation worse."""
    changed = 0
    for given in cases(70, 1_200, percent):
        fewer = evaluator(given)
        for words, other in _more(given):
            more = evaluator(other)
            assert _worse(fewer, more) == [], f"case {given.seed} on {given.as_of}: {words}"
            changed += [answer.status for answer in fewer] != [answer.status for answer in more]
    assert changed > 0


# A row that does not qualify --------------------------------------------------------------------

#: A period of each kind: an item that names one of another kind than the duty's cannot be read.
_FAR = {
    "financial year": "2026/27",
    "quarter": "2026/27 Q1",
    "calendar year": "2026",
    "month": "2026-07",
}
_UNREAD = (CellState.UNREADABLE, CellState.BLANK, CellState.NO_COLUMN)


def _spoilt(obligation: UnmetObligation) -> Iterator[tuple[str, dict[str, Read]]]:
    """Ways in which a new item, with one thing otherwise, does not qualify for anything."""
    query = query_of(obligation.version)
    assert query is not None
    for condition in (*query.where, *(obligation.member.where if obligation.member else ())):
        for cell in (*_failing(condition), *map(odd, _UNREAD)):
            yield condition.column, {condition.column: cell}
    if query.any_of:
        yield "any of", {condition.column: odd(CellState.NOTHING) for condition in query.any_of}
    for name in day_columns(obligation.version):
        for state in (CellState.NOTHING, *_UNREAD):
            yield name, {name: odd(state)}
    for about in (query.event, query.subject, query.distinct):
        if about:
            for state in (CellState.NOTHING, *_UNREAD):
                yield about, {about: odd(state)}
    for about in (query.event, query.subject):
        if about:
            yield about, {about: ("nobody's", "nobody's", CellState.READ)}
    if query.period:
        for kind, label in _FAR.items():
            if kind != getattr(obligation.version.pattern, "period", None):
                yield query.period, {query.period: (label, label, CellState.READ)}
        yield query.period, {query.period: odd(CellState.UNREADABLE)}
    subjects = obligation.version.subjects
    if isinstance(subjects, FixedList) and subjects.named_in:
        nobody = frozenset({"nobody"})
        yield subjects.named_in, {subjects.named_in: ("nobody", nobody, CellState.READ)}


def _failing(condition: Condition) -> list[Read]:
    """Cells that can be read and do not meet the condition."""
    if condition.is_ is not None:
        value = not condition.is_
        return [("yes" if value else "no", value, CellState.READ)]
    if condition.at_least is not None:
        return [(str(condition.at_least - 1), condition.at_least - 1, CellState.READ)]
    if condition.includes:
        return [("else", frozenset({"else"}), CellState.READ), odd(CellState.NOTHING)]
    if condition.filled:
        return [odd(CellState.NOTHING)]
    return [("something else", "something else", CellState.READ), odd(CellState.NOTHING)]


def _idle(given: Case) -> Iterator[tuple[str, str, Case]]:
    """The case with one more row that does not qualify for a duty, a new item but for one thing."""
    for answer, asked in asked_of(given):
        query = query_of(asked.version)
        if query is None or query.register in lists(given) or answer.history_reason:
            continue
        remedy = _new_item(asked, query)
        if not remedy.possible:
            continue
        evidence = remedied(given.evidence, [remedy], given.rulebook)
        table = evidence.tables[query.register]
        for words, cells in _spoilt(asked):
            spoilt = with_cells(table, len(table) - 1, cells)
            description = f"{answer.key}: {words} is {cells}"
            yield answer.key.duty, description, showing(given, with_table(evidence, spoilt))
        if query.named_by_subject:
            yield answer.key.duty, "named by nobody", showing(given, evidence)


def _of(duty: str, answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.key.duty == duty]


@pytest.mark.long
@BY_BOTH
def test_a_row_that_does_not_qualify_changes_nothing(evaluator: Evaluator, percent: int) -> None:
    """Promise 4: a row of evidence that does not qualify changes no status, date or count."""
    tried = 0
    for given in cases(70, 1_200, percent):
        if given.pattern == "transition":
            continue  # a row may qualify under the previous version alone
        before = evaluator(given)
        for duty, words, other in _idle(given):
            disagreements = differences(_of(duty, before), _of(duty, evaluator(other)))
            assert disagreements == [], f"case {given.seed} on {given.as_of}, {words}"
            tried += 1
    assert tried > percent


# What no rule reads -----------------------------------------------------------------------------


def _words(value: object) -> set[str]:
    """Every text that stands anywhere in a rule."""
    if isinstance(value, dict):
        return {word for part in value.values() for word in _words(part)}
    if isinstance(value, list | tuple):
        return {word for part in value for word in _words(part)}
    return {value} if isinstance(value, str) else set()


def _struck(table: Table, names: set[str], chance: random.Random) -> Table:
    """The table with nothing that can be read in those columns."""
    columns = {
        name: Column(name, [""] * len(table), [None] * len(table), [state] * len(table))
        for name, state in ((name, chance.choice(_UNREAD)) for name in sorted(names))
    }
    return replace(table, columns={**table.columns, **columns})


def _disturbed(given: Case) -> Evidence:
    """The evidence with other tables for every register that no rule names, and other cells in
    every column that none names."""
    named = {word for version in versions(given) for word in _words(version.model_dump())}
    named |= {name for condition in looked_up(given) for name in _looked_at(given, condition)}
    named |= _naming_planned(given, named)
    named |= {
        register.label for register in given.rulebook.registers.values() if register.label
    }  # for waivers
    chance, other = random.Random(given.seed), case(given.seed + 1_000_003).evidence
    tables = []
    for name, table in given.evidence.tables.items():
        if name not in named and name not in ("waivers", "nil returns"):
            tables.append(chance.choice((make.missing(table.register), other.tables[name])))
            continue
        unread = {column for column in table.columns if column not in named} - {table.register.key}
        tables.append(_struck(table, unread if name in named else set(), chance))
    return with_table(given.evidence, *tables)


def _naming_planned(given: Case, named: set[str]) -> set[str]:
    """The registers and columns that name rows of a register with planned days: of an event without
    one they say whether it was held."""
    registers = given.rulebook.registers
    planned = {
        name for name in named & set(registers) if any(c.planned for c in registers[name].columns)
    }
    return {
        word
        for register in registers.values()
        for column in register.columns
        if planned & set(column.named)
        for word in (register.id, column.name)
    }


def _looked_at(given: Case, name: str) -> set[str]:
    """A register in which keys are looked up, and what is looked at of each of its rows."""
    register = given.rulebook.registers[name]
    return {name} | {column for column in (register.cancelled, register.dated_by) if column}


@pytest.mark.long
@BY_BOTH
def test_what_no_rule_reads_changes_nothing(evaluator: Evaluator, percent: int) -> None:
    """Promise 4: a register, or a column, that no rule reads changes no status, date or count."""
    for given in cases(250, 6_000, percent):
        other = showing(given, _disturbed(given))
        disagreements = differences(evaluator(given), evaluator(other))
        assert disagreements == [], f"case {given.seed} on {given.as_of}"


# The evidence that met it, alone ----------------------------------------------------------------


@pytest.mark.long
@BY_BOTH
def test_the_evidence_named_meets_it_alone(evaluator: Evaluator, percent: int) -> None:
    """Promise 6: every met obligation names the evidence that met it; that evidence alone, the
    lists unchanged, gives met again."""
    tried = 0
    for given in cases(400, 10_000, percent):
        for answer in evaluator(given):
            if answer.status is not Status.MET:
                continue
            assert answer.met_by, f"case {given.seed}: {answer}"
            other, rows = alone(given, answer)
            again = renumbered(evaluator(other), rows)
            same = [answer._replace(last_done=None, days=None) for answer in again]
            assert answer._replace(last_done=None, days=None) in same, (
                f"case {given.seed} on {given.as_of}: {answer} is, alone, {again}"
            )
            tried += 1
    assert tried > percent // 4
