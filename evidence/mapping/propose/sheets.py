"""Proposes a mapping for each sheet of a workbook: its tables, and the registers that they give."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from evidence.cells.silence import says_nothing
from evidence.cells.text import (
    column_words,
    normal_heading,
    normal_key,
    quoted,
    raw_text,
    row_numbers_text,
)
from evidence.mapping.cell_parts import part_of_cell
from evidence.mapping.model import WideCell, cells_of_source
from evidence.mapping.propose.column_words import names_by_initials, without_other_initials
from evidence.mapping.propose.columns import Match, match_register
from evidence.mapping.propose.likeness import turned, turning, word_alike
from evidence.mapping.propose.meanings import key_of_words
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    Question,
    RegisterProposal,
    SheetProposal,
    TableProposal,
)
from evidence.mapping.propose.tables import SheetTable, TableShape, end_reason, find_layouts
from evidence.mapping.propose.titles import tells_subject, titles_above
from evidence.mapping.propose.values import SheetColumn, table_columns
from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.sheet_matching import register_by_sheet_name, sheet_name

#: A register of which less is found is not proposed.
_LEAST_FOUND = 1.0
_LEAST_OF_COLUMNS = 0.5
#: So many times as much as of any other register makes a register likely, if three columns or
#: more were found.
_AHEAD = 1.25
#: A register is told from others by names and titles with so many of its words, or by two headings
#: that no other register has.
_CLUE = 0.3
#: So much found makes a register likely without the date by which its rows are ordered.
_MUCH_FOUND = 2.0
#: So much found makes a register likely with fewer signs, if any other has less than half.
_MUCH_ALONE = 1.5
#: So many columns of its own are needed by another register of the same table.
_OWN_COLUMNS = 3
#: So many different references are hardly in another list by chance, if each has a letter and a
#: figure, or is long.
_LEAST_JOINED = 3
_TELLING_KEY = re.compile(r"[a-z].*[0-9]|[0-9].*[a-z]|.{5}")
_ORDER = (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.CERTAIN)
_WORD = re.compile(r"[a-z]{3,}")
_DATES = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}(?:[./-][0-9]{2,4})?")
_COMMON = frozenset({
    "the", "and", "for", "not", "its", "are", "with", "each", "row", "one", "add", "use", "all",
    "list", "register", "log",
})  # fmt: skip


def propose(book: RawWorkbook, registers: Mapping[str, RegisterSpec]) -> list[SheetProposal]:
    """Proposes a mapping for each sheet of a workbook, in the file's order. Control sheets, such as
    waivers, are not looked for."""
    proposer = _Proposer(registers)
    matched = [proposer.tables(book, sheet) for sheet in book.sheets]
    keys = _keys_of_lists(itertools.chain.from_iterable(matched), registers)
    names = names_by_initials(book)

    def finished(table: _MatchedTable) -> _MatchedTable:
        joined = _joined(table, keys, registers)
        matches = [
            replace(
                match,
                proposal=without_other_initials(
                    registers[match.proposal.register_id], match.proposal, names
                ),
            )
            for match in joined.matches
        ]
        return replace(joined, matches=matches)

    return [
        proposer.sheet(book, sheet, list(map(finished, tables)))
        for sheet, tables in zip(book.sheets, matched, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A register matched to a table: how much of it is found, with names and titles (``score``)
    and without (``columns_score``), and whether something tells it from others (``telling``)."""

    score: float
    id_: str
    match: Match
    columns_score: float
    telling: bool


@dataclass(frozen=True, slots=True)
class _MatchedTable:
    """A table with its columns, the registers that it gives, and how much of the first is found."""

    table: SheetTable
    columns: Sequence[SheetColumn]
    matches: Sequence[Match]
    score: float


def _keys_of_lists(
    tables: Iterable[_MatchedTable], registers: Mapping[str, RegisterSpec]
) -> dict[str, set[str]]:
    """The references of each register, from the tables whose register is likely and whose column of
    references is certain."""
    keys: dict[str, set[str]] = {}
    for table in tables:
        texts = {column.heading: _texts(column) for column in table.columns}
        for match in table.matches:
            proposal = match.proposal
            for column in proposal.columns:
                is_key = column.column == registers[proposal.register_id].key
                sure = column.certainty == Certainty.CERTAIN and proposal.certainty in _ORDER[1:]
                if is_key and sure and isinstance(column.source, str):
                    keys.setdefault(proposal.register_id, set()).update(texts[column.source])
    return keys


