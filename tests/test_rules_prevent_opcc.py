"""The rulebook that comes with the project says what was decided about the SOP."""

from __future__ import annotations

import datetime

import pytest

from rules.condition import Condition, Listing, NilReturn
from rules.load import load_rulebook
from rules.model import Rulebook, Version
from rules.patterns import (
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


@pytest.fixture(scope="module")
def book() -> Rulebook:
    read = load_rulebook()
    assert isinstance(read, Rulebook), read
    return read


def _first(book: Rulebook, duty: str) -> Version:
    """The first version of a duty, with what a content duty takes from the one that it cuts."""
    return resolve(book, duty).versions[0].version


_MINUTED_YEARLY = {
    "channel-assurance-statement", "corporate-risk-assessed", "ctlp-presented",
    "permissive-environment-annual", "referral-data-in-assessment", "referral-data-in-ctlp",
    "training-consistency",
}  # fmt: skip
_PER_MEETING = (
    "bespoke-communications-considered", "channel-update", "engagement-plan-reviewed",
    "permissive-environment-quarterly", "plan-progress-reported", "referral-data-reviewed",
    "situational-assessment-reviewed",
)  # fmt: skip
_REACHED = ("reviewed", "assessed", "presented", "noted", "decided")


def test_what_lapses(book: Rulebook) -> None:
    """Only what no later act can make good: who came, what a meeting minuted, what comes first."""
    lapses = {duty: _first(book, duty).lapse for duty in book.duties}
    year = Span(12, "months")
    assert {duty: lapse for duty, lapse in lapses.items() if lapse} == dict.fromkeys(
        (
            *_PER_MEETING, "board-attendance", "board-officer-attendance", "office-briefed",
            "steering-group-attendance", "opcc-actions-monitored",
            "engagement-considered-quarterly", "award-due-diligence",
        ),
        year,
    )  # fmt: skip


def test_rolling_intervals(book: Rulebook) -> None:
    """Twelve months for reviews and reports, 24 for training that is to be repeated."""
    rolling = {
        duty: pattern
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Rolling)
    }
    longer = {duty for duty, pattern in rolling.items() if str(pattern.every) != "12 months"}
    assert len(rolling) == 19
    assert longer == {
        "higher-level-training", "referrers-trained", "refresher-training", "venue-staff-trained"
    }  # fmt: skip
    assert {str(rolling[duty].every) for duty in longer} == {"24 months"}
    assert {duty: str(pattern.first) for duty, pattern in rolling.items() if pattern.first} == {
        "higher-level-training": "90 days",
        "pathway-understood": "28 days",
        "referrers-trained": "28 days",
        "venue-staff-trained": "28 days",
    }
    days = {duty: pattern.first_deadline for duty, pattern in rolling.items()}
    assert {duty: day for duty, day in days.items() if day} == dict.fromkeys(
        ("model-annual-review", "sop-annual-review"), datetime.date(2025, 9, 30)
    )
    assert all(pattern.notice == Span(60, "days") for pattern in rolling.values())


def test_spans_after_events(book: Rulebook) -> None:
    """28 days for minutes, messages and help, longer where something has to be worked out."""
    triggered = {
        duty: pattern
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Triggered)
    }
    spans: dict[str, set[str]] = {}
    for duty, pattern in triggered.items():
        spans.setdefault(str(pattern.within), set()).add(duty)
    assert spans == {
        "None": {"disruption-escalated"},
        "0 days": {"board-attendance", "board-officer-attendance", "steering-group-attendance"},
        "14 days": {"channel-cooperation"},
        "28 days": {
            *_PER_MEETING, "assessment-sent-to-office", "bespoke-communications-assisted",
            "induction-training", "office-briefed", "permissive-issue-assisted",
            "plan-covers-priorities", "plan-shared",
        },
        "60 days": {"assessment-promoted", "situational-assessment-considered"},
        "90 days": {
            "assessment-amended", "model-review-on-guidance", "partnership-plan-developed",
            "staff-trained", "standalone-plan-developed",
        },
    }  # fmt: skip
    earlier = {duty: str(each.accepted_before) for duty, each in triggered.items()}
    assert {duty: span for duty, span in earlier.items() if span != "None"} == {
        "staff-trained": "24 months"
    }
    assert {duty: str(each.early) for duty, each in triggered.items() if each.early} == {
        "plan-covers-priorities": "12 months",
    }


