"""Rows that an assessment cites, found again in a later copy of the evidence: at the same place,
moved, changed or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.assessment import Assessment, ItemShown
from engine.fingerprint import printer
from evidence.table import CellState, Evidence, Place, Table
from record.locate.cited import Before, CannotLocate, cited_rows

#: Under which rows are compared where the old evidence is at hand and no key is: it gives nothing
#: away, since no fingerprint made with it is kept.
_NO_KEY = b"rows compared with one another"


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
    found: Found
    now_file: str
    now_sheet: str
    now_row: int
    changes: tuple[CellChanged, ...]
    cited_by: tuple[str, ...]
    note: str


def locate(
    assessment: Assessment, new: Evidence, key: bytes | None = None, old: Evidence | None = None
) -> tuple[Located, ...]:
    """Every row that the assessment cites, each once, in the order of files, sheets and rows, with
    what became of it in ``new``. ``key`` is that of the ledger in which the check was entered;
    ``old`` is evidence that was checked then, where it is at hand: then changed rows are told from
    rows that are gone, and no key is needed. Raises CannotLocate where there is neither, where a
    file of ``old`` was not checked, and where the key is another."""
    cited = cited_rows(assessment)
    if not cited:
        return ()
    before = None if old is None else Before(assessment, old)
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
    looking = _Looking(new, key if key is not None and before is None else _NO_KEY, before)
    items = [item for item, _ in cited]
    in_place = [looking.as_it_was(item, moved=False) for item in items]
    as_it_was = [now or looking.as_it_was(item) for item, now in zip(items, in_place, strict=True)]
    return tuple(
        _located(item, by, now or looking.otherwise(item))
        for (item, by), now in zip(cited, as_it_was, strict=True)
    )


def _located(item: ItemShown, by: tuple[str, ...], now: _Now) -> Located:
    at = now.place or Place("", "", 0, "")
    return Located(
        register=item.register,
        file=item.file,
        sheet=item.sheet,
        row=item.row,
        found=now.found,
        now_file=at.file,
        now_sheet=at.sheet,
        now_row=at.row,
        changes=now.changes,
        cited_by=by,
        note=now.note,
    )


def _must_be_the_key(cited: Sequence[ItemShown], before: Before, key: bytes) -> None:
    prints: dict[str, Callable[[int], str]] = {}
    for item in cited:
        at = before.at(item)
        if at is not None:
            make = prints.setdefault(at[0].register.id, printer(at[0], key))
            if make(at[1]) != item.fingerprint:
                raise CannotLocate(
                    "The key is not the one under which this assessment's rows were given "
                    "fingerprints: give the ledger in which the check was entered."
                )
            return


# The new evidence -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Now:
    """What became of a cited row."""

    found: Found
    place: Place | None = None
    changes: tuple[CellChanged, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Register:
    """A register of the new evidence: its rows by fingerprint and by key, and which were taken for
    a cited row already."""

    table: Table
    prints: Sequence[str]
    by_print: Mapping[object, Sequence[int]]
    by_key: Mapping[object, Sequence[int]]
    taken: set[int]


class _Looking:
    """Looks through the new evidence, each row of which is taken for one cited row at the most."""

    def __init__(self, new: Evidence, key: bytes, before: Before | None) -> None:
        self._new = new
        self._key = key
        self._before = before
        self._registers: dict[str, _Register] = {}

    def as_it_was(self, item: ItemShown, *, moved: bool = True) -> _Now | None:
        """A cited row that stands somewhere with the same cells, or, without ``moved``, at its own
        place; None where none does."""
        register = self._register(item.register)
        fingerprint = self._print_of(item)
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
        return _Now(Found.SAME if same else Found.MOVED, place)

    def otherwise(self, item: ItemShown) -> _Now:
        """What became of a cited row that stands nowhere with the same cells."""
        register = self._register(item.register)
        if register is None:
            return _Now(Found.GONE, note="no sheet of its register was given")
        if self._before is None:
            return _Now(Found.NOT_FOUND, note="changed or gone: --old would tell which")
        old = self._before.at(item)
        if old is None:
            return _Now(Found.NOT_FOUND, note="the file it stood in was not given with --old")
        return self._altered(register, *old)

    def _altered(self, register: _Register, table: Table, row: int) -> _Now:
        """A row of the old evidence by its key: changed, or gone."""
        key = table.register.key
        if key is None or table.columns[key].state[row] != CellState.READ:
            return _Now(Found.NOT_FOUND, note="changed or gone: it has no key to find it by")
        assert self._before is not None
        kept = self._before.prints(table.register.id, self._key)
        rows = [
            each
            for each in register.by_key.get(table.columns[key].value[row], ())
            if each not in register.taken and register.prints[each] not in kept
        ]
        if not rows:
            return _Now(Found.GONE)
        changes = {each: tuple(_changes(table, row, register.table, each)) for each in rows}
        best = min(rows, key=lambda each: len(changes[each]))
        register.taken.add(best)
        return _Now(Found.CHANGED, register.table.place(best), changes[best])

    def _print_of(self, item: ItemShown) -> str:
        if self._before is None:
            return item.fingerprint
        old = self._before.at(item)
        return printer(old[0], self._key)(old[1]) if old else ""

    def _register(self, name: str) -> _Register | None:
        table = self._new.tables.get(name)
        if table is None or not table.found:
            return None
        if name not in self._registers:
            prints = list(map(printer(table, self._key), range(len(table))))
            key = table.register.key
            keys = table.columns[key].value if key else ()
            made = _Register(table, prints, _rows_by(prints), _rows_by(keys), set())
            self._registers[name] = made
        return self._registers[name]


def _rows_by(values: Sequence[object]) -> dict[object, list[int]]:
    rows: dict[object, list[int]] = {}
    for row, value in enumerate(values):
        rows.setdefault(value, []).append(row)
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
