"""The offices in tests/offices: workbooks as offices keep them, with the long form that is right.

Each folder has the office's file, ``right.csv`` (register, row, column, value, cell), and what only
a person of the office knows (``facts.yaml``); those that the mapping can read have ``office.yaml``.
"""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from evidence.mapping.model import SheetMapping
from evidence.read import read_evidence
from evidence.register import RegisterSpec
from evidence.table import CellState, Evidence, Table, Typed
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model
from tests.support.needs import ROOT

OFFICES = ROOT / "tests" / "offices"

#: A record in normal form: its register, and its values by column.
Record = tuple[str, frozenset[tuple[str, str]]]


def mapping_in(folder: Path) -> tuple[SheetMapping, ...]:
    """The mapping in office.yaml of a folder; it must be without a fault."""
    source = read_source("office.yaml", (folder / "office.yaml").read_bytes())
    assert isinstance(source, YamlFile), source
    values, parts = source.value["mapping"], []
    assert isinstance(values, tuple)
    for number, value in enumerate(values):
        part = read_model(SheetMapping, YamlNode(source, ("mapping", number)), value)
        assert isinstance(part, SheetMapping), part
        parts.append(part)
    return tuple(parts)


def office_files(folder: Path) -> list[Path]:
    """The spreadsheets of an office."""
    return sorted(
        p for p in folder.iterdir() if p.suffix in (".xlsx", ".csv") and p.stem != "right"
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
            if not (spec.name == table.register.key and not column.raw[row]):
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
