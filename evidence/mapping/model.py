"""How an office's own sheets become registers: the ``mapping`` of office.yaml (docs/mapping.md).

A person has confirmed every line of it. What accepted spellings make certain is not in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from pydantic import Field

from evidence.register import Declared

#: In place of a heading: the office does not keep this required column, and its cells are blank.
NOT_KEPT = "not kept"
#: A constant, or the meaning of a word: a blank cell.
BLANK = "blank"
#: The meaning of a word that says that something has not happened: its line is no record.
NOT_DONE = "not done"
#: ``ends_at``: the records end at the first line without a filled cell.
BLANK_LINE = "blank line"

#: One thing in a cell that contains several. ``who`` and ``day`` are the two parts of a text such
#: as 'MF 20/4/26'. ``first day`` and ``last day`` are the earliest and the latest date of a text.
#: ``last dated line`` is the date with which the lowest line begins that begins with one. ``month
#: first`` is a date that has the month before the day. ``first word`` is the number or the word in
#: front of a text such as '1.2 Map contacts'.
CellPart: TypeAlias = Literal[
    "who", "day", "first day", "last day", "last dated line", "month first", "first word"
]


class Constant(Declared):
    """Each record has this in the column, as if it were typed in a cell: ``{always: yes}``."""

    always: str | bool | int


class FixedCell(Declared):
    """Each record has what is in one cell of the sheet, above the headings: ``{cell: B2}``."""

    cell: str


class BandCell(Declared):
    """The column is in the band above the record: ``{band: yes}`` (SheetMapping.bands)."""

    band: Literal[True]


class WideCell(Declared):
    """The column is in the ``cell`` of a wide column, or in its ``heading``: ``{wide: cell}``."""

    wide: Literal["cell", "heading"]


class UnheadedColumn(Declared):
    """The column is below no heading: ``{column: A}``, or a row's number where records are across.
    A cell in the row of the headings would be one."""

    column: str | int


#: A cell of each record; a text is the heading above it.
CellSource: TypeAlias = str | FixedCell | BandCell | WideCell | UnheadedColumn


class Joined(Declared):
    """The column is the texts of several cells, joined by spaces: ``{join: [Body, Date]}``. A date
    is written as 2026-04-20 there, so that both ends of a reference are written alike."""

    join: tuple[CellSource, ...] = Field(min_length=1)


class PartOfCell(Declared):
    """The column is one part of other cells: ``{from: Checked, part: day}``."""

    from_: CellSource | Joined
    part: CellPart


#: Where the cells of a column come from; a text is a heading, or NOT_KEPT.
ColumnSource: TypeAlias = CellSource | Constant | PartOfCell | Joined


class Wide(Declared):
    """Columns of the sheet each of which gives records of its own, such as the courses of a
    training matrix: those with the headings ``columns``, or every other column with a heading to
    the right of the heading ``after``. A blank cell in one is no record."""

    columns: tuple[str, ...] = ()
    after: str | None = None


class RegisterMapping(Declared):
    """The records that a sheet gives of one register: where each of its columns comes from, and
    what the office's own words mean, by column. The meaning of a word is a word that the column
    takes, BLANK or NOT_DONE; … in a word stands for any text (evidence.mapping.words).
    ``only_rows_where``: only lines with one of these words under each of these headings count.
    ``except_rows_where``: lines with one of these words under one of these headings do not."""

    register_id: str = Field(alias="register")
    only_rows_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    except_rows_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    wide: Wide | None = None
    columns: dict[str, ColumnSource] = Field(default_factory=dict)
    words: dict[str, dict[str, str | bool]] = Field(default_factory=dict)

    @property
    def headings(self) -> list[str]:
        """The headings that it uses, each once."""
        wide = self.wide or Wide()
        headings = [*self.only_rows_where, *self.except_rows_where, *wide.columns]
        headings += [wide.after] if wide.after else []
        for source in self.columns.values():
            headings.extend(part for part in cells_of_source(source) if isinstance(part, str))
        return list(dict.fromkeys(headings))


class SheetMapping(Declared):
    """One table of a sheet, and the registers that it gives.

    ``file`` is the name of the file, in which * stands for any text; ``sheet`` is left out for a
    CSV file. ``only_columns`` are the columns of the table ('A:F'), where the sheet has another
    beside it. With ``records`` across, rows and columns change places in all that follows.
    ``headings`` is the row of the headings, or two rows that are read as one; None: the first row
    that has most headings of the mapping. ``ends_at`` is where the records end: BLANK_LINE, or the
    text with which the first line after them begins. With ``bands``, a line with one filled cell is
    no record but a title over the records below it.
    """

    file: str
    sheet: str | None = None
    only_columns: str | None = None
    records: Literal["down", "across"] = "down"
    headings: int | str | tuple[int | str, ...] | None = None
    ends_at: str | None = None
    bands: bool = False
    struck_through_rows: Literal["left out", "counted"] | None = None
    gives: tuple[RegisterMapping, ...] = Field(min_length=1)


#: The mapping of an office.
OfficeMapping: TypeAlias = Sequence[SheetMapping]


def cells_of_source(source: ColumnSource) -> Iterator[CellSource]:
    """The cells from which a column comes: a text is a heading. A constant comes from none."""
    if isinstance(source, PartOfCell):
        yield from cells_of_source(source.from_)
    elif isinstance(source, Joined):
        yield from source.join
    elif not isinstance(source, Constant) and source != NOT_KEPT:
        yield source


def mapping_json(mapping: OfficeMapping) -> str:
    """The mapping as JSON, every key as it is written in office.yaml and defaults left out: the
    same text for the same mapping, whatever the layout of the file."""
    sheets = [sheet.model_dump(by_alias=True, exclude_defaults=True) for sheet in mapping]
    return json.dumps(sheets, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def mapping_sha256(mapping: OfficeMapping) -> str:
    """The SHA-256 of the mapping's JSON, by which an assessment names it."""
    return hashlib.sha256(mapping_json(mapping).encode()).hexdigest()
