"""A ledger tampered with in every way that came to mind: what verifying finds, and what it cannot.

``python -m tests.support.altered_ledgers SEED COUNT`` makes COUNT edits and prints the
result of each.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from record.ledger.chain import entries
from record.ledger.database import LedgerProblem
from record.ledger.entries import digest
from record.ledger.store import store_of
from record.ledger.text import list_words
from record.ledger.verify import verify
from tests.support.ledgers import copied, full, memory, opened

Edit = Callable[[Path, random.Random], None]
_Said = dict[str, object]


def _canonical(said: _Said) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


# Bytes -------------------------------------------------------------------------------------------


def _flip(path: Path, at: int, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def flip_anywhere(path: Path, chance: random.Random) -> None:
    """One bit of the ledger's file."""
    _flip(path, chance.randrange(path.stat().st_size), chance)


def flip_in_text(path: Path, chance: random.Random) -> None:
    """One bit of the text of an entry or of its details."""
    with opened(path) as connection:
        table = chance.choice(("entries", "details"))
        texts = [row[0] for row in connection.execute(f"SELECT body FROM {table}")]
    text = chance.choice(texts).encode()
    start = path.read_bytes().find(text[:200])
    _flip(path, start + chance.randrange(min(len(text), 200)), chance)


def cut_file(path: Path, chance: random.Random) -> None:
    """The end of the file."""
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(100, len(data))])


# Rows --------------------------------------------------------------------------------------------


def _said(connection: sqlite3.Connection) -> list[_Said]:
    found = connection.execute("SELECT body FROM entries ORDER BY number")
    return [json.loads(body) for (body,) in found]


def _put(connection: sqlite3.Connection, number: int, said: _Said, *, fit: bool) -> None:
    text = _canonical(said)
    connection.execute("UPDATE entries SET body = ? WHERE number = ?", (text, number))
    if fit:
        connection.execute("UPDATE entries SET hash = ? WHERE number = ?", (digest(text), number))


def _altered(said: _Said, chance: random.Random) -> _Said:
    """One thing that an entry says, otherwise."""
    name = chance.choice(sorted(said.keys() - {"number", "kind"}))
    value = said[name]
    new: object = "f" * 64
    if name in ("as_of", "known_by", "before"):
        new = f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    elif name == "at":
        new = f"2025-01-{chance.randrange(1, 29):02}T10:00:00Z"
    elif name == "verdict":
        new = "agree" if value == "disagree" else "disagree"
    elif name == "duty":
        new = "desk"
    elif name == "rulebook":
        new = {**value, "version": "0.9.0"}  # type: ignore[dict-item]
    elif name == "program":
        new = {**value, "engine": "the plain evaluator alone"}  # type: ignore[dict-item]
    elif name == "evidence":
        new = [f"{chance.randrange(16**8):064x}"]
    return {**said, name: new}


def edit_entry(path: Path, chance: random.Random, *, fit: bool = False) -> None:
    """What an entry says, its hash left or (``fit``) made to fit; not the last entry's."""
    with opened(path, bare=True) as connection:
        every = _said(connection)
        said = chance.choice(every[:-1])
        _put(connection, int(str(said["number"])), _altered(said, chance), fit=fit)


def edit_entry_to_fit(path: Path, chance: random.Random) -> None:
    """The same, with the entry's own hash made to fit."""
    edit_entry(path, chance, fit=True)


def edit_hash(path: Path, chance: random.Random) -> None:
    """The hash of an entry."""
    with opened(path, bare=True) as connection:
        number = chance.randrange(len(_said(connection)))
        connection.execute(
            "UPDATE entries SET hash = ? WHERE number = ?",
            (f"{chance.randrange(16**60):064x}", number),
        )


def remove_entry(path: Path, chance: random.Random) -> None:
    """An entry that is not the last, with its details; those after it moved up, or not."""
    with opened(path, bare=True) as connection:
        number = chance.randrange(len(_said(connection)) - 1)
        for table in ("entries", "details"):
            connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))
            if chance.random() < 0.5:
                connection.execute(
                    f"UPDATE {table} SET number = -number WHERE number > ?", (number,)
                )
                connection.execute(f"UPDATE {table} SET number = -number - 1 WHERE number < 0")


