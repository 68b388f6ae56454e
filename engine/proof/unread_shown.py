"""The unread rows of a duty as its outcome shows them: those that might have met one obligation
alone with it, those that might have met several once, in groups to which these point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.assessment import ItemShown, UnreadPointer, UnreadRows
from engine.proof.citations import CitationCache
from engine.proof.unread import UnreadSet


class UnreadShown:
    """The unread rows of one duty: ``groups`` are those that stand with the duty itself, in the
    order of the obligations that first point to them."""

    def __init__(
        self, duty: str, sets: Iterable[Sequence[UnreadSet]], citations: CitationCache
    ) -> None:
        """``sets``: the unread rows of each obligation that is not met."""
        self._citations = citations
        among = Counter(each for several in sets for each in several)
        shared = [each for each, count in among.items() if count > 1 and not each.own]
        ids = [f"{duty}-unread-{number}" for number in range(1, len(shared) + 1)]
        self.groups = tuple(map(self._group, ids, shared))
        self._pointers = {
            each: UnreadPointer(id_, len(each.rows)) for id_, each in zip(ids, shared, strict=True)
        }

    def pointers(self, sets: Sequence[UnreadSet]) -> tuple[UnreadPointer, ...]:
        """Points to those of the rows that stand with the duty."""
        return tuple(self._pointers[each] for each in sets if each in self._pointers)

    def rows(self, sets: Sequence[UnreadSet]) -> tuple[ItemShown, ...]:
        """Those of the rows that stand with the obligation, in the order of the register."""
        alone = [each for each in sets if each not in self._pointers]
        rows = sorted({(at, each) for each in alone for at in each.rows}, key=lambda one: one[0])
        return tuple(self._row(each, at) for at, each in rows)

    def _row(self, found: UnreadSet, at: int) -> ItemShown:
        return self._citations.shown(found.register, found.columns, *found.dated).row(at)

    def _group(self, id_: str, found: UnreadSet) -> UnreadRows:
        return UnreadRows(
            id=id_,
            register=found.register,
            title=self._citations.table(found.register).register.title,
            column=found.silent,
            rows=tuple(self._row(found, at) for at in found.rows),
        )
