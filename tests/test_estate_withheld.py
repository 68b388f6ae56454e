"""Numbers under five in a report on an estate cannot be worked out."""

from __future__ import annotations

import datetime
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estate.report import withheld
from estate.report.content import content_by_name, content_without_names
from estate.report.figures import BodyFigures, DutyFigures, ProblemFigures, RunFigures
from estate.report.position import BodyPosition, PositionChange
from estate.report.pseudonyms import Pseudonyms
from estate.report.withheld import (
    is_small,
    shown_moves,
    withheld_of_duty,
    withheld_parts,
    withheld_positions,
)
from tests.support.withheld_attack import Attack, reader, true_cells

SMALL = (1, 2, 3, 4)
#: The cells that a report has a place for.
WITHHELD = ("total", "now", "before", "kind", "problem", "overdue", "applies")
KEY = Pseudonyms(b"k" * 32)


def made_run(seed: int, bodies: int, duties: int, overdue: float, change: float) -> RunFigures:
    """A run of made-up bodies and the run before, at random but for these."""
    source = random.Random(seed)
    titles = [f"duty {number}" for number in range(duties)]
    made = list[BodyFigures]()
    applies, late = Counter[str](), Counter[str]()
    problems, failures_before = Counter[str](), Counter[str]()
    share = [source.random() * 2 * overdue for _ in titles]
    for number in range(bodies):
        states = [_state(source, titles, share)]
        states.append(_state(source, titles, share) if source.random() < change else states[0])
        before, now = states
        if before[0] is None and now[0] is None:
            continue
        made.append(
            BodyFigures(
                f"b{number}",
                "",
                PositionChange(before[0], now[0]),
                now[1],
                0,
                before[1],
                now[2],
                "",
            )
        )
        failures_before[before[2]] += bool(before[2])
        if now[0] not in (None, BodyPosition.NOT_CHECKED):
            applies.update(now[3])
            late.update(now[4])
            problems.update(kind for kind in ("a", "b", "c") if source.random() < 0.3)
    if all(figures.move.now is None for figures in made):
        made.append(
            BodyFigures(
                "b", "", PositionChange(None, BodyPosition.NONE_OVERDUE), 0, 0, None, "", ""
            )
        )
        applies.update(titles)
    return RunFigures(
        datetime.date(2026, 12, 1),
        datetime.date(2026, 11, 1),
        tuple(made),
        Counter(figures.failure for figures in made if figures.failure),
        +failures_before,
        tuple(
            DutyFigures("book", "1", title, applies[title], late[title], late[title])
            for title in titles
        ),
        tuple(ProblemFigures(kind, "sheet", number) for kind, number in problems.items()),
    )


_State = tuple[BodyPosition | None, int | None, str, list[str], list[str]]


def _state(source: random.Random, titles: Sequence[str], share: Sequence[float]) -> _State:
    """The position of a body, how many duties are overdue, why it was not checked, and the duties
    that apply and are overdue."""
    kind = source.random()
    if kind < 0.05:
        return None, None, "", [], []
    if kind < 0.15:
        return BodyPosition.NOT_CHECKED, None, source.choice(("crash", "rulebook", "SOP")), [], []
    applies = [title for title in titles if source.random() < 0.9]
    late = [
        title
        for title, likely in zip(titles, share, strict=True)
        if title in applies and source.random() < likely
    ]
    many = BodyPosition.MANY_OVERDUE if len(late) >= 5 else BodyPosition.FEW_OVERDUE
    none = BodyPosition.NOT_JUDGED if source.random() < 0.2 else BodyPosition.NONE_OVERDUE
    return many if late else none, len(late), "", applies, late


runs = st.builds(
    made_run,
    seed=st.integers(0, 10**6),
    bodies=st.integers(1, 120),
    duties=st.integers(1, 9),
    overdue=st.floats(0.01, 0.5),
    change=st.floats(0.05, 0.5),
)


@given(runs)
def test_a_reader_cannot_work_out_a_small_number(run: RunFigures) -> None:
    """Each that is withheld could be 1, 2, 3 or 4, from all totals, parts, shares, lists and both
    runs. What is in no table, such as the number of new bodies, could be at least three numbers."""
    assert_nothing_is_worked_out(run)


def assert_nothing_is_worked_out(run: RunFigures) -> None:
    """Fails if a reader can work out a number under five."""
    content = content_without_names(run, KEY)
    truth = true_cells(run)
    attack = Attack(reader(content), truth)
    for cell, number in truth.items():
        if is_small(number) and (cell[0] in WITHHELD or (cell[0] == "move" and None not in cell)):
            assert attack.values(cell, SMALL) == list(SMALL), (cell, number)
        elif is_small(number):  # it is in no table, but a difference of two that are
            assert len(attack.values(cell, range(1, 8))) > 2, (cell, number)


def _only_small_parts(
    parts: Sequence[int], _: Sequence[int], forced: Collection[int] = ()
) -> frozenset[int]:
    return frozenset(i for i, part in enumerate(parts) if is_small(part) or i in forced)


def _small_alone(part: int, *_: int, **__: bool) -> bool:
    return is_small(part)


def _all_large_moves(
    moves: Mapping[PositionChange, int],
    before: Collection[BodyPosition],
    now: Collection[BodyPosition],
) -> frozenset[PositionChange]:
    shown = {move for move, number in moves.items() if number >= 5}
    return frozenset(move for move in shown if move.before in before and move.now in now)


def _moves_of_all_positions(
    moves: Mapping[PositionChange, int], *_: object
) -> frozenset[PositionChange]:
    return shown_moves(moves, frozenset(BodyPosition), frozenset(BodyPosition))


