"""Rows that name others which say something else, and the near misses of which nothing is said.

tests/test_examples_crosschecks.py seeds each finding in a whole office.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from engine.findings.crosschecks import cross_findings
from engine.findings.noted import Noted
from engine.findings.unknown_name_cells import KIND
from evidence.register import Closes, ColumnSpec, RegisterSpec, Succession
from evidence.table import CellState, Table
from tests.support.engine_builders import Cell, missing, table, unreadable

NOT_LISTED = KIND
GONE = "Dated after the other row ended"
REPLACED = "Older version named"
OPEN = "Rows conflict"

D = datetime.date(2026, 11, 24)


def _column(name: str, kind: str = "text", **more: object) -> ColumnSpec:
    return ColumnSpec.model_validate({"name": name, "type": kind, "blank": "nothing", **more})


def _spec(name: str, *columns: ColumnSpec, **more: object) -> RegisterSpec:
    """A register whose rows have a ref each."""
    own = {"id": name, "title": name.capitalize(), "about": name, "sheets": (name,), "key": "ref"}
    return RegisterSpec.model_validate(
        {**own, "columns": (_column("ref", "key"), *columns), **more}
    )


ROOMS = _spec("rooms", _column("closed", "day"), ends="closed")
PAPERS = _spec(
    "papers",
    _column("kind"),
    _column("year", "period"),
    _column("agreed", "day"),
    _column("issued", "day"),
    succession=Succession(kind="kind", year="year", dated=("agreed", "issued")),
)
TASKS = _spec("tasks", _column("done", "day"))
NOTES = _spec(
    "notes",
    _column("on", "day"),
    _column("room", "key", **{"refers to": "rooms"}),
    _column("secret", "key", sensitive=True, **{"refers to": "rooms"}),
    _column("about", "keys", **{"refers to any": ("rooms", "papers")}),
    _column("task", "key", closes=Closes(column="says", code="over", fills="done"),
            **{"refers to": "tasks"}),
    _column("says"),
    **{"dated by": "on"},
)  # fmt: skip

Cells = dict[str, Cell]


def _crossed(note: Cells, *others: Table) -> list[Noted]:
    """What is found where that note stands beside these tables; those not given are empty."""
    tables = {spec.id: table(spec) for spec in (ROOMS, PAPERS, TASKS)}
    tables |= {other.register.id: other for other in others}
    tables["notes"] = table(NOTES, {"ref": "N-1", "on": "2026-06-02", **note})
    return list(cross_findings(tables, D))


def _kinds(found_: list[Noted]) -> list[str]:
    return [finding.kind for finding in found_]


HELD = _spec(
    "meetings",
    _column("body", "code", codes={"group": (), "board": ()}, blank="unreadable"),
    _column("held on", "day"),
    _column("cancelled", "yes/no"),
    _column("present", "code", codes={"lead": (), "deputy": ()}),
    cancelled="cancelled",
    **{"dated by": "held on"},
)


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({}, True),
        ({"present": CellState.NOTHING}, True),
        ({"present": "deputy"}, False),
        ({"body": "board"}, False),
        ({"held on": "2026-09-23"}, False),
        ({"cancelled": True}, False),
        ({"ref": "sg-1"}, False),
    ],
)
def test_a_meeting_that_may_have_been_entered_twice_is_reported(second: Cells, found: bool) -> None:
    first: Cells = {
        "ref": "sg-1", "body": "group", "held on": "2026-09-22", "cancelled": False,
        "present": "lead",
    }  # fmt: skip
    held = table(HELD, first, {**first, "ref": "sg-2", **second})
    noted = list(cross_findings({"meetings": held}, D))
    assert [finding.message for finding in noted] == [
        "Two rows have the same 'held on' and 'body'. If it is one meeting, delete one of the rows."
    ] * found


STAYS = _spec("stays", _column("from", "day"), _column("until", "day"), begins="from", ends="until")


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2015-04-01", "2014-04-01", True),
        ("2015-04-01", "2015-04-01", False),
        ("2015-04-01", "2016-04-01", False),
        ("2015-04-01", "soon", False),
    ],
)
def test_a_row_that_ended_before_it_began_is_reported(first: str, last: str, found: bool) -> None:
    """Otherwise a wrong day of leaving takes a person off every list without a word."""
    last_day: Cell = last if last != "soon" else CellState.UNREADABLE
    stays = table(STAYS, {"ref": "S-1", "from": first, "until": last_day})
    noted = _crossed({}, stays)
    assert _kinds(noted) == ["Dates conflict"] * found
    assert all("no duty applies to S-1. " in finding.message for finding in noted)


ORDERED = _spec(
    "orders",
    _column("agreed", "day"),
    _column("begun", "day"),
    _column("done", "day", **{"not before": ("agreed", "begun")}),
)


@pytest.mark.parametrize(
    ("agreed", "begun", "done", "before"),
    [
        ("2026-04-22", "2026-05-01", "2026-05-01", None),
        ("2026-04-22", "2026-05-01", "2026-04-30", "'begun', 1 May 2026"),
        ("2026-04-22", None, "2026-04-21", "'agreed', 22 April 2026"),
        ("2026-05-02", "2026-05-01", "2026-04-21", "'agreed', 2 May 2026"),
        ("2026-04-22", "2026-05-01", None, None),
    ],
)
def test_a_date_before_the_one_that_comes_first_is_reported(
    agreed: str, begun: str | None, done: str | None, before: str | None
) -> None:
    """Once for its row, with the later of the dates that it is before."""
    dates = {"agreed": agreed, "begun": begun, "done": done}
    row = {name: date or CellState.NOTHING for name, date in dates.items()}
    noted = _crossed({}, table(ORDERED, {"ref": "O-1", **row}))
    assert [each.kind for each in noted] == ["Dates conflict"] * (before is not None)
    assert all(f" is before {before}. Correct the" in each.message for each in noted)


PLANS = _spec("plans", _column("planned for", "day", planned=True))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2031-11-24", []),
        ("2031-11-25", ["25 November 2031 is 5 years ahead."]),
        ("2062-09-22", ["22 September 2062 is 35 years ahead."]),
    ],
)
def test_a_planned_date_more_than_five_years_ahead_asks_about_its_year(
    day: str, words: list[str]
) -> None:
    findings = _crossed({}, table(PLANS, {"ref": "P-1", "planned for": day}))
    ask = " Is the year right? Correct it, if not."
    assert [item.message for item in findings] == [f"{word}{ask}" for word in words]
    assert _kinds(findings) == ["Date far ahead"] * len(words)


GATHERED = _spec("gathered", _column("held on", "day")).model_copy(update={"dated_by": "held on"})


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2006-11-24", []),
        ("2006-11-23", ["23 November 2006 is 20 years ago."]),
        ("1926-11-25", ["25 November 1926 is 99 years ago."]),
    ],
)
def test_an_event_more_than_twenty_years_ago_asks_about_its_year(
    day: str, words: list[str]
) -> None:
    """It is before the duty came into force, so it would require nothing."""
    findings = _crossed({}, table(GATHERED, {"ref": "H-1", "held on": day}))
    ask = " Is the year right? Correct it, if not."
    assert [item.message for item in findings] == [f"{word}{ask}" for word in words]
    since = GATHERED.model_copy(update={"begins": "held on", "ends": "held on"})
    assert _crossed({}, table(since, {"ref": "H-1", "held on": day})) == []


NOTED = _spec(
    "noted",
    _column("done", "day"),
    _column("noted at", "key", **{"refers to": "gathered", "not before": ("done",)}),
)


@pytest.mark.parametrize(
    ("held_on", "expected"), [("2026-05-01", 0), ("2026-05-02", 0), ("2026-04-30", 1)]
)
def test_a_row_that_names_an_earlier_event_than_its_own_date_is_reported(
    held_on: str, expected: int
) -> None:
    """A meeting cannot have noted what was not done yet. Of two meetings with one key, either may
    be meant."""
    row = table(NOTED, {"ref": "N-1", "done": "2026-05-01", "noted at": "H-1"})
    held = {"ref": "H-1", "held on": held_on}
    noted = _crossed({}, row, table(GATHERED, held))
    assert [each.message for each in noted] == [
        "'noted at' names H-1 of 30 April 2026, which is before 'done', 1 May 2026. Correct what is"
        " wrong."
    ] * expected
    twice = table(GATHERED, held, {"ref": "H-1", "held on": "2026-05-03"})
    assert "Dates conflict" not in _kinds(_crossed({}, row, twice))


ENDING = _spec(
    "ending", _column("begun", "day"), _column("ended", "day", **{"ends or undoes": True})
)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"begun": "2026-05-01", "ended": "2026-06-01"}, 1),
        ({"begun": "2026-05-01", "ended": CellState.UNREADABLE}, 0),
        ({"begun": "2026-05-01"}, 0),
        ({"begun": "2026-06-02", "ended": "2026-07-01"}, 0),
    ],
)
def test_two_rows_with_one_key_of_which_one_has_ended_contradict_each_other(
    second: Cells, expected: int
) -> None:
    """The row without an end counts, so somebody has to say which is right. If they began on
    different days, they are two versions."""
    first: Cells = {"ref": "E-1", "begun": "2026-05-01", "ended": CellState.NOTHING}
    rows = table(ENDING, first, {"ref": "E-1", "ended": CellState.NOTHING, **second})
    noted = _crossed({}, rows)
    assert [each.message for each in noted] == [
        "Two rows have the reference 'E-1', and they differ in 'ended'. Correct the row that is"
        " wrong, or give each a reference of its own."
    ] * expected


ROOM = table(ROOMS, {"ref": "R-1"})


@pytest.mark.parametrize(
    ("note", "others", "expected"),
    [
        ({"room": "R-1"}, [ROOM], []),
        ({"room": "r-1"}, [ROOM], []),
        ({"room": "R-2"}, [ROOM], [NOT_LISTED]),
        ({"room": "R-2"}, [], [NOT_LISTED]),
        ({"room": "R-2"}, [missing(ROOMS)], []),
        ({}, [ROOM], []),
        ({"room": CellState.UNREADABLE}, [ROOM], []),
        ({"about": "R-1"}, [ROOM], []),
        ({"about": "R-1; R-2; R-3"}, [ROOM], [NOT_LISTED, NOT_LISTED]),
        ({"about": "R-2"}, [ROOM, missing(PAPERS)], [NOT_LISTED]),
        ({"about": "R-2"}, [ROOM, unreadable(PAPERS)], []),
        ({"about": "P-1"}, [table(PAPERS, {"ref": "P-1"})], []),
    ],
)
def test_a_name_that_is_not_listed(note: Cells, others: list[Table], expected: list[str]) -> None:
    """Nothing is said where a register in which it may stand cannot be read."""
    assert _kinds(_crossed(note, *others)) == expected


def test_the_only_row_without_a_reference_may_be_the_one_that_is_not_listed() -> None:
    blank: Cells = {"ref": CellState.BLANK}
    rooms = table(ROOMS, {"ref": "R-1"}, blank)
    (found,) = _crossed({"room": "SG-9"}, rooms)
    assert found.message == (
        "'SG-9' is not on rooms. If row 3, whose 'ref' is blank, is meant, fill in A3 of rooms."
        " Otherwise correct it, or add its row."
    )
    (several,) = _crossed({"room": "SG-9"}, table(ROOMS, blank, {"ref": CellState.NOTHING}))
    assert several.message == "'SG-9' is not on rooms. Correct it, or add its row."


def test_a_reference_that_a_row_marked_as_an_example_has_leads_to_that_row() -> None:
    """Its row is there, so nobody is to add a second one."""
    rooms = table(ROOMS, {"ref": "R-1"})
    rooms = replace(rooms, sources=(replace(rooms.sources[0], marked={"sg-9": 5}),))
    (found,) = _crossed({"room": "SG-9"}, rooms)
    assert found.message == (
        "'SG-9' is in row 5 of rooms, which does not count because it is marked as an example. If"
        " that row is real, delete the mark there, and leave the rest."
    )


def test_what_is_not_listed_is_named_unless_it_is_sensitive() -> None:
    (open_,) = _crossed({"room": "R-2"}, ROOM)
    (secret,) = _crossed({"secret": "R-2"}, ROOM)
    assert open_.message == ("'R-2' is not on rooms. Correct it, or add its row.")
    assert "R-2" not in secret.message
    (near,) = _crossed({"secret": "R-11"}, ROOM)  # of 'R-1', which is not offered
    assert near.message == secret.message
    (either,) = _crossed({"about": "R-2"}, ROOM)
    assert either.message.startswith("'R-2' is not on rooms or papers. ")
    (some,) = _crossed({"about": "R-11"}, ROOM, missing(PAPERS))
    assert some.message == (
        "'R-11' is not on rooms, and Papers was not provided. Did you mean 'R-1'? If not, provide "
        "Papers."
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("r 101", "'R-101'"),  # the same letters and figures
        ("R-1O1", "'R-101'"),  # a letter that looks like a figure
        ("R-110", "'R-101'"),  # two in the wrong order
        ("R-1011", "'R-101'"),  # one too many
        ("R-01", "'R-101'"),  # one too few
        ("K-101", "'R-101'"),  # another letter
        ("R-109", ""),  # another figure: it may be any
        ("Q-555", ""),
    ],
)
def test_the_reference_that_is_probably_meant_is_offered(typed: str, meant: str) -> None:
    rooms = table(ROOMS, {"ref": "R-101"}, {"ref": "R-102"})
    (found,) = _crossed({"room": typed}, rooms)
    offered = found.message.partition("Did you mean ")[2].partition("?")[0]
    assert offered == meant


def test_two_references_in_a_column_that_takes_one_ask_for_a_row_for_each() -> None:
    rooms = table(ROOMS, {"ref": "R-1"}, {"ref": "R-2"})
    (found,) = _crossed({"room": "R-1; R-2"}, rooms)
    assert found.message == (
        "'R-1; R-2' contains 2 references, but this column takes one. Enter one of them here, and "
        "add a row for each of the others."
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"closed": "2026-06-01"}], [GONE]),
        ([{"closed": "2026-06-02"}], [GONE]),  # the day it closed is the first without it
        ([{"closed": "2026-06-03"}], []),
        ([{}], []),
        ([{"closed": CellState.UNREADABLE}], []),
        ([{"closed": "2025-06-01"}, {"closed": "2026-09-01"}], []),
    ],
)
def test_a_row_dated_after_the_other_ended(rows: list[Cells], expected: list[str]) -> None:
    """Where one key has several rows, the one that was meant may be another."""
    rooms = table(ROOMS, *({"ref": "R-1", **row} for row in rows))
    assert _kinds(_crossed({"room": "R-1"}, rooms)) == expected
    assert _kinds(_crossed({"room": "R-1", "on": CellState.UNREADABLE}, rooms)) == []


OLD: Cells = {"ref": "P-1", "kind": "plan", "year": "2026/27", "agreed": "2026-01-05"}


@pytest.mark.parametrize(
    ("later_one", "expected"),
    [
        ({}, [REPLACED]),
        ({"agreed": "2026-06-02"}, [REPLACED]),
        ({"agreed": "2026-06-03"}, []),
        ({"agreed": "2026-01-05"}, []),
        ({"agreed": "2025-12-01"}, []),
        ({"kind": "guide"}, []),
        ({"year": "2027/28"}, []),
        ({"year": CellState.NOTHING}, []),
        ({"agreed": CellState.NOTHING}, []),
        ({"agreed": CellState.NOTHING, "issued": "2026-04-01"}, [REPLACED]),
        ({"agreed": "2026-06-03", "issued": "2026-04-01"}, []),
    ],
)
def test_a_version_that_another_had_replaced(later_one: Cells, expected: list[str]) -> None:
    """By the note's own day, by kind and year, and by the first of the days that is filled."""
    newer: Cells = {**OLD, "ref": "P-2", "agreed": "2026-03-02", **later_one}
    papers = table(PAPERS, OLD, newer)
    assert _kinds(_crossed({"about": "P-1"}, papers)) == expected
    assert _kinds(_crossed({"about": "P-1", "on": "2026-11-25"}, papers)) == []


