"""The office's pages, asked for in this process as a browser of this computer asks for them."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlencode

from starlette.types import Message

from cli.browser.application import application
from cli.browser.guard import FORM, Session
from cli.browser.site import Site
from evidence.files.opening import open_file
from evidence.raw_cells import Book
from tests.support.command_processes import Speaking

#: The values of a form's fields; several of one field where boxes share its name.
Fields: TypeAlias = Mapping[str, str | Sequence[str]]

_PORT = 8000
_BOUNDARY = "----a-form-of-the-tests"
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The page, or the file, as text."""
        return self.data.decode()

    @property
    def words(self) -> str:
        """What a person reads on the page: its text without tags, each space single."""
        return " ".join(unescape(_TAG.sub(" ", self.text)).split())

    @property
    def goes_to(self) -> str:
        """The address to which the answer leads; '' if it is a page."""
        return self.headers.get("location", "")


def site_of(folder: Path) -> Site:
    """The pages of a folder, as if the program had just been started there."""
    return Site(folder, Session(_PORT))


def visit(
    site: Site,
    method: str,
    path: str,
    fields: Fields | None = None,
    uploads: Sequence[tuple[str, bytes]] = (),
    headers: Mapping[str, str] | None = None,
    token: str | None = None,
) -> Answer:
    """Asks for an address, with the secrets that a browser of this session has. ``fields`` are
    those of the form that is sent, and ``uploads`` the files in its field 'added'. ``headers``
    replace the browser's own, and ``token`` the one of its forms; '' leaves one out."""
    body, kind = b"", ""
    if method == "POST":
        body, kind = _form(fields or {}, uploads)
        secret = site.session.form if token is None else token
        path += f"{'&' if '?' in path else '?'}{FORM}={secret}" if secret else ""
    sent = {
        "host": site.session.hosts[0],
        "cookie": f"{site.session.cookie_name}={site.session.cookie}",
        "origin": f"http://{site.session.hosts[0]}" if method == "POST" else "",
        "content-type": kind,
        "content-length": str(len(body)) if body else "",
    } | dict(headers or {})
    return sent_raw(site, method, path, sent, body)


def sent_raw(
    site: Site, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> Answer:
    """Sends a request with these headers alone, '' leaving one out."""
    return asyncio.run(_answered(site, method, path, headers, body))


@contextmanager
def opened_here(named: Mapping[str, Path]) -> Iterator[list[Book]]:
    """Opens files as ``evidence.files.apart.opened`` does, without a process for each."""
    yield [open_file(path, name) for name, path in named.items()]


class CopiesForChecks:
    """In place of ``subprocess`` where the pages start a check: it begins as a copy of a process
    that has loaded the program."""

    DEVNULL, PIPE = subprocess.DEVNULL, subprocess.PIPE

    @staticmethod
    def Popen(  # noqa: N802
        command: Sequence[str], cwd: Path, env: Mapping[str, str], **_: object
    ) -> Speaking:
        """Starts the check; only its errors are read."""
        assert command[:4] == [sys.executable, "-P", "-m", "cli.main"]
        return Speaking(command[4:], cwd, env, quiet=True)


def folder_hashes(folder: Path) -> dict[str, str]:
    """A digest of each file in a folder and its folders, by its path there."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def followed(site: Site, answer: Answer) -> Answer:
    """The page to which an answer leads."""
    assert answer.status == 303, answer.words
    return visit(site, "GET", answer.goes_to.partition("#")[0])


async def _answered(
    site: Site, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", site.session.port),
    }
    messages: list[Message] = []
    parts = iter([body])

    async def receive() -> Message:
        part = next(parts, None)
        if part is None:  # whoever asks for more than was sent is told that nobody sends it
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await application(site)(scope, receive, send)
    start = messages[0]
    names = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], names, b"".join(m.get("body", b"") for m in messages[1:]))


def _form(fields: Fields, uploads: Sequence[tuple[str, bytes]]) -> tuple[bytes, str]:
    """A form's body and its content type."""
    pairs = [
        (name, value)
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    if not uploads:
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in pairs]
    for name, data in uploads:
        kind = "Content-Type: application/octet-stream"
        parts.append(
            f'{head}"added"; filename="{name}"\r\n{kind}\r\n\r\n'.encode() + data + b"\r\n"
        )
    parts.append(f"--{_BOUNDARY}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={_BOUNDARY}"
