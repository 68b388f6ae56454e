"""The smallest fix of each obligation that is due or overdue, tried on a copy before it is shown.

Every set of remedies is written into a copy of the evidence and judged by the second evaluator:
with all of it the obligation is met (late or not), and with any one part left out it is not. A
part without which it is met all the same is left out of the fix (semantics.md, What must always
hold, 7). Obligations that no one row can be about both of are tried together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from rules.condition import RowsOf
from rules.model import Rulebook

NOT_VERIFIED = "No fix could be verified: nothing that was tried on a copy would meet it."

#: So many sets of one duty are tried one by one at the most; a set that is like others in all but
#: names and days then stands or falls with them.
ONE_BY_ONE = 300

#: So many rows are judged at the most while they are: these, or so many times the duty's own. One
#: of a kind that was not tried yet is tried all the same.
_ROWS, _TIMES = 60_000, 8

_Judged = tuple[Status, Past]


@dataclass(frozen=True, slots=True)
class ProposedFix:
    """An obligation that is not met, and what may meet it: repairs of rows that are there, which
    are tried first, and the ``remedies`` that do without one."""

    answer: Answer
    obligation: Obligation
    remedies: tuple[Remedy, ...]
    repairs: tuple[Repair, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether anything may."""
        return all(each.possible for each in self.remedies)


@dataclass(slots=True)
class _FixTrial:
    """One obligation while fixes are tried: the parts that were found to be needless, or that no
    fix could be verified."""

    unmet: ProposedFix
    parts: Sequence[Part]
    repair: Repair | None = None
    needless: set[Part] = field(default_factory=set)
    failed: bool = False

    @property
    def key(self) -> ObligationKey:
        return self.unmet.answer.key

    def fix(self, *left_out: Part) -> tuple[Remedy, ...]:
        return without(self.unmet.remedies, self.needless | set(left_out))

    @property
    def left(self) -> list[Part]:
        """The parts that are still in the fix."""
        gone = {each.remedy for each in self.needless if not each.column}
        return [p for p in self.parts if p not in self.needless and p.remedy not in gone]

    @property
    def shown(self) -> tuple[Remedy, ...]:
        """What is shown in the end."""
        if self.failed:
            return (impossible(self.unmet.remedies[0].register, NOT_VERIFIED),)
        return self.fix()


