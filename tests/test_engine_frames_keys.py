"""What keys have to name, planned meetings without a day, earlier training, caps and roles, as the
vectorised evaluator judges them (semantics.md: Evidence)."""

from __future__ import annotations

import pytest

from evidence.table import CellState, Table
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import EvidenceQuery, Joining, Standing, Triggered
from rules.subject import Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    COURSE,
    GROUP,
    PAIR,
    STAFF,
    ahead,
    declared,
    documents,
    meeting,
    person,
    standing,
    trained,
    triggered,
    yearly,
)
from tests.support.vectorised_answers import lines

NOTHING, UNREADABLE = CellState.NOTHING, CellState.UNREADABLE
ON = "2026-03-01"

# A key is filled --------------------------------------------------------------------------------

_REVIEWS = declared(make.REVIEWS, "about", refers_to="meetings")
_MEETINGS = make.MEETINGS.model_copy(update={"dated_by": "held on", "cancelled": "cancelled"})
_OF_GROUP = make.equals("body", "Steering Group")


def _minuted(*where: Condition) -> Duty:
    condition = Condition(column="about", filled=True, where=where)
    return yearly(EvidenceQuery(register="reviews", where=(condition,), dated="reviewed on"))


def _naming(name: make.Cell) -> Table:
    row: make.Row = {"ref": "R1", "subject": "plan", "reviewed on": "2026-02-20", "about": name}
    return make.table(_REVIEWS, row)


@pytest.mark.parametrize(
    ("named", "row", "counts"),
    [
        ("M1", meeting("M1", "2026-02-20"), True),
        ("m1", meeting("M1", ON), True),
        ("M2", meeting("M1", "2026-02-20"), False),
        ("M1", meeting("M1", "2026-03-02"), False),
        ("M1", meeting("M1", NOTHING), False),
        ("M1", meeting("M1", UNREADABLE), False),
        ("M1", meeting("M1", "2026-02-20", cancelled=True), False),
        ("M1", meeting("M1", "2026-02-20", cancelled=False), True),
        ("M1", meeting("M1", "2026-02-20", cancelled=UNREADABLE), False),
        ("M1", {**meeting("M1", "2026-02-20"), "body": "Board"}, False),
        ("M1", {**meeting("M1", "2026-02-20"), "body": UNREADABLE}, False),
        (NOTHING, meeting("M1", "2026-02-20"), False),
        (UNREADABLE, meeting("M1", "2026-02-20"), False),
    ],
)
def test_a_key_is_filled_that_names_a_row_that_counts(
    named: make.Cell, row: make.Row, counts: bool
) -> None:
    answer_lines = lines(_minuted(_OF_GROUP), ON, _naming(named), make.table(_MEETINGS, row))
    assert answer_lines[-1].split()[1] == ("met" if counts else "due")


def test_any_row_will_do_where_the_rule_does_not_say_which() -> None:
    board = make.table(_MEETINGS, {**meeting("M1", "2026-02-20"), "body": "Board"})
    assert lines(_minuted(), ON, _naming("M1"), board)[-1].split()[1] == "met"


def test_a_list_takes_rows_by_what_is_to_come() -> None:
    """A meeting that names one of the next month is listed already."""
    spec = make.register(
        "meetings",
        *make.MEETINGS.columns[1:],
        make.column("after", "key", blank="nothing").model_copy(update={"refers_to": "documents"}),
    )
    policies = make.DOCUMENTS.model_copy(update={"dated_by": "issued on"})
    table = make.table(spec, {**meeting("M1", "2026-02-20"), "after": "D0"})
    plan = make.table(policies, {"ref": "D0", "kind": "plan", "issued on": "2026-04-01"})
    listed = GROUP.model_copy(update={"where": (*GROUP.where, make.filled("after"))})
    assert lines(triggered(events=listed), ON, table, plan) == ["m1 due 2026-02-20..2026-03-20 +19"]


# A planned event --------------------------------------------------------------------------------

_PLANNED = declared(make.MEETINGS, "held on", planned=True)
_HELD = meeting("M1", "2026-01-10")


