"""The reports of each check: what they say, and the files themselves."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.guard import BACK
from cli.browser.past_checks import days_with_reports, without_commands
from cli.browser.site import Site, Visit
from cli.commands.pack import packed
from cli.exits import Stop
from cli.inputs import path_words, read_input
from cli.office_folder import REPORTS
from engine.assessment import Assessment
from engine.outcome import Status
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.ledger.database import size_of
from record.ledger.entries import digest
from record.pack.pack import PackRequest
from reports import change_words, coming, view
from reports.json import LIMIT_BYTES, outline_from_json
from reports.places import Places
from reports.provided import not_begun_words
from reports.unknown_names import NAMES_ON_NO_LIST, unknown_names_words
from reports.writing import FILES
from rules.load import OWN_BOOK

_KINDS = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: A report is a page of its own: its script may run, but it is no page of ours, and reaches none.
_REPORT_POLICY = "sandbox allow-scripts allow-modals allow-downloads"

#: Where the contents of a report begin: a link is put there when it is shown.
_MAIN = b'<main id="main">'


def report_folder(site: Site, visit: Visit) -> Path:
    """The folder of the reports that an address names. There is no such page if there is none."""
    name = visit.names["day"]
    days = {day.isoformat() for day in days_with_reports(site.folder)}
    if name not in days:
        raise HTTPException(404)
    return site.folder / REPORTS / name


def assessment_of(site: Site, visit: Visit) -> tuple[Assessment, bytes]:
    """The assessment of the day that an address names, and its bytes."""
    return site.assessments.read(report_folder(site, visit) / FILES["json"])


def outline_of(site: Site, visit: Visit) -> Assessment:
    """The outline of the assessment of the day that an address names. Raises Stop if the file
    contains none."""
    path = report_folder(site, visit) / FILES["json"]
    outline = outline_from_json(read_input(path, LIMIT_BYTES))
    if isinstance(outline, str):
        raise Stop(f"{path_words(path)}: {outline}")
    return outline


def show(site: Site, visit: Visit) -> Response:
    """What a check found, with the ways on."""
    assessment = outline_of(site, visit)
    site.read_ahead(report_folder(site, visit) / FILES["json"])
    office = view.of_list(assessment, view.OFFICE)
    outstanding = view.outstanding(office)
    return site.show(
        "report.html.jinja",
        assessment=assessment,
        folder=visit.names["day"],
        view=view,
        coming=coming,
        change_words=change_words,
        not_begun=not_begun_words(assessment),
        names_on_no_list=NAMES_ON_NO_LIST,
        unknown_names=list(unknown_names_words(assessment, Places(assessment))),
        too_late=view.too_late(office),
        overdue=[duty for duty in outstanding if duty.status is Status.OVERDUE],
        unclear=[duty for duty in outstanding if duty.status is Status.CANNOT_TELL],
    )


def duties(site: Site, visit: Visit) -> Response:
    """Every duty by its section."""
    assessment = outline_of(site, visit)
    return site.show(
        "duties.html.jinja", assessment=assessment, folder=visit.names["day"], view=view
    )


def show_pack(site: Site, visit: Visit) -> Response:
    """What a pack is for, and its SHA-256."""
    data = _pack(site, visit)
    return site.show(
        "pack.html.jinja",
        day=outline_of(site, visit).as_of,
        folder=visit.names["day"],
        megabytes=max(1, round(len(data) / MEGABYTE)),
        sha256=digest(data),
    )


def pack(site: Site, visit: Visit) -> Response:
    """The pack itself, which is made anew: the same files give the same bytes."""
    name = f"{visit.names['day']} pack.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_pack(site, visit), media_type="application/zip", headers=headers)


def _pack(site: Site, visit: Visit) -> bytes:
    """The pack of a check with the office's evidence. Raises Stop if it cannot be made."""
    reports, office = report_folder(site, visit), site.office()
    if office is None:
        raise Stop(
            "There is no office.yaml in the folder, so nobody can tell which evidence to pack."
        )
    outline = outline_of(site, visit)
    request = PackRequest(
        reports / FILES["json"],
        office.evidence().files,
        office.rulebook or OWN_BOOK,
        office.sop if outline.sop or outline.earlier_sop else (),
        office.ledger if size_of(office.ledger) else None,
        office.file.mapping,
    )
    try:
        return packed(request)
    except Stop as stop:
        again = "To make a pack of the evidence as it is now, check this day again."
        raise Stop(f"{without_commands(str(stop))}\n{again}") from None


def file(site: Site, visit: Visit) -> Response:
    """One of the files of a report, as it is in the folder; the page with a link back to ours."""
    kinds = {name: kind for kind, name in FILES.items()}
    kind = kinds.get(visit.names["file"])
    if kind is None:
        raise HTTPException(404)
    path = report_folder(site, visit) / FILES[kind]
    try:
        data = read_regular(path, LIMIT_BYTES)
    except FileStop:
        raise HTTPException(404) from None
    headers = {"Content-Security-Policy": _REPORT_POLICY}
    if kind in ("xlsx", "json"):
        name = f"{visit.names['day']} {FILES[kind]}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if kind == "html":
        link = bytes(site.show("way_back.html.jinja", path=BACK, day=visit.names["day"]).body)
        data = data.replace(_MAIN, _MAIN + link, 1)
    return Response(data, media_type=_KINDS[kind], headers=headers)
