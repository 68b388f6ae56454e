"""The rows that two outcomes rest on, set beside each other: by their values, and by their place.

An assessment shows of a row the cells that its rule reads, and a fingerprint of all its cells.
Rows are alike where that is the same, or all cells that both show are; one that stands elsewhere
has moved, and one in the same place with other cells was changed. A cell of a sensitive column is
not shown: rows with one are alike only by the fingerprint, where there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome, ItemShown, ObligationOutcome
from reports import words
from reports.obligation_pairs import Pair, pairs
from reports.places import cell_words, item_place

Place = tuple[str, str, str, int]
_RowPair = tuple[ItemShown, ItemShown]


class KnownRows:
    """The rows of evidence that an assessment is known to have been given. It shows only those that
    it cites, so of any other row it cannot be told whether it was among them."""

    def __init__(self, assessment: Assessment) -> None:
        self._files = {each.file: each.sha256 for each in assessment.evidence}
        self._fingerprints = {item.fingerprint for item in _cited(assessment)} - {""}

    def among(self, other: KnownRows, item: ItemShown) -> bool:
        """Whether a row of this assessment was given to the other one too: in the same file, or
        because that one cites it as well."""
        same_file = other._files.get(item.file) == self._files.get(item.file, "")
        return same_file or item.fingerprint in other._fingerprints


def place_of(item: ItemShown) -> Place:
    """Where an item stands."""
    return item.register, item.file, item.sheet, item.row


def rows_of(one: ObligationOutcome) -> tuple[ItemShown, ...]:
    """Every row that an obligation rests on: what met it, what alone might have, and what lists
    it."""
    listed = (one.listed_at,) if one.listed_at else ()
    return (*one.evidence, *one.unreadable, *listed)


def shared_rows(duty: DutyOutcome | None) -> tuple[ItemShown, ...]:
    """The unread rows that several obligations of a duty point to."""
    return tuple(item for group in duty.unread_rows for item in group.rows) if duty else ()


class SharedRows:
    """The unread rows that several obligations of one duty point to, looked up by what they are and
    by where they stand."""

    def __init__(self, duty: DutyOutcome | None) -> None:
        self._at: dict[tuple[str, Place], ItemShown] = {}
        self._of: dict[tuple[str, str], ItemShown] = {}
        for group in duty.unread_rows if duty else ():
            for item in group.rows:
                self._at[group.id, place_of(item)] = item
                if item.fingerprint:
                    self._of.setdefault((group.id, item.fingerprint), item)

    def beside(
        self, one: ObligationOutcome | None, others: Sequence[ItemShown]
    ) -> tuple[ItemShown, ...]:
        """The rows that ``one`` points to and that are among ``others``, as they were here."""
        found = (
            self._of.get((group.id, item.fingerprint)) or self._at.get((group.id, place_of(item)))
            for group in (one.unread_groups if one else ())
            for item in others
        )
        return tuple({place_of(item): item for item in found if item}.values())


@dataclass(frozen=True, slots=True)
class PairWithRows(Pair):
    """One obligation before and after. ``rows`` are those that each rests on; of the unread rows
    that it shares with others, those that the other side's obligation cites."""

    rows: tuple[tuple[ItemShown, ...], tuple[ItemShown, ...]]


def pairs_with_rows(old: DutyOutcome | None, new: DutyOutcome | None) -> Iterator[PairWithRows]:
    """The obligations of one duty paired, each with its rows."""
    shared = SharedRows(old), SharedRows(new)
    for pair in pairs(old, new):
        before = rows_of(pair.before) if pair.before else ()
        after = rows_of(pair.after) if pair.after else ()
        more = shared[0].beside(pair.before, after), shared[1].beside(pair.after, before)
        yield PairWithRows(pair.before, pair.after, ((*before, *more[0]), (*after, *more[1])))


