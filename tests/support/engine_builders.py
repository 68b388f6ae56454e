"""Small typed evidence and rulebooks, built in memory, for the tests of the engine.

A cell is written as its value: a day as '2026-03-31' or a date, a set as 'a; b' or a frozenset,
yes/no as True or False, a number as an int. A ``CellState`` stands for a cell that is read so; a
column that a row does not name is blank, with the meaning that its register gives to a blank.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from evidence.register import (
    BLANK_NOTHING,
    BLANK_UNREADABLE,
    ColumnSpec,
    ColumnType,
    RegisterSpec,
)
from evidence.table import CellState, Column, Evidence, Source, Table, Typed
from rules.condition import Applies, Condition
from rules.model import Bearer, Book, Citation, Duty, Rulebook, SopDocument, SopVersion, Version
from rules.patterns import EvidenceQuery, Pattern
from rules.span import Span
from rules.subject import Subjects


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that cannot be read, with the text in it."""

    text: str


Cell = datetime.date | str | int | bool | frozenset[str] | CellState | Unread
Row = Mapping[str, Cell]

IN_FORCE = datetime.date(2024, 10, 1)

#: The states as the readers leave them, which are numbers: as members of their class they take
#: ten times as long to compare, and the tests make tables by the thousand.
_READ, _NOTHING, _BLANK, _UNREADABLE = map(
    int, (CellState.READ, CellState.NOTHING, CellState.BLANK, CellState.UNREADABLE)
)

#: Types whose cells hold what is written for them.
_AS_WRITTEN = frozenset(("text", "code", "period"))

_RAW = {
    CellState.NOTHING: "",
    CellState.BLANK: "",
    CellState.UNREADABLE: "tbc",
    CellState.NO_COLUMN: "",
}


def day(text: str) -> datetime.date:
    """The date of an ISO text."""
    return datetime.date.fromisoformat(text)


def days(count: int) -> Span:
    """So many days."""
    return Span(count, "days")


def months(count: int) -> Span:
    """So many calendar months."""
    return Span(count, "months")


def column(name: str, kind: ColumnType = "text", *, blank: str = BLANK_UNREADABLE) -> ColumnSpec:
    """A column; ``blank`` says what a blank cell of it means."""
    return ColumnSpec(name=name, type=kind, blank=blank)


def _key(name: str) -> ColumnSpec:
    """The column of the keys; those of people are personal."""
    return ColumnSpec(name=name, type="key", personal=name == "person")


def register(name: str, *columns: ColumnSpec, key: str | None = "ref") -> RegisterSpec:
    """A register with the given columns, after the column that holds its keys (if any)."""
    first = () if key is None else (_key(key),)
    return RegisterSpec(
        id=name, title=name, about=name, sheets=(name,), key=key, columns=first + columns
    )


def normal(text: str) -> str:
    """A key as the readers leave it: stripped, single spaces, case folded."""
    return " ".join(text.split()).casefold()


def _blank(spec: ColumnSpec) -> tuple[str, Typed, int]:
    if spec.blank == BLANK_UNREADABLE:
        return "", None, _BLANK
    if spec.blank == BLANK_NOTHING:
        return "", None, _NOTHING
    value: Typed = spec.blank == "yes" if spec.type == "yes/no" else spec.blank
    return "", value, _READ


def _set_of(spec: ColumnSpec, cell: Cell) -> frozenset[str]:
    parts: Iterable[str] = cell if isinstance(cell, frozenset) else str(cell).split(";")
    clean = (part.strip() for part in parts)
    return frozenset(normal(part) if spec.type == "keys" else part for part in clean)


def _value(spec: ColumnSpec, cell: datetime.date | str | int | frozenset[str]) -> Typed:
    if spec.type in ("codes", "keys"):
        return _set_of(spec, cell)
    if spec.type == "day" and isinstance(cell, str):
        return day(cell)
    if spec.type == "key":
        return normal(str(cell))
    return cell


def _raw(cell: Cell) -> str:
    return "; ".join(sorted(cell)) if isinstance(cell, frozenset) else str(cell)


