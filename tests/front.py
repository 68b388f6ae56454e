"""Puts the demo's report into the docs, its picture and its first words: python -m tests.front,
after make demo."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from reports.json import from_json
from reports.text import summary
from tests.support.needs import CHROMIUM_ARGS, ROOT, need

DEMO = ROOT / "build" / "demo"
PICTURE = ROOT / "docs" / "report.png"
PAGE = ROOT / "docs" / "command-line.md"
WIDTH, HEIGHT = 1120, 1130  # down to the first duties, which is what the picture is to show
COLUMNS = 100  # of the terminal in which the words are shown

_SHOWN = re.compile(r"(?<=^```text\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def draw(picture: Path = PICTURE) -> None:
    """Writes the head of the demo's report, as Chromium shows it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=list(CHROMIUM_ARGS)
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto((DEMO / "assessment.html").as_uri())
        page.screenshot(path=picture)
        browser.close()


def shown(text: str) -> str:
    """What the page shows of a summary: its head, and the first duty."""
    lines = text.splitlines(keepends=True)
    duties = [number for number, line in enumerate(lines) if re.match(r"  \S", line)]
    return "".join(lines[: duties[1]])


def quote() -> None:
    """Writes the first words of the demo's summary into the page on the command line."""
    assessment = from_json((DEMO / "assessment.json").read_bytes())
    assert not isinstance(assessment, str), assessment
    words = shown(summary(assessment, COLUMNS, commands=True))
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_SHOWN.sub(lambda _: words, page, count=1), encoding="utf-8")


if __name__ == "__main__":
    quote()
    draw()
