"""The statuses of duties, sections and lists, and their counts (engine/outcomes/totals.py and
statuses.py)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest

from engine.decision.durable import decide
from engine.decision.rule import Decision, EngineFault, Rule, Situation, decide_plainly
from engine.outcome import WORST_FIRST, Status
from engine.outcomes import totals
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    REVIEW,
    yearly,
)
from tests.support.one_of_each_status import GIVEN, ON, about, book_of, by_id
from tests.support.small_check import assessed, checked, outcome

# The worst status----------------------------------------------------------------------------------


def test_each_meeting_has_the_status_that_it_stands_for() -> None:
    duties = [about(status.value, status) for status in WORST_FIRST]
    outcomes = assessed(*duties, on=ON, given=GIVEN).duties
    assert [item.status.value for item in outcomes] == [item.id for item in outcomes]


def test_a_duty_and_a_section_have_their_worst_status() -> None:
    """semantics.md, From obligations to duties, sections and the whole: overdue, cannot tell, not
    assessed, due, met, not yet due, waived, not applicable; of any two, by the rules engine itself.
    A duty that is not assessed has no other obligation."""
    pairs = list(combinations(WORST_FIRST, 2))
    sections = {
        f"{n}": [
            *([about(f"{n} both", *pair)] if Status.NOT_ASSESSED not in pair else []),
            about(f"{n} worse", pair[0]),
            about(f"{n} better", pair[1]),
        ]
        for n, pair in enumerate(pairs)
    }
    assessment = checked(book_of(sections), ON, *GIVEN, by=decide)
    duties = by_id(assessment)
    both = {n: worse for n, (worse, _) in enumerate(pairs) if f"{n} both" in duties}
    assert {n: duties[f"{n} both"].status for n in both} == both
    assert len(both) == 21
    assert [section.status for section in assessment.sections] == [worse for worse, _ in pairs]
    assert [section.section for section in assessment.sections] == list(sections)


def test_the_office_and_the_others_each_have_a_status() -> None:
    """Duties of others are a second list: the office watches them and does not answer for them."""
    ours = [about("a", Status.MET), about("b", Status.DUE)]
    theirs = [about("c", Status.OVERDUE, bearer="Council")]
    assessment = checked(book_of({"1": [*ours, *theirs]}), ON, *GIVEN)
    assert assessment.status.office.status is Status.DUE
    assert assessment.status.others.status is Status.OVERDUE
    assert (assessment.status.office.duties.total, assessment.status.others.duties.total) == (2, 1)
    assert assessment.sections[0].status is Status.OVERDUE
    assert [by_id(assessment)[name].answers for name in "abc"] == ["office", "office", "others"]


def test_a_list_without_a_duty_is_not_applicable() -> None:
    assessment = checked(book_of({"1": [about("a", Status.DUE)]}), ON, *GIVEN)
    assert assessment.status.others.status is Status.NOT_APPLICABLE
    assert assessment.status.others.duties.total == 0


def test_a_section_without_a_duty_in_force_is_left_out() -> None:
    later = yearly(begins="2027-01-01").model_copy(update={"id": "later"})
    assessment = checked(book_of({"1": [about("a", Status.DUE)], "2": [later]}), ON, *GIVEN)
    assert [section.section for section in assessment.sections] == ["1"]


def test_the_plain_reading_and_the_rules_engine_must_take_the_same_worst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(totals, "worst_status", lambda _: Status.MET)
    with pytest.raises(EngineFault, match="was decided in two ways"):
        assessed(about("a", Status.DUE), on=ON, given=GIVEN)


@pytest.mark.parametrize("failing", [1, 2], ids=["the obligations", "their totals"])
def test_nothing_is_assessed_if_the_rules_engine_dies(failing: int) -> None:
    """It is asked about both while this process goes on with something else."""
    calls: list[int] = []

    def dying(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        calls.append(len(situations))
        if len(calls) == failing:
            raise EngineFault("It died.")
        return decide_plainly(rules, situations)

    with pytest.raises(EngineFault, match="It died"):
        assessed(about("a", Status.DUE), on=ON, given=GIVEN, by=dying)
    assert len(calls) == failing


# Counts ------------------------------------------------------------------------------------------


def test_counts_are_of_obligations_and_of_duties() -> None:
    statuses = [status for status in WORST_FIRST if status is not Status.NOT_ASSESSED]
    duties = [about("all", *statuses), about("two", Status.DUE, Status.MET)]
    assessment = checked(book_of({"1": duties}), ON, *GIVEN)
    one = by_id(assessment)["all"].counts
    assert (one.total, one.met, one.met_late, one.due, one.overdue) == (7, 1, 0, 1, 1)
    assert (one.not_yet_due, one.not_applicable, one.waived, one.cannot_tell) == (1, 1, 1, 1)
    assert one.not_assessed == 0
    section = assessment.sections[0]
    assert (section.duties.total, section.duties.overdue, section.duties.due) == (2, 1, 1)
    assert (section.obligations.total, section.obligations.met) == (9, 2)
    assert section.obligations == assessment.status.office.obligations


def test_met_late_is_counted_among_the_met() -> None:
    late = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2026-05-19", "about": "overdue"})
    result = outcome(about("a", Status.OVERDUE, Status.NOT_YET_DUE), ON, GIVEN[0], late, GIVEN[3])
    assert (result.status, result.counts.met, result.counts.met_late) == (Status.MET, 1, 1)
    assert result.obligations[0].late_days == 18
