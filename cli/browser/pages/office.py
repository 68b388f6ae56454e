"""The office: its name, the day from which it keeps records, and its SOP."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from cli.browser.settings import SEEN, save_settings, seen
from cli.browser.site import Site, Visit
from cli.ledger_entry import stamp
from evidence.cells.day_text import Day, read_day
from evidence.visible import first_hidden
from record.office.survey import documents_in, sop_in, sop_problems
from reports.words import day
from rules.sop.problem import describe

NO_SOP = "none"
#: The choice of the documents that office.yaml lists, where they are several.
ALL_LISTED = "all"
#: Of the office's name.
_MOST_LETTERS = 200


def show(site: Site, _: Visit) -> Response:
    """The form, with what office.yaml says."""
    office = site.office()
    file = office.file if office else None
    begin = day(file.records_begin) if file else ""
    sop = file.sop if file else sop_in(site.folder, site.rulebook(None))
    return _form(site, (file.office or "") if file else "", begin, sop, {})


def save(site: Site, visit: Visit) -> Response:
    """Saves the form, or shows it again with what is wrong in it."""
    office = site.office()
    name, begin, chosen = (visit.field(key).strip() for key in ("office", "records_begin", "sop"))
    listed = office.file.sop if office else sop_in(site.folder, site.rulebook(None))
    sop = () if chosen in ("", NO_SOP) else listed if chosen == ALL_LISTED else (chosen,)
    faults: dict[str, str] = {}
    if mark := first_hidden(name):
        faults["office"] = (
            f"The name contains a character that cannot be seen ({mark}). Leave it out."
        )
    elif len(name) > _MOST_LETTERS:
        faults["office"] = f"The name has more than {_MOST_LETTERS} letters. Give a shorter one."
    begin_day = None
    if begin:
        read = read_day(begin)
        if not isinstance(read, Day):
            faults["records_begin"] = f"{read.message} {read.instruction}"
        elif read.day > stamp(None).at.date():
            faults["records_begin"] = f"{day(read.day)} has not come yet. Give an earlier day."
        else:
            begin_day = read.day
    if sop:
        book = site.rulebook(office)
        if not set(sop) <= set(_documents(site.folder, listed)):
            faults["sop"] = "Choose one of these files."
        elif problems := [each for name in sop for each in sop_problems(site.folder / name, book)]:
            lines = [describe(problem).strip() for problem in problems[:5]]
            faults["sop"] = "\n".join(
                ["This is not the SOP from which the rules were written.", *lines]
            )
    if not faults and visit.field(SEEN) != seen(site.folder):
        faults["changed"] = "office.yaml was changed since this page was shown: save once more."
    if faults:
        return _form(site, name, begin, sop, faults, status=422)
    values = {"office": name or None, "records_begin": begin_day, "sop": sop}
    save_settings(site.folder, office, site.by, **values)
    site.notices = ["The office's details were saved."]
    return site.go("/sheets" if site.contents(site.office()).own_sheets else "/")


def _form(
    site: Site,
    name: str,
    begin: str,
    sop: tuple[str, ...],
    faults: dict[str, str],
    *,
    status: int = 200,
) -> Response:
    return site.show(
        "office.html.jinja",
        status,
        name=name,
        begin=begin,
        sop=sop,
        documents=_documents(site.folder, sop),
        no_sop=NO_SOP,
        all_listed=ALL_LISTED,
        faults=faults,
        seen=seen(site.folder),
    )


def _documents(folder: Path, also: tuple[str, ...]) -> list[str]:
    """The names of the documents in the folder that may be the SOP, and those named now."""
    return sorted({*documents_in(folder), *also})
