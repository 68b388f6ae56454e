"""What a report shows: the figures of a run as its reader may see them."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from estate.report import withheld
from estate.report.figures import BodyFigures, DutyFigures, RunFigures
from estate.report.position import BodyPosition, PositionChange
from estate.report.pseudonyms import Pseudonyms

#: Stands for a number that is withheld, and for a name.
NOT_SHOWN, NO_NAME = "not shown", "(name not shown)"

_NEVER, _NO_MORE = "not in the estate", "no longer in the estate"

_Key = TypeVar("_Key")

_WORD = re.compile(r"\w+")


class BodyNaming(Enum):
    """How a report lists the bodies: numbers under five are withheld unless it is by name."""

    NAMES = "by name"
    PSEUDONYMS = "by pseudonym"
    NOT_LISTED = "not listed"


@dataclass(frozen=True, slots=True)
class ShownDuty:
    """A duty with its figures; None for a number that is withheld."""

    rulebook: str
    section: str
    title: str
    applies: int | None
    overdue: int | None
    checks: int | None

    @property
    def share(self) -> int | None:
        """The per cent of the bodies where it applies in which it is overdue."""
        if self.overdue is None or not self.applies:
            return None
        return (200 * self.overdue + self.applies) // (2 * self.applies)


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A kind of problem in one sheet, with the number of bodies; None if that is withheld."""

    kind: str
    sheet: str
    bodies: int | None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """The positions before and now in words, with the number of bodies."""

    before: str
    now: str
    bodies: int


@dataclass(frozen=True, slots=True)
class ShownBody:
    """A body in the list. Only a report by name has more of it than its positions."""

    body: str
    name: str
    position: BodyPosition | None
    now: str
    before: str = ""
    overdue: int | None = None
    overdue_before: int | None = None
    not_judged: int | None = None
    change: str = ""
    failure: str = ""
    failure_words: str = ""


@dataclass(frozen=True, slots=True)
class EstateContent:
    """All that a report shows. A number is None where it is withheld. ``before``, ``changes`` and
    ``moves`` are empty if there is no run before; ``changes`` also where numbers are withheld."""

    as_of: datetime.date
    since: datetime.date | None
    naming: BodyNaming
    total: int | None
    total_before: int | None
    positions: Mapping[BodyPosition, int | None]
    before: Mapping[BodyPosition, int | None]
    failures: Mapping[str, int | None]
    duties: tuple[ShownDuty, ...]
    problems: tuple[ShownProblem, ...]
    changes: Mapping[str, int]
    moves: tuple[ShownChange, ...]
    bodies: tuple[ShownBody, ...]

    @property
    def by_name(self) -> bool:
        """Whether the bodies are named, so that no number of bodies is withheld."""
        return self.naming is BodyNaming.NAMES

    @property
    def several_rulebooks(self) -> bool:
        """Whether a duty needs its rulebook beside it."""
        return len({duty.rulebook for duty in self.duties}) > 1


#: What became of a body since the run before, in the order of the report.
CHANGES = (
    "better",
    "worse",
    "same",
    "new",
    _NO_MORE,
    "not checked now",
    "still not checked",
    "checked again",
)
_BETTER, _WORSE, _SAME, _NEW, _GONE, _FAILED, _STILL, _CHECKED_AGAIN = CHANGES


def content_by_name(figures: RunFigures) -> EstateContent:
    """What a reader sees who may know the bodies. Only numbers of checks are withheld, since they
    may be of people."""
    changes = Counter(map(_change, figures.bodies)) if figures.since else {}
    return EstateContent(
        as_of=figures.as_of,
        since=figures.since,
        naming=BodyNaming.NAMES,
        total=sum(figures.positions.values()),
        total_before=sum(figures.positions_before.values()),
        positions=figures.positions,
        before=figures.positions_before if figures.since else {},
        failures=_ordered(_those(figures.failures, figures.failures)),
        duties=tuple(
            _shown_duty(duty, overdue_shown=True, applies_shown=True) for duty in figures.duties
        ),
        problems=tuple(
            ShownProblem(each.kind, each.register, each.bodies) for each in figures.problems
        ),
        changes={change: changes[change] for change in CHANGES if changes.get(change)},
        moves=_moves(figures, figures.moves) if figures.since else (),
        bodies=tuple(_named(body, compared=bool(figures.since)) for body in figures.bodies),
    )


