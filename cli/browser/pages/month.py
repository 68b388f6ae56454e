"""What was written for a month: each file, the mails by owner, and what to do next."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.pages.reports import (
    REPORT_POLICY,
    month_of,
    outline_with_hash,
    report_folder,
)
from cli.browser.site import Site, Visit
from cli.commands import calendar
from cli.commands.month.contents import MAILS, PACK, MonthContents, titled
from evidence.limits import LIMITS
from evidence.regular_file import FileStop, read_regular
from reports.owners.mail import OWNER_HEADER
from reports.writing import FILES
from rules.papers import PAPER, STATEMENT

#: The largest file that is sent: a pack contains all the evidence.
_MOST_BYTES = 4 * LIMITS.file_bytes


@dataclass(frozen=True, slots=True)
class MailDraft:
    """A draft of a mail: its file, the owner, and the address; '' for none."""

    name: str
    owner: str
    address: str


def show(site: Site, visit: Visit) -> Response:
    """What was written, in the order in which to read it, and what to do next."""
    month = _month(site, visit)
    assessment, sha256 = outline_with_hash(site, visit)
    named = {"calendar": calendar.NAME, "paper": PAPER, "statement": STATEMENT, "pack": PACK}
    return site.show(
        "month.html.jinja",
        assessment=assessment,
        folder=visit.day,
        month=month,
        stale=sha256 != month.assessment,
        mails=list(_mails(report_folder(site, visit), month)),
        names={kind: name if name in month.files else "" for kind, name in named.items()},
        groups=[
            (title, [(name, _address(visit.day, name)) for name in names])
            for title, names in titled(month.files)
        ],
    )


def file(site: Site, visit: Visit) -> Response:
    """One of the files of a month, to download."""
    name = visit.names["name"]
    if name not in _month(site, visit).files:
        raise HTTPException(404)
    try:
        data = read_regular(report_folder(site, visit) / name, _MOST_BYTES)
    except FileStop:
        raise HTTPException(404) from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    short = PurePosixPath(name).name.replace('"', "")
    headers = {
        "Content-Disposition": f'attachment; filename="{visit.day} {short}"',
        "Content-Security-Policy": REPORT_POLICY,
    }
    return Response(data, media_type=kind, headers=headers)


def _month(site: Site, visit: Visit) -> MonthContents:
    """What was written for the month of a day. No such page if there is none."""
    month = month_of(site, visit)
    if month is None:
        raise HTTPException(404)
    return month


def _address(day: str, name: str) -> str:
    """The address of a file: a report is shown, everything else is downloaded."""
    return f"/reports/{day}/{name if name in FILES.values() else f'month/{name}'}"


def _mails(folder: Path, month: MonthContents) -> Iterator[MailDraft]:
    parser = BytesParser(policy=policy.default)
    for name in sorted(name for name in month.files if fnmatchcase(name, MAILS)):
        try:
            mail = parser.parsebytes(read_regular(folder / name, LIMITS.file_bytes), True)
        except FileStop:  # it was sent and moved
            continue
        owner = str(mail.get(OWNER_HEADER, "")) or name
        yield MailDraft(name, owner, str(mail.get("To", "")))
