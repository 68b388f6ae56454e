"""The types of assessment.json, format 2. Its JSON Schema is made from them.

They are those of engine.assessment, save that a row of evidence, the situation that decided and a
sheet each stand once under an id, and whatever cites them has the id. A value that is the default
of its type is left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter, itemgetter
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter

from engine.assessment import (
    AcknowledgedFinding,
    CellToWrite,
    Changes,
    CitationShown,
    ComingDate,
    ComingVersion,
    Counts,
    DutyAside,
    EvidenceStamp,
    FailedCount,
    FindingShown,
    MappingStamp,
    Overall,
    OwnerShown,
    Personal,
    ProblemShown,
    Program,
    ReadingShown,
    RulebookStamp,
    SectionOutcome,
    SheetHeadings,
    SheetRows,
    SopStamp,
    TrendPoint,
    UnapprovedVersion,
    UnknownNames,
    UnreadPointer,
    UnusedSheet,
    WaiverShown,
    frozen,
)
from engine.outcome import HistoryOutcome, Status
from evidence.table import SheetNotBegun

Made = TypeVar("Made")


def _json_name(name: str) -> str:
    """``from_`` is ``from`` in JSON; its underscore is only there for Python."""
    return name.rstrip("_")


_CONFIG = ConfigDict(alias_generator=_json_name, extra="forbid", strict=True)

SheetId = Annotated[str, Field(pattern=r"^s[1-9][0-9]*$")]
RowNumber = Annotated[str, Field(pattern=r"^[1-9][0-9]*$")]
#: ``s2.17``: row 17 of the sheet s2.
RowId = Annotated[str, Field(pattern=r"^s[1-9][0-9]*\.[1-9][0-9]*$")]
#: ``s2.17`` with all its cells; ``s2.17.3``: as the third view of its sheet shows it.
RowRef = Annotated[str, Field(pattern=r"^s[1-9][0-9]*\.[1-9][0-9]*(\.[1-9][0-9]*)?$")]
RejectedId = Annotated[str, Field(pattern=r"^n[1-9][0-9]*$")]
SituationId = Annotated[str, Field(pattern=r"^q[1-9][0-9]*$")]


@frozen
class RowDocument:
    """A row that is cited. ``key``: what its key column says, '' where that is sensitive, or there
    is none. ``date``: the day on which it counts; ``dates``: by the number of a view, where another
    day dates it as it is shown there. ``cells``: what they say, by the letters of their columns,
    null where the column is sensitive."""

    key: str = ""
    fingerprint: str = ""
    date: datetime.date | None = None
    cells: Mapping[str, str | None] = field(default_factory=dict)
    dates: Mapping[RowNumber, datetime.date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """A sheet with its rows that are cited, by their numbers, the register that it is, and its
    columns by their letters; 'E:course' is column E read as the course, where two columns are in
    one. ``views``: which cells of a row are shown, by letters and in order, where not all are.
    ``part``: which part of the sheet, where one line of it has several rows."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    file: str
    sheet: str
    register: str
    part: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    views: tuple[tuple[str, ...], ...] = ()
    rows: Mapping[RowNumber, RowDocument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadRowsDocument:
    """Rows that cannot be read and might have met several obligations, which point to them by
    ``id``."""

    id: str
    register: str
    title: str
    column: str = ""
    rows: tuple[RowRef, ...] = ()


@frozen
class RejectedRowDocument:
    """A row that came near an obligation. ``why``: the one condition that it fails, of which
    ``column`` decides, or why it is not in time. ``state``: how the cell was read. ``other_kind``:
    that condition says what kind of row is needed. ``first``: what to correct in the row that it
    names. ``done_too_early``: it says that something was done before its own event."""

    row: RowRef
    why: str
    column: str = ""
    state: str = ""
    other_kind: bool = False
    first: tuple[str, ...] = ()
    done_too_early: bool = False


@dataclass(frozen=True, slots=True)
class RejectedRowsDocument:
    """Rows of a register that were examined and did not count: those that came near, the nearest
    first, and the others counted by what they fail. ``silent``: the column in which none of them
    says what it is about."""

    register: str
    title: str
    silent: str = ""
    rows: tuple[RejectedRowDocument, ...] = ()
    others: tuple[FailedCount, ...] = ()


@frozen
class RemedyDocument:
    """What would meet an obligation: a new row of ``register``, which goes into ``sheet``, or
    changes to the row that ``changes`` cites. ``possible`` false: it can no longer be done, and
    ``words`` say why. ``or_nil``: when a nil return would meet it instead, and on which sheet."""

    words: str
    possible: bool = True
    register: str = ""
    sheet: str = ""
    changes: RowId | None = None
    cells: tuple[CellToWrite, ...] = ()
    or_nil: str = ""


@frozen
class ObligationDocument:
    """One obligation. ``subject``: left out where it is the key of the row that lists it or, where
    none does, 'office'. ``version_from``: the first day of the version that judged it, where that
    is another than the duty's. ``situation``: what the rule that fired saw, left out where the
    plain evaluator decided alone; ``rule``: its name, where that is another than the duty's id and
    the status with '/' between them."""

    status: Status
    subject: str | None = None
    subject_name: str = ""
    window: str = ""
    late_days: int = 0
    opens: datetime.date | None = None
    deadline: datetime.date | None = None
    days: int | None = None
    last_done: datetime.date | None = None
    version_from: datetime.date | None = None
    derivation: str = ""
    rule: str = ""
    situation: SituationId | None = None
    listed_at: RowRef | None = None
    evidence: tuple[RowRef, ...] = ()
    unmet_reason: str = ""
    would_be_met_by: tuple[RemedyDocument, ...] = ()
    unreadable: tuple[RowRef, ...] = ()
    unread_groups: tuple[UnreadPointer, ...] = ()
    rejected: tuple[RejectedId, ...] = ()
    remarks: tuple[str, ...] = ()
    too_late: bool = False
    to_tell: tuple[str, ...] = ()
    vacant: bool = False


@frozen
class HistoryDocument:
    """An earlier window, or an obligation that lapsed or was settled: in no count."""

    outcome: HistoryOutcome
    subject: str = "office"
    window: str = ""
    opens: datetime.date | None = None
    deadline: datetime.date | None = None
    late_days: int = 0
    evidence: tuple[RowRef, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyDocument:
    """One duty with its obligations and its history. ``readings``: which of the assessment's, from
    0. ``rejected``: the rows that came near obligations, to which these point."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    id: str
    title: str
    section: str
    bearer: str
    answers: str
    strength: str
    status: Status
    counts: Counts
    version_from: datetime.date
    pattern: str
    in_brief: str = ""
    owner: str = ""
    deadline: datetime.date | None = None
    days: int | None = None
    next_due: datetime.date | None = None
    last_done: datetime.date | None = None
    citations: tuple[CitationShown, ...] = ()
    nothing_to_check: str = ""
    readings: tuple[int, ...] = ()
    rule_words: str = ""
    not_given: tuple[str, ...] = ()
    unread_rows: tuple[UnreadRowsDocument, ...] = ()
    rejected: Mapping[RejectedId, RejectedRowsDocument] = field(default_factory=dict)
    obligations: tuple[ObligationDocument, ...] = ()
    history: tuple[HistoryDocument, ...] = ()
    roles: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    versions: tuple[tuple[datetime.date, str], ...] = ()
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class AssessmentDocument:
    """One whole check as of a day, with the sentences that say what 'met' means."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    format: str
    as_of: datetime.date
    program: Program
    rulebook: RulebookStamp
    status: Overall
    met_means: str
    known_by: datetime.date | None = None
    records_begin: datetime.date | None = None
    office: str = ""
    sop: SopStamp | None = None
    earlier_sop: tuple[SopStamp, ...] = ()
    evidence: tuple[EvidenceStamp, ...] = ()
    mapping: MappingStamp | None = None
    unused_sheets: tuple[UnusedSheet, ...] = ()
    not_begun_sheets: tuple[SheetNotBegun, ...] = ()
    unknown_names: tuple[UnknownNames, ...] = ()
    sections: tuple[SectionOutcome, ...] = ()
    duties: tuple[DutyDocument, ...] = ()
    not_in_force: tuple[DutyAside, ...] = ()
    findings: tuple[FindingShown, ...] = ()
    problems: tuple[ProblemShown, ...] = ()
    readings: tuple[ReadingShown, ...] = ()
    waivers: tuple[WaiverShown, ...] = ()
    not_checked: tuple[str, ...] = ()
    sheet_headings: tuple[SheetHeadings, ...] = ()
    acknowledged: tuple[AcknowledgedFinding, ...] = ()
    unapproved: tuple[UnapprovedVersion, ...] = ()
    coming: tuple[ComingVersion, ...] = ()
    rows: tuple[SheetRows, ...] = ()
    changes: Changes | None = None
    trend: tuple[TrendPoint, ...] = ()
    owners: tuple[OwnerShown, ...] = ()
    personal: Personal = field(default_factory=Personal)
    year_ahead: tuple[ComingDate, ...] = ()
    situations: Mapping[SituationId, Mapping[str, int]] = field(default_factory=dict)
    sheets: Mapping[SheetId, SheetDocument] = field(default_factory=dict)


@cache
def adapter(type_: type[Made]) -> TypeAdapter[Made]:
    """What reads and writes values of a type as JSON."""
    has_its_own = hasattr(type_, "__pydantic_config__")
    return TypeAdapter(type_, config=None if has_its_own else _CONFIG)


@cache
def _same(
    type_: type, given: tuple[str, ...]
) -> tuple[attrgetter[tuple[Any, ...]], itemgetter[tuple[Any, ...]]]:
    """What gets the fields that are not ``given``, and what puts them before those that are into
    the order of the type."""
    names = [field.name for field in fields(type_)]
    same = [name for name in names if name not in given]
    at = {name: number for number, name in enumerate((*same, *given))}
    return attrgetter(*same), itemgetter(*(at[name] for name in names))


def made_from(type_: type[Made], value: object, **changed: object) -> Made:
    """A value of a dataclass with the fields of another that have the same names, save for those
    that are given."""
    same, in_order = _same(type_, tuple(changed))  # type: ignore[arg-type]  # a class can be hashed
    return type_(*in_order((*same(value), *changed.values())))


def schema() -> dict[str, object]:
    """The JSON Schema of assessment.json."""
    made = adapter(AssessmentDocument).json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
