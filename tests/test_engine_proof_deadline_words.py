"""Every window and deadline says how it came to be: from which day, where that stands, and how."""

from __future__ import annotations

import pytest

from evidence.table import Table
from rules.model import Duty
from rules.patterns import Joining, Rolling, Triggered
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    BY_DATE,
    COURSE,
    STAFF,
    ahead,
    complete,
    documents,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    triggered,
    yearly,
)
from tests.support.engine_builders import Row, day, days, months, version
from tests.support.small_check import outcome

_ACTION: Row = {"ref": "A1", "owner": "OPCC", "agreed on": "2025-05-01", "due": "2025-06-01"}
_AGREED: Row = {"re-agreed to": "2025-07-01", "re-agreed on": "2025-05-09"}
_PEOPLE = make.table(make.PEOPLE, person("p1", "2025-05-01"))


@pytest.mark.parametrize(
    ("duty", "given", "words"),
    [
        (yearly(), (), "financial year 2025/26: 1 April 2025 to 31 March 2026"),
        (
            yearly(part="Q4"),
            (),
            "Q4 of financial year 2024/25: 1 January 2025 to 31 March 2025",
        ),
        (
            yearly(before=True),
            (),
            "before financial year 2026/27: 1 April 2025 to 31 March 2026",
        ),
        (
            yearly(period="quarter"),
            (),
            "quarter 2025/26 Q1: 1 April 2025 to 30 June 2025; "
            "missed since the one that ended on 31 December 2024",
        ),
        (
            yearly(grace=days(28)),
            (),
            "financial year 2025/26: 1 April 2025 to 28 April 2026, including 28 days of grace",
        ),
        (rolling(), (), "in force from 1 October 2024 + 12 months = 1 October 2025"),
        (
            rolling(first_deadline="2025-09-01"),
            (),
            "the first deadline, set by the rule = 1 September 2025",
        ),
        (
            rolling(),
            (reviews("2025-05-02"),),
            "last completed on 2 May 2025 (reviews.csv!reviews!C2) + 12 months = 2 May 2026",
        ),
        (
            each_person(),
            (_PEOPLE,),
            "'starts' 1 May 2025 (people.csv!people!C2) + 24 months = 1 May 2027",
        ),
        (standing(), (), "nothing in place since 1 October 2024, when it was first required"),
        (standing(), (documents(("2025-01-01", {})),), "in place, with no end date"),
        (
            standing(),
            (documents(("2025-01-01", {"ended on": "2026-01-01"})),),
            "in place until 1 January 2026, the latest end date on record",
        ),
        (
            standing(review_within=months(12)),
            (documents(("2025-01-01", {"ended on": "2035-01-01"})),),
            "counts until 1 January 2026, 12 months after it began on 1 January 2025 "
            "(documents.csv!documents!C2), because it has no review",
        ),
        (
            standing(review_within=months(12)),
            (documents(("2025-01-01", {"review by": "2025-11-01"})),),
            "in place until 1 November 2025, the latest end date on record",
        ),
        (
            triggered(accepted_before=months(2)),
            (make.table(make.MEETINGS, meeting("m", "2025-05-01")),),
            "'held on' 1 May 2025 (meetings.csv!meetings!C2) + 28 days = 29 May 2025; "
            "anything done from 1 March 2025 counts too",
        ),
        (
            triggered(),
            (make.table(make.MEETINGS, meeting("m", "2025-05-01")),),
            "'held on' 1 May 2025 (meetings.csv!meetings!C2) + 28 days = 29 May 2025",
        ),
        (
            triggered(within=days(0)),
            (make.table(make.MEETINGS, meeting("m", "2025-05-01")),),
            "'held on' 1 May 2025 (meetings.csv!meetings!C2) = 1 May 2025",
        ),
        (
            ahead(by=days(5), no_earlier=months(12)),
            (make.table(make.MEETINGS, meeting("m", "2025-06-01")),),
            "'held on' 1 June 2025 (meetings.csv!meetings!C2) - 5 days = 27 May 2025; "
            "not earlier than 1 June 2024",
        ),
        (
            complete(),
            (make.table(make.ACTIONS, _ACTION),),
            "'agreed on' 1 May 2025 (actions.csv!actions!C2) + 28 days = 29 May 2025",
        ),
        (
            complete(carried=True),
            (make.table(make.ACTIONS, _ACTION),),
            "'due' 1 June 2025 (actions.csv!actions!D2)",
        ),
        (
            complete(carried=True),
            (make.table(make.ACTIONS, {**_ACTION, **_AGREED}),),
            "'re-agreed to' 1 July 2025 (actions.csv!actions!E2)",
        ),
    ],
)
def test_a_deadline_says_how_it_came_to_be(
    duty: Duty, given: tuple[Table, ...], words: str
) -> None:
    (one,) = outcome(duty, "2025-05-20", *given).obligations
    assert one.derivation == words


def test_who_was_there_before_the_duty_is_counted_from_its_first_day() -> None:
    """The cell has the day of joining, which is not that of the event."""
    people = make.table(make.PEOPLE, person("p1", "2020-05-01"))
    joining = Joining(joining=True)
    pattern = Triggered(kind="triggered", event=joining, within=days(28), already_there=True)
    duty = make.duty(version(pattern, evidence=COURSE, subjects=STAFF))
    (one,) = outcome(duty, "2025-05-20", people).obligations
    assert one.derivation == (
        "in force from 1 October 2024 ('starts' 1 May 2020, people.csv!people!C2) + 28 days = "
        "29 October 2024"
    )


@pytest.mark.parametrize(
    ("starts", "words"),
    [
        ("2024-09-30", "in force from 1 October 2024"),
        ("2024-10-01", "in force from 1 October 2024"),
        ("2024-10-02", "'starts' 2 October 2024"),
    ],
)
def test_a_first_deadline_is_counted_from_joining_only_after_the_first_day(
    starts: str, words: str
) -> None:
    people = make.table(make.PEOPLE, person("p1", starts))
    (one,) = outcome(each_person(), "2025-05-20", people).obligations
    assert one.derivation.startswith(words)


def test_a_deadline_that_a_new_version_moved_says_so() -> None:
    long, short = (
        version(Rolling(kind="rolling", every=months(count)), evidence=BY_DATE, begins=day(on))
        for count, on in ((24, "2024-10-01"), (12, "2026-05-01"))
    )
    (one,) = outcome(make.duty(long, short), "2026-05-20", reviews("2025-01-01")).obligations
    assert one.deadline == day("2026-05-01")
    assert one.derivation == (
        "not earlier than 1 May 2026, the first day of the version that changed it"
    )


def test_a_deadline_that_had_passed_when_a_new_version_began_says_that_it_stays() -> None:
    long, short = (
        version(Rolling(kind="rolling", every=months(count)), evidence=BY_DATE, begins=day(on))
        for count, on in ((24, "2024-10-01"), (12, "2027-05-01"))
    )
    (one,) = outcome(make.duty(long, short), "2027-05-20", reviews("2025-01-01")).obligations
    assert one.deadline == day("2027-01-01")
    assert one.derivation == (
        "1 January 2027, under the previous version of the rule; it had passed when "
        "the version of 1 May 2027 began, so it did not change"
    )
