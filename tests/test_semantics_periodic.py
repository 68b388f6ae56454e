"""What semantics.md says of periodic duties and nil returns and no other case holds: small cases
that both evaluators and the verifier have to judge alike."""

from __future__ import annotations

import datetime

import pytest

from rules.model import Duty
from rules.patterns import Periodic
from tests.support.agreed_answers import (
    BY_DATE,
    GROUP,
    NIL,
    about,
    meeting,
    reviews,
    triggered,
    yearly,
)
from tests.support.engine_builders import (
    MEETINGS,
    NIL_RETURNS,
    day,
    days,
    duty,
    nil_return,
    table,
    version,
)
from tests.support.three_evaluators import answers, lines, outcome, whole

BY_PERIOD = BY_DATE.model_copy(update={"period": "for period"})


# Windows -----------------------------------------------------------------------------------------


def test_before_a_period_begins_the_window_is_the_whole_period_before() -> None:
    """For 2027/28: 1 April 2026 to 31 March 2027."""
    ahead, earlier = yearly(before=True), ["2025-02-01", "2025-07-01"]
    window = "2027/28 {} 2026-04-01..2027-03-31 {}"
    for on, done, status, left in (
        ("2026-04-01", [], "due", "+364"),
        ("2027-03-31", ["2026-04-01"], "met", "+366"),
        ("2027-03-31", ["2026-03-31"], "due", "+0"),
        ("2027-03-31", ["2027-03-31"], "met", "+366"),
    ):
        assert lines(ahead, on, reviews(*earlier, *done))[-1] == window.format(status, left)


@pytest.mark.parametrize(
    ("period", "first", "last", "next_last"),
    [
        ("financial year", "2025-04-01", "2026-03-31", "2027-03-31"),
        ("calendar year", "2025-01-01", "2025-12-31", "2026-12-31"),
        ("quarter", "2026-01-01", "2026-03-31", "2026-06-30"),
        ("month", "2026-02-01", "2026-02-28", "2026-03-31"),
    ],
)
def test_once_in_each_period(period: str, first: str, last: str, next_last: str) -> None:
    """Met from its first day to its last, and then the next one is due."""
    the_duty = yearly(period=period, begins=first)
    for done in (first, last):
        result = outcome(the_duty, last, reviews(done))
        assert (result.status, str(result.deadline)) == ("met", next_last)
    following = f"{day(last) + datetime.timedelta(1)}"
    assert (outcome(the_duty, last).status, outcome(the_duty, last).days) == ("due", 0)
    assert (outcome(the_duty, following).status, outcome(the_duty, following).days) == (
        "overdue",
        -1,
    )
    result = outcome(the_duty, following, reviews(last))
    assert (result.status, str(result.deadline)) == ("due", next_last)


def test_it_says_how_many_windows_in_a_row_were_missed() -> None:
    the_duty = yearly(period="quarter", begins="2025-04-01")
    for on, count, words in (
        ("2025-07-01", -1, "1 period was missed (2025/26 Q1)."),
        ("2025-10-02", -94, "2 periods in a row were missed (2025/26 Q1 and 2025/26 Q2)."),
        (
            "2026-01-10",
            -194,
            "3 periods in a row were missed (2025/26 Q1, 2025/26 Q2 and 2025/26 Q3).",
        ),
        ("2026-04-10", -284, "4 periods in a row were missed (2025/26 Q1 to 2025/26 Q4)."),
    ):
        (one,) = outcome(the_duty, on).obligations
        assert (one.status, one.days) == ("overdue", count)
        assert one.unmet_reason.endswith(words)
    (one,) = outcome(the_duty, "2026-01-10", reviews("2025-08-01")).obligations
    assert (one.window, one.days) == ("2025/26 Q4", -10)
    assert one.unmet_reason.endswith(" 1 period was missed (2025/26 Q3).")


def test_earlier_windows_enter_no_count_and_no_worst_of() -> None:
    """Missed in the first quarter, done in the second: in the third it is due, and nothing else."""
    the_duty = yearly(period="quarter", begins="2025-04-01")
    result = outcome(the_duty, "2025-10-02", reviews("2025-07-02"))
    assert [obligation.outcome for obligation in result.history] == ["missed", "met"]
    assert (result.status, result.counts.total, result.counts.due) == ("due", 1, 1)
    assert (result.counts.overdue, result.counts.met) == (0, 0)
    office = whole(the_duty, "2025-10-02", reviews("2025-07-02")).status.office
    assert (office.status, office.obligations.total, office.obligations.overdue) == ("due", 1, 0)


def test_a_part_of_a_year_is_named_by_its_year() -> None:
    """By the label of the year, and by no quarter's: that would be a period of another kind."""
    the_duty = yearly(BY_PERIOD, part="Q4")
    on, window = "2026-02-01", "2025/26 {} 2026-01-01..2026-03-31 {}"
    past = ("2025-02-01", "2024/25")
    for label, status, left in (("2025/26", "met", "+423"), ("2025/26 Q4", "due", "+58")):
        answer_lines = lines(the_duty, on, reviews(past, ("2026-01-20", label)))
        assert answer_lines[-1] == window.format(status, left)


