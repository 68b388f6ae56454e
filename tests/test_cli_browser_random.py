"""A thousand random requests to the pages: none is a fault of the program, reaches a file outside
the folder, changes a file of the office, or leaves an office.yaml that cannot be read."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest

from cli.browser import contents
from cli.browser.application import PAGES
from cli.browser.guard import FORM
from cli.browser.kept_answers import key_of, page_key
from cli.browser.pages import check
from cli.browser.settings import SEEN, seen
from cli.browser.site import Site
from cli.office_folder import office_in
from record.ledger.database import LEDGER_NAME
from record.ledger.entries import digest
from record.office.interview.sheet_interview import interview_state
from reports.json import to_json
from reports.writing import FILES
from tests.support.assessment_sample import sample
from tests.support.browser_pages import Answer, folder_hashes, opened_here, sent_raw, site_of
from tests.support.desk_office import workbook
from tests.support.needs import CAMPAIGN

#: In the files beside the office's folder, and in no answer.
BESIDE = "Ravensworth-is-in-no-answer"
SEED = 15
REQUESTS = 20_000 if CAMPAIGN else 1_000
#: Every status that an answer may have. 500 is a fault of the program.
STATUSES = {200, 303, 307, 400, 403, 404, 405, 409, 413, 421, 422}

#: What stands for the parts of a path that differ, so that there is such a page.
_NAMED = {
    "{day}": "2026-11-24",
    "{file}": "summary.txt",
    "{duty}": "refresher-training",
    "{finding}": "0",
    "{key}": "0123456789abcdef",
    "{number}": "1",
    "{page}": "glossary",
}
_ROUTES = [
    (method, re.sub(r"\{\w+\}", lambda found: _NAMED[found[0]], path)) for method, path, _ in PAGES
]
_PATHS = (
    *(path for _, path in _ROUTES),
    *("/enter", "/style.css", "/script.js", "/favicon.ico"),
    *(f"/reports/2026-11-24/{name}" for name in FILES.values()),
)
#: Pages to which a form is sent, most of them also shown.
_FORMS = {path for method, path in _ROUTES if method == "POST"}
_PARTS = (
    "..",
    ".",
    "%2e%2e",
    "%2e%2e%2f",
    "..%5c",
    "%00",
    "%0d%0aX: y",
    "%ff",
    "%c0%ae%c0%ae",
    "beside.txt",
    "etc/passwd",
    "C:%5cbeside.txt",
    "office.yaml",
    "Own.csv",
    "assessment.html",
    "assessment.json",
    "run.json",
    "2026-11-24",
    "2026-02-31",
    "%D9%A2%D9%A0%D9%A2%D9%A6-11-24",
    "answers",
    "1",
    "2",
    "0",
    "-1",
    "999",
    "1" * 5000,
    "%D9%A1",
    "sheets",
    "reports",
    "x" * 3000,
    ";",
    "'\"<script>",
)
_TEXTS = (
    "",
    "yes",
    "no",
    "no evidence",
    "later",
    "lists",
    "Training",
    "Staff",
    "always yes",
    "none",
    "24/11/2026",
    "1 April 2025",
    "31/02/2026",
    "../beside.csv",
    "/etc/passwd",
    "..\\beside.csv",
    "Own.csv",
    "Desk.xlsx",
    "*.csv",
    "[O]wn.csv",
    "**",
    "--out=/",
    "\0",
    "bell\x07",
    "two\nlines",
    "turned\u202e",
    "\ufeff",
    "é" * 300,
    "<script>alert(1)</script>",
    "{{ site.session.form }}",
    "'; DROP TABLE x; --",
    ": [\n  - {",
    "0",
    "1",
    "-1",
    "9" * 400,
    "x" * 5000,
    "\u0661",
)
_FIELDS = (
    *("seen", "file", "office", "records_begin", "sop", "as_of", "by", "part", "sheet", "page"),
    *("verdict", "note", "subject", "assessment", "q", "status", "until", "reason", "owner"),
    *("q0", "q1", "q0-list", "q0-typed", "then", "added", "form", "", "x" * 300, "é"),
)
#: What follows the question mark of an address.
_ASKED = ("about", "reason", "by", "until", "owner", "subject", "q", "status", "page", "scope")
_KINDS = (
    "",
    "text/plain",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=other",
    "multipart/form-data; charset=unicode_escape; boundary=b",
    "multipart/form-data; charset=no-such; boundary=b",
    "application/x-www-form-urlencoded; charset=utf-16",
    "\x01",
)
_NAMES = (
    *("New.csv", "../beside.csv", "..\\beside.xlsx", "C:\\Own.csv", "NUL.xlsx", "~$a.xlsx"),
    *("Own.csv", "office.yaml", "a\x07.csv", "x" * 300 + ".csv", "", "..", "/", "SOP.md", "a.xlsm"),
    *("reports/2026-11-24/assessment.json", "More.ods", "bad\\ud800.csv"),
)


class Requests:
    """Makes the requests, from one seed."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site, self._random = site, Random(seed)
        report = site.folder / "reports" / "2026-11-24" / FILES["json"]
        self._digest = digest(report.read_bytes())

    def next_answer(self) -> tuple[str, Answer]:
        """The answer to one more request, and what was asked."""
        pick = self._random.choice
        path = self._path()
        usual = "POST" if path in _FORMS or path.startswith("/sheets/") else "GET"
        method = usual if self._often() else pick(("GET", "POST", "HEAD", "PUT", "OPTIONS"))
        body, kind = self._body(path) if method == "POST" else (b"", "")
        session = self._site.session
        query = {FORM: session.form} if method == "POST" and self._often() else {}
        if not self._often():
            query[pick(_FIELDS)] = pick(_TEXTS)
        if re.search("/rows/|/duties/|points|problems", path) and self._random.random() < 0.7:
            query["row"] = "made"
            for name in self._random.sample(_ASKED, self._random.randint(0, len(_ASKED))):
                query[name] = pick((*_TEXTS, "31 March 2027", "office", "all", "Prevent Lead"))
        asked = f"{path}?{urlencode(query)}" if query else path
        headers = {
            "host": session.hosts[0],
            "cookie": f"{session.cookie_name}={session.cookie}",
            "origin": f"http://{session.hosts[0]}",
            "content-type": kind,
            "content-length": str(len(body)) if body else "",
        }
        if not self._often():
            name = pick((*headers, "sec-fetch-site", "accept-encoding", "range", "x" * 200))
            headers[name] = pick(("", "null", "*", "x" * 9000, "-1", "bytes=0-", "\x01", "[]"))
        return f"{method} {asked[:200]}", sent_raw(self._site, method, asked, headers, body)

    def _often(self) -> bool:
        return self._random.random() < 0.9

    def _path(self) -> str:
        pick = self._random.choice
        about_sheets = self._random.random() < 0.3
        path = pick([*self._question_paths(), "/sheets"] if about_sheets else _PATHS)
        if self._random.random() < 0.25:
            parts = path.split("/")
            for _ in range(self._random.randint(1, 4)):
                parts.insert(self._random.randint(1, len(parts)), pick(_PARTS))
            path = "/".join(parts)
        return path

    def _question_paths(self) -> Iterator[str]:
        for own in self._site.contents(self._site.office()).own_sheets:
            for number in ("1", "2", "3", "answers"):
                yield f"/sheets/{key_of(own)}/{number}"

    def _body(self, path: str) -> tuple[bytes, str]:
        """A form that is right for the page, or nearly, or not at all, and its kind."""
        if self._random.random() < 0.05:
            return self._random.randbytes(self._random.choice((0, 1, 300, 70_000))), "x/y"
        fields = self._right_fields(path) if self._often() else []
        for _ in range(self._random.choice((0, 0, 0, 1, 2, 5))):
            fields.append((self._random.choice(_FIELDS), self._random.choice(_TEXTS)))
        self._random.shuffle(fields)
        if path == "/files/add" or self._random.random() < 0.15:
            body, kind = self._multipart(fields)
        else:
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if not self._often():
            kind = self._random.choice(_KINDS)
        if not self._often():
            body = body[: self._random.randint(0, len(body))]
        return body, kind

    def _right_fields(self, path: str) -> list[tuple[str, str]]:
        """What our own page sends."""
        fields = [(SEEN, seen(self._site.folder))]
        pick = self._random.choice
        if path == "/files":
            fields += [("file", pick(_TEXTS)), ("file", "Own.csv")]
        elif path == "/office":
            fields += [("office", pick(_TEXTS)), ("records_begin", pick(_TEXTS))]
            fields += [("sop", pick((*_TEXTS, "none", "none")))]
        elif "/duties/" in path:
            fields += [("verdict", pick(("agree", "disagree"))), ("note", pick(_TEXTS))]
            fields += [("assessment", self._digest), ("by", pick(_TEXTS)), ("subject", "")]
        elif path == "/check":
            fields += [("as_of", pick(("24/11/2026", *_TEXTS))), ("by", pick(_TEXTS))]
        elif path == "/sheets/forget":
            office = self._site.office()
            for number, part in enumerate(office.file.mapping if office else ()):
                fields += [("part", str(number)), ("file", part.file), ("sheet", part.sheet or "")]
        else:
            fields += self._right_answers(path)
        return fields

    def _right_answers(self, path: str) -> list[tuple[str, str]]:
        """Answers to the page of questions of that address, of which some are right."""
        number = path.rpartition("/")[2]
        office = self._site.office()
        registers = self._site.rulebook(office).registers
        fields: list[tuple[str, str]] = []
        for own in self._site.contents(office).own_sheets:
            if key_of(own) in path and number in "123":
                state = interview_state(own, registers, ())
                page = state.next_page
                assert page is not None
                fields.append(("page", page_key(page)))
                for index, question in enumerate(page.questions):
                    answers = [option.answer for option in question.options]
                    answer = self._random.choice((*answers, "lists", *_TEXTS))
                    fields.append((f"q{index}", answer))
                    if answer == "lists":
                        fields.append((f"q{index}-list", self._random.choice(question.choices)))
        return fields

    def _multipart(self, fields: Iterable[tuple[str, str]]) -> tuple[bytes, str]:
        lines = bytearray()
        for name, value in fields:
            lines += f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            lines += value.encode() + b"\r\n"
        for _ in range(self._random.choice((0, 1, 1, 2, 120))):
            name = self._random.choice(_NAMES)
            head = f'Content-Disposition: form-data; name="added"; filename="{name}"'
            lines += f"--b\r\n{head}".encode()
            lines += b"\r\nContent-Type: text/csv\r\n\r\na,b\n1,2\n\r\n"
        lines += self._random.choice((b"--b--\r\n", b"--b--\r\n", b"--b--\r\n", b"--b", b""))
        return bytes(lines), "multipart/form-data; boundary=b"


