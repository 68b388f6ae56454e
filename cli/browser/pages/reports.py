"""The reports of each check: what they say, and the files themselves."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.past_checks import days_with_reports
from cli.browser.site import Site, Visit
from cli.office_folder import REPORTS
from engine.assessment import Assessment
from evidence.regular_file import FileStop, read_regular
from reports import view
from reports.json import LIMIT_BYTES
from reports.writing import FILES

_KINDS = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: A report is a page of its own: its script may run, but it is no page of ours, and reaches none.
_REPORT_POLICY = "sandbox allow-scripts allow-modals allow-downloads"


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


def show(site: Site, visit: Visit) -> Response:
    """What a check found, with the ways on."""
    assessment, _ = assessment_of(site, visit)
    return site.show(
        "report.html.jinja",
        day=assessment.as_of,
        folder=visit.names["day"],
        verdict=view.verdict(assessment, view.OFFICE),
        problems=len(assessment.problems),
        findings=len(assessment.findings),
    )


def file(site: Site, visit: Visit) -> Response:
    """One of the files of a report, as it is in the folder."""
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
    return Response(data, media_type=_KINDS[kind], headers=headers)
