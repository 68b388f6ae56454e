"""The first evaluator: every duty's obligations, what was found for them, and the situations that
the rules engine decides on. One frame for each pattern, over all duties.

Every field of a situation is an observation (opened, closed, enough in time, ...); none stands for
a status.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
from engine.frames.schema import MATCHED, MET, Anchor, checked, ints, made, stacked
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
_KEY = _BITS * len(FIELDS)
#: How the obligations of each pattern are matched; periodic ones have windows beside.
_MATCH: Mapping[type, Callable[[pd.DataFrame, Editions], Matches]] = {
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
    editions = Editions(scopes)
    listed, expansions = expand(editions)
    tick()
    matched, windows_of = _match(listed, editions, tick)
    every = _obligations(matched, editions)
    bounds = np.searchsorted(ints(matched.frame, "duty"), np.arange(len(scopes) + 1)).tolist()
    parts = [slice(*ends) for ends in pairwise(bounds)]
    relief: list[int] = []
    for scope, its in zip(scopes, parts, strict=True):
        relief += waived(scope, waivers, every[its])
    fields = _fields(matched.frame, editions.as_of_day, relief)
    packed = [values << _BITS * at for at, values in enumerate(fields.values())]
    situations = np.asarray(np.bitwise_or.reduce(packed), dtype=np.int64)
    observed = []
    for duty, its in enumerate(parts):
        windows = windows_of.get(duty, Windows())
        rest = windows.history, windows.run, windows.strays
        observed.append(Observed(every[its], situations[its], expansions[duty], *rest))
    return observed


def items_of(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version (and for a member of its fixed list), selected once."""
    pattern = scope.version(number).version.pattern
    in_place = isinstance(pattern, patterns.Standing)
    return (standing.items_in_place if in_place else selected)(scope, number, member)


# Matching ---------------------------------------------------------------------------------------


def _match(
    listed: pd.DataFrame, editions: Editions, tick: Callable[[], None]
) -> tuple[Matches, dict[int, Windows]]:
    """What was found for the obligations, pattern by pattern, in the order in which they are
    listed; and the windows of the periodic duties."""
    asked = ints(listed, "list_state") == ListState.READ
    asked &= ints(listed, "applies") == Applying.YES
    asked &= ints(listed, "state") == SubjectState.READABLE
    kinds = [type(version.pattern) for version in editions.version]
    distinct_kinds = [object, *dict.fromkeys(kinds)]  # object: what is not really asked
    number = np.array([distinct_kinds.index(kind) for kind in kinds])[ints(listed, "edition")]
    number = np.where(asked, number, 0)
    found: list[Matches] = []
    windows_of: dict[int, Windows] = {}
    for at in np.unique(number).tolist():
        pattern, obligations = distinct_kinds[at], listed[number == at]
        if pattern is patterns.Periodic:
            matched, windows_of = periodic.match(obligations, editions)
        else:
            matched = _MATCH.get(pattern, unmatched)(obligations, editions)
        place = matched.frame.index.to_numpy()[ints(matched.met, "obligation")]
        found.append(matched._replace(met=matched.met.assign(obligation=place)))
        tick()
    frame = pd.concat([made(MATCHED, 0), *(each.frame for each in found)]).sort_index()
    met = stacked([each.met for each in found], MET)
    place = np.searchsorted(frame.index.to_numpy(), ints(met, "obligation"))
    return Matches(checked(frame, MATCHED), met.assign(obligation=place)), windows_of


def _obligations(matched: Matches, editions: Editions) -> tuple[Obligation, ...]:
    """The obligations as typed values, each made once."""
    frame, texts = matched.frame, editions.names.texts
    words = [anchor.word for anchor in Anchor]
    met = matched.met.sort_values("obligation", kind="stable")  # they stand as they count
    refs = list(map(ItemRef, texts(ints(met, "register")), ints(met, "row").tolist()))
    bounds = np.searchsorted(ints(met, "obligation"), np.arange(len(frame) + 1)).tolist()
    said: dict[str, Sequence[object]] = {
        **{name: texts(ints(frame, name)) for name in ("subject", "event", "window")},
        "version": editions.number[ints(frame, "edition")].tolist(),
        "anchor": [words[each] for each in ints(frame, "anchor").tolist()],
        "met_rows": [tuple(refs[start:end]) for start, end in pairwise(bounds)],
    }
    columns = [
        said[name] if name in said else ints(frame, name).tolist() for name in Obligation._fields
    ]
    return tuple(map(Obligation._make, zip(*columns, strict=True)))


# Situations -------------------------------------------------------------------------------------


def _fields(frame: pd.DataFrame, as_of_day: int, relief: Sequence[int]) -> dict[str, Ints]:
    """The FIELDS of each obligation's situation."""
    said = {
        "subject_state": ints(frame, "state"),
        "waived": np.array(relief, dtype=np.int64),
        "opened": (ints(frame, "opens") <= as_of_day).astype(np.int64),
        "closed": (ints(frame, "deadline") < as_of_day).astype(np.int64),
    }
    return {name: said[name] if name in said else ints(frame, name) for name in FIELDS}


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
    asked: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for key, (scope, observed) in enumerate(found, start=1):
        rules += rules_of(scope.duty, scope.current, key)
        asked.append(observed.situations | key << _KEY)
    situations, places = distinct(np.concatenate(asked))
    ends = np.cumsum([len(each) for each in asked])
    return Question(rules, situations, np.split(places, ends)[1:-1])


def distinct(asked: Ints) -> tuple[list[Situation], Ints]:
    """The distinct situations of all duties, and for each obligation which one it is in. What is
    ``asked`` is the fields of each as one number, with the key of the duty above them."""
    numbers, places = np.unique(asked, return_inverse=True)
    situations = [
        Situation(
            OBLIGATION,
            number >> _KEY,
            tuple(sorted((name, number >> _BITS * at & 7) for at, name in enumerate(FIELDS))),
        )
        for number in numbers.tolist()
    ]
    return situations, places
