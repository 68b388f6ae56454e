"""Matches the columns of a table to those of one register, with words, and what is to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evidence.cells.text import listed, normal_heading, quoted, raw_text, spaced_once
from evidence.mapping.lines import BETWEEN, heading_text
from evidence.mapping.model import (
    BLANK,
    BandCell,
    ColumnSource,
    FixedCell,
    PartOfCell,
    Wide,
    WideCell,
)
from evidence.mapping.propose.likeness import headings_alike, same_words
from evidence.mapping.propose.meanings import Meaning, Meanings, spelled_in
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    Question,
    RegisterProposal,
    WordProposal,
)
from evidence.mapping.propose.values import Fit, SheetColumn
from evidence.raw_cells import cell_name
from evidence.register import ColumnSpec, RegisterSpec

#: A heading that is less like every accepted spelling is not proposed.
_LEAST_ALIKE = 0.6
#: So is a pair of a heading and a column with less of likeness and fit together.
_LEAST_SCORE = 0.42
_ENOUGH_READ = 0.9
_MOSTLY_READ = 0.8
_CLOSE = 0.06
#: Words for a column of states, in which a word may say yes to a column such as 'cancelled'.
_STATUS = ("status", "state", "current status", "stage")
_BRACKETED = re.compile(r"\[[^]]*\]|\([^)]*\)")  # beside the words of a heading
#: The columns, by name, that end or undo something beside those that the register names.
_ENDING = frozenset({"ended on", "ends", "to", "until", "review by", "cancelled", "passed"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """A column of the table that may be a column of the register. ``accepted`` is 2 if its heading
    is an accepted one, 1 if it has the same words as one, otherwise 0."""

    score: float
    alike: float
    fit: Fit
    column: SheetColumn
    spec: ColumnSpec
    accepted: int
    status: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A register matched to a table. ``score`` is how much of the register was found, by how much
    each column tells it from other registers."""

    score: float
    proposal: RegisterProposal
    used: frozenset[str]
    dated: bool


def match_register(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    key: Mapping[str, str],
    weights: Mapping[str, float],
) -> Match:
    """What the columns of a table can be in a register. ``key`` explains words of the sheet;
    ``weights`` are of the register's columns, by name."""
    wide = _wide_columns(register, columns)
    narrow = [column for column in columns if column not in wide]
    pairs = _chosen(list(_pairs(register.written, narrow)))
    proposals: list[ColumnProposal] = []
    words: list[WordProposal] = []
    unclear: list[Question] = []
    score = 0.0
    for pair in pairs:
        proposal = _column_proposal(pair, key)
        proposals.append(proposal)
        score += pair.score * weights[pair.spec.name]
        new, questions = _words(register, pair, key)
        words.extend(new)
        unclear.extend(questions)
    if wide:
        more, new, questions = _wide_proposals(register, wide, key)
        proposals.extend(more)
        words.extend(new)
        unclear.extend(questions)
        score += 0.9 * sum(weights[proposal.column] for proposal in more) + 0.5
    found = {proposal.column for proposal in proposals}
    for column, word in _from_titles(register, columns, found):
        proposals.append(column)
        words.append(word)
        found.add(column.column)
    questions = [*unclear, *_missing(register, found)]
    order = {spec.name: number for number, spec in enumerate(register.columns)}
    proposals.sort(key=lambda proposal: order[proposal.column])
    return Match(
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
        frozenset([*(pair.column.heading for pair in pairs), *(c.heading for c in wide)]),
        register.dated_by in found or bool(wide),
    )


# Headings and values ------------------------------------------------------------------------------


def _pairs(register: RegisterSpec, columns: Sequence[SheetColumn]) -> Iterator[_Pair]:
    for column in columns:
        for spec in register.columns:
            pair = _pair(register, column, spec)
            if pair is not None:
                yield pair


def _pair(register: RegisterSpec, column: SheetColumn, spec: ColumnSpec) -> _Pair | None:
    """A column of the table with one of the register, if its heading or its words are like it."""
    status = False
    alike = headings_alike(column.heading, spec.headings)
    if alike < _LEAST_ALIKE:
        if spec.type in ("code", "codes") and len(column.words) > 1:
            if not _tells(column, spec):
                return None
            alike = 0.7
        elif spec.type == "yes/no" and _is_status(column, spec):
            alike, status = 0.75, True
        else:
            return None
    fit = Fit(0.6, 0.8) if status else column.fit(spec, is_key=spec.name == register.key)
    said = fit.said
    if spec.type in ("code", "codes", "yes/no", "period") and not status:
        said = max(said, 0.9 * _meant(column, spec))
    score = alike * (0.3 + 0.7 * said)
    if score < _LEAST_SCORE or said < 0.2:
        return None
    last = column.heading.rpartition(BETWEEN)[2]
    own = {normal_heading(text) for text in (column.heading, last, _BRACKETED.sub("", last))}
    exact = any(normal_heading(spelling) in own for spelling in spec.headings)
    same = exact or any(same_words(text, spelling) for text in own for spelling in spec.headings)
    return _Pair(score, alike, fit, column, spec, same + exact, status)


