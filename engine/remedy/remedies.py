"""The rows and cells that would meet an obligation that is due or overdue.

With exactly these changes, dated D, the obligation is met or met late (semantics.md: What must
always hold).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.assessment import Remedy
from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, any_of
from engine.day_number import as_date
from engine.frames.standing import ends_of, turns_of
from engine.proof.conditions import own_asks
from engine.proof.phrases import day_words
from engine.proof.unread import correct_first
from engine.remedy.build import ONE_ONLY, UnmetObligation, impossible
from engine.remedy.fill import THIS_ROW
from engine.remedy.new_rows import endless, needed_by, new_rows
from engine.remedy.row_draft import RowDraft
from evidence.cells.text import normal_key, quoted
from evidence.table import CellState, Typed
from rules.condition import Ask
from rules.patterns import Completeness, Events, EvidenceQuery, Standing


def remedies(unmet: UnmetObligation) -> tuple[Remedy, ...]:
    """The rows to add and the cells to change that together would meet the obligation on D; or one
    remedy that says that it cannot be done, or no longer."""
    pattern = unmet.version.pattern
    if isinstance(pattern, Completeness):
        return _record(unmet, pattern)
    query = unmet.version.query
    if query.itself:
        return _own_row(unmet, query)
    role = unmet.table(query.register).register.one_holder_of
    holder = _holder(unmet, query, pattern) if isinstance(pattern, Standing) and role else None
    return holder or new_rows(unmet, query)


def _own_row(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """Changes to the event's own row; what is dated by the event cannot be done on another day."""
    events = unmet.version.events
    event_day = as_date(unmet.obligation.event_day)
    assert events is not None
    if needed_by(unmet, query) > 1:
        return (impossible(query.register, ONE_ONLY),)
    if unmet.dated == events.dated and event_day != unmet.as_of:
        return (_not_now(unmet, query.register, event_day),)
    column = unmet.table(query.register).columns[unmet.dated]
    done = column.value[unmet.obligation.event_row]
    opens = as_date(unmet.obligation.opens)
    assert opens is not None
    in_time = isinstance(done, datetime.date) and opens <= done <= unmet.as_of
    new: dict[str, Typed] = {} if in_time else {unmet.dated: unmet.as_of}
    return _row_changed(unmet, events, unmet.asks, new, (unmet.dated,))


def _not_now(unmet: UnmetObligation, register: str, event_day: datetime.date | None) -> Remedy:
    """The remedy that says that it can no longer be done: only the event's own row shows it, on the
    event's own day."""
    if event_day is not None and event_day > unmet.as_of:
        return impossible(
            register, f"It can be done only on {day_words(event_day)}, the date of the event."
        )
    columns = unmet.citations.columns(unmet.as_of)[register]
    row = unmet.obligation.event_row
    title = columns.table.title
    words = f"can no longer be done: the row in {title} is dated {day_words(event_day or 0)}."
    asks = own_asks(unmet.version, unmet.obligation.member)
    first = correct_first(columns, asks, row)
    if first:
        return impossible(register, f"{first} If it was not done on that day, it {words}")
    return impossible(register, f"It {words} If it was done on that day, correct the row.")


def _record(unmet: UnmetObligation, pattern: Completeness) -> tuple[Remedy, ...]:
    """Changes to a record that lacks something; the deadline that it carries stays."""
    table = unmet.table(pattern.records.register)
    row = unmet.obligation.event_row
    new: dict[str, Typed] = {}
    for name in pattern.done_on:
        done = table.columns[name].value[row]
        if not isinstance(done, datetime.date) or done > unmet.as_of:
            new[name] = unmet.as_of
    carried = pattern.deadline
    own = (carried.due, carried.re_agreed_to, carried.re_agreed_on) if carried else ()
    kept = (*pattern.done_on, *own)
    return _row_changed(unmet, pattern.records, pattern.asks, new, kept)


