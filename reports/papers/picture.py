"""The picture of a paper, as PNG: the same assessment gives the same bytes."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.assessment import Assessment
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import listed
from reports import view, words
from reports.papers.fields import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The width in inches, as it is in the paper, and the dots of an inch.
_WIDTH, _DOTS = 6.7, 200

_INK, _LINE = "#0b0c0c", "#b1b8be"
#: The colour of each status and, for the numbers on it, of the text.
_COLOURS: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        Status.OVERDUE: ("#942514", "white"),
        Status.CANNOT_TELL: ("#4c2c92", "white"),
        Status.DUE: ("#f0c24b", _INK),
        Status.NOT_ASSESSED: ("#e7b7cf", _INK),
        Status.NOT_YET_DUE: ("#a9c8ea", _INK),
        Status.MET: ("#00703c", "white"),
        Status.WAIVED: ("#9fc7c7", _INK),
        Status.NOT_APPLICABLE: ("#d5d9dc", _INK),
    }
)
