"""The rulebook that comes with the project says what was decided about the SOP."""

from __future__ import annotations

import datetime

import pytest

from evidence.register import RegisterSpec
from rules.condition import Listing, NilReturn
from rules.load import load_rulebook
from rules.model import Duty, Rulebook, Version
from rules.pattern import (
    BeforeEvent,
    Completeness,
    Content,
    Events,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.resolve import resolve
from rules.span import Span
from rules.subject import FixedList, Population

_IN_FORCE = datetime.date(2024, 10, 1)

# id: section, bearer, pattern, the register of its evidence (of its records, for completeness)
_DUTIES = {
    "model-review-on-guidance": ("1", "OPCC", "triggered", "reviews"),
    "designated-lead": ("3", "OPCC", "standing", "roles"),
    "information-sharing-agreement": ("3", "OPCC", "standing", "documents"),
    "board-reports-complete": ("4.1", "Steering Group", "rolling", "submissions"),
    "steering-group-attendance": ("4.1", "Prevent Lead", "triggered", "meetings"),
    "ctlp-workshop-q4": ("4.2", "OPCC", "periodic", "meetings"),
    "situational-assessment-agreed": ("4.2", "Steering Group", "periodic", "documents"),
    "situational-assessment-reviewed": ("4.2", "Steering Group", "triggered", "minutes"),
    "opcc-actions-delivered": ("4.3", "Prevent Lead", "completeness", "actions"),
    "referrals-reviewed": ("4.4", "OPCC", "periodic", "reviews"),
    "steering-group-quarterly": ("4.4", "Steering Group", "periodic", "meetings"),
    "induction-training": ("4.6", "OPCC", "triggered", "training"),
    "refresher-training": ("4.6", "OPCC", "rolling", "training"),
    "staff-trained": ("4.6", "OPCC", "triggered", "training"),
    "award-due-diligence": ("4.7", "OPCC", "before event", "checks"),
    "disruption-escalated": ("4.7", "Steering Group", "triggered", "issues"),
    "it-assurance-in-statement": ("4.7", "OPCC", "content", "submissions"),
    "it-filter-assurance": ("4.7", "OPCC", "rolling", "submissions"),
    "venue-policy": ("4.7", "OPCC", "standing", "documents"),
    "staff-update-annual": ("4.8", "OPCC", "rolling", "communications"),
    "assurance-statement": ("5", "OPCC", "periodic", "submissions"),
    "sop-annual-review": ("5", "OPCC", "rolling", "reviews"),
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    read = load_rulebook()
    assert isinstance(read, Rulebook), read
    return read


def _first(book: Rulebook, duty: str) -> Version:
    """The first version of a duty, with what a content duty takes from the one that it cuts."""
    return resolve(book, duty).versions[0].version


def _sheets(book: Rulebook) -> list[RegisterSpec]:
    return [spec for spec in book.registers.values() if not spec.control]


@pytest.mark.parametrize("duty", _DUTIES)
def test_a_duty(book: Rulebook, duty: str) -> None:
    """Its section, bearer, pattern and register; in force since the SOP is."""
    section, bearer, pattern, register = _DUTIES[duty]
    held = book.duties[duty]
    version = _first(book, duty)
    shown = (
        version.pattern.records if isinstance(version.pattern, Completeness) else version.evidence
    )
    assert shown is not None
    assert (book.sections[duty], held.bearer, held.strength) == (section, bearer, "must")
    assert (held.versions[0].pattern.kind, shown.register) == (pattern, register)
    assert [each.from_ for each in held.versions] == [_IN_FORCE]
    assert held.waivable
    assert held.until is None
    assert held.versions[0].readings


def test_these_are_the_duties_in_their_order(book: Rulebook) -> None:
    """No duty stands in the rulebook that is not told of here."""
    assert list(book.duties) == list(_DUTIES)


def test_what_lapses(book: Rulebook) -> None:
    """Only what no later act can make good: attendance, a meeting's review, a check beforehand."""
    lapses = {duty: _first(book, duty).lapse for duty in book.duties}
    year = Span(12, "months")
    assert {duty: lapse for duty, lapse in lapses.items() if lapse} == dict.fromkeys(
        ("steering-group-attendance", "situational-assessment-reviewed", "award-due-diligence"),
        year,
    )


def test_rolling_intervals(book: Rulebook) -> None:
    """Twelve months, and 24 for refresher training; the SOP's own review has a first day."""
    rolling = {
        duty: pattern
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Rolling)
    }
    assert {duty: str(pattern.every) for duty, pattern in rolling.items()} == {
        "board-reports-complete": "12 months",
        "refresher-training": "24 months",
        "it-filter-assurance": "12 months",
        "staff-update-annual": "12 months",
        "sop-annual-review": "12 months",
    }
    days = {duty: pattern.first_deadline for duty, pattern in rolling.items()}
    assert {duty: day for duty, day in days.items() if day} == {
        "sop-annual-review": datetime.date(2025, 9, 30)
    }
    assert all(pattern.notice == Span(60, "days") for pattern in rolling.values())


def test_spans_after_events(book: Rulebook) -> None:
    """90 days for training and guidance, 28 for minutes and induction, the day itself to attend."""
    spans = {
        duty: str(pattern.within)
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Triggered)
    }
    assert spans == {
        "model-review-on-guidance": "90 days",
        "steering-group-attendance": "0 days",
        "situational-assessment-reviewed": "28 days",
        "induction-training": "28 days",
        "staff-trained": "90 days",
        "disruption-escalated": "None",
    }
    contacts = _first(book, "disruption-escalated").subjects
    assert isinstance(contacts, FixedList)
    assert [(each.id, str(each.within), each.dated) for each in contacts.members] == [
        ("HOPA", "7 days", "HOPA told on"),
        ("Disruptions Team", "14 days", "disruptions team contacted on"),
    ]


