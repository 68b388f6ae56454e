"""The checks of the months before, the latest first."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.pages.problems import page_number
from cli.browser.past_checks import without_commands
from cli.browser.site import Site, Visit
from record.ledger.database import LedgerProblem

#: The number of checks on one page.
SHOWN = 20


def show(site: Site, visit: Visit) -> Response:
    """Every check in the ledger, so many on a page, and those whose reports alone are there."""
    first, fault = (page_number(visit) - 1) * SHOWN, ""
    try:
        checks, number = site.past_checks.checks(first, SHOWN)
    except LedgerProblem as problem:
        fault = without_commands(str(problem))
        checks = site.past_checks.unlogged()
        first, number = 0, len(checks)
    if first and not checks:
        raise HTTPException(404)
    return site.show(
        "months.html.jinja",
        called=site.rulebook(site.office()).book.body.called,
        checks=checks,
        fault=fault,
        page=first // SHOWN + 1,
        older=number > first + len(checks),
    )
