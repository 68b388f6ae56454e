"""The second evaluator against examples that were worked by hand from semantics.md.

Each expected line reads: whose (subject, event, window, or the row's number), status, opens and
deadline, the days left (or over), how late, and which history.
"""

from __future__ import annotations

from datetime import date

import pytest

from engine.outcome import Answer, ItemRef
from engine.second.days import after, before, first_day, label_of, last_day, number_of, read_label
from engine.second.evaluate import evaluate, evaluate_duty
from engine.second.sheet import Sheet
from evidence.register import PeriodKind
from evidence.table import CellState, Table
from rules.condition import Applies, Condition, NilReturn
from rules.model import Duty
from rules.pattern import (
    BeforeEvent,
    Carried,
    Completeness,
    Content,
    Events,
    EvidenceQuery,
    Joining,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.span import Span
from rules.subject import FixedList, Member, Population
from tests.engine_builders import (
    ACTIONS,
    DOCUMENTS,
    MEETINGS,
    NIL_RETURNS,
    PEOPLE,
    REGISTERS,
    REVIEWS,
    TRAINING,
    VENUES,
    WAIVERS,
    Row,
    day,
    days,
    duty,
    equals,
    filled,
    missing,
    months,
    nil_return,
    rulebook,
    says,
    shown,
    table,
    version,
    waiver,
)

NOTHING, BLANK = CellState.NOTHING, CellState.BLANK
UNREADABLE, NO_COLUMN = CellState.UNREADABLE, CellState.NO_COLUMN


def ask(asked: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = ()) -> list[Answer]:
    book = rulebook(REGISTERS, asked, *others)
    return evaluate_duty(book, shown(*tables), day(on), asked.id)


def say(answer: Answer) -> str:
    key = answer.key
    names = [name for name in (key.subject, key.event, key.window) if name]
    parts = [*names, *([f"row {key.row}"] if key.row >= 0 else []), answer.status.value]
    if answer.opens:
        parts.append(f"{answer.opens}..{answer.deadline or ''}")
    if answer.days is not None:
        parts.append(f"{answer.days:+}")
    if answer.late_days:
        parts.append(f"late {answer.late_days}")
    return " ".join([*parts, *([answer.past.value] if answer.past else [])])


def lines(asked: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = ()) -> list[str]:
    return [say(answer) for answer in ask(asked, on, *tables, others=others)]


# Days, spans and periods ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2024-02-29", months(12), "2025-02-28"),
        ("2024-02-29", months(48), "2028-02-29"),
        ("2023-02-28", months(12), "2024-02-28"),
        ("2025-01-31", months(1), "2025-02-28"),
        ("2024-01-31", months(1), "2024-02-29"),
        ("2025-08-31", months(6), "2026-02-28"),
        ("2025-12-31", months(2), "2026-02-28"),
        ("2025-11-15", months(1), "2025-12-15"),
        ("2025-12-01", days(31), "2026-01-01"),
        ("2024-02-28", days(1), "2024-02-29"),
        ("2025-05-05", days(0), "2025-05-05"),
        ("9999-12-31", days(1), "9999-12-31"),
        ("9999-12-31", months(1), "9999-12-31"),
    ],
)
def test_a_span_after_a_day_is_cut_to_the_months_last_day(start: str, span: Span, end: str) -> None:
    assert after(day(start), span) == day(end)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2024-02-29", months(12), "2023-02-28"),
        ("2025-03-31", months(1), "2025-02-28"),
        ("2025-01-15", months(1), "2024-12-15"),
        ("2025-01-01", days(1), "2024-12-31"),
        ("0001-01-01", days(1), "0001-01-01"),
    ],
)
def test_a_span_before_a_day_is_cut_likewise(start: str, span: Span, end: str) -> None:
    assert before(day(start), span) == day(end)


@pytest.mark.parametrize(
    ("kind", "on", "label", "first", "last"),
    [
        ("financial year", "2026-03-31", "2025/26", "2025-04-01", "2026-03-31"),
        ("financial year", "2026-04-01", "2026/27", "2026-04-01", "2027-03-31"),
        ("financial year", "1999-06-01", "1999/00", "1999-04-01", "2000-03-31"),
        ("calendar year", "2025-12-31", "2025", "2025-01-01", "2025-12-31"),
        ("quarter", "2025-04-01", "2025/26 Q1", "2025-04-01", "2025-06-30"),
        ("quarter", "2025-09-30", "2025/26 Q2", "2025-07-01", "2025-09-30"),
        ("quarter", "2025-12-31", "2025/26 Q3", "2025-10-01", "2025-12-31"),
        ("quarter", "2026-01-01", "2025/26 Q4", "2026-01-01", "2026-03-31"),
        ("month", "2024-02-29", "2024-02", "2024-02-01", "2024-02-29"),
        ("month", "2025-12-05", "2025-12", "2025-12-01", "2025-12-31"),
    ],
)
def test_periods_are_the_calendars(
    kind: PeriodKind, on: str, label: str, first: str, last: str
) -> None:
    number = number_of(kind, day(on))
    assert label_of(kind, number) == label
    assert (first_day(kind, number), last_day(kind, number)) == (day(first), day(last))
    assert read_label(label) == (kind, number)


@pytest.mark.parametrize("text", ["2025/27", "2025/26 Q5", "2025-13", "2025-00", "soon", "0000"])
def test_a_period_that_does_not_exist_has_no_number(text: str) -> None:
    assert read_label(text) is None


# Conditions -------------------------------------------------------------------------------------

_ACTION = {"ref": "A1", "owner": "OPCC", "agreed on": "2025-05-01", "due": "2025-06-01"}
_REVIEW = {"ref": "R1", "subject": "model", "reviewed on": "2025-05-01"}


def truth(condition: Condition, row: Row) -> bool | None:
    spec = ACTIONS if "owner" in row else REVIEWS
    return Sheet(spec.id, table(spec, row)).truths((condition,))[0]


@pytest.mark.parametrize(
    ("condition", "cells", "expected"),
    [
        (equals("owner", "OPCC"), {}, True),
        (equals("owner", "Council"), {}, False),
        (equals("owner", "OPCC"), {"owner": BLANK}, None),
        (equals("owner", "OPCC"), {"owner": UNREADABLE}, None),
        (equals("owner", "OPCC"), {"owner": NO_COLUMN}, None),
        (equals("owner", "OPCC"), {"owner": NOTHING}, False),
        (equals("measure", "two  Visits"), {"measure": " Two visits "}, True),
        (Condition(column="owner", one_of=("Council", "OPCC")), {}, True),
        (Condition(column="owner", one_of=("Council",)), {}, False),
        (filled("measure"), {"measure": "x"}, True),
        (filled("measure"), {"measure": NOTHING}, False),
        (filled("measure"), {"measure": BLANK}, False),
        (filled("measure"), {"measure": UNREADABLE}, None),
        (filled("measure"), {"measure": NO_COLUMN}, None),
        (says("cancelled"), {"cancelled": True}, True),
        (says("cancelled"), {"cancelled": False}, False),
        (says("cancelled", yes=False), {"cancelled": False}, True),
        (says("cancelled", yes=False), {"cancelled": NOTHING}, False),
        (Condition(column="agreed on", on_or_before="due"), {}, True),
        (Condition(column="due", on_or_before="agreed on"), {}, False),
        (Condition(column="due", on_or_before="due"), {}, True),
        (Condition(column="completed on", on_or_before="due"), {}, False),
        (Condition(column="agreed on", on_or_before="due"), {"due": UNREADABLE}, None),
        (Condition(column="agreed on", on_or_before="due", within=days(31)), {}, True),
        (Condition(column="agreed on", on_or_before="due", within=days(30)), {}, False),
        (Condition(column="agreed on", on_or_before="due", within=months(1)), {}, True),
    ],
)
def test_a_condition_is_true_false_or_unknown(
    condition: Condition, cells: Row, expected: bool | None
) -> None:
    assert truth(condition, {**_ACTION, **cells}) is expected


@pytest.mark.parametrize(
    ("condition", "cells", "expected"),
    [
        (Condition(column="covers", includes=("topic a",)), {"covers": "topic a; topic b"}, True),
        (Condition(column="covers", includes=("topic a", "topic c")), {"covers": "topic a"}, False),
        (Condition(column="covers", includes=("topic a",)), {"covers": UNREADABLE}, None),
        (Condition(column="score", at_least=1), {"score": 1}, True),
        (Condition(column="score", at_least=1), {"score": 0}, False),
        (Condition(column="score", at_least=1), {"score": NOTHING}, False),
        (equals("for period", "2025/26"), {"for period": "2025/26"}, True),
        (equals("about", "Doc  7"), {"about": " doc 7"}, True),
    ],
)
def test_sets_numbers_periods_and_keys_are_compared_by_kind(
    condition: Condition, cells: Row, expected: bool | None
) -> None:
    assert truth(condition, {**_REVIEW, **cells}) is expected


