"""The whole of a rulebook, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

import pytest

from engine.plain.evaluate import evaluate
from rules.patterns import Rolling
from tests.support.agreed_answers import (
    BY_DATE,
    YEAR,
    about,
    ahead,
    answers_of,
    documents,
    each_person,
    meeting,
    office,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
)
from tests.support.engine_builders import (
    MEETINGS,
    PEOPLE,
    REGISTERS,
    day,
    days,
    duty,
    months,
    rulebook,
    table,
    version,
)


def test_every_duty_in_the_order_of_keys_whatever_the_order_of_rules() -> None:
    one = duty(version(YEAR, evidence=BY_DATE), id="b-duty")
    two = duty(version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE), id="a-duty")
    shows = office(reviews("2025-05-01"))
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
    evaluate(book, office(people, trained()), day("2025-03-01"), lambda: calls.append(1))
    assert len(calls) >= 5

    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        evaluate(book, office(people, trained()), day("2025-03-01"), stop)


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
            for each in answers_of(
                asked, at.isoformat(), meetings, reviews(), documents(), about()
            ):
                assert seen.get(each.key, 0) <= rank[each.status.value]
                seen[each.key] = rank[each.status.value]
        assert seen
