"""Sentences of the definitions, each on an example worked by hand that both evaluators and the
verifier answer alike (semantics.md: Words)."""

from __future__ import annotations

import pytest

from evidence.table import Table
from rules.model import Duty
from rules.patterns import Rolling, Triggered
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    ABOUT,
    ACTION,
    BY_DATE,
    COURSE,
    GROUP,
    HIREABLE,
    STAFF,
    UNREADABLE,
    YEAR,
    about,
    ahead,
    complete,
    documents,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
    yearly,
)
from tests.support.duty_answers import lines
from tests.support.engine_builders import day, days, duty, months, table, unreadable, version

# The first status that fits -------------------------------------------------------------------

_OF_VENUES = duty(version(YEAR, evidence=BY_DATE, applies=HIREABLE))
_OF_MEETINGS = duty(
    version(
        Triggered(kind="triggered", event=GROUP, within=days(28)), evidence=ABOUT, applies=HIREABLE
    )
)
_OF_PEOPLE = duty(
    version(
        Rolling(kind="rolling", every=months(24)),
        evidence=COURSE,
        subjects=STAFF,
        applies=HIREABLE,
    )
)
_NOT_HIREABLE = table(make.VENUES, {"ref": "v1", "hireable": False, "from": "2025-01-01"})
_MEETING = table(make.MEETINGS, meeting("m1", "2025-01-10"))
_FOR_ALL, _FOR_OFFICE, _FOR_MEETING = (
    table(make.WAIVERS, make.waiver(name, "2025-01-01", "2026-12-31"))
    for name in ("all", "office", "m1")
)
_WINDOW = "2025-01-10..2025-02-07"


@pytest.mark.parametrize(
    ("asked", "tables", "answer"),
    [
        # not assessed, then cannot tell, then not applicable
        (_OF_VENUES, [make.missing(make.REVIEWS), _NOT_HIREABLE], "not_assessed"),
        (_OF_VENUES, [make.missing(make.REVIEWS), unreadable(make.VENUES)], "not_assessed"),
        (_OF_VENUES, [unreadable(make.REVIEWS), _NOT_HIREABLE], "cannot_tell"),
        (_OF_MEETINGS, [about(), _NOT_HIREABLE, table(make.MEETINGS)], "cannot_tell"),
        (
            _OF_MEETINGS,
            [about(), _NOT_HIREABLE, table(make.MEETINGS, meeting("m1", UNREADABLE))],
            "meetings row 0 cannot_tell",
        ),
        (
            _OF_PEOPLE,
            [trained(), _NOT_HIREABLE, table(make.PEOPLE, person("ann", UNREADABLE))],
            "people row 0 cannot_tell",
        ),
        # not applicable, though it was done, and though it is waived
        (_OF_VENUES, [reviews("2025-05-01"), _NOT_HIREABLE], "not_applicable"),
        (_OF_VENUES, [reviews(), _NOT_HIREABLE, _FOR_OFFICE], "not_applicable"),
        (_OF_MEETINGS, [about(), _NOT_HIREABLE, _MEETING, _FOR_ALL], "m1 not_applicable"),
        # met and met late, though it is waived; then waived
        (triggered(), [about(("2025-02-07", "m1")), _MEETING, _FOR_ALL], f"m1 met {_WINDOW}"),
        (
            triggered(),
            [about(("2025-02-20", "m1")), _MEETING, _FOR_MEETING],
            f"m1 met {_WINDOW} late 13",
        ),
        (triggered(), [about(), _MEETING, _FOR_MEETING], f"m1 waived {_WINDOW} -114"),
        (triggered(), [about(), _MEETING, _FOR_OFFICE], f"m1 overdue {_WINDOW} -114"),
        (
            rolling(),
            [reviews(), _FOR_OFFICE],
            "waived 2024-10-01..2025-10-01 +122",
        ),
        (
            yearly(begins="2025-04-01", part="Q4"),
            [reviews(), _FOR_OFFICE],
            "2025/26 waived 2026-01-01..2026-03-31 +303",
        ),
    ],
)
def test_the_first_that_fits(asked: Duty, tables: list[Table], answer: str) -> None:
    assert lines(asked, "2025-06-01", *tables)[-1] == answer


