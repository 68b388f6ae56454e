"""Each duty in sentences made from its rule, and nothing but its rule.

Whatever a rule says is said here too: two rules that differ in anything that decides are told in
different words (tests/test_rules_sentences.py).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from rules.model import Duty, Rulebook, Version
from rules.resolve import resolve
from rules.wording.also import also_told
from rules.wording.columns import RegisterTold, registers_told
from rules.wording.telling import Telling
from rules.wording.words import day_told, where_told


@dataclass(frozen=True, slots=True)
class VersionTold:
    """One version of a duty in words: the day from which it holds, what it asks in one sentence,
    what else it says (a sentence each), which columns it reads, and what it points out."""

    begins: datetime.date
    sentence: str
    also: tuple[str, ...]
    registers: tuple[RegisterTold, ...]
    remarks: tuple[str, ...]


def versions_told(rulebook: Rulebook, duty_id: str) -> tuple[VersionTold, ...]:
    """Every version of the duty, the earliest first; a duty that adds to another one has a version
    wherever either has (semantics.md, Patterns). Raises KeyError where there is no such duty."""
    duty = rulebook.duties[duty_id]
    return tuple(
        _told(rulebook, duty, each.begins, each.version)
        for each in resolve(rulebook, duty_id).versions
    )


def sentence(rulebook: Rulebook, duty_id: str, day: datetime.date) -> str:
    """What the duty asks on that day, in one sentence: by the version that holds then, or the first
    one before any does."""
    told = versions_told(rulebook, duty_id)
    held = [each for each in told if each.begins <= day]
    return (held or told[:1])[-1].sentence


def ending_told(duty: Duty) -> str:
    """``It ends on 31 March 2027, that day included.``; '' for a duty without an end."""
    return f"It ends on {day_told(duty.until)}, that day included." if duty.until else ""


def _told(rulebook: Rulebook, duty: Duty, day: datetime.date, resolved: Version) -> VersionTold:
    telling = Telling(resolved, day, duty.in_force, rulebook.registers, duty.strength)
    written = [each for each in duty.versions if each.from_ <= day][-1].pattern
    of, also = "", tuple(also_told(telling))
    if written.cuts is not None:
        of = rulebook.duties[written.cuts].title
        also = (f"All else is as that duty has it: {sentence(rulebook, written.cuts, day)}",)
    unwaived = () if duty.waivable else ("No waiver does anything to it.",)
    return VersionTold(
        begins=day,
        sentence=written.sentence(telling, of),
        also=(*also, *unwaived),
        registers=registers_told(resolved, rulebook.registers),
        remarks=tuple(
            f"A row{where_told(remark.where)} is pointed out: {remark.say}."
            for remark in resolved.remarks
        ),
    )
