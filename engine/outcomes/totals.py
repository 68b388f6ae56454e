"""The statuses of duties, sections and the two lists, from those of their obligations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import LISTS
from engine.decision.duty_rules import DUTY_KIND, SECTION_KIND, WHOLE_KIND
from engine.decision.judge import Decide, Total, judge_totals
from engine.decision.rule import EngineFault
from engine.outcome import Status
from engine.outcomes.statuses import worst_status
from rules.model import Rulebook


@dataclass(frozen=True, slots=True)
class Totals:
    """The status of each duty by its id, of each section by its number, and of each list."""

    duties: Mapping[str, Status]
    sections: Mapping[str, Status]
    lists: Mapping[str, Status]


def totals(rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]]) -> Totals:
    """The worst status of each duty, section and list, from the current ``statuses`` of the
    obligations of each duty (semantics.md: From obligations to duties, sections and the whole)."""
    below = _statuses_below(rulebook, statuses)
    worst_of = {total: worst_status(parts) for total, parts in below.items()}
    duties, sections, lists = (
        {name: status for (kind, name), status in worst_of.items() if kind == level}
        for level in (DUTY_KIND, SECTION_KIND, WHOLE_KIND)
    )
    return Totals(duties, sections, lists)


def must_agree_on_totals(
    rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]], decide: Decide
) -> None:
    """Raises EngineFault if the rules engine decides any of the `totals` otherwise. It decides all
    of them in one call, each from the statuses that `totals` gives for the level below."""
    below = _statuses_below(rulebook, statuses)
    decided = judge_totals({total: Counter(parts) for total, parts in below.items()}, decide)
    for total, parts in sorted(below.items()):
        if worst_status(parts) != decided.get(total):
            raise EngineFault(f"The worst status of {total[1]} was decided in two ways.")


def _statuses_below(
    rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]]
) -> dict[Total, Sequence[Status]]:
    """The statuses of which each total is the worst."""
    of_duties = {(DUTY_KIND, duty): current for duty, current in statuses.items()}
    above: dict[Total, list[Status]] = defaultdict(list, {(WHOLE_KIND, name): [] for name in LISTS})
    for duty, current in statuses.items():
        status = worst_status(current)
        bearer = rulebook.duties[duty].bearer
        above[SECTION_KIND, rulebook.sections[duty]].append(status)
        above[WHOLE_KIND, rulebook.book.list_of(bearer)].append(status)
    return {**of_duties, **above}
