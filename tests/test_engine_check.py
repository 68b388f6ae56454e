"""One whole check: from obligations to duties, sections and the whole, and what stands beside."""

from __future__ import annotations

import datetime
import errno
import multiprocessing.process
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from engine import agree, check
from engine.agree import FORKS, may_fork
from engine.assessment import Assessment, DutyOutcome, HistoryEntry, OwnerShown, RuleFired
from engine.check import CheckRequest, assess
from engine.decision.durable import decide
from engine.decision.rule import Decision, EngineFault, Rule, Situation, decide_plainly
from engine.outcome import WORST_FIRST, Answer, Status
from engine.outcomes import totals
from engine.plain.evaluate import evaluate
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.table import CellState, Table
from record.recheck import recheck
from rules.condition import Applies, Condition
from rules.load import OWN_BOOK
from rules.model import Bearer, Duty, Reading, Rulebook, Section
from rules.patterns import BeforeEvent, Events, EvidenceQuery, Standing
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    ABOUT,
    GROUP,
    HIREABLE,
    REVIEW,
    STAFF,
    documents,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
    yearly,
)
from tests.support.case_generator import case
from tests.support.engine_builders import Row, day, days, equals, months, says, version
from tests.support.small_check import BOTH, assessed, checked, outcome
from tests.support.table_builders import csv_file
from tests.support.verifier import assessed as read_and_assessed
from tests.support.verifier import packed_book, tables_with_names

ON = "2026-05-20"

# One meeting for each status --------------------------------------------------------------------

_HELD: dict[Status, str | CellState] = {
    Status.OVERDUE: "2026-05-01",
    Status.CANNOT_TELL: CellState.UNREADABLE,
    Status.DUE: "2026-06-01",
    Status.MET: "2026-06-02",
    Status.NOT_YET_DUE: "2026-12-01",
    Status.WAIVED: "2026-06-03",
    Status.NOT_APPLICABLE: "2026-09-01",
}
_GIVEN: tuple[Table, ...] = (
    make.table(
        make.MEETINGS,
        *({"ref": each.value, "body": each.value, "held on": held} for each, held in _HELD.items()),
    ),
    make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2026-05-10", "about": "met"}),
    make.table(make.WAIVERS, make.waiver("waived", "2026-01-01", "2026-12-31", of="any")),
    make.table(
        make.VENUES,
        {"ref": "V1", "hireable": True, "from": "2024-01-01", "to": "2026-07-01"},
        {"ref": "V2", "hireable": True, "from": "2026-10-01"},
    ),
    make.missing(make.TRAINING),
)
#: What stands in a sheet that was not given.
_NOT_GIVEN = EvidenceQuery(register="training", dated="completed on")


def _about(name: str, *statuses: Status, bearer: str = "OPCC") -> Duty:
    """A duty about the meetings of these statuses; one that is not assessed needs another sheet."""
    where = (Condition(column="body", one_of=tuple(status.value for status in statuses)),)
    events = Events(register="meetings", where=where, dated="held on")
    duty = make.duty(
        version(
            BeforeEvent(kind="before event", event=events, no_earlier=days(60)),
            evidence=_NOT_GIVEN if Status.NOT_ASSESSED in statuses else ABOUT,
            applies=Applies(register="venues", where=(says("hireable"),), begins="from", ends="to"),
        ),
        id=name,
        aliases=("any",),
    )
    return duty.model_copy(update={"bearer": bearer})


def _book(sections: dict[str, list[Duty]]) -> Rulebook:
    """A rulebook with these sections, the office's duties and the council's."""
    duties = [duty for listed in sections.values() for duty in listed]
    plain = make.rulebook(make.REGISTERS, *duties)
    book = plain.book.model_copy(
        update={
            "sections": tuple(
                Section(number=number, title=f"Section {number}", folder=number, headings=())
                for number in sections
            ),
            "bearers": (
                Bearer(name="OPCC", list="office"),
                Bearer(name="Council", list="others"),
            ),
        }
    )
    at = {duty.id: number for number, listed in sections.items() for duty in listed}
    return plain.model_copy(update={"book": book, "sections": at})


