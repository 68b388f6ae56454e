"""A little made-up evidence for the engine's tests, with odd cells among the good, and now and then
a key that two rows bear."""

from __future__ import annotations

import datetime
import random

from evidence.register import RegisterSpec
from evidence.table import CellState, Evidence
from tests import engine_builders as make

FIRST = datetime.date(2024, 10, 1)
EDGES = tuple(
    datetime.date(*parts)
    for parts in (
        (2024, 9, 30), (2024, 10, 1), (2024, 12, 31), (2025, 1, 1), (2025, 2, 28), (2025, 3, 31),
        (2025, 4, 1), (2025, 9, 30), (2025, 10, 1), (2025, 12, 31), (2026, 1, 1), (2026, 2, 28),
        (2026, 3, 31), (2026, 4, 1), (2026, 4, 28), (2026, 6, 30), (2026, 7, 1), (2026, 10, 31),
        (2027, 3, 31), (2027, 4, 1), (2028, 2, 29), (2028, 3, 31),
    )
)  # fmt: skip


def _naming(spec: RegisterSpec, column: str, *registers: str) -> RegisterSpec:
    """The register, its column said to name rows of these."""
    more = {"refers_to_any": registers}
    columns = (each.model_copy(update=more if each.name == column else {}) for each in spec.columns)
    return spec.model_copy(update={"columns": tuple(columns)})


_PEOPLE = _naming(make.PEOPLE, "policy", "documents").model_copy(update={"begins": "starts"})
_TRAINING = _naming(make.TRAINING, "person", "people")
_REVIEWS = _naming(make.REVIEWS, "about", "meetings", "documents")
#: The registers of the engine's tests; these say whose keys stand in their cells.
REGISTERS = (_PEOPLE, _TRAINING, make.MEETINGS, _REVIEWS, *make.REGISTERS[4:])
ODD = (CellState.UNREADABLE, CellState.BLANK, CellState.NO_COLUMN)


def _when(chance: random.Random) -> datetime.date:
    if chance.random() < 0.25:
        return chance.choice(EDGES)
    return FIRST + datetime.timedelta(days=chance.randrange(-300, 1300))


def _cell(chance: random.Random, value: make.Cell, odd: float = 0.03) -> make.Cell:
    return chance.choice(ODD) if chance.random() < odd else value


def _maybe(chance: random.Random, value: make.Cell, blank: float = 0.5) -> make.Cell:
    return CellState.NOTHING if chance.random() < blank else _cell(chance, value)


def evidence(chance: random.Random) -> Evidence:
    """Evidence as it stands in its sheets, before evidence.finishing."""
    rows = (
        (_PEOPLE, [_person(chance, n) for n in range(chance.randrange(0, 4))]),
        (_TRAINING, [_training(chance, n) for n in range(chance.randrange(0, 13))]),
        (make.MEETINGS, [_meeting(chance, n) for n in range(chance.randrange(0, 6))]),
        (_REVIEWS, [_review(chance, n) for n in range(chance.randrange(0, 16))]),
        (make.DOCUMENTS, [_document(chance, n) for n in range(chance.randrange(0, 6))]),
        (make.ACTIONS, [_action(chance, n) for n in range(chance.randrange(0, 6))]),
        (make.VENUES, [_venue(chance) | {"ref": f"V{n}"} for n in range(chance.randrange(0, 3))]),
        (make.NIL_RETURNS, [_nil(chance) for _ in range(chance.randrange(0, 3))]),
        (make.WAIVERS, [_waiver(chance) for _ in range(chance.choice((0, 1, 1, 1, 2)))]),
    )
    _share_keys(chance, rows[4][1])
    tables = [
        make.missing(spec) if chance.random() < 0.03 else make.table(spec, *listed)
        for spec, listed in rows
    ]
    return make.shown(*tables)


def _share_keys(chance: random.Random, documents: list[make.Row]) -> None:
    """Now and then a document has the key of another one, or of a meeting. By chances of its own,
    so that all else in a case is as it would be without."""
    own = random.Random()
    own.setstate(chance.getstate())
    for at, row in enumerate(documents):
        if own.random() < 0.12:
            documents[at] = {**row, "ref": own.choice(("D0", "M0", "M1", "M2"))}


def _near(chance: random.Random, day: datetime.date, first: int, last: int) -> datetime.date:
    return day + datetime.timedelta(days=chance.randrange(first, last))


def _person(chance: random.Random, n: int) -> make.Row:
    starts = _when(chance)
    ends = starts + datetime.timedelta(days=chance.randrange(-20, 900))
    return {
        "person": _cell(chance, f"P{n if chance.random() < 0.85 else 0}"),
        "kind": _cell(chance, chance.choice(("staff", "staff", "other"))),
        "starts": _cell(chance, starts),
        "ends": _maybe(chance, ends, 0.7),
        "flagged from": _maybe(chance, _when(chance), 0.3),
        "policy": _maybe(chance, f"D{chance.randrange(3)}", 0.2),
    }


