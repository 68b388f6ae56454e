"""The history of a duty, and remarks on its obligations (engine/outcomes/obligations.py)."""

from __future__ import annotations

from engine.assessment import HistoryEntry
from engine.outcome import Status
from evidence.table import Table
from rules.model import Duty
from rules.patterns import EvidenceQuery, Standing
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    REVIEW,
    documents,
    meeting,
    reviews,
    standing,
    triggered,
    yearly,
)
from tests.support.engine_builders import Row, equals, months, version
from tests.support.one_of_each_status import ON
from tests.support.small_check import outcome

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
