"""What to write where the day of a row that a key names has to fit, as the program looks it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.remedy.fill_row import fill, new_listed
from engine.remedy.row_drafts import RowDraft, Values, texts_in
from evidence.cells.text import normal_key
from evidence.links.latest import days_by_key
from evidence.register import ColumnSpec, DayOf
from evidence.table import Typed
from rules.condition import Ask, Condition


def fill_with_days(draft: RowDraft, asks: Sequence[Ask]) -> RowDraft | None:
    """``fill_row.fill``, also where the day of a row that a key names is asked about: the
    draft names the latest row that fits or, where none does, a new one of the draft's day, to be
    listed first."""
    made = _fill(draft, asks, _days_asked(draft, asks))
    return None if made is None else replace(made, values=_typed_in(made, draft.values))


def _days_asked(draft: RowDraft, asks: Sequence[Ask]) -> list[tuple[ColumnSpec, DayOf]]:
    """The columns of such days that a condition compares or that are to hold a given day."""
    named = {name for each in _single(asks) for name in (each.column, each.on_or_before)}
    return [
        (spec, spec.day_of)
        for spec in draft.spec.columns
        if spec.day_of is not None and (spec.name in named or spec.name in draft.values)
    ]


def _single(asks: Sequence[Ask]) -> Iterator[Condition]:
    for ask in asks:
        yield from ask.alternatives


def _typed_in(made: RowDraft, before: Values) -> Values:
    """The values of a draft, where each of these days is as the row has it now, or is left out: it
    stands in no sheet."""
    of = {spec.name: spec.day_of for spec in made.spec.columns if spec.day_of is not None}
    values = {name: value for name, value in made.values.items() if name not in of}
    kept = (name for name, day_of in of.items() if name in before and day_of.key in before)
    return values | {name: before[name] for name in kept}


def _fill(
    draft: RowDraft, asks: Sequence[Ask], days: Sequence[tuple[ColumnSpec, DayOf]]
) -> RowDraft | None:
    if not days:
        return fill(draft, asks)
    (spec, of), *rest = days
    tried = (_fill(each, asks, rest) for each in _naming(draft, asks, spec, of))
    return next((each for each in tried if each is not None), None)


def _naming(
    draft: RowDraft, asks: Sequence[Ask], spec: ColumnSpec, of: DayOf
) -> Iterator[RowDraft]:
    """The draft as it is, and with each key that it may name, each with the day that follows."""
    within = draft.citations.table(of.within)
    days = {key: day for key, (_, day, _) in days_by_key(within, of.day).items()}
    stands, wanted = texts_in(draft.values.get(of.key)), draft.values.get(spec.name)
    for key in stands:
        yield _with(draft, spec, of, draft.values[of.key], days.get(normal_key(key)))
    if of.key in draft.fixed:
        return
    filled = (each for each in _single(asks) if each.column == of.key and each.filled)
    where = tuple(asked for each in filled for asked in each.where)
    fits = None if stands else wanted
    for key in draft.citations.counting(draft.spec.column(of.key), where, draft.day):
        day = days.get(normal_key(key))
        if day is not None and fits in (None, day):
            yield _with(draft, spec, of, key, day)
    for key in draft.citations.new_keys(of.within, 1) if within.found else ():
        new = new_listed(draft, within.register, key, where, of.day)
        if new is not None and fits in (None, draft.day):
            yield _with(draft, spec, of, key, draft.day).after(new)


def _with(draft: RowDraft, spec: ColumnSpec, of: DayOf, key: Typed, day: Typed) -> RowDraft:
    """The draft that names this key, whose row is of this day."""
    named = draft.put({of.key: key, spec.name: day})
    return replace(named, fixed=draft.fixed | {of.key, spec.name})
