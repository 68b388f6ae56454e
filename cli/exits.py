"""Exit codes, and the stop that a person can mend."""

from __future__ import annotations

NOTHING_OUTSTANDING, OUTSTANDING, NOT_ASSESSED, FAULT = 0, 1, 2, 3


class Stop(Exception):
    """The command cannot go on, for a reason that a person can mend; ``str()`` is what to say."""
