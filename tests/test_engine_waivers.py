"""Waivers, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

import pytest

from engine.outcome import Status
from evidence.table import Table
from rules.model import Duty
from rules.patterns import Rolling, Triggered
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    ABOUT,
    BLANK,
    BY_DATE,
    GROUP,
    HIREABLE,
    UNREADABLE,
    YEAR,
    about,
    answers_of,
    briefing_each,
    complete,
    declared,
    each_person,
    lines,
    meeting,
    person,
    reviews,
    rolling,
    trained,
    triggered,
    yearly,
)
from tests.support.engine_builders import (
    ACTIONS,
    MEETINGS,
    PEOPLE,
    VENUES,
    WAIVERS,
    Row,
    column,
    days,
    duty,
    missing,
    months,
    table,
    unreadable,
    version,
    waiver,
)


def test_a_waiver_changes_due_overdue_and_not_yet_due_and_moves_no_deadline() -> None:
    office = table(WAIVERS, waiver("Office", "2025-10-02", "2025-10-31"))
    assert lines(rolling(), "2025-10-01", reviews(), office) == ["due 2024-10-01..2025-10-01 +0"]
    assert lines(rolling(), "2025-10-02", reviews(), office) == ["waived 2024-10-01..2025-10-01 -1"]
    assert lines(rolling(), "2025-10-31", reviews(), office) == [
        "waived 2024-10-01..2025-10-01 -30"
    ]
    assert lines(rolling(), "2025-11-01", reviews(), office) == [
        "overdue 2024-10-01..2025-10-01 -31"
    ]
    assert lines(rolling(), "2025-10-03", reviews("2025-10-02"), office) == [
        "met 2024-10-01..2026-10-02 +364"
    ]
    soon = table(WAIVERS, waiver("all", "2024-10-01", "2025-01-01"))
    assert lines(yearly(part="Q4"), "2024-11-01", reviews(), soon) == [
        "2024/25 waived 2025-01-01..2025-03-31 +150"
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"reason": BLANK},
        {"approved by": BLANK},
        {"until": UNREADABLE},
        {"from": BLANK},
        {"duty": "another-duty"},
        {"subject": BLANK},
        {"subject": "ann"},
    ],
)
def test_a_waiver_that_is_incomplete_or_about_something_else_has_no_effect(cells: Row) -> None:
    row = {**waiver("office", "2025-10-02", "2025-10-31"), **cells}
    assert lines(rolling(), "2025-10-05", reviews(), table(WAIVERS, row)) == [
        "overdue 2024-10-01..2025-10-01 -4"
    ]


def test_a_duty_may_not_be_waivable_and_an_alias_names_it_too() -> None:
    rule = version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE)
    row = table(WAIVERS, waiver("all", "2025-10-02", "2025-10-31", of="Old-Name"))
    aliased = duty(rule, aliases=("old-name",))
    assert lines(aliased, "2025-10-05", reviews(), row)[0].startswith("waived")
    firm = duty(rule, aliases=("old-name",), waivable=False)
    assert lines(firm, "2025-10-05", reviews(), row)[0].startswith("overdue")


def test_on_an_event_and_a_person_either_may_be_named() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", "2020-01-01"))
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-01-11"))
    held = table(
        WAIVERS, waiver("Ann", "2025-01-01", "2025-12-31"), waiver("M2", "2025-01-01", "2025-12-31")
    )
    seen = lines(briefing_each(), "2025-01-15", people, meetings, trained(), held)
    assert [line.split()[:3] for line in seen] == [
        ["ann", "m1", "waived"],
        ["ann", "m2", "waived"],
        ["bea", "m1", "due"],
        ["bea", "m2", "waived"],
    ]


def test_cannot_tell_is_waived_only_for_all_subjects() -> None:
    some = table(WAIVERS, waiver("office", "2025-01-01", "2025-12-31"))
    whole = table(WAIVERS, waiver("ALL", "2025-01-01", "2025-12-31"))
    assert lines(each_person(), "2025-03-01", unreadable(PEOPLE), some) == ["cannot_tell"]
    assert lines(each_person(), "2025-03-01", unreadable(PEOPLE), whole) == ["waived"]
    people = table(PEOPLE, person("ann", UNREADABLE))
    assert lines(each_person(), "2025-03-01", people, whole) == ["people row 0 waived"]
    applies = duty(version(YEAR, evidence=BY_DATE, applies=HIREABLE))
    assert lines(applies, "2025-03-01", table(VENUES), whole) == ["not_applicable"]
    keep = complete()
    assert lines(keep, "2025-06-01", unreadable(ACTIONS), whole) == ["waived"]


def test_a_waived_obligation_lapses_and_history_is_not_waived() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    whole = table(WAIVERS, waiver("all", "2025-01-01", "2027-12-31"))
    assert lines(triggered(lapse=months(12)), "2026-02-08", meetings, about(), whole) == [
        "m1 overdue 2025-01-10..2025-02-07 lapsed"
    ]
    assert lines(yearly(), "2026-04-02", reviews(), whole) == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 waived 2026-04-01..2027-03-31 -2",
    ]


TITLED = FixedList(
    kind="fixed list",
    members=(
        Member(id="pcc-briefed", title="The Commissioner is briefed"),
        Member(id="staff-briefed", title="Staff are briefed"),
    ),
)
BRIEFED = duty(
    version(
        Triggered(kind="triggered", event=GROUP, within=days(28)),
        evidence=ABOUT,
        subjects=TITLED,
    )
)
TWO_MEETINGS = table(MEETINGS, meeting("SG1", "2025-01-10"), meeting("SG2", "2025-01-11"))


def waived(asked: Duty, subject: str, *tables: Table) -> list[str]:
    """Whose obligations that waiver covers, on 31 January 2025."""
    row = table(WAIVERS, waiver(subject, "2025-01-01", "2025-12-31"))
    answers = answers_of(asked, "2025-01-31", *tables, row)
    return [
        f"{answer.key.event}/{answer.key.subject}"
        for answer in answers
        if answer.status == Status.WAIVED
    ]


@pytest.mark.parametrize(
    ("subject", "covered"),
    [
        ("SG1, The Commissioner is briefed", ["sg1/pcc-briefed"]),  # as a report prints it
        (" sg1,  the commissioner IS briefed", ["sg1/pcc-briefed"]),
        ("The Commissioner is briefed", ["sg1/pcc-briefed", "sg2/pcc-briefed"]),
        ("pcc-briefed", ["sg1/pcc-briefed", "sg2/pcc-briefed"]),
        ("SG2", ["sg2/pcc-briefed", "sg2/staff-briefed"]),
        ("SG3, The Commissioner is briefed", []),
        ("The Commissioner", []),
        ("office", []),
    ],
)
def test_a_waiver_names_a_subject_an_event_or_both(subject: str, covered: list[str]) -> None:
    assert waived(BRIEFED, subject, TWO_MEETINGS, about()) == covered


LABELLED = PEOPLE.model_copy(
    update={"label": "called", "columns": (*PEOPLE.columns, column("called", blank="nothing"))}
)
STAFFED = table(
    LABELLED,
    person("p1", "2020-01-01", called="Robin Example"),
    person("p2", "2020-01-01", called="Sam Example"),
    person("p3", "2020-01-01", called="Sam  example"),
    person("p4", "2020-01-01", called="p1"),
    person("p5", "2020-01-01", called=UNREADABLE),
)


@pytest.mark.parametrize(
    ("subject", "covered"),
    [
        ("robin example", ["/p1"]),
        ("p2", ["/p2"]),
        ("Sam Example", []),  # two people have that name
        ("p1", []),  # one person's key is another one's label
        ("p5", ["/p5"]),
        ("office", []),
        ("all", ["/p1", "/p2", "/p3", "/p4", "/p5"]),
    ],
)
def test_a_text_that_fits_two_things_has_no_effect(subject: str, covered: list[str]) -> None:
    assert waived(each_person(), subject, STAFFED, trained()) == covered


def test_a_sensitive_label_names_nobody() -> None:
    secret = declared(LABELLED, "called", sensitive=True)
    people = table(secret, person("p1", "2020-01-01", called="Robin Example"))
    assert waived(each_person(), "Robin Example", people, trained()) == []
    assert waived(each_person(), "P1", people, trained()) == ["/p1"]


def test_a_text_that_fits_one_thing_now_and_another_in_history_has_no_effect() -> None:
    """What a waiver may name is in every obligation of the duty, also one that is history."""
    the_duty = briefing_each(lapse=months(1))
    people = table(PEOPLE, person("ann", "2020-01-01"))
    now, old = meeting("m1", "2025-01-10"), meeting("ann", "2024-10-02")
    assert waived(the_duty, "ann", people, table(MEETINGS, now)) == ["m1/ann"]
    assert waived(the_duty, "ann", people, table(MEETINGS, now, old)) == []
    assert waived(the_duty, "m1", people, table(MEETINGS, now, old)) == ["m1/ann"]


def test_not_assessed_is_waived_only_for_all_subjects() -> None:
    some = table(WAIVERS, waiver("office", "2025-01-01", "2025-12-31"))
    whole = table(WAIVERS, waiver("all", "2025-01-01", "2025-12-31"))
    assert lines(each_person(), "2025-03-01", missing(PEOPLE), some) == ["not_assessed"]
    assert lines(each_person(), "2025-03-01", missing(PEOPLE), whole) == ["waived"]
    assert lines(each_person(), "2026-01-01", missing(PEOPLE), whole) == ["not_assessed"]
