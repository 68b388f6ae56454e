"""Every duty gives the results written by hand from the SOP, and each of its rules is needed.

Each duty has its case file beside its rule; engine/cases/case_file.py says how. No
command refreshes one: rules new writes the first cases of a new duty, and its owner the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from engine.cases.case_file import Cell, PlacedCase
from engine.cases.compare import compare
from engine.cases.run import CaseResult, ObservedCase, decide_case, judge_cases
from engine.decision.codes import Code
from engine.decision.durable.session import decide as by_rules_engine
from engine.decision.duty_rules import rules_of
from engine.decision.judge import Decide
from engine.decision.rule import Decision, Rule, Situation, decide_plainly
from engine.evaluated_duty import all_answers, judge_all
from engine.outcome import Answer, Status
from rules.condition import Listing
from rules.model import Version
from rules.patterns import Completeness, Events, Periodic, Standing, Triggered
from rules.resolve import resolve
from tests.support.needs import CAMPAIGN
from tests.support.spoiled_evidence import Spoilt, spoilt_cells
from tests.support.written_cases import (
    BOOK,
    WRITTEN,
    cases_in_file_of,
    differs,
    observed,
    plain_answers,
)


def _id(placed: PlacedCase) -> str:
    return f"{placed.duty}: {placed.case.name}"


@dataclass(frozen=True)
class Run:
    """The cases of the duties of this run, observed and judged once."""

    seen: dict[str, ObservedCase]
    results: dict[str, CaseResult]

    def of(self, duty: str) -> list[ObservedCase]:
        """The cases of one duty."""
        return [each for each in self.seen.values() if each.placed.duty == duty]

    def placed(self, duty: str) -> list[PlacedCase]:
        """The same, as they are written."""
        return [each.placed for each in self.of(duty)]


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Run:
    tests = [each for each in request.session.items if isinstance(each, pytest.Function)]
    here = [each for each in tests if each.path == request.path and hasattr(each, "callspec")]
    duties = {each.callspec.params["duty"] for each in here}
    cases = [each for duty in WRITTEN if duty in duties for each in cases_in_file_of(duty)]
    seen = observed(cases)
    results = judge_cases(seen, BOOK, by_rules_engine)
    names = [_id(each) for each in cases]
    return Run(dict(zip(names, seen, strict=True)), dict(zip(names, results, strict=True)))


# Expected and found -----------------------------------------------------------------------------


@pytest.mark.one_in(8)
@pytest.mark.parametrize("duty", WRITTEN)
def test_the_cases_of_a_duty_give_their_results(run: Run, duty: str) -> None:
    """Both evaluators and the rules engine give the expected result of each."""
    found = {name: run.results[name].differences for name in map(_id, run.placed(duty))}
    assert {name: each for name, each in found.items() if each} == {}
    assert found


def test_every_duty_has_cases() -> None:
    assert sorted(BOOK.duties) == list(WRITTEN)
    read = [(duty, each.duty) for duty in WRITTEN for each in cases_in_file_of(duty)]
    assert [(file, duty) for file, duty in read if duty != file] == []


# Each rule is needed ----------------------------------------------------------------------------

WINDOWS_ADJOIN = ("met late", "not yet due", "overdue")
EMPTY_IS_FAIR = ("list empty", "list empty, waived")
DATED_BY_ITS_EVENT = ("met late",)
DATED_BY_ITS_RECORD = ("met late",)
NOBODY_HOLDS_IT = ("holder unclear", "holder unclear, waived")


def _out_of_reach(version: Version) -> set[str]:
    """Rules that no situation can reach: where windows adjoin, the latest one is always open; an
    empty list may be fair; what is dated by its event's own day is never late, nor what is dated by
    its record's where the deadline counts from that day; and a document has no one holder."""
    pattern, query = version.pattern, version.evidence
    found: set[str] = set()
    if isinstance(pattern, Periodic) and pattern.part is None:
        found.update(WINDOWS_ADJOIN)
    listings = [
        version.subjects,
        getattr(pattern, "event", None),
        getattr(pattern, "records", None),
    ]
    if {listing.empty for listing in listings if isinstance(listing, Listing)} == {"fair"}:
        found.update(EMPTY_IS_FAIR)
    events = pattern.event if isinstance(pattern, Triggered) else None
    if query and query.itself and isinstance(events, Events) and events.dated == query.dated:
        found.update(DATED_BY_ITS_EVENT)
    if isinstance(pattern, Completeness) and pattern.within and not pattern.done_on:
        found.update(DATED_BY_ITS_RECORD)
    roles = query is not None and BOOK.registers[query.register].one_holder_of is not None
    if isinstance(pattern, Standing) and not roles:
        found.update(NOBODY_HOLDS_IT)
    return found


# 'Met late' and 'met' are one status; how late is observed, and no rule says it.
MET = frozenset((Code.MET, Code.MET_LATE))


def _rules(duty: str) -> list[Rule]:
    return rules_of(resolve(BOOK, duty), 0, 1)


#: The rules of the rulebook's first duties that every other duty has as well, whatever it requires.
_OF_ANY_DUTY = re.compile(
    r"sheet (not given|unreadable)|list empty|row unread|claimed twice|holder unclear"
    r"|before records begin|.*waived.*"
)


