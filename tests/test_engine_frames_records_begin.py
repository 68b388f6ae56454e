"""Records begin, and what is too late to do, as the vectorised evaluator judges them
(semantics.md: Records begin; An obligation's status at D)."""

from __future__ import annotations

import pytest

from engine.assessment import Assessment
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from evidence.table import Table
from rules.model import Duty
from rules.patterns import EvidenceQuery
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    about,
    ahead,
    briefing_each,
    complete,
    meeting,
    reviews,
    rolling,
    standing,
    triggered,
    yearly,
)
from tests.support.small_check import BOTH, outcome
from tests.support.vectorised_answers import given, lines

_JANUARY = make.table(make.MEETINGS, meeting("M1", "2025-01-10"))
_ACTION: make.Row = {"ref": "A1", "owner": "OPCC", "agreed on": "2025-01-10", "due": "2025-02-07"}
_ACTIONS = make.table(make.ACTIONS, _ACTION)


@pytest.mark.parametrize(
    ("duty", "table", "window"),
    [
        (triggered(), _JANUARY, "m1 overdue 2025-01-10..2025-02-07"),
        (complete(), _ACTIONS, "a1 overdue 2025-01-10..2025-02-07"),
    ],
)
def test_an_unmet_obligation_whose_deadline_lies_before_is_history(
    duty: Duty, table: Table, window: str
) -> None:
    """The day before the deadline's, and on it, nothing changes; from the day after, it is history,
    waived or not."""
    on = "2025-03-01"
    assert lines(duty, on, table, records_begin="2025-02-07") == [f"{window} -22"]
    assert lines(duty, on, table, records_begin="2025-02-08") == [f"{window} before_records"]
    waiver = make.table(make.WAIVERS, make.waiver("all", "2025-01-01", "2025-12-31"))
    waived = window.replace("overdue", "waived")
    assert lines(duty, on, table, waiver, records_begin="2025-02-07") == [f"{waived} -22"]
    assert lines(duty, on, table, waiver, records_begin="2025-02-08") == [
        f"{window} before_records"
    ]


def test_before_an_event_alike_and_a_lapse_comes_after_it() -> None:
    assert lines(ahead(), "2025-03-01", _JANUARY, records_begin="2025-02-01") == [
        "m1 overdue 2024-10-01..2025-01-10 before_records"
    ]
    lapsing = triggered(lapse=make.days(10))
    assert lines(lapsing, "2025-03-01", _JANUARY, records_begin="2025-02-07") == [
        "m1 overdue 2025-01-10..2025-02-07 lapsed"
    ]
    assert lines(lapsing, "2025-03-01", _JANUARY, records_begin="2025-02-08") == [
        "m1 overdue 2025-01-10..2025-02-07 before_records"
    ]


def test_what_was_done_is_met_whenever_records_begin() -> None:
    done = about(("2025-02-20", "M1"))
    for records_begin in ("", "2025-02-25"):
        assert lines(triggered(), "2025-03-01", _JANUARY, done, records_begin=records_begin) == [
            "m1 met 2025-01-10..2025-02-07 late 13"
        ]


def test_a_person_who_is_still_there_is_asked_however_long_ago() -> None:
    people = make.table(make.PEOPLE, {"person": "P1", "kind": "staff", "starts": "2024-11-01"})
    assert lines(briefing_each(), "2025-03-01", _JANUARY, people, records_begin="2025-02-20") == [
        "p1 m1 overdue 2025-01-10..2025-02-07 -22"
    ]


def test_records_begin_changes_no_rolling_standing_or_own_deadline() -> None:
    for duty in (complete(carried=True), rolling(first=make.days(30)), standing()):
        plain = lines(duty, "2025-03-01", _ACTIONS)
        assert lines(duty, "2025-03-01", _ACTIONS, records_begin="2025-03-01") == plain
        assert [line.split()[-1].startswith("-") for line in plain] == [True]


# Periodic ---------------------------------------------------------------------------------------

_MONTHLY = yearly(period="month")


