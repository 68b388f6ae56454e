"""Where a body stands: how many of its duties are overdue, in five positions."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class BodyPosition(IntEnum):
    """The position of a body in a run, from the best. A body with none overdue is in the second
    where a duty could not be judged, or was not assessed."""

    NONE_OVERDUE = 0
    NOT_JUDGED = 1
    FEW_OVERDUE = 2
    MANY_OVERDUE = 3
    NOT_CHECKED = 4

    @property
    def words(self) -> str:
        """As a table names it."""
        return _WORDS[self]


_WORDS = {
    BodyPosition.NONE_OVERDUE: "none overdue",
    BodyPosition.NOT_JUDGED: "none overdue, some not judged",
    BodyPosition.FEW_OVERDUE: "1 to 4 overdue",
    BodyPosition.MANY_OVERDUE: "5 or more overdue",
    BodyPosition.NOT_CHECKED: "not checked",
}


class PositionChange(NamedTuple):
    """The positions of a body in the run before and in this one; None where it was not in it."""

    before: BodyPosition | None
    now: BodyPosition | None
