"""A SOP as plain text or Markdown, in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from rules.sop.normal import plain
from rules.sop_files.pieces import Piece, is_furniture, piece, starts_item, unmarked

Line: TypeAlias = tuple[int, str]
Lines: TypeAlias = tuple[Line, ...]

_HEADING = re.compile(r"#{1,6}\s+")
_RULE = re.compile(r"(?:[-=_*]\s?){3,}|\|?\s*:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)++\|?")
_LONGEST_HEADING = 1000  # with its number and marks; a longer line is not a heading of book.yaml
_NUMBER = re.compile(r"^\(?[0-9]{1,2}(\.[0-9]{1,2})*[.)]?\s+")


def text_pieces(text: str, marking: str, headings: frozenset[str]) -> Iterator[Piece]:
    """The paragraphs, list items and table rows of a text, each with its line.

    Blank lines separate paragraphs, and so do lines that are on every page (``marking``). Between
    them a line that begins with a list's marker or contains a tab is a piece by itself, and any
    other continues the line above. ``headings`` are the normal forms of the known headings: such a
    line above others is a heading even with no blank line between.
    """
    for block in _blocks(text.replace("\f", "\n\n"), marking):
        for part in _parts(block, headings):
            alone = len(part) == len(block) or _is_head(part, block, headings)
            place, first = part[0]
            raw = " ".join(line for _, line in part).removeprefix("> ")
            heading = _heading(first) if len(part) == 1 else None
            if heading is not None:
                raw = heading
            elif first.startswith("|"):
                raw = "\t".join(cell.strip() for cell in re.split(r"(?<!\\)\|", raw.strip("|")))
            styled = heading is not None
            read = piece(unmarked(raw), place, alone=alone or styled, styled=styled)
            if read is not None:
                yield replace(read, raw=raw.removeprefix(read.marker).strip())


def _blocks(text: str, marking: str) -> Iterator[Lines]:
    """Runs of lines with no separator between them."""
    block: list[Line] = []
    for number, written in enumerate(text.split("\n"), start=1):
        line = written.strip()
        separates = not line or _RULE.fullmatch(line) is not None
        furniture = not separates and is_furniture(line.strip("*_ "), marking)
        if (separates or furniture) and block:
            yield tuple(block)
            block = []
        if furniture:
            yield ((number, line),)
        elif not separates:
            block.append((number, line))
    if block:
        yield tuple(block)


def _parts(block: Lines, headings: frozenset[str]) -> Iterator[Lines]:
    """The lines of each piece of a block."""
    part: list[Line] = []
    for number, line in block:
        begins = starts_item(line) or starts_item(line.lstrip("*_")) or _is_whole(line)
        if part and (begins or _is_whole(part[-1][1]) or _is_head(part, block, headings)):
            yield tuple(part)
            part = []
        part.append((number, line))
    yield tuple(part)


def _is_whole(line: str) -> bool:
    """Whether a line is a heading or a table's row, which no other line continues."""
    return "\t" in line or line.startswith("|") or _heading(line) is not None


def _heading(line: str) -> str | None:
    """The words of a line that is a heading in Markdown; None for any other."""
    marks = _HEADING.match(line)
    return line[marks.end() :].rstrip().rstrip("#").rstrip() if marks else None


def _is_head(part: Sequence[Line], block: Lines, headings: frozenset[str]) -> bool:
    """Whether a known heading is on top of a block that is not a list of contents."""
    if len(part) > 1 or part[0] != block[0] or len(block) < 2:
        return False
    first, second = (
        len(line) <= _LONGEST_HEADING
        and plain(_NUMBER.sub("", unmarked(line), count=1)).removesuffix(":") in headings
        for _, line in block[:2]
    )
    return first and not second
