"""Made-up duties of every pattern for the engine's tests."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal

from evidence.register import PeriodKind
from rules.condition import Applies, Condition, NilReturn
from rules.model import Duty, Version
from rules.patterns import (
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
from tests.support import engine_builders as make
from tests.support.evidence_generator import FIRST


def made_duty(chance: random.Random, kind: str) -> Duty:
    days = [FIRST]
    while chance.random() < 0.25:
        days.append(days[-1] + datetime.timedelta(days=chance.randrange(30, 600)))
    until = days[-1] + datetime.timedelta(days=chance.randrange(600, 1500))
    form = chance.randrange(1 << 30)  # versions of one duty differ in numbers, not in form
    ends, waivable = chance.random() < 0.1, chance.random() < 0.9
    versions = [made_version(random.Random(form), chance, kind, day) for day in days]
    return make.duty(
        *with_transitions(random.Random(form), versions),
        until=until if ends else None,
        waivable=waivable,
    )


def with_transitions(chance: random.Random, versions: Sequence[Version]) -> list[Version]:
    """The versions of a duty, most later ones of a lasting one with a transition, which ends before
    the next begins."""
    made = list(versions[:1])
    for version, following in zip_longest(versions[1:], versions[2:]):
        last = (following.from_ - version.from_).days - 1 if following else 500
        until = None
        if version.pattern.lasting and chance.random() < 0.8:
            span = chance.choice((chance.randint(1, last), last, min(last, 60), min(last, 180)))
            until = version.from_ + datetime.timedelta(days=span)
        made.append(version.model_copy(update={"transition_until": until}))
    return made


def made_version(
    form: random.Random, chance: random.Random, kind: str, begins: datetime.date
) -> Version:
    needed = form.choice((1, 1, 1, 1, 1, 2, 3))
    pattern, evidence, subjects = {
        "periodic": _periodic,
        "rolling": _rolling,
        "triggered": _triggered,
        "before event": _before,
        "standing": _standing,
        "completeness": _completeness,
    }[kind](form, chance)
    if evidence is not None and kind != "standing" and evidence.needed_from is None:
        evidence = evidence.model_copy(update={"needed": needed})
    if evidence is not None and evidence.register == "reviews" and form.random() < 0.15:
        evidence = evidence.model_copy(update={"any_of": _EITHER})
    pattern, subjects = _varied(chance, pattern, subjects)
    applies = Applies(register="venues", where=(make.says("hireable"),), begins="from", ends="to")
    eventful = kind in ("triggered", "before event", "completeness")
    return make.version(
        pattern,
        evidence=evidence,
        subjects=subjects,
        applies=applies if form.random() < 0.2 else None,
        lapse=chance.choice((Span(90, "days"), Span(12, "months")))
        if eventful and form.random() < 0.4
        else None,
        begins=begins,
    )


_EITHER = (Condition(column="score", at_least=3), Condition(column="note", filled=True))


def _varied(
    chance: random.Random, pattern: Pattern, subjects: Subjects | None
) -> tuple[Pattern, Subjects | None]:
    """Now and then a version lists more: other people, another body's meetings too."""
    if chance.random() < 0.85:
        return pattern, subjects
    if isinstance(subjects, Population):
        where = (Condition(column="kind", one_of=("staff", "other")),)
        subjects = subjects.model_copy(update={"where": where})
    event = getattr(pattern, "event", None)
    if isinstance(event, Events):
        where = (Condition(column="body", one_of=("group", "board")),)
        more = {"event": event.model_copy(update={"where": where})}
        return pattern.model_copy(update=more), subjects
    return pattern, subjects


Made = tuple[Pattern, EvidenceQuery | None, Subjects | None]


#: Conditions that look up the row that a key names, or rest on it.
_NAMING = (
    make.filled("minuted at"),
    make.filled("minuted at", make.equals("body", "group")),
    make.filled("about"),
    make.says("names the latest"),
    Condition(column="minuted day", on_or_before="reviewed on", within=Span(200, "days")),
    Condition(column="minuted day", on_or_before="reviewed on"),
)


def _reviews(form: random.Random, **more: object) -> EvidenceQuery:
    where = [make.equals("subject", "plan")]
    if form.random() < 0.2:
        where.append(
            form.choice(
                (
                    Condition(column="covers", includes=("one",)),
                    Condition(column="score", at_least=2),
                    Condition(column="note", filled=True),
                )
            )
        )
    if form.random() < 0.15:
        where.append(form.choice(_NAMING))
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
                title={"one": "The first"}.get(each, each),
                within=Span(chance.randrange(5, 40), "days") if spans else None,
            )
            for each in ("one", "two", "three")[: form.choice((2, 3))]
        ),
    )


def _periodic(form: random.Random, chance: random.Random) -> Made:
    kinds: tuple[PeriodKind, ...] = (
        "financial year",
        "financial year",
        "quarter",
        "calendar year",
        "month",
    )
    period = form.choice(kinds)
    named = period in ("financial year", "quarter") and form.random() < 0.6
    parts: tuple[Literal["Q1", "Q4"], ...] = ("Q1", "Q4")
    part = form.choice(parts) if period == "financial year" and form.random() < 0.5 else None
    before = part is None and form.random() < 0.3
    grace = (
        Span(chance.randrange(7, 60), "days")
        if named and not part and form.random() < 0.5
        else None
    )
    nil = None
    if grace and form.random() < 0.6 and period in ("quarter", "financial year"):
        nil = NilReturn(list="things", each=period)
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
        every=chance.choice(
            (Span(12, "months"), Span(6, "months"), Span(24, "months"), Span(200, "days"))
        ),
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
    nil = NilReturn(list="things", each="quarter" if form.random() < 0.5 else "financial year")
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