def _tells(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column has at least two codes of a column of the register."""
    meanings = Meanings(spec, {})
    return len({m for word in column.words if (m := meanings.accepted(word))}) > 1


def _meant(column: SheetColumn, spec: ColumnSpec) -> float:
    """The share of a column's different words that seem to have a meaning."""
    meanings = Meanings(spec, {})
    words = list(column.words)[:20]
    known = sum(meanings.of(word) is not None for word in words)
    return known / len(words) if words else 0.0


def _surely_meant(column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]) -> float:
    """The share of the filled cells of a column with words whose meaning is certain."""
    if spec.type not in ("code", "codes", "yes/no", "period") or not column.sample:
        return 0.0
    meanings = Meanings(spec, key)
    sure = 0
    for cell in column.values:
        found = [meanings.of(part) for part in meanings.parts(raw_text(cell).strip())]
        sure += all(m is not None and m.certainty == Certainty.CERTAIN for m in found)
    return sure / len(column.sample)


def _is_status(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column of states has a word that says yes to the column."""
    if headings_alike(column.heading, _STATUS) < 0.9:
        return False
    meanings = Meanings(spec, {})
    return any(meanings.of_status(word) for word in column.words)


def _chosen(pairs: list[_Pair]) -> list[_Pair]:
    """The best pairs, with each heading and each column of the register once; of two pairs that
    are as good, the one of the earlier heading."""
    pairs.sort(key=lambda pair: (-pair.score, pair.column.heading, pair.spec.name))
    chosen: list[_Pair] = []
    headings: set[str] = set()
    names: set[str] = set()
    for pair in pairs:
        if pair.column.heading not in headings and pair.spec.name not in names:
            rivals = [
                other
                for other in pairs
                if other is not pair
                and (other.column is pair.column or other.spec is pair.spec)
                and other.accepted >= pair.accepted
                and (pair.accepted or other.score >= pair.score - _CLOSE)
            ]
            chosen.append(replace(pair, accepted=0) if rivals else pair)
            headings.add(pair.column.heading)
            names.add(pair.spec.name)
    return chosen


def _column_proposal(
    pair: _Pair, key: Mapping[str, str]
) -> ColumnProposal:
    spec, column, fit = pair.spec, pair.column, pair.fit
    title = quoted(column.heading)
    readable = max(fit.said, _surely_meant(column, spec, key))
    source: ColumnSource = column.heading if pair.status else column.source(fit)
    whole = isinstance(source, str) or (fit.part == "day" and fit.whole >= _MOSTLY_READ)
    share = f"{round(fit.read * 100)} % of its cells can be read"
    if pair.status:
        reason = f"{title} has a word that is like '{spec.usual_heading}'."
    elif pair.accepted:
        reason = f"{title} is an accepted heading, and {share}."
    elif pair.alike >= 0.8:
        reason = f"{title} is like '{spec.usual_heading}', and {share}."
    else:
        reason = f"{title} may be '{spec.usual_heading}': {share}."
    certainty = Certainty.POSSIBLE
    if pair.accepted and whole and readable >= _ENOUGH_READ and len(column.sample) > 1:
        certainty = Certainty.CERTAIN
    elif pair.score >= 0.72 and not pair.status and not (spec.named and not pair.accepted):
        certainty = Certainty.LIKELY
    examples = () if spec.sensitive else column.examples()
    return ColumnProposal(spec.name, source, certainty, reason, examples)


# Words -------------------------------------------------------------------------------------------


def _words(
    register: RegisterSpec, pair: _Pair, key: Mapping[str, str]
) -> tuple[list[WordProposal], list[Question]]:
    """What the words of a column mean, and those that a person has to say."""
    spec, column = pair.spec, pair.column
    if spec.type not in ("code", "codes", "yes/no", "day", "period") or pair.fit.with_band:
        return [], []
    source = column.source(pair.fit)
    part = source.part if isinstance(source, PartOfCell) else None
    meanings, proposals, questions = Meanings(spec, key), [], []
    for text in column.words:
        for word in meanings.parts(text):
            if any(proposal.word == word for proposal in proposals):
                continue
            meaning = meanings.of_status(word) if pair.status else meanings.of(word, part)
            if pair.status and meaning is None:
                reason = f"{quoted(word)} does not say '{spec.usual_heading}'."
                meaning = Meaning(BLANK, Certainty.POSSIBLE, reason)
            if meaning is not None:
                proposals.append(_word_proposal(column, spec, word, text, meaning))
            elif spec.type != "day" and meanings.accepted(word) is None:
                questions.append(_word_question(register, spec, word, column.heading))
    return proposals, questions


def _word_proposal(
    column: SheetColumn, spec: ColumnSpec, word: str, text: str, meaning: Meaning
) -> WordProposal:
    examples = () if spec.sensitive else column.examples(text)
    return WordProposal(
        spec.name, word, meaning.meaning, meaning.certainty, meaning.reason, examples
    )


def _word_question(register: RegisterSpec, spec: ColumnSpec, word: str, heading: str) -> Question:
    options = tuple(spec.codes) or (("yes", "no") if spec.type == "yes/no" else ())
    text = f"What does {quoted(word)} under {quoted(heading)} mean for '{spec.usual_heading}'?"
    return Question("word", text, register.id, spec.name, word, heading, (*options, BLANK))


# Wide columns ------------------------------------------------------------------------------------


def _wide_columns(register: RegisterSpec, columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """The columns of a training matrix and the like: their cells are dates, or words for none,
    and their headings are words of one column of codes, or periods."""
    if register.dated_by is None:
        return []
    dated = register.column(register.dated_by)
    spec = _heading_spec(register)
    if spec is None:
        return []
    meanings = Meanings(spec, {})
    own = [other.headings for other in register.columns]
    found = []
    for column in columns:
        label = _label(column.heading)
        if any(headings_alike(label, spellings) >= 0.95 for spellings in own):
            continue
        known = meanings.accepted(label) if spec.type == "period" else meanings.of(label)
        known = known or (meanings.of(label) if spec.type == "period" else None)
        if known and column.sample and column.fit(dated).said >= 0.4:
            found.append(column)
    return found if len(found) > 1 else []


def _heading_spec(register: RegisterSpec) -> ColumnSpec | None:
    """The column that the headings of wide columns can be in: the required column of codes beside
    a date that may be blank, otherwise a column of quarters."""
    assert register.dated_by is not None
    if register.column(register.dated_by).blank == "nothing":
        codes = [s for s in register.columns if s.type == "code" and s.required and not s.named]
        return codes[0] if codes else None
    periods = [s for s in register.columns if s.type == "period" and "quarter" in s.periods]
    return periods[0] if periods else None


def _label(heading: str) -> str:
    """The heading of a wide column without what is in brackets after it, and above it."""
    last = heading.rpartition(BETWEEN)[2]
    return last.split("(")[0].strip() or last


def _wide_proposals(
    register: RegisterSpec, wide: Sequence[SheetColumn], key: Mapping[str, str]
) -> tuple[list[ColumnProposal], list[WordProposal], list[Question]]:
    spec = _heading_spec(register)
    assert spec is not None
    assert register.dated_by is not None
    dated = register.column(register.dated_by)
    headings = listed([quoted(column.heading) for column in wide[:3]])
    in_heading = WideCell(wide="heading")
    examples = tuple(_heading_cell(column) for column in wide[:5])
    reason = f"{len(wide)} columns such as {headings} have a date in their cells."
    fits = [column.fit(dated) for column in wide]
    parts = [fit.part for fit in fits if fit.part is not None]
    in_cell = WideCell(wide="cell")
    day: ColumnSource = PartOfCell(from_=in_cell, part=parts[0]) if parts else in_cell
    columns = [
        ColumnProposal(spec.name, in_heading, Certainty.LIKELY, reason, examples),
        ColumnProposal(dated.name, day, Certainty.LIKELY, reason, wide[0].examples()),
    ]
    words: list[WordProposal] = []
    questions: list[Question] = []
    meanings = Meanings(spec, {})
    for column in wide:
        meaning = meanings.of(_label(column.heading))
        accepted = meanings.accepted(_label(column.heading))
        if meaning is None and accepted is not None:
            reason = f"{quoted(column.heading)} is an accepted word."
            meaning = Meaning(accepted, Certainty.CERTAIN, reason)
        if meaning is None:
            questions.append(_word_question(register, spec, column.heading, column.heading))
            continue
        # 'Induction' may be one that is not about Prevent
        unsure = meaning.certainty == Certainty.CERTAIN and (
            spec.type == "code" and "prevent" not in column.heading.casefold()
        )
        words.append(
            WordProposal(
                spec.name,
                column.heading,
                meaning.meaning,
                Certainty.LIKELY if unsure else meaning.certainty,
                meaning.reason,
                (_heading_cell(column),),
            )
        )
    for other in register.columns:
        if other.type == "code" and other is not spec:
            new = list(_words_in_headings(other, wide))
            if new:
                reason = f"The headings name {listed(sorted({w.meaning for w in new} - {BLANK}))}."
                columns.append(
                    ColumnProposal(other.name, in_heading, Certainty.POSSIBLE, reason, examples)
                )
                words.extend(new)
    done = Meanings(dated, key, wide=True)
    part = parts[0] if parts else None
    for column in wide:
        for word in column.words:
            if any(w.column == dated.name and w.word == word for w in words):
                continue
            meaning = done.of(word, part)
            if meaning is not None:
                words.append(_word_proposal(column, dated, word, word, meaning))
    return columns, words, questions


def _words_in_headings(spec: ColumnSpec, wide: Sequence[SheetColumn]) -> Iterator[WordProposal]:
    """The words for codes that wide headings contain, if some contain one; the others are blank."""
    found = {}
    for column in wide:
        upper, _, last = column.heading.rpartition(BETWEEN)
        bracketed = last.partition("(")[2].rstrip(")")
        level = bracketed.casefold().replace("l", "level ", 1) if bracketed[:1] in "Ll" else ""
        codes = spelled_in(f"{upper} ; {bracketed} ; {level}", spec)
        if len(codes) == 1:
            found[column.heading] = codes[0]
    if len(found) * 3 < len(wide):
        return
    for column in wide:
        meaning = found.get(column.heading, BLANK)
        reason = f"{quoted(column.heading)} names '{meaning}'."
        if meaning == BLANK:
            reason = f"{quoted(column.heading)} names none."
        yield WordProposal(
            spec.name,
            column.heading,
            meaning,
            Certainty.POSSIBLE,
            reason,
            (_heading_cell(column),),
        )


def _heading_cell(column: SheetColumn) -> ExampleCell:
    laid_out = column.table.laid_out
    address = laid_out.address(laid_out.heading_row, column.index)
    return ExampleCell(address, column.heading)


# Titles, and what is missing ---------------------------------------------------------------------


def _from_titles(
    register: RegisterSpec, columns: Sequence[SheetColumn], found: set[str]
) -> Iterator[tuple[ColumnProposal, WordProposal]]:
    """Required columns of codes that a title above the table names once for all its records."""
    if not columns:
        return
    table = columns[0].table
    sheet = table.laid_out.whole.sheet
    if table.shape.records != "down":
        return
    first = min(row for row in table.shape.headings if isinstance(row, int))
    for spec in register.written.columns:
        if spec.name in found or spec.type != "code" or not spec.required:
            continue
        for offset, row in enumerate(sheet.rows[: max(first - sheet.first_row, 0)]):
            for index, cell in enumerate(row):
                codes = spelled_in(raw_text(cell), spec) if isinstance(cell, str) else ()
                if len(codes) == 1 and spec.name not in found:
                    found = found | {spec.name}
                    address = cell_name(sheet.first_row + offset, sheet.first_column + index)
                    text = spaced_once(raw_text(cell))
                    reason = f"The title in {address} names '{codes[0]}'."
                    example = (ExampleCell(address, text[:60]),)
                    yield (
                        ColumnProposal(
                            spec.name, FixedCell(cell=address), Certainty.POSSIBLE, reason, example
                        ),
                        WordProposal(
                            spec.name, text, codes[0], Certainty.POSSIBLE, reason, example
                        ),
                    )


def ends_or_undoes(register: RegisterSpec, spec: ColumnSpec) -> bool:
    """Whether a column says that something ended, or did not happen."""
    return spec.name in {register.ends, register.cancelled} or spec.name in _ENDING


def _missing(register: RegisterSpec, found: set[str]) -> Iterator[Question]:
    """A question for each column that a mapping must speak of and for which no heading was found."""
    for spec in register.written.columns:
        if spec.name in found:
            continue
        ending = ends_or_undoes(register, spec)
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


__all__ = ["BandCell", "Match", "ends_or_undoes", "heading_text", "match_register"]