def test_false_comes_before_unknown_and_unknown_before_true() -> None:
    """A row that one condition leaves out is left out, whatever else cannot be read."""
    row = {**_ACTION, "measure": UNREADABLE}
    sheet = Sheet("actions", table(ACTIONS, row))
    owner, other, measure = equals("owner", "OPCC"), equals("owner", "X"), equals("measure", "y")
    assert sheet.truths((measure, other))[0] is False
    assert sheet.truths((owner, measure))[0] is None
    assert list(sheet.true_rows((owner, measure))) == []
    assert list(sheet.true_rows((owner,))) == [0]


# 1. Periodic ------------------------------------------------------------------------------------

BY_DATE = EvidenceQuery(
    register="reviews", where=(equals("subject", "model"),), dated="reviewed on"
)
BY_PERIOD = BY_DATE.model_copy(update={"period": "for period"})
NIL = NilReturn(list="referrals", each="quarter")


def reviews(*items: str | tuple[str, str]) -> Table:
    """Reviews by their days, or their days and the periods that they name."""
    pairs = [(item, "") if isinstance(item, str) else item for item in items]
    rows = [
        {"ref": f"R{at}", "subject": "model", "reviewed on": on}
        | ({"for period": period} if period else {})
        for at, (on, period) in enumerate(pairs)
    ]
    return table(REVIEWS, *rows)


def yearly(query: EvidenceQuery = BY_DATE, begins: str = "2024-10-01", **more: object) -> Duty:
    pattern = Periodic.model_validate({"kind": "periodic", "period": "financial year", **more})
    return duty(version(pattern, evidence=query, begins=day(begins)))


def test_a_first_window_that_is_cut_short_opens_on_the_in_force_day() -> None:
    assert lines(yearly(), "2024-10-01", reviews()) == ["2024/25 due 2024-10-01..2025-03-31 +181"]


def test_a_first_window_that_is_cut_short_can_be_met() -> None:
    assert lines(yearly(), "2025-03-31", reviews("2024-10-01")) == [
        "2024/25 met 2024-10-01..2025-03-31 +365"
    ]
    assert lines(yearly(), "2025-03-31", reviews("2024-09-30")) == [
        "2024/25 due 2024-10-01..2025-03-31 +0"
    ]


def test_a_first_window_that_is_cut_short_and_missed_is_passed_over() -> None:
    assert lines(yearly(), "2025-04-01", reviews()) == ["2025/26 due 2025-04-01..2026-03-31 +364"]
    q4 = yearly(begins="2025-02-01", part="Q4")
    assert lines(q4, "2025-04-01", reviews()) == ["2025/26 not_yet_due 2026-01-01..2026-03-31 +364"]


def test_a_window_that_ended_before_the_duty_was_in_force_does_not_exist() -> None:
    q4 = yearly(begins="2025-04-01", part="Q4")
    assert lines(q4, "2025-04-01", reviews("2025-03-31")) == [
        "2025/26 not_yet_due 2026-01-01..2026-03-31 +364"
    ]


def test_a_window_that_begins_with_the_duty_is_not_cut() -> None:
    whole = yearly(begins="2025-04-01")
    assert lines(whole, "2026-04-01", reviews()) == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 overdue 2026-04-01..2027-03-31 -1",
    ]


def test_a_met_window_shows_the_next_deadline() -> None:
    answer = ask(yearly(), "2025-06-01", reviews("2025-05-01", "2025-04-02"))
    assert [say(each) for each in answer] == ["2025/26 met 2025-04-01..2026-03-31 +668"]
    assert answer[0].met_by == (ItemRef("reviews", 1),)
    assert answer[0].last_done == date(2025, 5, 1)


def test_two_days_after_the_year_ended_it_is_overdue_by_two_days() -> None:
    assert lines(yearly(), "2026-04-02", reviews("2025-01-05")) == [
        "2024/25 met 2024-10-01..2025-03-31 met",
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 overdue 2026-04-01..2027-03-31 -2",
    ]


def test_overdue_since_the_first_of_an_unbroken_run() -> None:
    asked = yearly()
    assert lines(asked, "2028-04-10", reviews())[-1] == (
        "2028/29 overdue 2028-04-01..2029-03-31 -741"  # since 31 March 2026
    )
    assert lines(asked, "2028-04-10", reviews("2026-06-01"))[-1] == (
        "2028/29 overdue 2028-04-01..2029-03-31 -10"  # 2026/27 was met
    )


def test_an_open_window_is_due_where_the_one_before_it_was_met() -> None:
    assert lines(yearly(), "2026-04-10", reviews("2025-06-01")) == [
        "2025/26 met 2025-04-01..2026-03-31 met",
        "2026/27 due 2026-04-01..2027-03-31 +355",
    ]


def test_a_part_of_a_year_is_overdue_when_it_is_over() -> None:
    q4 = yearly(part="Q4")
    assert lines(q4, "2024-12-31", reviews("2024-11-01")) == [
        "2024/25 not_yet_due 2025-01-01..2025-03-31 +90"
    ]
    assert lines(q4, "2025-04-03", reviews()) == ["2024/25 overdue 2025-01-01..2025-03-31 -3"]


def test_an_item_between_windows_meets_the_earlier_one_late() -> None:
    q4 = yearly(part="Q4")
    assert lines(q4, "2025-05-01", reviews("2025-04-10")) == [
        "2024/25 met 2025-01-01..2025-03-31 +334 late 10"
    ]
    assert lines(q4, "2026-02-01", reviews("2025-04-10")) == [
        "2024/25 met 2025-01-01..2025-03-31 late 10 met",
        "2025/26 due 2026-01-01..2026-03-31 +58",
    ]


def test_before_a_period_the_window_is_the_period_before() -> None:
    ahead = yearly(before=True)
    assert lines(ahead, "2026-04-01", reviews("2025-07-01"))[-1] == (
        "2027/28 due 2026-04-01..2027-03-31 +364"
    )
    assert lines(ahead, "2025-07-01", reviews("2025-07-01")) == [
        "2026/27 met 2025-04-01..2026-03-31 +638"
    ]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("calendar year", "2025 due 2025-01-01..2025-12-31 +229"),
        ("quarter", "2025/26 Q1 due 2025-04-01..2025-06-30 +45"),
        ("month", "2025-05 due 2025-05-01..2025-05-31 +15"),
    ],
)
def test_other_periods(kind: str, line: str) -> None:
    done = reviews("2024-11-30", "2024-12-30", "2025-01-05", "2025-04-30", "2025-03-01")
    asked = yearly(begins="2024-12-01", period=kind)
    if kind == "calendar year":
        done = reviews("2024-12-05")
    if kind == "quarter":
        done = reviews("2024-12-05", "2025-01-01")
    assert lines(asked, "2025-05-16", done)[-1] == line


def test_an_item_that_names_its_period_belongs_to_no_other() -> None:
    named = yearly(BY_PERIOD)
    assert lines(named, "2026-04-20", reviews(("2026-04-16", "2025/26"))) == [
        "2025/26 met 2025-04-01..2026-03-31 late 16 met",
        "2026/27 due 2026-04-01..2027-03-31 +345",
    ]
    assert lines(named, "2025-06-01", reviews(("2025-05-01", "2026/27")))[-1] == (
        "2025/26 due 2025-04-01..2026-03-31 +303"
    )


def test_an_item_dated_before_its_window_opens_counts_only_where_early_is_allowed() -> None:
    items = reviews(("2025-03-20", "2025/26"))
    assert lines(yearly(BY_PERIOD), "2025-05-01", items) == [
        "2025/26 due 2025-04-01..2026-03-31 +334"
    ]
    assert lines(yearly(BY_PERIOD, early=True), "2025-05-01", items) == [
        "2025/26 met 2025-04-01..2026-03-31 +699"
    ]
    q4 = yearly(BY_PERIOD, part="Q4", early=True)
    assert lines(q4, "2024-12-01", reviews(("2024-11-01", "2024/25"))) == [
        "2024/25 not_yet_due 2025-01-01..2025-03-31 +120"
    ]
    assert lines(q4, "2025-01-01", reviews(("2024-11-01", "2024/25"))) == [
        "2024/25 met 2025-01-01..2025-03-31 +454"
    ]


def test_a_blank_period_goes_by_the_date_and_one_of_another_kind_counts_for_nothing() -> None:
    rows = [
        {"ref": "R1", "subject": "model", "reviewed on": "2025-05-01", "for period": cell}
        for cell in (NOTHING, BLANK, UNREADABLE, NO_COLUMN, "2025/26 Q1", "2025")
    ]
    seen = [lines(yearly(BY_PERIOD), "2025-06-01", table(REVIEWS, row))[0][8:11] for row in rows]
    assert seen == ["met", "met", "due", "due", "due", "due"]


