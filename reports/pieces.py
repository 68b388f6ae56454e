"""The parts of a page that stand in it thousands of times; as macros they took half of its time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from engine.assessment import CellShown, ItemShown
from reports import view, words

_LONG = re.compile(r"[^\s-]{21}")


def value(text: str) -> Markup:
    """Text that was read or made, marked so that it may break anywhere."""
    return Markup(f'<span class="value">{escape(words.shown(text))}</span>')


def fact(name: str, text: str) -> Markup:
    """One entry of a list of facts; nothing where there is no text."""
    if not text:
        return Markup("")
    return Markup(f"<div><dt>{escape(name)}</dt><dd>{value(text)}</dd></div>\n")


def items(caption: str, rows: Sequence[ItemShown]) -> Markup:
    """A table of items, each with its place, its date where one of them has one, and its cells."""
    dated = any(item.date for item in rows)
    heads = ("Where", "Date", "Cells") if dated else ("Where", "Cells")
    head = "".join(f'<th role="columnheader" scope="col">{each}</th>' for each in heads)
    body = "".join(_item(item, dated=dated) for item in rows)
    return Markup(
        f'<table role="table" class="">\n<caption><span>{escape(caption)}</span></caption>\n'
        f'<thead role="rowgroup"><tr role="row">\n{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}</tbody>\n</table>'
    )


def _item(item: ItemShown, *, dated: bool) -> str:
    place = value(view.place_words(item.file, item.sheet, item.row))
    head = '<th role="rowheader" scope="row" data-label="Where"'
    where = f'{head} class="{width(place)}"><div>{place}</div></th>'
    day = _td("Date", escape(words.day(item.date) if item.date else "none")) if dated else ""
    return f'<tr role="row">\n{where}{day}\n{_td("Cells", _cells(item.cells))}</tr>\n'


def _td(label: str, inside: Markup) -> str:
    return f'<td role="cell" data-label="{label}" class="{width(inside)}"><div>{inside}</div></td>'


def _cells(shown: Iterable[CellShown]) -> Markup:
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
