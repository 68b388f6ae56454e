"""What makes a made-up case harder: keys that have to name a row, planned meetings without a day,
roles that one row holds, training that is accepted from before, sheets that cannot be read, and
waivers that call things by their labels.

Each by chances of its own, so that all else in a case is as it would be without.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import replace

from evidence.register import RegisterSpec
from evidence.table import CellState, Evidence, Table
from rules.condition import Condition
from rules.model import Duty, Rulebook, Version
from rules.patterns import EvidenceQuery, Triggered
from rules.span import Span
from rules.subject import Population
from tests.support import engine_builders as make
from tests.support.altered_evidence import Read, odd, with_cells

_BODY = make.equals("body", "group")


def twisted(
    chance: random.Random, rulebook: Rulebook, evidence: Evidence
) -> tuple[Rulebook, Evidence]:
    """The rules and the evidence, harder now and then."""
    registers = {name: _register(chance, spec) for name, spec in rulebook.registers.items()}
    looks = chance.random() < 0.25
    duties = {
        name: _duty(random.Random(chance.random()), duty, registers, looks)
        for name, duty in rulebook.duties.items()
    }
    absent = chance.choice(tuple(evidence.tables)) if chance.random() < 0.2 else ""
    tables = {
        name: make.missing(registers[name])
        if name == absent
        else _table(chance, replace(table, register=registers[name].written))
        for name, table in evidence.tables.items()
    }
    tables["waivers"] = _waivers(chance, tables)
    book = rulebook.model_copy(update={"registers": registers, "duties": duties})
    return book, replace(evidence, tables=tables)


def begun(given_seed: int, as_of: datetime.date) -> datetime.date | None:
    """A day from which the office keeps its registers, or that it does not say."""
    chance = random.Random(given_seed + 7)
    day = as_of - datetime.timedelta(days=chance.randrange(0, 700))
    return day if chance.random() < 0.6 else None


# Registers --------------------------------------------------------------------------------------


def _register(chance: random.Random, spec: RegisterSpec) -> RegisterSpec:
    if spec.id == "meetings":
        more: dict[str, object] = {"label": "present", "cancelled": "cancelled"}
        more |= {"dated_by": "held on"} if chance.random() < 0.8 else {}
        planned = _with(spec, "held on", planned=True) if chance.random() < 0.5 else spec
        return planned.model_copy(update=more)
    if spec.id == "documents":
        held = {"one_holder_of": "kind"} if chance.random() < 0.5 else {}
        return spec.model_copy(update={"dated_by": "issued on", **held})
    if spec.id == "people":
        return spec.model_copy(update={"label": "kind"})
    if spec.id == "reviews" and chance.random() < 0.6:
        return _with(spec, "about", refers_to_any=("meetings",))
    return spec.model_copy(update={"control": True}) if spec.id in _CONTROL else spec


_CONTROL = ("waivers", "nil returns")


def _with(spec: RegisterSpec, column: str, **more: object) -> RegisterSpec:
    columns = (c.model_copy(update=more if c.name == column else {}) for c in spec.columns)
    return spec.model_copy(update={"columns": tuple(columns)})


# Rules ------------------------------------------------------------------------------------------


def _duty(
    chance: random.Random, duty: Duty, registers: Mapping[str, RegisterSpec], looks: bool
) -> Duty:
    meetings_alone = registers["reviews"].column("about").named == ("meetings",)
    where = (_BODY,) if meetings_alone and chance.random() < 0.5 else ()
    before = Span(chance.choice((30, 200, 700)), "days") if chance.random() < 0.5 else None
    versions = (_version(version, where, before, looks) for version in duty.versions)
    return duty.model_copy(update={"versions": tuple(versions)})


def _version(
    version: Version, where: tuple[Condition, ...], before: Span | None, looks: bool
) -> Version:
    more: dict[str, object] = {}
    pattern, query, people = version.pattern, version.evidence, version.subjects
    if isinstance(pattern, Triggered) and before:
        more["pattern"] = pattern.model_copy(update={"accepted_before": before})
    named = Condition(column="about", filled=True, where=where)
    if looks and isinstance(query, EvidenceQuery) and query.register == "reviews":
        more["evidence"] = query.model_copy(update={"where": (*query.where, named)})
    if looks and isinstance(people, Population):
        asked = (*people.where, make.filled("policy"))
        more["subjects"] = people.model_copy(update={"where": asked})
    return version.model_copy(update=more)


# Evidence ---------------------------------------------------------------------------------------


def _table(chance: random.Random, table: Table) -> Table:
    if not table.found:
        return replace(table, given=chance.random() < 0.4)
    if table.register.id == "meetings":
        return _some(chance, table, "held on", 0.12, (_NO_DAY, odd(CellState.BLANK), _PENDING))
    if table.register.id == "venues":
        return _some(chance, table, "hireable", 0.15, (odd(CellState.UNREADABLE),))
    return table


def _waivers(chance: random.Random, tables: Mapping[str, Table]) -> Table:
    """The waivers, more than half of which call what they are about as reports print it: by a
    label, or an event and a subject together."""
    texts = printed(chance, tables)
    called = tuple((text, text, int(CellState.READ)) for text in texts)
    return _some(chance, tables["waivers"], "subject", 0.3, called)


def printed(chance: random.Random, tables: Mapping[str, Table]) -> list[str]:
    """What reports may print of obligations' subjects and events: labels, and pairs of keys."""
    meetings, people = tables["meetings"].columns, tables["people"].columns
    labels = [*meetings["present"].raw, *people["kind"].raw, "nobody"]
    who = [*people["person"].raw, "one", "two"]
    pairs = [f"{held}, {chance.choice(who)}" for held in meetings["ref"].raw]
    return [text.upper() if chance.random() < 0.3 else text for text in (*labels, *pairs) if text]


_NO_DAY: Read = odd(CellState.UNREADABLE)
_PENDING: Read = ("31 June", None, int(CellState.UNREADABLE))


def _some(
    chance: random.Random, table: Table, column: str, often: float, cells: tuple[Read, ...]
) -> Table:
    for row in range(len(table)):
        if chance.random() < often:
            table = with_cells(table, row, {column: chance.choice(cells)})
    return table
