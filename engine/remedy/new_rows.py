"""New rows that would meet an obligation: how many, what each is about, and the day it bears."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from engine.assessment import Remedy
from engine.columns.days import add_one, as_date
from engine.remedy.build import (
    ONE_ONLY,
    Asked,
    added,
    asks_of,
    changed,
    computed,
    fitting,
    listed_first,
    never,
)
from engine.remedy.fill_row import NO_SUCH_ROW
from engine.remedy.row_drafts import Draft
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


def new_rows(asked: Asked, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """As many new rows of evidence as are lacking and, where the subject names its item, the
    change to the subject's row."""
    needed = needed_by(asked, query) - _counted(asked)
    if query.named_by_subject and needed > 1:
        return (never(query.register, ONE_ONLY),)
    if isinstance(asked.version.pattern, Standing) and endless(asked.version.pattern):
        return (never(query.register, NO_SUCH_ROW),)
    asks, used, distinct = asks_of(asked, query), _held(asked, query), query.distinct or ""
    if distinct:
        asks = (*asks, Condition(column=distinct, filled=True))
    found: list[Remedy] = []
    first: dict[Remedy, None] = {}
    for key in asked.shelf.new_keys(query.register, needed):
        draft = _new(asked, query.register, key, _item(asked, query))
        made = fitting(asked, replace(draft, used=tuple(used), distinct=distinct), asks)
        if isinstance(made, Remedy):
            return (made,)
        used += [made.values[distinct]] if distinct else []
        first |= dict.fromkeys(listed_first(asked, made))
        found.append(added(asked, made, "Then a row" if first else "A row"))
    moved = [each for each in first if _moves_window(asked, each)]
    if moved:
        title = asked.shelf.table(moved[0].register).register.title
        return (never(query.register, _MOVES.format(title)),)
    return (*first, *found, *_naming(asked, query))


def _moves_window(asked: Asked, first: Remedy) -> bool:
    """Whether a row to be listed first would be the event before, after which the window opens."""
    listed = asked.version.events
    return (
        asked.version.pattern.after_previous
        and listed is not None
        and listed.register == first.register
    )


def needed_by(asked: Asked, query: EvidenceQuery) -> int:
    """How many items it takes in all."""
    listed = asked.version.events
    if listed is None or not query.needed_from:
        return query.needed
    column = asked.shelf.table(listed.register).columns[query.needed_from]
    needed = column.value[asked.whole("event_row")]
    assert isinstance(needed, int)
    return needed


def _counted(asked: Asked) -> int:
    """How many items count already: of an obligation about an event, those found so far. Those of
    other patterns may stop counting, so none is relied on."""
    found = asked.row["met_rows"]
    assert isinstance(found, tuple)
    return len(found) if asked.row["anchor"] == "event" else 0


def _held(asked: Asked, query: EvidenceQuery) -> list[Typed]:
    """What the items that count already hold, where items have to differ."""
    found = asked.row["met_rows"]
    assert isinstance(found, tuple)
    if not query.distinct:
        return []
    column = asked.shelf.table(query.register).columns[query.distinct]
    return [column.value[row] for row in found]


def _new(asked: Asked, register: str, key: str, values: Mapping[str, Typed]) -> Draft:
    """A new row of a register with these values, which may not be others."""
    spec = asked.shelf.table(register).register
    own = {spec.key: key} if spec.key else {}
    fixed = frozenset({*own, *values, *computed(spec)})
    return Draft(spec, asked.as_of, {**own, **values}, fixed, listings=asked.shelf)


def _item(asked: Asked, query: EvidenceQuery) -> dict[str, Typed]:
    """What an item is dated by and about: its day, period, event and subject."""
    version, shelf = asked.version, asked.shelf
    listed, subjects = version.events, version.population
    values: dict[str, Typed] = {asked.dated: asked.as_of}
    if isinstance(version.pattern, Standing):
        values |= _ends(asked, version.pattern, shelf.table(query.register).register)
    if query.period and version.pattern.period_kind:
        values[query.period] = str(asked.row["window"])
    if query.event and listed:
        values[query.event] = _key(shelf.table(listed.register), asked.whole("event_row"))
    if query.subject and subjects:
        values[query.subject] = _key(shelf.table(subjects.register), asked.whole("subject_row"))
    return values


def _key(table: Table, row: int) -> str:
    return table.columns[table.register.key or ""].raw[row]


def _ends(asked: Asked, pattern: Standing, spec: RegisterSpec) -> dict[str, Typed]:
    """The days until which something new would stand, where one has to be given."""
    names = [name for name in (pattern.review_by, pattern.ends) if name]
    asked_for = {each.column for each in asked.version.query.where}
    wanted = [
        name for name in names if name in asked_for or spec.column(name).blank == BLANK_UNREADABLE
    ]
    if not wanted and pattern.end_needed:
        wanted = names[:1]
    return dict.fromkeys(wanted, ahead(pattern, asked.as_of))


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


def _naming(asked: Asked, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """The change to the subject's own row, so that it names the new item."""
    subjects, name = asked.version.population, query.named_by_subject
    if not name or subjects is None:
        return ()
    (key,) = asked.shelf.new_keys(query.register, 1)
    words = f"With it, the subject's own row, which names it in '{name}'."
    return (changed(asked, subjects.register, asked.whole("subject_row"), words, {name: key}),)
