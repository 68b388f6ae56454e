"""The office's own sheets to ask about, and what a mapping reads from one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from evidence.cells.merges import cell_at
from evidence.cells.text import is_blank, listed, quoted, raw_text, some_of, spaced_once
from evidence.mapping.cell_parts import find_not_done_words
from evidence.mapping.layout import MappedLayout, lay_out
from evidence.mapping.list_names import ListSheet, ListSheets
from evidence.mapping.list_sheets import list_sheets, named_lists
from evidence.mapping.mapped_sheet import read_mapped_sheet
from evidence.mapping.model import Constant, SheetMapping, cells_of_source
from evidence.mapping.propose.proposals import Certainty, ExampleCell, SheetProposal, TableProposal
from evidence.mapping.propose.sheets import propose
from evidence.problem import ProblemKind, cells_words
from evidence.raw_cells import Book, RawSheet, RawWorkbook, cell_address
from evidence.register import ColumnType, Registers, RegisterSpec
from evidence.sheet_ref import SheetRef
from evidence.sheets.sheet_contents import SheetContents, read_sheet, sheet_problems
from evidence.sheets.sheet_matching import (
    MappedMatch,
    SheetMatch,
    explains_workbook,
    match_sheets,
    sheet_name,
)

#: The cells of a column that show what is in it, and the most letters of one.
_CELLS, _LETTERS = 5, 60


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet that accepted spellings do not make certain, with what is proposed for it. ``lists``
    are the office's sheets that are known and whose rows it may name. ``duties`` says how many
    duties read each column of a register, and with '' the register."""

    book: RawWorkbook
    sheet: RawSheet
    proposal: SheetProposal
    lists: ListSheets = ()
    duties: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sheet as a person knows it."""
        if self.proposal.sheet is None:
            return f"the file {quoted(self.book.file)}"
        return f"the sheet {quoted(self.proposal.sheet)} of {quoted(self.book.file)}"

    @property
    def duties_count(self) -> int:
        """How many duties read the lists that it is proposed to be."""
        ids = [table.gives[0].register_id for table in self.proposal.tables if table.gives]
        return max((self.duties.get((id_, ""), 0) for id_ in ids), default=0)


def own_sheets(
    books: Iterable[Book], registers: Registers, mapping: Sequence[SheetMapping] = ()
) -> Iterator[OwnSheet]:
    """The sheets with contents that neither the mapping nor accepted spellings make certain, in the
    order of the files."""
    for book in books:
        if not isinstance(book, RawWorkbook):
            continue
        matches = zip(book.sheets, match_sheets(book, registers, mapping), strict=True)
        own = {id(sheet) for sheet, match in matches if not _is_known(match, book)}
        proposals = zip(book.sheets, propose(book, registers) if own else (), strict=bool(own))
        for sheet, proposal in proposals:
            if id(sheet) in own and sheet.rows and not explains_workbook(sheet):
                yield OwnSheet(book, sheet, proposal)


def known_lists(
    books: Iterable[Book], registers: Registers, mapping: Sequence[SheetMapping] = ()
) -> tuple[ListSheet, ...]:
    """The sheets of the files that give a list whose rows others name."""
    written = {id_: spec.written for id_, spec in registers.items()}
    wanted = named_lists(registers)
    return tuple(sheet for book in books for sheet in list_sheets(book, written, mapping, wanted))


def lists_first(sheets: Iterable[OwnSheet], registers: Registers) -> list[OwnSheet]:
    """The sheets in the order in which to ask about them. First those that may be lists whose rows
    others name: what they are has to be known before names in others can be matched. Of both kinds
    those first that most duties read."""
    named = named_lists(registers)

    def may_be_list(own: OwnSheet) -> bool:
        ids = [table.gives[0].register_id for table in own.proposal.tables if table.gives]
        specs = (registers[id_] for id_ in ids if id_ in named)
        return any(not any(column.named for column in spec.columns) for spec in specs)

    return sorted(sheets, key=lambda own: (not may_be_list(own), -own.duties_count))


@dataclass(frozen=True, slots=True)
class NamingCell:
    """A cell that names a row of a list: its address, and the name as it is read and as it is
    written."""

    address: str
    name: str
    text: str


def naming_cells(
    own: OwnSheet, part: SheetMapping, number: int, column: str, registers: Registers
) -> list[NamingCell]:
    """The cells of a column of the register with that number in a part of the mapping."""
    written = {id_: spec.written for id_, spec in registers.items()}
    cells = []
    _, contents = list(_read(own, [part], written))[number]
    for content in contents:
        if content.part is not None:
            label = content.part.source.letters.get(column, "")
            read = content.part.columns[column]
            for row, value, raw in zip(content.part.rows, read.value, read.raw, strict=True):
                if isinstance(value, str):
                    cells.append(NamingCell(cell_address(label, row), value, spaced_once(raw)))
    return list(dict.fromkeys(cells))


def _is_known(match: object, book: RawWorkbook) -> bool:
    if isinstance(match, SheetMatch) and match.problem is None:
        content = read_sheet(match.where, match.sheet, book.date1904)
        return content.part is not None and not _needs_a_person(content, match, book)
    return isinstance(match, SheetMatch | MappedMatch)


def _needs_a_person(content: SheetContents, match: SheetMatch, book: RawWorkbook) -> bool:
    """Whether the sheet has the name of a list, but a person can say which of its columns are
    needed: half or more of them have other headings than the list's, or a heading is like one of
    them, or two headings mean one column."""
    register = match.where.register
    needed = sum(spec.required for spec in register.written.columns)
    kinds = [problem.kind for problem in content.problems]
    missing = {p.column for p in content.problems if p.kind == ProblemKind.COLUMN_MISSING}
    return (
        ProblemKind.COLUMN_TWICE in kinds
        or (bool(missing) and len(missing) * 2 >= needed)
        or (bool(missing) and _has_like(missing, match, book))
    )


def _has_like(columns: Collection[str], match: SheetMatch, book: RawWorkbook) -> bool:
    """Whether a heading of the sheet is likely to be one of these columns."""
    register = match.where.register
    return any(
        column.column in columns
        and isinstance(column.source, str)
        and column.certainty != Certainty.POSSIBLE
        for proposal in propose(replace(book, sheets=(match.sheet,)), {register.id: register})
        for table in proposal.tables
        for item in table.gives
        for column in item.columns
    )


def empty_mapping(sheet: SheetProposal, table: TableProposal) -> SheetMapping:
    """The mapping of a table that gives no list yet."""
    return SheetMapping(
        file=sheet.file,
        sheet=sheet.sheet,
        only_columns=table.only_columns,
        records=table.records,
        headings=table.headings if len(table.headings) > 1 else table.headings[0],
        bands=table.bands,
        gives=(),
    )


def own_columns(own: OwnSheet) -> list[tuple[str, tuple[ExampleCell, ...]]]:
    """Each heading of the sheet's tables, with its first filled cells."""
    columns: list[tuple[str, tuple[ExampleCell, ...]]] = []
    for table in own.proposal.tables:
        laid_out = lay_out(own.sheet, empty_mapping(own.proposal, table))
        for column, heading in enumerate(laid_out.headings):
            cells = first_cells(laid_out, column)
            if heading or cells:
                columns.append((heading or f"column {laid_out.column_label(column)}", cells))
    return columns


