"""The outline of an assessment: everything but its rows, its history and, of each obligation, all
but its status, its reason and what to correct. The whole of a large office takes seconds to read,
this tenths of one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from pydantic import TypeAdapter, ValidationError

from engine.assessment import (
    FORMAT,
    AcknowledgedFinding,
    Assessment,
    Changes,
    ComingVersion,
    Counts,
    DutyOutcome,
    EvidenceStamp,
    FindingShown,
    ObligationOutcome,
    Overall,
    Personal,
    ProblemShown,
    Program,
    RulebookStamp,
    RuleFired,
    SectionOutcome,
    SopStamp,
    TrendPoint,
    UnapprovedVersion,
    UnknownNames,
)
from engine.outcome import Status
from evidence.table import SheetNotBegun
from reports.json.document import Made, made_from
from reports.json.read import from_json


@dataclass(frozen=True, slots=True)
class _Obligation:
    status: Status
    late_days: int = 0
    too_late: bool = False
    unmet_reason: str = ""
    to_tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Duty:
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
    until: datetime.date | None = None
    nothing_to_check: str = ""
    not_given: tuple[str, ...] = ()
    obligations: tuple[_Obligation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outline:
    """What is read; everything else in the file is passed over."""

    format: str
    as_of: datetime.date
    program: Program
    rulebook: RulebookStamp
    status: Overall
    duties: tuple[_Duty, ...]
    known_by: datetime.date | None = None
    records_begin: datetime.date | None = None
    office: str = ""
    sop: SopStamp | None = None
    earlier_sop: tuple[SopStamp, ...] = ()
    evidence: tuple[EvidenceStamp, ...] = ()
    sections: tuple[SectionOutcome, ...] = ()
    findings: tuple[FindingShown, ...] = ()
    problems: tuple[ProblemShown, ...] = ()
    acknowledged: tuple[AcknowledgedFinding, ...] = ()
    unapproved: tuple[UnapprovedVersion, ...] = ()
    not_begun_sheets: tuple[SheetNotBegun, ...] = ()
    unknown_names: tuple[UnknownNames, ...] = ()
    coming: tuple[ComingVersion, ...] = ()
    changes: Changes | None = None
    trend: tuple[TrendPoint, ...] = ()


def outline_from_json(data: bytes) -> Assessment | str:
    """The outline, or a sentence that says why the bytes are no assessment."""
    try:
        outline = _adapter().validate_json(data)
    except ValidationError:
        return from_json(data)  # which says what is wrong
    if outline.format != FORMAT:
        return from_json(data)
    duties = tuple(map(_duty, outline.duties))
    return _whole(Assessment, outline, mapping=None, personal=Personal(), duties=duties)


@cache
def _adapter() -> TypeAdapter[_Outline]:
    return TypeAdapter(_Outline)


def _duty(duty: _Duty) -> DutyOutcome:
    return _whole(DutyOutcome, duty, rule_words="", obligations=tuple(_obligations(duty)))


def _whole(type_: type[Made], outline: _Outline | _Duty, **given: object) -> Made:
    """A value with the fields of an outline and those given; the others are empty."""
    known = {field.name for field in fields(outline)}
    empty = {field.name: () for field in fields(type_) if field.name not in known}  # type: ignore[arg-type]
    return made_from(type_, outline, **empty | given)


def _obligations(duty: _Duty) -> Iterator[ObligationOutcome]:
    for one in duty.obligations:
        yield ObligationOutcome(
            subject="",
            subject_name="",
            window="",
            status=one.status,
            late_days=one.late_days,
            opens=None,
            deadline=None,
            days=None,
            last_done=None,
            version_from=duty.version_from,
            derivation="",
            rule=RuleFired("", {}),
            listed_at=None,
            evidence=(),
            unmet_reason=one.unmet_reason,
            to_tell=one.to_tell,
            too_late=one.too_late,
        )
