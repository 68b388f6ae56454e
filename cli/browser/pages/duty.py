"""One duty: its status and why, what would meet it, what the SOP says, and reviews of it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.pages.check import NO_FAULTS
from cli.browser.pages.problems import acknowledgeable, finding_id
from cli.browser.pages.reports import assessment_of
from cli.browser.past_checks import without_commands
from cli.browser.site import Site, Visit
from cli.exits import Stop
from cli.ledger_entry import stamp
from engine.assessment import Assessment, DutyOutcome, ObligationOutcome
from engine.outcome import Status
from evidence.cells.text import normal_key
from evidence.filenames import as_text
from record.ledger.database import LEDGER_NAME, LedgerProblem
from record.ledger.entries import digest
from record.ledger.review import Verdict, View, earlier_reviews, review, reviews_in
from record.ledger.text import earlier_review_words, review_words
from reports import view, words
from reports.explain.explanation import explain_obligations, outstanding_or_all
from reports.html.explanation import Link, explanation_html
from reports.places import Places

#: The most checks of a duty, of its earlier periods and of earlier checks on one page.
MOST, MOST_PERIODS, MOST_CHECKS = 50, 200, 20
#: What the search calls every status.
ALL = "all"
_VERDICTS: dict[str, Verdict] = {"agree": "agree", "disagree": "disagree"}
_LEFT_OUT = "No view was recorded."


def show(site: Site, visit: Visit, faults: Mapping[str, str] = NO_FAULTS) -> Response:
    """The duty, with the checks that the search finds: by default those that are outstanding."""
    assessment, data = assessment_of(site, visit)
    duty = duty_of(assessment, visit)
    query, status = visit.query.get("q", "").strip(), visit.query.get("status", "")
    found = _found(duty, query, status)
    explanation = explain_obligations(assessment, duty, found, MOST)
    part = visit.field("subject")  # what a form that lacks something was about
    subjects = {one.subject for one in explanation.obligations}
    if not part and len(subjects) == 1 and duty.counts.total > 1:
        (part,) = subjects
    rulebook = site.rulebook(site.office())
    rule = rulebook.duties.get(duty.id)
    waivable = rule is not None and rule.waivable

    def links(obligation: ObligationOutcome) -> list[Link]:
        return [(f"{waiver}?{urlencode({'subject': obligation.subject})}", "Prepare a waiver")]

    rows = f"/reports/{visit.day}/rows"
    waiver = f"{rows}/waiver/{quote(duty.id, safe='')}"
    places = Places(assessment)
    by_status = [s for s in Status if words.number_of(duty.counts, s)]
    statuses = [("", "overdue, cannot tell or due"), (ALL, "any status")]
    if not set(by_status) & set(view.OUTSTANDING):
        statuses = [("", "any status")]
    return site.show(
        "duty.html.jinja",
        422 if faults else 200,
        assessment=assessment,
        folder=visit.day,
        rows=rows,
        duty=duty,
        explained=explanation_html(
            explanation, places, links if waivable and duty.counts.total > 1 else lambda _: ()
        ),
        waiver=waiver if waivable else "",
        findings=explanation.findings,
        places=places,
        finding_id=finding_id,
        acknowledgeable=acknowledgeable,
        search={"q": query, "status": status},
        statuses=[*statuses, *((s.value, words.STATUS[s]) for s in by_status)],
        found=len(found),
        most=MOST,
        subject=part,
        reviews=_reviews(site, assessment, duty, digest(data)),
        sha256=digest(data),
        faults=faults,
        given={name: visit.field(name) for name in ("verdict", "note", "subject")},
        by=visit.field("by") or site.by or stamp(None).by,
    )


def record_review(site: Site, visit: Visit) -> Response:
    """Records a view of the duty in the ledger, or says what the form lacks."""
    assessment, data = assessment_of(site, visit)
    duty = duty_of(assessment, visit)
    verdict, note = _VERDICTS.get(visit.field("verdict")), visit.field("note").strip()
    subject, by = visit.field("subject"), visit.field("by").strip()
    faults = {}
    if verdict is None:
        faults["verdict"] = "Choose whether you agree."
    if verdict == "disagree" and not note:
        faults["note"] = "Say why you disagree: others have to be able to follow."
    if visit.field("assessment") != digest(data):
        faults["changed"] = "This day was checked again since the page was shown. Look once more."
    if subject and subject not in {one.subject for one in duty.obligations}:
        faults["changed"] = f"This duty has no check of that name any more. {_LEFT_OUT}"
    if faults or verdict is None:
        return show(site, visit, faults)
    site.by = by
    seen = View(duty.id, subject, verdict, as_text(note))
    try:
        entered = review(site.folder / LEDGER_NAME, assessment, digest(data), seen, stamp(by))
    except LedgerProblem as problem:
        raise Stop(without_commands(str(problem))) from None
    site.notices = [f"Your view was recorded in the ledger as number {entered.number}."]
    return site.go(f"/reports/{visit.day}/duties/{quote(duty.id, safe='')}#reviews")


def show_history(site: Site, visit: Visit) -> Response:
    """The duty's status in each check of the ledger, and its earlier periods."""
    assessment, _ = assessment_of(site, visit)
    duty = duty_of(assessment, visit)
    fault = ""
    try:
        checks, number = site.past_checks.checks(0, MOST_CHECKS)
    except LedgerProblem as problem:
        fault, checks, number = without_commands(str(problem)), [], 0
    return site.show(
        "duty_history.html.jinja",
        assessment=assessment,
        folder=visit.day,
        duty=duty,
        checks=checks,
        more=number > len(checks),
        fault=fault,
        periods=duty.history[-MOST_PERIODS:][::-1],
    )


def duty_of(assessment: Assessment, visit: Visit) -> DutyOutcome:
    """The duty that an address names. There is no such page if there is none."""
    for duty in assessment.duties:
        if duty.id == visit.names["duty"]:
            return duty
    raise HTTPException(404)


def _found(duty: DutyOutcome, query: str, status: str) -> list[ObligationOutcome]:
    """The obligations of which the subject or its name, or the window, contain a text, and that
    have a status."""
    if not query and not status:
        return outstanding_or_all(duty)
    key = normal_key(query)
    return [
        one
        for one in duty.obligations
        if status in ("", ALL, one.status.value)
        and any(key in normal_key(text) for text in (one.subject, one.subject_name, one.window))
    ]


def _reviews(
    site: Site, assessment: Assessment, duty: DutyOutcome, sha256: str
) -> list[str] | None:
    """The views of the duty in this assessment, and those in earlier checks of its day; None if
    there is no ledger, or it cannot be read."""
    recorded = site.recorded()
    if recorded is None:
        return None
    reviews = (one for one in reviews_in(recorded, sha256) if one.view.duty == duty.id)
    ledger = site.folder / LEDGER_NAME
    earlier = earlier_reviews(ledger, recorded, assessment, sha256, duty)
    return [*map(review_words, reviews), *map(earlier_review_words, earlier)]
