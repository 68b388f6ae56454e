"""The smallest fix: it meets the obligation, nothing smaller does, and what was not tried on a copy
is not shown."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest

from engine.assessment import CellToWrite, Remedy
from engine.columns.arrays import all_columns
from engine.decision.rule import decide_plainly
from engine.evaluated_duty import EvaluatedDuty, judge_all
from engine.frames.observe import observe_all
from engine.outcome import Answer
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.plain.evaluate import evaluate_duty
from engine.proof.citations import CitationCache
from engine.remedy import smallest_fix
from engine.remedy.cell_words import NOT_VERIFIED
from engine.remedy.evidence_slice import EvidenceSlicer
from engine.remedy.smallest_fix import ProposedFix, SmallestFixes
from engine.remedy.trial_copy import EvidenceCopy, Part, parts_of, renamed, without
from evidence.read import read_evidence
from evidence.register import RegisterSpec
from evidence.table import Evidence
from examples.office.kinds import EXAMPLE, write_office
from examples.office.made import AS_OF
from rules.model import Duty, Rulebook
from rules.patterns import Completeness, Events, EvidenceQuery, Joining, Rolling, Triggered
from rules.subject import Population
from tests.support import engine_builders as make
from tests.support import needs
from tests.support.case_generator import Case
from tests.support.fix_trials import (
    UNMET,
    Fixed,
    declared,
    fixed,
    leaving_out,
    meets,
    parts,
    smaller,
)
from tests.support.own_book import own_book
from tests.support.promise_cases import cases
from tests.support.remedied_evidence import remedied

DAY = make.day("2026-06-30")
#: So many parts of a fix are tried in every combination.
_SMALL = 6


# Made-up cases ----------------------------------------------------------------------------------


@pytest.mark.campaign
@pytest.mark.long
def test_every_fix_that_is_shown_meets_it_and_nothing_smaller_does() -> None:
    """Of small fixes every smaller set of what they propose is tried; of larger ones every set with
    one part left out. That none could be verified is hardly ever said, and only where what was
    proposed would not have met it."""
    tried = alone = cannot = unverified = 0
    for each in cases(300, 10_000):
        given = declared(each)
        for found in fixed(given):
            if not all(remedy.possible for remedy in found.fix):
                cannot += 1
                assert len(found.fix) == 1
                assert found.fix[0].cells == ()
                if found.fix[0].words == NOT_VERIFIED:
                    unverified += 1
                    assert not meets(given, found.answer, _proposed(given, found))
                continue
            at = f"case {given.seed}: {found.answer.key}: {found.fix}"
            assert meets(given, found.answer, found.fix), at
            every = parts(given, found.fix)
            small = len(every) <= _SMALL
            less = (leaving_out(found.fix, [part]) for part in every)
            sets = smaller(given, found.fix) if small else less
            assert not any(meets(given, found.answer, each) for each in sets), at
            tried, alone = tried + 1, alone + small
    assert tried > 120
    assert alone > 90
    assert cannot > 4
    assert unverified <= tried / 500


def _proposed(given: Case, found: Fixed) -> tuple[Remedy, ...]:
    """The remedies of an obligation before they were tried."""
    citations = CitationCache(given.evidence)
    context = OutcomeContext(given.rulebook, given.evidence, citations, given.as_of, {}, {})
    for told in _told(given.rulebook, given.evidence, given.as_of):
        current = [answer for answer in told.answers if answer.is_current]
        for answer, shown in zip(current, obligation_outcomes(told, context).current, strict=True):
            if answer.key == found.answer.key:
                return shown.would_be_met_by
    raise LookupError(found.answer.key)


def _told(rulebook: Rulebook, evidence: Evidence, as_of: datetime.date) -> list[EvaluatedDuty]:
    columns = all_columns(evidence.tables, as_of)
    duties = observe_all(rulebook, columns, as_of, lambda: None)
    return judge_all(duties, decide_plainly)


# Offices ----------------------------------------------------------------------------------------


def _office(path: Path) -> Case:
    rulebook = own_book()
    return Case(0, "office", rulebook, read_evidence([path], rulebook.registers), AS_OF)


def _all_hold(given: Case) -> tuple[int, int]:
    """How many fixes were shown and hold, and of how many obligations it was said that they cannot
    be made good. None was left unverified."""
    shown = cannot = 0
    for found in fixed(given):
        if not all(each.possible for each in found.fix):
            assert found.fix[0].words != NOT_VERIFIED
            cannot += 1
            continue
        at = f"{found.answer.key}: {found.fix}"
        assert meets(given, found.answer, found.fix), at
        for part in parts(given, found.fix):
            assert not meets(given, found.answer, leaving_out(found.fix, [part])), f"{at}: {part}"
        shown += 1
    return shown, cannot


def test_in_the_example_office_every_fix_holds() -> None:
    assert _all_hold(_office(needs.ROOT / "examples" / "office.xlsx")) == (26, 0)


@pytest.mark.campaign
def test_in_the_neglected_office_every_fix_holds(tmp_path: Path) -> None:
    """Most of its fixes are of the same few kinds: an ordinary run takes a third of the duties, by
    their names, so that it takes the same ones whichever others there are."""
    write_office(tmp_path / "office.xlsx", "neglected", EXAMPLE, 1)
    given = _office(tmp_path / "office.xlsx")
    if needs.CAMPAIGN:
        shown, cannot = _all_hold(given)
        assert (shown > 300, cannot > 10) == (True, True)
    else:
        whole = given.rulebook.duties
        alone = (name for name in whole if not whole[name].versions[0].pattern.cuts)
        few = {name: whole[name] for name in alone if crc32(name.encode()) % 3 == 0}
        some = given.rulebook.model_copy(update={"duties": few})
        shown, cannot = _all_hold(replace(given, rulebook=some))
        assert (shown > 40, cannot > 1) == (True, True)


# One by one and together ------------------------------------------------------------------------


QUERY = EvidenceQuery(
    register="training",
    where=(make.equals("course", "awareness"), make.says("passed")),
    dated="completed on",
    subject="person",
)
STAFF = Population(kind="population", register="people", joins="starts", leaves="ends")
TRAINED = make.duty(
    make.version(Rolling(kind="rolling", every=make.months(24)), evidence=QUERY, subjects=STAFF)
)


def case_of(duty: Duty, evidence: Evidence) -> Case:
    """A case of one duty, its words declared."""
    book = make.rulebook(make.REGISTERS, duty)
    return declared(Case(0, "one", book, evidence, DAY))


def people(count: int) -> Evidence:
    """So many people, whom nobody has trained."""
    rows: list[make.Row] = [
        {"person": f"P{number}", "kind": "staff", "starts": "2024-01-01"} for number in range(count)
    ]
    tables = {register.id: make.table(register) for register in make.REGISTERS}
    tables["people"] = make.table(make.PEOPLE, *rows)
    return make.shown(*tables.values())


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the plain evaluator was asked, and of how many people each time."""
    sizes: list[int] = []

    def evaluate(
        rulebook: Rulebook,
        evidence: Evidence,
        as_of: datetime.date,
        duty: str,
        records_begin: datetime.date | None,
    ) -> list[Answer]:
        sizes.append(len(evidence.tables["people"]))
        return evaluate_duty(rulebook, evidence, as_of, duty, records_begin=records_begin)

    monkeypatch.setattr(smallest_fix, "evaluate_duty", evaluate)
    return sizes


