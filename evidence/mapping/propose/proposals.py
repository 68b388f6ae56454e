"""Proposals for the sheets of a workbook, one small fact at a time.

Nothing here is used until a person has confirmed it (evidence.mapping.confirm).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from evidence.mapping.model import ColumnSource, Wide


class Certainty(StrEnum):
    """How far a proposal can be trusted. A certain one is practically never wrong: it rests on an
    accepted spelling, and on values that fit."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class ExampleCell:
    """A cell that shows what a proposal is about."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """Where a column of the register comes from. The column is named by its name in the register.
    ``examples`` are at most five; a sensitive column has none."""

    column: str
    source: ColumnSource
    certainty: Certainty
    reason: str
    examples: tuple[ExampleCell, ...] = ()


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What one of the office's words means in a column: a word that the column takes, BLANK or
    NOT_DONE (evidence.mapping.model). A word that the column accepts as it is means itself."""

    column: str
    word: str
    meaning: str
    certainty: Certainty
    reason: str
    examples: tuple[ExampleCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person of the office knows.

    ``about`` a ``column``: whether the office keeps it, and if not, whether it is always the same.
    The answer is a source of the column. About a ``word`` in the column: its meaning, one of the
    ``options``. About ``rows``: whether only lines with ``word`` under ``heading`` count (yes or
    no). About ``struck`` rows: ``left out`` or ``counted``.
    """

    about: Literal["column", "word", "rows", "struck"]
    text: str
    register: str = ""
    column: str = ""
    word: str = ""
    heading: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterProposal:
    """A register that a table gives, with where its columns come from and what its words mean."""

    register_id: str
    certainty: Certainty
    reason: str
    columns: tuple[ColumnProposal, ...] = ()
    words: tuple[WordProposal, ...] = ()
    wide: Wide | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class TableProposal:
    """A table of a sheet: where it is, and the registers that it gives, which may be none.

    The fields up to ``bands`` are those of evidence.mapping.model.SheetMapping. ``ends_at`` is
    what the first line after the records begins with, and ``end_reason`` says which lines are
    left out.
    """

    headings: tuple[int | str, ...]
    only_columns: str | None
    records: Literal["down", "across"]
    ends_at: str | None
    bands: bool
    certainty: Certainty
    reason: str
    end_reason: str = ""
    gives: tuple[RegisterProposal, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetProposal:
    """What is proposed for one sheet of a file. ``sheet`` is None for a CSV file. ``cannot`` says
    what a mapping cannot do for it, and what to change in the sheet, in a sentence each."""

    file: str
    sheet: str | None
    tables: tuple[TableProposal, ...]
    cannot: tuple[str, ...] = ()
