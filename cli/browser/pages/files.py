"""The office's files: which are evidence, and adding more."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from cli.browser.settings import SEEN, save_settings, seen
from cli.browser.site import Site, Visit
from cli.browser.uploads import save_uploads
from evidence.cells.text import quoted
from evidence.raw_cells import FORMATS
from record.office.office_file import separated


def show(site: Site, _: Visit) -> Response:
    """Every spreadsheet in the folder."""
    office = site.office()
    contents = site.contents(office)
    named = {separated(name) for name in office.file.evidence} if office else set()
    through = [file.name for file in contents.evidence if file.name not in named]
    ticked = named | ({file.name for file in contents.others if file.certain and not office})
    return site.show(
        "files.html.jinja",
        office=office,
        contents=contents,
        ticked=ticked,
        through=through,
        seen=seen(site.folder),
    )


def save(site: Site, visit: Visit) -> Response:
    """Names the ticked files as evidence in office.yaml."""
    office = site.office()
    contents = site.contents(office)
    if visit.field(SEEN) != seen(site.folder):
        site.notices = ["office.yaml was changed since the page was shown. Tick the files again."]
        return site.go("/files")
    files = {file.name for file in (*contents.evidence, *contents.others)}
    sent = dict.fromkeys(visit.fields.get("file", ()))
    ticked = [name for name in sent if name in files]
    names = office.file.evidence if office else ()
    kept = [name for name in names if separated(name) not in files]
    save_settings(site.folder, office, site.by, evidence=(*kept, *ticked))
    count = "1 file is" if len(ticked) == 1 else f"{len(ticked)} files are"
    site.notices = [f"Saved: {count} named as evidence."]
    site.notices += [
        f"{quoted(name)} is not in the folder under this name: rename it, and tick it again."
        for name in sent
        if name not in files
    ]
    now = site.office()
    if now is not None and not (now.file.office or now.file.records_begin):
        return site.go("/office")
    return site.go("/sheets" if site.contents(now).own_sheets else "/")


def add(site: Site, visit: Visit) -> Response:
    """Saves the files that were sent, and names the spreadsheets among them as evidence."""
    office = site.office()
    saved = save_uploads(site.folder, visit.uploads)
    sheets = [one.name for one in saved if Path(one.name).suffix.lower().lstrip(".") in FORMATS]
    contents = site.contents(office)
    known = {file.name for file in contents.evidence}
    new = [name for name in dict.fromkeys(sheets) if name not in known]
    if new:
        now = office.file.evidence if office else ()
        save_settings(site.folder, office, site.by, evidence=(*now, *new))
    site.refusals = [one.words for one in saved if not one.name]
    site.notices = [one.words for one in saved if one.name]
    if not saved:
        site.refusals = ["No file was chosen."]
    return site.go("/files")
