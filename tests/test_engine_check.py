"""One whole check: what it lists beside the outcomes, and that both evaluators and the rules engine
must agree (engine/check.py and agree.py)."""

from __future__ import annotations

import datetime
import errno
import multiprocessing.process
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine import agree, check
from engine.agree import FORKS, may_fork
from engine.assessment import Assessment, RuleFired
from engine.check import CheckRequest, assess
from engine.decision.durable import decide
from engine.decision.rule import EngineFault, decide_plainly
from engine.outcome import Answer, Status
from engine.plain.evaluate import evaluate
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.table import CellState
from rules.model import Duty, Reading
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    each_person,
    yearly,
)
from tests.support.case_generator import case
from tests.support.engine_builders import day
from tests.support.one_of_each_status import GIVEN, ON, about, book_of
from tests.support.small_check import BOTH, assessed, checked

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
    assessment = checked(book_of({"1": [duty]}), on)
    assert [aside.words for aside in assessment.not_in_force] == ([words] if words else [])
    assert len(assessment.duties) == (0 if words else 1)
    assert assessment.status.office.duties.total == len(assessment.duties)


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
        request = CheckRequest(given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly)
        both, one = assess(request), assess(replace(request, decide=None))
        assert one == _alone(both), f"case {seed}"


def test_the_rule_that_decided_is_named_with_what_it_saw() -> None:
    duty = about("a", Status.DUE)
    (one,) = assessed(duty, on=ON, given=GIVEN, by=decide).duties[0].obligations
    assert one.rule.name == "a/due"
    assert (one.rule.situation["opened"], one.rule.situation["deadline_passed"]) == (1, 0)
    (one,) = assessed(duty, on=ON, given=GIVEN, by=None).duties[0].obligations
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
        assessed(about("a", Status.DUE), on=ON, given=GIVEN, by=None)


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
        assessed(about("a", name), on=ON, given=GIVEN)


def test_the_second_evaluator_gives_the_same_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    for seed in range(60_260_000, 60_260_010):
        given = case(seed)
        request = CheckRequest(given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly)
        monkeypatch.setattr(check, "MANY_ROWS", 10**9)
        one = assess(request)
        monkeypatch.setattr(check, "MANY_ROWS", 0)
        assert assess(request) == one, f"case {seed}"


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
    assert assessed(about("a", Status.DUE), on=ON, given=GIVEN).duties[0].status is Status.DUE
    assert len(asked) == FORKS


@pytest.mark.parametrize("fault", ["no room for it", "hangs", "fewer", "in another order"])
def test_if_the_second_process_fails_this_one_evaluates(
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
    request = CheckRequest(given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly)
    alone = assess(request)
    monkeypatch.setattr(check, "evaluate", useless)
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    monkeypatch.setattr(check, "MANY_ROWS", 0)
    if fault == "no room for it":
        monkeypatch.setattr(os, "fork", no_room)
    if fault == "hangs":
        monkeypatch.setattr(agree, "_PATIENCE", 0.1)
    assert assess(request) == alone
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
    request = CheckRequest(
        given.rulebook, given.evidence, given.as_of, BOTH, decide_plainly, ahead=False
    )
    one = assess(request)
    monkeypatch.setattr(check, "may_fork", lambda: FORKS)
    monkeypatch.setattr(check, "MANY_ROWS", 0)
    monkeypatch.setitem(multiprocessing.process.current_process()._config, "daemon", True)  # type: ignore[attr-defined]
    assert assess(request) == one


# Readings ----------------------------------------------------------------------------------------


def _reading(name: str, *readings: tuple[str, str]) -> Duty:
    said = tuple(Reading(phrase=phrase, reading=words) for phrase, words in readings)
    duty = yearly().model_copy(update={"id": name})
    changed = duty.versions[0].model_copy(update={"readings": said})
    return duty.model_copy(update={"versions": (changed,)})


def test_a_reading_is_listed_once_with_every_duty_that_relies_on_it() -> None:
    often, soon = ("routinely", "every three months"), ("soon", "within 28 days")
    elsewhere = ("routinely", "every month")
    duties = [_reading("a", often), _reading("b", soon, often), _reading("c", elsewhere)]
    readings = assessed(*duties, on=ON).readings
    assert [(item.phrase, item.reading, item.duties) for item in readings] == [
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
        "dates the wrong way round": make.waiver("all", "2026-05-21", "2026-05-19"),
        "incomplete": {**make.waiver("all", "2026-05-01", "2026-06-01"), "reason": CellState.BLANK},
        "no effect": make.waiver("all", "2026-05-01", "2026-06-01", of="strict"),
    }
    strict = yearly().model_copy(update={"id": "strict", "waivable": False})
    given = make.table(make.WAIVERS, *({**row, "ref": name} for name, row in rows.items()))
    waivers = assessed(yearly(), strict, on=ON, given=(given,)).waivers
    assert [item.state for item in waivers] == list(rows)
    assert waivers[0].place == "waivers.csv!waivers!row 2"


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
    problems = assess(CheckRequest(book, evidence, day(ON), BOTH, decide_plainly)).problems
    assert [(item.message, item.duties) for item in problems] == [
        ("It cannot be read.", ("trained",))
    ]
