"""The outcomes of obligations: history, remarks and vacancies (engine/outcomes/obligations.py)."""

from __future__ import annotations

import pytest

from engine.assessment import HistoryEntry, Remedy
from engine.columns.arrays import all_columns
from engine.decision.rule import decide_plainly
from engine.evaluated_duty import judge_all
from engine.frames.observe import observe_all
from engine.outcome import Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.proof.citations import CitationCache
from evidence.register import BLANK_NOTHING
from evidence.table import Table
from rules.model import Duty
from rules.patterns import EvidenceQuery, Standing
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    REVIEW,
    STAFF,
    documents,
    meeting,
    person,
    reviews,
    standing,
    triggered,
    yearly,
)
from tests.support.engine_builders import Row, equals, months, version
from tests.support.keyed_registers import TRAINED, holders, lead, only
from tests.support.one_of_each_status import ON
from tests.support.small_check import checked, outcome

# History -----------------------------------------------------------------------------------------


def _told(entries: tuple[HistoryEntry, ...]) -> list[tuple[str, str, str, str, str, int]]:
    return [
        (
            entry.subject,
            entry.window,
            entry.outcome,
            str(entry.opens),
            str(entry.deadline),
            entry.late_days,
        )
        for entry in entries
    ]


def test_earlier_windows_are_history() -> None:
    result = outcome(yearly(part="Q4"), ON, reviews("2026-01-05", "2027-04-02"))
    assert _told(result.history) == [
        ("office", "2024/25", "missed", "2025-01-01", "2025-03-31", 0),
    ]
    later = outcome(yearly(part="Q4"), "2028-01-05", reviews("2026-01-05", "2027-04-02"))
    assert _told(later.history)[1:] == [
        ("office", "2025/26", "met", "2026-01-01", "2026-03-31", 0),
        ("office", "2026/27", "met late", "2027-01-01", "2027-03-31", 2),
    ]
    assert [len(obligation.evidence) for obligation in later.history] == [0, 1, 1]
    assert later.counts.total == 1


def test_what_lapsed_or_was_settled_is_history() -> None:
    held = make.table(
        make.MEETINGS,
        *(meeting(f"M{n}", on) for n, on in enumerate(("2024-11-01", "2024-11-02", "2024-11-03"))),
    )
    done = [("M1", "2024-11-05"), ("M2", "2024-12-05")]
    rows = [{**REVIEW, "ref": ref, "reviewed on": on, "about": ref} for ref, on in done]
    result = outcome(triggered(lapse=months(12)), ON, held, make.table(make.REVIEWS, *rows))
    assert _told(result.history) == [
        ("M0", "", "lapsed", "2024-11-01", "2024-11-29", 0),
        ("M1", "", "met", "2024-11-02", "2024-11-30", 0),
        ("M2", "", "met late", "2024-11-03", "2024-12-01", 4),
    ]


def test_history_is_ordered_by_deadline_and_then_by_subject() -> None:
    held = (meeting("M3", "2024-11-02"), meeting("M2", "2024-11-01"), meeting("M1", "2024-11-01"))
    result = outcome(triggered(lapse=months(12)), ON, make.table(make.MEETINGS, *held))
    assert [(entry.subject, str(entry.deadline)) for entry in result.history] == [
        ("M1", "2024-11-29"),
        ("M2", "2024-11-29"),
        ("M3", "2024-11-30"),
    ]


def test_a_gap_between_two_rows_in_place_is_history() -> None:
    given = documents(
        ("2023-01-01", {"ended on": "2025-01-31"}),
        ("2025-02-11", {"ended on": "2025-06-30"}),
        ("2025-07-01", {}),
    )
    result = outcome(standing(), ON, given)
    assert _told(result.history) == [("office", "", "gap", "2025-02-01", "2025-02-10", 0)]


def test_a_gap_from_before_the_duty_is_cut_by_its_first_day() -> None:
    given = documents(("2023-01-01", {"ended on": "2024-01-31"}), ("2024-10-11", {}))
    result = outcome(standing(), ON, given)
    assert _told(result.history) == [("office", "", "gap", "2024-10-01", "2024-10-10", 0)]


