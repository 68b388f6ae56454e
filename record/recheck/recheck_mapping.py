"""The part of recheck.py for a pack with a mapping: the records that an office's own sheets give.

recheck.py runs this file only if the pack contains mapping.json. Keep the two beside each other.
Like recheck.py it needs only Python, and shares no code with the program whose work it checks: it
was written from docs/mapping.md, and a docstring names the heading there that it implements.

Read it from top to bottom:

    1. Tables        which tables of the mapping read a sheet, and the cells of each
    2. Headings      the row of the headings, and the column of each heading
    3. Lines         which lines are records
    4. Values        where the value of each column of a record comes from
    5. Words         what the office's own words mean
    6. Parts         one part of a cell: its date, or the rest
    7. Small print   how texts are compared, and addresses

One record, for a mapping with headings: 5, bands: yes, struck through rows: left out, and

    register: training
    wide: {columns: [Awareness, Refresher]}
    columns: {ref: not kept, person: Payroll no, course: {wide: heading},
              completed on: {from: {wide: cell}, part: day}, passed: {always: yes}}
    words: {course: {Awareness: awareness, Refresher: refresher}, completed on: {N/A: not done}}

    cells.csv   A5 Payroll no, E5 Awareness, F5 Refresher; A7 40102, E7 MF 20/4/26, F7 N/A
    Table       (mapped_tables, table_of) the one of this sheet; its cells by line and column
    Headings    (find_headings) 'payroll no' is column 1, 'awareness' 5, 'refresher' 6
    Lines       (lines_of) line 7: it has content, and is not an example, total, band or struck line
    Records     (records_of) one for each wide column: that of F7 is none, because N/A is not done.
                The record of E7: person 40102 of A7, course 'awareness' of E5, completed on
                20/4/26 of E7 (whose own text is MF 20/4/26), passed 'yes' of no cell
    Rows        recheck.py reads the values as those of any other sheet: 2026-04-20, yes
"""

from __future__ import annotations

import calendar
import datetime
import functools
import io
import itertools
import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Json = dict[str, Any]
Source = str | Json  # of a value: a heading, 'not kept', or {wide: cell} and the like
Given = Any  # in the mapping: one value, or a list
Cell = Any  # of a workbook, as openpyxl gives it
Date = datetime.date

# ====================================================================================== 1. TABLES
# mapping.json is a list of tables, with the keys of office.yaml. A record is in a line, and a line
# has a cell in each column. Where records are across, the lines are the columns of the sheet, and
# the columns of the table are its rows.


class CellContent(NamedTuple):
    """The content of a cell: its text, its kind as in cells.csv, and the address of the cell that
    it comes from, which is another one in a merge."""

    text: str
    kind: str
    source: str

    @property
    def filled(self) -> bool:
        """Whether there is something in the cell. A formula without a result has no text."""
        return bool(spaced(self.text)) or self.kind in FAULTY

    @property
    def is_date(self) -> bool:
        """Whether the cell is a date, not a text."""
        return self.kind in DATED


DATED = ("day", "day and time")  # the kinds of cells that are dates
FAULTY = ("error", "formula")  # the kinds of cells that cannot be read
DayOf = Callable[[str], Date | None]  # the day that a text names, as in any other sheet
TitleSays = Callable[[str], Collection[str]]  # what a title says of the rows below it
Place = tuple[int, int]  # the numbers of a row and a column of a sheet, from 1


class MappedTable(NamedTuple):
    """A table of a sheet: what the mapping says of it, the name of the sheet, the filled cells by
    line and column, and the rows that are struck through."""

    mapping: Json
    sheet_name: str
    lines: Mapping[int, Mapping[int, CellContent]]
    struck: Collection[int]  # rows of the sheet
    sheet: Mapping[Place, CellContent]  # the filled cells of the whole sheet
    day_of: DayOf
    title_says: TitleSays

    @property
    def across(self) -> bool:
        """Whether each record is a column of the sheet."""
        return bool(self.mapping.get("records") == "across")

    def line_of(self, cell: str) -> int:
        """The line of the cell with an address."""
        letters = cell.rstrip(DIGITS)
        return number_of(letters if self.across else cell.removeprefix(letters))

    def content(self, line: int, column: int) -> CellContent:
        """The content of a cell, which may be blank."""
        own = address(line, column, self.across)
        return self.lines.get(line, {}).get(column, CellContent("", "text", own))


def mapped_tables(mapping: Sequence[Json], file: str, sheet: str) -> list[Json]:
    """The tables of the mapping that read a sheet (mapping.md: A table of a sheet). A table without
    a sheet reads the one sheet of a CSV file."""
    tables = []
    for table in mapping:
        named = heading(table["sheet"]) == heading(sheet) if "sheet" in table else is_csv(file)
        if named and is_file(table["file"], file):
            tables.append(table)
    return tables


def is_file(pattern: str, file: str) -> bool:
    """Whether a name in the mapping is that of a file. '*' stands for any text. Either may have
    folders in front that the other does not name."""
    names = (reversed(normal(name).split("/")) for name in (pattern, file))
    return all(map(fits, *names))


def fits(pattern: str, name: str) -> bool:
    """Whether a name is a pattern in which '*' stands for any text."""
    first, *others = pattern.split("*")
    if not others:
        return name == pattern
    last, end = others.pop(), len(first)
    for part in others:
        end = name.find(part, end) + len(part)
        if end < len(part):
            return False
    return name.startswith(first) and name.endswith(last) and end + len(last) <= len(name)


def is_csv(file: str) -> bool:
    """Whether a file is a CSV file, which has one sheet."""
    return file.lower().endswith(".csv")


def table_of(
    mapping: Json,
    sheet_name: str,
    cells: Sequence[Mapping[str, str]],
    struck: Collection[str],
    day_of: DayOf,
    title_says: TitleSays,
) -> MappedTable:
    """A table, from the lines of cells.csv for its sheet. ``struck``: the numbers of the rows that
    are struck through. Where records are across, nothing shows which of them are."""
    sheet: dict[Place, CellContent] = {}
    for cell in cells:
        own = f"{cell['letters']}{cell['row']}"
        content = CellContent(cell["text"], cell["kind"], cell["merged with"] or own)
        if content.filled:
            sheet[int(cell["row"]), number_of(cell["letters"])] = content
    across = mapping.get("records") == "across"
    first, last = columns_in(mapping.get("only columns", ""))
    lines: dict[int, dict[int, CellContent]] = {}
    for (row, letter), content in sorted(sheet.items()):
        line, column = (letter, row) if across else (row, letter)
        if first <= column <= last:
            lines.setdefault(line, {})[column] = content
    rows = set() if across else set(map(int, struck))
    return MappedTable(mapping, sheet_name, lines, rows, sheet, day_of, title_says)


