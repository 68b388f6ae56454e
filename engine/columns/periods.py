"""Calendar periods by their labels: '2025/26', '2025/26 Q3', '2025', '2025-07'."""

from __future__ import annotations

import datetime

from evidence.register import PeriodKind

_MONTHS: dict[PeriodKind, int] = {
    "financial year": 12,
    "calendar year": 12,
    "quarter": 3,
    "month": 1,
}


def period_kind(label: str) -> PeriodKind:
    """The kind of a canonical label."""
    if " Q" in label:
        return "quarter"
    if "/" in label:
        return "financial year"
    return "month" if "-" in label else "calendar year"


def period_of(kind: PeriodKind, day: int) -> str:
    """The label of the period of that kind that holds the day (an ordinal); quarters are those of
    the financial year, January to March is Q4 (semantics.md, Pattern 1)."""
    date = datetime.date.fromordinal(day)
    return _label(kind, date.year * 12 + date.month - 1)


def period_starts(label: str) -> int:
    """The first day of a period, as an ordinal."""
    return _first_day(_first_month(label))


def period_ends(label: str) -> int:
    """The last day of a period, as an ordinal."""
    return _first_day(_first_month(label) + _MONTHS[period_kind(label)]) - 1


def period_numbered(label: str, step: int) -> str:
    """The label of the period ``step`` after (before, if negative) this one."""
    kind = period_kind(label)
    return _label(kind, _first_month(label) + step * _MONTHS[kind])


def _first_day(month: int) -> int:
    return datetime.date(month // 12, month % 12 + 1, 1).toordinal()


def _first_month(label: str) -> int:
    """Months since year 0 of the period's first month."""
    year = int(label[:4])
    kind = period_kind(label)
    if kind == "quarter":
        return year * 12 + 3 + 3 * (int(label[-1]) - 1)
    if kind == "financial year":
        return year * 12 + 3
    return year * 12 + (int(label[5:]) - 1 if kind == "month" else 0)


def _label(kind: PeriodKind, month: int) -> str:
    if kind == "calendar year":
        return f"{month // 12:04d}"
    if kind == "month":
        return f"{month // 12:04d}-{month % 12 + 1:02d}"
    year, quarter = (month - 3) // 12, (month - 3) % 12 // 3 + 1
    years = f"{year:04d}/{(year + 1) % 100:02d}"
    return f"{years} Q{quarter}" if kind == "quarter" else years
