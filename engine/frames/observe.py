"""The vectorised evaluator: every duty's obligations, the evidence for each, and the situations
that the rules engine decides. There is one frame for each pattern, over all duties.

Every field of a situation is an observation (opened, deadline passed, enough in time, ...), never a
status.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import AllColumns, all_columns
from engine.columns.days import Ints
from engine.day_number import NO_DAY
from engine.decision.codes import Applying, ListState
from engine.decision.duty_rules import OBLIGATION_KIND, rules_of
from engine.decision.judge import Decide, Verdict, judge
from engine.decision.rule import Rule, Situation
from engine.frames import before_event, completeness, periodic, rolling, standing, triggered
from engine.frames.items import Items, select_items
from engine.frames.matches import Matches, match_nothing
from engine.frames.obligations import Expansion, expand
from engine.frames.periodic import NO_WINDOWS, Windows
from engine.frames.schema import (
    MATCHED,
    MET,
    check_frame,
    flags,
    ints,
    make_frame,
    stack_frames,
)
from engine.frames.scope import MetBefore, Scope, VersionTable
from engine.frames.waivers import Thing, WaiverRow, names_of, waiver_covers, waiver_rows
from engine.obligation import Anchor, Obligation, SubjectState
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
    "deadline_passed",
    "enough_in_time",
    "enough_late",
    "still_lasts",
    "within_notice",
    "ever_done",
    "earlier_missed",
    "lapse_over",
    "year_over",
    "before_records",
)
#: A situation is one whole number, so that the distinct ones are found by one sort. The 15 fields
#: take 45 of its 63 bits, which leaves 18 for the number of the duty.
_BITS = 3
_KEY_SHIFT = _BITS * len(FIELDS)
#: How the obligations of each pattern are matched; periodic ones have windows as well.
_MATCH: Mapping[type, Callable[[pd.DataFrame, VersionTable], Matches]] = {
    patterns.Rolling: rolling.match,
    patterns.Triggered: triggered.match,
    patterns.BeforeEvent: before_event.match,
    patterns.Standing: standing.match,
    patterns.Completeness: completeness.match,
    object: match_nothing,  # of no pattern, for obligations that are not evaluated
}


@dataclass(frozen=True, slots=True)
class Observed:
    """What was observed of one duty: its obligations, the situation of each (its FIELDS as one
    number), the state of its list, and its windows."""

    obligations: tuple[Obligation, ...]
    situations: Ints
    expansion: Expansion
    windows: Windows

    def things_named(self, scope: Scope, names: Collection[str]) -> dict[str, frozenset[Thing]]:
        """The subjects and events of the obligations that each of these names may mean."""
        return names_of(scope, self.obligations, names)


def observe_all(
    rulebook: Rulebook,
    columns: AllColumns,
    as_of: datetime.date,
    tick: Callable[[], None],
    records_begin: datetime.date | None = None,
) -> list[tuple[Scope, Observed]]:
    """The observations on every duty in force on D, in the order of the rulebook."""
    records = records_begin.toordinal() if records_begin else NO_DAY
    selections: dict[object, Items] = {}
    duties = (resolve(rulebook, duty_id) for duty_id in rulebook.duties)
    scopes = [
        Scope(duty, columns, as_of.toordinal(), selections, records)
        for duty in duties
        if duty.holds(as_of)
    ]
    return list(zip(scopes, observe(scopes, waiver_rows(columns), tick), strict=True))


def observe(
    scopes: Sequence[Scope], waivers: Sequence[WaiverRow], tick: Callable[[], None] = lambda: None
) -> list[Observed]:
    """The observations on each of these duties, all of one check."""
    versions = VersionTable(scopes, _met_before(scopes))
    listed, expansions = expand(versions)
    tick()
    matched, windows_of = _match(listed, versions, tick)
    obligations = _obligations(matched, versions)
    bounds = np.searchsorted(ints(matched.frame, "duty"), np.arange(len(scopes) + 1)).tolist()
    parts = [slice(*ends) for ends in pairwise(bounds)]
    cover = [
        state
        for scope, part in zip(scopes, parts, strict=True)
        for state in waiver_covers(scope, waivers, obligations[part])
    ]
    fields = _fields(matched.frame, versions.as_of_day, cover)
    packed = [values << _BITS * position for position, values in enumerate(fields.values())]
    situations = np.asarray(np.bitwise_or.reduce(packed), dtype=np.int64)
    return [
        Observed(
            obligations[part], situations[part], expansions[duty], windows_of.get(duty, NO_WINDOWS)
        )
        for duty, part in enumerate(parts)
    ]


def items_of(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version, and for a member of its fixed list. Each selection is
    made once."""
    in_place = isinstance(scope.version(number).rule.pattern, patterns.Standing)
    return (standing.items_in_place if in_place else select_items)(scope, number, member)