def _by_id(assessment: Assessment) -> dict[str, DutyOutcome]:
    return {duty.id: duty for duty in assessment.duties}


# The worst of ------------------------------------------------------------------------------------


def test_each_meeting_has_the_status_that_it_stands_for() -> None:
    duties = [_about(each.value, each) for each in WORST_FIRST]
    found = assessed(*duties, on=ON, given=_GIVEN).duties
    assert [each.status.value for each in found] == [each.id for each in found]


def test_a_duty_and_a_section_have_the_worst_status_of_what_they_hold() -> None:
    """semantics.md, From obligations to duties, sections and the whole: overdue, cannot tell, not
    assessed, due, met, not yet due, waived, not applicable; of any two, by the rules engine itself.
    A duty that is not assessed has no other obligation."""
    pairs = list(combinations(WORST_FIRST, 2))
    sections = {
        f"{n}": [
            *([_about(f"{n} both", *pair)] if Status.NOT_ASSESSED not in pair else []),
            _about(f"{n} worse", pair[0]),
            _about(f"{n} better", pair[1]),
        ]
        for n, pair in enumerate(pairs)
    }
    found = checked(_book(sections), ON, *_GIVEN, by=decide)
    duties = _by_id(found)
    both = {n: worse for n, (worse, _) in enumerate(pairs) if f"{n} both" in duties}
    assert {n: duties[f"{n} both"].status for n in both} == both
    assert len(both) == 21
    assert [section.status for section in found.sections] == [worse for worse, _ in pairs]
    assert [section.section for section in found.sections] == list(sections)


def test_the_office_and_the_others_each_have_a_status() -> None:
    """Duties of others are a second list: the office watches them and does not answer for them."""
    ours = [_about("a", Status.MET), _about("b", Status.DUE)]
    theirs = [_about("c", Status.OVERDUE, bearer="Council")]
    found = checked(_book({"1": [*ours, *theirs]}), ON, *_GIVEN)
    assert found.status.office.status is Status.DUE
    assert found.status.others.status is Status.OVERDUE
    assert (found.status.office.duties.total, found.status.others.duties.total) == (2, 1)
    assert found.sections[0].status is Status.OVERDUE
    assert [_by_id(found)[name].answers for name in "abc"] == ["office", "office", "others"]


def test_a_list_without_a_duty_is_not_applicable() -> None:
    found = checked(_book({"1": [_about("a", Status.DUE)]}), ON, *_GIVEN)
    assert found.status.others.status is Status.NOT_APPLICABLE
    assert found.status.others.duties.total == 0


def test_a_section_without_a_duty_in_force_is_left_out() -> None:
    later = yearly(begins="2027-01-01").model_copy(update={"id": "later"})
    found = checked(_book({"1": [_about("a", Status.DUE)], "2": [later]}), ON, *_GIVEN)
    assert [section.section for section in found.sections] == ["1"]


def test_the_plain_reading_and_the_rules_engine_must_take_the_same_worst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(totals, "worst_status", lambda _: Status.MET)
    with pytest.raises(EngineFault, match="was decided in two ways"):
        assessed(_about("a", Status.DUE), on=ON, given=_GIVEN)


