"""Standing duties, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

from engine.outcome import ItemRef
from rules.patterns import EvidenceQuery, Standing
from tests.support.agreed_answers import (
    BLANK,
    STAFF,
    UNREADABLE,
    answer_line,
    answers_of,
    documents,
    lines,
    person,
    standing,
)
from tests.support.engine_builders import PEOPLE, day, duty, equals, months, table, version


def test_with_none_ever_the_deadline_is_the_day_it_opened() -> None:
    assert lines(standing(), "2024-10-01", documents()) == ["due 2024-10-01..2024-10-01 +0"]
    assert lines(standing(), "2024-10-02", documents()) == ["overdue 2024-10-01..2024-10-01 -1"]
    later = documents(("2024-10-03", {}))
    assert lines(standing(), "2024-10-02", later) == ["overdue 2024-10-01..2024-10-01 -1"]


def test_with_no_end_it_is_in_place_for_good_unless_one_is_required() -> None:
    answer = answers_of(standing(), "2030-01-01", documents(("2020-01-01", {})))[0]
    assert answer_line(answer) == "met 2024-10-01.."
    assert (answer.deadline, answer.last_done) == (None, date(2020, 1, 1))
    assert lines(standing(end_needed=True), "2024-12-01", documents(("2020-01-01", {}))) == [
        "overdue 2024-10-01..2024-10-01 -61"
    ]


def test_in_place_until_the_earlier_of_its_end_and_its_review_day() -> None:
    both = documents(("2025-01-01", {"ended on": "2025-12-31", "review by": "2025-11-30"}))
    assert lines(standing(), "2025-09-30", both) == ["met 2024-10-01..2025-11-30 +61"]
    assert lines(standing(), "2025-10-01", both) == ["due 2024-10-01..2025-11-30 +60"]
    assert lines(standing(), "2025-11-30", both) == ["due 2024-10-01..2025-11-30 +0"]
    assert lines(standing(), "2025-12-01", both) == ["overdue 2024-10-01..2025-11-30 -1"]


def test_an_unreadable_end_reads_as_ended() -> None:
    for spoilt in ({"ended on": UNREADABLE}, {"review by": UNREADABLE}, {"review by": BLANK}):
        answer = answers_of(standing(), "2024-10-05", documents(("2024-01-01", spoilt)))[0]
        assert answer_line(answer) == "overdue 2024-10-01..2024-10-01 -4"
        assert answer.last_done is None


def test_whatever_ends_it_beyond_the_cap_counts_as_at_the_cap() -> None:
    """An end, a review-by day, or neither (semantics.md: Standing)."""
    capped = standing(review_within=months(12))
    at_the_cap = ["met 2024-10-01..2026-02-01 +337"]
    for far in ({"review by": "2030-01-01"}, {"ended on": "2035-01-01"}, {}):
        assert lines(capped, "2025-03-01", documents(("2025-02-01", far))) == at_the_cap
    for near in (
        {"review by": "2025-08-01"},
        {"ended on": "2025-08-01", "review by": "2030-01-01"},
    ):
        assert lines(capped, "2025-03-01", documents(("2025-02-01", near))) == [
            "met 2024-10-01..2025-08-01 +153"
        ]


def test_an_agreement_of_2020_that_ends_in_2035_is_no_longer_in_place() -> None:
    far = documents(("2020-03-01", {"ended on": "2035-01-01"}))
    assert lines(standing(review_within=months(24)), "2024-10-05", far) == [
        "overdue 2024-10-01..2024-10-01 -4"  # at the cap since 1 March 2022
    ]


def test_a_cap_is_not_an_end_where_one_is_required() -> None:
    the_duty = standing(review_within=months(12), end_needed=True)
    assert lines(the_duty, "2024-12-01", documents(("2024-11-01", {}))) == [
        "overdue 2024-10-01..2024-10-01 -61"
    ]


def test_several_at_once_any_serves_and_the_latest_end_counts() -> None:
    several = documents(
        ("2025-01-01", {"ended on": "2026-06-30"}),
        ("2025-02-01", {"ended on": "2025-12-31"}),
        ("2025-09-01", {"ended on": "2027-01-01"}),
    )
    answer = answers_of(standing(), "2025-08-01", several)[0]
    assert answer_line(answer) == "met 2024-10-01..2026-06-30 +333"
    assert answer.met_by == (ItemRef("documents", 0),)
    assert answer.last_done == date(2025, 2, 1)
    # The successor counts from the day it begins.
    assert answers_of(standing(), "2025-09-01", several)[0].met_by == (ItemRef("documents", 2),)


def test_one_that_ended_before_the_duty_came_into_force_moves_no_deadline() -> None:
    past = documents(("2020-01-01", {"ended on": "2024-06-30"}))
    assert lines(standing(), "2024-10-03", past) == ["overdue 2024-10-01..2024-10-01 -2"]


def test_each_venue_names_its_policy() -> None:
    """The subject's own row names the item by its key."""
    people = table(
        PEOPLE,
        person("hall", "2025-01-01", policy="D0"),
        person("room", "2025-01-01", policy="D1"),
        person("shed", "2025-01-01"),
    )
    query = EvidenceQuery(register="documents", named_by_subject="policy")
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    the_duty = duty(version(pattern, evidence=query, subjects=STAFF))
    held = documents(("2024-12-01", {}), ("2024-12-01", {"ended on": "2025-01-31"}))
    assert lines(the_duty, "2025-02-02", people, held) == [
        "hall met 2025-01-01..",
        "room overdue 2025-01-01..2025-01-31 -2",
        "shed overdue 2025-01-01..2025-01-01 -32",
    ]


def test_a_standing_duty_whose_new_version_asks_more_is_due_on_its_first_day() -> None:
    query = EvidenceQuery(register="documents", where=(equals("kind", "pathway"),))
    loose = Standing(kind="standing", begins="issued on", ends="ended on", review_by="review by")
    strict = loose.model_copy(update={"end_needed": True})
    the_duty = duty(
        version(loose, evidence=query), version(strict, evidence=query, begins=day("2025-06-01"))
    )
    held = documents(("2025-01-01", {}))
    assert lines(the_duty, "2025-05-31", held) == ["met 2024-10-01.."]
    assert lines(the_duty, "2025-06-01", held) == ["due 2024-10-01..2025-06-01 +0"]
    assert lines(the_duty, "2025-06-02", held) == ["overdue 2024-10-01..2025-06-01 -1"]
