"""Exit codes, and the reason to stop that a person can correct.

OUTSTANDING also if the office's own list has a duty that was not assessed. STOPPED if the command
did not do what its options say, and reports nothing."""

from __future__ import annotations

NOTHING_OUTSTANDING, OUTSTANDING, STOPPED, FAULT = 0, 1, 2, 3


class Stop(Exception):
    """The command cannot continue, for a reason that a person can correct; ``str()`` is what to
    print."""
