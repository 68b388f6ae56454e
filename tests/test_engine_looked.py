"""The rows that were looked at: which condition of the rule each did not meet, and what it said."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from engine.assessment import CellShown, ExaminedRow, ExaminedSheet, ObligationOutcome
from engine.columns.arrays import all_columns
from engine.columns.conditions import TRUE
from engine.decision.rule import decide_plainly
from engine.evaluated_duty import EvaluatedDuty, judge_all
from engine.frames.evaluate import observe_all
from engine.frames.match import items_of
from engine.outcome import Past
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligations
from engine.proof.citations import CitationCache
from engine.proof.examined import MANY, examined_sheets
from evidence.read import read_evidence
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import CellState, Evidence, Table
from rules.condition import Condition, NilReturn
from rules.load import load_rulebook
from rules.model import Duty, Rulebook
from rules.pattern import (
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
from tests import engine_builders as make
from tests import needs
from tests.promised import cases, traced

DAY = make.day("2026-06-30")
Row = dict[str, make.Cell]


def told(duty: Duty, *tables: Table, as_of: datetime.date = DAY) -> EvaluatedDuty:
    """What the first evaluator makes of one duty."""
    given = [make.table(spec) for spec in make.REGISTERS]
    shown = {each.register.id: each for each in (*given, *tables)}
    book = make.rulebook([each.register for each in shown.values()], duty)
    found = observe_all(book, all_columns(shown, as_of), as_of, lambda: None)
    (each,) = judge_all(found, decide_plainly)
    return EvaluatedDuty(each.scope, each.observed, each.answers, each.verdicts, each.earlier)


def looks(duty: Duty, *tables: Table, as_of: datetime.date = DAY) -> tuple[ExaminedSheet, ...]:
    return examined_sheets(told(duty, *tables, as_of=as_of))


def only(duty: Duty, *tables: Table) -> tuple[ExaminedRow, ...]:
    """The rows of the one sheet that was looked through."""
    (look,) = looks(duty, *tables)
    return look.rows


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


def test_a_row_that_meets_everything_says_what_it_is_about_and_until_when_it_holds() -> None:
    assert only(TWO_YEARLY, PEOPLE, training(course())) == (
        ExaminedRow(
            row=2,
            date=make.day("2025-03-01"),
            until=make.day("2027-03-01"),
            names={"subject": "P1"},
            fails=0,
            failed="",
            state="",
            seen=None,
        ),
    )


FAILING: tuple[tuple[Row, str, str, str, str], ...] = (
    ({"course": "refresher"}, "'course' is awareness", "read", "refresher", "C2"),
    ({"passed": False}, "'passed' is yes", "read", "False", "E2"),
    ({"passed": CellState.UNREADABLE}, "'passed' is yes", "unreadable", "tbc", "E2"),
    ({"course": CellState.BLANK}, "'course' is awareness", "blank", "", "C2"),
    ({"passed": CellState.NO_COLUMN}, "'passed' is yes", "no column", "", "E2"),
    ({"completed on": CellState.BLANK}, "'completed on' holds a day", "blank", "", "D2"),
    (
        {"person": CellState.UNREADABLE},
        "'person' names whom it is about",
        "unreadable",
        "tbc",
        "B2",
    ),
)


@pytest.mark.parametrize(("cells", "words", "state", "raw", "at"), FAILING, ids=str)
def test_the_condition_that_a_row_fails_is_told_with_its_cell_and_what_stands_there(
    cells: Row, words: str, state: str, raw: str, at: str
) -> None:
    (row,) = only(TWO_YEARLY, PEOPLE, training(course() | cells))
    column = words.split("'")[1]
    assert (row.fails, row.failed, row.state) == (1, words, state)
    assert row.seen == CellShown(at, column, raw)


def test_what_is_false_is_told_before_what_cannot_be_read_and_all_are_counted() -> None:
    odd = course(course=CellState.UNREADABLE, passed=False, person=CellState.BLANK)
    (row,) = only(TWO_YEARLY, PEOPLE, training(odd))
    assert (row.fails, row.failed) == (3, "'passed' is yes")


def hidden(spec: RegisterSpec, *names: str) -> RegisterSpec:
    """The register with these columns sensitive."""

    def column(each: ColumnSpec) -> ColumnSpec:
        return each.model_copy(update={"sensitive": each.name in names})

    return spec.model_copy(update={"columns": tuple(map(column, spec.columns))})


def test_nothing_is_echoed_from_a_sensitive_column() -> None:
    spec = hidden(make.TRAINING, "person", "course")
    (row,) = only(TWO_YEARLY, PEOPLE, make.table(spec, course(course="refresher")))
    assert row.seen == CellShown("C2", "course", None)
    assert row.names == {}


def test_of_two_days_that_are_compared_the_first_is_shown() -> None:
    query = PASSED.model_copy(
        update={"where": (Condition(column="completed on", on_or_before="completed on"),)}
    )
    duty = make.duty(
        make.version(Rolling(kind="rolling", every=make.months(24)), evidence=query, subjects=STAFF)
    )
    (row,) = only(duty, PEOPLE, training(course(completed_on=CellState.UNREADABLE)))
    assert (row.fails, row.failed) == (2, "'completed on' is on or before 'completed on'")


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
    good, odd = only(yearly(), reviews(*rows))
    assert (good.names, good.fails) == ({"period": "2026/27"}, 0)
    assert odd.failed == "'for period' names a financial year, or nothing"


def test_the_last_day_of_a_row_that_names_no_period_is_the_periods_own() -> None:
    (look,) = looks(yearly(make.days(28)), make.table(make.REVIEWS))
    assert look.unnamed_until == make.day("2027-03-31")
    assert look.rows == ()


NIL = NilReturn(list="plans", each="financial year")
GIVEN = "2026-04-01"
NIL_ROWS: tuple[tuple[make.Row, str], ...] = (
    (make.nil_return("plans", "2025/26", GIVEN), ""),
    (make.nil_return("other", "2025/26", GIVEN), "'list' is plans"),
    (
        make.nil_return("plans", "2026/27", GIVEN),
        "'given on' is not before the period's last day",
    ),
    (make.nil_return("plans", "2025/26 Q1", GIVEN), "'period' names a financial year"),
    (
        {**make.nil_return("plans", "2025/26", GIVEN), "by post": CellState.BLANK},
        "'by post' is filled",
    ),
)


def test_a_nil_return_is_looked_at_where_it_would_count() -> None:
    nils = make.table(make.NIL_RETURNS, *numbered([row for row, _ in NIL_ROWS], "N"))
    found = looks(yearly(make.days(28), NIL), nils)
    assert [each.register for each in found] == ["reviews", "nil returns"]
    assert [row.failed for row in found[1].rows] == [failed for _, failed in NIL_ROWS]
    assert found[1].rows[0].names == {"period": "2025/26"}


def test_what_stands_is_told_by_its_beginning_and_its_end() -> None:
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
    found = only(
        make.duty(make.version(pattern, evidence=query)), make.table(make.DOCUMENTS, *rows)
    )
    assert [each.failed for each in found] == [
        "",
        "'ended on' or 'review by' holds a day",
        "'ended on' holds a day, or nothing",
        "'issued on' holds a day",
    ]
    assert (found[0].date, found[0].until) == (make.day("2025-01-01"), make.day("2026-01-01"))
    assert found[1].until is None


def test_a_record_is_told_by_what_it_carries_and_whether_it_is_listed_at_all() -> None:
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
    (look,) = looks(make.duty(make.version(pattern)), make.table(make.ACTIONS, *rows))
    assert (look.own, look.pattern) == (True, "completeness")
    assert [each.names for each in look.rows] == [{"event": f"A{at}"} for at in range(1, 7)]
    assert [each.failed for each in look.rows] == [
        "",
        "'completed on' holds a day",
        "'completed on' holds no day after 30 June 2026",
        "'owner' is OPCC",
        "'cancelled' is not yes",
        "'measure' is filled",
    ]


ONCE_A_YEAR = Rolling(kind="rolling", every=make.months(12))
TOPICS = FixedList(
    kind="fixed list",
    named_in="covers",
    members=(Member(id="one", title="The first"), Member(id="two", title="The second")),
)


def test_the_members_of_a_list_are_named_by_their_titles() -> None:
    query = PLAN.model_copy(update={"period": None})
    duty = make.duty(make.version(ONCE_A_YEAR, evidence=query, subjects=TOPICS))
    rows = (review(covers="one; two"), review(covers="three"))
    both, neither = only(duty, reviews(*rows))
    assert both.names == {"subject": "The first; The second"}
    assert (neither.failed, neither.names) == ("'covers' names one of what the rule lists", {})


def test_members_with_conditions_of_their_own_are_looked_for_one_by_one() -> None:
    topics = FixedList(
        kind="fixed list",
        members=(
            Member(id="one", title="The first", where=(make.equals("note", "x"),)),
            Member(id="two", title="The second", where=(make.equals("note", "y"),)),
        ),
    )
    query = PLAN.model_copy(update={"period": None})
    duty = make.duty(make.version(ONCE_A_YEAR, evidence=query, subjects=topics))
    first, second = looks(duty, reviews(review(note="x")))
    assert (first.member, [each.failed for each in first.rows]) == ("The first", [""])
    assert (second.member, [each.failed for each in second.rows]) == ("The second", ["'note' is y"])


def test_the_key_is_told_where_the_subjects_row_names_the_item() -> None:
    query = EvidenceQuery(register="documents", dated="issued on", named_by_subject="policy")
    pattern = Triggered(kind="triggered", event=Joining(joining=True), within=make.days(28))
    duty = make.duty(make.version(pattern, evidence=query, subjects=STAFF))
    row = {"ref": "D7", "kind": "agreement", "issued on": "2025-01-01"}
    (found,) = only(duty, PEOPLE, make.table(make.DOCUMENTS, row))
    assert found.names == {"key": "D7"}


def test_each_version_that_judges_something_looks_by_itself() -> None:
    query = PLAN.model_copy(update={"period": None, "event": "about"})
    meeting_held = Events(register="meetings", dated="held on")
    pattern = Triggered(kind="triggered", event=meeting_held, within=make.days(28))
    early = make.version(pattern, evidence=query)
    other = query.model_copy(update={"where": (make.equals("subject", "other"),)})
    later = make.version(pattern, evidence=other, begins=make.day("2026-01-01"))
    held = [{"body": "group", "held on": day} for day in ("2025-12-01", "2026-02-01")]
    meetings = make.table(make.MEETINGS, *numbered(held, "M"))
    found = looks(make.duty(early, later), meetings, reviews(review(about="M1")))
    assert [(look.version_from, look.rows[0].failed) for look in found] == [
        (make.IN_FORCE, ""),
        (make.day("2026-01-01"), "'subject' is other"),
    ]
    assert found[0].rows[0].names == {"event": "M1"}


def test_a_register_that_is_missing_was_not_looked_through() -> None:
    assert looks(TWO_YEARLY, PEOPLE, make.missing(make.TRAINING)) == ()


# Large registers --------------------------------------------------------------------------------


def test_of_a_large_register_only_what_names_something_unmet_is_kept() -> None:
    rows = [course("P2") | {"note": str(number)} for number in range(MANY)]
    missed = course("P1", passed=False)
    (look,) = looks(TWO_YEARLY, PEOPLE, training(*rows, missed))
    assert [(row.row, row.names, row.failed) for row in look.rows] == [
        (MANY + 2, {"subject": "P1"}, "'passed' is yes")
    ]
    assert look.left_out == MANY


def test_at_the_limit_every_row_is_kept() -> None:
    rows = [course("P2") | {"note": str(number)} for number in range(MANY)]
    (look,) = looks(TWO_YEARLY, PEOPLE, training(*rows))
    assert (len(look.rows), look.left_out) == (MANY, 0)


def test_where_rows_name_nothing_the_nearest_are_kept() -> None:
    far = [
        review(subject="other", reviewed_on=CellState.BLANK, note=str(at))
        for at in range(MANY + 300)
    ]
    near = review(reviewed_on=CellState.BLANK)
    (look,) = looks(yearly(), reviews(*far[:2_000], near, *far[2_000:]))
    assert len(look.rows) == 200
    assert [row.failed for row in look.rows if row.row == 2_002] == ["'reviewed on' holds a day"]
    assert look.left_out == MANY + 301 - 200


# What counts is what meets everything -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Whole:
    """One duty, told, with its current obligations as they are shown."""

    told: EvaluatedDuty
    shown: tuple[ObligationOutcome, ...]


def _of_cases() -> Iterator[Whole]:
    for given in cases(420, 4_000):
        citations = CitationCache(given.evidence)
        context = OutcomeContext(given.rulebook, given.evidence, citations, given.as_of, {}, {})
        for each in traced(given):
            yield Whole(each, obligations(each, context).current)


@pytest.mark.long
def test_a_row_meets_every_condition_just_where_the_evaluator_lets_it_count() -> None:
    seen = {True: 0, False: 0}
    for whole in _of_cases():
        for look in examined_sheets(whole.told):
            qualifying = _qualifying(whole.told, look)
            for row in look.rows if qualifying is not None else ():
                assert (row.fails == 0) == (row.row in (qualifying or ())), (look, row)
                assert (row.fails == 0) == (row.failed == "")
                seen[row.fails == 0] += 1
    assert min(seen.values()) > 300


def _qualifying(it: EvaluatedDuty, look: ExaminedSheet) -> set[int] | None:
    """The sheet's numbers of the rows that the first evaluator lets count, whatever their day;
    None where it is not asked so: of records, of events' own rows and of nil returns."""
    scope = it.scope
    number = next(n for n, v in enumerate(scope.duty.versions) if v.begins == look.version_from)
    version = scope.version(number).version
    query, subjects = version.evidence, version.subjects
    if look.own or query is None or look.register != query.register:
        return None
    members: list[Member | None] = [None]
    if isinstance(subjects, FixedList):
        mine = [each for each in subjects.members if look.member in ("", each.title)]
        members = list(mine)
    found: set[int] = set()
    for member in members:
        items = items_of(scope, number, member)
        rows = [at for at, truth in enumerate(items.truth.tolist()) if truth == TRUE]
        found |= {items.columns.table.row_of[at] for at in rows}
    return found


