"""The chain as a text file, for whoever checks it without this program."""

from __future__ import annotations

from pathlib import Path

from record.ledger.database import reading
from record.ledger.ledger import rows_in


def exported(ledger: Path) -> bytes:
    """Every entry, a line each, in order: the very bytes that its hash is of. So the SHA-256 of a
    line, without its line break, is the ``previous`` of the next line, and that of the last line
    is the head. No details are in it and not the key, so it names nobody. Raises LedgerProblem
    where the ledger cannot be read."""
    with reading(ledger) as connection:
        rows = rows_in(connection)
    return "".join(f"{row.body}\n" for row in rows).encode()
