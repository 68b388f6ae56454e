"""Planted edits of a rule, each with its cause, the day on which it shows first, and whether it
changes the past."""

from __future__ import annotations

import datetime

import pytest

from engine.decision.rule import Decision, Rule, Situation, decide_plainly
from engine.impact.evaluation import DutyEvaluation, RememberedDecisions
from engine.impact.impact import (
    DutyImpact,
    Impact,
    ImpactRequest,
    Phase,
    Position,
    impact,
    usual_days,
)
from engine.impact.revision import register_edits
from engine.outcome import Status
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import Table
from rules.model import Duty, Reading, Rulebook, Version
from rules.patterns import Content, Rolling
from tests.support import engine_builders as make
from tests.support.agreed_answers import COURSE, STAFF, person, reviews, rolling, trained
from tests.support.engine_builders import day, equals, months, version
from tests.support.small_check import BOTH

TODAY = day("2026-11-24")
#: Reviewed on 2 December 2025: the next is due a year later, or half a year.
REVIEWED = reviews("2025-12-02")


def compared(
    old: Rulebook,
    new: Rulebook,
    *tables: Table,
    days: tuple[str, ...] = (),
    records_begin: datetime.date | None = None,
) -> Impact:
    """The impact on this evidence; every other register is there, and empty."""
    named = {table.register.id: table for table in tables}
    old_evidence, new_evidence = (
        make.shown(*(named.get(spec.id, make.table(spec)) for spec in book.registers.values()))
        for book in (old, new)
    )
    return impact(
        ImpactRequest(
            old,
            new,
            old_evidence,
            new_evidence,
            as_of=TODAY,
            program=BOTH,
            decide=decide_plainly,
            days=tuple(map(day, days)),
            records_begin=records_begin,
        )
    )


def book(*duties: Duty) -> Rulebook:
    return make.rulebook(make.REGISTERS, *duties)


#: A past day, the day itself and a coming one; the usual days take eight times as long.
FEW = ("2026-10-31", "2026-11-24", "2027-11-30")


def of_one(old: Duty, new: Duty, *tables: Table, days: tuple[str, ...] = FEW) -> DutyImpact:
    """The impact on the one duty that differs; with ``days=()`` on the usual days."""
    (found,) = compared(book(old), book(new), *tables, days=days).duties
    return found


def edited(duty: Duty, **more: object) -> Duty:
    """The duty with other keys of its only version."""
    (only,) = duty.versions
    return duty.model_copy(update={"versions": (only.model_copy(update=more),)})


def causes(duty: DutyImpact) -> list[tuple[str, str]]:
    """Each edit with its part, those of versions after those of the duty."""
    versions = [edit for version in duty.revision.versions for edit in version.edits]
    return [(edit.part, edit.words) for edit in (*duty.revision.edits, *versions)]


YEARLY = rolling(months(12))
TWICE = rolling(months(6))


def test_another_number_in_a_version_that_held_changes_the_past() -> None:
    changes = of_one(YEARLY, TWICE, REVIEWED, days=())
    assert causes(changes) == [("pattern", "pattern > every: 12 months, now 6 months")]
    (of_version,) = changes.revision.versions
    assert (of_version.begins, of_version.how) == (make.IN_FORCE, "edited")
    assert of_version.changes_past
    assert changes.revision.changes_past
    # on 31 October 2025 nothing had been reviewed, and the first deadline had passed by either
    assert changes.first_day == day("2025-11-30")
    assert changes.phases[0].before == Position(Status.OVERDUE, day("2025-10-01"))
    assert changes.phases[0].after == Position(Status.OVERDUE, day("2025-04-01"))


