"""Matches the columns of a table to those of one register, with words, and what is to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evidence.cells.text import listed, normal_key, quoted
from evidence.mapping.model import BLANK, ColumnSource, PartOfCell, Wide
from evidence.mapping.propose.by_kind import columns_by_kind
from evidence.mapping.propose.column_words import (
    WORDED,
    weighed,
    word_proposal,
    word_question,
)
from evidence.mapping.propose.likeness import turned
from evidence.mapping.propose.meanings import Meaning, meanings_by
from evidence.mapping.propose.pairs import (
    ColumnPair,
    chosen_pairs,
    column_proposals,
    contradicted,
    distinct_codes,
    ends_before_it_begins,
    is_known,
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

#: Words that can only mean yes.
_YES_WORDS = ("y", "yes", "✓", "✔")


@dataclass(frozen=True, slots=True)
class Match:
    """A register matched to a table.

    ``by_heading`` is how much of the register was found below each heading: more for a column that
    few other registers have. ``score`` is how much was found without a heading. ``used`` are the
    headings, and ``fitting`` those of them that are like accepted ones. Below the headings of
    ``coded`` are two or more codes of the register; its values are higher where few other registers
    have these codes. ``dated``: a day of each record was found. ``contradicted``: an accepted
    heading has other words below it.
    """

    by_heading: Mapping[str, float]
    score: float
    proposal: RegisterProposal
    used: frozenset[str]
    fitting: frozenset[str]
    coded: Mapping[str, float]
    dated: bool
    contradicted: bool

    @property
    def has_own_codes(self) -> bool:
        """Whether two or more codes that no other register has are below a heading."""
        return max(self.coded.values(), default=0) == 1

    def source(self, name: str | None) -> ColumnSource | None:
        """Where a column of the register comes from; None if nothing is proposed for it."""
        return next((c.source for c in self.proposal.columns if c.column == name), None)


class _Proposals:
    """Collects the proposals for the columns of a register. ``key`` explains words of the sheet."""

    def __init__(self, register: RegisterSpec, key: Mapping[str, str]) -> None:
        self._register = register
        self._key = key
        self._columns: list[ColumnProposal] = []
        self._words: list[WordProposal] = []
        self._questions: list[Question] = []

    def add(
        self,
        columns: Iterable[ColumnProposal],
        words: Iterable[WordProposal] = (),
        questions: Iterable[Question] = (),
    ) -> None:
        """Adds some columns with their words and questions."""
        self._columns.extend(columns)
        self._words.extend(words)
        self._questions.extend(questions)

    def add_with_words(
        self,
        proposal: ColumnProposal,
        column: SheetColumn | None,
        pair: ColumnPair | None = None,
    ) -> None:
        """Adds the proposal of a column of the sheet (None: of a part of one), with what its words
        mean. ``pair`` is how the column was found, if by its heading or its words."""
        self.add([proposal])
        if column is not None:
            spec = self._register.column(proposal.column)
            self.add((), *_words_of(self._register, column, spec, self._key, pair))

    def names(self) -> set[str]:
        """The columns of the register for which something is proposed."""
        return {proposal.column for proposal in self._columns}

    def proposal(self, wide: Wide | None) -> RegisterProposal:
        """The proposal for the register, its columns in their usual order."""
        order = {spec.name: number for number, spec in enumerate(self._register.columns)}
        columns = sorted(self._columns, key=lambda proposal: order[proposal.column])
        return RegisterProposal(
            self._register.id,
            Certainty.POSSIBLE,
            "",
            tuple(columns),
            tuple(self._words),
            wide,
            tuple(self._questions),
        )


def match_register(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    key: Mapping[str, str],
    weights: Mapping[str, float],
) -> Match:
    """Matches the columns of a table to those of a register. ``key`` explains words of the sheet.
    ``weights`` are those of the register's columns, by name: 1 if no other register has the like.

    Columns are found by their headings and words first, then by the kind of their cells, then as
    wide columns, then in titles above the table.
    """
    wide = wide_columns(register, columns, key)
    narrow = [column for column in columns if wide is None or column not in wide.columns]
    taken = {register.key, *wide.names()} if wide is not None else set()
    candidates = pairs_of(register.written, narrow, key)
    chosen = chosen_pairs([pair for pair in candidates if pair.spec.name not in taken])
    pairs = [pair for pair, _ in chosen]
    used = {pair.column.heading: pair for pair in pairs}
    proposed = _Proposals(register, key)

    backwards = ends_before_it_begins(register, pairs)
    proposals = column_proposals(register, narrow, chosen, weights, key)
    for pair, proposal in zip(pairs, proposals, strict=True):
        swapped = backwards and pair.spec.name in (register.begins, register.ends)
        shown = replace(proposal, certainty=Certainty.POSSIBLE) if swapped else proposal
        proposed.add_with_words(shown, pair.column, pair)

    unused = {column.heading: column for column in narrow if column.heading not in used}
    score = 0.0
    for proposal, weight in columns_by_kind(
        register,
        list(unused.values()),
        proposed.names(),
        wide=wide is not None,
        known=is_known(proposals),
    ):
        score += weight * weights[proposal.column]
        source = proposal.source
        proposed.add_with_words(proposal, unused[source] if isinstance(source, str) else None)

    headings: tuple[str, ...] = ()
    if wide is not None:
        headings = tuple(column.heading for column in wide.columns)
        in_wide, words, questions = propose_wide(register, wide, key)
        proposed.add(in_wide, words, questions)
        score += 0.9 * sum(weights[proposal.column] for proposal in in_wide) + 0.5
    for proposal, word in columns_in_titles(register, columns, proposed.names()):
        proposed.add([proposal], [word])
    proposed.add(days_in_titles(register, columns, proposed.names()))
    proposed.add((), (), _missing(register, proposed.names()))

    dates = {register.dated_by, *(register.succession.dated if register.succession else ())}
    dates |= {register.begins, register.ends}
    return Match(
        by_heading={
            heading: pair.score * weights[pair.spec.name] for heading, pair in used.items()
        },
        score=score,
        proposal=proposed.proposal(Wide(columns=headings) if headings else None),
        used=frozenset([*used, *headings]),
        fitting=frozenset(heading for heading, pair in used.items() if pair.fits_heading),
        coded={
            heading: weights[pair.spec.name]
            for heading, pair in used.items()
            if distinct_codes(pair.column, pair.spec) > 1
        },
        dated=bool(proposed.names() & dates) or wide is not None,
        contradicted=contradicted(register, narrow, pairs),
    )


# Words -------------------------------------------------------------------------------------------


def _words_of(
    register: RegisterSpec,
    column: SheetColumn,
    spec: ColumnSpec,
    key: Mapping[str, str],
    pair: ColumnPair | None = None,
) -> tuple[list[WordProposal], list[Question]]:
    """What the words of a column mean, and those that a person has to say. ``pair`` is how it was
    found, if it was by its heading or its words."""
    if spec.type not in (*WORDED, "day") or (pair is not None and pair.fit.with_band):
        return [], []
    source = column.source(pair.fit if pair is not None else column.fit(spec))
    part = source.part if isinstance(source, PartOfCell) else None
    meanings = meanings_by(spec, key)
    # below a heading such as 'the Chair attended', and not 'the Chair not present'
    is_headed = (
        pair is not None and pair.fits_heading_well and not turned(column.heading, spec.headings)
    )
    ticked = pair.ticked if pair is not None else ""
    absent = meanings.accepted("absent")
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
            elif ticked and meanings.is_tick(word):
                reason = f"{quoted(word)} is a tick below {quoted(column.heading)}."
                certain = is_headed and normal_key(word) in _YES_WORDS
                sure = Certainty.CERTAIN if certain else Certainty.POSSIBLE
                meaning = Meaning(ticked, sure, reason)
            elif is_headed and ticked and meanings.is_cross(word) and absent:
                reason = f"{quoted(word)} is not a tick below {quoted(column.heading)}."
                meaning = Meaning(absent, Certainty.CERTAIN, reason)
            else:
                meaning = meanings.of(word, part)
            if meaning is not None:
                proposals.append(word_proposal(column, spec, word, text, meaning))
            elif spec.type != "day" and meanings.accepted(word) is None:
                questions.append(word_question(register, spec, word, column.heading))
    return weighed(spec, proposals, len(questions)), questions


# What is missing ---------------------------------------------------------------------------------


def _missing(register: RegisterSpec, proposed: set[str]) -> Iterator[Question]:
    """A question for each column that a mapping must name and that no heading is like."""
    for spec in register.written.columns:
        if spec.name in proposed:
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
