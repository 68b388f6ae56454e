"""A little made-up evidence for the engine's tests, with odd cells among the good, and now and then
a key that two rows bear."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence

from evidence.register import BLANK_NOTHING, ColumnSpec, DayOf, Latest, RegisterSpec
from evidence.table import CellState, Evidence, Table
from tests.support import engine_builders as make

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
    return _changed(spec, column, refers_to_any=registers)


def _changed(spec: RegisterSpec, column: str, **more: object) -> RegisterSpec:
    """The register, with something said of one of its columns."""
    columns = (each.model_copy(update=more if each.name == column else {}) for each in spec.columns)
    return spec.model_copy(update={"columns": tuple(columns)})


def _with(spec: RegisterSpec, *columns: ColumnSpec) -> RegisterSpec:
    """The register with more columns."""
    return spec.model_copy(update={"columns": (*spec.columns, *columns)})


_LATEST = ColumnSpec(
    name="names the latest",
    type="yes/no",
    required=False,
    blank=BLANK_NOTHING,
    latest=Latest(
        key="about", within="documents", kind="kind", of="agreement", issued="issued on",
        by="reviewed on",
    ),
)  # fmt: skip
_PEOPLE = _naming(make.PEOPLE, "policy", "documents").model_copy(
    update={"begins": "starts", "dated_by": "starts", "label": "kind"}
)
_TRAINING = _naming(make.TRAINING, "person", "people")
#: Planned meetings are listed too, so that one may have no day yet.
MEETINGS = _changed(make.MEETINGS, "held on", planned=True).model_copy(
    update={"dated_by": "held on", "cancelled": "cancelled", "label": "body"}
)
_REVIEWS = _with(
    _naming(make.REVIEWS, "about", "meetings", "documents"),
    ColumnSpec(
        name="minuted at", type="key", required=False, blank=BLANK_NOTHING, refers_to="meetings"
    ),
    _LATEST,
    ColumnSpec(
        name="minuted day",
        type="day",
        required=False,
        blank=BLANK_NOTHING,
        day_of=DayOf(key="minuted at", within="meetings", day="held on"),
    ),
)
#: Who holds which role; one at a time.
ROLES = make.register(
    "roles",
    make.column("role", "code"),
    make.column("from", "day"),
    make.column("to", "day", blank=BLANK_NOTHING),
    make.column("trained on", "day", blank=BLANK_NOTHING),
).model_copy(update={"one_holder_of": "role", "dated_by": "from"})
#: The registers of the engine's tests; these say whose keys stand in their cells.
REGISTERS = (_PEOPLE, _TRAINING, MEETINGS, _REVIEWS, *make.REGISTERS[4:], ROLES)
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
    """Evidence as it stands in its sheets, before evidence.keys.latest."""
    rows = (
        (_PEOPLE, [_person(chance, n) for n in range(chance.randrange(0, 4))]),
        (_TRAINING, [_training(chance, n) for n in range(chance.randrange(0, 13))]),
        (MEETINGS, [_meeting(chance, n) for n in range(chance.randrange(0, 6))]),
        (_REVIEWS.written, [_review(chance, n) for n in range(chance.randrange(0, 16))]),
        (make.DOCUMENTS, [_document(chance, n) for n in range(chance.randrange(0, 6))]),
        (make.ACTIONS, [_action(chance, n) for n in range(chance.randrange(0, 6))]),
        (make.VENUES, [_venue(chance) | {"ref": f"V{n}"} for n in range(chance.randrange(0, 3))]),
        (make.NIL_RETURNS, [_nil(chance) for _ in range(chance.randrange(0, 3))]),
        (make.WAIVERS, [_waiver(chance) for _ in range(chance.choice((0, 1, 1, 2, 2)))]),
        (ROLES, [_role(chance, n) for n in range(chance.randrange(0, 6))]),
    )
    _share_keys(chance, rows[4][1])
    return make.shown(*(_as_given(chance, spec, listed) for spec, listed in rows))


def _as_given(chance: random.Random, spec: RegisterSpec, rows: Sequence[make.Row]) -> Table:
    """The table of a register; now and then its sheet was not given, or cannot be read."""
    which = chance.random()
    if which < 0.03:
        return make.missing(spec)
    return make.unreadable(spec) if which < 0.045 else make.table(spec, *rows)


def _share_keys(chance: random.Random, documents: list[make.Row]) -> None:
    """Now and then a document has the key of another one, or of a meeting. By chances of its own,
    so that all else in a case is as it would be without."""
    own = random.Random()
    own.setstate(chance.getstate())
    for at, row in enumerate(documents):
        if own.random() < 0.12:
            documents[at] = {**row, "ref": own.choice(("D0", "M0", "M1", "M2"))}


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


def _role(chance: random.Random, n: int) -> make.Row:
    begins = _when(chance) if chance.random() < 0.85 else FIRST
    ends = begins + datetime.timedelta(days=chance.randrange(-10, 900))
    return {
        "ref": f"H{n}",
        "role": _cell(chance, chance.choice(("one", "one", "two"))),
        "from": _cell(chance, begins),
        "to": _maybe(chance, ends, 0.6),
        "trained on": _maybe(chance, begins + datetime.timedelta(days=chance.randrange(90)), 0.3),
    }


def _held(chance: random.Random, day: datetime.date) -> make.Cell:
    """When a meeting was held, or is planned; now and then no day is known yet."""
    words = ("tbc", "T.B.A.", "(to follow)", "soon", "31/11/2026")
    return make.Unread(chance.choice(words)) if chance.random() < 0.06 else _cell(chance, day)


def _meeting(chance: random.Random, n: int) -> make.Row:
    held = _when(chance)
    minuted = held + datetime.timedelta(days=chance.randrange(-40, 90))
    return {
        "ref": _cell(chance, f"M{n if chance.random() < 0.93 else 0}"),
        "body": _cell(chance, chance.choice(("group", "group", "board"))),
        "held on": _held(chance, held),
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
        "about": _maybe(chance, chance.choice(("M0", "M1", "M2", "M0", "M1", "D0", "D1")), 0.2),
        "minuted at": _maybe(chance, f"M{chance.randrange(7)}", 0.25),
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
    subjects = (
        *("all",) * 9,
        *("office", "office", "P0", "p1", "M0", "M1", "A0", "one", "two"),
        *("M0, one", "m1,  One", "M0, P1", "M1, The first", "The first", "staff", "group", "P9"),
    )
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