def struck_rows(data: bytes, file: str, table: MappedTable) -> Collection[int]:
    """The rows of a table's sheet that are struck through in its workbook: each text and each date
    in the row is, or each number if there is nothing else (evidence-states.md: What a sheet looks
    like). Those of sheets.csv, if the table does not leave them out, or in a CSV file."""
    left_out = table.mapping.get("struck through rows") == "left out"
    if table.across or not left_out or is_csv(file):
        return table.struck
    from openpyxl import load_workbook  # noqa: PLC0415 (it need not be there)

    with warnings.catch_warnings(action="ignore"):
        book = load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    struck: dict[int, dict[bool, list[bool]]] = {}  # by row: of figures, and of others
    for cell in itertools.chain.from_iterable(book[table.sheet_name].iter_rows()):
        if cell.value is not None and spaced(str(cell.value)):
            is_figure = isinstance(cell.value, int | float) or cell.data_type == "e"
            by_kind = struck.setdefault(cell.row, {})
            by_kind.setdefault(is_figure, []).append(is_struck(cell))
    return {row for row, kinds in struck.items() if all(kinds.get(False) or kinds[True])}


def is_struck(cell: Cell) -> bool:
    """Whether a cell of a workbook is struck through: by its format, by that of its row if it has
    none, or in all its letters."""
    own = cell.font if cell.has_style else cell.parent.row_dimensions[cell.row].font
    by_format = bool(own and own.strike)
    if not isinstance(cell.value, list):  # letters with formats of their own are a list
        return by_format
    return all(by_format if isinstance(e, str) else bool(e.font.strike) for e in cell.value)


def columns_in(only: str) -> tuple[int, int]:
    """The first and the last column of 'only columns', such as A:F, or 4:9 where records are
    across; of any table if it is not given."""
    if not only:
        return 1, 2**31
    first, _, last = only.replace(" ", "").partition(":")
    return number_of(first), number_of(last or first)


# ===================================================================================== 2. HEADINGS


class Headings(NamedTuple):
    """The headings of a table: their rows, and by column the text and the cell of each."""

    rows: list[int]
    texts: Mapping[int, str]
    cells: Mapping[int, str]

    def columns(self, name: str) -> list[int]:
        """The columns that have a heading: one, if the sheet is as the mapping says."""
        return [k for k, text in self.texts.items() if joined_key(text) == joined_key(name)]


def find_headings(table: MappedTable) -> Headings | None:
    """The headings of a table (mapping.md: A table of a sheet). Without a row in the mapping, it is
    the first of the first 30 rows that has most of the headings that the mapping uses."""
    given = table.mapping.get("headings")
    if given is not None:
        return headings_in(table, [number_of(str(row)) for row in listed(given)])
    first = min(table.lines, default=1)
    used = {joined_key(name) for gives in table.mapping["gives"] for name in used_by(gives)}
    best, most = None, 0
    for row in range(first, first + 30):
        headings = headings_in(table, [row])
        known = len(used & {joined_key(text) for text in headings.texts.values()})
        if known > most:
            best, most = headings, known
    return best


def headings_in(table: MappedTable, rows: list[int]) -> Headings:
    """The headings in one row, or in two rows. A text that both have stands once; the cell is that
    of the lower row, unless it is blank."""
    texts: dict[int, str] = {}
    cells: dict[int, str] = {}
    for row in rows:
        for column, content in table.lines.get(row, {}).items():
            text, above = heading_text(content), texts.get(column, "")
            again = above and heading(above) == heading(text)
            texts[column] = above if again or not text else f"{above} / {text}" if above else text
            cells[column] = address(row, column, table.across)
    return Headings(rows, {k: text for k, text in texts.items() if text}, cells)


def heading_text(content: CellContent) -> str:
    """The text of a heading. A date is written 20/04/2026."""
    if content.is_date:
        return Date.fromisoformat(content.text[:10]).strftime("%d/%m/%Y")
    return spaced(content.text)


def used_by(gives: Json) -> list[str]:
    """The headings that a register uses by name."""
    wide = gives.get("wide", {})
    named = [*wide.get("columns", ()), *([wide["after"]] if "after" in wide else ())]
    return named + used_in_lines(gives)


def used_in_lines(gives: Json) -> list[str]:
    """The headings of the columns that a register uses, without wide ones."""
    sources = itertools.chain.from_iterable(map(simple_sources, gives["columns"].values()))
    rules = (gives.get(f"{rule} rows where", {}) for rule in ("only", "except"))
    return [*itertools.chain(*rules), *(source for source in sources if isinstance(source, str))]


def simple_sources(source: Source) -> Iterator[Source]:
    """The sources that a source of a value is made from; none if the office does not keep it."""
    if isinstance(source, dict) and "from" in source:
        yield from simple_sources(source["from"])
    elif isinstance(source, dict) and "join" in source:
        yield from itertools.chain.from_iterable(map(simple_sources, source["join"]))
    elif source != NOT_KEPT:
        yield source


NOT_KEPT = "not kept"


def columns_of(table: MappedTable, gives: Json, headings: Headings) -> list[int] | None:
    """The columns that a register uses, without wide ones; None if a heading that it uses is not
    there once, or if a column that it uses without a heading has one, or is not in the table
    (mapping.md: A table of a sheet)."""
    sources = itertools.chain.from_iterable(map(simple_sources, gives["columns"].values()))
    bare = [number_of(str(e["column"])) for e in sources if isinstance(e, dict) and "column" in e]
    once = all(len(headings.columns(name)) == 1 for name in used_by(gives))
    first, last = columns_in(table.mapping.get("only columns", ""))
    in_table = all(first <= column <= last for column in bare)
    if not (once and in_table) or headings.texts.keys() & set(bare):
        return None
    return bare + [headings.columns(name)[0] for name in used_in_lines(gives)]


def has_heading_of_constant(
    table: MappedTable,
    gives: Json,
    headings: Headings,
    register: Json,
    wide: Collection[int | None],
) -> bool:
    """Whether a column is always the same, although the table has an accepted heading of it that it
    does not use; of one that is always blank only if it ends or undoes a record (mapping.md: A
    table of a sheet)."""
    used = {joined_key(name) for other in table.mapping["gives"] for name in used_by(other)}
    left = {joined_key(text) for column, text in headings.texts.items() if column not in wide}
    meant = {register["headings"].get(text) for text in left - used}
    return any(
        isinstance(source, dict) and "always" in source and column in meant
        for column, source in gives["columns"].items()
        if register["columns"][column].get("ends or undoes") or not is_blank_constant(source)
    )


def is_blank_constant(source: Source) -> bool:
    """Whether each record has a blank cell in a column."""
    return isinstance(source, dict) and normal(typed(source.get("always", ""))) in ("", BLANK)


