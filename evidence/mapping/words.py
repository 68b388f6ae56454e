"""The office's own words for what a column takes, replaced before the cells are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evidence.cells.text import normal_key, raw_text
from evidence.mapping.model import BLANK, NOT_DONE
from evidence.raw_cells import RawValue, distinct_keys

#: At the end of a word: it stands for every text that begins with it.
ANYTHING = "…"
_PARTS = re.compile(r"[;,\n\r]")


class ColumnWords:
    """What the office's words mean in one column."""

    def __init__(self, words: Mapping[str, str | bool], *, several: bool) -> None:
        """``several``: the column takes several words in one cell, and each is looked up."""
        yes_no = {True: "yes", False: "no"}
        dotted = {
            normal_key(word.replace("...", ANYTHING)): yes_no[m] if isinstance(m, bool) else m
            for word, m in words.items()
        }
        self._whole = {word: m for word, m in dotted.items() if not word.endswith(ANYTHING)}
        self._prefixes = [
            (word.rstrip(f" {ANYTHING}"), m)
            for word, m in dotted.items()
            if word.endswith(ANYTHING)
        ]
        self._prefixes.sort(key=lambda prefix: -len(prefix[0]))  # the longest decides
        self._several = several

    def meaning(self, text: str) -> str | None:
        """What a whole text means; None if it is none of the words."""
        key = normal_key(text)
        if key in self._whole:
            return self._whole[key]
        return next((m for prefix, m in self._prefixes if key.startswith(prefix)), None)

    def replaced(self, cells: Sequence[RawValue]) -> list[RawValue]:
        """The cells with meanings in place of words; a cell that means BLANK is ''."""
        keys = distinct_keys(cells)
        distinct = dict(zip(keys, cells, strict=True))
        new = {key: self._replaced(cell) for key, cell in distinct.items()}
        return [new[key] for key in keys]

    def _replaced(self, cell: RawValue) -> RawValue:
        text = raw_text(cell)
        meaning = self.meaning(text)
        if meaning is not None:
            return "" if meaning == BLANK else meaning
        if not self._several:
            return cell
        parts = [part for part in _PARTS.split(text) if part.strip()]
        meanings = [m if (m := self.meaning(part)) != NOT_DONE else None for part in parts]
        if not any(meanings):
            return cell
        pairs = zip(parts, meanings, strict=True)
        return "; ".join(part if m is None else m for part, m in pairs if m != BLANK)
