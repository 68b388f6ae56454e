"""Fingerprints of rows, which find a cited row again in a later copy of its register.

Names and dates can be guessed, so a plain hash would reveal them. A fingerprint needs a key, which
stays in the office.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import cache

from evidence.cells.text import normal_key
from evidence.table import Table

#: The number of hexadecimal digits of a fingerprint.
LENGTH = 16


def printer(table: Table, key: bytes) -> Callable[[int], str]:
    """A function from a row of a table (from 0) to its fingerprint: the first LENGTH digits of an
    HMAC-SHA256 under ``key`` of the register's id and of every declared column that is not blank,
    by the columns' names. The order of rows, sheets and columns, the names of files and sheets, and
    columns that are not declared make no difference."""
    names = sorted(spec.name for spec in table.register.columns if spec.looks_in is None)
    columns = [(_framed(name), table.columns[name].raw) for name in names]
    register = _framed(table.register.id)

    @cache  # the same row is shown for many duties
    def fingerprint(row: int) -> str:
        parts = [f"{name}{len(text)}:{text}" for name, raw in columns if (text := raw[row])]
        message = (register + "".join(parts)).encode("utf-8", "surrogatepass")
        return hmac.digest(key, message, "sha256").hex()[:LENGTH]

    return fingerprint


def key_printer(table: Table, key: bytes) -> Callable[[int], str]:
    """A function from a row of a table (from 0) to the fingerprint of its key column alone, by
    which a row that was edited is found again; '' where it has none."""
    column = table.register.key
    keys = table.columns[column].raw if column else [""] * len(table)
    register = _framed(table.register.id)

    def fingerprint(row: int) -> str:
        if not keys[row]:
            return ""
        message = f"key{register}{_framed(normal_key(keys[row]))}".encode("utf-8", "surrogatepass")
        return hmac.digest(key, message, "sha256").hex()[:LENGTH]

    return fingerprint


def _framed(text: str) -> str:
    """The text after its length, so that no two lists of texts give the same message."""
    return f"{len(text)}:{text}"
