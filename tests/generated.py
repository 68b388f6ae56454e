"""Made-up cases by the thousand: one duty (or a pair), a little evidence, and a day.

A case follows from its seed alone. Days crowd round the edges of windows, months and years.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, replace

from evidence.table import CellState, Evidence
from rules.condition import Applies, Condition, NilReturn
from rules.model import Duty, Rulebook, Version
from rules.pattern import (
    BeforeEvent,
    Carried,
    Completeness,
    Content,
    Events,
    EvidenceQuery,
    Joining,
    Pattern,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.span import Span
from rules.subject import FixedList, Member, Population, Subjects
from tests import engine_builders as make

PATTERNS = (
    "periodic",
    "rolling",
    "triggered",
    "before event",
    "standing",
    "completeness",
    "content",
)
FIRST = datetime.date(2024, 10, 1)
EDGES = tuple(
    datetime.date.fromisoformat(each)
    for each in (
        "2024-09-30 2024-10-01 2024-12-31 2025-01-01 2025-02-28 2025-03-31 2025-04-01 2025-09-30 "
        "2025-10-01 2025-12-31 2026-01-01 2026-02-28 2026-03-31 2026-04-01 2026-04-28 2026-06-30 "
        "2026-07-01 2026-10-31 2027-03-31 2027-04-01 2028-02-29 2028-03-31"
    ).split()
)
ODD = (CellState.UNREADABLE, CellState.BLANK, CellState.NO_COLUMN)


@dataclass(frozen=True, slots=True)
class Case:
    """One generated case: what both evaluators are given, and which pattern it tries."""

    seed: int
    pattern: str
    rulebook: Rulebook
    evidence: Evidence
    as_of: datetime.date


def case(seed: int) -> Case:
    """The case of a seed; the patterns take turns."""
    chance = random.Random(seed)
    pattern = PATTERNS[seed % len(PATTERNS)]
    base = chance.choice(PATTERNS[:6]) if pattern == "content" else pattern
    duties = [_duty(chance, base)]
    if pattern == "content":
        duties.append(_content(chance, duties[0]))
    return Case(
        seed, pattern, make.rulebook(make.REGISTERS, *duties), _evidence(chance), _day(chance)
    )


def at_edge(given: Case, days: list[datetime.date]) -> Case:
    """The case on one of ``days`` (opens, deadlines), the day before or after it, more often than
    not."""
    chance = random.Random(given.seed + 1)
    if not days or chance.random() < 0.35:
        return given
    day = chance.choice(days) + datetime.timedelta(days=chance.choice((-1, 0, 0, 1, 1)))
    return replace(given, as_of=day) if day >= FIRST else given


# --- days ---


def _day(chance: random.Random) -> datetime.date:
    if chance.random() < 0.15:
        return max(FIRST, chance.choice(EDGES))
    return FIRST + datetime.timedelta(days=chance.randrange(0, 1300))


def _when(chance: random.Random) -> datetime.date:
    if chance.random() < 0.25:
        return chance.choice(EDGES)
    return FIRST + datetime.timedelta(days=chance.randrange(-300, 1300))


def _cell(chance: random.Random, value: make.Cell, odd: float = 0.03) -> make.Cell:
    return chance.choice(ODD) if chance.random() < odd else value


def _maybe(chance: random.Random, value: make.Cell, blank: float = 0.5) -> make.Cell:
    return CellState.NOTHING if chance.random() < blank else _cell(chance, value)


# --- evidence ---


def _evidence(chance: random.Random) -> Evidence:
    rows = (
        (make.PEOPLE, [_person(chance, n) for n in range(chance.randrange(0, 4))]),
        (make.TRAINING, [_training(chance, n) for n in range(chance.randrange(0, 8))]),
        (make.MEETINGS, [_meeting(chance, n) for n in range(chance.randrange(0, 4))]),
        (make.REVIEWS, [_review(chance, n) for n in range(chance.randrange(0, 9))]),
        (make.DOCUMENTS, [_document(chance, n) for n in range(chance.randrange(0, 4))]),
        (make.ACTIONS, [_action(chance, n) for n in range(chance.randrange(0, 4))]),
        (make.VENUES, [_venue(chance) | {"ref": f"V{n}"} for n in range(chance.randrange(0, 3))]),
        (make.NIL_RETURNS, [_nil(chance) for _ in range(chance.randrange(0, 3))]),
        (make.WAIVERS, [_waiver(chance) for _ in range(chance.choice((0, 0, 0, 1, 2)))]),
    )
    tables = [
        make.missing(spec) if chance.random() < 0.03 else make.table(spec, *listed)
        for spec, listed in rows
    ]
    return make.shown(*tables)


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
        "re-agreed on": _maybe(chance, due + datetime.timedelta(days=chance.randrange(-60, 30)), 0.6),
        "re-agreed to": _maybe(chance, due + datetime.timedelta(days=chance.randrange(-20, 200)), 0.5),
        "measure": _maybe(chance, "a measure", 0.2),
        "completed on": _maybe(chance, due + datetime.timedelta(days=chance.randrange(-90, 90)), 0.5),
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
    first = _when(chance)
    subjects = ("all", "office", "P0", "p1", "M0", "M1", "A0", "one", "two")
    return {
        "ref": f"W{chance.randrange(9)}",
        "duty": _cell(chance, chance.choice(("the-duty", "the-duty", "extra"))),
        "subject": _cell(chance, chance.choice(subjects)),
        "reason": _cell(chance, "building closed"),
        "approved by": _cell(chance, "Chief Executive"),
        "from": _cell(chance, first),
        "until": _cell(chance, first + datetime.timedelta(days=chance.randrange(0, 700))),
    }


# --- rules ---


def _duty(chance: random.Random, kind: str) -> Duty:
    days = [FIRST]
    while chance.random() < 0.25:
        days.append(days[-1] + datetime.timedelta(days=chance.randrange(30, 600)))
    until = days[-1] + datetime.timedelta(days=chance.randrange(600, 1500))
    form = chance.randrange(1 << 30)  # versions of one duty differ in numbers, not in form
    return make.duty(
        *(_version(random.Random(form), chance, kind, day) for day in days),
        until=until if chance.random() < 0.1 else None,
        waivable=chance.random() < 0.9,
    )


def _version(
    form: random.Random, chance: random.Random, kind: str, begins: datetime.date
) -> Version:
    needed = form.choice((1, 1, 1, 2, 3))
    pattern, evidence, subjects = {
        "periodic": _periodic,
        "rolling": _rolling,
        "triggered": _triggered,
        "before event": _before,
        "standing": _standing,
        "completeness": _completeness,
    }[kind](form, chance)
    if evidence is not None and kind != "standing":
        evidence = evidence.model_copy(update={"needed": needed})
    applies = Applies(
        register="venues", where=(make.says("hireable"),), begins="from", ends="to"
    )
    eventful = kind in ("triggered", "before event", "completeness")
    return make.version(
        pattern,
        evidence=evidence,
        subjects=subjects,
        applies=applies if form.random() < 0.2 else None,
        lapse=chance.choice((Span(90, "days"), Span(12, "months"))) if eventful and form.random() < 0.4 else None,
        begins=begins,
    )


Made = tuple[Pattern, EvidenceQuery | None, Subjects | None]


def _reviews(form: random.Random, **more: object) -> EvidenceQuery:
    where = [make.equals("subject", "plan")]
    if form.random() < 0.3:
        where.append(
            form.choice(
                (
                    Condition(column="covers", includes=("one",)),
                    Condition(column="score", at_least=2),
                    Condition(column="note", filled=True),
                )
            )
        )
    return EvidenceQuery.model_validate(
        {"register": "reviews", "where": tuple(where), "dated": "reviewed on", **more}
    )


def _training_of(form: random.Random, **more: object) -> EvidenceQuery:
    where = (
        Condition(column="course", one_of=("awareness", "refresher"))
        if form.random() < 0.5
        else make.equals("course", "awareness"),
        make.says("passed"),
    )
    return EvidenceQuery.model_validate(
        {"register": "training", "where": where, "dated": "completed on", **more}
    )


def _staff(form: random.Random) -> Population:
    return Population(
        kind="population",
        register="people",
        where=(make.equals("kind", "staff"),),
        joins="starts",
        leaves="ends",
        flagged="flagged from" if form.random() < 0.3 else None,
        empty=form.choice(("fair", "cannot tell")),
    )


def _topics(form: random.Random, chance: random.Random, spans: bool) -> FixedList:
    return FixedList(
        kind="fixed list",
        named_in="covers",
        members=tuple(
            Member(
                id=each,
                title=each,
                within=Span(chance.randrange(5, 40), "days") if spans else None,
            )
            for each in ("one", "two", "three")[: form.choice((2, 3))]
        ),
    )


def _periodic(form: random.Random, chance: random.Random) -> Made:
    period = form.choice(("financial year", "financial year", "quarter", "calendar year", "month"))
    named = period in ("financial year", "quarter") and form.random() < 0.6
    part = form.choice(("Q1", "Q4")) if period == "financial year" and form.random() < 0.3 else None
    before = part is None and form.random() < 0.3
    grace = Span(chance.randrange(7, 60), "days") if named and not part and form.random() < 0.5 else None
    nil = NilReturn(list="things", each=period) if grace and form.random() < 0.6 else None
    pattern = Periodic(
        kind="periodic",
        period=period,
        part=part,
        before=before,
        grace=grace,
        early=named and form.random() < 0.3,
        nil_return=nil,
    )
    return pattern, _reviews(form, period="for period" if named else None), None


def _rolling(form: random.Random, chance: random.Random) -> Made:
    first_day = FIRST + datetime.timedelta(days=chance.randrange(30, 365))
    pattern = Rolling(
        kind="rolling",
        every=chance.choice((Span(12, "months"), Span(6, "months"), Span(24, "months"), Span(200, "days"))),
        first=Span(chance.randrange(20, 90), "days") if form.random() < 0.3 else None,
        first_deadline=first_day if form.random() < 0.3 else None,
        notice=chance.choice((Span(60, "days"), Span(30, "days"), Span(0, "days"))),
    )
    which = form.random()
    if which < 0.35:
        return pattern, _training_of(form, subject="person"), _staff(form)
    if which < 0.6:
        return pattern, _reviews(form), _topics(form, chance, spans=False)
    return pattern, _reviews(form), None


def _meetings(form: random.Random) -> Events:
    nil = NilReturn(list="things", each=form.choice(("quarter", "financial year")))
    return Events(
        register="meetings",
        where=(make.equals("body", "group"),),
        dated="held on",
        cancelled="cancelled" if form.random() < 0.7 else None,
        empty=form.choice(("fair", "cannot tell")),
        nil_return=nil if form.random() < 0.4 else None,
    )


def _itself(form: random.Random) -> EvidenceQuery:
    return EvidenceQuery(
        register="meetings",
        where=(Condition(column="present", one_of=("lead", "deputy")),),
        dated="minutes on" if form.random() < 0.6 else "held on",
        itself=True,
    )


def _event_evidence(form: random.Random, chance: random.Random) -> tuple[EvidenceQuery, Subjects | None]:
    which = form.random()
    if which < 0.3:
        return _itself(form), None
    if which < 0.6:
        return _reviews(form, event="about"), None
    if which < 0.75:
        return _reviews(form, event="about"), _topics(form, chance, spans=form.random() < 0.5)
    if which < 0.85:
        return _training_of(form, subject="person"), _staff(form)
    return _reviews(form), None


def _triggered(form: random.Random, chance: random.Random) -> Made:
    within = Span(chance.randrange(0, 100), "days") if form.random() < 0.7 else Span(3, "months")
    early = Span(chance.randrange(1, 60), "days") if form.random() < 0.3 else None
    if form.random() < 0.45:
        pattern = Triggered(
            kind="triggered",
            event=Joining(joining=True),
            within=within,
            early=early,
            already_there=form.random() < 0.6,
        )
        return pattern, _training_of(form, subject="person"), _staff(form)
    pattern = Triggered(kind="triggered", event=_meetings(form), within=within, early=early)
    return pattern, *_event_evidence(form, chance)


def _before(form: random.Random, chance: random.Random) -> Made:
    pattern = BeforeEvent(
        kind="before event",
        event=_meetings(form),
        by=Span(chance.randrange(0, 10), "days") if form.random() < 0.4 else None,
        no_earlier=chance.choice((Span(12, "months"), Span(60, "days"))) if form.random() < 0.6 else None,
        since_previous=form.random() < 0.4,
    )
    return pattern, *_event_evidence(form, chance)


def _standing(form: random.Random, chance: random.Random) -> Made:
    pattern = Standing(
        kind="standing",
        begins="issued on",
        ends="ended on" if form.random() < 0.7 else None,
        review_by="review by" if form.random() < 0.7 else None,
        end_needed=form.random() < 0.3,
        review_within=chance.choice((Span(12, "months"), Span(24, "months"))) if form.random() < 0.4 else None,
        notice=chance.choice((Span(60, "days"), Span(30, "days"))),
    )
    query = EvidenceQuery(register="documents", where=(make.equals("kind", "agreement"),))
    if form.random() < 0.4:
        return pattern, query.model_copy(update={"named_by_subject": "policy"}), _staff(form)
    return pattern, query, None


def _completeness(form: random.Random, chance: random.Random) -> Made:
    carried = form.random() < 0.5
    records = Events(
        register="actions",
        where=(make.equals("owner", "OPCC"),),
        dated="agreed on",
        cancelled="cancelled" if form.random() < 0.6 else None,
        empty=form.choice(("fair", "cannot tell")),
    )
    pattern = Completeness(
        kind="completeness",
        records=records,
        must=(make.filled("measure"),) if form.random() < 0.6 else (),
        done_on=("completed on",) if form.random() < 0.7 else (),
        within=None if carried else Span(chance.randrange(0, 60), "days"),
        deadline=Carried(due="due", re_agreed_to="re-agreed to", re_agreed_on="re-agreed on")
        if carried
        else None,
        keeps_register=form.random() < 0.3,
    )
    return pattern, None, None


_MORE = {
    "reviews": Condition(column="note", filled=True),
    "training": Condition(column="course", equals="refresher"),
    "meetings": Condition(column="present", equals="lead"),
    "documents": Condition(column="review by", filled=True),
    "actions": Condition(column="measure", filled=True),
}


def _content(chance: random.Random, base: Duty) -> Duty:
    begins = FIRST + datetime.timedelta(days=chance.choice((0, 0, 100, 400)))
    query, pattern = base.versions[0].evidence, base.versions[0].pattern
    register = query.register if query else pattern.records.register  # type: ignore[union-attr]
    more = Content(kind="content", of="the-duty", where=(_MORE[register],))
    return make.duty(make.version(more, begins=begins), id="extra")