def test_grace_is_for_items_that_name_their_period() -> None:
    asked = yearly(BY_PERIOD, grace=Span(30, "days"))
    first = ("2025-06-01", "2024/25")  # late; it lets 2024/25 rest
    assert lines(asked, "2026-04-10", reviews(first)) == [
        "2024/25 met 2024-10-01..2025-04-30 late 32 met",
        "2025/26 due 2025-04-01..2026-04-30 +20",
    ]
    assert lines(asked, "2026-04-10", reviews(first, ("2026-04-05", "2025/26")))[1:] == [
        "2025/26 met 2025-04-01..2026-04-30 met",
        "2026/27 due 2026-04-01..2027-04-30 +385",
    ]
    # One that names none, in the grace, is the new year's.
    assert lines(asked, "2026-04-10", reviews(first, "2026-04-05"))[1:] == [
        "2026/27 met 2026-04-01..2027-04-30 +751"
    ]
    assert lines(asked, "2026-05-01", reviews(first))[1:] == [
        "2025/26 overdue 2025-04-01..2026-04-30 missed",
        "2026/27 overdue 2026-04-01..2027-04-30 -1",
    ]


def test_while_grace_runs_a_missed_window_before_it_keeps_it_overdue() -> None:
    asked = yearly(BY_PERIOD, grace=Span(30, "days"))
    assert lines(asked, "2027-04-10", reviews()) == [
        "2025/26 overdue 2025-04-01..2026-04-30 missed",
        "2026/27 overdue 2026-04-01..2027-04-30 -345",
    ]


def quarterly() -> Duty:
    pattern = Periodic(kind="periodic", period="quarter", grace=days(28), nil_return=NIL)
    return duty(version(pattern, evidence=BY_PERIOD))


def test_a_nil_return_names_its_period() -> None:
    given = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-01-10"))
    answers = ask(quarterly(), "2025-01-15", reviews(), given)
    assert [say(each) for each in answers] == [
        "2024/25 Q3 met 2024-10-01..2025-01-28 met",
        "2024/25 Q4 due 2025-01-01..2025-04-28 +103",
    ]
    assert answers[0].met_by == (ItemRef("nil returns", 0),)
    assert answers[1].last_done == date(2025, 1, 10)


@pytest.mark.parametrize(
    "cells",
    [
        {"given on": "2024-12-30"},
        {"given on": UNREADABLE},
        {"by post": BLANK},
        {"period": "2024/25"},
        {"period": UNREADABLE},
        {"list": "awards"},
        {"list": UNREADABLE},
        {"given on": "2025-01-16"},
    ],
)
def test_a_nil_return_that_is_not_whole_or_too_soon_does_nothing(cells: Row) -> None:
    row = {**nil_return("referrals", "2024/25 Q3", "2025-01-10"), **cells}
    assert lines(quarterly(), "2025-01-15", reviews(), table(NIL_RETURNS, row)) == [
        "2024/25 Q3 due 2024-10-01..2025-01-28 +13"
    ]


def test_two_items_in_a_year_are_late_where_the_second_is() -> None:
    two = yearly(BY_PERIOD.model_copy(update={"needed": 2}), begins="2025-04-01")
    first, late = ("2025-05-01", "2025/26"), ("2026-04-09", "2025/26")
    assert lines(two, "2025-06-01", reviews(first)) == ["2025/26 due 2025-04-01..2026-03-31 +303"]
    answers = ask(two, "2026-04-10", reviews(late, first))
    assert say(answers[0]) == "2025/26 met 2025-04-01..2026-03-31 late 9 met"
    assert answers[0].met_by == (ItemRef("reviews", 0), ItemRef("reviews", 1))
    assert lines(two, "2026-04-08", reviews(late, first))[-1].startswith("2026/27 overdue")


def test_a_duty_that_ends_has_no_window_that_opens_afterwards() -> None:
    pattern = Periodic(kind="periodic", period="financial year")
    ends = duty(version(pattern, evidence=BY_DATE), until=day("2026-01-31"))
    assert lines(ends, "2026-01-31", reviews("2025-05-01")) == [
        "2025/26 met 2025-04-01..2026-03-31"
    ]
    assert lines(ends, "2026-02-01", reviews("2025-05-01")) == []
    assert lines(ends, "2024-09-30", reviews("2025-05-01")) == []


def test_items_dated_after_the_check_change_nothing() -> None:
    on = "2025-06-01"
    assert ask(yearly(), on, reviews("2025-06-02")) == ask(yearly(), on, reviews())


def test_a_missing_register_of_evidence_leaves_the_duty_due() -> None:
    assert lines(yearly(), "2025-06-01", missing(REVIEWS)) == [
        "2025/26 due 2025-04-01..2026-03-31 +303"
    ]
    assert lines(yearly(), "2025-06-01") == ["2025/26 due 2025-04-01..2026-03-31 +303"]


def periodic_versions(*each: tuple[str, Periodic]) -> Duty:
    return duty(*(version(p, evidence=BY_PERIOD, begins=day(begins)) for begins, p in each))


YEAR = Periodic(kind="periodic", period="financial year")
YEAR_GRACE = Periodic(kind="periodic", period="financial year", grace=days(30))
QUARTER = Periodic(kind="periodic", period="quarter")


def test_a_window_that_closed_before_a_version_began_is_judged_by_the_earlier_one() -> None:
    asked = periodic_versions(("2024-10-01", YEAR), ("2026-04-15", YEAR_GRACE))
    answers = ask(asked, "2026-04-20", reviews())
    assert [say(each) for each in answers] == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",  # the grace came too late for it
        "2026/27 overdue 2026-04-01..2027-04-30 -20",
    ]
    assert [each.version for each in answers] == [date(2024, 10, 1), date(2026, 4, 15)]


def test_a_version_that_takes_the_grace_away_leaves_its_own_first_day() -> None:
    asked = periodic_versions(("2024-10-01", YEAR_GRACE), ("2026-04-15", YEAR))
    assert lines(asked, "2026-04-15", reviews(("2025-04-30", "2024/25"))) == [
        "2024/25 met 2024-10-01..2025-04-30 met",
        "2025/26 due 2025-04-01..2026-04-15 +0",
    ]
    assert lines(asked, "2026-04-16", reviews())[-1] == (
        "2026/27 overdue 2026-04-01..2027-03-31 -1"
    )


def test_a_check_uses_the_version_that_holds_on_its_day() -> None:
    """A version still to come says nothing yet, even of a window that closes in its time."""
    asked = periodic_versions(("2024-10-01", YEAR), ("2025-09-01", YEAR_GRACE))
    assert lines(asked, "2025-08-31", reviews()) == ["2025/26 due 2025-04-01..2026-03-31 +212"]
    assert lines(asked, "2025-09-01", reviews()) == ["2025/26 due 2025-04-01..2026-04-30 +241"]


def test_a_version_with_another_period_takes_over_where_windows_have_closed() -> None:
    asked = periodic_versions(("2025-04-01", QUARTER), ("2026-01-10", YEAR))
    assert lines(asked, "2026-01-09", reviews()) == [
        "2025/26 Q1 overdue 2025-04-01..2025-06-30 missed",
        "2025/26 Q2 overdue 2025-07-01..2025-09-30 missed",
        "2025/26 Q3 overdue 2025-10-01..2025-12-31 missed",
        "2025/26 Q4 overdue 2026-01-01..2026-03-31 -193",
    ]
    assert lines(asked, "2026-01-10", reviews("2025-08-01", "2025-11-01", "2025-05-01")) == [
        "2025/26 met 2025-04-01..2026-03-31 +445",
        "2025/26 Q1 met 2025-04-01..2025-06-30 met",
        "2025/26 Q2 met 2025-07-01..2025-09-30 met",
        "2025/26 Q3 met 2025-10-01..2025-12-31 met",
    ]


# 2. Rolling -------------------------------------------------------------------------------------


def rolling(
    every: Span = months(12),
    *,
    first: Span | None = None,
    first_deadline: str | None = None,
    notice: Span = days(60),
    needed: int = 1,
) -> Duty:
    pattern = Rolling(
        kind="rolling",
        every=every,
        first=first,
        first_deadline=day(first_deadline) if first_deadline else None,
        notice=notice,
    )
    return duty(version(pattern, evidence=BY_DATE.model_copy(update={"needed": needed})))


def test_never_done_it_is_due_until_the_first_deadline_then_overdue() -> None:
    assert lines(rolling(), "2024-10-01", reviews()) == ["due 2024-10-01..2025-10-01 +365"]
    assert lines(rolling(), "2025-10-01", reviews()) == ["due 2024-10-01..2025-10-01 +0"]
    assert lines(rolling(), "2025-10-02", reviews()) == ["overdue 2024-10-01..2025-10-01 -1"]


def test_the_first_deadline_may_be_shorter_or_the_rules_own_day() -> None:
    short = rolling(first=days(28))
    assert lines(short, "2024-10-02", reviews()) == ["due 2024-10-01..2024-10-29 +27"]
    own = rolling(first_deadline="2025-09-30")
    assert lines(own, "2025-10-01", reviews()) == ["overdue 2024-10-01..2025-09-30 -1"]


