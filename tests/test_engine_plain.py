"""The whole of a rulebook, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

import pytest

from engine.plain.evaluate import evaluate
from rules.patterns import Rolling
from tests.support.agreed_answers import (
    BY_DATE,
    YEAR,
    each_person,
    office,
    person,
    reviews,
    trained,
)
from tests.support.engine_builders import (
    PEOPLE,
    REGISTERS,
    day,
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
    assert [(line.key.duty, line.key.window) for line in forth] == [
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