def test_papers_of_no_kind_do_not_replace_one_another() -> None:
    older: Cells = {**OLD, "kind": CellState.NOTHING}
    newer: Cells = {**older, "ref": "P-2", "agreed": "2026-03-02"}
    assert _crossed({"about": "P-1"}, table(PAPERS, older, newer)) == []


def test_the_latest_of_several_successors_is_shown() -> None:
    second: Cells = {**OLD, "ref": "P-2", "agreed": "2026-02-02"}
    third: Cells = {**OLD, "ref": "P-3", "agreed": "2026-03-02"}
    papers = table(PAPERS, third, OLD, second)
    (noted,) = _crossed({"about": "P-1"}, papers)
    assert noted.refs[1][0].row == 0
    assert noted.message == (
        "This record of 2 June 2026 names P-1, which P-3 replaced on 2 March 2026. If P-3 was "
        "used, enter it here."
    )
    assert _crossed({"about": "P-3"}, papers) == []


@pytest.mark.parametrize(
    ("says", "done", "expected"),
    [
        ("over", CellState.NOTHING, [OPEN]),
        ("over", "2026-05-01", []),
        ("over", CellState.UNREADABLE, []),
        ("noted", CellState.NOTHING, []),
        (CellState.NOTHING, CellState.NOTHING, []),
    ],
)
def test_what_is_closed_here_and_open_there(says: Cell, done: Cell, expected: list[str]) -> None:
    tasks = table(TASKS, {"ref": "T-1", "done": done})
    assert _kinds(_crossed({"task": "T-1", "says": says}, tasks)) == expected