def _event_evidence(
    form: random.Random, chance: random.Random
) -> tuple[EvidenceQuery, Subjects | None]:
    which = form.random()
    if which < 0.3:
        return _itself(form), None
    if which < 0.55:
        return _reviews(form, event="about"), None
    if which < 0.65:
        return _reviews(form, event="about", distinct="score", needed_from="topics"), None
    if which < 0.75:
        return _reviews(form, event="about"), _topics(form, chance, spans=form.random() < 0.5)
    if which < 0.85:
        return _training_of(form, subject="person"), _staff(form)
    return _reviews(form), None


def _accepted(form: random.Random) -> Span | None:
    return form.choice((Span(24, "months"), Span(100, "days"))) if form.random() < 0.3 else None


def _triggered(form: random.Random, chance: random.Random) -> Made:
    within = Span(chance.randrange(0, 100), "days") if form.random() < 0.7 else Span(3, "months")
    early = Span(chance.randrange(1, 60), "days") if form.random() < 0.3 else None
    if form.random() < 0.45:
        pattern = Triggered(
            kind="triggered",
            event=Joining(joining=True),
            within=within,
            early=early,
            accepted_before=_accepted(form),
            already_there=form.random() < 0.6,
        )
        return pattern, _training_of(form, subject="person"), _staff(form)
    pattern = Triggered(
        kind="triggered",
        event=_meetings(form),
        within=within,
        early=early,
        accepted_before=_accepted(form),
    )
    return pattern, *_event_evidence(form, chance)


def _before(form: random.Random, chance: random.Random) -> Made:
    pattern = BeforeEvent(
        kind="before event",
        event=_meetings(form),
        by=Span(chance.randrange(0, 10), "days") if form.random() < 0.4 else None,
        no_earlier=chance.choice((Span(12, "months"), Span(60, "days")))
        if form.random() < 0.6
        else None,
        since_previous=form.random() < 0.4,
    )
    return pattern, *_event_evidence(form, chance)


def _roles(form: random.Random, chance: random.Random) -> Made:
    """One holder at a time of one role, or of each of two."""
    pattern = Standing(
        kind="standing",
        begins="from",
        ends="to" if form.random() < 0.8 else None,
        end_needed=form.random() < 0.1,
        review_within=Span(24, "months") if form.random() < 0.2 else None,
        notice=chance.choice((Span(60, "days"), Span(30, "days"))),
    )
    where = (make.filled("trained on"),) if form.random() < 0.6 else ()
    query = EvidenceQuery(register="roles", where=where)
    if form.random() < 0.5:
        one = (make.equals("role", "one"), *where)
        return pattern, query.model_copy(update={"where": one}), None
    members = tuple(Member(id=each, title=f"The {each}") for each in ("one", "two"))
    return pattern, query, FixedList(kind="fixed list", named_in="role", members=members)


def _standing(form: random.Random, chance: random.Random) -> Made:
    if form.random() < 0.35:
        return _roles(form, chance)
    pattern = Standing(
        kind="standing",
        begins="issued on",
        ends="ended on" if form.random() < 0.7 else None,
        review_by="review by" if form.random() < 0.7 else None,
        end_needed=form.random() < 0.3,
        review_within=chance.choice((Span(12, "months"), Span(24, "months")))
        if form.random() < 0.4
        else None,
        notice=chance.choice((Span(60, "days"), Span(30, "days"))),
    )
    query = EvidenceQuery(register="documents", where=(make.equals("kind", "agreement"),))
    if form.random() < 0.4:
        return pattern, query.model_copy(update={"named_by_subject": "policy"}), _staff(form)
    return pattern, query, None


_SOME = (make.filled("re-agreed to"), make.filled("completed on"))


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
        must_any=_SOME if form.random() < 0.2 else (),
        done_on=("completed on",) if form.random() < 0.7 else (),
        within=None if carried else Span(chance.randrange(0, 60), "days"),
        deadline=Carried(due="due", re_agreed_to="re-agreed to", re_agreed_on="re-agreed on")
        if carried
        else None,
    )
    return pattern, None, None


MORE = {
    "reviews": Condition(column="note", filled=True),
    "training": Condition(column="course", equals="refresher"),
    "meetings": Condition(column="present", equals="lead"),
    "documents": Condition(column="review by", filled=True),
    "actions": Condition(column="measure", filled=True),
    "roles": Condition(column="trained on", filled=True),
}


def made_content(chance: random.Random, base: Duty) -> Duty:
    begins = FIRST + datetime.timedelta(days=chance.choice((0, 0, 100, 400)))
    query, pattern = base.versions[0].evidence, base.versions[0].pattern
    register = query.register if query else pattern.records.register  # type: ignore[union-attr]
    more = Content(kind="content", of="the-duty", where=(MORE[register],))
    return make.duty(make.version(more, begins=begins), id="extra")
