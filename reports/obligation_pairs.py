"""The obligations of two assessments in pairs: the same duty, subject and window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
    before: dict[int, int] = {}  # places in news, with their places in olds
    for by_window in (True, False):
        gone = _grouped(olds, before.values(), by_window)
        come = _grouped(news, before, by_window)
        for name in gone.keys() & come.keys():
            # several of one subject and window in their order; of one subject alone, none is
            if by_window or len(gone[name]) == len(come[name]) == 1:
                before |= zip(come[name], gone[name], strict=False)
    for place, one in enumerate(news):
        yield Pair(olds[before[place]] if place in before else None, one)
    taken = set(before.values())
    yield from (Pair(one, None) for place, one in enumerate(olds) if place not in taken)


def _grouped(
    listed: Iterable[ObligationOutcome], taken: Iterable[int], by_window: bool
) -> dict[tuple[str, str], list[int]]:
    """The places of those that are not taken, by subject and window, or by subject alone."""
    groups, out = defaultdict[tuple[str, str], list[int]](list), set(taken)
    for place, one in enumerate(listed):
        if place not in out:
            groups[one.subject, one.window if by_window else ""].append(place)
    return groups
