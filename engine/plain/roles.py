"""Roles, which have one holder at a time (semantics.md, Patterns, 5: Roles)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.plain.conditions import truths
from engine.plain.days import ONE_DAY
from engine.plain.lists import Subject
from engine.plain.sheet import Sheet, Sheets
from rules.condition import Condition
from rules.pattern import EvidenceQuery, Standing
from rules.resolve import Resolved
from rules.subject import FixedList


@dataclass(frozen=True, slots=True)
class Holders:
    """Who has held a role by the as-of date: whether who holds it now is ``unclear``, and, for
    each row that a later one followed, the last day before the next began."""

    unclear: bool
    until: Mapping[int, date]


def holders_of(sheets: Sheets, version: Resolved, subject: Subject) -> Holders | None:
    """The holders of the role that a standing duty asks about, one such for each member of a fixed
    list; None where its evidence is no register of roles."""
    query, pattern = version.version.evidence, version.version.pattern
    if query is None or not isinstance(pattern, Standing):
        return None
    sheet = sheets.of(query.register)
    role = sheet.spec.one_holder_of if sheet.spec else None
    if role is None:
        return None
    asks = _role_asked(sheet, role, query, version, subject)
    return _holders(sheet, pattern, truths(sheet, asks))


def _role_asked(
    sheet: Sheet, role: str, query: EvidenceQuery, version: Resolved, subject: Subject
) -> tuple[Condition, ...]:
    """The conditions that say which role it is; every other one is about its holder."""
    subjects, member = version.version.subjects, subject.member
    where = query.where + (member.where if member else ())
    asks = tuple(condition for condition in where if condition.column == role)
    if not isinstance(subjects, FixedList) or subjects.named_in != role or member is None:
        return asks
    spec = sheet.column_spec(role)
    if spec is not None and spec.type == "codes":
        return (*asks, Condition(column=role, includes=(member.id,)))
    return (*asks, Condition(column=role, equals=member.id))


def _holders(sheet: Sheet, pattern: Standing, of_role: Sequence[bool | None]) -> Holders:
    """The holder is, of the rows that have begun, the one with the latest beginning. Unclear:
    two began on that day; a row not ended has no readable beginning; or a row that may be of the
    role began then or later."""
    begins = sheet.days(pattern.begins)
    rows = [row for row in range(sheet.size) if of_role[row] is not False]
    begun = {row: day for row in rows if (day := begins[row]) is not None and day <= sheet.as_of}
    certain = {row: day for row, day in begun.items() if of_role[row]}
    latest = max(certain.values(), default=date.min)
    unclear = (
        list(certain.values()).count(latest) > 1
        or any(begins[row] is None and not _ended(sheet, pattern.ends, row) for row in rows)
        or any(day >= latest for row, day in begun.items() if row not in certain)
    )
    days = sorted(set(certain.values()))
    until = {
        row: days[bisect_right(days, day)] - ONE_DAY for row, day in certain.items() if day < latest
    }
    return Holders(unclear, until)


def _ended(sheet: Sheet, ends: str | None, row: int) -> bool:
    """Whether a row has ended by the as-of date; an unreadable end reads as ended."""
    if ends is None or sheet.nothing(ends, row):
        return False
    day = sheet.days(ends)[row]
    return day is None or day < sheet.as_of
