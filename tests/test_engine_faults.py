"""A fault planted in the first evaluator, or in the rules engine's answer, is always caught.

Each fault changes one function into a version that is wrong in one way. A check of made-up cases
must then stop with an EngineFault: the evaluators disagree, or not exactly one rule decides.
"""

from __future__ import annotations

import datetime
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
from engine.check import Asked, assess
from engine.codes import Code
from engine.durable import decide, session
from engine.judge import Decide
from engine.listing import LIST_READ
from engine.ruleform import EngineFault, Rule, decide_plainly
from tests import engine_builders as make
from tests.altered import with_table
from tests.generated import PATTERNS, Case, case
from tests.generated_evidence import FIRST
from tests.judged import second_answers
from tests.promised import versions

PROGRAM = Program("dueregard", "0", "durable-rules and the second evaluator", "")
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
    such a case, where most of them would not show it as they are."""

    name: str
    where: str
    make: Callable[[Function], object]
    patterns: tuple[str, ...] = PATTERNS
    tries: Callable[[Case], Sequence[Case]] = lambda given: [given]


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


def _waived_until(given: Case) -> list[Case]:
    """On the days after waivers end."""
    return _on(given, _later(_read(given, "waivers", "until"), 1))


def _deadlines(given: Case) -> list[datetime.date]:
    days = {each.deadline for each in second_answers(given) if not each.past}
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
    said: make.Row = {"subject": "plan", "about": "m", "score": 3, "note": "seen", "covers": "one"}
    days = [held - datetime.timedelta(1), held, held + datetime.timedelta(1)]
    reviews: list[make.Row] = [{"ref": f"R{day}", "reviewed on": day, **said} for day in days]
    meeting: make.Row = {"ref": "m", "body": "group", "held on": held, "topics": 2}
    tables = make.table(make.REVIEWS, *reviews), make.table(make.MEETINGS, meeting)
    evidence = with_table(given.evidence, *tables)
    return [replace(given, evidence=evidence, as_of=held + datetime.timedelta(9))]


EXPAND = (
    Fault("the last listed row is dropped", "engine.listing.np.flatnonzero",
          after(lambda rows: rows[:-1]), EVENTS),
    Fault("cancelled events are asked about", "engine.listing._cancelled",
          after(np.zeros_like), EVENTS),
    Fault("people are asked on the day they leave", "engine.listing._until",
          after(lambda days: days + 1), PEOPLE, _leaving),
    Fault("an empty list is always fair", "engine.expand.list_state",
          instead(lambda *_: LIST_READ), (*EVENTS, "completeness")),
    Fault("two rows may claim one person", "engine.listing._overlapping",
          after(np.zeros_like), PEOPLE),
    Fault("a condition that cannot be read holds", "engine.expand.applies_on",
          after(lambda told: np.where(told == 1, 2, told))),
    Fault("the first version judges every event", "engine.scope.Scope.versions_at",
          after(np.zeros_like), (*EVENTS, "completeness")),
    Fault("an event's condition is judged on the day of the check", "engine.expand._with_applies",
          before(lambda scope, number, table, days: (scope, number, table, days * 0 + scope.as_of)),
          EVENTS, _applies),
    Fault("an unread row asks nothing", "engine.expand._unread",
          after(lambda table: table.only(np.arange(0)))),
)  # fmt: skip

MATCH = (
    Fault("what cannot be read counts", "engine.items.Items.counting",
          instead(lambda items, as_of: np.flatnonzero((items.truth >= 1) & (items.day <= as_of)))),
    Fault("tomorrow's items count", "engine.items.Items.counting",
          before(lambda items, as_of: (items, as_of + 1))),
    Fault("deadlines are a day late", "engine.match_event._deadline",
          after(lambda days: days + 1), EVENTS),
    Fault("the last item found is dropped", "engine.match_event.pairs",
          after(lambda found: found.only(np.arange(len(found.ob) - 1))), EVENTS),
    Fault("an item from before the window counts", "engine.match_event._window",
          after(lambda window: (window[0] * 0, window[1])), EVENTS),
    Fault("items need not differ", "engine.match_event.once_each",
          instead(lambda _, found, *__: found), EVENTS, _alike),
    Fault("a window is missed on its deadline", "engine.match_periodic.Kept.missed",
          instead(lambda kept, as_of: as_of >= kept.window.deadline and not kept.met), PERIODIC),
    Fault("a window has no grace", "engine.windows._window",
          after(lambda window: replace(window, deadline=window.end)), PERIODIC),
    Fault("a month is thirty days", "engine.calendar._add_months",
          instead(lambda days, months: days + 30 * months), ROLLING),
    Fault("the notice is a day short", "engine.match_rolling.add",
          lambda real: lambda days, span, sign=1: real(days, span, sign) + (sign < 0), ROLLING,
          _on_notices),
    Fault("the earliest items count, not the latest", "engine.match_rolling.nth",
          lambda real: lambda *given, **_: real(*given), ("rolling",)),
    Fault("nothing is ever reviewed", "engine.match_rolling.ends_of",
          instead(lambda pattern, columns: columns.days(pattern.begins) + 3650), ("standing",)),
    Fault("only the first of several words will do", "engine.truth._among",
          before(lambda texts: (texts[:1],))),
)  # fmt: skip

SITUATIONS = (
    Fault("opened and closed are swapped", "engine.situations._fields",
          after(lambda table: table.put({"opened": table["closed"], "closed": table["opened"]}))),
    Fault("the deadline's own day is over", "engine.situations._fields",
          lambda real: lambda scope, table, *rest: real(scope, table, *rest).put(
              {"closed": table["deadline"] <= scope.as_of}), tries=_on_deadlines),
    Fault("what has lapsed is still current", "engine.situations._fields",
          after(lambda table: table.put({"lapse_over": 0})), (*EVENTS, "completeness")),
    Fault("what was met long ago is still current", "engine.situations._fields",
          after(lambda table: table.put({"year_over": 0})), (*EVENTS, "completeness")),
    Fault("a missed window before is forgotten", "engine.situations._fields",
          after(lambda table: table.put({"earlier_missed": 0})), PERIODIC),
    Fault("a waiver of another duty covers", "engine.waivers.covers",
          instead(lambda *_: True)),
    Fault("a waiver holds a day longer", "engine.waivers.WaiverRow.holds",
          instead(lambda row, day: row.complete and row.first <= day <= row.last + 1),
          tries=_waived_until),
    Fault("a waiver without a reason holds", "engine.waivers.WaiverRow.holds",
          instead(lambda row, day: row.first <= day <= row.last)),
    Fault("a waiver may not name an event", "engine.situations.waived",
          before(lambda rows, duty, table, day: (rows, duty, table.put({"event": ""}), day)),
          (*EVENTS, "completeness")),
)  # fmt: skip


def _other_outcome(rules: list[Rule]) -> list[Rule]:
    swapped = {int(Code.DUE): int(Code.OVERDUE), int(Code.OVERDUE): int(Code.DUE)}
    return [replace(rule, outcome=swapped.get(rule.outcome, rule.outcome)) for rule in rules]


def _met_whatever(rules: list[Rule]) -> list[Rule]:
    """The rule for what was met without its last test: then another rule fits as well."""
    return [replace(r, tests=r.tests[:-1]) if r.name.endswith("/met") else r for r in rules]


JUDGE = (
    Fault("due and overdue are swapped", "engine.first.rules_of", after(_other_outcome)),
    Fault("two rules fit", "engine.first.rules_of", after(_met_whatever)),
    Fault("no rule fits", "engine.first.rules_of",
          after(lambda rules: [r for r in rules if not r.name.endswith("/overdue")])),
    Fault("verdicts go to other obligations", "engine.first.distinct",
          after(lambda found: (found[0], found[1][::-1]))),
    Fault("all obligations get the first verdict", "engine.first.distinct",
          after(lambda found: (found[0], found[1] * 0))),
    Fault("days over count from the window shown", "engine.first._answer",
          before(lambda scope, row, code: (scope, row._replace(since=row.deadline), code)),
          PERIODIC),
    Fault("one item that met it is not named", "engine.first._refs", after(lambda refs: refs[:-1])),
    Fault("history never was late", "engine.first._earlier",
          after(lambda answer: answer._replace(late_days=0)), PERIODIC),
    Fault("the best stands for the whole", "engine.compile.WORST_FIRST",
          lambda real: tuple(reversed(real))),  # type: ignore[call-overload]
)  # fmt: skip

STAGES = {"expand": EXPAND, "match": MATCH, "situations": SITUATIONS, "judge": JUDGE}
PLANTED = [
    pytest.param(fault, id=f"{stage}: {fault.name}")
    for stage, faults in STAGES.items()
    for fault in faults
]


def _check(given: Case, by: Decide) -> None:
    assess(Asked(given.rulebook, given.evidence, given.as_of, PROGRAM, by))


#: No fault that is planted has a part in making a case.
_case = lru_cache(maxsize=_TRIED)(case)


def _cases(fault: Fault) -> Iterator[Case]:
    """The cases, on the days, in which a fault can show."""
    for seed in range(_FIRST, _FIRST + 20 * _TRIED):
        given = _case(seed)
        if given.pattern in fault.patterns:
            yield from fault.tries(given)


def _caught(given: Case) -> bool:
    try:
        _check(given, decide_plainly)
    except EngineFault:
        return True
    return False


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault.where, fault.make(resolve_name(fault.where)))
    assert any(_caught(given) for given in islice(_cases(fault), _TRIED))


def test_without_a_fault_nothing_is_caught() -> None:
    """In whatever is tried for any of them, so that it is the fault that is noticed."""
    tried = {fault.tries: fault for faults in STAGES.values() for fault in faults}
    for fault in tried.values():
        for given in islice(_cases(fault), 12):
            _check(given, decide_plainly)


def test_there_are_five_faults_of_each_stage() -> None:
    assert min(len(faults) for faults in STAGES.values()) >= 5
    names = Counter(fault.name for faults in STAGES.values() for fault in faults)
    assert max(names.values()) == 1


# The rules engine's own answer ------------------------------------------------------------------

Told = list[dict[str, list[Any]]]


def _not_seen(told: Told) -> None:
    told[0]["seen"].pop()


def _not_fired(told: Told) -> None:
    told[0]["fired"].pop()


def _both_fired(told: Told) -> None:
    fact, rule = told[0]["fired"][0]
    told[0]["fired"].append([fact, rule - 1 if rule else 1])


def _another_fired(told: Told) -> None:
    fact, rule = told[0]["fired"][0]
    told[0]["fired"][0] = [fact, rule - 1 if rule else 1]


def _of_another(told: Told) -> None:
    """The rules of two situations swapped."""
    fired = told[0]["fired"]
    other = next((each for each in fired if each[1] != fired[0][1]), fired[0])
    fired[0][1], other[1] = other[1], fired[0][1]


def _of_none(told: Told) -> None:
    told[0]["fired"].append([9_999, 0])


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
    """By the session itself, or because the second evaluator says otherwise."""
    ask = session._ask

    def spoilt(*given: Any) -> Told:
        told: Any = ask(*given)
        spoil(told)
        return told  # type: ignore[no-any-return]

    given = next(each for each in map(case, range(_FIRST, _FIRST + 99)) if _several(each))
    _check(given, decide)
    monkeypatch.setattr(session, "_ask", spoilt)
    with pytest.raises(EngineFault):
        _check(given, decide)


def _several(given: Case) -> bool:
    """Whether a case has obligations of at least two statuses."""
    return len({each.status for each in second_answers(given) if not each.past}) > 1