def has_turned_heading(gives: Json, headings: Headings, wide: Collection[int | None]) -> bool:
    """Whether 'after' takes a column whose heading says that nothing was done on the days below it
    (mapping.md: The records of a register)."""
    taken = [headings.texts[column] for column in wide if column]
    return "after" in gives.get("wide", {}) and any(map(says_not_done, taken))


def wide_columns(table: MappedTable, gives: Json, headings: Headings) -> list[int | None]:
    """The columns that each give records of their own; one that is None if there is no 'wide'.
    'after' takes every column to the right of a heading that has a heading and that the table does
    not use otherwise (mapping.md: The records of a register)."""
    if "wide" not in gives:
        return [None]
    wide = gives["wide"]
    columns: list[int | None] = [headings.columns(name)[0] for name in wide.get("columns", ())]
    if "after" in wide:
        used = {joined_key(name) for other in table.mapping["gives"] for name in used_by(other)}
        (after,) = headings.columns(wide["after"])
        free = [k for k, text in headings.texts.items() if joined_key(text) not in used]
        columns += sorted(column for column in free if column > after)
    return columns


# ======================================================================================== 3. LINES


class RecordLine(NamedTuple):
    """A line that may be a record, and the band above it."""

    number: int
    band: CellContent | None


def lines_of(table: MappedTable, headings: Headings) -> Iterator[RecordLine]:
    """The lines of a table that may be records: those below the headings and above the end that are
    not empty, an example, a total, a band, or struck through and left out (mapping.md: Which
    lines are records)."""
    band: CellContent | None = None
    has_bands = typed(table.mapping.get("bands", "no")) == "yes"
    left_out = table.mapping.get("struck through rows") == "left out"
    for number, contents in filled_lines(table, headings):
        if has_bands and len({content.source for content in contents.values()}) == 1:
            band = next(iter(contents.values()))  # a merged cell is one
        elif not (
            is_total(contents) or is_example(contents) or (left_out and number in table.struck)
        ):
            yield RecordLine(number, band)


def filled_lines(
    table: MappedTable, headings: Headings
) -> Iterator[tuple[int, dict[str, CellContent]]]:
    """The lines below the headings and above the end that are not empty: the number of each, and
    its contents by address."""
    below, last = max(headings.rows), 0  # last: the filled line before, below the headings
    for number in sorted(number for number in table.lines if number > below):
        columns = sorted(table.lines[number])
        contents = {address(number, k, table.across): table.lines[number][k] for k in columns}
        ends_at, first = table.mapping.get("ends at", ""), next(iter(contents.values()))
        if is_end(ends_at, first, 0 < last < number - 1):
            return
        last = number
        yield number, contents


def has_only_examples(table: MappedTable) -> bool:
    """Whether a table has a line that is marked as an example, and no other line with a cell of its
    own: it has not been begun (mapping.md: Which lines are records)."""
    headings = find_headings(table)
    lines = [contents for _, contents in filled_lines(table, headings)] if headings else []
    lines = [e for e in lines if any(content.source == cell for cell, content in e.items())]
    return bool(lines) and all(map(is_example, lines))


def is_end(ends_at: str, first: CellContent, after_blank: bool) -> bool:
    """Whether the records end before a line with this first cell: because a blank line is above it,
    below a filled one, or because it begins with a text."""
    if ends_at == "blank line":
        return after_blank
    return bool(ends_at) and normal(first.text).startswith(normal(ends_at))


def is_total(contents: Mapping[str, CellContent]) -> bool:
    """Whether a line is a total: its first text says so, and the others are totals or figures.
    ``contents``: by address. A cell that a merge fills makes no difference."""
    figures = ("number", *FAULTY)  # an error or a formula may replace a number
    own = [content for cell, content in contents.items() if content.source == cell]
    texts = ["0" if content.kind in figures else normal(content.text) for content in own]
    return re.fullmatch(rf"{TOTAL}(?:\n(?:{TOTAL}|{FIGURE}))*", "\n".join(texts)) is not None


def is_example(contents: Mapping[str, CellContent]) -> bool:
    """Whether a line is marked as an example by a cell of its own."""
    own = [content for cell, content in contents.items() if content.source == cell]
    return any(normal(content.text).startswith("example (not counted)") for content in own)


TOTAL = r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?"
FIGURE = r"[-+\u00a3]?[0-9][0-9.,]*%?"


def is_headings_again(
    table: MappedTable, headings: Headings, columns: Collection[int], number: int
) -> bool:
    """Whether the cells of a line, two or more in the columns that a register uses, are each the
    heading above it, or the cell of one of two rows of headings. A cell that a merge fills makes no
    difference."""
    again = []
    for k in set(columns):
        content = table.content(number, k)
        if content.filled and content.source == address(number, k, table.across):
            cells = [heading_text(table.content(row, k)) for row in headings.rows]
            above = map(joined_key, filter(None, [headings.texts.get(k), *cells]))
            again.append(joined_key(heading_text(content)) in above)
    return len(again) > 1 and all(again)


def has_table_beside(
    table: MappedTable, headings: Headings, columns: Collection[int], wide: Collection[int | None]
) -> bool:
    """Whether a blank column is between two columns that the register uses, without wide ones, and
    to the right of it one with a heading that the table does not use (mapping.md: A table of a
    sheet). Not if the mapping says which columns are the table."""
    if "only columns" in table.mapping or not columns:
        return False
    used = {joined_key(name) for gives in table.mapping["gives"] for name in used_by(gives)}
    texts = headings.texts.items()
    others = [k for k, text in texts if k not in wide and joined_key(text) not in used]
    lines = [max(headings.rows), *(number for number, _ in filled_lines(table, headings))]
    filled = {k for number in lines for k in table.lines.get(number, ())} | {*headings.texts}
    blank = set(range(min(columns), max(columns))) - filled - set(columns)
    return bool(blank) and max(others, default=0) > min(blank)


def has_table_below(table: MappedTable, headings: Headings, columns: Collection[int]) -> bool:
    """Whether a line below the headings contains other headings, or the same under a title that is
    no band; or whether a title says that the lines below it are not what the sheet lists
    (evidence-states.md: A second table)."""
    rows = [table.lines[row] for row in sorted(table.lines) if row < max(headings.rows)]
    above = {normal(content.text) for contents in rows for content in contents.values()}
    has_bands = typed(table.mapping.get("bands", "no")) == "yes"
    title, is_undone, any_data, on_top = "", False, False, False
    for number, contents in filled_lines(table, headings):
        own = {cell: content for cell, content in contents.items() if content.source == cell}
        if not own or is_example(contents):
            continue
        kinds = {content.kind for content in own.values()}
        read = [k for k in {*columns} if address(number, k, table.across) in own]
        again = sum(is_own_heading(table, headings, number, k) for k in read)
        again *= kinds.isdisjoint(FAULTY)
        if len(own) == 1 and kinds == {"text"}:
            (text,) = (content.text for content in own.values())
            if not is_total(contents):
                title = text
                if any_data and on_top:  # the title right below the headings was no remark
                    return True
                (at,) = (k for k in table.lines[number] if address(number, k, table.across) in own)
                before = at < min(columns, default=0)
                if (read or before) and "undone" in table.title_says(text):
                    is_undone = is_undone or any_data or has_bands
                    on_top = not is_undone
        elif again > 1 and again == len(read):
            other = normal(title) not in above and "another" in table.title_says(title)
            if title and other and not has_bands:
                return True
        elif is_undone or (again > 1 and 2 * again >= len(read)):
            return True
        else:
            title, any_data = "", True
    return False


