"""The questions about the columns of one list, and the sources that follow from the answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from evidence.cells.merges import cell_at
from evidence.cells.text import (
    is_blank,
    listed,
    nearest,
    normal_heading,
    normal_key,
    quoted,
    some_of,
)
from evidence.mapping.layout import NO_BAND, MappedLayout
from evidence.mapping.model import (
    BLANK,
    NOT_KEPT,
    BandCell,
    CellPart,
    ColumnSource,
    Constant,
    FixedCell,
    Joined,
    MatchedName,
    PartOfCell,
    RegisterMapping,
    SheetMapping,
    UnheadedColumn,
    Wide,
    WideCell,
    cells_of_source,
    constant_text,
)
from evidence.mapping.propose.proposals import Certainty, ColumnProposal, RegisterProposal
from evidence.register import ColumnSpec, Declared, Registers
from record.office.interview.own_sheets import first_cells
from record.office.interview.pages import (
    NO,
    YES,
    AnswerFault,
    MapPage,
    MapQuestion,
    Option,
    ProposalLine,
    ReadableQuestion,
    ask_page,
    duties_read,
    joined_by,
)
from record.office.mapping_checks import is_taken, mapping_problems
from record.office.office_file import NAME
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model

#: None: the sheet does not have the column. In quotes, since an annotation in it cannot be hashed.
OptionalSource: TypeAlias = "ColumnSource | None"
#: The answers of a page: the sources of the columns, and after them the wide columns, if asked for.
_Answer: TypeAlias = "ColumnSource | Wide | None"

_WIDE_CELL, _WIDE_HEADING = WideCell(wide="cell"), WideCell(wide="heading")
#: What is in columns of one kind, as an answer and as a source.
_IN_WIDE: Mapping[str, ColumnSource] = {
    "the heading of each ticked column": _WIDE_HEADING,
    "each cell of the ticked columns": _WIDE_CELL,
    "the date in each cell of the ticked columns": PartOfCell(from_=_WIDE_CELL, part="day"),
}
#: What is read of a cell, in words.
_PARTS: Mapping[CellPart, str] = {
    "who": "what is not a date",
    "day": "the date",
    "first day": "the first date",
    "last day": "the last date",
    "last dated line": "the date of the last dated line",
    "month first": "the date (month first)",
    "first word": "the first word",
}
_TITLE_ABOVE = "the title above the row"
#: At most this many of the headings that are not used are named.
_SHOWN = 12
#: Between the headings of an answer: no heading has a line end, but one may be typed with others.
_LINE, _TYPED = "\n", ";"


class ColumnQuestions:
    """The questions about the columns of one list. ``where`` is its table in words, ``empty`` the
    mapping of the table without a register, with bands, and ``laid_out`` the sheet as it reads
    it. ``duties`` says how many duties read each column."""

    def __init__(
        self,
        where: str,
        empty: SheetMapping,
        laid_out: MappedLayout,
        item: RegisterProposal,
        registers: Registers,
        duties: Mapping[tuple[str, str], int],
    ) -> None:
        self._duties = duties
        self._where, self._laid_out = where, laid_out
        self._headings = [text for text in laid_out.headings if text]
        self._item, self._registers = item, registers
        self._register = registers[item.register_id].written
        self._asks_wide = bool(self._headings) and self._register.dated_by is not None
        self._others = dict(_without_heading(laid_out))
        has_bands = BandCell(band=True) in self._others.values()
        self._empty = empty.model_copy(update={"bands": has_bands})
        self._title = self._register.sheets[0]
        self._proposed = {column.column: column for column in item.columns}
        self._proposed |= {column.column: column for column in self._named_alike()}

    def _named_alike(self) -> Iterator[ColumnProposal]:
        """A column for each heading that is accepted and whose cells could not be read: their words
        are asked about later."""
        for heading in self._unused():
            named = [
                spec
                for spec in self._register.columns
                if normal_heading(heading) in map(normal_heading, spec.headings)
            ]
            if len(named) == 1 and self._headings.count(heading) == 1:
                (spec,) = named
                if spec.name not in self._proposed:
                    reason = f"{quoted(heading)} is an accepted heading, but its cells are unknown."
                    examples = (
                        ()
                        if spec.sensitive
                        else first_cells(self._laid_out, self._laid_out.headings.index(heading))
                    )
                    yield ColumnProposal(spec.name, heading, Certainty.POSSIBLE, reason, examples)

    def ask(self) -> Generator[MapPage, Sequence[str], RegisterProposal]:
        """Asks where each column comes from that people fill in, in the order of the register.
        Returns what is confirmed of the proposal, with the words of the columns that were right as
        they were proposed."""
        specs = self._register.columns
        asked: list[ReadableQuestion[_Answer]] = [
            self._proposed_column(spec, self._proposed[spec.name])
            if spec.name in self._proposed
            else self._missing_column(spec)
            for spec in specs
        ]
        if self._asks_wide:
            asked.append(self._wide_columns())
        title = f"Columns of {self._title}"
        answers = yield from ask_page(title, joined_by(asked, dict(self._groups())), self._faults)
        kept = {
            spec.name: source
            for spec, source in zip(specs, answers, strict=False)
            if source is not None and not isinstance(source, Wide)
        }
        wide = next((answer for answer in answers if isinstance(answer, Wide)), None)
        unticked = set(self._proposed_wide).difference(wide.columns if wide else ())
        right = {name for name, column in self._proposed.items() if kept.get(name) == column.source}
        return replace(
            self._item,
            columns=tuple(
                ColumnProposal(name, source, Certainty.CERTAIN, "") for name, source in kept.items()
            ),
            words=tuple(
                word
                for word in self._item.words
                if word.column in right and word.word not in unticked
            ),
            wide=self._with_others(wide, kept.values()) if wide and wide.columns else None,
            questions=tuple(
                question
                for question in self._item.questions
                if question.about == "word"
                and question.column in right
                and question.word not in unticked
            ),
        )

    def _faults(self, answers: Sequence[_Answer]) -> dict[int, str]:
        """Why the sources of columns do not fit the columns that are wide. Where wide columns were
        proposed, it may be the answer about them that is wrong."""
        faults = _wide_faults(answers)
        last = len(answers) - 1
        if faults and self._proposed_wide and answers[last] == Wide():
            faults[last] = next(iter(faults.values()))
        return faults

    def _with_others(self, wide: Wide, sources: Iterable[ColumnSource]) -> Wide:
        """The wide columns with the headings that nothing is read from, so that a column that is
        new in the sheet can be told."""
        used = {*wide.columns, *(cell for source in sources for cell in cells_of_source(source))}
        others = [text for text in dict.fromkeys(self._headings) if text not in used]
        return wide.model_copy(update={"other_columns": tuple(others)})

    def _groups(self) -> Iterator[tuple[int, str]]:
        """The sentences that confirm several columns at once, by the columns' numbers."""
        specs = self._register.columns
        not_found = [n for n, spec in enumerate(specs) if spec.name not in self._proposed]
        # Without any column that is known, a table would be read that says nothing. Whether a row
        # still counts is asked about alone.
        needed = [
            number
            for number in not_found
            if self._proposed
            and self._is_needed(specs[number])
            and not specs[number].ends_or_undoes
        ]
        sentence = self._not_kept_sentence([quoted(specs[n].usual_heading) for n in needed])
        yield from ((number, sentence) for number in needed)
        for number, spec in enumerate(specs):
            column = self._proposed.get(spec.name)
            if column is not None and column.certainty == Certainty.CERTAIN:
                yield number, f"These columns of {self._where} are certain. Are all of them right?"
        optional = [number for number in not_found if not self._is_needed(specs[number])]
        names = [f"'{specs[number].usual_heading}'" for number in optional]
        if self._asks_wide and not self._proposed_wide:
            optional.append(len(specs))
            names.append("columns of one kind")
        sentence = self._absent_sentence(names)
        yield from ((number, sentence) for number in optional)

    def _not_kept_sentence(self, headings: Sequence[str]) -> str:
        return (
            f"The rules use these columns, and they were not found in {self._where}:"
            f" {listed(headings)}.{self._unused_sentence()} Is it right that the office keeps none"
            " of them in this sheet? If one of them is always the same, answer 'no'."
        )

    def _absent_sentence(self, names: Sequence[str]) -> str:
        return (
            f"Not found in {self._where}: {listed(names)}.{self._unused_sentence()} Is it right"
            " that it has none of them?"
        )

    def _unused_sentence(self) -> str:
        unused = some_of([quoted(text) for text in self._unused()], most=_SHOWN)
        return f" No column of {self._title} comes from {unused} so far." if unused else ""

    def _unused(self) -> list[str]:
        """The headings from which nothing of the list is proposed."""
        sources = (column.source for column in self._proposed.values())
        used = {*self._proposed_wide, *(cell for each in sources for cell in cells_of_source(each))}
        return [text for text in dict.fromkeys(self._headings) if text not in used]

    def _is_needed(self, spec: ColumnSpec) -> bool:
        """Whether the mapping has to name the column."""
        return spec.required or spec.ends_or_undoes or spec.name == self._register.key

    def _proposed_column(
        self, spec: ColumnSpec, column: ColumnProposal
    ) -> ReadableQuestion[_Answer]:
        own = own_clause(column.source, self._item.wide)
        heading, needed = spec.usual_heading, self._is_needed(spec)
        without = BLANK if spec.ends_or_undoes else NOT_KEPT
        absent = Option(without if needed else NO, _absent_label(spec, needed))
        source = column.source
        in_wide = next((text for text, wide in _IN_WIDE.items() if wide == source), "")
        label = source if isinstance(source, str) else in_wide or own_words(source, self._item.wide)
        line = ProposalLine(own, heading, column.certainty, column.reason, column.examples)
        question = MapQuestion(
            "column",
            f"Does {own} give '{heading}' of {self._title}?{_note(spec)}",
            heading,
            (Option(YES, label), absent),
            (*(c for c in self._choices(spec) if c != in_wide), *_constants(spec)),
            "the right heading",
            spec.note,
            (line,),
            "" if column.certainty == Certainty.POSSIBLE else YES,
            use=self._use(spec),
        )
        fault = AnswerFault(f"Then type the right heading, or '{without}': {absent.label}.")
        no = fault if needed else None
        return ReadableQuestion(question, self._reader(spec, column.source, no))

    def _use(self, spec: ColumnSpec) -> str:
        """How many duties read a column, in words; '' if none does by its name, and for a column
        that undoes a row, since every duty that counts the row depends on it."""
        count = self._duties.get((self._item.register_id, spec.name), 0)
        return "" if spec.ends_or_undoes else duties_read(count)

    def _wide_columns(self) -> ReadableQuestion[_Answer]:
        """Which columns give rows of their own."""
        proposed, headings = self._proposed_wide, tuple(dict.fromkeys(self._headings))
        names = listed([quoted(heading) for heading in proposed])
        meaning = f" 'yes' means {names}." if proposed else ""
        question = MapQuestion(
            "wide",
            f"Which columns of {self._where} are of one kind, such as one for each course or each"
            f" month? Each filled cell of them is a row of {self._title} of its own."
            f"{meaning} 'no' means that there are none.",
            "Columns of one kind",
            (*([Option(YES, names)] if proposed else []), Option(NO, "none")),
            headings,
            "their headings, separated by semicolons",
            f"Tick them if there is one for each course or each month, for example. Each filled"
            f" cell of a ticked column is a row of {self._title} of its own. Then choose above"
            " which column is in their headings, and which is in their cells.",
            default=_LINE.join(proposed) or NO,
        )

        def read(answer: str) -> _Answer | AnswerFault:
            if _is_no(answer):
                return Wide()
            if _is_yes(answer) and proposed:
                return Wide(columns=proposed)
            one = answer in headings or _LINE in answer
            texts = list(filter(None, map(str.strip, answer.split(_LINE if one else _TYPED))))
            if _is_yes(answer) or not texts:
                return AnswerFault("Type their headings, or 'no'.")
            named = [self._heading(text) for text in texts]
            fault = next((text for text in named if isinstance(text, AnswerFault)), None)
            columns = (text for text in named if isinstance(text, str))
            return fault or Wide(columns=tuple(dict.fromkeys(columns)))

        return ReadableQuestion(question, read)

    @property
    def _proposed_wide(self) -> tuple[str, ...]:
        return self._item.wide.columns if self._item.wide else ()

    def _missing_column(self, spec: ColumnSpec) -> ReadableQuestion[_Answer]:
        """Where a column comes from that the table may not have."""
        heading, needed = spec.usual_heading, self._is_needed(spec)
        what = "'no' means that it is not there."
        constants = _constants(spec)
        constant = listed([quoted(text) for text in constants[:_SHOWN]], "or") or "'always …'"
        unused = self._unused()[:_SHOWN]
        its = "the heading or its number" if unused else "the heading"
        other = f"{its}; if it is always the same, {constant}"
        if spec.ends_or_undoes:
            what = "It can say that a row no longer counts. 'no' means that it is always blank."
        elif spec.name == self._register.key:
            what = "It is the reference of a row. With 'no', a row is known by its cells."
            other = its
        elif needed:
            what = "The rules need it. 'no' means that the office does not keep it."
        numbered = [f"{number} {quoted(text)}" for number, text in enumerate(unused, 1)]
        left = f" Not used so far: {listed(numbered)}." if unused else ""
        question = MapQuestion(
            "missing",
            f"Which column of {self._where} is '{heading}' of {self._title}?{_note(spec)} {what}"
            f"{left}",
            heading,
            (Option(NO, _absent_label(spec, needed)),),
            (*self._choices(spec), *_constants(spec)),
            other,
            spec.note,
            default="" if needed else NO,
            together_answer=NO,
            use=self._use(spec),
        )
        numbers = {str(number): text for number, text in enumerate(unused, 1)}
        for text in self._headings:  # a heading that is a number is meant itself
            numbers.pop(text, None)
        read = self._reader(spec)
        return ReadableQuestion(question, lambda answer: read(numbers.get(answer, answer)))

    def _choices(self, spec: ColumnSpec) -> tuple[str, ...]:
        """The headings, and what has none, that are not read as another answer."""
        return tuple(
            text
            for text in dict.fromkeys((*self._headings, *self._others, *self._in_wide(spec)))
            if not (_is_yes(text) or _is_no(text) or normal_key(text) in (NOT_KEPT, BLANK))
        )

    def _in_wide(self, spec: ColumnSpec) -> list[str]:
        """What a column can be in the columns that are ticked as of one kind."""
        parts = [text for text, own in _IN_WIDE.items() if not isinstance(own, PartOfCell)]
        return [] if not self._asks_wide else list(_IN_WIDE) if spec.type == "day" else parts

    def _reader(
        self, spec: ColumnSpec, yes: OptionalSource = None, no: AnswerFault | None = None
    ) -> Callable[[str], OptionalSource | AnswerFault]:
        """Reads the source that an answer names. ``yes`` is the one that is proposed, ``no`` is why
        'no' cannot be taken."""
        absent: OptionalSource = NOT_KEPT if self._is_needed(spec) else None
        if spec.ends_or_undoes:
            absent = Constant(always=BLANK)

        def read(answer: str) -> OptionalSource | AnswerFault:
            if yes is not None and _is_yes(answer):
                return yes
            if _is_no(answer):
                return no or absent
            kept = normal_key(answer) != NOT_KEPT
            return self._named_source(answer, spec) if kept else absent

        return read

    def _named_source(self, answer: str, spec: ColumnSpec) -> ColumnSource | AnswerFault:
        """A heading of the table, a constant, or another source as it is written in office.yaml."""
        if not answer:
            return AnswerFault("Answer the question.")
        if _is_yes(answer):
            return AnswerFault("'yes' does not say which column it is. Type its heading.")
        key = normal_key(answer)
        if key == BLANK or key.startswith("always "):
            value = key.removeprefix("always ")
            constant = Constant(always={YES: True, NO: False}.get(value, value))
            if value != BLANK and not is_taken(spec, constant.always):
                return AnswerFault(f"'{spec.usual_heading}' cannot be {quoted(value)}.")
            return constant
        if answer.startswith("{"):
            source = _written_source(answer)
            return source if isinstance(source, AnswerFault) else self._checked(source, spec)
        others = {normal_key(text): own for text, own in {**self._others, **_IN_WIDE}.items()}
        return others.get(key) or self._heading(answer)

    def _heading(self, answer: str) -> str | AnswerFault:
        """The heading of the table that an answer names."""
        same = [text for text in self._headings if normal_heading(text) == normal_heading(answer)]
        if len(same) == 1:
            return same[0]
        if same:
            twice = f"The heading {quoted(answer)} is there twice. Rename one of the two."
            return AnswerFault(twice)
        last = f"/ {normal_heading(answer)}"
        ending = [text for text in self._headings if normal_heading(text).endswith(last)]
        near = ending[0] if len(ending) == 1 else nearest(answer, self._headings)
        hint = f" Did you mean '{near}'?" if near else f" There are: {some_of(self._headings)}."
        return AnswerFault(f"There is no heading {quoted(answer)}.{hint}")

    def _checked(self, source: ColumnSource, spec: ColumnSpec) -> ColumnSource | AnswerFault:
        """A source as it was typed, or what would be wrong with it in office.yaml."""
        for cell in cells_of_source(source):
            heading = self._heading(cell) if isinstance(cell, str) else cell
            if isinstance(heading, AnswerFault):
                return heading
        before = {message for message, _ in self._problems({})}
        for message, instead in self._problems({spec.name: source}):
            if message not in before:
                return AnswerFault(f"{message} {instead}")
        return source

    def _problems(self, columns: dict[str, ColumnSource]) -> Iterator[tuple[str, str]]:
        """What would be wrong if the table gave these columns."""
        # which columns are wide is another answer of the page
        wide = Wide(columns=tuple(self._headings[:1])) if self._asks_wide else None
        item = RegisterMapping(register_id=self._item.register_id, wide=wide, columns=columns)
        part = self._empty.model_copy(update={"gives": (item,)})
        place = YamlNode(YamlFile(NAME, {}, {}))
        for problem in mapping_problems([part], self._registers, place):
            yield problem.message, problem.instead