def _joined(
    table: _MatchedTable, keys: Mapping[str, Set[str]], registers: Mapping[str, RegisterSpec]
) -> _MatchedTable:
    """The table with its references to other lists. If all cells of just one column are references
    of just one list, its proposal is certain; if its heading was not like the column, likely.

    A column 'Person' with E-01, E-02 and E-03, which are all in the list of people, is certain.
    """
    texts = {column.heading: _texts(column) for column in table.columns}
    lists = {heading: _list_of(references, keys) for heading, references in texts.items()}
    count = Counter(lists.values())
    lists = {heading: id_ for heading, id_ in lists.items() if id_ and count[id_] == 1}

    def joined(match: Match) -> Match:
        proposal = match.proposal
        register = registers[match.proposal.register_id]
        if proposal.certainty == Certainty.POSSIBLE:
            return match
        has_certain = any(column.certainty == Certainty.CERTAIN for column in proposal.columns)
        columns = {column.column: column for column in proposal.columns}
        for column in table.columns:
            naming = [s for s in register.written.columns if lists.get(column.heading) in s.named]
            proposed = [c for c in proposal.columns if c.source == column.heading]
            reason = "All are references of another sheet."
            for spec in naming:
                earlier = columns.get(spec.name)
                if has_certain and earlier in proposed and earlier.certainty != Certainty.CERTAIN:
                    why = f"{earlier.reason} {reason}"
                    columns[spec.name] = replace(earlier, certainty=Certainty.CERTAIN, reason=why)
            if len(naming) == 1 and naming[0].name not in columns and not proposed:
                columns[naming[0].name] = ColumnProposal(
                    naming[0].name, column.heading, Certainty.LIKELY, reason, column.examples()
                )
        ordered = [columns[spec.name] for spec in register.columns if spec.name in columns]
        return replace(match, proposal=_with_columns(proposal, tuple(ordered)))

    return replace(table, matches=tuple(map(joined, table.matches)))


def _list_of(texts: Set[str], keys: Mapping[str, Set[str]]) -> str | None:
    """The one list that has all these texts, if they are references."""
    lists = [id_ for id_, known in keys.items() if texts <= known]
    telling = len(texts) >= _LEAST_JOINED and all(map(_TELLING_KEY.search, texts))
    return lists[0] if telling and len(lists) == 1 else None


def _texts(column: SheetColumn) -> set[str]:
    texts = {normal_key(raw_text(cell)) for cell in column.values}
    return {text for text in texts if text and not says_nothing(text)}


