"""Lengths of time as rules write them: '28 days', '12 months'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema

#: A length of time as text; its number has at most four digits.
SPAN = re.compile(r"(\d+) (day|month)s?")


@dataclass(frozen=True, slots=True)
class Span:
    """A whole number of days or of calendar months. Data only: each evaluator has its own addition
    to a day, which cuts months to the month's last day (semantics.md: Words)."""

    count: int
    unit: Literal["days", "months"]

    def __str__(self) -> str:
        unit = self.unit if self.count != 1 else self.unit[:-1]
        return f"{self.count} {unit}"

    @property
    def least_days(self) -> int:
        """Its length in days with a month counted as 28 (semantics.md: Words)."""
        return self.count * (28 if self.unit == "months" else 1)

    @property
    def most_days(self) -> int:
        """Its length in days with a month counted as 31."""
        return self.count * (31 if self.unit == "months" else 1)


def read_span(value: object) -> Span:
    """'12 months', '1 month', '28 days' or '0 days' as a Span. Raises ValueError, which says how to
    write one."""
    if isinstance(value, Span):
        return value
    match = SPAN.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("write a whole number of days or months, such as 28 days or 12 months")
    if len(match[1]) > 4:
        raise ValueError("write at most 9999 days or months")
    return Span(int(match[1]), "days" if match[2] == "day" else "months")


SpanField = Annotated[
    Span,
    BeforeValidator(read_span),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{1,4} (day|month)s?$",
            "patternErrorMessage": "Write a whole number of days or months, such as 28 days.",
        }
    ),
]