def content_without_names(figures: RunFigures, pseudonyms: Pseudonyms | None) -> EstateContent:
    """What a reader sees who may not know the bodies. Numbers under five are withheld, with what
    would give them away (estate.report.withheld). With pseudonyms, the bodies are listed of which
    at least five share both positions."""
    positions, before = figures.positions, figures.positions_before
    hidden, kinds = withheld.withheld_positions(positions, figures.failures)
    hidden_before, _ = withheld.withheld_positions(before, figures.failures_before)
    every = frozenset(BodyPosition)
    now_shown, before_shown = every - _or_every(hidden), every - _or_every(hidden_before)
    if figures.since:
        moves = withheld.shown_moves(figures.moves, before_shown, now_shown)
    else:
        moves = frozenset(move for move in figures.moves if move.now in now_shown)
    names = _names(figures.bodies)
    return EstateContent(
        as_of=figures.as_of,
        since=figures.since,
        naming=BodyNaming.PSEUDONYMS if pseudonyms else BodyNaming.NOT_LISTED,
        total=None if hidden is None else sum(positions.values()),
        total_before=None if hidden_before is None else sum(before.values()),
        positions=_those(positions, now_shown),
        before=_those(before, before_shown) if figures.since else {},
        failures=(
            _ordered(_those(figures.failures, figures.failures.keys() - kinds))
            if BodyPosition.NOT_CHECKED in now_shown
            else {}
        ),
        duties=_protected_duties(figures, hidden, names),
        problems=_protected_problems(figures, hidden, names),
        changes={},
        moves=_moves(figures, moves) if figures.since else (),
        bodies=tuple(
            _pseudonymous(figures.bodies, moves, pseudonyms, compared=bool(figures.since))
            if pseudonyms
            else ()
        ),
    )


def _or_every(hidden: frozenset[BodyPosition] | None) -> frozenset[BodyPosition]:
    return frozenset(BodyPosition) if hidden is None else hidden


def _those(numbers: Mapping[_Key, int], shown: Collection[_Key]) -> dict[_Key, int | None]:
    return {key: number if key in shown else None for key, number in numbers.items()}


def _ordered(numbers: Mapping[str, int | None]) -> dict[str, int | None]:
    """The largest number first. The order tells nothing of those that are withheld."""
    return dict(sorted(numbers.items(), key=lambda item: (-(item[1] or 0), item[0])))


# What changed ------------------------------------------------------------------------------------


def _change(figures: BodyFigures) -> str:
    """What became of a body, by the number of its duties that are overdue."""
    before, now = figures.move
    if before is None or now is None:
        return _NEW if before is None else _GONE
    if figures.overdue is None:
        return _STILL if figures.overdue_before is None else _FAILED
    if figures.overdue_before is None:
        return _CHECKED_AGAIN
    if figures.overdue == figures.overdue_before:
        return _SAME
    return _BETTER if figures.overdue < figures.overdue_before else _WORSE


def _moves(figures: RunFigures, shown: Collection[PositionChange]) -> tuple[ShownChange, ...]:
    """The moves that are shown, from the best position before to the worst."""
    last = len(BodyPosition)
    ordered = sorted(shown, key=lambda move: [last if end is None else end for end in move])
    numbers = figures.moves
    return tuple(
        ShownChange(_before_words(move.before), _now_words(move.now), numbers[move])
        for move in ordered
    )


def _before_words(position: BodyPosition | None) -> str:
    return _NEVER if position is None else position.words


def _now_words(position: BodyPosition | None) -> str:
    return _NO_MORE if position is None else position.words


# Duties and problems -----------------------------------------------------------------------------


def _shown_duty(duty: DutyFigures, *, overdue_shown: bool, applies_shown: bool) -> ShownDuty:
    return ShownDuty(
        duty.rulebook,
        duty.section,
        duty.title,
        duty.applies if applies_shown else None,
        duty.overdue if overdue_shown else None,
        duty.checks if overdue_shown and not _tells_of_few(duty) else None,
    )


def _tells_of_few(duty: DutyFigures) -> bool:
    """Whether the number of the overdue checks of a duty, which may be of people, tells how many
    are in one body: there are few bodies, or nearly one in each."""
    few = withheld.is_small(duty.overdue)
    return few or 0 < duty.overdue > duty.checks - (withheld.LEAST - 2)


