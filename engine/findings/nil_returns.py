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
        finding = _finding(control, row, kinds, as_of_day)
        if finding is not None:
            yield finding


def _finding(
    control: Columns, row: int, kinds: Mapping[str, set[PeriodKind]], as_of_day: int
) -> Noted | None:
    """The finding about a nil return; None if it has an effect. ``kinds`` are the kinds of period
    that the rules accept for each list. The day of the nil return is looked at last."""

    def finding(kind: str, column: str, words: str) -> Noted:
        return Noted(kind, "", words, cell(NIL_RETURNS, row, column))

    def heading(column: str) -> str:
        return f"'{control.table.heading(row, column)}'"

    blank = [n for n in ("list", "period", "by post", "given on") if not control.read(n)[row]]
    if blank:
        words = f"Incomplete, so it has no effect. Fill in {listed(list(map(heading, blank)))}."
        return finding("Nil return incomplete", blank[0], words)
    listing = str(control.values("list")[row])
    label = str(control.values("period")[row])
    day = int(control.days("given on")[row])
    period = period_kind(label)
    accepted = sorted(kinds.get(listing, ()))
    if accepted and period not in accepted:
        others = [f"a {other}, such as {_last_before(other, day)}" for other in accepted]
        words = (
            f"For a {period}, so it has no effect. It must be for {listed(others, 'or')}. Enter "
            f"that in {heading('period')}."
        )
        return finding("Nil return has no effect", "period", words)
    if day < period_ends(label):
        words = (
            "Given before its period ended, so it has no effect. Add a new row, dated after the"
            " period."
        )
        return finding("Nil return too early", "given on", words)
    if day > as_of_day:  # an item dated after D does not count (semantics.md: Evidence)
        words = (
            f"Dated {day_words(day)}, after the day of the check, so it has no effect yet. If it "
            f"was given by the day of the check, correct the date in {heading('given on')}."
        )
        return finding("Dated after the check", "given on", words)
    if not accepted:
        words = f"No duty takes one for {listing}, so it has no effect. Correct {heading('list')}."
        return finding("Nil return has no effect", "list", words)
    return None


def _last_before(kind: PeriodKind, day: int) -> str:
    """The last period of a kind that ends by a day."""
    label = period_of(kind, day)
    return label if period_ends(label) == day else period_numbered(label, -1)
