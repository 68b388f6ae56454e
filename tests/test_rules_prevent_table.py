"""Each duty of the rulebook that comes with the project: its section, bearer, pattern, register."""

from __future__ import annotations

import datetime

import pytest

from rules.load import load_rulebook
from rules.model import Rulebook
from rules.patterns import Completeness
from rules.resolve import resolve

_IN_FORCE = datetime.date(2024, 10, 1)
_SHOULD = ("communities-engaged", "toolkit-considered", "training-consistency")

# id: section, bearer, pattern, the register of its evidence (of its records, for completeness)
_DUTIES = {
    "sop-next-review": ("Header", "Chief Executive", "standing", "documents"),
    "model-annual-review": ("1", "OPCC", "rolling", "reviews"),
    "model-review-on-guidance": ("1", "OPCC", "triggered", "reviews"),
    "channel-cooperation": ("3", "OPCC", "triggered", "cases"),
    "designated-lead": ("3", "OPCC", "standing", "roles"),
    "escalation-pathway": ("3", "Prevent Lead", "standing", "documents"),
    "guidance-accessible": ("3", "Prevent Lead", "standing", "documents"),
    "information-sharing-agreement": ("3", "OPCC", "standing", "documents"),
    "prevent-promoted": ("3", "Prevent Lead", "periodic", "communications"),
    "sharing-recorded": ("3", "OPCC", "completeness", "cases"),
    "board-annual-report": ("4.1", "Steering Group", "rolling", "submissions"),
    "board-attendance": ("4.1", "PCC and Chief Executive", "triggered", "meetings"),
    "board-officer-attendance": ("4.1", "Steering Group", "triggered", "meetings"),
    "board-reports-complete": ("4.1", "Steering Group", "rolling", "submissions"),
    "cooperation-in-statement": ("4.1", "OPCC", "content", "submissions"),
    "office-briefed": ("4.1", "Prevent Lead", "triggered", "communications"),
    "officer-funding": ("4.1", "PCC", "periodic", "submissions"),
    "steering-group-attendance": ("4.1", "Prevent Lead", "triggered", "meetings"),
    "steering-group-contribution": ("4.1", "Prevent Lead", "periodic", "minutes"),
    "steering-group-terms": ("4.1", "Steering Group", "rolling", "reviews"),
    "assessment-amended": ("4.2", "Steering Group", "triggered", "documents"),
    "assessment-promoted": ("4.2", "OPCC", "triggered", "communications"),
    "assessment-sent-to-office": ("4.2", "Steering Group", "triggered", "documents"),
    "corporate-risk-assessed": ("4.2", "Steering Group", "periodic", "minutes"),
    "ctlp-contribution": ("4.2", "OPCC", "periodic", "submissions"),
    "ctlp-presented": ("4.2", "Steering Group", "periodic", "minutes"),
    "ctlp-workshop-q4": ("4.2", "OPCC", "periodic", "meetings"),
    "local-information-provided": ("4.2", "OPCC", "periodic", "submissions"),
    "risk-assessment-contribution": ("4.2", "OPCC", "periodic", "submissions"),
    "situational-assessment-agreed": ("4.2", "Steering Group", "periodic", "documents"),
    "situational-assessment-considered": ("4.2", "OPCC", "triggered", "reviews"),
    "situational-assessment-content": ("4.2", "Steering Group", "content", "documents"),
    "situational-assessment-reviewed": ("4.2", "Steering Group", "triggered", "minutes"),
    "actions-well-formed": ("4.3", "Steering Group", "completeness", "actions"),
    "lead-reviews-drafts": ("4.3", "Prevent Lead", "before event", "reviews"),
    "opcc-actions-delivered": ("4.3", "Prevent Lead", "completeness", "actions"),
    "opcc-actions-monitored": ("4.3", "Prevent Lead", "before event", "reviews"),
    "partnership-plan-developed": ("4.3", "Steering Group", "triggered", "documents"),
    "plan-covers-priorities": ("4.3", "Steering Group", "triggered", "actions"),
    "plan-progress-reported": ("4.3", "Prevent Lead", "triggered", "minutes"),
    "plan-shared": ("4.3", "Prevent Lead", "triggered", "communications"),
    "higher-level-training": ("4.4", "OPCC", "rolling", "training"),
    "pathway-assurance": ("4.4", "OPCC", "periodic", "submissions"),
    "pathway-available": ("4.4", "OPCC", "standing", "documents"),
    "pathway-understood": ("4.4", "OPCC", "rolling", "training"),
    "referral-data-in-assessment": ("4.4", "Steering Group", "periodic", "minutes"),
    "referral-data-in-ctlp": ("4.4", "CTPWM", "periodic", "minutes"),
    "referral-data-reviewed": ("4.4", "Steering Group", "triggered", "minutes"),
    "referrals-reviewed": ("4.4", "OPCC", "periodic", "reviews"),
    "steering-group-quarterly": ("4.4", "Steering Group", "periodic", "meetings"),
    "workforce-profile-reviewed": ("4.4", "OPCC", "rolling", "reviews"),
    "channel-assurance-statement": ("4.5", "Channel Chair", "periodic", "minutes"),
    "channel-chair-trained": ("4.5", "Warwickshire County Council", "standing", "roles"),
    "channel-contribution": ("4.5", "OPCC", "periodic", "submissions"),
    "channel-process-compliant": ("4.5", "Warwickshire County Council", "rolling", "submissions"),
    "channel-terms": ("4.5", "Warwickshire County Council", "standing", "documents"),
    "channel-update": ("4.5", "Channel Chair", "triggered", "minutes"),
    "induction-training": ("4.6", "OPCC", "triggered", "training"),
    "referrers-trained": ("4.6", "OPCC", "rolling", "training"),
    "refresher-training": ("4.6", "OPCC", "rolling", "training"),
    "staff-trained": ("4.6", "OPCC", "triggered", "training"),
    "training-consistency": ("4.6", "Steering Group", "periodic", "minutes"),
    "training-plan": ("4.6", "OPCC", "standing", "documents"),
    "training-plan-assured": ("4.6", "OPCC", "periodic", "submissions"),
    "training-record-kept": ("4.6", "OPCC", "completeness", "training"),
    "training-record-reviewed": ("4.6", "OPCC", "rolling", "reviews"),
    "award-due-diligence": ("4.7", "OPCC", "before event", "checks"),
    "booking-checked": ("4.7", "OPCC", "before event", "checks"),
    "disruption-escalated": ("4.7", "Steering Group", "triggered", "issues"),
    "it-assurance-in-statement": ("4.7", "OPCC", "content", "submissions"),
    "it-filter-assurance": ("4.7", "OPCC", "rolling", "submissions"),
    "no-extremist-funding": ("4.7", "OPCC", "completeness", "checks"),
    "permissive-environment-annual": ("4.7", "Steering Group", "periodic", "minutes"),
    "permissive-environment-quarterly": ("4.7", "Steering Group", "triggered", "minutes"),
    "permissive-issue-actioned": ("4.7", "Steering Group", "completeness", "issues"),
    "permissive-issue-assisted": ("4.7", "OPCC", "triggered", "issues"),
    "venue-booking-system": ("4.7", "OPCC", "rolling", "reviews"),
    "venue-policy": ("4.7", "OPCC", "standing", "documents"),
    "venue-staff-trained": ("4.7", "OPCC", "rolling", "training"),
    "bespoke-communications-assisted": ("4.8", "OPCC", "triggered", "communications"),
    "bespoke-communications-considered": ("4.8", "Steering Group", "triggered", "minutes"),
    "communications-considered": ("4.8", "OPCC", "completeness", "communications"),
    "communications-recorded": ("4.8", "OPCC", "completeness", "communications"),
    "communications-targeted": ("4.8", "OPCC", "completeness", "communications"),
    "communities-engaged": ("4.8", "OPCC", "periodic", "communications"),
    "engagement-considered-quarterly": ("4.8", "OPCC", "before event", "reviews"),
    "engagement-plan-in-assessment": ("4.8", "Steering Group", "content", "documents"),
    "engagement-plan-reviewed": ("4.8", "Steering Group", "triggered", "minutes"),
    "engagement-planned-annually": ("4.8", "OPCC", "periodic", "reviews"),
    "engagement-recorded": ("4.8", "OPCC", "completeness", "communications"),
    "public-information": ("4.8", "OPCC", "rolling", "reviews"),
    "staff-update-annual": ("4.8", "OPCC", "rolling", "communications"),
    "staff-update-in-statement": ("4.8", "OPCC", "content", "submissions"),
    "standalone-plan-developed": ("4.8", "Steering Group", "triggered", "documents"),
    "toolkit-considered": ("4.8", "OPCC", "periodic", "reviews"),
    "toolkit-use-recorded": ("4.8", "OPCC", "completeness", "communications"),
    "assurance-statement": ("5", "OPCC", "periodic", "submissions"),
    "governance-assurance": ("5", "OPCC", "rolling", "reviews"),
    "records-protect-data": ("5", "OPCC", "rolling", "reviews"),
    "referral-records-kept": ("5", "OPCC", "completeness", "cases"),
    "sop-annual-review": ("5", "OPCC", "rolling", "reviews"),
    "sop-review-uses-assessment": ("5", "OPCC", "completeness", "reviews"),
    "spr-contribution": ("5", "PCC", "periodic", "submissions"),
    "force-compliance-considered": ("6", "PCC", "periodic", "reviews"),
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    read = load_rulebook()
    assert isinstance(read, Rulebook), read
    return read


@pytest.mark.parametrize("duty", _DUTIES)
def test_a_duty(book: Rulebook, duty: str) -> None:
    """Its section, bearer, strength, pattern and register; in force since the SOP is."""
    section, bearer, pattern, register = _DUTIES[duty]
    held = book.duties[duty]
    version = resolve(book, duty).versions[0].version
    shown = (
        version.pattern.records if isinstance(version.pattern, Completeness) else version.evidence
    )
    assert shown is not None
    assert (book.sections[duty], held.bearer) == (section, bearer)
    assert held.strength == ("should" if duty in _SHOULD else "must")
    assert (held.versions[0].pattern.kind, shown.register) == (pattern, register)
    assert [each.from_ for each in held.versions] == [_IN_FORCE]
    assert held.waivable
    assert held.until is None
    assert held.versions[0].readings


def test_these_are_the_duties_in_their_order(book: Rulebook) -> None:
    """No duty stands in the rulebook that is not told of here."""
    assert list(book.duties) == list(_DUTIES)
    assert len(_DUTIES) == 104


def test_every_section_but_the_second_and_the_heads_has_duties(book: Rulebook) -> None:
    """Section 2 only describes; every other one asks something."""
    assert set(book.sections.values()) == {section.number for section in book.book.sections}


def test_no_title_or_reading_is_written_twice(book: Rulebook) -> None:
    """A title tells its duty from every other one."""
    titles = [duty.title for duty in book.duties.values()]
    assert len(set(titles)) == len(titles)
