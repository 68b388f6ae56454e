"""What semantics.md says of duties about events, and of their subjects, and no other case holds:
small cases that both evaluators and the verifier have to judge alike."""

from __future__ import annotations

import pytest

from rules.condition import Condition
from rules.model import Duty
from rules.patterns import BeforeEvent, EvidenceQuery, Triggered
from rules.subject import Population
from tests.support.agreed_answers import (
    ABOUT,
    BY_DATE,
    COURSE,
    GROUP,
    HIREABLE,
    PAIR,
    STAFF,
    UNREADABLE,
    about,
    ahead,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
    yearly,
)
from tests.support.engine_builders import (
    MEETINGS,
    PEOPLE,
    VENUES,
    Row,
    days,
    duty,
    filled,
    table,
    version,
)
from tests.support.three_evaluators import answers, lines, outcome

M1 = table(MEETINGS, meeting("m1", "2025-01-10"))
TWO = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-03-10"))


# Too late to do ----------------------------------------------------------------------------------


def _before_it_by_its_row(**more: object) -> Duty:
    """Who was present is to be known a week before the meeting, and the meeting's own row says."""
    where = (filled("present"),)
    query = EvidenceQuery(register="meetings", where=where, dated="held on", itself=True)
    pattern = BeforeEvent.model_validate({"kind": "before event", "event": GROUP, **more})
    return duty(version(pattern, evidence=query))


@pytest.mark.parametrize(
    ("by", "on", "status", "too_late"),
    [
        (days(7), "2025-01-03", "due", False),
        (days(7), "2025-01-04", "overdue", False),  # the meeting is still to come
        (days(7), "2025-01-10", "overdue", False),  # and is on the day
        (days(7), "2025-01-11", "overdue", True),
        (days(0), "2025-01-10", "due", False),
        (days(0), "2025-01-11", "overdue", True),
    ],
)
def test_an_event_that_has_passed_can_no_longer_show_what_was_done_before_it(
    by: object, on: str, status: str, too_late: bool
) -> None:
    result = outcome(_before_it_by_its_row(by=by), on, M1)
    (one,) = result.obligations
    assert (one.status, one.too_late) == (status, too_late)
    assert ("can no longer be done" in one.unmet_reason) is too_late
    (fix,) = one.would_be_met_by or (None,)
    assert not (fix and fix.possible and too_late)


def test_until_then_its_own_row_can_meet_it_late() -> None:
    present = table(MEETINGS, meeting("m1", "2025-01-10", present="all"))
    assert lines(_before_it_by_its_row(by=days(7)), "2025-01-10", present) == [
        "m1 met 2024-10-01..2025-01-03 late 7"
    ]


# Before an event ---------------------------------------------------------------------------------


def test_a_meeting_of_another_body_and_a_cancelled_one_are_no_previous_event() -> None:
    """Nor is one whose day cannot be read; one from before the duty was in force is."""
    the_duty = ahead(since_previous=True)
    between: tuple[Row, ...] = (
        {**meeting("x1", "2025-02-01"), "body": "SWPB"},
        meeting("x2", "2025-02-02", cancelled=True),
        meeting("x3", UNREADABLE),
    )
    both = meeting("m1", "2025-01-10"), meeting("m2", "2025-03-10")
    for row in between:
        answer_lines = lines(the_duty, "2025-03-01", table(MEETINGS, *both, row))
        assert "m2 due 2025-01-11..2025-03-10 +9" in answer_lines
    old = table(MEETINGS, meeting("m0", "2024-09-20"), meeting("m1", "2025-01-10"))
    assert lines(the_duty, "2025-01-01", old) == ["m1 due 2024-09-21..2025-01-10 +9"]
    assert lines(the_duty, "2025-01-01", M1) == ["m1 due 2024-10-01..2025-01-10 +9"]


def test_cancelled_events_ask_nothing_before_them() -> None:
    both = table(MEETINGS, meeting("m1", "2025-01-10", cancelled=True), meeting("m2", "2025-03-10"))
    assert lines(ahead(), "2025-01-20", both) == ["m2 due 2024-10-01..2025-03-10 +49"]


def test_done_afterwards_it_is_met_late_for_good_and_then_history() -> None:
    late = reviews("2025-01-15")
    met = "m1 met 2024-10-01..2025-01-10 late 5"
    for on in ("2025-01-15", "2025-06-01", "2026-01-15"):
        assert lines(ahead(), on, M1, late) == [met]
    assert lines(ahead(), "2026-01-16", M1, late) == [f"{met} settled"]
    assert lines(ahead(), "2026-01-10", M1, reviews("2025-01-09"))[0] == (
        "m1 met 2024-10-01..2025-01-10"
    )
    assert lines(ahead(), "2026-01-11", M1, reviews("2025-01-09"))[0].endswith(" settled")