@pytest.mark.parametrize("failing", [1, 2], ids=["the obligations", "their totals"])
def test_nothing_is_assessed_where_the_rules_engine_dies_over(failing: int) -> None:
    """It is asked about both while this process goes on with something else."""
    asked: list[int] = []

    def dying(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        asked.append(len(situations))
        if len(asked) == failing:
            raise EngineFault("It died.")
        return decide_plainly(rules, situations)

    with pytest.raises(EngineFault, match="It died"):
        assessed(_about("a", Status.DUE), on=ON, given=_GIVEN, by=dying)
    assert len(asked) == failing


# Counts ------------------------------------------------------------------------------------------


def test_counts_are_of_obligations_and_of_duties() -> None:
    about = [each for each in WORST_FIRST if each is not Status.NOT_ASSESSED]
    duties = [_about("all", *about), _about("two", Status.DUE, Status.MET)]
    found = checked(_book({"1": duties}), ON, *_GIVEN)
    one = _by_id(found)["all"].counts
    assert (one.total, one.met, one.met_late, one.due, one.overdue) == (7, 1, 0, 1, 1)
    assert (one.not_yet_due, one.not_applicable, one.waived, one.cannot_tell) == (1, 1, 1, 1)
    assert one.not_assessed == 0
    section = found.sections[0]
    assert (section.duties.total, section.duties.overdue, section.duties.due) == (2, 1, 1)
    assert (section.obligations.total, section.obligations.met) == (9, 2)
    assert section.obligations == found.status.office.obligations


def test_met_late_is_counted_among_the_met() -> None:
    late = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2026-05-19", "about": "overdue"})
    found = outcome(_about("a", Status.OVERDUE, Status.NOT_YET_DUE), ON, _GIVEN[0], late, _GIVEN[3])
    assert (found.status, found.counts.met, found.counts.met_late) == (Status.MET, 1, 1)
    assert found.obligations[0].late_days == 18


# Deadlines ---------------------------------------------------------------------------------------


def _shown(duty: Duty, on: str, *given: Table) -> tuple[str, int | None, str]:
    """The deadline, the days and the next due one, as a report shows them."""
    found = outcome(duty, on, *given)
    return str(found.deadline), found.days, str(found.next_due)


def test_the_earliest_outstanding_deadline_is_shown_and_the_next_due_one_beside_it() -> None:
    held = [meeting(name, on) for name, on in (("a", "2026-03-01"), ("b", "2026-04-01"))]
    later = [meeting(name, on) for name, on in (("c", "2026-05-01"), ("d", "2026-05-10"))]
    both = make.table(make.MEETINGS, *held, *later)
    assert _shown(triggered(), ON, both) == ("2026-03-29", -52, "2026-05-29")
    due = make.table(make.MEETINGS, *reversed(later))
    assert _shown(triggered(), ON, due) == ("2026-05-29", 9, "None")
    over = make.table(make.MEETINGS, *held)
    assert _shown(triggered(), ON, over) == ("2026-03-29", -52, "None")


def test_with_nothing_outstanding_the_next_deadline_to_come_is_shown() -> None:
    people = make.table(make.PEOPLE, person("p1", "2024-10-01"), person("p2", "2024-10-01"))
    done = trained(("p1", "2026-05-01"), ("p2", "2026-04-01"))
    assert _shown(each_person(), ON, people, done) == ("2028-04-01", 682, "None")
    assert _shown(yearly(), ON, reviews("2026-05-01")) == ("2028-03-31", 681, "None")


def test_a_met_event_has_no_deadline_to_come() -> None:
    held = make.table(make.MEETINGS, meeting("m", "2026-05-01"))
    done = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2026-05-03", "about": "m"})
    found = outcome(triggered(), ON, held, done)
    assert (found.status, found.deadline, found.days) == (Status.MET, None, None)
    assert found.last_done == day("2026-05-03")


def test_of_windows_missed_in_a_row_the_first_deadline_is_shown() -> None:
    assert _shown(yearly(period="quarter"), ON) == ("2024-12-31", -505, "None")


def test_a_notice_of_months_is_counted_in_months() -> None:
    """Within the notice: deadline - D <= notice, of calendar months too (semantics.md: Words)."""
    duty, done = rolling(notice=months(2)), reviews("2025-08-01")
    assert outcome(duty, "2026-05-31", done).status is Status.MET
    assert outcome(duty, "2026-06-01", done).status is Status.DUE


# Nothing to check --------------------------------------------------------------------------------


def test_what_is_left_out_is_counted_by_reason() -> None:
    rows = [
        meeting("m1", "2024-09-30"),
        meeting("m2", "2026-05-21"),
        meeting("m3", "2026-05-22"),
        meeting("m4", "2026-05-01", cancelled=True),
        meeting("m5", "2026-06-01", cancelled=True),
    ]
    found = outcome(triggered(), ON, make.table(make.MEETINGS, *rows))
    assert found.status is Status.NOT_APPLICABLE
    assert found.nothing_to_check == (
        "Nothing to check: 2 cancelled, 1 before it was in force, 2 still to come."
    )


def test_rows_that_cannot_be_read_come_before_events_that_are_left_out() -> None:
    """Wherever they are on the sheet."""
    rows = [meeting("m1", "2026-05-01"), meeting("m2", CellState.UNREADABLE)]
    hired = triggered().versions[0].model_copy(update={"applies": HIREABLE})
    held, venues = make.table(make.MEETINGS, *rows), make.table(make.VENUES)
    found = outcome(make.duty(hired), ON, held, venues)
    statuses = [each.status for each in found.obligations]
    assert statuses == [Status.CANNOT_TELL, Status.NOT_APPLICABLE]


def test_people_who_are_not_there_are_counted_by_reason() -> None:
    flagged = STAFF.model_copy(update={"flagged": "flagged from"})
    rows = [
        person("p1", "2026-06-01", flagged_from="2026-06-01"),
        person("p2", "2025-01-01", ends=ON, flagged_from="2025-01-01"),
        person("p3", "2025-01-01"),
        person("p4", "2025-01-01", flagged_from="2026-05-21"),
    ]
    found = outcome(each_person(flagged), ON, make.table(make.PEOPLE, *rows))
    reasons = "Nothing to check: 1 not joined yet, 1 left, 2 not flagged."
    assert found.nothing_to_check == reasons
    people = make.table(make.PEOPLE, *rows)
    (source,) = people.sources
    letters = {name: at for name, at in source.letters.items() if name != "flagged from"}
    without = replace(people, sources=(replace(source, letters=letters),))
    assert outcome(each_person(flagged), ON, without).nothing_to_check == (
        f"{reasons} Nobody is listed under 'flagged from', because no such column is kept in"
        " people."
    )


def test_what_lapsed_and_what_was_met_long_ago_is_named_beside() -> None:
    rows = [meeting("m1", "2024-11-01"), meeting("m2", "2024-11-02")]
    held = make.table(make.MEETINGS, *rows)
    done = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2024-11-05", "about": "m2"})
    found = outcome(triggered(lapse=months(12)), ON, held, done)
    assert found.nothing_to_check == "Nothing to check: 1 lapsed, 1 met more than a year ago."
    assert found.status is Status.NOT_APPLICABLE


def test_what_was_only_met_long_ago_says_that_nothing_is_new() -> None:
    held = make.table(make.MEETINGS, meeting("m2", "2024-11-02"))
    done = make.table(make.REVIEWS, {**REVIEW, "reviewed on": "2024-11-05", "about": "m2"})
    assert outcome(triggered(), ON, held, done).nothing_to_check == (
        "Nothing to check: nothing new in the last 12 months, and 1 met before then."
    )


def test_a_list_that_is_fairly_empty_has_nothing_to_check() -> None:
    fair = triggered(events=GROUP.model_copy(update={"empty": "fair"}))
    assert outcome(fair, ON).nothing_to_check == "Nothing to check."
    assert outcome(triggered(), ON).nothing_to_check == ""
    assert outcome(triggered(), ON).status is Status.CANNOT_TELL


# Not in force ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2024-09-30", "not in force until 1 October 2024"),
        ("2024-10-01", ""),
        ("2026-05-20", ""),
        ("2026-05-21", "ended on 20 May 2026"),
    ],
)
def test_a_duty_that_is_not_in_force_is_listed_apart(on: str, words: str) -> None:
    duty = yearly().model_copy(update={"until": day("2026-05-20")})
    found = checked(_book({"1": [duty]}), on)
    assert [each.words for each in found.not_in_force] == ([words] if words else [])
    assert len(found.duties) == (0 if words else 1)
    assert found.status.office.duties.total == len(found.duties)


