"""Whether a duty applies on a day (semantics.md, Subjects, the last sentence; not applicable)."""

from __future__ import annotations

from datetime import date

from engine.plain.conditions import truths
from engine.plain.sheet import Sheets, Truth
from rules.condition import Applies


def applies_on(sheets: Sheets, applies: Applies | None, day: date) -> Truth:
    """Whether a row that the condition asks for is in place on ``day``; None if none is for
    certain, but one may be. Without a condition a duty applies."""
    if applies is None:
        return True
    return sheets.once(("applies", applies, day), lambda: _applies_on(sheets, applies, day))


def _applies_on(sheets: Sheets, applies: Applies, day: date) -> Truth:
    sheet = sheets.of(applies.register)
    begins = sheet.days(applies.begins) if applies.begins else [date.min] * sheet.size
    ends = sheet.days(applies.ends) if applies.ends else [None] * sheet.size
    answer: Truth = False
    rows = zip(truths(sheet, applies.asks), begins, ends, strict=True)
    for told, first, end in rows:
        over = end is not None and end <= day  # an unreadable end reads as not ended
        if told is False or over or (first is not None and first > day):
            continue
        if told and first is not None:
            return True
        answer = None
    return answer