def test_a_new_version_shows_on_its_first_day_and_makes_overdue_on_the_second() -> None:
    later = make.duty(
        *YEARLY.versions,
        YEARLY.versions[0].model_copy(
            update={"from_": day("2027-01-01"), "pattern": TWICE.versions[0].pattern}
        ),
    )
    reviewed = reviews("2025-12-02", "2026-06-02")
    changes = of_one(YEARLY, later, reviewed, days=())
    (of_version,) = changes.revision.versions
    assert (of_version.begins, of_version.how) == (day("2027-01-01"), "added")
    assert not changes.revision.changes_past
    assert causes(changes) == [("pattern", "pattern > every: 12 months, now 6 months")]
    assert changes.first_day == day("2027-01-01")
    met = Position(Status.MET, day("2027-06-02"))
    first = day("2027-01-01")
    both = make.IN_FORCE, first
    assert changes.phases[:2] == (
        Phase(first, first, met, Position(Status.DUE, first), both),
        Phase(day("2027-01-02"), day("2027-03-31"), met, Position(Status.OVERDUE, first), both),
    )
    ((obligation),) = changes.obligations
    assert (obligation.subject, obligation.phases) == ("office", changes.phases)


def test_a_condition_that_is_added_names_itself() -> None:
    query = YEARLY.versions[0].query
    longer_query = query.model_copy(update={"where": (*query.where, equals("note", "signed"))})
    changes = of_one(YEARLY, edited(YEARLY, evidence=longer_query), REVIEWED, days=("2026-11-24",))
    assert causes(changes) == [("condition", "evidence > where: 'note' is signed, added")]
    (phase,) = changes.phases
    assert phase.before == Position(Status.DUE, day("2026-12-02"))
    assert phase.after == Position(Status.OVERDUE, day("2025-10-01"))


def test_a_condition_that_differs_names_what_it_was() -> None:
    query = YEARLY.versions[0].query
    other = query.model_copy(update={"where": (equals("subject", "plan"),)})
    changes = of_one(YEARLY, edited(YEARLY, evidence=other), REVIEWED)
    assert causes(changes) == [
        ("condition", "evidence > where: 'subject' is model, now 'subject' is plan")
    ]


def test_the_text_of_a_reading_alone_changes_no_status_and_still_the_past() -> None:
    old, new = (edited(YEARLY, readings=(Reading(phrase="often", reading=x),)) for x in "ab")
    changes = of_one(old, new, REVIEWED)
    assert causes(changes) == [("reading", "reading of 'often': 'a', now 'b'")]
    assert changes.first_day is None
    assert changes.revision.changes_past


def test_a_coming_version_may_be_edited_without_changing_the_past() -> None:
    first, more = YEARLY.versions[0], {"from_": day("2026-11-24")}
    old, new = (
        make.duty(first, each.versions[0].model_copy(update=more)) for each in (YEARLY, TWICE)
    )
    assert not of_one(old, new).revision.changes_past
    earlier = {"from_": day("2026-11-23")}
    old, new = (
        make.duty(first, each.versions[0].model_copy(update=earlier)) for each in (YEARLY, TWICE)
    )
    assert of_one(old, new).revision.changes_past


def test_a_version_may_be_removed() -> None:
    later = YEARLY.versions[0].model_copy(update={"from_": day("2026-01-01")})
    changes = of_one(make.duty(*YEARLY.versions, later), YEARLY, REVIEWED)
    (of_version,) = changes.revision.versions
    assert (of_version.how, of_version.changes_past) == ("removed", True)


def test_a_duty_that_is_added() -> None:
    begins = day("2027-02-01")
    new = YEARLY.model_copy(
        update={
            "id": "new",
            "versions": (YEARLY.versions[0].model_copy(update={"from_": begins}),),
        }
    )
    (found,) = compared(book(YEARLY), book(YEARLY, new), REVIEWED).duties
    assert causes(found) == [("duty", "the duty is added, from 1 February 2027")]
    assert (found.id, found.first_day, found.revision.changes_past) == ("new", begins, False)
    assert found.phases[0].before is None


def test_a_duty_that_ends_shows_on_the_day_after() -> None:
    until = day("2027-01-15")
    changes = of_one(YEARLY, YEARLY.model_copy(update={"until": until}), REVIEWED, days=())
    assert causes(changes) == [("end", "the duty ends on 15 January 2027")]
    assert changes.first_day == day("2027-01-16")
    assert changes.phases[0].after is None
    assert not changes.revision.changes_past


