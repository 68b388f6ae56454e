"""What would meet an obligation that is due or overdue, as rows and cells of a register.

Adding exactly that, dated D, gives met or met late (semantics.md, What must always hold, 7).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from engine.assessment import Remedy
from engine.columns.days import as_date
from engine.proof.phrases import day_words
from engine.proof.too_late import own_asks
from engine.proof.unread import correct_first, unread_cells
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
from engine.remedy.new_rows import needed_by, new_rows
from engine.remedy.role_rows import role_remedies
from engine.remedy.row_drafts import Draft, standing_row
from evidence.table import Typed
from rules.condition import AnyOf, Ask
from rules.patterns import Completeness, Events, EvidenceQuery, Standing


def remedies(asked: Asked) -> tuple[Remedy, ...]:
    """The rows to add and the cells to change that would meet the obligation on D, all of them
    together; or one that says that it cannot be done, or not any more."""
    pattern = asked.version.pattern
    if isinstance(pattern, Completeness):
        return _record(asked, pattern)
    query = asked.version.query
    if isinstance(pattern, Standing) and asked.shelf.table(query.register).register.one_holder_of:
        return role_remedies(asked, query, pattern)
    return _own_row(asked, query) if query.itself else new_rows(asked, query)


def _own_row(asked: Asked, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """Changes to the event's own row; what is dated by the event cannot be done on another day."""
    listed, held = asked.version.events, as_date(asked.whole("event_day"))
    assert listed is not None
    if needed_by(asked, query) > 1:
        return (never(query.register, ONE_ONLY),)
    if asked.dated == listed.dated and held != asked.as_of:
        return (_not_now(asked, query.register, held),)
    values = standing_row(asked.shelf.table(query.register), asked.whole("event_row"))[0]
    done, opens = values.get(asked.dated), as_date(asked.whole("opens"))
    assert opens is not None
    stands = isinstance(done, datetime.date) and opens <= done <= asked.as_of
    new: dict[str, Typed] = {} if stands else {asked.dated: asked.as_of}
    return _row_changed(asked, listed, asks_of(asked, query), new, (asked.dated,))


def _not_now(asked: Asked, register: str, held: datetime.date | None) -> Remedy:
    """It is shown by the event's own row, on the event's own day."""
    if held is not None and held > asked.as_of:
        return never(register, f"It can be done on {day_words(held)} only, the day of the event.")
    title, row = asked.shelf.table(register).register.title, asked.whole("event_row")
    columns = asked.shelf.columns(asked.as_of)[register]
    unread = unread_cells(columns, own_asks(asked.version, asked.whole("member")), row)
    words = f"can no longer be done: the row in {title} is dated {day_words(held or 0)}."
    first = correct_first(columns, unread, row)
    if first:
        return never(register, f"{first} If it was not done on that day, it {words}")
    return never(register, f"It {words} If it was done on that day, correct the row.")


def _record(asked: Asked, pattern: Completeness) -> tuple[Remedy, ...]:
    """Changes to a record that lacks something; the deadline that it carries stays."""
    table = asked.shelf.table(pattern.records.register)
    values = standing_row(table, asked.whole("event_row"))[0]
    new: dict[str, Typed] = {}
    for name in pattern.done_on:
        done = values.get(name)
        if not isinstance(done, datetime.date) or done > asked.as_of:
            new[name] = asked.as_of
    carried = pattern.deadline
    own = (carried.due, carried.re_agreed_to, carried.re_agreed_on) if carried else ()
    fixed = (*pattern.done_on, *(name for name in own if name))
    return _row_changed(asked, pattern.records, pattern.asks, new, fixed)


def _fills(ask: Ask) -> bool:
    return any(each.filled for each in (ask.any_of if isinstance(ask, AnyOf) else (ask,)))


def _row_changed(
    asked: Asked,
    listed: Events,
    asks: Sequence[Ask],
    new: Mapping[str, Typed],
    fixed: Sequence[str],
) -> tuple[Remedy, ...]:
    """The listed row of the obligation with ``new`` in it and whatever else ``asks`` ask; what
    lists it, and the columns ``fixed``, stay as they are."""
    table, row = asked.shelf.table(listed.register), asked.whole("event_row")
    before, blank = standing_row(table, row)
    kept = {table.register.key, listed.dated, listed.cancelled, *fixed, *computed(table.register)}
    names = frozenset(name for name in kept if name)
    texts = {spec.name: table.columns[spec.name].raw[row] for spec in table.register.columns}
    draft = Draft(
        table.register, asked.as_of, before, names, blank, listings=asked.shelf, texts=texts
    ).put(new)
    still = [ask for ask in listed.asks if not _fills(ask)]  # nothing that stands is blanked
    made = fitting(asked, draft, (*asks, *still))
    if isinstance(made, Remedy):
        return (made,)
    cells = {name: value for name, value in made.values.items() if before.get(name) != value}
    cells |= {name: made.values[name] for name in blank - made.blank}
    first = listed_first(asked, made)
    if not cells:
        return tuple(added(asked, each) for each in made.first)
    this = "Then this" if first else "This"
    words = f"{this} in the row itself, by {day_words(asked.as_of)}."
    return (*first, changed(asked, listed.register, row, words, cells))
