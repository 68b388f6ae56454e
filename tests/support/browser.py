"""Chromium for the tests, and what axe-core finds wrong with a page that it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from tests.support import needs


@contextmanager
def started(chromium: Path) -> Iterator[Browser]:
    """The browser, until whoever asked for it is done with it."""
    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=chromium, args=list(needs.CHROMIUM_ARGS))
        yield one
        one.close()


@contextmanager
def loop_set_aside() -> Iterator[asyncio.AbstractEventLoop]:
    """Playwright's loop counts as running from its start on, so that nothing else in this thread
    could run one. Until this ends, none counts as running; what is given is Playwright's."""
    loop = asyncio.get_running_loop()
    asyncio.events._set_running_loop(None)
    try:
        yield loop
    finally:
        asyncio.events._set_running_loop(loop)


def must_be_accessible(browser: Browser, path: Path, page: bytes, width: int) -> None:
    """Nothing that axe-core finds, no scrolling sideways, no request and no word from a script: the
    page opened as a file in a window of this width."""
    path.write_bytes(page)
    context = browser.new_context(viewport={"width": width, "height": 700})
    opened, heard = context.new_page(), list[str]()

    def dialog(one: Dialog) -> None:
        heard.append(one.message)
        one.dismiss()

    opened.on("request", lambda one: heard.append(one.url))
    opened.on("console", lambda one: heard.append(one.text))
    opened.on("dialog", dialog)
    opened.goto(path.as_uri())
    assert heard == [path.as_uri()]
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    assert violations(opened, 10) == []
    context.close()


def violations(page: Page, passes: int) -> list[str]:
    """What axe-core finds wrong, all of its rules on, where more than so many rules find nothing.

    Every rule looks at everything. Of what is found wrong each element is told of; of what is right
    only one for each rule, since telling of all of them takes as long again as looking at them.
    """
    page.evaluate(needs.axe_script().read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert len(found["passes"]) > passes
    return [f"{v['id']}: {n['html']}" for v in found["violations"] for n in v["nodes"]]
