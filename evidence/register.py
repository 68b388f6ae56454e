"""What a register is: a table of evidence, declared as data (registers.yaml of a rulebook)."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isroutine
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticUndefined

ColumnType = Literal[
    "day", "period", "code", "codes", "yes/no", "number", "text", "link", "key", "keys"
]
PeriodKind = Literal["financial year", "calendar year", "quarter", "month"]

#: What a blank cell of a column may be declared to mean. ``unreadable``: it cannot be read and is
#: a problem. ``nothing``: there is nothing to record (not ended, not done yet, not cancelled).
#: Anything else is the code, or yes or no, that the blank means.
BLANK_UNREADABLE = "unreadable"
BLANK_NOTHING = "nothing"

#: The register in which an office says that it has nothing to list for a period.
NIL_RETURNS = "nil returns"


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
    """The column of this register that names a row of the other one by its key. Example: assessment
    """
    within: str
    """The register of the row that is named. Example: documents"""
    kind: str
    """The column there that says what kind each row is. Example: kind"""
    of: str
    """The code in that column of the rows that count. Example: assessment"""
    issued: str
    """The date column there by which rows of one kind are ordered. Example: issued on"""
    by: str
    """The date column of this register: only rows dated up to that date are compared. Example:
    reviewed on"""


class DayOf(Declared):
    """A column that the program fills with the day in ``day`` of the row with the key in ``key``,
    in the register ``within`` (the day of the meeting that was minuted). Nothing if ``key`` is
    blank or names no row, a cancelled one, or one without a day; unreadable if one of those cells
    is."""

    key: str
    """The column of this register that names a row of the other one by its key. Example: meeting"""
    within: str
    """The register of the row that is named. Example: meetings"""
    day: str
    """The date column there from which this column is filled. Example: held on"""


class Closes(Declared):
    """What a row says of the row that it names: it is over, so that one of its columns should be
    filled."""

    column: str
    """The column of this register that can say that the row it names is over. Example: outcome"""
    code: str
    """The code in that column that says so. Example: completed"""
    fills: str
    """The date column of the named row that should then be filled. Example: completed on"""


class Succession(Declared):
    """A later row of the same ``kind`` and ``year``, by the first filled day of the columns
    ``dated``, replaces an earlier one."""

    kind: str
    """The column that says of what kind a row is. Example: kind"""
    year: str
    """The column that says for which year a row is. Example: for year"""
    dated: tuple[str, ...]
    """The date columns by which rows of one kind and year are ordered. The first one that is filled
    counts. Example: [agreed on, issued on]"""


class ColumnSpec(Declared):
    """One column of a register."""

    name: str
    """The name by which rules and cases refer to the column. Example: completed on"""
    type: ColumnType
    """What the cells contain: a date, a period, one code, several codes, yes or no, a number, free
    text, a link to a document, the key of a row, or several keys."""
    heading: str = ""
    """The heading in the blank workbook. Without it, the heading is the name. Example: Completed on
    """
    spellings: tuple[str, ...] = ()
    """Other headings under which a sheet may have the column. Example: [date completed, completion
    date]"""
    required: bool = True
    """'no' if a sheet may do without the column, whose cells are then blank."""
    blank: str = BLANK_UNREADABLE
    """What a blank cell means: 'nothing' (it has not happened, or there is none), or the code, yes
    or no that it stands for. Without this key, a blank cell cannot be read. Example: nothing"""
    codes: dict[str, tuple[str, ...]] = {}
    """The codes that a cell may contain, each with the other words that mean the same; or the name
    of one of the lists above. Of a yes/no column, the words for yes and for no. Example: courses"""
    periods: tuple[PeriodKind, ...] = ()
    """The kinds of period that a cell may contain. Example: [financial year]"""
    refers_to: str | None = None
    """The register whose keys the cells contain. Example: people"""
    refers_to_any: tuple[str, ...] = ()
    """The registers of which the cells may contain a key, where there are several. Example:
    [meetings, documents]"""
    personal: bool = False
    """'yes' if the column says something about a person. Reports without names leave its texts out.
    Where the key or the label is personal, each row is a person."""
    sensitive: bool = False
    """'yes' if no report may repeat the text of the cells."""
    planned: bool = False
    """'yes' if the dates may lie in the future."""
    not_before: tuple[str, ...] = ()
    """The date columns of the register whose date comes first, so that an earlier date in this
    column, or of the row that it names, is a point to check. Example: [agreed on]"""
    ends_or_undoes: bool = False
    """'yes' if the column can say that a row no longer counts. An office without such a column then
    has to say what that means."""
    fault: str = ""
    """Of a yes/no column, the words for a row that says no where a rule requires yes. Example: was
    not passed"""
    latest: Latest | None = None
    """The program fills the column: yes if the row that is named is the latest of its kind."""
    day_of: DayOf | None = None
    """The program fills the column: with a date of the row that is named."""
    closes: Closes | None = None
    """The column can say that the row it names is over."""
    note: str = ""
    """What the blank workbook says under the heading. Example: The day on which the course ended"""
    example: str = ""
    """What the example row of the blank workbook has in the column. Example: 02/04/2026"""

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
    def names_rows(self) -> bool:
        """Whether the cells name rows of a register."""
        return self.type in ("key", "keys") and bool(self.named)

    @property
    def looks_in(self) -> str | None:
        """The register from which the program fills the column; None if people fill it in."""
        filled = self.latest or self.day_of
        return filled.within if filled else None

    @property
    def written_in(self) -> str:
        """The column in which people write what decides this one: the key by which the program
        fills it, or itself."""
        filled = self.latest or self.day_of
        return filled.key if filled else self.name


class RegisterSpec(Declared):
    """One register: the names of its sheets and its columns."""

    id: str
    """The name by which rules and cases refer to the register. It consists of small letters, with
    spaces or hyphens. Example: training"""
    title: str
    """The register's name in reports. Example: Training"""
    about: str
    """What is recorded in it and when to write a row, for whoever fills it in. Example: Courses
    that people completed. Use one row for each person and course."""
    sheets: tuple[str, ...]
    """The names of the sheets that are read as this register. Example: [Training, Training record]
    """
    key: str | None = None
    """The column that identifies a row. Without it, other rows cannot refer to rows of this
    register. Example: ref"""
    label: str | None = None
    """The text column that shows a row to a person. Example: name"""
    dated_by: str | None = None
    """The date column that usually dates a row. Example: completed on"""
    cancelled: str | None = None
    """The yes/no column of rows that did not take place. Example: cancelled"""
    recorded_on: str | None = None
    """The date column that says when the row was written. Example: recorded on"""
    control: bool = False
    """'yes' for the four sheets that steer the check itself: nil returns, waivers, acknowledgements
    and owners. An office may leave them out."""
    begins: str | None = None
    """The date column from which a row applies. Example: from"""
    ends: str | None = None
    """The date column from which a row no longer applies. Example: to"""
    succession: Succession | None = None
    """A later row of the same kind and year replaces an earlier one."""
    one_holder_of: str | None = None
    """The code column of a role that one row at a time has. Example: role"""
    topic: str = ""
    """The word in a heading of a wider list that marks what belongs in the register. Example:
    Safeguarding"""
    columns: tuple[ColumnSpec, ...]
    """The columns, in the order of the blank workbook."""

    @property
    def written(self) -> RegisterSpec:
        """The register without the columns that the program fills itself, as a sheet has it."""
        kept = tuple(spec for spec in self.columns if spec.looks_in is None)
        return self if len(kept) == len(self.columns) else self.model_copy(update={"columns": kept})

    def is_topic_of(self, heading: str) -> bool:
        """Whether a heading has the topic in it, such as 'Safeguarding?'."""
        return bool(self.topic) and self.topic.casefold() in heading.casefold()

    def stays_without(self, name: str) -> bool:
        """Whether a row is still one where nothing is in a column: an action whose 'completed on'
        says that it is not done is an action."""
        spec = self.column(name)
        dated = self.dated_by is not None and name != self.dated_by
        optional = spec.blank == BLANK_NOTHING or spec.type == "day"
        return dated and optional and not spec.ends_or_undoes

    def says_what_counts(self, name: str) -> bool:
        """Whether the words of a column say what was there or done, and not that it was undone. Nil
        returns say 'No referrals'."""
        taken = self.column(name).type in ("code", "codes", "yes/no")
        return taken and self.id != NIL_RETURNS and name != self.cancelled

    @property
    def lists_people(self) -> bool:
        """Whether each row is a person: its key or its label is personal."""
        return any(self.column(name).personal for name in (self.key, self.label) if name)

    @property
    def has_personal_keys(self) -> bool:
        """Whether its keys are data about people."""
        return self.key is not None and self.column(self.key).personal

    def column(self, name: str) -> ColumnSpec:
        """The column of that name; raises KeyError if the register has none."""
        for spec in self.columns:
            if spec.name == name:
                return spec
        raise KeyError(name)


#: Registers by their ids.
Registers: TypeAlias = Mapping[str, RegisterSpec]