def _roles(*rows: Row) -> tuple[Duty, Table]:
    members = tuple(
        Member(id=each, title=f"The {each}", where=(equals("kind", each),))
        for each in ("chair", "deputy")
    )
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    subjects = FixedList(kind="fixed list", members=members)
    query = EvidenceQuery(register="documents")
    duty = make.duty(version(pattern, evidence=query, subjects=subjects))
    refs = [{"ref": f"D{n}", **row} for n, row in enumerate(rows)]
    return duty, make.table(make.DOCUMENTS, *refs)


def test_each_role_of_a_list_has_gaps_of_its_own() -> None:
    duty, given = _roles(
        {"kind": "chair", "issued on": "2024-10-01", "ended on": "2025-03-31"},
        {"kind": "deputy", "issued on": "2025-03-01"},
        {"kind": "chair", "issued on": "2025-05-01"},
    )
    result = outcome(duty, ON, given)
    assert _told(result.history) == [("The chair", "", "gap", "2025-04-01", "2025-04-30", 0)]


def test_gaps_of_several_roles_are_in_the_order_of_their_last_days() -> None:
    duty, given = _roles(
        {"kind": "chair", "issued on": "2024-10-01", "ended on": "2025-03-31"},
        {"kind": "chair", "issued on": "2025-05-01"},
        {"kind": "deputy", "issued on": "2024-10-01", "ended on": "2025-01-31"},
        {"kind": "deputy", "issued on": "2025-03-01"},
    )
    result = outcome(duty, ON, given)
    assert [(entry.subject, str(entry.deadline)) for entry in result.history] == [
        ("The deputy", "2025-02-28"),
        ("The chair", "2025-04-30"),
    ]


# Remarks ---------------------------------------------------------------------------------------


def _remarks(*following: tuple[str, Row]) -> tuple[str, ...]:
    given = documents(("2025-01-01", {"ended on": "2026-06-10"}), *following)
    (one,) = outcome(standing(), ON, given).obligations
    assert one.status is Status.DUE
    return one.remarks


def test_a_successor_without_a_gap_is_named_beside_a_due() -> None:
    assert _remarks(("2026-06-11", {})) == ("A successor is recorded from 11 June 2026.",)
    assert _remarks(("2026-06-12", {})) == ()
    assert _remarks() == ()


def test_a_successor_of_one_role_is_named_beside_that_role() -> None:
    duty, given = _roles(
        {"kind": "chair", "issued on": "2024-10-01", "ended on": "2026-06-10"},
        {"kind": "chair", "issued on": "2026-06-01"},
        {"kind": "deputy", "issued on": "2024-10-01", "ended on": "2026-06-10"},
    )
    chair, deputy = outcome(duty, ON, given).obligations
    assert chair.remarks == ("A successor is recorded from 1 June 2026.",)
    assert deputy.remarks == ()


PASSES = make.register(
    "passes",
    make.column("person", "key"),
    make.column("from", "day"),
    make.column("to", "day", blank=BLANK_NOTHING),
)


def _passes(*rows: Row) -> list[tuple[str, Status, tuple[str, ...]]]:
    """The remarks on the duty that each of two people has a pass."""
    pattern = Standing(kind="standing", begins="from", ends="to", notice=make.days(60))
    query = EvidenceQuery(register="passes", subject="person")
    duty = make.duty(version(pattern, evidence=query, subjects=STAFF))
    people = make.table(make.PEOPLE, person("P-1", "2024-01-01"), person("P-2", "2024-01-01"))
    given = make.table(PASSES, *({"ref": f"P{n}", **row} for n, row in enumerate(rows)))
    (found,) = checked(make.rulebook((*make.REGISTERS, PASSES), duty), ON, given, people).duties
    return [(each.subject, each.status, each.remarks) for each in found.obligations]


