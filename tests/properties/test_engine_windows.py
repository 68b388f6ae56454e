"""The windows of a periodic duty that ends or changes, by all three readings."""

from __future__ import annotations

import pytest

from engine.outcome import HistoryReason, Status
from rules.model import Duty
from rules.patterns import Periodic
from tests.support.agreed_answers import BY_DATE, YEAR, reviews
from tests.support.duty_answers import lines
from tests.support.engine_builders import day, days, duty, version
from tests.support.small_check import outcome


def _in(part: str) -> Periodic:
    return Periodic.model_validate({"kind": "periodic", "period": "financial year", "part": part})


def _duty(*parts: tuple[Periodic, str], until: str) -> Duty:
    versions = (version(pattern, evidence=BY_DATE, begins=day(begins)) for pattern, begins in parts)
    return duty(*versions, until=day(until))


def _asked(of: Duty, on: str, *done: str) -> list[str]:
    return lines(of, on, reviews(*done))


def test_no_window_opens_before_the_end() -> None:
    """rules.lint refuses such a duty; the evaluators do not fail on it either."""
    the_duty = _duty((_in("Q1"), "2024-10-01"), until="2025-03-01")
    assert _asked(the_duty, "2024-12-01") == []
    assert _asked(the_duty, "2025-03-01") == []
    result = outcome(the_duty, "2025-03-01", reviews())
    assert (result.status, result.nothing_to_check) == (Status.NOT_APPLICABLE, "Nothing to check.")


def test_the_window_of_a_later_version_opens_only_after_the_end() -> None:
    the_duty = _duty((YEAR, "2024-10-01"), (_in("Q1"), "2025-02-01"), until="2025-03-15")
    assert _asked(the_duty, "2025-01-31") == ["2024/25 due 2024-10-01..2025-03-31 +59"]
    assert _asked(the_duty, "2025-02-01") == []


def test_a_window_cut_short_is_passed_over_and_none_follows() -> None:
    """What was missed in a cut window is passed over, and there is no next one to be due."""
    the_duty = _duty((_in("Q4"), "2025-02-15"), until="2025-12-31")
    assert _asked(the_duty, "2025-03-31") == ["2024/25 due 2025-02-15..2025-03-31 +0"]
    assert _asked(the_duty, "2025-04-01") == []
    assert _asked(the_duty, "2025-04-01", "2025-03-01") == ["2024/25 met 2025-02-15..2025-03-31"]
    assert _asked(the_duty, "2025-12-31", "2025-07-01") == [
        "2024/25 met 2025-02-15..2025-03-31 late 92"
    ]
    assert outcome(the_duty, "2025-04-01", reviews()).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("until", ["2025-10-14", "2030-03-31"])
def test_the_end_changes_no_window_before_it(until: str) -> None:
    """The year of the first version, in its last quarter, is one that the second asks about in the
    first: open then, it is due on the second's first day, whether or not the duty ends before its
    last quarter would have come."""
    the_duty = _duty((_in("Q4"), "2024-10-01"), (_in("Q1"), "2025-08-06"), until=until)
    assert _asked(the_duty, "2025-10-14", "2025-03-31") == [
        f"2024/25 met 2025-01-01..2025-03-31 {HistoryReason.MET.value}",
        "2025/26 overdue 2025-04-01..2025-08-06 -69",
    ]


def test_a_window_given_already_is_not_the_next() -> None:
    """Done in the first quarter by the first version, the year is not asked again by the second in
    its last quarter: the next deadline is that of the year after."""
    the_duty = _duty((_in("Q1"), "2025-04-01"), (_in("Q4"), "2025-08-01"), until="2030-03-31")
    assert _asked(the_duty, "2025-08-01", "2025-05-01") == [
        "2025/26 met 2025-04-01..2025-06-30 +607"
    ]


def test_until_its_moved_deadline_a_window_is_met_in_time_without_a_period() -> None:
    """The year was still open when the new version came, which asks in the first quarter."""
    the_duty = _duty((YEAR, "2025-04-01"), (_in("Q1"), "2025-08-06"), until="2030-03-31")
    in_time = ["2025/26 met 2025-04-01..2025-08-06 +324"]
    assert _asked(the_duty, "2025-08-10", "2025-07-15") == in_time
    assert _asked(the_duty, "2025-08-10", "2025-08-06") == in_time
    assert _asked(the_duty, "2025-08-10", "2025-08-07") == [f"{in_time[0]} late 1"]


def test_a_moved_deadline_takes_nothing_from_the_next_window() -> None:
    """The grace that is gone lay in the next year: what names no period there is of that year."""
    graced = YEAR.model_copy(update={"grace": days(28)})
    query = BY_DATE.model_copy(update={"period": "for period"})
    the_duty = duty(
        version(graced, evidence=query, begins=day("2024-04-01")),
        version(YEAR, evidence=query, begins=day("2025-04-10")),
    )
    assert lines(the_duty, "2025-04-11", reviews("2025-04-05")) == [
        "2024/25 overdue 2024-04-01..2025-04-10 missed",
        "2025/26 met 2025-04-01..2026-03-31 +719",
    ]


def test_windows_of_two_kinds_of_period_are_taken_by_their_deadlines() -> None:
    """June was missed; once the new version asks for the year, the year is the one to do, though
    it began before June. It is overdue since May, and done it is done."""
    monthly = Periodic(kind="periodic", period="month")
    the_duty = _duty((monthly, "2025-05-01"), (YEAR, "2025-07-01"), until="2030-03-31")
    assert _asked(the_duty, "2025-07-10") == [
        "2025-05 overdue 2025-05-01..2025-05-31 missed",
        "2025-06 overdue 2025-06-01..2025-06-30 missed",
        "2025/26 overdue 2025-05-01..2026-03-31 -40",
    ]
    assert _asked(the_duty, "2025-07-10", "2025-07-08")[-1] == (
        "2025/26 met 2025-05-01..2026-03-31 +629"
    )
