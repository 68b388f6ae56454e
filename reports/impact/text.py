"""What `dueregard rules impact` prints, and the sentences that the page shares with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from engine.impact.impact import (
    DayImpact,
    DutyImpact,
    Impact,
    ObligationImpact,
    Phase,
    Position,
)
from engine.impact.revision import VersionRevision
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import listed
from reports import words
from reports.text import wrapped_lines

CHANGES_PAST = "It changes the past"
#: What to do about an edit of a version that held on a past day.
ADD_A_VERSION = (
    "Reports of those days do not come out again as they did. If the requirement is new, write a "
    "version that begins on a later day, and leave the old one as it was."
)
SAME = "No status and no deadline differs on these days."
#: Why nothing may differ although the change has an effect.
SAME_NOW = (
    "This does not mean that the change has no effect: the days are compared as if nothing more "
    "were done. A duty may be overdue by both rulebooks already, or a difference may begin later, "
    "or with an event that the evidence does not contain yet."
)
NOTHING = "The two rulebooks say the same about every duty."

#: So many obligations with the same phases are named.
_NAMED = 5

#: More groups of a duty than so many are summed up on a terminal.
_GROUPS = 4


class Group(NamedTuple):
    """Obligations with the same statuses on the same days, or none for the duty itself, with what
    they are called together, and their phases with the earliest of their deadlines."""

    title: str
    obligations: Sequence[ObligationImpact]
    phases: Sequence[Phase]


def impact_text(impact: Impact, width: int = 100) -> str:
    """The impact in plain text; no line is longer than ``width`` characters (at least 40), except
    for single long words."""
    blocks: list[Sequence[str]] = [
        [
            f"Old rulebook: {impact.old.title}, version {impact.old.version}",
            f"New rulebook: {impact.new.title}, version {impact.new.version}",
            *_same_version(impact),
        ],
        list(headline(impact)),
        *_duty_blocks(impact),
        list(_days(impact)),
    ]
    notice = impact.program.notice
    blocks += [[f"NOTICE: {notice}"]] if notice else []
    lines = (wrapped_lines(block, max(width, 40)) for block in blocks if block)
    return "\n\n".join("\n".join(block) for block in lines)


def _same_version(impact: Impact) -> Iterator[str]:
    if impact.duties and impact.old.version == impact.new.version:
        yield (
            "Their rules differ and their version does not. Give the new rulebook another version "
            "in book.yaml."
        )


def _duty_blocks(impact: Impact) -> Iterator[list[str]]:
    """A block for each duty; those with the same causes and no other result share one."""
    called, alike = impact.new.called, dict[object, list[DutyImpact]]()
    for duty in impact.duties:
        causes = [(line, *below) for line, below in reasons(duty)]
        key = tuple(causes) if duty.first_day is None else duty.id
        alike.setdefault(key, []).append(duty)
    for duties in alike.values():
        names = [f"{named(duty)} ({duty.id})" for duty in duties]
        yield [listed(names), *_duty(duties[0], called)]


def headline(impact: Impact) -> Iterator[str]:
    """What differs and what changes by it, in a few sentences."""
    if not impact.duties:
        yield NOTHING
        return
    differ = "differs" if len(impact.duties) == 1 else "differ"
    days = words.count(len(impact.days), "day")
    between = words.window_days(impact.days[0].day, impact.days[-1].day)
    whole = f"{words.duties(len(impact.duties))} {differ}. Compared on {days}, {between}."
    first = min(filter(None, (duty.first_day for duty in impact.duties)), default=None)
    if first is None:
        yield f"{whole} {SAME}"
        if any(duty.revision.versions for duty in impact.duties):
            yield SAME_NOW
    else:
        number = sum(duty.first_day is not None for duty in impact.duties)
        have = "has" if number == 1 else "have"
        yield (
            f"{whole} {words.duties(number)} {have} another status or deadline, first on "
            f"{words.day(first)}. {overdue_words(impact.days)}"
        )
    if quiet := sum(map(_differs_in_register_alone, impact.duties)):
        reads = "reads" if quiet == 1 else "read"
        yield (
            f"{words.duties(quiet)} {reads} a register that differs, which changes no status and "
            "no deadline on these days."
        )
    past = [named(duty) for duty in impact.duties if duty.revision.changes_past]
    if past:
        yield f"{CHANGES_PAST}: {listed(past)}. {ADD_A_VERSION}"


def _differs_in_register_alone(duty: DutyImpact) -> bool:
    edits = duty.revision.edits
    by_register = bool(edits) and all(edit.part == "register" for edit in edits)
    return by_register and not duty.revision.versions and duty.first_day is None


def overdue_words(days: Sequence[DayImpact]) -> str:
    """How many obligations and people it makes overdue, on the day with most."""
    worst = max(days, key=lambda day: (day.made_overdue, day.people_overdue))
    if not worst.made_overdue:
        return "It makes nothing overdue on these days."
    obligations = words.count(worst.made_overdue, "obligation")
    made = f"it makes {obligations} overdue{_people(worst)}"
    if len(days) == 1:
        return f"On that day {made}."
    return f"On the worst of these days, {words.day(worst.day)}, {made}."


def _people(day: DayImpact) -> str:
    number = day.people_overdue
    return f" ({words.count(number, 'person', 'people')})" if number else ""


def named(duty: DutyImpact) -> str:
    """The duty's title after the number of its section."""
    return words.under_section(duty.section, duty.title)


