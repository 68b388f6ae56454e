"""Which items meet which obligations: the merge of obligations and evidence, and the nth item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.calendar import NO_DAY, Flags, Ints
from engine.columns import Columns
from engine.items import Items, select
from engine.scope import Scope
from engine.standing import in_place
from rules.pattern import EvidenceQuery, Standing
from rules.subject import FixedList, Member

#: What was found for each obligation, with what stands there where nothing is said. Days are
#: ordinals. ``since``: the deadline from which days over count; ``next_deadline``: the next to
#: come once it is met; ``anchor``, ``anchor_day``: from which day the deadline was reckoned.
NOTHING_FOUND: dict[str, object] = {
    "opens": NO_DAY,
    "deadline": NO_DAY,
    "since": NO_DAY,
    "next_deadline": NO_DAY,
    "enough_in_time": False,
    "enough_late": False,
    "late_days": 0,
    "within_notice": False,
    "ever_done": False,
    "earlier_missed": False,
    "lapse_over": False,
    "year_over": False,
    "last_done": NO_DAY,
    "anchor": "",
    "anchor_day": NO_DAY,
    "anchor_row": -1,
}


@dataclass(frozen=True, slots=True)
class Nth:
    """For each obligation, the nth of its items: ``day`` (NO_DAY where there are fewer than n),
    and the n rows themselves, as tuples of row numbers."""

    day: Ints
    rows: npt.NDArray[np.object_]


def items_of(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version (and for a member of its fixed list), selected once."""
    version = scope.version(number).version
    query = version.evidence
    if query is None:  # refused by rules.lint: such a pattern has evidence
        raise ValueError(f"{scope.duty.duty.id} has no evidence")
    kind = getattr(version.pattern, "period", None) if query.period else None
    named_in = version.subjects.named_in if isinstance(version.subjects, FixedList) else None
    asked = (query, member, named_in if member else None, kind)
    standing = version.pattern if isinstance(version.pattern, Standing) else None
    if (asked, standing) not in scope.kept:
        columns = scope.register(query.register)
        items = select(columns, query, member, asked[2], kind)
        scope.kept[asked, standing] = in_place(columns, items, standing) if standing else items
    return scope.kept[asked, standing]


def pairs(scope: Scope, number: int, table: pd.DataFrame) -> pd.DataFrame:
    """Each obligation of ``table`` (all of one version) with each qualifying item for its subject
    and event: columns ``ob`` (the table's index), ``item`` (row of the evidence) and ``day``."""
    version = scope.version(number).version
    if not isinstance(version.subjects, FixedList):
        return _pairs(scope, version.evidence, items_of(scope, number), table)
    found = [
        _pairs(scope, version.evidence, items_of(scope, number, each), table[table["member"] == n])
        for n, each in enumerate(version.subjects.members)
    ]
    return pd.concat(found, ignore_index=True)


def _pairs(
    scope: Scope, query: EvidenceQuery | None, items: Items, table: pd.DataFrame
) -> pd.DataFrame:
    assert query is not None
    rows = items.counting(scope.as_of)
    left = pd.DataFrame({"ob": table.index.to_numpy()})
    right = pd.DataFrame({"item": rows, "day": items.day[rows]})
    if query.itself:
        left["at"], right["at"] = table["event_row"].to_numpy(), rows
    if items.event is not None:
        left["event"], right["event"] = table["event"].to_numpy(), items.event[rows]
    if items.subject is not None:
        left["subject"], right["subject"] = table["subject"].to_numpy(), items.subject[rows]
    if items.key is not None:
        left["named"] = _named(scope, number_of(table), query, table)
        right["named"] = items.key[rows]
    on = [name for name in left.columns if name != "ob"]
    if on:
        return left.merge(right, on=on, how="inner")[["ob", "item", "day"]]
    return left.merge(right, how="cross")


