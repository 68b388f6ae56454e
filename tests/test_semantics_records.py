"""What semantics.md says of completeness and content and no other case holds: small cases that both
evaluators and the verifier have to judge alike."""

from __future__ import annotations

import pytest

from reports.explain.explanation import Explanation, explain
from reports.explain.text import explain_text
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import Completeness, Content
from tests.support.agreed_answers import (
    ACTION,
    HIREABLE,
    NOTHING,
    RECORDS,
    REVIEW,
    UNREADABLE,
    about,
    complete,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    trained,
    triggered,
)
from tests.support.engine_builders import (
    ACTIONS,
    MEETINGS,
    PEOPLE,
    REVIEWS,
    VENUES,
    Row,
    day,
    days,
    duty,
    filled,
    table,
    version,
)
from tests.support.three_evaluators import answers, lines, whole

M1 = table(MEETINGS, meeting("m1", "2025-01-10"))
TWO = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-03-10"))


VENUE: Row = {"ref": "v1", "hireable": True, "from": "2025-01-10", "to": "2025-03-10"}

# Completeness ------------------------------------------------------------------------------------


def test_a_condition_on_a_record_is_judged_on_the_day_of_the_record() -> None:
    the_duty = duty(complete().versions[0].model_copy(update={"applies": HIREABLE}))
    held = [{**ACTION, "ref": f"a{n}", "agreed on": f"2025-01-{n:02}"} for n in (9, 10)]
    assert lines(the_duty, "2025-06-01", table(ACTIONS, *held), table(VENUES, VENUE)) == [
        "a10 overdue 2025-01-10..2025-02-07 -114",
        "a9 not_applicable",
    ]


BOTH_DAYS = ("completed on", "re-agreed on")


def _by_two_dates() -> Duty:
    pattern = Completeness(
        kind="completeness",
        records=RECORDS,
        must=tuple(filled(name) for name in BOTH_DAYS),
        done_on=BOTH_DAYS,
        within=days(28),
    )
    return duty(version(pattern))


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        (("2025-05-10", "2025-05-20"), "met 2025-05-01..2025-05-29"),
        (("2025-06-03", "2025-05-20"), "met 2025-05-01..2025-05-29 late 5"),
        (("2025-05-20", "2025-06-03"), "met 2025-05-01..2025-05-29 late 5"),
        (("2025-05-20", "2025-07-02"), "overdue 2025-05-01..2025-05-29 -33"),  # still to come
        (("2025-04-01", "2025-04-20"), "met 2025-05-01..2025-05-29"),  # before it opens
        (("2025-05-20", NOTHING), "overdue 2025-05-01..2025-05-29 -33"),
        ((UNREADABLE, "2025-05-20"), "overdue 2025-05-01..2025-05-29 -33"),
    ],
)
def test_a_record_is_done_on_the_latest_of_the_dates_that_it_must_carry(
    dates: tuple[str, str], line: str
) -> None:
    rows = table(ACTIONS, {**ACTION, **dict(zip(BOTH_DAYS, dates, strict=True))})
    assert lines(_by_two_dates(), "2025-07-01", rows) == [f"a1 {line}"]


def test_of_a_record_without_dates_the_report_says_that_a_filled_cell_has_no_date() -> None:
    """It is done on the record's own day, however late the cell was filled."""
    says_so = "No column says when this was done, so a complete row counts as in time."
    rows = table(ACTIONS, {**ACTION, "measure": "visits", "completed on": "2026-04-30"})
    for asked, done, late in (
        (complete(), "2025-05-01", 0),
        (complete(dated=True), "2026-04-30", 336),
    ):
        assessment = whole(asked, "2026-05-01", rows)
        (one,) = assessment.duties[0].obligations
        assert (one.status, one.late_days, str(one.last_done)) == ("met", late, done)
        explained = explain(assessment, asked.id)
        assert isinstance(explained, Explanation)
        assert (says_so in " ".join(explain_text(explained, 500).split())) is (late == 0)


def test_a_re_agreed_date_replaces_the_carried_one_only_from_its_own_day() -> None:
    """Also one that lies before the old date; one agreed after it does nothing."""
    the_duty = complete(carried=True)
    for to, agreed, on, deadline in (
        ("2025-09-01", "2025-05-20", "2025-05-19", "2025-06-01"),
        ("2025-09-01", "2025-05-20", "2025-05-20", "2025-09-01"),
        ("2025-05-25", "2025-05-20", "2025-05-20", "2025-05-25"),
        ("2025-09-01", "2025-06-01", "2025-07-01", "2025-09-01"),
        ("2025-09-01", "2025-06-02", "2025-07-01", "2025-06-01"),
    ):
        row = table(ACTIONS, {**ACTION, "re-agreed to": to, "re-agreed on": agreed})
        (one,) = answers(the_duty, on, row)
        assert str(one.deadline) == deadline, (to, agreed, on)


# Content -----------------------------------------------------------------------------------------


def _content(begins: str = "2024-10-01") -> Duty:
    more = Content(kind="content", of="the-duty", where=(Condition(column="note", equals="whole"),))
    return duty(version(more, begins=day(begins)), id="whole")


def test_content_of_events_has_their_windows_and_is_cut_by_its_own_in_force_day() -> None:
    base = triggered()
    done = about(("2025-01-12", "m1"), ("2025-03-12", "m2"))
    window = "m1 {} 2025-01-10..2025-02-07"
    assert lines(base, "2025-02-01", TWO, done) == [window.format("met")]
    assert lines(_content(), "2025-02-01", TWO, done, others=(base,)) == [
        f"{window.format('due')} +6"
    ]
    assert lines(_content("2025-01-10"), "2025-02-01", TWO, done, others=(base,)) != []
    assert lines(_content("2025-01-11"), "2025-02-01", TWO, done, others=(base,)) == []
    assert lines(_content("2025-01-11"), "2025-03-11", TWO, others=(base,)) == [
        "m2 due 2025-03-10..2025-04-07 +27"
    ]


@pytest.mark.parametrize("begins", ["2024-10-01", "2025-06-01"])
def test_content_of_a_rolling_duty_has_its_deadlines_from_its_own_in_force_day(begins: str) -> None:
    base, own = rolling(), _content(begins)
    first = day(begins).replace(year=day(begins).year + 1)
    on = f"{day(begins).replace(month=day(begins).month + 2)}"
    (one,) = answers(own, on, reviews(on), others=(base,))
    assert (one.status, one.opens, one.deadline) == ("due", day(begins), first)
    noted = table(REVIEWS, {**REVIEW, "reviewed on": on, "note": "whole"})
    (met,) = answers(own, on, noted, others=(base,))
    assert met.status == "met"
    assert met.deadline == answers(base, on, noted)[0].deadline


def test_content_asks_the_same_subjects() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", "2025-03-02"))
    base = each_person()
    own = lines(_content(), "2025-03-01", people, trained(("ann", "2025-01-12")), others=(base,))
    assert [line.split()[:2] for line in own] == [["ann", "due"]]
    assert lines(base, "2025-03-01", people, trained(("ann", "2025-01-12")))[0].split()[:2] == [
        "ann",
        "met",
    ]
