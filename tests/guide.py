"""Takes the pictures of the guide from the program's own pages, and writes the guide into
docs/guide: python -m tests.guide.

A picture is taken again only if its page has other words or another form than the picture shows.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from struct import pack
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from docx import Document
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page

from cli.browser import guidebook
from cli.browser.site import page_templates, pages_css
from evidence.visible import visible_lines
from tests.support.browser import started
from tests.support.browser_server import served
from tests.support.needs import ROOT, need

DOCS = ROOT / "docs" / "guide"
PICTURES = ROOT / "cli" / "browser" / "guide" / "pictures"
#: What each picture shows: the words of its page, and a digest of how they are set.
SHOWN = ROOT / "tests" / "guide_pages.json"
RENEW = "To take the pictures again: .venv/bin/python -m tests.guide"
WIDTH = 800
#: Pixels of the page above and below what a picture is to show.
_ABOVE, _BELOW = 16, 6
#: Between two shades of a picture, of 255.
_STEP = 17
_MOST_COLOURS = 256

_BOOK, _LOG, _SOP = "Prevent evidence.xlsx", "Learning log.xlsx", "Prevent duty SOP.docx"
_FIRST_DAY, _NEXT_DAY = "31 October 2026", "30 November 2026"
_LEAD = "Alex Example"

#: The training list of the example, as an office might keep it: its own headings and words.
_HEADINGS = (
    "Certificate", "Payroll no", "Post", "Course title", "Level", "Provider", "Date completed",
    "Result", "Keyed in",
)  # fmt: skip
_WORDS = {"higher": "level 2", "awareness": "Prevent awareness", "Yes": "Pass"}
#: Sheets of the example that are there to be refused.
_ASIDE = ("Read me", "Issue log", "Training records", "Permissive-environments")


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of the page that is shown now: from its top, or from the first element that ``first``
    finds, to the end of the first one that ``last`` finds."""

    name: str
    last: str
    first: str = "body"


@dataclass(frozen=True, slots=True)
class Depicted:
    """What a picture shows: a line for each element with words, and a digest of their style."""

    words: tuple[str, ...]
    style: str


def office_files(folder: Path) -> None:
    """Writes the example's evidence, with the training list as a file of the office's own."""
    book = load_workbook(ROOT / "examples" / "office.xlsx")
    rows = list(book["Training"].iter_rows(min_row=5, values_only=True))
    for name in ("Training", *_ASIDE):
        del book[name]
    book.save(folder / _BOOK)
    log = Workbook()
    sheet = log.worksheets[0]
    sheet.title = "Log"
    sheet.append(_HEADINGS)
    for row in rows:
        sheet.append([_WORDS.get(str(value), value) for value in row])
    log.save(folder / _LOG)
    Document().save(str(folder / _SOP))


def walk(page: Page, folder: Path) -> Iterator[Picture]:
    """Takes the steps of the guide in a new folder, and stops at each page that it shows."""
    office_files(folder)
    with served(folder) as site:
        address = f"http://{site.session.hosts[0]}"
        page.goto(site.session.address)
        yield Picture("first-page", "main form")
        yield from _set_up(page, address)
        yield from _check(page, address, _FIRST_DAY)
        _press(page, "link", "could not be read")
        yield Picture("problems", "section:nth-of-type(1) .problems > li:nth-of-type(2)")
        _correct(folder)
        yield from _prepare(page, address, _NEXT_DAY)
        yield from _month(page, f"{address}/reports/2026-11-30")


def _press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Presses a button or follows a link, and waits for the page to which it leads."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.click()


def _set_up(page: Page, address: str) -> Iterator[Picture]:
    page.goto(f"{address}/files")
    page.get_by_label(_LOG).check()
    yield Picture("files", "form.drop")
    _press(page, "button", "Save and continue")
    page.goto(f"{address}/office")
    page.get_by_label("What is the office called?").fill("Office of the PCC for Exampleshire")
    page.get_by_label("From which day").fill("1 October 2024")
    page.get_by_label(_SOP).check()
    yield Picture("office", "main form")
    page.get_by_label("None").check()  # it is not the real SOP
    _press(page, "button", "Save and continue")
    page.goto(f"{address}/sheets")
    _press(page, "link", _LOG)
    yield Picture("which-list", "main form")
    _press(page, "button", "Continue")
    for label, choice in (
        ("ref", "Certificate"),
        ("passed", "Result"),
        ("recorded on", "Keyed in"),
    ):
        page.get_by_label(label, exact=True).select_option(choice)
    yield Picture("columns", "main form > .row:nth-of-type(4)")
    _press(page, "button", "Continue")
    yield Picture("words", "main form > .row:nth-of-type(4)")
    _press(page, "button", "Continue")
    yield Picture("answers", "main dl:nth-of-type(2)")
    _press(page, "button", "Save these answers")


