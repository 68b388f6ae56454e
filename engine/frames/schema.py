"""The columns of the frames and their dtypes, checked where a frame is made.

Days are ordinals (``date.toordinal``), NO_DAY where there is none. Rows are those of a register's
table, from 0, and -1 where there is none. Texts are numbers in the frames (Names).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.days import Flags, Ints
from engine.decision.codes import Applying
from engine.obligation import NO_MEMBER

# Only the names of columns are texts here. Where Arrow is installed, pandas would keep them in its
# arrays, and take a third longer for frames as small as these.
pd.options.mode.string_storage = "python"

Schema = dict[str, str]


def _ints(names: str) -> Schema:
    return dict.fromkeys(names.split(), "int64")


def _flags(names: str) -> Schema:
    return dict.fromkeys(names.split(), "bool")


#: Rows that list subjects or events: the key, the day of joining or of the event, the day of
#: leaving (FOR_EVER for none), how the row reads (SubjectState), why it is left out (LeftOut),
#: whether its day was read, and whether the list takes it for certain (``claims``).
LISTED: Schema = _ints("row key day leaves state reason") | _flags("dated claims")
#: Obligations before their windows and evidence. ``duty`` and ``version_index`` number the duties
#: and their versions (scope.VersionTable); ``part`` orders the obligations of a duty; ``member`` is
#: the position in the fixed list; ``window`` names a period; ``register`` and ``row`` name a listed
#: row that names no subject. ``list_state``, ``state`` and ``applies`` are those of a situation
#: (ListState, SubjectState, Applying).
OBLIGATIONS: Schema = _ints(
    "duty version_index part member subject event window register row subject_row event_row joined"
    " event_day list_state state applies"
)
#: The evidence for each obligation. ``overdue_since``: the deadline from which days overdue count;
#: ``next_deadline``: the next deadline once it is met; ``anchor`` (an Anchor) and ``anchor_day``:
#: the day from which the deadline was counted. ``enough_in_time`` and ``enough_late``: enough items
#: by the deadline, and by D, whenever that was. ``year_over``: met, and no longer current.
RESULTS: Schema = _ints(
    "opens deadline overdue_since next_deadline late_days last_done anchor anchor_day"
) | _flags(
    "enough_in_time enough_late still_lasts within_notice ever_done earlier_missed lapse_over"
    " year_over before_records"
)
MATCHED: Schema = OBLIGATIONS | RESULTS
#: What an item is about: the query that takes it and what it names, 0 where the query needs no
#: name; ``own``: its own row, where the event's row is itself the evidence (otherwise -1).
ABOUT: Schema = _ints("query event subject key own")
#: Qualifying items. ``until``: the last day on which a standing item is in place (otherwise its
#: day); ``value``: items of a query with the same value count once.
ITEMS: Schema = ABOUT | _ints("register row day until value")
#: Which item met which obligation (its position in the matched frame), in the order in which they
#: count.
MET: Schema = _ints("obligation register row")

#: The values of columns that are left out (elsewhere 0).
_DEFAULTS = {
    **dict.fromkeys(("row", "subject_row", "event_row", "own"), -1),
    "member": NO_MEMBER,
    "applies": Applying.YES,
}
#: The number of a name that is none, and equals no other.
NAMES_NOTHING = -1


def make_frame(schema: Schema, count: int, **columns: object) -> pd.DataFrame:
    """A frame of ``count`` rows: for each column one value for each row, or one value for all. A
    column that is left out contains its default. Raises TypeError where a column is not in the
    schema, has another length, or does not convert safely to its dtype."""
    if not columns.keys() <= schema.keys():
        raise TypeError(f"no such columns: {sorted(columns.keys() - schema.keys())}")
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, dtype in schema.items():
        value = columns.get(name, _DEFAULTS.get(name, 0))
        if not isinstance(value, np.ndarray):
            value = np.full(count, value, dtype=np.dtype(dtype))
        elif len(value) != count:
            raise TypeError(f"{len(value)} values for {count} rows")
        arrays[name] = value.astype(np.dtype(dtype), casting="safe", copy=False)
    return pd.DataFrame(arrays)


def check_frame(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Returns the frame. Raises TypeError unless its columns and dtypes are those of the schema."""
    columns = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    if columns != schema:
        raise TypeError(f"columns {columns}, not {schema}")
    return frame


def stack_frames(frames: Iterable[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    """The rows of several frames of one schema, one after another. Raises as check_frame does."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return make_frame(schema, 0)
    return check_frame(pd.concat(filled, ignore_index=True), schema)


def ints(frame: pd.DataFrame, name: str) -> Ints:
    """A column of whole numbers, days or rows; yes is 1."""
    return frame[name].to_numpy().astype(np.int64, copy=False)


def flags(frame: pd.DataFrame, name: str) -> Flags:
    """A column of yes and no."""
    return frame[name].to_numpy().astype(np.bool_, copy=False)


class Names:
    """Texts as numbers, so that frames merge on whole numbers: each text has one, '' has 0."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {"": 0}
        self._columns: dict[tuple[Columns, str], Ints] = {}

    def number(self, text: Hashable) -> int:
        """The number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def column(self, columns: Columns, name: str) -> Ints:
        """The numbers of a column's values, by row; NAMES_NOTHING where a cell has no value."""
        if (columns, name) not in self._columns:
            codes, values = pd.factorize(columns.values(name))
            numbers = [*map(self.number, values), NAMES_NOTHING]  # the code of no value is -1
            self._columns[columns, name] = np.array(numbers, dtype=np.int64)[codes]
        return self._columns[columns, name]

    def texts(self, numbers: Ints) -> list[str]:
        """The texts of these numbers."""
        texts: list[str] = np.array(list(self._numbers), dtype=object)[numbers].tolist()
        return texts
