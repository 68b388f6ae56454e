"""What the papers have in common: texts cut to a length, and what stands at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized

from engine.assessment import Assessment
from reports import view, words
from reports.brief import HAS_EVIDENCE, NOT_READ, Brief
from reports.provided import records_words
from reports.writing import FILES

#: So many versions that nobody approved are named.
_NAMED = 3


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
