"""Roles, worked by hand: both evaluators and the verifier must agree."""

from __future__ import annotations

import pytest

from evidence.register import BLANK_NOTHING
from evidence.table import Table
from rules.model import Duty
from rules.patterns import EvidenceQuery, Standing
from rules.subject import FixedList, Member
from tests.support.agreed_answers import BLANK, NOTHING, UNREADABLE, answers_of, lines
from tests.support.engine_builders import (
    Row,
    column,
    duty,
    equals,
    filled,
    months,
    register,
    table,
    version,
)

ROLES = register(
    "roles",
    column("role", "code"),
    column("from", "day"),
    column("to", "day", blank=BLANK_NOTHING),
    column("trained on", "day", blank=BLANK_NOTHING),
).model_copy(update={"one_holder_of": "role"})
TERM = Standing(kind="standing", begins="from", ends="to")
ON = "2025-06-01"
CANNOT_TELL = ["cannot_tell"]
TRAINED = {"trained on": "2020-05-01"}
OLD: Row = {"from": "2020-01-01", **TRAINED}
NEW: Row = {"from": "2025-03-01", **TRAINED}


def trained_chair(**more: object) -> Duty:
    """The chair is in place and trained."""
    query = EvidenceQuery(register="roles", where=(equals("role", "chair"), filled("trained on")))
    return duty(version(TERM.model_copy(update=more), evidence=query))


def roles(*rows: Row) -> Table:
    return table(ROLES, *({"ref": f"H{at}", "role": "chair", **row} for at, row in enumerate(rows)))


def chairs(*rows: Row, on: str = ON) -> list[str]:
    return lines(trained_chair(), on, roles(*rows))


IN_PLACE = ["met 2024-10-01.."]
UNTIL_NEW = ["overdue 2024-10-01..2025-02-28 -93"]


def test_each_earlier_holder_ends_the_day_before_the_next_begins() -> None:
    untrained = {"from": "2025-03-01"}
    assert chairs(OLD) == IN_PLACE
    assert chairs(OLD, untrained) == UNTIL_NEW
    assert chairs(untrained, OLD) == UNTIL_NEW
    assert chairs({**OLD, "to": "2030-01-01"}, untrained) == UNTIL_NEW  # a later end too
    assert chairs({**OLD, "to": "2025-01-31"}, untrained) == ["overdue 2024-10-01..2025-01-31 -121"]
    assert chairs(OLD, NEW) == IN_PLACE
    (answer,) = answers_of(trained_chair(), ON, roles(OLD, NEW))
    assert [ref.row for ref in answer.met_by] == [1]


def test_a_successor_counts_from_the_day_it_begins() -> None:
    untrained = {"from": "2025-03-01"}
    assert chairs(OLD, untrained, on="2025-02-28") == IN_PLACE
    assert chairs(OLD, untrained, on="2025-03-01") == ["overdue 2024-10-01..2025-02-28 -1"]


def test_if_the_holder_has_ended_nobody_holds_the_role() -> None:
    """Not the one before, who has no end; nor one before who ended later than the holder."""
    gone = {**NEW, "to": "2025-05-01"}
    for before in (OLD, {**OLD, "to": "2026-01-01"}):
        assert chairs(before, gone) == ["overdue 2024-10-01..2025-05-01 -31"]
    assert chairs(OLD, {**NEW, "to": ON}) == ["due 2024-10-01..2025-06-01 +0"]
    assert chairs(OLD, {**NEW, "to": UNREADABLE}) == UNTIL_NEW  # reads as ended


def test_rows_of_another_role_end_nothing() -> None:
    assert chairs(OLD, {"role": "vice", "from": "2025-03-01"}) == IN_PLACE


def test_the_other_conditions_are_about_the_holder() -> None:
    """An unreadable training day is about the holder; it does not hide who holds the role."""
    assert chairs(OLD, {"from": "2025-03-01", "trained on": UNREADABLE}) == UNTIL_NEW


