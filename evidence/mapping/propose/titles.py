"""What the titles above a table say of all its records, and whether anything in the table tells its
subject. A list of any kind has references, dates, owners and outcomes, and those of another
strategy, or of leave, are headed as the registers are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase

from evidence.cells.day_text import Day, read_day
from evidence.cells.text import normal_heading, raw_text, spaced_once
from evidence.mapping.cell_parts import part_of_cell
from evidence.mapping.model import FixedCell, PartOfCell
from evidence.mapping.propose.likeness import headings_alike, shortens
from evidence.mapping.propose.meanings import key_of_words, spelled_in
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    RegisterProposal,
    WordProposal,
)
from evidence.mapping.propose.tables import SheetTable
from evidence.mapping.propose.values import SheetColumn
from evidence.raw_cells import cell_name
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.headings import SEARCHED_ROWS

_LEAST_ALIKE = 0.6
_BRACKETED = re.compile(r"\([^)(]*+\)")
#: So many signs are enough.
_ENOUGH = 2
#: Titles of what has not happened, is not evidence or only has its costs: 'Draft documents not
#: approved', 'Training booked for 2027', 'Training budget'.
_TURNED = re.compile(
    r"\b(?:not [a-z]+ed|planned|proposed|provisional|forecast|booked|waiting|awaiting|to do"
    r"|rejected|example|template|sample|model|for information|budgets?|charges|expenses|invoices"
    r"|bids?|(?:training|course) bookings?|(?:review|training) schedule|forward plan"
    r"|invit(?:ations?|ed|es)"
    r"|expir(?:y|ies|es)|overdue|outstanding|needs?|apologies|did not|unable|declined|candidates"
    r"|applicants|vacancies)\b"
)
#: Subjects of other lists of the same form. A title with one, and without the topic, says that the
#: table is one of these.
_OTHER_SUBJECTS = re.compile(
    r"\b(?:abuse|absence|allowances|appraisals?|asb|anti-social|audit committee|internal audit"
    r"|burglary|carbon|catering|cleaning|climate|complaints?|credit|crime panel|custody|cyber"
    r"|data protection|dbs|drugs|equality|financial|fire (?:safety|wardens?|drills?|training)"
    r"|firearms|first aid|fleet|foi|fraud|freedom of information|gdpr|gifts|h ?& ?s|hate"
    r"|health (?:and|&) safety|helpdesk|hmicfrs|hospitality|information security|insurance"
    r"|interviews?|lease|leave|licensing|parking|pensions?|planning|recruitment|roads?|rural"
    r"|safeguarding|sars?|sickness|slavery|smt|speeding|stationery|subject access|tasers?|tenders?"
    r"|tickets|vawg|vehicles?|vetting|violence|whistleblowing)\b"
)
_LONGEST_TITLE = 8  # words; a longer one is a note
_LONGEST_SMALL = 4  # letters of a word such as 'for'
_SHORTEST_NAME = 3  # letters; a longer one is a body's
_WORD = re.compile(r"\w+")


def columns_in_titles(
    register: RegisterSpec, columns: Sequence[SheetColumn], proposed: set[str]
) -> Iterator[tuple[ColumnProposal, WordProposal]]:
    """Yields proposals for required columns of codes that a title names once for all records of the
    table, such as 'Awareness course'."""
    if not columns:
        return
    table = columns[0].table
    titles = [(cell, _BRACKETED.sub("", cell.text)) for cell in titles_above(table)]
    titles = [(cell, text) for cell, text in titles if len(key_of_words([text])) < 2]
    coded = [s for s in register.written.columns if s.type == "code" and s.required]
    sheet = table.laid_out.whole.sheet.name
    for spec in coded:
        if spec.name in proposed:
            continue
        coding = ((cell, codes) for cell, text in titles if (codes := spelled_in(text, spec)))
        for title, codes in coding:
            if len(codes) == 1:
                reason = f"The title in {title.address} names '{codes[0]}'."
                example = (ExampleCell(title.address, title.text[:60]),)
                source = FixedCell(cell=title.address)
                # what the rows are, which the name of the sheet says too
                sure = spec is coded[0] and spelled_in(sheet, spec) == codes
                certainty = Certainty.LIKELY if sure else Certainty.POSSIBLE
                yield (
                    ColumnProposal(spec.name, source, certainty, reason, example),
                    WordProposal(spec.name, title.text, codes[0], certainty, reason, example),
                )
            break


def days_in_titles(
    register: RegisterSpec, columns: Sequence[SheetColumn], proposed: set[str]
) -> Iterator[ColumnProposal]:
    """Yields proposals for required days that a title gives once for all records of the table, such
    as 'Agreed on 22 April 2026'."""
    titles = titles_above(columns[0].table) if columns else []
    dated = [(cell, day) for cell in titles if isinstance(day := _day_in(cell.text), str)]
    for spec in register.written.columns:
        if spec.type != "day" or not spec.required or spec.name in proposed or spec.ends_or_undoes:
            continue
        for title, text in dated:
            if headings_alike(text, spec.headings) >= _LEAST_ALIKE:
                reason = f"The title in {title.address} has one date."
                source = PartOfCell(from_=FixedCell(cell=title.address), part="day")
                example = (ExampleCell(title.address, title.text[:60]),)
                yield ColumnProposal(spec.name, source, Certainty.POSSIBLE, reason, example)
                break


def _day_in(text: str) -> str | None:
    """What a text says before its one date; None if it has none, or several."""
    day = part_of_cell(text, "day")
    if not isinstance(day, str) or day == text or not isinstance(read_day(day), Day):
        return None
    return text.partition(day)[0].strip()


def titles_above(table: SheetTable) -> list[ExampleCell]:
    """The texts above a table, from the nearest."""
    sheet = table.laid_out.whole.sheet
    if table.shape.records == "across":
        first = int((table.shape.only_columns or "1").partition(":")[0])
        rows = sheet.rows
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


# The subject of a table ---------------------------------------------------------------------------


def tells_subject(
    register: RegisterSpec,
    proposal: RegisterProposal,
    columns: Sequence[SheetColumn],
    titles: Sequence[str],
    file: str,
    weights: Mapping[str, float],
    *,
    is_named: bool,
) -> bool:
    """Whether a table has the subject of a register.

    One of these is enough: a title or a heading with the topic of the register; one with a word by
    which the register's name for a column is longer than its headings (``_added``); several texts
    that begin with an abbreviation of the topic. Otherwise two of these are needed: a cell with the
    topic; a file named after it; a title that names the register (``is_named``), if the file is;
    a code that only this register has. No title may say that the rows do not count or, without the
    topic, that they are about something else. ``weights`` are 1 for a column whose codes no other
    register has.
    """
    short = [text.casefold() for text in titles if len(text.split()) <= _LONGEST_TITLE]
    if any(map(_TURNED.search, short)):
        return False
    headings = [*titles, *(column.heading for column in columns)]
    if any(map(register.is_topic_of, headings)) or _shortens_topic(register, columns, titles):
        return True
    if not _added(register).isdisjoint(_WORD.findall(normal_heading(" ".join(headings)))):
        return True
    if any(map(_OTHER_SUBJECTS.search, short)):
        return False
    cells = sum(register.is_topic_of(raw_text(c)) for column in columns for c in column.values)
    unique = [spec for spec in register.columns if weights[spec.name] == 1]
    codes = {code for spec in unique for code in _codes(spec, proposal)}
    kinds = [spec for spec in unique if spec.type == "code" and spec.required]
    in_titles = {code for text in titles for spec in kinds[:1] for code in spelled_in(text, spec)}
    signs = float(cells + register.is_topic_of(file) * (1 + is_named) + _bodies(register, proposal))
    signs += sum(_tells(register, code) for code in codes)
    signs += sum(2 * _tells(register, code) for code in in_titles)
    return signs >= _ENOUGH or _lists_the_office(register, proposal, is_named=is_named)


def _added(register: RegisterSpec) -> set[str]:
    """The first words of the names of columns that their accepted headings lack: 'hygiene' for the
    column 'hygiene outcome', which is headed 'outcome'."""
    added = set[str]()
    for spec in register.columns:
        first, _, rest = spec.name.partition(" ")
        words = {word for spelling in spec.spellings for word in spelling.split()}
        if rest in spec.spellings and first not in words and len(first) > _LONGEST_SMALL:
            added.add(first)
    return added


def _shortens_topic(
    register: RegisterSpec, columns: Sequence[SheetColumn], titles: Sequence[str]
) -> bool:
    """Whether several different texts begin with an abbreviation of the topic."""
    cells = (raw_text(cell) for column in columns for cell in column.values)
    texts = {normal_heading(text) for text in (*titles, *(c.heading for c in columns), *cells)}
    firsts = ((text.split() or [""])[0] for text in texts)
    topic = register.topic.casefold()
    return sum(len(word) > 2 and word != topic and shortens(word, topic) for word in firsts) > 2


def _bodies(register: RegisterSpec, proposal: RegisterProposal) -> int:
    """How many columns of days, certain or likely, are headed by a body that a heading of the
    register has: 'HOPA told'."""
    count = 0
    for column in proposal.columns:
        spec = register.column(column.column)
        names = {
            word.casefold()
            for heading in spec.headings
            for number, word in enumerate(heading.split())
            if len(word) > _SHORTEST_NAME and (word.isupper() or (number and word.istitle()))
        }
        sure = column.certainty != Certainty.POSSIBLE and spec.type == "day"
        count += sure and not names.isdisjoint(str(column.source).casefold().split())
    return count


def _codes(spec: ColumnSpec, proposal: RegisterProposal) -> Iterator[str]:
    """The codes in a column that are certain, if no more of its words are unknown."""
    words = [word for word in proposal.words if word.column == spec.name]
    unknown = sum(q.about == "word" and q.column == spec.name for q in proposal.questions)
    sure = [word for word in words if word.certainty == Certainty.CERTAIN]
    if len(sure) >= unknown:
        yield from (word.meaning for word in sure if word.meaning in spec.codes)


def _tells(register: RegisterSpec, code: str) -> float:
    """How much a code tells: one plain word, such as 'report' or 'noted', is in many lists. A list
    of people or places has no topic, and kinds of these tell it."""
    return 1.0 if register.begins or " " in code or not code.islower() else 0.5


def _lists_the_office(
    register: RegisterSpec, proposal: RegisterProposal, *, is_named: bool
) -> bool:
    """Whether a table is a list of people or places, which has no topic: it has the question that
    such a list answers for each of them, as 'for public hire', or has a title that says what it
    lists, and the first days."""
    if register.begins is None:
        return False
    questions = {s.name for s in register.columns if s.required and s.type == "yes/no"}
    columns = proposal.columns
    sure = {column.column for column in columns if column.certainty == Certainty.CERTAIN}
    return bool(questions & sure) or (is_named and register.begins in sure)
