"""The questions about an office's own words, and the meanings that follow from the answers."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from evidence.cells.entry_words import entry_words
from evidence.cells.text import listed, normal_key, quoted
from evidence.mapping.model import BLANK, NOT_DONE, SheetMapping
from evidence.mapping.propose.proposals import (
    Certainty,
    RegisterProposal,
    WordProposal,
)
from evidence.register import BLANK_UNREADABLE, ColumnSpec, Registers, RegisterSpec
from record.office.interview.own_sheets import OwnSheet, unread_words
from record.office.interview.pages import (
    AS_IT_IS,
    NO,
    YES,
    AnswerFault,
    MapPage,
    MapQuestion,
    Option,
    ProposalLine,
    ReadableQuestion,
    ask_page,
    joined_by,
)
from record.office.mapping_checks import is_taken

#: A word of the office, after the column in which it is.
ColumnWord: TypeAlias = tuple[str, str]

#: The most words of one column that are asked about one by one.
_MOST_WORDS = 40
_ONE_MEANING = (
    "Each row takes one meaning here. Where a word means two, leave it as it is, and give each a"
    " row or a column of its own in the sheet."
)
_ALWAYS = (
    Option(BLANK, "nothing (blank)"),
    Option(NOT_DONE, "not done: its row is no record"),
    Option(AS_IT_IS, "leave it as it is"),
)


def ask_words(
    item: RegisterProposal, registers: Registers
) -> Generator[MapPage, Sequence[str], tuple[RegisterProposal, frozenset[ColumnWord]]]:
    """Asks what the words of a list mean. Returns its proposal with the meanings confirmed, and the
    words that are left as they are."""
    register = registers[item.register_id].written
    words: dict[ColumnWord, WordProposal | None] = {
        (word.column, word.word): word for word in item.words
    }
    for question in item.questions:
        words.setdefault((question.column, question.word), None)
    specs = [register.column(name) for name, _ in words]
    groups = {
        number: f"Do these words in '{specs[number].usual_heading}' mean that?"
        for number, word in enumerate(words.values())
        if word is not None and word.certainty != Certainty.POSSIBLE
    }
    unknown = [number for number, word in enumerate(words.values()) if word is None]
    groups |= _unknown_groups(
        [(number, specs[number], list(words)[number][1]) for number in unknown]
    )
    asked = [
        word_question(name, word, registers, register, proposal)
        for (name, word), proposal in words.items()
    ]
    title = f"Words of {register.sheets[0]}"
    joined = [
        replace(each, question=replace(each.question, together=groups[number]))
        if number in groups and specs[number].type == "yes/no"
        else each  # alone, a yes to it would be a meaning and not a confirmation
        for number, each in enumerate(joined_by(asked, groups))
    ]
    meanings = yield from ask_page(title, joined)
    meaning_of = dict(zip(words, meanings, strict=True))
    confirmed = tuple(
        WordProposal(name, word, meaning, Certainty.CERTAIN, "")
        for (name, word), meaning in meaning_of.items()
        if meaning != AS_IT_IS
    )
    left = frozenset(word for word, meaning in meaning_of.items() if meaning == AS_IT_IS)
    return replace(item, words=confirmed, questions=()), left


def ask_unread_words(
    own: OwnSheet,
    part: SheetMapping,
    registers: Registers,
    left: Sequence[frozenset[ColumnWord]],
) -> Generator[MapPage, Sequence[str], SheetMapping]:
    """Asks about the words that a mapping cannot read, without those that are ``left`` as they are,
    by the lists. Returns the mapping with their meanings."""
    written: Mapping[str, RegisterSpec] = {id_: spec.written for id_, spec in registers.items()}
    words = [
        (number, name, word)
        for number, found in enumerate(unread_words(own, part, written))
        for column in dict.fromkeys(name for name, _ in found)
        for name, word in islice((pair for pair in found if pair[0] == column), _MOST_WORDS)
        if word not in part.gives[number].words.get(name, {}) and (name, word) not in left[number]
    ]
    asked = [
        word_question(name, word, registers, written[part.gives[number].register_id])
        for number, name, word in words
    ]
    specs = [written[part.gives[number].register_id].column(name) for number, name, _ in words]
    groups = _unknown_groups(
        [(number, spec, words[number][2]) for number, spec in enumerate(specs)]
    )
    meanings = yield from ask_page("Words that cannot be read", joined_by(asked, groups))
    return with_words(part, words, meanings)


def _unknown_groups(words: Sequence[tuple[int, ColumnSpec, str]]) -> dict[int, str]:
    """The sentences that leave several words of a column as they are, by the numbers of the words
    for which nothing is proposed."""
    groups: dict[int, str] = {}
    for heading in dict.fromkeys(spec.usual_heading for _, spec, _ in words):
        of_column = {number: word for number, spec, word in words if spec.usual_heading == heading}
        text = (
            f"No meaning was found for these words in '{heading}':"
            f" {listed(list(map(quoted, of_column.values())))}. Leave all of them as they are? A"
            " report then says that their cells cannot be read, and their rows count for nothing."
        )
        groups |= dict.fromkeys(of_column, text)
    return groups


def with_words(
    part: SheetMapping, words: Iterable[tuple[int, str, str]], meanings: Iterable[str]
) -> SheetMapping:
    """The mapping with the meanings of words, each word after the number of its list and its
    column; without a meaning for a word that is left as it is."""
    tables = [{name: dict(of) for name, of in item.words.items()} for item in part.gives]
    for (number, name, word), meaning in zip(words, meanings, strict=True):
        if meaning != AS_IT_IS:
            tables[number].setdefault(name, {})[word] = meaning
    items = (
        item.model_copy(update={"words": table})
        for item, table in zip(part.gives, tables, strict=True)
    )
    return part.model_copy(update={"gives": tuple(items)})


def word_question(
    name: str,
    word: str,
    registers: Registers,
    register: RegisterSpec,
    proposal: WordProposal | None = None,
) -> ReadableQuestion[str]:
    """What a word means in a column; AS_IT_IS if it needs no meaning."""
    spec = register.column(name)
    heading, yes_no = spec.usual_heading, spec.type == "yes/no"
    plain = spec.model_copy(update={"blank": BLANK_UNREADABLE})
    text = f"What does '{word}' mean in '{heading}'?"
    if yes_no:  # 'yes' must not look like an answer to a proposal
        text = f"Is '{word}' in '{heading}' a yes or a no?"
    always = [
        each for each in _ALWAYS if each.answer != NOT_DONE or not register.stays_without(name)
    ]
    meanings = [each.answer for each in always]
    options: tuple[Option, ...] = (Option(YES), Option(NO), *always) if yes_no else (*always,)
    lines: tuple[ProposalLine, ...] = ()
    default = ""
    proposed = proposal.meaning if proposal else ""
    if proposal is not None:
        plain_words = {BLANK: "nothing (blank)", NOT_DONE: "not done"}
        meaning = plain_words.get(proposal.meaning, f"'{proposal.meaning}'")
        lines = (
            ProposalLine(
                f"'{word}'", meaning, proposal.certainty, proposal.reason, proposal.examples
            ),
        )
        if not yes_no:  # there, 'yes' is a meaning
            text = f"Does '{word}' in '{heading}' mean {meaning}?"
            options = (Option(YES, meaning), *always)
        if proposal.certainty != Certainty.POSSIBLE:
            default = proposal.meaning if yes_no else YES

    def read(answer: str) -> str | AnswerFault:
        key = normal_key(answer)
        if key in meanings:
            return key
        if yes_no and key in (YES, "y", NO, "n"):
            return YES if key.startswith("y") else NO
        if proposal is not None and key in (YES, "y"):
            return proposal.meaning
        if not key or key in (NO, "n"):
            return AnswerFault(f"Say what {quoted(word)} means.")
        if is_taken(spec, answer):
            return answer
        parts = [part for part in answer.split(";") if part.strip()]
        if spec.type == "code" and len(parts) > 1 and all(is_taken(spec, part) for part in parts):
            return AnswerFault(f"'{heading}' takes one of them. {_ONE_MEANING}")
        return AnswerFault(f"'{heading}' does not take {quoted(answer)}.")

    question = MapQuestion(
        "word",
        text,
        f"'{word}'",
        options,
        ()
        if yes_no
        else tuple(code for code in spec.codes if code != proposed or spec.type == "codes"),
        entry_words(plain, {id_: s.sheets[0] for id_, s in registers.items()}),
        _ONE_MEANING if spec.type == "code" else "",
        lines=lines,
        default=default,
        together_answer="" if proposal else AS_IT_IS,
        about=heading,
        several=spec.type == "codes",
    )
    return ReadableQuestion(question, read)
