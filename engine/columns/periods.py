"""Calendar periods by their labels: '2025/26', '2025/26 Q3', '2025', '2025-07'."""

from __future__ import annotations

import datetime

from evidence.register import PeriodKind

_MONTHS: dict[PeriodKind, int] = {
    "financial year": 12, "calendar year": 12, "quarter": 3, "month": 1
}  # fmt: skip


def period_kind(label: str) -> PeriodKind:
    """The kind of a canonical label."""
    return _kind_and_first_month(label)[0]


def period_of(kind: PeriodKind, day: int) -> str:
    """The label of the period of that kind that contains the day (an ordinal). Quarters are those
    of the financial year, so January to March is Q4 (semantics.md: Periodic)."""
    date = datetime.date.fromordinal(day)
    return _label(kind, date.year * 12 + date.month - 1)


def period_starts(label: str) -> int:
    """The first day of a period, as an ordinal."""
    _, month = _kind_and_first_month(label)
    return datetime.date(month // 12, month % 12 + 1, 1).toordinal()


def period_ends(label: str) -> int:
    """The last day of a period, as an ordinal."""
    return period_starts(period_numbered(label, 1)) - 1


def period_numbered(label: str, step: int) -> str:
    """The label of the period that comes ``step`` periods after this one (before it, if
    negative)."""
    kind, month = _kind_and_first_month(label)
    return _label(kind, month + step * _MONTHS[kind])


def _kind_and_first_month(label: str) -> tuple[PeriodKind, int]:
    """The kind of a canonical label, and its first month, counted from year 0."""
    january = int(label[:4]) * 12
    if " Q" in label:
        return "quarter", january + 3 * int(label[-1])
    if "/" in label:
        return "financial year", january + 3
    if "-" in label:
        return "month", january + int(label[5:]) - 1
    return "calendar year", january


def _label(kind: PeriodKind, month: int) -> str:
    if kind == "calendar year":
        return f"{month // 12:04d}"
    if kind == "month":
        return f"{month // 12:04d}-{month % 12 + 1:02d}"
    year = (month - 3) // 12
    quarter = (month - 3) % 12 // 3 + 1
    years = f"{year:04d}/{(year + 1) % 100:02d}"
    return f"{years} Q{quarter}" if kind == "quarter" else years
