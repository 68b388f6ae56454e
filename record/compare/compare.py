"""Two checks compared: the differences of their inputs and results, and their causes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from engine.assessment import Assessment
from engine.outcome import WORST_FIRST, Status
from record.compare.causes import Both, causes
from record.compare.input_changes import InputChange, Side, stamped
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
    """One obligation with another result, and the possible causes."""

    pair: PairWithRows
    causes: tuple[InputChange, ...]


@dataclass(frozen=True, slots=True)
class DutyDifference:
    """One duty with another status or other obligations. ``before`` and ``after`` are None if it is
    not in that assessment. ``unread`` are the differences among the unread rows that several of
    its obligations point to."""

    id: str
    title: str
    before: Status | None
    after: Status | None
    differences: tuple[Difference, ...]
    unread: RowsBeside


@dataclass(frozen=True, slots=True)
class Comparison:
    """``stamps`` are the differences of the inputs. ``alone`` is the kind of the only one, which
    then is the cause of all; '' if there are several or none. ``same``: the two assessments are
    the same bytes. ``duties`` is None if an assessment was pruned."""

    one: Side
    two: Side
    stamps: tuple[InputChange, ...]
    alone: str
    same: bool
    duties: tuple[DutyDifference, ...] | None


def compare(one: Side, two: Side) -> Comparison:
    """The first check compared with the second, the worst duties of the second first."""
    stamps = stamped(one, two)
    alone = stamps[0].kind if len(stamps) == 1 else ""
    same = one.entry.assessment == two.entry.assessment
    duties = None
    if one.assessment is not None and two.assessment is not None:
        kinds = frozenset(stamp.kind for stamp in stamps)
        differences = _duties(one.assessment, two.assessment, kinds)
        duties = tuple(sorted(differences, key=_worst_first))
    return Comparison(one, two, stamps, alone, same, duties)


def _duties(old: Assessment, new: Assessment, kinds: frozenset[str]) -> Iterator[DutyDifference]:
    before = {duty.id: duty for duty in old.duties}
    after = {duty.id: duty for duty in new.duties}
    rows = KnownRows(old), KnownRows(new)
    for id_ in dict.fromkeys((*after, *before)):
        one, two = before.get(id_), after.get(id_)
        both = Both(old, new, one, two, kinds, rows)
        difference = DutyDifference(
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
        same = difference.before is difference.after
        if difference.differences or difference.unread or not same:
            yield difference


#: The fields of an obligation that are compared: not its days, which change every day.
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