# Days --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "within", "window"),
    [
        ("2025-01-10", 29, "2025-01-10..2025-02-08"),  # a Saturday
        ("2025-01-10", 30, "2025-01-10..2025-02-09"),  # a Sunday
        ("2024-11-27", 28, "2024-11-27..2024-12-25"),  # Christmas Day
        ("2024-12-04", 28, "2024-12-04..2025-01-01"),  # New Year's Day
    ],
)
def test_a_deadline_on_a_weekend_or_bank_holiday_stays_where_it_is(
    held: str, within: int, window: str
) -> None:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(within))
    the_duty = duty(version(pattern, evidence=ABOUT))
    meetings = table(make.MEETINGS, meeting("m1", held))
    deadline = day(window.partition("..")[2])
    after = deadline.fromordinal(deadline.toordinal() + 1)
    on, then = deadline.isoformat(), after.isoformat()
    assert lines(the_duty, on, meetings, about()) == [f"m1 due {window} +0"]
    assert lines(the_duty, then, meetings, about()) == [f"m1 overdue {window} -1"]
    assert lines(the_duty, then, meetings, about((then, "m1"))) == [f"m1 met {window} late 1"]


_EACH_PATTERN = [
    (yearly(), "2024/25 due 2024-10-01..2025-03-31 +70"),
    (rolling(), "due 2024-10-01..2025-10-01 +254"),
    (triggered(), "m1 due 2025-01-10..2025-02-07 +18"),
    (ahead(), "m1 overdue 2024-10-01..2025-01-10 -10"),
    (standing(), "overdue 2024-10-01..2024-10-01 -111"),
    (complete(), "a1 due 2025-01-05..2025-02-02 +13"),
]
_ACTIONS = table(make.ACTIONS, {**ACTION, "agreed on": "2025-01-05"})
_NOTHING_DONE = (_MEETING, _ACTIONS, about(), documents())


@pytest.mark.parametrize(("asked", "answer"), _EACH_PATTERN)
def test_a_duty_is_in_force_from_its_first_day_to_its_last(asked: Duty, answer: str) -> None:
    ends = asked.model_copy(update={"until": day("2025-01-20")})
    assert lines(ends, "2025-01-20", *_NOTHING_DONE) == [answer]
    assert lines(ends, "2025-01-21", *_NOTHING_DONE) == []
    assert lines(ends, "2024-09-30", *_NOTHING_DONE) == []
    assert bool(lines(ends, "2024-10-01", *_NOTHING_DONE)) == (asked is not _EACH_PATTERN[2][0])


@pytest.mark.parametrize(("asked", "answer"), _EACH_PATTERN)
@pytest.mark.parametrize("on", ["2025-01-20", "2025-06-01", "2027-06-01"])
def test_without_that_day_records_begin_on_the_first_day_of_the_sop(
    asked: Duty, answer: str, on: str
) -> None:
    plain = lines(asked, on, *_NOTHING_DONE)
    assert lines(asked, on, *_NOTHING_DONE, records_begin="2024-10-01") == plain
    assert on > "2025-01-20" or plain == [answer]


# Evidence ----------------------------------------------------------------------------------------


def test_an_item_meets_every_obligation_whose_window_and_subject_it_fits() -> None:
    meetings = table(make.MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-01-12"))
    done = reviews("2025-01-11")
    assert lines(triggered(BY_DATE), "2025-02-01", meetings, done) == [
        "m1 met 2025-01-10..2025-02-07",
        "m2 due 2025-01-12..2025-02-09 +8",  # the item is from before its window
    ]
    assert lines(triggered(BY_DATE), "2025-02-01", meetings, reviews("2025-01-12")) == [
        "m1 met 2025-01-10..2025-02-07",
        "m2 met 2025-01-12..2025-02-09",
    ]
    assert lines(triggered(), "2025-02-01", meetings, about(("2025-01-12", "m2"))) == [
        "m1 due 2025-01-10..2025-02-07 +6",
        "m2 met 2025-01-12..2025-02-09",
    ]


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ({"ends": UNREADABLE}, ["ann overdue 2025-01-01..2025-01-29 -31"]),
        ({"ends": "2025-03-01"}, []),
    ],
)
def test_an_unreadable_leaving_date_reads_as_not_left(cells: make.Row, answer: list[str]) -> None:
    people = table(make.PEOPLE, {**person("ann", "2025-01-01"), **cells})
    pattern = Rolling(kind="rolling", every=months(24), first=days(28))
    the_duty = duty(version(pattern, evidence=COURSE, subjects=STAFF))
    assert lines(the_duty, "2025-03-01", people, trained()) == answer


@pytest.mark.parametrize("column", ["ended on", "review by"])
def test_an_unreadable_end_or_review_by_date_reads_as_ended(column: str) -> None:
    overdue, met = "overdue 2024-10-01..2024-10-01 -111", "met 2024-10-01..2026-01-01 +346"
    for cell, answer in ((UNREADABLE, overdue), ("2026-01-01", met)):
        rows = documents(("2024-01-01", {column: cell}))
        assert lines(standing(), "2025-01-20", rows) == [answer]