# One key, two answers -----------------------------------------------------------------------------

COURSES = _spec(
    "courses",
    _column("person", "key", **{"refers to": "rooms"}),
    _column("done", "day"),
    _column("passed", "yes/no"),
    _column("item", "code", codes={"plan": (), "risk": ()}),
    _column("outcome", "code", codes={"reviewed": (), "deferred": ()}),
    _column("note"),
    **{"dated by": "done"},
)
YES: Cells = {"ref": "T-1", "person": "r1", "passed": True}


def _answers(*rows: Cells) -> list[tuple[str, tuple[str, ...]]]:
    tables = {spec.id: table(spec) for spec in (ROOMS, PAPERS, TASKS)}
    tables["courses"] = table(COURSES, *rows)
    conflicts = [
        finding for finding in cross_findings(tables, D) if finding.kind == "Rows conflict"
    ]
    return [
        (item.message, tuple(f"{ref.row} {name}" for ref, name in item.refs)) for item in conflicts
    ]


def test_two_rows_with_one_key_that_say_yes_and_no_are_pointed_out() -> None:
    """The one that says yes meets its duty, so that a person must see the other."""
    ((message, cells),) = _answers(YES, {**YES, "passed": False, "done": "2026-05-20"})
    assert message == (
        "Two rows have the reference 'T-1', and one says yes and the other no in 'passed'. Correct "
        "the row that is wrong, or give each a reference of its own."
    )
    assert cells == ("0 passed", "1 passed")


