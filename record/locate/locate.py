"""Rows that an assessment cites, found again in a later copy of the evidence: at the same place,
moved, changed or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.assessment import Assessment, ItemShown
from engine.cited_rows import cited_rows
from engine.fingerprint import row_prints
from evidence.table import CellState, Evidence, Place, Table

#: Under which rows are compared where the old evidence is at hand: it gives nothing away, since no
#: fingerprint made with it is kept.
_NO_KEY = b"rows compared with one another"


class CannotLocate(Exception):
    """Raised where rows cannot be looked for; ``str()`` of it is the whole message."""


class Found(StrEnum):
    """What became of a cited row. ``NOT_FOUND``: it is not there as it was, and whether it was
    changed or removed is unknown."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class CellChanged:
    """A cell with another text; both texts are None where its column is sensitive."""

    column: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Located:
    """A cited row and what became of it: where it is now, which of its cells were changed, and
    which duties cite it. ``note`` contains anything else to report."""

    register: str
    file: str
    sheet: str
    row: int
    found: Found = Found.NOT_FOUND
    now_file: str = ""
    now_sheet: str = ""
    now_row: int = 0
    changes: tuple[CellChanged, ...] = ()
    cited_by: tuple[str, ...] = ()
    note: str = ""


def locate(
    assessment: Assessment, new: Evidence, key: bytes | None = None, old: Evidence | None = None
) -> tuple[Located, ...]:
    """Every row that the assessment cites, each once, in the order of files, sheets and rows, with
    what became of it in ``new``. ``key`` is that of the ledger in which the check was entered;
    ``old`` is the evidence that was checked, where it is at hand: then changed rows are told from
    rows that are gone, and no key is needed. Raises CannotLocate where there is neither, where a
    file of ``old`` was not checked, and where the key is another."""
    cited = _cited_rows(assessment)
    if not cited:
        return ()
    before = None if old is None else _Before(assessment, old)
    with_prints = [item for item, _ in cited if item.fingerprint]
    if before is not None and key is not None:
        _check_key(with_prints, before, key)
    elif before is None and not with_prints:
        raise CannotLocate(
            "This assessment has no fingerprints of its rows, since its check was entered in no "
            "ledger. Give the evidence as it was then, with --old."
        )
    elif before is None and key is None:
        raise CannotLocate(
            "The fingerprints of the rows need the key of the ledger in which the check was "
            "entered. Give it with --ledger or --key, or the evidence as it was then with --old."
        )
    print_key = key if key is not None and before is None else _NO_KEY
    registers = {
        name: _Register(new.tables[name], print_key)
        for name in {item.register for item, _ in cited}
        if name in new.tables and new.tables[name].found
    }
    # A row of the new evidence is taken for one cited row at most: first for the one in its place.
    located: dict[int, Located] = {}
    for in_place in (True, False):
        for number, (item, _) in enumerate(cited):
            register = registers.get(item.register)
            if number not in located and register is not None:
                fingerprint = item.fingerprint if before is None else before.print_of(item)
                row = register.with_print(fingerprint, item, in_place=in_place)
                if row is not None:
                    found = Found.SAME if in_place else Found.MOVED
                    located[number] = _located(item, found, register.take(row))
    return tuple(
        replace(
            located.get(number) or _otherwise(item, registers.get(item.register), before),
            cited_by=by,
        )
        for number, (item, by) in enumerate(cited)
    )


def _cited_rows(assessment: Assessment) -> list[tuple[ItemShown, tuple[str, ...]]]:
    """Each cited row once, in order, with the duties that cite it."""
    items: dict[tuple[str, str, int, str, str], ItemShown] = {}
    by: dict[tuple[str, str, int, str, str], dict[str, None]] = defaultdict(dict)
    for duty, item in cited_rows(assessment):
        # a line of a wide sheet contains several rows of a register
        place = (item.file, item.sheet, item.row, item.register, item.fingerprint)
        items.setdefault(place, item)
        by[place][duty.id] = None
    return [(items[place], tuple(by[place])) for place in sorted(items)]


def _located(
    item: ItemShown,
    found: Found,
    at: Place | None = None,
    changes: tuple[CellChanged, ...] = (),
    note: str = "",
) -> Located:
    now = (at.file, at.sheet, at.row) if at else ("", "", 0)
    return Located(item.register, item.file, item.sheet, item.row, found, *now, changes, (), note)


def _check_key(cited: Sequence[ItemShown], before: _Before, key: bytes) -> None:
    """Tries the key on the first row that is at hand."""
    for item, at in ((item, before.at(item)) for item in cited):
        if at is not None:
            table, row = at
            if row_prints(table.some_rows([row]), key) != [item.fingerprint]:
                raise CannotLocate(
                    "The key is not the one under which this assessment's rows were given "
                    "fingerprints: give the ledger in which the check was entered."
                )
            return


