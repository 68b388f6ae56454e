"""The parts of a page that stand in it thousands of times, as HTML; as macros of its templates they
took half of its time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from html import unescape

from markupsafe import escape

from engine.assessment import CellShown, ItemShown
from engine.outcome import Status
from reports import view, words

_PLAIN = re.compile("[^&<>\"']*")
_TAG = re.compile(r"<[^<>]*>")
_LONG = re.compile(r"[^\s-]{21}")


def safe(text: str) -> str:
    """Text as HTML: as it is, where no character of it means anything there."""
    return text if _PLAIN.fullmatch(text) else str(escape(text))


@lru_cache(4096)  # four of five were marked before: places, sentences of a rule, names
def value(text: str) -> str:
    """Text that was read or made, marked so that it may break anywhere."""
    return f'<span class="value">{safe(words.shown(text))}</span>'


def fact(name: str, text: str) -> str:
    """One entry of a list of facts; nothing where there is no text."""
    if not text:
        return ""
    return f"<div><dt>{safe(name)}</dt><dd>{value(text)}</dd></div>\n"


def tag(status: Status, text: str) -> str:
    """A status in these words and in its colour."""
    return f'<strong class="tag tag-{status.value}">{safe(text)}</strong>'


# Tables -----------------------------------------------------------------------------------------


def th(label: str, caller: Callable[[], str]) -> str:
    """The cell that names its row, from what stands in the block; ``label`` names it where the
    table is restacked on a narrow screen."""
    return _th(safe(label), caller())


def td(label: str, caller: Callable[[], str]) -> str:
    """Any other cell."""
    return _td(safe(label), caller())


def _th(label: str, inside: str) -> str:
    head = '<th role="rowheader" scope="row"'
    kind = width(inside)
    return f'{head} data-label="{label}" class="{kind}"><div>{inside}</div></th>'


def _td(label: str, inside: str) -> str:
    kind = width(inside)
    return f'<td role="cell" data-label="{label}" class="{kind}"><div>{inside}</div></td>'


def width(inside: str) -> str:
    """The class of a table's cell of this HTML: 'long' where a part of it that is never broken is
    so long that it would widen its table, otherwise ''."""
    if len(inside) <= 20:
        return ""
    return "long" if _LONG.search(unescape(_TAG.sub("", inside))) else ""


def items(caption: str, rows: Sequence[ItemShown]) -> str:
    """A table of items, each with its place, its date where one of them has one, and its cells."""
    dated = any(item.date for item in rows)
    heads = ("Where", "Date", "Cells") if dated else ("Where", "Cells")
    head = "".join(f'<th role="columnheader" scope="col">{each}</th>' for each in heads)
    body = "".join(_item(item, dated=dated) for item in rows)
    return (
        f'<table role="table" class="">\n<caption><span>{safe(caption)}</span></caption>\n'
        f'<thead role="rowgroup"><tr role="row">\n{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}</tbody>\n</table>'
    )


def _item(item: ItemShown, *, dated: bool) -> str:
    where = _th("Where", value(view.place_words(item.file, item.sheet, item.row)))
    day = _td("Date", words.day(item.date) or "none") if dated else ""
    return f'<tr role="row">\n{where}{day}\n{_td("Cells", _cells(item.cells))}</tr>\n'


def _cells(shown: Iterable[CellShown]) -> str:
    """The cells of an item, each with its name, its column and what stands in it."""
    items = "\n".join(f"<li>{_cell(cell)}</li>" for cell in shown)
    return f'<ul class="cells">\n{items or _NO_CELLS}\n</ul>'


_NO_CELLS = '<li class="quiet">none shown</li>'
_BLANK = '<span class="quiet">(blank)</span>'
_SENSITIVE = f'<span class="quiet">{safe(words.SENSITIVE)}</span>'


def _cell(cell: CellShown) -> str:
    shown = value(cell.value) if cell.value else _BLANK
    said = _SENSITIVE if cell.value is None else shown
    return f'<span class="cell">{safe(cell.cell)}</span> {safe(cell.column)}: {said}'
