"""What semantics.md says of rolling and standing duties and of roles and no other case holds: small
cases that both evaluators and the verifier have to judge alike."""

from __future__ import annotations

import pytest

from evidence.register import BLANK_NOTHING
from evidence.table import Table
from rules.model import Duty
from rules.patterns import EvidenceQuery, Standing
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    FLAGGED,
    NOTHING,
    STAFF,
    UNREADABLE,
    documents,
    each_person,
    person,
    reviews,
    rolling,
    standing,
)
from tests.support.engine_builders import (
    PEOPLE,
    Row,
    column,
    day,
    days,
    duty,
    equals,
    months,
    register,
    table,
    version,
)
from tests.support.three_evaluators import answers, lines, outcome, whole

# Rolling -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "joined", "deadline"),
    [
        ({"every": months(12)}, "2020-01-01", "2025-10-01"),  # in force + the interval
        ({"every": months(12)}, "2025-02-01", "2026-02-01"),  # joining + the interval
        ({"every": months(12), "first": days(28)}, "2025-02-01", "2025-03-01"),
        ({"every": months(12), "first_deadline": day("2025-03-31")}, "2024-10-01", "2025-03-31"),
        ({"every": months(12), "first_deadline": day("2025-03-31")}, "2024-10-02", "2025-10-02"),
    ],
)
def test_the_first_deadline_of_those_who_joined_or_were_flagged(
    more: dict[str, object], joined: str, deadline: str
) -> None:
    the_duty = each_person(**more)  # type: ignore[arg-type]
    on, opens = "2025-02-15", max(joined, "2024-10-01")
    (one,) = answers(the_duty, on, table(PEOPLE, person("ann", joined)))
    assert (str(one.opens), str(one.deadline)) == (opens, deadline)
    flagged = each_person(FLAGGED, **more)  # type: ignore[arg-type]
    records_begin = table(PEOPLE, person("ann", "2020-01-01", flagged_from=joined))
    (one,) = answers(flagged, on, records_begin)
    assert (str(one.opens), str(one.deadline)) == (opens, deadline)


def test_whatever_was_late_before_what_counts_is_the_last_time() -> None:
    """Done 100 days too late, it is met, and never met late."""
    done = reviews("2024-11-01", "2026-02-09")
    assert lines(rolling(), "2026-02-08", done) == ["overdue 2024-10-01..2025-11-01 -99"]
    (one,) = answers(rolling(), "2026-02-09", done)
    assert (one.status, one.late_days, str(one.deadline)) == ("met", 0, "2027-02-09")


# Standing ----------------------------------------------------------------------------------------


def test_within_the_notice_of_its_end_it_is_due_and_on_its_last_day_still_in_place() -> None:
    for ends in ("ended on", "review by"):
        held = documents(("2025-01-01", {ends: "2025-12-31"}))
        assert lines(standing(), "2025-11-01", held) == ["due 2024-10-01..2025-12-31 +60"]
        assert lines(standing(), "2025-10-31", held) == ["met 2024-10-01..2025-12-31 +61"]
        assert lines(standing(), "2025-12-31", held) == ["due 2024-10-01..2025-12-31 +0"]
        assert lines(standing(), "2026-01-01", held) == ["overdue 2024-10-01..2025-12-31 -1"]


def test_a_rule_that_asks_for_an_end_and_caps_it_takes_none_without_one() -> None:
    """The cap is no end; without that demand neither end nor review is met up to the cap."""
    held = documents(("2025-01-01", {}))
    capped = standing(review_within=months(12))
    assert lines(capped, "2025-06-01", held) == ["met 2024-10-01..2026-01-01 +214"]
    asking = standing(review_within=months(12), end_needed=True)
    assert lines(asking, "2025-06-01", held) == ["overdue 2024-10-01..2024-10-01 -243"]
    far = documents(("2025-01-01", {"ended on": "2035-01-01"}))
    assert lines(asking, "2025-06-01", far) == ["met 2024-10-01..2026-01-01 +214"]


def test_of_several_the_latest_end_is_the_deadline_also_once_all_are_past() -> None:
    several = documents(
        ("2024-01-01", {"ended on": "2025-06-30"}), ("2024-06-01", {"ended on": "2025-03-31"})
    )
    assert lines(standing(), "2025-04-15", several) == ["met 2024-10-01..2025-06-30 +76"]
    assert lines(standing(), "2025-07-02", several) == ["overdue 2024-10-01..2025-06-30 -2"]
    (found,) = [
        finding
        for finding in whole(standing(), "2025-03-01", several).findings
        if finding.kind == "Dates conflict"
    ]
    assert "31 March 2025" in found.message