@pytest.mark.parametrize("day", [CellState.BLANK, UNREADABLE])
def test_a_planned_meeting_without_a_day_requires_nothing(day: CellState) -> None:
    """Nor is it the meeting before another; and the list is not empty for it alone."""
    both = make.table(_PLANNED, meeting("M2", day), _HELD)
    duty = ahead(since_previous=True)
    assert lines(duty, "2026-01-05", both) == ["m1 due 2024-10-01..2026-01-10 +5"]
    assert lines(duty, "2026-01-05", make.table(_PLANNED, meeting("M2", day))) == []


def test_a_planned_meeting_that_another_row_names_as_held_cannot_be_told() -> None:
    planned = make.table(_PLANNED, meeting("M2", UNREADABLE))
    assert lines(ahead(), ON, planned, _naming("M2")) == ["meetings row 0 cannot_tell"]
    assert lines(ahead(), ON, planned, _naming("M3")) == []
    cancelled = make.table(_PLANNED, meeting("M2", UNREADABLE, cancelled=True))
    assert lines(ahead(), ON, cancelled, _naming("M2")) == []


def test_a_day_that_is_wrong_or_of_no_planned_event_cannot_be_told() -> None:
    wrong = make.table(_PLANNED, {**meeting("M2", UNREADABLE), "held on": make.Unread("31 June")})
    assert lines(ahead(), ON, wrong) == ["meetings row 0 cannot_tell"]
    plain = make.table(make.MEETINGS, meeting("M2", UNREADABLE))
    assert lines(ahead(), ON, plain) == ["meetings row 0 cannot_tell"]


# Earlier training -------------------------------------------------------------------------------


def _joining(**more: object) -> Duty:
    pattern = Triggered.model_validate(
        {
            "kind": "triggered",
            "event": Joining(joining=True),
            "within": make.days(30),
            "already_there": True,
            "accepted_before": make.months(24),
            **more,
        }
    )
    return make.duty(make.version(pattern, evidence=COURSE, subjects=STAFF))


@pytest.mark.parametrize(
    ("starts", "done", "line"),
    [
        ("2025-11-01", "2025-10-31", "p1 met 2025-11-01..2025-12-01"),
        ("2025-11-01", "2023-11-01", "p1 met 2025-11-01..2025-12-01"),
        ("2025-11-01", "2023-10-31", "p1 overdue 2025-11-01..2025-12-01 -90"),
        ("2020-01-01", "2022-10-01", "p1 met 2024-10-01..2024-10-31"),
        ("2020-01-01", "2022-09-30", "p1 overdue 2024-10-01..2024-10-31 -486"),
    ],
)
def test_training_from_before_is_accepted_no_older_than_the_rule_says(
    starts: str, done: str, line: str
) -> None:
    people = make.table(make.PEOPLE, person("P1", starts))
    assert lines(_joining(), ON, people, trained(("P1", done))) == [line]


def test_an_earlier_opening_than_that_stays() -> None:
    """What the rule accepts from before is never less than the window."""
    duty = _joining(early=make.days(100), accepted_before=make.days(50))
    people = make.table(make.PEOPLE, person("P1", "2025-11-01"))
    assert lines(duty, ON, people, trained(("P1", "2025-08-01"))) == [
        "p1 met 2025-07-24..2025-12-01"
    ]


# A cap ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ends",
    [
        {"ended on": "2035-01-01"},
        {"review by": "2035-01-01"},
        {"ended on": "2035-01-01", "review by": "2036-01-01"},
        {},
    ],
)
def test_a_far_end_a_far_review_and_neither_count_as_at_the_cap(ends: make.Row) -> None:
    """In place from 1 March 2025, and reviewed within twelve months: until 1 March 2026."""
    duty, row = standing(review_within=make.months(12)), documents(("2025-03-01", ends))
    assert lines(duty, ON, row) == ["due 2024-10-01..2026-03-01 +0"]
    assert lines(duty, "2026-03-02", row) == ["overdue 2024-10-01..2026-03-01 -1"]