def test_met_until_the_deadline_is_within_the_notice() -> None:
    done = reviews("2025-06-30", "2025-02-01")
    answer = ask(rolling(), "2026-04-30", done)[0]
    assert say(answer) == "met 2024-10-01..2026-06-30 +61"
    assert answer.met_by == (ItemRef("reviews", 0),)
    assert answer.last_done == date(2025, 6, 30)
    within = ask(rolling(), "2026-05-01", done)[0]
    assert say(within) == "due 2024-10-01..2026-06-30 +60"
    assert (within.met_by, within.last_done) == ((), date(2025, 6, 30))
    assert lines(rolling(), "2026-07-01", done) == ["overdue 2024-10-01..2026-06-30 -1"]


def test_a_notice_in_months_is_counted_back_from_the_deadline() -> None:
    done = reviews("2025-06-30")
    assert lines(rolling(notice=months(2)), "2026-04-29", done)[0].startswith("met")
    assert lines(rolling(notice=months(2)), "2026-04-30", done)[0].startswith("due")


def test_done_on_29_february_it_lasts_to_28_february() -> None:
    asked = rolling(first=days(28))
    assert lines(asked, "2024-12-01", reviews("2024-02-29")) == ["met 2024-10-01..2025-02-28 +89"]


def test_done_only_before_it_came_into_force() -> None:
    """Met while that interval lasts, then due until the first deadline, then overdue."""
    done = reviews("2024-03-01")
    assert lines(rolling(), "2025-03-01", done) == ["met 2024-10-01..2025-10-01 +214"]
    assert lines(rolling(), "2025-03-02", done) == ["due 2024-10-01..2025-10-01 +213"]
    assert lines(rolling(), "2025-10-03", done) == ["overdue 2024-10-01..2025-10-01 -2"]


def test_lateness_of_earlier_rounds_says_nothing() -> None:
    assert lines(rolling(), "2026-06-01", reviews("2024-11-01", "2026-05-01")) == [
        "met 2024-10-01..2027-05-01 +334"
    ]


def test_two_items_of_a_rolling_duty_count_from_the_second_latest() -> None:
    two = rolling(needed=2)
    answer = ask(two, "2025-08-01", reviews("2025-07-01", "2025-01-10", "2025-02-10"))[0]
    assert say(answer) == "met 2024-10-01..2026-02-10 +193"
    assert answer.met_by == (ItemRef("reviews", 0), ItemRef("reviews", 2))
    assert lines(two, "2025-08-01", reviews("2025-07-01")) == ["due 2024-10-01..2025-10-01 +61"]


STAFF = Population(
    kind="population",
    register="people",
    where=(equals("kind", "staff"),),
    joins="starts",
    leaves="ends",
)
FLAGGED = STAFF.model_copy(update={"flagged": "flagged from"})
COURSE = EvidenceQuery(
    register="training",
    where=(equals("course", "awareness"), says("passed")),
    dated="completed on",
    subject="person",
)


def person(name: str, starts: str | CellState, **more: str | CellState) -> Row:
    cells = {key.replace("_", " "): cell for key, cell in more.items()}
    return {"person": name, "kind": "staff", "starts": starts, **cells}


def trained(*rows: tuple[str | CellState, str]) -> Table:
    return table(
        TRAINING,
        *(
            {
                "ref": f"T{at}",
                "person": name,
                "course": "awareness",
                "completed on": on,
                "passed": True,
            }
            for at, (name, on) in enumerate(rows)
        ),
    )


def each_person(who: Population = STAFF, **more: Span | date) -> Duty:
    pattern = Rolling.model_validate({"kind": "rolling", "every": months(24), **more})
    return duty(version(pattern, evidence=COURSE, subjects=who))


def test_each_person_is_asked_from_the_day_they_join_to_the_day_before_they_leave() -> None:
    people = table(
        PEOPLE,
        person("ann", "2020-01-06"),
        person("bea", "2025-03-01"),
        person("cy", "2025-03-02"),
        person("dee", "2020-01-01", ends="2025-03-01"),
        person("eve", "2020-01-01", ends="2025-03-02"),
        {"person": "fay", "kind": "volunteer", "starts": "2020-01-01"},
    )
    asked = each_person(first=days(28))
    assert lines(asked, "2025-03-01", people, trained(("ann", "2024-10-15"))) == [
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


def test_a_flagged_person_is_asked_from_the_day_of_the_flag() -> None:
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
        "row 4 cannot_tell",
        "row 5 cannot_tell",
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
        "row 0 cannot_tell",
        "row 1 cannot_tell",
        "row 2 cannot_tell",
        "row 3 cannot_tell",
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
        "row 1 cannot_tell",  # row 0 has left
        "row 4 cannot_tell",
        "row 5 cannot_tell",
        "bea overdue 2025-01-10..2025-02-07 -13",
        "dee due 2025-02-01..2025-03-01 +9",
    ]


def test_a_row_of_evidence_that_cannot_be_read_counts_for_nothing() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"))
    good = {"ref": "T", "person": "ann", "course": "awareness", "passed": True}
    when = {"completed on": "2024-11-01"}
    for spoilt in (
        {"person": UNREADABLE},
        {"person": NOTHING},
        {"course": UNREADABLE},
        {"passed": BLANK},
        {"passed": False},
        {"completed on": NOTHING},
        {"completed on": UNREADABLE},
    ):
        got = ask(each_person(), "2025-03-01", people, table(TRAINING, {**good, **when, **spoilt}))
        assert [say(each) for each in got] == ["ann due 2024-10-01..2026-10-01 +579"]
        assert got[0].last_done is None
    assert lines(each_person(), "2025-03-01", people, table(TRAINING, {**good, **when})) == [
        "ann met 2024-10-01..2026-11-01 +610"
    ]


def test_a_missing_or_empty_list_of_subjects_cannot_be_told() -> None:
    asked = each_person()
    volunteer = {"person": "fay", "kind": "volunteer", "starts": "2020-01-01"}
    assert lines(asked, "2025-03-01", missing(PEOPLE), trained()) == ["cannot_tell"]
    assert lines(asked, "2025-03-01", trained()) == ["cannot_tell"]
    assert lines(asked, "2025-03-01", table(PEOPLE, volunteer)) == ["cannot_tell"]
    fair = each_person(STAFF.model_copy(update={"empty": "fair"}))
    assert lines(fair, "2025-03-01", table(PEOPLE, volunteer)) == []
    gone = table(PEOPLE, person("ann", "2020-01-01", ends="2024-12-01"))
    assert lines(asked, "2025-03-01", gone) == []


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
    asked = rolling_versions(("2024-10-01", 24), ("2026-06-01", 12))
    done = reviews("2025-02-01")
    assert lines(asked, "2026-05-31", done) == ["met 2024-10-01..2027-02-01 +246"]
    assert lines(asked, "2026-06-01", done) == ["due 2024-10-01..2026-06-01 +0"]
    assert lines(asked, "2026-06-02", done) == ["overdue 2024-10-01..2026-06-01 -1"]


def test_a_deadline_that_passed_before_the_new_version_stays() -> None:
    asked = rolling_versions(("2024-10-01", 12), ("2026-06-01", 6))
    assert lines(asked, "2026-06-10", reviews("2025-02-01")) == [
        "overdue 2024-10-01..2026-02-01 -129"
    ]


def test_items_of_one_day_are_ordered_by_their_cells_not_by_their_rows() -> None:
    base = {"subject": "model", "reviewed on": "2025-05-01"}
    one, two = {"ref": "A", **base}, {"ref": "B", **base}
    for rows, row in (((one, two), 1), ((two, one), 0)):
        assert ask(rolling(), "2025-06-01", table(REVIEWS, *rows))[0].met_by == (
            ItemRef("reviews", row),  # the latest: B
        )
        assert ask(yearly(), "2025-06-01", table(REVIEWS, *rows))[0].met_by == (
            ItemRef("reviews", 1 - row),  # the earliest: A
        )


# 3. Triggered -----------------------------------------------------------------------------------

GROUP = Events(
    register="meetings",
    where=(equals("body", "Steering Group"),),
    dated="held on",
    cancelled="cancelled",
)
ABOUT = EvidenceQuery(
    register="reviews", where=(equals("subject", "model"),), dated="reviewed on", event="about"
)


def meeting(name: str | CellState, held: str | CellState, **more: str | bool | CellState) -> Row:
    cells = {key.replace("_", " "): cell for key, cell in more.items()}
    return {"ref": name, "body": "Steering Group", "held on": held, **cells}


def about(*pairs: tuple[str, str | CellState]) -> Table:
    """Reviews by their days and the meetings that they are about."""
    return table(
        REVIEWS,
        *(
            {"ref": f"R{at}", "subject": "model", "reviewed on": on, "about": name}
            for at, (on, name) in enumerate(pairs)
        ),
    )


