"""From the obligations' statuses to those of the duties, the sections and the two lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.compile import DUTY, SECTION, WHOLE
from engine.duties import answering, worst
from engine.judge import Decide, Of, judge_totals
from engine.outcome import Status
from engine.ruleform import EngineFault
from rules.model import Rulebook

#: The two lists into which duties fall by who answers for them.
LISTS = ("office", "others")


@dataclass(frozen=True, slots=True)
class Totals:
    """The status of each duty by its id, of each section by its number, and of each list."""

    duties: Mapping[str, Status]
    sections: Mapping[str, Status]
    lists: Mapping[str, Status]


def totals(
    rulebook: Rulebook, statuses: Mapping[str, Sequence[Status]], decide: Decide | None
) -> Totals:
    """The worst of many, from the current ``statuses`` of the obligations of each duty
    (semantics.md, From obligations to duties, sections and the whole).

    It is read plainly. Where there is a rules engine it decides all of it too, asked once: each
    step from what the plain reading gives for the step below. Raises EngineFault where the two
    differ on any.
    """
    duties = {duty: worst(found) for duty, found in statuses.items()}
    above: dict[Of, list[Status]] = defaultdict(list, {(WHOLE, name): [] for name in LISTS})
    for duty, status in duties.items():
        above[SECTION, rulebook.sections[duty]].append(status)
        above[WHOLE, answering(rulebook, rulebook.duties[duty].bearer)].append(status)
    listed: dict[Of, Sequence[Status]] = {(DUTY, duty): found for duty, found in statuses.items()}
    listed |= above
    plain = {of: worst(found) for of, found in listed.items()}
    if decide is not None:
        decided = judge_totals({of: Counter(found) for of, found in listed.items()}, decide)
        _must_be(plain, decided)
    sections = {name: status for (kind, name), status in plain.items() if kind == SECTION}
    lists = {name: status for (kind, name), status in plain.items() if kind == WHOLE}
    return Totals(duties, sections, lists)


def _must_be(plain: Mapping[Of, Status], decided: Mapping[Of, Status]) -> None:
    odd = sorted(of for of in plain if plain[of] != decided.get(of))
    if odd:
        raise EngineFault(f"The worst status of {odd[0][1]} was decided in two ways.")