class _Proposer:
    """Proposes mappings to these registers."""

    def __init__(self, registers: Mapping[str, RegisterSpec]) -> None:
        self._registers = {id_: spec for id_, spec in registers.items() if not spec.control}
        self._by_name = register_by_sheet_name(self._registers)
        uses = Counter(
            use for spec in self._registers.values() for use in set(map(_use, spec.columns))
        )
        self._weights = {
            id_: {column.name: 1 / math.sqrt(uses[_use(column)]) for column in spec.columns}
            for id_, spec in self._registers.items()
        }
        words = {id_: _register_words(spec) for id_, spec in self._registers.items()}
        in_registers = Counter(word for weights in words.values() for word in set(weights))
        self._names = {
            id_: {word: weight / in_registers[word] for word, weight in weights.items()}
            for id_, weights in words.items()
        }

    def tables(self, book: RawWorkbook, sheet: RawSheet) -> list[_MatchedTable]:
        """The tables of a sheet, in the layout in which most is found."""
        name = sheet_name(book, sheet)
        layouts = [
            [self._matched(book, name, table) for table in tables] for tables in find_layouts(sheet)
        ]
        return max(layouts, key=lambda layout: sum(m.score for m in layout), default=[])

    def sheet(
        self, book: RawWorkbook, sheet: RawSheet, best: Sequence[_MatchedTable]
    ) -> SheetProposal:
        """The proposal for one sheet, which has these tables."""
        cannot = [line for matched in best for line in _cannot(matched.columns, matched.matches)]
        own_name = None if book.format == "csv" else sheet.name
        return SheetProposal(
            book.file,
            own_name,
            tuple(_table_proposal(matched, self._registers.values()) for matched in best),
            tuple(dict.fromkeys(cannot)),
        )

    def _matched(self, book: RawWorkbook, name: str, table: SheetTable) -> _MatchedTable:
        """Matches the registers that a table gives: the one of which most is found, and perhaps
        another that has columns of its own; none if too little is found."""
        columns = list(table_columns(table))
        if not table.lines or len(columns) < 2:
            return _MatchedTable(table, columns, (), 0.0)
        named = self._by_name.get(normal_heading(name))
        clues = {normal_heading(name): 1.0, normal_heading(PurePosixPath(book.file).stem): 0.6}
        titles = _titles(table)
        clues |= {normal_heading(text): 0.6 for text in titles}
        scored = self._scored(columns, key_of_words(table.around), clues, named)
        if not scored or scored[0].score < _LEAST_FOUND:
            return _MatchedTable(table, columns, (), 0.0)
        first = self._first(scored, named)
        others = [self._another(other.match, first) for other in scored[1:]]
        given = [first, *[match for match in others if match is not None][:1]]
        if len(given) > 1:
            given[0] = _without(first, given[1].fitting - first.fitting)
        texts = (name, *titles)
        given = [self._doubted(match, columns, texts, book.file) for match in given]
        if any(self._may_be_either(first, other.match) for other in scored[1:]):
            given = [replace(match, proposal=_never_certain(match.proposal)) for match in given]
        return _MatchedTable(table, columns, given, scored[0].score)

    def _scored(
        self,
        columns: Sequence[SheetColumn],
        key: Mapping[str, str],
        clues: Mapping[str, float],
        named: str | None,
    ) -> list[_Scored]:
        """The registers that a table with these columns may give, the best first.

        ``key`` explains words of the sheet. ``clues`` are the names and titles around the table,
        with their weights. ``named`` is the register that the sheet is named after, if any.
        """
        matches = {
            id_: match_register(register, columns, key, self._weights[id_])
            for id_, register in self._registers.items()
        }
        # A heading such as Start, which many registers have, tells little without their codes.
        uses = Counter(heading for match in matches.values() for heading in match.by_heading)
        scored: list[_Scored] = []
        for id_, match in matches.items():
            columns_score = match.score + sum(
                score / (1 if match.coded.get(heading) == 1 else math.sqrt(uses[heading]))
                for heading, score in match.by_heading.items()
            )
            if len(match.proposal.columns) < 2 or columns_score < _LEAST_OF_COLUMNS:
                continue
            clue = sum(
                weight * _name_weight(text, self._names[id_]) for text, weight in clues.items()
            )
            score = columns_score + min(clue, 2.0) + (2.0 if id_ == named else 0.0)
            own = sum(uses[heading] == 1 for heading in match.by_heading)
            has_wide = match.proposal.wide is not None
            telling = clue >= _CLUE or own > 1 or has_wide or match.has_own_codes
            scored.append(_Scored(score, id_, match, columns_score, telling))
        return sorted(scored, key=lambda other: (-other.score, other.id_))

    def _doubted(
        self, match: Match, columns: Sequence[SheetColumn], titles: Sequence[str], file: str
    ) -> Match:
        """The match, with nothing certain where the register is only possible, or where nothing
        tells the subject of the table."""
        proposal = match.proposal
        register = self._registers[proposal.register_id]
        weights = self._weights[proposal.register_id]
        if proposal.certainty == Certainty.POSSIBLE:
            return replace(match, proposal=_weakened(proposal))
        is_named = any(
            _name_weight(normal_heading(text), self._names[register.id]) >= _CLUE for text in titles
        )
        has_subject = tells_subject(
            register, proposal, columns, titles, file, weights, is_named=is_named
        )
        if has_subject and _has_day(register, proposal, columns):
            return match
        return replace(match, proposal=_never_certain(proposal))

    def _may_be_either(self, one: Match, other: Match) -> bool:
        """Whether a table may be a list of people or records about them: each row names another
        person, and there are the first day, the last day or the kind of a person as well as the day
        or the kind of a record."""
        if one.proposal.wide is not None or other.proposal.wide is not None:
            return False
        return self._lists_and_records(one, other) or self._lists_and_records(
            other, one, rather_records=True
        )

    def _lists_and_records(
        self, people: Match, records: Match, *, rather_records: bool = False
    ) -> bool:
        listed, recorded = (self._registers[m.proposal.register_id] for m in (people, records))
        names = [s.name for s in recorded.columns if s.personal and listed.id in s.named]
        if listed.begins is None or not names:
            return False

        def fitting(match: Match, register: RegisterSpec, *days: str | None) -> Set[object]:
            kinds = {s.name for s in register.columns if s.type == "code" and s.required}
            wanted = kinds.union(days) & {column.column for column in match.proposal.columns}
            return {match.source(name) for name in wanted} & match.fitting

        same = people.source(listed.key) == records.source(names[0]) is not None
        of_people = fitting(people, listed, listed.begins, listed.ends)
        of_records = fitting(records, recorded, recorded.dated_by) - of_people
        return same and bool(of_people) and (rather_records or bool(of_records))

    def _first(self, scored: Sequence[_Scored], named: str | None) -> Match:
        """The register of which most is found, with how certain it is."""
        best = scored[0]
        match = best.match
        second = scored[1] if len(scored) > 1 else None
        other_score = second.score if second else 0.0
        other_columns_score = second.columns_score if second else 0.0
        ahead = best.score >= other_score * _AHEAD or (
            best.columns_score >= other_columns_score * _AHEAD and best.score > other_score
        )
        # codes that only this register has are only below a heading of this one
        ahead = ahead or (match.has_own_codes and not (second and second.match.has_own_codes))
        if not match.dated:
            ahead = best.score >= max(other_score * 2, _MUCH_FOUND)
        enough = len(match.by_heading) + (match.proposal.wide is not None) > 2
        telling = best.telling
        if best.columns_score >= _MUCH_ALONE and best.score >= other_score * 2:
            enough = enough or len(match.by_heading) > 1
            telling = telling or len(match.by_heading) > _OWN_COLUMNS
        ahead = ahead and not match.contradicted
        ahead = ahead and ((enough and telling) or best.id_ == named)
        certainty = Certainty.LIKELY if ahead else Certainty.POSSIBLE
        if best.id_ == named and certainty == Certainty.LIKELY:
            certainty = Certainty.CERTAIN
        title = self._registers[best.id_].title
        reason = f"{len(match.proposal.columns)} columns are like those of {title}."
        if certainty == Certainty.POSSIBLE and second is not None:
            other = self._registers[second.id_].title
            reason = f"{reason[:-1]}; it may also be {other}."
        proposal = replace(match.proposal, certainty=certainty, reason=reason)
        return replace(match, proposal=proposal)

    def _another(self, match: Match, first: Match) -> Match | None:
        """The match of a register that a table gives besides the first; None if it does not. It has
        wide columns of its own, or the day of its records and two other columns of its own, and
        codes in one of these or a reference to it in the first register."""
        proposal = match.proposal
        register = self._registers[proposal.register_id]
        leading = self._registers[first.proposal.register_id]
        own = (match.by_heading.keys() - first.used) | (match.fitting - first.fitting)
        wide = proposal.wide is not None and first.used.isdisjoint(proposal.wide.columns)
        dated = wide or any(
            c.column == register.dated_by and c.source in own for c in proposal.columns
        )
        referred = any(
            register.id in leading.column(c.column).named for c in first.proposal.columns
        )
        sources = [cell for c in proposal.columns for cell in cells_of_source(c.source)]
        in_wide = sum(isinstance(source, WideCell) for source in sources)
        if not dated or len(own) + wide * (1 + in_wide) < _OWN_COLUMNS:
            return None
        score = sum(match.by_heading[heading] for heading in own) + match.score * wide
        if score < _LEAST_FOUND or not (wide or referred or own.intersection(match.coded)):
            return None
        reason = f"{len(own)} other columns are like those of {register.title}."
        if proposal.wide is not None and wide:
            reason = f"{len(proposal.wide.columns)} columns are like records of {register.title}."
        certainty = min(first.proposal.certainty, Certainty.LIKELY, key=_ORDER.index)
        proposal = _with_columns(proposal, _linked(register, leading, match, first))
        if not referred and not any(leading.id in spec.named for spec in register.columns):
            proposal = _weakened(proposal)
        proposal = replace(proposal, certainty=certainty, reason=reason)
        return replace(match, proposal=proposal)


