"""The questions about an office's own sheet, page after page, and the mapping that follows from the
answers. Nothing is in the mapping that was not confirmed."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

from evidence.cells.text import (
    listed,
    nearest,
    normal_heading,
    normal_key,
    quoted,
    row_numbers_text,
)
from evidence.mapping.confirm import mapping_from
from evidence.mapping.layout import lay_out
from evidence.mapping.model import BandCell, ColumnSource, SheetMapping, cells_of_source
from evidence.mapping.propose.proposals import (
    Certainty,
    Question,
    RegisterProposal,
    TableProposal,
)
from evidence.mapping.propose.sheets import propose
from evidence.register import Registers
from record.office.interview.columns import ColumnQuestions
from record.office.interview.names import ask_names, with_named_columns
from record.office.interview.own_sheets import OwnSheet, empty_mapping
from record.office.interview.pages import (
    LATER,
    NO,
    NO_EVIDENCE,
    YES,
    AnswerFault,
    Interview,
    MapPage,
    MapQuestion,
    Option,
    ProposalLine,
    ReadableQuestion,
    ask_page,
    duties_read,
    one_of,
)
from record.office.interview.words import ColumnWord, ask_unread_words, ask_words

_NO_EVIDENCE = Option(NO_EVIDENCE, "none: the sheet is no evidence")
_LATER = Option(LATER, "decide later")


def interview(own: OwnSheet, registers: Registers) -> Interview:
    """Asks about a sheet, one table after another."""
    tables = own.proposal.tables
    parts: list[SheetMapping] = []
    for number, table in enumerate(tables):
        several = f" (table {number + 1} of {len(tables)})" if len(tables) > 1 else ""
        part = yield from _titled(_Table(own, registers, table, several).ask(), several)
        if part is not None:
            parts.append(part)
    if not tables:
        options = (_NO_EVIDENCE, _LATER)
        text = f"No row of headings was found in {own.name}. Is it evidence?"
        question = MapQuestion("lists", text, own.name, options)
        asked = [ReadableQuestion(question, one_of(options))]
        (answer,) = yield from ask_page("Which list it is", asked)
        parts = [_no_evidence(own)] if answer == NO_EVIDENCE else []
    used = [part for part in parts if part.gives]
    if used:
        return tuple(used)
    return tuple(parts[:1]) if len(parts) == max(len(tables), 1) else None


def _titled(
    pages: Generator[MapPage, Sequence[str], SheetMapping | None], several: str
) -> Generator[MapPage, Sequence[str], SheetMapping | None]:
    """The pages about a table, with titles that say which of several it is."""
    try:
        page = next(pages)
        while True:
            page = pages.send((yield replace(page, title=f"{page.title}{several}")))
    except StopIteration as end:
        part: SheetMapping | None = end.value
        return part


@dataclass(frozen=True, slots=True)
class InterviewState:
    """An interview after some answers: the pages that were answered, with the answers, and the page
    to answer next. If that is None, the interview is over and ``mapping`` is its result."""

    answered: tuple[MapPage, ...]
    next_page: MapPage | None
    mapping: tuple[SheetMapping, ...] | None = None


def interview_state(
    own: OwnSheet, registers: Registers, answers: Sequence[Sequence[str]]
) -> InterviewState:
    """The interview about a sheet after the answers to its first pages. An answer that cannot be
    taken is the end of them: its page is the next one, with the faults."""
    pages = interview(own, registers)
    page = next(pages)
    answered: list[MapPage] = []
    for given in answers:
        try:
            following = pages.send(given)
        except StopIteration as end:
            return InterviewState((*answered, _with_answers(page, given)), None, end.value)
        if following.has_faults:
            return InterviewState(tuple(answered), following)
        answered.append(_with_answers(page, given))
        page = following
    return InterviewState(tuple(answered), page)


def _with_answers(page: MapPage, answers: Sequence[str]) -> MapPage:
    questions = zip(page.questions, answers, strict=True)
    return replace(page, questions=tuple(replace(q, answer=answer) for q, answer in questions))


def _no_evidence(own: OwnSheet) -> SheetMapping:
    return SheetMapping(file=own.proposal.file, sheet=own.proposal.sheet, gives=())


class _Table:
    """The questions about one table of a sheet."""

    def __init__(
        self, own: OwnSheet, registers: Registers, table: TableProposal, several: str
    ) -> None:
        self._own, self._registers, self._table = own, registers, table
        self._where = f"{own.name}{several}"
        self._titles = {spec.sheets[0]: id_ for id_, spec in registers.items()}
        self._empty = empty_mapping(own.proposal, table)
        self._laid_out = lay_out(own.sheet, self._empty.model_copy(update={"bands": True}))

    def ask(self) -> Generator[MapPage, Sequence[str], SheetMapping | None]:
        """Which lists the table gives, and the columns and words of each."""
        (chosen,) = yield from ask_page("Which list it is", [self._lists()])
        if isinstance(chosen, str):
            return _no_evidence(self._own) if chosen == NO_EVIDENCE else None
        items: list[RegisterProposal] = []
        for item in chosen:
            named = with_named_columns(self._own, self._empty, item, self._registers)
            columns = ColumnQuestions(
                self._where, self._empty, self._laid_out, named, self._registers, self._own.duties
            )
            items.append((yield from columns.ask()))
        left: list[frozenset[ColumnWord]] = []
        for number, item in enumerate(items):
            items[number], as_they_are = yield from ask_words(item, self._registers)
            left.append(as_they_are)
        answers = yield from self._rows()
        sources = (column.source for item in items for column in item.columns)
        banded = any(BandCell(band=True) in cells_of_source(source) for source in sources)
        table = replace(
            self._table,
            gives=tuple(items),
            questions=tuple(answers),
            bands=self._table.bands or banded,
        )
        written = {id_: spec.written for id_, spec in self._registers.items()}
        part = mapping_from(self._own.proposal, table, answers, written)
        part = yield from ask_names(self._own, part, self._registers)
        return (yield from ask_unread_words(self._own, part, self._registers, left))

    # Which lists --------------------------------------------------------------------------------

    def _lists(self) -> ReadableQuestion[tuple[RegisterProposal, ...] | str]:
        """Which lists the table gives: their proposals, or NO_EVIDENCE or LATER."""
        shown = tuple(
            item
            for number, item in enumerate(self._table.gives)
            if number == 0 or item.certainty != Certainty.POSSIBLE
        )
        titles = [self._registers[item.register_id].sheets[0] for item in shown]
        text = f"Which list is {self._where}?"
        options: tuple[Option, ...] = (_NO_EVIDENCE, _LATER)
        default = ""
        names = "names of lists, separated by commas"
        all_names = f"{names}: {', '.join(self._titles)}"
        if shown:
            text = f"Is {self._where} your list '{titles[0]}'?"
            if len(shown) > 1:
                both = listed([f"'{title}'" for title in titles])
                text = f"Does {self._where} contain your lists {both}?"
            options = (Option(YES, ", ".join(titles)), *options)
            if shown[0].certainty != Certainty.POSSIBLE:
                default = ", ".join(titles)

        def read(answer: str) -> tuple[RegisterProposal, ...] | str | AnswerFault:
            key = normal_key(answer)
            if shown and key in (YES, "y"):
                return shown
            if key in (NO_EVIDENCE, LATER, LATER[0]):
                return NO_EVIDENCE if key == NO_EVIDENCE else LATER
            if key.strip(" ,") in ("", NO, "n"):
                return AnswerFault(f"Answer '{NO_EVIDENCE}', '{LATER}' or {all_names}.")
            return self._named_lists(answer)

        question = MapQuestion(
            "lists",
            text,
            self._where,
            options,
            tuple(self._titles),
            names if shown else all_names,
            lines=tuple(self._line(item, item is shown[0]) for item in shown),
            use=duties_read(self._own.duties.get((shown[0].register_id, ""), 0)) if shown else "",
            default=default,
        )
        return ReadableQuestion(question, read)

    def _line(self, item: RegisterProposal, first: bool) -> ProposalLine:
        """A list that is proposed. The first line also says where the table is."""
        why = (item.reason, self._table.reason, self._table.end_reason) if first else (item.reason,)
        title = self._registers[item.register_id].sheets[0]
        return ProposalLine(self._where, title, item.certainty, " ".join(filter(None, why)))

    def _named_lists(self, answer: str) -> tuple[RegisterProposal, ...] | AnswerFault:
        """The proposals of the lists that an answer names."""
        titles = {normal_heading(title): id_ for title, id_ in self._titles.items()}
        items: dict[str, RegisterProposal] = {}
        for name in filter(None, map(str.strip, answer.split(","))):
            id_ = titles.get(normal_heading(name))
            if id_ is None:
                near = nearest(name, self._titles)
                hint = f" Did you mean '{near}'?" if near else ""
                return AnswerFault(f"There is no list {quoted(name)}.{hint}")
            items[id_] = self._proposal_of(id_)
        return tuple(items.values())

    def _proposal_of(self, id_: str) -> RegisterProposal:
        """What is proposed where a person says which list it is; without any column if nothing of
        the table is like it."""
        for item in self._table.gives:
            if item.register_id == id_:
                return item
        for proposal in propose(self._own.book, {id_: self._registers[id_]}):
            if proposal.sheet == self._own.proposal.sheet:
                for table in proposal.tables:
                    if (table.headings, table.only_columns) == (
                        self._table.headings,
                        self._table.only_columns,
                    ):
                        for item in table.gives:
                            return item
        return RegisterProposal(id_, Certainty.POSSIBLE, "")

    # Rows ---------------------------------------------------------------------------------------

    def _rows(self) -> Generator[MapPage, Sequence[str], Mapping[Question, ColumnSource]]:
        """Which lines of the table count."""
        struck = sorted(self._own.sheet.struck_rows)
        questions = [q for q in self._table.questions if q.about in ("rows", "struck")]
        if struck and not any(question.about == "struck" for question in questions):
            rows = row_numbers_text(struck)
            text = f"Struck through: {rows} of {self._where}. Left out, or counted?"
            questions.append(Question("struck", text))
        answers = yield from ask_page("Rows that count", [*map(_row_question, questions)])
        return dict(zip(questions, answers, strict=True))


def _row_question(question: Question) -> ReadableQuestion[str]:
    """Which lines with a word count, or whether lines that are struck through do."""
    if question.about == "rows":
        label = f"'{question.word}' under '{question.heading}'"
        options = (Option(YES, "only these rows count"), Option(NO, "every row counts"))
        asked = MapQuestion("rows", question.text, label, options)
    else:
        options = (Option("left out"), Option("counted"))
        asked = MapQuestion("struck", question.text, "Rows that are struck through", options)
    return ReadableQuestion(asked, one_of(options))
