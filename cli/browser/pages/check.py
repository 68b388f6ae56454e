"""Running a check, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from starlette.responses import Response

from cli.browser.check_run import CheckRun
from cli.browser.past_checks import without_commands
from cli.browser.site import Site, Visit
from cli.ledger_entry import stamp
from evidence.cells.day_text import Day, read_day
from evidence.visible import first_hidden
from reports.words import day

#: Why a check stopped that could not say so itself, as one that the system has killed.
_ENDED = "It was ended before it had finished, and did not say why. Check again."
NO_FAULTS: Mapping[str, str] = MappingProxyType({})


def show(site: Site, _: Visit) -> Response:
    """The form, or the check that runs, or why it stopped; leads to the reports of one that has
    ended."""
    run = site.check_run
    if run is not None and not run.ended:
        return site.show("checking.html.jinja", run=run, steps=run.steps())
    messages = [without_commands(line) for line in run.messages] if run else []
    if run is not None and run.reported:
        site.check_run = None
        site.notices = messages
        return site.go(f"/reports/{run.as_of}{'/month' if run.month else ''}")
    if run is not None and run.month:
        site.check_run = None
        site.refusals = messages or [_ENDED]
        return site.go("/")
    stopped = messages or [_ENDED] if run else ()
    return _form(site, day(stamp(None).at.date()), stopped=stopped)


def start(site: Site, visit: Visit) -> Response:
    """Starts a check, unless one runs."""
    if site.check_run is not None and not site.check_run.ended:
        return site.go("/check")
    faults = begin(site, visit, month=False)
    if faults is not None:
        return _form(site, visit.field("as_of").strip(), faults=faults, status=422)
    return site.go("/check")


def begin(site: Site, visit: Visit, *, month: bool) -> Mapping[str, str] | None:
    """Starts a check, or a month, as a form says. Returns what is wrong with the form, without
    anything if no evidence is named; None if it was started."""
    site.by = visit.field("by").strip()
    text = visit.field("as_of").strip()
    as_of = read_day(text) if text else Day(stamp(None).at.date())
    faults = {}
    if not isinstance(as_of, Day):
        faults["as_of"] = f"{as_of.message} {as_of.instruction}"
    if mark := first_hidden(site.by):
        faults["by"] = f"The name contains a character that cannot be seen ({mark}). Leave it out."
        site.by = ""
    office = site.office()
    if faults or not isinstance(as_of, Day) or office is None or not office.file.evidence:
        return faults
    site.check_run = CheckRun(site.folder, as_of.day.isoformat(), site.by, month=month)
    return None


def _form(
    site: Site,
    as_of: str,
    *,
    faults: Mapping[str, str] = NO_FAULTS,
    stopped: Sequence[str] = (),
    status: int = 200,
) -> Response:
    office = site.office()
    return site.show(
        "check.html.jinja",
        status,
        as_of=as_of,
        by=site.by or stamp(None).by,
        faults=faults,
        stopped=stopped,
        office=office,
        left=len(site.contents(office).own_sheets),
    )
