"""The questions about the columns of one list, and the sources that follow from the answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from evidence.cells.text import listed, nearest, normal_heading, normal_key, quoted, some_of
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
    joined_by,
)
from record.office.mapping_checks import is_taken, mapping_problems
from record.office.office_file import NAME
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model

#: None: the sheet does not have the column. In quotes, since an annotation in it cannot be hashed.
OptionalSource: TypeAlias = "ColumnSource | None"


class ColumnQuestions:
    """The questions about the columns of one list. ``where`` is its table in words, ``empty`` the
    mapping of the table without a register, ``headings`` are its own."""

    def __init__(
        self,
        where: str,
        empty: SheetMapping,
        headings: Sequence[str],
        item: RegisterProposal,
        registers: Registers,
    ) -> None:
        self._where, self._empty, self._headings = where, empty, headings
        self._item, self._registers = item, registers
        self._register = registers[item.register_id].written
        self._title = self._register.sheets[0]
        self._proposed = {column.column: column for column in item.columns}

    def ask(self) -> Generator[MapPage, Sequence[str], RegisterProposal]:
        """Asks where each column comes from that people fill in, in the order of the register.
        Returns what is confirmed of the proposal, with the words of the columns that were right as
        they were proposed."""
        specs = self._register.columns
        asked = [
            self._proposed_column(spec, self._proposed[spec.name])
            if spec.name in self._proposed
            else self._missing_column(spec)
            for spec in specs
        ]
        title = f"Columns of {self._title}"
        sources = yield from ask_page(title, joined_by(asked, dict(self._groups())), _wide_faults)
        kept = {
            spec.name: source
            for spec, source in zip(specs, sources, strict=True)
            if source is not None
        }
        right = {name for name, column in self._proposed.items() if kept.get(name) == column.source}
        return replace(
            self._item,
            columns=tuple(
                ColumnProposal(name, source, Certainty.CERTAIN, "") for name, source in kept.items()
            ),
            words=tuple(word for word in self._item.words if word.column in right),
            wide=self._item.wide if any(map(_is_wide, kept.values())) else None,
            questions=tuple(
                question
                for question in self._item.questions
                if question.about == "word" and question.column in right
            ),
        )

    def _groups(self) -> Iterator[tuple[int, str]]:
        """The sentences that confirm several columns at once, by the columns' numbers."""
        specs = self._register.columns
        absent = {
            number: f"'{spec.usual_heading}'"
            for number, spec in enumerate(specs)
            if spec.name not in self._proposed and not self._is_needed(spec)
        }
        for number, spec in enumerate(specs):
            column = self._proposed.get(spec.name)
            if column is not None and column.certainty == Certainty.CERTAIN:
                yield number, f"These columns of {self._where} are certain. Are all of them right?"
            elif number in absent:
                yield (
                    number,
                    f"Not found in {self._where}: {listed(list(absent.values()))}. Is it right that"
                    " it has none of them?",
                )

    def _is_needed(self, spec: ColumnSpec) -> bool:
        """Whether the mapping has to name the column."""
        return spec.required or spec.ends_or_undoes or spec.name == self._register.key

    def _proposed_column(
        self, spec: ColumnSpec, column: ColumnProposal
    ) -> ReadableQuestion[OptionalSource]:
        own = own_words(column.source, self._item.wide)
        heading, needed = spec.usual_heading, self._is_needed(spec)
        without = BLANK if spec.ends_or_undoes else NOT_KEPT
        absent = Option(without if needed else NO, _absent_label(spec, needed))
        source = column.source
        source_label = source if isinstance(source, str) else own.rstrip(",")
        line = ProposalLine(own, heading, column.certainty, column.reason, column.examples)
        question = MapQuestion(
            "column",
            f"Does {own} give '{heading}' of {self._title}?{_note(spec)}",
            heading,
            (Option(YES, source_label), absent),
            (*self._choices, *_constants(spec)),
            "the right heading",
            spec.note,
            (line,),
            "" if column.certainty == Certainty.POSSIBLE else YES,
        )
        fault = AnswerFault(f"Then type the right heading, or '{without}': {absent.label}.")
        no = fault if needed else None
        return ReadableQuestion(question, self._reader(spec, column.source, no))

    def _missing_column(self, spec: ColumnSpec) -> ReadableQuestion[OptionalSource]:
        """Where a column comes from that the table may not have."""
        heading, needed = spec.usual_heading, self._is_needed(spec)
        what = "'no' means that it is not there."
        other = f"the heading, or '{_always_example(spec)}' if it is always the same"
        if spec.ends_or_undoes:
            what = "It can say that a row no longer counts. 'no' means that it is always blank."
        elif spec.name == self._register.key:
            what = "It is the reference of a row. With 'no', a row is known by its cells."
            other = "the heading"
        elif needed:
            what = "The rules need it. 'no' means that the office does not keep it."
        question = MapQuestion(
            "missing",
            f"Which column of {self._where} is '{heading}' of {self._title}?{_note(spec)} {what}",
            heading,
            (Option(NO, _absent_label(spec, needed)),),
            (*self._choices, *_constants(spec)),
            other,
            spec.note,
            default="" if needed else NO,
        )
        return ReadableQuestion(question, self._reader(spec))

    @property
    def _choices(self) -> tuple[str, ...]:
        """The headings that are not read as another answer."""
        return tuple(
            text
            for text in dict.fromkeys(self._headings)
            if normal_key(text) not in (YES, "y", NO, "n", NOT_KEPT, BLANK)
        )

    def _reader(
        self, spec: ColumnSpec, yes: OptionalSource = None, no: AnswerFault | None = None
    ) -> Callable[[str], OptionalSource | AnswerFault]:
        """Reads the source that an answer names. ``yes`` is the one that is proposed, ``no`` is why
        'no' cannot be taken."""
        absent: OptionalSource = NOT_KEPT if self._is_needed(spec) else None
        if spec.ends_or_undoes:
            absent = Constant(always=BLANK)

        def read(answer: str) -> OptionalSource | AnswerFault:
            key = normal_key(answer)
            if yes is not None and key in (YES, "y"):
                return yes
            if key in (NO, "n"):
                return no or absent
            return absent if key == NOT_KEPT else self._named_source(answer, spec)

        return read

    def _named_source(self, answer: str, spec: ColumnSpec) -> ColumnSource | AnswerFault:
        """A heading of the table, a constant, or another source as it is written in office.yaml."""
        if not answer:
            return AnswerFault("Answer the question.")
        key = normal_key(answer)
        value = BLANK if key == BLANK else key.removeprefix("always ") if "always " in key else None
        if value is not None and key in (BLANK, f"always {value}"):
            constant = Constant(always={YES: True, NO: False}.get(value, value))
            if value != BLANK and not is_taken(spec, constant.always):
                return AnswerFault(f"'{spec.usual_heading}' cannot be {quoted(value)}.")
            return constant
        if answer.startswith("{"):
            source = _written_source(answer)
            return source if isinstance(source, AnswerFault) else self._checked(source, spec)
        return self._heading(answer)

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
        item = RegisterMapping(
            register_id=self._item.register_id, wide=self._item.wide, columns=columns
        )
        part = self._empty.model_copy(update={"gives": (item,)})
        place = YamlNode(YamlFile(NAME, {}, {}))
        for problem in mapping_problems([part], self._registers, place):
            yield problem.message, problem.instead


def _wide_faults(sources: Sequence[OptionalSource]) -> dict[int, str]:
    """Why columns cannot come from the headings of wide columns whose cells nothing comes from."""
    wide = [n for n, source in enumerate(sources) if source is not None and _is_wide(source)]
    filled = (WideCell(wide="cell") in cells_of_source(source) for source in sources if source)
    if any(filled):
        return {}
    fault = "No column comes from the cells below these headings. Type another heading, or 'no'."
    return dict.fromkeys(wide, fault)


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
    if isinstance(source, PartOfCell):
        return f"{_PARTS[source.part]} in {own_words(source.from_, wide)}"
    if isinstance(source, MatchedName):
        by = listed([f"'{heading}'" for heading in source.list_headings])
        return f"{own_words(source.from_, wide)}, matched by {by} of the list,"
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
        line = "row" if isinstance(source.column, int) else "column"
        return f"{line} {source.column}, which has no heading,"
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


def _always_example(spec: ColumnSpec) -> str:
    """An answer that is a constant of the column."""
    if spec.type == "yes/no":
        return "always yes"
    return f"always {next(iter(spec.codes))}" if spec.codes else "always …"
