"""The pieces of a document, before they are sorted into sections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# '1.', '4.1', '(a)', 'iv)', and bullets; Word's plain text has a tab after them.
_NUMBER = r"\(?[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]|[0-9]{1,2}(?:\.[0-9]{1,2})+(?=\s+[A-Z])"
_MARKER = re.compile(rf"(?:{_NUMBER}|\(?(?:[a-z]|[ivx]{{2,4}})[.)]|[-*+•‣◦▪·–—]|o(?=\t))\s+")
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
# Marks of layout alone, between words or around them.
_LAYOUT = re.compile(r"</?(?:br|b|i|u|em|strong|span|sup|sub|p|div)\b", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\t]+")
# '2 People', which only the file's own mark of a heading tells from '12 Months later'
_HEADING_NUMBER = re.compile(r"[0-9]{1,2}\s+(?=[A-Z])")
_CLOSED = {"[": "]", "(": ")"}


class CannotRead(Exception):
    """The document cannot be read as a whole. ``str()`` says what is wrong and what to do, as the
    end of a sentence that begins with the file's name."""


def bounded(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces as a list. Raises CannotRead where a document has more than any SOP."""
    bounded_pieces = list(islice(pieces, MOST_PIECES + 1))
    if len(bounded_pieces) > MOST_PIECES:
        raise CannotRead(
            f"has more than {MOST_PIECES:,} paragraphs and table rows: give a file that"
            " contains only the SOP."
        )
    return bounded_pieces


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a file: ``text`` on one line, without ``marker`` (as printed: '1.', 'a)', '-';
    '' where there is none). ``place`` is its line or number in the file. ``alone``: no other piece
    is directly above or below, as with a heading. ``styled``: the file marks it as a heading.
    ``raw`` is the text with Markdown's marks, where it may have any: they may begin on one page and
    end on the next."""

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
    """A paragraph of a file without its list marker; None where it is blank. A tab within it makes
    it the row of a table."""
    text = unicodedata.normalize("NFC", raw).strip()
    match = _MARKER.match(text) or (_HEADING_NUMBER.match(text) if styled else None)
    marker = match[0] if match else ""
    rest = text.removeprefix(marker).strip()
    if not rest:
        return None
    kind: Literal["text", "item", "row"] = "row" if "\t" in rest else "item" if marker else "text"
    return Piece(" ".join(rest.split()), place, kind, marker.strip(), alone, styled)


def starts_item(line: str) -> bool:
    """Whether a line begins with the marker of a list."""
    return _MARKER.match(line.strip()) is not None


def is_furniture(text: str, marking: str) -> bool:
    """Whether a line is on every page, and no part of the text: the protective marking (``marking``
    or any of the government's, in capitals) or 'Page 3 of 12'."""
    text = text.strip()
    return text == marking or bool(_MARKING.fullmatch(text) or _PAGE.fullmatch(text))


def without_furniture(
    pieces: Sequence[Piece], marking: str, headings: frozenset[int]
) -> list[Piece]:
    """The pieces without the lines that are on every page; a paragraph that the end of a page cut
    is one again.

    ``headings`` are the places of headings, which are never joined to anything. On the front page
    hardly a line ends as a sentence does: there only a small letter continues one. Where a page
    ends with a sentence nothing shows whether its paragraph continues: it ends there.
    """
    whole: list[Piece] = []
    cut = False
    first = min(headings, default=0)
    for index, piece in enumerate(pieces):
        if _is_page_end(piece, marking):
            cut = True
            continue
        below = next(
            (p for p in pieces[index + 1 : index + 2] if not _is_page_end(p, marking)), None
        )
        joined = cut and whole and not {whole[-1].place, piece.place} & headings
        if joined and _continues(whole, piece, below, on_front=piece.place < first):
            before, dash = whole[-1], f"{piece.marker} " if piece.marker else ""
            raw = f"{before.raw} {dash}{piece.raw}".strip() if before.raw else ""
            text = unmarked(raw) if raw else f"{before.text} {dash}{piece.text}"
            whole[-1] = replace(before, text=text, raw=raw, alone=False)  # no heading
        else:
            whole.append(piece)
        cut = False
    return whole


def looks_like_heading(piece: Piece) -> bool:
    """Whether a piece could be a heading: alone, short, with a capital and no mark at its end. With
    a bullet or a letter before it, it is not one."""
    if not piece.alone or (piece.kind != "text" and not piece.number):
        return False
    short = len(piece.text.split()) <= _HEADING_WORDS
    return short and piece.text[0].isupper() and piece.text[-1] not in ".,:;!?"


def _is_page_end(piece: Piece, marking: str) -> bool:
    if piece.kind == "row" or piece.styled:
        return False
    printed = f"{piece.marker} {piece.text}".strip()
    return is_furniture(printed, marking) or bool(piece.alone and _BARE_PAGE.fullmatch(printed))


def _continues(
    whole: Sequence[Piece], after: Piece, below: Piece | None, *, on_front: bool
) -> bool:
    """Whether ``after`` continues the sentence that the end of a page cut in the last of ``whole``;
    ``below`` is right below it on its page.

    A sentence without its end continues, unless a list's marker follows (a dash does not count as
    one here). An item may end without a mark. It continues with a small letter; where the next
    piece does not end either and is not a heading; or where the list around it shows that its items
    end with a mark, or is not over.
    """
    before = whole[-1]
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
    goes_on = below is not None and below.kind == "item"
    if not after.ended:
        return goes_on or below is None or not looks_like_heading(after)
    sibling = whole[-2] if len(whole) > 1 else before
    return (goes_on and not after.text.endswith(":")) or (sibling.kind == "item" and sibling.ended)


# Marks of Markdown ------------------------------------------------------------------------------


def unmarked(text: str) -> str:
    """``text`` without emphasis, escapes, and links (of which the words remain), its spaces made
    single. Tabs remain: they separate the cells of a table. A converted document contains such
    marks even where its file is called .txt."""
    tokens: list[Token] = []
    parser = _parser()
    parser.inline.parse(text, parser, {}, tokens)
    words = ""
    for token in tokens:
        if token.type == "text":
            words += token.content.replace("**", "").replace("`", "")  # marks that nothing closes
        elif token.type in {"text_special", "code_inline"}:
            words += token.content
        elif token.type in {"softbreak", "hardbreak"}:
            words += " "
        elif token.type == "html_inline" and not token.content.startswith("<!--"):
            words += " " if _LAYOUT.match(token.content) else token.content
    return _SPACES.sub(" ", words).strip()


@cache
def _parser() -> MarkdownIt:
    """Reads marks inside a paragraph, but not signs such as &amp;: converters write no HTML."""
    parser = MarkdownIt("commonmark").disable("entity")
    parser.inline.ruler.after("link", "reference", _reference)
    return parser


def _reference(state: StateInline, silent: bool) -> bool:
    """Words in brackets before their target: [words][1], also with spaces: [words](section 4)."""
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    opens = state.src[end + 1 : end + 2] if end >= 0 else ""
    after = _closing(state, end + 2, _CLOSED[opens]) if opens in _CLOSED else -1
    if after < 0:
        return False
    if not silent:
        first, last = state.pos + 1, state.posMax
        state.pos, state.posMax = first, end
        state.push("link_open", "a", 1)
        state.md.inline.tokenize(state)
        state.push("link_close", "a", -1)
        state.posMax = last
    state.pos = after + 1
    return True


def _closing(state: StateInline, start: int, mark: str) -> int:
    """The next place of the mark, -1 if there is none, in time linear in the length of the text."""
    none_from = f"no {mark} from"
    if start >= state.env.get(none_from, len(state.src)):
        return -1
    place = state.src.find(mark, start, state.posMax)
    if place < 0 and state.posMax == len(state.src):
        state.env[none_from] = start
    return place
