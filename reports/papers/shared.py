"""What the papers have in common: texts cut to a length, and what stands at their ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sized
from dataclasses import fields as fields_of
from dataclasses import is_dataclass, replace
from types import MappingProxyType
from typing import TypeVar, cast

from engine.assessment import (
    Assessment,
    DutyOutcome,
    ItemShown,
)
from engine.proof.phrases import thing_of
from reports import view, words
from reports.brief import HAS_EVIDENCE, NOT_READ, Brief
from reports.examined import near_rows
from reports.papers.fields import EvidenceRow, Picture
from reports.provided import records_words
from reports.unknown_names import unknown_names_words
from reports.writing import FILES

Fields = TypeVar("Fields")

#: So many versions that nobody approved are named.
_NAMED = 3

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.?!](?=\s+[A-Z'(]|\s*\Z)")
_REST = "The report says the rest."

_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")

#: The place of a cell or a row, which only the report has, and the sheet of a cell.
PLACE = re.compile(
    r"\b[A-Z]{1,3}[1-9]\d* of (?!\d)(?P<sheet>[^:,.]+)|\b(?:[Cc]ell|[Rr]ow)s? [A-Z]*\d"
    r"|, [A-Z]{1,3}[1-9]\d*\.?$"
)

#: The status of what could not be judged, and what is said of a number of that.
_CANNOT_TELL = re.compile(r"(?:for ([\d,]+ )the records |(?<!The check ))cannot tell\b")

#: A person without a name, and one of several in a list.
_PERSON = re.compile(r"\b(?:([Aa]) (member of staff)|([Aa])n (owner)) \(\d+\)")
_SEVERAL = re.compile(
    r"\b([Oo])ne ([a-z]+(?: of staff| record)?)((?:(?:, and|,|;| and) one \2\b)+)"
)
_MANY = ("two", "three", "four", "five", "six", "seven", "eight", "nine")

#: What may be a reference, after what it is of.
_REFERENCE = re.compile(r"(\b[A-Za-z]+ record |\b[A-Za-z]+ |)('?)(\w+(?:[-/.]\w+)*)\2")

#: A meaning has this between the full name and what else the name says.
_ALSO = ", "


def cut(text: str, most: int) -> str:
    """The text, or as many of its sentences or words as ``most`` characters have room for, and
    '…'."""
    if len(text) <= most:
        return text
    begun = text[: most - 1]
    sentences = begun[: begun.rfind(". ") + 1]
    if len(sentences) > most // 3:
        return f"{sentences} …"
    whole = begun.rpartition(" ")[0] if not text[most - 1].isspace() else begun
    # a single long word is cut inside
    return f"{(whole if len(whole) > most // 2 else begun).rstrip(' ,;:(')}…"


def whole(text: str, most: int) -> str:
    """As many of the sentences of what to do as ``most`` characters have room for, at least the
    first, and where the others are. No sentence is cut, so that nobody acts on a part of it."""
    if len(text) <= most:
        return text
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    fitting = max((end for end in ends if end <= most), default=ends[0] if ends else len(text))
    left = text[fitting:].strip()
    return f"{text[:fitting].strip()} {_REST}" if left else text


def deadline_words(assessment: Assessment, duty: DutyOutcome) -> str:
    """``deadline 2 April 2026`` of an outstanding duty, or the deadline since which it is
    overdue."""
    since = view.overdue_since(assessment.as_of, duty.deadline, duty.days)
    if duty.status not in view.OUTSTANDING or not (since or duty.deadline):
        return ""
    return f"overdue since {words.day(since)}" if since else f"deadline {words.day(duty.deadline)}"


def some(texts: Iterable[str], most: int, length: int) -> tuple[str, ...]:
    """The first of the texts, each cut."""
    return tuple([cut(text, length) for text in texts][:most])


def more(lines: Sized, most: int) -> str:
    """``and 12 more; see the report``; '' where no line is left out."""
    left = len(lines) - most
    return f"and {left:,} more; see the report" if left > 0 else ""


def of_office(assessment: Assessment) -> str:
    """The name of the office, or the rulebook's title where the office gave none."""
    return assessment.office or assessment.rulebook.title


def abbreviations(assessment: Assessment, fields: object) -> str:
    """The abbreviations that the fields of a paper use, with their meanings; '' for none."""
    used = set(_WORD.findall("\n".join(_texts(fields))))
    known = assessment.rulebook.abbreviations
    meanings = [f"{short}: {long}" for short, long in known if short in used]
    return f"Abbreviations. {'; '.join(meanings)}." if meanings else ""


def section_titles(assessment: Assessment, fields: object) -> str:
    """The titles of the sections whose numbers the fields of a paper have; '' for none."""
    text = "\n".join(_texts(fields))
    sections = [
        f"{one.section} {one.title}"
        for one in assessment.sections
        if one.title and re.search(rf"(?<![\w.]){re.escape(one.section)} [A-Z]", text)
    ]
    numbers = "The number before a duty is that of its section of the SOP"
    return f"{numbers}: {'; '.join(sections)}." if sections else ""


