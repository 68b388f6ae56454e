"""Waivers, and the whole, by the second evaluator, on examples worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from engine.second.evaluate import evaluate
from rules.pattern import Rolling
from tests.engine_builders import (
    ACTIONS,
    MEETINGS,
    PEOPLE,
    REGISTERS,
    VENUES,
    WAIVERS,
    Row,
    day,
    days,
    duty,
    missing,
    months,
    rulebook,
    shown,
    table,
    version,
    waiver,
)
from tests.second_cases import (
    BLANK,
    BY_DATE,
    HIREABLE,
    UNREADABLE,
    YEAR,
    about,
    ahead,
    ask,
    briefing_each,
    complete,
    documents,
    each_person,
    lines,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
    yearly,
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
def test_a_waiver_that_is_not_whole_or_about_something_else_does_nothing(cells: Row) -> None:
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
    assert lines(each_person(), "2025-03-01", missing(PEOPLE), some) == ["cannot_tell"]
    assert lines(each_person(), "2025-03-01", missing(PEOPLE), whole) == ["waived"]
    people = table(PEOPLE, person("ann", UNREADABLE))
    assert lines(each_person(), "2025-03-01", people, whole) == ["people row 0 waived"]
    applies = duty(version(YEAR, evidence=BY_DATE, applies=HIREABLE))
    assert lines(applies, "2025-03-01", table(VENUES), whole) == ["not_applicable"]
    keep = complete()
    assert lines(keep, "2025-06-01", missing(ACTIONS), whole) == [
        "waived 2024-10-01..2024-10-01 -243"
    ]


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


def test_every_duty_in_the_order_of_keys_whatever_the_order_of_rules() -> None:
    one = duty(version(YEAR, evidence=BY_DATE), id="b-duty")
    two = duty(version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE), id="a-duty")
    shows = shown(reviews("2025-05-01"))
    forth = evaluate(rulebook(REGISTERS, one, two), shows, day("2026-06-01"))
    back = evaluate(rulebook(REGISTERS, two, one), shows, day("2026-06-01"))
    assert forth == back
    assert [(each.key.duty, each.key.window) for each in forth] == [
        ("a-duty", ""),
        ("b-duty", "2025/26"),
        ("b-duty", "2026/27"),
    ]


def test_tick_is_called_and_may_stop_the_work() -> None:
    people = table(PEOPLE, *(person(f"p{at}", "2020-01-01") for at in range(5)))
    book, calls = rulebook(REGISTERS, each_person()), []
    evaluate(book, shown(people, trained()), day("2025-03-01"), lambda: calls.append(1))
    assert len(calls) >= 5

    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        evaluate(book, shown(people, trained()), day("2025-03-01"), stop)


@pytest.mark.parametrize("on", ["2024-10-01", "2025-04-01", "2026-04-02", "2028-02-29"])
def test_as_the_day_moves_an_unmet_obligation_never_goes_back(on: str) -> None:
    """Not yet due, then due, then overdue, each day for two months (What must always hold, 3)."""
    rank = {"not_yet_due": 0, "due": 1, "overdue": 2}
    meetings = table(MEETINGS, meeting("m1", on))
    for asked in (triggered(), ahead(by=days(7), no_earlier=days(20)), rolling(), standing()):
        seen: dict[object, int] = {}
        for shift in range(-30, 31):
            at = date.fromordinal(day(on).toordinal() + shift)
            if at < date(2024, 10, 1):
                continue
            for each in ask(asked, at.isoformat(), meetings, reviews(), documents(), about()):
                assert seen.get(each.key, 0) <= rank[each.status.value]
                seen[each.key] = rank[each.status.value]
        assert seen
