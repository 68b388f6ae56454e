"""What would meet an obligation that is due or overdue, as rows and cells of a register.

Adding exactly that, dated D, gives met or met late (semantics.md, What must always hold, 7).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from engine.assessment import Remedy
from engine.columns.days import as_date
from engine.proof.citations import sheet_of
from engine.proof.conditions import own_asks
from engine.proof.phrases import day_words
from engine.proof.unread import correct_first, unread_cells
from engine.remedy.build import (
    ONE_ONLY,
    UnmetObligation,
    added,
    asks_of,
    carry_out,
    changed,
    changed_values,
    complete,
    complete_row,
    impossible,
    listed_first,
)
from engine.remedy.new_rows import needed_by, new_rows
from engine.remedy.role_rows import role_remedies
from engine.remedy.row_drafts import RowDraft, computed, standing_row
from evidence.table import Typed
from rules.condition import Ask
from rules.patterns import Completeness, Events, EvidenceQuery, Standing


def remedies(unmet: UnmetObligation) -> tuple[Remedy, ...]:
    """The rows to add and the cells to change that would meet the obligation on D, all of them
    together; or one that says that it cannot be done, or not any more."""
    pattern = unmet.version.pattern
    if isinstance(pattern, Completeness):
        return _record(unmet, pattern)
    query = unmet.version.query
    if (
        isinstance(pattern, Standing)
        and unmet.citations.table(query.register).register.one_holder_of
    ):
        return role_remedies(unmet, query, pattern)
    return _own_row(unmet, query) if query.itself else new_rows(unmet, query)


def _own_row(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """Changes to the event's own row; what is dated by the event cannot be done on another day."""
    listed, held = unmet.version.events, as_date(unmet.obligation.event_day)
    assert listed is not None
    if needed_by(unmet, query) > 1:
        return (impossible(query.register, ONE_ONLY),)
    if unmet.dated == listed.dated and held != unmet.as_of:
        return (_not_now(unmet, query.register, held),)
    values = standing_row(unmet.citations.table(query.register), unmet.obligation.event_row)[0]
    done, opens = values.get(unmet.dated), as_date(unmet.obligation.opens)
    assert opens is not None
    stands = isinstance(done, datetime.date) and opens <= done <= unmet.as_of
    new: dict[str, Typed] = {} if stands else {unmet.dated: unmet.as_of}
    return _row_changed(unmet, listed, asks_of(unmet, query), new, (unmet.dated,))


def _not_now(unmet: UnmetObligation, register: str, held: datetime.date | None) -> Remedy:
    """It is shown by the event's own row, on the event's own day."""
    if held is not None and held > unmet.as_of:
        return impossible(
            register, f"It can be done on {day_words(held)} only, the day of the event."
        )
    title, row = unmet.citations.table(register).register.title, unmet.obligation.event_row
    columns = unmet.citations.columns(unmet.as_of)[register]
    unread = unread_cells(columns, own_asks(unmet.version, unmet.obligation.member), row)
    words = f"can no longer be done: the row in {title} is dated {day_words(held or 0)}."
    first = correct_first(columns, unread, row)
    if first:
        return impossible(register, f"{first} If it was not done on that day, it {words}")
    return impossible(register, f"It {words} If it was done on that day, correct the row.")


def _record(unmet: UnmetObligation, pattern: Completeness) -> tuple[Remedy, ...]:
    """Changes to a record that lacks something; the deadline that it carries stays."""
    table = unmet.citations.table(pattern.records.register)
    values = standing_row(table, unmet.obligation.event_row)[0]
    new: dict[str, Typed] = {}
    for name in pattern.done_on:
        done = values.get(name)
        if not isinstance(done, datetime.date) or done > unmet.as_of:
            new[name] = unmet.as_of
    carried = pattern.deadline
    own = (carried.due, carried.re_agreed_to, carried.re_agreed_on) if carried else ()
    fixed = (*pattern.done_on, *(name for name in own if name))
    return _row_changed(unmet, pattern.records, pattern.asks, new, fixed)


def _row_changed(
    unmet: UnmetObligation,
    listed: Events,
    asks: Sequence[Ask],
    new: Mapping[str, Typed],
    fixed: Sequence[str],
) -> tuple[Remedy, ...]:
    """The listed row of the obligation with ``new`` in it and whatever else ``asks`` ask; what
    lists it, and the columns ``fixed``, stay as they are."""
    table, row = unmet.citations.table(listed.register), unmet.obligation.event_row
    before, blank = standing_row(table, row)
    kept = {table.register.key, listed.dated, listed.cancelled, *fixed, *computed(table.register)}
    names = frozenset(name for name in kept if name)
    texts = {spec.name: table.columns[spec.name].raw[row] for spec in table.register.columns}
    draft = RowDraft(
        table.register, unmet.as_of, unmet.citations, before, names, blank, texts=texts
    ).put(new)
    # Nothing that stands is blanked.
    still = [ask for ask in listed.asks if not any(each.filled for each in ask.alternatives)]
    made = complete_row(unmet, draft, (*asks, *still))
    if isinstance(made, Remedy):
        return (made,)
    cells = changed_values(made, before, blank)
    first = listed_first(unmet, made)
    if not cells:
        sheet, at = sheet_of(table), table.row_of[row]
        return tuple(
            added(
                unmet,
                each,
                f"Add to {sheet_of(unmet.citations.table(each.spec.id))} what row {at} of {sheet} "
                f"names, or correct row {at}.",
            )
            for each in made.first
        )
    words = (
        carry_out(unmet, listed.register, row) if new else complete(table, row, then=bool(first))
    )
    return (*first, changed(unmet, listed.register, row, words, cells))