def triggered(
    query: EvidenceQuery = ABOUT, *, events: Events = GROUP, lapse: Span | None = None, **more: Span
) -> Duty:
    pattern = Triggered.model_validate(
        {"kind": "triggered", "event": events, "within": days(28), **more}
    )
    return duty(version(pattern, evidence=query, lapse=lapse))


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


def test_events_that_ask_nothing() -> None:
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
        f"row {row} cannot_tell" for row in range(5)
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
        "row 0 cannot_tell",  # row 1 was before the duty was in force
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
    answers = ask(triggered(minuted), "2025-02-01", meetings)
    assert [say(each) for each in answers] == [
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


def test_a_met_one_settles_a_year_after_the_later_of_deadline_and_date() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-01-10"))
    done = about(("2025-01-11", "m1"), ("2025-03-01", "m2"))
    assert lines(triggered(), "2026-02-07", meetings, done)[0] == "m1 met 2025-01-10..2025-02-07"
    answers = ask(triggered(), "2026-02-08", meetings, done)
    assert [say(each) for each in answers] == [
        "m1 met 2025-01-10..2025-02-07 settled",
        "m2 met 2025-01-10..2025-02-07 late 22",
    ]
    assert answers[0].met_by == (ItemRef("reviews", 0),)
    assert [each.last_done for each in answers] == [None, date(2025, 3, 1)]


def test_n_items_about_an_event() -> None:
    two = triggered(ABOUT.model_copy(update={"needed": 2}))
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    done = about(("2025-01-12", "m1"), ("2025-02-09", "m1"), ("2025-02-20", "m1"))
    answer = ask(two, "2025-03-01", meetings, done)[0]
    assert say(answer) == "m1 met 2025-01-10..2025-02-07 late 2"
    assert answer.met_by == (ItemRef("reviews", 0), ItemRef("reviews", 1))
    assert answer.last_done == date(2025, 2, 20)


def induction(*, already_there: bool, who: Population = STAFF) -> Duty:
    pattern = Triggered(
        kind="triggered",
        event=Joining(joining=True),
        within=days(28),
        early=days(14),
        already_there=already_there,
    )
    return duty(version(pattern, evidence=COURSE, subjects=who))


def test_joining_is_an_event() -> None:
    people = table(
        PEOPLE,
        person("ann", "2020-01-01"),
        person("bea", "2025-02-01"),
        person("cy", "2025-03-02"),
        person("dee", UNREADABLE),
        person("eve", "2025-01-01", ends="2025-02-15"),
        {**person("fay", "2020-01-01"), "kind": UNREADABLE},
    )
    done = trained(("bea", "2025-01-18"))
    assert lines(induction(already_there=False), "2025-03-01", people, done) == [
        "row 3 cannot_tell",
        "bea met 2025-01-18..2025-03-01",
    ]
    assert lines(induction(already_there=True), "2025-03-01", people, done) == [
        "row 3 cannot_tell",
        "row 5 cannot_tell",
        "ann overdue 2024-09-17..2024-10-29 -123",
        "bea met 2025-01-18..2025-03-01",
    ]


def test_a_joining_met_long_ago_stays_while_the_person_is_there() -> None:
    people = table(PEOPLE, person("bea", "2025-02-01"))
    done = trained(("bea", "2025-02-03"))
    assert lines(induction(already_there=False), "2030-01-01", people, done) == [
        "bea met 2025-01-18..2025-03-01"
    ]


def test_being_flagged_counts_as_joining() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01", flagged_from="2025-02-01"))
    asked = induction(already_there=False, who=FLAGGED)
    assert lines(asked, "2025-03-02", people, trained()) == [
        "ann overdue 2025-01-18..2025-03-01 -1"
    ]


THREE = FixedList(
    kind="fixed list",
    members=(
        Member(id="first", title="First", where=(equals("note", "first"),)),
        Member(id="quick", title="Quick", where=(equals("note", "quick"),), within=days(7)),
        Member(id="minutes", title="Minutes", dated="minutes on"),
    ),
)


def test_a_fixed_list_may_have_spans_conditions_and_dates_of_its_own() -> None:
    """One obligation for each event and subject."""
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    done = table(
        REVIEWS,
        {"ref": "1", "subject": "model", "reviewed on": "2025-01-20", "about": "m1"}
        | {"note": "quick"},
    )
    spans = FixedList(kind="fixed list", members=THREE.members[:2])
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    asked = duty(version(pattern, evidence=ABOUT, subjects=spans))
    assert lines(asked, "2025-01-21", meetings, done) == [
        "first m1 due 2025-01-10..2025-02-07 +17",
        "quick m1 met 2025-01-10..2025-01-17 late 3",
    ]


def test_a_fixed_list_may_date_its_members_by_columns_of_their_own() -> None:
    told = FixedList(
        kind="fixed list",
        members=(
            Member(id="held", title="Held", dated="held on", within=days(0)),
            Member(id="minuted", title="Minuted", dated="minutes on", within=days(14)),
        ),
    )
    own_row = EvidenceQuery(register="meetings", itself=True)
    asked = duty(version(Triggered(kind="triggered", event=GROUP), evidence=own_row, subjects=told))
    meetings = table(MEETINGS, meeting("m1", "2025-01-10", minutes_on="2025-01-25"))
    assert lines(asked, "2025-01-24", meetings) == [
        "held m1 met 2025-01-10..2025-01-10",
        "minuted m1 due 2025-01-10..2025-01-24 +0",
    ]
    assert lines(asked, "2025-01-25", meetings)[1] == "minuted m1 met 2025-01-10..2025-01-24 late 1"


def test_a_fixed_list_may_be_named_in_a_column() -> None:
    topics = FixedList(
        kind="fixed list",
        named_in="covers",
        members=(Member(id="topic a", title="A"), Member(id="topic b", title="B")),
    )
    asked = duty(
        version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE, subjects=topics)
    )
    done = table(
        REVIEWS,
        {**_REVIEW, "covers": "topic a; topic c"},
        {**_REVIEW, "ref": "R2", "covers": UNREADABLE},
    )
    assert lines(asked, "2025-06-01", done) == [
        "topic a met 2024-10-01..2026-05-01 +334",
        "topic b due 2024-10-01..2025-10-01 +122",
    ]


def briefing_each() -> Duty:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    query = EvidenceQuery(
        register="training", dated="completed on", subject="person", where=(says("passed"),)
    )
    return duty(version(pattern, evidence=query, subjects=STAFF))