def _row_changed(
    unmet: UnmetObligation,
    listed: Events,
    asks: Sequence[Ask],
    new: Mapping[str, Typed],
    kept: Sequence[str | None],
) -> tuple[Remedy, ...]:
    """The listed row with ``new`` in it that meets ``asks``; the columns ``kept`` stay."""
    table = unmet.table(listed.register)
    row = unmet.obligation.event_row
    # The conditions on the list still have to hold; no filled cell is blanked.
    still = (
        ask
        for ask in listed.asks
        if not any(alternative.filled for alternative in ask.alternatives)
    )
    draft = unmet.draft_of(
        table, row, new, (listed.dated, listed.cancelled, *kept), (*asks, *still)
    )
    completed = unmet.complete_row(draft)
    if isinstance(completed, Remedy):
        latest = next((spec.latest for spec in table.register.columns if spec.latest), None)
        place = table.place(row, latest.key) if latest else table.place(row)
        at = f"in {place.cell or f'row {place.row}'} of {place.sheet}"
        return (replace(completed, words=completed.words.replace(THIS_ROW, at)),)
    change = unmet.changed(completed, row)
    first = unmet.listed_first(completed)
    if not change.cells:
        return tuple(
            unmet.added(other, _not_listed(unmet, completed, row, other))
            for other in completed.first
        )
    complete = "Then complete the row." if first else "Complete the row."
    to_do = new or (unmet.is_next_step and not first)
    return (*first, replace(change, words=unmet.carry_out_words if to_do else complete))


def _not_listed(unmet: UnmetObligation, draft: RowDraft, row: int, first: RowDraft) -> str:
    """The sentence that says that a row names another that is not listed, and
    must be corrected or the other added."""
    table = unmet.table(draft.spec.id)
    sheet = unmet.table(first.spec.id).title
    name = next((name for name, text in draft.texts.items() if text == first.key), "")
    heading = table.heading(row, name)
    name_words = heading if draft.spec.column(name).sensitive else f"{heading} {first.key}"
    keys = unmet.citations.key_rows(unmet.as_of)
    if keys.is_name(draft.spec.column(name), normal_key(first.key)):
        cell = table.place(row, name).cell
        return (
            f"{heading} is a name. In cell {cell}, enter the reference of the person from the"
            f" {sheet} sheet."
        )
    whom = "the person" if first.spec.column(first.spec.key or "").personal else "it"
    at = table.place(row, name)
    place = f"cell {at.cell} of {table.title}" if at.cell else f"row {at.row} of {table.title}"
    spec, hint = draft.spec.column(name), ""
    digits, which = ("", "") if spec.sensitive else keys.with_digits(spec, first.key)
    if digits:
        hint = f" ({quoted(digits)} would have {which})"
    without_key = keys.without_key(spec)
    check = "Otherwise check" if without_key else "Check"
    return (
        f"{name_words} is not on the {sheet} sheet.{without_key} {check} {place} for a typing"
        f" error{hint}. If it has none, add {whom} to {sheet}."
    )


# Who holds a role -------------------------------------------------------------------------------


def _holder(
    unmet: UnmetObligation, query: EvidenceQuery, pattern: Standing
) -> tuple[Remedy, ...] | None:
    """The changes that complete the holder's row; None if a new holder is to begin instead. No
    holder can begin on a day on which another does: then, too, the holder's row is completed."""
    if endless(pattern):
        return None
    columns = unmet.citations.columns(unmet.as_of)[query.register]
    named_in = unmet.version.named_in if unmet.member else None
    turns = turns_of(columns, (query, unmet.member, named_in), pattern)
    row = turns.holder
    today = unmet.as_of.toordinal()
    asks = unmet.asks
    if row is None:
        return None
    lacks = [ask for ask in asks if any_of(columns, ask)[row] != TRUE]
    ended = int(ends_of(pattern, columns)[row]) < today
    whole = not ended and bool(lacks) and all(_may_be_filled(columns, ask, row) for ask in lacks)
    if not whole and turns.latest != today:
        return None
    # The row is completed, with an end well ahead where its own is over, or near.
    table, names = columns.table, pattern.last_days
    states = {name: table.columns[name].state[row] for name in names}
    new = unmet.ends_ahead(names, states, ended=ended or not lacks)
    kept = (table.register.one_holder_of, pattern.begins, *new)
    completed = unmet.complete_row(unmet.draft_of(table, row, new, kept, asks))
    if isinstance(completed, Remedy):
        return (completed,)
    words = "Complete the row of the present holder."
    return (*unmet.listed_first(completed), unmet.changed(completed, row, words))


def _may_be_filled(columns: Columns, ask: Ask, row: int) -> bool:
    """Whether a cell that the condition requires is still to be written, or says no."""
    return any(
        columns.state(alternative.column)[row] != CellState.READ
        or columns.values(alternative.column)[row] is False
        for alternative in ask.alternatives
    )
