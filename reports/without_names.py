"""An assessment without the names of people, for reports that leave the office."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import TypeVar, cast

from engine.assessment import (
    Assessment,
    CellToWrite,
    CitationShown,
    DutyAside,
    ItemShown,
    ObligationOutcome,
    Person,
    Personal,
    ProblemShown,
    Program,
    ReadingShown,
    Remedy,
    RowLook,
    RulebookStamp,
    RuleFired,
    SectionOutcome,
    SopStamp,
    UnapprovedVersion,
    UnknownNames,
    WaiverShown,
)
from evidence.cells.day_words import MONTH_NAMES
from evidence.cells.text import normal_key
from reports.names import LABELS, NOT_SHOWN, events_of, is_personal, sentences_begun, unquoted

Kept = TypeVar("Kept")

#: What comes from the rulebook or the program alone, by type and by the name of a field.
_OF_RULEBOOK = (
    CitationShown,
    DutyAside,
    Program,
    ReadingShown,
    RowLook,
    RuleFired,
    RulebookStamp,
    SectionOutcome,
    SopStamp,
    UnapprovedVersion,
)
_FIELDS_OF_RULEBOOK = frozenset(
    (
        "format",
        "id",
        "duty",
        "duties",
        "register",
        "column",
        "cell",
        "letters",
        "pattern",
        "bearer",
        "answers",
        "strength",
        "section",
        "title",
        "in_brief",
        "rule_words",
        "not_given",
        "kind",
        "fingerprint",
        "sha256",
        "state",
        "window",
        "silent",
        "reads",
        "versions",
    )
)
#: Values without a text, which most fields have.
_PLAIN = frozenset((type(None), bool, int, datetime.date))
#: What names a subject or a row, and nothing else.
_SUBJECTS = frozenset(("subject", "subject_name", "key", "rows", "owner", "name"))
#: Where a thing is: a staff number might look like the address of a cell, so only names go.
_PLACES = frozenset(("file", "sheet", "sheets", "place", "places", "cells"))

_MONTHS = "|".join(MONTH_NAMES)
#: Dates, and numbers that count or place something.
_NO_NAME = re.compile(
    rf"(\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b"
    r"|\b(?:[Rr]ows?|[Ss]ection|number|version) \d[\d.,]*"
    r"|(?<![\w,])\d[\d,]* (?:of|days?|weeks?|months?|years?|dut(?:y|ies)|checks?|rows?|cells?|"
    r"people|records?|more|others?|points?|periods?|versions?|values?|meetings?)\b)"
)
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"(, |; |/)")
_QUOTES = "'\"‘“"
_YEAR = re.compile(r"(?:19|20)\d\d")


def without_names(assessment: Assessment, of: Sequence[Assessment] = ()) -> Assessment:
    """The assessment with 'a member of staff (3)' in place of each name and staff number, in every
    text. ``of``: the assessments of one report, which share the numbers; by default itself."""
    hidden = _WithoutNames([_personal(each) for each in of or [assessment]], events_of(assessment))
    return hidden.assessment(assessment)


def texts_without_names(texts: Iterable[str], of: Sequence[Assessment]) -> tuple[str, ...]:
    """Texts that a report adds to these assessments, such as sign-offs, without names as well."""
    hidden = _WithoutNames([_personal(each) for each in of])
    return tuple(hidden.text(text) for text in texts)


def _personal(assessment: Assessment) -> Personal:
    """What is personal in an assessment; where its rulebook does not say, the people whose
    obligations it has."""
    if assessment.personal.columns or assessment.personal.people:
        return assessment.personal
    people = {
        Person("staff", tuple(filter(None, (one.subject, one.subject_name))))
        for duty in assessment.duties
        for one in duty.obligations
        if one.listed_at and one.listed_at.register == "people"
    }
    return Personal(people=tuple(sorted(people, key=lambda person: person.texts)))


class _WithoutNames:
    """Copies parts of an assessment without names; a part that is shared stays shared."""

    def __init__(self, personal: Sequence[Personal], events: Set[str] = frozenset()) -> None:
        self._events = events
        self._columns = {column for each in personal for column in each.columns}
        self._labels = _labels(personal)
        # by the first word, then by where it begins and the length, the longest first: thousands of
        # people may share a first name, and each text that has it is compared with few of them
        self._names: dict[str, dict[tuple[int, int], dict[str, list[str]]]] = {}
        for text in sorted(self._labels, key=len, reverse=True):
            if first := _WORD.search(text):
                by_length = self._names.setdefault(first[0].casefold(), {})
                alike = by_length.setdefault((first.start(), len(text)), {})
                alike.setdefault(text.casefold(), []).append(text)
        self._by_key = {normal_key(text): label for text, label in self._labels.items()}
        self._copies: dict[int, tuple[object, object]] = {}  # with the original, whose id it is
        self._texts: dict[tuple[str, bool], str] = {}
        self._subjects: dict[str, str] = {}

    def assessment(self, assessment: Assessment) -> Assessment:
        """The whole."""
        owners = tuple(replace(owner, email="") for owner in assessment.owners)
        return self._copy(replace(assessment, owners=owners, personal=Personal()))

    def text(self, text: str) -> str:
        """A text of a person."""
        return self._text(text, "")

    def _copy(self, value: Kept, name: str = "") -> Kept:
        """A copy of a value in the field of a name."""
        if isinstance(value, str) and not isinstance(value, Enum):
            return cast("Kept", self._text(value, name))
        if isinstance(value, tuple):
            return cast("Kept", tuple([self._copy(part, name) for part in value]))
        kind: type = type(value)
        if not (names := _fields_of(kind)):
            return value
        if id(value) not in self._copies:
            special = self._special(value)
            parts = [(name, getattr(special, name)) for name in names]
            made = kind(
                *[part if type(part) in _PLAIN else self._copy(part, name) for name, part in parts]
            )
            self._copies[id(value)] = value, made
        return cast("Kept", self._copies[id(value)][1])

    def _special(self, value: object) -> object:
        """A part in which the column says what is personal."""
        if isinstance(value, ItemShown):
            texts = zip(value.look.columns, value.values, strict=True)
            shown = tuple([self._of_column(value.register, *each) for each in texts])
            return value if shown == value.values else replace(value, values=shown)
        if isinstance(value, ObligationOutcome) and value.listed_at:
            listed = value.listed_at.register
            named = value.subject_name and listed == "people"
            return replace(value, subject_name="") if named else value
        if isinstance(value, Remedy):
            cells = tuple([self._cell_to_write(value.register, cell) for cell in value.cells])
            return replace(value, cells=cells)
        if isinstance(value, ProblemShown):
            texts_ = [self._of_column(value.register, value.column, text) for text in value.values]
            personal = (value.register, value.column) in self._columns
            return replace(
                value,
                values=tuple([text or "" for text in texts_]),
                each_value=() if personal else value.each_value,
            )
        if isinstance(value, UnknownNames):
            shown_ = self._of_column(value.register, value.column, value.value)
            return replace(value, value=NOT_SHOWN if value.people and shown_ else shown_)
        if isinstance(value, WaiverShown) and is_personal(value, self._events):
            subject = self._subject(value.subject)
            kept = subject == value.subject and not any(map(str.isdigit, subject))
            return replace(value, subject=NOT_SHOWN if kept else subject, reason="personal")
        return value

    def _of_column(self, register: str, column: str, text: str | None) -> str | None:
        if text and (register, column) in self._columns:
            return self._by_key.get(normal_key(text), NOT_SHOWN)
        return text

    def _cell_to_write(self, register: str, cell: CellToWrite) -> CellToWrite:
        if (register, cell.column) not in self._columns:
            return cell
        return replace(cell, value=self._subject(cell.value))

    # Texts --------------------------------------------------------------------------------------

    def _text(self, text: str, name: str) -> str:
        if name in _FIELDS_OF_RULEBOOK:
            return text
        if name in _SUBJECTS:
            return self._subject(text)
        places = name in _PLACES
        if (text, places) not in self._texts:
            parts = [text] if places else _NO_NAME.split(text)
            shown = [
                part if number % 2 else "".join(self._parts(part, places=places))
                for number, part in enumerate(parts)
            ]
            self._texts[text, places] = unquoted(sentences_begun("".join(shown)))
        return self._texts[text, places]

    def _subject(self, text: str) -> str:
        """A subject, such as 'S024' or 'S024, induction'."""
        if text not in self._subjects:
            parts = [text] if normal_key(text) in self._by_key else _BETWEEN.split(text)
            shown = [self._by_key.get(normal_key(part)) or self._text(part, "") for part in parts]
            self._subjects[text] = unquoted("".join(shown))
        return self._subjects[text]

    def _parts(self, text: str, *, places: bool) -> Iterator[str]:
        """The parts of a text, with labels in place of the names."""
        if self._names.keys().isdisjoint(map(str.casefold, _WORD.findall(text))):
            yield text  # as most do
            return
        end, folded = 0, text.casefold()
        folded = folded if len(folded) == len(text) else text
        for word in _WORD.finditer(text):
            names = self._names.get(word[0].casefold(), {}) if word.start() >= end else {}
            for (before, length), alike in names.items():
                start = word.start() - before
                possible = alike.get(text[max(start, 0) : start + length].casefold(), ())
                name = next(
                    (n for n in possible if self._is_at(text, folded, n, start, places=places)), ""
                )
                if name:
                    yield text[end:start]
                    yield self._labels[name]
                    end = start + length
                    break
        yield text[end:]

    def _is_at(self, text: str, folded: str, name: str, start: int, *, places: bool) -> bool:
        """Whether a whole name is at a place of a text, and is meant there."""
        end = start + len(name)
        one_word = " " not in name
        exact = one_word and not any(map(str.isdigit, name))  # 'Will' is a name, 'will' is not
        if start < 0 or (text if exact else folded)[start:end] != (
            name if exact else name.casefold()
        ):
            return False
        before, after = text[start - 1 : start], text[end : end + 1]
        if after.isalnum() or (before.isalnum() and name[0].isalnum()):
            return False
        if places:
            return not one_word
        if before and before in _QUOTES:
            return True
        if name.isdigit():
            joined = before and before in ",./-–:" and start > 1
            return len(name) > 2 and not _YEAR.fullmatch(name) and not joined
        known = self._labels[name] != NOT_SHOWN
        return known or not one_word or any(map(str.isdigit, name))


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of another type, nor of one from the rulebook alone."""
    if not is_dataclass(kind) or issubclass(kind, _OF_RULEBOOK):
        return ()
    return tuple([field.name for field in fields(kind)])


def _labels(personal: Sequence[Personal]) -> Mapping[str, str]:
    """What stands in place of each text: of a text that is of two people, a note that it is not
    shown. Who is in two assessments has the number of the first."""
    labels = dict[str, str]()
    numbers = dict.fromkeys(LABELS, 0)
    for each in personal:
        known = dict(labels)
        for person in each.people:
            label = next((known[text] for text in person.texts[:1] if text in known), "")
            if not label and person.kind in LABELS:
                numbers[person.kind] += 1
                label = LABELS[person.kind].format(numbers[person.kind])
            for text in person.texts:
                other = labels.setdefault(text, label or NOT_SHOWN)
                if other != (label or NOT_SHOWN):
                    labels[text] = NOT_SHOWN
    return labels