@pytest.mark.long
def test_whatever_met_an_obligation_was_looked_at_and_fails_nothing() -> None:
    tried = 0
    for whole in _of_cases():
        rows = {
            (look.register, look.version_from, row.row): row.fails
            for look in examined_sheets(whole.told)
            for row in look.rows
            if row.fails == 0
        }
        for one in whole.shown:
            for item in one.evidence:
                assert rows[item.register, one.version_from, item.row] == 0
                tried += 1
    assert tried >= 40


def test_in_the_example_office_every_citation_was_looked_at() -> None:
    rulebook = load_rulebook()
    assert isinstance(rulebook, Rulebook)
    evidence = read_evidence([needs.ROOT / "examples" / "office.xlsx"], rulebook.registers)
    tried = 0
    for it, shown in _office(rulebook, evidence):
        rows = {
            (look.register, look.sheet, row.row)
            for look in examined_sheets(it)
            for row in look.rows
            if row.fails == 0
        }
        cited = {(i.register, i.sheet, i.row) for one in shown for i in one.evidence}
        assert cited <= rows, it.id
        tried += len(cited)
    assert tried > 400


def _office(
    rulebook: Rulebook, evidence: Evidence
) -> Iterator[tuple[EvaluatedDuty, tuple[ObligationOutcome, ...]]]:
    as_of = make.day("2026-11-24")
    context = OutcomeContext(rulebook, evidence, CitationCache(evidence), as_of, {}, {})
    columns = all_columns(evidence.tables, as_of)
    for each in judge_all(observe_all(rulebook, columns, as_of, lambda: None), decide_plainly):
        yield each, obligations(each, replace(context)).current


def test_only_current_obligations_decide_which_versions_look() -> None:
    it = told(TWO_YEARLY, PEOPLE, training(course()))
    assert {each.past for each in it.answers} == {Past.CURRENT}
    assert [look.version_from for look in examined_sheets(it)] == [make.IN_FORCE]
