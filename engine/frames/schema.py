"""The columns of the frames and their dtypes, checked where a frame is made.

Days are ordinals (``date.toordinal``), NO_DAY where there is none; rows are those of a register's
table, from 0, and -1 where there is none. Texts stand in frames as numbers (Names).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.days import Flags, Ints
from engine.decision.observations import Applying

Schema = dict[str, str]


def _ints(names: str) -> Schema:
    return dict.fromkeys(names.split(), "int64")


def _flags(names: str) -> Schema:
    return dict.fromkeys(names.split(), "bool")


#: Rows that list subjects or events: the key, the day of joining or of the event, the day of
#: leaving (FOR_EVER for none), how the row reads (SubjectState), why it asks nothing (LeftOut),
#: whether its day was read, and whether it is one of them for certain (``claims``).
LISTED: Schema = _ints("row key day until state reason") | _flags("dated claims")
#: Obligations before their windows and evidence. ``duty`` and ``edition`` number the duties and
#: their versions (scope.Editions); ``part`` says where in its duty's list an obligation stands;
#: ``member`` is the place in the fixed list; ``window`` names a period, or the register of a listed
#: row that names no subject (``row``). ``list_state``, ``state`` and ``applies`` are those of a
#: situation (ListState, SubjectState, Applying).
OBLIGATIONS: Schema = _ints(
    "duty edition part member subject event window row subject_row event_row joined event_day"
    " list_state state applies"
)
#: What was found for each obligation. ``since``: the deadline from which days over count;
#: ``next_deadline``: the next to come once it is met; ``anchor`` (an Anchor), ``anchor_day``: from
#: which day the deadline was reckoned.
FOUND: Schema = _ints(
    "opens deadline since next_deadline late_days last_done anchor anchor_day"
) | _flags(
    "enough_in_time enough_late within_notice ever_done earlier_missed lapse_over year_over"
    " before_records"
)
MATCHED: Schema = OBLIGATIONS | FOUND
#: What an item is about: the query that it answers and what it names, 0 where the query does not
#: ask; ``own``: its own row, where the event's row is itself the evidence (otherwise -1).
ABOUT: Schema = _ints("query event subject key own")
#: Qualifying items. ``until``: the last day on which what stands is in place (otherwise the day);
#: ``value``: items of a query that hold the same one count once.
ITEMS: Schema = ABOUT | _ints("register row day until value")
#: Which item met which obligation (its place in the matched frame), in the order in which they
#: count.
MET: Schema = _ints("obligation register row")

#: What stands in a column where nothing is said (elsewhere nought).
_UNSAID = {
    **dict.fromkeys(("member", "row", "subject_row", "event_row", "own"), -1),
    "applies": Applying.YES,
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
    values = {name: said.get(name, _UNSAID.get(name, 0)) for name in schema}
    return pd.DataFrame({name: _column(values[name], schema[name], count) for name in schema})


def _column(value: object, dtype: str, count: int) -> npt.NDArray[np.generic]:
    if not isinstance(value, np.ndarray):
        return np.full(count, value, dtype=np.dtype(dtype))
    if len(value) != count:
        raise TypeError(f"{len(value)} values for {count} rows")
    return value.astype(np.dtype(dtype), casting="safe", copy=False)


def checked(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The frame, if it has the columns of the schema with their dtypes. Raises TypeError if not."""
    found = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    if found != schema:
        raise TypeError(f"columns {found}, not {schema}")
    return frame


def stacked(frames: Iterable[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    """The rows of several frames of one schema, one after another. Raises as ``checked`` does."""
    some = [frame for frame in frames if len(frame)]
    return checked(pd.concat(some, ignore_index=True), schema) if some else made(schema, 0)


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
            codes, values = pd.factorize(columns.values(name))
            numbers = [*map(self.number, values), NAMES_NOTHING]  # the code of none is -1
            self._columns[columns, name] = np.array(numbers, dtype=np.int64)[codes]
        return self._columns[columns, name]

    def texts(self, numbers: Ints) -> list[str]:
        """The texts of these numbers."""
        texts: list[str] = np.array(list(self._numbers), dtype=object)[numbers].tolist()
        return texts