# Subjects ----------------------------------------------------------------------------------------


def _each_before(subjects: object) -> Duty:
    pattern = BeforeEvent(kind="before event", event=GROUP)
    query = COURSE if isinstance(subjects, Population) else BY_DATE
    return duty(version(pattern, evidence=query).model_copy(update={"subjects": subjects}))


def test_before_an_event_each_person_who_is_there_on_its_day_is_asked() -> None:
    people = table(
        PEOPLE,
        person("ann", "2025-01-10"),
        person("bea", "2025-01-11"),
        person("cy", "2020-01-01", ends="2025-01-11"),
        person("dee", "2020-01-01", ends="2025-01-10"),
    )
    the_duty = _each_before(STAFF)
    answer_lines = lines(the_duty, "2025-01-09", M1, people, trained(("cy", "2025-01-03")))
    assert answer_lines == ["cy m1 met 2024-10-01..2025-01-10"]  # ann has yet to join
    assert lines(the_duty, "2025-01-10", M1, people, trained(("cy", "2025-01-03"))) == [
        "ann m1 due 2024-10-01..2025-01-10 +0",
        "cy m1 met 2024-10-01..2025-01-10",
    ]


def test_before_an_event_each_member_of_a_fixed_list_is_asked() -> None:
    done = about(("2025-01-03", "m1"))
    one = Condition(column="note", equals="first")
    assert one in PAIR.members[0].where
    assert lines(_each_before(PAIR), "2025-01-05", M1, done) == [
        "first m1 due 2024-10-01..2025-01-10 +5",
        "quick m1 due 2024-10-01..2025-01-10 +5",
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        Triggered(kind="triggered", event=GROUP, within=days(28)),
        BeforeEvent(kind="before event", event=GROUP),
    ],
    ids=["triggered", "before"],
)
@pytest.mark.parametrize("subjects", [STAFF, PAIR], ids=["people", "list"])
def test_an_event_that_cannot_be_read_or_is_left_out_is_one_obligation(
    pattern: Triggered | BeforeEvent, subjects: object
) -> None:
    """However many subjects there are."""
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", "2020-01-01"))
    query = COURSE if subjects is STAFF else ABOUT
    plain = version(pattern, evidence=query).model_copy(update={"subjects": subjects})
    unread = table(MEETINGS, meeting("m1", UNREADABLE))
    assert lines(duty(plain), "2025-01-10", unread, people) == ["meetings row 0 cannot_tell"]
    assert len(lines(duty(plain), "2025-01-10", M1, people)) == 2
    left_out = duty(plain.model_copy(update={"applies": HIREABLE}))
    assert lines(left_out, "2025-01-10", M1, people) == ["m1 not_applicable"]


VENUE: Row = {"ref": "v1", "hireable": True, "from": "2025-01-10", "to": "2025-03-10"}


@pytest.mark.parametrize("on", ["2025-03-01", "2025-03-20", "2025-06-01"])
def test_a_condition_on_an_events_duty_is_judged_on_the_day_of_the_event(on: str) -> None:
    """Whatever the day of the check."""
    held = table(
        MEETINGS,
        meeting("m1", "2025-01-09"),
        meeting("m2", "2025-01-10"),
        meeting("m3", "2025-03-09"),
    )
    venues = table(VENUES, VENUE)
    for asked in (triggered(), ahead()):
        changed = duty(asked.versions[0].model_copy(update={"applies": HIREABLE}))
        status_of = {line.split()[0]: line.split()[1] for line in lines(changed, on, held, venues)}
        assert status_of["m1"] == "not_applicable"
        assert status_of["m2"] == "overdue"
        assert status_of.get("m3") in ({None, "due"} if on < "2025-03-09" else {"due", "overdue"})


@pytest.mark.parametrize("on", ["2025-01-09", "2025-01-10", "2025-03-09", "2025-03-10"])
def test_a_condition_on_another_duty_is_judged_on_the_day_of_the_check(on: str) -> None:
    venues, applies = table(VENUES, VENUE), "2025-01-10" <= on < "2025-03-10"
    for asked in (rolling(), standing(), yearly(), each_person()):
        changed = duty(asked.versions[0].model_copy(update={"applies": HIREABLE}))
        people = table(PEOPLE, person("ann", "2020-01-01"))
        (one,) = answers(changed, on, venues, people)
        assert (one.status != "not_applicable") is applies