class NoRun:
    """In place of a check, which is a process of its own: it has ended as soon as it begins."""

    ended, reported, messages = True, False, ()

    def __init__(self, folder: Path, as_of: str, by: str, *, month: bool) -> None:
        self.as_of, self.month = as_of, month
        self.command = (folder, as_of, by)


def office_beside_others(parent: Path) -> Path:
    """An office's folder with sheets to ask about and a report, and files beside it."""
    folder = parent / "office"
    report = folder / "reports" / "2026-11-24"
    report.mkdir(parents=True)
    for name in ("assessment.html", "summary.txt"):
        (report / name).write_text("A report", encoding="utf-8")
    (report / "assessment.json").write_bytes(to_json(sample("A notice.")))
    (folder / "Own.csv").write_text("Payroll,Course,When\n101,WRAP,3 May 2026\n", encoding="utf-8")
    (folder / "Notes.csv").write_text("What,Who\nA talk,B\n", encoding="utf-8")
    (folder / "Desk.xlsx").write_bytes(workbook())
    (folder / "office.yaml").write_text("version: 1\nevidence: [Own.csv]\n", encoding="utf-8")
    for name in ("beside.txt", "beside.csv", "SOP.md", "assessment.html"):
        (parent / name).write_text(BESIDE, encoding="utf-8")
    (folder / "Way out").symlink_to(parent)
    (folder / "Linked.csv").symlink_to(parent / "beside.csv")
    return folder


