"""The parts of a page that stand in it thousands of times; as macros they took half of its time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from engine.assessment import CellShown
from reports import words

_LONG = re.compile(r"[^\s-]{21}")


def value(text: str) -> Markup:
    """Text that was read or made, marked so that it may break anywhere."""
    return Markup(f'<span class="value">{escape(words.shown(text))}</span>')


def fact(name: str, text: str) -> Markup:
    """One entry of a list of facts; nothing where there is no text."""
    if not text:
        return Markup("")
    return Markup(f"<div><dt>{escape(name)}</dt><dd>{value(text)}</dd></div>\n")


def cells(shown: Iterable[CellShown]) -> Markup:
    """The cells of an item, each with its name, its column and what stands in it."""
    items = "\n".join(f"<li>{_cell(cell)}</li>" for cell in shown)
    return Markup(f'<ul class="cells">\n{items or _NO_CELLS}\n</ul>')


_NO_CELLS = '<li class="quiet">none shown</li>'
_BLANK = '<span class="quiet">(blank)</span>'
_SENSITIVE = f'<span class="quiet">{escape(words.SENSITIVE)}</span>'


def _cell(cell: CellShown) -> str:
    if cell.value is None:
        said: str = _SENSITIVE
    else:
        said = value(cell.value) if cell.value else _BLANK
    return f'<span class="cell">{escape(cell.cell)}</span> {escape(cell.column)}: {said}'


def width(inside: Markup) -> str:
    """The class of a table's cell: 'long' where a part of it that is never broken is so long that
    it would widen its table, otherwise ''."""
    if len(inside) <= 20:
        return ""
    return "long" if _LONG.search(inside.striptags()) else ""
