"""How a change of an office finds the rows that it is about, and adds others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from examples.office.made import Cell, Office, Row, numbered

#: Takes the office and changes its rows.
Change = Callable[[Office], None]


def named(office: Office, register: str, ref: str) -> Row:
    """The row of that key."""
    return found(office, register, ref=ref)


def found(office: Office, register: str, **cells: Cell) -> Row:
    """The first row with these cells; an underscore in a name stands for a space. Raises ValueError
    where there is none."""
    asked = {name.replace("_", " ").strip(): value for name, value in cells.items()}
    for row in office[register]:
        if all(row.get(name) == asked[name] for name in asked):
            return row
    raise ValueError(f"the office has no row of {register} with {asked}")


def add(office: Office, register: str, prefix: str, rows: Iterable[Row], width: int = 1) -> None:
    """The rows put below the register's own, with the keys that come next."""
    keys = [str(row["ref"]).removeprefix(prefix) for row in office[register]]
    first = 1 + max((int(key) for key in keys if key.isdecimal()), default=0)
    office[register] += numbered(prefix, rows, width, first)
