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
from evidence.table import CellState, Table, Typed

Tables = Mapping[str, Table]


class SharedKeys:
    """Which keys of the registers that a column may name could mean either of two rows."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._shared: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, spec: ColumnSpec) -> frozenset[str]:
        """The keys that a cell of this column cannot name: those that rows of two of its registers
        bear, and those of two rows of one register that differ. None of a register whose rows
        stand from a day on, where one key has several spells, nor of rows that are alike in every
        column that the register declares. Found once for each set of registers."""
        registers = spec.named
        if registers not in self._shared:
            once: set[str] = set()
            shared: set[str] = set()
            for register in dict.fromkeys(registers):
                table = self._tables.get(register)
                borne = {key for key in _key_values(table) if isinstance(key, str)}
                shared |= set(_of_two(table)) | (once & borne)
                once |= borne
            self._shared[registers] = frozenset(shared)
        return self._shared[registers]

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
    columns = dict(table.columns)
    for name in {each.spec.name for each in lost}:
        value, state = list(columns[name].value), bytearray(columns[name].state)
        for each in lost:
            if each.spec.name == name:
                value[each.row], state[each.row] = None, CellState.UNREADABLE
        columns[name] = replace(columns[name], value=value, state=state)
    return replace(table, columns=columns) if lost else table


# What is said of them ---------------------------------------------------------------------------


def _problems(table: Table, lost: Sequence[_Lost], shared: SharedKeys) -> Iterator[EvidenceProblem]:
    """By sheet, by column in the order of the sheet, and then by first row."""
    by_column: dict[tuple[int, int, str], list[_Lost]] = {}
    for each in lost:
        number = table.source_of[each.row]
        letters = table.sources[number].letters[each.spec.name]
        by_column.setdefault((number, len(letters), letters), []).append(each)
    for (number, _, letters), cells in sorted(by_column.items()):
        source, spec = table.sources[number], cells[0].spec
        fault = CellFault(
            ProblemKind.CELL_UNREADABLE,
            "are keys of more than one row",
            "Give each of those rows a separate key, and enter the one that is meant.",
            quotes=not spec.sensitive,
        )
        bearers = shared.rows(spec, {key for cell in cells for key in cell.keys})
        places = {
            key: listed(list(_places(rows, source.file)), "and of") for key, rows in bearers.items()
        }
        endings = {key: _ending(rows, places[key]) for key, rows in bearers.items()}
        unread: list[UnreadCell] = []
        for cell in sorted(cells, key=lambda each: table.row_of[each.row]):
            text = table.columns[spec.name].raw[cell.row]
            told = {key: quoted(key if spec.type == "keys" else text) for key in cell.keys}
            message = " ".join(
                f"{'The text in the cell' if spec.sensitive else told[key]} {endings[key]}"
                for key in cell.keys
            )
            why = UnreadReason(fault, message, "; ".join(places[key] for key in cell.keys))
            unread.append(UnreadCell(table.row_of[cell.row], text, why))
        where = Where(table.register, source.file, source.sheet)
        yield from where.cell_problems(spec, letters, unread)


def _ending(bearers: Sequence[tuple[Table, int]], places: str) -> str:
    """What is wrong with a key of these rows, and keys that would tell them apart: M1 and M2, D1
    and M1, ME1 and MI1."""
    registers = list(dict.fromkeys(table.register.id for table, _ in bearers))
    several = len(registers) > 1
    such_as = [f"{registers[0][0].upper()}{number}" for number in (1, 2)]
    if several:
        lengths = (n for n in range(1, 99) if len({id_[:n] for id_ in registers}) == len(registers))
        length = next(lengths)
        such_as = [f"{id_[:length].upper()}1" for id_ in sorted(registers)]
    return (
        f"is the key of {places}{'' if several else ', which differ'}, so it is not clear which"
        f" is meant. Give each row a separate key, such as {listed(such_as)}, and enter the one"
        " that is meant here."
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
