"""The pieces that a document is read into, before they are given to sections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from rules.sop_files.markdown import unmarked

# '1.', '4.1', '(a)', 'iv)', and bullets; Word's plain text has a tab after them.
_NUMBER = r"\(?[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]|[0-9]{1,2}(?:\.[0-9]{1,2})+(?=\s+[A-Z])"
_MARKER = re.compile(
    rf"(?P<number>{_NUMBER})\s+|(?P<letter>\(?(?:[a-z]|[ivx]{{2,4}})[.)])\s+|(?P<bullet>[-*+•‣◦▪·–—]|o(?=\t))\s+"
)
_DASHES = ("–", "—")
MOST_PIECES = 20_000
"""The most paragraphs, list items and table rows of a document that is read."""
BROKEN = (
    "is not a Word document that can be read (.docx): open it in Word and save it again as one, "
    "without a password."
)
"""What is wrong with a Word document that is damaged."""
_HEADING_WORDS = 10  # at most
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_MARKING = re.compile(
    r"(NOT PROTECTIVELY MARKED|UNCLASSIFIED|RESTRICTED|CONFIDENTIAL|"
    r"(UK )?(OFFICIAL|SECRET|TOP SECRET)( ?[-–—:/] ?[A-Z ]+)?)"
)
_PAGE = re.compile(r"page [0-9]{1,4}( ?(of|/) ?[0-9]{1,4})?|[0-9]{1,4} ?\| ?page", re.IGNORECASE)
_BARE_PAGE = re.compile(r"([-–—] ?)?[0-9]{1,3}( ?(of|/) ?[0-9]{1,3})?( ?[-–—])?")


class CannotRead(Exception):
    """The document cannot be read as a whole; ``str()`` is what is wrong and what to do, to go
    after the file's name."""


def bounded(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces as a list. Raises CannotRead where a document has more than any SOP."""
    held = list(islice(pieces, MOST_PIECES + 1))
    if len(held) > MOST_PIECES:
        raise CannotRead(
            f"has more than {MOST_PIECES:,} paragraphs and table rows: give a file that"
            " contains only the SOP."
        )
    return held


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph as the file has it: ``text`` on one line, without ``marker`` (as printed: '1.',
    'a)', '-'; '' where there is none). ``place`` is its line or number in the file. ``alone``: no
    other piece stands directly above or below, as a heading stands. ``styled``: the file itself
    says that it is a heading. ``raw`` is the text with Markdown's marks, where it may have any:
    they may begin on one page and end on the next."""

    text: str
    place: int
    kind: Literal["text", "item", "row"] = "text"
    marker: str = ""
    alone: bool = True
    styled: bool = False
    raw: str = ""

    @property
    def number(self) -> str:
        """The number printed before it, without its last mark; '' where none is."""
        number = self.marker.strip("().")
        return number if number[:1].isdigit() else ""

    @property
    def ended(self) -> bool:
        """Whether it ends as a sentence or a lead-in does."""
        return _ENDED.search(self.text) is not None


def piece(raw: str, place: int, *, alone: bool = True, styled: bool = False) -> Piece | None:
    """A paragraph of a file, its list marker taken off; None where nothing stands in it. A tab
    within it makes it the row of a table."""
    text = unicodedata.normalize("NFC", raw).strip()
    found = _MARKER.match(text)
    marker = found[0].strip() if found else ""
    rest = text[len(found[0]) :] if found else text
    if not rest.strip():
        return None
    kind: Literal["text", "item", "row"] = "item" if found else "text"
    if "\t" in rest.strip():
        kind = "row"
    return Piece(" ".join(rest.split()), place, kind, marker, alone, styled)


def starts_item(line: str) -> bool:
    """Whether a line begins with the marker of a list."""
    return _MARKER.match(line.strip()) is not None


def is_furniture(text: str, marking: str) -> bool:
    """Whether a line is what each page carries, and no part of the text: the protective marking
    (``marking`` or any of the government's, in capitals) or 'Page 3 of 12'."""
    text = text.strip()
    return text == marking or bool(_MARKING.fullmatch(text) or _PAGE.fullmatch(text))


def without_furniture(
    pieces: Sequence[Piece], marking: str, headings: frozenset[int]
) -> list[Piece]:
    """The pieces without what each page carries; a paragraph that a page's end cut is one again.

    ``headings`` are the places of headings, which are never joined to anything. On the front page
    hardly a line ends as a sentence does: there only a small letter goes on with one. Where a
    page ends with a sentence nothing tells whether its paragraph goes on: there it ends.
    """
    kept: list[Piece] = []
    cut = False
    first = min(headings, default=0)
    for index, each in enumerate(pieces):
        if _is_page_end(each, marking):
            cut = True
            continue
        rest = [] if index + 1 == len(pieces) else [pieces[index + 1]]
        following = next((p for p in rest if not _is_page_end(p, marking)), None)
        joined = cut and kept and not {kept[-1].place, each.place} & headings
        if joined and _continues(kept, each, following, on_front=each.place < first):
            kept[-1] = _joined(kept[-1], each)
        else:
            kept.append(each)
        cut = False
    return kept


def _joined(before: Piece, after: Piece) -> Piece:
    """The two as one, which is no heading, whatever stood around either."""
    dash = f"{after.marker} " if after.marker else ""
    raw = f"{before.raw} {dash}{after.raw}".strip() if before.raw else ""
    text = unmarked(raw) if raw else f"{before.text} {dash}{after.text}"
    return replace(before, text=text, raw=raw, alone=False)


def looks_like_heading(each: Piece) -> bool:
    """Whether a piece could be a heading: alone, short, with a large letter and no mark at its end.
    A bullet or a letter before it makes it none."""
    if not each.alone or (each.kind != "text" and not each.number):
        return False
    words = each.text.split()
    return len(words) <= _HEADING_WORDS and each.text[0].isupper() and each.text[-1] not in ".,:;!?"


def _is_page_end(each: Piece, marking: str) -> bool:
    if each.kind == "row" or each.styled:
        return False
    printed = f"{each.marker} {each.text}".strip()
    return is_furniture(printed, marking) or bool(each.alone and _BARE_PAGE.fullmatch(printed))


def _continues(
    kept: Sequence[Piece], after: Piece, following: Piece | None, *, on_front: bool
) -> bool:
    """Whether ``after`` goes on with the sentence that a page's end cut in the last of ``kept``;
    ``following`` stands right below it on its page.

    A sentence without its end goes on, unless a list's marker follows (there a dash is none). An
    item may end without a mark: it goes on with a small letter; where what follows does not end
    either and is no heading; or where the list around it shows that its items end with a mark, or
    is not over.
    """
    before = kept[-1]
    if after.marker in _DASHES and before.kind == "text" and not before.ended:
        return not on_front
    if after.kind != "text" or before.kind == "row":
        return False
    letter = next((c for c in after.text if c.isalnum()), "")
    if letter.islower():
        return True
    if before.ended or on_front:
        return False
    if before.kind == "text":
        return True
    goes_on = following is not None and following.kind == "item"
    if not after.ended:
        return goes_on or following is None or not looks_like_heading(after)
    sibling = kept[-2] if len(kept) > 1 else before
    return (goes_on and not after.text.endswith(":")) or (sibling.kind == "item" and sibling.ended)