# The plain evaluator alone ----------------------------------------------------------------------


def _alone(found: Assessment) -> Assessment:
    """The assessment without what only the rules engine can say."""
    none = RuleFired("", {})
    duties = tuple(
        replace(
            duty,
            obligations=tuple(replace(obligation, rule=none) for obligation in duty.obligations),
        )
        for duty in found.duties
    )
    return replace(found, duties=duties)


@pytest.mark.campaign
def test_without_the_rules_engine_all_but_the_rules_is_the_same() -> None:
    for seed in range(60_260_000, 60_260_050):
        given = case(seed)
        asked = CheckRequest(given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly)
        both, one = assess(asked), assess(replace(asked, decide=None))
        assert one == _alone(both), f"case {seed}"


def test_the_rule_that_decided_is_named_with_what_it_saw() -> None:
    duty = _about("a", Status.DUE)
    (one,) = assessed(duty, on=ON, given=_GIVEN, by=decide).duties[0].obligations
    assert one.rule.name == "a/due"
    assert (one.rule.situation["opened"], one.rule.situation["deadline_passed"]) == (1, 0)
    (one,) = assessed(duty, on=ON, given=_GIVEN, by=None).duties[0].obligations
    assert (one.status, one.rule) == (Status.DUE, RuleFired("", {}))


