"""Reports that may be forwarded: people in them are staff numbers, not names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cached_property

from engine.assessment import Assessment, ObligationOutcome, WaiverShown

#: What stands in place of a name that is not that of one member of staff.
NOT_SHOWN = "(name not shown)"

#: What is said of a cell that contains the name of a member of staff.
_A_NAME = "a name"

#: What stands in place of a person, with a number that is the same in the whole report.
STAFF, _OWNER = "a member of staff (", "an owner ("
LABELS = {"staff": f"{STAFF}{{}})", "owner": f"{_OWNER}{{}})"}

#: Such a label at the beginning of a sentence within a text.
_AT_START = re.compile(r"(?<=[.?!] )a(?=n owner \(| member of staff \()")

#: What a text says that quotes a hidden name, and what it says without the name.
_LABEL = r"'(?:a member of staff|an owner) \(\d+\)'"
_UNQUOTED = (
    (re.compile(rf"'{re.escape(NOT_SHOWN)}' is not on the"), "this entry is not on the"),
    (re.compile(rf" {re.escape(NOT_SHOWN)} is not on the"), " is not on the"),
    (re.compile(rf"Waiver for {re.escape(NOT_SHOWN)}"), "Waiver for a person (name not shown)"),
    (
        re.compile(rf"Enter {_LABEL}(?:(?:, | or ){_LABEL})* instead"),
        "Enter the reference of the one that is meant",
    ),
)

_WORD = re.compile(r"[^\W\d_]+")


class PersonNames:
    """The names of people that an assessment mentions, and the staff numbers in their place."""

    def __init__(self, assessment: Assessment) -> None:
        self._assessment = assessment

    def without(self, text: str) -> str:
        """``text`` with the staff number in place of each name or, where that is not certain, with
        a note that the name is not shown. A name in quotes is what a cell contains: it is only
        said that it is a name, since the number is not in the cell."""
        parts, end = list[str](), 0
        for word in _WORD.finditer(text):
            start = word.start()
            names = self._by_first_word.get(word[0], {}) if start >= end else {}
            name = next((name for name in names if _is_at(text, name, start)), "")
            if not name:
                continue
            after = start + len(name)
            if text[start - 1 : start] == "'" and text[after : after + 1] == "'":
                before = text[end : start - 1]
                begins = not before.strip() or before.endswith(". ")
                parts += [before, _A_NAME.capitalize() if begins else _A_NAME]
                end = after + 1
            else:
                parts += [text[end:start], names[name]]
                end = after
        return unquoted("".join([*parts, text[end:]]))

    def cell_value(self, text: str) -> str:
        """What a cell contains, without a name: that it is one."""
        return _A_NAME if self.without(f"'{text}'").casefold() == _A_NAME else self.without(text)

    @cached_property
    def _by_first_word(self) -> Mapping[str, Mapping[str, str]]:
        """What stands in place of each name, the longest first, by the first word of the name."""
        keys, people = defaultdict[str, set[str]](set), self._assessment.rulebook.people
        for obligation in self._obligations():
            listed = obligation.listed_at
            if obligation.subject_name and listed and listed.register in people:
                keys[obligation.subject_name].add(obligation.subject)
        for name in self._in_waivers():
            keys[name] |= set()
        by_first = defaultdict[str, dict[str, str]](dict)
        for name in sorted(keys, key=len, reverse=True):
            if first := _WORD.match(name):
                single = len(keys[name]) == 1
                by_first[first[0]][name] = next(iter(keys[name])) if single else NOT_SHOWN
        return by_first

    def _in_waivers(self) -> Iterator[str]:
        """The subjects of waivers that are neither references nor what a duty covers: a name, maybe
        one that is not spelt as on the list of staff."""
        texts = {waiver.subject for waiver in self._assessment.waivers if is_personal(waiver)}
        texts = {text for text in texts if not any(map(str.isdigit, text))}
        if texts:
            yield from texts - {obligation.subject for obligation in self._obligations()}

    def _obligations(self) -> Iterator[ObligationOutcome]:
        return (one for duty in self._assessment.duties for one in duty.obligations)


def sentences_begun(text: str) -> str:
    """A text in which the label of a person that begins a sentence has a capital. The text itself
    may go on with a sentence."""
    return _AT_START.sub("A", text)


def text_begun(text: str) -> str:
    """A text that begins a sentence, with capitals where labels of people begin one."""
    begins = text.startswith((STAFF, _OWNER))
    return sentences_begun(f"A{text[1:]}" if begins else text)


def unquoted(text: str) -> str:
    """A text in which names are hidden, without advice that would need them."""
    if not any(hidden in text for hidden in (NOT_SHOWN, STAFF, _OWNER)):
        return text
    for hidden, instead in _UNQUOTED:
        text = hidden.sub(instead, text)
    return text


def is_personal(waiver: WaiverShown, events: Set[str] = frozenset()) -> bool:
    """Whether a waiver may be about a person: it is not for the whole office, nor for all, nor for
    one of the ``events``."""
    subject = waiver.subject.strip().casefold()
    return subject not in ("office", "all") and _letters(subject) not in events


def events_of(assessment: Assessment) -> frozenset[str]:
    """What checks are about that are no people, such as meetings, by letters and digits alone:
    people write 'SG 2026-4' for SG-2026-4."""
    people = {*assessment.rulebook.people, "people"}
    return frozenset(
        _letters(one.subject.partition(", ")[0])
        for duty in assessment.duties
        for one in duty.obligations
        if one.listed_at and one.listed_at.register not in people and not one.subject_name
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_at(text: str, name: str, start: int) -> bool:
    """Whether a whole name is at a place of a text."""
    after = text[start + len(name) :][:1]
    return text.startswith(name, start) and not after.isalpha()
