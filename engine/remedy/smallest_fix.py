"""The smallest fix of each obligation that is due or overdue, tried on a copy before it is shown.

Every set of remedies is written into a copy of the evidence and judged by the second evaluator:
with all of it the obligation is met (late or not), and with any one part left out it is not. A
part without which it is met all the same is left out of the fix (semantics.md, What must always
hold, 7). Obligations that no one row can be about both of are tried together.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from engine.assessment import Remedy
from engine.columns.days import as_date
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, ObligationKey, Past, Status
from engine.plain.evaluate import evaluate_duty
from engine.remedy.build import impossible
from engine.remedy.evidence_slice import EvidenceSlicer
from engine.remedy.repairs import Repair
from engine.remedy.trial_copy import EvidenceCopy, Part, parts_of, renamed, without
from evidence.table import Evidence
from rules.model import Rulebook

NOT_VERIFIED = (
    "No fix could be verified: nothing that was tried on a copy of the evidence would meet it."
)

#: So many sets of one duty are tried one by one at the most; a set that is like others in all but
#: names and days then stands or falls with them.
ONE_BY_ONE = 300

#: So many rows are judged at the most while they are: these, or so many times the duty's own; no
#: more than half of them for repairs. One of a kind that was not tried yet is tried all the same.
_ROWS, _TIMES = 60_000, 8


@dataclass(frozen=True, slots=True)
class ProposedFix:
    """An obligation that is not met, and what may meet it: repairs of rows that are there, which
    are tried first, and the ``remedies`` that do without one."""

    answer: Answer
    obligation: Obligation
    remedies: tuple[Remedy, ...]
    repairs: tuple[Repair, ...] = ()


@dataclass(slots=True, eq=False)
class _FixTrial:
    """One obligation while a fix of it, which may be one repair, is tried part by part."""

    answer: Answer
    obligation: Obligation
    remedies: tuple[Remedy, ...]
    parts: Sequence[Part]
    repair: Repair | None = None
    needless: set[Part] = field(default_factory=set)
    failed: bool = False

    def fix(self, *left_out: Part) -> tuple[Remedy, ...]:
        return without(self.remedies, self.needless | set(left_out))

    def is_left(self, part: Part) -> bool:
        """Whether the part is still in the fix."""
        return self.needless.isdisjoint((part, Part(part.remedy)))

    @property
    def kind(self) -> object:
        """What its remedies are like but for names and days."""
        written = tuple(
            (remedy.register, bool(remedy.row), tuple(cell.column for cell in remedy.cells))
            for remedy in self.remedies
        )
        return self.obligation.version, self.obligation.member, self.answer.status, written

    def take_from(self, like: _FixTrial | None) -> None:
        """Stands or falls with one of its kind."""
        self.failed = like is None or like.failed
        self.needless = set() if like is None else set(like.needless)


class Fixer:
    """Verifies the fixes of one duty."""

    def __init__(self, scope: Scope, evidence: Evidence, rulebook: Rulebook) -> None:
        self._scope = scope
        self._rulebook = rulebook
        self._slicer = EvidenceSlicer(scope, evidence)
        self._day = datetime.date.fromordinal(scope.as_of_day)
        self._records_begin = as_date(scope.records_begin)
        self._allowed = max(_ROWS, _TIMES * _rows_of(self._slicer.whole()))
        self._judged = 0
        begun = [version.version for version in scope.duty.versions[: scope.current + 1]]
        lists = [(each.population, each.events, each.applies) for each in begun]
        listing = {rows.register for rows in chain.from_iterable(lists) if rows}
        evidence_in = {each.evidence.register for each in begun if each.evidence}
        # Whether a new row of evidence may be a new event or subject of the duty too.
        self._lists_evidence = not listing.isdisjoint(evidence_in)
        queries = (version.version.evidence for version in scope.duty.versions)
        self._periods = {
            query.period or "" for query in queries if query
        }  # they say which row is new

    def fixes(self, unmet: Sequence[ProposedFix]) -> list[tuple[Remedy, ...]]:
        """For each obligation its smallest fix: a repair that meets it, or else its remedies; or
        what these say where it cannot be made good; or that no fix could be verified."""
        found = self._repaired(unmet)
        left = {at: each for at, each in enumerate(unmet) if at not in found}
        possible = {at: each for at, each in left.items() if all(r.possible for r in each.remedies)}
        trials = {at: self._trial(each, each.remedies) for at, each in possible.items()}
        self._make_good(trials.values())
        found |= {at: each.remedies for at, each in left.items()}
        for at, each in trials.items():
            never = impossible(each.remedies[0].register, NOT_VERIFIED)
            found[at] = (never,) if each.failed else each.fix()
        return [found[at] for at in range(len(unmet))]

    def _repaired(self, unmet: Sequence[ProposedFix]) -> dict[int, tuple[Remedy, ...]]:
        """The repairs that meet their obligations, by the place of these; each is tried itself."""
        found: dict[int, tuple[Remedy, ...]] = {}
        for number in range(max((len(each.repairs) for each in unmet), default=0)):
            tried = {
                at: self._trial(each, (each.repairs[number].remedy,), each.repairs[number])
                for at, each in enumerate(unmet)
                if at not in found and number < len(each.repairs)
            }
            for batch in self._batches(tried.values()):
                if self._judged < self._allowed // 2:
                    self._try_together(batch)
                else:
                    for each in batch:
                        each.failed = True
            found |= {at: each.fix() for at, each in tried.items() if not each.failed}
        return found

    def _trial(
        self, unmet: ProposedFix, remedies: tuple[Remedy, ...], repair: Repair | None = None
    ) -> _FixTrial:
        parts = parts_of(remedies, self._rulebook.registers, self._periods)
        return _FixTrial(unmet.answer, unmet.obligation, remedies, parts, repair)

    def _make_good(self, trials: Iterable[_FixTrial]) -> None:
        """Tries fixes that repair no row of evidence, one by one as long as that may go on."""
        kinds: dict[object, _FixTrial] = {}
        for number, batch in enumerate(self._batches(trials)):
            one_by_one = number < ONE_BY_ONE
            seen = set() if self._may_go_on else set(kinds)
            self._verify([each for each in batch if one_by_one and each.kind not in seen], kinds)
            for each in batch:
                if not one_by_one or each.kind in seen:
                    each.take_from(kinds.get(each.kind))

    # Which are tried together -------------------------------------------------------------------

    def _batches(self, trials: Iterable[_FixTrial]) -> list[list[_FixTrial]]:
        """Sets of those that one version judges and of which no two are about the same."""
        # By version, and by how many are in batches already that are about the same.
        batches: dict[tuple[int, int], list[_FixTrial]] = defaultdict(list)
        times: dict[tuple[object, ...], int] = {}
        alone: list[list[_FixTrial]] = []
        for trial in trials:
            number, link = trial.obligation.version, self._link(trial)
            if not link:
                alone.append([trial])
                continue
            bears_on = [(number, link), *([(-1, trial.repair.ref)] if trial.repair else [])]
            before = max(times.get(at, 0) for at in bears_on)
            times.update(dict.fromkeys(bears_on, before + 1))
            batches[number, before].append(trial)
        return [*batches.values(), *alone]

    def _link(self, trial: _FixTrial) -> tuple[object, ...]:
        """What the fix's rows say of what they are about; () where they say nothing, or more."""
        obligation = trial.obligation
        version = self._scope.version(obligation.version).version
        query, named_in = version.evidence, version.named_in
        if query is None or query.itself:
            return (obligation.event_row,) if obligation.event_row != -1 else ()
        said: list[object] = []
        if query.event and version.events:
            said.append(obligation.event)
        if query.subject or query.named_by_subject:
            said.append(obligation.subject)
        if named_in:
            member = version.members[obligation.member].id
            says = (c for remedy in trial.remedies for c in remedy.cells if c.column == named_in)
            if any(cell.value != member for cell in says):
                return ()
            said.append(member)
        return () if self._lists_evidence else tuple(said)

    # Trying -------------------------------------------------------------------------------------

    @property
    def _may_go_on(self) -> bool:
        """Whether sets may still be tried one by one: that takes no longer than the rows allow."""
        return self._judged < self._allowed

    def _verify(self, batch: Sequence[_FixTrial], kinds: dict[object, _FixTrial]) -> None:
        """Tries each fix of a batch; alone, on all of the duty's registers, where that fails."""
        if not batch:
            return
        self._try_together(batch)
        again: dict[object, _FixTrial] = {}
        for each in batch:
            if not each.failed:
                continue
            if each.kind in again and not self._may_go_on:
                each.take_from(again[each.kind])
                continue
            each.failed = False
            each.needless.clear()
            self._shrink(EvidenceCopy(self._slicer.whole()), [each])
            again[each.kind] = each
        kinds |= {each.kind: each for each in batch}

    def _try_together(self, batch: Sequence[_FixTrial]) -> None:
        """Tries each fix of a batch on reduced evidence, with the rows that are repaired."""
        rows = [each.repair.ref for each in batch if each.repair]
        copy = EvidenceCopy(self._slicer.about([each.obligation for each in batch], rows))
        as_it_is = self._answers(copy.evidence)
        for each in batch:  # reduced evidence has to say of it what all the evidence says
            each.failed = as_it_is[each.answer.key] != [(each.answer.status, Past.CURRENT)]
        self._shrink(copy, [each for each in batch if not each.failed])

    def _shrink(self, copy: EvidenceCopy, tried: Sequence[_FixTrial]) -> None:
        """Finds what is needless in each fix, part by part, until nothing more is."""
        for each in self._unmet_with(copy, dict.fromkeys(tried, ())):
            each.failed = True
        again = [each for each in tried if not each.failed]
        while again:
            before = {each: len(each.needless) for each in again}
            for at in range(max(len(each.parts) for each in again)):
                asked = {
                    each: (each.parts[at],)
                    for each in again
                    if at < len(each.parts) and each.is_left(each.parts[at])
                }
                needed = self._unmet_with(copy, asked)
                for each in asked.keys() - needed:
                    each.needless.update(asked[each])
            again = [each for each in again if len(each.needless) > before[each]]

    def _unmet_with(
        self, copy: EvidenceCopy, asked: Mapping[_FixTrial, tuple[Part, ...]]
    ) -> set[_FixTrial]:
        """Those that are not met by their fixes with these parts left out, all in one copy."""
        if not asked:
            return set()
        remedies: list[Remedy] = []
        for number, (each, out) in enumerate(asked.items()):
            fix = each.fix(*out)
            for register in {one.register for one in fix if not one.row} if number else ():
                fix = renamed(fix, number, self._rulebook.registers[register])
            remedies += fix
        evidence = copy.having(remedies)
        if evidence is None:
            return set(asked)
        found = self._answers(evidence)
        return {
            each
            for each in asked
            if {status for status, _ in found[each.answer.key]} != {Status.MET}
        }

    def _answers(self, evidence: Evidence) -> Mapping[ObligationKey, list[tuple[Status, Past]]]:
        self._judged += _rows_of(evidence)
        duty = self._scope.duty.duty.id
        found: dict[ObligationKey, list[tuple[Status, Past]]] = defaultdict(list)
        for answer in evaluate_duty(
            self._rulebook, evidence, self._day, duty, records_begin=self._records_begin
        ):
            found[answer.key].append((answer.status, answer.past))
        return found


def _rows_of(evidence: Evidence) -> int:
    return sum(map(len, evidence.tables.values()))