def test_a_window_before_records_began_is_history_and_no_miss() -> None:
    """No run of missed windows reaches across: without it, it would be overdue since October."""
    assert lines(_MONTHLY, "2025-03-15")[-1] == "2025-03 overdue 2025-03-01..2025-03-31 -135"
    assert lines(_MONTHLY, "2025-03-15", records_begin="2025-02-15") == [
        "2024-10 overdue 2024-10-01..2024-10-31 before_records",
        "2024-11 overdue 2024-11-01..2024-11-30 before_records",
        "2024-12 overdue 2024-12-01..2024-12-31 before_records",
        "2025-01 overdue 2025-01-01..2025-01-31 before_records",
        "2025-02 overdue 2025-02-01..2025-02-28 missed",
        "2025-03 overdue 2025-03-01..2025-03-31 -15",
    ]
    assert lines(_MONTHLY, "2025-03-15", records_begin="2025-03-01")[-2:] == [
        "2025-02 overdue 2025-02-01..2025-02-28 before_records",
        "2025-03 due 2025-03-01..2025-03-31 +16",
    ]


def test_a_met_window_stays_in_history() -> None:
    answer_lines = lines(_MONTHLY, "2025-03-15", reviews("2025-01-20"), records_begin="2025-03-01")
    assert "2025-01 met 2025-01-01..2025-01-31 met" in answer_lines


def test_the_current_window_is_passed_over_where_it_lies_before() -> None:
    """Of a part of each year: the next one is not yet due."""
    last_quarter = yearly(part="Q4")
    assert lines(last_quarter, "2025-06-01") == ["2024/25 overdue 2025-01-01..2025-03-31 -62"]
    assert lines(last_quarter, "2025-06-01", records_begin="2025-03-31") == [
        "2024/25 overdue 2025-01-01..2025-03-31 -62"
    ]
    assert lines(last_quarter, "2025-06-01", records_begin="2025-04-01") == [
        "2024/25 overdue 2025-01-01..2025-03-31 before_records",
        "2025/26 not_yet_due 2026-01-01..2026-03-31 +303",
    ]


def test_a_window_that_the_in_force_day_cut_short_leaves_no_trace() -> None:
    late = yearly(period="month", begins="2024-10-15")
    answer_lines = lines(late, "2025-01-15", records_begin="2025-01-01")
    assert [line.split()[0] for line in answer_lines] == ["2024-11", "2024-12", "2025-01"]


# The whole check --------------------------------------------------------------------------------


def _assessed(duty: Duty, on: str, *tables: Table, records_begin: str) -> Assessment:
    case = given(duty, on, *tables, records_begin=records_begin)
    return assess(
        CheckRequest(
            case.rulebook,
            case.evidence,
            case.as_of,
            BOTH,
            decide_plainly,
            records_begin=case.records_begin,
            ahead=False,
        )
    )


@pytest.mark.parametrize(
    ("duty", "table", "subject", "window"),
    [(triggered(), _JANUARY, "M1", ""), (yearly(part="Q4"), _JANUARY, "office", "2024/25")],
)
def test_an_assessment_gives_the_day_on_which_records_begin(
    duty: Duty, table: Table, subject: str, window: str
) -> None:
    assessment = _assessed(duty, "2025-06-01", table, records_begin="2025-04-01")
    assert assessment.records_begin == make.day("2025-04-01")
    (entry,) = assessment.duties[0].history
    assert (entry.subject, entry.window, entry.outcome) == (
        subject,
        window,
        "before records began",
    )
    assert all(
        obligation.status.value != "overdue" for obligation in assessment.duties[0].obligations
    )


# Too late to do ---------------------------------------------------------------------------------


def _itself(dated: str) -> Duty:
    where = (make.filled("present"),)
    query = EvidenceQuery(register="meetings", where=where, dated=dated, itself=True)
    return triggered(query)


@pytest.mark.parametrize(
    ("duty", "on", "too_late"),
    [
        (_itself("held on"), "2025-03-01", True),
        (_itself("held on"), "2025-02-07", False),  # due still
        (_itself("minutes on"), "2025-03-01", False),  # minutes can still be taken
        (triggered(), "2025-03-01", False),  # a review can still be made
    ],
)
def test_what_only_the_events_own_day_could_show_is_too_late(
    duty: Duty, on: str, too_late: bool
) -> None:
    (only,) = outcome(duty, on, _JANUARY).obligations
    assert only.too_late is too_late
    assert only.status.value == ("due" if on == "2025-02-07" else "overdue")
