"""Text without the differences between typists: capitals, spaces, quotes and dashes."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: The number of hexadecimal digits of the SHA-256 in a fingerprint: 64 bits, far more than enough
#: to distinguish the paragraphs of a document, and short enough to be read out.
DIGITS = 16

# Soft hyphens and invisible marks without width, which converters leave.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")

_SAME = {
    **dict.fromkeys("‘’‚‛′´`", "'"),  # noqa: RUF001  (the marks that people type for one another)
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-"),
}


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in its normal form, and the place of each of its characters in the original text."""

    text: str
    at: tuple[int, ...]


@lru_cache(maxsize=8192)
def normal(text: str) -> Normal:
    """The normal form of ``text``: small letters, straight quotes, plain hyphens, single spaces,
    no marks without width. The normal form of a normal form is the same."""
    marks: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for mark in _plain(character):
            if mark != " " or (marks and marks[-1] != " "):
                marks.append(mark)
                places.append(place)
    if marks and marks[-1] == " ":
        marks.pop()
        places.pop()
    return Normal("".join(marks), tuple(places))


def plain(text: str) -> str:
    """The normal form of a text that may not be composed, such as one that somebody typed."""
    return normal(unicodedata.normalize("NFC", text)).text


def fingerprint(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 over the normal form, as UTF-8."""
    return hashlib.sha256(normal(text).text.encode("utf-8", "replace")).hexdigest()[:DIGITS]


def find_all(text: str, phrase: str) -> tuple[tuple[int, int], ...]:
    """The places of ``phrase`` in ``text`` as whole words, both in their normal form: the first and
    after-last character of each in the original text. A phrase without words has none."""
    form, words = normal(text), plain(phrase)
    places: list[tuple[int, int]] = []
    start = form.text.find(words) if words else -1
    while start >= 0:
        end = start + len(words)
        if _separate(form.text, start, words[0]) and _separate(form.text, end, words[-1]):
            places.append((form.at[start], form.at[end - 1] + 1))
        start = form.text.find(words, start + 1)
    return tuple(places)


def _separate(text: str, place: int, edge: str) -> bool:
    """Whether no word of ``text`` crosses the place, beside the character ``edge`` of a phrase."""
    around = text[max(place - 1, 0) : place + 1]
    return not (edge.isalnum() and len(around) == 2 and around.isalnum())


@lru_cache(maxsize=2048)
def _plain(character: str) -> str:
    if character in _UNSEEN:
        return ""
    if character in _SAME:
        return _SAME[character]
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    return "".join(_SAME.get(mark, mark) for mark in folded if mark not in _UNSEEN)
