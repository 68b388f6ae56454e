"""What a register is: a table of evidence, declared as data (registers.yaml of a rulebook)."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isroutine
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticUndefined

ColumnType = Literal["day", "period", "code", "codes", "yes/no", "number", "text", "key", "keys"]
PeriodKind = Literal["financial year", "calendar year", "quarter", "month"]

#: What a blank cell of a column may be declared to mean. ``unreadable``: it cannot be read and is
#: a problem. ``nothing``: there is nothing to record (not ended, not done yet, not cancelled).
#: Anything else is the code, or yes or no, that the blank means.
BLANK_UNREADABLE = "unreadable"
BLANK_NOTHING = "nothing"


def spaced(name: str) -> str:
    """The YAML key of a model's field: ``dated_by`` is written ``dated by``."""
    return name.rstrip("_").replace("_", " ")


class Declared(BaseModel):
    """A strict, frozen declaration read from YAML; unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=spaced,
        validate_by_name=True,
        defer_build=True,  # most are only ever parts of another, which is built whole
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **more: object) -> None:
        """Makes a field without a default required. For a field called as a method of the
        metaclass, such as ``register``, pydantic takes that method for its default."""
        super().__pydantic_init_subclass__(**more)
        for field in cls.model_fields.values():
            if isroutine(field.default):
                field.default = PydanticUndefined


class Latest(Declared):
    """A column that the program fills with yes or no: whether the row with the key in ``key``, in
    the register ``within``, is the latest of the kind ``of`` (a code of the column ``kind`` there),
    by its day in ``issued``, on this row's day in ``by``. Nothing if ``key`` is blank; unreadable
    if one of those cells is, or a row there that may be of the kind (semantics.md: Evidence)."""

    key: str
    within: str
    kind: str
    of: str
    issued: str
    by: str


class DayOf(Declared):
    """A column that the program fills with the day in ``day`` of the row with the key in ``key``,
    in the register ``within`` (the day of the meeting that was minuted). Nothing if ``key`` is
    blank or names no row, a cancelled one, or one without a day; unreadable if one of those cells
    is."""

    key: str
    within: str
    day: str


class Closes(Declared):
    """A row whose ``column`` is ``code`` says that the row it names is over, so that the column
    ``fills`` of that row should be filled."""

    column: str
    code: str
    fills: str


class Succession(Declared):
    """A later row of the same ``kind`` and ``year``, by the first filled day of the columns
    ``dated``, replaces an earlier one."""

    kind: str
    year: str
    dated: tuple[str, ...]


class ColumnSpec(Declared):
    """One column of a register.

    ``heading``: the heading in the blank workbook, and in words where a sheet's own is not known;
    rules always use ``name``. ``required``: the sheet must have the column; otherwise a missing
    column reads as blank. ``codes`` maps each code to its synonyms; of a yes/no column, yes and no
    to their words, in place of the usual ones. ``periods`` lists the accepted
    kinds of period. ``refers_to`` is the register whose keys the cells contain, ``refers_to_any``
    several such registers. ``personal`` marks data about a person; ``sensitive`` text is never
    echoed. ``planned``: days after the as-of date are expected. ``ends_or_undoes``: the column can
    say that a row no longer counts, so an office must say what it means where it keeps none.
    ``fault``: of a yes/no column, what is said of a row that says no where a rule requires yes
    ('was not passed'). ``example``: what the example row of the blank workbook contains.
    """

    name: str
    type: ColumnType
    heading: str = ""
    spellings: tuple[str, ...] = ()
    required: bool = True
    blank: str = BLANK_UNREADABLE
    codes: dict[str, tuple[str, ...]] = {}
    periods: tuple[PeriodKind, ...] = ()
    refers_to: str | None = None
    refers_to_any: tuple[str, ...] = ()
    personal: bool = False
    sensitive: bool = False
    planned: bool = False
    ends_or_undoes: bool = False
    fault: str = ""
    latest: Latest | None = None
    day_of: DayOf | None = None
    closes: Closes | None = None
    note: str = ""
    example: str = ""

    @property
    def usual_heading(self) -> str:
        """The heading in the blank workbook."""
        return self.heading or self.name

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which a sheet may have the column."""
        own = (self.name, self.heading) if self.heading else (self.name,)
        return (*own, *self.spellings)

    @property
    def named(self) -> tuple[str, ...]:
        """The registers of which a cell may name a row by its key; () where it names none."""
        return (self.refers_to,) if self.refers_to else self.refers_to_any

    @property
    def looks_in(self) -> str | None:
        """The register from which the program fills the column; None if people fill it in."""
        filled = self.latest or self.day_of
        return filled.within if filled else None


class RegisterSpec(Declared):
    """One register: the names of its sheets and its columns.

    ``key`` names the column that identifies a row, ``label`` the one that shows it to a person,
    ``dated_by`` the day column that usually dates a row, ``cancelled`` the yes/no column of rows
    that did not take place, ``recorded_on`` the day on which the row was written, ``begins`` and
    ``ends`` the days from which and before which a row applies. A ``control`` sheet (nil returns,
    waivers, acknowledgements, owners) may be left out. ``one_holder_of`` names a role that one row
    at a time has (semantics.md: Patterns).
    """

    id: str
    title: str
    about: str
    sheets: tuple[str, ...]
    key: str | None = None
    label: str | None = None
    dated_by: str | None = None
    cancelled: str | None = None
    recorded_on: str | None = None
    control: bool = False
    begins: str | None = None
    ends: str | None = None
    succession: Succession | None = None
    one_holder_of: str | None = None
    columns: tuple[ColumnSpec, ...]

    @property
    def written(self) -> RegisterSpec:
        """The register without the columns that the program fills itself, as a sheet has it."""
        kept = tuple(spec for spec in self.columns if spec.looks_in is None)
        return self if len(kept) == len(self.columns) else self.model_copy(update={"columns": kept})

    def column(self, name: str) -> ColumnSpec:
        """The column of that name; raises KeyError if the register has none."""
        for spec in self.columns:
            if spec.name == name:
                return spec
        raise KeyError(name)


#: Registers by their ids.
Registers: TypeAlias = Mapping[str, RegisterSpec]