def _read(spec: ColumnSpec, row: Row) -> tuple[str, Typed, int]:
    if spec.name not in row:
        return _blank(spec)
    cell = row[spec.name]
    if isinstance(cell, str) and spec.type in _AS_WRITTEN:
        return cell, cell, _READ
    if isinstance(cell, CellState):
        return _RAW[cell], None, int(cell)
    if isinstance(cell, Unread):
        return cell.text, None, _UNREADABLE
    return _raw(cell), _value(spec, cell), _READ


def table(spec: RegisterSpec, *rows: Row) -> Table:
    """The table of a register that was found, its rows in the order given.

    Equal rows stand in it once. Raises KeyError for a column that the register does not have.
    """
    known = {column.name for column in spec.columns}
    for row in rows:
        for name in row.keys() - known:
            spec.column(name)
    cells = [tuple(_read(column, row) for column in spec.columns) for row in rows]
    return _table(spec, list(dict.fromkeys(cells)))


def _table(spec: RegisterSpec, cells: list[tuple[tuple[str, Typed, int], ...]]) -> Table:
    columns = {
        column.name: Column(
            column.name,
            [row[at][0] for row in cells],
            [row[at][1] for row in cells],
            [row[at][2] for row in cells],
        )
        for at, column in enumerate(spec.columns)
    }
    letters = {column.name: chr(ord("A") + at) for at, column in enumerate(spec.columns)}
    source = Source(f"{spec.id}.csv", spec.id, letters)
    numbers = range(2, len(cells) + 2)
    return Table(spec, True, (source,), [0] * len(cells), list(numbers), columns)


def missing(spec: RegisterSpec) -> Table:
    """The table of a register of which no sheet was given."""
    columns = {column.name: Column(column.name, [], [], []) for column in spec.columns}
    return Table(spec, False, (), [], [], columns, given=False)


def unreadable(spec: RegisterSpec) -> Table:
    """The table of a register of which a sheet was given that cannot be read as one."""
    return replace(missing(spec), given=True)


def shown(*tables: Table) -> Evidence:
    """Evidence of these tables and no others."""
    return Evidence({table.register.id: table for table in tables}, (), (), ())


def version(
    pattern: Pattern,
    *,
    evidence: EvidenceQuery | None = None,
    subjects: Subjects | None = None,
    applies: Applies | None = None,
    lapse: Span | None = None,
    begins: datetime.date = IN_FORCE,
) -> Version:
    """One version of a duty, from ``begins`` on."""
    return Version(
        from_=begins,
        pattern=pattern,
        evidence=evidence,
        subjects=subjects,
        applies=applies,
        lapse=lapse,
    )


def duty(
    *versions: Version,
    id: str = "the-duty",  # noqa: A002 - the model's own word
    until: datetime.date | None = None,
    waivable: bool = True,
    aliases: tuple[str, ...] = (),
) -> Duty:
    """A duty with these versions, the earliest first."""
    return Duty(
        id=id,
        aliases=aliases,
        title=id,
        bearer="OPCC",
        strength="must",
        citations=(Citation(section="1", phrase="made up"),),
        waivable=waivable,
        until=until,
        versions=versions,
    )


def rulebook(registers: Iterable[RegisterSpec], *duties: Duty) -> Rulebook:
    """A rulebook of these duties, all in one section."""
    book = Book(
        id="made-up",
        title="Made up",
        version="1",
        marking="OFFICIAL",
        sop=SopDocument(title="Made up", versions=(SopVersion(version="1", in_force=IN_FORCE),)),
        sections=(),
        bearers=(Bearer(name="OPCC", list="office"),),
    )
    return Rulebook(
        book=book,
        registers={register.id: register for register in registers},
        duties={duty.id: duty for duty in duties},
        sections={duty.id: "1" for duty in duties},
        sources={duty.id: f"{duty.id}.yaml" for duty in duties},
        sha256="",
    )


def equals(name: str, value: str) -> Condition:
    """The condition that a cell is that."""
    return Condition(column=name, equals=value)


def says(name: str, *, yes: bool = True) -> Condition:
    """The condition that a cell says yes (or no)."""
    return Condition(column=name, is_=yes)