def test_two_holders_who_begin_on_one_day_cannot_be_told() -> None:
    assert chairs(NEW, {"from": "2025-03-01"}) == CANNOT_TELL
    assert chairs(NEW, {"from": "2025-03-01", "to": "2025-04-01"}) == CANNOT_TELL
    assert chairs(OLD, {**OLD, "trained on": NOTHING}, NEW) == IN_PLACE  # both long followed
    assert chairs(OLD, {**OLD, "trained on": NOTHING}, {"from": "2025-03-01"}) == UNTIL_NEW
    to_come = {"from": "2025-07-01"}
    assert chairs(OLD, {**to_come, "ref": "x"}, to_come) == IN_PLACE


@pytest.mark.parametrize("begins", [UNREADABLE, BLANK, NOTHING])
def test_a_holder_without_an_end_or_a_readable_beginning_cannot_be_told(begins: str) -> None:
    row: Row = {"from": begins}
    assert chairs(NEW, row) == CANNOT_TELL
    assert chairs(row) == CANNOT_TELL
    assert chairs(NEW, {**row, "to": ON}) == CANNOT_TELL
    assert chairs(NEW, {**row, "to": "2025-05-31"}) == IN_PLACE
    assert chairs(NEW, {**row, "to": UNREADABLE}) == IN_PLACE
    assert chairs(NEW, {**row, "role": UNREADABLE}) == CANNOT_TELL
    assert chairs(NEW, {**row, "role": "vice"}) == IN_PLACE
    without = trained_chair(ends=None)
    assert lines(without, ON, roles(NEW, {**row, "to": "2025-05-31"})) == CANNOT_TELL


def test_a_row_that_may_be_a_later_holder_cannot_be_told() -> None:
    maybe: Row = {"role": UNREADABLE}
    assert chairs(NEW, {**maybe, "from": "2025-03-01"}) == CANNOT_TELL
    assert chairs(NEW, {**maybe, "from": "2025-06-01"}) == CANNOT_TELL
    assert chairs(NEW, {**maybe, "from": "2025-06-02"}) == IN_PLACE
    assert chairs(NEW, {**maybe, "from": "2025-02-28"}) == IN_PLACE
    assert chairs({**maybe, "from": "2020-01-01"}) == CANNOT_TELL
    assert chairs() == ["overdue 2024-10-01..2024-10-01 -243"]


def test_a_cap_on_its_term_ends_a_holder_too() -> None:
    the_duty = trained_chair(review_within=months(6))
    assert lines(the_duty, ON, roles(OLD, NEW)) == ["met 2024-10-01..2025-09-01 +92"]
    assert lines(the_duty, ON, roles({**OLD, "from": "2024-11-01"})) == [
        "overdue 2024-10-01..2025-05-01 -31"
    ]


def test_each_member_of_a_fixed_list_is_a_role_of_its_own() -> None:
    named = FixedList(
        kind="fixed list",
        named_in="role",
        members=(Member(id="chair", title="Chair"), Member(id="vice", title="Vice-chair")),
    )
    by_condition = FixedList(
        kind="fixed list",
        members=tuple(
            Member(id=role, title=role, where=(equals("role", role),)) for role in ("chair", "vice")
        ),
    )
    query = EvidenceQuery(register="roles", where=(filled("trained on"),))
    rows = roles(OLD, {"from": "2025-03-01"}, {"role": "vice", "from": "2025-01-01", **TRAINED})
    unsure: Row = {"role": UNREADABLE, "from": "2025-02-01"}
    for members in (named, by_condition):
        the_duty = duty(version(TERM, evidence=query, subjects=members))
        assert lines(the_duty, ON, rows) == [f"chair {UNTIL_NEW[0]}", f"vice {IN_PLACE[0]}"]
        assert lines(the_duty, ON, roles(NEW, {**OLD, "role": "vice"}, unsure)) == [
            f"chair {IN_PLACE[0]}",
            "vice cannot_tell",
        ]


def test_in_a_register_of_no_roles_any_row_serves() -> None:
    plain = ROLES.model_copy(update={"one_holder_of": None})
    rows = [{"ref": "1", "role": "chair", **OLD}, {"ref": "2", "role": "chair", **NEW}]
    untrained = {**rows[1], "trained on": NOTHING}
    assert lines(trained_chair(), ON, table(plain, rows[0], untrained)) == IN_PLACE
