"""The obligations of two assessments paired, and whether one became another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.assessment import DutyOutcome, ItemShown, ObligationOutcome
from record.compare.row_pairs import SharedRows, beside, rows_of

#: The rows that each of two obligations rests on.
_Rests = tuple[tuple[ItemShown, ...], tuple[ItemShown, ...]]


@dataclass(frozen=True, slots=True)
class Pair:
    """One obligation before and after: None for a new one, and for one that is gone. ``rows`` are
    those that each rests on; of the unread rows that it shares with others, those that the other
    side's obligation cites."""

    before: ObligationOutcome | None
    after: ObligationOutcome | None
    rows: _Rests

    @property
    def shown(self) -> ObligationOutcome:
        """The one that there is, the later of two."""
        found = self.after or self.before
        assert found is not None, "a pair has one of the two at least"
        return found

    @property
    def changed(self) -> bool:
        """Whether anything but the count of days, which moves every day, is another."""
        if self.before is None or self.after is None:
            return True
        return _told(self.before) != _told(self.after) or bool(beside(*self.rows))


def _told(one: ObligationOutcome) -> tuple[object, ...]:
    return (
        one.window,
        one.status,
        one.late_days,
        one.opens,
        one.deadline,
        one.last_done,
        one.version_from,
    )


def pairs(old: DutyOutcome | None, new: DutyOutcome | None) -> Iterator[Pair]:
    """The obligations of one duty, the new assessment's first. They are the same one where subject
    and window are; and where one subject has a single one left in each, a later window took the
    earlier one's place."""
    gone = list(old.obligations) if old else []
    come = list(new.obligations) if new else []
    found = _paired(gone, come, by_window=True)
    found |= _paired(gone, come, by_window=False)
    shared = SharedRows(old), SharedRows(new)
    for one in new.obligations if new else ():
        before = found.get(id(one))
        yield Pair(before, one, _rests(shared, before, one))
    for one in gone:
        yield Pair(one, None, _rests(shared, one, None))


def _rests(
    shared: tuple[SharedRows, SharedRows],
    before: ObligationOutcome | None,
    after: ObligationOutcome | None,
) -> _Rests:
    old = rows_of(before) if before else ()
    new = rows_of(after) if after else ()
    return (*old, *shared[0].beside(before, new)), (*new, *shared[1].beside(after, old))


def _paired(
    gone: list[ObligationOutcome], come: list[ObligationOutcome], *, by_window: bool
) -> dict[int, ObligationOutcome]:
    """Takes the pairs out of both lists: the earlier one by the later one's identity. Several of
    one subject and window are paired in their order; of one subject alone, none of several is."""
    olds, news = _grouped(gone, by_window), _grouped(come, by_window)
    found: dict[int, ObligationOutcome] = {}
    for name in olds.keys() & news.keys():
        if by_window or len(olds[name]) == len(news[name]) == 1:
            matched = zip(olds[name], news[name], strict=False)
            found |= {id(two): one for one, two in matched}
    taken = {id(one) for one in found.values()}
    gone[:] = [one for one in gone if id(one) not in taken]
    come[:] = [one for one in come if id(one) not in found]
    return found


def _grouped(
    listed: Iterable[ObligationOutcome], by_window: bool
) -> dict[tuple[str, str], list[ObligationOutcome]]:
    groups: dict[tuple[str, str], list[ObligationOutcome]] = defaultdict(list)
    for one in listed:
        groups[one.subject, one.window if by_window else ""].append(one)
    return groups
