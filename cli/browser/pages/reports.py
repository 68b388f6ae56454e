"""The reports of each check: what they say, and the files themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.guard import BACK
from cli.browser.pages.check import NO_FAULTS
from cli.browser.past_checks import without_commands
from cli.browser.site import Site, Visit, page_number
from cli.commands.month.contents import MonthContents, read_month
from cli.commands.record.pack import pack_of_office
from cli.exits import Stop
from cli.inputs import path_words, read_input
from cli.ledger_entry import (
    A_POST,
    LONGEST_POST,
    LONGEST_REASON,
    day_of,
    stamp,
    text_of,
)
from engine.assessment import Assessment
from engine.outcome import Status
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.ledger.database import LEDGER_NAME, LedgerProblem, size_of
from record.ledger.entries import digest
from record.ledger.sign_off import STATED, Statement, sign_off, sign_offs_of_day
from record.ledger.text import sign_off_words
from record.office.kept_reports import REPORTS, days_with_reports
from reports import view, words
from reports.json import LIMIT_BYTES, outline_from_json
from reports.places import Places
from reports.provided import not_begun_words
from reports.unknown_names import UNKNOWN_NAMES, unknown_names_words
from reports.writing import FILES, FORMATS

Answer = TypeVar("Answer")

#: The number of checks on one page.
SHOWN = 20

#: A report is a page of its own: its script may run, but it is no page of ours, and reaches none.
REPORT_POLICY = "sandbox allow-scripts allow-modals allow-downloads"

#: Where the contents of a report begin: a link is put there when it is shown.
_MAIN = b'<main id="main">'


def report_folder(site: Site, visit: Visit) -> Path:
    """The folder of the reports that an address names. There is no such page if there is none."""
    name = visit.day
    days = {day.isoformat() for day in days_with_reports(site.folder)}
    if name not in days:
        raise HTTPException(404)
    return site.folder / REPORTS / name


def month_of(site: Site, visit: Visit) -> MonthContents | None:
    """What was written for the month of a day; None if it was only checked."""
    return read_month(report_folder(site, visit))


def assessment_of(site: Site, visit: Visit) -> tuple[Assessment, bytes]:
    """The assessment of the day that an address names, and its bytes."""
    return site.assessments.read(report_folder(site, visit) / FILES["json"])


def outline_of(site: Site, visit: Visit) -> Assessment:
    """The outline of the assessment of the day that an address names. Raises Stop if the file
    contains none."""
    return outline_with_hash(site, visit)[0]


def outline_with_hash(site: Site, visit: Visit) -> tuple[Assessment, str]:
    """The outline of an assessment, and the SHA-256 of the whole."""
    path = report_folder(site, visit) / FILES["json"]
    data = read_input(path, LIMIT_BYTES)
    outline = outline_from_json(data)
    if isinstance(outline, str):
        raise Stop(f"{path_words(path)}: {outline}")
    return outline, digest(data)


def show(site: Site, visit: Visit, faults: Mapping[str, str] = NO_FAULTS) -> Response:
    """What a check found, with the ways on."""
    assessment, sha256 = outline_with_hash(site, visit)
    site.read_ahead(report_folder(site, visit) / FILES["json"])
    office = view.of_list(assessment, view.OFFICE)
    outstanding = view.outstanding(office)
    return site.show(
        "report.html.jinja",
        422 if faults else 200,
        assessment=assessment,
        folder=visit.day,
        other_formats=list(FORMATS.values())[1:],
        month=month_of(site, visit),
        not_begun=not_begun_words(assessment),
        unknown_names_title=UNKNOWN_NAMES,
        unknown_names=list(unknown_names_words(assessment, Places(assessment))),
        too_late=view.too_late(office),
        overdue=[duty for duty in outstanding if duty.status is Status.OVERDUE],
        unclear=[duty for duty in outstanding if duty.status is Status.CANNOT_TELL],
        sign_offs=_sign_offs(site, assessment),
        sha256=sha256,
        faults=faults,
        given={name: visit.field(name) for name in ("role", "post", "says")}
        | {"on": visit.field("on") or words.day(stamp(None).at.date())},
    )


def show_all(site: Site, visit: Visit) -> Response:
    """Every check in the ledger, the latest first, so many on a page, and those whose reports alone
    are there."""
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


def record_sign_off(site: Site, visit: Visit) -> Response:
    """Records a sign-off of the report in the ledger, or says what the form lacks."""
    _, sha256 = outline_with_hash(site, visit)
    faults: dict[str, str] = {}
    if visit.field("assessment") != sha256:
        faults["changed"] = "This day was checked again since the page was shown. Look once more."

    def answer(name: str, read: Callable[[], Answer]) -> Answer | None:
        try:
            return read()
        except Stop as stop:
            faults[name] = str(stop)
            return None

    role = next((role for role in STATED if role == visit.field("role")), None)
    if role is None:
        faults["role"] = "Choose what you state."
    post = answer("post", lambda: text_of(visit.field("post"), "The post", A_POST, LONGEST_POST))
    on = answer("on", lambda: day_of(visit.field("on"), "The day"))
    text = " ".join(visit.field("says").split())
    says = answer("says", lambda: text_of(text or None, "This", "", LONGEST_REASON))
    if faults or role is None or post is None or on is None or says is None:
        return show(site, visit, faults)
    statement = Statement(role, post, on, says)
    try:
        entered = sign_off(site.folder / LEDGER_NAME, sha256, statement, stamp(site.by))
    except LedgerProblem as problem:
        return show(site, visit, {"changed": without_commands(str(problem))})
    site.notices = [f"The sign-off was recorded in the ledger as number {entered.number}."]
    return site.go(f"/reports/{visit.day}#sign-off")


def _sign_offs(site: Site, assessment: Assessment) -> list[str] | None:
    """The sign-offs of the reports of the assessment's day; None if there is no ledger, or it
    cannot be read."""
    recorded = site.recorded()
    if recorded is None:
        return None
    found = sign_offs_of_day(recorded, assessment.as_of, assessment.known_by)
    return list(map(sign_off_words, found))


def duties(site: Site, visit: Visit) -> Response:
    """Every duty by its section."""
    return site.show("duties.html.jinja", assessment=outline_of(site, visit), folder=visit.day)


def show_pack(site: Site, visit: Visit) -> Response:
    """What a pack is for, and its SHA-256."""
    data = _pack(site, visit)
    return site.show(
        "pack.html.jinja",
        day=outline_of(site, visit).as_of,
        folder=visit.day,
        megabytes=max(1, round(len(data) / MEGABYTE)),
        sha256=digest(data),
    )


def pack(site: Site, visit: Visit) -> Response:
    """The pack itself, which is made anew: the same files give the same bytes."""
    name = f"{visit.day} pack.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_pack(site, visit), media_type="application/zip", headers=headers)


def _pack(site: Site, visit: Visit) -> bytes:
    """The pack of a check with the office's evidence. Raises Stop if it cannot be made."""
    reports, office = report_folder(site, visit), site.office()
    if office is None:
        raise Stop(
            "There is no office.yaml in the folder, so nobody can tell which evidence to pack."
        )
    ledger = office.ledger if size_of(office.ledger) else None
    try:
        return pack_of_office(office, reports / FILES["json"], outline_of(site, visit), ledger)
    except Stop as stop:
        again = "To make a pack of the evidence as it is now, check this day again."
        raise Stop(f"{without_commands(str(stop))}\n{again}") from None


def file(site: Site, visit: Visit) -> Response:
    """One of the files of a report, as it is in the folder; the page with a link back to ours."""
    found = next((one for one in FORMATS.values() if one.file == visit.names["file"]), None)
    if found is None:
        raise HTTPException(404)
    try:
        data = read_regular(report_folder(site, visit) / found.file, LIMIT_BYTES)
    except FileStop:
        raise HTTPException(404) from None
    headers = {"Content-Security-Policy": REPORT_POLICY}
    if not found.media_type.startswith("text/"):
        name = f"{visit.day} {found.file}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if found.file == FILES["html"]:
        link = bytes(site.show("way_back.html.jinja", path=BACK, day=visit.day).body)
        data = data.replace(_MAIN, _MAIN + link, 1)
    return Response(data, media_type=found.media_type, headers=headers)