def same_rows(rows: tuple[int | tuple[str, int], ...], count: int) -> npt.NDArray[np.object_]:
    """A column in which these rows stand so many times."""
    found: npt.NDArray[np.object_] = np.empty(count, dtype=object)
    found.fill(rows)
    return found


def number_of(table: pd.DataFrame) -> int:
    """The version of a table whose obligations are all of one version; 0 for an empty one."""
    return int(table["version"].iloc[0]) if len(table) else 0


def _named(
    scope: Scope, number: int, query: EvidenceQuery, table: pd.DataFrame
) -> npt.NDArray[np.object_]:
    """The key of the item that each subject's own row names; a lone object where it names none,
    which equals no key."""
    subjects = scope.version(number).version.subjects
    register = getattr(subjects, "register", "")
    values = scope.register(register).values(query.named_by_subject or "")
    named: npt.NDArray[np.object_] = values[table["subject_row"].to_numpy(dtype=np.int64)]
    named[[value is None for value in named]] = "\0none"
    return named


def nth(
    columns: Columns,
    found: pd.DataFrame,
    index: pd.Index[int],
    needed: int | Ints,
    latest: bool = False,
) -> Nth:
    """The nth earliest (or latest) item of each obligation in ``index``, and the n rows; n is
    ``needed``, or one n for each. Items of one day stand in the order of their raw cells, so that
    the order of rows changes nothing."""
    ordered = in_order(columns, found, latest)
    rank = ordered.groupby("ob", sort=False).cumcount().to_numpy()
    wanted = pd.Series(needed, index=index).reindex(ordered["ob"]).to_numpy()
    last = ordered[rank == wanted - 1].set_index("ob")["day"]
    day = last.reindex(index).fillna(NO_DAY).to_numpy().astype(np.int64)
    rows = same_rows((), len(index))
    taken = ordered[rank < wanted]
    at = index.get_indexer(pd.Index(taken["ob"]))
    for position, item in zip(at.tolist(), taken["item"].tolist(), strict=True):
        rows[position] = (*rows[position], item)
    return Nth(day, rows)


def once_each(columns: Columns, found: pd.DataFrame, distinct: str | None) -> pd.DataFrame:
    """The pairs, of which those of one obligation with one value in the column ``distinct`` count
    once: the earliest."""
    if distinct is None:
        return found
    ordered = in_order(columns, found)
    values = columns.values(distinct)[ordered["item"].to_numpy(dtype=np.int64)]
    return ordered[~ordered.assign(value=values).duplicated(["ob", "value"]).to_numpy()]


def in_order(columns: Columns, found: pd.DataFrame, latest: bool = False) -> pd.DataFrame:
    """The pairs by obligation, then by day and raw cells (from the last on, if asked)."""
    same = found.duplicated(["ob", "day"], keep=False).to_numpy()
    tie = np.zeros(len(found), dtype=np.int64)
    tie[same] = _raw_order(columns, found["item"].to_numpy()[same])
    by = found.assign(tie=tie).sort_values(
        ["ob", "day", "tie"], ascending=[True, not latest, not latest], kind="stable"
    )
    return by.drop(columns="tie")


def _raw_order(columns: Columns, rows: Ints) -> Ints:
    table = columns.table
    cells = [column.raw for column in table.columns.values()]
    distinct = sorted(set(rows.tolist()), key=lambda row: (tuple(c[row] for c in cells), row))
    place = {row: order for order, row in enumerate(distinct)}
    return np.array([place[row] for row in rows.tolist()], dtype=np.int64)


def last_days(found: pd.DataFrame, index: pd.Index[int]) -> Ints:
    """The latest day of each obligation's items; NO_DAY where it has none."""
    latest = found.groupby("ob")["day"].max()
    return latest.reindex(index).fillna(NO_DAY).to_numpy().astype(np.int64)


def closed_flags(deadline: Ints, as_of: int) -> Flags:
    """Whether D is after each deadline."""
    return np.asarray(deadline < as_of)
