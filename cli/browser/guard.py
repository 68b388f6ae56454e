"""Refuses every request that does not come from the page itself, before any page is made.

The server listens on this computer alone, but every program and every page in a browser on this
computer can reach it. So a request needs the cookie that only the printed address gives, names this
server as its host, and, where it changes something, comes from one of our own pages (its origin)
and carries their token. Two addresses say nothing of the office, and need no cookie.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evidence.limits import LIMITS

#: The most bytes of one request: some files of evidence, and the form around them.
MOST_BYTES = 2 * LIMITS.file_bytes
#: The path of the address that is printed.
ENTER = "/enter"
#: The path that leads from a report, which is no page of ours, back to them. A browser sends no
#: cookie from there, so this page, which says nothing of the office, is answered without one, and
#: goes on to the pages by itself.
BACK = "/back"
#: The name of the form's token in the address that a form is sent to.
FORM = "form"

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_OLD_PAGE = (
    "This address is not valid any more: the program was started again, or somebody else started "
    "it. Go to the page that opened when the program was started, or start it again."
)


@dataclass(frozen=True, slots=True)
class Session:
    """The secrets of one run of the program: ``entry`` is in the address that is printed,
    ``cookie`` in the browser, ``form`` in every form."""

    port: int
    entry: str = field(default_factory=secrets.token_urlsafe)
    cookie: str = field(default_factory=secrets.token_urlsafe)
    form: str = field(default_factory=secrets.token_urlsafe)

    @property
    def cookie_name(self) -> str:
        """The cookie's name. Cookies are shared by all ports, so it names ours."""
        return f"dueregard-{self.port}"

    @property
    def hosts(self) -> tuple[str, str]:
        """The names under which this server may be asked."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def address(self) -> str:
        """The address to open."""
        return f"http://{self.hosts[0]}{ENTER}?token={self.entry}"


class Refusal(Exception):
    """A request is refused, with an HTTP status, for the reason in ``str()``."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Guard:
    """The application around all pages."""

    def __init__(self, application: ASGIApp, session: Session) -> None:
        self._application, self._session = application, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it with the reason why it is refused."""
        if scope["type"] != "http":  # a web socket, which no page of ours opens
            await send({"type": "websocket.close", "code": 1008})
            return

        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
            await send(message)

        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise Refusal(413, _too_large())
            return message

        try:
            must_be_ours(scope, self._session)
            await self._application(scope, receive_bounded, send_guarded)
        except Refusal as refusal:
            await _answer(refusal, send_guarded)
        except Exception:  # noqa: BLE001  (a request that is no request; pages report their own faults)
            if not begun:
                await _answer(Refusal(400, "The request could not be understood."), send_guarded)


def must_be_ours(scope: Scope, session: Session) -> None:
    """Raises Refusal unless the request comes from a page of this run."""
    headers = Headers(scope=scope)
    method, path = scope["method"], scope["path"]
    if headers.get("host", "") not in session.hosts:
        raise Refusal(421, "This is not the address of the page.")
    if method not in ("GET", "HEAD", "POST"):
        raise Refusal(405, "A page can only be read, or be sent a form.")
    if path in (ENTER, BACK) and method != "POST":
        return
    if not _same(_cookie(headers, session.cookie_name), session.cookie):
        raise Refusal(403, _OLD_PAGE)
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(403, "Another page asked for this. Open it from the program's own pages.")
    if method != "POST":
        return
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > MOST_BYTES:
        raise Refusal(413, _too_large())
    if headers.get("origin") not in [f"http://{host}" for host in session.hosts]:
        raise Refusal(403, "Another page sent this form. Nothing was changed.")
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if not _same(query.get(FORM, [""])[-1], session.form):
        raise Refusal(403, f"{_OLD_PAGE} Nothing was changed.")


def _too_large() -> str:
    megabytes = MOST_BYTES // (1024 * 1024)
    return (
        f"That is more than {megabytes} MB at once. Nothing was saved: add the files one by one, "
        "or copy them into the office's folder."
    )


def _cookie(headers: Headers, name: str) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _same(given: str, right: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell how much of them is."""
    return secrets.compare_digest(given.encode(), right.encode())


async def _answer(refusal: Refusal, send: Send) -> None:
    """The reason in plain text: a refused request is shown nothing of the office."""
    body = f"{refusal}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
