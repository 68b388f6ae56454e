"""The first evaluator: expand, match, situations, rules engine, answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.columns.arrays import AllColumns
from engine.columns.days import NO_DAY, Ints, as_date
from engine.decision.codes import PAST, STATUS, Code
from engine.decision.duty_rules import rules_of
from engine.decision.judge import Decide, Verdict, judge
from engine.decision.rule import Rule, Situation
from engine.frames.match_periodic import Kept
from engine.frames.scope import Scope
from engine.frames.situations import Observed, distinct, observe
from engine.frames.waivers import waiver_rows
from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status
from rules.model import Rulebook, Version
from rules.patterns import Completeness
from rules.resolve import resolve

_SAYS_NOTHING = (Code.CANNOT_TELL, Code.NOT_APPLICABLE, Code.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class Traced:
    """One duty as the first evaluator sees it: what was observed, one verdict and one answer for
    each row of ``observed.table``, and the answers that are history."""

    scope: Scope
    observed: Observed
    verdicts: tuple[Verdict, ...]
    answers: tuple[Answer, ...]
    earlier: tuple[Answer, ...]


def observe_all(
    rulebook: Rulebook,
    columns: AllColumns,
    as_of: datetime.date,
    tick: Callable[[], None],
    records_begin: datetime.date | None = None,
) -> list[tuple[Scope, Observed]]:
    """What is observed of every duty in force on D, in the rulebook's order."""
    records = records_begin.toordinal() if records_begin else NO_DAY
    waivers = waiver_rows(columns)
    kept: dict[object, object] = {}
    found = []
    for duty_id in rulebook.duties:
        duty = resolve(rulebook, duty_id)
        if duty.holds(as_of):
            day = as_of.toordinal()
            scope = Scope(duty, columns, day, kept, records)  # type: ignore[arg-type]
            found.append((scope, observe(scope, waivers)))
            tick()
    return found


class Question(NamedTuple):
    """What the rules engine is asked: the rules of every duty, the distinct situations, and for
    each duty which of them its obligations are in."""

    rules: list[Rule]
    situations: list[Situation]
    places: list[Ints]

    def put(self, decide: Decide) -> list[Verdict]:
        """The verdict on each situation; raises as `judge` does."""
        return judge(self.rules, self.situations, decide)


def to_decide(found: Sequence[tuple[Scope, Observed]]) -> Question:
    """What is to be decided of all that was observed."""
    rules: list[Rule] = []
    situations: list[Situation] = []
    places = []
    for key, (scope, observed) in enumerate(found, start=1):
        rules += rules_of(scope.duty, scope.current, key)
        mine, numbers = distinct(observed.table, key)
        places.append(numbers + len(situations))
        situations += mine
    return Question(rules, situations, places)


def judge_all(found: Sequence[tuple[Scope, Observed]], decide: Decide) -> list[Traced]:
    """The verdict on each distinct situation, mapped back to every obligation."""
    asked = to_decide(found)
    return trace(found, asked, asked.put(decide))


def trace(
    found: Sequence[tuple[Scope, Observed]], asked: Question, verdicts: Sequence[Verdict]
) -> list[Traced]:
    """Each verdict mapped back to the obligations that are in its situation."""
    traced = []
    for (scope, observed), numbers in zip(found, asked.places, strict=True):
        each = tuple(verdicts[n] for n in numbers.tolist())
        answers = tuple(_answers(scope, observed, each))
        earlier = tuple(_earlier(scope, kept) for kept in observed.history)
        traced.append(Traced(scope, observed, each, answers, earlier))
    return traced


def all_answers(traced: Iterable[Traced]) -> list[Answer]:
    """Every answer, current and history, by key and then by why it is history."""
    every = [answer for each in traced for answer in (*each.answers, *each.earlier)]
    return sorted(every, key=lambda answer: (answer.key, answer.past))


class Found(NamedTuple):
    """One obligation's cells of the observed table that an answer needs."""

    subject: str
    event: str
    window: str
    row: int
    version: int
    opens: int
    deadline: int
    since: int
    next_deadline: int
    late_days: int
    last_done: int
    met_rows: tuple[int | tuple[str, int], ...]


def _answers(scope: Scope, observed: Observed, verdicts: Sequence[Verdict]) -> Iterable[Answer]:
    columns = [observed.table.cells(name) for name in Found._fields]
    for verdict, *found in zip(verdicts, *columns, strict=True):
        yield _answer(scope, Found(*found), verdict.code)


def _register(version: Version) -> str:
    if isinstance(version.pattern, Completeness):
        return version.pattern.records.register
    return version.evidence.register if version.evidence else ""


def _answer(scope: Scope, found: Found, code: Code) -> Answer:
    version = scope.version(found.version)
    status, past = STATUS[code], PAST.get(code, Past.CURRENT)
    untold = code is Code.WAIVED and found.opens == NO_DAY  # waived before it could be told
    if code in _SAYS_NOTHING or untold:
        key = _key(scope, found, found.window if untold or found.row >= 0 else "")
        return Answer(key, version.begins, status, past, None, None, None, 0, (), None)
    met = status is Status.MET
    until = found.next_deadline if met else found.since
    shown = as_date(until) is not None and past is Past.CURRENT
    return Answer(
        key=_key(scope, found, found.window),
        version=version.begins,
        status=status,
        past=past,
        opens=as_date(found.opens),
        deadline=as_date(found.deadline),
        days=until - scope.as_of if shown else None,
        late_days=found.late_days if met else 0,
        met_by=_refs(found.met_rows, _register(version.version)) if met else (),
        last_done=as_date(found.last_done) if past is Past.CURRENT else None,
    )


def _key(scope: Scope, found: Found, window: str) -> ObligationKey:
    return ObligationKey(scope.duty.duty.id, found.subject, found.event, window, found.row)


def _refs(rows: tuple[int | tuple[str, int], ...], register: str) -> tuple[ItemRef, ...]:
    """The items: rows of the duty's register, or, of a periodic duty, each with its own."""
    refs = (ItemRef(*each) if isinstance(each, tuple) else ItemRef(register, each) for each in rows)
    return tuple(sorted(refs))


def _earlier(scope: Scope, kept: Kept) -> Answer:
    """The answer on an earlier window: met, met late, missed, or over before records begin."""
    window = kept.window
    unmet = Past.BEFORE_RECORDS if kept.before_records(scope) else Past.MISSED
    return Answer(
        key=ObligationKey(scope.duty.duty.id, window=window.label),
        version=scope.duty.versions[window.version].begins,
        status=Status.MET if kept.met else Status.OVERDUE,
        past=Past.MET if kept.met else unmet,
        opens=as_date(window.opens),
        deadline=as_date(window.deadline),
        days=None,
        late_days=kept.late_days,
        met_by=tuple(sorted(ItemRef(*each) for each in kept.met_by)),
        last_done=None,
    )
