"""The guard of the pages: which requests are refused, with which words, and what every page says
to the browser. A refused request learns nothing of the office and changes nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page
from starlette.types import Message

from cli.browser import guard
from cli.browser.application import application
from cli.browser.guard import Session
from cli.browser.site import Site
from reports.html.report import to_html
from tests.support.assessment_sample import sample
from tests.support.browser_pages import Answer, folder_hashes, site_of, visit
from tests.support.browser_server import served
from tests.support.desk_office import workbook

#: In the name of a file, and of the office: no refused request may be shown it.
SECRET = "Quillshire"
OURS = "http://127.0.0.1:8000"
OLD_PAGE = (
    "This address is not valid any more: the program was started again, or somebody else started "
    "it. Go to the page that opened when the program was started, or start it again."
)
OTHER_PAGE = "Another page asked for this. Open it from the program's own pages."
OTHER_FORM = "Another page sent this form. Nothing was changed."
WRONG_HOST = "This is not the address of the page."
WRONG_METHOD = "A page can only be read, or be sent a form."
TOO_LARGE = (
    "That is more than 200 MB at once. Nothing was saved: add the files one by one, or copy them "
    "into the office's folder."
)


@dataclass(frozen=True, slots=True)
class RefusedKind:
    """A request as our own page sends it, but for what is named here."""

    name: str
    status: int
    words: str
    method: str = "POST"
    path: str = "/files/add"
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None


def of_origin(name: str, origin: str) -> RefusedKind:
    """A form that a page of another origin sends."""
    return RefusedKind(name, 403, OTHER_FORM, headers={"origin": origin})


def of_host(name: str, host: str) -> RefusedKind:
    """A page that is asked for under another name of the server."""
    return RefusedKind(name, 421, WRONG_HOST, "GET", "/", {"host": host})


def of_cookie(name: str, cookie: str, method: str = "GET", path: str = "/") -> RefusedKind:
    """A page that is asked for with another cookie."""
    return RefusedKind(name, 403, OLD_PAGE, method, path, {"cookie": cookie})


def of_site(name: str, site: str, method: str = "GET") -> RefusedKind:
    """A page that the browser says another site asks for."""
    return RefusedKind(name, 403, OTHER_PAGE, method, "/", {"sec-fetch-site": site})


def of_token(name: str, token: str) -> RefusedKind:
    """A form without our token."""
    return RefusedKind(name, 403, f"{OLD_PAGE} Nothing was changed.", token=token)


KINDS = (
    of_host("no host", ""),
    of_host("the name of another site", "example.org"),
    of_host("a name that leads to this computer", "dueregard.localhost:8000"),
    of_host("another port", "127.0.0.1:8001"),
    of_host("no port", "127.0.0.1"),
    of_host("another address of this computer", "127.0.0.2:8000"),
    of_host("every address of this computer", "0.0.0.0:8000"),
    of_host("the address in IPv6", "[::1]:8000"),
    of_host("our name before another", "127.0.0.1:8000.example.org"),
    RefusedKind("a form under another host", 421, WRONG_HOST, headers={"host": "example.org"}),
    of_cookie("no cookie", ""),
    of_cookie("a cookie of another run", f"dueregard-8000={'A' * 43}"),
    of_cookie("the cookie of another port", f"dueregard-8001={'A' * 43}"),
    of_cookie("an empty cookie", "dueregard-8000="),
    of_cookie("a cookie that is none", "dueregard-8000\x01;;=,"),
    of_cookie("a cookie in another alphabet", "dueregard-8000=é"),
    of_cookie("a form without a cookie", "", "POST", "/files/add"),
    of_cookie("the style without a cookie", "", path="/style.css"),
    of_cookie("a report without a cookie", "", path="/reports/2026-11-24/assessment.html"),
    of_cookie("a page that is none, without a cookie", "", path="/nothing"),
    of_origin("no origin", ""),
    of_origin("an opaque origin", "null"),
    of_origin("the origin of another site", "http://example.org"),
    of_origin("the origin of another port", "http://127.0.0.1:8001"),
    of_origin("the origin by https", "https://127.0.0.1:8000"),
    of_origin("our origin before another", f"{OURS}.example.org"),
    of_site("another site", "cross-site"),
    of_site("the same site, another origin", "same-site"),
    of_site("a form of another site", "cross-site", "POST"),
    of_site("a site in words that no browser says", "ours"),
    of_token("no token", ""),
    of_token("the token of another run", "A" * 43),
    of_token("a token in another alphabet", "%C3%A9"),
    RefusedKind(
        "a body too large by its header", 413, TOO_LARGE, headers={"content-length": "209715201"}
    ),
    RefusedKind(
        "a length of a hundred digits", 413, TOO_LARGE, headers={"content-length": "9" * 100}
    ),
    RefusedKind("a length below nought", 413, TOO_LARGE, headers={"content-length": "-1"}),
    *(
        RefusedKind(f"the method {method}", 405, WRONG_METHOD, method)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "post", "BREW")
    ),
    RefusedKind("the printed address sent a form", 403, OLD_PAGE, "POST", "/enter", {"cookie": ""}),
    *(
        RefusedKind(
            f"the printed address with {name}",
            403,
            "This address is not valid any more. Start the program again.",
            "GET",
            path,
            {"cookie": ""},
        )
        for name, path in (
            ("no token", "/enter"),
            ("an empty token", "/enter?token="),
            ("the token of another run", f"/enter?token={'A' * 43}"),
        )
    ),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pages of an office with a secret name, and a report."""
    folder = tmp_path_factory.mktemp("office")
    (folder / f"{SECRET}.xlsx").write_bytes(workbook())
    (folder / "office.yaml").write_text(
        f"version: 1\noffice: {SECRET}\nevidence: [{SECRET}.xlsx]\n", encoding="utf-8"
    )
    report = folder / "reports" / "2026-11-24"
    report.mkdir(parents=True)
    for name in ("assessment.json", "assessment.html"):
        (report / name).write_text(SECRET, encoding="utf-8")
    return site_of(folder)


