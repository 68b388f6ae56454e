"""Days, spans, periods and conditions, as the plain evaluator reckons them."""

from __future__ import annotations

import pytest

from engine.columns.arrays import all_columns
from engine.columns.conditions import TRUE, all_of
from engine.plain.conditions import true_rows, truths
from engine.plain.days import after, before, first_day, label_of, last_day, number_of, read_label
from engine.plain.sheet import Sheet, Sheets
from evidence.register import PeriodKind
from evidence.table import Table
from rules.condition import Condition
from rules.span import Span
from tests.support.agreed_answers import ACTION, BLANK, NO_COLUMN, NOTHING, REVIEW, UNREADABLE
from tests.support.engine_builders import (
    ACTIONS,
    REVIEWS,
    Row,
    column,
    day,
    days,
    equals,
    filled,
    months,
    register,
    says,
    shown,
    table,
)


def test_a_month_is_28_days_at_least_and_31_at_most() -> None:
    spans = Span(2, "months"), Span(28, "days")
    assert [(span.least_days, span.most_days) for span in spans] == [(56, 62), (28, 28)]


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


def sheet_of(of: Table) -> Sheet:
    return Sheets(shown(of), day("2026-11-24")).of(of.register.id)


def truth(condition: Condition, row: Row) -> bool | None:
    spec = ACTIONS if "owner" in row else REVIEWS
    return truths(sheet_of(table(spec, row)), (condition,))[0]


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
        (Condition(column="owner", none_of=("Council", "SWPB")), {}, True),
        (Condition(column="owner", none_of=("Council", "OPCC")), {}, False),
        (Condition(column="owner", none_of=("Council",)), {"owner": NOTHING}, False),
        (Condition(column="owner", none_of=("Council",)), {"owner": BLANK}, None),
        (Condition(column="measure", none_of=("Two  visits",)), {"measure": " two visits"}, False),
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
    assert truth(condition, {**ACTION, **cells}) is expected


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
    assert truth(condition, {**REVIEW, **cells}) is expected


def test_a_blank_that_stands_for_a_code_is_not_filled() -> None:
    spec = register("things", column("state", "code", blank="open"))
    sheet = sheet_of(table(spec, {"ref": "1"}, {"ref": "2", "state": "open"}))
    assert list(truths(sheet, (equals("state", "open"),))) == [True, True]
    assert list(truths(sheet, (filled("state"),))) == [False, True]


def test_false_comes_before_unknown_and_unknown_before_true() -> None:
    """A row that one condition leaves out is left out, whatever else cannot be read."""
    row = {**ACTION, "measure": UNREADABLE}
    sheet = sheet_of(table(ACTIONS, row))
    owner, other, measure = equals("owner", "OPCC"), equals("owner", "X"), equals("measure", "y")
    assert truths(sheet, (measure, other))[0] is False
    assert truths(sheet, (owner, measure))[0] is None
    assert list(true_rows(sheet, (owner, measure))) == []
    assert list(true_rows(sheet, (owner,))) == [0]


@pytest.mark.parametrize(
    ("stands", "planned", "truth"),
    [
        ("2026-11-24", False, True),
        ("2026-11-25", False, False),  # what it dates has not happened
        ("2026-11-25", True, True),
    ],
)
def test_a_day_to_come_fills_no_cell_but_a_plan(stands: str, planned: bool, truth: bool) -> None:
    spec = register("things", column("done on", "day"))
    made = spec.columns[-1].model_copy(update={"planned": planned})
    spec = spec.model_copy(update={"columns": (*spec.columns[:-1], made)})
    given = table(spec, {"ref": "1", "done on": stands})
    as_of = day("2026-11-24")
    conditions = (filled("done on"),)
    assert truths(sheet_of(given), conditions)[0] is truth
    columns = all_columns({"things": given}, as_of)["things"]
    assert bool(all_of(columns, conditions)[0] == TRUE) is truth