def test_people_are_asked_about_the_events_of_their_time() -> None:
    people = table(
        PEOPLE,
        person("ann", "2025-01-10"),
        person("bea", "2025-01-11"),
        person("cy", "2020-01-01", ends="2025-02-01"),
        person("dee", UNREADABLE),
    )
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", UNREADABLE))
    answers = ask(briefing_each(), "2025-01-31", people, meetings, trained(("ann", "2025-01-12")))
    assert [say(each) for each in answers] == [
        "row 1 cannot_tell",  # the meeting
        "row 3 cannot_tell",  # the person
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
    asked = duty(
        version(longer, evidence=ABOUT),
        version(shorter, evidence=ABOUT, begins=day("2025-02-01")),
    )
    meetings = table(MEETINGS, meeting("m1", "2025-01-31"), meeting("m2", "2025-02-01"))
    answers = ask(asked, "2025-02-10", meetings, about())
    assert [say(each) for each in answers] == [
        "m1 due 2025-01-31..2025-02-28 +18",
        "m2 overdue 2025-02-01..2025-02-08 -2",
    ]
    assert [each.version for each in answers] == [date(2024, 10, 1), date(2025, 2, 1)]


def test_an_empty_list_of_events_is_fair_with_a_nil_return_until_the_next_period_ends() -> None:
    listing = GROUP.model_copy(update={"nil_return": NIL})
    asked, none = triggered(events=listing), table(MEETINGS)
    given = table(NIL_RETURNS, nil_return("referrals", "2024/25 Q3", "2025-01-10"))
    assert lines(asked, "2025-01-09", none, given) == ["cannot_tell"]
    assert lines(asked, "2025-01-10", none, given) == []
    assert lines(asked, "2025-03-31", none, given) == []
    assert lines(asked, "2025-04-01", none, given) == ["cannot_tell"]
    assert lines(asked, "2025-04-01", missing(MEETINGS), given) == ["cannot_tell"]
    other = table(MEETINGS, {**meeting("m1", "2025-01-01"), "body": "SWPB"})
    assert lines(asked, "2025-04-01", other, given) == ["cannot_tell"]
    cancelled = table(MEETINGS, meeting("m1", "2025-01-01", cancelled=True))
    assert lines(asked, "2025-04-01", cancelled) == []


# 4. Before an event -----------------------------------------------------------------------------


def ahead(query: EvidenceQuery = BY_DATE, **more: Span | bool) -> Duty:
    pattern = BeforeEvent.model_validate({"kind": "before event", "event": GROUP, **more})
    return duty(version(pattern, evidence=query))


MARCH = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-03-10"))


def test_by_the_events_day_and_no_earlier_than_the_day_after_the_previous_one() -> None:
    asked = ahead(since_previous=True)
    assert lines(asked, "2025-01-10", MARCH, reviews()) == [
        "m1 due 2024-10-01..2025-01-10 +0",
        "m2 not_yet_due 2025-01-11..2025-03-10 +59",
    ]
    assert lines(asked, "2025-01-11", MARCH, reviews("2025-01-10")) == [
        "m1 met 2024-10-01..2025-01-10",
        "m2 due 2025-01-11..2025-03-10 +58",
    ]
    assert lines(asked, "2025-03-12", MARCH, reviews("2025-01-11")) == [
        "m1 met 2024-10-01..2025-01-10 late 1",
        "m2 met 2025-01-11..2025-03-10",
    ]
    assert lines(asked, "2025-03-12", MARCH, reviews())[1] == "m2 overdue 2025-01-11..2025-03-10 -2"


def test_the_previous_event_is_the_latest_earlier_one_that_was_not_cancelled() -> None:
    meetings = table(
        MEETINGS,
        meeting("m0", "2024-09-01"),
        meeting("m1", "2025-01-10", cancelled=True),
        meeting("m2", "2025-03-10"),
        meeting("m3", "2025-03-10"),
        {**meeting("x1", "2025-02-01"), "body": "SWPB"},
        meeting("x2", "2025-02-02", cancelled=UNREADABLE),
    )
    answers = lines(ahead(since_previous=True), "2025-03-01", meetings, reviews())
    assert answers == [
        "row 5 cannot_tell",
        "m2 due 2024-09-02..2025-03-10 +9",
        "m3 due 2024-09-02..2025-03-10 +9",
    ]


def test_by_so_many_days_before_and_no_earlier_than_a_stated_time() -> None:
    asked = ahead(by=days(7), no_earlier=days(30))
    one = table(MEETINGS, meeting("m2", "2025-03-31"))
    assert lines(asked, "2025-02-28", one, reviews("2025-02-28")) == [
        "m2 not_yet_due 2025-03-01..2025-03-24 +24"
    ]
    assert lines(asked, "2025-03-01", one, reviews("2025-03-01")) == [
        "m2 met 2025-03-01..2025-03-24"
    ]
    assert lines(asked, "2025-03-25", one, reviews("2025-03-25")) == [
        "m2 met 2025-03-01..2025-03-24 late 1"
    ]
    both = ahead(no_earlier=days(30), since_previous=True)
    assert lines(both, "2025-03-01", MARCH, reviews())[1] == "m2 due 2025-02-08..2025-03-10 +9"


def test_a_window_never_opens_after_its_deadline() -> None:
    asked = ahead(by=days(7), since_previous=True)
    close = table(MEETINGS, meeting("m1", "2025-03-08"), meeting("m2", "2025-03-10"))
    assert lines(asked, "2025-03-04", close, reviews())[1] == "m2 overdue 2025-03-03..2025-03-03 -1"


def test_events_before_the_duty_was_in_force_ask_nothing() -> None:
    meetings = table(MEETINGS, meeting("m1", "2024-09-30"), meeting("m2", "2024-10-01"))
    assert lines(ahead(), "2024-10-05", meetings, reviews()) == [
        "m2 overdue 2024-10-01..2024-10-01 -4"
    ]


def test_an_event_to_come_is_judged_by_the_version_of_the_check() -> None:
    by_month = BeforeEvent(kind="before event", event=GROUP, by=days(30))
    on_day = BeforeEvent(kind="before event", event=GROUP)
    asked = duty(
        version(on_day, evidence=BY_DATE),
        version(by_month, evidence=BY_DATE, begins=day("2025-03-01")),
    )
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-02-20"),
        meeting("m2", "2025-03-10"),
        meeting("m3", "2025-05-01"),
    )
    assert lines(asked, "2025-02-28", meetings, reviews()) == [
        "m1 overdue 2024-10-01..2025-02-20 -8",
        "m2 due 2024-10-01..2025-03-10 +10",
        "m3 due 2024-10-01..2025-05-01 +62",
    ]
    assert lines(asked, "2025-03-02", meetings, reviews()) == [
        "m1 overdue 2024-10-01..2025-02-20 -10",
        "m2 overdue 2024-10-01..2025-03-01 -1",  # moved, but not to before the version's first day
        "m3 due 2024-10-01..2025-04-01 +30",
    ]


OPEN_ACTION = Applies(
    register="actions",
    where=(equals("owner", "OPCC"),),
    begins="agreed on",
    ends="completed on",
)


def test_a_condition_on_an_events_duty_is_judged_on_the_events_day() -> None:
    pattern = BeforeEvent(kind="before event", event=GROUP)
    asked = duty(version(pattern, evidence=BY_DATE, applies=OPEN_ACTION))
    action = {**_ACTION, "agreed on": "2025-02-01", "completed on": "2025-03-11"}
    meetings = table(
        MEETINGS,
        meeting("m1", "2025-01-10"),
        meeting("m2", "2025-03-10"),
        meeting("m3", "2025-03-11"),
    )
    assert lines(asked, "2025-03-01", meetings, reviews(), table(ACTIONS, action)) == [
        "m1 not_applicable",
        "m2 due 2024-10-01..2025-03-10 +9",
        "m3 not_applicable",
    ]


def test_an_event_that_the_condition_leaves_out_is_one_obligation() -> None:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    both = FixedList(kind="fixed list", members=THREE.members[:2])
    asked = duty(version(pattern, evidence=ABOUT, subjects=both, applies=OPEN_ACTION))
    assert lines(asked, "2025-02-01", MARCH, about(), table(ACTIONS, _ACTION)) == [
        "m1 not_applicable"
    ]
    assert lines(asked, "2025-02-01", MARCH, about()) == ["m1 cannot_tell"]


# Conditions of a duty ---------------------------------------------------------------------------

HIREABLE = Applies(register="venues", where=(says("hireable"),), begins="from", ends="to")
VENUE = {"ref": "v1", "hireable": True, "from": "2025-01-01"}


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([VENUE], "due"),
        ([{**VENUE, "from": "2025-06-01"}], "due"),
        ([{**VENUE, "from": "2025-06-02"}], "not_applicable"),
        ([{**VENUE, "to": "2025-06-01"}], "not_applicable"),
        ([{**VENUE, "to": "2025-06-02"}], "due"),
        ([{**VENUE, "to": UNREADABLE}], "due"),
        ([{**VENUE, "hireable": False}], "not_applicable"),
        ([{**VENUE, "hireable": UNREADABLE}], "cannot_tell"),
        ([{**VENUE, "from": BLANK}], "cannot_tell"),
        ([{**VENUE, "from": UNREADABLE, "to": "2025-05-01"}], "not_applicable"),
        ([{**VENUE, "from": BLANK}, {**VENUE, "ref": "v2"}], "due"),
        ([], "not_applicable"),
    ],
)
def test_a_condition_is_otherwise_judged_on_the_as_of_date(rows: list[Row], status: str) -> None:
    pattern = Rolling(kind="rolling", every=months(12))
    asked = duty(version(pattern, evidence=BY_DATE, applies=HIREABLE))
    answer = ask(asked, "2025-06-01", reviews(), table(VENUES, *rows))[0]
    assert answer.status.value == status
    assert (answer.opens is None) == (status != "due")


def test_a_condition_whose_register_is_missing_cannot_be_told() -> None:
    periodic = duty(version(YEAR, evidence=BY_DATE, applies=HIREABLE))
    assert lines(periodic, "2025-06-01", reviews("2025-05-01"), missing(VENUES)) == ["cannot_tell"]
    assert lines(periodic, "2026-06-01", reviews(), table(VENUES)) == ["not_applicable"]


# 5. Standing ------------------------------------------------------------------------------------


def standing(**more: Span | str | bool) -> Duty:
    pattern = Standing.model_validate(
        {
            "kind": "standing",
            "begins": "issued on",
            "ends": "ended on",
            "review_by": "review by",
            **more,
        }
    )
    query = EvidenceQuery(register="documents", where=(equals("kind", "pathway"),))
    return duty(version(pattern, evidence=query))


def documents(*rows: tuple[str, Row]) -> Table:
    return table(
        DOCUMENTS,
        *(
            {"ref": f"D{at}", "kind": "pathway", "issued on": issued, **cells}
            for at, (issued, cells) in enumerate(rows)
        ),
    )


def test_with_none_ever_the_deadline_is_the_day_it_opened() -> None:
    assert lines(standing(), "2024-10-01", documents()) == ["due 2024-10-01..2024-10-01 +0"]
    assert lines(standing(), "2024-10-02", documents()) == ["overdue 2024-10-01..2024-10-01 -1"]
    later = documents(("2024-10-03", {}))
    assert lines(standing(), "2024-10-02", later) == ["overdue 2024-10-01..2024-10-01 -1"]