def test_who_is_staff(book: Rulebook) -> None:
    """The three training duties ask the same people: not the PCC, and nobody of no known kind."""
    for duty in ("staff-trained", "induction-training", "refresher-training"):
        people = _first(book, duty).subjects
        assert isinstance(people, Population)
        (kind,) = people.where
        assert kind.one_of == ("staff", "Deputy PCC", "agency", "seconded")
        assert set(kind.one_of) < set(book.registers["people"].column("kind").codes)
    already = {
        duty: pattern.already_there
        for duty in ("staff-trained", "induction-training")
        if isinstance(pattern := _first(book, duty).pattern, Triggered)
    }
    assert already == {"staff-trained": True, "induction-training": False}


def test_what_makes_an_empty_list_an_answer(book: Rulebook) -> None:
    """A nil return for guidance, awards, issues and referrals; no venue and no action are fair."""
    returns, fair = {}, []
    for duty in book.duties:
        for listing in _lists(_first(book, duty)):
            if listing.empty == "fair":
                fair.append(duty)
            if listing.nil_return is not None:
                returns[duty] = (listing.nil_return.list, listing.nil_return.each)
    referrals = _first(book, "referrals-reviewed").pattern
    assert isinstance(referrals, Periodic)
    assert referrals.nil_return == NilReturn(list="referrals", each="quarter")
    assert str(referrals.grace) == "28 days"
    assert returns == {
        "model-review-on-guidance": ("national guidance", "quarter"),
        "award-due-diligence": ("awards", "quarter"),
        "disruption-escalated": ("permissive issues", "quarter"),
    }
    assert fair == ["opcc-actions-delivered", "venue-policy"]


def _lists(version: Version) -> list[Listing]:
    """The rows that list a version's subjects, events or records."""
    pattern, lists = version.pattern, list[Listing]()
    if isinstance(version.subjects, Population):
        lists.append(version.subjects)
    if isinstance(pattern, Triggered | BeforeEvent) and isinstance(pattern.event, Events):
        lists.append(pattern.event)
    if isinstance(pattern, Completeness):
        lists.append(pattern.records)
    return lists


def test_what_stands_has_a_day_to_be_looked_at_again(book: Rulebook) -> None:
    """Agreements within 24 months and hire policies within 36; the lead as long as held."""
    caps = {
        duty: (str(pattern.review_within), pattern.end_needed)
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Standing)
    }
    assert caps == {
        "designated-lead": ("None", False),
        "information-sharing-agreement": ("24 months", True),
        "venue-policy": ("36 months", True),
    }


def test_the_content_duty(book: Rulebook) -> None:
    """The IT assurance is looked for in the statement that was given, and in no other paper."""
    pattern = book.duties["it-assurance-in-statement"].versions[0].pattern
    assert isinstance(pattern, Content)
    assert pattern.of == "assurance-statement"
    evidence = _first(book, "it-assurance-in-statement").evidence
    assert evidence is not None
    assert [each.column for each in evidence.where] == [
        "kind", "from", "to", "minuted at", "covers"
    ]  # fmt: skip


def test_a_cancelled_meeting_shows_nothing(book: Rulebook) -> None:
    """Wherever a meeting as such is evidence, one marked as cancelled does not count."""
    for duty in ("steering-group-quarterly", "ctlp-workshop-q4"):
        evidence = _first(book, duty).evidence
        assert evidence is not None
        assert [each.is_ for each in evidence.where if each.column == "cancelled"] == [False]
    assert book.registers["meetings"].column("cancelled").blank == "no"


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


def test_bearers_of_the_office_and_others(book: Rulebook) -> None:
    """The office answers for five bearers and watches four."""
    lists = {bearer.name: bearer.list for bearer in book.book.bearers}
    assert [name for name, list_ in lists.items() if list_ == "office"] == [
        "OPCC", "PCC", "Chief Executive", "Prevent Lead", "PCC and Chief Executive"
    ]  # fmt: skip
    assert [name for name, list_ in lists.items() if list_ == "others"] == [
        "Steering Group", "Channel Chair", "Warwickshire County Council", "CTPWM"
    ]  # fmt: skip