def test_where_both_windows_are_unmet_and_the_grace_runs_the_earlier_one_is_asked() -> None:
    """Until one of them is met: then the later one is."""
    the_duty = yearly(BY_PERIOD, grace=days(30), begins="2025-04-01")
    assert lines(the_duty, "2026-04-30") == ["2025/26 due 2025-04-01..2026-04-30 +0"]
    for item, first in (
        (("2026-04-02", "2025/26"), "2026/27 due 2026-04-01..2027-04-30 +365"),
        (("2026-04-02", "2026/27"), "2026/27 met 2026-04-01..2027-04-30 +731"),
    ):
        assert first in lines(the_duty, "2026-04-30", reviews(item))


# Nil returns -------------------------------------------------------------------------------------


def _quarterly(needed: int = 1) -> Duty:
    pattern = Periodic(kind="periodic", period="quarter", grace=days(28), nil_return=NIL)
    query = BY_PERIOD.model_copy(update={"needed": needed})
    return duty(version(pattern, evidence=query))


def test_beside_a_real_row_of_its_period_both_count() -> None:
    nil = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-01-10"))
    real = reviews(("2025-01-12", "2024/25 Q3"))
    met = "2024/25 Q3 met 2024-10-01..2025-01-28 met"
    for tables, status in (((nil,), "due"), ((real,), "due"), ((nil, real), "met")):
        answer_lines = lines(_quarterly(needed=2), "2025-01-15", *tables)
        assert (answer_lines[0] == met) is (status == "met")
        assert answer_lines[0].split()[2] == status
    both = answers(_quarterly(needed=2), "2025-01-15", nil, real)[0]
    assert [ref.register for ref in both.met_by] == ["nil returns", "reviews"]


def test_beside_a_listed_row_both_count() -> None:
    """The row is asked about, and the nil return still answers for a list that is empty."""
    the_duty = triggered(events=GROUP.model_copy(update={"nil_return": NIL}))
    nil = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-01-10"))
    held = table(MEETINGS, meeting("m1", "2024-12-20"))
    assert lines(the_duty, "2025-01-15", nil, held) == ["m1 due 2024-12-20..2025-01-17 +2"]
    assert lines(the_duty, "2025-01-15", nil, held, about(("2025-01-02", "m1"))) == [
        "m1 met 2024-12-20..2025-01-17"
    ]
    kinds = [finding.kind for finding in whole(the_duty, "2025-01-15", nil, held).findings]
    assert "Nil return contradicted" in kinds
    assert lines(the_duty, "2025-01-15", nil) == []
    assert lines(the_duty, "2025-01-15") == ["cannot_tell"]


@pytest.mark.parametrize("lacking", ["list", "period", "by post", "given on"])
def test_a_nil_return_in_which_something_is_lacking_does_nothing(lacking: str) -> None:
    """It makes no empty list a fair answer and meets no window, and is a finding."""
    listing = triggered(events=GROUP.model_copy(update={"nil_return": NIL}))
    row = {**nil_return("referrals", "2024/25 Q3", "2025-01-10")}
    whole_one = table(NIL_RETURNS, row)
    del row[lacking]
    less = table(NIL_RETURNS, row)
    on = "2025-01-15"
    assert (lines(listing, on, whole_one), lines(listing, on, less)) == ([], ["cannot_tell"])
    assert lines(_quarterly(), on, whole_one)[0].split()[2] == "met"
    assert lines(_quarterly(), on, less) == ["2024/25 Q3 due 2024-10-01..2025-01-28 +13"]
    (found,) = [
        finding
        for finding in whole(_quarterly(), on, less).findings
        if finding.kind == "Nil return incomplete"
    ]
    assert f"Fill in '{lacking}'" in found.message


def test_a_nil_return_is_dated_on_or_after_the_last_day_of_its_period() -> None:
    listing = triggered(events=GROUP.model_copy(update={"nil_return": NIL}))
    for given_on, counts in (("2024-12-30", False), ("2024-12-31", True)):
        nil = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", given_on))
        assert (lines(listing, "2025-01-15", nil) == []) is counts
        answer_lines = lines(_quarterly(), "2025-01-15", nil)
        assert (answer_lines[0].split()[2] == "met") is counts


def test_a_later_nil_return_changes_how_late_and_never_whether_it_is_met() -> None:
    """Lateness may change where a nil return is involved: the earlier of the two decides."""
    late = reviews(("2025-02-05", "2024/25 Q3"))
    nil = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-02-01"))
    window = "2024/25 Q3 met 2024-10-01..2025-01-28 late"
    assert lines(_quarterly(), "2025-02-10", late)[0] == f"{window} 8 met"
    assert lines(_quarterly(), "2025-02-10", late, nil)[0] == f"{window} 4 met"


def test_an_early_item_changes_how_late_too() -> None:
    """Beside one that was late, where the rule lets an item be early, it is in time; elsewhere it
    counts for nothing."""
    late, early = ("2026-04-10", "2025/26"), ("2025-03-20", "2025/26")
    the_duty = yearly(BY_PERIOD, begins="2025-04-01", early=True)
    window = "2025/26 met 2025-04-01..2026-03-31"
    assert lines(the_duty, "2026-04-12", reviews(late))[0] == f"{window} late 10 met"
    assert lines(the_duty, "2026-04-12", reviews(late, early))[0] == f"{window} met"
    strict = yearly(BY_PERIOD, begins="2025-04-01")
    assert lines(strict, "2026-04-12", reviews(late, early))[0] == f"{window} late 10 met"
