"""From the obligations' statuses to those of the duties, the sections and the two lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.decision.duty_rules import DUTY_KIND, SECTION_KIND, WHOLE_KIND
from engine.decision.judge import Decide, Of, judge_totals
from engine.decision.rule import EngineFault
from engine.outcome import Status
from engine.outcomes.duties import answering_list, worst_status
from rules.model import Rulebook

#: The two lists into which duties fall by who answers for them.
LISTS = ("office", "others")


@dataclass(frozen=True, slots=True)
class Totals:
    """The status of each duty by its id, of each section by its number, and of each list."""

    duties: Mapping[str, Status]
    sections: Mapping[str, Status]
    lists: Mapping[str, Status]


def totals(rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]]) -> Totals:
    """The worst status of each duty, section and list, from the current ``statuses`` of the
    obligations of each duty (semantics.md: From obligations to duties, sections and the whole)."""
    worst_of = {total: worst_status(parts) for total, parts in _listed(rulebook, statuses).items()}
    duties, sections, lists = (
        {name: status for (kind, name), status in worst_of.items() if kind == level}
        for level in (DUTY_KIND, SECTION_KIND, WHOLE_KIND)
    )
    return Totals(duties, sections, lists)


def must_decide_alike(
    rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]], decide: Decide
) -> None:
    """Raises EngineFault where the rules engine decides any of the `totals` otherwise. It decides
    all of them in one call, each from the statuses that `totals` gives for the level below."""
    listed = _listed(rulebook, statuses)
    decided = judge_totals({of: Counter(parts) for of, parts in listed.items()}, decide)
    different = sorted(of for of, parts in listed.items() if worst_status(parts) != decided.get(of))
    if different:
        raise EngineFault(f"The worst status of {different[0][1]} was decided in two ways.")


def _listed(
    rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]]
) -> dict[Of, Sequence[Status]]:
    """The statuses below each total, which is the worst of them."""
    duties = {duty: worst_status(current) for duty, current in statuses.items()}
    above: dict[Of, list[Status]] = defaultdict(list, {(WHOLE_KIND, name): [] for name in LISTS})
    for duty, status in duties.items():
        above[SECTION_KIND, rulebook.sections[duty]].append(status)
        above[WHOLE_KIND, answering_list(rulebook, rulebook.duties[duty].bearer)].append(status)
    return {**{(DUTY_KIND, duty): current for duty, current in statuses.items()}, **above}
