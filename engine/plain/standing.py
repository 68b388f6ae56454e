"""Standing duties, one obligation at a time: what is in place, until when, and by whom
(semantics.md: Standing). ``rolling`` makes the answer of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from engine.plain.conditions import truths
from engine.plain.days import ONE_DAY, after
from engine.plain.duty_as_of import DutyAsOf, LastingState
from engine.plain.items import EvidenceItem
from engine.plain.lists import Subject
from engine.plain.sheet import Sheet
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Standing
from rules.resolve import Resolved


class _Term(NamedTuple):
    """How long an item that has begun is in place. Terms sort by end, those ``for_good`` last, and
    then by beginning."""

    for_good: bool
    end: date
    begin_day: date


def standing_state(
    duty: DutyAsOf, version: Resolved, pattern: Standing, subject: Subject
) -> LastingState | None:
    """The state of a subject's obligation under a version of a standing duty; None (cannot tell) if
    the holder of a role is unknown. The deadline is the latest end, but no earlier than the day
    from which the duty covers the subject; that day if no item has begun."""
    finder = duty.finder_of(version)
    opens = max(duty.in_force_from, subject.joined)
    handovers = _handover_days(finder.sheet, finder.query, version, pattern, subject)
    if handovers is None:
        return None
    # An item whose end cannot be read counts for nothing, as if its row were not there
    # (semantics.md: Evidence).
    terms = {
        item: term
        for item in finder.items(subject)
        if (term := _term(finder.sheet, pattern, item, handovers))
    }
    if not terms:
        return LastingState(deadline=opens, lasts=False, items=(), last_done=None)
    # Not max(): of items with equal terms it takes the first, and the last one counts. Items come
    # sorted, so the order of the sheet's rows does not matter.
    item = sorted(terms, key=lambda item: terms[item])[-1]
    term = terms[item]
    return LastingState(
        deadline=None if term.for_good else max(opens, term.end),
        lasts=term.for_good or term.end >= duty.as_of,
        items=(item,),
        last_done=max(term.begin_day for term in terms.values()),
    )


def _term(
    sheet: Sheet, pattern: Standing, item: EvidenceItem, handovers: Mapping[int, date]
) -> _Term | None:
    """How long an item is in place; None if that cannot be read, or it has no end and needs one.

    It lasts to the earliest of its end, its review-by day, the rule's cap after its beginning,
    and the day before another holder of its role began (reading-semantics.md: Rolling and
    standing).
    """
    begin_day, row = item
    end_columns = [name for name in (pattern.ends, pattern.review_by) if name]
    cells = [(name, sheet.days(name)[row]) for name in end_columns]
    if any(day is None and not sheet.is_nothing(name, row) for name, day in cells):
        return None
    end_days = [day for _, day in cells if day is not None]
    if pattern.end_needed and not end_days:
        return None
    if pattern.review_within:
        end_days.append(after(begin_day, pattern.review_within))
    if row in handovers:
        end_days.append(handovers[row])
    for_good = not end_days
    return _Term(for_good, end=min(end_days, default=date.max), begin_day=begin_day)


# Roles, which have one holder at a time (semantics.md: Standing) ---------------------------------


def _handover_days(
    sheet: Sheet, query: EvidenceQuery, version: Resolved, pattern: Standing, subject: Subject
) -> Mapping[int, date] | None:
    """The last day of each earlier holder of the role that a standing duty is about (one role for
    each member of a fixed list), by row: the day before the next holder began. None (cannot tell)
    where the present holder is unknown; empty where the register is not one of roles.

    The present holder is, of the rows that have begun, the one with the latest beginning. It is
    unknown if several began on that day, if a row that has not ended has no readable beginning, or
    if a row that may be of the role began then or later.
    """
    role = sheet.spec.one_holder_of
    if role is None:
        return {}
    of_role = truths(sheet, _role_conditions(sheet, role, query, version, subject))
    begin_days = sheet.days(pattern.begins)
    rows = [row for row in range(sheet.size) if of_role[row] is not False]  # None: cannot tell
    begun = {
        row: day for row in rows if (day := begin_days[row]) is not None and day <= sheet.as_of
    }
    certain = {row: day for row, day in begun.items() if of_role[row]}
    # Without a certain row this is before every day, so each uncertain row is a rival.
    latest = max(certain.values(), default=date.min)
    several = list(certain.values()).count(latest) > 1
    undated = any(begin_days[row] is None and not _ended(sheet, pattern.ends, row) for row in rows)
    rivals = any(day >= latest for row, day in begun.items() if row not in certain)
    if several or undated or rivals:
        return None
    holder_days = sorted(set(certain.values()))
    return {
        row: holder_days[bisect_right(holder_days, day)] - ONE_DAY
        for row, day in certain.items()
        if day < latest
    }


def _role_conditions(
    sheet: Sheet, role: str, query: EvidenceQuery, version: Resolved, subject: Subject
) -> tuple[Condition, ...]:
    """The conditions that say which role it is; every other one is about its holder."""
    member = subject.member
    where = query.where + (member.where if member else ())
    of_role = tuple(condition for condition in where if condition.column == role)
    # ``named_in`` is the column in which a row names the member of the fixed list. If that is not
    # the role's column, the member is the holder, and does not say which role it is.
    if version.rule.named_in != role or member is None:
        return of_role
    if role in sheet.specs and sheet.specs[role].type == "codes":
        return (*of_role, Condition(column=role, includes=(member.id,)))
    return (*of_role, Condition(column=role, equals=member.id))


def _ended(sheet: Sheet, ends_column: str | None, row: int) -> bool:
    """Whether a row ended before the as-of date. An unreadable end counts as ended: otherwise a
    holder who left would leave it unknown who holds the role now."""
    if ends_column is None or sheet.is_nothing(ends_column, row):
        return False
    day = sheet.days(ends_column)[row]
    return day is None or day < sheet.as_of
