"""What the integers of a situation stand for: states of lists, of conditions and of waivers."""

from __future__ import annotations

from enum import IntEnum


class ListState(IntEnum):
    """How the sheets that a duty needs stand, and its list."""

    READ = 0
    SHEET_UNREADABLE = 1
    EMPTY = 2
    SHEET_NOT_GIVEN = 3


class Applying(IntEnum):
    """Whether a duty applies to an obligation."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class Relief(IntEnum):
    """How far a waiver covers an obligation: not at all, what it is about, or all subjects."""

    NONE = 0
    THIS = 1
    ALL = 2