def is_own_heading(table: MappedTable, headings: Headings, number: int, column: int) -> bool:
    """Whether a cell is the heading of its column, in either row where there are two."""
    above = (heading_text(table.content(row, column)) for row in headings.rows)
    text = heading_text(table.content(number, column))
    return heading(text) in map(heading, above)


def has_anything(table: MappedTable, columns: Collection[int], number: int) -> bool:
    """Whether a line has something in the columns that a register uses, other than merged cells
    that begin above it. A register that uses no column has something in every line."""
    contents = [table.content(number, k) for k in columns]
    return not columns or any(e.filled and table.line_of(e.source) >= number for e in contents)


class RecordValue(NamedTuple):
    """The value of a column of a record: its text and kind as they are read; the office's own text,
    and the address of its cell, or '' if it is in none; and the name by which a row of a list is to
    be found, if the column is matched by names."""

    text: str
    kind: str
    own_text: str
    cell: str
    name: str = ""


class Record(NamedTuple):
    """A record: the number of its line, and its values by column of the register. A column that is
    not there is blank."""

    line: int
    values: dict[str, RecordValue]


class RecordsRead(NamedTuple):
    """The records of a register, and the cells that should decide whether a line is a record and
    that cannot be read."""

    records: list[Record]
    faults: list[str]


def records_of(table: MappedTable, gives: Json, register: Json) -> RecordsRead | None:
    """The records that a table gives of a register, those of each wide column in turn; None if it
    cannot be read as that register, because its headings are not as the mapping says (mapping.md:
    Which lines are records)."""
    headings = find_headings(table)
    own = columns_of(table, gives, headings) if headings else None
    if headings is None or own is None or not (wide := wide_columns(table, gives, headings)):
        return None
    if has_heading_of_constant(table, gives, headings, register, wide):
        return None
    if has_turned_heading(gives, headings, wide):
        return None
    columns = [*own, *(column for column in wide if column)]
    if has_table_beside(table, headings, own, wide) or has_table_below(table, headings, columns):
        return None
    lines, faults = [], []
    for line in lines_of(table, headings):
        if not has_anything(table, columns, line.number):
            continue
        if is_headings_again(table, headings, columns, line.number):
            continue
        selected, fault = select(table, gives, headings, line.number)
        lines += [line] if selected else []
        faults += [fault] if fault else []
    records = []
    for column, line in itertools.product(wide, lines):
        if column is None or table.content(line.number, column).filled:
            values = values_of(RecordCells(table, headings, line, column), gives, register)
            records += [] if values is None else [Record(line.number, values)]
    if is_denied(table, gives, headings, register, wide, {record.line for record in records}):
        return None
    return RecordsRead(records, faults)


def is_denied(
    table: MappedTable,
    gives: Json,
    headings: Headings,
    register: Json,
    wide: Collection[int | None],
    lines: Collection[int],
) -> bool:
    """Whether a column says of a record that it does not count: one that is not used, where a
    column that ends or undoes records is always the same, or of a control sheet; or one by which
    lines are left out (mapping.md: A table of a sheet)."""
    used = {joined_key(name) for other in table.mapping["gives"] for name in used_by(other)}
    kinds = {True} if register["control"] else set()
    for name, source in gives["columns"].items():
        column = register["columns"][name]
        if isinstance(source, dict) and "always" in source and column.get("ends or undoes"):
            kinds.add(column["type"] == "yes/no" and name != register["cancelled"])
    unused = [k for k, text in headings.texts.items() if joined_key(text) not in used]
    unused = [k for k in unused if k not in wide and tells_state(heading(headings.texts[k]))]
    states = [*itertools.product(unused, kinds)]
    read = [*itertools.chain.from_iterable(map(simple_sources, gives["columns"].values()))]
    excepting = [name for name in gives.get("except rows where", {}) if name not in read]
    states += [(headings.columns(name)[0], False) for name in excepting]
    return any(
        denies(heading(headings.texts[k]), heading(table.content(number, k).text), done)
        for k, done in states
        for number in lines
    )


def tells_state(title: str) -> bool:
    """Whether a column with a heading says what became of its lines."""
    return bool(STATE.search(title) or DONE.fullmatch(title))


def denies(title: str, state: str, done: bool) -> bool:
    """Whether a state below a heading says that its line does not count. ``done``: it counts only
    if something was done; otherwise, unless it was cancelled or came to an end."""
    if len(state) > 30:
        return False
    if not done:
        return bool(GONE.match(state))
    undone = NOTHING.match(state) or NOT_YET.match(state)
    return bool(undone or (state in NO and DONE.fullmatch(title)))


STATE = re.compile(r"\b(?:status|state|outcome|results?|decision|attend(?:ed|ance)|held)\b")
DONE = re.compile(
    r"(?:was it |were they )?(?:attended|held|took place|happened|went ahead|delivered|completed?"
    r"|done|finished|sent|issued|reviewed|passed|pass|signed in|present)(?: y ?/ ?n)?"
)
NO = ("n", "no", "false", "\u2717", "\u2718", "0%")
GONE = re.compile(
    r"cancel|canx?c?\b|withdr[ae]w|abandon|postpone|void(?:ed)?\b|called off|stood down|supersede"
    r"|replaced|revoke|rescind|expired|lapsed|did ?n[o']t (?:take place|happen)"
)
NOT_YET = re.compile(
    r"incomplete|book(?:ed)?\b|pending|await|enrol|in progress|retake|re-?sit|wait|draft\b|request"
    r"|propos|planned"
)
NOTHING = re.compile(
    r"refus|reject|declined|denied|deny(?:ing)?\b|turned down|revoke|rescind|withdr[ae]w|no longer"
    r"|cancel"
    r"|not (?:yet )?(?:agreed|approved|accepted|allowed|authori[sz]ed|endorsed|given|granted"
    r"|permitted|signed|supported)\b|canx?c?\b|abandon|postpone|defer(?:red|ral|s)?\b"
    r"|void(?:ed)?\b|fail(?:ed|ing|ure|s)?\b|absent|dna\b|d\.n\.a|did ?n[o']t|didn.t|no[ -]?show"
    r"|not\b(?! (?:applicable|known|needed|required|relevant))|never|supersede|replaced|abort"
    r"|called off|stood down|missed|deleted|left out"
)


