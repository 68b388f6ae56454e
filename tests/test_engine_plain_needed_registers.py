"""The registers that a duty needs, by the plain evaluator
(semantics.md: An obligation's status at D)."""

from __future__ import annotations

import pytest

from engine.outcome import ObligationKey
from evidence.register import BLANK_NOTHING, Latest, RegisterSpec
from evidence.table import Table
from rules.condition import Applies
from rules.model import Duty
from rules.patterns import Completeness, EvidenceQuery, Periodic, Triggered
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    BY_DATE,
    HIREABLE,
    NIL,
    RECORDS,
    YEAR,
    answers_of,
    complete,
    declared,
    each_person,
    lines,
    standing,
    triggered,
    yearly,
)
from tests.support.engine_builders import (
    ACTIONS,
    DOCUMENTS,
    MEETINGS,
    NIL_RETURNS,
    PEOPLE,
    REVIEWS,
    TRAINING,
    VENUES,
    WAIVERS,
    column,
    day,
    days,
    duty,
    equals,
    filled,
    missing,
    says,
    table,
    unreadable,
    version,
)

ON = "2025-06-01"


def needs(asked: Duty, *given: Table) -> set[str]:
    """The registers without which, one at a time, the duty is not assessed; each that is given
    and cannot be read leaves it as one obligation that cannot be told."""
    specs: dict[str, RegisterSpec] = {register.id: register for register in _ALL}
    specs |= {table.register.id: table.register for table in given}
    names = set()
    for name, spec in specs.items():
        others = [table for table in given if table.register.id != name]
        if lines(asked, ON, *others, missing(spec)) == ["not_assessed"]:
            assert lines(asked, ON, *others, unreadable(spec)) == ["cannot_tell"]
            names.add(name)
    return names


_ALL = (PEOPLE, TRAINING, MEETINGS, REVIEWS, DOCUMENTS, ACTIONS, VENUES, NIL_RETURNS, WAIVERS)
APPLIES = duty(version(YEAR, evidence=BY_DATE, applies=HIREABLE))


@pytest.mark.parametrize(
    ("asked", "registers"),
    [
        (yearly(), {"reviews"}),
        (each_person(), {"people", "training"}),
        (triggered(), {"meetings", "reviews"}),
        (complete(), {"actions"}),
        (standing(), {"documents"}),
        (APPLIES, {"reviews", "venues"}),
    ],
)
def test_what_lists_subjects_or_events_holds_evidence_or_decides_is_needed(
    asked: Duty, registers: set[str]
) -> None:
    assert needs(asked) == registers


def test_it_is_one_answer_for_the_duty_whatever_else_could_be_told() -> None:
    (answer,) = answers_of(yearly(), "2026-06-01", missing(REVIEWS))
    assert answer.key == ObligationKey("the-duty")
    assert (answer.opens, answer.deadline, answer.days, answer.met_by) == (None, None, None, ())
    assert lines(APPLIES, ON, missing(REVIEWS)) == ["not_assessed"]  # before not applicable
    # A register that was given and holds no row leaves the duty due or overdue.
    assert lines(yearly(), ON) == ["2025/26 due 2025-04-01..2026-03-31 +303"]


def test_one_not_given_comes_before_one_that_cannot_be_read() -> None:
    the_duty = each_person()
    assert lines(the_duty, ON, missing(PEOPLE), unreadable(TRAINING)) == ["not_assessed"]
    assert lines(the_duty, ON, unreadable(PEOPLE), missing(TRAINING)) == ["not_assessed"]


def test_control_sheets_are_never_needed_and_stand_for_no_register() -> None:
    pattern = Periodic(kind="periodic", period="quarter", grace=days(28), nil_return=NIL)
    assert needs(duty(version(pattern, evidence=BY_DATE))) == {"reviews"}
    control = NIL_RETURNS.model_copy(update={"control": True})
    query = EvidenceQuery(register="nil returns", dated="given on")
    assert lines(duty(version(YEAR, evidence=query)), ON, missing(control)) == [
        "2025/26 due 2025-04-01..2026-03-31 +303"
    ]


TIED = declared(REVIEWS, "about", refers_to="meetings")
EITHER = declared(REVIEWS, "about", refers_to_any=("documents", "venues"))
MINUTED = BY_DATE.model_copy(update={"where": (*BY_DATE.where, filled("about"))})


