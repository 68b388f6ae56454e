"""The columns of a table, and how well their cells fit a column of a register."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from evidence.cells.readers import reader_for
from evidence.cells.silence import says_nothing
from evidence.cells.text import is_blank, normal_key, raw_text, spaced_once
from evidence.cells.types import type_cells
from evidence.mapping.cell_parts import joined_text, part_of_cell
from evidence.mapping.layout import HEADING_SEPARATOR
from evidence.mapping.model import BandCell, CellPart, Joined, PartOfCell
from evidence.mapping.propose.kinds import Kind, kind_of, spread
from evidence.mapping.propose.likeness import turning
from evidence.mapping.propose.proposals import ExampleCell
from evidence.mapping.propose.tables import MOST_COLUMNS, SheetTable
from evidence.raw_cells import RawValue
from evidence.register import ColumnSpec
from evidence.table import CellState

_EXAMPLES = 5
_SHOWN = 60  # characters of an example
#: Different texts of a column whose meanings are looked for; one with more has no words for codes.
MOST_WORDS = 60
#: A number in front of a text: 3, 1.2, 4b or A-7.
_NUMBERED = re.compile(r"[A-Za-z]{0,3}[-./]?[0-9][0-9.a-z/-]*+$")
_REFERENCE = re.compile(r"(?=.{1,20}$)(?:\S+|(?=.*[0-9])\S+ \S+)")
_PARTS: tuple[CellPart, ...] = ("day", "month first", "last dated line", "last day")
_DAY = ColumnSpec(name="", type="day")
_ANSWER = ColumnSpec(name="", type="yes/no")


@dataclass(frozen=True, slots=True)
class Fit:
    """How well cells fit a column. ``read`` is the share of the cells that can be read, and
    ``filled_read`` that of the cells that say something. ``part`` is what must be taken of them,
    and ``whole`` the share that is read without that. ``with_band``: the band above is needed."""

    read: float
    filled_read: float
    part: CellPart | None = None
    whole: float = 0.0
    with_band: bool = False


@dataclass
class SheetColumn:
    """A column of a table with a heading that is there once. ``sample`` are some of its filled
    cells with the indexes of their lines; ``words`` are its different texts, each with the index
    of the first line that has it (none if there are more than ``MOST_WORDS``). ``label`` is the
    heading, or the upper part of it where that tells the columns apart and the lower does not."""

    table: SheetTable
    index: int
    heading: str
    sample: Sequence[tuple[int, RawValue]]
    words: dict[str, int]
    label: str = ""
    _fits: dict[object, Fit] = field(default_factory=dict)

    @property
    def values(self) -> list[RawValue]:
        """The cells of the sample."""
        return [cell for _, cell in self.sample]

    def kinds(self) -> list[Kind]:
        """The kinds of the cells of the sample."""
        return [kind_of(cell) for cell in self.values]

    def examples(self, word: str | None = None) -> tuple[ExampleCell, ...]:
        """Up to five cells, evenly spread; if ``word`` is given, only those with this word."""
        cells = self.sample
        if word is not None:
            cells = [(i, c) for i, c in cells if normal_key(raw_text(c)) == normal_key(word)]
            first = self.words.get(word)
            if not cells and first is not None:
                cells = [(first, word)]
        return tuple(
            ExampleCell(
                self.table.laid_out.address(line, self.index), spaced_once(raw_text(cell))[:_SHOWN]
            )
            for line, cell in spread(cells, _EXAMPLES)
        )

    @property
    def is_answered(self) -> bool:
        """Whether nearly all cells say yes or no."""
        return bool(self.words) and self.fit(_ANSWER).filled_read >= 0.9

    @property
    def only_counts(self) -> bool:
        """Whether the cells only number the rows, so that 1, 2, 3 are not staff numbers."""
        texts = [raw_text(cell) for cell in self.values]
        return len(texts) > 1 and texts == [str(number + 1) for number in range(len(texts))]

    def fit(self, spec: ColumnSpec, *, is_key: bool = False) -> Fit:
        """How well the cells fit a column; ``is_key``: it is the key of its register."""
        key = (spec.type, spec.periods, tuple(spec.codes), is_key)
        if key not in self._fits:
            self._fits[key] = self._fit(spec, is_key)
        return self._fits[key]

    def _fit(self, spec: ColumnSpec, is_key: bool) -> Fit:
        """How well the cells fit a column of the register."""
        cells = self.values
        if not cells:
            return Fit(0.0, 0.5)
        if spec.type == "day":
            return self._day_fit()
        if spec.type in ("key", "number") and (first := self._first_words(spec, is_key)):
            return first
        if spec.type in ("text", "key", "keys"):
            kinds = self.kinds()
            texts = sum(kind == "text" for kind in kinds) / len(kinds)
            numbers = sum(kind == "number" for kind in kinds) / len(kinds)
            share = texts + numbers * (0.4 if spec.type == "text" else 1.0)
            if spec.type != "text":
                share *= self._short_share()
            if (is_key and not self._is_distinct()) or (spec.type != "text" and self.is_answered):
                share = 0.0
            return Fit(share, share)
        return _read_share(spec, cells)

    def _first_words(self, spec: ColumnSpec, is_key: bool) -> Fit | None:
        """How well the numbers in front of texts fit, such as '1.2 Map contacts'; None if the
        texts do not begin so."""
        words = [part_of_cell(cell, "first word") for cell in self.values]
        longer = sum(word != cell for word, cell in zip(words, self.values, strict=True))
        if longer * 10 < len(words) * 9 or not all(_NUMBERED.match(raw_text(w)) for w in words):
            return None
        if is_key and len(set(map(raw_text, words))) < len(words):
            return None
        share = _read_share(spec, words)
        return Fit(share.read, share.filled_read, "first word")

    def _short_share(self) -> float:
        """The share of the cells that are short enough for a reference: a word, or two words with
        a figure."""
        texts = [spaced_once(raw_text(cell)) for cell in self.values]
        return sum(bool(_REFERENCE.fullmatch(text)) for text in texts) / len(texts)

    def _is_distinct(self) -> bool:
        texts = [normal_key(raw_text(cell)) for cell in self.values]
        texts = [text for text in texts if not says_nothing(text)]
        return bool(texts) and len(set(texts)) == len(texts)

    def _day_fit(self) -> Fit:
        """How well the cells fit a column of days: whole, by a part of each cell, or together with
        the band above them. A part must fit clearly more cells than the whole does."""
        best = _read_share(_DAY, self.values)
        if best.read >= 0.9:
            return best
        whole = best.filled_read
        for part in _PARTS:
            taken = [part_of_cell(cell, part) for cell in self.values]
            share = _read_share(_DAY, taken)
            if share.filled_read >= best.filled_read + (0.02 if best.part is None else 0.2):
                best = Fit(share.read, share.filled_read, part, whole)
        if best.filled_read < 0.5 and self.table.shape.bands:
            joined = [
                joined_text((cell, self.table.laid_out.band_above(line).value))
                for line, cell in self.sample
            ]
            share = _read_share(_DAY, joined)
            if share.filled_read > max(best.filled_read, 0.5):
                best = Fit(share.read, share.filled_read, with_band=True)
        return best

    def is_read_whole(self, fit: Fit) -> bool:
        """Whether the part of the cells that is not read changes nothing: '12/11/25 HoPP' is the
        day of something done, but 'Booked 12/11/25' may not be."""
        rest = fit.part == "day" and not any(turning(raw_text(cell)) for cell in self.values)
        return rest or fit.part in (None, "first word")

    def source(self, fit: Fit) -> str | PartOfCell | Joined:
        """Where a column with this fit comes from."""
        if fit.with_band:
            return Joined(join=(self.heading, BandCell(band=True)))
        if fit.part is not None:
            return PartOfCell(from_=self.heading, part=fit.part)
        return self.heading


def table_columns(table: SheetTable) -> Iterator[SheetColumn]:
    """The columns of a table that a mapping can name: those whose heading is there once."""
    laid_out = table.laid_out
    parts = [text.rpartition(HEADING_SEPARATOR) for text in laid_out.headings if text]
    uppers = [upper for upper, _, _ in parts if upper]
    lowers = [low for _, _, low in parts]
    by_upper = len(uppers) * 2 > len(parts) and len(set(uppers)) == len(uppers)
    by_upper = by_upper and len(set(lowers)) < len(lowers)
    for index, heading in enumerate(laid_out.headings[:MOST_COLUMNS]):
        if heading and len(laid_out.columns_of(heading)) == 1:
            cells = table.cells(index)
            words: dict[str, int] = {}
            for line, cell in cells:
                if not isinstance(cell, datetime.date):
                    words.setdefault(raw_text(cell).strip(), line)
                    if len(words) > MOST_WORDS:
                        words.clear()
                        break
            label = heading.rpartition(HEADING_SEPARATOR)[0] if by_upper else ""
            yield SheetColumn(table, index, heading, spread(cells), words, label or heading)


def _read_share(spec: ColumnSpec, cells: Sequence[RawValue]) -> Fit:
    """How many of these cells a column reads, as they are."""
    if spec.type == "day":
        days = type_cells(_DAY, cells).state
        are_read = [state == CellState.READ for state in days]
    else:
        reader = reader_for(spec, hints=False)
        are_read = [reader(cell).value is not None for cell in cells]
    read = sum(are_read)
    silent = sum(
        not is_read and (is_blank(cell) or says_nothing(raw_text(cell)))
        for is_read, cell in zip(are_read, cells, strict=True)
    )
    return Fit(read / len(cells), read / max(len(cells) - silent, 1))