def swap_entries(path: Path, chance: random.Random) -> None:
    """The order of two entries, their hashes with them or not."""
    with opened(path, bare=True) as connection:
        one, two = chance.sample(range(len(_said(connection))), 2)
        columns = chance.choice(("body", "body, hash"))
        first, second = (
            connection.execute(f"SELECT {columns} FROM entries WHERE number = ?", (n,)).fetchone()
            for n in (one, two)
        )
        names = " = ?, ".join(columns.split(", ")) + " = ?"
        for number, values in ((one, second), (two, first)):
            connection.execute(f"UPDATE entries SET {names} WHERE number = ?", (*values, number))


def put_in_entry(path: Path, chance: random.Random) -> None:
    """A further entry at the end, made from another and fitting its own hash."""
    with opened(path, bare=True) as connection:
        every = _said(connection)
        said = {**chance.choice(every[1:-1]), "number": len(every)}
        text = _canonical(said)
        connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (len(every), text, digest(text)))


# Details, key and rules --------------------------------------------------------------------------


def edit_details(path: Path, chance: random.Random) -> None:
    """Who did it, whom it is about, or why."""
    with opened(path, bare=True) as connection:
        found = connection.execute("SELECT number, body FROM details").fetchall()
        number, body = chance.choice(found)
        said = json.loads(body)
        said[chance.choice(sorted(said))] = f"other {chance.randrange(99)}"
        connection.execute(
            "UPDATE details SET body = ? WHERE number = ?", (_canonical(said), number)
        )


def swap_details(path: Path, chance: random.Random) -> None:
    """The details of two entries."""
    with opened(path, bare=True) as connection:
        (one, first), (two, second) = chance.sample(
            connection.execute("SELECT number, body FROM details").fetchall(), 2
        )
        connection.execute("UPDATE details SET body = ? WHERE number = ?", (second, one))
        connection.execute("UPDATE details SET body = ? WHERE number = ?", (first, two))


def remove_details(path: Path, chance: random.Random) -> None:
    """The details of an entry, as if they had been pruned."""
    with opened(path, bare=True) as connection:
        numbers = [n for (n,) in connection.execute("SELECT number FROM details")]
        connection.execute("DELETE FROM details WHERE number = ?", (chance.choice(numbers),))


def replace_key(path: Path, chance: random.Random) -> None:
    """The ledger's key."""
    with opened(path, bare=True) as connection:
        connection.execute("UPDATE secret SET value = ?", (chance.randbytes(32),))


def drop_rule(path: Path, chance: random.Random) -> None:
    """One of the rules that let nothing be changed."""
    with opened(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        connection.execute(f"DROP TRIGGER {chance.choice(found.fetchall())[0]}")


# Assessments -------------------------------------------------------------------------------------


def _kept(path: Path, chance: random.Random, count: int = 1) -> list[Path]:
    return chance.sample(sorted(store_of(path).glob("*.json")), count)


def flip_in_assessment(path: Path, chance: random.Random) -> None:
    """One bit of an assessment."""
    (one,) = _kept(path, chance)
    _flip(one, chance.randrange(one.stat().st_size), chance)


def edit_status(path: Path, chance: random.Random) -> None:
    """A status in an assessment: overdue made met."""
    (one,) = _kept(path, chance)
    one.write_bytes(one.read_bytes().replace(b'"overdue"', b'"met"', chance.randrange(1, 9)))


def swap_assessments(path: Path, chance: random.Random) -> None:
    """Two assessments."""
    one, two = _kept(path, chance, 2)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def remove_assessment(path: Path, chance: random.Random) -> None:
    """An assessment, as if it had been pruned; or all but its beginning."""
    (one,) = _kept(path, chance)
    if chance.random() < 0.5:
        one.unlink()
    else:
        one.write_bytes(one.read_bytes()[: chance.randrange(one.stat().st_size)])


# What only a head shows --------------------------------------------------------------------------


def rebuild(path: Path, chance: random.Random) -> None:
    """An entry altered and the whole chain rebuilt from it on."""
    with opened(path, bare=True) as connection:
        every = _said(connection)
        target = chance.randrange(1, len(every))
        while every[target]["kind"] == "prune":
            target = chance.randrange(1, len(every))
        name = "verdict" if every[target]["kind"] == "review" else "as_of"
        value: object = "2025-05-05"
        if name == "verdict":
            value = "agree" if every[target][name] == "disagree" else "disagree"
        before = "0" * 64
        for number, said in enumerate(every):
            changed = {name: value} if number == target else {}
            new = {**said, **changed, "previous": before}
            _put(connection, number, new, fit=True)
            before = digest(_canonical(new))


def cut_tail(path: Path, chance: random.Random) -> None:
    """The last entries, with their details; of which none is a pruning."""
    with opened(path, bare=True) as connection:
        every = _said(connection)
        last = max(n for n, said in enumerate(every) if said["kind"] == "prune")
        number = chance.randrange(last + 1, len(every))
        for table in ("entries", "details"):
            connection.execute(f"DELETE FROM {table} WHERE number >= ?", (number,))


#: What is found, if it changes a claim; and what is found only by a head that was kept elsewhere.
FOUND: Mapping[str, Edit] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            flip_anywhere,
            flip_in_text,
            cut_file,
            edit_entry,
            edit_entry_to_fit,
            edit_hash,
            remove_entry,
            swap_entries,
            put_in_entry,
            edit_details,
            swap_details,
            remove_details,
            replace_key,
            drop_rule,
            flip_in_assessment,
            edit_status,
            swap_assessments,
            remove_assessment,
        )
    }
)
BY_A_HEAD: Mapping[str, Edit] = MappingProxyType(
    {each.__name__: each for each in (rebuild, cut_tail)}
)


