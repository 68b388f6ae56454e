"""What every page has in common: its environment, its style, and that it asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import words
from reports.html_report import css_text


@cache
def environment() -> Environment:
    """Templates with escaping on, in which a name that stands for nothing is an error. Not to be
    changed by who asks for it."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(day=words.day, shown=words.shown, has_long_word=_has_long_word)
    made.globals.update(words=words)
    return made


def _has_long_word(text: str) -> bool:
    """Whether a part that is never broken is so long that it would widen its table."""
    return any(len(part) > 20 for part in re.split(r"[\s-]+", text))


def style(marking: str, foot: str, *names: str) -> Markup:
    """The style sheets of those names, one after another, with the marking and the foot of each
    printed page in them."""
    folder = files("reports") / "templates"
    css = "".join((folder / name).read_text(encoding="utf-8") for name in names)
    return Markup(css.replace("@marking@", css_text(marking)).replace("@foot@", css_text(foot)))


def policy(css: str) -> str:
    """Lets a page use its own style, by its hash, and nothing else: no script and no network."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
