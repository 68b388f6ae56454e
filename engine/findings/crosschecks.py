"""Findings across registers: rows that contradict the rows that they name. Each finding shows both
places."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from engine.findings.noted import Noted, Ref, text_of
from engine.findings.unknown_name_cells import UnknownNameCell, UnknownNameFindings
from engine.outcome import ItemRef
from engine.proof.phrases import day_words, thing_of
from evidence.cells.text import listed, normal_key, spaced_once
from evidence.register import BLANK_NOTHING, ColumnSpec, RegisterSpec
from evidence.table import CellState, Table, Typed

Tables = Mapping[str, Table]
#: Nobody plans a meeting, a review or the end of a document further ahead than this: a term of
#: office and the plans made for it last four years.
_YEARS_AHEAD = 5
#: So long ago, nobody held a meeting or agreed a document that still matters: probably a slip.
_YEARS_AGO = 20
#: The rows of a register by kind and year, each with the day on which it was issued.
Issues = Mapping[tuple[Typed, Typed], list[tuple[datetime.date, int]]]


class Naming(NamedTuple):
    """A cell that names rows of other registers by one key, and the ``named`` rows."""

    table: Table
    spec: ColumnSpec
    row: int
    key: str
    named: Sequence[tuple[Table, int]]

    @property
    def cell(self) -> Ref:
        """The row and the column of the cell."""
        return ItemRef(self.table.register.id, self.row), self.spec.name

    @property
    def day(self) -> datetime.date | None:
        """The day of its row."""
        return self.table.day(self.row, self.table.register.dated_by)


def cross_findings(
    tables: Tables, as_of: datetime.date, explained: Collection[Ref] = ()
) -> Iterator[Noted]:
    """The findings about rows dated by D that name one another. ``explained``: the cells with a
    wrong key that the reason of an obligation already mentions."""
    for table in tables.values():
        yield from _far_ahead(table, as_of)
        yield from _long_ago(table, as_of)
        yield from _ended_first(table)
        yield from _out_of_order(table)
        yield from _one_key_two_answers(table)
        yield from _one_key_two_people(table)
        yield from _entered_twice(table)
    issues = {name: _issues(table) for name, table in tables.items() if table.register.succession}
    unknown_names: dict[tuple[str, str], list[UnknownNameCell]] = {}
    for naming in _namings(tables):
        if not naming.named:
            column = naming.table.register.id, naming.spec.name
            cell = UnknownNameCell(naming.table, naming.spec, naming.row, naming.key)
            unknown_names.setdefault(column, []).append(cell)
        for named, row in naming.named:
            if sum(table is named for table, _ in naming.named) == 1:  # others may say otherwise
                yield from _not_there(naming, named, row)
            if named.register.id in issues:
                yield from _superseded(naming, named, row, as_of, issues[named.register.id])
            yield from _still_open(naming, named, row)
            yield from _named_first(naming, named, row)
    references = UnknownNameFindings(tables, explained)
    yield from chain.from_iterable(map(references.findings, unknown_names.values()))


def _far_ahead(table: Table, as_of: datetime.date) -> Iterator[Noted]:
    """Each date that may be planned and is so far ahead that its year is probably a typing
    error."""
    limit = as_of.year + _YEARS_AHEAD, as_of.month, as_of.day
    for spec in table.register.written.columns:
        for row, day in enumerate(table.columns[spec.name].value if spec.planned else ()):
            if not isinstance(day, datetime.date) or (day.year, day.month, day.day) <= limit:
                continue
            years = day.year - as_of.year - ((day.month, day.day) < (as_of.month, as_of.day))
            shown = "This date" if spec.sensitive else day_words(day)
            words = f"{shown} is {years} years ahead. Is the year right? Correct it, if not."
            ref = ItemRef(table.register.id, row)
            yield Noted("Date far ahead", "", words, ((ref, spec.name),))


def _long_ago(table: Table, as_of: datetime.date) -> Iterator[Noted]:
    """Each date of an event or a record that is so long ago that its year is probably a typing
    error: a meeting of 1926 requires nothing. People and venues may have been there before."""
    spec = table.register
    if spec.dated_by is None or spec.begins is not None:
        return
    for row in range(len(table)):
        day = table.day(row, spec.dated_by)
        if day and (day.year + _YEARS_AGO, day.month, day.day) < (
            as_of.year,
            as_of.month,
            as_of.day,
        ):
            years = as_of.year - day.year - ((as_of.month, as_of.day) < (day.month, day.day))
            words = f"{day_words(day)} is {years} years ago. Is the year right? Correct it, if not."
            yield Noted("Date long ago", "", words, ((ItemRef(spec.id, row), spec.dated_by),))


def _ended_first(table: Table) -> Iterator[Noted]:
    """Each row that ended before it began, so that no duty applies to it on any day."""
    begins = table.register.begins
    ends = table.register.ends
    if not (begins and ends):
        return
    for row in range(len(table)):
        began = table.day(row, begins)
        ended = table.day(row, ends)
        if began and ended and ended < began:
            ref = ItemRef(table.register.id, row)
            whom = text_of(table, row, table.register.key) or "it"
            words = (
                f"The end, {day_words(ended)}, is before the beginning, {day_words(began)}. Until "
                f"this is corrected, no duty applies to {whom}. Correct the date that is wrong."
            )
            yield Noted("Dates conflict", "", words, ((ref, ends), (ref, begins)))


def _out_of_order(table: Table) -> Iterator[Noted]:
    """Each date that is before the date of its row that comes first, such as an action completed
    before it was agreed. Both count as they are."""
    for spec in table.register.written.columns:
        for row in range(len(table)) if spec.not_before else ():
            day = table.day(row, spec.name)
            days = ((name, table.day(row, name)) for name in spec.not_before)
            later = [(first, name) for name, first in days if day and first and day < first]
            if day and later:
                first, name = max(later)
                words = (
                    f"'{table.heading(row, spec.name)}', {day_words(day)}, is before"
                    f" '{table.heading(row, name)}', {day_words(first)}. Correct the date that is"
                    " wrong."
                )
                ref, written = (
                    ItemRef(table.register.id, row),
                    table.register.column(name).written_in,
                )
                yield Noted("Dates conflict", "", words, ((ref, spec.name), (ref, written)))


def _one_key_two_answers(table: Table) -> Iterator[Noted]:
    """Rows with one key that say yes and no about the same person or event, or that differ in only
    one code, such as an outcome, or in the day on which they end. Each of them counts as it is
    (semantics.md: Evidence)."""
    spec = table.register
    if spec.begins is not None:  # there, one key has several periods
        return
    compared = list(_compared_columns(spec))
    for rows in table.rows_by_key().values():
        for column, same in compared if len(rows) > 1 else ():
            first_row: dict[tuple[Typed, ...], int] = {}
            values = table.columns[column.name].value
            states = table.columns[column.name].state
            for row in rows:
                has_no_end = column.type == "day" and states[row] == CellState.NOTHING
                if values[row] is not None or has_no_end:
                    about = tuple(table.columns[name].value[row] for name in same)
                    other = first_row.setdefault(about, row)
                    if values[other] != values[row]:
                        yield _two_answers(table, column, other, row)


def _compared_columns(spec: RegisterSpec) -> Iterator[tuple[ColumnSpec, Sequence[str]]]:
    """Each column in which two rows with one key may contradict each other, with the columns that
    have to say the same in both rows."""
    naming = [column.name for column in spec.written.columns if column.named]
    codes = [column.name for column in spec.written.columns if column.type == "code"]
    begun = [c.name for c in spec.written.columns if c.type == "day" and not c.ends_or_undoes]
    for column in spec.written.columns:
        if column.type == "yes/no":
            yield column, naming
        elif column.type == "day" and column.ends_or_undoes:
            yield column, [*naming, *codes, *(name for name in begun if name != spec.recorded_on)]
        elif column.type == "code":
            others = (spec.dated_by, *codes)
            yield column, [*naming, *(name for name in others if name and name != column.name)]


def _two_answers(table: Table, column: ColumnSpec, first: int, second: int) -> Noted:
    """Two rows with one key that differ in a column."""
    key = table.register.key or ""
    heading = table.heading(second, column.name)
    text = spaced_once(table.columns[key].raw[first])
    shown = "one reference" if table.register.column(key).sensitive else f"the reference '{text}'"
    says = "one says yes and the other no" if column.type == "yes/no" else "they differ"
    words = (
        f"Two rows have {shown}, and {says} in '{heading}'. Correct the row that is wrong, or give "
        "each a reference of its own."
    )
    refs = tuple((ItemRef(table.register.id, row), column.name) for row in (first, second))
    return Noted("Rows conflict", "", words, refs)


def _one_key_two_people(table: Table) -> Iterator[Noted]:
    """Rows with one key and the same name of one word, of which one begins more than a day after
    the other ended. A person who came back cannot be told from another with the same number and
    surname (reading-semantics.md: Which row a key names)."""
    spec = table.register
    begins = spec.begins
    ends = spec.ends
    key = spec.key
    label = spec.label
    if not (begins and ends and key and label and spec.column(label).personal):
        return
    for rows in table.rows_by_key().values():
        days = [(table.day(row, begins), table.day(row, ends), row) for row in rows]
        known = sorted((began, ended, row) for began, ended, row in days if began and ended)
        open_ = sorted((began, began, row) for began, ended, row in days if began and not ended)
        for (_, left, first), (began, _, second) in pairwise([*known, *open_[:1]]):
            names = {normal_key(table.columns[label].raw[row]) for row in (first, second)} - {""}
            if (began - left).days > 1 and len(names) == 1 and " " not in names.pop():
                words = (
                    f"Has the reference of a row that ended on {day_words(left)}, and nothing but"
                    " the surname tells whether it is the same person, as which it counts. If it is"
                    " another, give each a reference of its own; if not, enter the full name."
                )
                refs = tuple((ItemRef(spec.id, row), key) for row in (second, first))
                yield Noted("Dates conflict", "", words, refs)


def _entered_twice(table: Table) -> Iterator[Noted]:
    """Rows of events that may be cancelled, such as meetings, with different keys, one day and the
    same codes, of which no other cells differ: one event may have been entered twice."""
    spec = table.register
    if not (spec.cancelled and spec.dated_by and spec.key):
        return
    kinds = [c.name for c in spec.written.columns if c.type == "code" and c.blank != BLANK_NOTHING]
    compared = [c.name for c in spec.written.columns if c.name not in (spec.key, spec.recorded_on)]
    first_rows = dict[tuple[Typed, ...], int]()
    for row, day in enumerate(table.columns[spec.dated_by].value):
        kind = tuple(table.columns[name].value[row] for name in kinds)
        cancelled = table.columns[spec.cancelled].value[row] is True
        if day is None or cancelled or None in kind or not kind:
            continue
        other = first_rows.setdefault((day, *kind), row)
        pairs = ((table.columns[n].value[other], table.columns[n].value[row]) for n in compared)
        keys = [table.columns[spec.key].value[each] for each in (other, row)]
        if keys[0] != keys[1] and all(one == two or None in (one, two) for one, two in pairs):
            same = listed([f"'{table.heading(row, name)}'" for name in (spec.dated_by, *kinds)])
            thing = thing_of(spec.id).lower()
            words = f"Two rows have the same {same}. If it is one {thing}, delete one of the rows."
            refs = tuple((ItemRef(spec.id, each), spec.key) for each in (row, other))
            yield Noted("Rows conflict", "", words, refs)


def _namings(tables: Tables) -> Iterator[Naming]:
    """The cells that name rows. Cells that cannot give a finding are left out."""
    keys = {name: table.rows_by_key() for name, table in tables.items()}
    for table in tables.values():
        for spec in table.register.columns:
            known: dict[str, list[tuple[Table, int]]] = {}  # many cells name the same row
            for row, name in _names(table, spec) if spec.named else ():
                if name not in known:
                    known[name] = [
                        (tables[other], named)
                        for other in spec.named
                        for named in keys[other].get(name, ())
                    ]
                decides = spec.closes or spec.not_before
                if not known[name] or decides or any(map(_may_be_over, known[name])):
                    yield Naming(table, spec, row, name, known[name])


def _names(table: Table, spec: ColumnSpec) -> Iterator[tuple[int, str]]:
    """Each row of a column with each key that it names."""
    for row, value in enumerate(table.columns[spec.name].value):
        if isinstance(value, frozenset):
            yield from ((row, name) for name in sorted(value))
        elif isinstance(value, str):
            yield row, value


def _may_be_over(named: tuple[Table, int]) -> bool:
    """Whether a named row has ended, or may have been replaced."""
    table, row = named
    return table.register.succession is not None or bool(table.day(row, table.register.ends))


def _not_there(naming: Naming, named: Table, row: int) -> Iterator[Noted]:
    """A row dated on or after the day on which the person or venue that it names ended."""
    day = naming.day
    left = named.day(row, named.register.ends)
    if day and left and day >= left:
        whose = f"{_key(naming, named, row)}'s row on the {named.title} sheet"
        ended = f"after {whose} ended on" if day > left else f"the day that {whose} ended,"
        words = (
            f"Dated {day_words(day)}, {ended} {day_words(left)}. Correct one of the dates, if it "
            "is wrong."
        )
        refs = (naming.cell, (ItemRef(named.register.id, row), named.register.ends or ""))
        yield Noted("Dated after the other row ended", "", words, refs)


def _key(naming: Naming, table: Table, row: int) -> str:
    """The key of a row as it is written, or the row's number if the key is sensitive or blank."""
    key = table.register.key
    sensitive = naming.spec.sensitive or not key or table.register.column(key).sensitive
    if not key or sensitive or not table.columns[key].raw[row]:
        return f"row {table.place(row).row}"
    return spaced_once(table.columns[key].raw[row])


