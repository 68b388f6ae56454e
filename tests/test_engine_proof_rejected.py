"""Rejected rows (engine/proof/rejected.py and search.py): which condition of the rule each fails,
what its cell says, and how the other rows are counted."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from engine.assessment import CellShown, ObligationOutcome, RejectedRow
from engine.columns.arrays import all_columns
from engine.columns.conditions import TRUE
from engine.decision.rule import decide_plainly
from engine.evaluated_duty import EvaluatedDuty, judge_all
from engine.frames.observe import items_of, observe_all
from engine.outcome import Answer, HistoryReason, ObligationKey, Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.proof.citations import CitationCache
from engine.proof.rejected import MOST_SHOWN, SHOWS_REJECTED_ROWS
from engine.proof.search import Search, Timing, nil_search_of, search_of
from evidence.read import read_evidence
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import CellState, Evidence, Table
from rules.condition import Condition, NilReturn
from rules.model import Duty
from rules.patterns import (
    Carried,
    Completeness,
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
from tests.support import agreed_answers, keyed_registers, needs, one_of_each_status
from tests.support import engine_builders as make
from tests.support.own_book import own_book
from tests.support.promise_cases import cases, traced

DAY = make.day("2026-06-30")
Row = dict[str, make.Cell]


def evaluate(duty: Duty, *tables: Table, as_of: datetime.date = DAY) -> EvaluatedDuty:
    """What the vectorised evaluator makes of one duty."""
    given = [make.table(spec) for spec in make.REGISTERS]
    shown = {table.register.id: table for table in (*given, *tables)}
    book = make.rulebook([table.register for table in shown.values()], duty)
    duties = observe_all(book, all_columns(shown, as_of), as_of, lambda: None)
    (each,) = judge_all(duties, decide_plainly)
    return EvaluatedDuty(each.scope, each.observed, each.answers, each.verdicts, each.earlier)


def searches(duty: Duty, *tables: Table, as_of: datetime.date = DAY) -> list[Search]:
    """The search that each version makes of the register with its evidence."""
    evaluated = evaluate(duty, *tables, as_of=as_of)
    return [
        search_of(evaluated.scope, number, -1)
        for number in range(len(evaluated.scope.resolved.versions))
    ]


def failed(duty: Duty, *tables: Table) -> list[str]:
    """What each row fails first."""
    (search,) = searches(duty, *tables)
    return [search.failed(row) for row in range(len(search.columns))]


def outcomes(
    duty: Duty, *tables: Table, as_of: datetime.date = DAY
) -> tuple[ObligationOutcome, ...]:
    """The duty's current obligations as they are shown."""
    evaluated = evaluate(duty, *tables, as_of=as_of)
    evidence = Evidence(
        tables={name: register.table for name, register in evaluated.scope.columns.items()},
        files=(), problems=(), fatal=(), notes=(),
    )  # fmt: skip
    book = make.rulebook([table.register for table in evidence.tables.values()], duty)
    context = OutcomeContext(book, evidence, CitationCache(evidence), as_of, {}, {})
    return obligation_outcomes(evaluated, replace(context, explained=True)).current


def rejected_rows(one: ObligationOutcome) -> list[tuple[int, str, str, str | None]]:
    """The rejected rows: their numbers, why they do not count, how the cell was read, and
    what it says."""
    return [
        (row.item.row, row.why, row.state, row.item.cells[0].value if row.item.cells else None)
        for group in one.rejected
        for row in group.rows
    ]


def others(one: ObligationOutcome) -> list[tuple[int, str]]:
    """How many other rows fail what, but for those that do not say what they are about."""
    return [
        (other.count, other.failed)
        for group in one.rejected
        if not group.silent
        for other in group.others
    ]


PASSED = EvidenceQuery(
    register="training",
    where=(make.equals("course", "awareness"), make.says("passed")),
    dated="completed on",
    subject="person",
)
STAFF = Population(kind="population", register="people", joins="starts", leaves="ends")
TWO_YEARLY = make.duty(
    make.version(Rolling(kind="rolling", every=make.months(24)), evidence=PASSED, subjects=STAFF)
)
PEOPLE = make.table(
    make.PEOPLE,
    {"person": "P1", "kind": "staff", "starts": "2024-11-01"},
    {"person": "P2", "kind": "staff", "starts": "2024-11-01"},
)


