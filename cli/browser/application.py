"""The application: which page answers which address, and what happens when one cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cli.browser.guard import BACK, ENTER, Guard, Refusal
from cli.browser.pages import (
    check,
    duty,
    files,
    guide,
    home,
    month,
    office,
    problems,
    reports,
    rows,
    sheets,
)
from cli.browser.site import Site, UploadedFile, Visit, pages_css, template_text
from cli.exits import Stop
from cli.main import fault_words

#: Makes a page, or changes something and leads to a page.
PageMaker: TypeAlias = Callable[[Site, Visit], Response]

#: The method and the path of each page, and what makes it.
PAGES: tuple[tuple[str, str, PageMaker], ...] = (
    ("GET", "/", home.show),
    ("POST", "/close", home.close),
    ("POST", "/launcher", home.add_launcher),
    ("POST", "/month", home.start_month),
    ("GET", "/files", files.show),
    ("POST", "/files", files.save),
    ("POST", "/files/add", files.add),
    ("GET", "/office", office.show),
    ("POST", "/office", office.save),
    ("GET", "/sheets", sheets.show),
    ("POST", "/sheets/forget", sheets.forget),
    ("GET", "/sheets/{key}/answers", sheets.check_answers),
    ("POST", "/sheets/{key}/answers", sheets.save),
    ("GET", "/sheets/{key}/{number}", sheets.ask),
    ("POST", "/sheets/{key}/{number}", sheets.answer),
    ("GET", "/check", check.show),
    ("POST", "/check", check.start),
    ("GET", "/reports", reports.show_all),
    ("GET", "/reports/{day}", reports.show),
    ("POST", "/reports/{day}", reports.record_sign_off),
    ("GET", "/reports/{day}/duties", reports.duties),
    ("GET", "/reports/{day}/problems", problems.show),
    ("GET", "/reports/{day}/points", problems.show_points),
    ("GET", "/reports/{day}/duties/{duty}", duty.show),
    ("POST", "/reports/{day}/duties/{duty}", duty.record_review),
    ("GET", "/reports/{day}/duties/{duty}/history", duty.show_history),
    ("GET", "/reports/{day}/rows/acknowledge/{finding}", rows.acknowledge),
    ("GET", "/reports/{day}/rows/waiver/{duty}", rows.waive),
    ("GET", "/reports/{day}/rows/owner/{duty}", rows.name_owner),
    ("GET", "/reports/{day}/month", month.show),
    ("GET", "/reports/{day}/month/{name:path}", month.file),
    ("GET", "/reports/{day}/pack", reports.show_pack),
    ("GET", "/reports/{day}/pack.zip", reports.pack),
    ("GET", "/reports/{day}/{file}", reports.file),
    ("GET", "/guide", guide.begin),
    ("GET", "/guide/{page}", guide.show),
    ("GET", "/guide/pictures/{file}", guide.picture),
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: The most fields of one form: the words of a large sheet.
_MOST_FIELDS = 5_000
_MOST_FILES = 100


def application(site: Site) -> ASGIApp:
    """The pages of a folder, behind their guard."""
    routes = [
        Route(ENTER, _entrance(site), methods=["GET"]),
        Route(BACK, _way_back(site), methods=["GET"]),
        Route("/style.css", _text(pages_css(), "text/css"), methods=["GET"]),
        # what the script does, a page does without it too
        Route("/script.js", _text(template_text("browser.js"), "text/javascript"), methods=["GET"]),
        Route("/favicon.ico", _text(template_text("icon.svg"), "image/svg+xml"), methods=["GET"]),
        *(
            Route(path, _endpoint(site, maker), methods=[method], name=f"{method} {path}")
            for method, path, maker in PAGES
        ),
    ]

    async def show_missing(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return site.show("message.html.jinja", status, title="There is no such page", lines=())

    async def refuse(_: Request, error: Exception) -> Response:
        status = error.status if isinstance(error, Refusal) else 400
        return PlainTextResponse(f"{error}\n", status)

    pages = Starlette(
        routes=routes, exception_handlers={404: show_missing, 405: show_missing, Refusal: refuse}
    )
    return Guard(pages, site.session)


def _entrance(site: Site) -> Callable[[Request], Response]:
    """The printed address: it gives the cookie and leads to the first page."""

    def enter(request: Request) -> Response:
        session = site.session
        if request.query_params.get("token") != session.entry:
            raise Refusal(403, "This address is not valid any more. Start the program again.")
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(session.cookie_name, session.cookie, httponly=True, samesite="strict")
        return response

    return enter


def _way_back(site: Site) -> Callable[[Request], Response]:
    """A page that goes on to the page of a report's day at once."""

    def back(request: Request) -> Response:
        day = request.query_params.get("day", "")
        path = f"/reports/{day}" if _DAY.fullmatch(day) else "/reports"
        return site.show("back.html.jinja", path=path)

    return back


def _text(text: str, kind: str) -> Callable[[Request], Response]:
    return lambda _: PlainTextResponse(text, media_type=kind)


def _endpoint(site: Site, maker: PageMaker) -> Callable[[Request], object]:
    """The page maker as Starlette calls it. A page that cannot be made says why."""

    async def respond(request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(_made, site, maker, _visit(request))
        try:
            form = await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS)
        except HTTPException as error:
            words = f"The form could not be read: {error.detail} Send it again with less in it."
            raise Refusal(400, words) from None
        try:
            visit = _visit(request, form.multi_items())
            return await run_in_threadpool(_made, site, maker, visit)
        finally:
            await form.close()

    return respond


def _visit(request: Request, items: Iterable[tuple[str, UploadFile | str]] = ()) -> Visit:
    fields: dict[str, tuple[str, ...]] = {}
    uploads = []
    for name, value in items:
        if isinstance(value, str):
            fields[name] = (*fields.get(name, ()), value)
        elif value.filename:
            uploads.append(UploadedFile(value.filename, value.file))
    names = {name: str(part) for name, part in request.path_params.items()}
    query = dict(request.query_params)
    return Visit(request.method, request.url.path, names, query, fields, tuple(uploads))


def _made(site: Site, maker: PageMaker, visit: Visit) -> Response:
    with site.lock:
        try:
            return maker(site, visit)
        except Stop as stop:
            title, lines, status = "This could not be done", str(stop).splitlines(), 409
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001  (the one boundary for faults of a page)
            title, lines, status = "This page could not be made", fault_words(error), 500
        return site.show("message.html.jinja", status, title=title, lines=lines)
