"""The rows that an assessment cites, each once under an id: gathered when it is written, and put
back where they are cited when it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.assessment import Assessment, CellShown, ItemShown, Remedy
from reports.json.document import RowDocument, RowView, SheetDocument

#: Where a row is: its file, its sheet, its register and its number.
_Place = tuple[str, str, str, int]


class UnknownId(Exception):
    """An id that nothing in the file has; ``str()`` of it is the id."""


@dataclass(slots=True)
class _Row:
    """A row as it is gathered: its cells by column, and the ways in which it is shown."""

    key: str = ""
    fingerprint: str = ""
    cells: dict[str, CellShown] = field(default_factory=dict)
    shown: dict[RowView, None] = field(default_factory=dict)

    def whole(self) -> RowView:
        """The row with all its cells, dated as it is where it is first shown."""
        return RowView(next((view.date for view in self.shown), None), tuple(self.cells))


class CitedRows:
    """The rows that an assessment cites, under ids in the order of their places."""

    def __init__(self, assessment: Assessment) -> None:
        self._gathered: dict[_Place, _Row] = {}
        self._items: dict[int, ItemShown] = {}  # the same row is cited by many
        for item in _items(assessment):
            if id(item) not in self._items:
                self._items[id(item)] = item
                self._add(item)
        for remedy in _repairs(assessment):
            self._gathered.setdefault(_remedied(remedy), _Row())
        self._ids: dict[_Place, str] = {
            place: f"r{number}" for number, place in enumerate(sorted(self._gathered), 1)
        }
        self._refs: dict[int, str] = {at: self._ref(item) for at, item in self._items.items()}

    def _add(self, item: ItemShown) -> None:
        row = self._gathered.setdefault(_place(item), _Row())
        row.key, row.fingerprint = item.key, item.fingerprint
        for cell in item.cells:
            row.cells.setdefault(cell.column, cell)
        row.shown.setdefault(_view(item))

    def _ref(self, item: ItemShown) -> str:
        place, view = _place(item), _view(item)
        row = self._gathered[place]
        others = [each for each in row.shown if each != row.whole()]
        return self._ids[place] + (f".{others.index(view) + 1}" if view in others else "")

    def ref(self, item: ItemShown) -> str:
        """What cites a row, shown as it is there."""
        return self._refs[id(item)]

    def refs(self, items: Sequence[ItemShown]) -> tuple[str, ...]:
        """What cites these rows."""
        return tuple([self._refs[id(each)] for each in items])

    def repaired(self, remedy: Remedy) -> str | None:
        """What cites the row that a remedy changes; None where it adds one."""
        return self._ids[_remedied(remedy)] if remedy.row else None

    def sheets(self) -> dict[str, SheetDocument]:
        """The sheets that have cited rows, under ids in their order."""
        columns: dict[tuple[str, str, str], dict[str, str]] = {}
        for place in self._ids:
            letters = columns.setdefault(place[:3], {})
            for name, cell in self._gathered[place].cells.items():
                if name not in letters:
                    letters[name] = cell.cell.removesuffix(str(place[3]))
        return {
            f"s{number}": SheetDocument(*sheet, letters)
            for number, (sheet, letters) in enumerate(columns.items(), 1)
        }

    def rows(self) -> Iterator[tuple[str, RowDocument]]:
        """The rows under their ids, in order."""
        sheets: dict[tuple[str, str, str], str] = {}
        for place, id_ in self._ids.items():
            row, sheet = self._gathered[place], sheets.setdefault(place[:3], f"s{len(sheets) + 1}")
            whole = row.whole()
            yield (
                id_,
                RowDocument(
                    sheet=sheet,
                    row=place[3],
                    key=row.key,
                    fingerprint=row.fingerprint,
                    date=whole.date,
                    cells={name: cell.value for name, cell in row.cells.items()},
                    views=tuple(each for each in row.shown if each != whole),
                ),
            )


def _items(assessment: Assessment) -> Iterator[ItemShown]:
    """Every row that the assessment shows, each time that it does."""
    for duty in assessment.duties:
        for group in duty.unread_rows:
            yield from group.rows
        for one in duty.obligations:
            yield from one.evidence
            yield from one.unreadable
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


def _view(item: ItemShown) -> RowView:
    return RowView(item.date, tuple([cell.column for cell in item.cells]))


class RowsById:
    """The rows of a file, by what cites them: each put together once."""

    def __init__(
        self, sheets: Mapping[str, SheetDocument], rows: Mapping[str, RowDocument]
    ) -> None:
        self._sheets = sheets
        self._rows = rows
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
        id_, _, number = ref.partition(".")
        try:
            row = self._rows[id_]
            sheet = self._sheets[row.sheet]
            view = row.views[int(number) - 1] if number else RowView(row.date, tuple(row.cells))
            cells = tuple(
                [
                    CellShown(f"{sheet.columns[name]}{row.row}", name, row.cells[name])
                    for name in view.cells
                ]
            )
        except (KeyError, IndexError):
            raise UnknownId(ref) from None
        place = sheet.file, sheet.sheet, row.row, sheet.register
        return ItemShown(*place, view.date, cells, row.fingerprint, row.key)