# Transitions (semantics.md: Transition) ---------------------------------------------------------


def _met_before(scopes: Sequence[Scope]) -> dict[tuple[int, int], MetBefore]:
    """What the versions before each one with a transition found met on its first day, by the number
    of the duty and of the version."""
    on_day: dict[int, list[tuple[int, int]]] = {}
    for duty, scope in enumerate(scopes):
        for number in range(1, scope.version_number + 1):
            if scope.version(number).rule.transition_until is not None:
                on_day.setdefault(scope.begins(number), []).append((duty, number))
    met: dict[tuple[int, int], MetBefore] = {}
    for day, places in on_day.items():
        tables = {name: columns.table for name, columns in scopes[0].columns.items()}
        columns = all_columns(tables, datetime.date.fromordinal(day))
        selections: dict[object, Items] = {}
        earlier = [
            replace(
                scopes[duty],
                resolved=scopes[duty].resolved.until_version(number),
                columns=columns,
                as_of_day=day,
                selections=selections,
            )
            for duty, number in places
        ]
        met |= zip(places, _met_on_day(earlier), strict=True)
    return met


def _met_on_day(scopes: Sequence[Scope]) -> Sequence[MetBefore]:
    """For each lasting duty the subjects that are met on D, with the items that met them."""
    versions = VersionTable(scopes, _met_before(scopes))
    matched = _match(expand(versions)[0], versions, lambda: None)[0]
    frame = matched.frame
    met: list[dict[str, tuple[ItemRef, ...]]] = [{} for _ in scopes]
    is_met = ints(frame, "list_state") == ListState.READ
    is_met &= ints(frame, "applies") == Applying.YES
    is_met &= ints(frame, "state") == SubjectState.READABLE
    is_met &= flags(frame, "still_lasts") & ~flags(frame, "within_notice")
    duties = ints(frame, "duty").tolist()
    for position, obligation in enumerate(_obligations(matched, versions)):
        if is_met[position]:
            met[duties[position]][obligation.subject] = obligation.met_rows
    return met


# Matching ---------------------------------------------------------------------------------------


def _match(
    listed: pd.DataFrame, versions: VersionTable, tick: Callable[[], None]
) -> tuple[Matches, dict[int, Windows]]:
    """The listed obligations with their evidence, and the windows of periodic duties."""
    evaluated = ints(listed, "list_state") == ListState.READ
    evaluated &= ints(listed, "applies") == Applying.YES
    evaluated &= ints(listed, "state") == SubjectState.READABLE
    kinds = [type(rule.pattern) for rule in versions.rules]
    distinct_kinds = [object, *dict.fromkeys(kinds)]
    number = np.array([distinct_kinds.index(kind) for kind in kinds])[ints(listed, "version_index")]
    number = np.where(evaluated, number, 0)
    matches: list[Matches] = []
    windows_of: dict[int, Windows] = {}
    for kind in np.unique(number).tolist():
        pattern = distinct_kinds[kind]
        obligations = listed[number == kind]
        if pattern is patterns.Periodic:
            matched, windows_of = periodic.match(obligations, versions)
        else:
            matched = _MATCH[pattern](obligations, versions)
        position = matched.frame.index.to_numpy()[ints(matched.met, "obligation")]
        matches.append(matched._replace(met=matched.met.assign(obligation=position)))
        tick()
    frame = pd.concat([make_frame(MATCHED, 0), *(m.frame for m in matches)]).sort_index()
    met = stack_frames([m.met for m in matches], MET)
    # Periodic duties without a window have dropped out: the positions of the others move up.
    position = np.searchsorted(frame.index.to_numpy(), ints(met, "obligation"))
    return Matches(check_frame(frame, MATCHED), met.assign(obligation=position)), windows_of


