"""Exit codes, and the reason to stop that a person can mend.

OUTSTANDING also where the office's own list has a duty that was not assessed; STOPPED where the
command did not do what it was asked to do, and reports nothing."""

from __future__ import annotations

NOTHING_OUTSTANDING, OUTSTANDING, STOPPED, FAULT = 0, 1, 2, 3


class Stop(Exception):
    """The command cannot go on, for a reason that a person can mend; ``str()`` is what to say."""
