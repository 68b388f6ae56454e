"""The comparison of two versions of the SOP as one HTML file, in the style of the report."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import sop_text, words
from reports.html_report import css_text
from rules.model import Rulebook
from rules.sop.compare import Comparison
from rules.sop.problem import describe


def compare_html(rulebook: Rulebook, found: Comparison) -> bytes:
    """The whole page as UTF-8: it opens by a double click, asks nothing of any network, runs no
    script, and prints on A4. What was read from a file is only ever text in it."""
    page = _environment().get_template("sop_compare.html.jinja")
    css = _css(rulebook.book.marking, f"{found.old.file} and {found.new.file}")
    text = page.render(
        book=rulebook.book,
        duties=rulebook.duties,
        sha256=rulebook.sha256,
        found=found,
        headline=sop_text.headline(rulebook, found),
        css=css,
        policy=_policy(css),
    )
    return text.encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(shown=words.shown)
    made.globals.update(say=sop_text, words=words, describe=describe)
    return made


def _css(marking: str, foot: str) -> Markup:
    folder = files("reports") / "templates"
    css = "".join(
        (folder / name).read_text(encoding="utf-8") for name in ("report.css", "sop_compare.css")
    )
    return Markup(css.replace("@marking@", css_text(marking)).replace("@foot@", css_text(foot)))


def _policy(css: str) -> str:
    """Lets the page use its own style, by its hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    own = f"style-src 'sha256-{digest}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
