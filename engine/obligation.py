"""One obligation of a duty as the frames give it: its subject, its window and its items; and why
a listed row makes none."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from engine.outcome import ItemRef

#: A day as its proleptic ordinal (``date.toordinal``); NO_DAY (0) where there is none.
DayNumber = int
#: A row of a table, from 0; -1 where there is none.
RowNumber = int
#: In place of the position in the fixed list of subjects, where there is no such list.
NO_MEMBER = -1


class SubjectState(IntEnum):
    """Whether an obligation's listed row can be read, and the holder of its role is known."""

    READABLE = 0
    UNREAD = 1
    CLAIMED_TWICE = 2
    UNCLEAR_HOLDER = 3


class LeftOut(IntEnum):
    """Why a listed row makes no obligation; the first reason that applies."""

    NO = 0
    CANCELLED = 1
    WITHOUT_A_DAY_YET = 2
    BEFORE_IT_WAS_IN_FORCE = 3
    STILL_TO_COME = 4
    NOT_JOINED_YET = 5
    LEFT = 6
    NOT_FLAGGED = 7
    THERE_BEFORE_IT_WAS_IN_FORCE = 8

    @property
    def words(self) -> str:
        """The reason after the number of rows: ``2 cancelled``."""
        if self is LeftOut.WITHOUT_A_DAY_YET:
            return "without a date (counted as planned)"
        return self.name.lower().replace("_", " ")


class Anchor(IntEnum):
    """What a deadline was counted from."""

    NOTHING = 0  # without evidence
    PERIOD = 1
    EVENT = 2
    RE_AGREED = 3
    LAST_DONE = 4
    JOINED = 5
    IN_FORCE = 6
    OWN_DAY = 7
    END = 8
    OPENED = 9
    VERSION = 10
    TRANSITION = 11


class Obligation(NamedTuple):
    """One obligation, its window and its items.

    ``version_number`` numbers the versions of its duty, from 0. ``subject``, ``event``, ``window``,
    ``register`` and ``row`` are those of its ObligationKey. ``member`` is the position in the fixed
    list of subjects, or NO_MEMBER; ``subject_row`` and ``event_row`` are the rows that list its
    subject and event. ``state`` is a SubjectState.

    ``opens`` and ``deadline`` are the days of its window, both included; ``overdue_since`` is the
    deadline from which days overdue count: that of the first window missed in a row, otherwise its
    own; ``late_days`` is how many days late it was met (0: in time). ``anchor`` says what its
    deadline was counted from, and ``anchor_day`` from which day. ``met_rows`` are the items that
    count, in the order in which they count: the last one completes it.
    """

    version_number: int
    subject: str
    event: str
    window: str
    register: str
    row: RowNumber
    member: int
    subject_row: RowNumber
    event_row: RowNumber
    event_day: DayNumber
    state: int
    opens: DayNumber
    deadline: DayNumber
    overdue_since: DayNumber
    next_deadline: DayNumber
    late_days: int
    last_done: DayNumber
    anchor: Anchor
    anchor_day: DayNumber
    met_rows: tuple[ItemRef, ...]

    @property
    def relevant_from(self) -> DayNumber:
        """The first day of the rows that may still meet it: the day on which its window opens or,
        if earlier rows decide the deadline, the day on which it was last done."""
        return self.opens if self.anchor is Anchor.EVENT else self.last_done or self.opens
