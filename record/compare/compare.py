"""Two checks compared: what was asked or given otherwise, what came out otherwise, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from engine.assessment import Assessment
from engine.outcome import WORST_FIRST, Status
from record.compare.causes import Both, causes
from record.compare.input_changes import Cause, Side, stamped
from record.compare.row_pairs import (
    KnownRows,
    PairWithRows,
    RowsBeside,
    beside,
    pairs_with_rows,
    shared_rows,
)
from reports import view


@dataclass(frozen=True, slots=True)
class Difference:
    """One obligation that came out otherwise, with what could have made it so."""

    pair: PairWithRows
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class DutyDifference:
    """One duty of which an obligation, or its own status, came out otherwise. ``before`` and
    ``after`` are None where it is not in that assessment. ``unread`` are the differences among the
    unread rows that several of its obligations point to."""

    id: str
    title: str
    before: Status | None
    after: Status | None
    differences: tuple[Difference, ...]
    unread: RowsBeside


@dataclass(frozen=True, slots=True)
class Comparison:
    """``stamps`` are what was asked or given otherwise. ``alone`` is the kind of the only one, and
    so the cause of all; '' where there are several or none. ``same``: the two assessments are the
    same bytes. ``duties`` is None where an assessment was pruned, so that nobody can tell."""

    one: Side
    two: Side
    stamps: tuple[Cause, ...]
    alone: str
    same: bool
    duties: tuple[DutyDifference, ...] | None


def compare(one: Side, two: Side) -> Comparison:
    """The first check beside the second, the worst duties of the second first."""
    stamps = stamped(one, two)
    alone = stamps[0].kind if len(stamps) == 1 else ""
    same = one.entry.assessment == two.entry.assessment
    duties = None
    if one.assessment is not None and two.assessment is not None:
        kinds = frozenset(stamp.kind for stamp in stamps)
        found = _duties(one.assessment, two.assessment, kinds)
        duties = tuple(sorted(found, key=_worst_first))
    return Comparison(one, two, stamps, alone, same, duties)


def _duties(old: Assessment, new: Assessment, kinds: frozenset[str]) -> Iterator[DutyDifference]:
    before = {duty.id: duty for duty in old.duties}
    after = {duty.id: duty for duty in new.duties}
    rows = KnownRows(old), KnownRows(new)
    for id_ in dict.fromkeys((*after, *before)):
        one, two = before.get(id_), after.get(id_)
        both = Both(old, new, one, two, kinds, rows)
        found = DutyDifference(
            id=id_,
            title=view.named(after.get(id_) or before[id_]),
            before=one.status if one else None,
            after=two.status if two else None,
            differences=tuple(
                Difference(pair, causes(both, pair))
                for pair in pairs_with_rows(one, two)
                if _changed(pair)
            ),
            unread=beside(shared_rows(one), shared_rows(two)),
        )
        if found.differences or found.unread or found.before is not found.after:
            yield found


#: All of an obligation but its days, which are others every day.
_FACTS = attrgetter(
    "window", "status", "late_days", "opens", "deadline", "last_done", "version_from"
)


def _changed(pair: PairWithRows) -> bool:
    if pair.before is None or pair.after is None:
        return True
    return bool(_FACTS(pair.before) != _FACTS(pair.after) or beside(*pair.rows))


def _worst_first(duty: DutyDifference) -> tuple[bool, int]:
    status = duty.after or duty.before
    rank = WORST_FIRST.index(status) if status else len(WORST_FIRST)
    return duty.before is duty.after, rank
