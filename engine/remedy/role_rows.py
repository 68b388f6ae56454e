"""What would meet a duty about who holds a role: the holder's row made whole, or a new holder."""

from __future__ import annotations

import numpy as np

from engine.assessment import Remedy
from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, any_of
from engine.frames.standing import ends_of, turns_of
from engine.remedy.build import (
    UnmetObligation,
    asks_of,
    changed,
    changed_values,
    complete,
    complete_row,
    listed_first,
)
from engine.remedy.new_rows import ahead, endless, new_rows
from engine.remedy.row_drafts import RowDraft, computed, standing_row
from evidence.table import CellState, Typed
from rules.condition import Ask
from rules.patterns import EvidenceQuery, Standing


def role_remedies(
    unmet: UnmetObligation, query: EvidenceQuery, pattern: Standing
) -> tuple[Remedy, ...]:
    """What the holder's row lacks, where it is blank there or says no; otherwise a new holder from
    D on, unless one begins on that day already."""
    if endless(pattern):
        return new_rows(unmet, query)
    columns = unmet.citations.columns(unmet.as_of)[query.register]
    member = unmet.member
    named_in = unmet.version.named_in if member else None
    turns = turns_of(columns, (query, member, named_in), pattern)
    last = np.flatnonzero(turns.turn & (turns.begins == turns.latest)).tolist()
    if len(last) != 1:
        return new_rows(unmet, query)
    (row,) = last
    today = unmet.as_of.toordinal()
    lacks = [ask for ask in asks_of(unmet, query) if any_of(columns, ask)[row] != TRUE]
    ended = int(ends_of(pattern, columns)[row]) < today
    whole = not ended and bool(lacks) and all(_may_be_filled(columns, ask, row) for ask in lacks)
    if whole or turns.latest == today:
        return _made_whole(unmet, query, pattern, row, ended=ended or not lacks)
    return new_rows(unmet, query)


def _may_be_filled(columns: Columns, ask: Ask, row: int) -> bool:
    """Whether a cell that the condition asks for is still to be written, or says no."""
    conditions = ask.alternatives
    return any(
        columns.state(each.column)[row] != CellState.READ
        or columns.values(each.column)[row] is False
        for each in conditions
    )


def _made_whole(
    unmet: UnmetObligation, query: EvidenceQuery, pattern: Standing, row: int, *, ended: bool
) -> tuple[Remedy, ...]:
    """Changes to the holder's row; with an end well ahead where its own is over, or near."""
    table = unmet.citations.table(query.register)
    before, blank = standing_row(table, row)
    spec = table.register
    new = _ends(unmet, query, pattern, row, ended=ended)
    kept = {spec.key, spec.one_holder_of, pattern.begins, *new, *computed(spec)}
    fixed = frozenset(name for name in kept if name)
    draft = RowDraft(spec, unmet.as_of, unmet.citations, before, fixed, blank).put(new)
    made = complete_row(unmet, draft, asks_of(unmet, query))
    if isinstance(made, Remedy):
        return (made,)
    cells = changed_values(made, before, blank)
    words = f"{complete(table, row)[:-1]}, the row of who holds it."
    return (*listed_first(unmet, made), changed(unmet, query.register, row, words, cells))


def _ends(
    unmet: UnmetObligation, query: EvidenceQuery, pattern: Standing, row: int, *, ended: bool
) -> dict[str, Typed]:
    """The ends of the holder's row that are to lie well ahead: those that are over or near, that
    cannot be read, or that the rule asks for and that are not given."""
    columns = unmet.citations.table(query.register).columns
    names = [name for name in (pattern.ends, pattern.review_by) if name]
    state = {name: columns[name].state[row] for name in names}
    asked_for = {each.column for each in query.where}
    given = [name for name in names if state[name] == CellState.READ]
    wanted = [
        name
        for name in names
        if state[name] not in (CellState.READ, CellState.NOTHING)
        or (name in asked_for and name not in given)
        or (ended and name in given)
    ]
    if not wanted and not given and pattern.end_needed:
        wanted = names[:1]
    return dict.fromkeys(wanted, ahead(pattern, unmet.as_of))
