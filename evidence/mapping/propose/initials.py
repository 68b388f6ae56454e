"""Initials that stand for something else in an office: CFO for Chief Fire Officer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from evidence.cells.text import is_blank
from evidence.mapping.propose.kinds import SAMPLE, spread
from evidence.mapping.propose.meanings import plain_meanings
from evidence.mapping.propose.proposals import (
    Certainty,
    RegisterProposal,
    WordProposal,
)
from evidence.raw_cells import RawWorkbook
from evidence.register import RegisterSpec

_NAME = re.compile(r"[A-Z][a-z]+(?: (?:(?:of|and|the|for|&) )*[A-Z][a-z]+)+")
_SMALL = re.compile(r" (?:of|and|the|for|&)(?= )")
_LONGEST = 5  # letters of initials


def names_by_initials(book: RawWorkbook) -> Mapping[str, Collection[str]]:
    """The names in the cells of a workbook, by their first letters."""
    found: dict[str, set[str]] = defaultdict(set)
    texts = {
        cell
        for sheet in book.sheets
        for row in spread(sheet.rows)
        for cell in row[:SAMPLE]
        if isinstance(cell, str) and not is_blank(cell)
    }
    for text in texts:
        for name in _NAME.findall(text[:SAMPLE]):
            for words in (name, _SMALL.sub("", name)):
                found["".join(word[0] for word in words.split()).casefold()].add(name)
    return found


def without_other_initials(
    register: RegisterSpec, proposal: RegisterProposal, names: Mapping[str, Collection[str]]
) -> RegisterProposal:
    """The proposal, with no certain word that is the initials of names of the workbook none of
    which means the same, or the end of longer initials beside it that nobody knows: DCFO."""
    doubted = {(question.column, question.word) for question in proposal.questions}
    doubted |= {(w.column, w.word) for w in proposal.words if w.certainty != Certainty.CERTAIN}
    return replace(
        proposal,
        words=tuple(
            replace(word, certainty=Certainty.LIKELY)
            if word.certainty == Certainty.CERTAIN
            and len(word.word) <= _LONGEST
            and (
                _stands_for_other(register, word, names)
                or any(name == word.column and _ends(other, word) for name, other in doubted)
            )
            else word
            for word in proposal.words
        ),
    )


def _ends(other: str, word: WordProposal) -> bool:
    return other.isupper() and other != word.word and other.endswith(word.word.upper())


def _stands_for_other(
    register: RegisterSpec, word: WordProposal, names: Mapping[str, Collection[str]]
) -> bool:
    stand_for = names.get(word.word.casefold(), ())
    meanings = plain_meanings(register.column(word.column))
    return bool(stand_for) and all(meanings.accepted(name) != word.meaning for name in stand_for)
