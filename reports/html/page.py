"""What every page has in common: its templates, its style and its security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
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
    """Templates that escape values and refuse unknown names; ``names`` are known in all of them,
    macros included."""
    templates = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # otherwise a filter's result for a constant would outlive its change
    )
    templates.filters.update(
        day=words.day,
        period=words.period,
        shown=words.shown,
        value=_value,
        links=_links,
        fact=_fact,
        tag=_tag,
    )
    templates.filters.update(table=_table, th=_th, td=_td, lines=_lines)
    templates.globals.update(words=words, **names)
    return templates


# Small parts that repeat, as filters: a macro takes five times as long, and a page has thousands.


def _value(text: str) -> Markup:
    """Text that was read or made, marked so that it may break anywhere."""
    return Markup(f'<span class="value">{escape(words.shown(text))}</span>')


def _links(links: Iterable[tuple[str, str]]) -> Markup:
    """A link to each address, in words."""
    link = Markup(' <a href="{}" rel="noopener noreferrer">Open {}</a>')
    return Markup("").join(link.format(address, _value(words)) for words, address in links)


def _lines(text: str) -> Markup:
    """Lines that were read or made, for an element that keeps them."""
    return Markup("\n").join(words.shown(line) for line in text.split("\n"))


def _fact(text: str | Iterable[str], name: str) -> Markup:
    """One entry of a list of facts, with a line for each text; nothing where there is none."""
    texts = filter(None, [text] if isinstance(text, str) else text)
    lines = Markup("<br>").join(map(_value, texts))
    return Markup(f"<div><dt>{escape(name)}</dt><dd>{lines}</dd></div>\n" if lines else "")


def _tag(status: Status, text: str = "") -> Markup:
    shown = escape(text or words.STATUS[status])
    return Markup(f'<strong class="tag tag-{status.value}">{shown}</strong>')


def _table(rows: Markup, caption: str, heads: Sequence[str], class_: str = "") -> Markup:
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return Markup(
        f'<table class="{class_}">\n<caption><span>{escape(caption)}</span></caption>\n'
        f"<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
    )


def _th(inside: str, label: str = "") -> Markup:
    """The cell that names its row. A narrow page restacks tables: ``label`` is then the cell's
    heading, where labels() gives its table none."""
    return _cell(inside, "th scope=row", label)


def _td(inside: str, label: str = "") -> Markup:
    return _cell(inside, "td", label)


def _cell(inside: str, tag: str, label: str) -> Markup:
    inside = escape(inside)
    long = " class=long" if _is_long(inside) else ""
    attribute = f' data-label="{escape(label)}"' if label else ""
    return Markup(f"<{tag}{long}{attribute}>{inside}</{tag.partition(' ')[0]}>")


def labels(heads: Mapping[str, Sequence[str]]) -> str:
    """The style that puts its heading before each cell of a restacked table, by the class of the
    table: the same attribute in thousands of cells would be a third of a page."""
    rules = "".join(
        f'.{class_} tbody tr > :nth-child({number})::before {{ content: "{css_text(head)}"; }}\n'
        for class_, texts in heads.items()
        for number, head in enumerate(texts, 1)
    )
    return f"@media (max-width: 40rem) {{\n{rules}}}\n"


def _is_long(inside: str) -> bool:
    """Whether a part of this HTML that is never broken is so long that it would widen its
    table."""
    return len(inside) > 20 and _LONG.search(unescape(_TAG.sub("", inside))) is not None


@cache
def part(name: str) -> str:
    """The text of a style or a script among the templates."""
    return (files("reports") / "templates" / name).read_text(encoding="utf-8")


def style(marking: str, foot: str, *names: str, more: str = "") -> Markup:
    """The style sheets of those names and ``more``, with the marking and the foot of each printed
    page in them."""
    css = "".join(map(part, names)) + more
    return Markup(css.replace("@marking@", css_text(marking)).replace("@foot@", css_text(foot)))


def page_bytes(text: str) -> bytes:
    """A whole page as UTF-8, without hidden letters."""
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
