"""The rows that two outcomes are based on, compared by their values and by their place.

An assessment shows the cells of a row that its rule reads, and a fingerprint of all its cells.
Rows are alike if the fingerprints are the same, or all cells that both show; one at another place
has moved, and one in the same place with other cells was changed. A cell of a sensitive column is
not shown: rows with one are alike only by the fingerprint, if there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome, ItemShown, ObligationOutcome
from engine.cited_rows import cited_rows, rows_of
from engine.obligation_pairs import Pair, pairs
from reports import words
from reports.places import cell_words, item_place

#: What is said of a changed row of which no changed cell is shown.
NOT_SHOWN = "a cell that is not shown here"

Place = tuple[str, str, str, int]
_RowPair = tuple[ItemShown, ItemShown]


class KnownRows:
    """The rows of evidence that an assessment is known to have had: those that it cites."""

    def __init__(self, assessment: Assessment) -> None:
        mapping = assessment.mapping.sha256 if assessment.mapping else ""  # reads other rows
        self._files = {stamp.file: (stamp.sha256, mapping) for stamp in assessment.evidence}
        self._fingerprints = {item.fingerprint for _, item in cited_rows(assessment)} - {""}

    def among(self, other: KnownRows, item: ItemShown) -> bool:
        """Whether the other assessment had a row of this one too: in the same file, or because it
        cites it as well."""
        same_file = other._files.get(item.file) == self._files.get(item.file, ("", ""))
        return same_file or item.fingerprint in other._fingerprints


def place_of(item: ItemShown) -> Place:
    """The place of an item."""
    return item.register, item.file, item.sheet, item.row


def shared_rows(duty: DutyOutcome | None) -> tuple[ItemShown, ...]:
    """The unread rows that several obligations of a duty point to."""
    return tuple(item for group in duty.unread_rows for item in group.rows) if duty else ()


class SharedRows:
    """The unread rows that several obligations of one duty point to, by fingerprint and place."""

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
        items = (
            self._of.get((group.id, item.fingerprint)) or self._at.get((group.id, place_of(item)))
            for group in (one.unread_groups if one else ())
            for item in others
        )
        return tuple({place_of(item): item for item in items if item}.values())


@dataclass(frozen=True, slots=True)
class PairWithRows(Pair):
    """One obligation before and after, with the ``rows`` of each; of the unread rows that it shares
    with others, those that the other side's obligation cites."""

    rows: tuple[tuple[ItemShown, ...], tuple[ItemShown, ...]]


def pairs_with_rows(old: DutyOutcome | None, new: DutyOutcome | None) -> Iterator[PairWithRows]:
    """The obligations of one duty paired, each with its rows."""
    shared = SharedRows(old), SharedRows(new)
    for pair in pairs(old, new):
        before = rows_of(pair.before) if pair.before else ()
        after = rows_of(pair.after) if pair.after else ()
        more = shared[0].beside(pair.before, after), shared[1].beside(pair.after, before)
        yield PairWithRows(pair.before, pair.after, ((*before, *more[0]), (*after, *more[1])))


@dataclass(frozen=True, slots=True)
class RowsBeside:
    """The differences: rows of the first outcome alone, rows of the second alone, and rows in one
    place with other cells. Rows that only moved are in none of them."""

    gone: tuple[ItemShown, ...]
    come: tuple[ItemShown, ...]
    changed: tuple[_RowPair, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.come or self.changed)


def beside(first: Sequence[ItemShown], second: Sequence[ItemShown]) -> RowsBeside:
    """The rows of two outcomes compared: rows in their place are matched first, then moved rows,
    by their fingerprint or all their cells, then rows in one place with other cells."""
    gone, come = list(first), list(second)
    for key, fits in ((place_of, _alike), (_print, None)):
        gone, come, _ = _matched(gone, come, key, fits)
    gone, come, changed = _matched(gone, come, place_of)
    return RowsBeside(tuple(gone), tuple(come), tuple(changed))


def _matched(
    gone: Sequence[ItemShown],
    come: Sequence[ItemShown],
    key: Callable[[ItemShown], object],
    fits: Callable[[ItemShown, ItemShown], bool] | None = None,
) -> tuple[list[ItemShown], list[ItemShown], list[_RowPair]]:
    """The rows of both sides that are left over, and the pairs with equal keys that fit."""
    by_key: dict[object, list[int]] = defaultdict(list)
    for number, other in enumerate(come):
        by_key[key(other)].append(number)
    left: list[ItemShown] = []
    pairs: dict[int, _RowPair] = {}
    for item in gone:
        numbers = by_key[key(item)]
        match = next((n for n in numbers if fits is None or fits(item, come[n])), None)
        if match is None:
            left.append(item)
        else:
            numbers.remove(match)
            pairs[match] = item, come[match]
    rest = [other for number, other in enumerate(come) if number not in pairs]
    return left, rest, list(pairs.values())


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
    """``F14 completed on: 2 May 2026, now 3 May 2026``, for each cell with another value."""
    before = _values(one)
    changed = [
        f"{cell.cell} {cell.column}: {_value(before[cell.column])}, now {_value(cell.value)}"
        for cell in two.cells
        if cell.column in before and before[cell.column] != cell.value
    ]
    return "; ".join(changed) or NOT_SHOWN


def _value(text: str | None) -> str:
    return words.cell_value(text) if text else "blank"


def row_words(item: ItemShown) -> str:
    """The place and the cells of a row: ``office.xlsx, Training sheet, row 14 (F14 …)``."""
    cells = cell_words(item)
    return item_place(item) + (f" ({cells})" if cells else "")
