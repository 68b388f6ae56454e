"""How an office's own sheets become registers: the ``mapping`` of office.yaml (docs/mapping.md).

A person has confirmed every line of it. What accepted spellings make certain is not in it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator

from evidence.register import Declared

#: In place of a heading: the office does not keep this required column, and its cells are blank.
NOT_KEPT = "not kept"
#: A constant, or the meaning of a word: a blank cell.
BLANK = "blank"
#: The meaning of a word that says that something has not happened: its row is not a record.
NOT_DONE = "not done"
#: ``ends_at``: the records end at the first row without a filled cell.
BLANK_LINE = "blank line"

#: One thing in a cell that contains several. ``who`` and ``day`` are the two parts of a text such
#: as 'MF 20/4/26'. ``first day`` and ``last day`` are the earliest and the latest date of a text.
#: ``last dated line`` is the date with which the lowest line begins that begins with one. ``month
#: first`` is a date that has the month before the day. ``first word`` is the number or the word in
#: front of a text such as '1.2 Map contacts'.
CellPart: TypeAlias = Literal[
    "who", "day", "first day", "last day", "last dated line", "month first", "first word"
]


def _one_word(value: object) -> object:
    """Refuses what is not a word. Pydantic would report it once for each type of the union."""
    if isinstance(value, bool | str):
        return value
    is_single = isinstance(value, int | datetime.date)
    raise ValueError(f'write it in quotes: "{value}"' if is_single else "write one word")


def _one_constant(value: object) -> object:
    return value if isinstance(value, int) else _one_word(value)


#: The meaning of a word, and a constant.
Word: TypeAlias = Annotated[str | bool, BeforeValidator(_one_word)]
ConstantValue: TypeAlias = Annotated[str | bool | int, BeforeValidator(_one_constant)]


class Constant(Declared):
    """Each record has this in the column, as if it were typed in a cell: ``{always: yes}``."""

    always: ConstantValue
    """What every record has in the column. Example: yes"""


class FixedCell(Declared):
    """Each record has what is in one cell of the sheet, above the headings: ``{cell: B2}``."""

    cell: str
    """One cell of the sheet, whose contents count for all records. Example: B2"""


class BandCell(Declared):
    """The column is in the band above the record: ``{band: yes}`` (SheetMapping.bands)."""

    band: Literal[True]
    """Write 'yes': the column is in the title row above the record."""


class WideCell(Declared):
    """The column is in the ``cell`` of a wide column, or in its ``heading``: ``{wide: cell}``."""

    wide: Literal["cell", "heading"]
    """Whether the column is in the cell of the wide column, or in its heading."""


class UnheadedColumn(Declared):
    """The column is below no heading: ``{column: A}``, or a row's number where records are across.
    A cell in the row of the headings would be one."""

    column: str | int
    """The letter of a column without a heading, or the number of a row where records are across.
    Example: A"""


#: The model of a source, by a key of it in the file.
_TAGS = {
    "matched by": "MatchedName",
    "part": "PartOfCell",
    "always": "Constant",
    "cell": "FixedCell",
    "band": "BandCell",
    "wide": "WideCell",
    "column": "UnheadedColumn",
    "from": "PartOfCell",
    "join": "Joined",
}
_CELLS = "{wide: cell}, {wide: heading}, {band: yes}, {cell: B2}"


def _one_of(*tags: str, instead: str) -> Discriminator:
    """Chooses the model of a source by its keys, since pydantic would report the faults of every
    model. ``instead`` is what to write in place of a source that is none of them."""

    def tag_of(value: object) -> str | None:
        if isinstance(value, dict):
            tag = next((tag for key, tag in _TAGS.items() if key in value), None)
        else:
            tag = type(value).__name__
        return tag if tag in tags else None

    return Discriminator(
        tag_of, custom_error_type="value_error", custom_error_context={"error": f"write {instead}"}
    )


_Text: TypeAlias = Annotated[str, Tag("str")]
_Fixed: TypeAlias = Annotated[FixedCell, Tag("FixedCell")]
_Band: TypeAlias = Annotated[BandCell, Tag("BandCell")]
_Wide: TypeAlias = Annotated[WideCell, Tag("WideCell")]
_Unheaded: TypeAlias = Annotated[UnheadedColumn, Tag("UnheadedColumn")]
_Cell: TypeAlias = _Text | _Fixed | _Band | _Wide | _Unheaded
_CELL_TAGS = ("str", "FixedCell", "BandCell", "WideCell", "UnheadedColumn")

#: A cell of each record; a text is the heading above it.
CellSource: TypeAlias = Annotated[
    _Cell, _one_of(*_CELL_TAGS, instead=f"a heading, {_CELLS} or {{column: A}}")
]


class Joined(Declared):
    """The column is the texts of several cells, joined by spaces: ``{join: [Body, Date]}``. A date
    is written as 2026-04-20 there, so that both ends of a reference are written alike."""

    join: tuple[CellSource, ...]
    """The cells whose texts are joined by spaces. Example: [Body, Date]"""


_Joined: TypeAlias = Annotated[Joined, Tag("Joined")]


class PartOfCell(Declared):
    """The column is one part of other cells: ``{from: Checked, part: day}``."""

    from_: Annotated[
        _Cell | _Joined,
        _one_of(
            *_CELL_TAGS,
            "Joined",
            instead=f"a heading, {_CELLS}, {{column: A}} or {{join: […, …]}}",
        ),
    ]
    """The cells of which one part is taken. Example: Checked"""
    part: CellPart
    """Which part of the cell is taken."""


_Part: TypeAlias = Annotated[PartOfCell, Tag("PartOfCell")]


class MatchedName(Declared):
    """The column names a row of a list by something else than its key: ``{from: Name, matched by:
    Full name}``. It is read as the key of the one row of the list whose cell below the heading
    ``matched_by``, or below several headings that are joined, reads the same. With
    ``surname_first``, 'Jones, Ann' reads as 'Ann Jones' on both sides."""

    from_: Annotated[
        _Cell | _Joined | _Part,
        _one_of(
            *_CELL_TAGS,
            "Joined",
            "PartOfCell",
            instead=f"a heading, {_CELLS}, {{column: A}}, {{from: …, part: …}} or {{join: […, …]}}",
        ),
    ]
    """Where the sheet has the name. Example: Name"""
    matched_by: Annotated[
        _Text | _Joined, _one_of("str", "Joined", instead="a heading, or {join: […, …]}")
    ]
    """The heading under which the list has the same name, or several that are joined. Example: Full
    name"""
    surname_first: bool = False
    """Write 'yes': 'Jones, Ann' is 'Ann Jones'."""

    @property
    def list_headings(self) -> tuple[str, ...]:
        """The headings on the sheets of the list. Anything but a heading is refused before
        (record.office.mapping_checks)."""
        parts = (self.matched_by,) if isinstance(self.matched_by, str) else self.matched_by.join
        return tuple(part for part in parts if isinstance(part, str))


#: Where the cells of a column come from; a text is a heading, or NOT_KEPT.
ColumnSource: TypeAlias = Annotated[
    _Cell
    | _Joined
    | Annotated[Constant, Tag("Constant")]
    | _Part
    | Annotated[MatchedName, Tag("MatchedName")],
    _one_of(
        *_CELL_TAGS,
        "Joined",
        "Constant",
        "PartOfCell",
        "MatchedName",
        instead=f"a heading, not kept, {{always: yes}}, {_CELLS}, {{column: A}}, "
        "{from: …, part: …}, {from: …, matched by: …} or {join: […, …]}",
    ),
]


class Wide(Declared):
    """Columns of the sheet each of which gives records of its own, such as the courses of a
    training matrix: those with the headings ``columns``, or every other column with a heading to
    the right of the heading ``after``. A blank cell in one is not a record. ``other_columns`` are
    the other headings that the table had when a person chose the columns; None: nobody knows."""

    columns: tuple[str, ...] = ()
    """The headings of the columns that each give records of their own. Example: [Awareness,
    Refresher]"""
    other_columns: tuple[str, ...] | None = None
    """The other headings that the sheet had when a person chose these columns. A report names a
    heading that is new. Example: [First aid]"""
    after: str | None = None
    """Every column with a heading to the right of this one gives records of its own. Example: Name
    """


class RegisterMapping(Declared):
    """The records that a sheet gives of one register: where each of its columns comes from, and
    what the office's own words mean, by column. The meaning of a word is a word that the column
    takes, BLANK or NOT_DONE; … in a word stands for any text (evidence.mapping.words).
    ``only_rows_where``: only rows with one of these words under each of these headings count.
    ``except_rows_where``: rows with one of these words under one of these headings do not."""

    register_id: str = Field(alias="register")
    """The id of the register. Example: training"""
    only_rows_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Headings, each with one or several words. Only rows with one of the words under each of them
    are records. Example: {Status: [Current]}"""
    except_rows_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Headings, each with one or several words. Rows with one of the words under any of them are
    not records. Example: {Status: [Left]}"""
    wide: Wide | None = None
    """Columns that each give records of their own."""
    columns: dict[str, ColumnSource] = Field(default_factory=dict)
    """Where each column of the register comes from. Example: {completed on: Date passed}"""
    words: dict[str, dict[str, Word]] = Field(default_factory=dict)
    """What the office's own words mean, by column of the register. Example: {course: {WRAP:
    awareness}}"""

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
    text with which the first row after them begins. With ``bands``, a row with one filled cell is
    not a record but a title over the records below it. ``gives`` is empty for a sheet that is not
    evidence.
    """

    file: str
    """The name of the file, in which * stands for any text. Example: Training matrix.xlsx"""
    sheet: str | None = None
    """The name of the sheet. Leave it out for a CSV file. Example: Matrix"""
    only_columns: str | None = None
    """The columns of the table, where the sheet has another table beside it. Example: A:F"""
    records: Literal["down", "across"] = "down"
    """'across' where each record is a column and the headings are in a column."""
    headings: int | str | tuple[int | str, ...] | None = None
    """The row of the headings, or two rows that are read as one. Example: 5"""
    ends_at: str | None = None
    """Where the records end: 'blank line', or the text with which the first line after them begins.
    Example: '% done'"""
    bands: bool = False
    """'yes' where a row with one filled cell is a title over the records below it."""
    struck_through_rows: Literal["left out", "counted"] | None = None
    """What becomes of rows that are struck through."""
    gives: tuple[RegisterMapping, ...]
    """The registers that the table gives; none for a sheet that is not evidence."""

    @field_validator("headings", mode="before")
    @classmethod
    def _rows_of_headings(cls, value: object) -> object:
        """Refuses what is not a row. Pydantic would report it once for each type of the union."""
        rows = value if isinstance(value, list | tuple) else (value,)
        fits = (isinstance(row, int | str) and not isinstance(row, bool) for row in rows)
        if value is not None and not all(fits):
            raise ValueError("write the row, such as 5, or two rows, such as [4, 5]")
        return tuple(value) if isinstance(value, list) else value


