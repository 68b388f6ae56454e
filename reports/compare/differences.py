"""The duties and obligations that came out otherwise in a second assessment, each with its
causes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from engine.assessment import Assessment, CauseShown
from engine.outcome import WORST_FIRST, Status
from reports import view
from reports.compare.causes import Both, causes
from reports.compare.row_index import RowIndex, registers_of
from reports.compare.row_pairs import (
    KnownRows,
    PairWithRows,
    RowsBeside,
    beside,
    pairs_with_rows,
    shared_rows,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One obligation with another result."""

    pair: PairWithRows
    both: Both

    @property
    def causes(self) -> tuple[CauseShown, ...]:
        """The possible causes, worked out only when asked for: reports show few of them."""
        return causes(self.both, self.pair)


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


def duty_differences(
    old: Assessment, new: Assessment, kinds: frozenset[str], index: RowIndex | None = None
) -> tuple[DutyDifference, ...]:
    """The duties that came out otherwise, the worst of the second first."""
    found = _duties(old, new, kinds, index or RowIndex(old, new))
    return tuple(sorted(found, key=_worst_first))


def _duties(
    old: Assessment, new: Assessment, kinds: frozenset[str], index: RowIndex
) -> Iterator[DutyDifference]:
    before = {duty.id: duty for duty in old.duties}
    after = {duty.id: duty for duty in new.duties}
    rows = KnownRows(old), KnownRows(new)
    for id_ in dict.fromkeys((*after, *before)):
        one, two = before.get(id_), after.get(id_)
        read = registers_of(one) | registers_of(two)
        both = Both(old, new, one, two, read, kinds, rows, index)
        difference = DutyDifference(
            id=id_,
            title=view.named(after.get(id_) or before[id_]),
            before=one.status if one else None,
            after=two.status if two else None,
            differences=tuple(
                Difference(pair, both) for pair in pairs_with_rows(one, two) if _changed(pair)
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
