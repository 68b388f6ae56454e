"""Made-up cases by the thousand through both evaluators: what was tried, and where they differ.

``python -m tests.campaign SEED COUNT`` runs one and prints the mix.
"""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from dataclasses import dataclass, field

from engine.agree import differences
from engine.outcome import Answer
from tests.support.case_generator import Case, at_edge, case, recorded
from tests.support.judged_cases import plain_answers, vectorised_answers

#: The days that every campaign must try.
MOST_DAYS = ("opens", "deadline", "day after", "29 February")
_BATCH = 350


@dataclass(slots=True)
class Tally:
    """What a campaign tried: current obligations by status, cases by pattern, days by kind."""

    cases: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    patterns: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def run(seed: int, count: int) -> Tally:
    """``count`` cases from ``seed`` on, each on an edge of its windows more often than not."""
    tally = Tally()
    for start in range(seed, seed + count, _BATCH):
        given = [_on_edge(each) for each in range(start, min(start + _BATCH, seed + count))]
        for each, first in zip(given, vectorised_answers(given), strict=True):
            second = plain_answers(each)
            _count(tally, each, second)
            tally.differences += [f"case {each.seed}: {d}" for d in differences(first, second)]
    return tally


def _on_edge(seed: int) -> Case:
    given = case(seed)
    answers = plain_answers(given)
    edges = [day for answer in answers for day in (answer.opens, answer.deadline) if day]
    return recorded(at_edge(given, sorted(set(edges))))


def _count(tally: Tally, given: Case, answers: list[Answer]) -> None:
    tally.cases += 1
    tally.patterns[given.pattern] += 1
    current = [answer for answer in answers if answer.is_current]
    tally.statuses.update(each.status.value for each in current)
    day = given.as_of
    after = day - datetime.timedelta(days=1)
    tally.days["opens"] += any(each.opens == day for each in current)
    tally.days["deadline"] += any(each.deadline == day for each in current)
    tally.days["day after"] += any(each.deadline == after for each in current)
    tally.days["29 February"] += (day.month, day.day) == (2, 29)


def main(arguments: list[str]) -> int:
    """Runs a campaign and prints its mix; 1 where the evaluators differ."""
    tally = run(int(arguments[0]), int(arguments[1]))
    total = sum(tally.statuses.values())
    print(f"{tally.cases} cases, {total} current obligations, seed {arguments[0]}")
    for name, number in sorted(tally.statuses.items()):
        print(f"  {name}: {number} ({100 * number / total:.1f} %)")
    print(f"  patterns: {dict(sorted(tally.patterns.items()))}")
    print(f"  days: {dict(sorted(tally.days.items()))}")
    print(f"differences: {len(tally.differences)}")
    print("\n".join(tally.differences[:20]))
    return 1 if tally.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
