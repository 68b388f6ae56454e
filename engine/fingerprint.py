"""Fingerprints of rows, which find a cited row again in a later copy of its register.

Names and dates can be guessed, so a plain hash would reveal them. A fingerprint needs a key, which
stays in the office.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from evidence.cells.text import normal_key
from evidence.table import Table

#: The number of hexadecimal digits of a fingerprint.
LENGTH = 16


class Prints(NamedTuple):
    """The fingerprints of the rows of each register, and the fingerprints of only their keys."""

    rows: Mapping[str, Sequence[str]]
    keys: Mapping[str, Sequence[str]]


def prints_of(tables: Mapping[str, Table], key: bytes | None) -> Prints:
    """The fingerprints of all rows under a key; none without one."""
    if key is None:
        return Prints({}, {})
    return Prints(
        {register: row_prints(table, key) for register, table in tables.items()},
        {register: key_prints(table, key) for register, table in tables.items()},
    )


def row_prints(table: Table, key: bytes) -> list[str]:
    """The fingerprint of each row of a table: the first LENGTH digits of an HMAC-SHA256 under
    ``key`` of the register's id and of every declared column that is not blank, by the columns'
    names. The order of rows, sheets and columns, the names of files and sheets, and columns that
    are not declared make no difference."""
    names = sorted(spec.name for spec in table.register.columns if spec.looks_in is None)
    columns = [_framed_cells(name, table.columns[name].raw) for name in names]
    rows = zip(*columns, strict=True) if columns else repeat((), len(table))
    register = _framed(table.register.id)
    return [_digits(key, register + "".join(cells)) for cells in rows]


def key_prints(table: Table, key: bytes) -> list[str]:
    """The fingerprint of only the key of each row, which finds a row again after an edit; '' if the
    key is blank. Empty for a register without a key column."""
    column = table.register.key
    keys = table.columns[column].raw if column else ()
    before = f"key{_framed(table.register.id)}"
    return [_digits(key, before + _framed(normal_key(text))) if text else "" for text in keys]


def _digits(key: bytes, message: str) -> str:
    return hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256").hex()[:LENGTH]


def _framed_cells(name: str, cells: Sequence[str]) -> list[str]:
    """The cells of a column, framed after its name; most columns have few distinct texts."""
    before = _framed(name)
    framed = {text: f"{before}{len(text)}:{text}" if text else "" for text in set(cells)}
    return [framed[text] for text in cells]


def _framed(text: str) -> str:
    """The text after its length, so that no two lists of texts give the same message."""
    return f"{len(text)}:{text}"