@pytest.mark.campaign
@pytest.mark.long
# the form parser leaves the file of a form that breaks off to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_random_request_is_a_fault_or_leaves_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    parent = tmp_path / "parent"
    folder = office_beside_others(parent)
    monkeypatch.setattr(tempfile, "tempdir", str(logs))
    monkeypatch.setattr(check, "CheckRun", NoRun)
    monkeypatch.setattr(contents, "opened", opened_here)
    site = site_of(folder)
    requests = Requests(site, SEED)
    before = folder_hashes(parent)
    statuses: Counter[int] = Counter()
    site_address = f"http://{site.session.hosts[0]}/"
    file = ""
    for _ in range(REQUESTS):
        asked, answer = requests.next_answer()
        statuses[answer.status] += 1
        assert answer.status in STATUSES, f"{asked}: {answer.status}: {answer.words[:500]}"
        assert BESIDE.encode() not in answer.data, asked
        assert answer.goes_to.startswith(("/", site_address)) or not answer.goes_to, asked
        assert b"Traceback" not in answer.data, asked
        assert answer.headers["x-content-type-options"] == "nosniff", asked
        if (now := seen(folder)) != file:
            file = now
            assert office_in(folder) is not None, asked
    after = folder_hashes(parent)
    assert list(logs.iterdir()) == []
    changed = {name for name, digest in before.items() if after.get(name) != digest}
    assert changed <= {"office/office.yaml"}
    new = set(after) - set(before)
    ledger = f"office/{Path(LEDGER_NAME).stem}"
    assert all(
        name.startswith(ledger) or (name.startswith("office/") and name.count("/") == 1)
        for name in new
    ), new
    print(f"\n{REQUESTS:,} random requests: {dict(sorted(statuses.items()))}")
    assert {200, 303, 400, 403, 404, 405, 421, 422} <= set(statuses)
