"""What to write where a row has to name another one that the program looks up itself: the latest of
a kind, or one of a fitting day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.proof.unmet_words import unread_cells_told
from engine.remedy.fill_row import NO_SUCH_ROW, fill, new_listed
from engine.remedy.row_drafts import RowDraft, texts_in
from evidence.cells.text import normal_key
from evidence.links.latest import Issue, Issues, days_by_key
from evidence.register import ColumnSpec, DayOf, Latest
from evidence.table import Typed
from rules.condition import Ask, Condition, columns_of, conditions_of

_UNREAD = "First correct {}. Until then it is not clear which row is the latest."
_NONE = "The '{}' sheet has none that was issued by then, and one must be named here."


def latest_linked(draft: RowDraft, asks: Sequence[Ask]) -> tuple[RowDraft, tuple[Ask, ...]] | str:
    """The draft with the key of the latest row wherever a column that the program fills is to say
    so, and what else is asked; where no row can be named, why not, as a sentence."""
    rest: list[Ask] = []
    for ask in asks:
        latest = draft.spec.column(ask.column).latest if isinstance(ask, Condition) else None
        if latest is None or not isinstance(ask, Condition):
            rest.append(ask)
        elif not draft.holds(ask):
            named = _naming_latest(draft, latest)
            if isinstance(named, str):
                return named
            key, before = named.values[latest.key], draft.values.get(latest.key)
            fixed = latest.key in draft.fixed and normal_key(str(before)) != normal_key(str(key))
            if fixed or not ask.is_:
                return NO_SUCH_ROW
            draft = replace(named, fixed=draft.fixed | {latest.key, latest.by})
    return draft, tuple(rest)


def _naming_latest(draft: RowDraft, latest: Latest) -> RowDraft | str:
    """The draft that names the latest row, or a new one of its day; or why there is none."""
    table, by = draft.citations.table(latest.within), draft.values.get(latest.by, draft.day)
    issued: tuple[Issue, ...] = ()
    if isinstance(by, datetime.date):
        issues = Issues(table, latest)
        last = issues.latest_by(by)
        if last is None:
            return _UNREAD.format(unread_cells_told(table, latest, issues.unread_by(by)))
        issued = last
    if issued:
        return draft.put({latest.key: max(each.written for each in issued), latest.by: by})
    if by == draft.day:
        (key,) = draft.citations.new_keys(table.register.id, 1)
        kind = Condition(column=latest.kind, equals=latest.of)
        first = new_listed(draft, table.register, key, (kind,), latest.issued)
        if first is not None:
            return draft.after(first).put({latest.key: first.key, latest.by: by})
    return _NONE.format(table.register.title)


# Days of rows that keys name --------------------------------------------------------------------


def fill_with_days(draft: RowDraft, asks: Sequence[Ask]) -> RowDraft | None:
    """``fill_row.fill``, also where the day of a row that a key names is asked about: the
    draft names the latest row that fits or, where none does, a new one of the draft's day, to be
    listed first."""
    of_days = {spec.name: spec.day_of for spec in draft.spec.columns if spec.day_of is not None}
    asked = {*columns_of(asks), *draft.values}
    days = [(draft.spec.column(name), of) for name, of in of_days.items() if name in asked]
    made = _fill(draft, asks, days)
    if made is None:
        return None
    # Such a day is in no sheet: it is as the row has it now, or is left out.
    values = {name: value for name, value in made.values.items() if name not in of_days}
    before = draft.values
    kept = (name for name, of in of_days.items() if name in before and of.key in before)
    return replace(made, values=values | {name: before[name] for name in kept})


def _fill(
    draft: RowDraft, asks: Sequence[Ask], days: Sequence[tuple[ColumnSpec, DayOf]]
) -> RowDraft | None:
    if not days:
        return fill(draft, asks)
    (spec, of), *rest = days
    tried = (_fill(each, asks, rest) for each in _naming_of_a_day(draft, asks, spec, of))
    return next((each for each in tried if each is not None), None)


def _naming_of_a_day(
    draft: RowDraft, asks: Sequence[Ask], spec: ColumnSpec, of: DayOf
) -> Iterator[RowDraft]:
    """The draft as it is, and with each key that it may name, each with the day that follows."""

    def naming(key: Typed, day: Typed) -> RowDraft:
        return replace(draft.put({of.key: key, spec.name: day}), fixed=fixed)

    fixed = draft.fixed | {of.key, spec.name}
    within = draft.citations.table(of.within)
    days = {key: day for key, (_, day, _) in days_by_key(within, of.day).items()}
    stands, wanted = texts_in(draft.values.get(of.key)), draft.values.get(spec.name)
    for key in stands:
        yield naming(draft.values[of.key], days.get(normal_key(key)))
    if of.key in draft.fixed:
        return
    filled = (each for each in conditions_of(asks) if each.column == of.key and each.filled)
    where = tuple(asked for each in filled for asked in each.where)
    fits = None if stands else wanted
    for key in draft.citations.counting(draft.spec.column(of.key), where, draft.day):
        day = days.get(normal_key(key))
        if day is not None and fits in (None, day):
            yield naming(key, day)
    for key in draft.citations.new_keys(of.within, 1) if within.found else ():
        new = new_listed(draft, within.register, key, where, of.day)
        if new is not None and fits in (None, draft.day):
            yield naming(key, draft.day).after(new)
