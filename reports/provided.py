"""Duties whose sheet was not provided, and obligations from before the day records begin."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import HistoryOutcome, Status
from evidence.cells.text import listed
from reports import words

#: The sheets that a sentence names; more are listed below it.
_FEW = 3


@dataclass(frozen=True, slots=True)
class MissingSheet:
    """A sheet that was not provided, with every duty that was not assessed without it; ``listed``
    are those that are not listed under an earlier sheet."""

    title: str
    duties: tuple[DutyOutcome, ...]
    listed: tuple[DutyOutcome, ...]


def not_assessed(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """The duties that were not assessed, in their order."""
    return tuple(duty for duty in duties if duty.status is Status.NOT_ASSESSED)


def missing_sheets(duties: Iterable[DutyOutcome]) -> tuple[MissingSheet, ...]:
    """The sheets that were not provided, the one that most duties need first."""
    needed_by: dict[str, list[DutyOutcome]] = {}
    for duty in not_assessed(duties):
        for title in duty.not_given:
            needed_by.setdefault(title, []).append(duty)
    sheets, seen = [], set[str]()
    for title, own in sorted(needed_by.items(), key=lambda sheet: (-len(sheet[1]), sheet[0])):
        sheets.append(MissingSheet(title, tuple(own), tuple(d for d in own if d.id not in seen)))
        seen |= {duty.id for duty in own}
    return tuple(sheets)


def heading(sheet: MissingSheet) -> str:
    """``No 'Reviews' sheet was provided (19 duties)``."""
    return f"{_not_provided(sheet.title)} ({words.duties(len(sheet.duties))})"


def not_given_words(duty: DutyOutcome) -> str:
    """``No 'Reviews' sheet was provided.``; a sentence for each sheet that the duty needs."""
    if duty.status is not Status.NOT_ASSESSED:
        return ""
    return " ".join(f"{_not_provided(title)}." for title in duty.not_given)


def also_words(sheet: MissingSheet, duty: DutyOutcome) -> str:
    """``also needs Minutes``: the other missing sheets that the duty needs; '' for none."""
    others = [title for title in duty.not_given if title != sheet.title]
    return f"also needs {' and '.join(others)}" if others else ""


def assessed_words(assessment: Assessment) -> str:
    """How many of the office's duties were not assessed, and without which sheets; '' where all
    were. A waived duty whose sheet was not provided is counted apart."""
    own = [duty for duty in assessment.duties if duty.answers == "office"]
    lacking = [duty for duty in own if duty.not_given]
    waiting = not_assessed(lacking)
    waived = len(lacking) - len(waiting)
    sentences = []
    if waiting:
        were = "was" if len(waiting) == 1 else "were"
        titles = list(dict.fromkeys(title for duty in waiting for title in duty.not_given))
        sheets = listed([f"'{title}'" for title in titles], "or")
        why = f"no {sheets} sheet" if len(titles) <= _FEW else "the sheets that they need were not"
        provided = "was provided" if len(titles) <= _FEW else "provided"
        sentences.append(
            f"{len(waiting):,} of the office's {words.duties(len(own))} {were} not assessed, "
            f"because {why} {provided}."
        )
    if waived:
        are, they = ("is", "it needs") if waived == 1 else ("are", "they need")
        sentences.append(f"{waived:,} {are} waived, and a sheet that {they} was not provided.")
    return " ".join(sentences)


def _not_provided(title: str) -> str:
    return f"No '{title}' sheet was provided"


# Before records began ---------------------------------------------------------------------------


def before_records(duty: DutyOutcome) -> int:
    """The number of its obligations that are not counted because their deadlines lie before the
    day records begin (semantics.md: Records begin)."""
    return sum(entry.outcome is HistoryOutcome.BEFORE_RECORDS for entry in duty.history)


def before_words(duty: DutyOutcome) -> str:
    """``3 from before records began``; '' for none."""
    number = before_records(duty)
    return f"{number:,} from before records began" if number else ""


def records_words(assessment: Assessment) -> str:
    """The sentence at the head of a report on the day records begin; '' where the office gave
    none."""
    if assessment.records_begin is None:
        return ""
    number = sum(map(before_records, assessment.duties))
    return begin_words(assessment.records_begin, number)


def begin_words(begin: datetime.date, number: int) -> str:
    """``Records begin on 1 April 2026: 14 obligations from before then are not counted``."""
    counted = f"{words.count(number, 'obligation')} from before then"
    are = "is" if number == 1 else "are"
    effect = f"{counted} {are} not counted" if number else "nothing from before then was left out"
    return f"Records begin on {words.day(begin)}: {effect}"
