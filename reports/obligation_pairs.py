"""The obligations of two assessments in pairs: the same duty, subject and window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from engine.assessment import DutyOutcome, ObligationOutcome


@dataclass(frozen=True, slots=True)
class Pair:
    """One obligation before and after: None for a new one, and for one that is gone."""

    before: ObligationOutcome | None
    after: ObligationOutcome | None

    @property
    def shown(self) -> ObligationOutcome:
        """The one that there is, the later of two."""
        found = self.after or self.before
        assert found is not None, "a pair has one of the two at least"
        return found


def pairs(old: DutyOutcome | None, new: DutyOutcome | None) -> Iterator[Pair]:
    """The obligations of one duty, the new assessment's first. They are the same one where subject
    and window are; and where one subject has a single one left in each, a later window took the
    earlier one's place."""
    olds, news = old.obligations if old else (), new.obligations if new else ()
    before: dict[int, int] = {}
    _match(olds, news, before, by_window=True)
    _match(olds, news, before, by_window=False)
    for place, one in enumerate(news):
        yield Pair(olds[before[place]] if place in before else None, one)
    taken = set(before.values())
    for place, one in enumerate(olds):
        if place not in taken:
            yield Pair(one, None)


def _match(
    olds: Sequence[ObligationOutcome],
    news: Sequence[ObligationOutcome],
    before: dict[int, int],
    *,
    by_window: bool,
) -> None:
    """Adds pairs to ``before``, places in ``news`` with their places in ``olds``. Several of one
    subject and window are paired in their order; of one subject alone, none of several is."""
    gone = _grouped(olds, set(before.values()), by_window)
    come = _grouped(news, set(before), by_window)
    for name in gone.keys() & come.keys():
        if by_window or len(gone[name]) == len(come[name]) == 1:
            before |= zip(come[name], gone[name], strict=False)


def _grouped(
    listed: Iterable[ObligationOutcome], taken: Set[int], by_window: bool
) -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(listed):
        if place not in taken:
            groups[one.subject, one.window if by_window else ""].append(place)
    return groups
