"""Wide columns: each gives records of its own, as the courses of a training matrix do, or the
months of a calendar of reviews."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.cells.day_text import Day, read_day
from evidence.cells.text import listed, normal_heading, quoted
from evidence.mapping.layout import HEADING_SEPARATOR
from evidence.mapping.model import BLANK, CellPart, ColumnSource, PartOfCell, WideCell
from evidence.mapping.propose.column_words import understood, word_proposal, word_question
from evidence.mapping.propose.kinds import is_time, is_year
from evidence.mapping.propose.likeness import headings_alike
from evidence.mapping.propose.meanings import (
    Meaning,
    Meanings,
    meanings_by,
    plain_meanings,
    spelled_in,
)
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    Question,
    WordProposal,
)
from evidence.mapping.propose.titles import titles_above
from evidence.mapping.propose.values import SheetColumn
from evidence.register import ColumnSpec, RegisterSpec

_ENOUGH_READ = 0.9
_MOSTLY_READ = 0.8
#: A title that may be about several things: 'Safety and first aid training'.
_OF_SEVERAL = re.compile(r"[&+,;/|]|\b(?:and|other|or|mandatory|all)\b", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class WideColumns:
    """The wide columns of a table in a register: the column of the register that is in their
    headings (None: their headings say nothing that the register has), and the one in their
    cells."""

    columns: Sequence[SheetColumn]
    in_heading: ColumnSpec | None
    in_cell: ColumnSpec

    def names(self) -> set[str]:
        """The columns of the register that are in them."""
        return {spec.name for spec in (self.in_heading, self.in_cell) if spec is not None}


def wide_columns(
    register: RegisterSpec, columns: Sequence[SheetColumn], key: Mapping[str, str]
) -> WideColumns | None:
    """The columns of a table that can be wide in a register: of several choices, the one with most
    columns. None if there are too few. ``key`` explains words of the sheet."""
    if register.dated_by is None:
        return None
    dated = register.column(register.dated_by)
    codes = [spec for spec in register.columns if spec.type == "code" and spec.required]
    dated_columns = [column for column in columns if _has_days(column, dated)]
    timed = [column for column in columns if is_time(_label(column.heading))]
    periods = [spec for spec in register.columns if spec.type == "period"]
    choices: list[tuple[Sequence[SheetColumn], ColumnSpec | None, ColumnSpec, int]] = []
    if codes and dated.blank == "nothing":
        choices.append((_coded(register, dated_columns, codes[0]), codes[0], dated, 2))
    choices.extend((_coded(register, dated_columns, spec), spec, dated, 2) for spec in periods)
    if codes:
        in_codes = [column for column in timed if _has_codes(column, codes[0], key)]
        choices.append((in_codes, dated, codes[0], 3))
    for spec in codes[1:]:
        in_codes = [column for column in columns if _has_codes(column, spec, key)]
        choices.append((_coded(register, in_codes, codes[0]), codes[0], spec, 3))
    choices.append(([column for column in timed if column in dated_columns], None, dated, 3))
    choices.append((_repeated(dated_columns), None, dated, 2))
    enough = [choice for choice in choices if len(choice[0]) >= choice[3]]
    if not enough:
        return None
    chosen, in_heading, in_cell, _ = max(enough, key=lambda choice: len(choice[0]))
    return WideColumns(chosen, in_heading, in_cell)


def _coded(
    register: RegisterSpec, columns: Sequence[SheetColumn], spec: ColumnSpec
) -> list[SheetColumn]:
    """The columns whose headings are words of one column of the register, but not headings of the
    register."""
    meanings = plain_meanings(spec)
    headings = [other.headings for other in register.columns]
    coded = []
    for column in columns:
        label = _worded_label(column.heading)
        known = meanings.of(label) is not None or meanings.accepted(label) is not None
        if known and not any(headings_alike(label, spellings) >= 0.95 for spellings in headings):
            coded.append(column)
    return coded


def _has_days(column: SheetColumn, dated: ColumnSpec) -> bool:
    """Whether a column has dates, or some and words for none."""
    days = column.fit(dated).filled_read if column.sample else 0.0
    return days >= 0.4 or (days > 0 and understood(column, dated, {}, 0.9) >= 0.9)


def _has_codes(column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]) -> bool:
    """Whether the words of a column are those of a column of codes, and not all say nothing."""
    if not column.words or understood(column, spec, key, _MOSTLY_READ) < _MOSTLY_READ:
        return False
    meanings = meanings_by(spec, key)
    meant = (meanings.of(part) for word in column.words for part in meanings.parts(word))
    return any(meaning is not None and meaning.meaning in spec.codes for meaning in meant)


def _repeated(columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """The columns with one heading but for a year or a number in it, such as 'Reviewed 2025'."""
    texts = {
        column.heading: _DIGITS.sub("#", normal_heading(_label(column.heading)))
        for column in columns
        if _DIGITS.search(_label(column.heading)) and not is_time(_label(column.heading))
    }
    count = Counter(texts.values())
    most = max(sorted(count), key=count.__getitem__, default="")
    return [column for column in columns if most and texts.get(column.heading) == most]


def _label(heading: str) -> str:
    """The heading of a wide column without what is in brackets after it, and above it."""
    last = heading.rpartition(HEADING_SEPARATOR)[2]
    return last.split("(")[0].strip() or last


def _worded_label(heading: str) -> str:
    """The label of a wide heading; of a year below a title, such as 'Refresher / 2026', that of the
    title."""
    upper, _, last = heading.rpartition(HEADING_SEPARATOR)
    return _label(upper) if upper and is_year(last) else _label(heading)


def propose_wide(
    register: RegisterSpec, wide_columns: WideColumns, key: Mapping[str, str]
) -> tuple[list[ColumnProposal], list[WordProposal], list[Question]]:
    """The columns of the register that are in wide columns, with the words in their headings and
    their cells. ``key`` explains words of the sheet."""
    wide = wide_columns.columns
    spec = wide_columns.in_heading
    in_cell = wide_columns.in_cell
    examples = tuple(_heading_cell(column) for column in wide[:5])
    what = "a date" if in_cell.type == "day" else f"'{in_cell.usual_heading}'"
    reason = (
        f"{len(wide)} columns such as {listed([quoted(column.heading) for column in wide[:3]])}"
        f" have {what} in their cells."
    )
    part = _part(wide, in_cell)
    cell = WideCell(wide="cell")
    source: ColumnSource = cell if part is None else PartOfCell(from_=cell, part=part)
    read = min(understood(column, in_cell, key) for column in wide)
    sure = Certainty.CERTAIN if _is_sure(wide_columns) else Certainty.LIKELY
    whole = part is None or all(c.is_read_whole(c.fit(in_cell)) for c in wide)
    in_cells = sure if whole and read >= _ENOUGH_READ else Certainty.LIKELY
    columns = [ColumnProposal(in_cell.name, source, in_cells, reason, wide[0].examples())]
    words: list[WordProposal] = []
    questions: list[Question] = []
    in_heading = WideCell(wide="heading")
    if spec is not None:
        columns.insert(0, ColumnProposal(spec.name, in_heading, sure, reason, examples))
    if spec is not None and spec.type != "day":
        words, questions = _words_of_headings(register, spec, wide)
    for other in register.columns:
        if other.type == "code" and other not in (spec, in_cell):
            new = list(_words_in_headings(other, wide))
            if new:
                codes = listed(sorted({word.meaning for word in new} - {BLANK}))
                why = f"The headings name {codes}."
                certainty = new[0].certainty
                columns.append(ColumnProposal(other.name, in_heading, certainty, why, examples))
                words.extend(new)
    words.extend(_words_of_cells(in_cell, wide, key, part))
    return columns, words, questions


def _is_sure(wide_columns: WideColumns) -> bool:
    """Whether each heading is an accepted word of the column, or a date, as the column takes it."""
    spec = wide_columns.in_heading
    if spec is None:
        return False
    if spec.type == "day":
        return all(isinstance(read_day(_label(c.heading)), Day) for c in wide_columns.columns)
    meanings = plain_meanings(spec)
    codes = [_surely_meant(meanings, _worded_label(c.heading)) for c in wide_columns.columns]
    return len(set(codes)) > 1 and None not in codes


def _surely_meant(meanings: Meanings, label: str) -> str | None:
    """What a heading can only mean: an accepted word, also abbreviated, or a period."""
    meaning = meanings.of(label)
    if meaning is not None and meaning.certainty == Certainty.CERTAIN:
        return meaning.meaning
    return meanings.accepted(label)


def _part(wide: Sequence[SheetColumn], in_cell: ColumnSpec) -> CellPart | None:
    """The part of the cells that most of the columns with more than a date need."""
    if in_cell.type != "day":
        return None
    parts = sorted(part for column in wide if (part := column.fit(in_cell).part) is not None)
    return Counter(parts).most_common(1)[0][0] if parts else None


def _words_of_headings(
    register: RegisterSpec, spec: ColumnSpec, wide: Sequence[SheetColumn]
) -> tuple[list[WordProposal], list[Question]]:
    """What the headings of wide columns mean, and those that a person has to say."""
    words: list[WordProposal] = []
    questions: list[Question] = []
    table = wide[0].table
    titles = (table.laid_out.whole.sheet.name, *(title.text for title in titles_above(table)))
    on_topic = any(register.is_topic_of(t) and not _OF_SEVERAL.search(t) for t in titles)
    for column in wide:
        label = _worded_label(column.heading)
        meaning = plain_meanings(spec).of(label)
        accepted = plain_meanings(spec).accepted(label)
        if meaning is None and accepted is not None:
            reason = f"{quoted(column.heading)} is an accepted word."
            meaning = Meaning(accepted, Certainty.CERTAIN, reason)
        if meaning is None:
            questions.append(word_question(register, spec, column.heading, column.heading))
            continue
        certainty = meaning.certainty
        # 'Induction' may be one about something else, unless a title says that all are of the topic
        if spec.type == "code" and not (on_topic or register.is_topic_of(column.heading)):
            certainty = Certainty.LIKELY if certainty == Certainty.CERTAIN else certainty
        example = (_heading_cell(column),)
        words.append(
            WordProposal(
                spec.name, column.heading, meaning.meaning, certainty, meaning.reason, example
            )
        )
    return words, questions


def _words_of_cells(
    spec: ColumnSpec, wide: Sequence[SheetColumn], key: Mapping[str, str], part: CellPart | None
) -> Iterator[WordProposal]:
    """What the words in wide columns mean, each once."""
    meanings = Meanings(spec, key, wide=True)
    first: dict[str, SheetColumn] = {}
    for column in wide:
        for word in column.words:
            first.setdefault(word, column)
    for word, column in first.items():
        meaning = meanings.of(word, part)
        if meaning is not None:
            yield word_proposal(column, spec, word, word, meaning)


def _words_in_headings(spec: ColumnSpec, wide: Sequence[SheetColumn]) -> Iterator[WordProposal]:
    """The words for codes that wide headings contain, if some contain one; the others are blank."""
    code_of: dict[str, str] = {}  # by heading
    for column in wide:
        upper, _, last = column.heading.rpartition(HEADING_SEPARATOR)
        bracketed = last.partition("(")[2].rstrip(")")
        level = bracketed.casefold().replace("l", "level ", 1) if bracketed[:1] in "Ll" else ""
        codes = spelled_in(f"{upper} ; {bracketed} ; {level}", spec)
        if len(codes) == 1:
            code_of[column.heading] = codes[0]
    if len(code_of) * 3 < len(wide):
        return
    # each of several groups of columns is named by a code
    grouped = all(HEADING_SEPARATOR in column.heading for column in wide)
    sure = grouped and len(code_of) == len(wide) and len(set(code_of.values())) > 1
    certainty = Certainty.CERTAIN if sure else Certainty.POSSIBLE
    for column in wide:
        meaning = code_of.get(column.heading, BLANK)
        reason = f"{quoted(column.heading)} names '{meaning}'."
        if meaning == BLANK:
            reason = f"{quoted(column.heading)} names none."
        yield WordProposal(
            spec.name,
            column.heading,
            meaning,
            certainty,
            reason,
            (_heading_cell(column),),
        )


def _heading_cell(column: SheetColumn) -> ExampleCell:
    laid_out = column.table.laid_out
    address = laid_out.address(laid_out.heading_row, column.index)
    return ExampleCell(address, column.heading)
