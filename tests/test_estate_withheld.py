"""Numbers under five in a report on an estate cannot be worked out."""

from __future__ import annotations

import datetime
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estate.report.content import content_by_name, content_without_names
from estate.report.figures import BodyFigures, DutyFigures, ProblemFigures, RunFigures
from estate.report.position import Move, Position
from estate.report.pseudonyms import Pseudonyms
from estate.report.withheld import is_small, is_withheld, withheld_parts, withheld_positions
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
                f"b{number}", "", Move(before[0], now[0]), now[1], 0, before[1], now[2], ""
            )
        )
        failures_before[before[2]] += bool(before[2])
        if now[0] not in (None, Position.NOT_CHECKED):
            applies.update(now[3])
            late.update(now[4])
            problems.update(kind for kind in ("a", "b", "c") if source.random() < 0.3)
    if all(figures.move.now is None for figures in made):
        made.append(BodyFigures("b", "", Move(None, Position.NONE_OVERDUE), 0, 0, None, "", ""))
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


_State = tuple[Position | None, int | None, str, list[str], list[str]]


def _state(source: random.Random, titles: Sequence[str], share: Sequence[float]) -> _State:
    """The position of a body, how many duties are overdue, why it was not checked, and the duties
    that apply and are overdue."""
    kind = source.random()
    if kind < 0.05:
        return None, None, "", [], []
    if kind < 0.15:
        return Position.NOT_CHECKED, None, source.choice(("crash", "rulebook", "SOP")), [], []
    applies = [title for title in titles if source.random() < 0.9]
    late = [
        title
        for title, likely in zip(titles, share, strict=True)
        if title in applies and source.random() < likely
    ]
    many = Position.MANY_OVERDUE if len(late) >= 5 else Position.FEW_OVERDUE
    none = Position.NOT_JUDGED if source.random() < 0.2 else Position.NONE_OVERDUE
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
    runs. Each number of new bodies, or of those that are gone, could be several."""
    content = content_without_names(run, KEY)
    truth = true_cells(run)
    attack = Attack(reader(content), truth)
    for cell, number in truth.items():
        if is_small(number) and (cell[0] in WITHHELD or cell[0] == "move" and None not in cell):
            assert attack.values(cell, SMALL) == list(SMALL), (cell, number)
        elif is_small(number):  # it is in no table, but a difference of two that are
            assert len(attack.values(cell, range(1, 8))) > 2, (cell, number)
