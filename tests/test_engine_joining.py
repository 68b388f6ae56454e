"""Joining as an event (pattern 3), worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from rules.model import Duty
from rules.patterns import Joining, Triggered
from rules.span import Span
from rules.subject import Population
from tests.support.agreed_answers import (
    COURSE,
    FLAGGED,
    STAFF,
    UNREADABLE,
    about,
    lines,
    meeting,
    person,
    trained,
    triggered,
)
from tests.support.engine_builders import (
    MEETINGS,
    PEOPLE,
    day,
    days,
    duty,
    months,
    table,
    version,
)


def induction(
    *, already_there: bool, who: Population = STAFF, accepted: Span | None = None, needed: int = 1
) -> Duty:
    pattern = Triggered(
        kind="triggered",
        event=Joining(joining=True),
        within=days(28),
        early=days(14),
        already_there=already_there,
        accepted_before=accepted,
    )
    query = COURSE.model_copy(update={"needed": needed})
    return duty(version(pattern, evidence=query, subjects=who))


def test_joining_is_an_event() -> None:
    people = table(
        PEOPLE,
        person("ann", "2020-01-01"),
        person("bea", "2025-02-01"),
        person("cy", "2025-03-02"),
        person("dee", UNREADABLE),
        person("eve", "2025-01-01", ends="2025-02-15"),
        {**person("fay", "2020-01-01"), "kind": UNREADABLE},
    )
    done = trained(("bea", "2025-01-18"))
    assert lines(induction(already_there=False), "2025-03-01", people, done) == [
        "people row 3 cannot_tell",
        "bea met 2025-01-18..2025-03-01",
    ]
    assert lines(induction(already_there=True), "2025-03-01", people, done) == [
        "people row 3 cannot_tell",
        "people row 5 cannot_tell",
        "ann overdue 2024-09-17..2024-10-29 -123",
        "bea met 2025-01-18..2025-03-01",
    ]


def test_who_joins_on_the_first_day_in_force_was_not_there_before() -> None:
    people = table(PEOPLE, person("gus", "2024-10-01"), person("hal", "2024-09-30"))
    assert lines(induction(already_there=False), "2024-11-01", people, trained()) == [
        "gus overdue 2024-09-17..2024-10-29 -3"
    ]


def test_a_joining_met_long_ago_stays_while_the_person_is_there() -> None:
    people = table(PEOPLE, person("bea", "2025-02-01"))
    done = trained(("bea", "2025-02-03"))
    assert lines(induction(already_there=False), "2030-01-01", people, done) == [
        "bea met 2025-01-18..2025-03-01"
    ]


def test_what_was_done_before_joining_counts_as_far_back_as_the_rule_accepts() -> None:
    """No older than 24 months before the day of joining; the window stays where it is."""
    the_duty = induction(already_there=True, accepted=months(24))
    bea = table(PEOPLE, person("bea", "2025-02-01"))
    on, met, due = "2025-02-15", "bea met 2025-01-18..2025-03-01", "bea due 2025-01-18..2025-03-01"
    assert lines(the_duty, on, bea, trained(("bea", "2025-01-31"))) == [met]
    assert lines(the_duty, on, bea, trained(("bea", "2023-02-01"))) == [met]
    assert lines(the_duty, on, bea, trained(("bea", "2023-01-31"))) == [f"{due} +14"]
    assert lines(induction(already_there=True), on, bea, trained(("bea", "2025-01-17"))) == [
        f"{due} +14"
    ]
    # One there already counts as joining on the in-force day.
    ann = table(PEOPLE, person("ann", "2020-01-01"))
    for taken in ("2024-09-15", "2022-10-01"):
        assert lines(the_duty, "2026-06-01", ann, trained(("ann", taken))) == [
            "ann met 2024-09-17..2024-10-29"
        ]
    assert lines(the_duty, "2024-10-31", ann, trained(("ann", "2022-09-30"))) == [
        "ann overdue 2024-09-17..2024-10-29 -2"
    ]


def test_of_two_that_it_takes_one_may_be_from_before_and_one_late() -> None:
    the_duty = induction(already_there=True, accepted=months(24), needed=2)
    bea = table(PEOPLE, person("bea", "2025-02-01"))
    both = trained(("bea", "2024-05-01"), ("bea", "2025-03-04"))
    assert lines(the_duty, "2025-03-10", bea, both) == ["bea met 2025-01-18..2025-03-01 late 3"]


def test_what_was_done_before_an_event_counts_no_older_than_the_rule_accepts() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    the_duty = triggered(accepted_before=days(30), early=days(7))
    assert lines(the_duty, "2025-01-20", meetings, about(("2024-12-11", "m1"))) == [
        "m1 met 2025-01-03..2025-02-07"
    ]
    assert lines(the_duty, "2025-01-20", meetings, about(("2024-12-10", "m1"))) == [
        "m1 due 2025-01-03..2025-02-07 +18"
    ]
    narrower = triggered(accepted_before=days(3), early=days(7))
    assert lines(narrower, "2025-01-20", meetings, about(("2025-01-03", "m1"))) == [
        "m1 met 2025-01-03..2025-02-07"
    ]


def test_being_flagged_counts_as_joining() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01", flagged_from="2025-02-01"))
    the_duty = induction(already_there=False, who=FLAGGED)
    assert lines(the_duty, "2025-03-02", people, trained()) == [
        "ann overdue 2025-01-18..2025-03-01 -1"
    ]


def test_a_joining_is_judged_by_the_version_of_its_day() -> None:
    slow = Triggered(kind="triggered", event=Joining(joining=True), within=days(28))
    quick = slow.model_copy(update={"within": days(7)})
    the_duty = duty(
        version(slow, evidence=COURSE, subjects=STAFF),
        version(quick, evidence=COURSE, subjects=STAFF, begins=day("2025-02-01")),
    )
    people = table(PEOPLE, person("ann", "2025-01-31"), person("bea", "2025-02-01"))
    assert lines(the_duty, "2025-02-05", people, trained()) == [
        "ann due 2025-01-31..2025-02-28 +23",
        "bea due 2025-02-01..2025-02-08 +3",
    ]
