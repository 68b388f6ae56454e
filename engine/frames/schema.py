"""The columns of the frames and their dtypes, checked where a frame is made.

Days are ordinals (``date.toordinal``), NO_DAY where there is none; rows are those of a register's
table, from 0, and -1 where there is none. Texts stand in frames as numbers (Names).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.days import NO_DAY, Flags, Ints
from engine.decision.observations import Applying
from engine.obligation import SubjectState

Schema = dict[str, str]

#: Rows that list subjects: the key, the days of joining and of leaving (FOR_EVER for none), and how
#: the row reads (SubjectState).
LISTED: Schema = {"row": "int64", "key": "int64", "day": "int64", "until": "int64", "state": "int8"}
#: Rows that list events: beside that, whether the row is one of the events (``claims``), whether
#: its day was read, and why it asks nothing (a LeftOut).
EVENTS: Schema = {
    "row": "int64",
    "key": "int64",
    "day": "int64",
    "state": "int8",
    "claims": "bool",
    "dated": "bool",
    "reason": "int8",
}
#: Obligations before their windows and evidence. ``duty`` and ``edition`` number the duties and
#: their versions (scope.Editions); ``part`` says where in its duty's list an obligation stands;
#: ``member`` is the place in the fixed list; ``window`` names a period, or the register of a listed
#: row that names no subject (``row``).
OBLIGATIONS: Schema = {
    "duty": "int64",
    "edition": "int64",
    "part": "int64",
    "member": "int64",
    "subject": "int64",
    "event": "int64",
    "window": "int64",
    "row": "int64",
    "subject_row": "int64",
    "event_row": "int64",
    "joined": "int64",
    "event_day": "int64",
    "state": "int8",
    "applies": "int8",
}
#: What was found for each obligation. ``since``: the deadline from which days over count;
#: ``next_deadline``: the next to come once it is met; ``anchor`` (an Anchor), ``anchor_day``: from
#: which day the deadline was reckoned.
FOUND: Schema = {
    "opens": "int64",
    "deadline": "int64",
    "since": "int64",
    "next_deadline": "int64",
    "late_days": "int64",
    "last_done": "int64",
    "anchor": "int8",
    "anchor_day": "int64",
    "enough_in_time": "bool",
    "enough_late": "bool",
    "within_notice": "bool",
    "ever_done": "bool",
    "earlier_missed": "bool",
    "lapse_over": "bool",
    "year_over": "bool",
    "before_records": "bool",
}
MATCHED: Schema = OBLIGATIONS | FOUND
#: What an item is about: the query that it answers and what it names, 0 where the query does not
#: ask; ``own``: its own row, where the event's row is itself the evidence (otherwise -1).
ABOUT: Schema = {
    "query": "int64",
    "event": "int64",
    "subject": "int64",
    "key": "int64",
    "own": "int64",
}
#: Qualifying items. ``until``: the last day on which what stands is in place (otherwise the day).
ITEMS: Schema = ABOUT | {"row": "int64", "day": "int64", "until": "int64"}
#: Which item met which obligation (its place in the matched frame), in the order in which they
#: count.
MET: Schema = {"obligation": "int64", "register": "int64", "row": "int64"}

#: What stands in a column of obligations where nothing is said (elsewhere nought).
_UNSAID: Mapping[str, int] = {
    "member": -1,
    "row": -1,
    "subject_row": -1,
    "event_row": -1,
    "own": -1,
    "state": SubjectState.READABLE,
    "applies": Applying.YES,
    "opens": NO_DAY,
    "deadline": NO_DAY,
}
#: The number of a name that is none, and equals no other.
NAMES_NOTHING = -1


class Anchor(IntEnum):
    """From what a deadline was reckoned."""

    NOTHING = 0
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

    @property
    def word(self) -> str:
        """As an Obligation says it."""
        if self is Anchor.NOTHING:
            return ""
        return self.name.lower().replace("_", "-" if self is Anchor.RE_AGREED else " ")


def made(schema: Schema, count: int, **said: object) -> pd.DataFrame:
    """A frame of ``count`` rows: for each column either one value a row, or one value for all. A
    column that is not said holds what stands for nothing. Raises as ``checked`` does."""
    if not said.keys() <= schema.keys():
        raise TypeError(f"no such columns: {sorted(said.keys() - schema.keys())}")
    return pd.DataFrame(
        {name: _column(said.get(name, _UNSAID.get(name, 0)), dtype, count)
         for name, dtype in schema.items()},
        copy=False,
    )  # fmt: skip


def _column(value: object, dtype: str, count: int) -> npt.NDArray[np.generic]:
    if not isinstance(value, np.ndarray):
        return np.full(count, value, dtype=np.dtype(dtype))
    if len(value) != count:
        raise TypeError(f"{len(value)} values for {count} rows")
    given: npt.NDArray[np.generic] = value
    if dtype == "int8":  # states are small, whatever holds them
        return given.astype(np.int8, casting="same_kind", copy=False)
    return given.astype(np.dtype(dtype), casting="safe", copy=False)


def checked(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The frame, if it has the columns of the schema with their dtypes. Raises TypeError if not."""
    found = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    if found != dict(schema):
        raise TypeError(f"columns {found}, not {dict(schema)}")
    return frame


def stacked(frames: Iterable[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    """The rows of several frames of one schema, one after another. Raises as ``checked`` does."""
    some = [frame for frame in frames if len(frame)]
    if not some:
        return made(schema, 0)
    if len(some) == 1:
        return checked(some[0].reset_index(drop=True), schema)
    return checked(pd.concat(some, ignore_index=True), schema)


def ints(frame: pd.DataFrame, name: str) -> Ints:
    """A column of whole numbers, days or rows; yes is 1."""
    return frame[name].to_numpy().astype(np.int64, copy=False)


def flags(frame: pd.DataFrame, name: str) -> Flags:
    """A column of yes and no."""
    return frame[name].to_numpy().astype(np.bool_, copy=False)


class Names:
    """Texts as numbers, so that frames meet on whole numbers: each text has one, '' has 0."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {"": 0}
        self._columns: dict[tuple[Columns, str], Ints] = {}

    def number(self, text: Hashable) -> int:
        """The number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def column(self, columns: Columns, name: str) -> Ints:
        """The numbers of a column's values, by row; NAMES_NOTHING where a cell holds none."""
        if (columns, name) not in self._columns:
            values = columns.values(name).tolist()
            number = {value: self.number(value) for value in dict.fromkeys(values)}
            number[None] = NAMES_NOTHING
            self._columns[columns, name] = np.array([number[v] for v in values], dtype=np.int64)
        return self._columns[columns, name]

    def texts(self, numbers: Ints) -> list[str]:
        """The texts of these numbers."""
        every = list(self._numbers)
        return [str(every[number]) for number in numbers.tolist()]
