"""The offices of the tests: workbooks as offices keep them, with the long form that is right.

Each folder has the office's file, ``right.csv`` (register, row, column, value, cell), and what only
a person of the office knows (``facts.yaml``); those that the mapping can read have ``office.yaml``.
"""

from __future__ import annotations

import csv
import datetime
import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import digits

from openpyxl import load_workbook

from evidence.mapping.model import SheetMapping, WideCell, cells_of_source
from evidence.raw_cells import cell_name
from evidence.read import read_evidence
from evidence.register import RegisterSpec
from evidence.table import CellState, Evidence, Table, Typed
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model
from tests.support.needs import ROOT

OFFICES = ROOT / "tests" / "offices"
#: Four offices by somebody who had not seen the mapping. They measure it and its proposals, neither
#: of which may be changed for them.
INDEPENDENT = ROOT / "tests" / "offices-independent"
#: Four more, by somebody who had seen neither the mapping nor these offices.
UNSEEN = ROOT / "tests" / "offices-unseen"
#: Two more, with several sheets each and without a mapping, which measure the proposals.
FURTHER = ROOT / "tests" / "offices-further"
#: Eight small ones of other habits, written before it was known what is proposed for them. The
#: first four shape the proposals with OFFICES; the others only measure them.
SHAPING = ROOT / "tests" / "offices-shaping"
HELD_OUT = ROOT / "tests" / "offices-held-out"
#: Four by somebody who knew the registers, and nothing of the mapping; they only measure.
JUDGE = ROOT / "tests" / "offices-judge"
#: Sets of four that were made later in the same way, each measured before it was looked at.
FRESH = sorted((ROOT / "tests").glob("offices-judge-*"))
#: The folder of each office by its name.
FOLDERS = {
    folder.name: folder
    for folders in (OFFICES, INDEPENDENT, UNSEEN)
    for folder in folders.iterdir()
}

#: A record in normal form: its register, and its values by column.
Record = tuple[str, frozenset[tuple[str, str]]]


def mapping_of(text: str) -> tuple[SheetMapping, ...]:
    """The mapping in the text of an office.yaml; it must be without a fault."""
    source = read_source("office.yaml", text.encode())
    assert isinstance(source, YamlFile), source
    values, parts = source.value["mapping"], []
    assert isinstance(values, tuple)
    for number, value in enumerate(values):
        part = read_model(SheetMapping, YamlNode(source, ("mapping", number)), value)
        assert isinstance(part, SheetMapping), part
        parts.append(part)
    return tuple(parts)


def mapping_in(folder: Path) -> tuple[SheetMapping, ...]:
    """The mapping in office.yaml of a folder."""
    return mapping_of((folder / "office.yaml").read_text(encoding="utf-8"))


def office_files(folder: Path) -> list[Path]:
    """The spreadsheets of an office."""
    return sorted(
        p
        for p in folder.iterdir()
        if p.suffix in (".xlsx", ".xls", ".ods", ".csv") and p.stem != "right"
    )


def read_office(folder: Path, registers: Mapping[str, RegisterSpec]) -> Evidence:
    """The evidence of an office, read with its mapping."""
    return read_evidence(office_files(folder), registers, mapping=mapping_in(folder))


