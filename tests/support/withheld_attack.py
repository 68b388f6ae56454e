"""A reader who tries to work out the numbers that a report on an estate withholds.

The reader knows everything that the report shows, how its numbers belong together, and that 0 is
always shown. From that come linear constraints on whole numbers. The attack looks for a table that
fits them all: where there is one for each of several values, none of them can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from estate.report.content import EstateContent
from estate.report.figures import RunFigures
from estate.report.position import BodyPosition, PositionChange

#: A cell of the tables, by what it is.
Cell = tuple[object, ...]

_MOST_STEPS = 1_000


@dataclass
class Constraints:
    """Cells with their least and greatest values, and sums of them that lie within bounds."""

    bounds: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    sums: list[tuple[Sequence[tuple[int, Cell]], int, int]] = field(default_factory=list)
    most: int = 1_000
    _sums_of: dict[Cell, list[int]] = field(default_factory=dict)

    def cell(self, cell: Cell, shown: int | None, least: int = 0) -> Cell:
        """A cell that is shown, or not shown and at least ``least``."""
        low, high = (least, self.most) if shown is None else (shown, shown)
        before = self.bounds.get(cell, (0, self.most))
        self.bounds[cell] = (max(low, before[0]), min(high, before[1]))
        return cell

    def sums_of(self) -> Mapping[Cell, list[int]]:
        """The numbers of the sums that each cell is in."""
        if not self._sums_of:
            for number, (terms, _, _) in enumerate(self.sums):
                for _, cell in terms:
                    self._sums_of.setdefault(cell, []).append(number)
        return self._sums_of

    def add(self, total: Cell, parts: Iterable[Cell]) -> None:
        """A cell is the sum of others."""
        self.between(0, [(1, total), *((-1, part) for part in parts)], 0)

    def between(self, low: int, terms: Sequence[tuple[int, Cell]], high: int) -> None:
        """A sum of multiples of cells lies within bounds."""
        for _, cell in terms:
            self.bounds.setdefault(cell, (0, self.most))
        self.sums.append((terms, low, high))


def narrowed(
    constraints: Constraints, bounds: Mapping[Cell, tuple[int, int]], changed: Iterable[Cell]
) -> dict[Cell, tuple[int, int]] | None:
    """The bounds that each sum allows for each of its cells, given those of the others, until
    nothing changes; None if no value is left for a cell. ``changed``: the cells whose bounds are
    new."""
    now = dict(bounds)
    sums_of = constraints.sums_of()
    waiting = dict.fromkeys(number for cell in changed for number in sums_of.get(cell, ()))
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        terms, low, high = constraints.sums[number]
        ends = [
            (factor * now[cell][0], factor * now[cell][1])
            if factor > 0
            else (factor * now[cell][1], factor * now[cell][0])
            for factor, cell in terms
        ]
        least, most = sum(end[0] for end in ends), sum(end[1] for end in ends)
        if least > high or most < low:
            return None
        for (factor, cell), (first, last) in zip(terms, ends, strict=True):
            # factor * cell lies between these
            lower, upper = low - (most - last), high - (least - first)
            if lower <= first and upper >= last:
                continue
            if factor < 0:
                lower, upper = upper, lower
            before = now[cell]
            now[cell] = max(before[0], -(-lower // factor)), min(before[1], upper // factor)
            if now[cell][0] > now[cell][1]:
                return None
            if now[cell] != before:
                waiting |= dict.fromkeys(sums_of[cell])
    return now


class Attack:
    """A reader's constraints, and the table that is looked for near the true one, which is quicker.
    The answers do not depend on it."""

    def __init__(self, constraints: Constraints, truth: Mapping[Cell, int]) -> None:
        self._constraints, self._truth = constraints, truth
        known = narrowed(constraints, constraints.bounds, constraints.bounds)
        assert known is not None, "the report contradicts itself"
        self._known = known
        self._steps = 0

    def values(self, cell: Cell, wanted: Iterable[int]) -> list[int]:
        """Which of the wanted values are possible in a cell; all if it is in no table."""
        if cell not in self._known:
            return list(wanted)
        return [value for value in wanted if self.possible(cell, value)]

    def possible(self, cell: Cell, value: int) -> bool:
        """Whether some table that fits the constraints has this value in a cell. False too if none
        was found in reasonable time."""
        low, high = self._known[cell]
        self._steps = 0
        return low <= value <= high and self._search({**self._known, cell: (value, value)}, cell)

    def _search(self, bounds: Mapping[Cell, tuple[int, int]], changed: Cell) -> bool:
        self._steps += 1
        now = narrowed(self._constraints, bounds, [changed])
        if now is None or self._steps > _MOST_STEPS:
            return False
        free = [one for one, (low, high) in now.items() if low < high]
        if not free:
            return True
        one = min(free, key=lambda one: now[one][1] - now[one][0])
        low, high = now[one]
        near = min(max(self._truth.get(one, low), low), high)
        parts = [(near, near), (low, near - 1), (near + 1, high)]
        return any(self._search({**now, one: part}, one) for part in parts if part[0] <= part[1])


def reader(content: EstateContent) -> Constraints:
    """What a reader knows who has the report."""
    known = Constraints()
    _positions(known, "now", content.positions, content.total)
    failed = ("now", BodyPosition.NOT_CHECKED)
    kinds = [known.cell(("kind", kind), number, 1) for kind, number in content.failures.items()]
    if kinds:  # otherwise there are none, or they are withheld
        known.add(failed, kinds)
    known.add(("total", "now"), [failed, ("checked",)])
    for problem in content.problems:
        cell = ("problem", problem.kind, problem.sheet)
        known.add(("checked",), [known.cell(cell, problem.bodies, 1), ("without", *cell[1:])])
    _duties(known, content)
    if content.since:
        _positions(known, "before", content.before, content.total_before)
        _moves(known, content)
    return known


def _positions(
    known: Constraints, when: str, numbers: Mapping[BodyPosition, int | None], total: int | None
) -> None:
    least = 0 if total is None else 1  # then nothing is shown, not even 0
    known.add(
        known.cell(("total", when), total),
        [known.cell((when, position), number, least) for position, number in numbers.items()],
    )


def _duties(known: Constraints, content: EstateContent) -> None:
    few, many = ("now", BodyPosition.FEW_OVERDUE), ("now", BodyPosition.MANY_OVERDUE)
    known.add(("late",), [few, many])
    overdue = []
    least = int(any(duty.overdue is not None for duty in content.duties))
    for duty in content.duties:
        title = duty.title
        cell = known.cell(("overdue", title), duty.overdue, least)
        applies = known.cell(("applies", title), duty.applies)
        known.add(applies, [cell, ("rest", title)])
        known.add(("checked",), [applies, ("not applicable", title)])
        known.add(("late",), [cell, ("slack", title)])
        overdue.append((1, cell))
    most = len(overdue) * known.most
    known.between(0, [*overdue, (-1, few), (-5, many)], most)
    # of any duties, a body has at most all of them, and at most four if it has few
    ordered = sorted(overdue, key=lambda term: -known.bounds[term[1]][0])
    for number in range(1, len(ordered) + 1):
        limits = [(-min(number, 4), few), (-number, many)]
        known.between(-6 * most, [*ordered[:number], *limits], 0)
        known.between(-6 * most, [*ordered[-number:], *limits], 0)
    if (several := content.positions[BodyPosition.MANY_OVERDUE]) is not None:
        # each of those bodies has five
        shown = sum(min(duty.overdue, several) for duty in content.duties if duty.overdue)
        unknown: list[tuple[int, Cell]] = [
            (1, ("overdue", duty.title)) for duty in content.duties if duty.overdue is None
        ]
        known.between(5 * several - shown, unknown, most)


def _moves(known: Constraints, content: EstateContent) -> None:
    shown = {(one.before, one.now): one.bodies for one in content.moves}
    for one in BodyPosition:
        for end, when in enumerate(("before", "now")):
            moves = [
                PositionChange(one, other) if end == 0 else PositionChange(other, one)
                for other in _ENDS
            ]
            for move in moves:
                names = ["" if position is None else position.words for position in move]
                known.cell(("move", *move), shown.get((names[0], names[1])))
            known.add((when, one), [("move", *move) for move in moves])


_ENDS = (*BodyPosition, None)


def true_cells(figures: RunFigures) -> dict[Cell, int]:
    """The numbers that a reader would like to know."""
    checked = sum(figures.positions.values()) - figures.positions[BodyPosition.NOT_CHECKED]
    cells: dict[Cell, int] = {
        ("total", "now"): sum(figures.positions.values()),
        ("total", "before"): sum(figures.positions_before.values()),
    }
    for when, numbers in (("now", figures.positions), ("before", figures.positions_before)):
        cells |= {(when, position): number for position, number in numbers.items()}
    cells |= {("kind", kind): number for kind, number in figures.failures.items()}
    for problem in figures.problems:
        cells["problem", problem.kind, problem.register] = problem.bodies
        cells["without", problem.kind, problem.register] = checked - problem.bodies
    for duty in figures.duties:
        cells["overdue", duty.title] = duty.overdue
        cells["applies", duty.title] = duty.applies
        cells["rest", duty.title] = duty.applies - duty.overdue
        cells["not applicable", duty.title] = checked - duty.applies
    cells |= {("move", *move): number for move, number in figures.moves.items()}
    return cells