def reasons(duty: DutyImpact) -> Iterator[tuple[str, Sequence[str]]]:
    """What differs in the rule: a line, and the lines below it."""
    for edit in duty.revision.edits:
        yield f"{edit.words[:1].upper()}{edit.words[1:]}", ()
    for version in duty.revision.versions:
        yield f"{version_words(version)}:", [edit.words for edit in version.edits]


def version_words(version: VersionRevision) -> str:
    """``Version from 1 January 2027, added``, with whether it changes the past."""
    past = f". {CHANGES_PAST}" if version.changes_past else ""
    return f"Version from {words.day(version.begins)}, {version.how}{past}"


def phase_days(phase: Phase) -> str:
    """The days of a phase: one, or the first and the last that were compared."""
    return words.window_days(phase.first, phase.last)


def position_words(position: Position | None) -> str:
    """``due, deadline 1 January 2027``; without a position, ``not required``."""
    if position is None:
        return "not required"
    deadline = f", deadline {words.day(position.deadline)}" if position.deadline else ""
    return f"{words.STATUS[position.status]}{deadline}"


def groups(duty: DutyImpact, called: str) -> Iterator[Group]:
    """The duty's phases and those of its obligations, where these say more: obligations with the
    same statuses on the same days together, with the earliest of their deadlines."""
    if duty.phases:
        yield Group("The duty", (), duty.phases)
    if all(one.subject == "office" for one in duty.obligations) and duty.phases:
        return
    together: dict[object, list[ObligationImpact]] = {}
    for one in duty.obligations:
        alike = tuple(
            (phase.first, phase.last, _status(phase.before), _status(phase.after))
            for phase in one.phases
        )
        together.setdefault(alike, []).append(one)
    for obligations in sorted(together.values(), key=lambda alike: _made_overdue(alike[0])):
        of_each = zip(*(one.phases for one in obligations), strict=True)
        earliest = [min(phases, key=_earliest) for phases in of_each]
        yield Group(_names(obligations, called), obligations, earliest)


def _status(position: Position | None) -> Status | None:
    return position.status if position else None


def _earliest(phase: Phase) -> datetime.date:
    """The deadline by the new rulebook, or by the old one."""
    position = phase.after or phase.before
    return (position and position.deadline) or datetime.date.max


def _names(
    obligations: Sequence[ObligationImpact],
    called: str,
    note: str = "; the earliest deadline is shown",
) -> str:
    names = [words.check(one.subject, one.window, called) for one in obligations]
    if len(names) == 1:
        return names[0]
    more = len(names) - _NAMED
    shown = [*names[:_NAMED], *([f"{more:,} more"] if more > 0 else [])]
    return f"{len(names):,} obligations ({listed(shown)}{note})"