# The campaign ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """What became of each edit, by its kind. ``missed`` names those that changed a claim and were
    not found, though they should have been."""

    edits: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    no_claim: Counter[str] = field(default_factory=Counter)
    by_head: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def told(path: Path) -> object:
    """All that a ledger claims, read without the program: its entries, what they say of people,
    its key, and the assessments. None where it cannot be read at all."""
    try:
        connection = sqlite3.connect(path)
        try:
            rows = [
                connection.execute(f"SELECT * FROM {table}").fetchall()
                for table in ("entries", "details", "secret")
            ]
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    kept = {each.name: each.read_bytes() for each in store_of(path).iterdir()}
    return rows, kept


def is_found(path: Path, head: str | None = None) -> bool:
    """Whether verifying says that something is wrong."""
    try:
        return bool(verify(path, head).faults)
    except LedgerProblem:
        return True


def run(seed: int, count: int) -> Tally:
    """``count`` edits from ``seed`` on, the kinds in turn, each of a ledger of its own."""
    tally = Tally()
    kinds = {**FOUND, **BY_A_HEAD}
    with memory() as folder:
        path = full(folder / "whole")
        head = verify(path).head
        before = told(path)
        for number in range(seed, seed + count):
            name = list(kinds)[number % len(kinds)]
            edited = copied(path, folder / str(number))
            kinds[name](edited, random.Random(number))
            _count(tally, name, number, edited, changed=told(edited) != before, head=head)
            _read(edited)
    return tally


def _read(path: Path) -> None:
    """Whatever was done to it, it is listed or refused in words: anything else is raised."""
    with suppress(LedgerProblem):
        list_words(entries(path))


def _count(tally: Tally, name: str, number: int, path: Path, *, changed: bool, head: str) -> None:
    tally.edits += 1
    found = is_found(path)
    (tally.claims if changed else tally.no_claim)[name] += 1
    if name in BY_A_HEAD:
        tally.by_head[name] += 1
        if found or not is_found(path, head) or not changed:
            tally.missed.append(f"{name} {number}")
    elif found:
        tally.found[name] += 1
    elif changed:
        tally.missed.append(f"{name} {number}")


def main(arguments: list[str]) -> int:
    """Runs a campaign and prints its counts; 1 where an edit was missed."""
    tally = run(int(arguments[0]), int(arguments[1]))
    print(f"{tally.edits} edits, {sum(tally.claims.values())} of which change a claim")
    for name in (*FOUND, *BY_A_HEAD):
        print(
            f"  {name}: {tally.claims[name]} change a claim, {tally.no_claim[name]} do not;"
            f" {tally.found[name]} found, {tally.by_head[name]} only by a head"
        )
    print(f"missed: {len(tally.missed)} {tally.missed[:9]}")
    return 1 if tally.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
