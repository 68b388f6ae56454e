"""Lists that are empty, and nil returns (semantics.md, cannot tell; Evidence; Nil
return)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.plain.conditions import listed
from engine.plain.days import last_day, read_label
from engine.plain.sheet import Sheets, normal
from rules.condition import Listing, NilReturn


def list_unanswered(sheets: Sheets, listing: Listing) -> bool:
    """Whether the list is empty where that is no fair answer and no nil return covers the day."""
    told = listed(sheets.of(listing.register), listing.asks)
    if listing.empty == "fair" or any(each is not False for each in told):
        return False
    nil = listing.nil_return
    return nil is None or not any(
        given.given_on <= sheets.as_of <= given.covers_to for given in nil_returns(sheets, nil)
    )


@dataclass(frozen=True, slots=True)
class Nil:
    """A whole nil return: its row, the period that it names, when it was given, and the last day
    of the next such period."""

    row: int
    period: str
    given_on: date
    covers_to: date


def nil_returns(sheets: Sheets, nil: NilReturn) -> tuple[Nil, ...]:
    """The nil returns for a list that are whole, and dated on or after their period's last day
    (semantics.md, Nil return)."""
    return sheets.once(("nil", nil), lambda: tuple(_nil_returns(sheets, nil)))


def _nil_returns(sheets: Sheets, nil: NilReturn) -> list[Nil]:
    sheet = sheets.of("nil returns")
    names = (sheet.keys("list"), sheet.keys("period"), sheet.keys("by post"))
    found: list[Nil] = []
    rows = zip(*names, sheet.days("given on"), strict=True)
    for row, (lists, periods, posts, given_on) in enumerate(rows):
        if not (lists and periods and any(posts)) or given_on is None:
            continue
        period = read_label(periods[0])
        if normal(lists[0]) != normal(nil.list) or not period or period[0] != nil.each:
            continue
        kind, number = period
        if given_on >= last_day(kind, number):
            found.append(Nil(row, periods[0], given_on, last_day(kind, number + 1)))
    return found