def test_an_end_before_the_cap_stays_and_a_required_one_must_be_given() -> None:
    capped = standing(review_within=make.months(24), end_needed=True)
    assert lines(capped, ON, documents(("2025-03-01", {"ended on": "2026-01-31"}))) == [
        "overdue 2024-10-01..2026-01-31 -29"
    ]
    assert lines(capped, ON, documents(("2025-03-01", {})))[0].startswith("overdue")
    assert lines(capped, ON, documents(("2025-03-01", {"review by": "2035-01-01"}))) == [
        "met 2024-10-01..2027-03-01 +365"
    ]


# Roles ------------------------------------------------------------------------------------------

_POSTS = make.register(
    "documents",
    make.column("kind", "code"),
    make.column("issued on", "day"),
    make.column("ended on", "day", blank="nothing"),
    make.column("trained", "yes/no", blank="no"),
).model_copy(update={"one_holder_of": "kind"})


def _chair() -> Duty:
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    where = (make.equals("kind", "chair"), make.says("trained"))
    query = EvidenceQuery(register="documents", where=where)
    return make.duty(make.version(pattern, evidence=query))


def _held(*rows: make.Row) -> Table:
    return make.table(
        _POSTS, *({"ref": f"H{at}", "kind": "chair", **row} for at, row in enumerate(rows))
    )


def _from(begins: make.Cell, *, able: bool = True, **more: make.Cell) -> make.Row:
    cells = {name.replace("_", " "): cell for name, cell in more.items()}
    return {"issued on": begins, "trained": able, **cells}


def test_an_old_holder_serves_no_more_once_the_next_has_begun() -> None:
    old, new = _from("2024-10-01"), _from("2026-01-10", able=False)
    assert lines(_chair(), "2026-01-09", _held(old, new)) == ["met 2024-10-01.."]
    assert lines(_chair(), ON, _held(old, new)) == ["overdue 2024-10-01..2026-01-09 -51"]
    assert lines(_chair(), ON, _held(old, {**new, "trained": True})) == ["met 2024-10-01.."]


def test_a_holder_who_has_ended_leaves_the_role_to_nobody() -> None:
    old, new = _from("2024-10-01"), _from("2025-06-01", ended_on="2026-02-01")
    assert lines(_chair(), ON, _held(old, new)) == ["overdue 2024-10-01..2026-02-01 -28"]


@pytest.mark.parametrize(
    "other",
    [
        _from("2026-01-10", able=False),  # two begin on one day
        _from(UNREADABLE, able=False),  # not ended, and no beginning
        _from(NOTHING),
        {**_from("2026-02-01"), "kind": UNREADABLE},  # it may be of the role, and later
    ],
)
def test_it_cannot_be_told_who_holds_the_role(other: make.Row) -> None:
    assert lines(_chair(), ON, _held(_from("2026-01-10"), other)) == ["cannot_tell"]
    waived = make.table(make.WAIVERS, make.waiver("all", "2026-01-01", "2026-12-31"))
    assert lines(_chair(), ON, _held(_from("2026-01-10"), other), waived) == ["waived"]


@pytest.mark.parametrize(
    "other",
    [
        _from(UNREADABLE, ended_on="2026-02-28"),  # ended
        _from(UNREADABLE, ended_on=UNREADABLE),  # reads as ended
        {**_from("2026-01-09"), "kind": UNREADABLE},  # earlier than the holder, whatever it is
        {**_from("2026-01-10"), "kind": "deputy"},  # of another role
        _from("2026-03-02", able=False),  # not begun yet
    ],
)
def test_what_bears_on_no_holder_changes_nothing(other: make.Row) -> None:
    assert lines(_chair(), ON, _held(_from("2026-01-10"), other)) == ["met 2024-10-01.."]


def test_two_posts_are_two_roles() -> None:
    members = (Member(id="chair", title="Chair"), Member(id="deputy", title="Deputy"))
    posts = PAIR.model_copy(update={"named_in": "kind", "members": members})
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    query = EvidenceQuery(register="documents", where=(make.says("trained"),))
    duty = make.duty(make.version(pattern, evidence=query, subjects=posts))
    rows = _held(
        _from("2024-10-01"),
        _from("2026-01-10", able=False),
        {**_from("2025-06-01"), "kind": "deputy"},
    )
    assert lines(duty, ON, rows) == [
        "chair overdue 2024-10-01..2026-01-09 -51",
        "deputy met 2024-10-01..",
    ]
