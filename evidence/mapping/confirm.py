"""Turns what a person confirmed and answered into a part of the mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from evidence.mapping.model import ColumnSource, RegisterMapping, SheetMapping
from evidence.mapping.propose.meanings import plain_meanings
from evidence.mapping.propose.proposals import (
    ColumnProposal,
    Question,
    RegisterProposal,
    SheetProposal,
    TableProposal,
    WordProposal,
)
from evidence.register import RegisterSpec

#: About a column: its source. About a word: its meaning. About rows: yes or no. About struck rows:
#: left out, or counted.
Answer: TypeAlias = ColumnSource


def confirmed(
    table: TableProposal, accepts: Callable[[ColumnProposal | WordProposal], bool]
) -> TableProposal:
    """The table with the proposals that a person accepts. A word of a column that is not accepted
    is left out with it."""

    def kept(proposal: RegisterProposal) -> RegisterProposal:
        columns = tuple(column for column in proposal.columns if accepts(column))
        names = {column.column for column in columns}
        words = tuple(word for word in proposal.words if word.column in names and accepts(word))
        return replace(proposal, columns=columns, words=words)

    return replace(table, gives=tuple(map(kept, table.gives)))


def mapping_from(
    sheet: SheetProposal,
    table: TableProposal,
    answers: Mapping[Question, Answer],
    registers: Mapping[str, RegisterSpec],
) -> SheetMapping:
    """The mapping of a table, from its proposals, all of which are confirmed, and from the answers
    to its questions. Words that the register accepts as they are need no mapping."""
    struck: Literal["left out", "counted"] | None = None
    only: dict[str, tuple[str, ...]] = {}
    for question in table.questions:
        answer = answers.get(question)
        if question.about == "struck" and answer in ("left out", "counted"):
            struck = "left out" if answer == "left out" else "counted"
        elif question.about == "rows" and answer == "yes":
            only[question.heading] = (question.word,)
    headings = table.headings if len(table.headings) > 1 else table.headings[0]
    return SheetMapping(
        file=sheet.file,
        sheet=sheet.sheet,
        only_columns=table.only_columns,
        records=table.records,
        headings=headings,
        ends_at=table.ends_at,
        bands=table.bands,
        struck_through_rows=struck,
        gives=tuple(_register(proposal, answers, registers, only) for proposal in table.gives),
    )


def _register(
    proposal: RegisterProposal,
    answers: Mapping[Question, Answer],
    registers: Mapping[str, RegisterSpec],
    only: dict[str, tuple[str, ...]],
) -> RegisterMapping:
    register = registers[proposal.register_id]
    sources: dict[str, ColumnSource] = {c.column: c.source for c in proposal.columns}
    words: dict[str, dict[str, str | bool]] = {}
    for word in proposal.words:
        spec = register.column(word.column)
        if plain_meanings(spec).accepted(word.word) != word.meaning:
            words.setdefault(word.column, {})[word.word] = word.meaning
    for question in proposal.questions:
        answer = answers.get(question)
        if answer is None:
            continue
        if question.about == "column":
            sources[question.column] = answer
        elif question.about == "word" and isinstance(answer, str) and question.column in sources:
            words.setdefault(question.column, {})[question.word] = answer
    order = [spec.name for spec in register.columns]
    wide = proposal.wide if any(c.column in sources for c in proposal.columns) else None
    return RegisterMapping(
        register_id=proposal.register_id,
        only_rows_where=only,
        wide=wide,
        columns={name: sources[name] for name in order if name in sources},
        words={name: words[name] for name in order if name in words},
    )
