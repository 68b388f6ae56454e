"""The chain: each entry holds the hash of the one before it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from record.ledger.entries import (
    NOTHING_BEFORE,
    Begun,
    Body,
    body_of,
    canonical,
    digest,
    is_canonical,
)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it stands in the file: ``hash`` is the SHA-256 of ``body``, and as the head it
    seals all that stands before it too."""

    number: int
    body: str
    hash: str


def row_of(body: Body) -> Row:
    """The entry as it is to stand in the file."""
    text = canonical(body)
    return Row(body.number, text, digest(text))


def faults(rows: Iterable[Row]) -> Iterator[str]:
    """Everything that is wrong in the chain, in sentences, by entry: what was altered without
    the chain's being rebuilt from there on. Rows come as they stand, whatever stands in them."""
    before, number = NOTHING_BEFORE, 0
    for row in rows:
        if row.number != number:
            yield _missing(number, row.number)
        yield from _faults_of(row, before)
        before, number = row.hash, row.number + 1
    if not number:
        yield "The ledger has no entry, and not even its beginning."


def _missing(expected: int, found: int) -> str:
    if found < expected:
        return f"Entry {found} stands out of its order."
    gone = f"entry {expected}" if found == expected + 1 else f"entries {expected} to {found - 1}"
    return f"{gone.capitalize()} cannot be found."


def _faults_of(row: Row, before: str) -> Iterator[str]:
    if digest(row.body) != row.hash:
        yield f"Entry {row.number} was altered: what stands in it is not what its hash is of."
        return
    try:
        body = body_of(row.body)
        odd = not is_canonical(row.body) or isinstance(body, Begun) != (row.number == 0)
    except ValueError:
        yield f"Entry {row.number} is none that this program writes."
        return
    if odd or body.number != row.number:
        yield f"Entry {row.number} is none that this program writes in that place."
    if body.previous != before:
        yield (
            f"Entry {row.number} does not follow the one before it: one of them was altered, "
            "removed, or put in since."
        )