def _obligations(matched: Matches, versions: VersionTable) -> tuple[Obligation, ...]:
    """The obligations as typed values, each made once."""
    frame, texts = matched.frame, versions.names.texts
    anchors = list(Anchor)
    met = matched.met.sort_values("obligation", kind="stable")  # in the order in which they count
    refs = list(map(ItemRef, texts(ints(met, "register")), ints(met, "row").tolist()))
    bounds = np.searchsorted(ints(met, "obligation"), np.arange(len(frame) + 1)).tolist()
    values: dict[str, Sequence[object]] = {
        **{name: texts(ints(frame, name)) for name in ("subject", "event", "window", "register")},
        "version_number": versions.number[ints(frame, "version_index")].tolist(),
        "anchor": [anchors[number] for number in ints(frame, "anchor").tolist()],
        "met_rows": [tuple(refs[start:end]) for start, end in pairwise(bounds)],
    }
    columns = [
        values[name] if name in values else ints(frame, name).tolist()
        for name in Obligation._fields
    ]
    return tuple(map(Obligation._make, zip(*columns, strict=True)))


# Situations -------------------------------------------------------------------------------------


def _fields(frame: pd.DataFrame, as_of_day: int, cover: Sequence[int]) -> dict[str, Ints]:
    """The FIELDS of each obligation's situation."""
    values = {
        "subject_state": ints(frame, "state"),
        "waived": np.array(cover, dtype=np.int64),
        "opened": (ints(frame, "opens") <= as_of_day).astype(np.int64),
        "deadline_passed": (ints(frame, "deadline") < as_of_day).astype(np.int64),
    }
    return {name: values[name] if name in values else ints(frame, name) for name in FIELDS}


class DecisionRequest(NamedTuple):
    """The input of the rules engine: the rules of every duty and the distinct situations; and for
    each duty the positions of its obligations' situations."""

    rules: list[Rule]
    situations: list[Situation]
    places: list[Ints]

    def verdicts(self, decide: Decide) -> list[Verdict]:
        """The verdict on each situation. Raises as ``judge`` does."""
        return judge(self.rules, self.situations, decide)


def decision_request(observed_duties: Sequence[tuple[Scope, Observed]]) -> DecisionRequest:
    """The rules and the distinct situations of all duties."""
    rules: list[Rule] = []
    keyed: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for key, (scope, observed) in enumerate(observed_duties, start=1):
        rules += rules_of(scope.resolved, scope.version_number, key)
        keyed.append(observed.situations | key << _KEY_SHIFT)
    situations, places = distinct(np.concatenate(keyed))
    ends = np.cumsum([len(part) for part in keyed])
    return DecisionRequest(rules, situations, np.split(places, ends)[1:-1])


def distinct(keyed: Ints) -> tuple[list[Situation], Ints]:
    """The distinct situations, and for each obligation the position of its situation. Each number
    in ``keyed`` contains the fields of a situation and, in the higher bits, the key of its duty."""
    numbers, places = np.unique(keyed, return_inverse=True)
    situations = [
        Situation(
            OBLIGATION_KIND,
            number >> _KEY_SHIFT,
            tuple(sorted((name, number >> _BITS * index & 7) for index, name in enumerate(FIELDS))),
        )
        for number in numbers.tolist()
    ]
    return situations, places