def course(person: make.Cell = "P1", **changes: make.Cell) -> Row:
    row: Row = {
        "ref": "T1",
        "person": person,
        "course": "awareness",
        "completed on": "2025-03-01",
        "passed": True,
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def training(*rows: Row) -> Table:
    """A table of training with these rows."""
    return make.table(make.TRAINING, *numbered(rows, "T"))


def numbered(rows: Sequence[make.Row], letter: str) -> list[Row]:
    """The rows, each with a key of its own, from 1."""
    return [{**row, "ref": f"{letter}{number}"} for number, row in enumerate(rows, 1)]


# One row ----------------------------------------------------------------------------------------


FAILING: tuple[tuple[Row, str, str, str | None], ...] = (
    ({"course": "refresher"}, "'course' is not awareness", "", "refresher"),
    ({"passed": False}, "'passed' is not yes", "", "False"),
    ({"course": "refresher", "passed": True}, "'course' is not awareness", "", "refresher"),
)


@pytest.mark.parametrize(("cells", "why", "state", "raw"), FAILING, ids=str)
def test_a_row_that_fails_one_condition_is_shown_with_the_cell_that_decides(
    cells: Row, why: str, state: str, raw: str | None
) -> None:
    one = outcomes(TWO_YEARLY, PEOPLE, training(course() | cells))[0]
    assert one.status is Status.OVERDUE or one.status is Status.DUE
    assert rejected_rows(one) == [(2, why, state, raw)]
    assert others(one) == []


def test_a_row_that_might_have_met_it_is_shown_as_unread_and_not_again() -> None:
    """Its passed cannot be read, and that is all that it fails."""
    one = outcomes(TWO_YEARLY, PEOPLE, training(course(passed=CellState.UNREADABLE)))[0]
    assert [item.row for item in one.unreadable] == [2]
    assert (rejected_rows(one), others(one)) == ([], [])


def test_rows_that_fail_several_conditions_are_counted_by_the_first_that_is_false() -> None:
    odd = course(course=CellState.UNREADABLE, passed=False)
    two = course(course="refresher", passed=False)
    one = outcomes(TWO_YEARLY, PEOPLE, training(odd, two, two))[0]
    assert rejected_rows(one) == []
    assert others(one) == [(2, "'course' is not awareness"), (1, "'passed' is not yes")]


def test_rows_about_another_are_not_shown() -> None:
    one, other = outcomes(TWO_YEARLY, PEOPLE, training(course("P2", passed=False)))
    assert (rejected_rows(one), others(one)) == ([], [])
    assert rejected_rows(other) == [(2, "'passed' is not yes", "", "False")]


def test_what_is_met_carries_nothing_that_was_rejected() -> None:
    rows = training(course(), course(passed=False), course("P2", passed=False))
    one, other = outcomes(TWO_YEARLY, PEOPLE, rows)
    assert (one.status, one.rejected) == (Status.MET, ())
    assert other.status is not Status.MET
    assert rejected_rows(other) == [(4, "'passed' is not yes", "", "False")]


def test_a_row_that_is_not_in_time_says_its_day() -> None:
    old, late = course(completed_on="2023-03-01"), course(completed_on="2026-08-01")
    one = outcomes(TWO_YEARLY, PEOPLE, training(old, late))[0]
    assert [(row, why) for row, why, _, _ in rejected_rows(one)] == [
        (3, "dated 1 August 2026, after the day of the check"),
        (2, "valid until 1 March 2025"),
    ]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-06-30", ""),  # the day of the check counts
        ("2026-07-01", "dated 1 July 2026, after the day of the check"),
    ],
)
def test_the_day_of_the_check_is_in_time_and_the_day_after_is_not(day: str, says: str) -> None:
    timing = Timing(DAY.toordinal(), [make.day(day).toordinal()])
    assert timing.why_not(0, _window(opens="2026-04-01", deadline="2026-12-31")) == says


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-03-31", ""),  # the deadline is in time
        ("2026-04-01", "dated 1 April 2026, after the next period had begun"),
    ],
)
def test_the_deadline_is_in_time_and_the_day_after_is_not(day: str, says: str) -> None:
    timing = Timing(DAY.toordinal(), [make.day(day).toordinal()], periodic=True)
    assert timing.why_not(0, _window(opens="2026-01-01", deadline="2026-03-31")) == says


