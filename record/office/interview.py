"""The questions about an office's own sheet, one after another, and the mapping that follows from
the answers.

An interview is a generator: it gives a question, and is sent the answer. Questions and answers are
plain values, so a terminal and a page can ask the same. Nothing is in the mapping that was not
confirmed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from evidence.cells.entry_words import entry_words
from evidence.cells.text import (
    listed,
    nearest,
    normal_heading,
    normal_key,
    quoted,
    row_numbers_text,
    some_of,
)
from evidence.mapping.layout import lay_out
from evidence.mapping.model import (
    BLANK,
    NOT_DONE,
    NOT_KEPT,
    BandCell,
    CellPart,
    ColumnSource,
    Constant,
    FixedCell,
    Joined,
    PartOfCell,
    RegisterMapping,
    SheetMapping,
    UnheadedColumn,
    Wide,
    WideCell,
    cells_of_source,
    constant_text,
)
from evidence.mapping.propose.confirm import mapping_from
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    Question,
    RegisterProposal,
    SheetProposal,
    TableProposal,
    WordProposal,
)
from evidence.mapping.propose.sheets import propose
from evidence.mapping.read import read_mapped_sheet
from evidence.raw_cells import Book, RawSheet, RawWorkbook
from evidence.register import BLANK_UNREADABLE, ColumnSpec, Declared, Registers, RegisterSpec
from evidence.sheet_ref import Where
from evidence.sheets.reading import SheetReading, read_sheet
from evidence.sheets.sheet_matching import MappedMatch, SheetMatch, match_sheets, sheet_name
from record.office.mapping_checks import is_taken
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model

YES, NO = "yes", "no"
#: The sheet is no evidence; it will not be asked about again.
NO_EVIDENCE = "no evidence"
#: Nothing is confirmed now.
LATER = "later"
#: The word is read as it is, which may be a problem in a report.
AS_IT_IS = "as it is"

_STRUCK = ("left out", "counted")
#: The most words of one column that are asked about one by one.
_MOST_WORDS = 40

QuestionKind: TypeAlias = Literal[
    "sheet",
    "list",
    "another list",
    "columns",
    "column",
    "missing",
    "words",
    "word",
    "rows",
    "struck",
]


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal beside what it is about: a heading or a word of the office, and the column or the
    word of the program."""

    own: str
    proposed: str
    certainty: Certainty
    reason: str
    examples: tuple[ExampleCell, ...] = ()


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """One question, in plain words. ``lines`` are the proposals that it is about. ``options`` are
    answers that can be given as they are, ``other`` says what else may be answered, '' if nothing.
    ``fault`` says what was wrong with the answer before."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...]
    other: str = ""
    lines: tuple[ProposalLine, ...] = ()
    fault: str = ""


#: Gives questions, is sent answers, and returns the mapping of the sheet: None to ask later.
Interview: TypeAlias = Generator[MapQuestion, str, tuple[SheetMapping, ...] | None]


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet that accepted spellings do not make certain, with what is proposed for it."""

    book: RawWorkbook
    sheet: RawSheet
    proposal: SheetProposal

    @property
    def name(self) -> str:
        """The sheet as a person knows it."""
        if self.proposal.sheet is None:
            return f"the file {quoted(self.book.file)}"
        return f"the sheet {quoted(self.proposal.sheet)} of {quoted(self.book.file)}"


def own_sheets(
    books: Iterable[Book], registers: Registers, mapping: Sequence[SheetMapping] = ()
) -> Iterator[OwnSheet]:
    """The sheets with contents that neither the mapping nor accepted spellings make certain, in the
    order of the files."""
    for book in books:
        if not isinstance(book, RawWorkbook):
            continue
        matches = zip(book.sheets, match_sheets(book, registers, mapping), strict=True)
        own = {id(sheet) for sheet, match in matches if not _is_known(match, book.date1904)}
        proposals = zip(book.sheets, propose(book, registers) if own else (), strict=bool(own))
        for sheet, proposal in proposals:
            if id(sheet) in own and sheet.rows:
                yield OwnSheet(book, sheet, proposal)


def _is_known(match: object, date1904: bool) -> bool:
    if isinstance(match, SheetMatch) and match.problem is None:
        return read_sheet(match.where, match.sheet, date1904).part is not None
    return isinstance(match, SheetMatch | MappedMatch)


