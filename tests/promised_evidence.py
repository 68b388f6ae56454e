"""What is evidence in a case and what is a list, and cases with less of the evidence."""

from __future__ import annotations

import datetime

from engine.needed import needed
from engine.outcome import Answer
from evidence.table import CellState
from rules.condition import RowsOf
from rules.model import Version
from rules.pattern import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.subject import FixedList
from tests.altered import Kept, keeping, odd, with_cells, with_table
from tests.generated import Case
from tests.promised import showing, versions


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
        names |= {each.dated for each in version.subjects.members}
    return {name for name in names if name}


def lists(given: Case) -> set[str]:
    """The registers that list subjects, events or records, or on which a duty depends, those in
    which keys are looked up or roles are held, and the control sheets."""
    found = {name for name, table in given.evidence.tables.items() if table.register.control}
    found |= {"nil returns", "waivers"}
    for version in versions(given):
        pattern = version.pattern
        rows = (version.subjects, version.applies, getattr(pattern, "event", None))
        found |= {each.register for each in rows if isinstance(each, RowsOf)}
        if isinstance(pattern, Completeness):
            found.add(pattern.records.register)
        found |= _looked_up(given, version)
    return found


def _looked_up(given: Case, version: Version) -> set[str]:
    """The registers in which a version looks up what keys name, or whose rows hold roles."""
    query, registers = version.evidence, given.rulebook.registers
    own = query.register if query else ""
    found = {name for group in needed(registers, [version]) for name in group} - {own}
    holds = own and registers[own].one_holder_of and isinstance(version.pattern, Standing)
    return found | {own} if holds else found


def own_days(given: Case) -> set[tuple[str, str]]:
    """The days by which the row of an event or a record is itself evidence, and that decide
    nothing else."""
    found = set()
    for version in versions(given):
        pattern, query = version.pattern, version.evidence
        if isinstance(pattern, Completeness):
            asked = {each.column for each in (*pattern.must, *pattern.must_any)}
            found |= {(pattern.records.register, name) for name in {*pattern.done_on} - asked}
        event = getattr(pattern, "event", None)
        if query and query.itself and isinstance(event, Events):
            found |= {(query.register, name) for name in day_columns(version) - {event.dated}}
    return found


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
    listing, evidence, rows = lists(given), given.evidence, {}
    for register, column in sorted(_days(given)):
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
    found = set()
    for version in versions(given):
        pattern, query = version.pattern, version.evidence
        own = getattr(getattr(pattern, "event", None), "dated", None)
        if isinstance(pattern, Completeness):
            found |= {(pattern.records.register, name) for name in pattern.done_on}
        elif isinstance(pattern, Periodic) and pattern.nil_return:
            found.add(("nil returns", "given on"))  # of this pattern a nil return is an item
        if query is not None:
            days = day_columns(version) - ({own} if query.itself else set())
            found |= {(query.register, name) for name in days}
    return found