def _window(opens: str, deadline: str) -> Answer:
    """The answer about one window that is not met."""
    key = ObligationKey("a", subject="p1", row=0)
    days = make.day(opens), make.day(deadline)
    return Answer(key, DAY, Status.OVERDUE, HistoryReason.NONE, *days, 0, 0, (), None)


def test_at_most_ten_are_shown_the_latest_first_and_the_others_are_counted() -> None:
    days = [f"2025-03-{day:02}" for day in range(1, 29)]
    rows = [course(completed_on=day, passed=False) for day in days]
    one = outcomes(TWO_YEARLY, PEOPLE, training(*rows))[0]
    assert [row for row, _, _, _ in rejected_rows(one)] == list(range(29, 19, -1))
    assert others(one) == [(18, "'passed' is not yes")]


def test_the_order_of_the_rows_makes_no_difference() -> None:
    """Rows of one day stand by what they say."""
    rows = [course(passed=False) | {"note": f"n{at}"} for at in range(20)]
    keyed = numbered(rows, "T")
    results = []
    for seed in range(5):
        mixed = random.Random(seed).sample(keyed, len(keyed))
        one = outcomes(TWO_YEARLY, PEOPLE, make.table(make.TRAINING, *mixed))[0]
        results.append([row.item.key for group in one.rejected for row in group.rows])
    assert len(results[0]) == MOST_SHOWN
    assert results == [results[0]] * 5


def test_rows_that_name_nobody_are_counted_once_for_all() -> None:
    silent = [course(CellState.BLANK, passed=False) for _ in range(3)]
    one, other = outcomes(TWO_YEARLY, PEOPLE, training(*silent))
    (group,) = one.rejected
    assert (group.silent, group.rows) == ("person", ())
    assert [(other.count, other.failed) for other in group.others] == [(3, "'passed' is not yes")]
    assert other.rejected[0] is group


def hidden(spec: RegisterSpec, *names: str) -> RegisterSpec:
    """The register with these columns sensitive."""

    def column(each: ColumnSpec) -> ColumnSpec:
        return each.model_copy(update={"sensitive": each.name in names})

    return spec.model_copy(update={"columns": tuple(map(column, spec.columns))})


def test_no_reason_quotes_a_sensitive_column() -> None:
    spec = hidden(make.TRAINING, "person", "course")
    one = outcomes(TWO_YEARLY, PEOPLE, make.table(spec, course(course="refresher")))[0]
    ((row,),) = (group.rows for group in one.rejected)
    assert row.item.cells == (CellShown("C2", "course", None),)


def test_of_two_dates_that_are_compared_the_first_is_named() -> None:
    query = PASSED.model_copy(
        update={"where": (Condition(column="completed on", on_or_before="completed on"),)}
    )
    duty = make.duty(
        make.version(Rolling(kind="rolling", every=make.months(24)), evidence=query, subjects=STAFF)
    )
    (search,) = searches(duty, PEOPLE, training(course(completed_on=CellState.UNREADABLE)))
    assert search.fails == [2]
    assert search.failed(0) == "'completed on' is not on or before 'completed on'"


# Every pattern ----------------------------------------------------------------------------------


def review(**changes: make.Cell) -> Row:
    row: Row = {"subject": "plan", "reviewed on": "2026-05-01"}
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def reviews(*rows: Row) -> Table:
    """A table of reviews with these rows."""
    return make.table(make.REVIEWS, *numbered(rows, "R"))


PLAN = EvidenceQuery(
    register="reviews",
    where=(make.equals("subject", "plan"),),
    dated="reviewed on",
    period="for period",
)


def yearly(grace: Span | None = None, nil: NilReturn | None = None) -> Duty:
    pattern = Periodic(kind="periodic", period="financial year", grace=grace, nil_return=nil)
    return make.duty(make.version(pattern, evidence=PLAN))


def test_a_period_is_named_as_it_is_called_and_one_of_another_kind_fails() -> None:
    rows = (review(for_period="2026/27"), review(for_period="2026/27 Q1"))
    assert failed(yearly(), reviews(*rows)) == ["", "'for period' is not a financial year"]


