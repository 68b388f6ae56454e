"""The outline of an assessment: its counts and the status of each duty, without the rest of its
file, which for a large office takes seconds to read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from engine.assessment import Counts
from engine.outcome import Status
from reports.json.read import from_json


@dataclass(frozen=True, slots=True)
class DutyLine:
    """The status of one duty; ``days`` as in :class:`engine.assessment.DutyOutcome`."""

    id: str
    status: Status
    days: int | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    duties: Counts


@dataclass(frozen=True, slots=True)
class _Lists:
    office: _Counted


@dataclass(frozen=True, slots=True)
class Outline:
    """What is read of the file; everything else in it is passed over."""

    status: _Lists
    duties: tuple[DutyLine, ...]

    @property
    def counts(self) -> Counts:
        """The office's duties by status."""
        return self.status.office.duties

    def duty(self, id_: str) -> DutyLine | None:
        """The line of a duty; None if the assessment has no such duty."""
        return next((duty for duty in self.duties if duty.id == id_), None)


def outline_from_json(data: bytes) -> Outline | str:
    """The outline, or a sentence that says why the bytes are no assessment."""
    try:
        return _adapter().validate_json(data)
    except ValidationError:
        read = from_json(data)
        return read if isinstance(read, str) else "It has no outline."


@cache
def _adapter() -> TypeAdapter[Outline]:
    return TypeAdapter(Outline)