def test_with_no_end_it_is_in_place_for_good_unless_one_is_asked_for() -> None:
    answer = ask(standing(), "2030-01-01", documents(("2020-01-01", {})))[0]
    assert say(answer) == "met 2024-10-01.."
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
        answer = ask(standing(), "2024-10-05", documents(("2024-01-01", spoilt)))[0]
        assert say(answer) == "overdue 2024-10-01..2024-10-01 -4"
        assert answer.last_done is None


def test_a_review_day_beyond_the_cap_counts_as_at_the_cap() -> None:
    capped = standing(review_within=months(12))
    far = documents(("2025-02-01", {"review by": "2030-01-01"}))
    near = documents(("2025-02-01", {"review by": "2025-08-01"}))
    assert lines(capped, "2025-03-01", far) == ["met 2024-10-01..2026-02-01 +337"]
    assert lines(capped, "2025-03-01", near) == ["met 2024-10-01..2025-08-01 +153"]
    assert lines(capped, "2025-03-01", documents(("2025-02-01", {}))) == ["met 2024-10-01.."]


def test_several_at_once_any_serves_and_the_latest_end_counts() -> None:
    several = documents(
        ("2025-01-01", {"ended on": "2026-06-30"}),
        ("2025-02-01", {"ended on": "2025-12-31"}),
        ("2025-09-01", {"ended on": "2027-01-01"}),
    )
    answer = ask(standing(), "2025-08-01", several)[0]
    assert say(answer) == "met 2024-10-01..2026-06-30 +333"
    assert answer.met_by == (ItemRef("documents", 0),)
    assert answer.last_done == date(2025, 2, 1)
    # The successor counts from the day it begins.
    assert ask(standing(), "2025-09-01", several)[0].met_by == (ItemRef("documents", 2),)


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
    asked = duty(version(pattern, evidence=query, subjects=STAFF))
    held = documents(("2024-12-01", {}), ("2024-12-01", {"ended on": "2025-01-31"}))
    assert lines(asked, "2025-02-02", people, held) == [
        "hall met 2025-01-01..",
        "room overdue 2025-01-01..2025-01-31 -2",
        "shed overdue 2025-01-01..2025-01-01 -32",
    ]


def test_two_in_place_at_once_where_the_rule_asks_for_two() -> None:
    query = EvidenceQuery(register="documents", needed=2)
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    two = duty(version(pattern, evidence=query))
    ends = {"ended on": "2025-12-31"}
    assert lines(two, "2025-02-02", documents(("2024-12-01", {}))) == [
        "overdue 2024-10-01..2024-10-01 -124"
    ]
    assert lines(two, "2025-02-02", documents(("2024-12-01", {}), ("2025-01-01", ends))) == [
        "met 2024-10-01..2025-12-31 +332"
    ]


def test_a_standing_duty_whose_new_version_asks_more_is_due_on_its_first_day() -> None:
    query = EvidenceQuery(register="documents", where=(equals("kind", "pathway"),))
    loose = Standing(kind="standing", begins="issued on", ends="ended on", review_by="review by")
    strict = loose.model_copy(update={"end_needed": True})
    asked = duty(
        version(loose, evidence=query), version(strict, evidence=query, begins=day("2025-06-01"))
    )
    held = documents(("2025-01-01", {}))
    assert lines(asked, "2025-05-31", held) == ["met 2024-10-01.."]
    assert lines(asked, "2025-06-01", held) == ["due 2024-10-01..2025-06-01 +0"]
    assert lines(asked, "2025-06-02", held) == ["overdue 2024-10-01..2025-06-01 -1"]


# 6. Completeness --------------------------------------------------------------------------------

RECORDS = Events(
    register="actions",
    where=(equals("owner", "OPCC"),),
    dated="agreed on",
    cancelled="cancelled",
)


def complete(
    records: Events = RECORDS, *, carried: bool = False, keeps: bool = False, dated: bool = False
) -> Duty:
    pattern = Completeness(
        kind="completeness",
        records=records,
        must=(filled("measure"),),
        done_on=("completed on",) if dated or carried else (),
        within=None if carried else days(28),
        deadline=Carried(due="due", re_agreed_to="re-agreed to", re_agreed_on="re-agreed on")
        if carried
        else None,
        keeps_register=keeps,
    )
    return duty(version(pattern))


def actions(*rows: Row) -> Table:
    return table(ACTIONS, *({**_ACTION, "ref": f"A{at}", **row} for at, row in enumerate(rows)))


def test_a_record_with_no_dates_to_carry_is_done_on_its_own_day() -> None:
    asked = complete()
    rows = actions(
        {"measure": "visits"},
        {},
        {"agreed on": "2025-06-02"},
        {"agreed on": "2024-09-30"},
        {"cancelled": True},
        {"agreed on": UNREADABLE},
        {"owner": "Council"},
    )
    answers = ask(asked, "2025-06-01", rows)
    assert [say(each) for each in answers] == [
        "row 5 cannot_tell",
        "a0 met 2025-05-01..2025-05-29",
        "a1 overdue 2025-05-01..2025-05-29 -3",
        "a2 not_yet_due 2025-06-02..2025-06-30 +29",
    ]
    assert answers[1].met_by == (ItemRef("actions", 0),)
    assert answers[1].last_done == date(2025, 5, 1)


def test_done_on_the_latest_of_the_dates_that_it_must_carry() -> None:
    asked = complete(dated=True)
    rows = actions(
        {"measure": "visits", "completed on": "2025-06-01"},
        {"measure": "visits", "completed on": "2025-06-05"},
        {"measure": "visits", "completed on": "2025-04-01"},
        {"measure": "visits"},
        {"completed on": "2025-05-02"},
        {"agreed on": "2025-07-01", "measure": "visits", "completed on": "2025-06-03"},
    )
    assert lines(asked, "2025-06-04", rows) == [
        "a0 met 2025-05-01..2025-05-29 late 3",
        "a1 overdue 2025-05-01..2025-05-29 -6",  # its day is still to come
        "a2 met 2025-05-01..2025-05-29",  # before it opened
        "a3 overdue 2025-05-01..2025-05-29 -6",
        "a4 overdue 2025-05-01..2025-05-29 -6",
        "a5 met 2025-07-01..2025-07-29",  # a record of a day to come, done already
    ]


def test_a_carried_deadline_and_its_re_agreement() -> None:
    asked = complete(carried=True)
    moved = {"re-agreed to": "2025-09-01"}
    rows = actions(
        {},
        {**moved, "re-agreed on": "2025-06-01"},
        {**moved, "re-agreed on": "2025-06-02"},
        moved,
        {**moved, "re-agreed on": UNREADABLE},
        {**moved, "re-agreed on": "2025-05-20"},
        {"due": UNREADABLE},
        {"due": "2025-04-01"},
    )
    expected = [
        "a0 overdue 2025-05-01..2025-06-01 -1",
        "a1 due 2025-05-01..2025-09-01 +91",
        "a2 overdue 2025-05-01..2025-06-01 -1",  # agreed after the old date
        "a3 overdue 2025-05-01..2025-06-01 -1",
        "a4 overdue 2025-05-01..2025-06-01 -1",
        "a5 due 2025-05-01..2025-09-01 +91",
        "a6 cannot_tell",
        "a7 overdue 2025-04-01..2025-04-01 -62",
    ]
    assert lines(asked, "2025-06-02", rows) == expected
    # Before the day of the agreement the old date holds.
    assert lines(asked, "2025-05-19", rows)[5] == "a5 due 2025-05-01..2025-06-01 +13"


def test_a_completed_record_keeps_its_lateness_and_settles() -> None:
    asked = complete(carried=True)
    rows = actions({"measure": "x", "completed on": "2025-06-04"})
    assert lines(asked, "2026-06-04", rows) == ["a0 met 2025-05-01..2025-06-01 late 3"]
    assert lines(asked, "2026-06-05", rows) == ["a0 met 2025-05-01..2025-06-01 late 3 settled"]


def test_a_missing_register_of_records() -> None:
    assert lines(complete(), "2025-06-01", missing(ACTIONS)) == ["cannot_tell"]
    assert lines(complete(keeps=True), "2025-06-01", missing(ACTIONS)) == [
        "overdue 2024-10-01..2024-10-01 -243"
    ]
    assert lines(complete(keeps=True), "2025-06-01", table(ACTIONS)) == ["cannot_tell"]
    fair = RECORDS.model_copy(update={"empty": "fair"})
    assert lines(complete(fair), "2025-06-01", table(ACTIONS)) == []


def test_a_new_version_of_a_records_grace_moves_no_deadline_before_its_first_day() -> None:
    old = Completeness(kind="completeness", records=RECORDS, within=days(60))
    must = (filled("measure"),)
    new = Completeness(kind="completeness", records=RECORDS, deadline=Carried(due="due"), must=must)
    asked = duty(version(old), version(new, begins=day("2025-05-01")))
    rows = actions({"due": "2025-04-20"}, {"agreed on": "2025-04-30", "due": "2025-04-20"})
    assert lines(asked, "2025-05-02", rows) == [
        "a0 overdue 2025-05-01..2025-05-01 -1",
        "a1 met 2025-04-30..2025-06-29",  # a record of the earlier version's time, which asks less
    ]


