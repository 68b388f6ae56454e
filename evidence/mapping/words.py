"""The office's own words for what a column takes, replaced before the cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from evidence.cells.text import normal_key, raw_text
from evidence.cells.undone import undone_beside
from evidence.mapping.cell_parts import joined_text
from evidence.mapping.model import BLANK, NOT_DONE
from evidence.raw_cells import RawValue, distinct_keys

#: At the beginning or the end of a word, it stands for any text, also for none. With a space beside
#: it, no letter and no figure may follow there: '1.1 …' is not '1.10'.
ANYTHING = "…"
#: What is done with a cell.
Change: TypeAlias = Callable[[RawValue], RawValue]
_PARTS = re.compile(r"[;,\n\r]")


def unchanged(cell: RawValue) -> RawValue:
    """The cell itself."""
    return cell


class _OpenWord(NamedTuple):
    """A word with … at its beginning or its end: what is between, whether any text may be before it
    and after it, and whether a letter or a figure may be directly beside it there."""

    word: str
    middle: str
    before: bool
    after: bool
    directly_before: bool
    directly_after: bool

    @classmethod
    def of(cls, word: str) -> _OpenWord:
        before = word.startswith(ANYTHING)
        after = word.endswith(ANYTHING)
        beside = not word.startswith(f"{ANYTHING} "), not word.endswith(f" {ANYTHING}")
        return cls(word, word.strip(f" {ANYTHING}"), before, after, *beside)

    def stands_for(self, key: str) -> bool:
        """Whether it stands for a text, normalised."""
        at = key.find(self.middle)
        while at >= 0:
            end = at + len(self.middle)
            letter = key[max(at - 1, 0) : at]
            next_letter = key[end : end + 1]
            begins = not letter or (self.before and (self.directly_before or not letter.isalnum()))
            ends = not next_letter or (
                self.after and (self.directly_after or not next_letter.isalnum())
            )
            if (begins and ends) or not self.middle:
                return True
            at = key.find(self.middle, at + 1)
        return False


class OfficeWords:
    """A list of an office's words."""

    def __init__(self, words: Iterable[str]) -> None:
        texts = [normal_key(word.replace("...", ANYTHING)) for word in words]
        self._open = [
            _OpenWord.of(text)
            for text in texts
            if text.startswith(ANYTHING) or text.endswith(ANYTHING)
        ]
        self._whole = frozenset(texts) - {word.word for word in self._open}

    def matches(self, text: str) -> list[str]:
        """The words, normalised, that stand for a text: itself, or the longest of those with … in
        them. A blank text has none."""
        key = normal_key(text)
        if not key or key in self._whole:
            return [key] if key else []
        fitting = [word for word in self._open if word.stands_for(key)]
        longest = max((len(word.middle) for word in fitting), default=0)
        return [word.word for word in fitting if len(word.middle) == longest]


class ColumnWords:
    """What the office's words mean in one column."""

    def __init__(
        self, words: Mapping[str, str | bool], *, several: bool, counts: bool = False
    ) -> None:
        """``several``: the column takes several words in one cell, and each is looked up.
        ``counts``: its words say what was there or done, so that others may take them back."""
        yes_no = {True: "yes", False: "no"}
        self._words = OfficeWords(words)
        self._meanings = {
            normal_key(word.replace("...", ANYTHING)): yes_no[m] if isinstance(m, bool) else m
            for word, m in words.items()
        }
        self._several, self._counts = several, counts

    def meaning(self, text: str) -> str | None:
        """What a whole text means. None if it is not one of the words, if two equally long words
        that stand for it mean different things, or if the text in place of … takes the meaning
        back: 'Yes …' does not mean yes in 'Yes, not held'."""
        words = self._words.matches(text)
        meanings = {self._meanings[word] for word in words}
        if len(meanings) != 1:
            return None
        meaning = meanings.pop()
        if not self._counts:
            return meaning
        key = normal_key(text)
        middle = min(word.strip(f" {ANYTHING}") for word in words)
        taken_back = middle != key and undone_beside(key.replace(middle, " ", 1))
        return None if taken_back and _counts(meaning) else meaning

    def replaced(self, cell: RawValue, rest: Change = unchanged) -> RawValue:
        """The cell with meanings in place of words; '' if it means BLANK. A cell in which there is
        no word is changed by ``rest``."""
        text = raw_text(cell)
        meaning = self.meaning(text)
        if meaning is not None:
            return "" if meaning == BLANK else meaning
        if not self._several:
            return rest(cell)
        parts = [part for part in _PARTS.split(text) if part.strip()]
        meanings = [m if (m := self.meaning(part)) != NOT_DONE else None for part in parts]
        if not any(meanings):
            return rest(cell)
        pairs = zip(parts, meanings, strict=True)
        return "; ".join(part if m is None else m for part, m in pairs if m != BLANK)

    def joined(self, cells: Sequence[RawValue], rest: Change = unchanged) -> RawValue:
        """The texts of several cells, joined: the meaning of the joined text or, if it has none,
        the text with the meaning of each cell in place of it, changed by ``rest``."""
        meaning = self.meaning(joined_text(cells))
        if meaning is not None:
            return "" if meaning == BLANK else meaning
        meanings = [self.meaning(joined_text([cell])) for cell in cells]
        return rest(
            joined_text(
                cell if meaning in (None, NOT_DONE) else "" if meaning == BLANK else meaning
                for cell, meaning in zip(cells, meanings, strict=True)
            )
        )


def _counts(meaning: str) -> bool:
    """Whether a meaning says that there was something."""
    key = normal_key(meaning)
    return key not in (BLANK, NOT_DONE, "no", "none") and not undone_beside(key)


def changed(cells: Sequence[RawValue], change: Change) -> list[RawValue]:
    """The cells, each changed; equal ones once."""
    keys = distinct_keys(cells)
    new = {key: change(cell) for key, cell in dict(zip(keys, cells, strict=True)).items()}
    return [new[key] for key in keys]
