"""What one unquoted word of a rule file stands for; what YAML would guess is refused."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

Scalar = str | int | bool | datetime.date

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# a number that begins with a nought or a plus sign or is too long, or a fraction
_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+)")


class Refused(NamedTuple):
    """Why a word cannot stand unquoted, and what to write instead; both whole sentences."""

    message: str
    instead: str


def read_plain(text: str) -> Scalar | Refused:
    """An unquoted word as a day (2024-10-01), whole number, yes or no, or else as text."""
    lower = text.casefold()
    if lower in {"yes", "no"}:
        return lower == "yes"
    if lower in {"", "null", "~"}:
        instead = "Write a value after the colon, or leave the key out."
        return Refused("There is no value here.", instead)
    if lower in {"true", "false", "on", "off"}:
        message = f"'{text}' could be a word, or yes or no."
        return Refused(message, f'Write yes or no, or "{text}" in quotes.')
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            instead = "Write a day as year-month-day, such as 2024-10-01."
            return Refused(f"{text} is not a date.", instead)
    if _NUMBER.fullmatch(text):
        message = f"{text} would be read as a number, which would change a section or version."
        return Refused(message, f'Write it in quotes: "{text}".')
    return text
