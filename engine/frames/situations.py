"""From what was found to situations: the observed integers that the rules decide on.

Every field is an observation (opened, closed, enough in time, ...); none stands for a status.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from engine.columns.days import Flags, Ints
from engine.decision.duty_rules import OBLIGATION
from engine.decision.rule import Situation
from engine.frames.grid import Grid, joined, same
from engine.frames.lists import LIST_READ, READABLE
from engine.frames.match import NOTHING_FOUND
from engine.frames.match_event import match_events, match_records
from engine.frames.match_periodic import Kept, match_periodic
from engine.frames.match_rolling import match_rolling
from engine.frames.obligations import Expansion, expand, table_of
from engine.frames.scope import Scope
from engine.frames.waiver_names import Thing, names_of
from engine.frames.waivers import WaiverRow, waived
from engine.obligation import Obligation
from engine.outcome import ItemRef
from rules.model import Version
from rules.pattern import BeforeEvent, Completeness, Periodic, Triggered

#: The fields of an obligation's situation.
FIELDS = (
    "list_state",
    "subject_state",
    "applies",
    "waived",
    "opened",
    "closed",
    "enough_in_time",
    "enough_late",
    "within_notice",
    "ever_done",
    "earlier_missed",
    "lapse_over",
    "year_over",
    "before_records",
)


#: Every field is smaller than this, so that a row's fields make one number.
_BASE = np.int64(8)


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything found about one duty: its obligations, one a row of the ``table`` with the FIELDS
    (which nothing outside the frames reads), and the same as typed values; the windows that are
    history; how many windows in a row were missed; and the items that strayed into an earlier
    window."""

    table: Grid
    obligations: tuple[Obligation, ...]
    expansion: Expansion
    history: tuple[Kept, ...]
    run: int
    strays: tuple[tuple[str, int], ...]

    def things_named(self, scope: Scope, names: Collection[str]) -> dict[str, frozenset[Thing]]:
        """What each of these names may mean, of what the obligations are about."""
        return names_of(scope, self.table, names)


def observe(scope: Scope, waivers: list[WaiverRow]) -> Observed:
    """The obligations of one duty at D with what was found for each."""
    expansion = expand(scope)
    if expansion.list_state != LIST_READ:
        table = _bare(table_of(1, version=scope.current))
        table = _fields(scope, table, expansion, waivers)
        return Observed(table, _obligations(scope, table), expansion, (), 0, ())
    listed = expansion.table
    asked = np.asarray((listed["state"] == READABLE) & (listed["applies"] == 2))
    about = listed.only(asked)
    history: tuple[Kept, ...] = ()
    run = 0
    strays: tuple[tuple[str, int], ...] = ()
    pattern = scope.version(scope.current).version.pattern
    if isinstance(pattern, Periodic):
        if asked.any():
            match = match_periodic(scope, about)
            about = match.table
            history, run, strays = match.history, match.run, match.strays
        else:
            about = _bare(about)
    else:
        about = _match(scope, about)
    table = about if asked.all() else _together(asked, _bare(listed.only(~asked)), about)
    table = _fields(scope, table, expansion, waivers)
    return Observed(table, _obligations(scope, table), expansion, history, run, strays)


def evidence_register(version: Version) -> str:
    """The register in which a version looks for what meets it; '' where it looks in none."""
    if isinstance(version.pattern, Completeness):
        return version.pattern.records.register
    return version.evidence.register if version.evidence else ""


def _obligations(scope: Scope, table: Grid) -> tuple[Obligation, ...]:
    """The obligations of the table, with the rows that count as items of their registers."""
    registers = [evidence_register(each.version) for each in scope.duty.versions]
    *columns, met_rows = (table[name].tolist() for name in Obligation._fields)
    items = [
        tuple(
            ItemRef(*row) if isinstance(row, tuple) else ItemRef(registers[version], row)
            for row in rows
        )
        for version, rows in zip(table.ints("version").tolist(), met_rows, strict=True)
    ]
    return tuple(map(Obligation._make, zip(*columns, items, strict=True)))


def _together(asked: Flags, bare: Grid, about: Grid) -> Grid:
    """The obligations in the order in which they were listed."""
    places = np.concatenate([np.flatnonzero(~asked), np.flatnonzero(asked)[: len(about)]])
    return joined([bare, about]).only(np.argsort(places, kind="stable"))


def _match(scope: Scope, table: Grid) -> Grid:
    """What was found for each, by the version that judges it, in the order of the table."""
    versions = table.ints("version")
    numbers = sorted(set(versions.tolist()))
    if len(numbers) < 2:
        return _match_under(scope, numbers[0], table) if numbers else _bare(table)
    places = [np.flatnonzero(versions == number) for number in numbers]
    found = [
        _match_under(scope, number, table.only(mine))
        for number, mine in zip(numbers, places, strict=True)
    ]
    return joined(found).only(np.argsort(np.concatenate(places)))


def _match_under(scope: Scope, number: int, table: Grid) -> Grid:
    pattern = scope.version(number).version.pattern
    if isinstance(pattern, Triggered | BeforeEvent):
        return match_events(scope, number, table)
    if isinstance(pattern, Completeness):
        return match_records(scope, number, table)
    return match_rolling(scope, number, table)


def _bare(table: Grid) -> Grid:
    """Obligations about which nothing was looked up."""
    return table.put(NOTHING_FOUND | {"met_rows": same((), len(table))})


def _fields(scope: Scope, table: Grid, expansion: Expansion, waivers: list[WaiverRow]) -> Grid:
    """The table with every field of its situations."""
    relief = waived(scope, waivers, table)
    said = {
        "list_state": expansion.list_state,
        "subject_state": table["state"],
        "waived": relief,
        "opened": table.ints("opens") <= scope.as_of,
        "closed": table.ints("deadline") < scope.as_of,
    }
    return table.put(said)


def distinct(table: Grid, key: int) -> tuple[list[Situation], Ints]:
    """The distinct situations of a duty's obligations, and for each row which one it is."""
    values = np.array([table.ints(name) for name in FIELDS])
    weights = _BASE ** np.arange(len(FIELDS), dtype=np.int64)
    _, firsts, numbers = np.unique(weights @ values, return_index=True, return_inverse=True)
    situations = [
        Situation(OBLIGATION, key, tuple(sorted(zip(FIELDS, values[:, row].tolist(), strict=True))))
        for row in firsts.tolist()
    ]
    return situations, numbers.astype(np.int64)
