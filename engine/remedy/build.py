"""The words and cells of a fix: rows to add, cells to change, or that there is none."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import CellToWrite, Remedy
from engine.columns.days import add_span
from engine.frames.items import member_condition
from engine.obligation import Obligation
from engine.proof.citations import CitationCache
from engine.proof.conditions import own_asks
from engine.proof.phrases import condition_words
from engine.remedy.cell_words import LIST_FIRST, cell_words, day_to_enter, is_new
from engine.remedy.fill import NO_SUCH_ROW, fill_row
from engine.remedy.row_draft import RowDraft, Values, computed, row_on_record, text_of
from evidence.cells.text import listed, normal_key, quoted
from evidence.register import NIL_RETURNS
from evidence.table import READ_OR_NOTHING, CellState, Table, Typed
from rules.condition import Ask, Condition, conditions_of
from rules.model import Version
from rules.patterns import Standing
from rules.span import Span
from rules.subject import Member

ONE_ONLY = "Only one item can be recorded here, but the rule requires more."
_NAMES_TWO = (
    "Two rows have the reference that a row here must name, so it would not be clear which is"
    " meant. First give each of them its own reference."
)
#: How far ahead a review-by day is proposed if the rule sets no limit.
_AHEAD = Span(12, "months")


@dataclass(frozen=True, slots=True)
class UnmetObligation:
    """An unmet obligation to be met on D: its version, the tables, what has to be done, in a
    sentence (``in_brief``; ``is_next_step`` if it says only what to do next), and the subject that
    it is ``about`` ('' for the office)."""

    version: Version
    obligation: Obligation
    citations: CitationCache
    as_of: datetime.date
    in_brief: str = "Do what the duty requires."
    about: str = ""
    is_next_step: bool = False

    @property
    def member(self) -> Member | None:
        """The member of the fixed list that it is about, if any."""
        return self.version.member(self.obligation.member)

    @property
    def dated(self) -> str:
        """The column that dates an item for it."""
        return self.version.dated_by(self.obligation.member)

    def table(self, register: str) -> Table:
        """The table of a register."""
        return self.citations.table(register)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The conditions on a row of evidence, and the condition that it names the member of a
        fixed list."""
        version = self.version
        member = self.member
        named_in = self.version.named_in
        asks = own_asks(version, self.obligation.member)
        if member is None or named_in is None:
            return asks
        column = self.table(version.query.register).register.column(named_in)
        return (*asks, member_condition(column, member))

    def complete_row(self, draft: RowDraft) -> RowDraft | Remedy:
        """The draft filled so that it meets its conditions, or a remedy that says that there is no
        such row, or that its key could name two rows (evidence.keys.ambiguous_keys)."""
        row = fill_row(draft)
        if isinstance(row, str):
            why = self._why_not_named(draft) if row == NO_SUCH_ROW else ""
            return impossible(draft.spec.id, why or row)
        names_two = any(
            self.citations.names_two(spec, row.values.get(spec.name)) for spec in draft.spec.columns
        )
        return impossible(draft.spec.id, _NAMES_TWO) if names_two else row

    def _why_not_named(self, draft: RowDraft) -> str:
        """The sentence that the only row that it may name does not count, or has the wrong day; ''
        otherwise."""
        single = [
            (ask, draft.spec.column(ask.column)) for ask in draft.asks if isinstance(ask, Condition)
        ]
        for ask, spec in single:
            key = draft.values.get(spec.name) if spec.name in draft.fixed else None
            if ask.filled and spec.names_rows and isinstance(key, str):
                why = self.citations.key_rows(self.as_of).why_no_row(
                    spec, normal_key(key), ask.where
                )
                what = "the row" if spec.sensitive else quoted(key)
                if why:
                    return f"A row here must name {what}, which {why}."
        for ask, spec in single:
            name = spec.day_of.key if spec.day_of else ""
            key = draft.values.get(name) if name in draft.fixed else None
            if isinstance(key, str):
                what = "one row" if draft.spec.column(name).sensitive else quoted(key)
                columns = self.citations.columns(self.as_of)[draft.spec.id]
                required = condition_words(columns, ask)
                return f"A row here must name {what}, but the rule requires that {required}."
        return ""

    def listed_first(self, draft: RowDraft) -> tuple[Remedy, ...]:
        """The rows that have to be listed before it, because it names them."""
        return tuple(self.added(row, LIST_FIRST) for row in draft.first)

    def added(self, draft: RowDraft, words: str) -> Remedy:
        """A new row; ``words`` say what to do."""
        cells = self._cells(draft, draft.values, 0, draft.spec.key or "")
        sheet = self.table(draft.spec.id).title
        return Remedy(True, words, draft.spec.id, "", sheet, 0, cells, self._or_nil(draft.spec.id))

    def _or_nil(self, register: str) -> str:
        """When a nil return would do in place of a new row of a register, and on which sheet: ``if
        there was nothing in the whole quarter, to the Nil returns sheet``; '' if none would."""
        nil = self.version.pattern.nil
        if nil is None or register != self.version.query.register:
            return ""
        sheet = self.table(NIL_RETURNS).title
        return f"if there was nothing in the whole {nil.each}, to the {sheet} sheet"

    @property
    def carry_out_words(self) -> str:
        """The sentence that says what to do, outside the registers."""
        about = f" (for {self.about})" if self.about else ""
        return f"{self.in_brief.removesuffix('.')}{about}."

    def draft_of(
        self,
        table: Table,
        row: int,
        new: Values,
        kept: Iterable[str | None],
        asks: tuple[Ask, ...],
    ) -> RowDraft:
        """A row of a table with ``new`` in it. Its key and the columns ``kept`` stay as they are,
        and so do those that the program fills."""
        spec = table.register
        read, blank = row_on_record(table, row)
        fixed = frozenset(name for name in (spec.key, *kept, *computed(spec)) if name)
        texts = {name: column.raw[row] for name, column in table.columns.items()}
        draft = RowDraft(spec, self.as_of, self.citations, read, asks, fixed, blank, texts=texts)
        return draft.put(new)

    def changed(self, draft: RowDraft, row: int, words: str = "") -> Remedy:
        """The cells to be written into a row that is there, so that it is as drafted, also in
        blanks that mean a value."""
        table = self.table(draft.spec.id)
        before, blank = row_on_record(table, row)
        values = {name: value for name, value in draft.values.items() if before.get(name) != value}
        values |= {name: draft.values[name] for name in sorted(blank - draft.blank)}
        place = table.place(row)
        cells = self._cells(draft, values, row)
        return Remedy(True, words, draft.spec.id, place.file, place.sheet, place.row, cells)

    def ends_ahead(
        self, names: Sequence[str], states: Mapping[str, int], *, ended: bool = False
    ) -> dict[str, Typed]:
        """New days, well ahead, for those of the columns ``names`` that cannot be read, and for
        blank ones that the rule requires. If the row has ``ended`` or soon will, also for the
        filled ones."""
        pattern = self.version.pattern
        assert isinstance(pattern, Standing)
        required = {condition.column for condition in self.version.query.where}
        filled = [name for name in names if states[name] == CellState.READ]
        open_ends = [
            name
            for name in names
            if states[name] not in READ_OR_NOTHING
            or (name in required and name not in filled)
            or (ended and name in filled)
        ]
        if not open_ends and not filled and pattern.end_needed:
            open_ends = list(names[:1])
        return dict.fromkeys(open_ends, ahead(pattern, self.as_of))

    def _cells(
        self, draft: RowDraft, values: Values, row: int, key: str = ""
    ) -> tuple[CellToWrite, ...]:
        """The cells under the headings of their sheet; ``key``: the column of a new row's key."""
        table, spec = self.table(draft.spec.id), draft.spec
        at = table.source_of[row] if len(table) else 0
        headings = table.sources[at].headings if table.sources else {}
        by_name = table.sources[at].nearest_names if table.sources else {}
        begins = {spec.begins, self.dated if self.version.pattern.in_place else None}
        conditions = conditions_of(draft.asks)
        cells = []
        for name, value in values.items():
            column = spec.column(name)
            says = ""
            sheets = listed([self.table(register).title for register in column.named], "or")
            if isinstance(value, datetime.date):
                own = name in begins or (
                    not row and any(spec.column(n).day_of for n in column.not_before)
                )
                says = day_to_enter(column, value, self.as_of, own_words=own)
            elif name == key:
                says = f"a new reference, such as {value}" if is_new(value) else ""
            elif name in by_name:
                whose = f"the name of {text_of(value)}" if name in draft.fixed else "a name"
                says = f"{whose} on the {sheets} sheet"
            elif name not in draft.fixed:
                says = cell_words(spec, name, value, conditions, sheets)
            cells.append(
                CellToWrite(name, text_of(value), headings.get(name, column.heading), says)
            )
        return tuple(cells)


def impossible(register: str, words: str) -> Remedy:
    """The remedy that says that the obligation cannot be met, and why."""
    return Remedy(False, words, register, "", "", 0, ())


def ahead(pattern: Standing, day: datetime.date) -> datetime.date:
    """As far ahead as the rule lets a review-by day lie, or well after its notice."""
    span, start = pattern.review_within, day.toordinal()
    last = add_span(start, span) if span else add_span(add_span(start, pattern.notice), _AHEAD)
    return datetime.date.fromordinal(last)