def test_an_obligation_that_only_the_second_evaluator_sees_cannot_be_explained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def more(*given: object, **named: object) -> list[Answer]:
        answers = evaluate(*given, **named)  # type: ignore[arg-type]
        key = answers[0].key._replace(event="another")
        return [*answers, answers[0]._replace(key=key)]

    monkeypatch.setattr(check, "evaluate", more)
    with pytest.raises(EngineFault, match="could not be explained"):
        assessed(_about("a", Status.DUE), on=ON, given=_GIVEN, by=None)


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.MET},
        {"opens": datetime.date(2026, 4, 1)},
        {"deadline": datetime.date(2026, 4, 1)},
        {"days": 3},
        {"late_days": 1},
        {"met_by": ()},
        {"last_done": datetime.date(2026, 4, 1)},
        {"version_from": datetime.date(2026, 4, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("rows", [0, check.MANY_ROWS], ids=["apart", "here"])
def test_where_the_evaluators_differ_nothing_is_reported(
    rows: int, change: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = Status.MET if "met_by" in change else Status.DUE

    def other(*given: object, **named: object) -> list[Answer]:
        (answer,) = evaluate(*given, **named)  # type: ignore[arg-type]
        return [answer._replace(**change)]  # type: ignore[arg-type]

    monkeypatch.setattr(check, "evaluate", other)
    monkeypatch.setattr(check, "MANY_ROWS", rows)
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    with pytest.raises(EngineFault, match="The two evaluators disagree: a, "):
        assessed(_about("a", name), on=ON, given=_GIVEN)


def test_the_second_evaluator_gives_the_same_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    for seed in range(60_260_000, 60_260_010):
        given = case(seed)
        asked = CheckRequest(given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly)
        monkeypatch.setattr(check, "MANY_ROWS", 10**9)
        one = assess(asked)
        monkeypatch.setattr(check, "MANY_ROWS", 0)
        assert assess(asked) == one, f"case {seed}"


def test_where_the_process_of_the_second_evaluator_dies_this_one_evaluates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, asked = os.getpid(), []

    def dying(*given: object, **named: object) -> list[Answer]:
        if os.getpid() != here:
            os._exit(9)
        asked.append(given)
        return evaluate(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "evaluate", dying)
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    monkeypatch.setattr(check, "MANY_ROWS", 0)
    assert assessed(_about("a", Status.DUE), on=ON, given=_GIVEN).duties[0].status is Status.DUE
    assert len(asked) == FORKS


@pytest.mark.parametrize("fault", ["no room for it", "hangs", "fewer", "in another order"])
def test_where_the_process_of_the_second_evaluator_is_of_no_use_this_one_evaluates(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, evaluated_here = os.getpid(), []

    def useless(*given: object, **named: object) -> list[Answer]:
        answers = list(evaluate(*given, **named))  # type: ignore[arg-type]
        if os.getpid() == here:
            evaluated_here.append(given)
            return answers
        if fault == "hangs":
            time.sleep(600)
        return answers[1:] if fault == "fewer" else answers[::-1]

    def no_room(*_: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    given = case(60_260_003)
    asked = CheckRequest(given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly)
    alone = assess(asked)
    monkeypatch.setattr(check, "evaluate", useless)
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    monkeypatch.setattr(check, "MANY_ROWS", 0)
    if fault == "no room for it":
        monkeypatch.setattr(os, "fork", no_room)
    if fault == "hangs":
        monkeypatch.setattr(agree, "_PATIENCE", 0.1)
    assert assess(asked) == alone
    assert evaluated_here


@pytest.mark.skipif(not FORKS, reason="elsewhere the program forks no second process")
def test_the_process_of_the_second_evaluator_ends_when_its_check_is_gone() -> None:
    code = (
        "import os; from engine.agree import PlainProcess; "
        "process = PlainProcess(lambda: bytes(10**6), list, tuple); os._exit(7)"
    )
    # The second process has the pipe of what is printed too, so this waits for it as well.
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, b"", b"")


def test_where_other_threads_run_no_process_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(1) as thread:
        assert not thread.submit(may_fork).result()
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert may_fork() == FORKS


def test_a_worker_of_an_estate_may_start_no_process_and_evaluates_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = case(60_260_000)
    asked = CheckRequest(
        given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly, ahead=False
    )
    one = assess(asked)
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    monkeypatch.setattr(check, "MANY_ROWS", 0)
    monkeypatch.setitem(multiprocessing.process.current_process()._config, "daemon", True)  # type: ignore[attr-defined]
    assert assess(asked) == one


# History -----------------------------------------------------------------------------------------


def _told(entries: tuple[HistoryEntry, ...]) -> list[tuple[str, str, str, str, str, int]]:
    return [
        (
            entry.subject,
            entry.window,
            entry.outcome,
            str(entry.opens),
            str(entry.deadline),
            entry.late_days,
        )
        for entry in entries
    ]


def test_earlier_windows_are_history() -> None:
    found = outcome(yearly(part="Q4"), ON, reviews("2026-01-05", "2027-04-02"))
    assert _told(found.history) == [
        ("office", "2024/25", "missed", "2025-01-01", "2025-03-31", 0),
    ]
    later = outcome(yearly(part="Q4"), "2028-01-05", reviews("2026-01-05", "2027-04-02"))
    assert _told(later.history)[1:] == [
        ("office", "2025/26", "met", "2026-01-01", "2026-03-31", 0),
        ("office", "2026/27", "met late", "2027-01-01", "2027-03-31", 2),
    ]
    assert [len(each.evidence) for each in later.history] == [0, 1, 1]
    assert later.counts.total == 1


def test_what_lapsed_or_was_settled_is_history() -> None:
    held = make.table(
        make.MEETINGS,
        *(meeting(f"M{n}", on) for n, on in enumerate(("2024-11-01", "2024-11-02", "2024-11-03"))),
    )
    done = [("M1", "2024-11-05"), ("M2", "2024-12-05")]
    rows = [{**REVIEW, "ref": ref, "reviewed on": on, "about": ref} for ref, on in done]
    found = outcome(triggered(lapse=months(12)), ON, held, make.table(make.REVIEWS, *rows))
    assert _told(found.history) == [
        ("M0", "", "lapsed", "2024-11-01", "2024-11-29", 0),
        ("M1", "", "met", "2024-11-02", "2024-11-30", 0),
        ("M2", "", "met late", "2024-11-03", "2024-12-01", 4),
    ]


def test_a_gap_between_two_that_stood_is_history() -> None:
    given = documents(
        ("2023-01-01", {"ended on": "2025-01-31"}),
        ("2025-02-11", {"ended on": "2025-06-30"}),
        ("2025-07-01", {}),
    )
    found = outcome(standing(), ON, given)
    assert _told(found.history) == [("office", "", "gap", "2025-02-01", "2025-02-10", 0)]


def test_a_gap_from_before_the_duty_is_cut_by_its_first_day() -> None:
    given = documents(("2023-01-01", {"ended on": "2024-01-31"}), ("2024-10-11", {}))
    found = outcome(standing(), ON, given)
    assert _told(found.history) == [("office", "", "gap", "2024-10-01", "2024-10-10", 0)]


def _roles(*rows: Row) -> tuple[Duty, Table]:
    members = tuple(
        Member(id=each, title=f"The {each}", where=(equals("kind", each),))
        for each in ("chair", "deputy")
    )
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    subjects = FixedList(kind="fixed list", members=members)
    query = EvidenceQuery(register="documents")
    duty = make.duty(version(pattern, evidence=query, subjects=subjects))
    refs = [{"ref": f"D{n}", **row} for n, row in enumerate(rows)]
    return duty, make.table(make.DOCUMENTS, *refs)


def test_each_role_of_a_list_has_gaps_of_its_own() -> None:
    duty, given = _roles(
        {"kind": "chair", "issued on": "2024-10-01", "ended on": "2025-03-31"},
        {"kind": "deputy", "issued on": "2025-03-01"},
        {"kind": "chair", "issued on": "2025-05-01"},
    )
    found = outcome(duty, ON, given)
    assert _told(found.history) == [("The chair", "", "gap", "2025-04-01", "2025-04-30", 0)]


# Remarks and readings ----------------------------------------------------------------------------


def _remarks(*following: tuple[str, Row]) -> tuple[str, ...]:
    given = documents(("2025-01-01", {"ended on": "2026-06-10"}), *following)
    (one,) = outcome(standing(), ON, given).obligations
    assert one.status is Status.DUE
    return one.remarks


def test_a_successor_without_a_gap_is_named_beside_a_due() -> None:
    assert _remarks(("2026-06-11", {})) == ("A successor is recorded from 11 June 2026.",)
    assert _remarks(("2026-06-12", {})) == ()
    assert _remarks() == ()


def test_a_successor_of_one_role_is_named_beside_that_role() -> None:
    duty, given = _roles(
        {"kind": "chair", "issued on": "2024-10-01", "ended on": "2026-06-10"},
        {"kind": "chair", "issued on": "2026-06-01"},
        {"kind": "deputy", "issued on": "2024-10-01", "ended on": "2026-06-10"},
    )
    chair, deputy = outcome(duty, ON, given).obligations
    assert chair.remarks == ("A successor is recorded from 1 June 2026.",)
    assert deputy.remarks == ()


def _reading(name: str, *readings: tuple[str, str]) -> Duty:
    said = tuple(Reading(phrase=phrase, reading=words) for phrase, words in readings)
    duty = yearly().model_copy(update={"id": name})
    changed = duty.versions[0].model_copy(update={"readings": said})
    return duty.model_copy(update={"versions": (changed,)})


def test_a_reading_is_listed_once_with_every_duty_that_relies_on_it() -> None:
    often, soon = ("routinely", "every three months"), ("soon", "within 28 days")
    elsewhere = ("routinely", "every month")
    duties = [_reading("a", often), _reading("b", soon, often), _reading("c", elsewhere)]
    found = assessed(*duties, on=ON).readings
    assert [(each.phrase, each.reading, each.duties) for each in found] == [
        (*often, ("a", "b")),
        (*soon, ("b",)),
        (*elsewhere, ("c",)),
    ]


def test_readings_of_a_duty_that_is_not_in_force_are_not_listed() -> None:
    duty = _reading("a", ("soon", "within 28 days"))
    assert assessed(duty, on="2024-09-30").readings == ()


# Beside the outcomes -----------------------------------------------------------------------------


def test_each_waiver_is_shown_with_what_it_comes_to() -> None:
    rows = {
        "in force": make.waiver("all", "2026-05-01", "2026-05-20"),
        "not yet": make.waiver("all", "2026-05-21", "2026-06-01"),
        "expired": make.waiver("all", "2026-05-01", "2026-05-19"),
        "incomplete": {**make.waiver("all", "2026-05-01", "2026-06-01"), "reason": CellState.BLANK},
        "no effect": make.waiver("all", "2026-05-01", "2026-06-01", of="strict"),
    }
    strict = yearly().model_copy(update={"id": "strict", "waivable": False})
    given = make.table(make.WAIVERS, *({**row, "ref": name} for name, row in rows.items()))
    found = assessed(yearly(), strict, on=ON, given=(given,)).waivers
    assert [each.state for each in found] == list(rows)
    assert found[0].place == "waivers.csv!waivers!row 2"


def test_a_problem_names_the_duties_that_read_its_register() -> None:
    problem = EvidenceProblem(
        kind=ProblemKind.CELL_UNREADABLE,
        register="training",
        file="f",
        sheet="s",
        column="completed on",
        cells=("D2",),
        count=1,
        values=("tbc",),
        message="It cannot be read.",
    )
    duties = yearly(), each_person().model_copy(update={"id": "trained"})
    book = make.rulebook(make.REGISTERS, *duties)
    tables = [make.table(spec) for spec in make.REGISTERS]
    evidence = replace(make.shown(*tables), problems=(problem,))
    found = assess(CheckRequest(book, evidence, day(ON), BOTH, decide_plainly)).problems
    assert [(each.message, each.duties) for each in found] == [("It cannot be read.", ("trained",))]


def test_an_owner_is_named_from_the_sheet_of_owners() -> None:
    owners = make.register(
        "owners", make.column("duty", "text"), make.column("owner", "text"), key=None
    )
    duty = yearly().model_copy(update={"aliases": ("an-old-name",)})
    given = make.table(
        owners,
        {"duty": "An-Old-Name", "owner": "Post B"},
        {"duty": "the-duty", "owner": "Post A"},
        {"duty": "another", "owner": "Post C"},
    )
    found = checked(make.rulebook((*make.REGISTERS, owners), duty), ON, given)
    assert found.duties[0].owner == "Post A, Post B"


def test_spaces_and_capitals_make_no_other_owner() -> None:
    """Otherwise one person would get three mails, each with a part of the work."""
    names = ("duty", "owner", "email")
    owners = make.register("owners", *(make.column(name, "text") for name in names), key=None)
    given = make.table(
        owners,
        {"duty": "another", "owner": "Head of  Policy", "email": ""},
        {"duty": "the-duty", "owner": "head of policy", "email": "head@example.org"},
        {"duty": "the-duty", "owner": " Head of Policy", "email": ""},
        {"duty": "the-duty", "owner": "  ", "email": "nobody@example.org"},
    )
    book = make.rulebook((*make.REGISTERS, owners), yearly())
    found = checked(book, ON, given)
    assert found.duties[0].owner == "Head of  Policy"
    assert found.owners == (OwnerShown("Head of  Policy", "head@example.org", ("the-duty",)),)
    packed = packed_book(book)
    tables = tables_with_names(make.shown(given), packed)
    *_, latest = recheck.versions_of(packed["duties"][0], tables, day(ON))
    assert recheck.owners_of(latest) == {"Head of  Policy"}


def test_a_subject_whose_own_row_names_no_evidence_is_told_so(tmp_path: Path) -> None:
    head = ["ref", "venue", "hireable", "from", "policy"]
    rows = [["V1", "Hall", "yes", "2024-11-01", "#REF!"], ["V2", "Annex", "yes", "2024-11-01", ""]]
    path = csv_file(tmp_path / "Venues.csv", [head, *rows])
    other = csv_file(tmp_path / "Documents.csv", [["ref", "kind", "issued on", "review by"]])
    (duty,) = [
        duty
        for duty in read_and_assessed([path, other], folder=OWN_BOOK).duties
        if duty.id == "venue-policy"
    ]
    never = (
        "No record shows that it was done. Its own row should name one in 'policy', but that cell "
    )
    says = [f"{never}cannot be read.", f"{never}says nothing."]
    assert [obligation.unmet_reason for obligation in duty.obligations] == says
