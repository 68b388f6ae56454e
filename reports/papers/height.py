"""How many millimetres a paper takes in the original template: an estimate that is rather too high.

The widths in letters are those of tests/paper_templates.py with words of usual letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from reports.papers.fields import PaperFields

#: Two pages without their margins and the end of the first, which a row may leave empty.
TWO_PAGES = 2 * 265 - 10

#: The letters of a line of text; its height and the space below it.
_LETTERS, _LINE, _SPACE = 104, 4.1, 1.0
#: The height of a line in a table, the space around it, and a heading.
_CELL, _BORDER, _HEADING = 3.65, 1.1, 8.0
#: What the title, the headings, the sentences of the template and the heads of the tables take.
_FIXED = 16 + 8 * _HEADING + 4 * (_LINE + _SPACE) + 3 * (_CELL + _BORDER + 1)

#: The letters of a line in each column of the tables, in the order of their fields.
_CHANGES, _OVERDUE, _COMING = (33, 15, 16, 46), (29, 13, 34, 34), (20, 62, 28)


def height(paper: PaperFields) -> float:
    """The height of the whole paper with its picture, which is as wide as the text."""
    texts = [*paper.notices, *paper.headline, *paper.points, paper.changed, *paper.gone]
    texts += [*paper.partners, *paper.missed, paper.not_judged, *paper.new_rules]
    texts += [paper.picture.words, *paper.sign_offs, *paper.caveats]
    texts += [f"{paper.limits} {paper.source}", paper.more_gone, paper.more_changes]
    texts += [paper.more_overdue, paper.more_partners, paper.more_missed, paper.more_coming]
    texts += [paper.more_new_rules]
    # the owner of an overdue duty is below its title
    overdue = [(f"{a.title}{' ' * 14}{a.owner}", a.status, a.why, a.step) for a in paper.overdue]
    rows = _rows(map(astuple, paper.changes), _CHANGES) + _rows(overdue, _OVERDUE)
    rows += _rows(map(astuple, paper.coming), _COMING)
    png = paper.picture.png
    wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    lines = sum(_lines(text, _LETTERS) * _LINE + _SPACE for text in texts if text)
    return _FIXED + lines + rows + 170 * high / wide


def _rows(rows: Iterable[tuple[str, ...]], letters: tuple[int, ...]) -> float:
    tallest = (max(map(_lines, row, letters)) for row in rows)
    return sum(lines * _CELL + _BORDER for lines in tallest)


def _lines(text: str, letters: int) -> int:
    return -(-len(text) // letters)
