"""Findings about nil returns that do nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.columns.arrays import AllColumns, Columns
from engine.columns.nil_returns import REGISTER as NIL_RETURNS
from engine.columns.periods import period_ends, period_kind, period_numbered, period_of
from engine.findings.noted import Noted, at
from engine.proof.phrases import day_words
from evidence.cells.text import listed
from evidence.register import PeriodKind
from rules.model import Duty


def idle_nil_returns(
    columns: AllColumns, duties: Iterable[Duty], as_of_day: int
) -> Iterator[Noted]:
    """The nil returns that do nothing (semantics.md, Nil return), each once."""
    kinds = _kinds_asked(duties)
    for row in range(len(columns[NIL_RETURNS]) if NIL_RETURNS in columns else 0):
        idle = _idle(columns[NIL_RETURNS], row, kinds, as_of_day)
        if idle:
            yield idle


def _kinds_asked(duties: Iterable[Duty]) -> dict[str, set[PeriodKind]]:
    """The kinds of period for which the rules take a nil return, by its list."""
    found: dict[str, set[PeriodKind]] = {}
    for version in (version for duty in duties for version in duty.versions):
        lists = (each.nil_return for each in (version.population, version.events) if each)
        for nil in (version.pattern.nil, *lists):
            if nil is not None:
                found.setdefault(nil.list, set()).add(nil.each)
    return found


def _idle(
    control: Columns, row: int, kinds: Mapping[str, set[PeriodKind]], as_of_day: int
) -> Noted | None:
    """Why a nil return does nothing, if it does, with the cell to point at. What it lacks comes
    first, and its day last."""
    names = [n for n in ("list", "period", "by post", "given on") if not control.read(n)[row]]
    if names:
        fill = listed([f"'{control.table.heading(row, name)}'" for name in names])
        words = f"This nil return is incomplete and has no effect. Fill in {fill}."
        return Noted("nil return incomplete", "", words, at(NIL_RETURNS, row, names[0]))
    list_, label = (str(control.values(name)[row]) for name in ("list", "period"))
    day, kind = int(control.days("given on")[row]), period_kind(label)
    asked = sorted(kinds.get(list_, ()))
    if asked and kind not in asked:
        others = [f"a {each}, such as {_last_before(each, day)}" for each in asked]
        words = (
            f"This nil return has no effect: {label} is a {kind}, and a nil return for {list_} "
            f"must be for {listed(others, 'or')}. Enter that in 'period'."
        )
        return Noted("nil return for no duty", "", words, at(NIL_RETURNS, row, "period"))
    if day < period_ends(label):
        words = (
            "This nil return was given before its period ended, so it has no effect. Give it again."
        )
        return Noted("nil return too early", "", words, at(NIL_RETURNS, row, "given on"))
    if day > as_of_day:  # an item dated after D does not count (semantics.md, Evidence)
        words = (
            f"Dated {day_words(day)}, after the day of the check, so this nil return has no effect "
            "yet. If it was given by the day of the check, correct the date in 'given on'."
        )
        return Noted("dated after the check", "", words, at(NIL_RETURNS, row, "given on"))
    if not asked:
        words = f"This nil return has no effect: no duty takes one for {list_}. Correct 'list'."
        return Noted("nil return for no duty", "", words, at(NIL_RETURNS, row, "list"))
    return None


def _last_before(kind: PeriodKind, day: int) -> str:
    """The last period of a kind that is over, or ends, on a day."""
    label = period_of(kind, day)
    return label if period_ends(label) == day else period_numbered(label, -1)