# Each run is one in which the attack succeeds if the program leaves a step out.
WEAKENED: dict[str, tuple[str, object, RunFigures]] = {
    "no other number is withheld": (
        "withheld_parts",
        _only_small_parts,
        made_run(0, 27, 9, 0.25, 0.46),
    ),
    "the rest of the bodies is not looked at": (
        "is_withheld",
        _small_alone,
        made_run(0, 27, 9, 0.25, 0.46),
    ),
    "duties are not compared with positions": (
        "_duties_protected",
        lambda *_: True,
        made_run(44, 74, 2, 0.1, 0.15),
    ),
    "positions are not compared with duties": (
        "_position_protected",
        lambda *_: True,
        made_run(75, 38, 1, 0.37, 0.28),
    ),
    "the rest of the moves may be few": (
        "shown_moves",
        _all_large_moves,
        made_run(4, 18, 7, 0.24, 0.09),
    ),
    "moves to withheld positions are shown": (
        "shown_moves",
        _moves_of_all_positions,
        made_run(22, 8, 8, 0.1, 0.1),
    ),
}


@pytest.mark.campaign
@pytest.mark.parametrize("weakness", WEAKENED)
def test_the_attack_succeeds_where_a_step_is_left_out(
    weakness: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, weakened, run = WEAKENED[weakness]
    assert_nothing_is_worked_out(run)
    monkeypatch.setattr(withheld, name, weakened)
    with pytest.raises(AssertionError, match=r"^\(\("):
        assert_nothing_is_worked_out(run)


# A reader who knows the program -------------------------------------------------------------------


def _split(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to split a number into so many parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _split(total - first, parts - 1):
            yield (first, *rest)


def test_a_reader_who_knows_the_program_cannot_tell_a_position_or_a_kind() -> None:
    """All tables of up to ten bodies whose reports are the same: no number under five is the same
    in all of them, unless it is shown."""
    alike = defaultdict[tuple[object, ...], list[dict[BodyPosition | str, int]]](list)
    for bodies in range(1, 11):
        for numbers in _split(bodies, len(BodyPosition)):
            for kinds in _split(numbers[-1], 2):
                positions = dict(zip(BodyPosition, numbers, strict=True))
                failures = dict(zip("ab", kinds, strict=True))
                hidden, hidden_kinds = withheld_positions(positions, failures)
                if hidden is None:
                    continue  # no number is shown
                cells: dict[BodyPosition | str, int] = dict([*positions.items(), *failures.items()])
                if BodyPosition.NOT_CHECKED in hidden:
                    labels = []
                else:
                    labels = [kind for kind, number in failures.items() if number]
                withheld_cells = {*hidden, *hidden_kinds}
                shown = tuple(
                    (cell, number) for cell, number in cells.items() if cell not in withheld_cells
                )
                alike[bodies, shown, *labels].append(cells)
    assert len(alike) > 300
    for report, tables in alike.items():
        for cell, number in tables[0].items():
            several = len({table[cell] for table in tables}) > 1
            assert several or not number or (cell, number) in report[1], (report, cell, number)  # type: ignore[operator]


@pytest.mark.parametrize("checked", [5, 8, 13, 30])
def test_a_reader_who_knows_the_program_cannot_tell_the_bodies_of_a_duty(checked: int) -> None:
    """The bodies in which a duty is overdue, is not overdue, and does not apply."""
    alike = defaultdict[tuple[int | None, int | None], list[tuple[int, ...]]](list)
    for overdue, rest, without in _split(checked, 3):
        applies = overdue + rest
        hidden = withheld_of_duty(overdue, applies, checked, checked_withheld=False)
        key = None if hidden[0] else overdue, None if hidden[1] else applies
        alike[key].append((overdue, rest, without, applies))
    for key, tables in alike.items():
        for values in map(set, zip(*tables, strict=True)):
            assert len(values) > 1 or not is_small(min(values)), (key, values)


@given(runs)
def test_both_reports_show_the_same_of_the_run_before(run: RunFigures) -> None:
    """So nobody learns more from having both."""
    before = replace(
        run,
        since=None,
        bodies=tuple(
            replace(figures, move=PositionChange(None, figures.move.before))
            for figures in run.bodies
        ),
        failures=run.failures_before,
        failures_before={},
    )
    now = content_without_names(run, None)
    assert dict(content_without_names(before, None).positions) == dict(now.before)


@given(runs)
def test_the_list_has_as_many_bodies_as_the_changes_say(run: RunFigures) -> None:
    content = content_without_names(run, KEY)
    listed = Counter((body.before, body.now) for body in content.bodies)
    assert listed == {(move.before, move.now): move.bodies for move in content.moves}
    assert not listed or min(listed.values()) >= 5


def test_the_number_of_checks_is_withheld_where_it_may_tell_of_few_people() -> None:
    """Also by name: fewer than five bodies, or nearly one check in each."""
    figures = [(0, 0), (4, 40), (5, 7), (5, 8), (60, 62), (60, 90)]
    run = replace(
        made_run(1, 100, 0, 0.1, 0.1),
        duties=tuple(DutyFigures("", "1", "", 90, overdue, checks) for overdue, checks in figures),
    )
    shown = [duty.checks for duty in content_by_name(run).duties]
    assert shown == [0, None, None, 8, None, 90]


def test_a_part_is_withheld_with_the_next_until_each_could_be_four() -> None:
    found = [
        withheld_parts(parts, range(len(parts)))
        for parts in ([5, 0, 9], [3, 0, 9], [20, 3, 9], [1, 1, 20, 30], [4, 1], [3, 1], [3, 0])
    ]
    assert found == [set(), {0, 2}, {0, 1}, {0, 1, 2}, {0, 1}, None, None]
