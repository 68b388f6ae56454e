"""Which numbers of bodies are withheld: those under five, and those that would give them away.

A reader is assumed to have the page and the workbook of this run and of the run before, and to know
how this module chooses. Every number under five that is withheld could still be 1, 2, 3 or 4.
docs/estate-report.md gives the reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
    positions: the bodies with a duty overdue are at most those with any, and all duties that are
    overdue add up to what the positions allow.

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
    """Even where a reader knows all positions, each number withheld could be 1, 2, 3 or 4, or as
    many less than all bodies."""
    few, many = positions[BodyPosition.FEW_OVERDUE], positions[BodyPosition.MANY_OVERDUE]
    checked = sum(positions.values()) - positions[BodyPosition.NOT_CHECKED]
    low, high = _sums(few, many, overdue)
    shown = sum(number for number, is_hidden in zip(overdue, hidden, strict=True) if not is_hidden)
    ranges = [
        (1, LEAST - 1) if is_small(number) else (checked - LEAST + 1, checked - 1)
        for number, is_hidden in zip(overdue, hidden, strict=True)
        if is_hidden
    ]
    least, most = sum(first for first, _ in ranges), sum(last for _, last in ranges)
    return all(
        last <= few + many
        and shown + least - first + last <= high  # this one as large as it can be
        and shown + most - last + first >= low
        for first, last in ranges
    )


def _position_protected(
    position: BodyPosition,
    positions: Mapping[BodyPosition, int],
    hidden_positions: Collection[BodyPosition],
    overdue: Sequence[int],
) -> bool:
    """Even where a reader knows all duties, the number could be 1, 2, 3 or 4."""
    others = [one for one in hidden_positions if one != position]
    total = sum(positions[one] for one in hidden_positions)
    for number in range(1, LEAST):
        left = total - number - len(others)
        trials = ({one: 1 + (left if one == most else 0) for one in others} for most in others)
        if not any(_agree({**positions, **trial, position: number}, overdue) for trial in trials):
            return False
    return True


def _agree(positions: Mapping[BodyPosition, int], overdue: Sequence[int]) -> bool:
    """Whether bodies in these positions can have these duties overdue."""
    few, many = positions[BodyPosition.FEW_OVERDUE], positions[BodyPosition.MANY_OVERDUE]
    low, high = _sums(few, many, overdue)
    return low <= sum(overdue) <= high and max(overdue, default=0) <= few + many


def _sums(few: int, many: int, overdue: Sequence[int]) -> tuple[int, int]:
    """The least and the most duties that bodies have overdue together, so many of them in each of
    the two positions with any."""
    duties = sum(map(bool, overdue))
    return few + LEAST * many, min(duties, LEAST - 1) * few + duties * many