@pytest.mark.parametrize(
    ("was", "now", "words", "past"),
    [
        ("2026-11-22", None, "the duty no longer ends on 22 November 2026", True),
        (None, "2026-11-23", "the duty ends on 23 November 2026", False),
        (
            "2027-01-31",
            "2026-01-31",
            "the duty ends on 31 January 2026, not on 31 January 2027",
            True,
        ),
    ],
)
def test_an_end_changes_the_past_if_only_one_rulebook_had_the_duty_on_a_past_day(
    was: str | None, now: str | None, words: str, past: bool
) -> None:
    old, new = (
        YEARLY.model_copy(update={"until": day(until) if until else None}) for until in (was, now)
    )
    changes = of_one(old, new)
    assert causes(changes) == [("end", words)]
    assert changes.revision.changes_past is past


def test_a_duty_that_is_removed_should_have_ended() -> None:
    other = YEARLY.model_copy(update={"id": "other"})
    (found,) = compared(book(YEARLY, other), book(other), REVIEWED).duties
    words = "the duty is removed from the rulebook: a duty that ends has 'until' instead"
    assert causes(found) == [("duty", words)]
    assert found.revision.changes_past


def test_what_is_text_for_people_changes_no_status() -> None:
    changes = of_one(YEARLY, YEARLY.model_copy(update={"title": "Another title"}), REVIEWED)
    assert causes(changes) == [("wording", "title: 'the-duty', now 'Another title'")]
    assert changes.first_day is None


@pytest.mark.parametrize(
    ("update", "edit", "past"),
    [
        (
            {"sheets": ("reviews", "looks")},
            ("register", "register reviews > sheets: 'looks', added"),
            False,
        ),
        (
            {"about": "other"},
            ("wording", "register reviews > about: 'reviews', now 'other'"),
            False,
        ),
    ],
)
def test_a_register_that_differs_names_itself_for_the_duties_that_read_it(
    update: dict[str, object], edit: tuple[str, str], past: bool
) -> None:
    specs = [
        spec.model_copy(update=update) if spec.id == "reviews" else spec for spec in make.REGISTERS
    ]
    people = make.duty(version(Rolling(kind="rolling", every=months(12)), evidence=COURSE))
    people = people.model_copy(update={"id": "courses"})
    new = make.rulebook(specs, YEARLY, people)
    (found,) = compared(book(YEARLY, people), new, days=FEW).duties
    assert found.id == "the-duty"
    assert causes(found) == [edit]
    assert found.revision.changes_past is past


@pytest.mark.parametrize(
    ("days", "past"),
    [(("2026-11-23", "2027-01-31"), True), (("2027-01-31",), True), ((), True)],
)
def test_a_register_that_differs_changes_the_past_where_a_result_differs(
    days: tuple[str, ...], past: bool
) -> None:
    """Or on any day, where no past day was compared."""
    specs = [
        spec.model_copy(update={"sheets": ("looks",)}) if spec.id == "reviews" else spec
        for spec in make.REGISTERS
    ]
    old, new = book(YEARLY), make.rulebook(specs, YEARLY)
    empty = make.shown(*map(make.table, new.registers.values()))
    full = make.shown(
        *(REVIEWED if spec.id == "reviews" else make.table(spec) for spec in make.REGISTERS)
    )
    changes = impact(
        ImpactRequest(
            old, new, full, empty, TODAY, BOTH, decide_plainly, days=tuple(map(day, days))
        )
    )
    assert changes.duties[0].revision.changes_past is past


def test_a_register_that_differs_beside_a_coming_version_leaves_the_past_as_it_was() -> None:
    specs = [
        spec.model_copy(update={"sheets": ("reviews", "looks")}) if spec.id == "reviews" else spec
        for spec in make.REGISTERS
    ]
    twice = {"from_": day("2027-01-01"), "pattern": TWICE.versions[0].pattern}
    later = make.duty(*YEARLY.versions, YEARLY.versions[0].model_copy(update=twice))
    reviewed = reviews("2025-12-02", "2026-06-02")
    (found,) = compared(book(YEARLY), make.rulebook(specs, later), reviewed).duties
    assert found.first_day == day("2027-01-01")
    assert not found.revision.changes_past


