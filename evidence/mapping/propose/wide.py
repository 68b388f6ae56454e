"""Wide columns: each gives records of its own, as the courses of a training matrix do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evidence.cells.text import listed, quoted
from evidence.mapping.lines import BETWEEN
from evidence.mapping.model import BLANK, CellPart, ColumnSource, PartOfCell, WideCell
from evidence.mapping.propose.column_words import understood, word_proposal, word_question
from evidence.mapping.propose.likeness import headings_alike
from evidence.mapping.propose.meanings import Meaning, Meanings, plain_meanings, spelled_in
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    Question,
    WordProposal,
)
from evidence.mapping.propose.values import SheetColumn
from evidence.register import ColumnSpec, RegisterSpec

_ENOUGH_READ = 0.9


def wide_columns(register: RegisterSpec, columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """The columns of a training matrix and the like: their cells are dates, or words for none,
    and their headings are words of one column of codes, or periods."""
    if register.dated_by is None:
        return []
    dated = register.column(register.dated_by)
    spec = _heading_spec(register)
    if spec is None:
        return []
    meanings = plain_meanings(spec)
    own = [other.headings for other in register.columns]
    found = []
    for column in columns:
        label = _label(column.heading)
        if any(headings_alike(label, spellings) >= 0.95 for spellings in own):
            continue
        known = meanings.of(label) is not None or meanings.accepted(label) is not None
        days = column.fit(dated).said if column.sample else 0.0
        if known and (days >= 0.4 or (days > 0 and understood(column, dated, {}) >= 0.9)):
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


def propose_wide(
    register: RegisterSpec, wide: Sequence[SheetColumn], key: Mapping[str, str]
) -> tuple[list[ColumnProposal], list[WordProposal], list[Question]]:
    """The columns of the register that are in wide columns, with the words in their headings and
    their cells. ``key`` explains words of the sheet."""
    spec = _heading_spec(register)
    assert spec is not None
    assert register.dated_by is not None
    dated = register.column(register.dated_by)
    examples = tuple(_heading_cell(column) for column in wide[:5])
    reason = (
        f"{len(wide)} columns such as {listed([quoted(column.heading) for column in wide[:3]])}"
        " have a date in their cells."
    )
    fits = [column.fit(dated) for column in wide]
    parts: list[CellPart] = sorted(fit.part for fit in fits if fit.part is not None)
    part = Counter(parts).most_common(1)[0][0] if parts else None
    in_cell, in_heading = WideCell(wide="cell"), WideCell(wide="heading")
    codes = {plain_meanings(spec).accepted(_label(column.heading)) for column in wide}
    sure = Certainty.CERTAIN if len(codes) > 2 and None not in codes else Certainty.LIKELY
    read = min(understood(column, dated, key) for column in wide)
    columns = [
        ColumnProposal(spec.name, in_heading, sure, reason, examples),
        ColumnProposal(
            dated.name,
            in_cell if part is None else PartOfCell(from_=in_cell, part=part),
            sure if part is None and read >= _ENOUGH_READ else Certainty.LIKELY,
            reason,
            wide[0].examples(),
        ),
    ]
    words, questions = _words_of_headings(register, spec, wide)
    for other in register.columns:
        if other.type == "code" and other is not spec:
            new = list(_words_in_headings(other, wide))
            if new:
                named = listed(sorted({word.meaning for word in new} - {BLANK}))
                columns.append(
                    ColumnProposal(
                        other.name,
                        in_heading,
                        Certainty.POSSIBLE,
                        f"The headings name {named}.",
                        examples,
                    )
                )
                words.extend(new)
    words.extend(_words_of_cells(dated, wide, key, columns[1].source))
    return columns, words, questions


def _words_of_headings(
    register: RegisterSpec, spec: ColumnSpec, wide: Sequence[SheetColumn]
) -> tuple[list[WordProposal], list[Question]]:
    """What the headings of wide columns mean, and those that a person has to say."""
    words: list[WordProposal] = []
    questions: list[Question] = []
    for column in wide:
        label = _label(column.heading)
        meaning = plain_meanings(spec).of(label)
        accepted = plain_meanings(spec).accepted(label)
        if meaning is None and accepted is not None:
            reason = f"{quoted(column.heading)} is an accepted word."
            meaning = Meaning(accepted, Certainty.CERTAIN, reason)
        if meaning is None:
            questions.append(word_question(register, spec, column.heading, column.heading))
            continue
        certainty = meaning.certainty
        # 'Induction' may be one that is not about Prevent
        if spec.type == "code" and "prevent" not in column.heading.casefold():
            certainty = Certainty.LIKELY if certainty == Certainty.CERTAIN else certainty
        example = (_heading_cell(column),)
        words.append(
            WordProposal(
                spec.name, column.heading, meaning.meaning, certainty, meaning.reason, example
            )
        )
    return words, questions


def _words_of_cells(
    dated: ColumnSpec, wide: Sequence[SheetColumn], key: Mapping[str, str], source: ColumnSource
) -> Iterator[WordProposal]:
    """What the words in wide columns mean, each once."""
    part = source.part if isinstance(source, PartOfCell) else None
    meanings = Meanings(dated, key, wide=True)
    first: dict[str, SheetColumn] = {}
    for column in wide:
        for word in column.words:
            first.setdefault(word, column)
    for word, column in first.items():
        meaning = meanings.of(word, part)
        if meaning is not None:
            yield word_proposal(column, dated, word, word, meaning)


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