def test_a_row_that_names_another_period_says_so() -> None:
    (one,) = outcomes(yearly(), reviews(review(for_period="2025/26")))
    assert [why for _, why, _, _ in rejected_rows(one)] == ["for another period: 2025/26"]


NIL = NilReturn(list="plans", each="financial year")
GIVEN = "2026-04-01"
NIL_ROWS: tuple[tuple[make.Row, str], ...] = (
    (make.nil_return("plans", "2025/26", GIVEN), ""),
    (make.nil_return("other", "2025/26", GIVEN), "'list' is not plans"),
    (
        make.nil_return("plans", "2026/27", GIVEN),
        "'given on' is before the period's last day",
    ),
    (make.nil_return("plans", "2025/26 Q1", GIVEN), "'period' is not a financial year"),
    (
        {**make.nil_return("plans", "2025/26", GIVEN), "by post": CellState.BLANK},
        "'by post' is not filled in",
    ),
)


def test_a_nil_return_is_rejected_for_what_it_fails() -> None:
    nils = make.table(make.NIL_RETURNS, *numbered([row for row, _ in NIL_ROWS], "N"))
    evaluated = evaluate(yearly(make.days(28), NIL), nils)
    search = nil_search_of(evaluated.scope, 0)
    assert search is not None
    assert [search.failed(row) for row in range(len(NIL_ROWS))] == [words for _, words in NIL_ROWS]
    assert search.naming(()) == [0, 2, 3, 4]  # that of another list is about another


def test_a_nil_return_that_came_near_is_shown() -> None:
    nils = make.table(make.NIL_RETURNS, *numbered([row for row, _ in NIL_ROWS], "N"))
    one, *_ = outcomes(yearly(make.days(28), NIL), nils)
    shown = {
        row.item.row: row.why
        for group in one.rejected
        for row in group.rows
        if group.register == "nil returns"
    }
    assert one.window == "2026/27"
    assert shown == {
        2: "for another period: 2025/26",
        4: "'given on' is before the period's last day",
    }


def test_a_row_in_place_is_judged_by_its_beginning_and_its_end() -> None:
    pattern = Standing(
        kind="standing", begins="issued on", ends="ended on", review_by="review by", end_needed=True
    )
    query = EvidenceQuery(register="documents", where=(make.equals("kind", "agreement"),))
    row: Row = {"kind": "agreement", "issued on": "2025-01-01"}
    rows = (
        row | {"ref": "D1", "review by": "2026-01-01"},
        row | {"ref": "D2"},
        row | {"ref": "D3", "ended on": CellState.UNREADABLE, "review by": "2026-01-01"},
        row | {"ref": "D4", "issued on": CellState.BLANK, "ended on": "2026-01-01"},
    )
    duty, table = (
        make.duty(make.version(pattern, evidence=query)),
        make.table(make.DOCUMENTS, *rows),
    )
    assert failed(duty, table) == [
        "",
        "no date in 'ended on' or 'review by'",
        "'ended on' is not a date",
        "'issued on' is not a date",
    ]
    (one,) = outcomes(duty, table)
    assert {row: why for row, why, _, _ in rejected_rows(one)} == {
        2: "valid until 1 January 2026",
        3: "no date in 'ended on' or 'review by'",
    }


def test_a_record_is_judged_by_its_cells_and_by_whether_it_is_listed() -> None:
    pattern = Completeness(
        kind="completeness",
        records=Events(
            register="actions",
            where=(make.equals("owner", "OPCC"),),
            dated="agreed on",
            cancelled="cancelled",
        ),
        must=(make.filled("measure"),),
        done_on=("completed on",),
        deadline=Carried(due="due"),
    )
    row: Row = {"owner": "OPCC", "agreed on": "2026-01-01", "due": "2026-05-01", "measure": "said"}
    rows = (
        row | {"ref": "A1", "completed on": "2026-04-01"},
        row | {"ref": "A2"},
        row | {"ref": "A3", "completed on": "2026-12-01"},
        row | {"ref": "A4", "completed on": "2026-04-01", "owner": "council"},
        row | {"ref": "A5", "completed on": "2026-04-01", "cancelled": True},
        row | {"ref": "A6", "completed on": "2026-04-01", "measure": CellState.NOTHING},
    )
    duty, table = make.duty(make.version(pattern)), make.table(make.ACTIONS, *rows)
    assert failed(duty, table) == [
        "",
        "'completed on' is not a date",
        "'completed on' is after 30 June 2026",
        "'owner' is not OPCC",
        "'cancelled' is yes",
        "'measure' is not filled in",
    ]
    shown = {
        outcome.subject: [why for _, why, _, _ in rejected_rows(outcome)]
        for outcome in outcomes(duty, table)
    }
    assert shown["A3"] == ["'completed on' is after 30 June 2026"]
    assert shown["A6"] == ["'measure' is not filled in"]