def _cited(assessment: Assessment) -> Iterator[ItemShown]:
    for duty in assessment.duties:
        for obligation in duty.obligations:
            yield from rows_of(obligation)
        for group in duty.unread_rows:
            yield from group.rows
        for past in duty.history:
            yield from past.evidence


@dataclass(frozen=True, slots=True)
class RowsBeside:
    """What is different: rows of the first outcome alone, rows of the second alone, and rows in
    one place whose cells are others. Rows that only moved are in none of them."""

    gone: tuple[ItemShown, ...]
    come: tuple[ItemShown, ...]
    changed: tuple[_RowPair, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.come or self.changed)


def beside(first: Sequence[ItemShown], second: Sequence[ItemShown]) -> RowsBeside:
    """The rows of two outcomes set beside each other: those in their place first, then moved ones,
    then those whose cells were changed."""
    gone, come = list(first), list(second)
    _take(gone, come, lambda one, two: place_of(one) == place_of(two) and _alike(one, two))
    _take(gone, come, _alike)
    changed = _take(gone, come, lambda one, two: place_of(one) == place_of(two))
    return RowsBeside(tuple(gone), tuple(come), tuple(changed))


def _take(
    gone: list[ItemShown], come: list[ItemShown], fits: Callable[[ItemShown, ItemShown], bool]
) -> list[_RowPair]:
    """Takes out of both lists the pairs that fit, and returns them."""
    pairs: list[_RowPair] = []
    for one in list(gone):
        two = next((each for each in come if fits(one, each)), None)
        if two is not None:
            pairs.append((one, two))
            gone.remove(one)
            come.remove(two)
    return pairs


def by_place(first: Sequence[ItemShown], second: Sequence[ItemShown]) -> RowsBeside:
    """As :func:`beside`, for many rows: in time that grows with their number, rows that moved known
    by their fingerprint or by all cells that are shown."""
    gone, come = ({place_of(item): item for item in rows} for rows in (first, second))
    for place in gone.keys() & come.keys():
        if _alike(gone[place], come[place]):
            del gone[place], come[place]
    there: dict[object, list[Place]] = defaultdict(list)
    for place, item in come.items():
        there[_print(item)].append(place)
    for place, item in list(gone.items()):
        if there[_print(item)]:  # it stands elsewhere now
            del gone[place], come[there[_print(item)].pop()]
    return RowsBeside(
        tuple(item for place, item in gone.items() if place not in come),
        tuple(item for place, item in come.items() if place not in gone),
        tuple((item, come[place]) for place, item in gone.items() if place in come),
    )


def _print(item: ItemShown) -> object:
    return item.fingerprint or (item.register, *((c.column, c.value) for c in item.cells))


def _values(item: ItemShown) -> dict[str, str | None]:
    return {cell.column: cell.value for cell in item.cells}


def _alike(one: ItemShown, two: ItemShown) -> bool:
    if one.fingerprint and one.fingerprint == two.fingerprint:
        return True
    first, second = _values(one), _values(two)
    both = first.keys() & second.keys()
    same = all(first[name] == second[name] for name in both)
    hidden = None in first.values() and bool(one.fingerprint and two.fingerprint)
    return one.register == two.register and bool(both) and same and not hidden


def cells_changed(one: ItemShown, two: ItemShown) -> str:
    """``F14 completed on: 2 May 2026, now 3 May 2026``, for each cell that is another."""
    before = _values(one)
    changed = [
        f"{cell.cell} {cell.column}: {_value(before[cell.column])}, now {_value(cell.value)}"
        for cell in two.cells
        if cell.column in before and before[cell.column] != cell.value
    ]
    return "; ".join(changed) or "a cell that is not shown here"


def _value(text: str | None) -> str:
    return words.cell_value(text) if text else "blank"


def row_words(item: ItemShown) -> str:
    """Where a row stands and what it shows: ``office.xlsx, Training sheet, row 14 (F14 …)``."""
    cells = cell_words(item)
    return item_place(item) + (f" ({cells})" if cells else "")