class _Before:
    """The evidence as it was checked, its rows by the places that the assessment gives them.
    Raises CannotLocate where it is not what was checked."""

    def __init__(self, assessment: Assessment, old: Evidence) -> None:
        names = {stamp.sha256: stamp.file for stamp in assessment.evidence}
        strange = [file.file for file in old.files if file.sha256 not in names]
        if strange:
            raise CannotLocate(
                f"{', '.join(strange)}: the assessment names no file with that SHA-256. "
                "Give the old file unchanged, or leave --old out."
            )
        self._names = {file.file: names[file.sha256] for file in old.files}
        self._tables = old.tables
        self._prints: dict[str, list[str]] = {}
        self._rows: dict[str, dict[tuple[str, int], list[int]]] = {}

    def at(self, item: ItemShown) -> tuple[Table, int] | None:
        """The table and the row that an item is, if its file is there."""
        table = self._tables.get(item.register)
        if table is None:
            return None
        if item.register not in self._rows:
            rows = self._rows[item.register] = defaultdict(list)
            for row in range(len(table)):
                place = table.place(row)
                rows[self._names[place.file], place.row].append(row)
        rows_there = self._rows[item.register].get((item.file, item.row), [])
        same_sheet = [row for row in rows_there if table.place(row).sheet == item.sheet]
        rows_there = same_sheet or (rows_there if len(rows_there) == 1 else [])
        return (table, rows_there[0]) if rows_there else None

    def print_of(self, item: ItemShown) -> str:
        """The fingerprint of the row that an item is; '' if its file is not there."""
        at = self.at(item)
        return self.prints(item.register)[at[1]] if at else ""

    def prints(self, register: str) -> list[str]:
        """The fingerprint of each row of a register."""
        if register not in self._prints:
            table = self._tables[register]
            self._prints[register] = row_prints(table, _NO_KEY)
        return self._prints[register]


class _Register:
    """A register of the new evidence: its rows by fingerprint and by key, and which were taken for
    a cited row already."""

    def __init__(self, table: Table, key: bytes) -> None:
        self.table = table
        self.prints = row_prints(table, key)
        self.taken: set[int] = set()
        named = table.register.key
        self._by_print = _rows_by(self.prints)
        self._by_key = _rows_by(table.columns[named].value if named else ())

    def with_print(self, fingerprint: str, item: ItemShown, *, in_place: bool) -> int | None:
        """The nearest row with a fingerprint that is not taken; ``in_place``: only where it is at
        the place of the item."""
        rows = [row for row in self._by_print.get(fingerprint, ()) if row not in self.taken]
        if not rows or not fingerprint:
            return None
        row = min(rows, key=lambda row: _distance(self.table.place(row), item))
        place = self.table.place(row)
        return row if not in_place or (place.sheet, place.row) == (item.sheet, item.row) else None

    def with_key(self, key: object) -> list[int]:
        """The rows with a key that are not taken."""
        return [row for row in self._by_key.get(key, ()) if row not in self.taken]

    def take(self, row: int) -> Place:
        """Takes a row for a cited one; returns its place."""
        self.taken.add(row)
        return self.table.place(row)


def _otherwise(item: ItemShown, register: _Register | None, before: _Before | None) -> Located:
    """What became of a cited row if no row has the same cells: by its key in the old evidence it
    was changed, or is gone."""
    if register is None:
        return _located(item, Found.GONE, note="no sheet of its register was given")
    old = before.at(item) if before else None
    if before is None or old is None:
        note = "the file that contained it was not given with --old"
        which = "changed or gone: --old would tell which"
        return _located(item, Found.NOT_FOUND, note=note if before else which)
    table, row = old
    key = table.register.key
    if key is None or table.columns[key].state[row] != CellState.READ:
        note = "changed or gone: it has no key to find it by"
        return _located(item, Found.NOT_FOUND, note=note)
    prints = set(before.prints(table.register.id))  # rows that were there already are others
    changes = {
        now: tuple(_changes(table, row, register.table, now))
        for now in register.with_key(table.columns[key].value[row])
        if register.prints[now] not in prints
    }
    if not changes:
        return _located(item, Found.GONE)
    now = min(changes, key=lambda now: len(changes[now]))
    return _located(item, Found.CHANGED, register.take(now), changes[now])


def _rows_by(values: Sequence[object]) -> Mapping[object, Sequence[int]]:
    rows: dict[object, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        rows[value].append(row)
    return rows


def _distance(place: Place, item: ItemShown) -> tuple[bool, bool, int, int]:
    """How far a place is from that of an item: the same sheet first, then the nearest row."""
    other_file = place.file != item.file
    return place.sheet != item.sheet, other_file, abs(place.row - item.row), place.row


def _changes(old: Table, row: int, new: Table, now: int) -> Iterator[CellChanged]:
    """Each cell that has another text, by the columns of the register."""
    for spec in old.register.columns:
        was, text = old.columns[spec.name].raw[row], new.columns[spec.name].raw[now]
        if spec.looks_in is None and was != text:
            hidden = spec.sensitive
            yield CellChanged(spec.name, None if hidden else was, None if hidden else text)
