"""Which numbers of bodies are withheld: those under five, and those that would give them away.

A reader is assumed to have the page and the workbook of this run and of the run before, and to know
how this module chooses. Every number under five that is withheld could still be 1, 2, 3 or 4.
docs/estate-report.md gives the reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

from estate.report.position import BodyPosition, PositionChange

#: The smallest number that is shown, besides 0.
LEAST = 5

#: In which order positions are withheld to protect another one.
_PROTECTING = (
    BodyPosition.NOT_JUDGED,
    BodyPosition.FEW_OVERDUE,
    BodyPosition.MANY_OVERDUE,
    BodyPosition.NONE_OVERDUE,
    BodyPosition.NOT_CHECKED,
)


def is_small(number: int) -> bool:
    """Whether a number is under five and not 0."""
    return 0 < number < LEAST


def withheld_parts(
    parts: Sequence[int],
    order: Sequence[int],
    forced: Collection[int] = (),
) -> frozenset[int] | None:
    """The indices of the parts of a known total that are withheld; None if the total has to be.

    Args:
        parts: numbers that add up to the total. A part of 0 is always shown.
        order: in which order further parts are withheld.
        forced: parts that are withheld in any case.
    """
    hidden = {index for index, part in enumerate(parts) if is_small(part) or index in forced}
    further = [index for index in order if parts[index] and index not in hidden]
    while hidden:
        # each of them could be 4 while the others are 1
        if len(hidden) > 1 and sum(parts[index] for index in hidden) >= LEAST - 2 + len(hidden):
            break
        if not further:
            return None
        hidden.add(further.pop(0))
    return frozenset(hidden)


def withheld_positions(
    positions: Mapping[BodyPosition, int], failures: Mapping[str, int]
) -> tuple[frozenset[BodyPosition] | None, frozenset[str]]:
    """The positions of a run whose numbers are withheld, None for all of them with their total, and
    the kinds of failure. Depends on nothing but this run, so that every report shows the same of
    it. Where the number of those not checked is withheld, so are the kinds themselves: there are
    at least as many bodies as kinds."""
    kinds = sorted(kind for kind, number in failures.items() if number)
    inner = withheld_parts([failures[kind] for kind in kinds], range(len(kinds)))
    hidden = withheld_parts(
        [positions.get(position, 0) for position in BodyPosition],
        _PROTECTING,
        () if inner is not None else (BodyPosition.NOT_CHECKED,),
    )
    if inner is None or hidden is None or BodyPosition.NOT_CHECKED in hidden:
        inner = frozenset(range(len(kinds)))
    return (
        None if hidden is None else frozenset(map(BodyPosition, hidden)),
        frozenset(kinds[index] for index in inner),
    )


def is_withheld(part: int, whole: int, *, whole_withheld: bool) -> bool:
    """Whether a number of bodies out of those checked is withheld: it or the rest is small. Where
    the number of those checked is withheld, a reader knows it to a few."""
    rest = whole - part
    near = 0 <= rest < 2 * LEAST - 1 if whole_withheld else is_small(rest)
    return is_small(part) or near


def withheld_of_duty(
    overdue: int, applies: int, checked: int, *, checked_withheld: bool
) -> tuple[bool, bool]:
    """Whether the numbers of bodies where a duty is overdue, and where it applies, are withheld.
    The second shows the bodies where it is not overdue, and those where it does not apply; it is
    withheld with the first, since it would narrow it."""
    first = is_withheld(overdue, checked, whole_withheld=checked_withheld)
    second = is_small(applies - overdue) or is_withheld(
        applies, checked, whole_withheld=checked_withheld
    )
    return first, first or second


def shown_moves(
    moves: Mapping[PositionChange, int],
    before: Collection[BodyPosition],
    now: Collection[BodyPosition],
) -> frozenset[PositionChange]:
    """The moves whose numbers are shown. Those from a position that are not shown, with the bodies
    that are gone, are none or at least five together; likewise those to a position, with the new
    bodies. So nobody can tell them apart.

    Args:
        moves: the number of bodies of each.
        before: the positions of the run before whose numbers are shown.
        now: the positions of this run whose numbers are shown.
    """
    shown = {
        move
        for move, number in moves.items()
        if number >= LEAST and move.before in before and move.now in now
    }
    while True:
        too_few = [
            [move for move in shown if move[end] == position]
            for end in (0, 1)
            for position in BodyPosition
            if is_small(
                sum(
                    number
                    for move, number in moves.items()
                    if move[end] == position and move not in shown
                )
            )
        ]
        ends = [moves_ for moves_ in too_few if moves_]
        if not ends:
            return frozenset(shown)
        shown.remove(min(ends[0], key=lambda move: (moves[move], move)))


def links_protect(
    positions: Mapping[BodyPosition, int],
    hidden_positions: Collection[BodyPosition],
    overdue: Sequence[int],
    hidden: Sequence[bool],
) -> bool:
    """Whether the numbers that are withheld stay so where a reader compares the duties with the
    positions. For each value that one of them could have, some table must fit everything shown.

    Args:
        positions: the number of bodies in each position.
        hidden_positions: those that are withheld.
        overdue: for each duty the number of bodies where it is overdue.
        hidden: for each duty whether that number is withheld.
    """
    return _duties_protected(positions, overdue, hidden) and all(
        _position_protected(position, positions, hidden_positions, overdue)
        for position in hidden_positions
        if is_small(positions[position])
    )


def _duties_protected(
    positions: Mapping[BodyPosition, int], overdue: Sequence[int], hidden: Sequence[bool]
) -> bool:
    """Whether each number withheld could be 1, 2, 3 or 4, or as many less than all bodies that were
    checked, in a table with the same positions."""
    checked = sum(positions.values()) - positions[BodyPosition.NOT_CHECKED]
    ranges = {
        index: range(1, LEAST) if is_small(overdue[index]) else range(checked - LEAST + 1, checked)
        for index, is_hidden in enumerate(hidden)
        if is_hidden
    }
    others: tuple[dict[int, int], ...] = (
        {},
        {index: values[0] for index, values in ranges.items()},
        {index: values[-1] for index, values in ranges.items()},
    )
    true = dict(enumerate(overdue))
    return all(
        any(_agree(positions, {**true, **trial, index: value}.values()) for trial in others)
        for index, values in ranges.items()
        for value in values
    )


def _position_protected(
    position: BodyPosition,
    positions: Mapping[BodyPosition, int],
    hidden_positions: Collection[BodyPosition],
    overdue: Sequence[int],
) -> bool:
    """Whether the number could be 1, 2, 3 or 4 in a table with the same duties."""
    others = [one for one in hidden_positions if one != position]
    total = sum(positions[one] for one in hidden_positions)
    # more bodies that were not checked would leave fewer for the duties
    may_grow = [one for one in others if one is not BodyPosition.NOT_CHECKED] or others
    return all(
        any(
            _agree(
                {
                    **positions,
                    **dict.fromkeys(others, 1),
                    grown: total - number - len(others) + 1,
                    position: number,
                },
                overdue,
            )
            for grown in may_grow
        )
        for number in range(1, LEAST)
    )


def _agree(positions: Mapping[BodyPosition, int], overdue: Collection[int]) -> bool:
    """Whether bodies in these positions can have these duties overdue: no duties are overdue in
    more bodies than have so many, and there are enough for each body to have its least number."""
    few, many = positions[BodyPosition.FEW_OVERDUE], positions[BodyPosition.MANY_OVERDUE]
    most_first = accumulate(sorted(overdue, reverse=True))
    return (
        all(
            total <= few * min(number, LEAST - 1) + many * number
            for number, total in enumerate(most_first, 1)
        )
        and sum(min(number, many) for number in overdue) >= LEAST * many
        and sum(overdue) >= LEAST * many + few
    )
