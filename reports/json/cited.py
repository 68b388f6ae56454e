"""The rows that an assessment cites, each once under its sheet: gathered when it is written, and
put back where they are cited when it is read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.assessment import Assessment, CellShown, ItemShown, Remedy
from engine.outcome import Status
from reports.json.document import RowDocument, SheetDocument

#: Where a row is: its file, its sheet, its register and its number.
_Place = tuple[str, str, str, int]
#: How a row is shown: the day that dates it, and the letters of the columns of its cells.
_View = tuple[datetime.date | None, tuple[str, ...]]


class UnknownId(Exception):
    """An id that nothing in the file has; ``str()`` of it is the id."""


@dataclass(slots=True)
class _GatheredRow:
    """A row as it is gathered: its cells by letters, and the ways in which it is shown."""

    key: str = ""
    fingerprint: str = ""
    cells: dict[str, CellShown] = field(default_factory=dict)
    views: dict[_View, None] = field(default_factory=dict)

    def whole(self) -> _View:
        """The row with all its cells, dated as it is where it is first shown."""
        return next((day for day, _ in self.views), None), tuple(self.cells)


class AssessmentRows:
    """The rows that an assessment cites: ``sheets`` are those that have some, under ids in their
    order, and ``rows`` gives the rows of each."""

    def __init__(self, assessment: Assessment) -> None:
        self._gathered: dict[_Place, _GatheredRow] = {}
        items: dict[int, ItemShown] = {}  # the same object is cited by many
        for item in _items(assessment):
            if id(item) not in items:
                items[id(item)] = item
                self._add(item)
        for remedy in _repairs(assessment):
            self._gathered.setdefault(_remedied(remedy), _GatheredRow())
        self._gathered = dict(sorted(self._gathered.items()))
        sheets = dict.fromkeys((file, sheet, reg) for file, sheet, reg, _ in self._gathered)
        self._ids = {sheet: f"s{number}" for number, sheet in enumerate(sheets, 1)}
        self._views: dict[str, dict[tuple[tuple[str, ...], int], int]] = {
            id_: {} for id_ in self._ids.values()
        }
        self._numbers = {place: self._numbered(place) for place in self._gathered}
        self._refs = {at: self._ref(item) for at, item in items.items()}
        self._items = items

    def _add(self, item: ItemShown) -> None:
        row = self._gathered.setdefault(_place(item), _GatheredRow())
        row.key, row.fingerprint = item.key, item.fingerprint
        for cell in item.cells:
            row.cells.setdefault(_letters(cell, item.row), cell)
        row.views.setdefault(_view(item))

    def _numbered(self, place: _Place) -> dict[_View, int]:
        """The number of each view of a row that does not show all its cells, or under another day:
        that of its letters in its sheet. Where a row is shown twice by the same letters, under two
        days, they have two numbers."""
        row, known = self._gathered[place], self._views[self._ids[place[:3]]]
        found: dict[_View, int] = {}
        times: dict[tuple[str, ...], int] = {}
        for view in row.views:
            if view != row.whole():
                times[view[1]] = time = times.get(view[1], 0) + 1
                found[view] = known.setdefault((view[1], time), len(known) + 1)
        return found

    def _ref(self, item: ItemShown) -> str:
        place = _place(item)
        number = self._numbers[place].get(_view(item))
        return self._row_id(place) + (f".{number}" if number else "")

    def _row_id(self, place: _Place) -> str:
        return f"{self._ids[place[:3]]}.{place[3]}"

    def ref(self, item: ItemShown) -> str:
        """What cites a row, shown as it is there."""
        return self._refs[id(item)]

    def refs(self, items: Sequence[ItemShown]) -> tuple[str, ...]:
        """What cites these rows."""
        return tuple([self._refs[id(each)] for each in items])

    def repaired(self, remedy: Remedy) -> str | None:
        """What cites the row that a remedy changes; None where it adds one."""
        return self._row_id(_remedied(remedy)) if remedy.row else None

    def sheets(self) -> Iterator[tuple[str, SheetDocument]]:
        """The sheets under their ids, each with its rows."""
        columns: dict[str, dict[str, str]] = {id_: {} for id_ in self._ids.values()}
        rows: dict[str, dict[str, RowDocument]] = {id_: {} for id_ in self._ids.values()}
        for place, row in self._gathered.items():
            id_ = self._ids[place[:3]]
            rows[id_][str(place[3])] = self._document(place, row)
            for letters, cell in row.cells.items():
                columns[id_].setdefault(letters, cell.column)
        for sheet, id_ in self._ids.items():
            views = tuple(letters for letters, _ in self._views[id_])
            yield id_, SheetDocument(*sheet, columns[id_], views, rows[id_])

    def _document(self, place: _Place, row: _GatheredRow) -> RowDocument:
        day = row.whole()[0]
        numbers = self._numbers[place].items()
        return RowDocument(
            key=row.key,
            fingerprint=row.fingerprint,
            date=day,
            cells={letters: cell.value for letters, cell in row.cells.items()},
            dates={str(number): view[0] for view, number in numbers if view[0] != day},
        )


def _items(assessment: Assessment) -> Iterator[ItemShown]:
    """Every row that the assessment shows, each time that it does."""
    for duty in assessment.duties:
        for unread in duty.unread_rows:
            yield from unread.rows
        for one in duty.obligations:
            yield from one.evidence
            yield from one.unreadable
            for group in one.rejected:
                yield from (each.item for each in group.rows)
            if one.listed_at is not None:
                yield one.listed_at
        for entry in duty.history:
            yield from entry.evidence


def _repairs(assessment: Assessment) -> Iterator[Remedy]:
    """The remedies that change a row."""
    for duty in assessment.duties:
        for one in duty.obligations:
            yield from (each for each in one.would_be_met_by if each.row)


def _place(item: ItemShown) -> _Place:
    return item.file, item.sheet, item.register, item.row


def _remedied(remedy: Remedy) -> _Place:
    return remedy.file, remedy.sheet, remedy.register, remedy.row


def _view(item: ItemShown) -> _View:
    return item.date, tuple([_letters(cell, item.row) for cell in item.cells])


def _letters(cell: CellShown, row: int) -> str:
    return cell.cell.removesuffix(str(row))


class RowsById:
    """The rows of a file, by what cites them: each put together once."""

    def __init__(self, sheets: Mapping[str, SheetDocument]) -> None:
        self._sheets = sheets
        self._made: dict[str, ItemShown] = {}

    def item(self, ref: str) -> ItemShown:
        """The row that is cited. Raises UnknownId where there is none."""
        if ref not in self._made:
            self._made[ref] = self._item(ref)
        return self._made[ref]

    def items(self, refs: Sequence[str]) -> tuple[ItemShown, ...]:
        """The rows that are cited. Raises UnknownId as above."""
        return tuple([self.item(ref) for ref in refs])

    def _item(self, ref: str) -> ItemShown:
        id_, number, *view = ref.split(".")
        try:
            sheet = self._sheets[id_]
            row = sheet.rows[number]
            letters = sheet.views[int(view[0]) - 1] if view else tuple(row.cells)
            date = row.dates.get(view[0], row.date) if view else row.date
            cells = [CellShown(f"{k}{number}", sheet.columns[k], row.cells[k]) for k in letters]
        except (KeyError, IndexError):
            raise UnknownId(ref) from None
        place = sheet.file, sheet.sheet, int(number), sheet.register
        return ItemShown(*place, date, tuple(cells), row.fingerprint, row.key)


def usual_subject(listed_at: ItemShown | None) -> str:
    """The subject of an obligation where the file does not say it."""
    return listed_at.key if listed_at is not None else "office"


def usual_rule(duty: str, status: Status) -> str:
    """The rule that fired where the file does not say it."""
    return f"{duty}/{status.value}"