#: The mapping of an office.
OfficeMapping: TypeAlias = Sequence[SheetMapping]


def cells_of_source(source: ColumnSource) -> Iterator[CellSource]:
    """The cells from which a column comes: a text is a heading. A constant comes from none."""
    if isinstance(source, PartOfCell | MatchedName):
        yield from cells_of_source(source.from_)
    elif isinstance(source, Joined):
        yield from source.join
    elif not isinstance(source, Constant) and source != NOT_KEPT:
        yield source


def constant_text(constant: Constant) -> str:
    """A constant as it would be typed in a cell; '' for BLANK."""
    value = constant.always
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value == BLANK else str(value)


def in_order(mapping: OfficeMapping) -> list[SheetMapping]:
    """The tables in the order of their files and sheets. Those of one sheet keep their own order,
    in which their records are read; no other order in office.yaml makes a difference."""
    return sorted(mapping, key=lambda part: (part.file, part.sheet or ""))


def mapping_json(mapping: OfficeMapping) -> str:
    """The mapping as JSON, every key as it is written in office.yaml and defaults left out: the
    same text for the same mapping, whatever the layout of the file and the order of its sheets."""
    sheets = [part.model_dump(by_alias=True, exclude_defaults=True) for part in in_order(mapping)]
    return json.dumps(sheets, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def mapping_sha256(mapping: OfficeMapping) -> str:
    """The SHA-256 of the mapping's JSON, by which an assessment names it."""
    return hashlib.sha256(mapping_json(mapping).encode()).hexdigest()


def register_sha256s(mapping: OfficeMapping) -> tuple[tuple[str, str], ...]:
    """The SHA-256 of what the mapping says of each register that it gives: its tables, with nothing
    of the other registers that they give too."""
    parts: dict[str, list[SheetMapping]] = {}
    for sheet in mapping:
        for register_mapping in sheet.gives:
            part = sheet.model_copy(update={"gives": (register_mapping,)})
            parts.setdefault(register_mapping.register_id, []).append(part)
    return tuple((register, mapping_sha256(tables)) for register, tables in parts.items())
