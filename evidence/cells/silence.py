"""Words that say nothing, such as tbc: people enter them until they know what to enter.

A cell with such a word is not filled (semantics.md: A cell is filled). This is the only list of
them. The docs print it, and a rulebook in a pack contains it.
"""

from __future__ import annotations

from evidence.cells.text import normal_key

WORDS = (
    "tbc", "tba", "tbd", "to be confirmed", "to be advised", "to be decided", "to be agreed",
    "to follow", "n/k", "nk", "not known", "unknown", "n/a", "n\\a", "na", "not applicable",
    "not yet", "pending", "awaiting", "awaited", "missing", "none", "nil", "not recorded",
    "see above",
)  # fmt: skip

#: Marks that are ignored around and between the letters of such a word. Office programs replace
#: three dots with one character.
IGNORED = " .\u2026?()[]{}<>"

_DROPPED = dict.fromkeys(map(ord, IGNORED))
_BARE = frozenset(word.translate(_DROPPED) for word in WORDS)


def says_nothing(text: str) -> bool:
    """Whether a text is one of the words, with any capitals, dots, spaces, brackets and question
    marks, or consists only of marks (semantics.md: Words that say nothing). A blank is not."""
    return key_says_nothing(normal_key(text))


def key_says_nothing(key: str) -> bool:
    """Whether a text that is already normalised as a key says nothing."""
    if key.isalnum():  # as nearly every key is
        return key in _BARE
    if not any(map(str.isalnum, key)):
        return bool(key)
    return key.translate(_DROPPED) in _BARE