def test_what_is_reckoned_from_the_day_of_a_meeting(book: Rulebook) -> None:
    """The minutes record it, and the meeting dates it."""
    dated = {
        duty
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Triggered)
        and isinstance(pattern.event, Events)
        and pattern.event.dated == "meeting held on"
    }
    assert dated == {
        "assessment-amended", "bespoke-communications-assisted", "standalone-plan-developed",
    }  # fmt: skip


def test_minutes_of_a_yearly_item_are_out_28_days_after_the_meeting(book: Rulebook) -> None:
    """Every periodic duty that minutes show asks for it, but for what the office brings itself."""
    periodic = {
        duty: {each.column: each for each in query.where}
        for duty in book.duties
        if isinstance(_first(book, duty).pattern, Periodic)
        and (query := _first(book, duty).evidence) is not None
        and query.register == "minutes"
    }
    assert set(periodic) == {*_MINUTED_YEARLY, "steering-group-contribution"}
    for duty in _MINUTED_YEARLY:
        asked = periodic[duty]["meeting held on"]
        assert (asked.on_or_before, str(asked.within)) == ("minuted on", "28 days")


def test_the_two_contacts_of_a_disruption(book: Rulebook) -> None:
    """A week for the advisor, two for the team."""
    contacts = _first(book, "disruption-escalated").subjects
    assert isinstance(contacts, FixedList)
    assert [(each.id, str(each.within), each.dated) for each in contacts.members] == [
        ("HOPA", "7 days", "HOPA told on"),
        ("Disruptions Team", "14 days", "disruptions team contacted on"),
    ]


def test_windows_before_an_event(book: Rulebook) -> None:
    """Checks and drafts are at most a year old; what precedes a meeting follows the last one."""
    before = {
        duty: (str(pattern.no_earlier), str(pattern.by), pattern.since_previous)
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, BeforeEvent)
    }
    assert before == {
        "lead-reviews-drafts": ("12 months", "None", False),
        "opcc-actions-monitored": ("None", "None", True),
        "award-due-diligence": ("12 months", "None", False),
        "booking-checked": ("12 months", "None", False),
        "engagement-considered-quarterly": ("None", "1 day", True),
    }


def test_times_to_complete_a_record(book: Rulebook) -> None:
    """At once where the act itself shows it, by the next meeting where the group records it."""
    records = {
        duty: pattern
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Completeness)
    }
    assert {duty: str(pattern.within) for duty, pattern in records.items()} == {
        "sharing-recorded": "7 days",
        "actions-well-formed": "28 days",
        "opcc-actions-delivered": "None",
        "training-record-kept": "28 days",
        "no-extremist-funding": "0 days",
        "permissive-issue-actioned": "28 days",
        "communications-considered": "0 days",
        "communications-recorded": "100 days",
        "communications-targeted": "0 days",
        "engagement-recorded": "100 days",
        "toolkit-use-recorded": "28 days",
        "referral-records-kept": "28 days",
        "sop-review-uses-assessment": "28 days",
    }


def test_periods(book: Rulebook) -> None:
    """Financial years, three quarters, and what is to be done before the year that it is for."""
    periodic = {
        duty: pattern
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Periodic)
    }
    assert {duty for duty, pattern in periodic.items() if pattern.period == "quarter"} == {
        "steering-group-contribution", "referrals-reviewed", "steering-group-quarterly"
    }  # fmt: skip
    assert {pattern.period for pattern in periodic.values()} == {"quarter", "financial year"}
    before = {duty for duty, pattern in periodic.items() if pattern.before}
    assert before == {
        "corporate-risk-assessed", "ctlp-presented", "engagement-plan-in-assessment",
        "permissive-environment-annual", "referral-data-in-assessment",
        "risk-assessment-contribution", "situational-assessment-agreed",
        "situational-assessment-content",
    }  # fmt: skip
    assert [duty for duty, pattern in periodic.items() if pattern.early] == ["officer-funding"]
    assert {duty: pattern.nil_return for duty, pattern in periodic.items() if pattern.grace} == {
        "local-information-provided": NilReturn(list="local information", each="financial year"),
        "referrals-reviewed": NilReturn(list="referrals", each="quarter"),
        "channel-contribution": NilReturn(list="Channel contribution", each="financial year"),
    }
    assert {str(pattern.grace) for pattern in periodic.values()} == {"None", "28 days"}


