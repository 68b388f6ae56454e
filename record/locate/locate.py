"""Rows that an assessment cites, found again in a later copy of the evidence: at the same place,
moved, changed or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.assessment import Assessment, ItemShown
from engine.fingerprint import printer
from evidence.table import CellState, Evidence, Place, Table

#: Under which rows are compared where the old evidence is at hand: it gives nothing away, since no
#: fingerprint made with it is kept.
_NO_KEY = b"rows compared with one another"


class CannotLocate(Exception):
    """The rows cannot be looked for; ``str()`` of it is the whole message."""


class Found(StrEnum):
    """What became of a cited row. ``NOT_FOUND``: it does not stand there as it was, and whether it
    was changed or taken out cannot be told."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class CellChanged:
    """A cell that says something else; both are None where its column is sensitive."""

    column: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Located:
    """A cited row and what became of it: where it stands now, which of its cells were changed, and
    which duties cite it. ``note`` says what else there is to say."""

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
    ``old`` is evidence that was checked then, where it is at hand: then changed rows are told from
    rows that are gone, and no key is needed. Raises CannotLocate where there is neither, where a
    file of ``old`` was not checked, and where the key is another."""
    cited = _cited_rows(assessment)
    if not cited:
        return ()
    before = None if old is None else _Before(assessment, old)
    with_prints = [each for each, _ in cited if each.fingerprint]
    if before is None and not with_prints:
        raise CannotLocate(
            "This assessment has no fingerprints of its rows, since its check was entered in no "
            "ledger. Give the evidence as it was then, with --old."
        )
    if before is None and key is None:
        raise CannotLocate(
            "The fingerprints of the rows need the key of the ledger in which the check was "
            "entered. Give it with --ledger or --key, or the evidence as it was then with --old."
        )
    if before is not None and key is not None:
        _must_be_the_key(with_prints, before, key)
    items = [item for item, _ in cited]
    registers = {item.register for item in items}
    tables = [new.tables[name] for name in registers & new.tables.keys() if new.tables[name].found]
    looking = _Looking(tables, key if key is not None and before is None else _NO_KEY, before)
    in_place = [looking.as_it_was(item, moved=False) for item in items]
    as_it_was = [now or looking.as_it_was(item) for item, now in zip(items, in_place, strict=True)]
    return tuple(
        replace(now or looking.otherwise(item), cited_by=by)
        for (item, by), now in zip(cited, as_it_was, strict=True)
    )


def _cited_rows(assessment: Assessment) -> list[tuple[ItemShown, tuple[str, ...]]]:
    """Each cited row once, in order, with the duties that cite it."""
    found: dict[tuple[str, str, int, str], ItemShown] = {}
    by: dict[tuple[str, str, int, str], dict[str, None]] = defaultdict(dict)
    for duty in assessment.duties:
        items: list[ItemShown] = []
        for obligation in duty.obligations:
            items += [*obligation.evidence, *obligation.unreadable]
            items += [obligation.listed_at] if obligation.listed_at else []
        items += [item for group in duty.unread_rows for item in group.rows]
        items += [item for entry in duty.history for item in entry.evidence]
        for item in items:
            place = (item.file, item.sheet, item.row, item.register)
            found.setdefault(place, item)
            by[place][duty.id] = None
    return [(found[place], tuple(by[place])) for place in sorted(found)]


def _now(
    item: ItemShown,
    found: Found,
    at: Place | None = None,
    changes: tuple[CellChanged, ...] = (),
    note: str = "",
) -> Located:
    now = (at.file, at.sheet, at.row) if at else ("", "", 0)
    return Located(item.register, item.file, item.sheet, item.row, found, *now, changes, (), note)


def _must_be_the_key(cited: Sequence[ItemShown], before: _Before, key: bytes) -> None:
    """Tries the key on the first row that is at hand."""
    for item in cited:
        at = before.at(item)
        if at is not None:
            table, row = at
            if printer(table, key)(row) != item.fingerprint:
                raise CannotLocate(
                    "The key is not the one under which this assessment's rows were given "
                    "fingerprints: give the ledger in which the check was entered."
                )
            return


class _Before:
    """The evidence as it was checked, its rows by the places that the assessment gives them.
    Raises CannotLocate where it is not what was checked."""

    def __init__(self, assessment: Assessment, old: Evidence) -> None:
        names = {each.sha256: each.file for each in assessment.evidence}
        strange = [file.file for file in old.files if file.sha256 not in names]
        if strange:
            raise CannotLocate(
                f"{', '.join(strange)}: that is no file of this assessment as it was checked "
                "(its SHA-256 is another). Give the old file unchanged, or leave --old out."
            )
        self._tables = old.tables
        self._names = {file.file: names[file.sha256] for file in old.files}
        self._print = {name: printer(table, _NO_KEY) for name, table in old.tables.items()}
        self._rows: dict[str, dict[tuple[str, int], list[int]]] = {}
        self._prints: dict[str, frozenset[str]] = {}

    def at(self, item: ItemShown) -> tuple[Table, int] | None:
        """The table and the row that an item is, if its file is there."""
        table = self._tables.get(item.register)
        if table is None:
            return None
        if item.register not in self._rows:
            places = self._rows[item.register] = defaultdict(list)
            for row in range(len(table)):
                place = table.place(row)
                places[self._names[place.file], place.row].append(row)
        rows = self._rows[item.register].get((item.file, item.row), [])
        mine = [row for row in rows if table.place(row).sheet == item.sheet]
        chosen = mine or (rows if len(rows) == 1 else [])
        return (table, chosen[0]) if chosen else None

    def print_of(self, item: ItemShown) -> str:
        """The fingerprint of the row that an item is; '' if its file is not there."""
        at = self.at(item)
        return self._print[item.register](at[1]) if at else ""

    def prints(self, register: str) -> frozenset[str]:
        """The fingerprints of all rows of a register."""
        if register not in self._prints:
            rows = range(len(self._tables[register]))
            self._prints[register] = frozenset(map(self._print[register], rows))
        return self._prints[register]


class _Register:
    """A register of the new evidence: its rows by fingerprint and by key, and which were taken for
    a cited row already."""

    def __init__(self, table: Table, key: bytes) -> None:
        self.table = table
        self.prints = list(map(printer(table, key), range(len(table))))
        self.by_print = _rows_by(self.prints)
        named = table.register.key
        self.by_key = _rows_by(table.columns[named].value if named else ())
        self.taken: set[int] = set()


class _Looking:
    """Looks through the new evidence, each row of which is taken for one cited row at the most."""

    def __init__(self, tables: Iterable[Table], key: bytes, before: _Before | None) -> None:
        self._before = before
        self._registers = {table.register.id: _Register(table, key) for table in tables}

    def as_it_was(self, item: ItemShown, *, moved: bool = True) -> Located | None:
        """A cited row that stands somewhere with the same cells, or, without ``moved``, at its own
        place; None where none does."""
        register = self._registers.get(item.register)
        fingerprint = item.fingerprint if self._before is None else self._before.print_of(item)
        if register is None or not fingerprint:
            return None
        rows = [row for row in register.by_print.get(fingerprint, ()) if row not in register.taken]
        if not rows:
            return None
        row = min(rows, key=lambda row: _far(register.table.place(row), item))
        place = register.table.place(row)
        same = (place.sheet, place.row) == (item.sheet, item.row)
        if not same and not moved:
            return None
        register.taken.add(row)
        return _now(item, Found.SAME if same else Found.MOVED, place)

    def otherwise(self, item: ItemShown) -> Located:
        """What became of a cited row that stands nowhere with the same cells: by its key in the old
        evidence it was changed, or is gone."""
        register = self._registers.get(item.register)
        if register is None:
            return _now(item, Found.GONE, note="no sheet of its register was given")
        if self._before is None:
            return _now(item, Found.NOT_FOUND, note="changed or gone: --old would tell which")
        old = self._before.at(item)
        if old is None:
            return _now(
                item, Found.NOT_FOUND, note="the file that contained it was not given with --old"
            )
        table, row = old
        key = table.register.key
        if key is None or table.columns[key].state[row] != CellState.READ:
            return _now(item, Found.NOT_FOUND, note="changed or gone: it has no key to find it by")
        kept = self._before.prints(table.register.id)
        changes = {
            each: tuple(_changes(table, row, register.table, each))
            for each in register.by_key.get(table.columns[key].value[row], ())
            if each not in register.taken and register.prints[each] not in kept
        }
        if not changes:
            return _now(item, Found.GONE)
        best = min(changes, key=lambda each: len(changes[each]))
        register.taken.add(best)
        return _now(item, Found.CHANGED, register.table.place(best), changes[best])


def _rows_by(values: Sequence[object]) -> Mapping[object, Sequence[int]]:
    rows: dict[object, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        rows[value].append(row)
    return rows


def _far(place: Place, item: ItemShown) -> tuple[bool, bool, int, int]:
    """How far a place is from where an item stood: the same sheet first, then the nearest row."""
    other = place.file != item.file
    return place.sheet != item.sheet, other, abs(place.row - item.row), place.row


def _changes(old: Table, row: int, new: Table, now: int) -> Iterator[CellChanged]:
    """Each cell that says something else, by the columns of the register."""
    for spec in old.register.columns:
        was, says = old.columns[spec.name].raw[row], new.columns[spec.name].raw[now]
        if spec.looks_in is None and was != says:
            hidden = spec.sensitive
            yield CellChanged(spec.name, None if hidden else was, None if hidden else says)
