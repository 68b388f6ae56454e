"""The ledger as text for a terminal: all entries, one entry, and the result of verifying."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from engine.assessment import Assessment
from record.ledger.chain import Entry
from record.ledger.entries import (
    Approved,
    Body,
    Checked,
    Pruned,
    Reviewed,
    RulebookRef,
    SignedOff,
)
from record.ledger.review import (
    AGREED,
    DISAGREED,
    EarlierReview,
    Review,
    reviews_in,
    states,
)
from record.ledger.rulebooks import rulebooks_of
from record.ledger.sign_off import (
    ROLE_WORDS,
    STATED,
    SignOff,
    replaced_by,
    sign_offs_in,
)
from record.ledger.store import path_in, store_of
from record.ledger.verify import LIMITS, Verified
from reports import view as report_view
from reports import words

_SHOWN = 20
_GONE = "(pruned)"


def joined(lines: Iterable[str]) -> str:
    """The lines as one text, with control characters made visible."""
    return "\n".join(words.shown(line) for line in lines)


def minute(at: datetime.datetime) -> str:
    """``24 November 2026 at 13:45 (+00:00)``."""
    return f"{words.day(at.date())} at {at:%H:%M} ({at.isoformat()[-6:]})"


def list_words(entries: Sequence[Entry]) -> str:
    """Every entry on one line."""
    latest: dict[str, int] = {}
    about_reports = [e.body for e in entries if isinstance(e.body, Reviewed | SignedOff)]
    counts = Counter((body.kind, body.assessment) for body in about_reports)
    lines = []
    for entry in entries:
        body = entry.body
        if isinstance(body, Checked):
            latest[body.assessment] = entry.row.number
        about = _about(body, latest)
        if isinstance(body, Checked):
            numbers = ((kind, counts[kind, body.assessment]) for kind in ("review", "sign-off"))
            named = [words.count(number, kind) for kind, number in numbers if number]
            about += f" ({' and '.join(named)})" if named else ""
        if isinstance(body, SignedOff) and (number := replaced_by(entries, body.assessment)):
            about += f", replaced by entry {number}"
        by = f"; by {_by(entry)}" if about else f"by {_by(entry)}"
        lines.append(f"{body.number:>5}  {body.at:%Y-%m-%d %H:%M}  {body.kind:<8}  {about}{by}")
    return joined(lines)


def _about(body: Body, latest: Mapping[str, int]) -> str:
    if isinstance(body, Checked):
        known = f", known by {words.day(body.known_by)}" if body.known_by else ""
        begin = body.records_begin
        records = f", records begin on {words.day(begin)}" if begin else ""
        book = f"{body.rulebook.id} {body.rulebook.version}"
        return f"as of {words.day(body.as_of)}{known}{records}; {book}; {body.assessment[:12]}"
    if isinstance(body, Approved):
        return f"{body.duty}, the version from {words.day(body.version)}"
    if isinstance(body, Reviewed):
        number = latest.get(body.assessment)
        return (
            f"{body.duty}: {body.verdict}s, in {f'entry {number}' if number else 'no check here'}"
        )
    if isinstance(body, SignedOff):
        stated, number = STATED[body.role].lower(), latest.get(body.assessment)
        where = f"entry {number}" if number else "no check here"
        return f"{stated} on {words.day(body.on)}, in {where}"
    return f"what was entered before {words.day(body.before)}" if isinstance(body, Pruned) else ""


def _by(entry: Entry) -> str:
    return entry.details.by if entry.details else _GONE


def show_words(
    ledger: Path, entry: Entry, entries: Sequence[Entry], assessment: Assessment | None
) -> str:
    """One entry with all its fields; for a check also its verdict and the views of auditors."""
    body = entry.body
    lines = [f"Entry {body.number}: {body.kind}, entered on {minute(body.at)} by {_by(entry)}"]
    if isinstance(body, Checked):
        lines += _check(ledger, body, assessment)
    elif isinstance(body, Reviewed):
        lines.append(f"  Duty: {body.duty}, in the assessment of SHA-256 {body.assessment}")
        if entry.details:
            lines.append(f"  Subject: {entry.details.subject or 'the whole duty'}")
            lines.append(f"  Note: {entry.details.note or 'none'}")
        lines.append(f"  Verdict: {body.verdict}s")
    elif isinstance(body, Approved):
        lines.append(f"  Duty: {body.duty}, the version from {words.day(body.version)}")
        post = entry.details.subject if entry.details else _GONE
        lines.append(f"  Approved by: {post} on {words.day(body.on)}")
        lines.append(f"  Fingerprint of the version: {body.fingerprint}")
        lines.append(_rulebook(ledger, body.rulebook))
    elif isinstance(body, SignedOff):
        lines.append(f"  Report: the assessment of SHA-256 {body.assessment}")
        lines += [
            f"  {sign_off_words(one)}"
            for one in sign_offs_in(entries, {body.assessment})
            if one.number == body.number
        ]
    elif isinstance(body, Pruned):
        lines.append(f"  Pruned: what was entered before {words.day(body.before)}")
    lines.append(f"  Hash of the entry before: {body.previous}")
    lines.append(f"  Hash of this entry: {entry.row.hash}")
    if isinstance(body, Checked):
        lines += map(sign_off_words, sign_offs_in(entries, {body.assessment}))
        lines += _looked_at(assessment, reviews_in(entries, body.assessment))
    return joined(lines)


def _check(ledger: Path, body: Checked, assessment: Assessment | None) -> Iterator[str]:
    yield f"  As of: {words.day(body.as_of)}"
    if body.known_by:
        yield f"  Only rows recorded by: {words.day(body.known_by)}"
    if body.records_begin:
        yield f"  Records begin on: {words.day(body.records_begin)}"
    yield _rulebook(ledger, body.rulebook)
    for quoted in body.sop_versions:
        yield f"  SOP: version {quoted.version}, SHA-256 {quoted.sha256}"
    if not body.sop_versions:
        yield f"  SOP: {f'SHA-256 {body.sop}' if body.sop else 'not given'}"
    names = [stamp.file for stamp in assessment.evidence] if assessment else []
    for name, sha256 in zip_longest(names[: len(body.evidence)], body.evidence):
        yield f"  Evidence: {f'{name}, ' if name is not None else ''}SHA-256 {sha256}"
    if body.mapping:
        yield f"  Mapping in office.yaml: SHA-256 {body.mapping}"
    yield f"  Program: {body.program.version}, {body.program.engine}"
    kept = f"kept as {path_in(store_of(ledger), body.assessment)}" if assessment else "pruned"
    yield f"  Assessment: SHA-256 {body.assessment}, {kept}"


def _rulebook(ledger: Path, ref: RulebookRef) -> str:
    kept = f", kept as {path_in(rulebooks_of(ledger), ref.kept)}" if ref.kept else ""
    return f"  Rulebook: {ref.id} {ref.version}, SHA-256 {ref.sha256}{kept}"


def _looked_at(assessment: Assessment | None, reviews: Sequence[Review]) -> Iterator[str]:
    if assessment is None:
        yield from (review_words(review) for review in reviews)
        return
    yield report_view.verdict(assessment, report_view.OFFICE)
    state = states(assessment, reviews)
    counts = Counter(state.values())
    agreed, disagreed = counts[AGREED], counts[DISAGREED]
    yield (
        f"Reviewed, of {words.duties(len(state))}: {agreed} agreed, {disagreed} disagreed, "
        f"{len(state) - agreed - disagreed} not yet looked at."
    )
    lines = review_lines(assessment, reviews)
    rank = {DISAGREED: 0, AGREED: 1}
    for duty in sorted(assessment.duties, key=lambda duty: rank.get(state[duty.id], 2)):
        title, status = report_view.named(duty), report_view.duty_words(duty)
        yield f"  {state[duty.id]}: {title} [{duty.id}], {status}"
        yield from (f"    {line}" for line in lines[duty.id][1:])


def review_lines(assessment: Assessment, reviews: Sequence[Review]) -> dict[str, list[str]]:
    """For each duty, by its id, its state of review and then every view of it, as in a report."""
    return {
        id_: [state, *(review_words(review) for review in reviews if review.view.duty == id_)]
        for id_, state in states(assessment, reviews).items()
    }


def review_words(review: Review) -> str:
    """``A. Auditor disagrees about S007: no certificate. (entry 4, 25 November 2026)``."""
    by, view = _GONE if review.pruned else review.by, review.view
    about = f" about {view.subject}" if view.subject else ""
    note = f": {view.note.rstrip('.')}." if view.note else ""
    entered = words.day(review.at.date())
    return f"{by} {view.verdict}s{about}{note} (entry {review.number}, {entered})"


def sign_off_words(sign_off: SignOff) -> str:
    """``Looked through by Policy Officer, as lead, on 1 December 2026: All raised. (entry 4)``."""
    made = sign_off.statement
    post = _GONE if sign_off.pruned else made.post
    says = f": {made.says.rstrip('.')}." if made.says else ""
    by = sign_off.replaced_by
    replaced = f". That report was replaced by check {by}." if by else ""
    return (
        f"{STATED[made.role]} by {post}, as {ROLE_WORDS[made.role]}, on {words.day(made.on)}{says}"
        f" (entry {sign_off.number}){replaced}"
    )


def earlier_review_words(earlier: EarlierReview) -> str:
    """A view in an earlier check of the same day, and whether it is about this outcome too."""
    fits = {
        True: "It counts here too: the outcome and its rows are the same as in that check",
        False: "It does not count here: the outcome or its rows have changed since",
        None: "It does not count here: what that check found is not kept any more",
    }[earlier.carries]
    return f"{review_words(earlier.review)}, in check {earlier.check} of this day. {fits}."


def verify_words(result: Verified, ledger: Path) -> str:
    """The result of verifying, and its limits."""
    if result.faults:
        number = words.count(len(result.faults), "fault")
        lines = [f"The ledger {ledger} is not intact: {number}."]
        lines += [f"  {fault}" for fault in result.faults[:_SHOWN]]
        if len(result.faults) > _SHOWN:
            lines.append(f"  and {len(result.faults) - _SHOWN:,} more")
    else:
        lines = [
            f"The ledger {ledger} is intact: its chain of {result.entries:,} entries is complete.",
            f"Head: {result.head}",
            f"Assessments: {result.kept:,} kept and unaltered, {result.pruned:,} pruned.",
        ]
        if result.rulebooks:
            lines.append(f"Rulebooks: {result.rulebooks:,} kept and unaltered.")
        if result.sealed is not None:
            lines.append(
                f"The head given is that of entry {result.sealed}: up to it nothing was altered, "
                "removed or put in since it was noted. Of what was entered later it says nothing."
            )
    return joined([*lines, *result.notes, LIMITS])
