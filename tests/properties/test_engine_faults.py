"""A fault planted in the vectorised evaluator, or in the rules engine's answer, is always caught.

Each fault changes one function into a version that is wrong in one way. A check of made-up cases
must then stop with an EngineFault: the evaluators disagree, or not exactly one rule decides.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pkgutil import resolve_name
from typing import Any

import numpy as np
import pytest

from engine.assessment import Program
from engine.check import CheckRequest, assess
from engine.decision.codes import Code, ListState
from engine.decision.durable import decide, session
from engine.decision.judge import Decide
from engine.decision.rule import EngineFault, Rule, decide_plainly
from engine.frames.items import MatchedItems
from engine.frames.schema import ints
from tests.support import engine_builders as make
from tests.support.altered_evidence import with_cells, with_table
from tests.support.case_generator import PATTERNS, Case, case, recorded
from tests.support.evidence_generator import FIRST
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import versions
from tests.support.twist_generator import printed

PROGRAM = Program("dueregard", "0", "durable-rules and the plain evaluator", "")
#: So many cases are tried before a fault counts as not noticed, from this one on.
_TRIED, _FIRST = 300, 50_260_000

Function = Callable[..., Any]
EVENTS = ("triggered", "before event")
PEOPLE = ("rolling", "standing", "triggered")
ROLLING = ("rolling", "standing")
PERIODIC = ("periodic",)


@dataclass(frozen=True)
class Fault:
    """``where``: the function, by the name under which it is looked up; ``make``: the faulty one
    from the true one; ``patterns``: the cases in which it can show; ``tries``: what is tried of
    such a case, where most of them would not show it as they are; ``since``: how many cases are
    passed over, where it takes many to come upon one that shows it."""

    name: str
    where: str
    make: Callable[[Function], object]
    patterns: tuple[str, ...] = PATTERNS
    tries: Callable[[Case], Sequence[Case]] = lambda given: [given]
    since: int = 0


def after(change: Callable[[Any], object]) -> Callable[[Function], Function]:
    """The function with something done to what it returns."""
    return lambda real: lambda *given, **named: change(real(*given, **named))


def instead(faulty: object) -> Callable[[Function], object]:
    """Another function in its place."""
    return lambda _: faulty


def before(change: Callable[..., tuple[Any, ...]]) -> Callable[[Function], Function]:
    """The function, given something else."""
    return lambda real: lambda *given: real(*change(*given))


def _applies(given: Case) -> list[Case]:
    return [given] if any(version.applies for version in versions(given)) else []


def _leaving(given: Case) -> list[Case]:
    """On the days on which people leave."""
    return _on(given, _read(given, "people", "ends"))


def _recorded(given: Case) -> list[Case]:
    """From a day on from which the office keeps its registers."""
    return [recorded(given)]


def _not_given(given: Case) -> list[Case]:
    """Without one of its sheets."""
    return [given] if not all(table.found for table in given.evidence.tables.values()) else []


def _all_cancelled(given: Case) -> list[Case]:
    """With meetings that did not take place."""
    meetings = given.evidence.tables["meetings"]
    cells = make.table(make.MEETINGS, {"cancelled": True}).columns["cancelled"]
    cell = {"cancelled": (cells.raw[0], cells.value[0], cells.state[0])}
    for row in range(len(meetings)):
        meetings = with_cells(meetings, row, cell)
    return [replace(given, evidence=with_table(given.evidence, meetings))]


def _waived_as_printed(given: Case) -> list[Case]:
    """With a waiver for each thing, called as reports print it, that holds on the day."""
    return _waived_for(given, set(printed(random.Random(given.seed), given.evidence.tables)))


def _waived_events(given: Case) -> list[Case]:
    """With a waiver for each meeting, called by its key."""
    return _waived_for(given, set(given.evidence.tables["meetings"].columns["ref"].raw))


def _waived_twice(given: Case) -> list[Case]:
    """With a waiver for what two rows are called."""
    times = Counter(printed(random.Random(given.seed), given.evidence.tables))
    return _waived_for(given, {text for text, count in times.items() if count > 1})


def _waived_for(given: Case, texts: set[str]) -> list[Case]:
    day = given.as_of.isoformat()
    waivers = (make.table(make.WAIVERS, make.waiver(text, day, day)) for text in sorted(texts))
    return [replace(given, evidence=with_table(given.evidence, waiver)) for waiver in waivers]


def _eves(given: Case) -> list[Case]:
    """On the days before something was done."""
    done = [*_read(given, "reviews", "reviewed on"), *_read(given, "training", "completed on")]
    return _on(given, _later(done, -1))


def _waived_until(given: Case) -> list[Case]:
    """On the days after waivers end."""
    return _on(given, _later(_read(given, "waivers", "until"), 1))


def _deadlines(given: Case) -> list[datetime.date]:
    days = {answer.deadline for answer in plain_answers(given) if answer.is_current}
    return sorted(day for day in days if day)


def _on_deadlines(given: Case) -> list[Case]:
    return _on(given, _deadlines(given))


def _on_notices(given: Case) -> list[Case]:
    """On the first days of notices, such as there are in made-up rules."""
    return _on(given, [*_later(_deadlines(given), -30), *_later(_deadlines(given), -60)])


def _read(given: Case, register: str, column: str) -> list[datetime.date]:
    days = given.evidence.tables[register].columns[column].value
    return [day for day in days if isinstance(day, datetime.date)]


def _later(days: list[datetime.date], number: int) -> list[datetime.date]:
    return [day + datetime.timedelta(number) for day in days]


def _on(given: Case, days: list[datetime.date]) -> list[Case]:
    return [replace(given, as_of=day) for day in days if day >= FIRST]


def _alike(given: Case) -> list[Case]:
    """With reviews of one meeting that all have one score, where items have to differ in that."""
    if not any(version.evidence and version.evidence.distinct for version in versions(given)):
        return []
    held = FIRST + datetime.timedelta(100)
    row: make.Row = {"subject": "plan", "about": "m", "score": 3, "note": "seen", "covers": "one"}
    days = [held - datetime.timedelta(1), held, held + datetime.timedelta(1)]
    reviews: list[make.Row] = [{"ref": f"R{day}", "reviewed on": day, **row} for day in days]
    meeting: make.Row = {"ref": "m", "body": "group", "held on": held, "topics": 2}
    registers = given.rulebook.registers
    rows = (("reviews", reviews), ("meetings", [meeting]))
    tables = [make.table(registers[name], *listed) for name, listed in rows]
    evidence = with_table(given.evidence, *tables)
    return [replace(given, evidence=evidence, as_of=held + datetime.timedelta(9))]


def _without_the_last(items: MatchedItems) -> MatchedItems:
    return replace(items, end=np.maximum(items.first, items.end - 1))


EXPAND = (
    Fault("the last listed row is dropped", "engine.frames.obligations.list_events",
          after(lambda rows: rows.iloc[:-1]), EVENTS),
    Fault("cancelled events are asked about", "engine.frames.lists._cancelled",
          after(np.zeros_like), EVENTS),
    Fault("people are asked on the day they leave", "engine.frames.lists._leaving_days",
          after(lambda days: days + 1), PEOPLE, _leaving),
    Fault("an empty list is always fair", "engine.frames.obligations.list_state",
          instead(lambda *_: ListState.READ), (*EVENTS, "completeness")),
    Fault("two rows may claim one person", "engine.frames.lists._overlapping",
          after(np.zeros_like), PEOPLE, since=79),
    Fault("two rows may claim one event", "engine.frames.lists._repeated",
          after(np.zeros_like), (*EVENTS, "completeness"), since=79),
    Fault("a condition that cannot be read holds", "engine.frames.obligations.applies_on",
          after(lambda told: np.where(told == 1, 2, told)), tries=_applies, since=286),
    Fault("a sheet that was not given is as one without rows",
          "engine.frames.obligations.sheets_state",
          instead(lambda _: (ListState.READ, ())), tries=_not_given),
    Fault("a sheet that cannot be read was not given", "engine.frames.obligations.sheets_state",
          after(lambda found: (found[0] and ListState.SHEET_NOT_GIVEN, found[1]))),
    Fault("a meeting planned for no day cannot be told", "engine.frames.lists.planned_without_day",
          after(np.zeros_like), EVENTS),
    Fault("one that was held and has no day asks nothing", "engine.frames.lists._named_elsewhere",
          after(np.zeros_like), EVENTS),
    Fault("the first version judges every event", "engine.frames.scope.VersionTable.judges",
          instead(lambda of, editions, _: of.number[editions] == 0), (*EVENTS, "completeness")),
    Fault("an event's condition is judged on the day of the check",
          "engine.frames.obligations._Expander._applies",
          before(lambda work, edition, days: (work, edition, days * 0 + work._versions.as_of_day)),
          EVENTS, _applies, since=430),
    Fault("an unread row asks nothing", "engine.frames.obligations._Expander._unread",
          after(lambda frame: frame.iloc[:0])),
)  # fmt: skip

MATCH = (
    Fault("what cannot be read counts", "engine.frames.items.Items.counting",
          instead(lambda items, as_of: np.flatnonzero((items.truth >= 1) & (items.day <= as_of))),
          since=27),
    Fault("tomorrow's items count", "engine.frames.items.Items.counting",
          before(lambda items, as_of: (items, as_of + 1)), tries=_eves, since=11),
    Fault("deadlines are a day late", "engine.frames.triggered._deadline",
          after(lambda days: days + 1), ("triggered",)),
    Fault("deadlines before an event are a day late", "engine.frames.before_event._deadline",
          after(lambda days: days + 1), ("before event",)),
    Fault("the last item found is dropped", "engine.frames.triggered.match_items",
          after(_without_the_last), ("triggered",)),
    Fault("the last item found before an event is dropped", "engine.frames.triggered.match_items",
          after(_without_the_last), ("before event",), since=178),
    Fault("an item from before the window counts", "engine.frames.before_event._window",
          after(lambda window: window._replace(opens=window.opens * 0)),
          ("before event",)),
    Fault("an item about another event counts", "engine.frames.items._about",
          after(lambda about: about.assign(event=about["event"].iloc[::-1].to_numpy())), EVENTS,
          since=178),
    Fault("items need not differ", "engine.frames.items.MatchedItems._differing",
          after(np.zeros_like), EVENTS, _alike, since=353),
    Fault("a new version moves deadlines to before its day",
          "engine.frames.matches.limit_deadlines",
          instead(lambda rows, _, deadlines_of: (days := deadlines_of(rows), days < 0)),
          ("rolling",), since=246),
    Fault("a window is missed on its deadline", "engine.frames.periodic.WindowResult.missed",
          instead(lambda one, scope: scope.as_of_day >= one.window.deadline and not one.met),
          PERIODIC),
    Fault("a window has no grace", "engine.frames.periodic._window",
          after(lambda window: replace(window, deadline=window.end)), PERIODIC),
    Fault("a month is thirty days", "engine.columns.days._add_months",
          instead(lambda days, months: days + 30 * months), ROLLING),
    Fault("the notice is a day short", "engine.frames.matches.subtract_each",
          after(lambda days: days + 1), ROLLING, _on_notices),
    Fault("the earliest items count, not the latest", "engine.frames.items.MatchedItems.nth_latest",
          instead(lambda meeting, needed: meeting.nth_earliest(meeting.first * 0, needed)),
          ("rolling",)),
    Fault("nothing is ever reviewed", "engine.frames.standing.ends_of",
          instead(lambda pattern, columns: columns.days(pattern.begins) + 3650), ("standing",)),
    Fault("a far end evades the cap", "engine.frames.standing.ends_of",
          before(lambda pattern, columns: (
              pattern.model_copy(update={"review_within": None}), columns)), ("standing",)),
    Fault("an old holder serves beside a new one", "engine.frames.standing._until_next",
          instead(lambda until, *_: until), ("standing",), since=340),
    Fault("it is always clear who holds a role", "engine.frames.standing.Turns.unclear",
          instead(property(lambda _: False)), ("standing",), since=298),
    Fault("nothing from before the window is accepted",
          "engine.frames.triggered._first_accepted_day",
          instead(lambda *given: given[2]), ("triggered",)),
    Fault("a re-agreed date never counts", "engine.frames.completeness._carried",
          after(lambda found: (found[0] + found[1], found[1])), ("completeness",), since=187),
    Fault("a key need name no row", "engine.columns.conditions.names_one",
          instead(lambda columns, *_: np.ones(len(columns), dtype=np.bool_))),
    Fault("a cancelled row fills a key", "engine.columns.conditions.not_cancelled",
          after(np.ones_like), tries=_all_cancelled, since=70),
    Fault("any row that is there fills a key", "engine.columns.conditions.names_one",
          before(lambda *given: (*given[:2], ())), since=216),
    Fault("only the first of several words will do", "engine.columns.conditions._among",
          before(lambda texts: (texts[:1],))),
)  # fmt: skip


def _with(**said: Callable[[Any], Any]) -> Callable[[Function], Function]:
    """The fields of situations, with some of them made from them all."""
    return after(lambda fields: fields | {name: make(fields) for name, make in said.items()})


def _never(field: str) -> Callable[[Function], Function]:
    """The fields of situations, as if this one never held."""
    return _with(**{field: lambda fields: fields[field] * 0})


SITUATIONS = (
    Fault("opened and deadline passed are swapped", "engine.frames.observe._fields",
          _with(opened=lambda fields: fields["deadline_passed"],
                deadline_passed=lambda fields: fields["opened"])),
    Fault("the deadline's own day is over", "engine.frames.observe._fields",
          lambda real: lambda frame, as_of, *rest: real(frame, as_of, *rest) | {
              "deadline_passed": (ints(frame, "deadline") <= as_of).astype(np.int64)},
          tries=_on_deadlines),
    Fault("what has lapsed is still current", "engine.frames.observe._fields",
          _never("lapse_over"), (*EVENTS, "completeness"), since=54),
    Fault("what was met long ago is still current", "engine.frames.observe._fields",
          _never("year_over"), (*EVENTS, "completeness"), since=180),
    Fault("a missed window before is forgotten", "engine.frames.observe._fields",
          _never("earlier_missed"), PERIODIC),
    Fault("a waiver of another duty covers", "engine.frames.waivers.duty_names",
          instead(lambda _: {"the-duty", "extra"}), since=93),
    Fault("a waiver holds a day longer", "engine.frames.waivers.WaiverRow.covers",
          instead(lambda row, day: row.complete and row.first <= day <= row.last + 1),
          tries=_waived_until),
    Fault("a waiver without a reason holds", "engine.frames.waivers.WaiverRow.covers",
          instead(lambda row, day: row.first <= day <= row.last), since=296),
    Fault("a waiver may not name an event", "engine.frames.observe.waiver_covers",
          before(lambda scope, rows, found: (scope, rows, [o._replace(event="") for o in found])),
          (*EVENTS, "completeness"), _waived_events, since=38),
    Fault("a waiver may name nothing by its label", "engine.frames.waivers._names",
          instead(lambda *_: ()), (*EVENTS, *ROLLING), _waived_as_printed, since=4),
    Fault("a waiver may not name a pair", "engine.frames.waivers._pair",
          instead(lambda *_: ""), EVENTS, _waived_as_printed, since=80),
    Fault("a text that fits two things waives both", "engine.frames.waivers.names_of",
          after(lambda names: {name: frozenset([min(each)]) for name, each in names.items()}),
          (*EVENTS, *ROLLING), _waived_twice),
    Fault("what lay before records began is overdue", "engine.frames.observe._fields",
          _never("before_records"), (*EVENTS, "completeness"), _recorded),
    Fault("windows before records began are missed",
          "engine.frames.periodic.WindowResult.before_records",
          instead(lambda *_: False), PERIODIC, _recorded),
)  # fmt: skip


def _other_outcome(rules: list[Rule]) -> list[Rule]:
    swapped = {int(Code.DUE): int(Code.OVERDUE), int(Code.OVERDUE): int(Code.DUE)}
    return [replace(rule, outcome=swapped.get(rule.outcome, rule.outcome)) for rule in rules]


def _met_whatever(rules: list[Rule]) -> list[Rule]:
    """The rule for what was met without its last test: then another rule fits as well."""
    return [replace(r, tests=r.tests[:-1]) if r.name.endswith("/met") else r for r in rules]


JUDGE = (
    Fault("due and overdue are swapped", "engine.frames.observe.rules_of", after(_other_outcome)),
    Fault("two rules fit", "engine.frames.observe.rules_of", after(_met_whatever)),
    Fault("no rule fits", "engine.frames.observe.rules_of",
          after(lambda rules: [r for r in rules if not r.name.endswith("/overdue")]), since=29),
    Fault("verdicts go to other obligations", "engine.frames.observe.distinct",
          after(lambda found: (found[0], found[1][::-1]))),
    Fault("all obligations get the first verdict", "engine.frames.observe.distinct",
          after(lambda found: (found[0], found[1] * 0))),
    Fault("days over count from the window shown", "engine.evaluated_duty._answer",
          before(lambda scope, row, code: (scope, row._replace(overdue_since=row.deadline), code)),
          PERIODIC),
    Fault("one item that met it is not named",
          "engine.evaluated_duty._answer",
          after(lambda answer: answer._replace(met_by=answer.met_by[:-1]))),
    Fault("history never was late", "engine.evaluated_duty._earlier",
          after(lambda answer: answer._replace(late_days=0)), PERIODIC, since=231),
    Fault("the best stands for the whole", "engine.decision.duty_rules.WORST_FIRST",
          lambda real: tuple(reversed(real))),  # type: ignore[call-overload]
)  # fmt: skip

STAGES = {"expand": EXPAND, "match": MATCH, "situations": SITUATIONS, "judge": JUDGE}
PLANTED = [
    pytest.param(fault, id=f"{stage}: {fault.name}")
    for stage, faults in STAGES.items()
    for fault in faults
]


def _check(given: Case, by: Decide) -> None:
    assess(
        CheckRequest(
            given.rulebook,
            given.evidence,
            given.as_of,
            PROGRAM,
            by,
            records_begin=given.records_begin,
            ahead=False,
        )
    )


#: No fault that is planted has a part in making a case.
_case = lru_cache(maxsize=_TRIED)(case)


def _cases(fault: Fault) -> Iterator[Case]:
    """The cases, on the days, in which a fault can show."""
    for seed in range(_FIRST + fault.since, _FIRST + fault.since + 20 * _TRIED):
        given = _case(seed)
        if given.pattern in fault.patterns:
            yield from fault.tries(given)


def _caught(given: Case) -> bool:
    try:
        _check(given, decide_plainly)
    except EngineFault:
        return True
    return False


@pytest.mark.one_in(4)
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault.where, fault.make(resolve_name(fault.where)))
    assert any(_caught(given) for given in islice(_cases(fault), _TRIED))


def test_without_a_fault_nothing_is_caught() -> None:
    """In whatever is tried for any of them, so that it is the fault that is noticed."""
    tried = {fault.tries: fault for faults in STAGES.values() for fault in faults}
    for fault in tried.values():
        for given in islice(_cases(fault), 6):
            _check(given, decide_plainly)


def test_there_are_five_faults_of_each_stage() -> None:
    assert min(len(faults) for faults in STAGES.values()) >= 5
    names = Counter(fault.name for faults in STAGES.values() for fault in faults)
    assert max(names.values()) == 1


# The rules engine's own answer ------------------------------------------------------------------

Told = list[dict[str, list[Any]]]


def _not_seen(reply: Told) -> None:
    reply[0]["seen"].pop()


def _not_fired(reply: Told) -> None:
    reply[0]["fired"].pop()


def _both_fired(reply: Told) -> None:
    fact, rule = reply[0]["fired"][0]
    reply[0]["fired"].append([fact, rule - 1 if rule else 1])


def _another_fired(reply: Told) -> None:
    fact, rule = reply[0]["fired"][0]
    reply[0]["fired"][0] = [fact, rule - 1 if rule else 1]


def _of_another(reply: Told) -> None:
    """The rules of two situations swapped."""
    fired = reply[0]["fired"]
    other = next((rule for rule in fired if rule[1] != fired[0][1]), fired[0])
    fired[0][1], other[1] = other[1], fired[0][1]


def _of_none(reply: Told) -> None:
    reply[0]["fired"].append([9_999, 0])


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_not_seen, id="a situation was not looked at"),
        pytest.param(_not_fired, id="a decision is lost"),
        pytest.param(_both_fired, id="a second rule fired"),
        pytest.param(_another_fired, id="another rule fired"),
        pytest.param(_of_another, id="two decisions are swapped"),
        pytest.param(_of_none, id="a situation that was never asked"),
    ],
)
def test_a_wrong_answer_of_the_rules_engine_is_caught(
    spoil: Callable[[Told], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the session itself, or because the plain evaluator says otherwise."""
    ask = session._ask

    def spoilt(*given: Any) -> Told:
        reply: Any = ask(*given)
        spoil(reply)
        return reply  # type: ignore[no-any-return]

    given = next(
        candidate for candidate in map(case, range(_FIRST, _FIRST + 99)) if _several(candidate)
    )
    _check(given, decide)
    monkeypatch.setattr(session, "_ask", spoilt)
    with pytest.raises(EngineFault):
        _check(given, decide)


def _several(given: Case) -> bool:
    """Whether a case has obligations of at least two statuses."""
    return len({answer.status for answer in plain_answers(given) if answer.is_current}) > 1