def _wide_faults(answers: Sequence[_Answer]) -> dict[int, str]:
    """Why the sources of columns do not fit the columns that are wide."""
    sources = [answer for answer in answers if not isinstance(answer, Wide)]
    cells = [set(cells_of_source(source)) if source is not None else set() for source in sources]
    in_heading = [number for number, of in enumerate(cells) if _WIDE_HEADING in of]
    in_cells = [number for number, of in enumerate(cells) if _WIDE_CELL in of]
    if not any(isinstance(answer, Wide) and answer.columns for answer in answers):
        fault = "No columns of one kind were chosen. Choose some, or give another answer."
        return dict.fromkeys([*in_heading, *in_cells], fault)
    if in_cells:
        return {}
    if not in_heading:
        return {len(sources): "Choose which column is in their cells, or tick none."}
    fault = "No column comes from the cells below these headings. Type another heading, or 'no'."
    return dict.fromkeys(in_heading, fault)


def _without_heading(laid_out: MappedLayout) -> Iterator[tuple[str, ColumnSource]]:
    """What a column can come from besides a heading, as an answer and as a source: a title above
    rows, and a column without a heading."""
    below = range(laid_out.heading_row + 1, len(laid_out.grid.rows))
    if any(laid_out.band_of[row] != NO_BAND for row in below):
        yield _TITLE_ABOVE, BandCell(band=True)
    for column, heading in enumerate(laid_out.headings):
        cells = (cell_at(laid_out.grid.rows[row], column) for row in below)
        if not heading and not all(map(is_blank, cells)):
            label = laid_out.column_label(column)
            source = UnheadedColumn(column=int(label) if laid_out.across else label)
            yield _line_words(source.column), source