def _duty(duty: DutyImpact, called: str) -> Iterator[str]:
    for line, below in reasons(duty):
        yield f"  {line}"
        yield from (f"    {text}" for text in below)
    if duty.first_day is None:
        yield f"  {SAME}"
    listed_groups = list(groups(duty, called))
    if len(listed_groups) > _GROUPS:
        yield from _first_steps(duty, called)
    else:
        for group in listed_groups:
            yield f"  {group.title}:"
            yield from (f"    {_phase(duty, phase)}" for phase in group.phases)
    yield from (f"  {line}" for line in made_overdue(duty, called))
    if len(listed_groups) > _GROUPS:
        yield "  impact.html, which --out writes, lists each obligation with its own days."


def _phase(duty: DutyImpact, phase: Phase) -> str:
    before, after = position_words(phase.before), position_words(phase.after)
    by = judged_by(duty, phase)
    return f"{phase_days(phase)}: {after}; by the old rulebook {before}{f' ({by})' if by else ''}"


def judged_by(duty: DutyImpact, phase: Phase) -> str:
    """Which of the versions that differ judge a phase, where there are several; '' otherwise."""
    begins = [version.begins for version in duty.revision.versions]
    judging = [words.day(day) for day in phase.versions if day in begins]
    if len(begins) < 2 or not judging:
        return ""
    return f"by the version{'s' * (len(judging) > 1)} from {listed(judging)}"


def _first_steps(duty: DutyImpact, called: str) -> Iterator[str]:
    """What changes first, for the duty and, where too many obligations differ in too many ways, for
    those together that have the same statuses on the same first day."""
    if duty.phases:
        first_phase = duty.phases[0]
        since = "on" if first_phase.first == first_phase.last else "from"
        yield f"  The duty itself differs first {since} {_phase(duty, first_phase)}"
    together: dict[tuple[datetime.date, Status | None, Status | None], list[ObligationImpact]] = {}
    for one in duty.obligations:
        first = one.phases[0]
        alike = first.first, _status(first.after), _status(first.before)
        together.setdefault(alike, []).append(one)
    number = words.count(len(duty.obligations), "obligation")
    yield f"  {number} with another status or deadline. Their first differences:"
    for day, after, before in sorted(
        together, key=lambda alike: (alike[0], *map(_rank, alike[1:]))
    ):
        obligations = together[day, after, before]
        first = min((one.phases[0] for one in obligations), key=_earliest)
        was, now = position_words(first.before), position_words(first.after)
        names = _names(obligations, called)
        yield f"    {words.day(day)}: {now}; by the old rulebook {was}: {names}"


def made_overdue(duty: DutyImpact, called: str) -> Iterator[str]:
    """``Newly overdue on 2 January 2027: 2 obligations (S044 and S056)``, by the first compared
    day on which only the new rulebook makes them overdue. A single obligation says it itself."""
    by_day: dict[datetime.date, list[ObligationImpact]] = {}
    for one in duty.obligations if len(duty.obligations) > 1 else ():
        by_day.setdefault(_made_overdue(one), []).append(one)
    for day in sorted(by_day.keys() - {datetime.date.max}):
        yield f"Newly overdue on {words.day(day)}: {_names(by_day[day], called, note='')}"


def _made_overdue(obligation: ObligationImpact) -> datetime.date:
    """The first compared day on which it is overdue by the new rulebook alone; the last of all days
    if there is none."""
    days = (phase.first for phase in obligation.phases if phase.made_overdue)
    return next(days, datetime.date.max)


def _rank(status: Status | None) -> int:
    return WORST_FIRST.index(status) if status else len(WORST_FIRST)


def _days(impact: Impact) -> Iterator[str]:
    if any(day.duties for day in impact.days):
        left_out = "days on which nothing differs are left out"
        yield f"DAY BY DAY, as if nothing more were done ({left_out})"
    for changed, alike in groupby(impact.days, lambda day: day.duties and changed_words(day)):
        days = list(alike)
        if changed:
            yield f"  {words.days_between(days[0].day, days[-1].day)}: {changed}"


def changed_words(day: DayImpact) -> str:
    """How many duties and obligations differ on a day, and how many of them are overdue by only one
    of the rulebooks."""
    parts = [f"{words.duties(day.duties)} and {words.count(day.obligations, 'obligation')} differ"]
    if day.made_overdue:
        parts.append(f"{day.made_overdue:,} overdue only by the new rulebook{_people(day)}")
    if day.no_longer_overdue:
        parts.append(f"{day.no_longer_overdue:,} overdue only by the old rulebook")
    return "; ".join(parts)
