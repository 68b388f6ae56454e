"""What is evidence in a case and what is a list, and cases with less of the evidence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from pydantic import BaseModel

from engine.outcome import Answer
from evidence.table import CellState, Typed
from rules.condition import Condition, RowsOf
from rules.model import Version
from rules.patterns import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.subject import FixedList
from tests.support.altered_evidence import Kept, keeping, odd, with_cells, with_table
from tests.support.case_generator import Case
from tests.support.promise_cases import showing, versions


def query_of(version: Version) -> EvidenceQuery | None:
    """The evidence of a version that stands in rows of its own."""
    query = version.evidence
    return None if query is None or query.itself else query


def day_columns(version: Version) -> set[str]:
    """The columns that date an item of a version's evidence."""
    pattern, query = version.pattern, version.evidence
    if isinstance(pattern, Standing):
        return {pattern.begins}
    if isinstance(pattern, Completeness):
        return set(pattern.done_on)
    names = {query.dated} if query else set()
    if isinstance(version.subjects, FixedList):
        names |= {member.dated for member in version.subjects.members}
    return {name for name in names if name}


def lists(given: Case) -> set[str]:
    """The registers that list subjects, events or records, or on which a duty depends, those in
    which keys are looked up or roles are held, and the control sheets."""
    names = {name for name, table in given.evidence.tables.items() if table.register.control}
    names |= {"nil returns", "waivers"}
    for version in versions(given):
        pattern = version.pattern
        rows = (version.subjects, version.applies, getattr(pattern, "event", None))
        names |= {row.register for row in rows if isinstance(row, RowsOf)}
        if isinstance(pattern, Completeness):
            names.add(pattern.records.register)
    return names | looked_up(given) | _held_in_turn(given)


def looked_up(given: Case) -> set[str]:
    """The registers of which a condition looks up a row: those that keys name, and those in which
    the program looks to fill a column that is read."""
    conditions = [condition for version in versions(given) for condition in _conditions(version)]
    filled = {condition.column for condition in conditions if condition.filled}
    read = {condition.column for condition in conditions} | {
        condition.on_or_before for condition in conditions
    }
    names: set[str] = set()
    for register in given.rulebook.registers.values():
        for column in register.columns:
            if column.name in filled and column.type in ("key", "keys"):
                names.update(column.named)
            if column.looks_in and column.name in read:
                names.add(column.looks_in)
    return names


def _conditions(asked: object) -> Iterator[Condition]:
    """The conditions, wherever they stand."""
    if isinstance(asked, Condition):
        yield asked
    if isinstance(asked, BaseModel):
        for name in type(asked).model_fields:
            yield from _conditions(getattr(asked, name))
    elif isinstance(asked, tuple):
        for each in asked:
            yield from _conditions(each)


def _held_in_turn(given: Case) -> set[str]:
    """The registers whose rows hold roles of which a duty asks."""
    queries = [
        version.evidence for version in versions(given) if isinstance(version.pattern, Standing)
    ]
    names = {query.register for query in queries if query}
    return {name for name in names if given.rulebook.registers[name].one_holder_of}


def own_days(given: Case) -> set[tuple[str, str]]:
    """The days by which the row of an event or a record is itself evidence, and that decide
    nothing else."""
    names = set()
    for version in versions(given):
        pattern, query = version.pattern, version.evidence
        if isinstance(pattern, Completeness):
            must = {condition.column for condition in (*pattern.must, *pattern.must_any)}
            names |= {(pattern.records.register, name) for name in {*pattern.done_on} - must}
        event = getattr(pattern, "event", None)
        if query and query.itself and isinstance(event, Events):
            names |= {(query.register, name) for name in day_columns(version) - {event.dated}}
    return names


def alone(given: Case, answer: Answer) -> tuple[Case, Kept]:
    """The case with the items that met an obligation and no other evidence; lists, waivers and nil
    returns that only answer for a list stay."""
    listing = lists(given) - {"nil returns"}
    by = {
        name: [ref.row for ref in answer.met_by if ref.register == name]
        for name in given.evidence.tables
    }
    rows = {name: by[name] for name in given.evidence.tables if name not in listing}
    if not any(isinstance(version.pattern, Periodic) for version in versions(given)):
        rows.pop("nil returns", None)
    evidence = keeping(given.evidence, rows)
    for register, column in sorted(own_days(given)):
        table = evidence.tables[register]
        for row in set(range(len(table))).difference(by[register]):
            table = with_cells(table, row, {column: odd(CellState.NOTHING)})
        evidence = with_table(evidence, table)
    return showing(given, evidence), rows


def by_then(given: Case) -> tuple[Case, Kept]:
    """The case without the items dated after D, and the rows that are left: rows that are
    evidence alone are taken out, and the days struck out on which another row says that something
    was done."""
    listing, evidence, rows = lists(given) - _held_in_turn(given), given.evidence, {}
    named = looked_up(given)  # what keys may name stays as it is
    for register, column in sorted(_days(given)):
        if register in named:
            continue
        table = evidence.tables[register]
        later = [
            row for row in range(len(table)) if _after(table.columns[column].value[row], given)
        ]
        if register in listing - {"nil returns"}:
            for row in later:
                table = with_cells(table, row, {column: odd(CellState.NOTHING)})
            evidence = with_table(evidence, table)
        else:
            rows[register] = [row for row in range(len(table)) if row not in later]
    return showing(given, keeping(evidence, rows)), rows


def _after(value: object, given: Case) -> bool:
    return isinstance(value, datetime.date) and value > given.as_of


def _days(given: Case) -> set[tuple[str, str]]:
    """The days of items: register and column."""
    names = set()
    for version in versions(given):
        pattern, query = version.pattern, version.evidence
        own = getattr(getattr(pattern, "event", None), "dated", None)
        if isinstance(pattern, Completeness):
            names |= {(pattern.records.register, name) for name in pattern.done_on}
        elif isinstance(pattern, Periodic) and pattern.nil_return:
            names.add(("nil returns", "given on"))  # of this pattern a nil return is an item
        if query is not None:
            days = day_columns(version) - ({own} if query.itself else set())
            names |= {(query.register, name) for name in days}
    return names


def names_a_dayless(given: Case) -> bool:
    """Whether a row names a meeting that has no day: by doing so it makes it one of the events."""
    meetings = given.evidence.tables["meetings"]
    held, keys = meetings.columns["held on"], meetings.columns["ref"].value
    dayless = {key for key, day in zip(keys, held.value, strict=True) if key and day is None}
    return not dayless.isdisjoint(_named_in(given, "meetings"))


def _named_in(given: Case, register: str) -> Iterator[Typed]:
    """Every key that stands in a column that may name rows of a register."""
    for table in given.evidence.tables.values():
        for spec in table.register.columns:
            if register in spec.named:
                for value in table.columns[spec.name].value:
                    yield from value if isinstance(value, frozenset) else (value,)
