"""The guide for the office's lead: its pages and its glossary, from the files in the folder
``guide``. The program shows them, and docs/guide contains them as files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from markdown_it import MarkdownIt
from markupsafe import Markup

CONTENTS = "index.html"
GLOSSARY = "glossary.html"

_PARTS = re.compile(r"^# +(.+)\n", re.MULTILINE)
_STEPS = re.compile(r"^## +(.+)\n", re.MULTILINE)
_PICTURE = re.compile(r"!\[([^][]*)]\(pictures/([a-z-]+\.png)\)")


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page: its address beside the others, its title, the part of the guide in which it is a step
    ('' if it is none), and its text as HTML. ``pictures``: the words for each of its pictures."""

    address: str
    title: str
    part: str
    text: Markup
    pictures: Mapping[str, str]


@cache
def guide_pages() -> tuple[GuidePage, ...]:
    """The contents, each step in order, and the glossary."""
    guide = (_folder() / "guide.md").read_text(encoding="utf-8")
    _, title, intro, *parts = _PARTS.split(guide)
    pages = [_page(CONTENTS, title, "", intro)]
    for part, text in zip(parts[::2], parts[1::2], strict=True):
        _, *steps = _STEPS.split(text)
        for step, words in zip(steps[::2], steps[1::2], strict=True):
            pages.append(_page(f"{anchor(step)}.html", step, part, words))
    return *pages, _page(GLOSSARY, "Glossary", "", "")


@cache
def glossary() -> Mapping[str, str]:
    """A sentence for each word that the pages and the reports use."""
    text = (_folder() / "glossary.yaml").read_text(encoding="utf-8")
    return {str(word): str(sentence) for word, sentence in yaml.safe_load(text).items()}


def picture(name: str) -> bytes | None:
    """A picture of the guide; None if it has none of that name."""
    if not any(name in page.pictures for page in guide_pages()):
        return None
    return (_folder() / "pictures" / name).read_bytes()


def anchor(words: str) -> str:
    """Words as a part of an address: ``Add the files`` becomes ``add-the-files``."""
    return re.sub(r"[^a-z]+", "-", words.casefold()).strip("-")


def _page(address: str, title: str, part: str, text: str) -> GuidePage:
    html = Markup(MarkdownIt("commonmark", {"html": False}).render(text))
    return GuidePage(address, title, part, html, {n: words for words, n in _PICTURE.findall(text)})


def _folder() -> Traversable:
    return files("cli.browser") / "guide"