def test_a_register_in_which_a_filled_key_is_looked_up_is_needed() -> None:
    the_duty = yearly(MINUTED)
    assert needs(the_duty) == {"reviews"}  # the column names no register
    assert needs(the_duty, table(TIED)) == {"reviews", "meetings"}


def test_of_registers_that_serve_in_each_others_place_one_is_needed() -> None:
    asked, open_till = yearly(MINUTED), ["2025/26 due 2025-04-01..2026-03-31 +303"]
    first, second = missing(DOCUMENTS), missing(VENUES)
    spoilt, too = unreadable(DOCUMENTS), unreadable(VENUES)
    either = table(EITHER)
    assert lines(asked, ON, either, first) == open_till
    assert lines(asked, ON, either, second) == open_till
    assert lines(asked, ON, either, first, second) == ["not_assessed"]
    assert lines(asked, ON, either, spoilt) == open_till
    assert lines(asked, ON, either, spoilt, second) == ["cannot_tell"]
    assert lines(asked, ON, either, spoilt, too) == ["cannot_tell"]


def test_conditions_everywhere_look_up() -> None:
    key = column("decided at", "key", blank=BLANK_NOTHING).model_copy(
        update={"refers_to": "meetings"}
    )
    there = table(ACTIONS.model_copy(update={"columns": (*ACTIONS.columns, key)}))
    decided = filled("decided at")
    listing = RECORDS.model_copy(update={"where": (*RECORDS.where, decided)})
    any_of = RECORDS.model_copy(update={"any_of": (decided, equals("owner", "SWPB"))})
    must = Completeness(kind="completeness", records=RECORDS, must=(decided,), within=days(28))
    applies = Applies(register="actions", where=(decided,))
    for the_duty in (
        complete(listing),
        complete(any_of),
        duty(version(must)),
        duty(version(must.model_copy(update={"must": (), "must_any": (decided,)}))),
    ):
        assert needs(the_duty, there) == {"actions", "meetings"}
    the_duty = duty(version(YEAR, evidence=BY_DATE, applies=applies))
    assert needs(the_duty, there) == {"actions", "meetings", "reviews"}


def test_a_members_condition_and_one_on_the_row_named_look_up_in_turn() -> None:
    member = FixedList(
        kind="fixed list",
        members=(Member(id="a", title="A", where=(filled("about"),)),),
    )
    pattern = Triggered(kind="triggered", event=RECORDS, within=days(28))
    the_duty = duty(version(pattern, evidence=BY_DATE, subjects=member))
    assert needs(the_duty) == {"reviews", "actions"}
    assert needs(the_duty, table(TIED)) == {"reviews", "actions", "meetings"}
    in_turn = declared(MEETINGS, "present", type="key", refers_to="people")
    nested = filled("about", filled("present"))
    the_duty = yearly(BY_DATE.model_copy(update={"where": (nested,)}))
    assert needs(the_duty, table(TIED), table(in_turn)) == {"reviews", "meetings", "people"}


def test_a_column_that_says_what_is_the_latest_of_its_kind_needs_that_register() -> None:
    latest = Latest(
        key="about",
        within="documents",
        kind="kind",
        of="pathway",
        issued="issued on",
        by="reviewed on",
    )
    spec = declared(REVIEWS, "note", type="yes/no", latest=latest)
    the_duty = yearly(BY_DATE.model_copy(update={"where": (says("note"),)}))
    assert needs(the_duty) == {"reviews"}
    assert needs(the_duty, table(spec)) == {"reviews", "documents"}


def test_all_versions_begun_by_the_day_say_what_is_needed_none_to_come() -> None:
    later = BY_DATE.model_copy(update={"register": "actions", "dated": "agreed on", "where": ()})
    the_duty = duty(
        version(YEAR, evidence=BY_DATE),
        version(YEAR, evidence=later, begins=day("2025-05-01")),
    )
    assert needs(the_duty) == {"reviews", "actions"}
    assert lines(the_duty, "2025-04-30", missing(ACTIONS)) == [
        "2025/26 due 2025-04-01..2026-03-31 +335"
    ]
