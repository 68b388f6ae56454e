"""Auditors' views of duties, recorded beside the outcome."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.assessment import Assessment, DutyOutcome
from record.ledger.chain import Entry, Stamp, checks_in, entries, writing
from record.ledger.checks import Entered, fetch_assessment
from record.ledger.database import LedgerProblem
from record.ledger.entries import Checked, Reviewed
from rules.problem import did_you_mean

Verdict = Literal["agree", "disagree"]

#: The states of review of a duty, as reports show them.
AGREED, DISAGREED, NOT_LOOKED_AT = "agreed", "disagreed", "not yet looked at"


@dataclass(frozen=True, slots=True)
class View:
    """An auditor's view of a duty, or of one of its subjects ('' for the whole duty)."""

    duty: str
    subject: str
    verdict: Verdict
    note: str


@dataclass(frozen=True, slots=True)
class Review:
    """A view in the ledger. ``pruned``: its author, subject and note were removed."""

    number: int
    at: datetime.datetime
    by: str
    view: View
    pruned: bool


def review(ledger: Path, assessment: Assessment, sha256: str, view: View, stamp: Stamp) -> Entered:
    """Enters a view of the assessment with a hash. Raises LedgerProblem if the assessment was never
    entered in the ledger or has no such duty or subject, or if a disagreement has no note."""
    _check_view(assessment, view)
    if all(check.assessment != sha256 for _, check in checks_in(entries(ledger))):
        raise LedgerProblem(
            f"This assessment was never entered in the ledger {ledger}, so no view of it can be. "
            "Give the ledger that it was entered in with --ledger; run.json beside it names that."
        )
    with writing(ledger, stamp) as writer:
        own = {"assessment": sha256, "duty": view.duty, "verdict": view.verdict}
        row = writer.add(Reviewed, stamp, view.subject, view.note, **own)
    return Entered(ledger, row.number, stamp.at, row.hash, sha256)


def _check_view(assessment: Assessment, view: View) -> None:
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


def reviews_in(ledger: Iterable[Entry], sha256: str) -> tuple[Review, ...]:
    """All views of the assessment with a hash, the earliest first."""
    reviews = []
    for entry in ledger:
        body, details = entry.body, entry.details
        if isinstance(body, Reviewed) and body.assessment == sha256:
            view = View(
                body.duty,
                details.subject if details else "",
                body.verdict,
                details.note if details else "",
            )
            by = details.by if details else ""
            reviews.append(Review(body.number, body.at, by, view, entry.pruned))
    return tuple(reviews)


@dataclass(frozen=True, slots=True)
class EarlierReview:
    """A view in an earlier check of the same day, which has the number ``check`` in the ledger.
    ``carries``: whether the outcome that it is about is the same now, with every row that it cites;
    None if that check's assessment is not kept any more."""

    review: Review
    check: int
    carries: bool | None


def earlier_reviews(
    ledger: Path, recorded: Sequence[Entry], assessment: Assessment, sha256: str, duty: DutyOutcome
) -> list[EarlierReview]:
    """The latest view of each auditor on a duty and on each of its subjects in the earlier checks
    of the assessment's day, where there is none in the assessment itself, which has the hash. The
    latest check is the first."""
    known = {
        (review.by, review.view.subject)
        for review in reviews_in(recorded, sha256)
        if review.view.duty == duty.id
    }
    found: list[EarlierReview] = []
    done = {sha256}
    days = assessment.as_of, assessment.known_by
    for entry, check in reversed(checks_in(recorded)):
        if check.assessment in done or (check.as_of, check.known_by) != days:
            continue
        done.add(check.assessment)
        latest = {
            (review.by, review.view.subject): review
            for review in reviews_in(recorded, check.assessment)
            if review.view.duty == duty.id
        }
        new = [review for key, review in latest.items() if key not in known and not review.pruned]
        known.update(latest)
        then = _duty_then(ledger, entry, check, duty.id) if new else None
        for review in new:
            carries = None if then is None else _is_same(then, duty, review.view.subject)
            found.append(EarlierReview(review, check.number, carries))
    return found


def _duty_then(ledger: Path, entry: Entry, body: Checked, id_: str) -> DutyOutcome | None:
    """A duty as an earlier check found it; None if that is not kept."""
    try:
        assessment = fetch_assessment(ledger, entry, body)
    except LedgerProblem:
        return None
    duties = assessment.duties if assessment else ()
    return next((duty for duty in duties if duty.id == id_), None)


def _is_same(then: DutyOutcome, now: DutyOutcome, subject: str) -> bool:
    """Whether a view of a duty, or of one of its subjects, is about the same outcome."""
    if not subject:
        return then == replace(now, owner=then.owner)
    before, after = (
        [obligation for obligation in duty.obligations if obligation.subject == subject]
        for duty in (then, now)
    )
    return before == after


def states(assessment: Assessment, reviews: Iterable[Review]) -> Mapping[str, str]:
    """The state of review of each duty, by its id.

    Of several views by one auditor on one duty and subject the latest counts. The authors of pruned
    views are unknown, so each of them counts; so are their subjects, so none agrees with a whole
    duty. A duty is disagreed if any view disagrees with it or with a part of it; agreed if one
    agrees with the whole duty, or some agree with each of its obligations; otherwise not yet looked
    at, with the number of parts that were."""
    latest: dict[object, Review] = {}
    for review in reviews:
        view = review.view
        latest[review.number if review.pruned else (review.by, view.duty, view.subject)] = review
    return {
        duty.id: _state(duty, [review for review in latest.values() if review.view.duty == duty.id])
        for duty in assessment.duties
    }


def _state(duty: DutyOutcome, reviews: Sequence[Review]) -> str:
    if any(review.view.verdict == "disagree" for review in reviews):
        return DISAGREED
    agreed = {review.view.subject for review in reviews if not review.pruned}
    subjects = {obligation.subject for obligation in duty.obligations}
    if "" in agreed or (subjects and subjects <= agreed):
        return AGREED
    parts = [f"{count} of {len(subjects)} agreed"] if (count := len(agreed & subjects)) else []
    if any(review.pruned for review in reviews):
        parts.append("a pruned view agreed with a part or the whole")
    return NOT_LOOKED_AT + (f" as a whole ({'; '.join(parts)})" if parts else "")
