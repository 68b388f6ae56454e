"""An auditor's view of a duty, beside the outcome and never over it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.assessment import Assessment, DutyOutcome
from record.ledger.database import LedgerProblem
from record.ledger.entries import Checked, Reviewed
from record.ledger.entry import Entered
from record.ledger.ledger import Entry, Stamp, entries, maker, writing
from rules.problem import did_you_mean

Verdict = Literal["agree", "disagree"]

#: What the reports say of a duty that somebody has looked at, or nobody.
AGREED, DISAGREED, NOT_LOOKED_AT = "agreed", "disagreed", "not yet looked at"


@dataclass(frozen=True, slots=True)
class View:
    """What an auditor says: of which duty, of which of its subjects ('' for the whole duty)."""

    duty: str
    subject: str
    verdict: Verdict
    note: str


@dataclass(frozen=True, slots=True)
class Review:
    """A view as it stands in the ledger. ``pruned``: who it was, about whom and why are gone."""

    number: int
    at: datetime.datetime
    by: str
    view: View
    pruned: bool


def review(ledger: Path, assessment: Assessment, sha256: str, view: View, stamp: Stamp) -> Entered:
    """Enters a view of the assessment of that hash. Raises LedgerProblem where the assessment was
    never entered there, or has no such duty or subject, or a disagreement has no note."""
    _must_be_there(assessment, view)
    checks = (entry.body for entry in entries(ledger) if isinstance(entry.body, Checked))
    if all(check.assessment != sha256 for check in checks):
        raise LedgerProblem(
            f"This assessment was never entered in the ledger {ledger}, so no view of it can be. "
            "Give the ledger that it was entered in with --ledger; run.json beside it names that."
        )
    with writing(ledger, stamp) as writer:
        make = maker(Reviewed, stamp, assessment=sha256, duty=view.duty, verdict=view.verdict)
        row = writer.add(make, stamp, view.subject, view.note)
    return Entered(ledger, row.number, stamp.at, row.hash, sha256, row.number == 1)


def _must_be_there(assessment: Assessment, view: View) -> None:
    duties = {duty.id: duty for duty in assessment.duties}
    if view.duty not in duties:
        raise LedgerProblem(
            f"The assessment has no duty '{view.duty}'. {did_you_mean(view.duty, duties)}"
        )
    subjects = {obligation.subject for obligation in duties[view.duty].obligations}
    if view.subject and view.subject not in subjects:
        raise LedgerProblem(
            f"The duty {view.duty} has no subject '{view.subject}'. "
            f"{did_you_mean(view.subject, subjects)}"
        )
    if view.verdict == "disagree" and not view.note.strip():
        raise LedgerProblem("Say with --note why you disagree: others have to be able to follow.")


def reviews_in(found: Iterable[Entry], sha256: str) -> tuple[Review, ...]:
    """All views of the assessment of that hash, the earliest first."""
    reviews = []
    for each in found:
        body = each.body
        if isinstance(body, Reviewed) and body.assessment == sha256:
            by, subject, note = "", "", ""
            if each.details:
                by, subject, note = each.details.by, each.details.subject, each.details.note
            view = View(body.duty, subject, body.verdict, note)
            reviews.append(Review(body.number, body.at, by, view, each.pruned))
    return tuple(reviews)


def standing(reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Those that stand: of several by one auditor on the same duty and subject, the latest. Of
    pruned ones nobody can tell whose they were, so each of them stands."""
    latest: dict[object, Review] = {}
    for each in reviews:
        key = each.number if each.pruned else (each.by, each.view.duty, each.view.subject)
        latest[key] = each
    return tuple(sorted(latest.values(), key=lambda each: each.number))


def states(assessment: Assessment, reviews: Iterable[Review]) -> Mapping[str, str]:
    """The state of each duty of an assessment, by its id. It is disagreed where any view that
    stands disagrees with the duty or with a part of it; agreed where one agrees with the whole
    duty, or some agree with each of its obligations; otherwise not yet looked at, with how many
    parts were."""
    stand = standing(reviews)
    return {
        duty.id: _state(duty, [each for each in stand if each.view.duty == duty.id])
        for duty in assessment.duties
    }


def _state(duty: DutyOutcome, own: Sequence[Review]) -> str:
    if any(each.view.verdict == "disagree" for each in own):
        return DISAGREED
    agreed = {each.view.subject for each in own if not each.pruned}
    subjects = {obligation.subject for obligation in duty.obligations}
    if "" in agreed or any(each.pruned for each in own) or (subjects and subjects <= agreed):
        return AGREED
    parts = len(agreed & subjects)
    return NOT_LOOKED_AT + (f" as a whole ({parts} of {len(subjects)} agreed)" if parts else "")
