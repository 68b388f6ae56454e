"""Triggered duties, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

from datetime import date

from engine.outcome import ItemRef
from rules.patterns import EvidenceQuery, Rolling, Triggered
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    ABOUT,
    BLANK,
    BY_DATE,
    GROUP,
    NIL,
    NOTHING,
    PAIR,
    REVIEW,
    STAFF,
    UNREADABLE,
    about,
    answer_line,
    answers_of,
    briefing_each,
    lines,
    meeting,
    person,
    reviews,
    trained,
    triggered,
)
from tests.support.engine_builders import (
    MEETINGS,
    NIL_RETURNS,
    PEOPLE,
    REVIEWS,
    Row,
    day,
    days,
    duty,
    equals,
    months,
    nil_return,
    table,
    unreadable,
    version,
)


def test_within_so_long_of_each_event() -> None:
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-01-10"),
        meeting("m2", "2025-02-10"),
        meeting("m3", "2025-03-10"),
        meeting("m4", "2025-03-11"),
        meeting("m5", "2025-01-10"),
        meeting("m6", "2025-03-01"),
    )
    done = about(("2025-02-07", "m1"), ("2025-02-10", "m2"), ("2025-02-11", "m5"))
    assert lines(triggered(), "2025-03-10", meetings, done) == [
        "m1 met 2025-01-10..2025-02-07",
        "m2 met 2025-02-10..2025-03-10",
        "m3 due 2025-03-10..2025-04-07 +28",
        "m5 met 2025-01-10..2025-02-07 late 4",
        "m6 due 2025-03-01..2025-03-29 +19",
    ]


def test_unmet_after_the_deadline_it_is_overdue() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    assert lines(triggered(), "2025-02-09", meetings, about()) == [
        "m1 overdue 2025-01-10..2025-02-07 -2"
    ]


def test_an_item_before_the_event_counts_only_as_early_as_the_rule_allows() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    early = triggered(early=days(7))
    assert lines(triggered(), "2025-01-20", meetings, about(("2025-01-09", "m1")))[0].startswith(
        "m1 due 2025-01-10"
    )
    assert lines(early, "2025-01-20", meetings, about(("2025-01-03", "m1"))) == [
        "m1 met 2025-01-03..2025-02-07"
    ]
    assert lines(early, "2025-01-20", meetings, about(("2025-01-02", "m1"))) == [
        "m1 due 2025-01-03..2025-02-07 +18"
    ]


def test_events_that_require_nothing() -> None:
    meetings = table(
        MEETINGS,
        meeting("m1", "2024-09-30"),
        meeting("m2", "2025-01-10", cancelled=True),
        meeting("m3", "2025-01-21"),
        {**meeting("m4", "2025-01-10"), "body": "SWPB"},
        meeting("m5", "2024-10-01", cancelled=False),
    )
    assert lines(triggered(), "2025-01-20", meetings, about()) == [
        "m5 overdue 2024-10-01..2024-10-29 -83"
    ]


def test_an_event_that_cannot_be_read_is_an_obligation_of_its_own() -> None:
    meetings = table(
        MEETINGS,
        meeting("m1", UNREADABLE),
        meeting(BLANK, "2025-01-10"),
        meeting("m2", "2025-01-10", cancelled=UNREADABLE),
        {**meeting("m3", "2025-01-10"), "body": BLANK},
        meeting("m4", NOTHING),
        # left out already by what can be read
        meeting(BLANK, "2025-01-21"),
        meeting(BLANK, "2024-09-30"),
        meeting("m5", UNREADABLE, cancelled=True),
        {**meeting("m6", UNREADABLE), "body": "SWPB"},
    )
    assert lines(triggered(), "2025-01-20", meetings, about()) == [
        f"meetings row {row} cannot_tell" for row in range(5)
    ]


def test_two_events_with_one_key_cannot_be_told_apart() -> None:
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-01-10"),
        meeting("M1", "2024-09-01"),
        meeting("m2", "2025-01-10"),
        meeting("m2", "2025-01-11", cancelled=True),
    )
    assert lines(triggered(), "2025-01-20", meetings, about()) == [
        "meetings row 0 cannot_tell",  # row 1 was before the duty was in force
        "m2 due 2025-01-10..2025-02-07 +18",
    ]


def test_an_item_that_names_its_event_counts_for_no_other() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-01-11"))
    done = about(("2025-01-12", "m2"), ("2025-01-12", NOTHING), ("2025-01-12", UNREADABLE))
    assert lines(triggered(), "2025-01-20", meetings, done) == [
        "m1 due 2025-01-10..2025-02-07 +18",
        "m2 met 2025-01-11..2025-02-08",
    ]
    unnamed = triggered(BY_DATE)
    assert lines(unnamed, "2025-01-20", meetings, reviews("2025-01-12")) == [
        "m1 met 2025-01-10..2025-02-07",
        "m2 met 2025-01-11..2025-02-08",
    ]


def test_the_events_own_row_may_be_the_evidence() -> None:
    minuted = EvidenceQuery(register="meetings", dated="minutes on", itself=True)
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-01-10", minutes_on="2025-01-31"),
        meeting("m2", "2025-01-10"),
    )
    answers = answers_of(triggered(minuted), "2025-02-01", meetings)
    assert [answer_line(answer) for answer in answers] == [
        "m1 met 2025-01-10..2025-02-07",
        "m2 due 2025-01-10..2025-02-07 +6",
    ]
    assert answers[0].met_by == (ItemRef("meetings", 0),)


def test_an_unmet_obligation_lapses_so_long_after_its_deadline() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    lapsing = triggered(lapse=months(12))
    assert lines(lapsing, "2026-02-07", meetings, about()) == [
        "m1 overdue 2025-01-10..2025-02-07 -365"
    ]
    assert lines(lapsing, "2026-02-08", meetings, about()) == [
        "m1 overdue 2025-01-10..2025-02-07 lapsed"
    ]
    assert lines(lapsing, "2026-02-08", meetings, about(("2026-02-08", "m1"))) == [
        "m1 met 2025-01-10..2025-02-07 late 366"
    ]


def test_a_met_obligation_settles_a_year_after_the_later_of_deadline_and_date() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-01-10"))
    done = about(("2025-01-11", "m1"), ("2025-03-01", "m2"))
    assert lines(triggered(), "2026-02-07", meetings, done)[0] == "m1 met 2025-01-10..2025-02-07"
    answers = answers_of(triggered(), "2026-02-08", meetings, done)
    assert [answer_line(answer) for answer in answers] == [
        "m1 met 2025-01-10..2025-02-07 settled",
        "m2 met 2025-01-10..2025-02-07 late 22",
    ]
    assert answers[0].met_by == (ItemRef("reviews", 0),)
    assert [answer.last_done for answer in answers] == [None, date(2025, 3, 1)]


def test_n_items_about_an_event() -> None:
    two = triggered(ABOUT.model_copy(update={"needed": 2}))
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    done = about(("2025-01-12", "m1"), ("2025-02-09", "m1"), ("2025-02-20", "m1"))
    answer = answers_of(two, "2025-03-01", meetings, done)[0]
    assert answer_line(answer) == "m1 met 2025-01-10..2025-02-07 late 2"
    assert answer.met_by == (ItemRef("reviews", 0), ItemRef("reviews", 1))
    assert answer.last_done == date(2025, 2, 20)


def test_a_fixed_list_may_have_spans_conditions_and_dates_of_its_own() -> None:
    """One obligation for each event and subject."""
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    done = table(
        REVIEWS,
        {"ref": "1", "subject": "model", "reviewed on": "2025-01-20", "about": "m1"}
        | {"note": "quick"},
    )
    spans = PAIR
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    the_duty = duty(version(pattern, evidence=ABOUT, subjects=spans))
    assert lines(the_duty, "2025-01-21", meetings, done) == [
        "first m1 due 2025-01-10..2025-02-07 +17",
        "quick m1 met 2025-01-10..2025-01-17 late 3",
    ]


def test_a_fixed_list_may_date_its_members_by_columns_of_their_own() -> None:
    stages = FixedList(
        kind="fixed list",
        members=(
            Member(id="held", title="Held", dated="held on", within=days(0)),
            Member(id="minuted", title="Minuted", dated="minutes on", within=days(14)),
        ),
    )
    own_row = EvidenceQuery(register="meetings", itself=True)
    the_duty = duty(
        version(Triggered(kind="triggered", event=GROUP), evidence=own_row, subjects=stages)
    )
    meetings = table(MEETINGS, meeting("m1", "2025-01-10", minutes_on="2025-01-25"))
    assert lines(the_duty, "2025-01-24", meetings) == [
        "held m1 met 2025-01-10..2025-01-10",
        "minuted m1 due 2025-01-10..2025-01-24 +0",
    ]
    assert (
        lines(the_duty, "2025-01-25", meetings)[1] == "minuted m1 met 2025-01-10..2025-01-24 late 1"
    )


def test_a_fixed_list_may_be_named_in_a_column() -> None:
    topics = FixedList(
        kind="fixed list",
        named_in="covers",
        members=(Member(id="topic a", title="A"), Member(id="topic b", title="B")),
    )
    the_duty = duty(
        version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE, subjects=topics)
    )
    done = table(
        REVIEWS,
        {**REVIEW, "covers": "topic a; topic c"},
        {**REVIEW, "ref": "R2", "covers": UNREADABLE},
    )
    assert lines(the_duty, "2025-06-01", done) == [
        "topic a met 2024-10-01..2026-05-01 +334",
        "topic b due 2024-10-01..2025-10-01 +122",
    ]


def test_people_are_covered_for_the_events_of_their_time() -> None:
    people = table(
        PEOPLE,
        person("ann", "2025-01-10"),
        person("bea", "2025-01-11"),
        person("cy", "2020-01-01", ends="2025-02-01"),
        person("dee", UNREADABLE),
    )
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", UNREADABLE))
    answers = answers_of(
        briefing_each(), "2025-01-31", people, meetings, trained(("ann", "2025-01-12"))
    )
    assert [answer_line(answer) for answer in answers] == [
        "meetings row 1 cannot_tell",
        "people row 3 cannot_tell",
        "ann m1 met 2025-01-10..2025-02-07",
        "cy m1 due 2025-01-10..2025-02-07 +7",
    ]
    # A year on, one met about a person who is still there is not history; who left is not asked.
    assert lines(briefing_each(), "2027-01-31", people, meetings, trained(("ann", "2025-01-12")))[
        2:
    ] == ["ann m1 met 2025-01-10..2025-02-07"]


def test_an_event_is_judged_by_the_version_of_its_day() -> None:
    shorter = Triggered(kind="triggered", event=GROUP, within=days(7))
    longer = Triggered(kind="triggered", event=GROUP, within=days(28))
    the_duty = duty(
        version(longer, evidence=ABOUT),
        version(shorter, evidence=ABOUT, begins=day("2025-02-01")),
    )
    meetings = table(MEETINGS, meeting("m1", "2025-01-31"), meeting("m2", "2025-02-01"))
    answers = answers_of(the_duty, "2025-02-10", meetings, about())
    assert [answer_line(answer) for answer in answers] == [
        "m1 due 2025-01-31..2025-02-28 +18",
        "m2 overdue 2025-02-01..2025-02-08 -2",
    ]
    assert [answer.version_from for answer in answers] == [date(2024, 10, 1), date(2025, 2, 1)]


def test_one_key_in_the_lists_of_two_versions_cannot_be_told_apart() -> None:
    """Each version's own selection has the key once; an item that names it could mean either."""
    later = GROUP.model_copy(update={"where": (equals("body", "Board"),)})
    the_duty = duty(
        version(Triggered(kind="triggered", event=GROUP, within=days(28)), evidence=ABOUT),
        version(
            Triggered(kind="triggered", event=later, within=days(28)),
            evidence=ABOUT,
            begins=day("2025-02-01"),
        ),
    )
    board: Row = {**meeting("m1", "2025-02-03"), "body": "Board"}
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), board)
    assert lines(the_duty, "2025-02-10", meetings, about(("2025-02-04", "m1"))) == [
        "meetings row 0 cannot_tell",
        "meetings row 1 cannot_tell",
    ]
    # Before the second version begins, its selection is as if not written.
    assert lines(the_duty, "2025-01-31", meetings, about()) == ["m1 due 2025-01-10..2025-02-07 +7"]


