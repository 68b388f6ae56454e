"""Cells that name a row by its key, where that key could mean either of two rows.

Such a cell says nothing that can be relied on, so it cannot be read: otherwise what was done about
one row would count for the other (semantics.md, Evidence).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evidence.cells.text import listed, quoted, rows_told
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.register import ColumnSpec
from evidence.sheet_ref import CellFault, UnreadCell, UnreadReason, Where
from evidence.sheets.equal_rows import row_readings
from evidence.table import CellState, Column, Table, Typed

Tables = Mapping[str, Table]


class SharedKeys:
    """Which keys of the registers that a column may name could mean either of two rows."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._borne: dict[str, frozenset[str]] = {}
        self._apart: dict[str, frozenset[str]] = {}
        self._shared: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, spec: ColumnSpec) -> frozenset[str]:
        """The keys that a cell of this column cannot name: those that rows of two of its registers
        bear, and those of two rows of one register that differ. None of a register whose rows
        stand from a day on, where one key has several spells, nor of rows that are alike in every
        column that the register declares. Found once for each set of registers."""
        registers = spec.named
        if registers not in self._shared:
            self._shared[registers] = self._found(registers)
        return self._shared[registers]

    def _found(self, registers: Sequence[str]) -> frozenset[str]:
        once: set[str] = set()
        shared: set[str] = set()
        for register in dict.fromkeys(registers):
            borne = self._keys(register)
            shared |= self._differing(register) | (once & borne)
            once |= borne
        return frozenset(shared)

    def _keys(self, register: str) -> frozenset[str]:
        if register not in self._borne:
            found = _key_values(self._tables.get(register))
            self._borne[register] = frozenset(key for key in found if isinstance(key, str))
        return self._borne[register]

    def _differing(self, register: str) -> frozenset[str]:
        if register not in self._apart:
            self._apart[register] = frozenset(_of_two(self._tables.get(register)))
        return self._apart[register]

    def rows(self, spec: ColumnSpec, keys: Collection[str]) -> dict[str, list[tuple[Table, int]]]:
        """The rows that bear each of these keys."""
        found: dict[str, list[tuple[Table, int]]] = {key: [] for key in keys}
        for table in (self._tables[name] for name in spec.named if name in self._tables):
            for row, key in enumerate(_key_values(table)):
                if isinstance(key, str) and key in found:
                    found[key].append((table, row))
        return found


def _key_values(table: Table | None) -> Sequence[Typed]:
    key = table.register.key if table else None
    return table.columns[key].value if table and key else ()


def _of_two(table: Table | None) -> Iterator[str]:
    """The keys that two rows bear which do not say the same, where they are no spells."""
    if table is None or table.register.begins is not None:
        return
    borne: dict[str, list[int]] = {}
    for row, key in enumerate(_key_values(table)):
        if isinstance(key, str):
            borne.setdefault(key, []).append(row)
    shared = {key: rows for key, rows in borne.items() if len(rows) > 1}
    every = [row for rows in shared.values() for row in rows]
    said = dict(zip(every, row_readings(table.register, table.columns, every), strict=True))
    for key, rows in shared.items():
        if len({said[row] for row in rows}) > 1:
            yield key


def told_apart(tables: Tables) -> tuple[dict[str, Table], tuple[EvidenceProblem, ...]]:
    """The tables in which no cell names either of two rows: one that would cannot be read, and is a
    problem. Problems are in the order of registers, sheets, columns and first rows. All is compared
    as it was before, so that the order of registers changes nothing. Raises nothing."""
    shared = SharedKeys(tables)
    made: dict[str, Table] = {}
    problems: list[EvidenceProblem] = []
    for name, table in tables.items():
        lost = [each for spec in table.register.columns for each in _lost(table, spec, shared)]
        made[name] = _without(table, lost)
        problems += _problems(table, lost, shared)
    return made, tuple(problems)


@dataclass(frozen=True, slots=True)
class _Lost:
    """A cell that cannot be read, and the keys in it that could mean either of two rows."""

    spec: ColumnSpec
    row: int
    keys: tuple[str, ...]


def _lost(table: Table, spec: ColumnSpec, shared: SharedKeys) -> Iterator[_Lost]:
    keys = shared.of(spec) if spec.named else ()
    if not keys:
        return
    for row, value in enumerate(table.columns[spec.name].value):
        names = value if isinstance(value, frozenset) else (value,)
        odd = tuple(sorted(name for name in names if isinstance(name, str) and name in keys))
        if odd:
            yield _Lost(spec, row, odd)


