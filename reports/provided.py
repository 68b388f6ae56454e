"""Duties whose sheet was not provided, and obligations from before the day records begin."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import HistoryOutcome, Status
from evidence.cells.text import normal_heading, sheet_text, some_of
from evidence.problem import ProblemKind
from evidence.table import SheetNotBegun
from reports import words
from rules.wording.words import empty_is_fair, empty_is_unknown

#: The number of sheets to add that a verdict names.
_ADD_NEXT = 3

#: The days after which what is overdue may be older than the office's sheets.
_YEAR = 365

#: The number of sheets not begun that a report names.
_NOT_BEGUN = 2


@dataclass(frozen=True, slots=True)
class MissingSheet:
    """A sheet that was not provided, with every duty that was not assessed without it; ``listed``
    are those that are not listed under an earlier sheet; ``only_example``: it is there, but only
    with its example."""

    title: str
    duties: tuple[DutyOutcome, ...]
    listed: tuple[DutyOutcome, ...]
    only_example: bool = False


def not_assessed(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """The duties that were not assessed, in their order."""
    return tuple(duty for duty in duties if duty.status is Status.NOT_ASSESSED)


def missing_sheets(
    duties: Iterable[DutyOutcome], not_begun: Iterable[SheetNotBegun] = ()
) -> tuple[MissingSheet, ...]:
    """The sheets that were not provided, the one that most duties need first; those that are
    ``not_begun`` count as such."""
    begin = {normal_heading(sheet_text(sheet.sheet)) for sheet in not_begun}
    needed_by: dict[str, list[DutyOutcome]] = {}
    for duty in not_assessed(duties):
        for title in duty.not_given:
            needed_by.setdefault(title, []).append(duty)
    sheets, seen = [], set[str]()
    for title, own in sorted(needed_by.items(), key=lambda sheet: (-len(sheet[1]), sheet[0])):
        listed = tuple(duty for duty in own if duty.id not in seen)
        sheets.append(MissingSheet(title, tuple(own), listed, normal_heading(title) in begin))
        seen |= {duty.id for duty in own}
    return tuple(sheets)


def sheets_to_add(missing: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """The sheets to add next, by the sheets that each duty is missing: at most three, each with the
    number of duties that could be judged with it alone; where no duty is missing only one sheet,
    with the number that need it."""
    needed = Counter(chain.from_iterable(missing))
    alone = Counter(sheets[0] for sheets in missing if len(sheets) == 1) or needed
    order = sorted(alone, key=lambda sheet: (-alone[sheet], -needed[sheet], sheet))
    return [(sheet, alone[sheet]) for sheet in order[:_ADD_NEXT]]


def heading(sheet: MissingSheet) -> str:
    """``No 'Reviews' sheet was provided (for 19 duties; Policy Officer)``, or that it has only its
    example; with the owner where one owns all of them."""
    example = f"'{sheet.title}' has no row that counts"
    missing = example if sheet.only_example else _not_provided(sheet.title)
    owners = {duty.owner for duty in sheet.duties}
    owner = f"; {min(owners)}" if len(owners) == 1 and min(owners) else ""
    others = sum(duty.answers != "office" for duty in sheet.duties)
    of_partners = f", {others:,} of them partners'" if 0 < others < len(sheet.duties) else ""
    return f"{missing} (for {words.duties(len(sheet.duties))}{of_partners}{owner})"


def nothing_to_record(sheet: MissingSheet) -> str:
    """What to do about a missing sheet on which there is nothing to record, where half of its
    duties or more then require nothing and none is left unclear; '' for another."""
    rules = [duty.rule_words for duty in sheet.duties]
    fair, unknown = empty_is_fair(sheet.title), empty_is_unknown(sheet.title)
    if any(unknown in rule for rule in rules) or 2 * sum(fair in r for r in rules) < len(rules):
        return ""
    title = sheet.title
    return (
        f"If there are no {words.lower_first(title)} to record, confirm that with an empty"
        f" '{title}' sheet: its headings alone."
    )


def not_given_words(duty: DutyOutcome) -> str:
    """``No 'Reviews' sheet was provided.``; a sentence for each sheet that the duty needs."""
    if duty.status is not Status.NOT_ASSESSED:
        return ""
    return " ".join(f"{_not_provided(title)}." for title in duty.not_given)


def also_words(sheet: MissingSheet, duty: DutyOutcome) -> str:
    """``also needs Minutes``: the other missing sheets that the duty needs; '' for none."""
    others = [title for title in duty.not_given if title != sheet.title]
    return f"also needs {' and '.join(others)}" if others else ""


def not_begun_words(assessment: Assessment) -> str:
    """Which sheets have only their example, and what follows; '' for none. A problem names those
    whose example may be a real row."""
    filled = {
        (p.file, p.sheet) for p in assessment.problems if p.kind == ProblemKind.EXAMPLE_FILLED
    }
    sheets = (s for s in assessment.not_begun_sheets if (s.file, s.sheet) not in filled)
    names = dict.fromkeys(f"'{sheet_text(sheet.sheet)}'" for sheet in sheets)
    if not names:
        return ""
    named, count = some_of(list(names), _NOT_BEGUN), "have only their example. They count"
    if len(names) == 1:
        count = "has only its example. It counts"
    delete = "If there is nothing to record, delete the example row."
    return f"Not begun: {named} {count} as not provided. {delete}"


def waived_words(assessment: Assessment) -> str:
    """How many of the office's duties are waived and would not be assessed otherwise, because a
    sheet was not provided; '' for none."""
    number = sum(
        duty.answers == "office" and bool(duty.not_given) and duty.status is not Status.NOT_ASSESSED
        for duty in assessment.duties
    )
    if not number:
        return ""
    are, they = ("is", "it needs") if number == 1 else ("are", "they need")
    duties, called = words.duties(number), assessment.rulebook.body.called
    return f"{duties} of the {called} {are} waived, and a sheet that {they} was not provided."


def _not_provided(title: str) -> str:
    return f"No '{title}' sheet was provided"


# Before records began ---------------------------------------------------------------------------


def before_records(duty: DutyOutcome) -> int:
    """The number of its obligations that are not counted because their deadlines lie before the
    day records begin (semantics.md: Records begin)."""
    return sum(entry.outcome is HistoryOutcome.BEFORE_RECORDS for entry in duty.history)


def before_words(duty: DutyOutcome) -> str:
    """``3 older deadlines not counted``; '' for none."""
    number = before_records(duty)
    return f"{words.count(number, 'older deadline')} not counted" if number else ""


def records_words(assessment: Assessment) -> str:
    """The sentence at the head of a report on the day records begin; '' where the office gave none
    and no duty has been overdue for so long that the day would explain it."""
    begin = assessment.records_begin
    if begin is None:
        return _no_day_words(assessment)
    words_ = begin_words(begin, sum(map(before_records, assessment.duties)))
    still = sum(
        duty.status is Status.OVERDUE and duty.deadline is not None and duty.deadline < begin
        for duty in assessment.duties
    )
    if not still:
        return words_
    have = "duty is overdue from" if still == 1 else "duties are overdue from"
    return (
        f"{words_}. {still:,} {have} before then, because what is lacking now is lacking whenever"
        " records began: if it was done earlier, record that too"
    )


def _no_day_words(assessment: Assessment) -> str:
    """That the office did not say from when it keeps these sheets, where some of its duties have
    been overdue for more than a year; '' where none has."""
    old = sum(
        (duty.answers, duty.status) == ("office", Status.OVERDUE)
        and duty.deadline is not None
        and (assessment.as_of - duty.deadline).days > _YEAR
        for duty in assessment.duties
    )
    if not old:
        return ""
    have = "duty has" if old == 1 else "duties have"
    return (
        f"{old:,} {have} been overdue for more than a year, and no day was given on which records "
        "begin. If these sheets were not kept then, give the day (--records-begin)"
    )


def begin_words(begin: datetime.date, number: int) -> str:
    """``Records begin on 1 April 2026: 14 obligations from before then are not counted``."""
    counted = f"{words.count(number, 'obligation')} from before then"
    are = "is" if number == 1 else "are"
    effect = f"{counted} {are} not counted" if number else "nothing from before then was left out"
    return f"Records begin on {words.day(begin)}: {effect}"
