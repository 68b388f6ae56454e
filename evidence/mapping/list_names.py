"""The lists by whose names a mapping finds keys: their rows, and which row a name is on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from evidence.cells.silence import key_says_nothing
from evidence.cells.text import listed, nearest_names, normal_heading, normal_key, row_numbers_text
from evidence.mapping.cell_parts import joined_text
from evidence.mapping.model import MatchedName
from evidence.raw_cells import RawValue

#: The most names on the list that a name is compared with, since that takes long.
_MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class ListSheet:
    """The rows of a sheet of a list: their numbers, their keys (None where one cannot be read), and
    their cells by normalised heading. ``headings`` are these as they are written, and ``repeated``
    those that the sheet has several times. The cells may be in no register: they serve to find
    keys, and no report shows them."""

    register: str
    file: str
    sheet: str
    rows: Sequence[int]
    keys: Sequence[str | None]
    cells: Mapping[str, Sequence[RawValue]]
    headings: Mapping[str, str]
    repeated: Collection[str]


#: All sheets of the lists whose rows a mapping may name.
ListSheets: TypeAlias = Sequence[ListSheet]


class ListRow(NamedTuple):
    """A row of a list that has a name, and its key: None where it cannot be read."""

    key: str | None
    file: str
    sheet: str
    row: int


def name_key(text: str, *, surname_first: bool) -> str:
    """A name as it is compared: capitals and extra spaces make no difference. With
    ``surname_first`` what is after the one comma of a text goes before it. '' if it says
    nothing."""
    key = normal_key(text)
    last, comma, first = key.partition(",")
    if surname_first and comma and "," not in first and last.strip() and first.strip():
        key = f"{first.strip()} {last.strip()}"
    return "" if key_says_nothing(key) else key


class ListNames:
    """The rows of the lists that a column names, by the name that ``source`` matches."""

    def __init__(self, lists: ListSheets, registers: Collection[str], source: MatchedName) -> None:
        self._surname_first = source.surname_first
        self._headings = source.list_headings
        self._sheets = [sheet for sheet in lists if sheet.register in registers]
        self._nearest: dict[str, Sequence[ListRow]] = {}

    @property
    def lacking(self) -> tuple[str, str] | None:
        """A heading that a sheet of the list has not exactly once, and that sheet."""
        for sheet in self._sheets:
            for heading in self._headings:
                name = normal_heading(heading)
                if name not in sheet.cells or name in sheet.repeated:
                    return heading, sheet.sheet
        return None

    @cached_property
    def _rows(self) -> Mapping[str, Sequence[ListRow]]:
        rows: dict[str, list[ListRow]] = {}
        for sheet in self._sheets if self.lacking is None else ():
            columns = [sheet.cells[normal_heading(heading)] for heading in self._headings]
            keyed = zip(sheet.rows, sheet.keys, zip(*columns, strict=True), strict=True)
            for row, key, cells in keyed:
                if name := self._key(joined_text(cells)):
                    rows.setdefault(name, []).append(ListRow(key, sheet.file, sheet.sheet, row))
        return rows

    def _key(self, text: str) -> str:
        return name_key(text, surname_first=self._surname_first)

    def rows(self, text: str) -> Sequence[ListRow]:
        """The rows that have a name. If they all have one key, only the first of them; if they have
        several keys, all of them, since it is not clear which is meant."""
        rows = self._rows.get(self._key(text), ())
        same_key = bool(rows) and rows[0].key is not None and len({row.key for row in rows}) == 1
        return rows[:1] if same_key else rows

    def nearest(self, text: str) -> Sequence[ListRow]:
        """The rows of the name that is most similar to a text and has a word in common with it; ()
        if no name is similar."""
        key = self._key(text)
        if key not in self._nearest:
            by_word = [self._by_word[word] for word in _words(key) if word in self._by_word]
            by_word.sort(key=len)
            names = chain.from_iterable(by_word)
            nearest = nearest_names(key, islice(names, _MOST_COMPARED), 1)
            self._nearest[key] = self._rows[nearest[0]] if nearest else ()
        return self._nearest[key]

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for name in self._rows:
            for word in _words(name):
                names[word].append(name)
        return names


def _words(name: str) -> list[str]:
    return [word for word in name.replace(",", " ").replace(".", " ").split() if len(word) > 1]


def rows_words(rows: Iterable[ListRow]) -> str:
    """``rows 4 and 17 of the sheet 'Staff'``, by sheet."""
    sheets: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        sheets.setdefault((row.file, row.sheet), []).append(row.row)
    return listed(
        [
            f"{row_numbers_text(sorted(numbers))} of the sheet '{sheet}'"
            for (_, sheet), numbers in sheets.items()
        ]
    )