@pytest.mark.one_in(8)
@pytest.mark.parametrize("duty", WRITTEN)
def test_each_rule_decides_a_case(run: Run, duty: str) -> None:
    """A duty that was added later may leave out cases of what any duty has. If a rule is missing
    here, add a case with that outcome to the case file of the duty."""
    compiled = {rule.name.partition("/")[2] for rule in _rules(duty)}
    names = map(_id, cases_in_file_of(duty))
    fired = {rule.partition("/")[2] for name in names for rule in run.results[name].rules}
    never = _out_of_reach(resolve(BOOK, duty).versions[-1].rule)
    if BOOK.duties[duty].in_force_from > min(each.in_force_from for each in BOOK.duties.values()):
        compiled = {rule for rule in compiled if not _OF_ANY_DUTY.fullmatch(rule)}
    assert sorted(compiled - fired) == sorted(compiled & never)


def _others(outcome: Code) -> list[Code]:
    """What a rule is made to say instead: in an ordinary run what does most harm (met, or for a
    met one overdue), in the long campaign everything else."""
    if not CAMPAIGN:
        return [Code.OVERDUE if outcome in MET else Code.MET]
    return [code for code in Code if code != outcome and not {code, outcome} <= MET]


def _swapped(name: str, outcome: Code) -> Decide:
    """A reading of the rules in which one of them gives another outcome."""

    def decide(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        changed = [replace(r, outcome=int(outcome)) if r.name == name else r for r in rules]
        return decide_plainly(changed, situations)

    return decide


def _fails(seen: ObservedCase, decide: Decide) -> bool:
    """Whether the case notices: first its status and counts, and only then all that is shown, since
    what a wrong outcome would show makes no sense."""
    assert seen.observed is not None
    (traced,) = judge_all([seen.observed], decide)
    current = [answer.status for answer in traced.answers if answer.is_current]
    if differs(seen.placed, current):
        return True
    return bool(compare(seen.placed, decide_case(seen, BOOK, decide).outcome, BOOK.registers))


@pytest.mark.one_in(8)
@pytest.mark.long
@pytest.mark.parametrize("duty", WRITTEN)
def test_a_rule_with_another_outcome_fails_a_case(run: Run, duty: str) -> None:
    """By the vectorised evaluator alone: the cases notice, not only the plain evaluator."""
    cases = run.of(duty)
    unnoticed = []
    for rule in _rules(duty):
        mine = [case for case in cases if rule.name in run.results[_id(case.placed)].rules]
        for code in _others(Code(rule.outcome)):
            decide = _swapped(rule.name, code)
            if mine and not any(_fails(each, decide) for each in mine):
                unnoticed.append(f"{rule.name} as {code.name}")
    assert unnoticed == []


# Without its evidence it is not met -------------------------------------------------------------


def _answers(seen: ObservedCase) -> tuple[Answer, ...]:
    """What both evaluators answer."""
    assert seen.observed is not None
    (traced,) = judge_all([seen.observed], decide_plainly)
    found = tuple(all_answers([traced]))
    assert found == seen.plain
    return found


def _met_case(run: Run, duty: str) -> PlacedCase:
    """A case in which every obligation is met, in time, by rows of the duty's own evidence."""
    for seen in run.of(duty):
        expect = seen.placed.case.expect
        nil = "nil returns" in seen.placed.rows
        if expect.status == "met" and expect.met_by and not expect.late_by and not nil:
            return seen.placed
    pytest.fail(f"no case of {duty} says what met it")


def _spoilt(placed: PlacedCase) -> Iterator[tuple[Spoilt, PlacedCase]]:
    version = resolve(BOOK, placed.duty).version_on(placed.case.as_of).rule
    for spoilt in spoilt_cells(version, BOOK.registers, placed.case.as_of):
        rows = placed.rows[spoilt.register]
        if spoilt.cells is None:
            yield spoilt, replace(placed, rows={**placed.rows, spoilt.register: ()})
            continue
        changed: tuple[dict[str, Cell], ...] = tuple({**row, **spoilt.cells(row)} for row in rows)
        yield spoilt, replace(placed, rows={**placed.rows, spoilt.register: changed})


def _any_met(answers: Sequence[Answer], way: Spoilt) -> bool:
    about = [answer for answer in answers if way.subject in ("", answer.key.subject)]
    return any(each.status is Status.MET for each in about)


@pytest.mark.one_in(8)
@pytest.mark.long
@pytest.mark.parametrize("duty", WRITTEN)
def test_without_its_evidence_or_a_condition_it_is_not_met(run: Run, duty: str) -> None:
    """By the plain evaluator, which is quick; in the long campaign by both."""
    placed = _met_case(run, duty)
    before = _answers(run.seen[_id(placed)])
    assert {each.status for each in before if each.is_current} == {Status.MET}
    ways, changed = zip(*_spoilt(placed), strict=True)
    after = map(_answers, observed(changed)) if CAMPAIGN else map(plain_answers, changed)
    still = [way.words for way, found in zip(ways, after, strict=True) if _any_met(found, way)]
    assert still == []
    assert len(ways) >= 3
