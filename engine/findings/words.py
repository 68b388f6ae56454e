"""Words that findings about different control sheets have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evidence.cells.silence import says_nothing
from evidence.cells.text import listed, nearest_names, quoted
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
        nearest = nearest_names(text, among, _MOST_NAMES) if self._texts <= _MOST_TEXTS else ()
        quotes = listed([f"'{name}'" for name in nearest])
        return (
            f" The nearest name{' is' if len(nearest) == 1 else 's are'} {quotes}."
            if nearest
            else ""
        )


def to_fill_in(table: Table, row: int, columns: Sequence[str]) -> str:
    """The headings of required cells that could not be read, and what each contains instead."""
    cells = [(table.heading(row, name), table.columns[name].raw[row]) for name in columns]
    return listed([f"'{heading}'{_instead(raw)}" for heading, raw in cells])


def _instead(raw: str) -> str:
    if not raw:
        return ""
    return f" ({quoted(raw)} {'says nothing' if says_nothing(raw) else 'cannot be read'})"
