"""From what was found to situations: the observed integers that the rules decide on.

Every field is an observation (opened, closed, enough in time, ...); none stands for a status.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.calendar import Ints
from engine.compile import OBLIGATION
from engine.expand import Expansion, expand, frame, put
from engine.listing import LIST_MISSING, LIST_READ
from engine.match import NOTHING_FOUND, same_rows
from engine.match_event import match_events, match_records
from engine.match_periodic import Kept, match_periodic
from engine.match_rolling import match_rolling
from engine.ruleform import Situation
from engine.scope import Scope
from engine.waivers import WaiverRow, waived
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
)


#: Every field is smaller than this, so that a row's fields make one number.
_BASE = np.int64(8)


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything found about one duty: its obligations, one a row, with the FIELDS; the windows
    that are history; how many windows in a row were missed; and the items that strayed into an
    earlier window."""

    table: pd.DataFrame
    expansion: Expansion
    history: tuple[Kept, ...]
    run: int
    strays: tuple[tuple[str, int], ...]


def observe(scope: Scope, waivers: list[WaiverRow]) -> Observed:
    """The obligations of one duty at D with what was found for each."""
    expansion = expand(scope)
    if expansion.list_state != LIST_READ:
        table = _bare(frame(1, version=scope.current))
        if expansion.list_state == LIST_MISSING and _keeps_register(scope):
            days = dict.fromkeys(("opens", "deadline", "since"), scope.in_force)
            table = put(table, days)
        return Observed(_fields(scope, table, expansion, waivers), expansion, (), 0, ())
    asked = (expansion.table["state"] == 0) & (expansion.table["applies"] == 2)
    every = bool(asked.all())
    parts = [] if every else [_bare(expansion.table[~asked])]
    about = expansion.table if every else expansion.table[asked]
    history: tuple[Kept, ...] = ()
    run = 0
    strays: tuple[tuple[str, int], ...] = ()
    pattern = scope.version(scope.current).version.pattern
    if isinstance(pattern, Periodic):
        if asked.any():
            match = match_periodic(scope, about)
            parts.append(match.table)
            history, run, strays = match.history, match.run, match.strays
    else:
        parts += _match(scope, about)
    table = _together(parts) if parts else _bare(expansion.table)
    return Observed(_fields(scope, table, expansion, waivers), expansion, history, run, strays)


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The obligations in the order in which they were listed."""
    return parts[0] if len(parts) == 1 else pd.concat(parts).sort_index()


def _match(scope: Scope, table: pd.DataFrame) -> list[pd.DataFrame]:
    found = []
    numbers = sorted(set(table["version"].tolist()))
    for number in numbers:
        mine = table if len(numbers) == 1 else table[table["version"] == number]
        pattern = scope.version(number).version.pattern
        if isinstance(pattern, Triggered | BeforeEvent):
            found.append(match_events(scope, number, mine))
        elif isinstance(pattern, Completeness):
            found.append(match_records(scope, number, mine))
        else:
            found.append(match_rolling(scope, number, mine))
    return found


def _keeps_register(scope: Scope) -> bool:
    pattern = scope.version(scope.current).version.pattern
    return isinstance(pattern, Completeness) and pattern.keeps_register


def _bare(table: pd.DataFrame) -> pd.DataFrame:
    """Obligations about which nothing was looked up."""
    return put(table, NOTHING_FOUND | {"met_rows": same_rows((), len(table))})


def _fields(
    scope: Scope, table: pd.DataFrame, expansion: Expansion, waivers: list[WaiverRow]
) -> pd.DataFrame:
    """The table with every field of its situations."""
    opens, deadline = table["opens"].to_numpy(), table["deadline"].to_numpy()
    relief = waived(waivers, scope.duty.duty, table, scope.as_of)
    said = {
        "list_state": expansion.list_state,
        "subject_state": table["state"],
        "waived": relief,
        "opened": (opens <= scope.as_of).astype(np.int64),
        "closed": (deadline < scope.as_of).astype(np.int64),
    }
    return put(table, said)


def distinct(table: pd.DataFrame, key: int) -> tuple[list[Situation], Ints]:
    """The distinct situations of a duty's obligations, and for each row which one it is."""
    values = np.array([table[name].to_numpy(dtype=np.int64) for name in FIELDS])
    weights = _BASE ** np.arange(len(FIELDS), dtype=np.int64)
    _, firsts, numbers = np.unique(weights @ values, return_index=True, return_inverse=True)
    situations = [
        Situation(OBLIGATION, key, tuple(sorted(zip(FIELDS, values[:, row].tolist(), strict=True))))
        for row in firsts.tolist()
    ]
    return situations, numbers.astype(np.int64)
