"""What would meet an obligation where a key has to name a row, or a role has one holder: the rows
to list first, and the holder's row made whole. Each is tried by both evaluators."""

from __future__ import annotations

import pytest

from engine.assessment import ObligationOutcome, Remedy
from engine.outcome import Status
from evidence.cells.silence import says_nothing
from evidence.register import RegisterSpec
from evidence.table import CellState, Table
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import BeforeEvent, Completeness, Events, EvidenceQuery
from tests.support import engine_builders as make
from tests.support.agreed_answers import standing
from tests.support.engine_builders import Row, days, equals, filled, months, version
from tests.support.keyed_registers import (
    DOCUMENTS,
    MINUTED,
    OF_GROUP,
    ON,
    PLANNED_EVENTS,
    REGISTERS,
    TRAINED,
    at,
    holders,
    lead,
    met,
    minuted_yearly,
    only,
    review,
    reviewed,
)
from tests.support.remedied_evidence import remedied
from tests.support.small_check import checked

Cells = dict[str, str]


def fix(duty: Duty, *given: Table) -> list[Remedy]:
    """What a check shows as the fix of the one obligation; with it the obligation is met."""
    book = make.rulebook(REGISTERS, duty)
    unmet = only(duty, *given)
    assert unmet.status in (Status.DUE, Status.OVERDUE)
    if all(remedy.possible for remedy in unmet.would_be_met_by):
        tables = {name: make.table(spec) for name, spec in book.registers.items()}
        tables |= {table.register.id: table for table in given}
        after = remedied(make.shown(*tables.values()), unmet.would_be_met_by, book)
        (again,) = checked(book, ON, *after.tables.values()).duties
        assert {
            obligation.status
            for obligation in again.obligations
            if obligation.subject == unmet.subject
        } == {Status.MET}
    return list(unmet.would_be_met_by)


def cells(remedy: Remedy) -> Cells:
    assert remedy.possible
    return {cell.column: cell.value for cell in remedy.cells}


# Keys -------------------------------------------------------------------------------------------


def test_the_latest_row_that_counts_is_named() -> None:
    held = met(
        at("SG-1", "2026-03-01"),
        at("SG-2", "2026-05-01"),
        {**at("SG-3", "2026-05-10"), "cancelled": True},
        at("B-1", "2026-05-15", "board"),
        at("SG-4", "2026-06-01"),
    )
    (one,) = fix(minuted_yearly(), held)
    assert cells(one)["minuted at"] == "SG-2"
    assert one.words == "Carry out: the-duty."


def test_where_none_counts_the_row_to_list_first_is_named_too() -> None:
    first, then = fix(minuted_yearly(), met(at("SG-4", "2026-06-01")))
    assert first.words == "First add the row that it names."
    assert cells(first) == {"ref": "new-1", "held on": ON, "body": "group"}
    assert then.words == "Carry out: the-duty."
    assert cells(then)["minuted at"] == "new-1"


def test_a_key_that_could_name_two_rows_is_not_proposed() -> None:
    twice = met(at("SG-1", "2026-03-01"), at("SG-1", "2026-04-01"), at("SG-0", "2026-01-01"))
    (one,) = fix(minuted_yearly(), twice)
    assert cells(one)["minuted at"] == "SG-0"


def test_rows_that_name_the_same_new_row_list_it_once() -> None:
    first, one, two = fix(minuted_yearly(needed=2))
    assert cells(first)["ref"] == "new-1"
    assert [cells(remedy)["minuted at"] for remedy in (one, two)] == ["new-1", "new-1"]


def test_rows_that_have_to_differ_in_what_they_name_name_different_rows() -> None:
    held = met(at("SG-1", "2026-03-01"), at("SG-2", "2026-05-01"))
    duty = minuted_yearly(needed=2, distinct="minuted at")
    assert {cells(remedy)["minuted at"] for remedy in fix(duty, held)} == {"SG-1", "SG-2"}


def test_a_cell_of_several_keys_keeps_its_keys() -> None:
    records = Events(register="reviews", dated="reviewed on")
    must = (Condition(column="also at", filled=True, where=OF_GROUP),)
    duty = make.duty(
        version(Completeness(kind="completeness", records=records, must=must, within=days(7)))
    )
    held = met(at("SG-1", "2026-03-01"), at("B-1", "2026-03-02", "board"))
    (one,) = fix(duty, reviewed(review(also_at="B-1")), held)
    assert cells(one) == {"also at": "SG-1; b-1"}
    assert (one.register, one.row) == ("reviews", 2)


def test_a_record_is_changed_after_the_row_that_it_names_is_listed() -> None:
    records = Events(register="reviews", dated="reviewed on")
    duty = make.duty(
        version(Completeness(kind="completeness", records=records, must=(MINUTED,), within=days(7)))
    )
    first, then = fix(duty, reviewed(review("SG-9")))
    assert cells(first) == {"ref": "new-1", "held on": ON, "body": "group"}
    assert then.words == "Then complete the row."
    assert cells(then) == {"minuted at": "new-1"}


def of_a_person(person: str, people: RegisterSpec, listed: Row) -> ObligationOutcome:
    """The obligation of a record about a ``person``, where ``people`` lists one."""
    key = make.TRAINING.column("person").model_copy(update={"refers_to": "people"})
    columns = tuple(key if column.name == "person" else column for column in make.TRAINING.columns)
    training = make.TRAINING.model_copy(update={"columns": columns})
    people = people.model_copy(update={"dated_by": "starts", "begins": "starts"})
    records = Events(register="training", dated="completed on")
    must = (filled("person"),)
    duty = make.duty(
        version(Completeness(kind="completeness", records=records, must=must, within=days(7)))
    )
    row: Row = {
        "ref": "T1", "person": person, "course": "model", "completed on": "2026-05-01",
        "passed": True,
    }  # fmt: skip
    others = [register for register in REGISTERS if register.id not in ("training", "people")]
    book = make.rulebook((*others, training, people), duty)
    staff: Row = {"person": "S001", "kind": "staff", "starts": "2025-01-01", **listed}
    (found,) = checked(book, ON, make.table(training, row), make.table(people, staff)).duties
    (obligation,) = found.obligations
    return obligation