def _has_day(
    register: RegisterSpec, proposal: RegisterProposal, columns: Sequence[SheetColumn]
) -> bool:
    """Whether the records may have a day, as all do but those of people and places: a list of
    courses does not record training."""
    days = {s.name for s in register.written.columns if s.type == "day" and not s.ends_or_undoes}
    days.discard(register.recorded_on or "")
    return (
        register.begins is not None
        or proposal.wide is not None
        or any(
            column.column in days
            and not turned(str(column.source), register.column(column.column).headings)
            for column in proposal.columns
        )
        or any(
            column.kinds().count("day") * 2 > len(column.values) and not turning(column.heading)
            for column in columns
        )
    )


def _never_certain(proposal: RegisterProposal) -> RegisterProposal:
    """The proposal, neither certain itself nor with a certain column."""
    certainty = min(proposal.certainty, Certainty.LIKELY, key=_ORDER.index)
    return replace(_weakened(proposal), certainty=certainty)


def _without(match: Match, headings: Set[str]) -> Match:
    """The match without the columns with these headings, which another register has."""
    columns = (column for column in match.proposal.columns if column.source not in headings)
    return replace(match, proposal=_with_columns(match.proposal, tuple(columns)))


def _with_columns(
    proposal: RegisterProposal, columns: tuple[ColumnProposal, ...]
) -> RegisterProposal:
    """The proposal with other columns, without words and questions that these have no use for."""
    names = {column.column for column in columns}
    return replace(
        proposal,
        columns=columns,
        words=tuple(word for word in proposal.words if word.column in names),
        questions=tuple(
            question
            for question in proposal.questions
            if (question.about == "word") == (question.column in names)
        ),
    )