def test_codes_that_were_added_removed_or_given_other_words_name_themselves() -> None:
    kind = ColumnSpec(name="kind", type="code", codes={"look": ("glance",), "count": ()})
    other = kind.model_copy(update={"codes": {"look": (), "alarm": ()}})
    old, new = (
        make.rulebook(
            (RegisterSpec(id="visits", title="Visits", about="", sheets=(), columns=(column,)),)
        )
        for column in (kind, other)
    )
    assert [edit.words for edit in register_edits(old, new, ["visits"])] == [
        "register visits > columns kind > codes: 'look' ('glance'), now 'look'",
        "register visits > columns kind > codes: 'count', removed",
        "register visits > columns kind > codes: 'alarm', added",
    ]


def test_a_duty_that_can_no_longer_be_waived_changes_the_past() -> None:
    changes = of_one(YEARLY, YEARLY.model_copy(update={"waivable": False}), days=("2026-11-24",))
    assert causes(changes) == [("duty", "waivable: yes, now no")]
    assert changes.revision.changes_past


def _courses(every: int, begins: str = "2024-10-01") -> Version:
    pattern = Rolling(kind="rolling", every=months(every))
    return version(pattern, evidence=COURSE, subjects=STAFF, begins=day(begins))


def test_the_people_that_it_makes_overdue_are_counted_once_each() -> None:
    people = make.table(
        make.PEOPLE, *(person(name, "2024-01-01") for name in ("ann", "bob", "cay"))
    )
    passed = trained(("ann", "2025-12-01"), ("bob", "2025-11-01"), ("cay", "2026-10-01"))
    new = make.duty(_courses(24), _courses(12, "2026-12-01"))
    changes = compared(
        book(make.duty(_courses(24))),
        book(new),
        people,
        passed,
        days=("2026-11-30", "2026-12-01", "2026-12-02"),
    )
    assert [
        (day.duties, day.obligations, day.made_overdue, day.people_overdue) for day in changes.days
    ] == [(0, 0, 0, 0), (1, 3, 0, 0), (1, 3, 2, 2)]
    assert [obligation.subject for obligation in changes.duties[0].obligations] == [
        "ann",
        "bob",
        "cay",
    ]


def test_a_duty_that_adds_a_condition_to_another_changes_with_it() -> None:
    content = make.duty(
        version(Content(kind="content", of="the-duty", where=(equals("note", "signed"),))),
        id="signed",
    )
    old, new = book(YEARLY, content), book(TWICE, content)
    base, content_impact = compared(old, new, REVIEWED, days=FEW).duties
    assert (base.id, content_impact.id) == ("the-duty", "signed")
    assert causes(content_impact) == [
        ("base", "it adds to 'the-duty', which differs: see there"),
        ("pattern", "pattern > every: 12 months, now 6 months"),
    ]
    assert content_impact.first_day is not None


def test_the_same_rules_have_no_impact_whoever_approved_them() -> None:
    approved = edited(YEARLY, approved_by="Chief Executive", approved_on=TODAY, why="it was asked")
    assert compared(book(YEARLY), book(approved), REVIEWED).duties == ()


def test_the_usual_days() -> None:
    days = usual_days(TODAY, {})
    assert len(days) == 25
    assert (days[0], days[11], days[12], days[13], days[-1]) == (
        *map(day, ("2025-11-30", "2026-10-31", "2026-11-24", "2026-11-30", "2027-10-31")),
    )
    assert len(usual_days(day("2026-11-30"), {})) == 25
    assert usual_days(datetime.date.max, {})[-1] == datetime.date.max
    assert usual_days(datetime.date.min, {})[0] == datetime.date.min
    assert usual_days(TODAY, {}, day("2026-10-01"))[0] == day("2026-10-31")


def test_the_rules_engine_is_asked_once_about_each_situation() -> None:
    requests: list[int] = []

    def decide(rules: list[Rule], situations: list[Situation]) -> list[Decision]:
        requests.append(len(situations))
        return decide_plainly(rules, situations)

    remembered = RememberedDecisions(decide)  # type: ignore[arg-type]
    given = make.shown(
        *(REVIEWED if spec.id == "reviews" else make.table(spec) for spec in make.REGISTERS)
    )
    evaluation = DutyEvaluation(given, remembered)
    for on in ("2026-01-31", "2026-02-28", "2026-03-31"):
        evaluation.on_day(book(YEARLY), day(on), ["the-duty"])
    assert requests == [1]