def _check(page: Page, address: str, day: str) -> Iterator[Picture]:
    page.goto(f"{address}/check")
    page.get_by_label("For which day?").fill(day)
    page.get_by_label("Your name").fill(_LEAD)
    yield Picture("check", "main form")
    _press(page, "button", "Check now")
    page.wait_for_url("**/reports/*", timeout=120_000)
    yield Picture("position", "main .duty-lines > li:nth-of-type(3)")


def _prepare(page: Page, address: str, day: str) -> Iterator[Picture]:
    page.goto(address)
    page.get_by_text("For another day").click()
    page.get_by_label("For which day?").fill(day)
    page.get_by_label("Your name").fill(_LEAD)
    _press(page, "button", "Prepare this month")
    page.wait_for_url("**/month", timeout=120_000)
    yield Picture("month", "main .tasks > li:nth-child(3)")


def _correct(folder: Path) -> None:
    """What the office does in Excel between the two checks."""
    book = load_workbook(folder / _BOOK)
    book["Submissions"]["G31"] = "IT filters; CTIRU terms"
    book.save(folder / _BOOK)


def _month(page: Page, report: str) -> Iterator[Picture]:
    page.goto(f"{report}/assessment.html")
    yield Picture("changes", "table.changed tbody tr:nth-of-type(7)", "#changes")
    page.goto(f"{report}/points")
    _press(page, "link", "Leave it off the list")
    yield Picture("point", "main form")
    page.goto(report)
    _press(page, "link", "4.6 Refresher training")
    page.get_by_label("Your name").fill(_LEAD)
    yield Picture("review", "main form[method=post]", "#reviews")
    page.goto(f"{report}/pack")
    yield Picture("pack", ".go")


def depicted(page: Page, picture: Picture, folder: Path) -> Depicted:
    """What a picture of the page shows, where no letter depends on the machine."""
    page.mouse.move(0, 0)  # nothing is to be shown as pointed at, or as typed into
    page.evaluate("document.activeElement.blur()")
    found = page.evaluate(_DEPICTED, [picture.first, picture.last])
    words = tuple(text.replace(str(folder.parent) + os.sep, "") for text in found["words"])
    digest = sha256(json.dumps(found["style"]).encode()).hexdigest()
    return Depicted(words, digest)


#: The elements from the first to the last that can be seen, with their own words and their style,
#: but no width or height: these depend on the fonts of the machine.
_DEPICTED = """([first, last]) => {
  const [begin, end] = [document.querySelector(first), document.querySelector(last)];
  const after = Node.DOCUMENT_POSITION_FOLLOWING;
  const shown = [...begin.ownerDocument.body.querySelectorAll("*")].filter((element) =>
    element.checkVisibility() && element.tagName !== "OPTGROUP" && element.tagName !== "OPTION" &&
    (begin === element || begin.compareDocumentPosition(element) & after) &&
    (end.contains(element) || !(end.compareDocumentPosition(element) & after)));
  const own = (element) => {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const value = element.selectedOptions ? element.selectedOptions[0].text
      : ["checkbox", "radio"].includes(element.type) ? (element.checked ? "[x]" : "[ ]")
      : element.tagName === "INPUT" || element.tagName === "TEXTAREA" ? `[${element.value}]` : "";
    return [...texts.map((node) => node.data), value].join(" ").replace(/\\s+/g, " ").trim();
  };
  const names = ["display", "position", "color", "background-color", "font-size", "font-weight",
    "font-style", "text-align", "text-decoration-line", "list-style-type", "column-count",
    "flex-direction", "padding", "border-top", "border-right", "border-bottom", "border-left"];
  return {
    words: shown.map((element) => [element.tagName.toLowerCase(), own(element)])
      .filter(([_, text]) => text).map(([tag, text]) => `${tag}: ${text}`),
    style: shown.map((element) => {
      const style = getComputedStyle(element);
      return [element.tagName, ...names.map((name) => style.getPropertyValue(name))];
    }),
  };
}"""


