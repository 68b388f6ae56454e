"""What is observed of every duty, and what the rules engine is asked about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple

from engine.columns.arrays import AllColumns
from engine.columns.days import NO_DAY, Ints
from engine.decision.duty_rules import rules_of
from engine.decision.judge import Decide, Verdict, judge
from engine.decision.rule import Rule, Situation
from engine.frames.scope import Scope
from engine.frames.situations import Observed, distinct, observe
from engine.frames.waivers import waiver_rows
from rules.model import Rulebook
from rules.resolve import resolve


def observe_all(
    rulebook: Rulebook,
    columns: AllColumns,
    as_of: datetime.date,
    tick: Callable[[], None],
    records_begin: datetime.date | None = None,
) -> list[tuple[Scope, Observed]]:
    """What is observed of every duty in force on D, in the rulebook's order."""
    records = records_begin.toordinal() if records_begin else NO_DAY
    waivers = waiver_rows(columns)
    kept: dict[object, object] = {}
    found = []
    for duty_id in rulebook.duties:
        duty = resolve(rulebook, duty_id)
        if duty.holds(as_of):
            day = as_of.toordinal()
            scope = Scope(duty, columns, day, kept, records)  # type: ignore[arg-type]
            found.append((scope, observe(scope, waivers)))
            tick()
    return found


class Question(NamedTuple):
    """What the rules engine is asked: the rules of every duty, the distinct situations, and for
    each duty which of them its obligations are in."""

    rules: list[Rule]
    situations: list[Situation]
    places: list[Ints]

    def put(self, decide: Decide) -> list[Verdict]:
        """The verdict on each situation; raises as `judge` does."""
        return judge(self.rules, self.situations, decide)


def to_decide(found: Sequence[tuple[Scope, Observed]]) -> Question:
    """What is to be decided of all that was observed."""
    rules: list[Rule] = []
    situations: list[Situation] = []
    places = []
    for key, (scope, observed) in enumerate(found, start=1):
        rules += rules_of(scope.duty, scope.current, key)
        mine, numbers = distinct(observed.table, key)
        places.append(numbers + len(situations))
        situations += mine
    return Question(rules, situations, places)