def test_a_reason_has_the_headings_of_the_sheet_that_the_row_is_on() -> None:
    """Two sheets of one list may have headings of their own."""
    pattern = Completeness(
        kind="completeness",
        records=Events(register="actions", dated="agreed on"),
        must=(Condition(column="measure", filled=True),),
        done_on=("completed on",),
        deadline=Carried(due="due"),
    )
    row: Row = {"agreed on": "2026-01-01", "due": "2026-05-01", "measure": CellState.NOTHING}
    table = make.table(make.ACTIONS, row | {"ref": "A1"}, row | {"ref": "A2"})
    (source,) = table.sources
    headings = ({"measure": "Target", "completed on": "Closed"}, {"measure": "Goal"})
    sources = tuple(replace(source, headings=heading) for heading in headings)
    results = outcomes(
        make.duty(make.version(pattern)), replace(table, sources=sources, source_of=[0, 1])
    )
    assert [outcome.unmet_reason for outcome in results] == [
        "The record is incomplete: 'Target' is not filled in and 'Closed' is blank.",
        "The record is incomplete: 'Goal' is not filled in and 'completed on' is blank.",
    ]


ONCE_A_YEAR = Rolling(kind="rolling", every=make.months(12))
TOPICS = FixedList(
    kind="fixed list",
    named_in="covers",
    members=(Member(id="one", title="The first"), Member(id="two", title="The second")),
)


def test_a_row_that_names_another_member_of_the_list_is_about_that() -> None:
    query = PLAN.model_copy(update={"period": None})
    duty = make.duty(make.version(ONCE_A_YEAR, evidence=query, subjects=TOPICS))
    evaluated = evaluate(duty, reviews(review(covers="one; two"), review(covers="one"), review()))
    second = search_of(evaluated.scope, 0, 1)
    assert [second.failed(row) for row in range(3)] == [
        "",
        "'covers' does not name The second",
        "'covers' does not name The second",
    ]
    assert second.naming(()) == [0]


def test_each_member_has_its_own_conditions() -> None:
    topics = FixedList(
        kind="fixed list",
        members=(
            Member(id="one", title="The first", where=(make.equals("note", "x"),)),
            Member(id="two", title="The second", where=(make.equals("note", "y"),)),
        ),
    )
    query = PLAN.model_copy(update={"period": None})
    duty = make.duty(make.version(ONCE_A_YEAR, evidence=query, subjects=topics))
    first, second = outcomes(duty, reviews(review(note="x")))
    assert (first.status, first.rejected) == (Status.MET, ())
    assert [why for _, why, _, _ in rejected_rows(second)] == ["'note' is not y"]


def test_a_row_is_known_by_its_key_where_the_subjects_row_names_the_item() -> None:
    query = EvidenceQuery(register="documents", dated="issued on", named_by_subject="policy")
    pattern = Triggered(kind="triggered", event=Joining(joining=True), within=make.days(28))
    duty = make.duty(make.version(pattern, evidence=query, subjects=STAFF))
    row = {"ref": "D7", "kind": "agreement", "issued on": "2025-01-01"}
    (search,) = searches(duty, PEOPLE, make.table(make.DOCUMENTS, row))
    assert search.naming(("d7",)) == [0]


