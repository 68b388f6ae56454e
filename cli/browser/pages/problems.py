"""What to put right in the evidence: entries that could not be read, and points to check."""

from __future__ import annotations

from itertools import islice

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.pages.reports import assessment_of
from cli.browser.past_checks import without_commands
from cli.browser.site import Site, Visit, page_number
from engine.assessment import Assessment, FindingShown, ProblemShown
from record.ledger.entries import digest
from reports import view
from reports.brief import points_of
from reports.places import Places

#: The number of points on one page.
SHOWN = 50


def show(site: Site, visit: Visit) -> Response:
    """The entries that could not be read, by file and sheet."""
    assessment, _ = assessment_of(site, visit)
    sheets: dict[tuple[str, str], list[ProblemShown]] = {}
    for problem in assessment.problems:
        sheets.setdefault((problem.file, problem.sheet), []).append(problem)
    return site.show(
        "problems.html.jinja",
        assessment=assessment,
        folder=visit.day,
        sheets=sheets,
        places=Places(assessment),
        titles=view.names(assessment),
        without_commands=without_commands,
    )


def show_points(site: Site, visit: Visit) -> Response:
    """The points to check, the most important first, so many on a page."""
    assessment, _ = assessment_of(site, visit)
    groups = points_of(assessment)
    points = [(group.title, finding) for group in groups for finding in group.findings]
    page = page_number(visit)
    first = (page - 1) * SHOWN
    if first and first >= len(points):
        raise HTTPException(404)
    shown: dict[str, list[FindingShown]] = {}
    for title, finding in islice(points, first, first + SHOWN):
        shown.setdefault(title, []).append(finding)
    return site.show(
        "points.html.jinja",
        assessment=assessment,
        folder=visit.day,
        shown=shown,
        page=page,
        first=first,
        number=len(points),
        places=Places(assessment),
        titles={duty.id: view.named(duty) for duty in assessment.duties},
        finding_id=finding_id,
        acknowledgeable=acknowledgeable,
    )


def finding_id(finding: FindingShown) -> str:
    """What an address calls a finding: it stays the same as long as the finding does."""
    return digest("\n".join((finding.kind, finding.duty, finding.message, *finding.places)))[:16]


def finding_of(assessment: Assessment, id_: str) -> FindingShown:
    """The finding that an address names. There is no such page if there is none."""
    for finding in assessment.findings:
        if finding_id(finding) == id_:
            return finding
    raise HTTPException(404)


def acknowledgeable(finding: FindingShown) -> bool:
    """Whether the finding can be acknowledged: not where it is about an acknowledgement, or about
    rows that have no name."""
    about = finding.kind.startswith("Acknowledgement ")
    return bool(finding.rows or finding.duty) and not about