def test_a_persons_own_successor_is_named_beside_a_due() -> None:
    """One that begins by the day after the end, and is about that person."""
    spec = register(
        "documents",
        column("person", "key"),
        column("issued on", "day"),
        column("ended on", "day", blank=BLANK_NOTHING),
    )
    query = EvidenceQuery(register="documents", subject="person")
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    the_duty = duty(version(pattern, evidence=query, subjects=STAFF))
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", "2020-01-01"))
    first: Row = {"issued on": "2025-01-01", "ended on": "2025-12-31"}
    for begins, said in (
        ("2026-01-01", "A successor is recorded from 1 January 2026."),
        ("2026-01-02", ""),
    ):
        rows = table(
            spec,
            {"ref": "D1", "person": "ann", **first},
            {"ref": "D2", "person": "bea", **first},
            {"ref": "D3", "person": "bea", "issued on": begins},
        )
        ann, bea = outcome(the_duty, "2025-12-01", people, rows).obligations
        assert (ann.status, ann.remarks) == ("due", ())
        assert (bea.status, bea.remarks) == ("due", (said,) if said else ())


# Roles -------------------------------------------------------------------------------------------

ROLES = register(
    "roles",
    column("role", "code"),
    column("from", "day"),
    column("to", "day", blank=BLANK_NOTHING),
).model_copy(update={"one_holder_of": "role"})
TERM = Standing(kind="standing", begins="from", ends="to")


def _chair() -> Duty:
    query = EvidenceQuery(register="roles", where=(equals("role", "chair"),))
    return duty(version(TERM, evidence=query))


def _roles(*rows: Row) -> Table:
    return table(ROLES, *({"ref": f"H{at}", "role": "chair", **row} for at, row in enumerate(rows)))


def _gaps(of: Duty, on: str, *tables: Table) -> list[tuple[str, str, str]]:
    return [
        (obligation.subject, str(obligation.opens), str(obligation.deadline))
        for obligation in outcome(of, on, *tables).history
        if obligation.outcome == "gap"
    ]


def test_gaps_between_the_holders_of_a_role_are_history_with_their_dates() -> None:
    first: Row = {"from": "2024-01-01", "to": "2025-01-31"}
    second: Row = {"from": "2025-02-11", "to": "2025-06-30"}
    third: Row = {"from": "2025-07-01"}
    on = "2025-09-01"
    gap = [("office", "2025-02-01", "2025-02-10")]
    assert _gaps(_chair(), on, _roles(first, second, third)) == gap
    assert _gaps(_chair(), on, _roles(third, first, second)) == gap
    assert outcome(_chair(), on, _roles(first, second, third)).status == "met"
    # A holder who ended between two that have no gap; one to come; and one with no end.
    assert _gaps(_chair(), on, _roles(first, {"from": "2025-02-01"})) == []
    assert _gaps(_chair(), on, _roles(first, {"from": "2025-10-01"})) == []
    assert _gaps(_chair(), on, _roles({"from": "2024-01-01"}, third)) == []
    # Nobody held it before the first did, nor after the last: neither is between two.
    assert _gaps(_chair(), on, _roles(second)) == []
    # What lies before the duty was in force is no part of it.
    early: Row = {"from": "2023-01-01", "to": "2024-06-30"}
    assert _gaps(_chair(), on, _roles(early, {"from": "2024-10-03"})) == [
        ("office", "2024-10-01", "2024-10-02")
    ]
    assert _gaps(_chair(), on, _roles(early, {"from": "2024-10-01"})) == []


def test_each_of_two_roles_has_its_own_gaps() -> None:
    posts = FixedList(
        kind="fixed list",
        named_in="role",
        members=(Member(id="chair", title="Chair"), Member(id="vice", title="Vice-chair")),
    )
    the_duty = duty(version(TERM, evidence=EvidenceQuery(register="roles"), subjects=posts))
    rows = _roles(
        {"from": "2024-01-01", "to": "2025-01-31"},
        {"from": "2025-02-03"},
        {"role": "vice", "from": "2024-01-01", "to": "2025-03-31"},
        {"role": "vice", "from": "2025-05-01"},
    )
    assert _gaps(the_duty, "2025-09-01", rows) == [
        ("Chair", "2025-02-01", "2025-02-02"),
        ("Vice-chair", "2025-04-01", "2025-04-30"),
    ]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([{"from": "2025-03-01", "to": "2025-04-30"}], "overdue 2024-10-01..2025-04-30 -32"),
        ([{"from": "2025-03-01"}, {"from": "2025-03-01", "to": "2025-04-01"}], "cannot_tell"),
        ([{"from": UNREADABLE}], "cannot_tell"),
        ([{"from": NOTHING}, {"from": "2025-03-01"}], "cannot_tell"),
        ([{"from": UNREADABLE, "to": "2025-04-01"}, {"from": "2025-03-01"}], "met 2024-10-01.."),
        ([{"from": "2025-07-01"}, {"from": "2025-03-01"}], "met 2024-10-01.."),
    ],
)
def test_who_holds_a_role(rows: list[Row], line: str) -> None:
    assert lines(_chair(), "2025-06-01", _roles(*rows)) == [line]