def select(table: MappedTable, gives: Json, headings: Headings, number: int) -> tuple[bool, str]:
    """Whether a line has one of the words of 'only rows where' under each of its headings, and none
    of the words of 'except rows where'; and a cell that decides this and cannot be read."""
    fault = ""
    for rule in ("only rows where", "except rows where"):
        for name, words in gives.get(rule, {}).items():
            (column,) = headings.columns(name)
            content = table.content(number, column)
            if content.kind in FAULTY:
                fault = fault or address(number, column, table.across)
                continue
            meanings = dict.fromkeys(map(typed, listed(words)), rule)
            has_word = meaning_of(looked_up(content.text, content.kind), meanings) is not None
            if has_word != (rule == "only rows where"):
                return False, ""
    return not fault, fault


# ======================================================================================= 4. VALUES
# Where a column comes from: a heading, {column: A}; {wide: cell}, {wide: heading}, {band: yes};
# {cell: B2}; {always: yes}; 'not kept'; {from: a source, part: a part of it}, {join: [sources]}.


class RecordCells(NamedTuple):
    """The cells of one record: those of its line, of its wide column, and of its band."""

    table: MappedTable
    headings: Headings
    line: RecordLine
    wide: int | None


def values_of(cells: RecordCells, gives: Json, register: Json) -> dict[str, RecordValue] | None:
    """The values of a record; None if a word in it means 'not done', so that it is not a record."""
    values: dict[str, RecordValue] = {}
    for column, source in gives["columns"].items():
        if source == NOT_KEPT:
            continue
        words = gives.get("words", {}).get(column, {})
        kind = register["columns"][column]["type"]
        counts = kind in ("code", "codes", "yes/no") and column != register["cancelled"]
        counts = counts and register["id"] != "nil returns"
        value = value_of(cells, plain_source(source), words, kind == "codes", counts)
        if value is None:
            return None
        if is_matched(source) and not has_meaning(cells, source, words):
            value = value._replace(name=name_of([value], source, cells.table.day_of))
        values[column] = value
    return values


def value_of(
    cells: RecordCells, source: Source, words: Json, several: bool, counts: bool
) -> RecordValue | None:
    """The value of a source; None if a word means 'not done'. A word is looked up in the whole
    cell, and a part is taken only if it is not there. The cells of a joined text that has no
    meaning are looked up one by one (mapping.md: Words). ``several``: the column takes several
    words; ``counts``: they say what was there or done."""
    whole, part = source, ""
    if isinstance(source, dict) and "from" in source:
        whole, part = source["from"], source["part"]
    value = in_source(cells, whole)
    text = looked_up(value.text, value.kind)
    meaning = meaning_in(text, words, counts)
    if meaning is None and several:
        meaning = meaning_of_each(text, words, counts)
    if meaning is not None:
        if normal(meaning) == NOT_DONE:
            return None
        if normal(meaning) == BLANK:  # nothing of the cell is shown
            return value._replace(text="", kind="text", own_text="")
        return value._replace(text=meaning, kind="text")
    if isinstance(whole, dict) and "join" in whole:
        each = (value_of(cells, e, words, several, counts) for e in whole["join"])
        pairs = zip(each, whole["join"], strict=True)
        parts = [value or in_source(cells, e) for value, e in pairs]
        value = joined(parts, cells.table.day_of)._replace(own_text=value.own_text)
    others = normal(value.text).partition(" ")[2]
    if part == "first word" and counts and TAKES_BACK.search(others):
        return value
    return part_of(value, part) if part else value


def in_source(cells: RecordCells, source: Source) -> RecordValue:
    """What is in a source, as it is (mapping.md: The records of a register)."""
    table, line = cells.table, cells.line.number
    if isinstance(source, str) or "column" in source:
        if isinstance(source, str):
            (column,) = cells.headings.columns(source)
        else:
            column = number_of(str(source["column"]))
        return cell_value(table.content(line, column), address(line, column, table.across))
    if "always" in source:
        text = typed(source["always"])
        text = "" if normal(text) == BLANK else text
        return RecordValue(text, "text", text, "")
    if "cell" in source:
        cell = source["cell"].upper()
        letters = cell.rstrip(DIGITS)
        place = int(cell.removeprefix(letters)), number_of(letters)
        return cell_value(table.sheet.get(place, CellContent("", "text", cell)), cell)
    if "band" in source:
        band = cells.line.band
        return cell_value(band, band.source) if band else RecordValue("", "text", "", "")
    if "wide" in source:
        column = cells.wide or 0  # a mapping without wide columns has no such source
        if source["wide"] == "cell":
            return cell_value(table.content(line, column), address(line, column, table.across))
        own, text = cells.headings.cells[column], cells.headings.texts[column]
        contents = [table.content(row, column) for row in cells.headings.rows]
        if len(contents) == 1 and contents[0].is_date:
            return cell_value(contents[0], own)
        return RecordValue(text, "text", text, own)
    if "from" in source:
        return part_of(in_source(cells, source["from"]), source["part"])
    return joined([in_source(cells, part) for part in source["join"]], table.day_of)


def cell_value(content: CellContent, cell: str) -> RecordValue:
    """The content of a cell as a value."""
    return RecordValue(content.text, content.kind, content.text, cell)


def joined(values: Sequence[RecordValue], day_of: DayOf) -> RecordValue:
    """The texts of several values, joined by spaces, with the first of their cells. A date is
    written 2026-04-20, also one that is typed as a text. If one of them cannot be read, neither can
    the joined text."""
    cell = next((value.cell for value in values if value.cell), "")
    for value in values:
        if value.kind in FAULTY:
            return value._replace(cell=cell)
    texts = []
    for value in values:
        day = day_of(value.text) if value.kind == "text" else None
        texts.append(day.isoformat() if day else spaced(value.text))
    text = " ".join(filter(None, texts))
    return RecordValue(text, "text", text, cell)


# Names: a column that is matched finds a row of a list by another column than its key
# (mapping.md: Names in place of references).


def is_matched(source: Source) -> bool:
    """Whether a source finds the row of a list by its name."""
    return isinstance(source, dict) and "matched by" in source


def plain_source(source: Source) -> Source:
    """The source of a value itself, without how a row of a list is found by it."""
    return source["from"] if isinstance(source, dict) and "matched by" in source else source


def has_meaning(cells: RecordCells, source: Source, words: Json) -> bool:
    """Whether a word in the whole cell says what it means: then it is not a name."""
    whole = plain_source(source)
    if isinstance(whole, dict) and "part" in whole:
        whole = whole["from"]
    value = in_source(cells, whole)
    return meaning_of(looked_up(value.text, value.kind), words) is not None


