"""Standing duties: what is in place, until when, and by whom (semantics.md: Standing)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from engine.plain.conditions import truths
from engine.plain.days import ONE_DAY, after
from engine.plain.duty_as_of import DutyAsOf, LastingState
from engine.plain.items import Item
from engine.plain.lists import Subject
from engine.plain.sheet import Sheet
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Standing
from rules.resolve import Resolved


class _Term(NamedTuple):
    """How long an item that has begun is in place. Terms are in the order of their ends, those
    ``for_good`` last, and then of their beginnings."""

    for_good: bool
    end: date
    begins: date


def standing_state(
    duty: DutyAsOf, version: Resolved, pattern: Standing, subject: Subject
) -> LastingState | None:
    """A subject's obligation under a version of that pattern; None where the holder of a role is
    unknown. The deadline is the latest end, but not before the day from which the duty covers the
    subject; with nothing in place or past, that day."""
    finder, opens = duty.finders[version.begins], max(duty.in_force, subject.joined)
    handovers = _handover_days(finder.sheet, finder.query, version, pattern, subject)
    if handovers is None:
        return None
    terms = {
        item: term
        for item in finder.items(subject)
        if (term := _term(finder.sheet, pattern, item, handovers))
    }
    if not terms:
        return LastingState(opens, False, (), None)
    last_done = max(term.begins for term in terms.values())
    # Not max(): of items with equal terms it takes the first, and the last one counts. Sorting
    # keeps equal terms in the order of the items, in which the order of rows makes no difference.
    item = sorted(terms, key=lambda item: terms[item])[-1]
    term = terms[item]
    deadline = None if term.for_good else max(opens, term.end)
    return LastingState(deadline, term.for_good or term.end >= duty.as_of, (item,), last_done)


def _term(
    sheet: Sheet, pattern: Standing, item: Item, handovers: Mapping[int, date]
) -> _Term | None:
    """How long an item is in place; None if that cannot be read, or it has no end and needs one.

    It lasts to the earliest of its end, its review-by day, the rule's cap after its beginning,
    and the day before another holder of its role began (reading-semantics.md: Rolling and
    standing).
    """
    begins, row = item
    ends = [(name, sheet.days(name)[row]) for name in (pattern.ends, pattern.review_by) if name]
    if any(day is None and not sheet.is_nothing(name, row) for name, day in ends):
        return None
    days = [day for _, day in ends if day is not None]
    if pattern.end_needed and not days:
        return None
    if pattern.review_within:
        days.append(after(begins, pattern.review_within))
    if row in handovers:
        days.append(handovers[row])
    return _Term(not days, min(days, default=date.max), begins)


# Roles, which have one holder at a time (semantics.md: Standing) ---------------------------------


def _handover_days(
    sheet: Sheet, query: EvidenceQuery, version: Resolved, pattern: Standing, subject: Subject
) -> Mapping[int, date] | None:
    """The last day of each earlier holder of the role that a standing duty is about (one role for
    each member of a fixed list), by row: the day before the next holder began. None where the
    present holder is unknown; nothing where the register is not one of roles.

    The present holder is, of the rows that have begun, the one with the latest beginning. It is
    unknown if several began on that day, if a row that has not ended has no readable beginning, or
    if a row that may be of the role began then or later.
    """
    role = sheet.spec.one_holder_of
    if role is None:
        return {}
    of_role = truths(sheet, _role_conditions(sheet, role, query, version, subject))
    begins = sheet.days(pattern.begins)
    rows = [row for row in range(sheet.size) if of_role[row] is not False]
    begun = {row: day for row in rows if (day := begins[row]) is not None and day <= sheet.as_of}
    certain = {row: day for row, day in begun.items() if of_role[row]}
    latest = max(certain.values(), default=date.min)
    several = list(certain.values()).count(latest) > 1
    beginless = any(begins[row] is None and not _ended(sheet, pattern.ends, row) for row in rows)
    rivals = any(day >= latest for row, day in begun.items() if row not in certain)
    if several or beginless or rivals:
        return None
    days = sorted(set(certain.values()))
    return {
        row: days[bisect_right(days, day)] - ONE_DAY for row, day in certain.items() if day < latest
    }


def _role_conditions(
    sheet: Sheet, role: str, query: EvidenceQuery, version: Resolved, subject: Subject
) -> tuple[Condition, ...]:
    """The conditions that say which role it is; every other one is about its holder."""
    member = subject.member
    where = query.where + (member.where if member else ())
    of_role = tuple(condition for condition in where if condition.column == role)
    if version.rule.named_in != role or member is None:
        return of_role
    if role in sheet.specs and sheet.specs[role].type == "codes":
        return (*of_role, Condition(column=role, includes=(member.id,)))
    return (*of_role, Condition(column=role, equals=member.id))


def _ended(sheet: Sheet, ends: str | None, row: int) -> bool:
    """Whether a row has ended by the as-of date; an unreadable end reads as ended."""
    if ends is None or sheet.is_nothing(ends, row):
        return False
    day = sheet.days(ends)[row]
    return day is None or day < sheet.as_of