def anonymous(fields: Fields, things: Mapping[str, str] = MappingProxyType({})) -> Fields:
    """The fields of a paper with ``one member of staff`` in place of ``a member of staff (24)``,
    and ``one case`` in place of each reference in ``things``, which say what it is of."""

    def referred(match: re.Match[str]) -> str:
        before, _, key = match.groups()
        thing = things.get(key)
        of = before.strip().casefold() == thing
        if not thing or not (of or (any(map(str.isdigit, key)) and not key.isdigit())):
            return match[0]  # a number or a word that may be no reference
        return f"{'' if of else before}{'One' if of and before[0].isupper() else 'one'} {thing}"

    def counted(match: re.Match[str]) -> str:
        one, thing, others = match.groups()
        number = others.count(f"one {thing}")
        many = _MANY[number - 1] if number <= len(_MANY) else f"{number + 1:,}"
        things_ = thing.replace("member", "members") if " of " in thing else f"{thing}s"
        return f"{many.capitalize() if one == 'O' else many} {things_}"

    def changed(text: str) -> str:
        text = _PERSON.sub(
            lambda m: f"{'One' if 'A' in (m[1], m[3]) else 'one'} {m[2] or m[4]}", text
        )
        return _SEVERAL.sub(counted, _REFERENCE.sub(referred, text) if things else text)

    return cast("Fields", _each_text(fields, changed))


def references(assessment: Assessment, private: Collection[str]) -> Mapping[str, str]:
    """The references of the rows of some registers, each with what it is of: ``case``."""
    return {
        item.key: words.lower_first(thing_of(item.register))
        for duty in assessment.duties
        for item in _items(duty)
        if item.key and item.register in private
    }


def _items(duty: DutyOutcome) -> Iterator[ItemShown]:
    """The rows that a duty shows."""
    for entry in duty.history:
        yield from entry.evidence
    for one in duty.obligations:
        yield from (*one.evidence, *one.unreadable)
        yield from (one.listed_at,) if one.listed_at else ()
        yield from (row.item for row in near_rows(one))


def without_numbers(assessment: Assessment, fields: Fields) -> Fields:
    """The fields of a paper with the titles of duties alone outside its tables: the number of a
    section before one might be taken for a quantity."""
    titles = {view.named(duty): duty.title for duty in assessment.duties}
    titles |= {view.named(version): version.title for version in assessment.coming}

    def changed(text: str) -> str:
        for named, title in titles.items():
            text = text.replace(named, title)
        return text

    running = {
        field.name: _each_text(value, changed)
        for field in fields_of(fields)  # type: ignore[arg-type]
        if not (
            isinstance(value := getattr(fields, field.name), tuple)
            and any(map(is_dataclass, value))
        )
    }
    return replace(fields, **running)  # type: ignore[type-var]


def judged(fields: Fields) -> Fields:
    """The fields of a paper with 'could not be judged' in place of the status 'cannot tell'."""

    def changed(text: str) -> str:
        return _CANNOT_TELL.sub(r"\1could not be judged", text)

    return cast("Fields", _each_text(fields, changed))


def _each_text(value: object, change: Callable[[str], str]) -> object:
    """A value with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple([_each_text(item, change) for item in value])
    if is_dataclass(value) and not isinstance(value, type | Picture):
        changed = {f.name: _each_text(getattr(value, f.name), change) for f in fields_of(value)}
        return replace(value, **changed)
    return value


def spelled_out(assessment: Assessment, fields: Fields) -> Fields:
    """The fields of a paper, which are in the order of reading, with the meaning of each
    abbreviation where it is used first."""
    left = {short: long.partition(_ALSO)[0] for short, long in assessment.rulebook.abbreviations}
    return cast("Fields", _spelled_out(fields, left))


def _spelled_out(value: object, left: dict[str, str]) -> object:
    """A value with the meanings that are ``left`` to be told, which are then no longer left."""
    if isinstance(value, str):
        return _ABBREVIATION.sub(lambda match: _with_meaning(match, left), value)
    if isinstance(value, tuple):
        return tuple([_spelled_out(item, left) for item in value])
    if is_dataclass(value) and not isinstance(value, type | Picture | EvidenceRow):
        names = [field.name for field in fields_of(value)]
        texts = [text for name in names if isinstance(text := getattr(value, name), str)]
        for short, meaning in [*left.items()]:
            if any(f"{meaning} ({short})" in text for text in texts):
                del left[short]
        return replace(value, **{n: _spelled_out(getattr(value, n), left) for n in names})
    return value


def _with_meaning(match: re.Match[str], left: dict[str, str]) -> str:
    short, after = match[0], match.string[match.end() :]
    if short not in left or after.startswith(("'s", "\u2019s", "-")):
        return short
    alone = match.string[: match.start()].endswith("(") and after.startswith(")")
    return f"{short}, {left.pop(short)}" if alone else f"{short} ({left.pop(short)})"


def _texts(value: object) -> Iterator[str]:
    """All texts in the fields of a paper."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields_of(value):
            yield from _texts(getattr(value, field.name))


def notices(assessment: Assessment) -> Iterator[str]:
    """What a reader has to know before anything else."""
    if assessment.program.notice:
        yield assessment.program.notice
    if unapproved := view.unapproved_line(assessment, _NAMED):
        yield unapproved


def caveats(assessment: Assessment, parts: Brief) -> Iterator[str]:
    """What else the results depend on."""
    if parts.not_read:
        unused, body = assessment.unused_sheets, assessment.rulebook.body
        tell = words.tell_of_unread(unused, HAS_EVIDENCE, body)
        head = f"{NOT_READ}. {tell.removesuffix('.')}" if tell else NOT_READ
        yield f"{head}: {'; '.join(parts.not_read)}."
    yield from unknown_names_words(assessment, parts.places, cells=False)
    if parts.late:
        yield parts.late
    if parts.not_begun:
        yield parts.not_begun
    if begin := records_words(assessment):
        yield f"{begin}."
    yield from parts.assumptions


def source(assessment: Assessment) -> str:
    """What the paper was made from."""
    book = assessment.rulebook
    return (
        f"Made from the check of {view.as_of_words(assessment)} by the rulebook '{book.title}', "
        f"version {book.version}. The whole report is {FILES['html']} of that day."
    )
