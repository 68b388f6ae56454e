"""Columns whose headings say nothing, found by the kind of their cells and by their place."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evidence.cells.text import normal_heading, quoted, raw_text
from evidence.mapping.layout import HEADING_SEPARATOR
from evidence.mapping.model import UnheadedColumn
from evidence.mapping.propose.kinds import is_time, kind_of, spread
from evidence.mapping.propose.likeness import headings_alike
from evidence.mapping.propose.proposals import Certainty, ColumnProposal, ExampleCell
from evidence.mapping.propose.tables import MOST_COLUMNS
from evidence.mapping.propose.values import Fit, SheetColumn
from evidence.register import ColumnSpec, RegisterSpec

_ENOUGH_READ = 0.9
_MOSTLY_READ = 0.8
_MANY_KEYS = 4  # that are hardly different by chance
_LONGEST_NAME = 40  # characters
#: A heading that is as like a column may be that column.
_RATHER_ALIKE = 0.4
#: Headings that say that a date is below them, and not which.
_NEUTRAL = frozenset({"date", "dates", "when", "day", "start", "held", "dated", "on"})
#: Headings of references.
_REFERENCE = frozenset({"ref", "reference", "no", "number", "id", "code", "#"})


class WeighedProposal(NamedTuple):
    """A proposal, and how much it tells of the register: from 0 to 1."""

    proposal: ColumnProposal
    weight: float


def columns_by_kind(
    register: RegisterSpec,
    unused: Sequence[SheetColumn],
    proposed: set[str],
    *,
    wide: bool,
    known: bool,
) -> Iterator[WeighedProposal]:
    """Yields proposals for the day, the key, the period and the yes or no of each record, found
    only by the kind of their cells. ``wide``: a line
    gives several records, so its reference is not the key of one. ``known``: other columns show
    that the table is one of the register. ``proposed``: the columns that have a proposal."""
    spans = list(_spans(register, unused, proposed))
    dated = {*proposed, *(span.proposal.column for span in spans)}
    if register.dated_by is not None and register.dated_by not in dated and not wide:
        yield from _days(unused, register.column(register.dated_by), known=known)
    spec = _key_of_lines(register, wide)
    if spec is not None and spec.name not in proposed:
        yield from _keys(register, unused, proposed, spec, known=known and not wide)
    yield from spans
    if register.label is not None and register.label not in proposed:
        yield from _labels(unused, register.column(register.label))
    yield from _periods(register, unused, proposed, known=known)
    yield from _answers(register, unused, proposed)


def _keys(
    register: RegisterSpec,
    unused: Sequence[SheetColumn],
    proposed: set[str],
    spec: ColumnSpec,
    *,
    known: bool,
) -> Iterator[WeighedProposal]:
    """The first column of the sheet as the key, if it has a different reference in each row."""
    if not unused:
        return
    first = min(unused, key=lambda column: column.index)
    texts = [raw_text(cell) for cell in first.values]
    numbered = sum(any(map(str.isdigit, text)) for text in texts) * 10 >= len(texts) * 9
    fit = first.fit(spec, is_key=True)
    if first.index == 0 and numbered and fit.filled_read >= _ENOUGH_READ:
        reason = f"{quoted(first.heading)} has a different reference in each row."
        rivalled = any(_may_be_keys(column, spec) for column in unused if column is not first)
        certainty = _key_certainty(register, first, proposed, known=known, rivalled=rivalled)
        yield WeighedProposal(_by_kind(first, spec, reason, certainty, is_key=True), 0.4)


def _labels(unused: Sequence[SheetColumn], spec: ColumnSpec) -> Iterator[WeighedProposal]:
    """The first column of names as the register's label."""
    for column in [column for column in unused if _has_names(column)][:1]:
        reason = f"{quoted(column.heading)} has a different text in nearly each row."
        yield WeighedProposal(_by_kind(column, spec, reason), 0.0)