def test_two_rows_with_one_key_that_differ_only_in_an_outcome_are_pointed_out() -> None:
    row: Cells = {"ref": "M-1", "done": "2026-05-20", "item": "plan", "outcome": "reviewed"}
    ((message, cells),) = _answers(row, {**row, "outcome": "deferred", "note": "again"})
    assert "and they differ in 'outcome'" in message
    assert cells == ("0 outcome", "1 outcome")


@pytest.mark.parametrize(
    "other",
    [
        {"ref": "T-2", "passed": False},
        {"person": "r2", "passed": False},  # a reference of a course, not of a row
        {"passed": CellState.UNREADABLE},
        {"passed": CellState.NOTHING},
        {"item": "plan"},
        {"item": "risk", "outcome": "deferred", "done": "2026-05-20"},
        {"note": "again"},
    ],
)
def test_rows_that_do_not_contradict_one_another_are_not_pointed_out(other: Cells) -> None:
    assert _answers({**YES, "item": "plan", "outcome": "reviewed"}, {**YES, **other}) == []


MEMBERS = _spec(
    "members",
    _column("name", personal=True),
    _column("from", "day"),
    _column("until", "day"),
    begins="from",
    ends="until",
    label="name",
)


def _people(*rows: tuple[str, str, str]) -> list[tuple[str, tuple[int, ...]]]:
    """The kinds and the rows of what is found of rows with one key: name, from, until."""
    cells = [
        {"ref": "M-1", "name": name, "from": first, **({"until": last} if last else {})}
        for name, first, last in rows
    ]
    findings = cross_findings({"members": table(MEMBERS, *cells)}, D)
    return [(item.kind, tuple(ref.row for ref, _ in item.refs)) for item in findings]


def test_a_number_and_a_surname_that_come_back_may_be_another_person() -> None:
    ended = ("Evans", "2024-01-01", "2024-12-31")
    assert _people(ended, ("evans", "2026-01-01", "")) == [("Dates conflict", (1, 0))]
    assert _people(ended, ("", "2026-01-01", "")) == [("Dates conflict", (1, 0))]
    middle = ("Evans", "2025-06-01", "2025-12-31")
    assert _people(("Evans", "2026-06-01", ""), middle, ended) == [
        ("Dates conflict", (1, 2)),
        ("Dates conflict", (0, 1)),
    ]


@pytest.mark.parametrize(
    "other",
    [
        ("Evans", "2025-01-01", ""),  # their days meet
        ("Evans", "2024-06-01", ""),
        ("Smith", "2026-01-01", ""),  # not one person
    ],
)
def test_rows_of_one_person_are_not_pointed_out(other: tuple[str, str, str]) -> None:
    assert _people(("Evans", "2024-01-01", "2024-12-31"), other) == []


def test_a_full_name_that_comes_back_is_one_person() -> None:
    ann = "Ann Evans"
    assert _people((ann, "2024-01-01", "2024-12-31"), (ann, "2026-01-01", "")) == []