def right_records(folder: Path) -> Counter[Record]:
    """The records in right.csv."""
    rows: dict[tuple[str, str], set[tuple[str, str]]] = {}
    with (folder / "right.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            key = line["register"], line["row"]
            rows.setdefault(key, set()).add((line["column"], normal(line["value"])))
    return Counter((register, frozenset(values)) for (register, _), values in rows.items())


def read_records(evidence: Evidence) -> Counter[Record]:
    """The records that were read, in the same form, without made keys and the columns that the
    program fills."""
    return Counter(
        (table.register.id, frozenset(_values(table, row)))
        for table in evidence.tables.values()
        for row in range(len(table))
    )


def _values(table: Table, row: int) -> Iterator[tuple[str, str]]:
    for spec in table.register.columns:
        column = table.columns[spec.name]
        if spec.looks_in is None and column.state[row] == CellState.READ:
            value = column.value[row]
            made = spec.name == table.register.key or text_of(value) == spec.blank
            if column.raw[row] or not made:
                yield spec.name, normal(text_of(value))


def text_of(value: Typed) -> str:
    """A value as right.csv writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return "; ".join(sorted(value))
    return str(value)


def normal(text: str) -> str:
    """Texts compared without capitals and repeated spaces."""
    return " ".join(text.split()).casefold()


def cells_beside(folder: Path, evidence: Evidence) -> list[str]:
    """The values of right records that were read from another cell than right.csv says. A cell of a
    merged area is its first cell. For a joined text a cell in the same row or column is right, and
    for a wide column's heading another cell of the rows of headings."""
    right: dict[tuple[Record, str], set[str]] = {}
    for record, column, cell in _right_cells(folder):
        if cell:  # a constant is in none
            right.setdefault((record, column), set()).add(cell)
    merges, loose = _merged_areas(folder), _columns_of_several_cells(mapping_in(folder))
    beside = []
    for record, column, cell in _read_cells(evidence):
        places = {merges.get(place, place) for place in right.get((record, column), ())}
        near = _is_near if (record[0], column) in loose else operator.eq
        if places and not any(near(merges.get(cell, cell), place) for place in places):
            beside.append(f"{record[0]}, {column}: {cell}, not {' or '.join(sorted(places))}")
    return beside


def _right_cells(folder: Path) -> Iterator[tuple[Record, str, str]]:
    """Each value in right.csv: its record, its column and its cell."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    with (folder / "right.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            rows.setdefault((line["register"], line["row"]), []).append(line)
    for (register, _), lines in rows.items():
        values = frozenset((line["column"], normal(line["value"])) for line in lines)
        yield from (((register, values), line["column"], line["cell"]) for line in lines)


def _read_cells(evidence: Evidence) -> Iterator[tuple[Record, str, str]]:
    """The same of each value that was read."""
    for table in evidence.tables.values():
        for row in range(len(table)):
            values = dict(_values(table, row))
            for name in values:
                place = table.place(row, name)
                cell = f"{place.sheet}!{place.cell}" if place.cell else ""
                yield (table.register.id, frozenset(values.items())), name, cell


def _merged_areas(folder: Path) -> dict[str, str]:
    """The first cell of the merged area of each merged cell."""
    first_cells = {}
    for path in office_files(folder):
        if path.suffix == ".xlsx":
            for sheet in load_workbook(path).worksheets:
                for area in sheet.merged_cells.ranges:
                    first = cell_name(area.min_row, area.min_col)
                    for row, column in area.cells:
                        first_cells[f"{sheet.title}!{cell_name(row, column)}"] = (
                            f"{sheet.title}!{first}"
                        )
    return first_cells


def _columns_of_several_cells(mapping: Sequence[SheetMapping]) -> set[tuple[str, str]]:
    """The columns, with their registers, that come from joined texts or two rows of headings."""
    return {
        (item.register_id, name)
        for part in mapping
        for item in part.gives
        for name, source in item.columns.items()
        if len(list(cells_of_source(source))) > 1
        or (isinstance(source, WideCell) and isinstance(part.headings, tuple))
    }


def _is_near(cell: str, place: str) -> bool:
    """Whether two cells of a sheet are in one row or one column, or in two rows of headings, one
    below the other."""
    sheet, _, address = cell.partition("!")
    right_sheet, _, right_address = place.partition("!")
    column, right_column = address.rstrip(digits), right_address.rstrip(digits)
    rows = int(address[len(column) :]), int(right_address[len(right_column) :])
    return sheet == right_sheet and (column == right_column or abs(rows[0] - rows[1]) <= 1)
