"""One obligation of a duty as the frames hand it on: its subject, its window and what was found."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from engine.outcome import ItemRef

#: A day as its proleptic ordinal (``date.toordinal``); NO_DAY (0) where there is none.
DayNumber = int
#: A row of a table, from 0; -1 where there is none.
RowNumber = int


class SubjectState(IntEnum):
    """How the row that lists an obligation's subject or event reads, or who holds its role."""

    READABLE = 0
    UNREAD = 1
    CLAIMED_TWICE = 2
    UNCLEAR_HOLDER = 3


class Obligation(NamedTuple):
    """One obligation, and what was found of it.

    ``version`` numbers the versions of its duty, from 0. ``subject``, ``event``, ``window`` and
    ``row`` are those of its ObligationKey. ``member`` is the place in the fixed list of subjects
    (-1 for none); ``subject_row`` and ``event_row`` are the rows that list its subject and event.
    ``state`` is a SubjectState.

    ``opens`` and ``deadline`` are the days of its window, both included; ``since`` is the deadline
    of the first window missed in a row; ``late_days`` is how many days late it was met (0: in
    time). ``anchor`` says from what its deadline was reckoned ('period', 'event', 're-agreed',
    'last done', 'joined', 'in force', 'own day', 'end', 'opened', 'version'; '' where nothing was
    looked up), ``anchor_day`` from which day. ``met_rows`` are the items that count, in the order
    in which they count: the last one completes it.
    """

    version: int
    subject: str
    event: str
    window: str
    row: RowNumber
    member: int
    subject_row: RowNumber
    event_row: RowNumber
    event_day: DayNumber
    state: int
    opens: DayNumber
    deadline: DayNumber
    since: DayNumber
    next_deadline: DayNumber
    late_days: int
    last_done: DayNumber
    anchor: str
    anchor_day: DayNumber
    met_rows: tuple[ItemRef, ...]
