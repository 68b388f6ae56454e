"""What each evaluator reads of a rule: its versions with content duties resolved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TypeVar

from rules.condition import Condition
from rules.model import Duty, Reading, Remark, Rulebook, Version

T = TypeVar("T", Reading, Remark)


@dataclass(frozen=True, slots=True)
class Resolved:
    """One version of a duty, ready to evaluate; never of the pattern content.

    It holds from ``begins`` on, until the next version's day. ``extra``: the conditions that a
    content duty adds to those of the duty it cuts (already in ``version.evidence.where``).
    """

    begins: datetime.date
    version: Version
    extra: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedDuty:
    """A duty with its resolved versions, the earliest first; ``in_force`` is its own first day."""

    duty: Duty
    in_force: datetime.date
    versions: tuple[Resolved, ...]

    def version_on(self, day: datetime.date) -> Resolved:
        """The version that holds on ``day``; the first one for days before it."""
        held = [version for version in self.versions if version.begins <= day]
        return held[-1] if held else self.versions[0]

    def holds(self, day: datetime.date) -> bool:
        """Whether the duty is in force on ``day`` (semantics.md, Words: in force)."""
        return self.in_force <= day and (self.duty.until is None or day <= self.duty.until)


def resolve(rulebook: Rulebook, duty_id: str) -> ResolvedDuty:
    """The duty with its versions resolved (semantics.md, Pattern 7: the same subjects, windows
    and deadlines as the other duty, one condition more, cut by its own in-force day)."""
    duty = rulebook.duties[duty_id]
    days = sorted(_version_days(rulebook, duty))
    return ResolvedDuty(duty, days[0], tuple(_resolve_on(rulebook, duty, day) for day in days))


def _version_days(rulebook: Rulebook, duty: Duty) -> set[datetime.date]:
    days = {version.from_ for version in duty.versions}
    for cuts in {version.pattern.cuts for version in duty.versions if version.pattern.cuts}:
        base = _version_days(rulebook, rulebook.duties[cuts])
        days |= {day for day in base if day > duty.in_force}
    return days


def _resolve_on(rulebook: Rulebook, duty: Duty, day: datetime.date) -> Resolved:
    version = [version for version in duty.versions if version.from_ <= day][-1]
    if version.pattern.cuts is None:
        return Resolved(day, version)
    base, adds = rulebook.duties[version.pattern.cuts], version.pattern.adds
    days = [each for each in sorted(_version_days(rulebook, base)) if each <= day]
    under = _resolve_on(rulebook, base, days[-1] if days else base.in_force)
    merged = _with_conditions(under.version, adds).model_copy(
        update={
            "from_": day,
            "readings": _join(version.readings, under.version.readings),
            "remarks": _join(version.remarks, under.version.remarks),
        }
    )
    return Resolved(day, merged, under.extra + adds)


def _with_conditions(version: Version, where: tuple[Condition, ...]) -> Version:
    """The version with ``where`` added to what each of its items, or records, must meet."""
    query = version.evidence
    if query is None:
        return version.model_copy(update={"pattern": version.pattern.with_conditions(where)})
    more = query.model_copy(update={"where": query.where + where})
    return version.model_copy(update={"evidence": more})


def _join(own: tuple[T, ...], base: tuple[T, ...]) -> tuple[T, ...]:
    return own + tuple(each for each in base if each not in own)