def must_be_refused(site: Site, answer: Answer, status: int, words: str) -> None:
    """The answer has that status and those words, and nothing else."""
    assert (answer.status, answer.text) == (status, f"{words}\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "set-cookie" not in answer.headers
    must_have_our_headers(answer)
    everything = answer.text + json.dumps(dict(answer.headers))
    session = site.session
    for secret in (SECRET, str(site.folder), session.cookie, session.form, session.entry):
        assert secret not in everything


def must_have_our_headers(answer: Answer) -> None:
    """What every answer says to the browser."""
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_request_that_is_not_ours_is_refused(site: Site, kind: RefusedKind) -> None:
    before = folder_hashes(site.folder)
    upload = [("more.csv", b"a,b\n")]
    answer = visit(site, kind.method, kind.path, {}, upload, kind.headers, kind.token)
    must_be_refused(site, answer, kind.status, kind.words)
    assert folder_hashes(site.folder) == before
    assert not site.stopping
    assert site.notices == []


def test_every_kind_of_refused_request_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) == 48


def test_the_same_requests_of_our_own_are_answered(site: Site) -> None:
    """So each request above is refused for what it names alone."""
    assert visit(site, "GET", "/").status == 200
    assert visit(site, "GET", "/", headers={"sec-fetch-site": "same-origin"}).status == 200
    assert visit(site, "GET", "/", headers={"sec-fetch-site": "none"}).status == 200
    assert visit(site, "HEAD", "/").status == 200
    assert visit(site, "GET", "/style.css").status == 200
    local = {"host": "localhost:8000", "origin": "http://localhost:8000"}
    assert visit(site, "POST", "/files/add", {}, headers=local).goes_to == "/files"
    assert visit(site, "GET", f"/enter?token={site.session.entry}").goes_to == "/"
    site.take_notices()