def _without(table: Table, lost: Sequence[_Lost]) -> Table:
    """The table with these cells unreadable."""
    rows: dict[str, list[int]] = {}
    for each in lost:
        rows.setdefault(each.spec.name, []).append(each.row)
    columns = {name: _unread(table.columns[name], rows[name]) for name in rows}
    return replace(table, columns={**table.columns, **columns}) if rows else table


def _unread(column: Column, rows: Sequence[int]) -> Column:
    value, state = list(column.value), bytearray(column.state)
    for row in rows:
        value[row], state[row] = None, CellState.UNREADABLE
    return replace(column, value=value, state=state)


# What is said of them ---------------------------------------------------------------------------


def _problems(table: Table, lost: Sequence[_Lost], shared: SharedKeys) -> Iterator[EvidenceProblem]:
    """By sheet, by column in the order of the sheet, and then by first row."""
    telling = _Telling(shared, lost)
    by_column: dict[tuple[int, int, str], list[_Lost]] = {}
    for each in lost:
        number = table.source_of[each.row]
        letters = table.sources[number].letters[each.spec.name]
        by_column.setdefault((number, len(letters), letters), []).append(each)
    for (number, _, letters), cells in sorted(by_column.items()):
        source, spec = table.sources[number], cells[0].spec
        raw = table.columns[spec.name].raw
        unread = (
            UnreadCell(table.row_of[each.row], raw[each.row], telling.why(each, source.file, raw))
            for each in sorted(cells, key=lambda each: table.row_of[each.row])
        )
        yield from Where(table.register, source.file, source.sheet).cell_problems(
            spec, letters, unread
        )


_ADVICE = "Give each of those rows a key of its own, and enter the one that is meant."


class _Telling:
    """The sentences about cells of one table; where the rows are is looked up once a column."""

    def __init__(self, shared: SharedKeys, lost: Sequence[_Lost]) -> None:
        keys: dict[str, set[str]] = {}
        specs = {each.spec.name: each.spec for each in lost}
        for each in lost:
            keys.setdefault(each.spec.name, set()).update(each.keys)
        self._rows = {name: shared.rows(specs[name], keys[name]) for name in specs}
        self._places: dict[tuple[str, str, str], str] = {}

    def why(self, lost: _Lost, file: str, raw: Sequence[str]) -> UnreadReason:
        """Why a cell of this file cannot be read."""
        spec, text = lost.spec, raw[lost.row]
        places = [self._of(spec, key, file) for key in lost.keys]
        fault = CellFault(
            ProblemKind.CELL_UNREADABLE,
            "are keys of more than one row",
            _ADVICE,
            quotes=not spec.sensitive,
        )
        message = " ".join(
            f"{_shown(spec, key, text)} {_ending(self._rows[spec.name][key], told)}"
            for key, told in zip(lost.keys, places, strict=True)
        )
        return UnreadReason(fault, message, "; ".join(places))

    def _of(self, spec: ColumnSpec, key: str, file: str) -> str:
        at = spec.name, key, file
        if at not in self._places:
            bearers = self._rows[spec.name][key]
            self._places[at] = listed(list(_places(bearers, file)), "and of")
        return self._places[at]


def _shown(spec: ColumnSpec, key: str, raw: str) -> str:
    if spec.sensitive:
        return "The text in the cell"
    return quoted(key if spec.type == "keys" else raw)


def _ending(bearers: Sequence[tuple[Table, int]], places: str) -> str:
    registers = list(dict.fromkeys(table.register.id for table, _ in bearers))
    several = len(registers) > 1
    return (
        f"is the key of {places}{'' if several else ', which differ'}, so it cannot be told which"
        f" is meant. Give {'the rows keys of their' if several else 'each a key of its'} own, such"
        f" as {listed(_such_as(registers))}, and enter the one that is meant here."
    )


def _places(bearers: Sequence[tuple[Table, int]], file: str) -> Iterator[str]:
    """The rows, by sheet."""
    sheets: dict[tuple[str, str, str], list[int]] = {}
    for table, row in bearers:
        place = table.place(row)
        sheets.setdefault((table.register.id, place.file, place.sheet), []).append(place.row)
    for (_, its_file, sheet), rows in sorted(sheets.items()):
        of_file = f" in {its_file}" if its_file != file else ""
        yield f"{rows_told(sorted(rows))} of the sheet '{sheet}'{of_file}"


def _such_as(registers: Sequence[str]) -> list[str]:
    """Keys that tell rows of these registers apart: M1 and M2, D1 and M1, ME1 and MI1."""
    if len(registers) == 1:
        return [f"{registers[0][0].upper()}{number}" for number in (1, 2)]
    length = next(
        n for n in range(1, 99) if len({each[:n] for each in registers}) == len(registers)
    )
    return [f"{each[:length].upper()}1" for each in sorted(registers)]
