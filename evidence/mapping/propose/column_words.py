"""The words in a column of a table, and how many of them are understood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from evidence.cells.text import is_blank, normal_key, quoted, raw_text
from evidence.mapping.model import BLANK
from evidence.mapping.propose.kinds import SAMPLE, kind_of, spread
from evidence.mapping.propose.likeness import codes_alike, turning
from evidence.mapping.propose.meanings import (
    Meaning,
    joined,
    may_say_less,
    meanings_by,
    plain_meanings,
    spelled_in,
)
from evidence.mapping.propose.proposals import (
    Certainty,
    Question,
    RegisterProposal,
    WordProposal,
)
from evidence.mapping.propose.values import SheetColumn
from evidence.raw_cells import RawWorkbook
from evidence.register import ColumnSpec, RegisterSpec

#: The types of columns in which a word has a meaning.
WORDED = ("code", "codes", "yes/no", "period")
#: A word that is as like a code is its name, whole or short.
_NAMED = 0.8
_LONGEST_SHORT = 5
#: So many other words that are certain show what a column is.
_FEW_SURE = 2
#: What a place has several of, so that it may be another one.
_SEVERAL = frozenset({"authority", "board", "committee", "council", "panel", "trust"})
#: A name of several words.
_NAME = re.compile(r"[A-Z][a-z]++(?: (?:(?:of|and|the|for|&) )*+[A-Z][a-z]++)++")
_SMALL = re.compile(r" (?:of|and|the|for|&)(?= )")


def understood(
    column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str], least: float = 0.0
) -> float:
    """The share of the filled cells of a column whose words have a certain or likely meaning. In a
    column of dates, dates and words for 'no date' count. The cells are read until the share is
    certain to be less than ``least``."""
    if spec.type not in (*WORDED, "day") or not column.sample:
        return 0.0
    meanings = meanings_by(spec, key)
    understood, number = 0, len(column.sample)
    for left, cell in zip(range(number, 0, -1), column.values, strict=True):
        if (share := (understood + left) / number) < least:
            return share
        if spec.type == "day" and kind_of(cell) == "day":
            understood += 1
            continue
        parts = [meanings.of(part) for part in meanings.parts(raw_text(cell).strip())]
        understood += all(m is not None and m.certainty != Certainty.POSSIBLE for m in parts)
    return understood / number


def word_proposal(
    column: SheetColumn, spec: ColumnSpec, word: str, text: str, meaning: Meaning
) -> WordProposal:
    """The proposal that a word, which is in the cell with this text, has a meaning."""
    examples = () if spec.sensitive else column.examples(text)
    return WordProposal(
        spec.name, word, meaning.meaning, meaning.certainty, meaning.reason, examples
    )


def word_question(register: RegisterSpec, spec: ColumnSpec, word: str, heading: str) -> Question:
    """The question of what a word under a heading means."""
    options = tuple(spec.codes) or (("yes", "no") if spec.type == "yes/no" else ())
    text = f"What does {quoted(word)} under {quoted(heading)} mean for '{spec.usual_heading}'?"
    return Question("word", text, register.id, spec.name, word, heading, (*options, BLANK))


def weighed(
    spec: ColumnSpec, proposals: Sequence[WordProposal], unknown: int
) -> list[WordProposal]:
    """The proposals for the words of a column, each weighed against the others. ``unknown`` other
    words of the column have no meaning."""
    if spec.type not in ("code", "codes"):
        return list(proposals)
    return [_weighed(spec, proposal, proposals, unknown) for proposal in proposals]


def _weighed(
    spec: ColumnSpec, proposal: WordProposal, proposals: Sequence[WordProposal], unknown: int
) -> WordProposal:
    """The proposal for a word of a column of codes, weighed against those for the other words.

    An accepted word that is not the name of its code is not certain if the column also has that
    name, if most of the other words have no meaning, or if it is only 'council' or the like. A word
    that is like a code is certain if no other word means that code and most other words are
    certain. It is only possible if it has an accepted word of another code, or a part without a
    meaning.
    """
    if proposal.meaning == BLANK:
        return proposal
    others = [p for p in proposals if p is not proposal and p.meaning != BLANK]
    sure = sum(other.certainty == Certainty.CERTAIN for other in others)
    same = [other for other in others if other.meaning == proposal.meaning]
    certainty = proposal.certainty
    if certainty == Certainty.CERTAIN and not _is_name(proposal):
        doubtful = any(map(_is_name, same)) or len(others) < unknown
        doubtful = doubtful or normal_key(proposal.word).removeprefix("the ") in _SEVERAL
        certainty = Certainty.LIKELY if doubtful else certainty
    elif certainty != Certainty.CERTAIN and not (
        turning(proposal.word) or may_say_less(spec, proposal.word, proposal.meaning)
    ):
        codes = spelled_in(proposal.word, spec)
        several = "; " in proposal.meaning
        if not several and (
            len(joined(proposal.word)) > 1 or (codes and proposal.meaning not in codes)
        ):
            certainty = Certainty.POSSIBLE
        elif certainty == Certainty.LIKELY and len(codes) < 2:
            begun = normal_key(proposal.word).rstrip("s")  # partners: partnership, or engagement
            is_only = not same and sum(normal_key(c).startswith(begun) for c in spec.codes) < 2
            is_only = is_only and sure >= _FEW_SURE and sure * 2 >= len(others) + unknown
            certainty = Certainty.CERTAIN if is_only else certainty
        elif codes == [proposal.meaning]:
            certainty = Certainty.LIKELY
    return replace(proposal, certainty=certainty)


def _is_name(proposal: WordProposal) -> bool:
    """Whether a word is the name of what it means, or short for it, as CEx or DPCC."""
    word = normal_key(proposal.word)
    letters = iter(normal_key(proposal.meaning))
    short = len(word) <= _LONGEST_SHORT and all(letter in letters for letter in word)
    return short or codes_alike(proposal.word, proposal.meaning) >= _NAMED


# Initials that stand for something else in an office: CFO for Chief Fire Officer ------------------


def names_by_initials(book: RawWorkbook) -> Mapping[str, Collection[str]]:
    """The names in the cells of a workbook, by their first letters."""
    names: dict[str, set[str]] = defaultdict(set)
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
                names["".join(word[0] for word in words.split()).casefold()].add(name)
    return names


def without_other_initials(
    register: RegisterSpec, proposal: RegisterProposal, names: Mapping[str, Collection[str]]
) -> RegisterProposal:
    """The proposal, in which initials are not certain if they stand for something else in the
    workbook (CFO, where it has a 'Chief Fire Officer'), or if they end longer initials without a
    certain meaning (CFO beside DCFO)."""
    doubted = {(question.column, question.word) for question in proposal.questions}
    doubted |= {(w.column, w.word) for w in proposal.words if w.certainty != Certainty.CERTAIN}
    return replace(
        proposal,
        words=tuple(
            replace(word, certainty=Certainty.LIKELY)
            if word.certainty == Certainty.CERTAIN
            and len(word.word) <= _LONGEST_SHORT
            and normal_key(word.word) != normal_key(word.meaning)
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
