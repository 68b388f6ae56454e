"""What was not assessed: duties whose sheet was not provided, and obligations from before the day
on which records begin."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import BEFORE_RECORDS, Status
from reports import words


@dataclass(frozen=True, slots=True)
class MissingSheet:
    """A sheet that was not provided, with every duty that was not assessed for want of it; and in
    ``listed`` those that no sheet before this one lists."""

    title: str
    duties: tuple[DutyOutcome, ...]
    listed: tuple[DutyOutcome, ...]


def not_assessed(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """The duties that were not assessed, in their order."""
    return tuple(duty for duty in duties if duty.status is Status.NOT_ASSESSED)


def missing_sheets(duties: Iterable[DutyOutcome]) -> tuple[MissingSheet, ...]:
    """The sheets that were not provided, that for which most duties wait first."""
    waiting: dict[str, list[DutyOutcome]] = {}
    for duty in not_assessed(duties):
        for title in duty.not_given:
            waiting.setdefault(title, []).append(duty)
    found, seen = [], set[str]()
    for title, had in sorted(waiting.items(), key=lambda each: (-len(each[1]), each[0])):
        found.append(MissingSheet(title, tuple(had), tuple(d for d in had if d.id not in seen)))
        seen |= {duty.id for duty in had}
    return tuple(found)


def missing_words(sheet: MissingSheet) -> str:
    """``No 'Reviews' sheet was provided: 19 duties were not assessed``, and how many of them are
    the office's own where others wait too."""
    count, own = len(sheet.duties), sum(duty.answers == "office" for duty in sheet.duties)
    whose = "" if own else " of others"
    theirs = f", {own:,} of them the office's own" if 0 < own < count else ""
    were = f"{words.duties(count)}{whose} {'was' if count == 1 else 'were'}"
    return f"{_not_provided(sheet.title)}: {were} not assessed{theirs}"


def not_given_words(duty: DutyOutcome) -> str:
    """``No 'Reviews' sheet was provided.``; a sentence for each sheet that the duty waits for."""
    if duty.status is not Status.NOT_ASSESSED:
        return ""
    return " ".join(f"{_not_provided(title)}." for title in duty.not_given)


def also_words(sheet: MissingSheet, duty: DutyOutcome) -> str:
    """``also needs Minutes``: what the duty waits for beside this sheet; '' for nothing."""
    others = [title for title in duty.not_given if title != sheet.title]
    return f"also needs {' and '.join(others)}" if others else ""


def heading(sheet: MissingSheet) -> str:
    """What stands over the duties listed for want of a sheet: ``Without the Reviews sheet``."""
    return f"Without the {sheet.title} sheet"


def provided_lines(assessment: Assessment) -> Iterator[str]:
    """What stands at the head of a report where a duty was not assessed: how many could be, and a
    line for each sheet that was not provided."""
    if told := assessed_words(assessment):
        yield told
    yield from map(missing_words, missing_sheets(assessment.duties))


def assessed_words(assessment: Assessment) -> str:
    """How many of the office's duties could be assessed; '' where all were. A waived duty whose
    sheet was not provided could not, and says so."""
    own = [duty for duty in assessment.duties if duty.answers == "office"]
    lacking = [duty for duty in own if duty.not_given]
    if not lacking:
        return ""
    waiting = len(not_assessed(lacking))
    waived = len(lacking) - waiting
    told = [
        f"{len(own) - len(lacking):,} of the office's {words.duties(len(own))} could be assessed."
    ]
    if waiting == 1:
        told.append(
            "1 was not assessed, because a sheet that it needs was not provided. It does not count "
            "as overdue."
        )
    elif waiting:
        told.append(
            f"{waiting:,} were not assessed, because a sheet that they need was not provided. Not "
            "one of them counts as overdue."
        )
    if waived:
        are, they = ("is", "it needs") if waived == 1 else ("are", "they need")
        told.append(f"{waived:,} {are} waived, and a sheet that {they} was not provided.")
    return " ".join(told)


def section_words(duties: Sequence[DutyOutcome]) -> str:
    """``2 of these 9 duties could be assessed.``; '' where all were."""
    without = sum(bool(duty.not_given) for duty in duties)
    if not without:
        return ""
    if len(duties) == 1:
        return f"This duty {'was not' if not_assessed(duties) else 'could not be'} assessed."
    return f"{len(duties) - without:,} of these {words.duties(len(duties))} could be assessed."


def _not_provided(title: str) -> str:
    return f"No '{title}' sheet was provided"


# Before records began ---------------------------------------------------------------------------


def before_records(duty: DutyOutcome) -> int:
    """How many of its obligations are not counted, since their deadlines lie before that day."""
    return sum(entry.outcome == BEFORE_RECORDS for entry in duty.history)


def before_words(duty: DutyOutcome) -> str:
    """``3 from before records began``; '' for none."""
    number = before_records(duty)
    return f"{number:,} from before records began" if number else ""


def records_words(assessment: Assessment) -> str:
    """What stands at the head of a report; '' where the office gave no day."""
    if assessment.records_begin is None:
        return ""
    number = sum(map(before_records, assessment.duties))
    return begin_words(assessment.records_begin, number)


def begin_words(begin: datetime.date, number: int) -> str:
    """``Records begin on 1 April 2026: 14 obligations from before then are not counted``."""
    counted = f"{words.count(number, 'obligation')} from before then"
    are = "is" if number == 1 else "are"
    told = f"{counted} {are} not counted" if number else "nothing from before then was left out"
    return f"Records begin on {words.day(begin)}: {told}"