def _training(chance: random.Random, n: int) -> make.Row:
    return {
        "ref": f"T{n}",
        "person": _cell(chance, f"P{chance.randrange(3)}"),
        "course": _cell(chance, chance.choice(("awareness", "awareness", "refresher"))),
        "completed on": _cell(chance, _when(chance)),
        "passed": _cell(chance, chance.random() < 0.85),
    }


def _meeting(chance: random.Random, n: int) -> make.Row:
    held = _when(chance)
    minuted = held + datetime.timedelta(days=chance.randrange(-40, 90))
    return {
        "ref": _cell(chance, f"M{n if chance.random() < 0.93 else 0}"),
        "body": _cell(chance, chance.choice(("group", "group", "board"))),
        "held on": _cell(chance, held),
        "cancelled": _maybe(chance, chance.random() < 0.5, 0.8),
        "minutes on": _maybe(chance, minuted, 0.3),
        "present": _maybe(chance, chance.choice(("lead", "deputy", "none")), 0.1),
        "topics": _maybe(chance, chance.randrange(0, 4), 0.1),
    }


def _review(chance: random.Random, n: int) -> make.Row:
    periods = ("2024/25", "2025/26", "2026/27", "2027/28", "2025/26 Q1", "2025/26 Q4", "2026/27 Q1")
    topics = [each for each in ("one", "two", "three") if chance.random() < 0.6]
    return {
        "ref": f"R{n}",
        "subject": _cell(chance, chance.choice(("plan", "plan", "plan", "other"))),
        "reviewed on": _cell(chance, _when(chance)),
        "for period": _maybe(chance, chance.choice(periods), 0.4),
        "about": _maybe(chance, f"M{chance.randrange(3)}", 0.2),
        "covers": _maybe(chance, frozenset(topics or ["one"]), 0.1),
        "score": _maybe(chance, chance.randrange(6), 0.2),
        "note": _maybe(chance, "seen", 0.4),
    }


def _document(chance: random.Random, n: int) -> make.Row:
    issued = _when(chance)
    return {
        "ref": f"D{n}",
        "kind": _cell(chance, chance.choice(("agreement", "agreement", "other"))),
        "issued on": _cell(chance, issued),
        "ended on": _maybe(chance, issued + datetime.timedelta(days=chance.randrange(900)), 0.7),
        "review by": _maybe(chance, issued + datetime.timedelta(days=chance.randrange(900)), 0.4),
    }


def _action(chance: random.Random, n: int) -> make.Row:
    agreed = _when(chance)
    due = agreed + datetime.timedelta(days=chance.randrange(-10, 300))
    return {
        "ref": _cell(chance, f"A{n if chance.random() < 0.93 else 0}"),
        "owner": _cell(chance, chance.choice(("OPCC", "OPCC", "council"))),
        "agreed on": _cell(chance, agreed),
        "due": _cell(chance, due),
        "re-agreed on": _maybe(
            chance, due + datetime.timedelta(days=chance.randrange(-60, 30)), 0.6
        ),
        "re-agreed to": _maybe(
            chance, due + datetime.timedelta(days=chance.randrange(-20, 200)), 0.5
        ),
        "measure": _maybe(chance, "a measure", 0.2),
        "completed on": _maybe(
            chance, due + datetime.timedelta(days=chance.randrange(-90, 90)), 0.5
        ),
        "cancelled": _maybe(chance, chance.random() < 0.5, 0.85),
    }


def _venue(chance: random.Random) -> dict[str, make.Cell]:
    return {
        "hireable": _cell(chance, chance.random() < 0.7),
        "from": _cell(chance, _when(chance)),
        "to": _maybe(chance, _when(chance), 0.6),
    }


def _nil(chance: random.Random) -> make.Row:
    periods = ("2024/25", "2025/26", "2026/27", "2025/26 Q1", "2025/26 Q4", "2026/27 Q1")
    return {
        "ref": f"N{chance.randrange(9)}",
        "list": _cell(chance, chance.choice(("things", "things", "else"))),
        "period": _cell(chance, chance.choice(periods)),
        "by post": _cell(chance, "Prevent Lead"),
        "given on": _cell(chance, _when(chance)),
    }


def _waiver(chance: random.Random) -> make.Row:
    long = chance.random() < 0.75
    first = FIRST + datetime.timedelta(chance.randrange(300)) if long else _when(chance)
    subjects = ("all", "all", "all", "office", "P0", "p1", "M0", "M1", "A0", "one", "two")
    return {
        "ref": f"W{chance.randrange(9)}",
        "duty": _cell(chance, chance.choice(("the-duty",) * 5 + ("extra",))),
        "subject": _cell(chance, chance.choice(subjects)),
        "reason": _cell(chance, "building closed"),
        "approved by": _cell(chance, "Chief Executive"),
        "from": _cell(chance, first),
        "until": _cell(
            chance, first + datetime.timedelta(chance.randrange(0, 1400 if long else 700))
        ),
    }
