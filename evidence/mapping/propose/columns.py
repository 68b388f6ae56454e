"""Matches the columns of a table to those of one register, with words, and what is to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

from evidence.cells.text import listed, normal_heading, normal_key, quoted, raw_text, spaced_once
from evidence.mapping.layout import HEADING_SEPARATOR
from evidence.mapping.model import (
    BLANK,
    ColumnSource,
    FixedCell,
    PartOfCell,
    UnheadedColumn,
    Wide,
)
from evidence.mapping.propose.column_words import (
    WORDED,
    understood,
    word_proposal,
    word_question,
)
from evidence.mapping.propose.likeness import headings_alike, same_words
from evidence.mapping.propose.meanings import Meaning, Meanings, plain_meanings, spelled_in
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    Question,
    RegisterProposal,
    WordProposal,
)
from evidence.mapping.propose.tables import MOST_COLUMNS, SheetTable, kind_of, spread
from evidence.mapping.propose.values import Fit, SheetColumn
from evidence.mapping.propose.wide import propose_wide, wide_columns
from evidence.raw_cells import cell_name
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.headings import SEARCHED_ROWS

#: A heading that is less like every accepted spelling is not proposed.
_LEAST_ALIKE = 0.6
#: So is a pair of a heading and a column with less of likeness and fit together.
_LEAST_SCORE = 0.42
_ENOUGH_READ = 0.9
_MOSTLY_READ = 0.8
_CLOSE = 0.06
#: Headings that say that a date is below them, and not which.
_NEUTRAL = frozenset({"date", "dates", "when", "day", "start", "held", "dated", "on"})
#: Words for a column of states, in which a word may say yes to a column such as 'cancelled'.
_STATUS = ("status", "state", "current status", "stage")
_BRACKETED = re.compile(r"\[[^]\[]*+\]|\([^)(]*+\)")


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
    """A register matched to a table. ``by_heading`` is how much of the register was found below
    each heading, by how much the column tells it from other registers; ``score`` how much without
    a heading of its own. ``dated``: a day of each record was found."""

    by_heading: Mapping[str, float]
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
    wide = wide_columns(register, columns)
    narrow = [column for column in columns if column not in wide]
    pairs = _chosen(list(_pairs(register.written, narrow, key)))
    proposals: list[ColumnProposal] = []
    words: list[WordProposal] = []
    unclear: list[Question] = []
    by_heading: dict[str, float] = {}
    score = 0.0
    for pair in pairs:
        proposal = _column_proposal(pair, key)
        proposals.append(proposal)
        by_heading[pair.column.heading] = pair.score * weights[pair.spec.name]
        new, questions = _words_of(register, pair, key)
        words.extend(new)
        unclear.extend(questions)
    found = {proposal.column for proposal in proposals}
    unused = [c for c in narrow if all(pair.column is not c for pair in pairs)]
    for proposal, weight in _by_kind(register, unused, found):
        proposals.append(proposal)
        score += weight * weights[proposal.column]
    if wide:
        more, new, questions = propose_wide(register, wide, key)
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
        frozenset([*(pair.column.heading for pair in pairs), *(c.heading for c in wide)]),
        bool(found & dates) or bool(wide),
    )


# Headings and values ------------------------------------------------------------------------------


def _pairs(
    register: RegisterSpec, columns: Sequence[SheetColumn], key: Mapping[str, str]
) -> Iterator[_Pair]:
    for column in columns:
        for spec in register.columns:
            pair = _pair(register, column, spec, key)
            if pair is not None:
                yield pair


def _pair(
    register: RegisterSpec, column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]
) -> _Pair | None:
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
    if spec.type in WORDED and not status:
        said = max(said, 0.9 * _meant(column, spec, key))
    score = alike * (0.3 + 0.7 * said)
    if score < _LEAST_SCORE or said < 0.2:
        return None
    last = column.heading.rpartition(HEADING_SEPARATOR)[2]
    own = {normal_heading(text) for text in (column.heading, last, _BRACKETED.sub("", last))}
    exact = any(normal_heading(spelling) in own for spelling in spec.headings)
    same = exact or any(same_words(text, spelling) for text in own for spelling in spec.headings)
    return _Pair(score, alike, fit, column, spec, same + exact, status)


def _tells(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column has at least two codes of a column of the register."""
    meanings = plain_meanings(spec)
    if len({meanings.accepted(word) for word in column.words} - {None}) > 1:
        return True
    if not spec.required or max(map(len, column.words)) > 60:
        return False
    found = {m.meaning for word in list(column.words)[:20] if (m := meanings.of(word)) is not None}
    return len(found - {BLANK}) > 2


