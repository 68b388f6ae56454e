"""Matches the columns of a table to those of one register, with words, and what is to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.cells.text import listed, quoted
from evidence.mapping.model import BLANK, PartOfCell, Wide
from evidence.mapping.propose.by_kind import columns_by_kind
from evidence.mapping.propose.column_words import WORDED, word_proposal, word_question
from evidence.mapping.propose.meanings import Meaning, Meanings
from evidence.mapping.propose.pairs import (
    Pair,
    chosen_pairs,
    contradicted,
    column_proposal,
    distinct_codes,
    pairs_of,
)
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    Question,
    RegisterProposal,
    WordProposal,
)
from evidence.mapping.propose.titles import columns_in_titles, days_in_titles
from evidence.mapping.propose.values import SheetColumn
from evidence.mapping.propose.wide import propose_wide, wide_columns
from evidence.register import BLANK_UNREADABLE, ColumnSpec, RegisterSpec


@dataclass(frozen=True, slots=True)
class Match:
    """A register matched to a table. ``by_heading`` is how much of the register was found below
    each heading, by how much the column tells it from other registers; ``score`` how much without
    a heading of its own. ``used`` are the headings; below those of ``coded`` are two or more codes
    of the register, with how much these tell it from other registers. ``dated``: a day of each record was found."""

    by_heading: Mapping[str, float]
    score: float
    proposal: RegisterProposal
    used: frozenset[str]
    coded: Mapping[str, float]
    dated: bool
    contradicted: bool


def match_register(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    key: Mapping[str, str],
    weights: Mapping[str, float],
) -> Match:
    """What the columns of a table can be in a register. ``key`` explains words of the sheet;
    ``weights`` are of the register's columns, by name."""
    found_wide = wide_columns(register, columns, key)
    wide = found_wide.columns if found_wide is not None else ()
    narrow = [column for column in columns if column not in wide]
    candidates = list(pairs_of(register.written, narrow, key))
    if found_wide is not None:
        taken = {register.key, found_wide.in_cell.name}
        taken |= {found_wide.in_heading.name} if found_wide.in_heading is not None else set()
        candidates = [pair for pair in candidates if pair.spec.name not in taken]
    pairs = chosen_pairs(candidates)
    proposals: list[ColumnProposal] = []
    words: list[WordProposal] = []
    unclear: list[Question] = []
    by_heading: dict[str, float] = {}
    score = 0.0
    for pair, unique in pairs:
        proposal = column_proposal(pair, unique, weights[pair.spec.name], key)
        proposals.append(proposal)
        by_heading[pair.column.heading] = pair.score * weights[pair.spec.name]
        new, questions = _words_of(register, pair.column, pair.spec, key, pair)
        words.extend(new)
        unclear.extend(questions)
    found = {proposal.column for proposal in proposals}
    unused = [c for c in narrow if all(pair.column is not c for pair, _ in pairs)]
    for proposal, weight in columns_by_kind(register, unused, found, wide=bool(wide)):
        proposals.append(proposal)
        score += weight * weights[proposal.column]
        if isinstance(proposal.source, str):
            (plain,) = (c for c in unused if c.heading == proposal.source)
            new, questions = _words_of(register, plain, register.column(proposal.column), key)
            words.extend(new)
            unclear.extend(questions)
    if found_wide is not None:
        more, new, questions = propose_wide(register, found_wide, key)
        proposals.extend(more)
        words.extend(new)
        unclear.extend(questions)
        score += 0.9 * sum(weights[proposal.column] for proposal in more) + 0.5
    found = {proposal.column for proposal in proposals}
    for column, word in columns_in_titles(register, columns, found):
        proposals.append(column)
        words.append(word)
        found.add(column.column)
    for column in days_in_titles(register, columns, found):
        proposals.append(column)
        found.add(column.column)
    questions = [*unclear, *_missing(register, found)]
    dates = {register.dated_by, *(register.succession.dated if register.succession else ())}
    dates |= {register.begins, register.ends}
    order = {spec.name: number for number, spec in enumerate(register.columns)}
    proposals.sort(key=lambda proposal: order[proposal.column])
    return Match(
        by_heading,
        score,
        RegisterProposal(
            register.id,
            Certainty.POSSIBLE,
            "",
            tuple(proposals),
            tuple(words),
            Wide(columns=tuple(column.heading for column in wide)) if wide else None,
            tuple(questions),
        ),
        frozenset([*(pair.column.heading for pair, _ in pairs), *(c.heading for c in wide)]),
        {
            pair.column.heading: weights[pair.spec.name]
            for pair, _ in pairs
            if distinct_codes(pair.column, pair.spec) > 1
        },
        bool(found & dates) or bool(wide),
        contradicted(register, narrow),
    )


# Words -------------------------------------------------------------------------------------------


def _words_of(
    register: RegisterSpec,
    column: SheetColumn,
    spec: ColumnSpec,
    key: Mapping[str, str],
    pair: Pair | None = None,
) -> tuple[list[WordProposal], list[Question]]:
    """What the words of a column mean, and those that a person has to say. ``pair`` is how it was
    found, if it was by its heading or its words."""
    if spec.type not in (*WORDED, "day") or (pair is not None and pair.fit.with_band):
        return [], []
    source = column.source(pair.fit if pair is not None else column.fit(spec))
    part = source.part if isinstance(source, PartOfCell) else None
    meanings = Meanings(spec, key)
    proposals: list[WordProposal] = []
    questions: list[Question] = []
    for text in column.words:
        for word in meanings.parts(text):
            if any(proposal.word == word for proposal in proposals):
                continue
            if pair is not None and pair.status:
                reason = f"{quoted(word)} does not say '{spec.usual_heading}'."
                no = BLANK if spec.blank != BLANK_UNREADABLE else "no"
                other = Meaning(no, Certainty.POSSIBLE, reason)
                meaning: Meaning | None = meanings.of_status(word) or other
            elif pair is not None and pair.ticked and meanings.is_tick(word):
                reason = f"{quoted(word)} is a tick below {quoted(column.heading)}."
                meaning = Meaning(pair.ticked, Certainty.POSSIBLE, reason)
            else:
                meaning = meanings.of(word, part)
            if meaning is not None:
                proposals.append(word_proposal(column, spec, word, text, meaning))
            elif spec.type != "day" and meanings.accepted(word) is None:
                questions.append(word_question(register, spec, word, column.heading))
    return proposals, questions


# What is missing ---------------------------------------------------------------------------------


def _missing(register: RegisterSpec, found: set[str]) -> Iterator[Question]:
    """A question for each column that a mapping must name and that no heading is like."""
    for spec in register.written.columns:
        if spec.name in found:
            continue
        ending = spec.ends_or_undoes
        if spec.required or ending:
            options = tuple(spec.codes) or (("yes", "no") if spec.type == "yes/no" else ())
            always = f", always {listed(options[:4], 'or')}" if options else ""
            if len(options) > 4:
                always = ", always the same"
            blank = ", or always blank" if ending else ""
            text = (
                f"{register.title} has a column '{spec.usual_heading}', and no heading of this"
                f" sheet is like it. Is it under another heading, not kept{always}{blank}?"
            )
            yield Question("column", text, register.id, spec.name, options=options)