def _linked(
    register: RegisterSpec, leading: RegisterSpec, match: Match, first: Match
) -> tuple[ColumnProposal, ...]:
    """The columns of another register of a table, with the reference by which one register names
    the other; without those that the first has more probably."""
    kept = {
        column.column: column
        for column in match.proposal.columns
        if column.source not in first.used
        or column.source in match.coded
        or (
            column.certainty != Certainty.POSSIBLE
            and register.column(column.column).type not in ("key", "keys")
        )
    }
    for column in first.proposal.columns:
        names: list[str] = []
        if column.column == leading.key:
            kept = {n: c for n, c in kept.items() if n != register.key or c.source != column.source}
            names = [spec.name for spec in register.columns if leading.id in spec.named]
        elif register.id in leading.column(column.column).named and register.key is not None:
            names = [register.key]
        for name in names[:1]:
            reason = f"It is '{leading.column(column.column).usual_heading}' of {leading.title}."
            kept.setdefault(name, replace(column, column=name, reason=reason))
    order = [spec.name for spec in register.columns]
    return tuple(kept[name] for name in order if name in kept)


def _weakened(proposal: RegisterProposal) -> RegisterProposal:
    """The proposal, with no certain column."""
    columns = tuple(
        replace(column, certainty=Certainty.LIKELY)
        if column.certainty == Certainty.CERTAIN
        else column
        for column in proposal.columns
    )
    return replace(proposal, columns=columns)


def _use(column: ColumnSpec) -> tuple[str, ...]:
    """The codes or the name of a column. The more registers have a column with the same, the less
    it tells them apart."""
    return tuple(column.codes) or (column.name,)


def _register_words(register: RegisterSpec) -> dict[str, float]:
    """The words that tell a register, each with its weight."""
    words: dict[str, float] = {}
    for weight, texts in ((1.0, (register.title, *register.sheets)), (0.5, (register.about,))):
        for text in texts:
            for word in _WORD.findall(normal_heading(text)):
                if word not in _COMMON:
                    words[word] = max(words.get(word, 0.0), weight)
    return words