def test_obligations_are_tried_together_if_no_row_is_about_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = counted(monkeypatch)
    given = case_of(TRAINED, people(200))
    fixes = list(fixed(given))
    assert len(fixes) == 200
    assert len(sizes) < 20
    for trial in fixes[:20]:
        assert meets(given, trial.answer, trial.fix)
        (row,) = trial.fix
        assert [cell.column for cell in row.cells] == [
            "ref", "completed on", "person", "course", "passed",
        ]  # fmt: skip


def test_only_the_rows_that_bear_on_it_are_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = people(500)
    done: list[make.Row] = [
        {
            "ref": f"T{number}", "person": f"P{number}", "course": "awareness",
            "completed on": "2026-01-01", "passed": True,
        }
        for number in range(499)
    ]  # fmt: skip
    tables = {**evidence.tables, "training": make.table(make.TRAINING, *done)}
    sizes = counted(monkeypatch)
    (only,) = fixed(case_of(TRAINED, make.shown(*tables.values())))
    assert only.answer.key.subject == "p499"
    assert set(sizes) == {1}


def test_beyond_the_limit_a_fix_stands_or_falls_with_one_like_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where rows say nothing of whom they are about no two can be tried together."""
    query = QUERY.model_copy(update={"subject": None})
    duty = make.duty(
        make.version(
            Triggered(
                kind="triggered",
                event=Joining(joining=True),
                within=make.days(20),
                already_there=True,
            ),
            evidence=query,
            subjects=STAFF,
        )
    )
    given = case_of(duty, people(8))
    every = [trial.fix for trial in fixed(given)]
    monkeypatch.setattr(smallest_fix, "MAX_BATCHES", 1)
    sizes = counted(monkeypatch)
    assert [trial.fix for trial in fixed(given)] == every
    assert len(sizes) < 10
    monkeypatch.setattr(smallest_fix, "MAX_BATCHES", 0)
    assert {trial.fix[0].words for trial in fixed(given)} == {NOT_VERIFIED}


# What is needless, and what is wrong ------------------------------------------------------------


def fixes_of(given: Case, change: Sequence[Remedy]) -> list[tuple[Remedy, ...]]:
    """What is shown where the remedies of the only obligation are these."""
    (told,) = _told(given.rulebook, given.evidence, given.as_of)
    unmet = [
        ProposedFix(answer, obligation, tuple(change))
        for answer, obligation in zip(told.answers, told.observed.obligations, strict=True)
        if answer.status in UNMET
    ]
    return SmallestFixes(told.scope, given.evidence, given.rulebook).of(unmet)


def new(**cells: str) -> Remedy:
    """A new row of training."""
    written = tuple(CellToWrite(name.replace("_", " "), value) for name, value in cells.items())
    return Remedy(True, "A row.", "training", "", "", 0, written)


GOOD = {
    "ref": "new-1",
    "person": "P0",
    "course": "awareness",
    "completed_on": "2026-06-30",
    "passed": "yes",
}


def test_a_needless_cell_and_a_needless_row_are_left_out() -> None:
    given = case_of(TRAINED, people(1))
    ((kept,),) = fixes_of(given, [new(**GOOD, note="said"), new(**GOOD | {"ref": "new-2"})])
    wanted = {name.replace("_", " ") for name in GOOD}
    assert {cell.column for cell in kept.cells} == wanted


@pytest.mark.parametrize(
    "wrong",
    [
        {"passed": "no"},
        {"passed": "perhaps"},
        {"completed_on": "2026-07-01"},
        {"completed_on": "2024-01-02"},
        {"person": "P1"},
    ],
    ids=str,
)
def test_a_fix_that_does_not_meet_it_is_not_shown(wrong: dict[str, str]) -> None:
    given = case_of(TRAINED, people(1))
    assert fixes_of(given, [new(**GOOD | wrong)]) == [
        (Remedy(False, NOT_VERIFIED, "training", "", "", 0, ()),)
    ]
    assert NOT_VERIFIED.startswith("No fix could be verified")


def test_what_cannot_be_made_good_keeps_its_words() -> None:
    given = case_of(TRAINED, people(1))
    never = Remedy(False, "This can no longer be done.", "training", "", "", 0, ())
    assert fixes_of(given, [never]) == [(never,)]


def test_of_a_change_each_cell_is_a_part() -> None:
    pattern = Completeness(
        kind="completeness",
        records=Events(register="actions", dated="agreed on"),
        must=(make.filled("measure"),),
        done_on=("completed on",),
        within=make.days(5),
    )
    evidence = people(0)
    action: make.Row = {"ref": "A1", "owner": "OPCC", "agreed on": "2026-06-01", "due": DAY}
    tables = {**evidence.tables, "actions": make.table(make.ACTIONS, action)}
    (found,) = fixed(case_of(make.duty(make.version(pattern)), make.shown(*tables.values())))
    (change,) = found.fix
    assert change.row == 2
    assert {cell.column for cell in change.cells} == {"completed on", "measure"}


# Parts and copies -------------------------------------------------------------------------------


def spec(name: str) -> RegisterSpec:
    return next(register for register in make.REGISTERS if register.id == name)


def test_the_parts_are_rows_and_cells_but_those_that_say_which_row_it_is() -> None:
    change = Remedy(True, "A change.", "training", "f", "s", 4, (CellToWrite("ref", "x"),))
    registers = {"training": spec("training")}
    every = parts_of([new(ref="a", person="P0", note="x"), change], registers, {"note"})
    assert every == [Part(0), Part(0, "person"), Part(1, "ref")]
    assert without([new(ref="a"), change], [Part(0), Part(1, "ref")]) == ()


def test_new_keys_are_told_apart_wherever_they_are_named() -> None:
    naming = Remedy(True, "", "people", "f", "s", 2, (CellToWrite("policy", "new-1"),))
    row = Remedy(True, "", "documents", "", "", 0, (CellToWrite("ref", "new-1"),))
    both = renamed([row, naming], 7, spec("documents"))
    assert [remedy.cells[0].value for remedy in both] == ["new-1-7", "new-1-7"]


def test_a_copy_leaves_the_evidence_as_it_was() -> None:
    given = case_of(TRAINED, people(2))
    having = EvidenceCopy(given.evidence).having([new(**GOOD)])
    assert having is not None
    assert len(having.tables["training"]) == 1
    assert len(given.evidence.tables["training"]) == 0
    assert EvidenceCopy(given.evidence).having([new(**GOOD | {"passed": "perhaps"})]) is None


@pytest.mark.campaign
def test_a_copy_is_written_as_a_sheet_is_read() -> None:
    """By another way of adding the same, made for the tests alone."""
    tried = 0
    for case in cases(100, 600):
        given = declared(case)
        for found in fixed(given):
            if all(remedy.possible for remedy in found.fix):
                mine = EvidenceCopy(given.evidence).having(found.fix)
                other = remedied(given.evidence, found.fix, given.rulebook)
                assert mine is not None
                for name, table in other.tables.items():
                    assert [list(c.value) for c in mine.tables[name].columns.values()] == [
                        list(c.value) for c in table.columns.values()
                    ]
                tried += 1
    assert tried > 20


@pytest.mark.campaign
def test_reduced_evidence_says_of_it_what_all_the_evidence_says() -> None:
    """Otherwise fixes are tried on all of the duty's registers, which takes longer."""
    tried = 0
    for case in cases(140, 2_000):
        given = declared(case)
        for told in _told(given.rulebook, given.evidence, given.as_of):
            slicer = EvidenceSlicer(told.scope, given.evidence)
            for answer, obligation in zip(told.answers, told.observed.obligations, strict=True):
                if answer.status in UNMET and answer.is_current:
                    few = slicer.about([obligation])
                    duty = told.id
                    after = evaluate_duty(given.rulebook, few, given.as_of, duty)
                    same = [one for one in after if one.key == answer.key]
                    assert [one.status for one in same] == [answer.status], given.seed
                    assert [one.deadline for one in same] == [answer.deadline]
                    tried += 1
    assert tried > 40