def _protected_duties(
    figures: RunFigures, hidden: frozenset[BodyPosition] | None, names: Collection[str]
) -> tuple[ShownDuty, ...]:
    """The duties whose number of bodies is shown, the largest first, and then the others."""
    positions = figures.positions
    checked = sum(positions.values()) - positions[BodyPosition.NOT_CHECKED]
    vague = BodyPosition.NOT_CHECKED in _or_every(hidden)
    numbers_withheld = [
        withheld.withheld_of_duty(duty.overdue, duty.applies, checked, checked_withheld=vague)
        for duty in figures.duties
    ]
    # otherwise no number of any duty is shown
    some_shown = hidden is not None and withheld.links_protect(
        positions,
        hidden,
        [duty.overdue for duty in figures.duties],
        [overdue for overdue, _ in numbers_withheld],
    )
    shown = [
        _shown_duty(
            _without_names(duty, names),
            overdue_shown=some_shown and not overdue,
            applies_shown=some_shown and not applies,
        )
        for duty, (overdue, applies) in zip(figures.duties, numbers_withheld, strict=True)
    ]
    return tuple(sorted(shown, key=_duty_order))


def _duty_order(duty: ShownDuty) -> tuple[int, str, str, str]:
    """Nothing in it is withheld."""
    number = 1 if duty.overdue is None else -duty.overdue
    return number, duty.rulebook, duty.section, duty.title


def _protected_problems(
    figures: RunFigures, hidden: frozenset[BodyPosition] | None, names: Collection[str]
) -> tuple[ShownProblem, ...]:
    """The problems whose number of bodies is shown, the largest first, and then the others."""
    positions = figures.positions
    checked = sum(positions.values()) - positions[BodyPosition.NOT_CHECKED]
    vague = BodyPosition.NOT_CHECKED in _or_every(hidden)
    shown = [
        ShownProblem(
            each.kind,
            _without_name(each.register, names),
            None
            if hidden is None or withheld.is_withheld(each.bodies, checked, whole_withheld=vague)
            else each.bodies,
        )
        for each in figures.problems
    ]
    return tuple(sorted(shown, key=lambda one: (-(one.bodies or 0), one.kind, one.sheet)))


# Names -------------------------------------------------------------------------------------------


def _names(bodies: Iterable[BodyFigures]) -> frozenset[str]:
    """The names of the bodies, as :func:`_without_name` looks for them."""
    return frozenset(
        " ".join(_WORD.findall(name.casefold()))
        for figures in bodies
        for name in (figures.body, figures.name)
        if name
    )


def _without_names(duty: DutyFigures, names: Collection[str]) -> DutyFigures:
    return replace(
        duty,
        rulebook=_without_name(duty.rulebook, names),
        section=_without_name(duty.section, names),
        title=_without_name(duty.title, names),
    )


def _without_name(text: str, names: Collection[str]) -> str:
    """A text of a rulebook, unless it contains the name of a body: a body may have its own."""
    words = _WORD.findall(text.casefold())
    runs = (
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
    )
    return NO_NAME if any(run in names for run in runs) else text


# Bodies ------------------------------------------------------------------------------------------


def _named(figures: BodyFigures, *, compared: bool) -> ShownBody:
    before, now = figures.move
    return ShownBody(
        body=figures.body,
        name=figures.name,
        position=now,
        now=_now_words(now),
        before=_before_words(before) if compared else "",
        overdue=figures.overdue,
        overdue_before=figures.overdue_before,
        not_judged=figures.not_judged,
        change=_change(figures) if compared else "",
        failure=figures.failure,
        failure_words=figures.failure_words,
    )


def _pseudonymous(
    bodies: Iterable[BodyFigures],
    shown: Collection[PositionChange],
    pseudonyms: Pseudonyms,
    *,
    compared: bool,
) -> Iterator[ShownBody]:
    """The bodies whose positions are shown, the worst first."""
    listed = [
        (figures.move.now, figures.move.before or BodyPosition(0), pseudonyms.of(figures.body))
        for figures in bodies
        if figures.move in shown and figures.move.now is not None
    ]
    for now, before, pseudonym in sorted(listed, key=lambda one: (-one[0], -one[1], one[2])):
        yield ShownBody(pseudonym, "", now, now.words, before.words if compared else "")