def _name_weight(text: str, words: Mapping[str, float]) -> float:
    """The weight of the words of a register's name that a text has, or words very like them."""
    total = 0.0
    for word in sorted({*_WORD.findall(text)} - _COMMON):
        best = max(
            (
                weight * (alike if (alike := word_alike(word, other)) > 0.83 else 0.0)
                for other, weight in words.items()
            ),
            default=0.0,
        )
        total += best
    return total


def _titles(table: SheetTable) -> list[str]:
    """The nearest texts above a table that are neither a key of words nor a long note."""
    texts = [title.text for title in titles_above(table)[:4]]
    return [text for text in texts if " = " not in text and len(text) < 120]


def _table_proposal(matched: _MatchedTable, registers: Collection[RegisterSpec]) -> TableProposal:
    """The proposal for one table, with the questions that a person has to answer about its rows."""
    table = matched.table
    columns = matched.columns
    matches = matched.matches
    shape: TableShape = table.shape
    used = frozenset[str]().union(*(match.used for match in matches))
    rows = [number for number in shape.headings if isinstance(number, int)]
    where = row_numbers_text(rows) if rows else column_words([str(h) for h in shape.headings])
    likely = [match for match in matches if match.proposal.certainty != Certainty.POSSIBLE]
    return TableProposal(
        shape.headings,
        shape.only_columns,
        shape.records,
        shape.ends_at,
        shape.bands,
        Certainty.LIKELY if likely else Certainty.POSSIBLE,
        f"The headings are in {where}.",
        end_reason(table),
        tuple(match.proposal for match in matches),
        (*_row_questions(columns, used, registers), *_struck(table)) if matches else (),
    )


def _row_questions(
    columns: Sequence[SheetColumn], used: frozenset[str], registers: Collection[RegisterSpec]
) -> Iterator[Question]:
    """Whether only the lines with a word count, such as Y under 'Safeguarding?', which is the topic
    of a register."""
    yes_words = {"y", "yes", "✓", "x", *(r.topic.casefold() for r in registers if r.topic)}
    for column in columns:
        words = {word.casefold(): word for word in column.words}
        if column.heading in used or not any(r.is_topic_of(column.heading) for r in registers):
            continue
        yes = [word for key, word in words.items() if key in yes_words]
        if len(words) <= 3 and yes:
            text = f"Do only the lines with {quoted(yes[0])} under {quoted(column.heading)} count?"
            yield Question("rows", text, word=yes[0], heading=column.heading, options=("yes", "no"))


def _struck(table: SheetTable) -> Iterator[Question]:
    """Whether records that are struck through count."""
    grid = table.laid_out.grid
    rows = {grid.number(line) for line in table.lines} & grid.sheet.struck_rows
    if rows:
        verb = "is" if len(rows) == 1 else "are"
        shown = row_numbers_text(sorted(rows))
        text = f"{shown[0].upper()}{shown[1:]} {verb} struck through. Left out, or counted?"
        yield Question("struck", text, options=("left out", "counted"))


def _cannot(columns: Sequence[SheetColumn], matches: Sequence[Match]) -> Iterator[str]:
    """What a mapping cannot do for a table, and what to change in the sheet."""
    if not matches:
        return
    wide = matches[0].proposal.wide
    if wide is not None:
        more = [c for c in columns if c.heading in wide.columns and _has_more_than_a_date(c)]
        if more:
            yield (
                f"{more[0].heading}: a date and other facts in a cell. Only the date is read. Enter"
                " the others in columns of their own."
            )
    for column in columns:
        several = sum(
            isinstance(cell, str) and len(_DATES.findall(cell)) > 1 for cell in column.values
        )
        if several * 5 >= max(len(column.values), 1):
            yield (
                f"{column.heading}: several dates in a cell. Enter each date in a column of its"
                " own."
            )


def _has_more_than_a_date(column: SheetColumn) -> bool:
    """Whether most cells of a column have a date and something else."""
    more = [
        cell
        for cell in column.values
        if isinstance(cell, str) and part_of_cell(cell, "who") not in ("", cell)
    ]
    return len(more) * 2 > len(column.values)
