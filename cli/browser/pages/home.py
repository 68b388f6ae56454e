"""The first page: what is done, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from starlette.responses import Response

from cli.browser.pages.check import NO_FAULTS, begin
from cli.browser.site import Site, Visit
from cli.commands.month.contents import read_month
from cli.exits import Stop
from cli.ledger_entry import stamp
from cli.outputs import write_over
from record.office.kept_reports import REPORTS, days_with_reports
from record.office.launcher import NAMES, launcher


def show(site: Site, visit: Visit, faults: Mapping[str, str] = NO_FAULTS) -> Response:
    """The month, and the steps to a report with how far each is."""
    now = stamp(site.by or None)
    office = site.office()
    contents = site.contents(office)
    days, reports = days_with_reports(site.folder), site.folder / REPORTS
    return site.show(
        "home.html.jinja",
        422 if faults else 200,
        office=office,
        contents=contents,
        left=len(contents.own_sheets),
        last=days[0] if days else None,
        launcher=next((name for name in NAMES.values() if (site.folder / name).exists()), ""),
        month=next((day for day in days if read_month(reports / day.isoformat())), None),
        today=now.at.date(),
        as_of=visit.field("as_of"),
        by=now.by,
        faults=faults,
    )


def start_month(site: Site, visit: Visit) -> Response:
    """Starts the month, unless something runs."""
    if site.check_run is None or site.check_run.ended:
        faults = begin(site, visit, month=True)
        if faults is not None:
            return show(site, visit, faults)
    return site.go("/check")


def add_launcher(site: Site, _: Visit) -> Response:
    """Writes a file into the folder that opens these pages with a double click."""
    site.office()
    made = launcher(sys.platform, sys.executable, site.folder)
    if made is None:
        raise Stop("The name of the folder, or of Python's, has a letter that such a file cannot.")
    path = site.folder / made.name
    write_over({path: made.text.encode()})
    path.chmod(made.mode)
    site.notices = [f"Double-click '{made.name}' in the folder to open these pages again."]
    return site.go("/")


def close(site: Site, _: Visit) -> Response:
    """Ends the program."""
    site.stopping = True
    lines = ["Everything that was saved is in the folder. You can close this window."]
    return site.show("message.html.jinja", title="The program is closed", lines=lines)
