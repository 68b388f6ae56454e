"""New rows that would meet an obligation: how many, what each is about, and its day."""

from __future__ import annotations

from engine.assessment import Remedy
from engine.obligation import Anchor
from engine.remedy.build import ONE_ONLY, UnmetObligation, impossible
from engine.remedy.fill import NO_SUCH_ROW
from engine.remedy.row_draft import RowDraft, Values
from evidence.register import BLANK_UNREADABLE
from evidence.table import CellState, Typed
from rules.condition import Listing
from rules.patterns import EvidenceQuery, Standing

_MOVES = (
    "A row in {} must be added first, and one with this date would change the period. Add one with"
    " an earlier date."
)


def new_rows(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """As many new rows of evidence as the obligation lacks and, if the subject's own row names its
    item, the change to that row."""
    version = unmet.version
    obligation = unmet.obligation
    citations = unmet.citations
    # The rows of an obligation about an event still count when another is added; those of other
    # patterns may not, so none of them is relied on.
    counted = len(obligation.met_rows) if obligation.anchor is Anchor.EVENT else 0
    needed = needed_by(unmet, query) - counted
    if query.named_by_subject and needed > 1:
        return (impossible(query.register, ONE_ONLY),)
    if isinstance(version.pattern, Standing) and endless(version.pattern):
        return (impossible(query.register, NO_SUCH_ROW),)
    table = citations.table(query.register)
    distinct = query.distinct or ""
    used: list[Typed] = []
    if distinct:
        column = table.columns[distinct]
        used += [column.value[row] for name, row in obligation.met_rows if name == query.register]
    item = _item(unmet)
    rows: list[Remedy] = []
    first: dict[Remedy, None] = {}
    for key in citations.new_keys(query.register, needed):
        values = {table.register.key: key, **item} if table.register.key else item
        draft = RowDraft.new(
            table.register,
            unmet.as_of,
            citations,
            values,
            unmet.asks,
            distinct=distinct,
            used=used,
        )
        row = unmet.complete_row(draft)
        if isinstance(row, Remedy):
            return (row,)
        used = [*used, row.values[distinct]] if distinct else used
        first |= dict.fromkeys(unmet.listed_first(row))
        rows.append(unmet.added(row, "Record it once more." if rows else unmet.carry_out_words))
    events = version.events if version.pattern.after_previous else None
    if events and any(remedy.register == events.register for remedy in first):
        # A row to be listed first would be the event before, after which the window opens.
        title = citations.table(events.register).register.title
        return (impossible(query.register, _MOVES.format(title)),)
    return (*first, *rows, *_naming(unmet, query))


def needed_by(unmet: UnmetObligation, query: EvidenceQuery) -> int:
    """How many items the obligation takes in all."""
    events = unmet.version.events
    if events is None or not query.needed_from:
        return query.needed
    column = unmet.table(events.register).columns[query.needed_from]
    needed = column.value[unmet.obligation.event_row]
    assert isinstance(needed, int)
    return needed


def endless(pattern: Standing) -> bool:
    """Whether the rule requires an end that no column can give."""
    return pattern.end_needed and not pattern.last_days


def named_cells(*cells: tuple[str | None, Typed]) -> dict[str, Typed]:
    """The cells that have both a column and a value."""
    return {name: value for name, value in cells if name and value}


def _item(unmet: UnmetObligation) -> dict[str, Typed]:
    """The days, the period, the event and the subject of a new item."""
    version = unmet.version
    obligation = unmet.obligation
    query = unmet.version.query
    ends: Values = {}
    if isinstance(version.pattern, Standing):
        spec = unmet.table(query.register).register
        names = version.pattern.last_days[::-1]
        blanks = {name: spec.column(name).blank == BLANK_UNREADABLE for name in names}
        states = {n: CellState.BLANK if blanks[n] else CellState.NOTHING for n in names}
        ends = unmet.ends_ahead(names, states)

    def key(rows: Listing | None, row: int) -> str:
        table = unmet.table(rows.register) if rows and row >= 0 else None
        return table.columns[table.register.key or ""].raw[row] if table is not None else ""

    return named_cells(
        (unmet.dated, unmet.as_of),
        *ends.items(),
        (query.period, obligation.window if version.pattern.period_kind else ""),
        (query.event, key(version.events, obligation.event_row)),
        (query.subject, key(version.population, obligation.subject_row)),
    )


def _naming(unmet: UnmetObligation, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """The change to the subject's own row, so that it names the new item."""
    subjects = unmet.version.population
    name = query.named_by_subject
    if not name or subjects is None:
        return ()
    (key,) = unmet.citations.new_keys(query.register, 1)
    row = unmet.obligation.subject_row
    place = unmet.table(subjects.register).place(row, name)
    words = f"Then name it in {place.cell or 'the row that is about it'}."
    table = unmet.table(subjects.register)
    draft = unmet.draft_of(table, row, {name: key}, (), ())
    return (unmet.changed(draft, row, words),)
