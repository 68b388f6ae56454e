"""The values of a situation's fields: states of lists, of conditions and of waivers."""

from __future__ import annotations

from enum import IntEnum


class ListState(IntEnum):
    """The state of the sheets that a duty needs, and of its list."""

    READ = 0
    SHEET_UNREADABLE = 1
    EMPTY = 2
    SHEET_NOT_GIVEN = 3


class Applying(IntEnum):
    """Whether a duty applies to an obligation."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class WaiverCover(IntEnum):
    """What a waiver covers: not the obligation, its subject or event, or all subjects."""

    NONE = 0
    THIS = 1
    ALL = 2
