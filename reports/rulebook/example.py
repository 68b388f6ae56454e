"""An example for each duty: the rows of the registers that would meet it, made from its rule."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from evidence.register import RegisterSpec
from reports.rulebook.cells import Cells, whole
from reports.rulebook.rows import Making, rows_of
from rules.model import Rulebook, Version
from rules.patterns import Periodic
from rules.resolve import resolve

#: The month in which an example lies: January is in the last quarter of a financial year, when
#: most is due; a duty in a part of the year has one in the middle of that part.
_MONTHS = {None: 1, "Q1": 5, "Q2": 8, "Q3": 11, "Q4": 2}


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Rows of one register that are there for one thing: the role (as in rules.wording.columns),
    the register's id and title, the columns in which anything stands, and the texts of each row
    under them."""

    role: str
    register: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Rows that meet a duty on the day ``as_of``, with nothing else on record."""

    as_of: datetime.date
    tables: tuple[ExampleTable, ...]


def examples(rulebook: Rulebook, duty_id: str) -> tuple[Example, ...]:
    """An example for each version of the duty, the earliest first, on a day on which it holds."""
    duty = resolve(rulebook, duty_id)
    begins = [each.begins for each in duty.versions]
    ends = [*(day - datetime.timedelta(1) for day in begins[1:]), duty.duty.until]
    return tuple(
        _example(Making(rulebook.registers, held.version, _day(held.version, held.begins, last)))
        for held, last in zip(duty.versions, ends, strict=True)
    )


def _day(version: Version, first: datetime.date, last: datetime.date | None) -> datetime.date:
    """The first day from then on in the month of the example; ``first`` if the version does not
    hold so long."""
    part = version.pattern.part if isinstance(version.pattern, Periodic) else None
    years = (datetime.date(first.year + more, _MONTHS[part], 15) for more in (0, 1))
    day = next(each for each in years if each >= first)
    return day if last is None or day <= last else first


def _example(making: Making) -> Example:
    rows: dict[tuple[str, str], list[Cells]] = {}
    for role, name, cells in rows_of(making):
        kept = whole(making.registers[name], cells, making.day, making.registers)
        rows.setdefault((role, name), []).append(kept)
    tables = tuple(_table(role, making.registers[name], rows[role, name]) for role, name in rows)
    return Example(making.day, tables)


def _table(role: str, spec: RegisterSpec, rows: list[Cells]) -> ExampleTable:
    columns = tuple(
        column.name for column in spec.columns if any(column.name in cells for cells in rows)
    )
    texts = tuple(tuple(cells.get(name, "") for name in columns) for cells in rows)
    return ExampleTable(role, spec.id, spec.title, columns, texts)
