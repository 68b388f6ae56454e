"""How many millimetres a paper takes in the original template, by an estimate.

The widths in letters are those of tests/paper_templates.py with words of usual letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple

from reports.papers.fields import PaperFields

#: A page without its margins, and two with a little to spare.
_PAGE = 268
TWO_PAGES = 2 * _PAGE - 16

#: A paper may take less than the estimate, and then another table is where the first page ends.
_SCALES = (0.8, 0.85, 0.9, 0.95, 1)

#: The letters of a line of text; its height and the space below it.
_LETTERS, _LINE, _SPACE = 111, 4.0, 1.0
#: The letters of a line of a list, and of small text.
_BULLET, _SMALL = 105, 123
#: The height of a line in a table, and the space around it.
_CELL, _BORDER = 3.45, 1.05
#: What the title, a heading and the head of a table with the gap below the table take.
_TITLE, _HEADING, _HEAD = 13, 8, 6
#: The gap above the picture.
_GAP = 2

#: The letters of a line in each column of the tables, in the order of their fields.
_CHANGES, _OVERDUE, _COMING = (37, 16, 17, 51), (32, 17, 14, 45), (20, 110)
_UNKNOWN = (40, 42, 25, 16)


def height(paper: PaperFields) -> float:
    """The height of the whole paper with its picture, which is as wide as the text, and with what
    the first page leaves empty where a row or a table that stays on one page has no room."""
    parts = [part for part in _parts(paper) if part]
    return max(_placed([part * scale for part in parts]) for scale in _SCALES)


def _parts(paper: PaperFields) -> Iterator[float]:
    """The heights of the parts that each stay on one page."""
    png = paper.picture.png
    wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    yield _TITLE
    yield from _texts(paper.notices)
    yield _HEADING if paper.matters else 0
    yield from _bullets(paper.matters)
    yield from _texts([paper.more_matters])
    yield _HEADING
    yield from _texts([paper.verdict, *paper.headline, paper.depends])
    yield from _bullets(paper.crossed)
    yield 174 * high / wide + _GAP
    yield _HEADING
    yield from _bullets(paper.asked)
    yield _HEADING
    yield from _small([paper.kinds])
    yield _HEAD
    overdue = [
        (f"{a.title}\n{a.owner}", f"{a.status}\n{a.deadline}", a.kind, a.why) for a in paper.overdue
    ]
    yield from _rows(overdue, _OVERDUE)
    yield from _small([paper.more_overdue])
    yield from _bullets(paper.partners)
    yield from _texts([paper.more_partners, "; ".join(paper.missed), paper.met_late])
    if paper.unknown:
        yield _HEADING + _HEAD + sum(_rows(map(astuple, paper.unknown), _UNKNOWN))
    yield from _texts([paper.more_unknown])
    yield _HEADING if paper.since else 0
    yield from _texts([paper.changed, paper.gone])
    if paper.changes:
        yield _HEAD + sum(_rows(map(astuple, paper.changes), _CHANGES))
    yield from _small([paper.more_changes])
    yield _HEADING + _HEAD
    yield from _rows(map(astuple, paper.coming), _COMING)
    yield from _texts([paper.more_coming, paper.more_new_rules])
    yield from _bullets(paper.new_rules)
    yield _HEADING
    yield from _small(paper.sign_offs or ["Nobody has signed off this report yet."])
    yield from _small([*paper.caveats, f"{paper.limits} {paper.source}", paper.abbreviations])


def _placed(parts: Iterable[float]) -> float:
    """Where the last of these parts ends."""
    end = 0.0
    for part in parts:
        if end < _PAGE < end + part < 2 * _PAGE:
            end = _PAGE
        end += part
    return end


def _texts(texts: Iterable[str]) -> Iterator[float]:
    return (_lines(text, _LETTERS) * _LINE + _SPACE for text in texts if text)


def _bullets(texts: Iterable[str]) -> Iterator[float]:
    return (_lines(text, _BULLET) * _LINE + _SPACE / 2 for text in texts if text)


def _small(texts: Iterable[str]) -> Iterator[float]:
    return (_lines(text, _SMALL) * _LINE * 0.9 + _SPACE for text in texts if text)


def _rows(rows: Iterable[tuple[str, ...]], letters: tuple[int, ...]) -> Iterator[float]:
    return (max(map(_lines, row, letters)) * _CELL + _BORDER for row in rows)


def _lines(text: str, letters: int) -> int:
    return sum(-(-len(part) // letters) for part in text.split("\n"))