def test_each_version_searches_by_itself() -> None:
    query = PLAN.model_copy(update={"period": None, "event": "about"})
    meeting_held = Events(register="meetings", dated="held on")
    pattern = Triggered(kind="triggered", event=meeting_held, within=make.days(28))
    early = make.version(pattern, evidence=query)
    other = query.model_copy(update={"where": (make.equals("subject", "other"),)})
    later = make.version(pattern, evidence=other, begins=make.day("2026-01-01"))
    held = [{"body": "group", "held on": day} for day in ("2025-12-01", "2026-02-01")]
    meetings = make.table(make.MEETINGS, *numbered(held, "M"))
    duty, table = make.duty(early, later), reviews(review(about="M2"))
    assert [search.failed(0) for search in searches(duty, meetings, table)] == [
        "",
        "'subject' is not other",
    ]
    shown = {outcome.subject: rejected_rows(outcome) for outcome in outcomes(duty, meetings, table)}
    assert shown == {"M1": [], "M2": [(2, "'subject' is not other", "", "plan")]}


def test_what_was_done_before_the_window_opened_says_so() -> None:
    """Of an event that is a reason to look again, and that evidence does not name."""
    query = PLAN.model_copy(update={"period": None})
    pattern = Triggered(
        kind="triggered", event=Events(register="meetings", dated="held on"), within=make.days(28)
    )
    meetings = make.table(make.MEETINGS, {"ref": "M1", "body": "group", "held on": "2026-06-01"})
    duty = make.duty(make.version(pattern, evidence=query))
    (one,) = outcomes(duty, meetings, reviews(review(), review(subject="other")))
    assert [(row, why) for row, why, _, _ in rejected_rows(one)] == [
        (2, "dated 1 May 2026, before the period began")
    ]
    assert others(one) == [(1, "'subject' is not plan")]


def test_an_event_that_was_done_before_it_began_names_both_dates() -> None:
    pattern = Triggered(
        kind="triggered", event=Events(register="meetings", dated="held on"), within=make.days(28)
    )
    minuted = EvidenceQuery(register="meetings", dated="minutes on", itself=True)
    cells: Row = {"ref": "M1", "body": "group", "held on": "2026-06-01", "minutes on": "2026-05-01"}
    duty = make.duty(make.version(pattern, evidence=minuted))
    (one,) = outcomes(duty, make.table(make.MEETINGS, cells))
    ((row, why, state, _),) = rejected_rows(one)
    assert (row, state) == (2, "")
    assert one.rejected[0].rows[0].done_too_early
    assert why == "'minutes on' (E2, 1 May 2026) is before 'held on' (C2, 1 June 2026)"


# What else is said of a row ----------------------------------------------------------------------

ACT_MINUTED = EvidenceQuery(
    register="reviews",
    where=(make.equals("subject", "model"), make.filled("minuted at")),
    dated="reviewed on",
)


def shown_of_review(held: make.Cell, minuted: make.Cell) -> RejectedRow:
    """The one rejected row of a review that has to name a meeting, and names SG-1, or nothing."""
    row: Row = {"ref": "R1", "subject": "model", "reviewed on": "2026-05-01"}
    (one,) = outcomes(
        make.duty(make.version(ONCE_A_YEAR, evidence=ACT_MINUTED)),
        make.table(keyed_registers.MEETINGS, keyed_registers.at("SG-1", held)),
        make.table(keyed_registers.REVIEWS, row | {"minuted at": minuted}),
    )
    ((shown,),) = (group.rows for group in one.rejected)
    return shown


def test_a_key_that_names_no_row_is_not_called_a_blank_cell() -> None:
    shown = shown_of_review("2026-04-01", "SG-2")
    assert shown.why == (
        "'minuted at' names no row that counts: 'SG-2' is not on the meetings sheet"
    )
    assert (shown.column, shown.state, shown.first) == ("minuted at", "", ())


@pytest.mark.parametrize("cell", [CellState.NOTHING, CellState.BLANK])
def test_a_blank_cell_is_not_filled_in_and_its_state_is_shown(cell: CellState) -> None:
    shown = shown_of_review("2026-04-01", cell)
    assert (shown.why, shown.state) == ("'minuted at' is not filled in", cell.name.lower())


