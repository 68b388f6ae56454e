"""How many millimetres a paper takes in the original template: an estimate that is rather too high.

The widths in letters are those of tests/paper_templates.py with words of usual letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from reports.papers.fields import PaperFields

#: Two pages without their margins and the end of the first, which a table may leave empty.
TWO_PAGES = 2 * 268 - 26

#: The letters of a line of text; its height and the space below it.
_LETTERS, _LINE, _SPACE = 111, 4.0, 1.0
#: The letters of a line of small text.
_SMALL = 123
#: The height of a line in a table, the space around it, and a heading.
_CELL, _BORDER, _HEADING = 3.45, 1.05, 7.6
#: What the title, the headings, the sentences of the template and the heads of the tables take.
_FIXED = 16 + 7 * _HEADING + 2 * (_LINE + _SPACE) + 4 * (_CELL + _BORDER + 1)

#: The letters of a line in each column of the tables, in the order of their fields.
_CHANGES, _OVERDUE, _COMING = (37, 16, 17, 51), (33, 11, 63), (20, 110)
_UNKNOWN = (35, 36, 31, 22)


def height(paper: PaperFields) -> float:
    """The height of the whole paper with its picture, which is as wide as the text."""
    texts = [*paper.notices, paper.verdict, *paper.crossed, *paper.headline, *paper.points]
    texts += [*paper.asked, paper.changed, *paper.gone]
    texts += [*paper.partners, *paper.missed, paper.more_unknown, *paper.new_rules]
    texts += [paper.more_gone, paper.more_partners, paper.more_missed, paper.more_coming]
    texts += [paper.more_new_rules]
    small = [*paper.sign_offs, *paper.caveats, paper.abbreviations, paper.more_changes]
    small += [f"{paper.limits} {paper.source}", paper.more_overdue]
    # the owner of an overdue duty is below its title
    overdue = [
        (f"{a.title}{' ' * 14}{a.owner}", a.status, f"{a.why}{' ' * 35}{a.step}")
        for a in paper.overdue
    ]
    rows = _rows(map(astuple, paper.changes), _CHANGES) + _rows(overdue, _OVERDUE)
    rows += _rows(map(astuple, paper.coming), _COMING)
    rows += _rows(map(astuple, paper.unknown), _UNKNOWN)
    png = paper.picture.png
    wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    lines = sum(_lines(text, _LETTERS) * _LINE + _SPACE for text in texts if text)
    lines += sum(_lines(text, _SMALL) * _LINE * 0.9 + _SPACE for text in small if text)
    return _FIXED + lines + rows + 174 * high / wide


def _rows(rows: Iterable[tuple[str, ...]], letters: tuple[int, ...]) -> float:
    tallest = (max(map(_lines, row, letters)) for row in rows)
    return sum(lines * _CELL + _BORDER for lines in tallest)


def _lines(text: str, letters: int) -> int:
    return -(-len(text) // letters)
