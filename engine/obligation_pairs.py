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
        obligation = self.after or self.before
        assert obligation is not None, "a pair has one of the two at least"
        return obligation


def pairs(old: DutyOutcome | None, new: DutyOutcome | None) -> Iterator[Pair]:
    """The obligations of one duty, the new assessment's first. Two are a pair where subject and
    window are the same, and where one subject has a single one left in each assessment: a later
    window replaced the earlier one."""
    olds, news = old.obligations if old else (), new.obligations if new else ()
    before: dict[int, int] = {}  # places in news, with their places in olds
    for by_window in (True, False):
        gone = _grouped(olds, before.values(), by_window)
        come = _grouped(news, before, by_window)
        for name in gone.keys() & come.keys():
            # several of one subject and window pair in their order; of one subject alone, none does
            if by_window or len(gone[name]) == len(come[name]) == 1:
                before |= zip(come[name], gone[name], strict=False)
    for place, obligation in enumerate(news):
        yield Pair(olds[before[place]] if place in before else None, obligation)
    paired = set(before.values())
    yield from (
        Pair(obligation, None) for place, obligation in enumerate(olds) if place not in paired
    )


def _grouped(
    obligations: Iterable[ObligationOutcome], left_out: Iterable[int], by_window: bool
) -> dict[tuple[str, str], list[int]]:
    """The places of the obligations that are not left out, by subject and window, or by subject
    alone."""
    groups, excluded = defaultdict[tuple[str, str], list[int]](list), set(left_out)
    for place, obligation in enumerate(obligations):
        if place not in excluded:
            groups[obligation.subject, obligation.window if by_window else ""].append(place)
    return groups