def test_a_cell_of_the_named_row_that_cannot_be_read_is_to_be_corrected_first() -> None:
    shown = shown_of_review(CellState.UNREADABLE, "SG-1")
    assert shown.why.endswith(": 'SG-1' cannot be used until C2 of meetings is corrected")
    assert shown.first == ("Correct C2 of meetings, which cannot be read.",)


def test_a_row_that_fails_the_first_condition_is_of_another_kind() -> None:
    rows = course(course="refresher"), course(passed=False)
    (group,) = outcomes(TWO_YEARLY, PEOPLE, training(*rows))[0].rejected
    assert {row.why: row.other_kind for row in group.rows} == {
        "'course' is not awareness": True,
        "'passed' is not yes": False,
    }


def test_an_events_own_row_is_never_of_another_kind() -> None:
    pattern = Triggered(
        kind="triggered", event=Events(register="meetings", dated="held on"), within=make.days(28)
    )
    own = EvidenceQuery(
        register="meetings", where=(make.filled("present"),), dated="minutes on", itself=True
    )
    cells: Row = {"ref": "M1", "body": "group", "held on": "2026-06-01", "minutes on": "2026-06-01"}
    (one,) = outcomes(
        make.duty(make.version(pattern, evidence=own)), make.table(make.MEETINGS, cells)
    )
    ((row,),) = (group.rows for group in one.rejected)
    assert (row.why, row.other_kind) == ("'present' is not filled in", False)
    assert not row.done_too_early  # Minutes of the same day are not too early.


def test_suspect_rows_are_left_out_with_those_that_name_nobody() -> None:
    """They are shown as unread."""
    rows = (
        course(CellState.BLANK, passed=CellState.UNREADABLE),
        course(CellState.BLANK, passed=False),
        course(passed=CellState.UNREADABLE),
        course(passed=False),
    )
    one, other = outcomes(TWO_YEARLY, PEOPLE, training(*rows))
    assert [item.row for item in one.unreadable] == [4]
    assert rejected_rows(one) == [(5, "'passed' is not yes", "", "False")]
    for each in (one, other):
        (silent,) = (group for group in each.rejected if group.silent)
        assert [(failed.count, failed.failed) for failed in silent.others] == [
            (1, "'passed' is not yes")
        ]


STATUSES = [status for status in Status if status is not Status.NOT_ASSESSED]


@pytest.mark.parametrize("status", STATUSES)
def test_rejected_rows_are_shown_where_something_is_still_to_be_done(status: Status) -> None:
    """Each meeting has a review that fails one condition, and one from long before it."""
    rows = [
        {**agreed_answers.REVIEW, "ref": f"R{n}", "about": status.value, **cells}
        for n, cells in enumerate(
            (
                {"subject": "other", "reviewed on": "2026-05-10"},
                {"subject": "model", "reviewed on": "2025-05-10"},
            )
        )
    ]
    if status is Status.MET:
        rows.append({**rows[0], "ref": "R2", "subject": "model"})
    others = (table for table in one_of_each_status.GIVEN if table.register.id != "reviews")
    (one,) = outcomes(
        one_of_each_status.about("any", status),
        *others,
        make.table(make.REVIEWS, *rows),
        as_of=make.day(one_of_each_status.ON),
    )
    assert one.status is status
    shows = status in (Status.OVERDUE, Status.DUE, Status.NOT_YET_DUE, Status.WAIVED)
    assert bool(rejected_rows(one)) is shows
    assert not shows or (3, "dated 10 May 2025, before the period began") in [
        (row, why) for row, why, _, _ in rejected_rows(one)
    ]


# Many obligations, many rows --------------------------------------------------------------------


