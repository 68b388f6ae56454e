"""Waivers (semantics.md, Waiver): what they cover turns to waived, and nothing else changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from engine.outcome import Answer, ObligationKey, Past, Status
from engine.plain.case import Case
from engine.plain.sheet import Sheets, normal
from engine.plain.spellings import UNSPELLED, event_spellings, pairs_printed, subject_spellings

Thing = tuple[str, str]  # the subject and the event that a waiver may name; '' for either

_WORDS = ("duty", "subject", "reason", "approved by")
_ALL, _OFFICE = "all", "office"
_UNMET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE)
_UNTOLD = (Status.CANNOT_TELL, Status.NOT_ASSESSED)


def waive(case: Case, answers: Sequence[Answer]) -> list[Answer]:
    """The answers, of which the current ones that a waiver covers are waived. What was done stays
    met, and no deadline moves; only a waiver for all subjects covers what cannot be told."""
    named = _in_force(case)
    if not named:
        return list(answers)
    keys = [answer.key for answer in answers if answer.key.row < 0]
    things = _things(case, keys, named - {_ALL, _OFFICE})
    changed = _UNMET + _UNTOLD if _ALL in named else _UNMET
    return [
        answer._replace(status=Status.WAIVED)
        if answer.past == Past.CURRENT
        and answer.status in changed
        and (_ALL in named or _covers(answer.key, named, things))
        else answer
        for answer in answers
    ]


def _covers(key: ObligationKey, named: set[str], things: set[Thing]) -> bool:
    """Whether a waiver names the obligation's event or subject, or both; ``office`` names one
    that has neither."""
    if key.row >= 0:
        return False
    if not (key.subject or key.event):
        return _OFFICE in named
    return not things.isdisjoint(_things_of(key))


def _things_of(key: ObligationKey) -> set[Thing]:
    either = {(key.subject, ""), ("", key.event), (key.subject, key.event)}
    return either - {("", "")}


def _in_force(case: Case) -> set[str]:
    """Whom or what the waivers of this duty name that are whole and in force."""
    duty = case.duty.duty
    if not duty.waivable:
        return set()
    ids = {normal(name) for name in (duty.id, *duty.aliases)}
    waivers = case.sheets.once("waivers", lambda: _waivers(case.sheets))
    return {subject for of, subject in waivers if of in ids}


def _waivers(sheets: Sheets) -> list[tuple[str, str]]:
    """Duty and subject of each waiver that is whole and in force."""
    sheet = sheets.of("waivers")
    words = [[normal(" ".join(names)) for names in sheet.keys(name)] for name in _WORDS]
    days = zip(sheet.days("from"), sheet.days("until"), strict=True)
    return [
        (said[0], said[1])
        for said, (first, last) in zip(zip(*words, strict=True), days, strict=True)
        if all(said) and first and last and first <= sheets.as_of <= last
    ]


def _things(case: Case, keys: Iterable[ObligationKey], named: set[str]) -> set[Thing]:
    """What the waivers name of all that the duty's obligations are about, current or in history.
    A text that fits two things names neither."""
    fitting: dict[str, set[Thing]] = defaultdict(set)
    subjects, events = subject_spellings(case), event_spellings(case)
    for key in keys:
        subject = subjects.get(key.subject, UNSPELLED)
        event = events.get(key.event, UNSPELLED)
        for name in subject.names:
            fitting[name].add((key.subject, ""))
        for name in event.names:
            fitting[name].add(("", key.event))
        for name in pairs_printed(event, subject):
            fitting[name].add((key.subject, key.event))
    fits = [fitting[name] for name in named if name in fitting]
    return {next(iter(each)) for each in fits if len(each) == 1}
