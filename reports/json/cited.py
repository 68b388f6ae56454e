"""The rows that an assessment cites, each once under its sheet: gathered when it is written, and
put back where they are cited when it is read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.assessment import Assessment, ItemShown, Remedy, RowLook
from engine.outcome import Status
from reports.json.document import RowDocument, SheetDocument

#: Where a row is: its file, its sheet, its register and the part of the sheet.
_Sheet = tuple[str, str, str, str]
#: Between the letters of a cell and the column that it is read as, where it is read as several.
_AND = ":"
#: How a row is shown: the day that dates it, and the letters of the columns of its cells.
_View = tuple[datetime.date | None, tuple[str, ...]]


class UnknownId(Exception):
    """An id that nothing in the file has; ``str()`` of it is the id."""


class AssessmentRows:
    """The rows that an assessment cites: each once under its sheet, and what cites them."""

    def __init__(self, assessment: Assessment) -> None:
        once = {id(item): item for item in _items(assessment)}  # the same object is cited by many
        gathered: dict[_Sheet, dict[int, list[ItemShown]]] = {}
        for item in once.values():
            gathered.setdefault(_sheet(item), {}).setdefault(item.row, []).append(item)
        for remedy in _repairs(assessment):
            gathered.setdefault(_sheet(remedy), {}).setdefault(remedy.row, [])
        self._cited = once  # keeps the objects, whose ids are the keys of _refs
        self._refs: dict[int, str] = {}
        self._ids: dict[_Sheet, str] = {}
        self._sheets: dict[str, SheetDocument] = {}
        for number, sheet in enumerate(sorted(gathered), 1):
            self._ids[sheet] = id_ = f"s{number}"
            self._sheets[id_] = self._document(id_, sheet, gathered[sheet])

    def _document(
        self, id_: str, sheet: _Sheet, gathered: Mapping[int, Sequence[ItemShown]]
    ) -> SheetDocument:
        """A sheet with its rows. A view of a row that does not show all its cells, or under another
        day, has a number: that of its letters in the sheet. Where a row is shown twice by the same
        letters, under two days, they have two numbers."""
        keys = _cell_keys(item.look for items in gathered.values() for item in items)
        columns: dict[str, str] = {}
        known = set[int]()  # the looks whose columns are in it
        views: dict[tuple[tuple[str, ...], int], int] = {}
        rows: dict[str, RowDocument] = {}
        for row, items in sorted(gathered.items()):
            ref = f"{id_}.{row}"
            cells: dict[str, str | None] = {}
            for item in items:
                letters = keys[id(item.look)]
                cells.update(zip(letters, item.values, strict=True))
                if id(item.look) not in known:
                    known.add(id(item.look))
                    columns.update(zip(letters, item.look.columns, strict=True))
            if not items:
                rows[str(row)] = RowDocument()
                continue
            numbers: dict[_View, int] = {}
            day, whole = items[0].date, tuple(cells)
            times: dict[tuple[str, ...], int] = {}
            for item in items:
                letters = keys[id(item.look)]
                if letters == whole and item.date == day:
                    self._refs[id(item)] = ref
                    continue
                view = item.date, letters
                if view not in numbers:
                    times[letters] = time = times.get(letters, 0) + 1
                    numbers[view] = views.setdefault((letters, time), len(views) + 1)
                self._refs[id(item)] = f"{ref}.{numbers[view]}"
            dates = {str(number): view[0] for view, number in numbers.items() if view[0] != day}
            last = items[-1]
            rows[str(row)] = RowDocument(last.key, last.fingerprint, day, cells, dates)
        return SheetDocument(*sheet, columns, tuple(letters for letters, _ in views), rows)

    def ref(self, item: ItemShown) -> str:
        """What cites a row, shown as it is there."""
        return self._refs[id(item)]

    def refs(self, items: Sequence[ItemShown]) -> tuple[str, ...]:
        """What cites these rows."""
        return tuple([self._refs[id(item)] for item in items])

    def repaired(self, remedy: Remedy) -> str | None:
        """What cites the row that a remedy changes; None where it adds one."""
        return f"{self._ids[_sheet(remedy)]}.{remedy.row}" if remedy.row else None

    def sheets(self) -> Iterator[tuple[str, SheetDocument]]:
        """The sheets that have such rows under their ids, each with these."""
        return iter(self._sheets.items())


def _sheet(item: ItemShown | Remedy) -> _Sheet:
    part = item.look.part if isinstance(item, ItemShown) else ""
    return item.file, item.sheet, item.register, part


def _cell_keys(looks: Iterable[RowLook]) -> dict[int, tuple[str, ...]]:
    """For each look (by its id) the keys of its cells: the letters, with the column's name after
    them where another column of the sheet is in the same cells."""
    distinct = {id(look): look for look in looks}
    named: dict[str, set[str]] = {}
    for look in distinct.values():
        for letters, column in zip(look.letters, look.columns, strict=True):
            named.setdefault(letters, set()).add(column)
    return {
        id_: tuple(
            [
                letters if len(named[letters]) == 1 else f"{letters}{_AND}{column}"
                for letters, column in zip(look.letters, look.columns, strict=True)
            ]
        )
        for id_, look in distinct.items()
    }


def _items(assessment: Assessment) -> Iterator[ItemShown]:
    """Every row that the assessment shows, each time that it does."""
    for duty in assessment.duties:
        for unread in duty.unread_rows:
            yield from unread.rows
        for obligation in duty.obligations:
            yield from obligation.evidence
            yield from obligation.unreadable
            for group in obligation.rejected:
                yield from (row.item for row in group.rows)
            if obligation.listed_at is not None:
                yield obligation.listed_at
        for entry in duty.history:
            yield from entry.evidence


def _repairs(assessment: Assessment) -> Iterator[Remedy]:
    """The remedies that change a row."""
    for duty in assessment.duties:
        for obligation in duty.obligations:
            yield from (each for each in obligation.would_be_met_by if each.row)


class RowsById:
    """The rows of a file, by what cites them: each put together once."""

    def __init__(self, sheets: Mapping[str, SheetDocument]) -> None:
        self._sheets = sheets
        self._made: dict[str, ItemShown] = {}
        self._looks: dict[tuple[int, tuple[str, ...]], RowLook] = {}

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
            values = tuple([row.cells[letter] for letter in letters])
            look = self._look(sheet, letters)
        except (KeyError, IndexError):
            raise UnknownId(ref) from None
        return ItemShown(look, int(number), date, values, row.fingerprint, row.key)

    def _look(self, sheet: SheetDocument, letters: tuple[str, ...]) -> RowLook:
        key = id(sheet), letters
        if key not in self._looks:
            columns = tuple([sheet.columns[letter] for letter in letters])
            plain = tuple([letter.partition(_AND)[0] for letter in letters])
            place = sheet.file, sheet.sheet, sheet.register
            look = RowLook(*place, plain, columns, sheet.part)
            self._looks[key] = look
        return self._looks[key]


def usual_subject(listed_at: ItemShown | None) -> str:
    """The subject of an obligation where the file does not say it."""
    return listed_at.key if listed_at is not None else "office"


def usual_rule(duty: str, status: Status) -> str:
    """The rule that fired where the file does not say it."""
    return f"{duty}/{status.value}"
