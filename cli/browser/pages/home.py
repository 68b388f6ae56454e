"""The first page: what is done, and what to do next."""

from __future__ import annotations

from starlette.responses import Response

from cli.browser.pages.reports import days_with_reports
from cli.browser.site import Site, Visit


def show(site: Site, _: Visit) -> Response:
    """The steps to a report, and how far each is."""
    office = site.office()
    contents = site.contents(office)
    days = days_with_reports(site.folder)
    return site.show(
        "home.html.jinja",
        office=office,
        contents=contents,
        left=len(contents.own_sheets),
        last=days[0] if days else None,
    )


def close(site: Site, _: Visit) -> Response:
    """Ends the program."""
    site.stopping = True
    lines = ["Everything that was saved is in the folder. You can close this window."]
    return site.show("message.html.jinja", title="The program is closed", lines=lines)
