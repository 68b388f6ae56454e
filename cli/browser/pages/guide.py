"""The guide: what to do in the first hour and each month, and what each word means."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser import guidebook
from cli.browser.site import Site, Visit


def begin(site: Site, _: Visit) -> Response:
    """Leads to the contents, beside which the addresses of all its pages are."""
    return site.go(f"/guide/{guidebook.CONTENTS}")


def show(site: Site, visit: Visit) -> Response:
    """A page of the guide."""
    for page in guidebook.guide_pages():
        if page.address == visit.names["page"]:
            return site.show("guide.html.jinja", page=page, frame="base.html.jinja")
    raise HTTPException(404)


def picture(_: Site, visit: Visit) -> Response:
    """A picture of a page of the program."""
    data = guidebook.picture(visit.names["file"])
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="image/png")