def interview(own: OwnSheet, registers: Registers) -> Interview:
    """Asks about a sheet, one table after another."""
    tables = own.proposal.tables
    parts: list[SheetMapping] = []
    for number, table in enumerate(tables):
        several = f" (table {number + 1} of {len(tables)})" if len(tables) > 1 else ""
        part = yield from _Table(own, registers, table, several).ask()
        if part is not None:
            parts.append(part)
    if not tables:
        answer = yield from _one_of(
            MapQuestion(
                "sheet",
                f"No row of headings was found in {own.name}. Is it evidence?",
                (NO_EVIDENCE, LATER),
            )
        )
        parts = [_no_evidence(own)] if answer == NO_EVIDENCE else []
    used = [part for part in parts if part.gives]
    if used:
        return tuple(used)
    return tuple(parts[:1]) if len(parts) == max(len(tables), 1) else None


def _no_evidence(own: OwnSheet) -> SheetMapping:
    return SheetMapping(file=own.proposal.file, sheet=own.proposal.sheet, gives=())


def _one_of(question: MapQuestion) -> Generator[MapQuestion, str, str]:
    """Asks until the answer is one of the options, in any capitals; its first letter is enough."""
    while True:
        answer = normal_key((yield question))
        for option in question.options:
            if answer and answer in (normal_key(option), option[0]):
                return option
        choices = listed([quoted(option) for option in question.options], "or")
        question = replace(question, fault=f"Answer {choices}.")