def test_what_was_put_off_is_not_minuted(book: Rulebook) -> None:
    """Wherever a minuted item is the evidence, the meeting did something with it."""
    minuted = [
        evidence
        for duty in book.duties
        if (evidence := _first(book, duty).evidence) is not None and evidence.register == "minutes"
    ]
    assert len(minuted) == len(_PER_MEETING) + 8
    for evidence in minuted:
        assert evidence.dated == "minuted on"
        (outcome,) = (each.one_of or () for each in evidence.where if each.column == "outcome")
        progress = any(each.equals == "OPCC action progress" for each in evidence.where)
        assert outcome == (*_REACHED, *(("completed",) if progress else ()))


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
    """A nil return where nothing else would show the lack; nothing at all where something does."""
    returns, fair = {}, []
    for duty in book.duties:
        for listing in _lists(_first(book, duty)):
            if listing.empty == "fair":
                fair.append(duty)
            if listing.nil_return is not None:
                returns[duty] = (listing.nil_return.list, listing.nil_return.each)
    assert returns == {
        "model-review-on-guidance": ("national guidance", "quarter"),
        "channel-cooperation": ("Channel requests", "financial year"),
        "sharing-recorded": ("disclosures", "financial year"),
        "award-due-diligence": ("awards", "quarter"),
        "no-extremist-funding": ("awards", "quarter"),
        "permissive-issue-actioned": ("permissive issues", "quarter"),
        "communications-considered": ("safeguarding communications", "quarter"),
        "referral-records-kept": ("referrals", "quarter"),
    }
    assert fair == [
        "board-officer-attendance", "assessment-amended", "opcc-actions-delivered",
        "booking-checked", "disruption-escalated", "permissive-issue-assisted",
        "venue-booking-system", "venue-policy", "bespoke-communications-assisted",
        "communications-recorded", "communications-targeted", "engagement-recorded",
        "standalone-plan-developed", "toolkit-use-recorded", "sop-review-uses-assessment",
    ]  # fmt: skip


def test_a_draft_asks_nothing(book: Rulebook) -> None:
    """Documents are events by the day they were agreed, so one without that day is none yet."""
    for duty in book.duties:
        for listing in _lists(_first(book, duty)):
            if listing.register == "documents" and isinstance(listing, Events):
                agreed = any(each.column == "agreed on" for each in listing.where)
                assert agreed == (listing.dated == "agreed on"), duty


def test_what_a_duty_depends_on(book: Rulebook) -> None:
    """Open actions of the office, and a place for hire."""
    depends = {
        duty: applies.register
        for duty in book.duties
        if (applies := _first(book, duty).applies) is not None
    }
    assert depends == {
        "opcc-actions-monitored": "actions",
        "plan-progress-reported": "actions",
        "booking-checked": "venues",
        "venue-staff-trained": "venues",
    }


def test_of_which_one_will_do(book: Rulebook) -> None:
    """Whole office or some, clear or decided, published or minuted."""
    choices = {}
    for duty in book.duties:
        version = _first(book, duty)
        held = version.pattern.must_any if isinstance(version.pattern, Completeness) else ()
        held += version.evidence.any_of if version.evidence is not None else ()
        if held:
            choices[duty] = [each.column for each in held]
    assert choices == {
        "plan-shared": ["audience", "audience"],
        "booking-checked": ["extremism outcome", "decided by post"],
        "no-extremist-funding": ["extremism outcome", "decided by post"],
        "communications-considered": ["Prevent considered", "carries Prevent"],
        "spr-contribution": ["published", "minuted at"],
        "force-compliance-considered": ["minuted at", "published"],
    }