def first_cells(laid_out: MappedLayout, column: int) -> tuple[ExampleCell, ...]:
    """The first filled cells of a column of a table."""
    filled = (
        ExampleCell(laid_out.address(row, column), raw_text(cell)[:_LETTERS])
        for row in range(laid_out.heading_row + 1, len(laid_out.grid.rows))
        if not is_blank(cell := cell_at(laid_out.grid.sheet.rows[row], column))
    )
    return tuple(islice(filled, _CELLS))


@dataclass(frozen=True, slots=True)
class MappedWords:
    """What a mapping reads from a sheet, in sentences: the rows of each list, each kind of cells
    that cannot be read with their number and the first of them, and what is not used."""

    lists: tuple[str, ...]
    unread: tuple[str, ...]
    unused: tuple[str, ...]


def mapped_words(own: OwnSheet, parts: Sequence[SheetMapping], registers: Registers) -> MappedWords:
    """What the mapping reads from the sheet, and what it does not."""
    written = {id_: spec.written for id_, spec in registers.items()}
    lists, unread, unused = list[str](), list[str](), list[str]()
    for where, contents in _read(own, parts, written):
        rows = sum(len(content.part.rows) for content in contents if content.part)
        title = where.register.sheets[0]
        problems = list(sheet_problems(where, contents))
        count = sum(problem.count for problem in problems)
        lists.append(
            f"{title}: {rows:,} row{'' if rows == 1 else 's'} read; {count:,} "
            f"cell{'' if count == 1 else 's'} cannot be read."
        )
        for problem in problems:
            place = f"{cells_words(problem.cells, problem.count)}: " if problem.cells else ""
            heading = f"{quoted(problem.heading)}, " if problem.heading and place else ""
            unread.append(f"{heading}{place}{problem.message}")
        unused += [note.message for content in contents for note in content.notes]
    for part in parts:
        unused += _undoing_words(own, part, written)
    tables = len(own.proposal.tables)
    left = tables - sum(1 for part in parts if part.gives)
    if not lists:
        unused.append("Nothing in the sheet is used.")
    elif left > 0:
        unused.append(
            f"{left} of the {tables} tables of the sheet {'is' if left == 1 else 'are'} not used."
        )
    return MappedWords(tuple(lists), tuple(unread), tuple(dict.fromkeys(unused)))


