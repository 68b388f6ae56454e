"""What changed since an earlier assessment, and nothing that did not."""

from dataclasses import replace

from engine.assessment import (
    Assessment,
    DutyAside,
    DutyChange,
    HistoryEntry,
    ObligationChange,
    ObligationOutcome,
)
from engine.outcome import HistoryOutcome, Status
from reports.changes import changes
from tests.support.assessment_builders import assessment, days, duty, obligation
from tests.support.assessment_sample import sample


def uncaused(duty: DutyChange) -> tuple[ObligationChange, ...]:
    """What changed under a duty, without the causes."""
    return tuple(replace(change, causes=()) for change in duty.obligations)


def check(*obligations: ObligationOutcome, id_: str = "own", **other: object) -> Assessment:
    made = assessment((duty(id_, "Do the thing", *obligations),))
    return replace(made, **other)  # type: ignore[arg-type]


def test_nothing_changed_between_a_check_and_itself() -> None:
    assert changes(sample(), sample()).duties == ()


def test_a_duty_that_turned_overdue_and_its_obligation() -> None:
    old = check(obligation(Status.DUE, 3), as_of=days(-10))
    told = changes(old, check(obligation(Status.OVERDUE, -7)))
    assert told.since == days(-10)
    assert told.notes == ()
    (one,) = told.duties
    assert (one.id, one.before, one.after) == ("own", Status.DUE, Status.OVERDUE)
    was, now = "due in 3 days", "7 days overdue"
    assert uncaused(one) == (
        ObligationChange("office", "", Status.DUE, Status.OVERDUE, was, now, ""),
    )


def test_a_new_duty_and_one_that_is_gone_say_why_where_they_can() -> None:
    aside = DutyAside("old", "t", "4.6", "ended on 31 October 2026")
    old = check(obligation(Status.MET), id_="old")
    told = changes(old, check(obligation(Status.DUE, 3), id_="new", not_in_force=(aside,)))
    new, gone = told.duties
    assert (new.id, new.before, new.after, new.note) == ("new", None, Status.DUE, "")
    assert (gone.id, gone.before, gone.after) == ("old", Status.MET, None)
    assert gone.note == "ended on 31 October 2026"


def test_obligations_that_come_and_go_under_a_duty_of_the_same_status() -> None:
    old = check(obligation(Status.MET, subject="P-1"), obligation(Status.MET, subject="P-2"))
    new = check(obligation(Status.MET, subject="P-2"), obligation(Status.MET, subject="P-3"))
    (one,) = changes(old, new).duties
    assert not one.status_changed
    assert uncaused(one) == (
        ObligationChange("P-3", "", None, Status.MET, "", "met", ""),
        ObligationChange("P-1", "", Status.MET, None, "met", "", ""),
    )


def test_a_later_window_takes_the_earlier_ones_place() -> None:
    old = check(obligation(Status.MET, window="2025/26"))
    new = check(obligation(Status.DUE, 3, window="2026/27"))
    (one,) = changes(old, new).duties
    assert uncaused(one) == (
        ObligationChange("office", "2026/27", Status.MET, Status.DUE, "met", "due in 3 days", ""),
    )
    assert changes(old, check(obligation(Status.MET, window="2026/27"))).duties == ()


def test_an_obligation_that_went_into_history_says_what_became_of_it() -> None:
    old = check(obligation(Status.OVERDUE, -3, subject="meeting 1"), obligation(Status.MET))
    entry = HistoryEntry("meeting 1", "", HistoryOutcome.LAPSED, None, None, 0, ())
    new = duty("own", "Do the thing", obligation(Status.MET), history=(entry,))
    (one,) = changes(old, assessment((new,))).duties
    assert uncaused(one) == (
        ObligationChange("meeting 1", "", Status.OVERDUE, None, "3 days overdue", "", "lapsed"),
    )


def test_two_obligations_that_share_a_name_are_not_taken_for_each_other() -> None:
    twice = obligation(Status.CANNOT_TELL, subject="row 8")
    old, new = check(twice, twice), check(twice, replace(twice, status=Status.MET))
    (one,) = changes(old, new).duties
    assert uncaused(one) == (
        ObligationChange("row 8", "", Status.CANNOT_TELL, Status.MET, "cannot tell", "met", ""),
    )
    (fewer,) = changes(old, check(twice)).duties
    assert uncaused(fewer) == (
        ObligationChange("row 8", "", Status.CANNOT_TELL, None, "cannot tell", "", ""),
    )


def test_what_is_met_late_now_is_said_to_be() -> None:
    late = obligation(Status.MET, late_days=7)
    (one,) = changes(check(obligation(Status.OVERDUE, -3)), check(late)).duties
    assert (one.was, one.now) == ("3 days overdue", "met late by 7 days")
    assert [change.now for change in one.obligations] == ["met late by 7 days"]


def test_duties_that_changed_come_before_those_that_did_not_and_the_worst_first() -> None:
    def whole(*statuses: Status) -> Assessment:
        had = [duty(f"d{n}", "t", obligation(s, -1)) for n, s in enumerate(statuses)]
        return assessment((*had, duty("inner", "t", obligation(Status.MET, subject=str(statuses)))))

    old = whole(Status.MET, Status.MET, Status.OVERDUE)
    told = changes(old, whole(Status.DUE, Status.OVERDUE, Status.MET))
    assert [one.id for one in told.duties] == ["d1", "d0", "d2", "inner"]


def test_it_says_what_makes_two_checks_hard_to_compare() -> None:
    old, new = sample(as_of=days(5)), sample()
    rules = replace(old.rulebook, version="0.9.0", sha256="ef" * 32)
    assert changes(replace(old, rulebook=rules), new).notes == (
        "The assessment given as the earlier one speaks for a later day than this one.",
        "The rulebook itself changed (version 0.9.0, now 1.0.0), so a status may differ because a "
        "rule does.",
    )
    other = replace(old.rulebook, id="other", title="Another office")
    assert changes(replace(new, rulebook=other), new).notes == (
        "The earlier assessment used another rulebook, Another office.",
    )
