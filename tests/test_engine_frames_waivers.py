"""By what names a waiver may call what it waives, as the vectorised evaluator reads it
(semantics.md: Waiver)."""

from __future__ import annotations

import pytest

from evidence.table import CellState, Table
from rules.model import Duty
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import ABOUT, briefing_each, each_person, meeting, triggered
from tests.support.vectorised_answers import lines

ON = "2025-03-01"


def _waiver(text: str) -> Table:
    return make.table(make.WAIVERS, make.waiver(text, "2025-01-01", "2025-12-31"))


def _waived(duty: Duty, text: str, *tables: Table) -> list[str]:
    """What a waiver of that text waives of a duty: the subjects and events of the obligations."""
    answer_lines = lines(duty, ON, *tables, _waiver(text))
    return [line.partition(" waived")[0] for line in answer_lines if " waived" in line]


_PEOPLE = make.PEOPLE.model_copy(
    update={"columns": (*make.PEOPLE.columns, make.column("name", "text")), "label": "name"}
)
_MEETINGS = make.MEETINGS.model_copy(update={"label": "present"})


def _person(key: str, name: make.Cell) -> make.Row:
    return {"person": key, "kind": "staff", "starts": "2024-11-01", "name": name}


_STAFF = make.table(_PEOPLE, _person("P1", "Ann  Lee"), _person("P2", "Bo"), _person("P3", "Bo"))
_HELD = make.table(
    _MEETINGS,
    meeting("SG 1", "2025-01-10", present="first"),
    meeting("SG 2", "2025-01-20", present="Ann Lee"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1", ["p1"]),
        (" p1 ", ["p1"]),
        ("ann lee", ["p1"]),
        ("P2", ["p2"]),
        ("Bo", []),  # two people
        ("P4", []),  # nobody
        ("office", []),
        ("all", ["p1", "p2", "p3"]),
    ],
)
def test_a_person_by_key_or_by_label(text: str, expected: list[str]) -> None:
    assert _waived(each_person(), text, _STAFF) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sg 1", ["p1 sg 1", "p2 sg 1", "p3 sg 1"]),
        ("FIRST", ["p1 sg 1", "p2 sg 1", "p3 sg 1"]),
        ("P1", ["p1 sg 1", "p1 sg 2"]),
        ("Ann Lee", []),  # a person, and a meeting
        ("SG 1, P2", ["p2 sg 1"]),
        ("sg  2,  p2", ["p2 sg 2"]),
        ("P2, SG 1", []),  # no report prints it so
        ("SG 1, Bo", []),
    ],
)
def test_of_an_event_and_a_person_either_or_the_two_as_they_are_printed(
    text: str, expected: list[str]
) -> None:
    assert _waived(briefing_each(), text, _STAFF, _HELD) == expected


def _topics() -> Duty:
    members = (
        Member(id="told", title="The Commissioner is briefed"),
        Member(id="asked", title="The group is asked"),
    )
    topics = FixedList(kind="fixed list", named_in="note", members=members)
    version = triggered().versions[0].model_copy(update={"subjects": topics, "evidence": ABOUT})
    return make.duty(version)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SG 1, The Commissioner is briefed", ["told sg 1"]),
        ("the commissioner is briefed", ["told sg 1", "told sg 2"]),
        ("asked", ["asked sg 1", "asked sg 2"]),
        ("SG 1, told", []),
    ],
)
def test_a_member_of_a_fixed_list_by_its_id_or_its_title(text: str, expected: list[str]) -> None:
    assert _waived(_topics(), text, _HELD) == expected


def test_a_sensitive_label_and_one_that_cannot_be_read_name_nobody() -> None:
    secret = _PEOPLE.model_copy(
        update={
            "columns": tuple(
                column.model_copy(update={"sensitive": column.name == "name"})
                for column in _PEOPLE.columns
            )
        }
    )
    assert _waived(each_person(), "Ann Lee", make.table(secret, _person("P1", "Ann Lee"))) == []
    blank = make.table(_PEOPLE, _person("P1", CellState.BLANK))
    assert _waived(each_person(), "Ann Lee", blank) == []
    assert _waived(each_person(), "P1", blank) == ["p1"]


def test_a_row_that_cannot_be_read_has_no_name() -> None:
    unread = make.table(_MEETINGS, meeting("SG 1", CellState.UNREADABLE, present="first"))
    assert _waived(triggered(), "first", unread) == []
