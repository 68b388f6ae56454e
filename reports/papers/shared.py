"""What the papers have in common: texts cut to a length, and what stands at their ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sized
from dataclasses import fields as fields_of
from dataclasses import is_dataclass

from engine.assessment import Assessment
from reports import view, words
from reports.brief import HAS_EVIDENCE, NOT_READ, Brief
from reports.provided import records_words
from reports.writing import FILES

#: So many versions that nobody approved are named.
_NAMED = 3

_WORD = re.compile(r"\w+")


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
    used = set(_WORD.findall(" ".join(_texts(fields))))
    known = assessment.rulebook.abbreviations
    meanings = [f"{short}: {long}" for short, long in known if short in used]
    return f"Abbreviations. {'; '.join(meanings)}." if meanings else ""


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
        tell = words.tell_lead(HAS_EVIDENCE, assessment.rulebook.body)
        yield f"{NOT_READ}: {'; '.join(parts.not_read)}. {tell}"
    yield from parts.unknown_names
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