def test_an_event_of_the_duty_that_every_person_may_meet_with_the_events_own_row() -> None:
    minuted = EvidenceQuery(register="meetings", dated="minutes on", itself=True)
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    the_duty = duty(version(pattern, evidence=minuted, subjects=STAFF))
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", "2025-01-11"))
    meetings = table(MEETINGS, meeting("m1", "2025-01-10", minutes_on="2025-01-31"))
    assert lines(the_duty, "2025-02-01", people, meetings) == ["ann m1 met 2025-01-10..2025-02-07"]


def test_an_empty_list_of_events_is_fair_with_a_nil_return_until_the_next_period_ends() -> None:
    listing = GROUP.model_copy(update={"nil_return": NIL})
    asked, none = triggered(events=listing), table(MEETINGS)
    given = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-01-10"))
    assert lines(asked, "2025-01-09", none, given) == ["cannot_tell"]
    assert lines(asked, "2025-01-10", none, given) == []
    assert lines(asked, "2025-03-31", none, given) == []
    assert lines(asked, "2025-04-01", none, given) == ["cannot_tell"]
    assert lines(asked, "2025-04-01", unreadable(MEETINGS), given) == ["cannot_tell"]
    other = table(MEETINGS, {**meeting("m1", "2025-01-01"), "body": "SWPB"})
    assert lines(asked, "2025-04-01", other, given) == ["cannot_tell"]
    cancelled = table(MEETINGS, meeting("m1", "2025-01-01", cancelled=True))
    assert lines(asked, "2025-04-01", cancelled) == []
