"""The rows of a case as evidence: a sheet in memory for each register, read like any sheet."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from engine.cases.case_file import BLANK, Cell, PlacedCase, Row
from evidence.keys.latest import fill_columns, finish_evidence
from evidence.raw_cells import RawSheet
from evidence.register import RegisterSpec
from evidence.sheet_ref import SheetRef
from evidence.sheets.joining import join_parts, missing_table
from evidence.sheets.sheet_contents import read_sheet
from evidence.table import Evidence, Table

Tables = Mapping[str, Table]

_FIRST_ROW = 2  # the headings are in row 1


def empty_tables(registers: Mapping[str, RegisterSpec]) -> Tables:
    """The table of each register if its sheet is provided without a row."""
    tables = {name: _table(register.written, ()) for name, register in registers.items()}
    return fill_columns(tables, registers)


def evidence_of(placed: PlacedCase, empty: Tables) -> Evidence:
    """The evidence of a case, finished like that of files; ``empty`` are the tables of sheets
    without rows."""
    registers = {name: table.register for name, table in empty.items()}
    tables = {name: _case_table(placed, table) for name, table in empty.items()}
    return finish_evidence(Evidence(tables=tables, files=(), problems=(), notes=()), registers)


def row_name(placed: PlacedCase, register: RegisterSpec, row: int) -> str:
    """The name that a case gives to a row of the sheet: its ref, or the sheet and its number."""
    number = row - _FIRST_ROW
    ref = placed.rows[register.id][number].get(register.key or "", BLANK)
    return _numbered(register, number) if ref == BLANK else written(ref)


def written(cell: Cell) -> str:
    """A cell as a sheet would contain it: yes or no, a day as 2025-10-01."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return "" if cell == BLANK else str(cell)


def _case_table(placed: PlacedCase, empty: Table) -> Table:
    register = empty.register.written
    if register.id in (*placed.case.missing, *placed.case.unreadable):
        return missing_table(register, given=register.id in placed.case.unreadable)
    rows = placed.rows.get(register.id, ())
    return _table(register, rows) if rows else empty


def _table(register: RegisterSpec, rows: Sequence[Row]) -> Table:
    headings = [column.name for column in register.columns]
    cells = [_cells(register, row, number) for number, row in enumerate(rows)]
    sheet = RawSheet(register.sheets[0], False, 1, 1, [headings, *cells], text_is_raw=True)
    part = read_sheet(SheetRef(register, "case", sheet.name), sheet).part
    assert part is not None  # it has its headings
    return join_parts(register, [part])[0]


def _cells(register: RegisterSpec, row: Row, number: int) -> list[str]:
    own: Row = {register.key: _numbered(register, number)} if register.key else {}
    cells = {**own, **row}
    return [written(cells.get(column.name, BLANK)) for column in register.columns]


def _numbered(register: RegisterSpec, number: int) -> str:
    return f"{register.id} {number + 1}"
