"""Words that findings about different control sheets have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from evidence.cells.silence import says_nothing
from evidence.cells.text import listed, nearest_names, normal_key, quoted
from evidence.table import Table

#: How many of the nearest names are offered for a text.
_MOST_NAMES = 3
#: For how many texts names are offered.
_MOST_TEXTS = 10


class NearestNames:
    """Offers the names that are most like a text that fits nothing. It does so only for the first
    few texts, because each is compared with every name."""

    def __init__(self) -> None:
        self._texts = 0

    def words(self, text: str, among: Iterable[str]) -> str:
        """A space and a sentence with the nearest names; '' if there are none to offer."""
        self._texts += 1
        if self._texts > _MOST_TEXTS:
            return ""
        names = list(among)
        nearest = _rarest_word_first(text, nearest_names(text, names, _MOST_NAMES), names)
        quotes = listed([f"'{name}'" for name in nearest])
        return (
            f" The nearest name{' is' if len(nearest) == 1 else 's are'} {quotes}."
            if nearest
            else ""
        )


def _rarest_word_first(text: str, nearest: Sequence[str], among: Sequence[str]) -> Sequence[str]:
    """The nearest names, first those that have a word of the text which few names have:
    ``gas-check`` means ``check-of-gas`` rather than ``gate-check``, where most names have
    ``check``."""
    number = Counter(word for name in among for word in _words(name))
    own = _words(text)

    def rarity(name: str) -> tuple[int, int]:
        shared = own & _words(name)
        return min(((number[word], -len(word)) for word in shared), default=(len(among) + 1, 0))

    return sorted(nearest, key=rarity)


def _words(name: str) -> set[str]:
    return set(normal_key(name).split("-"))


def to_fill_in(table: Table, row: int, columns: Sequence[str]) -> str:
    """The headings of required cells that could not be read, and what each contains instead."""
    cells = [(table.heading(row, name), table.columns[name].raw[row]) for name in columns]
    return listed([f"'{heading}'{_instead(raw)}" for heading, raw in cells])


def _instead(raw: str) -> str:
    if not raw:
        return ""
    return f" ({quoted(raw)} {'says nothing' if says_nothing(raw) else 'cannot be read'})"
