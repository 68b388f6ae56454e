"""What every page has in common: its environment, its style, and that it asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.outcome import Status
from evidence.visible import visible_lines
from reports import words

_TAG = re.compile(r"<[^<>]*>")
_LONG = re.compile(r"[^\s-]{21}")


def environment(**names: object) -> Environment:
    """Templates with escaping on, in which a name that stands for nothing is an error; ``names``
    are known in all of them, macros included."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # else what a filter made of a constant would be kept beyond its change
    )
    made.filters.update(day=words.day, shown=words.shown, value=_value, fact=_fact, tag=_tag)
    made.filters.update(table=_table, th=_th, td=_td)
    made.globals.update(words=words, **names)
    return made


# Small parts that repeat, as filters: a macro takes five times as long, and a page has thousands.


def _value(text: str) -> Markup:
    """Text that was read or made, marked so that it may break anywhere."""
    return Markup(f'<span class="value">{escape(words.shown(text))}</span>')


def _fact(text: str, name: str) -> Markup:
    """One entry of a list of facts; nothing where there is no text."""
    return Markup(f"<div><dt>{escape(name)}</dt><dd>{_value(text)}</dd></div>\n" if text else "")


def _tag(status: Status, text: str = "") -> Markup:
    shown = escape(text or words.STATUS[status])
    return Markup(f'<strong class="tag tag-{status.value}">{shown}</strong>')


def _table(rows: Markup, caption: str, heads: Sequence[str], class_: str = "") -> Markup:
    """A table with roles of its own, since a narrow screen restacks it."""
    cells = (f'<th role="columnheader" scope="col">{escape(head)}</th>' for head in heads)
    return Markup(
        f'<table role="table" class="{class_}">\n'
        f"<caption><span>{escape(caption)}</span></caption>\n"
        f'<thead role="rowgroup"><tr role="row">\n{"".join(cells)}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{rows}</tbody>\n</table>'
    )


def _th(inside: str, label: str) -> Markup:
    """The cell that names its row; the label names it where the table is restacked."""
    inside = escape(inside)
    attributes = f'data-label="{escape(label)}" class="{_width(inside)}"'
    return Markup(f'<th role="rowheader" scope="row" {attributes}><div>{inside}</div></th>')


def _td(inside: str, label: str) -> Markup:
    inside = escape(inside)
    attributes = f'data-label="{escape(label)}" class="{_width(inside)}"'
    return Markup(f'<td role="cell" {attributes}><div>{inside}</div></td>')


def _width(inside: str) -> str:
    """The class of a table's cell of this HTML: 'long' where a part of it that is never broken is
    so long that it would widen its table, otherwise ''."""
    if len(inside) <= 20:
        return ""
    return "long" if _LONG.search(unescape(_TAG.sub("", inside))) else ""


@cache
def part(name: str) -> str:
    """A file of the templates as it stands, for a style or a script."""
    return (files("reports") / "templates" / name).read_text(encoding="utf-8")


def style(marking: str, foot: str, *names: str) -> Markup:
    """The style sheets of those names, one after another, with the marking and the foot of each
    printed page in them."""
    css = "".join(part(name) for name in names)
    return Markup(css.replace("@marking@", css_text(marking)).replace("@foot@", css_text(foot)))


def page_bytes(text: str) -> bytes:
    """A whole page as UTF-8. Values were shown by words.shown where they were put in; whatever was
    not is here."""
    return visible_lines(text).encode("utf-8", "replace")


def css_text(text: str) -> str:
    """``text`` for between the quotes of a CSS string, all but plain letters, digits, spaces and
    hyphens escaped by number, so that it can end neither the string nor the style element."""
    return re.sub(r"[^A-Za-z0-9 -]", lambda found: f"\\{ord(found[0]):06x}", words.shown(text))


def policy(css: str, js: str = "") -> str:
    """Lets a page use its own style and its own script, by their hashes, and nothing else: no
    other script and no network."""
    script = f"script-src '{_hash(js)}'; " if js else ""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; {script}base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
