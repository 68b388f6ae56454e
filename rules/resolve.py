"""The versions of a duty as the evaluators read them, with content duties resolved."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from rules.condition import Condition
from rules.model import ABOUT_APPROVAL, Duty, Rulebook, Version
from rules.sop.normal import DIGITS


@dataclass(frozen=True, slots=True)
class Resolved:
    """One version of a duty, ready to evaluate; never of the pattern content.

    It applies from ``begins`` to the day before the next version begins. ``rule``: what it
    requires. ``extra``: the conditions that a content duty adds to those of the duty it cuts
    (already in ``rule.evidence.where``).
    """

    begins: datetime.date
    rule: Version
    extra: tuple[Condition, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The beginning of the SHA-256 of all in it that decides."""
        told = {"citations", "readings", "remarks", *ABOUT_APPROVAL}
        text = self.rule.model_dump_json(by_alias=True, exclude=told, exclude_defaults=True)
        return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


@dataclass(frozen=True, slots=True)
class ResolvedDuty:
    """A duty with its resolved versions, the earliest first; ``in_force_from`` is its own first
    day."""

    duty: Duty
    in_force_from: datetime.date
    versions: tuple[Resolved, ...]

    def version_on(self, day: datetime.date) -> Resolved:
        """The version that applies on ``day``; the first one for days before it."""
        begun = [version for version in self.versions if version.begins <= day]
        return begun[-1] if begun else self.versions[0]

    def until_version(self, number: int) -> ResolvedDuty:
        """The duty with the versions before that one alone, by its number from 0."""
        return replace(self, versions=self.versions[:number])

    @property
    def periods(self) -> Iterator[tuple[Resolved, datetime.date]]:
        """Each version with the last day on which it applies."""
        last = self.duty.until or datetime.date.max
        begins = [version.begins for version in self.versions[1:]]
        for version, next_ in zip_longest(self.versions, begins):
            yield version, min(last, next_ - datetime.timedelta(days=1)) if next_ else last

    def holds(self, day: datetime.date) -> bool:
        """Whether the duty is in force on ``day`` (semantics.md: Words)."""
        return self.in_force_from <= day and (self.duty.until is None or day <= self.duty.until)


def resolve(rulebook: Rulebook, duty_id: str) -> ResolvedDuty:
    """The duty with its versions resolved: those of a content duty have the subjects, windows and
    deadlines of the duty that it cuts, more conditions, and its own in-force day
    (semantics.md: Patterns).

    If the duty that it cuts has versions from 2024 and 2026, and the content duty one from 2025,
    the resolved versions are from 2025 and 2026.
    """
    duty = rulebook.duties[duty_id]
    days = sorted(_version_days(rulebook, duty))
    return ResolvedDuty(duty, days[0], tuple(_resolve_on(rulebook, duty, day) for day in days))


def _version_days(rulebook: Rulebook, duty: Duty) -> set[datetime.date]:
    days = {version.from_ for version in duty.versions}
    for cuts in {version.pattern.cuts for version in duty.versions if version.pattern.cuts}:
        base = _version_days(rulebook, rulebook.duties[cuts])
        days |= {day for day in base if day > duty.in_force_from}
    return days


def _resolve_on(rulebook: Rulebook, duty: Duty, day: datetime.date) -> Resolved:
    version = [version for version in duty.versions if version.from_ <= day][-1]
    if version.pattern.cuts is None:
        return Resolved(day, version)
    base, adds = rulebook.duties[version.pattern.cuts], version.pattern.adds
    days = [begins for begins in sorted(_version_days(rulebook, base)) if begins <= day]
    under = _resolve_on(rulebook, base, days[-1] if days else base.in_force_from)
    # The transition of the duty that is cut, where only its version begins on this day.
    begins_alone = under.begins == day != version.from_
    update: dict[str, object] = {
        "from_": day,
        "transition_until": under.rule.transition_until if begins_alone else None,
        "readings": tuple(dict.fromkeys((*version.readings, *under.rule.readings))),
        "remarks": tuple(dict.fromkeys((*version.remarks, *under.rule.remarks))),
    }
    if (query := under.rule.evidence) is None:
        update["pattern"] = under.rule.pattern.with_conditions(adds)
    else:
        update["evidence"] = query.model_copy(update={"where": query.where + adds})
    return Resolved(day, under.rule.model_copy(update=update), under.extra + adds)