def test_a_successor_is_one_of_the_same_person() -> None:
    old: Row = {"person": "P-1", "from": "2024-10-01", "to": "2026-06-10"}
    new: Row = {"from": "2026-06-11"}
    first, _ = _passes(old, {"person": "P-2", **new})
    assert first == ("P-1", Status.DUE, ())
    first, _ = _passes(old, {"person": "P-1", **new})
    assert first == ("P-1", Status.DUE, ("A successor is recorded from 11 June 2026.",))


def test_an_item_that_the_subjects_row_does_not_name_is_no_successor() -> None:
    pattern = Standing(kind="standing", begins="issued on", ends="ended on", notice=make.days(60))
    query = EvidenceQuery(register="documents", named_by_subject="policy")
    duty = make.duty(version(pattern, evidence=query, subjects=STAFF))
    people = make.table(make.PEOPLE, person("P-1", "2024-01-01", policy="D0"))
    given = documents(("2024-10-01", {"ended on": "2026-06-10"}), ("2026-06-11", {}))
    (one,) = outcome(duty, ON, people, given).obligations
    assert (one.status, one.remarks) == (Status.DUE, ())


def test_only_an_obligation_that_is_due_has_a_remark_on_its_successor() -> None:
    given = documents(("2025-01-01", {"ended on": "2026-06-10"}), ("2026-06-11", {}))
    waivers = make.table(make.WAIVERS, make.waiver("office", "2026-01-01", "2026-12-31"))
    (one,) = outcome(standing(), ON, given, waivers).obligations
    assert (one.status, one.remarks) == (Status.WAIVED, ())


# Fields ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "vacant"), [({"to": "2026-03-01"}, True), ({}, False)], ids=["ended", "held"]
)
def test_a_role_is_vacant_only_if_nobody_holds_it(ended: Row, vacant: bool) -> None:
    """A holder who lacks training leaves the duty overdue, and the role filled."""
    holder: Row = {"from": "2024-01-01", **ended}
    one = only(lead(TRAINED), holders(holder))
    assert (one.status, one.vacant) == (Status.OVERDUE, vacant)
    assert not only(lead(), holders({"from": "2024-01-01"})).vacant


def test_an_outcome_has_the_days_and_the_rule_of_its_own_answer() -> None:
    held = meeting("M1", "2026-05-10"), meeting("M2", "2026-04-01")
    due, overdue = outcome(triggered(), ON, make.table(make.MEETINGS, *held)).obligations
    assert [
        (each.subject, each.status, str(each.opens), str(each.deadline), each.days, each.rule.name)
        for each in (due, overdue)
    ] == [
        ("M1", Status.DUE, "2026-05-10", "2026-06-07", 18, "the-duty/due"),
        ("M2", Status.OVERDUE, "2026-04-01", "2026-04-29", -21, "the-duty/overdue"),
    ]
    assert due.rule.situation["deadline_passed"] == 0
    assert overdue.rule.situation["deadline_passed"] == 1
    assert [each.listed_at and each.listed_at.row for each in (due, overdue)] == [2, 3]


def test_a_remedy_names_what_the_obligation_is_about_unless_it_is_the_office() -> None:
    """Without an explanation, remedies are not tried, so that this shows them as proposed."""
    held = make.table(make.MEETINGS, meeting("M1", "2026-05-10"))
    (about_meeting,) = _proposed(triggered(), held)
    assert about_meeting.words.endswith("(for M1).")
    (of_office,) = _proposed(standing())
    assert "(for " not in of_office.words


def _proposed(duty: Duty, *given: Table) -> tuple[Remedy, ...]:
    """The remedies of the one obligation of a duty, which were not tried."""
    tables = {spec.id: make.table(spec) for spec in make.REGISTERS}
    tables |= {table.register.id: table for table in given}
    book, as_of = make.rulebook(make.REGISTERS, duty), make.day(ON)
    observed = observe_all(book, all_columns(tables, as_of), as_of, lambda: None)
    (evaluated,) = judge_all(observed, decide_plainly)
    evidence = make.shown(*tables.values())
    context = OutcomeContext(book, evidence, CitationCache(evidence), as_of, {}, {})
    (one,) = obligation_outcomes(evaluated, context).current
    return one.would_be_met_by