def _periods(
    register: RegisterSpec, unused: Sequence[SheetColumn], proposed: set[str], *, known: bool
) -> Iterator[WeighedProposal]:
    """The only column of years or quarters, if the register has one column of periods."""
    specs = [spec for spec in register.written.columns if spec.type == "period"]
    columns = [column for column in unused if specs and _is_read_as(column, specs[0])]
    if len(specs) == len(columns) == 1 and specs[0].name not in proposed:
        reason = f"{quoted(columns[0].heading)} alone has years or quarters in its cells."
        certainty = Certainty.LIKELY if known else Certainty.POSSIBLE
        yield WeighedProposal(_by_kind(columns[0], specs[0], reason, certainty), 0.0)


def _answers(
    register: RegisterSpec, unused: Sequence[SheetColumn], proposed: set[str]
) -> Iterator[WeighedProposal]:
    """The only column of yes and no, if one such column of the register is left, or one that must
    be filled in. A heading that is the topic, such as 'Safeguarding?', says which rows count: a
    person is asked about it."""
    answers = [s for s in register.written.columns if s.type == "yes/no" and not s.ends_or_undoes]
    answers = [s for s in answers if s.name not in proposed]
    answers = [s for s in answers if s.required] or answers
    columns = [c for c in unused if answers and _is_read_as(c, answers[0])]
    topic = normal_heading(register.topic)
    columns = [c for c in columns if normal_heading(c.heading) != topic]
    if len(answers) == len(columns) == 1:
        reason = f"{quoted(columns[0].heading)} alone has yes and no in its cells."
        weight = 0.3 if answers[0].required else 0.0
        yield WeighedProposal(_by_kind(columns[0], answers[0], reason), weight)