class _OneSource(Declared):
    source: ColumnSource


def _written_source(answer: str) -> ColumnSource | AnswerFault:
    """A source as it is written in office.yaml, such as {from: Checked, part: day}."""
    source = read_source("answer", f"source: {answer}\n".encode())
    if not isinstance(source, YamlFile):
        return AnswerFault(f"{source[0].message} {source[0].instead}")
    read = read_model(_OneSource, YamlNode(source), source.value)
    return (
        read.source
        if isinstance(read, _OneSource)
        else AnswerFault(f"{read[0].message} {read[0].instead}")
    )


def own_words(source: ColumnSource, wide: Wide | None = None) -> str:
    """A source in words: a heading, or what it is. ``wide`` are the wide columns of its list."""
    match source:
        case PartOfCell():
            return f"{_PARTS[source.part]} in {own_words(source.from_, wide)}"
        case MatchedName():
            by = listed([f"'{heading}'" for heading in source.list_headings])
            return f"{own_words(source.from_, wide)}, matched by {by} of the list"
        case Joined():
            clauses = [own_clause(cell, wide) for cell in source.join[:-1]]
            return listed([*clauses, *(own_words(cell, wide) for cell in source.join[-1:])])
        case WideCell():
            names = _wide_names(wide)
            return f"{'each cell' if source.wide == 'cell' else 'the heading'} of {names}"
        case FixedCell():
            return f"the cell {source.cell}"
        case BandCell():
            return _TITLE_ABOVE
        case UnheadedColumn():
            return f"{_line_words(source.column)}, which has no heading"
        case Constant():
            return f"always {constant_text(source) or BLANK}"
        case _:
            return f"'{source}'"


