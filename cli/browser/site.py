"""What every page is made with: the office's folder, the session, and the templates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cli.browser import guidebook
from cli.browser.check_run import CheckRun
from cli.browser.contents import ContentsCache, FolderContents
from cli.browser.guard import FORM, Session
from cli.browser.past_checks import PastChecks
from cli.exits import Stop
from cli.inputs import path_words, read_assessment, rulebook_in
from cli.office_folder import Office, office_in
from engine.assessment import Assessment
from evidence.regular_file import MEGABYTE
from evidence.visible import visible, visible_lines
from record.ledger.chain import Entry, entries
from record.ledger.database import LEDGER_NAME, LedgerProblem, size_of
from reports import coming, provided, view, words
from reports.compare import change_words
from reports.html.page import style
from rules.model import Rulebook

#: An assessment of more bytes takes a second or more to read.
_LARGE = 10 * MEGABYTE


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a form sent: its name there, and its bytes to read."""

    name: str
    data: BinaryIO | SpooledTemporaryFile[bytes]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page. ``names``: the parts of its path; ``query``: what follows its question
    mark; ``fields``: all values of each field of its form."""

    method: str
    path: str
    names: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uploads: tuple[UploadedFile, ...] = ()

    @property
    def day(self) -> str:
        """The day of the reports that the page is about, as its path names it."""
        return self.names["day"]

    def field(self, name: str) -> str:
        """The value of a field; '' if it was not sent."""
        return next(iter(self.fields.get(name, ())), "")


def page_number(visit: Visit) -> int:
    """The number in ``?page=``, 1 if there is none. There is no such page if it is no number."""
    text = visit.query.get("page", "1")
    if not (text.isascii() and text.isdigit() and int(text[:6]) > 0):
        raise HTTPException(404)
    return int(text[:6])


class Site:
    """The pages of one office's folder. ``lock``: one page at a time is made, since all read and
    write the same few files."""

    def __init__(self, folder: Path, session: Session) -> None:
        self.folder, self.session = folder.absolute(), session
        self.lock = threading.RLock()
        self.check_run: CheckRun | None = None
        self.stopping = False
        #: Who works with the pages, for the ledger; '' for the user's name on this computer.
        self.by = ""
        #: What the next page says first, once.
        self.notices: list[str] = []
        #: What the next page says, once, was not done.
        self.refusals: list[str] = []
        self.assessments = AssessmentCache()
        self.past_checks = PastChecks(self.folder)
        self._contents = ContentsCache()

    def office(self) -> Office | None:
        """The office as office.yaml says now; None if it is not set up. Raises Stop if the folder
        is gone, or the file has a fault."""
        if not self.folder.is_dir():
            raise Stop(
                f"The folder {path_words(self.folder)} is not there any more, or cannot be read. "
                "Put it back, and load this page again."
            )
        return office_in(self.folder)

    def rulebook(self, office: Office | None) -> Rulebook:
        """The rulebook of the office. Raises Stop if it has a fault."""
        own = office.rulebook if office else None
        return self._own_rulebook if own is None else rulebook_in(own)

    def contents(self, office: Office | None) -> FolderContents:
        """What is in the folder now."""
        return self._contents.contents(self.folder, office, self.rulebook(office))

    def recorded(self) -> list[Entry] | None:
        """The entries of the office's ledger; None if there is no ledger, or it cannot be read."""
        ledger = self.folder / LEDGER_NAME
        with suppress(LedgerProblem):
            return entries(ledger) if size_of(ledger) else None
        return None

    def read_ahead(self, path: Path) -> None:
        """Begins to read a large assessment, while a person reads a page that does not need it."""
        if path.stat().st_size >= _LARGE:
            threading.Thread(target=self._read_ahead, args=(path,), daemon=True).start()

    def _read_ahead(self, path: Path) -> None:
        with self.lock, suppress(Stop, OSError):  # the page that needs it says what is wrong
            self.assessments.read(path)

    def take_refusals(self) -> list[str]:
        """What this page says was not done; the next one does not."""
        refusals, self.refusals = self.refusals, []
        return refusals

    def take_notices(self) -> list[str]:
        """What this page says first; the next one does not."""
        notices, self.notices = self.notices, []
        return notices

    @cached_property
    def _own_rulebook(self) -> Rulebook:
        return rulebook_in(None)

    def action(self, path: str) -> str:
        """The address that a form is sent to."""
        return f"{path}?{FORM}={self.session.form}"

    def show(self, template: str, status: int = 200, /, **values: object) -> Response:
        """A page."""
        text = self._templates.get_template(template).render(values)
        return HTMLResponse(visible_lines(text), status_code=status)

    def go(self, path: str) -> Response:
        """Leads the browser to another page, so that a reload or the back button sends no form
        again."""
        return RedirectResponse(path, status_code=303)

    @cached_property
    def _templates(self) -> Environment:
        templates = page_templates()
        templates.globals.update(site=self, action=self.action)
        return templates


def page_templates() -> Environment:
    """The templates of all pages, without the office's folder that most of them need."""
    templates = Environment(
        loader=PackageLoader("cli.browser"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(day=words.day, shown=visible, groupby_always=_by_always)
    templates.globals.update(words=words, guidebook=guidebook, view=view, provided=provided)
    templates.globals.update(coming=coming, change_words=change_words)
    return templates


def pages_css() -> str:
    """The style of all pages."""
    more = template_text("browser.css") + template_text("guide.css")
    return style("", "Due Regard", "report.css", more=more)


class AssessmentCache:
    """Reads an assessment again only when its file has changed."""

    def __init__(self) -> None:
        self._key: object = None
        self._read: tuple[Assessment, bytes] | None = None

    def read(self, path: Path) -> tuple[Assessment, bytes]:
        """The assessment in a file, and its bytes. Raises Stop if it contains none."""
        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if self._read is None or key != self._key:
            self._key, self._read = None, None  # so that there are never two in memory
            # The collector would look through the millions of new objects again and again.
            gc.disable()
            try:
                self._read = read_assessment(path)
            finally:
                gc.enable()
            self._key = key
        return self._read


def _by_always(choices: Iterable[str]) -> list[tuple[bool, list[str]]]:
    """The choices of a question: columns or words first, then what is always the same."""
    groups: dict[bool, list[str]] = {False: [], True: []}
    for choice in choices:
        groups[choice.startswith("always ")].append(choice)
    return [(always, group) for always, group in groups.items() if group]


def template_text(name: str) -> str:
    """The text of a style, a script or a picture among the templates."""
    return (files("cli.browser") / "templates" / name).read_text(encoding="utf-8")