def _undoing_words(
    own: OwnSheet, part: SheetMapping, registers: Mapping[str, RegisterSpec]
) -> Iterator[str]:
    """A sentence for each column that is not used and whose cells may say that a row does not
    count, where a person said that nothing else in the sheet does."""
    sources = [source for item in part.gives for source in item.columns.values()]
    used: set[object] = {
        *chain.from_iterable(item.wide.columns for item in part.gives if item.wide)
    }
    used |= {cell for source in sources for cell in cells_of_source(source)}
    undoing = [
        quoted(registers[item.register_id].column(name).usual_heading)
        for item in part.gives
        for name, source in item.columns.items()
        if isinstance(source, Constant) and registers[item.register_id].column(name).ends_or_undoes
    ]
    if not undoing:
        return
    laid_out = lay_out(own.sheet, part)
    below = range(laid_out.heading_row + 1, len(laid_out.grid.rows))
    for column, heading in enumerate(laid_out.headings):
        if not heading or heading in used:
            continue
        texts = ((row, cell_at(laid_out.grid.rows[row], column)) for row in below)
        cells = [
            f"{laid_out.address(row, column)} {quoted(text[:_LETTERS])}"
            for row, text in texts
            if isinstance(text, str) and find_not_done_words(text)
        ]
        if cells:
            yield (
                f"{quoted(heading)} is not used, but may say that rows do not count:"
                f" {some_of(cells, _CELLS)}. If it does, put these rows right in the sheet, or"
                f" answer with {quoted(heading)} where {listed(undoing, 'or')} is asked for."
            )


def _read(
    own: OwnSheet, parts: Sequence[SheetMapping], registers: Mapping[str, RegisterSpec]
) -> Iterator[tuple[SheetRef, Sequence[SheetContents]]]:
    """What parts of the mapping read from a sheet, by their registers."""
    name = sheet_name(own.book, own.sheet)
    places = [
        (part, [SheetRef(registers[item.register_id], own.book.file, name) for item in part.gives])
        for part in parts
    ]
    return read_mapped_sheet(places, own.sheet, own.book.date1904, own.lists)


def unread_words(
    own: OwnSheet, part: SheetMapping, registers: Mapping[str, RegisterSpec]
) -> list[list[tuple[str, str]]]:
    """The words that cannot be read in columns of codes, numbers, days and yes or no, each with its
    column and once, by the registers of a part."""
    found: list[list[tuple[str, str]]] = []
    for where, contents in _read(own, [part], registers):
        register = where.register
        words = (
            (name, cell.text)
            for content in contents
            for name, cells in content.unread.items()
            for cell in cells
            if _is_word(cell.text, register.column(name).type)
        )
        found.append(list(dict.fromkeys(words)))
    return found


def _is_word(text: str, type_: ColumnType) -> bool:
    """Whether a text can have a meaning in a column of a type. With a figure, a text in a column of
    days is a day that was mistyped: that is put right in the sheet."""
    if type_ == "day" and any(map(str.isdigit, text)):
        return False
    return bool(text.strip()) and type_ in ("code", "codes", "day", "number", "yes/no")