def filled(name: str, *where: Condition) -> Condition:
    """The condition that a cell is filled; of a key, that the row that it names meets these."""
    return Condition(column=name, filled=True, where=where)


PEOPLE = register(
    "people",
    column("kind", "code"),
    column("starts", "day"),
    column("ends", "day", blank=BLANK_NOTHING),
    column("flagged from", "day", blank=BLANK_NOTHING),
    column("policy", "key", blank=BLANK_NOTHING),
    key="person",
)
TRAINING = register(
    "training",
    column("person", "key"),
    column("course", "code"),
    column("completed on", "day"),
    column("passed", "yes/no"),
    column("note", "text", blank=BLANK_NOTHING),
)
MEETINGS = register(
    "meetings",
    column("body", "code"),
    column("held on", "day"),
    column("cancelled", "yes/no", blank=BLANK_NOTHING),
    column("minutes on", "day", blank=BLANK_NOTHING),
    column("present", "code", blank=BLANK_NOTHING),
    column("topics", "number", blank=BLANK_NOTHING),
)
REVIEWS = register(
    "reviews",
    column("subject", "code"),
    column("reviewed on", "day"),
    column("for period", "period", blank=BLANK_NOTHING),
    column("about", "key", blank=BLANK_NOTHING),
    column("covers", "codes", blank=BLANK_NOTHING),
    column("score", "number", blank=BLANK_NOTHING),
    column("note", "text", blank=BLANK_NOTHING),
)
DOCUMENTS = register(
    "documents",
    column("kind", "code"),
    column("issued on", "day"),
    column("ended on", "day", blank=BLANK_NOTHING),
    column("review by", "day", blank=BLANK_NOTHING),
)
ACTIONS = register(
    "actions",
    column("owner", "code"),
    column("agreed on", "day"),
    column("due", "day"),
    column("re-agreed to", "day", blank=BLANK_NOTHING),
    column("re-agreed on", "day", blank=BLANK_NOTHING),
    column("measure", "text", blank=BLANK_NOTHING),
    column("completed on", "day", blank=BLANK_NOTHING),
    column("cancelled", "yes/no", blank=BLANK_NOTHING),
)
VENUES = register(
    "venues",
    column("hireable", "yes/no"),
    column("from", "day"),
    column("to", "day", blank=BLANK_NOTHING),
)
NIL_RETURNS = register(
    "nil returns",
    column("list", "code"),
    column("period", "period"),
    column("by post", "text"),
    column("given on", "day"),
)
WAIVERS = register(
    "waivers",
    column("duty", "text"),
    column("subject", "text"),
    column("reason", "text"),
    column("approved by", "text"),
    column("from", "day"),
    column("until", "day"),
)
#: Not among REGISTERS: it changes what a check lists, and no answer of an evaluator.
ACKNOWLEDGEMENTS = register(
    "acknowledgements",
    column("finding"),
    column("duty or row"),
    column("reason"),
    column("by post", "code"),
    column("until", "day"),
    key=None,
)
REGISTERS = (
    PEOPLE,
    TRAINING,
    MEETINGS,
    REVIEWS,
    DOCUMENTS,
    ACTIONS,
    VENUES,
    NIL_RETURNS,
    WAIVERS,
)


def waiver(subject: str, from_: str, until: str, *, of: str = "the-duty") -> Row:
    """A whole row of the register of waivers."""
    return {
        "ref": f"W {subject}",
        "duty": of,
        "subject": subject,
        "reason": "building closed",
        "approved by": "Chief Executive",
        "from": from_,
        "until": until,
    }


def acknowledgement(finding: str, about: str, until: str = "2026-12-31") -> Row:
    """A whole row of the register of acknowledgements."""
    return {
        "finding": finding,
        "duty or row": about,
        "reason": "seen by the Board",
        "by post": "Prevent Lead",
        "until": until,
    }


def nil_return(name: str, period: str, given_on: str) -> Row:
    """A whole row of the register of nil returns."""
    return {
        "ref": f"N {name} {period}",
        "list": name,
        "period": period,
        "by post": "Prevent Lead",
        "given on": given_on,
    }