def own_clause(source: ColumnSource, wide: Wide | None = None) -> str:
    """A source in words, for the middle of a sentence: a comma closes what a comma opens."""
    last, words = source, own_words(source, wide)
    while isinstance(last, PartOfCell) or (isinstance(last, Joined) and last.join):
        last = last.from_ if isinstance(last, PartOfCell) else last.join[-1]
    return f"{words}," if isinstance(last, MatchedName | UnheadedColumn) else words


def _wide_names(wide: Wide | None) -> str:
    """The columns of one kind, in words."""
    if wide and wide.columns:
        return some_of([f"'{name}'" for name in wide.columns], 2)
    return f"each column after '{wide.after}'" if wide else "each wide column"


def _line_words(line: str | int) -> str:
    """A column by its letters or, of a sheet that is read across, a row by its number."""
    return f"{'row' if isinstance(line, int) else 'column'} {line}"


def _is_yes(answer: str) -> bool:
    return normal_key(answer) in (YES, "y")


def _is_no(answer: str) -> bool:
    return normal_key(answer) in (NO, "n")


def _note(spec: ColumnSpec) -> str:
    return f" ({spec.note})" if spec.note else ""


def _absent_label(spec: ColumnSpec, needed: bool) -> str:
    """What it means that a table does not have a column."""
    if spec.ends_or_undoes:
        return "it is always blank"
    return "the office does not keep it" if needed else "not in this sheet"


def _constants(spec: ColumnSpec) -> tuple[str, ...]:
    """The answers that say that a column is always the same."""
    values = (YES, NO) if spec.type == "yes/no" else tuple(spec.codes)
    return tuple(f"always {value}" for value in values)
