"""The obligations of two assessments in pairs: the same duty, subject and window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.assessment import DutyOutcome, ObligationOutcome

_Name = Callable[[ObligationOutcome], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """One obligation before and after: None for a new one, and for one that is gone."""

    before: ObligationOutcome | None
    after: ObligationOutcome | None

    @property
    def shown(self) -> ObligationOutcome:
        """The later obligation or, if it is gone, the earlier one."""
        obligation = self.after or self.before
        assert obligation is not None, "a pair has one of the two at least"
        return obligation


def pairs(old: DutyOutcome | None, new: DutyOutcome | None) -> Iterator[Pair]:
    """The obligations of one duty in two assessments, in pairs: first those of the new assessment.

    Two obligations are a pair if they have the same subject and window, or if each is the only one
    left of its subject: then a later window has replaced the earlier one. A subject that is named
    by its row number is recognised by the fingerprint of the row.
    """
    olds = old.obligations if old else ()
    news = new.obligations if new else ()
    before: dict[int, int] = {}  # places in news, with their places in olds
    for name_of in (_row_and_window, _subject_and_window, _subject):
        gone = _grouped(olds, before.values(), name_of)
        come = _grouped(news, before, name_of)
        for name in gone.keys() & come.keys():
            # Several with one subject and window are paired in their order. With only the subject
            # in common, several are not paired.
            if name_of is not _subject or len(gone[name]) == len(come[name]) == 1:
                before |= zip(come[name], gone[name], strict=False)
    for place, obligation in enumerate(news):
        yield Pair(olds[before[place]] if place in before else None, obligation)
    paired = set(before.values())
    yield from (
        Pair(obligation, None) for place, obligation in enumerate(olds) if place not in paired
    )


def _grouped(
    obligations: Iterable[ObligationOutcome], left_out: Iterable[int], name_of: _Name
) -> dict[tuple[str, str], list[int]]:
    """The places of the obligations that are not left out, by their names."""
    groups = defaultdict[tuple[str, str], list[int]](list)
    excluded = set(left_out)
    for place, obligation in enumerate(obligations):
        name = None if place in excluded else name_of(obligation)
        if name is not None:
            groups[name].append(place)
    return groups


def _row_and_window(one: ObligationOutcome) -> tuple[str, str] | None:
    """The fingerprint of the row by whose number the subject is named, and the window."""
    row = one.listed_at or next(iter(one.unreadable), None)
    if row is None or not row.fingerprint or not one.subject.startswith(f"row {row.row}"):
        return None
    return row.fingerprint, one.window


def _subject_and_window(one: ObligationOutcome) -> tuple[str, str]:
    return one.subject, one.window


def _subject(one: ObligationOutcome) -> tuple[str, str]:
    return one.subject, ""
