"""New rows that would meet an obligation: how many, what each is about, and the day it bears."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from engine.assessment import Remedy
from engine.columns.days import add_one, as_date
from engine.proof.citations import sheet_of
from engine.remedy.build import (
    ONE_ONLY,
    UnmetObligation,
    added,
    asks_of,
    carry_out,
    changed,
    complete_row,
    impossible,
    listed_first,
)
from engine.remedy.fill_row import NO_SUCH_ROW
from engine.remedy.row_drafts import RowDraft, computed
from evidence.register import BLANK_UNREADABLE, RegisterSpec
from evidence.table import Table, Typed
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Standing
from rules.span import Span

_MOVES = (
    "A row in {} has to be listed first, and one of this day would move the window: list one of an"
    " earlier day."
)
#: How long ahead a review-by day is proposed where a rule or a sheet asks for one and caps none.
_AHEAD = Span(12, "months")


def new_rows(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """As many new rows of evidence as are lacking and, where the subject names its item, the
    change to the subject's row."""
    # Of an obligation about an event those found so far count; of other patterns they may stop
    # to count, so none is relied on.
    counted = len(unmet.obligation.met_rows) if unmet.obligation.anchor == "event" else 0
    needed = needed_by(unmet, query) - counted
    if query.named_by_subject and needed > 1:
        return (impossible(query.register, ONE_ONLY),)
    if isinstance(unmet.version.pattern, Standing) and endless(unmet.version.pattern):
        return (impossible(query.register, NO_SUCH_ROW),)
    asks, used, distinct = asks_of(unmet, query), _held(unmet, query), query.distinct or ""
    if distinct:
        asks = (*asks, Condition(column=distinct, filled=True))
    found: list[Remedy] = []
    first: dict[Remedy, None] = {}
    for key in unmet.citations.new_keys(query.register, needed):
        draft = _new(unmet, query.register, key, _item(unmet, query))
        made = complete_row(unmet, replace(draft, used=tuple(used), distinct=distinct), asks)
        if isinstance(made, Remedy):
            return (made,)
        used += [made.values[distinct]] if distinct else []
        first |= dict.fromkeys(listed_first(unmet, made))
        again = f"Record it once more in {sheet_of(unmet.citations.table(query.register))}."
        found.append(added(unmet, made, again if found else carry_out(unmet, query.register)))
    since, events = unmet.version.pattern.after_previous, unmet.version.events
    if since and events and any(each.register == events.register for each in first):
        # A row to be listed first would be the event before, after which the window opens.
        title = unmet.citations.table(events.register).register.title
        return (impossible(query.register, _MOVES.format(title)),)
    return (*first, *found, *_naming(unmet, query))


def needed_by(unmet: UnmetObligation, query: EvidenceQuery) -> int:
    """How many items it takes in all."""
    listed = unmet.version.events
    if listed is None or not query.needed_from:
        return query.needed
    column = unmet.citations.table(listed.register).columns[query.needed_from]
    needed = column.value[unmet.obligation.event_row]
    assert isinstance(needed, int)
    return needed


def _held(unmet: UnmetObligation, query: EvidenceQuery) -> list[Typed]:
    """What the items that count already hold, where items have to differ."""
    if not query.distinct:
        return []
    column = unmet.citations.table(query.register).columns[query.distinct]
    return [
        column.value[row]
        for register, row in unmet.obligation.met_rows
        if register == query.register
    ]


def _new(unmet: UnmetObligation, register: str, key: str, values: Mapping[str, Typed]) -> RowDraft:
    """A new row of a register with these values, which may not be others."""
    spec = unmet.citations.table(register).register
    own = {spec.key: key} if spec.key else {}
    fixed = frozenset({*own, *values, *computed(spec)})
    return RowDraft(spec, unmet.as_of, unmet.citations, {**own, **values}, fixed)


def _item(unmet: UnmetObligation, query: EvidenceQuery) -> dict[str, Typed]:
    """What an item is dated by and about: its day, period, event and subject."""
    version, citations = unmet.version, unmet.citations
    listed, subjects = version.events, version.population
    values: dict[str, Typed] = {unmet.dated: unmet.as_of}
    if isinstance(version.pattern, Standing):
        values |= _ends(unmet, version.pattern, citations.table(query.register).register)
    if query.period and version.pattern.period_kind:
        values[query.period] = unmet.obligation.window
    if query.event and listed:
        values[query.event] = _key(citations.table(listed.register), unmet.obligation.event_row)
    if query.subject and subjects:
        values[query.subject] = _key(
            citations.table(subjects.register), unmet.obligation.subject_row
        )
    return values


def _key(table: Table, row: int) -> str:
    return table.columns[table.register.key or ""].raw[row]


def _ends(unmet: UnmetObligation, pattern: Standing, spec: RegisterSpec) -> dict[str, Typed]:
    """The days until which something new would stand, where one has to be given."""
    names = [name for name in (pattern.review_by, pattern.ends) if name]
    asked_for = {each.column for each in unmet.version.query.where}
    wanted = [
        name for name in names if name in asked_for or spec.column(name).blank == BLANK_UNREADABLE
    ]
    if not wanted and pattern.end_needed:
        wanted = names[:1]
    return dict.fromkeys(wanted, ahead(pattern, unmet.as_of))


def endless(pattern: Standing) -> bool:
    """Whether the rule asks for an end that no column can give."""
    return pattern.end_needed and not (pattern.ends or pattern.review_by)


def ahead(pattern: Standing, day: datetime.date) -> datetime.date:
    """As far ahead as the rule lets a review-by day lie, or well after its notice."""
    span, start = pattern.review_within, day.toordinal()
    found = add_one(start, span) if span else add_one(add_one(start, pattern.notice), _AHEAD)
    day_ahead = as_date(found)
    assert day_ahead is not None
    return day_ahead


def _naming(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """The change to the subject's own row, so that it names the new item."""
    subjects, name = unmet.version.population, query.named_by_subject
    if not name or subjects is None:
        return ()
    (key,) = unmet.citations.new_keys(query.register, 1)
    row = unmet.obligation.subject_row
    place = unmet.citations.table(subjects.register).place(row, name)
    words = f"Then name it in {place.cell or f'row {place.row}'} of {place.sheet}."
    return (changed(unmet, subjects.register, row, words, {name: key}),)