def name_of(values: Sequence[RecordValue], source: Source, day_of: DayOf) -> str:
    """The name in some values as it is compared; of one that cannot be read as if it were blank.
    With 'surname first' what is after the only comma of a text goes before it."""
    values = [value for value in values if value.kind not in FAULTY]
    text = normal(joined(values, day_of).text) if values else ""
    surname_first = isinstance(source, dict) and typed(source.get("surname first", "no")) == "yes"
    last, _, first = (part.strip() for part in text.partition(","))
    turned = surname_first and last and first and "," not in first
    return f"{first} {last}" if turned else text


def list_headings(source: Json) -> list[str]:
    """The headings of the list below which the names are."""
    by = source["matched by"]
    return [by] if isinstance(by, str) else by["join"]


def names_in(table: MappedTable, source: Json, line: int) -> str | None:
    """The name in a line of a table that gives a list; None if the table has not each heading
    once."""
    headings, values = find_headings(table), []
    for name in list_headings(source):
        columns = headings.columns(name) if headings else []
        if len(columns) != 1:
            return None
        values.append(cell_value(table.content(line, columns[0]), ""))
    return name_of(values, source, table.day_of)


# ======================================================================================== 5. WORDS

BLANK, NOT_DONE = "blank", "not done"  # meanings that no column takes


def looked_up(text: str, kind: str) -> str:
    """The text by which a cell is looked up: of a date 2026-04-20, and none of a cell that cannot
    be read."""
    return "" if kind in FAULTY else text


def meaning_of(text: str, words: Json) -> str | None:
    """The meaning of a text (mapping.md: Words); None if it has none. A word without '…' goes
    before those with one, of which the longest decides. Two of one length that mean different
    things decide nothing."""
    own = normal(text)
    if not own:
        return None
    meanings = {looked_for(word): typed(meaning) for word, meaning in words.items()}
    if own in meanings and "…" not in (own[0], own[-1]):
        return meanings[own]
    fitting = [word for word in meanings if stands_for(word, own)]
    longest = max((len(word.strip("… ")) for word in fitting), default=0)
    decisive = [meanings[word] for word in fitting if len(word.strip("… ")) == longest]
    return decisive[0] if len(set(map(normal, decisive))) == 1 else None


def meaning_in(text: str, words: Json, counts: bool) -> str | None:
    """The meaning of a text in a column. ``counts``: its words say what was there or done. Then it
    has none if what '…' stands for has a word that takes it back, unless the meaning itself says
    that there was nothing (mapping.md: Words)."""
    meaning, own = meaning_of(text, words), normal(text)
    if not counts or meaning is None or normal(meaning) in (BLANK, NOT_DONE, "no", "none"):
        return meaning
    if TAKES_BACK.search(normal(meaning)) or own in map(looked_for, words):
        return meaning
    middles = sorted(word.strip("… ") for word in map(looked_for, words) if stands_for(word, own))
    rest = own.replace(max(middles, key=len), " ", 1)  # of two of one length the first
    return None if TAKES_BACK.search(rest) else meaning


TAKES_BACK = re.compile(
    r"(?<![^\W_])(?:no(?!\.? ?[0-9])|not|never|without|none|did ?n[o']t|dna|absent|apologies"
    r"|cancell?ed|canx|postponed|deferred|withdrawn|declined|rejected|fail(?:ed|s)?|abandoned|void"
    r"|superseded|expired|lapsed|draft|booked|planned|provisional|proposed|pending|awaiting|tb[acd]"
    r"|due(?! diligence)|overdue|outstanding|in progress|incomplete|to be|vacant"
    r"|wait(?:ing|list)?|reserve|re-?sit|retake|needed|withdr[ae]w(?:al)?|subject to|nope"
    r"|(?:ca|could|do|does|had|has|have|is|was|were|wo|would)n['\u2019]?t)(?![^\W_])"
    r"|(?<!/)\?|[\u00d7\u2717\u2718\u2612\u274c]"
)


def looked_for(word: str) -> str:
    """A word of the mapping as it is compared. Three dots are a '…'."""
    return normal(word.replace("...", "…"))


def stands_for(word: str, text: str) -> bool:
    """Whether a word with '…' at its beginning or end, or both, stands for a text. With a space
    beside the '…', no letter or figure may be next to the rest of the word there."""
    rest, before, after = word.strip("… "), word.startswith("…"), word.endswith("…")
    if not (before or after):
        return False
    start = text.find(rest)
    while start >= 0:
        left, right = text[:start], text[start + len(rest) :]
        fits_left = not left or (before and not (word[1:2] == " " and left[-1].isalnum()))
        fits_right = not right or (after and not (word[-2:-1] == " " and right[0].isalnum()))
        if fits_left and fits_right:
            return True
        start = text.find(rest, start + 1)
    return False


def meaning_of_each(text: str, words: Json, counts: bool) -> str | None:
    """The meaning of a text of several words: each between semicolons, commas or line ends is
    looked up one by one. Those that mean 'blank' are left out. None if none has a meaning."""
    found, meanings = False, []
    for part in text.replace(";", "\n").splitlines():
        pieces = [part] if meaning_in(part, words, counts) is not None else part.split(",")
        each = [meaning_in(piece, words, counts) if spaced(piece) else "" for piece in pieces]
        if any(meaning is not None and normal(meaning) == NOT_DONE for meaning in each):
            return NOT_DONE
        if any(each):
            found = True
            pairs = zip(each, pieces, strict=True)
            meanings += [spaced(piece) if meaning is None else meaning for meaning, piece in pairs]
        else:
            meanings.append(part)  # a word may contain a comma
    kept = [meaning for meaning in meanings if spaced(meaning) and normal(meaning) != BLANK]
    return ("; ".join(kept) or BLANK) if found else None


# ======================================================================================== 6. PARTS


class Dates(NamedTuple):
    """The dates in a text, in order, each as it is typed; and the rest of the text, without the
    first of them."""

    days: list[tuple[Date, str]]
    rest: str


