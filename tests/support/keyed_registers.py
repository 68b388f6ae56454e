"""Registers whose keys have to name a row, whose roles have one holder, and whose meetings are
planned; and checks of one duty on them."""

from __future__ import annotations

from engine.assessment import Assessment, DutyOutcome, ObligationOutcome
from evidence.register import BLANK_NOTHING, ColumnSpec, RegisterSpec
from evidence.table import CellState, Table
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import Events, EvidenceQuery, Rolling, Standing, Triggered
from rules.subject import FixedList
from tests.support import engine_builders as make
from tests.support.engine_builders import Cell, Row, column, days, equals, filled, version
from tests.support.small_check import checked

ON = "2026-05-20"

_MEETINGS = make.MEETINGS.model_copy(
    update={
        "title": "Meetings",
        "dated_by": "held on",
        "cancelled": "cancelled",
        "label": "present",
        "columns": tuple(
            each.model_copy(update={"planned": each.name == "held on"})
            for each in make.MEETINGS.columns
        ),
    }
)
_REVIEWS = make.register(
    "reviews",
    column("subject", "code"),
    column("reviewed on", "day"),
    ColumnSpec(name="minuted at", type="key", blank=BLANK_NOTHING, refers_to="meetings"),
    ColumnSpec(name="also at", type="keys", blank=BLANK_NOTHING, refers_to="meetings"),
    column("published on", "day", blank=BLANK_NOTHING),
    column("note", "text", blank=BLANK_NOTHING),
).model_copy(update={"title": "Reviews", "dated_by": "reviewed on"})
_ROLES = make.register(
    "roles",
    column("role", "code"),
    column("from", "day"),
    column("to", "day", blank=BLANK_NOTHING),
    column("review by", "day", blank=BLANK_NOTHING),
    column("trained on", "day", blank=BLANK_NOTHING),
    column("post", "code", blank=BLANK_NOTHING),
).model_copy(update={"title": "Roles", "one_holder_of": "role"})
#: The words that rules use here, which sheets take in every column of codes.
_WORDS = ("group", "board", "model", "plan", "lead", "Head", "Officer", "pathway")


def _taking(spec: RegisterSpec) -> RegisterSpec:
    columns = (
        each.model_copy(update={"codes": dict.fromkeys(_WORDS, ())} if each.type == "code" else {})
        for each in spec.columns
    )
    return spec.model_copy(update={"columns": tuple(columns)})


MEETINGS, REVIEWS, ROLES = map(_taking, (_MEETINGS, _REVIEWS, _ROLES))
DOCUMENTS = _taking(make.DOCUMENTS)
_MADE = {"meetings", "reviews", "roles", "documents"}
REGISTERS: tuple[RegisterSpec, ...] = (
    MEETINGS,
    REVIEWS,
    ROLES,
    DOCUMENTS,
    *(each for each in make.REGISTERS if each.id not in _MADE),
)

OF_GROUP = (equals("body", "group"),)
MINUTED = Condition(column="minuted at", filled=True, where=OF_GROUP)


def review(minuted: Cell = CellState.NOTHING, on: str = "2026-05-01", **more: Cell) -> Row:
    """A review with its meeting."""
    cells = {name.replace("_", " "): cell for name, cell in more.items()}
    return {"ref": "R1", "subject": "model", "reviewed on": on, "minuted at": minuted, **cells}


def reviewed(*rows: Row) -> Table:
    return make.table(REVIEWS, *rows)


def met(*rows: Row) -> Table:
    """Meetings."""
    return make.table(MEETINGS, *rows)


def at(ref: str, held: Cell, body: Cell = "group", **more: Cell) -> Row:
    """A meeting."""
    return {"ref": ref, "body": body, "held on": held, **more}


def minuted_yearly(*where: Condition, **more: object) -> Duty:
    """A review once a year, minuted at a meeting of the group."""
    query = EvidenceQuery(
        register="reviews",
        where=(equals("subject", "model"), *(where or (MINUTED,))),
        dated="reviewed on",
    )
    pattern = Rolling(kind="rolling", every=make.months(12))
    return make.duty(version(pattern, evidence=query.model_copy(update=more)))


LEAD = equals("role", "lead")


def lead(*where: Condition, **more: object) -> Duty:
    """Somebody holds the role of lead."""
    pattern = Standing.model_validate(
        {"kind": "standing", "begins": "from", "ends": "to", "review_by": "review by", **more}
    )
    query = EvidenceQuery(register="roles", where=(LEAD, *where))
    return make.duty(version(pattern, evidence=query))


TRAINED = filled("trained on")


def holders(*rows: Row) -> Table:
    """Who held the role of lead, each with a ref of its own."""
    numbered = ({"ref": f"H{n}", "role": "lead", **row} for n, row in enumerate(rows, 1))
    return make.table(ROLES, *numbered)


PLANNED_EVENTS = Events(register="meetings", where=OF_GROUP, dated="held on", cancelled="cancelled")
PLANNED = Triggered(kind="triggered", event=PLANNED_EVENTS, within=days(28))


def about_meetings(subjects: FixedList | None = None) -> Duty:
    """A review that names each meeting of the group, within 28 days."""
    query = EvidenceQuery(register="reviews", dated="reviewed on", event="minuted at")
    return make.duty(version(PLANNED, evidence=query, subjects=subjects))


def check(duty: Duty, *given: Table, on: str = ON) -> Assessment:
    """The check of one duty; a register of which no table is given is there, and empty."""
    return checked(make.rulebook(REGISTERS, duty), on, *given)


def outcome(duty: Duty, *given: Table, on: str = ON) -> DutyOutcome:
    """What a check comes to of one duty."""
    (found,) = check(duty, *given, on=on).duties
    return found


def only(duty: Duty, *given: Table, on: str = ON) -> ObligationOutcome:
    """The one obligation of a duty."""
    (found,) = outcome(duty, *given, on=on).obligations
    return found


def findings(duty: Duty, kind: str, *given: Table, on: str = ON) -> list[tuple[str, str]]:
    """The findings of a kind: the message and the first place."""
    found = check(duty, *given, on=on).findings
    return [(each.message, each.places[0]) for each in found if each.kind == kind]
