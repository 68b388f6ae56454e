"""Raw cells of one column read as typed values, each distinct cell once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evidence.cellreaders import Answer, asked_for, reader_for
from evidence.merges import Fault
from evidence.rawcells import RawValue
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec
from evidence.table import CellState, Typed
from evidence.wording import is_blank, raw_text