def part_of(value: RecordValue, part: str) -> RecordValue:
    """One part of a value (mapping.md: The records of a register), as it is typed. If its days are
    not certain, or the part is not in it, it is the whole value: a day column cannot read that."""
    if value.kind != "text" and value.kind not in FAULTY and part == "who":
        return value._replace(text="", kind="text")
    if value.kind in DATED and part != "first word":  # it is its own day
        return value._replace(text=value.text[:10], kind="day")
    if value.kind in (*DATED, *FAULTY) or not spaced(value.text):
        return value
    if part == "first word":
        first, *more = value.text.split()
        return value._replace(text=first.rstrip(AFTER_FIRST), kind="text") if more else value
    if part == "last dated line":
        text = last_dated_line(value.text)
        return value._replace(text=text, kind="text") if text else value
    if part == "month first":
        return value._replace(text=day_first(value.text))
    dates = dates_in(value.text)
    days = dates.days if dates else []
    if part == "who" and dates and len(days) < 2:
        return value._replace(text=dates.rest)
    if part in ("first day", "last day") and days:
        day = (min if part == "first day" else max)(days)[1]
        texts = value.text.replace(" / ", ";").split(";")
        undone = any(says_not_done(text) for text in texts if day in text)
        return value if undone else value._replace(text=day, kind="text")
    if part == "day" and len(days) == 1 and not says_not_done(value.text):
        beside = value.text.replace(days[0][1], " ", 1)
        return value._replace(text=days[0][1], kind="text") if is_known(beside) else value
    return value


def is_known(beside: str) -> bool:
    """Whether each word beside a date is one of KNOWN, or may be a name, initials or a short code
    of the office: with a capital, or of two or three letters."""
    text = NO_MATTER.sub(" ", unicodedata.normalize("NFKC", spaced(beside)))
    for word in WORD.findall(text):
        name = word[0].isupper() or len(word) in (2, 3)
        if not KNOWN.fullmatch(word.casefold()) and (
            not name or NO_NAME.fullmatch(word.casefold())
        ):
            return False
    return True


# Words that leave no doubt that something was done on the date beside them.
THINGS = (  # what was done, and where
    "team|cert|certificate|copy|file|online|elearning|learning|webinar|teams|zoom|virtual"
    "|virtually|remote|remotely|person|face|classroom|session|course|module|training|refresher"
    "|resit|awareness|induction|prevent|meeting|minutes|minute|item|report"
)
KNOWN = re.compile(
    rf"{THINGS}"
    # little words, and the time of day
    r"|a|an|the|of|on|at|in|by|with|via|and|from|am|pm|day|days|half|morning|afternoon|evening"
    # what people did
    r"|done|added|complete|completed|completion|attended|passed|pass|achieved|finished|held|met"
    r"|took|place|sat|undertaken|sent|issued|published|agreed|approved|signed|off|reviewed"
    r"|checked|assessed|audited|tested|seen|received|given|delivered|presented|discussed"
    r"|noted|circulated|minuted|closed|answered|replied|returned|recorded|logged|verified"
    r"|confirmed|renewed|trained|certified"
    # how it came out; a nil return was made, and a refusal is an answer
    r"|ok|okay|yes|y|fine|good|satisfactory|clear|refused|nil"
    # the same in Welsh
    r"|wedi|cwblhau|cwblhawyd|gorffen|gorffennwyd|mynychu|mynychodd|pasio|pasiodd"
)
WORD = re.compile(r"[^\W\d_]+")
NO_MATTER = re.compile(r"\bno (?:actions?|changes?|concerns?|issues?|problems?)\b", re.IGNORECASE)
# Words that are no names, with or without a capital.
NO_NAME = re.compile(
    r"no|al|nr|ns|nk|ask(?:ed)?|away|call(?:ed)?|claimed|e?mail(?:s|ed)?|full|home|joined|late"
    r"|letter|links?|new|phoned?|quer(?:y|ied)|quote|spoke|starter|system|technical|text|to|turned"
    r"|unverified|walked"
)


# Words beside a date that say that it is not the day of something done.
NOT_DONE_GROUPS = (
    # booked, invited, on a list
    r"(?:re-?)?book(?:ed|ings?)?|bkd|(?:re-?)?sched(?:uled?|uling)?|reserved?|slot|diari[sz]ed"
    r"|(?:re-?)?arrang(?:ed|ing)|moved|nominat(?:ed|ion)|regist(?:ered|ration)|request(?:ed)?"
    r"|applied|application|offer(?:ed)?|invit(?:ed?|es|ation)|enrol(?:l?ed|l?ing|ment|l)?|assigned"
    r"|chas(?:ed|ing)|remind(?:ed|ers?)|wait(?:ing|list|-list)?|w/list|await(?:ed|ing|s)?",
    # planned or hoped for, or the day is not known for certain
    r"planned|planning|pencil(?:l?ed)?|tentative(?:ly)?|prov(?:is(?:ional(?:ly)?)?)?"
    r"|propos(?:al|ed)|targets?|aim(?:ing)?|expect(?:ed|ing)|forecast(?:ed)?|intend(?:ed|s)?"
    r"|hop(?:ing|efully)|poss(?:ibl[ey])?|prob(?:abl[ey])?|likely|maybe|perhaps|estimated?"
    r"|approx(?:imately)?|circa|eta|tb[acd]|n/[ak]|unknown|unconfirmed",
    # in the future, or still owed
    r"attend(?:ing|s)|(?:confirmed|set|agreed) for|next|upcoming|pending|outstanding|due|overdue"
    r"|(?:will|to) (?:be|do|attend|arrange|book|catch up|complete|confirm|finish|follow|happen"
    r"|re-?do|repeat|re-?sit|re-?take|send|sit|start|submit|take|undertake)"
    r"|needs?|needed|requires?|required|must|should|yet|on hold",
    # a part of it is done
    r"in progress|on track|ongoing|start(?:ed|ing|s)|begun|commenc(?:ed?|es|ing)|draft"
    r"|half (?:done|complete|way)|part(?:ly|ial|ially)?[ -](?:done|completed?|way)|partial(?:ly)?"
    r"|incomplete|unfinished",
    # no, in words
    r"not|never|cannot|(?:did|do|does|has|have|had|was|were|is|wo|ca|could|should)n['\u2019]?t"
    r"|no(?=\W*(?:[0-9]|$))|no later|no longer|none|no[ -]?show|nope|x|n",
    # failed, or nobody came
    r"fail(?:ed|ing|s|ures?)?|unable|unsuccessful|non[ -]?(?:attend(?:ance|ed|er)|completion)"
    r"|apologies|apols|absen(?:t|ce)|miss|missed|missing|d\.?n\.?[ac]|declined|bad",
    # leave and illness; leavers; a day of birth
    r"sick|ill|illness|unwell|lts|maternity|leave|left|leaver|(?<!signed[ -])off|holidays?|ooo"
    r"|resign(?:ed|s)?|retire[ds]?|loa|awol|toil|a/l|dob",
    # cancelled, put off, or not valid
    r"rejected|withdr(?:ew|aw|awn|awal)|w/d|abandoned|cancel(?:l?ed|l?ing|l?ation|s)?|canc|canx"
    r"|postpon(?:ed?|ement)|delayed|defer(?:red|ral|s)?|void|invalid|errors?|wrong|incorrect"
    r"|superseded|revoked|suspended",
    # once more; or not at all
    r"re-?(?:take|do)|(?<!\()re-?sit|repeat|r/s|exempt(?:ed|ion)?|excused|excluded|waive[dr]?",
    # the end of a term
    r"expir(?:y|es|ed|ing)|exp|lapse[sd]?|out of date|valid (?:from|to|until|till)|until|till"
    r"|renew(?:al|ed|s)?|exten(?:ded|sion)|deadline|latest|onwards|w/[ce]"
    r"|by (?:the )?(?:end|mon|tue|wed|thu|fri|sat|sun)[a-z]*(?= |$)",
    # the end of a term, if a figure follows
    r"(?:by|before|after|from|since|was|orig(?:inally)?|erbyn|ers|hyd|tan|o)(?=\W*[0-9])",
    # Welsh
    r"heb|d?dim|nid|canslo|ganslo|canslwyd|gohir(?:io|iwyd|iedig)|ohirio|absennol|methu|methodd"
    r"|fethu|disgwyl|arfaethedig|trefnu|drefnu|trefnwyd|bwcio|fwcio|bwciwyd|archebwyd|archebu"
    r"|i ddod|i'w|ar y gweill|anghyflawn|dyddiad cau|yn sâl|dod i ben",
)
NOT_DONE_WORDS = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(NOT_DONE_GROUPS)})(?![^\W\d_])|[?×✗✘☒❌]", re.IGNORECASE
)
# Names that are also such words: four of them, behind a title.
NAMED = re.compile(r"(?<![^\W_])(?:Mr|Mrs|Ms|Miss|Mx)\.? (?:Likely|Next|Slot|Tan)(?![^\W_])")


