"""Cells with an unknown name: a reference that no list has, with the one that is probably meant.

They are the points to check 'Reference not found'. engine.findings.unknown_names counts them by
sheet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from string import digits
from typing import NamedTuple

from engine.findings.noted import Noted, Ref
from engine.outcome import ItemRef
from engine.proof.key_rows import names_of_people, row_without_key
from evidence.cells.text import listed, normal_key, quoted, sheet_text, spaced_once
from evidence.register import ColumnSpec
from evidence.table import Table

Tables = Mapping[str, Table]

#: The kind of these findings.
KIND = "Reference not found"

#: If more rows of a column than this have unknown names, those that the reason of an
#: obligation mentions already are left out of the points to check.
MANY = 10
#: So many references are offered; where more are as near, none is.
_OFFERED = 3
#: The letters of a reference; nothing is offered for a longer text, which has too many neighbours.
_LONGEST = 30
_SEPARATORS = re.compile(r"[;,&]|\band\b")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_LOOKS_LIKE = str.maketrans("oil", "011")


class UnknownNameCell(NamedTuple):
    """A cell of a table that names a row, by its key, that no list has."""

    table: Table
    spec: ColumnSpec
    row: int
    key: str

    @property
    def cell(self) -> Ref:
        """The row and the column of the cell."""
        return ItemRef(self.table.register.id, self.row), self.spec.name

    @property
    def raw(self) -> str:
        """The text of the cell, with single spaces."""
        return spaced_once(self.table.columns[self.spec.name].raw[self.row])


class UnknownNameFindings:
    """The findings about unknown names. ``explained``: the cells whose wrong references the reason
    of an obligation mentions already."""

    def __init__(self, tables: Tables, explained: Collection[Ref]) -> None:
        self._tables, self._explained = tables, explained
        self._keys: dict[tuple[str, ...], _ListedKeys] = {}

    def findings(self, cells: Sequence[UnknownNameCell]) -> Iterator[Noted]:
        """A finding for each of these cells, which are all of one column. There is none if a list
        that may have the row cannot be read, if none of its lists was provided, or if the cell is
        ``explained`` and many rows of the column have unknown names."""
        many = len({cell.row for cell in cells}) > MANY
        for cell in cells:
            lists = [self._tables[name] for name in cell.spec.named]
            unread = any(table.given and not table.found for table in lists)
            explained = many and cell.cell in self._explained
            if not (unread or explained) and any(table.found for table in lists):
                yield Noted(KIND, "", self.message(cell), (cell.cell,))

    def meant(self, cell: UnknownNameCell) -> Sequence[str]:
        """The keys of the rows that may be meant by an unknown name; () if nothing tells."""
        if cell.spec.sensitive or cell.table.nearest_name(cell.row, cell.spec.name) is not None:
            return ()
        raw, keys = cell.raw, self._listed_keys(cell)
        if normal_key(raw) in keys.people:
            return keys.of_person(normal_key(raw))
        parts = _parts(raw)
        return parts if len(parts) > 1 and keys.has_all(parts) else keys.near(cell.key)

    def _listed_keys(self, cell: UnknownNameCell) -> _ListedKeys:
        """The keys of the lists of a cell; those of the same lists are gathered once."""
        if cell.spec.named not in self._keys:
            lists = [self._tables[name] for name in cell.spec.named]
            self._keys[cell.spec.named] = _ListedKeys(lists)
        return self._keys[cell.spec.named]

    def message(self, cell: UnknownNameCell) -> str:
        """The sentence about an unknown name, with what to do."""
        lists = [self._tables[name] for name in cell.spec.named]
        raw = cell.raw
        nearest = cell.table.nearest_name(cell.row, cell.spec.name)
        if nearest is not None:
            return _of_matched_name(cell.spec, raw, nearest, lists)
        keys = self._listed_keys(cell)
        if normal_key(raw) in keys.people:
            return _of_person(lists, keys.of_person(normal_key(raw)))
        return _of_several(cell.spec, raw, keys) or _of_reference(cell, raw, keys, lists)


def _of_matched_name(spec: ColumnSpec, raw: str, nearest: str, lists: Sequence[Table]) -> str:
    """The message for a column in which the mapping matches names: where the ``nearest`` one is, if
    there is one."""
    at = f" The nearest is in {nearest}." if nearest else ""
    shown = "The name in this cell" if spec.sensitive else quoted(raw)
    return f"{shown} is not on {_sheets(lists)}.{at} Correct it, or add its row."


def _of_several(spec: ColumnSpec, raw: str, keys: _ListedKeys) -> str:
    """The message for several references in a column that takes one; '' for another cell."""
    parts = _parts(raw)
    if spec.type != "key" or len(parts) < 2 or not keys.has_all(parts):
        return ""
    shown = "The cell" if spec.sensitive else quoted(raw)
    return (
        f"{shown} contains {len(parts)} references, but this column takes one. Enter one"
        " of them here, and add a row for each of the others."
    )


def _parts(raw: str) -> Sequence[str]:
    """The references in a cell, as keys are compared."""
    return [part for part in map(normal_key, _SEPARATORS.split(raw)) if part]


def _of_reference(
    cell: UnknownNameCell, raw: str, keys: _ListedKeys, lists: Sequence[Table]
) -> str:
    """The message for a reference: which one is probably meant, or the row without a key that may
    be; otherwise a row to add, or a list to provide."""
    sensitive = cell.spec.sensitive
    shown = "The reference in this cell" if sensitive else quoted(_written(raw, cell.key))
    for source in chain.from_iterable(table.sources for table in lists):
        if row := source.marked.get(cell.key):
            return (
                f"{shown} is in row {row} of {sheet_text(source.sheet)}, which does not count"
                " because it is marked as an example. If that row is real, delete the mark there,"
                " and leave the rest."
            )
    missing = listed([table.title for table in lists if not table.found], "and")
    add = f"provide {missing}" if missing else "add its row"
    if offered := () if sensitive else keys.near(cell.key):
        meant = listed([quoted(key) for key in offered], "or")
        what_to_do = f" Did you mean {meant}? If not, {add}."
    elif keys.row_without_key:
        what_to_do = f"{keys.row_without_key} Otherwise correct it, or {add}."
    else:
        what_to_do = f" Correct it, or {add}."
    return f"{shown} is not on {_sheets(lists)}.{what_to_do}"


def _sheets(lists: Sequence[Table]) -> str:
    """``Documents or Meetings, and Minutes was not provided``."""
    provided = listed([table.title for table in lists if table.found], "or")
    missing = [table.title for table in lists if not table.found]
    were = "was" if len(missing) == 1 else "were"
    return provided + (f", and {listed(missing)} {were} not provided" if missing else "")


def _of_person(lists: Sequence[Table], keys: Sequence[str]) -> str:
    """What to enter in place of the name of somebody on a list: the name is not repeated."""
    sheets = listed([table.title for table in lists if table.found], "or")
    if keys:
        enter = listed(keys, "or")
        return f"This cell contains a name. On {sheets} the person is {enter}: enter that."
    heading = lists[0].heading_of(lists[0].register.key or "")
    return (
        "This cell contains a name. Enter the reference of the person, as in"
        f" '{heading}' on {sheets}."
    )


def _written(raw: str, key: str) -> str:
    """The part of a cell with a key, as it is written."""
    return next((part.strip() for part in raw.split(";") if normal_key(part) == key), raw)


class _ListedKeys:
    """The keys of the rows of lists, the names of the people on them, and the only row without a
    key, in words."""

    def __init__(self, lists: Sequence[Table]) -> None:
        self._written: dict[str, str] = {}
        self._bare: dict[str, dict[str, None]] = {}
        self._persons: dict[str, dict[str, None]] = {}
        self.people: set[str] = set()
        self.row_without_key = row_without_key(lists)
        for table in lists:
            key = table.columns[table.register.key or ""]
            self.people |= set(names_of_people(table))
            label = table.columns[table.register.label or ""].raw if names_of_people(table) else ()
            hidden = table.register.column(key.name).sensitive
            for row, value in enumerate(key.value):
                if isinstance(value, str) and not hidden:
                    written = spaced_once(key.raw[row])
                    self._written.setdefault(value, written)
                    self._bare.setdefault(_bare(value), {})[written] = None
                    if label:
                        self._persons.setdefault(normal_key(label[row]), {})[written] = None

    def has_all(self, keys: Sequence[str]) -> bool:
        """Whether each of these is the key of a row."""
        return all(key in self._written for key in keys)

    def of_person(self, name: str) -> Sequence[str]:
        """The keys of the rows with a name."""
        return tuple(self._persons.get(name, ()))[:_OFFERED]

    def near(self, key: str) -> Sequence[str]:
        """The keys that are probably meant by one: those with the same letters and figures,
        otherwise with one too many, one too few or two in the wrong order, otherwise with another
        letter."""
        bare = _bare(key)
        if len(bare) > _LONGEST:
            return ()
        for spellings in (_same, _slips, _replaced):
            keys = dict[str, None]()
            for spelling in spellings(bare):
                keys |= self._bare.get(spelling, {})
            if keys:
                return tuple(keys) if len(keys) <= _OFFERED else ()
        return ()


def _bare(key: str) -> str:
    """The letters and figures of a key; letters that look like a figure as that figure."""
    return "".join(filter(str.isalnum, key)).translate(_LOOKS_LIKE)


def _same(bare: str) -> Iterator[str]:
    yield bare


def _slips(bare: str) -> Iterator[str]:
    for place in range(len(bare)):
        before, after = bare[:place], bare[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
    for place in range(len(bare) + 1):
        yield from (bare[:place] + letter + bare[place:] for letter in _LETTERS + digits)


def _replaced(bare: str) -> Iterator[str]:
    """Only letters: the neighbours of a number are other rows."""
    for place in (place for place, letter in enumerate(bare) if letter.isalpha()):
        yield from (bare[:place] + letter + bare[place + 1 :] for letter in _LETTERS)
