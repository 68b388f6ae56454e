"""The first evaluator: every duty's obligations, what was found for them, and the situations that
the rules engine decides on. One frame for each pattern, over all duties.

Every field of a situation is an observation (opened, closed, enough in time, ...); none stands for
a status.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import AllColumns
from engine.columns.days import NO_DAY, Ints
from engine.decision.duty_rules import OBLIGATION, rules_of
from engine.decision.judge import Decide, Verdict, judge
from engine.decision.observations import Applying, ListState
from engine.decision.rule import Rule, Situation
from engine.frames import before_event, completeness, periodic, rolling, standing, triggered
from engine.frames.items import Items, selected
from engine.frames.obligations import Expansion, expand
from engine.frames.periodic import Kept, Windows
from engine.frames.schema import MATCHED, MET, Anchor, Names, ints, stacked
from engine.frames.scope import Editions, Scope
from engine.frames.waivers import Thing, WaiverRow, names_of, waived, waiver_rows
from engine.frames.windows import Matches, unmatched
from engine.obligation import Obligation, SubjectState
from engine.outcome import ItemRef
from rules import patterns
from rules.model import Rulebook
from rules.resolve import resolve
from rules.subject import Member

#: The fields of an obligation's situation, each smaller than 8.
FIELDS = (
    "list_state",
    "subject_state",
    "applies",
    "waived",
    "opened",
    "closed",
    "enough_in_time",
    "enough_late",
    "within_notice",
    "ever_done",
    "earlier_missed",
    "lapse_over",
    "year_over",
    "before_records",
)
_BITS = 3
#: How the obligations of each pattern are matched; periodic ones have windows beside.
_MATCH: Mapping[type, Callable[[pd.DataFrame, Editions, Names], Matches]] = {
    patterns.Rolling: rolling.match,
    patterns.Triggered: triggered.match,
    patterns.BeforeEvent: before_event.match,
    patterns.Standing: standing.match,
    patterns.Completeness: completeness.match,
}


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything found about one duty: its obligations, and the situation of each (its FIELDS as
    one number); the windows that are history; how many windows in a row were missed; and the items
    that strayed into an earlier window."""

    obligations: tuple[Obligation, ...]
    situations: Ints
    expansion: Expansion
    history: tuple[Kept, ...]
    run: int
    strays: tuple[ItemRef, ...]

    def things_named(self, scope: Scope, names: Collection[str]) -> dict[str, frozenset[Thing]]:
        """What each of these names may mean, of what the obligations are about."""
        return names_of(scope, self.obligations, names)


def observe_all(
    rulebook: Rulebook,
    columns: AllColumns,
    as_of: datetime.date,
    tick: Callable[[], None],
    records_begin: datetime.date | None = None,
) -> list[tuple[Scope, Observed]]:
    """What is observed of every duty in force on D, in the rulebook's order."""
    records = records_begin.toordinal() if records_begin else NO_DAY
    kept: dict[object, Items] = {}
    duties = (resolve(rulebook, duty_id) for duty_id in rulebook.duties)
    scopes = [
        Scope(duty, columns, as_of.toordinal(), kept, records)
        for duty in duties
        if duty.holds(as_of)
    ]
    return list(zip(scopes, observe(scopes, waiver_rows(columns), tick), strict=True))


def observe(
    scopes: Sequence[Scope], waivers: Sequence[WaiverRow], tick: Callable[[], None] = lambda: None
) -> list[Observed]:
    """What is observed of each of these duties, all of one check."""
    editions, names = Editions(scopes), Names()
    listed, expansions = expand(editions, names)
    tick()
    matched, windows_of = _match(listed, editions, names, expansions, tick)
    every = _obligations(matched, editions, names)
    bounds = np.searchsorted(ints(matched.frame, "duty"), np.arange(len(scopes) + 1)).tolist()
    relief: list[int] = []
    for duty, scope in enumerate(scopes):
        relief += waived(scope, waivers, every[bounds[duty] : bounds[duty + 1]])
    states = np.array([each.list_state for each in expansions], dtype=np.int64)
    packed = _packed(_fields(matched.frame, editions.as_of, states, relief))
    return [
        Observed(
            every[bounds[duty] : bounds[duty + 1]],
            packed[bounds[duty] : bounds[duty + 1]],
            expansions[duty],
            windows_of.get(duty, _NONE).history,
            windows_of.get(duty, _NONE).run,
            windows_of.get(duty, _NONE).strays,
        )
        for duty in range(len(scopes))
    ]


_NONE = Windows()


