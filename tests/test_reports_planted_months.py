"""Two consecutive months of the example with ten planted changes: each is named with its cause, and
nothing else is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.assessment import Changes
from reports.compare.changes import changes
from reports.compare.inputs import (
    ADDED,
    CHANGED,
    DAY,
    GIVEN,
    GONE,
    MAPPING,
    NOT_GIVEN,
    RECORDS,
    RULEBOOK,
    UNREADABLE,
    WAIVER,
)
from tests.support.needs import CAMPAIGN
from tests.support.planted_months import FIRST, SECOND, Plant, checked, outcomes, planted

#: What each planted change is to be called; a row that moved and a file that was renamed are none.
CALLED: Mapping[str, frozenset[str]] = {
    "added": frozenset({ADDED}),
    "gone": frozenset({GONE}),
    "changed": frozenset({CHANGED}),
    "waiver": frozenset({WAIVER}),
    "mapping": frozenset({MAPPING}),
    "given": frozenset({GIVEN}),
    "not given": frozenset({NOT_GIVEN}),
    "records": frozenset({RECORDS}),
    "rule": frozenset({RULEBOOK}),
    "moved": frozenset(),
    "renamed": frozenset(),
}

#: The changes that may take a whole duty, and so hide what the day alone does to a part of it.
WHOLE = ("given", "not given", "mapping", "rule")


@pytest.mark.campaign
@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21) if CAMPAIGN else [6])
def test_each_planted_change_is_named_with_its_cause(seed: int, tmp_path: Path) -> None:
    before, after, plants = planted(seed, tmp_path)
    second = checked(after, tmp_path / "2", SECOND)
    found = changes(checked(before, tmp_path / "1", FIRST), second)
    first, *others = found.rows
    (gone,) = (plant.named for plant in plants if plant.kind == "gone")
    assert (first.kind, first.words.partition(":")[0]) == (GONE, gone)
    assert {row.kind for row in others} == {UNREADABLE}
    assert any("'LTS' is not a date" in row.words for row in others)
    (renamed,) = (plant.alone.files for plant in plants if plant.kind == "renamed")
    files = next(change.words for change in found.inputs if change.kind == "evidence")
    assert all(f"{old} is now called {new}" in files for old, new in renamed.items())

    unchanged, now = outcomes(checked(before, tmp_path / "3", SECOND)), outcomes(second)
    effects = [_effect(plant, unchanged, tmp_path / "3") for plant in plants]
    assert _wrong(found, plants, effects, unchanged, now) == []


Outcomes = Mapping[tuple[str, str, str], tuple[object, ...]]
Effect = Mapping[tuple[str, str, str], tuple[object, ...] | None]


def _effect(plant: Plant, unchanged: Outcomes, folder: Path) -> Effect:
    """The results that a planted change alone makes others; None for an obligation that is gone."""
    if not CALLED[plant.kind]:
        return {}
    alone = outcomes(checked(plant.alone, folder, SECOND))
    names = alone.keys() | unchanged.keys()
    return {name: alone.get(name) for name in names if alone.get(name) != unchanged.get(name)}


def _wrong(
    found: Changes,
    plants: list[Plant],
    effects: list[Effect],
    unchanged: Outcomes,
    now: Outcomes,
) -> list[tuple[object, ...]]:
    """The changes that are named with another cause than the one that was planted, or the day."""
    wrong: list[tuple[object, ...]] = []
    for duty in found.duties:
        whole = [
            plant
            for plant, effect in zip(plants, effects, strict=True)
            if plant.kind in WHOLE and any(name[0] == duty.id for name in effect)
        ]
        for one in duty.obligations:
            name = duty.id, one.subject, one.window
            about = [{key[:2] for key in effect} for effect in effects]
            own = [p for p, names in zip(plants, about, strict=True) if name[:2] in names]
            results = [effect[name] for effect in effects if name in effect]
            together = results and now.get(name) not in results
            causing = (
                plants if together else own + [p for p in whole if not own or p.kind == "rule"]
            )
            allowed = {kind for plant in causing for kind in CALLED[plant.kind]}
            kinds = {cause.kind for cause in one.causes}
            if unchanged.get(name) == now.get(name):
                right = bool(kinds) and kinds <= allowed | {DAY}
            elif own:
                right = kinds <= allowed | {DAY} and not kinds.isdisjoint(allowed)
            else:
                right = bool(kinds)  # two planted changes together
            if not right:
                wrong.append((*name, one.was, one.now, kinds, own))
    return wrong