# 7. Content -------------------------------------------------------------------------------------


def content(begins: str) -> Duty:
    pattern = Content(
        kind="content",
        of="the-duty",
        where=(Condition(column="covers", includes=("filters",)),),
    )
    return duty(version(pattern, begins=day(begins)), id="with-filters")


def test_another_duty_with_one_condition_more() -> None:
    rows = table(
        REVIEWS,
        {"ref": "1", "subject": "model", "reviewed on": "2025-05-01", "covers": "filters; staff"},
        {"ref": "2", "subject": "model", "reviewed on": "2026-05-01", "covers": "staff"},
    )
    base = yearly()
    assert lines(base, "2026-06-01", rows)[-1] == "2026/27 met 2026-04-01..2027-03-31 +669"
    assert lines(content("2024-10-01"), "2026-06-01", rows, others=(base,)) == [
        "2025/26 met 2025-04-01..2026-03-31 met",
        "2026/27 due 2026-04-01..2027-03-31 +303",
    ]


def test_a_content_duty_is_cut_by_its_own_in_force_day() -> None:
    answer = ask(content("2025-09-01"), "2025-10-01", reviews(), others=(yearly(),))[0]
    assert say(answer) == "2025/26 due 2025-09-01..2026-03-31 +181"
    assert answer.version == date(2025, 9, 1)
    assert lines(content("2025-09-01"), "2025-08-31", reviews(), others=(yearly(),)) == []


def test_content_of_a_record_is_one_more_thing_that_it_must_carry() -> None:
    more = Content(kind="content", of="the-duty", where=(says("cancelled", yes=False),))
    asked = duty(version(more), id="more")
    rows = actions({"measure": "x", "cancelled": False}, {"measure": "x"})
    assert lines(complete(), "2025-05-02", rows) == [
        "a0 met 2025-05-01..2025-05-29",
        "a1 met 2025-05-01..2025-05-29",
    ]
    assert lines(asked, "2025-05-02", rows, others=(complete(),)) == [
        "a0 met 2025-05-01..2025-05-29",
        "a1 due 2025-05-01..2025-05-29 +27",
    ]


# Waivers ----------------------------------------------------------------------------------------


def test_a_waiver_changes_due_overdue_and_not_yet_due_and_moves_no_deadline() -> None:
    office = table(WAIVERS, waiver("Office", "2025-10-02", "2025-10-31"))
    assert lines(rolling(), "2025-10-01", reviews(), office) == ["due 2024-10-01..2025-10-01 +0"]
    assert lines(rolling(), "2025-10-02", reviews(), office) == ["waived 2024-10-01..2025-10-01 -1"]
    assert lines(rolling(), "2025-10-31", reviews(), office) == [
        "waived 2024-10-01..2025-10-01 -30"
    ]
    assert lines(rolling(), "2025-11-01", reviews(), office) == [
        "overdue 2024-10-01..2025-10-01 -31"
    ]
    assert lines(rolling(), "2025-10-03", reviews("2025-10-02"), office) == [
        "met 2024-10-01..2026-10-02 +364"
    ]
    soon = table(WAIVERS, waiver("all", "2024-10-01", "2025-01-01"))
    assert lines(yearly(part="Q4"), "2024-11-01", reviews(), soon) == [
        "2024/25 waived 2025-01-01..2025-03-31 +150"
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"reason": BLANK},
        {"approved by": BLANK},
        {"until": UNREADABLE},
        {"from": BLANK},
        {"duty": "another-duty"},
        {"subject": BLANK},
        {"subject": "ann"},
    ],
)
def test_a_waiver_that_is_not_whole_or_about_something_else_does_nothing(cells: Row) -> None:
    row = {**waiver("office", "2025-10-02", "2025-10-31"), **cells}
    assert lines(rolling(), "2025-10-05", reviews(), table(WAIVERS, row)) == [
        "overdue 2024-10-01..2025-10-01 -4"
    ]


def test_a_duty_may_not_be_waivable_and_an_alias_names_it_too() -> None:
    rule = version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE)
    row = table(WAIVERS, waiver("all", "2025-10-02", "2025-10-31", of="Old-Name"))
    aliased = duty(rule, aliases=("old-name",))
    assert lines(aliased, "2025-10-05", reviews(), row)[0].startswith("waived")
    firm = duty(rule, aliases=("old-name",), waivable=False)
    assert lines(firm, "2025-10-05", reviews(), row)[0].startswith("overdue")


def test_on_an_event_and_a_person_either_may_be_named() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", "2020-01-01"))
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-01-11"))
    held = table(
        WAIVERS, waiver("Ann", "2025-01-01", "2025-12-31"), waiver("M2", "2025-01-01", "2025-12-31")
    )
    seen = lines(briefing_each(), "2025-01-15", people, meetings, trained(), held)
    assert [line.split()[:3] for line in seen] == [
        ["ann", "m1", "waived"],
        ["ann", "m2", "waived"],
        ["bea", "m1", "due"],
        ["bea", "m2", "waived"],
    ]


def test_cannot_tell_is_waived_only_for_all_subjects() -> None:
    some = table(WAIVERS, waiver("office", "2025-01-01", "2025-12-31"))
    whole = table(WAIVERS, waiver("ALL", "2025-01-01", "2025-12-31"))
    assert lines(each_person(), "2025-03-01", missing(PEOPLE), some) == ["cannot_tell"]
    assert lines(each_person(), "2025-03-01", missing(PEOPLE), whole) == ["waived"]
    people = table(PEOPLE, person("ann", UNREADABLE))
    assert lines(each_person(), "2025-03-01", people, whole) == ["row 0 waived"]
    applies = duty(version(YEAR, evidence=BY_DATE, applies=HIREABLE))
    assert lines(applies, "2025-03-01", table(VENUES), whole) == ["not_applicable"]
    keep = complete(keeps=True)
    assert lines(keep, "2025-06-01", missing(ACTIONS), whole) == [
        "waived 2024-10-01..2024-10-01 -243"
    ]


def test_a_waived_obligation_lapses_and_history_is_not_waived() -> None:
    meetings = table(MEETINGS, meeting("m1", "2025-01-10"))
    whole = table(WAIVERS, waiver("all", "2025-01-01", "2027-12-31"))
    assert lines(triggered(lapse=months(12)), "2026-02-08", meetings, about(), whole) == [
        "m1 overdue 2025-01-10..2025-02-07 lapsed"
    ]
    assert lines(yearly(), "2026-04-02", reviews(), whole) == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 waived 2026-04-01..2027-03-31 -2",
    ]


# The whole --------------------------------------------------------------------------------------


def test_every_duty_in_the_order_of_keys_whatever_the_order_of_rules() -> None:
    one = duty(version(YEAR, evidence=BY_DATE), id="b-duty")
    two = duty(version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE), id="a-duty")
    shows = shown(reviews("2025-05-01"))
    forth = evaluate(rulebook(REGISTERS, one, two), shows, day("2026-06-01"))
    back = evaluate(rulebook(REGISTERS, two, one), shows, day("2026-06-01"))
    assert forth == back
    assert [(each.key.duty, each.key.window) for each in forth] == [
        ("a-duty", ""),
        ("b-duty", "2025/26"),
        ("b-duty", "2026/27"),
    ]


def test_tick_is_called_and_may_stop_the_work() -> None:
    people = table(PEOPLE, *(person(f"p{at}", "2020-01-01") for at in range(5)))
    book, calls = rulebook(REGISTERS, each_person()), []
    evaluate(book, shown(people, trained()), day("2025-03-01"), lambda: calls.append(1))
    assert len(calls) >= 5

    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        evaluate(book, shown(people, trained()), day("2025-03-01"), stop)


@pytest.mark.parametrize("on", ["2024-10-01", "2025-04-01", "2026-04-02", "2028-02-29"])
def test_as_the_day_moves_an_unmet_obligation_never_goes_back(on: str) -> None:
    """Not yet due, then due, then overdue, each day for two months (What must always hold, 3)."""
    rank = {"not_yet_due": 0, "due": 1, "overdue": 2}
    meetings = table(MEETINGS, meeting("m1", on))
    for asked in (triggered(), ahead(by=days(7), no_earlier=days(20)), rolling(), standing()):
        seen: dict[object, int] = {}
        for shift in range(-30, 31):
            at = date.fromordinal(day(on).toordinal() + shift)
            if at < date(2024, 10, 1):
                continue
            for each in ask(asked, at.isoformat(), meetings, reviews(), documents(), about()):
                assert seen.get(each.key, 0) <= rank[each.status.value]
                seen[each.key] = rank[each.status.value]
        assert seen