def _superseded(
    naming: Naming, named: Table, row: int, as_of: datetime.date, issues: Issues
) -> Iterator[Noted]:
    """A row that names a version of a document that a newer one had replaced by then."""
    day, own = naming.day, _issued(named, row)
    if own is None or day is None or day > as_of:
        return
    same = issues[_issue_of(named, row)]
    begun, later = same[bisect_right(same, (day, len(named))) - 1]  # This is the latest by then.
    if own < begun <= day:
        older, newer = (_key(naming, named, number) for number in (row, later))
        words = (
            f"This record of {day_words(day)} names {older}, which {newer} replaced on "
            f"{day_words(begun)}. If {newer} was used, enter it here."
        )
        refs = (naming.cell, (ItemRef(named.register.id, later), named.register.key or ""))
        yield Noted("Older version named", "", words, refs)


def _issues(table: Table) -> Issues:
    """The rows of each kind and year, in the order in which they were issued."""
    issues: dict[tuple[Typed, Typed], list[tuple[datetime.date, int]]] = defaultdict(list)
    for row in range(len(table)):
        issued = _issued(table, row)
        if issued is not None:
            issues[_issue_of(table, row)].append((issued, row))
    return {issue: sorted(rows) for issue, rows in issues.items()}


def _issue_of(table: Table, row: int) -> tuple[Typed, Typed]:
    succession = table.register.succession
    assert succession is not None
    return table.columns[succession.kind].value[row], table.columns[succession.year].value[row]