def test_as_many_actions_as_priorities(book: Rulebook) -> None:
    """A plan's own row says how many different priorities its actions have to serve."""
    evidence = _first(book, "plan-covers-priorities").evidence
    assert evidence is not None
    assert (evidence.event, evidence.distinct, evidence.needed_from) == (
        "plan", "priority", "priorities"
    )  # fmt: skip


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


def test_how_long_a_document_serves_without_a_review(book: Rulebook) -> None:
    """Agreements for 24 months, hire policies for 36, what staff read for 12; the SOP until the
    review-by day of its row, which has to be there."""
    caps = {
        duty: None if pattern.review_within is None else str(pattern.review_within)
        for duty in book.duties
        if isinstance(pattern := _first(book, duty).pattern, Standing)
    }
    assert caps == {
        "sop-next-review": None,
        "designated-lead": None,
        "escalation-pathway": None,
        "guidance-accessible": "12 months",
        "information-sharing-agreement": "24 months",
        "pathway-available": "12 months",
        "channel-chair-trained": None,
        "channel-terms": None,
        "training-plan": "12 months",
        "venue-policy": "36 months",
    }
    sop = _first(book, "sop-next-review")
    assert sop.evidence is not None
    assert "review by" in [each.column for each in sop.evidence.where if each.filled]


def test_which_rows_a_key_may_name(book: Rulebook) -> None:
    """A minute is one of the meeting that the SOP names; an agreement is one on sharing."""
    group, board = ("body", "Steering Group"), ("body", "SWPB")
    assert {
        duty: {key.column: tuple((each.column, each.equals) for each in key.where) for key in keys}
        for duty in book.duties
        if (keys := _filled_keys(book, duty))
    } == {
        "sharing-recorded": {"agreement": (("kind", "information sharing agreement"),)},
        "board-annual-report": {"minuted at": (board,)},
        "cooperation-in-statement": {"minuted at": (group,)},
        "steering-group-terms": {"minuted at": (group,)},
        "pathway-assurance": {"minuted at": (group,)},
        "training-plan-assured": {"minuted at": (group,)},
        "training-record-kept": {"person": ()},
        "it-assurance-in-statement": {"minuted at": (group,)},
        "communications-recorded": {"recorded at": (group,)},
        "engagement-recorded": {"recorded at": (group,)},
        "staff-update-in-statement": {"minuted at": (group,)},
        "assurance-statement": {"minuted at": (group,)},
        "sop-annual-review": {"minuted at": (group,)},
        "spr-contribution": {"minuted at": ()},
        "force-compliance-considered": {"minuted at": ()},
        **{duty: {"meeting": (group,)} for duty in _MINUTED_YEARLY},
    }


def _filled_keys(book: Rulebook, duty: str) -> list[Condition]:
    """The conditions of a duty that ask for a key to be filled."""
    version = _first(book, duty)
    pattern, query = version.pattern, version.evidence
    if isinstance(pattern, Completeness):
        register, asked = pattern.records.register, (*pattern.must, *pattern.must_any)
    else:
        assert query is not None
        register, asked = query.register, (*query.where, *query.any_of)
    spec = book.registers[register]
    return [each for each in asked if each.filled and spec.column(each.column).named]


def test_the_content_duties(book: Rulebook) -> None:
    """What assessment and assurance statement have to say is looked for nowhere else."""
    cuts: dict[str, set[str]] = {}
    added = {}
    for duty in book.duties.values():
        pattern = duty.versions[0].pattern
        if isinstance(pattern, Content):
            cuts.setdefault(pattern.of, set()).add(duty.id)
            added[duty.id] = [(each.column, len(each.includes or ())) for each in pattern.where]
    assert cuts == {
        "situational-assessment-agreed": {
            "situational-assessment-content", "engagement-plan-in-assessment"
        },
        "assurance-statement": {
            "cooperation-in-statement", "it-assurance-in-statement", "staff-update-in-statement"
        },
    }  # fmt: skip
    assert added.pop("situational-assessment-content") == [("covers", 6)]
    assert set(map(str, added.values())) == {"[('covers', 1)]"}
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
