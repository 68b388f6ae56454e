"""Rolling duties and populations, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

import pytest

from engine.outcome import ItemRef
from rules.model import Duty
from rules.patterns import EvidenceQuery, Rolling
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    BLANK,
    BY_DATE,
    FLAGGED,
    NOTHING,
    STAFF,
    UNREADABLE,
    answer_line,
    answers_of,
    each_person,
    lines,
    person,
    reviews,
    rolling,
    trained,
    yearly,
)
from tests.support.engine_builders import (
    PEOPLE,
    REVIEWS,
    TRAINING,
    Row,
    day,
    days,
    duty,
    equals,
    missing,
    months,
    table,
    unreadable,
    version,
)


def test_never_done_it_is_due_until_the_first_deadline_then_overdue() -> None:
    assert lines(rolling(), "2024-10-01", reviews()) == ["due 2024-10-01..2025-10-01 +365"]
    assert lines(rolling(), "2025-10-01", reviews()) == ["due 2024-10-01..2025-10-01 +0"]
    assert lines(rolling(), "2025-10-02", reviews()) == ["overdue 2024-10-01..2025-10-01 -1"]


def test_the_first_deadline_may_be_shorter_or_the_rules_own_day() -> None:
    short = rolling(first=days(28))
    assert lines(short, "2024-10-02", reviews()) == ["due 2024-10-01..2024-10-29 +27"]
    own = rolling(first_deadline="2025-09-30")
    assert lines(own, "2025-10-01", reviews()) == ["overdue 2024-10-01..2025-09-30 -1"]


def test_the_day_after_the_deadline_it_is_overdue() -> None:
    done = reviews("2025-06-30")
    assert lines(rolling(), "2026-06-30", done) == ["due 2024-10-01..2026-06-30 +0"]
    assert lines(rolling(), "2026-07-01", done) == ["overdue 2024-10-01..2026-06-30 -1"]


def test_it_is_met_until_the_notice_before_the_deadline() -> None:
    done = reviews("2025-06-30", "2025-02-01")
    answer = answers_of(rolling(), "2026-04-30", done)[0]
    assert answer_line(answer) == "met 2024-10-01..2026-06-30 +61"
    assert answer.met_by == (ItemRef("reviews", 0),)
    assert answer.last_done == date(2025, 6, 30)
    within = answers_of(rolling(), "2026-05-01", done)[0]
    assert answer_line(within) == "due 2024-10-01..2026-06-30 +60"
    assert (within.met_by, within.last_done) == ((), date(2025, 6, 30))


def test_a_notice_in_months_is_counted_back_from_the_deadline() -> None:
    done = reviews("2025-06-30")
    assert lines(rolling(notice=months(2)), "2026-04-29", done)[0].startswith("met")
    assert lines(rolling(notice=months(2)), "2026-04-30", done)[0].startswith("due")


def test_done_on_29_february_it_lasts_to_28_february() -> None:
    the_duty = rolling(first=days(28))
    assert lines(the_duty, "2024-12-01", reviews("2024-02-29")) == [
        "met 2024-10-01..2025-02-28 +89"
    ]


def test_done_only_before_it_came_into_force() -> None:
    """Met while that interval lasts, then due until the first deadline, then overdue."""
    done = reviews("2024-03-01")
    assert lines(rolling(), "2025-03-01", done) == ["met 2024-10-01..2025-10-01 +214"]
    assert lines(rolling(), "2025-03-02", done) == ["due 2024-10-01..2025-10-01 +213"]
    assert lines(rolling(), "2025-10-03", done) == ["overdue 2024-10-01..2025-10-01 -2"]


def test_lateness_of_earlier_rounds_does_not_matter() -> None:
    assert lines(rolling(), "2026-06-01", reviews("2024-11-01", "2026-05-01")) == [
        "met 2024-10-01..2027-05-01 +334"
    ]


def test_two_items_of_a_rolling_duty_count_from_the_second_latest() -> None:
    two = rolling(needed=2)
    answer = answers_of(two, "2025-08-01", reviews("2025-07-01", "2025-01-10", "2025-02-10"))[0]
    assert answer_line(answer) == "met 2024-10-01..2026-02-10 +193"
    assert answer.met_by == (ItemRef("reviews", 0), ItemRef("reviews", 2))
    assert lines(two, "2025-08-01", reviews("2025-07-01")) == ["due 2024-10-01..2025-10-01 +61"]


def test_each_person_is_covered_from_the_day_they_join_to_the_day_before_they_leave() -> None:
    people = table(
        PEOPLE,
        person("ann", "2020-01-06"),
        person("bea", "2025-03-01"),
        person("cy", "2025-03-02"),
        person("dee", "2020-01-01", ends="2025-03-01"),
        person("eve", "2020-01-01", ends="2025-03-02"),
        {"person": "fay", "kind": "volunteer", "starts": "2020-01-01"},
    )
    the_duty = each_person(first=days(28))
    assert lines(the_duty, "2025-03-01", people, trained(("ann", "2024-10-15"))) == [
        "ann met 2024-10-01..2026-10-15 +593",
        "bea due 2025-03-01..2025-03-29 +28",
        "eve overdue 2024-10-01..2024-10-29 -123",
    ]


def test_the_rules_own_day_is_for_those_there_on_the_in_force_day() -> None:
    people = table(PEOPLE, person("ann", "2024-10-01"), person("bea", "2024-10-02"))
    own = each_person(first=days(28), first_deadline=day("2025-03-31"))
    assert lines(own, "2024-11-01", people, trained()) == [
        "ann due 2024-10-01..2025-03-31 +150",
        "bea overdue 2024-10-02..2024-10-30 -2",
    ]


def test_a_flagged_person_is_covered_from_the_day_of_the_flag() -> None:
    people = table(
        PEOPLE,
        person("ann", "2020-01-01", flagged_from="2025-02-01"),
        person("bea", "2020-01-01"),
        person("cy", "2020-01-01", flagged_from="2025-03-02"),
        person("dee", "2025-02-20", flagged_from="2025-02-01"),
        person("eve", "2020-01-01", flagged_from=UNREADABLE),
        person("fay", "2020-01-01", flagged_from=BLANK),
    )
    assert lines(each_person(FLAGGED, first=days(28)), "2025-03-01", people, trained()) == [
        "people row 4 cannot_tell",
        "people row 5 cannot_tell",
        "ann due 2025-02-01..2025-03-01 +0",
        "dee due 2025-02-20..2025-03-20 +19",
    ]


def test_a_listed_row_that_cannot_be_read_is_an_obligation_of_its_own() -> None:
    people = table(
        PEOPLE,
        person("ann", UNREADABLE),
        {**person("bea", "2020-01-01"), "person": BLANK},
        {**person("cy", "2020-01-01"), "kind": UNREADABLE},
        person("dee", NOTHING),
        # what can be read leaves these out already
        person("eve", UNREADABLE, ends="2025-01-01"),
        {**person("fay", "2025-03-02"), "kind": UNREADABLE},
        {**person("gus", UNREADABLE), "kind": "volunteer"},
        # an unreadable leaving date reads as not left
        person("hal", "2025-02-20", ends=UNREADABLE),
    )
    assert lines(each_person(first=days(28)), "2025-03-01", people, trained()) == [
        "people row 0 cannot_tell",
        "people row 1 cannot_tell",
        "people row 2 cannot_tell",
        "people row 3 cannot_tell",
        "hal due 2025-02-20..2025-03-20 +19",
    ]


def test_two_rows_that_claim_one_person_for_days_that_overlap() -> None:
    people = table(
        PEOPLE,
        person("ann", "2020-01-01", ends="2025-01-10"),
        person("Ann", "2025-01-09"),
        person("bea", "2020-01-01", ends="2025-01-10"),
        person("bea", "2025-01-10"),
        person("cy", "2025-02-01"),
        person("cy", "2025-02-10", ends="2025-04-01"),
        person("dee", "2025-02-01"),
        person("dee", "2025-02-10", ends="2025-02-10"),
    )
    assert lines(each_person(first=days(28)), "2025-02-20", people, trained()) == [
        "people row 1 cannot_tell",  # row 0 has left
        "people row 4 cannot_tell",
        "people row 5 cannot_tell",
        "bea overdue 2025-01-10..2025-02-07 -13",
        "dee due 2025-02-01..2025-03-01 +9",
    ]


def test_a_row_of_evidence_that_cannot_be_read_counts_for_nothing() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"))
    good: Row = {"ref": "T", "person": "ann", "course": "awareness", "passed": True}
    when: Row = {"completed on": "2024-11-01"}
    spoilt: Row
    for spoilt in (
        {"person": UNREADABLE},
        {"person": NOTHING},
        {"course": UNREADABLE},
        {"passed": BLANK},
        {"passed": False},
        {"completed on": NOTHING},
        {"completed on": UNREADABLE},
    ):
        got = answers_of(
            each_person(), "2025-03-01", people, table(TRAINING, {**good, **when, **spoilt})
        )
        assert [answer_line(answer) for answer in got] == ["ann due 2024-10-01..2026-10-01 +579"]
        assert got[0].last_done is None
    assert lines(each_person(), "2025-03-01", people, table(TRAINING, {**good, **when})) == [
        "ann met 2024-10-01..2026-11-01 +610"
    ]


def test_a_missing_or_empty_list_of_subjects_cannot_be_told() -> None:
    the_duty = each_person()
    volunteer = {"person": "fay", "kind": "volunteer", "starts": "2020-01-01"}
    assert lines(the_duty, "2025-03-01", unreadable(PEOPLE), trained()) == ["cannot_tell"]
    assert lines(the_duty, "2025-03-01", missing(PEOPLE), trained()) == ["not_assessed"]
    assert lines(the_duty, "2025-03-01", trained()) == ["cannot_tell"]
    assert lines(the_duty, "2025-03-01", table(PEOPLE, volunteer)) == ["cannot_tell"]
    fair = each_person(STAFF.model_copy(update={"empty": "fair"}))
    assert lines(fair, "2025-03-01", table(PEOPLE, volunteer)) == []
    gone = table(PEOPLE, person("ann", "2020-01-01", ends="2024-12-01"))
    assert lines(the_duty, "2025-03-01", gone) == []


def rolling_versions(*each: tuple[str, int]) -> Duty:
    return duty(
        *(
            version(
                Rolling(kind="rolling", every=months(count)), evidence=BY_DATE, begins=day(begins)
            )
            for begins, count in each
        )
    )


def test_a_new_version_moves_no_deadline_to_before_its_own_first_day() -> None:
    the_duty = rolling_versions(("2024-10-01", 24), ("2026-06-01", 12))
    done = reviews("2025-02-01")
    assert lines(the_duty, "2026-05-31", done) == ["met 2024-10-01..2027-02-01 +246"]
    assert lines(the_duty, "2026-06-01", done) == ["due 2024-10-01..2026-06-01 +0"]
    assert lines(the_duty, "2026-06-02", done) == ["overdue 2024-10-01..2026-06-01 -1"]


def test_a_deadline_that_passed_before_the_new_version_stays() -> None:
    the_duty = rolling_versions(("2024-10-01", 12), ("2026-06-01", 6))
    assert lines(the_duty, "2026-06-10", reviews("2025-02-01")) == [
        "overdue 2024-10-01..2026-02-01 -129"
    ]


@pytest.mark.parametrize("first", [("model", "plan"), ("plan",)])
def test_only_a_deadline_of_the_same_member_stays(first: tuple[str, ...]) -> None:
    """Under the first version the deadline passed on 1 April 2025. What the second version alone
    lists had no deadline before, so that version's first day is its deadline."""
    members = {
        each: Member(id=each, title=each, where=(equals("subject", each),))
        for each in ("model", "plan")
    }
    older, newer = (
        version(
            Rolling(kind="rolling", every=months(every), notice=days(60)),
            evidence=EvidenceQuery(register="reviews", dated="reviewed on"),
            subjects=FixedList(kind="fixed list", members=tuple(members[each] for each in listed)),
            begins=day(begins),
        )
        for every, begins, listed in ((6, "2024-10-01", first), (3, "2026-01-01", members))
    )
    assert lines(duty(older, newer), "2026-01-02", reviews()) == [
        "model overdue 2024-10-01..2025-04-01 -276"
        if "model" in first
        else "model overdue 2024-10-01..2026-01-01 -1",
        "plan overdue 2024-10-01..2025-04-01 -276",
    ]


def test_items_of_one_day_are_ordered_by_their_cells_not_by_their_rows() -> None:
    base = {"subject": "model", "reviewed on": "2025-05-01"}
    one, two = {"ref": "A", **base}, {"ref": "B", **base}
    for rows, row in (((one, two), 1), ((two, one), 0)):
        assert answers_of(rolling(), "2025-06-01", table(REVIEWS, *rows))[0].met_by == (
            ItemRef("reviews", row),  # the latest: B
        )
        assert answers_of(yearly(), "2025-06-01", table(REVIEWS, *rows))[0].met_by == (
            ItemRef("reviews", 1 - row),  # the earliest: A
        )