class _Table:
    """The questions about one table of a sheet."""

    def __init__(
        self, own: OwnSheet, registers: Registers, table: TableProposal, several: str
    ) -> None:
        self._own, self._registers, self._table = own, registers, table
        self._where = f"{own.name}{several}"
        self._written = {id_: spec.written for id_, spec in registers.items()}
        self._titles = {spec.sheets[0]: id_ for id_, spec in registers.items()}
        empty = SheetMapping(
            file="",
            only_columns=table.only_columns,
            records=table.records,
            headings=table.headings if len(table.headings) > 1 else table.headings[0],
            gives=(),
        )
        self._headings = [text for text in lay_out(own.sheet, empty).headings if text]

    def ask(self) -> Generator[MapQuestion, str, SheetMapping | None]:
        """Which lists the table gives, and the columns and words of each."""
        chosen = yield from self._first_list()
        if isinstance(chosen, str):
            return _no_evidence(self._own) if chosen == NO_EVIDENCE else None
        rest = [item for item in self._table.gives if item.register_id != chosen.register_id]
        items: list[RegisterProposal] = []
        answers: dict[Question, ColumnSource] = {}
        following: RegisterProposal | None = chosen
        while following is not None:
            item, given = yield from self._register(following)
            items.append(item)
            answers |= given
            following = yield from self._another_list(items, rest)
        table_answers = yield from self._rows()
        table = replace(self._table, gives=tuple(items), questions=tuple(table_answers))
        part = mapping_from(self._own.proposal, table, answers | table_answers, self._written)
        return (yield from self._unread_words(part))

    # Which lists --------------------------------------------------------------------------------

    def _first_list(self) -> Generator[MapQuestion, str, RegisterProposal | str]:
        """The proposal of the list that the table is, or NO_EVIDENCE or LATER."""
        known = self._table.gives[0] if self._table.gives else None
        if known is not None:
            title = self._registers[known.register_id].sheets[0]
            why = (known.reason, self._table.reason, self._table.end_reason)
            reason = " ".join(filter(None, why))
            line = ProposalLine(self._where, title, known.certainty, reason)
            question = MapQuestion(
                "sheet",
                f"Is {self._where} your list '{title}'?",
                (YES, NO, LATER),
                lines=(line,),
            )
            answer = yield from _one_of(question)
            if answer == YES:
                return known
            if answer == LATER:
                return LATER
        question = MapQuestion(
            "list",
            f"Which list is {self._where}?",
            (NO_EVIDENCE, LATER),
            f"one of these names: {', '.join(self._titles)}",
        )
        return (yield from self._named_list(question))

    def _named_list(
        self, question: MapQuestion, given: Sequence[str] = ()
    ) -> Generator[MapQuestion, str, RegisterProposal | str]:
        """The proposal of a list that is named and not ``given`` yet, or one of the options."""
        while True:
            answer = (yield question).strip()
            option = next((o for o in question.options if normal_key(answer) == o), None)
            if option is not None:
                return option
            titles = {normal_heading(title): id_ for title, id_ in self._titles.items()}
            id_ = titles.get(normal_heading(answer))
            if id_ is not None and id_ not in given:
                return self._proposal_of(id_)
            if id_ is not None:
                fault = f"It gives {self._registers[id_].sheets[0]} already."
                question = replace(question, fault=fault)
                continue
            near = nearest(answer, self._titles) if answer else None
            hint = f" Did you mean '{near}'?" if near else ""
            question = replace(question, fault=f"There is no list {quoted(answer)}.{hint}")

    def _proposal_of(self, id_: str) -> RegisterProposal:
        """What is proposed where a person says which list it is; without any column if nothing of
        the table is like it."""
        only = {id_: self._registers[id_]}
        for proposal in propose(self._own.book, only):
            if proposal.sheet == self._own.proposal.sheet:
                for table in proposal.tables:
                    if (table.headings, table.only_columns) == (
                        self._table.headings,
                        self._table.only_columns,
                    ):
                        for item in table.gives:
                            return item
        return RegisterProposal(id_, Certainty.POSSIBLE, "")

    def _another_list(
        self, items: Sequence[RegisterProposal], rest: list[RegisterProposal]
    ) -> Generator[MapQuestion, str, RegisterProposal | None]:
        """Another list that the same table gives: a training matrix is a list of people too."""
        while rest:
            item = rest.pop(0)
            title = self._registers[item.register_id].sheets[0]
            line = ProposalLine(self._where, title, item.certainty, item.reason)
            text = f"Is {self._where} your list '{title}' as well?"
            question = MapQuestion("sheet", text, (YES, NO), lines=(line,))
            if (yield from _one_of(question)) == YES:
                return item
        given = listed([self._registers[item.register_id].sheets[0] for item in items])
        question = MapQuestion(
            "another list",
            f"{self._where[:1].upper()}{self._where[1:]} gives {given}. Does it give another list?",
            (NO,),
            f"one of these names: {', '.join(self._titles)}",
        )
        answer = yield from self._named_list(question, [item.register_id for item in items])
        return None if isinstance(answer, str) else answer

    # Columns ------------------------------------------------------------------------------------

    def _register(
        self, item: RegisterProposal
    ) -> Generator[MapQuestion, str, tuple[RegisterProposal, dict[Question, ColumnSource]]]:
        """The proposals for one list that were confirmed, and the answers about other columns."""
        register = self._written[item.register_id]
        title = self._registers[item.register_id].sheets[0]
        columns = yield from self._columns(item, register, title)
        wide = item.wide if any(map(_fills_wide, (column.source for column in columns))) else None
        if wide is None:
            columns = [column for column in columns if not _is_wide(column.source)]
        confirmed = {column.column: column for column in columns}
        answers: dict[Question, ColumnSource] = {}
        for spec in register.columns:
            asked = spec.required or spec.ends_or_undoes or spec.name == register.key
            if asked and spec.name not in confirmed:
                source = yield from self._missing(spec, register, title)
                answers[Question("column", "", item.register_id, spec.name)] = source
        unchanged = {c.column for c in item.columns if confirmed.get(c.column) == c}
        words = yield from self._words([w for w in item.words if w.column in unchanged], register)
        for question in item.questions:
            if question.about == "word" and question.column in unchanged:
                meaning = yield from self._word(question.column, question.word, register)
                if meaning != AS_IT_IS:
                    answers[question] = meaning
        kept = replace(
            item, columns=tuple(columns), words=tuple(words), wide=wide, questions=tuple(answers)
        )
        return kept, answers

    def _columns(
        self, item: RegisterProposal, register: RegisterSpec, title: str
    ) -> Generator[MapQuestion, str, list[ColumnProposal]]:
        """The columns that are confirmed: the certain ones together, the others one by one."""
        certain = [column for column in item.columns if column.certainty == Certainty.CERTAIN]
        confirmed: dict[str, ColumnProposal] = {}
        if len(certain) > 1:
            question = MapQuestion(
                "columns",
                f"These columns of {self._where} are certain. Are all of them right?",
                (YES, NO),
                lines=tuple(self._line(column, item, register) for column in certain),
            )
            if (yield from _one_of(question)) == YES:
                confirmed = {column.column: column for column in certain}
        for column in item.columns:
            if column.column not in confirmed:
                spec = register.column(column.column)
                question = MapQuestion(
                    "column",
                    f"Does {own_words(column.source, item.wide)} give '{spec.usual_heading}' of"
                    f" {title}?{_note(spec)}",
                    (YES, NO),
                    "the right heading",
                    (self._line(column, item, register),),
                )
                answer = yield from self._source(question, spec, no=None)
                if answer == YES:
                    confirmed[column.column] = column
                elif answer is not None:
                    confirmed[column.column] = replace(column, source=answer, examples=())
        return [confirmed[c.column] for c in item.columns if c.column in confirmed]

    def _line(
        self, column: ColumnProposal, item: RegisterProposal, register: RegisterSpec
    ) -> ProposalLine:
        heading = register.column(column.column).usual_heading
        own = own_words(column.source, item.wide)
        return ProposalLine(own, heading, column.certainty, column.reason, column.examples)

    def _missing(
        self, spec: ColumnSpec, register: RegisterSpec, title: str
    ) -> Generator[MapQuestion, str, ColumnSource]:
        """Where a column comes from that the table may not have."""
        heading = spec.usual_heading
        if spec.ends_or_undoes:
            no: ColumnSource = Constant(always=BLANK)
            what = "It can say that a row no longer counts. 'no' means that it is always blank."
            other = f"the heading, or '{_always_example(spec)}' if it is always the same"
        elif spec.name == register.key:
            no = NOT_KEPT
            what = "It is the reference of a row. With 'no', a row is known by its cells."
            other = "the heading"
        else:
            no = NOT_KEPT
            what = "The rules need it. 'no' means that the office does not keep it."
            other = f"the heading, or '{_always_example(spec)}' if it is always the same"
        text = f"Which column of {self._where} is '{heading}' of {title}?{_note(spec)} {what}"
        question = MapQuestion("missing", text, (NO,), other)
        source = yield from self._source(question, spec, no=no)
        assert source is not None
        return source

    def _source(
        self, question: MapQuestion, spec: ColumnSpec, no: ColumnSource | None
    ) -> Generator[MapQuestion, str, ColumnSource | None]:
        """The source that an answer names; YES for yes, and ``no`` for no."""
        while True:
            answer = (yield question).strip()
            key = normal_key(answer)
            if key in (NO, "n", NOT_KEPT):
                return no
            if key in (YES, "y") and YES in question.options:
                return YES
            source = self._named_source(answer, spec)
            if not isinstance(source, _Fault):
                return source
            question = replace(question, fault=source.words)

    def _named_source(self, answer: str, spec: ColumnSpec) -> ColumnSource | _Fault:
        """A heading of the table, a constant, or another source as it is written in office.yaml."""
        if not answer:
            return _Fault("Answer the question, or type stop.")
        key = normal_key(answer)
        value = BLANK if key == BLANK else key.removeprefix("always ") if "always " in key else None
        if value is not None and key in (BLANK, f"always {value}"):
            constant = Constant(always={YES: True, NO: False}.get(value, value))
            if value != BLANK and not is_taken(spec, constant.always):
                return _Fault(f"'{spec.usual_heading}' cannot be {quoted(value)}.")
            return constant
        if answer.startswith("{"):
            return _written_source(answer)
        indexes = [
            text for text in self._headings if normal_heading(text) == normal_heading(answer)
        ]
        if len(indexes) == 1:
            return indexes[0]
        if indexes:
            return _Fault(f"The heading {quoted(answer)} is there twice. Rename one of the two.")
        ending = [t for t in self._headings if normal_heading(t).endswith(f"/ {key}")]
        near = ending[0] if len(ending) == 1 else nearest(answer, self._headings)
        hint = f" Did you mean '{near}'?" if near else f" There are: {some_of(self._headings)}."
        return _Fault(f"There is no heading {quoted(answer)}.{hint}")

    # Words --------------------------------------------------------------------------------------

    def _words(
        self, proposals: Sequence[WordProposal], register: RegisterSpec
    ) -> Generator[MapQuestion, str, list[WordProposal]]:
        """The words that are confirmed: those of a column together, or else one by one."""
        confirmed: list[WordProposal] = []
        for name in dict.fromkeys(word.column for word in proposals):
            words = [word for word in proposals if word.column == name]
            if len(words) > 1:
                lines = tuple(
                    ProposalLine(
                        f"'{word.word}'",
                        _meaning_words(word.meaning),
                        word.certainty,
                        word.reason,
                        word.examples,
                    )
                    for word in words
                )
                heading = register.column(name).usual_heading
                text = f"Do these words in '{heading}' mean that? 'no' asks about each."
                question = MapQuestion("words", text, (YES, NO), lines=lines)
                if (yield from _one_of(question)) == YES:
                    confirmed += words
                    continue
            for word in words:
                meaning = yield from self._word(name, word.word, register, word)
                if meaning != AS_IT_IS:
                    confirmed.append(replace(word, meaning=meaning))
        return confirmed

    def _word(
        self, name: str, word: str, register: RegisterSpec, proposal: WordProposal | None = None
    ) -> Generator[MapQuestion, str, str]:
        """What a word means in a column; AS_IT_IS if it needs no meaning."""
        spec = register.column(name)
        heading = spec.usual_heading
        plain = spec.model_copy(update={"blank": BLANK_UNREADABLE})
        takes = entry_words(plain, {id_: s.sheets[0] for id_, s in self._registers.items()})
        lines: tuple[ProposalLine, ...] = ()
        options: tuple[str, ...] = (BLANK, NOT_DONE, AS_IT_IS)
        text = f"What does '{word}' mean in '{heading}'?"
        if proposal is not None:
            meaning = _meaning_words(proposal.meaning)
            text = f"Does '{word}' in '{heading}' mean {meaning}?"
            options = (YES, *options)
            lines = (
                ProposalLine(
                    f"'{word}'", meaning, proposal.certainty, proposal.reason, proposal.examples
                ),
            )
        question = MapQuestion("word", text, options, takes, lines)
        while True:
            answer = (yield question).strip()
            key = normal_key(answer)
            if proposal is not None and key in (YES, "y") and YES in question.options:
                return proposal.meaning
            if key in (BLANK, NOT_DONE, AS_IT_IS):
                return key
            if proposal is not None and key in (NO, "n") and not _takes_yes_no(spec):
                proposal = None
                text = f"What does '{word}' mean in '{heading}'?"
                question = MapQuestion("word", text, (BLANK, NOT_DONE, AS_IT_IS), takes)
            elif answer and is_taken(spec, answer):
                return answer
            else:
                fault = f"'{heading}' does not take {quoted(answer)}."
                question = replace(question, fault=fault)

    # Rows ---------------------------------------------------------------------------------------

    def _rows(self) -> Generator[MapQuestion, str, dict[Question, ColumnSource]]:
        """Which lines of the table count."""
        answers: dict[Question, ColumnSource] = {}
        struck = sorted(self._own.sheet.struck_rows)
        questions = [q for q in self._table.questions if q.about in ("rows", "struck")]
        if struck and not any(question.about == "struck" for question in questions):
            rows = row_numbers_text(struck)
            text = f"Struck through: {rows} of {self._where}. Left out, or counted?"
            questions.append(Question("struck", text, options=_STRUCK))
        for question in questions:
            options = (YES, NO) if question.about == "rows" else _STRUCK
            kind: QuestionKind = "rows" if question.about == "rows" else "struck"
            answers[question] = yield from _one_of(MapQuestion(kind, question.text, options))
        return answers

    def _unread_words(self, part: SheetMapping) -> Generator[MapQuestion, str, SheetMapping]:
        """The mapping with the meanings of those of its words that still cannot be read."""
        items: list[RegisterMapping] = []
        for number, item in enumerate(part.gives):
            words = {name: dict(meanings) for name, meanings in item.words.items()}
            for name, word in _unread(self._own, part, self._written)[number][:_MOST_WORDS]:
                if word in words.get(name, {}):
                    continue
                meaning = yield from self._word(name, word, self._written[item.register_id])
                if meaning != AS_IT_IS:
                    words.setdefault(name, {})[word] = meaning
            items.append(item.model_copy(update={"words": words}))
        return part.model_copy(update={"gives": tuple(items)})


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why an answer cannot be taken."""

    words: str


class _OneSource(Declared):
    source: ColumnSource


def _written_source(answer: str) -> ColumnSource | _Fault:
    """A source as it is written in office.yaml, such as {from: Checked, part: day}."""
    source = read_source("answer", f"source: {answer}\n".encode())
    if not isinstance(source, YamlFile):
        return _Fault(f"{source[0].message} {source[0].instead}")
    read = read_model(_OneSource, YamlNode(source), source.value)
    return (
        read.source
        if isinstance(read, _OneSource)
        else _Fault(f"{read[0].message} {read[0].instead}")
    )


def mapped_words(own: OwnSheet, parts: Sequence[SheetMapping], registers: Registers) -> list[str]:
    """How many rows the mapping reads from the sheet, and how many cells it cannot read."""
    written = {id_: spec.written for id_, spec in registers.items()}
    lines = []
    for part in parts:
        for item, readings in zip(part.gives, _readings(own, part, written), strict=True):
            rows = sum(len(reading.part.rows) for reading in readings if reading.part)
            unread = sum(len(cells) for reading in readings for cells in reading.unread.values())
            title = registers[item.register_id].sheets[0]
            lines.append(
                f"{title}: {rows:,} row{'' if rows == 1 else 's'} read; {unread:,} "
                f"cell{'' if unread == 1 else 's'} cannot be read."
            )
            lines += [p.message for reading in readings for p in reading.problems]
    return lines


def _readings(
    own: OwnSheet, part: SheetMapping, registers: Mapping[str, RegisterSpec]
) -> list[list[SheetReading]]:
    """What a part of the mapping reads from a sheet, by its registers."""
    name = sheet_name(own.book, own.sheet)
    places = [Where(registers[item.register_id], own.book.file, name) for item in part.gives]
    read = read_mapped_sheet(places, own.sheet, part, own.book.date1904)
    return [list(readings) for _, readings in read]


def _unread(
    own: OwnSheet, part: SheetMapping, registers: Mapping[str, RegisterSpec]
) -> list[list[tuple[str, str]]]:
    """The texts that cannot be read in columns of codes and of yes or no, each with its column
    and once, by the registers of a part."""
    found: list[list[tuple[str, str]]] = []
    for item, readings in zip(part.gives, _readings(own, part, registers), strict=True):
        register = registers[item.register_id]
        words = (
            (name, cell.text)
            for reading in readings
            for name, cells in reading.unread.items()
            if register.column(name).type in ("code", "codes", "yes/no")
            for cell in cells
            if cell.text.strip()
        )
        found.append(list(dict.fromkeys(words)))
    return found


def own_words(source: ColumnSource, wide: Wide | None = None) -> str:
    """A source in words: a heading, or what it is. ``wide`` are the wide columns of its list."""
    if isinstance(source, PartOfCell):
        return f"{_PARTS[source.part]} in {own_words(source.from_, wide)}"
    if isinstance(source, Joined):
        return listed([own_words(cell, wide) for cell in source.join])
    if isinstance(source, WideCell):
        columns = wide.columns if wide else ()
        names = some_of([f"'{name}'" for name in columns], 2)
        if not columns:
            names = f"each column after '{wide.after}'" if wide else "each wide column"
        return names if source.wide == "cell" else f"the heading of {names}"
    if isinstance(source, FixedCell):
        return f"the cell {source.cell}"
    if isinstance(source, BandCell):
        return "the title above the row"
    if isinstance(source, UnheadedColumn):
        return f"column {source.column}, which has no heading,"
    if isinstance(source, Constant):
        return f"always {constant_text(source) or BLANK}"
    return f"'{source}'"


_PARTS: Mapping[CellPart, str] = {
    "who": "what is not a date",
    "day": "the date",
    "first day": "the first date",
    "last day": "the last date",
    "last dated line": "the date of the last dated line",
    "month first": "the date (month first)",
    "first word": "the first word",
}


def _is_wide(source: ColumnSource) -> bool:
    return any(isinstance(cell, WideCell) for cell in cells_of_source(source))


def _fills_wide(source: ColumnSource) -> bool:
    return WideCell(wide="cell") in cells_of_source(source)


def _note(spec: ColumnSpec) -> str:
    return f" ({spec.note})" if spec.note else ""


def _meaning_words(meaning: str) -> str:
    return {BLANK: "nothing (blank)", NOT_DONE: "not done"}.get(meaning, f"'{meaning}'")


def _always_example(spec: ColumnSpec) -> str:
    """An answer that is a constant of the column."""
    if spec.type == "yes/no":
        return "always yes"
    return f"always {next(iter(spec.codes))}" if spec.codes else "always …"


def _takes_yes_no(spec: ColumnSpec) -> bool:
    return spec.type == "yes/no"