def test_whom_a_record_is_about_is_listed_and_not_changed() -> None:
    (one,) = of_a_person("S9O4", make.PEOPLE, {}).would_be_met_by
    assert one.words == (
        "person S9O4 is not on the people sheet. Check cell B2 of training for a typing error"
        " ('S904' would have a zero for the letter O). If it has none, add the person to people."
    )
    assert cells(one) == {"person": "S9O4", "starts": ON}


def test_a_letter_that_looks_like_a_digit_is_reported_with_the_listed_reference() -> None:
    (rejected,) = (
        row for group in of_a_person("S0O1", make.PEOPLE, {}).rejected for row in group.rows
    )
    assert rejected.why == (
        "'person' names no row that counts: 'S0O1' is not on the people sheet, but 'S001' is, with "
        "a zero for the letter O"
    )
    (other,) = (row for group in of_a_person("Sol", make.PEOPLE, {}).rejected for row in group.rows)
    assert other.why.endswith("'Sol' is not on the people sheet")


def test_a_name_in_place_of_a_reference_is_to_be_replaced_by_the_reference() -> None:
    key, *others = make.PEOPLE.columns
    name = make.column("name", "text", blank="nothing")
    columns = (key.model_copy(update={"personal": True}), name, *others)
    people = make.PEOPLE.model_copy(update={"columns": columns, "label": "name"})
    obligation = of_a_person("Ann Jones", people, {"name": "Ann Jones"})
    (one,) = obligation.would_be_met_by
    assert one.words == (
        "person is a name. In cell B2, enter the reference of the person from the people sheet."
    )
    (rejected,) = (row for group in obligation.rejected for row in group.rows)
    assert rejected.why.endswith("a name is there, where the reference of the person is needed")


def test_no_row_is_listed_that_could_not_be_what_the_rule_asks() -> None:
    impossible = Condition(
        column="minuted at", filled=True, where=(equals("body", "a"), equals("body", "b"))
    )
    (one,) = fix(minuted_yearly(impossible))
    assert not one.possible


def test_a_named_row_that_does_not_count_is_mentioned() -> None:
    query = EvidenceQuery(
        register="reviews",
        where=(filled("minuted at"),),
        dated="reviewed on",
        event="minuted at",
    )
    ahead = BeforeEvent(kind="before event", event=PLANNED_EVENTS, no_earlier=months(2))
    (one,) = fix(make.duty(version(ahead, evidence=query)), met(at("SG-1", "2026-06-01")))
    assert not one.possible
    assert one.words == (
        "A row here must name 'SG-1', which is dated 1 June 2026, after the day of the check."
    )


def test_no_word_is_proposed_that_says_nothing() -> None:
    noted = minuted_yearly(MINUTED, Condition(column="note", one_of=("tbc", "seen")))
    (one,) = fix(noted, met(at("SG-1", "2026-03-01")))
    assert cells(one)["note"] == "seen"
    (free,) = fix(minuted_yearly(MINUTED, filled("note")), met(at("SG-1", "2026-03-01")))
    assert not says_nothing(cells(free)["note"])


# Roles ------------------------------------------------------------------------------------------

OLD: Row = {"from": "2024-01-01", "trained on": "2024-02-01"}
NEW: Row = {"from": "2026-03-10"}


def test_what_the_holder_lacks_is_written_into_the_holders_row() -> None:
    (one,) = fix(lead(TRAINED), holders(OLD, NEW))
    assert (one.register, one.row) == ("roles", 3)
    assert one.words == "Complete the row of the present holder."
    assert cells(one) == {"trained on": ON}


def test_where_nobody_holds_it_a_new_holder_begins() -> None:
    (one,) = fix(lead(TRAINED), holders({**OLD, "to": "2026-03-01"}))
    assert cells(one) == {"ref": "new-1", "from": ON, "role": "lead", "trained on": ON}
    (first,) = fix(lead())
    assert cells(first) == {"ref": "new-1", "from": ON, "role": "lead"}


def test_what_the_holders_row_says_otherwise_is_not_overwritten() -> None:
    (one,) = fix(lead(equals("post", "Head")), holders({**OLD, "post": "Officer"}))
    assert cells(one) == {"ref": "new-1", "from": ON, "role": "lead", "post": "Head"}


def test_no_second_holder_begins_on_the_same_day() -> None:
    given = holders(OLD, {"from": ON, "post": "Officer"})
    (one,) = fix(lead(equals("post", "Head")), given)
    assert (one.row, cells(one)) == (3, {"post": "Head"})


def test_a_holder_whose_end_is_near_is_followed_by_another() -> None:
    (one,) = fix(lead(), holders({**OLD, "to": "2026-06-10"}))
    assert cells(one) == {"ref": "new-1", "from": ON, "role": "lead"}


# Caps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [CellState.NOTHING, "2035-01-01"])
def test_what_is_past_the_cap_is_followed_by_one_that_begins_on_the_day(
    end: str | CellState,
) -> None:
    row: Row = {"ref": "D1", "kind": "pathway", "issued on": "2024-03-01", "ended on": end}
    duty = standing(review_within=months(12))
    offers = fix(duty, make.table(DOCUMENTS, row))
    assert [cells(item) for item in offers] == [
        {"ref": "new-1", "issued on": ON, "kind": "pathway"}
    ]