def _meant(column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]) -> float:
    """The share of a column's different words that seem to have a meaning."""
    explained = any(normal_key(word) in key for word in column.words)
    meanings = Meanings(spec, key) if explained else plain_meanings(spec)
    words = list(column.words)[:20]
    known = sum(meanings.of(word) is not None for word in words)
    return known / len(words) if words else 0.0


def _is_status(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column of states has a word that says yes to the column."""
    if headings_alike(column.heading, _STATUS) < 0.9:
        return False
    meanings = plain_meanings(spec)
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


def _column_proposal(pair: _Pair, key: Mapping[str, str]) -> ColumnProposal:
    spec, column, fit = pair.spec, pair.column, pair.fit
    title = quoted(column.heading)
    readable = max(fit.said, understood(column, spec, key))
    source: ColumnSource = column.heading if pair.status else column.source(fit)
    # a part that fits nearly every cell is as good as the cell: '1.2 Map contacts', '2/2/27 (tbc)'
    whole = isinstance(source, str) or fit.with_band or fit.part == "first word"
    whole = whole or (fit.part == "day" and fit.whole >= _MOSTLY_READ)
    share = f"{round(readable * 100)} % of its cells can be read"
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
    elif (
        (pair.score >= 0.72 or (pair.accepted and not column.sample))
        and not pair.status
        and not (spec.named and not pair.accepted)
    ):
        certainty = Certainty.LIKELY
    examples = () if spec.sensitive else column.examples()
    return ColumnProposal(spec.name, source, certainty, reason, examples)


def _by_kind(
    register: RegisterSpec, unused: Sequence[SheetColumn], found: set[str]
) -> Iterator[tuple[ColumnProposal, float]]:
    """The day and the key of each record, by the kind of their cells alone: dates below a heading
    such as Start or below none, and references in the first column."""
    if register.dated_by is not None and register.dated_by not in found:
        spec = register.column(register.dated_by)
        for column in unused:
            plain = normal_heading(column.heading.rpartition(HEADING_SEPARATOR)[2])
            if plain in _NEUTRAL and column.fit(spec).said >= _MOSTLY_READ:
                reason = f"{quoted(column.heading)} has dates, and may be '{spec.usual_heading}'."
                yield _possible(column, spec, column.source(column.fit(spec)), reason), 0.6
                break
        else:
            yield from _unheaded_days(unused, spec)
    key = register.key
    if key is not None and key not in found and unused:
        spec, first = register.column(key), min(unused, key=lambda column: column.index)
        texts = [raw_text(cell) for cell in first.values]
        numbered = sum(any(map(str.isdigit, text)) for text in texts) * 10 >= len(texts) * 9
        if first.index == 0 and numbered and first.fit(spec, is_key=True).said >= _ENOUGH_READ:
            reason = f"{quoted(first.heading)} has a different reference in each row."
            yield _possible(first, spec, first.source(first.fit(spec, is_key=True)), reason), 0.4


def _unheaded_days(
    columns: Sequence[SheetColumn], spec: ColumnSpec
) -> Iterator[tuple[ColumnProposal, float]]:
    """The column of dates that is below no heading, if there is one."""
    table = columns[0].table if columns else None
    laid_out = table.laid_out if table is not None else None
    if table is None or laid_out is None:
        return
    for index, heading in enumerate(laid_out.headings[:MOST_COLUMNS]):
        cells = spread(table.cells(index)) if not heading else []
        days = sum(kind_of(cell) == "day" for _, cell in cells)
        if len(cells) > 1 and days * 10 >= len(cells) * 9:
            line = laid_out.column_label(index)
            reason = f"The dates in {line} have no heading, and may be '{spec.usual_heading}'."
            source = UnheadedColumn(column=int(line) if line.isdecimal() else line)
            examples = tuple(
                ExampleCell(laid_out.address(row, index), raw_text(cell)) for row, cell in cells[:5]
            )
            yield ColumnProposal(spec.name, source, Certainty.POSSIBLE, reason, examples), 0.6
            return


def _possible(
    column: SheetColumn, spec: ColumnSpec, source: ColumnSource, reason: str
) -> ColumnProposal:
    examples = () if spec.sensitive else column.examples()
    return ColumnProposal(spec.name, source, Certainty.POSSIBLE, reason, examples)


# Words -------------------------------------------------------------------------------------------


def _words_of(
    register: RegisterSpec, pair: _Pair, key: Mapping[str, str]
) -> tuple[list[WordProposal], list[Question]]:
    """What the words of a column mean, and those that a person has to say."""
    spec, column = pair.spec, pair.column
    if spec.type not in ("code", "codes", "yes/no", "day", "period") or pair.fit.with_band:
        return [], []
    source = column.source(pair.fit)
    part = source.part if isinstance(source, PartOfCell) else None
    meanings = Meanings(spec, key)
    proposals: list[WordProposal] = []
    questions: list[Question] = []
    for text in column.words:
        for word in meanings.parts(text):
            if any(proposal.word == word for proposal in proposals):
                continue
            meaning = meanings.of_status(word) if pair.status else meanings.of(word, part)
            if pair.status and meaning is None:
                reason = f"{quoted(word)} does not say '{spec.usual_heading}'."
                meaning = Meaning(BLANK, Certainty.POSSIBLE, reason)
            if meaning is not None:
                proposals.append(word_proposal(column, spec, word, text, meaning))
            elif spec.type != "day" and meanings.accepted(word) is None:
                questions.append(word_question(register, spec, word, column.heading))
    return proposals, questions


# Titles, and what is missing ---------------------------------------------------------------------


def _from_titles(
    register: RegisterSpec, columns: Sequence[SheetColumn], found: set[str]
) -> Iterator[tuple[ColumnProposal, WordProposal]]:
    """Required columns of codes that a title above the table names once for all its records."""
    if not columns:
        return
    table = columns[0].table
    titles = titles_above(table)
    for spec in register.written.columns:
        if spec.name in found or spec.type != "code" or not spec.required:
            continue
        named = ((cell, codes) for cell in titles if (codes := spelled_in(cell.text, spec)))
        for title, codes in named:
            if len(codes) == 1:
                reason = f"The title in {title.address} names '{codes[0]}'."
                example = (ExampleCell(title.address, title.text[:60]),)
                source = FixedCell(cell=title.address)
                yield (
                    ColumnProposal(spec.name, source, Certainty.POSSIBLE, reason, example),
                    WordProposal(
                        spec.name, title.text, codes[0], Certainty.POSSIBLE, reason, example
                    ),
                )
            break


def titles_above(table: SheetTable) -> list[ExampleCell]:
    """The texts above a table, from the nearest."""
    sheet = table.laid_out.whole.sheet
    if table.shape.records == "across":
        first, rows = int((table.shape.only_columns or "1").partition(":")[0]), sheet.rows
        cells = [
            ExampleCell(cell_name(number, sheet.first_row + row), cell)
            for row, line in enumerate(rows[:SEARCHED_ROWS])
            for number, cell in enumerate(line, sheet.first_column)
            if number < first and isinstance(cell, str) and spaced_once(cell)
        ]
        return sorted(cells, key=lambda cell: -int(cell.address.lstrip(ascii_uppercase)))
    top = min(row for row in table.shape.headings if isinstance(row, int)) - sheet.first_row
    return [
        ExampleCell(cell_name(sheet.first_row + row, sheet.first_column + column), cell)
        for row in range(min(top, len(sheet.rows)) - 1, max(top - SEARCHED_ROWS, 0) - 1, -1)
        for column, cell in enumerate(sheet.rows[row])
        if isinstance(cell, str) and spaced_once(cell)
    ]


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
