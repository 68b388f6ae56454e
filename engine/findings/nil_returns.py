"""Findings about nil returns that do nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from engine.columns.arrays import AllColumns, Columns
from engine.columns.nil_returns import REGISTER as NIL_RETURNS
from engine.columns.periods import period_ends, period_kind, period_numbered, period_of
from engine.findings.evidence import Noted
from engine.outcome import ItemRef
from engine.proof.phrases import day_words
from evidence.cells.text import listed
from evidence.register import PeriodKind
from rules.model import Duty


def idle_nil_returns(columns: AllColumns, duties: Iterable[Duty], on_day: int) -> list[Noted]:
    """The nil returns that do nothing (semantics.md, Nil return), each once: with what it lacks
    first, and its day last."""
    if NIL_RETURNS not in columns:
        return []
    control, kinds = columns[NIL_RETURNS], _kinds_asked(duties)
    checks = (
        _incomplete,
        partial(_other_kind, kinds),
        _too_early,
        partial(_later, on_day),
        partial(_no_duty, kinds),
    )
    noted = (
        next((found for check in checks if (found := check(control, row))), None)
        for row in range(len(control))
    )
    return [each for each in noted if each]


def _places(row: int, column: str) -> tuple[tuple[ItemRef, str], ...]:
    return ((ItemRef(NIL_RETURNS, row), column),)


def _incomplete(control: Columns, row: int) -> Noted | None:
    names = [n for n in ("list", "period", "by post", "given on") if not control.read(n)[row]]
    if not names:
        return None
    asked = listed([f"'{name}'" for name in names])
    words = f"This nil return does nothing: fill in {asked}."
    return Noted("nil return incomplete", "", words, _places(row, names[0]))


def _kinds_asked(duties: Iterable[Duty]) -> dict[str, set[PeriodKind]]:
    """The kinds of period for which the rules take a nil return, by its list."""
    found: dict[str, set[PeriodKind]] = {}
    for version in (version for duty in duties for version in duty.versions):
        lists = (each.nil_return for each in (version.population, version.events) if each)
        for nil in (version.pattern.nil, *lists):
            if nil is not None:
                found.setdefault(nil.list, set()).add(nil.each)
    return found


def _other_kind(kinds: Mapping[str, set[PeriodKind]], control: Columns, row: int) -> Noted | None:
    """That every rule that takes a nil return on its list asks for another kind of period."""
    list_, label = (str(control.values(name)[row]) for name in ("list", "period"))
    kind, asked = period_kind(label), sorted(kinds.get(list_, ()))
    if kind in asked or not asked:
        return None
    day = control.days("given on")[row]
    others = [f"a {each}, such as {_last_before(each, int(day))}" for each in asked]
    words = (
        f"This nil return does nothing: {label} is a {kind}, and a nil return on {list_} is for "
        f"{listed(others, 'or')}. Write that in 'period'."
    )
    return Noted("nil return for no duty", "", words, _places(row, "period"))


def _no_duty(kinds: Mapping[str, set[PeriodKind]], control: Columns, row: int) -> Noted | None:
    list_ = str(control.values("list")[row])
    words = f"This nil return does nothing: no duty takes one on {list_}. Correct 'list'."
    if list_ in kinds:
        return None
    return Noted("nil return for no duty", "", words, _places(row, "list"))


def _last_before(kind: PeriodKind, day: int) -> str:
    """The last period of a kind that is over, or ends, on a day."""
    label = period_of(kind, day)
    return label if period_ends(label) == day else period_numbered(label, -1)


def _too_early(control: Columns, row: int) -> Noted | None:
    if control.days("given on")[row] >= period_ends(str(control.values("period")[row])):
        return None
    words = "Given before its period was over, so it does nothing: give it again."
    return Noted("nil return too early", "", words, _places(row, "given on"))


def _later(on_day: int, control: Columns, row: int) -> Noted | None:
    """An item dated after D does not count, and is a finding (semantics.md, Evidence)."""
    day = int(control.days("given on")[row])
    if day <= on_day:
        return None
    words = (
        f"Dated {day_words(day)}, after the day of the check, so this nil return does nothing yet. "
        "If it was given by then, write that day in 'given on'."
    )
    return Noted("dated after the check", "", words, _places(row, "given on"))
