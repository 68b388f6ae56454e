"""New rows that would meet an obligation: how many, what each is about, and the day it bears."""

from __future__ import annotations

from engine.assessment import Remedy
from engine.proof.citations import sheet_of
from engine.remedy.build import (
    ONE_ONLY,
    UnmetObligation,
    impossible,
)
from engine.remedy.fill_row import NO_SUCH_ROW
from engine.remedy.row_drafts import RowDraft, computed
from evidence.register import BLANK_UNREADABLE
from evidence.table import CellState, Table, Typed
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Standing

_MOVES = (
    "A row in {} must be added first, and one with this date would change the period. Add one with"
    " an earlier date."
)


def new_rows(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """As many new rows of evidence as are lacking and, where the subject names its item, the
    change to the subject's row."""
    version, obligation, citations = unmet.version, unmet.obligation, unmet.citations
    # Of an obligation about an event those found so far count; of other patterns they may stop
    # to count, so none is relied on.
    counted = len(obligation.met_rows) if obligation.anchor == "event" else 0
    needed = needed_by(unmet, query) - counted
    if query.named_by_subject and needed > 1:
        return (impossible(query.register, ONE_ONLY),)
    if isinstance(version.pattern, Standing) and endless(version.pattern):
        return (impossible(query.register, NO_SUCH_ROW),)
    table = citations.table(query.register)
    asks, distinct, used = unmet.asks, query.distinct or "", list[Typed]()
    if distinct:
        asks = (*asks, Condition(column=distinct, filled=True))
        column = table.columns[distinct]
        used += [column.value[row] for name, row in obligation.met_rows if name == query.register]
    item = _item(unmet, query, table)
    found: list[Remedy] = []
    first: dict[Remedy, None] = {}
    for key in citations.new_keys(query.register, needed):
        values = {table.register.key: key, **item} if table.register.key else item
        fixed = frozenset({*values, *computed(table.register)})
        draft = RowDraft(
            table.register, unmet.as_of, citations, values, fixed, used=used, distinct=distinct
        )
        made = unmet.complete_row(draft, asks)
        if isinstance(made, Remedy):
            return (made,)
        used = [*used, made.values[distinct]] if distinct else used
        first |= dict.fromkeys(unmet.listed_first(made))
        again = f"Record it once more in {sheet_of(table)}."
        found.append(unmet.added(made, again if found else unmet.carry_out(query.register)))
    events = version.events if version.pattern.after_previous else None
    if events and any(each.register == events.register for each in first):
        # A row to be listed first would be the event before, after which the window opens.
        title = citations.table(events.register).register.title
        return (impossible(query.register, _MOVES.format(title)),)
    return (*first, *found, *_naming(unmet, query))


def needed_by(unmet: UnmetObligation, query: EvidenceQuery) -> int:
    """How many items it takes in all."""
    listed = unmet.version.events
    if listed is None or not query.needed_from:
        return query.needed
    column = unmet.table(listed.register).columns[query.needed_from]
    needed = column.value[unmet.obligation.event_row]
    assert isinstance(needed, int)
    return needed


def endless(pattern: Standing) -> bool:
    """Whether the rule asks for an end that no column can give."""
    return pattern.end_needed and not pattern.last_days


def _item(unmet: UnmetObligation, query: EvidenceQuery, table: Table) -> dict[str, Typed]:
    """What an item is dated by and about: its days, period, event and subject."""
    version, obligation = unmet.version, unmet.obligation
    values: dict[str, Typed] = {unmet.dated: unmet.as_of}
    if isinstance(version.pattern, Standing):
        names = version.pattern.last_days[::-1]
        needed = {
            column.name for column in table.register.columns if column.blank == BLANK_UNREADABLE
        }
        states = {name: CellState.BLANK if name in needed else CellState.NOTHING for name in names}
        values |= unmet.ends_ahead(names, states)
    if query.period and version.pattern.period_kind:
        values[query.period] = obligation.window
    for name, rows, row in (
        (query.event, version.events, obligation.event_row),
        (query.subject, version.population, obligation.subject_row),
    ):
        if name and rows:
            listed = unmet.table(rows.register)
            values[name] = listed.columns[listed.register.key or ""].raw[row]
    return values


def _naming(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """The change to the subject's own row, so that it names the new item."""
    subjects, name = unmet.version.population, query.named_by_subject
    if not name or subjects is None:
        return ()
    (key,) = unmet.citations.new_keys(query.register, 1)
    row = unmet.obligation.subject_row
    place = unmet.table(subjects.register).place(row, name)
    words = f"Then name it in {place.cell or f'row {place.row}'} of {place.sheet}."
    return (unmet.changed(subjects.register, row, words, {name: key}),)
