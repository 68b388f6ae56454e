"""A SOP as plain text or Markdown, in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from rules.sop.normal import plain
from rules.sop_files.markdown import unmarked
from rules.sop_files.pieces import Piece, is_furniture, piece, starts_item

Line: TypeAlias = tuple[int, str]
Lines: TypeAlias = tuple[Line, ...]

_HEADING = re.compile(r"#{1,6}\s+")
_RULE = re.compile(r"([-=_*]\s?){3,}|\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?")
_LONGEST_HEADING = 1000  # with its number and marks; a longer line is none that book.yaml names
_NUMBER = re.compile(r"^\(?[0-9]{1,2}(\.[0-9]{1,2})*[.)]?\s+")


def text_pieces(text: str, marking: str, headings: frozenset[str]) -> Iterator[Piece]:
    """The paragraphs, list items and table rows of a text, each with its line.

    Blank lines part paragraphs, and so do lines that each page carries (``marking``); between them
    a line that begins with a list's marker or holds a tab is a piece of its own, and any other goes
    on with the line above. ``headings`` are the normal forms of the known headings: such a line
    above others is a heading even with no blank line between.
    """
    for block in _blocks(text.replace("\f", "\n\n"), marking):
        for part in _parts(block, headings):
            found = _piece(part, len(part) == len(block) or _is_head(part, block, headings))
            if found is not None:
                yield found


def _blocks(text: str, marking: str) -> Iterator[Lines]:
    """Runs of lines with nothing between that parts them."""
    block: list[Line] = []
    for number, written in enumerate(text.split("\n"), start=1):
        line = written.strip()
        parts = not line or _RULE.fullmatch(line) is not None
        furniture = not parts and is_furniture(line.strip("*_ "), marking)
        if (parts or furniture) and block:
            yield tuple(block)
            block = []
        if furniture:
            yield ((number, line),)
        elif not parts:
            block.append((number, line))
    if block:
        yield tuple(block)


def _parts(block: Lines, headings: frozenset[str]) -> Iterator[Lines]:
    """The lines of each piece of a block."""
    part: list[Line] = []
    for number, line in block:
        if part and (_begins(line) or _is_whole(part[-1][1]) or _is_head(part, block, headings)):
            yield tuple(part)
            part = []
        part.append((number, line))
    yield tuple(part)


def _begins(line: str) -> bool:
    return starts_item(line) or starts_item(line.lstrip("*_")) or _is_whole(line)


def _is_whole(line: str) -> bool:
    """Whether a line is a heading or a table's row, so that no other line goes on with it."""
    return "\t" in line or line.startswith("|") or _heading(line) is not None


def _heading(line: str) -> str | None:
    """The words of a line that Markdown takes for a heading; None where it is none."""
    found = _HEADING.match(line)
    return line[found.end() :].rstrip().rstrip("#").rstrip() if found else None


def _is_head(part: Sequence[Line], block: Lines, headings: frozenset[str]) -> bool:
    """Whether a known heading stands on top of a block; not so where another heading follows it,
    since that is a list of contents."""
    if len(part) > 1 or part[0] != block[0] or len(block) < 2:
        return False
    return _named(part[0][1], headings) and not _named(block[1][1], headings)


def _named(line: str, headings: frozenset[str]) -> bool:
    if len(line) > _LONGEST_HEADING:
        return False
    return plain(_NUMBER.sub("", unmarked(line), count=1)).removesuffix(":") in headings


def _piece(part: Lines, alone: bool) -> Piece | None:
    place, first = part[0]
    raw = " ".join(line for _, line in part).removeprefix("> ")
    heading = _heading(first) if len(part) == 1 else None
    if heading is not None:
        raw = heading
    elif first.startswith("|"):
        raw = "\t".join(cell.strip() for cell in re.split(r"(?<!\\)\|", raw.strip("|")))
    styled = heading is not None
    found = piece(unmarked(raw), place, alone=alone or styled, styled=styled)
    return None if found is None else replace(found, raw=raw.removeprefix(found.marker).strip())
