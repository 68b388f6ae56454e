"""Findings about nil returns that have no effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from engine.columns.arrays import AllColumns, Columns
from engine.columns.periods import period_ends, period_kind, period_numbered, period_of
from engine.findings.noted import Noted, cell
from engine.proof.phrases import day_words
from evidence.cells.text import listed
from evidence.register import NIL_RETURNS, PeriodKind
from rules.model import Duty


def idle_nil_returns(
    columns: AllColumns, duties: Iterable[Duty], as_of_day: int
) -> Iterator[Noted]:
    """The nil returns that have no effect (semantics.md: Nil return)."""
    if NIL_RETURNS not in columns:
        return
    # The kinds of period for which the rules take a nil return, by its list.
    kinds: dict[str, set[PeriodKind]] = defaultdict(set)
    for version in (version for duty in duties for version in duty.versions):
        listings = (rows.nil_return for rows in (version.population, version.events) if rows)
        for nil in (version.pattern.nil, *listings):
            if nil is not None:
                kinds[nil.list].add(nil.each)
    control = columns[NIL_RETURNS]
    for row in range(len(control)):
        kind, words, column = _idle(control, row, kinds, as_of_day)
        if kind:
            yield Noted(kind, "", words, cell(NIL_RETURNS, row, column))


def _idle(
    control: Columns, row: int, kinds: Mapping[str, set[PeriodKind]], as_of_day: int
) -> tuple[str, str, str]:
    """The kind and the words of the finding about a nil return, with the column to point at; all ''
    if the nil return has an effect. The day of the nil return is looked at last."""
    blank = [n for n in ("list", "period", "by post", "given on") if not control.read(n)[row]]
    if blank:
        fill = listed([f"'{control.table.heading(row, name)}'" for name in blank])
        words = f"Incomplete, so it has no effect. Fill in {fill}."
        return "Nil return incomplete", words, blank[0]
    list_, label = (str(control.values(name)[row]) for name in ("list", "period"))
    day, kind = int(control.days("given on")[row]), period_kind(label)
    accepted = sorted(kinds.get(list_, ()))
    if accepted and kind not in accepted:
        others = [f"a {other}, such as {_last_before(other, day)}" for other in accepted]
        heading = control.table.heading(row, "period")
        words = (
            f"For a {kind}, so it has no effect. It must be for {listed(others, 'or')}. Enter that "
            f"in '{heading}'."
        )
        return "Nil return has no effect", words, "period"
    if day < period_ends(label):
        words = (
            "Given before its period ended, so it has no effect. Add a new row, dated after the"
            " period."
        )
        return "Nil return too early", words, "given on"
    if day > as_of_day:  # an item dated after D does not count (semantics.md: Evidence)
        words = (
            f"Dated {day_words(day)}, after the day of the check, so it has no effect yet. If it "
            "was given by the day of the check, correct the date in "
            f"'{control.table.heading(row, 'given on')}'."
        )
        return "Dated after the check", words, "given on"
    if not accepted:
        words = (
            f"No duty takes one for {list_}, so it has no effect. Correct "
            f"'{control.table.heading(row, 'list')}'."
        )
        return "Nil return has no effect", words, "list"
    return "", "", ""


def _last_before(kind: PeriodKind, day: int) -> str:
    """The last period of a kind that ends by a day."""
    label = period_of(kind, day)
    return label if period_ends(label) == day else period_numbered(label, -1)