def says_not_done(text: str) -> bool:
    """Whether a text has one of those words, names aside; letters of another width or with a mark
    of no width in between make no difference."""
    return bool(NOT_DONE_WORDS.search(NAMED.sub("A ", unicodedata.normalize("NFKC", spaced(text)))))


def last_dated_line(text: str) -> str | None:
    """The date with which the lowest line begins that begins with a date; None if none does. Other
    figures make no difference."""
    for line in reversed(text.splitlines()):
        if m := DATE.match(line.strip()):
            return None if says_not_done(line) else m[0]
    return None


# A date in a text: 20/4/26, 2026-04-20 or 20th April 2026. Its day (d), month (m) and year (y); a
# year of two digits is of this century.
MONTHS = {name.lower()[:n]: i for i, name in enumerate(calendar.month_name) for n in (3, 9) if i}
MONTHS |= {"sept": 9}
NUMBER, YEAR, NTH = "[0-9]{1,2}", "(?:[0-9]{4}|[0-9]{2})", "(?:st|nd|rd|th)?"
NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
FORMS = [
    "(?P<y2>[0-9]{4})-(?P<m2>[0-9]{2})-(?P<d2>[0-9]{2})",
    f"(?P<d1>{NUMBER})(?P<sign1>[/.-])(?P<m1>{NUMBER})(?P=sign1)(?P<y1>{YEAR})",
    f"(?P<d3>{NUMBER}){NTH}[ -](?P<m3>{NAME})[ -](?P<y3>{YEAR})",
]
DATE = re.compile(f"(?<![0-9./-])(?:{'|'.join(FORMS)})(?![0-9]|[./-][0-9])", re.IGNORECASE)

# A date in numbers with its month first: a weekday, the two numbers, the year, a time of day.
MONTH_FIRST = re.compile(
    rf"((?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+)?)({NUMBER}) ?[./-] ?({NUMBER}) ?[./-] ?"
    rf"({YEAR})((?:(?:t|,? (?:at )?)[0-9][0-9:., apmzutcgbs+-]*)?)[ .,;]*"
)


def day_first(text: str) -> str:
    """A date in numbers with its month first, written with the day first; any other text as it
    is."""
    plain = spaced(text.translate(LOOKALIKES)).lower().removeprefix("'")
    m = MONTH_FIRST.fullmatch(plain)
    return f"{m[1]}{m[3]}/{m[2]}/{m[4]}{m[5]}" if m else text


def dates_in(text: str) -> Dates | None:
    """The dates in a text and the rest; None if a date does not exist, or if there are figures
    outside the dates, because its days are then not certain."""
    days = []
    for m in DATE.finditer(text):
        parts = {name[0]: part for name, part in m.groupdict().items() if part}  # d, m, y
        month, year = parts["m"].lower(), int(f"20{parts['y']}"[-4:])
        try:
            days.append((Date(year, MONTHS.get(month) or int(month), int(parts["d"])), m[0]))
        except ValueError:
            return None
    others = DATE.sub("", text)
    certain = all(1900 <= day.year <= 2099 for day, _ in days) and not any(map(str.isdigit, others))
    rest = text.replace(days[0][1], " ", 1) if days else text
    return Dates(days, spaced(rest).strip(AROUND)) if certain else None


DIGITS = "0123456789"
AROUND = " ,;:/-\u2013()"  # marks between a date and the rest
AFTER_FIRST = ".,:;)-\u2013"  # marks at the end of a first word

# Marks that look like a slash or a hyphen.
LOOKALIKES = str.maketrans("\u2044\u2215\uff0f\u2010\u2011\u2012\u2013\u2014\u2212", "///------")

# ================================================================================== 7. SMALL PRINT
# Texts are compared as in recheck.py.


@functools.lru_cache(maxsize=100_000)
def spaced(text: str) -> str:
    """A text without invisible characters, trimmed, each run of white space as one space."""
    return " ".join(text.translate(UNSEEN).split())


UNSEEN = str.maketrans("", "", "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")


@functools.lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """A word as it is compared: capitals and extra spaces make no difference."""
    return spaced(text).casefold()


@functools.lru_cache(maxsize=100_000)
def heading(text: str) -> str:
    """A heading as it is compared: hyphens as spaces, and no marks at its end."""
    return spaced(text.translate(HYPHENS)).rstrip(" .,:;!?*").casefold()


HYPHENS = str.maketrans(dict.fromkeys("-_\u2010\u2011\u2012\u2013\u2014", " "))


@functools.lru_cache(maxsize=100_000)
def joined_key(text: str) -> str:
    """A heading of one or two rows as it is compared."""
    return " / ".join(heading(part) for part in spaced(text).split(" / "))


def typed(value: str | float) -> str:
    """A word of the mapping as a person types it: YAML may have read yes as true."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def listed(value: Given) -> list[Given]:
    """One or several as a list."""
    return value if isinstance(value, list) else [value]


def number_of(name: str) -> int:
    """The number of a column, from its letters (A is 1, AA is 27), or of a row."""
    if name.isdecimal():
        return int(name)
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(line: int, column: int, across: bool) -> str:
    """The address of a cell in a line: E7 for line 7 and column 5; where records are across,
    G5."""
    if across:
        line, column = column, line
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{line}"