def _is_read_as(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether nearly all cells of a column with few different words can be read as a column."""
    return bool(column.words) and column.fit(spec).filled_read >= _ENOUGH_READ


def _key_certainty(
    register: RegisterSpec, column: SheetColumn, proposed: set[str], *, known: bool, rivalled: bool
) -> Certainty:
    """How certain it is that the first column, with a different reference in each row, has the keys
    of the records, not references to another list. ``rivalled``: another column has different
    references, too."""
    words = normal_heading(column.heading).split()
    is_headed = not _REFERENCE.isdisjoint(words)
    whose = " ".join(word for word in words if word not in _REFERENCE)
    rivalled = rivalled or any(
        spec.name != register.key and whose in map(normal_heading, spec.headings)
        for spec in register.written.columns
    )  # 'Trainer ID'
    others = [s for s in register.written.columns if s.named and s.type == "key"]
    open_ = [s for s in others if s.name not in proposed]
    other = any(headings_alike(column.heading, s.headings) >= _RATHER_ALIKE for s in open_)
    counts = register.has_personal_keys and column.only_counts
    sure = len(column.values) >= _MANY_KEYS and not other and not counts and not rivalled
    if sure and (known or (is_headed and not open_)):
        return Certainty.CERTAIN
    return Certainty.LIKELY if is_headed else Certainty.POSSIBLE


def _may_be_keys(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column has a different reference in each row, but not amounts or counts."""
    headed = not _REFERENCE.isdisjoint(normal_heading(column.heading).split())
    lettered = all(any(map(str.isalpha, raw_text(c))) for c in column.values)
    numbered = all(any(map(str.isdigit, raw_text(c))) for c in column.values)
    fits = column.values and column.fit(spec, is_key=True).filled_read >= _ENOUGH_READ
    return bool(fits) and (headed or lettered) and numbered


def _has_names(column: SheetColumn) -> bool:
    """Whether a column has short texts, nearly all different."""
    texts = [raw_text(cell) for cell in column.values]
    short = all(len(text) <= _LONGEST_NAME for text in texts)
    return short and column.kinds().count("text") == len(texts) < 1.2 * len(set(texts))


def _spans(
    register: RegisterSpec, columns: Sequence[SheetColumn], proposed: set[str]
) -> Iterator[WeighedProposal]:
    """The first and the last day of each record: the only two columns of dates that are left, one
    of which is never before the other and is blank more often."""
    if (
        register.begins is None
        or register.ends is None
        or {register.begins, register.ends} & proposed
    ):
        return
    first = register.column(register.begins)
    last = register.column(register.ends)
    days = [c for c in columns if c.values and c.fit(first) == Fit(1.0, 1.0)]
    days.sort(key=lambda column: (-len(column.sample), column.index))
    if len(days) != 2 or len(days[0].sample) == len(days[1].sample):
        return
    begun, ended = (dict(column.sample) for column in days)
    both = [(begun[line], day) for line, day in ended.items() if line in begun]
    pairs = [
        (begin, end)
        for begin, end in both
        if isinstance(begin, datetime.date) and isinstance(end, datetime.date)
    ]
    if len(pairs) == len(ended) and all(str(begin) <= str(end) for begin, end in pairs):
        for column, spec in zip(days, (first, last), strict=True):
            reason = (
                f"{quoted(column.heading)} has the {'first' if spec is first else 'later'} dates."
            )
            yield WeighedProposal(_by_kind(column, spec, reason), 0.3)


def _key_of_lines(register: RegisterSpec, wide: bool) -> ColumnSpec | None:
    """The column with a different reference in each line of a table: the key of the register, or
    what the register is about where each line gives several records."""
    if not wide:
        return register.column(register.key) if register.key is not None else None
    references = [spec for spec in register.columns if spec.named and spec.type == "key"]
    return references[0] if references else None


def _days(
    columns: Sequence[SheetColumn], spec: ColumnSpec, *, known: bool
) -> Iterator[WeighedProposal]:
    """The column of dates below a heading that is neutral, below none, or that is the only one."""
    days = [column for column in columns if column.fit(spec).filled_read >= _MOSTLY_READ]
    if columns and columns[0].table.shape.records == "across":
        for column in columns:
            if column.index < 2 and column.values and all(map(is_time, column.values)):
                reason = f"The days or months of {quoted(column.heading)} are above the others."
                sure = Certainty.LIKELY if column in days else Certainty.POSSIBLE
                yield WeighedProposal(_by_kind(column, spec, reason, sure), 0.6)
                return
    for column in days:
        plain = normal_heading(column.heading.rpartition(HEADING_SEPARATOR)[2])
        if plain in _NEUTRAL:
            reason = f"{quoted(column.heading)} has dates, and may be '{spec.usual_heading}'."
            likely = known and days == [column]
            sure = Certainty.LIKELY if likely else Certainty.POSSIBLE
            yield WeighedProposal(_by_kind(column, spec, reason, sure), 0.6)
            return
    unheaded = list(_unheaded_days(columns, spec))
    yield from unheaded
    if len(days) == 1 and not unheaded:
        reason = f"{quoted(days[0].heading)} alone has dates that are not used otherwise."
        yield WeighedProposal(_by_kind(days[0], spec, reason), 0.3)


def _unheaded_days(columns: Sequence[SheetColumn], spec: ColumnSpec) -> Iterator[WeighedProposal]:
    """The column of dates that is below no heading, if there is one."""
    if not columns:
        return
    table = columns[0].table
    laid_out = table.laid_out
    for index, heading in enumerate(laid_out.headings[:MOST_COLUMNS]):
        cells = spread(table.cells(index)) if not heading else []
        days = sum(kind_of(cell) == "day" for _, cell in cells)
        if len(cells) > 1 and days * 10 >= len(cells) * 9:
            line = laid_out.column_label(index)
            reason = f"The dates in {line} have no heading, and may be '{spec.usual_heading}'."
            source = UnheadedColumn(column=int(line) if line.isdecimal() else line)
            examples = tuple(
                ExampleCell(laid_out.address(row, index), raw_text(cell)) for row, cell in cells[:5]
            )
            proposal = ColumnProposal(spec.name, source, Certainty.POSSIBLE, reason, examples)
            yield WeighedProposal(proposal, 0.6)
            return


def _by_kind(
    column: SheetColumn,
    spec: ColumnSpec,
    reason: str,
    certainty: Certainty = Certainty.POSSIBLE,
    *,
    is_key: bool = False,
) -> ColumnProposal:
    examples = () if spec.sensitive else column.examples()
    source = column.source(column.fit(spec, is_key=is_key))
    return ColumnProposal(spec.name, source, certainty, reason, examples)
