"""Which unread rows an obligation that is not met names, and which it shares with others."""

from __future__ import annotations

import pytest

from engine.assessment import DutyOutcome
from engine.outcome import Status
from evidence.table import CellState
from rules.patterns import EvidenceQuery, Triggered
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    ABOUT,
    BLANK,
    BY_DATE,
    GROUP,
    STAFF,
    UNREADABLE,
    each_person,
    meeting,
    person,
    trained,
    yearly,
)
from tests.support.engine_builders import (
    MEETINGS,
    PEOPLE,
    REVIEWS,
    TRAINING,
    Row,
    Unread,
    days,
    duty,
    filled,
    table,
    version,
)
from tests.support.small_check import outcome

ON = "2026-10-02"
TWO = table(PEOPLE, person("P-1", "2024-01-01"), person("P-2", "2024-01-01"))


def named(found: DutyOutcome) -> list[list[int]]:
    """The rows that stand with each obligation that is not met."""
    return [
        [item.row for item in obligation.unreadable]
        for obligation in found.obligations
        if obligation.status in (Status.DUE, Status.OVERDUE)
    ]


def pointed(found: DutyOutcome) -> list[list[int]]:
    """The rows to which each obligation that is not met points."""
    rows = {row.id: [item.row for item in row.rows] for row in found.unread_rows}
    unmet = [
        obligation
        for obligation in found.obligations
        if obligation.status in (Status.DUE, Status.OVERDUE)
    ]
    for one in unmet:
        for pointer in one.unread_groups:
            assert pointer.count == len(rows[pointer.id])
    return [[row for group in one.unread_groups for row in rows[group.id]] for one in unmet]


def shared(found: DutyOutcome) -> list[tuple[str, str, list[int]]]:
    """The rows that stand with the duty: the id, the column that is silent, and the rows."""
    return [(row.id, row.column, [item.row for item in row.rows]) for row in found.unread_rows]


@pytest.mark.parametrize("nobody", [BLANK, UNREADABLE])
def test_rows_that_name_nobody_are_shown_once_and_a_persons_rows_with_the_person(
    nobody: CellState,
) -> None:
    rows: list[tuple[CellState | str, str]] = [
        (nobody, "2026-05-01"),
        ("P-1", "2026-05-02"),
        (nobody, "2026-05-03"),
    ]
    done: Row = {"course": "awareness", "passed": True}
    given: list[Row] = [{**done, "person": name, "completed on": day} for name, day in rows]
    given[1] = {**given[1], "passed": UNREADABLE}
    result = outcome(each_person(), ON, TWO, table(TRAINING, *given))
    assert shared(result) == [("the-duty-unread-1", "person", [2, 4])]
    assert named(result) == [[3], []]
    assert pointed(result) == [[2, 4], [2, 4]]


def test_a_row_whose_reference_two_rows_share_is_about_nobody_else() -> None:
    """It cannot be read, since it may be about either, and no correction makes it about P-2."""
    columns = [
        column.model_copy(update={"refers_to": "people"}) if column.name == "person" else column
        for column in TRAINING.columns
    ]
    training = TRAINING.model_copy(update={"columns": tuple(columns)})
    done: Row = {"course": "awareness", "passed": True, "completed on": "2026-05-01"}
    rows = table(training, {**done, "person": Unread("P-1")}, {**done, "person": Unread("#REF!")})
    found = outcome(each_person(), ON, TWO, rows)
    assert [obligation.subject for obligation in found.obligations] == ["P-1", "P-2"]
    assert (named(found), pointed(found)) == ([[2], []], [[3], [3]])


def test_rows_that_might_meet_only_one_obligation_are_shown_with_it() -> None:
    rows = trained((BLANK, "2026-05-01"), ("P-2", "2026-05-02"), (BLANK, "2026-05-03"))
    result = outcome(each_person(), ON, TWO, rows)
    assert [obligation.status for obligation in result.obligations] == [Status.OVERDUE, Status.MET]
    assert shared(result) == []
    assert named(result) == [[2, 4]]


def test_every_row_of_the_office_is_shown_with_its_one_obligation() -> None:
    row: Row = {"subject": "model", "reviewed on": UNREADABLE}
    rows = table(REVIEWS, *({**row, "ref": f"R{at}", "note": f"note {at}"} for at in range(30)))
    result = outcome(yearly(BY_DATE), ON, rows)
    assert shared(result) == []
    assert named(result) == [list(range(2, 32))]


def test_a_row_dated_after_the_day_might_meet_nothing() -> None:
    rows = trained((BLANK, "2026-05-01"), (BLANK, "2027-05-03"))
    assert pointed(outcome(each_person(), ON, TWO, rows)) == [[2], [2]]


def test_rows_about_one_event_are_shared_by_the_people_asked_about_it() -> None:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    the_duty = duty(version(pattern, evidence=ABOUT, subjects=STAFF))
    held = table(MEETINGS, meeting("SG-1", "2026-05-01"), meeting("SG-2", "2026-06-01"))
    names: list[CellState | str] = ["SG-1", "SG-2", BLANK, "SG-1"]
    row: Row = {"subject": "model", "reviewed on": UNREADABLE}
    rows = table(
        REVIEWS, *({**row, "ref": f"R{at}", "about": name} for at, name in enumerate(names))
    )
    result = outcome(the_duty, ON, TWO, held, rows)
    assert [obligation.subject for obligation in result.obligations] == [
        "SG-1, P-1", "SG-1, P-2", "SG-2, P-1", "SG-2, P-2",
    ]  # fmt: skip
    assert sorted(shared(result)) == [
        ("the-duty-unread-1", "", [2, 5]),
        ("the-duty-unread-2", "about", [4]),
        ("the-duty-unread-3", "", [3]),
    ]
    assert pointed(result) == [[2, 5, 4], [2, 5, 4], [3, 4], [3, 4]]
    assert named(result) == [[], [], [], []]


def test_a_list_of_topics_shares_the_rows_whose_topic_cannot_be_read() -> None:
    topics = FixedList(
        kind="fixed list",
        named_in="subject",
        members=(Member(id="first", title="First"), Member(id="second", title="Second")),
    )
    query = EvidenceQuery(register="reviews", dated="reviewed on")
    the_duty = duty(version(each_person().versions[0].pattern, evidence=query, subjects=topics))
    rows = table(
        REVIEWS,
        {"ref": "R1", "subject": UNREADABLE, "reviewed on": "2026-05-01"},
        {"ref": "R2", "subject": "first", "reviewed on": UNREADABLE},
    )
    result = outcome(the_duty, ON, rows)
    assert len(result.obligations) == 2
    rows_of = sorted(
        row
        for mine, theirs in zip(named(result), pointed(result), strict=True)
        for row in mine + theirs
    )
    assert rows_of == [2, 2, 3]


def test_an_events_own_row_is_shown_with_each_obligation_about_it() -> None:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    query = EvidenceQuery(
        register="meetings", itself=True, where=(filled("present"),), dated="held on"
    )
    the_duty = duty(version(pattern, evidence=query, subjects=STAFF))
    held = table(MEETINGS, meeting("SG-1", "2026-05-01", present=UNREADABLE))
    result = outcome(the_duty, ON, TWO, held)
    assert shared(result) == []
    assert named(result) == [[2], [2]]
