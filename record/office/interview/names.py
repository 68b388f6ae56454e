"""The questions about columns that name the rows of a list by name, not by reference."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from evidence.cells.merges import cells_of
from evidence.cells.text import listed, normal_key, quoted
from evidence.mapping.cell_parts import joined_text
from evidence.mapping.layout import lay_out
from evidence.mapping.list_names import ListNames, rows_words
from evidence.mapping.model import (
    NOT_KEPT,
    Constant,
    MatchedName,
    SheetMapping,
    cells_of_source,
)
from evidence.mapping.propose.list_names import NameProposal, NameProposals
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    RegisterProposal,
)
from evidence.raw_cells import RawValue
from evidence.register import ColumnSpec, Registers
from record.office.interview.columns import own_words
from record.office.interview.own_sheets import NamingCell, OwnSheet, naming_cells
from record.office.interview.pages import (
    AS_IT_IS,
    NO,
    YES,
    AnswerFault,
    MapPage,
    MapQuestion,
    Option,
    ProposalLine,
    ReadableQuestion,
    ask_page,
    one_of,
)
from record.office.interview.words import with_words

#: The most names that are asked about one by one, and the most cells that are shown.
_MOST_NAMES, _EXAMPLES = 40, 5


@dataclass(frozen=True, slots=True)
class _Naming:
    """A column that may be matched by names: which of the lists of the part gives it."""

    number: int
    spec: ColumnSpec
    cells: Sequence[NamingCell]
    proposal: NameProposal


def with_named_columns(
    own: OwnSheet, empty: SheetMapping, item: RegisterProposal, registers: Registers
) -> RegisterProposal:
    """The proposal of a list with the columns in which the names of rows of another list were
    found, where nothing else is proposed. ``empty`` is the mapping of its table without a list."""
    proposed = {column.column for column in item.columns}
    used = [cell for column in item.columns for cell in cells_of_source(column.source)]
    laid_out = lay_out(own.sheet, empty)
    rows = laid_out.grid.rows[laid_out.heading_row + 1 :]
    for spec in registers[item.register_id].written.columns:
        if spec.type != "key" or not spec.named or spec.name in proposed:
            continue
        proposals = NameProposals(own.lists, spec.named)
        columns = {
            heading: list(map(_name, cells_of(rows, column)))
            for column, heading in enumerate(laid_out.headings)
            if heading and heading not in used and len(laid_out.columns_of(heading)) == 1
        }
        if any(map(proposals.has_references, filter(any, columns.values()))):
            continue
        found = {
            heading: proposal
            for heading, names in columns.items()
            if (proposal := proposals.propose(names)) and proposal.is_sure
        }
        if found:
            heading = max(found, key=lambda heading: found[heading].once)
            best = found[heading]
            reason = f"{best.once:,} of its names are on the list under {_by(best.source)}."
            column_proposal = ColumnProposal(spec.name, heading, best.certainty, reason)
            questions = tuple(q for q in item.questions if q.column != spec.name)
            item = replace(item, columns=(*item.columns, column_proposal), questions=questions)
    return item


def _name(cell: RawValue) -> str:
    """What may be a name in a cell: a text with letters that is no date."""
    text = joined_text([cell]) if isinstance(cell, str) else ""
    return text if any(map(str.isalpha, text)) else ""


def _by(source: MatchedName) -> str:
    return listed([f"'{heading}'" for heading in source.list_headings])


def ask_names(
    own: OwnSheet, part: SheetMapping, registers: Registers
) -> Generator[MapPage, Sequence[str], SheetMapping]:
    """Asks whether columns name people or things by name, and then what each name means that the
    list does not have once. Returns the mapping with the columns that are matched."""
    found = list(_namings(own, part, registers))
    asked = [_match_question(own, part, naming, registers) for naming in found]
    answers = yield from ask_page("Names in place of references", asked)
    matched = [naming for naming, answer in zip(found, answers, strict=True) if answer == YES]
    if not matched:
        return part
    columns = [dict(item.columns) for item in part.gives]
    left: list[tuple[int, str, str]] = []
    questions: list[ReadableQuestion[str]] = []
    for naming in matched:
        number, spec, source = naming.number, naming.spec, naming.proposal.source
        own_column = columns[number][spec.name]
        columns[number][spec.name] = source.model_copy(update={"from_": own_column})
        rows = ListNames(own.lists, spec.named, source)
        for cell in _left(naming):
            left.append((number, spec.name, cell.text))
            questions.append(_name_question(own, spec, rows, cell))
    items = (
        item.model_copy(update={"columns": own_columns})
        for item, own_columns in zip(part.gives, columns, strict=True)
    )
    part = part.model_copy(update={"gives": tuple(items)})
    meanings = yield from ask_page("Names that the list does not have once", questions)
    return with_words(part, left, meanings)


def _namings(own: OwnSheet, part: SheetMapping, registers: Registers) -> Iterator[_Naming]:
    for number, item in enumerate(part.gives):
        for name, source in item.columns.items():
            spec = registers[item.register_id].column(name)
            has_cells = source != NOT_KEPT and not isinstance(source, Constant | MatchedName)
            if spec.type == "key" and spec.named and has_cells:
                cells = naming_cells(own, part, number, name, registers)
                proposals = NameProposals(own.lists, spec.named)
                proposal = proposals.propose(cell.name for cell in cells)
                if proposal is not None:
                    yield _Naming(number, spec, cells, proposal)


def _match_question(
    own: OwnSheet, part: SheetMapping, naming: _Naming, registers: Registers
) -> ReadableQuestion[str]:
    """Whether a column is matched by names, with how many of them the list has."""
    spec, proposal, item = naming.spec, naming.proposal, part.gives[naming.number]
    source = proposal.source
    register = registers[item.register_id]
    lists = [sheet for sheet in own.lists if sheet.register in spec.named]
    by = _by(source)
    sheets = listed([f"'{name}'" for name in dict.fromkeys(sheet.sheet for sheet in lists)])
    turned = ", reading 'Jones, Ann' as 'Ann Jones'" if source.surname_first else ""
    text = (
        f"{register.sheets[0]} seems to have names under"
        f" {own_words(item.columns[spec.name], item.wide)}, where references of"
        f" {sheets} are expected. That list has names under {by}. Match by name{turned}?"
    )
    options = (
        Option(YES, f"yes, match by {by}{turned}"),
        Option(NO, "no, these are references"),
    )
    unknown, several = len(proposal.unknown), len(proposal.several)
    total = proposal.once + unknown + several
    reason = (
        f"Of {total:,} different names, {proposal.once:,} are on the list once, {several:,} more"
        f" than once, and {unknown:,} not at all."
    )
    examples = tuple(
        ExampleCell(cell.address, cell.text)
        for cell in _distinct(naming.cells)[:_EXAMPLES]
        if not spec.sensitive
    )
    heading = spec.usual_heading
    line = ProposalLine(heading, f"matched by {by}", proposal.certainty, reason, examples)
    default = "" if proposal.certainty == Certainty.POSSIBLE else YES
    question = MapQuestion(
        "names", text, f"{heading}, by name", options, lines=(line,), default=default
    )
    return ReadableQuestion(question, one_of(options))


def _distinct(cells: Sequence[NamingCell]) -> list[NamingCell]:
    """The first cell of each name."""
    return list({cell.name: cell for cell in reversed(cells)}.values())[::-1]


def _left(naming: _Naming) -> list[NamingCell]:
    """The first cell of each name that the list does not have once."""
    left = {*naming.proposal.unknown, *naming.proposal.several}
    return [cell for cell in _distinct(naming.cells) if cell.name in left][:_MOST_NAMES]


def _name_question(
    own: OwnSheet, spec: ColumnSpec, rows: ListNames, cell: NamingCell
) -> ReadableQuestion[str]:
    """Which reference a name means that the list does not have once."""
    found, nearest = rows.rows(cell.name), rows.nearest(cell.name)
    note = "It is not on the list."
    if found:
        note = f"It is the name of {rows_words(found)}."
    elif nearest:
        note = f"It is not on the list. The nearest name is in {rows_words(nearest)}."
    option = Option(AS_IT_IS, "leave it as it is: it counts for nothing on the list")
    question = MapQuestion(
        "word",
        f"Which reference does {quoted(cell.text)} in '{spec.usual_heading}' mean? {note}",
        quoted(cell.text),
        (option,),
        other="its reference on the list",
        note=note,
        default=AS_IT_IS,
        about=spec.usual_heading,
    )
    return ReadableQuestion(question, _reference_reader(own, spec))


def _reference_reader(own: OwnSheet, spec: ColumnSpec) -> Callable[[str], str | AnswerFault]:
    """Reads the reference of a row of the list, or AS_IT_IS."""
    keys = {key for sheet in own.lists if sheet.register in spec.named for key in sheet.keys}

    def read(answer: str) -> str | AnswerFault:
        key = normal_key(answer)
        if key == AS_IT_IS:
            return AS_IT_IS
        if key in keys:
            return answer
        return AnswerFault(f"The list has no reference {quoted(answer)}.")

    return read