def test_a_body_that_grows_too_large_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its header said nothing of it, as in a request whose body comes in parts."""
    monkeypatch.setattr(guard, "MOST_BYTES", 1024 * 1024)
    before = folder_hashes(site.folder)
    upload = [("more.csv", b"a,b\n" * 300_000)]
    answer = visit(site, "POST", "/files/add", {}, upload, {"content-length": ""})
    must_be_refused(site, answer, 413, TOO_LARGE.replace("200", "1"))
    assert folder_hashes(site.folder) == before


def test_a_web_socket_is_closed(site: Site) -> None:
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        messages.append(message)

    async def connect() -> None:
        scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b""}
        await application(site)(scope, receive, send)

    asyncio.run(connect())
    assert messages == [{"type": "websocket.close", "code": 1008}]


def test_a_page_of_the_run_before_is_refused(tmp_path: Path) -> None:
    """The program was started again: neither its pages, its forms nor its address work."""
    before, now = site_of(tmp_path), Site(tmp_path, Session(8000))
    cookie = {"cookie": f"{before.session.cookie_name}={before.session.cookie}"}
    must_be_refused(now, visit(now, "GET", "/files", headers=cookie), 403, OLD_PAGE)
    must_be_refused(now, visit(now, "POST", "/close", headers=cookie), 403, OLD_PAGE)
    form = visit(now, "POST", "/close", token=before.session.form)
    must_be_refused(now, form, 403, f"{OLD_PAGE} Nothing was changed.")
    address = visit(now, "GET", f"/enter?token={before.session.entry}", headers={"cookie": ""})
    assert address.status == 403
    assert not now.stopping


def test_the_printed_address_gives_the_cookie_to_no_script_and_no_other_site(site: Site) -> None:
    answer = visit(site, "GET", f"/enter?token={site.session.entry}", headers={"cookie": ""})
    cookie = answer.headers["set-cookie"]
    assert cookie == (f"dueregard-8000={site.session.cookie}; HttpOnly; Path=/; SameSite=strict")
    must_have_our_headers(answer)


def test_each_run_has_secrets_of_its_own() -> None:
    sessions = [Session(8000) for _ in range(50)]
    secrets = {value for one in sessions for value in (one.entry, one.cookie, one.form)}
    assert len(secrets) == 150
    assert {len(secret) for secret in secrets} == {43}  # 32 random bytes


PAGES = ("/", "/files", "/office", "/sheets", "/check", "/style.css", "/script.js", "/nothing")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_may_load_and_send_to_itself_alone(site: Site, path: str) -> None:
    answer = visit(site, "GET", path)
    must_have_our_headers(answer)
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_a_report_is_no_page_of_ours(site: Site) -> None:
    answer = visit(site, "GET", "/reports/2026-11-24/assessment.html")
    must_have_our_headers(answer)
    policy = answer.headers["content-security-policy"]
    assert policy == "sandbox allow-scripts allow-modals allow-downloads"
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize(
    ("day", "path"),
    [("2026-11-24", "/reports/2026-11-24"), ("", "/reports"), ('1"><script>', "/reports")],
)
def test_the_way_back_from_a_report_says_nothing_of_the_office(
    site: Site, day: str, path: str
) -> None:
    """A browser sends no cookie there from a report, which is no page of ours."""
    stranger = {"cookie": "", "sec-fetch-site": "cross-site"}
    answer = visit(site, "GET", f"/back?{urlencode({'day': day})}", headers=stranger)
    assert answer.status == 200
    must_have_our_headers(answer)
    assert f'content="0; url={path}"' in answer.text
    assert answer.words == "Due Regard Due Regard Go on to the pages"
    assert visit(site, "POST", "/back", headers=stranger).status == 403


# In Chromium ----------------------------------------------------------------------------------

#: A report that somebody has altered, with none of its own policy, tries what it can.
_HOSTILE = """\
<!doctype html><title>x</title><p>A report</p><form method="post"></form><script>
(async () => {
  const said = {};
  const tried = async (name, act) => {
    try { said[name] = String(await act()); } catch (error) { said[name] = "refused"; }
  };
  await tried("fetch", async () => (await fetch("/files")).text());
  await tried("fetch with cookies", async () =>
    (await fetch("/files", {credentials: "include"})).text());
  await tried("blind form", async () =>
    (await fetch("/close", {method: "POST", mode: "no-cors", credentials: "include"})).type);
  await tried("frame", async () => {
    const frame = document.createElement("iframe");
    frame.src = "/files";
    const loaded = new Promise((done) => { frame.onload = done; setTimeout(done, 2000); });
    document.body.append(frame);
    await loaded;
    return frame.contentDocument.body.textContent;
  });
  await tried("cookie", () => document.cookie);
  await tried("storage", () => localStorage.length);
  await tried("window", () => window.open("/files").document.body.textContent);
  document.title = JSON.stringify(said);
})();
</script>
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def report_address(site: Site) -> str:
    """The address of that report."""
    return f"http://{site.session.hosts[0]}/reports/2026-11-24/assessment.html"


def with_report(folder: Path, text: str) -> Path:
    """An office's folder with this text as the page of a report."""
    report = folder / "reports" / "2026-11-24"
    report.mkdir(parents=True)
    (report / "assessment.json").write_text("{}", encoding="utf-8")
    (report / "assessment.html").write_text(text, encoding="utf-8")
    return folder


def test_the_script_of_a_report_works_in_its_page(page: Page, tmp_path: Path) -> None:
    text = to_html(sample("A notice.")).decode()
    with served(with_report(tmp_path, text)) as site:
        page.goto(site.session.address)
        page.goto(report_address(site))
        page.fill("#filter-text", "p-014 caseworker")
        assert page.locator("details.duty:visible").count() == 1
        assert page.evaluate("self.origin") == "null"


@pytest.mark.campaign
def test_a_report_leads_back_to_the_pages(page: Page, tmp_path: Path) -> None:
    text = to_html(sample("A notice.")).decode()
    with served(with_report(tmp_path, text)) as site:
        page.goto(site.session.address)
        page.goto(report_address(site))
        page.click("text=Back to the pages of this office")
        page.wait_for_url("**/reports/2026-11-24")
        assert "This address is not valid" not in page.content()


def test_a_hostile_report_reaches_no_page_of_ours(page: Page, tmp_path: Path) -> None:
    with served(with_report(tmp_path, _HOSTILE)) as site:
        page.goto(site.session.address)
        assert page.title().endswith("Due Regard")
        before = folder_hashes(tmp_path)
        page.goto(report_address(site))
        page.wait_for_function("document.title.startsWith('{')")
        said = json.loads(page.title())
        assert set(said.values()) <= {"refused", "opaque"}, said
        assert said["blind form"] in ("refused", "opaque")  # whatever came back cannot be read
        assert not site.stopping
        assert folder_hashes(tmp_path) == before