def _issued(table: Table, row: int) -> datetime.date | None:
    """The day on which a row of a known kind was issued."""
    succession = table.register.succession
    if succession is None or table.columns[succession.kind].value[row] is None:
        return None
    days = (table.day(row, name) for name in succession.dated)
    return next((day for day in days if day is not None), None)


def _still_open(naming: Naming, named: Table, row: int) -> Iterator[Noted]:
    """A row that says that the row it names has ended, although that row gives no end."""
    closes = naming.spec.closes
    if closes is None or naming.table.columns[closes.column].value[naming.row] != closes.code:
        return
    if named.columns[closes.fills].state[row] == CellState.NOTHING:
        heading = named.heading(row, closes.fills)
        words = (
            f"It says '{closes.code}', but '{heading}' is blank in the row of "
            f"{_key(naming, named, row)} on the {named.title} sheet. Fill it in, or correct "
            "this row."
        )
        refs = (naming.cell, (ItemRef(named.register.id, row), closes.fills))
        yield Noted("Rows conflict", "", words, refs)


def _named_first(naming: Naming, named: Table, row: int) -> Iterator[Noted]:
    """A row that names one that is before a date of its own, such as a review that was minuted at a
    meeting before it. Both count as they are."""
    table = naming.table
    day = named.day(row, named.register.dated_by)
    own = ((table.day(naming.row, name), name) for name in naming.spec.not_before)
    later = [(first, name) for first, name in own if day and first and day < first]
    if day and later and len(naming.named) == 1:
        first, name = max(later)
        words = (
            f"'{table.heading(naming.row, naming.spec.name)}' names {_key(naming, named, row)} of"
            f" {day_words(day)}, which is before '{table.heading(naming.row, name)}',"
            f" {day_words(first)}. Correct what is wrong."
        )
        refs = (naming.cell, (naming.cell[0], name))
        yield Noted("Dates conflict", "", words, refs)
