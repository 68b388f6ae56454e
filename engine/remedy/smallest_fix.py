"""The smallest fix of each obligation that is due or overdue, tried on a copy before it is shown.

A set of remedies is written into a copy of the evidence and judged by the plain evaluator; beyond
the limits below, it shares the trial of one that differs only in names and days. With all of its
parts the obligation is met, late or not; without any one of them it is not. A part that
makes no difference is left out of the fix (semantics.md: What must always hold). Obligations are
tried together if no row can be about two of them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from engine.assessment import Remedy
from engine.day_number import as_date
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, HistoryReason, ObligationKey, Status
from engine.plain.evaluate import evaluate_duty
from engine.remedy.build import impossible
from engine.remedy.cell_words import NOT_VERIFIED
from engine.remedy.evidence_slice import EvidenceSlicer
from engine.remedy.repairs import Repair
from engine.remedy.trial_copy import EvidenceCopy, Part, parts_of, renamed, without
from evidence.table import Evidence
from rules.model import Rulebook

#: At most this many batches of one duty are tried. A fix in a later batch shares the result of a
#: tried one that differs from it only in names and days; if there is none, it is not verified.
MAX_BATCHES = 300

#: At most this many rows are judged, or this many times the duty's own, whichever is more; half of
#: them for repairs. Beyond that, only a fix of a kind that was not tried yet is tried.
_ROWS = 60_000
_TIMES = 8


@dataclass(frozen=True, slots=True)
class ProposedFix:
    """An unmet obligation with what may meet it: the ``repairs`` of rows, which are tried first, or
    else the ``remedies``."""

    answer: Answer
    obligation: Obligation
    remedies: tuple[Remedy, ...]
    repairs: tuple[Repair, ...] = ()


@dataclass(slots=True, eq=False)
class _FixTrial:
    """One obligation while its fix, which may be one repair, is tried part by part."""

    answer: Answer
    obligation: Obligation
    remedies: tuple[Remedy, ...]
    parts: Sequence[Part]
    repair: Repair | None = None
    needless: set[Part] = field(default_factory=set)
    failed: bool = False

    def fix(self, *left_out: Part) -> tuple[Remedy, ...]:
        """The remedies without their needless parts and the parts ``left_out``."""
        return without(self.remedies, self.needless | set(left_out))

    def is_left(self, part: Part) -> bool:
        """Whether the part is still in the fix."""
        return self.needless.isdisjoint((part, Part(part.remedy)))

    @property
    def kind(self) -> object:
        """The form of its remedies without names and days."""
        written = tuple(
            (remedy.register, bool(remedy.row), tuple(cell.column for cell in remedy.cells))
            for remedy in self.remedies
        )
        return self.obligation.version_number, self.obligation.member, self.answer.status, written

    def take_from(self, other: _FixTrial | None) -> None:
        """Takes the result of another trial of its kind."""
        self.failed = other is None or other.failed
        self.needless = set() if other is None else set(other.needless)


class SmallestFixes:
    """Finds the smallest fixes of one duty's unmet obligations, by trying them on a copy."""

    def __init__(self, scope: Scope, evidence: Evidence, rulebook: Rulebook) -> None:
        self._scope = scope
        self._rulebook = rulebook
        self._slicer = EvidenceSlicer(scope, evidence)
        self._day = datetime.date.fromordinal(scope.as_of_day)
        self._records_begin = as_date(scope.records_begin)
        self._allowed = max(_ROWS, _TIMES * _rows_of(self._slicer.whole()))
        self._judged = 0
        begun = [version.rule for version in scope.resolved.versions[: scope.version_number + 1]]
        lists = [(version.population, version.events, version.applies) for version in begun]
        listing = {rows.register for rows in chain.from_iterable(lists) if rows}
        evidence_in = {version.evidence.register for version in begun if version.evidence}
        # Whether a new row of evidence may be a new event or subject of the duty too.
        self._lists_evidence = not listing.isdisjoint(evidence_in)
        # The period that a new row names identifies it.
        queries = (version.rule.evidence for version in scope.resolved.versions)
        self._periods = {query.period for query in queries if query and query.period}

    def of(self, unmet: Sequence[ProposedFix]) -> list[tuple[Remedy, ...]]:
        """The smallest fix of each obligation: a repair that meets it, or else its remedies. These
        may say that the obligation cannot be met, or that no fix could be verified."""
        fixes = self._repaired(unmet)
        rest = {at: proposed for at, proposed in enumerate(unmet) if at not in fixes}
        trials = {
            at: self._trial(proposed, proposed.remedies)
            for at, proposed in rest.items()
            if all(remedy.possible for remedy in proposed.remedies)
        }
        self._try_remedies(trials.values())
        fixes |= {at: proposed.remedies for at, proposed in rest.items()}
        for at, trial in trials.items():
            not_verified = impossible(trial.remedies[0].register, NOT_VERIFIED)
            fixes[at] = (not_verified,) if trial.failed else trial.fix()
        return [fixes[at] for at in range(len(unmet))]

    def _repaired(self, unmet: Sequence[ProposedFix]) -> dict[int, tuple[Remedy, ...]]:
        """The repairs that meet their obligations, by the place of these; each is tried itself."""
        fixes: dict[int, tuple[Remedy, ...]] = {}
        for number in range(max((len(proposed.repairs) for proposed in unmet), default=0)):
            trials = {
                at: self._trial(proposed, (repair.remedy,), repair)
                for at, proposed in enumerate(unmet)
                for repair in proposed.repairs[number : number + 1]
                if at not in fixes
            }
            for batch in self._batches(trials.values()):
                if self._judged < self._allowed // 2:
                    self._try_together(batch)
                else:
                    for trial in batch:
                        trial.failed = True
            fixes |= {at: trial.fix() for at, trial in trials.items() if not trial.failed}
        return fixes

    def _trial(
        self, unmet: ProposedFix, remedies: tuple[Remedy, ...], repair: Repair | None = None
    ) -> _FixTrial:
        parts = parts_of(remedies, self._rulebook.registers, self._periods)
        return _FixTrial(unmet.answer, unmet.obligation, remedies, parts, repair)

    def _try_remedies(self, trials: Iterable[_FixTrial]) -> None:
        """Tries fixes without repairs, batch by batch while the limits allow it."""
        kinds: dict[object, _FixTrial] = {}
        for number, batch in enumerate(self._batches(trials)):
            may_try = number < MAX_BATCHES
            seen = set() if self._may_go_on else set(kinds)
            self._verify([one for one in batch if may_try and one.kind not in seen], kinds)
            for trial in batch:
                if not may_try or trial.kind in seen:
                    trial.take_from(kinds.get(trial.kind))

    # Batches ------------------------------------------------------------------------------------

    def _batches(self, trials: Iterable[_FixTrial]) -> list[list[_FixTrial]]:
        """Trials under one version in batches, in which no row can be about two of
        them."""
        # By version, and by the number of earlier trials whose rows name the same.
        batches: dict[tuple[int, int], list[_FixTrial]] = defaultdict(list)
        times: dict[tuple[object, ...], int] = {}
        single: list[list[_FixTrial]] = []
        for trial in trials:
            number = trial.obligation.version_number
            named = self._named_by(trial)
            if not named:
                single.append([trial])
                continue
            bears_on = [(number, named), *([(-1, trial.repair.ref)] if trial.repair else [])]
            before = max(times.get(at, 0) for at in bears_on)
            times.update(dict.fromkeys(bears_on, before + 1))
            batches[number, before].append(trial)
        return [*batches.values(), *single]

    def _named_by(self, trial: _FixTrial) -> tuple[object, ...]:
        """The subject, event and member that all rows of the fix name; () if they name none, or
        different ones, so that it has to be tried alone."""
        obligation = trial.obligation
        version = self._scope.version(obligation.version_number).rule
        query, named_in = version.evidence, version.named_in
        if query is None or query.itself:
            return (obligation.event_row,) if obligation.event_row != -1 else ()
        names: list[object] = []
        if query.event and version.events:
            names.append(obligation.event)
        if query.subject or query.named_by_subject:
            names.append(obligation.subject)
        if named_in:
            member = version.members[obligation.member].id
            cells = (c for remedy in trial.remedies for c in remedy.cells if c.column == named_in)
            if any(cell.value != member for cell in cells):
                return ()
            names.append(member)
        return () if self._lists_evidence else tuple(names)

    # Trials -------------------------------------------------------------------------------------

    @cached_property
    def _whole(self) -> EvidenceCopy:
        """All of the duty's registers; one copy serves all trials, since it finds its rows once."""
        return EvidenceCopy(self._slicer.whole())

    @property
    def _may_go_on(self) -> bool:
        """Whether the limit on judged rows allows more trials one by one."""
        return self._judged < self._allowed

    def _verify(self, batch: Sequence[_FixTrial], kinds: dict[object, _FixTrial]) -> None:
        """Tries each fix of a batch, and again on its own, on all of the duty's registers, if it
        fails."""
        if not batch:
            return
        self._try_together(batch)
        tried: dict[object, _FixTrial] = {}
        for trial in batch:
            if not trial.failed:
                continue
            if trial.kind in tried and not self._may_go_on:
                trial.take_from(tried[trial.kind])
                continue
            trial.failed = False
            trial.needless.clear()
            self._shrink(self._whole, [trial])
            tried[trial.kind] = trial
        kinds |= {trial.kind: trial for trial in batch}

    def _try_together(self, batch: Sequence[_FixTrial]) -> None:
        """Tries each fix of a batch on reduced evidence, with the rows that are repaired."""
        rows = [trial.repair.ref for trial in batch if trial.repair]
        copy = EvidenceCopy(self._slicer.about([trial.obligation for trial in batch], rows))
        statuses = self._statuses(copy.evidence)
        for trial in batch:  # reduced evidence has to give the same status as all the evidence
            trial.failed = statuses[trial.answer.key] != [(trial.answer.status, HistoryReason.NONE)]
        self._shrink(copy, [trial for trial in batch if not trial.failed])

    def _shrink(self, copy: EvidenceCopy, trials: Sequence[_FixTrial]) -> None:
        """Finds the needless parts of each fix, one at a time, until there are no more."""
        for trial in self._unmet_with(copy, dict.fromkeys(trials, ())):
            trial.failed = True
        rest = [trial for trial in trials if not trial.failed]
        while rest:
            before = {trial: len(trial.needless) for trial in rest}
            for at in range(max(len(trial.parts) for trial in rest)):
                left_out = {
                    trial: (part,)
                    for trial in rest
                    for part in trial.parts[at : at + 1]
                    if trial.is_left(part)
                }
                needed = self._unmet_with(copy, left_out)
                for trial in left_out.keys() - needed:
                    trial.needless.update(left_out[trial])
            rest = [trial for trial in rest if len(trial.needless) > before[trial]]

    def _unmet_with(
        self, copy: EvidenceCopy, left_out: Mapping[_FixTrial, tuple[Part, ...]]
    ) -> set[_FixTrial]:
        """The trials whose obligations are not met by their fixes without the parts left out, all
        tried in one copy."""
        if not left_out:
            return set()
        remedies: list[Remedy] = []
        for number, (trial, parts) in enumerate(left_out.items()):
            fix = trial.fix(*parts)
            for register in {remedy.register for remedy in fix if not remedy.row} if number else ():
                fix = renamed(fix, number, self._rulebook.registers[register])
            remedies += fix
        evidence = copy.having(remedies)
        if evidence is None:
            return set(left_out)
        statuses = self._statuses(evidence)
        return {
            trial
            for trial in left_out
            if {status for status, _ in statuses[trial.answer.key]} != {Status.MET}
        }

    def _statuses(
        self, evidence: Evidence
    ) -> Mapping[ObligationKey, list[tuple[Status, HistoryReason]]]:
        """The statuses of the duty's obligations by the plain evaluator."""
        self._judged += _rows_of(evidence)
        duty = self._scope.resolved.duty.id
        statuses: dict[ObligationKey, list[tuple[Status, HistoryReason]]] = defaultdict(list)
        for answer in evaluate_duty(
            self._rulebook, evidence, self._day, duty, records_begin=self._records_begin
        ):
            statuses[answer.key].append((answer.status, answer.history_reason))
        return statuses


def _rows_of(evidence: Evidence) -> int:
    return sum(map(len, evidence.tables.values()))