class Fixer:
    """Verifies the fixes of one duty."""

    def __init__(self, scope: Scope, evidence: Evidence, rulebook: Rulebook) -> None:
        self._scope = scope
        self._rulebook = rulebook
        self._slicer = EvidenceSlicer(scope, evidence)
        self._day = datetime.date.fromordinal(scope.as_of)
        self._records_begin = as_date(scope.records_begin)
        self._whole_rows = _rows_of(self._slicer.whole())
        self._judged = 0

    def fixes(self, unmet: Sequence[ProposedFix]) -> list[tuple[Remedy, ...]]:
        """For each obligation its smallest fix: a repair that meets it, or else its remedies; or
        what these say where it cannot be made good; or that no fix could be verified."""
        found = self._repaired(unmet)
        left = {at: each for at, each in enumerate(unmet) if at not in found}
        found |= self._made_good(left)
        return [found[at] for at in range(len(unmet))]

    def _repaired(self, unmet: Sequence[ProposedFix]) -> dict[int, tuple[Remedy, ...]]:
        """The repairs that meet their obligations, by the place of these; each is tried itself."""
        found: dict[int, tuple[Remedy, ...]] = {}
        for number in range(max((len(each.repairs) for each in unmet), default=0)):
            tried = {
                at: self._trial(replace(each, remedies=(each.repairs[number].remedy,)), number)
                for at, each in enumerate(unmet)
                if at not in found and number < len(each.repairs)
            }
            for batch in self._batches(list(tried.values())):
                if self._judged < self._allowed // 2:
                    self._verify_repairs(batch)
                else:
                    for each in batch:
                        each.failed = True
            found |= {at: each.fix() for at, each in tried.items() if not each.failed}
        return found

    def _verify_repairs(self, batch: Sequence[_FixTrial]) -> None:
        """Tries each repair of a batch, on reduced evidence that has the rows in it."""
        rows = [each.repair.ref for each in batch if each.repair]
        copy = EvidenceCopy(self._slicer.about([each.unmet.obligation for each in batch], rows))
        as_it_is = self._answers(copy.evidence)
        for each in batch:
            each.failed = as_it_is.get(each.key) != [(each.unmet.answer.status, Past.CURRENT)]
        self._shrink(copy, [each for each in batch if not each.failed])

    def _trial(self, unmet: ProposedFix, repair: int = -1) -> _FixTrial:
        queries = (each.version.evidence for each in self._scope.duty.versions)
        periods = {each.period or "" for each in queries if each}  # they say which row is new
        parts = parts_of(unmet.remedies, self._rulebook.registers, periods)
        return _FixTrial(unmet, parts, unmet.repairs[repair] if repair >= 0 else None)

    def _made_good(self, unmet: Mapping[int, ProposedFix]) -> dict[int, tuple[Remedy, ...]]:
        """For each obligation, by its place, the smallest fix that repairs no row of evidence."""
        tried = {at: self._trial(each) for at, each in unmet.items() if each.possible}
        kinds: dict[object, _FixTrial] = {}
        for number, batch in enumerate(self._batches(list(tried.values()))):
            if number < ONE_BY_ONE:
                seen = set() if self._may_go_on() else set(kinds)
                asked = [each for each in batch if self._kind(each) not in seen]
                self._verify(asked, kinds)
                self._alike([each for each in batch if self._kind(each) in seen], kinds)
            else:
                self._alike(batch, kinds)
        return {at: tried[at].shown if at in tried else each.remedies for at, each in unmet.items()}

    # Which are tried together -------------------------------------------------------------------

    def _batches(self, tried: Iterable[_FixTrial]) -> list[list[_FixTrial]]:
        """Sets that cannot bear on one another: those of a batch are judged by one version, and no
        two of them are about the same."""
        batches: list[list[_FixTrial]] = []
        # By version, and by how many stand in batches already that are about the same.
        mine: dict[tuple[int, int], list[_FixTrial]] = {}
        times: dict[tuple[object, ...], int] = {}
        alone: list[list[_FixTrial]] = []
        for each in tried:
            number, link = each.unmet.obligation.version, self._link(each.unmet)
            if not link:
                alone.append([each])
                continue
            bears_on = [(number, link), *([(-1, each.repair.ref)] if each.repair else [])]
            before = max(times.get(at, 0) for at in bears_on)
            times |= dict.fromkeys(bears_on, before + 1)
            if (number, before) not in mine:
                mine[number, before] = []
                batches.append(mine[number, before])
            mine[number, before].append(each)
        return [*batches, *alone]

    def _link(self, unmet: ProposedFix) -> tuple[object, ...]:
        """What the fix's rows say of what they are about; () where they say nothing, or more."""
        obligation = unmet.obligation
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
            says = (c for r in unmet.remedies for c in r.cells if c.column == named_in)
            if any(cell.value != member for cell in says):
                return ()
            said.append(member)
        return tuple(said) if not self._lists_its_evidence() else ()

    def _lists_its_evidence(self) -> bool:
        """Whether a new row of evidence may be a new event or subject of the duty too."""
        for number in range(self._scope.current + 1):
            version = self._scope.version(number).version
            lists = (version.subjects, version.events, version.applies)
            registers = {rows.register for rows in lists if isinstance(rows, RowsOf)}
            if version.evidence and version.evidence.register in registers:
                return True
        return False

    # Trying -------------------------------------------------------------------------------------

    def _may_go_on(self) -> bool:
        """Whether sets may still be tried one by one: that takes no longer than the rows allow."""
        return self._judged < self._allowed

    @property
    def _allowed(self) -> int:
        """So many rows may be judged; no more than half of them for repairs."""
        return max(_ROWS, _TIMES * self._whole_rows)

    def _verify(self, batch: Sequence[_FixTrial], kinds: dict[object, _FixTrial]) -> None:
        """Tries each fix of a batch, on reduced evidence where that says of the obligations as
        they are what all the evidence says; alone, on all of the duty's registers, where it fails
        otherwise: as long as sets are tried one by one, or where none of its kind was tried."""
        if not batch:
            return
        copy = EvidenceCopy(self._slicer.about([each.unmet.obligation for each in batch]))
        as_it_is = self._answers(copy.evidence)
        for each in batch:
            each.failed = as_it_is.get(each.key) != [(each.unmet.answer.status, Past.CURRENT)]
        self._shrink(copy, [each for each in batch if not each.failed])
        again: dict[object, _FixTrial] = {}
        for each in [each for each in batch if each.failed]:
            kind = self._kind(each)
            if kind in again and not self._may_go_on():
                self._alike([each], again)
                continue
            each.failed = False
            each.needless.clear()
            self._shrink(EvidenceCopy(self._slicer.whole()), [each])
            again[kind] = each
        kinds |= {self._kind(each): each for each in batch}

    def _shrink(self, copy: EvidenceCopy, tried: Sequence[_FixTrial]) -> None:
        """Finds what is needless in each fix, part by part, until nothing more is."""
        for each in self._unmet_with(copy, [(each, ()) for each in tried]):
            each.failed = True
        again = [each for each in tried if not each.failed]
        while again:
            before = {id(each): len(each.needless) for each in again}
            for at in range(max((len(each.parts) for each in again), default=0)):
                asked = [
                    (each, (each.parts[at],))
                    for each in again
                    if at < len(each.parts) and each.parts[at] in each.left
                ]
                needed = {id(each) for each in self._unmet_with(copy, asked)}
                for each, (part,) in asked:
                    if id(each) not in needed:
                        each.needless.add(part)
            again = [each for each in again if len(each.needless) > before[id(each)]]

    def _unmet_with(
        self, copy: EvidenceCopy, asked: Sequence[tuple[_FixTrial, tuple[Part, ...]]]
    ) -> list[_FixTrial]:
        """Those that are not met by their fixes with these parts left out, all in one copy."""
        if not asked:
            return []
        remedies: list[Remedy] = []
        for number, (each, out) in enumerate(asked):
            fix = each.fix(*out)
            for register in {one.register for one in fix if not one.row} if number else ():
                fix = renamed(fix, number, self._rulebook.registers[register])
            remedies += fix
        evidence = copy.having(remedies)
        if evidence is None:
            return [each for each, _ in asked]
        found = self._answers(evidence)
        return [
            each
            for each, _ in asked
            if {status for status, _ in found.get(each.key, ())} != {Status.MET}
        ]

    def _answers(self, evidence: Evidence) -> dict[ObligationKey, list[_Judged]]:
        self._judged += _rows_of(evidence)
        duty = self._scope.duty.duty.id
        found: dict[ObligationKey, list[_Judged]] = {}
        answers = evaluate_duty(
            self._rulebook, evidence, self._day, duty, records_begin=self._records_begin
        )
        for answer in answers:
            found.setdefault(answer.key, []).append((answer.status, answer.past))
        return found

    # Fixes like others -------------------------------------------------------------------------

    def _kind(self, tried: _FixTrial) -> object:
        """What a set of remedies is like but for names and days."""
        obligation, answer = tried.unmet.obligation, tried.unmet.answer
        written = tuple(
            (each.register, bool(each.row), tuple(cell.column for cell in each.cells))
            for each in tried.unmet.remedies
        )
        return obligation.version, obligation.member, answer.status, written

    def _alike(self, batch: Sequence[_FixTrial], kinds: Mapping[object, _FixTrial]) -> None:
        for each in batch:
            like = kinds.get(self._kind(each))
            each.failed = like is None or like.failed
            each.needless = set() if like is None else set(like.needless)


def _rows_of(evidence: Evidence) -> int:
    return sum(map(len, evidence.tables.values()))
