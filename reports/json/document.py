"""The types of assessment.json, format 2. Its JSON Schema is made from them.

They are those of engine.assessment, save that a row of evidence, the situation that decided and a
sheet each stand once under an id, and whatever cites them has the id. A value that is the default
of its type is left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, ClassVar, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter

from engine.assessment import (
    CitationShown,
    Counts,
    DutyAside,
    EvidenceStamp,
    FindingShown,
    LookedAt,
    Overall,
    ProblemShown,
    Program,
    ReadingShown,
    RulebookStamp,
    SectionOutcome,
    UnreadPointer,
    WaiverShown,
)
from engine.outcome import Status

Made = TypeVar("Made")


def _json_name(name: str) -> str:
    """``from_`` is ``from`` in JSON; its underscore is only there for Python."""
    return name.rstrip("_")


_CONFIG = ConfigDict(alias_generator=_json_name, extra="forbid", strict=True)

SheetId = Annotated[str, Field(pattern=r"^s[1-9][0-9]*$")]
RowId = Annotated[str, Field(pattern=r"^r[1-9][0-9]*$")]
SituationId = Annotated[str, Field(pattern=r"^q[1-9][0-9]*$")]
#: ``r17``: row r17 with all its cells; ``r17.2``: as its second view shows it.
RowRef = Annotated[str, Field(pattern=r"^r[1-9][0-9]*(\.[1-9][0-9]*)?$")]


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """A sheet with rows that are cited: the register that it is, and the letters of its columns
    that are shown."""

    file: str
    sheet: str
    register: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowView:
    """How a row is shown where not all its cells are, or another day dates it: the columns of its
    cells, in order."""

    date: datetime.date | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowDocument:
    """A row that is cited. ``key``: what its key column says, '' where that is sensitive, or there
    is none. ``date``: the day on which it counts. ``cells``: what its columns say, null
    where the column is sensitive. ``views``: other ways in which it is shown, from 1."""

    sheet: SheetId
    row: int
    key: str = ""
    fingerprint: str = ""
    date: datetime.date | None = None
    cells: Mapping[str, str | None] = field(default_factory=dict)
    views: tuple[RowView, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadRowsDocument:
    """Rows that cannot be read and might have met several obligations, which point to them by
    ``id``."""

    id: str
    register: str
    title: str
    column: str = ""
    rows: tuple[RowRef, ...] = ()


@dataclass(frozen=True, slots=True)
class RemedyDocument:
    """What would meet an obligation: a new row of ``register``, or changes to the row that
    ``changes`` cites: what to write, by column. ``possible`` false: it can no longer be done, and
    ``words`` say why."""

    words: str
    possible: bool = True
    register: str = ""
    changes: RowId | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObligationDocument:
    """One obligation. ``version_from``: the first day of the version that judged it, where that is
    another than the duty's. ``rule`` is the rule that fired and ``situation`` what it saw; they are
    left out where the second evaluator decided alone."""

    status: Status
    subject: str = "office"
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
    remarks: tuple[str, ...] = ()
    too_late: bool = False


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    """An earlier window, or an obligation that lapsed or was settled: in no count."""

    outcome: str
    subject: str = "office"
    window: str = ""
    opens: datetime.date | None = None
    deadline: datetime.date | None = None
    late_days: int = 0
    evidence: tuple[RowRef, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyDocument:
    """One duty with its obligations and its history. ``readings``: which of the assessment's, from
    0."""

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
    looked_at: tuple[LookedAt, ...] = ()
    unread_rows: tuple[UnreadRowsDocument, ...] = ()
    obligations: tuple[ObligationDocument, ...] = ()
    history: tuple[HistoryDocument, ...] = ()


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
    sop: EvidenceStamp | None = None
    evidence: tuple[EvidenceStamp, ...] = ()
    sections: tuple[SectionOutcome, ...] = ()
    duties: tuple[DutyDocument, ...] = ()
    not_in_force: tuple[DutyAside, ...] = ()
    findings: tuple[FindingShown, ...] = ()
    problems: tuple[ProblemShown, ...] = ()
    readings: tuple[ReadingShown, ...] = ()
    waivers: tuple[WaiverShown, ...] = ()
    not_checked: tuple[str, ...] = ()
    situations: Mapping[SituationId, Mapping[str, int]] = field(default_factory=dict)
    sheets: Mapping[SheetId, SheetDocument] = field(default_factory=dict)
    rows: Mapping[RowId, RowDocument] = field(default_factory=dict)


@cache
def adapter(type_: type[Made]) -> TypeAdapter[Made]:
    """What reads and writes values of a type as JSON."""
    has_its_own = type_ in (AssessmentDocument, DutyDocument)
    return TypeAdapter(type_, config=None if has_its_own else _CONFIG)


def schema() -> dict[str, object]:
    """The JSON Schema of assessment.json."""
    made = adapter(AssessmentDocument).json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