def _looked_at(count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a row is put to the days of an obligation, for so many events that evidence does
    not name, and thrice as many rows that fail nothing, one condition, or two."""
    calls = Counter[str]()
    why_not = Timing.why_not

    def timed(timing: Timing, row: int, answer: Answer) -> str:
        calls["days"] += 1
        return why_not(timing, row, answer)

    monkeypatch.setattr(Timing, "why_not", timed)
    query = PLAN.model_copy(update={"period": None})
    happened = Events(register="meetings", where=(make.equals("body", "board"),), dated="held on")
    pattern = Triggered(kind="triggered", event=happened, within=make.days(28))
    day = make.day("2026-01-01")
    held: list[Row] = [
        {"body": "board", "held on": (day + datetime.timedelta(days=at % 90)).isoformat()}
        for at in range(count)
    ]
    changes: Sequence[dict[str, make.Cell]] = (
        {"reviewed_on": "2025-03-01"},
        {"subject": "other", "reviewed_on": "2026-05-01"},
        {"subject": "other", "reviewed_on": "2025-03-01"},
    )
    done = [review(**changes[at % 3]) for at in range(3 * count)]
    duty = make.duty(make.version(pattern, evidence=query))
    results = outcomes(duty, make.table(make.MEETINGS, *numbered(held, "M")), reviews(*done))
    assert len(results) == count
    assert all(len(rejected_rows(one)) == MOST_SHOWN for one in results)
    return calls.total()


def test_the_work_grows_with_the_obligations_and_the_rows_and_not_with_their_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        few = _looked_at(40, patch)
    with monkeypatch.context() as patch:
        many = _looked_at(160, patch)
    assert few > 40
    assert many <= few * 4**1.15


# What counts is what meets everything -----------------------------------------------------------


def _of_cases() -> Iterator[tuple[EvaluatedDuty, tuple[ObligationOutcome, ...]]]:
    for given in cases(200, 4_000):
        citations = CitationCache(given.evidence)
        context = OutcomeContext(
            given.rulebook, given.evidence, citations, given.as_of, {}, {}, explained=True
        )
        for each in traced(given):
            yield each, obligation_outcomes(each, context).current


@pytest.mark.campaign
@pytest.mark.long
def test_a_row_meets_every_condition_just_where_the_evaluator_lets_it_count() -> None:
    seen = {True: 0, False: 0}
    for evaluated, _ in _of_cases():
        for number, each in enumerate(evaluated.scope.resolved.versions):
            query, subjects = each.rule.evidence, each.rule.subjects
            if query is None or query.itself:
                continue  # of records and of events' own rows the evaluator is not asked so
            members = subjects.members if isinstance(subjects, FixedList) else (None,)
            for place, member in enumerate(members):
                search = search_of(evaluated.scope, number, -1 if member is None else place)
                truth = items_of(evaluated.scope, number, member).truth.tolist()
                assert [fails == 0 for fails in search.fails] == [one == TRUE for one in truth]
                for row, fails in enumerate(search.fails):
                    assert (fails == 0) == (search.failed(row) == "")
                    seen[fails == 0] += 1
    assert min(seen.values()) > 300


@pytest.mark.campaign
@pytest.mark.long
def test_no_row_that_met_an_obligation_is_rejected_for_it_and_each_says_why() -> None:
    reasons = Counter[str]()
    for evaluated, shown in _of_cases():
        for one in shown:
            rows = [row for group in one.rejected for row in group.rows]
            places = [(row.item.register, row.item.row) for row in rows]
            assert len(rows) <= 2 * MOST_SHOWN, evaluated.id
            assert len(places) == len(set(places))
            assert not set(places) & {(item.register, item.row) for item in one.evidence}
            assert not set(places) & {(item.register, item.row) for item in one.unreadable}
            assert all(row.why for row in rows)
            assert one.status in SHOWS_REJECTED_ROWS or not one.rejected
            reasons.update(row.why.split(" ")[0] for row in rows if not row.column)
            reasons.update("a condition" for row in rows if row.column)
    assert reasons.keys() >= {"a condition", "dated", "valid", "for"}, reasons


def test_in_the_example_office_every_citation_meets_every_condition() -> None:
    rulebook = own_book()
    evidence = read_evidence([needs.ROOT / "examples" / "office.xlsx"], rulebook.registers)
    as_of, tried = make.day("2026-11-24"), 0
    columns = all_columns(evidence.tables, as_of)
    for evaluated in judge_all(observe_all(rulebook, columns, as_of, lambda: None), decide_plainly):
        for obligation, answer in zip(
            evaluated.observed.obligations, evaluated.answers, strict=True
        ):
            search = search_of(evaluated.scope, obligation.version_number, obligation.member)
            register = search.columns.table.register.id
            rows = [row for name, row in answer.met_by if name == register]
            assert [search.failed(row) for row in rows] == [""] * len(rows), evaluated.id
            tried += len(rows)
    assert tried > 400
