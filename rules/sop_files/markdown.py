"""The text under Markdown's marks: a converted document holds them even where it is called .txt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# Marks of layout alone, which stand between words or around them.
_LAYOUT = re.compile(r"</?(?:br|b|i|u|em|strong|span|sup|sub|p|div)\b", re.IGNORECASE)
_UNSEEN = "<!--"
_SPACES = re.compile(r"[^\S\t]+")
_CLOSED = {"[": "]", "(": ")"}


def unmarked(text: str) -> str:
    """``text`` without emphasis, links (their words stay) and escapes, its spaces made single.
    Tabs stay: they part the cells of a table."""
    tokens: list[Token] = []
    parser = _parser()
    parser.inline.parse(text, parser, {}, tokens)
    return _SPACES.sub(" ", "".join(_words(tokens))).strip()


def _words(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type == "text":
            # marks that nothing closes
            yield token.content.replace("**", "").replace("`", "")
        elif token.type in {"text_special", "code_inline"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type == "html_inline" and not token.content.startswith(_UNSEEN):
            yield " " if _LAYOUT.match(token.content) else token.content


@cache
def _parser() -> MarkdownIt:
    """Reads marks inside a paragraph. Signs such as &amp; stay as they are: converters write text,
    and not HTML."""
    parser = MarkdownIt("commonmark").disable("entity")
    parser.inline.ruler.after("link", "reference", _reference)
    return parser


def _reference(state: StateInline, silent: bool) -> bool:
    """Words in brackets before what they refer to, wherever that is, or before a target that holds
    spaces: [words][1], [words](section 4)."""
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
    """Where the mark stands next, -1 where nowhere. That it stands nowhere is found out once."""
    nowhere = f"no {mark} from"
    if start >= state.env.get(nowhere, len(state.src)):
        return -1
    at = state.src.find(mark, start, state.posMax)
    if at < 0 and state.posMax == len(state.src):
        state.env[nowhere] = start
    return at
