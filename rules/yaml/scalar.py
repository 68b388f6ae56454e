"""What one unquoted word of a rule file stands for; what YAML would guess is refused."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

Scalar = str | int | bool | datetime.date

_YES_NO = {"yes": True, "no": False}
_GUESSED_YES_NO = frozenset(("true", "false", "on", "off"))
_NULLS = frozenset(("null", "~"))
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_LEADING_ZERO = re.compile(r"[+-]?[0-9]+")
_FRACTION = re.compile(r"[+-]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a word cannot stand unquoted, and what to write instead; both whole sentences."""

    message: str
    instead: str


def read_plain(text: str) -> Scalar | Refused:
    """An unquoted word as a day (2024-10-01), whole number, yes or no, or else as text."""
    lower = text.casefold()
    if lower in _YES_NO:
        return _YES_NO[lower]
    if not text or lower in _NULLS:
        return Refused(
            "Nothing stands here.", "Write a value after the colon, or leave the key out."
        )
    if lower in _GUESSED_YES_NO:
        return Refused(
            f"'{text}' could be a word or a yes or no.", f'Write yes or no, or "{text}" in quotes.'
        )
    return _read_number(text)


def _read_number(text: str) -> Scalar | Refused:
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        return _read_day(text)
    if _LEADING_ZERO.fullmatch(text) or _FRACTION.fullmatch(text):
        return Refused(
            f"{text} would be read as a number, and a section or version would change by that.",
            f'Write it in quotes: "{text}".',
        )
    return text


def _read_day(text: str) -> Scalar | Refused:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return Refused(
            f"There is no such day as {text}.", "Write a day as year-month-day, such as 2024-10-01."
        )