def photographed(page: Page, picture: Picture, folder: Path) -> bytes:
    """A picture of the page, as a small PNG."""
    parent = str(folder.parent) + os.sep
    page.evaluate(
        """(parent) => document.querySelectorAll(".caption").forEach(
        (one) => { one.textContent = one.textContent.replace(parent, ""); })""",
        parent,
    )
    begin = page.locator(picture.first).first.bounding_box()
    end = page.locator(picture.last).first.bounding_box()
    assert begin is not None
    assert end is not None
    scroll = page.evaluate("scrollY")
    top = 0 if picture.first == "body" else begin["y"] + scroll - _ABOVE
    bottom = end["y"] + scroll + end["height"] + _BELOW
    clip = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top}
    return small_png(page, page.screenshot(full_page=True, clip=clip))  # type: ignore[arg-type]


def small_png(page: Page, png: bytes) -> bytes:
    """The picture with fewer shades, which is a quarter of the size."""
    browser = page.context.browser
    assert browser
    blank = browser.new_page()
    width, height, data = blank.evaluate(
        """async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          const pixels = context.getImageData(0, 0, image.width, image.height).data;
          let text = "";
          for (let at = 0; at < pixels.length; at += 30000) {
            text += String.fromCharCode(...pixels.subarray(at, at + 30000));
          }
          return [image.width, image.height, btoa(text)];
        }""",
        base64.b64encode(png).decode(),
    )
    blank.close()
    shades = np.frombuffer(base64.b64decode(data), np.uint8).reshape(-1, 4)[:, :3]
    pixels = (shades.astype(np.int32) + _STEP // 2) // _STEP * _STEP
    colours, place, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:_MOST_COLOURS]]
    nearest = ((colours[:, None, :] - kept[None, :, :]) ** 2).sum(2).argmin(1).astype(np.uint8)
    rows = nearest[place.reshape(-1)].reshape(height, width)
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes()
    head = pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"PLTE", kept.astype(np.uint8).tobytes())]
    chunks += [(b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def saved() -> Mapping[str, Depicted]:
    """What each picture shows."""
    if not SHOWN.exists():
        return {}
    pages = json.loads(SHOWN.read_text(encoding="utf-8"))
    return {name: Depicted(tuple(one["words"]), one["style"]) for name, one in pages.items()}


def draw() -> None:
    """Takes each picture again whose page is not as the picture shows it."""
    before, now = saved(), {}
    with TemporaryDirectory() as home, started(need("chromium")) as browser:
        folder = Path(home) / "Prevent"
        folder.mkdir()
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        for picture in walk(page, folder):
            now[picture.name] = depicted(page, picture, folder)
            path = PICTURES / f"{picture.name}.png"
            if now[picture.name] != before.get(picture.name) or not path.exists():
                path.write_bytes(photographed(page, picture, folder))
    fields = {name: {"words": one.words, "style": one.style} for name, one in now.items()}
    text = json.dumps(fields, indent=1, ensure_ascii=False) + "\n"
    SHOWN.write_text(text, encoding="utf-8")


def guide_files() -> Mapping[str, str]:
    """The pages of docs/guide, and their style."""
    template = page_templates().get_template("guide.html.jinja")
    pages = {
        page.address: visible_lines(template.render(page=page, frame="guide_alone.html.jinja"))
        for page in guidebook.guide_pages()
    }
    return {**pages, "style.css": pages_css()}


def write() -> None:
    """Writes the guide into docs/guide."""
    (DOCS / "pictures").mkdir(parents=True, exist_ok=True)
    for name, text in guide_files().items():
        (DOCS / name).write_text(text, encoding="utf-8")
    for path in PICTURES.glob("*.png"):
        copyfile(path, DOCS / "pictures" / path.name)


if __name__ == "__main__":
    draw()
    write()
