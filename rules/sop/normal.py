"""Text without what converters and typists vary: capitals, spaces, quotes and dashes."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: How many hexadecimal digits of the SHA-256 a fingerprint keeps: 64 bits, far more than a
#: document's paragraphs need to be told apart, and short enough to be read out.
DIGITS = 16

# Soft hyphens and marks without width, which a converter leaves and nobody sees.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")

_SAME = {
    **dict.fromkeys("‘’‚‛′´`", "'"),  # noqa: RUF001  (the marks that people type for one another)
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-"),
}


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in its normal form, and for each of its characters where in the text it stood."""

    text: str
    at: tuple[int, ...]


@lru_cache(maxsize=8192)
def normal(text: str) -> Normal:
    """The normal form of ``text``: small letters, straight quotes, plain hyphens, single spaces,
    no marks that have no width. Of a normal form it is the same again."""
    made: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for mark in _plain(character):
            if mark != " " or (made and made[-1] != " "):
                made.append(mark)
                places.append(place)
    if made and made[-1] == " ":
        made.pop()
        places.pop()
    return Normal("".join(made), tuple(places))


def plain(text: str) -> str:
    """The normal form of a text that may not be composed, such as one that somebody typed."""
    return normal(unicodedata.normalize("NFC", text)).text


def fingerprint(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 over the normal form, as UTF-8."""
    return hashlib.sha256(normal(text).text.encode("utf-8", "replace")).hexdigest()[:DIGITS]


def find_all(text: str, phrase: str) -> tuple[tuple[int, int], ...]:
    """Where ``phrase`` stands in ``text`` as whole words, both in their normal form: first and
    after-last character of each, in ``text`` as given. A phrase without words stands nowhere."""
    held, wanted = normal(text), plain(phrase)
    found: list[tuple[int, int]] = []
    at = held.text.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if _parted(held.text, at, wanted[0]) and _parted(held.text, end, wanted[-1]):
            found.append((held.at[at], held.at[end - 1] + 1))
        at = held.text.find(wanted, at + 1)
    return tuple(found)


def _parted(text: str, at: int, edge: str) -> bool:
    """Whether no word of ``text`` runs over the place ``at``, next to a phrase's mark ``edge``."""
    around = text[max(at - 1, 0) : at + 1]
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