def items_of(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version (and for a member of its fixed list), selected once."""
    pattern = scope.version(number).version.pattern
    in_place = isinstance(pattern, patterns.Standing)
    return (standing.items_in_place if in_place else selected)(scope, number, member)


# Matching ---------------------------------------------------------------------------------------


def _match(
    listed: pd.DataFrame,
    editions: Editions,
    names: Names,
    expansions: Sequence[Expansion],
    tick: Callable[[], None],
) -> tuple[Matches, dict[int, Windows]]:
    """What was found for the obligations, pattern by pattern, in the order in which they are
    listed; and the windows of the periodic duties."""
    found: list[tuple[Ints, Matches]] = []
    windows_of: dict[int, Windows] = {}
    for places, pattern in _by_pattern(listed, editions, expansions):
        obligations = listed.take(places).reset_index(drop=True)
        if pattern is patterns.Periodic:
            windows_of = periodic.windows_of(obligations, editions)
            current = [windows_of[duty].current is not None for duty in obligations["duty"]]
            matched = periodic.match(obligations[current], editions, names, windows_of)
            found.append((places[current], matched))
        else:
            match = _MATCH.get(pattern, unmatched)
            found.append((places, match(obligations, editions, names)))
        tick()
    return _together(found), windows_of


def _by_pattern(
    listed: pd.DataFrame, editions: Editions, expansions: Sequence[Expansion]
) -> Iterator[tuple[Ints, type]]:
    """Where the obligations of each pattern stand that are really asked, and where the others do
    (of no pattern)."""
    kinds = [type(version.pattern) for version in editions.version]
    distinct = list(dict.fromkeys(kinds))
    read = np.array([each.list_state == ListState.READ for each in expansions], dtype=np.bool_)
    asked = ints(listed, "state") == SubjectState.READABLE
    asked &= ints(listed, "applies") == Applying.YES
    asked &= read[ints(listed, "duty")]
    number = np.array([distinct.index(kind) for kind in kinds])[ints(listed, "edition")]
    number = np.where(asked, number, len(distinct))
    for at in np.unique(number).tolist():
        yield np.flatnonzero(number == at), [*distinct, object][at]


def _together(found: Sequence[tuple[Ints, Matches]]) -> Matches:
    """The obligations of all patterns in the order in which they were listed."""
    frame = stacked([each.frame for _, each in found], MATCHED)
    starts = np.cumsum([0, *(len(each.frame) for _, each in found)])
    mets = [
        each.met.assign(obligation=each.met["obligation"] + start)
        for start, (_, each) in zip(starts.tolist(), found, strict=False)
    ]
    met = stacked(mets, MET)
    places = np.concatenate([places for places, _ in found]) if found else np.zeros(0, np.int64)
    order = np.argsort(places, kind="stable")
    now_at = np.argsort(order, kind="stable")
    moved = met.assign(obligation=now_at[ints(met, "obligation")])
    return Matches(frame.take(order).reset_index(drop=True), moved)


def _obligations(matched: Matches, editions: Editions, names: Names) -> tuple[Obligation, ...]:
    """The obligations as typed values, each made once."""
    frame = matched.frame
    words = [anchor.word for anchor in Anchor]
    said: dict[str, Sequence[object]] = {
        **{name: names.texts(ints(frame, name)) for name in ("subject", "event", "window")},
        "version": editions.number[ints(frame, "edition")].tolist(),
        "anchor": [words[each] for each in ints(frame, "anchor").tolist()],
        "met_rows": _met_rows(matched, names),
    }
    columns = [
        said[name] if name in said else ints(frame, name).tolist() for name in Obligation._fields
    ]
    return tuple(map(Obligation._make, zip(*columns, strict=True)))


def _met_rows(matched: Matches, names: Names) -> list[tuple[ItemRef, ...]]:
    """The items that met each obligation, in the order in which they count."""
    met = matched.met.sort_values("obligation", kind="stable")
    registers = names.texts(ints(met, "register"))
    items = list(map(ItemRef, registers, ints(met, "row").tolist()))
    counts = np.bincount(ints(met, "obligation"), minlength=len(matched.frame))
    ends = np.cumsum(counts).tolist()
    return [tuple(items[end - n : end]) for end, n in zip(ends, counts.tolist(), strict=True)]


# Situations -------------------------------------------------------------------------------------


def _fields(
    frame: pd.DataFrame, as_of: int, list_states: Ints, relief: Sequence[int]
) -> dict[str, Ints]:
    """The FIELDS of each obligation's situation."""
    said = {
        "list_state": list_states[ints(frame, "duty")],
        "subject_state": ints(frame, "state"),
        "waived": np.array(relief, dtype=np.int64),
        "opened": (ints(frame, "opens") <= as_of).astype(np.int64),
        "closed": (ints(frame, "deadline") < as_of).astype(np.int64),
    }
    return {name: said[name] if name in said else ints(frame, name) for name in FIELDS}


def _packed(fields: Mapping[str, Ints]) -> Ints:
    """The fields of each situation as one number."""
    packed = np.zeros(len(fields[FIELDS[0]]), dtype=np.int64)
    for at, name in enumerate(FIELDS):
        packed |= fields[name] << (_BITS * at)
    return packed


def _unpacked(packed: int, key: int) -> Situation:
    """The situation of a number, of the duty with this key."""
    fields = ((name, packed >> (_BITS * at) & 7) for at, name in enumerate(FIELDS))
    return Situation(OBLIGATION, key, tuple(sorted(fields)))


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
    for key, (scope, _) in enumerate(found, start=1):
        rules += rules_of(scope.duty, scope.current, key)
    counts = [len(observed.situations) for _, observed in found]
    keys = np.repeat(np.arange(1, len(found) + 1), counts)
    packed = [observed.situations for _, observed in found]
    asked = pd.DataFrame({"key": keys, "situation": np.concatenate([*packed, keys[:0]])})
    situations, places = distinct(asked)
    ends = np.cumsum(counts).tolist()
    parts = [places[end - n : end] for end, n in zip(ends, counts, strict=True)]
    return Question(rules, situations, parts)


def distinct(asked: pd.DataFrame) -> tuple[list[Situation], Ints]:
    """The distinct situations of all duties, and for each obligation which one it is in."""
    each = asked.drop_duplicates().sort_values(["key", "situation"], ignore_index=True)
    places = asked.merge(each.assign(place=np.arange(len(each))), how="left")
    pairs = zip(ints(each, "situation").tolist(), ints(each, "key").tolist(), strict=True)
    return [_unpacked(*pair) for pair in pairs], ints(places, "place")
