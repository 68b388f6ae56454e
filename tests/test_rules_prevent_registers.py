"""The registers of the rulebook that comes with the project, its citations and its bearers."""

from __future__ import annotations

import pytest

from evidence.register import Latest, RegisterSpec
from rules.load import load_rulebook
from rules.model import Duty, Rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    read = load_rulebook()
    assert isinstance(read, Rulebook), read
    return read


def _sheets(book: Rulebook) -> list[RegisterSpec]:
    return [spec for spec in book.registers.values() if not spec.control]


def test_citations_are_short_and_of_known_headings(book: Rulebook) -> None:
    """A phrase locates, it does not quote: eight words at most, under a heading of the section."""
    for duty in book.duties.values():
        assert 1 <= len(duty.citations) <= 3
        own = next(s for s in book.book.sections if s.number == book.sections[duty.id])
        assert duty.citations[0].section in {each.section for each in own.headings}
        assert all(1 <= len(phrase.split()) <= 8 for phrase in _phrases(duty))


def _phrases(duty: Duty) -> list[str]:
    readings = (each.phrase for version in duty.versions for each in version.readings)
    return [*(each.phrase for each in duty.citations), *readings]


def test_registers_name_posts_and_not_people(book: Rulebook) -> None:
    """Only people, and what is recorded by person or owner, holds data about a person."""
    personal = {
        (spec.id, column.name)
        for spec in book.registers.values()
        for column in spec.columns
        if column.personal
    }
    assert personal == {
        ("people", "ref"), ("people", "person"), ("training", "person"), ("owners", "owner")
    }  # fmt: skip


def test_registers_have_keys_notes_and_a_clock(book: Rulebook) -> None:
    """Each sheet has a key, may say when each row was recorded, and says what to enter."""
    assert len(_sheets(book)) == 14
    assert [spec.id for spec in book.registers.values() if spec.control] == [
        "nil returns", "waivers", "owners"
    ]  # fmt: skip
    assert all(spec.key == "ref" for spec in _sheets(book))
    for spec in book.registers.values():
        assert spec.recorded_on == "recorded on"
        assert not spec.column("recorded on").required
        assert all(column.note and len(column.note) <= 100 for column in spec.columns)


def test_what_must_not_read_as_still_in_place(book: Rulebook) -> None:
    """A sheet that lacks one of these columns is told of; it never reads as not ended."""
    for register, column in [
        ("documents", "ended on"), ("documents", "review by"), ("people", "ends"), ("roles", "to"),
        ("venues", "to"), ("meetings", "cancelled"), ("checks", "cancelled"),
        ("actions", "cancelled"),
    ]:  # fmt: skip
        assert book.registers[register].column(column).required


def test_what_can_be_cancelled_and_what_one_row_holds(book: Rulebook) -> None:
    """Meetings, actions and checks can be cancelled; a role has one holder at a time."""
    cancelled = {spec.id: spec.cancelled for spec in book.registers.values() if spec.cancelled}
    assert cancelled == dict.fromkeys(("meetings", "actions", "checks"), "cancelled")
    roles = {spec.id: spec.one_holder_of for spec in book.registers.values()}
    assert {name: role for name, role in roles.items() if role} == {"roles": "role"}


def test_what_the_program_fills_in_itself(book: Rulebook) -> None:
    """Only whether a review took the latest Home Office assessment into account."""
    filled = {
        (spec.id, column.name): column.latest
        for spec in book.registers.values()
        for column in spec.columns
        if column.latest is not None
    }
    assert filled == {
        ("reviews", "latest assessment"): Latest(
            key="assessment",
            within="documents",
            kind="kind",
            of="Home Office assessment",
            issued="issued on",
            by="reviewed on",
        )
    }


def test_cases_hold_nothing_that_describes_a_person(book: Rulebook) -> None:
    """Referrals, requests and disclosures go by reference; the one text is never shown."""
    cases = {column.name: column for column in book.registers["cases"].columns}
    assert list(cases) == [
        "ref", "kind", "opened on", "proportionate", "appropriate", "answered on", "answer",
        "purpose", "lawful basis", "agreement", "recorded on",
    ]  # fmt: skip
    assert [name for name, column in cases.items() if column.type == "text"] == ["purpose"]
    assert cases["purpose"].sensitive


def test_bearers_of_the_office_and_others(book: Rulebook) -> None:
    """The office answers for five bearers and watches four."""
    lists = {bearer.name: bearer.list for bearer in book.book.bearers}
    assert [name for name, list_ in lists.items() if list_ == "office"] == [
        "OPCC", "PCC", "Chief Executive", "Prevent Lead", "PCC and Chief Executive"
    ]  # fmt: skip
    assert [name for name, list_ in lists.items() if list_ == "others"] == [
        "Steering Group", "Channel Chair", "Warwickshire County Council", "CTPWM"
    ]  # fmt: skip
