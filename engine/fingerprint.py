"""Fingerprints of rows: how a row that was cited is known again in a later copy of its register.

Names and dates can be guessed, so a plain hash of them would tell them to whoever tries: a
fingerprint is made under a key, which stays in the office.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from evidence.table import Table

#: How many hexadecimal digits of the digest are kept.
LENGTH = 16


def printer(table: Table, key: bytes) -> Callable[[int], str]:
    """Gives each row of a table (from 0) its fingerprint: HMAC-SHA256, by ``key``, of the id of the
    register and the raw text of every declared column that is not blank, by the columns' names;
    cut to LENGTH digits. So neither the order of rows, sheets and columns, nor the names of files
    and sheets, nor a column that is not declared, makes any difference."""
    names = sorted(spec.name for spec in table.register.columns if spec.looks_in is None)
    columns = [(_framed(name), table.columns[name].raw) for name in names]
    begins = _framed(table.register.id)
    made: dict[int, str] = {}  # the same row is shown for many duties

    def fingerprint(row: int) -> str:
        if row not in made:
            parts = [f"{name}{len(text)}:{text}" for name, raw in columns if (text := raw[row])]
            message = (begins + "".join(parts)).encode("utf-8", "surrogatepass")
            made[row] = hmac.digest(key, message, "sha256").hex()[:LENGTH]
        return made[row]

    return fingerprint


def _framed(text: str) -> str:
    """The text with its length before it, so that no two lists of texts are written alike."""
    return f"{len(text)}:{text}"
