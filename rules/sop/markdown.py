"""The text under Markdown's marks: a converted document holds them even where it is called .txt."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_KEPT = 0xE000  # escaped marks wait in the private use area until the others have gone
_RULES = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!\[[^\]]*\]\([^)\s]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)[^>\s]+)>"), r"\1"),
    (re.compile(r"</?(?:br|b|i|u|em|strong|span|sup|sub|p|div)\b[^>]*>", re.IGNORECASE), " "),
    (re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\*\*"), ""),
    (re.compile(r"`+"), ""),
)


def unmarked(text: str) -> str:
    """``text`` without emphasis, links (their words stay) and escapes, its spaces made single.
    Tabs stay: they part the cells of a table."""
    text = _ESCAPED.sub(lambda found: chr(_KEPT + ord(found[1])), text)
    for pattern, words in _RULES:
        text = pattern.sub(words, text)
    text = "".join(chr(ord(c) - _KEPT) if _KEPT < ord(c) < _KEPT + 127 else c for c in text)
    return re.sub(r"[^\S\t]+", " ", text).strip()
